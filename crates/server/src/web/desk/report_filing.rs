//! 报送 of one report at the desk: what was filed, with its figures to be marked cell by cell; what was returned and what
//! the unit did about it; and what may be done now by the unit and by the body that adds the report up.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{day, moment, person};
use super::docket::{Line as HistoryLine, conflict, left};
use super::register::{Item, Said};
use super::report::{FindingView, article_of};
use super::report_list::address as report_address;
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use law::docket::report::{Part, Scope};
use law::docket::report_filing::{FilingEvent, Line, Settled, Source, Stage, Standing};
use law::form::Form as ReportForm;
use service::report::{BuiltReport, Filed, FilingAction, FilingView, NewFiling};
use service::{Error, History, Permission};
use std::collections::BTreeMap;

/// `/desk/report-filings/{unit}/{year}` and what is done there
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/report-filings/{unit}/{year}", get(show))
        .route("/desk/report-filings/{unit}/{year}/act", post(act))
}

/// The address of a filing.
pub fn address(code: &str, year: i16) -> String {
    format!("/desk/report-filings/{code}/{year}")
}

/// The colour of a stage.
fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Filed => "blue",
        Stage::Returned => "red",
        Stage::Accepted => "green",
        Stage::Withdrawn | Stage::Excused => "grey",
    }
}

/// A line that is marked, or was returned.
#[derive(Debug, Clone, Default)]
pub struct MarkLine {
    /// Its number on the page.
    pub n: usize,
    /// Which line.
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
    /// What the unit did about it.
    pub settled: Badge,
    /// What the unit says.
    pub answer: String,
    /// Takes the mark away.
    pub form: Option<Form>,
}

/// A filed report.
#[derive(Debug, Template)]
#[template(path = "desk/report_filing.html")]
pub struct FilingPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) stage: Badge,
    pub(super) items: Vec<Item>,
    pub(super) waiting: String,
    pub(super) actions: Vec<(&'static str, Form)>,
    pub(super) links: Vec<Link>,
    pub(super) marks: Vec<MarkLine>,
    pub(super) returned: Vec<MarkLine>,
    pub(super) changed: String,
    pub(super) findings: Vec<FindingView>,
    /// Where ticked lines are marked; empty for who may not.
    pub(super) mark: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) fields: Vec<Field>,
    pub(super) article: String,
    pub(super) history: Vec<HistoryLine>,
}

type Named = Path<(String, i16)>;

async fn show(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((code, year)): Named,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let typed = Typed::new(query);
    let done = typed.get("done").to_owned();
    render(&app, visit, &code, year, &Typed::default(), &done).await
}

fn source(source: &Source) -> String {
    match source {
        Source::System { published_on: Some(on), .. } => format!("本系统，{}公布", day(*on)),
        Source::System { .. } => "本系统，已批准、未公布".to_owned(),
        Source::File { name, digest, .. } => {
            format!("读入文件“{name}”（SHA-256：{}…）", digest.chars().take(12).collect::<String>())
        }
    }
}

fn name(line: &Line, form: Option<&'static ReportForm>) -> String {
    form.map_or_else(|| line.key(), |f| line.name(f))
}

