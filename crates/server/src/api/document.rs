//! Documents (公文).

use super::event::DocumentEvent as Schema;
use super::part::{
    Answer, Ask, Body, Caller, Changed, Due, Entry, Made, Named, PageOf, Paging, change_body, entries, units,
};
use crate::App;
use crate::error::Problem;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::civil::Date;
use law::classification::Classification;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent, Standing};
use serde::{Deserialize, Serialize};
use service::row::{DocumentFilter, DocumentRow};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A document.
#[derive(Debug, Serialize, ToSchema)]
pub struct Document {
    /// Its id.
    pub id: Uuid,
    /// Unit id whose report counts it.
    pub counted_by: String,
    /// Unit id that made it.
    pub maker: String,
    /// `rule`, `normative`, `official`, `information` or `interpretation`.
    pub category: String,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 索引号
    pub index_number: Option<String>,
    /// 公开属性: `proactive`, `on-request` or `withheld`.
    pub attribute: String,
    /// 成文日期
    pub made_on: Date,
    /// Day it was disclosed last.
    pub disclosed_on: Option<Date>,
    /// Day it was first disclosed, if that is another one.
    pub first_disclosed_on: Option<Date>,
    /// 定时公开: the minute at which it becomes public, in Asia/Shanghai; null in a list.
    pub scheduled: Option<String>,
    /// Day it came into force.
    pub in_force_on: Option<Date>,
    /// Day it was last amended.
    pub amended_on: Option<Date>,
    /// Day of repeal or lapse.
    pub ended_on: Option<Date>,
    /// Day it was taken down.
    pub withdrawn_on: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
}

impl From<DocumentRow> for Document {
    fn from(r: DocumentRow) -> Self {
        Document {
            id: r.id,
            counted_by: r.unit.to_string(),
            maker: r.maker,
            category: r.category,
            title: r.title,
            number: r.number,
            index_number: r.index_number,
            attribute: r.attribute,
            made_on: r.made_on,
            disclosed_on: r.disclosed_on,
            first_disclosed_on: r.first_disclosed_on,
            scheduled: None,
            in_force_on: r.in_force_on,
            amended_on: r.amended_on,
            ended_on: r.ended_on,
            withdrawn_on: r.withdrawn_on,
            url: r.url,
        }
    }
}

fn standing(id: Uuid, s: Standing) -> Document {
    let (published_on, first) = (s.published_on(), s.first_published_on());
    Document {
        id,
        counted_by: s.counted_by,
        maker: s.maker,
        category: s.category.key().to_owned(),
        title: s.title,
        number: s.number,
        index_number: s.index_number,
        attribute: s.attribute.key().to_owned(),
        made_on: s.made_on,
        disclosed_on: published_on,
        first_disclosed_on: first,
        scheduled: s.scheduled.map(|at| at.to_string()),
        in_force_on: s.in_force_on,
        amended_on: s.amended_on,
        ended_on: s.ended_on,
        withdrawn_on: s.withdrawn_on,
        url: s.url,
    }
}

/// How a document is classified.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentClasses {
    /// 主题分类: key of the second level.
    pub subject: Option<String>,
    /// 体裁分类
    pub genre: Option<String>,
    /// 服务对象; may be empty.
    pub audience: String,
    /// Keys of the columns of the platform it stands in.
    pub columns: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
    /// 内容概述; may be empty.
    pub description: String,
}

impl From<Classification> for DocumentClasses {
    fn from(c: Classification) -> Self {
        DocumentClasses {
            subject: c.subject,
            genre: c.genre,
            audience: c.audience,
            columns: c.columns,
            keywords: c.keywords,
            description: c.description,
        }
    }
}

/// A document with its history.
#[derive(Debug, Serialize, ToSchema)]
pub struct DocumentDocket {
    /// Its id.
    pub id: Uuid,
    /// State it with the next change.
    pub version: u32,
    /// The document as it is now; null if its making was voided.
    pub document: Option<Document>,
    /// How it is classified; null if its making was voided.
    pub classification: Option<DocumentClasses>,
    /// What happened.
    pub history: Vec<Entry>,
    /// The day by which it must be disclosed, if that is still open.
    pub due: Option<Due>,
}

