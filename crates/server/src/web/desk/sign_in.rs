//! Signing in and out, and changing one's own password.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Frame, page, see};
use super::register::FormPage;
use super::{Officer, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use service::Error;

/// Sign-in, sign-out, own password.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/sign-in", get(ask).post(sign_in))
        .route("/desk/sign-out", post(sign_out))
        .route("/desk/password", get(password).post(change_password))
}

/// The sign-in page.
#[derive(Debug, Template)]
#[template(path = "desk/sign_in.html")]
pub struct SignInPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) form: Form,
}

/// Only an address of the desk: a sign-in page must not send anybody elsewhere.
fn wanted(to: &str) -> String {
    let inside = (to == "/desk" || to.starts_with("/desk/")) && !to.contains(['\\', '\r', '\n']);
    if inside { to.to_owned() } else { "/desk".to_owned() }
}

fn show(app: &App, visit: &mut Visit, to: &str, typed: &Typed) -> axum::response::Response {
    let frame = Frame::desk(app, visit, "登录", "/desk/sign-in");
    let fields = vec![
        Field { autocomplete: "username", ..Field::text("login", "登录名") },
        Field::password("password", "密码", "current-password"),
    ];
    let form = Form::post("/desk/sign-in", "登录", fields).hide("to", wanted(to)).filled(typed);
    let problems = Problems { all: typed.problems.clone() };
    let status = match typed.problems.first().map(|p| p.code.as_str()) {
        None => StatusCode::OK,
        Some(crate::error::TOO_MANY) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    page(status, &SignInPage { frame, problems, form })
}

async fn ask(State(app): State<App>, mut visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    if visit.signed_in() {
        return Ok(see(&wanted(query.get("to"))));
    }
    Ok(show(&app, &mut visit, query.get("to"), &Typed::default()))
}

async fn sign_in(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let result = app.sign_in(&mut visit, typed.get("login"), typed.raw("password")).await;
    match settle(result, &mut typed)? {
        Some(signed) => {
            // A session that is still open in this browser ends with the new one.
            if let Some(token) = &visit.token {
                app.service.sign_out(token).await?;
            }
            let cookie = app.session_cookie(&signed.token);
            Ok(([(header::SET_COOKIE, cookie)], see(&wanted(typed.get("to")))).into_response())
        }
        None => Ok(show(&app, &mut visit, typed.get("to"), &typed)),
    }
}

async fn sign_out(State(app): State<App>, visit: Visit) -> Answer {
    if let Some(token) = &visit.token {
        app.service.sign_out(token).await?;
    }
    Ok(([(header::SET_COOKIE, app.no_cookie())], see("/desk/sign-in")).into_response())
}

fn password_page(app: &App, visit: &mut Visit, typed: &Typed) -> FormPage {
    let frame = Frame::desk(app, visit, "修改密码", "").step("/desk", "工作台");
    let fields = vec![
        Field::password("current", "原密码", "current-password"),
        Field::password("password", "新密码", "new-password"),
        Field::password("again", "再次输入新密码", "new-password"),
    ];
    let mut page =
        FormPage::new(frame, Form::post("/desk/password", "修改密码", fields).cancel("/desk"), typed);
    page.lead = "修改后，本账号在各处的登录都会结束，请用新密码重新登录。".into();
    page
}

async fn password(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    Ok(password_page(&app, &mut visit, &Typed::default()).answer())
}

async fn change_password(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    if typed.raw("password") != typed.raw("again") {
        typed.wrong("again", "两次输入的新密码不一致，请重新输入");
    }
    if typed.problems.is_empty() {
        let ctx = visit.context();
        let result = app.service.change_own_password(ctx, typed.raw("current"), typed.raw("password")).await;
        match result {
            Err(Error::Invalid(text)) => typed.wrong("current", text),
            other => {
                if settle(other, &mut typed)?.is_some() {
                    let out = [(header::SET_COOKIE, app.no_cookie())];
                    return Ok((out, see("/desk/sign-in")).into_response());
                }
            }
        }
    }
    Ok(password_page(&app, &mut visit, &typed).answer())
}

#[cfg(test)]
impl SignInPage {
    pub(crate) fn samples() -> Vec<Self> {
        let fields =
            vec![Field::text("login", "登录名"), Field::password("password", "密码", "current-password")];
        let mut typed = Typed::new(vec![("login".into(), "officer".into())]);
        typed.wrong("", "登录名或者密码不正确");
        let frame =
            || Frame {
                title: "登录".into(), site: "样例市政府信息公开工作台".into(), ..Frame::default()
            };
        let form = Form::post("/desk/sign-in", "登录", fields);
        vec![
            SignInPage { frame: frame(), problems: Problems::default(), form: form.clone() },
            SignInPage {
                frame: frame(),
                problems: Problems { all: typed.problems.clone() },
                form: form.filled(&typed),
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn signing_in_leads_only_to_the_desk() {
        assert_eq!(wanted("/desk/requests?open=yes"), "/desk/requests?open=yes");
        for elsewhere in ["", "//evil.example", "https://evil.example", "/deskx", "/desk/\\evil", "/"] {
            assert_eq!(wanted(elsewhere), "/desk", "{elsewhere}");
        }
    }
}
