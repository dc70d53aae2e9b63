//! Files of requests (材料): what an applicant hands in, what the office finds, and what it gives out.
//!
//! A file comes in through [`Upload`], is judged by its content ([`kind`]), scanned if a scanner is set, sealed, and on
//! the disk before the row that names it is committed. Content and name lie outside the journal, so that they can be
//! erased. Whoever opens a file with personal data is written down. The applicant sees what was given out, with the
//! query code, until its last day.

mod depot;
mod held;
pub mod kind;
mod name;
mod package;
mod redaction;
mod scan;
mod upkeep;

pub(crate) use depot::{Depot, Kept};
pub use depot::{Limits, Upload};
pub use held::HeldFile;
pub(crate) use name::shown as shown_name;
pub use redaction::{Looked, Marking, Suspect};
pub(crate) use redaction::{beside, told};
pub use scan::Scanner;
pub use upkeep::Tidied;
pub(crate) use upkeep::contents_are_there;

use crate::Service;
use crate::context::{Actor, Context, Permission};
use crate::document::{Documents, must_have_owner};
use crate::error::{Error, Result};
use crate::inbox::Messages;
use crate::inspection::Inspections;
use crate::reach::Sight;
use crate::register::{Change, Place, Register, Work, docket, recorded};
use crate::request::Requests;
use crate::unit::id_of;
use crate::vault::Vault;
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::file::{FileEvent, FileRole, Media, Standing};
use law::docket::{Recorded, Tally};
use serde::{Deserialize, Serialize};
use store::{Blobs, FileRow, PersonalRow, Region, Tx};
use uuid::Uuid;

/// Refuses what is no workbook that can be opened without harm: another kind of file, a broken one, one with macros, a bomb.
pub(crate) fn must_be_workbook(content: &[u8]) -> Result<()> {
    match package::judge(content) {
        Ok(Media::Xlsx) => Ok(()),
        Err(no) if no.code == "file-broken" && content.starts_with(b"PK") => {
            let text = "这不是完整的 XLSX 工作簿，可能没有传完，请重新导出或者上传";
            Err(Error::Invalid(text.into()))
        }
        Err(no) if content.starts_with(b"PK") => Err(Error::Refused(vec![no])),
        _ => Err(Error::Invalid("这不是XLSX工作簿，请在表格软件中另存为XLSX后再导入".into())),
    }
}

/// The register of files.
#[derive(Debug, Clone, Copy)]
pub struct Files;

impl Register for Files {
    const KIND: &'static str = "file";
    const NAME: &'static str = "材料";
    type Event = FileEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<FileEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &FileEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &FileEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_file(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none() {
                let subject = id_of(&Some(after.subject.clone())).unwrap_or_default();
                match after.subject_kind.as_str() {
                    Messages::KIND => drop(docket::<Messages>(tx, place.region, subject).await?),
                    Documents::KIND => must_have_owner(tx, place.region, subject).await?,
                    Inspections::KIND => drop(docket::<Inspections>(tx, place.region, subject).await?),
                    _ => drop(docket::<Requests>(tx, place.region, subject).await?),
                }
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_file(region, id).await })
    }
}

/// The derived row of a file.
pub(crate) fn row(place: Place, s: &Standing) -> FileRow {
    FileRow {
        id: place.id,
        subject_kind: s.subject_kind.clone(),
        subject: id_of(&Some(s.subject.clone())).unwrap_or_default(),
        role: s.role.key().to_owned(),
        media: s.media.key().to_owned(),
        size: i64::try_from(s.size).unwrap_or(i64::MAX),
        digest: s.digest.clone(),
        stored: s.stored.clone(),
        name: id_of(&s.name),
        added_on: s.added_on,
        released_until: s.released_until,
        erased_on: s.erased_on,
        published_on: s.published_on,
        withdrawn_on: s.withdrawn_on,
        version: i64::from(place.version),
    }
}

/// The name a file came with, as it is sealed.
#[derive(Serialize, Deserialize)]
struct Named {
    name: String,
}

