//! The events of the registers as the OpenAPI document describes them. Only their shape is used: bodies are read as the
//! types of `law`, and a test compares every event and every field with those.

mod request;

pub use request::{RequestEvent, Wanted};

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
    /// 申请填写提示
    #[schema(required = false)]
    asking_hint: String,
    /// 便于查询的特征：用顿号分开，最多6项
    #[schema(required = false)]
    asking_details: String,
}

/// 解读方案
#[derive(Serialize, ToSchema)]
pub struct InterpretationPlan {
    /// 解读提纲
    outline: String,
    /// 解读形式, for example `text` or `picture`.
    forms: Vec<String>,
    /// 解读途径
    channels: String,
    /// 解读时间: `same-day` or `within-term`.
    timing: String,
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
        /// `rule`, `normative`, `official`, `information` or `interpretation`.
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
    /// 提请复审
    ReviewCalled {
        /// `secrecy-over`, `law-changed`, `asked-for`, `dispute` or `suggested`.
        trigger: String,
        /// The last day on which it is in time.
        by: Date,
        /// What happened.
        note: String,
    },
    /// 复审
    AttributeReviewed {
        /// What it is from now on: the same, or more public.
        attribute: String,
        /// Reason and article.
        reason: String,
        /// 批准人
        approved_by: String,
    },
    /// 公开
    Disclosed {
        /// Where it can be read.
        url: Option<String>,
    },
    /// 定时公开
    Scheduled {
        /// The minute, in Asia/Shanghai, for example `2026-12-01T09:00:00`.
        at: String,
    },
    /// 撤销定时公开
    ScheduleCancelled {
        /// Why.
        #[serde(skip_serializing_if = "String::is_empty")]
        reason: String,
    },
    /// 到时没有公开: recorded by the system only
    ScheduleMissed {
        /// Why.
        why: String,
    },
    /// 三统一
    Unified {
        /// 统一登记号
        registered_no: String,
        /// The office that registered, numbered and issued it.
        by: String,
    },
    /// 报送备案
    Filed {
        /// 备案机关
        with: String,
        /// 备案号
        number: Option<String>,
    },
    /// 施行
    InForce,
    /// 有效期
    ValidUntil {
        /// The last day on which it is valid.
        until: Date,
    },
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
    /// 清理结论: recorded with the closing of a clean-up only
    CleanedUp {
        /// Docket id of the clean-up.
        cleanup: String,
        /// The document that published the result.
        by: String,
        /// `kept`, `amend`, `interpret`, `repeal` or `lapse`.
        conclusion: String,
    },
    /// 解读方案
    InterpretationPlanned {
        /// What holds from now on.
        plan: InterpretationPlan,
    },
    /// 关联被解读的文件
    Interprets {
        /// Docket ids of the documents.
        documents: Vec<String>,
        /// 解读形式, for example `text` or `picture`.
        form: String,
    },
    /// 批量导入: recorded with the import of a list only
    Imported {
        /// Name of the list.
        list: String,
        /// The row in it; the headings are row 1.
        row: u32,
        /// 发布日期 as the list says it.
        published_on: Option<Date>,
        /// Where it was published then.
        url: Option<String>,
    },
    /// 在其他渠道发布
    Relayed {
        /// Docket id of the channel.
        channel: String,
        /// Where it stands there.
        url: String,
    },
    /// 公开前检查的处理: a person answers for what the check found
    Settled {
        /// Digest of what was found.
        finding: String,
        /// What it looks like.
        what: String,
        /// Where it stands.
        place: String,
        /// Why it may be public.
        reason: String,
    },
    /// 分类: replaces the former classification whole
    Classified {
        /// 主题分类: key of the second level, for example `02-01`.
        subject: Option<String>,
        /// 体裁分类, for example `notice`.
        genre: Option<String>,
        /// 服务对象
        #[schema(required = false)]
        audience: String,
        /// Keys of the columns of the platform it stands in, for example `a20-07`; at most 5.
        columns: Vec<String>,
        /// 关键词, at most 10.
        keywords: Vec<String>,
        /// 内容概述
        #[schema(required = false)]
        description: String,
    },
    /// 列入标准目录事项: in place of those named before
    Catalogued {
        /// Ids of the entries; at most 20.
        entries: Vec<String>,
    },
    /// 撤下
    Withdrawn {
        /// Why.
        reason: String,
        /// What stands at its address for everybody from then on.
        #[schema(required = false)]
        told: String,
        /// Why interpretations that explain only this document stay public; with no reason they are taken down with it.
        #[schema(required = false)]
        kept: String,
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
            "retention" | "keep" => json!("10-years"),
            "method" => json!("post"),
            "wanted" => json!({ "delivery": ["post"], "carrier": "paper", "other_way": true }),
            "profile" => json!({ "phone": "0000" }),
            "form" => json!("picture"),
            "trigger" => json!("secrecy-over"),
            "conclusion" => json!("repeal"),
            "at" => json!("2020-01-02T09:00:00"),
            "plan" => json!({
                "outline": "text", "forms": ["text"], "channels": "text", "timing": "same-day",
            }),
            "step" => json!("secrecy"),
            "system" => json!("hotline"),
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
