//! The statutory form of the annual report (条例 arts. 49–50), version by version, as data.
//!
//! A version is one file in `data/forms/annual-report/` with its parts kept apart: rows and columns with their exact
//! labels, `[[count]]` (which tallies a cell is made of), `[[total]]` (computed cells), `[[check]]` (linear relations).
//! [`layout`] derives the printed tables with their merged headers, [`count`] the figures, [`check`] the findings,
//! [`fact`] the figures its text may quote.
//!
//! A cell id is `proactive.ROW.COLUMN`, `requests.ROW.COLUMN` or `disputes.BLOCK.COLUMN`.
//!
//! To add a version: one file there and one line in [`FILES`].

pub mod alike;
pub mod check;
pub mod consolidation;
pub mod count;
mod diagnosis;
pub mod fact;
pub mod layout;
pub mod narrative;
pub mod part;
pub mod published;
pub mod relation;
pub mod rule;
pub mod setting_change;
pub mod settings;
pub mod statement;

use crate::Amount;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{LazyLock, OnceLock};

/// The embedded form versions, oldest first: file name and text.
pub const FILES: &[(&str, &str)] = &[
    ("2019.toml", include_str!("../../data/forms/annual-report/2019.toml")),
    ("2021.toml", include_str!("../../data/forms/annual-report/2021.toml")),
];

static BUILTIN: LazyLock<Vec<Form>> = LazyLock::new(|| {
    FILES
        .iter()
        .map(|(name, text)| match Form::parse(text) {
            Ok(form) => form,
            // The tests parse every embedded file, so this cannot be reached in a build that passed them.
            Err(e) => unreachable!("{name}: {e}"),
        })
        .collect()
});

/// One version of the form.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// Version key, for example `2021`.
    #[serde(rename = "form")]
    pub id: String,
    /// The notice that prescribes it.
    pub instrument: String,
    /// First report year.
    pub from_year: i16,
    /// Last report year; none for the version in force.
    pub through_year: Option<i16>,
    /// The six headings, with their ordinals.
    pub sections: [String; 6],
    /// Table two: blocks by item of article 20.
    pub proactive: Vec<ProactiveBlock>,
    /// Table three.
    pub requests: RequestTable,
    /// Table four: blocks from left to right.
    pub disputes: Vec<DisputeBlock>,
    /// What each counted cell is made of; the first pattern that fits decides.
    #[serde(rename = "count")]
    pub counts: Vec<Count>,
    /// Computed cells; they come before counts.
    #[serde(rename = "total")]
    pub totals: Vec<Total>,
    /// The linear checks.
    #[serde(rename = "check")]
    pub checks: Vec<relation::Relation>,
    #[serde(skip)]
    cell_list: OnceLock<Vec<Cell>>,
    #[serde(skip)]
    part_list: OnceLock<BTreeMap<String, count::Parts>>,
}

/// One block of table two.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProactiveBlock {
    /// Heading, for example `第二十条第(一)项`.
    pub item: String,
    /// Head of the label column.
    pub head: String,
    /// Value columns.
    pub columns: Vec<ProactiveColumn>,
    /// Rows.
    pub rows: Vec<ProactiveRow>,
}

/// A value column of table two.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProactiveColumn {
    /// Last word of the cell id.
    pub id: String,
    /// Printed label.
    pub label: String,
    /// 件, 项, 元 or 万元.
    pub measure: Measure,
    /// True where a decrease is written with a minus sign.
    #[serde(default)]
    pub signed: bool,
}

/// A row of table two.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProactiveRow {
    /// Middle word of the cell id.
    pub id: String,
    /// Printed label.
    pub label: String,
}

/// Table three.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestTable {
    /// The tie-out printed in the corner.
    pub note: String,
    /// Value columns, the last one the total.
    pub columns: Vec<PathColumn>,
    /// Rows.
    pub rows: Vec<RequestRow>,
}

/// A column with the path of its merged headings.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PathColumn {
    /// Last word of the cell id.
    pub id: String,
    /// Headings from the top down.
    pub label: Vec<String>,
}

/// A row of table three with the path of its merged labels.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestRow {
    /// Middle word of the cell id.
    pub id: String,
    /// Labels from the left.
    pub label: Vec<String>,
    /// Article behind the row; empty if none.
    pub basis: String,
}

/// One block of table four.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeBlock {
    /// Middle word of the cell id.
    pub id: String,
    /// Headings from the top down.
    pub label: Vec<String>,
    /// Value columns, the last one the total.
    pub columns: Vec<DisputeColumn>,
}

/// A value column of table four.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DisputeColumn {
    /// Last word of the cell id.
    pub id: String,
    /// Printed label.
    pub label: String,
}

/// The unit in which a cell is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Measure {
    /// 件
    #[serde(rename = "件")]
    Piece,
    /// 项
    #[serde(rename = "项")]
    Item,
    /// 元
    #[serde(rename = "元")]
    Yuan,
    /// 万元
    #[serde(rename = "万元")]
    TenThousandYuan,
}

