//! 历史公文: a document that was made, and mostly published, before it came into this register with a list.
//!
//! The list may say when it was published. Where something has to be settled before everybody may read it here, that day is
//! kept until then: once published, it counts in the year in which it was.

use super::{DisclosureAttribute, Standing};
use crate::Refusal;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Where a document came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imported {
    /// Name of the list.
    pub list: String,
    /// The row in it; the headings are row 1.
    pub row: u32,
    /// 发布日期 as the list says it.
    pub published_on: Option<Date>,
    /// Where it was published then.
    pub url: Option<String>,
}

impl Standing {
    /// The day on which it was published before it came here, while nobody can read it here yet and it is to be published.
    pub fn waits_since(&self) -> Option<Date> {
        let due = self.attribute == DisclosureAttribute::Proactive && self.publications.is_empty();
        self.imported.as_ref()?.published_on.filter(|_| due)
    }

    pub(super) fn may_be_imported(&self, imported: &Imported, no: &mut Vec<Refusal>) {
        if self.imported.is_some() {
            no.push(Refusal::new("already-imported", "该公文已经登记导入来源", ""));
        }
        if imported.list.trim().is_empty() {
            no.push(Refusal::new("list-missing", "请写明导入列表的名称", ""));
        }
        if let Some(on) = imported.published_on
            && on < self.made_on
        {
            let text = format!("发布日期{on}早于成文日期{}，请核对日期", self.made_on);
            no.push(Refusal::new("before-making", text, ""));
        }
    }
}
