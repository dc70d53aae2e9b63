//! Documents: what was made, with its disclosure attribute.

use crate::row::row;
use crate::select::{Select, day};
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A document.
    DocumentRow {
        /// Its id.
        id: Uuid,
        /// The unit whose report counts it.
        unit: Uuid,
        /// Who made it.
        maker: String,
        /// `rule`, `normative` or `official`.
        category: String,
        /// Its title.
        title: String,
        /// Its number (文号).
        number: Option<String>,
        /// Its index number (索引号).
        index_number: Option<String>,
        /// `proactive`, `on-request` or `withheld`.
        attribute: String,
        /// The day it was made (成文日期).
        made_on: Date,
        /// The day it was disclosed last (发布日期).
        disclosed_on: Option<Date>,
        /// The day it came into force.
        in_force_on: Option<Date>,
        /// The day it ceased to be in force.
        ended_on: Option<Date>,
        /// `repealed` or `lapsed`.
        ending: Option<String>,
        /// The day it was last amended.
        amended_on: Option<Date>,
        /// The day it was taken down.
        withdrawn_on: Option<Date>,
        /// Where it was published.
        url: Option<String>,
        /// Ordinal of the last entry of its docket.
        version: i64,
        /// The last day on which it is valid, while it has not ended. It is kept among the classes and written with them.
        valid_until: Option<Date>,
        /// The day it was first disclosed, if that is another one. It is kept among the classes and written with them.
        first_disclosed_on: Option<Date>,
    }
}

impl DocumentRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.made_on, self.id)
    }

    /// The day it was first disclosed.
    pub fn first_disclosed(&self) -> Option<Date> {
        self.first_disclosed_on.or(self.disclosed_on)
    }
}

/// Which documents.
#[derive(Clone, Debug, Default)]
pub struct DocumentFilter {
    /// Only counted by these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only of this category.
    pub category: Option<String>,
    /// Only with this attribute.
    pub attribute: Option<String>,
    /// Only with this text in the title or the number.
    pub text: Option<String>,
    /// Only made in this year.
    pub made_in: Option<i16>,
    /// Only disclosed last in this year.
    pub disclosed_in: Option<i16>,
    /// Only first disclosed in this year.
    pub first_disclosed_in: Option<i16>,
    /// Only ended in this year.
    pub ended_in: Option<i16>,
    /// Only in force on this day: come into force by then (made, where no such day is known) and not ended by then.
    pub in_force_on: Option<Date>,
    /// Only whose registered last day is not over on this day.
    pub valid_on: Option<Date>,
    /// Only rules and normative documents.
    pub has_force: bool,
    /// Only disclosed and not taken down.
    pub public: bool,
    /// Without interpretations.
    pub without_interpretations: bool,
    /// Without drafts that are put to the public.
    pub without_drafts: bool,
    /// Only documents (公文): without interpretations, drafts put to the public and other information.
    pub only_documents: bool,
    /// Only public at the end of this year: disclosed by 31 December and not taken down by then.
    pub public_at_end_of: Option<i16>,
}

const SELECT: &str = "select id, unit, maker, category, title, number, index_number, attribute, made_on, disclosed_on, \
                      in_force_on, ended_on, ending, amended_on, withdrawn_on, url, version, \
                      (select max(v.key) from document_class as v where v.region = $1 \
                      and v.document = document.id and v.kind = 'valid-until') as valid_until, \
                      (select max(f.key) from document_class as f where f.region = $1 \
                      and f.document = document.id and f.kind = 'first-disclosed') as first_disclosed_on \
                      from document where region = $1";
const COUNT: &str = "select count(*) as n from document where region = $1";

const DISCLOSED: &str = "select disclosed_on from document where region = $1";
/// The day of the first disclosure, where another one followed.
const FIRST: &str = "coalesce((select max(f.key) from document_class as f where f.region = $1 \
                     and f.document = document.id and f.kind = 'first-disclosed'), disclosed_on)";
const PUBLIC: &str = "disclosed_on is not null and withdrawn_on is null";

row! {
    /// A day of disclosure.
    Disclosed {
        /// The day.
        disclosed_on: Date,
    }
}

fn filtered(base: &'static str, region: Region, filter: &DocumentFilter) -> Select {
    filter.narrow(Select::new(base, region))
}

