//! The form requirement of a request (形式要求): how the information is wanted, and on what.

use serde::{Deserialize, Serialize};

/// 获取方式: how the applicant wants to get the information (条例 art. 29).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// 邮寄
    Post,
    /// 电子邮件
    Email,
    /// 传真
    Fax,
    /// 自行领取
    PickUp,
    /// 当场阅读、抄录
    Inspection,
}

impl Delivery {
    /// All ways, in the order of the form.
    pub const ALL: [Delivery; 5] =
        [Delivery::Post, Delivery::Email, Delivery::Fax, Delivery::PickUp, Delivery::Inspection];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Delivery::Post => "post",
            Delivery::Email => "email",
            Delivery::Fax => "fax",
            Delivery::PickUp => "pick-up",
            Delivery::Inspection => "inspection",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            Delivery::Post => "邮寄",
            Delivery::Email => "电子邮件",
            Delivery::Fax => "传真",
            Delivery::PickUp => "自行领取",
            Delivery::Inspection => "当场阅读、抄录",
        }
    }

    /// The way with this key or label.
    pub fn parse(text: &str) -> Option<Delivery> {
        Self::ALL.into_iter().find(|d| d.key() == text || d.label() == text)
    }
}

/// 载体形式: on what the information is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Carrier {
    /// 纸质
    Paper,
    /// 电子
    Electronic,
    /// 光盘
    Disc,
}

impl Carrier {
    /// All carriers, in the order of the form.
    pub const ALL: [Carrier; 3] = [Carrier::Paper, Carrier::Electronic, Carrier::Disc];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Carrier::Paper => "paper",
            Carrier::Electronic => "electronic",
            Carrier::Disc => "disc",
        }
    }

    /// Label on the form.
    pub fn label(self) -> &'static str {
        match self {
            Carrier::Paper => "纸质",
            Carrier::Electronic => "电子",
            Carrier::Disc => "光盘",
        }
    }

    /// The carrier with this key or label.
    pub fn parse(text: &str) -> Option<Carrier> {
        Self::ALL.into_iter().find(|c| c.key() == text || c.label() == text)
    }
}

/// 形式要求 (条例 art. 29(三)). Empty where a request on paper did not say; that may be a ground of correction.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Ways that suit the applicant, one or more.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub delivery: Vec<Delivery>,
    /// On what.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub carrier: Option<Carrier>,
    /// 若本机关无法按照指定方式提供所需信息，也可接受其他方式
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_way: bool,
}

impl Wanted {
    /// Whether nothing was said.
    pub fn is_empty(&self) -> bool {
        *self == Wanted::default()
    }

    /// In words: `邮寄、电子邮件；纸质；也可接受其他方式`.
    pub fn words(&self) -> String {
        let ways: Vec<&str> = self.delivery.iter().map(|d| d.label()).collect();
        let parts = [
            ways.join("、"),
            self.carrier.map_or("", Carrier::label).to_owned(),
            if self.other_way { "也可接受其他方式" } else { "" }.to_owned(),
        ];
        parts.into_iter().filter(|p| !p.is_empty()).collect::<Vec<_>>().join("；")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_what_is_stored_and_labels_are_read_back() {
        for d in Delivery::ALL {
            assert_eq!(serde_json::to_value(d).unwrap(), d.key());
            assert_eq!([Delivery::parse(d.key()), Delivery::parse(d.label())], [Some(d); 2]);
        }
        for c in Carrier::ALL {
            assert_eq!(serde_json::to_value(c).unwrap(), c.key());
            assert_eq!([Carrier::parse(c.key()), Carrier::parse(c.label())], [Some(c); 2]);
        }
    }

    #[test]
    fn what_was_not_said_is_not_stored() {
        assert_eq!(serde_json::to_string(&Wanted::default()).unwrap(), "{}");
        let all = Wanted { delivery: vec![Delivery::Post], carrier: Some(Carrier::Paper), other_way: true };
        assert_eq!(all.words(), "邮寄；纸质；也可接受其他方式");
        assert_eq!(serde_json::from_str::<Wanted>(&serde_json::to_string(&all).unwrap()).unwrap(), all);
    }
}
