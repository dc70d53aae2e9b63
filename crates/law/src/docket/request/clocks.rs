//! Every clock that runs on a request at the same time, and who must act before it ends.
//!
//! The reply is one clock of several: the applicant has a day to correct, to give reasons or to pay, a consulted party has
//! fifteen working days, and a request by the internet must be confirmed on the day it arrives. Each is a date that
//! explains itself ([`Due`]); which of them is the next to be looked after is [`nearest`].

use super::{Consulted, Stage, Standing};
use crate::calendar::Calendar;
use crate::clock;
use crate::reason::{Due, Step};
use crate::wording::day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Which clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClockKind {
    /// 与申请人确认: on the day of arrival (art. 31).
    Confirmation,
    /// 告知补正: seven working days from receipt (art. 30). Once it has run out, the request is handled as it is.
    CorrectionNotice,
    /// 申请人补正: the day set in the notice (art. 30).
    Correction,
    /// 申请人说明理由: the day set in the notice (art. 35).
    Reasons,
    /// 征求意见答复: fifteen working days from delivery (arts. 32, 34).
    Opinion,
    /// 申请人缴费: twenty working days from the notice (国办函〔2020〕109号).
    FeePayment,
    /// 内部办理期限: when the handling unit has to be ready, earlier than the reply is due. A rule of the house.
    Handling,
    /// 答复申请人 (art. 33).
    Reply,
}

impl ClockKind {
    /// All clocks, in the order of a request's life.
    pub const ALL: [ClockKind; 8] = [
        ClockKind::Confirmation,
        ClockKind::CorrectionNotice,
        ClockKind::Correction,
        ClockKind::Reasons,
        ClockKind::Opinion,
        ClockKind::FeePayment,
        ClockKind::Handling,
        ClockKind::Reply,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            ClockKind::Confirmation => "confirmation",
            ClockKind::CorrectionNotice => "correction-notice",
            ClockKind::Correction => "correction",
            ClockKind::Reasons => "reasons",
            ClockKind::Opinion => "opinion",
            ClockKind::FeePayment => "fee-payment",
            ClockKind::Handling => "handling",
            ClockKind::Reply => "reply",
        }
    }

    /// Chinese name of what has to happen before it ends.
    pub fn label(self) -> &'static str {
        match self {
            ClockKind::Confirmation => "双方确认",
            ClockKind::CorrectionNotice => "告知补正",
            ClockKind::Correction => "申请人补正",
            ClockKind::Reasons => "申请人说明理由",
            ClockKind::Opinion => "征求意见答复",
            ClockKind::FeePayment => "申请人缴费",
            ClockKind::Handling => "承办单位办理",
            ClockKind::Reply => "答复申请人",
        }
    }

    /// The clock with this key.
    pub fn parse(key: &str) -> Option<ClockKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// Whether letting it run out needs somebody's attention. The notice of correction is a chance, not a duty.
    pub fn presses(self) -> bool {
        self != ClockKind::CorrectionNotice
    }
}

/// Who must act before a clock ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ByWhom {
    /// 受理机关
    Agency,
    /// 承办单位
    Handler,
    /// 申请人
    Applicant,
    /// 被征求意见的一方
    Consulted,
}

impl ByWhom {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            ByWhom::Agency => "受理机关",
            ByWhom::Handler => "承办单位",
            ByWhom::Applicant => "申请人",
            ByWhom::Consulted => "被征求意见方",
        }
    }
}

/// A clock that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Clock {
    /// Which.
    pub kind: ClockKind,
    /// Number of the consultation, for [`ClockKind::Opinion`]; 0 otherwise.
    pub number: u32,
    /// Who must act.
    pub by: ByWhom,
    /// Whether it stands still today: then its date moves with every further day.
    pub paused: bool,
    /// Its end, with every step.
    pub due: Due,
}

/// The clock to be looked after next: the one that ends first, of those that run and press.
pub fn nearest(clocks: &[Clock]) -> Option<&Clock> {
    clocks.iter().filter(|c| c.kind.presses() && !c.paused).min_by_key(|c| (c.due.on, c.kind))
}

impl Standing {
    /// Whether the present round is over: answered, withdrawn or closed without a paper.
    pub fn is_over(&self) -> bool {
        let (decision, decided_on, served_on) = self.current_round();
        let without_paper = decided_on.is_some() && decision.is_some_and(|d| d.needs_no_paper());
        let dropped = self.withdrawn_on.is_some() || self.merged.is_some();
        dropped || served_on.is_some() || without_paper || self.archived_on.is_some()
    }

