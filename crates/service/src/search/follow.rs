//! How the index follows the journal. Whoever asks first does the work and the others use what is there; what was begun is
//! finished, though the visitor be gone.

use super::entry::{Entry, changed, expired, indexed, page_of_documents, page_of_reports};
use super::place::{self, Mark};
use super::{PATIENCE, Position, Shared, building, unavailable};
use crate::error::{Error, Result};
use crate::follow::{Since, since};
use crate::{Region, Service};
use ::search::{FullText, FullTextError};
use jiff::civil::Date;
use std::path::PathBuf;
use std::sync::Arc;
use store::Tx;
use tokio::sync::OwnedMutexGuard;
use tokio::time::timeout;

/// Items written between two commits.
const COMMIT: usize = 5_000;
/// Documents whose words are in memory at a time.
const WORDS: usize = 50;
/// Entries about other things after which the mark moves all the same, so that a restart has little to read.
const MARK_EVERY: i64 = 1_000;

impl Service {
    /// The index, and whether it is as of the last entry of the journal; where there is much to catch up with, or somebody
    /// else is doing so, it is as of an earlier one.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is no index that can be asked now.
    pub(super) async fn up_to_date(&self, today: Date) -> Result<(Arc<FullText>, bool)> {
        let shared = &self.searched.0;
        shared.folder()?;
        let position = match (shared.following.clone().try_lock_owned(), shared.ready()) {
            (Ok(position), _) => position,
            (Err(_), Some(index)) => return Ok((index, false)),
            (Err(_), None) => {
                let free = timeout(PATIENCE, shared.following.clone().lock_owned()).await;
                free.map_err(|_| building())?
            }
        };
        let service = self.clone();
        let followed = tokio::spawn(async move { service.follow(position, today).await });
        match timeout(PATIENCE, followed).await {
            Ok(followed) => Ok((followed.map_err(lost)??, true)),
            Err(_) => Ok((shared.ready().ok_or_else(building)?, false)),
        }
    }

    async fn follow(&self, mut position: OwnedMutexGuard<Position>, today: Date) -> Result<Arc<FullText>> {
        let followed = self.follow_journal(&mut position, today).await;
        if let Err(Error::Refused(_)) = &followed {
            // An index that could not be written once takes nothing any more until it is opened again.
            self.searched.0.make_ready(None);
        }
        followed
    }

    async fn follow_journal(&self, position: &mut Position, today: Date) -> Result<Arc<FullText>> {
        let shared = &self.searched.0;
        let (index, ready) = match shared.ready() {
            Some(index) => (index, true),
            None => (self.open_index(position).await?, false),
        };
        let mut tx = self.look().await?;
        let (now, changes) = since(&mut tx, self.region, position.seen).await?;
        // A clock that was put back makes nothing valid again.
        let today = position.day.map_or(today, |day| day.max(today));
        let (index, written) = match changes {
            Since::Everything => {
                // What is read below is newer than `now`, and what is newer is read again.
                let mark = mark(&mut tx, self.region, now).await?;
                drop(tx);
                let index = match position.seen {
                    None => index,
                    Some(_) => self.renewed(index, position).await?,
                };
                self.build(&index, today).await?;
                self.put_mark(position, mark).await?;
                (index, true)
            }
            Since::These(mut subjects) => {
                let mut entries = Vec::new();
                if position.day != Some(today) {
                    subjects.extend(expired(&mut tx, self.region, position.day, today).await?);
                }
                for (kind, id) in indexed(&mut tx, self.region, subjects).await? {
                    entries.push(changed(&mut tx, self.region, &kind, id, today).await?);
                }
                let written = !entries.is_empty();
                if written {
                    drop(tx);
                    self.put(&index, entries).await?;
                    tx = self.look().await?;
                    commit(&index).await?;
                }
                if written || now - position.marked >= MARK_EVERY {
                    let mark = mark(&mut tx, self.region, now).await?;
                    self.put_mark(position, mark).await?;
                }
                (index, written)
            }
        };
        position.seen = Some(now);
        position.day = Some(today);
        if written || !ready {
            shared.make_ready(Some(Arc::clone(&index)));
        }
        Ok(index)
    }

