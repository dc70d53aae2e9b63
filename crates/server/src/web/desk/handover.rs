//! 工单交接 with 12345 and other systems outside: the form that a hand-over file fills in, the section of a request's page,
//! and the file that goes out.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Frame, Link};
use super::super::words::{attachment, day};
use super::register::{Desk, FormPage, Item, Section, begin_form};
use super::{Officer, World, or_none, settle, transfer};
use crate::App;
use crate::ticket::TicketFile;
use askama::Template;
use axum::Router;
use axum::extract::{Multipart, Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::decision::Decision;
use law::docket::request::{Standing, Ticket, TicketSystem};
use law::receipt::Channel;
use service::request::Requests;
use service::{Error, Permission, Result};
use uuid::Uuid;

/// The hand-over file in, and out.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/requests/ticket", post(fill)).route("/desk/requests/{id}/ticket", get(file))
}

/// A ticket as the page of a request says it.
fn words(on: Date, ticket: &Ticket) -> String {
    format!("{}，工单编号{}，{}", ticket.system.label(), ticket.number, day(on))
}

/// The controls for the ticket that a new request came out of.
pub(super) fn fields() -> [Field; 4] {
    let systems = TicketSystem::ALL.map(|s| Choice::new(s.key(), s.label())).into();
    [
        Field::heading("转来的工单（12345热线等转来的填写）"),
        Field::select("ticket_system", "工单来自", or_none("不是工单转来的", systems)).optional(),
        Field::text("ticket_number", "工单编号").hint("同一工单只登记一件申请").optional(),
        Field::area("ticket_note", "工单说明", 2).hint("来源渠道、受理日期等，不写个人信息").optional(),
    ]
}

/// Whether a control of a new request is about the ticket.
pub(super) fn is_of_ticket(field: &Field) -> bool {
    fields().iter().any(|own| own.name == field.name && own.label == field.label)
}

/// The ticket that was typed.
pub(super) fn ticket(typed: &Typed) -> Result<Option<Ticket>> {
    let (system, number) = (typed.get("ticket_system"), typed.get("ticket_number"));
    if system.is_empty() && number.is_empty() {
        return Ok(None);
    }
    let missing = || Error::refused("ticket-system", "请选择工单来自哪个系统", "");
    let system = TicketSystem::parse(system).ok_or_else(missing)?;
    Ok(Some(Ticket { system, number: number.to_owned(), note: typed.get("ticket_note").to_owned() }))
}

/// The form that takes a hand-over file and fills in that of a new request, with its heading.
pub(super) fn filler(_: &Frame) -> (&'static str, Form) {
    let field = Field::file("file", "转办文件", ".json,application/json")
        .hint("12345热线等系统导出的JSON文件。上传后带入下面的登记表，核对无误再登记");
    let mut form = Form::post("/desk/requests/ticket", "带入登记表", vec![field]);
    form.file = true;
    form.class = "secondary";
    ("由12345热线等工单转来的申请", form)
}

/// What the form of a new request begins with.
async fn values(app: &App, file: TicketFile, today: Date) -> Result<Vec<(&'static str, String)>> {
    let ticket = file.ticket()?;
    let agency = match file.agency.trim() {
        "" => None,
        text => Some(app.service.find_unit(text).await?.id.to_string()),
    };
    let class = file.class.as_deref().and_then(ApplicantClass::parse).map(|c| c.key().to_owned());
    let mut values = vec![
        ("on", file.handed_over_on.unwrap_or(today).to_string()),
        ("channel", Channel::Transfer.key().to_owned()),
        ("subject", file.subject()),
        ("ticket_system", ticket.system.key().to_owned()),
        ("ticket_number", ticket.number),
        ("ticket_note", ticket.note),
    ];
    for name in ["addressee", "counted_by"] {
        values.extend(agency.clone().map(|unit| (name, unit)));
    }
    values.extend(class.map(|c| ("class", c)));
    let p = file.caller.unwrap_or_default();
    values.extend([
        ("person_name", p.name),
        ("person_id_kind", p.id_kind),
        ("person_id_number", p.id_number),
        ("person_contact", p.contact),
        ("person_phone", p.phone),
        ("person_address", p.address),
        ("person_postcode", p.postcode),
        ("person_email", p.email),
        ("person_fax", p.fax),
    ]);
    Ok(values)
}

