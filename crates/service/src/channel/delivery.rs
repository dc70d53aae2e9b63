//! What is to be told to a channel, and how that went.
//!
//! A job follows the journal: for each document something happened to, and each channel that takes it or was told of it
//! before, a row is put into the outbox, in the transaction that notes how far the journal was read. Nothing of the item
//! stands in that row. What is told is decided when it leaves: the item as everybody reads it then, or that it was taken down.

use super::told::{DeliveryState, Outgoing, Secret, Sent, Told, What, Whereabout};
use super::{Channels, secret_place, terms_of};
use crate::Service;
use crate::context::{Context, Permission};
use crate::document::{AtAddress, Documents, is_public, neighbours};
use crate::error::{Error, Result};
use crate::mail::{Delivery, patience};
use crate::register::{Register, Work, docket, recorded};
use crate::unit::Tree;
use jiff::Timestamp;
use law::docket::document::Category;
use std::collections::BTreeMap;
use store::{ChannelRow, DeliveryFilter, DeliveryRow, DeliverySettled, DocumentRow};
use uuid::Uuid;

/// Entries of the journal read at a time.
const PAGE: i64 = 2_000;
/// Deliveries taken at a time.
const TAKEN: i64 = 20;
/// Tries before a delivery is given up: the last some sixteen hours after the first, so that nobody has to get up at night.
const TRIES: i64 = 12;
/// Deliveries of a document that are listed.
const LISTED: i64 = 100;
/// Where it is noted how far the journal was read.
const MARK: &str = "channels-seen";

/// Whether the channel takes the document: of its units, of its terms, published since it was opened. What was published before
/// is not sent after the fact.
fn takes(channel: &ChannelRow, document: &DocumentRow, columns: &[String], tree: &Tree) -> bool {
    let Some(category) = Category::parse(&document.category) else { return false };
    is_public(document)
        && (channel.whole_region || tree.within(document.unit, channel.unit))
        && document.disclosed_on.is_some_and(|on| on >= channel.opened_on)
        && terms_of(channel).take(category, columns.iter().map(String::as_str))
}

fn pushes(channel: &ChannelRow) -> bool {
    channel.kind == "push" && channel.closed_on.is_none() && channel.mark.is_some()
}

impl Work<'_> {
    /// The documents something happened to, with the last entry about each; and those beside them, whose page names them.
    async fn documents_of(&mut self, entries: &[store::Entry]) -> Result<BTreeMap<Uuid, (i64, bool)>> {
        let mut all: BTreeMap<Uuid, (i64, bool)> = BTreeMap::new();
        for entry in entries {
            let id = match entry.subject_kind.as_str() {
                "document" => Some(entry.subject),
                "file" => {
                    let file = self.tx.file(self.region, entry.subject).await?;
                    file.filter(|f| f.subject_kind == "document").map(|f| f.subject)
                }
                _ => None,
            };
            let Some(id) = id else { continue };
            all.insert(id, (entry.seq, true));
        }
        for (id, (seq, _)) in all.clone() {
            for beside in neighbours(self.tx, self.region, id).await? {
                all.entry(beside).or_insert((seq, false));
            }
        }
        Ok(all)
    }

    /// What the channels are to be told of these documents.
    async fn put_out(&mut self, changed: BTreeMap<Uuid, (i64, bool)>) -> Result<u64> {
        let channels: Vec<ChannelRow> =
            self.tx.channels(self.region, None).await?.into_iter().filter(pushes).collect();
        if channels.is_empty() || changed.is_empty() {
            return Ok(0);
        }
        let tree = Tree::read(self.tx, self.region).await?;
        let mut new = Vec::new();
        for (document, (seq, itself)) in changed {
            let row = self.tx.document(self.region, document).await?;
            let classes = self.tx.classes(self.region, &[document]).await?;
            // What was published long before it came here is not news to anybody; what a channel knows of is told on.
            let old = classes.iter().any(|c| c.kind == crate::document::PUBLISHED_BEFORE);
            let columns: Vec<String> =
                classes.into_iter().filter(|c| c.kind == crate::document::COLUMN).map(|c| c.key).collect();
            for channel in &channels {
                if self.tx.renew_delivery(self.region, (channel.id, document), seq, self.soon()).await? {
                    continue;
                }
                let fresh =
                    itself && !old && row.as_ref().is_some_and(|row| takes(channel, row, &columns, &tree));
                if fresh || self.told_before(channel.id, document).await? {
                    new.push(self.waiting((channel.id, document, channel.unit), seq));
                }
            }
        }
        Ok(self.tx.add_deliveries(self.region, &new).await?)
    }

    /// When what is told anew is due: after a try that is under way has ended.
    fn soon(&self) -> Timestamp {
        self.ctx.at.checked_add(patience(0)).unwrap_or(self.ctx.at)
    }

    /// Whether a delivery of a document to a channel was tried: the channel may know of the document.
    async fn told_before(&mut self, channel: Uuid, document: Uuid) -> Result<bool> {
        let filter = DeliveryFilter {
            channel: Some(channel),
            document: Some(document),
            tried: true,
            ..DeliveryFilter::default()
        };
        Ok(self.tx.count_deliveries(self.region, &filter).await? > 0)
    }

    pub(super) fn waiting(&mut self, (channel, document, unit): (Uuid, Uuid, Uuid), seq: i64) -> DeliveryRow {
        DeliveryRow {
            id: self.ctx.new_id(),
            channel,
            document,
            unit,
            what: String::new(),
            state: DeliveryState::Waiting.key().to_owned(),
            seq,
            digest: None,
            made_at: self.ctx.at,
            due_at: self.ctx.at,
            tries: 0,
            settled_at: None,
            failed: None,
        }
    }
}

