//! Save and return (暂存): a form not submitted yet is kept sealed and found by its code. Only the digest of the code is
//! stored; the draft is gone when it is submitted or after some days.

use super::proof::{digest, grouped, spelled};
use crate::Service;
use crate::context::{Context, civil_date};
use crate::error::{Error, Result};
use crate::vault::Vault;
use crate::{Actor, Permission};
use jiff::SignedDuration;
use jiff::civil::Date;
use store::DraftRow;

/// Places of the code of a draft: eighty bits, because the code alone opens it.
const CODE_LENGTH: usize = 16;
/// Fields a form may have, and bytes all of them together.
const MOST: (usize, usize) = (200, 200_000);

/// A draft that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// The code, as it is shown.
    pub code: String,
    /// The last day on which it is found.
    pub until: Date,
}

/// A draft that was found again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// The code, as it is shown.
    pub code: String,
    /// The fields as they were typed.
    pub fields: Vec<(String, String)>,
    /// The last day on which it is found.
    pub until: Date,
}

fn no_such_draft() -> Error {
    Error::NotFound("没有找到暂存的申请，可能已经提交或者超过保存期限，请核对暂存码或者重新填写".into())
}

/// The digest under which a draft is kept; `None` if the code cannot be one.
pub(super) fn draft_digest(code: &str) -> Option<String> {
    Some(digest(&format!("draft/{}", spelled(code, CODE_LENGTH)?)))
}

impl Service {
    /// Saves a form, anew or under the code it has already. Drafts that have expired are forgotten meanwhile.
    ///
    /// # Errors
    /// More is sent than any form holds.
    pub async fn save_draft(
        &self,
        mut ctx: Context,
        code: Option<&str>,
        fields: Vec<(String, String)>,
    ) -> Result<Saved> {
        let bytes: usize = fields.iter().map(|(n, v)| n.len() + v.len()).sum();
        if fields.len() > MOST.0 || bytes > MOST.1 {
            return Err(Error::Invalid("填写的内容过多，无法暂存，请分成几份填写".into()));
        }
        ctx.actor = Actor::Anonymous;
        // The answer of a keyed verb is kept, and the code must not be.
        ctx.key = None;
        let at = ctx.at;
        let known = match code.and_then(draft_digest) {
            Some(digest) => {
                self.look().await?.draft(self.region, &digest).await?.filter(|d| d.expires_at > at)
            }
            None => None,
        };
        let code = match (known, code) {
            (Some(_), Some(code)) => spelled(code, CODE_LENGTH),
            _ => None,
        };
        let code = code.unwrap_or_else(|| Vault::code_of(ctx.entropy.bytes(), CODE_LENGTH));
        let digest = draft_digest(&code).ok_or_else(no_such_draft)?;
        let expires_at = at + SignedDuration::from_hours(24 * i64::from(self.limits.draft_days));
        self.verb(ctx, "save-draft", move |mut work| {
            Box::pin(async move {
                work.tx.purge_drafts(work.region, at).await?;
                let mut nonce = [0; 12];
                nonce.copy_from_slice(&work.ctx.entropy.bytes()[..12]);
                let sealed = work.vault.seal_value(digest.as_bytes(), nonce, &fields)?;
                let row = DraftRow { digest, nonce: nonce.to_vec(), sealed, saved_at: at, expires_at };
                Ok(work.tx.put_draft(work.region, &row).await?)
            })
        })
        .await?;
        Ok(Saved { code: grouped(&code), until: last_day(expires_at) })
    }

    /// The draft with this code.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or it has expired.
    pub async fn draft(&self, ctx: &Context, code: &str) -> Result<Draft> {
        let digest = draft_digest(code).ok_or_else(no_such_draft)?;
        let row = self.look().await?.draft(self.region, &digest).await?;
        let row = row.filter(|d| d.expires_at > ctx.at).ok_or_else(no_such_draft)?;
        Ok(Draft {
            code: grouped(&spelled(code, CODE_LENGTH).unwrap_or_default()),
            fields: self.vault.open_value(digest.as_bytes(), &row.nonce, &row.sealed)?,
            until: last_day(row.expires_at),
        })
    }

    /// Forgets the drafts that have expired, and says how many; for the job of the night.
    ///
    /// # Errors
    /// The actor may not maintain the system.
    pub async fn purge_drafts(&self, mut ctx: Context) -> Result<u64> {
        ctx.actor.must(Permission::Upkeep)?;
        ctx.key = None;
        let at = ctx.at;
        self.verb(ctx, "purge-drafts", move |work| {
            Box::pin(async move { Ok(work.tx.purge_drafts(work.region, at).await?) })
        })
        .await
    }
}

/// The last whole day before an instant of expiry.
fn last_day(expires_at: jiff::Timestamp) -> Date {
    civil_date(expires_at).yesterday().unwrap_or(Date::MIN)
}
