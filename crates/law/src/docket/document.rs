//! The docket of a document (公文): made, given its disclosure attribute, disclosed, in force, ended.
//!
//! Publication is due within 20 working days of the information being formed or changed (条例第二十六条); the attribute
//! is reviewed again later (条例第十八条). The index number (索引号) never changes, so no event can change it. Tallies
//! feed item (一) of table two of the annual report.
//!
//! An interpretation (政策解读) is kept here too: it is written, checked, published and taken down as a document is, and
//! linked to the documents it explains. So is other information that is published and is no document, a guide for example.
//! Neither counts among documents.

use super::interpretation::{Form, Plan, Timing};
use super::{Recorded, Tally, in_force};
use crate::Refusal;
use crate::classification::Classification;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The category of a document: how the annual report counts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// 规章
    Rule,
    /// 行政规范性文件
    Normative,
    /// 其他公文
    Official,
    /// 其他政府信息: no document, but published like one: a guide, an agency's functions, statistics (条例第十二条、第二十条).
    Information,
    /// 政策解读: no document, but what explains one.
    Interpretation,
}

impl Category {
    /// All categories.
    pub const ALL: [Category; 5] = [
        Category::Rule,
        Category::Normative,
        Category::Official,
        Category::Information,
        Category::Interpretation,
    ];

    /// Those that are entered by hand; an interpretation is registered from the document it explains.
    pub const ENTERED: [Category; 4] =
        [Category::Rule, Category::Normative, Category::Official, Category::Information];

    /// Stored key, also the middle word of the tallies.
    pub fn key(self) -> &'static str {
        match self {
            Category::Rule => "rule",
            Category::Normative => "normative",
            Category::Official => "official",
            Category::Information => "information",
            Category::Interpretation => "interpretation",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Category::Rule => "规章",
            Category::Normative => "行政规范性文件",
            Category::Official => "其他公文",
            Category::Information => "其他政府信息",
            Category::Interpretation => "政策解读",
        }
    }

    /// The category with this key or label.
    pub fn parse(text: &str) -> Option<Category> {
        Self::ALL.into_iter().find(|c| c.key() == text || c.label() == text)
    }

    /// Whether it is a document (公文), which the figures of documents count.
    pub fn is_document(self) -> bool {
        matches!(self, Category::Rule | Category::Normative | Category::Official)
    }

    /// True for rules and normative documents, which come into force and end.
    pub fn has_force(self) -> bool {
        matches!(self, Category::Rule | Category::Normative)
    }
}

/// 公开属性
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DisclosureAttribute {
    /// 主动公开
    Proactive,
    /// 依申请公开
    OnRequest,
    /// 不予公开
    Withheld,
}

impl DisclosureAttribute {
    /// All attributes.
    pub const ALL: [DisclosureAttribute; 3] =
        [DisclosureAttribute::Proactive, DisclosureAttribute::OnRequest, DisclosureAttribute::Withheld];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            DisclosureAttribute::Proactive => "proactive",
            DisclosureAttribute::OnRequest => "on-request",
            DisclosureAttribute::Withheld => "withheld",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            DisclosureAttribute::Proactive => "主动公开",
            DisclosureAttribute::OnRequest => "依申请公开",
            DisclosureAttribute::Withheld => "不予公开",
        }
    }

    /// The note (附注) printed below the date; nothing for withheld documents.
    pub fn note(self) -> Option<&'static str> {
        match self {
            DisclosureAttribute::Proactive => Some("(此件公开发布)"),
            DisclosureAttribute::OnRequest => Some("(此件依申请公开)"),
            DisclosureAttribute::Withheld => None,
        }
    }

    /// The attribute with this key or label.
    pub fn parse(text: &str) -> Option<DisclosureAttribute> {
        Self::ALL.into_iter().find(|a| a.key() == text || a.label() == text)
    }
}

/// 有效性
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Validity {
    /// 有效
    InForce,
    /// 已修改
    Amended,
    /// 失效
    Lapsed,
    /// 废止
    Repealed,
}

impl Validity {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Validity::InForce => "有效",
            Validity::Amended => "已修改",
            Validity::Lapsed => "失效",
            Validity::Repealed => "废止",
        }
    }
}

