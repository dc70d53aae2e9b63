//! Published reports in: the samples with their truth, and every variant that is met.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

#[path = "read/made.rs"]
mod made;
#[path = "read/print.rs"]
mod print;

#[path = "read/bad.rs"]
mod bad;
#[path = "read/cells.rs"]
mod cells;
#[path = "read/layout.rs"]
mod layout;
#[path = "read/sample.rs"]
mod sample;
