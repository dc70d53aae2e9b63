//! PDF files with a text layer as blocks.
//!
//! 1. [`page`]: glyphs with their places, drawn lines and filled boxes of every page, as a [`sheet`].
//! 2. [`ruling`]: tables from lines; [`cells`]: which glyph stands in which cell.
//! 3. [`marks`]: numbers of pages and running heads are left out.
//! 4. [`lines`]: lines of text by place; [`columns`]: tables without lines.
//! 5. [`flow`]: lines joined into paragraphs.
//!
//! Every page gives grids of its own: a table over three pages is three grids, and a label that the end of a page cuts is
//! in two parts. Which of them belong together is found later, by labels.

mod cells;
mod columns;
mod flow;
mod lines;
mod marks;
mod page;
mod ruling;
mod sheet;
#[cfg(test)]
mod tests;

use super::block::{At, Cell, Document, Grid, Kind};
use super::unreadable::Unreadable;
use crate::redact::{Unusable, pdf};
use flow::Margins;
use hayro::vello_cpu::kurbo::Rect;
use lines::Line;
use marks::{Counted, Edge};
use ruling::Table;
use sheet::Sheet;
use std::collections::{BTreeMap, BTreeSet};

/// What a report may cost: hundreds of times what one needs, and read within two seconds.
const LIMITS: pdf::Limits = pdf::Limits { inflated: 512 * 1024 * 1024, steps: 4_000_000 };
/// Glyphs of a file. A report has ten thousand.
const MAX_GLYPHS: usize = 250_000;
/// Of a hundred glyphs, how many may have no known character.
const MAX_UNKNOWN: usize = 3;
/// The part of a page from which on a picture is the page, and fewer glyphs than a page of text has.
const SCANNED: (f64, usize) = (0.4, 50);
/// The parts of a page at its upper and lower edge in which its number stands, and in which running heads do: text begins
/// behind these by every usual setting.
const HEAD: f64 = 0.095;
const FOOT: f64 = 0.14;
const RUNNING: f64 = 0.075;

/// A PDF file as blocks.
///
/// # Errors
/// [`Unreadable`], with the sentence for the officer, if there is no text to be read or the file is a trap.
pub(super) fn blocks(bytes: &[u8]) -> Result<Document, Unreadable> {
    pdf::check_within(bytes, LIMITS)?;
    let mut refused = None;
    let read = pdf::isolated(|| {
        let mut pages = Vec::new();
        let (mut left, mut pairs) = (MAX_GLYPHS, ruling::MAX_ALL_PAIRS);
        for page in pdf::open(bytes)?.pages().iter() {
            let mut sheet = Sheet::read(page, left).ok_or(Unusable::Bomb)?;
            left -= sheet.glyphs.len();
            let tables = ruling::tables(&sheet, &mut pairs);
            // Of the drawing only the tables are needed, and it may be large.
            (sheet.rules, sheet.fills) = Default::default();
            pages.push(Page { sheet, tables, ..Page::default() });
        }
        refused = refusal(&pages);
        if refused.is_some() {
            return Ok(Document::new(Kind::Pdf));
        }
        Ok(assembled(pages))
    })?;
    refused.map_or(Ok(read), Err)
}

/// Why pages give no text, if they do not.
fn refusal(pages: &[Page]) -> Option<Unreadable> {
    let glyphs: usize = pages.iter().map(|page| page.sheet.glyphs.len()).sum();
    let unknown: usize = pages.iter().map(|page| page.sheet.unknown).sum();
    let (part, few) = SCANNED;
    // Words that a program guessed under the picture of a page are no text that is proved.
    let scanned = |page: &&Page| page.sheet.picture > part && page.sheet.glyphs.len() < few;
    if glyphs == 0 || pages.iter().filter(scanned).count() * 2 > pages.len() {
        return Some(Unreadable::Scanned);
    }
    (unknown * 100 > glyphs * MAX_UNKNOWN).then_some(Unreadable::NoCharacters)
}

