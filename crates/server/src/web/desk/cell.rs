//! The records behind one cell of a report, or behind a figure of its text.

use super::super::Answer;
use super::super::frame::{Frame, Link, ok};
use super::super::words::day;
use super::Officer;
use super::report::{ADDRESSES, Which};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use law::Amount;
use law::form::fact::{Formula, Registry};
use std::collections::HashMap;

/// `…/cells/{cell}`
pub fn routes() -> Router<App> {
    ADDRESSES.iter().fold(Router::new(), |r, at| r.route(&format!("{at}/cells/{{cell}}"), get(show)))
}

/// A cell that is added up, with its value.
#[derive(Debug, Clone, Default)]
pub struct PartRow {
    /// The cell.
    pub link: Link,
    /// Value.
    pub value: String,
}

/// A record behind the cell.
#[derive(Debug, Clone, Default)]
pub struct RecordRow {
    /// The docket.
    pub link: Link,
    /// Register.
    pub kind: &'static str,
    /// Number.
    pub number: String,
    /// Date by which it counts.
    pub on: String,
    /// What it adds.
    pub contributes: String,
}

/// The records behind a cell.
#[derive(Debug, Template)]
#[template(path = "desk/cell.html")]
pub struct CellPage {
    pub(super) frame: Frame,
    pub(super) id: String,
    pub(super) value: String,
    pub(super) explained: String,
    pub(super) parts: Vec<PartRow>,
    pub(super) parts_sum: String,
    pub(super) units: Vec<PartRow>,
    pub(super) own: String,
    pub(super) summed: String,
    pub(super) records: Vec<RecordRow>,
    pub(super) records_sum: String,
    pub(super) truncated: bool,
    pub(super) back: Link,
}

/// Register and address of a kind of record.
fn place(kind: &str) -> (&'static str, &'static str) {
    match kind {
        "request" => ("依申请公开", "requests"),
        "document" => ("公文", "documents"),
        "dispute" => ("复议诉讼", "disputes"),
        _ => ("年度数据", "figures"),
    }
}

/// How a fact of the text is made, in one sentence.
fn explained(id: &str) -> String {
    let registry = Registry::builtin();
    let label = |id: &str| registry.fact(id).map_or_else(|| id.to_owned(), |f| f.label.clone());
    match registry.fact(id).and_then(|f| f.formula()) {
        Some(Formula::WorkingDays) => {
            "按国务院办公厅节假日安排通知计算的全年工作日数，没有逐件记录。".to_owned()
        }
        Some(Formula::PerWorkingDay(of)) => format!("“{}”除以全年工作日数。", label(of)),
        Some(Formula::Sum(parts)) => {
            let text: Vec<String> = parts
                .iter()
                .enumerate()
                .map(|(n, p)| match (p.strip_prefix('-'), n) {
                    (Some(of), _) => format!("减去“{}”", label(of)),
                    (None, 0) => format!("“{}”", label(p)),
                    (None, _) => format!("加上“{}”", label(p)),
                })
                .collect();
            format!("{}。", text.join("，"))
        }
        _ => String::new(),
    }
}

async fn show(
    State(app): State<App>,
    Officer(mut visit): Officer,
    which: Which,
    Path(names): Path<HashMap<String, String>>,
) -> Answer {
    let cell = names.get("cell").map_or("", String::as_str);
    let found = app.service.report_cell(&visit.ctx, &which.ask, cell).await?;
    let at = which.at();
    let frame = Frame::desk(&app, &mut visit, &found.name, "/desk/reports").step(&at, which.name());
    let sum = |all: &mut dyn Iterator<Item = Amount>| all.fold(Amount::ZERO, |a, b| a + b).to_string();
    let behind: Amount = found.units.iter().map(|u| u.value).sum();
    let own = found.value - behind;
    Ok(ok(&CellPage {
        id: found.id.clone(),
        value: found.value.to_string(),
        explained: explained(&found.id),
        parts_sum: sum(&mut found.parts.iter().map(|p| p.value)),
        records_sum: sum(&mut found.records.iter().map(|r| r.contributes)),
        parts: found
            .parts
            .iter()
            .map(|p| PartRow {
                link: Link::new(format!("{at}/cells/{}", p.id), &p.name),
                value: p.value.to_string(),
            })
            .collect(),
        records: found
            .records
            .iter()
            .map(|r| {
                let (kind, path) = place(r.kind);
                RecordRow {
                    link: Link::new(format!("/desk/{path}/{}", r.id), &r.title),
                    kind,
                    number: r.number.clone().unwrap_or_else(|| "—".into()),
                    on: day(r.on),
                    contributes: r.contributes.to_string(),
                }
            })
            .collect(),
        own: own.to_string(),
        summed: format!(
            "{}个机关中有{}个不为0。本级政府自身{own}，各机关之和{behind}，合计{}。",
            found.units.len(),
            found.units.iter().filter(|u| !u.value.is_zero()).count(),
            found.value
        ),
        units: found
            .units
            .iter()
            .map(|u| PartRow {
                link: Link::new(super::report_filing::address(&u.code, which.ask.year), &u.name),
                value: if u.blank { "空白".to_owned() } else { u.value.to_string() },
            })
            .collect(),
        truncated: found.truncated,
        back: Link::new(at, which.name()),
        frame,
    }))
}
