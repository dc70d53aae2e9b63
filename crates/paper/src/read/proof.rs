//! The equations of table three as proof of a reading (R-PROOF): whether rows satisfy all of them, and the one place in
//! which a figure that stands apart makes them hold.

use super::label::REQUESTS;
use super::record::Raw;
use super::requests::{Seat, WIDTH};
use law::Amount;
use std::collections::BTreeMap;

/// Cells that stand apart from their rows and are tried in blank places.
const MAX_STRAYS: usize = 2;
/// Blank places in which a cell that stands apart is tried.
const MAX_BLANKS: usize = 60;

pub(super) fn same(a: &[Raw], b: &[Raw]) -> bool {
    a.iter().map(|c| &c.value).eq(b.iter().map(|c| &c.value))
}

pub(super) fn all_same(a: &BTreeMap<usize, Seat>, b: &BTreeMap<usize, Seat>) -> bool {
    a.len() == b.len() && a.iter().zip(b).all(|((i, x), (j, y))| i == j && same(&x.cells, &y.cells))
}

/// Puts figures that stand apart into blank places; the one way that makes everything add up, if there is exactly one.
pub(super) fn placed(
    rows: &BTreeMap<usize, Seat>,
    expected: &[usize],
    strays: &[Raw],
) -> Option<BTreeMap<usize, Seat>> {
    let [stray, rest @ ..] = strays else { return None };
    if strays.len() > MAX_STRAYS {
        return None;
    }
    let blanks: Vec<(usize, usize)> = rows
        .iter()
        .flat_map(|(row, seat)| {
            let blank = seat.cells.iter().enumerate().filter(|(_, c)| c.value.is_blank());
            blank.map(|(x, _)| (*row, x))
        })
        .collect();
    if blanks.len() > MAX_BLANKS {
        return None;
    }
    let mut found: Vec<BTreeMap<usize, Seat>> = Vec::new();
    for (row, x) in blanks {
        let mut trial = rows.clone();
        if let Some(cell) = trial.get_mut(&row).and_then(|s| s.cells.get_mut(x)) {
            let column = cell.column;
            *cell = Raw { column, ..stray.clone() };
        }
        let whole = if holds(&trial, expected) { Some(trial) } else { placed(&trial, expected, rest) };
        if let Some(whole) = whole
            && !found.iter().any(|f| all_same(f, &whole))
        {
            found.push(whole);
        }
    }
    (found.len() == 1).then(|| found.remove(0))
}

/// Whether all rows are there and every equation of the table holds, blanks as zero.
pub(super) fn holds(rows: &BTreeMap<usize, Seat>, expected: &[usize]) -> bool {
    expected.iter().all(|row| rows.contains_key(row)) && holds_without_missing(rows, expected)
}

/// Whether every equation holds if rows that are missing are nothing.
pub(super) fn holds_without_missing(rows: &BTreeMap<usize, Seat>, expected: &[usize]) -> bool {
    let value = |row: usize, x: usize| match rows.get(&row) {
        Some(seat) => seat.cells.get(x).and_then(|c| c.value.amount()),
        None => Some(Amount::ZERO),
    };
    let place = |id: &str| REQUESTS.place(id);
    let (Some(new), Some(old), Some(total), Some(out)) =
        (place("new_requests"), place("carried_over_in"), place("results_total"), place("carried_over_out"))
    else {
        return false;
    };
    let across = expected.iter().all(|row| {
        let parts = sum((0..WIDTH - 1).map(|x| value(*row, x)));
        parts.is_some() && parts == value(*row, WIDTH - 1)
    });
    across
        && (0..WIDTH).all(|x| {
            let down = expected.iter().filter(|r| ![new, old, total, out].contains(r));
            let down = sum(down.map(|r| value(*r, x)));
            let come = sum([new, old].into_iter().map(|r| value(r, x)));
            let gone = sum([total, out].into_iter().map(|r| value(r, x)));
            down.is_some() && down == value(total, x) && come == gone
        })
}

/// None if one of them is not certain.
fn sum(mut cells: impl Iterator<Item = Option<Amount>>) -> Option<Amount> {
    cells.try_fold(Amount::ZERO, |sum, v| v.map(|v| sum + v))
}