/// A page on its way to blocks.
#[derive(Debug, Default)]
struct Page {
    sheet: Sheet,
    tables: Vec<Table>,
    /// The middles of all its lines, from the top: by these, lines are numbered.
    heights: Vec<f64>,
    items: Vec<Item>,
}

/// What a page is made of, from the top.
#[derive(Debug)]
enum Item {
    Line(Line),
    Grid(Rect, Vec<Filled>, usize, usize),
}

/// A cell with its words.
#[derive(Debug)]
struct Filled {
    text: String,
    frame: Rect,
    row: usize,
    column: usize,
    rows: usize,
    columns: usize,
}

fn assembled(mut pages: Vec<Page>) -> Document {
    let marks = page_marks(&mut pages);
    for (page, gone) in pages.iter_mut().zip(&marks) {
        page.arrange(gone);
    }
    leave_out_heads(&mut pages);
    pages.iter_mut().for_each(Page::find_columns);
    joined(&pages)
}

impl Page {
    fn at_edge(&self, frame: Rect) -> bool {
        frame.y1 < self.sheet.height * HEAD || frame.y0 > self.sheet.height * (1.0 - FOOT)
    }

    fn in_table(&self, frame: Rect) -> bool {
        self.tables.iter().any(|table| table.frame().contains(frame.center()))
    }

    /// Sorts its glyphs, but those that are gone, into tables and lines.
    fn arrange(&mut self, gone: &BTreeSet<usize>) {
        let frames: Vec<Rect> = self.tables.iter().map(Table::frame).collect();
        let mut inside: Vec<Vec<usize>> = vec![Vec::new(); frames.len()];
        let mut outside = Vec::new();
        for (n, glyph) in self.sheet.glyphs.iter().enumerate().filter(|(n, _)| !gone.contains(n)) {
            // Of a table within a cell of another one, the inner one.
            let around = (0..frames.len()).filter(|t| self.tables[*t].holds(glyph));
            match around.min_by(|a, b| frames[*a].area().total_cmp(&frames[*b].area())) {
                Some(table) => inside[table].push(n),
                None => outside.push(n),
            }
        }
        for ((table, which), frame) in self.tables.iter().zip(&inside).zip(frames) {
            // A table without a word is a drawing.
            if which.is_empty() {
                continue;
            }
            let contents = cells::contents(&self.sheet, table, which);
            let filled = table.cells.iter().zip(&contents).map(|(slot, glyphs)| Filled {
                text: lines::lines(&self.sheet, glyphs).iter().map(Line::text).collect::<Vec<_>>().join("\n"),
                frame: table.cell(slot),
                row: slot.row,
                column: slot.column,
                rows: slot.rows,
                columns: slot.columns,
            });
            self.items.push(Item::Grid(frame, filled.collect(), table.ys.len() - 1, table.xs.len() - 1));
        }
        self.items.extend(lines::lines(&self.sheet, &outside).into_iter().map(Item::Line));
        self.sort();
    }

    /// From the top, a table by its upper side.
    fn sort(&mut self) {
        let top = |item: &Item| match item {
            Item::Line(line) => line.middle(),
            Item::Grid(frame, ..) => frame.y0,
        };
        self.items.sort_by(|a, b| top(a).total_cmp(&top(b)));
    }

    fn lines(&self) -> impl Iterator<Item = &Line> {
        self.items.iter().filter_map(|item| if let Item::Line(line) = item { Some(line) } else { None })
    }

    /// Makes tables of lines whose words stand in columns.
    fn find_columns(&mut self) {
        let mut items = Vec::new();
        let mut stretch: Vec<Line> = Vec::new();
        for item in std::mem::take(&mut self.items) {
            match item {
                Item::Line(line) => stretch.push(line),
                grid @ Item::Grid(..) => {
                    end_stretch(&mut stretch, &mut items);
                    items.push(grid);
                }
            }
        }
        end_stretch(&mut stretch, &mut items);
        self.items = items;
    }

    /// The number of the line at a height.
    fn line_at(&self, height: f64) -> u32 {
        let above = self.heights.partition_point(|middle| *middle < height - 1.0);
        u32::try_from(above + 1).unwrap_or(u32::MAX)
    }

