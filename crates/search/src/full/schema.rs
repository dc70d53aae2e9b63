//! The fields of the index on disk and how texts become terms.
//!
//! Every pair of neighbouring characters of the common form is a term with its positions. A phrase of any length is
//! found by pairs that together cover it, at the right distances, and this equals a scan for the substring: the pairs
//! at hand are all there are. Single characters are terms of their own.

use super::document::{Document, Facet};
use super::number::Number;
use super::sound;
use super::text::{BETWEEN, BREAK, fold};
use super::words;
use tantivy::TantivyDocument;
use tantivy::schema::{
    Field, INDEXED, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager};

/// Changes whenever an index written before could not be read as it is now, or would find something else.
pub(crate) const VERSION: &str = "gongkai full text 2";

/// Days from here on are kept as numbers; 0 is none.
const DAY_ZERO: jiff::civil::Date = jiff::civil::date(1, 1, 1);

#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields {
    pub(crate) id: Field,
    pub(crate) stored_title: Field,
    pub(crate) stored_text: Field,
    pub(crate) title: Field,
    pub(crate) head: Field,
    pub(crate) body: Field,
    pub(crate) body_single: Field,
    pub(crate) number: Field,
    pub(crate) syllables: Field,
    pub(crate) initials: Field,
    pub(crate) spelling: Field,
    pub(crate) facets: [Field; Facet::ALL.len()],
    pub(crate) made_on: Field,
    pub(crate) published_on: Field,
    pub(crate) in_force: Field,
}

pub(crate) fn schema() -> (Schema, Fields) {
    let indexed = |tokenizer: &str, option: IndexRecordOption, norms: bool| {
        let how = TextFieldIndexing::default().set_tokenizer(tokenizer).set_index_option(option);
        TextOptions::default().set_indexing_options(how.set_fieldnorms(norms))
    };
    use IndexRecordOption::{Basic, WithFreqsAndPositions as Positions};
    let mut builder = Schema::builder();
    let fast = || NumericOptions::default().set_fast();
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        stored_title: builder.add_text_field("stored_title", STORED),
        stored_text: builder.add_text_field("stored_text", STORED),
        title: builder.add_text_field("title", indexed("pairs_and_singles", Positions, true)),
        head: builder.add_text_field("head", indexed("pairs_and_singles", Positions, false)),
        body: builder.add_text_field("body", indexed("pairs", Positions, true)),
        body_single: builder.add_text_field("body_single", indexed("singles", Basic, false)),
        number: builder.add_text_field("number", indexed("lines", Basic, false)),
        syllables: builder.add_text_field("syllables", indexed("syllables", Positions, false)),
        initials: builder.add_text_field("initials", indexed("pairs", Positions, false)),
        spelling: builder.add_text_field("spelling", indexed("lines", Basic, false)),
        facets: Facet::ALL.map(|f| builder.add_text_field(f.field(), TextOptions::default().set_fast("raw"))),
        made_on: builder.add_u64_field("made_on", fast()),
        published_on: builder.add_u64_field("published_on", fast()),
        in_force: builder.add_u64_field("in_force", fast() | INDEXED),
    };
    (builder.build(), fields)
}

pub(crate) fn tokenizers() -> TokenizerManager {
    let manager = TokenizerManager::default();
    manager.register("pairs", TextAnalyzer::from(Pairs { singles: false }));
    manager.register("pairs_and_singles", TextAnalyzer::from(Pairs { singles: true }));
    manager.register("singles", TextAnalyzer::from(Singles));
    manager.register("lines", TextAnalyzer::from(Lines { apart: true }));
    manager.register("syllables", TextAnalyzer::from(Lines { apart: false }));
    manager
}

/// A day as the index keeps it.
pub(crate) fn day(date: Option<jiff::civil::Date>) -> u64 {
    date.and_then(|d| u64::try_from(d.duration_since(DAY_ZERO).as_hours() / 24 + 1).ok()).unwrap_or(0)
}

