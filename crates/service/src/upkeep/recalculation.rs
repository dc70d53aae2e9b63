//! Recalculation: when another calendar comes into force, the clocks of every open request are derived again, and each
//! date that moves is recorded with the old date, the new one and the notices, and told.
//!
//! The walk goes by batches. A batch is one transaction: the rows, the entries of the journal that list its moves, and the
//! rows of the moves; the next one is read meanwhile. Being stopped half-way does no harm: what was moved is moved, the
//! next walk finds it as it should be and goes on. Only open requests are touched; what is over keeps the date it was judged by. The first walk of a store
//! whose rows an earlier program derived goes by every request, and also writes which units work on it.

use super::calendar::{Changed, Stored, adopt, calendar_of, changed_by};
use crate::context::{Context, civil_date};
use crate::error::{Error, Result};
use crate::register::{Place, Register, decode, recorded};
use crate::request::{KeptClock, Requests, clock_row, kept_clocks, row};
use crate::{Region, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::request::{ClockKind, Moved};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::{CalendarRow, ClockMoveRow, ClockRow, Entry, NewEntry, RequestRow, Tx};
use uuid::Uuid;

/// Kind of the entries that list moved dates. They belong to no register.
pub(crate) const KIND: &str = "clock";

/// Setting that holds the version of the calendar the rows were derived with. Rows of another make are derived anew
/// because the setting has another name: the second make knows the officer.
const DERIVED_WITH: &str = "clock.calendar.2";

/// Requests read at a time, and moves listed in one entry.
const PAGE: i64 = 500;
/// Requests from which on a transaction is written: fewer of them touch the same pages of the indexes less often, and
/// nobody who saves something meanwhile waits longer than a moment.
const BATCH: usize = 2000;

/// What the journal says of moved dates.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum ClockEvent {
    /// 期限变更: the dates that a calendar moved.
    Moved {
        /// Subject of the entry that adopted it.
        calendar: Uuid,
        /// The dates.
        moves: Vec<OneMove>,
    },
}

/// A moved date of one request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct OneMove {
    request: Uuid,
    /// Which of several clocks of its kind; 0 for the only one.
    number: u32,
    #[serde(flatten)]
    moved: Moved,
}

/// The rows that an entry of moves gives.
pub(crate) fn move_rows(entry: &Entry) -> Option<Vec<ClockMoveRow>> {
    let ClockEvent::Moved { calendar, moves } = Stored::of(entry)?;
    let row = |(place, one): (i64, OneMove)| ClockMoveRow {
        request: one.request,
        seq: entry.seq,
        place,
        clock: one.moved.clock.key().to_owned(),
        number: one.number,
        from_on: one.moved.from,
        from_provisional: one.moved.from_provisional,
        to_on: one.moved.to,
        to_provisional: one.moved.to_provisional,
        calendar,
        recorded_at: entry.recorded_at,
    };
    Some((0..).zip(moves).map(row).collect())
}

/// What a recalculation came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recalculated {
    /// Open requests looked at; 0 if there was nothing to do.
    pub seen: u64,
    /// Requests of which a date moved.
    pub moved: u64,
}

/// A date that a new calendar moved, as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToldMove {
    /// When it was recorded.
    pub at: Timestamp,
    /// The dates.
    pub moved: Moved,
    /// The notices that moved it.
    pub notices: Vec<String>,
}

impl ToldMove {
    /// What happened and why, in one sentence.
    pub fn sentence(&self) -> String {
        self.moved.sentence(&self.notices)
    }
}

impl Service {
    /// Brings the store up to the calendar in hand, which its door does as soon as it has opened the store: adopts the
    /// calendar if another one is in force, and recalculates the open requests. Where both are so already, nothing is
    /// written.
    pub async fn follow_calendar(&self, mut ctx: Context) -> Result<Recalculated> {
        let calendar = self.in_force.now();
        let newest = self.look().await?.newest_calendar(self.region).await?;
        let adoption = match newest {
            Some(row) if row.name == calendar.version() => row,
            _ => {
                let (region, id, calendar) = (self.region, ctx.new_id(), calendar.clone());
                let ctx = ctx.clone();
                self.store
                    .write(move |tx: &mut Tx| {
                        Box::pin(async move { adopt(tx, region, (&ctx, id), &calendar, None).await })
                    })
                    .await?
            }
        };
        if self.derived_with().await?.as_deref() == Some(calendar.version()) {
            return Ok(Recalculated::default());
        }
        self.recalculate(ctx, calendar, adoption).await
    }

