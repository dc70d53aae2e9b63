//! What a document says (正文) and what is published with it (附件): files of its docket.
//!
//! A text is written anew as a whole; the one in force is the last. What comes to a document that is public already is
//! shown only after it was made public itself, so that the check before publication ([`super::check`]) sees everything.

use super::{Documents, is_public};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::{FileView, Files, Opened, Upload, beside, kind};
use crate::register::{Change, Register, Work};
use jiff::civil::Date;
use law::docket::file::{FileEvent, FileRole, Media};
use paper::redact::{Source, ofd};
use store::{FileRow, Tx};
use uuid::Uuid;

/// Characters a text may have; a longer one is an attachment.
pub const LONGEST_BODY: usize = 100_000;

/// What is published with a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annex {
    /// Its id, the last part of its address.
    pub id: Uuid,
    /// The name under which it is saved.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Bytes.
    pub size: u64,
}

/// What stands at the address of an attachment.
#[derive(Debug, Clone)]
pub enum AtFile {
    /// The attachment.
    Public(Opened),
    /// It was public once.
    Withdrawn {
        /// Since when it is not.
        on: Date,
    },
}

/// A file that is to belong to a document.
#[derive(Debug, Clone)]
pub(crate) struct Annexed {
    /// 正文 or 附件
    pub(crate) role: FileRole,
    /// The name under which it is saved.
    pub(crate) name: String,
    /// What it is.
    pub(crate) media: Media,
    /// Its content.
    pub(crate) content: Vec<u8>,
}

/// Whether everybody may read a file of a public document.
pub(crate) fn is_shown(row: &FileRow) -> bool {
    row.published_on.is_some() && row.withdrawn_on.is_none() && row.stored.is_some()
}

fn has_role(row: &FileRow, role: FileRole) -> bool {
    row.role == role.key()
}

/// The text of a document as it was written last among `rows`: the one that waits, else the public one. There is at most one
/// of each.
pub(super) fn last_body(rows: &[FileRow]) -> Option<&FileRow> {
    let bodies = || rows.iter().filter(|r| has_role(r, FileRole::Body) && r.stored.is_some());
    bodies().find(|r| r.published_on.is_none()).or_else(|| bodies().find(|r| is_shown(r)))
}

/// As a reader meets them.
fn body_first(mut rows: Vec<FileRow>) -> Vec<FileRow> {
    rows.sort_by_key(|r| !has_role(r, FileRole::Body));
    rows
}

fn no_such_file() -> Error {
    Error::NotFound("没有找到这份附件，请从公开信息的页面重新打开".into())
}

/// A file as far as it can be read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The words; none of a picture and of kinds no reader is there for.
    pub text: Option<String>,
    /// Pages, from 1, with something on them that cannot be read.
    pub unread: Vec<usize>,
    /// Whether there are pictures beside the words.
    pub pictures: bool,
}

impl Read {
    pub(super) fn of(media: Media, content: &[u8]) -> Read {
        match media {
            Media::Text | Media::Csv | Media::Page => {
                Read { text: kind::decoded(content), ..Read::default() }
            }
            Media::Pdf | Media::Docx | Media::Xlsx => match Source::open(content) {
                Ok(source) => Read {
                    text: Some(source.text()),
                    unread: (1..).zip(source.pages()).filter(|(_, p)| p.unread).map(|(n, _)| n).collect(),
                    pictures: media != Media::Pdf && has_pictures(content),
                },
                Err(_) => Read::default(),
            },
            Media::Ofd => match ofd(content) {
                // Seals, pictures and annotations are shown with the page: a person looks at every one.
                Ok(read) => Read {
                    text: Some(read.text()),
                    unread: (1..)
                        .zip(&read.pages)
                        .filter(|(_, p)| p.unread || read.more)
                        .map(|(n, _)| n)
                        .collect(),
                    pictures: false,
                },
                Err(_) => Read::default(),
            },
            Media::Png | Media::Jpeg | Media::Tiff => Read::default(),
        }
    }
}

/// Whether an OOXML package holds pictures.
fn has_pictures(content: &[u8]) -> bool {
    let package = zip::ZipArchive::new(std::io::Cursor::new(content));
    package.is_ok_and(|p| p.file_names().flatten().any(|name| name.contains("/media/")))
}

