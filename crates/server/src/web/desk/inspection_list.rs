//! 年度报告核查: published reports come in as files or by address; the list shows the gravest first.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{attachment, day};
use super::{Officer, World, settle};
use crate::intake::{Paced, received_large};
use crate::{App, UPLOAD_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use paper::read::MAX_BYTES;
use service::row::{ReportInspectionFilter, ReportInspectionRow};
use service::{Error, Permission, Result};
use uuid::Uuid;

/// Address of the list.
pub(super) const HOME: &str = "/desk/inspections";
/// Name of the pages.
pub(super) const NAME: &str = "年度报告核查";

/// The list, what comes in, and the workbook of all findings.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(list).post(take).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route("/desk/inspections/findings.xlsx", get(findings))
}

/// A report in the list.
#[derive(Debug, Clone, Default)]
pub struct InspectionLine {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) file: String,
    pub(super) form: String,
    pub(super) state: Vec<Badge>,
    pub(super) belongs: String,
    pub(super) read_on: String,
}

/// What became of a file that was sent just now.
#[derive(Debug, Clone, Default)]
pub struct Taken {
    pub(super) file: String,
    /// Where it is; empty if it was not read.
    pub(super) href: String,
    /// Why it was not read.
    pub(super) why: String,
}

/// 年度报告核查
#[derive(Debug, Clone, Template)]
#[template(path = "desk/inspections.html")]
pub struct InspectionsPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) form: Form,
    pub(super) filter: Form,
    pub(super) taken: Vec<Taken>,
    pub(super) lines: Vec<InspectionLine>,
    pub(super) findings: String,
    /// By which rules it is inspected; empty where there is no unit.
    pub(super) rules: String,
    pub(super) next: String,
}

/// The address of an inspection.
pub(super) fn address(id: Uuid) -> String {
    format!("{HOME}/{id}")
}

/// What a report is called: the authority and year it names, else its file.
pub(super) fn named(organization: &str, year: Option<i16>, file: &str) -> String {
    match (organization.is_empty(), year) {
        (true, None) => file.to_owned(),
        (true, Some(year)) => format!("{year}年度报告（未写明机关）"),
        (false, None) => format!("{organization}年度报告（未写明年度）"),
        (false, Some(year)) => format!("{organization}{year}年度报告"),
    }
}

/// How many findings are open, by their severity; how much was not read.
fn state(row: &ReportInspectionRow) -> Vec<Badge> {
    let mut all = Vec::new();
    if row.discarded != 0 {
        all.push(Badge::new("已作废", "grey"));
    }
    if row.errors_open > 0 {
        all.push(Badge::new(format!("错误{}项待处理", row.errors_open), "red"));
    } else if row.errors > 0 {
        all.push(Badge::new(format!("错误{}项已处理", row.errors), "grey"));
    }
    if row.warnings_open > 0 {
        all.push(Badge::new(format!("预警{}项待处理", row.warnings_open), "yellow"));
    }
    if row.unread > 0 {
        all.push(Badge::new(format!("{}处未读取", row.unread), "yellow"));
    }
    if all.is_empty() {
        all.push(Badge::new("没有待处理的问题", "green"));
    }
    all
}

fn line(row: ReportInspectionRow, world: &World<'_>) -> InspectionLine {
    InspectionLine {
        href: address(row.id),
        name: named(&row.organization, row.year, &row.name),
        form: format!("{}年格式", row.form),
        state: state(&row),
        belongs: match (row.unit, row.unit_year) {
            (Some(unit), Some(year)) => format!("{}{year}年", world.short(unit)),
            _ => "—".to_owned(),
        },
        read_on: day(row.read_on),
        file: row.name,
    }
}

/// What is asked of the list.
fn asked(query: &Typed) -> ReportInspectionFilter {
    ReportInspectionFilter {
        year: query.get("year").parse().ok(),
        open: query.get("show") == "open",
        discarded: query.get("show") == "all",
        ..ReportInspectionFilter::default()
    }
}

/// The key to go on after, as it stands in an address.
fn after(text: &str) -> Option<(i64, Uuid)> {
    let (weight, id) = text.split_once('_')?;
    Some((weight.parse().ok()?, id.parse().ok()?))
}

fn query_of(query: &Typed) -> String {
    let part = |name: &str| format!("{name}={}", super::super::words::encoded(query.get(name)));
    format!("{}&{}", part("year"), part("show"))
}

