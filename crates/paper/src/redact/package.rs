//! The zip packages that DOCX and XLSX files are, read within limits and written plainly.

use super::unusable::Unusable;
use std::collections::BTreeSet;
use std::io::{Cursor, Read, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// Entries of one package.
const MAX_PARTS: usize = 4_000;
/// All entries inflated.
const MAX_INFLATED: u64 = 400 * 1024 * 1024;
/// One entry inflated. XML takes many times its size in memory.
const MAX_PART: u64 = 64 * 1024 * 1024;
/// How many times its packed size an entry of more than a megabyte may become. Sheets of equal cells reach 100.
const MAX_RATIO: u64 = 250;

/// A package in memory.
#[derive(Debug)]
pub(super) struct Package {
    parts: Vec<Part>,
    /// What lies in the file and in no part: a comment, bytes between the entries.
    pub(super) stowed: Vec<u8>,
}

/// A file of a package.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

impl Package {
    /// Reads every entry.
    ///
    /// # Errors
    /// [`Unusable::Encrypted`], [`Unusable::Bomb`], and [`Unusable::Broken`] also for two entries of one name.
    pub(super) fn open(bytes: &[u8]) -> Result<Package, Unusable> {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unusable::Broken)?;
        if archive.len() > MAX_PARTS {
            return Err(Unusable::Bomb);
        }
        if archive.has_duplicate_names() {
            return Err(Unusable::Broken);
        }
        let (mut parts, mut names, mut covered) = (Vec::new(), BTreeSet::new(), Vec::new());
        let mut left = MAX_INFLATED;
        for n in 0..archive.len() {
            let entry = archive.by_index(n).map_err(|error| match error {
                zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => {
                    Unusable::Encrypted
                }
                _ => Unusable::Broken,
            })?;
            if entry.encrypted() {
                return Err(Unusable::Encrypted);
            }
            let (name, packed) =
                (entry.name().map_err(|_| Unusable::Broken)?.into_owned(), entry.compressed_size());
            let start = entry.data_start().unwrap_or(entry.header_start());
            covered.push((entry.header_start(), start.saturating_add(packed)));
            let limit = left.min(MAX_PART).min((packed.saturating_mul(MAX_RATIO)).max(1024 * 1024));
            let mut inflated = Vec::new();
            // What the entry says of its own size is not believed.
            entry.take(limit + 1).read_to_end(&mut inflated).map_err(|_| Unusable::Broken)?;
            if inflated.len() as u64 > limit {
                return Err(Unusable::Bomb);
            }
            left -= inflated.len() as u64;
            // Windows programs take either slash and any case for the same name.
            if !names.insert(name.replace('\\', "/").to_lowercase()) {
                return Err(Unusable::Broken);
            }
            parts.push(Part { name, bytes: inflated });
        }
        let stowed = stowed(bytes, covered, archive.central_directory_start(), archive.comment());
        Ok(Package { parts, stowed })
    }

    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The bytes of a part; a leading slash and the case of the name do not count.
    pub(super) fn part(&self, name: &str) -> Option<&[u8]> {
        let name = name.trim_start_matches('/');
        self.parts.iter().find(|p| p.name.eq_ignore_ascii_case(name)).map(|p| &*p.bytes)
    }

    /// Whether it holds a program: VBA, or a content type that may.
    pub(super) fn has_macros(&self) -> bool {
        self.parts.iter().any(|part| {
            let name = part.name.to_lowercase();
            name.contains("vbaproject") || name.contains("macrosheets/") || name.contains("vbadata")
        }) || self.part("[Content_Types].xml").is_some_and(|types| {
            let types = String::from_utf8_lossy(types).to_lowercase();
            types.contains("macroenabled") || types.contains("vbaproject") || types.contains("excel4macro")
        })
    }
}

/// One part of a package, inflated up to `limit` bytes; none if there is no such part. The others are not touched.
///
/// # Errors
/// [`Unusable::Encrypted`], [`Unusable::Bomb`], [`Unusable::Broken`].
pub(crate) fn one_part(bytes: &[u8], name: &str, limit: u64) -> Result<Option<Vec<u8>>, Unusable> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unusable::Broken)?;
    if archive.len() > MAX_PARTS {
        return Err(Unusable::Bomb);
    }
    let Some(n) = archive.index_for_name(name) else { return Ok(None) };
    let entry = archive.by_index(n).map_err(|error| match error {
        zip::result::ZipError::UnsupportedArchive(why) if why.contains("assword") => Unusable::Encrypted,
        _ => Unusable::Broken,
    })?;
    let mut inflated = Vec::new();
    entry.take(limit + 1).read_to_end(&mut inflated).map_err(|_| Unusable::Broken)?;
    if inflated.len() as u64 > limit { Err(Unusable::Bomb) } else { Ok(Some(inflated)) }
}

/// Bytes of the file that no entry holds. A data descriptor (24 bytes at most) follows an entry lawfully.
fn stowed(bytes: &[u8], mut covered: Vec<(u64, u64)>, directory: u64, comment: &[u8]) -> Vec<u8> {
    covered.sort_unstable();
    covered.push((directory, u64::MAX));
    let mut stowed = comment.to_vec();
    let mut end = 0_u64;
    for (start, next) in covered {
        if start > end.saturating_add(24)
            && let Some(gap) = bytes.get(end as usize..start as usize)
        {
            stowed.extend_from_slice(gap);
        }
        end = end.max(next);
    }
    stowed
}

/// A package of these parts, in this order, all with the same date: the same parts are the same file.
///
/// # Errors
/// [`Unusable::Broken`] if a name cannot be written.
pub(super) fn pack(parts: &[Part]) -> Result<Vec<u8>, Unusable> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for part in parts {
        writer.start_file(part.name.as_str(), options).map_err(|_| Unusable::Broken)?;
        writer.write_all(&part.bytes).map_err(|_| Unusable::Broken)?;
    }
    Ok(writer.finish().map_err(|_| Unusable::Broken)?.into_inner())
}
