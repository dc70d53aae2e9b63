//! Table four: exactly fifteen figures in one row, in three blocks of five; or the blocks apart, or as rows with labels.

use super::block::{Block, Document};
use super::label::DISPUTES;
use super::normal::folded;
use super::record::{Headings, Raw, Record, blank_behind, is_page_mark, of_lines, records};
use super::table::Table;
use super::value::{Value, any};
use law::Amount;
use law::form::Form;
use law::form::published::TableState;
use std::ops::Range;

/// Cells of a block.
const BLOCK: usize = 5;
/// Cells of the table.
const WIDTH: usize = 15;

/// Characters of a cell that may be a figure with a note.
const LONGEST: usize = 12;

/// Reads table four from a run of blocks.
pub(super) fn read(document: &Document, blocks: Range<usize>) -> Table {
    let headed = blocks.clone().any(|n| names_it(&document.blocks[n]));
    match figures(document, blocks) {
        // Without headings fifteen figures have to add up.
        Ok(cells) if headed || holds(&cells) && !is_nothing(&cells) => {
            let mut table = Table { state: TableState::Read, ..Table::default() };
            for (raw, cell) in cells.iter().zip(ids()) {
                table.put(cell, raw);
            }
            table
        }
        Ok(_) => refused("表四没有表头，不能确定各数据属于哪一项".to_owned()),
        Err(Some(reason)) => refused(reason),
        Err(None) if headed => refused("表四只有表头，没有读出数据，请改用原始网页或者原始文件".to_owned()),
        Err(None) => Table::default(),
    }
}

fn refused(reason: String) -> Table {
    Table { state: TableState::Refused(reason), ..Table::default() }
}

fn names_it(block: &Block) -> bool {
    let says = |text: &str| {
        let text = folded(text);
        text.contains("结果维持")
            || text.contains("尚未审结")
            || text.contains("复议后起诉")
            || text.contains("维持") && text.contains("纠正")
    };
    match block {
        Block::Line(line) => {
            line.text.chars().filter(|c| !c.is_whitespace()).count() < 80 && says(&line.text)
        }
        Block::Grid(grid) => {
            let short = grid.cells.iter().filter(|c| c.text.chars().count() < 40);
            says(&short.map(|c| c.text.as_str()).collect::<String>())
        }
    }
}

/// The cells in the order of the form.
fn ids() -> Vec<String> {
    let blocks = Form::all().last().into_iter().flat_map(|f| &f.disputes);
    blocks.flat_map(|b| b.columns.iter().map(move |c| format!("disputes.{}.{}", b.id, c.id))).collect()
}

/// The fifteen cells; an error with a reason, or without one if no figure is there.
fn figures(document: &Document, blocks: Range<usize>) -> Result<Vec<Raw>, Option<String>> {
    let all = records(document, blocks.clone(), &DISPUTES, &Headings { names: &[], accounted: &[] });
    if let Some(cells) = by_label(&all) {
        return Ok(cells);
    }
    let mut rows: Vec<Vec<Raw>> = Vec::new();
    let mut lines = Lines::default();
    for n in blocks {
        match &document.blocks[n] {
            Block::Grid(grid) => {
                let behind = blank_behind(grid);
                for row in grid.cells.chunk_by(|a, b| a.row == b.row) {
                    // Behind the fifteenth stands what ends every row.
                    let cells = if row.len() == WIDTH + behind { &row[..WIDTH] } else { row };
                    let cells: Vec<Raw> = cells
                        .iter()
                        .map(|c| Raw {
                            text: c.text.clone(),
                            place: c.place,
                            value: any(&c.text),
                            column: Some(c.column),
                        })
                        .collect();
                    let readable = cells.iter().filter(|c| c.value.is_figure_like()).count();
                    let blank = cells.iter().filter(|c| c.value.is_blank()).count();
                    let words = cells.len() - readable;
                    // Behind the table goes on what is no figure, however damaged.
                    let prose = cells.iter().any(|c| c.text.chars().count() > LONGEST);
                    // A row of the headings is blank where those above it reach down. One or two cells may be damaged.
                    let figures = readable - blank > 0 && words <= 2 && readable > words
                        || blank == cells.len() && cells.len() == WIDTH;
                    if figures && !prose && cells.len() >= BLOCK {
                        rows.push(cells);
                    }
                }
            }
            Block::Line(line) if is_page_mark(&line.text) => {}
            Block::Line(line) => {
                let tokens = line.text.split_whitespace();
                let cells: Vec<Raw> = tokens
                    .map(|t| {
                        let text = t.trim_matches('|').to_owned();
                        Raw { value: any(&text), text, place: line.place, column: None }
                    })
                    .collect();
                if !cells.iter().all(|c| c.value.is_figure_like()) {
                    lines.words(&line.text);
                } else {
                    lines.figures();
                    match rows.last_mut().filter(|r| r.last().is_some_and(|c| c.column.is_none())) {
                        Some(row) => row.extend(cells),
                        None => rows.push(cells),
                    }
                }
            }
        }
    }
    // A row of nothing beside one with figures is room.
    let is_blank = |row: &Vec<Raw>| row.iter().all(|c| c.value.is_blank());
    if rows.iter().any(|r| !is_blank(r)) {
        rows.retain(|r| !is_blank(r));
    }
    let cells = joined(fifteen(rows)?);
    let loose = cells.iter().any(|c| c.column.is_none());
    if loose && !lines.in_order() && !holds(&cells) {
        let reason =
            "表四的项目名称和数据不是按顺序排列的，不能确定各数据属于哪一项，请改用原始网页或者原始文件";
        return Err(Some(reason.to_owned()));
    }
    Ok(cells)
}

