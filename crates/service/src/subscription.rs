//! Saved searches (检索订阅): a reader without an account follows a search by e-mail.
//!
//! Nobody is written to who has not said so: the first letter holds a link that confirms, every other one a link that ends it, and
//! ending erases what was kept. Address and search are sealed together; beside them lies a keyed digest of the address, so that one
//! address can neither be flooded nor follow without end. Links carry a proof of their own and nothing is stored for them.
//!
//! | matter | module |
//! |---|---|
//! | the letter of the day, and what it tells of | `digest` |

mod digest;

pub(crate) use digest::Told;

use crate::Service;
use crate::context::Context;
use crate::error::{Error, Result};
use crate::inbox::Reply;
use crate::mail::is_address;
use crate::register::{Change, Place, Register, Work};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use law::Refusal;
use law::calendar::Calendar;
use law::docket::subscription::{EndedBy, Standing, SubscriptionEvent, SubscriptionState};
use law::docket::{Recorded, Tally};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{FollowerRow, Region, SubscriptionRow, Tx};
use uuid::Uuid;

/// Searches one address may follow, confirmed or not.
pub const MOST_FOLLOWED: usize = 20;
/// Letters that ask one address to confirm, until it confirms or they are forgotten.
const MOST_ASKED: i64 = 3;
/// Hours after which what nobody confirmed is forgotten; the letter says 两日.
const CONFIRM_HOURS: i64 = 48;
/// Characters of a search as an address holds it.
const LONGEST: usize = 3_000;
/// Rows read at a time.
const PAGE: i64 = 1_000;
/// Text of the letter that asks; `{link}` is put in. It says nothing that whoever asked could have written, because it goes to
/// whatever address was typed.
const CONFIRM: &str = include_str!("../data/mail/subscription_confirm.txt");
/// Text of the letter that says why nothing has to be confirmed; `{why}` is put in.
const WORD: &str = include_str!("../data/mail/subscription_word.txt");

/// The register of subscriptions.
#[derive(Debug, Clone, Copy)]
pub struct Subscriptions;

impl Register for Subscriptions {
    const KIND: &'static str = "subscription";
    const NAME: &'static str = "检索订阅";
    type Event = SubscriptionEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<SubscriptionEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &SubscriptionEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &SubscriptionEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
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
        Box::pin(async move { tx.put_subscription(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_subscription(region, id).await })
    }
}

/// The derived row of a subscription.
pub(crate) fn row(place: Place, s: &Standing) -> SubscriptionRow {
    SubscriptionRow {
        id: place.id,
        state: s.state.key().to_owned(),
        asked_on: s.asked_on,
        version: i64::from(place.version),
    }
}

/// What is kept of a reader.
#[derive(Clone, Serialize, Deserialize)]
struct Saved {
    address: String,
    /// The search as an address holds it.
    query: String,
    /// The search as people read it.
    said: String,
}

/// A subscription at its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtLink {
    /// The search as people read it.
    pub said: String,
    /// Whether it is confirmed.
    pub confirmed: bool,
}

/// The place a reader is sealed in.
fn place(id: Uuid) -> Vec<u8> {
    [b"subscription/".as_slice(), id.as_bytes()].concat()
}

fn no_such() -> Error {
    Error::NotFound("没有找到这项订阅，可能已经退订或者超过两日没有确认；需要的请重新订阅".into())
}

/// How the keys of all letters of a subscription begin.
fn letters_of(id: Uuid) -> String {
    format!("subscription/{id}/")
}

/// Whether it is confirmed, or may still be: also what is too old and was not taken away yet counts no more.
fn is_open(row: &FollowerRow, now: Timestamp) -> bool {
    row.confirmed || now.duration_since(row.made_at) < SignedDuration::from_hours(CONFIRM_HOURS)
}

/// Ends a subscription and erases what is kept of the reader: the address, the search, and every letter, sent or not.
async fn end(work: &mut Work<'_>, id: Uuid, by: EndedBy) -> Result<()> {
    happens(work, id, SubscriptionEvent::Ended { by }).await?;
    work.tx.remove_follower(work.region, id).await?;
    work.tx.remove_replies(work.region, &letters_of(id)).await?;
    Ok(())
}

async fn happens(work: &mut Work<'_>, id: Uuid, event: SubscriptionEvent) -> Result<()> {
    let version = u32::try_from(work.docket::<Subscriptions>(id).await?.len()).unwrap_or(u32::MAX);
    let change = Change::event(work.ctx.today(), event);
    work.change::<Subscriptions>(id, version, change).await?;
    Ok(())
}

