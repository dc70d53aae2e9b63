//! Where the index lies, and up to which entry of the journal it was written.

use crate::Region;
use ::search::{FullText, FullTextError, Synonyms};
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The folder of the index.
const FOLDER: &str = "full";
/// The file that says up to which entry it was written.
const FILE: &str = "SEQ";
/// Goes up when other things are indexed of the same items: an index written by another shape is built anew.
const SHAPE: u32 = 5;

/// The last entry of the journal that the index knows. Its hash tells this journal from every other, one that was
/// restored and has grown again included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) region: Region,
    pub(super) seq: i64,
    pub(super) hash: [u8; 32],
}

impl Mark {
    /// The mark beside the index; none if there is none that can be used.
    fn read(folder: &Path) -> Option<Mark> {
        let text = fs::read_to_string(folder.join(FILE)).ok()?;
        let mut words = text.split_whitespace();
        let mut next = || words.next();
        if next()?.parse() != Ok(SHAPE) {
            return None;
        }
        let (region, seq) = (Region(next()?.parse().ok()?), next()?.parse().ok()?);
        let (hex, mut hash) = (next()?, [0; 32]);
        if hex.len() != 64 || !hex.is_ascii() {
            return None;
        }
        for (byte, at) in hash.iter_mut().zip((0..64).step_by(2)) {
            *byte = u8::from_str_radix(&hex[at..at + 2], 16).ok()?;
        }
        Some(Mark { region, seq, hash })
    }

    /// Writes it: the old one or the new one is there, never half of one.
    pub(super) fn write(&self, folder: &Path) -> Result<(), FullTextError> {
        let hash: String = self.hash.iter().map(|b| format!("{b:02x}")).collect();
        let beside = folder.join("SEQ.new");
        let mut file = fs::File::create(&beside)?;
        writeln!(file, "{SHAPE} {} {} {hash}", self.region, self.seq)?;
        file.sync_all()?;
        Ok(fs::rename(&beside, folder.join(FILE))?)
    }
}

/// The right to use the folder, for as long as it is held. The index locks itself only once it can be opened, and one
/// that has to be emptied first cannot.
///
/// # Errors
/// [`FullTextError::Busy`] if another process has it.
pub(super) fn lock(folder: &Path) -> Result<fs::File, FullTextError> {
    fs::create_dir_all(folder)?;
    let file = fs::File::options().create(true).append(true).open(folder.join("LOCK"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(FullTextError::Busy),
        Err(fs::TryLockError::Error(e)) => Err(e.into()),
    }
}

/// Opens the index with its mark. Without a mark the index is empty: what it held is not known to be all.
///
/// # Errors
/// [`FullTextError::Busy`], [`FullTextError::Foreign`], [`FullTextError::Disk`].
pub(super) fn open(folder: &Path) -> Result<(FullText, Option<Mark>), FullTextError> {
    let Some(mark) = Mark::read(folder) else { return Ok((renew(folder)?, None)) };
    // A damaged file may be worse than an error to whoever reads it.
    let opened = std::panic::catch_unwind(|| {
        let index = FullText::open(&folder.join(FOLDER), Synonyms::default())?;
        index.check()?;
        Ok(index)
    });
    match opened.unwrap_or_else(|_| Err(FullTextError::Rebuild("a file cannot be read".into()))) {
        Ok(index) => Ok((index, Some(mark))),
        // Beside a mark lies an index of this program, whatever became of the file that says so.
        Err(error @ (FullTextError::Rebuild(_) | FullTextError::Foreign(_))) => {
            tracing::warn!(%error, "the full-text index is damaged or old and is built anew");
            Ok((renew(folder)?, None))
        }
        Err(other) => Err(other),
    }
}

/// An empty index without a mark, whatever was there.
pub(super) fn renew(folder: &Path) -> Result<FullText, FullTextError> {
    forget(folder)?;
    FullText::renew(&folder.join(FOLDER), Synonyms::default())
}

/// Takes the mark away: the index is built anew by whoever opens it next.
pub(super) fn forget(folder: &Path) -> Result<(), FullTextError> {
    match fs::remove_file(folder.join(FILE)) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(e.into()),
        _ => Ok(()),
    }
}
