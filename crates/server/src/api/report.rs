//! Annual reports: the published ones for everybody; built from the registers and opened cell by cell for officers.

use super::part::{Answer, Ask, Caller, Named, units};
use crate::App;
use crate::error::{ApiError, Problem};
use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Amount;
use law::docket::report::Scope;
use law::form::check::Finding;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use service::CellRecords;
use service::Error;
use service::report::{BuiltReport, ReportAsk};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit: id, code or name.
    pub unit: Option<String>,
    /// Report year.
    pub year: Option<i16>,
}

/// As of which instant of recording.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// An earlier instant; everything recorded if absent.
    pub as_of: Option<Timestamp>,
}

/// A published report in the list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Published {
    /// Unit id.
    pub unit: Uuid,
    /// Code of the unit, for addresses.
    pub unit_code: String,
    /// Name of the unit.
    pub unit_name: String,
    /// Report year.
    pub year: i16,
    /// `own` or `government`.
    pub scope: String,
    /// Title.
    pub title: String,
    /// Day of publication.
    pub published_on: Date,
    /// Day of the last correction.
    pub corrected_on: Option<Date>,
}

/// A published report with every version that was public.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedReport {
    /// Unit id.
    pub unit: Uuid,
    /// Report year.
    pub year: i16,
    /// `own` or `government`.
    pub scope: String,
    /// The versions, the newest first.
    pub versions: Vec<Version>,
}

/// One version.
#[derive(Debug, Serialize, ToSchema)]
pub struct Version {
    /// Day it was published.
    pub on: Date,
    /// The correction note; null for the first version.
    pub reason: Option<String>,
    /// Version of the form.
    #[schema(example = "2021")]
    pub form: String,
    /// Version of the working-day calendar.
    pub calendar: String,
    /// Name of the authority.
    pub organization: String,
    /// Title.
    pub title: String,
    /// Every cell.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub cells: Value,
    /// Every named figure of the text.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub facts: BTreeMap<String, Amount>,
    /// The paragraphs of every part.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// A report as the registers give it now (DESIGN §5).
#[derive(Debug, Serialize, ToSchema)]
pub struct Built {
    /// Version of the form.
    #[schema(example = "2021")]
    pub form: String,
    /// Report year.
    pub year: i16,
    /// `own` or `government`.
    pub scope: String,
    /// Whose.
    pub unit: Whose,
    /// What was recorded by this instant is counted.
    pub as_of: String,
    /// Every cell.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub cells: Value,
    /// Every named figure of the text.
    #[schema(value_type = BTreeMap<String, f64>)]
    pub facts: BTreeMap<String, Amount>,
    /// What the checks found.
    pub findings: Vec<Found>,
}

/// Whose report.
#[derive(Debug, Serialize, ToSchema)]
pub struct Whose {
    /// Unit id.
    pub id: Uuid,
    /// Name of the authority.
    pub name: String,
}

/// What a check found.
#[derive(Debug, Serialize, ToSchema)]
pub struct Found {
    /// Rule id.
    #[schema(example = "T3-B")]
    pub id: String,
    /// What a waiver names.
    pub key: String,
    /// `error`, `warning` or `info`.
    pub severity: String,
    /// `fail`, `review` or `not-assessable`.
    pub verdict: String,
    /// Cells concerned.
    pub cells: Vec<String>,
    /// One Chinese sentence.
    pub message: String,
    /// Where the rule comes from.
    pub citation: String,
    /// Whether it stands in the way of publication.
    pub blocks: bool,
}

/// A cell or named figure with the records behind it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Cell {
    /// Its id.
    #[schema(example = "requests.new_requests.total")]
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its value.
    #[schema(value_type = f64)]
    pub value: Amount,
    /// For a total: the cells it adds up.
    pub parts: Vec<CellPart>,
    /// Of a government's report: the units whose accepted reports are in it. The records are the government's own.
    pub units: Vec<CellUnit>,
    /// The records.
    pub records: Vec<CellRecord>,
    /// True if there are more than are listed.
    pub truncated: bool,
}

