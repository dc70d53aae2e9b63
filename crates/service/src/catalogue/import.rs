//! A catalogue out of a workbook: read whole, compared with what is there, and taken whole or not at all.
//!
//! An entry is the same if 一级事项 and 二级事项 are the same, the first of that name first. So a file can be imported again
//! and again: what has not changed stays as it is, and documents keep the entries they are published under. What the file
//! does not name is left alone and told.

use super::sheet::{self, Read};
use super::{CatalogueEntries, item_of};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Work};
use crate::transfer::BadRow;
use crate::unit::Tree;
use jiff::civil::Date;
use law::catalogue::{Field, Item, MOST_ENTRIES, Tier};
use law::docket::catalogue::{CatalogueEvent, Stage};
use law::docket::unit::Level;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use store::CatalogueEntryRow;
use uuid::Uuid;

/// What an import came to, or would.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Entries of the file.
    pub rows: usize,
    /// Entered anew.
    pub new: usize,
    /// Changed.
    pub changed: usize,
    /// As they were.
    pub same: usize,
    /// Entries of these fields that the file does not name: field and title.
    pub left: Vec<(String, String)>,
    /// Rows that cannot be taken; then none is.
    pub bad: Vec<BadRow>,
}

/// What a workbook is to become.
#[derive(Debug, Clone)]
pub struct ToImport {
    /// The day on which it counts.
    pub on: Date,
    /// The agency that keeps the catalogue.
    pub kept_by: Uuid,
    /// The field of sheets that name none.
    pub field: Option<&'static Field>,
    /// The levels of sheets that name none.
    pub tiers: BTreeSet<Tier>,
    /// Whether it is only tried.
    pub dry: bool,
}

fn bad(read: &Read, reason: impl Into<String>) -> BadRow {
    BadRow { row: read.row, column: read.sheet.clone(), reason: reason.into() }
}

/// Why rows cannot be taken, before anything is looked at in the register.
fn refused(rows: &[Read]) -> Vec<BadRow> {
    let mut of_field: BTreeMap<&str, u32> = BTreeMap::new();
    let mut all = Vec::new();
    for row in rows {
        let n = of_field.entry(&row.field.key).or_default();
        *n += 1;
        if *n == MOST_ENTRIES + 1 {
            all.push(bad(row, format!("一个领域最多{MOST_ENTRIES}个事项，请分成几个领域")));
        }
        all.extend(row.item.refusals().into_iter().map(|no| bad(row, no.text)));
    }
    all
}

/// The agencies of the county level whose name stands in 公开主体.
fn named_in(body: &str, tree: &Tree) -> Vec<String> {
    let names: Vec<&str> = body.split(['、', '，', ',', '；', ';', '/', ' ']).map(str::trim).collect();
    let is = |u: &&store::UnitRow| {
        u.level != Level::Township.key() && names.iter().any(|n| *n == u.name || *n == u.short_name)
    };
    tree.0.iter().filter(is).map(|u| u.id.to_string()).collect()
}

impl Work<'_> {
    async fn import_catalogue(&mut self, rows: Vec<Read>, to: &ToImport) -> Result<Imported> {
        self.must_reach(to.kept_by).await?;
        let tree = Tree::read(self.tx, self.region).await?;
        let mut known: HashMap<(String, String, String), VecDeque<(CatalogueEntryRow, Item)>> =
            HashMap::new();
        let fields: BTreeSet<&str> = rows.iter().map(|row| row.field.key.as_str()).collect();
        for field in &fields {
            for row in self.entries_of(field, None).await? {
                // Two agencies may keep a field together; each brings in its own.
                if row.stage == Stage::Withdrawn.key() || row.unit != to.kept_by {
                    continue;
                }
                let item = item_of(&row)?;
                let key = (row.field.clone(), item.first.clone(), item.second.clone());
                known.entry(key).or_default().push_back((row, item));
            }
        }
        let mut done = Imported { rows: rows.len(), ..Imported::default() };
        let mut positions: BTreeMap<&str, u32> = BTreeMap::new();
        for Read { field, mut item, .. } in rows {
            let position = positions.entry(&field.key).or_default();
            *position += 1;
            let key = (field.key.clone(), item.first.clone(), item.second.clone());
            let before = known.get_mut(&key).and_then(VecDeque::pop_front);
            let Some((row, before)) = before else {
                item.units = named_in(&item.body, &tree);
                let event = CatalogueEvent::Entered {
                    kept_by: to.kept_by.to_string(),
                    field: field.key.clone(),
                    position: *position,
                    item: Box::new(item),
                };
                let id = self.ctx.new_id();
                self.begin::<CatalogueEntries>(id, vec![Change::event(to.on, event)]).await?;
                done.new += 1;
                continue;
            };
            // No column of the sheet says these.
            item.units.clone_from(&before.units);
            item.field_name.clone_from(&before.field_name);
            if item == before && row.position == *position {
                done.same += 1;
                continue;
            }
            let event = CatalogueEvent::Changed { position: *position, item: Box::new(item) };
            let version = u32::try_from(row.version).unwrap_or(u32::MAX);
            self.change::<CatalogueEntries>(row.id, version, Change::event(to.on, event)).await?;
            done.changed += 1;
        }
        let mut left: Vec<&CatalogueEntryRow> = known.values().flatten().map(|(row, _)| row).collect();
        left.sort_by_key(|row| (&row.field, row.position));
        done.left = left.iter().map(|row| (row.field.clone(), row.title.clone())).collect();
        Ok(done)
    }
}

impl Service {
    /// Imports the catalogues of a workbook, or tries to: every row or none.
    ///
    /// # Errors
    /// [`Error::Invalid`] with one sentence if the file as a whole cannot be used; bad rows are no error.
    pub async fn import_catalogue(&self, mut ctx: Context, file: Vec<u8>, to: ToImport) -> Result<Imported> {
        ctx.actor.must(Permission::EditRegisters)?;
        let (field, tiers) = (to.field, to.tiers.clone());
        let read = tokio::task::spawn_blocking(move || sheet::read(&file, field, &tiers));
        let rows = read.await.map_err(|e| Error::Internal(e.to_string()))??;
        let bad = refused(&rows);
        if !bad.is_empty() {
            return Ok(Imported { rows: rows.len(), bad, ..Imported::default() });
        }
        if !to.dry {
            return self
                .verb(ctx, "import-catalogue", move |mut work| {
                    Box::pin(async move { work.import_catalogue(rows, &to).await })
                })
                .await;
        }
        // Tried in a transaction that is thrown away: what would refuse a row refuses it here.
        ctx.key = None;
        let found: Arc<Mutex<Option<Imported>>> = Arc::default();
        let kept = found.clone();
        let tried: Result<()> = self
            .verb(ctx, "import-catalogue", move |mut work| {
                Box::pin(async move {
                    let done = work.import_catalogue(rows, &to).await?;
                    if let Ok(mut kept) = kept.lock() {
                        *kept = Some(done);
                    }
                    Err(Error::Internal("tried only".into()))
                })
            })
            .await;
        let done = found.lock().ok().and_then(|mut kept| kept.take());
        match (done, tried) {
            (Some(done), _) => Ok(done),
            (None, Err(e)) => Err(e),
            (None, Ok(())) => Err(Error::Internal("a trial that ended without an outcome".into())),
        }
    }
}
