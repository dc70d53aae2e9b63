//! 报告汇总 at the desk: which units have filed their report, what waits, what is late; accepting what is without findings;
//! whose reports have the same text; who collects and by when.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{day, day_or_dash};
use super::board::Count;
use super::register::FormPage;
use super::report_filing::address as filing_address;
use super::report_list::address as report_address;
use super::{Officer, World, or_none, settle};
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use law::docket::report::Scope;
use law::docket::report_filing::{Deadlines, Limit};
use service::report::{Collection, CollectionLine, ReportSetup, SameText, UnitState};
use service::row::UnitRow;
use service::{Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// Address of the bodies that collect.
pub(super) const HOME: &str = "/desk/collections";
const REPORTS: &str = "/desk/reports";

/// `/desk/collections` and what lies below
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(bodies))
        .route("/desk/collections/{unit}/setup", get(ask_setup).post(save_setup))
        .route("/desk/collections/{unit}/{year}", get(list))
        .route("/desk/collections/{unit}/{year}/accept", post(accept))
        .route("/desk/collections/{unit}/{year}/same", get(same))
}

fn at(code: &str, year: i16) -> String {
    format!("{HOME}/{code}/{year}")
}

/// The colour of a state.
fn tone(state: UnitState) -> &'static str {
    match state {
        UnitState::NotBegun | UnitState::Excused => "grey",
        UnitState::Drafting => "yellow",
        UnitState::Filed => "blue",
        UnitState::Returned => "red",
        UnitState::Accepted => "green",
    }
}

/// The bodies whose reports the officer collects.
#[derive(Debug, Template)]
#[template(path = "desk/collections.html")]
pub struct BodiesPage {
    pub(super) frame: Frame,
    pub(super) year: i16,
    pub(super) bodies: Vec<Link>,
}

async fn bodies(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let frame = Frame::desk(&app, &mut visit, "报告汇总", REPORTS);
    let year = service::civil_date(visit.ctx.at).year() - 1;
    let found = app.service.collecting(&visit.ctx, year).await?;
    if let [only] = found.as_slice() {
        return Ok(see(&at(&only.code, year)));
    }
    let bodies = found.into_iter().map(|u| Link::new(at(&u.code, year), u.name)).collect();
    Ok(page(StatusCode::OK, &BodiesPage { frame, year, bodies }))
}

/// A unit in the list.
#[derive(Debug, Clone, Default)]
pub struct UnitLine {
    /// Its filing.
    pub link: Link,
    /// How far it is.
    pub state: Badge,
    /// Whether it is late; empty if not.
    pub late: &'static str,
    /// The last day to file.
    pub due: String,
    /// The day it filed first.
    pub filed: String,
    /// Errors and warnings, in words.
    pub findings: String,
    /// What ticking it sends; empty if it cannot be accepted from here.
    pub tick: String,
    /// The day it published its report.
    pub published: String,
}

/// The reports of a year that a body adds up.
#[derive(Debug, Template)]
#[template(path = "desk/collection.html")]
pub struct CollectionPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) filter: Form,
    pub(super) counts: Vec<Count>,
    pub(super) coverage: String,
    pub(super) links: Vec<Link>,
    pub(super) department: String,
    pub(super) lines: Vec<UnitLine>,
    /// Where ticked ones are accepted; empty where nothing can be.
    pub(super) accept: String,
    pub(super) once: String,
}

fn line(l: &CollectionLine, year: i16) -> UnitLine {
    let tick = match (l.state, l.filing, l.findings) {
        (UnitState::Filed, Some((id, version)), Some(0)) => format!("{id}:{version}"),
        _ => String::new(),
    };
    UnitLine {
        link: Link::new(filing_address(&l.unit.code, year), &l.unit.name),
        state: Badge::new(l.state.label(), tone(l.state)),
        late: match (l.late, l.filed_on) {
            (false, _) => "",
            (true, Some(_)) => "逾期报送",
            (true, None) => "逾期未报送",
        },
        due: day(l.due.on),
        filed: day_or_dash(l.filed_on),
        findings: match l.findings {
            None => "—".into(),
            Some(0) => "没有核查意见".into(),
            Some(n) => format!("{n}项核查意见"),
        },
        tick,
        published: day_or_dash(l.published_on),
    }
}

