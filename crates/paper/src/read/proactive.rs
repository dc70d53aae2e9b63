//! Table two: a few rows, each with as many figures as its item has columns. No equation proves them, so a row counts only
//! with its label and exactly its figures.

use super::block::{Block, Document};
use super::label::PROACTIVE;
use super::normal::folded;
use super::record::{Headings, Raw, Record, is_cut, of_lines, records, without_blanks};
use super::table::{Refused, Table};
use law::form::published::{RowLabel, TableName, TableState};
use law::form::{Form, Measure};
use std::collections::BTreeMap;
use std::ops::Range;

/// Reads table two from a run of blocks, and tells which form its headings are of, if they tell.
pub(super) fn read(
    document: &Document,
    blocks: Range<usize>,
    year: Option<i16>,
) -> (Table, Option<&'static Form>) {
    let heads = heads(document, blocks.clone());
    let records = records(document, blocks, &PROACTIVE, &Headings { names: &[], accounted: &[] });
    let told = form_of(&heads, &records);
    let form = told.or_else(|| year.and_then(|y| Form::for_year(y).ok())).or_else(|| Form::all().last());
    match form {
        Some(form) => (table(document, form, &records, &heads), told),
        None => (Table::default(), told),
    }
}

/// All words of the region that are not figures, folded.
fn heads(document: &Document, blocks: Range<usize>) -> String {
    let mut all = String::new();
    for n in blocks {
        match &document.blocks[n] {
            Block::Line(line) if line.text.chars().filter(|c| !c.is_whitespace()).count() < 60 => {
                all.push_str(&folded(&line.text))
            }
            Block::Line(_) => {}
            Block::Grid(grid) => {
                for cell in &grid.cells {
                    all.push_str(&folded(&cell.text));
                    all.push(' ');
                }
            }
        }
    }
    all
}

/// Words of headings and rows that only one form has.
const MARKS: [(&str, &[&str]); 2] = [
    (
        "2019",
        &[
            "新制作",
            "新公开",
            "对外公开总数",
            "上一年项目数",
            "本年增/减",
            "本年增减",
            "采购项目数",
            "采购总金额",
            "政府集中采购",
            "其他对外管理服务事项",
        ],
    ),
    ("2021", &["本年制发", "制发件数", "废止件数", "现行有效", "本年处理决定数", "收费金额"]),
];

fn form_of(heads: &str, records: &[Record]) -> Option<&'static Form> {
    let count = |marks: &[&str]| marks.iter().filter(|m| heads.contains(*m)).count();
    let [older, newer] = MARKS.map(|(_, marks)| count(marks));
    // The headings may be lost; the number of figures behind a row tells as well.
    let figures = |row: &str| {
        let place = PROACTIVE.place(row);
        records.iter().find(|r| place.is_some() && r.row.map(|m| m.row) == place).map(|r| r.cells.len())
    };
    let chosen = match older.cmp(&newer) {
        std::cmp::Ordering::Greater => "2019",
        std::cmp::Ordering::Less => "2021",
        std::cmp::Ordering::Equal => match (figures("licensing"), figures("procurement")) {
            (_, Some(_)) | (Some(3), _) => "2019",
            (Some(1), _) => "2021",
            _ => return None,
        },
    };
    Form::by_id(chosen)
}