impl Service {
    /// Puts into the outbox what the journal recorded since the last time; how many are new. The first time nothing is: what
    /// is public already is not sent after the fact.
    pub async fn follow_channels(&self, ctx: &Context) -> Result<u64> {
        ctx.actor.must(Permission::Upkeep)?;
        let mut new = 0;
        let mut ctx = ctx.clone();
        ctx.key = None;
        loop {
            // Ids of this round are not those of the one before.
            let seed = ctx.entropy.bytes();
            let own = Context::new(ctx.at, ctx.actor.clone(), seed);
            let (added, more) = self
                .verb(own, "follow-channels", move |mut work| {
                    Box::pin(async move {
                        let regions = work.tx.regions().await?;
                        let head = regions.iter().find(|r| r.region == work.region).map_or(0, |r| r.seq);
                        let kept = work.tx.setting(work.region, MARK).await?;
                        let seen: Option<i64> = kept.and_then(|text| text.parse().ok());
                        if seen == Some(head) {
                            return Ok((0, false));
                        }
                        let entries = match seen {
                            Some(seen) => work.tx.entries(work.region, seen, PAGE).await?,
                            None => Vec::new(),
                        };
                        let read = entries.last().map_or(head, |e| e.seq);
                        let changed = work.documents_of(&entries).await?;
                        let added = work.put_out(changed).await?;
                        work.tx.put_setting(work.region, MARK, &read.to_string()).await?;
                        Ok((added, read < head))
                    })
                })
                .await?;
            new += added;
            if !more {
                return Ok(new);
            }
        }
    }

    /// Takes deliveries that are due, so that nobody else sends them, with what is to be told now. What has nothing to tell is
    /// taken away. None if none is due.
    pub async fn take_deliveries(&self, ctx: &Context) -> Result<Option<Vec<Outgoing>>> {
        ctx.actor.must(Permission::Upkeep)?;
        let (region, now) = (self.region, ctx.at);
        let due = self.look().await?.deliveries_due(region, now, TAKEN).await?;
        if due.is_empty() {
            return Ok(None);
        }
        let mut all = Vec::new();
        for row in due {
            let next = now.checked_add(patience(row.tries)).unwrap_or(now);
            let asked = row.clone();
            let taken = self
                .verb(ctx.clone(), "take-delivery", move |work| {
                    Box::pin(async move { Ok(work.tx.try_delivery(work.region, &asked, next).await?) })
                })
                .await?;
            if !taken {
                continue;
            }
            let (key, what) = ((row.id, row.seq, row.tries + 1), row.what.clone());
            match self.outgoing(ctx, row).await {
                Ok(outgoing) => all.extend(outgoing),
                Err(Error::Store(error)) => return Err(Error::Store(error)),
                // One that cannot be read keeps no other waiting, and is given up in the end.
                Err(_) => {
                    let why = Delivery::Later("信息的内容不能读取，请检查文件目录和密钥".into());
                    self.settle(ctx, key, (&what, None), why).await?;
                }
            }
        }
        Ok(Some(all))
    }

