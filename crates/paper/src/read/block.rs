//! What every kind of file is turned into before anything is understood: lines and grids in the order of reading, each
//! with its place.

use law::form::published::Place;
use serde::{Deserialize, Serialize};

/// Where something stands in a file, as far as its kind tells.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct At {
    /// Page, from 1. PDF only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<u32>,
    /// Line, from 1: of the page in PDF files, of the file in text, Markdown and HTML, the paragraph in DOCX.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// Left, top, right and bottom as parts of the page. PDF only.
    #[serde(default, rename = "box", skip_serializing_if = "Option::is_none")]
    pub frame: Option<[f32; 4]>,
    /// Table of the file, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub table: Option<u32>,
    /// Row of the table, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row: Option<u32>,
    /// Column of the table, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
}

/// A line of text or a table.
#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    /// A paragraph, or one line of a file that has only lines.
    Line(Line),
    /// A table.
    Grid(Grid),
}

/// Words outside a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The words, trimmed, without line ends.
    pub text: String,
    /// Where: an index of [`Document::places`].
    pub place: Place,
}

/// A table as it is drawn: cells that cover rows and columns. Cells do not overlap; a place that no cell covers is empty.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grid {
    /// Rows.
    pub rows: usize,
    /// Columns.
    pub columns: usize,
    /// Cells, row by row from the left.
    pub cells: Vec<Cell>,
}

/// A cell of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cell {
    /// Its words; line ends within it are `\n`. Empty if it is blank.
    pub text: String,
    /// First row, from 0.
    pub row: usize,
    /// First column, from 0.
    pub column: usize,
    /// Rows covered, at least 1.
    pub rows: usize,
    /// Columns covered, at least 1.
    pub columns: usize,
    /// Where: an index of [`Document::places`].
    pub place: Place,
}

/// What kind of file it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A web page.
    Html,
    /// A PDF file with a text layer.
    Pdf,
    /// A Word document.
    Docx,
    /// Plain text or Markdown.
    Text,
}

impl Kind {
    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Kind::Html => "html",
            Kind::Pdf => "pdf",
            Kind::Docx => "docx",
            Kind::Text => "text",
        }
    }
}

/// A file as blocks.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// What it was.
    pub kind: Kind,
    /// Lines and tables in the order of reading.
    pub blocks: Vec<Block>,
    /// Where each line and cell stands; they name their place by its index.
    pub places: Vec<At>,
    /// The title the file gives itself apart from its text (`<title>`, properties).
    pub title: Option<String>,
}

impl Document {
    /// A document without a block.
    pub(super) fn new(kind: Kind) -> Document {
        Document { kind, blocks: Vec::new(), places: Vec::new(), title: None }
    }

    /// Notes a place.
    pub(super) fn place(&mut self, at: At) -> Place {
        self.places.push(at);
        self.places.len() - 1
    }

    /// Adds a line, unless it is blank.
    pub(super) fn push_line(&mut self, text: &str, at: At) {
        let text = text.trim();
        if !text.is_empty() {
            let place = self.place(at);
            self.blocks.push(Block::Line(Line { text: text.to_owned(), place }));
        }
    }

    /// Adds a table, if it has a cell. Every cell is told which table, row and column it is.
    pub(super) fn push_grid(&mut self, grid: Grid) {
        if grid.cells.is_empty() {
            return;
        }
        let number = |n: usize| u32::try_from(n).ok().and_then(|n| n.checked_add(1));
        let table = number(self.blocks.iter().filter(|b| matches!(b, Block::Grid(_))).count());
        for cell in &grid.cells {
            if let Some(at) = self.places.get_mut(cell.place) {
                (at.table, at.row, at.column) = (table, number(cell.row), number(cell.column));
            }
        }
        self.blocks.push(Block::Grid(grid));
    }

    /// Adds the blocks of another document, whose first line is behind so many.
    pub(super) fn append(&mut self, other: Document, lines: usize) {
        let offset = self.places.len();
        let before = u32::try_from(lines).unwrap_or(u32::MAX);
        self.places.extend(other.places.into_iter().map(|mut at| {
            at.line = at.line.map(|line| line.saturating_add(before));
            at
        }));
        for block in other.blocks {
            match block {
                Block::Line(mut line) => {
                    line.place += offset;
                    self.blocks.push(Block::Line(line));
                }
                Block::Grid(mut grid) => {
                    grid.cells.iter_mut().for_each(|c| c.place += offset);
                    self.push_grid(grid);
                }
            }
        }
    }

    /// Where a place is.
    pub fn at(&self, place: Place) -> At {
        self.places.get(place).copied().unwrap_or_default()
    }
}
