//! PDF of a form, set with typst from `templates/sheet.typ`.

use super::{Sheet, label_lines};
use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::typeset::{page, printable, typeset};
use serde_json::json;

const TEMPLATE: &str = include_str!("../../templates/sheet.typ");

/// The form as a PDF file: A4, PDF/A-2a and PDF/UA-1.
///
/// # Errors
/// [`PaperError::NoFonts`] without a Chinese font; [`PaperError::Pdf`] if the typesetter refuses.
pub fn sheet_pdf(sheet: &Sheet, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let faces = fonts.faces()?;
    let known = |text: &str| printable(text, fonts.store().book());
    let lines = |text: &str| text.lines().map(known).collect::<Vec<_>>();
    let date = sheet.printed_on;
    let group = |group: &super::Group| {
        let row = |row: &super::Row| {
            let boxes = row.boxes.iter().map(
                |b| json!({ "label": label_lines(&known(&b.label)), "lines": lines(&b.entry), "foot": known(&b.foot) }),
            );
            json!({ "height": row.height, "boxes": boxes.collect::<Vec<_>>() })
        };
        // Set from top to bottom, a character a line.
        let label: Vec<String> = known(&group.label).chars().map(String::from).collect();
        json!({ "label": label, "rows": group.rows.iter().map(row).collect::<Vec<_>>() })
    };
    let data = json!({
        "fonts": faces,
        "page": page(),
        "title": known(&sheet.title),
        "issuer": known(&sheet.issuer),
        "corner": known(&sheet.corner),
        "date": [date.year(), i16::from(date.month()), i16::from(date.day())],
        "groups": sheet.groups.iter().map(group).collect::<Vec<_>>(),
        "notes": sheet.notes.iter().map(|n| known(n)).collect::<Vec<_>>(),
    });
    typeset(TEMPLATE, &data, fonts)
}
