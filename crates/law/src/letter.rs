//! The letters (文书) of a request, from the receipt to the decision: what each is called, which fields its template
//! may use, and what must stand in it before it is signed (条例第三十条至第四十一条; 国办公开办函〔2016〕235号).
//!
//! | question | answer |
//! |---|---|
//! | which letters are there? | [`Letter::all`] |
//! | what may a template use? | [`Letter::fields`], each a [`Field`] with a sentence and a sample |
//! | what must the finished letter say? | [`Letter::requirements`], each an [`Element`] with its article |
//! | is anything missing or wrong? | [`missing`] |
//!
//! The wording is not here: templates belong to the unit, their defaults to `paper`. To add a letter: one variant, one
//! line in [`Letter::PROCEDURE`], the arms the compiler asks for, and its template.

mod basis;
mod check;
mod element;
mod field;
mod sample;

pub use check::missing;
pub use element::{Element, Requirement};
pub use field::{Field, Shape, Value, Values};

use crate::decision::Decision;
use serde::{Deserialize, Serialize};

/// A letter. Its key is stable: templates and archived letters are found by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Letter {
    /// 登记回执: the request was registered.
    Receipt,
    /// 补正告知书 (art. 30)
    Correction,
    /// 说明理由告知书 (art. 35): asks an applicant of many requests for reasons.
    Reasons,
    /// 延迟答复告知书 (art. 35): the reasons are accepted, the answer needs longer.
    Deferral,
    /// 延长答复期限告知书 (art. 33)
    Extension,
    /// 征求第三方意见书 (art. 32)
    ThirdParty,
    /// 征求意见告知书: tells the applicant that others are being asked (art. 33).
    ConsultationNotice,
    /// 告知第三方书 (art. 32): it is disclosed although the third party objects.
    ThirdPartyNotice,
    /// 征求共同制作机关意见函 (art. 34)
    JointAgency,
    /// 征求其他机关意见函 (art. 33)
    OtherAgency,
    /// 协办函（转办单）: inside the authority.
    Assistance,
    /// 收费通知书 (fee measure)
    Fee,
    /// 更正告知书 (art. 41)
    RecordCorrection,
    /// The notice of a decision.
    Decision(Decision),
}

impl Letter {
    /// The letters on the way to a decision, in the order in which they can become necessary.
    pub const PROCEDURE: [Letter; 13] = [
        Letter::Receipt,
        Letter::Correction,
        Letter::Reasons,
        Letter::Deferral,
        Letter::Extension,
        Letter::ThirdParty,
        Letter::ConsultationNotice,
        Letter::ThirdPartyNotice,
        Letter::JointAgency,
        Letter::OtherAgency,
        Letter::Assistance,
        Letter::Fee,
        Letter::RecordCorrection,
    ];

    /// Every letter: those of the procedure, then one for each decision in the order of the form.
    pub fn all() -> impl Iterator<Item = Letter> {
        Self::PROCEDURE.into_iter().chain(Decision::ALL.into_iter().map(Letter::Decision))
    }

