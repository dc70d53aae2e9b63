//! What may have gone wrong in a table: every slip that can be undone, tried on the equations.

use super::model::{Change, Model, ONE, Value};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One cell has another value.
    Cell(usize),
    /// The values of two cells stand in each other's place.
    Swap(usize, usize),
    /// Two rows stand in each other's place.
    Rows(usize, usize),
    /// Two columns stand in each other's place.
    Columns(usize, usize),
    /// The values of a run of rows stand one row off.
    RowShift { from: usize, to: usize, down: bool },
    /// The values of a run of rows stand one column off.
    ColumnShift { from: usize, to: usize, right: bool },
    /// The values of a row of cells, read as one line, stand one place off.
    LineShift { right: bool },
    /// A row has other values: it is missing, or several of its cells are wrong.
    Row { row: usize, empty: bool },
    /// A column has other values.
    Column { column: usize, empty: bool },
    /// One cell in each of several rows has another value.
    Cells,
}

/// A slip that explains failing equations.
#[derive(Debug, Clone)]
pub(super) struct Hypothesis {
    pub(super) kind: Kind,
    /// The values without the slip; only cells that change.
    pub(super) change: Change,
    /// Failing equations it makes true, one bit each.
    pub(super) fixed: u64,
    /// The smaller, the simpler the slip.
    pub(super) rank: u8,
    /// Among equally simple ones: the smaller, the likelier.
    pub(super) grade: u8,
}

/// The cells of a table by rows and columns.
pub(super) struct Grid {
    pub(super) cells: Vec<Vec<usize>>,
}

impl Grid {
    fn rows(&self) -> usize {
        self.cells.len()
    }

    fn columns(&self) -> usize {
        self.cells.first().map_or(0, Vec::len)
    }

    fn row_is_empty(&self, model: &Model<'_>, row: usize) -> bool {
        self.cells[row].iter().all(|c| model.values[*c].is_empty())
    }

    fn column_is_empty(&self, model: &Model<'_>, column: usize) -> bool {
        self.cells.iter().all(|row| model.values[row[column]].is_empty())
    }
}

/// The kind of slip between two figures, and how likely it is as a slip.
pub(super) fn slip(stands: Value, right: i64) -> (String, u8) {
    let Value::Is(n) = stands else { return ("漏填".into(), 0) };
    if n < 0 && n == -right {
        return ("误加负号".into(), 0);
    }
    if n == 0 {
        return ("漏填".into(), 2);
    }
    if n % ONE != 0 || n < 0 {
        return ("不是件数".into(), 1);
    }
    let (was, is) = ((n / ONE).to_string().into_bytes(), (right / ONE).to_string().into_bytes());
    let sorted = |digits: &[u8]| {
        let mut digits = digits.to_vec();
        digits.sort_unstable();
        digits
    };
    if was.len() > 1 && sorted(&was) == sorted(&is) {
        return ("数字颠倒".into(), 1);
    }
    let without_one = |long: &[u8], short: &[u8]| {
        long.len() == short.len() + 1
            && (0..long.len()).any(|i| [&long[..i], &long[i + 1..]].concat() == short)
    };
    if without_one(&is, &was) {
        return ("少一位".into(), 1);
    }
    if right != 0 && without_one(&was, &is) {
        return ("多一位".into(), 1);
    }
    let (word, by) = if n > right { ("多", n - right) } else { ("少", right - n) };
    (format!("{word}{}", by / ONE), if by == ONE { 2 } else { 3 })
}

/// The rank of several wrong cells: two before a row that is missing, more after it.
fn several(cells: usize, empty: bool) -> u8 {
    match cells {
        0..=2 => 4,
        _ if empty => 5,
        3 => 6,
        _ => 7,
    }
}

/// Collects the slips that explain something and leave no equation through a changed cell failing.
pub(super) struct Search<'m, 'a> {
    pub(super) model: &'m mut Model<'a>,
    pub(super) grid: &'m Grid,
    pub(super) found: Vec<Hypothesis>,
}

