//! Where a request stands: its events folded into facts, stage, clock and figures.

use super::{
    Consulted, Link, Opinion, Proactive, ProactiveReview, Proposal, Reasons, ReasonsOutcome, RequestEvent,
    ServiceMethod, Stage, Ticket, Wanted, Written,
};
use crate::applicant::ApplicantClass;
use crate::calendar::Calendar;
use crate::clock;
use crate::decision::Decision;
use crate::docket::{Recorded, Tally, in_force};
use crate::fee::Basis;
use crate::reason::{Due, Step};
use crate::receipt::{self, Channel, Receipt};
use crate::retention::Retention;
use crate::wording::day;
use jiff::civil::Date;
use serde::Serialize;

/// The one correction of article 30.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// Day the notice was served.
    pub noticed_on: Date,
    /// What must be corrected.
    pub items: Vec<String>,
    /// Last day for the applicant.
    pub reply_by: Date,
    /// Day the corrected request was received.
    pub received_on: Option<Date>,
}

/// A consultation (征求意见).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Consultation {
    /// Number within the docket.
    pub number: u32,
    /// Who is asked.
    pub whom: Consulted,
    /// Name of the party.
    pub party: String,
    /// Day it was sent.
    pub sent_on: Date,
    /// Day the party received it.
    pub delivered_on: Option<Date>,
    /// Day it was closed.
    pub closed_on: Option<Date>,
    /// What was said.
    pub opinion: Option<Opinion>,
}

/// Help asked of another unit of the agency (协办).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Assistance {
    /// Unit id.
    pub unit: String,
    /// Day it was asked.
    pub asked_on: Date,
    /// The day by which it is to answer.
    pub until: Date,
    /// What it is asked for.
    pub matter: String,
    /// Day it answered.
    pub answered_on: Option<Date>,
}

/// A fee notice (收费通知).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FeeNotice {
    /// Day it was served.
    pub noticed_on: Date,
    /// By request or by page.
    pub basis: Basis,
    /// Requests of the month, or pages.
    pub count: u32,
    /// Sum in yuan.
    pub yuan: u32,
    /// Day it was paid.
    pub paid_on: Option<Date>,
}

/// A new answer ordered by a reconsideration decision or a judgment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reopening {
    /// Day of the order.
    pub on: Date,
    /// Docket id of the dispute.
    pub dispute: String,
    /// Last day set by the order.
    pub until: Date,
    /// The new decision.
    pub decision: Option<Decision>,
    /// Its number.
    pub number: Option<String>,
    /// Its date.
    pub decided_on: Option<Date>,
    /// Day it was served.
    pub served_on: Option<Date>,
}

