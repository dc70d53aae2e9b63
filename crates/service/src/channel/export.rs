//! Packages of published items for editors of the new media, and the record of what was handed over.

use super::{Channels, DeliveryState, What, terms_of};
use crate::Service;
use crate::asking::Place;
use crate::context::{Context, Permission};
use crate::document::{AtAddress, AtFile, PublicDocument, PublicItem, everything_public, is_public, item};
use crate::error::{Error, Result};
use crate::file::beside;
use crate::register::{Change, Register, docket, recorded};
use crate::unit::Tree;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::channel::{ChannelEvent, MOST_EXPORTED};
use law::docket::document::Category;
use paper::bundle::{BundleItem, bundle};
use store::{ChannelRow, DeliveryRow, DocumentFilter, DocumentRow, Tx};
use uuid::Uuid;

/// Bytes of attachments in one package: what an office can pass on.
const LARGEST: u64 = 200 << 20;
/// Rows read at a time.
const PAGE: i64 = 200;

/// Which items.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selection {
    /// These.
    These(Vec<Uuid>),
    /// What was published from one day to another, both included.
    Days(Date, Date),
}

impl Service {
    /// The latest items a channel takes, at most `limit`.
    pub async fn exportable(&self, ctx: &Context, channel: Uuid, limit: usize) -> Result<Vec<PublicItem>> {
        let mut tx = self.look().await?;
        let row = self.export_channel(&mut tx, ctx, channel).await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let rows = self.taken(&mut tx, &row, &tree, (Date::MIN, Date::MAX), limit).await?;
        rows.iter().map(|row| item(row, &tree)).collect()
    }

    async fn export_channel(&self, tx: &mut Tx, ctx: &Context, channel: Uuid) -> Result<ChannelRow> {
        ctx.actor.must(Permission::EditRegisters)?;
        let history = docket::<Channels>(tx, self.region, channel).await?;
        self.must_see_docket::<Channels>(tx, ctx, &history).await?;
        let gone = || Error::NotFound("没有找到这个发布渠道，请从列表中选择".into());
        tx.channel(self.region, channel).await?.ok_or_else(gone)
    }

    /// What a channel takes of what was published on these days, the latest first.
    async fn taken(
        &self,
        tx: &mut Tx,
        channel: &ChannelRow,
        tree: &Tree,
        (since, until): (Date, Date),
        limit: usize,
    ) -> Result<Vec<DocumentRow>> {
        let own = || tree.0.iter().filter(|u| tree.within(u.id, channel.unit)).map(|u| u.id).collect();
        let filter = DocumentFilter { units: (!channel.whole_region).then(own), ..everything_public() };
        let mut after = until.checked_add(1.day()).ok().map(|day| (day, Uuid::nil()));
        let (terms, mut all) = (terms_of(channel), Vec::new());
        loop {
            let rows = tx.documents_by_publication(self.region, &filter, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(all) };
            after = last.disclosed_on.map(|on| (on, last.id));
            for row in rows {
                if row.disclosed_on.is_none_or(|on| on < since) || all.len() >= limit {
                    return Ok(all);
                }
                let classes = tx.classes(self.region, &[row.id]).await?;
                let columns = classes.iter().filter(|c| c.kind == crate::document::COLUMN);
                let category = Category::parse(&row.category);
                let fits = category.is_some_and(|c| terms.take(c, columns.map(|c| c.key.as_str())));
                if fits && is_public(&row) {
                    all.push(row);
                }
            }
        }
    }