    fn at(&self, number: usize, frame: Rect, height: f64) -> At {
        At {
            page: u32::try_from(number + 1).ok(),
            line: Some(self.line_at(height)),
            frame: Some(self.sheet.parts(frame)),
            ..At::default()
        }
    }
}

fn end_stretch(stretch: &mut Vec<Line>, items: &mut Vec<Item>) {
    let lines = std::mem::take(stretch);
    let mut tables = columns::tables(&lines).into_iter().peekable();
    let mut end = 0;
    for (n, line) in lines.into_iter().enumerate() {
        if let Some(table) = tables.next_if(|table| table.lines.start == n) {
            let frames = table.cells.iter().map(|cell| cell.frame);
            let frame = frames.reduce(|a, b| a.union(b)).unwrap_or_default();
            let filled = table.cells.into_iter().map(|cell| Filled {
                text: cell.text,
                frame: cell.frame,
                row: cell.row,
                column: cell.column,
                rows: 1,
                columns: cell.columns,
            });
            end = table.lines.end;
            items.push(Item::Grid(frame, filled.collect(), table.rows, table.columns));
        }
        if n >= end {
            items.push(Item::Line(line));
        }
    }
}

/// Finds the numbers of pages, numbers the lines, and says for every page which glyphs are its number.
fn page_marks(pages: &mut [Page]) -> Vec<BTreeSet<usize>> {
    let mut sure: Vec<(Counted, Rect, Vec<usize>)> = Vec::new();
    let mut bare: Vec<(Counted, Vec<usize>)> = Vec::new();
    for (number, page) in pages.iter_mut().enumerate() {
        let all: Vec<usize> = (0..page.sheet.glyphs.len()).collect();
        let lines = lines::lines(&page.sheet, &all);
        page.heights = lines.iter().map(Line::middle).collect();
        page.heights.sort_by(f64::total_cmp);
        for line in lines.iter().filter(|line| page.at_edge(line.frame)) {
            let glyphs = |line: &Line| line.pieces.iter().flat_map(|p| p.glyphs.clone()).collect();
            if let Some(n) = marks::mark(&line.text()) {
                sure.push((Counted { page: number, number: n }, line.frame, glyphs(line)));
            } else if let Some(n) = marks::number(&line.text())
                && !page.in_table(line.frame)
            {
                bare.push((Counted { page: number, number: n }, glyphs(line)));
            } else {
                // Beside other words in one line: a table that reaches down to it, or a running head.
                for piece in &line.pieces {
                    if let Some(n) = marks::mark(&piece.text) {
                        sure.push((Counted { page: number, number: n }, piece.frame, piece.glyphs.clone()));
                    }
                }
            }
        }
    }
    let counted: Vec<Counted> = sure.iter().map(|(mark, ..)| *mark).collect();
    let offset = marks::offset(&counted);
    let mut gone = vec![BTreeSet::new(); pages.len()];
    for (mark, frame, glyphs) in sure {
        // Within a table only what counts the pages.
        if !pages[mark.page].in_table(frame) || offset == Some(mark.ahead()) {
            gone[mark.page].extend(glyphs);
        }
    }
    let counted: Vec<Counted> = bare.iter().map(|(mark, _)| *mark).collect();
    // A single page counts as the first.
    let offset = marks::offset(&counted).or((counted.len() == 1).then_some(1));
    for (mark, glyphs) in bare {
        if offset == Some(mark.ahead()) {
            gone[mark.page].extend(glyphs);
        }
    }
    gone
}

