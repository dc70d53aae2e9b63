//! Tables without a line: columns that stand apart over several lines of text.

use super::flow::is_numbered;
use super::lines::{Line, Piece};
use hayro::vello_cpu::kurbo::Rect;
use std::collections::BTreeMap;
use std::ops::Range;

/// Lines that must show the columns, and columns that they must show.
const LEAST: usize = 3;
/// The furthest two lines of a table are apart, in ems.
const FURTHEST: f64 = 4.0;
/// The widest line, in ems, that stands alone in a row: longer ones are text.
const PROSE: f64 = 25.0;

/// What stands in one place of such a table. A place without one is empty.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Aligned {
    pub(super) text: String,
    pub(super) frame: Rect,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) columns: usize,
}

/// A table without lines.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Columns {
    /// Which lines it is made of.
    pub(super) lines: Range<usize>,
    pub(super) rows: usize,
    pub(super) columns: usize,
    pub(super) cells: Vec<Aligned>,
}

/// The tables among lines that follow each other.
pub(super) fn tables(lines: &[Line]) -> Vec<Columns> {
    let mut tables = Vec::new();
    let mut from = 0;
    while from < lines.len() {
        let to = stretch(lines, from);
        match (to > from).then(|| aligned(&lines[from..to])).flatten() {
            Some((columns, cells)) => {
                let (rows, cells) = together(&lines[from..to], &cells).unwrap_or_else(|| (to - from, cells));
                tables.push(Columns { lines: from..to, rows, columns, cells });
                from = to;
            }
            None => from = to.max(from + 1),
        }
    }
    tables
}

/// How far lines go on that may be rows of one table; it begins and ends with a line of several pieces.
fn stretch(lines: &[Line], from: usize) -> usize {
    let (mut end, mut typical) = (from, f64::INFINITY);
    for n in from..lines.len() {
        let line = &lines[n];
        if n > from {
            let pitch = line.middle() - lines[n - 1].middle();
            // （一） begins a row of the table, 一、 also the heading of the next part.
            let numbered = is_numbered(&line.text()) && !line.text().starts_with(['（', '(']);
            let heading = line.pieces.len() == 1 && numbered && pitch > 1.35 * typical;
            if !(0.0..FURTHEST * line.size).contains(&pitch) || heading {
                break;
            }
            typical = typical.min(pitch);
        }
        if line.pieces.len() > 1 {
            end = n + 1;
        } else if n == from || line.frame.width() > PROSE * line.size {
            break;
        }
    }
    end
}

/// The columns that lines show, and what stands in them.
fn aligned(lines: &[Line]) -> Option<(usize, Vec<Aligned>)> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for count in lines.iter().map(|line| line.pieces.len()).filter(|n| *n >= LEAST) {
        *counts.entry(count).or_default() += 1;
    }
    if counts.values().sum::<usize>() < LEAST {
        return None;
    }
    // The rows of most tables have the same number of figures; heads and rows with empty places have fewer.
    let (frequent, _) = counts.iter().max_by_key(|(n, times)| (**times, **n))?;
    let model = lines.iter().filter(|line| line.pieces.len() == *frequent);
    let mut columns: Vec<(f64, f64)> = Vec::new();
    let mut ends: Vec<(f64, f64)> =
        model.flat_map(|line| &line.pieces).map(|piece| (piece.frame.x0, piece.frame.x1)).collect();
    ends.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (from, to) in ends {
        match columns.last_mut() {
            Some(last) if from < last.1 => last.1 = last.1.max(to),
            _ => columns.push((from, to)),
        }
    }
    if columns.len() < LEAST {
        return None;
    }
    let mut cells: Vec<Aligned> = Vec::new();
    let mut shown = 0;
    for (row, line) in lines.iter().enumerate() {
        let first = cells.len();
        for piece in &line.pieces {
            place(piece, row, &columns, first, &mut cells);
        }
        shown += usize::from(cells.len() - first >= LEAST);
    }
    (shown >= LEAST).then_some((columns.len(), cells))
}

