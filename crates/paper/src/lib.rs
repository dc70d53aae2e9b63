//! Documents out: the annual report (条例 arts. 49–50) on every kind of paper; the letters of requests, and the forms and
//! envelopes that go with them.
//!
//! # Letters
//!
//! [`template`] makes the text of a letter from a template and values, [`letter`] takes it apart and prints it
//! ([`letter_pdf`], [`letter_docx`], [`letter_html`]). Slips and forms to be signed are in [`sheet`], envelopes in
//! [`envelope`]. What a letter must say is the business of `law::letter`.
//!
//! # The report
//!
//! A [`Report`] is given complete; nothing is computed here. Every function prints the same labels, figures and
//! words in the same order, and user text is always text: no format lets it become markup, a formula or a script.
//!
//! | format | function | made for |
//! |---|---|---|
//! | HTML | [`html_fragment`], [`html_page`] | the portal and the desk; a page that can be filed as it is |
//! | Markdown | [`markdown`] | repositories and static sites |
//! | DOCX | [`docx`] | the official document, laid out after GB/T 9704-2012 |
//! | XLSX | [`xlsx`] | the tables for further calculation |
//! | PDF | [`pdf`] with [`Fonts`] | the archive copy: PDF/A-2a and PDF/UA-1 |
//! | CSV | [`csv`] | one line per cell |
//!
//! [`bundle`] packs published items for those who publish them again on an account of the new media.
//!
//! [`redact`] is the other way round: files of others come in, and go out without what must not be disclosed.
//! [`web_text`] takes the words out of a page of another site.
//!
//! [`read`] takes a published report out of a file of any kind, whatever made it.
//!
//! [`proofread`] finds in a text what the lists of a unit say is wrong (词表).
//!
//! JSON is made by `service`, which also knows the findings and the instant of the count.
//!
//! To add a format: one module with a function `fn(&Report) -> …`, one variant of [`Format`] with its arms, and the
//! shared situations of `tests/`.

pub mod bundle;
mod csv;
mod docx;
pub mod envelope;
mod error;
mod fonts;
mod format;
mod grid;
mod html;
pub mod letter;
mod markdown;
mod measure;
mod pdf;
mod plain;
pub mod proofread;
pub mod read;
pub mod redact;
mod report;
pub mod sheet;
pub mod template;
mod text;
mod typeset;
mod web_text;
mod word;
mod xlsx;

#[cfg(test)]
extern crate self as paper;

#[cfg(test)]
#[path = "../tests/sample/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the folder, which use more of it")]
mod sample;

pub use csv::csv;
pub use docx::docx;
pub use error::PaperError;
pub use fonts::{Fonts, MissingFont};
pub use format::Format;
pub use html::{ARTICLE_STYLE, html_fragment, html_page};
pub use law::form::narrative::{Paragraph, Run};
pub use letter::{letter_docx, letter_html, letter_pdf};
pub use markdown::markdown;
pub use pdf::pdf;
pub use report::{Links, Report};
pub use web_text::web_text;
pub use xlsx::xlsx;
