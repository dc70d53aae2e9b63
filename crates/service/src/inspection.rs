//! The inspection (核查) of published annual reports: read, checked, told. No database is needed for it.
//!
//! What the reader makes of a file is handed to the same checks as a report of this system. The result is told as JSON
//! (DESIGN §5), as text, as a workbook ([`workbook`]) and as a letter to the authority ([`opinion`]).

mod opinion;
mod register;
mod rules;
mod whose;
mod workbook;

pub use opinion::opinion;
pub use register::{InspectionAction, InspectionView, Inspections};
pub(crate) use register::{past, row};
pub use rules::{LARGEST_RULES, RulesVersion, RulesView};
pub use workbook::{Row, workbook};

use jiff::civil::Date;
use law::form::check::{self, Finding, Settings, Severity};
use law::form::part::Part;
use law::form::published::{Place, TableName};
use law::form::settings::STATUTORY;
use law::form::{Figures, Form};
use paper::read::{At, Reading, Unreadable};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Rows of a table that were not read are told one by one up to this many.
const SPELT_OUT: usize = 3;

/// A report that was read and checked.
#[derive(Debug, Clone)]
pub struct Inspection {
    /// What was read.
    pub reading: Reading,
    /// What the checks found, the gravest first.
    pub findings: Vec<Finding>,
    /// The settings of a place that the checks were made with, as a sentence names them; none for the rules of the law.
    pub rules: Option<String>,
}

/// What an authority reported for the year before.
#[derive(Debug, Clone)]
pub struct Before {
    /// Form version.
    pub form: &'static Form,
    /// Year.
    pub year: i16,
    /// Name of the authority.
    pub organization: Option<String>,
    /// Figures.
    pub figures: Figures,
    /// Text.
    pub texts: BTreeMap<Part, String>,
}

impl From<&Reading> for Before {
    fn from(reading: &Reading) -> Before {
        Before {
            form: reading.form,
            year: reading.year_or_first(),
            organization: reading.published.organization.clone(),
            figures: reading.figures.clone(),
            texts: reading.published.texts(),
        }
    }
}

impl Inspection {
    /// Checks a report that was read, against what the same authority reported for the year before, by the rules as the law
    /// and the forms give them.
    pub fn of(reading: Reading, previous: Option<&Before>) -> Inspection {
        Inspection::by(reading, previous, &STATUTORY)
    }

    /// As [`Inspection::of`], by the rules as a place has set them.
    pub fn by(reading: Reading, previous: Option<&Before>, rules: &Settings) -> Inspection {
        let texts = reading.published.texts();
        let mut input = check::Input::new(reading.form, reading.year_or_first(), &reading.figures);
        input.organization = reading.published.organization.as_deref();
        input.scope = input.organization.map(whose::scope);
        input.unit = input.organization.and_then(whose::unit);
        input.texts = Some(&texts);
        input.published = Some(&reading.published);
        input.settings = rules;
        if let Some(before) = previous {
            let mut compared = check::Previous::new(before.form, before.year, &before.figures);
            compared.organization = before.organization.as_deref();
            compared.scope = compared.organization.map(whose::scope);
            compared.texts = Some(&before.texts);
            input.previous = Some(compared);
        }
        let mut findings = check::run(&input);
        findings.sort_by_key(|f| f.severity);
        let rules = (!rules.is_statutory()).then(|| "本地的核查规则设置".to_owned());
        Inspection { reading, findings, rules }
    }

