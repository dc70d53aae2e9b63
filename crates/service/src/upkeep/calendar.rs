//! The calendar in force: what the program brings, what was installed into the store, and what lies in the data folder.
//!
//! A calendar is *adopted* by an entry of the journal that holds every file of it. So every process of a store counts by
//! the same days, and a date can be explained and verified with the calendar it was judged by, years later and by
//! another program. What an adoption moves is the matter of [`super::recalculation`].
//!
//! Which days count: the years compiled in; over them those installed into the store (`gongkai calendar install`), which
//! running servers take up by themselves; over them the files of the data folder, which are read when the store is opened.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{History, recorded};
use crate::request::closing;
use crate::{Region, Service};
use law::calendar::Calendar;
use law::docket::request::RequestEvent;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};
use store::{CalendarMark, CalendarRow, Entry, NewEntry, Tx};
use uuid::Uuid;

/// Folder of further calendar files beside the database, for a machine without a network: next year's notice, or a
/// special one, without a new program.
pub(super) const FOLDER: &str = "calendar";

/// Kind of the entries that adopt a calendar. They belong to no register.
pub(crate) const KIND: &str = "calendar";

/// Bytes a calendar file may have: a year needs some two thousand.
const LARGEST: usize = 64 * 1024;

/// A year that a calendar knows otherwise than the one before it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    /// The year.
    pub year: i16,
    /// The notices to cite.
    pub notices: Vec<String>,
}

/// The file of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct YearFile {
    year: i16,
    text: String,
}

/// What the journal says of a calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub(crate) enum CalendarEvent {
    /// 启用: from this entry on, dates are counted by these files.
    Adopted {
        /// Its version, which names every day.
        version: String,
        /// The file of each year.
        files: Vec<YearFile>,
        /// The years that were installed into the store.
        installed: BTreeSet<i16>,
        /// What is not as it was.
        changed: Vec<Changed>,
    },
}

/// Events of this version are written.
const EVENT_VERSION: u32 = 1;

/// What the journal stores of an event that belongs to no register.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored<E> {
    v: u32,
    pub(crate) event: E,
}

impl<E: Serialize + for<'de> Deserialize<'de>> Stored<E> {
    /// An event as text.
    pub(crate) fn text(event: E) -> Result<String> {
        serde_json::to_string(&Stored { v: EVENT_VERSION, event }).map_err(|e| Error::Internal(e.to_string()))
    }

    /// The event of an entry; nothing if it is not of this kind.
    pub(crate) fn of(entry: &Entry) -> Option<E> {
        let stored: Stored<E> = serde_json::from_str(&entry.event).ok()?;
        (stored.v <= EVENT_VERSION).then_some(stored.event)
    }
}

/// The row that an adopting entry gives.
pub(crate) fn row(entry: &Entry) -> Option<CalendarRow> {
    let CalendarEvent::Adopted { version, files, installed, changed } = Stored::of(entry)?;
    Some(CalendarRow {
        seq: entry.seq,
        id: entry.subject,
        name: version,
        adopted_at: entry.recorded_at,
        files: serde_json::to_string(&files).ok()?,
        installed: serde_json::to_string(&installed).ok()?,
        changed: serde_json::to_string(&changed).ok()?,
    })
}

/// The calendar of a row.
pub(super) fn calendar_of(row: &CalendarRow) -> Result<Calendar> {
    let unreadable = |e: String| Error::Internal(format!("calendar {} cannot be read: {e}", row.name));
    let files: Vec<YearFile> = serde_json::from_str(&row.files).map_err(|e| unreadable(e.to_string()))?;
    Calendar::of(files.iter().map(|f| f.text.as_str())).map_err(|e| unreadable(e.to_string()))
}

/// What an adoption changed.
pub(super) fn changed_by(row: &CalendarRow) -> Vec<Changed> {
    serde_json::from_str(&row.changed).unwrap_or_default()
}

