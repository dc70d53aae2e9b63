//! Serving: the router with its layers, listening, and ending in good order.

use crate::error::{Problem, in_good_form, is_api, panicked};
use crate::kept::{follow, kept};
use crate::{App, api, web};
use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use sm3::{Digest, Sm3};
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::timeout::TimeoutLayer;

/// Bytes a request may have.
pub const BODY_LIMIT: usize = 1 << 20;
/// Bytes a file to be imported may have; put `DefaultBodyLimit::max(IMPORT_LIMIT)` on such a route.
pub const IMPORT_LIMIT: usize = 32 << 20;
/// Bytes of an upload that are read at most: more than any file may have, so that a browser that sends one too large
/// still gets the sentence. What exceeds the limit of a file is read past, not kept.
pub const UPLOAD_LIMIT: usize = 128 << 20;
/// How long running requests may take to end after the order to stop.
const GRACE: Duration = Duration::from_secs(20);

/// Pages, desk and API of an application.
///
/// From outside to inside: log, answers that are kept, security headers, cache rules, compression, the look of pages, errors in good form,
/// protection against cross-site requests, time limit, panics.
pub fn router(app: App) -> Router {
    let limit = app.settings.time_limit();
    Router::new()
        .merge(web::routes())
        .merge(api::routes())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(
            ServiceBuilder::new()
                .layer(from_fn_with_state(app.clone(), logged))
                .layer(from_fn_with_state(app.clone(), kept))
                .layer(from_fn_with_state(app.clone(), safe))
                .layer(from_fn_with_state(app.clone(), cached))
                .layer(CompressionLayer::new())
                .layer(from_fn_with_state(app.clone(), web::look::around))
                .layer(from_fn(in_good_form))
                .layer(from_fn_with_state(app.clone(), same_site))
                .layer(TimeoutLayer::with_status_code(StatusCode::GATEWAY_TIMEOUT, limit))
                .layer(CatchPanicLayer::custom(panicked)),
        )
        .with_state(app)
}

/// One line a request. Queries are left out: they may hold names.
async fn logged(State(app): State<App>, request: Request, next: Next) -> Response {
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let begin = app.clock.now();
    let response = next.run(request).await;
    let ms = app.clock.now().duration_since(begin).as_millis();
    tracing::info!(%method, path, status = response.status().as_u16(), ms, "answered");
    response
}

/// What a page may load: only what this server gives, no inline script or style, and no frame around it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
                      connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Security headers on every answer, unless the handler set its own.
