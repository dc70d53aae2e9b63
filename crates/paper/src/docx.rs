//! In work.
use crate::{error::PaperError, report::Report};

/// In work.
///
/// # Errors
/// [`PaperError`].
pub fn docx(_report: &Report<'_>) -> Result<Vec<u8>, PaperError> {
    Err(PaperError::NoFonts)
}