async fn show(app: &App, mut visit: Visit, query: &Typed, typed: &Typed, taken: Vec<Taken>) -> Answer {
    let frame = Frame::desk(app, &mut visit, NAME, "/desk/reports");
    let world = World::read(app, &visit).await?;
    let (rows, more) = app.service.inspections(&visit.ctx, &asked(query), after(query.get("after"))).await?;
    let rules = app.service.inspecting_unit(&visit.ctx).await?;
    let next = rows.last().filter(|_| more).map(|r| {
        let (weight, id) = r.paging_key();
        format!("{HOME}?{}&after={weight}_{id}", query_of(query))
    });
    let fields = vec![
        Field::files("files", "报告文件", ".html,.htm,.pdf,.docx,.txt,.md").optional().hint(format!(
            "网页、PDF、DOCX、Markdown或者纯文本，可以一次选择多个，每个不超过{}MB",
            MAX_BYTES >> 20
        )),
        Field::text("address", "或者网址")
            .optional()
            .hint("报告网页或者文件的网址，例如 https://www.example.gov.cn/2023.html"),
    ];
    let mut form = Form::post(HOME, "读取并核查", fields);
    form.file = true;
    let mut years = vec![Choice::new("", "全部年度")];
    years.extend(super::years(world.today));
    let shows = vec![
        Choice::new("", "未作废的报告"),
        Choice::new("open", "有问题待处理的报告"),
        Choice::new("all", "全部报告"),
    ];
    let filter = vec![
        Field::select("year", "报告年度", years).value(query.get("year")),
        Field::select("show", "显示", shows).value(query.get("show")),
    ];
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(
        status,
        &InspectionsPage {
            problems: Problems { all: typed.problems.clone() },
            form: form.filled(typed),
            filter: Form::get(HOME, "查看", filter),
            lines: rows.into_iter().map(|r| line(r, &world)).collect(),
            findings: format!("{HOME}/findings.xlsx?{}", query_of(query)),
            rules: rules.map(super::rules::at).unwrap_or_default(),
            next: next.unwrap_or_default(),
            taken,
            frame,
        },
    ))
}

async fn list(
    State(app): State<App>,
    Officer(visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    show(&app, visit, &Typed::new(query), &Typed::default(), Vec::new()).await
}

/// Reads what was sent: one that can be read opens at once, several are listed with what became of each.
async fn take(State(app): State<App>, Officer(mut visit): Officer, upload: Paced) -> Answer {
    visit.ctx.actor.must(Permission::ReviewReport)?;
    let got = received_large(&app.service, upload).await;
    let mut typed = Typed::new(got.pairs);
    if let Some(refusal) = got.refused {
        typed.wrong("files", refusal.text);
        return show(&app, visit, &Typed::default(), &typed, Vec::new()).await;
    }
    let mut sent: Vec<(String, Result<Vec<u8>>)> = Vec::new();
    for (_, upload) in got.files {
        let (name, content) = app.service.sent(upload);
        sent.push((name, content));
    }
    let address = typed.get("address").trim().to_owned();
    if !address.is_empty() {
        let hosts = app.service.push_hosts().clone();
        let content = crate::fetch::fetch(&address, MAX_BYTES, &|host, ip| hosts.may_reach(host, ip)).await;
        sent.push((address, content.map_err(Error::Invalid)));
    }
    if sent.is_empty() {
        typed.wrong("files", "请选择报告文件，或者填写网址");
        return show(&app, visit, &Typed::default(), &typed, Vec::new()).await;
    }
    let alone = sent.len() == 1;
    let mut taken = Vec::new();
    for (file, content) in sent {
        let read = match content {
            Ok(content) => app.service.inspect_report(visit.context(), &file, content).await,
            Err(error) => Err(error),
        };
        let mut told = Typed::default();
        match settle(read, &mut told)? {
            Some(id) if alone => return Ok(see(&self::address(id))),
            Some(id) => taken.push(Taken { file, href: self::address(id), why: String::new() }),
            None => {
                let why = told.problems.iter().map(|p| p.text.clone()).collect::<Vec<_>>().join("；");
                if alone {
                    typed.wrong("files", format!("{file}：{why}"));
                }
                taken.push(Taken { file, href: String::new(), why });
            }
        }
    }
    if alone {
        taken.clear();
    }
    show(&app, visit, &Typed::default(), &typed, taken).await
}

async fn findings(
    State(app): State<App>,
    Officer(visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let bytes = app.service.inspection_workbook(&visit.ctx, &asked(&Typed::new(query))).await?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, attachment("年度报告核查结果.xlsx", "findings.xlsx")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// Links of the pages of reports that lead here.
pub(super) fn link(actor: &service::Actor) -> Option<Link> {
    actor.may(Permission::ReviewReport).then(|| Link::new(HOME, "核查已公布的报告"))
}