/// Rows whose labels are broken over lines: lines that are clearly nearer to each other than rows are, as one row. None if
/// it is not clear which belong together.
fn together(lines: &[Line], cells: &[Aligned]) -> Option<(usize, Vec<Aligned>)> {
    let pitches: Vec<f64> = lines.windows(2).map(|pair| pair[1].middle() - pair[0].middle()).collect();
    let mut figures = vec![0_usize; lines.len()];
    cells.iter().filter(|cell| is_figures(&cell.text)).for_each(|cell| figures[cell.row] += 1);
    let has_figures = |line: usize| figures[line] > 1;
    // The widest step within a row is smaller than the smallest one between two rows of figures.
    let mut steps = pitches.clone();
    steps.sort_by(f64::total_cmp);
    let parts = |step: f64| {
        let mut seen = false;
        (0..lines.len()).all(|line| {
            seen &= line > 0 && pitches[line - 1] <= step;
            !(has_figures(line) && std::mem::replace(&mut seen, true))
        })
    };
    let within = steps[..steps.partition_point(|step| parts(*step))].last().copied()?;
    let between = steps.iter().copied().find(|step| *step > within)?;
    if between < 1.25 * within {
        return None;
    }
    // Only a row of figures draws lines of its label to itself; each line of a head stays a row.
    let mut rows = vec![0; lines.len()];
    let (mut count, mut from) = (0, 0);
    for to in 1..=lines.len() {
        if to < lines.len() && pitches[to - 1] <= within {
            continue;
        }
        let one = (from..to).any(has_figures);
        for (n, row) in rows[from..to].iter_mut().enumerate() {
            *row = count + if one { 0 } else { n };
        }
        count += if one { 1 } else { to - from };
        from = to;
    }
    let mut merged: Vec<Aligned> = Vec::new();
    for cells in cells.chunk_by(|a, b| rows[a.row] == rows[b.row]) {
        let first = merged.len();
        for cell in cells {
            let mut now = Aligned { row: rows[cell.row], ..cell.clone() };
            // What stands under each other in the row is one cell.
            while let Some(n) = (first..merged.len()).find(|n| {
                let other = &merged[*n];
                other.column < now.column + now.columns && now.column < other.column + other.columns
            }) {
                let other = merged.remove(n);
                // Lines of one label begin below each other.
                let apart = (other.frame.x0 - now.frame.x0).abs() > 0.5 * other.frame.height();
                if apart || is_figures(&other.text) || is_figures(&now.text) {
                    return None;
                }
                let end = (other.column + other.columns).max(now.column + now.columns);
                now.column = now.column.min(other.column);
                now.columns = end - now.column;
                now.text = format!("{}\n{}", other.text, now.text);
                now.frame = now.frame.union(other.frame);
            }
            merged.push(now);
        }
        merged[first..].sort_by_key(|cell| cell.column);
    }
    Some((count, merged))
}

fn is_figures(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && text.chars().all(|c| c.is_ascii_digit() || c.is_whitespace() || matches!(c, '.' | ',' | '+' | '-'))
}

