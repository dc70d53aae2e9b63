//! Clean-ups of normative documents.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A clean-up.
    CleanupRow {
        /// Its id.
        id: Uuid,
        /// The unit that organises it.
        unit: Uuid,
        /// Its name.
        title: String,
        /// `special` or `periodic`.
        kind: String,
        /// Whether documents of the units below are looked at too.
        below: bool,
        /// Documents made up to this day.
        up_to: Date,
        /// The last day for conclusions.
        deadline: Date,
        /// Its first day.
        opened_on: Date,
        /// The day the result was published.
        closed_on: Option<Date>,
        /// Documents that are looked at.
        total: i64,
        /// Documents with a conclusion.
        concluded: i64,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl CleanupRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.opened_on, self.id)
    }
}

/// Which clean-ups.
#[derive(Clone, Debug, Default)]
pub struct CleanupFilter {
    /// Only whose result is published.
    pub closed: bool,
    /// Only whose result is not.
    pub open: bool,
}

const SELECT: &str = "select id, unit, title, kind, below, up_to, deadline, opened_on, closed_on, total, concluded, version \
                      from cleanup where region = $1";

impl Tx {
    /// Writes a clean-up, new or changed.
    pub async fn put_cleanup(&mut self, region: Region, row: &CleanupRow) -> Result<()> {
        let sql = "insert into cleanup (region, id, unit, title, kind, below, up_to, deadline, opened_on, closed_on, total, \
                   concluded, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                   on conflict (region, id) do update set unit = excluded.unit, title = excluded.title, \
                   kind = excluded.kind, below = excluded.below, up_to = excluded.up_to, deadline = excluded.deadline, \
                   opened_on = excluded.opened_on, closed_on = excluded.closed_on, total = excluded.total, \
                   concluded = excluded.concluded, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The clean-up with this id.
    pub async fn cleanup(&mut self, region: Region, id: Uuid) -> Result<Option<CleanupRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Clean-ups, the latest begun first, at most `limit`, after the [`CleanupRow::paging_key`] of the last one seen.
    pub async fn cleanups(
        &mut self,
        region: Region,
        filter: &CleanupFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<CleanupRow>> {
        let mut select = Select::new(SELECT, region)
            .only("closed_on is not null", filter.closed)
            .only("closed_on is null", filter.open);
        if let Some((opened_on, id)) = after {
            select = select.after("opened_on, id", "<", opened_on, id);
        }
        select.then("order by opened_on desc, id desc").limit(limit).all(self).await
    }
}
