//! Drafts of documents, until they are signed or given up.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A draft of a document.
    DocumentDraftRow {
        /// Its id.
        id: Uuid,
        /// The unit whose report will count the document.
        unit: Uuid,
        /// `rule`, `normative` or `official`.
        category: String,
        /// Its title.
        title: String,
        /// The proposed attribute: `proactive`, `on-request` or `withheld`.
        attribute: String,
        /// Where it stands.
        stage: String,
        /// The day it was drafted.
        drafted_on: Date,
        /// Id of the document, which is there once it is signed.
        document: Uuid,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl DocumentDraftRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.drafted_on, self.id)
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct DocumentDraftFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only at this stage.
    pub stage: Option<String>,
    /// Only with this text in the title.
    pub text: Option<String>,
}

const SELECT: &str = "select id, unit, category, title, attribute, stage, drafted_on, document, version \
                      from document_draft where region = $1";

const COUNT: &str = "select count(*) as n from document_draft where region = $1";

fn filtered(sql: &'static str, region: Region, filter: &DocumentDraftFilter) -> Select {
    Select::new(sql, region)
        .within("unit", filter.units.as_deref())
        .maybe("stage = {}", filter.stage.clone())
        .containing(&["title"], filter.text.as_deref())
}

impl Tx {
    /// Writes one, new or changed.
    pub async fn put_document_draft(&mut self, region: Region, row: &DocumentDraftRow) -> Result<()> {
        let sql = "insert into document_draft (region, id, unit, category, title, attribute, stage, drafted_on, document, \
                   version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (region, id) do update set unit = excluded.unit, category = excluded.category, \
                   title = excluded.title, attribute = excluded.attribute, stage = excluded.stage, \
                   drafted_on = excluded.drafted_on, document = excluded.document, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The one with this id.
    pub async fn document_draft(&mut self, region: Region, id: Uuid) -> Result<Option<DocumentDraftRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The draft of a document that is or will be there under this id, if it was drafted here.
    pub async fn document_draft_of(
        &mut self,
        region: Region,
        document: Uuid,
    ) -> Result<Option<DocumentDraftRow>> {
        Select::new(SELECT, region).and("document = {}", document).one(self).await
    }

    /// How many fit.
    pub async fn count_document_drafts(
        &mut self,
        region: Region,
        filter: &DocumentDraftFilter,
    ) -> Result<i64> {
        filtered(COUNT, region, filter).count(self).await
    }

    /// Those that fit, the latest drafted first, at most `limit`, after the [`DocumentDraftRow::paging_key`] of the last one
    /// seen.
    pub async fn document_drafts(
        &mut self,
        region: Region,
        filter: &DocumentDraftFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DocumentDraftRow>> {
        let mut select = filtered(SELECT, region, filter);
        if let Some((drafted_on, id)) = after {
            select = select.after("drafted_on, id", "<", drafted_on, id);
        }
        select.then("order by drafted_on desc, id desc").limit(limit).all(self).await
    }
}
