//! 政策解读 at the desk: the section on a document's page, registering an interpretation, and what a year owes.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok, see};
use super::super::words::day;
use super::board::Count;
use super::docket::left;
use super::document_draft::plan_items;
use super::register::{Desk, FormPage, Item, ListRow, Section};
use super::{Officer, World, or_none, settle, years};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::routing::get;
use law::docket::document::{Category, Standing};
use law::docket::interpretation::Form as Kind;
use service::document::{Documents, InterpretationDuty, InterpretationYear, Linked};
use service::{Context, Permission, Result, Service};
use uuid::Uuid;

/// Address of what a year owes.
const HOME: &str = "/desk/interpretations";

/// The routes of interpretations.
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(year)).route("/desk/documents/{id}/interpretation", get(ask).post(register))
}

pub(super) fn forms() -> Vec<Choice> {
    Kind::ALL.map(|f| Choice::new(f.key(), f.label())).into()
}

/// A document on the other side of a link.
#[derive(Debug, Clone)]
pub struct LinkedLine {
    pub(super) link: Link,
    pub(super) form: &'static str,
    pub(super) state: Badge,
}

impl LinkedLine {
    fn of(linked: &Linked) -> LinkedLine {
        LinkedLine {
            link: Link::new(Documents::at(linked.row.id), &linked.row.title),
            form: linked.form.label(),
            state: match (linked.public, linked.row.disclosed_on) {
                (true, Some(on)) => Badge::new(format!("{}公开", day(on)), "green"),
                (false, Some(_)) => Badge::new("已撤下", "grey"),
                _ => Badge::new("尚未公开", "yellow"),
            },
        }
    }
}

/// The section of a document's page.
#[derive(Debug, Template)]
#[template(path = "desk/interpretation.html")]
pub struct InterpretationPart {
    pub(super) plan: Vec<Item>,
    /// The last day in time and how long that still is, while it is owed.
    pub(super) due: Option<(String, Badge)>,
    pub(super) lines: Vec<LinkedLine>,
    /// Said where there is no line.
    pub(super) none: &'static str,
    /// How many are taken down with the document.
    pub(super) along: usize,
    /// Where one is registered; empty for who may not.
    pub(super) register: String,
}

/// What interprets a document, or what an interpretation explains.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    standing: &Standing,
    world: &World<'_>,
) -> Result<Section> {
    let (to_it, from_it) = service.interpretation_links(ctx, id).await?;
    if standing.category == Category::Interpretation {
        let part = InterpretationPart {
            plan: Vec::new(),
            due: None,
            lines: from_it.iter().map(LinkedLine::of).collect(),
            none: "还没有关联被解读的文件，请从“下一步”登记。",
            along: 0,
            register: String::new(),
        };
        return Section::of("interpretation", "解读的文件", &part);
    }
    let done = to_it.iter().any(|l| l.public);
    let due = service.interpretation_due(standing).filter(|_| !done && standing.public);
    let part = InterpretationPart {
        plan: standing.plan.as_ref().map(plan_items).unwrap_or_default(),
        due: due.map(|d| (day(d.on), left(d.on, world))),
        lines: to_it.iter().map(LinkedLine::of).collect(),
        none: "还没有解读材料。",
        along: if standing.public { service.taken_down_with(ctx, id).await?.len() } else { 0 },
        register: if world.actor.may(Permission::EditRegisters) {
            format!("{}/interpretation", Documents::at(id))
        } else {
            String::new()
        },
    };
    Section::of("interpretation", "政策解读", &part)
}

async fn ask(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show(&app, visit, id, &Typed::default()).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let view = app.service.document_view(&visit.ctx, id).await?;
    let title = view.standing.map_or_else(|| "公文（已作废）".to_owned(), |s| s.title);
    let frame = Frame::desk(app, &mut visit, "登记解读材料", &Documents::home());
    let frame = frame.step(Documents::at(id), &title);
    let today = service::civil_date(visit.ctx.at);
    let fields = vec![
        Field::date("on", "制作日期").value(today.to_string()),
        // Within book marks they are single (GB/T 15834).
        Field::text("title", "标题")
            .value(format!("《{}》解读", title.replace('《', "〈").replace('》', "〉"))),
        Field::radio("form", "解读形式", forms()),
    ];
    let form = Form::post(format!("{}/interpretation", Documents::at(id)), "登记", fields)
        .hide("once", &frame.once)
        .cancel(Documents::at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = format!(
        "解读《{title}》。登记后编写正文、添加图片等附件，经公开前检查后公开；图解、音频和视频应当同时有文字说明。"
    );
    Ok(page.answer())
}

async fn register(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let on = typed.date("on", "制作日期");
    let title = typed.text("title", "标题");
    let form = typed.read("form", "解读形式", Kind::parse);
    if let (Some(form), true) = (form, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.interpret_document(ctx, id, on, (title, form)).await;
        if let Some(made) = settle(result, &mut typed)? {
            return Ok(see(&format!("{}?done=created", Documents::at(made))));
        }
    }
    show(&app, visit, id, &typed).await
}

/// What a year's documents owe and what came of it.
#[derive(Debug, Template)]
#[template(path = "desk/interpretations.html")]
pub struct InterpretationsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) sums: Vec<(&'static str, String)>,
    pub(super) year: i16,
    pub(super) rows: Vec<ListRow>,
}

