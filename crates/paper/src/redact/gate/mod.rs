//! The gate: whatever is about to leave the house is opened again and searched.
//!
//! It knows nothing of how a file was made. Of a PDF it reads the pages as they are drawn, and beside them every stream
//! and every string that lies in the bytes; of a package every part, every attribute and what lies between the entries;
//! of a picture every segment. What it cannot read it does not let pass.

mod package;
mod pdf;
mod picture;

use super::kind::Kind;
use super::unusable::Unusable;
use crate::plain::{Plain, Term};
use aho_corasick::AhoCorasick;
use std::collections::BTreeSet;
use std::fmt;

/// Leaks that are reported; more say nothing more.
const MAX_LEAKS: usize = 500;
/// Files within files that are opened; deeper ones are refused unread.
const MAX_NESTING: usize = 3;

/// Why a file may not leave.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Leak {
    /// What sort of reason.
    pub kind: LeakKind,
    /// Where, for the officer: 第3页, 批注, 文档属性.
    pub place: String,
    /// The removed string that is still there, or what is hidden or cannot be read.
    pub text: String,
}

/// Sorts of reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeakKind {
    /// A removed string is still there.
    Found,
    /// Something a reader does not see: comments, revisions, hidden sheets, attachments, scripts, metadata.
    Hidden,
    /// Something that cannot be searched.
    Unreadable,
    /// The file as a whole cannot be searched; the text says why and what to do.
    Unusable,
}

impl fmt::Display for Leak {
    /// One Chinese sentence.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            LeakKind::Found => write!(f, "{}仍有应当删除的内容“{}”，请重新处理。", self.place, self.text),
            LeakKind::Hidden => write!(f, "{}含有{}，请删除后再发布。", self.place, self.text),
            LeakKind::Unreadable => {
                write!(f, "{}的{}无法检查，不能发布，请重新处理。", self.place, self.text)
            }
            LeakKind::Unusable => write!(f, "这份{}无法检查，不能发布：{}", self.place, self.text),
        }
    }
}

/// Searches a file and its name for the removed strings and for what is hidden. Only an empty list opens the gate.
///
/// Strings are compared as a reader would: blanks, line ends, hyphens, case and width do not count, runs and lines do
/// not separate. Pixels are not read: what a picture shows must be looked at.
pub fn gate(bytes: &[u8], file_name: &str, removed: &[String]) -> Vec<Leak> {
    let mut search = Search::new(removed);
    search.text("文件名", file_name);
    match Kind::promised(bytes) {
        Ok(Kind::Pdf) => pdf::search(bytes, &mut search),
        Ok(Kind::Docx | Kind::Xlsx) => package::search(bytes, &mut search),
        Ok(Kind::Png | Kind::Jpeg) => picture::search(bytes, "图片", &mut search),
        Err(unusable) => search.unusable(&unusable),
    }
    // Whatever the format: words that lie in the bytes as they are.
    search.raw("文件数据", bytes, true);
    search.leaks.sort();
    search.leaks.dedup();
    search.leaks.truncate(MAX_LEAKS);
    search.leaks
}

/// What is searched for, and what was found.
struct Search {
    /// The strings as they were given, and as they are compared.
    words: Vec<String>,
    terms: Vec<Term>,
    folded: Option<AhoCorasick>,
    /// The strings as bytes, and which string each of them is.
    raw: Option<AhoCorasick>,
    owners: Vec<(usize, usize)>,
    leaks: Vec<Leak>,
    /// Files within files that are open.
    nesting: usize,
}

impl Search {
    fn new(removed: &[String]) -> Search {
        let (mut words, mut terms, mut bytes, mut owners) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        for text in removed {
            let term = Term::new(text);
            if term.len() == 0 {
                continue;
            }
            for encoded in encodings(text, term.as_str()) {
                // Runs of one byte are what even pixels look like; as text they are found all the same.
                let even = encoded.windows(2).all(|pair| pair[0] == pair[1]);
                owners.push((terms.len(), if even { 0 } else { encoded.len() }));
                bytes.push(encoded);
            }
            words.push(text.clone());
            terms.push(term);
        }
        let folded = AhoCorasick::new(terms.iter().map(Term::as_str)).ok();
        let raw = AhoCorasick::new(&bytes).ok();
        let mut search = Search { words, terms, folded, raw, owners, leaks: Vec::new(), nesting: 0 };
        if search.folded.is_none() || search.raw.is_none() {
            search.unreadable("文件", "过长的待查内容");
        }
        search
    }

