//! Tables drawn with characters, as programs print pages on a terminal: lines of box characters, or of `+---+` and bars.
//! The cells of a row may take several lines, so that no line by itself is a row.

use super::block::{At, Cell, Document, Grid};

/// Columns in which wide characters stand for two. Quotation marks and dashes take one or two, by the program.
const AMBIGUOUS: [usize; 2] = [1, 2];
/// Lines of a cell that is no cell but a page in a frame.
const FRAMED: usize = 15;
/// Lines of the longest table that is looked at.
const MAX_LINES: usize = 4000;

/// A table that was drawn, or the cells of a frame.
pub(super) enum Drawn {
    Table(Grid),
    /// What stands in each cell, line by line, with the line of the file it begins on.
    Frame(Vec<(usize, String)>),
    /// Its lines do not fit together.
    Broken,
}

/// Whether a table is drawn from this line on.
pub(super) fn begins(line: &str) -> bool {
    let line = line.trim();
    let plain = || line.chars().all(|c| matches!(c, '+' | '-' | '=' | ':'));
    line.starts_with('┌') && line.ends_with('┐')
        || line.len() > 2 && line.starts_with("+-") && line.ends_with('+') && plain()
}

/// The table that begins with the first line, and how many lines it takes. `from` is the number of that line.
pub(super) fn table(lines: &[&str], from: usize, document: &mut Document) -> (usize, Drawn) {
    let plain = lines[0].trim_start().starts_with('+');
    let goes_on = |line: &&&str| {
        let first = line.trim_start().chars().next();
        first.is_some_and(|c| if plain { matches!(c, '+' | '|') } else { "┌├└│".contains(c) })
    };
    let used = lines.iter().take(MAX_LINES).take_while(goes_on).count();
    let indent = lines[0].len() - lines[0].trim_start().len();
    let own: Vec<&str> =
        lines[..used].iter().map(|l| l.get(indent..).unwrap_or_default().trim_end()).collect();
    let cells = AMBIGUOUS.into_iter().find_map(|wide| pieces(&own, plain, wide));
    let Some(cells) = cells else { return (used, Drawn::Broken) };
    if cells.iter().any(|c| c.lines.iter().filter(|l| !l.trim().is_empty()).count() > FRAMED) {
        if plain && cells.iter().any(|c| is_wrapped(&c.lines)) {
            return (used, Drawn::Broken);
        }
        let inner = cells.into_iter().map(|c| (from + c.from, c.lines.join("\n"))).collect();
        return (used, Drawn::Frame(inner));
    }
    (used, Drawn::Table(grid(cells, from, document)))
}

/// Whether a table within a frame was wrapped like words: blank lines stand between its lines, and figures are cut.
fn is_wrapped(lines: &[String]) -> bool {
    lines.windows(2).any(|pair| pair[0].trim().is_empty() && pair[1].trim_start().starts_with('|'))
}

/// A cell between its bars.
struct Piece {
    left: usize,
    right: usize,
    row: usize,
    rows: usize,
    /// Line it begins on.
    from: usize,
    lines: Vec<String>,
    open: bool,
}

/// The cells, if every bar stands where a rule has a corner.
fn pieces(lines: &[&str], plain: bool, wide: usize) -> Option<Vec<Piece>> {
    let drawn: Vec<Vec<char>> = lines.iter().map(|line| columns(line, wide)).collect();
    let mut corners: Vec<usize> = Vec::new();
    for line in &drawn {
        let rule = line.first() == Some(&'+');
        let corner =
            |c: char| if plain { rule && c == '+' } else { "┌┬┐├┼┤└┴┘".contains(c) };
        corners.extend(line.iter().enumerate().filter(|(_, c)| corner(**c)).map(|(x, _)| x));
    }
    corners.sort_unstable();
    corners.dedup();
    let last = *corners.last()?;
    let mut found: Vec<Piece> = Vec::new();
    let mut rules = 0;
    for (y, line) in drawn.iter().enumerate() {
        let bar = |c: char| {
            if plain { matches!(c, '|' | '+') } else { "│┌┬┐├┼┤└┴┘".contains(c) }
        };
        let bars: Vec<usize> =
            (0..line.len()).filter(|x| bar(line[*x]) && (!plain || corners.contains(x))).collect();
        if bars.first() != Some(&0) || bars.last() != Some(&last) || bars.iter().any(|x| !corners.contains(x))
        {
            return None;
        }
        let rule = |w: &[usize]| {
            let ends = !plain || line[w[0]] == '+' && line[w[1]] == '+';
            let inside = |c: &char| if plain { matches!(c, '-' | '=' | ':') } else { *c == '─' };
            ends && w[1] > w[0] + 1 && line[w[0] + 1..w[1]].iter().all(inside)
        };
        if bars.windows(2).any(rule) {
            rules += 1;
        }
        for w in bars.windows(2) {
            let (left, right) = (w[0], w[1]);
            if rule(w) {
                let crossed = found.iter_mut().filter(|p| p.open && p.left < right && p.right > left);
                crossed.for_each(|p| {
                    p.open = false;
                    p.rows = (rules - 1_usize).saturating_sub(p.row).max(1);
                });
                continue;
            }
            let text: String = line[left + 1..right].iter().filter(|c| **c != '\0').collect();
            match found.iter_mut().rev().find(|p| p.open && p.left == left && p.right == right) {
                Some(piece) => piece.lines.push(text),
                None => found.push(Piece {
                    left,
                    right,
                    row: rules.checked_sub(1)?,
                    rows: 1,
                    from: y,
                    lines: vec![text],
                    open: true,
                }),
            }
        }
    }
    Some(found)
}

