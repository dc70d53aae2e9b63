//! XLSX: a new workbook of the visible cells' values.
//!
//! The parts are read here and not with calamine, which does not say which rows and columns are hidden, nor how a
//! number is shown; what is written holds no formula, name, comment, cache, link, property or hidden sheet.

mod read;
mod show;

use super::package::Package;
use super::unusable::Unusable;
use crate::plain::{BREAK, Plain, Term};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};
use std::collections::BTreeSet;
use std::ops::Range;

/// The visible sheets.
pub(super) struct Book {
    pub(super) sheets: Vec<Sheet>,
}

/// A visible sheet. Rows and columns are those of the old file; hidden ones are left out when it is written.
pub(super) struct Sheet {
    pub(super) name: String,
    /// Visible cells with something in them, in order of row and column.
    pub(super) cells: Vec<Cell>,
    /// First and last row and column of merged cells.
    merged: Vec<[u32; 4]>,
    /// Widths in characters, by column.
    widths: Vec<(u32, f64)>,
    hidden_rows: BTreeSet<u32>,
    hidden_columns: BTreeSet<u32>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cell {
    pub(super) row: u32,
    pub(super) column: u32,
    pub(super) value: Value,
    /// As the reader sees it.
    pub(super) shown: String,
    /// The format of a number, if it is a plain one.
    pub(super) format: String,
}

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text,
    Number(f64),
    Bool(bool),
}

/// `B3` of a row and a column, both from 0.
pub(super) fn address(row: u32, column: u32) -> String {
    rust_xlsxwriter::utility::row_col_to_cell(row, u16::try_from(column).unwrap_or(u16::MAX))
}

impl Book {
    /// # Errors
    /// [`Unusable::Broken`] if a part is missing or no XML.
    pub(super) fn read(package: &Package) -> Result<Book, Unusable> {
        read::book(package)
    }

    /// The new workbook.
    pub(super) fn write(&self) -> Result<Vec<u8>, Unusable> {
        self.try_write().map_err(|_| Unusable::Broken)
    }

    fn try_write(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        // Without a moment, the same sheets are the same file.
        let properties = DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?);
        book.set_properties(&properties);
        for (n, sheet) in self.sheets.iter().enumerate() {
            let page = book.add_worksheet();
            if page.set_name(&sheet.name).is_err() {
                page.set_name(format!("表{}", n + 1))?;
            }
            sheet.write(page)?;
        }
        if self.sheets.is_empty() {
            book.add_worksheet();
        }
        book.save_to_buffer()
    }
}

impl Sheet {
    fn write(&self, page: &mut rust_xlsxwriter::Worksheet) -> Result<(), XlsxError> {
        let place = |n: u32, hidden: &BTreeSet<u32>| n - hidden.range(..n).count() as u32;
        let row = |n| place(n, &self.hidden_rows);
        let column = |n| u16::try_from(place(n, &self.hidden_columns)).unwrap_or(u16::MAX);
        for (n, width) in self.widths.iter().filter(|(n, _)| !self.hidden_columns.contains(n)) {
            page.set_column_width(column(*n), *width)?;
        }
        // A4, all columns on one sheet of paper; what is wide lies across.
        page.set_paper_size(9).set_print_fit_to_pages(1, 0);
        if self.widths.iter().map(|(_, width)| width).sum::<f64>() > 90.0 {
            page.set_landscape();
        }
        let base = || {
            Format::new()
                .set_border(FormatBorder::Thin)
                .set_align(FormatAlign::VerticalCenter)
                .set_text_wrap()
        };
        for [top, left, bottom, right] in &self.merged {
            let rows: Vec<u32> = (*top..=*bottom).filter(|n| !self.hidden_rows.contains(n)).collect();
            let columns: Vec<u32> = (*left..=*right).filter(|n| !self.hidden_columns.contains(n)).collect();
            if let ([first, .., last], [_, ..]) | ([first @ last], [_, _, ..]) = (&rows[..], &columns[..]) {
                let (left, right) = (columns[0], columns[columns.len() - 1]);
                page.merge_range(
                    row(*first),
                    column(left),
                    row(*last),
                    column(right),
                    "",
                    &base().set_align(FormatAlign::Center),
                )?;
            }
        }
        let heads: BTreeSet<(u32, u32)> = self.merged.iter().map(|m| (m[0], m[1])).collect();
        for cell in &self.cells {
            let mut format = base();
            if !cell.format.is_empty() {
                format = format.set_num_format(&cell.format);
            }
            if heads.contains(&(cell.row, cell.column)) {
                format = format.set_align(FormatAlign::Center);
            }
            let (row, column) = (row(cell.row), column(cell.column));
            match cell.value {
                Value::Text => page.write_string_with_format(row, column, &cell.shown, &format)?,
                Value::Number(n) => page.write_number_with_format(row, column, n, &format)?,
                Value::Bool(b) => page.write_boolean_with_format(row, column, b, &format)?,
            };
        }
        Ok(())
    }

    /// The cells in one line, with a break after each, for terms that are cut over cells.
    pub(super) fn line(&self) -> Line {
        let (mut chars, mut ranges) = (Vec::new(), Vec::new());
        for cell in &self.cells {
            let start = chars.len();
            chars.extend(cell.shown.chars());
            ranges.push(start..chars.len());
            chars.push(BREAK);
        }
        Line { plain: Plain::of(chars), ranges }
    }
}

/// See [`Sheet::line`].
pub(super) struct Line {
    plain: Plain,
    /// Where each cell lies among the characters.
    pub(super) ranges: Vec<Range<usize>>,
}

impl Line {
    pub(super) fn find(&self, term: &Term) -> Vec<Range<usize>> {
        self.plain.find(term)
    }
}

impl Cell {
    /// Whether the term stands in the number behind what is shown: `0.125` is shown as `13%`.
    pub(super) fn hides(&self, term: &Term) -> bool {
        match self.value {
            Value::Number(n) => Plain::new(&show::plain_number(n)).has(term),
            _ => false,
        }
    }

    /// Takes ranges of its characters away and puts `sign` for each. A number becomes text.
    pub(super) fn cut(&mut self, ranges: &[Range<usize>], sign: &str) {
        if !matches!(self.value, Value::Text) {
            self.shown = sign.to_owned();
        } else {
            let mut kept = String::new();
            for (n, c) in self.shown.chars().enumerate() {
                match ranges.iter().find(|r| r.contains(&n)) {
                    Some(range) if range.start == n => kept.push_str(sign),
                    Some(_) => {}
                    None => kept.push(c),
                }
            }
            self.shown = kept;
        }
        self.value = Value::Text;
        self.format = String::new();
    }
}
