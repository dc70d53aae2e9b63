//! 定时公开 at the desk: the minute at which a document becomes public, what waits for its minute, and what missed it.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok, see};
use super::super::words::day;
use super::board::Count;
use super::register::{Desk, FormPage, Item, ListRow};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::routing::get;
use jiff::civil::DateTime;
use law::docket::document::{DocumentEvent, Standing};
use service::document::{Documents, ScheduledDocument};
use service::{Change, Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// Address of the list.
pub(super) const HOME: &str = "/desk/schedule";

/// `/desk/schedule` and the form of a document.
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(list)).route("/desk/documents/{id}/schedule", get(ask).post(act))
}

fn address(id: Uuid) -> String {
    format!("{}/schedule", Documents::at(id))
}

/// A minute in Chinese.
pub(super) fn minute(at: DateTime) -> String {
    format!("{} {}", day(at.date()), at.strftime("%H:%M"))
}

/// What a document's page says of it.
pub(super) fn items(s: &Standing) -> Vec<Item> {
    let waits = s.scheduled.map(|at| Item::new("定时公开", minute(at)));
    let missed = s.missed.as_ref().map(|(on, why)| Item::new("到时没有公开", format!("{}，{why}", day(*on))));
    waits.into_iter().chain(missed).collect()
}

/// The way to the form, for who may set it or call it off.
pub(super) fn link(id: Uuid, s: &Standing, world: &World<'_>) -> Option<Link> {
    let minute = world.today.at(23, 59, 0, 0);
    let may = s.scheduled.is_some()
        || s.missed.is_some()
        || s.may(&DocumentEvent::Scheduled { at: minute }, world.today).is_empty();
    (may && world.actor.may(Permission::EditRegisters)).then(|| Link::new(address(id), "定时公开"))
}

/// What waits for its minute.
#[derive(Debug, Template)]
#[template(path = "desk/schedule.html")]
pub struct SchedulePage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<ListRow>,
}

fn row(d: ScheduledDocument, world: &World<'_>) -> ListRow {
    let badge = match d.at {
        Some(_) => Badge::new("等待公开", "blue"),
        None => Badge::new("到时没有公开", "red"),
    };
    ListRow {
        href: Documents::at(d.row.id),
        badge,
        cells: vec![
            d.row.title,
            d.row.number.unwrap_or_else(|| "—".into()),
            world.short(d.row.unit),
            d.at.map_or_else(|| "—".into(), minute),
        ],
    }
}

async fn list(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let frame = Frame::desk(&app, &mut visit, "定时公开", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let found = app.service.scheduled_documents(&visit.ctx).await?;
    Ok(ok(&SchedulePage { frame, rows: found.into_iter().map(|d| row(d, &world)).collect() }))
}

/// How many wait, and how many missed their minute, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Vec<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(Vec::new());
    }
    let found = service.scheduled_documents(ctx).await?;
    let missed = found.iter().filter(|d| d.at.is_none()).count();
    let counts = [("到时没有公开", missed, "red"), ("定时公开", found.len() - missed, "blue")];
    let count = |(label, n, tone): (&'static str, usize, &'static str)| {
        Count::new(label, i64::try_from(n).unwrap_or(i64::MAX), tone, HOME)
    };
    Ok(counts.into_iter().filter(|(_, n, _)| *n > 0).map(count).collect())
}

/// What the two forms of a document say.
struct Forms {
    set: Form,
    call_off: Option<Form>,
}

/// The forms: `last` is the last day that can be set, in words; `with` are the interpretations that can go along.
fn forms(id: Uuid, s: &Standing, (last, with): (Option<String>, Vec<Choice>), hidden: (u32, &str)) -> Forms {
    let (version, once) = hidden;
    let hint = match last {
        Some(last) => format!("最晚为{last}，即公开期限的最后一日（条例第二十六条）"),
        None => String::new(),
    };
    let mut fields = vec![
        Field::date("day", "公开日期").hint(hint).value_if(s.scheduled.map(|at| at.date().to_string())),
        Field::time("time", "时间")
            .hint("北京时间，例如 09:00")
            .value_if(s.scheduled.map(|at| at.strftime("%H:%M").to_string())),
    ];
    if !with.is_empty() {
        fields.push(
            Field::checks("with", "一并定时公开的解读材料", with)
                .hint("与文件同时公开；不选的另行公开")
                .optional(),
        );
    }
    let button = if s.scheduled.is_some() { "改为这个时间" } else { "定时公开" };
    let sealed = |form: Form, how: &str| form.hide("version", version).hide("once", once).hide("how", how);
    let set = sealed(Form::post(address(id), button, fields), "set").cancel(Documents::at(id));
    let call_off = (s.scheduled.is_some() || s.missed.is_some()).then(|| {
        let why = Field::text("reason", "撤销的原因").optional();
        let mut form = sealed(Form::post(address(id), "撤销定时公开", vec![why]), "cancel");
        form.class = "secondary";
        form
    });
    Forms { set, call_off }
}