/// What can happen to a document. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum DocumentEvent {
    /// 成文: `effective_on` is the date of making.
    Made {
        /// Unit whose report counts it.
        counted_by: String,
        /// Unit that made it, or the government the unit serves.
        maker: String,
        /// 规章, 行政规范性文件 or another document.
        category: Category,
        /// 标题
        title: String,
        /// 发文字号
        number: Option<String>,
        /// 索引号; never changes.
        index_number: Option<String>,
        /// 公开属性
        attribute: DisclosureAttribute,
        /// Article and reason; required unless 主动公开.
        reason: Option<String>,
    },
    /// 公开属性动态调整 (条例第十八条)
    AttributeChanged {
        /// The new attribute.
        attribute: DisclosureAttribute,
        /// Why.
        reason: String,
    },
    /// 公开: `effective_on` is the date of publication.
    Disclosed {
        /// Where it can be read.
        url: Option<String>,
    },
    /// 施行: the effective date of a rule or normative document.
    InForce,
    /// 有效期: the last day on which it is valid, in place of the former; a later day extends it.
    ValidUntil {
        /// The last day.
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
    /// 解读方案 of the document (国办发〔2016〕19号): what holds from now on, in place of the former.
    InterpretationPlanned {
        /// The plan.
        plan: Plan,
    },
    /// 关联被解读的文件: what an interpretation explains, in place of what was named before.
    Interprets {
        /// Ids of the documents.
        documents: Vec<String>,
        /// 解读形式
        form: Form,
    },
    /// 公开前检查的处理: a person has looked at what the check found and answers for it. The words found stand in no
    /// docket, because they may be personal data.
    Settled {
        /// Digest of what was found.
        finding: String,
        /// What it looks like, for example 手机号码.
        what: String,
        /// Where it stands, for example 正文第3段.
        place: String,
        /// Why it may be public.
        reason: String,
    },
    /// 分类: replaces the former classification whole. It publishes nothing.
    Classified(Box<Classification>),
    /// 撤下: no longer public.
    Withdrawn {
        /// Why, for the office.
        reason: String,
        /// 对外说明: what stands at its address from then on; only the day if there is none.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        told: String,
    },
}

/// Months before the end of its validity in which a normative document is evaluated: kept, amended or let lapse. One
/// local rule is known to say six; no national one says.
pub const REVIEW_MONTHS: i32 = 6;

/// What changed the force of a document (立改废): every change is kept with the document that caused it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ForceChange {
    /// The day.
    pub on: Date,
    /// What it is from then on.
    pub validity: Validity,
    /// The document that caused it, or the reason.
    pub by: String,
}

/// What an interpretation explains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interprets {
    /// Ids of the documents.
    pub documents: Vec<String>,
    /// 解读形式
    pub form: Form,
}

/// Where a document stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report counts it.
    pub counted_by: String,
    /// Unit that made it.
    pub maker: String,
    /// Category.
    pub category: Category,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 索引号
    pub index_number: Option<String>,
    /// 公开属性 now.
    pub attribute: DisclosureAttribute,
    /// Reason of the attribute.
    pub reason: Option<String>,
    /// Since when the attribute is what it is.
    pub attribute_since: Date,
    /// 成文日期
    pub made_on: Date,
    /// First publication.
    pub disclosed_on: Option<Date>,
    /// Where it can be read.
    pub url: Option<String>,
    /// True while it is public.
    pub public: bool,
    /// Last withdrawal.
    pub withdrawn_on: Option<Date>,
    /// What stands at its address since; may be empty.
    pub withdrawal_told: String,
    /// First day in force, for rules and normative documents: the date of the event, or the date of making.
    pub in_force_on: Option<Date>,
    /// 有效期至: the last day on which it is valid, if it has one.
    pub valid_until: Option<Date>,
    /// Last amendment.
    pub amended_on: Option<Date>,
    /// Day of repeal or lapse.
    pub ended_on: Option<Date>,
    /// 有效性; none for documents without force of their own.
    pub validity: Option<Validity>,
    /// What changed its force, in order of date.
    pub changes: Vec<ForceChange>,
    /// Publications and withdrawals in order of date; `true` for a publication.
    pub publications: Vec<(Date, bool)>,
    /// How it is classified now.
    pub classification: Classification,
    /// Digests of what the check before publication found and a person answers for.
    pub settled: BTreeSet<String>,
    /// 解读方案
    pub plan: Option<Plan>,
    /// Of an interpretation: what it explains.
    pub interprets: Option<Interprets>,
    explicit_force: bool,
    /// Since when what replaces itself whole is as it is, by the name of the event.
    since: BTreeMap<String, Date>,
}

