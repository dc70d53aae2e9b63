//! 提醒: what the officer is told, and whether somebody has read it.

use super::super::Answer;
use super::super::form::{Form, Typed};
use super::super::frame::{Frame, ok, see};
use super::super::words::moment;
use super::{Officer, register::Desk};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Query, State};
use axum::routing::get;
use jiff::Timestamp;
use service::document::Documents;
use service::notice::{NoticeText, Told};
use service::request::Requests;
use uuid::Uuid;

/// Notices on a page.
const ROWS: i64 = 50;

/// `/desk/notices`
pub fn routes() -> Router<App> {
    Router::new().route("/desk/notices", get(list).post(read))
}

/// A notice as a line.
#[derive(Debug, Clone, Default)]
pub struct NoticeLine {
    /// What it says.
    pub text: String,
    /// The page it is about; empty for none.
    pub href: String,
    /// When it was made.
    pub at: String,
    /// Whether nobody has read it.
    pub unread: bool,
}

/// The notices of the officer.
#[derive(Debug, Template)]
#[template(path = "desk/notices.html")]
pub struct NoticesPage {
    pub(super) frame: Frame,
    pub(super) lines: Vec<NoticeLine>,
    /// Marks those of this page as read; none where nothing is unread.
    pub(super) read: Option<Form>,
    pub(super) next: String,
}

/// The key of the last line of the page before, as the address carries it.
fn after(query: &Typed) -> Option<(Timestamp, Uuid)> {
    let (micros, id) = query.get("after").split_once('_')?;
    let at = Timestamp::from_microsecond(micros.parse().ok()?).ok()?;
    Some((at, Uuid::parse_str(id).ok()?))
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "提醒", "/desk/notices").told(query.get("done"));
    let told = app.service.notices(&visit.ctx, after(&query), ROWS).await?;
    let full = i64::try_from(told.len()).is_ok_and(|n| n >= ROWS);
    let next = told.last().filter(|_| full);
    let next = next.map(|n| format!("/desk/notices?after={}_{}", n.made_at.as_microsecond(), n.id));
    let unread: Vec<&Told> = told.iter().filter(|n| n.unread).collect();
    let read = (!unread.is_empty()).then(|| {
        unread.iter().fold(Form::post("/desk/notices", "全部标为已读", Vec::new()), |form, n| {
            form.hide("id", n.id)
        })
    });
    let line = |n: &Told| NoticeLine {
        text: n.text.sentence(),
        href: match (n.request, &n.text) {
            (Some(request), _) => Requests::at(request),
            (None, NoticeText::Inbox { .. }) => super::inbox::HOME.to_owned(),
            (None, NoticeText::NotPublished { document, .. }) => Documents::at(*document),
            (None, _) => String::new(),
        },
        at: moment(n.made_at),
        unread: n.unread,
    };
    let lines = told.iter().map(line).collect();
    Ok(ok(&NoticesPage { frame, lines, read, next: next.unwrap_or_default() }))
}

async fn read(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let ids = pairs.iter().filter(|(name, _)| name == "id").filter_map(|(_, id)| Uuid::parse_str(id).ok());
    app.service.read_notices(visit.context(), ids.collect()).await?;
    Ok(see("/desk/notices?done=read"))
}