/// Where a request stands.
///
/// `decision`, `decided_on`, `served_on`, `finished_on` and `row` are those of the first answer, which is the one the
/// annual report counts; the answers after a reopening are in `reopenings`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Where it is.
    pub stage: Stage,
    /// How it came.
    pub channel: Channel,
    /// Column of table three.
    pub class: ApplicantClass,
    /// The agency it is addressed to (unit id).
    pub addressee: String,
    /// The unit whose report counts it (unit id).
    pub counted_by: String,
    /// What is asked for.
    pub subject: String,
    /// Id of the encrypted personal-data record.
    pub applicant: Option<String>,
    /// How the information is wanted.
    pub wanted: Wanted,
    /// Its number.
    pub number: Option<String>,
    /// Day it was registered.
    pub registered_on: Option<Date>,
    /// Day it arrived.
    pub arrived_on: Date,
    /// Day both sides confirmed.
    pub confirmed_on: Option<Date>,
    /// 收到申请之日 (art. 31); `None` while it has only arrived.
    pub received_on: Option<Date>,
    /// The work order it came out of, and the day it was passed on.
    pub handed_in: Option<(Date, Ticket)>,
    /// The correction, if one was asked for.
    pub correction: Option<Correction>,
    /// Reasons under article 35, if asked for.
    pub reasons: Option<Reasons>,
    /// Last day of the deferral under article 35.
    pub deferred_until: Option<Date>,
    /// Unit or office that handles it now.
    pub handler: Option<String>,
    /// 内部时限 of the handling unit.
    pub handler_until: Option<Date>,
    /// 承办人 (account id) within the handling unit.
    pub officer: Option<String>,
    /// Units asked to help, in the order they were asked.
    pub assistance: Vec<Assistance>,
    /// Day of the latest search record.
    pub searched_on: Option<Date>,
    /// Consultations, in the order they were sent.
    pub consultations: Vec<Consultation>,
    /// The extension the person in charge consented to: working days, and the day.
    pub extension_consent: Option<(u32, Date)>,
    /// The extension.
    pub extension: Option<clock::Extension>,
    /// Who consented to the extension.
    pub extension_approved_by: Option<String>,
    /// The fee notice.
    pub fee: Option<FeeNotice>,
    /// What is proposed in the present round, and how far it has come.
    pub proposal: Option<Proposal>,
    /// Letters that were finished, in order, with their day.
    pub letters: Vec<(Date, Written)>,
    /// Other requests of the same matter.
    pub links: Vec<Link>,
    /// The docket it was merged into, and the day.
    pub merged: Option<(String, Date)>,
    /// The accounts that may see it; empty where it is not restricted.
    pub restricted_to: Vec<String>,
    /// Accounts that are told of what happens.
    pub watchers: Vec<String>,
    /// What was decided first.
    pub decision: Option<Decision>,
    /// Number of the decision (文号).
    pub decision_number: Option<String>,
    /// Date of the decision.
    pub decided_on: Option<Date>,
    /// Day of service that counts for the method.
    pub served_on: Option<Date>,
    /// How it was served.
    pub served_by: Option<ServiceMethod>,
    /// The work orders the matter goes on in, each with its day.
    pub handed_out: Vec<(Date, Ticket)>,
    /// Day the applicant withdrew.
    pub withdrawn_on: Option<Date>,
    /// 归档号
    pub file_number: Option<String>,
    /// 保管期限
    pub retention: Option<Retention>,
    /// Day it was archived.
    pub archived_on: Option<Date>,
    /// Day it was appraised as one that may be destroyed.
    pub to_destroy: Option<Date>,
    /// Day it was destroyed.
    pub destroyed_on: Option<Date>,
    /// Orders to answer anew.
    pub reopenings: Vec<Reopening>,
    /// Suggestions to publish the information, and what came of them (art. 44).
    pub proactive: Proactive,
    /// The day on which the annual report counts it as finished: service of the first decision; the day of the decision
    /// where none needs to be served; the day of withdrawal.
    pub finished_on: Option<Date>,
    /// Row of table three of the 2021 form, once finished.
    pub row: Option<&'static str>,
}

impl Standing {
    /// The units that work on it beside the one it is counted by: who handles it, then who helps or helped; each once.
    pub fn helpers(&self) -> Vec<&str> {
        let mut units: Vec<&str> = Vec::new();
        for unit in self.handler.iter().chain(self.assistance.iter().map(|a| &a.unit)) {
            if !units.contains(&unit.as_str()) {
                units.push(unit);
            }
        }
        units
    }

