//! Setting a PDF with typst: the fixed templates of `templates/*.typ`, the data, the fonts, and nothing else.
//!
//! The template is fixed; what is printed reaches it as the data file `data.json`. So no word of a user is ever read as
//! markup. The file is PDF/A-2a and PDF/UA-1: tagged, searchable, with title and language.

use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::measure;
use crate::text::clean;
use serde_json::{Value, json};
use std::sync::LazyLock;
use typst::diag::{FileError, FileResult, SourceDiagnostic};
use typst::foundations::{Bytes, Datetime, Duration};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Feature, Library, LibraryExt, World};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

/// Page and type of official documents, which every template imports.
const OFFICIAL: &str = include_str!("../templates/official.typ");

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row labels are marked as headers by `pdf.header-cell`, which typst 0.15 still keeps behind a feature.
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

/// The measures of the page, for the templates.
pub(crate) fn page() -> Value {
    json!({
        "width": measure::PAPER.0, "height": measure::PAPER.1,
        "left": measure::LEFT, "top": measure::TOP,
        "area": [measure::AREA.0, measure::AREA.1], "number": measure::NUMBER, "pad": measure::PAD,
    })
}

/// Sets a template with its data.
///
/// # Errors
/// [`PaperError::Pdf`] if the typesetter refuses.
pub(crate) fn typeset(template: &str, data: &Value, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let _forget = Forget;
    export(&layout(template, data, fonts)?)
}

/// The same; but if there is more than one page, and the second data, which is set closer, saves one, that is printed.
///
/// # Errors
/// [`PaperError::Pdf`] if the typesetter refuses.
pub(crate) fn typeset_closer(
    template: &str,
    data: &Value,
    closer: &Value,
    fonts: &Fonts,
) -> Result<Vec<u8>, PaperError> {
    let _forget = Forget;
    let document = layout(template, data, fonts)?;
    if document.pages().len() > 1 {
        let other = layout(template, closer, fonts)?;
        if other.pages().len() < document.pages().len() {
            return export(&other);
        }
    }
    export(&document)
}

/// Typst keeps what it computed for the next run; without this the memory of a long-lived process only grows. Dropped
/// last, so that it also runs after a failure.
struct Forget;

impl Drop for Forget {
    fn drop(&mut self) {
        comemo::evict(2);
    }
}

fn layout(template: &str, data: &Value, fonts: &Fonts) -> Result<PagedDocument, PaperError> {
    let desk = Desk::new(template, data, fonts.store())?;
    typst::compile::<PagedDocument>(&desk).output.map_err(refused)
}

fn export(document: &PagedDocument) -> Result<Vec<u8>, PaperError> {
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| PaperError::Pdf(vec![e.message().to_string()]))?;
    typst_pdf::pdf(document, &PdfOptions { standards, ..PdfOptions::default() }).map_err(refused)
}

fn refused(errors: impl IntoIterator<Item = SourceDiagnostic>) -> PaperError {
    PaperError::Pdf(errors.into_iter().map(|e| e.message.to_string()).collect())
}

/// The text as a PDF/A file can hold it: private characters and characters without a glyph become 〓.
pub(crate) fn printable(text: &str, book: &FontBook) -> String {
    let has = |c: char| {
        let mut at = 0;
        std::iter::from_fn(|| {
            let info = book.info(at);
            at += 1;
            info
        })
        .any(|info| info.coverage.contains(u32::from(c)))
    };
    let mut seen = std::collections::BTreeMap::new();
    clean(text)
        .chars()
        .filter_map(|c| match c {
            // Marks of writing direction and joining have no shape; the file keeps the text in its logical order.
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}'..='\u{206f}' => None,
            '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}' => None,
            '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' => Some('〓'),
            c if c.is_ascii() => Some(c),
            c => Some(if *seen.entry(c).or_insert_with(|| has(c)) { c } else { '〓' }),
        })
        .collect()
}

/// The three files and the fonts the typesetter may see; nothing else of the machine.
struct Desk<'a> {
    main: Source,
    official: Source,
    data_id: FileId,
    data: Bytes,
    fonts: &'a FontStore,
}

impl<'a> Desk<'a> {
    fn new(template: &str, data: &Value, fonts: &'a FontStore) -> Result<Self, PaperError> {
        let id = |path: &str| {
            VirtualPath::new(path)
                .map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
                .map_err(|e| PaperError::Pdf(vec![e.to_string()]))
        };
        Ok(Desk {
            main: Source::new(id("main.typ")?, template.to_owned()),
            official: Source::new(id("official.typ")?, OFFICIAL.to_owned()),
            data_id: id("data.json")?,
            data: Bytes::from_string(data.to_string()),
            fonts,
        })
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        let known = [&self.main, &self.official].into_iter().find(|source| source.id() == id);
        known.cloned().ok_or(FileError::AccessDenied)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.data_id { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.font(index)
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}
