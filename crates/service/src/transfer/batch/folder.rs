//! The files that go with a list: a ZIP archive, or whatever a door finds by name.

use crate::error::{Error, Result};
use encoding_rs::GB18030;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::sync::Mutex;
use zip::ZipArchive;

/// Files an archive may have: those of the rows a desk takes.
const MOST_FILES: usize = 20_000;
/// From so many bytes on, a file that is larger than [`RATIO`] times what it was packed into is a bomb.
const SUSPECT: u64 = 10 << 20;
const RATIO: u64 = 200;

/// What lies under a name.
#[derive(Debug, PartialEq, Eq)]
pub enum Reading {
    /// This.
    Content(Vec<u8>),
    /// Nothing.
    Missing,
    /// More than one file.
    Ambiguous,
    /// More bytes than a file may have.
    TooLarge,
    /// Something that cannot be read, and why, in one sentence.
    Unreadable(String),
}

/// Where the files of a list are found by name.
pub trait Folder: Send + Sync {
    /// The file called so; of one with more than `most` bytes nothing is read.
    fn read(&self, name: &str, most: u64) -> Reading;
}

/// No files at all: a list alone.
#[derive(Debug, Clone, Copy)]
pub struct NoFiles;

impl Folder for NoFiles {
    fn read(&self, _: &str, _: u64) -> Reading {
        Reading::Missing
    }
}

/// A name as it is looked for: slashes as they are here, no way out, letters small.
///
/// `None` for a name that leads out of its folder.
pub fn plain_path(name: &str) -> Option<String> {
    let name = name.trim().replace('\\', "/");
    let parts: Vec<&str> = name.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let inside =
        !parts.is_empty() && !parts.contains(&"..") && !name.contains(['\0', ':']) && !name.starts_with('/');
    inside.then(|| parts.join("/"))
}

/// A ZIP archive in memory. Names are read as UTF-8, or as GB18030, which Windows in Chinese writes.
pub struct Archive {
    zip: Mutex<ZipArchive<Cursor<Vec<u8>>>>,
    /// Places of the files by whole name, and by the last part of it.
    names: HashMap<String, Vec<usize>>,
}

impl std::fmt::Debug for Archive {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Archive").field("names", &self.names.len()).finish_non_exhaustive()
    }
}

fn unusable(text: impl Into<String>) -> Error {
    Error::Invalid(text.into())
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`Error::Invalid`] with one sentence: no archive, cut off, with a password, too many files.
    pub fn open(bytes: Vec<u8>) -> Result<Archive> {
        if bytes.starts_with(b"Rar!") || bytes.starts_with(b"7z\xBC\xAF") {
            return Err(unusable("只能读取 ZIP 压缩包，请把文件重新压缩为 ZIP 后上传"));
        }
        let broken = |_| unusable("压缩包不完整或者已经损坏，请重新压缩后上传");
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(broken)?;
        if zip.len() > MOST_FILES {
            return Err(unusable(format!("压缩包中的文件超过{MOST_FILES}个，请分成几批导入")));
        }
        let mut names: HashMap<String, Vec<usize>> = HashMap::new();
        for n in 0..zip.len() {
            let entry = zip.by_index_raw(n).map_err(broken)?;
            if entry.encrypted() {
                return Err(unusable("压缩包设有密码，请去掉密码后重新压缩上传"));
            }
            if entry.is_dir() {
                continue;
            }
            let raw = entry.name_raw();
            let name = match std::str::from_utf8(raw) {
                Ok(name) => name.to_owned(),
                Err(_) => GB18030.decode_without_bom_handling(raw).0.into_owned(),
            };
            // What leads out of the folder is no file of it; a list cannot name it either.
            let Some(name) = plain_path(&name).map(|name| name.to_lowercase()) else { continue };
            let last = name.rsplit('/').next().unwrap_or_default().to_owned();
            if last != name {
                names.entry(last).or_default().push(n);
            }
            names.entry(name).or_default().push(n);
        }
        Ok(Archive { zip: Mutex::new(zip), names })
    }
}

