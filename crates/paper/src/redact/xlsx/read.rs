//! The parts of a workbook.

use super::show;
use super::{Book, Cell, Sheet, Value};
use crate::redact::package::Package;
use crate::redact::unusable::Unusable;
use crate::redact::xml;
use roxmltree::Node;
use std::collections::{BTreeMap, BTreeSet};

/// Rows and columns of a sheet (ECMA-376).
const MAX_ROW: u32 = 1_048_576;
const MAX_COLUMN: u32 = 16_384;
/// Sheets of a workbook.
const MAX_SHEETS: usize = 500;
/// Cells of a workbook.
const MAX_CELLS: usize = 3_000_000;
/// Merged ranges of a sheet.
const MAX_MERGED: usize = 100_000;

struct Styles {
    /// For each style of cells, the code of its number format and whether it shows a date.
    formats: Vec<(String, bool)>,
}

pub(super) fn book(package: &Package) -> Result<Book, Unusable> {
    let part = |name: &str| package.part(name).ok_or(Unusable::Broken);
    let links = match package.part("xl/_rels/workbook.xml.rels") {
        Some(bytes) => xml::parse(bytes, |d| links(d.root_element()))?,
        None => BTreeMap::new(),
    };
    let shared = match linked(&links, "sharedStrings").and_then(|name| package.part(name)) {
        Some(bytes) => xml::parse(bytes, |d| named(d.root_element(), "si").map(string).collect())?,
        None => Vec::new(),
    };
    let styles = match linked(&links, "styles").and_then(|name| package.part(name)) {
        Some(bytes) => xml::parse(bytes, |d| styles(d.root_element()))?,
        None => Styles { formats: Vec::new() },
    };
    let (visible, from_1904) = xml::parse(part("xl/workbook.xml")?, |d| visible(d.root_element()))?;
    if visible.len() > MAX_SHEETS {
        return Err(Unusable::Bomb);
    }
    let mut sheets = Vec::new();
    let mut left = MAX_CELLS;
    for (name, id) in visible {
        let Some((kind, target)) = links.get(&id) else { return Err(Unusable::Broken) };
        // Sheets of charts and dialogs have no cells.
        if kind == "worksheet" {
            let read = Reader { shared: &shared, styles: &styles, from_1904 };
            let sheet = xml::parse(part(target)?, |d| read.sheet(&name, d.root_element(), left))??;
            left -= sheet.cells.len();
            sheets.push(sheet);
        }
    }
    Ok(Book { sheets })
}

/// Children of that name, whatever the namespace.
fn named<'a, 'i: 'a>(parent: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    parent.children().filter(move |n| n.tag_name().name() == name)
}

fn child<'a, 'i: 'a>(parent: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    named(parent, name).next()
}

/// An attribute by its local name.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|a| a.name() == name).map(|a| a.value())
}

fn is_true(node: Node<'_, '_>, name: &str) -> bool {
    matches!(attribute(node, name), Some("1" | "true" | "on"))
}

fn links(root: Node<'_, '_>) -> BTreeMap<String, (String, String)> {
    let link = |n: Node<'_, '_>| {
        let kind = attribute(n, "Type")?.rsplit('/').next()?.to_owned();
        let target = attribute(n, "Target")?;
        let target = target.strip_prefix('/').map_or_else(|| format!("xl/{target}"), str::to_owned);
        Some((attribute(n, "Id")?.to_owned(), (kind, target)))
    };
    named(root, "Relationship").filter_map(link).collect()
}

fn linked<'a>(links: &'a BTreeMap<String, (String, String)>, kind: &str) -> Option<&'a str> {
    links.values().find(|(k, _)| k == kind).map(|(_, target)| target.as_str())
}

/// Name and relation of the visible sheets, and the first year of the calendar.
fn visible(root: Node<'_, '_>) -> (Vec<(String, String)>, bool) {
    let from_1904 = child(root, "workbookPr").is_some_and(|p| is_true(p, "date1904"));
    let sheets = child(root, "sheets").into_iter().flat_map(|s| named(s, "sheet"));
    let shown = sheets.filter(|s| attribute(*s, "state").is_none_or(|state| state == "visible"));
    let pair = |s: Node<'_, '_>| Some((attribute(s, "name")?.to_owned(), attribute(s, "id")?.to_owned()));
    (shown.filter_map(pair).collect(), from_1904)
}

