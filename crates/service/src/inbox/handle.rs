//! What an officer does with a message: look at it, file it on a request, register it as one, or say why nothing has to be
//! done. What it says moves to the request it goes to; it is in one place at a time.

use super::reply::{Reply, registered, unit_of};
use super::take::{as_text, day};
use super::{Messages, Said};
use crate::Service;
use crate::context::{Context, Entropy, Permission};
use crate::error::{Error, Result};
use crate::file::{Files, Kept, Opened};
use crate::mail::is_address;
use crate::register::{Change, Register, Work, docket, recorded};
use crate::request::{NewRequest, Received, Requests};
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::file::{FileEvent, FileRole, Media};
use law::docket::message::{MessageEvent, MessageState, Standing};
use store::{MessageFilter, RequestFilter, Tx};
use uuid::Uuid;

/// Requests looked at for a number: it may be used once by every agency.
const SAME_NUMBER: i64 = 50;

/// A message as a line of a list.
#[derive(Debug, Clone)]
pub struct InboxLine {
    /// Its id.
    pub id: Uuid,
    /// When it came.
    pub at: Timestamp,
    /// What it is, as its key.
    pub kind: String,
    /// Where it stands, as its key.
    pub state: String,
    /// Why it came to no request, as its key.
    pub stray: Option<String>,
    /// Sender, masked, and subject; none for those who may not see personal data, and where that lies on a request.
    pub about: Option<(String, String)>,
}

/// A file of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageFile {
    /// Its id.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Bytes.
    pub size: u64,
}

/// A message as an officer reads it.
#[derive(Debug, Clone)]
pub struct MessageView {
    /// Its id.
    pub id: Uuid,
    /// Number of entries of its docket.
    pub version: u32,
    /// Where it stands.
    pub standing: Standing,
    /// When it came.
    pub at: Timestamp,
    /// What it says; none once that lies on a request.
    pub said: Option<Said>,
    /// What is attached.
    pub files: Vec<MessageFile>,
}

/// A message that is about to go to a request: its text and its files, sealed anew.
#[derive(Default)]
struct Moving {
    kept: Vec<Kept>,
    said: Option<Said>,
    arrived_on: Option<Date>,
}

fn no_such_message() -> Error {
    Error::NotFound("没有找到这封来信，请从收件箱重新打开".into())
}

fn gone() -> Error {
    Error::NotFound("这封来信的内容已经归入申请，请在申请的材料中查看".into())
}

/// Another context of the same instant and actor, whose randomness is its own.
fn apart(ctx: &mut Context) -> Context {
    let mut other = ctx.clone();
    other.entropy = Entropy::new(ctx.entropy.bytes());
    other.key = None;
    other
}

