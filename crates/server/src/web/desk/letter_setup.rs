//! What a unit sets for its letters: the approval chain and the templates.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problem, Typed};
use super::super::frame::{Badge, Frame, ok, see};
use super::super::words::day;
use super::register::{Desk, FormPage};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::routing::get;
use law::letter::Letter;
use law::review::{Chain, Reach, Step};
use service::unit::Units;
use service::{Error, Permission, Result};
use uuid::Uuid;

/// The routes of a unit's letters.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/units/{id}/letters", get(list))
        .route("/desk/units/{id}/letters/{letter}", get(edit).post(save))
        .route("/desk/units/{id}/chain", get(chain).post(set_chain))
}

/// A letter and where its template comes from.
#[derive(Debug, Clone)]
pub struct TemplateLine {
    pub(super) title: String,
    pub(super) label: String,
    pub(super) page: String,
    pub(super) state: Badge,
}

/// The templates of a unit.
#[derive(Debug, Template)]
#[template(path = "desk/letter_templates.html")]
pub struct TemplatesPage {
    pub(super) frame: Frame,
    pub(super) lines: Vec<TemplateLine>,
}

fn at(unit: Uuid) -> String {
    format!("{}/letters", Units::at(unit))
}

async fn name_of(app: &App, visit: &Visit, unit: Uuid) -> Result<String> {
    let world = World::read(app, visit).await?;
    Ok(world.name(&unit.to_string()))
}

async fn list(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let mut lines = Vec::new();
    for letter in Letter::all() {
        let view = app.service.letter_template(&visit.ctx, id, letter).await?;
        let state = match view.owner {
            Some(owner) if owner == id => Badge::new(format!("本单位第{}版", view.version), "green"),
            Some(_) => Badge::new("沿用上级机关", "blue"),
            None => Badge::new("系统默认", "grey"),
        };
        lines.push(TemplateLine {
            title: letter.title().to_owned(),
            label: if letter.label() == letter.title() { String::new() } else { letter.label().to_owned() },
            page: format!("{}/{}", at(id), letter.key()),
            state,
        });
    }
    let name = name_of(&app, &visit, id).await?;
    let frame = Frame::desk(&app, &mut visit, "文书模板", &Units::home()).step(Units::at(id), name);
    Ok(ok(&TemplatesPage { frame, lines }))
}

/// A field of the help beside the editor.
#[derive(Debug, Clone)]
pub struct FieldHelp {
    pub(super) name: String,
    pub(super) about: &'static str,
    pub(super) shape: &'static str,
    pub(super) needed: bool,
}

/// The editor of a template.
#[derive(Debug, Template)]
#[template(path = "desk/letter_template.html")]
pub struct TemplatePage {
    pub(super) page: FormPage,
    pub(super) frame: Frame,
    pub(super) about: String,
    pub(super) gaps: Vec<Problem>,
    pub(super) fields: Vec<FieldHelp>,
}

fn letter_of(key: &str) -> Result<Letter> {
    Letter::parse(key).ok_or_else(|| Error::NotFound("没有这种文书，请从模板列表重新选择".into()))
}

async fn edit(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    editor(&app, visit, id, letter_of(&key)?, &Typed::default(), &done).await
}

async fn editor(app: &App, mut visit: Visit, id: Uuid, letter: Letter, typed: &Typed, done: &str) -> Answer {
    let view = app.service.letter_template(&visit.ctx, id, letter).await?;
    let name = name_of(app, &visit, id).await?;
    let title = match letter {
        Letter::Decision(_) => format!("{}（{}）", letter.title(), letter.label()),
        _ => letter.title().to_owned(),
    };
    let frame = Frame::desk(app, &mut visit, &title, &Units::home());
    let frame = frame.step(Units::at(id), name).step(at(id), "文书模板").told(done);
    let source = Field::area("source", "模板正文", 24)
        .hint("第一行是标题，第二行是主送；字段写在两对花括号之间。清空后保存，恢复沿用上级机关或者系统默认的模板")
        .optional()
        .value(&view.source);
    let form = Form::post(format!("{}/{}", at(id), letter.key()), "保存", vec![source])
        .hide("seen", view.version)
        .cancel(at(id));
    let about = match (&view.saved, view.owner) {
        (Some((on, by)), Some(owner)) => {
            let whose = if owner == id { "本单位" } else { "上级机关" };
            let by = super::super::words::person(by);
            format!("目前使用{whose}的第{}版，{by}于{}保存", view.version, day(*on))
        }
        _ => "目前使用系统默认的模板".to_owned(),
    };
    let help = letter.fields().into_iter().map(|f| FieldHelp {
        name: format!("{{{{ {} }}}}", f.name),
        about: f.about,
        shape: f.shape.label(),
        needed: f.needed,
    });
    let wrong = !typed.problems.is_empty();
    let shown = TemplatePage {
        page: FormPage::new(frame.clone(), form, typed),
        frame,
        about,
        gaps: view.gaps.iter().map(Problem::from).collect(),
        fields: help.collect(),
    };
    use axum::http::StatusCode;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(super::super::frame::page(status, &shown))
}

