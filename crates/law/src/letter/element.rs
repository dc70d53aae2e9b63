//! What must stand in a finished letter (DOMAIN §4.5), each with the provision that asks for it.

use super::Letter;
use crate::decision::Decision;

/// A part of a letter's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// 文号
    Number,
    /// 主送: applicant, third party, authority or unit the letter is for.
    Addressee,
    /// 申请编号
    RequestNumber,
    /// 收到申请的日期
    ReceivedOn,
    /// 收到申请的方式
    Channel,
    /// 申请内容, quoted.
    RequestText,
    /// 答复期限
    DueOn,
    /// 补正事项
    CorrectionItems,
    /// The last day, or the term, in which something has to be done.
    Period,
    /// 逾期的后果
    Consequence,
    /// Number and frequency of the requests (art. 35).
    Frequency,
    /// 查明事实
    Facts,
    /// 依据, down to paragraph and item.
    Basis,
    /// 理由
    Reasons,
    /// What is decided, in the words of the law.
    Conclusion,
    /// 公开的部分
    Disclosed,
    /// 不予公开的部分, each with basis and reason.
    Withheld,
    /// 提供方式
    Delivery,
    /// Where and how the information can be had.
    Whereabouts,
    /// What is asked of the addressee.
    Asked,
    /// 意见反馈: consent or objection with reasons.
    ReplySlip,
    /// 征求意见所需时间不计算在期限内
    ClockPaused,
    /// 收费标准
    FeeStandard,
    /// 收费数额
    FeeAmount,
    /// 缴纳方式
    FeePayment,
    /// 救济途径
    Remedies,
    /// 机关名称
    Issuer,
    /// 成文日期
    MadeOn,
    /// 联系方式
    Contact,
}

impl Element {
    /// Stable kebab-case key; the refusal of a missing element is `KEY-missing`.
    pub fn key(self) -> &'static str {
        match self {
            Element::Number => "number",
            Element::Addressee => "addressee",
            Element::RequestNumber => "request-number",
            Element::ReceivedOn => "received-on",
            Element::Channel => "channel",
            Element::RequestText => "request-text",
            Element::DueOn => "due-on",
            Element::CorrectionItems => "correction-items",
            Element::Period => "period",
            Element::Consequence => "consequence",
            Element::Frequency => "frequency",
            Element::Facts => "facts",
            Element::Basis => "basis",
            Element::Reasons => "reasons",
            Element::Conclusion => "conclusion",
            Element::Disclosed => "disclosed",
            Element::Withheld => "withheld",
            Element::Delivery => "delivery",
            Element::Whereabouts => "whereabouts",
            Element::Asked => "asked",
            Element::ReplySlip => "reply-slip",
            Element::ClockPaused => "clock-paused",
            Element::FeeStandard => "fee-standard",
            Element::FeeAmount => "fee-amount",
            Element::FeePayment => "fee-payment",
            Element::Remedies => "remedies",
            Element::Issuer => "issuer",
            Element::MadeOn => "made-on",
            Element::Contact => "contact",
        }
    }

    /// What refusals call it.
    pub fn label(self) -> &'static str {
        match self {
            Element::Number => "文号",
            Element::Addressee => "主送对象",
            Element::RequestNumber => "申请编号",
            Element::ReceivedOn => "收到申请的日期",
            Element::Channel => "收到申请的方式",
            Element::RequestText => "申请内容",
            Element::DueOn => "答复期限",
            Element::CorrectionItems => "补正事项",
            Element::Period => "期限",
            Element::Consequence => "逾期的后果",
            Element::Frequency => "申请的数量和频次",
            Element::Facts => "查明的事实",
            Element::Basis => "依据",
            Element::Reasons => "理由",
            Element::Conclusion => "决定的内容",
            Element::Disclosed => "公开的部分",
            Element::Withheld => "不予公开的部分及其依据和理由",
            Element::Delivery => "提供方式",
            Element::Whereabouts => "获取途径",
            Element::Asked => "要求对方办理的事项",
            Element::ReplySlip => "意见反馈栏（同意、不同意和理由）",
            Element::ClockPaused => "征求意见所需时间不计算在答复期限内的说明",
            Element::FeeStandard => "收费标准",
            Element::FeeAmount => "收费数额",
            Element::FeePayment => "缴纳方式",
            Element::Remedies => "救济途径",
            Element::Issuer => "机关名称",
            Element::MadeOn => "成文日期",
            Element::Contact => "联系方式",
        }
    }

    /// The provision that asks for it in every letter; empty where it is the provision of the letter itself.
    fn citation(self) -> &'static str {
        match self {
            Element::Number | Element::Issuer | Element::MadeOn | Element::Addressee => {
                "国办公开办函〔2016〕235号、GB/T 9704-2012"
            }
            Element::RequestNumber | Element::Contact => "条例第四十五条",
            Element::ReceivedOn | Element::Channel => "条例第三十一条",
            Element::RequestText => "条例第二十九条",
            Element::DueOn => "条例第三十三条",
            Element::Delivery => "条例第四十条",
            Element::Withheld | Element::Disclosed => "条例第三十七条",
            Element::Remedies => "行政复议法第二十条、第二十三条，行政诉讼法第四十五条、第四十六条",
            _ => "",
        }
    }
}

