//! XLSX: the text and the three tables of a report, for further calculation and for print.

use crate::error::PaperError;
use crate::grid::{Content, Grid, Spot, grids, names};
use crate::measure::measures;
use crate::report::{Report, unit_suffix};
use crate::text::{clean, ems};
use law::form::Measure;
use law::form::count::Parts;
use rust_xlsxwriter::{
    DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Formula, Workbook, Worksheet, XlsxError,
};
use std::collections::BTreeMap;

/// The report as a workbook: 正文 with the text, one sheet for each table with its merged headings, and 数据 with one
/// line per cell.
///
/// Figures are numbers. A cell the form computes is a formula with its result, if the report's figure is the sum of
/// its parts; a published total that is not stays the number that was published. Text is never a formula. Every
/// sheet prints on A4, one page wide. The same report is always the same file.
///
/// # Errors
/// [`PaperError::Xlsx`] if the file cannot be put together.
pub fn xlsx(report: &Report<'_>) -> Result<Vec<u8>, PaperError> {
    build(report).map_err(|e| PaperError::Xlsx(e.to_string()))
}

fn build(report: &Report<'_>) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let mut properties =
        DocProperties::new().set_title(clean(report.title)).set_author(clean(report.organization));
    // Without a date the library reads the clock: an unsigned report has the last day of its year.
    let (year, month, day) =
        report.signed_on.map_or((report.year, 12, 31), |d| (d.year(), d.month().into(), d.day().into()));
    let date = |n: i32| u8::try_from(n).unwrap_or(1);
    properties = properties.set_creation_datetime(&ExcelDateTime::from_ymd(
        u16::try_from(year).unwrap_or(1900).max(1900),
        date(month),
        date(day),
    )?);
    book.set_properties(&properties);
    text_sheet(report, book.add_worksheet())?;
    for grid in &grids(report.form) {
        table_sheet(report, grid, book.add_worksheet())?;
    }
    data_sheet(report, book.add_worksheet())?;
    book.save_to_buffer()
}

fn font(size: f64) -> Format {
    Format::new()
        .set_font_name("宋体")
        .set_font_size(size)
        .set_text_wrap()
        .set_align(FormatAlign::VerticalCenter)
}

fn title_format() -> Format {
    font(16.0).set_bold().set_align(FormatAlign::Center)
}

/// A4 upright, one page wide, page numbers, title in the properties.
fn paper(sheet: &mut Worksheet) {
    sheet.set_paper_size(9).set_portrait().set_print_fit_to_pages(1, 0).set_print_center_horizontally(true);
    sheet.set_margins(0.6, 0.6, 0.8, 0.8, 0.3, 0.4).set_footer("&C— &P —");
}

/// Characters in a row of text: a row is at most 409 points high, 22 lines, and what does not fit is not printed. A
/// longer paragraph goes on in the next row.
const CELL: usize = 640;

fn text_sheet(report: &Report<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    const WIDTH: f64 = 76.0;
    sheet.set_name("正文")?.set_column_width(0, WIDTH)?;
    paper(sheet);
    let body = font(12.0);
    let bold = font(12.0).set_bold();
    let mut lines: Vec<(String, &Format)> = Vec::new();
    let title = title_format();
    let right = font(12.0).set_align(FormatAlign::Right);
    lines.extend(report.notice.map(|n| (n.to_owned(), &bold)));
    lines.push((report.title.to_owned(), &title));
    let paragraphs = |list: &[law::form::narrative::Paragraph]| -> Vec<(String, bool)> {
        // Two blanks of full width are the first-line indent of a cell.
        list.iter().map(|p| (format!("　　{}", p.text()), p.heading)).collect()
    };
    let tables = grids(report.form);
    let mut add = |list: Vec<(String, bool)>| {
        lines.extend(list.into_iter().map(|(text, heading)| (text, if heading { &bold } else { &body })));
    };
    add(paragraphs(report.introduction));
    for (i, (heading, text)) in report.form.sections.iter().zip(report.parts).enumerate() {
        add(vec![(heading.clone(), true)]);
        for grid in tables.iter().filter(|t| t.section == i + 1) {
            add(vec![(format!("　　（见工作表“{}”）", sheet_name(grid)), false)]);
        }
        add(paragraphs(text));
    }
    lines.push((report.signed_by.to_owned(), &right));
    lines.push((report.date(), &right));
    let mut row = 0;
    for (text, format) in lines {
        let text: Vec<char> = clean(&text).chars().collect();
        for piece in text.chunks(CELL) {
            let piece: String = piece.iter().collect();
            // Excel does not fit the height of a row to text that was never edited: 2 characters are an em.
            let wide = if format == &title { 16.0 / 12.0 } else { 1.0 };
            let rows = (ems(&piece) * wide * 12.0 / (WIDTH * 5.25)).ceil().max(1.0);
            sheet.set_row_height(row, (rows * 18.0 * wide + 4.0).min(409.0))?;
            sheet.write_string_with_format(row, 0, piece, format)?;
            row += 1;
        }
    }
    Ok(())
}

