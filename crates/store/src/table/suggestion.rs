//! How often published items were suggested to applicants, and what came of it: counters without personal data.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use std::ops::RangeInclusive;
use uuid::Uuid;

row! {
    /// A counter of one unit, day and kind.
    SuggestionRow {
        /// The unit asked; nil where none was chosen yet.
        unit: Uuid,
        /// The day.
        counted_on: Date,
        /// What is counted; opaque here.
        kind: String,
        /// How often.
        n: i64,
    }
}

const SELECT: &str = "select unit, counted_on, kind, n from suggestion where region = $1";

impl Tx {
    /// Counts one more.
    pub async fn count_suggestion(
        &mut self,
        region: Region,
        unit: Uuid,
        counted_on: Date,
        kind: &str,
    ) -> Result<()> {
        let sql = "insert into suggestion (region, unit, counted_on, kind, n) values ($1, $2, $3, $4, $5) \
                   on conflict (region, unit, counted_on, kind) do update set n = suggestion.n + excluded.n";
        self.run(sql, values![region, unit, counted_on, kind.to_owned(), 1i64]).await?;
        Ok(())
    }

    /// The counters of these units and days; `None` for every unit.
    pub async fn suggestions(
        &mut self,
        region: Region,
        units: Option<&[Uuid]>,
        days: RangeInclusive<Date>,
    ) -> Result<Vec<SuggestionRow>> {
        Select::new(SELECT, region)
            .within("unit", units)
            .and("counted_on >= {}", *days.start())
            .and("counted_on <= {}", *days.end())
            .then("order by counted_on, unit, kind")
            .all(self)
            .await
    }
}