async fn render(app: &App, mut visit: Visit, code: &str, year: i16, typed: &Typed, done: &str) -> Answer {
    let unit = app.service.find_unit(code).await?;
    let view = app.service.filing_view(&visit.ctx, unit.id, year).await?;
    let here = address(&unit.code, year);
    let title = format!("{}{year}年度报告报送", unit.short_name);
    let frame = Frame::desk(app, &mut visit, &title, "/desk/reports").told(done);
    let frame = match &view.into {
        Some(into) if view.receives => frame.step(
            format!("{}/{}/{year}", super::collection::HOME, into.code),
            format!("{}{year}年度报告汇总", into.short_name),
        ),
        _ => frame,
    };
    let world = World::read(app, &visit).await?;
    let filed = view.filed.as_ref();
    let standing = filed.map(|f| &f.standing);
    let stage = standing.map(|s| s.stage);
    let round = standing.and_then(Standing::last);
    let form = round.and_then(|r| ReportForm::by_id(&r.report.form));
    let version = filed.map_or(0, |f| f.version);
    let actor = &visit.ctx.actor;
    let reviews = view.receives && actor.may(Permission::ReviewReport);
    let mut items = vec![Item::new("报送单位", &unit.name)];
    items.extend(view.into.as_ref().map(|u| Item::new("汇总机关", &u.name)));
    items.push(Item::new("报送期限", day(view.due.on)));
    if let Some(round) = round {
        items.push(Item::new("报送日期", day(round.on)));
        items.push(Item::new("报告来源", source(&round.source)));
        items.extend(round.reason.as_ref().map(|r| Item::new("重新报送的理由", r)));
        items.extend(
            round.verdict.as_ref().filter(|v| !v.note.is_empty()).map(|v| Item::new("意见", &v.note)),
        );
    }
    items.extend(standing.and_then(|s| s.excuse.as_ref()).map(|r| Item::new("不汇总的理由", r)));
    let act = |what: &str, button: &str, fields: Vec<Field>| {
        let form = Form::post(format!("{here}/act"), button, fields)
            .hide("do", what)
            .hide("version", version)
            .hide("once", &frame.once);
        if typed.get("do") == what { form.filled(typed) } else { form }
    };
    let mut actions = Vec::new();
    if view.files && actor.may(Permission::EditReport) && view.into.is_some() {
        actions.extend(of_unit(standing, &act));
    }
    if view.receives && view.into.is_some() {
        actions.extend(of_receiver(standing, reviews, actor.may(Permission::ApproveReport), &act));
    }
    let mut marks = Vec::new();
    for (n, (line, reason)) in standing.iter().flat_map(|s| &s.marks).enumerate() {
        let remove = act("unmark", "取消标注", Vec::new()).hide("line", line.key());
        marks.push(MarkLine {
            n: n + 1,
            name: name(line, form),
            reason: reason.clone(),
            form: reviews.then_some(Form { class: "secondary", ..remove }),
            ..MarkLine::default()
        });
    }
    let returned = match standing {
        Some(s) if s.stage == Stage::Returned => open_lines(s, form),
        Some(s) => settled_lines(s, form),
        None => Vec::new(),
    };
    let may_mark = reviews && matches!(stage, Some(Stage::Filed | Stage::Accepted));
    let scope = standing.map_or(Scope::Own, |s| s.scope);
    let mut links = Vec::new();
    if view.files {
        links.push(Link::new(report_address(&unit.code, year, scope), "本单位的年度报告"));
    }
    let article = match (filed, round) {
        (Some(f), Some(_)) => article(&view, f, may_mark.then_some(typed))?,
        _ => String::new(),
    };
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(
        status,
        &FilingPage {
            problems: Problems { all: typed.problems.clone() },
            stage: match stage {
                Some(stage) => Badge::new(stage.label(), tone(stage)),
                None => left(view.due.on, &world),
            },
            waiting: waiting(&view),
            items,
            actions,
            links,
            marks,
            returned,
            changed: standing.map(changed).unwrap_or_default(),
            findings: filed.map(findings).unwrap_or_default(),
            mark: if may_mark { format!("{here}/act") } else { String::new() },
            hidden: vec![
                ("do", "mark".into()),
                ("version", version.to_string()),
                ("once", frame.once.clone()),
            ],
            fields: if may_mark {
                mark_fields(form, round.map(|r| &r.report.texts), typed)
            } else {
                Vec::new()
            },
            article,
            history: filed.map(|f| history(f, form)).unwrap_or_default(),
            frame,
        },
    ))
}

fn waiting(view: &FilingView) -> String {
    let Some(into) = &view.into else {
        return "本单位的报告没有登记汇总机关，不需要报送。".into();
    };
    let text = match view.filed.as_ref().map(|f| f.standing.stage) {
        None => "报告批准以后向汇总机关报送，也可以读入已经公布的报告。",
        Some(Stage::Filed) => "报告已经报送，由汇总机关逐项审核后接收或者退回。",
        Some(Stage::Returned) => {
            "报告已经退回。请修改退回的各处，重新审核、批准后再报送；不修改的，说明理由。"
        }
        Some(Stage::Accepted) => "报告已经接收，计入汇总表。需要更正的，更正报告后重新报送并写明理由。",
        Some(Stage::Withdrawn) => "报告已经撤回，修改后重新报送。",
        Some(Stage::Excused) => "汇总机关登记为不汇总；仍然可以报送。",
    };
    format!("{text}（汇总机关：{}）", into.short_name)
}

