//! How a file comes in: collected up to its limit, judged, scanned, sealed, and on the disk before a row names it.

use super::kind::{judge, no};
use super::name::shown;
use super::scan::Scanner;
use crate::Service;
use crate::context::Context;
use crate::error::{Error, Result};
use law::Refusal;
use law::docket::file::{FileRole, Media};
use sha2::{Digest, Sha256};
use std::path::PathBuf;
use store::Blobs;
use uuid::Uuid;

const MIB: u64 = 1 << 20;

/// How much may come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one file.
    pub file_bytes: u64,
    /// Files of one request.
    pub files: usize,
    /// Bytes of all files of one request.
    pub bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Limits { file_bytes: 20 * MIB, files: 20, bytes: 100 * MIB }
    }
}

impl Limits {
    /// Files of so many megabytes, twenty of a request, and five times as much of a request as of a file.
    pub fn of_megabytes(n: u64) -> Self {
        Limits { file_bytes: n * MIB, bytes: 5 * n * MIB, ..Limits::default() }
    }

    /// Megabytes of one file, as people read them.
    pub fn megabytes(&self) -> u64 {
        self.file_bytes / MIB
    }

    pub(super) fn too_large(&self) -> Refusal {
        let most = self.megabytes();
        no("file-too-large", format!("文件超过{most}MB，请压缩图片、降低扫描精度或者拆分后上传"))
    }

    /// Refuses one more file of `size` beside `there` (how many, how many bytes) in the docket of an 申请 or 公文.
    pub(super) fn refuse(&self, there: (usize, u64), size: u64, of: &str) -> Result<()> {
        let (files, bytes) = there;
        if files >= self.files {
            let text = format!("每份{of}最多{}个材料，请合并后上传，或者先删除不需要的材料", self.files);
            return Err(Error::Refused(vec![no("file-too-many", text)]));
        }
        if bytes.saturating_add(size) > self.bytes {
            let most = self.bytes / MIB;
            let text = format!("每份{of}的材料合计不超过{most}MB，请压缩后上传，或者先删除不需要的材料");
            return Err(Error::Refused(vec![no("file-too-much", text)]));
        }
        Ok(())
    }
}

impl Limits {
    /// Refuses files of these sizes that are to be those of one new document.
    pub(crate) fn must_hold(&self, sizes: impl Iterator<Item = u64>) -> Result<()> {
        let mut there = (0, 0u64);
        for size in sizes {
            self.refuse(there, size, "公文")?;
            there = (there.0 + 1, there.1.saturating_add(size));
        }
        Ok(())
    }
}

/// Where files are kept, and what is asked before.
#[derive(Debug, Clone, Default)]
pub(crate) struct Depot {
    blobs: Option<Blobs>,
    limits: Limits,
    scanner: Option<Scanner>,
}

impl Depot {
    /// The blobs; a sentence if no folder was given.
    pub(crate) fn blobs(&self) -> Result<&Blobs> {
        self.blobs.as_ref().ok_or_else(|| {
            let text = "系统还没有设置存放文件的目录，不能上传材料，请联系系统管理员设置 GONGKAI_FILES";
            Error::refused("file-no-folder", text, "")
        })
    }
}

/// A file as it comes in, piece by piece. What exceeds the limit is forgotten at once: an endless upload costs no
/// memory, and is refused when the file is added.
#[derive(Debug)]
pub struct Upload {
    /// What it is for.
    pub role: FileRole,
    name: String,
    content: Vec<u8>,
    most: u64,
    over: bool,
}

impl Upload {
    /// Takes the next piece; `false` once it is too large, so that a door may stop reading.
    pub fn push(&mut self, piece: &[u8]) -> bool {
        let size = (self.content.len() as u64).saturating_add(piece.len() as u64);
        if self.over || size > self.most {
            self.give_up();
        } else {
            self.content.extend_from_slice(piece);
        }
        !self.over
    }

    /// Forgets what came: the file is too large, whatever follows.
    pub fn give_up(&mut self) {
        self.over = true;
        self.content = Vec::new();
    }

    /// What came.
    ///
    /// # Errors
    /// [`Error::Refused`] if it was too large.
    pub(crate) fn content(self, limits: &Limits) -> Result<Vec<u8>> {
        if self.over { Err(Error::Refused(vec![limits.too_large()])) } else { Ok(self.content) }
    }

    /// Its name, as whoever sent it called it.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Bytes that came so far.
    pub(super) fn size(&self) -> u64 {
        self.content.len() as u64
    }

    /// Whether it was too large.
    pub fn is_over(&self) -> bool {
        self.over
    }

    /// A digest of name and content: tells one upload from another.
    pub fn fingerprint(&self) -> String {
        let mut both = Sha256::new();
        both.update(&self.content);
        both.update(self.name.as_bytes());
        both.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
    }

