//! In work.
use crate::{error::PaperError, fonts::Fonts, report::Report};

/// In work.
///
/// # Errors
/// [`PaperError`].
pub fn pdf(_report: &Report<'_>, _fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    Err(PaperError::NoFonts)
}
