//! Plain text and Markdown: lines, pipe tables, rows whose cells stand apart by tabs.
//!
//! What a crawler made of a table is met in many shapes: one cell a line, `cell |` lines, lone `|` lines, several pipe
//! tables for one table of the report, all of it in one line. Pipe rows become grids; everything else stays lines, in which
//! the rows are looked for by their labels. Where each cell ends with a bar, a bar that ends nothing is a blank cell.

use super::block::{At, Cell, Document, Grid, Kind};
use super::drawn::{self, Drawn};
use super::record::BLANK_CELL;
use super::value::any;

/// Columns of the widest row; what is longer is no table of a report.
const MAX_COLUMNS: usize = 64;

/// Frames within frames that are looked into.
const MAX_DEPTH: usize = 4;

/// The lines and tables of a text.
pub(super) fn blocks(text: &str) -> Document {
    let mut document = Document::new(Kind::Text);
    lines(text, 1, 0, &mut document);
    document
}

/// Adds the lines and tables of a text whose first line has this number.
fn lines(text: &str, first: usize, depth: usize, document: &mut Document) {
    let all: Vec<&str> = text.lines().collect();
    let mut rows: Vec<TextRow> = Vec::new();
    let mut bars = Bars::of(&all);
    let mut n = 0;
    while n < all.len() {
        let line = all[n];
        let number = u32::try_from(first + n).unwrap_or(u32::MAX);
        let at = At { line: Some(number), ..At::default() };
        n += 1;
        if drawn::begins(line) && depth < MAX_DEPTH {
            end_grid(document, &mut rows);
            let from = n - 1;
            let (used, drawn) = drawn::table(&all[from..], first + from, document);
            n = from + used;
            match drawn {
                Drawn::Table(grid) => document.push_grid(grid),
                Drawn::Frame(cells) => {
                    cells.iter().for_each(|(at, inner)| lines(inner, *at, depth + 1, document));
                }
                // Words tell that a table is there; which figures are whose cannot be told.
                Drawn::Broken => {
                    let words = all[from..n].iter().flat_map(|l| l.split(['│', '|'])).map(str::trim);
                    let words = words
                        .filter(|w| !w.contains(|c: char| c.is_numeric() || "─-=+".contains(c)))
                        .filter(|w| !any(w).is_figure_like());
                    words.for_each(|w| document.push_line(w, at));
                }
            }
            continue;
        }
        if let Some(pieces) = joined(line) {
            end_grid(document, &mut rows);
            pieces.for_each(|piece| document.push_line(plain(piece), at));
            continue;
        }
        let line = line.trim_matches(|c: char| c.is_whitespace() && c != '\t');
        if line.starts_with("```") || is_ruling(line) {
            continue;
        }
        match row(line, !rows.is_empty()) {
            Some(Row::Cells(cells, kind)) => rows.push(TextRow { line: number, cells, kind }),
            Some(Row::Rule) => {}
            None => {
                end_grid(document, &mut rows);
                if bars.is_blank_cell(line.trim()) {
                    document.push_line(BLANK_CELL, at);
                }
                document.push_line(plain(line.trim_matches(['|', ' ', '\t', '\u{3000}'])), at);
            }
        }
    }
    end_grid(document, &mut rows);
}

/// A line that only parts others: `------ -----`, `|-`.
fn is_ruling(line: &str) -> bool {
    let line = line.trim();
    line == "|-"
        || ["----", "====", "____", "────"].iter().any(|rule| line.contains(rule))
            && line.chars().all(|c| c.is_whitespace() || "-=_─+|:".contains(c))
}

/// What the bars of a text do in which each cell is a line of its own.
struct Bars {
    /// A cell with words stands before, which the next bar ends.
    open: bool,
    /// Bars begin cells, as in `| 12`.
    begin: bool,
    /// A bar of its own stands behind each cell, blank or not.
    between: bool,
}