/// The name of an event that takes the place of the last one of its kind.
fn replaces(event: &DocumentEvent) -> Option<&'static str> {
    Some(match event {
        DocumentEvent::Classified(_) => "classified",
        DocumentEvent::InterpretationPlanned { .. } => "interpretation-planned",
        DocumentEvent::Interprets { .. } => "interprets",
        DocumentEvent::ValidUntil { .. } => "valid-until",
        _ => return None,
    })
}

impl Standing {
    /// Folds a docket in the order of legal dates; `None` if it is empty or its making was voided.
    pub fn of(docket: &[Recorded<DocumentEvent>]) -> Option<Standing> {
        let mut events = in_force(docket);
        // The making comes first whatever was entered; late entries take the place of their legal date.
        events.sort_by_key(|e| (!matches!(e.event, DocumentEvent::Made { .. }), e.on));
        let (first, rest) = events.split_first()?;
        let mut s = Self::made(first.event, first.on)?;
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn made(event: &DocumentEvent, on: Date) -> Option<Standing> {
        let DocumentEvent::Made {
            counted_by,
            maker,
            category,
            title,
            number,
            index_number,
            attribute,
            reason,
        } = event
        else {
            return None;
        };
        Some(Standing {
            counted_by: counted_by.clone(),
            maker: maker.clone(),
            category: *category,
            title: title.clone(),
            number: number.clone(),
            index_number: index_number.clone(),
            attribute: *attribute,
            reason: reason.clone(),
            attribute_since: on,
            made_on: on,
            disclosed_on: None,
            url: None,
            public: false,
            withdrawn_on: None,
            withdrawal_told: String::new(),
            changes: Vec::new(),
            in_force_on: category.has_force().then_some(on),
            valid_until: None,
            amended_on: None,
            ended_on: None,
            validity: category.has_force().then_some(Validity::InForce),
            publications: Vec::new(),
            classification: Classification::default(),
            settled: BTreeSet::new(),
            plan: None,
            interprets: None,
            explicit_force: false,
            since: BTreeMap::new(),
        })
    }

    fn apply(&mut self, event: &DocumentEvent, on: Date) {
        if let Some(name) = replaces(event) {
            self.since.insert(name.to_owned(), on);
        }
        match event {
            DocumentEvent::Made { .. } => {}
            DocumentEvent::AttributeChanged { attribute, reason } => {
                self.attribute = *attribute;
                self.reason = Some(reason.clone());
                self.attribute_since = on;
            }
            DocumentEvent::Disclosed { url } => {
                self.disclosed_on.get_or_insert(on);
                self.url.clone_from(url);
                if !self.public {
                    self.publications.push((on, true));
                }
                self.public = true;
            }
            DocumentEvent::Withdrawn { told, .. } => {
                self.withdrawal_told.clone_from(told);
                if self.public {
                    self.publications.push((on, false));
                }
                self.public = false;
                self.withdrawn_on = Some(on);
            }
            DocumentEvent::InForce => {
                self.in_force_on = Some(on);
                self.explicit_force = true;
            }
            DocumentEvent::ValidUntil { until } => self.valid_until = Some(*until),
            DocumentEvent::Amended { by } => {
                self.amended_on = Some(on);
                self.changes.push(ForceChange { on, validity: Validity::Amended, by: by.clone() });
                if self.validity == Some(Validity::InForce) {
                    self.validity = Some(Validity::Amended);
                }
            }
            DocumentEvent::Settled { finding, .. } => {
                self.settled.insert(finding.clone());
            }
            DocumentEvent::InterpretationPlanned { plan } => self.plan = Some(plan.clone()),
            DocumentEvent::Interprets { documents, form } => {
                self.interprets = Some(Interprets { documents: documents.clone(), form: *form });
            }
            DocumentEvent::Classified(classification) => {
                self.classification = classification.as_ref().clone();
            }
            DocumentEvent::Repealed { by } => self.end(Validity::Repealed, on, by),
            DocumentEvent::Lapsed { reason } => self.end(Validity::Lapsed, on, reason),
        }
    }

    fn end(&mut self, how: Validity, on: Date, by: &str) {
        if self.ended_on.is_none() {
            self.ended_on = Some(on);
            self.validity = Some(how);
            self.changes.push(ForceChange { on, validity: how, by: by.to_owned() });
        }
    }

    /// The day from which the 20 working days of 条例第二十六条 run: the day it was formed or became 主动公开.
    ///
    /// `None` if it is public already or need not be published.
    pub fn publish_due_from(&self) -> Option<Date> {
        let due = self.attribute == DisclosureAttribute::Proactive && !self.public && self.ended_on.is_none();
        due.then_some(self.attribute_since)
    }

    /// The day of first publication from which the interpretation is due, and how soon, where one is planned.
    pub fn interpretation_due_from(&self) -> Option<(Date, Timing)> {
        Some((self.disclosed_on?, self.plan.as_ref()?.timing))
    }

    /// Whether everybody may read it: it is 主动公开, and was disclosed and not taken down since.
    pub fn everybody_reads(&self) -> bool {
        self.public && self.attribute == DisclosureAttribute::Proactive
    }

    /// 施行日期 as it was recorded; none where the day of making stands in for it.
    pub fn stated_in_force_on(&self) -> Option<Date> {
        self.in_force_on.filter(|_| self.explicit_force)
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &DocumentEvent, _on: Date) -> Vec<Refusal> {
        let DocumentEvent::Made { counted_by, maker, title, attribute, reason, .. } = event else {
            return vec![Refusal::new("not-made", "公文尚未登记成文，请先登记公文", "")];
        };
        let mut no = Vec::new();
        if title.trim().is_empty() {
            no.push(Refusal::new("title-missing", "请填写公文标题", ""));
        }
        if counted_by.trim().is_empty() || maker.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请填写制作机关和统计单位", "条例第十条"));
        }
        if *attribute != DisclosureAttribute::Proactive && blank(reason.as_deref()) {
            no.push(Refusal::new(
                "reason-missing",
                format!("公开属性定为“{}”的，应当写明理由和依据条款", attribute.label()),
                "条例第五条、第十三条",
            ));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &DocumentEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.made_on && !matches!(event, DocumentEvent::Made { .. }) {
            no.push(Refusal::new(
                "before-making",
                format!("日期{on}早于成文日期{}，请核对日期", self.made_on),
                "",
            ));
        }
        // Dated earlier, it would stand before what it is to replace, and change nothing.
        if let Some(last) = replaces(event).and_then(|name| self.since.get(name))
            && on < *last
        {
            let text = format!("日期{on}早于上一次登记的日期{last}，请核对日期，或者更正原记录");
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            DocumentEvent::Made { .. } => {
                no.push(Refusal::new("already-made", "该公文已经登记", ""));
            }
            DocumentEvent::AttributeChanged { attribute, reason } => {
                self.may_change_attribute(*attribute, reason, on, &mut no);
            }
            DocumentEvent::Disclosed { .. } => self.may_disclose(on, &mut no),
            DocumentEvent::InterpretationPlanned { plan } => {
                no.extend(plan.refusals());
                if self.category == Category::Interpretation {
                    no.push(Refusal::new("plan-elsewhere", "解读材料本身不需要解读方案", ""));
                }
                if self.plan.as_ref() == Some(plan) {
                    no.push(Refusal::new("unchanged", "解读方案没有变化", ""));
                }
            }
            DocumentEvent::Interprets { documents, form } => {
                if self.category != Category::Interpretation {
                    no.push(Refusal::new("no-interpretation", "只有解读材料需要关联被解读的文件", ""));
                }
                if documents.is_empty() {
                    no.push(no_document());
                }
                let same = Interprets { documents: documents.clone(), form: *form };
                if self.interprets.as_ref() == Some(&same) {
                    no.push(Refusal::new("unchanged", "关联的文件和解读形式没有变化", ""));
                }
            }
            DocumentEvent::Settled { finding, reason, .. } => {
                if self.settled.contains(finding) {
                    no.push(Refusal::new("already-settled", "这一项已经处理", ""));
                }
                if blank(Some(reason)) {
                    let text = "请写明可以公开的理由，例如：属于办公电话";
                    no.push(Refusal::new("reason-missing", text, "条例第十五条"));
                }
            }
            DocumentEvent::Classified(classification) => {
                no.extend(classification.refusals());
                if **classification == self.classification {
                    no.push(Refusal::new("unchanged", "分类没有变化", ""));
                }
            }
            DocumentEvent::Withdrawn { reason, .. } => {
                if !self.public {
                    no.push(Refusal::new("not-public", "该公文没有公开，不需要撤下", ""));
                }
                if let Some((last, true)) = self.publications.last()
                    && on < *last
                {
                    no.push(Refusal::new(
                        "before-publication",
                        format!("撤下日期{on}早于公开日期{last}，请核对日期"),
                        "",
                    ));
                }
                if blank(Some(reason)) {
                    no.push(Refusal::new("reason-missing", "撤下已公开的公文，应当写明理由", "条例第十八条"));
                }
            }
            DocumentEvent::InForce => {
                self.needs_force("施行日期", &mut no);
                if self.explicit_force {
                    no.push(Refusal::new("already-in-force", "该公文已经登记施行日期，如有差错请更正", ""));
                }
                if let Some(end) = self.ended_on
                    && on >= end
                {
                    no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
                }
            }
            DocumentEvent::ValidUntil { until } => {
                self.needs_force("有效期", &mut no);
                if let Some(end) = self.ended_on {
                    no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
                }
                if let Some(first) = self.in_force_on
                    && *until < first
                {
                    let text = format!("有效期届满日{until}早于施行日期{first}，请核对日期");
                    no.push(Refusal::new("ends-before-it-begins", text, ""));
                }
                if self.valid_until == Some(*until) {
                    no.push(Refusal::new("unchanged", format!("有效期已经登记至{until}"), ""));
                }
            }
            DocumentEvent::Amended { by } => {
                self.needs_force("修改", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(by)) {
                    no.push(Refusal::new("by-missing", "请写明修改依据的文件", ""));
                }
            }
            DocumentEvent::Repealed { by } => {
                self.needs_force("废止", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(by)) {
                    no.push(Refusal::new("by-missing", "请写明宣布废止的文件", ""));
                }
            }
            DocumentEvent::Lapsed { reason } => {
                self.needs_force("失效", &mut no);
                self.needs_validity(on, &mut no);
                if blank(Some(reason)) {
                    no.push(Refusal::new("reason-missing", "请写明失效原因，例如有效期届满", ""));
                }
            }
        }
        no
    }

    fn may_change_attribute(&self, to: DisclosureAttribute, reason: &str, on: Date, no: &mut Vec<Refusal>) {
        if to == self.attribute {
            no.push(Refusal::new("unchanged", format!("公开属性已经是“{}”", to.label()), ""));
        }
        if blank(Some(reason)) {
            no.push(Refusal::new("reason-missing", "调整公开属性，应当写明理由和依据条款", "条例第十八条"));
        }
        if on < self.attribute_since {
            no.push(Refusal::new(
                "date-order",
                format!("日期{on}早于现公开属性的确定日期{}，请核对日期", self.attribute_since),
                "",
            ));
        }
        if self.public && to != DisclosureAttribute::Proactive {
            no.push(Refusal::new("still-public", "该公文仍在公开，请先撤下再调整公开属性", "条例第十八条"));
        }
    }

    fn may_disclose(&self, on: Date, no: &mut Vec<Refusal>) {
        if self.attribute != DisclosureAttribute::Proactive {
            no.push(Refusal::new(
                "not-proactive",
                format!("公开属性为“{}”的公文不能公开，请先按程序调整公开属性", self.attribute.label()),
                "条例第十三条、第十八条",
            ));
        } else if on < self.attribute_since {
            no.push(Refusal::new(
                "before-attribute",
                format!("公开日期{on}早于定为主动公开的日期{}，请核对日期", self.attribute_since),
                "",
            ));
        }
        if self.public {
            no.push(Refusal::new("already-public", "该公文已经公开", ""));
        }
        if self.category == Category::Interpretation && self.interprets.is_none() {
            no.push(no_document());
        }
        if let Some((last, false)) = self.publications.last()
            && on < *last
        {
            no.push(Refusal::new(
                "before-withdrawal",
                format!("再次公开的日期{on}早于撤下日期{last}，请核对日期"),
                "",
            ));
        }
    }

    fn needs_force(&self, what: &str, no: &mut Vec<Refusal>) {
        if !self.category.has_force() {
            no.push(Refusal::new(
                "no-force",
                format!("只有规章和行政规范性文件登记{what}，“{}”不登记", self.category.label()),
                "",
            ));
        }
    }

    fn needs_validity(&self, on: Date, no: &mut Vec<Refusal>) {
        if let Some(end) = self.ended_on {
            no.push(Refusal::new("ended", format!("该公文已于{end}废止或者失效"), ""));
        }
        if let Some(first) = self.in_force_on
            && on < first
        {
            no.push(Refusal::new(
                "not-yet-in-force",
                format!("该公文{first}起施行，{on}尚未施行，请核对日期"),
                "",
            ));
        }
    }

    /// The flows this document contributes to the figures of the unit that counts it.
    ///
    /// `.made`, `.disclosed` (first publication), `.public` (stock), for rules and normative documents `.in_force`
    /// (stock), `.repealed` (废止 only) and `.lapsed`, and for interpretations that are not words alone `.non_text`. While it
    /// is public, also one for each column of the platform it stands in, by [`column_tally`]: no report counts these, the
    /// platform shows a column that is not empty.
    pub fn tallies(&self) -> Vec<Tally> {
        let key = |what: &str| format!("document.{}.{what}", self.category.key());
        let mut t = vec![Tally::one(self.made_on.year(), key("made"))];
        if let Some(on) = self.disclosed_on {
            t.push(Tally::one(on.year(), key("disclosed")));
            let whose = if self.maker == self.counted_by { "own" } else { "for_others" };
            if self.category.is_document() {
                t.push(Tally::one(on.year(), format!("document.disclosed.{whose}")));
            }
            if self.interprets.as_ref().is_some_and(|i| !i.form.is_text()) {
                t.push(Tally::one(on.year(), key("non_text")));
            }
        }
        for &(on, published) in &self.publications {
            let year = on.year();
            let key = key("public");
            t.push(if published { Tally::one(year, key) } else { Tally::minus_one(year, key) });
        }
        if let Some(from) = self.in_force_on {
            t.push(Tally::one(from.year(), key("in_force")));
            if let Some(end) = self.ended_on {
                t.push(Tally::minus_one(end.year(), key("in_force")));
                let how = if self.validity == Some(Validity::Repealed) { "repealed" } else { "lapsed" };
                t.push(Tally::one(end.year(), key(how)));
            }
        }
        if let Some(on) = self.disclosed_on.filter(|_| self.everybody_reads()) {
            t.extend(self.classification.columns().map(|c| Tally::one(on.year(), column_tally(&c.key))));
        }
        t
    }
}

fn no_document() -> Refusal {
    Refusal::new("document-missing", "请选择被解读的文件，解读材料与文件应当相互关联", "国办发〔2017〕47号")
}

/// The key of the tally of what is public in a column of the platform.
pub fn column_tally(column: &str) -> String {
    format!("document.column.{column}")
}

fn blank(text: Option<&str>) -> bool {
    text.is_none_or(|t| t.trim().is_empty())
}

#[cfg(test)]
#[path = "document_tests.rs"]
mod tests;