fn form_page(frame: Frame, s: &Standing, forms: Forms, typed: &Typed) -> FormPage {
    let Forms { set, call_off } = forms;
    let cancels = typed.get("how") == "cancel";
    let mut wrong = Typed::default();
    wrong.problems.clone_from(&typed.problems);
    let mut page = FormPage::new(frame, set, if cancels { &wrong } else { typed });
    page.lead.clone_from(&s.title);
    page.other = call_off.map(|form| if cancels { form.filled(typed) } else { form });
    page.other_heading = "撤销定时公开";
    page
}

async fn ask(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show(&app, visit, id, &Typed::default()).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let view = app.service.document_view(&visit.ctx, id).await?;
    let gone = || Error::NotFound("这件公文的登记已经作废".into());
    let standing = view.standing.ok_or_else(gone)?;
    let last = app.service.schedule_due(&visit.ctx, id).await?;
    let last = last.map(|d| format!("{}{}", day(d.on), if d.provisional { "（暂定）" } else { "" }));
    let with = app.service.interpretations_to_publish(&visit.ctx, id).await?;
    let with = with.into_iter().map(|row| Choice::new(row.id, row.title)).collect();
    let frame = Frame::desk(app, &mut visit, "定时公开", &Documents::home());
    let frame = frame.step(Documents::at(id), &standing.title);
    let forms = forms(id, &standing, (last, with), (view.version, &frame.once));
    Ok(form_page(frame, &standing, forms, typed).answer())
}

async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let version = typed.version();
    let (result, done) = if typed.get("how") == "cancel" {
        let event = DocumentEvent::ScheduleCancelled { reason: typed.get("reason").to_owned() };
        let change = Change::event(ctx.today(), event);
        (Some(app.service.change_document(ctx, id, version, change).await), "unscheduled")
    } else {
        let at = typed.date("day", "公开日期").to_datetime(typed.time("time", "时间"));
        let with = typed.all("with").iter().filter_map(|id| Uuid::parse_str(id).ok()).collect();
        let result = if typed.problems.is_empty() {
            Some(app.service.schedule_publication(ctx, (id, version), at, with).await)
        } else {
            None
        };
        (result, "scheduled")
    };
    if let Some(result) = result
        && settle(result, &mut typed)?.is_some()
    {
        return Ok(see(&format!("{}?done={done}", Documents::at(id))));
    }
    show(&app, visit, id, &typed).await
}

#[cfg(test)]
impl SchedulePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |badge: Badge, at: &str| ListRow {
            href: "/desk/documents/1".into(),
            cells: ["样例办法", "—", "样例办", at].map(String::from).into(),
            badge,
        };
        let page = |rows| SchedulePage { frame: frame.clone(), rows };
        let missed = row(Badge::new("到时没有公开", "red"), "—");
        vec![page(vec![missed, row(Badge::new("等待公开", "blue"), "2020年3月8日 09:00")]), page(Vec::new())]
    }
}

/// The form of a document that waits, with an interpretation that can go along.
#[cfg(test)]
pub(crate) fn form_samples(frame: &Frame) -> Vec<FormPage> {
    use law::docket::Recorded;
    use law::docket::document::{Category, DisclosureAttribute};
    let made = DocumentEvent::Made {
        counted_by: String::new(),
        maker: String::new(),
        category: Category::Normative,
        title: "样例<b>办法".into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let on = jiff::civil::date(2020, 3, 6);
    let set = DocumentEvent::Scheduled { at: on.at(9, 0, 0, 0) };
    let all = [Recorded::new(1, on, made), Recorded::new(2, on, set)];
    let page = |events: &[Recorded<DocumentEvent>], with: Vec<Choice>, typed: &Typed| {
        let standing = Standing::of(events)?;
        let forms = forms(Uuid::nil(), &standing, (Some("2020年4月3日".into()), with), (2, "x"));
        Some(form_page(frame.clone(), &standing, forms, typed))
    };
    let mut wrong = Typed::default();
    wrong.time("time", "时间");
    let with = vec![Choice::new("1", "一图读懂样例办法")];
    [page(&all[..1], with, &wrong), page(&all, Vec::new(), &Typed::default())].into_iter().flatten().collect()
}
