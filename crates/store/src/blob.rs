//! Contents of files, kept outside the database: each under the SHA-256 of what is kept, so that whoever reads it can
//! tell whether it is whole, and nobody can put another in its place unnoticed.
//!
//! A content is written under a temporary name, flushed, renamed, and its folder flushed, before [`Blobs::put`]
//! answers; the row that names it is committed afterwards. So a row never names a content that is not there, and a
//! crash in between leaves a content that nobody names, which [`Blobs::list`] finds. What is kept is opaque here:
//! `service` seals it. These five functions are all that a bucket of objects would have to offer instead.

use crate::{Error, Result};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// A folder of contents. Cloning is cheap. Several processes, also on several machines, may share the folder.
#[derive(Clone, Debug)]
pub struct Blobs {
    folder: Arc<Path>,
}

/// A content as it lies there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its address; none for what an interrupted writer left behind.
    pub address: Option<String>,
    /// Bytes.
    pub size: u64,
    /// When it was written.
    pub written_at: Timestamp,
    path: PathBuf,
}

impl Blobs {
    /// Contents in this folder, which need not exist yet.
    pub fn at(folder: impl Into<PathBuf>) -> Blobs {
        Blobs { folder: folder.into().into() }
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Keeps a content and gives its address; durable when this returns. The same content twice is kept once.
    ///
    /// # Errors
    /// [`Error::DiskFull`], [`Error::Files`]. Nothing is left behind then.
    pub async fn put(&self, content: Vec<u8>) -> Result<String> {
        let blobs = self.clone();
        blocking(move || {
            let address = address_of(&content);
            blobs.write(&address, &content)?;
            Ok(address)
        })
        .await
    }

    /// The content with this address; `None` if there is none. Whether it is whole is the caller's to check with
    /// [`Blobs::address_of`].
    ///
    /// # Errors
    /// [`Error::Files`].
    pub async fn get(&self, address: &str) -> Result<Option<Vec<u8>>> {
        let Some(path) = self.path(address) else { return Ok(None) };
        blocking(move || match File::open(&path) {
            Ok(mut file) => {
                let mut content = Vec::new();
                file.read_to_end(&mut content)?;
                Ok(Some(content))
            }
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(e),
        })
        .await
    }

    /// Takes a content away; `false` if there was none. On the disk its blocks are free, not overwritten: what they
    /// hold is sealed.
    ///
    /// # Errors
    /// [`Error::Files`].
    pub async fn remove(&self, address: &str) -> Result<bool> {
        let Some(path) = self.path(address) else { return Ok(false) };
        blocking(move || gone(&path)).await
    }

    /// Everything that lies there, half-written contents included, in the order of names.
    ///
    /// # Errors
    /// [`Error::Files`].
    pub async fn list(&self) -> Result<Vec<Blob>> {
        let folder = self.folder.clone();
        blocking(move || {
            let mut found = Vec::new();
            for shelf in entries(&folder)? {
                if !shelf.is_dir() {
                    continue;
                }
                for path in entries(&shelf)? {
                    found.extend(look(path)?);
                }
            }
            Ok(found)
        })
        .await
    }

    /// Takes away what [`Blobs::list`] named.
    ///
    /// # Errors
    /// [`Error::Files`].
    pub async fn discard(&self, blob: &Blob) -> Result<bool> {
        let path = blob.path.clone();
        blocking(move || gone(&path)).await
    }

    /// The address a content has, in hexadecimal.
    pub fn address_of(content: &[u8]) -> String {
        address_of(content)
    }

    /// Where a content lies; `None` for what is no address, so that no path is ever made of anything else.
    fn path(&self, address: &str) -> Option<PathBuf> {
        is_address(address).then(|| self.folder.join(&address[..2]).join(address))
    }

    fn write(&self, address: &str, content: &[u8]) -> io::Result<()> {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let shelf = self.folder.join(&address[..2]);
        let path = shelf.join(address);
        make_durable(&shelf)?;
        if !path.try_exists()? {
            let n = NEXT.fetch_add(1, Ordering::Relaxed);
            let beside = shelf.join(format!("{address}.{}-{n}.part", std::process::id()));
            let written = private(&beside)
                .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
                .and_then(|()| fs::rename(&beside, &path));
            if let Err(e) = written {
                // The first error is the one to tell; a half that cannot be removed is found by `list`.
                let _ = fs::remove_file(&beside);
                return Err(e);
            }
        }
        // Also for what another writer has just put there and may not have flushed yet.
        File::open(&shelf)?.sync_all()?;
        File::open(&*self.folder)?.sync_all()
    }
}

/// Makes a folder with those above it, each flushed into the one that holds it.
fn make_durable(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    make_durable(above)?;
    match fs::create_dir(folder) {
        Err(e) if e.kind() != io::ErrorKind::AlreadyExists => return Err(e),
        _ => {}
    }
    File::open(above)?.sync_all()
}

/// A new file that only its owner may read. What is there under the name was left by a process that died.
fn private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    options.open(path)
}

