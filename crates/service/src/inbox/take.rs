//! How a message comes in: read within limits, judged, on the request its address leads to or in the inbox, once.

use super::address::{Route, route};
use super::read::{Mail, read, unreadable};
use super::reply::{Reply, acknowledgement, bounced, unit_of};
use super::{Inbox, Messages, Said};
use crate::Service;
use crate::context::{Actor, Context, Permission, Role, zone};
use crate::error::{Error, Result};
use crate::file::Kept;
use crate::mail::is_address;
use crate::notice::{NoticeText, told_once};
use crate::register::{Change, Register, Work};
use crate::request::Requests;
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::file::FileRole;
use law::docket::message::{MessageEvent, MessageKind, Stray};
use serde::{Deserialize, Serialize};
use store::{PersonalRow, SenderRow};
use uuid::Uuid;

/// Bytes of a message that is read whole: what mail servers commonly let through.
pub const MESSAGE_LIMIT: u64 = 50 << 20;
/// Messages of one sender that become tasks or land on requests in a day.
pub const TASKS_A_DAY: i64 = 20;

/// A message as a door hands it over.
#[derive(Debug)]
pub struct Incoming {
    /// Its bytes; of one that is larger than [`MESSAGE_LIMIT`], the beginning.
    pub bytes: Vec<u8>,
    /// Its whole size.
    pub size: u64,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// Its docket.
    pub id: Uuid,
    /// The request it landed on.
    pub request: Option<Uuid>,
    /// Whether it was there before: a process ended between taking it and noting that.
    pub again: bool,
}

/// A message that is ready to be written down.
struct Ready {
    id: Uuid,
    unit: (Uuid, String),
    kind: MessageKind,
    route: Route,
    digest: String,
    said: Said,
    bounced: Vec<Uuid>,
    files: Vec<Kept>,
    answers: bool,
    reply_to: Option<String>,
}

/// Midnight in Shanghai, with which the day of a sender begins.
fn day_began(at: Timestamp) -> Timestamp {
    at.to_zoned_datetime(zone()).start_of_day().map_or(at, |z| z.timestamp())
}

/// A day in Chinese.
pub(super) fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

/// A message as a text that can lie on a request.
pub(super) fn as_text(said: &Said, came: Date, names: &[String]) -> String {
    let sender = match said.name.as_str() {
        "" => said.from.clone(),
        name => format!("{name} <{}>", said.from),
    };
    let sent = said.sent_at.map_or_else(|| "未注明".into(), |at| day(crate::civil_date(at)));
    let mut text = format!(
        "发件人：{sender}\n发出日期：{sent}\n到达日期：{}\n主题：{}\n\n{}\n",
        day(came),
        said.subject,
        said.text
    );
    if said.cut {
        text.push_str("\n（正文过长，只保留以上部分）\n");
    }
    if !names.is_empty() || !said.refused.is_empty() {
        text.push_str("\n附件：\n");
    }
    for name in names {
        text.push_str(&format!("{name}（已接收）\n"));
    }
    for (name, why) in &said.refused {
        text.push_str(&format!("{name}（没有接收：{why}）\n"));
    }
    text
}

impl Service {
    /// Takes a message out of the inbox. The same message is taken once, however often it is handed over.
    ///
    /// # Errors
    /// There is no inbox, its unit is unknown, or the store or the virus scanner cannot be reached: then the message is to
    /// stay where it is and to be handed over again.
    pub async fn take_message(&self, mut ctx: Context, incoming: Incoming) -> Result<Taken> {
        ctx.actor.must(Permission::Upkeep)?;
        let inbox = self.inbox.clone();
        let inbox = inbox.ok_or_else(|| Error::Invalid("没有设置收件箱".into()))?;
        // The public wrote it.
        ctx.actor = Actor::Anonymous;
        ctx.key = None;
        let mail = self.read_message(&inbox, incoming).await?;
        let ready = match self.prepare(&mut ctx, &inbox, mail).await? {
            Ok(ready) => ready,
            Err(taken) => return Ok(taken),
        };
        self.verb(ctx, "take-message", move |mut work| Box::pin(async move { work.take_in(ready).await }))
            .await
    }

