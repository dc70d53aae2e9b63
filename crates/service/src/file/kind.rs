//! What a file is, judged by its content and never by its name, and whether it may come in.
//!
//! Taken are documents and pictures that need no program of their own to be read. Refused, each with a sentence that
//! says what to do: programs and scripts, pages (HTML, SVG), archives, documents with a password or with macros,
//! decompression bombs, and what is cut off. Everything is bounded: nothing is decompressed without counting.

use super::package;
use encoding_rs::{Encoding, GB18030, UTF_8};
use law::Refusal;
use law::docket::file::Media;

/// The endings a door may offer in its file dialogue; what counts is the content.
pub const ENDINGS: &str = ".pdf,.docx,.xlsx,.ofd,.png,.jpg,.jpeg,.tif,.tiff,.txt,.csv";
/// What is taken, for hints and refusals.
pub const TAKEN: &str = "PDF、Word（DOCX）、Excel（XLSX）、OFD、图片（PNG、JPEG、TIFF）、文本（TXT、CSV）";

/// Pixels a picture may have: an A3 page at 1200 dpi has 280 million.
const PIXELS: u64 = 300_000_000;
/// Compound files of Microsoft: the Office formats before 2007, and sealed ones since.
const COMPOUND: &[u8] = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1";
/// Beginnings of programs: Windows, Linux, macOS, Java, WebAssembly, shortcuts.
const PROGRAMS: [&[u8]; 9] = [
    b"MZ",
    b"\x7FELF",
    b"\xFE\xED\xFA\xCE",
    b"\xFE\xED\xFA\xCF",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"\xCA\xFE\xBA\xBE",
    b"\0asm",
    b"L\0\0\0\x01\x14\x02\0",
];
/// Beginnings of archives: RAR, 7-Zip, gzip, bzip2, xz, Zstandard, empty and split ZIP.
const ARCHIVES: [&[u8]; 8] = [
    b"Rar!",
    b"7z\xBC\xAF\x27\x1C",
    b"\x1F\x8B",
    b"BZh",
    b"\xFD7zXZ\0",
    b"\x28\xB5\x2F\xFD",
    b"PK\x05\x06",
    b"PK\x07\x08",
];
/// Beginnings of texts that a program would run or a browser would show.
const SCRIPTS: [&str; 12] = [
    "#!",
    "<!doctype",
    "<html",
    "<head",
    "<body",
    "<script",
    "<svg",
    "<?xml",
    "<?php",
    "<%",
    "@echo",
    "mime-version:",
];

/// A refusal of this module; the code begins with `file-`.
pub(super) fn no(code: &str, text: impl Into<String>) -> Refusal {
    Refusal::new(code, text, "")
}

/// What the content is.
///
/// # Errors
/// Why it may not come in.
pub fn judge(content: &[u8], name: &str) -> Result<Media, Refusal> {
    let begins = |all: &[&[u8]]| all.iter().any(|start| content.starts_with(start));
    if content.is_empty() {
        return Err(no("file-empty", "文件是空的，请重新选择"));
    }
    if begins(&PROGRAMS) {
        let text = "这是可执行程序，不是文档，不能上传；请上传PDF、Word、Excel、OFD文件或者图片";
        return Err(no("file-program", text));
    }
    if begins(&ARCHIVES) {
        return Err(package::archive());
    }
    if content.starts_with(b"%PDF-") {
        return pdf(content);
    }
    if content.starts_with(b"PK\x03\x04") {
        return package::judge(content);
    }
    if content.starts_with(COMPOUND) {
        return Err(compound(content));
    }
    if content.starts_with(b"\x89PNG\r\n\x1A\n") {
        return picture(Media::Png, png(content));
    }
    if content.starts_with(b"\xFF\xD8\xFF") {
        return picture(Media::Jpeg, jpeg(content));
    }
    if content.starts_with(b"II*\0") || content.starts_with(b"MM\0*") {
        return picture(Media::Tiff, tiff(content));
    }
    text(content, name)
}

pub(super) fn broken() -> Refusal {
    no("file-broken", "文件不完整或者已经损坏，请打开核对后重新上传")
}

pub(super) fn encrypted() -> Refusal {
    no("file-encrypted", "文件设有密码，请去掉密码后重新上传")
}

fn pdf(content: &[u8]) -> Result<Media, Refusal> {
    let tail = &content[content.len().saturating_sub(4096)..];
    if !content.get(5).is_some_and(u8::is_ascii_digit) || find(tail, b"%%EOF").is_none() {
        return Err(broken());
    }
    // The trailer, or the dictionary of the cross-reference stream, names the encryption in plain text; it is either
    // a reference or a dictionary.
    let mut rest = content;
    while let Some(at) = find(rest, b"/Encrypt") {
        rest = &rest[at + b"/Encrypt".len()..];
        let after = rest.iter().position(|b| !b.is_ascii_whitespace());
        let next = after.and_then(|n| rest.get(n));
        if next.is_some_and(|b| b.is_ascii_digit() || *b == b'<') {
            return Err(encrypted());
        }
    }
    Ok(Media::Pdf)
}

/// Why no compound file is taken: those of Office before 2007 hide macros where no small check finds them.
fn compound(content: &[u8]) -> Refusal {
    let has = |name: &str| {
        let wide: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
        find(content, &wide).is_some()
    };
    if has("EncryptedPackage") {
        return encrypted();
    }
    if has("WordDocument") {
        return no("file-old-office", "这是旧版Word文档，请另存为DOCX或者PDF后上传");
    }
    if has("Workbook") || has("Book") {
        return no("file-old-office", "这是旧版Excel表格，请另存为XLSX或者PDF后上传");
    }
    unknown()
}

