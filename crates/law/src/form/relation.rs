//! Linear checks as data: one evaluator for every sum, comparison and carry-over of a form.
//!
//! A `[[check]]` of a form file relates two sums of terms over every cell that fits `over`. A term is a cell with
//! `{row}`, `{block}` and `{column}` of that cell, or a number; `-` subtracts, `4*` multiplies, `percent*` multiplies by a number of the rule
//! that may be set ([`super::settings`]), `previous.` takes the
//! cell from last year's report. `when` is a condition of the same shape. `say` is the sentence of the finding:
//! `{left}` and `{right}` are the two sums, `{row}` and `{column}` printed labels, `{requests.new_requests.total}` the
//! figure of a cell,
//! `{percent}` a number of the rule.

use super::check::{Finding, Input, Severity, Verdict};
use super::count::{fill, fits, words};
use super::{Amount, Cell, Figures, Form, settings};
use serde::Deserialize;
use std::fmt;

/// How two sums are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum Op {
    /// equal
    #[serde(rename = "=")]
    Equal,
    /// not equal
    #[serde(rename = "!=")]
    NotEqual,
    /// at most
    #[serde(rename = "<=")]
    AtMost,
    /// at least
    #[serde(rename = ">=")]
    AtLeast,
    /// less than
    #[serde(rename = "<")]
    Less,
    /// greater than
    #[serde(rename = ">")]
    Greater,
}

impl Op {
    fn holds(self, left: Amount, right: Amount) -> bool {
        match self {
            Op::Equal => left == right,
            Op::NotEqual => left != right,
            Op::AtMost => left <= right,
            Op::AtLeast => left >= right,
            Op::Less => left < right,
            Op::Greater => left > right,
        }
    }

    /// True if the comparison holds, or would hold if one sum were another by no more than this.
    fn holds_within(self, left: Amount, right: Amount, tolerance: Amount) -> bool {
        let apart = if left > right { left - right } else { right - left };
        let near = matches!(self, Op::Equal | Op::AtMost | Op::AtLeast) && apart <= tolerance;
        near || self.holds(left, right)
    }
}

/// When blank cells make a relation not assessable. Otherwise blank computes as zero (CHECKS §1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blank {
    /// When all operands are blank.
    #[default]
    All,
    /// When all operands of either side are blank: a total without its parts proves nothing, nor parts without a total.
    Side,
}

/// A term of a sum.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Term {
    factor: i64,
    /// A number of the rule that multiplies as well.
    parameter: Option<String>,
    previous: bool,
    /// A cell with placeholders, or `None` for the number `factor` itself.
    cell: Option<String>,
}

/// The text is not a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotATerm(String);

impl fmt::Display for NotATerm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "“{}”不是有效的算式项", self.0)
    }
}

impl TryFrom<String> for Term {
    type Error = NotATerm;
    fn try_from(text: String) -> Result<Term, NotATerm> {
        if let Ok(number) = text.parse::<i64>() {
            return Ok(Term { factor: number, parameter: None, previous: false, cell: None });
        }
        let (sign, rest) = text.strip_prefix('-').map_or((1, text.as_str()), |rest| (-1, rest));
        let is_name = |n: &str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let (factor, parameter, rest) = match rest.split_once('*') {
            Some((name, rest)) if is_name(name) => (1, Some(name.to_owned()), rest),
            Some((n, rest)) => (n.parse::<i64>().map_err(|_| NotATerm(text.clone()))?, None, rest),
            None => (1, None, rest),
        };
        let (previous, rest) = rest.strip_prefix("previous.").map_or((false, rest), |rest| (true, rest));
        if words(rest).is_none() {
            return Err(NotATerm(text));
        }
        Ok(Term { factor: sign * factor, parameter, previous, cell: Some(rest.to_owned()) })
    }
}

/// Two sums and how they compare.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Comparison {
    /// Left sum.
    pub left: Vec<Term>,
    /// Comparison.
    pub op: Op,
    /// Right sum.
    pub right: Vec<Term>,
}