    /// Opens the index. It goes on where it was, if its mark names an entry of this journal; else it is empty.
    async fn open_index(&self, position: &mut Position) -> Result<Arc<FullText>> {
        let folder = self.searched.0.folder()?;
        *position = Position { lock: position.lock.take(), ..Position::default() };
        if position.lock.is_none() {
            let at = folder.clone();
            position.lock = Some(blocking(move || place::lock(&at)).await?);
        }
        let at = folder.clone();
        let (index, mark) = blocking(move || place::open(&at)).await?;
        let Some(mark) = mark else { return Ok(Arc::new(index)) };
        let known = mark.region == self.region && {
            let entry = self.look().await?.entries(self.region, mark.seq - 1, 1).await?.pop();
            entry.is_some_and(|e| e.seq == mark.seq && e.hash == mark.hash)
        };
        if known {
            let lock = position.lock.take();
            *position = Position { seen: Some(mark.seq), marked: mark.seq, lock, day: None };
            return Ok(Arc::new(index));
        }
        tracing::warn!("the full-text index belongs to another journal and is built anew");
        drop(index);
        Ok(Arc::new(blocking(move || place::renew(&folder)).await?))
    }

    /// An empty index in the place of one that has been used.
    async fn renewed(&self, index: Arc<FullText>, position: &mut Position) -> Result<Arc<FullText>> {
        self.searched.0.make_ready(None);
        position.seen = None;
        let folder = self.searched.0.folder()?;
        drop(index);
        Ok(Arc::new(blocking(move || place::renew(&folder)).await?))
    }

    /// Takes a damaged index away; the next question builds it anew.
    pub(super) async fn throw_away(&self) -> Result<()> {
        let shared = &self.searched.0;
        let mut position = shared.following.lock().await;
        shared.make_ready(None);
        position.seen = None;
        let folder = shared.folder()?;
        blocking(move || place::forget(&folder)).await
    }

    /// Writes all that is public into an empty index, page by page, each read in a transaction of its own.
    async fn build(&self, index: &Arc<FullText>, today: Date) -> Result<()> {
        tracing::info!("the full-text index is built");
        let (mut after, mut waiting) = (None, 0);
        loop {
            let mut tx = self.look().await?;
            let (entries, next) = page_of_documents(&mut tx, self.region, after, today).await?;
            drop(tx);
            waiting += entries.len();
            self.put(index, entries).await?;
            if waiting >= COMMIT {
                commit(index).await?;
                waiting = 0;
            }
            if next.is_none() {
                break;
            }
            after = next;
        }
        let mut after = None;
        loop {
            let (entries, next) = page_of_reports(&mut self.look().await?, self.region, after).await?;
            put(index, entries).await?;
            if next.is_none() {
                break;
            }
            after = next;
        }
        commit(index).await
    }

    /// Writes entries, with their words; those of few documents at a time are in memory.
    async fn put(&self, index: &Arc<FullText>, entries: Vec<Entry>) -> Result<()> {
        let mut entries = entries.into_iter().peekable();
        while entries.peek().is_some() {
            let some: Vec<Entry> = entries.by_ref().take(WORDS).collect();
            put(index, self.with_words(some).await).await?;
        }
        Ok(())
    }

    async fn put_mark(&self, position: &mut Position, mark: Option<Mark>) -> Result<()> {
        let Some(mark) = mark else { return Ok(()) };
        let (folder, seq) = (self.searched.0.folder()?, mark.seq);
        blocking(move || mark.write(&folder)).await?;
        position.marked = seq;
        Ok(())
    }
}

impl Shared {
    fn folder(&self) -> Result<PathBuf> {
        self.folder.clone().ok_or_else(|| {
            let text = "系统还没有设置全文索引目录，不能全文检索，请联系系统管理员设置 GONGKAI_INDEX";
            Error::refused("search-no-folder", text, "")
        })
    }
}

/// The mark of an entry; none in an empty journal.
async fn mark(tx: &mut Tx, region: Region, seq: i64) -> Result<Option<Mark>> {
    let entry = tx.entries(region, seq - 1, 1).await?.pop();
    Ok(entry.map(|e| Mark { region, seq: e.seq, hash: e.hash }))
}

async fn put(index: &Arc<FullText>, entries: Vec<Entry>) -> Result<()> {
    let index = Arc::clone(index);
    blocking(move || {
        for entry in &entries {
            match entry {
                Entry::Put(document) => index.put(document)?,
                Entry::Remove(id) => index.remove(id),
            }
        }
        Ok(())
    })
    .await
}

async fn commit(index: &Arc<FullText>) -> Result<()> {
    let index = Arc::clone(index);
    blocking(move || index.commit()).await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> std::result::Result<T, FullTextError> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(lost)?.map_err(|e| unavailable(&e))
}

fn lost(error: tokio::task::JoinError) -> Error {
    Error::Internal(error.to_string())
}
