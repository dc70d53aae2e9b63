//! The docket of a dispute over disclosure (行政复议、行政诉讼): filed, accepted, answered, decided.
//!
//! Tallies feed table four of the annual report. Which column an outcome counts in is data, `data/outcomes.toml`,
//! because the form names the columns without defining them (DOMAIN §1.4, part 4).

use super::{Recorded, Tally, in_force};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

/// The blocks of table four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// 行政复议
    Reconsideration,
    /// 未经复议直接起诉
    DirectSuit,
    /// 复议后起诉
    SuitAfterReconsideration,
}

impl Block {
    /// All blocks, in the order of the form.
    pub const ALL: [Block; 3] = [Block::Reconsideration, Block::DirectSuit, Block::SuitAfterReconsideration];

    /// Block id on the form, also the stored key.
    pub fn key(self) -> &'static str {
        match self {
            Block::Reconsideration => "reconsideration",
            Block::DirectSuit => "direct_suit",
            Block::SuitAfterReconsideration => "suit_after_reconsideration",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            Block::Reconsideration => "行政复议",
            Block::DirectSuit => "未经复议直接起诉",
            Block::SuitAfterReconsideration => "复议后起诉",
        }
    }

    /// The block with this key or label.
    pub fn parse(text: &str) -> Option<Block> {
        Self::ALL.into_iter().find(|b| b.key() == text || b.label() == text)
    }

    fn forum(self) -> Forum {
        if self == Block::Reconsideration { Forum::Reconsideration } else { Forum::Suit }
    }
}

/// How a dispute ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// 维持原行政行为
    Upheld,
    /// 驳回请求
    ClaimDismissed,
    /// 撤销（含部分撤销）
    Annulled,
    /// 变更
    Varied,
    /// 确认违法或者无效
    FoundUnlawful,
    /// 责令履行
    OrderedToPerform,
    /// 驳回行政复议申请
    ApplicationRejected,
    /// 驳回起诉
    SuitRejected,
    /// 终止
    Terminated,
    /// 撤回申请或者撤诉
    Withdrawn,
    /// 调解、和解结案
    Mediated,
}

impl Outcome {
    /// All outcomes.
    pub const ALL: [Outcome; 11] = [
        Outcome::Upheld,
        Outcome::ClaimDismissed,
        Outcome::Annulled,
        Outcome::Varied,
        Outcome::FoundUnlawful,
        Outcome::OrderedToPerform,
        Outcome::ApplicationRejected,
        Outcome::SuitRejected,
        Outcome::Terminated,
        Outcome::Withdrawn,
        Outcome::Mediated,
    ];

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Outcome::Upheld => "维持原行政行为",
            Outcome::ClaimDismissed => "驳回请求",
            Outcome::Annulled => "撤销（含部分撤销）",
            Outcome::Varied => "变更",
            Outcome::FoundUnlawful => "确认违法或者无效",
            Outcome::OrderedToPerform => "责令履行",
            Outcome::ApplicationRejected => "驳回行政复议申请",
            Outcome::SuitRejected => "驳回起诉",
            Outcome::Terminated => "终止",
            Outcome::Withdrawn => "撤回申请或者撤诉",
            Outcome::Mediated => "调解、和解结案",
        }
    }

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Outcome::Upheld => "upheld",
            Outcome::ClaimDismissed => "claim-dismissed",
            Outcome::Annulled => "annulled",
            Outcome::Varied => "varied",
            Outcome::FoundUnlawful => "found-unlawful",
            Outcome::OrderedToPerform => "ordered-to-perform",
            Outcome::ApplicationRejected => "application-rejected",
            Outcome::SuitRejected => "suit-rejected",
            Outcome::Terminated => "terminated",
            Outcome::Withdrawn => "withdrawn",
            Outcome::Mediated => "mediated",
        }
    }

    /// The outcome with this key or label.
    pub fn parse(text: &str) -> Option<Outcome> {
        Self::ALL.into_iter().find(|o| o.key() == text || o.label() == text)
    }
}

/// A result column of table four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// 结果维持
    Upheld,
    /// 结果纠正
    Corrected,
    /// 其他结果
    Other,
}

impl Column {
    /// Column id on the form.
    pub fn key(self) -> &'static str {
        match self {
            Column::Upheld => "upheld",
            Column::Corrected => "corrected",
            Column::Other => "other",
        }
    }
}

/// Before whom a dispute is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forum {
    /// 行政复议机关
    Reconsideration,
    /// 人民法院
    Suit,
}

/// One line of the mapping.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutcomeRule {
    /// The outcome.
    pub key: Outcome,
    /// Its label, for the reader of the file.
    pub label: String,
    /// Where it can occur.
    #[serde(rename = "in")]
    pub forums: Vec<Forum>,
    /// The column it counts in.
    pub column: Column,
    /// Where the outcome comes from.
    pub cite: String,
}