/// One `[[check]]` of a form. Several may share an id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Relation {
    /// Rule id, for example `T3-B`.
    pub id: String,
    /// Version of the rule, from 1.
    #[serde(default = "first")]
    pub version: u32,
    /// Title in lists.
    pub title: String,
    /// How grave a failure is.
    pub severity: Severity,
    /// What a failure means.
    #[serde(default)]
    pub verdict: Verdict,
    /// False if a report that fails may not be published even with a recorded reason.
    #[serde(default = "yes")]
    pub waivable: bool,
    /// The cells it is asked for.
    pub over: String,
    /// Asked only where this holds.
    pub when: Option<Comparison>,
    /// Left sum.
    pub left: Vec<Term>,
    /// Comparison.
    pub op: Op,
    /// Right sum.
    pub right: Vec<Term>,
    /// What blank operands mean.
    #[serde(default)]
    pub blank: Blank,
    /// Words in the text that explain a difference: the verdict is then `review`.
    #[serde(default)]
    pub explained_by: Vec<String>,
    /// The sentence of the finding.
    pub say: String,
    /// Where the rule comes from.
    pub cite: String,
    /// The cells that fit `over`, listed when the form is read.
    #[serde(skip)]
    fitting: Vec<String>,
}

fn first() -> u32 {
    1
}

fn yes() -> bool {
    true
}

/// A sum with what is known of its operands.
#[derive(Debug, Clone, Copy, Default)]
struct Side {
    sum: Amount,
    cells: usize,
    blank: usize,
    missing: usize,
}

impl Side {
    fn all_blank(&self) -> bool {
        self.cells > 0 && self.blank == self.cells
    }
}

impl Relation {
    /// Every cell template of this year's form, filled for one cell.
    fn cells(&self, over: &str) -> Vec<String> {
        let mut cells = Vec::new();
        for term in self.left.iter().chain(&self.right).filter(|t| !t.previous) {
            if let Some(cell) = &term.cell {
                let cell = fill(cell, over);
                if !cells.contains(&cell) {
                    cells.push(cell);
                }
            }
        }
        if cells.is_empty() { vec![over.to_owned()] } else { cells }
    }

    /// Lists the cells it is asked for.
    ///
    /// # Errors
    /// A cell the relation names but the form does not have.
    pub(super) fn settle(&mut self, cells: &[Cell]) -> Result<(), String> {
        self.fitting = cells.iter().filter(|c| fits(&self.over, &c.id)).map(|c| c.id.clone()).collect();
        if self.fitting.is_empty() {
            return Err(self.over.clone());
        }
        let guard = self.when.iter().flat_map(|w| w.left.iter().chain(&w.right));
        let terms: Vec<&Term> =
            self.left.iter().chain(&self.right).chain(guard).filter(|t| !t.previous).collect();
        for over in &self.fitting {
            for cell in terms.iter().filter_map(|t| t.cell.as_ref()) {
                let cell = fill(cell, over);
                if !cells.iter().any(|c| c.id == cell) {
                    return Err(cell);
                }
            }
        }
        Ok(())
    }

    /// True if a tolerance means something: sums that may be a little apart.
    pub(super) fn is_tolerant(&self) -> bool {
        matches!(self.op, Op::Equal | Op::AtMost | Op::AtLeast)
    }

    /// Adds what this relation finds.
    pub(super) fn run(&self, input: &Input<'_>, found: &mut Vec<Finding>) {
        let mut not_assessable = Vec::new();
        for cell in &self.fitting {
            match self.ask(cell, input) {
                Answer::Holds => {}
                Answer::NotAssessable => not_assessable.push(cell.clone()),
                Answer::Fails(left, right) => {
                    let explained = self.explained_by.iter().any(|w| input.says(w));
                    found.push(Finding {
                        id: self.id.clone(),
                        severity: input.settings.severity(&self.id, self.severity),
                        verdict: if explained { Verdict::Review } else { self.verdict },
                        cells: self.cells(cell),
                        message: self.sentence(cell, left, right, input),
                        citation: input.settings.citation(&self.id, &self.cite),
                        quote: None,
                        place: None,
                        suggestion: None,
                    });
                }
            }
        }
        // A comparison that cannot be made is worth a remark only where a failure would have been an error.
        if self.severity == Severity::Error && !not_assessable.is_empty() {
            found.push(Finding {
                id: self.id.clone(),
                severity: Severity::Info,
                verdict: Verdict::NotAssessable,
                message: format!("{}有{}处因相关数据空缺，无法核对", self.title, not_assessable.len()),
                cells: not_assessable,
                citation: input.settings.citation(&self.id, &self.cite),
                quote: None,
                place: None,
                suggestion: None,
            });
        }
    }