/// The characters by the columns they take; the second column of a wide one is filled up.
fn columns(line: &str, ambiguous: usize) -> Vec<char> {
    let mut out = Vec::with_capacity(line.len());
    for c in line.chars() {
        let width = match c {
            '\u{2500}'..='\u{257f}' => 1,
            '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '×' | '①'..='⑳' | 'Ⅰ'..='Ⅻ' => {
                ambiguous
            }
            '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7a3}' => 2,
            '\u{f900}'..='\u{faff}' | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' => 2,
            '\u{ffe0}'..='\u{ffe6}' | '\u{20000}'..='\u{3fffd}' => 2,
            _ => 1,
        };
        out.push(c);
        out.extend((1..width).map(|_| '\0'));
    }
    out
}

fn grid(mut pieces: Vec<Piece>, from: usize, document: &mut Document) -> Grid {
    let mut edges: Vec<usize> = pieces.iter().flat_map(|p| [p.left, p.right]).collect();
    edges.sort_unstable();
    edges.dedup();
    let column = |x: usize| edges.binary_search(&x).unwrap_or_default();
    pieces.sort_by_key(|p| (p.row, p.left));
    let mut grid = Grid { columns: edges.len().saturating_sub(1), ..Grid::default() };
    for piece in pieces {
        let lines: Vec<&str> = piece.lines.iter().map(|l| l.trim()).filter(|l| !l.is_empty()).collect();
        let number = u32::try_from(from + piece.from).unwrap_or(u32::MAX);
        let place = document.place(At { line: Some(number), ..At::default() });
        grid.rows = grid.rows.max(piece.row + piece.rows);
        grid.cells.push(Cell {
            text: lines.join("\n"),
            row: piece.row,
            column: column(piece.left),
            rows: piece.rows,
            columns: column(piece.right) - column(piece.left),
            place,
        });
    }
    grid
}

#[cfg(test)]
mod tests {
    use super::super::block::Kind;
    use super::*;

    /// Words, row, column, rows and columns.
    type Placed = (String, usize, usize, usize, usize);

    fn cells(text: &str) -> Option<Vec<Placed>> {
        let lines: Vec<&str> = text.lines().collect();
        match table(&lines, 1, &mut Document::new(Kind::Text)) {
            (_, Drawn::Table(grid)) => {
                Some(grid.cells.into_iter().map(|c| (c.text, c.row, c.column, c.rows, c.columns)).collect())
            }
            _ => None,
        }
    }

    #[test]
    fn cells_of_several_lines_and_over_several_rows() {
        let text = "\
┌────┬──────────┐
│规章│申请人情况│
│    ├────┬─────┤
│一类│甲  │“乙”│
├────┼────┼─────┤
│许可│12  │     │
└────┴────┴─────┘";
        let narrow = text.replace("“乙”│", "“乙” │");
        let expected = [
            ("规章\n一类", 0, 0, 2, 1),
            ("申请人情况", 0, 1, 1, 2),
            ("甲", 1, 1, 1, 1),
            ("“乙”", 1, 2, 1, 1),
            ("许可", 2, 0, 1, 1),
            ("12", 2, 1, 1, 1),
            ("", 2, 2, 1, 1),
        ];
        let expected = expected.map(|(t, r, c, rs, cs)| (t.to_owned(), r, c, rs, cs)).to_vec();
        assert_eq!(cells(&narrow), Some(expected));
        assert_eq!(cells(&narrow.replace("甲  │", "甲 │")), None, "a bar out of its column");
        // Quotation marks of one column above, of two here.
        let wide = cells("┌──────┬─┐\n│“乙”│1│\n└──────┴─┘");
        assert_eq!(wide.map(|c| c.len()), Some(2));
    }

    #[test]
    fn a_table_that_was_wrapped_within_its_frame_is_broken() {
        let framed = |lines: &[&str]| {
            let inner: String = lines.iter().chain(&["a"; 16]).map(|l| format!("| {l:<9} |\n")).collect();
            let text = format!("+-----------+\n{inner}+-----------+");
            let lines: Vec<&str> = text.lines().collect();
            table(&lines, 1, &mut Document::new(Kind::Text)).1
        };
        let whole = framed(&["", "+---+---+", "| a | 2 |", "+---+---+"]);
        assert!(matches!(whole, Drawn::Frame(_)));
        let wrapped = framed(&["", "| a | 2", "", "| 04 |"]);
        assert!(matches!(wrapped, Drawn::Broken));
    }

    #[test]
    fn rules_of_plain_characters() {
        let text = "+----+---+\n| 规 | 1 |\n| 章 |   |\n+====+===+\n| -  | 2 |\n+----+---+\n";
        let expected = [("规\n章", 0, 0), ("1", 0, 1), ("-", 1, 0), ("2", 1, 1)]
            .map(|(t, r, c)| (t.to_owned(), r, c, 1, 1));
        assert_eq!(cells(text), Some(expected.to_vec()));
        assert_eq!(cells("+----+---+\n| 规 |1|\n+----+---+"), None);
    }
}
