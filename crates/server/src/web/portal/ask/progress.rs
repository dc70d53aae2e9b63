//! The progress of the own request: where it stands and until when, every day of the term, what the agency asks and the
//! form to send it, the fee, the decision with its remedies, and the withdrawal.

use super::super::super::Answer;
use super::super::super::form::{Choice, Control, Field, Form, Problem, Problems, Typed};
use super::super::super::frame::{Badge, Frame, page};
use super::super::super::words::day;
use super::days::Days;
use super::{Contact, admitted, frame, once, settle, status, unkept};
use crate::intake::{download, sent, size};
use crate::print::{Paper, saved};
use crate::{App, PageError, Visit};
use askama::Template;
use axum::extract::{Form as Posted, Query, Request, State};
use axum::response::{IntoResponse, Response};
use law::docket::request::{Stage, Ticket};
use law::docket::unit::Profile;
use law::{Due, Step};
use paper::sheet::PaymentSlip;
use service::asking::{FeeAsked, Progress, SubmissionKind};
use service::file::{Limits, OwnFile, kind};

/// The own request.
#[derive(Debug, Template)]
#[template(path = "portal/progress.html")]
pub struct ProgressPage {
    pub(in super::super::super) frame: Frame,
    pub(in super::super::super) problems: Problems,
    pub(in super::super::super) form: Form,
    pub(in super::super::super) found: Option<Found>,
}

