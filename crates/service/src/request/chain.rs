//! The approval chain of an agency: what it has set, or what an office has that has set nothing.

use super::Requests;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Register, Work};
use crate::unit::Tree;
use crate::{Region, Service};
use law::review::Chain;
use store::Tx;
use uuid::Uuid;

/// Setting that holds the chain of a unit.
fn key(unit: Uuid) -> String {
    format!("{}.chain.{unit}", Requests::KIND)
}

/// The chain of a unit: its own, that of the nearest unit above it, or the default.
pub(super) async fn chain_of(tx: &mut Tx, region: Region, unit: Uuid) -> Result<Chain> {
    let tree = Tree::read(tx, region).await?;
    let mut at = Some(unit);
    for _ in 0..=tree.0.len() {
        let Some(id) = at else { break };
        if let Some(text) = tx.setting(region, &key(id)).await? {
            return serde_json::from_str(&text).map_err(|e| Error::Internal(e.to_string()));
        }
        at = tree.get(id)?.parent;
    }
    Ok(Chain::default())
}

impl Service {
    /// The approval chain that holds for a unit.
    pub async fn review_chain(&self, ctx: &Context, unit: Uuid) -> Result<Chain> {
        let mut tx = self.look().await?;
        self.must_see(&mut tx, ctx, unit).await?;
        chain_of(&mut tx, self.region, unit).await
    }

    /// Sets the approval chain of a unit and of those below it that have none of their own. Proposals already drafted
    /// keep theirs. The change is journaled.
    ///
    /// # Errors
    /// The refusals of [`Chain::refusals`].
    pub async fn set_review_chain(&self, ctx: Context, unit: Uuid, chain: Chain) -> Result<()> {
        ctx.actor.must(Permission::WriteLetters)?;
        let refusals = chain.refusals();
        if !refusals.is_empty() {
            return Err(Error::Refused(refusals));
        }
        self.verb(ctx, "set-review-chain", move |mut work: Work<'_>| {
            Box::pin(async move {
                work.must_reach(unit).await?;
                let text = serde_json::to_string(&chain).map_err(|e| Error::Internal(e.to_string()))?;
                work.tx.put_setting(work.region, &key(unit), &text).await?;
                let event = serde_json::json!({ "type": "chain-set", "unit": unit, "chain": chain });
                work.note_access(event).await
            })
        })
        .await
    }
}