/// Leaves out lines that stand at the edge of most pages alike.
fn leave_out_heads(pages: &mut [Page]) {
    let edge = |page: &Page, line: &Line| {
        let (from_top, from_bottom) = (line.frame.y0, page.sheet.height - line.frame.y1);
        let at_edge = from_top.min(from_bottom) < page.sheet.height * RUNNING;
        let from_edge = if from_top < from_bottom { from_top } else { -from_bottom };
        if at_edge { Edge::new(&line.text(), from_edge) } else { None }
    };
    let mut seen: BTreeMap<Edge, usize> = BTreeMap::new();
    for page in pages.iter() {
        let edges: BTreeSet<Edge> = page.lines().filter_map(|line| edge(page, line)).collect();
        for edge in edges {
            *seen.entry(edge).or_default() += 1;
        }
    }
    let enough = marks::enough(pages.len());
    for page in pages {
        let items = std::mem::take(&mut page.items);
        let stays = |item: &Item| match item {
            Item::Line(line) => edge(page, line).is_none_or(|edge| seen[&edge] < enough),
            Item::Grid(..) => true,
        };
        page.items = items.into_iter().filter(stays).collect();
    }
}

/// The margins of every page; where a page shows none, those of the other pages of its size.
fn margins(pages: &[Page]) -> Vec<Option<Margins>> {
    let size = |page: &Page| page.sheet.width.round() as i64;
    let mut all: BTreeMap<i64, Option<Margins>> = BTreeMap::new();
    for page in pages {
        all.entry(size(page)).or_insert_with(|| {
            flow::margins(pages.iter().filter(|p| size(p) == size(page)).flat_map(Page::lines))
        });
    }
    let own = |page: &Page| if page.lines().count() > 3 { flow::margins(page.lines()) } else { None };
    pages.iter().map(|page| own(page).or(all[&size(page)])).collect()
}

/// Blocks, with the lines of a paragraph joined, over the ends of pages too.
fn joined(pages: &[Page]) -> Document {
    let margins = margins(pages);
    let mut document = Document::new(Kind::Pdf);
    let mut open: Option<Paragraph<'_>> = None;
    for (number, page) in pages.iter().enumerate() {
        for item in &page.items {
            match item {
                Item::Line(line) => {
                    let frame = line.frame;
                    if let Some(paragraph) = &mut open
                        && let (Some(in_last), Some(in_now)) = (margins[paragraph.page], margins[number])
                        && flow::goes_on(paragraph.last(in_last, number), line, in_now)
                    {
                        flow::append(&mut paragraph.text, &line.text());
                        // The box is that of the part on the first page.
                        if paragraph.at.page == u32::try_from(number + 1).ok() {
                            let frame = page.sheet.parts(frame);
                            paragraph.at.frame = paragraph.at.frame.map(|now| around(now, frame));
                        }
                        (paragraph.page, paragraph.line, paragraph.goes_on) = (number, line, true);
                        continue;
                    }
                    end_paragraph(&mut open, &mut document);
                    let at = page.at(number, frame, line.middle());
                    open = Some(Paragraph { text: line.text(), at, page: number, line, goes_on: false });
                }
                Item::Grid(_, cells, rows, columns) => {
                    end_paragraph(&mut open, &mut document);
                    let cells = cells.iter().map(|cell| Cell {
                        text: cell.text.clone(),
                        row: cell.row,
                        column: cell.column,
                        rows: cell.rows,
                        columns: cell.columns,
                        place: document.place(page.at(number, cell.frame, cell.frame.y0)),
                    });
                    let cells = cells.collect();
                    document.push_grid(Grid { rows: *rows, columns: *columns, cells });
                }
            }
        }
    }
    end_paragraph(&mut open, &mut document);
    document
}

/// A paragraph that may go on.
struct Paragraph<'a> {
    text: String,
    at: At,
    /// Its last line, the page on which that stands, and whether it is not the first.
    line: &'a Line,
    page: usize,
    goes_on: bool,
}

impl<'a> Paragraph<'a> {
    fn last(&self, margins: Margins, page: usize) -> flow::Last<'a> {
        flow::Last { line: self.line, margins, goes_on: self.goes_on, above: self.page == page }
    }
}

fn end_paragraph(open: &mut Option<Paragraph<'_>>, document: &mut Document) {
    if let Some(paragraph) = open.take() {
        document.push_line(&paragraph.text, paragraph.at);
    }
}

fn around(a: [f32; 4], b: [f32; 4]) -> [f32; 4] {
    [a[0].min(b[0]), a[1].min(b[1]), a[2].max(b[2]), a[3].max(b[3])]
}