    fn ask(&self, over: &str, input: &Input<'_>) -> Answer {
        if let Some(when) = &self.when {
            let (Some(left), Some(right)) =
                (sum(&self.id, &when.left, over, input), sum(&self.id, &when.right, over, input))
            else {
                return Answer::Holds;
            };
            if left.missing + right.missing > 0 || !when.op.holds(left.sum, right.sum) {
                return Answer::Holds;
            }
        }
        let (Some(left), Some(right)) =
            (sum(&self.id, &self.left, over, input), sum(&self.id, &self.right, over, input))
        else {
            return Answer::Holds;
        };
        let cells = left.cells + right.cells;
        let all_blank = left.blank + right.blank == cells;
        let side_blank = self.blank == Blank::Side && (left.all_blank() || right.all_blank());
        if left.missing + right.missing > 0 || all_blank || side_blank {
            return Answer::NotAssessable;
        }
        if self.op.holds_within(left.sum, right.sum, input.settings.tolerance(&self.id)) {
            Answer::Holds
        } else {
            Answer::Fails(left.sum, right.sum)
        }
    }

    fn sentence(&self, over: &str, left: Amount, right: Amount, input: &Input<'_>) -> String {
        let [row, column] = input.form.labels_of(over);
        let mut text = self
            .say
            .replace("{left}", &left.to_string())
            .replace("{right}", &right.to_string())
            .replace("{row}", &row)
            .replace("{column}", &column);
        while let Some((before, rest)) = text.split_once('{') {
            let Some((name, after)) = rest.split_once('}') else { break };
            if settings::parameter(&self.id, name).is_some() {
                text = format!("{before}{}{after}", input.settings.parameter(&self.id, name));
                continue;
            }
            let value = Term::try_from(name.to_owned())
                .ok()
                .and_then(|t| sum(&self.id, &[t], over, input))
                .map_or_else(String::new, |s| s.sum.to_string());
            text = format!("{before}{value}{after}");
        }
        text
    }
}

enum Answer {
    Holds,
    NotAssessable,
    Fails(Amount, Amount),
}

/// A sum of a rule; `None` if it asks for last year's report and there is none, or last year's form has no such cell.
fn sum(id: &str, terms: &[Term], over: &str, input: &Input<'_>) -> Option<Side> {
    let mut side = Side::default();
    for term in terms {
        let Some(cell) = &term.cell else {
            side.sum = side.sum + Amount::whole(term.factor);
            continue;
        };
        let cell = fill(cell, over);
        let figures: &Figures = if term.previous {
            let previous = input.previous.as_ref()?;
            previous.form.cell(&cell).ok()?;
            previous.figures
        } else {
            input.figures
        };
        side.cells += 1;
        match figures.0.get(&cell) {
            None => side.missing += 1,
            Some(None) => side.blank += 1,
            Some(Some(value)) => {
                let set = term.parameter.as_deref().map_or(1, |name| input.settings.parameter(id, name));
                let factor = term.factor.saturating_mul(set);
                side.sum = side.sum + Amount::from_micros(value.micros().saturating_mul(factor));
            }
        }
    }
    Some(side)
}

/// An equation that must hold: two sums of cells of this year's report, with what last year's report adds as a number.
pub(super) struct Equation<'a> {
    /// The relation it is a case of.
    pub(super) relation: &'a Relation,
    /// The cell it is asked for.
    pub(super) over: &'a str,
    /// Leading cell of its findings.
    pub(super) leading: String,
    /// Cells and factors of the left and the right sum.
    pub(super) sides: [Vec<(String, i64)>; 2],
    /// Numbers of the left and the right sum, in millionths.
    pub(super) numbers: [i64; 2],
}