impl Measure {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Measure::Piece => "件",
            Measure::Item => "项",
            Measure::Yuan => "元",
            Measure::TenThousandYuan => "万元",
        }
    }
}

/// What a counted cell is made of.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Count {
    /// Cell pattern.
    pub cell: String,
    /// Tallies of the year.
    #[serde(default)]
    pub flow: Vec<String>,
    /// Tallies of all years up to the end of the year plus `through`.
    #[serde(default)]
    pub stock: Vec<String>,
    /// 0, or -1 for the end of the year before.
    #[serde(default)]
    pub through: i16,
}

/// A computed cell.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// Cell pattern.
    pub cell: String,
    /// The cells added.
    pub sum: Vec<String>,
}

/// One cell of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Cell id.
    pub id: String,
    /// Unit of the figure.
    pub measure: Measure,
    /// True if negative figures are allowed.
    pub signed: bool,
    /// True if the cell is a [`Total`].
    pub computed: bool,
}

/// The figures of a report: cell id to value; `None` is a cell left blank in a published report.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figures(pub BTreeMap<String, Option<Amount>>);

impl Figures {
    /// The value of a cell; blank and missing compute as zero.
    pub fn value(&self, cell: &str) -> Amount {
        self.get(cell).unwrap_or_default()
    }

    /// The value of a cell, `None` if blank or missing.
    pub fn get(&self, cell: &str) -> Option<Amount> {
        self.0.get(cell).copied().flatten()
    }

    /// Sets a cell.
    pub fn set(&mut self, cell: impl Into<String>, value: impl Into<Amount>) {
        self.0.insert(cell.into(), Some(value.into()));
    }
}

/// Something is wrong with a form file or a question about a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FormError {
    /// The text is not a form.
    Unreadable(String),
    /// No version covers this year.
    NoVersion(i16),
    /// The version has no such cell.
    UnknownCell(String),
}

impl fmt::Display for FormError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FormError::Unreadable(e) => write!(f, "报告格式文件无法读取：{e}"),
            FormError::NoVersion(year) => {
                write!(f, "{year}年没有适用的年度报告格式，现有格式适用于2019年及以后各年度")
            }
            FormError::UnknownCell(cell) => {
                write!(
                    f,
                    "本年度报告格式没有“{cell}”这一单元格，请核对单元格编号，例如 requests.new_requests.total"
                )
            }
        }
    }
}

impl std::error::Error for FormError {}

