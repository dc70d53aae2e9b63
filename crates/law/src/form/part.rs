//! The parts of a report that carry text, and whose report it is.

use serde::{Deserialize, Serialize};

/// A part of the report that carries text. Parts two to four are tables; since 2021 text may accompany them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// 引言, before part one
    Introduction,
    /// 一、总体情况
    Overview,
    /// Text after table two
    Proactive,
    /// Text after table three
    Requests,
    /// Text after table four
    Disputes,
    /// 五、存在的主要问题及改进情况
    Problems,
    /// 六、其他需要报告的事项
    OtherMatters,
}

impl Part {
    /// All parts, in the order of the report.
    pub const ALL: [Part; 7] = [
        Part::Introduction,
        Part::Overview,
        Part::Proactive,
        Part::Requests,
        Part::Disputes,
        Part::Problems,
        Part::OtherMatters,
    ];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Part::Introduction => "introduction",
            Part::Overview => "overview",
            Part::Proactive => "proactive",
            Part::Requests => "requests",
            Part::Disputes => "disputes",
            Part::Problems => "problems",
            Part::OtherMatters => "other_matters",
        }
    }

    /// Chinese name: the heading of the part without its ordinal.
    pub fn label(self) -> &'static str {
        match self {
            Part::Introduction => "引言",
            Part::Overview => "总体情况",
            Part::Proactive => "主动公开政府信息情况",
            Part::Requests => "收到和处理政府信息公开申请情况",
            Part::Disputes => "政府信息公开行政复议、行政诉讼情况",
            Part::Problems => "存在的主要问题及改进情况",
            Part::OtherMatters => "其他需要报告的事项",
        }
    }

    /// The section of the form, 1 to 6; none for the introduction.
    pub fn section(self) -> Option<usize> {
        match self {
            Part::Introduction => None,
            Part::Overview => Some(1),
            Part::Proactive => Some(2),
            Part::Requests => Some(3),
            Part::Disputes => Some(4),
            Part::Problems => Some(5),
            Part::OtherMatters => Some(6),
        }
    }

    /// The part with this key or label.
    pub fn parse(text: &str) -> Option<Part> {
        Self::ALL.into_iter().find(|p| p.key() == text || p.label() == text)
    }
}

/// Whose report it is (条例第四十九条). The office's own report is not the government's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// 本机关
    Own,
    /// 本级政府
    Government,
}

impl Scope {
    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Scope::Own => "own",
            Scope::Government => "government",
        }
    }

    /// The scope with this key or label.
    pub fn parse(text: &str) -> Option<Scope> {
        [Scope::Own, Scope::Government].into_iter().find(|s| s.key() == text || s.label() == text)
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Scope::Own => "本机关",
            Scope::Government => "本级政府",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_the_sections_of_the_form() {
        let form = crate::form::Form::for_year(2021).unwrap();
        for part in Part::ALL {
            assert_eq!(serde_json::to_value(part).unwrap(), part.key());
            assert_eq!(Part::parse(part.key()), Some(part));
            if let Some(n) = part.section() {
                assert!(form.sections[n - 1].ends_with(part.label()));
            }
        }
    }
}
