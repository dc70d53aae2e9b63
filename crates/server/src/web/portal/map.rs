//! 站点地图: for people, and for programs that look for what is public (sitemaps.org, robots.txt).

use super::super::Answer;
use super::super::frame::{Frame, Link, ok};
use super::catalogue::{TITLE as CATALOGUES, address as catalogue_address};
use super::consultation::address as consultation_address;
use super::document::address as document_address;
use super::feed::xml;
use super::home::address as report_address;
use super::normative::cleanup_address;
use super::unit::{address as unit_address, column_address};
use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use jiff::ToSpan;

/// `/sitemap`, `/sitemap.xml` with its parts, `/robots.txt`
pub fn routes() -> Router<App> {
    Router::new()
        .route("/sitemap", get(people))
        .route("/sitemap.xml", get(index))
        .route("/sitemap/{part}", get(part))
        .route("/robots.txt", get(robots))
}

/// 站点地图
#[derive(Debug, Template)]
#[template(path = "portal/sitemap.html")]
pub struct SitemapPage {
    pub(super) frame: Frame,
    pub(super) catalogues: Vec<Link>,
    pub(super) agencies: Vec<Link>,
    pub(super) publishers: Vec<Link>,
    pub(super) units: Vec<Link>,
}

async fn people(State(app): State<App>) -> Answer {
    let items = app.service.published_reports(None, None, None).await?;
    let mut units: Vec<Link> = Vec::new();
    for item in &items {
        let link = Link::new(format!("/reports?unit={}", item.unit.code), &item.unit.name);
        if !units.contains(&link) {
            units.push(link);
        }
    }
    let (publishing, _) = app.service.public_choices().await?;
    let publishers = publishing
        .into_iter()
        .map(|(code, name)| Link::new(format!("/documents?unit={code}"), name))
        .collect();
    let agencies = app.service.platform_units(super::today(&app)).await?;
    let agencies = agencies.into_iter().map(|u| Link::new(unit_address(&u.code), u.name)).collect();
    let all = app.service.public_catalogues().await?;
    let each = all.iter().map(|f| Link::new(catalogue_address(&f.field.key), &f.name));
    let catalogues = std::iter::once(Link::new("/catalogues", CATALOGUES)).chain(each).collect();
    Ok(ok(&SitemapPage {
        frame: Frame::portal(&app, "站点地图"), catalogues, agencies, publishers, units
    }))
}

/// A list of addresses, or of such lists.
#[derive(Debug, Template)]
#[template(path = "portal/sitemap.xml")]
struct Map {
    /// `urlset` of `url`, or `sitemapindex` of `sitemap`.
    outer: &'static str,
    inner: &'static str,
    base: String,
    /// Address and the day of the last change; the day may be empty.
    places: Vec<(String, String)>,
}

fn map(app: &App, outer: &'static str, inner: &'static str, places: Vec<(String, String)>) -> Map {
    Map { outer, inner, base: app.settings.public_url.clone().unwrap_or_default(), places }
}

/// The lists there are: the pages, and one of documents for every month, so that none grows for ever.
async fn index(State(app): State<App>) -> Answer {
    let (_, days) = app.service.public_choices().await?;
    let mut places = vec![("/sitemap/pages.xml".to_owned(), String::new())];
    if let Some((first, last)) = days {
        let months = first.first_of_month().series(1.month()).take_while(|month| *month <= last);
        places.extend(months.map(|m| (format!("/sitemap/{}.xml", m.strftime("%Y-%m")), String::new())));
    }
    Ok(xml(&map(&app, "sitemapindex", "sitemap", places), XML))
}

const XML: &str = "application/xml; charset=utf-8";

async fn part(State(app): State<App>, Path(name): Path<String>) -> Answer {
    let nothing = || PageError(service::Error::NotFound("没有这份站点地图".into()));
    let name = name.strip_suffix(".xml").ok_or_else(nothing)?;
    let places = if name == "pages" {
        let pages = [
            "/",
            "/units",
            "/catalogues",
            "/consultations",
            "/documents",
            "/normative-documents",
            "/ask",
            "/ask/progress",
            "/reports",
            super::report_data::HOME,
            "/calendar",
            "/sitemap",
        ];
        let mut places: Vec<_> = pages.map(|p| (p.to_owned(), String::new())).into();
        for (id, .., on) in app.service.public_cleanups().await? {
            places.push((cleanup_address(id), on.to_string()));
        }
        for report in app.service.published_reports(None, None, None).await? {
            let on = report.corrected_on.unwrap_or(report.published_on).to_string();
            places.push((report_address(&report.unit.code, report.year, report.scope), on));
        }
        for c in app.service.public_consultations(super::today(&app), (None, None), None).await? {
            places.push((consultation_address(c.id), c.opened_on.to_string()));
        }
        for (code, columns) in app.service.platform_pages(super::today(&app)).await? {
            places.push((unit_address(&code), String::new()));
            places.extend(columns.into_iter().map(|key| (column_address(&code, key), String::new())));
        }
        for line in app.service.public_catalogues().await? {
            places.push((catalogue_address(&line.field.key), line.updated_on.to_string()));
        }
        places
    } else {
        let month = format!("{name}-01").parse().map_err(|_| nothing())?;
        let documents = app.service.public_addresses(month).await?;
        documents.into_iter().map(|(id, on)| (document_address(id), on.to_string())).collect()
    };
    Ok(xml(&map(&app, "urlset", "url", places), XML))
}

async fn robots(State(app): State<App>) -> Answer {
    let base = app.settings.public_url.clone().unwrap_or_default();
    let text = format!(
        "User-agent: *\nDisallow: /desk\nDisallow: /ask/progress\nDisallow: /api/\nDisallow: /search\nDisallow: /terminal\n\nSitemap: {base}/sitemap.xml\n"
    );
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response())
}

#[cfg(test)]
impl SitemapPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        vec![SitemapPage {
            frame: frame.clone(),
            catalogues: vec![Link::new("/catalogues", CATALOGUES)],
            agencies: vec![Link::new("/units/a", "样例市教育局")],
            publishers: vec![Link::new("/documents?unit=a", "样例市教育局")],
            units: vec![Link::new("/reports?unit=a", "样例市教育局")],
        }]
    }
}
