//! Full-text search on disk over all that is public: a folder that can be thrown away and filled again at any time.
//!
//! - `text`: the common form in which everything is compared; `number`: document numbers however they are typed.
//! - `document`, `schema`: what is put in, and the terms made of it.
//! - `query`: how a typed line is read; `synonym`, `words`, `sound`, `spell`: other words that may be meant.
//! - `matches`: where a word stands, exactly; `columns`: facets and dates; `find`: documents, order, counts.
//! - `search`: which of these are tried, one after the other; `answer`, `snippet`: what comes back.
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
mod search;
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
use matches::{Kept, find_all};
use query::Parsed;
use schema::{Fields, VERSION};
use search::Search;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use tantivy::directory::MmapDirectory;
use tantivy::directory::error::{LockError, OpenReadError};
use tantivy::indexer::UserOperation;
use tantivy::schema::Term;
use tantivy::{Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyError};

/// The file that says by which version of the program a folder was written.
const VERSION_FILE: &str = "VERSION";
/// Memory in which each thread gathers documents before it writes them.
const WRITER_BYTES: usize = 192 << 20;
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

/// A full-text index in a folder. It may be used by any number of threads at once, by one process at a time. Its functions
/// read and write files before they return: asynchronous callers call them where they may block. The first document put
/// and the first query that has to be split wait some tenths of a second for the dictionary of words.
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