/// Puts a piece into the columns over or under which it stands, beside what its row already has from `first` on.
fn place(piece: &Piece, row: usize, columns: &[(f64, f64)], first: usize, cells: &mut Vec<Aligned>) {
    let under = |(from, to): &(f64, f64)| piece.frame.x0 < *to && *from < piece.frame.x1;
    let middle = piece.frame.center().x;
    let near = |column: &(f64, f64)| (f64::midpoint(column.0, column.1) - middle).abs();
    let nearest = || (0..columns.len()).min_by(|a, b| near(&columns[*a]).total_cmp(&near(&columns[*b])));
    let from = columns.iter().position(under).or_else(nearest).unwrap_or(0);
    let to = columns.iter().rposition(under).unwrap_or(from).max(from);
    let taken = cells[first..].last_mut();
    match taken {
        Some(last) if last.column + last.columns > from => {
            let next = last.column + last.columns;
            if next > to {
                last.text.push(' ');
                last.text.push_str(&piece.text);
                last.frame = last.frame.union(piece.frame);
                return;
            }
            cells.push(Aligned {
                text: piece.text.clone(),
                frame: piece.frame,
                row,
                column: next,
                columns: to + 1 - next,
            });
        }
        _ => cells.push(Aligned {
            text: piece.text.clone(),
            frame: piece.frame,
            row,
            column: from,
            columns: to + 1 - from,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::super::lines::lines;
    use super::super::sheet::{Sheet, glyphs_of};
    use super::*;

    fn read(rows: &[&[(&str, f64)]]) -> Vec<Line> {
        let mut glyphs = Vec::new();
        for (n, row) in rows.iter().enumerate() {
            for (text, left) in *row {
                glyphs.extend(glyphs_of(text, *left, 100.0 + 18.0 * n as f64, 10.0));
            }
        }
        let sheet = Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() };
        lines(&sheet, &(0..sheet.glyphs.len()).collect::<Vec<_>>())
    }

    #[test]
    fn figures_in_columns_are_a_table() {
        let lines = read(&[
            &[("二、主动公开政府信息情况", 50.0)],
            &[("第二十条第（一）项", 150.0)],
            &[("信息内容", 50.0), ("制发件数", 150.0), ("废止件数", 220.0), ("现行有效", 290.0)],
            &[("规章", 50.0), ("1", 165.0), ("0", 235.0), ("11", 305.0)],
            &[("行政规范性文件", 50.0), ("8", 165.0), ("66", 305.0)],
            &[("合计", 50.0), ("9", 165.0), ("26", 235.0), ("77", 305.0)],
            &[("本年度共受理申请，均在期限内答复。", 50.0)],
        ]);
        let tables = tables(&lines);
        assert_eq!(tables.len(), 1);
        let table = &tables[0];
        assert_eq!((table.lines.clone(), table.rows, table.columns), (2..6, 4, 4));
        let row = |n: usize| -> Vec<(usize, &str)> {
            table.cells.iter().filter(|c| c.row == n).map(|c| (c.column, c.text.as_str())).collect()
        };
        assert_eq!(row(2), [(0, "行政规范性文件"), (1, "8"), (3, "66")]);
        assert_eq!(row(3), [(0, "合计"), (1, "9"), (2, "26"), (3, "77")]);
    }

    #[test]
    fn a_head_reaches_over_its_columns() {
        let lines = read(&[
            &[("项目", 50.0), ("申请人情况合计数量", 160.0)],
            &[("甲", 50.0), ("1", 160.0), ("2", 240.0)],
            &[("乙", 50.0), ("3", 160.0), ("4", 240.0)],
            &[("丙", 50.0), ("5", 160.0), ("6", 240.0)],
        ]);
        let tables = tables(&lines);
        assert_eq!(tables[0].cells[1].columns, 2);
        assert_eq!(tables[0].cells[1].text, "申请人情况合计数量");
    }

    #[test]
    fn a_label_broken_over_lines_is_one_cell_of_its_row() {
        let rows: [(&str, f64, f64); 20] = [
            ("项目", 50.0, 72.0),
            ("自然人", 195.0, 72.0),
            ("其他", 255.0, 72.0),
            ("申请人无正当理由逾期", 50.0, 100.0),
            ("67", 200.0, 106.0),
            ("3", 260.0, 106.0),
            ("不补正", 50.0, 112.0),
            ("其他", 50.0, 140.0),
            ("108", 200.0, 140.0),
            ("2", 260.0, 140.0),
            ("要求行政机关确认或重", 50.0, 168.0),
            ("新出具已获取信息", 50.0, 180.0),
            ("1", 200.0, 174.0),
            ("0", 260.0, 174.0),
            ("总计", 50.0, 208.0),
            ("176", 200.0, 208.0),
            ("5", 260.0, 208.0),
            ("结转", 50.0, 236.0),
            ("0", 203.0, 236.0),
            ("0", 260.0, 236.0),
        ];
        let glyphs = rows.iter().flat_map(|(text, x, y)| glyphs_of(text, *x, *y, 10.0)).collect::<Vec<_>>();
        let sheet = Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() };
        let lines = lines(&sheet, &(0..sheet.glyphs.len()).collect::<Vec<_>>());
        let table = tables(&lines).remove(0);
        let texts: Vec<&str> = table.cells.iter().map(|c| c.text.as_str()).collect();
        assert_eq!(table.rows, 6);
        assert_eq!(texts[3..9], ["申请人无正当理由逾期\n不补正", "67", "3", "其他", "108", "2"]);
        assert_eq!(texts[9..12], ["要求行政机关确认或重\n新出具已获取信息", "1", "0"]);
    }

    #[test]
    fn text_with_gaps_is_no_table() {
        let lines = read(&[
            &[("联系人", 50.0), ("电话", 150.0)],
            &[("某甲", 50.0), ("0517", 150.0)],
            &[("某乙", 50.0), ("0518", 150.0)],
        ]);
        assert_eq!(tables(&lines), []);
    }
}
