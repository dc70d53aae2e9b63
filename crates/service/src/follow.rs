//! What the journal recorded since an index in memory last looked. The index is a read model: it follows the journal, so
//! a question costs no scan of a table.

use crate::error::Result;
use std::collections::BTreeSet;
use store::{Region, Tx};
use uuid::Uuid;

/// Entries read at a time.
const PAGE: i64 = 5_000;
/// More entries than this since the last question, and building anew is cheaper.
const MOST_BEHIND: i64 = 50_000;

/// What happened since.
#[derive(Debug)]
pub(crate) enum Since {
    /// Too much to read, or nothing was read yet: build anew.
    Everything,
    /// These subjects, by kind.
    These(BTreeSet<(String, Uuid)>),
}

/// What was recorded after the entry `seen`, and the number of the last entry there is.
pub(crate) async fn since(tx: &mut Tx, region: Region, seen: Option<i64>) -> Result<(i64, Since)> {
    let regions = tx.regions().await?;
    let now = regions.iter().find(|r| r.region == region).map_or(0, |r| r.seq);
    let Some(mut seq) = seen.filter(|seq| (0..=MOST_BEHIND).contains(&(now - seq))) else {
        return Ok((now, Since::Everything));
    };
    let mut changed = BTreeSet::new();
    while seq < now {
        let entries = tx.entries(region, seq, PAGE).await?;
        let Some(last) = entries.last() else { break };
        seq = last.seq;
        changed.extend(entries.into_iter().map(|e| (e.subject_kind, e.subject)));
    }
    Ok((now, Since::These(changed)))
}
