//! What the catalogues owe: every published entry that is 主动公开 is owed by each agency that answers for it, and an agency
//! has paid when something is public under the entry and was published in time.
//!
//! At the level of townships every township owes an entry; at the county level the agencies the entry names. An entry of the
//! county level that names none is told as unassigned: its 公开主体 is words, and nobody would answer for it.

use super::public::readable;
use crate::Service;
use crate::context::{Context, Permission};
use crate::document::ENTRY;
use crate::error::Result;
use crate::unit::Tree;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::catalogue::{self, Field, Item, Limit, Tier};
use law::docket::unit::Level;
use std::collections::HashMap;
use store::{NewestRow, UnitRow};
use uuid::Uuid;

/// Whether what an agency owes is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cover {
    /// 未公开
    Absent,
    /// 超期未更新
    Stale,
    /// 超时限公开: what was published last was published too late.
    Late,
    /// 已公开
    Present,
}

impl Cover {
    /// Every one, the worst first.
    pub const ALL: [Cover; 4] = [Cover::Absent, Cover::Stale, Cover::Late, Cover::Present];

    /// Word of an address.
    pub fn key(self) -> &'static str {
        match self {
            Cover::Absent => "absent",
            Cover::Stale => "stale",
            Cover::Late => "late",
            Cover::Present => "present",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Cover::Absent => "未公开",
            Cover::Stale => "超期未更新",
            Cover::Late => "超时限公开",
            Cover::Present => "已公开",
        }
    }
}

/// What one agency owes under one entry.
#[derive(Debug, Clone)]
pub struct Owed {
    /// The agency.
    pub unit: Uuid,
    /// Whether it is there.
    pub cover: Cover,
    /// How many documents are public.
    pub count: i64,
    /// The one published last, and the day.
    pub newest: Option<(Uuid, Date)>,
    /// The last day in time: of that document's publication, or of the next.
    pub until: Option<Date>,
}

/// An entry with what is owed under it.
#[derive(Debug, Clone)]
pub struct Line {
    /// Id of the entry.
    pub entry: Uuid,
    /// 序号
    pub position: u32,
    /// What it says.
    pub item: Item,
    /// 公开时限 as it is reckoned with.
    pub limit: Limit,
    /// By agency, in the order of units; only those within the actor's reach.
    pub owed: Vec<Owed>,
    /// Whether it is of the county level and names no agency that exists.
    pub unassigned: bool,
}

/// A field with its lines.
#[derive(Debug, Clone)]
pub struct FieldCover {
    /// The field.
    pub field: &'static Field,
    /// Its published entries that are 主动公开, by 序号.
    pub lines: Vec<Line>,
}

impl FieldCover {
    /// How much is owed, and how much of it stands at each of [`Cover::ALL`].
    pub fn counts(&self) -> (usize, [usize; 4]) {
        counts(self.lines.iter().flat_map(|l| &l.owed))
    }

    /// How many entries nobody answers for.
    pub fn unassigned(&self) -> usize {
        self.lines.iter().filter(|l| l.unassigned).count()
    }
}

/// How much is owed, and how much of it stands at each of [`Cover::ALL`].
pub fn counts<'a>(owed: impl Iterator<Item = &'a Owed>) -> (usize, [usize; 4]) {
    owed.fold((0, [0; 4]), |(all, mut of), one| {
        for (n, cover) in of.iter_mut().zip(Cover::ALL) {
            *n += usize::from(one.cover == cover);
        }
        (all + 1, of)
    })
}

/// Whether what was published last is in time on this day, and the last day that is.
fn judge(limit: Limit, newest: &NewestRow, today: Date, calendar: &Calendar) -> (Cover, Option<Date>) {
    if let Some(until) = limit.fresh_until(newest.published_on) {
        return (if today > until { Cover::Stale } else { Cover::Present }, Some(until));
    }
    let due = limit.due(newest.made_on, calendar);
    // Published again later, it was in time the first time.
    let first = newest.first_on.unwrap_or(newest.published_on);
    let late = due.is_some_and(|due| first > due);
    (if late { Cover::Late } else { Cover::Present }, due)
}

/// The agencies that owe an entry, and whether one is missing that nobody named.
fn owing<'a>(item: &Item, units: &'a [UnitRow]) -> (Vec<&'a UnitRow>, bool) {
    let township = |u: &&UnitRow| u.level == Level::Township.key();
    let mut all: Vec<&UnitRow> = Vec::new();
    let mut unassigned = false;
    if item.tiers.contains(&Tier::County) {
        let named = |u: &&UnitRow| !township(u) && item.units.iter().any(|id| *id == u.id.to_string());
        all.extend(units.iter().filter(named));
        unassigned = all.is_empty();
    }
    if item.tiers.contains(&Tier::Township) {
        all.extend(units.iter().filter(township));
    }
    (all, unassigned)
}

impl Service {
    /// What the published catalogues owe today, field by field, of the agencies within the actor's reach; of one field, or of
    /// all that owe anything.
    pub async fn catalogue_coverage(&self, ctx: &Context, field: Option<&str>) -> Result<Vec<FieldCover>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let today = ctx.today();
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let reach = tree.reach(&ctx.actor);
        let seen = |u: &UnitRow| reach.as_ref().is_none_or(|r| r.contains(&u.id));
        let exists = |u: &UnitRow| u.valid_from <= today && u.valid_to.is_none_or(|end| end >= today);
        let units: Vec<UnitRow> = tree.0.iter().filter(|u| exists(u)).cloned().collect();
        let newest: HashMap<(String, Uuid), NewestRow> = tx
            .newest_of_classes(self.region, ENTRY)
            .await?
            .into_iter()
            .map(|row| ((row.key.clone(), row.unit), row))
            .collect();
        let calendar = &*self.calendar;
        let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
        let mut above = (String::new(), Limit::Other);
        for row in tx.catalogue_entries_at(self.region, "published").await? {
            let Some((row, item)) = readable(row)? else { continue };
            let said = Limit::parse(&item.limit);
            let limit = if said == Limit::AsAbove && above.0 == row.field { above.1 } else { said };
            above = (row.field.clone(), limit);
            if !item.proactive || field.is_some_and(|f| f != row.field) {
                continue;
            }
            let (owing, unassigned) = owing(&item, &units);
            let key = row.id.to_string();
            let owed = owing.into_iter().filter(|u| seen(u)).map(|unit| {
                let found = newest.get(&(key.clone(), unit.id));
                let (cover, until) =
                    found.map_or((Cover::Absent, None), |row| judge(limit, row, today, calendar));
                Owed {
                    unit: unit.id,
                    cover,
                    count: found.map_or(0, |row| row.n),
                    newest: found.map(|row| (row.document, row.published_on)),
                    until,
                }
            });
            let line =
                Line { entry: row.id, position: row.position, owed: owed.collect(), item, limit, unassigned };
            lines.entry(row.field).or_default().push(line);
        }
        let mut of = |f: &'static Field| Some(FieldCover { field: f, lines: lines.remove(&f.key)? });
        Ok(catalogue::fields().iter().filter_map(&mut of).collect())
    }
}
