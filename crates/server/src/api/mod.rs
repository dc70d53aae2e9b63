//! The API, `/api/v1`: the same verbs as the desk, in JSON, described by the OpenAPI document at
//! `/api/v1/openapi.json`.
//!
//! Its structs are its own, so that a change of law or store does not change the contract unnoticed. An actor comes
//! from the session cookie (`POST /api/v1/session`). Writing requests may carry an `Idempotency-Key`: the same key does
//! the work once and gets the same answer. Errors are problems (RFC 9457). A change states the version it saw; if
//! somebody was quicker, the answer is 409 and nothing happened.
//!
//! To add an operation: a handler with its `utoipa::path`, and one line in `doors!`, with a limit in brackets if its
//! body may be larger than others.

#![expect(
    unused_qualifications,
    reason = "utoipa spells the paths of parameter structs out in what it generates"
)]

pub mod archive;
pub mod dispute;
pub mod document;
pub mod draft;
pub mod event;
pub mod figure;
pub mod file;
pub mod paper;
pub mod part;
pub mod public;
pub mod record_correction;
pub mod report;
pub mod request;
pub mod rules;
pub mod session;
pub mod ticket;
pub mod unit;

use crate::{App, UPLOAD_LIMIT};
use axum::extract::DefaultBodyLimit;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::{Router, routing};
use utoipa::OpenApi;

macro_rules! doors {
    ($($method:ident $path:literal $module:ident::$handler:ident $([$limit:ident])?;)*) => {
        /// The routes of the API.
        pub fn routes() -> Router<App> {
            Router::new()
                $(.route(concat!("/api/v1", $path), routing::$method($module::$handler)$(.layer(DefaultBodyLimit::max($limit)))?))*
                .route("/api/v1/openapi.json", routing::get(openapi))
        }

        /// What is served: method and path of every operation.
        pub const SERVED: &[(&str, &str)] = &[$((stringify!($method), concat!("/api/v1", $path))),*];

        /// The OpenAPI document.
        #[derive(OpenApi)]
        #[openapi(
            info(title = "公开：政府信息公开工作系统", description = "登记簿、年度报告、工作日和答复期限的接口"),
            paths($($module::$handler),*),
            components(schemas(crate::error::Problem)),
            tags(
                (name = "session", description = "登录"),
                (name = "units", description = "机关"),
                (name = "documents", description = "公文"),
                (name = "public", description = "主动公开的信息：不需要登录"),
                (name = "requests", description = "依申请公开"),
                (name = "files", description = "申请的材料"),
                (name = "disputes", description = "行政复议、行政诉讼"),
                (name = "corrections", description = "更正与申请人自身相关的政府信息记录"),
                (name = "figures", description = "年度数据"),
                (name = "reports", description = "年度报告：已公布的"),
                (name = "drafts", description = "年度报告：编制中的"),
                (name = "rules", description = "工作日、答复期限、信息处理费"),
            )
        )]
        pub struct Document;
    };
}

doors! {
    post "/session" session::sign_in;
    get "/session" session::who;
    delete "/session" session::sign_out;
    get "/units" unit::list;
    post "/units" unit::establish;
    get "/units/{id}" unit::one;
    post "/units/{id}/changes" unit::change;
    get "/documents" document::list;
    post "/documents" document::make;
    get "/documents/{id}" document::one;
    post "/documents/{id}/changes" document::change;
    get "/public/documents" public::documents;
    get "/public/documents/{id}" public::document;
    get "/public/documents/{id}/files/{file}" public::file;
    get "/requests" request::list;
    post "/requests" request::receive;
    get "/requests/{id}" request::one;
    get "/requests/{id}/applicant" request::applicant;
    post "/requests/{id}/changes" request::change;
    get "/requests/{id}/ticket" ticket::of_request;
    post "/tickets" ticket::receive;
    get "/requests/{id}/papers" paper::list;
    get "/requests/{id}/papers/{paper}/{format}" paper::file;
    get "/requests/{id}/files" file::list;
    post "/requests/{id}/files" file::add [UPLOAD_LIMIT];
    get "/requests/{id}/files/{file}" file::content;
    post "/requests/{id}/files/{file}/changes" file::change;
    get "/archive" archive::list;
    get "/disputes" dispute::list;
    post "/disputes" dispute::file;
    get "/disputes/{id}" dispute::one;
    post "/disputes/{id}/changes" dispute::change;
    get "/corrections" record_correction::list;
    post "/corrections" record_correction::receive;
    get "/corrections/{id}" record_correction::one;
    post "/corrections/{id}/changes" record_correction::change;
    get "/figures" figure::list;
    post "/figures" figure::enter;
    get "/figures/{id}" figure::one;
    post "/figures/{id}/changes" figure::change;
    get "/reports" report::list;
    get "/reports/{unit}/{year}/{scope}" report::published;
    get "/reports/{unit}/{year}/{scope}/build" report::build;
    get "/reports/{unit}/{year}/{scope}/cells/{cell}" report::cell;
    get "/drafts" draft::list;
    post "/drafts" draft::begin;
    get "/drafts/{id}" draft::one;
    post "/drafts/{id}/actions" draft::act;
    get "/calendar/{year}" rules::year;
    get "/calendar/{from}/add/{days}" rules::add;
    get "/clock" rules::clock;
    get "/fee" rules::fee;
}

async fn openapi() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text()).into_response()
}

/// The OpenAPI document as text.
pub fn text() -> String {
    Document::openapi().to_pretty_json().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_document_names_exactly_what_is_served() {
        let document: serde_json::Value = serde_json::from_str(&text()).unwrap();
        let mut described = BTreeSet::new();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for method in methods.as_object().unwrap().keys() {
                described.insert((method.clone(), path.clone()));
            }
        }
        let served: BTreeSet<(String, String)> =
            SERVED.iter().map(|(m, p)| ((*m).to_owned(), (*p).to_owned())).collect();
        assert_eq!(described, served);
        assert_eq!(served.len(), SERVED.len(), "an operation is listed twice");
    }

    #[test]
    fn every_operation_has_a_summary_a_tag_and_a_problem() {
        let document: serde_json::Value = serde_json::from_str(&text()).unwrap();
        for (path, methods) in document["paths"].as_object().unwrap() {
            for (method, operation) in methods.as_object().unwrap() {
                assert!(operation["summary"].is_string(), "{method} {path}");
                assert!(operation["tags"].is_array(), "{method} {path}");
                let responses = operation["responses"].as_object().unwrap();
                assert!(responses.keys().any(|s| s == "4XX" || s.starts_with('4')), "{method} {path}");
            }
        }
    }
}
