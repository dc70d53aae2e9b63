//! 年报数据: the figures of the published reports, compared between units and between years, and all of them as CSV and
//! JSON under a published schema.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Frame, Link, ok};
use super::super::words::{attachment, day};
use super::home::address;
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use law::Amount;
use law::docket::report::Scope;
use law::form::Form as ReportForm;
use serde_json::{Value, json};
use service::report::OpenReport;
use service::transfer::ExportFormat;
use std::collections::BTreeSet;

/// Address of the page.
pub const HOME: &str = "/reports/data";
/// Address of the schema; it stays.
const SCHEMA: &str = "/reports/data/schema.json";
const SCHEMA_TEXT: &str = include_str!("report_data.schema.json");

/// Bars drawn at most; the table has all.
const BARS: usize = 20;

/// `/reports/data` with its files and their schema
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(show))
        .route("/reports/data/all.csv", get(csv))
        .route("/reports/data/all.json", get(whole))
        .route(SCHEMA, get(schema))
}

/// The figures that are compared; the first is shown unless another is asked for.
const CELLS: [&str; 13] = [
    "requests.new_requests.total",
    "requests.carried_over_in.total",
    "requests.granted.total",
    "requests.granted_in_part.total",
    "requests.results_total.total",
    "requests.carried_over_out.total",
    "disputes.reconsideration.total",
    "disputes.direct_suit.total",
    "disputes.suit_after_reconsideration.total",
    "proactive.licensing.decisions",
    "proactive.penalties.decisions",
    "proactive.compulsory_measures.decisions",
    "proactive.charges.amount",
];

/// A row of the table.
#[derive(Debug, Clone, Default)]
pub struct FigureRow {
    /// The report.
    pub report: Link,
    /// The figure.
    pub value: String,
    /// The same figure of the year before; `—` where there is none.
    pub before: String,
    /// The difference.
    pub change: String,
    /// Day of publication.
    pub published: String,
}

/// A bar of the chart.
#[derive(Debug, Clone, Default)]
pub struct Bar {
    /// What it stands for.
    pub name: String,
    /// The figure.
    pub value: String,
    /// Its length, of 400.
    pub length: String,
}

/// The figures of the published reports.
#[derive(Debug, Template)]
#[template(path = "portal/report_data.html")]
pub struct ReportDataPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) heading: String,
    pub(super) rows: Vec<FigureRow>,
    pub(super) bars: Vec<Bar>,
    pub(super) more: usize,
    pub(super) downloads: Vec<Link>,
    pub(super) schema: &'static str,
}

fn scoped(r: &OpenReport) -> String {
    match r.scope {
        Scope::Own => r.organization.clone(),
        Scope::Government => format!("{}（本级政府）", r.organization),
    }
}

fn figure(r: &OpenReport, cell: &str) -> Option<Amount> {
    r.form.cell(cell).ok().map(|_| r.figures.value(cell))
}

fn row(r: &OpenReport, all: &[OpenReport], cell: &str, by_year: bool) -> Option<FigureRow> {
    let value = figure(r, cell)?;
    let earlier = all.iter().find(|o| o.unit.id == r.unit.id && o.scope == r.scope && o.year == r.year - 1);
    let before = earlier.and_then(|o| figure(o, cell));
    let text = if by_year { format!("{}年", r.year) } else { scoped(r) };
    Some(FigureRow {
        report: Link::new(address(&r.unit.code, r.year, r.scope), text),
        value: value.to_string(),
        before: before.map_or_else(|| "—".to_owned(), |b| b.to_string()),
        change: before.map_or_else(
            || "—".to_owned(),
            |b| match value - b {
                d if d.is_zero() => "持平".to_owned(),
                d if d > Amount::ZERO => format!("增加{d}"),
                d => format!("减少{}", -d),
            },
        ),
        published: day(r.published_on),
    })
}

/// The longest bar is 400 long.
fn bars(rows: &[(String, Amount)]) -> Vec<Bar> {
    let most = rows.iter().map(|(_, v)| v.to_f64()).fold(0.0, f64::max);
    let bar = |(name, value): &(String, Amount)| Bar {
        name: name.clone(),
        value: value.to_string(),
        length: format!("{:.1}", if most > 0.0 { value.to_f64().max(0.0) / most * 400.0 } else { 0.0 }),
    };
    rows.iter().take(BARS).map(bar).collect()
}

