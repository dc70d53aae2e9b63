//! Files of a form that is not submitted yet: judged, sealed and on the disk, and named by nothing but the form itself.
//!
//! A form that is shown again cannot hold a chosen file; a browser lets nobody fill in that control. So the content is
//! kept at once, and the form carries a sealed note of where. Submitting the form seals each file anew for each request;
//! what was held is collected after a day, submitted or not ([`Service::tidy_files`]).

use super::depot::{Kept, Upload};
use super::kind::no;
use super::{Found, Opened, beside};
use crate::Service;
use crate::context::Context;
use crate::error::{Error, Result};
use jiff::{SignedDuration, Timestamp};
use law::docket::file::{FileRole, Media};
use serde::{Deserialize, Serialize};
use store::Blobs;
use uuid::Uuid;

/// How long a form may hold a file: shorter than contents without a row are left alone.
const HELD: SignedDuration = SignedDuration::from_hours(20);
/// Files that one form may hold, and their bytes together: less than a request may have, because a form is anybody's.
const MOST: (usize, u64) = (10, 50 << 20);

/// A file that a form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldFile {
    /// What the form sends along; opens nothing without the key of this store and the mark of the form.
    pub token: String,
    /// What it is for.
    pub role: FileRole,
    /// Its name.
    pub name: String,
    /// What it is.
    pub media: Media,
    /// Bytes.
    pub size: u64,
    note: Note,
}

/// Where the content lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    id: Uuid,
    role: FileRole,
    name: String,
    media: Media,
    size: u64,
    digest: String,
    stored: String,
    until: Timestamp,
}

/// The place a note is sealed in: the note of one form says nothing to another.
fn place(form: &str) -> Vec<u8> {
    [b"held/".as_slice(), form.as_bytes()].concat()
}

/// Where a content lies that was not judged, because nothing of it is kept as it is: a list, an archive.
#[derive(Serialize, Deserialize)]
struct ContentNote {
    id: Uuid,
    name: String,
    digest: String,
    stored: String,
    until: Timestamp,
}

/// Bytes out of hexadecimal digits; none if they are not.
fn bytes(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> =
        text.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let digits = digits.filter(|d| d.len().is_multiple_of(2))?;
    Some(digits.chunks(2).map(|pair| pair[0] << 4 | pair[1]).collect())
}

impl Service {
    /// Whether files can come in: whether there is a folder for them.
    pub fn takes_files(&self) -> bool {
        self.depot.blobs().is_ok()
    }

