//! Tables of text: read from CSV, XLSX and JSON, written as each of them.

use super::kind::ExportFormat;
use crate::error::{Error, Result};
use crate::file::must_be_workbook;
use calamine::{Data, Reader, Xlsx};
use serde::ser::{SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::io::Cursor;

/// Largest file accepted, in bytes.
const LARGEST: usize = 64 * 1024 * 1024;
/// Rows accepted at most: one transaction takes them all.
const ROWS: usize = 200_000;
const TOO_LONG: &str = "文件超过20万行，请分成几个文件导入";
/// Bytes of text read at most from a sheet.
const TEXT: usize = 256 * 1024 * 1024;
/// Columns read at most; the widest register has some fifty.
const COLUMNS: usize = 300;

/// A table as read: headings, and rows with their number in the file (the headings are row 1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) headings: Vec<String>,
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

pub(super) fn unusable(why: &str) -> Error {
    Error::Invalid(why.to_owned())
}

/// Reads a file; what it is, is seen from its content.
///
/// # Errors
/// [`Error::Invalid`] with one sentence: too large, empty, cut off, not a table.
pub(super) fn read(file: &[u8]) -> Result<Table> {
    if file.len() > LARGEST {
        return Err(unusable("文件超过64MB，请分成几个文件导入"));
    }
    let table = match file {
        [] => return Err(unusable("文件是空的，请核对后重新选择")),
        [b'P', b'K', ..] => xlsx(file)?,
        [0xd0, 0xcf, 0x11, 0xe0, ..] => {
            return Err(unusable("不能读取旧版 XLS 文件，请在表格软件中另存为 XLSX 或者 CSV 后再导入"));
        }
        _ => {
            let text = decode(file)?;
            if text.contains('\0') {
                return Err(unusable("这不是 CSV、XLSX 或者 JSON 表格，请核对文件"));
            }
            if text.trim_start().starts_with('[') { json(&text)? } else { csv(&text)? }
        }
    };
    if table.rows.len() > ROWS {
        return Err(unusable(TOO_LONG));
    }
    if table.headings.is_empty() {
        return Err(unusable("文件中没有表头，第一行应为各列名称"));
    }
    Ok(table)
}

/// UTF-8, with or without byte order mark, UTF-16 with one ("Unicode 文本"), or GB18030, which spreadsheets on Chinese systems
/// write.
fn decode(file: &[u8]) -> Result<String> {
    if let Some((encoding, mark)) =
        encoding_rs::Encoding::for_bom(file).filter(|(e, _)| *e != encoding_rs::UTF_8)
    {
        let text = encoding.decode_without_bom_handling_and_without_replacement(&file[mark..]);
        return text.map(std::borrow::Cow::into_owned).ok_or_else(cut_off);
    }
    let bare = file.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(file);
    match std::str::from_utf8(bare) {
        Ok(text) => Ok(text.to_owned()),
        // Valid up to a character that was cut in two: no other encoding looks like that.
        Err(e) if e.error_len().is_none() && e.valid_up_to() > 0 && !bare[..e.valid_up_to()].is_ascii() => {
            Err(cut_off())
        }
        Err(_) => encoding_rs::GB18030
            .decode_without_bom_handling_and_without_replacement(bare)
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(|| {
                unusable(
                    "文件的编码不是 UTF-8、UTF-16 或者 GB18030，或者文件已损坏，请另存为 CSV UTF-8 后再导入",
                )
            }),
    }
}

pub(super) fn cut_off() -> Error {
    unusable("文件不完整，可能没有传完，请重新导出或者上传")
}

fn csv(text: &str) -> Result<Table> {
    // Inside and outside of fields quotes come in pairs; one left over means that the end is missing.
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(cut_off());
    }
    let first = text.lines().next().unwrap_or_default();
    let delimiter = if !first.contains(',') && first.contains('\t') { b'\t' } else { b',' };
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut rows = Vec::new();
    for (n, record) in reader.records().enumerate() {
        let record = record.map_err(|_| unusable("这不是 CSV 表格，请核对文件"))?;
        rows.push((n + 1, record.iter().map(unguard).collect::<Vec<_>>()));
    }
    let mut table = headed(rows);
    let wide = table.headings.len();
    if table.rows.last().is_some_and(|(_, row)| row.len() < wide) {
        return Err(cut_off());
    }
    table.rows.retain(|(_, row)| row.iter().any(|c| !c.is_empty()));
    Ok(table)
}

