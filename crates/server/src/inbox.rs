//! Mail comes in through a Maildir folder, into which every mail server delivers, and into which `getmail` or `mbsync` fetch
//! a mailbox that lies elsewhere.
//!
//! A message lies in `new` until it is taken, then in `cur`; the move is one step of the file system, so it lies in one
//! of both at any moment. A process that ends between taking and moving takes it again, and the service knows it by its
//! digest. Nothing is ever deleted here: how long originals are kept is for those who look after the mailbox.

use crate::Settings;
use service::inbox::{Incoming, MESSAGE_LIMIT};
use service::{Context, Error, Service};
use std::io;
use std::path::{Path, PathBuf};
use tokio::io::AsyncReadExt;

/// Messages taken in one round: fewer than the lease of the job has time for.
const ROUND: usize = 100;
/// Bytes of the head that are read of a message that is too large.
const HEAD: u64 = 64 << 10;

/// A folder of mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir {
    folder: PathBuf,
}

/// How a round went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Round {
    /// Messages taken.
    pub taken: usize,
    /// Messages that could not be taken and lie where they were.
    pub failed: usize,
}

impl Maildir {
    /// The folder of these settings; `None` if none is named.
    ///
    /// # Errors
    /// One Chinese sentence that says which setting is missing or cannot be used.
    pub fn of(settings: &Settings) -> Result<Option<Maildir>, String> {
        let Some(folder) = &settings.inbox_maildir else { return Ok(None) };
        if settings.inbox_unit.is_none() {
            return Err("设置了收件目录，还应设置收件箱所属机关的代码 GONGKAI_INBOX_UNIT".into());
        }
        if settings.inbox().is_none() {
            return Err("设置了收件目录，还应设置收件邮箱 GONGKAI_INBOX_ADDRESS（不设置时用发件邮箱）：\
                        应为邮箱地址，@ 之前不超过20个字符，不含加号"
                .into());
        }
        Ok(Some(Maildir { folder: folder.clone() }))
    }

    /// Takes what lies in `new`, the oldest first. One message that cannot be taken does not keep the others.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub async fn take(
        &self,
        service: &Service,
        mut context: impl FnMut() -> Context,
    ) -> Result<Round, Error> {
        let new = self.folder.join("new");
        let unreadable = |e: io::Error| {
            tracing::error!(error = %e, folder = %new.display(), "the inbox cannot be read");
            Error::Invalid("收件目录无法读取，请核对设置 GONGKAI_INBOX_MAILDIR 和目录的权限".into())
        };
        let mut names = waiting(&new).await.map_err(unreadable)?;
        names.sort();
        let mut round = Round::default();
        for name in names {
            if round.taken >= ROUND {
                break;
            }
            let path = new.join(&name);
            let one = match read(&path).await {
                Ok(Some(incoming)) => service.take_message(context(), incoming).await.map(Some),
                // Another server was quicker.
                Ok(None) => Ok(None),
                Err(error) => Err(Error::Internal(error.to_string())),
            };
            match one {
                Ok(None) => {}
                Ok(Some(_)) => {
                    self.settle(&path, &name).await.map_err(unreadable)?;
                    round.taken += 1;
                }
                Err(error) => {
                    // Nothing of its content, and not its name, which some servers make of addresses.
                    tracing::error!(%error, "a message could not be taken; it stays in the inbox");
                    round.failed += 1;
                }
            }
        }
        Ok(round)
    }

    /// Moves a message that was taken to where mail programs look for what was seen.
    async fn settle(&self, path: &Path, name: &str) -> io::Result<()> {
        let cur = self.folder.join("cur");
        tokio::fs::create_dir_all(&cur).await?;
        let base = name.split(":2,").next().unwrap_or(name);
        match tokio::fs::rename(path, cur.join(format!("{base}:2,S"))).await {
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(()),
            done => done,
        }
    }
}

/// Names of the messages that lie in a folder: ordinary files, no links, none that is hidden.
async fn waiting(new: &Path) -> io::Result<Vec<String>> {
    let mut entries = tokio::fs::read_dir(new).await?;
    let mut names = Vec::new();
    while let Some(entry) = entries.next_entry().await? {
        let plain = entry.file_type().await.is_ok_and(|t| t.is_file());
        let name = entry.file_name().into_string().ok().filter(|n| !n.starts_with('.'));
        names.extend(name.filter(|_| plain));
    }
    Ok(names)
}

/// A message, or its head if it is too large; none if it is not there any more.
async fn read(path: &Path) -> io::Result<Option<Incoming>> {
    let file = match tokio::fs::File::open(path).await {
        Ok(file) => file,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(e) => return Err(e),
    };
    let size = file.metadata().await?.len();
    let most = if size > MESSAGE_LIMIT { HEAD } else { MESSAGE_LIMIT };
    let mut bytes = Vec::new();
    file.take(most).read_to_end(&mut bytes).await?;
    Ok(Some(Incoming { bytes, size }))
}
