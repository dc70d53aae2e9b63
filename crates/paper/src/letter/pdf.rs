//! PDF: the letter to be sealed and kept, set with typst from `templates/letter.typ`.

use super::{Block, Level, OfficialLetter, heading, shares};
use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::measure::signature;
use crate::text::{clean, ems};
use crate::typeset::{page, printable, typeset_closer};
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../../templates/letter.typ");

/// What a letter that is not signed says on every page.
pub(crate) const DRAFT_MARK: &str = "审签稿";
/// And below it on the first.
pub(crate) const DRAFT_NOTE: &str = "签发前不得送达";
/// The date before it is known.
pub(crate) const NO_DATE: &str = "　　　　年　　月　　日";
/// The distance of lines, and that which may save a page: where the rest of a page does not hold seal and date, lines
/// may be moved closer (GB/T 9704-2012 §7.3.5.5).
const PITCH: f64 = 28.0;
const CLOSER: f64 = 26.0;
/// A line of the title has this many characters of 2号.
const TITLE_LINE: f64 = 20.0;

/// The letter as a PDF file: PDF/A-2a and PDF/UA-1, in the 信函格式 of GB/T 9704-2012 §10.1.
///
/// The red name of the authority and the two red lines are on the first page, which has no page number; the following
/// pages have theirs. A character that no installed font has is printed as 〓.
///
/// # Errors
/// [`PaperError::NoFonts`] without a Chinese font; [`PaperError::Pdf`] if the typesetter refuses.
pub fn letter_pdf(letter: &OfficialLetter, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let faces = fonts.faces()?;
    let known = |text: &str| printable(text, fonts.store().book());
    let all = |texts: &[String]| texts.iter().map(|t| known(t)).collect::<Vec<_>>();
    let text = &letter.text;
    let (lines, seal) = sign(letter);
    let date = letter.made_on.unwrap_or(letter.printed_on);
    let mut data = json!({
        "pitch": PITCH,
        "fonts": faces,
        "page": page(),
        "issuer": known(&letter.issuer),
        "mark_size": letter.mark_size(),
        "number": letter.number.as_deref().map(known),
        "title": known(&text.title),
        "title_lines": title_lines(&text.title).iter().map(|l| known(l)).collect::<Vec<_>>(),
        "date": [date.year(), i16::from(date.month()), i16::from(date.day())],
        "addressee": text.addressee.as_deref().map(known),
        "body": body(&text.body, &known),
        "attachments": all(&letter.attachment_lines()),
        "signature": lines.iter().map(|(line, indent)| json!({ "text": known(line), "indent": indent })).collect::<Vec<_>>(),
        "seal": seal,
        "notes": all(&text.notes),
        "copies": all(&text.copies),
        "draft": letter.draft,
        "draft_mark": DRAFT_MARK,
        "draft_note": DRAFT_NOTE,
    });
    let standard = data.clone();
    data["pitch"] = CLOSER.into();
    typeset_closer(TEMPLATE, &standard, &data, fonts)
}

/// The lines of the signature with their distance from the right edge in ems, and that of the middle of the seal in
/// points.
pub(super) fn sign(letter: &OfficialLetter) -> (Vec<(String, f64)>, f64) {
    let name = clean(&letter.signed_by);
    let date = match letter.made_on {
        None if letter.draft => NO_DATE.to_owned(),
        _ => letter.date(),
    };
    let (name_indent, date_indent) = signature(&name, &date);
    let middle =
        if date.is_empty() { name_indent + ems(&name) / 2.0 } else { date_indent + ems(&date) / 2.0 };
    let lines = [(name, name_indent), (date, date_indent)].into_iter().filter(|(line, _)| !line.is_empty());
    (lines.collect(), middle * 16.0)
}

/// The title in lines of about the same length, the upper ones not shorter (GB/T 9704-2012 §7.3.1: 排列对称).
pub(super) fn title_lines(title: &str) -> Vec<String> {
    let title = clean(title);
    let lines = (ems(&title) / TITLE_LINE).ceil().max(1.0);
    let length = ems(&title) / lines;
    let mut out = vec![String::new()];
    for c in title.chars() {
        let line = out.last_mut();
        // Closing marks never begin a line.
        let full = line.as_ref().is_some_and(|l| ems(l) + 0.01 >= length) && !"，。、；：）》”〕".contains(c);
        match line {
            Some(line) if !full => line.push(c),
            _ => out.push(c.to_string()),
        }
    }
    out
}

fn body(blocks: &[Block], known: &impl Fn(&str) -> String) -> Value {
    // A second level without a first before it would skip a level, which a tagged file must not.
    let mut first_seen = false;
    let kept = kept(blocks);
    let block = |(i, block): (usize, &Block)| {
        let keep = i >= kept;
        match block {
            Block::Quote(text) => json!({ "kind": "quote", "text": known(text), "keep": keep }),
            Block::Table(rows) => {
                let short =
                    |x: usize| rows.iter().skip(1).all(|row| row.get(x).is_none_or(|c| ems(c) <= 8.0));
                json!({
                    "kind": "table",
                    "shares": shares(rows),
                    "short": (0..rows.first().map_or(0, Vec::len)).map(short).collect::<Vec<_>>(),
                    "rows": rows.iter().map(|row| row.iter().map(|c| known(c)).collect::<Vec<_>>()).collect::<Vec<_>>(),
                })
            }
            Block::Text { level: level @ (Level::First | Level::Second), text } => {
                let depth = if *level == Level::Second && first_seen { 2 } else { 1 };
                first_seen |= *level == Level::First;
                match heading(text) {
                    (head, "") => json!({ "kind": "heading", "level": depth, "text": known(head) }),
                    (head, rest) => {
                        let face = if *level == Level::First { 1 } else { 2 };
                        json!({ "kind": "text", "level": face, "head": known(head), "text": known(rest), "keep": keep })
                    }
                }
            }
            Block::Text { text, .. } => {
                json!({ "kind": "text", "level": 0, "head": "", "text": known(text), "keep": keep })
            }
        }
    };
    blocks.iter().enumerate().map(block).collect()
}

/// The first of the last paragraphs that stay on the page of the signature: the last, and the one before it if the last
/// is a line such as 特此告知.
pub(super) fn kept(blocks: &[Block]) -> usize {
    const LINE: f64 = 26.0;
    let last = blocks.len().saturating_sub(1);
    match blocks.last() {
        Some(Block::Text { text, .. } | Block::Quote(text)) if ems(text) <= LINE => last.saturating_sub(1),
        _ => last,
    }
}
