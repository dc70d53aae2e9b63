//! Disputes (行政复议、行政诉讼).

use super::event::DisputeEvent as Schema;
use super::part::{
    Answer, Ask, Body, Caller, Changed, Due, Entry, Made, Named, PageOf, Paging, change_body, entries, units,
};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::docket::dispute::{Block, DisputeEvent, Standing};
use serde::{Deserialize, Serialize};
use service::row::{DisputeFilter, DisputeRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A dispute.
#[derive(Debug, Serialize, ToSchema)]
pub struct Dispute {
    /// Its id.
    pub id: Uuid,
    /// Unit id whose report counts it.
    pub unit: String,
    /// `reconsideration`, `direct_suit` or `suit_after_reconsideration`.
    pub block: String,
    /// Docket id of the request it is about.
    pub request: Option<String>,
    /// 案号
    pub number: String,
    /// 复议机关 or 法院.
    pub body: String,
    /// Day it was filed.
    pub filed_on: Date,
    /// Day it ended.
    pub decided_on: Option<Date>,
    /// How it ended, for example `upheld`.
    pub outcome: Option<String>,
}

impl From<DisputeRow> for Dispute {
    fn from(r: DisputeRow) -> Self {
        Dispute {
            id: r.id,
            unit: r.unit.to_string(),
            block: r.block,
            request: r.request.map(|id| id.to_string()),
            number: r.number,
            body: r.body,
            filed_on: r.filed_on,
            decided_on: r.decided_on,
            outcome: r.outcome,
        }
    }
}

fn standing(id: Uuid, s: Standing) -> Dispute {
    Dispute {
        id,
        unit: s.unit,
        block: s.block.key().to_owned(),
        request: s.request,
        number: s.number,
        body: s.body,
        filed_on: s.filed_on,
        decided_on: s.closed_on,
        outcome: s.outcome.map(|o| o.key().to_owned()),
    }
}

/// A dispute with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct DisputeDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// The dispute as it stands; null if its filing was voided.
    pub dispute: Option<Dispute>,
    /// What happened.
    pub history: Vec<Entry>,
    /// The last day for the agency's answer, if that is still open.
    pub due: Option<Due>,
}

/// Which disputes.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit whose report counts them: id, code or name.
    pub unit: Option<String>,
    /// `reconsideration`, `direct_suit` or `suit_after_reconsideration`.
    pub block: Option<String>,
    /// Docket id of the request they are about.
    pub request: Option<Uuid>,
    /// Decided in this year.
    pub decided_in: Option<i16>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

/// A dispute to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDispute {
    /// Day it was filed.
    pub on: Date,
    /// Unit id whose report counts it.
    pub unit: Uuid,
    /// `reconsideration`, `direct_suit` or `suit_after_reconsideration`.
    #[schema(value_type = String, example = "reconsideration")]
    pub block: Block,
    /// Docket id of the request it is about.
    #[serde(default)]
    pub request: Option<Uuid>,
    /// 案号
    pub number: String,
    /// 复议机关 or 法院.
    pub body: String,
}

change_body!(
    /// A change of a dispute.
    DisputeChange,
    DisputeEvent,
    Schema
);

/// Disputes the account may see, the latest filed first.
#[utoipa::path(get, path = "/api/v1/disputes", tag = "disputes", params(Which), responses(
    (status = 200, description = "a page", body = PageOf<Dispute>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<PageOf<Dispute>>> {
    let page = Paging { after: w.after, limit: w.limit }.page()?;
    let filter = DisputeFilter {
        units: units(&app.service, w.unit.as_deref()).await?,
        block: w.block,
        request: w.request,
        decided_in: w.decided_in,
        ..DisputeFilter::default()
    };
    let rows = app.service.disputes(&visit.ctx, filter, page).await?;
    Ok(Json(PageOf::of(rows, page.limit, DisputeRow::paging_key, Dispute::from)))
}

/// Registers a dispute.
#[utoipa::path(post, path = "/api/v1/disputes", tag = "disputes", request_body = NewDispute,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "registered", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn file(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewDispute>,
) -> Answer<(StatusCode, Json<Made>)> {
    let filed = DisputeEvent::Filed {
        unit: b.unit.to_string(),
        block: b.block,
        request: b.request.map(|id| id.to_string()),
        number: b.number,
        body: b.body,
    };
    let id = app.service.file_dispute(visit.context(), b.on, filed).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One dispute with its history.
#[utoipa::path(get, path = "/api/v1/disputes/{id}", tag = "disputes",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the dispute", body = DisputeDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<DisputeDocket>> {
    let view = app.service.dispute_view(&visit.ctx, id).await?;
    Ok(Json(DisputeDocket {
        id,
        version: view.version,
        history: entries(&view.history),
        dispute: view.standing.map(|s| standing(id, s)),
        due: view.due.map(Due::from),
    }))
}

/// Records what happened to a dispute, or a correction.
#[utoipa::path(post, path = "/api/v1/disputes/{id}/changes", tag = "disputes", request_body = DisputeChange,
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
    Body(body): Body<DisputeChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_dispute(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
