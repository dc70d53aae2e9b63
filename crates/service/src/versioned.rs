//! Texts that belong to a unit and are kept in versions, for ever: templates of letters, lists of words, settings of the
//! checks. Each is a setting for the number of the version that holds and a setting for every version.

use crate::Region;
use crate::context::civil_date;
use crate::error::{Error, Result};
use crate::register::Work;
use crate::unit::Tree;
use law::Date;
use serde::{Deserialize, Serialize};
use store::Tx;
use uuid::Uuid;

/// A version as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub(crate) source: String,
    pub(crate) on: Date,
    pub(crate) by: String,
}

fn key(name: &str, version: u32) -> String {
    format!("{name}.{version}")
}

/// The version that holds of the text called so; none if there is none, or if it was given up.
pub(crate) async fn newest(tx: &mut Tx, region: Region, name: &str) -> Result<Option<(u32, Kept)>> {
    let Some(version) = tx.setting(region, name).await? else { return Ok(None) };
    let version: u32 = version.parse().map_err(|_| Error::Internal(version.clone()))?;
    if version == 0 {
        return Ok(None);
    }
    let kept = of_version(tx, region, name, version).await?;
    let kept = kept.ok_or_else(|| Error::Internal(format!("{name}: version {version} is missing")))?;
    Ok(Some((version, kept)))
}

/// A version of the text called so, if there is one of this number.
pub(crate) async fn of_version(
    tx: &mut Tx,
    region: Region,
    name: &str,
    version: u32,
) -> Result<Option<Kept>> {
    let Some(kept) = tx.setting(region, &key(name, version)).await? else { return Ok(None) };
    serde_json::from_str(&kept).map(Some).map_err(|e| Error::Internal(e.to_string()))
}

/// The versions that hold of a unit and of those above it, the nearest first; `name` is what the text of a unit is called.
pub(crate) async fn in_line(
    tx: &mut Tx,
    region: Region,
    unit: Uuid,
    name: fn(Uuid) -> String,
) -> Result<Vec<(Uuid, u32, Kept)>> {
    let tree = Tree::read(tx, region).await?;
    let (mut at, mut all) = (Some(unit), Vec::new());
    for _ in 0..=tree.0.len() {
        let Some(id) = at else { break };
        if let Some((version, kept)) = newest(tx, region, &name(id)).await? {
            all.push((id, version, kept));
        }
        at = tree.get(id)?.parent;
    }
    Ok(all)
}

impl Work<'_> {
    /// Keeps a new version of the text called so and gives its number; an empty text gives it up, and is number 0.
    pub(crate) async fn keep_version(&mut self, name: &str, source: String) -> Result<u32> {
        let mut version = 0;
        if !source.is_empty() {
            version = 1;
            while self.tx.setting(self.region, &key(name, version)).await?.is_some() {
                version += 1;
            }
            let (on, by) = (civil_date(self.ctx.at), self.ctx.actor.journal_name());
            let kept = serde_json::to_string(&Kept { source, on, by });
            let kept = kept.map_err(|e| Error::Internal(e.to_string()))?;
            self.tx.put_setting(self.region, &key(name, version), &kept).await?;
        }
        self.tx.put_setting(self.region, name, &version.to_string()).await?;
        Ok(version)
    }
}
