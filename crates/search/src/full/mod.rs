//! Full-text search on disk over all that is public: a folder that can be thrown away and filled again at any time.
//!
//! - `text`: the common form in which everything is compared; `number`: document numbers however they are typed.
//! - `document`, `schema`: what is put in, and the terms made of it.
//! - `query`: how a typed line is read; `synonym`, `words`, `sound`, `spell`: other words that may be meant.
//! - `matches`: where a word stands, exactly; `columns`: facets and dates; `find`: documents, order, counts.
//! - `answer`, `snippet`: what comes back.
//!
//! ```
//! # let folder = tempfile::tempdir().unwrap();
//! use search::{Document, FullText, Query};
//! let index = FullText::open(folder.path(), Default::default())?;
//! index.put(&Document {
//!     id: "1".into(),
//!     title: "最低生活保障办法".into(),
//!     number: "示政发〔2020〕12号".into(),
//!     body: "家庭人均收入低于标准的，可以申请。".into(),
//!     ..Document::default()
//! })?;
//! index.commit()?;
//! let find = |text: &str| index.find(&Query { text: text.into(), ..Query::default() });
//! assert_eq!(find("示政发2020 12")?.hits[0].id, "1");
//! assert_eq!(find("“人均收入低于标准”")?.total, 1);
//! assert_eq!(find("低保")?.total, 1);
//! assert_eq!(find("zdsh")?.total, 1);
//! # Ok::<(), search::FullTextError>(())
//! ```

mod answer;
mod columns;
mod document;
mod find;
mod matches;
mod number;
mod query;
mod schema;
mod snippet;
mod sound;
mod spell;
mod synonym;
mod text;
mod words;

pub use answer::{Answer, FoundBy, Hit};
pub use document::{Document, Facet};
pub use query::{LONGEST_QUERY, MOST_HITS, Order, Query};
pub use snippet::Segment;
pub use synonym::Synonyms;

use columns::Columns;
use find::{Documents, Group, Need, Outcome, Ready};
use matches::{Found, Kept, Sought, find_all};
use number::Number;
use query::{Parsed, Piece};
use schema::{Fields, VERSION};
use spell::Speller;
use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::indexer::UserOperation;
use tantivy::schema::{Term, Value};
use tantivy::{
    DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, TantivyError,
};

/// The file that says by which version of the program a folder was written.
const VERSION_FILE: &str = "VERSION";
/// Memory in which each thread gathers documents before it writes them.
const WRITER_BYTES: usize = 192 << 20;
/// As few hits are little, and another spelling is looked for.
const LITTLE: usize = 3;
/// Of the weight of words that the best document has, what others need when not all words are found together.
const ENOUGH: f32 = 0.6;

/// Why the index cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FullTextError {
    /// It was written by another version of the program, or is damaged: [`FullText::renew`] it and put everything again.
    #[error("全文索引需要重建：{0}")]
    Rebuild(String),
    /// Another process writes to it.
    #[error("全文索引正被另一个程序使用")]
    Busy,
    /// The folder holds something else.
    #[error("文件夹 {0} 里有不属于全文索引的内容，不能用作全文索引")]
    Foreign(PathBuf),
    /// The disk refused.
    #[error("全文索引读写失败：{0}")]
    Disk(String),
}

impl From<TantivyError> for FullTextError {
    fn from(error: TantivyError) -> FullTextError {
        let damaged = |e: &std::io::Error| {
            matches!(e.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
        };
        match &error {
            TantivyError::LockFailure(LockError::LockBusy, _) => FullTextError::Busy,
            TantivyError::DataCorruption(_)
            | TantivyError::IncompatibleIndex(_)
            | TantivyError::SchemaError(_)
            | TantivyError::DeserializeError(_)
            | TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(_))
            | TantivyError::OpenReadError(OpenReadError::IncompatibleIndex(_)) => {
                FullTextError::Rebuild(error.to_string())
            }
            TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. }) if damaged(io_error) => {
                FullTextError::Rebuild(error.to_string())
            }
            TantivyError::IoError(io_error) if damaged(io_error) => FullTextError::Rebuild(error.to_string()),
            _ => FullTextError::Disk(error.to_string()),
        }
    }
}

impl From<std::io::Error> for FullTextError {
    fn from(error: std::io::Error) -> FullTextError {
        FullTextError::Disk(error.to_string())
    }
}

type Result<T, E = FullTextError> = std::result::Result<T, E>;

