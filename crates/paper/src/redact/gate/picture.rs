//! Pictures: every segment that is not pixels.

use super::Search;
use crate::redact::pdf::raw::inflated;

/// A text in a picture may be packed; more than this is no text.
const MAX_TEXT: usize = 16 * 1024 * 1024;

pub(super) fn search(bytes: &[u8], place: &str, search: &mut Search) {
    match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes, place, search),
        [0xff, 0xd8, ..] => jpeg(bytes, place, search),
        _ => search.unreadable(place, "图片格式"),
    }
    if let Err(unusable) = crate::redact::picture::check(bytes) {
        search.unreadable(place, &unusable.to_string().replace('。', ""));
    }
}

/// Chunks that hold or lay out pixels (PNG, third edition, 11.2 and 11.3 without texts, times and EXIF).
const PIXELS: [&[u8; 4]; 12] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"sBIT", b"sRGB", b"pHYs", b"bKGD",
    b"cICP",
];

fn png(bytes: &[u8], place: &str, search: &mut Search) {
    let mut at = 8;
    loop {
        let Some([a, b, c, d, name @ ..]) = bytes.get(at..at + 8) else {
            return search.unreadable(place, "图片结构");
        };
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        let Some(data) = bytes.get(at + 8..(at + 8).saturating_add(length)) else {
            return search.unreadable(place, "图片结构");
        };
        if !PIXELS.iter().any(|p| p[..] == *name) {
            search.hidden(place, &format!("图片元数据（{}）", String::from_utf8_lossy(name)));
            search.bytes(place, data);
            // Keyword, method, packed text; or keyword, flags, language, keyword, packed text.
            for skipped in data.iter().enumerate().filter(|(_, b)| **b == 0x78).map(|(n, _)| n).take(64) {
                if let Ok(text) = inflated(&data[skipped..], MAX_TEXT) {
                    search.bytes(place, &text);
                }
            }
        }
        at += 12 + length;
        if name == b"IEND" {
            break;
        }
    }
    trailing(bytes.get(at..).unwrap_or_default(), place, search);
}

fn jpeg(bytes: &[u8], place: &str, search: &mut Search) {
    let mut at = 2;
    loop {
        let (marker, data) = match bytes.get(at..) {
            Some([0xff, 0xff, ..]) => {
                at += 1;
                continue;
            }
            Some([0xff, 0xd9, ..]) => break,
            Some([0xff, marker, high, low, ..]) => {
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                match bytes.get(at + 4..(at + 2 + length).max(at + 4)) {
                    Some(data) => (*marker, data),
                    None => return search.unreadable(place, "图片结构"),
                }
            }
            _ => return search.unreadable(place, "图片结构"),
        };
        at += 4 + data.len();
        let plain = match marker {
            // Tables, frames, scans.
            0xc0..=0xcf | 0xda..=0xdd => true,
            // JFIF without a thumbnail, colour profile, colour transform.
            0xe0 => data.starts_with(b"JFIF\0") && data.len() <= 14,
            0xe2 => data.starts_with(b"ICC_PROFILE\0"),
            0xee => data.starts_with(b"Adobe") && data.len() <= 12,
            _ => false,
        };
        if !plain {
            let name = match marker {
                0xe1 => "EXIF或者XMP",
                0xfe => "注释",
                0xed => "IPTC",
                _ => "其他",
            };
            search.hidden(place, &format!("图片元数据（{name}）"));
        }
        if !matches!(marker, 0xc0..=0xcf | 0xda..=0xdd) {
            search.bytes(place, data);
        }
        if marker == 0xda {
            // The scan goes on to the next marker that is no restart and no stuffed byte.
            at = scan_end(bytes, at);
        }
    }
    trailing(bytes.get(at + 2..).unwrap_or_default(), place, search);
}

fn scan_end(bytes: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(next) = bytes.get(at..).and_then(|rest| rest.iter().position(|b| *b == 0xff)) {
        at += next;
        match bytes.get(at + 1) {
            Some(0x00 | 0xd0..=0xd7 | 0xff) => at += 1,
            _ => return at,
        }
    }
    bytes.len()
}

fn trailing(rest: &[u8], place: &str, search: &mut Search) {
    if !rest.is_empty() {
        search.hidden(place, "图片末尾的附加数据");
        search.bytes(place, rest);
    }
}
