//! The self-service terminal of a service hall (政务公开专区自助终端): its start page, which begins a visit and ends the one
//! before, and the question whether somebody is still there.
//!
//! A hall sets `/terminal` as the start page of its browser. Opening it is the reset: the visit gets a new token, and
//! what the visitor before left in cookies is gone. `/terminal/leave` makes an ordinary browser of it again; it is named
//! in the foot and linked nowhere, because visitors of a terminal have no address bar and staff has.

use super::super::Answer;
use super::super::form::{Form, Typed};
use super::super::frame::{Frame, ok, see};
use super::super::look::{self, Look, START, shown_in};
use super::search::search_box;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::Response;
use axum::routing::get;

/// `/terminal`, `/terminal/idle` and `/terminal/leave`
pub fn routes() -> Router<App> {
    Router::new()
        .route(START, get(start))
        .route("/terminal/idle", get(idle))
        .route("/terminal/leave", get(leave))
}

/// What can be done at a terminal: title, explanation, address.
const WAYS: [(&str, &str, &str); 6] = [
    ("查公开文件", "规章、行政规范性文件和其他公文", "/documents"),
    ("申请公开信息", "没有公开的信息，可以在这里申请", "/ask/new"),
    ("查办理进度", "凭查询码查看申请办到哪一步", "/ask/progress"),
    ("看年度报告", "各机关的政府信息公开工作年度报告", "/reports"),
    ("申请指南", "怎样申请、多久答复、如何收费", "/ask"),
    ("我的事项怎么办", "回答一两个问题，看看应当找哪里", "/ask/which"),
];

/// The start page of a terminal.
#[derive(Debug, Template)]
#[template(path = "portal/terminal.html")]
pub struct TerminalPage {
    pub(super) frame: Frame,
    pub(super) search: Form,
    pub(super) over: bool,
    pub(super) ways: &'static [(&'static str, &'static str, &'static str)],
}

/// The question whether somebody is still there, for browsers without script.
#[derive(Debug, Template)]
#[template(path = "portal/terminal_idle.html")]
pub struct IdlePage {
    pub(super) frame: Frame,
    pub(super) to: String,
}

async fn start(
    State(app): State<App>,
    mut visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    if let Some(token) = &visit.token {
        app.service.sign_out(token).await?;
    }
    let token: String = visit.context().entropy.bytes().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let look = Look { here: START.to_owned(), ..Look::default() };
    let look = look.at_terminal(&app.settings, token.clone(), START);
    let mut answer = shown_in(&app, look, || {
        let frame = Frame::portal(&app, "政务公开专区自助服务").column(
            "政务公开专区",
            "办事服务",
            "在政务服务场所查询政府信息、提出公开申请、查询办理进度",
            "政务公开专区,自助查询,信息公开申请",
        );
        let over = Typed::new(query).get("over") == "yes";
        ok(&TerminalPage { frame, search: search_box(), over, ways: &WAYS })
    });
    let headers = answer.headers_mut();
    for cookie in app.forgotten() {
        headers.append(header::SET_COOKIE, cookie);
    }
    headers.append(header::SET_COOKIE, app.terminal_cookie(&token));
    kept_nowhere(headers);
    Ok(answer)
}

fn kept_nowhere(headers: &mut HeaderMap) {
    headers.insert(header::CACHE_CONTROL, header::HeaderValue::from_static("private, no-store"));
}

async fn idle(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let mut frame = Frame::portal(&app, "您还在使用吗？");
    if !frame.look.terminal() {
        return Ok(see("/"));
    }
    // From here on time is what is left of it.
    frame.look.idle = frame.look.warn;
    frame.look.refresh = (frame.look.warn, format!("{START}?over=yes"));
    let to = look::inside(Typed::new(query).get("to")).to_owned();
    Ok(ok(&IdlePage { frame, to }))
}

/// Makes an ordinary browser of a terminal.
async fn leave(State(app): State<App>) -> Response {
    let mut answer = see("/");
    answer.headers_mut().append(header::SET_COOKIE, app.no_terminal_cookie());
    answer
}

#[cfg(test)]
impl TerminalPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |over| TerminalPage { frame: frame.clone(), search: search_box(), over, ways: &WAYS };
        vec![page(false), page(true)]
    }
}

#[cfg(test)]
impl IdlePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        vec![IdlePage { frame: frame.clone(), to: "/search?q=a".into() }]
    }
}