/// What a full-text index takes on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Bytes of the texts kept for snippets.
    pub texts: u64,
    /// Bytes of everything else.
    pub index: u64,
}

/// A full-text index in a folder. It may be used by any number of threads at once, by one process at a time.
pub struct FullText {
    folder: PathBuf,
    fields: Fields,
    writer: RwLock<IndexWriter>,
    reader: IndexReader,
    view: RwLock<Arc<View>>,
    reloading: Mutex<()>,
    kept: Kept,
    synonyms: Synonyms,
    threads: usize,
}

/// The index as it was at a commit.
struct View {
    searcher: Searcher,
    columns: Vec<Arc<Columns>>,
    average: f32,
}

impl View {
    fn new(searcher: Searcher, fields: &Fields, before: Option<&View>) -> Result<View> {
        let mut columns = Vec::new();
        let (mut length, mut count) = (0.0, 0.0);
        for segment in searcher.segment_readers() {
            let old = before.and_then(|view| {
                let ids = view.searcher.segment_readers().iter().map(|s| s.segment_id());
                let at = ids.into_iter().position(|id| id == segment.segment_id())?;
                Some(Arc::clone(&view.columns[at]))
            });
            columns.push(match old {
                Some(old) => old,
                None => Arc::new(Columns::read(segment, fields)?),
            });
            length += segment.inverted_index(fields.body)?.total_num_tokens() as f32;
            count += segment.max_doc() as f32;
        }
        Ok(View { searcher, columns, average: length / f32::max(count, 1.0) })
    }
}

impl FullText {
    /// Opens the index in a folder; one that is not there or empty becomes an empty index.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Rebuild`] if it has to be rebuilt; [`FullTextError::Busy`], [`FullTextError::Foreign`],
    /// [`FullTextError::Disk`].
    pub fn open(folder: &Path, synonyms: Synonyms) -> Result<FullText> {
        std::fs::create_dir_all(folder)?;
        let version = folder.join(VERSION_FILE);
        match std::fs::read_to_string(&version) {
            Ok(found) if found == VERSION => {}
            Ok(found) => return Err(FullTextError::Rebuild(format!("版本为“{}”", found.trim()))),
            Err(_) if std::fs::read_dir(folder)?.next().is_none() => std::fs::write(&version, VERSION)?,
            Err(_) => return Err(FullTextError::Foreign(folder.to_owned())),
        }
        let (schema, fields) = schema::schema();
        let directory = MmapDirectory::open(folder).map_err(TantivyError::from)?;
        let mut index = Index::open_or_create(directory, schema)?;
        index.set_tokenizers(schema::tokenizers());
        let threads = std::thread::available_parallelism().map_or(1, usize::from).min(8);
        let writer = index.writer_with_num_threads(threads, threads * WRITER_BYTES)?;
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        let view = View::new(reader.searcher(), &fields, None)?;
        Ok(FullText {
            folder: folder.to_owned(),
            fields,
            writer: RwLock::new(writer),
            reader,
            view: RwLock::new(Arc::new(view)),
            reloading: Mutex::new(()),
            kept: Kept::default(),
            synonyms,
            threads,
        })
    }

    /// Empties the folder of an index, whatever state it is in, and opens a new one there.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Foreign`] if the folder was never an index, and what [`FullText::open`] says.
    pub fn renew(folder: &Path, synonyms: Synonyms) -> Result<FullText> {
        if folder.join(VERSION_FILE).is_file() {
            for file in std::fs::read_dir(folder)? {
                let path = file?.path();
                if path.is_file() && path.file_name() != Some(VERSION_FILE.as_ref()) {
                    std::fs::remove_file(path)?;
                }
            }
            std::fs::remove_file(folder.join(VERSION_FILE))?;
        }
        FullText::open(folder, synonyms)
    }

    /// Adds a document or replaces the one with its id. Readers see it after [`FullText::commit`].
    ///
    /// # Errors
    ///
    /// [`FullTextError::Disk`] if writing failed, then or earlier.
    pub fn put(&self, document: &Document) -> Result<()> {
        let old = UserOperation::Delete(Term::from_field_text(self.fields.id, &document.id));
        let new = UserOperation::Add(schema::entry(document, &self.fields));
        self.writer.read().unwrap_or_else(PoisonError::into_inner).run([old, new])?;
        Ok(())
    }

