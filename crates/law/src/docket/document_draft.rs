//! The docket of a draft (拟稿) of a document: the disclosure attribute is proposed with the draft, reviewed, and decided
//! by who signs. It ends when the document is signed, which begins the docket of the document, or when it is given up.
//!
//! Local measures on 公文公开属性 agree on three things: a draft without an attribute is returned, an attribute other than
//! 主动公开 has a reason with its article, and the signer decides. Before that: 保密审查 of every document (保密法第三十五条:
//! 先审查、后公开; 条例第十七条) and 合法性审核 of rules and normative documents (国办发〔2018〕37号、115号). A review holds
//! for what was reviewed: whatever changes afterwards is reviewed again.

use super::document::{Category, DisclosureAttribute};
use super::interpretation::Plan;
use super::{Recorded, in_force};
use crate::Refusal;
use crate::review::Step;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a draft says of the document to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposed {
    /// Kind of document.
    pub category: Category,
    /// 标题
    pub title: String,
    /// 公开属性
    pub attribute: DisclosureAttribute,
    /// Article and reason; required unless 主动公开.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// 解读方案; required of rules and normative documents that will be public.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<Plan>,
}

impl Proposed {
    fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        if self.title.trim().is_empty() {
            no.push(Refusal::new("title-missing", "请填写公文标题", ""));
        }
        if self.attribute != DisclosureAttribute::Proactive && self.reason.trim().is_empty() {
            let text = format!("公开属性定为“{}”的，应当写明理由和依据条款", self.attribute.label());
            no.push(Refusal::new("reason-missing", text, "条例第五条、第十三条"));
        }
        no.extend(self.plan.iter().flat_map(Plan::refusals));
        no
    }

    /// Whether it cannot be approved without a plan for its interpretation.
    pub fn needs_plan(&self) -> bool {
        self.category.has_force() && self.attribute == DisclosureAttribute::Proactive
    }
}

/// The part of a draft that was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// 正文
    Body {
        /// Whether there is one now.
        there: bool,
    },
    /// 附件
    Annex,
}

impl Part {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Part::Body { there: true } => "正文",
            Part::Body { there: false } => "正文（已删除）",
            Part::Annex => "附件",
        }
    }
}

/// What can happen to a draft.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DocumentDraftEvent {
    /// 拟稿
    Drafted {
        /// Unit whose report will count the document.
        counted_by: String,
        /// Unit that makes it, or the government the unit serves.
        maker: String,
        /// Id the document will have; its text and attachments are kept under it from now on.
        document: String,
        /// What it says of the document.
        proposed: Proposed,
    },
    /// 修改拟稿事项: title, category, attribute or plan.
    Redrafted {
        /// In place of what was proposed before.
        proposed: Proposed,
    },
    /// 修改稿件: its text or an attachment was written, added or taken out. Recorded by the system.
    Changed {
        /// Which part.
        part: Part,
    },
    /// 审核: a reviewer's conclusion on the draft as it stands.
    Reviewed {
        /// 保密审查, 合法性审核 or 工作机构审核.
        step: Step,
        /// Whether it may go on; if not, it goes back to the drafter.
        passed: bool,
        /// 审核意见; required where it goes back.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        opinion: String,
    },
    /// 签发: `effective_on` is the date of making (成文日期). Recorded together with the making of the document.
    Signed {
        /// 发文字号
        number: Option<String>,
        /// 索引号
        index_number: Option<String>,
    },
    /// 终止: no document comes of it.
    Abandoned {
        /// Why.
        reason: String,
    },
}

/// Where a draft stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 审核中
    Open,
    /// 已退回修改
    Returned,
    /// 待签发: every review holds.
    Ready,
    /// 已签发
    Signed,
    /// 已终止
    Abandoned,
}

impl Stage {
    /// All stages, in their order.
    pub const ALL: [Stage; 5] = [Stage::Open, Stage::Returned, Stage::Ready, Stage::Signed, Stage::Abandoned];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Open => "open",
            Stage::Returned => "returned",
            Stage::Ready => "ready",
            Stage::Signed => "signed",
            Stage::Abandoned => "abandoned",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Open => "审核中",
            Stage::Returned => "已退回修改",
            Stage::Ready => "待签发",
            Stage::Signed => "已签发",
            Stage::Abandoned => "已终止",
        }
    }

    /// The stage with this key.
    pub fn parse(key: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Whether nothing more happens to it.
    pub fn is_over(self) -> bool {
        matches!(self, Stage::Signed | Stage::Abandoned)
    }
}

/// The last conclusion of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// When.
    pub on: Date,
    /// Whether it may go on.
    pub passed: bool,
    /// 审核意见
    pub opinion: String,
    /// Whether the draft is still what was reviewed.
    pub holds: bool,
}

/// Where a draft stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report will count the document.
    pub counted_by: String,
    /// Unit that makes it.
    pub maker: String,
    /// Id of the document, which is there once it is signed.
    pub document: String,
    /// What it says of the document.
    pub proposed: Proposed,
    /// 拟稿日期
    pub drafted_on: Date,
    /// Stage.
    pub stage: Stage,
    /// The last review of each step.
    pub reviews: BTreeMap<Step, Review>,
    /// Whether it has a text; attachments alone are no document.
    pub has_body: bool,
    /// 签发日期
    pub signed_on: Option<Date>,
    last: Date,
}

