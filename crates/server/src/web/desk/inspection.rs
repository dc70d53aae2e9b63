//! A report that was read: the file beside what was read of it, findings marked in both, each to be settled.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{attachment, day, moment, person};
use super::docket::{Line, conflict};
use super::inspection_list::{HOME, address, named};
use super::inspection_paper::original;
use super::register::Said;
use super::report::{FindingView, marked};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use law::docket::report_inspection::{InspectionEvent, Judgement, RulesUsed};
use law::form::narrative::{Paragraph, Run};
use law::form::part::{Part, Scope};
use service::inspection::{InspectionAction, InspectionView, opinion, place_words};
use service::report::{NewFiling, ReadReport};
use service::{Error, History, Permission};
use uuid::Uuid;

/// The page, what is done there, and what can be taken away.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/inspections/{id}", get(show))
        .route("/desk/inspections/{id}/act", post(act))
        .route("/desk/inspections/{id}/file", get(file))
        .route("/desk/inspections/{id}/opinion.docx", get(letter))
        .route("/desk/inspections/{id}/report.json", get(json))
}

/// A report that was read.
#[derive(Debug, Template)]
#[template(path = "desk/inspection.html")]
pub struct InspectionPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) state: Badge,
    pub(super) facts: Vec<(&'static str, String)>,
    pub(super) summary: String,
    pub(super) unread: Vec<String>,
    /// What has changed since the last run, and the form that runs the checks again.
    pub(super) outdated: Option<(String, Form)>,
    /// The settings of the checks that it was made with.
    pub(super) rules: Link,
    pub(super) findings: Vec<FindingView>,
    pub(super) downloads: Vec<Link>,
    pub(super) actions: Vec<(&'static str, Form)>,
    pub(super) original: String,
    pub(super) article: String,
    pub(super) history: Vec<Line>,
}

async fn show(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    render(&app, visit, id, &Typed::default()).await
}

async fn render(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    let view = app.service.inspection(&visit.ctx, id).await?;
    let standing = &view.standing;
    let name = named(&standing.report.organization, standing.year, file_name(&view));
    let frame = Frame::desk(app, &mut visit, &name, "/desk/reports");
    let world = World::read(app, &visit).await?;
    let once = frame.once.clone();
    let findings = finding_views(&view, &once, typed);
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let inspecting = app.service.inspecting_unit(&visit.ctx).await?;
    Ok(page(
        status,
        &InspectionPage {
            problems: Problems { all: typed.problems.clone() },
            state: match &standing.discarded {
                Some(_) => Badge::new("已作废", "grey"),
                None => Badge::new(format!("{}年格式", view.inspection.reading.form.id), "blue"),
            },
            facts: facts(&view),
            summary: format!("{}。", view.inspection.summary()),
            unread: view.inspection.refusals(),
            outdated: outdated(&view, &once),
            rules: rules(&view, inspecting),
            findings,
            downloads: downloads(id),
            actions: actions(&view, &world, &once, typed),
            original: original(&view.document, &view.inspection),
            article: article(&view),
            history: history(&view),
            frame,
        },
    ))
}

/// What has changed since the last run, if it counts still, and what runs the checks again.
fn outdated(view: &InspectionView, once: &str) -> Option<(String, Form)> {
    if view.standing.discarded.is_some() || !(view.outdated || view.rules_changed) {
        return None;
    }
    if !view.rules_changed {
        let text = "现在的核查结果与上次记录的不同，已经处理的意见保留。".to_owned();
        return Some((text, action_form(view, once, "recheck", "按现在的核查结果更新", Vec::new())));
    }
    let now = view.rules_now.as_ref().map_or_else(|| "法定规则".to_owned(), RulesUsed::label);
    let text =
        format!("核查规则已经改变，现在使用{now}。重新核查后按现在的规则列出问题，已经处理的意见保留。");
    Some((text, action_form(view, once, "recheck", "按现在的规则重新核查", Vec::new())))
}

/// The settings that the inspection was made with; of the rules of the law the page where all rules are.
fn rules(view: &InspectionView, inspecting: Option<Uuid>) -> Link {
    let at = |unit: Option<Uuid>| unit.map(super::rules::at).unwrap_or_default();
    match &view.standing.rules {
        Some(used) => Link::new(at(Uuid::parse_str(&used.unit).ok()), used.label()),
        None => Link::new(at(inspecting), "法定规则，没有本地设置"),
    }
}

fn file_name(view: &InspectionView) -> &str {
    match &view.standing.source {
        law::docket::report_filing::Source::File { name, .. } => name,
        law::docket::report_filing::Source::System { report, .. } => report,
    }
}

fn facts(view: &InspectionView) -> Vec<(&'static str, String)> {
    let reading = &view.inspection.reading;
    let mut all = vec![("文件", file_name(view).to_owned())];
    if let Some((title, _)) = &reading.published.title {
        all.push(("标题", title.clone()));
    }
    if let Some(on) = reading.published.published_on {
        all.push(("发布日期", day(on)));
    }
    if let (Some(unit), Some(belongs)) = (&view.unit, &view.standing.belongs) {
        let text = format!("{}{}年（{}）", unit.name, belongs.year, belongs.scope.label());
        all.push(("历年报告", text));
    }
    if let Some(compared) = &view.compared {
        all.push(("对照的上一年报告", compared.clone()));
    }
    if let Some(reason) = &view.standing.discarded {
        all.push(("作废原因", reason.clone()));
    }
    all
}

fn downloads(id: Uuid) -> Vec<Link> {
    let at = address(id);
    vec![
        Link::new(format!("{at}/opinion.docx"), "核查意见（Word文档）"),
        Link::new(format!("{at}/report.json"), "读取和核查结果（JSON）"),
        Link::new(format!("{at}/file"), "原文件"),
    ]
}

fn action_form(view: &InspectionView, once: &str, what: &str, button: &str, fields: Vec<Field>) -> Form {
    Form::post(format!("{}/act", address(view.id)), button, fields)
        .hide("do", what)
        .hide("version", view.version)
        .hide("once", once)
}

/// Each finding with where it is.
fn finding_views(view: &InspectionView, once: &str, typed: &Typed) -> Vec<FindingView> {
    let closed = view.standing.discarded.is_some();
    view.inspection
        .findings
        .iter()
        .enumerate()
        .map(|(n, f)| {
            let key = f.key();
            let settled = view.standing.settled.get(&key);
            let refused = typed.get("do") == "settle" && typed.get("finding") == key;
            let form = |what: &str, button: &str, fields| {
                action_form(view, once, what, button, fields).hide("finding", &key)
            };
            let choices = Judgement::ALL.map(|j| Choice::new(j.key(), j.label())).to_vec();
            let fields = vec![
                Field::select(&format!("judgement-{}", n + 1), "处理结果", choices),
                Field::area(&format!("note-{}", n + 1), "说明", 2)
                    .optional()
                    .hint("选择“已说明”或者“误报”的，写明理由，不少于5个字"),
            ];
            let form = match settled {
                Some(_) => form("reopen", "撤回处理", Vec::new()),
                None => form("settle", "记录处理结果", fields).hide("number", n + 1),
            };
            let told = settled.map(|s| {
                let note = if s.note.is_empty() { String::new() } else { format!("：{}", s.note) };
                format!("{}{}{note}", day(s.on), s.judgement.label())
            });
            let suggestion = f.suggestion.as_ref().map(|s| format!("建议：{s}")).unwrap_or_default();
            let place = view.inspection.at(f).map(place_words).unwrap_or_default();
            let place = [place, suggestion].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>();
            let cell = |c: &str| Link::new("#read", view.inspection.name_of(c));
            let mut said = FindingView::of(n + 1, f, cell);
            said.cells.truncate(MOST_CELLS);
            FindingView {
                act: "处理",
                place: place.join("　"),
                waived: told.unwrap_or_default(),
                // The key is kept until the checks are run anew.
                form: (!closed && view.standing.findings.iter().any(|k| k.key() == key))
                    .then(|| if refused { form.filled(typed) } else { form }),
                refused,
                ..said
            }
        })
        .collect()
}

/// Cells named one by one; more are seen in the table.
const MOST_CELLS: usize = 8;

/// What else may be done.
fn actions(view: &InspectionView, world: &World<'_>, once: &str, typed: &Typed) -> Vec<(&'static str, Form)> {
    let standing = &view.standing;
    if standing.discarded.is_some() {
        return Vec::new();
    }
    let act = |what: &str, button: &str, fields: Vec<Field>| {
        let form = action_form(view, once, what, button, fields);
        if typed.get("do") == what { form.filled(typed) } else { form }
    };
    let mut all = Vec::new();
    match &standing.belongs {
        None => {
            let guess = world.tree.0.iter().find(|u| u.name == standing.report.organization);
            let scopes = [Scope::Own, Scope::Government].map(|s| Choice::new(s.key(), s.label())).to_vec();
            let year = standing.year.map(|y| y.to_string()).unwrap_or_default();
            let fields = vec![
                Field::select("unit", "机关", super::or_none("请选择", world.own_units()))
                    .value_if(guess.map(|u| u.id.to_string())),
                Field::number("year", "报告年度").value(year),
                Field::select("scope", "范围", scopes),
            ];
            all.push(("归入历年报告", act("assign", "归入", fields)));
        }
        Some(_) => {
            let mut form = act("release", "取消归入", vec![Field::area("release_reason", "理由", 2)]);
            form.class = "secondary";
            if world.actor.may(Permission::EditReport) && standing.refused.is_empty() {
                all.push(("报送汇总", act("file", "作为该机关的报告报送", Vec::new())));
            }
            all.push(("取消归入", form));
        }
    }
    let mut form = act("discard", "作废", vec![Field::area("discard_reason", "理由", 2)]);
    form.class = "secondary";
    form.confirm = "作废后不能恢复，需要核查的要重新上传。确定作废吗？".into();
    all.push(("作废", form));
    all
}

/// What was read, laid out as the form is printed.
fn article(view: &InspectionView) -> String {
    let (reading, report) = (&view.inspection.reading, &view.standing.report);
    let texts = reading.published.texts();
    let part = |part: Part| -> Vec<Paragraph> {
        let lines = texts.get(&part).map(String::as_str).unwrap_or_default().lines();
        lines
            .map(|line| Paragraph {
                heading: false,
                runs: vec![Run { text: line.to_owned(), reference: None }],
            })
            .collect()
    };
    let parts =
        [Part::Overview, Part::Proactive, Part::Requests, Part::Disputes, Part::Problems, Part::OtherMatters]
            .map(part);
    let introduction = part(Part::Introduction);
    let printed = paper::Report {
        organization: &report.organization,
        year: reading.year_or_first(),
        title: if report.title.is_empty() { "（没有标题）" } else { &report.title },
        form: reading.form,
        figures: &reading.figures,
        introduction: &introduction,
        parts: parts.each_ref().map(Vec::as_slice),
        signed_by: "",
        signed_on: None,
        notice: None,
        links: None,
    };
    marked(paper::html_fragment(&printed), &view.inspection.findings)
}

/// A run of the checks: how much it found, and by which settings.
fn run(what: &'static str, found: usize, rules: Option<&RulesUsed>) -> Said {
    let said = Said::plain(what).item("核查意见", format!("{found}项"));
    match rules {
        Some(rules) => said.item("核查规则", rules.label()),
        None => said,
    }
}

fn say(event: &InspectionEvent) -> Said {
    match event {
        InspectionEvent::Read { findings, rules, .. } => run("读取并核查", findings.len(), rules.as_ref()),
        InspectionEvent::Checked { findings, rules } => run("重新核查", findings.len(), rules.as_ref()),
        InspectionEvent::FindingSettled { finding, judgement, note } => {
            let said = Said::plain("处理核查意见").item("核查意见", finding).item("结果", judgement.label());
            if note.is_empty() { said } else { said.item("说明", note) }
        }
        InspectionEvent::FindingReopened { finding } => Said::plain("撤回处理").item("核查意见", finding),
        InspectionEvent::Assigned(belongs) => Said::plain("归入历年报告")
            .item("年度", format!("{}年", belongs.year))
            .item("范围", belongs.scope.label()),
        InspectionEvent::Released { reason } => Said::plain("取消归入").item("理由", reason),
        InspectionEvent::Discarded { reason } => Said::plain("作废").item("理由", reason),
    }
}

fn history(view: &InspectionView) -> Vec<Line> {
    let line = |h: &History<InspectionEvent>| Line {
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

fn wanted(typed: &mut Typed) -> Option<InspectionAction> {
    let get = |typed: &Typed, name: &str| typed.get(name).to_owned();
    let finding = get(typed, "finding");
    Some(match typed.get("do") {
        "settle" => {
            let number = get(typed, "number");
            let judgement = Judgement::parse(typed.get(&format!("judgement-{number}")))?;
            InspectionAction::Settle { finding, judgement, note: get(typed, &format!("note-{number}")) }
        }
        "reopen" => InspectionAction::Reopen { finding },
        "recheck" => InspectionAction::Recheck,
        "release" => InspectionAction::Release { reason: get(typed, "release_reason") },
        "discard" => InspectionAction::Discard { reason: get(typed, "discard_reason") },
        "assign" => InspectionAction::Assign {
            unit: typed.read("unit", "机关", |text| Uuid::parse_str(text).ok())?,
            year: typed.number("year", "报告年度")?,
            scope: typed.read("scope", "范围", Scope::parse)?,
        },
        _ => return None,
    })
}

/// Does it.
async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let at = address(id);
    let ctx = visit.context().with_key(typed.key());
    if typed.get("do") == "file" {
        let filed = file_in(&app, &mut visit, id).await;
        return match settle(filed, &mut typed)? {
            Some(to) => Ok(see(&to)),
            None => render(&app, visit, id, &typed).await,
        };
    }
    let Some(action) = wanted(&mut typed) else {
        if typed.problems.is_empty() {
            typed.wrong("do", "没有这项操作，请从页面重新选择");
        }
        return render(&app, visit, id, &typed).await;
    };
    let result = app.service.act_on_inspection(ctx, id, typed.version(), action).await;
    if let Err(Error::Conflict(sentence)) = result {
        let frame = Frame::desk(&app, &mut visit, "内容已有变化", HOME);
        return Ok(conflict(frame, sentence, &Form::default(), Link::new(at, "查看最新内容")));
    }
    match settle(result, &mut typed)? {
        Some(_) => Ok(see(&at)),
        None => render(&app, visit, id, &typed).await,
    }
}

/// Files it with the body that adds up the unit it belongs to; where its filing is.
async fn file_in(app: &App, visit: &mut Visit, id: Uuid) -> service::Result<String> {
    let view = app.service.inspection(&visit.ctx, id).await?;
    let (Some(unit), Some(belongs)) = (&view.unit, &view.standing.belongs) else {
        return Err(Error::Invalid("请先把报告归入机关的历年报告，再报送".into()));
    };
    let year = belongs.year;
    let seen = app.service.filing_view(&visit.ctx, unit.id, year).await?.filed.map_or(0, |f| f.version);
    let opened = app.service.inspection_file(&visit.ctx, id).await?;
    let kind = opened.media.key();
    let read = ReadReport::new(view.standing.report.clone(), file_name(&view), kind, &opened.content);
    let new = NewFiling { unit: unit.id, year, seen, ..NewFiling::default() };
    let code = unit.code.clone();
    app.service.file_read_report(visit.context(), new, read).await?;
    Ok(super::report_filing::address(&code, year))
}

async fn file(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let opened = app.service.inspection_file(&visit.ctx, id).await?;
    let plain = format!("report.{}", opened.media.ending());
    Ok(download(opened.media.media_type(), attachment(&opened.name, &plain), opened.content))
}

async fn letter(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let view = app.service.inspection(&visit.ctx, id).await?;
    let world = World::read(&app, &visit).await?;
    let own = visit.ctx.actor.unit().and_then(|u| world.unit(u)).map(|u| u.name.clone());
    let first = || world.tree.0.first().map(|u| u.name.clone()).unwrap_or_default();
    let bytes = opinion(&view.inspection, &own.unwrap_or_else(first), visit.today())?;
    let name = format!("关于{}的核查意见.docx", view.inspection.name());
    let kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    Ok(download(kind, attachment(&name, "opinion.docx"), bytes))
}

async fn json(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let view = app.service.inspection(&visit.ctx, id).await?;
    let text = view.inspection.json(file_name(&view)).to_string();
    let name = format!("{}.json", view.inspection.name());
    Ok(download("application/json", attachment(&name, "report.json"), text.into_bytes()))
}

fn download(kind: &str, disposition: String, bytes: Vec<u8>) -> axum::response::Response {
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_DISPOSITION, disposition),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    (headers, bytes).into_response()
}