/// A file of a request, as the office sees it.
#[derive(Debug, Clone)]
pub struct FileView {
    /// Docket id.
    pub id: Uuid,
    /// Number of entries in its docket.
    pub version: u32,
    /// Where it stands.
    pub standing: Standing,
    /// Its name; for who may not see personal data, and after erasure, only what it is for.
    pub name: String,
    /// Who added it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// A file as its applicant sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnFile {
    /// Docket id.
    pub id: Uuid,
    /// What it is for.
    pub role: FileRole,
    /// What it is.
    pub media: Media,
    /// Its name.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Last day on which it can be opened.
    pub until: Date,
    /// Day on which the applicant first opened it.
    pub collected_on: Option<Date>,
}

/// A file that was opened.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// Its name, safe to be saved under.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Its content, as it came.
    pub content: Vec<u8>,
}

impl std::fmt::Debug for Opened {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Opened")
            .field("media", &self.media)
            .field("size", &self.content.len())
            .finish_non_exhaustive()
    }
}

fn no_such_file() -> Error {
    Error::NotFound("没有找到这份材料，请从申请页面重新打开".into())
}

fn erased() -> Error {
    Error::NotFound("这份材料的内容已经删除".into())
}

/// The name of a file, out of its sealed record.
async fn name_of(tx: &mut Tx, region: Region, vault: &Vault, row: &FileRow) -> Result<Option<String>> {
    let Some(id) = row.name else { return Ok(None) };
    let Some(sealed) = tx.personal(region, id).await? else { return Ok(None) };
    if sealed.erased_at.is_some() || sealed.subject != row.id {
        return Ok(None);
    }
    Ok(Some(vault.open_value::<Named>(id.as_bytes(), &sealed.nonce, &sealed.sealed)?.name))
}

/// A name where none is known: what the file is for and what it is.
fn plain_name(row: &FileRow) -> String {
    let role = FileRole::parse(&row.role).map_or("材料", FileRole::label);
    let ending = Media::parse(&row.media).map_or("bin", Media::ending);
    format!("{role}.{ending}")
}

impl Work<'_> {
    /// Adds a file that was kept ([`Service::keep`]) to a request, within the transaction of another verb. Who may do
    /// so is that verb's to say.
    ///
    /// # Errors
    /// [`Error::Refused`] with a code `file-…` if the request has too many files.
    pub(crate) async fn add_file(&mut self, request: Uuid, kept: Kept) -> Result<Uuid> {
        self.add_file_to((Requests::KIND, request), kept).await
    }

    /// As [`Work::add_file`], to the docket of this kind with this id.
    pub(crate) async fn add_file_to(&mut self, to: (&str, Uuid), kept: Kept) -> Result<Uuid> {
        if to.0 == Requests::KIND {
            let request = self.docket::<Requests>(to.1).await?;
            if Requests::fold(&recorded(&request)).is_some_and(|s| s.destroyed_on.is_some()) {
                return Err(Error::refused("destroyed", "该申请的档案已经销毁，不再添加材料", ""));
            }
        }
        let there = self.tx.files_of(self.region, to.1).await?;
        let of_document = to.0 == Documents::KIND;
        // Of a document only what can still be read counts: every text that was replaced is kept.
        let standing =
            there.iter().filter(|f| f.stored.is_some() && !(of_document && f.withdrawn_on.is_some()));
        let bytes = standing.clone().map(|f| u64::try_from(f.size).unwrap_or_default()).sum();
        kept.limits.refuse(
            (standing.count(), bytes),
            kept.size,
            if of_document { "公文" } else { "申请" },
        )?;
        let name = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let sealed = PersonalRow {
            id: name,
            subject_kind: Files::KIND.to_owned(),
            subject: kept.id,
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(name.as_bytes(), nonce, &Named { name: kept.name })?,
            erased_at: None,
        };
        self.tx.put_personal(self.region, &sealed).await?;
        let added = FileEvent::Added {
            subject_kind: to.0.to_owned(),
            subject: to.1.to_string(),
            role: kept.role,
            media: kept.media,
            size: kept.size,
            digest: kept.digest,
            stored: kept.stored,
            name: Some(name.to_string()),
        };
        let today = self.ctx.today();
        self.begin::<Files>(kept.id, vec![Change::event(today, added)]).await?;
        Ok(kept.id)
    }

    /// Whether the applicant of a request can open a file with this role and name today.
    pub(crate) async fn is_given_out(&mut self, request: Uuid, role: FileRole, name: &str) -> Result<bool> {
        let today = self.ctx.today();
        for row in self.tx.files_of(self.region, request).await? {
            let open = row.stored.is_some() && row.released_until.is_some_and(|until| today <= until);
            if open && row.role == role.key() {
                let known = name_of(self.tx, self.region, &self.vault, &row).await?;
                if known.as_deref() == Some(name) {
                    return Ok(true);
                }
            }
        }
        Ok(false)
    }

    /// The row of a file of this request, which the actor may work on.
    async fn file_of(&mut self, request: Uuid, file: Uuid) -> Result<FileRow> {
        self.must_reach_docket::<Requests>(request).await?;
        let row = self.tx.file(self.region, file).await?;
        row.filter(|f| f.subject == request).ok_or_else(no_such_file)
    }
}

