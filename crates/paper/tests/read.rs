//! Published reports in: the samples with their truth, and every variant that is met.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

#[path = "read/sample.rs"]
mod sample;