    /// Holds a file for a form that already holds `there`. `form` is the mark of that form.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `file-`.
    pub async fn hold_file(
        &self,
        ctx: &mut Context,
        form: &str,
        there: &[HeldFile],
        upload: Upload,
    ) -> Result<HeldFile> {
        let sum: u64 = there.iter().map(|f| f.size).sum();
        if there.len() >= MOST.0 {
            let text = format!("一份申请最多附{}个文件，请合并后上传，或者先移除不需要的文件", MOST.0);
            return Err(Error::Refused(vec![no("file-too-many", text)]));
        }
        if sum.saturating_add(upload.size()) > MOST.1 {
            let text = format!("附件合计不超过{}MB，请压缩后上传，或者先移除不需要的文件", MOST.1 >> 20);
            return Err(Error::Refused(vec![no("file-too-much", text)]));
        }
        let Kept { id, role, name, media, size, digest, stored, .. } = self.keep(ctx, upload).await?;
        let until = ctx.at.checked_add(HELD).unwrap_or(ctx.at);
        let note = Note { id, role, name, media, size, digest, stored, until };
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&ctx.entropy.bytes()[..12]);
        let sealed = self.vault.seal_value(&place(form), nonce, &note)?;
        let token = nonce.iter().chain(&sealed).map(|b| format!("{b:02x}")).collect();
        Ok(HeldFile::of(token, note))
    }

    /// The files a form says that it holds; what is forged, of another form or too old is left out.
    pub fn held_files(&self, at: Timestamp, form: &str, tokens: &[String]) -> Vec<HeldFile> {
        let open = |token: &String| {
            let raw = bytes(token)?;
            let (nonce, sealed) = raw.split_at_checked(12)?;
            let note: Note = self.vault.open_value(&place(form), nonce, sealed).ok()?;
            (note.until > at).then(|| HeldFile::of(token.clone(), note))
        };
        let mut held: Vec<HeldFile> = Vec::new();
        for file in tokens.iter().take(MOST.0).filter_map(open) {
            if !held.contains(&file) {
                held.push(file);
            }
        }
        held
    }

    /// Holds what is only read and never kept, sealed, for a form that takes more than one request: its name, its content, and
    /// the note that opens it again under the same mark.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is too large, or if there is no folder for files.
    pub async fn hold_content(
        &self,
        ctx: &mut Context,
        form: &str,
        upload: Upload,
    ) -> Result<(String, Vec<u8>, String)> {
        let name = upload.name().to_owned();
        if upload.is_over() {
            let most = self.file_limits().bytes >> 20;
            let text = format!("上传的文件合计超过{most}MB，请分成几批导入，或者请系统管理员在服务器上导入");
            return Err(Error::Refused(vec![no("file-too-large", text)]));
        }
        let content = upload.content(&self.file_limits())?;
        let mut nonces = [[0; 12]; 2];
        nonces.iter_mut().for_each(|nonce| nonce.copy_from_slice(&ctx.entropy.bytes()[..12]));
        let (id, vault) = (ctx.new_id(), self.vault.clone());
        let sealing = beside(move || {
            let sealed = vault.seal_content(id, nonces[0], &content)?;
            Ok::<_, Error>((Blobs::address_of(&content), sealed, content))
        });
        let (digest, sealed, content) = sealing.await??;
        let stored = self.depot.blobs()?.put(sealed).await?;
        let until = ctx.at.checked_add(HELD).unwrap_or(ctx.at);
        let note = ContentNote { id, name: name.clone(), digest, stored, until };
        let sealed = self.vault.seal_value(&place(form), nonces[1], &note)?;
        let token = nonces[1].iter().chain(&sealed).map(|b| format!("{b:02x}")).collect();
        Ok((name, content, token))
    }

    /// Name and content of what [`Service::hold_content`] holds; none for a note that is forged, of another mark or too old.
    ///
    /// # Errors
    /// The disk fails.
    pub async fn held_content(
        &self,
        at: Timestamp,
        form: &str,
        token: &str,
    ) -> Result<Option<(String, Vec<u8>)>> {
        let open = || {
            let raw = bytes(token)?;
            let (nonce, sealed) = raw.split_at_checked(12)?;
            let note: ContentNote = self.vault.open_value(&place(form), nonce, sealed).ok()?;
            (note.until > at).then_some(note)
        };
        let Some(ContentNote { id, name, digest, stored, .. }) = open() else { return Ok(None) };
        let Some(sealed) = self.depot.blobs()?.get(&stored).await? else { return Ok(None) };
        let vault = self.vault.clone();
        let content = beside(move || vault.open_content(id, &sealed)).await??;
        Ok(Some((name, content)).filter(|(_, content)| Blobs::address_of(content) == digest))
    }

    /// Keeps what a form held once more, for a request of its own.
    pub(crate) async fn adopt(&self, ctx: &mut Context, held: &HeldFile) -> Result<Kept> {
        let Note { id, media, stored, digest, name, .. } = held.note.clone();
        let gone = || {
            let text = "之前选择的文件已经过期，请重新选择";
            Error::Refused(vec![no("file-gone", text.to_owned())])
        };
        if self.depot.blobs()?.get(&stored).await?.is_none() {
            return Err(gone());
        }
        let Opened { name, content, .. } = self.unseal(Found { id, media, stored, digest, name }).await?;
        let mut upload = self.upload(held.role, &name);
        upload.push(&content);
        self.keep(ctx, upload).await
    }
}

impl HeldFile {
    fn of(token: String, note: Note) -> HeldFile {
        let (role, name, media, size) = (note.role, note.name.clone(), note.media, note.size);
        HeldFile { token, role, name, media, size, note }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_read_and_nothing_else() {
        assert_eq!(bytes("00ff7A"), Some(vec![0, 255, 122]));
        for bad in ["0", "0g", "样本", "+1"] {
            assert_eq!(bytes(bad), None, "{bad}");
        }
    }
}