fn percent(part: usize, of: usize) -> String {
    (part * 100 + of / 2).checked_div(of).map_or_else(|| "—".into(), |n| format!("{n}%"))
}

fn row(d: InterpretationDuty, world: &World<'_>) -> ListRow {
    let due_on = d.due.map(|due| due.on);
    let late = due_on.zip(d.interpreted_on).is_some_and(|(due, on)| on > due);
    ListRow {
        href: Documents::at(d.row.id),
        cells: vec![
            d.row.title,
            d.row.number.unwrap_or_else(|| "—".into()),
            world.short(d.row.unit),
            day(d.published_on),
            due_on.map_or_else(|| "—".into(), day),
            d.interpreted_on.map_or_else(|| "—".into(), day),
            d.delay.map_or_else(|| "—".into(), |n| format!("{n}个工作日")),
        ],
        badge: match (d.interpreted_on, due_on) {
            (Some(_), _) if late => Badge::new("已解读（超期）", "yellow"),
            (Some(_), _) => Badge::new("已解读", "green"),
            (None, Some(on)) => left(on, world),
            (None, None) => Badge::new("待解读", "yellow"),
        },
    }
}

/// The figures of a year, one beside the other.
fn sums(found: &InterpretationYear) -> Vec<(&'static str, String)> {
    vec![
        ("应当解读", format!("{}件", found.duties.len())),
        ("已经解读", format!("{}件", found.done())),
        ("尚未解读", format!("{}件", found.open())),
        ("解读率", percent(found.done(), found.duties.len())),
        ("解读时延中位数", found.median_delay.map_or_else(|| "—".into(), |n| format!("{n}个工作日"))),
    ]
}

async fn year(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "政策解读", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let year = query.get("year").parse().unwrap_or(world.today.year());
    let found = app.service.interpretation_year(&visit.ctx, world.wanted(&query), year).await?;
    let filter = vec![
        Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
            .optional()
            .value(query.get("unit")),
        Field::select("year", "公开年度", years(world.today)).value(year.to_string()),
    ];
    Ok(ok(&InterpretationsPage {
        frame,
        filter: Form::get(HOME, "筛选", filter),
        sums: sums(&found),
        year,
        rows: found.duties.into_iter().map(|d| row(d, &world)).collect(),
    }))
}

/// The documents that wait for their interpretation, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = service.interpretations_owed(ctx).await?;
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("文件待解读", n, "yellow", HOME)))
}

#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let part = InterpretationPart {
        plan: vec![Item::new("解读提纲", "背景、依据")],
        due: Some(("2020年3月1日".into(), Badge::new("今天到期", "yellow"))),
        lines: vec![LinkedLine {
            link: Link::new("/desk/documents/2", "《样例办法》解读"),
            form: Kind::Picture.label(),
            state: Badge::new("尚未公开", "yellow"),
        }],
        none: "",
        along: 1,
        register: "/desk/documents/1/interpretation".into(),
    };
    Section::of("interpretation", "政策解读", &part).unwrap_or_default()
}

#[cfg(test)]
impl InterpretationsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = ListRow {
            href: "/desk/documents/1".into(),
            cells: ["样例办法", "—", "样例办", "2020年3月1日", "2020年3月1日", "—", "—"]
                .map(String::from)
                .into(),
            badge: Badge::new("待解读", "yellow"),
        };
        let page = |rows: Vec<ListRow>| InterpretationsPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "筛选", vec![Field::text("unit", "机关").optional()]),
            sums: sums(&InterpretationYear::default()),
            year: 2020,
            rows,
        };
        vec![page(vec![row]), page(Vec::new())]
    }
}
