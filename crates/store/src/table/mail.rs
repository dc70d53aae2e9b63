//! Mail that waits, was sent or cannot be sent; and where officers are reached.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A letter by e-mail.
    MailRow {
        /// Its id.
        id: Uuid,
        /// What makes it the only one of its kind.
        key: String,
        /// Whom it is for.
        account: Uuid,
        /// Where it goes.
        address: String,
        /// Its subject.
        subject: String,
        /// Its text.
        body: String,
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

row! {
    /// Where an account is reached.
    ContactRow {
        /// Whose.
        account: Uuid,
        /// The address.
        email: String,
    }
}

const SELECT: &str = "select id, key, account, address, subject, body, state, made_at, due_at, tries, failed \
                      from mail where region = $1";
const CONTACT: &str = "select account, email from contact where region = $1";

impl Tx {
    /// Puts letters into the outbox; one whose key is there already stays as it is. How many were new.
    pub async fn add_mail(&mut self, region: Region, mail: &[MailRow]) -> Result<u64> {
        let sql = "insert into mail (region, id, key, account, address, subject, body, state, made_at, due_at, tries, \
                   failed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   on conflict (region, key) do nothing";
        self.run_many(sql, mail.iter().map(|m| m.values(region)).collect()).await
    }

    /// Letters that wait and are due, the longest waiting first.
    pub async fn mail_due(&mut self, region: Region, now: Timestamp, limit: i64) -> Result<Vec<MailRow>> {
        let select = Select::new(SELECT, region).only("state = 'waiting'", true).and("due_at <= {}", now);
        select.then("order by due_at, id").limit(limit).all(self).await
    }

    /// Takes a letter to try it: it is not due again before `next`. `false` if somebody else took it since it was read.
    pub async fn try_mail(&mut self, region: Region, mail: &MailRow, next: Timestamp) -> Result<bool> {
        let sql = "update mail set tries = tries + 1, due_at = $5 where region = $1 and id = $2 and tries = $3 \
                   and due_at = $4 and state = 'waiting'";
        Ok(self.run(sql, values![region, mail.id, mail.tries, mail.due_at, next]).await? > 0)
    }

    /// Notes how a try went.
    pub async fn settle_mail(
        &mut self,
        region: Region,
        id: Uuid,
        state: &str,
        failed: Option<&str>,
    ) -> Result<()> {
        let sql = "update mail set state = $3, failed = $4 where region = $1 and id = $2";
        self.run(sql, values![region, id, state.to_owned(), failed.map(str::to_owned)]).await?;
        Ok(())
    }

    /// The letter with this id.
    pub async fn mail(&mut self, region: Region, id: Uuid) -> Result<Option<MailRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Takes away what was settled and made before an instant; how many.
    pub async fn purge_mail(&mut self, region: Region, made_before: Timestamp) -> Result<u64> {
        let sql = "delete from mail where region = $1 and made_at < $2 and state <> 'waiting'";
        self.run(sql, values![region, made_before]).await
    }

    /// Notes where an account is reached; `None` takes that away.
    pub async fn put_contact(&mut self, region: Region, account: Uuid, email: Option<&str>) -> Result<()> {
        match email {
            Some(email) => {
                let sql = "insert into contact (region, account, email) values ($1, $2, $3) \
                           on conflict (region, account) do update set email = excluded.email";
                self.run(sql, values![region, account, email.to_owned()]).await?;
            }
            None => {
                let sql = "delete from contact where region = $1 and account = $2";
                self.run(sql, values![region, account]).await?;
            }
        }
        Ok(())
    }

    /// Where accounts are reached.
    pub async fn contacts(&mut self, region: Region) -> Result<Vec<ContactRow>> {
        Select::new(CONTACT, region).then("order by account").all(self).await
    }
}
