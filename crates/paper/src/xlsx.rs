//! In work.
use crate::{error::PaperError, report::Report};

/// In work.
///
/// # Errors
/// [`PaperError`].
pub fn xlsx(_report: &Report<'_>) -> Result<Vec<u8>, PaperError> {
    Err(PaperError::NoFonts)
}