    /// Folds a docket. `None` where no arrival is in force: an empty docket, or one whose arrival was voided.
    pub fn of(docket: &[Recorded<RequestEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let mut standing = events.iter().find_map(|e| Standing::arrived(e.on, e.event))?;
        let mut working = Stage::Received;
        for event in &events {
            standing.apply(event.on, event.event, &mut working);
        }
        // A confirmation dated before the arrival can only come from a later correction of the arrival.
        let confirmed = standing.confirmed_on.map(|on| on.max(standing.arrived_on));
        let receipt = receipt::received_on(standing.channel, standing.arrived_on, confirmed);
        standing.received_on = receipt.ok().and_then(|r| r.on());
        standing.finish();
        standing.stage = standing.stage_from(working);
        Some(standing)
    }

    fn arrived(on: Date, event: &RequestEvent) -> Option<Standing> {
        let RequestEvent::Arrived { channel, addressee, counted_by, class, subject, applicant, wanted } =
            event
        else {
            return None;
        };
        Some(Standing {
            stage: Stage::Submitted,
            channel: *channel,
            class: *class,
            addressee: addressee.clone(),
            counted_by: counted_by.clone(),
            subject: subject.clone(),
            applicant: applicant.clone(),
            wanted: wanted.clone(),
            number: None,
            registered_on: None,
            arrived_on: on,
            confirmed_on: None,
            received_on: None,
            handed_in: None,
            correction: None,
            reasons: None,
            deferred_until: None,
            handler: None,
            handler_until: None,
            officer: None,
            assistance: Vec::new(),
            searched_on: None,
            consultations: Vec::new(),
            extension_consent: None,
            extension: None,
            extension_approved_by: None,
            fee: None,
            proposal: None,
            letters: Vec::new(),
            links: Vec::new(),
            merged: None,
            restricted_to: Vec::new(),
            watchers: Vec::new(),
            decision: None,
            decision_number: None,
            decided_on: None,
            served_on: None,
            served_by: None,
            handed_out: Vec::new(),
            withdrawn_on: None,
            file_number: None,
            retention: None,
            archived_on: None,
            to_destroy: None,
            destroyed_on: None,
            reopenings: Vec::new(),
            proactive: Proactive::default(),
            finished_on: None,
            row: None,
        })
    }

    fn apply(&mut self, on: Date, event: &RequestEvent, working: &mut Stage) {
        match event {
            RequestEvent::Arrived { .. } => {}
            RequestEvent::Confirmed { .. } => self.confirmed_on = Some(on),
            RequestEvent::Registered { number } => {
                self.number = Some(number.clone());
                self.registered_on = Some(on);
            }
            RequestEvent::HandedIn(ticket) => self.handed_in = Some((on, ticket.clone())),
            RequestEvent::Triaged { .. } => *working = Stage::Triaged,
            RequestEvent::CorrectionNoticed { items, reply_by } => {
                let (items, reply_by) = (items.clone(), *reply_by);
                self.correction = Some(Correction { noticed_on: on, items, reply_by, received_on: None });
            }
            RequestEvent::CorrectionReceived => {
                if let Some(correction) = &mut self.correction {
                    correction.received_on = Some(on);
                }
                *working = Stage::Triaged;
            }
            RequestEvent::ReasonsAsked { reply_by } => {
                self.reasons = Some(Reasons::asked(on, *reply_by));
            }
            RequestEvent::ReasonsReceived { reasonable } => {
                if let Some(reasons) = &mut self.reasons {
                    reasons.received_on = Some(on);
                }
                if let Some(reasonable) = reasonable {
                    self.judge_reasons(on, ReasonsOutcome::of_receipt(*reasonable), None, working);
                }
            }
            RequestEvent::ReasonsJudged { outcome, until, .. } => {
                self.judge_reasons(on, *outcome, *until, working);
            }
            RequestEvent::Deferred { until, .. } => {
                self.deferred_until = Some(*until);
                *working = Stage::Deferred;
            }
            RequestEvent::Assigned { unit, until } => {
                // Within the same unit it stays with whoever had it.
                if self.handler.as_ref().unwrap_or(&self.addressee) != unit {
                    self.officer = None;
                }
                self.handler = Some(unit.clone());
                self.handler_until = *until;
                *working = Stage::Assigned;
            }
            RequestEvent::OfficerNamed { account } => self.officer.clone_from(account),
            RequestEvent::Assisted { unit, until, matter } => self.assistance.push(Assistance {
                unit: unit.clone(),
                asked_on: on,
                until: *until,
                matter: matter.clone(),
                answered_on: None,
            }),
            RequestEvent::AssistanceAnswered { unit, .. } => {
                let open = |a: &&mut Assistance| a.unit == *unit && a.answered_on.is_none();
                if let Some(asked) = self.assistance.iter_mut().find(open) {
                    asked.answered_on = Some(on);
                }
            }
            RequestEvent::Chased { .. } => {}
            RequestEvent::Searched { .. } => {
                self.searched_on = Some(on);
                *working = Stage::Searching;
            }
            RequestEvent::ConsultationSent { consultation, whom, party } => {
                self.consultations.push(Consultation {
                    number: *consultation,
                    whom: *whom,
                    party: party.clone(),
                    sent_on: on,
                    delivered_on: None,
                    closed_on: None,
                    opinion: None,
                });
            }
            RequestEvent::ConsultationDelivered { consultation } => {
                if let Some(c) = self.consultations.iter_mut().find(|c| c.number == *consultation) {
                    c.delivered_on = Some(on);
                }
            }
            RequestEvent::ConsultationClosed { consultation, opinion } => {
                if let Some(c) = self.consultations.iter_mut().find(|c| c.number == *consultation) {
                    c.closed_on = Some(on);
                    c.opinion = Some(*opinion);
                }
                *working = Stage::Drafting;
            }
            RequestEvent::ExtensionConsented { days, .. } => self.extension_consent = Some((*days, on)),
            RequestEvent::Extended { days, approved_by, .. } => {
                self.extension = Some(clock::Extension { days: *days, told_on: Some(on) });
                self.extension_approved_by = Some(approved_by.clone());
            }
            RequestEvent::FeeNoticed { basis, count, yuan } => {
                let (basis, count, yuan) = (*basis, *count, *yuan);
                self.fee = Some(FeeNotice { noticed_on: on, basis, count, yuan, paid_on: None });
            }
            RequestEvent::FeePaid => {
                if let Some(fee) = &mut self.fee {
                    fee.paid_on = Some(on);
                }
                *working = Stage::Drafting;
            }
            RequestEvent::Drafted { draft, chain } => {
                let (draft, chain) = (draft.clone(), chain.clone());
                self.proposal = Some(Proposal { on, draft, chain, passed: Vec::new(), returned: None });
                *working = Stage::Drafting;
            }
            RequestEvent::Reviewed { step, passed, opinion } => {
                if let Some(proposal) = &mut self.proposal {
                    if *passed {
                        proposal.passed.push((*step, on));
                    } else {
                        proposal.returned = Some((*step, on, opinion.clone()));
                    }
                }
            }
            RequestEvent::Written(letter) => self.letters.push((on, letter.clone())),
            RequestEvent::Decided { decision, number, .. } => match self.reopenings.last_mut() {
                Some(round) => {
                    round.decision = Some(*decision);
                    round.number = Some(number.clone());
                    round.decided_on = Some(on);
                }
                None => {
                    self.decision = Some(*decision);
                    self.decision_number = Some(number.clone());
                    self.decided_on = Some(on);
                }
            },
            RequestEvent::Served { method, .. } => match self.reopenings.last_mut() {
                Some(round) => round.served_on = Some(on),
                None => {
                    self.served_on = Some(on);
                    self.served_by = Some(*method);
                }
            },
            RequestEvent::HandedOut(ticket) => self.handed_out.push((on, ticket.clone())),
            RequestEvent::Linked(link) => self.links.push(link.clone()),
            RequestEvent::Split { subject, .. } => self.subject.clone_from(subject),
            RequestEvent::Merged { into } => self.merged = Some((into.clone(), on)),
            RequestEvent::Restricted { accounts, .. } => self.restricted_to.clone_from(accounts),
            RequestEvent::Noted { watchers, .. } => self.watchers.clone_from(watchers),
            RequestEvent::Withdrawn => self.withdrawn_on = Some(on),
            RequestEvent::Archived { file_number, retention } => {
                self.file_number = Some(file_number.clone());
                self.retention = *retention;
                self.archived_on = Some(on);
            }
            RequestEvent::Appraised { keep, .. } => {
                self.retention = keep.or(self.retention);
                self.to_destroy = keep.is_none().then_some(on);
            }
            RequestEvent::Destroyed { .. } => self.destroyed_on = Some(on),
            RequestEvent::Reopened { dispute, until } => {
                self.reopenings.push(Reopening {
                    on,
                    dispute: dispute.clone(),
                    until: *until,
                    decision: None,
                    number: None,
                    decided_on: None,
                    served_on: None,
                });
                self.archived_on = None;
                self.to_destroy = None;
                self.proposal = None;
                *working = Stage::Reopened;
            }
            RequestEvent::SuggestedProactive { by, note } => self.proactive.suggest(*by, on, note.clone()),
            RequestEvent::ProactiveReviewed { outcome, document, reason } => {
                let (outcome, document, reason) = (*outcome, document.clone(), reason.clone());
                self.proactive.review(ProactiveReview { on, outcome, document, reason });
            }
        }
    }

    fn judge_reasons(&mut self, on: Date, outcome: ReasonsOutcome, until: Option<Date>, working: &mut Stage) {
        if let Some(reasons) = &mut self.reasons {
            reasons.judge(on, outcome);
        }
        *working = if self.handler.is_some() { Stage::Assigned } else { Stage::Triaged };
        if outcome == ReasonsOutcome::Deferred {
            self.deferred_until = until;
            *working = Stage::Deferred;
        }
    }

    fn finish(&mut self) {
        let dropped = self.withdrawn_on.or(self.merged.as_ref().map(|(_, on)| *on));
        let (finished, row) = match (dropped, self.decision) {
            // Withdrawn before the decision, or merged: 其他处理 3.其他.
            (Some(on), _) => (Some(on), Decision::OtherOther.row()),
            (None, Some(decision)) => {
                let without_paper = self.decided_on.filter(|_| decision.needs_no_paper());
                (self.served_on.or(without_paper), decision.row())
            }
            (None, None) => (None, ""),
        };
        self.finished_on = finished;
        self.row = finished.map(|_| row);
    }

    fn stage_from(&self, working: Stage) -> Stage {
        if self.archived_on.is_some() {
            return Stage::Closed;
        }
        if self.withdrawn_on.is_some() {
            return Stage::Withdrawn;
        }
        if self.merged.is_some() {
            return Stage::Merged;
        }
        let (_, decided_on, served_on) = self.current_round();
        if served_on.is_some() {
            Stage::Served
        } else if decided_on.is_some() {
            Stage::Issued
        } else if self.received_on.is_none() {
            Stage::Submitted
        } else if self.fee_pending() {
            Stage::FeePending
        } else if self.correction_pending() {
            Stage::CorrectionPending
        } else if self.reasons.as_ref().is_some_and(Reasons::is_open) && self.reopenings.is_empty() {
            Stage::ReasonPending
        } else if let Some(open) = self.open_consultations().next() {
            match open.whom {
                Consulted::ThirdParty => Stage::ConsultingThirdParty,
                Consulted::JointAgency | Consulted::OtherAgency => Stage::ConsultingAgency,
            }
        } else {
            self.proposal.as_ref().map_or(working, |p| p.stage(working))
        }
    }

    /// Decision, its date and its day of service in the present round: after the last reopening, or the first answer.
    pub fn current_round(&self) -> (Option<Decision>, Option<Date>, Option<Date>) {
        match self.reopenings.last() {
            Some(round) => (round.decision, round.decided_on, round.served_on),
            None => (self.decision, self.decided_on, self.served_on),
        }
    }

    /// The consultations of the present round that are not closed.
    pub fn open_consultations(&self) -> impl Iterator<Item = &Consultation> {
        let since = self.reopenings.last().map(|r| r.on);
        self.consultations
            .iter()
            .filter(move |c| c.closed_on.is_none() && since.is_none_or(|since| c.sent_on >= since))
    }

    /// Whether the applicant was asked to correct and has not; the clock stands still.
    pub fn correction_pending(&self) -> bool {
        self.reopenings.is_empty() && self.correction.as_ref().is_some_and(|c| c.received_on.is_none())
    }

    /// Whether a fee was asked for and has not been paid; the clock stands still.
    pub fn fee_pending(&self) -> bool {
        self.reopenings.is_empty() && self.fee.as_ref().is_some_and(|f| f.paid_on.is_none())
    }

    /// The year at whose end the file's period ends, once it is archived; none for one that is kept for ever.
    pub fn kept_through(&self) -> Option<i16> {
        self.archived_on?;
        // Finished anew after a reopening, the matter was finished then.
        self.retention?.ends_in(self.last_day().or(self.finished_on)?.year())
    }

    /// The receipt with its explanation, or the duty to confirm that is still open.
    pub fn receipt(&self) -> Option<Receipt> {
        let confirmed = self.confirmed_on.map(|on| on.max(self.arrived_on));
        receipt::received_on(self.channel, self.arrived_on, confirmed).ok()
    }

    /// What drives the reply clock; `None` before receipt.
    pub fn clock_input(&self) -> Option<clock::Input> {
        let ended = self.decided_on.or(self.withdrawn_on).or(self.merged.as_ref().map(|(_, on)| *on));
        let pause = |c: &Consultation| {
            // The decision ends a pause that nobody closed.
            let to = c.closed_on.or(ended.map(|on| on.max(c.sent_on)));
            clock::Pause { from: c.sent_on, to }
        };
        Some(clock::Input {
            received: self.received_on?,
            corrected: self.correction.as_ref().and_then(|c| c.received_on),
            paid: self.fee.as_ref().and_then(|f| f.paid_on),
            consultations: self.consultations.iter().map(pause).collect(),
            extension: self.extension,
            deferred_until: self.deferred_until,
            reopened_until: self.reopenings.last().map(|r| r.until),
        })
    }

    /// The last day for the reply of the present round. An open consultation is counted through `as_of`.
    ///
    /// `None` before receipt, while the clock stands still because the applicant must correct or pay (see
    /// [`Standing::waits_until`]), and where dates contradict each other.
    pub fn due(&self, calendar: &Calendar, as_of: Date) -> Option<Due> {
        if self.correction_pending() || self.fee_pending() {
            return None;
        }
        clock::due(&self.clock_input()?, calendar, as_of).ok()
    }

    /// The day through which the applicant may still correct, give reasons or pay, while one of these is awaited.
    pub fn waits_until(&self, calendar: &Calendar) -> Option<Due> {
        let given = |on: Date, what: &str, cite: &str| {
            let because = vec![Step::new(format!("申请人应当在{}前{what}", day(on)), cite)];
            Some(Due { on, provisional: false, because })
        };
        match self.stage {
            Stage::CorrectionPending => given(self.correction.as_ref()?.reply_by, "补正", "条例第三十条"),
            // Once they are there, it is the agency's turn.
            Stage::ReasonPending => {
                let awaited = self.reasons.as_ref().filter(|r| r.received_on.is_none());
                given(awaited?.reply_by, "说明理由", "条例第三十五条")
            }
            Stage::FeePending => clock::fee_payment_due(self.fee.as_ref()?.noticed_on, calendar).ok(),
            _ => None,
        }
    }

    /// Whether the first answer was served in time: served on or before the day due (国办公开办函〔2016〕235号).
    ///
    /// `None` where it was not served, or where no reply was due: withdrawn, not corrected, not paid.
    pub fn in_time(&self, calendar: &Calendar) -> Option<bool> {
        let served = self.served_on.filter(|_| self.withdrawn_on.is_none())?;
        if self.decision?.needs_no_paper() {
            return None;
        }
        let first = clock::Input { reopened_until: None, ..self.clock_input()? };
        clock::due(&first, calendar, served).ok().map(|due| served <= due.on)
    }

    /// What the request contributes to table three of the annual report of `counted_by`. Nothing before receipt; a
    /// reopening changes nothing.
    pub fn tallies(&self) -> Vec<Tally> {
        let Some(received) = self.received_on else { return Vec::new() };
        let class = self.class.key();
        let mut tallies = vec![
            Tally::one(received.year(), format!("request.received.{class}")),
            Tally::one(received.year(), format!("request.open.{class}")),
        ];
        if let (Some(finished), Some(row)) = (self.finished_on, self.row) {
            // It cannot leave the stock before it entered it.
            let year = finished.max(received).year();
            tallies.push(Tally::minus_one(year, format!("request.open.{class}")));
            tallies.push(Tally::one(year, format!("request.result.{row}.{class}")));
        }
        tallies
    }
}