impl Folder for Archive {
    fn read(&self, name: &str, most: u64) -> Reading {
        let Some(name) = plain_path(name) else { return Reading::Missing };
        let found = self.names.get(&name.to_lowercase()).map_or(&[] as &[usize], Vec::as_slice);
        let at = match found {
            [] => return Reading::Missing,
            [at] => *at,
            _ => return Reading::Ambiguous,
        };
        let broken = || Reading::Unreadable("压缩包中的这个文件已经损坏，请重新压缩后上传".into());
        let Ok(mut zip) = self.zip.lock() else { return broken() };
        let Ok(file) = zip.by_index(at) else { return broken() };
        let packed = file.compressed_size();
        let mut content = Vec::new();
        // What the entry says of its own size is not believed.
        if file.take(most + 1).read_to_end(&mut content).is_err() {
            return broken();
        }
        let size = content.len() as u64;
        if size > SUSPECT && size / RATIO > packed {
            return Reading::Unreadable("文件解开后过大，可能是压缩炸弹，没有接收".into());
        }
        if size > most { Reading::TooLarge } else { Reading::Content(content) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;
    use zip::write::SimpleFileOptions;

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(content).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// As Windows in Chinese writes it: the same archive with its names in GBK and without the mark of UTF-8.
    fn in_gbk(name: &str, content: &[u8]) -> Vec<u8> {
        let (gbk, ..) = GB18030.encode(name);
        let stand_in = "x".repeat(gbk.len());
        let mut bytes = archive(&[(&stand_in, content)]);
        while let Some(at) = bytes.windows(gbk.len()).position(|w| w == stand_in.as_bytes()) {
            bytes[at..at + gbk.len()].copy_from_slice(&gbk);
        }
        bytes
    }

    #[test]
    fn files_are_found_by_name_wherever_they_lie() {
        let zip =
            Archive::open(archive(&[("文件/2019/通知.docx", b"1"), ("文件/a.PDF", b"2"), ("b/a.pdf", b"3")]))
                .unwrap();
        let content = |name: &str| zip.read(name, 10);
        assert_eq!(content("通知.docx"), Reading::Content(b"1".to_vec()));
        assert_eq!(content("文件\\2019\\通知.docx"), Reading::Content(b"1".to_vec()));
        assert_eq!(content("a.pdf"), Reading::Ambiguous);
        assert_eq!(content("b/A.pdf"), Reading::Content(b"3".to_vec()));
        assert_eq!(content("没有.docx"), Reading::Missing);
        for out in ["../通知.docx", "/etc/passwd", "C:\\通知.docx", "", "."] {
            assert_eq!(content(out), Reading::Missing, "{out}");
        }
        assert_eq!(zip.read("通知.docx", 0), Reading::TooLarge);
    }

    #[test]
    fn names_of_windows_are_read() {
        let zip = Archive::open(in_gbk("某市通知.docx", "样本".as_bytes())).unwrap();
        assert_eq!(zip.read("某市通知.docx", 100), Reading::Content("样本".as_bytes().to_vec()));
    }

    #[test]
    fn bombs_and_broken_archives_are_refused() {
        let bomb = vec![0; 30 << 20];
        let zip = Archive::open(archive(&[("b.txt", &bomb)])).unwrap();
        assert!(matches!(zip.read("b.txt", 40 << 20), Reading::Unreadable(_)));
        assert!(matches!(zip.read("b.txt", 20 << 20), Reading::Unreadable(_)));
        let sentence = |bytes: &[u8]| Archive::open(bytes.to_vec()).unwrap_err().to_string();
        let whole = archive(&[("a.txt", b"1")]);
        assert!(sentence(&whole[..whole.len() / 2]).contains("不完整"));
        assert!(sentence(b"Rar!\x1a\x07").contains("ZIP"));
        assert!(sentence(b"").contains("不完整"));
    }
}
