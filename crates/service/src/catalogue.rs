//! 基层政务公开标准目录: the entries of each field, kept by an agency, published together, and what is published under them.
//!
//! A catalogue is what is published of a field; nothing else of it is public. Documents name the entries they are published
//! under (`DocumentEvent::Catalogued`); from that follows what is owed, present and stale ([`coverage`]).

pub mod coverage;
mod import;
mod public;
mod sheet;

pub use import::{Imported, ToImport};
pub use public::{CatalogueOf, CataloguePage, FieldLine, PublicEntry};

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, Work};
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::catalogue::Item;
use law::docket::Recorded;
use law::docket::catalogue::{CatalogueEvent, Stage, Standing};
use store::{CatalogueEntryFilter, CatalogueEntryRow, Region, Tx};
use uuid::Uuid;

/// The register of the entries of standard catalogues.
#[derive(Debug, Clone, Copy)]
pub struct CatalogueEntries;

impl Register for CatalogueEntries {
    const KIND: &'static str = "catalogue-entry";
    const NAME: &'static str = "标准目录事项";
    type Event = CatalogueEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<CatalogueEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &CatalogueEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &CatalogueEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.kept_by).ok()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_catalogue_entry(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none() {
                named_unit(tx, place.region, &after.kept_by, "编制目录的机关").await?;
            }
            if before.is_none_or(|b| b.item.units != after.item.units) {
                for unit in &after.item.units {
                    named_unit(tx, place.region, unit, "公开主体对应的机关").await?;
                }
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_catalogue_entry(region, id).await })
    }
}

/// The derived row of an entry.
pub(crate) fn row(place: Place, s: &Standing) -> CatalogueEntryRow {
    CatalogueEntryRow {
        id: place.id,
        unit: id_of(&Some(s.kept_by.clone())).unwrap_or_default(),
        field: s.field.clone(),
        position: s.position,
        title: s.item.title(),
        // Strings, booleans and lists of them: nothing in an entry cannot be written.
        item: serde_json::to_string(&s.item).unwrap_or_default(),
        stage: s.stage.key().to_owned(),
        changed_on: s.changed_on,
        version: i64::from(place.version),
    }
}

/// What an entry says.
pub fn item_of(row: &CatalogueEntryRow) -> Result<Item> {
    serde_json::from_str(&row.item)
        .map_err(|e| Error::Internal(format!("the row of catalogue entry {} cannot be read: {e}", row.id)))
}

/// Whether everybody may read an entry.
pub fn is_published(row: &CatalogueEntryRow) -> bool {
    row.stage == Stage::Published.key()
}

/// The entries with these ids that are not withdrawn, by field and 序号.
pub(crate) async fn named(tx: &mut Tx, region: Region, entries: &[String]) -> Result<Vec<CatalogueEntryRow>> {
    let ids: Vec<Uuid> = entries.iter().filter_map(|text| Uuid::parse_str(text).ok()).collect();
    let mut rows = tx.catalogue_entries_with_ids(region, &ids).await?;
    rows.retain(|r| r.stage != Stage::Withdrawn.key());
    rows.sort_by(|a, b| (&a.field, a.position, a.id).cmp(&(&b.field, b.position, b.id)));
    Ok(rows)
}

/// Refuses entries that a document cannot be published under: unknown or withdrawn ones.
pub(crate) async fn must_be_entries(tx: &mut Tx, region: Region, entries: &[String]) -> Result<()> {
    let stand = named(tx, region, entries).await?;
    if stand.len() == entries.len() {
        return Ok(());
    }
    let text = "选择的标准目录事项已经撤销或者不存在，请重新选择";
    Err(Error::refused("entry-unknown", text, law::catalogue::cite()))
}

impl Work<'_> {
    /// Every entry of a field at a stage.
    async fn entries_of(&mut self, field: &str, stage: Option<Stage>) -> Result<Vec<CatalogueEntryRow>> {
        let filter = CatalogueEntryFilter {
            stage: stage.map(|s| s.key().to_owned()),
            ..CatalogueEntryFilter::default()
        };
        Ok(self.tx.catalogue_entries(self.region, field, &filter, None, i64::MAX).await?)
    }

    async fn publish_entries(&mut self, field: &str, on: Date) -> Result<usize> {
        let mut published = 0;
        for row in self.entries_of(field, Some(Stage::Entered)).await? {
            // Two agencies may keep a field together; each publishes its own.
            match self.must_reach(row.unit).await {
                Ok(()) => {}
                Err(Error::NotAllowed(_)) => continue,
                Err(other) => return Err(other),
            }
            let version = u32::try_from(row.version).unwrap_or(u32::MAX);
            let change = Change::event(on, CatalogueEvent::Published);
            self.change::<CatalogueEntries>(row.id, version, change).await?;
            published += 1;
        }
        if published == 0 {
            let text = "这个领域没有待公布的事项，请先导入或者编入公开事项";
            return Err(Error::refused("nothing-to-publish", text, ""));
        }
        Ok(published)
    }
}

impl Service {
    /// Enters an entry; `event` is [`CatalogueEvent::Entered`].
    pub async fn enter_catalogue_entry(&self, ctx: Context, on: Date, event: CatalogueEvent) -> Result<Uuid> {
        self.begin_docket::<CatalogueEntries>(ctx, "enter-catalogue-entry", (on, event)).await
    }

    /// Records what happened to an entry, or a correction.
    pub async fn change_catalogue_entry(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<CatalogueEvent>,
    ) -> Result<u32> {
        self.change_docket::<CatalogueEntries>(ctx, "change-catalogue-entry", (id, version), change).await
    }

    /// Publishes what is entered of a field and within the actor's reach, all of it at once; how many entries.
    ///
    /// # Errors
    /// [`Error::Refused`] if nothing is waiting.
    pub async fn publish_catalogue(&self, ctx: Context, field: &str, on: Date) -> Result<usize> {
        ctx.actor.must(Permission::EditRegisters)?;
        let field = field.to_owned();
        self.verb(ctx, "publish-catalogue", move |mut work| {
            Box::pin(async move { work.publish_entries(&field, on).await })
        })
        .await
    }

    /// Entries of a field that the actor may see, by 序号.
    pub async fn catalogue_entries(
        &self,
        ctx: &Context,
        field: &str,
        mut filter: CatalogueEntryFilter,
        page: Page<u32>,
    ) -> Result<Vec<CatalogueEntryRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.catalogue_entries(self.region, field, &filter, page.after, page.limit).await?)
    }

    /// Every published entry, by field and 序号: what a document may be published under. Their words are public.
    pub async fn published_entries(&self) -> Result<Vec<CatalogueEntryRow>> {
        Ok(self.look().await?.catalogue_entries_at(self.region, Stage::Published.key()).await?)
    }

    /// The entries with these ids that stand, by field and 序号: under which a document is published.
    pub async fn entries_named(&self, entries: &[String]) -> Result<Vec<CatalogueEntryRow>> {
        named(&mut self.look().await?, self.region, entries).await
    }

    /// An entry with its history.
    pub async fn catalogue_entry_view(&self, ctx: &Context, id: Uuid) -> Result<View<CatalogueEntries>> {
        self.view_docket::<CatalogueEntries>(ctx, id).await
    }
}
