//! The key of the personal data: where it comes from, and how a wrong one is noticed before anything is read with it.

use crate::Location;
use crate::account::hex;
use crate::context::Entropy;
use crate::error::{Error, Result};
use sm3::{Digest, Sm3};
use std::io::Write;
use std::path::{Path, PathBuf};

/// Setting that holds [`check`] of the key.
pub(super) const CHECK: &str = "vault.check";

/// Name of the key file in the data folder.
pub(super) const FILE: &str = "key";

/// Where the key of the personal data comes from. The door decides; the service reads no environment.
#[derive(Clone, PartialEq, Eq)]
pub enum KeySource {
    /// The file `key` in the data folder: 32 hexadecimal digits, readable by its owner only.
    Folder,
    /// Given by the door, for example from the environment variable `GONGKAI_KEY`.
    Given([u8; 16]),
}

impl KeySource {
    /// A given key in hexadecimal.
    ///
    /// # Errors
    /// [`Error::Invalid`] unless it is 32 hexadecimal digits. The text is not repeated: it may be half a key.
    pub fn from_hex(text: &str) -> Result<KeySource> {
        Ok(KeySource::Given(
            parse(text).ok_or_else(|| Error::Invalid("密钥应为32位十六进制数字，请核对".into()))?,
        ))
    }

    /// The key for a new store: made from randomness in a folder, the given one otherwise.
    pub(super) fn make(&self, at: &Location, entropy: &mut Entropy) -> Result<Made> {
        match (self, at) {
            (KeySource::Given(bytes), _) => Ok(Made { bytes: *bytes, file: None }),
            (KeySource::Folder, Location::Postgres(_)) => Err(not_in_folder()),
            (KeySource::Folder, Location::Folder(folder)) => {
                let mut bytes = [0; 16];
                bytes.copy_from_slice(&entropy.bytes()[..16]);
                let file = folder.join(FILE);
                let written = std::fs::create_dir_all(folder).and_then(|()| write_private(&file, &bytes));
                match written {
                    Ok(()) => Ok(Made { bytes, file: Some(file) }),
                    Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {
                        Err(Error::Store(store::Error::AlreadyExists(folder.display().to_string())))
                    }
                    Err(e) => Err(Error::Invalid(format!("不能在 {} 写入密钥：{e}", folder.display()))),
                }
            }
        }
    }

    /// The key of an existing store.
    pub(super) fn read(&self, at: &Location) -> Result<[u8; 16]> {
        match (self, at) {
            (KeySource::Given(bytes), _) => Ok(*bytes),
            (KeySource::Folder, Location::Postgres(_)) => Err(not_in_folder()),
            (KeySource::Folder, Location::Folder(folder)) => {
                let file = folder.join(FILE);
                let text = std::fs::read_to_string(&file).map_err(|_| {
                    Error::Invalid(format!(
                        "没有找到密钥文件 {}，请从单独保管的密钥备份中恢复该文件",
                        file.display()
                    ))
                })?;
                parse(&text).ok_or_else(|| {
                    Error::Invalid(format!("密钥文件 {} 已损坏，请从备份中恢复", file.display()))
                })
            }
        }
    }
}

fn not_in_folder() -> Error {
    Error::Invalid("使用 PostgreSQL 数据库时，请在环境变量 GONGKAI_KEY 中给出密钥（32位十六进制数字）".into())
}

/// A key just made.
pub(super) struct Made {
    /// The key.
    pub(super) bytes: [u8; 16],
    file: Option<PathBuf>,
}

impl Made {
    /// Takes the key file away again: the store was not made.
    pub(super) fn forget(&self) {
        if let Some(file) = &self.file
            && let Err(e) = std::fs::remove_file(file)
        {
            tracing::warn!(error = %e, "the key of a store that was not made is still there");
        }
    }
}

/// What is kept of the key in the database: enough to notice another one, useless to find this one.
pub(super) fn check(key: &[u8; 16]) -> String {
    let mut hash = Sm3::new();
    hash.update(b"gongkai/vault-check/1");
    hash.update(key);
    serde_json::Value::from(hex(&hash.finalize())).to_string()
}

fn parse(text: &str) -> Option<[u8; 16]> {
    let text = text.trim();
    if text.len() != 32 || !text.is_ascii() {
        return None;
    }
    let mut key = [0; 16];
    for (i, byte) in key.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * i..2 * i + 2], 16).ok()?;
    }
    Some(key)
}

/// Writes a new file that only its owner may read, durable when this returns.
pub(super) fn write_private(file: &Path, key: &[u8; 16]) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut to = options.open(file)?;
    to.write_all(hex(key).as_bytes())?;
    to.write_all(b"\n")?;
    to.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_thirty_two_hexadecimal_digits() {
        assert_eq!(parse(&hex(&[0xa7; 16])), Some([0xa7; 16]));
        assert_eq!(parse(&format!("{}\n", hex(&[1; 16]).to_uppercase())), Some([1; 16]));
        for wrong in ["", "00", &"g".repeat(32), &"0".repeat(33), &"密".repeat(16)] {
            assert_eq!(parse(wrong), None, "{wrong}");
            assert!(KeySource::from_hex(wrong).is_err());
        }
    }

    #[test]
    fn the_check_does_not_hold_the_key() {
        let check = check(&[0x5c; 16]);
        assert!(!check.contains(&hex(&[0x5c; 16])));
        assert_ne!(check, super::check(&[0x5d; 16]));
    }

    #[cfg(unix)]
    #[test]
    fn the_key_file_is_its_owners_only() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        write_private(&file, &[9; 16]).unwrap();
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        assert!(write_private(&file, &[9; 16]).is_err());
    }
}
