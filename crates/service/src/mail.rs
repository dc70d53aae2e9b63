//! Mail: the reminders of a day to an officer in one letter, and letters to people outside, through an outbox.
//!
//! A letter is first a row, then sent: what is taken for sending is not due again for a while, so that two processes do not
//! both send it, and one that ended in the middle is made up for. Nothing personal is in a reminder: numbers of requests, days
//! left, addresses of pages. A letter to somebody outside is sealed until it is sent.

use crate::Service;
use crate::account::roles_of;
use crate::context::{Context, Permission, Role, civil_date};
use crate::error::{Error, Result};
use crate::inbox::Reply;
use crate::notice::{NoticeText, text_of, told_once};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use store::{AccountRow, MailRow, NoticeFilter, ReplyRow, Tx};
use uuid::Uuid;

/// Letters taken at a time.
const PAGE: i64 = 50;
/// Lines in a letter; what is more is on the page.
const MOST_LINES: usize = 50;
/// Tries before a letter counts as undeliverable.
const TRIES: i64 = 8;
/// Text of a reminder; `{count}`, `{lines}` and `{desk}` are put in.
const REMINDER: &str = include_str!("../data/mail/reminder.txt");

/// A letter that is to be sent now.
#[derive(Debug, Clone)]
pub struct Letter {
    /// Its id.
    pub id: Uuid,
    /// Where it goes.
    pub address: String,
    /// Its subject.
    pub subject: String,
    /// Its text.
    pub body: String,
    /// Where an answer goes, if not to the sender.
    pub reply_to: Option<String>,
    /// The message it answers, without brackets.
    pub in_reply_to: Option<String>,
    /// Whether it answers a message by itself (RFC 3834).
    pub automatic: bool,
    /// Where whoever gets it says that nothing more is wanted (RFC 8058); nowhere in a letter about somebody's own matter.
    pub unsubscribe: Option<String>,
    whose: Whose,
    tries: i64,
}

/// Whose letter it is.
#[derive(Debug, Clone, Copy)]
enum Whose {
    /// An officer's.
    Account(Uuid),
    /// Somebody's outside.
    Outside,
}

/// How sending went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// The server has taken it.
    Sent,
    /// It may work later: the server could not be reached, or asked for patience.
    Later(String),
    /// It will never work: the server refused the address or the letter.
    Never(String),
}

/// How long to wait after so many tries: one minute, doubled each time, four hours at most.
pub(crate) fn patience(tries: i64) -> SignedDuration {
    let doublings = u32::try_from(tries.clamp(0, 8)).unwrap_or_default();
    SignedDuration::from_mins(i64::from(1 << doublings).min(240))
}

/// An address of mail as far as it can be known without asking: something before and after one `@`, a dot behind it, no
/// blank, nothing that could end a header.
pub(crate) fn is_address(text: &str) -> bool {
    let plain =
        text.len() <= 254 && text.chars().all(|c| c.is_ascii_graphic() && !"<>(),;:\\\"[]".contains(c));
    text.split_once('@').is_some_and(|(name, host)| {
        plain
            && !name.is_empty()
            && !host.contains('@')
            && host.trim_matches('.') == host
            && host.contains('.')
    })
}

