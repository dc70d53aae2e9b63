//! Reports filed with the body that adds them up: one per unit and year.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A filing.
    ReportFilingRow {
        /// Its id.
        id: Uuid,
        /// Whose report.
        unit: Uuid,
        /// The body that adds it up.
        into_unit: Uuid,
        /// The year it is about.
        year: i16,
        /// `own` or `government`.
        scope: String,
        /// Where it stands.
        stage: String,
        /// The form version of what was filed last.
        form: Option<String>,
        /// The day it was filed first.
        first_filed_on: Option<Date>,
        /// The day it was filed last.
        filed_on: Option<Date>,
        /// How often it was filed.
        rounds: i64,
        /// How many lines are marked now.
        marks: i64,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl ReportFilingRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (i16, Uuid) {
        (self.year, self.id)
    }
}

/// Which filings.
#[derive(Clone, Debug, Default)]
pub struct ReportFilingFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only to this body.
    pub into_unit: Option<Uuid>,
    /// Only of this year.
    pub year: Option<i16>,
    /// Only at this stage.
    pub stage: Option<String>,
}

const SELECT: &str = "select id, unit, into_unit, year, scope, stage, form, first_filed_on, filed_on, rounds, marks, version \
                      from report_filing where region = $1";

impl Tx {
    /// Writes a filing, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if the unit has another filing of that year.
    pub async fn put_report_filing(&mut self, region: Region, row: &ReportFilingRow) -> Result<()> {
        let sql = "insert into report_filing (region, id, unit, into_unit, year, scope, stage, form, first_filed_on, \
                   filed_on, rounds, marks, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                   on conflict (region, id) do update set unit = excluded.unit, into_unit = excluded.into_unit, \
                   year = excluded.year, scope = excluded.scope, stage = excluded.stage, form = excluded.form, \
                   first_filed_on = excluded.first_filed_on, filed_on = excluded.filed_on, \
                   rounds = excluded.rounds, marks = excluded.marks, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The filing with this id.
    pub async fn report_filing(&mut self, region: Region, id: Uuid) -> Result<Option<ReportFilingRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The filing of this unit and year.
    pub async fn report_filing_of(
        &mut self,
        region: Region,
        unit: Uuid,
        year: i16,
    ) -> Result<Option<ReportFilingRow>> {
        Select::new(SELECT, region).and("unit = {}", unit).and("year = {}", year).one(self).await
    }

    /// Filings, the latest year first, at most `limit`, after the [`ReportFilingRow::paging_key`] of the last one seen.
    pub async fn report_filings(
        &mut self,
        region: Region,
        filter: &ReportFilingFilter,
        after: Option<(i16, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ReportFilingRow>> {
        let mut select = Select::new(SELECT, region)
            .within("unit", filter.units.as_deref())
            .maybe("into_unit = {}", filter.into_unit)
            .maybe("year = {}", filter.year)
            .maybe("stage = {}", filter.stage.clone());
        if let Some((year, id)) = after {
            select = select.after("year, id", "<", year, id);
        }
        select.then("order by year desc, id desc").limit(limit).all(self).await
    }
}
