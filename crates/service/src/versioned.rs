//! Texts that belong to a unit and are kept in versions, for ever: templates of letters, lists of words. Each is a setting
//! for the number of the version that holds and a setting for every version.

use crate::Region;
use crate::context::civil_date;
use crate::error::{Error, Result};
use crate::register::Work;
use law::Date;
use serde::{Deserialize, Serialize};
use store::Tx;

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
    let kept = tx.setting(region, &key(name, version)).await?.unwrap_or_default();
    let kept = serde_json::from_str(&kept).map_err(|e| Error::Internal(e.to_string()))?;
    Ok(Some((version, kept)))
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
