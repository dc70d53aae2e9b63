//! A docket's own pages: where it stands, what is due and why, its history, the next step, and corrections.

use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::{Answer, words};
use super::register::{Desk, FormPage, Item, Said, Section};
use super::{Officer, World, settle};
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use law::docket::in_force;
use law::{Due, Step};
use service::{Change, Error, History, Register, View};
use std::fmt::Debug;
use uuid::Uuid;

/// A line of the history.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// Position in the docket.
    pub ordinal: u32,
    /// Number in the journal.
    pub seq: i64,
    /// What happened.
    pub said: Said,
    /// Legal date.
    pub on: String,
    /// When it was entered.
    pub at: String,
    /// By whom.
    pub who: String,
    /// The entry it corrects, and why.
    pub corrects: String,
    /// The entry that corrects it.
    pub corrected_by: String,
    /// Where it can be corrected.
    pub correct: String,
}

/// A date with the steps that made it.
#[derive(Debug, Clone, Default)]
pub struct DueBox {
    /// The date.
    pub on: String,
    /// How long it still is.
    pub left: Badge,
    /// Whether a notice may still move it.
    pub provisional: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

/// A clock beside others.
#[derive(Debug, Clone, Default)]
pub struct ClockLine {
    /// What has to happen.
    pub what: String,
    /// Who must act.
    pub by: &'static str,
    /// Its end.
    pub on: String,
    /// How long that still is.
    pub left: Badge,
    /// Why it ends then.
    pub steps: Vec<Step>,
}

/// How long it is until a day, in working days, with the colour of the list of duties: red when it is over, yellow in
/// the last five working days, green before.
pub fn left(due: Date, world: &World<'_>) -> Badge {
    let days = |from, to| world.calendar.count(from, to).map(|(n, _)| n).unwrap_or_default();
    if due < world.today {
        return Badge::new(format!("已逾期{}个工作日", days(due, world.today).max(1)), "red");
    }
    match days(world.today, due) {
        _ if due == world.today => Badge::new("今天到期", "yellow"),
        n @ 0..=5 => Badge::new(format!("还剩{n}个工作日"), "yellow"),
        n => Badge::new(format!("还剩{n}个工作日"), "green"),
    }
}

/// How long a docket's clock still runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Running {
    /// It runs.
    Runs,
    /// It stands still: others are consulted.
    Paused,
    /// The docket is over.
    Over,
}

/// What is said where a clock stands still.
pub fn paused() -> Badge {
    Badge::new("暂停计算，期间不计入", "paused")
}

fn due_box(due: Due, running: Running, world: &World<'_>) -> DueBox {
    DueBox {
        on: words::day(due.on),
        left: match running {
            Running::Runs => left(due.on, world),
            Running::Paused => paused(),
            Running::Over => Badge::new("已经办结", "grey"),
        },
        provisional: due.provisional,
        steps: due.because,
    }
}

/// A docket.
#[derive(Debug, Template)]
#[template(path = "desk/docket.html")]
pub struct DocketPage {
    pub(super) frame: Frame,
    pub(super) item: &'static str,
    pub(super) badge: Badge,
    pub(super) items: Vec<Item>,
    pub(super) sections: Vec<Section>,
    pub(super) links: Vec<Link>,
    pub(super) due: Option<DueBox>,
    pub(super) clocks: Vec<ClockLine>,
    pub(super) told: Vec<String>,
    pub(super) steps: Vec<Link>,
    /// Steps whose time is over, for what was done in time and is recorded late.
    pub(super) late: Vec<Link>,
    pub(super) history: Vec<Line>,
    pub(super) gone: bool,
}