/// An element that a letter must contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// What.
    pub element: Element,
    /// The provision that asks for it.
    pub citation: &'static str,
    /// Fixed words of the law, one of which must stand in the text. Empty: the words are those given for the letter.
    pub marks: &'static [&'static str],
}

impl Letter {
    /// Everything the finished letter must contain, in the order in which it is usually read.
    pub fn requirements(self) -> Vec<Requirement> {
        let mut all = Vec::new();
        let mut add = |element: Element, marks: &'static [&'static str]| {
            let own = if self.citation().is_empty() {
                "国办公开办函〔2016〕235号"
            } else {
                self.citation()
            };
            let citation = if element.citation().is_empty() { own } else { element.citation() };
            all.push(Requirement { element, citation, marks });
        };
        if self.needs_number() {
            add(Element::Number, &[]);
        }
        add(Element::Addressee, &[]);
        for (element, marks) in self.content() {
            add(*element, marks);
        }
        if let Letter::Decision(decision) = self {
            of_decision(decision, &mut add);
        }
        if self.needs_remedies() {
            add(Element::Remedies, &[]);
        }
        for element in [Element::Contact, Element::Issuer, Element::MadeOn] {
            add(element, &[]);
        }
        all
    }

    /// What the letters of the procedure need besides head and end.
    fn content(self) -> &'static [(Element, &'static [&'static str])] {
        use Element as E;
        match self {
            Letter::Receipt => &[
                (E::RequestNumber, &[]),
                (E::ReceivedOn, &[]),
                (E::Channel, &[]),
                (E::RequestText, &[]),
                (E::DueOn, &[]),
            ],
            Letter::Correction => &[
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Basis, &["第三十条"]),
                (E::CorrectionItems, &[]),
                (E::Period, &[]),
                (E::Consequence, &["视为放弃"]),
            ],
            Letter::Reasons => &[
                (E::Frequency, &[]),
                (E::Basis, &["第三十五条"]),
                (E::Period, &[]),
                (E::Consequence, &["不予处理"]),
            ],
            Letter::Deferral => {
                &[(E::Frequency, &[]), (E::Basis, &["第三十五条"]), (E::Reasons, &[]), (E::Period, &[])]
            }
            Letter::Extension => &[
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Basis, &["第三十三条第二款"]),
                (E::Reasons, &[]),
                (E::Period, &[]),
                (E::DueOn, &[]),
            ],
            Letter::ThirdParty => &[
                (E::RequestText, &[]),
                (E::Asked, &[]),
                (E::Basis, &["第三十二条"]),
                (E::Period, &[]),
                (E::Consequence, &["决定是否公开"]),
                (E::ReplySlip, &["不同意"]),
            ],
            Letter::ConsultationNotice => &[
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Asked, &[]),
                (E::Basis, &["第三十三条第三款"]),
                (E::ClockPaused, &["不计算在", "不计入"]),
            ],
            Letter::ThirdPartyNotice => &[
                (E::Disclosed, &[]),
                (E::Facts, &[]),
                (E::Basis, &["第三十二条"]),
                (E::Reasons, &[]),
                (E::Conclusion, &["决定予以公开"]),
            ],
            Letter::JointAgency => &[
                (E::RequestText, &[]),
                (E::Asked, &[]),
                (E::Basis, &["第三十四条"]),
                (E::Period, &[]),
                (E::Consequence, &["视为同意"]),
            ],
            Letter::OtherAgency => {
                &[(E::RequestText, &[]), (E::Asked, &[]), (E::Basis, &["第三十三条第三款"]), (E::Period, &[])]
            }
            Letter::Assistance => &[
                (E::RequestNumber, &[]),
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Asked, &[]),
                (E::Period, &[]),
                (E::DueOn, &[]),
            ],
            Letter::Fee => &[
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Basis, &["第四十二条"]),
                (E::FeeStandard, &[]),
                (E::FeeAmount, &[]),
                (E::FeePayment, &[]),
                (E::Period, &[]),
                (E::Consequence, &["视为放弃"]),
            ],
            Letter::RecordCorrection => &[
                (E::ReceivedOn, &[]),
                (E::RequestText, &[]),
                (E::Facts, &[]),
                (E::Basis, &["第四十一条"]),
                (E::Conclusion, &[]),
            ],
            Letter::Decision(_) => {
                &[(E::RequestNumber, &[]), (E::ReceivedOn, &[]), (E::Channel, &[]), (E::RequestText, &[])]
            }
        }
    }
}

