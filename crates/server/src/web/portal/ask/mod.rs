//! 依申请公开: how to ask, which way a matter goes, the form, the receipt, and the progress of the own request. Nobody
//! needs an account, and every page works without script.
//!
//! | page | module |
//! |---|---|
//! | the guide and its flow chart | `guide`, `flow` |
//! | is it a disclosure request, and of which agency | `which` |
//! | the form | `form` |
//! | save and return | `draft` |
//! | what an agency offers to fill in | `detail` |
//! | published items like what is asked for | `look` |
//! | the receipt | `receipt` |
//! | the progress, and what an applicant may send | `progress`, `days` |

pub mod contact;
mod days;
mod detail;
mod draft;
mod flow;
mod form;
mod guide;
mod look;
mod progress;
mod receipt;
mod which;

pub use contact::Contact;
pub use draft::{DraftPage, SavedPage};
pub use form::FormPage;
pub use guide::GuidePage;
pub use progress::ProgressPage;
pub use receipt::ReceiptPage;
pub use which::{UnitsPage, WhichPage};

use super::super::form::{Problem, Typed};
use super::super::frame::Frame;
use crate::error::TOO_MANY;
use crate::{App, PageError, UPLOAD_LIMIT, Visit};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{get, post};
use service::asking::LOCKED_CODE;
use service::{Error, Result};

/// `/ask`
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ask", get(guide::guide))
        .route("/ask/form/{format}", get(guide::blank))
        .route("/ask/which", get(which::which))
        .route("/ask/units", get(which::units))
        .route("/ask/new", get(form::new).post(form::act).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/ask/draft", get(draft::ask).post(draft::resume))
        .route("/ask/detail", get(detail::detail))
        .route("/ask/look", post(look::look))
        .route("/ask/open/{id}", get(look::open))
        .route("/ask/progress", get(progress::ask).post(progress::show))
        .route("/ask/answer", post(progress::answer).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/ask/file", post(progress::file))
        .route("/ask/payment-slip", post(progress::payment_slip))
        .route("/ask/withdraw", post(progress::withdraw))
}

fn frame(app: &App, title: &str) -> Frame {
    let mut frame = Frame::portal(app, title);
    for link in &mut frame.nav {
        link.here = link.href == "/ask";
    }
    if title == COLUMN { frame } else { frame.step("/", "首页").step("/ask", COLUMN) }
}

const COLUMN: &str = "依申请公开";

/// A token of this very form, so that a double click submits once.
pub(super) fn once(visit: &mut Visit) -> String {
    visit.context().entropy.bytes().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

pub(super) fn status(typed: &Typed) -> StatusCode {
    match typed.problems.first().map(|p| p.code.as_str()) {
        None => StatusCode::OK,
        Some(TOO_MANY | LOCKED_CODE) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// Notes what the service refuses, each at its field. Everything else goes on to the error page.
pub(super) fn settle<T>(result: Result<T>, typed: &mut Typed) -> std::result::Result<Option<T>, PageError> {
    let refusals = match result {
        Ok(value) => return Ok(Some(value)),
        Err(Error::Refused(refusals)) => refusals,
        Err(Error::NotFound(text) | Error::Invalid(text)) => {
            typed.wrong("", text);
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    for refusal in &refusals {
        let mut problem = Problem::from(refusal);
        if let Some(field) = refusal.code.strip_prefix("asking-") {
            problem.field = field.to_owned();
            problem.code = "input".to_owned();
        }
        typed.problems.push(problem);
    }
    Ok(None)
}

/// The visitor may send now, or waits a minute.
pub(super) fn admitted(app: &App, visit: &Visit) -> Result<()> {
    if app.public_throttle.admit(visit.peer, visit.ctx.at) {
        return Ok(());
    }
    Err(Error::refused(TOO_MANY, "操作过于频繁，请一分钟后再试", ""))
}

/// With what is shown kept in no cache: the page belongs to one person.
pub(super) fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
