//! What was read of a table.

use super::record::Raw;
use super::value::{Value, value};
use law::Amount;
use law::form::published::{RowLabel, TableState, Written};
use law::form::{Form, Measure};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A row, or a table, whose figures cannot be told for certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    /// Middle word of its cells; none for the whole table.
    pub(super) row: Option<String>,
    /// One Chinese sentence.
    pub(super) reason: String,
}

/// One table of a report.
#[derive(Debug, Clone)]
pub(super) struct Table {
    pub(super) state: TableState,
    /// Figures; none for a blank cell. Unreadable cells are missing.
    pub(super) figures: BTreeMap<String, Option<Amount>>,
    pub(super) cells: BTreeMap<String, Written>,
    pub(super) labels: Vec<RowLabel>,
    /// Printed sums of groups, which no form has.
    pub(super) subtotals: BTreeMap<String, Option<Amount>>,
    pub(super) refused: Vec<Refused>,
}

impl Default for Table {
    fn default() -> Self {
        Table {
            state: TableState::Absent,
            figures: BTreeMap::new(),
            cells: BTreeMap::new(),
            labels: Vec::new(),
            subtotals: BTreeMap::new(),
            refused: Vec::new(),
        }
    }
}

impl Table {
    /// Puts a cell, read in the unit of its column. A figure that was torn and not proved is refused.
    pub(super) fn put(&mut self, cell: String, raw: &Raw) {
        self.put_in(cell, raw, "");
    }

    /// Puts a cell of a column whose heading names the unit `unit`; a unit in the cell itself goes before.
    pub(super) fn put_in(&mut self, cell: String, raw: &Raw, unit: &str) {
        let measure = measure(&cell);
        let text = if raw.value.is_blank() || raw.text.contains('元') {
            Cow::Borrowed(raw.text.as_str())
        } else {
            Cow::Owned(format!("{}{unit}", raw.text))
        };
        let read = match (value(&text, measure), &raw.value) {
            // Torn, and proved to be one.
            (Value::Torn(amount), Value::Figure(proved, _)) if amount == *proved => {
                Value::Figure(amount, None)
            }
            (read, _) => read,
        };
        let (figure, note, readable) = match read {
            Value::Blank => (Some(None), None, true),
            Value::Figure(amount, note) => (Some(Some(amount)), note, true),
            Value::Torn(_) => return self.refuse_torn(&cell, raw),
            Value::Unreadable => (None, None, false),
        };
        if let Some(figure) = figure {
            self.figures.insert(cell.clone(), figure);
        }
        let written = Written { raw: raw.text.clone(), note, readable, place: raw.place };
        self.cells.insert(cell, written);
    }

    /// Narrow columns break figures into lines: whether it is one figure or two, nothing tells.
    fn refuse_torn(&mut self, cell: &str, raw: &Raw) {
        let printed = raw.text.split_whitespace().collect::<Vec<_>>().join(" ");
        let name = form_with(cell).map_or_else(|| cell.to_owned(), |form| form.name_of(cell));
        let reason = format!("{name}写作“{printed}”，中间断开，不能确定是不是一个数字");
        self.refused.push(Refused { row: cell.split('.').nth(1).map(str::to_owned), reason });
    }
}

fn form_with(cell: &str) -> Option<&'static Form> {
    Form::all().iter().rev().find(|f| f.cell(cell).is_ok())
}

/// The unit of a cell in whichever form has it.
fn measure(cell: &str) -> Measure {
    form_with(cell).and_then(|f| f.cell(cell).ok()).map_or(Measure::Piece, |c| c.measure)
}
