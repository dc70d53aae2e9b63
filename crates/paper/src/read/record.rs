//! Blocks as records: a label and the cells behind it. A row of a grid is a record of its own; among lines a record is
//! what stands between two texts.

use super::block::{Block, Cell, Document, Grid};
use super::label::{Match, Rows, Sure};
use super::normal::{folded, ordinal};
use super::value::{Value, any};
use law::form::published::Place;

/// Lines a label is cut into at most.
const LABEL_LINES: usize = 6;
/// Characters of a line that can be a label or a part of one.
const LABEL_LENGTH: usize = 60;

/// The line that stands for a blank cell where each cell is a line of its own.
pub(super) const BLANK_CELL: &str = "|";

/// A cell behind a label.
#[derive(Debug, Clone)]
pub(super) struct Raw {
    pub(super) text: String,
    pub(super) place: Place,
    pub(super) value: Value,
    /// Columns of the grid it covers; none among lines.
    pub(super) column: Option<usize>,
}

impl Raw {
    fn new(text: &str, place: Place, column: Option<usize>) -> Raw {
        Raw { text: text.to_owned(), place, value: any(text), column }
    }

    /// Whether it is a blank cell that is told by the bar behind it alone.
    pub(super) fn is_bar(&self) -> bool {
        self.column.is_none() && self.text.is_empty()
    }
}

/// A label and what stands behind it.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// The words before the cells, without line ends; empty if there are none.
    pub(super) label: String,
    /// The row it means.
    pub(super) row: Option<Match>,
    pub(super) cells: Vec<Raw>,
    /// Block it comes from.
    pub(super) block: usize,
    /// Whether it is a row of a grid, so that blank cells are counted.
    pub(super) grid: bool,
    /// Columns of the value columns in its grid, if the headings tell.
    pub(super) columns: Option<Vec<usize>>,
    /// Blank cells with which every row of its grid ends.
    pub(super) behind: usize,
    /// Whether the rows of its grid were filled up behind their last cell, so that what is too much stands there.
    pub(super) filled: bool,
    /// Whether words stand before the label that are neither the name of a group nor headings of columns.
    pub(super) doubtful: bool,
    pub(super) place: Place,
}

impl Record {
    /// Whether it is figures without words.
    pub(super) fn is_loose(&self) -> bool {
        self.row.is_none() && self.label.is_empty() && self.has_figures()
    }

    /// Takes what stands behind the end of a page. A figure on either side of it may be one that was torn.
    fn go_on(&mut self, behind: Record, row: Match) {
        self.label.push_str(&behind.label);
        self.row = Some(row);
        self.doubtful |= behind.doubtful;
        for (cell, other) in self.cells.iter_mut().zip(behind.cells) {
            if cell.text.is_empty() {
                *cell = other;
            } else if !other.text.is_empty() {
                cell.text = format!("{}\n{}", cell.text, other.text);
                cell.value = any(&cell.text);
            }
        }
    }

    /// Whether another one has words of its own, in the same table.
    pub(super) fn stands_beside(&self, other: &Record) -> bool {
        self.block == other.block && !ordinal(&folded(&other.label)).1.is_empty()
    }

    fn has_figures(&self) -> bool {
        self.cells.iter().any(|c| !c.value.is_blank() && c.value.amount().is_some())
    }
}

/// The headings of columns by which a grid tells where its figures stand.
pub(super) struct Headings<'a> {
    /// In the order of the form, folded.
    pub(super) names: &'a [Vec<String>],
    /// Words that stand before labels in every report, folded, the longest first.
    pub(super) accounted: &'a [String],
}

/// The records of a run of blocks, read with the labels of one table.
pub(super) fn records(
    document: &Document,
    blocks: std::ops::Range<usize>,
    rows: &Rows,
    headings: &Headings<'_>,
) -> Vec<Record> {
    let (names, accounted) = (headings.names, headings.accounted);
    let mut reader = Reader {
        rows,
        names,
        accounted,
        records: Vec::new(),
        label: Vec::new(),
        cells: Vec::new(),
        block: 0,
    };
    for n in blocks {
        match &document.blocks[n] {
            Block::Line(line) => {
                if !is_page_mark(&line.text) {
                    reader.line(&line.text, line.place, n);
                }
            }
            Block::Grid(grid) => {
                reader.end_loose();
                reader.grid(grid, n, headings);
            }
        }
    }
    reader.end_loose();
    joined(reader.records, rows)
}