impl Relation {
    /// The equations of this relation, if it is one whose failure is an error. A carry-over counts column by column,
    /// whether the totals of the two years agree or not.
    pub(super) fn equations<'a>(&'a self, input: &Input<'_>) -> Vec<Equation<'a>> {
        if self.op != Op::Equal || self.severity != Severity::Error {
            return vec![];
        }
        let side = |terms: &[Term], over: &str| -> Option<(Vec<(String, i64)>, i64)> {
            let (mut cells, mut number) = (Vec::new(), 0i64);
            for term in terms {
                match &term.cell {
                    Some(cell) if !term.previous => cells.push((fill(cell, over), term.factor)),
                    _ => {
                        number = number.saturating_add(
                            sum(&self.id, std::slice::from_ref(term), over, input)?.sum.micros(),
                        );
                    }
                }
            }
            Some((cells, number))
        };
        let of = |over: &'a String| {
            let (left, right) = (side(&self.left, over)?, side(&self.right, over)?);
            let leading = self.cells(over).swap_remove(0);
            Some(Equation {
                relation: self,
                over,
                leading,
                sides: [left.0, right.0],
                numbers: [left.1, right.1],
            })
        };
        self.fitting.iter().filter_map(of).collect()
    }
}

impl Form {
    /// The printed labels of a cell's row (or block) and column; the ids where the form does not know them.
    pub(super) fn labels_of(&self, cell: &str) -> [String; 2] {
        let Some([table, row, column]) = words(cell) else { return [cell.to_owned(), cell.to_owned()] };
        let last = |path: &[String]| path.last().cloned();
        let (r, c) = match table {
            "proactive" => {
                let block = self.proactive.iter().find(|b| b.rows.iter().any(|r| r.id == row));
                (
                    block.and_then(|b| b.rows.iter().find(|r| r.id == row)).map(|r| r.label.clone()),
                    block.and_then(|b| b.columns.iter().find(|c| c.id == column)).map(|c| c.label.clone()),
                )
            }
            "requests" => (
                self.requests.rows.iter().find(|r| r.id == row).and_then(|r| last(&r.label)),
                self.requests.columns.iter().find(|c| c.id == column).and_then(|c| last(&c.label)),
            ),
            _ => {
                let block = self.disputes.iter().find(|b| b.id == row);
                (
                    block.and_then(|b| last(&b.label)),
                    block.and_then(|b| b.columns.iter().find(|c| c.id == column)).map(|c| c.label.clone()),
                )
            }
        };
        [r.unwrap_or_else(|| row.to_owned()), c.unwrap_or_else(|| column.to_owned())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn term(text: &str) -> Result<Term, NotATerm> {
        Term::try_from(text.to_owned())
    }

    #[test]
    fn terms_have_a_sign_a_factor_and_a_year() {
        let t = term("-4*previous.requests.{row}.total").unwrap();
        assert_eq!((t.factor, t.previous, t.cell.as_deref()), (-4, true, Some("requests.{row}.total")));
        assert_eq!(term("-12").unwrap(), Term { factor: -12, parameter: None, previous: false, cell: None });
        assert_eq!(term("percent*requests.a.b").unwrap().parameter.as_deref(), Some("percent"));
        for bad in ["", "requests.total", "1x*requests.a.b", "*requests.a.b", "previous."] {
            assert!(term(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_sentence_is_filled_and_every_rule_cites() {
        for form in Form::all() {
            let figures = form.count(&super::super::count::Ledger::default(), form.from_year);
            let input = Input::new(form, form.from_year, &figures);
            for relation in &form.checks {
                let over = relation.fitting.first().unwrap();
                let text = relation.sentence(over, Amount::whole(7), Amount::whole(9), &input);
                assert!(!text.contains(['{', '}']) && !text.is_empty(), "{} {text}", relation.id);
                assert!(!relation.cite.is_empty() && !relation.title.is_empty(), "{}", relation.id);
            }
        }
    }
}