/// A cell that a total adds up.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellPart {
    /// Its id.
    pub id: String,
    /// Its Chinese name.
    pub name: String,
    /// Its value.
    #[schema(value_type = f64)]
    pub value: Amount,
}

/// A unit behind a cell of a government's report.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellUnit {
    /// Unit id.
    pub unit: Uuid,
    /// Code of the unit.
    pub code: String,
    /// Short name of the unit.
    pub name: String,
    /// How much it gave.
    #[schema(value_type = f64)]
    pub value: Amount,
    /// True if its report left the cell blank.
    pub blank: bool,
}

/// A record behind a cell.
#[derive(Debug, Serialize, ToSchema)]
pub struct CellRecord {
    /// `request`, `document`, `dispute` or `figure`.
    pub kind: String,
    /// Docket id.
    pub id: Uuid,
    /// Its number.
    pub number: Option<String>,
    /// What it is.
    pub title: String,
    /// The legal date by which it counts.
    pub on: Date,
    /// How much it adds.
    #[schema(value_type = f64)]
    pub contributes: Amount,
}

impl From<CellRecords> for Cell {
    fn from(c: CellRecords) -> Self {
        let part = |p: service::CellPart| CellPart { id: p.id, name: p.name, value: p.value };
        let unit = |u: service::CellUnit| CellUnit {
            unit: u.unit,
            code: u.code,
            name: u.name,
            value: u.value,
            blank: u.blank,
        };
        let record = |r: service::CellRecord| CellRecord {
            kind: r.kind.to_owned(),
            id: r.id,
            number: r.number,
            title: r.title,
            on: r.on,
            contributes: r.contributes,
        };
        Cell {
            id: c.id,
            name: c.name,
            value: c.value,
            parts: c.parts.into_iter().map(part).collect(),
            units: c.units.into_iter().map(unit).collect(),
            records: c.records.into_iter().map(record).collect(),
            truncated: c.truncated,
        }
    }
}

/// The word of an enum as it is serialised.
fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(text)) => text,
        _ => String::new(),
    }
}

/// The findings as the API gives them; `blocking` are those that stand in the way.
fn found(built: &BuiltReport) -> Vec<Found> {
    let blocking: Vec<String> = built.blocking().map(Finding::key).collect();
    built
        .findings
        .iter()
        .map(|f| Found {
            id: f.id.clone(),
            key: f.key(),
            severity: word(&f.severity),
            verdict: word(&f.verdict),
            cells: f.cells.clone(),
            message: f.message.clone(),
            citation: f.citation.clone(),
            blocks: blocking.contains(&f.key()),
        })
        .collect()
}

/// The figures as an object from cell id to value.
pub(super) fn built(report: &BuiltReport) -> Built {
    Built {
        form: report.form.id.clone(),
        year: report.year,
        scope: report.scope.key().to_owned(),
        unit: Whose { id: report.unit.id, name: report.organization.clone() },
        as_of: report.as_of.clone(),
        cells: serde_json::to_value(&report.figures).unwrap_or_default(),
        facts: report.facts.clone(),
        findings: found(report),
    }
}

/// `own` or `government`.
pub(super) fn scope(text: &str) -> Answer<Scope> {
    Scope::parse(text).ok_or_else(|| {
        ApiError(Error::NotFound(format!(
            "没有“{text}”这种报告，请写 own（本机关）或者 government（本级政府）"
        )))
    })
}

async fn ask(
    app: &App,
    unit: &str,
    year: i16,
    scope_text: &str,
    as_of: Option<Timestamp>,
) -> Answer<ReportAsk> {
    let scope = scope(scope_text)?;
    Ok(ReportAsk { unit: app.service.find_unit(unit).await?.id, year, scope, as_of })
}

