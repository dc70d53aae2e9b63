//! Cells of markup as a grid: each says how many rows and columns it covers, and takes the next free place.

use super::block::{At, Cell, Document, Grid};

/// Columns of the widest table that is woven; the forms have fifteen.
const MAX_COLUMNS: usize = 64;
/// Cells of the largest table that is woven; what is more is no report.
const MAX_CELLS: usize = 20_000;

/// A table in the making.
#[derive(Debug, Default)]
pub(super) struct Weave {
    grid: Grid,
    /// Rows begun.
    begun: usize,
    /// For each column up to which row (excluded) it is covered.
    covered: Vec<usize>,
    at: usize,
}

impl Weave {
    /// Begins the next row.
    pub(super) fn row(&mut self) {
        self.begun += 1;
        self.at = 0;
    }

    /// Leaves columns of the row empty.
    pub(super) fn skip(&mut self, columns: usize) {
        self.at = (self.at + columns).min(MAX_COLUMNS);
    }

    /// Adds a cell to the row; where it covers rows beyond the table, that is mended in the end.
    pub(super) fn cell(
        &mut self,
        text: String,
        rows: usize,
        columns: usize,
        document: &mut Document,
        at: At,
    ) {
        if self.begun == 0 {
            self.row();
        }
        let row = self.begun - 1;
        while self.covered.get(self.at).is_some_and(|until| *until > row) {
            self.at += 1;
        }
        let columns = columns.clamp(1, MAX_COLUMNS);
        if self.at + columns > MAX_COLUMNS * 2 || self.grid.cells.len() >= MAX_CELLS {
            return;
        }
        let rows = rows.max(1);
        if self.covered.len() < self.at + columns {
            self.covered.resize(self.at + columns, 0);
        }
        for until in &mut self.covered[self.at..self.at + columns] {
            *until = row.saturating_add(rows);
        }
        let place = document.place(at);
        self.grid.cells.push(Cell { text, row, column: self.at, rows, columns, place });
        self.at += columns;
    }

    /// Lengthens the cell above the next place by this row (`vMerge`). False if there is none.
    pub(super) fn lengthen(&mut self, columns: usize) -> bool {
        let row = self.begun.saturating_sub(1);
        let at = self.at;
        let above = self.grid.cells.iter_mut().rev().find(|c| c.column == at && c.row + c.rows == row);
        let Some(above) = above else { return false };
        above.rows += 1;
        self.at += columns.clamp(1, MAX_COLUMNS);
        true
    }

    /// The table.
    pub(super) fn end(mut self) -> Grid {
        self.grid.rows = self.begun;
        for cell in &mut self.grid.cells {
            cell.rows = cell.rows.min(self.begun - cell.row).max(1);
            self.grid.columns = self.grid.columns.max(cell.column + cell.columns);
        }
        self.grid
    }
}

#[cfg(test)]
mod tests {
    use super::super::block::Kind;
    use super::*;

    #[test]
    fn spans_push_later_cells_aside() {
        let mut document = Document::new(Kind::Html);
        let mut weave = Weave::default();
        let mut add = |weave: &mut Weave, text: &str, rows, columns| {
            weave.cell(text.into(), rows, columns, &mut document, At::default());
        };
        weave.row();
        add(&mut weave, "甲", 2, 1);
        add(&mut weave, "乙", 1, 2);
        weave.row();
        add(&mut weave, "丙", 9, 1);
        add(&mut weave, "丁", 1, 1);
        let grid = weave.end();
        let places: Vec<_> =
            grid.cells.iter().map(|c| (c.text.as_str(), c.row, c.column, c.rows, c.columns)).collect();
        assert_eq!(places, [("甲", 0, 0, 2, 1), ("乙", 0, 1, 1, 2), ("丙", 1, 1, 1, 1), ("丁", 1, 2, 1, 1)]);
        assert_eq!((grid.rows, grid.columns), (2, 3));
    }
}
