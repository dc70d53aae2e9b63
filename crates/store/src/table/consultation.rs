//! Drafts put to the public.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A draft put to the public, or about to be.
    ConsultationRow {
        /// Its id.
        id: Uuid,
        /// The unit whose figures count it.
        unit: Uuid,
        /// What it is about; opaque here.
        subject: String,
        /// Its title.
        title: String,
        /// The document that holds the draft.
        document: Uuid,
        /// The day it was begun.
        begun_on: Date,
        /// The first day on which opinions are taken.
        opened_on: Option<Date>,
        /// The last one.
        until_on: Date,
        /// The day on which its outcome was told.
        told_on: Option<Date>,
        /// The document that came of it.
        result: Option<Uuid>,
        /// Whether it was given up.
        abandoned: bool,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl ConsultationRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.begun_on, self.id)
    }
}

/// Which of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConsultationFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only with this text in the title.
    pub text: Option<String>,
    /// Only those not opened and not given up.
    pub prepared: bool,
    /// Only those that were opened.
    pub opened: bool,
    /// Only those opened whose last day is this one or later, without outcome.
    pub running_on: Option<Date>,
    /// Only those opened whose last day was before this one, without outcome.
    pub ended_before: Option<Date>,
    /// Only those whose outcome was told.
    pub told: bool,
    /// Only those given up.
    pub abandoned: bool,
}

const SELECT: &str = "select id, unit, subject, title, document, begun_on, opened_on, until_on, told_on, result, \
                      abandoned, version from consultation where region = $1";
const COUNT: &str = "select count(*) as n from consultation where region = $1";

fn filtered(sql: &'static str, region: Region, filter: &ConsultationFilter) -> Select {
    let waits = filter.running_on.is_some() || filter.ended_before.is_some();
    Select::new(sql, region)
        .within("unit", filter.units.as_deref())
        .containing(&["title"], filter.text.as_deref())
        .only("opened_on is null and abandoned = 0", filter.prepared)
        .only("opened_on is not null", filter.opened || waits)
        .only("told_on is null", waits)
        .maybe("until_on >= {}", filter.running_on)
        .maybe("until_on < {}", filter.ended_before)
        .only("told_on is not null", filter.told)
        .only("abandoned = 1", filter.abandoned)
}

impl Tx {
    /// Writes one, new or changed.
    pub async fn put_consultation(&mut self, region: Region, row: &ConsultationRow) -> Result<()> {
        let sql = "insert into consultation (region, id, unit, subject, title, document, begun_on, opened_on, until_on, \
                   told_on, result, abandoned, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                   on conflict (region, id) do update set unit = excluded.unit, subject = excluded.subject, \
                   title = excluded.title, document = excluded.document, begun_on = excluded.begun_on, \
                   opened_on = excluded.opened_on, until_on = excluded.until_on, told_on = excluded.told_on, \
                   result = excluded.result, abandoned = excluded.abandoned, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The one with this id.
    pub async fn consultation(&mut self, region: Region, id: Uuid) -> Result<Option<ConsultationRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The one whose draft this document holds.
    pub async fn consultation_of(
        &mut self,
        region: Region,
        document: Uuid,
    ) -> Result<Option<ConsultationRow>> {
        Select::new(SELECT, region).and("document = {}", document).one(self).await
    }

    /// Those of which this document came, the first one first.
    pub async fn consultations_before(
        &mut self,
        region: Region,
        result: Uuid,
    ) -> Result<Vec<ConsultationRow>> {
        let select = Select::new(SELECT, region).and("result = {}", result);
        select.then("order by begun_on, id").all(self).await
    }

    /// How many fit.
    pub async fn count_consultations(&mut self, region: Region, filter: &ConsultationFilter) -> Result<i64> {
        filtered(COUNT, region, filter).count(self).await
    }

    /// Those that fit, the latest begun first, at most `limit`, after the [`ConsultationRow::paging_key`] of the last one
    /// seen.
    pub async fn consultations(
        &mut self,
        region: Region,
        filter: &ConsultationFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ConsultationRow>> {
        let mut select = filtered(SELECT, region, filter);
        if let Some((begun_on, id)) = after {
            select = select.after("begun_on, id", "<", begun_on, id);
        }
        select.then("order by begun_on desc, id desc").limit(limit).all(self).await
    }

    /// Those that fit and were opened, the latest opened first, at most `limit`, after the first day and the id of the last
    /// one seen.
    pub async fn consultations_by_opening(
        &mut self,
        region: Region,
        filter: &ConsultationFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ConsultationRow>> {
        let mut select = filtered(SELECT, region, filter).only("opened_on is not null", true);
        if let Some((opened_on, id)) = after {
            select = select.after("opened_on, id", "<", opened_on, id);
        }
        select.then("order by opened_on desc, id desc").limit(limit).all(self).await
    }
}
