//! The docket of a request to correct a record about oneself (更正, 条例第四十一条): received with its evidence, decided,
//! told to the applicant.
//!
//! It is no request for disclosure (第二十七条): table three does not count it, and the article sets no term.

use super::request::{ServiceMethod, Written};
use super::{Recorded, in_force};
use crate::Refusal;
use crate::applicant::ApplicantClass;
use crate::receipt::Channel;
use crate::wording::day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The article all of it rests on.
const CITE: &str = "条例第四十一条";

/// What the agency decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 予以更正
    Corrected,
    /// 不予更正
    NotCorrected,
    /// 转送有权更正的行政机关
    Transferred,
    /// 告知向有权更正的行政机关提出
    Redirected,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 4] =
        [Outcome::Corrected, Outcome::NotCorrected, Outcome::Transferred, Outcome::Redirected];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Corrected => "corrected",
            Outcome::NotCorrected => "not-corrected",
            Outcome::Transferred => "transferred",
            Outcome::Redirected => "redirected",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Corrected => "予以更正",
            Outcome::NotCorrected => "不予更正",
            Outcome::Transferred => "转送有权更正的行政机关处理",
            Outcome::Redirected => "告知向有权更正的行政机关提出",
        }
    }

    /// The outcome with this key.
    pub fn parse(key: &str) -> Option<Outcome> {
        Self::ALL.into_iter().find(|o| o.key() == key)
    }

    /// Whether another agency has the power to correct, and is named.
    pub fn names_agency(self) -> bool {
        matches!(self, Outcome::Transferred | Outcome::Redirected)
    }

    /// What the letter says, without its full stop.
    pub fn sentence(self, agency: &str) -> String {
        match self {
            Outcome::Corrected => "对上述政府信息记录予以更正".to_owned(),
            Outcome::NotCorrected => "对上述政府信息记录不予更正".to_owned(),
            Outcome::Transferred => format!("更正上述记录不属于本机关职能范围，已经转送{agency}处理"),
            Outcome::Redirected => format!("更正上述记录不属于本机关职能范围，请向{agency}提出"),
        }
    }
}

/// What can happen. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RecordCorrectionEvent {
    /// 收到
    Received {
        /// The agency that provided the record (unit id).
        unit: String,
        /// How it came.
        channel: Channel,
        /// Whether a person asks, or an organisation.
        class: ApplicantClass,
        /// Id of the encrypted personal-data record.
        applicant: Option<String>,
        /// The record, without personal data.
        record: String,
        /// What is inaccurate, and how it should read, without personal data.
        wrong: String,
        /// What proves it.
        evidence: String,
    },
    /// 审核处理
    Decided {
        /// What was decided.
        outcome: Outcome,
        /// The agency that has the power to correct, where it is another.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        agency: String,
        /// What was found.
        facts: String,
        /// Why.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// 制作文书: the letter was finished; its text is sealed beside the journal, its digest stands here.
    Written(Written),
    /// 告知申请人: `effective_on` is the day that counts for the method.
    Told {
        /// How.
        method: ServiceMethod,
        /// 送达凭证
        #[serde(default, skip_serializing_if = "String::is_empty")]
        evidence: String,
    },
    /// 申请人撤回
    Withdrawn,
}

impl RecordCorrectionEvent {
    /// Stored key and Chinese name.
    pub fn name(&self) -> (&'static str, &'static str) {
        match self {
            RecordCorrectionEvent::Received { .. } => ("received", "收到更正申请"),
            RecordCorrectionEvent::Decided { .. } => ("decided", "审核处理"),
            RecordCorrectionEvent::Written(_) => ("written", "制作文书"),
            RecordCorrectionEvent::Told { .. } => ("told", "告知申请人"),
            RecordCorrectionEvent::Withdrawn => ("withdrawn", "申请人撤回"),
        }
    }
}

/// 办理阶段
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 待审核
    Received,
    /// 待告知
    Decided,
    /// 已告知
    Told,
    /// 已撤回
    Withdrawn,
}

impl Stage {
    /// All stages.
    pub const ALL: [Stage; 4] = [Stage::Received, Stage::Decided, Stage::Told, Stage::Withdrawn];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Received => "received",
            Stage::Decided => "decided",
            Stage::Told => "told",
            Stage::Withdrawn => "withdrawn",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Received => "待审核",
            Stage::Decided => "待告知申请人",
            Stage::Told => "已告知申请人",
            Stage::Withdrawn => "申请人撤回",
        }
    }

    /// The stage with this key.
    pub fn parse(key: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Whether nothing is left to do.
    pub fn is_over(self) -> bool {
        matches!(self, Stage::Told | Stage::Withdrawn)
    }
}

/// What was decided, and on which day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Decided {
    /// The day.
    pub on: Date,
    /// The outcome.
    pub outcome: Outcome,
    /// The agency that has the power to correct, where it is another.
    pub agency: String,
    /// What was found.
    pub facts: String,
    /// Why.
    pub reason: String,
}