impl Bars {
    fn of(lines: &[&str]) -> Bars {
        let ended = |line: &str| line.trim_end().ends_with('|') && !line.trim_matches(['|', ' ']).is_empty();
        let cells = lines.windows(2).filter(|w| ended(w[0]));
        let (mut all, mut followed) = (0, 0);
        for pair in cells {
            all += 1;
            followed += usize::from(pair[1].trim() == "|");
        }
        Bars { open: true, begin: false, between: followed * 10 > all * 7 }
    }

    /// Whether a line is a bar that stands for a blank cell.
    fn is_blank_cell(&mut self, line: &str) -> bool {
        match line.trim_matches('|').trim() {
            "" if line == "|" && !self.between => self.begin || !std::mem::take(&mut self.open),
            // Bars that fill up a row, or nothing.
            "" => false,
            _ => {
                let ended = line.ends_with('|');
                self.begin = line.starts_with('|') && !ended;
                self.open = !ended;
                false
            }
        }
    }
}

/// The pieces of a line in which a program has joined all lines and cells of a report: it is long, and parted far more
/// often than a paragraph.
fn joined(line: &str) -> Option<impl Iterator<Item = &str>> {
    /// Characters of such a line at least, blanks not counted.
    const LONG: usize = 400;
    /// Characters between two places where it is parted, on average at most.
    const APART: usize = 16;
    let length = line.chars().filter(|c| !c.is_whitespace()).count();
    if length < LONG {
        return None;
    }
    let pieces = |separator: char| line.split(separator).filter(|piece| !piece.trim().is_empty());
    let separator = ['|', '\t', ' '].into_iter().find(|s| pieces(*s).count() * APART > length)?;
    Some(pieces(separator).filter(|piece| piece.trim() != BLANK_CELL))
}

/// A line of Markdown without the marks of headings, quotations and emphasis around all of it.
fn plain(line: &str) -> &str {
    let line = line.trim_start_matches(['#', '>']).trim();
    line.strip_prefix("**").and_then(|l| l.strip_suffix("**")).unwrap_or(line)
}

enum Row {
    Cells(Vec<String>, RowKind),
    /// `|---|:--:|`
    Rule,
}

/// How the cells of a row are parted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum RowKind {
    /// Bars, one of them before the first cell.
    Led,
    /// Bars between the cells, and perhaps behind the last.
    Between,
    Tabs,
}

/// A row of a table in a text.
struct TextRow {
    line: u32,
    cells: Vec<String>,
    kind: RowKind,
}

/// A row of a table: at least two pipes, or at least two tabs; one tab behind another row.
fn row(line: &str, goes_on: bool) -> Option<Row> {
    let trimmed = line.trim();
    if trimmed.matches('|').count() >= 2 {
        let led = trimmed.strip_prefix('|');
        let inner = led.unwrap_or(trimmed);
        let inner = inner.strip_suffix('|').unwrap_or(inner);
        let is_rule = inner.contains('-') && inner.chars().all(|c| matches!(c, '|' | '-' | ':' | ' '));
        if is_rule && inner.split('|').all(|c| c.contains("--") || c.trim().is_empty() || c.contains(":-")) {
            return Some(Row::Rule);
        }
        let cells: Vec<String> = split(inner).take(MAX_COLUMNS + 1).collect();
        // One cell a line, or a row of nothing, is no table.
        if cells.len() == 1 || cells.iter().all(|c| c.is_empty()) && cells.len() < 4 {
            return None;
        }
        let kind = if led.is_some() { RowKind::Led } else { RowKind::Between };
        return (cells.len() <= MAX_COLUMNS).then_some(Row::Cells(cells, kind));
    }
    if line.matches('\t').count() >= if goes_on { 1 } else { 2 } {
        let cells: Vec<String> =
            line.split('\t').map(|c| c.trim().to_owned()).take(MAX_COLUMNS + 1).collect();
        return (cells.len() <= MAX_COLUMNS).then_some(Row::Cells(cells, RowKind::Tabs));
    }
    None
}