    /// What a delivery tells now. `row` as it was before it was taken.
    async fn outgoing(&self, ctx: &Context, row: DeliveryRow) -> Result<Option<Outgoing>> {
        let region = self.region;
        let mut tx = self.look().await?;
        let channel = tx.channel(region, row.channel).await?.filter(pushes);
        let secret = tx.channel_secret(region, row.channel).await?;
        let (Some(channel), Some(secret)) = (channel, secret) else {
            drop(tx);
            let why = Delivery::Never("渠道已经停用或者没有密钥，请恢复渠道后重新推送".into());
            self.settle(ctx, (row.id, row.seq, TRIES), (&row.what, None), why).await?;
            return Ok(None);
        };
        let secret =
            self.vault.open_value(&secret_place(channel.id), &secret.nonce, &secret.sealed).map(Secret)?;
        let tried = DeliveryFilter {
            channel: Some(row.channel),
            document: Some(row.document),
            tried: true,
            ..DeliveryFilter::default()
        };
        let tried = tx.deliveries(region, &tried, None, LISTED).await?;
        // In the order of the journal: clocks differ. What may have arrived last is this delivery itself, if it was tried before.
        let latest = |d: &DeliveryRow| (d.seq, d.id);
        let arrived = |d: &&DeliveryRow| d.state == DeliveryState::Delivered.key();
        let last = tried.iter().filter(arrived).max_by_key(|d| latest(d)).cloned();
        let heard = tried.into_iter().filter(|d| d.id != row.id || row.tries > 0).max_by_key(latest);
        drop(tx);
        // The one predicate, now: what was put into the outbox may have been taken down since.
        let told = match self.public_document(row.document).await {
            Ok(AtAddress::Public(document)) => Told::Public(document),
            Ok(AtAddress::Withdrawn { on, told }) => Told::Withdrawn { on: Some(on), told },
            Err(Error::NotFound(_)) => Told::Withdrawn { on: None, told: String::new() },
            Err(error) => return Err(error),
        };
        let had = last.as_ref().filter(|d| d.what != What::Withdrawn.key());
        let what = match (&told, had) {
            (Told::Public(_), None) => What::Published,
            (Told::Public(_), Some(_)) => What::Changed,
            (Told::Withdrawn { .. }, _) => What::Withdrawn,
        };
        let knows = heard
            .is_some_and(|d| d.state != DeliveryState::Delivered.key() || d.what != What::Withdrawn.key());
        if what == What::Withdrawn && !knows {
            self.drop_delivery(ctx, row.id, row.seq).await?;
            return Ok(None);
        }
        Ok(Some(Outgoing {
            id: row.id,
            document: row.document,
            address: channel.address,
            what,
            told,
            secret,
            seq: row.seq,
            tries: row.tries + 1,
            last: had.and_then(|d| d.digest.clone()),
        }))
    }

    async fn drop_delivery(&self, ctx: &Context, id: Uuid, seq: i64) -> Result<()> {
        self.verb(ctx.clone(), "drop-delivery", move |work| {
            Box::pin(async move {
                work.tx.remove_delivery(work.region, (id, seq)).await?;
                Ok(())
            })
        })
        .await
    }

    /// Takes away a delivery that would tell nothing new.
    pub async fn needs_no_delivery(&self, ctx: &Context, outgoing: &Outgoing) -> Result<()> {
        ctx.actor.must(Permission::Upkeep)?;
        self.drop_delivery(ctx, outgoing.id, outgoing.seq).await
    }

    /// Notes how sending went; `digest` is that of what was told. If something more happened to the document meanwhile, the
    /// delivery is due again at once.
    pub async fn settle_push(
        &self,
        ctx: &Context,
        outgoing: &Outgoing,
        digest: &str,
        went: Delivery,
    ) -> Result<()> {
        ctx.actor.must(Permission::Upkeep)?;
        let of = (outgoing.id, outgoing.seq, outgoing.tries);
        self.settle(ctx, of, (outgoing.what.key(), Some(digest.to_owned())), went).await
    }

    async fn settle(
        &self,
        ctx: &Context,
        (id, seq, tries): (Uuid, i64, i64),
        (what, digest): (&str, Option<String>),
        went: Delivery,
    ) -> Result<()> {
        let (state, why) = match went {
            Delivery::Sent => (DeliveryState::Delivered, None),
            Delivery::Later(why) if tries < TRIES => (DeliveryState::Waiting, Some(why)),
            Delivery::Later(why) | Delivery::Never(why) => (DeliveryState::Failed, Some(why)),
        };
        let settled = DeliverySettled {
            what: what.to_owned(),
            state: state.key().to_owned(),
            digest: digest.filter(|_| state == DeliveryState::Delivered),
            at: ctx.at,
            failed: why.map(|w| w.chars().take(200).collect()),
        };
        self.verb(ctx.clone(), "settle-delivery", move |work| {
            Box::pin(async move {
                work.tx.settle_delivery(work.region, (id, seq), &settled).await?;
                Ok(())
            })
        })
        .await
    }

