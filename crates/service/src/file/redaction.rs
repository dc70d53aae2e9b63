//! Partial disclosure (条例第三十七条): a clean copy of a file is made from marks, proved by the gate, and only then kept;
//! and nothing is given to an applicant that does not pass the gate.
//!
//! The removed words stay sealed beside the clean copy, so that the gate can search for them again on the day it is given
//! out. The journal holds the grounds and the digests, never the words.

use super::Opened;
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{docket, recorded};
use crate::request::Requests;
use crate::unit::id_of;
use law::docket::file::FileRole;
use law::docket::request::Standing;
use law::{Date, Refusal};
use paper::redact::{Clean, Leak, Mark, Source, gate, redact};
use serde::{Deserialize, Serialize};
use store::PersonalRow;
use uuid::Uuid;

/// Kind of the sealed words that were removed from a file.
const KIND: &str = "redaction";
/// Leaks that are told; more say nothing more.
const TOLD: usize = 20;

/// Words that may have to be withheld, found in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    /// What they look like, for example 手机号码.
    pub what: String,
    /// The words.
    pub text: String,
}

/// A file as it is shown for marking.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Marking {
    /// Pages that can be shown as pictures; none for a Word document or a workbook.
    pub pages: usize,
    /// What the detectors propose, each words once.
    pub suspects: Vec<Suspect>,
}

/// The removed words, as they are sealed.
#[derive(Serialize, Deserialize)]
struct Removed(Vec<String>);

/// What an officer has looked at and answers for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Looked {
    /// The pages whose pictures cannot be searched, the words that stand elsewhere too, and the pictures left out.
    pub confirmed: bool,
}

/// Work that is too long for the other visits to wait for.
pub(crate) async fn beside<T: Send + 'static>(job: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(job).await.map_err(|e| Error::Internal(e.to_string()))
}

impl Service {
    /// What there is to be marked in a file, with what the detectors propose. The look at the file is journaled.
    ///
    /// # Errors
    /// [`Error::Refused`] for a file that cannot be redacted, with one sentence.
    pub async fn marking(&self, ctx: Context, request: Uuid, file: Uuid) -> Result<Marking> {
        ctx.actor.must(Permission::EditRegisters)?;
        let today = ctx.today();
        let names = self.names_in(request).await?;
        let opened = self.open_file(ctx, request, file).await?;
        beside(move || {
            let source = Source::open(&opened.content).map_err(|u| Error::Refused(vec![u.into()]))?;
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            Ok(Marking { pages: source.pages().len(), suspects: suspects(&source, &names, today) })
        })
        .await?
    }

    /// A page of a file as a picture, for marking places on it.
    pub async fn marking_page(
        &self,
        ctx: Context,
        request: Uuid,
        file: Uuid,
        page: usize,
    ) -> Result<Vec<u8>> {
        ctx.actor.must(Permission::EditRegisters)?;
        let opened = self.open_file(ctx, request, file).await?;
        beside(move || {
            let source = Source::open(&opened.content).map_err(|u| Error::Refused(vec![u.into()]))?;
            source.page_png(page, 80).map_err(|u| Error::Refused(vec![u.into()]))
        })
        .await?
    }

    /// Makes the clean copy of a file: takes the marked things out, proves by the gate that they are gone, and adds it to
    /// the request as 拟提供材料. The file itself stays as it is.
    ///
    /// # Errors
    /// All reasons at once: marks without a ground, marks that were found nowhere, what has to be looked at first, and
    /// everything the gate finds.
    pub async fn redact_file(
        &self,
        mut ctx: Context,
        request: Uuid,
        file: Uuid,
        marks: Vec<Mark>,
        looked: Looked,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let mut opening = ctx.clone();
        opening.entropy = crate::Entropy::new(ctx.entropy.bytes());
        let opened = self.open_file(opening, request, file).await?;
        let names = self.names_in(request).await?;
        let (today, plain) = (ctx.today(), format!("拟提供材料-{}", short(&ctx)));
        let clean = beside(move || {
            let called = names_of_copy(&opened, &names, today, &plain);
            cleaned(&opened, called, &marks, looked)
        });
        let (clean, name) = clean.await??;
        let grounds: Vec<_> = clean
            .marks
            .iter()
            .map(|m| serde_json::json!({ "ground": m.ground, "places": m.places }))
            .collect();
        let mut upload = self.upload(FileRole::CleanCopy, &name);
        upload.push(&clean.bytes);
        let kept = self.keep(&mut ctx, upload).await?;
        let removed = Removed(clean.removed);
        self.verb(ctx, "redact-file", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                let copy = work.add_file(request, kept).await?;
                let id = work.ctx.new_id();
                let mut nonce = [0; 12];
                nonce.copy_from_slice(&work.ctx.entropy.bytes()[..12]);
                let sealed = PersonalRow {
                    id,
                    subject_kind: KIND.to_owned(),
                    subject: copy,
                    nonce: nonce.to_vec(),
                    sealed: work.vault.seal_value(id.as_bytes(), nonce, &removed)?,
                    erased_at: None,
                };
                work.tx.put_personal(work.region, &sealed).await?;
                let event = serde_json::json!({
                    "type": "file-redacted", "request": request, "file": file, "copy": copy, "marks": grounds,
                });
                work.note_access(event).await?;
                Ok(copy)
            })
        })
        .await
    }

    /// Refuses a file that must not be given out: the gate opens it again and searches it for what was removed and for
    /// what is hidden.
    pub(super) async fn must_pass_the_gate(&self, ctx: &Context, request: Uuid, file: Uuid) -> Result<()> {
        let mut tx = self.look().await?;
        // What the gate says tells of the content: only to whom may see the request.
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.must_see_docket::<Requests>(&mut tx, ctx, &history).await?;
        let row = tx.file(self.region, file).await?.filter(|f| f.subject == request);
        let row = row.ok_or_else(super::no_such_file)?;
        let mut removed = Vec::new();
        for sealed in tx.personal_of(self.region, file).await? {
            if sealed.subject_kind == KIND && sealed.erased_at.is_none() {
                let words: Removed =
                    self.vault.open_value(sealed.id.as_bytes(), &sealed.nonce, &sealed.sealed)?;
                removed.extend(words.0);
            }
        }
        if !FileRole::parse(&row.role).is_some_and(FileRole::may_be_released) {
            // The docket refuses it.
            return Ok(());
        }
        let found = super::Found::of(&mut tx, self.region, &self.vault, row).await?;
        drop(tx);
        let opened = self.unseal(found).await?;
        let leaks = beside(move || gate(&opened.content, &opened.name, &removed)).await?;
        if leaks.is_empty() { Ok(()) } else { Err(Error::Refused(told(&leaks))) }
    }

    /// The names that stand in the docket: the applicant's and those who were consulted.
    async fn names_in(&self, request: Uuid) -> Result<Vec<String>> {
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        let Some(standing) = Standing::of(&recorded(&history)) else { return Ok(Vec::new()) };
        let mut names: Vec<String> = standing.consultations.iter().map(|c| c.party.clone()).collect();
        if let Some(id) = id_of(&standing.applicant)
            && let Some(row) = tx.personal(self.region, id).await?.filter(|p| p.erased_at.is_none())
        {
            names.push(self.vault.open(row.id, &row.nonce, &row.sealed)?.name);
        }
        names.retain(|n| n.chars().count() >= 2);
        Ok(names)
    }
}

