//! 规范性文件清理 at the desk: the clean-ups, what each looks at, the conclusions, and the publication of the result.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok, see};
use super::super::portal::normative::cleanup_address;
use super::super::words::day;
use super::board::Count;
use super::docket::left;
use super::register::{Desk, FormPage, Item, ListRow, page_of};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::routing::get;
use law::docket::cleanup::{Conclusion, Item as Concluded, Kind};
use service::cleanup::{CleanupView, NewCleanup};
use service::document::Documents;
use service::row::CleanupRow;
use service::{Context, Permission, Result, Service};
use uuid::Uuid;

/// Address of the list.
pub(super) const HOME: &str = "/desk/cleanups";

/// `/desk/cleanups` and its forms
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(list))
        .route("/desk/cleanups/new", get(ask).post(open))
        .route("/desk/cleanups/{id}", get(one))
        .route("/desk/cleanups/{id}/conclude", get(ask_conclusion).post(conclude))
        .route("/desk/cleanups/{id}/close", get(ask_closing).post(close))
}

fn at(id: Uuid) -> String {
    format!("{HOME}/{id}")
}

/// The clean-ups.
#[derive(Debug, Template)]
#[template(path = "desk/cleanups.html")]
pub struct CleanupsPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<ListRow>,
    /// Where one is begun; empty for who may not.
    pub(super) begin: String,
}

fn row(c: CleanupRow, world: &World<'_>) -> ListRow {
    let badge = match c.closed_on {
        Some(on) => Badge::new(format!("{}公布", day(on)), "green"),
        None => left(c.deadline, world),
    };
    ListRow {
        href: at(c.id),
        badge,
        cells: vec![
            c.title,
            world.short(c.unit),
            Kind::parse(&c.kind).map_or(c.kind, |k| k.label().to_owned()),
            day(c.up_to),
            day(c.deadline),
            format!("{}件中的{}件", c.total, c.concluded),
        ],
    }
}

fn framed(app: &App, visit: &mut Visit, title: &str) -> Frame {
    Frame::desk(app, visit, title, &Documents::home())
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let frame = framed(&app, &mut visit, "规范性文件清理");
    let world = World::read(&app, &visit).await?;
    let found = app.service.cleanups(&visit.ctx, page_of(&Typed::new(query))).await?;
    let may = visit.ctx.actor.may(Permission::EditRegisters);
    Ok(ok(&CleanupsPage {
        frame,
        rows: found.into_iter().map(|c| row(c, &world)).collect(),
        begin: if may { format!("{HOME}/new") } else { String::new() },
    }))
}

async fn ask(State(app): State<App>, Officer(visit): Officer) -> Answer {
    show_new(&app, visit, &Typed::default()).await
}

async fn show_new(app: &App, mut visit: Visit, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let frame = framed(app, &mut visit, "开展清理").step(HOME, "规范性文件清理");
    let world = World::read(app, &visit).await?;
    let kinds = Kind::ALL.map(|k| Choice::new(k.key(), k.label())).into();
    let whose = vec![Choice::new("own", "本机关的文件"), Choice::new("below", "本机关和下级机关的文件")];
    let fields = vec![
        Field::text("title", "名称").hint("例如：2021年行政规范性文件清理"),
        Field::radio("kind", "类别", kinds),
        Field::area("basis", "依据", 2).hint("公布时向社会显示，例如上级通知的文号"),
        Field::select("unit", "组织机关", world.own_units()).value_if(world.home()),
        Field::radio("scope", "清理范围", whose).value("own"),
        Field::date("up_to", "文件制定日期截至").hint("这一天以前制定、现行有效的行政规范性文件列入清理清单"),
        Field::date("on", "开展日期").value(world.today.to_string()),
        Field::date("deadline", "提出结论的期限"),
    ];
    let form = Form::post(format!("{HOME}/new"), "列出清单", fields).hide("once", &frame.once).cancel(HOME);
    let mut page = FormPage::new(frame, form, typed);
    page.lead =
        "列入清单的文件由各机关逐件提出结论；全部提出结论并公布以后，废止、失效才登记到文件上。".into();
    Ok(page.answer())
}

