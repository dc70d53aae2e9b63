//! 依申请公开: how to ask, the form, the receipt, and the progress of the own request. Nobody needs an account.

mod flow;
mod guide;
mod which;

pub use guide::GuidePage;
pub use which::{UnitsPage, WhichPage};

use super::super::Answer;
use super::super::desk::request::person;
use super::super::desk::request_form::{read_wanted, wanted_fields};
use super::super::form::{Choice, Field, Form, Problem, Problems, Typed};
use super::super::frame::{Badge, Frame, ok, page};
use super::super::words::day;
use crate::error::TOO_MANY;
use crate::{App, PageError, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use law::applicant::ApplicantClass;
use law::docket::request::{Stage, Wanted};
use law::{Due, Step};
use service::asking::{Asked, Asking, LOCKED_CODE, ORGANISATION_PAPERS, PERSON_PAPERS, Progress, Second};
use service::{Error, Result};

/// `/ask`
pub fn routes() -> Router<App> {
    Router::new()
        .route("/ask", get(guide::guide))
        .route("/ask/which", get(which::which))
        .route("/ask/units", get(which::units))
        .route("/ask/new", get(new).post(submit))
        .route("/ask/progress", get(ask_progress).post(progress))
        .route("/ask/withdraw", post(withdraw))
}

fn frame(app: &App, title: &str) -> Frame {
    let mut frame = Frame::portal(app, title);
    for link in &mut frame.nav {
        link.here = link.href == "/ask";
    }
    if title == COLUMN { frame } else { frame.step("/", "首页").step("/ask", COLUMN) }
}

const COLUMN: &str = "依申请公开";

/// The form of a request.
#[derive(Debug, Template)]
#[template(path = "portal/ask_form.html")]
pub struct FormPage {
    pub(in super::super) frame: Frame,
    pub(in super::super) problems: Problems,
    pub(in super::super) form: Form,
}

fn fields(units: Vec<Choice>) -> Vec<Field> {
    let classes = ApplicantClass::ALL.map(|c| Choice::new(c.key(), c.label()));
    let papers = PERSON_PAPERS.iter().chain(&ORGANISATION_PAPERS[..1]).map(|p| Choice::new(*p, *p));
    let papers = std::iter::once(Choice::new("", "请选择")).chain(papers).collect();
    let seconds = Second::ALL.map(|s| Choice::new(s.key(), s.label()));
    let auto = |field: Field, what| Field { autocomplete: what, ..field };
    let mut all = vec![
        Field::heading("所需信息"),
        Field::select("addressee", "受理机关", units).hint("制作或者保存该信息的机关"),
        Field::area("subject", "所需信息的内容描述", 5)
            .hint("写明信息的名称、文号或者便于查询的其他特征；一份申请写一项内容，便于尽快答复"),
    ];
    all.extend(
        wanted_fields(&Wanted::default()).map(|f| if f.name == "other_way" { f.optional() } else { f }),
    );
    all.extend([
        Field::heading("申请人"),
        Field::radio("class", "申请人类别", classes.into()).value(ApplicantClass::NaturalPerson.key()),
        auto(Field::text("name", "姓名或者名称"), "name").hint("个人填写姓名，单位填写全称"),
        Field::select("id_kind", "证件名称", papers)
            .hint("公民填写身份证件，法人和其他组织填写统一社会信用代码"),
        Field::text("id_number", "证件号码").hint(
            "受理机关联系确认时可以请您出示证件。委托他人办理的，请在内容描述中写明代理人姓名和电话，并向受理机关提交授权委托书",
        ),
        Field::text("contact", "联系人").note("单位必填"),
        Field::heading("联系方式"),
        auto(Field::text("phone", "联系电话"), "tel")
            .note("三项至少填一项")
            .hint("联系电话、电子邮箱、联系地址至少填写一项，受理机关用来与您确认申请"),
        auto(Field::text("email", "电子邮箱"), "email").note("三项至少填一项"),
        auto(Field::text("address", "联系地址"), "street-address").note("三项至少填一项；选择邮寄的必填"),
        auto(Field::text("postcode", "邮政编码"), "postal-code").optional(),
        Field::text("fax", "传真").note("选择传真的必填"),
        Field::heading("查询验证"),
        Field::radio("second", "查询进度时，除查询码外还需要填写", seconds.into())
            .hint("防止他人看到您的申请")
            .value(Second::IdNumber.key()),
    ]);
    all
}

fn choices(units: &[service::row::UnitRow]) -> Vec<Choice> {
    let all = units.iter().map(|u| Choice::new(u.id.to_string(), &u.name));
    std::iter::once(Choice::new("", "请选择")).chain(all).collect()
}

/// A token of this very form, so that a double click submits once.
fn once(visit: &mut Visit) -> String {
    visit.context().entropy.bytes().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

async fn form_page(app: &App, visit: &mut Visit, typed: &Typed) -> Result<Response> {
    let units = app.service.askable_units(visit.today()).await?;
    let sent = typed.get("once");
    let token = if sent.is_empty() { once(visit) } else { sent.to_owned() };
    let form = Form::post("/ask/new", "提交申请", fields(choices(&units)))
        .hide("once", token)
        .cancel("/ask")
        .filled(typed);
    let problems = Problems { all: typed.problems.clone() };
    Ok(page(status(typed), &FormPage { frame: frame(app, "填写申请"), problems, form }))
}

async fn new(State(app): State<App>, mut visit: Visit) -> Answer {
    Ok(form_page(&app, &mut visit, &Typed::default()).await?)
}

fn status(typed: &Typed) -> StatusCode {
    match typed.problems.first().map(|p| p.code.as_str()) {
        None => StatusCode::OK,
        Some(TOO_MANY | LOCKED_CODE) => StatusCode::TOO_MANY_REQUESTS,
        Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// What was typed, as the service takes it. An unknown word in a choice is a missing one.
fn asking(typed: &Typed) -> Asking {
    Asking {
        addressee: typed.id("addressee").unwrap_or_default(),
        class: ApplicantClass::parse(typed.get("class")).unwrap_or(ApplicantClass::NaturalPerson),
        person: person(typed, ""),
        subject: typed.get("subject").to_owned(),
        wanted: read_wanted(typed),
        second: Second::parse(typed.get("second")).unwrap_or(Second::IdNumber),
    }
}

/// Notes what the service refuses, each at its field. Everything else goes on to the error page.
fn settle<T>(result: Result<T>, typed: &mut Typed) -> std::result::Result<Option<T>, PageError> {
    let refusals = match result {
        Ok(value) => return Ok(Some(value)),
        Err(Error::Refused(refusals)) => refusals,
        Err(Error::NotFound(text) | Error::Invalid(text)) => {
            typed.wrong("", text);
            return Ok(None);
        }
        Err(error) => return Err(error.into()),
    };
    for refusal in &refusals {
        let mut problem = Problem::from(refusal);
        if let Some(field) = refusal.code.strip_prefix("asking-") {
            problem.field = field.to_owned();
            problem.code = "input".to_owned();
        }
        typed.problems.push(problem);
    }
    Ok(None)
}

fn too_many() -> Error {
    Error::refused(TOO_MANY, "操作过于频繁，请一分钟后再试", "")
}

/// The receipt: shown once, to be kept.
#[derive(Debug, Template)]
#[template(path = "portal/ask_receipt.html")]
pub struct ReceiptPage {
    pub(in super::super) frame: Frame,
    pub(in super::super) code: String,
    pub(in super::super) unit: String,
    pub(in super::super) arrived_on: String,
    pub(in super::super) subject: String,
    pub(in super::super) wanted: String,
    pub(in super::super) second: &'static str,
}

async fn submit(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let asking = asking(&typed);
    let (second, subject, wanted) = (asking.second.label(), asking.subject.clone(), asking.wanted.words());
    let result = if app.public_throttle.admit(visit.peer, visit.ctx.at) {
        app.service.ask(visit.context().with_key(typed.key()), asking).await
    } else {
        Err(too_many())
    };
    let Some(Asked { code, unit, arrived_on, .. }) = settle(result, &mut typed)? else {
        return Ok(form_page(&app, &mut visit, &typed).await?);
    };
    let frame = frame(&app, "登记回执");
    Ok(unkept(ok(&ReceiptPage { frame, code, unit, arrived_on: day(arrived_on), subject, wanted, second })))
}

/// With what is shown kept in no cache: the page belongs to one person.
fn unkept(mut response: Response) -> Response {
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// The own request.
#[derive(Debug, Template)]
#[template(path = "portal/progress.html")]
pub struct ProgressPage {
    pub(in super::super) frame: Frame,
    pub(in super::super) problems: Problems,
    pub(in super::super) form: Form,
    pub(in super::super) found: Option<Found>,
}

/// What is told about it.
#[derive(Debug, Clone)]
pub struct Found {
    badge: Badge,
    next: String,
    facts: Vec<(&'static str, String)>,
    due: Option<(String, bool, Vec<Step>)>,
    lines: Vec<(String, &'static str)>,
    withdraw: Option<Form>,
}

fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Submitted | Stage::CorrectionPending | Stage::ReasonPending | Stage::FeePending => "yellow",
        Stage::Served | Stage::Closed => "green",
        Stage::Withdrawn => "grey",
        _ => "blue",
    }
}

/// The stage as the public reads it: how the office works inside is not told.
fn said(stage: Stage) -> &'static str {
    match stage {
        Stage::Received | Stage::Triaged | Stage::Assigned | Stage::Searching | Stage::Drafting => "办理中",
        Stage::ConsultingAgency => "征求其他机关意见",
        Stage::Withdrawn => "已撤回",
        other => other.label(),
    }
}

/// What the applicant has to do or to expect.
fn next(p: &Progress) -> String {
    let by = |due: &Option<Due>, what: &str| {
        due.as_ref().map_or_else(String::new, |d| format!("请最迟于{}（含当日）{what}。", day(d.on)))
    };
    match p.stage {
        Stage::Submitted => {
            "答复期限尚未开始计算。受理机关将与您联系，双方确认之日为收到申请之日；没有接到联系的，请联系受理机关。".into()
        }
        Stage::CorrectionPending => {
            by(&p.waits_until, "向受理机关补正申请，逾期不补正且没有正当理由的视为放弃申请")
        }
        Stage::ReasonPending => by(&p.waits_until, "向受理机关说明理由"),
        Stage::FeePending => by(&p.waits_until, "按照收费通知书缴费，逾期未缴费的视为放弃申请"),
        Stage::ConsultingThirdParty | Stage::ConsultingAgency => "征求意见的时间不计入答复期限。".into(),
        Stage::Issued => "决定已经作出，正在送达。".into(),
        Stage::Served => "决定已经送达。对决定不服的，请按照决定书载明的途径和期限申请救济。".into(),
        _ => String::new(),
    }
}

fn found(p: Progress, typed: &Typed, token: String) -> Found {
    let mut facts = vec![
        ("申请编号", p.number.clone().unwrap_or_else(|| "双方确认后编号".into())),
        ("受理机关", p.unit.clone()),
        ("所需信息", p.subject.clone()),
        ("形式要求", p.wanted.words()),
        ("提交日期", day(p.arrived_on)),
        ("收到申请之日", p.received_on.map_or_else(|| "等待双方确认".into(), day)),
    ];
    if let Some((decision, number)) = &p.decision {
        facts.push(("处理结果", format!("{decision}　{number}").trim().to_owned()));
    }
    facts.retain(|(_, text)| !text.is_empty());
    let withdraw = p.may_withdraw.then(|| {
        let mut form = Form::post("/ask/withdraw", "撤回申请", vec![sure()])
            .hide("code", typed.get("code"))
            .hide("proof", typed.get("proof"))
            .hide("once", token);
        form.grave = true;
        form
    });
    let next = next(&p);
    Found {
        badge: Badge::new(said(p.stage), tone(p.stage)),
        next,
        facts,
        due: p.due.filter(|_| p.decision.is_none()).map(|d| (day(d.on), d.provisional, d.because)),
        lines: p.lines.iter().map(|l| (day(l.on), l.what)).collect(),
        withdraw,
    }
}

/// Asked once more, also without script.
fn sure() -> Field {
    Field::checks("sure", "撤回后不能恢复，可以重新提出申请", vec![Choice::new("yes", "我确认撤回这份申请")])
}

fn query_form(typed: &Typed) -> Form {
    let fields = vec![
        Field::text("code", "查询码").hint("登记回执上的12位字母和数字"),
        Field::text("proof", "验证信息").hint("提交申请时选定的证件号码后四位或者联系电话后四位"),
    ];
    Form::post("/ask/progress", "查询", fields).filled(typed)
}

fn progress_page(app: &App, typed: &Typed, found: Option<Found>, done: &str) -> Response {
    let mut frame = frame(app, "进度查询");
    done.clone_into(&mut frame.done);
    let problems = Problems { all: typed.problems.clone() };
    let page_of = ProgressPage { frame, problems, form: query_form(typed), found };
    unkept(page(status(typed), &page_of).into_response())
}

async fn ask_progress(State(app): State<App>) -> Answer {
    Ok(progress_page(&app, &Typed::default(), None, ""))
}

async fn progress(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    show_progress(&app, &mut visit, Typed::new(pairs), "").await
}

async fn show_progress(app: &App, visit: &mut Visit, mut typed: Typed, done: &str) -> Answer {
    let result = if app.public_throttle.admit(visit.peer, visit.ctx.at) {
        app.service.progress(visit.context(), typed.get("code"), typed.get("proof")).await
    } else {
        Err(too_many())
    };
    let progress = settle(result, &mut typed)?;
    let token = once(visit);
    let found = progress.map(|p| found(p, &typed, token));
    Ok(progress_page(app, &typed, found, done))
}

async fn withdraw(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    if typed.get("sure") != "yes" {
        typed.wrong("", "申请没有撤回。确实需要撤回的，请勾选“我确认撤回这份申请”");
        return show_progress(&app, &mut visit, typed, "").await;
    }
    let result = if app.public_throttle.admit(visit.peer, visit.ctx.at) {
        app.service.withdraw_own(ctx, typed.get("code"), typed.get("proof")).await
    } else {
        Err(too_many())
    };
    match settle(result, &mut typed)? {
        Some(()) => show_progress(&app, &mut visit, typed, "申请已经撤回").await,
        None => Ok(progress_page(&app, &typed, None, "")),
    }
}

#[cfg(test)]
impl FormPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |typed: &Typed| FormPage {
            frame: frame.clone(),
            problems: Problems { all: typed.problems.clone() },
            form: Form::post("/ask/new", "提交申请", fields(vec![Choice::new("u", "样例市教育局")]))
                .filled(typed),
        };
        let mut refused = Typed::new(vec![("subject".into(), "<b>".into())]);
        refused.wrong("name", "请填写姓名");
        vec![page(&Typed::default()), page(&refused)]
    }
}

#[cfg(test)]
impl ReceiptPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        vec![ReceiptPage {
            frame: frame.clone(),
            code: "ABCD-EFGH-JKMN".into(),
            unit: "样例市教育局".into(),
            arrived_on: "2024年2月5日".into(),
            subject: "样例项目的批复文件".into(),
            wanted: "自行领取；纸质".into(),
            second: Second::Phone.label(),
        }]
    }
}

#[cfg(test)]
impl ProgressPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |found| ProgressPage {
            frame: frame.clone(),
            problems: Problems::default(),
            form: query_form(&Typed::default()),
            found,
        };
        let some = |due, withdraw| Found {
            badge: Badge::new("承办中", "blue"),
            next: "征求意见的时间不计入答复期限。".into(),
            facts: vec![("受理机关", "样例市教育局".into())],
            due,
            lines: vec![("2024年2月5日".into(), "申请到达")],
            withdraw,
        };
        let due = ("2024年3月8日".into(), true, vec![Step::new("20个工作日", "条例第三十三条")]);
        let form = Form::post("/ask/withdraw", "撤回申请", vec![sure()]);
        vec![page(None), page(Some(some(Some(due), Some(form)))), page(Some(some(None, None)))]
    }
}