/// The entry of a document.
pub(crate) fn entry(document: &Document, fields: &Fields) -> TantivyDocument {
    let mut entry = TantivyDocument::new();
    entry.add_text(fields.id, &document.id);
    entry.add_text(fields.stored_title, &document.title);
    let title = fold(&document.title);
    entry.add_text(fields.syllables, sound::syllable_lines(&title));
    entry.add_text(fields.initials, sound::initials(&title));
    entry.add_text(fields.spelling, words::spelling_lines(&title));
    entry.add_text(fields.title, title);
    let mut head = String::new();
    for number in [&document.number, &document.index_number] {
        let folded = fold(number);
        let bare: String = folded.chars().filter(|c| *c != BREAK).collect();
        push_part(&mut head, &bare);
        if folded.contains(BREAK) {
            push_part(&mut head, &folded);
        }
    }
    entry.add_text(fields.head, head);
    if let Some(number) = Number::read(&document.number) {
        entry.add_text(fields.number, number.keys().join("\n"));
    }
    let mut text = String::new();
    for part in parts(document).filter(|part| !part.is_empty()) {
        entry.add_text(fields.stored_text, part);
        push_part(&mut text, &fold(part));
    }
    entry.add_text(fields.body_single, &text);
    entry.add_text(fields.body, text);
    for (field, value) in fields.facets.iter().zip(&document.facets).filter(|(_, value)| !value.is_empty()) {
        entry.add_text(*field, value);
    }
    entry.add_u64(fields.made_on, day(document.made_on));
    entry.add_u64(fields.published_on, day(document.published_on));
    entry.add_u64(fields.in_force, u64::from(document.in_force));
    entry
}

fn parts(document: &Document) -> impl Iterator<Item = &str> {
    let attached = document.attachments.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]);
    std::iter::once(document.body.as_str()).chain(attached)
}

fn push_part(text: &mut String, part: &str) {
    if !text.is_empty() && !part.is_empty() {
        text.push(BETWEEN);
    }
    text.push_str(part);
}

/// Pairs of neighbouring characters; the position counts characters.
#[derive(Clone)]
struct Pairs {
    singles: bool,
}

struct PairStream<'a> {
    rest: std::str::Chars<'a>,
    before: Option<char>,
    /// The second character of a pair just given, to be given alone.
    alone: Option<char>,
    singles: bool,
    read: usize,
    token: Token,
}

impl Tokenizer for Pairs {
    type TokenStream<'a> = PairStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> PairStream<'a> {
        let token = Token { position: 0, ..Token::default() };
        PairStream { rest: text.chars(), before: None, alone: None, singles: self.singles, read: 0, token }
    }
}

impl TokenStream for PairStream<'_> {
    fn advance(&mut self) -> bool {
        self.token.text.clear();
        if let Some(c) = self.alone.take() {
            self.token.text.push(c);
            self.token.position = self.read - 1;
            return true;
        }
        while let Some(c) = self.rest.next() {
            self.read += 1;
            let before = self.before.replace(c);
            if c == BETWEEN {
                self.before = None;
                continue;
            }
            self.alone = Some(c).filter(|c| self.singles && *c != BREAK);
            if let Some(before) = before {
                self.token.text.push(before);
                self.token.text.push(c);
                self.token.position = self.read - 2;
                return true;
            }
            if self.alone.is_some() {
                return self.advance();
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// Every character of the basic plane once.
#[derive(Clone)]
struct Singles;

struct SingleStream<'a> {
    rest: std::str::Chars<'a>,
    seen: Vec<u64>,
    token: Token,
}

impl Tokenizer for Singles {
    type TokenStream<'a> = SingleStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> SingleStream<'a> {
        SingleStream {
            rest: text.chars(),
            seen: vec![0; 1024],
            token: Token { position: 0, ..Token::default() },
        }
    }
}

impl TokenStream for SingleStream<'_> {
    fn advance(&mut self) -> bool {
        for c in self.rest.by_ref().filter(|c| *c != BREAK && *c != BETWEEN) {
            let code = c as usize;
            if let Some(word) = self.seen.get_mut(code / 64) {
                if *word >> (code % 64) & 1 == 1 {
                    continue;
                }
                *word |= 1 << (code % 64);
            }
            self.token.text.clear();
            self.token.text.push(c);
            return true;
        }
        false
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

/// A term a line; with `apart` false, terms separated by a blank share the position of their line.
#[derive(Clone)]
struct Lines {
    apart: bool,
}

struct LineStream<'a> {
    rest: &'a str,
    apart: bool,
    token: Token,
    line: usize,
}

impl Tokenizer for Lines {
    type TokenStream<'a> = LineStream<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> LineStream<'a> {
        LineStream { rest: text, apart: self.apart, token: Token::default(), line: 0 }
    }
}

impl TokenStream for LineStream<'_> {
    fn advance(&mut self) -> bool {
        loop {
            if self.rest.is_empty() {
                return false;
            }
            let end = self.rest.find(|c| c == '\n' || c == ' ' && !self.apart).unwrap_or(self.rest.len());
            let (term, rest) = self.rest.split_at(end);
            let line = self.line;
            self.line += usize::from(rest.starts_with('\n'));
            self.rest = rest.get(1..).unwrap_or("");
            if !term.is_empty() {
                self.token.text.clear();
                self.token.text.push_str(term);
                self.token.position = line;
                return true;
            }
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}
