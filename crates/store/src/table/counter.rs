//! Numbers that people see: given in order, per unit, year and kind, without gaps.

use crate::row::values;
use crate::select::Counted;
use crate::{Error, Region, Result, Tx};
use uuid::Uuid;

impl Tx {
    /// The next number, from 1. Without gaps: a job that is rolled back gives its number back.
    pub async fn next_number(&mut self, region: Region, unit: Uuid, year: i16, kind: &str) -> Result<i64> {
        let sql = "insert into counter (region, unit, year, kind, n) values ($1, $2, $3, $4, 1) \
                   on conflict (region, unit, year, kind) do update set n = counter.n + 1 returning n";
        let next: Option<Counted> = self.row(sql, values![region, unit, year, kind.to_owned()]).await?;
        next.map(|c| c.n).ok_or(Error::Database(sqlx::Error::RowNotFound))
    }
}