/// Who is kept though the subscription ended, and who is not though it goes on; one sentence each.
pub(crate) async fn check(tx: &mut Tx, region: Region) -> Result<Vec<String>> {
    let (mut problems, mut open, mut after) = (Vec::new(), BTreeMap::new(), Uuid::nil());
    loop {
        let page = tx.subscriptions_by_id(region, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.id;
        let going_on = page.into_iter().filter(|s| s.state != SubscriptionState::Ended.key());
        open.extend(going_on.map(|s| (s.id, s.state == SubscriptionState::Confirmed.key())));
    }
    after = Uuid::nil();
    loop {
        let page = tx.followers(region, after, PAGE).await?;
        let Some(last) = page.last() else { break };
        after = last.subscription;
        for row in &page {
            let id = row.subscription;
            match open.remove(&id) {
                None => problems.push(format!("检索订阅 {id} 已经结束，但是订阅人的邮箱没有删除")),
                Some(confirmed) if confirmed != row.confirmed => {
                    problems.push(format!("检索订阅 {id} 是否确认与日志不符"));
                }
                Some(_) => {}
            }
        }
    }
    problems.extend(open.into_keys().map(|id| format!("检索订阅 {id} 没有结束，但是订阅人的邮箱已经不在")));
    Ok(problems)
}

impl Service {
    /// The address of a subscription, at which it is confirmed and ended. The proof stands behind the question mark, which no log
    /// of ours keeps.
    fn subscription_link(&self, site: &str, id: Uuid) -> String {
        format!("{site}/search/subscription?of={}{}", id.simple(), self.vault.subscription_proof(id))
    }

    /// The subscription of a link, by what follows `of=` in it.
    fn linked(&self, of: &str) -> Result<Uuid> {
        let (id, proof) = of.split_at_checked(32).ok_or_else(no_such)?;
        let id = Uuid::try_parse(id).map_err(|_| no_such())?;
        if self.vault.is_subscription_proof(id, proof) { Ok(id) } else { Err(no_such()) }
    }

    fn saved(&self, row: &FollowerRow) -> Result<Saved> {
        self.vault.open_value(&place(row.subscription), &row.nonce, &row.sealed)
    }

    /// Asks to follow a search: `query` as an address holds it, `said` as people read it. The answer is the same whatever is
    /// written, so that nobody learns who follows what. For everybody.
    ///
    /// # Errors
    /// What was typed is no address of mail, or the search is too long to be kept.
    pub async fn ask_to_follow(
        &self,
        mut ctx: Context,
        address: &str,
        (query, said): (&str, &str),
        site: &str,
    ) -> Result<()> {
        let address = address.trim().to_owned();
        if !is_address(&address) {
            let text = "请填写电子邮箱，例如 name@example.com";
            return Err(Error::refused("email-malformed", text, ""));
        }
        if query.len() > LONGEST {
            return Err(Error::refused("search-too-long", "检索条件过长，请减少检索词后再订阅", ""));
        }
        let id = ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&ctx.entropy.bytes()[..12]);
        let saved = Saved { address: address.clone(), query: query.to_owned(), said: said.to_owned() };
        let new = FollowerRow {
            subscription: id,
            digest: self.vault.follower_digest(&address),
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(&place(id), nonce, &saved)?,
            made_at: ctx.at,
            asked: 1,
            confirmed: false,
            seq: 0,
            told_from: 0,
            told_on: None,
            failures: 0,
        };
        let (service, site) = (self.clone(), site.to_owned());
        self.verb(ctx, "ask-to-follow", move |mut work| {
            Box::pin(async move {
                let (region, now) = (work.region, work.ctx.at);
                let mut known = work.tx.followed_by(region, &new.digest).await?;
                known.retain(|row| is_open(row, now));
                let mut same = None;
                for row in &known {
                    if service.saved(row)?.query == saved.query {
                        same = Some(row.clone());
                    }
                }
                let asked: i64 = known.iter().filter(|row| !row.confirmed).map(|row| row.asked).sum();
                let to = |of: Uuid| Reply { unsubscribe: Some(service.subscription_link(&site, of)), ..letter(&saved) };
                let row = match same {
                    Some(row) if row.confirmed => {
                        let reply = to(row.subscription);
                        let link = reply.unsubscribe.as_deref().unwrap_or_default();
                        let why = format!("这项检索您已经订阅，不必重复确认。不再需要的，打开以下链接退订：\n{link}");
                        return word(&mut work, (row.subscription, "known"), &reply, &why).await;
                    }
                    _ if asked >= MOST_ASKED => return Ok(()),
                    Some(mut row) => {
                        (row.asked, row.made_at) = (row.asked + 1, now);
                        work.tx.change_follower(region, &row).await?;
                        row
                    }
                    None if known.len() >= MOST_FOLLOWED => {
                        let first = known[0].subscription;
                        let reply = Reply { unsubscribe: None, ..letter(&saved) };
                        let why = format!(
                            "这个邮箱订阅的检索已经达到{MOST_FOLLOWED}项，请先从以前的邮件中退订不再需要的，再重新订阅。"
                        );
                        return word(&mut work, (first, "full"), &reply, &why).await;
                    }
                    None => {
                        let asked = Change::event(work.ctx.today(), SubscriptionEvent::Asked);
                        work.begin::<Subscriptions>(id, vec![asked]).await?;
                        work.tx.add_follower(region, &new).await?;
                        new
                    }
                };
                let mut reply = to(row.subscription);
                reply.body = CONFIRM.replace("{link}", reply.unsubscribe.as_deref().unwrap_or_default());
                let key = format!("{}confirm/{}", letters_of(row.subscription), row.asked);
                work.write_reply(key, (Uuid::nil(), None), &reply).await?;
                Ok(())
            })
        })
        .await
    }

    /// What stands at the link of a subscription. For whoever has the link.
    pub async fn subscription_at(&self, of: &str, now: Timestamp) -> Result<AtLink> {
        let id = self.linked(of)?;
        let row = self.look().await?.follower(self.region, id).await?;
        let row = row.filter(|row| is_open(row, now)).ok_or_else(no_such)?;
        Ok(AtLink { said: self.saved(&row)?.said, confirmed: row.confirmed })
    }

    /// Confirms a subscription: what is published from now on is told. For whoever has the link; twice is once.
    pub async fn confirm_subscription(&self, ctx: Context, of: &str) -> Result<()> {
        let id = self.linked(of)?;
        self.verb(ctx, "confirm-subscription", move |mut work| {
            Box::pin(async move {
                let (region, now) = (work.region, work.ctx.at);
                let row = work.tx.follower(region, id).await?.filter(|row| is_open(row, now));
                let mut row = row.ok_or_else(no_such)?;
                if row.confirmed {
                    return Ok(());
                }
                happens(&mut work, id, SubscriptionEvent::Confirmed).await?;
                let regions = work.tx.regions().await?;
                let head = regions.iter().find(|r| r.region == region).map_or(0, |r| r.seq);
                (row.confirmed, row.seq, row.told_from) = (true, head, head);
                Ok(work.tx.change_follower(region, &row).await?)
            })
        })
        .await
    }

    /// Ends a subscription and erases what was kept of the reader. For whoever has the link; twice is once.
    pub async fn end_subscription(&self, ctx: Context, of: &str) -> Result<()> {
        let id = self.linked(of)?;
        self.verb(ctx, "end-subscription", move |mut work| {
            Box::pin(async move {
                match work.tx.follower(work.region, id).await? {
                    Some(_) => end(&mut work, id, EndedBy::Reader).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }

    /// Forgets who asked to follow and never confirmed.
    pub(crate) async fn tidy_followers(&self, ctx: &Context) -> Result<()> {
        let before = ctx.at.saturating_sub(SignedDuration::from_hours(CONFIRM_HOURS));
        let before = before.map_err(|e| Error::Internal(e.to_string()))?;
        let mut failed = None;
        loop {
            let late = self.look().await?.unconfirmed_followers(self.region, before, PAGE).await?;
            let mut gone = 0;
            for row in late {
                match self.forget_unconfirmed(ctx, row.subscription).await {
                    Ok(()) => gone += 1,
                    Err(error) => failed = Some(error),
                }
            }
            // Nothing is left, or only what cannot be forgotten now.
            if gone == 0 {
                return failed.map_or(Ok(()), Err);
            }
        }
    }

    async fn forget_unconfirmed(&self, ctx: &Context, id: Uuid) -> Result<()> {
        let mut ctx = ctx.clone();
        ctx.key = None;
        self.verb(ctx, "forget-subscription", move |mut work| {
            Box::pin(async move {
                // Confirmed or ended since it was read, it is left alone.
                match work.tx.follower(work.region, id).await?.filter(|row| !row.confirmed) {
                    Some(_) => end(&mut work, id, EndedBy::Unconfirmed).await,
                    None => Ok(()),
                }
            })
        })
        .await
    }
}

/// The letter that asks to confirm, without its text.
fn letter(saved: &Saved) -> Reply {
    Reply {
        address: saved.address.clone(),
        subject: "请确认政府信息检索订阅".to_owned(),
        body: String::new(),
        reply_to: None,
        in_reply_to: None,
        automatic: false,
        unsubscribe: None,
        told: None,
    }
}

/// Says why nothing has to be confirmed, once a day.
async fn word(work: &mut Work<'_>, (of, what): (Uuid, &str), reply: &Reply, why: &str) -> Result<()> {
    let reply =
        Reply {
            subject: "政府信息检索订阅".to_owned(), body: WORD.replace("{why}", why), ..reply.clone()
        };
    let key = format!("{}{what}/{}", letters_of(of), work.ctx.today());
    work.write_reply(key, (Uuid::nil(), None), &reply).await?;
    Ok(())
}
