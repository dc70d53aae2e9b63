//! Published reports that were read from files and checked.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// An inspection.
    ReportInspectionRow {
        /// Its id.
        id: Uuid,
        /// Name of the file, or its address.
        name: String,
        /// Kind of file.
        kind: String,
        /// SHA-256 of its content.
        digest: String,
        /// The authority as the report names it; empty if it names none.
        organization: String,
        /// The year the report says it is about.
        year: Option<i16>,
        /// Form version.
        form: String,
        /// The unit whose past report it is.
        unit: Option<Uuid>,
        /// For which year.
        unit_year: Option<i16>,
        /// `own` or `government`.
        scope: Option<String>,
        /// Errors found.
        errors: i64,
        /// Errors nobody has settled.
        errors_open: i64,
        /// Warnings found.
        warnings: i64,
        /// Warnings nobody has settled.
        warnings_open: i64,
        /// Remarks.
        remarks: i64,
        /// Tables and rows that were not read.
        unread: i64,
        /// Day it was read.
        read_on: Date,
        /// 1 if it was discarded.
        discarded: i64,
        /// How grave what is open is: the order of the list.
        weight: i64,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl ReportInspectionRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (i64, Uuid) {
        (self.weight, self.id)
    }
}

/// Which inspections.
#[derive(Clone, Debug, Default)]
pub struct ReportInspectionFilter {
    /// Only of reports that name this authority.
    pub organization: Option<String>,
    /// Only of this year.
    pub year: Option<i16>,
    /// Only past reports of these units.
    pub units: Option<Vec<Uuid>>,
    /// Only those with errors or warnings nobody has settled.
    pub open: bool,
    /// Also those that were discarded.
    pub discarded: bool,
}

const SELECT: &str = "select id, name, kind, digest, organization, year, form, unit, unit_year, scope, errors, errors_open, \
                      warnings, warnings_open, remarks, unread, read_on, discarded, weight, version \
                      from report_inspection where region = $1";

impl Tx {
    /// Writes an inspection, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if the unit has another past report of that year and scope.
    pub async fn put_report_inspection(&mut self, region: Region, row: &ReportInspectionRow) -> Result<()> {
        let sql = "insert into report_inspection (region, id, name, kind, digest, organization, year, form, unit, \
                   unit_year, scope, errors, errors_open, warnings, warnings_open, remarks, unread, read_on, \
                   discarded, weight, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21) \
                   on conflict (region, id) do update set name = excluded.name, kind = excluded.kind, \
                   digest = excluded.digest, organization = excluded.organization, year = excluded.year, \
                   form = excluded.form, unit = excluded.unit, unit_year = excluded.unit_year, \
                   scope = excluded.scope, errors = excluded.errors, errors_open = excluded.errors_open, \
                   warnings = excluded.warnings, warnings_open = excluded.warnings_open, \
                   remarks = excluded.remarks, unread = excluded.unread, read_on = excluded.read_on, \
                   discarded = excluded.discarded, weight = excluded.weight, \
                   version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The inspection with this id.
    pub async fn report_inspection(&mut self, region: Region, id: Uuid) -> Result<Option<ReportInspectionRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The inspection of a file with this content that was not discarded.
    pub async fn report_inspection_with(
        &mut self,
        region: Region,
        digest: &str,
    ) -> Result<Option<ReportInspectionRow>> {
        let select = Select::new(SELECT, region).and("digest = {}", digest.to_owned()).and("discarded = {}", 0_i64);
        select.then("order by id").limit(1).one(self).await
    }

    /// The past report of a unit for a year.
    pub async fn past_report(
        &mut self,
        region: Region,
        unit: Uuid,
        year: i16,
        scope: &str,
    ) -> Result<Option<ReportInspectionRow>> {
        Select::new(SELECT, region)
            .and("unit = {}", unit)
            .and("unit_year = {}", year)
            .and("scope = {}", scope.to_owned())
            .one(self)
            .await
    }

    /// Inspections, the gravest first, at most `limit`, after the [`ReportInspectionRow::paging_key`] of the last one seen.
    pub async fn report_inspections(
        &mut self,
        region: Region,
        filter: &ReportInspectionFilter,
        after: Option<(i64, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ReportInspectionRow>> {
        let mut select = Select::new(SELECT, region)
            .within("unit", filter.units.as_deref())
            .maybe("organization = {}", filter.organization.clone())
            .maybe("year = {}", filter.year);
        if !filter.discarded {
            select = select.and("discarded = {}", 0_i64);
        }
        if filter.open {
            select = select.and("errors_open + warnings_open > {}", 0_i64);
        }
        if let Some((weight, id)) = after {
            select = select.after("weight, id", "<", weight, id);
        }
        select.then("order by weight desc, id desc").limit(limit).all(self).await
    }
}