/// `- 4 -`, `— 4 —`, `第4页`, `4 / 6`.
pub(super) fn is_page_mark(text: &str) -> bool {
    let text: String = folded_marks(text);
    const DASHES: [char; 6] = ['-', '—', '–', '―', '·', '~'];
    let inner = text.trim_matches(DASHES);
    // A dash on one side only is a sign before a figure.
    let between = text.starts_with(DASHES) && text.ends_with(DASHES);
    if between && !inner.is_empty() && inner.len() <= 3 && inner.bytes().all(|b| b.is_ascii_digit()) {
        return true;
    }
    is_margin_of_browser(&text)
        || text.starts_with('第') && text.contains('页') && text.chars().count() <= 12
        || inner.split_once('/').is_some_and(|(a, b)| {
            let short = |t: &str| !t.is_empty() && t.len() <= 3 && t.bytes().all(|b| b.is_ascii_digit());
            short(a) && short(b)
        })
}

/// What browsers print above and below a page: `2024/1/20 10:12  title`, `1/20/24, 10:12 AM  title`, the address with the
/// number of the page. Blanks are gone.
fn is_margin_of_browser(text: &str) -> bool {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let date = text[..text.len() - rest.len()].len() <= 4
        && rest.starts_with('/')
        && text
            .chars()
            .take_while(|c| c.is_ascii_digit() || "/,:".contains(*c))
            .filter(|c| *c == '/')
            .count()
            == 2
        && text.chars().take(20).any(|c| c == ':');
    let address = ["file:///", "http://", "https://"].iter().any(|scheme| text.starts_with(scheme))
        && text.rsplit_once('/').is_some_and(|(_, n)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        && text.is_ascii();
    date || address
}

fn folded_marks(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| {
            if ('０'..='９').contains(&c) {
                char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c)
            } else {
                c
            }
        })
        .collect()
}

/// Whether a blank row may have its figures in the record directly before or behind it, which has figures and no row.
pub(super) fn is_cut(records: &[Record], at: usize, rows: &Rows) -> bool {
    let own = &records[at];
    let whole = || own.row.is_some_and(|m| rows.whole(&own.label) == Some(m.row));
    let blank = own.grid && own.cells.iter().all(|c| c.value.is_blank());
    blank && other_half(records, at).is_some_and(|half| !(whole() && own.stands_beside(&records[half])))
}

fn other_half(records: &[Record], at: usize) -> Option<usize> {
    [at.checked_sub(1), Some(at + 1)].into_iter().flatten().find(|n| {
        let elsewhere = |r: &Record| !r.label.is_empty() || r.block != records[at].block;
        let loose = |r: &Record| r.row.is_none() && r.grid && elsewhere(r) && r.has_figures();
        records.get(*n).is_some_and(loose)
    })
}

/// Records whose labels are together a whole one are the two parts of a row that the end of a page cuts.
fn joined(records: Vec<Record>, rows: &Rows) -> Vec<Record> {
    let mut all: Vec<Record> = Vec::with_capacity(records.len());
    for record in records {
        let whole = all.last().and_then(|last| {
            let parts = [last, &record].iter().all(|r| r.grid && !r.label.is_empty());
            let label = || format!("{}{}", last.label, record.label);
            (parts && last.cells.len() == record.cells.len()).then(|| rows.whole(&label()))?
        });
        match (whole, all.last_mut()) {
            (Some(row), Some(last)) => last.go_on(record, Match { row, sure: Sure::Exact }),
            _ => all.push(record),
        }
    }
    all
}

struct Reader<'a> {
    rows: &'a Rows,
    names: &'a [Vec<String>],
    /// Words that stand before labels in every report, folded.
    accounted: &'a [String],
    records: Vec<Record>,
    /// Lines of text since the last cell, with their places.
    label: Vec<(String, Place)>,
    cells: Vec<Raw>,
    block: usize,
}

