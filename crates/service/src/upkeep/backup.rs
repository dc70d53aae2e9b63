//! Backup and restore of a data folder.

use super::KeySource;
use super::calendar::{FOLDER as CALENDARS, assembled};
use super::key::FILE as KEY;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::contents_are_there;
use crate::verify::check_chain;
use crate::{Location, Service};
use std::path::Path;
use store::Store;

/// Name of the database in the folder, as [`Store::backup`] and [`Store::open`] have it.
const DATABASE: &str = "gongkai.db";
/// Folder of the files.
pub(super) const FILES: &str = "files";

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Backup {
    /// Files copied beside the database.
    pub files: u64,
    /// Whether the key is in it.
    pub with_key: bool,
    /// One sentence for the person who asked.
    pub said: String,
}

/// A backup that was restored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// Entries whose chain was checked.
    pub entries: u64,
    /// Whether the key is there.
    pub with_key: bool,
    /// One sentence for the person who asked.
    pub said: String,
}

impl Service {
    /// Copies the database as of one instant, the files and the installed calendars into the new folder `to`, while
    /// others go on working. The key is not copied: who has the backup alone cannot read personal data.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `to` is there and not empty; [`Error::Store`] on PostgreSQL, with what to use there.
    pub async fn backup(&self, ctx: &Context, to: &Path) -> Result<Backup> {
        self.back_up(ctx, to, false).await
    }

    /// Like [`Service::backup`], with the key.
    pub async fn backup_with_key(&self, ctx: &Context, to: &Path) -> Result<Backup> {
        self.back_up(ctx, to, true).await
    }

    async fn back_up(&self, ctx: &Context, to: &Path, with_key: bool) -> Result<Backup> {
        ctx.actor.must(Permission::Upkeep)?;
        if let Some(folder) = &self.home.folder {
            refuse_filled(to)?;
            if to.starts_with(folder) {
                return Err(Error::Invalid("备份不能放在数据目录里面，请另选目录或者其他磁盘".into()));
            }
            std::fs::create_dir_all(to).map_err(|e| cannot("建立目录", to, &e))?;
        }
        // Files first, for one that is erased meanwhile is named by the copy of the database; and again afterwards, for
        // one that was added before it.
        if let Some(folder) = self.home.folder.clone() {
            let target = to.join(FILES);
            let copied = tokio::task::spawn_blocking(move || copy_folder(&folder.join(FILES), &target));
            copied.await.map_err(|e| Error::Internal(e.to_string()))??;
        }
        // On PostgreSQL this answers with what to use instead.
        self.store.backup(&to.join(DATABASE)).await?;
        let mut files = 0;
        let mut with_key = with_key;
        if let Some(folder) = self.home.folder.clone() {
            let target = to.to_owned();
            let copied = tokio::task::spawn_blocking(move || {
                copy_folder(&folder.join(FILES), &target.join(FILES))?;
                let files = count_files(&target.join(FILES))?;
                copy_folder(&folder.join(CALENDARS), &target.join(CALENDARS))?;
                let key = with_key && folder.join(KEY).is_file();
                if key {
                    copy(&folder.join(KEY), &target.join(KEY))?;
                }
                Ok::<_, Error>((files, key))
            });
            (files, with_key) = copied.await.map_err(|e| Error::Internal(e.to_string()))??;
        }
        let mut taken = ctx.clone();
        taken.key = None;
        let event = serde_json::json!({ "type": "backed-up", "files": files, "key": with_key });
        self.verb(taken, "backup", move |mut work| Box::pin(async move { work.note_access(event).await }))
            .await?;
        let said = if with_key {
            format!("已备份到 {}，其中含有密钥，请像保管密钥一样保管这份备份", to.display())
        } else {
            format!(
                "已备份到 {}，其中不含密钥，请另行保管数据目录中的 {KEY} 文件，没有它无法读取申请人信息",
                to.display()
            )
        };
        Ok(Backup { files, with_key, said })
    }

