//! Published annual reports in: any 政府信息公开工作年度报告, in either form, from a web page, PDF, DOCX, Markdown or text.
//!
//! A file becomes a [`Document`]: lines and grids in the order of reading, each with its place (`block.rs`). Labels are
//! matched by their words (`label.rs`), never by position alone; rows without a label, and figures that stand apart, count
//! only if every equation of the form then holds (`requests.rs`). Deterministic and offline. What cannot be proved is
//! refused with a reason; a number is never guessed, and a blank stays blank.
//!
//! To add a kind of file: one module that makes a [`Document`], and one line in [`document()`].

mod block;
mod disputes;
mod docx;
mod drawn;
mod encoding;
mod html;
mod label;
mod normal;
mod outline;
mod pdf;
mod proactive;
mod proof;
mod record;
mod report;
mod requests;
mod table;
mod text;
mod unreadable;
mod value;
mod weave;

use std::borrow::Cow;

pub use block::{At, Block, Cell, Document, Grid, Kind, Line};
pub use report::{Reading, RefusedTable};
pub use unreadable::Unreadable;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// How files begin that are no text: RTF, pictures, archives, programs.
const OTHERS: [&[u8]; 9] = [
    b"{\\rtf",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"II*\0",
    b"\x1f\x8b",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
];

/// Reads a published report.
///
/// # Errors
/// [`Unreadable`]: a sentence that says why, and what would help.
pub fn read(bytes: &[u8]) -> Result<Reading, Unreadable> {
    let cut = is_cut(bytes);
    let reading = report::report(document(bytes)?);
    match reading {
        // A page that ends in the middle is no report with empty parts.
        Ok(reading) if cut && !report::is_complete(&reading) => Err(Unreadable::Broken),
        Err(Unreadable::NoReport) if cut => Err(Unreadable::Broken),
        other => other,
    }
}

/// The lines and tables of a file, by its content; its name is not asked.
///
/// # Errors
/// [`Unreadable`] for what is no such file.
pub fn document(bytes: &[u8]) -> Result<Document, Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    let head = &bytes[..bytes.len().min(1024)];
    if head.windows(5).any(|w| w == b"%PDF-") {
        return pdf::blocks(bytes);
    }
    match bytes {
        [b'P', b'K', 3 | 5 | 7, ..] => return docx::blocks(bytes),
        [0xd0, 0xcf, 0x11, 0xe0, ..] => return Err(Unreadable::OldOffice),
        _ => {}
    }
    if OTHERS.iter().any(|start| head.starts_with(start)) || is_binary(head) {
        return Err(Unreadable::UnknownKind);
    }
    let text = encoding::decoded(bytes)?;
    let text = end_marked(&text);
    Ok(if !is_markup(&text) {
        text::blocks(&text)
    } else if is_markdown(&text) {
        mixed(&text)
    } else {
        html::blocks(&text)
    })
}

/// A text that ends with a digit may end in the middle of a figure: the last one is made one that cannot be read.
fn end_marked(text: &str) -> Cow<'_, str> {
    if text.ends_with(|c: char| c.is_ascii_digit() || ('０'..='９').contains(&c)) {
        Cow::Owned(format!("{text}…"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Bytes that no text has: control characters that are neither blanks nor part of UTF-16.
fn is_binary(head: &[u8]) -> bool {
    let wide = head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]);
    let control = head.iter().filter(|b| matches!(b, 1..=8 | 14..=26 | 28..=31)).count();
    !wide && control * 20 > head.len()
}

/// Whether a text is markup: it has tags of a page.
fn is_markup(text: &str) -> bool {
    const TAGS: [&str; 8] = ["html", "body", "table", "td", "div", "p", "span", "tr"];
    let mut found = 0;
    for at in text.match_indices('<').map(|(at, _)| at).take(2000) {
        let name = text[at + 1..].trim_start_matches('/');
        let end = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        if TAGS.iter().any(|t| name[..end].eq_ignore_ascii_case(t)) {
            found += 1;
            if found >= 3 {
                return true;
            }
        }
    }
    false
}

/// Whether a text with tags is Markdown, in which tables with merged cells can only be written as markup: it has headings
/// of Markdown, or no tag beside its tables.
fn is_markdown(text: &str) -> bool {
    let page = ["<html", "<body", "<HTML", "<BODY"].iter().any(|tag| text.contains(tag));
    let headed = || text.lines().any(|line| line.starts_with("# ") || line.starts_with("## "));
    !page && (headed() || !has_tags_beside_tables(text))
}

fn has_tags_beside_tables(text: &str) -> bool {
    let mut rest = text;
    loop {
        let at = rest.find("<table").unwrap_or(rest.len());
        if is_tagged(&rest[..at]) {
            return true;
        }
        let Some(end) = rest[at..].find("</table>") else { return at < rest.len() };
        rest = &rest[at + end + "</table>".len()..];
    }
}

/// Whether a part of a text holds a tag.
fn is_tagged(text: &str) -> bool {
    text.match_indices('<')
        .any(|(at, _)| text[at + 1..].starts_with(|c: char| c == '/' || c == '!' || c.is_ascii_alphabetic()))
}

/// Markdown with tables as markup: the lines between them, and each table.
fn mixed(text: &str) -> Document {
    let mut document = Document::new(Kind::Text);
    let (mut rest, mut lines) = (text, 0);
    while let Some(at) = rest.find("<table") {
        let end = rest[at..].find("</table>").map_or(rest.len(), |end| at + end + "</table>".len());
        document.append(text::blocks(&rest[..at]), lines);
        document.append(html::blocks(&rest[at..end]), 0);
        lines += rest[..end].matches('\n').count();
        rest = &rest[end..];
    }
    document.append(text::blocks(rest), lines);
    document
}

/// Whether a file ends before its end: a page without its closing tag, a PDF file without its last line.
fn is_cut(bytes: &[u8]) -> bool {
    let has = |part: &[u8], tag: &[u8]| part.windows(tag.len()).any(|w| w.eq_ignore_ascii_case(tag));
    let head = &bytes[..bytes.len().min(4096)];
    let tail = &bytes[bytes.len().saturating_sub(2048)..];
    if has(&head[..head.len().min(1024)], b"%PDF-") {
        return !has(tail, b"%%EOF");
    }
    has(head, b"<html") && !has(&bytes[bytes.len().saturating_sub(65_536)..], b"</html")
}