/// The form of a new request, filled with what a hand-over file says. Nothing is kept before the officer registers it.
async fn fill(State(app): State<App>, Officer(mut visit): Officer, upload: Multipart) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let (_, bytes, mut typed) = transfer::received(upload).await?;
    let read = match bytes.as_slice() {
        [] => Err(Error::Invalid("请选择转办文件".into())),
        bytes => TicketFile::read(bytes),
    };
    let read = match read {
        Ok(file) => values(&app, file, visit.today()).await,
        Err(error) => Err(error),
    };
    let read = match read {
        Err(Error::NotFound(text)) => Err(Error::Invalid(text)),
        read => read,
    };
    let filled = settle(read, &mut typed)?;
    for problem in &mut typed.problems {
        "file".clone_into(&mut problem.field);
    }
    let frame = Frame::desk(&app, &mut visit, Requests::BEGIN, &Requests::home());
    let world = World::read(&app, &visit).await?;
    let mut form = begin_form::<Requests>(&frame, &world);
    for (name, value) in filled.iter().flatten() {
        if let Some(field) = form.fields.iter_mut().find(|f| f.name == *name) {
            field.values = vec![value.clone()];
        }
    }
    if let (true, Some(field)) = (filled.is_some(), form.fields.iter_mut().find(|f| f.name == "subject")) {
        field.hint = "已经带入工单的内容，请改写为所需政府信息的名称、文号或者其他特征，删去个人信息".into();
    }
    let (heading, filler) = filler(&frame);
    let mut wrong = Typed::default();
    wrong.problems = typed.problems;
    let filler = filled.is_none().then(|| (heading, filler.filled(&wrong)));
    let mut page = FormPage::new(frame, form, &wrong).filled_by(filler);
    if filled.is_some() {
        page.lead = "已经带入转办文件，尚未登记。请核对各项后登记；属于政府信息公开申请的，按照条例答复，不作为热线工单答复\
                     （国办函〔2025〕66号）。签收转送材料之日为收到申请之日。"
            .into();
    }
    Ok(page.answer())
}

/// The section 工单交接 of a request's page.
#[derive(Debug, Template)]
#[template(path = "desk/handover.html")]
pub struct HandOverPart {
    /// What may be done now, and why.
    prompt: String,
    /// Where it is recorded; empty for who may not.
    record: String,
    tickets: Vec<Item>,
    file: Link,
    /// Whether the applicant is in the file.
    about: &'static str,
}

/// The section; none where no ticket is behind the request and no decision leads elsewhere.
pub(super) fn section(id: Uuid, s: &Standing, world: &World<'_>) -> Result<Option<Section>> {
    if !s.goes_over() {
        return Ok(None);
    }
    let decision = s.current_round().0.filter(|d| d.leads_elsewhere());
    let open = s.handed_out.is_empty() && s.archived_on.is_none();
    let prompt = decision.filter(|_| open).map(prompt).unwrap_or_default();
    let may = !prompt.is_empty() && world.actor.may(Permission::EditRegisters);
    let note = |t: &Ticket| if t.note.is_empty() { String::new() } else { format!("（{}）", t.note) };
    let line = |label: &str, (on, t): &(Date, Ticket)| Item::new(label, words(*on, t) + &note(t));
    let into = s.handed_in.iter().map(|t| line("转来的工单", t));
    let part = HandOverPart {
        prompt,
        record: if may { format!("{}/record/handed-out", Requests::at(id)) } else { String::new() },
        tickets: into.chain(s.handed_out.iter().map(|t| line("转出的工单", t))).collect(),
        file: Link::new(format!("{}/ticket", Requests::at(id)), "下载转办文件（JSON）"),
        about: match (s.applicant.is_some(), world.actor.may(Permission::ReadPersonal)) {
            (true, true) => "文件中有申请人信息，下载记入日志。",
            (true, false) => "您的账号不能查看申请人个人信息，文件中没有申请人信息。",
            (false, _) => "没有登记申请人信息，文件中没有。",
        },
    };
    Section::of("tickets", "工单交接", &part).map(Some)
}

fn prompt(decision: Decision) -> String {
    format!(
        "决定为“{}”（{}）。需要转其他渠道办理的，先把转办文件送12345热线等渠道，取得工单编号后登记；本件按决定统计一次，不重复统计。",
        decision.label(),
        decision.citation()
    )
}

/// The hand-over file, saved under the number of the request.
async fn file(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let given = app.service.hand_over(visit.context(), id).await?;
    let name = format!("转办文件{}.json", given.number.clone().unwrap_or_default());
    let text =
        serde_json::to_vec_pretty(&TicketFile::from(given)).map_err(|e| Error::Internal(e.to_string()))?;
    let headers = [
        (header::CONTENT_TYPE, "application/json".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name, "ticket.json")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// What the samples of a docket's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let part = HandOverPart {
        prompt: prompt(Decision::DeclinedPetitionOrComplaint),
        record: "/desk/requests/1/record/handed-out".into(),
        tickets: vec![Item::new("转来的工单", "12345政务服务便民热线，工单编号<7>，2020年3月8日")],
        file: Link::new("/desk/requests/1/ticket", "下载转办文件（JSON）"),
        about: "文件中有申请人信息，下载记入日志。",
    };
    Section::of("tickets", "工单交接", &part).unwrap_or_default()
}
