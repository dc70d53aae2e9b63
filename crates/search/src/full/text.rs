//! The one form in which texts and queries are compared.
//!
//! Full-width and compatibility forms become ordinary characters, letters lower case. Whatever is no letter, digit or
//! ideograph is a [`BREAK`], however much of it there is, so `〔2020〕`, `[2020]` and `（2020）` are the same. Blanks and
//! single line ends beside an ideograph vanish, because converters break lines in the middle of words.

use unicode_normalization::UnicodeNormalization;

/// What any run of punctuation becomes.
pub(crate) const BREAK: char = ' ';

/// Stands between texts that no phrase may cross: title, number, body, each attachment.
pub(crate) const BETWEEN: char = '\n';

/// True for characters of scripts that are written without blanks.
pub(crate) fn is_wide(c: char) -> bool {
    c >= '\u{2e80}'
}

/// The text in its common form. No [`BREAK`] at either end, never two in a row.
pub(crate) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    walk(text, |c, _| folded.push(c));
    folded
}

/// Calls `put` with every character of the common form and the byte at which it stands in `text`.
pub(crate) fn walk(text: &str, mut put: impl FnMut(char, usize)) {
    let mut state = State::default();
    for (at, c) in text.char_indices() {
        match c {
            '\u{4e00}'..='\u{9fff}' | 'a'..='z' | '0'..='9' => state.letter(c, at, &mut put),
            'A'..='Z' => state.letter(c.to_ascii_lowercase(), at, &mut put),
            _ if c.is_whitespace() => state.blank(c),
            _ if c.is_control() || is_invisible(c) => {}
            _ => {
                for part in std::iter::once(c).nfkc().flat_map(char::to_lowercase) {
                    if part.is_alphanumeric() {
                        state.letter(part, at, &mut put);
                    } else if !part.is_control() && !is_invisible(part) {
                        state.broken = true;
                    }
                }
            }
        }
    }
}

/// Marks that change nothing a reader sees: joiners, directions, variants, soft hyphens, combining accents.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{300}'..='\u{36f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
}

#[derive(Default)]
struct State {
    last: Option<char>,
    broken: bool,
    blank: bool,
    line_ends: usize,
}

impl State {
    fn blank(&mut self, c: char) {
        self.blank = true;
        self.line_ends += usize::from(c == '\n');
    }

    fn letter(&mut self, c: char, at: usize, put: &mut impl FnMut(char, usize)) {
        if let Some(last) = self.last {
            let apart = self.blank && (self.line_ends > 1 || !is_wide(last) && !is_wide(c));
            if self.broken || apart {
                put(BREAK, at);
            }
        }
        put(c, at);
        *self = State { last: Some(c), ..State::default() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_take_for_the_same_is_the_same() {
        for text in
            ["高政发〔2020〕12号", "高政发[2020]12号", "高政发（２０２０）12 号", "高政发【2020】 12\n号"]
        {
            assert_eq!(fold(text), "高政发 2020 12号");
        }
        assert_eq!(fold("  《办法》，（试行）。"), "办法 试行");
        assert_eq!(fold("Hello World ＡＢＣ"), "hello world abc");
        assert_eq!(fold("老旧小\n区改造"), "老旧小区改造");
        assert_eq!(fold("第一章\n\n总则"), "第一章 总则");
        assert_eq!(fold("a\u{200b}b\u{0}c"), "abc");
        assert_eq!(fold("，。！🙂"), "");
    }
}