    /// Takes up a calendar that another process has brought into force, and recalculates: whatever this process wrote by
    /// the old one meanwhile is put right. One look at a row where nothing changed.
    pub async fn keep_up_with_calendar(&self, ctx: Context) -> Result<Recalculated> {
        let own = self.in_force.now();
        let mut tx = self.look().await?;
        if tx.calendar_in_force(self.region).await?.is_none_or(|name| name == own.version()) {
            return Ok(Recalculated::default());
        }
        let Some(adoption) = tx.newest_calendar(self.region).await? else {
            return Ok(Recalculated::default());
        };
        drop(tx);
        let calendar = Arc::new(calendar_of(&adoption)?);
        self.in_force.set(calendar.clone());
        self.recalculate(ctx, calendar, adoption).await
    }

    /// The dates of a request that calendars have moved, in the order of recording, for those who may see the request.
    pub async fn clock_moves(&self, ctx: &Context, request: Uuid) -> Result<Vec<ToldMove>> {
        let mut tx = self.look().await?;
        let history = crate::register::docket::<Requests>(&mut tx, self.region, request).await?;
        self.sight::<Requests>(&mut tx, ctx, &history).await?;
        told_moves(&mut tx, self.region, request).await
    }

    async fn derived_with(&self) -> Result<Option<String>> {
        let kept = self.look().await?.setting(self.region, DERIVED_WITH).await?;
        Ok(kept.and_then(|text| serde_json::from_str(&text).ok()))
    }

    async fn recalculate(
        &self,
        ctx: Context,
        calendar: Arc<Calendar>,
        adoption: CalendarRow,
    ) -> Result<Recalculated> {
        let walk = Walk { service: self, calendar: calendar.clone(), adoption };
        // Rows written before there were clocks have none: then every request is looked at, not only the open ones.
        let first = self.derived_with().await?.is_none();
        let (mut done, mut ctx) = (Recalculated::default(), ctx);
        let mut next = walk.batch(Uuid::nil(), first).await?;
        while let Some(batch) = next {
            done.seen += batch.seen;
            let last = batch.last;
            let (moved, read) = tokio::join!(walk.write(&mut ctx, batch), walk.batch(last, first));
            done.moved += moved?;
            next = read?;
        }
        let (region, version) = (self.region, serde_json::Value::from(calendar.version()).to_string());
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(
                    async move { Ok::<(), Error>(tx.put_setting(region, DERIVED_WITH, &version).await?) },
                )
            })
            .await?;
        if done.moved > 0 {
            let notices = changed_by(&walk.adoption).into_iter().flat_map(|c| c.notices).collect();
            self.tell_moved(&mut ctx, walk.adoption.id, notices).await?;
        }
        if done.seen > 0 {
            let (seen, moved, calendar) = (done.seen, done.moved, calendar.version());
            tracing::info!(seen, moved, calendar, "open requests follow the calendar");
        }
        Ok(done)
    }
}

/// Notes that the rows of a new store are derived with a calendar.
pub(super) async fn derived(tx: &mut Tx, region: Region, calendar: &Calendar) -> Result<()> {
    let version = serde_json::Value::from(calendar.version()).to_string();
    Ok(tx.put_setting(region, DERIVED_WITH, &version).await?)
}

/// The moved dates of a request with their notices.
pub(crate) async fn told_moves(tx: &mut Tx, region: Region, request: Uuid) -> Result<Vec<ToldMove>> {
    let rows = tx.clock_moves(region, request).await?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let adoptions: HashMap<Uuid, Vec<Changed>> =
        tx.calendars(region).await?.iter().map(|c| (c.id, changed_by(c))).collect();
    let told = |row: ClockMoveRow| {
        let changed = adoptions.get(&row.calendar).map(Vec::as_slice).unwrap_or_default();
        // A date is moved by the notices of its own years; the notice of a year may reach into the December before.
        let reached = |c: &&Changed| c.year <= row.to_on.max(row.from_on).year() + 1;
        Some(ToldMove {
            at: row.recorded_at,
            moved: Moved {
                clock: ClockKind::parse(&row.clock)?,
                from: row.from_on,
                from_provisional: row.from_provisional,
                to: row.to_on,
                to_provisional: row.to_provisional,
            },
            notices: changed.iter().filter(reached).flat_map(|c| c.notices.clone()).collect(),
        })
    };
    Ok(rows.into_iter().filter_map(told).collect())
}

