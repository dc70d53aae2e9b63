//! The check before publication (公开前检查): personal data in what the public page says, in the text and the attachments,
//! words that are wrong after the lists of the unit, what a reader of a file does not see but gets, and what no program can
//! read. Each is settled by a person, with a reason, before the document or the file becomes public (条例第十五条;
//! 个人信息保护法第二十五条).
//!
//! Words are settled wherever they stand in a document; what has no words of its own, only in the very file that was looked
//! at.

use super::Documents;
use super::content::{Annexed, Read, last_body};
use super::interpretation::must_explain_something_public;
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::beside;
use crate::register::{Change, Register, docket, recorded};
use jiff::civil::Date;
use law::Refusal;
use law::docket::Recorded;
use law::docket::document::{DocumentEvent, Standing};
use law::docket::file::{FileRole, Media};
use paper::proofread::{Proofreader, Wrong};
use paper::redact::{LeakKind, detect, gate};
use std::collections::BTreeSet;
use std::sync::Arc;
use uuid::Uuid;

/// Open findings that are shown at once; the others follow when these are settled.
const MOST: usize = 100;
/// Findings that one refusal tells.
const TOLD: usize = 10;
/// As many reasons as the gate gives; there may be more.
const GATE: usize = 500;

/// What the check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Digest by which it is settled.
    pub key: String,
    /// What it looks like, for example 手机号码.
    pub what: String,
    /// Where: 标题, 正文第3段, 附件第1页. Names no file, because the name of a file may be what was found.
    pub place: String,
    /// Name of the attachment; empty for the rest.
    pub file: String,
    /// The words; may be empty.
    pub text: String,
    /// What may be done about it, as half a sentence; may be empty.
    pub hint: String,
    /// Whether a person answers for it.
    pub settled: bool,
}

impl Finding {
    /// Where it is, for the officer, with the name of the attachment.
    pub fn shown_place(&self) -> String {
        match self.place.strip_prefix(ANNEX) {
            Some(rest) if !self.file.is_empty() => format!("{ANNEX}《{}》{rest}", self.file),
            _ => self.place.clone(),
        }
    }
}

/// What in a line of the public page looks like personal data.
pub(crate) fn line_findings(text: &str, today: Date) -> Vec<paper::redact::Found> {
    detect(text, &[], today)
}

const ANNEX: &str = "附件";

/// A finding that has no key yet.
#[derive(Debug)]
struct Found {
    what: String,
    place: String,
    file: String,
    text: String,
    hint: String,
    /// Digest of the content it holds for; empty for words.
    of: String,
}

/// What a document is looked through with.
#[derive(Debug, Clone)]
pub(crate) struct Eye {
    /// The day after which nobody was born.
    today: Date,
    /// 成文日期: what was right then is not wrong.
    made_on: Date,
    words: Arc<Proofreader>,
}

impl Eye {
    /// The same for another document of the unit.
    pub(crate) fn on(&self, made_on: Date) -> Eye {
        Eye { made_on, ..self.clone() }
    }

    /// What is found in words, with the byte at which it begins; `place` tells from that byte where it is.
    fn find(&self, file: &str, text: &str, place: impl Fn(usize) -> String) -> Vec<Found> {
        let personal = detect(text, &[], self.today).into_iter().map(|f| {
            // Up to the first character of what was found, so that its own line counts.
            let at = f.range.start + f.text.chars().next().map_or(0, char::len_utf8);
            (at, f.what.label(), f.text, String::new())
        });
        let wrong = self.words.find(text, self.made_on).into_iter();
        let wrong =
            wrong.map(|Wrong { kind, range, text, hint }| (range.start + 1, kind.finding(), text, hint));
        let found = personal.chain(wrong).map(|(at, what, text, hint)| Found {
            what: what.to_owned(),
            place: place(at),
            file: file.to_owned(),
            text,
            hint,
            of: String::new(),
        });
        found.collect()
    }
}

/// A file to be looked at before it is public.
struct Waiting {
    id: Uuid,
    /// 正文 or 附件
    part: &'static str,
    name: String,
    media: Media,
    digest: String,
}

