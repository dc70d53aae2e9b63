//! Requests for information (依申请公开).

use super::event::RequestEvent as Schema;
use super::part::{
    Answer, Ask, Body, Caller, Changed, Due, Entry, Named, PageOf, Paging, change_body, entries, units,
};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::request::{RequestEvent, Standing, Wanted};
use law::receipt::Channel;
use serde::{Deserialize, Serialize};
use service::request::{NewRequest, offered};
use service::row::{RequestFilter, RequestRow};
use service::vault;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A request. Nothing of the applicant is in it but the class.
#[derive(Debug, Serialize, ToSchema)]
pub struct Request {
    /// Its id.
    pub id: Uuid,
    /// Its number, once it is received in law.
    pub number: Option<String>,
    /// What is asked for.
    pub subject: String,
    /// Column of table three, for example `natural_person`.
    pub class: String,
    /// How it came, for example `registered-mail`.
    pub channel: String,
    /// Unit id it is addressed to.
    pub addressee: String,
    /// Unit id whose report counts it.
    pub counted_by: String,
    /// Where it stands, for example `assigned`.
    pub stage: String,
    /// Day it arrived.
    pub arrived_on: Date,
    /// 收到申请之日
    pub received_on: Option<Date>,
    /// The last day to answer.
    pub due_on: Option<Date>,
    /// What was decided, for example `granted`.
    pub decision: Option<String>,
    /// Date of the decision.
    pub decided_on: Option<Date>,
    /// Day of service.
    pub served_on: Option<Date>,
    /// Day on which the report counts it as finished.
    pub finished_on: Option<Date>,
    /// Row of table three.
    pub row: Option<String>,
}

impl From<RequestRow> for Request {
    fn from(r: RequestRow) -> Self {
        Request {
            id: r.id,
            number: r.number,
            subject: r.subject,
            class: r.class,
            channel: r.channel,
            addressee: r.addressee.to_string(),
            counted_by: r.unit.to_string(),
            stage: r.stage,
            arrived_on: r.arrived_on,
            received_on: r.received_on,
            due_on: r.due_on,
            decision: r.decision,
            decided_on: r.decided_on,
            served_on: r.served_on,
            finished_on: r.finished_on,
            row: r.row,
        }
    }
}

fn standing(id: Uuid, s: Standing, due_on: Option<Date>) -> Request {
    Request {
        id,
        number: s.number,
        subject: s.subject,
        class: s.class.key().to_owned(),
        channel: s.channel.key().to_owned(),
        addressee: s.addressee,
        counted_by: s.counted_by,
        stage: s.stage.key().to_owned(),
        arrived_on: s.arrived_on,
        received_on: s.received_on,
        due_on,
        decision: s.decision.map(|d| d.key().to_owned()),
        decided_on: s.decided_on,
        served_on: s.served_on,
        finished_on: s.finished_on,
        row: s.row.map(str::to_owned),
    }
}

/// A request with its history and its clock.
#[derive(Debug, Serialize, ToSchema)]
pub struct RequestDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// The request as it stands; null if its arrival was voided.
    pub request: Option<Request>,
    /// What happened.
    pub history: Vec<Entry>,
    /// The last day to answer and how it was computed.
    pub due: Option<Due>,
    /// What the account may record next: types of events.
    pub next: Vec<String>,
}

/// Which requests.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit whose report counts them: id, code or name.
    pub unit: Option<String>,
    /// Column of table three.
    pub class: Option<String>,
    /// Row of table three.
    pub row: Option<String>,
    /// Where they stand.
    pub stage: Option<String>,
    /// Received in this year.
    pub received_in: Option<i16>,
    /// Finished in this year.
    pub finished_in: Option<i16>,
    /// Only those not finished.
    pub open: Option<bool>,
    /// Text in the subject or the number.
    pub text: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

/// A request to be registered.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequestBody {
    /// Day of arrival; for registered mail the day the agency signed.
    pub arrived_on: Date,
    /// How it came.
    #[schema(value_type = String, example = "registered-mail")]
    pub channel: Channel,
    /// Unit id it is addressed to.
    pub addressee: Uuid,
    /// Unit id whose report counts it; the addressee if absent.
    #[serde(default)]
    pub counted_by: Option<Uuid>,
    /// Column of table three.
    #[schema(value_type = String, example = "natural_person")]
    pub class: ApplicantClass,
    /// What is asked for, without personal data.
    pub subject: String,
    /// The applicant; kept encrypted.
    #[serde(default)]
    pub applicant: Option<Person>,
    /// How the information is wanted.
    #[serde(default)]
    #[schema(value_type = super::event::Wanted)]
    pub wanted: Wanted,
    /// Day both sides confirmed, for the channels that need it (条例 art. 31).
    #[serde(default)]
    pub confirmed_on: Option<Date>,
}

