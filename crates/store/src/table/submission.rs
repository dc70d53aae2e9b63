//! What applicants wrote to their requests later (补正、说明理由、确认), encrypted by the caller.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// What an applicant wrote.
    SubmissionRow {
        /// Its id.
        id: Uuid,
        /// The request it belongs to.
        request: Uuid,
        /// What it is; opaque here.
        kind: String,
        /// When it came.
        recorded_at: Timestamp,
        /// The nonce; empty after erasure.
        nonce: Vec<u8>,
        /// The ciphertext; empty after erasure.
        sealed: Vec<u8>,
        /// When it was erased.
        erased_at: Option<Timestamp>,
    }
}

const SELECT: &str =
    "select id, request, kind, recorded_at, nonce, sealed, erased_at from submission where region = $1";

impl Tx {
    /// Adds what an applicant wrote.
    pub async fn add_submission(&mut self, region: Region, submission: &SubmissionRow) -> Result<()> {
        let sql = "insert into submission (region, id, request, kind, recorded_at, nonce, sealed, erased_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8)";
        self.run(sql, submission.values(region)).await?;
        Ok(())
    }

    /// What was written to a request, in the order it came.
    pub async fn submissions_of(&mut self, region: Region, request: Uuid) -> Result<Vec<SubmissionRow>> {
        Select::new(SELECT, region)
            .and("request = {}", request)
            .then("order by recorded_at, id")
            .all(self)
            .await
    }

    /// Erases everything written to a request; the rows stay and say when. Says how many were erased.
    pub async fn erase_submissions(&mut self, region: Region, request: Uuid, at: Timestamp) -> Result<u64> {
        let sql = "update submission set nonce = $3, sealed = $3, erased_at = $4 \
                   where region = $1 and request = $2 and erased_at is null";
        self.run(sql, values![region, request, Vec::<u8>::new(), at]).await
    }
}