/// A text with its runs joined; readings (`rPh`) are no part of it.
fn string(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for child in node.children() {
        match child.tag_name().name() {
            "t" => text.push_str(child.text().unwrap_or_default()),
            "r" => named(child, "t").for_each(|t| text.push_str(t.text().unwrap_or_default())),
            _ => {}
        }
    }
    text
}

fn styles(root: Node<'_, '_>) -> Styles {
    let own: BTreeMap<u32, String> = child(root, "numFmts")
        .into_iter()
        .flat_map(|n| named(n, "numFmt"))
        .filter_map(|n| {
            Some((attribute(n, "numFmtId")?.parse().ok()?, attribute(n, "formatCode")?.to_owned()))
        })
        .collect();
    let format = |n: Node<'_, '_>| {
        let id = attribute(n, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
        match own.get(&id) {
            Some(code) => (code.clone(), show::is_date(code)),
            None => (show::builtin(id).to_owned(), show::is_builtin_date(id)),
        }
    };
    Styles { formats: child(root, "cellXfs").into_iter().flat_map(|n| named(n, "xf")).map(format).collect() }
}

struct Reader<'a> {
    shared: &'a [String],
    styles: &'a Styles,
    from_1904: bool,
}

impl Reader<'_> {
    fn sheet(&self, name: &str, root: Node<'_, '_>, left: usize) -> Result<Sheet, Unusable> {
        let mut sheet = Sheet {
            name: name.to_owned(),
            cells: Vec::new(),
            merged: Vec::new(),
            widths: Vec::new(),
            hidden_rows: BTreeSet::new(),
            hidden_columns: BTreeSet::new(),
        };
        for column in child(root, "cols").into_iter().flat_map(|c| named(c, "col")) {
            columns(column, &mut sheet);
        }
        let zero = child(root, "sheetFormatPr").is_some_and(|p| is_true(p, "zeroHeight"));
        let mut row_number = 0;
        for row in child(root, "sheetData").into_iter().flat_map(|d| named(d, "row")) {
            row_number = number(row, "r").map_or(row_number, |r: u32| r.saturating_sub(1));
            if row_number >= MAX_ROW {
                return Err(Unusable::Broken);
            }
            let flat = attribute(row, "ht").and_then(|h| h.parse().ok()) == Some(0.0);
            let asked = attribute(row, "hidden").is_some() && !is_true(row, "hidden");
            if is_true(row, "hidden") || flat || (zero && !asked) {
                sheet.hidden_rows.insert(row_number);
            } else {
                self.row(row, row_number, &mut sheet)?;
            }
            if sheet.cells.len() > left {
                return Err(Unusable::Bomb);
            }
            row_number += 1;
        }
        sheet.cells.sort_by_key(|c| (c.row, c.column));
        for range in
            child(root, "mergeCells").into_iter().flat_map(|m| named(m, "mergeCell")).take(MAX_MERGED)
        {
            sheet.merged.extend(attribute(range, "ref").and_then(area));
        }
        // Overlapping ranges cannot be written.
        let mut kept: Vec<[u32; 4]> = Vec::new();
        for range in std::mem::take(&mut sheet.merged) {
            let apart =
                |k: &[u32; 4]| k[2] < range[0] || range[2] < k[0] || k[3] < range[1] || range[3] < k[1];
            if kept.len() < 5_000 && kept.iter().all(apart) {
                kept.push(range);
            }
        }
        sheet.merged = kept;
        // What lies under a merged cell is not seen.
        let mut over: BTreeMap<u32, Vec<[u32; 4]>> = BTreeMap::new();
        let mut rows = 0_usize;
        for range in &sheet.merged {
            rows += (range[2] - range[0]) as usize + 1;
            if rows > MAX_MERGED * 10 {
                return Err(Unusable::Bomb);
            }
            (range[0]..=range[2]).for_each(|row| over.entry(row).or_default().push(*range));
        }
        let covers =
            |c: &Cell, m: &[u32; 4]| (m[1]..=m[3]).contains(&c.column) && (c.row, c.column) != (m[0], m[1]);
        sheet.cells.retain(|c| !over.get(&c.row).is_some_and(|ranges| ranges.iter().any(|m| covers(c, m))));
        Ok(sheet)
    }

    fn row(&self, row: Node<'_, '_>, row_number: u32, sheet: &mut Sheet) -> Result<(), Unusable> {
        let mut column = 0;
        for cell in named(row, "c") {
            column = attribute(cell, "r").and_then(place).map_or(column, |(_, c)| c);
            if column >= MAX_COLUMN {
                return Err(Unusable::Broken);
            }
            if !sheet.hidden_columns.contains(&column)
                && let Some(cell) = self.cell(cell, row_number, column)
            {
                sheet.cells.push(cell);
            }
            column += 1;
        }
        Ok(())
    }

    fn cell(&self, node: Node<'_, '_>, row: u32, column: u32) -> Option<Cell> {
        let value = || child(node, "v").and_then(|v| v.text());
        let style = number(node, "s").and_then(|s: usize| self.styles.formats.get(s));
        // `;;;` shows nothing at all.
        if style.is_some_and(|(code, _)| code.contains(";;") && !code.contains(['0', '#', '@'])) {
            return None;
        }
        let text = |shown: String| (!shown.is_empty()).then_some((Value::Text, shown, String::new()));
        let (value, shown, format) = match attribute(node, "t").unwrap_or("n") {
            "s" => text(self.shared.get(value()?.trim().parse::<usize>().ok()?)?.clone())?,
            "inlineStr" => text(string(child(node, "is")?))?,
            "b" => (Value::Bool(value()? == "1"), value()?.to_owned(), String::new()),
            "n" => self.number(value()?, style)?,
            _ => text(value()?.to_owned())?,
        };
        Some(Cell { row, column, value, shown, format })
    }

    fn number(&self, text: &str, style: Option<&(String, bool)>) -> Option<(Value, String, String)> {
        let n: f64 = text.trim().parse().ok().filter(|n: &f64| n.is_finite())?;
        let (code, date) = style.map_or(("", false), |(code, date)| (code.as_str(), *date));
        if date && let Some(date) = show::date(n, self.from_1904, code.contains('年')) {
            return Some((Value::Text, date, String::new()));
        }
        let code = show::harmless(code);
        // A number of more than fifteen digits is no quantity, and would be rounded.
        let digits = text.trim();
        if digits.len() > 15 && digits.bytes().all(|b| b.is_ascii_digit()) {
            return Some((Value::Text, digits.to_owned(), String::new()));
        }
        Some((Value::Number(n), show::shown(n, code), code.to_owned()))
    }
}

