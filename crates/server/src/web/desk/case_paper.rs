//! The papers of a case that are not letters: the section of its page, and the files.

use super::super::Answer;
use super::super::form::Typed;
use super::super::frame::Link;
use super::letter::wanted;
use super::register::{Desk, Section};
use super::{Officer, World};
use crate::App;
use crate::print::{Paper, saved};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use law::docket::request::Standing;
use service::letter::{CasePaper, Wanted};
use service::request::Requests;
use service::{Error, Permission, Result, Service};
use uuid::Uuid;

/// The routes of the papers of a case.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/requests/{id}/papers/{paper}/{format}", get(file))
}

/// A paper and its files.
#[derive(Debug, Clone)]
pub struct PaperLine {
    title: &'static str,
    about: &'static str,
    files: Vec<Link>,
}

/// The section of a request's page.
#[derive(Debug, Template)]
#[template(path = "desk/papers.html")]
pub struct PapersPart {
    papers: Vec<PaperLine>,
    /// Whether personal data is masked in them.
    masked: bool,
}

/// The formats and what they are called.
const FORMATS: [(&str, &str); 2] = [("pdf", "PDF"), ("docx", "Word文档")];

fn about(paper: CasePaper) -> &'static str {
    match paper {
        CasePaper::Registration => "登记的申请内容，归入卷宗",
        CasePaper::Review => "拟办意见和审核审批情况，纸质流转或者归入卷宗",
        CasePaper::Payment => "金额、依据、收款账户和缴款期限，随收费通知书交申请人",
        CasePaper::Slip => "用于最近定稿的文书，由受送达人签收",
        CasePaper::Envelope => "220毫米×110毫米，用于寄送最近定稿的文书",
    }
}

/// The section 打印; none where the actor can have no paper.
pub(super) fn section(id: Uuid, s: &Standing, world: &World<'_>) -> Result<Option<Section>> {
    let line = |paper: CasePaper| PaperLine {
        title: paper.title(),
        about: about(paper),
        files: FORMATS.map(|(format, text)| Link::new(at(id, paper, format, None), text)).into(),
    };
    let papers: Vec<PaperLine> = Service::papers_of(s, world.actor).into_iter().map(line).collect();
    if papers.is_empty() {
        return Ok(None);
    }
    let masked = !world.actor.may(Permission::ReadPersonal);
    Section::of("papers", "打印", &PapersPart { papers, masked }).map(Some)
}

fn at(id: Uuid, paper: CasePaper, format: &str, letter: Option<Wanted>) -> String {
    let base = format!("{}/papers/{}/{format}", Requests::at(id), paper.key());
    match letter {
        None => base,
        Some(Wanted { letter, n: None }) => format!("{base}?letter={}", letter.key()),
        Some(Wanted { letter, n: Some(n) }) => format!("{base}?letter={}&n={n}", letter.key()),
    }
}

/// Slip and envelope of one letter, for its page.
pub(super) fn of_letter(id: Uuid, letter: Wanted) -> Vec<Link> {
    [CasePaper::Slip, CasePaper::Envelope]
        .into_iter()
        .flat_map(|paper| {
            FORMATS.map(|(format, text)| {
                let name = format!("{}（{text}）", paper.title());
                Link::new(at(id, paper, format, Some(letter)), name)
            })
        })
        .collect()
}

async fn file(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key, format)): Path<(Uuid, String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let paper =
        CasePaper::parse(&key).ok_or_else(|| Error::NotFound("没有这种材料，请从申请页面重新选择".into()))?;
    let letter = match query.get("letter") {
        "" => None,
        key => Some(wanted(key, &query)?),
    };
    let view = app.service.case_paper(visit.context(), id, paper, letter).await?;
    Ok(saved(&app, Paper::Other(view.printed), &view.name, paper.key(), &format).await?)
}

/// What the samples of a docket's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let line = |paper: CasePaper| PaperLine {
        title: paper.title(),
        about: about(paper),
        files: vec![Link::new("/x", "PDF")],
    };
    let part = PapersPart { papers: CasePaper::ALL.map(line).into(), masked: true };
    Section::of("papers", "打印", &part).unwrap_or_default()
}
