//! 行政规范性文件: the library of what is in force, and the results of clean-ups (立改废释清单).

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{attachment, day, encoded};
use super::document::{Row, address, place_of, row, with_query};
use crate::App;
use crate::Visit;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use law::docket::cleanup::Conclusion;
use law::docket::document::Category;
use service::Error;
use service::cleanup::{CleanupMark, PublicCleanup};
use service::document::{PUBLIC_PAGE, PublicAsk, PublicItem};
use service::transfer::ExportFormat;
use uuid::Uuid;

/// Address of the library.
const HOME: &str = "/normative-documents";
/// Name of the library.
const TITLE: &str = "行政规范性文件库";
const ABOUT: &str = "现行有效的行政规范性文件和清理结果";

/// `/normative-documents`, `/cleanups/{id}` and its file
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(library))
        .route("/cleanups/{id}", get(one))
        .route("/cleanups/{id}/list.xlsx", get(file))
}

/// The address of the result of a clean-up.
pub fn cleanup_address(id: Uuid) -> String {
    format!("/cleanups/{id}")
}

/// A document of the library.
#[derive(Debug, Clone, Default)]
pub struct Line {
    pub(super) row: Row,
    /// What the last clean-up said of it, where one looked at it.
    pub(super) mark: Option<Badge>,
}

/// The library of what is in force.
#[derive(Debug, Template)]
#[template(path = "portal/normative.html")]
pub struct LibraryPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) filtered: bool,
    pub(super) lines: Vec<Line>,
    pub(super) later: bool,
    pub(super) first: String,
    pub(super) next: String,
    /// Results of clean-ups, with the agency and the day.
    pub(super) cleanups: Vec<(Link, String)>,
}

fn mark(mark: &CleanupMark) -> Badge {
    if mark.listed {
        Badge::new("已列入清理清单", "blue")
    } else {
        Badge::new("未列入清理清单，不得作为依据", "red")
    }
}

async fn library(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let today = super::today(&app);
    let ask = PublicAsk {
        unit: query.some("unit"),
        category: Some(Category::Normative),
        in_force_on: Some(today),
        text: query.some("q"),
        ..PublicAsk::default()
    };
    if ask.text.is_some() && !app.look_throttle.admit(visit.peer, visit.ctx.at) {
        return Err(PageError(Error::refused("too-often", "查找过于频繁，请稍后再试", "")));
    }
    let after = place_of(query.get("after"));
    let found = app.service.public_documents(&ask, after).await?;
    let marks = app.service.cleanup_marks(&found).await?;
    let (units, _) = app.service.public_choices().await?;
    let mut choices = vec![Choice::new("", "全部机构")];
    choices.extend(units.into_iter().map(|(code, name)| Choice::new(code, name)));
    let kept: Vec<String> = ["q", "unit"]
        .map(|name| (name, query.get(name)))
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    let kept = kept.join("&");
    let full = i64::try_from(found.len()).is_ok_and(|n| n == PUBLIC_PAGE);
    let next = found.last().filter(|_| full).map(PublicItem::paging_key).map(|(on, id)| {
        let at = format!("after={on}_{id}");
        with_query(HOME, &if kept.is_empty() { at } else { format!("{kept}&{at}") })
    });
    let cleanups = app.service.public_cleanups().await?.into_iter().map(|(id, title, unit, on)| {
        (Link::new(cleanup_address(id), title), format!("{unit}，{}公布", day(on)))
    });
    let line = |(item, said): (&PublicItem, &Option<CleanupMark>)| Line {
        row: row(item, today),
        mark: said.as_ref().map(mark),
    };
    Ok(ok(&LibraryPage {
        frame: Frame::portal(&app, TITLE)
            .column(TITLE, TITLE, ABOUT, "行政规范性文件,清理结果")
            .step("/", "首页")
            .step("/documents", super::document::COLUMN),
        filter: Form::get(
            HOME,
            "查找",
            vec![
                Field::text("q", "标题或者发文字号").optional().value(query.get("q")),
                Field::select("unit", "发布机构", choices).optional().value(query.get("unit")),
            ],
        ),
        filtered: !kept.is_empty(),
        lines: found.iter().zip(&marks).map(line).collect(),
        later: after.is_some(),
        first: with_query(HOME, &kept),
        next: next.unwrap_or_default(),
        cleanups: cleanups.collect(),
    }))
}

