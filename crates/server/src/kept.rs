//! Answers to the public that are kept in memory until anything is written: most visitors ask for the same few pages, and
//! what was read once need not be read again while nothing has changed.
//!
//! Nothing kept outlives a change: the number of writes ([`service::Service::written`]) was read before the page was made,
//! and an answer is given only while the number is the same. Writes of other processes are seen within [`LOOK`]. The day
//! is part of it too, because pages say what is in force today. Who has a session, a terminal, and whatever asks for words
//! (`q`) or holds a form is never answered from here.

use crate::serve::{cookies_are_plain, matches};
use crate::{App, web};
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How often it is looked for what other processes wrote.
pub const LOOK: Duration = Duration::from_millis(250);
/// Bytes kept at most; beyond it everything is let go.
const MOST: usize = 16 << 20;
/// Addresses longer than this are no page of ours.
const LONGEST: usize = 300;

/// When an answer was true.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
struct Moment {
    written: u64,
    day: Option<Date>,
}

/// What decides between two answers of one address.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    address: String,
    host: Vec<u8>,
    large: bool,
    /// `Accept-Encoding`, as it was sent.
    encoding: Vec<u8>,
}

#[derive(Debug)]
struct Answer {
    headers: HeaderMap,
    tag: HeaderValue,
    body: Bytes,
}

#[derive(Debug, Default)]
struct Shelf {
    moment: Moment,
    bytes: usize,
    answers: HashMap<Key, Arc<Answer>>,
}

/// The answers kept.
#[derive(Debug, Clone, Default)]
pub struct Kept(Arc<RwLock<Shelf>>);

impl Kept {
    fn find(&self, key: &Key, now: Moment) -> Option<Arc<Answer>> {
        let shelf = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if shelf.moment != now {
            return None;
        }
        shelf.answers.get(key).cloned()
    }

    fn put(&self, key: Key, moment: Moment, answer: Answer) {
        let size = answer.body.len() + key.address.len() + key.host.len() + key.encoding.len() + 2_000;
        if size > MOST / 4 {
            return;
        }
        let mut shelf = self.0.write().unwrap_or_else(PoisonError::into_inner);
        // A page made before the last change is of no use to anybody, and must not take the place of newer ones.
        if shelf.moment != moment {
            if moment.written < shelf.moment.written {
                return;
            }
            *shelf = Shelf { moment, ..Shelf::default() };
        }
        if shelf.bytes + size > MOST {
            *shelf = Shelf { moment, ..Shelf::default() };
        }
        shelf.bytes += size;
        shelf.answers.insert(key, Arc::new(answer));
    }
}

/// Pages that are the same for everybody and hold no form that is filled in once.
fn may_be_kept(uri: &Uri) -> bool {
    const PLACES: [&str; 8] = [
        "/consultations",
        "/documents",
        "/normative-documents",
        "/cleanups",
        "/units",
        "/catalogues",
        "/reports",
        "/sitemap",
    ];
    let path = uri.path();
    let ours = path == "/"
        || PLACES.iter().any(|place| {
            path.strip_prefix(place).is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '.']))
        });
    // Words are looked for in every title, and nobody does that without end.
    let words = uri.query().is_some_and(|q| q.split('&').any(|pair| pair.starts_with("q=")));
    ours && !words && uri.path_and_query().is_some_and(|p| p.as_str().len() <= LONGEST)
}

fn key(app: &App, request: &Request) -> Option<Key> {
    let headers = request.headers();
    let plain = *request.method() == Method::GET && may_be_kept(request.uri());
    if !plain || !cookies_are_plain(app, headers) || headers.contains_key(header::RANGE) {
        return None;
    }
    let bytes = |name| headers.get(name).map(|v: &HeaderValue| v.as_bytes().to_vec()).unwrap_or_default();
    let (encoding, host) = (bytes(header::ACCEPT_ENCODING), bytes(header::HOST));
    // What is compressed is decided by all lines of the header, so there has to be one.
    let one = headers.get_all(header::ACCEPT_ENCODING).iter().count() <= 1;
    if !one || encoding.len() > LONGEST || host.len() > LONGEST {
        return None;
    }
    Some(Key {
        address: request.uri().path_and_query()?.as_str().to_owned(),
        host,
        large: web::look::is_large(headers),
        encoding,
    })
}

