//! Files of finished requests by their schedule of retention.

use super::part::{Answer, Ask, Caller, units};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use service::Error;
use service::request::{ARCHIVE_BEGINNING, ArchiveAsk, ArchivePlace, KeptFile, Schedule};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// An archived file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArchivedFile {
    /// Docket id of the request.
    pub id: Uuid,
    /// 归档号
    pub file_number: String,
    /// Number of the request.
    pub number: Option<String>,
    /// What was asked for.
    pub subject: String,
    /// Unit id it was addressed to.
    pub addressee: String,
    /// Day it was finished.
    pub finished_on: Option<Date>,
    /// Day it was archived.
    pub archived_on: Option<Date>,
    /// `permanent`, `30-years` or `10-years`; null where none was recorded.
    pub retention: Option<String>,
    /// The year at whose end the period ends; null for ever.
    pub kept_through: Option<i16>,
}

impl From<KeptFile> for ArchivedFile {
    fn from(f: KeptFile) -> Self {
        ArchivedFile {
            id: f.row.id,
            file_number: f.file_number,
            number: f.row.number,
            subject: f.row.subject,
            addressee: f.row.addressee.to_string(),
            finished_on: f.row.finished_on,
            archived_on: f.archived_on,
            retention: f.retention.map(|r| r.key().to_owned()),
            kept_through: f.kept_through,
        }
    }
}

/// A page of a schedule. A page may be empty and still have a next one.
#[derive(Debug, Serialize, ToSchema)]
pub struct ArchiveList {
    /// The files.
    pub items: Vec<ArchivedFile>,
    /// Hand it in as `after` for the next page; null on the last one.
    pub next: Option<String>,
}

/// Which files.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// `ending` (the period ends with the year), `handing-over` (due to go to the state archive in the year) or `unset`
    /// (finished in the year, archived without a period); `ending` if absent.
    pub schedule: Option<String>,
    /// The year; if absent the last one that has ended.
    pub year: Option<i16>,
    /// Unit whose report counts them: id, code or name.
    pub unit: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// `1_2020-01-31_ID`
fn place_of(text: &str) -> Option<ArchivePlace> {
    let (part, rest) = text.split_once('_')?;
    let (on, id) = rest.split_once('_')?;
    Some(ArchivePlace { part: part.parse().ok()?, after: Some((on.parse().ok()?, id.parse().ok()?)) })
}

/// Archived requests by their schedule of retention.
#[utoipa::path(get, path = "/api/v1/archive", tag = "requests", params(Which), responses(
    (status = 200, description = "a page", body = ArchiveList),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<ArchiveList>> {
    let unknown = || Error::Invalid("schedule应当是ending、handing-over或者unset".into());
    let schedule = match &w.schedule {
        None => Schedule::Ending,
        Some(key) => Schedule::parse(key).ok_or_else(unknown)?,
    };
    let year = w.year.unwrap_or_else(|| visit.ctx.today().year() - 1);
    let from = match &w.after {
        None => ARCHIVE_BEGINNING,
        Some(text) => place_of(text).ok_or_else(|| Error::Invalid("after应当是上一页给出的next".into()))?,
    };
    let ask = ArchiveAsk { schedule, year, units: units(&app.service, w.unit.as_deref()).await? };
    let (files, next) = app.service.archive_schedule(&visit.ctx, &ask, from).await?;
    let next = next.and_then(|p| p.after.map(|(on, id)| format!("{}_{on}_{id}", p.part)));
    Ok(Json(ArchiveList { items: files.into_iter().map(ArchivedFile::from).collect(), next }))
}