fn number<T: std::str::FromStr>(node: Node<'_, '_>, name: &str) -> Option<T> {
    attribute(node, name)?.parse().ok()
}

fn columns(node: Node<'_, '_>, sheet: &mut Sheet) {
    let (Some(first), Some(last)) = (number::<u32>(node, "min"), number::<u32>(node, "max")) else { return };
    let width: Option<f64> = number(node, "width");
    let hidden = is_true(node, "hidden") || width == Some(0.0);
    for n in first.max(1)..=last.min(MAX_COLUMN) {
        if hidden {
            sheet.hidden_columns.insert(n - 1);
        } else if let Some(width) = width
            && sheet.widths.len() < 1_000
        {
            sheet.widths.push((n - 1, width.clamp(1.0, 255.0)));
        }
    }
}

/// Row and column of `B3`, from 0.
fn place(name: &str) -> Option<(u32, u32)> {
    let letters = name.bytes().take_while(u8::is_ascii_alphabetic).count();
    if letters == 0 || letters > 3 {
        return None;
    }
    let column =
        name[..letters].bytes().fold(0, |n, b| n * 26 + u32::from(b.to_ascii_uppercase() - b'A') + 1);
    Some((name[letters..].parse::<u32>().ok()?.checked_sub(1)?, column - 1))
}

fn area(name: &str) -> Option<[u32; 4]> {
    let (first, last) = name.split_once(':')?;
    let ((top, left), (bottom, right)) = (place(first)?, place(last)?);
    (top <= bottom && left <= right && bottom < MAX_ROW && right < MAX_COLUMN && bottom - top < 20_000)
        .then_some([top, left, bottom, right])
}
