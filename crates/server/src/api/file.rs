//! Files of requests (材料).

use super::part::{Answer, Body, Caller, Changed, Made, Named};
use crate::App;
use crate::error::{ApiError, Problem};
use crate::intake::{Paced, download, received};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::file::{FileEvent, FileRole};
use serde::{Deserialize, Serialize};
use service::Error;
use service::file::FileView;
use utoipa::ToSchema;
use uuid::Uuid;

/// A file of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// Its name; for who may not see personal data only what it is for.
    #[schema(example = "批复.pdf")]
    pub name: String,
    /// What it is for: `identity-proof`, `power-of-attorney`, `attachment`, `correction-material`,
    /// `statement-of-reasons`, `third-party-opinion`, `receipt-proof`, `service-proof`, `search-material`, `original`,
    /// `clean-copy`, `letter`, `message` or `other`.
    #[schema(example = "clean-copy")]
    pub role: String,
    /// What it is by its content: `pdf`, `docx`, `xlsx`, `ofd`, `png`, `jpeg`, `tiff`, `text` or `csv`.
    #[schema(example = "pdf")]
    pub media: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, in hexadecimal.
    pub sha256: String,
    /// Day it was added.
    pub added_on: Date,
    /// When it was added.
    pub recorded_at: Timestamp,
    /// By whom.
    pub actor: String,
    /// Last day on which the applicant can open it, if it was given out.
    pub released_until: Option<Date>,
    /// Day on which its content was erased.
    pub erased_on: Option<Date>,
    /// Why it was erased.
    pub erased_because: Option<String>,
}

impl From<FileView> for File {
    fn from(f: FileView) -> Self {
        let s = f.standing;
        File {
            id: f.id,
            version: f.version,
            name: f.name,
            role: s.role.key().to_owned(),
            media: s.media.key().to_owned(),
            size: s.size,
            sha256: s.digest,
            added_on: s.added_on,
            recorded_at: f.at,
            actor: f.by,
            released_until: s.released_until,
            erased_on: s.erased_on,
            erased_because: s.erased_because,
        }
    }
}

/// The files of a request.
#[derive(Debug, Serialize, ToSchema)]
pub struct Files {
    /// In the order in which they were added; those erased too.
    pub items: Vec<File>,
}

/// A file to be added, as `multipart/form-data`.
#[derive(ToSchema)]
#[expect(dead_code, reason = "only its shape is used")]
pub struct NewFile {
    /// What it is for.
    #[schema(example = "clean-copy")]
    role: String,
    /// Its content, with its name.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
}

/// What happens to a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum FileAction {
    /// 提供给申请人; only clean copies and letters.
    Released {
        /// Last day on which the applicant can open it.
        until: Date,
    },
    /// 停止提供
    Unreleased,
    /// 删除内容
    Erased {
        /// Why.
        reason: String,
    },
}

impl From<FileAction> for FileEvent {
    fn from(action: FileAction) -> Self {
        match action {
            FileAction::Released { until } => FileEvent::Released { until },
            FileAction::Unreleased => FileEvent::Unreleased,
            FileAction::Erased { reason } => FileEvent::Erased { reason },
        }
    }
}

/// A change of a file.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileChange {
    /// The version the change was decided on; if it is not the newest any more, the answer is 409.
    pub version: u32,
    /// What happens.
    pub event: FileAction,
}

/// The files of a request.
#[utoipa::path(get, path = "/api/v1/requests/{id}/files", tag = "files",
    params(("id" = Uuid, Path, description = "docket id of the request")),
    responses(
        (status = 200, description = "the files", body = Files),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<Files>> {
    let files = app.service.files(&visit.ctx, id).await?;
    Ok(Json(Files { items: files.into_iter().map(File::from).collect() }))
}

/// Adds a file. What it is comes from its content; programs, archives, scripts, and documents with passwords or macros
/// are refused.
#[utoipa::path(post, path = "/api/v1/requests/{id}/files", tag = "files",
    params(
        ("id" = Uuid, Path, description = "docket id of the request"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once"),
    ),
    request_body(content = NewFile, content_type = "multipart/form-data"),
    responses(
        (status = 201, description = "added", body = Made),
        (status = "4XX", description = "refused; codes of files begin with `file-`", body = Problem),
))]
pub async fn add(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named(id): Named<Uuid>,
    upload: Paced,
) -> Answer<(StatusCode, Json<Made>)> {
    visit.ctx.actor.must(service::Permission::EditRegisters)?;
    let mut got = received(&app.service, upload).await;
    if let Some(refusal) = got.refused.take() {
        return Err(Error::Invalid(refusal.text).into());
    }
    let invalid = |text: &str| ApiError(Error::Invalid(text.into()));
    let role = FileRole::parse(got.get("role"))
        .ok_or_else(|| invalid("请用 role 写明材料的用途，例如 clean-copy"))?;
    let mut file = got.file().ok_or_else(|| invalid("请用 file 提交文件"))?;
    file.role = role;
    let id = app.service.add_file(visit.context(), id, file).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// The content of a file, to be saved. Where it may hold personal data, the look is written into the journal.
#[utoipa::path(get, path = "/api/v1/requests/{id}/files/{file}", tag = "files",
    params(
        ("id" = Uuid, Path, description = "docket id of the request"),
        ("file" = Uuid, Path, description = "id of the file"),
    ),
    responses(
        (status = 200, description = "the content, as it came", content_type = "application/octet-stream"),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn content(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named((id, file)): Named<(Uuid, Uuid)>,
) -> Answer<Response> {
    let ctx = visit.context();
    Ok(download(app.service.open_file(ctx, id, file).await?))
}

/// Gives a file to the applicant until a day, takes it back, or erases its content.
#[utoipa::path(post, path = "/api/v1/requests/{id}/files/{file}/changes", tag = "files", request_body = FileChange,
    params(
        ("id" = Uuid, Path, description = "docket id of the request"),
        ("file" = Uuid, Path, description = "id of the file"),
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
    Named((id, file)): Named<(Uuid, Uuid)>,
    Body(body): Body<FileChange>,
) -> Answer<Json<Changed>> {
    let ctx = visit.context();
    let version = app.service.change_file(ctx, id, file, body.version, body.event.into()).await?;
    Ok(Json(Changed { version }))
}