/// Answers from what is kept, or keeps what is answered.
pub async fn kept(State(app): State<App>, request: Request, next: Next) -> Response {
    let Some(key) = key(&app, &request) else { return next.run(request).await };
    let day = Some(service::civil_date(app.clock.now()));
    let now = Moment { written: app.service.written(), day };
    let known = request.headers().get(header::IF_NONE_MATCH).cloned();
    if let Some(answer) = app.kept.find(&key, now) {
        return again(&answer, known.as_ref());
    }
    let response = next.run(request).await;
    let Some(tag) =
        response.headers().get(header::ETAG).cloned().filter(|_| response.status() == StatusCode::OK)
    else {
        return response;
    };
    let (parts, body) = response.into_parts();
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    app.kept.put(key, now, Answer { headers: parts.headers.clone(), tag, body: body.clone() });
    Response::from_parts(parts, Body::from(body))
}

/// The answer, or that the visitor has it already.
fn again(answer: &Answer, known: Option<&HeaderValue>) -> Response {
    let seen = known.is_some_and(|known| matches(known, &answer.tag));
    let mut response = Response::new(if seen { Body::empty() } else { Body::from(answer.body.clone()) });
    *response.headers_mut() = answer.headers.clone();
    if seen {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
        response.headers_mut().remove(header::CONTENT_LENGTH);
        response.headers_mut().remove(header::CONTENT_TYPE);
    }
    response
}

/// Looks for what other processes wrote, until it is dropped.
pub async fn follow(app: App) {
    let mut last = None;
    loop {
        // Whatever is not known in time may have changed; so may what was before the first look.
        let seen = tokio::time::timeout(LOOK * 2, app.service.last_entry()).await;
        match seen {
            Ok(Ok(seq)) if last == Some(seq) => {}
            Ok(Ok(seq)) => {
                app.service.was_written_elsewhere();
                last = Some(seq);
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "it is not known whether something was written elsewhere");
                app.service.was_written_elsewhere();
            }
            Err(_) => app.service.was_written_elsewhere(),
        }
        tokio::time::sleep(LOOK).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_that_are_the_same_for_everybody_are_kept() {
        let may = |address: &str| may_be_kept(&address.parse::<Uri>().unwrap());
        for address in [
            "/",
            "/documents",
            "/documents?year=2020",
            "/units/a/columns/guide",
            "/sitemap.xml",
            "/catalogues",
        ] {
            assert!(may(address), "{address}");
        }
        let long = format!("/documents?year={}", "1".repeat(LONGEST));
        for address in [
            "/ask",
            "/ask/new",
            "/search",
            "/search/subscribe",
            "/search/subscription?of=a",
            "/documentsx",
            "/desk/documents",
            "/documents?q=a",
            "/documents?year=1&q=a",
            "/terminal",
            "/api/v1/public/documents",
            long.as_str(),
        ] {
            assert!(!may(address), "{address}");
        }
    }

    #[test]
    fn what_is_kept_is_let_go_with_the_next_change_and_when_it_grows() {
        let kept = Kept::default();
        let key = |n: u32| Key { address: format!("/{n}"), host: vec![], large: false, encoding: vec![] };
        let answer = |size: usize| Answer {
            headers: HeaderMap::new(),
            tag: HeaderValue::from_static("\"a\""),
            body: Bytes::from(vec![0; size]),
        };
        let at = |written| Moment { written, day: None };
        kept.put(key(1), at(5), answer(10));
        assert!(kept.find(&key(1), at(5)).is_some());
        assert!(kept.find(&key(1), at(6)).is_none() && kept.find(&key(2), at(5)).is_none());
        let tomorrow = Moment { day: Some(Date::MAX), ..at(5) };
        assert!(kept.find(&key(1), tomorrow).is_none());
        // Made before the change and finished after: not taken.
        kept.put(key(2), at(6), answer(10));
        kept.put(key(3), at(5), answer(10));
        assert!(kept.find(&key(2), at(6)).is_some() && kept.find(&key(3), at(5)).is_none());
        kept.put(key(4), at(6), answer(MOST));
        assert!(kept.find(&key(4), at(6)).is_none() && kept.find(&key(2), at(6)).is_some(), "too large");
        for n in 10..20 {
            kept.put(key(n), at(6), answer(MOST / 5));
        }
        assert!(kept.find(&key(2), at(6)).is_none() && kept.find(&key(19), at(6)).is_some());
        assert!(kept.0.read().unwrap().bytes <= MOST);
    }
}
