//! The home page and the list of published reports (政府信息公开年报).

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Frame, Link, ok};
use super::super::words::day;
#[cfg(test)]
use super::consultation::samples as consultation_samples;
use super::consultation::{Row as ConsultationRow, row as consultation_row};
#[cfg(test)]
use super::document::samples;
use super::document::{Row as DocumentRow, row as document_row};
use super::search::search_box;
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::report::Scope;
use service::asking::Place;
use service::consultation::Phase;
use service::document::PublicAsk;
use service::report::PublishedItem;
use std::collections::BTreeSet;
use uuid::Uuid;

/// `/` and `/reports`
pub fn routes() -> Router<App> {
    Router::new().route("/", get(home)).route("/reports", get(list))
}

/// A published report in a list.
#[derive(Debug, Clone, Default)]
pub struct ReportRow {
    /// The report.
    pub link: Link,
    /// Whose.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// 本机关 or 本级政府.
    pub scope: &'static str,
    /// Day of publication.
    pub published: String,
    /// Day of the correction; empty if there is none.
    pub corrected: String,
}

/// The reports of one year.
#[derive(Debug, Clone, Default)]
pub struct YearOfReports {
    /// Report year.
    pub year: i16,
    /// Its reports.
    pub rows: Vec<ReportRow>,
}

/// The address of a published report.
pub fn address(code: &str, year: i16, scope: Scope) -> String {
    Place::Report { unit: code.to_owned(), year, scope }.path(Uuid::nil())
}

/// A published report as a row of a list.
pub fn row(item: &PublishedItem) -> ReportRow {
    ReportRow {
        link: Link::new(address(&item.unit.code, item.year, item.scope), &item.title),
        unit: item.unit.name.clone(),
        year: item.year,
        scope: item.scope.label(),
        published: day(item.published_on),
        corrected: item.corrected_on.map(day).unwrap_or_default(),
    }
}

fn by_year(items: &[PublishedItem]) -> Vec<YearOfReports> {
    let years: BTreeSet<i16> = items.iter().map(|i| i.year).collect();
    let rows = |year| items.iter().filter(|i| i.year == year).map(row).collect();
    years.into_iter().rev().map(|year| YearOfReports { year, rows: rows(year) }).collect()
}

/// The home page.
#[derive(Debug, Template)]
#[template(path = "portal/home.html")]
pub struct HomePage {
    pub(super) frame: Frame,
    pub(super) search: Form,
    pub(super) consultations: Vec<ConsultationRow>,
    pub(super) documents: Vec<DocumentRow>,
    pub(super) years: Vec<YearOfReports>,
    pub(super) units: usize,
}

/// Documents on the home page.
const LATEST: usize = 6;
/// Open consultations on the home page.
const LATEST_CONSULTATIONS: usize = 3;

async fn home(State(app): State<App>) -> Answer {
    let items = app.service.published_reports(None, None, None).await?;
    let units: BTreeSet<_> = items.iter().map(|i| i.unit.id).collect();
    let frame = Frame::portal(&app, "首页").column(
        "政府信息公开",
        "首页",
        "依法主动公开的政府信息和政府信息公开工作年度报告",
        "政府信息公开,年度报告",
    );
    let open = (Some(Phase::Open), None);
    let open = app.service.public_consultations(super::today(&app), open, None).await?;
    let consultations = open.iter().take(LATEST_CONSULTATIONS).map(consultation_row).collect();
    let latest = app.service.public_documents(&PublicAsk::default(), None).await?;
    let today = super::today(&app);
    let documents = latest.iter().take(LATEST).map(|item| document_row(item, today)).collect();
    let mut years = by_year(&items);
    years.truncate(3);
    Ok(ok(&HomePage { frame, search: search_box(), consultations, documents, years, units: units.len() }))
}

/// The list of published reports.
#[derive(Debug, Template)]
#[template(path = "portal/reports.html")]
pub struct ReportsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) filtered: bool,
    pub(super) count: usize,
    pub(super) years: Vec<YearOfReports>,
}

async fn list(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let all = app.service.published_reports(None, None, None).await?;
    let mut units: Vec<Choice> = Vec::new();
    for item in &all {
        if !units.iter().any(|c| c.key == item.unit.code) {
            units.push(Choice::new(&item.unit.code, &item.unit.name));
        }
    }
    let years: BTreeSet<i16> = all.iter().map(|i| i.year).collect();
    let mut year_choices: Vec<Choice> =
        years.into_iter().rev().map(|y| Choice::new(y.to_string(), format!("{y}年"))).collect();
    year_choices.insert(0, Choice::new("", "全部年度"));
    units.insert(0, Choice::new("", "全部机关"));
    let (q, unit, year) = (query.get("q"), query.get("unit"), query.get("year"));
    // Words are looked for in titles and texts; the best fit comes first within a year.
    let words = app.service.published_reports(None, None, Some(q)).await?;
    let fits = |i: &&PublishedItem| {
        (unit.is_empty() || i.unit.code == unit) && (year.is_empty() || i.year.to_string() == year)
    };
    let found: Vec<PublishedItem> = words.iter().filter(fits).cloned().collect();
    let fields = vec![
        Field::text("q", "词语").optional().value(q),
        Field::select("year", "年度", year_choices).optional().value(year),
        Field::select("unit", "机关", units).optional().value(unit),
    ];
    let frame = Frame::portal(&app, "政府信息公开年报").column(
        "政府信息公开年报",
        "信息公开年报",
        "各机关依照《中华人民共和国政府信息公开条例》公布的政府信息公开工作年度报告",
        "政府信息公开,年度报告,年报",
    );
    Ok(ok(&ReportsPage {
        frame,
        filter: Form::get("/reports", "查找", fields),
        filtered: !(q.is_empty() && unit.is_empty() && year.is_empty()),
        count: found.len(),
        years: by_year(&found),
    }))
}

#[cfg(test)]
pub(crate) fn sample_years() -> Vec<YearOfReports> {
    let row = |corrected: &str| ReportRow {
        link: Link::new("/reports/sample/2020", "样例市人民政府办公室2020年政府信息公开工作年度报告"),
        unit: "样例市人民政府办公室".into(),
        year: 2020,
        scope: "本机关",
        published: "2021年1月29日".into(),
        corrected: corrected.into(),
    };
    vec![YearOfReports { year: 2020, rows: vec![row(""), row("2021年3月1日")] }]
}

#[cfg(test)]
impl HomePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let search = search_box();
        let page = |years: Vec<YearOfReports>| HomePage {
            frame: frame.clone(),
            search: search.clone(),
            consultations: if years.is_empty() { Vec::new() } else { consultation_samples::rows() },
            documents: if years.is_empty() { Vec::new() } else { samples::rows() },
            units: years.len(),
            years,
        };
        vec![page(sample_years()), page(Vec::new())]
    }
}

#[cfg(test)]
impl ReportsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let filter = Form::get("/reports", "查找", vec![Field::text("q", "词语").optional()]);
        let page = |years: Vec<YearOfReports>, filtered| ReportsPage {
            frame: frame.clone(),
            filter: filter.clone(),
            filtered,
            count: years.iter().map(|y| y.rows.len()).sum(),
            years,
        };
        vec![page(sample_years(), false), page(Vec::new(), true), page(Vec::new(), false)]
    }
}