/// Where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Standing {
    /// Stage.
    pub stage: Stage,
    /// The agency (unit id).
    pub unit: String,
    /// How it came.
    pub channel: Channel,
    /// Whether a person asks, or an organisation.
    pub class: ApplicantClass,
    /// Id of the encrypted personal-data record.
    pub applicant: Option<String>,
    /// The record.
    pub record: String,
    /// What is inaccurate, and how it should read.
    pub wrong: String,
    /// What proves it.
    pub evidence: String,
    /// Day it was received.
    pub received_on: Date,
    /// What was decided.
    pub decided: Option<Decided>,
    /// The letter that was finished, with its day.
    pub letter: Option<(Date, Written)>,
    /// Day the applicant was told, and how.
    pub told: Option<(Date, ServiceMethod)>,
    /// Day the applicant withdrew.
    pub withdrawn_on: Option<Date>,
}

impl Standing {
    /// Folds a docket; `None` if it is empty or its receipt was voided.
    pub fn of(docket: &[Recorded<RecordCorrectionEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let mut standing = events.iter().find_map(|e| Standing::received(e.on, e.event))?;
        for e in &events {
            standing.apply(e.on, e.event);
        }
        Some(standing)
    }

    fn received(on: Date, event: &RecordCorrectionEvent) -> Option<Standing> {
        let RecordCorrectionEvent::Received { unit, channel, class, applicant, record, wrong, evidence } =
            event
        else {
            return None;
        };
        Some(Standing {
            stage: Stage::Received,
            unit: unit.clone(),
            channel: *channel,
            class: *class,
            applicant: applicant.clone(),
            record: record.clone(),
            wrong: wrong.clone(),
            evidence: evidence.clone(),
            received_on: on,
            decided: None,
            letter: None,
            told: None,
            withdrawn_on: None,
        })
    }

    fn apply(&mut self, on: Date, event: &RecordCorrectionEvent) {
        match event {
            RecordCorrectionEvent::Received { .. } => {}
            RecordCorrectionEvent::Decided { outcome, agency, facts, reason } => {
                let (agency, facts, reason) = (agency.clone(), facts.clone(), reason.clone());
                self.decided = Some(Decided { on, outcome: *outcome, agency, facts, reason });
                self.stage = Stage::Decided;
            }
            RecordCorrectionEvent::Written(letter) => self.letter = Some((on, letter.clone())),
            RecordCorrectionEvent::Told { method, .. } => {
                self.told = Some((on, *method));
                self.stage = Stage::Told;
            }
            RecordCorrectionEvent::Withdrawn => {
                self.withdrawn_on = Some(on);
                self.stage = Stage::Withdrawn;
            }
        }
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &RecordCorrectionEvent) -> Vec<Refusal> {
        let RecordCorrectionEvent::Received { unit, record, wrong, evidence, .. } = event else {
            return vec![Refusal::new("not-received", "尚未登记收到更正申请，请先登记收到", CITE)];
        };
        let needed = [
            (unit, "unit-missing", "请填写提供该政府信息的机关"),
            (record, "record-missing", "请填写要求更正的政府信息"),
            (wrong, "wrong-missing", "请填写记录不准确的内容和要求更正的内容"),
            (evidence, "evidence-missing", "请填写证明记录不准确的证据"),
        ];
        let missing = needed.into_iter().filter(|(text, _, _)| text.trim().is_empty());
        missing.map(|(_, code, text)| Refusal::new(code, text, CITE)).collect()
    }

    /// The day of the latest step.
    fn last_day(&self) -> Date {
        let told = self.told.map(|(on, _)| on);
        let decided = self.decided.as_ref().map(|d| d.on);
        self.withdrawn_on.or(told).or(decided).unwrap_or(self.received_on)
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &RecordCorrectionEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        let mut when = |refused: bool, code: &str, text: String| {
            if refused {
                no.push(Refusal::new(code, text, CITE));
            }
        };
        let over = self.stage.is_over();
        when(over, "closed", format!("该更正申请{}，有误的请更正原登记", self.stage.label()));
        let last = self.last_day();
        when(on < last, "date-order", format!("日期不得早于上一环节的日期{}", day(last)));
        let undecided = self.decided.is_none();
        match event {
            RecordCorrectionEvent::Received { .. } => {
                when(true, "already-received", "该更正申请已经登记".into());
            }
            RecordCorrectionEvent::Decided { outcome, agency, facts, reason } => {
                when(!undecided, "already-decided", "该更正申请已经审核处理".into());
                when(facts.trim().is_empty(), "facts-missing", "请填写审核查明的情况".into());
                let unnamed = outcome.names_agency() && agency.trim().is_empty();
                when(unnamed, "agency-missing", "请填写有权更正的行政机关".into());
                let needless = !outcome.names_agency() && !agency.trim().is_empty();
                let text = "由本机关处理的，不填写有权更正的其他行政机关";
                when(needless, "agency-too-many", text.into());
                let unreasoned = *outcome == Outcome::NotCorrected && reason.trim().is_empty();
                when(unreasoned, "reason-missing", "请填写不予更正的理由".into());
            }
            RecordCorrectionEvent::Written(letter) => {
                when(undecided, "not-decided", "尚未审核处理，不能制作文书".into());
                when(self.letter.is_some(), "already-written", "文书已经制作".into());
                when(letter.number.trim().is_empty(), "number-missing", "请填写文书的文号".into());
            }
            RecordCorrectionEvent::Told { .. } => {
                when(undecided, "not-decided", "尚未审核处理，不能登记告知".into());
            }
            RecordCorrectionEvent::Withdrawn => {
                when(!undecided, "already-decided", "已经审核处理，不能撤回".into());
            }
        }
        no
    }
}

#[cfg(test)]
#[path = "record_correction_tests.rs"]
mod tests;
