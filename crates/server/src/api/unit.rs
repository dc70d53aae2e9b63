//! Units (机关).

use super::event::UnitEvent as Schema;
use super::part::{Answer, Body, Caller, Changed, Entry, Made, Named, change_body, entries};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::docket::unit::{Level, UnitEvent, UnitKind};
use serde::{Deserialize, Serialize};
use service::View;
use service::row::UnitRow;
use service::unit::NewUnit;
use utoipa::ToSchema;
use uuid::Uuid;

/// A unit. These facts are public.
#[derive(Debug, Serialize, ToSchema)]
pub struct Unit {
    /// Its id.
    pub id: Uuid,
    /// Short stable word.
    #[schema(example = "sx-office")]
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// `government`, `office`, `department`, `township` or `other`.
    pub kind: String,
    /// `province`, `city`, `county` or `township`.
    pub level: String,
    /// The unit it belongs to.
    pub parent: Option<Uuid>,
    /// The unit into whose report its figures are added.
    pub consolidates_into: Option<Uuid>,
    /// First day.
    pub valid_from: Date,
    /// Last day; null while it exists.
    pub valid_to: Option<Date>,
    /// The unit that took over.
    pub successor: Option<Uuid>,
}

impl From<UnitRow> for Unit {
    fn from(r: UnitRow) -> Self {
        Unit {
            id: r.id,
            code: r.code,
            name: r.name,
            short_name: r.short_name,
            kind: r.kind,
            level: r.level,
            parent: r.parent,
            consolidates_into: r.consolidates_into,
            valid_from: r.valid_from,
            valid_to: r.valid_to,
            successor: r.successor,
        }
    }
}

/// A unit with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// The unit as it is now; null if its establishment was voided.
    pub unit: Option<Unit>,
    /// What happened.
    pub history: Vec<Entry>,
}

/// A unit to be established.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewUnitBody {
    /// First day.
    pub on: Date,
    /// Short stable word: small letters, digits, hyphens.
    #[schema(example = "sx-office")]
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// `government`, `office`, `department`, `township` or `other`.
    #[schema(value_type = String, example = "department")]
    pub kind: UnitKind,
    /// `province`, `city`, `county` or `township`.
    #[schema(value_type = String, example = "county")]
    pub level: Level,
    /// The unit it belongs to.
    #[serde(default)]
    pub parent: Option<Uuid>,
    /// The unit into whose report its figures are added.
    #[serde(default)]
    pub consolidates_into: Option<Uuid>,
}

change_body!(
    /// A change of a unit.
    UnitChange,
    UnitEvent,
    Schema
);

/// All units, by code.
#[utoipa::path(get, path = "/api/v1/units", tag = "units", responses(
    (status = 200, description = "the units", body = [Unit]),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(State(app): State<App>) -> Answer<Json<Vec<Unit>>> {
    Ok(Json(app.service.units().await?.into_iter().map(Unit::from).collect()))
}

/// Establishes a unit.
#[utoipa::path(post, path = "/api/v1/units", tag = "units", request_body = NewUnitBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "established", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn establish(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewUnitBody>,
) -> Answer<(StatusCode, Json<Made>)> {
    let unit = NewUnit {
        code: b.code,
        name: b.name,
        short_name: b.short_name,
        kind: b.kind,
        level: b.level,
        parent: b.parent,
        consolidates_into: b.consolidates_into,
    };
    let id = app.service.establish_unit(visit.context(), b.on, unit).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One unit, by id, code or name, with its history.
#[utoipa::path(get, path = "/api/v1/units/{id}", tag = "units",
    params(("id" = String, Path, description = "id, code, name or short name")),
    responses(
        (status = 200, description = "the unit", body = UnitDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(text): Named<String>,
) -> Answer<Json<UnitDocket>> {
    let row = app.service.find_unit(&text).await?;
    let View { id, version, history, .. } = app.service.unit_view(&visit.ctx, row.id).await?;
    Ok(Json(UnitDocket { id, version, unit: Some(row.into()), history: entries(&history) }))
}

/// Records what happened to a unit, or a correction.
#[utoipa::path(post, path = "/api/v1/units/{id}/changes", tag = "units", request_body = UnitChange,
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
    Body(body): Body<UnitChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_unit(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