    /// Every clock that runs on the request, the first to end first; none once the round is over.
    ///
    /// `internal` is how many working days before the reply is due the handling unit has to be ready; 0 for no such
    /// limit. A clock whose date cannot be computed is left out.
    pub fn clocks(&self, calendar: &Calendar, as_of: Date, internal: u32) -> Vec<Clock> {
        if self.is_over() {
            return Vec::new();
        }
        let mut all = Vec::new();
        let mut add = |kind, number, by, paused, due: Option<Due>| {
            all.extend(due.map(|due| Clock { kind, number, by, paused, due }));
        };
        let confirm = self.received_on.is_none().then(|| confirmation_due(self.arrived_on));
        add(ClockKind::Confirmation, 0, ByWhom::Agency, false, confirm);
        add(
            ClockKind::CorrectionNotice,
            0,
            ByWhom::Agency,
            false,
            self.correction_notice_due(calendar, as_of),
        );
        let awaited = match self.stage {
            Stage::CorrectionPending => Some(ClockKind::Correction),
            Stage::ReasonPending => Some(ClockKind::Reasons),
            Stage::FeePending => Some(ClockKind::FeePayment),
            _ => None,
        };
        if let Some(kind) = awaited {
            add(kind, 0, ByWhom::Applicant, false, self.waits_until(calendar));
        }
        for c in self.open_consultations() {
            let due = c.delivered_on.and_then(|on| match c.whom {
                Consulted::ThirdParty => clock::third_party_due(on, calendar).ok(),
                Consulted::JointAgency => clock::joint_agency_due(on, calendar).ok(),
                // No instrument sets other agencies a term.
                Consulted::OtherAgency => None,
            });
            add(ClockKind::Opinion, c.number, ByWhom::Consulted, false, due);
        }
        let reply = self.due(calendar, as_of);
        let paused = self.is_paused();
        let handed = self.handler.as_ref().is_some_and(|h| *h != self.addressee);
        let undecided = self.current_round().1.is_none();
        let told = self.handler_until.filter(|_| undecided).map(told_limit);
        if told.is_some() {
            add(ClockKind::Handling, 0, ByWhom::Handler, false, told);
        } else if let Some(reply) = reply.as_ref().filter(|_| internal > 0 && handed && undecided) {
            add(ClockKind::Handling, 0, ByWhom::Handler, paused, handling_due(reply, internal, calendar));
        }
        for asked in self.assistance.iter().filter(|a| undecided && a.answered_on.is_none()) {
            add(ClockKind::Handling, 0, ByWhom::Handler, false, Some(told_limit(asked.until)));
        }
        add(ClockKind::Reply, 0, ByWhom::Agency, paused, reply);
        all.sort_by_key(|c| (c.due.on, c.kind, c.number));
        all
    }

    /// Whether the reply clock stands still because somebody is consulted; a day ordered by a court or fixed by a
    /// deferral does not.
    /// Whether others are consulted, so that the reply stands still (art. 33).
    pub fn is_paused(&self) -> bool {
        let fixed = self.deferred_until.is_some() || !self.reopenings.is_empty();
        !fixed && self.decided_on.is_none() && self.open_consultations().next().is_some()
    }

    /// The last day to tell what must be corrected, while it may still be told.
    fn correction_notice_due(&self, calendar: &Calendar, as_of: Date) -> Option<Due> {
        let early =
            matches!(self.stage, Stage::Received | Stage::Triaged | Stage::Assigned | Stage::Searching);
        let open = early && self.correction.is_none() && self.reopenings.is_empty();
        let due = clock::correction_notice_due(self.received_on.filter(|_| open)?, calendar).ok()?;
        (as_of <= due.on).then_some(due)
    }
}

fn confirmation_due(arrived: Date) -> Due {
    let text = format!("申请于{}到达，应当于当日与申请人确认", day(arrived));
    Due { on: arrived, provisional: false, because: vec![Step::new(text, "条例第三十一条")] }
}

/// The limit the working body set when it handed the request on.
fn told_limit(until: Date) -> Due {
    let text = format!("交办、协办时要求于{}前办理完毕", day(until));
    Due { on: until, provisional: false, because: vec![Step::new(text, "条例第四十五条")] }
}

fn handling_due(reply: &Due, internal: u32, calendar: &Calendar) -> Option<Due> {
    let on = calendar.before(reply.on, internal).ok()?;
    let text = format!("承办单位应当在答复期限{}前{internal}个工作日办理完毕", day(reply.on));
    Some(Due { on, provisional: reply.provisional, because: vec![Step::new(text, "")] })
}

/// A clock that a notice on holidays has moved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// Which clock.
    pub clock: ClockKind,
    /// Its end before.
    pub from: Date,
    /// Whether that was provisional.
    pub from_provisional: bool,
    /// Its end now.
    pub to: Date,
    /// Whether a notice may still move it.
    pub to_provisional: bool,
}

impl Moved {
    /// What happened and why, in one sentence; `notices` are cited.
    pub fn sentence(&self, notices: &[String]) -> String {
        let what = self.clock.label();
        let because = match notices {
            [] => "工作日历已经更新".to_owned(),
            all => format!("节假日安排已经公布或者调整（{}）", all.join("、")),
        };
        let (from, to) = (day(self.from), day(self.to));
        match (self.from == self.to, self.to_provisional) {
            (true, true) => format!("“{what}”的期限{to}改为暂定，因为{because}"),
            (true, false) => format!("“{what}”的期限{to}由暂定改为确定，因为{because}"),
            (false, true) => format!("“{what}”的期限由{from}改为{to}（暂定），因为{because}"),
            (false, false) => format!("“{what}”的期限由{from}改为{to}，因为{because}"),
        }
    }
}

#[cfg(test)]
#[path = "clocks_tests.rs"]
mod tests;