impl Search<'_, '_> {
    /// Tries a change.
    fn offer(&mut self, kind: Kind, mut change: Change, rank: u8, grade: u8) {
        change.retain(|(cell, n)| self.model.values[*cell].number() != *n);
        // A cell that was not read is neither moved nor filled in.
        let unreadable = |c: &usize| self.model.values[*c] == Value::Missing;
        if change.is_empty() || change.iter().any(|(c, n)| *n < 0 || n % ONE != 0 || unreadable(c)) {
            return;
        }
        let effect = self.model.effect(&change);
        if !effect.clean || effect.fixed == 0 {
            return;
        }
        change.sort_unstable();
        match self.found.iter_mut().find(|h| h.change == change) {
            // The same values by a simpler slip.
            Some(h) if (rank, grade) < (h.rank, h.grade) => {
                *h = Hypothesis { kind, change, fixed: effect.fixed, rank, grade };
            }
            Some(_) => {}
            None => self.found.push(Hypothesis { kind, change, fixed: effect.fixed, rank, grade }),
        }
    }

    fn fails(&self, equation: usize) -> bool {
        self.model.failing & (1 << equation) != 0
    }

    fn in_failing(&self, cell: usize) -> bool {
        self.model.through[cell].iter().any(|e| self.fails(*e))
    }

    fn number(&self, cell: usize) -> i64 {
        self.model.values[cell].number()
    }

    /// One cell: the value the first failing equation asks for.
    pub(super) fn cells(&mut self) {
        for cell in self.grid.cells.concat() {
            let Some(e) = self.model.through[cell].iter().copied().find(|e| self.fails(*e)) else { continue };
            if let Some(n) = self.model.solve(e, cell) {
                let (_, grade) = slip(self.model.values[cell], n);
                self.offer(Kind::Cell(cell), vec![(cell, n)], 0, grade);
            }
        }
    }

    /// Two cells of a row or a column, neighbours first; in table four also neighbours across two blocks.
    pub(super) fn swaps(&mut self, line: bool) {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        let mut pairs = Vec::new();
        for r in 0..rows {
            for c in 0..columns {
                let here = self.grid.cells[r][c];
                pairs.extend((c + 1..columns).map(|d| (here, self.grid.cells[r][d], u8::from(d > c + 1))));
                pairs.extend((r + 1..rows).map(|d| (here, self.grid.cells[d][c], u8::from(d > r + 1))));
            }
            if line && r + 1 < rows {
                pairs.push((self.grid.cells[r][columns - 1], self.grid.cells[r + 1][0], 0));
            }
        }
        for (a, b, far) in pairs {
            if self.in_failing(a) && self.in_failing(b) {
                let change = vec![(a, self.number(b)), (b, self.number(a))];
                self.offer(Kind::Swap(a, b), change, 1 + far, 0);
            }
        }
    }

    /// Two rows or two columns, neighbours first.
    pub(super) fn rows_and_columns(&mut self) {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        for (a, b) in (0..rows).flat_map(|a| (a + 1..rows).map(move |b| (a, b))) {
            let pairs = (0..columns).map(|c| (self.grid.cells[a][c], self.grid.cells[b][c]));
            let change = pairs.flat_map(|(x, y)| [(x, self.number(y)), (y, self.number(x))]).collect();
            self.offer(Kind::Rows(a, b), change, if b > a + 1 { 6 } else { 3 }, 0);
        }
        for (a, b) in (0..columns).flat_map(|a| (a + 1..columns).map(move |b| (a, b))) {
            let pairs = (0..rows).map(|r| (self.grid.cells[r][a], self.grid.cells[r][b]));
            let change = pairs.flat_map(|(x, y)| [(x, self.number(y)), (y, self.number(x))]).collect();
            self.offer(Kind::Columns(a, b), change, if b > a + 1 { 6 } else { 3 }, 0);
        }
    }

