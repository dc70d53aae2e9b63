//! The check before publication (公开前检查): personal data in the title, the text and the attachments, what a reader of a
//! file does not see but gets, and files that nothing can read. Each is settled by a person, with a reason, before the
//! document or the file becomes public (条例第十五条; 个人信息保护法第二十五条).

use super::Documents;
use super::content::{last_body, words};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::beside;
use crate::register::{Change, last_standing, recorded};
use jiff::civil::Date;
use law::Refusal;
use law::docket::document::{DocumentEvent, Standing};
use law::docket::file::{FileRole, Media};
use paper::redact::{LeakKind, detect, gate};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Findings that are told of one document; more say nothing more until these are settled.
const MOST: usize = 100;
/// Findings that one refusal tells.
const TOLD: usize = 10;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Digest by which it is settled.
    pub key: String,
    /// What it looks like, for example 手机号码.
    pub what: String,
    /// Where, for example 正文第3段.
    pub place: String,
    /// The words; may be empty.
    pub text: String,
    /// Whether a person answers for it.
    pub settled: bool,
}

/// What in a title looks like personal data.
pub(crate) fn title_findings(title: &str, today: Date) -> Vec<paper::redact::Found> {
    detect(title, &[], today)
}

/// A finding that has no key yet.
#[derive(Debug)]
struct Found {
    what: String,
    place: String,
    text: String,
}

/// A file to be looked at before it is public.
struct Waiting {
    id: Uuid,
    /// `附件《名称》`
    place: String,
    name: String,
    media: Media,
}

fn found(what: &str, place: &str, text: &str) -> Found {
    Found { what: what.into(), place: place.into(), text: text.into() }
}

/// What in these words looks like personal data, paragraph by paragraph.
fn in_words(place: &str, text: &str, today: Date) -> Vec<Found> {
    let mut all = Vec::new();
    for (n, line) in (1..).zip(text.lines().filter(|l| !l.trim().is_empty())) {
        let here = format!("{place}第{n}段");
        all.extend(detect(line, &[], today).into_iter().map(|f| found(f.what.label(), &here, &f.text)));
    }
    all
}

fn in_title(title: &str, today: Date) -> Vec<Found> {
    title_findings(title, today).into_iter().map(|f| found(f.what.label(), "标题", &f.text)).collect()
}

fn in_file(file: &Waiting, content: &[u8], today: Date) -> Vec<Found> {
    let Waiting { place, name, media, .. } = file;
    let mut all: Vec<Found> =
        detect(name, &[], today).into_iter().map(|f| found(f.what.label(), place, &f.text)).collect();
    match words(*media, content) {
        Some(text) => all.extend(in_words(place, &text, today)),
        None => all.push(found("需要逐页查看的文件", place, "不能自动检查，请打开查看")),
    }
    if matches!(media, Media::Pdf | Media::Docx | Media::Xlsx | Media::Png | Media::Jpeg) {
        for leak in gate(content, name, &[]) {
            let what = match leak.kind {
                LeakKind::Found | LeakKind::Hidden => "隐藏的内容",
                LeakKind::Unreadable | LeakKind::Unusable => "不能自动检查的内容",
            };
            all.push(found(what, &format!("{place}{}", leak.place), &leak.text));
        }
    }
    all
}

impl Service {
    /// What the check finds in a document, settled or not: in its title, and in its text and attachments that are not
    /// public yet. Findings of the same words are one.
    ///
    /// # Errors
    /// The actor may not see the document.
    pub async fn check_document(&self, ctx: &Context, document: Uuid) -> Result<Vec<Finding>> {
        self.view_docket::<Documents>(ctx, document).await?;
        let today = ctx.today();
        let (standing, waiting) = self.waiting_files(document, None).await?;
        self.findings(today, (document, &standing), &standing.title, waiting).await
    }

    /// What is not public yet of a document: its last text and its attachments; or this file alone.
    async fn waiting_files(&self, document: Uuid, only: Option<Uuid>) -> Result<(Standing, Vec<Waiting>)> {
        let mut tx = self.look().await?;
        let (standing, files) = self.standing_and_files(&mut tx, document).await?;
        let body = last_body(&files).map(|r| r.id);
        let mut waiting = Vec::new();
        for row in &files {
            let mine = row.role == FileRole::Annex.key() || body == Some(row.id);
            let waits = row.stored.is_some() && row.published_on.is_none();
            let Some(media) = Media::parse(&row.media) else { continue };
            if mine && only.map_or(waits, |only| only == row.id) {
                let name = self.file_name(&mut tx, row).await?;
                let of_body = row.role == FileRole::Body.key();
                let place = if of_body { "正文".into() } else { format!("附件《{name}》") };
                waiting.push(Waiting { id: row.id, place, name, media });
            }
        }
        Ok((standing, waiting))
    }

