//! Jobs: what is done from time to time, taken by one process at a time.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;

row! {
    /// A job.
    JobRow {
        /// Which.
        kind: String,
        /// When it is due next.
        due_at: Timestamp,
        /// Until when it is taken, if it is.
        leased_until: Option<Timestamp>,
        /// How often it has been taken.
        fence: i64,
        /// When it last ran to its end.
        ran_at: Option<Timestamp>,
        /// Why it last failed, if it did.
        failed: Option<String>,
    }
}

row! {
    /// The number of a taking.
    Fence {
        /// It.
        fence: i64,
    }
}

const SELECT: &str = "select kind, due_at, leased_until, fence, ran_at, failed from job where region = $1";

impl Tx {
    /// Makes a job that is not there yet; one that is stays as it is.
    pub async fn add_job(&mut self, region: Region, kind: &str, due_at: Timestamp) -> Result<()> {
        let sql = "insert into job (region, kind, due_at, fence) values ($1, $2, $3, $4) \
                   on conflict (region, kind) do nothing";
        self.run(sql, values![region, kind.to_owned(), due_at, 0i64]).await?;
        Ok(())
    }

    /// Every job, by kind.
    pub async fn jobs(&mut self, region: Region) -> Result<Vec<JobRow>> {
        Select::new(SELECT, region).then("order by kind").all(self).await
    }

    /// Takes a job that is due and that nobody holds, until `until`; its fencing number, or nothing.
    pub async fn take_job(
        &mut self,
        region: Region,
        kind: &str,
        now: Timestamp,
        until: Timestamp,
    ) -> Result<Option<i64>> {
        let sql = "update job set leased_until = $4, fence = fence + 1 where region = $1 and kind = $2 \
                   and due_at <= $3 and coalesce(leased_until, 0) <= $3 returning fence";
        let taken: Option<Fence> = self.row(sql, values![region, kind.to_owned(), now, until]).await?;
        Ok(taken.map(|t| t.fence))
    }

    /// Ends a taking: when the job is due next, and how it went. `false` if somebody else has taken it since.
    pub async fn end_job(
        &mut self,
        region: Region,
        kind: &str,
        fence: i64,
        (now, next): (Timestamp, Timestamp),
        failed: Option<&str>,
    ) -> Result<bool> {
        let sql = "update job set leased_until = null, due_at = $4, ran_at = $5, failed = $6 \
                   where region = $1 and kind = $2 and fence = $3";
        let failed = failed.map(str::to_owned);
        Ok(self.run(sql, values![region, kind.to_owned(), fence, next, now, failed]).await? > 0)
    }

    /// Makes a job due at once, for example after something happened that it waits for.
    pub async fn hasten_job(&mut self, region: Region, kind: &str, at: Timestamp) -> Result<()> {
        let sql = "update job set due_at = $3 where region = $1 and kind = $2 and due_at > $3";
        self.run(sql, values![region, kind.to_owned(), at]).await?;
        Ok(())
    }
}
