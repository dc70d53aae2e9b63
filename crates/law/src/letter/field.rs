//! The fields (合并字段) a template may use: their Chinese names, what they hold, and which element of the letter they
//! give. A template that uses any other name is refused.

use super::{Element, Letter};
use crate::decision::Decision;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Words; may have several lines.
    Text,
    /// Several texts, for `{% for %}`.
    List,
    /// Several rows, for `{% for %}`; each has these columns.
    Rows(&'static [&'static str]),
}

impl Shape {
    /// What help texts call it.
    pub fn label(self) -> &'static str {
        match self {
            Shape::Text => "文字",
            Shape::List => "列表",
            Shape::Rows(_) => "表格",
        }
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// For [`Shape::Text`].
    Text(String),
    /// For [`Shape::List`].
    List(Vec<String>),
    /// For [`Shape::Rows`]: columns by name.
    Rows(Vec<BTreeMap<String, String>>),
}

impl Value {
    /// Whether it has this shape, and its rows no other columns.
    pub fn is(&self, shape: Shape) -> bool {
        match (self, shape) {
            (Value::Text(_), Shape::Text) | (Value::List(_), Shape::List) => true,
            // An empty list reads the same for both.
            (Value::List(items), Shape::Rows(_)) => items.is_empty(),
            (Value::Rows(rows), Shape::List) => rows.is_empty(),
            (Value::Rows(rows), Shape::Rows(columns)) => {
                rows.iter().all(|row| row.keys().all(|key| columns.contains(&key.as_str())))
            }
            _ => false,
        }
    }

    /// Every text in it, in order; blank ones left out.
    pub fn texts(&self) -> Vec<&str> {
        let all: Vec<&str> = match self {
            Value::Text(text) => vec![text],
            Value::List(items) => items.iter().map(String::as_str).collect(),
            Value::Rows(rows) => rows.iter().flat_map(BTreeMap::values).map(String::as_str).collect(),
        };
        all.into_iter().filter(|t| !t.trim().is_empty()).collect()
    }
}

/// Values by the name of their field.
pub type Values = BTreeMap<String, Value>;

/// A field as a letter offers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// The name in templates, Chinese.
    pub name: &'static str,
    /// One line for the person who edits a template.
    pub about: &'static str,
    /// What it holds.
    pub shape: Shape,
    /// The element it gives to the letter.
    pub element: Option<Element>,
    /// Whether the letter cannot be finished without it.
    pub needed: bool,
}

/// Name, explanation, shape, element. The order is that of help texts.
pub(super) type Line = (&'static str, &'static str, Shape, Option<Element>);

const WITHHELD: Shape = Shape::Rows(&["内容", "依据", "理由"]);
const FEES: Shape = Shape::Rows(&["计费档次", "数量", "单价", "金额"]);

