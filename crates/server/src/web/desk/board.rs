//! The desk's first page: what is due, the clock that ends first on top.

use super::super::Answer;
use super::super::form::Typed;
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::day;
use super::docket::left;
use super::register::{Desk, ListRow, next_key, page_of};
use super::report_list::{self, ReportLine};
use super::{Officer, World};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::request::{ClockKind, Stage};
use service::board::{Board, BoardFilter, BoardLine, BoardScope, Urgency};
use service::request::Requests;
use service::{Actor, Permission};

/// `/desk`
pub fn routes() -> Router<App> {
    Router::new().route("/desk", get(board))
}

/// How many of a kind, and where they are listed.
#[derive(Debug, Clone, Default)]
pub struct Count {
    /// What is counted.
    pub label: &'static str,
    /// How many.
    pub n: i64,
    /// Colour, beside the label.
    pub tone: &'static str,
    /// Where they are listed.
    pub href: String,
    /// Whether they are the ones listed below.
    pub here: bool,
}

impl Count {
    pub(super) fn new(label: &'static str, n: i64, tone: &'static str, href: impl Into<String>) -> Count {
        Count { label, n, tone, href: href.into(), here: false }
    }
}

/// The desk's first page.
#[derive(Debug, Template)]
#[template(path = "desk/board.html")]
pub struct BoardPage {
    pub(super) frame: Frame,
    pub(super) today: String,
    pub(super) scopes: Vec<Link>,
    pub(super) counts: Vec<Count>,
    pub(super) heading: String,
    pub(super) due: Vec<ListRow>,
    pub(super) next: String,
    pub(super) year: i16,
    pub(super) reports: Vec<ReportLine>,
    pub(super) may_edit: bool,
    pub(super) reads: bool,
}

/// The list that is asked for, and the address of each other one.
struct Asked {
    filter: BoardFilter,
}

impl Asked {
    fn read(query: &Typed) -> Asked {
        let filter = BoardFilter {
            scope: BoardScope::parse(query.get("scope")).unwrap_or_default(),
            urgency: Urgency::parse(query.get("urgency")),
            clock: ClockKind::parse(query.get("clock")),
        };
        Asked { filter }
    }

    fn address(filter: BoardFilter, after: &str) -> String {
        let parts = [
            ("scope", (filter.scope != BoardScope::default()).then(|| filter.scope.key())),
            ("urgency", filter.urgency.map(Urgency::key)),
            ("clock", filter.clock.map(ClockKind::key)),
            ("after", (!after.is_empty()).then_some(after)),
        ];
        let query: Vec<String> =
            parts.into_iter().filter_map(|(name, value)| Some(format!("{name}={}", value?))).collect();
        if query.is_empty() { "/desk".to_owned() } else { format!("/desk?{}", query.join("&")) }
    }

    fn scopes(&self, actor: &Actor) -> Vec<Link> {
        // Whoever works for the whole region has no own unit to narrow the list to.
        if actor.unit().is_none() {
            return Vec::new();
        }
        let label = |scope| match scope {
            BoardScope::Handled => "我承办、协办的",
            BoardScope::Own => "本单位",
            BoardScope::Reach => "本单位和下级单位",
        };
        let link = |scope| Link {
            here: scope == self.filter.scope,
            ..Link::new(Self::address(BoardFilter { scope, ..self.filter }, ""), label(scope))
        };
        BoardScope::ALL.map(link).into()
    }

    fn counts(&self, board: &Board) -> Vec<Count> {
        let plain = BoardFilter { urgency: None, clock: None, ..self.filter };
        let words = [
            ("已逾期", "red"),
            ("五个工作日内到期", "yellow"),
            ("期限以内", "green"),
            ("暂停计算，等待答复", "grey"),
        ];
        let mut counts: Vec<Count> = Urgency::ALL
            .into_iter()
            .zip(words)
            .zip(board.counts)
            .map(|((urgency, (label, tone)), n)| Count {
                here: self.filter.urgency == Some(urgency) && self.filter.clock.is_none(),
                ..Count::new(
                    label,
                    n,
                    tone,
                    Self::address(BoardFilter { urgency: Some(urgency), ..plain }, ""),
                )
            })
            .collect();
        let confirmation = Some(ClockKind::Confirmation);
        let href = Self::address(BoardFilter { clock: confirmation, ..plain }, "");
        counts.push(Count {
            here: self.filter.clock == confirmation,
            ..Count::new("待双方确认", board.unconfirmed, "blue", href)
        });
        counts
    }
}

async fn board(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "工作台", "/desk");
    let world = World::read(&app, &visit).await?;
    let ctx = &visit.ctx;
    let reads = ctx.actor.may(Permission::ReadRegisters);
    let (year, asked) = (world.today.year() - 1, Asked::read(&query));
    let mut page = BoardPage {
        today: format!("今天是{}，{}", day(world.today), super::super::words::weekday(world.today)),
        scopes: asked.scopes(&ctx.actor),
        counts: Vec::new(),
        heading: String::new(),
        due: Vec::new(),
        next: String::new(),
        year,
        reports: Vec::new(),
        may_edit: ctx.actor.may(Permission::EditRegisters),
        reads,
        frame,
    };
    if reads {
        let board = app.service.board(ctx, asked.filter, page_of(&query)).await?;
        page.counts = asked.counts(&board);
        let listed = page.counts.iter().find(|c| c.here);
        page.heading = listed.map_or_else(|| "待办的申请".into(), |c| format!("待办的申请：{}", c.label));
        let next = next_key(board.lines.len(), board.last);
        page.next = next.map(|after| Asked::address(asked.filter, &after)).unwrap_or_default();
        page.due = board.lines.into_iter().map(|line| row(line, &world)).collect();
        page.reports = report_list::lines(&app, ctx, &world, Some(year)).await?;
    }
    Ok(ok(&page))
}

fn row(line: BoardLine, world: &World<'_>) -> ListRow {
    let r = line.request;
    let said = if line.confirmed_by_applicant {
        "，申请人已在网上确认，请当日登记双方确认"
    } else {
        ""
    };
    let stage = format!("{}{said}", Stage::parse(&r.stage).map_or("", Stage::label));
    let provisional = if line.provisional { "（暂定）" } else { "" };
    ListRow {
        href: Requests::at(r.id),
        badge: match line.on {
            Some(on) => left(on, world),
            None => Badge::new("暂停计算", "paused"),
        },
        cells: vec![
            r.number.unwrap_or_else(|| "（待确认）".into()),
            r.subject,
            world.short(r.unit),
            stage,
            line.clock.map_or("等待意见", ClockKind::label).to_owned(),
            line.on.map_or_else(|| "—".into(), |on| format!("{}{provisional}", day(on))),
        ],
    }
}