pub(super) async fn docket<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let view = R::view(&app.service, &visit.ctx, id).await?;
    let told = R::told(&app.service, &visit.ctx, id).await?;
    let done = Typed::new(query).get("done").to_owned();
    let title = view.standing.as_ref().map_or_else(|| format!("{}（已作废）", R::ITEM), R::heading);
    let frame = Frame::desk(&app, &mut visit, &title, &R::home()).told(&done);
    let world = World::read(&app, &visit).await?.with_people(&app, &visit).await?;
    let standing = view.standing.as_ref();
    let may_edit = visit.ctx.actor.may(R::EDIT) && standing.is_none_or(|s| R::may_correct(s, &world));
    let sections = R::sections(&app.service, &visit.ctx, id, &world).await?;
    Ok(ok(&DocketPage {
        frame,
        item: R::ITEM,
        badge: standing.map_or_else(|| Badge::new("已作废", "grey"), |s| R::badge(s, &world)),
        items: standing.map(|s| R::items(s, &world)).unwrap_or_default(),
        sections,
        links: standing.map(|s| R::links(id, s, &world)).unwrap_or_default(),
        due: view.due.clone().map(|d| due_box(d, standing.map_or(Running::Over, R::running), &world)),
        clocks: standing.map(|s| R::clocks(s, &world)).unwrap_or_default(),
        told,
        steps: standing.map(|s| step_links::<R>(id, s, R::steps(s, &world), &world)).unwrap_or_default(),
        late: standing.map(|s| step_links::<R>(id, s, R::late(s, &world), &world)).unwrap_or_default(),
        history: lines::<R>(id, &view.history, &world, may_edit),
        gone: standing.is_none(),
    }))
}

/// The forms of those steps that the officer may take.
fn step_links<R: Desk>(
    id: Uuid,
    standing: &R::Standing,
    steps: Vec<(&'static str, &'static str)>,
    world: &World<'_>,
) -> Vec<Link> {
    let mine = steps.into_iter().filter(|(key, _)| world.actor.may(R::permission(standing, key)));
    mine.map(|(key, label)| Link::new(format!("{}/record/{key}", R::at(id)), label)).collect()
}

/// The history, the latest entry first.
fn lines<R: Desk>(id: Uuid, history: &[History<R::Event>], world: &World<'_>, may_edit: bool) -> Vec<Line> {
    let recorded: Vec<_> = history.iter().map(|h| h.recorded.clone()).collect();
    let standing: Vec<u32> = in_force(&recorded).iter().map(|e| e.ordinal).collect();
    let mut lines: Vec<Line> = history
        .iter()
        .map(|h| {
            let r = &h.recorded;
            let later = history.iter().rev().find(|l| l.recorded.corrects == Some(r.ordinal));
            let place = r.corrects.unwrap_or(r.ordinal);
            let live = later.is_none() && standing.contains(&place) && r.event.is_some();
            Line {
                ordinal: r.ordinal,
                seq: h.seq,
                said: r.event.as_ref().map_or_else(|| Said::plain("作废"), |e| R::say(e, world)),
                on: words::day(r.effective_on),
                at: words::moment(h.at),
                who: words::person(&h.actor).to_owned(),
                corrects: r
                    .corrects
                    .map(|n| match &h.reason {
                        Some(why) => format!("更正第{n}条记录：{why}"),
                        None => format!("更正第{n}条记录"),
                    })
                    .unwrap_or_default(),
                corrected_by: later
                    .map(|l| format!("已被第{}条记录更正", l.recorded.ordinal))
                    .unwrap_or_default(),
                correct: if may_edit && live {
                    format!("{}/correct/{}", R::at(id), r.ordinal)
                } else {
                    String::new()
                },
            }
        })
        .collect();
    lines.reverse();
    lines
}

fn no_step() -> PageError {
    PageError(Error::NotFound("没有这个办理环节，请从卷宗页面重新选择".into()))
}

/// Shown when somebody else was quicker: what was typed is still there to be copied.
#[derive(Debug, Template)]
#[template(path = "desk/conflict.html")]
pub struct ConflictPage {
    pub(super) frame: Frame,
    pub(super) sentence: String,
    pub(super) items: Vec<Item>,
    pub(super) back: Link,
}