fn unknown() -> Refusal {
    no("file-kind", format!("不能上传这种文件，请转换为以下格式之一：{TAKEN}"))
}

fn picture(media: Media, size: Option<(u32, u32)>) -> Result<Media, Refusal> {
    match size {
        Some((w, h)) if w > 0 && h > 0 && u64::from(w) * u64::from(h) <= PIXELS => Ok(media),
        Some((w, h)) if w > 0 && h > 0 => {
            Err(no("file-bomb", format!("图片有{w}×{h}像素，请降低扫描精度后重新上传")))
        }
        _ => Err(broken()),
    }
}

fn word(content: &[u8], at: usize, little: bool) -> Option<u32> {
    let bytes: [u8; 4] = content.get(at..at.checked_add(4)?)?.try_into().ok()?;
    Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
}

fn half(content: &[u8], at: usize, little: bool) -> Option<u16> {
    let bytes: [u8; 2] = content.get(at..at.checked_add(2)?)?.try_into().ok()?;
    Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
}

/// Width and height of a PNG that is not cut off (ISO/IEC 15948, 11.2.2).
fn png(content: &[u8]) -> Option<(u32, u32)> {
    let tail = &content[content.len().saturating_sub(1024)..];
    find(tail, b"IEND")?;
    (content.get(12..16)? == b"IHDR").then_some(())?;
    Some((word(content, 16, false)?, word(content, 20, false)?))
}

/// Width and height of a JPEG: its frame header, found segment by segment (ITU-T T.81, B.1.1.4).
fn jpeg(content: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        (*content.get(at)? == 0xFF).then_some(())?;
        let marker = *content.get(at + 1)?;
        match marker {
            // Fill bytes.
            0xFF => at += 1,
            0xC0..=0xCF if !matches!(marker, 0xC4 | 0xC8 | 0xCC) => {
                let (h, w) = (half(content, at + 5, false)?, half(content, at + 7, false)?);
                return Some((w.into(), h.into()));
            }
            0x01 | 0xD0..=0xD7 => at += 2,
            // The picture before its header, or its end: no picture.
            0xD9 | 0xDA => return None,
            _ => at += 2 + usize::from(half(content, at + 2, false)?.max(2)),
        }
    }
}

/// Width and height of the first page of a TIFF (TIFF 6.0, section 2).
fn tiff(content: &[u8]) -> Option<(u32, u32)> {
    let little = content.starts_with(b"II");
    let directory = usize::try_from(word(content, 4, little)?).ok()?;
    let (mut width, mut height) = (None, None);
    for n in 0..usize::from(half(content, directory, little)?) {
        let entry = directory + 2 + n * 12;
        let value = match half(content, entry + 2, little)? {
            3 => half(content, entry + 8, little)?.into(),
            _ => word(content, entry + 8, little)?,
        };
        match half(content, entry, little)? {
            256 => width = Some(value),
            257 => height = Some(value),
            _ => {}
        }
    }
    width.zip(height)
}

/// Text that says by its name that it is text, without control characters, and nothing a program would run.
fn text(content: &[u8], name: &str) -> Result<Media, Refusal> {
    let media = match name.rsplit_once('.').map(|(_, ending)| ending.trim().to_ascii_lowercase()).as_deref() {
        Some("txt") => Media::Text,
        Some("csv") => Media::Csv,
        _ => return Err(script(content).unwrap_or_else(unknown)),
    };
    let plain = |c: char| !c.is_control() || matches!(c, '\t' | '\r' | '\n' | '\u{c}');
    match decoded(content) {
        Some(text) if text.chars().all(plain) => script(content).map_or(Ok(media), Err),
        _ => Err(unknown()),
    }
}

fn script(content: &[u8]) -> Option<Refusal> {
    let start = decoded(&content[..content.len().min(512)])
        .unwrap_or_else(|| String::from_utf8_lossy(&content[..content.len().min(512)]).into_owned());
    let start = start.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_lowercase();
    SCRIPTS
        .iter()
        .any(|s| start.starts_with(s))
        .then(|| no("file-script", "这是网页或者脚本，不是文档，不能上传；请把内容另存为PDF后上传"))
}

/// Text in UTF-8, in UTF-16 with its mark, or in GB18030.
pub(crate) fn decoded(content: &[u8]) -> Option<String> {
    let whole = |encoding: &'static Encoding, bytes: &[u8]| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).map(|text| text.into_owned())
    };
    if let Some((encoding, mark)) = Encoding::for_bom(content) {
        return whole(encoding, &content[mark..]);
    }
    whole(UTF_8, content).or_else(|| whole(GB18030, content))
}

/// Where a piece begins.
fn find(content: &[u8], piece: &[u8]) -> Option<usize> {
    let first = *piece.first()?;
    let mut from = 0;
    // The first byte is searched for by the library, which does it fast; the rest is compared where it was found.
    while let Some(n) = content.get(from..)?.iter().position(|b| *b == first) {
        let at = from + n;
        if content[at..].starts_with(piece) {
            return Some(at);
        }
        from = at + 1;
    }
    None
}

#[cfg(test)]
#[path = "kind_tests.rs"]
mod tests;
