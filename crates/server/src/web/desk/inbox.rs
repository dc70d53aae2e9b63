//! 收件箱: electronic mail, the list and one message with what can be done with it.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::words::{day, moment};
use super::register::{Desk, FormPage, Item, begin_form};
use super::{Officer, World, request, settle};
use crate::intake::{download, size};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::docket::message::{MessageKind, MessageState, Stray};
use service::inbox::{InboxLine, MessageView, Messages, Said};
use service::request::Requests;
use service::{Error, Permission, Register, Result};
use uuid::Uuid;

/// Messages on a page.
const ROWS: i64 = 50;
/// Address of the inbox.
pub const HOME: &str = "/desk/inbox";
/// Characters of a message that a form for a request begins with.
const QUOTED: usize = 2000;

/// The routes of the inbox.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(list))
        .route("/desk/inbox/{id}", get(one).post(act))
        .route("/desk/inbox/{id}/register", get(ask).post(register))
        .route("/desk/inbox/{id}/files/{file}", get(file))
}

/// The parts of the inbox: key, name, states.
const PARTS: [(&str, &str, &[MessageState]); 3] = [
    ("", "待处理", &[MessageState::Waiting]),
    ("done", "已处理", &[MessageState::Filed, MessageState::Registered, MessageState::Dismissed]),
    ("kept", "自动邮件、退信和超量来信", &[MessageState::Kept]),
];

/// A message as a line.
#[derive(Debug, Clone, Default)]
pub struct MessageLine {
    pub(super) href: String,
    /// Subject, or what stands for it.
    pub(super) subject: String,
    /// Sender, masked.
    pub(super) from: String,
    pub(super) at: String,
    pub(super) why: String,
    pub(super) badge: Badge,
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "desk/inbox.html")]
pub struct InboxPage {
    pub(super) frame: Frame,
    pub(super) parts: Vec<Link>,
    pub(super) lines: Vec<MessageLine>,
    pub(super) next: String,
    /// Whether senders and subjects are shown, which is written down.
    pub(super) noted: bool,
}

fn badge(kind: MessageKind, state: MessageState) -> Badge {
    match (kind, state) {
        (_, MessageState::Waiting) => Badge::new("待处理", "yellow"),
        (kind, MessageState::Kept) => Badge::new(kind.label(), "grey"),
        (_, MessageState::Dismissed) => Badge::new(state.label(), "grey"),
        (_, state) => Badge::new(state.label(), "green"),
    }
}

fn line(m: InboxLine) -> MessageLine {
    let kind = MessageKind::parse(&m.kind).unwrap_or(MessageKind::Letter);
    let state = MessageState::parse(&m.state).unwrap_or(MessageState::Waiting);
    let (from, subject) = m.about.unwrap_or_default();
    let stray = m.stray.as_deref().and_then(Stray::parse);
    // That mail names no request is what one expects.
    let why = stray.filter(|s| *s != Stray::Unaddressed && state.is_open()).map_or("", Stray::label);
    MessageLine {
        href: format!("{HOME}/{}", m.id),
        subject: if subject.is_empty() { kind.label().to_owned() } else { subject },
        from,
        at: moment(m.at),
        why: why.into(),
        badge: badge(kind, state),
    }
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "收件箱", HOME).told(query.get("done"));
    let wanted = query.get("part");
    let (key, _, states) = PARTS.into_iter().find(|(key, ..)| *key == wanted).unwrap_or(PARTS[0]);
    let address = |key: &str| if key.is_empty() { HOME.to_owned() } else { format!("{HOME}?part={key}") };
    let parts = PARTS.map(|(k, name, _)| Link { here: k == key, ..Link::new(address(k), name) }).into();
    let before = Uuid::parse_str(query.get("before")).ok();
    let found = app.service.inbox(visit.context(), states, before, ROWS).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n >= ROWS);
    let next = found.last().filter(|_| full).map(|m| format!("{HOME}?part={key}&before={}", m.id));
    let noted = found.iter().any(|m| m.about.is_some());
    let lines = found.into_iter().map(line).collect();
    Ok(ok(&InboxPage { frame, parts, lines, next: next.unwrap_or_default(), noted }))
}

