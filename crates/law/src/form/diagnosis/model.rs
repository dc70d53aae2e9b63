//! The equations of a report over numbered cells, evaluated on changed values without copying them.

use super::super::check::Input;
use super::super::relation::{Blank, Relation};
use super::super::{Amount, count};
use std::collections::HashMap;

/// One whole piece in millionths.
pub(super) const ONE: i64 = 1_000_000;

/// What stands in a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    /// Not known: the cell was not read.
    Missing,
    /// Nothing stands in it.
    Blank,
    /// A figure, in millionths.
    Is(i64),
}

impl Value {
    /// What it computes as.
    pub(super) fn number(self) -> i64 {
        if let Value::Is(n) = self { n } else { 0 }
    }

    /// True where nothing or a zero stands.
    pub(super) fn is_empty(self) -> bool {
        self.number() == 0
    }
}

/// Whether an equation holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Holds,
    NotAssessable,
    Fails,
}

/// One equation.
pub(super) struct Eq<'a> {
    pub(super) relation: &'a Relation,
    pub(super) over: &'a str,
    /// Leading cell of its findings.
    pub(super) leading: String,
    sides: [Vec<(usize, i64)>; 2],
    numbers: [i64; 2],
}

/// A change of cells.
pub(super) type Change = Vec<(usize, i64)>;

/// What a change does to the equations through the changed cells.
pub(super) struct Effect {
    /// Failing equations it makes true, one bit each.
    pub(super) fixed: u64,
    /// True if no equation through a changed cell fails afterwards.
    pub(super) clean: bool,
}

/// Cells and equations of a report.
pub(super) struct Model<'a> {
    /// Cell ids.
    pub(super) ids: Vec<String>,
    /// What stands in them.
    pub(super) values: Vec<Value>,
    /// The equations; at most 64.
    pub(super) equations: Vec<Eq<'a>>,
    /// Which of them fail, one bit each.
    pub(super) failing: u64,
    /// Equations through each cell.
    pub(super) through: Vec<Vec<usize>>,
    /// Evaluations left. A damaged report needs a few thousand; hostile figures end the search.
    pub(super) budget: u32,
    /// Which evaluation last looked at an equation.
    seen: Vec<u32>,
    round: u32,
}

impl<'a> Model<'a> {
    /// The cells of tables three and four with all equations of the form that are in force.
    pub(super) fn new(input: &Input<'a>) -> Self {
        let cells = input.form.cell_list().iter().filter(|c| !c.id.starts_with("proactive."));
        let ids: Vec<String> = cells.map(|c| c.id.clone()).collect();
        let at: HashMap<&str, usize> = ids.iter().enumerate().map(|(n, id)| (id.as_str(), n)).collect();
        let values: Vec<Value> = ids
            .iter()
            .map(|id| match input.figures.0.get(id) {
                None => Value::Missing,
                Some(None) => Value::Blank,
                Some(Some(n)) => Value::Is(n.micros()),
            })
            .collect();
        let mut equations = Vec::new();
        let mut through = vec![Vec::new(); ids.len()];
        for relation in input.form.checks.iter().filter(|r| input.settings.asks(&r.id)) {
            for e in relation.equations(input) {
                let numbered = |side: &Vec<(String, i64)>| -> Option<Vec<(usize, i64)>> {
                    side.iter().map(|(cell, n)| Some((*at.get(cell.as_str())?, *n))).collect()
                };
                let (Some(left), Some(right)) = (numbered(&e.sides[0]), numbered(&e.sides[1])) else {
                    continue;
                };
                if equations.len() == 64 {
                    break;
                }
                for (cell, _) in left.iter().chain(&right) {
                    through[*cell].push(equations.len());
                }
                equations.push(Eq {
                    relation: e.relation,
                    over: e.over,
                    leading: e.leading,
                    sides: [left, right],
                    numbers: e.numbers,
                });
            }
        }
        let seen = vec![0; equations.len()];
        let mut model = Model { ids, values, equations, failing: 0, through, budget: 20_000, seen, round: 0 };
        model.judge();
        model
    }

    /// Number of a cell of table three or four.
    pub(super) fn at(&self, cell: &str) -> Option<usize> {
        self.ids.iter().position(|id| id == cell)
    }

    /// Looks again which equations fail.
    pub(super) fn judge(&mut self) {
        self.failing = 0;
        for n in 0..self.equations.len() {
            if self.state(n) == State::Fails {
                self.failing |= 1 << n;
            }
        }
    }

    /// Both sums of an equation, in millionths.
    pub(super) fn sums(&self, equation: usize) -> [i128; 2] {
        let e = &self.equations[equation];
        [0, 1].map(|side| {
            let cells = e.sides[side].iter();
            cells.map(|(cell, n)| i128::from(self.values[*cell].number()) * i128::from(*n)).sum::<i128>()
                + i128::from(e.numbers[side])
        })
    }

