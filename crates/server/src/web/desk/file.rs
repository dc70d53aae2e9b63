//! Files of a request: the section on its page, adding one, and the page of one file with what can be done with it.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, page, see};
use super::super::words::{day, moment, person};
use super::register::{Desk, FormPage, Item, Section};
use super::{Officer, World, settle};
use crate::intake::{Paced, download, received, size};
use crate::{App, UPLOAD_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::file::{FileEvent, FileRole};
use service::file::{FileView, Limits, kind};
use service::request::Requests;
use service::{Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// The routes of the files of a request.
pub fn routes() -> Router<App> {
    let add = get(ask).post(add).layer(DefaultBodyLimit::max(UPLOAD_LIMIT));
    Router::new()
        .route("/desk/requests/{id}/files", add)
        .route("/desk/requests/{id}/files/{file}", get(one).post(act))
        .route("/desk/requests/{id}/files/{file}/content", get(content))
}

fn at(request: Uuid) -> String {
    format!("{}/files", Requests::at(request))
}

/// A line of the list.
#[derive(Debug, Clone, Default)]
pub struct FileLine {
    pub(super) name: String,
    pub(super) role: &'static str,
    pub(super) about: String,
    pub(super) state: Badge,
    pub(super) page: String,
    /// Where it is downloaded; empty if it cannot be.
    pub(super) content: String,
}

/// The section of a request's page.
#[derive(Debug, Template)]
#[template(path = "desk/files.html")]
pub struct FilesPart {
    pub(super) files: Vec<FileLine>,
    pub(super) form: Option<Form>,
    pub(super) more: String,
}

fn state(file: &FileView, today: Date) -> Badge {
    let s = &file.standing;
    match (s.erased_on, s.released_until) {
        (Some(_), _) => Badge::new("内容已删除", "grey"),
        (None, Some(until)) if today <= until => Badge::new(format!("提供至{}", day(until)), "green"),
        (None, Some(_)) => Badge::new("提供期限已过", "yellow"),
        (None, None) => Badge::default(),
    }
}

fn line(request: Uuid, file: &FileView, world: &World<'_>) -> FileLine {
    let s = &file.standing;
    let page = format!("{}/{}", at(request), file.id);
    let may_open =
        s.erased_on.is_none() && (!s.role.is_personal() || world.actor.may(Permission::ReadPersonal));
    FileLine {
        name: file.name.clone(),
        role: s.role.label(),
        about: format!(
            "{}，{}，{}于{}添加",
            s.media.label(),
            size(s.size),
            person(&file.by),
            moment(file.at)
        ),
        state: state(file, world.today),
        content: if may_open { format!("{page}/content") } else { String::new() },
        page,
    }
}

/// The section 材料.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    world: &World<'_>,
    helps: bool,
) -> Result<Section> {
    let files = service.files(ctx, id).await?;
    // Fresh for every page, so that the same file may be added again on purpose.
    let once: String = ctx.entropy.clone().bytes().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let may_add = world.actor.may(Permission::EditRegisters);
    let part = FilesPart {
        files: files.iter().map(|f| line(id, f, world)).collect(),
        form: may_add.then(|| upload_form(id, &service.file_limits(), &once, helps)),
        more: limits(&service.file_limits()),
    };
    Section::of("files", "材料", &part)
}

fn limits(limits: &Limits) -> String {
    format!("可以上传{}，每个不超过{}MB", kind::TAKEN, limits.megabytes())
}

/// The form that adds a file. Who only helps with the request adds what it found.
fn upload_form(request: Uuid, most: &Limits, once: &str, helps: bool) -> Form {
    let mine = FileRole::ALL
        .into_iter()
        .filter(|r| if helps { *r == FileRole::SearchMaterial } else { !r.is_of_document() });
    let roles = std::iter::once(Choice::new("", "请选择"));
    let roles = roles.chain(mine.map(|r| Choice::new(r.key(), r.label()))).collect();
    let fields = vec![
        Field::select("role", "用途", roles),
        Field::file("file", "文件", kind::ENDINGS).hint(limits(most)),
    ];
    let mut form = Form::post(at(request), "上传", fields).hide("once", once);
    form.file = true;
    form
}

/// What the request is called.
pub(super) async fn heading_of(app: &App, visit: &Visit, id: Uuid) -> Result<String> {
    let view = app.service.request_view(&visit.ctx, id).await?;
    Ok(view.standing.as_ref().map_or_else(|| "申请".to_owned(), Requests::heading))
}

async fn ask(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    show_upload(&app, &mut visit, id, &Typed::default()).await
}

async fn show_upload(app: &App, visit: &mut Visit, id: Uuid, typed: &Typed) -> Answer {
    let view = app.service.request_view(&visit.ctx, id).await?;
    let world = World::read(app, visit).await?;
    let helps = view.standing.as_ref().is_some_and(|s| world.only_helps(&s.counted_by));
    let heading = view.standing.as_ref().map_or_else(|| "申请".to_owned(), Requests::heading);
    let frame = Frame::desk(app, visit, "添加材料", &Requests::home()).step(Requests::at(id), &heading);
    let form = upload_form(id, &app.service.file_limits(), &frame.once, helps).cancel(Requests::at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = heading;
    Ok(page.answer())
}

async fn add(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    upload: Paced,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    // Who may not see the request sends nothing.
    app.service.request_view(&visit.ctx, id).await?;
    let mut got = received(&app.service, upload).await;
    let (file, cut) = (got.file(), got.refused.take());
    let mut typed = Typed::new(got.pairs);
    if let Some(refusal) = cut {
        typed.wrong("file", refusal.text);
        return show_upload(&app, &mut visit, id, &typed).await;
    }
    let role = typed.read("role", "用途", FileRole::parse);
    let Some(mut file) = file else {
        typed.wrong("file", "请选择要上传的文件");
        return show_upload(&app, &mut visit, id, &typed).await;
    };
    if let Some(role) = role {
        file.role = role;
        // The same file sent twice with the same form is one; another file, or another request, is another.
        let key = format!("{}-{}-{id}", typed.key(), file.fingerprint());
        let result = app.service.add_file(visit.context().with_key(key), id, file).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=file-added#files", Requests::at(id))));
        }
    }
    for problem in typed.problems.iter_mut().filter(|p| p.code.starts_with("file-")) {
        "file".clone_into(&mut problem.field);
    }
    show_upload(&app, &mut visit, id, &typed).await
}

async fn content(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Answer {
    let ctx = visit.context();
    Ok(download(app.service.open_file(ctx, id, file).await?))
}

const GIVE: &str = "提供给申请人";

/// The page of one file.
#[derive(Debug, Template)]
#[template(path = "desk/file.html")]
pub struct FilePage {
    pub(super) frame: Frame,
    pub(super) badge: Badge,
    pub(super) problems: Problems,
    pub(super) items: Vec<Item>,
    pub(super) content: String,
    /// Whether opening it is written down.
    pub(super) noted: bool,
    /// Where it is redacted; empty where that cannot be.
    pub(super) redact: String,
    /// Heading of the forms that give it and take it back.
    pub(super) give: &'static str,
    pub(super) release: Option<Form>,
    pub(super) take_back: Option<Form>,
    pub(super) erase: Option<Form>,
}

async fn find(app: &App, visit: &Visit, id: Uuid, file: Uuid) -> Result<FileView> {
    let found = app.service.files(&visit.ctx, id).await?.into_iter().find(|f| f.id == file);
    found.ok_or_else(|| Error::NotFound("没有找到这份材料，请从申请页面重新打开".into()))
}

fn items(file: &FileView) -> Vec<Item> {
    let s = &file.standing;
    let mut items = vec![
        Item::new("名称", &file.name),
        Item::new("用途", s.role.label()),
        Item::new("类型", s.media.label()),
        Item::new("大小", size(s.size)),
        Item::new("添加", format!("{}于{}", person(&file.by), moment(file.at))),
    ];
    items.extend(s.released_until.map(|until| Item::new("提供给申请人", format!("至{}", day(until)))));
    items.extend(s.collected_on.map(|on| Item::new("申请人首次下载", day(on))));
    items.extend(s.erased_on.map(|on| {
        let why = s.erased_because.clone().unwrap_or_default();
        Item::new("删除内容", format!("{}，理由：{why}", day(on)))
    }));
    items.push(Item::new("校验值（SHA-256）", &s.digest));
    items
}

/// The forms of what may be done today.
fn forms(id: Uuid, file: &FileView, once: &str, today: Date) -> [Option<Form>; 3] {
    let s = &file.standing;
    let action = format!("{}/{}", at(id), file.id);
    let act = |how: &str, form: Form| form.hide("version", file.version).hide("once", once).hide("how", how);
    if s.erased_on.is_some() {
        return [None, None, None];
    }
    let release = s.role.may_be_released().then(|| {
        let until = s.released_until.filter(|u| today <= *u).or_else(|| today.checked_add(30.days()).ok());
        let field = Field::date("until", "提供至").hint("申请人在这一天之前（含当天）凭查询码可以下载");
        act(
            "release",
            Form::post(&action, "提供给申请人", vec![field.value_if(until.map(|u| u.to_string()))]),
        )
    });
    let take_back = s.released_until.map(|_| {
        let mut form = act("unrelease", Form::post(&action, "停止提供", Vec::new()));
        form.class = "secondary";
        form
    });
    let mut erase = Form::post(&action, "删除内容", vec![Field::area("reason", "删除的理由", 2)]);
    erase.grave = true;
    erase.confirm = "确定删除这份材料的内容吗？删除后不能恢复。".into();
    [release, take_back, Some(act("erase", erase))]
}

async fn one(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    show(&app, &mut visit, id, file, &Typed::default(), &done).await
}

async fn show(app: &App, visit: &mut Visit, id: Uuid, file: Uuid, typed: &Typed, done: &str) -> Answer {
    let view = find(app, visit, id, file).await?;
    let request = app.service.request_view(&visit.ctx, id).await?.standing;
    let world = World::read(app, visit).await?;
    // Who only helps with the request reads.
    let helps = request.as_ref().is_some_and(|s| world.only_helps(&s.counted_by));
    let heading = request.as_ref().map_or_else(|| "申请".to_owned(), Requests::heading);
    let frame = Frame::desk(app, visit, &view.name, &Requests::home()).told(done);
    let frame = frame.step(format!("{}#files", Requests::at(id)), heading);
    let s = &view.standing;
    let may_open =
        s.erased_on.is_none() && (!s.role.is_personal() || visit.ctx.actor.may(Permission::ReadPersonal));
    let mut forms = [None, None, None];
    let edits = visit.ctx.actor.may(Permission::EditRegisters) && !helps;
    if edits {
        forms = self::forms(id, &view, &frame.once, visit.today());
    }
    let redactable = edits && visit.ctx.actor.may(Permission::ReadPersonal);
    let [release, take_back, erase] = forms;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let how = typed.get("how");
    let filled = |form: Option<Form>, own: &str| form.map(|f| if how == own { f.filled(typed) } else { f });
    Ok(page(
        status,
        &FilePage {
            frame,
            badge: state(&view, visit.today()),
            problems: Problems { all: typed.problems.clone() },
            items: items(&view),
            content: if may_open { format!("{}/{file}/content", at(id)) } else { String::new() },
            noted: s.role.is_personal(),
            redact: if may_open && redactable && s.media.may_be_redacted() {
                format!("{}/{file}/redact", at(id))
            } else {
                String::new()
            },
            give: GIVE,
            release: filled(release, "release"),
            take_back,
            erase: filled(erase, "erase"),
        },
    ))
}

async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let (event, field, done) = match typed.get("how") {
        "release" => {
            (FileEvent::Released { until: typed.date("until", "提供的截止日期") }, "until", "file-released")
        }
        "unrelease" => (FileEvent::Unreleased, "", "file-unreleased"),
        "erase" => {
            (FileEvent::Erased { reason: typed.text("reason", "删除的理由") }, "reason", "file-erased")
        }
        _ => return Err(Error::Invalid("没有这种办理方式，请从材料页面重新选择".into()).into()),
    };
    if typed.problems.is_empty() {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.change_file(ctx, id, file, typed.version(), event).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}/{file}?done={done}", at(id))));
        }
        for problem in &mut typed.problems {
            field.clone_into(&mut problem.field);
        }
    }
    show(&app, &mut visit, id, file, &typed, "").await
}