/// One list of a result.
#[derive(Debug, Clone)]
pub struct List {
    /// The name of its heading, for links.
    pub(super) key: &'static str,
    /// 清理结论
    pub(super) label: &'static str,
    /// Title with the page; number, if it has one, agency and day.
    pub(super) rows: Vec<(Link, Vec<String>)>,
}

/// The result of a clean-up.
#[derive(Debug, Template)]
#[template(path = "portal/cleanup.html")]
pub struct CleanupPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) lists: Vec<List>,
    pub(super) up_to: String,
    pub(super) file: String,
}

fn lists(found: &PublicCleanup) -> Vec<List> {
    let of = |conclusion: Conclusion| List {
        key: conclusion.key(),
        label: conclusion.label(),
        rows: found
            .lists
            .iter()
            .filter(|c| c.conclusion == conclusion)
            .map(|c| {
                let about = [Some(c.unit.clone()), Some(format!("{}成文", day(c.made_on)))];
                let about = std::iter::once(c.number.clone()).chain(about).flatten().collect();
                (Link::new(address(c.document), &c.title), about)
            })
            .collect(),
    };
    Conclusion::ALL.into_iter().map(of).filter(|list| !list.rows.is_empty()).collect()
}

fn known(id: &str) -> Result<Uuid, PageError> {
    let nothing = || Error::NotFound("没有找到这项清理结果，请从行政规范性文件库查找".into());
    id.parse().map_err(|_| PageError(nothing()))
}

async fn one(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id = known(&id)?;
    let found = app.service.public_cleanup(id).await?;
    let frame = Frame::portal(&app, &found.title)
        .column(TITLE, TITLE, ABOUT, "行政规范性文件,清理结果")
        .label("ArticleTitle", &found.title)
        .label("PubDate", found.closed_on.to_string())
        .label("ContentSource", &found.unit)
        .step("/", "首页")
        .step(HOME, TITLE);
    Ok(ok(&CleanupPage {
        frame,
        facts: vec![
            ("组织机关", found.unit.clone()),
            ("依据", found.basis.clone()),
            ("公布日期", day(found.closed_on)),
            ("公布清理结果的文件", found.by.clone()),
        ],
        lists: lists(&found),
        up_to: day(found.up_to),
        file: format!("{}/list.xlsx", cleanup_address(id)),
        title: found.title,
    }))
}

async fn file(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id = known(&id)?;
    let title = app.service.public_cleanup(id).await?.title;
    let bytes = app.service.public_cleanup_file(id, ExportFormat::Xlsx).await?;
    let headers = [
        (header::CONTENT_TYPE, ExportFormat::Xlsx.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("{title}清单.xlsx"), "cleanup.xlsx")),
        // A document of it may be taken down.
        (header::CACHE_CONTROL, "no-cache".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod samples {
    use super::*;

    impl LibraryPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let marks =
                [Badge::new("已列入清理清单", "blue"), Badge::new("未列入清理清单，不得作为依据", "red")];
            let rows = crate::web::portal::document::samples::rows();
            let lines =
                rows.into_iter().zip(marks).map(|(row, mark)| Line { row, mark: Some(mark) }).collect();
            let page = |lines: Vec<Line>, filtered, next: &str| LibraryPage {
                frame: frame.clone(),
                filter: Form::get(HOME, "查找", vec![Field::text("q", "标题").optional()]),
                filtered,
                cleanups: lines
                    .iter()
                    .take(1)
                    .map(|_| {
                        (
                            Link::new("/cleanups/1", "2021年样例清理"),
                            "样例市人民政府，2021年9月10日公布".into(),
                        )
                    })
                    .collect(),
                lines,
                later: !next.is_empty(),
                first: HOME.into(),
                next: next.into(),
            };
            vec![
                page(lines, false, "/normative-documents?after=x"),
                page(vec![], true, ""),
                page(vec![], false, ""),
            ]
        }
    }

    impl CleanupPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let row = || {
                let cells = ["样政办发〔2020〕1号", "样例市人民政府办公室", "2020年3月1日"];
                (Link::new("/documents/1", "样例办法"), cells.map(String::from).into())
            };
            let list = |c: Conclusion| List { key: c.key(), label: c.label(), rows: vec![row()] };
            let page = |lists| CleanupPage {
                frame: frame.clone(),
                title: "2021年样例清理".into(),
                facts: vec![("组织机关", "样例市人民政府".into()), ("依据", "样政办发〔2021〕2号".into())],
                lists,
                up_to: "2020年12月31日".into(),
                file: "/cleanups/1/list.xlsx".into(),
            };
            vec![page(Conclusion::ALL.map(list).into()), page(Vec::new())]
        }
    }
}
