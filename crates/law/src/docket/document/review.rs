//! 公文公开属性动态调整 (条例第十八条): what is not public is looked at again, periodically and when something happened
//! that speaks for publication. In this direction only: taking down is another act.

use super::{DisclosureAttribute, Standing};
use crate::Refusal;
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Months after which an attribute is reviewed where the jurisdiction has set no other number. The article says
/// 定期; once a year is what agencies commonly do, and no national text gives a number.
pub const REVIEW_PERIOD: u32 = 12;

/// Why an attribute is reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// 定期审查: reckoned.
    Period,
    /// 文件已经废止或者失效: reckoned.
    Superseded,
    /// 多人申请公开 (条例第四十四条): found among the requests, or recorded.
    AskedFor,
    /// 保密期限届满或者解密
    SecrecyOver,
    /// 法律、法规、规章修改
    LawChanged,
    /// 行政复议、行政诉讼结果
    Dispute,
    /// 公众建议
    Suggested,
}

impl Trigger {
    /// Those that a person records.
    pub const RECORDED: [Trigger; 5] =
        [Trigger::SecrecyOver, Trigger::LawChanged, Trigger::AskedFor, Trigger::Dispute, Trigger::Suggested];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Trigger::Period => "period",
            Trigger::Superseded => "superseded",
            Trigger::AskedFor => "asked-for",
            Trigger::SecrecyOver => "secrecy-over",
            Trigger::LawChanged => "law-changed",
            Trigger::Dispute => "dispute",
            Trigger::Suggested => "suggested",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Trigger::Period => "定期审查",
            Trigger::Superseded => "文件已经废止或者失效",
            Trigger::AskedFor => "多人申请公开",
            Trigger::SecrecyOver => "保密期限届满或者解密",
            Trigger::LawChanged => "法律、法规、规章修改",
            Trigger::Dispute => "行政复议、行政诉讼结果",
            Trigger::Suggested => "公众建议",
        }
    }

    /// The one that a person records, with this key or label.
    pub fn parse(text: &str) -> Option<Trigger> {
        Self::RECORDED.into_iter().find(|t| t.key() == text || t.label() == text)
    }
}

/// A review that was asked for before its period is over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Called {
    /// Why.
    pub trigger: Trigger,
    /// The last day on which it is in time.
    pub by: Date,
    /// What happened.
    pub note: String,
}

/// A review that was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Its day.
    pub on: Date,
    /// Why it was done.
    pub trigger: Trigger,
    /// What the document was.
    pub from: DisclosureAttribute,
    /// What it is since; the same if it was kept.
    pub to: DisclosureAttribute,
    /// Reason and article.
    pub reason: String,
    /// 批准人
    pub approved_by: String,
}

impl Review {
    /// 复审结论
    pub fn label(&self) -> &'static str {
        match self.to {
            to if to == self.from => "维持",
            DisclosureAttribute::Proactive => "转为主动公开",
            DisclosureAttribute::OnRequest => "转为依申请公开",
            DisclosureAttribute::Withheld => "维持",
        }
    }
}

impl Standing {
    /// The day from which the period of the next review runs: the last review, or since when the attribute is what it is.
    /// `None` for what is 主动公开.
    pub fn review_from(&self) -> Option<Date> {
        let last = self.reviews.last().map(|r| r.on);
        let from = last.map_or(self.attribute_since, |on| on.max(self.attribute_since));
        (self.attribute != DisclosureAttribute::Proactive).then_some(from)
    }

    /// The earliest day on which something other than the period wants a review, and what.
    pub fn review_called(&self) -> Option<(Date, Trigger)> {
        let from = self.review_from()?;
        let called = self.called.as_ref().map(|c| (c.by, c.trigger));
        let ended = self.ended_on.filter(|end| *end > from).map(|end| (end, Trigger::Superseded));
        called.into_iter().chain(ended).min()
    }

    /// The last day on which the next review is in time, and why it is due; reviewed every `period` months.
    pub fn review_due(&self, period: u32) -> Option<(Date, Trigger)> {
        let period = self.review_from()?.checked_add(i64::from(period).months()).ok()?;
        self.review_called().into_iter().chain([(period, Trigger::Period)]).min_by_key(|(on, _)| *on)
    }

    pub(super) fn review(&mut self, on: Date, to: DisclosureAttribute, reason: &str, approved_by: &str) {
        // The period is over as well once something else is: what was called comes first.
        let trigger = self.review_called().map_or(Trigger::Period, |(_, trigger)| trigger);
        self.reviews.push(Review {
            on,
            trigger,
            from: self.attribute,
            to,
            reason: reason.to_owned(),
            approved_by: approved_by.to_owned(),
        });
        self.called = None;
        self.reason = Some(reason.to_owned());
        if to != self.attribute {
            self.attribute = to;
            self.attribute_since = on;
        }
    }

    pub(super) fn may_call_review(&self, called: &Called, on: Date, no: &mut Vec<Refusal>) {
        self.needs_to_be_closed(no);
        if !Trigger::RECORDED.contains(&called.trigger) {
            let text = "定期审查和文件废止、失效由系统计算，不需要登记";
            no.push(Refusal::new("trigger-reckoned", text, ""));
        }
        if called.by < on {
            let text = format!("复审期限{}早于登记日期{on}，请核对日期", called.by);
            no.push(Refusal::new("date-order", text, ""));
        }
        if called.note.trim().is_empty() {
            no.push(Refusal::new("note-missing", "请写明需要复审的情况，例如解密通知的文号", "条例第十八条"));
        }
        if self.called.as_ref() == Some(called) {
            no.push(Refusal::new("unchanged", "该项复审已经登记", ""));
        }
    }

    pub(super) fn may_review(
        &self,
        (to, reason, approved_by): (DisclosureAttribute, &str, &str),
        on: Date,
        no: &mut Vec<Refusal>,
    ) {
        self.needs_to_be_closed(no);
        if let Some(from) = self.review_from()
            && on < from
        {
            let text = format!("复审日期{on}早于现公开属性的确定日期或者上一次复审的日期{from}，请核对日期");
            no.push(Refusal::new("date-order", text, ""));
        }
        // From 主动公开 to 不予公开 in the order of the variants.
        if to > self.attribute {
            let text = format!("动态调整不能把“{}”改为“{}”，请核对结论", self.attribute.label(), to.label());
            no.push(Refusal::new("less-public", text, "条例第十八条"));
        }
        if to == DisclosureAttribute::Proactive {
            if reason.trim().is_empty() {
                no.push(Refusal::new("reason-missing", "请写明转为主动公开的理由", "条例第十八条"));
            }
        } else if !(reason.contains('第') && reason.contains('条')) {
            let text = "不主动公开的，请写明理由和依据的条款，例如：属于内部事务信息，条例第十六条第一款";
            no.push(Refusal::new("article-missing", text, "条例第十八条"));
        }
        if approved_by.trim().is_empty() {
            no.push(Refusal::new(
                "approval-missing",
                "请写明批准人，复审与原定属性按同样的程序审批",
                "条例第十八条",
            ));
        }
    }

    fn needs_to_be_closed(&self, no: &mut Vec<Refusal>) {
        if self.attribute == DisclosureAttribute::Proactive {
            no.push(Refusal::new("already-proactive", "该公文已经定为主动公开，不需要复审", "条例第十八条"));
        }
    }
}

#[cfg(test)]
#[path = "review_tests.rs"]
mod tests;
