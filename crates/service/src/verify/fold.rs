//! Dockets under way: entries come in the order of the journal, each docket is folded when its last entry was seen.

use super::derived::{Derived, Marks};
use crate::context::civil_date;
use crate::register::{Place, decode_one};
use crate::upkeep::calendar::Calendars;
use jiff::Timestamp;
use law::docket::Recorded;
use std::any::Any;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use store::{Entry, Region};
use uuid::Uuid;

/// Something that does not hold.
pub(super) enum Problem {
    /// A sentence.
    Said(String),
    /// A derived row is not what its docket gives; which columns differ is looked up for those that are named.
    Row {
        /// Kind of its register.
        kind: &'static str,
        /// Its id.
        id: Uuid,
        /// What its docket gives.
        expected: serde_json::Value,
    },
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Problem::Said(sentence) => f.write_str(sentence),
            Problem::Row { id, .. } => write!(f, "案卷 {id} 的登记内容与日志不符"),
        }
    }
}

/// What comes out of the dockets folded so far.
#[derive(Default)]
pub(super) struct Sums {
    /// Dockets folded.
    pub(super) dockets: u64,
    tallies: HashMap<(Uuid, i16, Cow<'static, str>), i64>,
    problems: Vec<Problem>,
}

impl Sums {
    fn add(&mut self, unit: Uuid, year: i16, key: Cow<'static, str>, n: i64) {
        *self.tallies.entry((unit, year, key)).or_default() += n;
    }

    /// Notes something that does not hold.
    pub(super) fn say(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Adds what another reader summed.
    pub(super) fn absorb(&mut self, other: Sums) {
        self.dockets += other.dockets;
        self.problems.extend(other.problems);
        other.tallies.into_iter().for_each(|((unit, year, key), n)| self.add(unit, year, key, n));
    }

    pub(super) fn take_problems(&mut self) -> Vec<Problem> {
        std::mem::take(&mut self.problems)
    }

    /// The tallies in the order of their keys.
    pub(super) fn take_tallies(&mut self) -> BTreeMap<(Uuid, i16, String), i64> {
        let tallies = std::mem::take(&mut self.tallies);
        tallies.into_iter().map(|((unit, year, key), n)| ((unit, year, key.into_owned()), n)).collect()
    }
}

/// The dockets of one register in one part of the journal.
pub(super) trait Part: Send {
    /// Kind of subject it takes.
    fn kind(&self) -> &'static str;
    /// Takes the next entry of this kind.
    fn take(&mut self, entry: &Entry, sums: &mut Sums);
    /// For [`Part::follow`].
    fn into_any(self: Box<Self>) -> Box<dyn Any + Send>;
    /// Puts what an earlier part of the journal left open in front.
    fn follow(&mut self, earlier: Box<dyn Any + Send>, sums: &mut Sums);
    /// Folds what is still open: nothing comes after it.
    fn finish(&mut self, sums: &mut Sums);
}

/// A docket of which not everything was seen.
struct Open<E> {
    events: Vec<Recorded<E>>,
    /// The number of each entry.
    seqs: Vec<i64>,
    /// Version of its derived row: its last entry.
    until: Option<u32>,
    recorded_at: Timestamp,
}

impl<E> Open<E> {
    fn is_whole(&self) -> bool {
        self.events.first().is_some_and(|e| e.ordinal == 1)
            && self.until.is_some_and(|until| self.events.len() == until as usize)
    }
}

/// [`Part`] of one register.
pub(super) struct Dockets<R: Derived> {
    region: Region,
    calendars: Arc<Calendars>,
    marks: Arc<Marks>,
    open: HashMap<Uuid, Open<R::Event>>,
    register: PhantomData<R>,
}

impl<R: Derived> Dockets<R> {
    pub(super) fn new(region: Region, calendars: Arc<Calendars>, marks: Arc<Marks>) -> Self {
        Dockets { region, calendars, marks, open: HashMap::new(), register: PhantomData }
    }

