//! A file as the officer who marks it sees it.

use super::docx::Document;
use super::kind::Kind;
use super::pdf::read::Sheet;
use super::pdf::write;
use super::unusable::Unusable;
use super::xlsx::{Book, address};
use super::{paint, pdf, picture};
use image::imageops::FilterType;

/// An opened file, in memory.
pub struct Source {
    bytes: Vec<u8>,
    kind: Kind,
    pages: Vec<SourcePage>,
    paragraphs: Vec<Paragraph>,
    sheets: Vec<SourceSheet>,
}

/// A page of a PDF file, or a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct SourcePage {
    /// Width in points; of a picture, in pixels.
    pub width: f64,
    /// Height, likewise.
    pub height: f64,
    /// The words on it, line by line.
    pub text: String,
    /// Whether it shows pictures or characters that cannot be searched.
    pub unread: bool,
}

/// A paragraph of a Word document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paragraph {
    /// 正文, 页眉, 页脚, 脚注 or 尾注.
    pub part: &'static str,
    /// The words.
    pub text: String,
}

/// A visible sheet of a workbook: row and column from 0, address (`B3`) and text of every visible cell with content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceSheet {
    /// Its name.
    pub name: String,
    /// The cells in order.
    pub cells: Vec<(u32, u32, String, String)>,
}

impl Source {
    /// Opens a file of any [`Kind`].
    ///
    /// # Errors
    /// [`Unusable`], as [`Kind::sniff`].
    pub fn open(bytes: &[u8]) -> Result<Source, Unusable> {
        let kind = Kind::sniff(bytes)?;
        let mut source = Source {
            bytes: bytes.to_vec(),
            kind,
            pages: Vec::new(),
            paragraphs: Vec::new(),
            sheets: Vec::new(),
        };
        match kind {
            Kind::Pdf => {
                source.pages = pdf::isolated(|| {
                    let pdf = pdf::open(bytes)?;
                    Ok(pdf.pages().iter().map(|page| page_of(&Sheet::read(page))).collect())
                })?;
            }
            Kind::Png | Kind::Jpeg => {
                let picture = picture::decoded(bytes)?;
                let (width, height) = (f64::from(picture.width()), f64::from(picture.height()));
                source.pages = vec![SourcePage { width, height, text: String::new(), unread: true }];
            }
            Kind::Docx => {
                let (_, package) = Kind::package(bytes)?;
                let document = Document::read(&package)?;
                source.paragraphs =
                    document.labelled().into_iter().map(|(part, text)| Paragraph { part, text }).collect();
            }
            Kind::Xlsx => {
                let (_, package) = Kind::package(bytes)?;
                let cells = |sheet: &super::xlsx::Sheet| {
                    let cell =
                        |c: &super::xlsx::Cell| (c.row, c.column, address(c.row, c.column), c.shown.clone());
                    SourceSheet { name: sheet.name.clone(), cells: sheet.cells.iter().map(cell).collect() }
                };
                source.sheets = Book::read(&package)?.sheets.iter().map(cells).collect();
            }
        }
        Ok(source)
    }

    /// What the file is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The pages of a PDF file, or the picture; none of other kinds.
    pub fn pages(&self) -> &[SourcePage] {
        &self.pages
    }

    /// The paragraphs of a Word document: body, headers, footers, notes.
    pub fn paragraphs(&self) -> &[Paragraph] {
        &self.paragraphs
    }

    /// The visible sheets of a workbook.
    pub fn sheets(&self) -> &[SourceSheet] {
        &self.sheets
    }

    /// All visible words, for [`detect`](super::detect): a line for each line, paragraph or row.
    pub fn text(&self) -> String {
        let pages = self.pages.iter().map(|p| p.text.clone());
        let paragraphs = self.paragraphs.iter().map(|p| p.text.clone());
        let rows = self.sheets.iter().flat_map(|sheet| {
            let rows = sheet.cells.chunk_by(|a, b| a.0 == b.0);
            rows.map(|row| row.iter().map(|c| &*c.3).collect::<Vec<_>>().join("\t"))
        });
        pages.chain(paragraphs).chain(rows).collect::<Vec<_>>().join("\n")
    }

    /// A page (from 0) as a PNG picture on which places can be marked; a picture is shrunk to `dpi` dots on eight and a
    /// quarter inches of width. `dpi` is kept between 20 and 300.
    ///
    /// # Errors
    /// [`Unusable::Broken`] if there is no such page.
    pub fn page_png(&self, page: usize, dpi: u32) -> Result<Vec<u8>, Unusable> {
        let dpi = dpi.clamp(20, 300);
        match self.kind {
            Kind::Pdf => pdf::isolated(|| {
                let pdf = pdf::open(&self.bytes)?;
                let page = pdf.pages().get(page).ok_or(Unusable::Broken)?;
                paint::png(&write::drawn(page, f64::from(dpi))?)
            }),
            Kind::Png | Kind::Jpeg if page == 0 => {
                let picture = picture::decoded(&self.bytes)?;
                let width = dpi * 33 / 4;
                if picture.width() <= width {
                    return paint::png(&picture);
                }
                let height =
                    (u64::from(picture.height()) * u64::from(width) / u64::from(picture.width())).max(1);
                let height = u32::try_from(height).map_err(|_| Unusable::Broken)?;
                paint::png(&image::imageops::resize(&picture, width, height, FilterType::Triangle))
            }
            _ => Err(Unusable::Broken),
        }
    }
}

fn page_of(sheet: &Sheet) -> SourcePage {
    SourcePage { width: sheet.width, height: sheet.height, text: sheet.text(), unread: sheet.has_unread() }
}
