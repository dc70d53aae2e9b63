//! Requests that belong together: the same matter asked again, parts of one paper.

use serde::{Deserialize, Serialize};

/// How another request is related to this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// 重复申请: the same applicant asked for the same information before (art. 36 item 6).
    Repeat,
    /// 内容相近: compared, and not the same.
    Similar,
    /// 由同一份申请分案
    SplitFrom,
    /// 并入本件的申请
    MergedFrom,
}

impl Relation {
    /// All relations.
    pub const ALL: [Relation; 4] =
        [Relation::Repeat, Relation::Similar, Relation::SplitFrom, Relation::MergedFrom];
    /// Those an officer records; the others follow from splitting and merging.
    pub const COMPARED: [Relation; 2] = [Relation::Repeat, Relation::Similar];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Relation::Repeat => "repeat",
            Relation::Similar => "similar",
            Relation::SplitFrom => "split-from",
            Relation::MergedFrom => "merged-from",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Relation::Repeat => "重复申请（同一申请人曾申请相同的政府信息）",
            Relation::Similar => "内容相近，经比对不属于重复申请",
            Relation::SplitFrom => "由该申请分案",
            Relation::MergedFrom => "该申请并入本件",
        }
    }

    /// The relation with this key.
    pub fn parse(key: &str) -> Option<Relation> {
        Self::ALL.into_iter().find(|r| r.key() == key)
    }
}

/// Another request, and what the comparison came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// Docket id.
    pub request: String,
    /// How it is related.
    pub relation: Relation,
    /// What was compared, and why it is so.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_is_stored() {
        for relation in Relation::ALL {
            assert_eq!(Relation::parse(relation.key()), Some(relation));
            assert_eq!(serde_json::to_value(relation).unwrap(), relation.key());
        }
    }
}