impl Service {
    /// Messages of the inboxes within reach, the latest first: in these states, older than `before`. With senders and subjects
    /// for those who may see personal data; then the view is journaled.
    pub async fn inbox(
        &self,
        mut ctx: Context,
        states: &[MessageState],
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<InboxLine>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        ctx.key = None;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, &ctx, None).await?;
        let states = states.iter().map(|s| s.key().to_owned()).collect();
        let filter = MessageFilter { units, states: Some(states) };
        let rows = tx.messages(self.region, &filter, before, limit).await?;
        drop(tx);
        let may = ctx.actor.may(Permission::ReadPersonal);
        let mut abouts = vec![None; rows.len()];
        if may && rows.iter().any(|r| r.content.is_some()) {
            let contents: Vec<Option<Uuid>> = rows.iter().map(|r| r.content).collect();
            let listing = self.verb(ctx, "list-messages", move |mut work| {
                Box::pin(async move {
                    let mut abouts = Vec::with_capacity(contents.len());
                    for content in contents {
                        let said = work.said(&content).await?;
                        abouts.push(said.map(|s| (s.masked(), s.subject)));
                    }
                    let opened = abouts.iter().flatten().count();
                    if opened > 0 {
                        work.note_access(serde_json::json!({ "type": "messages-listed", "n": opened }))
                            .await?;
                    }
                    Ok(abouts)
                })
            });
            abouts = listing.await?;
        }
        let line = |(row, about): (store::MessageRow, _)| InboxLine {
            id: row.id,
            at: came_at(row.id),
            kind: row.kind,
            state: row.state,
            stray: row.stray,
            about,
        };
        Ok(rows.into_iter().zip(abouts).map(line).collect())
    }

    /// How many messages wait for somebody to do something, within reach.
    pub async fn waiting_messages(&self, ctx: &Context) -> Result<i64> {
        if !ctx.actor.may(Permission::EditRegisters) {
            return Ok(0);
        }
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let states = Some(vec![MessageState::Waiting.key().to_owned()]);
        Ok(tx.count_messages(self.region, &MessageFilter { units, states }).await?)
    }

    /// A message with what it says. Every view is journaled.
    pub async fn open_message(&self, mut ctx: Context, id: Uuid) -> Result<MessageView> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        let said = self.verb(ctx, "open-message", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Messages>(id).await?;
                let row = work.tx.message(work.region, id).await?.ok_or_else(no_such_message)?;
                let said = work.said(&row.content).await?;
                if said.is_some() {
                    work.note_access(serde_json::json!({ "type": "message-opened", "message": id })).await?;
                }
                Ok(said)
            })
        });
        let said = said.await?;
        let mut tx = self.look().await?;
        let history = docket::<Messages>(&mut tx, self.region, id).await?;
        let standing = Standing::of(&recorded(&history)).ok_or_else(no_such_message)?;
        let mut files = Vec::new();
        for row in tx.files_of(self.region, id).await?.into_iter().filter(|f| f.stored.is_some()) {
            let name = self.file_name(&mut tx, &row).await?;
            let media = Media::parse(&row.media).ok_or_else(no_such_message)?;
            let size = u64::try_from(row.size).unwrap_or_default();
            files.push(MessageFile { id: row.id, name, media, size });
        }
        let version = u32::try_from(history.len()).unwrap_or(u32::MAX);
        Ok(MessageView { id, version, standing, at: came_at(id), said, files })
    }

    /// Opens a file of a message. Every opening is journaled.
    pub async fn open_message_file(&self, mut ctx: Context, id: Uuid, file: Uuid) -> Result<Opened> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        self.verb(ctx, "open-message-file", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Messages>(id).await?;
                let event = serde_json::json!({ "type": "message-file-opened", "file": file, "message": id });
                work.note_access(event).await
            })
        })
        .await?;
        self.opened_of(id, file).await
    }

    /// Says that nothing has to be done about a message.
    pub async fn dismiss_message(&self, ctx: Context, id: Uuid, version: u32, reason: &str) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let (today, reason) = (ctx.today(), reason.trim().to_owned());
        self.verb(ctx, "dismiss-message", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Messages>(id).await?;
                let change = Change::event(today, MessageEvent::Dismissed { reason });
                work.change::<Messages>(id, version, change).await
            })
        })
        .await
    }

    /// Files a message on a request, named by its number or its id. Its text and its files become files of the request.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no request within reach has this number; a refusal with a code `file-…` if the request has
    /// too many files.
    pub async fn file_message(
        &self,
        mut ctx: Context,
        id: Uuid,
        version: u32,
        request: &str,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        ctx.actor.must(Permission::ReadPersonal)?;
        let request = self.named_request(&ctx, id, request).await?;
        let moving = self.set_out(&mut ctx, id).await?;
        let today = ctx.today();
        let done = self.verb(ctx, "file-message", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Messages>(id).await?;
                work.must_reach_docket::<Requests>(request).await?;
                let change = Change::event(today, MessageEvent::Filed { request: request.to_string() });
                work.change::<Messages>(id, version, change).await?;
                let unnamed = work.arrive(id, request, moving.kept).await?;
                Ok((request, unnamed))
            })
        });
        let (request, unnamed) = done.await?;
        self.forget_contents(unnamed).await;
        Ok(request)
    }

    /// Registers a message as a request. Its text and its files become files of the request, and its sender gets word
    /// with the address that leads there.
    pub async fn register_message(
        &self,
        mut ctx: Context,
        id: Uuid,
        version: u32,
        new: NewRequest,
    ) -> Result<Received> {
        ctx.actor.must(Permission::EditRegisters)?;
        ctx.actor.must(Permission::ReadPersonal)?;
        let moving = self.set_out(&mut ctx, id).await?;
        let request = ctx.new_id();
        let today = ctx.today();
        let address = self.reply_address(request);
        let inbox = self.inbox.clone();
        let done = self.verb(ctx, "register-message", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Messages>(id).await?;
                let addressee = new.addressee;
                let received = work.receive(request, new).await?;
                let change = Change::event(today, MessageEvent::Registered { request: request.to_string() });
                work.change::<Messages>(id, version, change).await?;
                let unnamed = work.arrive(id, request, moving.kept).await?;
                let (Some(inbox), Some(address)) = (inbox, address) else { return Ok((received, unnamed)) };
                let said = moving.said.filter(|s| inbox.answers && is_address(&s.from));
                if let (Some(said), Some(came)) = (said, moving.arrived_on) {
                    let unit =
                        work.tx.unit(work.region, addressee).await?.map(|u| u.name).unwrap_or_default();
                    let reply = Reply {
                        address: said.from,
                        subject: "您的政府信息公开申请已经登记".to_owned(),
                        body: registered(&unit, &day(came), received.number.as_deref(), &address),
                        reply_to: Some(address),
                        in_reply_to: said.message_id,
                        automatic: false,
                        unsubscribe: None,
                        told: None,
                    };
                    let unit = unit_of(work.tx, work.region, &inbox).await?.0;
                    work.write_reply(format!("registered/{id}"), (unit, Some(request)), &reply).await?;
                }
                Ok((received, unnamed))
            })
        });
        let (received, unnamed) = done.await?;
        self.forget_contents(unnamed).await;
        Ok(received)
    }

    /// The request that an officer names.
    async fn named_request(&self, ctx: &Context, message: Uuid, text: &str) -> Result<Uuid> {
        let text = text.trim();
        let unknown = || Error::refused("request-unknown", "没有找到这个编号的申请，请核对编号", "");
        if text.is_empty() {
            return Err(Error::refused("request-missing", "请填写申请编号", ""));
        }
        let mut tx = self.look().await?;
        // The address of its page ends in its id.
        if let Ok(id) = Uuid::try_parse(text.trim_end_matches('/').rsplit('/').next().unwrap_or_default()) {
            return tx.request(self.region, id).await?.map(|r| r.id).ok_or_else(unknown);
        }
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let filter = RequestFilter { units, text: Some(text.to_owned()), ..RequestFilter::default() };
        let mut found = tx.requests(self.region, &filter, None, SAME_NUMBER).await?;
        found.retain(|r| r.number.as_deref() == Some(text));
        let unit = tx.message(self.region, message).await?.ok_or_else(no_such_message)?.unit;
        let one = match found.as_slice() {
            [one] => Some(one),
            several => several.iter().find(|r| r.addressee == unit),
        };
        match one {
            Some(one) => Ok(one.id),
            None if found.is_empty() => Err(unknown()),
            None => {
                let text = "有多个机关的申请使用这个编号，请填写申请页面的网址";
                Err(Error::refused("request-ambiguous", text, ""))
            }
        }
    }

    /// Seals text and files of an open message anew, for the request they go to. Nothing for one that is settled: the
    /// verb says so.
    async fn set_out(&self, ctx: &mut Context, id: Uuid) -> Result<Moving> {
        let mut tx = self.look().await?;
        let history = docket::<Messages>(&mut tx, self.region, id).await?;
        self.must_see_docket::<Messages>(&mut tx, ctx, &history).await?;
        let standing = Standing::of(&recorded(&history)).ok_or_else(no_such_message)?;
        if !standing.state.is_open() {
            return Ok(Moving::default());
        }
        let files = tx.files_of(self.region, id).await?;
        drop(tx);
        let mut own = apart(ctx);
        let mut moving = Moving { arrived_on: Some(standing.arrived_on), ..Moving::default() };
        for row in files.into_iter().filter(|f| f.stored.is_some()) {
            let Opened { name, content, .. } = self.opened_of(id, row.id).await?;
            let mut upload = self.upload(FileRole::Message, &name);
            upload.push(&content);
            moving.kept.push(self.keep(&mut own, upload).await?);
        }
        let mut tx = self.look().await?;
        let content = crate::unit::id_of(&standing.content).ok_or_else(gone)?;
        let sealed = tx.personal(self.region, content).await?.filter(|s| s.erased_at.is_none());
        drop(tx);
        let sealed = sealed.filter(|s| s.subject == id).ok_or_else(gone)?;
        let said: Said = self.vault.open_value(content.as_bytes(), &sealed.nonce, &sealed.sealed)?;
        let names: Vec<String> = moving.kept.iter().map(|k| k.name().to_owned()).collect();
        let text = as_text(&said, standing.arrived_on, &names);
        moving.kept.insert(0, self.keep_text(&mut own, &said.subject, text).await?);
        moving.said = Some(said);
        Ok(moving)
    }

    /// Takes contents off the disk that no row names any more; what cannot be taken now is collected later.
    async fn forget_contents(&self, unnamed: Vec<String>) {
        let Ok(blobs) = self.depot.blobs() else { return };
        for stored in unnamed {
            if let Err(error) = blobs.remove(&stored).await {
                tracing::warn!(?error, "a content that was moved is still on the disk");
            }
        }
    }

    /// Forgets who sent what long ago, and letters that were sent long ago.
    pub(crate) async fn tidy_messages(&self, now: Timestamp, before: Timestamp) -> Result<()> {
        let region = self.region;
        let senders = now.saturating_sub(jiff::SignedDuration::from_hours(48)).unwrap_or(now);
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    tx.purge_senders(region, senders).await?;
                    tx.purge_replies(region, before).await?;
                    Ok::<(), Error>(())
                })
            })
            .await
    }
}

