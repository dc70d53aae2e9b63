//! The findings of any number of reports as a workbook: a sheet with one line a report, a sheet with one line a finding.

use super::{Inspection, place_words};
use crate::error::{Error, Result};
use law::docket::report_inspection::{RulesUsed, Standing};
use law::form::Form;
use law::form::check::Severity;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};
use store::ReportInspectionRow;

/// A report in the workbook.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// File or address.
    pub file: String,
    /// Authority.
    pub organization: String,
    /// Report year.
    pub year: Option<i16>,
    /// Form.
    pub form: String,
    /// Errors, warnings, remarks.
    pub counts: [usize; 3],
    /// The settings of a place that the checks were made with; empty for the rules of the law.
    pub rules: String,
    /// Why it, or a part of it, was not read.
    pub unread: Vec<String>,
    /// Findings: severity, rule, verdict, cells, sentence, words of the report, place, source, suggestion.
    pub findings: Vec<[String; 9]>,
}

impl Row {
    /// A report that was inspected.
    pub fn of(file: &str, inspection: &Inspection) -> Row {
        let reading = &inspection.reading;
        let findings = inspection.findings.iter().map(|f| {
            [
                f.severity.label().to_owned(),
                f.id.clone(),
                f.verdict.label().to_owned(),
                f.cells.iter().map(|c| inspection.name_of(c)).collect::<Vec<_>>().join("；"),
                f.message.clone(),
                f.quote.clone().unwrap_or_default(),
                inspection.at(f).map(place_words).unwrap_or_default(),
                f.citation.clone(),
                f.suggestion.clone().unwrap_or_default(),
            ]
        });
        Row {
            file: file.to_owned(),
            organization: reading.published.organization.clone().unwrap_or_default(),
            year: reading.year,
            form: reading.form.id.clone(),
            counts: [Severity::Error, Severity::Warning, Severity::Info].map(|s| inspection.count(s)),
            rules: inspection.rules.clone().unwrap_or_default(),
            unread: inspection.refusals(),
            findings: findings.collect(),
        }
    }
}

impl Row {
    /// An inspection of the register, as it was kept: places in the file are told only while it is read.
    pub(super) fn kept(row: &ReportInspectionRow, standing: &Standing) -> Row {
        let form = Form::by_id(&row.form);
        let name = |cell: &String| form.map_or_else(|| cell.clone(), |f| f.name_of(cell));
        let findings = standing.findings.iter().map(|f| {
            let settled = standing.settled.get(&f.key());
            let verdict = settled.map_or_else(
                || f.verdict.label().to_owned(),
                |s| format!("{}（{}）", f.verdict.label(), s.judgement.label()),
            );
            [
                f.severity.label().to_owned(),
                f.id.clone(),
                verdict,
                f.cells.iter().map(name).collect::<Vec<_>>().join("；"),
                f.message.clone(),
                f.quote.clone().unwrap_or_default(),
                String::new(),
                f.citation.clone(),
                f.suggestion.clone().unwrap_or_default(),
            ]
        });
        Row {
            file: row.name.clone(),
            organization: row.organization.clone(),
            year: row.year,
            form: row.form.clone(),
            counts: [Severity::Error, Severity::Warning, Severity::Info].map(|s| standing.count(s).0),
            rules: standing.rules.as_ref().map(RulesUsed::label).unwrap_or_default(),
            unread: standing.refused.clone(),
            findings: findings.collect(),
        }
    }
}

const REPORTS: [(&str, f64); 9] = [
    ("文件", 40.0),
    ("机关", 30.0),
    ("年度", 8.0),
    ("格式", 8.0),
    ("错误", 8.0),
    ("预警", 8.0),
    ("提示", 8.0),
    ("未读取", 60.0),
    ("核查规则", 40.0),
];
const FINDINGS: [(&str, f64); 11] = [
    ("文件", 40.0),
    ("机关", 30.0),
    ("级别", 8.0),
    ("规则", 10.0),
    ("结论", 10.0),
    ("单元格", 36.0),
    ("问题", 60.0),
    ("原文", 40.0),
    ("位置", 24.0),
    ("依据", 30.0),
    ("建议", 40.0),
];

/// The workbook. Reports are in the order given.
///
/// # Errors
/// [`Error::Internal`] if it cannot be written.
pub fn workbook(rows: &[Row]) -> Result<Vec<u8>> {
    write(rows).map_err(|e| Error::Internal(format!("workbook: {e}")))
}

fn write(rows: &[Row]) -> std::result::Result<Vec<u8>, XlsxError> {
    let head = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::VerticalCenter);
    let wrap = Format::new().set_text_wrap().set_align(FormatAlign::Top);
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("报告")?;
    headings(sheet, &REPORTS, &head)?;
    for (n, row) in rows.iter().enumerate() {
        let y = u32::try_from(n + 1).unwrap_or(u32::MAX);
        sheet.write_string_with_format(y, 0, &row.file, &wrap)?;
        sheet.write_string_with_format(y, 1, &row.organization, &wrap)?;
        if let Some(year) = row.year {
            sheet.write_number_with_format(y, 2, f64::from(year), &wrap)?;
        }
        sheet.write_string_with_format(y, 3, &row.form, &wrap)?;
        for (x, count) in row.counts.iter().enumerate() {
            sheet.write_number_with_format(y, 4 + x as u16, *count as f64, &wrap)?;
        }
        sheet.write_string_with_format(y, 7, row.unread.join("\n"), &wrap)?;
        let rules = if row.rules.is_empty() { "法定规则" } else { &row.rules };
        sheet.write_string_with_format(y, 8, rules, &wrap)?;
    }
    let sheet = book.add_worksheet().set_name("核查意见")?;
    headings(sheet, &FINDINGS, &head)?;
    let mut y = 0;
    for row in rows {
        for finding in &row.findings {
            y += 1;
            sheet.write_string_with_format(y, 0, &row.file, &wrap)?;
            sheet.write_string_with_format(y, 1, &row.organization, &wrap)?;
            for (x, text) in finding.iter().enumerate() {
                sheet.write_string_with_format(y, 2 + x as u16, text, &wrap)?;
            }
        }
    }
    book.save_to_buffer()
}

fn headings(
    sheet: &mut rust_xlsxwriter::Worksheet,
    columns: &[(&str, f64)],
    format: &Format,
) -> std::result::Result<(), XlsxError> {
    for (x, (name, width)) in columns.iter().enumerate() {
        let x = x as u16;
        sheet.set_column_width(x, *width)?;
        sheet.write_string_with_format(0, x, *name, format)?;
    }
    sheet.set_freeze_panes(1, 0)?;
    sheet.set_landscape();
    sheet.set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?;
    Ok(())
}