/// The calendar compiled in, with the years installed into the store and the files of the data folder, in the order of
/// their names.
pub(super) fn assembled(newest: Option<&CalendarRow>, folder: Option<&Path>) -> Result<Calendar> {
    let mut calendar = Calendar::builtin().clone();
    if let Some(row) = newest {
        let installed: BTreeSet<i16> = serde_json::from_str(&row.installed).unwrap_or_default();
        let files: Vec<YearFile> = serde_json::from_str(&row.files).unwrap_or_default();
        for file in files.iter().filter(|f| installed.contains(&f.year)) {
            calendar = calendar.with_year(&file.text).map_err(|e| Error::Invalid(e.to_string()))?;
        }
    }
    let Some(listed) = folder.and_then(|f| std::fs::read_dir(f.join(FOLDER)).ok()) else {
        return Ok(calendar);
    };
    let mut files: Vec<_> = listed.flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
    files.sort();
    for file in files {
        let unusable = |why: String| Error::Invalid(format!("日历文件 {} 不能使用：{why}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|e| unusable(e.to_string()))?;
        calendar = calendar.with_year(&text).map_err(|e| unusable(e.to_string()))?;
    }
    Ok(calendar)
}

/// The calendar that every clone of a service counts by, and earlier ones that were asked for. A clone takes the one in
/// force when it is made and keeps it, so that one visit is answered by one calendar.
#[derive(Debug, Clone)]
pub(crate) struct InForce(Arc<RwLock<Known>>);

#[derive(Debug)]
struct Known {
    now: Arc<Calendar>,
    /// By version.
    earlier: BTreeMap<String, Arc<Calendar>>,
}

impl InForce {
    pub(crate) fn new(now: Arc<Calendar>) -> InForce {
        InForce(Arc::new(RwLock::new(Known { now, earlier: BTreeMap::new() })))
    }

    pub(crate) fn now(&self) -> Arc<Calendar> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).now.clone()
    }

    pub(super) fn set(&self, calendar: Arc<Calendar>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).now = calendar;
    }

    /// The calendar of this version, read at most once.
    async fn named(&self, tx: &mut Tx, region: Region, mark: &CalendarMark) -> Result<Arc<Calendar>> {
        let known = {
            let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
            let now = (known.now.version() == mark.name).then(|| known.now.clone());
            now.or_else(|| known.earlier.get(&mark.name).cloned())
        };
        if let Some(known) = known {
            return Ok(known);
        }
        let row = tx.calendar(region, mark.seq).await?;
        let row = row.ok_or_else(|| Error::Internal(format!("calendar {} is gone", mark.name)))?;
        let calendar = Arc::new(calendar_of(&row)?);
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.earlier.insert(mark.name.clone(), calendar.clone());
        Ok(calendar)
    }

    /// The calendar that judges a request: the one in force when it was closed, and as long as it is open `now`.
    pub(crate) async fn judge(
        &self,
        tx: &mut Tx,
        region: Region,
        now: &Arc<Calendar>,
        history: &[History<RequestEvent>],
    ) -> Result<Arc<Calendar>> {
        let marks = tx.calendar_marks(region).await?;
        if marks.iter().all(|m| m.name == now.version()) {
            return Ok(now.clone());
        }
        let closed = closing(&recorded(history)).and_then(|n| history.get(n));
        match closed.and_then(|entry| marks[in_force_at(&marks, entry.seq)..].first()) {
            Some(mark) => self.named(tx, region, mark).await,
            None => Ok(now.clone()),
        }
    }
}

/// The place of the calendar in force when an entry was recorded: the last adopted before. Entries older than the first
/// that is known count by that one.
fn in_force_at(marks: &[CalendarMark], seq: i64) -> usize {
    marks.iter().rposition(|m| m.seq < seq).unwrap_or_default()
}

/// Every calendar that has been in force, and from which entry on: for verification, which asks for all of them.
#[derive(Debug, Clone)]
pub(crate) struct Calendars {
    marks: Vec<CalendarMark>,
    calendars: Vec<Arc<Calendar>>,
    now: Arc<Calendar>,
}