async fn open(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let (title, basis) = (typed.text("title", "名称"), typed.text("basis", "依据"));
    let kind = typed.read("kind", "类别", Kind::parse);
    let (on, up_to) = (typed.date("on", "开展日期"), typed.date("up_to", "文件制定日期截至"));
    let deadline = typed.date("deadline", "提出结论的期限");
    let below = typed.get("scope") == "below";
    let unit = typed.id("unit");
    if unit.is_none() {
        typed.wrong("unit", "请选择组织机关");
    }
    if let (Some(kind), Some(unit), true) = (kind, unit, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(typed.key());
        let new = NewCleanup { unit, title, kind, basis, below, up_to, deadline };
        if let Some(id) = settle(app.service.open_cleanup(ctx, on, new).await, &mut typed)? {
            return Ok(see(&format!("{}?done=created", at(id))));
        }
    }
    show_new(&app, visit, &typed).await
}

/// A clean-up.
#[derive(Debug, Template)]
#[template(path = "desk/cleanup.html")]
pub struct CleanupPage {
    pub(super) frame: Frame,
    pub(super) badge: Badge,
    pub(super) items: Vec<Item>,
    pub(super) rows: Vec<ListRow>,
    pub(super) steps: Vec<Link>,
    pub(super) public: Option<Link>,
}

fn line(i: &Concluded, world: &World<'_>) -> ListRow {
    let (badge, reason) = match &i.conclusion {
        None => (Badge::new("未提出结论", "yellow"), "—".to_owned()),
        Some((c, reason, _)) if c.ends() => (Badge::new(c.label(), "grey"), reason.clone()),
        Some((c, reason, _)) => (Badge::new(c.label(), "green"), reason.clone()),
    };
    let unit = Uuid::parse_str(&i.listed.unit).map_or_else(|_| "—".to_owned(), |id| world.short(id));
    ListRow {
        href: format!("{}/{}", Documents::home(), i.listed.document),
        badge,
        cells: vec![
            i.listed.title.clone(),
            i.listed.number.clone().unwrap_or_else(|| "—".into()),
            unit,
            day(i.listed.made_on),
            reason,
        ],
    }
}

async fn one(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let CleanupView { standing: s, own, .. } = app.service.cleanup_view(&visit.ctx, id).await?;
    let done = Typed::new(query).get("done").to_owned();
    let frame = framed(&app, &mut visit, &s.title).step(HOME, "规范性文件清理").told(&done);
    let world = World::read(&app, &visit).await?;
    let may = world.actor.may(Permission::EditRegisters) && s.closed.is_none();
    let open = s.open().count();
    let mut steps = Vec::new();
    if may && !s.items.is_empty() {
        steps.push(Link::new(format!("{}/conclude", at(id)), "提出清理结论"));
    }
    if may && own && open == 0 {
        steps.push(Link::new(format!("{}/close", at(id)), "公布清理结果"));
    }
    let count = |c: Conclusion| {
        s.items.iter().filter(|i| i.conclusion.as_ref().is_some_and(|(said, ..)| *said == c)).count()
    };
    let counts = Conclusion::ALL.map(|c| format!("{}{}件", c.label(), count(c))).join("，");
    let mut items = vec![
        Item::new("类别", s.kind.label()),
        Item::new("组织机关", world.name(&s.unit)),
        Item::new("依据", &s.basis),
        Item::new("清理范围", if s.below { "本机关和下级机关的文件" } else { "本机关的文件" }),
        Item::new("文件制定日期截至", day(s.up_to)),
        Item::new("开展日期", day(s.opened_on)),
        Item::new("提出结论的期限", day(s.deadline)),
        Item::new("进度", format!("共{}件，{open}件未提出结论；{counts}", s.items.len())),
    ];
    if let Some((on, by)) = &s.closed {
        items.push(Item::new("公布日期", day(*on)));
        items.push(Item::new("公布清理结果的文件", by));
    }
    Ok(ok(&CleanupPage {
        frame,
        badge: match &s.closed {
            Some(_) => Badge::new("已公布", "green"),
            None => left(s.deadline, &world),
        },
        items,
        rows: s.items.iter().map(|i| line(i, &world)).collect(),
        steps,
        public: s.closed.as_ref().map(|_| Link::new(cleanup_address(id), "公开页面")),
    }))
}

async fn ask_conclusion(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show_conclusion(&app, visit, id, &Typed::default()).await
}

