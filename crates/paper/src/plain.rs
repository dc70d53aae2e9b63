//! How texts are compared: what a reader sees as the same string is the same string here.
//!
//! Compatibility forms become the ordinary ones (full width, ligatures, the radicals that PDF files give for
//! characters), capitals small; blanks, line ends, hyphens, middle dots and marks without a shape are left out. So a
//! number that is cut by blanks, by a line end or over several runs is still found.

use aho_corasick::AhoCorasick;
use std::collections::BTreeSet;
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// Ends a paragraph or a cell in a text made for comparison. A short term is not looked for across it: 行李 at the end
/// of one paragraph and 四、 at the beginning of the next are no 李四.
pub(crate) const BREAK: char = '\u{2029}';

/// From this length on, or if it is made of letters and digits only, a term is looked for across [`BREAK`]s: forms
/// give every digit of a number its own cell.
const LONG: usize = 5;

/// A term as it is compared; empty if nothing of it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Term {
    text: String,
    crosses: bool,
}

impl Term {
    pub(crate) fn new(text: &str) -> Term {
        let text: String = text.chars().flat_map(folded).collect();
        let crosses = text.chars().count() >= LONG;
        Term { text, crosses }
    }

    /// The number of characters that count.
    pub(crate) fn len(&self) -> usize {
        self.text.chars().count()
    }

    /// Whether it is so short and ordinary (`12`, `a4`) that sizes and numbers of a format would be taken for it.
    pub(crate) fn is_common(&self) -> bool {
        self.text.len() < 4 && self.text.is_ascii()
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }
}

/// A text as it is compared, with the way back to its characters.
#[derive(Debug, Default)]
pub(crate) struct Plain {
    text: String,
    /// For each byte of `text` the character of the source it comes from.
    from: Vec<u32>,
    /// For each byte the number of breaks before it.
    breaks: Vec<u32>,
}

impl Plain {
    pub(crate) fn new(text: &str) -> Plain {
        Plain::of(text.chars())
    }

    pub(crate) fn of(chars: impl IntoIterator<Item = char>) -> Plain {
        let mut plain = Plain::default();
        let mut breaks = 0;
        for (at, c) in chars.into_iter().enumerate() {
            if c == BREAK {
                breaks += 1;
                continue;
            }
            for folded in folded(c) {
                plain.text.push(folded);
                plain.from.resize(plain.text.len(), u32::try_from(at).unwrap_or(u32::MAX));
                plain.breaks.resize(plain.text.len(), breaks);
            }
        }
        plain
    }

    /// Where the term stands, as ranges of characters of the source, in order. They may overlap.
    pub(crate) fn find(&self, term: &Term) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut start = 0;
        if term.text.is_empty() {
            return found;
        }
        while let Some(at) = self.text.get(start..).and_then(|rest| rest.find(&term.text)) {
            let (first, last) = (start + at, start + at + term.text.len() - 1);
            if term.crosses || self.breaks[first] == self.breaks[last] {
                found.push(self.from[first] as usize..self.from[last] as usize + 1);
            }
            start = first + self.text[first..].chars().next().map_or(1, char::len_utf8);
        }
        found
    }

    /// Which of the terms stand in it, in one pass over the text. `automaton` is made of [`Term::as_str`], in order.
    pub(crate) fn standing(&self, terms: &[Term], automaton: &AhoCorasick) -> BTreeSet<usize> {
        let mut standing = BTreeSet::new();
        for hit in automaton.find_overlapping_iter(&self.text) {
            let n = hit.pattern().as_usize();
            if terms[n].crosses || self.breaks[hit.start()] == self.breaks[hit.end() - 1] {
                standing.insert(n);
            }
        }
        standing
    }

    /// The text as it is compared.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The characters of the source from which a range of bytes of [`Plain::as_str`] comes; it is not empty.
    pub(crate) fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.from[range.start] as usize..self.from[range.end - 1] as usize + 1
    }

    pub(crate) fn has(&self, term: &Term) -> bool {
        !self.find(term).is_empty()
    }
}

/// One character as it is compared: none, one, or several.
fn folded(c: char) -> impl Iterator<Item = char> {
    // Most text is Chinese characters that stand for themselves.
    let simple = ('\u{4e00}'..='\u{9fff}').contains(&c) || c.is_ascii_alphanumeric();
    let one = simple.then_some(c.to_ascii_lowercase());
    let rest =
        (!simple).then(|| std::iter::once(c).nfkc().flat_map(char::to_lowercase).filter(|c| counts(*c)));
    one.into_iter().chain(rest.into_iter().flatten())
}

fn counts(c: char) -> bool {
    let mark = matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}');
    let hyphen = matches!(c, '-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{2e3b}');
    let dot = matches!(c, '·' | '•' | '‧' | '・' | '∙' | '⋅' | '●');
    !(c.is_whitespace() || c.is_control() || mark || hyphen || dot)
}

/// Overlapping ranges as one; those that only touch are two places.
pub(crate) fn merged(mut ranges: Vec<Range<usize>>) -> Vec<Range<usize>> {
    ranges.sort_by_key(|r| (r.start, r.end));
    let mut merged: Vec<Range<usize>> = Vec::new();
    for range in ranges {
        match merged.last_mut() {
            Some(last) if range.start < last.end => last.end = last.end.max(range.end),
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, term: &str) -> usize {
        Plain::new(text).find(&Term::new(term)).len()
    }

    #[test]
    fn a_number_is_found_however_it_is_cut() {
        for text in [
            "手机13800001234。",
            "手机 138 0000 1234",
            "138-0000-1234",
            "１３８００００１２３４",
            "138\n00001234",
            "1380\u{200b}0001234",
            "1\u{2029}3\u{2029}8\u{2029}0\u{2029}0\u{2029}0\u{2029}0\u{2029}1\u{2029}2\u{2029}3\u{2029}4",
        ] {
            assert_eq!(found(text, "138-0000-1234"), 1, "{text:?}");
        }
        assert_eq!(found("13800001235", "13800001234"), 0);
    }

    #[test]
    fn names_are_found_with_blanks_dots_and_radicals_but_not_over_paragraphs() {
        assert_eq!(found("张 三、张　三、张\n三", "张三"), 3);
        assert_eq!(found("古丽•阿依", "古丽·阿依"), 1);
        // U+2FBC is the radical 高, which PDF files often give for the character.
        assert_eq!(found("\u{2fbc}某", "高某"), 1);
        assert_eq!(found("携带行李\u{2029}四、结转", "李四"), 0);
        assert_eq!(found("携带行李\n四、结转", "李四"), 1);
    }

    #[test]
    fn positions_are_those_of_the_source() {
        let text = "甲 乙丙 丁";
        let plain = Plain::new(text);
        assert_eq!(plain.find(&Term::new("乙丙丁")).pop(), Some(2..6));
        assert_eq!(Plain::new("1111").find(&Term::new("11")), [0..2, 1..3, 2..4]);
        assert_eq!(merged(vec![2..4, 0..2, 1..3, 7..8, 8..9]), [0..4, 7..8, 8..9]);
    }

    #[test]
    fn a_term_without_substance_is_empty() {
        assert_eq!(Term::new(" -·\u{200b}").len(), 0);
        assert!(Plain::new("abc").find(&Term::new("-")).is_empty());
    }
}