/// Whether a content is personal data, or may be. A role this build does not know is taken for personal.
fn is_personal(row: &FileRow) -> bool {
    FileRole::parse(&row.role).is_none_or(FileRole::is_personal)
}

/// Who only helps may add what it found, and nothing else.
fn may_add(sight: Sight, role: FileRole) -> Result<()> {
    if role == FileRole::SearchMaterial { Ok(()) } else { sight.must_be_whole() }
}

/// What is needed to open a file.
#[derive(Serialize, Deserialize)]
struct Found {
    id: Uuid,
    media: Media,
    stored: String,
    digest: String,
    name: String,
}

impl Found {
    async fn of(tx: &mut Tx, region: Region, vault: &Vault, row: FileRow) -> Result<Found> {
        let name = name_of(tx, region, vault, &row).await?.unwrap_or_else(|| plain_name(&row));
        let media = Media::parse(&row.media)
            .ok_or_else(|| Error::Internal(format!("file {} is of an unknown kind", row.id)))?;
        Ok(Found { id: row.id, media, stored: row.stored.ok_or_else(erased)?, digest: row.digest, name })
    }
}

impl Service {
    /// Adds a file to a request.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `file-`, for what cannot come in.
    pub async fn add_file(&self, mut ctx: Context, request: Uuid, upload: Upload) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        // Before anything is judged or kept; asked again in the transaction.
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        let role = upload.role;
        may_add(self.sight::<Requests>(&mut tx, &ctx, &history).await?, role)?;
        drop(tx);
        let kept = self.keep(&mut ctx, upload).await?;
        self.verb(ctx, "add-file", move |mut work| {
            Box::pin(async move {
                may_add(work.sight_of::<Requests>(request).await?, role)?;
                work.add_file(request, kept).await
            })
        })
        .await
    }

    /// The files of a request, in the order in which they were added; those erased too.
    pub async fn files(&self, ctx: &Context, request: Uuid) -> Result<Vec<FileView>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        let sight = self.sight::<Requests>(&mut tx, ctx, &history).await?;
        let mut rows = tx.files_of(self.region, request).await?;
        // Who helps sees what is worked on, not the applicant's papers.
        rows.retain(|row| sight == Sight::Whole || !is_personal(row));
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            files.extend(self.file_view(&mut tx, ctx, row).await?);
        }
        Ok(files)
    }

    /// The name of a file for those who may see it.
    pub(crate) async fn file_name(&self, tx: &mut Tx, row: &FileRow) -> Result<String> {
        let name = name_of(tx, self.region, &self.vault, row).await?;
        Ok(name.unwrap_or_else(|| plain_name(row)))
    }

    /// The content of a file of this docket. Who may see it, and that it was seen, is the caller's to say.
    pub(crate) async fn opened_of(&self, subject: Uuid, file: Uuid) -> Result<Opened> {
        let mut tx = self.look().await?;
        let row = tx.file(self.region, file).await?.filter(|f| f.subject == subject);
        let found = Found::of(&mut tx, self.region, &self.vault, row.ok_or_else(no_such_file)?).await?;
        drop(tx);
        self.unseal(found).await
    }

    pub(crate) async fn file_view(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        row: FileRow,
    ) -> Result<Option<FileView>> {
        let history = docket::<Files>(tx, self.region, row.id).await?;
        let (Some(standing), Some(first)) = (Standing::of(&recorded(&history)), history.first()) else {
            return Ok(None);
        };
        let mut name = None;
        let of_document = FileRole::parse(&row.role).is_some_and(FileRole::is_of_document);
        if of_document || ctx.actor.may(Permission::ReadPersonal) {
            name = name_of(tx, self.region, &self.vault, &row).await?;
        }
        Ok(Some(FileView {
            id: row.id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            standing,
            name: name.unwrap_or_else(|| plain_name(&row)),
            by: first.actor.clone(),
            at: first.at,
        }))
    }

    /// Opens a file of a request. Every opening of one with personal data is journaled, before the content is read.
    ///
    /// # Errors
    /// [`Error::NotAllowed`] without the permission for personal data, where the file holds such.
    pub async fn open_file(&self, mut ctx: Context, request: Uuid, file: Uuid) -> Result<Opened> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.sight::<Requests>(&mut tx, &ctx, &history).await?;
        let row =
            tx.file(self.region, file).await?.filter(|f| f.subject == request).ok_or_else(no_such_file)?;
        if !is_personal(&row) {
            let found = Found::of(&mut tx, self.region, &self.vault, row).await?;
            drop(tx);
            return self.unseal(found).await;
        }
        drop(tx);
        ctx.actor.must(Permission::ReadPersonal)?;
        // The answer of a keyed verb is kept; this one must not be.
        ctx.key = None;
        let found = self.verb(ctx, "open-file", move |mut work| {
            Box::pin(async move {
                let row = work.file_of(request, file).await?;
                let found = Found::of(work.tx, work.region, &work.vault, row).await?;
                work.note_access(
                    serde_json::json!({ "type": "file-opened", "file": file, "request": request }),
                )
                .await?;
                Ok(found)
            })
        });
        self.unseal(found.await?).await
    }

    /// Reads and unseals a content and proves that it is the one that came in.
    async fn unseal(&self, found: Found) -> Result<Opened> {
        let Found { id, media, stored, digest, name } = found;
        let lost = move || Error::Internal(format!("the content of file {id} is missing or was changed"));
        let sealed = self.depot.blobs()?.get(&stored).await?.ok_or_else(lost)?;
        let vault = self.vault.clone();
        let opening = tokio::task::spawn_blocking(move || {
            let content = vault.open_content(id, &sealed)?;
            if Blobs::address_of(&content) == digest { Ok(content) } else { Err(lost()) }
        });
        let content = opening.await.map_err(|e| Error::Internal(e.to_string()))??;
        Ok(Opened { name, media, content })
    }

    /// Gives a file to the applicant until a day, takes it back, or erases it. An erased content is taken from the disk
    /// at once; copies in backups are the operator's to let expire.
    ///
    /// # Errors
    /// [`Error::Conflict`] if somebody else was quicker; the refusals of the docket.
    pub async fn change_file(
        &self,
        ctx: Context,
        request: Uuid,
        file: Uuid,
        version: u32,
        event: FileEvent,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let (at, today) = (ctx.at, ctx.today());
        if matches!(event, FileEvent::Released { .. }) {
            self.must_pass_the_gate(&ctx, request, file).await?;
        }
        let done = self.verb(ctx, "change-file", move |mut work| {
            Box::pin(async move {
                let before = work.file_of(request, file).await?;
                let version = work.change::<Files>(file, version, Change::event(today, event)).await?;
                let after = work.tx.file(work.region, file).await?;
                let unnamed = before.stored.filter(|_| after.is_none_or(|a| a.stored.is_none()));
                if let (Some(_), Some(name)) = (&unnamed, before.name) {
                    work.tx.erase_personal(work.region, name, at).await?;
                }
                Ok((version, unnamed))
            })
        });
        let (version, unnamed) = done.await?;
        self.drop_contents(unnamed.as_slice()).await;
        Ok(version)
    }

    /// Takes contents from the disk that no row names any more. What cannot be removed now is collected later.
    pub(crate) async fn drop_contents(&self, unnamed: &[String]) {
        let Ok(blobs) = self.depot.blobs() else { return };
        for stored in unnamed {
            if let Err(error) = blobs.remove(stored).await {
                tracing::warn!(?error, "an erased content is still on the disk");
            }
        }
    }

    /// The files of the own request that were given out.
    ///
    /// # Errors
    /// As [`Service::progress`].
    pub async fn files_of_own(&self, ctx: Context, code: &str, proof: &str) -> Result<Vec<OwnFile>> {
        let today = ctx.today();
        let request = self.prove(ctx, code, proof).await?;
        let mut tx = self.look().await?;
        let mut own = Vec::new();
        for row in tx.files_of(self.region, request).await? {
            let (Some(role), Some(media)) = (FileRole::parse(&row.role), Media::parse(&row.media)) else {
                continue;
            };
            let Some(until) = row.released_until.filter(|until| row.stored.is_some() && today <= *until)
            else {
                continue;
            };
            let name = name_of(&mut tx, self.region, &self.vault, &row).await?;
            let size = u64::try_from(row.size).unwrap_or_default();
            let name = name.unwrap_or_else(|| plain_name(&row));
            let history = docket::<Files>(&mut tx, self.region, row.id).await?;
            let collected_on = Standing::of(&recorded(&history)).and_then(|s| s.collected_on);
            own.push(OwnFile { id: row.id, role, media, name, size, until, collected_on });
        }
        Ok(own)
    }

    /// Opens a file of the own request that was given out. Every opening is journaled, and the first is recorded in the
    /// docket of the file: it shows that the applicant got what was decided.
    ///
    /// # Errors
    /// As [`Service::progress`]; [`Error::NotFound`] for a file that was not given out, or not any more.
    pub async fn open_own(&self, mut ctx: Context, code: &str, proof: &str, file: Uuid) -> Result<Opened> {
        let today = ctx.today();
        // The applicant acts, whoever is signed in at the same browser.
        ctx.actor = Actor::Anonymous;
        ctx.key = None;
        let mut proving = ctx.clone();
        proving.entropy = crate::Entropy::new(ctx.entropy.bytes());
        let request = self.prove(proving, code, proof).await?;
        let found = self.verb(ctx, "open-own-file", move |mut work| {
            Box::pin(async move {
                let row = work.tx.file(work.region, file).await?.filter(|f| f.subject == request);
                let row = row.filter(|f| f.released_until.is_some_and(|until| today <= until));
                let row = row.ok_or_else(no_such_file)?;
                let found = Found::of(work.tx, work.region, &work.vault, row).await?;
                let history = work.docket::<Files>(file).await?;
                if Standing::of(&recorded(&history)).is_some_and(|s| s.collected_on.is_none()) {
                    let version = u32::try_from(history.len()).unwrap_or(u32::MAX);
                    let change = Change::event(today, FileEvent::Collected);
                    work.change::<Files>(file, version, change).await?;
                }
                let event =
                    serde_json::json!({ "type": "own-file-opened", "file": file, "request": request });
                work.note_access(event).await?;
                Ok(found)
            })
        });
        self.unseal(found.await?).await
    }
}