impl Work<'_> {
    /// Makes public what a document holds: its text in force and every attachment that was never public. These must be the
    /// files that the check has `looked_at`.
    pub(crate) async fn publish_files(&mut self, document: Uuid, looked_at: &[Uuid]) -> Result<()> {
        let rows = self.tx.files_of(self.region, document).await?;
        let body = last_body(&rows).map(|r| r.id);
        for row in rows.iter().filter(|r| r.stored.is_some() && r.published_on.is_none()) {
            if has_role(row, FileRole::Annex) || body == Some(row.id) {
                if !looked_at.contains(&row.id) {
                    let text = "正文或者附件刚刚被其他人修改，公文没有公开；请刷新页面，核对最新内容后再操作";
                    return Err(Error::Conflict(text.into()));
                }
                self.change_file_of(row.id, FileEvent::Published).await?;
                self.take_down_the_former(row).await?;
            }
        }
        Ok(())
    }

    /// A text that was made public takes the place of the one before.
    async fn take_down_the_former(&mut self, body: &FileRow) -> Result<()> {
        if !has_role(body, FileRole::Body) {
            return Ok(());
        }
        for row in self.tx.files_of(self.region, body.subject).await? {
            if row.id != body.id && has_role(&row, FileRole::Body) && is_shown(&row) {
                let event = FileEvent::Withdrawn { reason: "更换正文".into() };
                self.change_file_of(row.id, event).await?;
            }
        }
        Ok(())
    }

    async fn change_file_of(&mut self, file: Uuid, event: FileEvent) -> Result<u32> {
        let version = u32::try_from(self.docket::<Files>(file).await?.len()).unwrap_or(u32::MAX);
        let today = self.ctx.today();
        self.change::<Files>(file, version, Change::event(today, event)).await
    }
}

