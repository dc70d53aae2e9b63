//! Work orders of 12345 and other systems outside, in and out (国办函〔2025〕66号).

use super::part::{Answer, Body, Caller, Named};
use crate::App;
use crate::error::{ApiError, Problem};
use crate::ticket::TicketFile;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use law::applicant::ApplicantClass;
use law::docket::request::Wanted;
use law::receipt::Channel;
use serde::Serialize;
use service::Error;
use service::request::NewRequest;
use service::vault;
use utoipa::ToSchema;
use uuid::Uuid;

/// The answer to a ticket.
#[derive(Debug, Serialize, ToSchema)]
pub struct TicketTaken {
    /// Id of the request that came out of it.
    pub id: Uuid,
    /// Its number.
    pub number: Option<String>,
    /// State it with the next change.
    pub version: u32,
    /// Where the ticket came before: one Chinese sentence that names the request; nothing was registered.
    pub before: Option<String>,
}

/// Registers the request that a ticket is, once however often the ticket comes. What it asks for goes into the journal:
/// the sender leaves personal data out of everything but `caller`.
#[utoipa::path(post, path = "/api/v1/tickets", tag = "requests", request_body = TicketFile,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "registered", body = TicketTaken),
        (status = 200, description = "it came before", body = TicketTaken),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn receive(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(file): Body<TicketFile>,
) -> Answer<(StatusCode, Json<TicketTaken>)> {
    let ticket = file.ticket()?;
    let class = file.class.as_deref().and_then(ApplicantClass::parse).ok_or_else(|| {
        ApiError(Error::refused("class-missing", "请填写申请人类别，例如 natural_person", ""))
    })?;
    let agency = app.service.find_unit(&file.agency).await?.id;
    let subject = file.subject();
    let new = NewRequest {
        arrived_on: file.handed_over_on.unwrap_or_else(|| visit.today()),
        channel: Channel::Transfer,
        addressee: agency,
        counted_by: agency,
        class,
        subject,
        person: file.caller.map(vault::Person::from),
        wanted: Wanted::default(),
        confirmed_on: None,
    };
    let taken = app.service.receive_ticket(visit.context(), new, ticket).await?;
    let status = if taken.before.is_some() { StatusCode::OK } else { StatusCode::CREATED };
    let service::request::Received { id, number, version } = taken.received;
    Ok((status, Json(TicketTaken { id, number, version, before: taken.before })))
}

/// The hand-over file of a request that came out of a ticket, or whose matter goes on elsewhere. With the applicant for
/// those who may see personal data; every such look is written into the journal.
#[utoipa::path(get, path = "/api/v1/requests/{id}/ticket", tag = "requests",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the file", body = TicketFile),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn of_request(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<TicketFile>> {
    Ok(Json(app.service.hand_over(visit.context(), id).await?.into()))
}
