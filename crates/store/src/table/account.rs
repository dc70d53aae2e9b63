//! Accounts of officers, their secrets and their sessions.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// An account.
    AccountRow {
        /// Its id.
        id: Uuid,
        /// What its holder logs in with; unique in the region.
        login: String,
        /// Name of its holder.
        name: String,
        /// The unit its holder works for.
        unit: Option<Uuid>,
        /// Its roles, as JSON; opaque here.
        roles: String,
        /// Whether it may not be used.
        disabled: bool,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// What an account proves itself with; not part of the journal.
    SecretRow {
        /// Whose.
        account: Uuid,
        /// The hash of the password, with its parameters.
        password_hash: String,
        /// Failed attempts since the last success.
        failed: i64,
        /// Until when no attempt is accepted.
        locked_until: Option<Timestamp>,
    }
}

row! {
    /// A session.
    SessionRow {
        /// The hash of its token, in hexadecimal; the token itself is not kept.
        token_hash: String,
        /// Whose.
        account: Uuid,
        /// When it began.
        created_at: Timestamp,
        /// When it ends.
        expires_at: Timestamp,
        /// When it was last used.
        seen_at: Timestamp,
    }
}

const ACCOUNT: &str = "select id, login, name, unit, roles, disabled, version from account where region = $1";
const SECRET: &str = "select account, password_hash, failed, locked_until from secret where region = $1";
const SESSION: &str =
    "select token_hash, account, created_at, expires_at, seen_at from session where region = $1";

impl Tx {
    /// Writes an account, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if another account has its login.
    pub async fn put_account(&mut self, region: Region, account: &AccountRow) -> Result<()> {
        let sql = "insert into account (region, id, login, name, unit, roles, disabled, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8) \
                   on conflict (region, id) do update set login = excluded.login, name = excluded.name, \
                   unit = excluded.unit, roles = excluded.roles, disabled = excluded.disabled, \
                   version = excluded.version";
        self.run(sql, account.values(region)).await?;
        Ok(())
    }

    /// The account with this id.
    pub async fn account(&mut self, region: Region, id: Uuid) -> Result<Option<AccountRow>> {
        Select::new(ACCOUNT, region).and("id = {}", id).one(self).await
    }

    /// The account with this login.
    pub async fn account_by_login(&mut self, region: Region, login: &str) -> Result<Option<AccountRow>> {
        Select::new(ACCOUNT, region).and("login = {}", login.to_owned()).one(self).await
    }

    /// Every account, by login.
    pub async fn accounts(&mut self, region: Region) -> Result<Vec<AccountRow>> {
        Select::new(ACCOUNT, region).then("order by login").all(self).await
    }

    /// Writes the secret of an account.
    pub async fn put_secret(&mut self, region: Region, secret: &SecretRow) -> Result<()> {
        let sql = "insert into secret (region, account, password_hash, failed, locked_until) \
                   values ($1, $2, $3, $4, $5) \
                   on conflict (region, account) do update set password_hash = excluded.password_hash, \
                   failed = excluded.failed, locked_until = excluded.locked_until";
        self.run(sql, secret.values(region)).await?;
        Ok(())
    }

    /// The secret of an account.
    pub async fn secret(&mut self, region: Region, account: Uuid) -> Result<Option<SecretRow>> {
        Select::new(SECRET, region).and("account = {}", account).one(self).await
    }

    /// Takes the secret of an account away; `false` if it had none.
    pub async fn delete_secret(&mut self, region: Region, account: Uuid) -> Result<bool> {
        let sql = "delete from secret where region = $1 and account = $2";
        Ok(self.run(sql, values![region, account]).await? > 0)
    }

    /// Writes a session, new or seen again.
    pub async fn put_session(&mut self, region: Region, session: &SessionRow) -> Result<()> {
        let sql = "insert into session (region, token_hash, account, created_at, expires_at, seen_at) \
                   values ($1, $2, $3, $4, $5, $6) \
                   on conflict (region, token_hash) do update set account = excluded.account, \
                   created_at = excluded.created_at, expires_at = excluded.expires_at, seen_at = excluded.seen_at";
        self.run(sql, session.values(region)).await?;
        Ok(())
    }

    /// The session with this token hash, expired or not.
    pub async fn session(&mut self, region: Region, token_hash: &str) -> Result<Option<SessionRow>> {
        Select::new(SESSION, region).and("token_hash = {}", token_hash.to_owned()).one(self).await
    }

    /// Ends a session; `false` if there was none.
    pub async fn delete_session(&mut self, region: Region, token_hash: &str) -> Result<bool> {
        let sql = "delete from session where region = $1 and token_hash = $2";
        Ok(self.run(sql, values![region, token_hash.to_owned()]).await? > 0)
    }

    /// Ends every session of an account; how many there were.
    pub async fn delete_sessions_of(&mut self, region: Region, account: Uuid) -> Result<u64> {
        let sql = "delete from session where region = $1 and account = $2";
        self.run(sql, values![region, account]).await
    }

    /// Removes the sessions that expired at this instant or before; how many there were.
    pub async fn purge_sessions(&mut self, region: Region, expired_by: Timestamp) -> Result<u64> {
        let sql = "delete from session where region = $1 and expires_at <= $2";
        self.run(sql, values![region, expired_by]).await
    }
}
