//! Forms to be filled in and signed by hand (表单): one page of ruled boxes with a title, some of them already filled.
//!
//! | form | made from | what it proves |
//! |---|---|---|
//! | 送达回证 | [`ServiceSlip`] | how and when a letter was served (国办公开办函〔2016〕235号) |
//! | 政府信息公开申请登记表 | [`RegistrationForm`] | what was asked, by whom, and when it was received (条例 arts. 29, 31, 45) |
//! | 政府信息公开信息处理费缴款单 | [`PaymentSlip`] | what has to be paid and by when (国办函〔2020〕109号) |
//! | 政府信息公开审查呈批单 | [`ReviewSheet`] | who reviewed and approved the answer (条例 art. 45) |
//!
//! Every form becomes a [`Sheet`], and a sheet a PDF ([`sheet_pdf`]) or a Word document ([`sheet_docx`]). To add a form:
//! one file here with a struct and its `sheet` function.

mod docx;
mod payment;
mod pdf;
mod registration;
mod review;
mod service_slip;

pub use docx::sheet_docx;
pub use payment::PaymentSlip;
pub use pdf::sheet_pdf;
pub use registration::{Applicant, RegistrationForm};
pub use review::{Opinion, ReviewSheet};
pub use service_slip::ServiceSlip;

use law::Date;
use serde::{Deserialize, Serialize};

/// A form: groups of rows on four columns, two of labels and two of entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The title.
    pub title: String,
    /// The authority whose form it is.
    pub issuer: String,
    /// Above the boxes at the right, for example `申请编号：2026-0032`.
    pub corner: String,
    /// The rows.
    pub groups: Vec<Group>,
    /// Below the boxes, small.
    pub notes: Vec<String>,
    /// The day this copy is made; an archive file has a date.
    pub printed_on: Date,
}

/// Rows that share a label at their left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// The label, set from top to bottom; empty if there is none.
    pub label: String,
    /// The rows.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Least height in millimetres; longer entries make it higher.
    pub height: u16,
    /// Label and entry, once or twice.
    pub boxes: Vec<Field>,
}

/// A label and the box beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// What belongs into the box.
    pub label: String,
    /// What is already in it; may have several lines.
    pub entry: String,
    /// At the lower right of the box, for signature and date.
    pub foot: String,
}

/// The line under a box that is signed.
pub(crate) const SIGNED: &str = "签名：　　　　　　　年　　月　　日";

impl Field {
    fn new(label: &str, entry: &str) -> Field {
        Field { label: label.to_owned(), entry: entry.to_owned(), foot: String::new() }
    }

    fn signed(label: &str, entry: &str, foot: &str) -> Field {
        Field { foot: foot.to_owned(), ..Field::new(label, entry) }
    }
}

/// A label as the lines of its box: one that is too wide is halved, so that no sign stands alone.
fn label_lines(label: &str) -> Vec<String> {
    const WIDEST: usize = 6;
    let signs: Vec<char> = label.chars().collect();
    let line = if signs.len() > WIDEST { signs.len().div_ceil(2) } else { WIDEST };
    signs.chunks(line).map(|c| c.iter().collect()).collect()
}

impl Row {
    fn of(height: u16, boxes: Vec<Field>) -> Row {
        Row { height, boxes }
    }
}

/// `2026年3月20日`, or the blanks for it.
fn day(date: Option<Date>) -> String {
    match date {
        Some(d) => format!("{}年{}月{}日", d.year(), d.month(), d.day()),
        None => "　　　年　　月　　日".to_owned(),
    }
}

/// A due date, marked where a notice of the State Council may still move it.
fn due(date: Option<Date>, provisional: bool) -> String {
    let mark = if provisional && date.is_some() { "（暂定）" } else { "" };
    format!("{}{mark}", day(date))
}

/// All choices, those taken ticked: `☑邮寄　□电子邮件`.
fn ticked(choices: &[(&str, bool)]) -> String {
    let choice = |(label, taken): &(&str, bool)| format!("{}{label}", if *taken { "☑" } else { "□" });
    choices.iter().map(choice).collect::<Vec<_>>().join("　")
}
