//! Partial disclosure (条例 art. 37): what must not be disclosed is taken out of a file, and a gate proves that it is
//! gone.
//!
//! 1. [`Kind::sniff`] says what a file is, by its content, and refuses what is no document.
//! 2. [`Source::open`] shows its pages, sheets and paragraphs; [`detect`] proposes what may be personal data.
//! 3. [`redact`] makes a clean file from the marks, each with its ground. It is built anew from what a reader sees: of the
//!    old file nothing is copied, so nothing can lie under a black box.
//! 4. [`gate`] reopens whatever is about to leave the house, searches all of it for the removed strings, and refuses
//!    hidden content. It shares no code with the making: it reads the bytes of a PDF beside its pages, and every part and
//!    attribute of a package.
//!
//! | kind | how it is cleaned |
//! |---|---|
//! | PDF | pages become pictures of 200 dpi with black places; the remaining words lie over them invisibly |
//! | DOCX | a new package of the visible text and its layout; pictures are left out, with a note |
//! | XLSX | a new workbook of the visible cells' values |
//! | PNG, JPEG | the pixels, painted and encoded anew |
//!
//! OFD is read ([`ofd`]), not cleaned: it is printed as PDF before something is taken out of it.
//!
//! To add a kind: a variant of [`Kind`] with its arms, a reader of what is seen, and its places in the tests of `tests/`.

mod area;
mod detect;
mod docx;
mod gate;
mod kind;
mod mark;
mod ofd;
mod package;
mod paint;
pub(crate) mod pdf;
mod picture;
mod source;
mod unusable;
mod work;
mod xlsx;
mod xml;

pub use area::Area;
pub use detect::{Found, What, detect};
pub use gate::{Leak, LeakKind, gate};
pub use kind::Kind;
pub use mark::{Mark, Target};
pub use ofd::{Ofd, OfdPage, ofd};
pub(crate) use package::one_part;
pub use source::{Paragraph, Source, SourcePage, SourceSheet};
pub use unusable::Unusable;
pub use work::{Clean, Marked, redact};
pub(crate) use xml::parse as parse_xml;

/// Bytes of a file that is taken: 100 MB.
pub const MAX_BYTES: usize = 100 * 1024 * 1024;
/// Pages of a PDF file.
pub const MAX_PAGES: usize = 300;
/// Pixels of one picture.
pub const MAX_PIXELS: u64 = 100_000_000;
/// Marks of one file.
pub const MAX_MARKS: usize = 2_000;