    fn state(&self, equation: usize) -> State {
        let e = &self.equations[equation];
        let mut sums = [0i128; 2];
        let (mut all, mut cells) = (0, 0);
        for (sum, (side, number)) in sums.iter_mut().zip(e.sides.iter().zip(e.numbers)) {
            let mut blank = 0;
            *sum = i128::from(number);
            for (cell, factor) in side {
                match self.values[*cell] {
                    Value::Missing => return State::NotAssessable,
                    Value::Blank => blank += 1,
                    Value::Is(n) => *sum += i128::from(n) * i128::from(*factor),
                }
            }
            let here = side.len();
            if e.relation.blank == Blank::Side && here > 0 && blank == here {
                return State::NotAssessable;
            }
            all += blank;
            cells += here;
        }
        if all == cells {
            State::NotAssessable
        } else if sums[0] == sums[1] {
            State::Holds
        } else {
            State::Fails
        }
    }

    /// What a change would do. Values are as before afterwards.
    pub(super) fn effect(&mut self, change: &[(usize, i64)]) -> Effect {
        let mut effect = Effect { fixed: 0, clean: false };
        if self.budget == 0 {
            return effect;
        }
        let before = self.change(change);
        effect.clean = true;
        self.round += 1;
        'cells: for (cell, _) in change {
            for at in 0..self.through[*cell].len() {
                let n = self.through[*cell][at];
                if self.seen[n] == self.round {
                    continue;
                }
                self.seen[n] = self.round;
                self.budget = self.budget.saturating_sub(1);
                match self.state(n) {
                    // Last year's report may be the one that is wrong: what differs before and after is no matter of here.
                    State::Fails if self.failing & (1 << n) != 0 && self.is_carry(n) => {}
                    State::Fails => {
                        effect.clean = false;
                        break 'cells;
                    }
                    State::Holds => effect.fixed |= self.failing & (1 << n),
                    // A sum is not made true by leaving its cells out.
                    State::NotAssessable => effect.clean &= self.failing & (1 << n) == 0,
                }
            }
        }
        self.restore(&before);
        effect
    }

    /// Changes cells; hands out what stood there.
    pub(super) fn change(&mut self, change: &[(usize, i64)]) -> Vec<(usize, Value)> {
        let before: Vec<(usize, Value)> = change.iter().map(|(c, _)| (*c, self.values[*c])).collect();
        for (cell, n) in change {
            self.values[*cell] = Value::Is(*n);
        }
        before
    }

    /// Puts back what [`Model::change`] handed out.
    pub(super) fn restore(&mut self, before: &[(usize, Value)]) {
        for (cell, value) in before.iter().rev() {
            self.values[*cell] = *value;
        }
    }

    /// The value with which an equation would hold if only this cell were another: a count, not below zero.
    pub(super) fn solve(&self, equation: usize, cell: usize) -> Option<i64> {
        let e = &self.equations[equation];
        let mut factor = 0i128;
        for (side, sign) in [(0, 1i128), (1, -1)] {
            for (c, n) in &e.sides[side] {
                if *c == cell {
                    factor += sign * i128::from(*n);
                } else if self.values[*c] == Value::Missing {
                    return None;
                }
            }
        }
        let [left, right] = self.sums(equation);
        let own = i128::from(self.values[cell].number());
        let rest = right - left + factor * own;
        if factor == 0 || rest % factor != 0 {
            return None;
        }
        let value = i64::try_from(rest / factor).ok()?;
        (value >= 0 && value % ONE == 0).then_some(value)
    }

    /// True if what stands in the cell is wrong whatever the equations say: no count, or a blank in a report that
    /// otherwise writes its zeros.
    pub(super) fn is_impossible(&self, cell: usize) -> bool {
        match self.values[cell] {
            Value::Is(n) => n < 0 || n % ONE != 0,
            Value::Missing => true,
            Value::Blank => {
                let count = |value| self.values.iter().filter(|v| **v == value).count();
                count(Value::Blank) <= 1 + count(Value::Is(0)) / 4
            }
        }
    }

    /// What stands in a cell, for a sentence.
    pub(super) fn said(&self, cell: usize) -> String {
        match self.values[cell] {
            Value::Missing => "无法读取".to_owned(),
            Value::Blank => "空白".to_owned(),
            Value::Is(n) => Amount::from_micros(n).to_string(),
        }
    }

    /// True for the comparison with last year's report.
    pub(super) fn is_carry(&self, equation: usize) -> bool {
        self.equations[equation].relation.id == "X-CARRY"
    }

    /// First word of the table an equation belongs to.
    pub(super) fn table(&self, equation: usize) -> &str {
        count::words(self.equations[equation].over).map_or("", |[table, _, _]| table)
    }
}
