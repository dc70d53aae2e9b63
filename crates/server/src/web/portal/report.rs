//! A published report as it was published, with its downloads and its corrections.

use super::super::Answer;
use super::super::desk::report::file;
use super::super::form::Typed;
use super::super::frame::{Frame, Link, ok, see};
use super::super::words::{day, label_moment};
use super::home::address;
use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use jiff::Timestamp;
use law::docket::report::{Publication, Scope};
use paper::Format;
use service::Error;
use service::report::{BuiltReport, PublishedReport};

/// `/reports/{unit}/{year}` and `/reports/{unit}/{year}/government`, each with downloads
pub fn routes() -> Router<App> {
    Router::new()
        .route("/reports/{unit}/{year}", get(own))
        .route("/reports/{unit}/{year}/government", get(government))
        .route("/reports/{unit}/{year}/download/{format}", get(own_file))
        .route("/reports/{unit}/{year}/government/download/{format}", get(government_file))
}

/// One version of a report.
#[derive(Debug, Clone, Default)]
pub struct Version {
    /// The version; `here` if it is shown.
    pub link: Link,
    /// Day of publication.
    pub on: String,
    /// The correction note.
    pub reason: String,
}

/// A published report.
#[derive(Debug, Template)]
#[template(path = "portal/report.html")]
pub struct ReportPage {
    pub(super) frame: Frame,
    pub(super) unit: String,
    pub(super) published: String,
    pub(super) deadline_kept: bool,
    pub(super) superseded: Option<Link>,
    pub(super) versions: Vec<Version>,
    pub(super) downloads: Vec<Link>,
    pub(super) other: Option<Link>,
    pub(super) article: String,
}

/// The version an address asks for: the latest unless a number is given, counted from the first publication.
fn chosen<'a>(report: &'a PublishedReport, query: &Typed) -> Result<(usize, &'a Publication), PageError> {
    let count = report.versions.len();
    let number = match query.get("version") {
        "" => count,
        text => text.parse().unwrap_or(0),
    };
    let version = (1..=count).contains(&number).then(|| &report.versions[count - number]);
    version.map(|v| (number, v)).ok_or_else(|| {
        PageError(Error::NotFound("没有这个版本的年度报告，请从最新版本的页面重新选择".into()))
    })
}

async fn find(app: &App, unit: &str, year: i16, scope: Scope) -> Result<PublishedReport, PageError> {
    let unit = app.service.find_unit(unit).await?;
    Ok(app.service.published_report(unit.id, year, scope).await?)
}

fn built(report: &PublishedReport, version: &Publication) -> Result<BuiltReport, PageError> {
    let mut built = BuiltReport::from_snapshot(&report.unit, report.year, report.scope, &version.snapshot)?;
    if let Some(reason) = &version.reason {
        let said = format!("更正说明：{reason}（{}更正公布）", day(version.on));
        built.notice = Some(match built.notice.take() {
            Some(before) => format!("{said}；{before}"),
            None => said,
        });
    }
    Ok(built)
}