    fn settle(&self, id: Uuid, docket: &Open<R::Event>, sums: &mut Sums) {
        sums.dockets += 1;
        let events = &docket.events;
        if !events.iter().zip(1..).all(|(e, n)| e.ordinal == n) {
            sums.problems
                .push(Problem::Said(format!("{}案卷 {id} 的日志次序不连续，请对照备份查明", R::NAME)));
            self.marks.see(id);
            return;
        }
        let Some(standing) = R::fold(events) else {
            if self.marks.see(id).is_some() {
                sums.problems
                    .push(Problem::Said(format!("{}中的 {id} 已全部更正撤销，登记内容仍在", R::TABLE)));
            }
            return;
        };
        if let Some(unit) = R::unit(&standing) {
            for tally in R::tallies(&standing) {
                sums.add(unit, tally.year, tally.key, tally.n);
            }
        }
        let place = Place {
            region: self.region,
            id,
            version: u32::try_from(events.len()).unwrap_or(u32::MAX),
            as_of: civil_date(docket.recorded_at),
        };
        let row = R::row(place, &standing, R::judge(events, &docket.seqs, &self.calendars));
        match self.marks.see(id) {
            Some(kept) if kept == self.marks.digest(&row) => {}
            Some(_) => {
                let expected = serde_json::to_value(&row).unwrap_or_default();
                sums.problems.push(Problem::Row { kind: R::KIND, id, expected });
            }
            None => sums.problems.push(Problem::Said(format!("{}中缺少 {id}，日志中有这份案卷", R::TABLE))),
        }
    }
}

impl<R: Derived> Part for Dockets<R> {
    fn kind(&self) -> &'static str {
        R::KIND
    }

    fn take(&mut self, entry: &Entry, sums: &mut Sums) {
        let recorded = match decode_one::<R::Event>(entry) {
            Ok(recorded) => recorded,
            Err(_) => {
                sums.problems.push(Problem::Said(format!("第 {} 条日志的内容无法解读", entry.seq)));
                return;
            }
        };
        let id = entry.subject;
        let docket = self.open.entry(id).or_insert_with(|| {
            let until = self.marks.version(id);
            // A version out of a table that may be wrong: no more room than a docket usually needs.
            let room = until.map_or(1, |n| n.min(16) as usize);
            let (events, seqs) = (Vec::with_capacity(room), Vec::with_capacity(room));
            Open { events, seqs, until, recorded_at: entry.recorded_at }
        });
        docket.seqs.push(entry.seq);
        docket.events.push(recorded);
        docket.recorded_at = entry.recorded_at;
        if docket.is_whole()
            && let Some(docket) = self.open.remove(&id)
        {
            self.settle(id, &docket, sums);
        }
    }

    fn into_any(self: Box<Self>) -> Box<dyn Any + Send> {
        self
    }

    fn follow(&mut self, earlier: Box<dyn Any + Send>, sums: &mut Sums) {
        let Ok(earlier) = earlier.downcast::<Self>() else {
            sums.problems.push(Problem::Said("校验程序内部出错：登记簿次序不一致".to_owned()));
            return;
        };
        earlier.open.into_iter().for_each(|(id, mut front)| match self.open.get_mut(&id) {
            Some(docket) => {
                front.events.append(&mut docket.events);
                front.seqs.append(&mut docket.seqs);
                (docket.events, docket.seqs) = (front.events, front.seqs);
            }
            None => {
                self.open.insert(id, front);
            }
        });
    }

    fn finish(&mut self, sums: &mut Sums) {
        // In the order of ids, so that the same store gives the same list.
        let open: BTreeMap<Uuid, Open<R::Event>> = std::mem::take(&mut self.open).into_iter().collect();
        for (id, docket) in &open {
            self.settle(*id, docket, sums);
        }
    }
}