/// A word that tells copies of one day apart.
fn short(ctx: &Context) -> String {
    ctx.entropy.clone().bytes().iter().take(3).map(|b| format!("{b:02x}")).collect()
}

fn suspects(source: &Source, names: &[&str], today: Date) -> Vec<Suspect> {
    let mut all: Vec<Suspect> = Vec::new();
    for found in paper::redact::detect(&source.text(), names, today) {
        let suspect = Suspect { what: found.what.label().to_owned(), text: found.text };
        if !all.contains(&suspect) {
            all.push(suspect);
        }
    }
    all
}

/// Characters of a name that are kept.
const NAME: usize = 80;
/// What the name of a clean copy ends in.
const DONE: &str = "（区分处理件）";

/// What a clean copy may be called: as its original, which the applicant and the letter know, with what was done to it;
/// and a name that says nothing, for one that looks like personal data or tells what was removed.
fn names_of_copy(opened: &Opened, names: &[String], today: Date, plain: &str) -> Vec<String> {
    let stem = opened.name.rsplit_once('.').map_or(opened.name.as_str(), |(stem, _)| stem);
    let stem: String = stem.trim_end_matches(DONE).chars().take(NAME).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let telling = stem.trim().is_empty() || !paper::redact::detect(&stem, &names, today).is_empty();
    let own = (!telling).then_some(stem);
    own.iter()
        .map(String::as_str)
        .chain([plain])
        .map(|stem| format!("{stem}{DONE}.{}", opened.media.ending()))
        .collect()
}

/// The clean copy, if it is one, under the first of these names that the gate lets pass.
fn cleaned(opened: &Opened, called: Vec<String>, marks: &[Mark], looked: Looked) -> Result<(Clean, String)> {
    let clean = redact(&opened.content, marks).map_err(Error::Refused)?;
    let mut no: Vec<Refusal> = clean
        .not_found()
        .into_iter()
        .map(|n| {
            let text = format!("第{}处标记在文件中没有找到，请核对或者删去", n + 1);
            Refusal::new("mark-not-found", text, "条例第三十七条")
        })
        .collect();
    no.extend(unlooked(&clean).filter(|_| !looked.confirmed));
    let (mut name, mut leaks) = (String::new(), Vec::new());
    for candidate in called {
        leaks = gate(&clean.bytes, &candidate, &clean.removed);
        name = candidate;
        if leaks.is_empty() {
            break;
        }
    }
    no.extend(told(&leaks));
    if no.is_empty() { Ok((clean, name)) } else { Err(Error::Refused(no)) }
}

/// What no search can answer for.
fn unlooked(clean: &Clean) -> Option<Refusal> {
    let mut parts = Vec::new();
    if !clean.unread.is_empty() {
        let pages: Vec<String> = clean.unread.iter().map(usize::to_string).collect();
        parts.push(format!("第{}页含有图片，图片中的文字无法检索", pages.join("、")));
    }
    if !clean.elsewhere.is_empty() {
        parts.push(format!("遮盖处的内容“{}”在其他位置仍然出现", clean.elsewhere.join("”“")));
    }
    if clean.pictures > 0 {
        parts.push(format!("有{}幅图片没有保留", clean.pictures));
    }
    if parts.is_empty() {
        return None;
    }
    let text = format!("{}，请逐页查看后勾选“已经逐页查看”再生成", parts.join("；"));
    Some(Refusal::new("not-looked-at", text, "条例第三十七条"))
}

pub(crate) fn told(leaks: &[Leak]) -> Vec<Refusal> {
    leaks.iter().take(TOLD).map(|l| Refusal::new("leak", l.to_string(), "条例第三十七条")).collect()
}
