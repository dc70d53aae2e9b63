//! The name under which a file is shown and saved: what it came with, without what could harm, and with the ending of
//! its content.

use law::docket::file::Media;

/// Characters a name may have, apart from its ending; 255 bytes is what file systems take.
const LONGEST: usize = 80;
/// Names that Windows keeps for devices.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// The name of a file that came as `given`. Never empty, never a path, no control or direction characters; `otherwise`
/// stands where nothing is left.
pub fn shown(given: &str, media: Media, otherwise: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last
        .chars()
        .filter(|c| !c.is_control() && !hides(*c))
        .map(|c| if matches!(c, '<' | '>' | ':' | '"' | '|' | '?' | '*') { '_' } else { c })
        .collect();
    let stem: String = without_ending(plain.trim(), media).chars().take(LONGEST).collect();
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let device = DEVICES.contains(&stem.to_ascii_lowercase().as_str());
    let stem = if stem.is_empty() || device { otherwise } else { stem };
    format!("{stem}.{}", media.ending())
}

/// Characters that change the order or hide what follows (Unicode bidirectional controls, zero width, byte-order mark).
fn hides(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Without an ending, so that an image called `.pdf` is not shown as `.pdf.png`.
fn without_ending(name: &str, media: Media) -> &str {
    match name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) || ending.eq_ignore_ascii_case(media.ending()) => stem,
        _ => name,
    }
}

/// A few letters and digits; a Chinese word after a dot belongs to the name.
fn is_ending(text: &str) -> bool {
    (1..=5).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric())
        && !text.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_no_path_and_ends_as_its_content() {
        for (given, wanted) in [
            ("身份证.jpg", "身份证.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            ("C:\\文件\\批复.PDF", "批复.pdf"),
            ("a\0b\r\n\".pdf", "ab_.pdf"),
            ("photo\u{202e}fdp.exe", "photofdp.pdf"),
            ("第1.2节", "第1.2节.pdf"),
            ("通知.最终稿", "通知.最终稿.pdf"),
            ("", "材料.pdf"),
            ("...", "材料.pdf"),
            (".pdf", "材料.pdf"),
            ("con.pdf", "材料.pdf"),
        ] {
            assert_eq!(shown(given, Media::Pdf, "材料"), wanted, "{given:?}");
        }
    }

    #[test]
    fn three_hundred_characters_are_cut_and_keep_their_ending() {
        let long = shown(&format!("{}.docx", "样".repeat(300)), Media::Docx, "材料");
        assert_eq!(long.chars().count(), 85);
        assert!(long.ends_with("样.docx") && long.len() <= 255);
    }
}
