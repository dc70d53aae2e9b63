//! The workbook a catalogue is published as: two rows of headings, a row for each entry, boxes and ticks.
//!
//! Written with exactly the columns catalogues have; read from whatever workbook has them, in any order, under any title, with
//! merged cells, a sheet for each field.

use crate::error::{Error, Result};
use crate::file;
use crate::transfer::sheet_rows;
use calamine::{Reader, Xlsx};
use law::catalogue::{self, Field, Item, MOST_ENTRIES, Tier, channels};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;

const TICK: &str = "√";
const CHOSEN: char = '■';
const OPEN: char = '□';
/// Rows of a sheet at most: its entries, headings and notes.
const MOST_ROWS: usize = MOST_ENTRIES as usize + 50;
/// Columns read: catalogues have fourteen, and what stands far to the right is none of theirs.
const COLUMNS: usize = 40;
/// Bytes that merged cells are filled with at most; a catalogue needs a thousandth of it.
const MERGED: usize = 64 * 1024 * 1024;
/// 特定群体 where a catalogue ticks it without saying whom.
const SOME_GROUP: &str = "特定群体";

/// A row of a sheet that was read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Read {
    /// Name of the sheet and number of the row, for sentences.
    pub(super) sheet: String,
    pub(super) row: usize,
    pub(super) field: &'static Field,
    pub(super) item: Item,
}

/// A column of the sheet, by what its headings say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Number,
    First,
    Second,
    Content,
    Basis,
    Limit,
    Body,
    Channels,
    Everybody,
    Group,
    Proactive,
    OnRequest,
    Tier(Tier),
}

/// Those without which a sheet is no catalogue, as they are called.
const NEEDED: [(Column, &str); 9] = [
    (Column::First, "一级事项"),
    (Column::Content, "公开内容(要素)"),
    (Column::Basis, "公开依据"),
    (Column::Limit, "公开时限"),
    (Column::Body, "公开主体"),
    (Column::Channels, "公开渠道和载体"),
    (Column::Everybody, "全社会"),
    (Column::Proactive, "主动"),
    (Column::OnRequest, "依申请"),
];

fn unusable(text: impl Into<String>) -> Error {
    Error::Invalid(text.into())
}

/// Without spaces and line breaks, which headings are full of.
fn tight(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// What a column is, from its heading and the one above it.
fn column(group: &str, heading: &str) -> Option<Column> {
    let (group, heading) = (tight(group), tight(heading));
    let starts = |text: &str| heading.starts_with(text);
    Some(match () {
        () if starts("序号") => Column::Number,
        () if starts("一级事项") => Column::First,
        () if starts("二级事项") => Column::Second,
        () if starts("公开内容") => Column::Content,
        () if starts("公开依据") => Column::Basis,
        () if starts("公开时限") => Column::Limit,
        () if starts("公开主体") => Column::Body,
        () if starts("公开渠道") => Column::Channels,
        () if starts("全社会") => Column::Everybody,
        () if starts("特定群") => Column::Group,
        () if starts("依申请") => Column::OnRequest,
        () if starts("主动") => Column::Proactive,
        () if group.contains("公开层级") => Column::Tier(Tier::parse(&heading)?),
        () => return None,
    })
}

/// The cells of a sheet from its first row on, what is merged written into every cell it covers.
struct Grid(Vec<Vec<String>>);

impl Grid {
    fn of(rows: BTreeMap<usize, Vec<String>>, merged: &[calamine::Dimensions]) -> Grid {
        let last = rows.last_key_value().map_or(0, |(row, _)| row + 1);
        let mut cells = vec![vec![String::new(); COLUMNS]; last];
        for (row, said) in rows {
            for (cell, text) in cells[row].iter_mut().zip(said) {
                text.trim().clone_into(cell);
            }
        }
        let mut left = MERGED;
        for area in merged {
            let (top, first) = (area.start.0 as usize, area.start.1 as usize);
            let Some(text) = cells.get(top).and_then(|row| row.get(first)).cloned() else { continue };
            for row in cells.iter_mut().take(area.end.0 as usize + 1).skip(top) {
                for cell in row.iter_mut().take(area.end.1 as usize + 1).skip(first) {
                    let Some(rest) = left.checked_sub(text.len() + 1) else { return Grid(cells) };
                    left = rest;
                    cell.clone_from(&text);
                }
            }
        }
        Grid(cells)
    }

    /// The row of the lower headings.
    fn headings(&self) -> Option<usize> {
        self.0.iter().take(20).position(|row| row.iter().any(|cell| tight(cell) == "一级事项"))
    }

    fn columns(&self, at: usize) -> Vec<Option<Column>> {
        let above = at.checked_sub(1).and_then(|row| self.0.get(row));
        let group = |n: usize| above.and_then(|row| row.get(n)).map_or("", String::as_str);
        let lower = self.0.get(at).map_or(&[] as &[String], Vec::as_slice);
        let of = |(n, heading): (usize, &String)| {
            // Merged over both rows, a heading stands in the upper one too.
            let heading = if heading.is_empty() { group(n) } else { heading };
            column(group(n), heading)
        };
        lower.iter().enumerate().map(of).collect()
    }
}

/// The field a text names; the longest name wins, because 就业 stands in others too.
fn field_in(text: &str) -> Option<&'static Field> {
    let found = catalogue::fields().iter().filter(|f| text.contains(&f.label));
    found.max_by_key(|f| f.label.chars().count())
}

