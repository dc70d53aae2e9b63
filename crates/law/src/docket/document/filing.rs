//! 备案: rules and normative documents are reported to the government above within a term after they are published. The
//! term of rules is national; that of normative documents is set by local rules, 15 to 30 days, mostly 15.

use super::{Category, Standing};
use crate::calendar::Calendar;
use crate::{Due, Refusal, clock};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Days within which a normative document is reported where the jurisdiction has set no other number.
pub const FILING_DAYS: u32 = 15;

/// The most days a jurisdiction can set: what local rules are known to have.
pub const MOST_FILING_DAYS: u32 = 30;

/// A report that was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Filed {
    /// 备案机关
    pub with: String,
    /// 备案号 or the number of the report; none if there is none yet.
    pub number: Option<String>,
}

impl Standing {
    /// The day of first publication from which the report is due; none for what needs none, or is not public yet.
    pub fn filing_due_from(&self) -> Option<Date> {
        self.disclosed_on.filter(|_| self.category.has_force())
    }

    /// The last day on which the report is in time, reported within `days` unless it is a rule; none where no term runs.
    pub fn filing_due(&self, days: u32, calendar: &Calendar) -> Option<Due> {
        let from = self.filing_due_from()?;
        filing_due(self.category, from, days, calendar)
    }

    pub(super) fn may_file(&self, filed: &Filed, on: Date, no: &mut Vec<Refusal>) {
        self.needs_force("备案", no);
        match self.disclosed_on {
            None => {
                let text = "该文件还没有公布，公布以后报送备案";
                no.push(Refusal::new("not-published", text, ""));
            }
            Some(first) if on < first => {
                let text = format!("备案日期{on}早于公布日期{first}，请核对日期");
                no.push(Refusal::new("date-order", text, ""));
            }
            Some(_) => {}
        }
        if filed.with.trim().is_empty() {
            no.push(Refusal::new("with-missing", "请填写备案机关", ""));
        }
        if let Some((known, _)) = &self.filed {
            let text = format!("已经登记{known}报送备案，如有差错请更正原记录");
            no.push(Refusal::new("already-filed", text, ""));
        }
    }
}

/// The last day on which the report of a document published on `from` is in time.
pub fn filing_due(category: Category, from: Date, days: u32, calendar: &Calendar) -> Option<Due> {
    match category {
        Category::Rule => clock::term_due("rule-filing", from, calendar).ok(),
        Category::Normative => {
            clock::days_due("文件公布", from, days, "本地关于行政规范性文件备案的规定", calendar).ok()
        }
        _ => None,
    }
}

#[cfg(test)]
#[path = "filing_tests.rs"]
mod tests;
