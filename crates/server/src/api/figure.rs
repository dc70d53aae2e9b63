//! Yearly figures that no register here counts (年度数据).

use super::event::FigureEvent as Schema;
use super::part::{
    Answer, Ask, Body, Caller, Changed, Entry, Made, Named, PageOf, Paging, change_body, entries, units,
};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::Amount;
use law::docket::figure::{FigureEvent, Standing};
use serde::{Deserialize, Serialize};
use service::row::{FigureFilter, FigureRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct Figure {
    /// Its id.
    pub id: Uuid,
    /// Unit id whose report counts it.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// Key of the registry.
    #[schema(example = "hotline.received")]
    pub key: String,
    /// The figure in `measure`, exact to six places.
    #[schema(value_type = f64)]
    pub amount: Amount,
    /// The unit of the key.
    #[schema(example = "件")]
    pub measure: String,
    /// Who supplied it.
    pub source: String,
    /// Paper or file that proves it.
    pub evidence: Option<String>,
    /// Whether it does not count any more.
    pub voided: bool,
}

impl From<FigureRow> for Figure {
    fn from(r: FigureRow) -> Self {
        Figure {
            id: r.id,
            unit: r.unit.to_string(),
            year: r.year,
            key: r.key,
            amount: Amount::from_micros(r.amount_micros),
            measure: r.measure,
            source: r.source,
            evidence: (!r.evidence.is_empty()).then_some(r.evidence),
            voided: r.voided,
        }
    }
}

fn standing(id: Uuid, s: Standing) -> Figure {
    Figure {
        id,
        unit: s.unit,
        year: s.year,
        key: s.key,
        amount: s.amount,
        measure: s.measure,
        source: s.source,
        evidence: s.evidence,
        voided: false,
    }
}

/// A figure with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// The figure in force; null if it was voided.
    pub figure: Option<Figure>,
    /// What happened.
    pub history: Vec<Entry>,
}

/// Which figures.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit whose report counts them: id, code or name.
    pub unit: Option<String>,
    /// Report year.
    pub year: Option<i16>,
    /// Key of the registry.
    pub key: Option<String>,
    /// Also those that do not count any more.
    pub voided: Option<bool>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

/// A figure to be entered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFigure {
    /// Day of the entry; today if absent.
    #[serde(default)]
    pub on: Option<Date>,
    /// Unit id whose report counts it.
    pub unit: Uuid,
    /// Report year.
    pub year: i16,
    /// Key of the registry.
    #[schema(example = "hotline.received")]
    pub key: String,
    /// The figure in `measure`.
    #[schema(value_type = f64)]
    pub amount: Amount,
    /// The unit it is entered in; 元 and 万元 are converted.
    #[schema(example = "件")]
    pub measure: String,
    /// Who supplied it.
    pub source: String,
    /// Paper or file that proves it.
    #[serde(default)]
    pub evidence: Option<String>,
}

change_body!(
    /// A correction of a figure.
    FigureChange,
    FigureEvent,
    Schema
);

/// Figures the account may see, the latest year first.
#[utoipa::path(get, path = "/api/v1/figures", tag = "figures", params(Which), responses(
    (status = 200, description = "a page", body = PageOf<Figure>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<PageOf<Figure>>> {
    let page = Paging { after: w.after, limit: w.limit }.page()?;
    let filter = FigureFilter {
        units: units(&app.service, w.unit.as_deref()).await?,
        year: w.year,
        key: w.key,
        standing: !w.voided.unwrap_or_default(),
    };
    let rows = app.service.figures(&visit.ctx, filter, page).await?;
    Ok(Json(PageOf::of(rows, page.limit, FigureRow::paging_key, Figure::from)))
}

/// Enters a figure.
#[utoipa::path(post, path = "/api/v1/figures", tag = "figures", request_body = NewFigure,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "entered", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn enter(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewFigure>,
) -> Answer<(StatusCode, Json<Made>)> {
    let on = b.on.unwrap_or_else(|| visit.today());
    let entered = FigureEvent::Entered {
        unit: b.unit.to_string(),
        year: b.year,
        key: b.key,
        amount: b.amount,
        measure: b.measure,
        source: b.source,
        evidence: b.evidence,
    };
    let id = app.service.enter_figure(visit.context(), on, entered).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One figure with its history.
#[utoipa::path(get, path = "/api/v1/figures/{id}", tag = "figures",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the figure", body = FigureDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<FigureDocket>> {
    let view = app.service.figure_view(&visit.ctx, id).await?;
    Ok(Json(FigureDocket {
        id,
        version: view.version,
        history: entries(&view.history),
        figure: view.standing.map(|s| standing(id, s)),
    }))
}

/// Corrects or voids a figure.
#[utoipa::path(post, path = "/api/v1/figures/{id}/changes", tag = "figures", request_body = FigureChange,
    params(
        ("id" = Uuid, Path, description = "docket id"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once"),
    ),
    responses(
        (status = 200, description = "recorded", body = Changed),
        (status = 409, description = "somebody was quicker", body = Problem),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn change(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named(id): Named<Uuid>,
    Body(body): Body<FigureChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_figure(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