async fn show_conclusion(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let s = app.service.cleanup_view(&visit.ctx, id).await?.standing;
    let frame = framed(app, &mut visit, "提出清理结论").step(HOME, "规范性文件清理").step(at(id), &s.title);
    let mut documents: Vec<&Concluded> = s.items.iter().collect();
    // What waits stands first.
    documents.sort_by_key(|i| i.conclusion.is_some());
    let choice = |i: &&Concluded| {
        let said = i.conclusion.as_ref().map(|(c, ..)| format!("（已提出：{}）", c.label()));
        let number = i.listed.number.as_deref().unwrap_or_default();
        Choice::new(&i.listed.document, format!("{} {number}{}", i.listed.title, said.unwrap_or_default()))
    };
    let conclusions = Conclusion::ALL.map(|c| Choice::new(c.key(), c.label())).into();
    let fields = vec![
        Field::checks("documents", "文件", documents.iter().map(choice).collect())
            .hint("结论和理由相同的，可以一并选择"),
        Field::radio("conclusion", "结论", conclusions),
        Field::area("reason", "理由", 2).hint("只供内部查看"),
        Field::date("on", "日期").value(service::civil_date(visit.ctx.at).to_string()),
    ];
    let form =
        Form::post(format!("{}/conclude", at(id)), "登记", fields).hide("once", &frame.once).cancel(at(id));
    Ok(FormPage::new(frame, form, typed).answer())
}

async fn conclude(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let documents: Vec<Uuid> = typed.all("documents").iter().filter_map(|d| d.parse().ok()).collect();
    if documents.is_empty() {
        typed.wrong("documents", "请选择文件");
    }
    let conclusion = typed.read("conclusion", "结论", Conclusion::parse);
    let (reason, on) = (typed.text("reason", "理由"), typed.date("on", "日期"));
    if let (Some(conclusion), true) = (conclusion, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.conclude_cleanup(ctx, id, on, documents, (conclusion, reason)).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=recorded", at(id))));
        }
    }
    show_conclusion(&app, visit, id, &typed).await
}

async fn ask_closing(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show_closing(&app, visit, id, &Typed::default()).await
}

async fn show_closing(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let view = app.service.cleanup_view(&visit.ctx, id).await?;
    let s = view.standing;
    let frame = framed(app, &mut visit, "公布清理结果").step(HOME, "规范性文件清理").step(at(id), &s.title);
    let ends = s.items.iter().filter(|i| i.conclusion.as_ref().is_some_and(|(c, ..)| c.ends())).count();
    let fields = vec![
        Field::text("by", "公布清理结果的文件").hint("向社会显示，例如：高政发〔2021〕3号"),
        Field::date("on", "公布日期").value(service::civil_date(visit.ctx.at).to_string()),
    ];
    let form = Form::post(format!("{}/close", at(id)), "公布", fields)
        .hide("once", &frame.once)
        .hide("version", view.version)
        .cancel(at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead =
        format!("公布以后，清单在公开平台上显示，{ends}件文件同时登记为废止或者失效，清理结论不能再修改。");
    Ok(page.answer())
}

async fn close(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let (by, on) = (typed.text("by", "公布清理结果的文件"), typed.date("on", "公布日期"));
    if typed.problems.is_empty() {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.close_cleanup(ctx, (id, typed.version()), on, by).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=recorded", at(id))));
        }
    }
    show_closing(&app, visit, id, &typed).await
}

/// The documents that wait for their conclusion, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = i64::try_from(service.cleanup_conclusions_owed(ctx).await?).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("文件待清理", n, "yellow", HOME)))
}

#[cfg(test)]
impl CleanupsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = ListRow {
            href: "/desk/cleanups/1".into(),
            cells: ["2021年样例清理", "样例办", "定期清理", "2020年12月31日", "2021年8月31日", "3件中的1件"]
                .map(String::from)
                .into(),
            badge: Badge::new("今天到期", "yellow"),
        };
        let page = |rows, begin: &str| CleanupsPage { frame: frame.clone(), rows, begin: begin.into() };
        vec![page(vec![row], "/desk/cleanups/new"), page(Vec::new(), "")]
    }
}

#[cfg(test)]
impl CleanupPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |badge| ListRow {
            href: "/desk/documents/1".into(),
            cells: ["样例办法", "样政办发〔2020〕1号", "样例办", "2020年3月1日", "—"]
                .map(String::from)
                .into(),
            badge,
        };
        let page = |rows: Vec<ListRow>, steps: Vec<Link>| CleanupPage {
            frame: frame.clone(),
            badge: Badge::new("今天到期", "yellow"),
            items: vec![Item::new("类别", "定期清理"), Item::new("依据", "样政办发〔2021〕2号")],
            public: steps.is_empty().then(|| Link::new("/cleanups/1", "公开页面")),
            rows,
            steps,
        };
        let rows = vec![row(Badge::new("未提出结论", "yellow")), row(Badge::new("废止", "grey"))];
        vec![page(rows, vec![Link::new("/desk/cleanups/1/conclude", "提出清理结论")]), page(vec![], vec![])]
    }
}