/// How much of the sum is there, in one sentence.
fn coverage(c: &Collection) -> String {
    let (accepted, excused) = (c.count(UnitState::Accepted), c.count(UnitState::Excused));
    let open = c.lines.len() - accepted - excused;
    let rest = match open {
        0 => "可以汇总公布".to_owned(),
        n => format!("还有{n}个没有接收"),
    };
    let excused = if excused > 0 { format!("，{excused}个登记为不汇总") } else { String::new() };
    format!("应当汇总{}个机关的报告，已接收{accepted}个{excused}；{rest}。", c.lines.len())
}

async fn find(app: &App, code: &str) -> Result<UnitRow> {
    app.service.find_unit(code).await
}

type Named = Path<(String, i16)>;

async fn list(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((code, year)): Named,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    show(&app, visit, &code, year, &Typed::new(query)).await
}

async fn show(app: &App, mut visit: Visit, code: &str, year: i16, typed: &Typed) -> Answer {
    let unit = find(app, code).await?;
    let found = app.service.report_collection(&visit.ctx, unit.id, year).await?;
    let done = typed.get("done").to_owned();
    let title = format!("{}{year}年度报告汇总", unit.short_name);
    let frame = Frame::desk(app, &mut visit, &title, REPORTS).told(&done);
    let world = World::read(app, &visit).await?;
    let here = at(&unit.code, year);
    let wanted = UnitState::parse(typed.get("state"));
    let only_late = typed.get("state") == "late";
    let listed = |l: &&CollectionLine| wanted.is_none_or(|s| l.state == s) && (!only_late || l.late);
    let mut counts: Vec<Count> = UnitState::ALL
        .into_iter()
        .map(|s| Count {
            here: wanted == Some(s),
            ..Count::new(s.label(), count(found.count(s)), tone(s), format!("{here}?state={}", s.key()))
        })
        .collect();
    counts.push(Count {
        here: only_late,
        ..Count::new("逾期", count(found.late()), "red", format!("{here}?state=late"))
    });
    let lines: Vec<UnitLine> = found.lines.iter().filter(listed).map(|l| line(l, year)).collect();
    let may = world.actor.may(Permission::ReviewReport) && lines.iter().any(|l| !l.tick.is_empty());
    let mut links = vec![
        Link::new(report_address(&unit.code, year, Scope::Government), "汇总表"),
        Link::new(format!("{here}/same"), "文字雷同"),
    ];
    if world.actor.may(Permission::ManageUnits) {
        links.push(Link::new(format!("{HOME}/{}/setup", unit.code), "主管部门和期限"));
    }
    let years = super::years(world.today).into_iter().filter(|y| y.key.parse().is_ok_and(|y: i16| y >= 2019));
    let states = [Choice::new("", "全部")]
        .into_iter()
        .chain(UnitState::ALL.map(|s| Choice::new(s.key(), s.label())))
        .chain([Choice::new("late", "逾期")]);
    let fields = vec![
        Field::select("year", "报告年度", years.collect()).value(year.to_string()),
        Field::select("state", "情况", states.collect()).optional().value(typed.get("state")),
    ];
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    if let Ok(other) = typed.get("year").parse::<i16>()
        && other != year
    {
        return Ok(see(&format!("{}?state={}", at(&unit.code, other), typed.get("state"))));
    }
    Ok(page(
        status,
        &CollectionPage {
            problems: Problems { all: typed.problems.clone() },
            filter: Form::get(&here, "查看", fields),
            counts,
            coverage: coverage(&found),
            links,
            department: found.department.map(|d| d.name).unwrap_or_default(),
            accept: if may { format!("{here}/accept") } else { String::new() },
            once: frame.once.clone(),
            lines,
            frame,
        },
    ))
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

async fn accept(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((code, year)): Named,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let read = |text: &String| {
        let (id, version) = text.split_once(':')?;
        Some((Uuid::parse_str(id).ok()?, version.parse().ok()?))
    };
    let chosen: Vec<(Uuid, u32)> = typed.all("filing").iter().filter_map(read).collect();
    let ctx = visit.context().with_key(typed.key());
    let result = app.service.accept_filings(ctx, chosen).await;
    let result = match result {
        Err(Error::Conflict(text)) => Err(Error::refused("conflict", text, "")),
        other => other,
    };
    match settle(result, &mut typed)? {
        Some(_) => Ok(see(&format!("{}?done=accepted", at(&code, year)))),
        None => show(&app, visit, &code, year, &typed).await,
    }
}

/// Two reports with the same text.
#[derive(Debug, Clone, Default)]
pub struct SameLine {
    /// The one.
    pub one: Link,
    /// The other.
    pub other: Link,
    /// How alike, figures and names masked.
    pub masked: String,
    /// As written.
    pub raw: String,
}

/// Reports with the same text.
#[derive(Debug, Template)]
#[template(path = "desk/same_reports.html")]
pub struct SamePage {
    pub(super) frame: Frame,
    pub(super) lines: Vec<SameLine>,
}

fn same_line(s: &SameText) -> SameLine {
    let link = |(unit, year): &(UnitRow, i16)| {
        Link::new(filing_address(&unit.code, *year), format!("{}{year}年", unit.short_name))
    };
    let share = |n: f64| format!("{:.0}%", n * 100.0);
    SameLine { one: link(&s.one), other: link(&s.other), masked: share(s.masked), raw: share(s.raw) }
}

async fn same(State(app): State<App>, Officer(mut visit): Officer, Path((code, year)): Named) -> Answer {
    let unit = find(&app, &code).await?;
    let found = app.service.same_reports(&visit.ctx, unit.id, year).await?;
    let frame = Frame::desk(&app, &mut visit, "文字雷同的报告", REPORTS)
        .step(at(&unit.code, year), format!("{}{year}年度报告汇总", unit.short_name));
    Ok(page(StatusCode::OK, &SamePage { frame, lines: found.iter().map(same_line).collect() }))
}

async fn ask_setup(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(code): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    show_setup(&app, visit, &code, &Typed::default(), &done).await
}

const LIMITS: [(&str, &str); 5] = [
    ("departments_file", "部门报送期限"),
    ("departments_publish", "部门公布期限"),
    ("governments_file", "乡镇（街道）和下级政府报送期限"),
    ("governments_publish", "乡镇（街道）和下级政府公布期限"),
    ("publish", "本级政府公布期限"),
];

fn limits(d: &Deadlines) -> [Limit; 5] {
    [d.departments_file, d.departments_publish, d.governments_file, d.governments_publish, d.publish]
}

async fn show_setup(app: &App, mut visit: Visit, code: &str, typed: &Typed, done: &str) -> Answer {
    visit.ctx.actor.must(Permission::ManageUnits)?;
    let unit = find(app, code).await?;
    let (version, set) = app.service.report_setup(&visit.ctx, unit.id).await?;
    let year = service::civil_date(visit.ctx.at).year() - 1;
    let frame = Frame::desk(app, &mut visit, "主管部门和期限", REPORTS)
        .step(at(&unit.code, year), format!("{}年度报告汇总", unit.short_name))
        .told(done);
    let world = World::read(app, &visit).await?;
    let below: Vec<Choice> = world
        .tree
        .0
        .iter()
        .filter(|u| u.id != unit.id && u.valid_to.is_none() && world.tree.within(u.id, unit.id))
        .map(|u| Choice::new(u.id.to_string(), &u.name))
        .collect();
    let department = Field::select("department", "政府信息公开工作主管部门", or_none("没有设置", below))
        .hint("该部门的人员可以审核各机关报送的报告，编制、公布本级政府的报告")
        .optional()
        .value(set.department.map(|d| d.to_string()).unwrap_or_default());
    let mut fields = vec![department];
    for ((name, label), limit) in LIMITS.into_iter().zip(limits(&set.deadlines)) {
        fields.push(Field::text(name, label).value(limit.label()).hint("例如：1月26日"));
    }
    let form = Form::post(format!("{HOME}/{}/setup", unit.code), "保存", fields)
        .hide("once", &frame.once)
        .hide("version", version)
        .cancel(at(&unit.code, year));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = "部门的报告应当在1月31日前报送并公布，本级政府的报告应当在3月31日前公布（条例第四十九条）。本地要求更早的，在这里设置。".into();
    Ok(page.answer())
}

/// `1月26日`, `1-26`
fn limit_of(text: &str) -> Option<Limit> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
    let (month, day) = (numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?);
    if numbers.next().is_some() { None } else { Limit::new(month, day) }
}