impl Standing {
    /// Folds a docket; `None` if it is empty.
    pub fn of(docket: &[Recorded<DocumentDraftEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let DocumentDraftEvent::Drafted { counted_by, maker, document, proposed } = first.event else {
            return None;
        };
        let mut s = Standing {
            counted_by: counted_by.clone(),
            maker: maker.clone(),
            document: document.clone(),
            proposed: proposed.clone(),
            drafted_on: first.on,
            stage: Stage::Open,
            reviews: BTreeMap::new(),
            has_body: false,
            signed_on: None,
            last: first.on,
        };
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &DocumentDraftEvent, on: Date) {
        self.last = self.last.max(on);
        match event {
            DocumentDraftEvent::Drafted { .. } => {}
            DocumentDraftEvent::Redrafted { proposed } => {
                self.proposed = proposed.clone();
                self.begins_anew();
            }
            DocumentDraftEvent::Changed { part } => {
                if let Part::Body { there } = part {
                    self.has_body = *there;
                }
                self.begins_anew();
            }
            DocumentDraftEvent::Reviewed { step, passed, opinion } => {
                let review = Review { on, passed: *passed, opinion: opinion.clone(), holds: true };
                self.reviews.insert(*step, review);
                let back = self.reviews.values().any(|r| r.holds && !r.passed);
                self.stage = match (back, self.missing().is_empty()) {
                    (true, _) => Stage::Returned,
                    (false, true) => Stage::Ready,
                    (false, false) => Stage::Open,
                };
            }
            DocumentDraftEvent::Signed { .. } => {
                self.stage = Stage::Signed;
                self.signed_on = Some(on);
            }
            DocumentDraftEvent::Abandoned { .. } => self.stage = Stage::Abandoned,
        }
    }

    /// What was reviewed is not what stands there now.
    fn begins_anew(&mut self) {
        self.stage = Stage::Open;
        for review in self.reviews.values_mut() {
            review.holds = false;
        }
    }

    /// The reviews this draft needs before it is signed, in their order.
    pub fn required(&self) -> Vec<Step> {
        let mut steps = vec![Step::Secrecy];
        if self.proposed.category.has_force() {
            steps.push(Step::Legality);
        }
        steps.push(Step::WorkingBody);
        steps
    }

    /// The reviews that are still missing: never made, not passed, or of what has changed since.
    pub fn missing(&self) -> Vec<Step> {
        let holds = |step: &Step| self.reviews.get(step).is_some_and(|r| r.passed && r.holds);
        self.required().into_iter().filter(|step| !holds(step)).collect()
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &DocumentDraftEvent) -> Vec<Refusal> {
        let DocumentDraftEvent::Drafted { counted_by, maker, document, proposed } = event else {
            return vec![Refusal::new("not-drafted", "请先登记拟稿", "")];
        };
        let mut no = proposed.refusals();
        if counted_by.trim().is_empty() || maker.trim().is_empty() || document.is_empty() {
            no.push(Refusal::new("unit-missing", "请填写制作机关和统计单位", "条例第十条"));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &DocumentDraftEvent, on: Date) -> Vec<Refusal> {
        if self.stage.is_over() {
            let text = format!("这件拟稿{}，不能再办理", self.stage.label());
            return vec![Refusal::new("draft-over", text, "")];
        }
        let mut no = Vec::new();
        if on < self.last {
            let text = format!("日期{on}早于上一环节的日期{}，请核对日期", self.last);
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            DocumentDraftEvent::Drafted { .. } => {
                no.push(Refusal::new("already-drafted", "这件拟稿已经登记", ""));
            }
            DocumentDraftEvent::Redrafted { proposed } => {
                no.extend(proposed.refusals());
                if *proposed == self.proposed {
                    no.push(Refusal::new("unchanged", "拟稿事项没有变化", ""));
                }
            }
            DocumentDraftEvent::Changed { .. } => {}
            DocumentDraftEvent::Reviewed { step, passed, opinion } => {
                if !self.required().contains(step) {
                    let text = format!("“{}”不需要{}", self.proposed.category.label(), step.label());
                    no.push(Refusal::new("step-not-needed", text, ""));
                }
                if *passed {
                    no.extend(self.incomplete());
                } else if opinion.trim().is_empty() {
                    no.push(Refusal::new("opinion-missing", "退回修改的，请写明审核意见", ""));
                }
            }
            DocumentDraftEvent::Signed { .. } => {
                no.extend(self.incomplete());
                no.extend(self.missing().into_iter().map(|step| self.review_missing(step)));
            }
            DocumentDraftEvent::Abandoned { reason } => {
                if reason.trim().is_empty() {
                    no.push(Refusal::new("reason-missing", "请写明终止的原因", ""));
                }
            }
        }
        no
    }

    /// What the draft lacks before it can be reviewed: added later, it would have to be reviewed again.
    pub fn incomplete(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        if !self.has_body {
            no.push(Refusal::new("body-missing", "稿件还没有正文，请先编写正文", ""));
        }
        if self.proposed.needs_plan() && self.proposed.plan.is_none() {
            let what = self.proposed.category.label();
            let text = format!("“{what}”应当与解读方案一并报批，请先在“修改拟稿事项”中填写解读方案");
            no.push(Refusal::new("plan-missing", text, "国办发〔2016〕19号"));
        }
        no
    }

    fn review_missing(&self, step: Step) -> Refusal {
        let what = step.label();
        let text = match self.reviews.get(&step) {
            None => format!("还没有经过{what}，不能签发"),
            Some(r) if !r.passed => format!("{what}没有通过，请修改后重新审核，再签发"),
            Some(_) => format!("{what}以后稿件有改动，请重新审核，再签发"),
        };
        Refusal::new("review-missing", text, citation(step))
    }
}

/// What a step rests on for a document.
fn citation(step: Step) -> &'static str {
    match step {
        Step::Secrecy => "保密法第三十五条，条例第十七条",
        Step::Legality => "国办发〔2018〕115号",
        Step::Handler | Step::WorkingBody | Step::Signing => "",
    }
}

#[cfg(test)]
#[path = "document_draft_tests.rs"]
mod tests;
