//! What everybody may read, without an account: the documents of the portal, by the same predicate as its pages.

use super::part::{Answer, Ask, Named, PageOf, Paging};
use crate::App;
use crate::Visit;
use crate::error::{ApiError, Problem};
use crate::intake::download;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use law::classification;
use law::docket::document::Category;
use serde::{Deserialize, Serialize};
use service::document::{AtAddress, AtFile, PUBLIC_PAGE, PublicAsk, PublicDocument, PublicItem};
use service::{Error, civil_date};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// A public document in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicDocumentLine {
    /// Its id, also its address `/documents/{id}`.
    pub id: Uuid,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 发布机构
    pub publisher: String,
    /// 发布日期
    pub published_on: Date,
    /// 有效性 today: 有效, 已修改, 有效期已届满, 失效 or 废止; absent for documents without force of their own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<String>,
}

impl PublicDocumentLine {
    /// As it is today.
    fn of(item: PublicItem, today: Date) -> Self {
        PublicDocumentLine {
            validity: item.validity(today).map(|v| v.label().to_owned()),
            id: item.id,
            title: item.title,
            number: item.number,
            publisher: item.publisher,
            published_on: item.published_on,
        }
    }
}

/// What changed the force of a document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicForceChange {
    /// The day.
    pub on: Date,
    /// What it is from then on.
    pub validity: String,
    /// The document that caused it, or the reason.
    pub by: String,
    /// That document, if it is public.
    pub document: Option<Uuid>,
}

/// An attachment of a public document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicAnnex {
    /// Its id, the last part of its address.
    pub id: Uuid,
    /// The name under which it is saved.
    pub name: String,
    /// What it is: `pdf`, `docx`, `xlsx`, `ofd`, `png`, `jpeg`, `tiff`, `text` or `csv`.
    pub media: String,
    /// Bytes.
    pub size: u64,
}

/// An interpretation of a public document, public itself.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicInterpretation {
    /// As in the list.
    #[serde(flatten)]
    pub line: PublicDocumentLine,
    /// 解读形式, for example `text` or `picture`.
    pub form: String,
}

/// A public document.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicDocumentView {
    /// As in the list.
    #[serde(flatten)]
    pub line: PublicDocumentLine,
    /// 索引号
    pub index_number: Option<String>,
    /// 发文机关
    pub maker: String,
    /// 类别
    pub category: String,
    /// 主题分类, for example `综合政务\政务公开`; absent if it is not classified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// 体裁, for example `通知`; absent if it is not classified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    /// 服务对象; may be empty.
    pub audience: String,
    /// Keys of the columns of the platform it stands in.
    pub columns: Vec<String>,
    /// 关键词
    pub keywords: Vec<String>,
    /// 内容概述; may be empty.
    pub description: String,
    /// 成文日期
    pub made_on: Date,
    /// 首次发布日期, if it was published again since; absent if not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_published_on: Option<Date>,
    /// 施行日期, if it was recorded.
    pub in_force_on: Option<Date>,
    /// 有效期至: the last day on which it is valid, if it has one.
    pub valid_until: Option<Date>,
    /// What changed its force, in the order of days.
    pub changes: Vec<PublicForceChange>,
    /// 正文 as plain text, a paragraph a line; absent if it is not kept here.
    pub text: Option<String>,
    /// 版本: the days on which its texts became public, in order; `text` is the last of them.
    pub text_versions: Vec<Date>,
    /// 附件
    pub attachments: Vec<PublicAnnex>,
    /// Where else it was published.
    pub url: Option<String>,
    /// What interprets it, the first published first.
    pub interpretations: Vec<PublicInterpretation>,
    /// Of an interpretation: the documents it explains.
    pub interprets: Vec<PublicDocumentLine>,
}

impl PublicDocumentView {
    /// A document as everybody reads it.
    pub fn of(d: PublicDocument, today: Date) -> Self {
        let s = d.standing;
        let changes = d.changes.into_iter().map(|(change, document)| PublicForceChange {
            on: change.on,
            validity: change.validity.label().to_owned(),
            by: change.by,
            document,
        });
        let attachments = d.annexes.into_iter().map(|a| PublicAnnex {
            id: a.id,
            name: a.name,
            media: a.media.key().to_owned(),
            size: a.size,
        });
        PublicDocumentView {
            line: PublicDocumentLine::of(d.item, today),
            in_force_on: s.stated_in_force_on(),
            first_published_on: s.first_published_on(),
            text_versions: d.texts,
            valid_until: s.valid_until,
            subject: s.classification.subject().map(|c| c.label()),
            genre: s.classification.genre().map(|g| g.label.clone()),
            audience: s.classification.audience,
            columns: s.classification.columns,
            keywords: s.classification.keywords,
            description: s.classification.description,
            index_number: s.index_number,
            maker: d.maker,
            category: s.category.label().to_owned(),
            made_on: s.made_on,
            changes: changes.collect(),
            text: d.body,
            attachments: attachments.collect(),
            url: s.url,
            interpretations: d
                .interpretations
                .into_iter()
                .map(|(item, form)| PublicInterpretation {
                    line: PublicDocumentLine::of(item, today),
                    form: form.key().to_owned(),
                })
                .collect(),
            interprets: d.interprets.into_iter().map(|item| PublicDocumentLine::of(item, today)).collect(),
        }
    }
}