/// What the unit may do.
fn of_unit(
    standing: Option<&Standing>,
    act: &dyn Fn(&str, &str, Vec<Field>) -> Form,
) -> Vec<(&'static str, Form)> {
    let Some(s) = standing else { return vec![("报送", act("file", "报送", Vec::new()))] };
    match s.stage {
        Stage::Filed => {
            let reason = Field::area("withdraw_reason", "撤回的理由", 2);
            let form = act("withdraw", "撤回", vec![reason]);
            vec![("撤回", Form { class: "secondary", ..form })]
        }
        Stage::Returned => {
            let form = s.last().and_then(|r| ReportForm::by_id(&r.report.form));
            let field = |(n, line): (usize, &Line)| {
                Field::area(&format!("answer-{}", n + 1), &format!("{}没有修改的理由", name(line, form)), 2)
                    .optional()
                    .note("没有修改的必填")
            };
            let lines = s.to_settle();
            vec![("重新报送", act("file", "重新报送", lines.keys().enumerate().map(field).collect()))]
        }
        Stage::Accepted => {
            let reason = Field::area("file_reason", "重新报送的理由", 2);
            let form = act("file", "重新报送", vec![reason]);
            vec![("更正后重新报送", Form { class: "secondary", ..form })]
        }
        Stage::Withdrawn | Stage::Excused => vec![("报送", act("file", "报送", Vec::new()))],
    }
}

/// What the body that adds it up may do.
fn of_receiver(
    standing: Option<&Standing>,
    reviews: bool,
    approves: bool,
    act: &dyn Fn(&str, &str, Vec<Field>) -> Form,
) -> Vec<(&'static str, Form)> {
    let mut all = Vec::new();
    let stage = standing.map(|s| s.stage);
    let marked = standing.is_some_and(|s| !s.marks.is_empty());
    if reviews && stage == Some(Stage::Filed) {
        if marked {
            let note = Field::area("return_note", "退回意见", 2).optional();
            all.push(("退回", act("return", "退回", vec![note])));
        } else {
            let note = Field::area("accept_note", "接收意见", 2).optional();
            all.push(("接收", act("accept", "接收", vec![note])));
        }
    }
    if approves && matches!(stage, None | Some(Stage::Returned | Stage::Withdrawn)) {
        let reason = Field::area("excuse_reason", "不汇总的理由", 2)
            .hint("记入汇总表和公布的报告，例如：机构改革中撤销");
        let form = act("excuse", "登记为不汇总", vec![reason]);
        all.push(("不等该单位报送", Form { class: "secondary", ..form }));
    }
    all
}

fn open_lines(s: &Standing, form: Option<&'static ReportForm>) -> Vec<MarkLine> {
    let line = |(n, (line, reason)): (usize, (Line, String))| MarkLine {
        n: n + 1,
        name: name(&line, form),
        reason,
        settled: Badge::new("待处理", "yellow"),
        ..MarkLine::default()
    };
    s.to_settle().into_iter().enumerate().map(line).collect()
}

fn settled_lines(s: &Standing, form: Option<&'static ReportForm>) -> Vec<MarkLine> {
    let line = |(n, (line, reason, settled)): (usize, (Line, String, Settled))| {
        let (badge, answer) = match settled {
            Settled::Changed => (Badge::new("已修改", "green"), String::new()),
            Settled::Answered(said) => (Badge::new("说明理由", "blue"), said),
            Settled::Open => (Badge::new("未处理", "red"), String::new()),
        };
        MarkLine { n: n + 1, name: name(&line, form), reason, settled: badge, answer, form: None }
    };
    s.returned_lines().into_iter().enumerate().map(line).collect()
}