/// What is found in words, by paragraph.
fn in_words(part: &str, file: &str, text: &str, eye: &Eye) -> Vec<Found> {
    // Where each line that says something begins.
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if !line.trim().is_empty() {
            starts.push(at);
        }
        at += line.len();
    }
    eye.find(file, text, |at| format!("{part}第{}段", starts.partition_point(|start| *start < at).max(1)))
}

/// What is found in one line of the public page, or in the name of a file.
fn in_line(place: &str, file: &str, text: &str, eye: &Eye) -> Vec<Found> {
    eye.find(file, text, |_| place.to_owned())
}

/// What the public page says of a document besides its text.
fn public_lines(s: &Standing) -> Vec<(&'static str, &str)> {
    let mut lines = vec![("标题", s.title.as_str())];
    lines.extend(s.number.as_deref().map(|n| ("发文字号", n)));
    lines.extend(s.index_number.as_deref().map(|n| ("索引号", n)));
    lines.extend(s.changes.iter().map(|c| ("修改、废止或者失效的依据", c.by.as_str())));
    lines.extend(s.unified.iter().map(|(_, u)| ("统一登记号", u.registered_no.as_str())));
    lines.push(("对外说明", &s.withdrawal_told));
    let c = &s.classification;
    lines.extend(c.keywords.iter().map(|k| ("关键词", k.as_str())));
    lines.extend([("服务对象", c.audience.as_str()), ("内容概述", &c.description)]);
    lines
}

fn in_lines(s: &Standing, eye: &Eye) -> Vec<Found> {
    public_lines(s).into_iter().flat_map(|(place, text)| in_line(place, "", text, eye)).collect()
}

fn in_file(file: &Waiting, content: &[u8], eye: &Eye) -> Vec<Found> {
    let Waiting { part, name, media, digest, .. } = file;
    let thing = |what: &str, place: &str, text: &str| Found {
        what: what.into(),
        place: format!("{part}{place}"),
        file: name.clone(),
        text: text.into(),
        hint: String::new(),
        of: digest.clone(),
    };
    let mut all = in_line(&format!("{part}的文件名"), name, name, eye);
    let Read { text, unread, pictures } = Read::of(*media, content);
    match text {
        Some(text) => all.extend(in_words(part, name, &text, eye)),
        None => all.push(thing("需要打开查看的文件", "", "不能自动检查，请逐页查看")),
    }
    let page = |n: &usize| thing("需要查看的页", &format!("第{n}页"), "有图片或者不能识别的文字");
    all.extend(unread.iter().map(page));
    if pictures {
        all.push(thing("需要查看的图片", "", "文件中有图片，不能自动检查"));
    }
    if matches!(media, Media::Pdf | Media::Docx | Media::Xlsx | Media::Png | Media::Jpeg) {
        let leaks = gate(content, name, &[]);
        if leaks.len() >= GATE {
            all.push(thing("隐藏的内容", "", "过多，不能逐一列出，请处理后重新上传"));
        }
        for leak in leaks {
            let what = match leak.kind {
                LeakKind::Found | LeakKind::Hidden => "隐藏的内容",
                LeakKind::Unreadable | LeakKind::Unusable => "不能自动检查的内容",
            };
            all.push(thing(what, &leak.place, &leak.text));
        }
    }
    all
}

/// What the check would find in a document that is not in the register yet: a phrase for each place.
pub(crate) fn found_before(standing: &Standing, files: &[Annexed], eye: &Eye) -> Vec<String> {
    let mut found = in_lines(standing, eye);
    for file in files {
        let annex = file.role == FileRole::Annex;
        let waiting = Waiting {
            id: Uuid::nil(),
            part: if annex { ANNEX } else { "正文" },
            name: if annex { file.name.clone() } else { String::new() },
            media: file.media,
            digest: String::new(),
        };
        found.extend(in_file(&waiting, &file.content, eye));
    }
    let phrase = |Found { what, place, file, text, hint, .. }| {
        let open = Finding { key: String::new(), what, place, file, text, hint, settled: false };
        format!("{}：{}", open.shown_place(), open.what)
    };
    let mut seen = BTreeSet::new();
    found.into_iter().map(phrase).filter(|phrase| seen.insert(phrase.clone())).collect()
}

