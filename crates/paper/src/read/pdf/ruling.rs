//! From drawn lines to tables.
//!
//! Lines are first joined: pieces of one line, double lines, dashes and dots, and what is drawn a little beside. What
//! touches is one table. Between two of its level lines the upright lines are walked from the left, and a cell ends where
//! one covers the row; a cell reaches into the next row where no level line parts it from the same stretch there.

use super::sheet::{Glyph, Rule, Sheet};
use hayro::vello_cpu::kurbo::Rect;

/// Pieces nearer than this to one line lie in it, in points.
const ASIDE: f64 = 0.6;
/// Lines of a table nearer than this are one; the two of a double line are up to 2½ apart.
const SNAP: f64 = 2.5;
/// The widest band of lines that are taken as one.
const BAND: f64 = 5.0;
/// A gap in a line that the eye does not see, and how far from a line another may end and still touch it.
const GAP: f64 = 3.0;
/// The shortest line that draws a table.
const SHORTEST: f64 = 4.0;
/// How far lines must reach beyond the outermost crossing line for a side that is left open.
const OPEN: f64 = 8.0;
/// Pairs of lines that are compared on a page, and places of one table; a dense form has some hundred thousand.
const MAX_PAIRS: usize = 1_000_000;
/// Filled boxes of a page beyond which they are a drawing.
const MAX_FILLS: usize = 1_000;
/// Pairs of lines that are compared in a file.
pub(super) const MAX_ALL_PAIRS: usize = 20_000_000;

/// A table as it is drawn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Table {
    /// Upright lines from the left; between two of them lies a column.
    pub(super) xs: Vec<f64>,
    /// Level lines from the top; between two of them lies a row.
    pub(super) ys: Vec<f64>,
    /// Row by row from the left. Together they cover everything.
    pub(super) cells: Vec<Slot>,
    /// For every column, whether no line closes it at the top and at the bottom: there the end of a page cuts it, and
    /// words may stand beyond.
    pub(super) open: Vec<[bool; 2]>,
}

/// A cell of a [`Table`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
}

impl Table {
    /// Its outer box.
    pub(super) fn frame(&self) -> Rect {
        let ends = |lines: &[f64]| (lines[0], lines[lines.len() - 1]);
        let ((x0, x1), (y0, y1)) = (ends(&self.xs), ends(&self.ys));
        Rect::new(x0, y0, x1, y1)
    }

    /// The box of a cell.
    pub(super) fn cell(&self, slot: &Slot) -> Rect {
        Rect::new(
            self.xs[slot.column],
            self.ys[slot.row],
            self.xs[slot.column + slot.columns],
            self.ys[slot.row + slot.rows],
        )
    }

    /// Whether a glyph stands in it: its middle in the frame, or right beyond where a column is cut open.
    pub(super) fn holds(&self, glyph: &Glyph) -> bool {
        let (frame, middle) = (self.frame(), glyph.frame.center());
        if frame.contains(middle) {
            return true;
        }
        let column = self.xs.partition_point(|x| *x <= middle.x);
        let Some([top, bottom]) = column.checked_sub(1).and_then(|column| self.open.get(column)) else {
            return false;
        };
        let near = glyph.size * 0.6;
        (*bottom && middle.y > frame.y1 && glyph.frame.y0 - frame.y1 < near)
            || (*top && middle.y < frame.y0 && frame.y0 - glyph.frame.y1 < near)
    }

    /// For every place, row by row, which cell covers it.
    pub(super) fn owners(&self) -> Vec<usize> {
        let columns = self.xs.len() - 1;
        let mut owners = vec![0; columns * (self.ys.len() - 1)];
        for (n, slot) in self.cells.iter().enumerate() {
            for row in slot.row..slot.row + slot.rows {
                owners[row * columns + slot.column..][..slot.columns].fill(n);
            }
        }
        owners
    }
}

