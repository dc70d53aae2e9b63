//! What the law answers without any data of ours: working days, reply clock, fee. Public.

use super::part::{Answer, Ask, Caller, Due, Named};
use crate::App;
use crate::error::{ApiError, Problem};
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use law::clock::{Extension, Input, Pause};
use law::fee::Basis;
use serde::{Deserialize, Serialize};
use service::Error;
use utoipa::{IntoParams, ToSchema};

/// The working days of a year.
#[derive(Debug, Serialize, ToSchema)]
pub struct Year {
    /// The year.
    #[schema(example = 2020)]
    pub year: i16,
    /// Number of working days.
    #[schema(example = 249)]
    pub working_days: u32,
    /// The notices it rests on.
    pub notices: Vec<Notice>,
}

/// A notice of the State Council Office.
#[derive(Debug, Serialize, ToSchema)]
pub struct Notice {
    /// 发文字号, where it was verified.
    pub number: Option<String>,
    /// Title.
    pub title: String,
}

/// A date some working days later.
#[derive(Debug, Serialize, ToSchema)]
pub struct Later {
    /// The date.
    pub on: Date,
    /// Whether a notice not yet published may still move it.
    pub provisional: bool,
}

/// What moves the reply clock.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Facts {
    /// 收到申请之日
    pub received: Date,
    /// Day the corrected request was received.
    pub corrected: Option<Date>,
    /// Consultations, `FROM..TO` separated by commas; without `TO` it is still open.
    #[param(example = "2024-02-21..2024-03-06")]
    pub consult: Option<String>,
    /// Working days of the extension, at most 20.
    pub extend: Option<u32>,
    /// Day the fee was paid.
    pub paid: Option<Date>,
}

/// What the fee is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Count {
    /// `requests` or `pages`.
    pub basis: String,
    /// Requests of the applicant in the month, or pages of the request.
    pub count: u32,
    /// The day whose schedule applies; today if absent.
    pub on: Option<Date>,
}

/// The processing fee.
#[derive(Debug, Serialize, ToSchema)]
pub struct Fee {
    /// `requests` or `pages`.
    pub basis: String,
    /// What was counted.
    pub count: u32,
    /// The day whose schedule applies.
    pub on: Date,
    /// The sum in yuan.
    #[schema(example = 2000)]
    pub yuan: u64,
    /// The measure.
    pub citation: String,
}

fn invalid(sentence: impl ToString) -> ApiError {
    ApiError(Error::Invalid(sentence.to_string()))
}

/// The number of working days of a year.
#[utoipa::path(get, path = "/api/v1/calendar/{year}", tag = "rules",
    params(("year" = i16, Path, description = "the year")),
    responses(
        (status = 200, description = "the year", body = Year),
        (status = "4XX", description = "no notice of that year is known", body = Problem),
))]
pub async fn year(State(app): State<App>, Named(year): Named<i16>) -> Answer<Json<Year>> {
    let calendar = app.service.calendar();
    let working_days = calendar.working_days_in(year).ok_or_else(|| {
        ApiError(Error::NotFound(format!("没有{year}年的放假通知，无法确定工作日数，请改查其他年度")))
    })?;
    let notices = calendar
        .notices(year)
        .iter()
        .map(|n| Notice { number: n.number_verified.then(|| n.number.clone()), title: n.title.clone() })
        .collect();
    Ok(Json(Year { year, working_days, notices }))
}

/// The date some working days after another; the first day is not counted.
#[utoipa::path(get, path = "/api/v1/calendar/{from}/add/{days}", tag = "rules",
    params(
        ("from" = String, Path, description = "the first day, for example 2020-01-15"),
        ("days" = u32, Path, description = "working days"),
    ),
    responses(
        (status = 200, description = "the date", body = Later),
        (status = "4XX", description = "out of range", body = Problem),
))]
pub async fn add(State(app): State<App>, Named((from, days)): Named<(Date, u32)>) -> Answer<Json<Later>> {
    let (on, provisional) = app.service.calendar().add(from, days).map_err(invalid)?;
    Ok(Json(Later { on, provisional }))
}

/// The last day to answer a request, with its reasons.
#[utoipa::path(get, path = "/api/v1/clock", tag = "rules", params(Facts), responses(
    (status = 200, description = "the date and its reasons", body = Due),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn clock(State(app): State<App>, Caller(visit): Caller, Ask(f): Ask<Facts>) -> Answer<Json<Due>> {
    let consultations: Vec<Pause> = f
        .consult
        .as_deref()
        .unwrap_or_default()
        .split(',')
        .filter(|text| !text.is_empty())
        .map(crate::cli::pause)
        .collect::<Result<_, _>>()
        .map_err(invalid)?;
    let input = Input {
        corrected: f.corrected,
        paid: f.paid,
        consultations,
        extension: f.extend.map(|days| Extension { days, told_on: None }),
        ..Input::received(f.received)
    };
    let due = law::clock::due(&input, app.service.calendar(), visit.today())
        .map_err(|refusals| ApiError(Error::Refused(refusals)))?;
    Ok(Json(due.into()))
}

/// The processing fee owed in total.
#[utoipa::path(get, path = "/api/v1/fee", tag = "rules", params(Count), responses(
    (status = 200, description = "the fee", body = Fee),
    (status = "4XX", description = "no schedule in force", body = Problem),
))]
pub async fn fee(Caller(visit): Caller, Ask(c): Ask<Count>) -> Answer<Json<Fee>> {
    let basis = Basis::parse(&c.basis).ok_or_else(|| {
        invalid(format!("“{}”不是计收方式，请填写 requests（按件）或者 pages（按量）", c.basis))
    })?;
    let on = c.on.unwrap_or_else(|| visit.today());
    let yuan = law::fee::total(basis, c.count, on).map_err(invalid)?;
    let citation = law::fee::citation(basis, on).map_err(invalid)?.to_owned();
    Ok(Json(Fee { basis: basis.word().to_owned(), count: c.count, on, yuan, citation }))
}