async fn save_setup(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(code): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> std::result::Result<axum::response::Response, PageError> {
    let mut typed = Typed::new(pairs);
    let unit = find(&app, &code).await?;
    let read: Vec<Option<Limit>> = LIMITS
        .iter()
        .map(|(name, label)| typed.read(name, &format!("{label}，例如1月26日"), limit_of))
        .collect();
    if let [Some(a), Some(b), Some(c), Some(d), Some(e)] = read[..] {
        let deadlines = Deadlines {
            departments_file: a,
            departments_publish: b,
            governments_file: c,
            governments_publish: d,
            publish: e,
        };
        let setup = ReportSetup { department: typed.id("department"), deadlines };
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.save_report_setup(ctx, unit.id, typed.version(), setup).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{HOME}/{}/setup?done=saved", unit.code)));
        }
    }
    show_setup(&app, visit, &code, &typed, "").await
}

/// What the collection of reports asks of the officer.
pub(super) async fn waiting(service: &Service, ctx: &Context, code: Option<&str>) -> Result<Vec<Count>> {
    let duties = service.report_duties(ctx).await?;
    let own = code.map(|c| filing_address(c, duties.year)).unwrap_or_else(|| REPORTS.to_owned());
    let rows = [
        ("年度报告待报送", duties.to_file, "yellow", own.clone()),
        ("年度报告被退回", duties.returned, "red", own),
        ("报送的年度报告待审核", duties.to_review, "blue", HOME.to_owned()),
    ];
    Ok(rows
        .into_iter()
        .filter(|r| r.1 > 0)
        .map(|(label, n, tone, href)| Count::new(label, n, tone, href))
        .collect())
}

