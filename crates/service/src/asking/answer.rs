//! What an applicant sends to the own request after submitting it: a correction (条例 art. 30), reasons (art. 35), and
//! the applicant's half of the confirmation (art. 31 no. 3).
//!
//! The words may hold personal data, so they are sealed beside the docket and never enter the journal. A correction is
//! recorded in the docket in the same transaction, because the reply clock runs anew from its receipt. Reasons and
//! confirmations are only kept: whether reasons convince, and that both sides have confirmed, is for the office to
//! record.

use super::form::{TEXT, code};
use crate::context::{Context, Entropy, Permission, civil_date};
use crate::error::{Error, Result};
use crate::file::Upload;
use crate::register::{Change, Work, docket, recorded};
use crate::request::Requests;
use crate::{Actor, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::file::FileRole;
use law::docket::request::{RequestEvent, Stage, Standing};
use store::{NewEntry, Region, SubmissionRow, Tx};
use uuid::Uuid;

/// What is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SubmissionKind {
    /// 申请人确认: the applicant's half of 双方确认.
    Confirmation,
    /// 补正
    Correction,
    /// 说明理由
    Reasons,
}

impl SubmissionKind {
    /// All kinds.
    pub const ALL: [SubmissionKind; 3] =
        [SubmissionKind::Confirmation, SubmissionKind::Correction, SubmissionKind::Reasons];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            SubmissionKind::Confirmation => "confirmation",
            SubmissionKind::Correction => "correction",
            SubmissionKind::Reasons => "reasons",
        }
    }

    /// What the applicant did.
    pub fn label(self) -> &'static str {
        match self {
            SubmissionKind::Confirmation => "申请人网上确认",
            SubmissionKind::Correction => "申请人网上补正",
            SubmissionKind::Reasons => "申请人网上说明理由",
        }
    }

    /// What a file is that comes along.
    pub fn role(self) -> FileRole {
        match self {
            SubmissionKind::Confirmation => FileRole::Attachment,
            SubmissionKind::Correction => FileRole::CorrectionMaterial,
            SubmissionKind::Reasons => FileRole::StatementOfReasons,
        }
    }

    /// The kind with this key.
    pub fn parse(key: &str) -> Option<SubmissionKind> {
        Self::ALL.into_iter().find(|k| k.key() == key)
    }

    /// What the request waits for from its applicant now, unless it was sent already.
    pub(super) fn awaited(standing: &Standing, sent: &[(SubmissionKind, Date)]) -> Option<SubmissionKind> {
        let kind = match standing.stage {
            Stage::Submitted if standing.channel.needs_confirmation() => SubmissionKind::Confirmation,
            Stage::CorrectionPending => SubmissionKind::Correction,
            // They may have come on paper.
            Stage::ReasonPending if standing.reasons.as_ref().is_some_and(|r| r.received_on.is_none()) => {
                SubmissionKind::Reasons
            }
            _ => return None,
        };
        // A correction changes the stage; the others stay awaited until the office has recorded them.
        let done = kind != SubmissionKind::Correction && sent.iter().any(|(k, _)| *k == kind);
        (!done).then_some(kind)
    }
}

/// What an applicant sent, as an officer reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submission {
    /// Its id.
    pub id: Uuid,
    /// What it is.
    pub kind: SubmissionKind,
    /// When it came.
    pub at: Timestamp,
    /// The words; `None` once erased.
    pub text: Option<String>,
}

/// The place a submission is sealed in: no other record opens there.
fn place(id: Uuid) -> Vec<u8> {
    [b"submission/".as_slice(), id.as_bytes()].concat()
}

/// What was sent, and on which day.
pub(crate) async fn submitted(
    tx: &mut Tx,
    region: Region,
    request: Uuid,
) -> Result<Vec<(SubmissionKind, Date)>> {
    let sent = tx.submissions_of(region, request).await?;
    let read = |s: &SubmissionRow| Some((SubmissionKind::parse(&s.kind)?, civil_date(s.recorded_at)));
    Ok(sent.iter().filter_map(read).collect())
}

fn not_awaited() -> Error {
    Error::refused("answer-not-awaited", "受理机关目前不需要您补充内容，请查看办理进度", "")
}

impl Work<'_> {
    async fn add_submission(&mut self, request: Uuid, kind: SubmissionKind, text: &str) -> Result<()> {
        let id = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let row = SubmissionRow {
            id,
            request,
            kind: kind.key().to_owned(),
            recorded_at: self.ctx.at,
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(&place(id), nonce, &text)?,
            erased_at: None,
        };
        Ok(self.tx.add_submission(self.region, &row).await?)
    }
}

