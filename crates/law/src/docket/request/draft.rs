//! The proposed decision (拟办意见) and its way through the approval chain.

use super::rule::Reasons;
use super::{Relation, Stage, Standing};
use crate::calendar::Calendar;
use crate::decision::{Decision, Remedy};
use crate::review::Step;
use crate::wording::day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// A part that is withheld (区分处理, art. 37).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Withheld {
    /// Which part, described without saying what it says.
    pub what: String,
    /// The article, down to the paragraph or item.
    pub basis: String,
    /// Why.
    pub reason: String,
}

/// What is proposed to be decided, complete enough to write the letter from. Nothing in it is personal data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Draft {
    /// What is proposed.
    pub decision: Decision,
    /// 查明的事实: search, consultations, what was found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub facts: String,
    /// 依据: articles down to the paragraph or item, one each.
    pub basis: Vec<String>,
    /// 理由
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reasons: String,
    /// 予以公开的部分, item by item; only for a decision in part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disclosed: Vec<String>,
    /// 不予公开的部分
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub withheld: Vec<Withheld>,
    /// How the information is given; or where it is published, who is responsible, which way is open instead.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub provided: String,
    /// 附件: names of what goes with the letter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attachments: Vec<String>,
}

impl Draft {
    /// Whether a part withheld rests on articles 14 to 16, so that reconsideration comes first against it too.
    pub fn withholds_under_14_to_16(&self) -> bool {
        let rests = |basis: &str| ["第十四条", "第十五条", "第十六条"].iter().any(|a| basis.contains(a));
        self.withheld.iter().any(|w| rests(&w.basis))
    }

    /// Which way is open against the decision, if it is made on this day.
    pub fn remedy(&self, decided_on: Date) -> Remedy {
        self.decision.remedy(decided_on, self.withholds_under_14_to_16())
    }

    /// Rules about what it says.
    pub(super) fn content(&self, no: &mut Reasons) {
        let empty = |text: &str| text.trim().is_empty();
        let decision = self.decision;
        let cite = decision.citation();
        let wordless = decision.needs_reasons() && empty(&self.reasons) && self.withheld.is_empty();
        no.when(wordless, "reasons-missing", "请说明理由", "条例第三十六条");
        let articles = self.basis.iter().filter(|b| !empty(b));
        let rest = !cite.is_empty() && articles.clone().next().is_none();
        no.when(rest, "basis-missing", "请填写作出决定的依据，写明条、款、项", cite);
        for basis in articles.chain(self.withheld.iter().map(|w| &w.basis)) {
            let text = format!("依据“{basis}”没有写明条款，请写到具体的条、款、项");
            no.when(!names_article(basis), "basis-vague", text, "条例第三十六条");
        }
        if decision == Decision::RefusedProhibitedByLaw {
            let named = self.basis.iter().any(|b| b.contains('《') && !b.contains("政府信息公开条例"));
            let text = "请写明禁止公开的法律、行政法规的名称和条款";
            no.when(!named, "prohibition-missing", text, "条例第十四条");
        }
        match decision {
            Decision::GrantedInPart => {
                let text = "部分公开的，请逐项列明不予公开的内容、依据和理由";
                no.when(self.withheld.is_empty(), "withheld-missing", text, "条例第三十七条");
                let text = "部分公开的，请逐项列明予以公开的内容";
                no.when(self.disclosed.iter().all(|d| empty(d)), "disclosed-missing", text, "条例第三十七条");
                no.when(
                    empty(&self.provided),
                    "provided-missing",
                    "请写明提供的内容和方式",
                    "条例第三十七条",
                );
            }
            Decision::Granted => {
                let text = "请写明提供政府信息的方式、途径和时间";
                no.when(empty(&self.provided), "provided-missing", text, cite);
            }
            Decision::GrantedPublished => {
                let text = "请写明获取该政府信息的方式、途径，例如网址、标题和文号";
                no.when(empty(&self.provided), "provided-missing", text, cite);
            }
            _ => {}
        }
        if decision != Decision::GrantedInPart {
            let text = "只有部分公开的决定才列明不予公开的部分，请核对决定类型";
            no.when(!self.withheld.is_empty(), "withheld-elsewhere", text, "条例第三十七条");
        }
        for part in &self.withheld {
            let bare = empty(&part.what) || empty(&part.basis) || empty(&part.reason);
            let text = "不予公开的每一部分都要写明内容、依据和理由";
            no.when(bare, "withheld-incomplete", text, "条例第三十七条");
        }
    }
}

/// Whether a basis names an article.
fn names_article(basis: &str) -> bool {
    basis.split_once('第').is_some_and(|(_, rest)| rest.contains('条')) || basis.contains('号')
}

