//! What comes back.

use super::document::Facet;
use super::snippet::Segment;

/// The answer to a query.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// How many documents there are, exactly.
    pub total: usize,
    /// The page of them that was asked for.
    pub hits: Vec<Hit>,
    /// How many of them have which value of each facet, most frequent first. Of a facet that the query filters by, all
    /// values are counted as if it did not, so that a reader sees what choosing another one would give.
    pub facets: Vec<(Facet, Vec<(String, usize)>)>,
    /// The words that were looked for in the end, in the common form.
    pub words: Vec<String>,
    /// Whether they are those that were typed.
    pub found_by: FoundBy,
    /// Of those words the ones that stand nowhere; only with [`FoundBy::Fewer`].
    pub left_out: Vec<String>,
    /// Another query that would find something, or more.
    pub suggestion: Option<String>,
    /// The end of the query, beyond [`super::LONGEST_QUERY`] characters or sixteen words, was not read.
    pub cut: bool,
}

/// By which words the documents were found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FoundBy {
    /// As typed, with synonyms.
    #[default]
    AsTyped,
    /// As typed there was nothing; cut into shorter words, which are all there.
    Split,
    /// As typed there was nothing; by the suggestion, which replaced what was typed.
    Corrected,
    /// Nowhere all words; documents with most of them.
    Fewer,
}

impl FoundBy {
    /// What readers are told; nothing to say if it was found as typed.
    pub fn sentence(self) -> Option<&'static str> {
        match self {
            FoundBy::AsTyped => None,
            FoundBy::Split => Some("没有找到与所输内容完全一致的信息，以下信息含有其中的全部词语。"),
            FoundBy::Corrected => Some("没有找到与所输内容一致的信息，以下是更正后的查找结果。"),
            FoundBy::Fewer => Some("没有找到同时含有全部词语的信息，以下信息含有其中的部分词语。"),
        }
    }
}

/// A document found.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The id it was put under.
    pub id: String,
    /// How well it fits; comparable within one answer only.
    pub score: f32,
    /// The title, its matches marked.
    pub title: Vec<Segment>,
    /// The part of the text that shows why it was found, or its beginning; matches marked.
    pub snippet: Vec<Segment>,
}
