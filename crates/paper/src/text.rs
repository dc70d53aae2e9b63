//! User text on its way into a document: what may pass, and what each format must not take for markup.

/// The text without characters no document can hold: controls, noncharacters, and line ends (a paragraph is one
/// line; a tab or line end inside it becomes a blank), and without the controls that turn the order of characters
/// round: a figure must read the same on the screen, on paper and in the file. Everything else passes, marks of
/// writing direction too.
///
/// Sources: XML 1.0 §2.2 and the compatibility note below it; Unicode Technical Report 36 §2.5 on direction.
pub(crate) fn clean(text: &str) -> String {
    text.chars()
        .filter_map(|c| match c {
            '\t' | '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
            c if c.is_control() => None,
            '\u{FDD0}'..='\u{FDEF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => None,
            c if u32::from(c) & 0xFFFE == 0xFFFE => None,
            c => Some(c),
        })
        .collect()
}

/// Cleaned and escaped for HTML text and quoted attributes.
pub(crate) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for c in clean(text).chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
    out
}

/// Text for a spreadsheet opened from CSV: what would start a formula gets an apostrophe before it.
///
/// The characters are those of the OWASP note on CSV injection; the full-width forms count as well, because Excel
/// on Chinese systems takes them for the ASCII ones.
pub(crate) fn spreadsheet(text: &str) -> String {
    let text = clean(text);
    match text.trim_start().chars().next() {
        Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠') => format!("'{text}"),
        _ => text,
    }
}

/// Width in ems: 1 for a Chinese character, about half for a Latin letter or digit.
pub(crate) fn ems(text: &str) -> f64 {
    text.chars().map(|c| if c.is_ascii() { 0.56 } else { 1.0 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_and_overrides_vanish_and_marks_of_direction_stay() {
        assert_eq!(clean("甲\u{0}\u{b}\u{1b}乙\u{7f}\u{fffe}\u{1ffff}丙"), "甲乙丙");
        assert_eq!(clean("甲\r\n乙\t丙"), "甲  乙 丙");
        assert_eq!(clean("\u{202e}甲\u{202c}乙\u{200f}"), "甲乙\u{200f}");
    }

    #[test]
    fn html_is_escaped() {
        assert_eq!(html("<a href=\"x\">'&"), "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    }

    #[test]
    fn formulas_are_text() {
        for s in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "＝1"] {
            assert_eq!(spreadsheet(s), format!("'{s}"));
        }
        assert_eq!(spreadsheet("(一)予以公开"), "(一)予以公开");
        assert_eq!(spreadsheet(""), "");
    }
}