    /// Takes the document with this id out, if there is one. Readers see it after [`FullText::commit`].
    pub fn remove(&self, id: &str) {
        let writer = self.writer.read().unwrap_or_else(PoisonError::into_inner);
        writer.delete_term(Term::from_field_text(self.fields.id, id));
    }

    /// Writes everything put and removed so far to disk and shows it to readers. What was not committed is lost if the
    /// process dies, nothing else.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Disk`] if writing failed; what was committed before is still there.
    pub fn commit(&self) -> Result<()> {
        self.writer.write().unwrap_or_else(PoisonError::into_inner).commit()?;
        self.reload()
    }

    /// Waits until no segments are being joined in the background any more, and opens the result. Only measurements need
    /// it: what is not joined yet is found all the same.
    ///
    /// # Errors
    ///
    /// As [`FullText::commit`] and [`FullText::open`].
    pub fn settle(self) -> Result<FullText> {
        let FullText { folder, writer, synonyms, .. } = self;
        writer.into_inner().unwrap_or_else(PoisonError::into_inner).wait_merging_threads()?;
        FullText::open(&folder, synonyms)
    }

    fn reload(&self) -> Result<()> {
        let _one_at_a_time = self.reloading.lock().unwrap_or_else(PoisonError::into_inner);
        self.reader.reload()?;
        let view = View::new(self.reader.searcher(), &self.fields, Some(&self.view()))?;
        // Joined segments are large: what people look for must not become slow on the day they are joined.
        let segments = view.searcher.segment_readers();
        find_all(&self.kept.last(), segments, &self.fields, &self.kept, self.threads)?;
        self.kept.only(segments);
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(view);
        Ok(())
    }

    fn view(&self) -> Arc<View> {
        Arc::clone(&self.view.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// How many documents readers see.
    pub fn len(&self) -> usize {
        usize::try_from(self.view().searcher.num_docs()).unwrap_or(usize::MAX)
    }

    /// True if readers see none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Forgets what was found for earlier queries; the next ones read from the files again.
    pub fn forget(&self) {
        self.kept.clear();
    }

    /// What it takes on disk.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Disk`].
    pub fn size(&self) -> Result<Size> {
        let mut size = Size { texts: 0, index: 0 };
        for file in std::fs::read_dir(&self.folder)? {
            let file = file?;
            let texts = file.path().extension().is_some_and(|e| e == "store");
            *(if texts { &mut size.texts } else { &mut size.index }) += file.metadata()?.len();
        }
        Ok(size)
    }

    /// Reads every file and compares it with its check sum.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Rebuild`] if one is damaged.
    pub fn check(&self) -> Result<()> {
        let damaged = self.view().searcher.index().validate_checksum()?;
        match damaged.iter().min() {
            None => Ok(()),
            Some(file) => Err(FullTextError::Rebuild(format!("{} 已损坏", file.display()))),
        }
    }

    /// Answers a query. Whatever the text holds, it is never refused; what cannot be understood finds nothing.
    ///
    /// # Errors
    ///
    /// [`FullTextError::Rebuild`] or [`FullTextError::Disk`] if the files cannot be read.
    pub fn find(&self, query: &Query) -> Result<Answer> {
        let view = self.view();
        Search { index: self, view: &view, query, parsed: Parsed::read(&query.text) }.answer()
    }
}

/// One query on its way to its answer.
struct Search<'a> {
    index: &'a FullText,
    view: &'a View,
    query: &'a Query,
    parsed: Parsed,
}

impl Search<'_> {
    fn answer(&self) -> Result<Answer> {
        let parsed = &self.parsed;
        if parsed.wanted.is_empty() {
            // Nothing typed finds everything; only unwanted words everything else; only punctuation nothing.
            if parsed.asked && parsed.unwanted.is_empty() {
                return Ok(Answer { cut: parsed.cut, ..Answer::default() });
            }
            let outcome = self.evaluate(&[], Need::All)?;
            return self.give(outcome, &[], FoundBy::AsTyped, None);
        }
        if let Some(number) = Number::read(&self.query.text).filter(|_| !self.query.exact) {
            let groups = [self.number_group(&number)];
            let outcome = self.evaluate(&groups, Need::All)?;
            if outcome.matched > 0 {
                return self.give(outcome, &groups, FoundBy::AsTyped, None);
            }
        }
        let typed = self.groups(&parsed.wanted);
        let outcome = self.evaluate(&typed, Need::All)?;
        if self.query.exact || outcome.matched >= LITTLE {
            return self.give(outcome, &typed, FoundBy::AsTyped, None);
        }
        let corrected = self.corrected()?;
        let better = match &corrected {
            Some(pieces) => self.better(pieces, outcome.matched)?,
            None => None,
        };
        let suggestion = corrected.as_ref().filter(|_| better.is_some()).map(|pieces| self.written(pieces));
        if outcome.matched > 0 {
            return self.give(outcome, &typed, FoundBy::AsTyped, suggestion);
        }
        if let Some((groups, outcome)) = better {
            return self.give(outcome, &groups, FoundBy::Corrected, suggestion);
        }
        let words = self.groups(&self.finer(split(corrected.as_ref().unwrap_or(&parsed.wanted)))?);
        let outcome = self.evaluate(&words, Need::All)?;
        if outcome.matched > 0 {
            return self.give(outcome, &words, FoundBy::Split, None);
        }
        self.fewer(words)
    }

