//! Looking after the contents of files: is each there and whole, and what does no row name any more?

use crate::Service;
use crate::context::{Context, Permission};
use crate::document::Documents;
use crate::error::Result;
use crate::inbox::Messages;
use crate::register::Register;
use crate::request::Requests;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use store::{Blobs, FileRow, Region, Tx};
use uuid::Uuid;

/// Rows read at a time.
const PAGE: i64 = 1000;
/// How long a content may wait for its row: longer than any verb takes, also on a machine that was suspended.
const GRACE: SignedDuration = SignedDuration::from_hours(24);

/// What was tidied up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tidied {
    /// Contents taken away that no file names.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// The next rows of the table of files.
async fn page(tx: &mut Tx, region: Region, after: &mut Uuid) -> Result<Option<Vec<FileRow>>> {
    let rows = tx.files_by_id(region, *after, PAGE).await?;
    let Some(last) = rows.last() else { return Ok(None) };
    *after = last.id;
    Ok(Some(rows))
}

impl Service {
    /// Takes away contents that no file names and that have waited for a day: what a crash between content and row left,
    /// and what could not be removed when it was erased.
    pub async fn tidy_files(&self, mut ctx: Context) -> Result<Tidied> {
        ctx.actor.must(Permission::Upkeep)?;
        let blobs = self.depot.blobs()?;
        // First what is there, then what is named: a content that comes in between is in neither list.
        let there = blobs.list().await?;
        let mut named = HashSet::new();
        let (mut tx, mut after) = (self.look().await?, Uuid::nil());
        while let Some(rows) = page(&mut tx, self.region, &mut after).await? {
            named.extend(rows.into_iter().filter_map(|f| f.stored));
        }
        drop(tx);
        let mut tidied = Tidied { files: 0, bytes: 0 };
        for blob in there {
            let waits = ctx.at.duration_since(blob.written_at) < GRACE;
            if waits || blob.address.as_ref().is_some_and(|a| named.contains(a)) {
                continue;
            }
            if blobs.discard(&blob).await? {
                tidied.files += 1;
                tidied.bytes += blob.size;
            }
        }
        if tidied.files > 0 {
            ctx.key = None;
            let event =
                serde_json::json!({ "type": "files-tidied", "files": tidied.files, "bytes": tidied.bytes });
            let note = self.verb(ctx, "tidy-files", move |mut work| {
                Box::pin(async move { work.note_access(event).await })
            });
            note.await?;
        }
        Ok(tidied)
    }

    /// Whether the content of every file is there, opens with the key of this store, and is the one that came in.
    pub(crate) async fn check_files(&self, tx: &mut Tx) -> Result<Vec<String>> {
        let (mut problems, mut after) = (Vec::new(), Uuid::nil());
        while let Some(rows) = page(tx, self.region, &mut after).await? {
            for row in rows {
                let Some(stored) = row.stored.clone() else { continue };
                let blobs = match self.depot.blobs() {
                    Ok(blobs) => blobs,
                    Err(e) => return Ok(vec![format!("已有材料登记，但是{e}")]),
                };
                let problem = self.check_file(blobs, &row, &stored).await?;
                // Erased while this went on: then the row of now names nothing.
                if let Some(problem) = problem
                    && self.still_names(row.id, &stored).await?
                {
                    problems.push(problem);
                }
            }
        }
        Ok(problems)
    }

    async fn still_names(&self, file: Uuid, stored: &str) -> Result<bool> {
        let row = self.look().await?.file(self.region, file).await?;
        Ok(row.is_some_and(|r| r.stored.as_deref() == Some(stored)))
    }

    async fn check_file(&self, blobs: &Blobs, row: &FileRow, stored: &str) -> Result<Option<String>> {
        let (id, subject) = (row.id, row.subject);
        let of = match row.subject_kind.as_str() {
            Messages::KIND => Messages::NAME,
            Documents::KIND => Documents::NAME,
            _ => Requests::NAME,
        };
        let Some(sealed) = blobs.get(stored).await? else {
            return Ok(Some(format!("{of} {subject} 的材料 {id} 内容缺失，请从备份中找回文件 {stored}")));
        };
        let (vault, stored) = (self.vault.clone(), stored.to_owned());
        let (digest, size) = (row.digest.clone(), row.size);
        let checking = tokio::task::spawn_blocking(move || {
            Blobs::address_of(&sealed) == stored
                && vault.open_content(id, &sealed).is_ok_and(|content| {
                    i64::try_from(content.len()) == Ok(size) && Blobs::address_of(&content) == digest
                })
        });
        let whole = checking.await.map_err(|e| crate::Error::Internal(e.to_string()))?;
        Ok((!whole).then(|| format!("{of} {subject} 的材料 {id} 内容与登记不符，请从备份中找回")))
    }

    /// How many files are kept and how many bytes, and whether their folder is there.
    pub(crate) async fn kept_files(&self) -> Result<(i64, i64)> {
        Ok(self.look().await?.kept_files(self.region).await?)
    }
}

/// Whether the contents that a restored store names are there and are what their address says; needs no key. The first
/// problem, if any.
pub(crate) async fn contents_are_there(
    store: &store::Store,
    folder: &std::path::Path,
) -> Result<Option<String>> {
    let mut tx = store.read().await?;
    for region in tx.regions().await? {
        let blobs = Blobs::at(folder.join(region.region.to_string()));
        let mut after = Uuid::nil();
        while let Some(rows) = page(&mut tx, region.region, &mut after).await? {
            for stored in rows.into_iter().filter_map(|f| f.stored) {
                let whole = blobs.get(&stored).await?.is_some_and(|c| Blobs::address_of(&c) == stored);
                if !whole {
                    return Ok(Some(format!("材料文件 {stored} 缺失或者已经损坏")));
                }
            }
        }
    }
    Ok(None)
}
