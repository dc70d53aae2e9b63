//! 三统一: a normative document is registered, numbered and issued by one office of the body that made it (统一登记、统一编号、
//! 统一印发). Many local rules give a document that was not no effect; which, is for the jurisdiction to say, so it is
//! recorded and shown, and stops nothing.

use super::{Category, Standing};
use crate::Refusal;
use serde::{Deserialize, Serialize};

/// That it was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TripleUnification {
    /// 统一登记号, for example 高规〔2021〕3号 or GPFS-2021-00003.
    pub registered_no: String,
    /// The office that registered, numbered and issued it.
    pub by: String,
}

impl Standing {
    pub(super) fn may_unify(&self, unified: &TripleUnification, no: &mut Vec<Refusal>) {
        if self.category != Category::Normative {
            let text = format!("只有行政规范性文件登记“三统一”，“{}”不登记", self.category.label());
            no.push(Refusal::new("not-normative", text, ""));
        }
        if let Some((on, known)) = &self.unified {
            let text = format!("已于{on}登记统一登记号“{}”，如有差错请更正原记录", known.registered_no);
            no.push(Refusal::new("already-unified", text, ""));
        }
        if unified.registered_no.trim().is_empty() {
            no.push(Refusal::new("registered-no-missing", "请填写统一登记号", ""));
        }
        if unified.by.trim().is_empty() {
            no.push(Refusal::new("by-missing", "请填写统一登记、编号、印发的机构", ""));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{DisclosureAttribute, DocumentEvent, Standing};
    use super::*;
    use crate::docket::Recorded;
    use jiff::civil::{Date, date};

    fn made(category: Category) -> Recorded<DocumentEvent> {
        let event = DocumentEvent::Made {
            counted_by: "u".into(),
            maker: "u".into(),
            category,
            title: "样例办法".into(),
            number: None,
            index_number: None,
            attribute: DisclosureAttribute::Proactive,
            reason: None,
        };
        Recorded::new(1, date(2021, 3, 1), event)
    }

    fn codes(category: Category, more: &[DocumentEvent], no: &str, by: &str, on: Date) -> Vec<String> {
        let mut docket = vec![made(category)];
        docket.extend((2..).zip(more).map(|(n, e)| Recorded::new(n, date(2021, 3, 2), e.clone())));
        let event = DocumentEvent::Unified(TripleUnification { registered_no: no.into(), by: by.into() });
        Standing::of(&docket).unwrap().may(&event, on).into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn a_normative_document_has_one_registration() {
        let on = date(2021, 3, 2);
        assert!(codes(Category::Normative, &[], "高规〔2021〕3号", "政府办公室", on).is_empty());
        assert_eq!(codes(Category::Official, &[], "1", "甲", on), ["not-normative"]);
        assert_eq!(codes(Category::Normative, &[], " ", "", on), ["registered-no-missing", "by-missing"]);
        assert_eq!(codes(Category::Normative, &[], "1", "甲", date(2021, 2, 28)), ["before-making"]);
        let done = DocumentEvent::Unified(TripleUnification { registered_no: "1".into(), by: "甲".into() });
        assert_eq!(codes(Category::Normative, &[done], "2", "甲", on), ["already-unified"]);
    }
}