    /// Words that stand nowhere cut into shorter ones.
    fn finer(&self, pieces: Vec<Piece>) -> Result<Vec<Piece>> {
        let mut finer: Vec<Piece> = Vec::new();
        for piece in pieces {
            let parts = if piece.quoted { Vec::new() } else { words::parts(&piece.text) };
            let known = parts.is_empty() || self.ready(&[self.group(&piece)])?.iter().any(|r| r.len() > 0);
            let words = if known { vec![piece] } else { parts.into_iter().map(Piece::word).collect() };
            finer.extend(words);
        }
        finer.truncate(query::MOST_WORDS);
        Ok(finer)
    }

    /// Documents with most of the words.
    fn fewer(&self, words: Vec<Group>) -> Result<Answer> {
        let ready = self.ready(&words)?;
        let best = self
            .documents()
            .evaluate(&ready, &self.unwanted()?, &Query { limit: 0, ..self.query.clone() }, Need::Weight(0.0))
            .best;
        let outcome = self.evaluate(&words, Need::Weight(best * ENOUGH))?;
        let missing = words.iter().zip(&ready).filter(|(_, r)| r.weight() == 0.0 || r.len() == 0);
        let left_out = missing.map(|(g, _)| g.shown.clone()).collect();
        let answer = self.give(outcome, &words, FoundBy::Fewer, None)?;
        Ok(Answer { left_out, ..answer })
    }

    /// What may have been meant, if there are words for it.
    fn corrected(&self) -> Result<Option<Vec<Piece>>> {
        let (searcher, fields) = (&self.view.searcher, &self.index.fields);
        let speller = Speller { searcher, fields, synonyms: &self.index.synonyms };
        let stands = |text: &str| self.stands(text);
        let (mut pieces, mut changed) = (Vec::new(), false);
        for piece in &self.parsed.wanted {
            let corrected = if piece.quoted { None } else { speller.correct(&piece.text, &stands)? };
            changed |= corrected.is_some();
            pieces.push(corrected.map_or_else(|| piece.clone(), Piece::word));
        }
        Ok(changed.then_some(pieces))
    }

    /// What is found for other pieces, if it is more than was found.
    fn better(&self, pieces: &[Piece], found: usize) -> Result<Option<(Vec<Group>, Outcome)>> {
        for pieces in [pieces.to_vec(), split(pieces)] {
            let groups = self.groups(&pieces);
            let outcome = self.evaluate(&groups, Need::All)?;
            if outcome.matched > found {
                return Ok(Some((groups, outcome)));
            }
        }
        Ok(None)
    }

    /// The query with other pieces, as one would type it.
    fn written(&self, pieces: &[Piece]) -> String {
        let wanted = pieces.iter().map(|p| if p.quoted { format!("“{}”", p.text) } else { p.text.clone() });
        let unwanted = self.parsed.unwanted.iter().map(|u| format!("-“{u}”"));
        wanted.chain(unwanted).collect::<Vec<_>>().join(" ")
    }

    fn stands(&self, text: &str) -> Result<bool, TantivyError> {
        let found = self.find_all(&[Sought::Text(text.to_owned())])?;
        Ok(found.iter().flatten().any(|f| f.len() > 0))
    }

    fn number_group(&self, number: &Number) -> Group {
        let cited = number.cited();
        Group {
            shown: cited.clone(),
            choices: vec![(Sought::Number(number.key()), 1.0), (Sought::Text(cited), 1.0)],
            required: true,
        }
    }