/// What is new since somebody looked last.
fn changed(s: &Standing) -> String {
    if s.looked_at().is_none() {
        return String::new();
    }
    let parts: Vec<&str> = s.changed_parts().into_iter().map(Part::label).collect();
    let cells = s.changed_cells().len();
    match (cells, parts.is_empty()) {
        (0, true) => "与上一次审核时相同，没有修改。".into(),
        (n, true) => {
            format!("与上一次审核时相比，修改了{n}个数据，表中标明原数；其余没有变化，不需要重新核对。")
        }
        (0, false) => {
            format!("与上一次审核时相比，修改了“{}”；其余没有变化，不需要重新核对。", parts.join("”“"))
        }
        (n, false) => format!(
            "与上一次审核时相比，修改了{n}个数据（表中标明原数）和“{}”；其余没有变化，不需要重新核对。",
            parts.join("”“")
        ),
    }
}

fn findings(f: &Filed) -> Vec<FindingView> {
    let form = f.standing.last().and_then(|r| ReportForm::by_id(&r.report.form));
    let mut all: Vec<_> = f.findings.iter().collect();
    all.sort_by_key(|f| f.severity);
    let name = |c: &str| form.map_or(c.to_owned(), |form| form.name_of(c));
    let finding = |(n, f): (usize, &law::form::check::Finding)| FindingView {
        blocks: if f.blocks() { "妨碍接收" } else { "" },
        ..FindingView::of(n + 1, f, |c| Link::new(format!("#cell-{c}"), name(c)))
    };
    all.into_iter().enumerate().map(finding).collect()
}

/// Rows and parts to be ticked besides cells, and the reason.
fn mark_fields(
    form: Option<&'static ReportForm>,
    texts: Option<&BTreeMap<Part, String>>,
    typed: &Typed,
) -> Vec<Field> {
    let Some(form) = form else { return Vec::new() };
    let mut rows: Vec<Line> = Vec::new();
    for cell in form.cells() {
        if let Some((row, _)) = cell.id.rsplit_once('.')
            && rows.last() != Some(&Line::Row(row.to_owned()))
        {
            rows.push(Line::Row(row.to_owned()));
        }
    }
    let choice = |line: &Line| Choice::new(line.key(), line.name(form));
    let parts: Vec<Line> = Part::ALL
        .into_iter()
        .filter(|p| texts.is_some_and(|t| t.contains_key(p)) || matches!(p, Part::Overview | Part::Problems))
        .map(Line::Part)
        .collect();
    let mut fields = vec![
        Field::checks("line_part", "有问题的部分", parts.iter().map(choice).collect()).optional(),
        Field::folded("line_row", "有问题的整行", rows.iter().map(choice).collect()),
        Field::area("mark_reason", "问题和修改要求", 2).hint("不少于5个字，所选各处使用同一理由"),
    ];
    if typed.get("do") == "mark" {
        for field in &mut fields {
            field.values = typed.all(&field.name);
        }
    }
    fields
}

/// The report with its figures to be ticked, what changed with what it was, and the numbers of marks.
fn article(view: &FilingView, f: &Filed, ticks: Option<&Typed>) -> service::Result<String> {
    let s = &f.standing;
    let Some(round) = s.last() else { return Ok(String::new()) };
    let built = BuiltReport::from_filing(&view.unit, (view.year, s.scope), &round.report, &f.findings)?;
    let mut html = article_of(&built, None);
    let changed = s.changed_cells();
    let ticked = ticks.map(|typed| typed.all("line"));
    for cell in built.form.cells() {
        let place = format!("data-cell=\"{}\"", cell.id);
        let Some(at) = html.find(&place) else { continue };
        let Some(begin) = html[at..].find('>').map(|n| at + n + 1) else { continue };
        let Some(end) = html[begin..].find("</td>").map(|n| begin + n) else { continue };
        let figure = html[begin..end].to_owned();
        let mut content = match &ticked {
            Some(ticked) => {
                let key = format!("cell:{}", cell.id);
                let checked = if ticked.contains(&key) { " checked" } else { "" };
                let name = built.form.name_of(&cell.id);
                format!(
                    "<span class=\"tick\"><input type=\"checkbox\" id=\"t-{0}\" name=\"line\" value=\"{key}\"{checked}><label for=\"t-{0}\"><span class=\"visually-hidden\">标注{name}：</span>{figure}</label></span>",
                    cell.id
                )
            }
            None => figure,
        };
        if let Some(was) = changed.get(&cell.id) {
            let was = was.map_or_else(|| "空白".to_owned(), |w| w.to_string());
            content.push_str(&format!("<span class=\"was\">原{was}</span>"));
        }
        for (n, _) in s.marks.keys().enumerate().filter(|(_, l)| l.covers(&cell.id)) {
            content.push_str(&format!("<a class=\"was\" href=\"#mark-{0}\">问题{0}</a>", n + 1));
        }
        html.replace_range(begin..end, &content);
        html.insert_str(at, &format!("id=\"cell-{}\" ", cell.id));
    }
    Ok(html)
}

