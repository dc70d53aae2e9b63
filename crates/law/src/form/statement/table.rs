//! The figures of the tables under the names by which texts quote them.
//!
//! A blank cell is zero; a cell that was not read is unknown, and with it everything it is part of.

use super::claim::{Act, Blocks, Label};
use super::lexicon::{ORGANIZATIONS, ROWS};
use crate::Amount;
use crate::form::{Figures, Form};

/// What a figure may be under one way of reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reading {
    /// Its name in a sentence: 本年新收, 本年新收与上年结转之和.
    pub(super) name: String,
    /// Its value.
    pub(super) value: Amount,
    /// The cells it is made of, the leading one first.
    pub(super) cells: Vec<String>,
    /// True if it is what the words say first; a second-best reading only makes a difference worth a look.
    pub(super) plain: bool,
}

/// Names of the groups of results, in the order of the form.
pub(super) const GROUPS: [(&str, &str); 6] = [
    ("予以公开", "granted"),
    ("部分公开", "granted_in_part"),
    ("不予公开", "refused_"),
    ("无法提供", "unavailable_"),
    ("不予处理", "declined_"),
    ("其他处理", "other_"),
];

/// Names of the outcomes of disputes.
pub(super) const OUTCOMES: [(&str, &str); 4] =
    [("结果维持", "upheld"), ("结果纠正", "corrected"), ("其他结果", "other"), ("尚未审结", "pending")];

/// The figures of a report.
#[derive(Clone, Copy)]
pub(super) struct Tables<'a> {
    /// Its form.
    pub(super) form: &'a Form,
    /// Its figures.
    pub(super) figures: &'a Figures,
}

