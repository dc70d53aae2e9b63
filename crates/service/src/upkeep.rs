//! Making and opening a store, and looking after it: backup, restore, doctor, the journal as people read it.

mod backup;
pub(crate) mod calendar;
mod doctor;
mod key;
pub(crate) mod recalculation;

pub use backup::{Backup, Restored};
pub use calendar::Changed;
pub use doctor::Checkup;
pub use key::KeySource;
pub use recalculation::{Recalculated, ToldMove};

use crate::context::{Actor, Context, Permission};
use crate::error::{Error, Result};
use crate::register::Work;
use crate::{Location, Region, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use sm3::{Digest, Sm3};
use std::path::Path;
use std::sync::Arc;
use store::{NewEntry, Store, Tx};
use uuid::Uuid;

/// Kind of the journal's entries about access: who looked at personal data, took an export or a backup. They belong
/// to no register.
pub(crate) const ACCESS: &str = "access";

/// Folder of the full-text index in a data folder. It is no part of a backup: it is made anew from the journal.
const INDEX: &str = "index";

/// Where the system of a region is at home.
#[derive(Debug, Clone, Default)]
pub(crate) struct Home {
    /// Name of the region.
    name: Arc<str>,
    /// The data folder, if it is one.
    folder: Option<Arc<Path>>,
}

impl Service {
    /// Makes a new store for one region and opens it. The key of the personal data is made from `seed` and kept in
    /// the folder; for PostgreSQL use [`Service::init_with`].
    ///
    /// # Errors
    /// [`Error::Store`] if there is one already, [`Error::Invalid`] for an empty name or a malformed region.
    pub async fn init(
        at: &Location,
        region: Region,
        name: &str,
        seed: [u8; 32],
        now: Timestamp,
    ) -> Result<Service> {
        Self::init_with(at, &KeySource::Folder, region, name, seed, now).await
    }

    /// Like [`Service::init`], with the key from `key`. A PostgreSQL database may hold several regions, each with its
    /// own key: the second `init` adds a region.
    pub async fn init_with(
        at: &Location,
        key: &KeySource,
        region: Region,
        name: &str,
        seed: [u8; 32],
        now: Timestamp,
    ) -> Result<Service> {
        let name = name.trim();
        if name.is_empty() {
            return Err(Error::Invalid("请填写地区名称，例如 高平市".into()));
        }
        // GB/T 2260: six digits; streets and villages have nine and twelve.
        if !(100_000..=999_999_999_999).contains(&region.0) {
            return Err(Error::Invalid("行政区划代码应为6至12位数字，例如 140581".into()));
        }
        // A stream of its own: ids made from the same seed elsewhere must not show bytes of the key.
        let mut own = Sm3::new();
        own.update(b"gongkai/init/1");
        own.update(seed);
        let mut ctx = Context::new(now, Actor::Operator, own.finalize().into());
        let key = key.make(at, &mut ctx.entropy)?;
        let store = match (Store::create(at).await, at) {
            (Ok(store), _) => store,
            (Err(store::Error::AlreadyExists(_)), Location::Postgres(_)) => Store::open(at).await?,
            (Err(e), _) => {
                key.forget();
                return Err(e.into());
            }
        };
        let (bytes, name) = (key.bytes, name.to_owned());
        store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    match tx.add_region(region, &name).await {
                        Err(store::Error::Conflict { .. }) => {
                            return Err(Error::Conflict(format!("地区 {region} 已经建立，不需要再次初始化")));
                        }
                        other => other?,
                    }
                    tx.put_setting(region, key::CHECK, &key::check(&bytes)).await?;
                    let made = serde_json::json!({ "type": "initialized", "name": name });
                    note(tx, region, &mut ctx, made).await?;
                    let calendar = law::calendar::Calendar::builtin();
                    let id = ctx.new_id();
                    calendar::adopt(tx, region, (&ctx, id), calendar, None).await?;
                    recalculation::derived(tx, region, calendar).await
                })
            })
            .await?;
        Self::bind(at, store, bytes, Some(region)).await
    }

    /// Opens the store of a folder that holds its key. What follows is [`Service::follow_calendar`], with the instant
    /// of the door: another program or file may have brought another calendar.
    ///
    /// # Errors
    /// [`Error::Store`] if it cannot be opened, [`Error::Invalid`] if the key is missing or another one, or if the
    /// store holds several regions.
    pub async fn open(at: &Location) -> Result<Service> {
        Self::open_with(at, &KeySource::Folder, None).await
    }

    /// Opens a store with the key from `key`; `region` may be left out where there is only one.
    pub async fn open_with(at: &Location, key: &KeySource, region: Option<Region>) -> Result<Service> {
        // First the store: "not a store" says more than "no key".
        let store = Store::open(at).await?;
        let key = key.read(at)?;
        Self::bind(at, store, key, region).await
    }

    async fn bind(at: &Location, store: Store, key: [u8; 16], region: Option<Region>) -> Result<Service> {
        let mut tx = store.read().await?;
        let regions = tx.regions().await?;
        let found = match (region, regions.as_slice()) {
            (Some(wanted), all) => all.iter().find(|r| r.region == wanted),
            (None, [only]) => Some(only),
            (None, _) => None,
        };
        let Some(found) = found else {
            let codes: Vec<String> = regions.iter().map(|r| format!("{}（{}）", r.region, r.name)).collect();
            return Err(Error::Invalid(match codes.as_slice() {
                [] => "数据库中还没有地区，请先运行 gongkai init".to_owned(),
                _ => format!("请指明行政区划代码，数据库中有：{}", codes.join("、")),
            }));
        };
        let (region, name) = (found.region, found.name.as_str().into());
        if tx.setting(region, key::CHECK).await?.is_some_and(|kept| kept != key::check(&key)) {
            return Err(Error::Invalid(
                "密钥与数据不符，无法读取申请人信息，请换回建立数据时的密钥，不要另造".into(),
            ));
        }
        let newest = tx.newest_calendar(region).await?;
        drop(tx);
        let folder = match at {
            Location::Folder(folder) => Some(folder.as_path()),
            Location::Postgres(_) => None,
        };
        let mut service = Service::new(store, region, calendar::assembled(newest.as_ref(), folder)?, &key);
        service.home = Home { name, folder: folder.map(Into::into) };
        if let Some(folder) = folder {
            service = service.with_files(folder.join(backup::FILES)).with_search(folder.join(INDEX));
        }
        Ok(service)
    }

    /// Name of the region.
    pub fn region_name(&self) -> &str {
        &self.home.name
    }

    /// Finishes what is waiting to be written and closes the store. Other clones of the service stop working.
    pub async fn close(self) {
        self.store.close().await;
    }

    /// Lines of the journal after number `after`, at most `limit` of them.
    pub async fn journal(&self, ctx: &Context, after: i64, limit: i64) -> Result<Vec<JournalLine>> {
        ctx.actor.must(Permission::ReadJournal)?;
        let mut tx = self.look().await?;
        let entries = tx.entries(self.region, after, limit.clamp(0, 10_000)).await?;
        Ok(entries.into_iter().map(JournalLine::from).collect())
    }
}

