//! PDF: the archive copy, set with typst from `templates/report.typ`.
//!
//! The template is fixed; the report reaches it as the data file `report.json`. So no word of a user is ever read as
//! markup. The file is PDF/A-2a and PDF/UA-1: tagged, searchable, with title, language and page numbers.

use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::grid::{Content, Grid, Spot, grids};
use crate::measure::{self, measures, signature};
use crate::report::{Paragraph, Report};
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

const TEMPLATE: &str = include_str!("../templates/report.typ");

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| {
    // Row labels are marked as headers by `pdf.header-cell`, which typst 0.15 still keeps behind a feature.
    LazyHash::new(Library::builder().with_features([Feature::A11yExtras].into_iter().collect()).build())
});

/// The report as a PDF file.
///
/// Every page carries its number (`— 1 —`), every page of a table its headings. A character that no installed font
/// has is printed as 〓, because PDF/A admits no character without a shape.
///
/// # Errors
/// [`PaperError::NoFonts`] without a Chinese font; [`PaperError::Pdf`] if the typesetter refuses.
pub fn pdf(report: &Report<'_>, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let faces = fonts.faces()?;
    let known = |text: &str| printable(text, fonts.store().book());
    let data = json!({
        "title": known(report.title),
        "title_lines": report.title_lines().into_iter().map(known).collect::<Vec<_>>(),
        "author": known(report.organization),
        "date": document_date(report),
        "fonts": faces,
        "page": {
            "width": measure::PAPER.0, "height": measure::PAPER.1,
            "left": measure::LEFT, "top": measure::TOP,
            "area": [measure::AREA.0, measure::AREA.1], "number": measure::NUMBER, "pad": measure::PAD,
        },
        "notice": report.notice.map(known),
        "introduction": paragraphs(report.introduction, &known),
        "parts": parts(report, &known),
        "signature": lines(report, &known),
    });
    compile(&data, fonts.store())
}

fn compile(data: &Value, fonts: &FontStore) -> Result<Vec<u8>, PaperError> {
    // Typst keeps what it computed for the next run; without this the memory of a long-lived process only grows.
    // Dropped last, so that it also runs after a failure.
    struct Forget;
    impl Drop for Forget {
        fn drop(&mut self) {
            comemo::evict(2);
        }
    }
    let _forget = Forget;

    let desk = Desk::new(data, fonts)?;
    let document = typst::compile::<PagedDocument>(&desk).output.map_err(refused)?;
    let standards = PdfStandards::new(&[PdfStandard::A_2a, PdfStandard::Ua_1])
        .map_err(|e| PaperError::Pdf(vec![e.message().to_string()]))?;
    typst_pdf::pdf(&document, &PdfOptions { standards, ..PdfOptions::default() }).map_err(refused)
}

fn refused(errors: impl IntoIterator<Item = SourceDiagnostic>) -> PaperError {
    PaperError::Pdf(errors.into_iter().map(|e| e.message.to_string()).collect())
}

/// The day of the document: the day of signing, before that the last day of the report year, so that the same report
/// is always the same file.
fn document_date(report: &Report<'_>) -> Value {
    match report.signed_on {
        Some(d) => json!([d.year(), d.month(), d.day()]),
        None => json!([report.year, 12, 31]),
    }
}

fn paragraphs(paragraphs: &[Paragraph], known: &impl Fn(&str) -> String) -> Value {
    paragraphs.iter().map(|p| json!({ "heading": p.heading, "text": known(&p.text()) })).collect()
}

fn parts(report: &Report<'_>, known: &impl Fn(&str) -> String) -> Value {
    let tables = grids(report.form);
    let headings = report.form.sections.iter().zip(report.parts).enumerate();
    headings
        .map(|(i, (heading, text))| {
            let table = tables.iter().find(|t| t.section == i + 1);
            json!({
                "heading": known(heading),
                "table": table.map(|t| table_data(report, t, known)),
                "text": paragraphs(text, known),
            })
        })
        .collect()
}

fn table_data(report: &Report<'_>, grid: &Grid, known: &impl Fn(&str) -> String) -> Value {
    let m = measures(report, grid);
    let cell = |spot: &Spot| {
        let (kind, text) = match &spot.content {
            Content::Column(text) => ("column", text.clone()),
            Content::Block(text) => ("block", text.clone()),
            Content::Row(text) => ("row", text.clone()),
            Content::Figure { cell, measure, label } => ("figure", report.printed(cell, *measure, label)),
        };
        json!({
            "x": spot.column, "y": spot.row, "rows": spot.rows, "columns": spot.columns,
            "kind": kind, "text": known(&text),
        })
    };
    json!({
        "summary": known(&report.caption(grid.section)),
        "columns": m.columns, "size": m.size, "figure": m.figure, "row": m.row, "pad": m.pad,
        "header_rows": grid.header_rows,
        "rows": grid.rows.iter().map(|r| r.iter().map(cell).collect::<Vec<_>>()).collect::<Vec<_>>(),
    })
}

fn lines(report: &Report<'_>, known: &impl Fn(&str) -> String) -> Value {
    let (name, date) = (known(report.signed_by), report.date());
    let (name_indent, date_indent) = signature(&name, &date);
    [(name, name_indent), (date, date_indent)]
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, indent)| json!({ "text": text, "indent": indent }))
        .collect()
}

/// The text as a PDF/A file can hold it: private characters and characters without a glyph become 〓.
fn printable(text: &str, book: &FontBook) -> String {
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

/// The two files and the fonts the typesetter may see; nothing else of the machine.
struct Desk<'a> {
    main: Source,
    data_id: FileId,
    data: Bytes,
    fonts: &'a FontStore,
}

impl<'a> Desk<'a> {
    fn new(data: &Value, fonts: &'a FontStore) -> Result<Self, PaperError> {
        let id = |path: &str| {
            VirtualPath::new(path)
                .map(|path| RootedPath::new(VirtualRoot::Project, path).intern())
                .map_err(|e| PaperError::Pdf(vec![e.to_string()]))
        };
        Ok(Desk {
            main: Source::new(id("report.typ")?, TEMPLATE.to_owned()),
            data_id: id("report.json")?,
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
        if id == self.main.id() { Ok(self.main.clone()) } else { Err(FileError::AccessDenied) }
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