impl Calendars {
    /// Reads them.
    pub(crate) async fn read(
        tx: &mut Tx,
        region: Region,
        in_force: &InForce,
        now: &Arc<Calendar>,
    ) -> Result<Calendars> {
        let marks = tx.calendar_marks(region).await?;
        let mut calendars = Vec::with_capacity(marks.len());
        for mark in &marks {
            calendars.push(in_force.named(tx, region, mark).await?);
        }
        Ok(Calendars { marks, calendars, now: now.clone() })
    }

    /// The calendar in force now.
    pub(crate) fn now(&self) -> &Calendar {
        &self.now
    }

    /// Whether there has been another one than that.
    pub(crate) fn differ(&self) -> bool {
        self.marks.iter().any(|m| m.name != self.now.version())
    }

    /// The calendar in force when an entry was recorded.
    pub(crate) fn at(&self, seq: i64) -> &Calendar {
        self.calendars.get(in_force_at(&self.marks, seq)).map_or(&self.now, |c| c)
    }
}

/// Adopts a calendar by an entry with the subject `id`, unless it is the one in force; the row of the one that is in force then.
pub(super) async fn adopt(
    tx: &mut Tx,
    region: Region,
    (ctx, id): (&Context, Uuid),
    calendar: &Calendar,
    installed: Option<i16>,
) -> Result<CalendarRow> {
    let before = tx.newest_calendar(region).await?;
    let mut years: BTreeSet<i16> =
        before.as_ref().map(|b| serde_json::from_str(&b.installed).unwrap_or_default()).unwrap_or_default();
    let known = installed.is_none_or(|year| years.contains(&year));
    years.extend(installed);
    if let Some(before) = &before
        && before.name == calendar.version()
        && known
    {
        return Ok(before.clone());
    }
    let changed = match &before {
        Some(before) => calendar.changed_since(&calendar_of(before)?),
        None => Vec::new(),
    };
    let event = CalendarEvent::Adopted {
        version: calendar.version().to_owned(),
        files: calendar.files().map(|(year, text)| YearFile { year, text: text.to_owned() }).collect(),
        installed: years,
        changed: changed.into_iter().map(|c| Changed { year: c.year, notices: c.notices }).collect(),
    };
    let entry = NewEntry {
        recorded_at: ctx.at,
        effective_on: ctx.today(),
        actor: ctx.actor.journal_name(),
        subject_kind: KIND.to_owned(),
        subject: id,
        ordinal: 1,
        event: Stored::text(event)?,
    };
    let entry = tx.append(region, entry).await?;
    let row = row(&entry).ok_or_else(|| Error::Internal("an adopted calendar gives no row".into()))?;
    tx.put_calendar(region, &row).await?;
    Ok(row)
}

impl Service {
    /// Installs a year into the store: the yearly notice, or a special one. From then on it is in force here; servers
    /// that run take it up with [`Service::keep_up_with_calendar`]. What it moves is recalculated by
    /// [`Service::follow_calendar`], which comes next. Installing the same file again changes nothing. What changed comes
    /// back.
    ///
    /// # Errors
    /// [`Error::Invalid`] if the text is no calendar file, or contradicts itself.
    pub async fn install_calendar(&self, mut ctx: Context, text: &str) -> Result<Vec<Changed>> {
        ctx.actor.must(Permission::Upkeep)?;
        if text.len() > LARGEST {
            let text = format!("日历文件超过{}千字节，请核对是否选错文件", LARGEST / 1024);
            return Err(Error::Invalid(text));
        }
        let (region, text, in_hand) = (self.region, text.to_owned(), self.in_force.now());
        let id = ctx.new_id();
        let row: CalendarRow = self
            .store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    let base = match tx.newest_calendar(region).await? {
                        Some(row) => calendar_of(&row)?,
                        None => Calendar::clone(&in_hand),
                    };
                    let calendar = base.with_year(&text).map_err(|e| Error::Invalid(e.to_string()))?;
                    let year = calendar.files().find(|(_, own)| *own == text).map(|(year, _)| year);
                    adopt(tx, region, (&ctx, id), &calendar, year).await
                })
            })
            .await?;
        self.in_force.set(Arc::new(calendar_of(&row)?));
        Ok(if row.id == id { changed_by(&row) } else { Vec::new() })
    }
}
