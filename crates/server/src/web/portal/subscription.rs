//! 检索订阅: following a search by e-mail, confirmed and ended by links that were mailed.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Frame, ok, page, see};
use super::super::look;
use super::super::words::encoded;
use super::ask::{admitted, unkept};
use super::search::{asked, described, query_of};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form as Posted, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use service::Error;
use service::search::Ask;
use service::subscription::AtLink;

const TITLE: &str = "电子邮件订阅";

/// Bytes of a form that ends a subscription; programs of mail send no more.
const LARGEST: usize = 8 << 10;

/// `/search/subscribe` and the link that is mailed
pub fn routes() -> Router<App> {
    Router::new()
        .route("/search/subscribe", get(ask).post(subscribe))
        .route("/search/subscription", get(one).post(change).layer(DefaultBodyLimit::max(LARGEST)))
}

/// The address of the site as letters hold it, where letters can be sent. A terminal belongs to everybody, and takes no address of
/// mail for which the way on lies elsewhere.
pub fn site(app: &App) -> Option<String> {
    let offered = app.settings.mail_server.is_some() && !look::terminal();
    app.settings.public_url.clone().filter(|_| offered)
}

fn offered(app: &App) -> Result<String, Error> {
    site(app).ok_or_else(|| Error::NotFound("这里没有开通电子邮件订阅，可以使用Atom订阅或者JSON订阅".into()))
}

/// The search of an address.
pub fn search_of(query: &str) -> Ask {
    let uri = format!("/?{query}").parse().unwrap_or_default();
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    asked(&Typed::new(pairs)).0
}

/// Asking to follow a search.
#[derive(Debug, Template)]
#[template(path = "portal/subscribe.html")]
pub struct SubscribePage {
    frame: Frame,
    problems: Problems,
    said: String,
    /// None once the letter is on its way.
    form: Option<Form>,
    back: String,
}

/// A search in words.
async fn words(app: &App, ask: &Ask) -> Result<String, Error> {
    let units = app.service.units().await?;
    let name = |code: &str| units.iter().find(|u| u.code == code).map_or(code, |u| &u.name).to_owned();
    Ok(described(ask, name))
}

fn subscribe_page(frame: Frame, (ask, said): (&Ask, String), typed: &Typed, done: bool) -> SubscribePage {
    let query = query_of(ask);
    let field = Field {
        autocomplete: "email",
        ..Field::text("email", "电子邮箱").hint("先发一封确认邮件，确认以后才开始订阅")
    };
    let form = Form::post("/search/subscribe", "订阅", vec![field]).hide("search", &query);
    SubscribePage {
        frame,
        problems: Problems { all: typed.problems.clone() },
        said,
        form: (!done).then(|| form.filled(typed)),
        back: if query.is_empty() { "/search".to_owned() } else { format!("/search?{query}") },
    }
}

fn frame(app: &App) -> Frame {
    Frame::portal(app, TITLE).step("/", "首页").step("/search", "全文检索")
}

async fn ask(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    offered(&app)?;
    let (ask, _) = asked(&Typed::new(query));
    let said = words(&app, &ask).await?;
    Ok(unkept(ok(&subscribe_page(frame(&app), (&ask, said), &Typed::default(), false))))
}

