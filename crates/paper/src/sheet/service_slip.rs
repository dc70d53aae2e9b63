//! 送达回证: the proof that a letter was served.

use super::{Field, Group, Row, Sheet, day, ticked};
use law::Date;
use law::docket::request::ServiceMethod;

/// What stands on a slip before it goes out. Empty texts leave boxes to be filled in by hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceSlip {
    /// The authority that serves.
    pub issuer: String,
    /// 申请编号
    pub request: String,
    /// 受送达人
    pub recipient: String,
    /// 文书名称及文号, each a line.
    pub documents: Vec<String>,
    /// 送达方式
    pub method: Option<ServiceMethod>,
    /// 送达地点
    pub place: String,
    /// The number of the mail, for service by post.
    pub mail_number: String,
    /// 交邮日期, for service by post.
    pub mailed_on: Option<Date>,
    /// 备注
    pub note: String,
    /// The day this copy is made.
    pub printed_on: Date,
}

impl ServiceSlip {
    /// The form.
    pub fn sheet(&self) -> Sheet {
        let ways = [
            ("直接送达", ServiceMethod::Direct),
            ("委托送达", ServiceMethod::Entrusted),
            ("邮寄送达", ServiceMethod::Post),
            ("电子送达", ServiceMethod::Electronic),
        ];
        let ways = ways.map(|(label, way)| (label, self.method == Some(way)));
        let received = "签名或者盖章：　　　　　　　　年　　月　　日　　时";
        let rows = vec![
            Row::of(12, vec![Field::new("受送达人", &self.recipient)]),
            Row::of(22, vec![Field::new("文书名称及文号", &self.documents.join("\n"))]),
            Row::of(12, vec![Field::new("送达方式", &ticked(&ways))]),
            Row::of(12, vec![Field::new("送达地点", &self.place)]),
            Row::of(
                12,
                vec![Field::new("邮件号码", &self.mail_number), Field::new("交邮日期", &day(self.mailed_on))],
            ),
            Row::of(32, vec![Field::signed("受送达人签收", "", received)]),
            Row::of(32, vec![Field::signed("代收人签收", "与受送达人的关系：\n代收理由：", received)]),
            Row::of(26, vec![Field::signed("不能送达的情况", "", "送达人：　　　　　见证人：　　　　　")]),
            Row::of(20, vec![Field::new("备注", &self.note)]),
        ];
        Sheet {
            title: "送达回证".to_owned(),
            issuer: self.issuer.clone(),
            corner: format!("申请编号：{}", self.request),
            groups: vec![Group { label: String::new(), rows }],
            notes: vec![
                "直接送达和委托送达的，以签收之日为送达日期；邮寄送达的，通过邮政企业交寄，以交邮之日为答复日期。".to_owned(),
                "签收后请将本回证交回送达机关。".to_owned(),
            ],
            printed_on: self.printed_on,
        }
    }
}