/// A file of a message, or one that did not come in.
#[derive(Debug, Clone, Default)]
pub struct AttachmentLine {
    pub(super) name: String,
    pub(super) about: String,
    /// Where it is downloaded; empty if it did not come in.
    pub(super) href: String,
}

/// One message.
#[derive(Debug, Template)]
#[template(path = "desk/message.html")]
pub struct MessagePage {
    pub(super) frame: Frame,
    pub(super) badge: Badge,
    pub(super) problems: Problems,
    /// Why it is where it is; empty if that is plain.
    pub(super) why: String,
    pub(super) items: Vec<Item>,
    /// What it says; empty once that lies on a request.
    pub(super) text: String,
    pub(super) cut: bool,
    pub(super) files: Vec<AttachmentLine>,
    /// The request it is on.
    pub(super) on: Option<Link>,
    /// Where it is registered as a request.
    pub(super) register: Option<Link>,
    pub(super) file: Option<Form>,
    pub(super) dismiss: Option<Form>,
}

fn sender(said: &Said) -> String {
    match (said.name.as_str(), said.from.as_str()) {
        (_, "") => "（没有写明）".into(),
        ("", from) => from.into(),
        (name, from) => format!("{name}（{from}）"),
    }
}

fn subject(said: &Said) -> String {
    if said.subject.is_empty() { "（没有主题）".into() } else { said.subject.clone() }
}

fn items(m: &MessageView) -> Vec<Item> {
    let mut items = Vec::new();
    if let Some(said) = &m.said {
        items.push(Item::new("发件人", sender(said)));
        items.push(Item::new("发出时间", said.sent_at.map_or_else(|| "（没有写明）".into(), moment)));
    }
    items.push(Item::new("到达时间", moment(m.at)));
    items.push(Item::new("种类", m.standing.kind.label()));
    items.extend(m.standing.settled_on.map(|on| Item::new("处理日期", day(on))));
    items.extend(m.standing.reason.as_ref().map(|why| Item::new("理由", why)));
    items
}

fn files(m: &MessageView) -> Vec<AttachmentLine> {
    let taken = m.files.iter().map(|f| AttachmentLine {
        name: f.name.clone(),
        about: format!("{}，{}", f.media.label(), size(f.size)),
        href: format!("{HOME}/{}/files/{}", m.id, f.id),
    });
    let refused = m.said.iter().flat_map(|s| &s.refused).map(|(name, why)| AttachmentLine {
        name: name.clone(),
        about: format!("没有接收：{why}"),
        href: String::new(),
    });
    taken.chain(refused).collect()
}

/// The forms of what may be done with an open message.
fn forms(m: &MessageView, once: &str) -> [Form; 2] {
    let act = |how: &str, button: &str, field: Field| {
        let form = Form::post(format!("{HOME}/{}", m.id), button, vec![field]);
        form.hide("version", m.version).hide("once", once).hide("how", how)
    };
    let number = Field::text("request", "申请编号").hint("例如 2024-00012；也可以填写申请页面的网址");
    let mut dismiss = act("dismiss", "登记为无需处理", Field::area("reason", "理由", 2));
    dismiss.class = "secondary";
    [act("file", "归入申请", number), dismiss]
}

async fn one(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    show(&app, &mut visit, id, &Typed::default(), &done).await
}