pub(super) const FIELDS: &[Line] = &[
    ("机关名称", "作出文书的机关全称", Shape::Text, Some(Element::Issuer)),
    ("文号", "发文字号，如某政公开〔2026〕12号", Shape::Text, Some(Element::Number)),
    ("成文日期", "签发文书的日期，如2026年3月20日", Shape::Text, Some(Element::MadeOn)),
    ("申请人", "申请人的姓名或者名称", Shape::Text, Some(Element::Addressee)),
    ("称谓", "对收件人的称呼，自然人用“您”，单位用“贵单位”", Shape::Text, None),
    ("第三方", "被征求意见或者被告知的第三方", Shape::Text, Some(Element::Addressee)),
    ("共同制作机关", "共同制作该信息的机关", Shape::Text, Some(Element::Addressee)),
    ("征求意见机关", "被征求意见的其他机关", Shape::Text, Some(Element::Addressee)),
    ("承办单位", "承办或者协助办理的单位", Shape::Text, Some(Element::Addressee)),
    ("申请编号", "登记时编的申请编号", Shape::Text, Some(Element::RequestNumber)),
    ("收到日期", "依照条例第三十一条确定的收到申请之日", Shape::Text, Some(Element::ReceivedOn)),
    ("收到方式", "收到申请的渠道，如邮寄、当面提交、互联网", Shape::Text, Some(Element::Channel)),
    ("补正收到日期", "收到补正材料的日期，没有补正的留空", Shape::Text, None),
    ("申请内容", "申请人要求公开的内容，照录原文", Shape::Text, Some(Element::RequestText)),
    ("答复期限", "法定答复期限届满的日期", Shape::Text, Some(Element::DueOn)),
    ("查询码", "申请人查询办理进度的查询码，没有的留空", Shape::Text, None),
    ("查询方式", "在哪里查询办理进度，没有的留空", Shape::Text, None),
    ("法定期限", "法律规定的期限，由系统按日期生成，如15个工作日", Shape::Text, Some(Element::Period)),
    ("补正事项", "需要补正的事项，一次性全部列出", Shape::List, Some(Element::CorrectionItems)),
    ("补正期限", "补正截止的日期", Shape::Text, Some(Element::Period)),
    ("补正告知日期", "告知补正的日期", Shape::Text, None),
    ("补正方式", "补正材料怎样提交，没有的留空", Shape::Text, None),
    ("申请情况", "申请的数量、频次和涉及的内容", Shape::Text, Some(Element::Frequency)),
    ("说明理由期限", "说明理由截止的日期", Shape::Text, Some(Element::Period)),
    ("说明理由情况", "申请人说明的理由，逾期未说明的写明", Shape::Text, None),
    ("延迟理由", "不能在规定期限内答复的理由", Shape::Text, Some(Element::Reasons)),
    ("延迟期限", "延迟后的答复日期", Shape::Text, Some(Element::Period)),
    ("延长理由", "需要延长答复期限的理由", Shape::Text, Some(Element::Reasons)),
    ("延长天数", "延长多少个工作日，如20个工作日", Shape::Text, Some(Element::Period)),
    ("延长后答复期限", "延长以后答复期限届满的日期", Shape::Text, Some(Element::DueOn)),
    ("拟公开内容", "可能涉及对方权益、需要征求意见的内容", Shape::List, Some(Element::Asked)),
    ("征求意见对象", "正在征求谁的意见，如第三方、某机关", Shape::Text, Some(Element::Asked)),
    ("征求意见发出日期", "征求意见书发出的日期", Shape::Text, None),
    ("征求事项", "需要对方提出意见的事项", Shape::List, Some(Element::Asked)),
    ("信息名称", "共同制作的政府信息的名称、文号", Shape::Text, Some(Element::Asked)),
    ("反馈期限", "请对方反馈意见的截止日期", Shape::Text, Some(Element::Period)),
    ("第三方意见", "第三方的意见和理由，逾期未答复的写明", Shape::Text, None),
    ("公开内容", "决定公开的内容", Shape::Text, Some(Element::Disclosed)),
    ("公开日期", "向申请人提供的日期，没有确定的留空", Shape::Text, None),
    ("办理要求", "要求承办单位办理的事项", Shape::List, Some(Element::Asked)),
    ("办理期限", "内部办理截止的日期，早于法定期限", Shape::Text, Some(Element::Period)),
    ("收费标准", "适用的计收方式和标准", Shape::Text, Some(Element::FeeStandard)),
    ("收费明细", "分档计算的明细，没有的留空", FEES, None),
    ("收费数额", "应缴数额，如2700元", Shape::Text, Some(Element::FeeAmount)),
    ("缴纳方式", "在哪里、怎样缴纳", Shape::Text, Some(Element::FeePayment)),
    ("缴费告知日期", "送达收费通知书的日期", Shape::Text, None),
    ("缴费期限", "缴费期限届满的日期", Shape::Text, Some(Element::Period)),
    ("更正事项", "申请更正的记录和要求，照录原文", Shape::Text, Some(Element::RequestText)),
    ("处理结果", "怎样处理，用一句话写明", Shape::Text, Some(Element::Conclusion)),
    ("查明事实", "检索、核实、征求意见等查明的事实", Shape::Text, Some(Element::Facts)),
    ("依据", "法律依据，具体到条、款、项", Shape::Text, Some(Element::Basis)),
    ("理由", "为什么这样决定", Shape::Text, Some(Element::Reasons)),
    ("公开部分", "予以公开的内容，逐项列出", Shape::List, Some(Element::Disclosed)),
    ("不予公开部分", "不予公开的内容，逐项写明依据和理由", WITHHELD, Some(Element::Withheld)),
    ("提供方式", "怎样提供，如邮寄纸质复印件3页", Shape::Text, Some(Element::Delivery)),
    ("公开途径", "已主动公开的网址、名称、文号或者查阅场所", Shape::Text, Some(Element::Whereabouts)),
    ("获取途径", "在哪里可以获取该出版物", Shape::Text, Some(Element::Whereabouts)),
    ("办理途径", "依照什么规定、到哪里办理", Shape::Text, Some(Element::Whereabouts)),
    ("负责机关", "负责公开该信息的机关，不能确定的留空", Shape::Text, None),
    ("负责机关联系方式", "负责机关的地址和电话，不能确定的留空", Shape::Text, None),
    ("投诉渠道", "信访、投诉、举报的办理机构和途径，没有的留空", Shape::Text, None),
    ("原答复日期", "以前就同一内容作出答复的日期", Shape::Text, None),
    ("原答复文号", "以前就同一内容作出答复的文号", Shape::Text, None),
    ("附件", "随文书提供的材料名称和页数，没有的留空", Shape::List, None),
    (
        "救济途径",
        "行政复议、行政诉讼的途径和期限，由系统按决定和日期生成",
        Shape::Text,
        Some(Element::Remedies),
    ),
    ("复议网上渠道", "提交行政复议申请的互联网渠道，没有的留空", Shape::Text, None),
    ("联系方式", "联系人、电话和地址", Shape::Text, Some(Element::Contact)),
];