    fn push(&mut self, kind: LeakKind, place: &str, text: &str) {
        if self.leaks.len() < MAX_LEAKS * 4 {
            self.leaks.push(Leak { kind, place: place.to_owned(), text: text.chars().take(200).collect() });
        }
    }

    /// Searches a file within the file.
    fn within(&mut self, place: &str, work: impl FnOnce(&mut Search)) {
        if self.nesting == MAX_NESTING {
            return self.unreadable(place, "多层嵌套的文件");
        }
        self.nesting += 1;
        work(self);
        self.nesting -= 1;
    }

    fn hidden(&mut self, place: &str, what: &str) {
        self.push(LeakKind::Hidden, place, what);
    }

    fn unusable(&mut self, why: &Unusable) {
        self.push(LeakKind::Unusable, "文件", &why.to_string());
    }

    fn unreadable(&mut self, place: &str, what: &str) {
        self.push(LeakKind::Unreadable, place, what);
    }

    /// A text that a reader may see.
    fn text(&mut self, place: &str, text: &str) {
        self.plain(place, &Plain::new(text), true);
    }

    /// A value that is mostly a size, a number or a name: what is short and ordinary is not looked for.
    fn value(&mut self, place: &str, text: &str) {
        self.plain(place, &Plain::new(text), false);
    }

    fn plain(&mut self, place: &str, plain: &Plain, common: bool) {
        let Some(folded) = &self.folded else { return };
        for n in plain.standing(&self.terms, folded) {
            if common || !self.terms[n].is_common() {
                self.found(place, n);
            }
        }
    }

    fn found(&mut self, place: &str, n: usize) {
        let words = self.words[n].clone();
        self.push(LeakKind::Found, place, &words);
    }

    /// Bytes in which words may lie in any encoding. In `packed` bytes short words turn up by chance.
    fn raw(&mut self, place: &str, bytes: &[u8], packed: bool) {
        let Some(raw) = &self.raw else { return };
        let least = if packed { 6 } else { 4 };
        let hits = raw.find_overlapping_iter(bytes).map(|hit| self.owners[hit.pattern().as_usize()]);
        let found: BTreeSet<usize> = hits.filter(|(_, length)| *length >= least).map(|(n, _)| n).collect();
        for n in found {
            self.found(place, n);
        }
    }

    /// Bytes of unknown meaning, read as text in every encoding that is used in China.
    fn bytes(&mut self, place: &str, bytes: &[u8]) {
        self.raw(place, bytes, false);
        for encoding in [encoding_rs::UTF_8, encoding_rs::GB18030] {
            self.text(place, &encoding.decode_without_bom_handling(bytes).0);
        }
        for (encoding, skipped) in
            [encoding_rs::UTF_16BE, encoding_rs::UTF_16LE].into_iter().flat_map(|e| [(e, 0), (e, 1)])
        {
            self.text(
                place,
                &encoding.decode_without_bom_handling(bytes.get(skipped..).unwrap_or_default()).0,
            );
        }
    }
}

/// The words as bytes: as they were marked and as they are compared, in UTF-8, GB 18030 and both orders of UTF-16.
fn encodings(words: &str, folded: &str) -> Vec<Vec<u8>> {
    let mut all = Vec::new();
    for text in [words.trim(), folded] {
        all.push(text.as_bytes().to_vec());
        all.push(encoding_rs::GB18030.encode(text).0.into_owned());
        all.push(text.encode_utf16().flat_map(u16::to_be_bytes).collect());
        all.push(text.encode_utf16().flat_map(u16::to_le_bytes).collect());
    }
    all.sort();
    all.dedup();
    all
}
