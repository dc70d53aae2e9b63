//! PDF of an envelope, set with typst from `templates/envelope.typ`.

use super::Envelope;
use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::typeset::{printable, typeset};
use serde_json::json;

const TEMPLATE: &str = include_str!("../../templates/envelope.typ");

/// The envelope as a PDF file of its size: PDF/A-2a and PDF/UA-1. Long addresses and names take several lines.
///
/// # Errors
/// [`PaperError::NoFonts`] without a Chinese font; [`PaperError::Pdf`] if the typesetter refuses.
pub fn envelope_pdf(envelope: &Envelope, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let faces = fonts.faces()?;
    let known = |text: &str| printable(text, fonts.store().book());
    let date = envelope.printed_on;
    let data = json!({
        "fonts": faces,
        "boxes": envelope.boxes(),
        "address": known(&envelope.address),
        "name": known(&envelope.name),
        "mark": known(&envelope.mark),
        "reference": envelope.reference.lines().map(known).collect::<Vec<_>>(),
        "sender": known(&envelope.sender),
        "sender_address": known(&envelope.sender_address),
        "sender_code": known(&envelope.sender_code()),
        "date": [date.year(), i16::from(date.month()), i16::from(date.day())],
    });
    typeset(TEMPLATE, &data, fonts)
}
