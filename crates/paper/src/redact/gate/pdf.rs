//! PDF: the pages as they are drawn, and everything that lies in the bytes.

use super::Search;
use crate::plain::{BREAK, Plain, Term};
use crate::redact::pdf::raw::{Filter, Raw, RawStream, find, has_name};
use crate::redact::pdf::syntax::{Meaning, Token, meaning, strings};
use crate::redact::pdf::{self, read};
use crate::redact::unusable::Unusable;

/// One stream unpacked, as far as it is no picture.
const MAX_STREAM: usize = 48 * 1024 * 1024;
/// Strings that are read through the maps of all fonts; more are refused.
const MAX_DECODED: usize = 400 * 1024 * 1024;

/// Names that carry what a reader of the pages does not see, or that act.
const HIDDEN: [(&str, &str); 17] = [
    ("JavaScript", "脚本"),
    ("JS", "脚本"),
    ("EmbeddedFile", "附件"),
    ("EmbeddedFiles", "附件"),
    ("FileAttachment", "附件"),
    ("AcroForm", "表单域"),
    ("XFA", "表单域"),
    ("OCProperties", "图层"),
    ("Launch", "启动程序的动作"),
    ("RichMedia", "多媒体"),
    ("Movie", "多媒体"),
    ("Popup", "批注"),
    ("FreeText", "批注"),
    ("Highlight", "批注"),
    ("Redact", "未执行的遮盖标记"),
    ("PieceInfo", "编辑软件的私有数据"),
    ("Encrypt", "加密"),
];

pub(super) fn search(bytes: &[u8], search: &mut Search) {
    if let Err(unusable) = pdf::check(bytes) {
        search.unusable(&unusable);
    } else if let Err(unusable) = drawn(bytes, search) {
        search.unreadable("页面", &unusable.to_string().replace('。', ""));
    }
    lying(bytes, search);
}

/// The first way: what the pages show.
fn drawn(bytes: &[u8], search: &mut Search) -> Result<(), Unusable> {
    let sheets: Vec<read::Sheet> = pdf::isolated(|| {
        let pdf = pdf::open(bytes)?;
        Ok(pdf.pages().iter().map(read::Sheet::read).collect())
    })?;
    for (n, sheet) in sheets.iter().enumerate() {
        let place = format!("第{}页", n + 1);
        if sheet.unreadable > 0 || sheet.overfull {
            search.unreadable(&place, "部分文字");
        }
        let texts = sheet.searchable();
        let there = |term: &Term| texts.iter().any(|text| !text.find(term).is_empty());
        let found: Vec<usize> = (0..search.terms.len()).filter(|n| there(&search.terms[*n])).collect();
        found.into_iter().for_each(|n| search.found(&place, n));
    }
    Ok(())
}

/// The second way: what lies in the bytes, whether or not a page shows it.
fn lying(bytes: &[u8], search: &mut Search) {
    let raw = Raw::scan(bytes);
    revisions(bytes, &raw, search);
    let mut syntax = raw.rest.clone();
    let mut contents: Vec<Vec<u8>> = Vec::new();
    let mut maps: Vec<Meaning> = Vec::new();
    let mut size = 0;
    for stream in &raw.streams {
        match unpacked(stream, search) {
            Some(data) if stream.is("Type", "ObjStm") => {
                syntax.push(b'\n');
                syntax.extend_from_slice(&data);
            }
            Some(data) => {
                size += data.len();
                if let Some(map) = meaning(&data) {
                    maps.push(map);
                }
                contents.push(data);
            }
            None => {}
        }
        if size > MAX_DECODED {
            return search.unreadable("文件数据", "过大的内容");
        }
    }
    for (name, what) in HIDDEN {
        if has_name(&syntax, name) {
            search.hidden("文件", what);
        }
    }
    if has_subtype_text(&syntax) {
        search.hidden("文件", "批注");
    }
    search.raw("文件数据", &syntax, false);
    said("文档信息、书签或者批注", &syntax, &[], search);
    let mut read = 0;
    for data in &contents {
        search.raw("文件数据", data, false);
        if is_content(data) {
            read += data.len() * (1 + maps.len());
            if read > MAX_DECODED {
                return search.unreadable("文件数据", "过大的内容");
            }
            said("文件数据", data, &maps, search);
        } else {
            metadata(data, search);
        }
    }
}

/// The data of a stream, if there are words in it at all.
fn unpacked(stream: &RawStream<'_>, search: &mut Search) -> Option<Vec<u8>> {
    let Ok(filters) = stream.filters() else {
        search.unreadable("文件数据", "压缩方式");
        return None;
    };
    if filters.contains(&Filter::Dct) {
        let data = stream.data;
        // A picture of a page may carry metadata of its own.
        if filters == [Filter::Dct] {
            super::picture::search(data, "页面图片", search);
        }
        return None;
    }
    if stream.size().is_some()
        && !stream.is("Type", "ObjStm")
        && filters.iter().any(|f| matches!(f, Filter::Bitmap | Filter::Jpx))
    {
        return None;
    }
    match stream.decoded(MAX_STREAM) {
        // Pixels: their bytes say nothing by chance only.
        Ok(data) if stream.is("Subtype", "Image") => {
            search.raw("页面图片", &data, true);
            None
        }
        Ok(data) => Some(data.into_owned()),
        Err(_) => {
            search.unreadable("文件数据", "压缩方式");
            None
        }
    }
}