/// Writes down an access: an entry of its own that belongs to no register.
async fn note(tx: &mut Tx, region: Region, ctx: &mut Context, event: serde_json::Value) -> Result<()> {
    let entry = NewEntry {
        recorded_at: ctx.at,
        effective_on: ctx.today(),
        actor: ctx.actor.journal_name(),
        subject_kind: ACCESS.to_owned(),
        subject: ctx.new_id(),
        ordinal: 1,
        event: serde_json::json!({ "v": 1, "event": event }).to_string(),
    };
    tx.append(region, entry).await?;
    Ok(())
}

impl Work<'_> {
    /// Writes down in the journal what was taken out of the system.
    pub(crate) async fn note_access(&mut self, event: serde_json::Value) -> Result<()> {
        note(self.tx, self.region, &mut self.ctx, event).await
    }
}

/// A line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct JournalLine {
    /// Its number.
    pub seq: i64,
    /// When it was entered.
    pub at: Timestamp,
    /// The legal date of the fact.
    pub on: Date,
    /// By whom.
    pub actor: String,
    /// Kind of subject: `request`, `document`, … or `access`.
    pub kind: String,
    /// The docket.
    pub subject: Uuid,
    /// Its place in the docket.
    pub ordinal: u32,
    /// Key of the event, for example `decided`; `void` for a correction that voids.
    pub event: String,
    /// Ordinal of the entry it corrects, if it is a correction.
    pub corrects: Option<u32>,
    /// The hash of the entry, in hexadecimal.
    pub hash: String,
}

impl From<store::Entry> for JournalLine {
    fn from(entry: store::Entry) -> Self {
        // An entry of a newer version is listed too; only its event is not understood here.
        let stored: serde_json::Value = serde_json::from_str(&entry.event).unwrap_or_default();
        let event = stored["event"]["type"].as_str().unwrap_or("void").to_owned();
        let corrects = stored["corrects"].as_u64().and_then(|n| u32::try_from(n).ok());
        JournalLine {
            seq: entry.seq,
            at: entry.recorded_at,
            on: entry.effective_on,
            actor: entry.actor,
            kind: entry.subject_kind,
            subject: entry.subject,
            ordinal: entry.ordinal,
            event,
            corrects,
            hash: crate::account::hex(&entry.hash),
        }
    }
}
