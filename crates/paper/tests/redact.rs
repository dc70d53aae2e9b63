//! Redaction and its gate: strings planted in every place a file has, found before and gone after.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

#[path = "redact/book.rs"]
mod book;
#[path = "redact/package.rs"]
mod package;
#[path = "redact/picture.rs"]
mod picture;
#[path = "redact/plant.rs"]
mod plant;
#[path = "redact/portable.rs"]
mod portable;
#[path = "redact/word.rs"]
mod word;

#[path = "redact/bad.rs"]
mod bad;
#[path = "redact/clean.rs"]
mod clean;
#[path = "redact/leak.rs"]
mod leak;
