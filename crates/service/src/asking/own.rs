//! The own request, for its applicant: how far it is and why, what is awaited, and the withdrawal.

use super::answer::{SubmissionKind, submitted};
use super::proof::no_such_request;
use crate::context::Context;
use crate::error::Result;
use crate::letter::{CasePaper, CasePaperView};
use crate::register::{Change, docket, recorded};
use crate::request::Requests;
use crate::unit::{Tree, id_of, profile_of};
use crate::upkeep::ToldMove;
use crate::upkeep::recalculation::told_moves;
use crate::{Actor, Register, Service};
use jiff::civil::Date;
use law::clock::{self, CountedDay};
use law::decision::Decision;
use law::docket::request::{FeeNotice, Move, Proposal, RequestEvent, Stage, Standing, Ticket, Wanted};
use law::docket::unit::Profile;
use law::{Due, fee};

/// A line of the progress of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgressLine {
    /// Legal date.
    pub on: Date,
    /// What happened.
    pub what: &'static str,
}

/// The fee that is awaited (国办函〔2020〕109号).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeeAsked {
    /// The notice.
    pub notice: FeeNotice,
    /// The rule it rests on.
    pub citation: &'static str,
}

/// How far a request is, for its applicant.
#[derive(Debug, Clone)]
pub struct Progress {
    /// Number, once there is one.
    pub number: Option<String>,
    /// The agency asked.
    pub unit: String,
    /// What is wanted.
    pub subject: String,
    /// How it is wanted.
    pub wanted: Wanted,
    /// Where it stands.
    pub stage: Stage,
    /// Day of arrival.
    pub arrived_on: Date,
    /// 收到申请之日; none until both sides have confirmed.
    pub received_on: Option<Date>,
    /// The day an answer is due, with every step.
    pub due: Option<Due>,
    /// Whether the term stands still today: the day due moves with every day that it does.
    pub paused: bool,
    /// Every day from the one the term runs from through the day due; empty where the date was set by an order.
    pub days: Vec<CountedDay>,
    /// The day by which the applicant must act, if so.
    pub waits_until: Option<Due>,
    /// What the notice of correction asks for, while it is awaited.
    pub to_correct: Vec<String>,
    /// The fee, while it is awaited.
    pub fee: Option<FeeAsked>,
    /// What the applicant may send now.
    pub may_send: Option<SubmissionKind>,
    /// What the applicant has sent, and when.
    pub sent: Vec<(SubmissionKind, Date)>,
    /// Dates that a new notice on holidays has moved, in the order of recording.
    pub moved: Vec<ToldMove>,
    /// How to reach the agency (条例第十二条).
    pub profile: Profile,
    /// The address under which mail lands on the request, where there is an inbox.
    pub reply_to: Option<String>,
    /// What was decided, and the number of the paper.
    pub decision: Option<(&'static str, String)>,
    /// The remedies in one sentence, once the decision is served; none where only the paper can say it.
    pub remedies: Option<String>,
    /// The work order it came out of, and the day it was passed on.
    pub handed_in: Option<(Date, Ticket)>,
    /// The work orders in which the matter goes on, once the decision is served.
    pub handed_out: Vec<(Date, Ticket)>,
    /// What happened so far.
    pub lines: Vec<ProgressLine>,
    /// Whether it may still be withdrawn.
    pub may_withdraw: bool,
}

/// What the public page does not tell: how the office works inside.
fn is_public(next: Move) -> bool {
    !next.is_internal()
}

/// The remedies by the law in force on the day of the decision. Of a partial grant only the proposal that was signed
/// says on which article the withheld part rests, and so which remedy comes first; without one nothing is said.
fn remedies(decision: Decision, decided_on: Date, proposal: Option<&Proposal>) -> Option<String> {
    if decision.needs_no_paper() {
        return None;
    }
    let remedy = match (decision, proposal) {
        (Decision::GrantedInPart, None) => return None,
        (_, Some(proposal)) => proposal.draft.remedy(decided_on),
        (_, None) => decision.remedy(decided_on, false),
    };
    remedy.sentence("决定书载明的行政复议机关", "有管辖权的人民法院", decided_on).ok()
}

fn fee_asked(standing: &Standing) -> Option<FeeAsked> {
    let notice =
        standing.fee.clone().filter(|f| standing.stage == Stage::FeePending && f.paid_on.is_none())?;
    let citation = fee::citation(notice.basis, standing.received_on?).ok()?;
    Some(FeeAsked { notice, citation })
}

impl Service {
    /// How far the own request is.
    ///
    /// # Errors
    /// [`Error::NotFound`](crate::Error::NotFound) for a wrong code and for a wrong proof, in the same words; a refusal with
    /// [`LOCKED_CODE`](super::LOCKED_CODE) after ten wrong proofs.
    pub async fn progress(&self, ctx: Context, code: &str, proof: &str) -> Result<Progress> {
        let today = ctx.today();
        let request = self.prove(ctx, code, proof).await?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        let events = recorded(&history);
        let standing = Standing::of(&events).ok_or_else(no_such_request)?;
        let unit = Tree::read(&mut tx, self.region).await?.find(&standing.addressee)?.name.clone();
        let sent = submitted(&mut tx, self.region, request).await?;
        // Of the answer that is being given now: one given earlier may have led elsewhere too.
        let told = standing.current_round().2.is_some();
        let lines = law::docket::in_force(&events)
            .into_iter()
            .filter(|e| is_public(e.event.kind()))
            // Where the matter goes on is told with the decision that says why.
            .filter(|e| told || e.event.kind() != Move::HandedOut)
            .map(|e| ProgressLine { on: e.on, what: e.event.kind().label() })
            .collect();
        let (decision, _, served_on) = standing.current_round();
        let number = standing.reopenings.last().map_or(&standing.decision_number, |r| &r.number);
        let judge = self.in_force.judge(&mut tx, self.region, &self.calendar, &history).await?;
        let due = standing.due(&judge, today);
        // Once decided the clock stands, and no day is counted any more.
        let counted = due.is_some() && decision.is_none();
        let input = standing.clock_input().filter(|_| counted);
        let correction = standing.correction.as_ref().filter(|_| standing.stage == Stage::CorrectionPending);
        let decided_on = standing.reopenings.last().map_or(standing.decided_on, |r| r.decided_on);
        let agency = id_of(&Some(standing.addressee.clone())).unwrap_or_default();
        Ok(Progress {
            profile: profile_of(&mut tx, self.region, agency).await?,
            reply_to: self.reply_address(request),
            days: input.map_or_else(Vec::new, |i| clock::counted_days(&i, &judge, today)),
            to_correct: correction.map_or_else(Vec::new, |c| c.items.clone()),
            fee: fee_asked(&standing),
            may_send: SubmissionKind::awaited(&standing, &sent),
            remedies: decision
                .filter(|_| served_on.is_some())
                .zip(decided_on)
                .and_then(|(d, on)| remedies(d, on, standing.proposal.as_ref())),
            sent,
            unit,
            stage: standing.stage,
            arrived_on: standing.arrived_on,
            received_on: standing.received_on,
            paused: due.is_some() && standing.is_paused(),
            due,
            moved: told_moves(&mut tx, self.region, request).await?,
            waits_until: standing.waits_until(&self.calendar),
            // Told once it is served.
            decision: decision
                .filter(|_| served_on.is_some())
                .map(|d| (d.label(), number.clone().unwrap_or_default())),
            lines,
            handed_in: standing.handed_in.clone(),
            handed_out: standing.handed_out.clone().into_iter().filter(|_| told).collect(),
            may_withdraw: Requests::may(&standing, &RequestEvent::Withdrawn, today, &self.calendar)
                .is_empty(),
            number: standing.number,
            subject: standing.subject,
            wanted: standing.wanted,
        })
    }