impl Service {
    /// Sets where the holder of an account is reached by mail; empty for nowhere.
    pub async fn set_contact(&self, ctx: Context, login: &str, email: &str) -> Result<()> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let (login, email) = (login.trim().to_lowercase(), email.trim().to_owned());
        if !email.is_empty() && !is_address(&email) {
            return Err(Error::refused(
                "email-malformed",
                "电子邮箱有误，请核对，例如 name@example.gov.cn",
                "",
            ));
        }
        self.verb(ctx, "set-contact", move |work| {
            Box::pin(async move {
                let account = work.tx.account_by_login(work.region, &login).await?;
                let account = account
                    .ok_or_else(|| Error::NotFound(format!("没有登录名为“{login}”的账号，请核对登录名")))?;
                let email = Some(email.as_str()).filter(|e| !e.is_empty());
                Ok(work.tx.put_contact(work.region, account.id, email).await?)
            })
        })
        .await
    }

    /// Where accounts are reached by mail.
    pub async fn contacts(&self, ctx: &Context) -> Result<HashMap<Uuid, String>> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let rows = self.look().await?.contacts(self.region).await?;
        Ok(rows.into_iter().map(|c| (c.account, c.email)).collect())
    }

    /// Writes the letter of the day to everybody who is reached by mail and has unread reminders; once a day each. `desk`
    /// is the address of the site without a final slash. How many are new.
    pub async fn write_letters(&self, mut ctx: Context, desk: &str) -> Result<u64> {
        ctx.actor.must(Permission::Upkeep)?;
        let mut tx = self.look().await?;
        let reached = tx.contacts(self.region).await?;
        let accounts: HashMap<Uuid, AccountRow> =
            tx.accounts(self.region).await?.into_iter().map(|a| (a.id, a)).collect();
        let mut letters = Vec::new();
        for contact in reached {
            let Some(account) = accounts.get(&contact.account).filter(|a| !a.disabled) else { continue };
            let roles: Vec<Role> = roles_of(account)?;
            let filter = NoticeFilter {
                account: Some(account.id),
                roles: roles.iter().map(|r| r.key().to_owned()).collect(),
                unit: account.unit,
                unread: true,
            };
            let count = tx.count_notices(self.region, &filter).await?;
            let rows = tx.notices(self.region, &filter, None, MOST_LINES as i64).await?;
            // Today's only: who has not read yesterday's has had a letter about them.
            let today: Vec<_> = rows.iter().filter(|r| civil_date(r.made_at) == ctx.today()).collect();
            let line = |row: &store::NoticeRow| {
                let text = text_of(row)?;
                let page = match (row.request, &text) {
                    (Some(id), _) => format!("\n   {desk}/desk/requests/{id}"),
                    (None, NoticeText::Inbox { .. }) => format!("\n   {desk}/desk/inbox"),
                    (None, NoticeText::NotPublished { document, .. }) => {
                        format!("\n   {desk}/desk/documents/{document}")
                    }
                    (None, _) => String::new(),
                };
                Some(format!("{}{page}", text.sentence()))
            };
            let lines: Vec<String> = today.into_iter().filter_map(line).collect();
            if lines.is_empty() {
                continue;
            }
            letters.push(letter(&mut ctx, account, contact.email, &lines, count, desk));
        }
        drop(tx);
        if letters.is_empty() {
            return Ok(0);
        }
        let region = self.region;
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move { Ok::<u64, Error>(tx.add_mail(region, &letters).await?) })
            })
            .await
    }

    /// Takes letters that are due, so that nobody else sends them.
    pub async fn take_letters(&self, ctx: &Context) -> Result<Vec<Letter>> {
        ctx.actor.must(Permission::Upkeep)?;
        let (region, now) = (self.region, ctx.at);
        let due = self.look().await?.mail_due(region, now, PAGE).await?;
        let mut taken = Vec::new();
        for row in due {
            let next = now.checked_add(patience(row.tries)).unwrap_or(now);
            let asked = row.clone();
            let mine = self
                .store
                .write(move |tx: &mut Tx| {
                    Box::pin(async move { Ok::<_, Error>(tx.try_mail(region, &asked, next).await?) })
                })
                .await?;
            if mine {
                let MailRow { id, address, subject, body, account, tries, .. } = row;
                taken.push(Letter {
                    id,
                    address,
                    subject,
                    body,
                    reply_to: None,
                    in_reply_to: None,
                    automatic: false,
                    unsubscribe: None,
                    whose: Whose::Account(account),
                    tries: tries + 1,
                });
            }
        }
        taken.extend(self.take_replies(now).await?);
        Ok(taken)
    }

    /// Takes letters to people outside that are due.
    async fn take_replies(&self, now: Timestamp) -> Result<Vec<Letter>> {
        let region = self.region;
        let due = self.look().await?.replies_due(region, now, PAGE).await?;
        let mut taken = Vec::new();
        for row in due {
            let next = now.checked_add(patience(row.tries)).unwrap_or(now);
            let asked = row.clone();
            let mine = self
                .store
                .write(move |tx: &mut Tx| {
                    Box::pin(async move { Ok::<_, Error>(tx.try_reply(region, &asked, next).await?) })
                })
                .await?;
            if !mine {
                continue;
            }
            match self.letter_of(&row).await {
                Ok(Some(letter)) => taken.push(letter),
                // Nothing of what it would tell of is public any more.
                Ok(None) => self.drop_reply(row.key).await?,
                // The others go out all the same.
                Err(error) => {
                    tracing::error!(id = %row.id, %error, "a letter in the outbox cannot be read; it is tried again");
                }
            }
        }
        Ok(taken)
    }

    async fn letter_of(&self, row: &ReplyRow) -> Result<Option<Letter>> {
        let reply = self.as_of_now(Reply::open(&self.vault, row)?).await?;
        Ok(reply.map(|reply| Letter {
            id: row.id,
            address: reply.address,
            subject: reply.subject,
            body: reply.body,
            reply_to: reply.reply_to,
            in_reply_to: reply.in_reply_to,
            automatic: reply.automatic,
            unsubscribe: reply.unsubscribe,
            whose: Whose::Outside,
            tries: row.tries + 1,
        }))
    }

    async fn drop_reply(&self, key: String) -> Result<()> {
        let region = self.region;
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    tx.remove_replies(region, &key).await?;
                    Ok::<(), Error>(())
                })
            })
            .await
    }

    /// Notes how sending a letter went. One that will never arrive becomes a notice: to those who look after accounts, or to
    /// the officers of the request it is about.
    pub async fn settle_letter(&self, ctx: &Context, letter: &Letter, went: Delivery) -> Result<()> {
        ctx.actor.must(Permission::Upkeep)?;
        let (id, whose, tries) = (letter.id, letter.whose, letter.tries);
        let (state, why) = match went {
            Delivery::Sent => ("sent", None),
            Delivery::Later(why) if tries < TRIES => ("waiting", Some(why)),
            Delivery::Later(why) | Delivery::Never(why) => ("failed", Some(why)),
        };
        let why: Option<String> = why.map(|w| w.chars().take(200).collect());
        let mut ctx = ctx.clone();
        ctx.key = None;
        self.verb(ctx, "settle-letter", move |mut work| {
            Box::pin(async move {
                let Whose::Account(account) = whose else {
                    return Self::settle_reply(&mut work, id, state, why.as_deref()).await;
                };
                work.tx.settle_mail(work.region, id, state, why.as_deref()).await?;
                if state == "failed" {
                    let login = work.tx.account(work.region, account).await?;
                    let login = login.map_or_else(String::new, |a| a.login);
                    let text = NoticeText::Undelivered { login, why: why.unwrap_or_default() };
                    let key = format!("undelivered/{account}/{}", work.ctx.today());
                    let row = told_once(&mut work.ctx, key, (None, Role::Administrator), None, &text)?;
                    work.tx.add_notices(work.region, &[row]).await?;
                }
                Ok(())
            })
        })
        .await
    }
}

