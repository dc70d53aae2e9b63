//! Annual reports in the making: drafted, reviewed, approved, published, corrected.

use super::part::{Answer, Ask, Body, Caller, Changed, Due, Entry, Made, Named, entries, units};
use super::report::{Built, built, scope};
use crate::App;
use crate::error::{ApiError, Problem};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::docket::report::Part;
use serde::{Deserialize, Serialize};
use service::Error;
use service::report::ReportAction;
use service::row::{ReportFilter, ReportRow};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A report on the desk.
#[derive(Debug, Serialize, ToSchema)]
pub struct Draft {
    /// Its id.
    pub id: Uuid,
    /// Unit id.
    pub unit: Uuid,
    /// Report year.
    pub year: i16,
    /// `own` or `government`.
    pub scope: String,
    /// `draft`, `reviewed`, `approved`, `published` or `corrected`.
    pub stage: String,
    /// Day it was first published.
    pub published_on: Option<Date>,
    /// State it with the next action.
    pub version: i64,
}

impl From<ReportRow> for Draft {
    fn from(r: ReportRow) -> Self {
        Draft {
            id: r.id,
            unit: r.unit,
            year: r.year,
            scope: r.scope,
            stage: r.stage,
            published_on: r.published_on,
            version: r.version,
        }
    }
}

/// A report on the desk with everything needed to decide on it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DraftView {
    /// Its id.
    pub id: Uuid,
    /// State it with the next action.
    pub version: u32,
    /// `draft`, `reviewed`, `approved`, `published` or `corrected`.
    pub stage: String,
    /// The last day to publish.
    pub deadline: Due,
    /// The text of every part as written, with live references.
    pub texts: BTreeMap<String, String>,
    /// Figures and findings.
    pub built: Built,
    /// What happened.
    pub history: Vec<Entry>,
}

/// Which reports.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit: id, code or name.
    pub unit: Option<String>,
    /// Report year.
    pub year: Option<i16>,
}

/// A report to be begun.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDraft {
    /// Unit: id, code or name.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// `own` or `government`; `own` if absent.
    #[serde(default)]
    pub scope: Option<String>,
}

/// One thing to do to a report.
#[derive(Debug, Deserialize, ToSchema)]
pub struct Act {
    /// The version the action was decided on; if it is not the newest any more, the answer is 409.
    pub version: u32,
    /// What to do.
    pub action: Action,
}

/// What can be done to a report.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Action {
    /// 编辑正文
    EditText {
        /// `introduction`, `overview`, `proactive`, `requests`, `disputes`, `problems` or `other_matters`.
        part: String,
        /// The text, with live references.
        text: String,
    },
    /// 审核通过
    Review {
        /// Opinion.
        note: String,
    },
    /// 退回修改
    Return {
        /// What has to be changed.
        note: String,
    },
    /// 批准
    Approve {
        /// Opinion.
        note: String,
    },
    /// 对核查意见作出说明
    Waive {
        /// `key` of the finding.
        finding: String,
        /// Why it may stand.
        reason: String,
    },
    /// 撤回说明
    WithdrawWaiver {
        /// `key` of the finding.
        finding: String,
    },
    /// 公布
    Publish,
    /// 更正后重新公布
    Correct {
        /// Why; printed as the correction note.
        reason: String,
    },
}

fn action(action: Action) -> Answer<ReportAction> {
    Ok(match action {
        Action::EditText { part, text } => {
            let known = Part::parse(&part);
            let part =
                known.ok_or_else(|| ApiError(Error::Invalid(format!("报告没有“{part}”这一部分，请核对"))))?;
            ReportAction::EditText { part, text }
        }
        Action::Review { note } => ReportAction::Review { note },
        Action::Return { note } => ReportAction::Return { note },
        Action::Approve { note } => ReportAction::Approve { note },
        Action::Waive { finding, reason } => ReportAction::Waive { finding, reason },
        Action::WithdrawWaiver { finding } => ReportAction::WithdrawWaiver { finding },
        Action::Publish => ReportAction::Publish,
        Action::Correct { reason } => ReportAction::Correct { reason },
    })
}

/// Reports on the desk that the account may see, the latest year first.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "drafts", params(Which), responses(
    (status = 200, description = "the reports", body = [Draft]),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<Vec<Draft>>> {
    let units = units(&app.service, w.unit.as_deref()).await?;
    let filter = ReportFilter { units, year: w.year, ..ReportFilter::default() };
    Ok(Json(app.service.reports(&visit.ctx, filter).await?.into_iter().map(Draft::from).collect()))
}

/// Begins the report of a unit for a year.
#[utoipa::path(post, path = "/api/v1/drafts", tag = "drafts", request_body = NewDraft,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "begun", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn begin(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewDraft>,
) -> Answer<(StatusCode, Json<Made>)> {
    let unit = app.service.find_unit(&b.unit).await?.id;
    let scope = scope(b.scope.as_deref().unwrap_or("own"))?;
    let id = app.service.draft_report(visit.context(), unit, b.year, scope).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One report on the desk.
#[utoipa::path(get, path = "/api/v1/drafts/{id}", tag = "drafts",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the report", body = DraftView),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<DraftView>> {
    let view = app.service.report_view(&visit.ctx, id).await?;
    Ok(Json(DraftView {
        id,
        version: view.version,
        stage: view.standing.stage.key().to_owned(),
        deadline: view.deadline.into(),
        texts: view.built.sources.iter().map(|(part, text)| (part.key().to_owned(), text.clone())).collect(),
        built: built(&view.built),
        history: entries(&view.history),
    }))
}

/// Does one thing to a report. Nothing with a finding that blocks can be published.
#[utoipa::path(post, path = "/api/v1/drafts/{id}/actions", tag = "drafts", request_body = Act,
    params(
        ("id" = Uuid, Path, description = "docket id"),
        ("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once"),
    ),
    responses(
        (status = 200, description = "done", body = Changed),
        (status = 409, description = "somebody was quicker", body = Problem),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn act(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Named(id): Named<Uuid>,
    Body(b): Body<Act>,
) -> Answer<Json<Changed>> {
    let version = app.service.act_on_report(visit.context(), id, b.version, action(b.action)?).await?;
    Ok(Json(Changed { version }))
}