/// What the samples of a docket's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let line = |state: Badge, content: &str| FileLine {
        name: "样例材料.pdf".into(),
        role: FileRole::CleanCopy.label(),
        about: "PDF文件，1.2MB，样例经办人于2020年3月8日 09:30添加".into(),
        state,
        page: "/desk/requests/1/files/2".into(),
        content: content.into(),
    };
    let open = line(Badge::new("提供至2020年4月8日", "green"), "/desk/requests/1/files/2/content");
    let part = FilesPart {
        files: vec![open, line(Badge::default(), "")],
        form: Some(upload_form(Uuid::nil(), &Limits::default(), "", false)),
        more: String::new(),
    };
    Section::of("files", "材料", &part).unwrap_or_default()
}

#[cfg(test)]
impl FilePage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let form = |name: &str| Form::post("/x", "办理", vec![Field::area(name, "理由", 2)]);
        let full = FilePage {
            frame: frame.clone(),
            badge: Badge::new("提供至2020年4月8日", "green"),
            problems: problems.clone(),
            items: vec![Item::new("名称", "样例材料.pdf")],
            content: "/desk/requests/1/files/2/content".into(),
            noted: true,
            redact: "/desk/requests/1/files/2/redact".into(),
            give: GIVE,
            release: Some(form("until")),
            take_back: Some(Form::post("/x", "停止提供", vec![])),
            erase: Some(form("reason")),
        };
        let bare = FilePage {
            frame: frame.clone(),
            badge: Badge::default(),
            problems: Problems::default(),
            items: full.items.clone(),
            content: String::new(),
            noted: false,
            redact: String::new(),
            give: GIVE,
            release: None,
            take_back: None,
            erase: None,
        };
        vec![full, bare]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_list_says_what_may_come() {
        let part = FilesPart { files: vec![], form: None, more: limits(&Limits::default()) };
        let html = part.render().unwrap();
        assert!(html.contains("还没有材料") && html.contains("20MB"), "{html}");
    }
}