    fn groups(&self, pieces: &[Piece]) -> Vec<Group> {
        pieces.iter().map(|piece| self.group(piece)).collect()
    }

    fn group(&self, piece: &Piece) -> Group {
        let text = &piece.text;
        let mut choices = vec![(Sought::Text(text.clone()), 1.0)];
        if !piece.quoted && !self.query.exact {
            choices.extend(self.index.synonyms.of(text).into_iter().map(|other| (Sought::Text(other), 0.8)));
            if text.len() > 1 && text.bytes().all(|b| b.is_ascii_lowercase()) {
                let words =
                    self.index.synonyms.sounding(text).map(|word| (Sought::Text(word.to_owned()), 0.8));
                choices.extend(words);
                choices.extend(sound::readings(text).into_iter().map(|row| (Sought::Syllables(row), 0.9)));
                choices.push((Sought::Initials(text.clone()), 0.7));
            }
        }
        Group { shown: text.clone(), choices, required: piece.quoted }
    }

    fn documents(&self) -> Documents<'_> {
        Documents {
            segments: self.view.searcher.segment_readers(),
            columns: &self.view.columns,
            average: self.view.average,
            threads: self.index.threads,
        }
    }

    fn find_all(&self, sought: &[Sought]) -> Result<Vec<Vec<Arc<Found>>>, TantivyError> {
        let (index, segments) = (self.index, self.view.searcher.segment_readers());
        find_all(sought, segments, &index.fields, &index.kept, index.threads)
    }

    fn unwanted(&self) -> Result<Vec<Vec<Arc<Found>>>> {
        let sought: Vec<Sought> = self.parsed.unwanted.iter().cloned().map(Sought::Text).collect();
        Ok(self.find_all(&sought)?)
    }

    fn ready(&self, groups: &[Group]) -> Result<Vec<Ready>> {
        let sought: Vec<Sought> = groups.iter().flat_map(|g| &g.choices).map(|(s, _)| s.clone()).collect();
        let mut found = self.find_all(&sought)?.into_iter();
        let documents = self.view.searcher.num_docs();
        let ready =
            groups.iter().map(|g| Ready::new(g, found.by_ref().take(g.choices.len()).collect(), documents));
        Ok(ready.collect())
    }

    fn evaluate(&self, groups: &[Group], need: Need) -> Result<Outcome> {
        Ok(self.documents().evaluate(&self.ready(groups)?, &self.unwanted()?, self.query, need))
    }

    fn give(
        &self,
        outcome: Outcome,
        groups: &[Group],
        found_by: FoundBy,
        suggestion: Option<String>,
    ) -> Result<Answer> {
        let texts = groups.iter().flat_map(|g| &g.choices);
        let marked: Vec<String> = texts
            .filter_map(|(sought, _)| match sought {
                Sought::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let mut hits = Vec::new();
        for (score, segment, doc) in outcome.hits {
            let address = DocAddress::new(u32::try_from(segment).unwrap_or(u32::MAX), doc);
            let stored: TantivyDocument = self.view.searcher.doc(address)?;
            let field = |field| stored.get_first(field).and_then(|v| v.as_str()).unwrap_or("");
            let texts = stored.get_all(self.index.fields.stored_text).filter_map(|v| v.as_str());
            hits.push(Hit {
                id: field(self.index.fields.id).to_owned(),
                score,
                title: snippet::whole(field(self.index.fields.stored_title), &marked),
                snippet: snippet::part(texts, &marked),
            });
        }
        Ok(Answer {
            total: outcome.total,
            hits,
            facets: outcome.facets,
            words: groups.iter().map(|g| g.shown.clone()).collect(),
            found_by,
            left_out: Vec::new(),
            suggestion,
            cut: self.parsed.cut,
        })
    }
}

/// Longer pieces cut into words, without function words; phrases stay as they are.
fn split(pieces: &[Piece]) -> Vec<Piece> {
    let mut words: Vec<Piece> = Vec::new();
    for piece in pieces {
        if piece.quoted {
            words.push(piece.clone());
        } else {
            words.extend(words::telling(&piece.text).into_iter().map(Piece::word));
        }
    }
    let long = |p: &Piece| p.quoted || p.text.chars().nth(1).is_some();
    if words.iter().any(long) {
        words.retain(long);
    }
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.truncate(query::MOST_WORDS);
    if words.is_empty() { pieces.to_vec() } else { words }
}
