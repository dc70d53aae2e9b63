//! The report as it is handed to paper.

use crate::text::ems;
use law::Date;
use law::form::{Figures, Form, Measure};

pub use law::form::narrative::Paragraph;

/// Where a figure leads: `None` on a public page; `Some(prefix)` makes every figure of a table and of the text a
/// link to `{prefix}{cell or fact}`, for example `/desk/report/2020/cell/requests.granted.total`. HTML only.
pub type Links<'a> = Option<&'a str>;

/// Everything a printed report shows; nothing is computed here.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The authority whose report it is.
    pub organization: &'a str,
    /// Report year.
    pub year: i16,
    /// `{机关名称}{YYYY}年政府信息公开工作年度报告`
    pub title: &'a str,
    /// The form version of the report year.
    pub form: &'a Form,
    /// The figures; a cell that is `None` or missing prints blank.
    pub figures: &'a Figures,
    /// What stands before part one: legal basis, period, where to find it, contact.
    pub introduction: &'a [Paragraph],
    /// The text of the six parts. In parts two to four it follows the table and may be empty.
    pub parts: [&'a [Paragraph]; 6],
    /// The authority that signs.
    pub signed_by: &'a str,
    /// The date of signing (成文日期), if signed.
    pub signed_on: Option<Date>,
    /// Printed above the title: `草稿，未经批准`, `更正说明：…`.
    pub notice: Option<&'a str>,
    /// Links of figures.
    pub links: Links<'a>,
}

impl Report<'_> {
    /// A figure as it is printed: exact decimal, blank if it was left blank, with 元 or 万元 where the column
    /// heading does not already say so (2019 form: 采购总金额 is written `390785元`).
    pub(crate) fn printed(&self, cell: &str, measure: Measure, label: &str) -> String {
        match self.figures.get(cell) {
            None => String::new(),
            Some(value) => format!("{value}{}", unit_suffix(measure, label)),
        }
    }

    /// `2021年1月27日`; empty if unsigned. Arabic numerals without leading zeros, GB/T 9704-2012 §7.3.5.4.
    pub(crate) fn date(&self) -> String {
        self.signed_on.map(|d| format!("{}年{}月{}日", d.year(), d.month(), d.day())).unwrap_or_default()
    }

    /// The title in the lines it is set in: broken after the name of the authority, so that no word is torn, if it
    /// is longer than the 20 characters that fit a line (GB/T 9704-2012 §7.3.1: 词意完整，排列对称).
    pub(crate) fn title_lines(&self) -> Vec<&str> {
        match self.title.strip_prefix(self.organization) {
            Some(rest) if ems(self.title) > 20.0 && !rest.is_empty() && !self.organization.is_empty() => {
                vec![self.organization, rest]
            }
            _ => vec![self.title],
        }
    }

    /// What a table is called where it needs a name of its own: `2020年主动公开政府信息情况（表二）`.
    pub(crate) fn caption(&self, section: usize) -> String {
        let heading = self.form.sections.get(section.wrapping_sub(1)).map_or("", String::as_str);
        let (ordinal, name) = heading.split_once('、').unwrap_or(("", heading));
        format!("{}年{name}（表{ordinal}）", self.year)
    }
}

/// The unit printed after a figure: money, unless the heading names the unit.
pub(crate) fn unit_suffix(measure: Measure, label: &str) -> &'static str {
    match measure {
        Measure::Piece | Measure::Item => "",
        Measure::Yuan | Measure::TenThousandYuan if label.contains(measure.label()) => "",
        Measure::Yuan | Measure::TenThousandYuan => measure.label(),
    }
}