fn table(document: &Document, form: &Form, records: &[Record], heads: &str) -> Table {
    let mut table = Table::default();
    let mut found: BTreeMap<&str, (Vec<Raw>, &Record)> = BTreeMap::new();
    let mut wrong: BTreeMap<&str, String> = BTreeMap::new();
    let mut any = false;
    let parted = |r: &Record| {
        let figure = r.cells.iter().any(|c| c.value.is_figure_like() && !c.value.is_blank());
        !r.grid && r.row.is_none() && figure && is_heading(&r.label)
    };
    let disordered = records.iter().any(parted);
    for block in &form.proactive {
        for row in &block.rows {
            let place = PROACTIVE.place(&row.id);
            let mut all = records.iter().filter(|r| place.is_some() && r.row.map(|m| m.row) == place);
            any |= all.clone().next().is_some();
            let Some(first) = all.next() else {
                wrong.insert(&row.id, format!("没有找到“{}”一行及其数据", row.label));
                continue;
            };
            if disordered && !first.grid {
                wrong.insert(
                    &row.id,
                    "表二的项目名称和数据不是按顺序排列的，不能确定各数据属于哪一项".to_owned(),
                );
                continue;
            }
            if first.doubtful {
                let reason = format!("“{}”一行之前还有没有数据的项目，不能确定数据属于哪一项", row.label);
                wrong.insert(&row.id, reason);
                continue;
            }
            if is_torn(records, first) {
                wrong.insert(&row.id, format!("“{}”一行跨页断开，不能确定其数据", row.label));
                continue;
            }
            let Some(cells) = exactly(document, first, block.columns.len()) else {
                let (n, wanted) = (first.cells.len(), block.columns.len());
                let reason = if n == wanted {
                    format!("“{}”一行的空格不能确定属于哪一项", row.label)
                } else {
                    format!("“{}”一行有{n}个数据，应当是{wanted}个", row.label)
                };
                wrong.insert(&row.id, reason);
                continue;
            };
            let again = all.filter_map(|r| exactly(document, r, block.columns.len()));
            if again
                .into_iter()
                .any(|other| !other.iter().map(|c| &c.value).eq(cells.iter().map(|c| &c.value)))
            {
                wrong.insert(&row.id, format!("“{}”一行出现两次，数据不同，不能确定以哪一行为准", row.label));
                continue;
            }
            found.insert(&row.id, (cells, first));
        }
    }
    for record in records.iter().filter(|r| r.row.is_none() && r.grid && !r.label.is_empty()) {
        let (text, place) = (record.label.clone(), record.place);
        table.labels.push(RowLabel { table: TableName::Proactive, row: None, text, place });
    }
    if !any {
        let words =
            heads.contains("第二十条") || MARKS.iter().any(|(_, m)| m.iter().any(|m| heads.contains(m)));
        if words {
            let reason = "表二只有标题，没有读出各行的数据，请改用原始网页或者原始文件";
            table.state = TableState::Refused(reason.to_owned());
        }
        return table;
    }
    table.state = TableState::Read;
    for block in &form.proactive {
        for row in &block.rows {
            if let Some((cells, record)) = found.get(row.id.as_str()) {
                table.labels.push(RowLabel {
                    table: TableName::Proactive,
                    row: Some(row.id.clone()),
                    text: record.label.clone(),
                    place: record.place,
                });
                for (column, raw) in block.columns.iter().zip(cells) {
                    let unit = unit_of(heads, &column.label, column.measure);
                    table.put_in(format!("proactive.{}.{}", row.id, column.id), raw, unit);
                }
            }
            if let Some(reason) = wrong.remove(row.id.as_str()) {
                let place = PROACTIVE.place(&row.id);
                if let Some(r) = records.iter().find(|r| place.is_some() && r.row.map(|m| m.row) == place) {
                    table.labels.push(RowLabel {
                        table: TableName::Proactive,
                        row: Some(row.id.clone()),
                        text: r.label.clone(),
                        place: r.place,
                    });
                }
                table.refused.push(Refused { row: Some(row.id.clone()), reason });
            }
        }
    }
    if found.is_empty() {
        let reason = "表二没有一行能读出完整的数据（可能在转换格式时丢失），请改用原始网页或者原始文件";
        return Table { state: TableState::Refused(reason.to_owned()), ..Table::default() };
    }
    table.labels.sort_by_key(|l| l.place);
    table
}

/// Whether the end of a page has gone through a row, so that its figures stand behind it or go on there.
fn is_torn(records: &[Record], row: &Record) -> bool {
    let Some(at) = records.iter().position(|r| std::ptr::eq(r, row)).filter(|_| row.grid) else {
        return false;
    };
    let goes_on = |r: &Record| r.is_loose() && r.grid && r.block != row.block;
    records.get(at + 1).is_some_and(goes_on) || is_cut(records, at, &PROACTIVE)
}

