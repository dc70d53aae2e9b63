//! What a row of each register says: from cells to the events of a docket and back.

mod dispute;
pub(super) mod document;
mod figure;
mod request;
mod unit;

pub(super) use dispute::{OF_AGENCY, OF_NUMBER};
pub(super) use request::{COMPUTED, PERSON, person, put_person};
pub(super) use unit::{NAMES, REFERENCES};

use super::cell::{Bad, Cells, Column, may};
use crate::register::Register;
use crate::unit::Tree;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Heading of the docket id: a row that carries one keeps it, so that files refer to each other.
pub(super) const ID: Column = may("标识");
/// Heading of what the other columns cannot hold: events as JSON.
pub(super) const REST: Column = may("其他经过");

/// Events with their legal dates, in the order of a docket.
pub(super) type Events<E> = Vec<(Date, E)>;

/// A register as a table.
pub(super) trait Sheet: Register {
    /// Headings, without [`ID`] and [`REST`].
    const COLUMNS: &'static [Column];

    /// The events that the cells say; the first begins the docket.
    fn read(cells: &Cells, tree: &Tree) -> Result<Events<Self::Event>, Bad>;

    /// Refuses what the events say together, in the cells or in [`REST`].
    fn look(_: &Events<Self::Event>) -> Result<(), Bad> {
        Ok(())
    }

    /// The event without what has no meaning outside of this store.
    fn portable(event: Self::Event) -> Self::Event {
        event
    }

    /// Writes an event into its cells; `false` if they are taken or there are none for it.
    fn write(on: Date, event: &Self::Event, tree: &Tree, cells: &mut Cells) -> bool;
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rest<E> {
    on: Date,
    event: E,
}

/// The events of a row, with those of the last column at their dates.
pub(super) fn events_of<S: Sheet>(cells: &Cells, tree: &Tree) -> Result<Events<S::Event>, Bad> {
    let mut events = S::read(cells, tree)?;
    let rest: Vec<Rest<S::Event>> = match cells.text(REST.name) {
        "" => Vec::new(),
        text => serde_json::from_str(text)
            .map_err(|_| Bad::new(REST.name, "这一列只能是从本系统导出的内容，手工填表请留空"))?,
    };
    let only_rest = events.len() == 1;
    events.extend(rest.into_iter().map(|r| (r.on, r.event)));
    if !only_rest && let Some((_, later)) = events.split_first_mut() {
        later.sort_by_key(|(on, _)| *on);
    }
    S::look(&events)?;
    Ok(events)
}

/// The row of a docket. Reading it gives the same events in the same order.
pub(super) fn row_of<S: Sheet>(events: &[(Date, S::Event)], tree: &Tree) -> Cells {
    let row = |fits: &dyn Fn(usize) -> bool| {
        let mut cells = Cells::default();
        let mut rest: Vec<Rest<&S::Event>> = Vec::new();
        for (n, (on, event)) in events.iter().enumerate() {
            if !fits(n) || !S::write(*on, event, tree, &mut cells) {
                rest.push(Rest { on: *on, event });
            }
        }
        if !rest.is_empty() {
            cells.put(REST.name, serde_json::to_string(&rest).unwrap_or_default());
        }
        cells
    };
    let cells = row(&|_| true);
    match events_of::<S>(&cells, tree) {
        Ok(read) if read == events => cells,
        // In another order than the columns have: the beginning in its columns, everything else behind it.
        _ => row(&|n| n == 0),
    }
}

/// The unit that a cell names by code, full name, unambiguous short name or id.
fn unit_in(cells: &Cells, name: &'static str, tree: &Tree) -> Result<Option<String>, Bad> {
    match cells.text(name) {
        "" => Ok(None),
        text => match tree.find(text) {
            Ok(unit) => Ok(Some(unit.id.to_string())),
            Err(e) => Err(Bad::new(name, e.to_string())),
        },
    }
}

/// The unit that a cell must name.
fn must_unit_in(cells: &Cells, name: &'static str, tree: &Tree) -> Result<String, Bad> {
    unit_in(cells, name, tree)?.ok_or_else(|| Bad::new(name, format!("请填写{name}")))
}

/// How a cell names a unit: by its code, or by the id where it is none of this store.
fn unit_name(id: &str, tree: &Tree) -> String {
    let known = Uuid::parse_str(id).ok().and_then(|id| tree.get(id).ok());
    known.map_or_else(|| id.to_owned(), |u| u.code.clone())
}

/// Puts a date and texts into their cells if all of them are free.
fn place(cells: &mut Cells, on: (&'static str, Date), texts: &[(&'static str, &str)]) -> bool {
    // The date tells whether there is such an event: it must not be there already.
    if !cells.is_free(on.0) {
        return false;
    }
    cells.put(on.0, on.1.to_string());
    for (name, text) in texts {
        cells.put(name, *text);
    }
    true
}
