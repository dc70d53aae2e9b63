//! Letters to people outside: an acknowledgement of what they sent, and word that it was registered. Address and text are
//! sealed until they are sent.

use super::Inbox;
use crate::Service;
use crate::context::Role;
use crate::error::{Error, Result};
use crate::notice::{NoticeText, told_once};
use crate::register::Work;
use crate::subscription::Told;
use crate::vault::Vault;
use serde::{Deserialize, Serialize};
use store::{ReplyRow, Tx};
use uuid::Uuid;

/// Text of an acknowledgement; `{unit}`, `{day}` and `{next}` are put in.
const ACKNOWLEDGEMENT: &str = include_str!("../../data/mail/acknowledgement.txt");
/// Text of the word that mail was registered; `{unit}`, `{day}`, `{number}` and `{address}` are put in.
const REGISTERED: &str = include_str!("../../data/mail/registered.txt");

/// What is noted of a letter that the mail server of its reader sent back.
pub(crate) const CAME_BACK: &str = "对方邮件服务器退回";

/// A letter to somebody outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Reply {
    /// Where it goes.
    pub(crate) address: String,
    /// Its subject.
    pub(crate) subject: String,
    /// Its text.
    pub(crate) body: String,
    /// Where an answer goes: to the request it is about.
    pub(crate) reply_to: Option<String>,
    /// The message it answers.
    pub(crate) in_reply_to: Option<String>,
    /// Whether a program wrote it by itself (RFC 3834): then nobody is told if it does not arrive.
    pub(crate) automatic: bool,
    /// Where whoever gets it says that nothing more is wanted (RFC 8058).
    #[serde(default)]
    pub(crate) unsubscribe: Option<String>,
    /// What it tells of, judged once more when it is sent; its text is made then.
    #[serde(default)]
    pub(crate) told: Option<Told>,
}

/// The place a letter is sealed in.
fn place(id: Uuid) -> Vec<u8> {
    [b"reply/".as_slice(), id.as_bytes()].concat()
}

impl Reply {
    /// Opens a letter that waits.
    pub(crate) fn open(vault: &Vault, row: &ReplyRow) -> Result<Reply> {
        vault.open_value(&place(row.id), &row.nonce, &row.sealed)
    }
}

/// What an acknowledgement says.
pub(super) fn acknowledgement(unit: &str, day: &str, next: &str) -> String {
    ACKNOWLEDGEMENT.replace("{unit}", unit).replace("{day}", day).replace("{next}", next)
}

/// What is said when mail was registered as a request.
pub(super) fn registered(unit: &str, day: &str, number: Option<&str>, address: &str) -> String {
    let number = match number {
        Some(number) => format!("，编号{number}"),
        None => "。经双方确认后，本机关将给出编号并开始计算答复期限".to_owned(),
    };
    REGISTERED
        .replace("{unit}", unit)
        .replace("{day}", day)
        .replace("{number}", &number)
        .replace("{address}", address)
}

impl Work<'_> {
    /// Puts a letter into the outbox, unless one with this key is there. `false` if it was.
    pub(crate) async fn write_reply(
        &mut self,
        key: String,
        of: (Uuid, Option<Uuid>),
        reply: &Reply,
    ) -> Result<bool> {
        let id = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let row = ReplyRow {
            id,
            key,
            unit: of.0,
            request: of.1,
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(&place(id), nonce, reply)?,
            state: "waiting".to_owned(),
            made_at: self.ctx.at,
            due_at: self.ctx.at,
            tries: 0,
            failed: None,
        };
        Ok(self.tx.add_reply(self.region, &row).await?)
    }

    /// The unit whose officers are told about a request: who handles it, or who counts it.
    pub(super) async fn told_about(&mut self, request: Uuid) -> Result<(Uuid, Option<String>)> {
        let row = self.tx.request(self.region, request).await?;
        let row = row.ok_or_else(|| Error::NotFound("没有找到这份申请，请核对编号".into()))?;
        let handler = self.tx.clocks(self.region, request).await?.and_then(|c| c.handler);
        Ok((handler.unwrap_or(row.unit), row.number))
    }
}

/// Notes that letters of ours came back, and tells whoever has to know. How many were known.
pub(super) async fn bounced(work: &mut Work<'_>, ids: &[Uuid]) -> Result<usize> {
    let why = CAME_BACK;
    let mut known = 0;
    for id in ids {
        if let Some(row) = work.tx.reply(work.region, *id).await? {
            known += 1;
            if row.state != "failed" {
                work.tx.settle_reply(work.region, *id, "failed", Some(why)).await?;
                undelivered(work, &row, why).await?;
            }
        } else if let Some(row) = work.tx.mail(work.region, *id).await? {
            known += 1;
            if row.state != "failed" {
                work.tx.settle_mail(work.region, *id, "failed", Some(why)).await?;
                let login =
                    work.tx.account(work.region, row.account).await?.map_or_else(String::new, |a| a.login);
                let text = NoticeText::Undelivered { login, why: why.to_owned() };
                let key = format!("undelivered/{}/{}", row.account, work.ctx.today());
                let row = told_once(&mut work.ctx, key, (None, Role::Administrator), None, &text)?;
                work.tx.add_notices(work.region, &[row]).await?;
            }
        }
    }
    Ok(known)
}

/// Tells the officers that a letter about a request will not arrive.
async fn undelivered(work: &mut Work<'_>, row: &ReplyRow, why: &str) -> Result<()> {
    // What nobody wrote nobody misses.
    if Reply::open(&work.vault, row).is_ok_and(|r| r.automatic) {
        return Ok(());
    }
    let Some(request) = row.request else { return Ok(()) };
    let (unit, number) = work.told_about(request).await?;
    let text = NoticeText::Bounced { number, why: why.to_owned() };
    let notice = told_once(
        &mut work.ctx,
        format!("bounced/{}", row.id),
        (Some(unit), Role::Officer),
        Some(request),
        &text,
    )?;
    work.tx.add_notices(work.region, &[notice]).await?;
    Ok(())
}

impl Service {
    /// Notes how sending a letter to somebody outside went, within a transaction.
    pub(crate) async fn settle_reply(
        work: &mut Work<'_>,
        id: Uuid,
        state: &str,
        why: Option<&str>,
    ) -> Result<()> {
        work.tx.settle_reply(work.region, id, state, why).await?;
        if state == "failed"
            && let Some(row) = work.tx.reply(work.region, id).await?
        {
            undelivered(work, &row, why.unwrap_or_default()).await?;
        }
        Ok(())
    }
}

/// The name of the unit that looks after the inbox, and its id.
pub(super) async fn unit_of(tx: &mut Tx, region: store::Region, inbox: &Inbox) -> Result<(Uuid, String)> {
    let tree = crate::unit::Tree::read(tx, region).await?;
    let unit = tree
        .find(&inbox.unit)
        .map_err(|_| Error::Invalid("收件箱所属的机关不存在，请核对设置 GONGKAI_INBOX_UNIT".into()))?;
    Ok((unit.id, unit.name.clone()))
}