impl Reader<'_> {
    fn line(&mut self, text: &str, place: Place, block: usize) {
        let tokens: Vec<&str> = text.split_whitespace().collect();
        let behind = tokens.iter().rev().take_while(|t| any(t).is_figure_like()).count();
        let (words, figures) = tokens.split_at(tokens.len() - behind);
        if !words.is_empty() {
            self.end_values();
            self.label.push((words.concat(), place));
            let beyond = self.label.len().saturating_sub(LABEL_LINES * 2);
            self.label.drain(..beyond);
        }
        if !figures.is_empty() {
            self.block = block;
            self.cells.extend(figures.iter().map(|t| Raw::new(t.trim_matches('|'), place, None)));
        }
    }

    /// Values have ended: a record of lines.
    fn end_values(&mut self) {
        if self.cells.is_empty() {
            return;
        }
        let cells = std::mem::take(&mut self.cells);
        let (row, label, place) = self.loose_label();
        let doubtful = row.is_some() && (self.words_besides(&label) || self.rows_besides(&label));
        self.label.clear();
        let place = place.unwrap_or(cells[0].place);
        let block = self.block;
        self.records.push(Record {
            label,
            row,
            cells,
            block,
            grid: false,
            columns: None,
            behind: 0,
            filled: false,
            doubtful,
            place,
        });
    }

    fn end_loose(&mut self) {
        self.end_values();
    }

    /// The label the last lines give: the fewest lines whose words are those of the form, else the fewest that are like
    /// them.
    fn loose_label(&self) -> (Option<Match>, String, Option<Place>) {
        let mut alike = None;
        for count in 1..=LABEL_LINES.min(self.label.len()) {
            let lines = &self.label[self.label.len() - count..];
            // A label does not go on over the headings of the next item.
            if count > 1 && is_item(&lines[1].0) {
                break;
            }
            let text: String = lines.iter().map(|(t, _)| t.as_str()).collect();
            if text.chars().count() > LABEL_LENGTH * 2 {
                break;
            }
            if let Some(found) = self.rows.find(&text) {
                let place = Some(lines[0].1);
                if found.sure == Sure::Exact {
                    return (Some(found), text, place);
                }
                alike.get_or_insert((Some(found), text, place));
            }
        }
        alike.unwrap_or_else(|| {
            let last = self.label.last();
            (None, last.map(|(t, _)| t.clone()).unwrap_or_default(), last.map(|(_, p)| *p))
        })
    }

    /// Whether the lines since the last cell name another row: these figures may be its.
    fn rows_besides(&self, label: &str) -> bool {
        if !self.accounted.is_empty() {
            return false;
        }
        let mut rest = label.len();
        let before = self.label.iter().rev().skip_while(|(line, _)| {
            rest = rest.saturating_sub(line.len());
            rest > 0
        });
        before.skip(1).any(|(line, _)| self.rows.find(line).is_some())
    }

    /// Whether the lines since the last cell hold more than this label, names of groups, and headings.
    fn words_besides(&self, label: &str) -> bool {
        if self.accounted.is_empty() {
            return false;
        }
        let all: String = self.label.iter().map(|(t, _)| t.as_str()).collect();
        let Some(rest) = all.strip_suffix(label) else { return true };
        let mut rest = folded(rest);
        for word in self.accounted {
            rest = rest.replace(word.as_str(), "");
        }
        let ordinals = "一二三四五六七八九十()0123456789";
        rest.chars().filter(|c| !ordinals.contains(*c)).count() >= 2
    }

    fn grid(&mut self, grid: &Grid, block: usize, headings: &Headings<'_>) {
        let columns = value_columns(grid, headings);
        let room = (blank_behind(grid), filled_behind(grid, headings));
        for row in grid.cells.chunk_by(|a, b| a.row == b.row) {
            let cells: Vec<&Cell> = row.iter().collect();
            self.row(&cells, block, columns.clone(), room);
        }
    }

    fn row(&mut self, cells: &[&Cell], block: usize, columns: Option<Vec<usize>>, room: (usize, bool)) {
        let found = |cell: &Cell| {
            let text: String = cell.text.split_whitespace().collect();
            (!any(&cell.text).is_figure_like()).then(|| self.rows.find(&text)).flatten()
        };
        let labelled = cells.iter().enumerate().rev().find_map(|(n, cell)| found(cell).map(|m| (n, m)));
        // A label with figures in its own cell: what looks like a row of cells is a line in a frame.
        if let Some((n, _)) = labelled
            && ends_with_figure(&cells[n].text)
        {
            let line: Vec<&str> = cells.iter().map(|c| c.text.as_str()).collect();
            self.line(&line.join(" "), cells[n].place, block);
            return;
        }
        // 其他 and 总计 are headings of columns as well.
        let is_heading = |cell: &&Cell| {
            !cell.text.is_empty() && self.names.iter().flatten().any(|n| *n == folded(&cell.text))
        };
        if cells.iter().filter(|c| is_heading(c)).count() > 1 {
            self.label.extend(cells.iter().map(|c| (c.text.split_whitespace().collect(), c.place)));
            return;
        }
        let is_text = |cell: &&Cell| !any(&cell.text).is_figure_like();
        let (split, row) = match labelled {
            Some((n, found)) => (n + 1, Some(found)),
            // The leading words are a label the form does not have; cells of groups before it may be blank.
            None => {
                let blank = |c: &&Cell| any(&c.text).is_blank();
                let leading = cells.iter().take_while(|c| is_text(c) || blank(c)).count();
                (cells[..leading].iter().rposition(is_text).map_or(0, |n| n + 1), None)
            }
        };
        let behind = &cells[split..];
        let words = |cells: &[&Cell]| -> String {
            cells
                .iter()
                .map(|c| c.text.split_whitespace().collect::<String>())
                .rfind(|t| !t.is_empty())
                .unwrap_or_default()
        };
        if behind.is_empty() || row.is_none() && behind.iter().any(is_text) {
            // Headings, or a label whose figures stand in the next row.
            if let Some(last) = cells.iter().rev().find(|c| !c.text.is_empty()) {
                self.label.push((last.text.split_whitespace().collect(), last.place));
            }
            return;
        }
        if row.is_none() && behind.iter().all(|c| any(&c.text).is_blank()) {
            return;
        }
        let mut label = words(&cells[..split]);
        let mut row = row;
        let mut place = cells[split.saturating_sub(1)].place;
        let mut doubtful = false;
        if label.is_empty() {
            // The label may stand above, outside of the grid.
            let (above, text, at) = self.loose_label();
            if above.is_some() {
                doubtful = self.words_besides(&text);
                (row, label, place) = (above, text, at.unwrap_or(place));
            }
        }
        self.label.clear();
        let cells = behind.iter().map(|c| Raw::new(&c.text, c.place, Some(c.column))).collect();
        self.records.push(Record {
            label,
            row,
            cells,
            block,
            grid: true,
            columns,
            behind: room.0,
            filled: room.1,
            doubtful,
            place,
        });
    }
}