    /// Runs of rows one row off. The row that fell out is found at the other end of the run, or follows from the
    /// equations of its columns.
    pub(super) fn row_shifts(&mut self) {
        let rows = self.grid.rows();
        if self.model.failing.count_ones() < 3 {
            return;
        }
        for (from, to) in (0..rows).flat_map(|a| (a + 1..rows).map(move |b| (a, b))) {
            for down in [true, false] {
                let (gap, lost) = if down { (from, to) } else { (to, from) };
                let mut change: Change = Vec::new();
                for row in (from..=to).filter(|r| *r != lost) {
                    let source = if down { row + 1 } else { row - 1 };
                    let pairs = self.grid.cells[row].iter().zip(&self.grid.cells[source]);
                    change.extend(pairs.map(|(cell, from)| (*cell, self.number(*from))));
                }
                let turned = self.grid.cells[lost].iter().zip(&self.grid.cells[gap]);
                let mut whole = change.clone();
                whole.extend(turned.map(|(cell, from)| (*cell, self.number(*from))));
                let kind = Kind::RowShift { from, to, down };
                let empty = self.grid.row_is_empty(self.model, gap);
                self.offer_shift(kind, whole, 3, u8::from(!empty));
                if let Some(rest) = self.solve_after(&change, &self.grid.cells[lost].clone(), true) {
                    change.extend(rest);
                    self.offer_shift(kind, change, 6 + u8::from(!empty), 0);
                }
            }
        }
    }

    /// Runs of rows one column off: the row itself, and as many below as follow.
    pub(super) fn column_shifts(&mut self) {
        let (rows, columns) = (self.grid.rows(), self.grid.columns());
        if self.model.failing.count_ones() < 3 {
            return;
        }
        let wrong: Vec<bool> =
            (0..rows).map(|r| self.grid.cells[r].iter().any(|c| self.row_equation_fails(*c))).collect();
        for (from, to) in (0..rows).flat_map(|a| (a..rows).map(move |b| (a, b))) {
            if !wrong[from] || !wrong[to] {
                continue;
            }
            for right in [true, false] {
                let (gap, lost) = if right { (0, columns - 1) } else { (columns - 1, 0) };
                let mut change: Change = Vec::new();
                for row in &self.grid.cells[from..=to] {
                    for c in (0..columns).filter(|c| *c != lost) {
                        change.push((row[c], self.number(row[if right { c + 1 } else { c - 1 }])));
                    }
                }
                let run = &self.grid.cells[from..=to];
                let mut whole = change.clone();
                whole.extend(run.iter().map(|row| (row[lost], self.number(row[gap]))));
                let kind = Kind::ColumnShift { from, to, right };
                self.offer_shift(kind, whole, 3, 0);
                let empty = run.iter().all(|row| self.model.values[row[gap]].is_empty());
                let cells: Vec<usize> = run.iter().map(|row| row[lost]).collect();
                if empty && let Some(rest) = self.solve_after(&change, &cells, false) {
                    change.extend(rest);
                    // As likely as a column that is missing.
                    self.offer_shift(kind, change, 5, 0);
                }
            }
        }
    }

    /// All cells of table four one place off.
    pub(super) fn line_shift(&mut self) {
        let line = self.grid.cells.concat();
        for right in [true, false] {
            let mut change: Change = Vec::new();
            let n = line.len();
            for at in 0..n {
                let source = if right { (at + 1) % n } else { (at + n - 1) % n };
                change.push((line[at], self.number(line[source])));
            }
            let lost = if right { line[n - 1] } else { line[0] };
            let gap = if right { line[0] } else { line[n - 1] };
            self.offer_shift(Kind::LineShift { right }, change.clone(), 3, 0);
            if self.model.values[gap].is_empty() {
                change.retain(|(cell, _)| *cell != lost);
                if let Some(rest) = self.solve_after(&change, &[lost], true) {
                    change.extend(rest);
                    self.offer_shift(Kind::LineShift { right }, change, 6, 0);
                }
            }
        }
    }