async fn safe(State(app): State<App>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let mut put = |name: HeaderName, value: &'static str| {
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    };
    put(header::CONTENT_SECURITY_POLICY, POLICY);
    put(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    put(header::REFERRER_POLICY, "same-origin");
    put(header::X_FRAME_OPTIONS, "DENY");
    put(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    put(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
    if app.settings.https() {
        put(header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    response
}

/// Cache rules (DESIGN §6). Whoever has a session, a terminal in a hall, the desk, and every error: never stored. Public answers: stored,
/// but asked for again each time, with an ETag of the bytes sent (after compression, so that it is a strong one).
async fn cached(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let private = !cookies_are_plain(&app, request.headers())
        || path == "/desk"
        || path.starts_with("/desk/")
        || path == "/api/v1/session";
    let head = *request.method() == Method::HEAD;
    let readable = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    let mut response = next.run(request).await;
    if response.headers().contains_key(header::CACHE_CONTROL) {
        return response;
    }
    if private || !readable || response.status() != StatusCode::OK {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
        return response;
    }
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=0, must-revalidate"));
    response.headers_mut().append(header::VARY, HeaderValue::from_static("cookie"));
    if head {
        // The body is gone already, and with it the tag.
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let Ok(bytes) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let tag = etag(&bytes);
    parts.headers.insert(header::ETAG, tag.clone());
    if known.is_some_and(|known| matches(&known, &tag)) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_LENGTH);
        parts.headers.remove(header::CONTENT_TYPE);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// Whether a visitor has neither a session nor a terminal: what is shown is what everybody is shown.
pub(crate) fn cookies_are_plain(app: &App, headers: &HeaderMap) -> bool {
    let has = |name: &str| crate::visit::cookie(headers, name).is_some();
    !has(app.cookie_name()) && !has(web::look::TERMINAL)
}

fn etag(bytes: &Bytes) -> HeaderValue {
    let digest = Sm3::digest(bytes);
    let hex: String = digest.iter().take(16).map(|b| format!("{b:02x}")).collect();
    HeaderValue::from_str(&format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// `If-None-Match` compares weakly (RFC 9110 §13.1.2): a proxy may have marked the tag as weak.
pub(crate) fn matches(known: &HeaderValue, tag: &HeaderValue) -> bool {
    let (Ok(known), Ok(tag)) = (known.to_str(), tag.to_str()) else { return false };
    known.split(',').map(|k| k.trim().trim_start_matches("W/")).any(|k| k == "*" || k == tag)
}

/// Refuses writing requests that another site made the browser send. Browsers say where a request comes from
/// (`Sec-Fetch-Site`; older ones `Origin`); programs that are no browser say neither, and carry no victim's cookie.
async fn same_site(State(app): State<App>, request: Request, next: Next) -> Response {
    if request.method().is_safe() || from_here(&app, request.headers(), request.uri().host()) {
        return next.run(request).await;
    }
    let text = "这次提交来自其他网站，为保护您的账号没有执行，请从本系统的页面上重新操作";
    if is_api(request.uri().path()) {
        Problem::new(StatusCode::FORBIDDEN, "cross-site", text).into_response()
    } else {
        web::error_page(StatusCode::FORBIDDEN, text, &[])
    }
}

fn from_here(app: &App, headers: &HeaderMap, authority: Option<&str>) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|v| v.to_str().ok());
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => matches!(site, "same-origin" | "none"),
        None => match text(header::ORIGIN) {
            None => !headers.contains_key(header::ORIGIN),
            Some(origin) if app.settings.public_url.as_deref() == Some(origin) => true,
            Some(origin) => {
                let host = origin.split_once("://").map(|(_, host)| host);
                host.is_some() && host == text(header::HOST).or(authority)
            }
        },
    }
}

/// Opens the port. With `next_free`, a port that is in use is passed over for the next one that is free.
///
/// # Errors
/// One Chinese sentence that says what to do.
pub async fn listen(at: SocketAddr, next_free: bool) -> Result<TcpListener, String> {
    let tries = if next_free { 100 } else { 1 };
    let mut at = at;
    for _ in 0..tries {
        match TcpListener::bind(at).await {
            Ok(listener) => return Ok(listener),
            Err(e) if e.kind() == io::ErrorKind::AddrInUse => {
                let Some(port) = at.port().checked_add(1) else { break };
                if next_free {
                    at.set_port(port);
                }
            }
            Err(e) if e.kind() == io::ErrorKind::PermissionDenied => {
                return Err(format!("没有权限监听 {at}，请用 --listen 换用1024以上的端口"));
            }
            Err(e) if e.kind() == io::ErrorKind::AddrNotAvailable => {
                return Err(format!(
                    "本机没有地址 {}，请用 --listen 指定本机的地址，例如 127.0.0.1:8080",
                    at.ip()
                ));
            }
            Err(e) => {
                tracing::error!(error = %e, %at, "cannot listen");
                return Err(format!("无法监听 {at}，请用 --listen 换一个地址或者端口"));
            }
        }
    }
    Err(format!(
        "端口 {} 已被其他程序占用，请用 --listen 换一个端口，例如 --listen 127.0.0.1:{}",
        at.port(),
        other(at)
    ))
}

fn other(at: SocketAddr) -> u16 {
    at.port().checked_add(1).unwrap_or(8080)
}

/// Serves until `stop` completes, then lets running requests end.
///
/// # Errors
/// The listener fails.
pub async fn run(
    app: App,
    listener: TcpListener,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (tell, told) = tokio::sync::oneshot::channel();
    let stopping = async move {
        stop.await;
        tracing::info!("stopping: running requests may end");
        let _ = tell.send(());
    };
    // Both indexes of what is public are there before anybody types a question.
    let warm = app.service.clone();
    let today = service::civil_date(app.clock.now());
    tokio::spawn(async move {
        if let Err(error) = warm.suggest("").await {
            tracing::warn!(%error, "published items cannot be read for suggestions");
        }
        if let Err(error) = warm.search_public(&service::search::Ask::default(), today).await {
            tracing::warn!(%error, "full-text search is not ready yet");
        }
    });
    let following = tokio::spawn(follow(app.clone()));
    let service = router(app).into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(stopping).into_future();
    let overdue = async move {
        match told.await {
            Ok(()) => tokio::time::sleep(GRACE).await,
            Err(_) => std::future::pending().await,
        }
    };
    let ended = tokio::select! {
        ended = serving => ended,
        () = overdue => Ok(()),
    };
    following.abort();
    ended
}

/// Completes at Ctrl-C or SIGTERM.
pub async fn order_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let term = async {
        match signal(SignalKind::terminate()) {
            Ok(mut term) => {
                term.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        pressed = tokio::signal::ctrl_c() => {
            if pressed.is_err() {
                std::future::pending::<()>().await;
            }
        }
        () = term => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_known_whether_weak_or_in_a_list() {
        let tag = etag(&Bytes::from_static("公开".as_bytes()));
        let text = tag.to_str().unwrap();
        for known in [text.to_owned(), format!("W/{text}"), format!("\"x\", {text}"), "*".into()] {
            assert!(matches(&HeaderValue::from_str(&known).unwrap(), &tag), "{known}");
        }
        assert!(!matches(&HeaderValue::from_static("\"x\""), &tag));
    }

    #[tokio::test]
    async fn a_panic_is_answered_with_a_sentence_and_no_trace() {
        async fn defect() -> Response {
            panic!("secret detail")
        }
        let router: Router = Router::new()
            .route("/page", axum::routing::get(defect))
            .route("/api/v1/thing", axum::routing::get(defect))
            .layer(
                ServiceBuilder::new().layer(from_fn(in_good_form)).layer(CatchPanicLayer::custom(panicked)),
            );
        for (path, kind) in [("/page", "text/html"), ("/api/v1/thing", "application/problem+json")] {
            let request = Request::get(path).body(Body::empty()).unwrap();
            let response = tower::ServiceExt::oneshot(router.clone(), request).await.unwrap();
            assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
            assert!(response.headers()[header::CONTENT_TYPE].to_str().unwrap().starts_with(kind), "{path}");
            let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
            let text = String::from_utf8_lossy(&body);
            assert!(text.contains("程序内部出错") && !text.contains("secret"), "{text}");
        }
    }

    #[tokio::test]
    async fn a_port_in_use_is_passed_over_only_when_asked() {
        let first = listen("127.0.0.1:0".parse().unwrap(), false).await.unwrap();
        let at = first.local_addr().unwrap();
        let sentence = listen(at, false).await.unwrap_err();
        assert!(sentence.contains(&at.port().to_string()) && sentence.contains("--listen"), "{sentence}");
        let second = listen(at, true).await.unwrap();
        assert_ne!(second.local_addr().unwrap(), at);
    }
}
