//! The report being made: figures that open their records, findings, the next step, and what was done.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page};
use super::super::words::{attachment, day, moment, person};
use super::docket::{DueBox, Line, left};
use super::register::Said;
use super::report_act;
use super::report_list::{address, tone};
use super::{Officer, World};
use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{FromRequestParts, MatchedPath, Path, Query, State};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::Timestamp;
use law::docket::report::{Part, ReportEvent, Scope, Stage, deadline};
use law::form::check::{self, Finding, Severity};
use law::form::consolidation::Consolidation;
use paper::Format;
use service::report::{BuiltReport, ReportAsk, ReportView};
use service::row::{ReportFilter, UnitRow};
use service::{Error, History, Permission};
use std::collections::HashMap;
use uuid::Uuid;

/// The two addresses of a report: the unit's own, and the government's.
pub const ADDRESSES: [&str; 2] = ["/desk/reports/{unit}/{year}", "/desk/reports/{unit}/{year}/government"];

/// A report, its actions and its downloads.
pub fn routes() -> Router<App> {
    ADDRESSES.iter().fold(Router::new(), |router, at| {
        router
            .route(at, get(show))
            .route(&format!("{at}/act"), post(report_act::act))
            .route(&format!("{at}/download/{{format}}"), get(download))
    })
}

/// Which report an address names.
#[derive(Debug, Clone)]
pub struct Which {
    /// Whose.
    pub unit: UnitRow,
    /// Year and scope.
    pub ask: ReportAsk,
}

impl Which {
    /// Its address.
    pub fn at(&self) -> String {
        address(&self.unit.code, self.ask.year, self.ask.scope)
    }

    /// The docket of the report, if it was begun.
    pub async fn docket(&self, app: &App, ctx: &service::Context) -> service::Result<Option<Uuid>> {
        let filter = ReportFilter {
            units: Some(vec![self.unit.id]),
            year: Some(self.ask.year),
            scope: Some(self.ask.scope.key().to_owned()),
            published: false,
        };
        Ok(app.service.reports(ctx, filter).await?.first().map(|r| r.id))
    }

    /// `高平市人民政府办公室2020年度报告`
    pub fn name(&self) -> String {
        let scope = if self.ask.scope == Scope::Government { "（本级政府）" } else { "" };
        format!("{}{}年度报告{scope}", self.unit.name, self.ask.year)
    }
}

impl FromRequestParts<App> for Which {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, PageError> {
        let nowhere = || PageError(Error::NotFound("没有这份年度报告，请从年度报告列表进入".into()));
        let Path(names) =
            Path::<HashMap<String, String>>::from_request_parts(parts, app).await.map_err(|_| nowhere())?;
        let matched = parts.extensions.get::<MatchedPath>().map_or("", |p| p.as_str());
        let scope = if matched.starts_with(ADDRESSES[1]) { Scope::Government } else { Scope::Own };
        let unit = names.get("unit").ok_or_else(nowhere)?;
        let year = names.get("year").and_then(|y| y.parse().ok()).ok_or_else(nowhere)?;
        let unit = app.service.find_unit(unit).await?;
        let ask = ReportAsk { unit: unit.id, year, scope, as_of: None };
        Ok(Which { unit, ask })
    }
}

/// A finding ready to print.
#[derive(Debug, Clone, Default)]
pub struct FindingView {
    /// Rule.
    pub id: String,
    /// Place on the page.
    pub anchor: String,
    /// `错误`, `预警`, `提示`.
    pub severity: Badge,
    /// `不符`, `待核`, `无法核对`.
    pub verdict: &'static str,
    /// The sentence.
    pub message: String,
    /// Words of the report it is about.
    pub quote: String,
    /// Source.
    pub citation: String,
    /// Where it is found in a report that was read, and what to write instead; empty if there is nothing to say.
    pub place: String,
    /// Cells concerned.
    pub cells: Vec<Link>,
    /// `妨碍公布`, `妨碍接收`; empty if it stands in the way of nothing.
    pub blocks: &'static str,
    /// The recorded explanation.
    pub waived: String,
    /// Whether an explanation was refused just now: its form stays open with what was typed.
    pub refused: bool,
    /// What [`FindingView::form`] does while nothing is recorded.
    pub act: &'static str,
    /// Explains it, or takes the explanation back.
    pub form: Option<Form>,
}