    async fn read_message(&self, inbox: &std::sync::Arc<Inbox>, incoming: Incoming) -> Result<Mail> {
        let inbox = inbox.clone();
        let Incoming { bytes, size } = incoming;
        let reading = tokio::task::spawn_blocking(move || {
            // A defect of the reader is not to keep the mail that comes after.
            let whole = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| read(&bytes, &inbox)));
            let mut mail = whole.unwrap_or_else(|_| unreadable(&bytes));
            if size > bytes.len() as u64 {
                let most = MESSAGE_LIMIT >> 20;
                mail.attachments.clear();
                mail.said.text = format!("（邮件超过{most}MB，没有读取，请在收件目录中查看原件）");
                mail.said.cut = true;
                mail.digest = store::Blobs::address_of(format!("{}/{size}", mail.digest).as_bytes());
            }
            mail
        });
        reading.await.map_err(|e| Error::Internal(e.to_string()))
    }

    /// Finds where a message belongs and puts its files on the disk; `Err` if it was taken before.
    async fn prepare(
        &self,
        ctx: &mut Context,
        inbox: &Inbox,
        mail: Mail,
    ) -> Result<std::result::Result<Ready, Taken>> {
        let Mail { mut kind, recipients, answers, bounced, mut said, attachments, digest } = mail;
        let mut tx = self.look().await?;
        let unit = unit_of(&mut tx, self.region, inbox).await?;
        let of = (self.region, &self.vault, inbox);
        let mut route = route(&mut tx, of, &recipients, &answers, ctx.today()).await?;
        let sender = self.vault.sender_digest(&said.from);
        if kind == MessageKind::Letter
            && tx.count_sent(self.region, &sender, day_began(ctx.at)).await? >= TASKS_A_DAY
        {
            kind = MessageKind::Excess;
        }
        if kind != MessageKind::Letter {
            // What a program wrote, or too much of it, is on no request.
            route = Err(route.err().unwrap_or(Stray::Unaddressed));
        }
        // The same message on two requests is two: its copies went to two addresses.
        let digest = match route {
            Ok(request) => store::Blobs::address_of(format!("{digest}/{request}").as_bytes()),
            Err(_) => digest,
        };
        if let Some(row) = tx.message_by_digest(self.region, &digest).await? {
            return Ok(Err(Taken { id: row.id, request: row.request, again: true }));
        }
        // Files that are on the request already; its text needs a place too.
        let mut there = (0, 0);
        if let Ok(request) = route {
            let files = tx.files_of(self.region, request).await?;
            let files = files.iter().filter(|f| f.stored.is_some());
            there = (files.clone().count(), files.map(|f| u64::try_from(f.size).unwrap_or_default()).sum());
            if there.0 >= self.file_limits().files {
                route = Err(Stray::Full);
                there = (0, 0);
            }
        }
        drop(tx);
        there.0 += 1;
        let mut files = Vec::new();
        for (name, content) in attachments {
            let mut upload = self.upload(FileRole::Message, &name);
            upload.push(&content);
            let kept = match self.keep(ctx, upload).await {
                Ok(kept) => kept.fits(there).map(|()| kept),
                Err(error) => Err(error),
            };
            match kept {
                Ok(kept) => {
                    there = (there.0 + 1, there.1.saturating_add(kept.size()));
                    files.push(kept);
                }
                Err(Error::Refused(all)) if all.iter().all(|r| r.code != "file-unscanned") => {
                    let why = all.into_iter().map(|r| r.text).collect::<Vec<_>>().join("；");
                    let name = if name.is_empty() { "（没有名称）".to_owned() } else { name };
                    said.refused.push((name, why));
                }
                Err(other) => return Err(other),
            }
        }
        if route.is_ok() {
            let names: Vec<String> = files.iter().map(|f| f.name().to_owned()).collect();
            let text = as_text(&said, ctx.today(), &names);
            files.insert(0, self.keep_text(ctx, &said.subject, text).await?);
        }
        let reply_to = route.ok().map(|request| inbox.reply_address(&self.vault, request));
        let answers = inbox.answers && kind == MessageKind::Letter && is_address(&said.from);
        let id = ctx.new_id();
        Ok(Ok(Ready { id, unit, kind, route, digest, said, bounced, files, answers, reply_to }))
    }

    /// Keeps the text of a message as a file.
    pub(super) async fn keep_text(&self, ctx: &mut Context, subject: &str, text: String) -> Result<Kept> {
        let name = if subject.is_empty() {
            "电子邮件.txt".into()
        } else {
            format!("电子邮件：{subject}.txt")
        };
        let mut upload = self.upload(FileRole::Message, &name.replace('：', "（").replace(".txt", "）.txt"));
        upload.push(text.as_bytes());
        self.keep(ctx, upload).await
    }
}