async fn show(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let all = app.service.open_reports(None, None).await?;
    let years: BTreeSet<i16> = all.iter().map(|r| r.year).collect();
    let cell = CELLS.iter().copied().find(|c| *c == query.get("cell")).unwrap_or(CELLS[0]);
    let year = query.get("year").parse().ok().filter(|y| years.contains(y)).or(years.last().copied());
    let unit = query.get("unit");
    let whose = all.iter().find(|r| r.unit.code == unit);
    let mut chosen: Vec<&OpenReport> = match whose {
        Some(_) => all.iter().filter(|r| r.unit.code == unit).collect(),
        None => all.iter().filter(|r| Some(r.year) == year).collect(),
    };
    let by_year = whose.is_some();
    if by_year {
        chosen.sort_by_key(|r| (r.scope, r.year));
        let scope = chosen.last().map(|r| r.scope);
        chosen.retain(|r| Some(r.scope) == scope);
    } else {
        chosen.sort_by(|a, b| {
            figure(b, cell).cmp(&figure(a, cell)).then_with(|| a.unit.code.cmp(&b.unit.code))
        });
    }
    let name = year
        .and_then(|y| ReportForm::for_year(y).ok())
        .filter(|f| f.cell(cell).is_ok())
        .or(ReportForm::all().last())
        .map(|f| f.name_of(cell))
        .unwrap_or_default();
    let heading = match (whose, year) {
        (Some(r), _) => format!("{}历年{name}", r.organization),
        (None, Some(year)) => format!("{year}年各机关{name}"),
        (None, None) => "目前还没有公布年度报告".to_owned(),
    };
    let rows: Vec<FigureRow> = chosen.iter().filter_map(|r| row(r, &all, cell, by_year)).collect();
    let drawn: Vec<(String, Amount)> = chosen
        .iter()
        .filter_map(|r| {
            let text = if by_year { format!("{}年", r.year) } else { r.unit.short_name.clone() };
            Some((text, figure(r, cell)?))
        })
        .collect();
    let bars = bars(&drawn);
    let mut units: Vec<Choice> = all.iter().map(|r| Choice::new(&r.unit.code, &r.unit.name)).collect();
    units.sort_by(|a, b| a.key.cmp(&b.key));
    units.dedup();
    units.insert(0, Choice::new("", "全部机关"));
    let latest = ReportForm::all().last();
    let cells = CELLS.map(|c| Choice::new(c, latest.map_or_else(|| c.to_owned(), |f| f.name_of(c))));
    let fields = vec![
        Field::select("cell", "数据", cells.into()).value(cell),
        Field::select(
            "year",
            "年度",
            years.iter().rev().map(|y| Choice::new(y.to_string(), format!("{y}年"))).collect(),
        )
        .value(year.map(|y| y.to_string()).unwrap_or_default()),
        Field::select("unit", "机关", units)
            .optional()
            .value(unit)
            .hint("选择机关的，显示该机关各年度的数据"),
    ];
    let frame = Frame::portal(&app, "年报数据")
        .column(
            "政府信息公开年报",
            "信息公开年报",
            "各机关政府信息公开工作年度报告的数据",
            "政府信息公开,年度报告,年报,数据",
        )
        .step("/", "首页")
        .step("/reports", "政府信息公开年报");
    Ok(ok(&ReportDataPage {
        frame,
        filter: Form::get(HOME, "查看", fields),
        heading,
        more: drawn.len().saturating_sub(bars.len()),
        rows,
        bars,
        downloads: vec![
            Link::new("/reports/data/all.csv", "全部数据（CSV）"),
            Link::new("/reports/data/all.json", "全部数据（JSON）"),
        ],
        schema: SCHEMA,
    }))
}

fn year_of(query: &Typed) -> Option<i16> {
    query.get("year").parse().ok()
}

async fn csv(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let bytes = app.service.export_open_reports(year_of(&Typed::new(query)), ExportFormat::Csv).await?;
    let headers = [
        (header::CONTENT_TYPE, ExportFormat::Csv.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, attachment("政府信息公开年报数据.csv", "report-data.csv")),
    ];
    Ok((headers, bytes).into_response())
}

