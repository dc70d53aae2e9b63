//! What a door answers when a verb did nothing: an HTML page or a JSON problem (RFC 9457), never a trace.
//!
//! `?` turns a [`service::Error`] into [`PageError`] in pages and into [`ApiError`] in the API. Answers of the
//! framework itself (unknown address, wrong method, too large, too slow, a panic) are put into the same form by
//! [`in_good_form`].

use crate::web;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use law::Refusal;
use serde::Serialize;
use service::StoreError;
use std::any::Any;
use utoipa::ToSchema;

/// Code of the refusal of a visitor who tries too often; it is answered with status 429.
pub const TOO_MANY: &str = "too-many-attempts";

/// The HTTP status of a service error.
pub fn status(error: &service::Error) -> StatusCode {
    use service::Error as E;
    match error {
        E::NotFound(_) => StatusCode::NOT_FOUND,
        E::SignIn => StatusCode::UNAUTHORIZED,
        E::NotAllowed(_) => StatusCode::FORBIDDEN,
        E::Refused(all) if all.iter().any(|r| r.code == TOO_MANY) => StatusCode::TOO_MANY_REQUESTS,
        E::Refused(all) if all.iter().any(|r| r.code.starts_with("search-")) => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        E::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
        E::Conflict(_) => StatusCode::CONFLICT,
        E::Invalid(_) => StatusCode::BAD_REQUEST,
        E::Store(StoreError::DiskFull) => StatusCode::INSUFFICIENT_STORAGE,
        E::Store(StoreError::Busy | StoreError::Unreachable(_)) => StatusCode::SERVICE_UNAVAILABLE,
        E::Store(_) | E::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// Defects and failures of the store are for the log; people get a sentence.
fn log(error: &service::Error) {
    if status(error).is_server_error() {
        tracing::error!(?error, "a verb failed");
    }
}

fn refusals(error: &service::Error) -> &[Refusal] {
    match error {
        service::Error::Refused(all) => all,
        _ => &[],
    }
}

/// The sentence above the refusals; for every other error, the error itself.
fn sentence(error: &service::Error) -> String {
    match error {
        service::Error::Refused(all) if all.len() == 1 => all[0].text.clone(),
        service::Error::Refused(_) => "未能办理，请按以下各项修改后重新提交".to_owned(),
        _ => error.to_string(),
    }
}

/// An error answered as an HTML page.
#[derive(Debug)]
pub struct PageError(pub service::Error);

impl From<service::Error> for PageError {
    fn from(error: service::Error) -> Self {
        PageError(error)
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        log(&self.0);
        web::error_page(status(&self.0), &sentence(&self.0), refusals(&self.0))
    }
}

/// An error answered as a JSON problem.
#[derive(Debug)]
pub struct ApiError(pub service::Error);

impl From<service::Error> for ApiError {
    fn from(error: service::Error) -> Self {
        ApiError(error)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        log(&self.0);
        Problem::new(status(&self.0), self.0.code(), sentence(&self.0))
            .refused(refusals(&self.0))
            .into_response()
    }
}

/// A problem (RFC 9457): what went wrong and what to do, as `application/problem+json`.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Stable word for the kind of problem: `not-found`, `sign-in`, `not-allowed`, `refused`, `conflict`, `invalid`,
    /// `store`, `internal`, `too-many-attempts`, `too-large`, `too-slow`, `no-such-address`, `wrong-method`,
    /// `cross-site`.
    pub code: String,
    /// One Chinese sentence for people.
    #[schema(example = "没有找到这份依申请公开卷宗，请核对编号")]
    pub title: String,
    /// The HTTP status again.
    #[schema(example = 404)]
    pub status: u16,
    /// All reasons at once, where the law or the house refuses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub refusals: Vec<ProblemRefusal>,
}

/// One reason of a refusal.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct ProblemRefusal {
    /// Stable word.
    pub code: String,
    /// One Chinese sentence.
    pub text: String,
    /// Article or notice; empty for a rule of the house.
    #[schema(example = "条例第三十三条")]
    pub citation: String,
}

impl Problem {
    /// A problem without refusals.
    pub fn new(status: StatusCode, code: &str, title: impl Into<String>) -> Self {
        Problem { code: code.to_owned(), title: title.into(), status: status.as_u16(), refusals: Vec::new() }
    }

