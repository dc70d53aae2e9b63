//! 定时公开: a document waits for its minute, alone or with what interprets it; a job publishes it under the name of who set
//! it, after the check has been run again.
//!
//! What may not be public any more when its minute comes is not: nothing of it changes, its docket says that it was missed
//! and why, and the officer is told. The publication bears the day on which it in fact happens.

use super::class::{SCHEDULE_MISSED, SCHEDULED};
use super::interpretation::must_explain_something_by;
use super::{Documents, is_public};
use crate::Service;
use crate::account::actor_of;
use crate::context::{Actor, Context, Permission, Role, account_in, zone};
use crate::error::{Error, Result};
use crate::notice::{NoticeText, told_once, told_to};
use crate::register::{Change, Register, Work, docket, recorded};
use jiff::civil::DateTime;
use law::docket::document::{Category, DocumentEvent};
use law::{Due, Refusal};
use std::collections::{BTreeMap, BTreeSet};
use store::DocumentRow;
use uuid::Uuid;

/// Documents that are looked at in one round, and listed.
const MOST: i64 = 1_000;

/// A document that waits for its minute, or that missed it.
#[derive(Debug, Clone)]
pub struct ScheduledDocument {
    /// The document.
    pub row: DocumentRow,
    /// The minute; none once it was missed.
    pub at: Option<DateTime>,
}

/// What the job did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScheduleRound {
    /// Documents that were published.
    pub published: usize,
    /// Documents that could not be.
    pub missed: usize,
}

/// The key under which a minute is looked for.
pub(super) fn minute(at: DateTime) -> String {
    at.strftime("%Y-%m-%dT%H:%M").to_string()
}

fn now(ctx: &Context) -> DateTime {
    ctx.at.to_zoned_datetime(zone()).datetime()
}

/// Why it was missed, in one line. What the check found is not repeated: it may be personal data, and this goes into the
/// docket and out by mail.
fn why(no: &[Refusal]) -> String {
    let mut said = BTreeSet::new();
    let text = |r: &Refusal| match r.code.as_str() {
        "check-open" | "check-more" => "公开前检查有没有处理的内容".to_owned(),
        _ => r.text.clone(),
    };
    let all: Vec<String> = no.iter().map(text).filter(|t| said.insert(t.clone())).collect();
    all.join("；")
}

impl Service {
    /// Sets the minute at which a document becomes public, and with it the interpretations named; in place of what was set
    /// before.
    ///
    /// # Errors
    /// The refusals of the docket and of the term (条例第二十六条); what the check before publication finds.
    pub async fn schedule_publication(
        &self,
        ctx: Context,
        (id, version): (Uuid, u32),
        at: DateTime,
        together: Vec<Uuid>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let mut all = Vec::new();
        if self.must_be_schedulable(&ctx, id, at).await? {
            all.push((id, version));
        }
        let known = self.interpretations_to_publish(&ctx, id).await?;
        for other in together {
            if !known.iter().any(|row| row.id == other) {
                let text = "一并定时公开的只能是本文件尚未公开的解读材料，请重新选择";
                return Err(Error::refused("not-its-interpretation", text, ""));
            }
            if self.must_be_schedulable(&ctx, other, at).await? {
                all.push((other, self.document_view(&ctx, other).await?.version));
            }
        }
        if all.is_empty() {
            return Err(Error::refused("unchanged", "定时公开的时间没有变化", ""));
        }
        let on = ctx.today();
        self.verb(ctx, "schedule-publication", move |mut work| {
            Box::pin(async move {
                let mut first = None;
                for (id, version) in all {
                    work.must_reach_docket::<Documents>(id).await?;
                    work.must_not_wait_for_its_consultation(id).await?;
                    let change = Change::event(on, DocumentEvent::Scheduled { at });
                    let version = work.change::<Documents>(id, version, change).await?;
                    let standing = Documents::fold(&recorded(&work.docket::<Documents>(id).await?));
                    if let Some(standing) = standing {
                        must_explain_something_by(work.tx, work.region, &standing, &minute(at)).await?;
                    }
                    first.get_or_insert(version);
                }
                Ok(first.unwrap_or(version))
            })
        })
        .await
    }

    /// Everything that speaks against a minute for a document, before it is set; `false` if it is set already.
    async fn must_be_schedulable(&self, ctx: &Context, id: Uuid, at: DateTime) -> Result<bool> {
        let event = DocumentEvent::Scheduled { at };
        let standing = self.document_view(ctx, id).await?.standing;
        let standing = standing.ok_or_else(|| Error::NotFound("这件公文的登记已经作废".into()))?;
        let mut no = standing.may(&event, ctx.today());
        if at <= now(ctx) && !no.iter().any(|r| r.code == "schedule-past") {
            let text = "定时公开的时间已过，请选择以后的时间，或者立即公开";
            no.push(Refusal::new("schedule-past", text, ""));
        }
        no.extend(standing.schedule_too_late(at, ctx.today(), &self.calendar));
        let unchanged = no.iter().any(|r| r.code == "unchanged");
        no.retain(|r| r.code != "unchanged");
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        self.change_must_pass_the_check(ctx, id, &Change::event(ctx.today(), event)).await?;
        Ok(!unchanged)
    }