async fn subscribe(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let site = offered(&app)?;
    admitted(&app, &visit)?;
    let mut typed = Typed::new(pairs);
    let ask = search_of(typed.get("search"));
    let (query, said) = (query_of(&ask), words(&app, &ask).await?);
    let asking = app.service.ask_to_follow(visit.context(), typed.get("email"), (&query, &said), &site);
    let done = match asking.await {
        Ok(()) => true,
        Err(Error::Refused(all)) => {
            all.iter().for_each(|r| typed.wrong("email", &r.text));
            false
        }
        Err(error) => return Err(error.into()),
    };
    let status = if done { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(unkept(page(status, &subscribe_page(frame(&app), (&ask, said), &typed, done))))
}

/// What stands at a link that was mailed. Opening it changes nothing: programs that look at mail open links.
#[derive(Debug, Template)]
#[template(path = "portal/subscription.html")]
pub struct SubscriptionPage {
    frame: Frame,
    /// The search; empty once it is erased.
    said: String,
    /// What was just done, or how it stands.
    state: &'static str,
    confirm: Option<Form>,
    end: Option<Form>,
}

fn subscription_page(frame: Frame, of: &str, at: AtLink, just_now: bool) -> SubscriptionPage {
    let here = format!("/search/subscription?of={of}");
    let act = |what: &str, button: &str| Form::post(&here, button, Vec::new()).hide("do", what);
    let state = match (at.confirmed, just_now) {
        (true, true) => "已经确认。有符合条件的信息新公开时，每天最多发一封邮件。",
        (true, false) => "这项订阅正在使用。",
        (false, _) => "这项订阅等待您确认。",
    };
    SubscriptionPage {
        frame,
        said: at.said,
        state,
        confirm: (!at.confirmed).then(|| act("confirm", "确认订阅")),
        end: Some(Form {
            class: "secondary", ..act("end", if at.confirmed { "退订" } else { "不订阅" })
        }),
    }
}

async fn one(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let of = query.get("of");
    let at = app.service.subscription_at(of, visit.ctx.at).await?;
    Ok(unkept(ok(&subscription_page(frame(&app), of, at, query.get("done") == "confirmed"))))
}

/// What a form of the page asks; or a program of mail, which says so in one of two forms (RFC 8058, 3.2).
fn wanted(body: &str) -> &'static str {
    let uri = format!("/?{body}").parse().unwrap_or_default();
    let pairs = Query::<Vec<(String, String)>>::try_from_uri(&uri).map(|q| q.0).unwrap_or_default();
    let typed = Typed::new(pairs);
    let in_parts = || body.contains("name=\"List-Unsubscribe\"") && body.contains("One-Click");
    match typed.get("do") {
        "confirm" => "confirm",
        "end" => "end",
        _ if typed.get("List-Unsubscribe") == "One-Click" || in_parts() => "end",
        _ => "",
    }
}

async fn change(
    State(app): State<App>,
    mut visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
    body: String,
) -> Answer {
    let query = Typed::new(query);
    let of = query.get("of");
    match wanted(&body) {
        "confirm" => {
            app.service.confirm_subscription(visit.context(), of).await?;
            Ok(see(&format!("/search/subscription?of={}&done=confirmed", encoded(of))))
        }
        "end" => {
            app.service.end_subscription(visit.context(), of).await?;
            let (said, state) = (String::new(), "已经退订，电子邮箱和检索条件已经删除。");
            Ok(unkept(ok(&SubscriptionPage { frame: frame(&app), said, state, confirm: None, end: None })))
        }
        _ => Err(Error::Invalid("没有这项操作，请从邮件中的链接重新打开".into()).into()),
    }
}

#[cfg(test)]
impl SubscribePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let ask = search_of("q=%E6%A0%B7%3C%E4%BE%8B&year=2020");
        let mut wrong = Typed::new(vec![("email".into(), "<b>".into())]);
        wrong.wrong("email", "请填写电子邮箱");
        vec![
            subscribe_page(frame.clone(), (&ask, "样<例".into()), &Typed::default(), false),
            subscribe_page(frame.clone(), (&ask, "样<例".into()), &wrong, false),
            subscribe_page(frame.clone(), (&Ask::default(), String::new()), &Typed::default(), true),
        ]
    }
}

#[cfg(test)]
impl SubscriptionPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let at = |confirmed| AtLink { said: "样<例".into(), confirmed };
        let mut pages = vec![
            subscription_page(frame.clone(), "<x", at(false), false),
            subscription_page(frame.clone(), "x", at(true), true),
        ];
        pages.push(SubscriptionPage {
            frame: frame.clone(),
            said: String::new(),
            state: "已经退订，电子邮箱和检索条件已经删除。",
            confirm: None,
            end: None,
        });
        pages
    }
}

#[cfg(test)]
mod tests {
    use super::wanted;

    #[test]
    fn a_program_of_mail_says_it_in_one_of_two_forms() {
        let parts =
            "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
        assert_eq!(["do=end", "List-Unsubscribe=One-Click", parts].map(wanted), ["end"; 3]);
        assert_eq!(
            ["", "x", "List-Unsubscribe=Two", "do=", "name=\"List-Unsubscribe\""].map(wanted),
            [""; 5]
        );
        assert_eq!(wanted("do=confirm"), "confirm");
    }
}
