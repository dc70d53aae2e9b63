//! Which glyph stands in which cell.

use super::lines::{Line, is_figure, lines};
use super::ruling::Table;
use super::sheet::Sheet;

/// For every cell of a table the glyphs that stand in it, of those that it holds.
///
/// A number is not torn: where it is wider than its cell and reaches over a line, all of it belongs to the cell in which
/// its middle lies.
pub(super) fn contents(sheet: &Sheet, table: &Table, which: &[usize]) -> Vec<Vec<usize>> {
    let owners = table.owners();
    let columns = table.xs.len() - 1;
    let cell_at = |x: f64, y: f64| {
        let place =
            |lines: &[f64], at: f64| lines.partition_point(|line| *line <= at).clamp(1, lines.len() - 1) - 1;
        owners[place(&table.ys, y) * columns + place(&table.xs, x)]
    };
    let mut contents: Vec<Vec<usize>> = vec![Vec::new(); table.cells.len()];
    for line in lines(sheet, which) {
        for run in runs(sheet, &line) {
            let cell = |n: &usize| {
                let middle = sheet.glyphs[*n].frame.center();
                cell_at(middle.x, middle.y)
            };
            let owner = cell(&run[0]);
            if run.iter().all(|n| cell(n) == owner) {
                contents[owner].extend(run);
                continue;
            }
            let frames = run.iter().map(|n| sheet.glyphs[*n].frame);
            let frame = frames.reduce(|a, b| a.union(b)).unwrap_or_default().center();
            contents[cell_at(frame.x, frame.y)].extend(run);
        }
    }
    contents
}

/// The glyphs of a line as they go into cells together: numbers whole, everything else one by one.
fn runs(sheet: &Sheet, line: &Line) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for n in line.pieces.iter().flat_map(|piece| &piece.glyphs) {
        let now = &sheet.glyphs[*n];
        let goes_on = runs.last().and_then(|run| run.last()).is_some_and(|last| {
            let last = &sheet.glyphs[*last];
            // Numbers of two cells that nearly touch are still parted by the padding of the cells.
            let gap = (now.frame.x0 - last.frame.x1) / last.size.max(now.size);
            is_figure(last) && is_figure(now) && now.turn == 0 && last.turn == 0 && gap < 0.12
        });
        match runs.last_mut() {
            Some(run) if goes_on => run.push(*n),
            _ => runs.push(vec![*n]),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::super::ruling::Slot;
    use super::super::sheet::glyphs_of;
    use super::*;

    fn read(parts: &[(&str, f64, f64)]) -> Vec<Vec<String>> {
        let glyphs =
            parts.iter().flat_map(|(text, left, base)| glyphs_of(text, *left, *base, 10.0)).collect();
        let sheet = Sheet { width: 600.0, height: 800.0, glyphs, ..Sheet::default() };
        let slot = |row, column, rows| Slot { row, column, rows, columns: 1 };
        let table = Table {
            xs: vec![50.0, 70.0, 90.0, 110.0],
            ys: vec![100.0, 120.0, 140.0],
            cells: vec![slot(0, 0, 2), slot(0, 1, 1), slot(0, 2, 1), slot(1, 1, 1), slot(1, 2, 1)],
            open: vec![[false; 2]; 3],
        };
        let all: Vec<usize> = (0..sheet.glyphs.len()).collect();
        let texts = |cell: &Vec<usize>| lines(&sheet, cell).iter().map(Line::text).collect();
        contents(&sheet, &table, &all).iter().map(texts).collect()
    }

    #[test]
    fn a_number_wider_than_its_cell_stays_whole() {
        let cells = read(&[("447228", 65.0, 115.0), ("5", 98.0, 115.0)]);
        assert_eq!(cells[1], ["447228"]);
        assert_eq!(cells[2], ["5"]);
    }

    #[test]
    fn numbers_of_two_cells_that_nearly_touch_stay_two() {
        let cells = read(&[("1234", 69.0, 115.0), ("567", 91.5, 115.0)]);
        assert_eq!(cells[1], ["1234"]);
        assert_eq!(cells[2], ["567"]);
    }

    #[test]
    fn a_cell_over_rows_holds_one_character_a_line() {
        let cells =
            read(&[("办", 55.0, 112.0), ("理", 55.0, 124.0), ("结", 55.0, 136.0), ("0", 76.0, 135.0)]);
        assert_eq!(cells[0], ["办", "理", "结"]);
        assert_eq!(cells[3], ["0"]);
    }
}