/// The tables of a page, from the top: those of lines, and where there are none, those of filled boxes. `left` says how
/// many pairs of lines may still be compared; on a page that takes more, no table is seen.
pub(super) fn tables(sheet: &Sheet, left: &mut usize) -> Vec<Table> {
    let mut tables = drawn(&sheet.rules, left);
    let page = sheet.width * sheet.height;
    // Shading lies under the cells of a ruled table, often in pieces, and says nothing there.
    let free = |fill: &&Rect| {
        fill.area() < page * 0.8
            && !tables.iter().any(|t| t.frame().inflate(GAP, GAP).contains(fill.center()))
    };
    let fills: Vec<Rect> = sheet.fills.iter().filter(free).copied().collect();
    if fills.len() > MAX_FILLS {
        return tables;
    }
    let sides: Vec<Rule> = fills.iter().flat_map(sides).collect();
    let mut filled = drawn(&sides, left);
    filled.retain(|table| table.xs.len() > 2 && table.ys.len() > 2 && is_beside(table, &fills));
    tables.extend(filled);
    tables.sort_by(|a, b| a.ys[0].total_cmp(&b.ys[0]).then(a.xs[0].total_cmp(&b.xs[0])));
    tables
}

/// Whether most boxes within a table have another one beside them, as cells have. Marked words of a text lie below each
/// other.
fn is_beside(table: &Table, fills: &[Rect]) -> bool {
    let frame = table.frame().inflate(GAP, GAP);
    let inside: Vec<&Rect> = fills.iter().filter(|fill| frame.contains(fill.center())).collect();
    let beside = |a: &Rect, b: &Rect| {
        let common = a.y1.min(b.y1) - a.y0.max(b.y0);
        let gap = (b.x0 - a.x1).abs().min((a.x0 - b.x1).abs());
        gap <= BAND && common > 0.5 * a.height().min(b.height())
    };
    let count = inside.iter().filter(|a| inside.iter().any(|b| beside(a, b))).count();
    count * 10 > inside.len() * 6
}

fn sides(fill: &Rect) -> [Rule; 4] {
    let upright = |at| Rule { upright: true, at, from: fill.y0, to: fill.y1 };
    let level = |at| Rule { upright: false, at, from: fill.x0, to: fill.x1 };
    [upright(fill.x0), upright(fill.x1), level(fill.y0), level(fill.y1)]
}

/// The tables that lines draw.
fn drawn(rules: &[Rule], left: &mut usize) -> Vec<Table> {
    let of = |upright: bool| {
        let rules = rules.iter().filter(|r| r.upright == upright).copied().collect();
        joined(rules, ASIDE)
    };
    let (upright, level) = (of(true), of(false));
    let pairs = upright.len().saturating_mul(level.len());
    if pairs > MAX_PAIRS.min(*left) {
        return Vec::new();
    }
    *left -= pairs;
    // Lines of another table on the page, a little aside, do not count for this one.
    let table = |(upright, level)| table(&joined(upright, SNAP), &joined(level, SNAP));
    touching(&upright, &level).into_iter().filter_map(table).collect()
}

/// Lines of one direction with their pieces joined, and put onto one place where they are nearly at one.
fn joined(mut rules: Vec<Rule>, snap: f64) -> Vec<Rule> {
    rules.sort_by(|a, b| a.at.total_cmp(&b.at));
    let mut joined: Vec<Rule> = Vec::new();
    let mut rest = &mut rules[..];
    while let Some(first) = rest.first().map(|r| r.at) {
        let mut count = 1;
        while count < rest.len()
            && rest[count].at - rest[count - 1].at <= snap
            && rest[count].at - first <= BAND
        {
            count += 1;
        }
        let (band, after) = rest.split_at_mut(count);
        let weight = |r: &Rule| (r.to - r.from).max(0.01);
        let total: f64 = band.iter().map(weight).sum();
        let at = band.iter().map(|r| r.at * weight(r)).sum::<f64>() / total;
        band.sort_by(|a, b| a.from.total_cmp(&b.from));
        let mut line: Option<Rule> = None;
        for piece in band.iter() {
            match &mut line {
                Some(line) if piece.from - line.to <= GAP => line.to = line.to.max(piece.to),
                _ => {
                    joined.extend(line.take());
                    line = Some(Rule { at, ..*piece });
                }
            }
        }
        joined.extend(line);
        rest = after;
    }
    joined.retain(|r| r.to - r.from >= SHORTEST);
    joined
}

