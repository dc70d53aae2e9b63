//! 政府信息公开申请登记表: the request as registered. The form asks for no purpose (条例 arts. 27, 29).

use super::{Field, Group, Row, Sheet, day, due, ticked};
use law::Date;
use law::applicant::ApplicantClass;
use law::docket::request::{Carrier, Delivery, Wanted};
use law::receipt::Channel;

/// Who asks. Empty texts leave boxes to be filled in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Applicant {
    /// 姓名 or 名称
    pub name: String,
    /// 证件名称; for an organisation not used.
    pub document: String,
    /// 证件号码 or 统一社会信用代码
    pub document_number: String,
    /// 法定代表人 or 负责人, for an organisation.
    pub head: String,
    /// 联系人, for an organisation.
    pub contact: String,
    /// 联系电话
    pub phone: String,
    /// 电子邮箱
    pub email: String,
    /// 联系地址
    pub address: String,
    /// 邮政编码
    pub postcode: String,
    /// 代理人, with document; empty without.
    pub agent: String,
}

/// A request as registered, or an empty form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistrationForm {
    /// The authority that registers.
    pub issuer: String,
    /// 申请编号
    pub number: String,
    /// Column of table three; `None` on an empty form.
    pub class: Option<ApplicantClass>,
    /// Who asks.
    pub applicant: Applicant,
    /// 所需信息的内容描述
    pub content: String,
    /// 获取方式 and 载体形式
    pub wanted: Wanted,
    /// 收到方式
    pub channel: Option<Channel>,
    /// 申请时间
    pub asked_on: Option<Date>,
    /// 收到日期
    pub received_on: Option<Date>,
    /// 法定答复期限
    pub due_on: Option<Date>,
    /// Whether a notice of the State Council may still move the due date.
    pub provisional: bool,
    /// 登记人
    pub registrar: String,
    /// 备注
    pub note: String,
    /// The day this copy is made.
    pub printed_on: Date,
}

impl RegistrationForm {
    /// The form.
    pub fn sheet(&self) -> Sheet {
        Sheet {
            title: "政府信息公开申请登记表".to_owned(),
            issuer: self.issuer.clone(),
            corner: format!("申请编号：{}", self.number),
            groups: vec![
                Group { label: "申请人信息".to_owned(), rows: self.who() },
                Group { label: "所需信息".to_owned(), rows: self.what() },
                Group { label: "登记情况".to_owned(), rows: self.office() },
            ],
            notes: Vec::new(),
            printed_on: self.printed_on,
        }
    }

    /// The empty form for those who ask by hand: what an applicant fills in (条例第二十九条), and nothing of the office.
    pub fn to_fill_in(site: &str, printed_on: Date) -> Sheet {
        let empty = RegistrationForm {
            issuer: site.to_owned(),
            number: String::new(),
            class: None,
            applicant: Applicant::default(),
            content: String::new(),
            wanted: Wanted::default(),
            channel: None,
            asked_on: None,
            received_on: None,
            due_on: None,
            provisional: false,
            registrar: String::new(),
            note: String::new(),
            printed_on,
        };
        let whole = empty.sheet();
        Sheet {
            title: "政府信息公开申请表".to_owned(),
            corner: "受理机关：　　　　　　　　　　　　　　　".to_owned(),
            groups: whole.groups.into_iter().take(2).collect(),
            notes: vec![
                "申请不需要说明用途。请附身份证明；委托他人办理的，附授权委托书。".to_owned(),
                "邮寄的，请在信封上注明“政府信息公开申请”。书写确有困难的，可以口头提出，由受理机关代为填写。".to_owned(),
            ],
            ..whole
        }
    }

    fn who(&self) -> Vec<Row> {
        let a = &self.applicant;
        let classes = ApplicantClass::ALL.map(|class| (class.label(), self.class == Some(class)));
        let person = self.class.is_none_or(|class| class == ApplicantClass::NaturalPerson);
        let organization = self.class.is_none_or(|class| class != ApplicantClass::NaturalPerson);
        let (upper, lower) = classes.split_at(3);
        let classes = format!("{}\n{}", ticked(upper), ticked(lower));
        let mut rows = vec![
            Row::of(16, vec![Field::new("申请人类别", &classes)]),
            Row::of(11, vec![Field::new("姓名或者名称", &a.name)]),
        ];
        if person {
            rows.push(Row::of(
                11,
                vec![Field::new("证件名称", &a.document), Field::new("证件号码", &a.document_number)],
            ));
        }
        if organization {
            let code = if person { "" } else { &a.document_number };
            rows.push(Row::of(11, vec![Field::new("统一社会信用代码", code)]));
            rows.push(Row::of(11, vec![Field::new("法定代表人", &a.head), Field::new("联系人", &a.contact)]));
        }
        rows.push(Row::of(11, vec![Field::new("联系电话", &a.phone), Field::new("邮政编码", &a.postcode)]));
        rows.push(Row::of(11, vec![Field::new("电子邮箱", &a.email)]));
        rows.push(Row::of(11, vec![Field::new("联系地址", &a.address)]));
        rows.push(Row::of(11, vec![Field::new("代理人", &a.agent)]));
        let signed = format!("申请人签名或者盖章：　　　　　　{}", day(self.asked_on));
        rows.push(Row::of(16, vec![Field::signed("申请人签章", "", &signed)]));
        rows
    }

    fn what(&self) -> Vec<Row> {
        let ways = Delivery::ALL.map(|way| (way.label(), self.wanted.delivery.contains(&way)));
        let carriers = Carrier::ALL.map(|carrier| (carrier.label(), self.wanted.carrier == Some(carrier)));
        // Two lines: on one the last word would break.
        let (upper, lower) = ways.split_at(4);
        let ways = format!("{}\n{}", ticked(upper), ticked(lower));
        let other = ticked(&[("若本机关无法按照指定方式提供，也可接受其他方式", self.wanted.other_way)]);
        vec![
            Row::of(34, vec![Field::new("内容描述", &self.content)]),
            Row::of(16, vec![Field::new("获取方式", &format!("{ways}\n{other}"))]),
            Row::of(10, vec![Field::new("载体形式", &ticked(&carriers))]),
        ]
    }

    fn office(&self) -> Vec<Row> {
        let channel = self.channel.map_or("", Channel::label);
        vec![
            Row::of(
                10,
                vec![Field::new("收到方式", channel), Field::new("收到日期", &day(self.received_on))],
            ),
            Row::of(
                10,
                vec![
                    Field::new("答复期限", &due(self.due_on, self.provisional)),
                    Field::new("登记人", &self.registrar),
                ],
            ),
            Row::of(12, vec![Field::new("备注", &self.note)]),
        ]
    }
}
