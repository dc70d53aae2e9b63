//! A line of a report: what a reviewer points at.

use super::Reported;
use crate::form::part::Part;
use crate::form::{Form, count};
use serde::{Deserialize, Serialize};

/// A cell, a row of a table, or a part of the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Line {
    /// One cell.
    Cell(String),
    /// All cells of a row, or of a block of table four: `requests.granted`.
    Row(String),
    /// A part of the text.
    Part(Part),
}

impl Line {
    /// Stored key: `cell:…`, `row:…`, `part:…`.
    pub fn key(&self) -> String {
        match self {
            Line::Cell(cell) => format!("cell:{cell}"),
            Line::Row(row) => format!("row:{row}"),
            Line::Part(part) => format!("part:{}", part.key()),
        }
    }

    /// The line with this key.
    pub fn parse(key: &str) -> Option<Line> {
        match key.split_once(':')? {
            ("cell", cell) => count::words(cell).map(|_| Line::Cell(cell.to_owned())),
            ("row", row) => (row.split('.').count() == 2).then(|| Line::Row(row.to_owned())),
            ("part", part) => Part::parse(part).map(Line::Part),
            _ => None,
        }
    }

    /// Chinese name.
    pub fn name(&self, form: &Form) -> String {
        match self {
            Line::Cell(cell) => form.name_of(cell),
            Line::Row(row) => match form.cells().iter().find(|c| in_row(row, &c.id)) {
                // The name of a cell without its column.
                Some(cell) => {
                    let name = form.name_of(&cell.id);
                    name.rsplit_once("的“").map_or(name.clone(), |(row, _)| row.to_owned())
                }
                None => row.clone(),
            },
            Line::Part(part) => format!("“{}”", part.label()),
        }
    }

    /// Whether the form has it.
    pub fn is_in(&self, form: &Form) -> bool {
        match self {
            Line::Cell(cell) => form.cell(cell).is_ok(),
            Line::Row(row) => form.cells().iter().any(|c| in_row(row, &c.id)),
            Line::Part(_) => true,
        }
    }

    /// Whether a cell belongs to it.
    pub fn covers(&self, cell: &str) -> bool {
        match self {
            Line::Cell(own) => own == cell,
            Line::Row(row) => in_row(row, cell),
            Line::Part(_) => false,
        }
    }

    /// Whether two reports differ in it.
    pub(super) fn changed(&self, before: &Reported, now: &Reported) -> bool {
        let figures = |row: &dyn Fn(&str) -> bool| {
            let of = |r: &Reported| -> Vec<_> {
                r.figures.0.iter().filter(|(c, _)| row(c)).map(|(c, v)| (c.clone(), *v)).collect()
            };
            of(before) != of(now)
        };
        match self {
            Line::Part(part) => before.texts.get(part) != now.texts.get(part),
            line => figures(&|cell| line.covers(cell)),
        }
    }
}

fn in_row(row: &str, cell: &str) -> bool {
    cell.strip_prefix(row).is_some_and(|rest| rest.starts_with('.'))
}

impl From<Line> for String {
    fn from(line: Line) -> String {
        line.key()
    }
}

impl TryFrom<String> for Line {
    type Error = String;

    fn try_from(key: String) -> Result<Line, String> {
        Line::parse(&key).ok_or(key)
    }
}