fn touch(upright: &Rule, level: &Rule) -> bool {
    let within = |at: f64, rule: &Rule| rule.from - GAP <= at && at <= rule.to + GAP;
    within(level.at, upright) && within(upright.at, level)
}

/// Groups of lines that touch, as upright and level ones.
fn touching(upright: &[Rule], level: &[Rule]) -> Vec<(Vec<Rule>, Vec<Rule>)> {
    let mut parent: Vec<usize> = (0..upright.len() + level.len()).collect();
    fn root(parent: &mut [usize], mut n: usize) -> usize {
        while parent[n] != n {
            parent[n] = parent[parent[n]];
            n = parent[n];
        }
        n
    }
    for (v, one) in upright.iter().enumerate() {
        for (h, other) in level.iter().enumerate() {
            if touch(one, other) {
                let (a, b) = (root(&mut parent, v), root(&mut parent, upright.len() + h));
                parent[a.max(b)] = a.min(b);
            }
        }
    }
    let mut groups: std::collections::BTreeMap<usize, (Vec<Rule>, Vec<Rule>)> = Default::default();
    for (n, rule) in upright.iter().chain(level).enumerate() {
        let (verticals, levels) = groups.entry(root(&mut parent, n)).or_default();
        if rule.upright { verticals.push(*rule) } else { levels.push(*rule) }
    }
    groups.into_values().filter(|(upright, level)| !upright.is_empty() && !level.is_empty()).collect()
}

/// Places of the lines, with a place for each side that is left open: where the crossing lines end beyond the last one.
fn places(lines: &[Rule], crossing: &[Rule]) -> Vec<f64> {
    let mut places: Vec<f64> = lines.iter().map(|r| r.at).collect();
    places.sort_by(f64::total_cmp);
    places.dedup();
    let (first, last) = (places[0], places[places.len() - 1]);
    let start = crossing.iter().map(|r| r.from).fold(f64::INFINITY, f64::min);
    let end = crossing.iter().map(|r| r.to).fold(f64::NEG_INFINITY, f64::max);
    if first - start > OPEN && crossing.iter().filter(|r| r.from - start <= GAP).count() > 1 {
        places.insert(0, start);
    }
    if end - last > OPEN && crossing.iter().filter(|r| end - r.to <= GAP).count() > 1 {
        places.push(end);
    }
    places
}

/// How much of each stretch between two places is covered by lines at each crossing place: `[line][stretch]`.
fn covered(lines: &[Rule], at: &[f64], stretches: &[f64]) -> Vec<f64> {
    let count = stretches.len() - 1;
    let mut covered = vec![0.0; at.len() * count];
    for rule in lines {
        let line = at.partition_point(|place| *place < rule.at);
        let first = stretches.partition_point(|place| *place <= rule.from).saturating_sub(1);
        for n in first..count {
            if stretches[n] >= rule.to {
                break;
            }
            let common = rule.to.min(stretches[n + 1]) - rule.from.max(stretches[n]);
            covered[line * count + n] += common.max(0.0);
        }
    }
    covered
}