    async fn findings(
        &self,
        today: Date,
        (document, standing): (Uuid, &Standing),
        title: &str,
        waiting: Vec<Waiting>,
    ) -> Result<Vec<Finding>> {
        let mut all = in_title(title, today);
        for file in waiting {
            let content = self.opened_of(document, file.id).await?.content;
            all.extend(beside(move || in_file(&file, &content, today)).await?);
        }
        Ok(self.keyed(all, document, &standing.settled))
    }

    fn keyed(&self, all: Vec<Found>, document: Uuid, settled: &BTreeSet<String>) -> Vec<Finding> {
        let mut seen = BTreeSet::new();
        let mut findings = Vec::new();
        for Found { what, place, text } in all {
            // Words are settled wherever they stand; what has no words of its own, at its place.
            let spot = if text.chars().any(|c| c.is_ascii_digit()) { "" } else { place.as_str() };
            let about = format!("{what}/{spot}");
            let key = self.vault.finding_digest([&document.to_string(), &about, &text]);
            if seen.insert(key.clone()) && findings.len() < MOST {
                let settled = settled.contains(&key);
                findings.push(Finding { key, what, place, text, settled });
            }
        }
        findings
    }

    /// Refuses while something found is not settled; the files that were looked at. Only these may become public.
    ///
    /// # Errors
    /// [`Error::Refused`] with what was found.
    pub(super) async fn must_pass_the_check(
        &self,
        ctx: &Context,
        document: Uuid,
        only: Option<Uuid>,
    ) -> Result<Vec<Uuid>> {
        // What the check says tells of the content: only to whom may see the document.
        if self.view_docket::<Documents>(ctx, document).await?.standing.is_none() {
            // Nothing of it is in force; the docket refuses.
            return Ok(Vec::new());
        }
        let (standing, waiting) = self.waiting_files(document, only).await?;
        let looked_at = waiting.iter().map(|f| f.id).collect();
        let findings = self.findings(ctx.today(), (document, &standing), &standing.title, waiting).await?;
        refuse_open(&findings)?;
        Ok(looked_at)
    }

    /// Refuses another title of a document that was public at any time, while something found in it is not settled: a
    /// correction may make it public again.
    pub(super) async fn title_must_pass_the_check(
        &self,
        ctx: &Context,
        document: Uuid,
        title: &str,
    ) -> Result<()> {
        let history = self.view_docket::<Documents>(ctx, document).await?.history;
        let history = recorded(&history);
        if !history.iter().any(|r| matches!(r.event, Some(DocumentEvent::Disclosed { .. }))) {
            return Ok(());
        }
        let settled = last_standing::<Documents>(&history).map(|s| s.settled).unwrap_or_default();
        refuse_open(&self.keyed(in_title(title, ctx.today()), document, &settled))
    }

    /// Answers for something that was found: it may be public, and why.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the check does not find it any more.
    pub async fn settle_finding(
        &self,
        ctx: Context,
        document: Uuid,
        version: u32,
        (key, reason): (&str, &str),
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let found = self.check_document(&ctx, document).await?.into_iter().find(|f| f.key == key);
        let found = found.ok_or_else(|| Error::NotFound("这一项已经不存在，请重新检查".into()))?;
        let (on, reason) = (ctx.today(), reason.trim().to_owned());
        let event =
            DocumentEvent::Settled { finding: found.key, what: found.what, place: found.place, reason };
        self.change_docket::<Documents>(ctx, "settle-finding", (document, version), Change::event(on, event))
            .await
    }
}

fn refuse_open(findings: &[Finding]) -> Result<()> {
    let open: Vec<&Finding> = findings.iter().filter(|f| !f.settled).collect();
    if open.is_empty() {
        return Ok(());
    }
    let mut no: Vec<Refusal> = open.iter().take(TOLD).map(|f| refusal(f)).collect();
    if open.len() > TOLD {
        let text = format!("还有{}处需要处理，请在“公开前检查”中查看", open.len() - TOLD);
        no.push(Refusal::new("check-more", text, ""));
    }
    Err(Error::Refused(no))
}

fn refusal(f: &Finding) -> Refusal {
    let words = if f.text.is_empty() { String::new() } else { format!("“{}”", f.text) };
    let text = format!("{}有{}{words}，请删去，或者在“公开前检查”中说明可以公开的理由", f.place, f.what);
    Refusal::new("check-open", text, "条例第十五条")
}