async fn show(app: &App, unit: &str, year: i16, scope: Scope, query: &Typed) -> Answer {
    let report = find(app, unit, year, scope).await?;
    let (number, version) = chosen(&report, query)?;
    let at = address(&report.unit.code, year, scope);
    let count = report.versions.len();
    let built = built(&report, version)?;
    let published_at = version.snapshot.as_of.parse::<Timestamp>();
    let frame = Frame::portal(app, &version.snapshot.title)
        .column(
            "政府信息公开年报",
            "信息公开年报",
            "各机关依照《中华人民共和国政府信息公开条例》公布的政府信息公开工作年度报告",
            "政府信息公开,年度报告,年报",
        )
        .label("ArticleTitle", &version.snapshot.title)
        .label("PubDate", published_at.map_or_else(|_| version.on.to_string(), label_moment))
        .label("ContentSource", &version.snapshot.organization)
        .label("Description", format!("{}年政府信息公开工作情况", year))
        .label("Url", app.settings.public_url.as_ref().map(|u| format!("{u}{at}")).unwrap_or_default())
        .step("/", "首页")
        .step("/reports", "政府信息公开年报");
    let suffix = if number == count { String::new() } else { format!("?version={number}") };
    let downloads = [Format::Docx, Format::Pdf, Format::Xlsx, Format::Csv, Format::Json, Format::Markdown]
        .map(|f| Link::new(format!("{at}/download/{}{suffix}", f.extension()), f.label()));
    let versions = report
        .versions
        .iter()
        .enumerate()
        .map(|(n, v)| {
            let which = count - n;
            let text =
                if which == 1 { "首次公布".to_owned() } else { format!("第{}次更正", which - 1) };
            let href = if which == count { at.clone() } else { format!("{at}?version={which}") };
            Version {
                link: Link { href, text, here: which == number },
                on: day(v.on),
                reason: v.reason.clone().unwrap_or_default(),
            }
        })
        .collect();
    let other_scope = if scope == Scope::Own { Scope::Government } else { Scope::Own };
    let other = app.service.published_report(report.unit.id, year, other_scope).await.ok().map(|r| {
        Link::new(address(&r.unit.code, year, other_scope), format!("{}的年度报告", other_scope.label()))
    });
    let first = report.versions.last().map(|v| v.on);
    let due = law::docket::report::deadline(scope, year).on;
    Ok(ok(&ReportPage {
        frame,
        unit: report.unit.name.clone(),
        published: day(version.on),
        deadline_kept: first.is_some_and(|on| on <= due),
        superseded: (number < count).then(|| Link::new(&at, "查看更正后的最新版本")),
        versions,
        downloads: downloads.into(),
        other,
        article: paper::html_fragment(&built.paper(None)),
    }))
}

type Names = Path<(String, i16)>;
type FileNames = Path<(String, i16, String)>;
type Asked = Query<Vec<(String, String)>>;

async fn own(State(app): State<App>, Path((unit, year)): Names, Query(query): Asked) -> Answer {
    let query = Typed::new(query);
    if query.get("scope") == Scope::Government.key() {
        return Ok(see(&address(&unit, year, Scope::Government)));
    }
    show(&app, &unit, year, Scope::Own, &query).await
}

async fn government(State(app): State<App>, Path((unit, year)): Names, Query(query): Asked) -> Answer {
    show(&app, &unit, year, Scope::Government, &Typed::new(query)).await
}

async fn send(app: &App, unit: &str, year: i16, scope: Scope, format: &str, query: Typed) -> Answer {
    let report = find(app, unit, year, scope).await?;
    let (_, version) = chosen(&report, &query)?;
    file(app, built(&report, version)?, format, None, false).await
}

async fn own_file(
    State(app): State<App>,
    Path((unit, year, format)): FileNames,
    Query(query): Asked,
) -> Answer {
    send(&app, &unit, year, Scope::Own, &format, Typed::new(query)).await
}

async fn government_file(
    State(app): State<App>,
    Path((unit, year, format)): FileNames,
    Query(query): Asked,
) -> Answer {
    send(&app, &unit, year, Scope::Government, &format, Typed::new(query)).await
}

#[cfg(test)]
impl ReportPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let version = |text: &str, reason: &str, here| Version {
            link: Link { href: "/reports/sample/2020".into(), text: text.into(), here },
            on: "2021年1月29日".into(),
            reason: reason.into(),
        };
        let article = "<article class=\"report\"><h1>样例</h1><section><h2>一、总体情况</h2><p>正文</p></section></article>";
        let page = |superseded| ReportPage {
            frame: frame.clone(),
            unit: "样例市人民政府办公室".into(),
            published: "2021年1月29日".into(),
            deadline_kept: true,
            superseded,
            versions: vec![version("第1次更正", "更正表二", true), version("首次公布", "", false)],
            downloads: vec![Link::new("/reports/sample/2020/download/pdf", "PDF文件")],
            other: Some(Link::new("/reports/sample/2020/government", "本级政府的年度报告")),
            article: article.into(),
        };
        vec![page(None), page(Some(Link::new("/x", "查看更正后的最新版本")))]
    }
}