#[cfg(test)]
impl BodiesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |bodies| BodiesPage { frame: frame.clone(), year: 2021, bodies };
        vec![page(vec![Link::new("/desk/collections/sample/2021", "样例县人民政府")]), page(vec![])]
    }
}

#[cfg(test)]
impl CollectionPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = |tick: &str, late| UnitLine {
            link: Link::new("/desk/report-filings/sample/2021", "样例县教育局"),
            state: Badge::new("待审核", "blue"),
            late,
            due: "2022年1月26日".into(),
            filed: "2022年1月25日".into(),
            findings: "没有核查意见".into(),
            tick: tick.into(),
            published: "—".into(),
        };
        let page = |lines: Vec<UnitLine>, accept: &str, problems: Problems| CollectionPage {
            frame: frame.clone(),
            problems,
            filter: Form::get("/desk/collections/sample/2021", "查看", vec![Field::text("state", "情况")]),
            counts: vec![Count::new("待审核", 1, "blue", "/desk/collections/sample/2021?state=filed")],
            coverage: "应当汇总2个机关的报告，已接收1个；还有1个没有接收。".into(),
            links: vec![Link::new("/desk/reports/sample/2021/government", "汇总表")],
            department: "样例县人民政府办公室".into(),
            lines,
            accept: accept.into(),
            once: "1".into(),
        };
        vec![
            page(
                vec![line("a:1", "逾期报送"), line("", "")],
                "/desk/collections/sample/2021/accept",
                Problems::default(),
            ),
            page(vec![], "", Problems::default()),
        ]
    }
}

#[cfg(test)]
impl SamePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = SameLine {
            one: Link::new("/desk/report-filings/a/2021", "县教育局2021年"),
            other: Link::new("/desk/report-filings/b/2020", "县水利局2020年"),
            masked: "98%".into(),
            raw: "91%".into(),
        };
        let page = |lines| SamePage { frame: frame.clone(), lines };
        vec![page(vec![line]), page(vec![])]
    }
}