impl FindingView {
    /// What a finding says by itself; `n` is its place among those of the page, from 1.
    pub fn of(n: usize, f: &Finding, cell: impl Fn(&str) -> Link) -> FindingView {
        FindingView {
            id: f.id.clone(),
            anchor: format!("finding-{n}"),
            severity: severity(f.severity),
            verdict: f.verdict.label(),
            message: f.message.clone(),
            quote: f.quote.clone().unwrap_or_default(),
            citation: f.citation.clone(),
            cells: f.cells.iter().map(|c| cell(c)).collect(),
            ..FindingView::default()
        }
    }
}

/// A unit whose report a government's report adds up.
#[derive(Debug, Clone, Default)]
pub struct CoverLine {
    /// Its filing.
    pub unit: Link,
    /// Whether it is in the sum.
    pub state: Badge,
    /// Why not, or which filing it is.
    pub note: String,
}

/// One step of the way of a report.
#[derive(Debug, Clone, Default)]
pub struct WayStep {
    /// Name.
    pub label: &'static str,
    /// `done`, `now` or `open`.
    pub state: &'static str,
}

/// A report on the desk.
#[derive(Debug, Template)]
#[template(path = "desk/report.html")]
pub struct ReportPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) stage: Badge,
    pub(super) way: Vec<WayStep>,
    pub(super) deadline: DueBox,
    pub(super) as_of: String,
    pub(super) back_in_draft: String,
    pub(super) actions: Vec<(&'static str, Form)>,
    pub(super) waiting: &'static str,
    pub(super) findings: Vec<FindingView>,
    pub(super) summary: String,
    pub(super) outdated: Vec<String>,
    pub(super) parts: Vec<Link>,
    pub(super) downloads: Vec<Link>,
    pub(super) public: Option<Link>,
    pub(super) filing: Option<Link>,
    pub(super) coverage: Vec<CoverLine>,
    pub(super) covered: String,
    pub(super) article: String,
    pub(super) history: Vec<Line>,
}

async fn show(
    State(app): State<App>,
    officer: Officer,
    which: Which,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    if query.get("scope") == "government" {
        return Ok(super::see(&address(&which.unit.code, which.ask.year, Scope::Government)));
    }
    let done = query.get("done").to_owned();
    render(&app, officer, &which, &Typed::default(), &done).await
}