impl Form {
    /// All versions known to this build, oldest first.
    pub fn all() -> &'static [Form] {
        &BUILTIN
    }

    /// The version for a report year. The report year decides, never today's date.
    pub fn for_year(year: i16) -> Result<&'static Form, FormError> {
        Self::all()
            .iter()
            .find(|f| f.from_year <= year && f.through_year.is_none_or(|last| year <= last))
            .ok_or(FormError::NoVersion(year))
    }

    /// The version with this key.
    pub fn by_id(id: &str) -> Option<&'static Form> {
        Self::all().iter().find(|f| f.id == id)
    }

    /// Reads a form file and proves it: every cell has exactly one total or count, every sum and check names cells.
    pub fn parse(text: &str) -> Result<Form, FormError> {
        let mut form: Form = toml::from_str(text).map_err(|e| FormError::Unreadable(e.to_string()))?;
        for cell in form.cells() {
            if form.parts(&cell.id).is_none() {
                return Err(FormError::Unreadable(format!("单元格{}没有统计口径", cell.id)));
            }
        }
        for total in &form.totals {
            for cell in form.cells().iter().filter(|c| count::fits(&total.cell, &c.id)) {
                for part in &total.sum {
                    let part = count::fill(part, &cell.id);
                    form.cell(&part).map_err(|e| FormError::Unreadable(e.to_string()))?;
                }
            }
        }
        let cells = form.cells();
        for relation in &mut form.checks {
            relation.settle(&cells).map_err(|cell| {
                FormError::Unreadable(format!("规则{}引用的单元格{cell}不存在", relation.id))
            })?;
        }
        Ok(form)
    }

    /// All cells in the order of the printed form.
    pub fn cells(&self) -> Vec<Cell> {
        self.cell_list().to_vec()
    }

    /// All cells, listed once.
    pub(crate) fn cell_list(&self) -> &[Cell] {
        self.cell_list.get_or_init(|| self.list_cells())
    }

    /// How each cell gets its figure, worked out once.
    fn part_list(&self) -> &BTreeMap<String, count::Parts> {
        self.part_list.get_or_init(|| {
            let cells = self.cell_list().iter();
            cells.filter_map(|c| Some((c.id.clone(), self.work_out_parts(&c.id)?))).collect()
        })
    }

    fn list_cells(&self) -> Vec<Cell> {
        let mut cells = Vec::with_capacity(212);
        let mut add = |id: String, measure, signed| {
            let computed = self.totals.iter().any(|t| count::fits(&t.cell, &id));
            cells.push(Cell { id, measure, signed, computed });
        };
        for block in &self.proactive {
            for row in &block.rows {
                for c in &block.columns {
                    add(format!("proactive.{}.{}", row.id, c.id), c.measure, c.signed);
                }
            }
        }
        for row in &self.requests.rows {
            for c in &self.requests.columns {
                add(format!("requests.{}.{}", row.id, c.id), Measure::Piece, false);
            }
        }
        for block in &self.disputes {
            for c in &block.columns {
                add(format!("disputes.{}.{}", block.id, c.id), Measure::Piece, false);
            }
        }
        cells
    }

    /// The cell with this id.
    pub fn cell(&self, id: &str) -> Result<Cell, FormError> {
        self.cell_list()
            .iter()
            .find(|c| c.id == id)
            .cloned()
            .ok_or_else(|| FormError::UnknownCell(id.to_owned()))
    }

    /// Result rows of table three: all but the two receipts, the total and the carry-over.
    pub fn result_rows(&self) -> impl Iterator<Item = &RequestRow> {
        const OTHERS: [&str; 4] = ["new_requests", "carried_over_in", "results_total", "carried_over_out"];
        self.requests.rows.iter().filter(|r| !OTHERS.contains(&r.id.as_str()))
    }

    /// The Chinese name of a cell for messages, for example `表三“8.属于行政查询事项”的“总计”`.
    pub fn name_of(&self, cell: &str) -> String {
        let Some([table, row, column]) = count::words(cell) else { return cell.to_owned() };
        let last = |path: &[String]| path.last().cloned().unwrap_or_default();
        match table {
            "proactive" => {
                for block in &self.proactive {
                    let r = block.rows.iter().find(|r| r.id == row);
                    let c = block.columns.iter().find(|c| c.id == column);
                    if let (Some(r), Some(c)) = (r, c) {
                        return format!("表二“{}”的“{}”", r.label, c.label);
                    }
                }
                cell.to_owned()
            }
            "requests" => {
                let group =
                    published::GROUPS.iter().find(|(group, _)| row.strip_prefix("subtotal_") == Some(group));
                let r = self.requests.rows.iter().find(|r| r.id == row).map(|r| last(&r.label));
                let r = r.or_else(|| group.map(|(_, name)| format!("{name}小计")));
                let c = self.requests.columns.iter().find(|c| c.id == column).map(|c| last(&c.label));
                match (r, c) {
                    (Some(r), Some(c)) => format!("表三“{r}”的“{c}”"),
                    _ => cell.to_owned(),
                }
            }
            _ => match self.disputes.iter().find(|b| b.id == row) {
                Some(b) => {
                    let c = b.columns.iter().find(|c| c.id == column);
                    format!("表四“{}”的“{}”", last(&b.label), c.map_or(column, |c| &c.label))
                }
                None => cell.to_owned(),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_in_the_folder_is_listed_and_readable() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/forms/annual-report");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        assert_eq!(found, FILES.iter().map(|f| f.0).collect::<Vec<_>>());
        for (name, text) in FILES {
            let form = Form::parse(text).unwrap_or_else(|e| panic!("{name}: {e}"));
            assert_eq!(format!("{}.toml", form.id), *name);
        }
    }

    #[test]
    fn the_forms_have_the_statutory_cells() {
        assert_eq!(Form::for_year(2020).unwrap().cells().len(), 198);
        assert_eq!(Form::for_year(2021).unwrap().cells().len(), 9 - 3 + 4 + 25 * 7 + 15);
        assert_eq!(Form::for_year(2018).unwrap_err(), FormError::NoVersion(2018));
        let ids: Vec<String> = Form::for_year(2021).unwrap().cells().into_iter().map(|c| c.id).collect();
        let mut unique = ids.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), ids.len());
    }

    #[test]
    fn a_year_before_the_first_form_has_none() {
        assert!(Form::for_year(2018).is_err());
        assert_eq!(Form::for_year(2019).unwrap().id, "2019");
        assert_eq!(Form::for_year(2020).unwrap().id, "2019");
        assert_eq!(Form::for_year(2021).unwrap().id, "2021");
    }

    #[test]
    fn cells_have_names_for_messages() {
        let form = Form::for_year(2020).unwrap();
        assert_eq!(
            form.name_of("requests.refused_administrative_inquiry.total"),
            "表三“8.属于行政查询事项”的“总计”"
        );
        assert_eq!(form.name_of("proactive.procurement.amount"), "表二“政府集中采购”的“采购总金额”");
        assert_eq!(form.name_of("disputes.direct_suit.pending"), "表四“未经复议直接起诉”的“尚未审结”");
        assert_eq!(form.name_of("x"), "x");
    }
}