/// The conflict page, with the values under their labels.
pub fn conflict(frame: Frame, sentence: String, form: &Form, back: Link) -> Response {
    let items = form
        .fields
        .iter()
        .filter(|f| !f.first().is_empty())
        .map(|f| Item::new(&f.label, f.values.join("、")))
        .collect();
    page(StatusCode::CONFLICT, &ConflictPage { frame, sentence, items, back })
}

fn step_form<R: Desk>(
    id: Uuid,
    key: &str,
    view: &View<R>,
    frame: &Frame,
    world: &World<'_>,
) -> Result<(Form, String), PageError> {
    let standing = view.standing.as_ref().ok_or_else(no_step)?;
    let content = R::fields(key, Some(standing), None, world).ok_or_else(no_step)?;
    let mut steps = R::steps(standing, world).into_iter().chain(R::late(standing, world));
    let label = steps.find(|(k, _)| *k == key).map_or("办理事项", |(_, l)| l);
    let day = R::usual_day(key, standing, world);
    let mut fields = vec![Field::date("on", R::date_label(key)).value(day.to_string())];
    fields.extend(content);
    let form = Form::post(format!("{}/record/{key}", R::at(id)), "登记", fields)
        .hide("version", view.version)
        .hide("once", &frame.once)
        .cancel(R::at(id));
    Ok((form, label.to_owned()))
}

pub(super) async fn step<R: Desk>(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Query(given): Query<Vec<(String, String)>>,
) -> Answer {
    show_step::<R>(&app, visit, id, &key, &given, &Typed::default()).await
}

/// The form of a step; `given` fills in single values, for example the case that a request is handled anew for.
async fn show_step<R: Desk>(
    app: &App,
    mut visit: Visit,
    id: Uuid,
    key: &str,
    given: &[(String, String)],
    typed: &Typed,
) -> Answer {
    let view = R::view(&app.service, &visit.ctx, id).await?;
    let mut frame = Frame::desk(app, &mut visit, "", &R::home());
    let world = World::read(app, &visit).await?.with_people(app, &visit).await?;
    let (mut form, label) = step_form::<R>(id, key, &view, &frame, &world)?;
    for (name, value) in given {
        if let Some(field) = form.fields.iter_mut().find(|f| f.name == *name) {
            field.values = vec![value.clone()];
        }
    }
    frame.title = format!("登记：{label}");
    let standing = view.standing.as_ref().ok_or_else(no_step)?;
    visit.ctx.actor.must(R::permission(standing, key))?;
    let frame = frame.step(R::at(id), R::heading(standing));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = R::heading(standing);
    Ok(page.answer())
}

pub(super) async fn record<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let on = typed.date("on", R::date_label(&key));
    let event = R::read(&key, None, &mut typed);
    if let (Some(event), true) = (event, typed.problems.is_empty()) {
        let result = R::change(&app.service, ctx, id, typed.version(), Change::event(on, event)).await;
        if let Err(Error::Conflict(sentence)) = result {
            return clash::<R>(&app, visit, id, &key, None, &typed, sentence).await;
        }
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=recorded", R::at(id))));
        }
    }
    show_step::<R>(&app, visit, id, &key, &[], &typed).await
}

async fn clash<R: Desk>(
    app: &App,
    mut visit: Visit,
    id: Uuid,
    key: &str,
    before: Option<&R::Event>,
    typed: &Typed,
    sentence: String,
) -> Answer {
    let view = R::view(&app.service, &visit.ctx, id).await?;
    let frame = Frame::desk(app, &mut visit, "内容已有变化", &R::home());
    let world = World::read(app, &visit).await?.with_people(app, &visit).await?;
    let mut fields = vec![Field::date("on", R::date_label(key))];
    fields.extend(R::fields(key, view.standing.as_ref(), before, &world).unwrap_or_default());
    let form = Form::post("", "", fields).filled(typed);
    Ok(conflict(frame, sentence, &form, Link::new(R::at(id), "查看最新内容")))
}