fn table(upright: &[Rule], level: &[Rule]) -> Option<Table> {
    let (xs, ys) = (places(upright, level), places(level, upright));
    let (columns, rows) = (xs.len() - 1, ys.len() - 1);
    // One box around a text is no table.
    if columns == 0 || rows == 0 || columns * rows < 2 || columns * rows > MAX_PAIRS {
        return None;
    }
    let walls = covered(upright, &xs, &ys);
    let floors = covered(level, &ys, &xs);
    let is_wall = |line: usize, row: usize| {
        line == columns || walls[line * rows + row] >= (ys[row + 1] - ys[row]) * 0.5
    };
    let is_floor = |line: usize, from: usize, to: usize| {
        let covered: f64 = floors[line * columns..][from..to].iter().sum();
        covered >= (xs[to] - xs[from]) * 0.5
    };
    let mut cells: Vec<Slot> = Vec::new();
    // The stretch that each column belongs to in the row above, as an index of `cells`.
    let mut above: Vec<usize> = vec![usize::MAX; columns];
    for row in 0..rows {
        let mut from = 0;
        for to in 1..=columns {
            if !is_wall(to, row) {
                continue;
            }
            let same = cells.get(above[from]).is_some_and(|slot| {
                slot.column == from && slot.columns == to - from && !is_floor(row, from, to)
            });
            if same {
                cells[above[from]].rows += 1;
            } else {
                above[from..to].fill(cells.len());
                cells.push(Slot { row, column: from, rows: 1, columns: to - from });
            }
            from = to;
        }
    }
    let open = |column: usize| [!is_floor(0, column, column + 1), !is_floor(rows, column, column + 1)];
    let open = (0..columns).map(open).collect();
    (cells.len() > 1).then_some(Table { xs, ys, cells, open })
}

#[cfg(test)]
mod tests {
    use super::super::sheet::glyphs_of;
    use super::*;

    fn level(at: f64, from: f64, to: f64) -> Rule {
        Rule { upright: false, at, from, to }
    }

    fn upright(at: f64, from: f64, to: f64) -> Rule {
        Rule { upright: true, at, from, to }
    }

    fn all(rules: &[Rule]) -> Vec<Table> {
        drawn(rules, &mut MAX_ALL_PAIRS.clone())
    }

    /// Three columns and three rows; the first column is one cell over the last two rows.
    fn ordinary() -> Vec<Rule> {
        vec![
            level(100.0, 50.0, 350.0),
            level(130.0, 50.0, 350.0),
            level(160.0, 150.0, 350.0),
            level(190.0, 50.0, 350.0),
            upright(50.0, 100.0, 190.0),
            upright(150.0, 100.0, 190.0),
            upright(250.0, 130.0, 190.0),
            upright(350.0, 100.0, 190.0),
        ]
    }

    fn shape(table: &Table) -> Vec<[usize; 4]> {
        table.cells.iter().map(|s| [s.row, s.column, s.rows, s.columns]).collect()
    }

    const SHAPE: [[usize; 4]; 7] =
        [[0, 0, 1, 1], [0, 1, 1, 2], [1, 0, 2, 1], [1, 1, 1, 1], [1, 2, 1, 1], [2, 1, 1, 1], [2, 2, 1, 1]];

    #[test]
    fn cells_reach_over_rows_and_columns() {
        let tables = all(&ordinary());
        assert_eq!(tables.len(), 1);
        assert_eq!(shape(&tables[0]), SHAPE);
        assert_eq!(tables[0].frame(), Rect::new(50.0, 100.0, 350.0, 190.0));
        assert_eq!(tables[0].owners(), [0, 1, 1, 2, 3, 4, 2, 5, 6]);
    }

    #[test]
    fn double_dashed_and_crooked_lines_draw_the_same_table() {
        let mut rules = Vec::new();
        for (n, rule) in ordinary().into_iter().enumerate() {
            // Every line twice, each in dashes, the second two points aside, ends up to two points short.
            for aside in [0.0, 2.0] {
                let mut from = rule.from + (n % 3) as f64;
                while from < rule.to - 2.0 {
                    rules.push(Rule { at: rule.at + aside, from, to: from + 3.0, ..rule });
                    from += 5.5;
                }
            }
        }
        let tables = all(&rules);
        assert_eq!(tables.len(), 1);
        assert_eq!(shape(&tables[0]), SHAPE);
    }

