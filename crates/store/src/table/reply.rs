//! Letters by e-mail to people outside: what waits, was sent or cannot be sent. Address and text are sealed.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A letter to somebody outside.
    ReplyRow {
        /// Its id.
        id: Uuid,
        /// What makes it the only one of its kind.
        key: String,
        /// The unit that writes it.
        unit: Uuid,
        /// The request it is about.
        request: Option<Uuid>,
        /// The nonce.
        nonce: Vec<u8>,
        /// Address and text, encrypted by the caller.
        sealed: Vec<u8>,
        /// `waiting`, `sent` or `failed`.
        state: String,
        /// When it was made.
        made_at: Timestamp,
        /// When it is tried next.
        due_at: Timestamp,
        /// How often it was tried.
        tries: i64,
        /// Why it last failed, if it did.
        failed: Option<String>,
    }
}

const SELECT: &str = "select id, key, unit, request, nonce, sealed, state, made_at, due_at, tries, failed \
                      from reply where region = $1";

impl Tx {
    /// Puts a letter into the outbox; one whose key is there already stays as it is. `false` if it was.
    pub async fn add_reply(&mut self, region: Region, reply: &ReplyRow) -> Result<bool> {
        let sql = "insert into reply (region, id, key, unit, request, nonce, sealed, state, made_at, due_at, tries, \
                   failed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   on conflict (region, key) do nothing";
        Ok(self.run(sql, reply.values(region)).await? > 0)
    }

    /// The letter with this id.
    pub async fn reply(&mut self, region: Region, id: Uuid) -> Result<Option<ReplyRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The letter with this key.
    pub async fn reply_with_key(&mut self, region: Region, key: &str) -> Result<Option<ReplyRow>> {
        Select::new(SELECT, region).and("key = {}", key.to_owned()).one(self).await
    }

    /// Letters that wait and are due, the longest waiting first.
    pub async fn replies_due(&mut self, region: Region, now: Timestamp, limit: i64) -> Result<Vec<ReplyRow>> {
        let select = Select::new(SELECT, region).only("state = 'waiting'", true).and("due_at <= {}", now);
        select.then("order by due_at, id").limit(limit).all(self).await
    }

    /// Takes a letter to try it: it is not due again before `next`. `false` if somebody else took it since it was read.
    pub async fn try_reply(&mut self, region: Region, reply: &ReplyRow, next: Timestamp) -> Result<bool> {
        let sql = "update reply set tries = tries + 1, due_at = $5 where region = $1 and id = $2 and tries = $3 \
                   and due_at = $4 and state = 'waiting'";
        Ok(self.run(sql, values![region, reply.id, reply.tries, reply.due_at, next]).await? > 0)
    }

    /// Notes how a try went.
    pub async fn settle_reply(
        &mut self,
        region: Region,
        id: Uuid,
        state: &str,
        failed: Option<&str>,
    ) -> Result<()> {
        let sql = "update reply set state = $3, failed = $4 where region = $1 and id = $2";
        self.run(sql, values![region, id, state.to_owned(), failed.map(str::to_owned)]).await?;
        Ok(())
    }

    /// Takes away every letter whose key begins so, sent or not; how many. The beginning holds no `%` and no `_`.
    pub async fn remove_replies(&mut self, region: Region, key: &str) -> Result<u64> {
        let sql = "delete from reply where region = $1 and key like $2";
        self.run(sql, values![region, format!("{key}%")]).await
    }

    /// Takes away what was settled and made before an instant; how many.
    pub async fn purge_replies(&mut self, region: Region, made_before: Timestamp) -> Result<u64> {
        let sql = "delete from reply where region = $1 and made_at < $2 and state <> 'waiting'";
        self.run(sql, values![region, made_before]).await
    }
}
