//! DOCX of an envelope, for printers that are fed by hand.

use super::Envelope;
use crate::error::PaperError;
use crate::measure::MM;
use crate::text::clean;
use crate::word::{build, pack, size, styled, thin_borders, twips, width};
use docx_rs::{
    AlignmentType, Docx, HeightRule, LineSpacing, LineSpacingType, PageMargin, PageOrientationType,
    Paragraph, Run, Table, TableBorders, TableCell, TableLayoutType, TableRow, VAlignType, WidthType,
};

/// Width between the margins, and of what stands below at the left, in millimetres.
const WIDE: (f64, f64) = (196.0, 72.0);
/// Height of the address with the name, and of what stands below it.
const HIGH: (f64, f64) = (48.0, 28.0);

/// The envelope as a Word document of its size. The same envelope is always the same file.
///
/// # Errors
/// [`PaperError::Docx`] if the file cannot be put together.
pub fn envelope_docx(envelope: &Envelope) -> Result<Vec<u8>, PaperError> {
    let margin = |mm: f64| twips(mm * MM);
    let doc = Docx::new()
        .page_size(size(220.0 * MM), size(110.0 * MM))
        .page_orient(PageOrientationType::Landscape)
        .page_margin(PageMargin {
            top: margin(9.0),
            left: margin(12.0),
            right: margin(12.0),
            bottom: margin(5.0),
            header: margin(3.0),
            footer: margin(3.0),
            gutter: 0,
        })
        .add_table(boxes(envelope))
        .add_paragraph(gap(14.0))
        .add_table(writing(envelope))
        // A document does not end with a table; this line is as low as a line can be.
        .add_paragraph(gap(1.0));
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

/// A line in half points, indented by millimetres.
fn line(text: &str, half_points: usize, indent: f64) -> Paragraph {
    Paragraph::new().style("EnvelopeName").add_run(Run::new().size(half_points).add_text(clean(text))).indent(
        Some(twips(indent * MM)),
        None,
        None,
        None,
    )
}

/// Address and name above; below at the left what is in it, at the right the sender. The rows have their height whatever
/// stands in them, so that the sender stays at the foot.
fn writing(envelope: &Envelope) -> Table {
    let sized = |text: &str, most, large, small| if text.chars().count() > most { small } else { large };
    let name = format!("{}　收", envelope.name);
    let whole = TableCell::new()
        .width(width(WIDE.0 * MM), WidthType::Dxa)
        .grid_span(2)
        .add_paragraph(line(&envelope.address, sized(&envelope.address, 50, 32, 24), 16.0))
        .add_paragraph(line(&name, sized(&name, 40, 40, 26), 30.0));
    let mut left = TableCell::new()
        .width(width(WIDE.1 * MM), WidthType::Dxa)
        .vertical_align(VAlignType::Bottom)
        .add_paragraph(styled("SheetLabel", &envelope.mark).align(AlignmentType::Left));
    for number in envelope.reference.lines() {
        left = left.add_paragraph(styled("SheetNote", number));
    }
    let mut right = TableCell::new()
        .width(width((WIDE.0 - WIDE.1) * MM), WidthType::Dxa)
        .vertical_align(VAlignType::Bottom)
        .add_paragraph(line(&envelope.sender, 28, 0.0).align(AlignmentType::Right));
    for text in [envelope.sender_address.clone(), envelope.sender_code()] {
        if !text.is_empty() {
            right = right.add_paragraph(styled("SheetText", &text).align(AlignmentType::Right));
        }
    }
    let row = |cells, mm: f64| {
        TableRow::new(cells).row_height(size(mm * MM) as f32).height_rule(HeightRule::AtLeast).cant_split()
    };
    Table::new(vec![row(vec![whole], HIGH.0), row(vec![left, right], HIGH.1)])
        .set_grid(vec![width(WIDE.1 * MM), width((WIDE.0 - WIDE.1) * MM)])
        .width(width(WIDE.0 * MM), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .set_borders(TableBorders::with_empty())
}