    /// A shift is worth a word from three failing equations on.
    fn offer_shift(&mut self, kind: Kind, change: Change, rank: u8, grade: u8) {
        let before = self.found.len();
        self.offer(kind, change, rank, grade);
        if self.found.len() > before && self.found[before].fixed.count_ones() < 3 {
            self.found.pop();
        }
    }

    /// A row or a column with other values, where its own equations ask for them.
    pub(super) fn whole(&mut self) {
        for row in 0..self.grid.rows() {
            let cells = self.grid.cells[row].clone();
            let empty = self.grid.row_is_empty(self.model, row);
            self.offer_solved(Kind::Row { row, empty }, &cells, true, empty);
        }
        for column in 0..self.grid.columns() {
            let cells: Vec<usize> = self.grid.cells.iter().map(|row| row[column]).collect();
            let empty = self.grid.column_is_empty(self.model, column);
            self.offer_solved(Kind::Column { column, empty }, &cells, false, empty);
        }
    }

    fn offer_solved(&mut self, kind: Kind, cells: &[usize], across: bool, empty: bool) {
        if let Some(change) = self.solve_after(&[], cells, across) {
            let wrong = change.iter().filter(|(c, n)| self.number(*c) != *n).count();
            self.offer(kind, change, several(wrong, empty), 0);
        }
    }

    /// The values cells need after a change: with `across` for the equations of their columns, else of their rows.
    fn solve_after(&mut self, change: &[(usize, i64)], cells: &[usize], across: bool) -> Option<Change> {
        if self.model.budget == 0 {
            return None;
        }
        let before = self.model.change(change);
        let mut rest = Some(Vec::new());
        for cell in cells {
            self.model.budget = self.model.budget.saturating_sub(1);
            let own = self.model.through[*cell].iter().copied();
            let equation = own.clone().find(|e| self.is_row_equation(*e) != across);
            let value = match equation.or_else(|| own.clone().next()) {
                Some(e) => self.model.solve(e, *cell),
                None => None,
            };
            match (value, rest.as_mut()) {
                (Some(n), Some(rest)) => rest.push((*cell, n)),
                _ => {
                    rest = None;
                    break;
                }
            }
        }
        self.model.restore(&before);
        rest
    }

    fn is_row_equation(&self, equation: usize) -> bool {
        self.model.equations[equation].relation.id == "T3-H"
    }

    fn row_equation_fails(&self, cell: usize) -> bool {
        self.model.through[cell].iter().any(|e| self.is_row_equation(*e) && self.fails(*e))
    }

    /// One wrong cell in each of two or three rows whose sums fail, where they share columns.
    pub(super) fn one_cell_a_row(&mut self) {
        let rows: Vec<(usize, usize)> = (0..self.grid.rows())
            .filter_map(|r| {
                let through = &self.model.through[self.grid.cells[r][0]];
                let e = through.iter().copied().find(|e| self.is_row_equation(*e) && self.fails(*e))?;
                Some((r, e))
            })
            .collect();
        if rows.len() < 2 || rows.len() > 3 {
            return;
        }
        let mut changes: Vec<Change> = vec![vec![]];
        for (row, equation) in rows {
            let options: Change = self.grid.cells[row]
                .iter()
                .filter_map(|c| Some((*c, self.model.solve(equation, *c)?)))
                .collect();
            changes = changes
                .iter()
                .flat_map(|before| options.iter().map(move |o| [before.as_slice(), &[*o]].concat()))
                .collect();
        }
        for change in changes {
            let rank = several(change.len(), false);
            self.offer(Kind::Cells, change, rank, 0);
        }
    }
}
