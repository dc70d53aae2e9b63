//! Packages: DOCX, XLSX and OFD are ZIP archives with known parts. Every part is inflated once, into nothing, and
//! counted, so that what is declared cannot lie.

use super::kind::{broken, encrypted, no};
use law::Refusal;
use law::docket::file::Media;
use std::io::{Cursor, Read};
use zip::ZipArchive;

/// Parts a package may have: a report with a picture on each of a thousand pages has fewer.
const PARTS: u16 = 5000;
/// Bytes all parts may have together.
const INFLATED: u64 = 200 << 20;
/// From so many bytes on, a part that is larger than [`RATIO`] times what it was packed into is a bomb.
const SUSPECT: u64 = 10 << 20;
const RATIO: u64 = 200;
/// Bytes that a shared text takes at least.
const LEAST: u64 = 8;

pub(super) fn archive() -> Refusal {
    no("file-archive", "压缩包不能上传，请解压后逐个上传其中的文件")
}

fn bomb() -> Refusal {
    no("file-bomb", "文件解开后过大，可能是压缩炸弹，没有接收；请另存为PDF后上传")
}

/// What the package is.
pub(super) fn judge(content: &[u8]) -> Result<Media, Refusal> {
    if parts(content).ok_or_else(broken)? > PARTS {
        return Err(bomb());
    }
    let mut package = ZipArchive::new(Cursor::new(content)).map_err(|_| broken())?;
    let names = package.file_names().map(|name| name.map(std::borrow::Cow::into_owned));
    let names: Vec<String> = names.collect::<Result<_, _>>().map_err(|_| broken())?;
    if names.iter().any(|name| leaves(name)) {
        return Err(no("file-broken", "文件的内部结构不正常，没有接收；请另存为PDF后上传"));
    }
    let media = kind(&names)?;
    if names
        .iter()
        .map(|n| n.to_ascii_lowercase())
        .any(|n| n.ends_with("vbaproject.bin") || n.contains("/activex/"))
    {
        return Err(no("file-macro", "文件含有宏，请另存为不含宏的文件或者PDF后上传"));
    }
    count(&mut package)?;
    Ok(media)
}

/// The number of parts that the end of the directory states; `None` without an end, or for an archive of more than
/// four gigabytes or sixty thousand parts (ZIP64), which is no document.
fn parts(content: &[u8]) -> Option<u16> {
    const END: &[u8] = b"PK\x05\x06";
    let from = content.len().saturating_sub(22 + 0xFFFF);
    let at = from + content[from..].windows(END.len()).rposition(|w| w == END)?;
    let bytes: [u8; 2] = content.get(at + 10..at + 12)?.try_into().ok()?;
    Some(u16::from_le_bytes(bytes)).filter(|n| *n != u16::MAX)
}

/// Whether a name leads out of the package.
fn leaves(name: &str) -> bool {
    name.contains(['\0', ':']) || name.split(['/', '\\']).any(|part| part == "..")
}

fn kind(names: &[String]) -> Result<Media, Refusal> {
    let has = |name: &str| names.iter().any(|n| n.trim_start_matches('/') == name);
    if has("[Content_Types].xml") && has("word/document.xml") {
        return Ok(Media::Docx);
    }
    if has("[Content_Types].xml") && has("xl/workbook.xml") {
        return Ok(Media::Xlsx);
    }
    if has("OFD.xml") {
        return Ok(Media::Ofd);
    }
    Err(archive())
}

/// Inflates every part into nothing and refuses what is too large, sealed or broken.
fn count(package: &mut ZipArchive<Cursor<&[u8]>>) -> Result<(), Refusal> {
    let mut left = INFLATED;
    let mut buffer = [0; 64 << 10];
    for n in 0..package.len() {
        let raw = package.by_index_raw(n).map_err(|_| broken())?;
        let (sealed, packed, declared) = (raw.encrypted(), raw.compressed_size(), raw.size());
        drop(raw);
        if sealed {
            return Err(encrypted());
        }
        if declared > left || (declared > SUSPECT && declared / RATIO > packed) {
            return Err(bomb());
        }
        let mut part = package.by_index(n).map_err(|_| broken())?;
        let strings = part.name().is_ok_and(|name| name.eq_ignore_ascii_case("xl/sharedStrings.xml"));
        let mut inflated = 0;
        loop {
            let read = part.read(&mut buffer).map_err(|_| broken())?;
            if read == 0 {
                break;
            }
            // Readers make room for as many texts as are claimed, and each takes some bytes.
            if strings && inflated == 0 && claimed(&buffer[..read]).is_some_and(|n| n > declared / LEAST) {
                return Err(bomb());
            }
            inflated += read as u64;
            if inflated > left || (inflated > SUSPECT && inflated / RATIO > packed) {
                return Err(bomb());
            }
        }
        left -= inflated;
    }
    Ok(())
}

/// The number of texts that the head of the shared strings claims.
fn claimed(head: &[u8]) -> Option<u64> {
    let head = String::from_utf8_lossy(&head[..head.len().min(4096)]);
    let after = head.split("uniqueCount=").skip(1);
    let number = |text: &str| -> Option<u64> {
        let digits: String =
            text.trim_start_matches(['"', '\'']).chars().take_while(char::is_ascii_digit).collect();
        // A number too long to read is larger than any part.
        if digits.is_empty() { None } else { Some(digits.parse().unwrap_or(u64::MAX)) }
    };
    after.filter_map(number).max()
}
