//! DOCX of an envelope, for printers that are fed by hand.

use super::Envelope;
use crate::error::PaperError;
use crate::measure::MM;
use crate::word::{build, pack, size, styled, thin_borders, twips, width};
use docx_rs::{
    AlignmentType, Docx, HeightRule, LineSpacing, LineSpacingType, PageMargin, PageOrientationType,
    Paragraph, Table, TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};

/// The envelope as a Word document of its size. The same envelope is always the same file.
///
/// # Errors
/// [`PaperError::Docx`] if the file cannot be put together.
pub fn envelope_docx(envelope: &Envelope) -> Result<Vec<u8>, PaperError> {
    let margin = |mm: f64| twips(mm * MM);
    let mut doc = Docx::new()
        .page_size(size(220.0 * MM), size(110.0 * MM))
        .page_orient(PageOrientationType::Landscape)
        .page_margin(PageMargin {
            top: margin(9.0),
            left: margin(12.0),
            right: margin(12.0),
            bottom: margin(7.0),
            header: margin(5.0),
            footer: margin(5.0),
            gutter: 0,
        })
        .add_table(boxes(envelope))
        .add_paragraph(gap(18.0))
        .add_paragraph(styled("EnvelopeName", &envelope.address).indent(Some(margin(16.0)), None, None, None))
        .add_paragraph(styled("EnvelopeName", &format!("{}　收", envelope.name)).size(40).indent(
            Some(margin(30.0)),
            None,
            None,
            None,
        ))
        .add_paragraph(gap(40.0));
    for (text, side) in [
        (envelope.sender.clone(), AlignmentType::Right),
        (envelope.sender_address.clone(), AlignmentType::Right),
        (envelope.sender_code(), AlignmentType::Right),
        (envelope.mark.clone(), AlignmentType::Left),
        (envelope.reference.clone(), AlignmentType::Left),
    ] {
        if !text.is_empty() {
            doc = doc.add_paragraph(styled("SheetText", &text).align(side));
        }
    }
    pack(build(doc, &format!("信封：{}", envelope.name), &envelope.sender, Some(envelope.printed_on)))
}

fn gap(points: f64) -> Paragraph {
    Paragraph::new()
        .style("SheetText")
        .line_spacing(LineSpacing::new().line(twips(points)).line_rule(LineSpacingType::Exact))
}

fn boxes(envelope: &Envelope) -> Table {
    let wide = width(8.0 * MM);
    let cell = |digit: &String| {
        TableCell::new()
            .width(wide, WidthType::Dxa)
            .vertical_align(VAlignType::Center)
            .add_paragraph(styled("SheetLabel", digit))
    };
    let row = TableRow::new(envelope.boxes().iter().map(cell).collect())
        .row_height(size(9.0 * MM) as f32)
        .height_rule(HeightRule::AtLeast);
    Table::new(vec![row])
        .set_grid(vec![wide; 6])
        .width(wide * 6, WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .set_borders(thin_borders())
}
