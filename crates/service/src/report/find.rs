//! Full text of published reports: a read model in memory, brought up to date when somebody searches.

use super::snapshot;
use crate::error::Result;
use search::Index;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::ReportRow;
use uuid::Uuid;

/// The index, shared by all clones of a service.
#[derive(Debug, Clone, Default)]
pub(crate) struct PublishedIndex(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    index: Index,
    /// The version each report was indexed at.
    versions: HashMap<Uuid, i64>,
}

impl PublishedIndex {
    /// The reports among `rows` that contain every word, best first. Only reports that changed are read again.
    pub(crate) fn find(&self, rows: &[ReportRow], words: &str) -> Result<Vec<Uuid>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for row in rows {
            if kept.versions.get(&row.id) == Some(&row.version) {
                continue;
            }
            if let Some(snapshot) = snapshot(row)? {
                let text: String = snapshot
                    .parts
                    .values()
                    .flatten()
                    .flat_map(|p| p.runs.iter().map(|r| r.text.as_str()).chain(["\n"]))
                    .collect();
                kept.index.put(&row.id.to_string(), &snapshot.title, &text);
                kept.versions.insert(row.id, row.version);
            }
        }
        let hits = kept.index.find(words, usize::MAX);
        Ok(hits
            .iter()
            .filter_map(|h| Uuid::parse_str(&h.id).ok())
            .filter(|id| rows.iter().any(|r| r.id == *id))
            .collect())
    }
}
