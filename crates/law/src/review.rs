//! The approval chain (审批链) that a proposed decision passes before it is made: review before disclosure (条例第十七条;
//! 保密法第三十五条: 先审查、后公开), legality, signing.
//!
//! The chain is a setting of the office. Its order is fixed; what is set is which steps there are and for which
//! decisions. What the law asks for cannot be left out, see [`Chain::refusals`].

use crate::decision::Decision;
use crate::reason::Refusal;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A step of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// 承办单位审核: the head of the handling unit.
    Handler,
    /// 保密审查
    Secrecy,
    /// 合法性审核
    Legality,
    /// 工作机构审核: the person in charge of the working body.
    WorkingBody,
    /// 审批签发
    Signing,
}

impl Step {
    /// All steps, in their order.
    pub const ALL: [Step; 5] =
        [Step::Handler, Step::Secrecy, Step::Legality, Step::WorkingBody, Step::Signing];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Step::Handler => "handler",
            Step::Secrecy => "secrecy",
            Step::Legality => "legality",
            Step::WorkingBody => "working-body",
            Step::Signing => "signing",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Step::Handler => "承办单位审核",
            Step::Secrecy => "保密审查",
            Step::Legality => "合法性审核",
            Step::WorkingBody => "工作机构审核",
            Step::Signing => "审批签发",
        }
    }

    /// What it rests on; empty where only the office wants it.
    pub fn citation(self) -> &'static str {
        match self {
            Step::Secrecy => "条例第十七条，保密法第三十五条",
            Step::Handler | Step::Legality | Step::WorkingBody | Step::Signing => "条例第四十五条",
        }
    }

    /// The step with this key.
    pub fn parse(key: &str) -> Option<Step> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }
}

/// Which decisions a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// 全部决定
    All,
    /// 只对公开、部分公开
    Disclosing,
    /// 只对不公开、无法提供、不予处理
    Withholding,
}

impl Reach {
    /// All of them, in the order of the form.
    pub const ALL: [Reach; 3] = [Reach::All, Reach::Disclosing, Reach::Withholding];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Reach::All => "all",
            Reach::Disclosing => "disclosing",
            Reach::Withholding => "withholding",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Reach::All => "全部决定",
            Reach::Disclosing => "予以公开和部分公开的决定",
            Reach::Withholding => "其他决定",
        }
    }

    /// The reach with this key.
    pub fn parse(key: &str) -> Option<Reach> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }

    fn covers(self, decision: Decision) -> bool {
        match self {
            Reach::All => true,
            Reach::Disclosing => decision.discloses(),
            Reach::Withholding => !decision.discloses(),
        }
    }
}

/// The chain of an office: which steps there are, and for which decisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Chain(pub BTreeMap<Step, Reach>);

impl Default for Chain {
    /// What an office has that has set nothing: review for secrecy of what is given out, legality and signing of all.
    fn default() -> Self {
        let steps =
            [(Step::Secrecy, Reach::Disclosing), (Step::Legality, Reach::All), (Step::Signing, Reach::All)];
        Chain(steps.into())
    }
}

impl Chain {
    /// The steps for a decision, in order.
    pub fn steps(&self, decision: Decision) -> Vec<Step> {
        self.0.iter().filter(|(_, reach)| reach.covers(decision)).map(|(step, _)| *step).collect()
    }

    /// Why this cannot be the chain of an office, all reasons at once; empty if it can.
    pub fn refusals(&self) -> Vec<Refusal> {
        let mut no = Vec::new();
        if !matches!(self.0.get(&Step::Secrecy), Some(Reach::All | Reach::Disclosing)) {
            let text =
                "向申请人提供政府信息应当先审查、后公开，审批链中应当对公开和部分公开的决定设置保密审查";
            no.push(Refusal::new("secrecy-missing", text, Step::Secrecy.citation()));
        }
        if self.0.get(&Step::Signing) != Some(&Reach::All) {
            let text = "每件决定都应当审批签发，审批链中应当对全部决定设置审批签发";
            no.push(Refusal::new("signing-missing", text, Step::Signing.citation()));
        }
        no
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_chain_is_lawful_and_in_order() {
        let chain = Chain::default();
        assert!(chain.refusals().is_empty());
        assert_eq!(chain.steps(Decision::Granted), [Step::Secrecy, Step::Legality, Step::Signing]);
        assert_eq!(chain.steps(Decision::UnavailableNotHeld), [Step::Legality, Step::Signing]);
    }

    #[test]
    fn review_before_disclosure_and_signing_cannot_be_left_out() {
        let codes = |steps: &[(Step, Reach)]| -> Vec<String> {
            Chain(steps.iter().copied().collect()).refusals().into_iter().map(|r| r.code).collect()
        };
        assert_eq!(codes(&[]), ["secrecy-missing", "signing-missing"]);
        let (secrecy, signing) = (Step::Secrecy, Step::Signing);
        assert_eq!(codes(&[(secrecy, Reach::Withholding), (signing, Reach::All)]), ["secrecy-missing"]);
        assert_eq!(codes(&[(secrecy, Reach::All), (signing, Reach::Disclosing)]), ["signing-missing"]);
        assert!(codes(&[(secrecy, Reach::Disclosing), (signing, Reach::All)]).is_empty());
    }

    #[test]
    fn keys_are_what_is_stored() {
        for step in Step::ALL {
            assert_eq!(Step::parse(step.key()), Some(step));
            assert_eq!(serde_json::to_value(step).unwrap(), step.key());
        }
        for reach in Reach::ALL {
            assert_eq!(Reach::parse(reach.key()), Some(reach));
            assert_eq!(serde_json::to_value(reach).unwrap(), reach.key());
        }
        let text = serde_json::to_string(&Chain::default()).unwrap();
        assert_eq!(serde_json::from_str::<Chain>(&text).unwrap(), Chain::default());
    }
}
