//! Requests to correct a record about oneself (条例第四十一条).

use super::event::RecordCorrectionEvent as Schema;
use super::part::{
    Answer, Ask, Body, Caller, Changed, Entry, Made, Named, PageOf, Paging, change_body, entries, units,
};
use super::request::Person;
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::record_correction::{RecordCorrectionEvent, Standing};
use law::receipt::Channel;
use serde::{Deserialize, Serialize};
use service::record_correction::NewRecordCorrection as New;
use service::row::{RecordCorrectionFilter, RecordCorrectionRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A request to correct a record.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordCorrection {
    /// Its id.
    pub id: Uuid,
    /// Unit id of the agency that provided the record.
    pub unit: String,
    /// How it came, for example `counter`.
    pub channel: String,
    /// The record.
    pub record: String,
    /// `received`, `decided`, `told` or `withdrawn`.
    pub stage: String,
    /// Day it was received.
    pub received_on: Date,
    /// Day it was decided.
    pub decided_on: Option<Date>,
    /// `corrected`, `not-corrected`, `transferred` or `redirected`.
    pub outcome: Option<String>,
    /// Day the applicant was told.
    pub told_on: Option<Date>,
}

impl From<RecordCorrectionRow> for RecordCorrection {
    fn from(r: RecordCorrectionRow) -> Self {
        RecordCorrection {
            id: r.id,
            unit: r.unit.to_string(),
            channel: r.channel,
            record: r.record,
            stage: r.stage,
            received_on: r.received_on,
            decided_on: r.decided_on,
            outcome: r.outcome,
            told_on: r.told_on,
        }
    }
}

fn standing(id: Uuid, s: Standing) -> RecordCorrection {
    RecordCorrection {
        id,
        unit: s.unit,
        channel: s.channel.key().to_owned(),
        record: s.record,
        stage: s.stage.key().to_owned(),
        received_on: s.received_on,
        decided_on: s.decided.as_ref().map(|d| d.on),
        outcome: s.decided.as_ref().map(|d| d.outcome.key().to_owned()),
        told_on: s.told.map(|(on, _)| on),
    }
}

/// A request to correct a record, with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct RecordCorrectionDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// As it stands; null if its receipt was voided.
    pub correction: Option<RecordCorrection>,
    /// What happened.
    pub history: Vec<Entry>,
}

/// Which of them.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Agency that provided the record: id, code or name.
    pub unit: Option<String>,
    /// `received`, `decided`, `told` or `withdrawn`.
    pub stage: Option<String>,
    /// Received in this year.
    pub received_in: Option<i16>,
    /// With this text in the record.
    pub text: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

/// A request to correct a record, to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRecordCorrection {
    /// Day it was received.
    pub on: Date,
    /// Unit id of the agency that provided the record.
    pub unit: Uuid,
    /// How it came.
    #[schema(value_type = String, example = "counter")]
    pub channel: Channel,
    /// Column of table three, for the form of address; it is not counted there.
    #[schema(value_type = String, example = "natural_person")]
    pub class: ApplicantClass,
    /// The record, without personal data.
    pub record: String,
    /// What is inaccurate, and how it should read, without personal data.
    pub wrong: String,
    /// What proves it.
    pub evidence: String,
    /// The applicant; sealed.
    #[serde(default)]
    pub applicant: Option<Person>,
}

change_body!(
    /// A change of a request to correct a record.
    RecordCorrectionChange,
    RecordCorrectionEvent,
    Schema
);

/// Requests to correct a record that the account may see, the latest received first.
#[utoipa::path(get, path = "/api/v1/corrections", tag = "corrections", params(Which), responses(
    (status = 200, description = "a page", body = PageOf<RecordCorrection>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<PageOf<RecordCorrection>>> {
    let page = Paging { after: w.after, limit: w.limit }.page()?;
    let filter = RecordCorrectionFilter {
        units: units(&app.service, w.unit.as_deref()).await?,
        stage: w.stage,
        received_in: w.received_in,
        text: w.text,
    };
    let rows = app.service.record_corrections(&visit.ctx, filter, page).await?;
    Ok(Json(PageOf::of(rows, page.limit, RecordCorrectionRow::paging_key, RecordCorrection::from)))
}

/// Registers a request to correct a record.
#[utoipa::path(post, path = "/api/v1/corrections", tag = "corrections", request_body = NewRecordCorrection,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "registered", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn receive(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewRecordCorrection>,
) -> Answer<(StatusCode, Json<Made>)> {
    let new = New {
        received_on: b.on,
        unit: b.unit,
        channel: b.channel,
        class: b.class,
        person: b.applicant.map(Into::into),
        record: b.record,
        wrong: b.wrong,
        evidence: b.evidence,
    };
    let id = app.service.receive_record_correction(visit.context(), new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One request to correct a record, with its history.
#[utoipa::path(get, path = "/api/v1/corrections/{id}", tag = "corrections",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the request to correct", body = RecordCorrectionDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<RecordCorrectionDocket>> {
    let view = app.service.record_correction_view(&visit.ctx, id).await?;
    Ok(Json(RecordCorrectionDocket {
        id,
        version: view.version,
        history: entries(&view.history),
        correction: view.standing.map(|s| standing(id, s)),
    }))
}

/// Records what happened to a request to correct a record, or a correction of an entry.
#[utoipa::path(post, path = "/api/v1/corrections/{id}/changes", tag = "corrections",
    request_body = RecordCorrectionChange,
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
    Body(body): Body<RecordCorrectionChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_record_correction(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