    /// Puts a backup into the new folder `to` and checks its whole chain. What was copied is taken away again if the
    /// chain does not hold.
    ///
    /// # Errors
    /// [`Error::Invalid`] if `from` is no backup, if `to` is not empty, or if the chain does not hold.
    pub async fn restore(from: &Path, to: &Location) -> Result<Restored> {
        let Location::Folder(target) = to else {
            return Err(Error::Store(store::Error::Unsupported(
                "PostgreSQL 数据库请用 pg_restore 或者 pgBackRest 恢复，再运行 gongkai verify 校验",
            )));
        };
        if !from.join(DATABASE).is_file() {
            return Err(Error::Invalid(format!(
                "{} 中没有 {DATABASE}，不是备份目录，请核对路径",
                from.display()
            )));
        }
        refuse_filled(target)?;
        let (source, copy_to) = (from.to_owned(), target.clone());
        let copied = tokio::task::spawn_blocking(move || {
            std::fs::create_dir_all(&copy_to).map_err(|e| cannot("建立目录", &copy_to, &e))?;
            copy_folder(&source.join(FILES), &copy_to.join(FILES))?;
            std::fs::create_dir_all(copy_to.join(FILES)).map_err(|e| cannot("建立目录", &copy_to, &e))?;
            copy_folder(&source.join(CALENDARS), &copy_to.join(CALENDARS))?;
            let key = source.join(KEY).is_file();
            if key {
                copy(&source.join(KEY), &copy_to.join(KEY))?;
            }
            copy(&source.join(DATABASE), &copy_to.join(DATABASE))?;
            Ok::<_, Error>(key)
        });
        let outcome = match copied.await.map_err(|e| Error::Internal(e.to_string()))? {
            Ok(with_key) => examine(to).await.map(|entries| (entries, with_key)),
            Err(e) => Err(e),
        };
        let (entries, with_key) = match outcome {
            Ok(done) => done,
            Err(e) => {
                clear(target);
                return Err(e);
            }
        };
        let mut said = format!("已恢复到 {}，{entries} 条日志逐条校验无误", target.display());
        if !with_key {
            said.push_str(&format!("；备份中没有密钥，请把单独保管的密钥放回为 {KEY} 文件"));
        }
        Ok(Restored { entries, with_key, said })
    }
}

/// Opens what was restored and checks the chain of every region.
async fn examine(at: &Location) -> Result<u64> {
    if let Location::Folder(folder) = at {
        assembled(None, Some(folder))?;
        if folder.join(KEY).is_file() {
            KeySource::Folder.read(at)?;
        }
    }
    let store = Store::open(at).await?;
    let checked = check_chain(&store).await;
    let lost = match at {
        Location::Folder(folder) => contents_are_there(&store, &folder.join(FILES)).await,
        Location::Postgres(_) => Ok(None),
    };
    store.close().await;
    let (entries, mut problems) = checked?;
    problems.extend(lost?);
    match problems.first() {
        None => Ok(entries),
        Some(first) => {
            Err(Error::Invalid(format!("备份没有通过校验，已停止恢复：{first}；请换用更早的备份")))
        }
    }
}

fn cannot(what: &str, path: &Path, e: &std::io::Error) -> Error {
    Error::Invalid(format!("不能{what} {}：{e}，请检查磁盘空间和权限", path.display()))
}

fn refuse_filled(folder: &Path) -> Result<()> {
    match std::fs::read_dir(folder) {
        Ok(mut inside) => match inside.next() {
            None => Ok(()),
            Some(_) => Err(Error::Invalid(format!("{} 中已有文件，请另选一个空目录", folder.display()))),
        },
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(e) => Err(cannot("读取", folder, &e)),
    }
}

/// Copies a file and flushes it; permissions go with it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to)
        .and_then(|_| std::fs::File::open(to)?.sync_all())
        .map_err(|e| cannot("复制到", to, &e))
}

/// Copies what is in a folder, if there is one, and not copied yet. What others take away meanwhile, or have only begun
/// to write, is left out.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    let inside = match std::fs::read_dir(from) {
        Ok(inside) => inside,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(e) => return Err(cannot("读取", from, &e)),
    };
    std::fs::create_dir_all(to).map_err(|e| cannot("建立目录", to, &e))?;
    for item in inside {
        let item = item.map_err(|e| cannot("读取", from, &e))?;
        let (source, target) = (item.path(), to.join(item.file_name()));
        if source.is_dir() {
            copy_folder(&source, &target)?;
        } else if source.extension().is_none_or(|e| e != "part") && !target.exists() && source.exists() {
            match copy(&source, &target) {
                Err(_) if !source.exists() => {}
                other => other?,
            }
        }
    }
    Ok(())
}

/// How many files are in a folder and those below it.
fn count_files(folder: &Path) -> Result<u64> {
    let mut n = 0;
    let inside = match std::fs::read_dir(folder) {
        Ok(inside) => inside,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(0),
        Err(e) => return Err(cannot("读取", folder, &e)),
    };
    for item in inside.flatten() {
        n += if item.path().is_dir() { count_files(&item.path())? } else { 1 };
    }
    Ok(n)
}

/// Takes away what a failed restore copied. The folder was empty before.
fn clear(folder: &Path) {
    let Ok(inside) = std::fs::read_dir(folder) else { return };
    for item in inside.flatten() {
        let path = item.path();
        let gone = if path.is_dir() { std::fs::remove_dir_all(&path) } else { std::fs::remove_file(&path) };
        if let Err(e) = gone {
            tracing::warn!(error = %e, path = %path.display(), "left over from a restore that failed");
        }
    }
}