fn say(event: &FilingEvent, form: Option<&'static ReportForm>) -> Said {
    match event {
        FilingEvent::Filed { source: from, reason, answers, .. } => {
            let mut said = Said::plain("报送").item("来源", source(from));
            if let Some(reason) = reason {
                said = said.item("理由", reason);
            }
            for (key, answer) in answers {
                let line = Line::parse(key).map_or_else(|| key.clone(), |l| name(&l, form));
                said = said.item(&line, answer);
            }
            said
        }
        FilingEvent::LineMarked { line, reason } => {
            Said::plain("标注问题").item("位置", name(line, form)).item("问题", reason)
        }
        FilingEvent::MarkRemoved { line } => Said::plain("取消标注").item("位置", name(line, form)),
        FilingEvent::Returned { note } => Said::plain("退回").item("意见", note),
        FilingEvent::Accepted { note } => Said::plain("接收").item("意见", note),
        FilingEvent::Withdrawn { reason } => Said::plain("撤回").item("理由", reason),
        FilingEvent::Excused { reason, .. } => Said::plain("登记为不汇总").item("理由", reason),
    }
}

fn history(f: &Filed, form: Option<&'static ReportForm>) -> Vec<HistoryLine> {
    let line = |h: &History<FilingEvent>| HistoryLine {
        ordinal: h.recorded.ordinal,
        seq: h.seq,
        said: h.recorded.event.as_ref().map_or_else(|| Said::plain("作废"), |e| say(e, form)),
        on: day(h.recorded.effective_on),
        at: moment(h.at),
        who: person(&h.actor).to_owned(),
        ..HistoryLine::default()
    };
    f.history.iter().rev().map(line).collect()
}

async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((code, year)): Named,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let unit = app.service.find_unit(&code).await?;
    let view = app.service.filing_view(&visit.ctx, unit.id, year).await?;
    let here = address(&unit.code, year);
    let ctx = visit.context().with_key(typed.key());
    let version = typed.version();
    let said = |name: &str| typed.get(name).to_owned();
    let unknown = || Error::Invalid("没有这项操作，请从报送页面重新选择".into());
    let action = match typed.get("do") {
        "file" | "excuse" => None,
        "mark" => Some(FilingAction::Mark {
            lines: ["line", "line_row", "line_part"]
                .iter()
                .flat_map(|name| typed.all(name))
                .filter_map(|l| Line::parse(&l))
                .collect(),
            reason: said("mark_reason"),
        }),
        "unmark" => Some(FilingAction::Unmark { line: Line::parse(typed.get("line")).ok_or_else(unknown)? }),
        "return" => Some(FilingAction::Return { note: said("return_note") }),
        "accept" => Some(FilingAction::Accept { note: said("accept_note") }),
        "withdraw" => Some(FilingAction::Withdraw { reason: said("withdraw_reason") }),
        _ => return Err(unknown().into()),
    };
    let done = match &action {
        None if typed.get("do") == "excuse" => "recorded",
        None => "filed",
        Some(FilingAction::Mark { .. }) => "marked",
        Some(FilingAction::Unmark { .. }) => "unmarked",
        Some(FilingAction::Return { .. }) => "returned",
        Some(FilingAction::Accept { .. }) => "accepted",
        Some(FilingAction::Withdraw { .. }) => "filing-withdrawn",
    };
    let result = match (action, &view.filed) {
        (Some(action), Some(filed)) => {
            app.service.act_on_filing(ctx, filed.id, version, action).await.map(|_| ())
        }
        (Some(_), None) => return Err(unknown().into()),
        (None, _) if typed.get("do") == "excuse" => {
            let reason = said("excuse_reason");
            app.service.excuse_unit(ctx, unit.id, year, version, reason).await.map(|_| ())
        }
        (None, filed) => {
            let lines = filed.as_ref().map(|f| f.standing.to_settle()).unwrap_or_default();
            let answer = |(n, line): (usize, &Line)| (line.key(), said(&format!("answer-{}", n + 1)));
            let answers = lines.keys().enumerate().map(answer).collect();
            let reason = Some(said("file_reason"));
            let new = NewFiling { unit: unit.id, year, seen: version, answers, reason };
            app.service.file_report(ctx, new).await.map(|_| ())
        }
    };
    if let Err(Error::Conflict(sentence)) = result {
        let frame = Frame::desk(&app, &mut visit, "内容已有变化", "/desk/reports");
        return Ok(conflict(frame, sentence, &Form::default(), Link::new(here, "查看最新内容")));
    }
    match settle(result, &mut typed)? {
        Some(()) => Ok(see(&format!("{here}?done={done}"))),
        None => render(&app, visit, &code, year, &typed, "").await,
    }
}

