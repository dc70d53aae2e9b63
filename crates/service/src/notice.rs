//! Notices: what officers are told inside the desk, each once, and whether somebody has read it.
//!
//! Reminders are made by a daily job from the rows of clocks; a clock is told of five, three and one working days before
//! its end, on the day, and once it is over. A notice goes to everybody of the unit that must act who holds the role, or to
//! one account.

use crate::context::{Actor, Context, Permission, Role};
use crate::error::{Error, Result};
use crate::request::kept_clocks;
use crate::{Region, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::request::{ClockKind, Move};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{ClockFilter, ClockRow, NoticeFilter, NoticeRow, Tx};
use uuid::Uuid;

/// Working days before its end at which a clock is told of.
pub const THRESHOLDS: [u32; 4] = [5, 3, 1, 0];

/// Requests looked at in one transaction.
const PAGE: i64 = 500;

/// How long a notice that was read is kept.
const KEPT_DAYS: i64 = 180;

/// What a notice says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum NoticeText {
    /// 期限临近或者已过.
    Due {
        /// Number of the request, if it has one.
        number: Option<String>,
        /// Which clock.
        clock: ClockKind,
        /// Its end.
        on: Date,
        /// Working days that were left when the notice was made; none once it was over.
        left: Option<u32>,
    },
    /// 指定承办人: to the officer named.
    Named {
        /// Number of the request, if it has one.
        number: Option<String>,
    },
    /// 关注: something was recorded of a request that the account watches.
    Watched {
        /// Number of the request, if it has one.
        number: Option<String>,
        /// What.
        what: Move,
    },
    /// 期限随工作日历变更: how many open requests of the unit.
    Moved {
        /// How many.
        requests: i64,
        /// The notices that moved them.
        notices: Vec<String>,
    },
    /// 来信: mail about a request came.
    Message {
        /// Number of the request, if it has one.
        number: Option<String>,
        /// The day it came.
        on: Date,
    },
    /// 来信: mail that belongs to no request as yet came.
    Inbox {
        /// The day it came.
        on: Date,
    },
    /// 邮件不能送达: a letter about a request.
    Bounced {
        /// Number of the request, if it has one.
        number: Option<String>,
        /// What is known of why.
        why: String,
    },
    /// 到时没有公开: a document that was scheduled.
    NotPublished {
        /// The document.
        document: Uuid,
        /// Why.
        why: String,
    },
    /// 邮件不能送达: to those who look after the accounts.
    Undelivered {
        /// Login name of the account.
        login: String,
        /// What the mail server said.
        why: String,
    },
}

impl NoticeText {
    /// Stored kind.
    pub fn kind(&self) -> &'static str {
        match self {
            NoticeText::Due { .. } => "due",
            NoticeText::Named { .. } => "named",
            NoticeText::Watched { .. } => "watched",
            NoticeText::Moved { .. } => "moved",
            NoticeText::Undelivered { .. } => "undelivered",
            NoticeText::NotPublished { .. } => "not-published",
            NoticeText::Message { .. } => "message",
            NoticeText::Inbox { .. } => "inbox",
            NoticeText::Bounced { .. } => "bounced",
        }
    }

    /// One Chinese sentence that says what to do. Nothing personal is in it: it also goes out by mail.
    pub fn sentence(&self) -> String {
        match self {
            NoticeText::Due { number, clock, on, left } => {
                let what = called(number.as_deref());
                let clock = clock.label();
                let on = day(*on);
                match left {
                    None => format!("{what}的“{clock}”期限{on}已过，请立即办理"),
                    Some(0) => format!("{what}的“{clock}”今天到期，请今天办理"),
                    Some(n) => format!("{what}的“{clock}”还剩{n}个工作日，{on}到期，请抓紧办理"),
                }
            }
            NoticeText::Named { number } => {
                let what = number.as_ref().map_or("一件申请".to_owned(), |n| format!("申请{n}"));
                format!("{what}指定由您承办，请查看期限并及时办理")
            }
            NoticeText::Watched { number, what } => {
                format!("您关注的{}有新的办理记录：{}", called(number.as_deref()), what.label())
            }
            NoticeText::Moved { requests, notices } => {
                let why = match notices.as_slice() {
                    [] => "工作日历已经更新".to_owned(),
                    all => format!("节假日安排已经公布或者调整（{}）", all.join("、")),
                };
                format!("{why}，{requests}件未办结申请的期限已经重新计算，请在工作台核对")
            }
            NoticeText::Message { number, on } => {
                let what = called(number.as_deref());
                format!("{what}{}收到申请人的电子邮件，请在材料中查看；属于补正、撤回等的，请登记", day(*on))
            }
            NoticeText::Inbox { on } => {
                format!("收件箱{}收到一封没有归入申请的电子邮件，请当日处理", day(*on))
            }
            NoticeText::Bounced { number, why } => {
                let what = called(number.as_deref());
                format!("{what}发给申请人的电子邮件不能送达，请改用其他方式联系申请人（{why}）")
            }
            NoticeText::NotPublished { why, .. } => {
                format!("一件定时公开的信息到时没有公开（{why}），请处理后立即公开，或者重新安排")
            }
            NoticeText::Undelivered { login, why } => {
                format!("账号“{login}”的提醒邮件不能送达，请核对邮箱地址（{why}）")
            }
        }
    }
}