/// Whether everybody may read the document, as far as its docket says.
fn is_public(standing: Option<&Standing>) -> bool {
    standing.is_some_and(Standing::everybody_reads)
}

impl Service {
    /// What the check finds in a document or the draft of one, settled or not: in what its page says, in its last text, and
    /// in its attachments that were not taken down. Findings of the same words are one. Of a draft nothing is settled yet:
    /// reviewers see what will have to be.
    ///
    /// # Errors
    /// The actor may not see the document.
    pub async fn check_document(&self, ctx: &Context, document: Uuid) -> Result<Vec<Finding>> {
        let owner = self.content_owner(ctx, document).await?;
        let (eye, mut found, settled) = if let Some(draft) = owner.draft {
            let title = owner.title.unwrap_or_default();
            let standing = self.document_draft_view(ctx, draft).await?.standing;
            let unit = standing.map(|s| s.counted_by).unwrap_or_default();
            let eye = self.eye(ctx, &unit, ctx.today()).await?;
            let found = in_line("标题", "", &title, &eye);
            (eye, found, BTreeSet::new())
        } else {
            let standing = self.standing_of(document).await?;
            let eye = self.eye_for(ctx, &standing).await?;
            let found = in_lines(&standing, &eye);
            (eye, found, standing.settled)
        };
        let waiting = self.waiting_files(document, None).await?;
        found.extend(self.in_files(&eye, document, waiting).await?);
        let mut open = 0;
        let mut all = self.keyed(found, document, &settled);
        all.retain(|f| {
            open += usize::from(!f.settled);
            f.settled || open <= MOST
        });
        Ok(all)
    }

    /// What readers of a document will find: its last text and its attachments that were not taken down; or this file alone.
    async fn waiting_files(&self, document: Uuid, only: Option<Uuid>) -> Result<Vec<Waiting>> {
        let mut tx = self.look().await?;
        let files = self.content_rows(&mut tx, document).await?;
        let body = last_body(&files).map(|r| r.id);
        let mut waiting = Vec::new();
        for row in files.iter().filter(|row| row.stored.is_some()) {
            let annex = row.role == FileRole::Annex.key();
            let shown = if annex { row.withdrawn_on.is_none() } else { body == Some(row.id) };
            let Some(media) = Media::parse(&row.media) else { continue };
            if only.map_or(shown, |only| only == row.id) {
                let name = if annex { self.file_name(&mut tx, row).await? } else { String::new() };
                let part = if annex { ANNEX } else { "正文" };
                waiting.push(Waiting { id: row.id, part, name, media, digest: row.digest.clone() });
            }
        }
        Ok(waiting)
    }

    async fn standing_of(&self, document: Uuid) -> Result<Standing> {
        let history = docket::<Documents>(&mut self.look().await?, self.region, document).await?;
        Documents::fold(&recorded(&history)).ok_or_else(|| Error::NotFound("这件公文的登记已经作废".into()))
    }

    async fn eye(&self, ctx: &Context, unit: &str, made_on: Date) -> Result<Eye> {
        let unit = Uuid::parse_str(unit).map_err(|e| Error::Internal(e.to_string()))?;
        Ok(Eye { today: ctx.today(), made_on, words: Arc::new(self.proofreader(unit).await?) })
    }

    pub(crate) async fn eye_for(&self, ctx: &Context, standing: &Standing) -> Result<Eye> {
        self.eye(ctx, &standing.counted_by, standing.made_on).await
    }

    async fn in_files(&self, eye: &Eye, document: Uuid, waiting: Vec<Waiting>) -> Result<Vec<Found>> {
        let mut all = Vec::new();
        for file in waiting {
            let content = self.opened_of(document, file.id).await?.content;
            let eye = eye.clone();
            all.extend(beside(move || in_file(&file, &content, &eye)).await?);
        }
        Ok(all)
    }

    fn keyed(&self, all: Vec<Found>, document: Uuid, settled: &BTreeSet<String>) -> Vec<Finding> {
        let mut seen = BTreeSet::new();
        let mut findings = Vec::new();
        for Found { what, place, file, text, hint, of } in all {
            let about = if of.is_empty() { what.clone() } else { format!("{what}/{place}/{of}") };
            let key = self.vault.finding_digest([&document.to_string(), &about, &text]);
            if seen.insert(key.clone()) {
                let settled = settled.contains(&key);
                findings.push(Finding { key, what, place, file, text, hint, settled });
            }
        }
        findings
    }

