//! Registers in and out as tables: CSV, XLSX and JSON with the Chinese headings of the register (登记台账).
//!
//! A row is a docket: its columns are the events that registers usually hold, and what they cannot hold is in the last
//! column 其他经过, so that a file that was exported imports as the same dockets into an empty store. The headings of a
//! register are in its `sheet::Sheet`, one file each.
//!
//! An import reads the whole file before anything is written, tries every row, and names every bad one with its number,
//! its column and the reason. Rows are taken in one transaction. A row is known by the SM3 of its file and its number,
//! and by the id it carries: the same file imported twice does nothing twice.
//!
//! [`batch`] imports old documents with their files, each row in a transaction of its own.

pub mod batch;
mod cell;
mod export;
mod import;
mod kind;
mod list;
mod sheet;
mod table;

pub use import::{BadRow, ImportMode, ImportOutcome};
pub use kind::{ExportFormat, Kind};
pub use list::ListFile;
pub(crate) use table::{sheet_rows, write as write_table};