/// What a request is called.
fn called(number: Option<&str>) -> String {
    number.map_or_else(|| "一件待确认的申请".to_owned(), |number| format!("申请{number}"))
}

/// A day in Chinese.
fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

/// A notice as people read it.
#[derive(Debug, Clone)]
pub struct Told {
    /// Its id.
    pub id: Uuid,
    /// What it says.
    pub text: NoticeText,
    /// The request it is about.
    pub request: Option<Uuid>,
    /// When it was made.
    pub made_at: Timestamp,
    /// Whether nobody has read it.
    pub unread: bool,
}

/// A new notice that is told once for its key.
pub(crate) fn told_once(
    ctx: &mut Context,
    key: String,
    to: (Option<Uuid>, Role),
    request: Option<Uuid>,
    text: &NoticeText,
) -> Result<NoticeRow> {
    Ok(NoticeRow {
        id: ctx.new_id(),
        key: format!("{key}/{}", to.1.key()),
        unit: to.0,
        role: Some(to.1.key().to_owned()),
        account: None,
        request,
        kind: text.kind().to_owned(),
        body: serde_json::to_string(text).map_err(|e| Error::Internal(e.to_string()))?,
        made_at: ctx.at,
        read_at: None,
        read_by: None,
    })
}

/// A new notice to the holder of one account that is told once for its key.
pub(crate) fn told_to(
    ctx: &mut Context,
    key: String,
    account: Uuid,
    request: Option<Uuid>,
    text: &NoticeText,
) -> Result<NoticeRow> {
    let row = told_once(ctx, key, (None, Role::Officer), request, text)?;
    Ok(NoticeRow { role: None, account: Some(account), ..row })
}

/// What a row says; nothing if a newer program wrote it.
pub(crate) fn text_of(row: &NoticeRow) -> Option<NoticeText> {
    serde_json::from_str(&row.body).ok()
}

/// Whose notices an officer gets: those of the own account, and those of the own unit for the roles held.
fn filter(actor: &Actor, unread: bool) -> Option<NoticeFilter> {
    let Actor::Officer { account, unit, roles, .. } = actor else { return None };
    let roles = roles.iter().map(|r| r.key().to_owned()).collect();
    Some(NoticeFilter { account: Some(*account), roles, unit: *unit, unread })
}