/// Figures torn by blanks are one figure if each block adds up with them.
fn joined(cells: Vec<Raw>) -> Vec<Raw> {
    let mut whole = cells.clone();
    for cell in &mut whole {
        if let Value::Torn(amount) = cell.value {
            cell.value = Value::Figure(amount, None);
        }
    }
    if holds(&whole) { whole } else { cells }
}

/// In which order names and figures stand in a file that has only lines. Programs that take the text out of a page may go
/// down its columns.
#[derive(Debug, Default)]
struct Lines {
    /// Words before the first figure.
    before: String,
    begun: bool,
    /// Whether words have come after a figure.
    after: bool,
    /// Whether figures have come after these.
    parted: bool,
}

impl Lines {
    fn words(&mut self, text: &str) {
        if self.begun {
            self.after = true;
        } else {
            self.before.push_str(&folded(text));
        }
    }

    fn figures(&mut self) {
        self.parted |= self.after;
        self.begun = true;
    }

    /// All names first, in the order of the form, then all figures.
    fn in_order(&self) -> bool {
        !self.parted && self.before.contains("结果维持结果纠正其他结果尚未审结总计")
    }
}

/// Three rows with the names of the blocks.
fn by_label(records: &[Record]) -> Option<Vec<Raw>> {
    let block = |n: usize| {
        let mut fitting =
            records.iter().filter(|r| r.row.is_some_and(|m| m.row == n) && r.cells.len() == BLOCK);
        let first = fitting.next()?;
        fitting.next().is_none().then(|| first.cells.clone())
    };
    let cells: Vec<Raw> = (0..3).map(block).collect::<Option<Vec<_>>>()?.concat();
    Some(cells)
}

fn fifteen(rows: Vec<Vec<Raw>>) -> Result<Vec<Raw>, Option<String>> {
    let [row] = &rows[..] else {
        let count: usize = rows.iter().map(Vec::len).sum();
        let whole = rows.iter().all(|r| r.len() % BLOCK == 0);
        // A row of grid that repeats, or the blocks in rows of their own.
        if rows.len() > 1 && rows.iter().all(|r| r.len() == WIDTH && same(r, &rows[0])) {
            return Ok(rows[0].clone());
        }
        return match (rows.is_empty(), whole && count == WIDTH) {
            (true, _) => Err(None),
            (false, true) => Ok(rows.concat()),
            (false, false) => Err(Some(wrong(count))),
        };
    };
    if row.iter().any(Raw::is_bar) {
        return of_lines(row, WIDTH).map(<[Raw]>::to_vec).ok_or_else(|| Some(wrong(row.len())));
    }
    if row.len() == WIDTH {
        return Ok(row.clone());
    }
    let mut fitting: Vec<&[Raw]> = Vec::new();
    if row.len() > WIDTH && row.len() <= WIDTH + 3 {
        for cells in row.windows(WIDTH) {
            let outside_blank = row.iter().filter(|c| c.value.is_blank()).count()
                - cells.iter().filter(|c| c.value.is_blank()).count()
                == row.len() - WIDTH;
            let full = cells.iter().all(|c| !c.value.is_blank());
            if holds(cells) && (outside_blank && full || !outside_blank && !is_nothing(cells)) {
                fitting.push(cells);
            }
        }
    }
    match fitting[..] {
        [cells] => Ok(cells.to_vec()),
        _ => Err(Some(wrong(row.len()))),
    }
}

fn wrong(count: usize) -> String {
    format!("表四有{count}个数据，应当是{WIDTH}个，不能确定各数据属于哪一项")
}

fn same(a: &[Raw], b: &[Raw]) -> bool {
    a.iter().map(|c| &c.value).eq(b.iter().map(|c| &c.value))
}

fn is_nothing(cells: &[Raw]) -> bool {
    cells.iter().all(|c| c.value.amount() == Some(Amount::ZERO))
}

/// Whether each block adds up.
fn holds(cells: &[Raw]) -> bool {
    cells.chunks(BLOCK).all(|block| {
        let values: Option<Vec<Amount>> = block.iter().map(|c| c.value.amount()).collect();
        values.is_some_and(|v| match v.split_last() {
            Some((total, parts)) => parts.iter().fold(Amount::ZERO, |sum, p| sum + *p) == *total,
            None => false,
        })
    })
}
