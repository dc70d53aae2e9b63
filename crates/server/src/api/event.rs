//! The events of the registers as the OpenAPI document describes them. Only their shape is used: bodies are read as the
//! types of `law`, and a test compares every event and every field with those.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// What can happen to a unit.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum UnitEvent {
    /// 更名
    Renamed {
        /// New full name.
        name: String,
        /// New short name.
        short_name: String,
    },
    /// 隶属关系或者汇总关系变更
    Moved {
        /// Unit id it belongs to.
        parent: Option<String>,
        /// Unit id into whose report its figures are added.
        consolidates_into: Option<String>,
    },
    /// 联系方式等信息更新 (条例第十二条)
    Described {
        /// What holds from now on.
        profile: Box<Profile>,
    },
    /// 撤销
    Closed {
        /// Unit id that takes over.
        successor: Option<String>,
    },
    /// 设立: only to replace a wrong establishment.
    Established {
        /// Short stable word.
        code: String,
        /// Full name.
        name: String,
        /// Short name.
        short_name: String,
        /// `government`, `office`, `department`, `township` or `other`.
        kind: String,
        /// `province`, `city`, `county` or `township`.
        level: String,
        /// Unit id it belongs to.
        parent: Option<String>,
        /// Unit id into whose report its figures are added.
        consolidates_into: Option<String>,
    },
}

/// Contact of the working body and words of its letters; what is not said is left out.
#[derive(Serialize, ToSchema)]
pub struct Profile {
    /// 政府信息公开工作机构名称
    #[schema(required = false)]
    working_body: String,
    /// 办公地址
    #[schema(required = false)]
    address: String,
    /// 邮政编码
    #[schema(required = false)]
    postcode: String,
    /// 办公时间
    #[schema(required = false)]
    hours: String,
    /// 联系电话
    #[schema(required = false)]
    phone: String,
    /// 传真号码
    #[schema(required = false)]
    fax: String,
    /// 电子邮箱
    #[schema(required = false)]
    email: String,
    /// 网址
    #[schema(required = false)]
    website: String,
    /// 答复文书的机关代字
    #[schema(required = false)]
    letter_code: String,
    /// 行政复议机关
    #[schema(required = false)]
    reconsideration_authority: String,
    /// 有管辖权的人民法院
    #[schema(required = false)]
    court: String,
    /// 信息处理费缴纳方式
    #[schema(required = false)]
    payment: String,
    /// 其他机关反馈意见的期限（工作日）：1至15，不填为10
    #[schema(required = false)]
    opinion_days: String,
    /// 信息处理费收款单位
    #[schema(required = false)]
    payee: String,
    /// 收款银行
    #[schema(required = false)]
    payee_bank: String,
    /// 收款账号
    #[schema(required = false)]
    payee_account: String,
}

/// What can happen to a document.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DocumentEvent {
    /// 成文
    Made {
        /// Unit id whose report counts it.
        counted_by: String,
        /// Unit id that made it.
        maker: String,
        /// `rule`, `normative` or `official`.
        category: String,
        /// 标题
        title: String,
        /// 发文字号
        number: Option<String>,
        /// 索引号
        index_number: Option<String>,
        /// `proactive`, `on-request` or `withheld`.
        attribute: String,
        /// Article and reason; required unless 主动公开.
        reason: Option<String>,
    },
    /// 公开属性动态调整
    AttributeChanged {
        /// `proactive`, `on-request` or `withheld`.
        attribute: String,
        /// Why.
        reason: String,
    },
    /// 公开
    Disclosed {
        /// Where it can be read.
        url: Option<String>,
    },
    /// 施行
    InForce,
    /// 修改
    Amended {
        /// The document that amends it.
        by: String,
    },
    /// 废止
    Repealed {
        /// The document or decision that repeals it.
        by: String,
    },
    /// 失效
    Lapsed {
        /// Why.
        reason: String,
    },
    /// 撤下
    Withdrawn {
        /// Why.
        reason: String,
    },
}