impl Service {
    /// Adds an attachment to a document. Everybody can read it once it was made public.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `file-`, for what cannot come in.
    pub async fn add_annex(&self, mut ctx: Context, document: Uuid, mut upload: Upload) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.content_owner(&ctx, document).await?;
        upload.role = FileRole::Annex;
        let kept = self.keep(&mut ctx, upload).await?;
        self.verb(ctx, "add-annex", move |mut work| {
            Box::pin(async move {
                let draft = work.must_reach_open_content(document).await?;
                let annex = work.add_file_to((Documents::KIND, document), kept).await?;
                work.content_changed(draft, document, FileRole::Annex, false).await?;
                Ok(annex)
            })
        })
        .await
    }

    /// Writes the text of a document anew, in place of the one it was written over, if any. One that was never public and
    /// is replaced is gone.
    ///
    /// # Errors
    /// [`Error::Refused`] for an empty or too long text; [`Error::Conflict`] if somebody else wrote it meanwhile.
    pub async fn write_body(
        &self,
        mut ctx: Context,
        document: Uuid,
        over: Option<Uuid>,
        text: &str,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.content_owner(&ctx, document).await?;
        let text = text.replace("\r\n", "\n");
        let text = text.trim_end();
        if text.trim().is_empty() {
            return Err(Error::refused("body-empty", "请填写正文", ""));
        }
        if text.chars().count() > LONGEST_BODY {
            let most = LONGEST_BODY / 10_000;
            let text = format!("正文超过{most}万字，请把较长的内容作为附件");
            return Err(Error::refused("body-too-long", text, ""));
        }
        let mut upload = self.upload(FileRole::Body, "正文.txt");
        upload.push(text.as_bytes());
        let kept = self.keep(&mut ctx, upload).await?;
        let at = ctx.at;
        let (body, gone) = self
            .verb(ctx, "write-body", move |mut work| {
                Box::pin(async move {
                    let draft = work.must_reach_open_content(document).await?;
                    let mut gone = Vec::new();
                    let rows = work.tx.files_of(work.region, document).await?;
                    if last_body(&rows).map(|r| r.id) != over {
                        let text = "正文刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再修改";
                        return Err(Error::Conflict(text.into()));
                    }
                    for row in rows {
                        let replaced = has_role(&row, FileRole::Body) && row.published_on.is_none();
                        if replaced && row.stored.is_some() {
                            let event = FileEvent::Erased { reason: "更换正文".into() };
                            work.change_file_of(row.id, event).await?;
                            if let Some(name) = row.name {
                                work.tx.erase_personal(work.region, name, at).await?;
                            }
                            gone.extend(row.stored);
                        }
                    }
                    let body = work.add_file_to((Documents::KIND, document), kept).await?;
                    work.content_changed(draft, document, FileRole::Body, false).await?;
                    Ok((body, gone))
                })
            })
            .await?;
        self.drop_contents(&gone).await;
        Ok(body)
    }

    /// The words of a file that is not kept: a Word document from which a text is taken.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `file-`, for what cannot come in or has no words.
    pub async fn words_of(&self, upload: Upload) -> Result<String> {
        let content = upload.content(&self.file_limits())?;
        let found = beside(move || {
            let media = kind::judge(&content, "导入.docx").map_err(|no| Error::Refused(vec![no]))?;
            Ok::<_, Error>(Read::of(media, &content).text.filter(|text| !text.trim().is_empty()))
        });
        found.await??.ok_or_else(|| {
            let text = "文件里没有可以读取的文字，请换用Word文档（DOCX），或者作为附件上传";
            Error::refused("file-no-words", text, "")
        })
    }

    /// The text and the attachments of a document for the office, the text first; those erased and taken down too.
    pub async fn document_files(&self, ctx: &Context, document: Uuid) -> Result<Vec<FileView>> {
        self.content_owner(ctx, document).await?;
        let mut tx = self.look().await?;
        let mut files = Vec::new();
        for row in self.content_rows(&mut tx, document).await? {
            files.extend(self.file_view(&mut tx, ctx, row).await?);
        }
        Ok(files)
    }

    /// The text of a document as it was written last, with its id; none if there is none.
    pub async fn document_body(&self, ctx: &Context, document: Uuid) -> Result<Option<(Uuid, String)>> {
        self.content_owner(ctx, document).await?;
        let rows = self.look().await?.files_of(self.region, document).await?;
        match last_body(&rows) {
            Some(row) => Ok(Some((row.id, self.text_of(document, row.id).await?))),
            None => Ok(None),
        }
    }

    async fn text_of(&self, document: Uuid, file: Uuid) -> Result<String> {
        let opened = self.opened_of(document, file).await?;
        Ok(String::from_utf8_lossy(&opened.content).into_owned())
    }

    /// Opens a file of a document, for the office.
    pub async fn open_document_file(&self, ctx: &Context, document: Uuid, file: Uuid) -> Result<Opened> {
        self.content_owner(ctx, document).await?;
        self.opened_of(document, file).await
    }

    /// Makes a file of a public document public, takes it down, or erases it.
    ///
    /// # Errors
    /// [`Error::Conflict`] if somebody else was quicker; the refusals of the docket; what the check before publication finds.
    pub async fn change_document_file(
        &self,
        ctx: Context,
        (document, file): (Uuid, Uuid),
        version: u32,
        event: FileEvent,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let today = ctx.today();
        let at = ctx.at;
        if event == FileEvent::Published {
            self.file_must_pass_the_check(&ctx, document, file).await?;
        }
        let (version, gone) = self
            .verb(ctx, "change-document-file", move |mut work| {
                Box::pin(async move {
                    let draft = work.must_reach_content(document).await?;
                    let row = work.tx.file(work.region, file).await?;
                    let row = row.filter(|f| f.subject == document).ok_or_else(no_such_file)?;
                    if event == FileEvent::Published {
                        let shown = work.tx.document(work.region, document).await?;
                        if !shown.is_some_and(|d| is_public(&d)) {
                            let text = "公文还没有公开，正文和附件随公文一并公开";
                            return Err(Error::refused("document-not-public", text, ""));
                        }
                    }
                    let publishes = event == FileEvent::Published;
                    let erases = matches!(event, FileEvent::Erased { .. });
                    let version = work.change::<Files>(file, version, Change::event(today, event)).await?;
                    if publishes {
                        work.take_down_the_former(&row).await?;
                    }
                    let role = FileRole::parse(&row.role).unwrap_or(FileRole::Annex);
                    work.content_changed(draft, document, role, erases).await?;
                    let after = work.tx.file(work.region, file).await?;
                    let gone = row.stored.filter(|_| after.is_none_or(|a| a.stored.is_none()));
                    if let (Some(_), Some(name)) = (&gone, row.name) {
                        work.tx.erase_personal(work.region, name, at).await?;
                    }
                    Ok((version, gone))
                })
            })
            .await?;
        self.drop_contents(gone.as_slice()).await;
        Ok(version)
    }

    /// The text and the attachments everybody can read, if the document is public: that is the caller's to ask.
    pub(crate) async fn public_content(&self, document: Uuid) -> Result<(Option<String>, Vec<Annex>)> {
        let mut tx = self.look().await?;
        let rows: Vec<FileRow> =
            tx.files_of(self.region, document).await?.into_iter().filter(is_shown).collect();
        let mut annexes = Vec::new();
        for row in rows.iter().filter(|r| has_role(r, FileRole::Annex)) {
            let Some(media) = Media::parse(&row.media) else { continue };
            let name = self.file_name(&mut tx, row).await?;
            annexes.push(Annex { id: row.id, name, media, size: u64::try_from(row.size).unwrap_or(0) });
        }
        drop(tx);
        let body = match last_body(&rows) {
            Some(row) => Some(self.text_of(document, row.id).await?),
            None => None,
        };
        Ok((body, annexes))
    }

    /// The days on which texts of a document became public, in order.
    pub(super) async fn text_days(&self, document: Uuid) -> Result<Vec<Date>> {
        let rows = self.look().await?.files_of(self.region, document).await?;
        let bodies = rows.iter().filter(|r| has_role(r, FileRole::Body));
        let mut days: Vec<Date> = bodies.filter_map(|r| r.published_on).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// What stands at the address of an attachment. For everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not public and never was, in the same words as for what does not exist.
    pub async fn public_file(&self, document: Uuid, file: Uuid) -> Result<AtFile> {
        let mut tx = self.look().await?;
        let of = tx.document(self.region, document).await?.ok_or_else(no_such_file)?;
        let row = tx.file(self.region, file).await?.filter(|f| f.subject == document);
        let row = row.filter(|r| has_role(r, FileRole::Annex) && r.published_on.is_some());
        let row = row.ok_or_else(no_such_file)?;
        drop(tx);
        if !is_public(&of) {
            return Ok(AtFile::Withdrawn { on: of.withdrawn_on.ok_or_else(no_such_file)? });
        }
        if !is_shown(&row) {
            let on = row.withdrawn_on.or(row.erased_on).ok_or_else(no_such_file)?;
            return Ok(AtFile::Withdrawn { on });
        }
        Ok(AtFile::Public(self.opened_of(document, file).await?))
    }

    /// The words everybody can read of a public document: its text, and name and words of each attachment. What cannot be
    /// read has no words.
    pub(crate) async fn public_words(&self, document: Uuid) -> Result<(String, Vec<(String, String)>)> {
        let (body, annexes) = self.public_content(document).await?;
        let mut with_words = Vec::new();
        for annex in annexes {
            let words = match self.opened_of(document, annex.id).await {
                Ok(opened) => beside(move || Read::of(opened.media, &opened.content).text).await?,
                Err(error) => {
                    tracing::warn!(file = %annex.id, %error, "an attachment cannot be indexed");
                    None
                }
            };
            with_words.push((annex.name, words.unwrap_or_default()));
        }
        Ok((body.unwrap_or_default(), with_words))
    }

    /// Whether a text is kept under the id of a document.
    pub(crate) async fn has_body(&self, document: Uuid) -> Result<bool> {
        Ok(last_body(&self.look().await?.files_of(self.region, document).await?).is_some())
    }

    /// The files kept under the id of a document, the text first.
    pub(super) async fn content_rows(&self, tx: &mut Tx, document: Uuid) -> Result<Vec<FileRow>> {
        Ok(body_first(tx.files_of(self.region, document).await?))
    }
}
