//! Feeds of what was published last: Atom (RFC 4287) and JSON Feed 1.1.

use super::document::address;
use crate::App;
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use service::document::PublicItem;
use uuid::Uuid;

/// An entry of a feed.
#[derive(Debug, Clone)]
pub struct Entry {
    id: Uuid,
    title: String,
    href: String,
    publisher: String,
    /// Start of the day of publication in RFC 3339.
    at: String,
}

impl Entry {
    /// A public document.
    pub fn of(item: &PublicItem) -> Self {
        Entry::new(item.id, &item.title, address(item.id), &item.publisher, item.published_on)
    }

    /// What stands at `path`.
    pub fn new(id: Uuid, title: &str, path: String, publisher: &str, published_on: Date) -> Self {
        let at = format!("{published_on}T00:00:00+08:00");
        Entry { id, title: clean(title), href: path, publisher: clean(publisher), at }
    }
}

/// What a feed shows must parse: a title may hold characters that XML has no place for.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}')).collect()
}

/// A feed.
#[derive(Debug, Template)]
#[template(path = "portal/feed.xml")]
pub struct Feed {
    title: String,
    /// Address of the page that shows the same.
    page: String,
    own: String,
    updated: String,
    entries: Vec<Entry>,
}

impl Feed {
    /// A feed at the address `own`; the page at `page` shows the same.
    pub fn new(app: &App, title: String, page: &str, own: &str, mut entries: Vec<Entry>) -> Self {
        let base = app.settings.public_url.clone().unwrap_or_default();
        for entry in &mut entries {
            entry.href.insert_str(0, &base);
        }
        Feed {
            title: clean(&title),
            page: format!("{base}{page}"),
            own: format!("{base}{own}"),
            updated: entries.first().map_or_else(|| "1970-01-01T00:00:00Z".to_owned(), |e| e.at.clone()),
            entries,
        }
    }

    /// As Atom.
    pub fn atom(&self) -> Response {
        xml(self, "application/atom+xml; charset=utf-8")
    }

    /// As a JSON Feed.
    pub fn json(&self) -> Response {
        let items: Vec<_> = self
            .entries
            .iter()
            .map(|e| {
                serde_json::json!({
                    "id": format!("urn:uuid:{}", e.id), "url": e.href, "title": e.title, "content_text": e.title,
                    "date_published": e.at, "authors": [{ "name": e.publisher }],
                })
            })
            .collect();
        let body = serde_json::json!({
            "version": "https://jsonfeed.org/version/1.1", "title": self.title, "language": "zh-CN",
            "home_page_url": self.page, "feed_url": self.own, "items": items,
        });
        ([(header::CONTENT_TYPE, "application/feed+json; charset=utf-8")], body.to_string()).into_response()
    }
}

/// XML as an answer.
pub fn xml(template: &impl Template, kind: &'static str) -> Response {
    match template.render() {
        Ok(text) => ([(header::CONTENT_TYPE, kind)], text).into_response(),
        Err(error) => {
            tracing::error!(%error, "a feed cannot be printed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}