/// The first row that is not empty has the headings.
fn headed(rows: Vec<(usize, Vec<String>)>) -> Table {
    let mut rows = rows.into_iter().skip_while(|(_, row)| row.iter().all(String::is_empty));
    let mut headings = rows.next().map(|(_, row)| row).unwrap_or_default();
    while headings.last().is_some_and(|h| h.trim().is_empty()) {
        headings.pop();
    }
    let headings: Vec<String> = headings.iter().map(|h| h.trim().to_owned()).collect();
    Table { headings, rows: rows.collect() }
}

fn xlsx(file: &[u8]) -> Result<Table> {
    let broken = |_| unusable("这不是完整的 XLSX 工作簿，可能没有传完，请重新导出或者上传");
    must_be_workbook(file)?;
    let mut book = Xlsx::new(Cursor::new(file)).map_err(broken)?;
    let name = book.sheet_names().into_iter().next().ok_or_else(|| unusable("工作簿中没有工作表"))?;
    let rows = sheet_rows(&mut book, &name, (ROWS + 1, COLUMNS))?;
    let rows = rows.ok_or_else(|| unusable(TOO_LONG))?;
    let wide = rows.values().map(Vec::len).max().unwrap_or(0);
    let padded = rows.into_iter().map(|(n, mut row)| {
        row.resize(wide, String::new());
        (n + 1, row)
    });
    let mut table = headed(padded.collect());
    table.rows.retain(|(_, row)| row.iter().any(|c| !c.is_empty()));
    Ok(table)
}

/// The rows of a sheet that say something, by number from 0, each as wide as its last cell; `None` if there is a row beyond the
/// most there may be. Cells further right than the most columns are left out.
///
/// Cell by cell: a sheet may claim to reach to the last cell a sheet can have, and no room is made for what it claims.
pub(crate) fn sheet_rows(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    (most_rows, most_columns): (usize, usize),
) -> Result<Option<BTreeMap<usize, Vec<String>>>> {
    let broken = |_| unusable("这不是完整的 XLSX 工作簿，可能没有传完，请重新导出或者上传");
    let mut cells = book.worksheet_cells_reader(name).map_err(broken)?;
    let too_much = || unusable("工作簿中的文字过多，请分成几个文件导入");
    let mut left = TEXT;
    let mut rows: BTreeMap<usize, Vec<String>> = BTreeMap::new();
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        let (row, column) = (row as usize, column as usize);
        if column >= most_columns {
            continue;
        }
        // One long text may stand in many cells: what they hold together is bounded, not only what the file packs.
        let text = text_of(&Data::from(cell.get_value().clone()));
        left = left.checked_sub(text.len()).ok_or_else(too_much)?;
        if text.is_empty() {
            continue;
        }
        if row >= most_rows {
            return Ok(None);
        }
        let of = rows.entry(row).or_default();
        if of.len() <= column {
            of.resize(column + 1, String::new());
        }
        of[column] = text;
    }
    Ok(Some(rows))
}

fn text_of(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(s) | Data::DateTimeIso(s) | Data::DurationIso(s) => s.clone(),
        Data::Int(n) => n.to_string(),
        Data::Float(n) => n.to_string(),
        Data::Bool(b) => if *b { "是" } else { "否" }.to_owned(),
        Data::DateTime(at) => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        Data::Error(e) => e.to_string(),
    }
}