    /// Sends again what was given up: as it is then, not as it was.
    pub async fn resend_delivery(&self, ctx: Context, id: Uuid) -> Result<()> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.verb(ctx, "resend-delivery", move |mut work| {
            Box::pin(async move {
                let row = work.tx.delivery(work.region, id).await?;
                let row =
                    row.ok_or_else(|| Error::NotFound("没有找到这次推送，请从推送记录中选择".into()))?;
                work.must_reach(row.unit).await?;
                if row.state != DeliveryState::Failed.key() {
                    return Err(Error::refused("not-failed", "只有推送失败的才需要重新推送", ""));
                }
                let settled = DeliverySettled {
                    what: row.what.clone(),
                    state: DeliveryState::Resent.key().to_owned(),
                    digest: row.digest.clone(),
                    at: work.ctx.at,
                    failed: row.failed.clone(),
                };
                work.tx.settle_delivery(work.region, (row.id, row.seq), &settled).await?;
                let soon = work.soon();
                if !work.tx.renew_delivery(work.region, (row.channel, row.document), row.seq, soon).await? {
                    let new = work.waiting((row.channel, row.document, row.unit), row.seq);
                    work.tx.add_deliveries(work.region, &[new]).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Deliveries to channels within reach, the latest first, older than `before`.
    pub async fn deliveries(
        &self,
        ctx: &Context,
        (state, channel): (Option<DeliveryState>, Option<Uuid>),
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Sent>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let filter = DeliveryFilter {
            units: self.within_reach(&mut tx, ctx, None).await?,
            channel,
            states: state.map(|s| vec![s.key().to_owned()]),
            ..DeliveryFilter::default()
        };
        let rows = tx.deliveries(self.region, &filter, before, limit).await?;
        let ids: Vec<Uuid> = rows.iter().map(|d| d.document).collect();
        // The unit of a channel may read of other units only what everybody reads.
        let reach = self.within_reach(&mut tx, ctx, None).await?;
        let shown = |d: &DocumentRow| is_public(d) || reach.as_ref().is_none_or(|r| r.contains(&d.unit));
        let title =
            |d: DocumentRow| if shown(&d) { d.title } else { "（已不公开的信息）".to_owned() };
        let titles: BTreeMap<Uuid, String> =
            tx.documents_with_ids(self.region, &ids).await?.into_iter().map(|d| (d.id, title(d))).collect();
        let names = names(tx.channels(self.region, None).await?);
        let named = rows.into_iter().map(|row| Sent {
            title: titles.get(&row.document).cloned().unwrap_or_else(|| "（登记已经作废）".into()),
            channel: names.get(&row.channel).cloned().unwrap_or_else(|| "（登记已经作废）".into()),
            row,
        });
        Ok(named.collect())
    }

    /// How many deliveries to channels within reach were given up.
    pub async fn failed_deliveries(&self, ctx: &Context) -> Result<i64> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let filter = DeliveryFilter {
            units: self.within_reach(&mut tx, ctx, None).await?,
            states: Some(vec![DeliveryState::Failed.key().to_owned()]),
            ..DeliveryFilter::default()
        };
        Ok(tx.count_deliveries(self.region, &filter).await?)
    }

    /// Where a document went, the latest first.
    pub async fn whereabouts(&self, ctx: &Context, document: Uuid) -> Result<Vec<Whereabout>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Documents>(&mut tx, self.region, document).await?;
        self.must_see_docket::<Documents>(&mut tx, ctx, &history).await?;
        let names = names(tx.channels(self.region, None).await?);
        let name = |id: Option<Uuid>| {
            id.and_then(|id| names.get(&id).cloned()).unwrap_or_else(|| "（登记已经作废）".into())
        };
        let filter = DeliveryFilter { document: Some(document), ..DeliveryFilter::default() };
        let rows = tx.deliveries(self.region, &filter, None, LISTED).await?;
        let day = |at: Timestamp| crate::civil_date(at);
        let mut all: Vec<Whereabout> = rows
            .into_iter()
            .map(|d| Whereabout {
                channel: name(Some(d.channel)),
                what: What::label(&d.what),
                on: day(d.settled_at.unwrap_or(d.made_at)),
                state: DeliveryState::parse(&d.state),
                failed: d.failed.filter(|_| d.state != DeliveryState::Delivered.key()),
                url: None,
            })
            .collect();
        let relays = Documents::fold(&recorded(&history)).map(|s| s.relays).unwrap_or_default();
        all.extend(relays.into_iter().map(|r| Whereabout {
            channel: name(Uuid::parse_str(&r.channel).ok()),
            what: "",
            on: r.on,
            state: None,
            failed: None,
            url: Some(r.url),
        }));
        all.sort_by_key(|w| std::cmp::Reverse(w.on));
        Ok(all)
    }
}

fn names(channels: Vec<ChannelRow>) -> BTreeMap<Uuid, String> {
    channels.into_iter().map(|c| (c.id, c.name)).collect()
}

impl Channels {
    /// Whether items are sent to the channel of this row now.
    pub fn pushes(row: &ChannelRow) -> bool {
        pushes(row)
    }
}
