//! The style sheet, the script and the mark: compiled in, addressed by the hash of their bytes, cached for ever.

use crate::App;
use axum::Router;
use axum::extract::Path;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use sm3::{Digest, Sm3};
use std::sync::LazyLock;

/// A file with the address it is served under.
struct Asset {
    name: String,
    media_type: &'static str,
    bytes: Vec<u8>,
}

fn asset(stem: &str, ending: &str, media_type: &'static str, bytes: Vec<u8>) -> Asset {
    let hash: String = Sm3::digest(&bytes).iter().take(8).map(|b| format!("{b:02x}")).collect();
    Asset { name: format!("{stem}.{hash}.{ending}"), media_type, bytes }
}

/// Style sheet (with that of the report article below it), script, mark.
static ASSETS: LazyLock<[Asset; 3]> = LazyLock::new(|| {
    let style = [paper::ARTICLE_STYLE, paper::letter::LETTER_STYLE, include_str!("../../static/gongkai.css")]
        .join("\n");
    [
        asset("gongkai", "css", "text/css; charset=utf-8", style.into_bytes()),
        asset(
            "gongkai",
            "js",
            "text/javascript; charset=utf-8",
            include_bytes!("../../static/gongkai.js").to_vec(),
        ),
        asset("gongkai", "svg", "image/svg+xml", include_bytes!("../../static/gongkai.svg").to_vec()),
    ]
});

/// Addresses of the files, for every page.
#[derive(Debug, Clone)]
pub struct Assets {
    /// Style sheet.
    pub style: String,
    /// Script.
    pub script: String,
    /// Mark in the browser's tab.
    pub mark: String,
}

impl Default for Assets {
    fn default() -> Self {
        let [style, script, mark] = &*ASSETS;
        let at = |a: &Asset| format!("/static/{}", a.name);
        Assets { style: at(style), script: at(script), mark: at(mark) }
    }
}

/// `/static/NAME.HASH.ENDING`
pub fn routes() -> Router<App> {
    Router::new().route("/static/{name}", get(serve))
}

async fn serve(Path(name): Path<String>) -> Response {
    match ASSETS.iter().find(|a| a.name == name) {
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
        let one = asset("a", "css", "text/css", b"one".to_vec());
        let two = asset("a", "css", "text/css", b"two".to_vec());
        assert_ne!(one.name, two.name);
        assert!(Assets::default().style.starts_with("/static/gongkai."));
    }
}
