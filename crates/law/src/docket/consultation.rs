//! The docket of a draft consultation (草案公开征求意见): what is put to the public until which day, how the opinions that
//! came in were answered, the outcome that was told, and the document that came of it.
//!
//! 重大行政决策程序暂行条例第十五条: the public is asked for at least 30 days as a rule; a shorter time is explained when the
//! draft is published. 规章制定程序条例 asks the same of rules. For normative documents no national text read here sets a
//! number, so a local one is a setting of the house. The yearly report of a government website counts consultations, opinions
//! and published outcomes (征集调查期数、收到意见数量、公布调查结果期数).
//!
//! Opinions are dockets of their own ([`super::opinion`]): many come at once, and none may wait for another. The text of the
//! draft is a document of the category 草案征求意见, published through the same check as every document.

use super::{Recorded, Tally, in_force};
use crate::{Refusal, term};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What the public is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// 重大行政决策草案
    Decision,
    /// 规章草案
    Rule,
    /// 行政规范性文件草案
    Normative,
    /// 其他事项
    Other,
}

impl Subject {
    /// All of them.
    pub const ALL: [Subject; 4] = [Subject::Decision, Subject::Rule, Subject::Normative, Subject::Other];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Subject::Decision => "decision",
            Subject::Rule => "rule",
            Subject::Normative => "normative",
            Subject::Other => "other",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Subject::Decision => "重大行政决策草案",
            Subject::Rule => "规章草案",
            Subject::Normative => "行政规范性文件草案",
            Subject::Other => "其他事项",
        }
    }

    /// The subject with this key or label.
    pub fn parse(text: &str) -> Option<Subject> {
        Self::ALL.into_iter().find(|s| s.key() == text || s.label() == text)
    }

    /// The first day that is late enough to end on without a reason, if it begins on `from`, and what says so. `local` are
    /// the days a local rule asks for where no national text sets a number; 0 for none.
    pub fn earliest_end(self, from: Date, local: u16) -> Option<(Date, String)> {
        let key = match self {
            Subject::Decision => Some("draft-consultation"),
            Subject::Rule => Some("rule-consultation"),
            Subject::Normative | Subject::Other => None,
        };
        let (days, citation) = match key {
            Some(key) => {
                let value = term::get(key)?.on(from).ok()?;
                let term::Length::CalendarDays(n) = value.length else { return None };
                (n, value.citation.clone())
            }
            None => (u32::from(local), String::new()),
        };
        // The day of publication is not counted.
        let end = from.checked_add(i64::from(days).days()).ok()?;
        (days > 0).then_some((end, citation))
    }
}

/// How the public can answer, until when, and why it is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// 起草说明: background and the questions put.
    pub background: String,
    /// 截止日期: the last day on which opinions are taken.
    pub until: Date,
    /// Why the time is shorter than usual; told to the public.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub shortened: String,
    /// Whether opinions are taken by the form of the portal.
    pub online: bool,
    /// 电子邮箱
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub email: String,
    /// 通信地址
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub address: String,
    /// 联系电话
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}

impl Terms {
    fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        if self.background.trim().is_empty() {
            no.push(Refusal::new("background-missing", "请填写起草说明", CITE));
        }
        let blank = |text: &String| text.trim().is_empty();
        if !self.online && blank(&self.email) && blank(&self.address) && blank(&self.phone) {
            no.push(Refusal::new("channel-missing", "请至少设置一种提出意见的途径", CITE));
        }
        no
    }
}

/// 采纳情况
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adoption {
    /// 采纳
    Adopted,
    /// 部分采纳
    Partly,
    /// 未采纳
    Declined,
}

impl Adoption {
    /// All of them.
    pub const ALL: [Adoption; 3] = [Adoption::Adopted, Adoption::Partly, Adoption::Declined];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Adoption::Adopted => "adopted",
            Adoption::Partly => "partly",
            Adoption::Declined => "declined",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Adoption::Adopted => "采纳",
            Adoption::Partly => "部分采纳",
            Adoption::Declined => "未采纳",
        }
    }

    /// The adoption with this key or label.
    pub fn parse(text: &str) -> Option<Adoption> {
        Self::ALL.into_iter().find(|a| a.key() == text || a.label() == text)
    }
}

/// What the office says to opinions of one content (归并): in its own words, because opinions themselves are not public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// 意见摘要
    pub summary: String,
    /// 采纳情况
    pub adoption: Adoption,
    /// 理由; may be empty where everything is adopted.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