async fn show(app: &App, visit: &mut Visit, id: Uuid, typed: &Typed, done: &str) -> Answer {
    let m = app.service.open_message(visit.context(), id).await?;
    let title = m.said.as_ref().map_or_else(|| "来信".to_owned(), subject);
    let frame = Frame::desk(app, visit, &title, HOME).told(done);
    let open = m.standing.state.is_open() && visit.ctx.actor.may(Permission::EditRegisters);
    let mut register = None;
    let (mut file, mut dismiss) = (None, None);
    if open {
        let how = typed.get("how").to_owned();
        let filled = |form: Form, own: &str| if how == own { form.filled(typed) } else { form };
        let [first, second] = forms(&m, &frame.once);
        register = Some(Link::new(format!("{HOME}/{id}/register"), "登记为申请"));
        file = Some(filled(first, "file"));
        dismiss = Some(filled(second, "dismiss"));
    }
    let on = m.standing.request.as_ref().map(|r| Link::new(format!("{}/{r}", Requests::home()), "查看申请"));
    let why = m.standing.stray.filter(|s| *s != Stray::Unaddressed && m.standing.state.is_open());
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(
        status,
        &MessagePage {
            badge: badge(m.standing.kind, m.standing.state),
            problems: Problems { all: typed.problems.clone() },
            why: why.map_or_else(String::new, |s| s.label().to_owned()),
            items: items(&m),
            text: m.said.as_ref().map(|s| s.text.clone()).unwrap_or_default(),
            cut: m.said.as_ref().is_some_and(|s| s.cut),
            files: files(&m),
            on,
            register,
            file,
            dismiss,
            frame,
        },
    ))
}

async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let version = typed.version();
    let field = match typed.get("how") {
        "file" => {
            let request = typed.get("request").to_owned();
            let filed = app.service.file_message(ctx, id, version, &request).await;
            if settle(filed, &mut typed)?.is_some() {
                return Ok(see(&format!("{HOME}/{id}?done=message-filed")));
            }
            "request"
        }
        "dismiss" => {
            let reason = typed.get("reason").to_owned();
            let dismissed = app.service.dismiss_message(ctx, id, version, &reason).await;
            if settle(dismissed, &mut typed)?.is_some() {
                return Ok(see(&format!("{HOME}?done=message-dismissed")));
            }
            "reason"
        }
        _ => return Err(Error::Invalid("没有这种办理方式，请从来信页面重新选择".into()).into()),
    };
    for problem in &mut typed.problems {
        field.clone_into(&mut problem.field);
    }
    show(&app, &mut visit, id, &typed, "").await
}

/// The form of a new request, filled with what the message says.
async fn request_form(app: &App, visit: &mut Visit, id: Uuid, typed: &Typed) -> Answer {
    let m = app.service.open_message(visit.context(), id).await?;
    let frame = Frame::desk(app, visit, "登记为申请", HOME).step(format!("{HOME}/{id}"), "来信");
    let world = World::read(app, visit).await?;
    let mut form = begin_form::<Requests>(&frame, &world);
    // A letter is no ticket.
    form.fields.retain(|f| !super::handover::is_of_ticket(f));
    form.action = format!("{HOME}/{id}/register");
    form.cancel = format!("{HOME}/{id}");
    form = form.hide("version", m.version);
    let said = m.said.unwrap_or_default();
    let quoted: String = said.text.chars().take(QUOTED).collect();
    let values = [
        ("on", m.standing.arrived_on.to_string()),
        ("channel", law::receipt::Channel::Email.key().to_owned()),
        ("addressee", m.standing.unit.clone()),
        ("counted_by", m.standing.unit.clone()),
        ("subject", format!("{}\n{quoted}", said.subject).trim().to_owned()),
        ("person_name", said.name.clone()),
        ("person_email", said.from.clone()),
    ];
    for (name, value) in values {
        if let Some(field) = form.fields.iter_mut().find(|f| f.name == name) {
            field.values = vec![value];
        }
    }
    if let Some(field) = form.fields.iter_mut().find(|f| f.name == "subject") {
        field.hint =
            "已经带入邮件的主题和正文，请改写为所需政府信息的名称、文号或者其他特征，删去个人信息".into();
    }
    let mut page = FormPage::new(frame, form, typed);
    page.lead = "电子邮件提出的申请，以双方确认之日为收到申请之日（条例第三十一条第三项）；请当日与申请人确认，确认后填写日期。\
                 邮件正文和附件归入申请的材料，系统把登记情况和回复地址发给发件人。"
        .into();
    Ok(page.answer())
}