/// What is told about it.
#[derive(Debug, Clone)]
pub struct Found {
    badge: Badge,
    next: String,
    facts: Vec<(&'static str, String)>,
    due: Option<(String, bool, Vec<Step>)>,
    /// Whether it stands still.
    paused: bool,
    days: Option<Days>,
    to_correct: Vec<String>,
    fee: Vec<(&'static str, String)>,
    /// Code and proof, for the slip to pay by.
    mine: Vec<(&'static str, String)>,
    send: Option<Send>,
    remedies: String,
    lines: Vec<(String, &'static str)>,
    withdraw: Option<Form>,
    /// Dates that a notice on holidays has moved.
    moved: Vec<String>,
    contact: Option<Contact>,
    files: Vec<Given>,
}

/// A file that was given out.
#[derive(Debug, Clone)]
pub struct Given {
    name: String,
    role: &'static str,
    about: String,
    /// When it was first downloaded, if it was.
    collected: String,
    /// Code, proof and file: there is no address that opens it.
    hidden: Vec<(&'static str, String)>,
}

fn given(file: OwnFile, typed: &Typed) -> Given {
    let hidden = vec![
        ("code", typed.get("code").to_owned()),
        ("proof", typed.get("proof").to_owned()),
        ("file", file.id.to_string()),
    ];
    Given {
        name: file.name,
        role: file.role.label(),
        about: format!(
            "{}，{}，{}以前（含当日）可以下载",
            file.media.label(),
            size(file.size),
            day(file.until)
        ),
        collected: file.collected_on.map(|on| format!("{}已下载", day(on))).unwrap_or_default(),
        hidden,
    }
}

/// What the applicant may send now.
#[derive(Debug, Clone)]
pub struct Send {
    title: &'static str,
    about: &'static str,
    form: Form,
}

fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Submitted | Stage::CorrectionPending | Stage::ReasonPending | Stage::FeePending => "yellow",
        Stage::Served | Stage::Closed => "green",
        Stage::Withdrawn | Stage::Merged => "grey",
        _ => "blue",
    }
}

/// The stage as the public reads it: how the office works inside is not told.
fn said(stage: Stage) -> &'static str {
    match stage {
        Stage::Received
        | Stage::Triaged
        | Stage::Assigned
        | Stage::Searching
        | Stage::Drafting
        | Stage::Review
        | Stage::Approval => "办理中",
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
            if p.sent.iter().any(|(kind, _)| *kind == SubmissionKind::Confirmation) {
                "您已经确认，等待受理机关确认。双方确认之日为收到申请之日，答复期限从次日起计算。".into()
            } else {
                "答复期限尚未开始计算。请在下方确认申请；受理机关也将与您联系，双方确认之日为收到申请之日。"
                    .into()
            }
        }
        Stage::CorrectionPending => by(&p.waits_until, "补正申请，逾期不补正且没有正当理由的视为放弃申请"),
        Stage::ReasonPending if p.may_send.is_none() => "您已经说明理由，等待受理机关审查。".into(),
        Stage::ReasonPending => by(&p.waits_until, "说明理由"),
        Stage::FeePending => by(&p.waits_until, "按照收费通知书缴费，逾期未缴费的视为放弃申请"),
        Stage::ConsultingThirdParty | Stage::ConsultingAgency => "征求意见的时间不计入答复期限。".into(),
        Stage::Issued => "决定已经作出，正在送达。".into(),
        Stage::Served => "决定已经送达。对决定不服的，请按照决定书载明的途径和期限申请救济。".into(),
        _ => String::new(),
    }
}

/// What happened, by date. On one day the applicant's own confirmation comes before what the office recorded.
fn history(p: &Progress) -> Vec<(jiff::civil::Date, &'static str)> {
    let mut lines: Vec<(jiff::civil::Date, u8, &'static str)> =
        p.lines.iter().enumerate().map(|(n, l)| (l.on, u8::from(n > 0) * 2, l.what)).collect();
    for (kind, on) in &p.sent {
        match kind {
            SubmissionKind::Confirmation => lines.push((*on, 1, kind.label())),
            SubmissionKind::Reasons => lines.push((*on, 3, kind.label())),
            // The docket says itself that a correction was received.
            SubmissionKind::Correction => {}
        }
    }
    lines.sort_by_key(|(on, rank, _)| (*on, *rank));
    lines.into_iter().map(|(on, _, what)| (on, what)).collect()
}

/// The fee as the notice states it (国办函〔2020〕109号): basis, sum, way to pay, last day.
fn fee(asked: &FeeAsked, until: Option<&Due>, profile: &Profile) -> Vec<(&'static str, String)> {
    let notice = &asked.notice;
    let what = format!("{}，{}{}", notice.basis.label(), notice.count, notice.basis.unit());
    let mut all = vec![
        ("应缴金额", format!("{}元", notice.yuan)),
        ("计收方式", what),
        ("收费依据", asked.citation.to_owned()),
        ("通知日期", day(notice.noticed_on)),
    ];
    all.extend(profile.account().into_iter().map(|(label, text)| (label, text.to_owned())));
    let way = match profile.payment.as_str() {
        "" if profile.account().is_empty() => PaymentSlip::SEE_NOTICE.to_owned(),
        "" => "缴入国库，领取财政票据".to_owned(),
        way => way.to_owned(),
    };
    all.push(("缴款方式", way));
    let provisional = |d: &Due| if d.provisional { "，暂定" } else { "" };
    all.extend(until.map(|d| ("缴费期限", format!("{}（含当日{}）", day(d.on), provisional(d)))));
    all.push(("逾期后果", PaymentSlip::CONSEQUENCE.replace("本机关", "受理机关")));
    all
}

/// The control for files that come along; `most` is none where files cannot come in.
fn file_field(label: &str, most: Option<Limits>) -> Option<Field> {
    let most = most?;
    let hint = format!(
        "手机拍的照片也可以。可以上传{}，每个不超过{}MB，可以选择多个",
        kind::TAKEN,
        most.megabytes()
    );
    Some(Field::files("file", label, kind::ENDINGS).hint(hint).optional())
}

/// The form for what the request waits for.
fn sending(
    kind: SubmissionKind,
    typed: &Typed,
    most: Option<Limits>,
    hide: impl FnOnce(Form) -> Form,
) -> Send {
    let area = |label: &str, hint: &str| Field::area("text", label, 5).hint(hint);
    let (title, about, button, mut fields) = match kind {
        SubmissionKind::Confirmation => (
            "确认申请",
            "请核对本页的申请内容。确认后，受理机关再与您核对一次，即为双方确认。",
            "我确认提交这份申请",
            vec![area("补充说明", "例如方便联系的时间").optional()],
        ),
        SubmissionKind::Correction => (
            "补正申请",
            "请按照受理机关要求补正的事项一次填写完整。提交后，答复期限自受理机关收到之日起重新计算。",
            "提交补正内容",
            vec![area("补正内容", "写明信息的名称、文号、年度或者其他便于查询的特征")],
        ),
        SubmissionKind::Reasons => (
            "说明理由",
            "受理机关认为您申请的数量、频次明显超过合理范围，请说明理由。",
            "提交理由",
            vec![area("理由", "说明为什么需要这些信息、为什么需要多次申请")],
        ),
    };
    fields.extend(match kind {
        SubmissionKind::Confirmation => None,
        SubmissionKind::Correction => file_field("补正材料", most),
        SubmissionKind::Reasons => file_field("说明材料", most),
    });
    let typed_here = Typed::new(typed.pairs().iter().filter(|(n, _)| n == "text").cloned().collect());
    let mut form =
        hide(Form::post("/ask/answer", button, fields).filled(&typed_here)).hide("kind", kind.key());
    form.file = form.fields.iter().any(|f| matches!(f.control, Control::File(_)));
    wrong_at(&mut form, typed);
    Send { title, about, form }
}

/// Says at each field what is wrong with it.
fn wrong_at(form: &mut Form, typed: &Typed) {
    for field in &mut form.fields {
        if let Some(p) = typed.problems.iter().find(|p| p.field == field.name) {
            field.wrong.clone_from(&p.text);
        }
    }
}

fn found(p: Progress, files: Vec<OwnFile>, typed: &Typed, token: String, most: Option<Limits>) -> Found {
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
    let words = |on: jiff::civil::Date, ticket: &Ticket, how: &str| {
        format!("{}，工单编号{}，{}{how}", ticket.system.label(), ticket.number, day(on))
    };
    facts.extend(p.handed_in.as_ref().map(|(on, t)| ("转来的工单", words(*on, t, "转来"))));
    let out = p.handed_out.iter();
    facts.extend(out.map(|(on, t)| ("办理渠道", words(*on, t, "转送办理，请向该渠道查询办理情况"))));
    facts.retain(|(_, text)| !text.is_empty());
    let hide = |form: Form| {
        form.hide("code", typed.get("code")).hide("proof", typed.get("proof")).hide("once", &token)
    };
    let withdraw = p.may_withdraw.then(|| {
        let mut form = hide(Form::post("/ask/withdraw", "撤回申请", vec![sure()]));
        wrong_at(&mut form, typed);
        form.grave = true;
        form
    });
    let send = p.may_send.map(|kind| sending(kind, typed, most, hide));
    let next = next(&p);
    let lines = history(&p);
    Found {
        badge: Badge::new(said(p.stage), tone(p.stage)),
        next,
        facts,
        due: p
            .due
            .filter(|_| p.decision.is_none() && !p.stage.is_finished())
            .map(|d| (day(d.on), d.provisional, d.because)),
        paused: p.paused,
        days: Days::of(&p.days),
        to_correct: p.to_correct,
        fee: p.fee.as_ref().map(|f| fee(f, p.waits_until.as_ref(), &p.profile)).unwrap_or_default(),
        mine: vec![("code", typed.get("code").to_owned()), ("proof", typed.get("proof").to_owned())],
        send,
        remedies: p.remedies.unwrap_or_default(),
        lines: lines.into_iter().map(|(on, what)| (day(on), what)).collect(),
        withdraw,
        moved: p.moved.iter().map(|m| m.sentence()).collect(),
        contact: Contact::of(&p.profile, p.reply_to.clone()),
        files: files.into_iter().map(|f| given(f, typed)).collect(),
    }
}

/// Asked once more, also without script.
fn sure() -> Field {
    Field::checks("sure", "撤回后不能恢复，可以重新提出申请", vec![Choice::new("yes", "我确认撤回这份申请")])
}

fn query_form(typed: &Typed) -> Form {
    let fields = vec![
        Field::text("code", "查询码").hint("提交回执上的12位字母和数字"),
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

/// `/ask/progress`; the QR code of a receipt fills in the query code, never the proof.
pub(super) async fn ask(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let code =
        Typed::new(query).some("code").map(|c| vec![("code".to_owned(), c.chars().take(40).collect())]);
    Ok(progress_page(&app, &Typed::new(code.unwrap_or_default()), None, ""))
}

/// Shows the own request.
pub(super) async fn show(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    show_progress(&app, &mut visit, Typed::new(pairs), "").await
}

/// The own request, if code and proof open it; what is wrong is noted.
async fn opened(app: &App, visit: &mut Visit, typed: &mut Typed) -> Result<Option<Progress>, PageError> {
    let result = match admitted(app, visit) {
        Ok(()) => app.service.progress(visit.context(), typed.get("code"), typed.get("proof")).await,
        Err(error) => Err(error),
    };
    settle(result, typed)
}

async fn show_progress(app: &App, visit: &mut Visit, mut typed: Typed, done: &str) -> Answer {
    let progress = opened(app, visit, &mut typed).await?;
    show_opened(app, visit, typed, progress, done).await
}

async fn show_opened(
    app: &App,
    visit: &mut Visit,
    typed: Typed,
    progress: Option<Progress>,
    done: &str,
) -> Answer {
    let mut files = Vec::new();
    if progress.is_some() {
        files = app.service.files_of_own(visit.context(), typed.get("code"), typed.get("proof")).await?;
    }
    let token = once(visit);
    let most = app.offers_files().then(|| app.service.file_limits());
    let found = progress.map(|p| found(p, files, &typed, token, most));
    Ok(progress_page(app, &typed, found, done))
}

/// Takes a correction, reasons, or the applicant's half of the confirmation.
pub(super) async fn answer(State(app): State<App>, mut visit: Visit, request: Request) -> Answer {
    let mut got = sent(&app, &visit, request).await?;
    let key = got.fingerprint();
    let cut = got.refused.take();
    let mut typed = Typed::new(got.pairs);
    let key = typed.key() + &key;
    let Some(kind) = SubmissionKind::parse(typed.get("kind")) else {
        return show_progress(&app, &mut visit, typed, "").await;
    };
    if let Some(refusal) = cut {
        typed.problems.push(Problem { field: "file".into(), ..Problem::from(&refusal) });
        return show_progress(&app, &mut visit, typed, "").await;
    }
    let ctx = visit.context().with_key(key);
    let files: Vec<_> = got.files.into_iter().filter(|(name, _)| name == "file").map(|(_, f)| f).collect();
    let sent_files = !files.is_empty();
    let result = match admitted(&app, &visit) {
        Ok(()) => {
            let mine = (typed.get("code"), typed.get("proof"));
            app.service.answer_own(ctx, mine, kind, typed.get("text"), files).await
        }
        Err(error) => Err(error),
    };
    let done = match kind {
        SubmissionKind::Confirmation => "您的确认已经提交",
        SubmissionKind::Correction => "补正内容已经提交",
        SubmissionKind::Reasons => "理由已经提交",
    };
    let done = settle(result, &mut typed)?.map_or("", |()| done);
    for problem in typed.problems.iter_mut().filter(|p| p.code.starts_with("file-")) {
        "file".clone_into(&mut problem.field);
    }
    // No browser fills in a chosen file again.
    if sent_files && done.is_empty() && typed.problems.iter().all(|p| p.field != "file") {
        typed.wrong("file", "文件没有保存，请重新选择");
    }
    show_progress(&app, &mut visit, typed, done).await
}

/// Gives out a file of the own request. The code and the proof come with every download, never in an address.
pub(super) async fn file(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let (ctx, file) = (visit.context(), typed.id("file").unwrap_or_default());
    let result = match admitted(&app, &visit) {
        Ok(()) => app.service.open_own(ctx, typed.get("code"), typed.get("proof"), file).await,
        Err(error) => Err(error),
    };
    match settle(result, &mut typed)? {
        Some(opened) => Ok(download(opened)),
        None => show_progress(&app, &mut visit, typed, "").await,
    }
}

/// Gives out the slip to pay by. The code and the proof come with it, never in an address.
pub(super) async fn payment_slip(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context();
    let result = match admitted(&app, &visit) {
        Ok(()) => app.service.payment_slip_own(ctx, typed.get("code"), typed.get("proof")).await,
        Err(error) => Err(error),
    };
    match settle(result, &mut typed)? {
        Some(slip) => Ok(saved(&app, Paper::Other(slip.printed), &slip.name, "payment-slip", "pdf").await?),
        None => show_progress(&app, &mut visit, typed, "").await,
    }
}

/// Withdraws the own request.
pub(super) async fn withdraw(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    if typed.get("sure") != "yes" {
        let progress = opened(&app, &mut visit, &mut typed).await?;
        if progress.is_some() {
            // A forgotten tick costs the one whose request it is nothing; a guess of the code does.
            app.public_throttle.give_back(visit.peer, visit.ctx.at);
            typed.wrong("sure", "申请没有撤回。确实需要撤回的，请勾选“我确认撤回这份申请”");
        }
        return show_opened(&app, &mut visit, typed, progress, "").await;
    }
    let result = match admitted(&app, &visit) {
        Ok(()) => app.service.withdraw_own(ctx, typed.get("code"), typed.get("proof")).await,
        Err(error) => Err(error),
    };
    match settle(result, &mut typed)? {
        Some(()) => show_progress(&app, &mut visit, typed, "申请已经撤回").await,
        None => Ok(progress_page(&app, &typed, None, "")),
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
        let bare = Found {
            badge: Badge::new("承办中", "blue"),
            next: "征求意见的时间不计入答复期限。".into(),
            facts: vec![("受理机关", "样例市教育局".into())],
            due: None,
            paused: false,
            days: None,
            to_correct: Vec::new(),
            fee: Vec::new(),
            mine: vec![("code", "ABCD".into())],
            send: None,
            remedies: String::new(),
            lines: vec![("2024年2月5日".into(), "申请到达")],
            withdraw: None,
            moved: vec![],
            contact: None,
            files: Vec::new(),
        };
        let due = ("2024年3月8日".into(), true, vec![Step::new("20个工作日", "条例第三十三条")]);
        let form = Form::post("/ask/withdraw", "撤回申请", vec![sure()]);
        let running =
            Found { due: Some(due), days: super::days::sample(), withdraw: Some(form), ..bare.clone() };
        let paused = Found { paused: true, ..running.clone() };
        let mut wrong = Typed::new(vec![("text".into(), "<b>".into())]);
        wrong.wrong("text", "请填写内容");
        let waiting = Found {
            to_correct: vec!["请写明年度".into()],
            send: Some(sending(SubmissionKind::Correction, &wrong, Some(Limits::default()), |f| f)),
            moved: vec!["答复期限由2020年3月30日改为2020年3月31日".into()],
            contact: Some(Contact { phone: "0000-0000000".into(), ..Contact::default() }),
            ..bare.clone()
        };
        let decided = Found {
            fee: vec![("应缴金额", "100元".into())],
            files: vec![Given {
                name: "政府信息公开告知书.pdf".into(),
                role: "告知书",
                about: "PDF文件，1.2MB，2024年4月8日以前（含当日）可以下载".into(),
                collected: "2024年3月8日已下载".into(),
                hidden: vec![("code", "ABCD".into())],
            }],
            remedies: "如对本决定不服，可以自收到本决定之日起60日内申请行政复议。".into(),
            ..bare.clone()
        };
        vec![
            page(None),
            page(Some(running)),
            page(Some(paused)),
            page(Some(waiting)),
            page(Some(decided)),
            page(Some(bare)),
        ]
    }
}