async fn save(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let letter = letter_of(&key)?;
    let mut typed = Typed::new(pairs);
    let seen = typed.get("seen").parse().unwrap_or(0);
    let ctx = visit.context().with_key(typed.key());
    let source = typed.raw("source").to_owned();
    let result = app.service.save_letter_template(ctx, id, letter, seen, source).await;
    if settle(result, &mut typed)?.is_some() {
        return Ok(see(&format!("{}/{}?done=saved", at(id), letter.key())));
    }
    for problem in &mut typed.problems {
        problem.field = "source".into();
    }
    editor(&app, visit, id, letter, &typed, "").await
}

fn chain_form(id: Uuid, now: &Chain) -> Form {
    let fields = Step::ALL
        .into_iter()
        .map(|step| {
            let choices = std::iter::once(Choice::new("", "不设置"))
                .chain(Reach::ALL.map(|r| Choice::new(r.key(), r.label())))
                .collect();
            let hint = match step {
                Step::Secrecy => "向申请人提供政府信息应当先审查、后公开，不能对公开和部分公开的决定取消",
                Step::Signing => "每件决定都应当签发",
                _ => "",
            };
            let reach = now.0.get(&step).map_or("", |r| r.key());
            Field::select(step.key(), step.label(), choices).hint(hint).value(reach)
        })
        .collect();
    Form::post(format!("{}/chain", Units::at(id)), "保存", fields).cancel(Units::at(id))
}

async fn chain(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::WriteLetters)?;
    let done = Typed::new(query).get("done").to_owned();
    show_chain(&app, visit, id, &Typed::default(), &done).await
}

async fn show_chain(app: &App, mut visit: Visit, id: Uuid, typed: &Typed, done: &str) -> Answer {
    let now = app.service.review_chain(&visit.ctx, id).await?;
    let name = name_of(app, &visit, id).await?;
    let frame = Frame::desk(app, &mut visit, "审批链", &Units::home()).step(Units::at(id), name).told(done);
    let mut page = FormPage::new(frame, chain_form(id, &now), typed);
    page.lead = "拟办意见按以下顺序逐级审核。修改后对新的拟办意见生效，已经拟办的按原审批链办理；下级单位没有单独设置的，沿用本单位的审批链。".into();
    Ok(page.answer())
}

async fn set_chain(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let steps = Step::ALL.into_iter();
    let chain = Chain(steps.filter_map(|s| Some((s, Reach::parse(typed.get(s.key()))?))).collect());
    let ctx = visit.context().with_key(typed.key());
    if settle(app.service.set_review_chain(ctx, id, chain).await, &mut typed)?.is_some() {
        return Ok(see(&format!("{}/chain?done=saved", Units::at(id))));
    }
    show_chain(&app, visit, id, &typed, "").await
}

#[cfg(test)]
impl TemplatesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = |label: &str| TemplateLine {
            title: "政府信息不予公开告知书".into(),
            label: label.into(),
            page: "/desk/units/1/letters/x".into(),
            state: Badge::new("系统默认", "grey"),
        };
        vec![TemplatesPage { frame: frame.clone(), lines: vec![line("属于国家秘密"), line("")] }]
    }
}

#[cfg(test)]
impl TemplatePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let form = Form::post("/x", "保存", vec![Field::area("source", "模板正文", 24)]);
        let help = FieldHelp {
            name: "{{ 申请人 }}".into(),
            about: "申请人的姓名或者名称",
            shape: "文字",
            needed: true,
        };
        let page = |gaps| TemplatePage {
            page: FormPage::new(frame.clone(), form.clone(), &Typed::default()),
            frame: frame.clone(),
            about: "目前使用系统默认的模板".into(),
            gaps,
            fields: vec![help.clone()],
        };
        vec![page(vec![]), page(vec![Problem { text: "文书缺少联系方式".into(), ..Problem::default() }])]
    }
}