/// What the notice of a decision needs in the middle.
fn of_decision(decision: Decision, add: &mut impl FnMut(Element, &'static [&'static str])) {
    use Decision as D;
    if decision.needs_reasons() {
        add(Element::Facts, &[]);
    }
    if !decision.citation().is_empty() {
        add(Element::Basis, &[]);
    }
    if decision.needs_reasons() && decision != D::GrantedInPart {
        add(Element::Reasons, &[]);
    }
    match decision {
        D::GrantedInPart => {
            add(Element::Disclosed, &[]);
            add(Element::Withheld, &[]);
            add(Element::Delivery, &[]);
        }
        D::Granted => add(Element::Delivery, &[]),
        D::GrantedPublished | D::DeclinedPublicPublication | D::RefusedAdministrativeInquiry => {
            add(Element::Whereabouts, &[]);
        }
        D::DeclinedExcessiveRequests => add(Element::Frequency, &[]),
        D::OtherCorrectionLapsed | D::OtherFeeUnpaid => add(Element::Period, &[]),
        _ => {}
    }
    let conclusion: &'static [&'static str] = match decision {
        D::Granted => &["予以公开"],
        D::GrantedPublished => &["已主动公开", "已经主动公开"],
        D::GrantedInPart => &["部分公开", "不予公开"],
        D::RefusedStateSecret
        | D::RefusedProhibitedByLaw
        | D::RefusedSecurityStability
        | D::RefusedThirdPartyRights
        | D::RefusedInternalAffairs
        | D::RefusedDeliberativeProcess
        | D::RefusedEnforcementFile => &["不予公开"],
        D::RefusedAdministrativeInquiry => &["规定办理"],
        D::UnavailableNotHeld => &["不存在"],
        D::UnavailableNotResponsible => &["不属于本机关负责公开"],
        D::UnavailableRequiresCreation => &["不予提供", "无法提供"],
        D::UnavailableStillUnclear => &["仍不明确"],
        D::DeclinedPetitionOrComplaint => &["不作为政府信息公开申请处理"],
        D::DeclinedRepeatRequest => &["不予重复处理", "不再重复处理"],
        D::DeclinedPublicPublication => &["公开出版物"],
        D::DeclinedExcessiveRequests => &["不予处理"],
        D::DeclinedConfirmOrReissue => &["不予确认", "不予重新出具", "不予处理"],
        D::OtherCorrectionLapsed | D::OtherFeeUnpaid => &["不再处理"],
        D::OtherOther => &[],
    };
    add(Element::Conclusion, conclusion);
}