/// A walk over the requests.
struct Walk<'a> {
    service: &'a Service,
    calendar: Arc<Calendar>,
    adoption: CalendarRow,
}

/// What comes out otherwise on a page, or on several.
#[derive(Default)]
struct Derived {
    last: Uuid,
    seen: u64,
    changed: Vec<Change>,
    /// Requests on which other units work, with their version.
    helpers: Vec<(Uuid, i64, Vec<Uuid>)>,
}

struct Change {
    request: Uuid,
    version: i64,
    /// The last day to answer, whether it is provisional, and whether either is another than before.
    due: (Option<Date>, bool),
    due_moved: bool,
    clocks: ClockRow,
    /// Whether the clocks are there and differ in nothing but dates.
    only_dates: bool,
    moves: Vec<OneMove>,
}

impl Walk<'_> {
    /// The next pages on which enough comes out otherwise to be written; nothing behind the last.
    async fn batch(&self, after: Uuid, every: bool) -> Result<Option<Derived>> {
        let mut batch = Derived { last: after, ..Derived::default() };
        while batch.changed.len() < BATCH
            && let Some(page) = self.read(batch.last, every).await?
        {
            batch.last = page.last;
            batch.seen += page.seen;
            batch.changed.extend(page.changed);
            batch.helpers.extend(page.helpers);
        }
        Ok(Some(batch).filter(|b| b.last != after))
    }

    /// The next page; nothing behind the last.
    async fn read(&self, after: Uuid, every: bool) -> Result<Option<Derived>> {
        let region = self.service.region;
        let mut tx = self.service.look().await?;
        let clocks = tx.clocks_by_request(region, after, PAGE).await?;
        let rows = if every {
            tx.requests_by_id(region, after, PAGE).await?
        } else {
            let ids: Vec<Uuid> = clocks.iter().map(|c| c.request).collect();
            tx.requests_with_ids(region, &ids).await?
        };
        let Some(last) = rows.last().map(|r| r.id).max(clocks.last().map(|c| c.request).filter(|_| !every))
        else {
            return Ok(None);
        };
        let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
        let entries = tx.dockets(region, &ids).await?;
        drop(tx);
        let seen = u64::try_from(rows.len()).unwrap_or_default();
        let kept: HashMap<Uuid, ClockRow> = clocks.into_iter().map(|c| (c.request, c)).collect();
        let (mut changed, mut helpers) = (Vec::new(), Vec::new());
        let mut dockets = entries.chunk_by(|a, b| a.subject == b.subject).peekable();
        for row in rows {
            // Both are in the order of ids; a row without entries is verify's to name.
            while dockets.peek().is_some_and(|d| d[0].subject < row.id) {
                dockets.next();
            }
            let Some(docket) = dockets.next_if(|d| d[0].subject == row.id) else { continue };
            if every && let Some(standing) = Requests::fold(&recorded(&decode(docket)?)) {
                let units = Requests::helpers(&standing);
                helpers.extend((!units.is_empty()).then_some((row.id, row.version, units)));
            }
            changed.extend(self.derive(row, kept.get(&docket[0].subject), docket)?);
        }
        Ok(Some(Derived { last, seen, changed, helpers }))
    }

    /// What of a request comes out otherwise; nothing if it is over, or as it should be.
    fn derive(
        &self,
        kept: RequestRow,
        clocks: Option<&ClockRow>,
        docket: &[Entry],
    ) -> Result<Option<Change>> {
        let (Some(last), Ok(version)) = (docket.last(), u32::try_from(kept.version)) else { return Ok(None) };
        let place =
            Place { region: self.service.region, id: kept.id, version, as_of: civil_date(last.recorded_at) };
        let Some(standing) = Requests::fold(&recorded(&decode(docket)?)) else { return Ok(None) };
        let Some(new) = clock_row(place, &standing, &self.calendar) else { return Ok(None) };
        if clocks == Some(&new) {
            return Ok(None);
        }
        let derived = row(place, &standing, &self.calendar);
        let due = (derived.due_on, derived.due_provisional);
        let due_moved = due != (kept.due_on, kept.due_provisional);
        let other = |c: &ClockRow| (c.unit, c.handler, c.officer, c.clock.clone());
        let only_dates = clocks.is_some_and(|old| other(old) == other(&new));
        let before = match clocks {
            Some(clocks) => kept_clocks(clocks),
            // Kept by a program that knew of no other clock.
            None => kept.due_on.map(|on| KeptClock::reply(on, kept.due_provisional)).into_iter().collect(),
        };
        let moves = moves(kept.id, &before, &kept_clocks(&new));
        // Only dates follow the calendar. Any other difference is not put right silently: verify names it.
        let (request, version) = (kept.id, kept.version);
        Ok(Some(Change { request, version, due, due_moved, clocks: new, only_dates, moves }))
    }

    /// Writes a batch in one transaction; how many requests a date moved of.
    async fn write(&self, ctx: &mut Context, page: Derived) -> Result<u64> {
        if page.changed.is_empty() && page.helpers.is_empty() {
            return Ok(0);
        }
        let (region, calendar) = (self.service.region, self.adoption.id);
        let (at, on, actor) = (ctx.at, ctx.today(), ctx.actor.journal_name());
        let entries = page.changed.len().div_ceil(PAGE as usize);
        let subjects: Vec<Uuid> = (0..entries).map(|_| ctx.new_id()).collect();
        let (mut changed, helpers) = (page.changed, page.helpers);
        self.service
            .store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    // What somebody changed meanwhile was derived with that writer's calendar.
                    let mut ids: Vec<Uuid> = changed.iter().map(|c| c.request).collect();
                    ids.extend(helpers.iter().map(|(id, ..)| *id));
                    ids.sort_unstable();
                    ids.dedup();
                    let mut now: HashMap<Uuid, i64> = HashMap::with_capacity(ids.len());
                    for some in ids.chunks(PAGE as usize) {
                        let rows = tx.request_versions(region, some).await?;
                        now.extend(rows.into_iter().map(|r| (r.id, r.version)));
                    }
                    changed.retain(|c| now.get(&c.request) == Some(&c.version));
                    for (id, version, units) in helpers {
                        if now.get(&id) == Some(&version) {
                            tx.put_helpers(region, id, &units).await?;
                        }
                    }
                    let mut dues: BTreeMap<_, Vec<Uuid>> = BTreeMap::new();
                    for c in changed.iter().filter(|c| c.due_moved) {
                        dues.entry(c.due).or_default().push(c.request);
                    }
                    for ((due_on, provisional), ids) in dues {
                        for some in ids.chunks(PAGE as usize) {
                            tx.put_due(region, some, due_on, provisional).await?;
                        }
                    }
                    let (dates, whole): (Vec<&Change>, Vec<&Change>) =
                        changed.iter().partition(|c| c.only_dates);
                    let rows =
                        |of: Vec<&Change>| of.into_iter().map(|c| c.clocks.clone()).collect::<Vec<_>>();
                    tx.put_clock_dates(region, &rows(dates)).await?;
                    tx.put_clocks(region, &rows(whole)).await?;
                    changed.retain(|c| !c.moves.is_empty());
                    let moved = changed.len();
                    for (some, subject) in changed.chunks_mut(PAGE as usize).zip(subjects) {
                        let moves = some.iter_mut().flat_map(|c| std::mem::take(&mut c.moves)).collect();
                        let event = Stored::text(ClockEvent::Moved { calendar, moves })?;
                        let entry = NewEntry {
                            recorded_at: at,
                            effective_on: on,
                            actor: actor.clone(),
                            subject_kind: KIND.to_owned(),
                            subject,
                            ordinal: 1,
                            event,
                        };
                        let entry = tx.append(region, entry).await?;
                        tx.put_clock_moves(region, &move_rows(&entry).unwrap_or_default()).await?;
                    }
                    Ok::<u64, Error>(u64::try_from(moved).unwrap_or_default())
                })
            })
            .await
    }
}

/// The clocks that run before and after, and end otherwise.
fn moves(request: Uuid, before: &[KeptClock], after: &[KeptClock]) -> Vec<OneMove> {
    let moved = |new: &KeptClock| {
        let old = before.iter().find(|old| (old.kind, old.number) == (new.kind, new.number))?;
        let same = (old.on, old.provisional) == (new.on, new.provisional);
        let moved = Moved {
            clock: new.kind,
            from: old.on,
            from_provisional: old.provisional,
            to: new.on,
            to_provisional: new.provisional,
        };
        (!same).then_some(OneMove { request, number: new.number, moved })
    };
    after.iter().filter_map(moved).collect()
}
