//! Channels (发布渠道): where published items go besides the portal, and the record of where each went.
//!
//! - `address`: which addresses may be sent to.
//! - `delivery`: what is to be told to a channel. It follows the journal; whether an item is public is decided by
//!   [`crate::document::is_public`] when it leaves, never when it is put into the outbox.
//! - `told`: what is told, and how that stands.
//! - `export`: packages for editors of the new media.
//!
//! What a person did is an entry of a docket; how sending went is a row, because machines try often.

mod address;
mod delivery;
mod export;
mod told;

pub use address::PushHosts;
pub use export::Selection;
pub use told::{DeliveryState, Outgoing, Sent, Told, What, Whereabout};

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View};
use crate::unit::{id_of, named_unit};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::channel::{ChannelEvent, Standing, Terms};
use law::docket::document::Category;
use law::docket::{Recorded, Tally};
use sha2::{Digest, Sha256};
use store::{ChannelRow, ChannelSecretRow, Region, Tx};
use uuid::Uuid;

/// The register of channels.
#[derive(Debug, Clone, Copy)]
pub struct Channels;

impl Register for Channels {
    const KIND: &'static str = "channel";
    const NAME: &'static str = "发布渠道";
    type Event = ChannelEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<ChannelEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &ChannelEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &ChannelEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.unit).ok()
    }

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_channel(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        _: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            named_unit(tx, place.region, &after.unit, "渠道所属的机关").await?;
            let others = tx.channels(place.region, None).await?;
            if others.iter().any(|c| c.id != place.id && c.name == after.terms.name) {
                let text = format!("已经有名为“{}”的渠道，请换一个名称", after.terms.name);
                return Err(Error::refused("name-taken", text, ""));
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_channel(region, id).await })
    }
}

/// The derived row of a channel.
pub(crate) fn row(place: Place, s: &Standing) -> ChannelRow {
    let categories: Vec<&str> = s.terms.categories.iter().map(|c| c.key()).collect();
    let columns: Vec<&str> = s.terms.columns.iter().map(String::as_str).collect();
    ChannelRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        kind: s.kind.key().to_owned(),
        name: s.terms.name.clone(),
        address: s.terms.address.clone(),
        whole_region: s.terms.whole_region,
        categories: categories.join(" "),
        columns: columns.join(" "),
        opened_on: s.opened_on,
        closed_on: s.closed_on,
        mark: s.mark.clone(),
        version: i64::from(place.version),
    }
}

/// The terms of a channel, out of its row.
fn terms_of(row: &ChannelRow) -> Terms {
    Terms {
        name: row.name.clone(),
        address: row.address.clone(),
        whole_region: row.whole_region,
        categories: row.categories.split_whitespace().filter_map(Category::parse).collect(),
        columns: row.columns.split_whitespace().map(str::to_owned).collect(),
    }
}

/// The place the secret of a channel is sealed in.
fn secret_place(channel: Uuid) -> Vec<u8> {
    [b"channel/".as_slice(), channel.as_bytes()].concat()
}

/// Lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

impl Service {
    /// With hosts that may be sent to though they lie inside: those the operator names.
    #[must_use]
    pub fn with_push_hosts(mut self, hosts: PushHosts) -> Self {
        self.push_hosts = hosts;
        self
    }

    /// The hosts inside that may be sent to.
    pub fn push_hosts(&self) -> &PushHosts {
        &self.push_hosts
    }

    /// Opens a channel.
    ///
    /// # Errors
    /// Also an address that lies inside.
    pub async fn open_channel(&self, mut ctx: Context, on: Date, event: ChannelEvent) -> Result<Uuid> {
        ctx.actor.must(Permission::ManageChannels)?;
        self.must_lead_outside(&event)?;
        let id = ctx.new_id();
        self.verb(ctx, "open-channel", move |mut work| {
            Box::pin(async move {
                work.begin::<Channels>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Changes, closes or opens a channel again, or corrects an entry.
    pub async fn change_channel(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<ChannelEvent>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::ManageChannels)?;
        if let Some(event) = &change.event {
            self.must_lead_outside(event)?;
            if matches!(event, ChannelEvent::Keyed { .. } | ChannelEvent::Exported { .. }) {
                return Err(Error::Invalid("请在渠道页面上更换密钥或者导出".into()));
            }
        }
        self.verb(ctx, "change-channel", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Channels>(id).await?;
                work.change::<Channels>(id, version, change).await
            })
        })
        .await
    }

    fn must_lead_outside(&self, event: &ChannelEvent) -> Result<()> {
        let (ChannelEvent::Opened { terms, .. } | ChannelEvent::Changed { terms }) = event else {
            return Ok(());
        };
        // What is no address at all is said by the rules of the docket.
        match law::docket::channel::parts_of(&terms.address) {
            Some((_, authority, _)) if !self.push_hosts.may_name(authority) => {
                Err(Error::refused("address-inside", address::INSIDE, ""))
            }
            _ => Ok(()),
        }
    }

    /// Makes a new secret for a channel, from that instant the only one. It is given here once and never again.
    pub async fn key_channel(&self, mut ctx: Context, id: Uuid, version: u32) -> Result<String> {
        ctx.actor.must(Permission::ManageChannels)?;
        // The kept answer of an idempotency key would hold the secret in the clear.
        ctx.key = None;
        let secret = hex(&ctx.entropy.bytes());
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&ctx.entropy.bytes()[..12]);
        let sealed = self.vault.seal_value(&secret_place(id), nonce, &secret)?;
        let row = ChannelSecretRow { channel: id, nonce: nonce.to_vec(), sealed };
        let mark = hex(&Sha256::digest(secret.as_bytes())[..4]);
        self.verb(ctx, "key-channel", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Channels>(id).await?;
                let change = Change::event(work.ctx.today(), ChannelEvent::Keyed { mark });
                work.change::<Channels>(id, version, change).await?;
                Ok(work.tx.put_channel_secret(work.region, &row).await?)
            })
        })
        .await?;
        Ok(secret)
    }

    /// Every channel of the region, the oldest first: a document may go to a channel of another unit.
    pub async fn channels(&self, ctx: &Context) -> Result<Vec<ChannelRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        Ok(self.look().await?.channels(self.region, None).await?)
    }

    /// The channels of the actor's units.
    pub async fn own_channels(&self, ctx: &Context, units: Option<Vec<Uuid>>) -> Result<Vec<ChannelRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        Ok(tx.channels(self.region, units.as_deref()).await?)
    }

    /// A channel with its history.
    pub async fn channel_view(&self, ctx: &Context, id: Uuid) -> Result<View<Channels>> {
        self.view_docket::<Channels>(ctx, id).await
    }
}
