//! Writing a part of the report: text with live figures, and what it will look like.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Frame, Link, page, see};
use super::docket::conflict;
use super::report::{ADDRESSES, Which};
use super::{Officer, settle};
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::docket::report::Part;
use law::form::fact::{self, Registry};
use law::form::narrative::{self, Paragraph};
use service::report::{BuiltReport, ReportAction, ReportView};
use service::{Error, Permission};
use std::collections::HashMap;

/// `…/text/{part}`
pub fn routes() -> Router<App> {
    ADDRESSES
        .iter()
        .fold(Router::new(), |r, at| r.route(&format!("{at}/text/{{part}}"), get(edit).post(save)))
}

/// A figure that can be put into the text.
#[derive(Debug, Clone, Default)]
pub struct FactRow {
    /// Chinese name.
    pub label: String,
    /// Value now, with its unit.
    pub value: String,
    /// What to write.
    pub insert: String,
    /// Register that keeps it.
    pub register: String,
}

/// The editor of a part.
#[derive(Debug, Template)]
#[template(path = "desk/text.html")]
pub struct TextPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) form: Form,
    pub(super) parts: Vec<Link>,
    pub(super) facts: Vec<FactRow>,
    pub(super) cells: Vec<FactRow>,
    pub(super) preview: Vec<Paragraph>,
    pub(super) back: Link,
}

fn reference(name: &str) -> String {
    format!("{{{{{name}}}}}")
}

fn facts(built: &BuiltReport) -> Vec<FactRow> {
    Registry::builtin()
        .facts
        .iter()
        .filter(|f| fact::known(built.form, &f.id))
        .map(|f| FactRow {
            label: f.label.clone(),
            value: built.facts.get(&f.id).map_or_else(|| "暂无数据".into(), |v| format!("{v}{}", f.measure)),
            insert: reference(&f.id),
            register: f.register.clone(),
        })
        .collect()
}

fn cells(built: &BuiltReport) -> Vec<FactRow> {
    built
        .form
        .cells()
        .into_iter()
        .map(|c| FactRow {
            label: built.form.name_of(&c.id),
            value: built.figures.value(&c.id).to_string(),
            insert: reference(&c.id),
            register: String::new(),
        })
        .collect()
}

/// The text as it will be printed; what cannot be read is noted.
fn preview(built: &BuiltReport, text: &str, typed: &mut Typed) -> Vec<Paragraph> {
    match narrative::render(text, |r| fact::print(built.form, r, &built.facts, &built.figures)) {
        Ok(paragraphs) => paragraphs,
        Err(errors) => {
            for e in errors {
                typed.wrong("text", e.to_string());
            }
            Vec::new()
        }
    }
}

async fn open(
    app: &App,
    visit: &Visit,
    which: &Which,
    names: &HashMap<String, String>,
) -> Result<(Part, ReportView), PageError> {
    visit.ctx.actor.must(Permission::EditReport)?;
    let part = names
        .get("part")
        .and_then(|p| Part::parse(p))
        .ok_or_else(|| Error::NotFound("报告没有这一部分，请从报告页面重新选择".into()))?;
    let id = which
        .docket(app, &visit.ctx)
        .await?
        .ok_or_else(|| Error::NotFound("年度报告尚未起草，请先起草".into()))?;
    Ok((part, app.service.report_view(&visit.ctx, id).await?))
}

fn show(
    app: &App,
    visit: &mut Visit,
    which: &Which,
    part: Part,
    view: &ReportView,
    mut typed: Typed,
) -> axum::response::Response {
    let at = which.at();
    let built = &view.built;
    let written = built.sources.get(&part).cloned().unwrap_or_default();
    let text = if typed.any() { typed.raw("text").to_owned() } else { written };
    let known = typed.problems.len();
    let shown = preview(built, &text, &mut typed);
    if known > 0 {
        // The service has already said what is wrong with the text.
        typed.problems.truncate(known);
    }
    let frame =
        Frame::desk(app, visit, &format!("编写“{}”", part.label()), "/desk/reports").step(&at, which.name());
    let mut form = Form::post(
        format!("{at}/text/{}", part.key()),
        "保存",
        vec![
            Field::area("text", "正文", 18)
                .hint("一行一个自然段，“## ”开头的是小标题；数据写成引用，打印时换成统计结果，正文与表格不会不一致")
                .optional()
                .value(&text),
        ],
    )
    .hide("version", typed.some("version").unwrap_or_else(|| view.version.to_string()))
    .hide("once", &frame.once)
    .cancel(&at);
    form.second = Some(("预览".into(), "preview".into()));
    form.class = "editor";
    if let Some(p) = typed.problems.iter().find(|p| p.field == "text") {
        form.fields[0].wrong.clone_from(&p.text);
    }
    let parts = Part::ALL
        .into_iter()
        .map(|p| Link { href: format!("{at}/text/{}", p.key()), text: p.label().to_owned(), here: p == part })
        .collect();
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    page(
        status,
        &TextPage {
            frame,
            problems: Problems { all: typed.problems },
            form,
            parts,
            facts: facts(built),
            cells: cells(built),
            preview: shown,
            back: Link::new(at, which.name()),
        },
    )
}

async fn edit(
    State(app): State<App>,
    Officer(mut visit): Officer,
    which: Which,
    Path(names): Path<HashMap<String, String>>,
) -> Answer {
    let (part, view) = open(&app, &visit, &which, &names).await?;
    Ok(show(&app, &mut visit, &which, part, &view, Typed::default()))
}

async fn save(
    State(app): State<App>,
    Officer(mut visit): Officer,
    which: Which,
    Path(names): Path<HashMap<String, String>>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let (part, view) = open(&app, &visit, &which, &names).await?;
    if typed.get("button") == "preview" {
        return Ok(show(&app, &mut visit, &which, part, &view, typed));
    }
    let ctx = visit.context().with_key(typed.key());
    let action = ReportAction::EditText { part, text: typed.raw("text").replace("\r\n", "\n") };
    let result = app.service.act_on_report(ctx, view.id, typed.version(), action).await;
    if let Err(Error::Conflict(sentence)) = result {
        let frame = Frame::desk(&app, &mut visit, "内容已有变化", "/desk/reports");
        let form = Form::post("", "", vec![Field::area("text", "您写的正文", 2)]).filled(&typed);
        let back = Link::new(format!("{}/text/{}", which.at(), part.key()), "查看最新内容");
        return Ok(conflict(frame, sentence, &form, back));
    }
    match settle(result, &mut typed)? {
        Some(_) => Ok(see(&format!("{}?done=saved", which.at()))),
        None => Ok(show(&app, &mut visit, &which, part, &view, typed)),
    }
}