/// Which public documents.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct WhichPublic {
    /// Code of the unit that published them.
    pub unit: Option<String>,
    /// `rule`, `normative`, `official`, `information` or `interpretation`.
    pub category: Option<String>,
    /// Published in this year.
    pub year: Option<i16>,
    /// `true`: only what is in force today.
    pub in_force: Option<bool>,
    /// 主题分类: key or label of a second level, for example `02-01`, or key of a class, for example `02`.
    pub subject: Option<String>,
    /// 体裁: key or label, for example `notice` or `通知`.
    pub genre: Option<String>,
    /// Text in the title or the number.
    pub text: Option<String>,
    /// `next` of the page before.
    pub after: Option<String>,
}

/// The key that a parameter names; an empty one asks for nothing.
fn known(
    text: Option<String>,
    name: &str,
    key: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>, ApiError> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let unknown = || ApiError(Error::Invalid(format!("{name} 中没有“{text}”，请用分类的代码")));
    key(&text).map(Some).ok_or_else(unknown)
}

fn too_often() -> ApiError {
    ApiError(Error::refused(crate::error::TOO_MANY, "查找过于频繁，请稍后再试", ""))
}

fn gone(on: Date) -> Response {
    Problem::new(StatusCode::GONE, "withdrawn", format!("这项信息已于{on}撤下")).into_response()
}

/// Public documents, the latest published first, twenty a page. Needs no account.
#[utoipa::path(get, path = "/api/v1/public/documents", tag = "public", params(WhichPublic), responses(
    (status = 200, description = "a page", body = PageOf<PublicDocumentLine>),
    (status = "4XX", description = "refused", body = Problem),
))]
pub async fn documents(
    State(app): State<App>,
    visit: Visit,
    Ask(w): Ask<WhichPublic>,
) -> Answer<Json<PageOf<PublicDocumentLine>>> {
    let paging = Paging { after: w.after, limit: Some(PUBLIC_PAGE) }.page()?;
    let category = match w.category.as_deref() {
        None | Some("") => None,
        Some(text) => Some(Category::parse(text).ok_or_else(|| {
            ApiError(Error::Invalid(
                "category 应为 rule、normative、official、information 或者 interpretation".into(),
            ))
        })?),
    };
    let text = w.text.filter(|text| !text.trim().is_empty());
    // As on the page: a word is looked for in every title.
    if text.is_some() && !app.look_throttle.admit(visit.peer, visit.ctx.at) {
        return Err(too_often());
    }
    let ask = PublicAsk {
        unit: w.unit.filter(|unit| !unit.is_empty()),
        category,
        year: w.year,
        in_force_on: w.in_force.unwrap_or(false).then(|| civil_date(visit.ctx.at)),
        text,
        subject: known(w.subject, "subject", |text| {
            let mut classes = classification::subject_classes().iter();
            let class = classes.find(|c| c.key == text).map(|c| c.key.clone());
            class.or_else(|| classification::subject(text).map(|s| s.key().to_owned()))
        })?,
        genre: known(w.genre, "genre", |text| classification::genre(text).map(|g| g.key.clone()))?,
    };
    let found = app.service.public_documents(&ask, paging.after).await?;
    let today = civil_date(visit.ctx.at);
    let line = |item| PublicDocumentLine::of(item, today);
    Ok(Json(PageOf::of(found, PUBLIC_PAGE, PublicItem::paging_key, line)))
}

/// One public document with its text. Needs no account.
#[utoipa::path(get, path = "/api/v1/public/documents/{id}", tag = "public",
    params(("id" = Uuid, Path, description = "docket id")),
    responses(
        (status = 200, description = "the document", body = PublicDocumentView),
        (status = 410, description = "it was taken down", body = Problem),
        (status = "4XX", description = "there is no such public document", body = Problem),
))]
pub async fn document(State(app): State<App>, visit: Visit, Named(id): Named<Uuid>) -> Answer<Response> {
    let today = civil_date(visit.ctx.at);
    let d = match app.service.public_document(id).await? {
        AtAddress::Public(document) => *document,
        AtAddress::Withdrawn { on, .. } => return Ok(gone(on)),
    };
    Ok(Json(PublicDocumentView::of(d, today)).into_response())
}

/// An attachment of a public document. Needs no account.
#[utoipa::path(get, path = "/api/v1/public/documents/{id}/files/{file}", tag = "public",
    params(
        ("id" = Uuid, Path, description = "docket id of the document"),
        ("file" = Uuid, Path, description = "id of the attachment"),
    ),
    responses(
        (status = 200, description = "the content"),
        (status = 410, description = "it was taken down", body = Problem),
        (status = "4XX", description = "there is no such public attachment", body = Problem),
))]
pub async fn file(State(app): State<App>, Named((document, file)): Named<(Uuid, Uuid)>) -> Answer<Response> {
    Ok(match app.service.public_file(document, file).await? {
        AtFile::Public(opened) => download(opened),
        AtFile::Withdrawn { on } => gone(on),
    })
}