/// The first headings of an item of table two.
fn is_item(line: &str) -> bool {
    let line = folded(line);
    line == "信息内容" || line.starts_with("第二十条")
}

/// The cells of a run of lines, of which so many are wanted. Bars too many at its end ended no cell. A bar for the last
/// cell, behind one that is not blank, may as well stand for a blank cell that is lost before it.
pub(super) fn of_lines(cells: &[Raw], wanted: usize) -> Option<&[Raw]> {
    let (kept, behind) = cells.split_at_checked(wanted)?;
    let certain = !kept.last()?.is_bar() || kept.iter().all(Raw::is_bar);
    (certain && behind.iter().all(Raw::is_bar)).then_some(kept)
}

/// Whether a cell with words ends with a figure of its own: `行政许可   12`.
fn ends_with_figure(text: &str) -> bool {
    let mut words = text.split_whitespace().rev();
    let digits = |word: &str| word.contains(|c: char| c.is_ascii_digit()) && any(word).is_figure_like();
    words.next().is_some_and(digits) && words.next().is_some()
}

/// Takes blank cells away until so many are left, if every way to do so leaves the same.
pub(super) fn without_blanks(cells: &[Raw], wanted: usize) -> Option<Vec<Raw>> {
    /// More cells than this behind a label are no row.
    const MOST: usize = 12;
    let surplus = cells.len().checked_sub(wanted)?;
    if cells.len() > MOST {
        return None;
    }
    let blanks: Vec<usize> =
        cells.iter().enumerate().filter(|(_, c)| c.value.is_blank()).map(|(n, _)| n).collect();
    let mut only: Option<Vec<Raw>> = None;
    for choice in 0_u32..1 << blanks.len() {
        if choice.count_ones() as usize != surplus {
            continue;
        }
        let dropped =
            |n: usize| blanks.iter().position(|b| *b == n).is_some_and(|bit| choice >> bit & 1 == 1);
        let kept: Vec<Raw> =
            cells.iter().enumerate().filter(|(n, _)| !dropped(*n)).map(|(_, c)| c.clone()).collect();
        match &only {
            Some(other) if !other.iter().map(|c| &c.value).eq(kept.iter().map(|c| &c.value)) => return None,
            Some(_) => {}
            None => only = Some(kept),
        }
    }
    only
}

/// Blank cells with which every row ends that has any word.
pub(super) fn blank_behind(grid: &Grid) -> usize {
    let rows =
        grid.cells.chunk_by(|a, b| a.row == b.row).filter(|row| row.iter().any(|c| !c.text.is_empty()));
    rows.map(|row| row.iter().rev().take_while(|c| c.text.is_empty()).count()).min().unwrap_or(0)
}

/// Whether the cells of each row were pushed to the left and the row filled up behind them: then the headings of columns
/// begin where the labels do.
fn filled_behind(grid: &Grid, headings: &Headings<'_>) -> bool {
    let Some(first) = headings.names.first() else { return false };
    grid.cells.iter().any(|c| c.column == 0 && c.columns == 1 && first.contains(&folded(&c.text)))
}

/// The columns under the headings of figures, if each heading stands once in the grid and in the order of the form.
fn value_columns(grid: &Grid, headings: &Headings<'_>) -> Option<Vec<usize>> {
    let short = |c: &&Cell| !c.text.is_empty() && c.text.len() < 60;
    let heads: Vec<(String, &Cell)> = grid.cells.iter().filter(short).map(|c| (folded(&c.text), c)).collect();
    let mut columns = Vec::with_capacity(headings.names.len());
    for names in headings.names {
        let mut at = heads.iter().filter(|(text, _)| names.contains(text)).map(|(_, c)| c);
        let first = at.next()?;
        if at.next().is_some() || first.columns != 1 {
            return None;
        }
        columns.push(first.column);
    }
    columns.is_sorted_by(|a, b| a < b).then_some(columns)
}