async fn ask(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    request_form(&app, &mut visit, id, &Typed::default()).await
}

async fn register(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let on = typed.date("on", Requests::date_label(Requests::FIRST));
    let event = Requests::read(Requests::FIRST, None, &mut typed);
    if let (Some(event), true) = (event, typed.problems.is_empty()) {
        let version = typed.version();
        let made = match request::new_request(on, event, &typed) {
            Ok(new) => app.service.register_message(ctx, id, version, new).await,
            Err(error) => Err(error),
        };
        if let Some(made) = settle(made, &mut typed)? {
            return Ok(see(&format!("{}?done=created", Requests::at(made.id))));
        }
    }
    request_form(&app, &mut visit, id, &typed).await
}

async fn file(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Answer {
    Ok(download(app.service.open_message_file(visit.context(), id, file).await?))
}

/// How many messages wait, for the first page of the desk; none where there is no inbox.
pub(super) async fn waiting(app: &App, visit: &Visit) -> Result<Option<i64>> {
    if !app.service.has_inbox() || !visit.ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    app.service.waiting_messages(&visit.ctx).await.map(Some)
}

/// The kind of subject in the journal, and where one is.
pub(super) const IN_JOURNAL: (&str, &str) = (Messages::NAME, "inbox");

#[cfg(test)]
impl InboxPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let line = |why: Stray, badge: Badge| MessageLine {
            href: "/desk/inbox/1".into(),
            subject: "申请公开样例批复<b>".into(),
            from: "y***@example.invalid".into(),
            at: "2020年3月8日 09:30".into(),
            why: why.label().into(),
            badge,
        };
        let open = line(Stray::Forged, Badge::new("待处理", "yellow"));
        let bare = MessageLine { from: String::new(), why: String::new(), ..open.clone() };
        let parts = PARTS.map(|(k, name, _)| Link { here: k.is_empty(), ..Link::new("/desk/inbox", name) });
        let page = |lines, next: &str, noted| InboxPage {
            frame: frame.clone(),
            parts: parts.clone().into(),
            lines,
            next: next.into(),
            noted,
        };
        vec![page(vec![open, bare], "/desk/inbox?before=1", true), page(vec![], "", false)]
    }
}

#[cfg(test)]
impl MessagePage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let form = |name: &str| Form::post("/x", "办理", vec![Field::area(name, "理由", 2)]);
        let file = |href: &str| AttachmentLine {
            name: "样例申请表.pdf".into(),
            about: "PDF文件，1.2MB".into(),
            href: href.into(),
        };
        let full = MessagePage {
            frame: frame.clone(),
            badge: Badge::new("待处理", "yellow"),
            problems: problems.clone(),
            why: Stray::Expired.label().into(),
            items: vec![Item::new("发件人", "样例甲（yangli@example.invalid）")],
            text: "您好！\n申请公开样例批复。<script>".into(),
            cut: true,
            files: vec![file("/desk/inbox/1/files/2"), file("")],
            on: None,
            register: Some(Link::new("/desk/inbox/1/register", "登记为申请")),
            file: Some(form("request")),
            dismiss: Some(form("reason")),
        };
        let done = MessagePage {
            frame: frame.clone(),
            badge: Badge::new("已归入申请", "green"),
            problems: Problems::default(),
            why: String::new(),
            items: full.items.clone(),
            text: String::new(),
            cut: false,
            files: vec![],
            on: Some(Link::new("/desk/requests/1", "查看申请")),
            register: None,
            file: None,
            dismiss: None,
        };
        vec![full, done]
    }
}
