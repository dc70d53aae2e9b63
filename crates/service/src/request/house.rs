//! Who may record what of a request, and what the system fills in instead of the officer: numbers, the approval chain,
//! who consented. What the law says about the event itself is said by `law`.

use super::{Requests, chain};
use crate::Actor;
use crate::account::actor_of;
use crate::context::Permission;
use crate::document::is_public;
use crate::error::{Error, Result};
use crate::notice::{NoticeText, told_to};
use crate::reach::{Sight, is_among, reach_docket};
use crate::register::{Change, History, Work, recorded};
use crate::unit::id_of;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::request::{Move, RequestEvent, Standing};
use law::fee::Basis;
use law::letter::Letter;
use law::receipt::Channel;
use law::review::Step;

/// What an officer needs for recording this.
fn permission(event: Option<&RequestEvent>) -> Permission {
    match event {
        Some(RequestEvent::Reviewed { step, .. }) => reviews(*step),
        Some(RequestEvent::ExtensionConsented { .. }) => Permission::ConsentExtension,
        Some(RequestEvent::Restricted { .. }) => Permission::RestrictDocket,
        Some(RequestEvent::Destroyed { .. }) => Permission::SignDecision,
        _ => Permission::EditRegisters,
    }
}

/// What a step of the approval chain needs.
pub fn reviews(step: Step) -> Permission {
    match step {
        Step::Secrecy => Permission::ReviewSecrecy,
        Step::Legality => Permission::ReviewLegality,
        Step::Handler | Step::WorkingBody => Permission::ReviewProposal,
        Step::Signing => Permission::SignDecision,
    }
}

/// The moves that the law allows on this day and this actor may record, in the order of a request's life. A decision is
/// offered once it was proposed, an extension once it was consented to.
pub fn offered(standing: &Standing, actor: &Actor, today: Date, calendar: &Calendar) -> Vec<Move> {
    standing.allowed(today, calendar).into_iter().filter(|m| may_record(standing, actor, *m)).collect()
}

/// The moves whose time is over today and that were open on the day of receipt: what was done in time on paper is still
/// recorded, with the day it was done.
pub fn late(standing: &Standing, actor: &Actor, today: Date, calendar: &Calendar) -> Vec<Move> {
    let Some(first) = standing.received_on else { return Vec::new() };
    let now = standing.allowed(today, calendar);
    let past = standing.allowed(first, calendar).into_iter().filter(|m| !now.contains(m));
    past.filter(|m| may_record(standing, actor, *m)).collect()
}

fn may_record(standing: &Standing, actor: &Actor, next: Move) -> bool {
    match next {
        Move::Reviewed => {
            let due = standing.proposal.as_ref().and_then(law::docket::request::Proposal::next);
            due.is_some_and(|step| actor.may(reviews(step)))
        }
        Move::ExtensionConsented => actor.may(Permission::ConsentExtension),
        Move::Restricted => actor.may(Permission::RestrictDocket),
        Move::Destroyed => actor.may(Permission::SignDecision),
        // A ticket is recorded with the registration; what another agency passed on may have had one.
        Move::HandedIn => actor.may(Permission::EditRegisters) && standing.channel == Channel::Transfer,
        Move::Decided => actor.may(Permission::EditRegisters) && standing.proposal.is_some(),
        Move::Extended => {
            let consented = standing.extension_consent.is_some() || actor.may(Permission::ConsentExtension);
            actor.may(Permission::EditRegisters) && consented
        }
        // Given by the system; letters have pages of their own.
        Move::Registered | Move::Written => false,
        _ => actor.may(Permission::EditRegisters),
    }
}

/// The officer whom a change names.
pub(super) fn officer_in(change: &Change<RequestEvent>) -> Option<uuid::Uuid> {
    match &change.event {
        Some(RequestEvent::OfficerNamed { account }) => id_of(account),
        _ => None,
    }
}

/// Refuses whoever may not record this.
pub(super) fn must_be_allowed(actor: &Actor, event: Option<&RequestEvent>) -> Result<()> {
    actor.must(permission(event))
}

type Docket = [History<RequestEvent>];

