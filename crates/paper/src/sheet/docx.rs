//! DOCX of a form: the same boxes, to be filled in Word or WPS.

use super::{Field, Group, Row, Sheet, label_lines};
use crate::error::PaperError;
use crate::measure::MM;
use crate::text::{clean, html};
use crate::word::{build, official, pack, page_number, size, styled, thin_borders, twips, width};
use docx_rs::{
    AlignmentType, Docx, Footer, HeightRule, LineSpacing, PageMargin, Run, Tab, TabValueType, Table,
    TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, VMergeType, WidthType,
};

/// Label of a group in millimetres.
const GROUP: f64 = 9.0;

/// Label, entry, label, entry in millimetres; with the label of a group 160 mm in all.
fn columns(grouped: bool) -> [f64; 4] {
    let less = if grouped { GROUP / 2.0 } else { 0.0 };
    [29.0, 51.0 - less, 24.0, 56.0 - less]
}

/// The form as a Word document. The same form is always the same file.
///
/// # Errors
/// [`PaperError::Docx`] if the file cannot be put together.
pub fn sheet_docx(sheet: &Sheet) -> Result<Vec<u8>, PaperError> {
    let grouped = sheet.groups.iter().any(|g| !g.label.is_empty());
    let margin = twips(25.0 * MM);
    let mut doc = official(Docx::new())
        .page_margin(PageMargin {
            top: margin,
            left: margin,
            right: margin,
            bottom: twips(20.0 * MM),
            header: twips(12.0 * MM),
            footer: twips(10.0 * MM),
            gutter: 0,
        })
        .first_footer(Footer::new().add_paragraph(styled("Footer", "")))
        .footer(page_number(AlignmentType::Right))
        .even_footer(page_number(AlignmentType::Left))
        .add_paragraph(styled("SheetTitle", &sheet.title));
    let edge = Tab::new().val(TabValueType::Right).pos(width(160.0 * MM));
    let mut head = styled("SheetText", &sheet.issuer).line_spacing(LineSpacing::new().after(80));
    if !sheet.corner.is_empty() {
        head = head.add_tab(edge).add_run(Run::new().add_tab().add_text(clean(&sheet.corner)));
    }
    doc = doc.add_paragraph(head);
    doc = doc.add_table(table(sheet, grouped));
    for note in &sheet.notes {
        doc = doc.add_paragraph(styled("SheetNote", note));
    }
    let mut parts = build(doc, &sheet.title, &sheet.issuer, Some(sheet.printed_on));
    let body = String::from_utf8(parts.document).map_err(|e| PaperError::Docx(e.to_string()))?;
    let name = format!("<w:tblCaption w:val=\"{}\"/></w:tblPr>", html(&sheet.title));
    parts.document = body.replacen("</w:tblPr>", &name, 1).into_bytes();
    pack(parts)
}

fn table(sheet: &Sheet, grouped: bool) -> Table {
    let widths: Vec<f64> = grouped.then_some(GROUP).into_iter().chain(columns(grouped)).collect();
    let rows = sheet.groups.iter().flat_map(|group| {
        group.rows.iter().enumerate().map(move |(i, row)| table_row(group, row, i == 0, grouped))
    });
    Table::new(rows.collect())
        .set_grid(widths.iter().map(|w| width(w * MM)).collect())
        .width(width(widths.iter().sum::<f64>() * MM), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .margins(TableCellMargins::new().margin(40, 80, 40, 80))
        .set_borders(thin_borders())
}

fn table_row(group: &Group, row: &Row, first: bool, grouped: bool) -> TableRow {
    let mut cells = Vec::new();
    if grouped {
        let cell =
            TableCell::new().width(width(GROUP * MM), WidthType::Dxa).vertical_align(VAlignType::Center);
        cells.push(if first {
            let label = styled("SheetLabel", &group.label);
            cell.vertical_merge(VMergeType::Restart).add_paragraph(label)
        } else {
            cell.vertical_merge(VMergeType::Continue).add_paragraph(styled("SheetLabel", ""))
        });
    }
    let single = row.boxes.len() == 1;
    let columns = columns(grouped);
    for (i, field) in row.boxes.iter().enumerate() {
        let (label, wide) = if i == 0 { (columns[0], columns[1]) } else { (columns[2], columns[3]) };
        let wide = if single { columns.iter().skip(1).sum() } else { wide };
        let cell =
            TableCell::new().width(width(label * MM), WidthType::Dxa).vertical_align(VAlignType::Center);
        let lines = label_lines(&field.label);
        cells.push(lines.iter().fold(cell, |cell, line| cell.add_paragraph(styled("SheetLabel", line))));
        cells.push(entry(field, row.height, wide, if single { 3 } else { 1 }));
    }
    TableRow::new(cells)
        .row_height(size(f64::from(row.height) * MM) as f32)
        .height_rule(HeightRule::AtLeast)
        .cant_split()
}

fn entry(field: &Field, height: u16, wide: f64, columns: usize) -> TableCell {
    let mut cell = TableCell::new().width(width(wide * MM), WidthType::Dxa);
    if height <= 22 {
        cell = cell.vertical_align(VAlignType::Center);
    }
    if columns > 1 {
        cell = cell.grid_span(columns);
    }
    for line in field.entry.lines() {
        cell = cell.add_paragraph(styled("SheetText", line));
    }
    if !field.foot.is_empty() {
        cell = cell.vertical_align(VAlignType::Bottom);
        cell = cell.add_paragraph(styled("SheetText", &field.foot).align(AlignmentType::Right));
    } else if field.entry.is_empty() {
        cell = cell.add_paragraph(styled("SheetText", ""));
    }
    cell
}
