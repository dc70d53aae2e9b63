//! Which units work on a request beside the one it is counted by.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use uuid::Uuid;

row! {
    /// A unit that handles a request or helps with it.
    HelperRow {
        /// The unit.
        unit: Uuid,
        /// The request.
        request: Uuid,
    }
}

const SELECT: &str = "select unit, request from helper where region = $1";

impl Tx {
    /// Writes which units work on a request, in place of those known before.
    pub async fn put_helpers(&mut self, region: Region, request: Uuid, units: &[Uuid]) -> Result<()> {
        self.run("delete from helper where region = $1 and request = $2", values![region, request]).await?;
        if units.is_empty() {
            return Ok(());
        }
        let sql = "insert into helper (region, unit, request) values ($1, $2, $3)";
        let rows = units.iter().map(|unit| HelperRow { unit: *unit, request }.values(region));
        self.run_many(sql, rows.collect()).await?;
        Ok(())
    }

    /// The units that work on a request, by id.
    pub async fn helpers(&mut self, region: Region, request: Uuid) -> Result<Vec<HelperRow>> {
        Select::new(SELECT, region).and("request = {}", request).then("order by unit").all(self).await
    }

    /// The units that work on any request, by request: the next `limit` after this request (nil before the first),
    /// together with all others of the last request in them.
    pub async fn helpers_by_request(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<HelperRow>> {
        let select = Select::new(SELECT, region).and("request > {}", after);
        let mut rows: Vec<HelperRow> = select.then("order by request, unit").limit(limit).all(self).await?;
        if let Some(last) = rows.last().map(|row| row.request)
            && i64::try_from(rows.len()).is_ok_and(|n| n == limit)
        {
            rows.retain(|row| row.request != last);
            rows.extend(self.helpers(region, last).await?);
        }
        Ok(rows)
    }
}