    /// How many findings are of a severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|f| f.severity == severity).count()
    }

    /// Whether something is wrong that cannot be right under any reading.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(Finding::blocks)
    }

    /// `某县人民政府办公室2020年度报告`; what the report does not say is left out.
    pub fn name(&self) -> String {
        let year = self.reading.year.map(|y| y.to_string()).unwrap_or_default();
        format!("{}{year}年度报告", self.reading.published.organization.as_deref().unwrap_or_default())
    }

    /// What was not read, one sentence each.
    pub fn refusals(&self) -> Vec<String> {
        self.reading.refused.iter().map(|r| format!("{}：{}", r.table.label(), r.reason)).collect()
    }

    /// The name of a cell, also of one that only another form has.
    pub fn name_of(&self, cell: &str) -> String {
        let known = self.reading.form.cell(cell).is_ok();
        let form = Form::all().iter().rev().find(|f| f.cell(cell).is_ok());
        match form.filter(|_| !known) {
            Some(form) => form.name_of(cell),
            None => self.reading.form.name_of(cell),
        }
    }

    /// Where a finding looks: its words, or its first cell.
    pub fn at(&self, finding: &Finding) -> Option<At> {
        let cell = || finding.cells.iter().find_map(|c| self.reading.published.cells.get(c)).map(|w| w.place);
        let place: Place = finding.place.or_else(cell)?;
        Some(self.reading.at(place))
    }

    /// The JSON of the command-line contract.
    pub fn json(&self, file: &str) -> Value {
        let reading = &self.reading;
        let mut cells = Map::new();
        // As printed: a report with one row (六) has no figure for the three rows of its form (DOMAIN §1.4).
        for (cell, written) in &reading.published.cells {
            let value = reading.printed.0.get(cell).copied();
            let mut told = json!({
                "value": value.flatten(),
                "blank": value == Some(None),
                "at": reading.at(written.place),
            });
            if let Some(note) = &written.note {
                told["note"] = json!(note);
            }
            if !written.readable {
                told["unreadable"] = json!(written.raw);
            }
            cells.insert(cell.clone(), told);
        }
        let refused: Vec<Value> = reading
            .refused
            .iter()
            .map(|r| json!({ "table": r.table.key(), "row": r.row, "reason": r.reason }))
            .collect();
        let findings: Vec<Value> = self
            .findings
            .iter()
            .map(|f| {
                let mut told = serde_json::to_value(f).unwrap_or_default();
                if let Some(map) = told.as_object_mut() {
                    map.remove("place");
                    map.entry("quote").or_insert(Value::Null);
                    map.insert("at".into(), json!(self.at(f)));
                }
                told
            })
            .collect();
        json!({
            "file": file,
            "form": reading.form.id,
            "year": reading.year,
            "organization": reading.published.organization,
            "title": reading.published.title.as_ref().map(|(text, _)| text),
            "published_on": reading.published.published_on,
            "cells": cells,
            "refused": refused,
            "findings": findings,
        })
    }

    /// The findings as lines of text, the gravest first, each with where it is.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for table in TableName::ALL {
            let refused: Vec<_> = self.reading.refused.iter().filter(|r| r.table == table).collect();
            for one in refused.iter().take(SPELT_OUT) {
                lines.push(format!("未读取 {}：{}", table.label(), one.reason));
            }
            if refused.len() > SPELT_OUT {
                lines.push(format!("未读取 {}：还有{}行没有读出", table.label(), refused.len() - SPELT_OUT));
            }
        }
        for finding in &self.findings {
            let place = self.at(finding).map(place_words).filter(|p| !p.is_empty());
            let place = place.map(|p| format!("（{p}）")).unwrap_or_default();
            let (label, verdict) = (finding.severity.label(), finding.verdict.label());
            lines.push(format!("{label} {} {verdict} {}{place}", finding.id, finding.message));
            if let Some(quote) = &finding.quote {
                lines.push(format!("     原文：{quote}"));
            }
            if let Some(suggestion) = &finding.suggestion {
                lines.push(format!("     建议：{suggestion}"));
            }
        }
        lines
    }

    /// How many errors, warnings and remarks there are, and how much was not read.
    pub fn summary(&self) -> String {
        let count = |s| self.count(s);
        let mut text = format!(
            "错误{}项，预警{}项，提示{}项",
            count(Severity::Error),
            count(Severity::Warning),
            count(Severity::Info)
        );
        let tables = self.reading.refused.iter().filter(|r| r.row.is_none()).count();
        let rows = self.reading.refused.len() - tables;
        if tables > 0 {
            text.push_str(&format!("，{tables}张表未读取"));
        }
        if rows > 0 {
            text.push_str(&format!("，{rows}行未读取"));
        }
        text
    }
}

/// `第3页第14行`, `第2个表格第5行第3列`.
pub fn place_words(at: At) -> String {
    let mut words = String::new();
    if let Some(page) = at.page {
        words.push_str(&format!("第{page}页"));
    }
    match (at.table, at.row, at.column) {
        (Some(table), Some(row), Some(column)) => {
            words.push_str(&format!("第{table}个表格第{row}行第{column}列"));
        }
        _ => {
            if let Some(line) = at.line {
                words.push_str(&format!("第{line}行"));
            }
        }
    }
    words
}

/// What a file that is not read is told as in JSON.
pub fn unreadable_json(file: &str, error: &Unreadable) -> Value {
    json!({
        "file": file,
        "form": null,
        "year": null,
        "organization": null,
        "cells": {},
        "refused": TableName::ALL.map(|t| json!({ "table": t.key(), "row": null, "reason": error.to_string() })),
        "findings": [],
        "error": { "code": error.code(), "message": error.to_string() },
    })
}

/// `2021年3月1日`
fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}