impl Tables<'_> {
    /// A cell: blank is zero, missing is unknown. A total that was left blank is the sum of its parts.
    pub(super) fn cell(&self, id: &str) -> Option<Amount> {
        match self.figures.0.get(id)? {
            Some(value) => Some(*value),
            None => self.parts_of(id).map_or(Some(Amount::ZERO), |parts| {
                parts.iter().map(|p| self.figures.0.get(p).map(|v| v.unwrap_or_default())).sum()
            }),
        }
    }

    /// What the total of a row or block is made of.
    fn parts_of(&self, id: &str) -> Option<Vec<String>> {
        let row = id.strip_suffix(".total")?;
        let columns: Vec<&str> = if row.starts_with("requests.") {
            self.form.requests.columns.iter().map(|c| c.id.as_str()).collect()
        } else {
            self.form.disputes.first()?.columns.iter().map(|c| c.id.as_str()).collect()
        };
        let parts = columns.into_iter().filter(|c| *c != "total");
        Some(parts.map(|c| format!("{row}.{c}")).collect())
    }

    fn sum(&self, name: impl Into<String>, cells: Vec<String>, plain: bool) -> Option<Reading> {
        let value = cells.iter().map(|c| self.cell(c)).sum::<Option<Amount>>()?;
        (!cells.is_empty()).then(|| Reading { name: name.into(), value, cells, plain })
    }

    fn requests(&self, name: &str, rows: &[&str], columns: &[&str], plain: bool) -> Option<Reading> {
        let cells =
            rows.iter().flat_map(|r| columns.iter().map(move |c| format!("requests.{r}.{c}"))).collect();
        self.sum(name, cells, plain)
    }

    /// 本年新收
    pub(super) fn newly(&self) -> Option<Reading> {
        self.requests("本年新收", &["new_requests"], &["total"], true)
    }

    /// 本年新收 and 上年结转
    pub(super) fn both(&self) -> Option<Reading> {
        self.requests("本年新收与上年结转之和", &["new_requests", "carried_over_in"], &["total"], true)
    }

    /// （七）总计
    pub(super) fn done(&self) -> Option<Reading> {
        self.requests("本年度办理结果总计", &["results_total"], &["total"], true)
    }

    /// 上年结转
    pub(super) fn carried_in(&self) -> Option<Reading> {
        self.requests("上年结转", &["carried_over_in"], &["total"], true)
    }

    /// 结转下年度继续办理
    pub(super) fn carried_out(&self) -> Option<Reading> {
        self.requests("结转下年度继续办理", &["carried_over_out"], &["total"], true)
    }

    fn group_rows(&self, group: usize) -> Vec<&str> {
        let prefix = GROUPS[group].1;
        let fits = |id: &str| if prefix.ends_with('_') { id.starts_with(prefix) } else { id == prefix };
        self.form.result_rows().map(|r| r.id.as_str()).filter(|id| fits(id)).collect()
    }

    /// The sum of groups of results.
    pub(super) fn groups(&self, bits: u8, plain: bool) -> Option<Reading> {
        let chosen: Vec<usize> = (0..GROUPS.len()).filter(|g| bits & 1 << g != 0).collect();
        let name = chosen.iter().map(|g| GROUPS[*g].0).collect::<Vec<_>>().join("、");
        let rows: Vec<&str> = chosen.iter().flat_map(|g| self.group_rows(*g)).collect();
        let name = if rows.len() > 1 { format!("{name}各项之和") } else { name };
        self.requests(&name, &rows, &["total"], plain)
    }

    /// Single rows of a group with this value: why a figure may be wrong.
    pub(super) fn row_with(&self, bits: u8, value: Amount) -> Option<String> {
        let rows = (0..GROUPS.len()).filter(|g| bits & 1 << g != 0).flat_map(|g| self.group_rows(g));
        let cells: Vec<String> = rows.map(|r| format!("requests.{r}.total")).collect();
        if cells.len() < 2 || value.is_zero() {
            return None;
        }
        cells.into_iter().find(|c| self.cell(c) == Some(value)).map(|c| self.form.name_of(&c))
    }

    fn blocks(&self, blocks: Blocks) -> (String, Vec<&'static str>) {
        let mut rows = Vec::new();
        let mut names = Vec::new();
        if blocks.review {
            rows.push("reconsideration");
            names.push("行政复议");
        }
        match (blocks.direct, blocks.later) {
            (true, true) => names.push("行政诉讼"),
            (true, false) => names.push("未经复议直接起诉"),
            (false, true) => names.push("复议后起诉"),
            (false, false) => {}
        }
        rows.extend(blocks.direct.then_some("direct_suit"));
        rows.extend(blocks.later.then_some("suit_after_reconsideration"));
        (names.join("、"), rows)
    }

    /// A column of table four over some of its blocks.
    pub(super) fn disputes(&self, blocks: Blocks, column: &str, label: &str, plain: bool) -> Option<Reading> {
        let (name, rows) = self.blocks(blocks);
        let cells = rows.iter().map(|r| format!("disputes.{r}.{column}")).collect();
        self.sum(format!("{name}{label}"), cells, plain)
    }

    fn document(&self, rules: bool, columns: &[&str], plain: bool) -> Option<Reading> {
        let row = if rules { "rules" } else { "normative_documents" };
        let cell =
            columns.iter().map(|c| format!("proactive.{row}.{c}")).find(|c| self.form.cell(c).is_ok())?;
        let name = self.form.name_of(&cell);
        self.sum(name, vec![cell], plain)
    }

    /// All accepted readings of a label; none if a cell they need was not read.
    pub(super) fn readings(&self, label: Label) -> Option<Vec<Reading>> {
        let second = |r: Option<Reading>| r.map(|r| Reading { plain: false, ..r });
        let mut all: Vec<Option<Reading>> = Vec::new();
        match label {
            Label::Requests { new, received, handled, answered } => {
                if new && !handled && !answered {
                    all.extend([self.newly(), second(self.both())]);
                } else {
                    if new || received || handled {
                        all.extend([self.newly(), self.both()]);
                    }
                    if handled || answered {
                        all.push(self.done());
                    }
                    if answered {
                        all.extend(self.answered());
                    }
                }
            }
            Label::Channel(_) => all.push(self.both()),
            Label::Subject => all.extend([self.newly(), self.both(), self.done()]),
            Label::In(_) => all.push(self.carried_in()),
            Label::Out => all.push(self.carried_out()),
            Label::Ongoing => all.push(self.carried_out()),
            Label::Carry => all.extend([self.carried_in(), self.carried_out()]),
            Label::Groups(bits) => {
                all.push(self.groups(bits, true));
                // 公开 is also said of what was disclosed in part.
                if bits == 1 {
                    all.push(self.groups(3, false));
                }
            }
            Label::Row(i, _) => {
                let row = ROWS[i].0;
                let row = if self.form.result_rows().any(|r| r.id == row) { row } else { "other_disposal" };
                all.push(self.requests("", &[row], &["total"], true));
            }
            Label::Natural => all.extend(self.applicants(&["natural_person"])),
            Label::Organizations => all.extend(self.applicants(&ORGANIZATIONS)),
            Label::Companies => {
                all.extend(self.applicants(&ORGANIZATIONS[..1]));
                all.extend(self.applicants(&ORGANIZATIONS));
            }
            Label::Organization(i) => all.extend(self.applicants(&ORGANIZATIONS[i..=i])),
            Label::Disputes(blocks) => {
                all.push(self.disputes(blocks, "total", "总计", true));
                if blocks.suits() {
                    let one = |direct| Blocks { review: false, direct, later: !direct };
                    all.push(self.disputes(one(true), "total", "总计", false));
                    all.push(self.disputes(one(false), "total", "总计", false));
                }
            }
            Label::Outcome(blocks, i) => {
                all.push(self.disputes(blocks, OUTCOMES[i].1, OUTCOMES[i].0, true));
            }
            Label::Document(rules, act) => all.extend(self.documents(rules, act)),
            _ => return None,
        }
        all.into_iter().collect()
    }

    /// 答复 said of the requests of the year only, or without those that ended without an answer.
    fn answered(&self) -> Vec<Option<Reading>> {
        let less = |name: &str, rows: Vec<&str>| {
            let total = self.done()?;
            let less = self.requests("", &rows, &["total"], false)?;
            let cells = total.cells.into_iter().chain(less.cells).collect();
            Some(Reading { name: name.into(), value: total.value - less.value, cells, plain: false })
        };
        let (mut without, other) = (self.group_rows(4), self.group_rows(5));
        without.extend(other.iter().copied());
        vec![
            less("办理结果总计减上年结转", vec!["carried_over_in"]),
            less("办理结果总计减其他处理", other),
            less("办理结果总计减不予处理和其他处理", without),
            self.newly().map(|r| Reading { plain: false, ..r }),
        ]
    }

    fn applicants(&self, columns: &[&str]) -> Vec<Option<Reading>> {
        vec![
            self.requests("本年新收", &["new_requests"], columns, true),
            self.requests("本年新收与上年结转之和", &["new_requests", "carried_over_in"], columns, true),
            self.requests("办理结果总计", &["results_total"], columns, false),
        ]
    }

    fn documents(&self, rules: bool, act: Act) -> Vec<Option<Reading>> {
        match act {
            Act::Issue => vec![
                self.document(rules, &["issued", "made"], true),
                self.document(rules, &["issued", "disclosed"], false),
            ],
            Act::PublishNew => vec![
                self.document(rules, &["issued", "disclosed"], true),
                self.document(rules, &["issued", "made"], false),
            ],
            Act::Publish => vec![
                self.document(rules, &["issued", "disclosed"], true),
                self.document(rules, &["in_force", "total_disclosed"], true),
            ],
            Act::Repeal => vec![self.document(rules, &["repealed"], true)],
            Act::InForce => vec![self.document(rules, &["in_force"], true)],
            Act::TotalPublic => vec![self.document(rules, &["total_disclosed", "in_force"], true)],
        }
    }
}