    /// Packs items for the editors of a channel, and records that they were handed over. `base` is the address of the site.
    ///
    /// # Errors
    /// [`Error::Refused`] where there is nothing to pack, or too much; what is not public is as if it were not there.
    pub async fn export_items(
        &self,
        ctx: Context,
        channel: Uuid,
        selection: &Selection,
        base: &str,
    ) -> Result<Vec<u8>> {
        let mut tx = self.look().await?;
        let row = self.export_channel(&mut tx, &ctx, channel).await?;
        let rows = match selection {
            Selection::Days(since, until) => {
                let tree = Tree::read(&mut tx, self.region).await?;
                self.taken(&mut tx, &row, &tree, (*since, *until), MOST_EXPORTED + 1).await?
            }
            Selection::These(ids) => {
                let mut rows = tx.documents_with_ids(self.region, ids).await?;
                rows.retain(is_public);
                rows.sort_by_key(|row| (row.disclosed_on, row.id));
                rows.reverse();
                rows
            }
        };
        let history = docket::<Channels>(&mut tx, self.region, channel).await?;
        drop(tx);
        let named = || rows.iter().map(|row| row.id.to_string()).collect();
        let exported = ChannelEvent::Exported { documents: named() };
        // Said before the files are read.
        let standing = Channels::fold(&recorded(&history));
        let refusals = standing.map(|s| s.may(&exported, ctx.today())).unwrap_or_default();
        if !refusals.is_empty() {
            return Err(Error::Refused(refusals));
        }
        let (mut items, mut left) = (Vec::new(), LARGEST);
        for row in &rows {
            if let AtAddress::Public(document) = self.public_document(row.id).await? {
                items.push(self.bundle_item(*document, ctx.today(), base, &mut left).await?);
            }
        }
        let packed = beside(move || bundle(&items)).await?;
        let packed = packed.map_err(|e| Error::Internal(e.to_string()))?;
        let documents: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        self.record_export(ctx, (channel, row.unit), exported, documents).await?;
        Ok(packed)
    }

    async fn bundle_item(
        &self,
        d: PublicDocument,
        today: Date,
        base: &str,
        left: &mut u64,
    ) -> Result<BundleItem> {
        let mut attachments = Vec::new();
        for annex in d.annexes {
            *left = left.checked_sub(annex.size).ok_or_else(|| {
                let text = format!("附件合计超过{}MB，请减少选择的信息或者缩短日期范围", LARGEST >> 20);
                Error::refused("too-large", text, "")
            })?;
            if let AtFile::Public(opened) = self.public_file(d.item.id, annex.id).await? {
                attachments.push((opened.name, opened.content));
            }
        }
        let validity = d.item.validity(today);
        let mut facts = vec![("发布机构", d.item.publisher), ("发布日期", d.item.published_on.to_string())];
        facts.extend(d.item.number.map(|number| ("发文字号", number)));
        facts.extend(validity.map(|v| ("有效性", v.label().to_owned())));
        let description = d.standing.classification.description;
        facts.extend((!description.is_empty()).then_some(("内容概述", description)));
        Ok(BundleItem {
            title: d.item.title,
            facts,
            text: d.body.unwrap_or_default(),
            link: format!("{base}{}", Place::Document.path(d.item.id)),
            attachments,
        })
    }

    async fn record_export(
        &self,
        mut ctx: Context,
        (channel, unit): (Uuid, Uuid),
        exported: ChannelEvent,
        documents: Vec<Uuid>,
    ) -> Result<()> {
        ctx.key = None;
        self.verb(ctx, "export-items", move |mut work| {
            Box::pin(async move {
                let now = work.tx.documents_with_ids(work.region, &documents).await?;
                if now.iter().filter(|row| is_public(row)).count() < documents.len() {
                    return Err(Error::Conflict("导出期间有信息被撤下，请重新导出".into()));
                }
                let version = work.docket::<Channels>(channel).await?.len();
                let version = u32::try_from(version).unwrap_or(u32::MAX);
                let change = Change::event(work.ctx.today(), exported);
                work.change::<Channels>(channel, version, change).await?;
                let mut rows = Vec::new();
                for document in documents {
                    let row = work.waiting((channel, document, unit), 0);
                    rows.push(DeliveryRow {
                        what: What::Exported.key().to_owned(),
                        state: DeliveryState::Exported.key().to_owned(),
                        settled_at: Some(work.ctx.at),
                        ..row
                    });
                }
                work.tx.add_deliveries(work.region, &rows).await?;
                Ok(())
            })
        })
        .await
    }
}