impl Letter {
    /// The fields its template may use, in the order of the help text: first those without which the letter cannot be
    /// finished, as [`Field::needed`] says of each.
    pub fn fields(self) -> Vec<Field> {
        let (needed, optional) = self.names();
        let named = |name: &&str| needed.contains(name) || optional.contains(name);
        let lines = FIELDS.iter().filter(|line| named(&line.0));
        let field = |&(name, about, shape, element): &Line| {
            let needed = needed.contains(&name);
            Field { name, about, shape, element, needed }
        };
        let mut fields: Vec<Field> = lines.map(field).collect();
        fields.sort_by_key(|f| !f.needed);
        fields
    }

    /// The field with this name, if the letter has it.
    pub fn field(self, name: &str) -> Option<Field> {
        self.fields().into_iter().find(|f| f.name == name)
    }

    /// What the values give to the letter, for [`missing`](super::missing).
    pub fn said(self, values: &Values) -> Vec<(Element, String)> {
        let mut said = Vec::new();
        for field in self.fields() {
            if let (Some(element), Some(value)) = (field.element, values.get(field.name)) {
                said.extend(value.texts().into_iter().map(|text| (element, text.to_owned())));
            }
        }
        said
    }

    /// The names of the needed and of the optional fields.
    pub(super) fn names(self) -> (Vec<&'static str>, Vec<&'static str>) {
        let (mut needed, mut optional) = match self {
            Letter::Decision(decision) => of_decision(decision),
            other => other.of_procedure(),
        };
        if needed.contains(&"申请人") || needed.contains(&"第三方") {
            needed.push("称谓");
        }
        needed.extend(["联系方式", "机关名称", "成文日期"]);
        if self.needs_number() {
            needed.push("文号")
        } else {
            optional.push("文号")
        }
        if self.needs_remedies() {
            needed.push("救济途径");
            optional.push("复议网上渠道");
        }
        (needed, optional)
    }

