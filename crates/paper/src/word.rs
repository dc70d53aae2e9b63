//! What every Word document here has in common: units, page, page numbers, styles, properties.
//!
//! Styles, settings and font names are files of `templates/`. Typefaces are named (小标宋, 仿宋, 黑体, 楷体) and not embedded, so
//! that a reader without them substitutes its own.

use crate::error::PaperError;
use crate::measure::{self, AREA, LEFT, PAPER, TOP};
use crate::text::{clean, html};
use docx_rs::{
    AlignmentType, Docx, Footer, PageMargin, PageNum, Paragraph, Run, SpecialIndentType, TableBorder,
    TableBorderPosition, TableBorders, XMLDocx,
};
use law::Date;
use std::io::Cursor;

const STYLES: &str = include_str!("../templates/docx-styles.xml");
const SETTINGS: &str = include_str!("../templates/docx-settings.xml");
const FONTS: &str = include_str!("../templates/docx-fonts.xml");

/// The page of GB/T 9704-2012.
pub(crate) fn official(doc: Docx) -> Docx {
    let bottom = PAPER.1 - TOP - AREA.1;
    doc.page_size(size(PAPER.0), size(PAPER.1)).page_margin(PageMargin {
        top: twips(TOP),
        left: twips(LEFT),
        right: twips(PAPER.0 - LEFT - AREA.0),
        bottom: twips(bottom),
        header: twips(15.0 * measure::MM),
        // The number begins 7 mm below the type area and is one line of 14 pt high.
        footer: twips(bottom - measure::NUMBER - 14.0),
        gutter: 0,
    })
}

/// The files of the package, with our styles, settings and properties.
pub(crate) fn build(doc: Docx, title: &str, author: &str, made_on: Option<Date>) -> XMLDocx {
    let mut parts = doc.build();
    parts.styles = STYLES.as_bytes().to_vec();
    parts.settings = SETTINGS.as_bytes().to_vec();
    parts.font_table = FONTS.as_bytes().to_vec();
    parts.doc_props.core = properties(title, author, made_on).into_bytes();
    parts
}

/// The package as a file.
///
/// # Errors
/// [`PaperError::Docx`] if it cannot be written.
pub(crate) fn pack(parts: XMLDocx) -> Result<Vec<u8>, PaperError> {
    let mut file = Cursor::new(Vec::new());
    parts.pack(&mut file).map_err(|e| PaperError::Docx(e.to_string()))?;
    Ok(file.into_inner())
}

/// Twentieths of a point, Word's unit of length.
pub(crate) fn twips(points: f64) -> i32 {
    (points * 20.0).round() as i32
}

/// A length that is never negative, in twips.
pub(crate) fn size(points: f64) -> u32 {
    twips(points).unsigned_abs()
}

/// The same, as tables want it.
pub(crate) fn width(points: f64) -> usize {
    size(points) as usize
}

/// A paragraph of one text in a style of `docx-styles.xml`.
pub(crate) fn styled(style: &str, text: &str) -> Paragraph {
    Paragraph::new().style(style).add_run(Run::new().add_text(clean(text)))
}

/// `— 1 —`, one character in from the edge: odd pages at the right, even pages at the left (§7.5).
pub(crate) fn page_number(side: AlignmentType) -> Footer {
    let indent = Some(twips(14.0));
    let line = Paragraph::new().style("Footer").align(side);
    let line = match side {
        AlignmentType::Left => line.indent(indent, Some(SpecialIndentType::FirstLine(0)), None, None),
        _ => line.indent(None, Some(SpecialIndentType::FirstLine(0)), indent, None),
    };
    Footer::new().add_paragraph(
        line.add_run(Run::new().add_text("— "))
            .add_page_num(PageNum::new())
            .add_run(Run::new().add_text(" —")),
    )
}

/// Thin lines around and between all cells.
pub(crate) fn thin_borders() -> TableBorders {
    let line = |position| TableBorder::new(position).size(4);
    let borders = [
        TableBorderPosition::Top,
        TableBorderPosition::Left,
        TableBorderPosition::Bottom,
        TableBorderPosition::Right,
        TableBorderPosition::InsideH,
        TableBorderPosition::InsideV,
    ];
    borders.into_iter().fold(TableBorders::new(), |all, position| all.set(line(position)))
}

/// Title, author, language and date of the document (OPC core properties).
fn properties(title: &str, author: &str, made_on: Option<Date>) -> String {
    let dates = made_on.map_or(String::new(), |d| {
        ["created", "modified"]
            .map(|name| format!("<dcterms:{name} xsi:type=\"dcterms:W3CDTF\">{d}T00:00:00Z</dcterms:{name}>"))
            .concat()
    });
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
         <cp:coreProperties xmlns:cp=\"http://schemas.openxmlformats.org/package/2006/metadata/core-properties\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
         xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <dc:title>{}</dc:title><dc:creator>{}</dc:creator><dc:language>zh-CN</dc:language>{dates}\
         </cp:coreProperties>",
        html(title),
        html(author),
    )
}