/// Which column each outcome counts in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outcomes {
    /// One line an outcome.
    #[serde(rename = "outcome")]
    pub rules: Vec<OutcomeRule>,
}

/// The mapping file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutcomesError(pub String);

impl fmt::Display for OutcomesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "复议诉讼结果归类文件无法使用：{}", self.0)
    }
}

impl std::error::Error for OutcomesError {}

static BUILTIN: LazyLock<Outcomes> =
    LazyLock::new(|| match Outcomes::parse(include_str!("../../data/outcomes.toml")) {
        Ok(outcomes) => outcomes,
        // The tests parse the embedded file, so this cannot be reached in a build that passed them.
        Err(e) => unreachable!("outcomes.toml: {e}"),
    });

impl Outcomes {
    /// The mapping of this build.
    pub fn builtin() -> &'static Outcomes {
        &BUILTIN
    }

    /// Reads a mapping; every outcome must have exactly one line.
    pub fn parse(text: &str) -> Result<Outcomes, OutcomesError> {
        let outcomes: Outcomes = toml::from_str(text).map_err(|e| OutcomesError(e.to_string()))?;
        for outcome in Outcome::ALL {
            let lines = outcomes.rules.iter().filter(|r| r.key == outcome).count();
            if lines != 1 {
                return Err(OutcomesError(format!("“{}”有{lines}行，应当恰好一行", outcome.label())));
            }
        }
        Ok(outcomes)
    }

    fn rule(&self, outcome: Outcome) -> Option<&OutcomeRule> {
        self.rules.iter().find(|r| r.key == outcome)
    }

    /// The column of an outcome.
    pub fn column(&self, outcome: Outcome) -> Column {
        // `parse` proved that every outcome has a line.
        self.rule(outcome).map_or(Column::Other, |r| r.column)
    }

    /// True if the outcome can occur in this block.
    pub fn occurs(&self, outcome: Outcome, block: Block) -> bool {
        self.rule(outcome).is_some_and(|r| r.forums.contains(&block.forum()))
    }
}

/// What can happen to a dispute. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DisputeEvent {
    /// 申请或者起诉: `effective_on` is the day it was filed.
    Filed {
        /// Unit whose report counts it.
        unit: String,
        /// Block of table four.
        block: Block,
        /// Docket id of the request it is about.
        request: Option<String>,
        /// 案号
        number: String,
        /// 复议机关 or 法院.
        body: String,
    },
    /// 受理: the copy of the application or complaint was received.
    Accepted,
    /// 答复、答辩 with evidence was handed in.
    AnswerServed,
    /// 审结
    Decided {
        /// How it ended.
        outcome: Outcome,
        /// Number of the decision or judgment.
        number: String,
    },
    /// 撤回: the applicant or plaintiff withdrew.
    Withdrawn,
}

/// 办理阶段
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 已申请（起诉）
    Filed,
    /// 已受理
    Accepted,
    /// 已答复（答辩）
    Answered,
    /// 已审结
    Closed,
}

impl Stage {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Filed => "已申请（起诉）",
            Stage::Accepted => "已受理",
            Stage::Answered => "已答复（答辩）",
            Stage::Closed => "已审结",
        }
    }
}

/// Where a dispute stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report counts it.
    pub unit: String,
    /// Block of table four.
    pub block: Block,
    /// Docket id of the request.
    pub request: Option<String>,
    /// 案号
    pub number: String,
    /// 复议机关 or 法院.
    pub body: String,
    /// Stage.
    pub stage: Stage,
    /// Day it was filed.
    pub filed_on: Date,
    /// Day the copy was received.
    pub accepted_on: Option<Date>,
    /// Day of the agency's answer.
    pub answered_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Number of the decision or judgment.
    pub decision_number: Option<String>,
    /// Day it ended.
    pub closed_on: Option<Date>,
}

impl Standing {
    /// Folds a docket in the order of legal dates; `None` if it is empty or its filing was voided.
    pub fn of(docket: &[Recorded<DisputeEvent>]) -> Option<Standing> {
        let mut events = in_force(docket);
        events.sort_by_key(|e| (!matches!(e.event, DisputeEvent::Filed { .. }), e.on));
        let (first, rest) = events.split_first()?;
        let DisputeEvent::Filed { unit, block, request, number, body } = first.event else { return None };
        let mut s = Standing {
            unit: unit.clone(),
            block: *block,
            request: request.clone(),
            number: number.clone(),
            body: body.clone(),
            stage: Stage::Filed,
            filed_on: first.on,
            accepted_on: None,
            answered_on: None,
            outcome: None,
            decision_number: None,
            closed_on: None,
        };
        for e in rest {
            match e.event {
                DisputeEvent::Filed { .. } => {}
                DisputeEvent::Accepted => s.reach(Stage::Accepted, e.on),
                DisputeEvent::AnswerServed => s.reach(Stage::Answered, e.on),
                DisputeEvent::Decided { outcome, number } => s.close(*outcome, Some(number.clone()), e.on),
                DisputeEvent::Withdrawn => s.close(Outcome::Withdrawn, None, e.on),
            }
        }
        Some(s)
    }