/// Which documents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Unit whose report counts them: id, code or name.
    pub unit: Option<String>,
    /// `rule`, `normative`, `official`, `information` or `interpretation`.
    pub category: Option<String>,
    /// `proactive`, `on-request` or `withheld`.
    pub attribute: Option<String>,
    /// Text in the title or the number.
    pub text: Option<String>,
    /// Made in this year.
    pub made_in: Option<i16>,
    /// Disclosed in this year.
    pub disclosed_in: Option<i16>,
    /// `next` of the page before.
    pub after: Option<String>,
    /// Rows wanted, 1 to 200; 50 if absent.
    pub limit: Option<i64>,
}

/// A document to be registered.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// 成文日期
    pub on: Date,
    /// Unit id whose report counts it.
    pub counted_by: Uuid,
    /// Unit id that made it; the same unit if absent.
    #[serde(default)]
    pub maker: Option<Uuid>,
    /// `rule`, `normative`, `official`, `information` or `interpretation`.
    #[schema(value_type = String, example = "normative")]
    pub category: Category,
    /// 标题
    pub title: String,
    /// 发文字号
    #[serde(default)]
    pub number: Option<String>,
    /// 索引号
    #[serde(default)]
    pub index_number: Option<String>,
    /// `proactive`, `on-request` or `withheld`.
    #[schema(value_type = String, example = "proactive")]
    pub attribute: DisclosureAttribute,
    /// Article and reason; required unless proactive.
    #[serde(default)]
    pub reason: Option<String>,
}

change_body!(
    /// A change of a document.
    DocumentChange,
    DocumentEvent,
    Schema
);

/// Documents the account may see, the latest made first.
#[utoipa::path(get, path = "/api/v1/documents", tag = "documents", params(Which), responses(
    (status = 200, description = "a page", body = PageOf<Document>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn list(
    State(app): State<App>,
    Caller(visit): Caller,
    Ask(w): Ask<Which>,
) -> Answer<Json<PageOf<Document>>> {
    let page = Paging { after: w.after, limit: w.limit }.page()?;
    let filter = DocumentFilter {
        units: units(&app.service, w.unit.as_deref()).await?,
        category: w.category,
        attribute: w.attribute,
        text: w.text,
        made_in: w.made_in,
        disclosed_in: w.disclosed_in,
        ..DocumentFilter::default()
    };
    let rows = app.service.documents(&visit.ctx, filter, page).await?;
    Ok(Json(PageOf::of(rows, page.limit, DocumentRow::paging_key, Document::from)))
}

/// Registers a document.
#[utoipa::path(post, path = "/api/v1/documents", tag = "documents", request_body = NewDocument,
    params(("Idempotency-Key" = Option<String>, Header, description = "the same key does the work once")),
    responses(
        (status = 201, description = "registered", body = Made),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn make(
    State(app): State<App>,
    Caller(mut visit): Caller,
    Body(b): Body<NewDocument>,
) -> Answer<(StatusCode, Json<Made>)> {
    let made = DocumentEvent::Made {
        counted_by: b.counted_by.to_string(),
        maker: b.maker.unwrap_or(b.counted_by).to_string(),
        category: b.category,
        title: b.title,
        number: b.number,
        index_number: b.index_number,
        attribute: b.attribute,
        reason: b.reason,
    };
    let id = app.service.make_document(visit.context(), b.on, made).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// One document with its history.
#[utoipa::path(get, path = "/api/v1/documents/{id}", tag = "documents",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the document", body = DocumentDocket),
        (status = "4XX", description = "refused", body = Problem),
))]
pub async fn one(
    State(app): State<App>,
    Caller(visit): Caller,
    Named(id): Named<Uuid>,
) -> Answer<Json<DocumentDocket>> {
    let view = app.service.document_view(&visit.ctx, id).await?;
    Ok(Json(DocumentDocket {
        id,
        version: view.version,
        history: entries(&view.history),
        classification: view.standing.as_ref().map(|s| s.classification.clone().into()),
        document: view.standing.map(|s| standing(id, s)),
        due: view.due.map(Due::from),
    }))
}

/// Records what happened to a document, or a correction.
#[utoipa::path(post, path = "/api/v1/documents/{id}/changes", tag = "documents", request_body = DocumentChange,
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
    Body(body): Body<DocumentChange>,
) -> Answer<Json<Changed>> {
    let version = body.version;
    let version = app.service.change_document(visit.context(), id, version, body.change()).await?;
    Ok(Json(Changed { version }))
}