impl DocumentFilter {
    /// With the conditions on the columns of a document.
    pub(super) fn narrow(&self, select: Select) -> Select {
        let year_end = self.public_at_end_of.map(|year| day(year, 12, 31));
        select
            .within("unit", self.units.as_deref())
            .maybe("category = {}", self.category.clone())
            .maybe("attribute = {}", self.attribute.clone())
            .in_year("made_on", self.made_in)
            .in_year("disclosed_on", self.disclosed_in)
            .in_year(FIRST, self.first_disclosed_in)
            .in_year("ended_on", self.ended_in)
            .maybe(
                "coalesce(in_force_on, made_on) <= {} and (ended_on is null or ended_on > {})",
                self.in_force_on,
            )
            .maybe(
                "not exists (select 1 from document_class as v where v.region = $1 and v.document = document.id \
                 and v.kind = 'valid-until' and v.key < {})",
                self.valid_on,
            )
            .only("in_force_on is not null", self.has_force)
            .only("category <> 'interpretation'", self.without_interpretations)
            .only("category <> 'consultation'", self.without_drafts || self.only_documents)
            .only("category <> 'interpretation' and category <> 'information'", self.only_documents)
            .only(PUBLIC, self.public)
            .maybe(
                "coalesce((select max(f.key) from document_class as f where f.region = $1 \
                 and f.document = document.id and f.kind = 'first-disclosed'), disclosed_on) <= {} \
                 and (withdrawn_on is null or withdrawn_on > {})",
                year_end,
            )
            .containing(&["title", "number"], self.text.as_deref())
    }
}

impl Tx {
    /// Writes a document, new or changed.
    pub async fn put_document(&mut self, region: Region, document: &DocumentRow) -> Result<()> {
        let sql = "insert into document (region, id, unit, maker, category, title, number, index_number, attribute, \
                   made_on, disclosed_on, in_force_on, ended_on, ending, amended_on, withdrawn_on, url, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
                   on conflict (region, id) do update set unit = excluded.unit, maker = excluded.maker, \
                   category = excluded.category, title = excluded.title, number = excluded.number, \
                   index_number = excluded.index_number, attribute = excluded.attribute, \
                   made_on = excluded.made_on, disclosed_on = excluded.disclosed_on, \
                   in_force_on = excluded.in_force_on, ended_on = excluded.ended_on, ending = excluded.ending, \
                   amended_on = excluded.amended_on, withdrawn_on = excluded.withdrawn_on, url = excluded.url, \
                   version = excluded.version";
        let mut values = document.values(region);
        // The last two fields have no column here.
        values.truncate(18);
        self.run(sql, values).await?;
        Ok(())
    }

    /// The document with this id.
    pub async fn document(&mut self, region: Region, id: Uuid) -> Result<Option<DocumentRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// A document with this number (发文字号), if there is one.
    pub async fn document_by_number(&mut self, region: Region, number: &str) -> Result<Option<DocumentRow>> {
        let select = Select::new(SELECT, region).and("number = {}", number.to_owned());
        select.then("order by id").limit(1).one(self).await
    }

    /// The document with this index number (索引号), if there is one.
    pub async fn document_by_index_number(
        &mut self,
        region: Region,
        number: &str,
    ) -> Result<Option<DocumentRow>> {
        let select = Select::new(SELECT, region).and("index_number = {}", number.to_owned());
        select.then("order by id").limit(1).one(self).await
    }

    /// Documents, the latest made first, at most `limit`, after the [`DocumentRow::paging_key`] of the last one seen.
    pub async fn documents(
        &mut self,
        region: Region,
        filter: &DocumentFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DocumentRow>> {
        let mut select = filtered(SELECT, region, filter);
        if let Some((made_on, id)) = after {
            select = select.after("made_on, id", "<", made_on, id);
        }
        select.then("order by made_on desc, id desc").limit(limit).all(self).await
    }

    /// Documents, the latest disclosed first, at most `limit`, after the day of disclosure and the id of the last one
    /// seen. For what is public: another document has no such day.
    pub async fn documents_by_publication(
        &mut self,
        region: Region,
        filter: &DocumentFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DocumentRow>> {
        let mut select = filtered(SELECT, region, filter).only("disclosed_on is not null", !filter.public);
        if let Some((disclosed_on, id)) = after {
            select = select.after("disclosed_on, id", "<", disclosed_on, id);
        }
        select.then("order by disclosed_on desc, id desc").limit(limit).all(self).await
    }

    /// The documents with these ids, in no order.
    pub async fn documents_with_ids(&mut self, region: Region, ids: &[Uuid]) -> Result<Vec<DocumentRow>> {
        Select::new(SELECT, region).within("id", Some(ids)).all(self).await
    }

    /// Documents, by id: the next `limit` after this one (nil before the first).
    pub async fn documents_by_id(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<DocumentRow>> {
        let select = Select::new(SELECT, region).and("id > {}", after);
        select.then("order by id").limit(limit).all(self).await
    }

    /// The first and the last day on which something was disclosed that is not taken down.
    pub async fn publication_days(&mut self, region: Region) -> Result<Option<(Date, Date)>> {
        let public = || Select::new(DISCLOSED, region).only(PUBLIC, true);
        let first: Option<Disclosed> = public().then("order by disclosed_on, id").limit(1).one(self).await?;
        let last: Option<Disclosed> =
            public().then("order by disclosed_on desc, id desc").limit(1).one(self).await?;
        Ok(first.zip(last).map(|(first, last)| (first.disclosed_on, last.disclosed_on)))
    }

    /// How many documents.
    pub async fn count_documents(&mut self, region: Region, filter: &DocumentFilter) -> Result<i64> {
        filtered(COUNT, region, filter).count(self).await
    }
}