#[cfg(test)]
impl FilingPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let form =
            |what: &str| Form::post("/x", "办理", vec![Field::area(&format!("{what}_note"), "意见", 2)]);
        let mark = |n, form| MarkLine {
            n,
            name: "表三“(一)予以公开”的“总计”".into(),
            reason: "与台账不一致".into(),
            settled: Badge::new("已修改", "green"),
            answer: "说明".into(),
            form,
        };
        let article = "<article class=\"report\"><h2 class=\"report-title\">样例</h2><table><caption>表三</caption><tbody><tr><th scope=\"row\">一</th><td id=\"cell-a\"><span class=\"tick\"><input type=\"checkbox\" id=\"t-a\" name=\"line\" value=\"cell:a.b.c\"><label for=\"t-a\"><span class=\"visually-hidden\">标注：</span>3</label></span><span class=\"was\">原2</span></td></tr></tbody></table></article>";
        let full = FilingPage {
            frame: frame.clone(),
            problems: problems.clone(),
            stage: Badge::new("待审核", "blue"),
            items: vec![Item::new("报送单位", "样例县教育局")],
            waiting: "报告已经报送。".into(),
            actions: vec![("退回", form("return"))],
            links: vec![Link::new("/desk/reports/sample/2021", "本单位的年度报告")],
            marks: vec![mark(1, Some(Form::post("/x", "取消标注", Vec::new())))],
            returned: vec![mark(1, None)],
            changed: "与上一次审核时相比，修改了1个数据。".into(),
            findings: vec![FindingView {
                id: "T3-B".into(),
                anchor: "finding-1".into(),
                severity: Badge::new("错误", "red"),
                verdict: "不符",
                message: "样例".into(),
                cells: vec![Link::new("#cell-a", "样例单元格")],
                blocks: "妨碍接收",
                ..FindingView::default()
            }],
            mark: "/desk/report-filings/sample/2021/act".into(),
            hidden: vec![("do", "mark".into())],
            fields: vec![Field::area("mark_reason", "问题和修改要求", 2)],
            article: article.into(),
            history: vec![HistoryLine { ordinal: 1, said: Said::plain("报送"), ..HistoryLine::default() }],
        };
        let empty = FilingPage {
            frame: frame.clone(),
            problems: Problems::default(),
            stage: Badge::new("还剩5个工作日", "yellow"),
            items: vec![Item::new("报送单位", "样例县教育局")],
            waiting: "报告批准以后向汇总机关报送。".into(),
            actions: Vec::new(),
            links: Vec::new(),
            marks: Vec::new(),
            returned: Vec::new(),
            changed: String::new(),
            findings: Vec::new(),
            mark: String::new(),
            hidden: Vec::new(),
            fields: Vec::new(),
            article: String::new(),
            history: Vec::new(),
        };
        vec![full, empty]
    }
}