    /// Stored key; that of the decision for its notice.
    pub fn key(self) -> &'static str {
        match self {
            Letter::Receipt => "receipt",
            Letter::Correction => "correction-notice",
            Letter::Reasons => "reasons-notice",
            Letter::Deferral => "deferral-notice",
            Letter::Extension => "extension-notice",
            Letter::ThirdParty => "third-party-consultation",
            Letter::ConsultationNotice => "consultation-notice",
            Letter::ThirdPartyNotice => "third-party-notice",
            Letter::JointAgency => "joint-agency-consultation",
            Letter::OtherAgency => "other-agency-consultation",
            Letter::Assistance => "assistance",
            Letter::Fee => "fee-notice",
            Letter::RecordCorrection => "record-correction",
            Letter::Decision(decision) => decision.key(),
        }
    }

    /// Whether it is addressed to the applicant: the others go to third parties, other agencies or inside the authority.
    pub fn is_to_applicant(self) -> bool {
        !matches!(
            self,
            Letter::ThirdParty
                | Letter::ThirdPartyNotice
                | Letter::JointAgency
                | Letter::OtherAgency
                | Letter::Assistance
        )
    }

    /// The letter with this key.
    pub fn parse(key: &str) -> Option<Letter> {
        Self::all().find(|l| l.key() == key)
    }

    /// What menus and the register of letters call it. Notices of decisions that share a title differ here.
    pub fn label(self) -> &'static str {
        match self {
            Letter::Decision(decision) => decision.label(),
            other => other.title(),
        }
    }

    /// Usual title; localities may set their own in the template.
    pub fn title(self) -> &'static str {
        match self {
            Letter::Receipt => "政府信息公开申请登记回执",
            Letter::Correction => "政府信息公开申请补正告知书",
            Letter::Reasons => "政府信息公开申请说明理由告知书",
            Letter::Deferral => "政府信息公开申请延迟答复告知书",
            Letter::Extension => "政府信息公开申请延长答复期限告知书",
            Letter::ThirdParty => "政府信息公开征求第三方意见书",
            Letter::ConsultationNotice => "政府信息公开申请征求意见告知书",
            Letter::ThirdPartyNotice => "政府信息公开告知第三方书",
            Letter::JointAgency => "政府信息公开征求共同制作机关意见函",
            Letter::OtherAgency => "政府信息公开征求其他机关意见函",
            Letter::Assistance => "政府信息公开申请协办函（转办单）",
            Letter::Fee => "政府信息公开信息处理费收费通知书",
            Letter::RecordCorrection => "政府信息更正告知书",
            Letter::Decision(decision) => decision.notice_title(),
        }
    }

    /// The provision it is issued under; empty where practice alone carries it.
    pub fn citation(self) -> &'static str {
        match self {
            Letter::Receipt | Letter::Assistance => "条例第四十五条",
            Letter::Correction => "条例第三十条",
            Letter::Reasons | Letter::Deferral => "条例第三十五条",
            Letter::Extension => "条例第三十三条第二款",
            Letter::ConsultationNotice | Letter::OtherAgency => "条例第三十三条第三款",
            Letter::ThirdParty | Letter::ThirdPartyNotice => "条例第三十二条",
            Letter::JointAgency => "条例第三十四条",
            Letter::Fee => "国办函〔2020〕109号",
            Letter::RecordCorrection => "条例第四十一条",
            Letter::Decision(decision) => decision.citation(),
        }
    }

    /// Whether it needs a 文号: every letter that leaves the authority as an official document. The receipt is given at
    /// the counter, the note to a unit of the same authority stays inside; both go by the number of the request.
    pub fn needs_number(self) -> bool {
        !matches!(self, Letter::Receipt | Letter::Assistance)
    }

    /// The key of the statutory term (see [`crate::term`]) it sets the addressee, where the law sets one.
    pub fn term(self) -> Option<&'static str> {
        match self {
            Letter::ThirdParty => Some("third-party"),
            Letter::JointAgency => Some("joint-agency"),
            Letter::Fee => Some("fee-payment"),
            _ => None,
        }
    }

    /// Whether it must tell the remedies. Steps of the procedure cannot be contested by themselves.
    pub fn needs_remedies(self) -> bool {
        matches!(self, Letter::Decision(_) | Letter::ThirdPartyNotice | Letter::RecordCorrection)
    }
}

impl From<Letter> for String {
    fn from(letter: Letter) -> String {
        letter.key().to_owned()
    }
}

impl TryFrom<String> for Letter {
    type Error = String;

    fn try_from(key: String) -> Result<Letter, String> {
        Letter::parse(&key)
            .ok_or_else(|| format!("没有名为“{}”的文书", key.chars().take(40).collect::<String>()))
    }
}

#[cfg(test)]
mod tests;