/// The page, with what was wrong with the last action.
pub async fn render(
    app: &App,
    Officer(mut visit): Officer,
    which: &Which,
    typed: &Typed,
    done: &str,
) -> Answer {
    let at = which.at();
    let view = match which.docket(app, &visit.ctx).await? {
        Some(id) => Some(app.service.report_view(&visit.ctx, id).await?),
        None => None,
    };
    let built = match &view {
        Some(view) => view.built.clone(),
        None => app.service.build_report(&visit.ctx, &which.ask).await?,
    };
    let frame = Frame::desk(app, &mut visit, &which.name(), "/desk/reports").told(done);
    let world = World::read(app, &visit).await?;
    let version = view.as_ref().map_or(0, |v| v.version);
    let stage = view.as_ref().map(|v| v.standing.stage);
    let due = deadline(which.ask.scope, which.ask.year);
    let published = view.as_ref().and_then(|v| v.standing.publications.first()).map(|p| p.on);
    let findings = finding_views(
        &built,
        &at,
        version,
        &frame.once,
        visit.ctx.actor.may(Permission::ApproveReport) && view.is_some(),
        typed,
    );
    let blocking = built.blocking().count();
    let may_edit = visit.ctx.actor.may(Permission::EditReport) && view.is_some();
    let article = article_of(&built, Some(&format!("{at}/cells/")));
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let actions = report_act::offered(&visit.ctx.actor, view.as_ref(), &at, &frame.once, typed);
    Ok(page(
        status,
        &ReportPage {
            problems: Problems { all: typed.problems.clone() },
            stage: stage.map_or_else(|| Badge::new("未起草", "grey"), |s| Badge::new(s.label(), tone(s))),
            way: way(stage),
            deadline: DueBox {
                on: day(due.on),
                left: match published {
                    Some(on) => {
                        Badge::new(format!("{}公布", day(on)), if on > due.on { "red" } else { "green" })
                    }
                    None => left(due.on, &world),
                },
                provisional: due.provisional,
                steps: due.because,
            },
            as_of: built.as_of.parse::<Timestamp>().map_or_else(|_| built.as_of.clone(), moment),
            back_in_draft: view.as_ref().and_then(|v| v.standing.back_in_draft.clone()).unwrap_or_default(),
            waiting: report_act::waiting(stage),
            actions,
            summary: summary(&built, blocking),
            findings,
            outdated: view.iter().flat_map(|v| &v.outdated).map(|f| f.message.clone()).collect(),
            parts: if may_edit { parts(&at) } else { Vec::new() },
            downloads: downloads(&at),
            public: published.is_some().then(|| Link::new(at.replacen("/desk", "", 1), "公众看到的页面")),
            filing: filing_link(&world, which),
            covered: built.consolidation.as_ref().map(covered).unwrap_or_default(),
            coverage: built.consolidation.as_ref().map(|c| coverage(c, &world, which)).unwrap_or_default(),
            article,
            history: view.as_ref().map(history).unwrap_or_default(),
            frame,
        },
    ))
}

/// Where the report goes: to the body that adds it up, or where those below file theirs.
fn filing_link(world: &World<'_>, which: &Which) -> Option<Link> {
    let (unit, year) = (&which.unit, which.ask.year);
    if which.ask.scope == Scope::Government {
        return (!world.tree.members(unit.id, year).is_empty()).then(|| {
            Link::new(format!("{}/{}/{year}", super::collection::HOME, unit.code), "各机关报送情况")
        });
    }
    let text = "向汇总机关报送";
    unit.consolidates_into.map(|_| Link::new(super::report_filing::address(&unit.code, year), text))
}

fn covered(sum: &Consolidation) -> String {
    let open = sum.unexplained().count();
    let rest = match open {
        0 => "。".to_owned(),
        n => format!("，还有{n}个没有接收；表中只有已接收的，接收完毕或者登记不汇总的理由以后才能公布。"),
    };
    format!(
        "每个数字是本级政府自身和各机关之和，点击数字查看由哪些机关组成。应当汇总{}个机关的报告，已接收{}个{rest}",
        sum.owed(),
        sum.members.len()
    )
}

fn coverage(sum: &Consolidation, world: &World<'_>, which: &Which) -> Vec<CoverLine> {
    let code = |id: &str| Uuid::parse_str(id).ok().and_then(|id| world.unit(id)).map(|u| u.code.clone());
    let link = |unit: &str, name: &str| {
        let code = code(unit).unwrap_or_default();
        Link::new(super::report_filing::address(&code, which.ask.year), name)
    };
    let missing = sum.missing.iter().map(|m| CoverLine {
        unit: link(&m.unit, &m.name),
        state: match m.reason {
            Some(_) => Badge::new("不汇总", "grey"),
            None => Badge::new("没有接收", "red"),
        },
        note: m.reason.clone().unwrap_or_default(),
    });
    let members = sum.members.iter().map(|m| CoverLine {
        unit: link(&m.unit, &m.name),
        state: Badge::new("已接收", "green"),
        note: if m.round > 1 { format!("第{}次报送", m.round) } else { String::new() },
    });
    missing.chain(members).collect()
}