/// One report as the schema describes it.
fn written(r: &OpenReport) -> Value {
    json!({
        "unit": { "code": r.unit.code, "name": r.organization, "kind": r.unit.kind, "level": r.unit.level },
        "year": r.year,
        "scope": r.scope.key(),
        "form": r.form.id,
        "title": r.title,
        "published_on": r.published_on,
        "signed_on": r.signed_on,
        "url": address(&r.unit.code, r.year, r.scope),
        "cells": r.figures,
    })
}

async fn whole(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let reports = app.service.open_reports(None, year_of(&Typed::new(query))).await?;
    let all: Vec<Value> = reports.iter().map(written).collect();
    let body = json!({ "$schema": SCHEMA, "reports": all }).to_string();
    let headers = [
        (header::CONTENT_TYPE, "application/json; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, attachment("政府信息公开年报数据.json", "report-data.json")),
    ];
    Ok((headers, body).into_response())
}

async fn schema() -> Response {
    ([(header::CONTENT_TYPE, "application/schema+json; charset=utf-8")], SCHEMA_TEXT).into_response()
}

#[cfg(test)]
impl ReportDataPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let rows = [("样例办", 3), ("样例局", 0)].map(|(name, n)| (name.to_owned(), Amount::whole(n)));
        let line = FigureRow {
            report: Link::new("/reports/sample/2021", "样例市人民政府办公室"),
            value: "3".into(),
            before: "2".into(),
            change: "增加1".into(),
            published: "2022年1月28日".into(),
        };
        let page = |rows: Vec<FigureRow>, bars: Vec<Bar>| ReportDataPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "查看", vec![Field::text("unit", "机关").optional()]),
            heading: "2021年各机关数据".into(),
            rows,
            bars,
            more: 1,
            downloads: vec![Link::new("/reports/data/all.csv", "全部数据（CSV）")],
            schema: SCHEMA,
        };
        vec![page(vec![line], bars(&rows)), page(vec![], vec![])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every property that the schema demands is written, and nothing else.
    #[test]
    fn what_is_handed_out_is_what_the_schema_says() {
        let schema: Value = serde_json::from_str(SCHEMA_TEXT).unwrap();
        let one = &schema["properties"]["reports"]["items"];
        let required = |v: &Value| -> BTreeSet<String> {
            v["required"].as_array().unwrap().iter().map(|r| r.as_str().unwrap().to_owned()).collect()
        };
        let keys = |v: &Value| v.as_object().unwrap().keys().cloned().collect::<BTreeSet<String>>();
        let report = OpenReport {
            unit: service::row::UnitRow {
                id: uuid::Uuid::nil(),
                code: "sample".into(),
                name: "样例局".into(),
                short_name: "样例局".into(),
                kind: "department".into(),
                level: "county".into(),
                parent: None,
                consolidates_into: None,
                valid_from: jiff::civil::date(2010, 1, 1),
                valid_to: None,
                successor: None,
                version: 1,
            },
            year: 2021,
            scope: Scope::Own,
            form: ReportForm::for_year(2021).unwrap(),
            organization: "样例局".into(),
            title: "样例".into(),
            published_on: jiff::civil::date(2022, 1, 28),
            signed_on: jiff::civil::date(2022, 1, 28),
            figures: law::form::Figures::default(),
        };
        let report = written(&report);
        assert_eq!(keys(&report), required(one));
        assert_eq!(keys(&one["properties"]), required(one));
        assert_eq!(keys(&report["unit"]), required(&one["properties"]["unit"]));
        assert_eq!(required(&schema), BTreeSet::from(["$schema".to_owned(), "reports".to_owned()]));
        let forms: Vec<&str> = ReportForm::all().iter().map(|f| f.id.as_str()).collect();
        let told = one["properties"]["form"]["enum"].as_array().unwrap();
        assert_eq!(told.iter().map(|f| f.as_str().unwrap()).collect::<Vec<_>>(), forms);
        for cell in CELLS {
            assert!(ReportForm::all().iter().any(|f| f.cell(cell).is_ok()), "{cell}");
        }
    }
}