    fn of_procedure(self) -> (Vec<&'static str>, Vec<&'static str>) {
        let (needed, optional): (&[&str], &[&str]) = match self {
            Letter::Receipt => (
                &["申请人", "申请编号", "收到日期", "收到方式", "申请内容", "答复期限"],
                &["查询码", "查询方式"],
            ),
            Letter::Correction => (
                &["申请人", "收到日期", "申请内容", "补正事项", "补正期限"],
                &["申请编号", "收到方式", "补正方式"],
            ),
            Letter::Reasons => {
                (&["申请人", "申请情况", "说明理由期限"], &["申请编号", "收到日期", "申请内容"])
            }
            Letter::Deferral => (
                &["申请人", "申请情况", "延迟理由", "延迟期限"],
                &["申请编号", "收到日期", "申请内容", "说明理由情况"],
            ),
            Letter::Extension => (
                &["申请人", "收到日期", "申请内容", "延长理由", "延长天数", "延长后答复期限"],
                &["申请编号", "收到方式", "补正收到日期"],
            ),
            Letter::ThirdParty => {
                (&["第三方", "申请内容", "拟公开内容", "法定期限"], &["申请编号", "收到日期", "附件"])
            }
            Letter::ConsultationNotice => (
                &["申请人", "收到日期", "申请内容", "征求意见对象"],
                &["申请编号", "收到方式", "征求意见发出日期"],
            ),
            Letter::ThirdPartyNotice => {
                (&["第三方", "公开内容", "查明事实", "理由"], &["申请内容", "第三方意见", "公开日期", "附件"])
            }
            Letter::JointAgency => {
                (&["共同制作机关", "申请内容", "信息名称", "法定期限"], &["申请编号", "收到日期", "附件"])
            }
            Letter::OtherAgency => {
                (&["征求意见机关", "申请内容", "征求事项", "反馈期限"], &["申请编号", "收到日期", "附件"])
            }
            Letter::Assistance => (
                &["承办单位", "申请编号", "收到日期", "申请内容", "办理要求", "办理期限", "答复期限"],
                &["收到方式", "申请人", "附件"],
            ),
            Letter::Fee => (
                &["申请人", "收到日期", "申请内容", "收费标准", "收费数额", "缴纳方式", "法定期限"],
                &["申请编号", "收到方式", "收费明细"],
            ),
            Letter::RecordCorrection => (
                &["申请人", "收到日期", "更正事项", "查明事实", "处理结果"],
                &["申请编号", "收到方式", "理由", "附件"],
            ),
            Letter::Decision(_) => (&[], &[]),
        };
        (needed.to_vec(), optional.to_vec())
    }
}

fn of_decision(decision: Decision) -> (Vec<&'static str>, Vec<&'static str>) {
    use Decision as D;
    let mut needed = vec!["申请人", "申请编号", "收到日期", "收到方式", "申请内容"];
    let mut optional = vec!["补正收到日期", "附件"];
    let mut put = |name, must: bool| if must { needed.push(name) } else { optional.push(name) };
    put("依据", !decision.citation().is_empty());
    put("查明事实", decision.needs_reasons());
    put("理由", decision.needs_reasons() && decision != D::GrantedInPart);
    let (must, may): (&[&str], &[&str]) = match decision {
        D::Granted => (&["提供方式"], &["公开内容"]),
        D::GrantedPublished => (&["公开途径"], &[]),
        D::GrantedInPart => (&["公开部分", "不予公开部分", "提供方式"], &[]),
        D::RefusedThirdPartyRights => (&[], &["第三方意见"]),
        D::RefusedAdministrativeInquiry => (&["办理途径"], &[]),
        D::UnavailableNotResponsible => (&[], &["负责机关", "负责机关联系方式"]),
        D::UnavailableStillUnclear => (&[], &["补正告知日期"]),
        D::DeclinedPetitionOrComplaint => (&[], &["投诉渠道"]),
        D::DeclinedRepeatRequest => (&[], &["原答复日期", "原答复文号"]),
        D::DeclinedPublicPublication => (&["获取途径"], &[]),
        D::DeclinedExcessiveRequests => (&["申请情况"], &["说明理由情况"]),
        D::OtherCorrectionLapsed => (&["补正期限"], &["补正告知日期"]),
        D::OtherFeeUnpaid => (&["缴费期限"], &["缴费告知日期", "收费数额"]),
        D::OtherOther => (&["处理结果"], &[]),
        _ => (&[], &[]),
    };
    needed.extend(must);
    optional.extend(may);
    (needed, optional)
}
