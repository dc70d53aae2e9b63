//! Full-text search: read models that can be thrown away and rebuilt from the journal at any time.
//!
//! [`FullText`] lies on disk and holds all that is public. [`Index`] and [`Similar`] lie in memory: one finds words in
//! reports, the other titles like what somebody wrote.
//!
//! In an [`Index`], words of a query are matched as substrings of the normalised text, so no exact hit is ever missed
//! (Chinese has no spaces, and a segmenter cuts the same words differently in different places). Pairs of neighbouring
//! characters narrow the search down; what they find is then proved against the text.
//!
//! ```
//! let mut index = search::Index::default();
//! index.put("a", "高平市人民政府办公室2020年政府信息公开工作年度报告", "全年收到热线二千余条");
//! assert_eq!(index.find("政府 热线", 10)[0].id, "a");
//! assert!(index.find("热线 邮箱", 10).is_empty());
//! ```

mod full;
mod similar;

pub use full::{
    Answer, Document, Facet, FoundBy, FullText, FullTextError, Hit as FullTextHit, LONGEST_QUERY, MOST_HITS,
    Order, Query, Segment, Size, Synonyms,
};
pub use similar::{Near, Similar, likeness};

use std::collections::{BTreeSet, HashMap};

/// A document found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The id it was put under.
    pub id: String,
    /// How well it fits: occurrences of the words, those in the title counted ten times.
    pub score: usize,
}

/// The index.
#[derive(Debug, Clone, Default)]
pub struct Index {
    documents: Vec<Option<Text>>,
    by_id: HashMap<String, usize>,
    pairs: HashMap<(char, char), Vec<usize>>,
}

#[derive(Debug, Clone)]
struct Text {
    id: String,
    title: String,
    body: String,
}

impl Index {
    /// Adds a document or replaces the one with the same id.
    pub fn put(&mut self, id: &str, title: &str, body: &str) {
        self.remove(id);
        let number = self.documents.len();
        let document = Text { id: id.to_owned(), title: normalise(title), body: normalise(body) };
        let found: BTreeSet<(char, char)> = pairs(&document.title).chain(pairs(&document.body)).collect();
        for pair in found {
            self.pairs.entry(pair).or_default().push(number);
        }
        self.by_id.insert(id.to_owned(), number);
        self.documents.push(Some(document));
    }

    /// Forgets a document.
    pub fn remove(&mut self, id: &str) {
        if let Some(number) = self.by_id.remove(id) {
            self.documents[number] = None;
        }
    }

    /// How many documents it holds.
    pub fn len(&self) -> usize {
        self.by_id.len()
    }

    /// True if it holds none.
    pub fn is_empty(&self) -> bool {
        self.by_id.is_empty()
    }

    /// The documents that contain every word of the query, best first; an empty query finds nothing.
    pub fn find(&self, query: &str, limit: usize) -> Vec<Hit> {
        let words: Vec<String> = query.split_whitespace().map(normalise).filter(|w| !w.is_empty()).collect();
        if words.is_empty() {
            return Vec::new();
        }
        let mut hits: Vec<(usize, Hit)> = self
            .candidates(&words)
            .into_iter()
            .filter_map(|number| {
                let document = self.documents[number].as_ref()?;
                let score = document.score(&words)?;
                Some((number, Hit { id: document.id.clone(), score }))
            })
            .collect();
        hits.sort_by(|(an, a), (bn, b)| b.score.cmp(&a.score).then(bn.cmp(an)));
        hits.into_iter().take(limit).map(|(_, hit)| hit).collect()
    }

    /// The shortest list of documents that any pair of the words allows; all of them for single characters.
    fn candidates(&self, words: &[String]) -> Vec<usize> {
        let mut shortest: Option<&[usize]> = None;
        for pair in words.iter().flat_map(|w| pairs(w)) {
            let list = self.pairs.get(&pair).map_or(&[][..], Vec::as_slice);
            if shortest.is_none_or(|s| list.len() < s.len()) {
                shortest = Some(list);
            }
        }
        shortest.map_or_else(|| (0..self.documents.len()).collect(), <[usize]>::to_vec)
    }
}

impl Text {
    /// `None` unless every word occurs.
    fn score(&self, words: &[String]) -> Option<usize> {
        let mut score = 0;
        for word in words {
            let n = self.title.matches(word.as_str()).count() * 10 + self.body.matches(word.as_str()).count();
            if n == 0 {
                return None;
            }
            score += n;
        }
        Some(score)
    }
}

fn pairs(text: &str) -> impl Iterator<Item = (char, char)> + '_ {
    text.chars().zip(text.chars().skip(1))
}

/// One spelling for what readers take for the same: full-width forms become half-width, letters lower case, the many
/// brackets of document numbers round, and blanks vanish.
pub fn normalise(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
            _ => c,
        })
        .map(|c| match c {
            '〔' | '[' | '【' | '﹝' => '(',
            '〕' | ']' | '】' | '﹞' => ')',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index() -> Index {
        let mut index = Index::default();
        index.put("a", "示例市2020年年度报告", "示政发〔2020〕12号。收到申请2件。ＡＢＣ政务公开");
        index.put("b", "示例县2021年年度报告", "老旧小区改造，收到申请30件");
        index
    }

    fn ids(index: &Index, query: &str) -> Vec<String> {
        index.find(query, 10).into_iter().map(|h| h.id).collect()
    }

    #[test]
    fn every_substring_is_found_and_nothing_else() {
        let index = index();
        let texts =
            [("a", "示政发(2020)12号。收到申请2件。abc政务公开"), ("b", "老旧小区改造，收到申请30件")];
        for (id, text) in texts {
            let chars: Vec<char> = text.chars().collect();
            for from in 0..chars.len() {
                for to in from + 1..=chars.len() {
                    let word: String = chars[from..to].iter().collect();
                    assert!(ids(&index, &word).contains(&id.to_owned()), "{word}");
                }
            }
        }
        assert!(ids(&index, "小区老旧").is_empty());
        assert!(ids(&index, "  ").is_empty());
    }

    #[test]
    fn widths_brackets_and_case_do_not_matter() {
        let index = index();
        assert_eq!(ids(&index, "示政发[2020] １２号".replace(' ', "").as_str()), ["a"]);
        assert_eq!(ids(&index, "abc"), ["a"]);
        assert_eq!(ids(&index, "年度报告 老旧"), ["b"]);
    }

    #[test]
    fn a_replaced_document_is_found_by_its_new_text_only() {
        let mut index = index();
        index.put("a", "改过的标题", "新的正文");
        assert!(ids(&index, "示政发").is_empty());
        assert_eq!(ids(&index, "新的"), ["a"]);
        index.remove("a");
        assert_eq!(index.len(), 1);
        assert!(ids(&index, "新的").is_empty());
    }
}
