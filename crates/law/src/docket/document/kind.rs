//! What a document is called: its category, its disclosure attribute (公开属性), its validity (有效性).

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
    /// 草案征求意见: no document yet, but the draft of one, put to the public.
    Consultation,
}

impl Category {
    /// All categories.
    pub const ALL: [Category; 6] = [
        Category::Rule,
        Category::Normative,
        Category::Official,
        Category::Information,
        Category::Interpretation,
        Category::Consultation,
    ];

    /// Those that are entered by hand; an interpretation is registered from the document it explains, a draft put to the
    /// public from its consultation.
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
            Category::Consultation => "consultation",
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
            Category::Consultation => "草案征求意见",
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
    /// 有效期已届满: its last day is over, and nobody has recorded what became of it. Never recorded, always reckoned.
    Expired,
}

impl Validity {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Validity::InForce => "有效",
            Validity::Amended => "已修改",
            Validity::Lapsed => "失效",
            Validity::Repealed => "废止",
            Validity::Expired => "有效期已届满",
        }
    }

    /// Whether it is still carried out.
    pub fn holds(self) -> bool {
        matches!(self, Validity::InForce | Validity::Amended)
    }
}

/// What was recorded of the force of a document, from which its validity is reckoned for a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Force {
    /// As the last entry has it.
    pub recorded: Validity,
    /// 有效期至: the last day on which it is valid, if it has one.
    pub until: Option<Date>,
}

impl Force {
    /// 有效性 on this day: the one answer of every list, filter, page and file.
    pub fn on(self, day: Date) -> Validity {
        match self.until {
            Some(until) if self.recorded.holds() && until < day => Validity::Expired,
            _ => self.recorded,
        }
    }
}