impl Work<'_> {
    async fn take_in(&mut self, ready: Ready) -> Result<Taken> {
        let Ready { id, unit, kind, route, digest, said, bounced: back, files, answers, reply_to } = ready;
        if let Some(row) = self.tx.message_by_digest(self.region, &digest).await? {
            return Ok(Taken { id: row.id, request: row.request, again: true });
        }
        let today = self.ctx.today();
        let request = route.ok();
        let sender =
            SenderRow { message: id, digest: self.vault.sender_digest(&said.from), came_at: self.ctx.at };
        let content = if request.is_none() { Some(self.seal_said(id, &said).await?) } else { None };
        let arrived = MessageEvent::Arrived {
            unit: unit.0.to_string(),
            kind,
            request: request.map(|r| r.to_string()),
            stray: route.err(),
            digest,
            content: content.map(|c| c.to_string()),
        };
        self.begin::<Messages>(id, vec![Change::event(today, arrived)]).await?;
        self.tx.add_sender(self.region, &sender).await?;
        let subject = match request {
            Some(request) => (Requests::KIND, request),
            None => (Messages::KIND, id),
        };
        for file in files {
            self.add_file_to(subject, file).await?;
        }
        bounced(self, &back).await?;
        if kind == MessageKind::Letter {
            let number = self.tell(id, unit.0, request).await?;
            if answers {
                self.acknowledge(&sender.digest, &unit, (request, number), &said, reply_to).await?;
            }
        }
        Ok(Taken { id, request, again: false })
    }

    async fn seal_said(&mut self, message: Uuid, said: &Said) -> Result<Uuid> {
        let id = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let row = PersonalRow {
            id,
            subject_kind: Messages::KIND.to_owned(),
            subject: message,
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(id.as_bytes(), nonce, said)?,
            erased_at: None,
        };
        self.tx.put_personal(self.region, &row).await?;
        Ok(id)
    }

    /// Tells the officers of the request or of the inbox; the number of the request.
    async fn tell(&mut self, id: Uuid, inbox: Uuid, request: Option<Uuid>) -> Result<Option<String>> {
        let on = self.ctx.today();
        let (unit, text, number) = match request {
            Some(request) => {
                let (unit, number) = self.told_about(request).await?;
                (unit, NoticeText::Message { number: number.clone(), on }, number)
            }
            None => (inbox, NoticeText::Inbox { on }, None),
        };
        let to = (Some(unit), Role::Officer);
        let notice = told_once(&mut self.ctx, format!("message/{id}"), to, request, &text)?;
        self.tx.add_notices(self.region, &[notice]).await?;
        Ok(number)
    }

    /// Acknowledges a message, once a day to one address.
    async fn acknowledge(
        &mut self,
        sender: &str,
        unit: &(Uuid, String),
        (request, number): (Option<Uuid>, Option<String>),
        said: &Said,
        reply_to: Option<String>,
    ) -> Result<()> {
        let today = self.ctx.today();
        let next = match (request, number) {
            (Some(_), Some(number)) => format!("邮件已经归入您的政府信息公开申请{number}，由工作人员查看。"),
            (Some(_), None) => "邮件已经归入您的政府信息公开申请，由工作人员查看。".to_owned(),
            (None, _) => "工作人员查看后将与您联系。".to_owned(),
        };
        let reply = Reply {
            address: said.from.clone(),
            subject: "您的电子邮件已经收到".to_owned(),
            body: acknowledgement(&unit.1, &day(today), &next),
            reply_to,
            in_reply_to: said.message_id.clone(),
            automatic: true,
            unsubscribe: None,
            told: None,
        };
        self.write_reply(format!("acknowledged/{sender}/{today}"), (unit.0, request), &reply).await?;
        Ok(())
    }
}