/// How the information is wanted (条例 art. 29).
#[derive(Serialize, ToSchema)]
pub struct Wanted {
    /// `post`, `email`, `fax`, `pick-up`, `inspection`.
    #[schema(required = false)]
    delivery: Vec<String>,
    /// `paper`, `electronic` or `disc`.
    carrier: Option<String>,
    /// Whether another way will do.
    #[schema(required = false)]
    other_way: bool,
}

/// A part that is withheld (条例第三十七条).
#[derive(Serialize, ToSchema)]
pub struct Withheld {
    /// Which part.
    what: String,
    /// The article, down to the paragraph or item.
    basis: String,
    /// Why.
    reason: String,
}

/// What is proposed to be decided, complete enough to write the letter from.
#[derive(Serialize, ToSchema)]
pub struct Draft {
    /// What is proposed, for example `granted`.
    decision: String,
    /// 查明的事实
    #[schema(required = false)]
    facts: String,
    /// 依据, one article each.
    basis: Vec<String>,
    /// 理由
    #[schema(required = false)]
    reasons: String,
    /// 予以公开的部分
    #[schema(required = false)]
    disclosed: Vec<String>,
    /// 不予公开的部分
    #[schema(required = false)]
    withheld: Vec<Withheld>,
    /// How the information is given, or where to turn instead.
    #[schema(required = false)]
    provided: String,
    /// 附件
    #[schema(required = false)]
    attachments: Vec<String>,
}