    /// Refuses while something found in a file is not settled.
    ///
    /// # Errors
    /// [`Error::Refused`] with what was found.
    pub(super) async fn file_must_pass_the_check(
        &self,
        ctx: &Context,
        document: Uuid,
        file: Uuid,
    ) -> Result<()> {
        // What the check says tells of the content: only to whom may see the document.
        self.view_docket::<Documents>(ctx, document).await?;
        let standing = self.standing_of(document).await?;
        let waiting = self.waiting_files(document, Some(file)).await?;
        let eye = self.eye_for(ctx, &standing).await?;
        let found = self.in_files(&eye, document, waiting).await?;
        refuse_open(&self.keyed(found, document, &standing.settled))
    }

    /// Refuses a change of a document while something that everybody would read after it is not settled. If it makes the
    /// document public, the files that were looked at: only these may become public with it.
    ///
    /// # Errors
    /// [`Error::Refused`] with what was found.
    pub(crate) async fn change_must_pass_the_check(
        &self,
        ctx: &Context,
        document: Uuid,
        change: &Change<DocumentEvent>,
    ) -> Result<Option<Vec<Uuid>>> {
        let view = self.view_docket::<Documents>(ctx, document).await?;
        let mut history = recorded(&view.history);
        history.push(Recorded {
            ordinal: u32::MAX,
            effective_on: change.on,
            corrects: change.corrects,
            event: change.event.clone(),
        });
        let Some(after) = Documents::fold(&history) else { return Ok(None) };
        // What is scheduled has to pass as if it were public now.
        let scheduled = matches!(change.event, Some(DocumentEvent::Scheduled { .. }));
        let (was, will) = (is_public(view.standing.as_ref()), scheduled || is_public(Some(&after)));
        let says = matches!(change.event, Some(DocumentEvent::Withdrawn { .. }));
        if !will && !says {
            return Ok(None);
        }
        let eye = self.eye_for(ctx, &after).await?;
        let mut found = in_lines(&after, &eye);
        let mut looked_at = None;
        let pictured = after.interprets.as_ref().is_some_and(|i| !i.form.is_text());
        if will && pictured && !self.has_body(document).await? {
            let text = "图解、音频和视频等解读材料应当有文字说明，请先编写正文";
            let law = "无障碍环境建设法第二十九条";
            return Err(Error::refused("alternative-missing", text, law));
        }
        if will && !was {
            if !scheduled {
                must_explain_something_public(&mut self.look().await?, self.region, &after).await?;
            }
            let waiting = self.waiting_files(document, None).await?;
            looked_at = Some(waiting.iter().map(|f| f.id).collect());
            found.extend(self.in_files(&eye, document, waiting).await?);
        }
        refuse_open(&self.keyed(found, document, &after.settled))?;
        Ok(looked_at)
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
        let change = Change::event(on, event);
        self.change_docket::<Documents>(ctx, "settle-finding", (document, version), change).await
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
    let place = f.shown_place();
    let what = format!("{place}有{}{words}", f.what);
    let text = match f.hint.as_str() {
        "" => format!("{what}，请删去，或者在“公开前检查”中说明可以公开的理由"),
        hint => format!("{what}，请修改（{hint}），或者在“公开前检查”中说明可以公开的理由"),
    };
    Refusal::new("check-open", text, "条例第十五条")
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use law::word_list::WordList;

    #[test]
    fn a_number_that_wraps_is_found_where_it_begins() {
        let text = "第一段\n\n电话：1380013\n8000，请勿公开\n";
        let today = date(2024, 3, 1);
        let words = Arc::new(Proofreader::new(WordList::built_in().clone()).unwrap());
        let eye = Eye { today, made_on: today, words };
        let found = in_words("正文", "", text, &eye);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].what.as_str(), found[0].place.as_str()), ("手机号码", "正文第2段"));
        assert_eq!(in_words("正文", "", "13800138000", &eye)[0].place, "正文第1段");
    }
}