/// The name of a table's sheet: 31 characters at most, as Excel demands.
fn sheet_name(grid: &Grid) -> String {
    match grid.id {
        "proactive" => "表二 主动公开",
        "requests" => "表三 依申请公开",
        _ => "表四 复议诉讼",
    }
    .to_owned()
}

fn table_sheet(report: &Report<'_>, grid: &Grid, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    /// The title stands above the table.
    const TOP: u32 = 1;
    sheet.set_name(sheet_name(grid))?;
    paper(sheet);
    let m = measures(report, grid);
    // Print fits the sheet to the page, so columns may be as wide as their figures need: Excel shows ### for a number
    // that does not fit. A unit of column width is a digit of the default font, 5.3 points, plus the margins of a cell.
    let mut widths: Vec<f64> = m.columns.iter().map(|w| w * 1.1 / 5.3).collect();
    for spot in grid.rows.iter().flatten() {
        if let Content::Figure { cell, measure, label } = &spot.content {
            let need = ems(&report.printed(cell, *measure, label)) * m.size * 1.25 / 5.3 + 1.5;
            widths[spot.column] = widths[spot.column].max(need / spot.columns as f64);
        }
    }
    for (x, width) in widths.iter().enumerate() {
        sheet.set_column_width(column(x), *width)?;
    }
    let heading = report.form.sections.get(grid.section - 1).map_or("", String::as_str);
    let (last_column, title) = (column(grid.columns - 1), title_format());
    sheet.merge_range(0, 0, 0, last_column, &clean(heading), &title)?.set_row_height(0, 36)?;
    let places = places(grid, TOP);
    let parts = Sums { report, places: &places };
    for (y, row) in grid.rows.iter().enumerate() {
        let at = TOP + y as u32;
        sheet.set_row_height(at, row_height(grid, y, &widths, m.size))?;
        for spot in row {
            write(report, sheet, spot, at, m.size, &parts)?;
        }
    }
    if grid.header_rows > 0 {
        sheet.set_repeat_rows(TOP, TOP + grid.header_rows as u32 - 1)?;
        sheet.set_freeze_panes(TOP + grid.header_rows as u32, 0)?;
    }
    Ok(())
}

fn column(x: usize) -> u16 {
    u16::try_from(x).unwrap_or(u16::MAX)
}

/// Room for the labels of a row that do not share it with the rows below.
fn row_height(grid: &Grid, y: usize, columns: &[f64], size: f64) -> f64 {
    let lines = grid.rows[y].iter().filter_map(|spot| match &spot.content {
        Content::Figure { .. } => None,
        Content::Column(text) | Content::Block(text) | Content::Row(text) => {
            let wide: f64 = columns.iter().skip(spot.column).take(spot.columns).sum();
            let lines = (ems(text) * size / (wide * 5.3 - 4.0).max(size)).ceil();
            Some((lines / spot.rows as f64).ceil())
        }
    });
    lines.fold(1.0, f64::max) * size * 1.35 + 10.0
}

fn write(
    report: &Report<'_>,
    sheet: &mut Worksheet,
    spot: &Spot,
    row: u32,
    size: f64,
    sums: &Sums<'_, '_>,
) -> Result<(), XlsxError> {
    let boxed = font(size).set_border(FormatBorder::Thin);
    let centred = boxed.clone().set_align(FormatAlign::Center);
    let first = column(spot.column);
    let (last_row, last) = (row + spot.rows as u32 - 1, column(spot.column + spot.columns - 1));
    match &spot.content {
        Content::Column(text) | Content::Block(text) | Content::Row(text) => {
            let innermost = matches!(spot.content, Content::Row(_)) && spot.rows == 1 && spot.column > 0;
            let format = if innermost { &boxed } else { &centred };
            area(sheet, (row, first, last_row, last), format)?;
            sheet.write_string_with_format(row, first, clean(text), format)?;
        }
        Content::Figure { cell, measure, label } => {
            let format = centred.set_num_format(number_format(*measure, label));
            area(sheet, (row, first, last_row, last), &format)?;
            match (report.figures.get(cell), sums.formula(cell)) {
                (None, _) => sheet.write_blank(row, first, &format)?,
                (Some(value), Some(sum)) => {
                    let sum = Formula::new(sum).set_result(value.to_string());
                    sheet.write_formula_with_format(row, first, sum, &format)?
                }
                (Some(value), None) => sheet.write_number_with_format(row, first, value.to_f64(), &format)?,
            };
        }
    }
    Ok(())
}