/// Published reports, the latest year first.
#[utoipa::path(get, path = "/api/v1/reports", tag = "reports", params(Which), responses(
    (status = 200, description = "the reports", body = [Published]),
    (status = "4XX", description = "no such unit", body = Problem),
))]
pub async fn list(State(app): State<App>, Ask(w): Ask<Which>) -> Answer<Json<Vec<Published>>> {
    let unit = units(&app.service, w.unit.as_deref()).await?.and_then(|all| all.first().copied());
    let items = app.service.published_reports(unit, w.year, None).await?;
    let published = items.into_iter().map(|i| Published {
        unit: i.unit.id,
        unit_code: i.unit.code,
        unit_name: i.unit.name,
        year: i.year,
        scope: i.scope.key().to_owned(),
        title: i.title,
        published_on: i.published_on,
        corrected_on: i.corrected_on,
    });
    Ok(Json(published.collect()))
}

/// One published report with all its versions.
#[utoipa::path(get, path = "/api/v1/reports/{unit}/{year}/{scope}", tag = "reports",
    params(
        ("unit" = String, Path, description = "id, code or name"),
        ("year" = i16, Path, description = "report year"),
        ("scope" = String, Path, description = "`own` or `government`"),
    ),
    responses(
        (status = 200, description = "the report", body = PublishedReport),
        (status = "4XX", description = "nothing was published", body = Problem),
))]
pub async fn published(
    State(app): State<App>,
    Named((unit, year, scope)): Named<(String, i16, String)>,
) -> Answer<Json<PublishedReport>> {
    let ask = ask(&app, &unit, year, &scope, None).await?;
    let report = app.service.published_report(ask.unit, year, ask.scope).await?;
    let versions = report.versions.into_iter().map(|p| {
        let s = p.snapshot;
        let text = |all: Vec<law::form::narrative::Paragraph>| all.iter().map(|t| t.text()).collect();
        Version {
            on: p.on,
            reason: p.reason,
            form: s.form,
            calendar: s.calendar,
            organization: s.organization,
            title: s.title,
            cells: serde_json::to_value(&s.figures).unwrap_or_default(),
            facts: s.facts,
            parts: s.parts.into_iter().map(|(part, all)| (part.key().to_owned(), text(all))).collect(),
        }
    });
    Ok(Json(PublishedReport {
        unit: report.unit.id,
        year: report.year,
        scope: report.scope.key().to_owned(),
        versions: versions.collect(),
    }))
}

/// A report built from the registers, drafted or not.
#[utoipa::path(get, path = "/api/v1/reports/{unit}/{year}/{scope}/build", tag = "drafts",
    params(
        ("unit" = String, Path, description = "id, code or name"),
        ("year" = i16, Path, description = "report year"),
        ("scope" = String, Path, description = "`own` or `government`"),
        AsOf,
    ),
    responses(
        (status = 200, description = "the report", body = Built),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn build(
    State(app): State<App>,
    Caller(visit): Caller,
    Named((unit, year, scope)): Named<(String, i16, String)>,
    Ask(at): Ask<AsOf>,
) -> Answer<Json<Built>> {
    let ask = ask(&app, &unit, year, &scope, at.as_of).await?;
    Ok(Json(built(&app.service.build_report(&visit.ctx, &ask).await?)))
}

/// The records behind a cell of a report, or behind a named figure of its text.
#[utoipa::path(get, path = "/api/v1/reports/{unit}/{year}/{scope}/cells/{cell}", tag = "drafts",
    params(
        ("unit" = String, Path, description = "id, code or name"),
        ("year" = i16, Path, description = "report year"),
        ("scope" = String, Path, description = "`own` or `government`"),
        ("cell" = String, Path, description = "cell or fact id"),
        AsOf,
    ),
    responses(
        (status = 200, description = "the records", body = Cell),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn cell(
    State(app): State<App>,
    Caller(visit): Caller,
    Named((unit, year, scope, cell)): Named<(String, i16, String, String)>,
    Ask(at): Ask<AsOf>,
) -> Answer<Json<Cell>> {
    let ask = ask(&app, &unit, year, &scope, at.as_of).await?;
    Ok(Json(app.service.report_cell(&visit.ctx, &ask, &cell).await?.into()))
}