impl Service {
    /// The notices of the officer, the newest first.
    pub async fn notices(
        &self,
        ctx: &Context,
        after: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<Told>> {
        let filter = filter(&ctx.actor, false).ok_or(Error::SignIn)?;
        let rows = self.look().await?.notices(self.region, &filter, after, limit).await?;
        let told = |row: NoticeRow| {
            let text = text_of(&row)?;
            let (id, request, made_at) = (row.id, row.request, row.made_at);
            Some(Told { id, text, request, made_at, unread: row.read_at.is_none() })
        };
        Ok(rows.into_iter().filter_map(told).collect())
    }

    /// How many notices of the officer nobody has read; 0 for others. One look by an index.
    pub async fn unread_notices(&self, ctx: &Context) -> Result<i64> {
        let Some(filter) = filter(&ctx.actor, true) else { return Ok(0) };
        Ok(self.look().await?.count_notices(self.region, &filter).await?)
    }

    /// Notes that the officer has read these; of others' nothing is noted. How many were unread.
    pub async fn read_notices(&self, ctx: Context, ids: Vec<Uuid>) -> Result<u64> {
        let Some(own) = filter(&ctx.actor, true) else { return Err(Error::SignIn) };
        let (region, at) = (self.region, ctx.at);
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    let mut mine = Vec::new();
                    for id in ids.into_iter().take(PAGE as usize) {
                        let row = tx.notice(region, id).await?;
                        mine.extend(row.filter(|r| is_for(r, &own)).map(|r| r.id));
                    }
                    let by = own.account.unwrap_or_default();
                    Ok::<u64, Error>(tx.read_notices(region, &mine, at, by).await?)
                })
            })
            .await
    }

    /// The daily reminders: every clock that ends within five working days, or has. Doing it twice tells nobody twice.
    /// How many notices are new.
    pub async fn remind(&self, mut ctx: Context) -> Result<u64> {
        ctx.actor.must(Permission::Upkeep)?;
        let today = ctx.today();
        let soon = self.calendar.add(today, THRESHOLDS[0]).map_err(|e| Error::Invalid(e.to_string()))?.0;
        let due = ClockFilter { until: Some(soon), ..ClockFilter::default() };
        let (mut after, mut new) = (None, 0);
        loop {
            let mut tx = self.look().await?;
            let page = tx.clocks_due(self.region, &due, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(new) };
            after = Some(last.paging_key());
            let ids: Vec<Uuid> = page.iter().map(|c| c.request).collect();
            let numbers = tx.requests_with_ids(self.region, &ids).await?;
            drop(tx);
            let numbers: HashMap<Uuid, Option<String>> =
                numbers.into_iter().map(|r| (r.id, r.number)).collect();
            let mut rows = Vec::new();
            for clocks in &page {
                let number = numbers.get(&clocks.request).cloned().flatten();
                rows.extend(self.reminders(&mut ctx, today, clocks, number)?);
            }
            new += self.add_notices(rows).await?;
        }
    }

    /// The notices that the clocks of one request ask for today.
    fn reminders(
        &self,
        ctx: &mut Context,
        today: Date,
        clocks: &ClockRow,
        number: Option<String>,
    ) -> Result<Vec<NoticeRow>> {
        let mut rows = Vec::new();
        for clock in kept_clocks(clocks).into_iter().filter(|c| c.kind.presses() && !c.paused) {
            let left = match clock.on < today {
                true => None,
                false => Some(self.calendar.count(today, clock.on).map_or(u32::MAX, |(n, _)| n)),
            };
            // The threshold last passed: a day on which the job did not run is made up for.
            let threshold = left.and_then(|n| THRESHOLDS.into_iter().rev().find(|t| n <= *t));
            if left.is_some() && threshold.is_none() {
                continue;
            }
            let mark = threshold.map_or("over".to_owned(), |t| t.to_string());
            let (kind, n, on) = (clock.kind, clock.number, clock.on);
            let key = format!("{}/{}/{n}/{on}/{mark}", clocks.request, kind.key());
            let text = NoticeText::Due { number: number.clone(), clock: kind, on, left };
            let unit = Some(clocks.handler.filter(|_| kind == ClockKind::Reply).unwrap_or(clocks.unit));
            // What is over is the head's matter too.
            let roles: &[Role] = if left.is_none() { &[Role::Officer, Role::Head] } else { &[Role::Officer] };
            for role in roles {
                rows.push(told_once(ctx, key.clone(), (unit, *role), Some(clocks.request), &text)?);
            }
        }
        Ok(rows)
    }

    /// Tells each unit how many of its open requests a calendar moved; once for each calendar.
    pub(crate) async fn tell_moved(
        &self,
        ctx: &mut Context,
        calendar: Uuid,
        notices: Vec<String>,
    ) -> Result<u64> {
        let moved = self.look().await?.moved_by(self.region, calendar).await?;
        let mut rows = Vec::new();
        for (unit, requests) in moved {
            let text = NoticeText::Moved { requests, notices: notices.clone() };
            rows.push(told_once(
                ctx,
                format!("{calendar}/{unit}"),
                (Some(unit), Role::Officer),
                None,
                &text,
            )?);
        }
        self.add_notices(rows).await
    }

    /// Forgets what was read long ago.
    pub(crate) async fn tidy_notices(&self, region: Region, now: Timestamp) -> Result<()> {
        let before = now.saturating_sub(jiff::SignedDuration::from_hours(24 * KEPT_DAYS));
        let before = before.map_err(|e| Error::Internal(e.to_string()))?;
        self.tidy_messages(now, before).await?;
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    tx.purge_notices(region, before).await?;
                    tx.purge_mail(region, before).await?;
                    Ok::<(), Error>(())
                })
            })
            .await
    }

    pub(crate) async fn add_notices(&self, rows: Vec<NoticeRow>) -> Result<u64> {
        let region = self.region;
        if rows.is_empty() {
            return Ok(0);
        }
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move { Ok::<u64, Error>(tx.add_notices(region, &rows).await?) })
            })
            .await
    }
}

/// Whether a notice is for whoever the filter describes.
fn is_for(row: &NoticeRow, of: &NoticeFilter) -> bool {
    if row.account.is_some() {
        return row.account == of.account;
    }
    let role = row.role.as_ref().is_some_and(|role| of.roles.contains(role));
    role && (row.unit.is_none() || of.unit.is_none() || row.unit == of.unit)
}
