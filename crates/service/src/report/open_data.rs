//! 年报数据 for everybody: the figures of all published reports, as they were published, in one table.

use super::{scope_of, snapshot};
use crate::Service;
use crate::error::{Error, Result};
use crate::transfer::ExportFormat;
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::report::Scope;
use law::form::{Figures, Form};
use store::{ReportFilter, UnitRow};
use uuid::Uuid;

/// Headings of the table, one figure a row.
pub const COLUMNS: [&str; 10] = [
    "机关代码",
    "机关名称",
    "报告年度",
    "范围",
    "格式",
    "首次公布日期",
    "单元格",
    "项目",
    "数值",
    "计量单位",
];

/// Reports read at most.
const MOST: i64 = 20_000;

/// A published report with its figures; of a corrected one, those of the correction.
#[derive(Debug, Clone)]
pub struct OpenReport {
    /// Whose.
    pub unit: UnitRow,
    /// Report year.
    pub year: i16,
    /// 本机关 or 本级政府.
    pub scope: Scope,
    /// Form version.
    pub form: &'static Form,
    /// Name of the unit as the report has it.
    pub organization: String,
    /// Title.
    pub title: String,
    /// Day it was published first.
    pub published_on: Date,
    /// Day of the version that is read.
    pub signed_on: Date,
    /// Every cell.
    pub figures: Figures,
}

impl Service {
    /// The published reports with their figures, the latest year first, then by unit.
    pub async fn open_reports(&self, unit: Option<Uuid>, year: Option<i16>) -> Result<Vec<OpenReport>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let filter =
            ReportFilter { units: unit.map(|u| vec![u]), year, published: true, ..ReportFilter::default() };
        let mut found = Vec::new();
        for row in tx.reports(self.region, &filter, None, MOST).await? {
            let (Some(snapshot), Some(published_on)) = (snapshot(&row)?, row.published_on) else { continue };
            let form = Form::by_id(&snapshot.form)
                .ok_or_else(|| Error::Internal(format!("form version {} is not known", snapshot.form)))?;
            found.push(OpenReport {
                unit: tree.get(row.unit)?.clone(),
                year: row.year,
                scope: scope_of(&row.scope)?,
                form,
                organization: snapshot.organization,
                title: snapshot.title,
                published_on,
                signed_on: snapshot.signed_on,
                figures: snapshot.figures,
            });
        }
        found.sort_by(|a, b| {
            b.year
                .cmp(&a.year)
                .then_with(|| a.unit.code.cmp(&b.unit.code))
                .then_with(|| a.scope.cmp(&b.scope))
        });
        Ok(found)
    }

    /// The figures of the published reports as a table, one figure a row, without zeros left out.
    pub async fn export_open_reports(&self, year: Option<i16>, format: ExportFormat) -> Result<Vec<u8>> {
        let mut rows = Vec::new();
        for report in self.open_reports(None, year).await? {
            for cell in report.form.cells() {
                rows.push(vec![
                    report.unit.code.clone(),
                    report.organization.clone(),
                    report.year.to_string(),
                    report.scope.label().to_owned(),
                    report.form.id.clone(),
                    report.published_on.to_string(),
                    cell.id.clone(),
                    report.form.name_of(&cell.id),
                    report.figures.get(&cell.id).map(|v| v.to_string()).unwrap_or_default(),
                    cell.measure.label().to_owned(),
                ]);
            }
        }
        crate::file::beside(move || {
            crate::transfer::write_table("政府信息公开年报数据", &COLUMNS, &rows, format)
        })
        .await?
    }
}
