//! Annual reports: one per unit, year and scope.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// An annual report.
    ReportRow {
        /// Its id.
        id: Uuid,
        /// Whose report.
        unit: Uuid,
        /// The year it is about.
        year: i16,
        /// `own` or `government`.
        scope: String,
        /// Where it stands.
        stage: String,
        /// The form version it is made with.
        form: String,
        /// The day it was published.
        published_on: Option<Date>,
        /// Ordinal of the last entry of its docket.
        version: i64,
        /// The published version, as JSON; `None` before.
        snapshot: Option<String>,
    }
}

impl ReportRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (i16, Uuid) {
        (self.year, self.id)
    }
}

/// Which reports.
#[derive(Clone, Debug, Default)]
pub struct ReportFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only of this year.
    pub year: Option<i16>,
    /// Only of this scope.
    pub scope: Option<String>,
    /// Only published.
    pub published: bool,
}

const SELECT: &str = "select id, unit, year, scope, stage, form, published_on, version, snapshot \
                      from report where region = $1";

impl Tx {
    /// Writes a report, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if the unit has another report of that year and scope.
    pub async fn put_report(&mut self, region: Region, report: &ReportRow) -> Result<()> {
        let sql = "insert into report (region, id, unit, year, scope, stage, form, published_on, version, snapshot) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (region, id) do update set unit = excluded.unit, year = excluded.year, \
                   scope = excluded.scope, stage = excluded.stage, form = excluded.form, \
                   published_on = excluded.published_on, version = excluded.version, snapshot = excluded.snapshot";
        self.run(sql, report.values(region)).await?;
        Ok(())
    }

    /// The report with this id.
    pub async fn report(&mut self, region: Region, id: Uuid) -> Result<Option<ReportRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The report of this unit, year and scope.
    pub async fn report_of(
        &mut self,
        region: Region,
        unit: Uuid,
        year: i16,
        scope: &str,
    ) -> Result<Option<ReportRow>> {
        let select = Select::new(SELECT, region).and("unit = {}", unit).and("year = {}", year);
        select.and("scope = {}", scope.to_owned()).one(self).await
    }

    /// Reports, the latest year first, at most `limit`, after the [`ReportRow::paging_key`] of the last one seen.
    pub async fn reports(
        &mut self,
        region: Region,
        filter: &ReportFilter,
        after: Option<(i16, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ReportRow>> {
        let mut select = Select::new(SELECT, region)
            .within("unit", filter.units.as_deref())
            .maybe("year = {}", filter.year)
            .maybe("scope = {}", filter.scope.clone())
            .only("published_on is not null", filter.published);
        if let Some((year, id)) = after {
            select = select.after("year, id", "<", year, id);
        }
        select.then("order by year desc, id desc").limit(limit).all(self).await
    }
}