impl Work<'_> {
    /// The change as it is recorded: with what the system gives, or refused where an officer would go around it.
    pub(super) async fn by_the_house(
        &mut self,
        id: uuid::Uuid,
        mut change: Change<RequestEvent>,
    ) -> Result<Change<RequestEvent>> {
        let history = self.docket::<Requests>(id).await?;
        let Some(standing) = Standing::of(&recorded(&history)) else { return Ok(change) };
        let corrects = change.corrects.is_some();
        if corrects && let Some(on) = standing.destroyed_on {
            let text = format!("该申请的档案已于{on}销毁，记录不再更正");
            return Err(Error::refused("destroyed", text, ""));
        }
        let Some(event) = &mut change.event else { return Ok(change) };
        let mut no = Vec::new();
        match event {
            // Numbers are given in order by this system; one typed by hand would later stand in its way.
            RequestEvent::Registered { .. } if standing.number.is_none() => {
                let text = "申请编号在收到申请时由系统自动给出，不需要登记";
                no.push(Refusal::new("number-given", text, "条例第四十五条"));
            }
            RequestEvent::Drafted { draft, chain } if !corrects => {
                let unit = id_of(&Some(standing.addressee.clone())).unwrap_or_default();
                *chain = chain::chain_of(self.tx, self.region, unit).await?.steps(draft.decision);
            }
            RequestEvent::HandedIn(ticket) | RequestEvent::HandedOut(ticket) => {
                ticket.number = ticket.number.trim().to_owned();
            }
            RequestEvent::Linked(link) if !corrects => {
                link.request = self.named_request(&standing, &link.request).await?.to_string();
            }
            RequestEvent::ProactiveReviewed { document: Some(document), .. } => {
                let found = self.published_document(document, change.on).await?;
                *document = found.to_string();
            }
            // They are received on one day and judged on another; entries that say both stay as they are.
            RequestEvent::ReasonsReceived { reasonable: Some(_) } if !corrects => {
                let text = "收到理由和审查理由是两个环节，请先登记收到理由，再登记审查结论";
                no.push(Refusal::new("judged-at-once", text, "条例第三十五条"));
            }
            // Entries of earlier years and imports may not say it; whoever archives at the desk does.
            RequestEvent::Archived { retention: None, .. }
                if !corrects && matches!(self.ctx.actor, Actor::Officer { .. }) =>
            {
                no.push(Refusal::new("retention-missing", "请选择保管期限", law::retention::CITATION));
            }
            RequestEvent::Destroyed { .. } if corrects => {
                no.push(Refusal::new("destroyed-later", "销毁应当另行登记，不能写进更正的记录", ""));
            }
            RequestEvent::Destroyed { .. } if self.did(&history, Move::Appraised) => {
                let text = "鉴定和销毁应当由不同的人员办理，不能销毁自己鉴定的档案";
                no.push(Refusal::new("own-appraisal", text, ""));
            }
            RequestEvent::Restricted { accounts, .. } if !corrects => {
                for account in accounts {
                    *account = self.named_account(account).await?;
                }
            }
            RequestEvent::Noted { watchers, .. } => {
                for account in watchers {
                    *account = self.named_account(account).await?;
                    no.extend(self.may_not_watch(&history, account).await?);
                }
            }
            RequestEvent::OfficerNamed { account: Some(account) } if !corrects => {
                *account = self.named_account(account).await?;
                no.extend(self.may_not_handle(&standing, account).await?);
            }
            RequestEvent::Reviewed { .. } if !corrects && self.drafted_it(&history) => {
                let text = "不能审核、签发自己拟办的意见，请由其他人员办理";
                no.push(Refusal::new("own-proposal", text, "条例第四十五条"));
            }
            RequestEvent::Reviewed { step: Step::Signing, passed: true, .. }
                if !corrects && matches!(self.ctx.actor, Actor::Officer { .. }) =>
            {
                // Nothing is signed whose letter could not be sent: the check before signing (DOMAIN §4.5).
                let decision = standing.proposal.as_ref().map(|p| p.draft.decision);
                if let Some(decision) = decision.filter(|d| !d.needs_no_paper()) {
                    no.extend(self.decision_gaps(id, Letter::Decision(decision)).await?);
                }
            }
            RequestEvent::Extended { approved_by, .. } if !corrects => {
                if let Some(by) = consented_by(&history) {
                    *approved_by = by;
                } else if !self.ctx.actor.may(Permission::ConsentExtension) {
                    let text = "延长答复期限应当先由政府信息公开工作机构负责人在系统中同意";
                    no.push(Refusal::new("consent-missing", text, "条例第三十三条"));
                }
            }
            RequestEvent::FeeNoticed { basis: Basis::PerRequest, count, .. } if !corrects => {
                // 同一申请人、同一自然月累计 (国办函〔2020〕109号第四条), counted by the number of the identity paper.
                if let Some(nth) = self.nth_of_month(id).await?.filter(|nth| nth != count) {
                    let text = format!("这是该申请人当月第{nth}件申请，与填写的第{count}件不符");
                    no.push(Refusal::new("fee-count", text, "国办函〔2020〕109号第四条"));
                }
            }
            RequestEvent::Decided { decision, number, reasons } if !corrects => {
                match &standing.proposal {
                    Some(proposal) if reasons.trim().is_empty() => {
                        reasons.clone_from(&proposal.draft.reasons);
                    }
                    None if matches!(self.ctx.actor, Actor::Officer { .. }) => {
                        let text = "请先拟办，经审核、审批签发后再作出决定";
                        no.push(Refusal::new("not-drafted", text, "条例第四十五条"));
                    }
                    _ => {}
                }
                if no.is_empty() && number.trim().is_empty() && !decision.needs_no_paper() {
                    let given = self.next_letter_number(&standing.addressee, change.on.year()).await?;
                    *number = given.unwrap_or_default();
                }
            }
            _ => {}
        }
        if no.is_empty() {
            return Ok(change);
        }
        // What the law has to say is said along with it.
        let mut all = standing.may(event, change.on, &self.calendar);
        all.extend(no);
        Err(Error::Refused(all))
    }

    /// Whether the officer who acts recorded an entry of a kind: nobody destroys what they appraised.
    fn did(&self, history: &Docket, what: Move) -> bool {
        let Actor::Officer { .. } = self.ctx.actor else { return false };
        let is = |h: &&History<RequestEvent>| h.recorded.event.as_ref().is_some_and(|e| e.kind() == what);
        history.iter().filter(is).any(|h| h.actor == self.ctx.actor.journal_name())
    }

    /// Whether the officer who acts drafted what is to be reviewed: nobody reviews what they drafted.
    fn drafted_it(&self, history: &Docket) -> bool {
        let Actor::Officer { .. } = self.ctx.actor else { return false };
        let drafted =
            |h: &&History<RequestEvent>| matches!(h.recorded.event, Some(RequestEvent::Drafted { .. }));
        let last = history.iter().rev().find(drafted);
        last.is_some_and(|h| h.actor == self.ctx.actor.journal_name())
    }

    /// The published document that an officer names as what the information became: by its number (发文字号), its index
    /// number or its docket id.
    async fn published_document(&mut self, text: &str, on: Date) -> Result<uuid::Uuid> {
        let text = text.trim();
        let found = match uuid::Uuid::parse_str(text) {
            Ok(id) => self.tx.document(self.region, id).await?,
            Err(_) => match self.tx.document_by_number(self.region, text).await? {
                Some(row) => Some(row),
                None => self.tx.document_by_index_number(self.region, text).await?,
            },
        };
        let cite = "条例第四十四条";
        let Some(row) = found else {
            let text =
                format!("没有找到发文字号或者索引号为“{text}”的公文，请核对；尚未登记的，请先登记公文");
            return Err(Error::refused("no-such-document", text, cite));
        };
        let Some(disclosed) = row.first_disclosed().filter(|_| is_public(&row)) else {
            let text = format!("“{}”尚未主动公开，请先登记该公文已经公开", row.title);
            return Err(Error::refused("document-not-public", text, cite));
        };
        if on < disclosed {
            let text = format!(
                "日期不得早于该公文公开的日期{}年{}月{}日",
                disclosed.year(),
                disclosed.month(),
                disclosed.day()
            );
            return Err(Error::refused("dates-out-of-order", text, cite));
        }
        Ok(row.id)
    }

    /// The id of an account, by its login or id.
    async fn named_account(&mut self, text: &str) -> Result<String> {
        let text = text.trim();
        let found = match uuid::Uuid::parse_str(text) {
            Ok(id) => self.tx.account(self.region, id).await?,
            Err(_) => self.tx.account_by_login(self.region, text).await?,
        };
        let missing = || Error::refused("no-such-account", format!("没有登录名为“{text}”的账号"), "");
        found.map(|a| a.id.to_string()).ok_or_else(missing)
    }

    /// Why an account may not be told of what happens: it may not see the docket.
    async fn may_not_watch(&mut self, history: &Docket, account: &str) -> Result<Option<Refusal>> {
        let Some(id) = id_of(&Some(account.to_owned())) else { return Ok(None) };
        let Some(row) = self.tx.account(self.region, id).await? else { return Ok(None) };
        let officer = actor_of(&row)?;
        let reads = !row.disabled && officer.may(Permission::ReadRegisters);
        let sight = reach_docket::<Requests>(self.tx, self.region, &officer, history).await;
        if reads && matches!(sight, Ok(Sight::Whole)) {
            return Ok(None);
        }
        let text = format!("{}的账号不能查看本件，不能列为关注人", row.name);
        Ok(Some(Refusal::new("watcher-cannot-see", text, "")))
    }

    /// Tells those who watch a request what was recorded after an entry, except whoever recorded it and whoever may see the
    /// request no more.
    pub(crate) async fn tell_watchers(&mut self, request: uuid::Uuid, before: u32) -> Result<()> {
        let history = self.docket::<Requests>(request).await?;
        let Some(standing) = Standing::of(&recorded(&history)) else { return Ok(()) };
        let at = |ordinal| history.iter().find(move |h| h.recorded.ordinal == ordinal);
        let first = at(before + 1);
        // What voids an entry says nothing itself.
        let said = first.and_then(|h| match &h.recorded.event {
            Some(event) => Some(event.kind()),
            None => at(h.recorded.corrects?)?.recorded.event.as_ref().map(RequestEvent::kind),
        });
        let Some(what) = said else { return Ok(()) };
        let own = match self.ctx.actor {
            Actor::Officer { account, .. } => Some(account),
            _ => None,
        };
        let mut rows = Vec::new();
        for watcher in &standing.watchers {
            let Ok(account) = uuid::Uuid::parse_str(watcher) else { continue };
            if Some(account) == own || self.may_not_watch(&history, watcher).await?.is_some() {
                continue;
            }
            let key = format!("{request}/watch/{account}/{before}");
            let text = NoticeText::Watched { number: standing.number.clone(), what };
            rows.push(told_to(&mut self.ctx, key, account, Some(request), &text)?);
        }
        self.tx.add_notices(self.region, &rows).await?;
        Ok(())
    }

    /// Tells the officer who was named, unless it is the one who acts.
    pub(super) async fn tell_officer(
        &mut self,
        request: uuid::Uuid,
        version: u32,
        officer: uuid::Uuid,
    ) -> Result<()> {
        if matches!(self.ctx.actor, Actor::Officer { account, .. } if account == officer) {
            return Ok(());
        }
        let number = self.tx.request(self.region, request).await?.and_then(|r| r.number);
        let key = format!("{request}/officer/{version}");
        let row = told_to(&mut self.ctx, key, officer, Some(request), &NoticeText::Named { number })?;
        self.tx.add_notices(self.region, &[row]).await?;
        Ok(())
    }

    /// Why an account cannot be the officer of a request: it works for another unit, or records nothing.
    async fn may_not_handle(&mut self, standing: &Standing, account: &str) -> Result<Option<Refusal>> {
        let Some(id) = id_of(&Some(account.to_owned())) else { return Ok(None) };
        let Some(row) = self.tx.account(self.region, id).await? else { return Ok(None) };
        let unit = standing.handler.as_ref().unwrap_or(&standing.addressee);
        if row.unit.is_some_and(|own| own.to_string() != *unit) {
            let text = format!("{}不是承办单位的人员，请先交办到其所在单位", row.name);
            return Ok(Some(Refusal::new("officer-elsewhere", text, "")));
        }
        let officer = actor_of(&row)?;
        if !is_among(&officer, &standing.restricted_to) {
            let text = format!("本件限定了知悉范围，请先将{}列入范围", row.name);
            return Ok(Some(Refusal::new("officer-not-among", text, "")));
        }
        if row.disabled || !officer.may(Permission::EditRegisters) {
            let text = format!("{}的账号不能办理申请，请指定其他人员", row.name);
            return Ok(Some(Refusal::new("officer-cannot", text, "")));
        }
        Ok(None)
    }

    /// The next 文号 of an agency's reply letters; none where it has not said its 机关代字.
    pub(crate) async fn next_letter_number(&mut self, agency: &str, year: i16) -> Result<Option<String>> {
        let Some(agency) = id_of(&Some(agency.to_owned())) else { return Ok(None) };
        let code = self.profile_of(agency).await?.letter_code;
        if code.is_empty() {
            return Ok(None);
        }
        let n = self.tx.next_number(self.region, agency, year, "letter").await?;
        Ok(Some(format!("{code}〔{year}〕{n}号")))
    }
}

/// Who consented to the extension.
fn consented_by(history: &Docket) -> Option<String> {
    let consent = |h: &&History<RequestEvent>| {
        matches!(h.recorded.event, Some(RequestEvent::ExtensionConsented { .. }))
    };
    let actor = &history.iter().rev().find(consent)?.actor;
    // The journal's name of an account is the person's name and the account id.
    Some(actor.split('（').next().unwrap_or(actor).to_owned())
}