fn ticked(cell: &str) -> bool {
    !matches!(tight(cell).as_str(), "" | "□" | "×" | "否" | "/" | "-" | "—" | "无")
}

/// The chosen of a cell of boxes; where there are no boxes, each line.
fn chosen(cell: &str) -> Vec<String> {
    let is_box = |c: char| matches!(c, '■' | '□' | '☑' | '☐' | '√' | '▢' | '█');
    let mut all = Vec::new();
    if cell.contains(is_box) {
        let mut rest = cell;
        while let Some(at) = rest.find(is_box) {
            let mark = rest[at..].chars().next().unwrap_or(OPEN);
            let after = &rest[at + mark.len_utf8()..];
            let end = after.find(is_box).unwrap_or(after.len());
            if !matches!(mark, '□' | '☐' | '▢') {
                all.push(&after[..end]);
            }
            rest = &after[end..];
        }
    } else {
        all.extend(cell.split(['\n', '、', '；', ';']));
    }
    let mut seen = BTreeSet::new();
    let clean = |text: &str| text.trim().trim_end_matches(['：', ':', '_', '、', '；']).trim().to_owned();
    all.into_iter().map(clean).filter(|text| !text.is_empty() && seen.insert(text.clone())).collect()
}

/// Lines, as they were broken in the cell.
fn lines(cell: &str) -> String {
    let all: Vec<&str> = cell.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    all.join("\n")
}

/// One line.
fn word(cell: &str) -> String {
    lines(cell).replace('\n', "")
}

fn item(columns: &[Option<Column>], row: &[String], tiers: &BTreeSet<Tier>) -> Item {
    let mut item = Item::default();
    let mut told = false;
    for (column, cell) in columns.iter().zip(row) {
        let Some(column) = column else { continue };
        match column {
            Column::Number => {}
            Column::First => item.first = word(cell),
            Column::Second => item.second = word(cell),
            Column::Content => item.content = lines(cell),
            Column::Basis => item.basis = lines(cell),
            Column::Limit => item.limit = word(cell),
            Column::Body => item.body = word(cell),
            Column::Channels => item.channels = chosen(cell),
            Column::Everybody => item.everybody = ticked(cell),
            Column::Group if ticked(cell) => {
                let name = word(cell).replace(['√', '☑', '■'], "").trim().to_owned();
                item.group = if name.is_empty() { SOME_GROUP.to_owned() } else { name };
            }
            Column::Group => {}
            Column::Proactive => item.proactive = ticked(cell),
            Column::OnRequest => item.on_request = ticked(cell),
            Column::Tier(tier) => {
                told = true;
                if ticked(cell) {
                    item.tiers.insert(*tier);
                }
            }
        }
    }
    if !told {
        item.tiers.clone_from(tiers);
    }
    item
}

/// Reads every catalogue in a workbook. `field` is the one of sheets that name none, `tiers` those of sheets without 公开层级.
///
/// # Errors
/// [`Error::Invalid`] with one sentence if it is no workbook, or no sheet of it is a catalogue.
pub(super) fn read(bytes: &[u8], field: Option<&'static Field>, tiers: &BTreeSet<Tier>) -> Result<Vec<Read>> {
    file::must_be_workbook(bytes)?;
    let broken = |_| unusable("这不是完整的XLSX工作簿，可能没有传完，请重新选择文件");
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(broken)?;
    let mut all = Vec::new();
    for name in book.sheet_names() {
        let rows = sheet_rows(&mut book, &name, (MOST_ROWS, COLUMNS))?.ok_or_else(|| {
            unusable(format!("工作表“{name}”超过{MOST_ROWS}行，请删去多余的行，或者分成几个文件导入"))
        })?;
        let merged = book.merge_cells_by_sheet_name(&name).map_err(broken)?;
        let grid = Grid::of(rows, &merged);
        let Some(at) = grid.headings() else { continue };
        let columns = grid.columns(at);
        let missing: Vec<&str> =
            NEEDED.iter().filter(|(c, _)| !columns.contains(&Some(*c))).map(|(_, label)| *label).collect();
        if !missing.is_empty() {
            let text = format!("工作表“{name}”缺少列：{}；请按目录的列名补齐后再导入", missing.join("、"));
            return Err(unusable(text));
        }
        let title: String = grid.0.iter().take(at).flatten().map(|cell| tight(cell)).collect();
        let Some(field) = field_in(&name).or_else(|| field_in(&title)).or(field) else {
            let text = format!("看不出工作表“{name}”是哪个领域的目录，请选择领域，或者在工作表名称中写明");
            return Err(unusable(text));
        };
        for (n, row) in grid.0.iter().enumerate().skip(at + 1) {
            let of = |which: Column| columns.iter().zip(row).find(|(c, _)| **c == Some(which));
            let cell = |which| of(which).map_or("", |(_, cell)| cell.as_str());
            let [first, content, limit] = [Column::First, Column::Content, Column::Limit].map(cell);
            // A last line with notes or a date is no entry; merged over the columns it stands in each of them.
            if (first.is_empty() && content.is_empty()) || (first == content && content == limit) {
                continue;
            }
            all.push(Read { sheet: name.clone(), row: n + 1, field, item: item(&columns, row, tiers) });
        }
    }
    if all.is_empty() {
        let text = "文件中没有标准目录：没有找到“一级事项”列和公开事项，请核对文件";
        return Err(unusable(text));
    }
    Ok(all)
}