    /// The slip to pay by, while the fee of the own request is awaited.
    ///
    /// # Errors
    /// As [`Service::progress`]; [`Error::NotFound`](crate::Error::NotFound) where no fee is awaited.
    pub async fn payment_slip_own(&self, mut ctx: Context, code: &str, proof: &str) -> Result<CasePaperView> {
        ctx.actor = Actor::Anonymous;
        ctx.key = None;
        let request = self.prove(ctx.clone(), code, proof).await?;
        self.verb(ctx, "payment-slip-own", move |mut work| {
            // The applicant reads the own name.
            Box::pin(async move { work.case_paper(request, (CasePaper::Payment, None), true).await })
        })
        .await
    }

    /// Withdraws the own request before the decision.
    ///
    /// # Errors
    /// As [`Service::progress`], and the refusals of the docket.
    pub async fn withdraw_own(&self, mut ctx: Context, code: &str, proof: &str) -> Result<()> {
        ctx.actor = Actor::Anonymous;
        let mut proving = ctx.clone();
        proving.key = None;
        let request = self.prove(proving, code, proof).await?;
        let today = ctx.today();
        self.verb(ctx, "withdraw-own", move |mut work| {
            Box::pin(async move {
                let version =
                    u32::try_from(work.docket::<Requests>(request).await?.len()).unwrap_or(u32::MAX);
                let change = Change::event(today, RequestEvent::Withdrawn);
                work.change::<Requests>(request, version, change).await?;
                work.tell_watchers(request, version).await
            })
        })
        .await
    }
}