fn letter(
    ctx: &mut Context,
    account: &AccountRow,
    address: String,
    lines: &[String],
    unread: i64,
    desk: &str,
) -> MailRow {
    let numbered: Vec<String> = (1..).zip(lines).map(|(n, line)| format!("{n}. {line}")).collect();
    let body = REMINDER
        .replace("{count}", &unread.to_string())
        .replace("{desk}", desk)
        .replace("{lines}", &numbered.join("\n"));
    MailRow {
        id: ctx.new_id(),
        key: format!("reminder/{}/{}", account.id, ctx.today()),
        account: account.id,
        address,
        subject: format!("政府信息公开工作提醒（{}件）", lines.len()),
        body,
        state: "waiting".to_owned(),
        made_at: ctx.at,
        due_at: ctx.at,
        tries: 0,
        failed: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patience_grows_and_has_an_end() {
        let minutes = |tries| patience(tries).as_secs() / 60;
        assert_eq!((minutes(0), minutes(1), minutes(5), minutes(8), minutes(99)), (1, 2, 32, 240, 240));
    }

    #[test]
    fn an_address_that_could_break_a_letter_is_none() {
        assert!(is_address("a.b-c@gk.example.gov.cn"));
        for bad in [
            "",
            "a",
            "a@b",
            "a@@b.cn",
            "a b@c.cn",
            "a@b.cn\r\nBcc: x@y.cn",
            "<a@b.cn>",
            "a@b.cn,c@d.cn",
            "a@.cn",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