impl Answer {
    fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        if self.summary.trim().is_empty() {
            no.push(Refusal::new("summary-missing", "请用本机关的语言概括意见内容", ""));
        }
        if self.adoption != Adoption::Adopted && self.reason.trim().is_empty() {
            let text = format!("{}的，请写明理由", self.adoption.label());
            no.push(Refusal::new("reason-missing", text, CITE));
        }
        no
    }
}

/// An answer as it was told to the public.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldAnswer {
    /// The answer.
    #[serde(flatten)]
    pub answer: Answer,
    /// How many opinions it answers.
    pub opinions: u32,
}

/// 意见采纳情况, as it was told: later changes do not reach it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Outcome {
    /// 总体说明
    pub said: String,
    /// What was answered, in the order of the answers.
    pub answers: Vec<ToldAnswer>,
}

impl Outcome {
    /// How many opinions were received.
    pub fn received(&self) -> u32 {
        self.answers.iter().map(|a| a.opinions).sum()
    }

    /// How many of them ended so.
    pub fn count(&self, adoption: Adoption) -> u32 {
        self.answers.iter().filter(|a| a.answer.adoption == adoption).map(|a| a.opinions).sum()
    }
}

/// What can happen to a consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ConsultationEvent {
    /// 发起: prepared, not public yet.
    Begun {
        /// Unit that asks, whose figures count it.
        counted_by: String,
        /// Unit in whose name it asks: itself, or the government it serves.
        maker: String,
        /// Id of the document that holds the draft.
        document: String,
        /// What it is about.
        subject: Subject,
        /// 标题
        title: String,
        /// How and until when.
        terms: Terms,
    },
    /// 修改征集事项, before publication.
    Changed {
        /// In place of what was said before.
        terms: Terms,
    },
    /// 发布: `effective_on` is the first day. Recorded together with the publication of the draft.
    Opened {
        /// Why what looks like personal data in it may be public; empty where nothing does (条例第十五条).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        cleared: String,
    },
    /// 延长
    Extended {
        /// The new last day.
        until: Date,
        /// Why; told to the public.
        reason: String,
        /// Why what looks like personal data in it may be public; empty where nothing does (条例第十五条).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        cleared: String,
    },
    /// 答复意见: an answer is written, or written anew before or after it was told.
    Answered {
        /// Its number, from 1.
        number: u32,
        /// The answer.
        answer: Answer,
    },
    /// 公布意见采纳情况; told again, it takes the place of what was told before.
    OutcomeTold {
        /// What is told.
        outcome: Outcome,
        /// Why what looks like personal data in it may be public; empty where nothing does (条例第十五条).
        #[serde(default, skip_serializing_if = "String::is_empty")]
        cleared: String,
    },
    /// 关联正式文件
    Resulted {
        /// Id of the document that came of it.
        document: String,
    },
    /// 终止, before publication.
    Abandoned {
        /// Why.
        reason: String,
    },
}

/// Where a consultation stands on a day: it closes by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 待发布
    Prepared,
    /// 正在征集
    Open,
    /// 已结束: the outcome has not been told.
    Closed,
    /// 已反馈
    Answered,
    /// 已终止
    Abandoned,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Stage; 5] =
        [Stage::Prepared, Stage::Open, Stage::Closed, Stage::Answered, Stage::Abandoned];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Prepared => "prepared",
            Stage::Open => "open",
            Stage::Closed => "closed",
            Stage::Answered => "answered",
            Stage::Abandoned => "abandoned",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Prepared => "待发布",
            Stage::Open => "正在征集",
            Stage::Closed => "已结束",
            Stage::Answered => "已反馈",
            Stage::Abandoned => "已终止",
        }
    }

    /// The stage with this key.
    pub fn parse(key: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// The stage that these days give.
    pub fn on(
        today: Date,
        opened_on: Option<Date>,
        until: Date,
        told_on: Option<Date>,
        abandoned: bool,
    ) -> Stage {
        match (abandoned, opened_on, told_on) {
            (true, ..) => Stage::Abandoned,
            (false, None, _) => Stage::Prepared,
            (false, Some(_), Some(_)) => Stage::Answered,
            (false, Some(_), None) if today <= until => Stage::Open,
            (false, Some(_), None) => Stage::Closed,
        }
    }
}

