//! The desk's board: open requests by the clock that ends first, and how many are late, soon due, or on their way.
//!
//! Counts are of all requests within reach, made by the database from the rows of clocks; the list is paged.

use crate::asking::{SubmissionKind, submitted};
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::{Actor, Page, Service};
use jiff::civil::Date;
use law::docket::request::ClockKind;
use std::collections::HashMap;
use store::{ClockFilter, ClockRow, RequestRow};
use uuid::Uuid;

/// Working days before its end from which a clock is soon due.
pub const SOON: u32 = 5;

/// Whose requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BoardScope {
    /// 我承办的: the officer is named as the one who handles it.
    Mine,
    /// 本单位承办、协办: the officer's own unit handles it or helps with it, whoever it is counted by.
    Handled,
    /// 本单位: counted by the officer's own unit.
    Own,
    /// 全部: everything within reach, the own unit and those below it.
    #[default]
    Reach,
}

impl BoardScope {
    /// All scopes, in the order of the page.
    pub const ALL: [BoardScope; 4] =
        [BoardScope::Mine, BoardScope::Handled, BoardScope::Own, BoardScope::Reach];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            BoardScope::Mine => "mine",
            BoardScope::Handled => "handled",
            BoardScope::Own => "own",
            BoardScope::Reach => "all",
        }
    }

    /// The scope with this key.
    pub fn parse(key: &str) -> Option<BoardScope> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// How urgent: a colour that always comes with its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    /// 红: over.
    Late,
    /// 黄: ends within [`SOON`] working days.
    Soon,
    /// 绿: ends later.
    InTime,
    /// Nothing runs that presses: the reply stands still and nobody else has a term.
    Resting,
}

impl Urgency {
    /// All, the most urgent first.
    pub const ALL: [Urgency; 4] = [Urgency::Late, Urgency::Soon, Urgency::InTime, Urgency::Resting];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Urgency::Late => "late",
            Urgency::Soon => "soon",
            Urgency::InTime => "in-time",
            Urgency::Resting => "resting",
        }
    }

    /// The urgency with this key.
    pub fn parse(key: &str) -> Option<Urgency> {
        Self::ALL.into_iter().find(|u| u.key() == key)
    }
}

/// What of the board is wanted.
#[derive(Debug, Clone, Copy, Default)]
pub struct BoardFilter {
    /// Whose requests.
    pub scope: BoardScope,
    /// Only these.
    pub urgency: Option<Urgency>,
    /// Only where this clock is the next.
    pub clock: Option<ClockKind>,
    /// Only what this officer handles.
    pub officer: Option<Uuid>,
}

/// A line of the board.
#[derive(Debug, Clone)]
pub struct BoardLine {
    /// The request.
    pub request: RequestRow,
    /// The clock to be looked after next; none where nothing presses.
    pub clock: Option<ClockKind>,
    /// Its end.
    pub on: Option<Date>,
    /// Whether a notice may still move it.
    pub provisional: bool,
    /// How urgent that is.
    pub urgency: Urgency,
    /// Whether the applicant has confirmed on the progress page, and the office has not.
    pub confirmed_by_applicant: bool,
}

/// The board.
#[derive(Debug, Clone)]
pub struct Board {
    /// How many of each urgency, in the order of [`Urgency::ALL`], whatever the filter.
    pub counts: [i64; 4],
    /// How many wait for confirmation by both sides, whatever the filter.
    pub unconfirmed: i64,
    /// A page of the list.
    pub lines: Vec<BoardLine>,
    /// Key of the last line.
    pub last: Option<(Date, Uuid)>,
}

/// What an officer has in hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workload {
    /// The officer; none for the requests without one.
    pub officer: Option<Uuid>,
    /// Name of the officer.
    pub name: Option<String>,
    /// Open requests.
    pub open: i64,
    /// Of these, those whose next clock is over.
    pub late: i64,
    /// Of these, those whose next clock ends within [`SOON`] working days.
    pub soon: i64,
}

/// The days between the colours.
#[derive(Debug, Clone, Copy)]
struct Bounds {
    today: Date,
    /// The last day that is soon.
    soon: Date,
}

/// A clock without a date is sorted behind all others.
const LAST: Date = Date::constant(9999, 12, 31);

impl Bounds {
    fn urgency(self, on: Option<Date>) -> Urgency {
        match on {
            None => Urgency::Resting,
            Some(on) if on < self.today => Urgency::Late,
            Some(on) if on <= self.soon => Urgency::Soon,
            Some(_) => Urgency::InTime,
        }
    }

