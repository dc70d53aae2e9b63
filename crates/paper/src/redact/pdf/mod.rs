//! PDF files: glyphs with their places ([`read`]), the bytes as they lie in the file ([`raw`]), and a new file made of
//! pictures and an invisible layer of the remaining words ([`write`]).
//!
//! The reader is hayro, which also draws the pages: so the boxes that are painted belong to the glyphs that were drawn,
//! with one font engine and one idea of the page. Another reader of positions could disagree with the drawing by a
//! rotation or a crop box, and would paint beside the text.

pub(crate) mod font;
pub(super) mod raw;
pub(crate) mod read;
mod steps;
pub(super) mod syntax;
pub(super) mod write;

use super::unusable::Unusable;
use super::{MAX_PAGES, picture};
use hayro::hayro_syntax::{LoadPdfError, Pdf};
use raw::{Filter, Raw};

/// How much work a file may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Bytes of all streams inflated.
    pub(crate) inflated: u64,
    /// Drawing steps of all pages.
    pub(crate) steps: u64,
}

/// A scanned document of 300 pages inflates to less, and an atlas has some hundred thousand steps a page.
const LIMITS: Limits = Limits { inflated: 2 * 1024 * 1024 * 1024, steps: 60_000_000 };
/// One stream inflated: a picture of the largest size in three colours.
const MAX_STREAM: u64 = 400 * 1024 * 1024;
/// Stack for a reader that recurses over hostile structures.
const STACK: usize = 256 * 1024 * 1024;

/// Runs a reader of hostile bytes on a thread of its own, with a deep stack. If it panics, the file is broken.
pub(crate) fn isolated<T: Send>(work: impl FnOnce() -> Result<T, Unusable> + Send) -> Result<T, Unusable> {
    std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK).name("redact".into());
        match builder.spawn_scoped(scope, work) {
            Ok(handle) => handle.join().unwrap_or(Err(Unusable::Broken)),
            Err(_) => Err(Unusable::Broken),
        }
    })
}

/// Opens what [`check`] let through.
pub(crate) fn open(bytes: &[u8]) -> Result<Pdf, Unusable> {
    Pdf::new(bytes.to_vec()).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Unusable::Encrypted,
        LoadPdfError::Invalid => Unusable::Broken,
    })
}

/// Whether the file may be handed to the reader: no password, nothing that inflates without end, not too many pages.
pub(super) fn check(bytes: &[u8]) -> Result<(), Unusable> {
    check_within(bytes, LIMITS)
}

/// The same for those who take less.
pub(crate) fn check_within(bytes: &[u8], limits: Limits) -> Result<(), Unusable> {
    let raw = Raw::scan(bytes);
    if raw.has_name("Encrypt") {
        return Err(Unusable::Encrypted);
    }
    let mut left = limits.inflated;
    for stream in &raw.streams {
        let filters = stream.filters()?;
        // Packing what is packed serves nobody but a bomb.
        if filters.iter().filter(|f| f.inflates()).count() > 1 {
            return Err(Unusable::Bomb);
        }
        let size = match filters.last() {
            Some(Filter::Dct) => picture::jpeg_size(stream.data),
            Some(Filter::Jpx) => picture::jpeg2000_size(stream.data),
            _ => stream.size(),
        };
        if size.is_some_and(|(width, height)| !picture::fits(width, height)) {
            return Err(Unusable::TooManyPixels);
        }
        if filters.first() == Some(&Filter::Flate) {
            let limit = left.min(MAX_STREAM);
            let inflated = raw::inflated_size(stream.data, limit + 1);
            if inflated > limit {
                return Err(Unusable::Bomb);
            }
            left -= inflated;
        }
    }
    isolated(|| {
        let pdf = open(bytes)?;
        match pdf.pages().len() {
            0 => Err(Unusable::Broken),
            n if n > MAX_PAGES => Err(Unusable::TooManyPages),
            _ => read::affordable(&pdf, limits.steps),
        }
    })
}