fn json(text: &str) -> Result<Table> {
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(text).map_err(|e| {
        if e.is_eof() {
            cut_off()
        } else {
            unusable("JSON 文件应为数组，每行一个对象，列名为键")
        }
    })?;
    let mut headings: Vec<String> = Vec::new();
    for key in rows.iter().flat_map(|row| row.keys()) {
        if !headings.contains(key) {
            headings.push(key.clone());
        }
    }
    let text_of = |value: Option<&serde_json::Value>| match value {
        None | Some(serde_json::Value::Null) => String::new(),
        Some(serde_json::Value::String(s)) => s.clone(),
        Some(other) => other.to_string(),
    };
    let rows = rows
        .iter()
        .enumerate()
        .map(|(n, row)| (n + 1, headings.iter().map(|h| text_of(row.get(h))).collect()))
        .collect();
    Ok(Table { headings, rows })
}

/// Text that a spreadsheet would run as a formula, or that begins like what the guard writes.
fn is_risky(text: &str) -> bool {
    let number = text.parse::<f64>().is_ok();
    text.starts_with('\'') || (text.starts_with(['=', '+', '-', '@', '\t', '\r']) && !number)
}

/// An apostrophe in front makes a spreadsheet take a cell as text; [`unguard`] takes it off again.
fn guard(text: &str) -> String {
    if is_risky(text) { format!("'{text}") } else { text.to_owned() }
}

pub(super) fn unguard(text: &str) -> String {
    match text.strip_prefix('\'') {
        Some(rest) if is_risky(rest) => rest.to_owned(),
        _ => text.to_owned(),
    }
}

/// Writes a table.
pub(crate) fn write(
    name: &str,
    headings: &[&str],
    rows: &[Vec<String>],
    format: ExportFormat,
) -> Result<Vec<u8>> {
    match format {
        ExportFormat::Csv => {
            let mut to = vec![0xef, 0xbb, 0xbf];
            let broken = |e: csv::Error| Error::Internal(e.to_string());
            let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(&mut to);
            writer.write_record(headings).map_err(broken)?;
            for row in rows {
                writer.write_record(row.iter().map(|c| guard(c))).map_err(broken)?;
            }
            writer.flush().map_err(|e| Error::Internal(e.to_string()))?;
            drop(writer);
            Ok(to)
        }
        ExportFormat::Xlsx => workbook(name, headings, rows),
        ExportFormat::Json => {
            let objects: Vec<Object<'_>> = rows.iter().map(|row| Object(headings, row)).collect();
            serde_json::to_vec_pretty(&objects).map_err(|e| Error::Internal(e.to_string()))
        }
    }
}

/// A row as an object in the order of the headings.
struct Object<'a>(&'a [&'a str], &'a [String]);

impl serde::Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> std::result::Result<S::Ok, S::Error> {
        let mut object = to.serialize_map(Some(self.0.len()))?;
        for (heading, cell) in self.0.iter().zip(self.1) {
            object.serialize_entry(heading, cell)?;
        }
        object.end()
    }
}