    fn within(self, urgency: Urgency) -> (Option<Date>, Option<Date>) {
        let before = |day: Date| day.yesterday().unwrap_or(day);
        let after = |day: Date| day.tomorrow().unwrap_or(day);
        match urgency {
            Urgency::Late => (None, Some(before(self.today))),
            Urgency::Soon => (Some(self.today), Some(self.soon)),
            Urgency::InTime => (Some(after(self.soon)), Some(before(LAST))),
            Urgency::Resting => (Some(LAST), None),
        }
    }
}

impl Service {
    /// Open requests the actor may see, the one whose clock ends first on top.
    pub async fn board(&self, ctx: &Context, filter: BoardFilter, page: Page) -> Result<Board> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let bounds = self.bounds(ctx)?;
        let mut tx = self.look().await?;
        let (own, scope) = (ctx.actor.unit(), filter.scope);
        let base = ClockFilter {
            units: match (scope, own) {
                (BoardScope::Own, Some(own)) => Some(vec![own]),
                (BoardScope::Mine | BoardScope::Handled, Some(_)) => None,
                _ => self.within_reach(&mut tx, ctx, None).await?,
            },
            helper: own.filter(|_| scope == BoardScope::Handled),
            works: own.filter(|_| scope == BoardScope::Mine),
            officer: match (scope, &ctx.actor) {
                (BoardScope::Mine, Actor::Officer { account, .. }) => Some(*account),
                _ => filter.officer,
            },
            ..ClockFilter::default()
        };
        let mut counts = [0; 4];
        for (count, urgency) in counts.iter_mut().zip(Urgency::ALL) {
            let (from, until) = bounds.within(urgency);
            *count = tx.count_clocks(self.region, &ClockFilter { from, until, ..base.clone() }).await?;
        }
        let confirmation = Some(ClockKind::Confirmation.key().to_owned());
        let unconfirmed =
            tx.count_clocks(self.region, &ClockFilter { clock: confirmation, ..base.clone() }).await?;
        let (from, until) = filter.urgency.map_or((None, None), |u| bounds.within(u));
        let clock = filter.clock.map(|c| c.key().to_owned());
        let wanted = ClockFilter { from, until, clock, ..base };
        let clocks = tx.clocks_due(self.region, &wanted, page.after, page.limit).await?;
        let ids: Vec<Uuid> = clocks.iter().map(|c| c.request).collect();
        let requests = tx.requests_with_ids(self.region, &ids).await?;
        let mut requests: HashMap<Uuid, RequestRow> = requests.into_iter().map(|r| (r.id, r)).collect();
        let last = clocks.last().map(ClockRow::paging_key);
        let mut lines = Vec::with_capacity(clocks.len());
        for c in clocks {
            let Some(request) = requests.remove(&c.request) else { continue };
            let clock = c.clock.as_deref().and_then(ClockKind::parse);
            let confirmed_by_applicant = clock == Some(ClockKind::Confirmation)
                && submitted(&mut tx, self.region, request.id)
                    .await?
                    .iter()
                    .any(|(kind, _)| *kind == SubmissionKind::Confirmation);
            let (on, provisional, urgency) = (c.due_on, c.provisional, bounds.urgency(c.due_on));
            lines.push(BoardLine { request, clock, on, provisional, urgency, confirmed_by_applicant });
        }
        Ok(Board { counts, unconfirmed, lines, last })
    }

    /// What each officer has in hand of the open requests the actor may see, the most first.
    pub async fn workload(&self, ctx: &Context) -> Result<Vec<Workload>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let bounds = self.bounds(ctx)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let rows = tx
            .workload(
                self.region,
                &ClockFilter { units, ..ClockFilter::default() },
                (bounds.today, bounds.soon),
            )
            .await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let account = match row.officer {
                Some(id) => tx.account(self.region, id).await?,
                None => None,
            };
            let (open, late, soon) = (row.open, row.late, row.soon);
            all.push(Workload { officer: row.officer, name: account.map(|a| a.name), open, late, soon });
        }
        Ok(all)
    }

    fn bounds(&self, ctx: &Context) -> Result<Bounds> {
        let today = ctx.today();
        let soon = self.calendar.add(today, SOON).map(|(on, _)| on);
        Ok(Bounds { today, soon: soon.map_err(|e| Error::Invalid(e.to_string()))? })
    }
}