    fn reach(&mut self, stage: Stage, on: Date) {
        match stage {
            Stage::Accepted => self.accepted_on = Some(on),
            Stage::Answered => self.answered_on = Some(on),
            Stage::Filed | Stage::Closed => {}
        }
        if self.stage != Stage::Closed {
            self.stage = stage;
        }
    }

    fn close(&mut self, outcome: Outcome, number: Option<String>, on: Date) {
        if self.closed_on.is_none() {
            self.stage = Stage::Closed;
            self.outcome = Some(outcome);
            self.decision_number = number;
            self.closed_on = Some(on);
        }
    }

    /// The day from which the agency's answer is due (行政复议法第四十八条: 10 working days; simplified 5, art. 54):
    /// receipt of the copy. `None` before that or once answered or closed.
    pub fn answer_due_from(&self) -> Option<Date> {
        if self.answered_on.is_some() || self.closed_on.is_some() { None } else { self.accepted_on }
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &DisputeEvent, _on: Date) -> Vec<Refusal> {
        let DisputeEvent::Filed { unit, block, body, .. } = event else {
            return vec![Refusal::new("not-filed", "案件尚未登记，请先登记申请或者起诉", "")];
        };
        let mut no = Vec::new();
        if unit.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请填写被申请人或者被告单位", ""));
        }
        if body.trim().is_empty() {
            let whom = if *block == Block::Reconsideration { "行政复议机关" } else { "人民法院" };
            no.push(Refusal::new("body-missing", format!("请填写{whom}"), ""));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &DisputeEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if let Some(end) = self.closed_on {
            no.push(Refusal::new("closed", format!("该案已于{end}审结，如有差错请更正"), ""));
        }
        let last = self.answered_on.or(self.accepted_on).unwrap_or(self.filed_on);
        let last = if matches!(event, DisputeEvent::Accepted) { self.filed_on } else { last };
        if on < last && !matches!(event, DisputeEvent::Filed { .. }) {
            no.push(Refusal::new(
                "date-order",
                format!("日期{on}早于本案上一环节的日期{last}，请核对日期"),
                "",
            ));
        }
        match event {
            DisputeEvent::Filed { .. } => no.push(Refusal::new("already-filed", "该案已经登记", "")),
            DisputeEvent::Accepted => {
                if let Some(day) = self.accepted_on {
                    no.push(Refusal::new("already-accepted", format!("该案已于{day}受理"), ""));
                }
                if let Some(day) = self.answered_on
                    && on > day
                {
                    no.push(Refusal::new(
                        "date-order",
                        format!("受理日期{on}晚于答复日期{day}，请核对日期"),
                        "",
                    ));
                }
            }
            DisputeEvent::AnswerServed => {
                if let Some(day) = self.answered_on {
                    no.push(Refusal::new("already-answered", format!("该案已于{day}答复（答辩）"), ""));
                }
                if self.accepted_on.is_none() {
                    no.push(Refusal::new(
                        "not-accepted",
                        "尚未登记受理，请先登记收到申请书或者起诉状副本的日期",
                        "",
                    ));
                }
            }
            DisputeEvent::Decided { outcome, .. } => {
                if !Outcomes::builtin().occurs(*outcome, self.block) {
                    no.push(Refusal::new(
                        "outcome-elsewhere",
                        format!("“{}”不会出现“{}”这一结果，请重新选择", self.block.label(), outcome.label()),
                        "",
                    ));
                }
            }
            DisputeEvent::Withdrawn => {}
        }
        no
    }

    /// The flows of table four, with the mapping of this build.
    pub fn tallies(&self) -> Vec<Tally> {
        self.tallies_by(Outcomes::builtin())
    }

    /// The flows of table four: `dispute.BLOCK.open` is pending (+1 when filed, −1 when closed), the result counts in the
    /// year it was closed.
    pub fn tallies_by(&self, outcomes: &Outcomes) -> Vec<Tally> {
        let key = |what: &str| format!("dispute.{}.{what}", self.block.key());
        let mut t = vec![Tally::one(self.filed_on.year(), key("open"))];
        if let (Some(on), Some(outcome)) = (self.closed_on, self.outcome) {
            t.push(Tally::minus_one(on.year(), key("open")));
            t.push(Tally::one(on.year(), key(outcomes.column(outcome).key())));
        }
        t
    }
}

#[cfg(test)]
#[path = "dispute_tests.rs"]
mod tests;
