//! Words for what requests hold and `law` has no label for.

use super::super::form::Choice;
use law::docket::request::{Consulted, Opinion, ServiceMethod};

/// Whom a consultation asks.
pub const CONSULTED: [(Consulted, &str, &str); 3] = [
    (Consulted::ThirdParty, "third-party", "第三方（条例第三十二条）"),
    (Consulted::JointAgency, "joint-agency", "共同制作机关（条例第三十四条）"),
    (Consulted::OtherAgency, "other-agency", "其他机关"),
];

/// What was answered.
pub const OPINIONS: [(Opinion, &str, &str); 3] = [
    (Opinion::Consents, "consents", "同意公开"),
    (Opinion::Objects, "objects", "不同意公开"),
    (Opinion::Silent, "silent", "逾期未答复"),
];

/// How a paper was served.
pub const METHODS: [(ServiceMethod, &str, &str); 4] = [
    (ServiceMethod::Direct, "direct", "直接送达（签收之日）"),
    (ServiceMethod::Entrusted, "entrusted", "委托其他行政机关代为送达（签收之日）"),
    (ServiceMethod::Post, "post", "邮寄送达（交邮之日）"),
    (ServiceMethod::Electronic, "electronic", "电子送达"),
];

/// The choices of a table.
pub fn choices<T>(table: &[(T, &str, &str)]) -> Vec<Choice> {
    table.iter().map(|(_, key, label)| Choice::new(*key, *label)).collect()
}

/// The value with this key.
pub fn value<T: Copy>(table: &[(T, &str, &str)], key: &str) -> Option<T> {
    table.iter().find(|(_, k, _)| *k == key).map(|(v, _, _)| *v)
}

/// Key of a value.
pub fn key<T: PartialEq>(table: &[(T, &'static str, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(v, _, _)| v == value).map_or("", |(_, k, _)| k)
}

/// Label of a value.
pub fn label<T: PartialEq>(table: &[(T, &'static str, &'static str)], value: &T) -> &'static str {
    table.iter().find(|(v, _, _)| v == value).map_or("", |(_, _, l)| l)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys are those the journal writes, so a form never invents a word of its own.
    #[test]
    fn keys_are_the_serialised_words() {
        for (v, key, _) in CONSULTED {
            assert_eq!(serde_json::to_value(v).unwrap(), key);
        }
        for (v, key, _) in OPINIONS {
            assert_eq!(serde_json::to_value(v).unwrap(), key);
        }
        for (v, key, _) in METHODS {
            assert_eq!(serde_json::to_value(v).unwrap(), key);
        }
        assert_eq!(value(&OPINIONS, "silent"), Some(Opinion::Silent));
        assert_eq!(label(&METHODS, &ServiceMethod::Post), "邮寄送达（交邮之日）");
    }
}
