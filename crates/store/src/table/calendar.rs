//! The calendars that have been in force, oldest first.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A calendar.
    CalendarRow {
        /// Number of the entry that adopted it.
        seq: i64,
        /// Its id, which is the subject of that entry.
        id: Uuid,
        /// Its version, which names every day.
        name: String,
        /// When it was adopted.
        adopted_at: Timestamp,
        /// The file of each year, as JSON; opaque here.
        files: String,
        /// The years that were installed into the store, as JSON; opaque here.
        installed: String,
        /// What it changed, as JSON; opaque here.
        changed: String,
    }
}

row! {
    /// A calendar without its files.
    CalendarMark {
        /// Number of the entry that adopted it.
        seq: i64,
        /// Its version.
        name: String,
    }
}

const SELECT: &str =
    "select seq, id, name, adopted_at, files, installed, changed from calendar where region = $1";
const MARK: &str = "select seq, name from calendar where region = $1";

impl Tx {
    /// Writes a calendar.
    pub async fn put_calendar(&mut self, region: Region, calendar: &CalendarRow) -> Result<()> {
        let sql = "insert into calendar (region, seq, id, name, adopted_at, files, installed, changed) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8) \
                   on conflict (region, seq) do update set id = excluded.id, name = excluded.name, \
                   adopted_at = excluded.adopted_at, files = excluded.files, installed = excluded.installed, \
                   changed = excluded.changed";
        self.run(sql, calendar.values(region)).await?;
        Ok(())
    }

    /// Every calendar that has been in force, in order.
    pub async fn calendars(&mut self, region: Region) -> Result<Vec<CalendarRow>> {
        Select::new(SELECT, region).then("order by seq").all(self).await
    }

    /// The calendar in force: the last that was adopted.
    pub async fn newest_calendar(&mut self, region: Region) -> Result<Option<CalendarRow>> {
        Select::new(SELECT, region).then("order by seq desc").limit(1).one(self).await
    }

    /// The version of the calendar in force.
    pub async fn calendar_in_force(&mut self, region: Region) -> Result<Option<String>> {
        let newest: Option<CalendarMark> =
            Select::new(MARK, region).then("order by seq desc").limit(1).one(self).await?;
        Ok(newest.map(|n| n.name))
    }

    /// Every calendar that has been in force, in order, without its files.
    pub async fn calendar_marks(&mut self, region: Region) -> Result<Vec<CalendarMark>> {
        Select::new(MARK, region).then("order by seq").all(self).await
    }

    /// The calendar that this entry adopted.
    pub async fn calendar(&mut self, region: Region, seq: i64) -> Result<Option<CalendarRow>> {
        Select::new(SELECT, region).and("seq = {}", seq).one(self).await
    }
}
