//! Plain text and Markdown: lines, pipe tables, rows whose cells stand apart by tabs.
//!
//! What a crawler made of a table is met in many shapes: one cell a line, `cell |` lines, lone `|` lines, several pipe
//! tables for one table of the report. Pipe rows become grids; everything else stays lines, in which the rows are looked
//! for by their labels.

use super::block::{At, Cell, Document, Grid, Kind};

/// Columns of the widest row; what is longer is no table of a report.
const MAX_COLUMNS: usize = 64;

/// The lines and pipe tables of a text.
pub(super) fn blocks(text: &str) -> Document {
    let mut document = Document::new(Kind::Text);
    let mut rows: Vec<(u32, Vec<String>)> = Vec::new();
    let mut fenced = false;
    for (n, line) in text.lines().enumerate() {
        let number = u32::try_from(n + 1).unwrap_or(u32::MAX);
        let line = line.trim_matches(|c: char| c.is_whitespace() && c != '\t');
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        match row(line, !rows.is_empty()) {
            Some(Row::Cells(cells)) => rows.push((number, cells)),
            Some(Row::Rule) => {}
            None => {
                end_grid(&mut document, &mut rows);
                let line = line.trim_matches(['|', ' ', '\t', '\u{3000}']);
                document.push_line(plain(line), At { line: Some(number), ..At::default() });
            }
        }
    }
    end_grid(&mut document, &mut rows);
    document
}

/// A line of Markdown without the marks of headings, quotations and emphasis around all of it.
fn plain(line: &str) -> &str {
    let line = line.trim_start_matches(['#', '>']).trim();
    line.strip_prefix("**").and_then(|l| l.strip_suffix("**")).unwrap_or(line)
}

enum Row {
    Cells(Vec<String>),
    /// `|---|:--:|`
    Rule,
}

/// A row of a table: at least two pipes, or at least two tabs; one tab behind another row.
fn row(line: &str, goes_on: bool) -> Option<Row> {
    let trimmed = line.trim();
    if trimmed.matches('|').count() >= 2 {
        let inner = trimmed.strip_prefix('|').unwrap_or(trimmed);
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
        return (cells.len() <= MAX_COLUMNS).then_some(Row::Cells(cells));
    }
    if line.matches('\t').count() >= if goes_on { 1 } else { 2 } {
        let cells: Vec<String> =
            line.split('\t').map(|c| c.trim().to_owned()).take(MAX_COLUMNS + 1).collect();
        return (cells.len() <= MAX_COLUMNS).then_some(Row::Cells(cells));
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

fn end_grid(document: &mut Document, rows: &mut Vec<(u32, Vec<String>)>) {
    if rows.is_empty() {
        return;
    }
    let mut grid = Grid { rows: rows.len(), ..Grid::default() };
    for (y, (line, cells)) in rows.drain(..).enumerate() {
        grid.columns = grid.columns.max(cells.len());
        for (x, text) in cells.into_iter().enumerate() {
            let place = document.place(At { line: Some(line), ..At::default() });
            grid.cells.push(Cell { text, row: y, column: x, rows: 1, columns: 1, place });
        }
    }
    document.push_grid(grid);
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