    /// The last day for which a document can be scheduled today, with its reasons.
    pub async fn schedule_due(&self, ctx: &Context, id: Uuid) -> Result<Option<Due>> {
        let standing = self.document_view(ctx, id).await?.standing;
        Ok(standing.and_then(|s| s.schedule_due(ctx.today(), &self.calendar)))
    }

    /// The interpretations of a document that are not public, within the actor's reach: what can be scheduled with it.
    pub async fn interpretations_to_publish(&self, ctx: &Context, id: Uuid) -> Result<Vec<DocumentRow>> {
        let (to_it, _) = self.interpretation_links(ctx, id).await?;
        Ok(to_it.into_iter().map(|l| l.row).filter(|row| !is_public(row)).collect())
    }

    /// What is scheduled within reach, and what was missed and not settled: missed ones first, then by the minute.
    pub async fn scheduled_documents(&self, ctx: &Context) -> Result<Vec<ScheduledDocument>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let (region, units) = (self.region, units.as_deref());
        let mut found = tx.classes_up_to(region, SCHEDULE_MISSED, units, "9999", MOST).await?;
        found.extend(tx.classes_up_to(region, SCHEDULED, units, "9999", MOST).await?);
        let ids: Vec<Uuid> = found.iter().map(|c| c.document).collect();
        let rows = tx.documents_with_ids(region, &ids).await?;
        let mut rows: BTreeMap<Uuid, DocumentRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let waiting = |c: store::ClassRow| {
            let at = (c.kind == SCHEDULED).then(|| c.key.parse().ok()).flatten();
            Some(ScheduledDocument { row: rows.remove(&c.document)?, at })
        };
        Ok(found.into_iter().filter_map(waiting).collect())
    }

    /// Publishes what is due, documents before what interprets them. Doing it twice publishes nothing twice.
    ///
    /// # Errors
    /// The store or a file cannot be read; the others are done all the same, and this one is tried again.
    pub async fn publish_scheduled(&self, ctx: &Context) -> Result<ScheduleRound> {
        ctx.actor.must(Permission::Upkeep)?;
        let mut ctx = ctx.clone();
        let mut tx = self.look().await?;
        let due = tx.classes_up_to(self.region, SCHEDULED, None, &minute(now(&ctx)), MOST).await?;
        let ids: Vec<Uuid> = due.iter().map(|c| c.document).collect();
        let mut rows = tx.documents_with_ids(self.region, &ids).await?;
        drop(tx);
        let place = |row: &DocumentRow| ids.iter().position(|id| *id == row.id);
        rows.sort_by_key(|row| (row.category == Category::Interpretation.key(), place(row)));
        let (mut round, mut failed, mut later) = (ScheduleRound::default(), None, BTreeSet::new());
        for row in rows {
            match self.publish_due(&mut ctx, &row, &later).await {
                Ok(Some(true)) => round.published += 1,
                Ok(Some(false)) => round.missed += 1,
                Ok(None) => {}
                // Somebody changed it meanwhile; the next round sees what became of it.
                Err(Error::Conflict(_)) => _ = later.insert(row.id.to_string()),
                Err(error) => {
                    later.insert(row.id.to_string());
                    tracing::error!(document = %row.id, %error, "a scheduled document could not be published");
                    failed = Some(error);
                }
            }
        }
        failed.map_or(Ok(round), Err)
    }

    /// Publishes a document whose minute has come; `false` if it could not be, none if nothing was to be done, or if it explains
    /// a document that is tried again `later`.
    async fn publish_due(
        &self,
        ctx: &mut Context,
        row: &DocumentRow,
        later: &BTreeSet<String>,
    ) -> Result<Option<bool>> {
        let history = docket::<Documents>(&mut self.look().await?, self.region, row.id).await?;
        let Some(standing) = Documents::fold(&recorded(&history)) else { return Ok(None) };
        if standing.scheduled.is_none_or(|at| at > now(ctx)) {
            return Ok(None);
        }
        if standing.interprets.is_some_and(|i| i.documents.iter().any(|d| later.contains(d))) {
            return Ok(None);
        }
        let set = |event: &Option<DocumentEvent>| matches!(event, Some(DocumentEvent::Scheduled { .. }));
        let by = history.iter().rfind(|h| set(&h.recorded.event)).map(|h| h.actor.clone());
        let actor = self.still_acting(&by.unwrap_or_default()).await?;
        let version = u32::try_from(history.len()).unwrap_or(u32::MAX);
        let disclosed = Change::event(ctx.today(), DocumentEvent::Disclosed { url: None });
        let outcome = match &actor {
            Some(actor) => {
                let own = Context::new(ctx.at, actor.clone(), ctx.entropy.bytes());
                self.change_document(own, row.id, version, disclosed).await
            }
            None => Err(Error::Invalid("安排定时公开的账号已经停用".into())),
        };
        let (why, actor) = match outcome {
            Ok(_) => return Ok(Some(true)),
            Err(Error::Refused(no)) => (why(&no), actor),
            Err(Error::Invalid(why)) => (why, actor),
            // Whoever may not act cannot mend it either: the unit is told.
            Err(Error::NotAllowed(_)) => ("安排定时公开的人员已经不能办理本单位的公文".to_owned(), None),
            Err(error) => return Err(error),
        };
        self.miss(ctx, (row.id, row.unit, version), actor, why).await?;
        Ok(Some(false))
    }

    /// Records that a document missed its minute, and tells who set it; if that account is gone, the officers of the unit.
    async fn miss(
        &self,
        ctx: &mut Context,
        (id, unit, version): (Uuid, Uuid, u32),
        actor: Option<Actor>,
        why: String,
    ) -> Result<()> {
        let own = Context::new(ctx.at, ctx.actor.clone(), ctx.entropy.bytes());
        self.verb(own, "miss-schedule", move |mut work| {
            Box::pin(async move {
                let text = NoticeText::NotPublished { document: id, why: why.clone() };
                let change = Change::event(work.ctx.today(), DocumentEvent::ScheduleMissed { why });
                let version = work.change::<Documents>(id, version, change).await?;
                let key = format!("not-published/{id}/{version}");
                let notice = match actor {
                    Some(Actor::Officer { account, .. }) => told_to(&mut work.ctx, key, account, None, &text),
                    _ => told_once(&mut work.ctx, key, (Some(unit), Role::Officer), None, &text),
                };
                work.tx.add_notices(work.region, &[notice?]).await?;
                Ok(())
            })
        })
        .await
    }

    /// Who acts under the name the journal has, with the roles held today; none if that account is gone or blocked.
    async fn still_acting(&self, journal_name: &str) -> Result<Option<Actor>> {
        let Some(account) = account_in(journal_name) else {
            return Ok((journal_name == Actor::Operator.journal_name()).then_some(Actor::Operator));
        };
        let row = self.look().await?.account(self.region, account).await?;
        row.filter(|row| !row.disabled).map(|row| actor_of(&row)).transpose()
    }

    /// What a change of a document says of its schedule that only other ways may say.
    pub(super) fn must_not_touch_the_schedule(change: &Change<DocumentEvent>) -> Result<()> {
        match &change.event {
            Some(DocumentEvent::Scheduled { .. }) => {
                Err(Error::Invalid("定时公开的安排不作更正，请重新安排或者撤销".into()))
            }
            Some(DocumentEvent::ScheduleMissed { .. }) => {
                Err(Error::Invalid("到时没有公开的情况由系统登记，不能手工登记".into()))
            }
            _ => Ok(()),
        }
    }
}

