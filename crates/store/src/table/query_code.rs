//! Query codes (查询码): how an applicant without an account finds the own request.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A query code; the code itself is not kept.
    QueryCodeRow {
        /// The digest of the code, in hexadecimal.
        digest: String,
        /// The request it opens.
        request: Uuid,
        /// What is asked for besides the code; opaque here.
        second: String,
        /// Failed attempts since the last success.
        failed: i64,
        /// Until when no attempt is accepted.
        locked_until: Option<Timestamp>,
    }
}

const SELECT: &str = "select digest, request, second, failed, locked_until from query_code where region = $1";

impl Tx {
    /// Writes a query code, new or changed.
    pub async fn put_query_code(&mut self, region: Region, code: &QueryCodeRow) -> Result<()> {
        let sql = "insert into query_code (region, digest, request, second, failed, locked_until) \
                   values ($1, $2, $3, $4, $5, $6) \
                   on conflict (region, digest) do update set request = excluded.request, \
                   second = excluded.second, failed = excluded.failed, locked_until = excluded.locked_until";
        self.run(sql, code.values(region)).await?;
        Ok(())
    }

    /// The query code with this digest.
    pub async fn query_code(&mut self, region: Region, digest: &str) -> Result<Option<QueryCodeRow>> {
        Select::new(SELECT, region).and("digest = {}", digest.to_owned()).one(self).await
    }
}
