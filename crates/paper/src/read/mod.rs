//! Published annual reports in: any 政府信息公开工作年度报告, in either form, from a web page, PDF, DOCX, Markdown or text.
//!
//! A file becomes a [`Document`]: lines and grids in the order of reading, each with its place ([`block`]). Deterministic
//! and offline. What cannot be proved is refused with a reason; a number is never guessed.

mod block;
mod pdf;
mod unreadable;

pub use block::{At, Block, Cell, Document, Grid, Kind, Line};
pub use unreadable::Unreadable;

/// Bytes of the largest file that is read.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;
