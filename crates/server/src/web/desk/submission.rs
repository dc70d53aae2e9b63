//! What the applicant sent through the progress page, as a section of the request's page, and the hint to confirm.

use super::super::words::{day, moment};
use super::World;
use super::register::Section;
use askama::Template;
use law::docket::request::{Stage, Standing};
use service::asking::SubmissionKind;
use service::{Context, Entropy, Permission, Result, Service};
use uuid::Uuid;

/// One thing that was sent.
#[derive(Debug, Clone)]
pub struct Sent {
    what: &'static str,
    on: String,
    text: String,
}

/// The section 申请人提交.
#[derive(Debug, Template)]
#[template(path = "desk/submissions.html")]
pub struct SubmissionsPart {
    sent: Vec<Sent>,
    /// Whether the office's half of the confirmation is what is missing (条例第三十一条第三项).
    confirm: bool,
    /// Whether the words are shown, which is written down.
    noted: bool,
}

/// The section; none while nothing was sent. Who may see personal data reads the words, and the view is journaled.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    standing: &Standing,
    world: &World<'_>,
) -> Result<Option<Section>> {
    let kinds = service.submitted(ctx, id).await?;
    if kinds.is_empty() {
        return Ok(None);
    }
    let noted = world.actor.may(Permission::ReadPersonal);
    let sent = if noted {
        let mut looking = ctx.clone();
        // Its own ids: those of the page that shows it come from the same randomness.
        let mut seed = ctx.entropy.clone().bytes();
        seed.reverse();
        looking.entropy = Entropy::new(seed);
        let all = service.submissions(looking, id).await?;
        let line = |s: service::asking::Submission| Sent {
            what: s.kind.label(),
            on: moment(s.at),
            text: s.text.unwrap_or_else(|| "（内容已删除）".into()),
        };
        all.into_iter().map(line).collect()
    } else {
        kinds.iter().map(|(k, on)| Sent { what: k.label(), on: day(*on), text: String::new() }).collect()
    };
    let confirmed = kinds.iter().any(|(kind, _)| *kind == SubmissionKind::Confirmation);
    let confirm = confirmed && standing.stage == Stage::Submitted;
    Section::of("submissions", "申请人提交", &SubmissionsPart { sent, confirm, noted }).map(Some)
}

/// What the samples of a docket's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let line = |what: SubmissionKind, text: &str| Sent {
        what: what.label(),
        on: "2020年3月8日 09:30".into(),
        text: text.into(),
    };
    let sent = vec![line(SubmissionKind::Confirmation, ""), line(SubmissionKind::Correction, "样例<b>")];
    let part = SubmissionsPart { sent, confirm: true, noted: true };
    Section::of("submissions", "申请人提交", &part).unwrap_or_default()
}