impl Service {
    /// Sends what the own request waits for, with `files` if there are any. A confirmation needs no words.
    ///
    /// # Errors
    /// As [`Service::progress`]; `asking-text` for words that are missing or too long; a code that begins with `file-` for
    /// files that cannot come in; `answer-not-awaited`; the refusals of the docket.
    pub async fn answer_own(
        &self,
        mut ctx: Context,
        (query_code, proof): (&str, &str),
        kind: SubmissionKind,
        text: &str,
        files: Vec<Upload>,
    ) -> Result<()> {
        ctx.actor = Actor::Anonymous;
        let text = text.trim().to_owned();
        let wordless = text.is_empty() && kind != SubmissionKind::Confirmation;
        let long = text.chars().count() > TEXT;
        let mut proving = ctx.clone();
        proving.entropy = Entropy::new(ctx.entropy.bytes());
        let request = self.prove(proving, query_code, proof).await?;
        if wordless {
            return Err(Error::refused(&code("text"), "请填写内容", ""));
        }
        if long {
            return Err(Error::refused(&code("text"), format!("内容过长，请控制在{TEXT}字以内"), ""));
        }
        let mut kept = Vec::with_capacity(files.len());
        for mut file in files {
            file.role = kind.role();
            kept.push(self.keep(&mut ctx, file).await?);
        }
        let today = ctx.today();
        self.verb(ctx, "answer-own", move |mut work| {
            Box::pin(async move {
                let history = work.docket::<Requests>(request).await?;
                let standing = Standing::of(&recorded(&history)).ok_or_else(not_awaited)?;
                let sent = work.tx.submissions_of(work.region, request).await?;
                let sent: Vec<(SubmissionKind, Date)> =
                    sent.iter().filter_map(|s| Some((SubmissionKind::parse(&s.kind)?, today))).collect();
                if SubmissionKind::awaited(&standing, &sent) != Some(kind) {
                    return Err(not_awaited());
                }
                if kind == SubmissionKind::Correction {
                    let version = u32::try_from(history.len()).unwrap_or(u32::MAX);
                    let change = Change::event(today, RequestEvent::CorrectionReceived);
                    work.change::<Requests>(request, version, change).await?;
                    work.tell_watchers(request, version).await?;
                }
                for file in kept {
                    work.add_file(request, file).await?;
                }
                work.add_submission(request, kind, &text).await
            })
        })
        .await
    }

    /// What the applicant of a request sent after submitting it, and on which day, without the words.
    pub async fn submitted(&self, ctx: &Context, request: Uuid) -> Result<Vec<(SubmissionKind, Date)>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.must_see_docket::<Requests>(&mut tx, ctx, &history).await?;
        submitted(&mut tx, self.region, request).await
    }

    /// What the applicant of a request sent after submitting it, in the order it came. Every view is journaled.
    ///
    /// # Errors
    /// The actor may not read personal data, or the request is out of reach.
    pub async fn submissions(&self, mut ctx: Context, request: Uuid) -> Result<Vec<Submission>> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        let access = ctx.new_id();
        let rows: Vec<(Uuid, String, Timestamp, Option<String>)> = self
            .verb(ctx, "view-submissions", move |mut work| {
                Box::pin(async move {
                    work.must_reach_docket::<Requests>(request).await?;
                    let rows = work.tx.submissions_of(work.region, request).await?;
                    let mut opened = Vec::new();
                    for row in rows {
                        let text = match row.erased_at {
                            Some(_) => None,
                            None => Some(work.vault.open_value(&place(row.id), &row.nonce, &row.sealed)?),
                        };
                        opened.push((row.id, row.kind, row.recorded_at, text));
                    }
                    if !opened.is_empty() {
                        let event =
                            serde_json::json!({ "v": 1, "event": { "type": "submissions-viewed", "request": request } });
                        let entry = NewEntry {
                            recorded_at: work.ctx.at,
                            effective_on: work.ctx.today(),
                            actor: work.ctx.actor.journal_name(),
                            subject_kind: "access".into(),
                            subject: access,
                            ordinal: 1,
                            event: event.to_string(),
                        };
                        work.tx.append(work.region, entry).await?;
                    }
                    Ok(opened)
                })
            })
            .await?;
        let known = rows.into_iter().filter_map(|(id, kind, at, text)| {
            Some(Submission { id, kind: SubmissionKind::parse(&kind)?, at, text })
        });
        Ok(known.collect())
    }
}