    /// Whether nothing came: a form whose file control was left empty.
    pub fn is_empty(&self) -> bool {
        self.content.is_empty() && !self.over
    }
}

/// A file that is sealed and on the disk, and waits for the row that names it.
#[derive(Debug)]
pub(crate) struct Kept {
    pub(super) id: Uuid,
    pub(super) role: FileRole,
    pub(super) name: String,
    pub(super) media: Media,
    pub(super) size: u64,
    pub(super) digest: String,
    pub(super) stored: String,
    pub(super) limits: Limits,
}

impl Kept {
    /// Bytes of the content.
    pub(crate) fn size(&self) -> u64 {
        self.size
    }

    /// Refuses unless it fits beside `there` (how many, how many bytes).
    pub(crate) fn fits(&self, there: (usize, u64)) -> Result<()> {
        self.limits.refuse(there, self.size, "申请")
    }

    /// The name under which it is saved.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }
}

impl Service {
    /// With a folder for files; a data folder has its own already. The contents of each region lie apart.
    #[must_use]
    pub fn with_files(mut self, folder: impl Into<PathBuf>) -> Self {
        self.depot.blobs = Some(Blobs::at(folder.into().join(self.region.to_string())));
        self
    }

    /// With other limits.
    #[must_use]
    pub fn with_file_limits(mut self, limits: Limits) -> Self {
        self.depot.limits = limits;
        self
    }

    /// With a virus scanner that is asked about every file.
    #[must_use]
    pub fn with_scanner(mut self, scanner: Scanner) -> Self {
        self.depot.scanner = Some(scanner);
        self
    }

    /// The limits in force.
    pub fn file_limits(&self) -> Limits {
        self.depot.limits
    }

    /// A file that begins to come in, called `name` by whoever sends it.
    pub fn upload(&self, role: FileRole, name: &str) -> Upload {
        self.upload_up_to(role, name, self.depot.limits.file_bytes)
    }

    /// As [`Service::upload`], with another limit: an archive of many files.
    pub fn upload_up_to(&self, role: FileRole, name: &str, most: u64) -> Upload {
        // More than any name that is kept; hostile names need no more memory.
        Upload { role, name: name.chars().take(500).collect(), content: Vec::new(), most, over: false }
    }

    /// Name and content of a file that came in, for a verb that keeps files in its own way.
    ///
    /// # Errors
    /// [`Error::Refused`] in place of the content if it was too large.
    pub fn sent(&self, upload: Upload) -> (String, Result<Vec<u8>>) {
        (upload.name.clone(), upload.content(&self.depot.limits))
    }

    /// Judges, scans and seals a file and puts it on the disk. Nothing names it yet: the caller adds it with
    /// [`crate::Work::add_file`] in its own transaction; otherwise it is collected later.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `file-`.
    pub(crate) async fn keep(&self, ctx: &mut Context, upload: Upload) -> Result<Kept> {
        if upload.over {
            return Err(Error::Refused(vec![self.depot.limits.too_large()]));
        }
        let Upload { role, name, content, .. } = upload;
        let lost = |e: tokio::task::JoinError| Error::Internal(e.to_string());
        let judged = tokio::task::spawn_blocking(move || judge(&content, &name).map(|m| (m, name, content)));
        let (media, name, content) = judged.await.map_err(lost)?.map_err(|r| Error::Refused(vec![r]))?;
        self.keep_judged(ctx, role, (&name, media), content).await
    }

    /// As [`Service::keep`], for content that was judged already.
    ///
    /// # Errors
    /// [`Error::Refused`] if the scanner finds something.
    pub(crate) async fn keep_judged(
        &self,
        ctx: &mut Context,
        role: FileRole,
        (name, media): (&str, Media),
        content: Vec<u8>,
    ) -> Result<Kept> {
        let (blobs, limits) = (self.depot.blobs()?, self.depot.limits);
        let lost = |e: tokio::task::JoinError| Error::Internal(e.to_string());
        if let Some(scanner) = &self.depot.scanner {
            scanner.must_be_clean(&content).await?;
        }
        let id = ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&ctx.entropy.bytes()[..12]);
        let (vault, size) = (self.vault.clone(), content.len() as u64);
        let sealing = tokio::task::spawn_blocking(move || {
            let digest = Blobs::address_of(&content);
            vault.seal_content(id, nonce, &content).map(|sealed| (digest, sealed))
        });
        let (digest, sealed) = sealing.await.map_err(lost)??;
        let stored = blobs.put(sealed).await?;
        let name = shown(name, media, role.label());
        Ok(Kept { id, role, name, media, size, digest, stored, limits })
    }
}
