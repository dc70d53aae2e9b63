//! The entries that belong to no register and yet give rows: the calendars adopted, and the dates they moved.

use super::fold::{Part, Problem, Sums};
use crate::error::Result;
use crate::upkeep::{calendar, recalculation};
use std::any::Any;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::{CalendarRow, ClockFilter, ClockMoveRow, Entry, Region, Tx};
use uuid::Uuid;

/// Rows read at a time.
const PAGE: i64 = 4096;

/// The rows as they are kept, by the entry that gives them. What was accounted for is taken out.
#[derive(Clone, Default)]
pub(super) struct Kept {
    calendars: Arc<Mutex<HashMap<i64, CalendarRow>>>,
    moves: Arc<Mutex<HashMap<i64, Vec<ClockMoveRow>>>>,
    /// Rows of clocks without a request.
    strays: i64,
}

impl Kept {
    /// Reads them.
    pub(super) async fn scan(tx: &mut Tx, region: Region) -> Result<Kept> {
        let calendars = tx.calendars(region).await?.into_iter().map(|c| (c.seq, c)).collect();
        let mut moves: HashMap<i64, Vec<ClockMoveRow>> = HashMap::new();
        let mut after = Uuid::nil();
        loop {
            let page = tx.all_clock_moves(region, after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = last.request;
            page.into_iter().for_each(|row| moves.entry(row.seq).or_default().push(row));
        }
        moves.values_mut().for_each(|rows| rows.sort_by_key(|r| r.place));
        let all = tx.count_clocks(region, &ClockFilter::default()).await?;
        let strays = all - tx.count_clocks_of_requests(region).await?;
        let (calendars, moves) = (Arc::new(Mutex::new(calendars)), Arc::new(Mutex::new(moves)));
        Ok(Kept { calendars, moves, strays })
    }

    /// What the entries are sorted into.
    pub(super) fn parts(&self) -> Vec<Box<dyn Part>> {
        [calendar::KIND, recalculation::KIND]
            .map(|kind| Box::new(Beside { kind, kept: self.clone() }) as Box<dyn Part>)
            .into()
    }

    /// Rows without an entry.
    pub(super) fn unseen(&self) -> Vec<String> {
        let mut seqs: Vec<i64> = lock(&self.calendars).keys().copied().collect();
        seqs.sort_unstable();
        let mut said: Vec<String> =
            seqs.iter().map(|seq| format!("日历登记中的第 {seq} 条没有对应的日志")).collect();
        let mut seqs: Vec<i64> = lock(&self.moves).keys().copied().collect();
        seqs.sort_unstable();
        said.extend(seqs.iter().map(|seq| format!("期限变更登记中的第 {seq} 条没有对应的日志")));
        if self.strays > 0 {
            said.push(format!("期限登记中有 {} 行没有对应的申请", self.strays));
        }
        said
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// [`Part`] of one kind of these entries: each is a docket of its own, so nothing is carried on.
struct Beside {
    kind: &'static str,
    kept: Kept,
}

impl Part for Beside {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn take(&mut self, entry: &Entry, sums: &mut Sums) {
        let (said, right) = if self.kind == calendar::KIND {
            ("日历登记", lock(&self.kept.calendars).remove(&entry.seq) == calendar::row(entry))
        } else {
            let derived = recalculation::move_rows(entry).filter(|rows| !rows.is_empty());
            ("期限变更登记", lock(&self.kept.moves).remove(&entry.seq) == derived)
        };
        if !right {
            sums.say(Problem::Said(format!("{said}与第 {} 条日志不符", entry.seq)));
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }

    fn follow(&mut self, _: Box<dyn Any + Send>, _: &mut Sums) {}

    fn finish(&mut self, _: &mut Sums) {}
}
