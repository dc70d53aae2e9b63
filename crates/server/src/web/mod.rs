//! Pages: the portal for everybody and the desk for officers.
//!
//! A page is a struct with values ready to print, a template in `templates/`, and a handler beside the struct. No
//! template and no handler holds a rule: what may be done, what is due and what is wrong comes from `law` through
//! `service`. Every control is a link or a form; the script only makes them smoother.
//!
//! To add a page: one file here with the struct, its `samples()` and its handler, one template, one route line.

pub mod asset;
pub mod desk;
pub mod form;
pub mod found;
pub mod frame;
pub mod look;
pub mod portal;
pub mod qr;
#[cfg(test)]
mod samples;
pub mod words;

use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use form::Problem;
use frame::Frame;
use law::Refusal;

/// What a handler gives.
pub type Answer = Result<Response, PageError>;

/// The routes of the pages.
pub fn routes() -> Router<App> {
    asset::routes().merge(look::routes()).merge(portal::routes()).merge(desk::routes())
}

/// The page that says what went wrong and what to do.
#[derive(Debug, Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    frame: Frame,
    status: u16,
    sentence: String,
    problems: Vec<Problem>,
    sign_in: bool,
}

/// The page that says what went wrong and what to do.
pub fn error_page(status: StatusCode, sentence: &str, refusals: &[Refusal]) -> Response {
    let heading = match status.as_u16() {
        401 => "请先登录",
        403 => "没有权限",
        404 => "没有找到",
        409 => "内容已有变化",
        429 => "操作过于频繁",
        400..=499 => "未能办理",
        _ => "系统暂时不能办理",
    };
    frame::page(
        status,
        &ErrorPage {
            frame: Frame::bare(heading),
            status: status.as_u16(),
            sentence: sentence.to_owned(),
            problems: refusals.iter().map(Problem::from).collect(),
            sign_in: status == StatusCode::UNAUTHORIZED,
        },
    )
}

#[cfg(test)]
impl ErrorPage {
    pub(crate) fn samples() -> Vec<Self> {
        let refusal = Refusal::new("extension-once", "答复期限只能延长一次", "条例第三十三条");
        let page = |status, problems| ErrorPage {
            frame: Frame::bare("未能办理"),
            status,
            sentence: "没有找到这份申请，请核对编号".into(),
            problems,
            sign_in: status == 401,
        };
        vec![page(404, vec![]), page(422, vec![Problem::from(&refusal)]), page(401, vec![])]
    }
}