/// Where a consultation stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose figures count it.
    pub counted_by: String,
    /// Unit in whose name it asks.
    pub maker: String,
    /// Id of the document that holds the draft.
    pub document: String,
    /// What it is about.
    pub subject: Subject,
    /// 标题
    pub title: String,
    /// How and until when; the last day is the one in force.
    pub terms: Terms,
    /// 发起日期
    pub begun_on: Date,
    /// 发布日期, the first day.
    pub opened_on: Option<Date>,
    /// Why it was extended, and on which day, the last one last.
    pub extensions: Vec<(Date, String)>,
    /// The answers by their numbers.
    pub answers: BTreeMap<u32, Answer>,
    /// What was told, and on which day it was told first.
    pub outcome: Option<(Date, Outcome)>,
    /// Id of the document that came of it.
    pub result: Option<String>,
    /// Whether it was given up.
    pub abandoned: bool,
    last: Date,
}

const CITE: &str = "重大行政决策程序暂行条例第十五条";

impl Standing {
    /// Folds a docket; `None` if it is empty.
    pub fn of(docket: &[Recorded<ConsultationEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let ConsultationEvent::Begun { counted_by, maker, document, subject, title, terms } = first.event
        else {
            return None;
        };
        let mut s = Standing {
            counted_by: counted_by.clone(),
            maker: maker.clone(),
            document: document.clone(),
            subject: *subject,
            title: title.clone(),
            terms: terms.clone(),
            begun_on: first.on,
            opened_on: None,
            extensions: Vec::new(),
            answers: BTreeMap::new(),
            outcome: None,
            result: None,
            abandoned: false,
            last: first.on,
        };
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &ConsultationEvent, on: Date) {
        use ConsultationEvent as E;
        self.last = self.last.max(on);
        match event {
            E::Begun { .. } => {}
            E::Changed { terms } => self.terms = terms.clone(),
            E::Opened { .. } => self.opened_on = Some(on),
            E::Extended { until, reason, .. } => {
                self.terms.until = *until;
                self.extensions.push((on, reason.clone()));
            }
            E::Answered { number, answer } => {
                self.answers.insert(*number, answer.clone());
            }
            E::OutcomeTold { outcome, .. } => {
                let first = self.outcome.as_ref().map_or(on, |(first, _)| *first);
                self.outcome = Some((first, outcome.clone()));
            }
            E::Resulted { document } => self.result = Some(document.clone()),
            E::Abandoned { .. } => self.abandoned = true,
        }
    }

    /// Where it stands on a day.
    pub fn stage(&self, today: Date) -> Stage {
        let told = self.outcome.as_ref().map(|(on, _)| *on);
        Stage::on(today, self.opened_on, self.terms.until, told, self.abandoned)
    }

    /// Why an opinion given on this day is not taken; empty if it is.
    pub fn refuses_opinion(&self, on: Date) -> Vec<Refusal> {
        let until = self.terms.until;
        let text = match self.opened_on {
            Some(first) if on >= first && on <= until => return Vec::new(),
            Some(first) if on >= first => {
                format!("征集已于{}结束，不再接收意见", words(until))
            }
            _ => "征集还没有开始".to_owned(),
        };
        vec![Refusal::new("not-open", text, "")]
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &ConsultationEvent) -> Vec<Refusal> {
        let ConsultationEvent::Begun { counted_by, maker, document, title, terms, .. } = event else {
            return vec![Refusal::new("not-begun", "请先登记征集", "")];
        };
        let mut no = terms.refusals();
        if title.trim().is_empty() {
            no.push(Refusal::new("title-missing", "请填写征集的标题", ""));
        }
        if counted_by.trim().is_empty() || maker.trim().is_empty() || document.is_empty() {
            no.push(Refusal::new("unit-missing", "请选择征集机关和统计单位", ""));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &ConsultationEvent, on: Date) -> Vec<Refusal> {
        use ConsultationEvent as E;
        if self.abandoned {
            return vec![Refusal::new("abandoned", "这次征集已经终止，不能再办理", "")];
        }
        let mut no = Vec::new();
        let mut say = |code: &str, text: String, cite: &str| no.push(Refusal::new(code, text, cite));
        if on < self.last {
            let text = format!("日期{on}早于上一环节的日期{}，请核对日期", self.last);
            say("date-order", text, "");
        }
        let opened = self.opened_on.is_some();
        let not_opened = || "征集还没有发布".to_owned();
        match event {
            E::Begun { .. } => say("already-begun", "这次征集已经登记".into(), ""),
            E::Changed { terms } => {
                if opened {
                    say("already-open", "征集已经发布，征集事项不再修改；需要更多时间的，请延长".into(), "");
                }
                no.extend(terms.refusals());
                if *terms == self.terms {
                    no.push(Refusal::new("unchanged", "征集事项没有变化", ""));
                }
            }
            E::Opened { .. } => {
                if opened {
                    say("already-open", "征集已经发布".into(), "");
                } else {
                    no.extend(self.too_short(on, 0));
                }
            }
            E::Extended { until, reason, .. } => {
                match self.opened_on {
                    None => say("not-open", not_opened(), ""),
                    Some(_) if on > self.terms.until || self.outcome.is_some() => {
                        let text = format!("征集已于{}结束，不能延长", words(self.terms.until));
                        say("closed", text, "");
                    }
                    Some(_) => {}
                }
                if *until <= self.terms.until {
                    let text = format!("延长后的截止日期应当晚于{}", words(self.terms.until));
                    say("not-longer", text, "");
                }
                if reason.trim().is_empty() {
                    say("reason-missing", "请写明延长的原因，原因向社会公布".into(), "");
                }
            }
            E::Answered { number, answer } => {
                if !opened {
                    say("not-open", not_opened(), "");
                }
                let last = self.answers.keys().next_back().copied().unwrap_or(0);
                if *number == 0 || *number > last + 1 {
                    say("no-such-answer", format!("没有第{number}条答复"), "");
                }
                if self.answers.get(number) == Some(answer) {
                    say("unchanged", "答复没有变化".into(), "");
                }
                no.extend(answer.refusals());
            }
            E::OutcomeTold { outcome, .. } => {
                if !opened {
                    say("not-open", not_opened(), "");
                } else if on <= self.terms.until {
                    let text = format!("征集到{}结束，结束以后再公布采纳情况", words(self.terms.until));
                    say("still-open", text, "");
                }
                if outcome.said.trim().is_empty() {
                    say("said-missing", "请填写总体说明".into(), "");
                }
                no.extend(outcome.answers.iter().flat_map(|a| a.answer.refusals()));
                if self.outcome.as_ref().is_some_and(|(_, told)| told == outcome) {
                    no.push(Refusal::new("unchanged", "采纳情况没有变化", ""));
                }
            }
            E::Resulted { document } => {
                if !opened {
                    say("not-open", not_opened(), "");
                }
                if document.is_empty() {
                    say("document-missing", "请选择正式文件".into(), "");
                }
                if self.result.as_ref() == Some(document) {
                    say("unchanged", "已经关联这份文件".into(), "");
                }
            }
            E::Abandoned { reason } => {
                if opened {
                    let text = "征集已经发布，不能终止；确需停止的，请撤下征集公告并说明原因";
                    say("already-open", text.into(), "");
                }
                if reason.trim().is_empty() {
                    say("reason-missing", "请写明终止的原因".into(), "");
                }
            }
        }
        no
    }

    /// Why it may not be opened on this day because it would end too early. `local` as in [`Subject::earliest_end`].
    pub fn too_short(&self, on: Date, local: u16) -> Vec<Refusal> {
        let until = self.terms.until;
        if until < on {
            let text = format!("截止日期{}已经过去，请先修改征集事项", words(until));
            return vec![Refusal::new("until-past", text, "")];
        }
        match self.subject.earliest_end(on, local) {
            Some((end, cite)) if until < end && self.terms.shortened.trim().is_empty() => {
                let text = format!(
                    "{}今天发布的，截止日期一般不早于{}；需要缩短期限的，请先在征集事项中说明理由",
                    self.subject.label(),
                    words(end)
                );
                vec![Refusal::new("too-short", text, cite)]
            }
            _ => Vec::new(),
        }
    }

    /// 征集调查期数 and 公布调查结果期数, each in the year of its day.
    pub fn tallies(&self) -> Vec<Tally> {
        let opened = self.opened_on.map(|on| Tally::one(on.year(), "consultation.opened"));
        let told = self.outcome.as_ref().map(|(on, _)| Tally::one(on.year(), "consultation.told"));
        opened.into_iter().chain(told).collect()
    }
}

fn words(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

#[cfg(test)]
#[path = "consultation_tests.rs"]
mod tests;
