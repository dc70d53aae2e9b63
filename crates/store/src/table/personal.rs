//! Personal data of applicants, encrypted by the caller. Kept apart from the journal: it can be erased lawfully while
//! the chain stays verifiable.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A record of personal data.
    PersonalRow {
        /// Its id.
        id: Uuid,
        /// What kind of subject it belongs to.
        subject_kind: String,
        /// The subject it belongs to.
        subject: Uuid,
        /// The nonce; empty after erasure.
        nonce: Vec<u8>,
        /// The ciphertext; empty after erasure.
        sealed: Vec<u8>,
        /// When it was erased.
        erased_at: Option<Timestamp>,
    }
}

const SELECT: &str =
    "select id, subject_kind, subject, nonce, sealed, erased_at from personal where region = $1";

impl Tx {
    /// Writes a record, new or changed.
    pub async fn put_personal(&mut self, region: Region, personal: &PersonalRow) -> Result<()> {
        let sql = "insert into personal (region, id, subject_kind, subject, nonce, sealed, erased_at) \
                   values ($1, $2, $3, $4, $5, $6, $7) \
                   on conflict (region, id) do update set subject_kind = excluded.subject_kind, \
                   subject = excluded.subject, nonce = excluded.nonce, sealed = excluded.sealed, \
                   erased_at = excluded.erased_at";
        self.run(sql, personal.values(region)).await?;
        Ok(())
    }

    /// The record with this id.
    pub async fn personal(&mut self, region: Region, id: Uuid) -> Result<Option<PersonalRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The records of a subject.
    pub async fn personal_of(&mut self, region: Region, subject: Uuid) -> Result<Vec<PersonalRow>> {
        Select::new(SELECT, region).and("subject = {}", subject).then("order by id").all(self).await
    }

    /// Erases what is sealed; the row stays and says when. `false` if there is nothing to erase. On SQLite the bytes
    /// are overwritten in the file; copies in backups are the operator's to let expire.
    pub async fn erase_personal(&mut self, region: Region, id: Uuid, at: Timestamp) -> Result<bool> {
        let sql = "update personal set nonce = $3, sealed = $3, erased_at = $4 \
                   where region = $1 and id = $2 and erased_at is null";
        Ok(self.run(sql, values![region, id, Vec::<u8>::new(), at]).await? > 0)
    }
}