/// What can happen to a request.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RequestEvent {
    /// 到达: only to replace a wrong registration.
    Arrived {
        /// How it came, for example `registered-mail`.
        channel: String,
        /// Unit id it is addressed to.
        addressee: String,
        /// Unit id whose report counts it.
        counted_by: String,
        /// Column of table three, for example `natural_person`.
        class: String,
        /// What is asked for, without personal data.
        subject: String,
        /// Id of the personal record.
        applicant: Option<String>,
        /// How the information is wanted.
        #[schema(required = false)]
        wanted: Wanted,
    },
    /// 双方确认
    Confirmed {
        /// How it was confirmed, without personal data.
        #[schema(required = false)]
        evidence: String,
    },
    /// 登记
    Registered {
        /// Number per unit and year.
        number: String,
    },
    /// 审查分办
    Triaged {
        /// What was found.
        #[schema(required = false)]
        note: String,
    },
    /// 补正告知
    CorrectionNoticed {
        /// What must be corrected.
        items: Vec<String>,
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 收到补正材料
    CorrectionReceived,
    /// 说明理由告知
    ReasonsAsked {
        /// Last day for the applicant.
        reply_by: Date,
    },
    /// 收到理由
    ReasonsReceived {
        /// Whether the agency finds them reasonable; only in entries from before that was a step of its own.
        #[schema(required = false)]
        reasonable: bool,
    },
    /// 审查理由
    ReasonsJudged {
        /// `reasonable`, `deferred` or `unreasonable`; `on` is the day on which a deferral was told.
        outcome: String,
        /// The new last day, for `deferred`.
        until: Option<Date>,
        /// Why; required unless reasonable.
        #[schema(required = false)]
        opinion: String,
    },
    /// 延迟答复
    Deferred {
        /// The new last day.
        until: Date,
        /// Why.
        reason: String,
    },
    /// 承办
    Assigned {
        /// Unit id.
        unit: String,
        /// 内部时限, before the statutory one.
        until: Option<Date>,
    },
    /// 指定承办人
    OfficerNamed {
        /// Login name or account id of an officer of the handling unit; none lifts it.
        account: Option<String>,
    },
    /// 交协办单位
    Assisted {
        /// Unit id.
        unit: String,
        /// The day by which it is to answer.
        until: Date,
        /// What it is asked for.
        matter: String,
    },
    /// 协办单位反馈
    AssistanceAnswered {
        /// Unit id.
        unit: String,
        /// What it said.
        note: String,
    },
    /// 催办
    Chased {
        /// Unit id.
        unit: String,
        /// What was said.
        note: String,
    },
    /// 检索记录
    Searched {
        /// Where, with which words, and what was found.
        note: String,
    },
    /// 征求意见
    ConsultationSent {
        /// Number of the consultation within the docket.
        consultation: u32,
        /// `third-party`, `joint-agency` or `other-agency`.
        whom: String,
        /// Name of the party.
        party: String,
    },
    /// 征求意见送达
    ConsultationDelivered {
        /// Which consultation.
        consultation: u32,
    },
    /// 征求意见结束
    ConsultationClosed {
        /// Which consultation.
        consultation: u32,
        /// `consents`, `objects` or `silent`.
        opinion: String,
    },
    /// 同意延长答复期限
    ExtensionConsented {
        /// Working days, at most 20.
        days: u32,
        /// Why.
        reason: String,
    },
    /// 延长答复期限
    Extended {
        /// Working days, at most 20.
        days: u32,
        /// Person in charge who consented.
        approved_by: String,
        /// Why.
        reason: String,
    },
    /// 收费通知
    FeeNoticed {
        /// `per-request` or `per-page`.
        basis: String,
        /// Requests of the month, or pages.
        count: u32,
        /// Sum in yuan.
        yuan: u32,
    },
    /// 缴费
    FeePaid,
    /// 拟办
    Drafted {
        /// What is proposed.
        draft: Draft,
        /// The steps of the approval chain; those of the office's chain if left empty.
        chain: Vec<String>,
    },
    /// 审核审批
    Reviewed {
        /// `handler`, `secrecy`, `legality`, `working-body` or `signing`.
        step: String,
        /// Passed, or sent back.
        passed: bool,
        /// What was found; required when it is sent back.
        #[schema(required = false)]
        opinion: String,
    },
    /// 制作文书: only the letters' own address records it.
    Written {
        /// Which letter, for example `correction-notice` or `granted`.
        letter: String,
        /// Of which consultation or helping unit, from 1.
        #[schema(required = false)]
        n: Option<u32>,
        /// 文号
        #[schema(required = false)]
        number: String,
        /// Id of the sealed text.
        record: String,
        /// SM3 of the text.
        digest: String,
        /// Version of the template.
        template: u32,
    },
    /// 作出决定
    Decided {
        /// What was decided, for example `granted`.
        decision: String,
        /// 文号
        number: String,
        /// Reasons, without personal data.
        reasons: String,
    },
    /// 送达
    Served {
        /// `direct`, `entrusted`, `post` or `electronic`.
        method: String,
        /// 送达凭证, without personal data.
        #[schema(required = false)]
        evidence: String,
    },
    /// 撤回
    Withdrawn,
    /// 分案
    Split {
        /// What remains here.
        subject: String,
        /// Docket ids of the others.
        into: Vec<String>,
    },
    /// 并入其他申请
    Merged {
        /// Docket id.
        into: String,
    },
    /// 关联申请
    Linked {
        /// Docket id.
        request: String,
        /// `repeat`, `similar`, `split-from` or `merged-from`.
        relation: String,
        /// What was compared, and why it is so.
        #[schema(required = false)]
        note: String,
    },
    /// 限定知悉范围
    Restricted {
        /// Account ids; none lifts it.
        accounts: Vec<String>,
        /// Why.
        reason: String,
    },
    /// 归档
    Archived {
        /// 归档号
        file_number: String,
        /// `permanent`, `30-years` or `10-years`; required, except of entries from before it was recorded.
        #[schema(required = false)]
        retention: String,
    },
    /// 重新处理
    Reopened {
        /// Docket id of the dispute.
        dispute: String,
        /// Last day set by the order.
        until: Date,
    },
    /// 拟转主动公开
    SuggestedProactive {
        /// `agency` (several ask for it) or `applicant` (who suggested it).
        #[schema(required = false)]
        by: String,
        /// What was found or said, without personal data.
        #[schema(required = false)]
        note: String,
    },
    /// 主动公开审查
    ProactiveReviewed {
        /// `published` or `unsuitable`.
        outcome: String,
        /// 发文字号, 索引号 or docket id of the document that was published.
        document: Option<String>,
        /// Why; required for `unsuitable`.
        #[schema(required = false)]
        reason: String,
    },
}