/// The unit of money that a column's heading names, where it is not that of the form: 采购总金额（万元）.
fn unit_of(heads: &str, label: &str, measure: Measure) -> &'static str {
    let label = folded(label.split(['（', '(']).next().unwrap_or(label));
    let Some((_, behind)) = heads.split_once(label.as_str()) else { return "" };
    let Some(unit) = behind.strip_prefix('(').and_then(|b| b.split_once(')')).map(|(unit, _)| unit) else {
        return "";
    };
    match (measure, unit.trim_start_matches("单位")) {
        (Measure::Yuan, "万元") => "万元",
        (Measure::TenThousandYuan, "元") => "元",
        _ => "",
    }
}

/// Headings of items and columns: figures among lines that stand directly behind them are parted from their labels.
fn is_heading(label: &str) -> bool {
    let label = folded(label);
    label.starts_with("第二十条")
        || label == "信息内容"
        || MARKS.iter().flat_map(|(_, marks)| *marks).any(|m| label.contains(m) && !is_row(m))
}

/// Marks of a form that are names of rows.
fn is_row(mark: &str) -> bool {
    PROACTIVE.find(mark).is_some()
}

/// The figures of a row: as many as there are columns. What else stands in the row is blank and behind them, or the same
/// figure again, as converters write a cell that covers several columns.
fn exactly(document: &Document, record: &Record, wanted: usize) -> Option<Vec<Raw>> {
    let cells = &record.cells;
    if !record.grid {
        let again = wanted == 1 && cells.iter().all(|c| c.value == cells[0].value && !c.value.is_blank());
        return if again { Some(cells[..1].to_vec()) } else { of_lines(cells, wanted).map(<[Raw]>::to_vec) };
    }
    if cells.len() == wanted {
        return Some(cells.clone());
    }
    if cells.len() < wanted {
        return None;
    }
    if cells.iter().all(|c| c.value.is_blank()) || cells.len() - record.behind.min(cells.len()) == wanted {
        return Some(cells[..wanted].to_vec());
    }
    if let Some(columns) = headed(document, record, wanted) {
        return under(cells, &columns);
    }
    let again = wanted == 1 && cells.iter().all(|c| c.value == cells[0].value);
    if again {
        return Some(cells[..1].to_vec());
    }
    // The last figure twice may be one that covers two columns: then a blank before it is no room.
    let twice = cells.last_chunk().is_some_and(|[a, b]: &[Raw; 2]| a.value == b.value);
    without_blanks(cells, wanted).filter(|_| !twice)
}

/// The columns whose headings stand above a row of a grid, if they are as many as its figures.
fn headed(document: &Document, record: &Record, wanted: usize) -> Option<Vec<usize>> {
    let Block::Grid(grid) = document.blocks.get(record.block)? else { return None };
    let row = document.at(record.cells.first()?.place).row? as usize - 1;
    let content = grid.cells.iter().rev().find(|c| c.row < row && folded(&c.text) == "信息内容")?;
    let mut columns: Vec<(usize, String)> = Vec::new();
    for cell in grid.cells.iter().filter(|c| c.row == content.row && c.column > content.column) {
        let text = folded(&cell.text);
        let again = text == "信息内容" || columns.last().is_some_and(|(_, last)| *last == text);
        if !text.is_empty() && !again {
            columns.push((cell.column, text));
        }
    }
    (columns.len() == wanted).then(|| columns.into_iter().map(|(column, _)| column).collect())
}

/// The cells under these columns. What stands between them is blank, or the same again.
fn under(cells: &[Raw], columns: &[usize]) -> Option<Vec<Raw>> {
    let mut found: Vec<Raw> = Vec::with_capacity(columns.len());
    for cell in cells {
        if cell.column.is_some_and(|c| columns.contains(&c)) {
            found.push(cell.clone());
        } else if !cell.value.is_blank() && found.last().is_none_or(|last| last.value != cell.value) {
            return None;
        }
    }
    (found.len() == columns.len()).then_some(found)
}