/// The chosen channels with a full box, the usual others with an open one.
pub(super) fn boxes(item: &Item) -> String {
    let usual = channels().iter().map(|c| (item.channels.contains(c), c));
    let others = item.channels.iter().filter(|c| !channels().contains(c)).map(|c| (true, c));
    let line = |(is, name): (bool, &String)| format!("{}{name}", if is { CHOSEN } else { OPEN });
    usual.chain(others).map(line).collect::<Vec<_>>().join("\n")
}

/// Writes a catalogue.
pub(super) fn write(title: &str, entries: &[(u32, Item)]) -> Result<Vec<u8>> {
    use rust_xlsxwriter::{Format, FormatAlign, FormatBorder, Workbook, XlsxError};
    let broken = |e: XlsxError| Error::Internal(e.to_string());
    let village = entries.iter().any(|(_, i)| i.tiers.contains(&Tier::Village));
    let tiers = if village { &Tier::ALL[..] } else { &Tier::ALL[..2] };
    let wrapped = || Format::new().set_text_wrap().set_border(FormatBorder::Thin).set_num_format("@");
    let centred = wrapped().set_align(FormatAlign::Center).set_align(FormatAlign::VerticalCenter);
    let text = wrapped().set_align(FormatAlign::VerticalCenter);
    let head = centred.clone().set_bold();
    let name = Format::new().set_bold().set_font_size(16).set_align(FormatAlign::Center);

    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let last = 11 + u16::try_from(tiers.len()).unwrap_or(0);
    sheet.merge_range(0, 0, 0, last, title, &name).map_err(broken)?;
    let alone = [
        (0, "序号"),
        (3, "公开内容(要素)"),
        (4, "公开依据"),
        (5, "公开时限"),
        (6, "公开主体"),
        (7, "公开渠道和载体"),
    ];
    for (at, label) in alone {
        sheet.merge_range(1, at, 2, at, label, &head).map_err(broken)?;
    }
    let mut below =
        vec![(1, "一级事项"), (2, "二级事项"), (8, "全社会"), (9, "特定群体"), (10, "主动"), (11, "依申请")];
    below.extend((12..).zip(tiers.iter().map(|t| t.label())));
    for (from, to, label) in
        [(1, 2, "公开事项"), (8, 9, "公开对象"), (10, 11, "公开方式"), (12, last, "公开层级")]
    {
        sheet.merge_range(1, from, 1, to, label, &head).map_err(broken)?;
    }
    for (at, label) in below {
        sheet.write_string_with_format(2, at, label, &head).map_err(broken)?;
    }
    for (at, wide) in [6, 14, 16, 40, 40, 18, 16, 26, 8, 10, 8, 8, 8, 8, 8]
        .into_iter()
        .enumerate()
        .take(usize::from(last) + 1)
    {
        sheet.set_column_width(u16::try_from(at).unwrap_or(0), wide).map_err(broken)?;
    }
    for (line, (position, item)) in (3..).zip(entries) {
        let tick = |is: bool| if is { TICK.to_owned() } else { String::new() };
        let mut cells = vec![
            position.to_string(),
            item.first.clone(),
            item.second.clone(),
            item.content.clone(),
            item.basis.clone(),
            item.limit.clone(),
            item.body.clone(),
            boxes(item),
            tick(item.everybody),
            item.group.clone(),
            tick(item.proactive),
            tick(item.on_request),
        ];
        cells.extend(tiers.iter().map(|tier| tick(item.tiers.contains(tier))));
        for (at, cell) in (0..).zip(cells) {
            let format = if matches!(at, 3 | 4 | 7) { &text } else { &centred };
            sheet.write_string_with_format(line, at, cell, format).map_err(broken)?;
        }
    }
    sheet.set_freeze_panes(3, 3).map_err(broken)?;
    sheet.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(1, 2).map_err(broken)?;
    book.save_to_buffer().map_err(broken)
}

#[cfg(test)]
#[path = "sheet_tests.rs"]
mod tests;
