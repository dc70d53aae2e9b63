//! The style sheet, the script and the mark: compiled in, addressed by the hash of their bytes, cached for ever.

use crate::App;
use crate::site::Site;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sm3::{Digest, Sm3};
use std::sync::LazyLock;

/// A file with the address it is served under.
#[derive(Debug, Clone)]
pub struct Asset {
    name: String,
    /// What it is.
    pub media_type: &'static str,
    bytes: Vec<u8>,
}

impl Asset {
    /// A file whose address changes with its bytes.
    pub fn new(stem: &str, ending: &str, media_type: &'static str, bytes: Vec<u8>) -> Asset {
        let hash: String = Sm3::digest(&bytes).iter().take(8).map(|b| format!("{b:02x}")).collect();
        Asset { name: format!("{stem}.{hash}.{ending}"), media_type, bytes }
    }

    fn address(&self) -> String {
        format!("/static/{}", self.name)
    }
}

/// The parts of the style sheet, the most special last.
pub(super) const STYLES: [&str; 4] = [
    paper::ARTICLE_STYLE,
    paper::letter::LETTER_STYLE,
    include_str!("../../static/gongkai.css"),
    include_str!("../../static/look.css"),
];

/// Style sheet (with that of the report article below it), script, mark.
static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let style = STYLES.join("\n");
    [
        Asset::new("gongkai", "css", "text/css; charset=utf-8", style.into_bytes()),
        Asset::new(
            "gongkai",
            "js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../static/gongkai.js").to_vec(),
        ),
        Asset::new("gongkai", "svg", "image/svg+xml", include_bytes!("../../static/gongkai.svg").to_vec()),
    ]
});

/// Addresses of the files, for every page.
#[derive(Debug, Clone)]
pub struct Assets {
    /// Style sheet.
    pub style: String,
    /// Colours of the site; empty for those of the style sheet.
    pub theme: String,
    /// Script.
    pub script: String,
    /// Mark in the head and in the browser's tab.
    pub mark: String,
    /// What kind of picture the mark is.
    pub mark_type: &'static str,
}

impl Assets {
    /// Those of a site.
    pub fn of(site: &Site) -> Self {
        let usual = Assets::default();
        Assets {
            theme: site.style.as_ref().map(Asset::address).unwrap_or_default(),
            mark: site.emblem.as_ref().map_or(usual.mark, Asset::address),
            mark_type: site.emblem.as_ref().map_or(usual.mark_type, |a| a.media_type),
            ..usual
        }
    }
}

impl Default for Assets {
    fn default() -> Self {
        let [style, script, mark] = &*ASSETS;
        Assets {
            style: style.address(),
            theme: String::new(),
            script: script.address(),
            mark: mark.address(),
            mark_type: mark.media_type,
        }
    }
}

/// `/static/NAME.HASH.ENDING`
pub fn routes() -> Router<App> {
    Router::new().route("/static/{name}", get(serve))
}

async fn serve(State(app): State<App>, Path(name): Path<String>) -> Response {
    let site = &app.settings.site;
    match ASSETS.iter().chain(&site.style).chain(&site.emblem).find(|a| a.name == name) {
        Some(a) => (
            [
                (header::CONTENT_TYPE, a.media_type),
                // The address changes with the bytes, so nobody ever needs to ask again.
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ],
            a.bytes.clone(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_follow_the_bytes() {
        let one = Asset::new("a", "css", "text/css", b"one".to_vec());
        let two = Asset::new("a", "css", "text/css", b"two".to_vec());
        assert_ne!(one.name, two.name);
        assert!(Assets::default().style.starts_with("/static/gongkai."));
    }
}