/// Merges a range if it is more than one cell; what is written next stands in it.
fn area(sheet: &mut Worksheet, range: (u32, u16, u32, u16), format: &Format) -> Result<(), XlsxError> {
    let (row, first, last_row, last) = range;
    if row != last_row || first != last {
        sheet.merge_range(row, first, last_row, last, "", format)?;
    }
    Ok(())
}

/// Money whose heading names no unit shows it, and stays a number.
fn number_format(measure: Measure, label: &str) -> String {
    match unit_suffix(measure, label) {
        "" => "General".to_owned(),
        unit => format!("General\"{unit}\""),
    }
}

/// Where the figures of a table stand: cell id to row and column.
fn places(grid: &Grid, top: u32) -> BTreeMap<String, (u32, u16)> {
    let mut places = BTreeMap::new();
    for spot in grid.rows.iter().flatten() {
        if let Content::Figure { cell, .. } = &spot.content {
            places.insert(cell.clone(), (top + spot.row as u32, column(spot.column)));
        }
    }
    places
}

/// The sums of a table.
struct Sums<'a, 'r> {
    report: &'a Report<'r>,
    places: &'a BTreeMap<String, (u32, u16)>,
}

impl Sums<'_, '_> {
    /// `=SUM(D5:I5)`, if the form computes the cell, all parts stand in this table and they add up to the figure.
    fn formula(&self, cell: &str) -> Option<String> {
        let Some(Parts::Sum(parts)) = self.report.form.parts(cell) else { return None };
        if parts.iter().map(|p| self.report.figures.value(p)).sum::<law::Amount>()
            != self.report.figures.get(cell)?
        {
            return None;
        }
        let mut places = parts.iter().map(|p| self.places.get(p).copied()).collect::<Option<Vec<_>>>()?;
        places.sort_unstable();
        // Neighbours in a row or column become one range.
        let mut ranges: Vec<((u32, u16), (u32, u16))> = Vec::new();
        for (row, column) in places {
            match ranges.last_mut() {
                Some((first, last))
                    if (first.0 == row && (last.0, last.1 + 1) == (row, column))
                        || (first.1 == column && (last.0 + 1, last.1) == (row, column)) =>
                {
                    *last = (row, column);
                }
                _ => ranges.push(((row, column), (row, column))),
            }
        }
        let name = |(row, column): (u32, u16)| rust_xlsxwriter::utility::row_col_to_cell(row, column);
        let ranges: Vec<_> = ranges.iter().map(|(a, b)| format!("{}:{}", name(*a), name(*b))).collect();
        Some(format!("=SUM({})", ranges.join(",")))
    }
}

fn data_sheet(report: &Report<'_>, sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_name("数据")?;
    paper(sheet);
    let head = font(10.0).set_bold().set_border(FormatBorder::Thin).set_align(FormatAlign::Center);
    let body = font(10.0).set_border(FormatBorder::Thin);
    let titles = ["单元格", "表", "行", "列", "数值", "单位"];
    let widths = [52.0, 40.0, 64.0, 26.0, 14.0, 6.0];
    for (x, (title, width)) in titles.into_iter().zip(widths).enumerate() {
        sheet.set_column_width(column(x), width)?;
        sheet.write_string_with_format(0, column(x), title, &head)?;
    }
    sheet.set_landscape().set_freeze_panes(1, 0)?.set_repeat_rows(0, 0)?;
    for (y, name) in names(report.form).into_iter().enumerate() {
        let row = y as u32 + 1;
        let mut tallest = 1.0_f64;
        let texts = [(0, name.cell.clone()), (1, name.table), (2, name.row.join(" / ")), (3, name.column)];
        for (x, text) in texts {
            let lines = (ems(&text) * 10.0 / (widths[usize::from(x)] * 5.25)).ceil().max(1.0);
            tallest = tallest.max(lines);
            sheet.write_string_with_format(row, x, clean(&text), &body)?;
        }
        sheet.set_row_height(row, tallest * 14.0 + 3.0)?;
        match report.figures.get(&name.cell) {
            Some(value) => sheet.write_number_with_format(row, 4, value.to_f64(), &body)?,
            None => sheet.write_blank(row, 4, &body)?,
        };
        sheet.write_string_with_format(row, 5, name.measure.label(), &body)?;
    }
    Ok(())
}