/// A file that was saved upon itself keeps what it was before.
fn revisions(bytes: &[u8], raw: &Raw<'_>, search: &mut Search) {
    let count = |word: &[u8]| {
        let (mut n, mut at) = (0, 0);
        while let Some(found) = find(&raw.rest, word, at) {
            (n, at) = (n + 1, found + word.len());
        }
        n
    };
    let linearized = find(&bytes[..bytes.len().min(2048)], b"/Linearized", 0).is_some();
    if count(b"startxref") > if linearized { 2 } else { 1 } {
        search.hidden("文件", "保存前的旧版本");
    }
    if let Some(end) = bytes.windows(5).rposition(|w| w == b"%%EOF")
        && bytes[end + 5..].iter().any(|b| !b.is_ascii_whitespace())
    {
        search.hidden("文件", "文件末尾的附加数据");
        search.bytes("文件", &bytes[end + 5..]);
    }
}

/// `/Subtype /Text` is a note that opens.
fn has_subtype_text(syntax: &[u8]) -> bool {
    let mut at = 0;
    while let Some(found) = find(syntax, b"/Subtype", at) {
        at = found + 8;
        let rest = syntax[at..].trim_ascii_start();
        if rest.starts_with(b"/Text") && rest.get(5).is_none_or(|b| !b.is_ascii_alphanumeric()) {
            return true;
        }
    }
    false
}

fn is_content(data: &[u8]) -> bool {
    [&b"Tj"[..], b"TJ", b"'", b"\""].iter().any(|word| find(data, word, 0).is_some())
        && find(data, b"BT", 0).is_some()
}

/// Metadata, scripts, attachments and whatever else a stream may be.
fn metadata(data: &[u8], search: &mut Search) {
    if data.starts_with(b"PK\x03\x04") {
        search.hidden("附件", "压缩包");
        return search.within("附件", |search| super::package::search(data, search));
    }
    if data.starts_with(b"%PDF-") {
        search.hidden("附件", "PDF文件");
        return search.within("附件", |search| lying(data, search));
    }
    if let Ok(text) = crate::redact::xml::decoded(data) {
        search.text("元数据", &text);
        let mut bare = String::new();
        let mut inside = false;
        for c in text.chars() {
            match c {
                '<' => inside = true,
                '>' => {
                    inside = false;
                    bare.push(BREAK);
                }
                c if !inside => bare.push(c),
                _ => {}
            }
        }
        search.text("元数据", &bare);
    } else {
        search.bytes("文件数据", data);
    }
    said("文件数据", data, &[], search);
}

/// The strings of PDF syntax in every reading: alone, and joined as text is drawn.
fn said(place: &str, syntax: &[u8], maps: &[Meaning], search: &mut Search) {
    let tokens = strings(syntax);
    let readings: [fn(&[u8]) -> String; 4] = [
        |b| encoding_rs::GB18030.decode_without_bom_handling(b).0.into_owned(),
        |b| b.iter().map(|b| char::from(*b)).collect(),
        |b| {
            encoding_rs::UTF_16BE
                .decode_without_bom_handling(b.strip_prefix(&[0xfe, 0xff]).unwrap_or(b))
                .0
                .into_owned()
        },
        |b| String::from_utf8_lossy(b.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(b)).into_owned(),
    ];
    for reading in readings {
        joined(place, &tokens, reading, search);
    }
    for map in maps {
        joined(place, &tokens, |bytes| mapped(bytes, map), search);
    }
}

fn joined(place: &str, tokens: &[Token], reading: impl Fn(&[u8]) -> String, search: &mut Search) {
    let mut text = String::new();
    let drawn = tokens.contains(&Token::End);
    for token in tokens {
        match token {
            Token::String(bytes) => {
                text.push_str(&reading(bytes));
                // Outside of drawing, two strings are two values.
                if !drawn {
                    text.push(BREAK);
                }
            }
            Token::End => text.push(BREAK),
        }
    }
    search.plain(place, &Plain::new(&text), drawn);
}

fn mapped(bytes: &[u8], map: &Meaning) -> String {
    let (mut text, mut at) = (String::new(), 0);
    while at < bytes.len() {
        let known = (1..=4_usize).rev().find_map(|length| {
            let code = bytes.get(at..at + length)?.iter().fold(0_u32, |n, b| n << 8 | u32::from(*b));
            map.get(&(length, code)).map(|text| (length, text))
        });
        match known {
            Some((length, known)) => {
                text.push_str(known);
                at += length;
            }
            None => at += 1,
        }
    }
    text
}