/// What can happen to a dispute.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DisputeEvent {
    /// 申请或者起诉
    Filed {
        /// Unit id whose report counts it.
        unit: String,
        /// `reconsideration`, `direct_suit` or `suit_after_reconsideration`.
        block: String,
        /// Docket id of the request it is about.
        request: Option<String>,
        /// 案号
        number: String,
        /// 复议机关 or 法院.
        body: String,
    },
    /// 受理
    Accepted,
    /// 答复、答辩
    AnswerServed,
    /// 审结
    Decided {
        /// How it ended, for example `upheld`.
        outcome: String,
        /// Number of the decision or judgment.
        number: String,
    },
    /// 撤回
    Withdrawn,
}

/// What can happen to a request to correct a record about oneself.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum RecordCorrectionEvent {
    /// 收到
    Received {
        /// Unit id of the agency that provided the record.
        unit: String,
        /// How it came, for example `counter`.
        channel: String,
        /// Column of table three, for the form of address; it is not counted there.
        class: String,
        /// Id of the encrypted personal-data record.
        applicant: Option<String>,
        /// The record, without personal data.
        record: String,
        /// What is inaccurate, and how it should read.
        wrong: String,
        /// What proves it.
        evidence: String,
    },
    /// 审核处理
    Decided {
        /// `corrected`, `not-corrected`, `transferred` or `redirected`.
        outcome: String,
        /// The agency that has the power to correct, for `transferred` and `redirected`.
        #[schema(required = false)]
        agency: String,
        /// What was found.
        facts: String,
        /// Why; required for `not-corrected`.
        #[schema(required = false)]
        reason: String,
    },
    /// 制作文书
    Written {
        /// Always `record-correction`.
        letter: String,
        /// Not used here.
        n: Option<u32>,
        /// 文号
        #[schema(required = false)]
        number: String,
        /// Id of the sealed text.
        record: String,
        /// SM3 of the text.
        digest: String,
        /// Version of the template; 0 for the one that comes with the program.
        template: u32,
    },
    /// 告知申请人
    Told {
        /// `direct`, `entrusted`, `post` or `electronic`.
        method: String,
        /// 送达凭证
        #[schema(required = false)]
        evidence: String,
    },
    /// 申请人撤回
    Withdrawn,
}