fn way(stage: Option<Stage>) -> Vec<WayStep> {
    let all = ["起草", "审核", "批准", "公布"];
    let reached = match stage {
        None => 0,
        Some(Stage::Draft) => 1,
        Some(Stage::Reviewed) => 2,
        Some(Stage::Approved) => 3,
        Some(Stage::Published | Stage::Corrected) => 5,
    };
    // What is in hand: a draft is being drafted until it is reviewed.
    let now = match stage {
        None | Some(Stage::Draft) => 0,
        _ => reached,
    };
    all.into_iter()
        .enumerate()
        .map(|(n, label)| WayStep {
            label,
            state: match n.cmp(&now) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "now",
                std::cmp::Ordering::Greater => "open",
            },
        })
        .collect()
}

fn summary(built: &BuiltReport, blocking: usize) -> String {
    let count = |s: Severity| built.findings.iter().filter(|f| f.severity == s).count();
    if built.findings.is_empty() {
        return "全部核查通过，没有需要处理的问题。".to_owned();
    }
    let (e, w, i) = (count(Severity::Error), count(Severity::Warning), count(Severity::Info));
    let stop = match blocking {
        0 => "没有妨碍公布的问题。".to_owned(),
        n => format!("其中{n}项处理之前不能公布。"),
    };
    format!("错误{e}项，预警{w}项，提示{i}项。{stop}")
}

fn parts(at: &str) -> Vec<Link> {
    Part::ALL.into_iter().map(|p| Link::new(format!("{at}/text/{}", p.key()), p.label())).collect()
}

fn downloads(at: &str) -> Vec<Link> {
    [Format::Docx, Format::Pdf, Format::Xlsx, Format::Csv, Format::Json, Format::Markdown]
        .map(|f| Link::new(format!("{at}/download/{}", f.extension()), f.label()))
        .into()
}

/// The colour of a severity.
pub fn severity(s: Severity) -> Badge {
    let tone = match s {
        Severity::Error => "red",
        Severity::Warning => "yellow",
        Severity::Info => "blue",
    };
    Badge::new(s.label(), tone)
}

fn finding_views(
    built: &BuiltReport,
    at: &str,
    version: u32,
    once: &str,
    may_waive: bool,
    typed: &Typed,
) -> Vec<FindingView> {
    let blocking: Vec<String> = built.blocking().map(Finding::key).collect();
    let mut all: Vec<&Finding> = built.findings.iter().collect();
    all.sort_by_key(|f| f.severity);
    all.into_iter()
        .enumerate()
        .map(|(n, f)| {
            let key = f.key();
            let refused = typed.get("do") == "waive" && typed.get("finding") == key;
            let waiver = built.waivers.iter().find(|w| w.finding == key);
            let waivable = check::rule(&f.id).is_some_and(|r| r.waivable);
            let act = |action: &str, button: &str, fields| {
                Form::post(format!("{at}/act"), button, fields)
                    .hide("do", action)
                    .hide("finding", &key)
                    .hide("version", version)
                    .hide("once", once)
            };
            let form = match waiver {
                Some(_) => Some(act("withdraw", "撤回说明", Vec::new())),
                None if waivable && f.severity != Severity::Info => {
                    let name = format!("reason-{}", n + 1);
                    let reason =
                        Field::area(&name, "说明为什么可以保留", 2).hint("不少于5个字，记入办理记录");
                    Some(act("waive", "记录说明", vec![reason]).hide("reason-field", name))
                }
                None => None,
            };
            FindingView {
                act: "作出说明",
                blocks: if blocking.contains(&key) { "妨碍公布" } else { "" },
                waived: waiver.map(|w| format!("{}说明：{}", day(w.on), w.reason)).unwrap_or_default(),
                form: form.filter(|_| may_waive).map(|f| if refused { f.filled(typed) } else { f }),
                refused,
                ..FindingView::of(n + 1, f, |c| Link::new(format!("{at}/cells/{c}"), built.form.name_of(c)))
            }
        })
        .collect()
}

/// The article of a report; with links where a cell opens.
pub fn article_of(built: &BuiltReport, links: Option<&str>) -> String {
    marked(paper::html_fragment(&built.paper(links)), &built.findings)
}