/// When a message came: its id is made from the instant.
fn came_at(id: Uuid) -> Timestamp {
    let millis = u64::try_from(id.as_u128() >> 80).unwrap_or_default();
    i64::try_from(millis).ok().and_then(|ms| Timestamp::from_millisecond(ms).ok()).unwrap_or_default()
}

impl Work<'_> {
    /// What a message says; none once it is erased.
    async fn said(&mut self, content: &Option<Uuid>) -> Result<Option<Said>> {
        let Some(id) = *content else { return Ok(None) };
        let sealed = self.tx.personal(self.region, id).await?.filter(|s| s.erased_at.is_none());
        let open = |s: store::PersonalRow| self.vault.open_value(id.as_bytes(), &s.nonce, &s.sealed);
        sealed.map(open).transpose()
    }

    /// Adds text and files of a message to a request and erases them where they were. Contents that no row names any more.
    async fn arrive(&mut self, message: Uuid, request: Uuid, kept: Vec<Kept>) -> Result<Vec<String>> {
        let (today, at) = (self.ctx.today(), self.ctx.at);
        for file in kept {
            self.add_file_to((Requests::KIND, request), file).await?;
        }
        let mut unnamed = Vec::new();
        for row in self.tx.files_of(self.region, message).await? {
            let Some(stored) = row.stored else { continue };
            let version = u32::try_from(row.version).unwrap_or(u32::MAX);
            let erased = FileEvent::Erased { reason: "已经归入申请".to_owned() };
            self.change::<Files>(row.id, version, Change::event(today, erased)).await?;
            if let Some(name) = row.name {
                self.tx.erase_personal(self.region, name, at).await?;
            }
            unnamed.push(stored);
        }
        for record in self.tx.personal_of(self.region, message).await? {
            self.tx.erase_personal(self.region, record.id, at).await?;
        }
        Ok(unnamed)
    }
}
