//! Bytes of a page or a text file as characters: UTF-8, UTF-16, and GB18030 with all it contains (GBK, GB 2312).

use super::Unreadable;
use encoding_rs::{Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// Of a thousand characters that are not ASCII, so many may be damaged: single letters of old pages are, whole pages
/// never.
const MAX_DAMAGED: usize = 20;

/// The characters of a file. What is declared in it (`charset=gb2312`) is not believed against the bytes.
///
/// # Errors
/// [`Unreadable::Garbled`] if it is in none of these encodings.
pub(super) fn decoded(bytes: &[u8]) -> Result<Cow<'_, str>, Unreadable> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok(encoding.decode_without_bom_handling(&bytes[mark..]).0);
    }
    if let Some(wide) = wide(bytes) {
        return Ok(wide.decode_without_bom_handling(bytes).0);
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return remade(text);
    }
    // A last character that was cut in two does not make it another encoding.
    for encoding in [UTF_8, GB18030] {
        let (text, damaged) = encoding.decode_without_bom_handling(bytes);
        if !damaged || is_nearly_whole(&text) {
            return remade(&text).map(|t| Cow::Owned(t.into_owned()));
        }
    }
    Err(Unreadable::Garbled)
}

/// UTF-16 without a mark: every other byte of markup or of line ends is zero.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(512)];
    let zeros = |first: usize| head.iter().skip(first).step_by(2).filter(|b| **b == 0).count();
    // 一 is U+4E00: single zeros stand on the other side as well.
    match (zeros(0), zeros(1)) {
        (high, low) if high > head.len() / 16 && high > low * 4 => Some(UTF_16BE),
        (high, low) if low > head.len() / 16 && low > high * 4 => Some(UTF_16LE),
        _ => None,
    }
}

fn is_nearly_whole(text: &str) -> bool {
    let (mut damaged, mut wide) = (0_usize, 0_usize);
    for c in text.chars().filter(|c| !c.is_ascii()) {
        wide += 1;
        damaged += usize::from(c == '\u{fffd}');
    }
    damaged <= 1 || damaged * 1000 <= wide * MAX_DAMAGED
}

/// Words of every report; a text that holds none of them may have been decoded wrongly before it was stored.
const EXPECTED: [&str; 4] = ["信息公开", "報告", "报告", "公開"];

/// A text that was taken for another encoding once and stored so is brought back, if that is possible without a loss.
fn remade(text: &str) -> Result<Cow<'_, str>, Unreadable> {
    if text.is_ascii() || EXPECTED.iter().any(|word| text.contains(word)) {
        return Ok(Cow::Borrowed(text));
    }
    for wrong in [encoding_rs::WINDOWS_1252, GB18030] {
        let (bytes, _, unmappable) = wrong.encode(text);
        if unmappable {
            continue;
        }
        for right in [UTF_8, GB18030] {
            let (remade, damaged) = right.decode_without_bom_handling(&bytes);
            if !damaged && EXPECTED.iter().any(|word| remade.contains(word)) {
                return Ok(Cow::Owned(remade.into_owned()));
            }
        }
    }
    Ok(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "某市2024年政府信息公开工作年度报告，依申请公开12件";

    #[test]
    fn every_encoding_of_the_field_is_read() {
        let utf_16 = |big: bool| -> Vec<u8> {
            let pair = |c: u16| if big { c.to_be_bytes() } else { c.to_le_bytes() };
            format!("<html>{TEXT}</html>").encode_utf16().flat_map(pair).collect()
        };
        let marked = |mark: &[u8], bytes: Vec<u8>| [mark, &bytes].concat();
        for bytes in [
            TEXT.as_bytes().to_vec(),
            marked(&[0xef, 0xbb, 0xbf], TEXT.as_bytes().to_vec()),
            GB18030.encode(TEXT).0.into_owned(),
            utf_16(true),
            utf_16(false),
            marked(&[0xff, 0xfe], utf_16(false)),
            marked(&[0xfe, 0xff], utf_16(true)),
        ] {
            let text = decoded(&bytes).unwrap();
            assert!(text.contains(TEXT), "{bytes:?}");
            assert!(!text.starts_with('\u{feff}'));
        }
    }

    #[test]
    fn a_text_that_was_decoded_wrongly_is_brought_back() {
        let latin = encoding_rs::WINDOWS_1252.decode(TEXT.as_bytes());
        if !latin.2 {
            assert_eq!(decoded(latin.0.as_bytes()).unwrap(), TEXT);
        }
        let gbk = GB18030.decode("政府信息公开报告".as_bytes()).0.into_owned();
        assert_eq!(decoded(gbk.as_bytes()).unwrap(), "政府信息公开报告");
    }

    #[test]
    fn a_cut_last_character_is_forgiven_and_noise_is_not() {
        assert!(decoded(&TEXT.as_bytes()[..TEXT.len() - 1]).unwrap().contains("公开12"));
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        assert_eq!(decoded(&noise), Err(Unreadable::Garbled));
    }
}
