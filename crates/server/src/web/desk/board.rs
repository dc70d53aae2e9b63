//! The desk's first page: what is due, the clock that ends first on top.

use super::super::Answer;
use super::super::form::Typed;
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::day;
use super::docket::left;
use super::register::{Desk, ListRow, next_key, page_of};
use super::report_list::{self, ReportLine};
use super::{
    Officer, World, attribute_review, cleanup, collection, consultation, delivery, document_batch,
    document_draft, filing, inbox, interpretation, publication, schedule, validity,
};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::request::{ClockKind, Stage};
use service::board::{Board, BoardFilter, BoardLine, BoardScope, Urgency, Workload};
use service::request::Requests;
use service::{Actor, Permission};
use uuid::Uuid;

/// `/desk`
pub fn routes() -> Router<App> {
    Router::new().route("/desk", get(board)).route("/desk/workload", get(workload))
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
            officer: Uuid::parse_str(query.get("officer")).ok(),
        };
        Asked { filter }
    }

    fn address(filter: BoardFilter, after: &str) -> String {
        let officer = filter.officer.map(|id| id.to_string());
        let parts = [
            ("scope", (filter.scope != BoardScope::default()).then(|| filter.scope.key())),
            ("urgency", filter.urgency.map(Urgency::key)),
            ("clock", filter.clock.map(ClockKind::key)),
            ("officer", officer.as_deref()),
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
            BoardScope::Mine => "我承办的",
            BoardScope::Handled => "本单位承办、协办",
            BoardScope::Own => "本单位",
            BoardScope::Reach => "本单位和下级单位",
        };
        let link = |scope| Link {
            here: scope == self.filter.scope,
            ..Link::new(Self::address(BoardFilter { scope, officer: None, ..self.filter }, ""), label(scope))
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
    let asked = Asked::read(&query);
    let mut world = World::read(&app, &visit).await?;
    if asked.filter.officer.is_some() {
        world = world.with_people(&app, &visit).await?;
    }
    let ctx = &visit.ctx;
    let reads = ctx.actor.may(Permission::ReadRegisters);
    let year = world.today.year() - 1;
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
        if let Some(n) = inbox::waiting(&app, &visit).await? {
            page.counts.push(Count::new("来信待处理", n, "blue", inbox::HOME));
        }
        page.counts.extend(document_draft::waiting(&app.service, ctx).await?);
        page.counts.extend(interpretation::waiting(&app.service, ctx).await?);
        page.counts.extend(consultation::waiting(&app.service, ctx).await?);
        page.counts.extend(document_batch::waiting(&app.service, ctx).await?);
        page.counts.extend(publication::waiting(&app.service, ctx).await?);
        page.counts.extend(schedule::waiting(&app.service, ctx).await?);
        page.counts.extend(validity::waiting(&app.service, ctx).await?);
        page.counts.extend(attribute_review::waiting(&app, ctx).await?);
        page.counts.extend(filing::waiting(&app, ctx).await?);
        page.counts.extend(cleanup::waiting(&app.service, ctx).await?);
        let own = ctx.actor.unit().and_then(|id| world.unit(id)).map(|u| u.code.clone());
        page.counts.extend(collection::waiting(&app.service, ctx, own.as_deref()).await?);
        page.counts.extend(delivery::waiting(&app.service, ctx).await?);
        let listed = page.counts.iter().find(|c| c.here);
        let whose = match asked.filter.officer {
            Some(officer) => format!("{}承办的申请", world.person(&officer.to_string())),
            None => "待办的申请".to_owned(),
        };
        page.heading = listed.map_or_else(|| whose.clone(), |c| format!("{whose}：{}", c.label));
        let next = next_key(board.lines.len(), board.last);
        page.next = next.map(|after| Asked::address(asked.filter, &after)).unwrap_or_default();
        page.due = board.lines.into_iter().map(|line| row(line, &world)).collect();
        page.reports = report_list::lines(&app, ctx, &world, Some(year)).await?;
    }
    Ok(ok(&page))
}

/// What each officer has in hand.
#[derive(Debug, Template)]
#[template(path = "desk/workload.html")]
pub struct WorkloadPage {
    pub(super) frame: Frame,
    pub(super) lines: Vec<WorkloadLine>,
}

/// A line of it.
#[derive(Debug, Clone)]
pub struct WorkloadLine {
    /// Name of the officer.
    pub who: String,
    /// The own list; empty for the requests without an officer.
    pub href: String,
    /// Open requests.
    pub open: i64,
    /// Over.
    pub late: i64,
    /// Soon due.
    pub soon: i64,
}

impl WorkloadLine {
    fn of(w: Workload) -> WorkloadLine {
        let filter = BoardFilter { officer: w.officer, ..BoardFilter::default() };
        WorkloadLine {
            href: w.officer.map(|_| Asked::address(filter, "")).unwrap_or_default(),
            who: match (w.officer, w.name) {
                (None, _) => "未指定承办人".into(),
                (_, name) => name.unwrap_or_else(|| "（账号不存在）".into()),
            },
            open: w.open,
            late: w.late,
            soon: w.soon,
        }
    }
}

async fn workload(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let lines = app.service.workload(&visit.ctx).await?;
    let frame = Frame::desk(&app, &mut visit, "承办情况", "/desk").step("/desk", "返回工作台");
    Ok(ok(&WorkloadPage { frame, lines: lines.into_iter().map(WorkloadLine::of).collect() }))
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
