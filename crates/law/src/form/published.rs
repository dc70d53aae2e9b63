//! A published report as it was read from a file: what the checks of form, structure and text need beyond the figures.
//!
//! The reader (`paper::read`) fills it in; the rules look at it where [`Input::published`](super::check::Input) is given.
//! Nothing here is computed from figures, and nothing is corrected: words stand as they were printed.

use super::part::Part;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where something stands: the number of its block in the order of reading. Who read the file knows its page and line.
pub type Place = usize;

/// Groups of table three whose sums some local forms print as a row: the first word of their rows, and their name. The
/// figures of such a row stand in the figures as [`subtotal`] names them, which no form has.
pub const GROUPS: [(&str, &str); 4] =
    [("refused", "不予公开"), ("unavailable", "无法提供"), ("declined", "不予处理"), ("other", "其他处理")];

/// The cell of the printed sum of a group of table three.
pub fn subtotal(group: &str, column: &str) -> String {
    format!("requests.subtotal_{group}.{column}")
}

/// One of the three tables of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableName {
    /// 表二, of part two
    Proactive,
    /// 表三, of part three
    Requests,
    /// 表四, of part four
    Disputes,
}

impl TableName {
    /// All of them, in the order of the form.
    pub const ALL: [TableName; 3] = [TableName::Proactive, TableName::Requests, TableName::Disputes];

    /// First word of its cells.
    pub fn key(self) -> &'static str {
        match self {
            TableName::Proactive => "proactive",
            TableName::Requests => "requests",
            TableName::Disputes => "disputes",
        }
    }

    /// `表二`, `表三`, `表四`.
    pub fn label(self) -> &'static str {
        match self {
            TableName::Proactive => "表二",
            TableName::Requests => "表三",
            TableName::Disputes => "表四",
        }
    }

    /// The table a cell belongs to.
    pub fn of(cell: &str) -> Option<TableName> {
        let word = cell.split('.').next()?;
        Self::ALL.into_iter().find(|t| t.key() == word)
    }
}

/// What became of a table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableState {
    /// Its figures were read; single rows may be missing.
    Read,
    /// It is there, and its figures cannot be told for certain: one Chinese sentence why.
    Refused(String),
    /// It is not in the report.
    Absent,
}

/// A paragraph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The part it stands in.
    pub part: Part,
    /// Its words, without line ends.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A heading of one of the six parts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// Which part it opens, 1 to 6; none for a numbered heading (`二、工作机制保障`) that is no part of the form.
    pub section: Option<usize>,
    /// Its words as printed.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// The label of a row as it was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowLabel {
    /// The table.
    pub table: TableName,
    /// Row of the form (middle word of its cells); none for a row the form does not have.
    pub row: Option<String>,
    /// Its words as printed, without blanks and line ends.
    pub text: String,
    /// Where.
    pub place: Place,
}

/// A cell as it was printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// Its characters as printed, for example `22（其中修订16件）`, `/`, ` 390785元`.
    pub raw: String,
    /// What stands beside the figure: a note, a unit.
    pub note: Option<String>,
    /// False where characters stand in it that are no figure. Its value is then missing from the figures.
    pub readable: bool,
    /// Where.
    pub place: Place,
}

/// The name of an authority without what is written now so, now so: blanks, brackets, `人民政府` or `政府`, `办公室` or
/// `办`, `管理委员会` or `管委会`. Two names with one key are taken for one authority; nothing is guessed beyond that.
pub fn authority_key(name: &str) -> String {
    let plain = |c: char| c.is_alphanumeric();
    let name: String = name.chars().filter(|c| plain(*c)).collect();
    [("人民政府", "政府"), ("办公室", "办"), ("管理委员会", "管委会"), ("委员会", "委")]
        .into_iter()
        .fold(name, |name, (long, short)| name.replace(long, short))
}

/// A report as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Published {
    /// Its title in one line, and where it stands.
    pub title: Option<(String, Place)>,
    /// The authority named by the title.
    pub organization: Option<String>,
    /// The year named by the title.
    pub title_year: Option<i16>,
    /// When it was published, if the page says so (发布时间).
    pub published_on: Option<Date>,
    /// Headings, in the order of the report.
    pub headings: Vec<Heading>,
    /// Paragraphs outside the tables, in the order of the report; headings of parts are not among them.
    pub passages: Vec<Passage>,
    /// What became of each table; all three are named.
    pub tables: BTreeMap<TableName, TableState>,
    /// Labels of rows, in the order of the report.
    pub labels: Vec<RowLabel>,
    /// Cells that were found, also unreadable ones.
    pub cells: BTreeMap<String, Written>,
}

impl Published {
    /// The text of each part that has any, one paragraph a line.
    pub fn texts(&self) -> BTreeMap<Part, String> {
        let mut texts: BTreeMap<Part, String> = BTreeMap::new();
        for passage in &self.passages {
            let text = texts.entry(passage.part).or_default();
            if !text.is_empty() {
                text.push('\n');
            }
            text.push_str(&passage.text);
        }
        texts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_authority_has_one_key_however_its_name_is_written() {
        let same = |a: &str, b: &str| authority_key(a) == authority_key(b);
        assert!(same("某市人民政府办公室", "某市政府办公室"));
        assert!(same("某县发展和改革委员会", " 某县发展和改革委"));
        assert!(same("某高新区管理委员会（某镇）", "某高新区管委会(某镇)"));
        assert!(!same("某市人民政府办公室", "某市人民政府"));
        assert!(!same("某县财政局", "某市财政局"));
    }
}
