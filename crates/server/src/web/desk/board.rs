//! The desk's first page: what is due.

use super::super::Answer;
use super::super::frame::{Badge, Frame, ok};
use super::super::words::day;
use super::docket::left;
use super::register::{Desk, Item, ListRow};
use super::report_list::{self, ReportLine};
use super::{Officer, World};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use law::docket::request::Stage;
use service::request::Requests;
use service::row::{RequestFilter, RequestRow};
use service::{Page, Permission};

/// `/desk`
pub fn routes() -> Router<App> {
    Router::new().route("/desk", get(board))
}

/// The desk's first page.
#[derive(Debug, Template)]
#[template(path = "desk/board.html")]
pub struct BoardPage {
    pub(super) frame: Frame,
    pub(super) today: String,
    pub(super) counts: Vec<Item>,
    pub(super) due: Vec<ListRow>,
    pub(super) unconfirmed: Vec<ListRow>,
    pub(super) year: i16,
    pub(super) reports: Vec<ReportLine>,
    pub(super) may_edit: bool,
    pub(super) reads: bool,
}

/// At most so many requests are on the first page.
const MOST: i64 = 100;

async fn board(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let frame = Frame::desk(&app, &mut visit, "工作台", "/desk");
    let world = World::read(&app, &visit).await?;
    let ctx = &visit.ctx;
    let reads = ctx.actor.may(Permission::ReadRegisters);
    let year = world.today.year() - 1;
    let (due, unconfirmed, reports) = if reads {
        let open = RequestFilter { open: true, ..RequestFilter::default() };
        let due = app.service.requests_due(ctx, open.clone(), None, Page::first(MOST)).await?;
        let waiting = RequestFilter { stage: Some(Stage::Submitted.key().to_owned()), ..open };
        let unconfirmed = app.service.requests(ctx, waiting, Page::first(MOST)).await?;
        let reports = report_list::lines(&app, ctx, &world, Some(year)).await?;
        (due, unconfirmed, reports)
    } else {
        (Vec::new(), Vec::new(), Vec::new())
    };
    let tones: Vec<&str> = due.iter().filter_map(|r| r.due_on).map(|on| left(on, &world).tone).collect();
    let count = |tone: &str| tones.iter().filter(|t| **t == tone).count();
    let number = |label: &str, n: usize, tone: &str| Item::new(label, n.to_string()).link(tone);
    let counts = vec![
        number("已逾期", count("red"), "red"),
        number("五个工作日内到期", count("yellow"), "yellow"),
        number("期限以内", count("green"), "green"),
        number("待双方确认", unconfirmed.len(), "blue"),
    ];
    let may_edit = ctx.actor.may(Permission::EditRegisters);
    Ok(ok(&BoardPage {
        today: format!("今天是{}，{}", day(world.today), super::super::words::weekday(world.today)),
        counts,
        due: due.into_iter().map(|r| row(r, &world)).collect(),
        unconfirmed: unconfirmed.into_iter().map(|r| row(r, &world)).collect(),
        year,
        reports,
        may_edit,
        reads,
        frame,
    }))
}

fn row(r: RequestRow, world: &World<'_>) -> ListRow {
    let stage = Stage::ALL.into_iter().find(|s| s.key() == r.stage).map_or("", Stage::label);
    let provisional = if r.due_provisional { "（暂定）" } else { "" };
    ListRow {
        href: Requests::at(r.id),
        cells: vec![
            r.number.unwrap_or_else(|| "（待确认）".into()),
            r.subject,
            world.short(r.unit),
            stage.to_owned(),
            r.due_on.map_or_else(
                || format!("{}到达", day(r.arrived_on)),
                |on| format!("{}{provisional}", day(on)),
            ),
        ],
        badge: r.due_on.map_or_else(|| Badge::new("待确认", "blue"), |on| left(on, world)),
    }
}
