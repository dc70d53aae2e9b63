//! The verbs: one function per thing a person may do is one permission check, one transaction, and its journal
//! entries. Portal, desk, API, command line and the sample county reach the same functions; none of them holds a rule.
//!
//! [`Service`] is bound to one region. Reading verbs take a snapshot; writing verbs go through `Service::verb`, which
//! answers only after the commit and does nothing twice for the same idempotency key.

pub mod context;
pub mod error;
pub mod register;
pub mod vault;

pub mod account;
pub mod asking;
pub mod board;
pub mod transfer;
pub mod upkeep;
pub mod verify;

mod cell;
mod follow;
mod ledger;
mod versioned;

pub mod catalogue;
pub mod channel;
pub mod cleanup;
pub mod consultation;
pub mod dispute;
pub mod document;
pub mod figure;
pub mod file;
pub mod inbox;
pub mod inspection;
pub mod job;
pub mod letter;
pub mod mail;
pub mod notice;
pub mod platform;
pub mod reach;
pub mod record_correction;
pub mod report;
pub mod request;
pub mod search;
pub mod subscription;
pub mod unit;
pub mod words;

pub use cell::{CellPart, CellRecord, CellRecords, CellUnit, MOST_RECORDS};
pub use context::{Actor, Context, Entropy, Permission, Role, civil_date, zone};
pub use error::{Error, Result};
pub use register::{Change, History, Register, View, Work};
pub use store::{Error as StoreError, Location, Region};

/// Rows of the registers and their filters, as pages and the API read them.
pub mod row {
    pub use store::{
        AccountRow, CatalogueEntryFilter, CatalogueEntryRow, ChannelRow, CleanupRow, ConsultationFilter,
        ConsultationRow, DeliveryRow, DisputeFilter, DisputeRow, DocumentDraftFilter, DocumentDraftRow,
        DocumentFilter, DocumentRow, FigureFilter, FigureRow, RecordCorrectionFilter, RecordCorrectionRow,
        ReportFilingRow, ReportFilter, ReportRow, RequestFilter, RequestRow, SuggestionRow, UnitRow,
    };
}

use futures_util::future::BoxFuture;
use law::calendar::Calendar;
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::sync::Arc;
use store::{Store, Tx};
use upkeep::calendar::InForce;
use vault::Vault;

/// A page of a list: at most `limit` rows after the key of the last row seen.
#[derive(Debug, Clone, Copy)]
pub struct Page<K = jiff::civil::Date> {
    /// Key of the last row of the page before, as the row's `key()` gives it.
    pub after: Option<(K, uuid::Uuid)>,
    /// Rows wanted.
    pub limit: i64,
}

impl<K> Page<K> {
    /// The first page.
    pub fn first(limit: i64) -> Self {
        Page { after: None, limit }
    }
}

/// The system of one region. A clone counts by the calendar in force when it is made, so that a door that clones it
/// for a visit answers that visit by one calendar.
pub struct Service {
    store: Store,
    region: Region,
    calendar: Arc<Calendar>,
    in_force: InForce,
    vault: Vault,
    depot: file::Depot,
    home: upkeep::Home,
    published: report::PublishedIndex,
    suggested: asking::SuggestionIndex,
    asked: request::AskedIndex,
    searched: search::SearchIndex,
    limits: asking::Limits,
    inbox: Option<Arc<inbox::Inbox>>,
    push_hosts: channel::PushHosts,
}

impl Clone for Service {
    fn clone(&self) -> Self {
        Service {
            store: self.store.clone(),
            region: self.region,
            calendar: self.in_force.now(),
            in_force: self.in_force.clone(),
            vault: self.vault.clone(),
            depot: self.depot.clone(),
            home: self.home.clone(),
            published: self.published.clone(),
            suggested: self.suggested.clone(),
            asked: self.asked.clone(),
            searched: self.searched.clone(),
            limits: self.limits,
            inbox: self.inbox.clone(),
            push_hosts: self.push_hosts.clone(),
        }
    }
}

impl Service {
    /// Binds a store to one of its regions.
    pub fn new(store: Store, region: Region, calendar: Calendar, key: &[u8; 16]) -> Self {
        let calendar = Arc::new(calendar);
        Service {
            store,
            region,
            in_force: InForce::new(calendar.clone()),
            calendar,
            vault: Vault::new(key),
            depot: file::Depot::default(),
            home: upkeep::Home::default(),
            published: report::PublishedIndex::default(),
            suggested: asking::SuggestionIndex::default(),
            asked: request::AskedIndex::default(),
            searched: search::SearchIndex::default(),
            limits: asking::Limits::default(),
            inbox: None,
            push_hosts: channel::PushHosts::default(),
        }
    }

    /// The region served.
    pub fn region(&self) -> Region {
        self.region
    }

    /// The working-day calendar in force when this clone was made.
    pub fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// How many times something may have been written: equal numbers mean that what everybody reads is the same, as far as
    /// this process has seen.
    pub fn written(&self) -> u64 {
        self.store.written()
    }

    /// Another process was seen to have written.
    pub fn was_written_elsewhere(&self) {
        self.store.was_written_elsewhere();
    }

    /// The number of the last entry of the journal; 0 before the first.
    pub async fn last_entry(&self) -> Result<i64> {
        let regions = self.look().await?.regions().await?;
        Ok(regions.iter().find(|r| r.region == self.region).map_or(0, |r| r.seq))
    }

    /// A read-only snapshot.
    pub(crate) async fn look(&self) -> Result<Tx> {
        Ok(self.store.read().await?)
    }

    /// Runs a writing verb in one transaction. With an idempotency key the first answer is kept and given again.
    pub(crate) async fn verb<T, F>(&self, ctx: Context, name: &'static str, job: F) -> Result<T>
    where
        T: Serialize + DeserializeOwned + Send + 'static,
        F: for<'a> FnOnce(Work<'a>) -> BoxFuture<'a, Result<T>> + Send + 'static,
    {
        let region = self.region;
        let in_force = self.in_force.clone();
        let vault = self.vault.clone();
        let at = ctx.at;
        let key = ctx.key.as_ref().map(|key| format!("{name}/{}/{key}", ctx.actor.journal_name()));
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    if let Some(key) = &key
                        && let Some(answer) = tx.command(region, key).await?
                    {
                        return serde_json::from_str(&answer).map_err(|e| Error::Internal(e.to_string()));
                    }
                    // Read now, in the order of the writer: a recalculation that has begun is not undone.
                    let calendar = in_force.now();
                    let work = Work { tx: &mut *tx, region, ctx, calendar, vault };
                    let answer = job(work).await?;
                    if let Some(key) = &key {
                        let text =
                            serde_json::to_string(&answer).map_err(|e| Error::Internal(e.to_string()))?;
                        tx.put_command(region, key, at, &text).await?;
                    }
                    Ok(answer)
                })
            })
            .await
    }
}