/// The cells of a pipe row; `\|` is a pipe within a cell.
fn split(inner: &str) -> impl Iterator<Item = String> {
    inner.split('|').map(|cell| {
        let cell = cell.trim().replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
        let bare = cell.strip_prefix("**").and_then(|c| c.strip_suffix("**"));
        bare.map_or_else(|| cell.clone(), |bare| bare.trim().to_owned())
    })
}

fn end_grid(document: &mut Document, rows: &mut Vec<TextRow>) {
    if rows.is_empty() {
        return;
    }
    // Where other rows begin without a bar, a bar at the beginning ends a blank cell.
    if rows.iter().any(|r| r.kind == RowKind::Between) {
        for row in rows.iter_mut().filter(|r| r.kind == RowKind::Led) {
            row.cells.insert(0, String::new());
        }
    }
    // Where every row ends with a tab, it ends the row and no cell.
    if rows.iter().all(|r| r.kind == RowKind::Tabs && r.cells.last().is_some_and(String::is_empty)) {
        rows.iter_mut().for_each(|r| r.cells.truncate(r.cells.len() - 1));
    }
    if is_frame(rows) {
        for TextRow { line, cells, .. } in rows.drain(..) {
            let at = At { line: Some(line), ..At::default() };
            cells.iter().for_each(|cell| document.push_line(cell, at));
        }
        return;
    }
    let mut grid = Grid { rows: rows.len(), ..Grid::default() };
    for (y, TextRow { line, cells, .. }) in rows.drain(..).enumerate() {
        grid.columns = grid.columns.max(cells.len());
        for (x, text) in cells.into_iter().enumerate() {
            let place = document.place(At { line: Some(line), ..At::default() });
            grid.cells.push(Cell { text, row: y, column: x, rows: 1, columns: 1, place });
        }
    }
    document.push_grid(grid);
}

/// Whether rows are the lines of a page in a frame: hardly any has a cell beside another.
fn is_frame(rows: &[TextRow]) -> bool {
    /// Rows of a table that may be told from a page.
    const ROWS: usize = 12;
    let filled = |row: &TextRow| row.cells.iter().filter(|c| !c.is_empty()).count();
    rows.len() >= ROWS && rows.iter().filter(|r| filled(r) > 1).count() * 10 < rows.len()
}

#[cfg(test)]
mod tests {
    use super::super::block::Block;
    use super::*;

    fn shown(text: &str) -> Vec<String> {
        let shown = |block: &Block| match block {
            Block::Line(line) => line.text.clone(),
            Block::Grid(grid) => {
                let row = |y| {
                    let cells = grid.cells.iter().filter(|c| c.row == y).map(|c| c.text.as_str());
                    cells.collect::<Vec<_>>().join("/")
                };
                format!("[{}]", (0..grid.rows).map(row).collect::<Vec<_>>().join(" "))
            }
        };
        blocks(text).blocks.iter().map(shown).collect()
    }

    #[test]
    fn pipe_rows_are_grids_and_everything_else_lines() {
        let text = "# 标题\n\n正文 甲\n\n| 内容 | 本年 |\n|---|:--:|\n| 规章 | 0 |\n| **许可** | |\n\n规章\n\n |\n\n0 |\n后文";
        assert_eq!(shown(text), ["标题", "正文 甲", "[内容/本年 规章/0 许可/]", "规章", "0", "后文"]);
    }

    #[test]
    fn rows_with_tabs_keep_their_blank_cells() {
        assert_eq!(shown("一、本年新收\t1\t\t\t0\n后"), ["[一、本年新收/1///0]", "后"]);
        assert_eq!(shown("| 1 | 2 |  |\n| 3 |"), ["[1/2/]", "3"]);
    }

    #[test]
    fn places_are_lines_of_the_file() {
        let document = blocks("甲\n\n| 1 | 2 |");
        let Block::Grid(grid) = &document.blocks[1] else { panic!() };
        assert_eq!(document.at(grid.cells[1].place).line, Some(3));
    }
}
