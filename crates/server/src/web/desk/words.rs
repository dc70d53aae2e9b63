//! 词表 of a unit: what the check before publication looks for in its documents.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Frame, Link, see};
use super::super::words::{day, person};
use super::register::{Desk, FormPage};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::word_list::{ListKind, MOST_LINES, Word, WordList};
use service::Permission;
use service::unit::Units;
use service::words::Lists;
use uuid::Uuid;

/// The routes of the lists of a unit.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/units/{id}/words", get(edit).post(save))
}

/// Words that come with the program, of one list.
#[derive(Debug, Clone)]
pub struct BuiltIn {
    pub(super) label: &'static str,
    pub(super) count: usize,
    pub(super) words: String,
}

/// The lists of a unit, as they are edited.
#[derive(Debug, Template)]
#[template(path = "desk/words.html")]
pub struct WordsPage {
    pub(super) page: FormPage,
    pub(super) frame: Frame,
    pub(super) about: String,
    /// Units above, whose lists apply too: page, and name with how many words.
    pub(super) above: Vec<Link>,
    pub(super) built_in: Vec<BuiltIn>,
}

/// The page of a unit's lists.
pub(super) fn at(unit: Uuid) -> String {
    format!("{}/words", Units::at(unit))
}

fn field(kind: ListKind, lists: &Lists) -> Field {
    let (lines, hint) = match kind {
        ListKind::Leader => (
            6,
            "每行一人：姓名、空格、职务；兼任的职务用顿号隔开，可以写任职日期。例如：张某某　副市长、市公安局局长　2021-03-01起",
        ),
        ListKind::Institution => (
            6,
            "每行一个：不正确的名称 → 正确的名称；改名以前成文的不检查。例如：市国土局 → 市自然资源局　2019-04-01起",
        ),
        ListKind::Typo => {
            (6, "每行一个：错误写法 → 正确写法；可以写明不算错的词语。例如：布署 → 部署　除外：公布署名")
        }
        ListKind::Sensitive => (6, "每行一个词语，可以写建议的说法。例如：残废人 → 残疾人"),
        ListKind::Allowed => (4, "每行一个：上面各项、上级机关的词表和系统自带的词语中，本单位不需要检查的"),
    };
    Field::area(kind.key(), kind.label(), lines).hint(hint).optional().value(lists.of(kind))
}

fn built_in() -> Vec<BuiltIn> {
    let said = |w: &Word| match w.from {
        Some(from) => format!("{} → {}（{}起）", w.wrong, w.right, day(from)),
        None => format!("{} → {}", w.wrong, w.right),
    };
    let of = |kind: ListKind| {
        let words: Vec<String> =
            WordList::built_in().words.iter().filter(|w| w.kind == kind).map(said).collect();
        BuiltIn { label: kind.label(), count: words.len(), words: words.join("；") }
    };
    vec![of(ListKind::Institution), of(ListKind::Typo)]
}

async fn edit(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::WriteLetters)?;
    let done = Typed::new(query).get("done").to_owned();
    show(&app, visit, id, &Typed::default(), &done).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, typed: &Typed, done: &str) -> Answer {
    let view = app.service.word_lists(&visit.ctx, id).await?;
    let world = World::read(app, &visit).await?;
    let name = world.name(&id.to_string());
    let above = view
        .above
        .iter()
        .map(|(unit, n)| Link::new(at(*unit), format!("{}的词表（{n}条）", world.name(&unit.to_string()))));
    let above = above.collect();
    drop(world);
    let frame = Frame::desk(app, &mut visit, "公开前检查的词表", &Units::home());
    let frame = frame.step(Units::at(id), name).told(done);
    let fields = ListKind::ALL.map(|kind| field(kind, &view.lists)).into();
    let form = Form::post(at(id), "保存", fields).hide("seen", view.version).cancel(Units::at(id));
    let about = match &view.saved {
        Some((on, by)) => format!("目前使用第{}版，{}于{}保存", view.version, person(by), day(*on)),
        None => "本单位还没有自己的词表".to_owned(),
    };
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = FormPage::new(frame.clone(), form, typed);
    Ok(super::super::frame::page(status, &WordsPage { page, frame, about, above, built_in: built_in() }))
}

async fn save(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let seen = typed.get("seen").parse().unwrap_or(0);
    let lists = ListKind::ALL.iter().fold(Lists::default(), |l, kind| l.with(*kind, typed.raw(kind.key())));
    let ctx = visit.context().with_key(typed.key());
    if settle(app.service.save_word_lists(ctx, id, seen, lists).await, &mut typed)?.is_some() {
        return Ok(see(&format!("{}?done=saved", at(id))));
    }
    show(&app, visit, id, &typed, "").await
}

#[cfg(test)]
impl WordsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let lists = Lists::default().with(ListKind::Sensitive, "残废人 → 残疾人");
        let form =
            |lists: &Lists| Form::post("/x", "保存", ListKind::ALL.map(|kind| field(kind, lists)).into());
        let page = |lists: &Lists, about: &str, above| WordsPage {
            page: FormPage::new(frame.clone(), form(lists), &Typed::default()),
            frame: frame.clone(),
            about: about.into(),
            above,
            built_in: built_in(),
        };
        vec![
            page(&Lists::default(), "本单位还没有自己的词表", vec![]),
            page(&lists, "目前使用第1版", vec![Link::new("/x", "样例市人民政府的词表（12条）")]),
        ]
    }
}