/// What can happen to a yearly figure.
#[derive(Serialize, ToSchema)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FigureEvent {
    /// 填报
    Entered {
        /// Unit id whose report counts it.
        unit: String,
        /// Report year.
        year: i16,
        /// Key of the registry.
        key: String,
        /// The figure in `measure`.
        amount: f64,
        /// Unit as entered.
        measure: String,
        /// Who supplied it.
        source: String,
        /// Paper or file that proves it.
        evidence: Option<String>,
    },
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::de::DeserializeOwned;
    use serde_json::{Value, json};
    use std::collections::BTreeMap;
    use utoipa::PartialSchema;

    /// The variants of the schema with the names of their fields; `?` marks those that may be absent.
    fn described<T: PartialSchema>() -> BTreeMap<String, Vec<(String, Value)>> {
        let schema = serde_json::to_value(T::schema()).unwrap();
        let variant = |v: &Value| {
            let fields = v["properties"].as_object().unwrap();
            let name = fields["type"]["enum"][0].as_str().unwrap().to_owned();
            let rest = fields.iter().filter(|(k, _)| *k != "type");
            (name, rest.map(|(k, s)| (k.clone(), s.clone())).collect())
        };
        schema["oneOf"].as_array().unwrap().iter().map(variant).collect()
    }

    /// The variants `law` knows: its own error message lists them.
    fn known<E: DeserializeOwned>() -> Vec<String> {
        let Err(error) = serde_json::from_value::<E>(json!({ "type": "?" })) else { panic!("no such event") };
        let text = error.to_string();
        let mut names: Vec<String> = text.split('`').skip(3).step_by(2).map(str::to_owned).collect();
        names.sort();
        names
    }

    /// A value `law` accepts for a field of this name.
    fn sample(field: &str, schema: &Value) -> Value {
        match field {
            "kind" => json!("office"),
            "level" => json!("county"),
            "category" => json!("official"),
            "attribute" => json!("proactive"),
            "channel" => json!("counter"),
            "class" => json!("natural_person"),
            "whom" => json!("third-party"),
            "opinion" => json!("consents"),
            "basis" => json!("per-page"),
            "decision" => json!("granted"),
            "retention" => json!("10-years"),
            "method" => json!("post"),
            "wanted" => json!({ "delivery": ["post"], "carrier": "paper", "other_way": true }),
            "profile" => json!({ "phone": "0000" }),
            "step" => json!("secrecy"),
            "relation" => json!("repeat"),
            "letter" => json!("granted"),
            "chain" => json!(["signing"]),
            "draft" => json!({
                "decision": "granted-in-part", "facts": "text", "basis": ["text"], "reasons": "text",
                "disclosed": ["text"],
                "withheld": [{ "what": "text", "basis": "text", "reason": "text" }],
                "provided": "text", "attachments": ["text"],
            }),
            "by" if schema["description"].as_str().is_some_and(|d| d.starts_with("`agency`")) => {
                json!("applicant")
            }
            "block" => json!("direct_suit"),
            "outcome" if schema["description"].as_str().is_some_and(|d| d.starts_with("`reasonable`")) => {
                json!("deferred")
            }
            "outcome" if schema["description"].as_str().is_some_and(|d| d.starts_with("`corrected`")) => {
                json!("transferred")
            }
            "outcome" if schema["description"].as_str().is_some_and(|d| d.starts_with("`published`")) => {
                json!("unsuitable")
            }
            "outcome" => json!("upheld"),
            _ => {
                let kind = &schema["type"];
                let kind = kind.as_str().or_else(|| kind[0].as_str()).unwrap_or("string");
                match (kind, schema["format"].as_str()) {
                    ("string", Some("date")) => json!("2020-01-02"),
                    ("string", _) => json!("text"),
                    ("integer", _) => json!(1),
                    ("number", _) => json!(1.5),
                    ("boolean", _) => json!(true),
                    ("array", _) => json!(["text"]),
                    other => panic!("{field}: {other:?}"),
                }
            }
        }
    }

    fn same<T: PartialSchema, E: DeserializeOwned + Serialize>() {
        let described = described::<T>();
        assert_eq!(described.keys().cloned().collect::<Vec<_>>(), known::<E>());
        for (name, fields) in described {
            let mut body = json!({ "type": name });
            for (field, schema) in &fields {
                body[field] = sample(field, schema);
            }
            let event: E = serde_json::from_value(body.clone()).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(serde_json::to_value(&event).unwrap(), body, "{name}: a field is missing or too many");
        }
    }

    #[test]
    fn the_events_are_those_of_the_law() {
        same::<UnitEvent, law::docket::unit::UnitEvent>();
        same::<DocumentEvent, law::docket::document::DocumentEvent>();
        same::<RequestEvent, law::docket::request::RequestEvent>();
        same::<DisputeEvent, law::docket::dispute::DisputeEvent>();
        same::<RecordCorrectionEvent, law::docket::record_correction::RecordCorrectionEvent>();
        same::<FigureEvent, law::docket::figure::FigureEvent>();
    }
}
