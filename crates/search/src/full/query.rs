//! What is asked, and how the line that a person types is read.

use super::document::Facet;
use super::text::{BREAK, fold};
use jiff::civil::Date;

/// Characters of a query that are read; what follows is cut off, and the answer says so.
pub const LONGEST_QUERY: usize = 200;
/// Words of a query that are looked for.
pub(crate) const MOST_WORDS: usize = 16;
/// Hits of one page at most.
pub const MOST_HITS: usize = 100;

/// What is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    /// As typed: words, "短语" or “短语” exactly, -不要的词. Nothing at all finds everything the filters allow.
    pub text: String,
    /// Values of facets; of one facet any, of different ones all.
    pub filters: Vec<(Facet, String)>,
    /// Published on this day or later.
    pub since: Option<Date>,
    /// Published on this day or before.
    pub until: Option<Date>,
    /// Only these, by the caller's ids; all if nothing is said.
    pub among: Option<Vec<String>>,
    /// The order of the hits.
    pub order: Order,
    /// What is in force comes before what is not.
    pub in_force_first: bool,
    /// Hits passed over.
    pub offset: usize,
    /// Hits given, up to [`MOST_HITS`].
    pub limit: usize,
    /// Words as they are typed, nothing else: no synonyms, pinyin, numbers, no other words if nothing is found.
    pub exact: bool,
}

impl Default for Query {
    fn default() -> Query {
        Query {
            text: String::new(),
            filters: Vec::new(),
            since: None,
            until: None,
            among: None,
            order: Order::Relevance,
            in_force_first: false,
            offset: 0,
            limit: 20,
            exact: false,
        }
    }
}

/// The order of hits; what is equal goes by the day of publication, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Order {
    /// Best first.
    #[default]
    Relevance,
    /// Last published first.
    Newest,
    /// First published first.
    Oldest,
    /// Last made first.
    LastMade,
}

/// A word or phrase of a query, in the common form.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) quoted: bool,
}

impl Piece {
    pub(crate) fn word(text: String) -> Piece {
        Piece { text, quoted: false }
    }
}

/// A query taken apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Parsed {
    pub(crate) wanted: Vec<Piece>,
    pub(crate) unwanted: Vec<String>,
    /// Something was typed.
    pub(crate) asked: bool,
    /// Something was cut off.
    pub(crate) cut: bool,
}

impl Parsed {
    pub(crate) fn read(typed: &str) -> Parsed {
        let mut parsed = Parsed { asked: !typed.trim().is_empty(), ..Parsed::default() };
        let mut chars = typed.chars();
        let typed: Vec<char> = chars.by_ref().take(LONGEST_QUERY).collect();
        parsed.cut = chars.next().is_some();
        let mut at = 0;
        while at < typed.len() {
            if typed[at].is_whitespace() {
                at += 1;
                continue;
            }
            let minus = matches!(typed[at], '-' | '－' | '−') && at + 1 < typed.len();
            at += usize::from(minus);
            let closed =
                closing(typed[at]).and_then(|end| typed[at + 1..].iter().position(|c| end.contains(c)));
            if let Some(length) = closed {
                parsed.add(&typed[at + 1..at + 1 + length], minus, true);
                at += length + 2;
                continue;
            }
            // A quotation mark that nothing closes is punctuation.
            let start = at;
            at += 1;
            while at < typed.len() && !typed[at].is_whitespace() && !opens(&typed[at..]) {
                at += 1;
            }
            parsed.add(&typed[start..at], minus, false);
        }
        parsed
    }

    fn add(&mut self, chars: &[char], minus: bool, quoted: bool) {
        let text = fold(&chars.iter().collect::<String>());
        let pieces: Vec<&str> = if quoted || minus { vec![&text] } else { text.split(BREAK).collect() };
        for piece in pieces.into_iter().filter(|piece| !piece.is_empty()) {
            if self.wanted.len() + self.unwanted.len() == MOST_WORDS {
                self.cut = true;
            } else if minus {
                self.unwanted.push(piece.to_owned());
            } else if !self.wanted.iter().any(|w| w.text == piece && w.quoted == quoted) {
                self.wanted.push(Piece { text: piece.to_owned(), quoted });
            }
        }
    }
}

/// What closes a quotation mark.
fn closing(open: char) -> Option<&'static [char]> {
    match open {
        '"' | '＂' | '“' | '”' | '„' | '‟' => Some(&['"', '＂', '“', '”']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

fn opens(rest: &[char]) -> bool {
    closing(rest[0]).is_some_and(|end| rest[1..].iter().any(|c| end.contains(c)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Vec<String>, Vec<String>) {
        let parsed = Parsed::read(text);
        let show = |p: Piece| if p.quoted { format!("“{}”", p.text) } else { p.text };
        (parsed.wanted.into_iter().map(show).collect(), parsed.unwanted)
    }

    #[test]
    fn words_phrases_and_exclusions_are_read() {
        let none: [&str; 0] = [];
        assert_eq!(
            read("低保 “最低生活 保障”标准 -废止"),
            (vec!["低保".into(), "“最低生活保障”".into(), "标准".into()], vec!["废止".into()])
        );
        assert_eq!(read("\"a b\" 「甲，乙」").0, ["“a b”", "“甲 乙”"]);
        assert_eq!(read("-\"甲 乙\" 丙").1, ["甲乙"]);
        assert_eq!(read("a-b 低保、医保").0, ["a", "b", "低保", "医保"]);
        assert_eq!(read("“没有结束").0, ["没有结束"]);
        assert_eq!(read("甲\"乙").0, ["甲", "乙"]);
        for nothing in ["", "  ", "-", "，。！", "\"\"", "\"", "“”", "- -", "🙂", "\u{0}\u{7}"] {
            assert_eq!(read(nothing).0, none, "{nothing:?}");
        }
        assert!(Parsed::read(&"低".repeat(10_000)).cut);
    }
}