/// A draft on its way through the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Proposal {
    /// Day it was drafted.
    pub on: Date,
    /// What is proposed.
    pub draft: Draft,
    /// The steps it has to pass, in order.
    pub chain: Vec<Step>,
    /// The steps passed, with their day.
    pub passed: Vec<(Step, Date)>,
    /// The step that sent it back, the day, and why.
    pub returned: Option<(Step, Date, String)>,
}

impl Proposal {
    /// The step that is due; none when all have passed or it was sent back.
    pub fn next(&self) -> Option<Step> {
        self.chain.get(self.passed.len()).copied().filter(|_| self.returned.is_none())
    }

    /// Day of the last thing that happened to it.
    fn latest(&self) -> Date {
        self.passed.last().map_or(self.on, |(_, on)| *on)
    }

    /// The stage it gives the request; `working` where something was done since it was drafted or sent back.
    pub(super) fn stage(&self, working: Stage) -> Stage {
        match (self.next(), &self.returned) {
            _ if working != Stage::Drafting => working,
            (_, Some(_)) => Stage::Drafting,
            (Some(Step::Signing) | None, None) => Stage::Approval,
            (Some(_), None) => Stage::Review,
        }
    }

    /// Whether every step has passed.
    pub fn is_approved(&self) -> bool {
        self.returned.is_none() && self.passed.len() == self.chain.len()
    }
}

impl Standing {
    /// Rules about a proposal: what it says, and what must have happened before such a decision is proposed.
    pub(super) fn drafting(
        &self,
        draft: &Draft,
        chain: &[Step],
        on: Date,
        calendar: &Calendar,
        no: &mut Reasons,
    ) {
        self.decision(draft.decision, on, calendar, no);
        draft.content(no);
        let repeat = self.links.iter().any(|l| l.relation == Relation::Repeat);
        let text = "认定重复申请，应当先关联申请人此前的申请并登记比对结论";
        let repeated = draft.decision != Decision::DeclinedRepeatRequest || repeat;
        no.when(!repeated, "repeat-not-proved", text, "条例第三十六条第六项");
        let signed = chain.last() == Some(&Step::Signing);
        no.when(!signed, "signing-missing", "审批链应当以审批签发结束", "条例第四十五条");
        let ordered = chain.windows(2).all(|pair| pair[0] < pair[1]);
        no.when(!ordered, "chain-disordered", "审批链的步骤重复或者顺序有误", "");
        let reviewed = !draft.decision.discloses() || chain.contains(&Step::Secrecy);
        let text = "向申请人提供政府信息应当先审查、后公开，审批链中应当有保密审查";
        no.when(!reviewed, "secrecy-missing", text, Step::Secrecy.citation());
    }

    /// Rules about a step of the chain.
    pub(super) fn review(&self, step: Step, passed: bool, opinion: &str, on: Date, no: &mut Reasons) {
        let Some(proposal) = &self.proposal else { return };
        let Some(next) = proposal.next() else { return };
        let text = format!("当前环节是{}，请按审批链的顺序办理", next.label());
        no.when(step != next, "step-not-next", text, "条例第四十五条");
        let text = "退回的，请写明退回的理由";
        no.when(!passed && opinion.trim().is_empty(), "opinion-missing", text, step.citation());
        let latest = proposal.latest();
        let text = format!("日期不得早于上一环节的日期{}", day(latest));
        no.when(on < latest, "dates-out-of-order", text, "");
    }

    /// A decision that was proposed is made when every step has passed.
    pub(super) fn approved(&self, no: &mut Reasons) {
        let Some(proposal) = &self.proposal else { return };
        let text = match (proposal.next(), &proposal.returned) {
            (_, Some((step, ..))) => format!("拟办意见已在{}环节退回，请重新拟办", step.label()),
            (Some(next), None) => format!("拟办意见尚未通过{}，不能作出决定", next.label()),
            (None, None) => return,
        };
        no.when(true, "not-approved", text, "条例第四十五条");
    }

    /// What is decided is what was approved, and not before it was.
    pub(super) fn as_approved(&self, decision: Decision, on: Date, no: &mut Reasons) {
        let Some(proposal) = &self.proposal else { return };
        let text =
            format!("批准的是“{}”，与填写的决定不符，需要改变的请重新拟办", proposal.draft.decision.label());
        no.when(decision != proposal.draft.decision, "not-as-approved", text, "条例第四十五条");
        let latest = proposal.latest();
        let text = format!("决定日期不得早于审批签发日期{}", day(latest));
        no.when(on < latest, "dates-out-of-order", text, "");
    }
}