/// What is kept about an applicant (条例 art. 29).
#[derive(Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Person {
    /// 姓名或者名称
    pub name: String,
    /// 证件名称
    pub id_kind: String,
    /// 证件号码
    pub id_number: String,
    /// 联系人
    pub contact: String,
    /// 联系电话
    pub phone: String,
    /// 联系地址
    pub address: String,
    /// 邮政编码
    pub postcode: String,
    /// 电子邮箱
    pub email: String,
    /// 传真
    pub fax: String,
}

impl From<Person> for vault::Person {
    fn from(p: Person) -> Self {
        let Person { name, id_kind, id_number, contact, phone, address, postcode, email, fax } = p;
        vault::Person {
            name,
            id_kind,
            id_number,
            contact,
            phone,
            address,
            postcode,
            email,
            fax,
            ..vault::Person::default()
        }
    }
}

impl From<vault::Person> for Person {
    fn from(p: vault::Person) -> Self {
        let vault::Person { name, id_kind, id_number, contact, phone, address, postcode, email, fax, .. } = p;
        Person { name, id_kind, id_number, contact, phone, address, postcode, email, fax }
    }
}

/// The answer to a registration.
#[derive(Debug, Serialize, ToSchema)]
pub struct Registered {
    /// Its id.
    pub id: Uuid,
    /// Its number; null until it is received in law.
    pub number: Option<String>,
    /// State it with the next change.
    pub version: u32,
}

change_body!(
    /// A change of a request.
    RequestChange,
    RequestEvent,
    Schema
);

/// Requests the account may see, the latest arrived first.
#[utoipa::path(get, path = "/api/v1/requests", tag = "requests", params(Which), responses(
    (status = 200, description = "a page", body = PageOf<Request>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<PageOf<Request>>> {
    let page = Paging { after: w.after, limit: w.limit }.page()?;
    let filter = RequestFilter {
        units: units(&app.service, w.unit.as_deref()).await?,
        class: w.class,
        row: w.row,
        stage: w.stage,
        received_in: w.received_in,
        finished_in: w.finished_in,
        open: w.open.unwrap_or_default(),
        text: w.text,
        ..RequestFilter::default()
    };
    let rows = app.service.requests(&visit.ctx, filter, page).await?;
    Ok(Json(PageOf::of(rows, page.limit, RequestRow::paging_key, Request::from)))
}

/// Registers a request. It gets its number as soon as it is received in law.
#[utoipa::path(post, path = "/api/v1/requests", tag = "requests", request_body = NewRequestBody,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "registered", body = Registered),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn receive(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewRequestBody>,
) -> Answer<(StatusCode, Json<Registered>)> {
    let new = NewRequest {
        arrived_on: b.arrived_on,
        channel: b.channel,
        addressee: b.addressee,
        counted_by: b.counted_by.unwrap_or(b.addressee),
        class: b.class,
        subject: b.subject,
        person: b.applicant.map(vault::Person::from),
        wanted: b.wanted,
        confirmed_on: b.confirmed_on,
    };
    let made = app.service.receive_request(visit.context(), new).await?;
    Ok((StatusCode::CREATED, Json(Registered { id: made.id, number: made.number, version: made.version })))
}

/// One request with its history and its clock as of today.
#[utoipa::path(get, path = "/api/v1/requests/{id}", tag = "requests",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the request", body = RequestDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<RequestDocket>> {
    let view = app.service.request_view(&visit.ctx, id).await?;
    let (actor, today, calendar) = (&visit.ctx.actor, visit.today(), app.service.calendar());
    let next = view.standing.as_ref().map(|s| offered(s, actor, today, calendar));
    let due_on = view.due.as_ref().map(|d| d.on);
    Ok(Json(RequestDocket {
        id,
        version: view.version,
        history: entries(&view.history),
        request: view.standing.map(|s| standing(id, s, due_on)),
        due: view.due.map(Due::from),
        next: next.into_iter().flatten().map(|m| m.key().to_owned()).collect(),
    }))
}

/// The applicant of a request. Every look is written into the journal.
#[utoipa::path(get, path = "/api/v1/requests/{id}/applicant", tag = "requests",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the applicant", body = Person),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn applicant(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<Person>> {
    Ok(Json(app.service.applicant(visit.context(), id).await?.into()))
}

/// Records what happened to a request, or a correction.
#[utoipa::path(post, path = "/api/v1/requests/{id}/changes", tag = "requests", request_body = RequestChange,
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
    Body(body): Body<RequestChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_request(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