    fn refused(mut self, all: &[Refusal]) -> Self {
        self.refusals = all
            .iter()
            .map(|r| ProblemRefusal {
                code: r.code.clone(),
                text: r.text.clone(),
                citation: r.citation.clone(),
            })
            .collect();
        if let [only] = all
            && only.code == TOO_MANY
        {
            TOO_MANY.clone_into(&mut self.code);
        }
        self
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        (status, [(header::CONTENT_TYPE, HeaderValue::from_static(PROBLEM))], body).into_response()
    }
}

const PROBLEM: &str = "application/problem+json";

/// Whether this address belongs to the API, which answers with problems instead of pages.
pub fn is_api(path: &str) -> bool {
    path == "/api" || path.starts_with("/api/")
}

/// What the framework answers by itself, in our own words.
fn framework(status: StatusCode) -> (&'static str, &'static str) {
    match status {
        StatusCode::NOT_FOUND => ("no-such-address", "没有这个页面，请核对网址，或者从首页重新进入"),
        StatusCode::METHOD_NOT_ALLOWED => {
            ("wrong-method", "这个网址不支持这种访问方式，请从页面上的链接或者按钮进入")
        }
        StatusCode::PAYLOAD_TOO_LARGE => ("too-large", "提交的内容过大，请减少内容或者分批提交"),
        StatusCode::REQUEST_TIMEOUT | StatusCode::GATEWAY_TIMEOUT => {
            ("too-slow", "处理时间过长，已经停止，请稍后重试，同一操作重试不会重复登记")
        }
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ("invalid", "提交内容的类型不对，请按要求的格式提交"),
        s if s.is_server_error() => {
            ("internal", "程序内部出错，本次操作没有生效，请稍后再试；如反复出现，请联系系统管理员")
        }
        _ => ("invalid", "提交的内容无法识别，请检查后重新提交"),
    }
}

/// Replaces the bare answers of the framework by a page or a problem; leaves our own untouched.
pub async fn in_good_form(request: Request, next: Next) -> Response {
    let api = is_api(request.uri().path());
    let response = next.run(request).await;
    let status = response.status();
    if !(status.is_client_error() || status.is_server_error()) || is_ours(&response) {
        return response;
    }
    let (code, text) = framework(status);
    let mut answer = if api {
        Problem::new(status, code, text).into_response()
    } else {
        web::error_page(status, text, &[])
    };
    if let Some(allow) = response.headers().get(header::ALLOW) {
        answer.headers_mut().insert(header::ALLOW, allow.clone());
    }
    answer
}

fn is_ours(response: &Response) -> bool {
    response.headers().get(header::CONTENT_TYPE).and_then(|t| t.to_str().ok()).is_some_and(|t| {
        t.starts_with("text/html") || t.starts_with("application/json") || t.starts_with(PROBLEM)
    })
}

/// A panic of a handler: the message goes to the log, the visitor gets what [`in_good_form`] makes of an empty 500.
pub fn panicked(panic: Box<dyn Any + Send>) -> Response {
    let what = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(what, "a handler panicked");
    StatusCode::INTERNAL_SERVER_ERROR.into_response()
}

/// Header of a key under which a writing request does its work once.
pub const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_status() {
        use service::Error as E;
        let refusal = |code: &str| E::refused(code, "理由", "条例第三十三条");
        for (error, expected) in [
            (E::NotFound("无".into()), 404),
            (E::SignIn, 401),
            (E::NotAllowed("无权".into()), 403),
            (refusal("late"), 422),
            (refusal(TOO_MANY), 429),
            (E::Conflict("冲突".into()), 409),
            (E::Invalid("错".into()), 400),
            (E::Store(StoreError::DiskFull), 507),
            (E::Store(StoreError::Busy), 503),
            (E::Internal("secret detail".into()), 500),
        ] {
            assert_eq!(status(&error).as_u16(), expected, "{error:?}");
            assert!(!sentence(&error).contains("secret"));
        }
    }

    #[test]
    fn a_problem_carries_every_refusal_with_its_article() {
        let all = [Refusal::new("a", "第一", "条例第三十条"), Refusal::new("b", "第二", "")];
        let problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "refused", "未能办理").refused(&all);
        let json = serde_json::to_value(&problem).unwrap();
        assert_eq!(json["refusals"][0]["citation"], "条例第三十条");
        assert_eq!(json["refusals"][1]["code"], "b");
        assert_eq!(json["status"], 422);
    }
}
