//! The papers of a case that are not letters (卷内材料), as files.

use super::part::{Answer, Ask, Caller, Named};
use crate::App;
use crate::error::{ApiError, Problem};
use crate::print::{Paper as Printing, saved};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use law::letter::Letter;
use serde::{Deserialize, Serialize};
use service::letter::{CasePaper, Wanted};
use service::{Error, Service};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A paper that can be printed now.
#[derive(Debug, Serialize, ToSchema)]
pub struct Paper {
    /// `registration-form`, `review-sheet`, `payment-slip`, `service-slip` or `envelope`.
    #[schema(example = "registration-form")]
    pub paper: String,
    /// Its title.
    #[schema(example = "政府信息公开申请登记表")]
    pub title: String,
}

/// The papers of a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct Papers {
    /// Those the account can have now.
    pub items: Vec<Paper>,
}

/// For which letter.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ForLetter {
    /// The finished letter that a slip or an envelope is for, for example `granted`; those to the applicant that were
    /// finished last if absent.
    pub letter: Option<String>,
    /// Of which consultation, where there are several.
    pub n: Option<u32>,
}

/// The papers of a request that can be printed now.
#[utoipa::path(get, path = "/api/v1/requests/{id}/papers", tag = "requests",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the papers", body = Papers),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<Papers>> {
    let view = app.service.request_view(&visit.ctx, id).await?;
    let papers = view.standing.map(|s| Service::papers_of(&s, &visit.ctx.actor)).unwrap_or_default();
    let paper = |p: CasePaper| Paper { paper: p.key().to_owned(), title: p.title().to_owned() };
    Ok(Json(Papers { items: papers.into_iter().map(paper).collect() }))
}

/// A paper as a file, filled from the docket. For who may not see personal data a form is masked; a slip or an envelope is
/// refused. Every look that shows personal data is written into the journal.
#[utoipa::path(get, path = "/api/v1/requests/{id}/papers/{paper}/{format}", tag = "requests",
    params(
        ("id" = Uuid, Path, description = "docket id"),
        ("paper" = String, Path, description = "which, for example `registration-form`"),
        ("format" = String, Path, description = "`pdf` or `docx`"),
        ForLetter,
    ),
    responses(
        (status = 200, description = "the file", content_type = "application/octet-stream"),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn file(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named((id, key, format)): Named<(Uuid, String, String)>,
    Ask(w): Ask<ForLetter>,
) -> Answer<Response> {
    let none = |text: &str| ApiError(Error::NotFound(text.into()));
    let paper = CasePaper::parse(&key).ok_or_else(|| none("没有这种材料，请核对 paper"))?;
    let letter = match w.letter {
        None => None,
        Some(key) => {
            let letter = Letter::parse(&key).ok_or_else(|| none("没有这种文书，请核对 letter"))?;
            Some(Wanted { letter, n: w.n })
        }
    };
    let view = app.service.case_paper(visit.context(), id, paper, letter).await?;
    Ok(saved(&app, Printing::Other(view.printed), &view.name, paper.key(), &format).await?)
}
