//! A paragraph ready for reading: without blanks, with signs and digits of one width, every character with its place.
//!
//! PDF text has blanks around digits and inside them (`3 119 件`) and page marks between lines (`- 2 -`); both go.

use std::ops::Range;

/// A paragraph without blanks.
pub(super) struct Line<'a> {
    original: &'a str,
    /// Its characters.
    pub(super) chars: Vec<char>,
    /// Byte offset of each character in the original.
    at: Vec<usize>,
}

/// What ends a sentence. A semicolon does not: what follows it belongs to the same subject.
const ENDS: [char; 4] = ['。', '！', '？', '\n'];

impl<'a> Line<'a> {
    /// Takes a paragraph.
    pub(super) fn new(original: &'a str) -> Self {
        let all: Vec<(usize, char)> = original.char_indices().collect();
        let (mut chars, mut at) = (Vec::with_capacity(all.len()), Vec::with_capacity(all.len()));
        let mut i = 0;
        while let Some(&(offset, c)) = all.get(i) {
            if let Some(end) = page_mark(&all, i, chars.last().copied()) {
                i = end;
                continue;
            }
            i += 1;
            if c != '\n' && (c.is_whitespace() || c == '\u{feff}' || c == '\u{200b}') {
                continue;
            }
            chars.push(plain(c));
            at.push(offset);
        }
        // A comma between digits separates thousands; any other one separates clauses.
        for i in 0..chars.len() {
            if chars[i] == ',' && !thousands(&chars, i) {
                chars[i] = '，';
            }
            // 15:30 is an hour, and nothing is listed behind its colon.
            if chars[i] == '：' && between_digits(&chars, i) {
                chars[i] = ':';
            }
        }
        Line { original, chars, at }
    }

    /// Its sentences, without the signs that end them.
    pub(super) fn sentences(&self) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut from = 0;
        for (i, c) in self.chars.iter().enumerate() {
            if ENDS.contains(c) {
                found.push(from..i);
                from = i + 1;
            }
        }
        found.push(from..self.chars.len());
        found.retain(|r| !r.is_empty());
        found
    }

    /// The words of the original.
    pub(super) fn quote(&self, range: &Range<usize>) -> String {
        let Some(&from) = self.at.get(range.start) else { return String::new() };
        let to = self.at.get(range.end).copied().unwrap_or(self.original.len());
        self.original.get(from..to).unwrap_or_default().trim().to_owned()
    }

    /// True if these characters are the word.
    pub(super) fn is(&self, range: Range<usize>, word: &str) -> bool {
        self.chars.get(range).is_some_and(|c| word.chars().eq(c.iter().copied()))
    }

    /// True if the word stands among these characters.
    pub(super) fn says(&self, range: Range<usize>, word: &str) -> bool {
        let chars = self.chars.get(range).unwrap_or_default();
        (0..chars.len()).any(|i| super::number::starts_with(chars, i, word))
    }

    /// The words without blanks.
    pub(super) fn text(&self, range: Range<usize>) -> String {
        self.chars.get(range).map(|c| c.iter().collect()).unwrap_or_default()
    }
}

fn plain(c: char) -> char {
    match c {
        '０'..='９' => char::from_digit(c as u32 - '０' as u32, 10).unwrap_or(c),
        '．' => '.',
        '％' | '﹪' => '%',
        ';' => '；',
        '＋' | '+' | '＝' | '=' => '，',
        ':' => '：',
        '(' => '（',
        ')' => '）',
        '—' | '–' | '－' | '～' | '~' => '-',
        _ => c,
    }
}

fn between_digits(chars: &[char], i: usize) -> bool {
    let digit = |n: Option<usize>| n.and_then(|n| chars.get(n)).is_some_and(char::is_ascii_digit);
    digit(i.checked_sub(1)) && digit(i.checked_add(1))
}

/// True for a comma with digits before it and exactly three after it (and after those no fourth).
fn thousands(chars: &[char], i: usize) -> bool {
    let digit = |n: usize| chars.get(n).is_some_and(char::is_ascii_digit);
    i > 0 && digit(i - 1) && digit(i + 1) && digit(i + 2) && digit(i + 3) && !digit(i + 4)
}

/// `- 12 -` printed at the foot of a page: where it ends.
fn page_mark(all: &[(usize, char)], from: usize, before: Option<char>) -> Option<usize> {
    let dash = |c: char| matches!(c, '-' | '—' | '–' | '－');
    let skip = |mut i: usize| {
        while all.get(i).is_some_and(|(_, c)| c.is_whitespace()) {
            i += 1;
        }
        i
    };
    if !dash(all.get(from)?.1) || before.is_some_and(|c| c.is_ascii_digit() || dash(c)) {
        return None;
    }
    let start = skip(from + 1);
    let mut end = start;
    while all.get(end).is_some_and(|(_, c)| c.is_ascii_digit()) {
        end += 1;
    }
    let last = skip(end);
    let whole = (1..=3).contains(&(end - start)) && dash(all.get(last)?.1);
    whole.then_some(last + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_widths_and_page_marks_go_and_the_original_can_be_quoted() {
        let text = "收到 申请 3 119 件,答复1,250件（含上年 ３４件）。一流- 2 -营商环境";
        let line = Line::new(text);
        let read: String = line.chars.iter().collect();
        assert_eq!(read, "收到申请3119件，答复1,250件（含上年34件）。一流营商环境");
        let sentences = line.sentences();
        assert_eq!(sentences.len(), 2);
        assert_eq!(line.quote(&sentences[0]), "收到 申请 3 119 件,答复1,250件（含上年 ３４件）");
        assert_eq!(line.text(sentences[1].clone()), "一流营商环境");
    }

    #[test]
    fn a_range_of_days_is_no_page_mark() {
        let read = |text: &str| Line::new(text).chars.iter().collect::<String>();
        assert_eq!(read("1月1日—12月31日"), "1月1日-12月31日");
        assert_eq!(read("3-5-7"), "3-5-7");
        assert_eq!(read("内容 — 4 — 续"), "内容续");
    }
}
