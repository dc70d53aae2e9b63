//! Forms of applicants that are not submitted yet (暂存), encrypted by the caller.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;

row! {
    /// A form not submitted yet; the code that finds it is not kept.
    DraftRow {
        /// The digest of the code, in hexadecimal.
        digest: String,
        /// The nonce.
        nonce: Vec<u8>,
        /// The ciphertext.
        sealed: Vec<u8>,
        /// When it was saved last.
        saved_at: Timestamp,
        /// When it is gone.
        expires_at: Timestamp,
    }
}

const SELECT: &str = "select digest, nonce, sealed, saved_at, expires_at from draft where region = $1";

impl Tx {
    /// Writes a draft, new or changed.
    pub async fn put_draft(&mut self, region: Region, draft: &DraftRow) -> Result<()> {
        let sql = "insert into draft (region, digest, nonce, sealed, saved_at, expires_at) \
                   values ($1, $2, $3, $4, $5, $6) \
                   on conflict (region, digest) do update set nonce = excluded.nonce, sealed = excluded.sealed, \
                   saved_at = excluded.saved_at, expires_at = excluded.expires_at";
        self.run(sql, draft.values(region)).await?;
        Ok(())
    }

    /// The draft with this digest, expired or not.
    pub async fn draft(&mut self, region: Region, digest: &str) -> Result<Option<DraftRow>> {
        Select::new(SELECT, region).and("digest = {}", digest.to_owned()).one(self).await
    }

    /// Forgets a draft. `false` if there is none.
    pub async fn delete_draft(&mut self, region: Region, digest: &str) -> Result<bool> {
        let sql = "delete from draft where region = $1 and digest = $2";
        Ok(self.run(sql, values![region, digest.to_owned()]).await? > 0)
    }

    /// Forgets the drafts that have expired by now, and says how many.
    pub async fn purge_drafts(&mut self, region: Region, now: Timestamp) -> Result<u64> {
        self.run("delete from draft where region = $1 and expires_at <= $2", values![region, now]).await
    }
}