fn entry<R: Register>(view: &View<R>, ordinal: u32) -> Result<&History<R::Event>, PageError>
where
    R::Standing: Clone + Debug,
{
    view.history.iter().find(|h| h.recorded.ordinal == ordinal && h.recorded.event.is_some()).ok_or_else(
        || PageError(Error::NotFound(format!("没有可以更正的第{ordinal}条记录，请从卷宗页面重新选择"))),
    )
}

pub(super) async fn correction<R: Desk>(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, ordinal)): Path<(Uuid, u32)>,
) -> Answer {
    visit.ctx.actor.must(R::EDIT)?;
    show_correction::<R>(&app, visit, id, ordinal, &Typed::default()).await
}

async fn show_correction<R: Desk>(
    app: &App,
    mut visit: Visit,
    id: Uuid,
    ordinal: u32,
    typed: &Typed,
) -> Answer {
    let view = R::view(&app.service, &visit.ctx, id).await?;
    let history = entry(&view, ordinal)?;
    let Some(event) = &history.recorded.event else { return Err(no_step()) };
    let (key, name) = R::name(event);
    let title = format!("更正第{ordinal}条记录：{name}");
    let frame = Frame::desk(app, &mut visit, &title, &R::home()).step(R::at(id), format!("返回{}", R::ITEM));
    let world = World::read(app, &visit).await?.with_people(app, &visit).await?;
    let mut fields =
        vec![Field::date("on", R::date_label(key)).value(history.recorded.effective_on.to_string())];
    fields.extend(R::fields(key, view.standing.as_ref(), Some(event), &world).ok_or_else(no_step)?);
    fields.push(Field::area("reason", "更正的理由", 2));
    let action = format!("{}/correct/{ordinal}", R::at(id));
    let hidden =
        |form: Form, how: &str| form.hide("version", view.version).hide("once", &frame.once).hide("how", how);
    let replace = hidden(Form::post(&action, "更正", fields).cancel(R::at(id)), "replace");
    let mut void = hidden(
        Form::post(&action, "作废这条记录", vec![Field::area("void_reason", "作废的理由", 2)]),
        "void",
    );
    void.grave = true;
    void.confirm = format!("确定作废第{ordinal}条记录吗？记录会保留，但不再计入。");
    let voiding = typed.get("how") == "void";
    let blank = Typed::default();
    let mut page = FormPage::new(frame.clone(), replace.clone(), if voiding { &blank } else { typed });
    page.problems = Problems { all: typed.problems.clone() };
    page.lead = "更正不会删除原记录：原记录与更正理由一并保留，卷宗按更正后的内容重新计算。".into();
    page.other = Some(if voiding { void.filled(typed) } else { void });
    page.other_heading = "作废";
    Ok(page.answer())
}

pub(super) async fn correct<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, ordinal)): Path<(Uuid, u32)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let view = R::view(&app.service, &visit.ctx, id).await?;
    let history = entry(&view, ordinal)?;
    let Some(before) = history.recorded.event.clone() else { return Err(no_step()) };
    let (key, _) = R::name(&before);
    let change = if typed.get("how") == "void" {
        let reason = typed.text("void_reason", "作废的理由");
        Some(Change::void(ordinal, history.recorded.effective_on, reason))
    } else {
        let on = typed.date("on", R::date_label(key));
        let reason = typed.text("reason", "更正的理由");
        R::read(key, Some(&before), &mut typed).map(|event| Change::replace(ordinal, on, event, reason))
    };
    if let (Some(change), true) = (change, typed.problems.is_empty()) {
        let result = R::change(&app.service, ctx, id, typed.version(), change).await;
        if let Err(Error::Conflict(sentence)) = result {
            return clash::<R>(&app, visit, id, key, Some(&before), &typed, sentence).await;
        }
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=corrected", R::at(id))));
        }
    }
    show_correction::<R>(&app, visit, id, ordinal, &typed).await
}