fn address_of(content: &[u8]) -> String {
    Sha256::digest(content).iter().map(|b| format!("{b:02x}")).collect()
}

fn is_address(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// What is in a folder, sorted; nothing if there is no folder.
fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let inside = match fs::read_dir(folder) {
        Ok(inside) => inside,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut paths = inside.map(|item| item.map(|i| i.path())).collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// A content on its shelf; `None` for what somebody else put there or took away meanwhile.
fn look(path: PathBuf) -> io::Result<Option<Blob>> {
    let Some(name) = path.file_name().and_then(|n| n.to_str()) else { return Ok(None) };
    let address = is_address(name).then(|| name.to_owned());
    if address.is_none() && !name.ends_with(".part") {
        return Ok(None);
    }
    let about = match fs::metadata(&path) {
        Ok(about) => about,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let written_at = Timestamp::try_from(about.modified()?).map_err(io::Error::other)?;
    Ok(Some(Blob { address, size: about.len(), written_at, path }))
}

fn gone(path: &Path) -> io::Result<bool> {
    match fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(e) => Err(e),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(io::Error::other).and_then(|result| result).map_err(|e| match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Error::DiskFull,
        _ => Error::Files(e.to_string()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_content_is_kept_once_and_found_by_its_digest() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(folder.path().join("files"));
        assert!(blobs.list().await.unwrap().is_empty());
        let (a, b) = tokio::join!(blobs.put(b"abc".to_vec()), blobs.put(b"abc".to_vec()));
        let address = a.unwrap();
        // FIPS 180-2, appendix B.1.
        assert_eq!(address, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(b.unwrap(), address);
        assert_eq!(blobs.get(&address).await.unwrap().as_deref(), Some(&b"abc"[..]));
        let list = blobs.list().await.unwrap();
        assert_eq!((list.len(), list[0].size, list[0].address.as_ref()), (1, 3, Some(&address)));
        assert!(blobs.remove(&address).await.unwrap());
        assert!(!blobs.remove(&address).await.unwrap());
        assert_eq!(blobs.get(&address).await.unwrap(), None);
    }

    #[tokio::test]
    async fn only_an_address_becomes_a_path() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        let blobs = Blobs::at(folder.path().join("files"));
        for wrong in ["", "../secret", "..", &"A".repeat(64), &format!("../{}", "a".repeat(61)), "密"] {
            assert_eq!(blobs.get(wrong).await.unwrap(), None, "{wrong}");
            assert!(!blobs.remove(wrong).await.unwrap(), "{wrong}");
        }
        assert!(folder.path().join("secret").is_file());
    }

    #[tokio::test]
    async fn what_an_interrupted_writer_left_is_found_and_can_be_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::at(folder.path());
        let address = blobs.put(b"whole".to_vec()).await.unwrap();
        let shelf = folder.path().join(&address[..2]);
        fs::write(shelf.join(format!("{address}.1-1.part")), "who").unwrap();
        fs::write(shelf.join("readme.txt"), "not ours").unwrap();
        let list = blobs.list().await.unwrap();
        let half = list.iter().find(|b| b.address.is_none()).unwrap();
        assert_eq!((list.len(), half.size), (2, 3));
        assert!(blobs.discard(half).await.unwrap());
        assert_eq!(blobs.list().await.unwrap().len(), 1);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_said() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("files"), "a file, no folder").unwrap();
        let outcome = Blobs::at(folder.path().join("files")).put(b"x".to_vec()).await;
        assert!(matches!(outcome, Err(Error::Files(_))), "{outcome:?}");
        let blobs = Blobs::at(folder.path().join("other"));
        let address = blobs.put(b"x".to_vec()).await.unwrap();
        let path = folder.path().join("other").join(&address[..2]).join(&address);
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
