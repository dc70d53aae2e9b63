//! Signing in: one sentence for every refusal, the same work for every name, a lock after repeated failures.

use super::{AccountEvent, actor_of, hex, password};
use crate::Service;
use crate::context::{Actor, Context};
use crate::error::{Error, Result};
use crate::register::Work;
use jiff::{SignedDuration, Timestamp};
use sm3::{Digest, Sm3};
use store::{AccountRow, SessionRow, Tx};
use uuid::Uuid;

/// Failed sign-ins in a row after which an account is locked.
pub const FAILURES: i64 = 5;
/// How long it stays locked.
pub const LOCKED: SignedDuration = SignedDuration::from_mins(15);
/// A session ends when it was not used for so long.
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends so long after it began, used or not.
pub const LONGEST: SignedDuration = SignedDuration::from_hours(12);
/// A use is written down only if the last one written is older than this: reading pages should not write.
const NOTED: SignedDuration = SignedDuration::from_secs(60);

/// The one sentence for a wrong name, a wrong password, a locked and a disabled account: it must not tell them apart.
const REFUSED: &str =
    "登录名或者密码不正确；连续输错5次，账号锁定15分钟，请核对后再试，忘记密码的请联系系统管理员";

/// What a sign-in gives. The token is shown to nobody but the browser that signed in.
#[derive(Clone)]
pub struct SignedIn {
    /// 256 random bits in hexadecimal.
    pub token: String,
    /// Who signed in.
    pub actor: Actor,
}

fn token_hash(token: &str) -> String {
    hex(&Sm3::digest(token.as_bytes()))
}

impl Service {
    /// Signs in. A wrong name, a wrong password, a locked and a disabled account get one and the same sentence after
    /// the same work; [`FAILURES`] failures in a row lock the account for [`LOCKED`].
    pub async fn sign_in(&self, ctx: Context, login: &str, password: &str) -> Result<SignedIn> {
        let (admitted, token) = self.attempt(ctx, login, password).await?;
        let account = admitted.ok_or_else(|| Error::Invalid(REFUSED.into()))?;
        Ok(SignedIn { token, actor: actor_of(&account)? })
    }

    /// One attempt: whom it admits, and the token of the session begun.
    pub(super) async fn attempt(
        &self,
        mut ctx: Context,
        login: &str,
        password: &str,
    ) -> Result<(Option<AccountRow>, String)> {
        // The answer must never be kept under an idempotency key: it holds the token.
        ctx.key = None;
        let login = login.trim().to_lowercase();
        let mut tx = self.look().await?;
        let row = tx.account_by_login(self.region, &login).await?;
        let secret = match &row {
            Some(row) => tx.secret(self.region, row.id).await?,
            None => None,
        };
        drop(tx);
        let compared = secret.as_ref().map(|s| s.password_hash.clone());
        let right = password::matches(password.to_owned(), compared.clone()).await?;
        let token = hex(&ctx.entropy.bytes());
        let (Some(row), Some(compared)) = (row, compared) else {
            // A name that exists costs a turn of the writer as well.
            self.purge_sessions(ctx.at).await?;
            return Ok((None, token));
        };
        let hash = token_hash(&token);
        let admitted = self
            .verb(ctx, "sign-in", move |work| {
                Box::pin(async move { settle_attempt(work, row.id, &compared, right, hash).await })
            })
            .await?;
        if !admitted {
            return Ok((None, token));
        }
        let mut tx = self.look().await?;
        Ok((tx.account_by_login(self.region, &login).await?, token))
    }

    /// Who holds this token; `None` if there is no such session, it has ended, or the account was disabled. Roles are
    /// those of now, not those of the sign-in.
    pub async fn session(&self, at: Timestamp, token: &str) -> Result<Option<Actor>> {
        let hash = token_hash(token);
        let mut tx = self.look().await?;
        let Some(session) = tx.session(self.region, &hash).await? else { return Ok(None) };
        let account = tx.account(self.region, session.account).await?;
        drop(tx);
        let Some(account) = account.filter(|a| !a.disabled) else { return Ok(None) };
        if at >= session.expires_at || at.duration_since(session.seen_at) >= IDLE {
            self.sign_out(token).await?;
            return Ok(None);
        }
        if at.duration_since(session.seen_at) >= NOTED {
            let region = self.region;
            self.store
                .write(move |tx: &mut Tx| {
                    Box::pin(async move {
                        // It may have been ended since it was read; then it stays so.
                        if tx.session(region, &session.token_hash).await?.is_some() {
                            tx.put_session(region, &SessionRow { seen_at: at, ..session }).await?;
                        }
                        Ok::<(), Error>(())
                    })
                })
                .await?;
        }
        actor_of(&account).map(Some)
    }

    async fn purge_sessions(&self, at: Timestamp) -> Result<()> {
        let region = self.region;
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move { tx.purge_sessions(region, at).await.map(|_| ()).map_err(Error::from) })
            })
            .await
    }

    /// Ends a session; a token that is unknown or has ended is no error.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let (region, hash) = (self.region, token_hash(token));
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(
                    async move { tx.delete_session(region, &hash).await.map(|_| ()).map_err(Error::from) },
                )
            })
            .await
    }
}

/// Counts the attempt, and begins the session if it is admitted. The secret is read again: while the password was
/// compared, other attempts may have locked the account, or the password may have been changed.
async fn settle_attempt(
    mut work: Work<'_>,
    account: Uuid,
    compared: &str,
    right: bool,
    token_hash: String,
) -> Result<bool> {
    let (region, at) = (work.region, work.ctx.at);
    let Some(mut secret) = work.tx.secret(region, account).await? else { return Ok(false) };
    if secret.locked_until.is_some_and(|until| at < until) {
        return Ok(false);
    }
    let disabled = work.tx.account(region, account).await?.is_none_or(|a| a.disabled);
    let right = right && secret.password_hash == compared;
    let locks = !right && secret.failed + 1 >= FAILURES;
    secret.failed = if right || locks { 0 } else { secret.failed + 1 };
    secret.locked_until = locks.then(|| at + LOCKED);
    work.tx.put_secret(region, &secret).await?;
    if let Some(until) = secret.locked_until {
        work.account_event(account, AccountEvent::Locked { until }).await?;
    }
    if !right || disabled {
        return Ok(false);
    }
    work.tx.purge_sessions(region, at).await?;
    let session = SessionRow { token_hash, account, created_at: at, expires_at: at + LONGEST, seen_at: at };
    work.tx.put_session(region, &session).await?;
    Ok(true)
}