    #[test]
    fn sides_that_are_left_open_are_sides() {
        let mut rules = ordinary();
        rules.retain(|r| !(r.upright && (r.at == 50.0 || r.at == 350.0)));
        let tables = all(&rules);
        assert_eq!(shape(&tables[0]), SHAPE);
        // Cut by the end of the page, without a line there.
        let mut rules = ordinary();
        rules.retain(|r| r.upright || r.at < 190.0);
        assert_eq!(shape(&all(&rules)[0]), SHAPE);
    }

    #[test]
    fn words_beyond_the_end_of_a_page_belong_to_the_cell_that_it_cuts() {
        let mut rules = ordinary();
        // The last line is missing under the first column.
        rules.retain(|r| r.upright || r.at < 190.0);
        rules.push(level(190.0, 150.0, 350.0));
        let table = all(&rules).remove(0);
        assert_eq!(table.open, [[false, true], [false, false], [false, false]]);
        let holds = |x: f64, base: f64| table.holds(&glyphs_of("维", x, base, 10.0)[0]);
        assert!(holds(60.0, 180.0) && holds(60.0, 202.0));
        assert!(!holds(160.0, 202.0) && !holds(60.0, 215.0) && !holds(60.0, 97.0));
    }

    #[test]
    fn an_underline_and_a_box_around_a_text_are_no_tables() {
        let boxed = [
            level(100.0, 50.0, 350.0),
            level(130.0, 50.0, 350.0),
            upright(50.0, 100.0, 130.0),
            upright(350.0, 100.0, 130.0),
        ];
        assert_eq!(all(&boxed), []);
        let mut rules = ordinary();
        rules.push(level(145.0, 170.0, 230.0));
        assert_eq!(shape(&all(&rules)[0]), SHAPE);
    }

    #[test]
    fn two_tables_that_do_not_touch_are_two() {
        let mut rules = ordinary();
        rules.extend(ordinary().into_iter().map(|r| {
            if r.upright {
                Rule { from: r.from + 200.0, to: r.to + 200.0, ..r }
            } else {
                Rule { at: r.at + 200.0, ..r }
            }
        }));
        assert_eq!(all(&rules).iter().map(shape).collect::<Vec<_>>(), [SHAPE, SHAPE]);
    }

    #[test]
    fn boxes_of_colour_draw_a_table_only_where_no_lines_do() {
        let mut sheet = Sheet { width: 600.0, height: 800.0, ..Sheet::default() };
        for row in 0..3 {
            for column in 0..2 {
                let (x, y) = (50.0 + 101.0 * f64::from(column), 100.0 + 21.0 * f64::from(row));
                sheet.fills.push(Rect::new(x, y, x + 100.0, y + 20.0));
            }
        }
        let filled = tables(&sheet, &mut { MAX_ALL_PAIRS });
        assert_eq!(filled.len(), 1);
        assert_eq!((filled[0].xs.len(), filled[0].ys.len(), filled[0].cells.len()), (3, 4, 6));
        sheet.rules = ordinary();
        assert_eq!(tables(&sheet, &mut { MAX_ALL_PAIRS }).iter().map(shape).collect::<Vec<_>>(), [SHAPE]);
    }

    #[test]
    fn marked_words_are_no_table() {
        let mut sheet = Sheet { width: 600.0, height: 800.0, ..Sheet::default() };
        for (n, (from, to)) in [(90.0, 500.0), (70.0, 520.0), (70.0, 480.0), (70.0, 300.0)].iter().enumerate()
        {
            let y = 100.0 + 20.0 * n as f64;
            sheet.fills.push(Rect::new(*from, y, *to, y + 20.0));
        }
        assert_eq!(tables(&sheet, &mut { MAX_ALL_PAIRS }), []);
    }

    #[test]
    fn a_page_full_of_lines_ends_soon() {
        let mut rules: Vec<Rule> = (0..50_000).map(|n| level(f64::from(n) * 6.0, 0.0, 1e6)).collect();
        rules.extend((0..50_000).map(|n| upright(f64::from(n) * 6.0, 0.0, 1e6)));
        assert_eq!(all(&rules), []);
    }
}