fn workbook(name: &str, headings: &[&str], rows: &[Vec<String>]) -> Result<Vec<u8>> {
    use rust_xlsxwriter::{Format, Workbook, XlsxError};
    let broken = |e: XlsxError| match e {
        XlsxError::MaxStringLengthExceeded => {
            Error::Invalid("有的内容超过 XLSX 单元格的长度限制，请改为导出 CSV 或者 JSON".into())
        }
        other => Error::Internal(other.to_string()),
    };
    let (head, text) = (Format::new().set_bold(), Format::new().set_num_format("@"));
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_name(name).map_err(broken)?;
    sheet.set_freeze_panes(1, 0).map_err(broken)?;
    for (column, heading) in (0..).zip(headings) {
        sheet.write_string_with_format(0, column, *heading, &head).map_err(broken)?;
        sheet.set_column_width(column, 16).map_err(broken)?;
    }
    for (line, row) in (1..).zip(rows) {
        for (column, cell) in (0..).zip(row) {
            if !cell.is_empty() {
                sheet.write_string_with_format(line, column, cell, &text).map_err(broken)?;
            }
        }
    }
    book.save_to_buffer().map_err(broken)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADINGS: [&str; 3] = ["标题", "说明", "数值"];

    fn rows() -> Vec<Vec<String>> {
        let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
        vec![
            row(["关于某事的通知", "第一行\n第二行，有\"引号\"", "-12.5"]),
            row(["=1+1", "'已有撇号", "'=1"]),
            row(["@样本", "\t制表", "+86"]),
            row(["", "只有说明", ""]),
        ]
    }

    #[test]
    fn a_table_comes_back_from_every_format() {
        for format in ExportFormat::ALL {
            let file = write("表", &HEADINGS, &rows(), format).unwrap();
            let back = read(&file).unwrap();
            for (n, row) in rows().iter().enumerate() {
                for (heading, cell) in HEADINGS.iter().zip(row) {
                    let column = back.headings.iter().position(|h| h == heading).unwrap();
                    assert_eq!(&back.rows[n].1[column], cell, "{format:?}");
                }
            }
        }
    }

    #[test]
    fn no_cell_of_a_csv_begins_a_formula() {
        let file = write("表", &HEADINGS, &rows(), ExportFormat::Csv).unwrap();
        assert!(file.starts_with(&[0xef, 0xbb, 0xbf]));
        let mut reader = csv::Reader::from_reader(&file[3..]);
        for record in reader.records() {
            for cell in record.unwrap().iter() {
                assert!(!cell.starts_with(['=', '@', '\t']), "{cell}");
            }
        }
    }

    #[test]
    fn encodings_of_chinese_spreadsheets() {
        let text = "标题,说明\r\n通知,公开\r\n";
        let (gb, _, _) = encoding_rs::GB18030.encode(text);
        let plain = read(text.as_bytes()).unwrap();
        assert_eq!(plain.headings, ["标题", "说明"]);
        assert_eq!(plain.rows, [(2, vec!["通知".to_owned(), "公开".to_owned()])]);
        assert_eq!(read(&gb).unwrap(), plain);
        let wide = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
            std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
        };
        assert_eq!(read(&wide(u16::to_le_bytes)).unwrap(), plain);
        assert_eq!(read(&wide(u16::to_be_bytes)).unwrap(), plain);
        assert_eq!(read(format!("\u{feff}{text}").as_bytes()).unwrap(), plain);
        assert_eq!(read("标题\t说明\n通知\t公开\n".as_bytes()).unwrap(), plain);
    }

    #[test]
    fn a_broken_file_gets_one_sentence() {
        let sentence = |file: &[u8]| match read(file) {
            Err(Error::Invalid(sentence)) => sentence,
            other => panic!("{other:?}"),
        };
        let csv = write("表", &HEADINGS, &rows(), ExportFormat::Csv).unwrap();
        let json = write("表", &HEADINGS, &rows(), ExportFormat::Json).unwrap();
        let xlsx = write("表", &HEADINGS, &rows(), ExportFormat::Xlsx).unwrap();
        assert!(sentence(b"").contains("空的"));
        assert!(sentence("标题,说明\n通知,\"公".as_bytes()).contains("不完整"));
        assert!(sentence("标题,说明\n通知".as_bytes()).contains("不完整"));
        assert!(sentence(&"标题,说明\n通知,公开".as_bytes()[..20]).contains("不完整"));
        assert!(sentence(&json[..json.len() / 2]).contains("不完整"));
        assert!(sentence(&xlsx[..xlsx.len() / 2]).contains("XLSX"));
        assert!(sentence(&[0xd0, 0xcf, 0x11, 0xe0, 0]).contains("XLS"));
        assert!(
            sentence(b"\x89PNG\r\n\x1a\n\0\0").contains("编码") || sentence(b"\x7fELF\0\0").contains("不是")
        );
        assert!(read(&csv).is_ok());
    }
}
