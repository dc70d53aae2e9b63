//! Tallies: flows per unit, year and key, kept incrementally so that a report costs the same in every year.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use std::ops::RangeInclusive;
use uuid::Uuid;

row! {
    /// A tally.
    TallyRow {
        /// The unit.
        unit: Uuid,
        /// The year.
        year: i16,
        /// What is counted.
        key: String,
        /// How much; the caller's measure.
        n: i64,
    }
}

row! {
    /// What several units count together.
    TallySum {
        /// The year.
        year: i16,
        /// What is counted.
        key: String,
        /// How much; the caller's measure.
        n: i64,
    }
}

row! {
    /// What a unit counted in all years.
    TallyTotal {
        /// What is counted.
        key: String,
        /// How much; the caller's measure.
        n: i64,
    }
}

const TOTALS: &str = "select key, cast(sum(n) as bigint) as n from tally where region = $1";
const SUMS: &str = "select year, key, cast(sum(n) as bigint) as n from tally where region = $1";
const SELECT: &str = "select unit, year, key, n from tally where region = $1";

impl Tx {
    /// Adds to a tally; a difference of 0 still makes the row.
    pub async fn add_tally(
        &mut self,
        region: Region,
        unit: Uuid,
        year: i16,
        key: &str,
        delta: i64,
    ) -> Result<()> {
        let sql = "insert into tally (region, unit, year, key, n) values ($1, $2, $3, $4, $5) \
                   on conflict (region, unit, year, key) do update set n = tally.n + excluded.n";
        self.run(sql, values![region, unit, year, key.to_owned(), delta]).await?;
        Ok(())
    }

    /// The tallies of these units together, by year and key: every key of `years`, and before them only these keys, so
    /// that a report costs the same however many years lie behind it.
    pub async fn tallies(
        &mut self,
        region: Region,
        units: &[Uuid],
        years: RangeInclusive<i16>,
        before: &[String],
    ) -> Result<Vec<TallySum>> {
        const BY: &str = "group by year, key order by year, key";
        let of = || Select::new(SUMS, region).within("unit", Some(units));
        let earlier = of().and("year < {}", *years.start()).within("key", Some(before)).then(BY);
        let mut sums: Vec<TallySum> = earlier.all(self).await?;
        let these = of().and("year >= {}", *years.start()).and("year <= {}", *years.end()).then(BY);
        sums.extend(these.all::<TallySum>(self).await?);
        Ok(sums)
    }

    /// What a unit counted of these keys in all years together, by key; a key that was never counted is missing.
    pub async fn tally_totals(
        &mut self,
        region: Region,
        unit: Uuid,
        keys: &[String],
    ) -> Result<Vec<TallyTotal>> {
        let select = Select::new(TOTALS, region).and("unit = {}", unit).within("key", Some(keys));
        select.then("group by key order by key").all(self).await
    }

    /// Every tally of the region, by unit, year and key.
    pub async fn all_tallies(&mut self, region: Region) -> Result<Vec<(Uuid, i16, String, i64)>> {
        Ok(tuples(Select::new(SELECT, region).then("order by unit, year, key").all(self).await?))
    }
}

fn tuples(rows: Vec<TallyRow>) -> Vec<(Uuid, i16, String, i64)> {
    rows.into_iter().map(|t| (t.unit, t.year, t.key, t.n)).collect()
}