impl Work<'_> {
    /// After a correction: a minute that is past and counts again, because what had spent it was voided, is called off. Nobody
    /// chose it anew.
    pub(super) async fn call_off_what_is_past(&mut self, id: Uuid, version: u32) -> Result<u32> {
        let standing = Documents::fold(&recorded(&self.docket::<Documents>(id).await?));
        if standing.and_then(|s| s.scheduled).is_none_or(|at| at > now(&self.ctx)) {
            return Ok(version);
        }
        let reason = "更正公开记录，原定时公开的时间已过".to_owned();
        let change = Change::event(self.ctx.today(), DocumentEvent::ScheduleCancelled { reason });
        self.change::<Documents>(id, version, change).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::datetime;

    #[test]
    fn what_was_found_is_not_repeated() {
        let no = [
            Refusal::new("check-open", "正文第1段有手机号码“13800138000”，请删去", ""),
            Refusal::new("check-more", "还有3处需要处理", ""),
            Refusal::new("not-proactive", "公开属性为“不予公开”的公文不能公开", ""),
        ];
        let said = why(&no);
        assert_eq!(said, "公开前检查有没有处理的内容；公开属性为“不予公开”的公文不能公开");
        assert_eq!(minute(datetime(2020, 3, 8, 9, 5, 59, 9)), "2020-03-08T09:05");
    }
}