/// An article one level lower in the outline of the desk; cells lead to their findings, which are listed the gravest first.
pub fn marked(mut html: String, findings: &[Finding]) -> String {
    for (from, to, class) in
        [("h3", "h4", "report-sub"), ("h2", "h3", "report-part"), ("h1", "h2", "report-title")]
    {
        html = html
            .replace(&format!("<{from}>"), &format!("<{to} class=\"{class}\">"))
            .replace(&format!("</{from}>"), &format!("</{to}>"));
    }
    let mut all: Vec<&Finding> = findings.iter().collect();
    all.sort_by_key(|f| f.severity);
    for (n, f) in all.iter().enumerate() {
        let Some(class) = mark_of(f.severity) else { continue };
        for cell in &f.cells {
            let plain = format!("<td data-cell=\"{cell}\"");
            let marked =
                format!("<td class=\"{class}\" aria-describedby=\"finding-{}\" data-cell=\"{cell}\"", n + 1);
            // The gravest finding comes first; a cell that is marked already no longer matches.
            html = html.replacen(&plain, &marked, 1);
        }
    }
    html
}

/// The class of a place with a finding; a remark marks nothing.
pub fn mark_of(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Error => Some("found-error"),
        Severity::Warning => Some("found-warning"),
        Severity::Info => None,
    }
}

fn say(event: &ReportEvent) -> Said {
    match event {
        ReportEvent::Drafted { year, scope, .. } => {
            Said::plain("起草").item("年度", format!("{year}年")).item("范围", scope.label())
        }
        ReportEvent::TextEdited { part, .. } => Said::plain("编辑正文").item("部分", part.label()),
        ReportEvent::Reviewed { note } => Said::plain("审核通过").item("意见", note),
        ReportEvent::Returned { note } => Said::plain("退回修改").item("意见", note),
        ReportEvent::Approved { note } => Said::plain("批准").item("意见", note),
        ReportEvent::FindingWaived { finding, reason } => {
            Said::plain("对核查意见作出说明").item("核查意见", finding).item("理由", reason)
        }
        ReportEvent::WaiverWithdrawn { finding } => Said::plain("撤回说明").item("核查意见", finding),
        ReportEvent::Published { .. } => Said::plain("公布"),
        ReportEvent::Corrected { reason, .. } => Said::plain("更正后重新公布").item("更正说明", reason),
    }
}

fn history(view: &ReportView) -> Vec<Line> {
    let line = |h: &History<ReportEvent>| Line {
        ordinal: h.recorded.ordinal,
        seq: h.seq,
        said: h.recorded.event.as_ref().map_or_else(|| Said::plain("作废"), say),
        on: day(h.recorded.effective_on),
        at: moment(h.at),
        who: person(&h.actor).to_owned(),
        ..Line::default()
    };
    view.history.iter().rev().map(line).collect()
}

/// The bytes of a report under a readable name. Setting a PDF takes a while, so it is done beside the other visits.
pub async fn file(app: &App, built: BuiltReport, format: &str, links: Option<String>, draft: bool) -> Answer {
    let wanted = Format::parse(format)
        .ok_or_else(|| Error::NotFound(format!("没有“{format}”这种格式，请从下载列表中选择")))?;
    let suffix = if draft { "（草稿）" } else { "" };
    let name = format!("{}{suffix}.{}", built.title, wanted.extension());
    let plain = format!("report-{}-{}.{}", built.unit.code, built.year, wanted.extension());
    let fonts = app.fonts.clone();
    let bytes = tokio::task::spawn_blocking(move || built.render(wanted, &fonts, links.as_deref()))
        .await
        .map_err(|e| Error::Internal(e.to_string()))??;
    let headers = [
        (header::CONTENT_TYPE, wanted.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name, &plain)),
    ];
    Ok((headers, bytes).into_response())
}

async fn download(
    State(app): State<App>,
    Officer(visit): Officer,
    which: Which,
    Path(names): Path<HashMap<String, String>>,
) -> Answer {
    let built = app.service.build_report(&visit.ctx, &which.ask).await?;
    let draft = built.notice.is_some();
    let format = names.get("format").map_or("", String::as_str);
    file(&app, built, format, None, draft).await
}
