//! 正文和附件 of a document at the desk: the section on its page, writing the text, the attachments, and the check before
//! publication.

use super::super::Answer;
use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{day, moment, person};
use super::file::{FileLine, FilePage};
use super::register::{Desk, FormPage, Item, Section};
use super::{Officer, World, settle};
use crate::intake::{Paced, download, received, size};
use crate::{App, UPLOAD_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
#[cfg(test)]
use law::docket::file::Media;
use law::docket::file::{FileEvent, FileRole, Standing};
use paper::letter::text_html;
use service::consultation::Consultations;
use service::document::{ContentOwner, DocumentDrafts, Documents, Finding, LONGEST_BODY};
use service::file::{FileView, Limits, kind};
use service::{Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// The routes of the text and the attachments of a document.
pub fn routes() -> Router<App> {
    let large = || DefaultBodyLimit::max(UPLOAD_LIMIT);
    Router::new()
        .route("/desk/documents/{id}/body", get(ask_body).post(write_body).layer(large()))
        .route("/desk/documents/{id}/files", post(add).layer(large()))
        .route("/desk/documents/{id}/files/{file}", get(one).post(act))
        .route("/desk/documents/{id}/files/{file}/content", get(content))
        .route("/desk/documents/{id}/check", get(ask_check).post(answer_check))
}

fn at(document: Uuid, rest: &str) -> String {
    format!("{}/{rest}", Documents::at(document))
}

/// The section of a document's page.
#[derive(Debug, Template)]
#[template(path = "desk/content.html")]
pub struct ContentPart {
    pub(super) files: Vec<FileLine>,
    pub(super) write: Option<Link>,
    pub(super) check: String,
    /// The text as it is printed; empty if there is none.
    pub(super) text: String,
    /// Whether it is shown at once: of a draft, because reviewers read it.
    pub(super) unfolded: bool,
    /// The draft it came of; empty if it was not drafted here.
    pub(super) draft: String,
    pub(super) form: Option<Form>,
}

fn state(s: &Standing) -> Badge {
    match (s.erased_on, s.withdrawn_on, s.published_on) {
        (Some(_), ..) => Badge::new("内容已删除", "grey"),
        (_, Some(on), _) => Badge::new(format!("{}撤下", day(on)), "grey"),
        (_, _, Some(on)) => Badge::new(format!("{}公开", day(on)), "green"),
        (None, None, None) => Badge::new("尚未公开", "yellow"),
    }
}

fn line(document: Uuid, file: &FileView) -> FileLine {
    let s = &file.standing;
    let page = at(document, &format!("files/{}", file.id));
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
        state: state(s),
        content: if s.erased_on.is_none() { format!("{page}/content") } else { String::new() },
        page,
    }
}

/// The section 正文和附件. A text that was replaced before anybody could read it is not listed.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    world: &World<'_>,
) -> Result<Section> {
    let mut files = service.document_files(ctx, id).await?;
    files.retain(|f| f.standing.role != FileRole::Body || f.standing.erased_on.is_none());
    let owner = service.content_owner(ctx, id).await?;
    let may_edit = world.actor.may(Permission::EditRegisters) && owner.open;
    let drafted =
        if owner.draft.is_none() && owner.title.is_some() { service.draft_of(ctx, id).await? } else { None };
    let text = service.document_body(ctx, id).await?.map(|(_, text)| text_html(&text)).unwrap_or_default();
    let any_body = files.iter().any(|f| f.standing.role == FileRole::Body);
    let write = if any_body { "修改正文" } else { "编写正文" };
    let once: String = ctx.entropy.clone().bytes().iter().take(8).map(|b| format!("{b:02x}")).collect();
    let part = ContentPart {
        files: files.iter().map(|f| line(id, f)).collect(),
        write: may_edit.then(|| Link::new(at(id, "body"), write)),
        check: at(id, "check"),
        text,
        unfolded: owner.draft.is_some() || (owner.consultation.is_some() && !owner.public),
        draft: drafted.map(DocumentDrafts::at).unwrap_or_default(),
        form: may_edit.then(|| annex_form(id, &service.file_limits(), &once)),
    };
    Section::of("content", "正文和附件", &part)
}

fn annex_form(document: Uuid, most: &Limits, once: &str) -> Form {
    let taken = format!("可以上传{}，每个不超过{}MB。文件名向社会显示", kind::TAKEN, most.megabytes());
    let field = Field::file("file", "附件", kind::ENDINGS).hint(taken);
    let mut form = Form::post(at(document, "files"), "添加附件", vec![field]).hide("once", once);
    form.file = true;
    form
}

/// The page of what the text and attachments kept under this id belong to.
fn page_of(id: Uuid, owner: &ContentOwner) -> String {
    match (owner.draft, owner.consultation) {
        (Some(draft), _) => DocumentDrafts::at(draft),
        (None, Some(consultation)) => Consultations::at(consultation),
        (None, None) => Documents::at(id),
    }
}

/// The page to go back to, the title of the document, and the frame of a page below it.
struct Below {
    frame: Frame,
    back: String,
    heading: String,
    owner: ContentOwner,
}

async fn below(app: &App, visit: &mut Visit, id: Uuid, title: &str) -> Result<Below> {
    let owner = app.service.content_owner(&visit.ctx, id).await?;
    let heading = owner.title.clone().unwrap_or_else(|| "公文（已作废）".to_owned());
    let home = match (owner.draft, owner.consultation) {
        (Some(_), _) => DocumentDrafts::home(),
        (None, Some(_)) => Consultations::home(),
        (None, None) => Documents::home(),
    };
    let back = page_of(id, &owner);
    let frame = Frame::desk(app, visit, title, &home).step(&back, &heading);
    Ok(Below { frame, back, heading, owner })
}

async fn ask_body(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let (over, text) = app.service.document_body(&visit.ctx, id).await?.unzip();
    let over = over.map(|id| id.to_string()).unwrap_or_default();
    show_body(&app, &mut visit, id, &Typed::default(), (over, text.unwrap_or_default())).await
}

/// `over` is the text that the form began with.
async fn show_body(
    app: &App,
    visit: &mut Visit,
    id: Uuid,
    typed: &Typed,
    (over, text): (String, String),
) -> Answer {
    let Below { frame, back, heading, .. } = below(app, visit, id, "编写正文").await?;
    let about = "一段一行；“一、”“（一）”开头且单独成行的显示为标题，从表格中复制来的内容显示为表格。标题、发文字号和日期另有显示，不必重复";
    let fields = vec![
        Field::area("text", "正文", 24).hint(about).value(text),
        Field::file("file", "从Word文档导入", ".docx")
            .hint("选择文件后点“导入”，文字填入上面的正文，核对后保存")
            .optional(),
    ];
    let mut form =
        Form::post(at(id, "body"), "保存", fields).hide("once", &frame.once).hide("over", over).cancel(back);
    form.file = true;
    form.second = Some(("导入".into(), "import".into()));
    // The text is the field's own: an import has put another in than was sent.
    let mut wrong = Typed::default();
    wrong.problems.clone_from(&typed.problems);
    let mut page = FormPage::new(frame, form, &wrong);
    page.lead = heading;
    Ok(page.answer())
}

async fn write_body(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    upload: Paced,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let owner = app.service.content_owner(&visit.ctx, id).await?;
    let mut got = received(&app.service, upload).await;
    let (file, cut) = (got.file(), got.refused.take());
    let mut typed = Typed::new(got.pairs);
    let mut text = typed.get("text").to_owned();
    if let Some(refusal) = cut {
        typed.wrong("file", refusal.text);
    } else if typed.get("button") == "import" {
        match file {
            None => typed.wrong("file", "请选择要导入的Word文档"),
            Some(file) => {
                if let Some(words) = settle(app.service.words_of(file).await, &mut typed)? {
                    text = words;
                }
            }
        }
        for problem in &mut typed.problems {
            "file".clone_into(&mut problem.field);
        }
    } else {
        let ctx = visit.context().with_key(typed.key());
        let written = match app.service.write_body(ctx, id, typed.id("over"), &text).await {
            // What was typed stays, to be compared.
            Err(Error::Conflict(text)) => Err(Error::Invalid(text)),
            other => other,
        };
        if settle(written, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=saved#content", page_of(id, &owner))));
        }
        for problem in &mut typed.problems {
            "text".clone_into(&mut problem.field);
        }
    }
    text = text.chars().take(LONGEST_BODY + 1).collect();
    let over = typed.get("over").to_owned();
    show_body(&app, &mut visit, id, &typed, (over, text)).await
}

async fn add(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    upload: Paced,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let owner = app.service.content_owner(&visit.ctx, id).await?;
    let mut got = received(&app.service, upload).await;
    let (file, cut) = (got.file(), got.refused.take());
    let mut typed = Typed::new(got.pairs);
    match (cut, file) {
        (Some(refusal), _) => typed.wrong("file", refusal.text),
        (None, None) => typed.wrong("file", "请选择要上传的文件"),
        (None, Some(file)) => {
            let key = format!("{}-{}-{id}", typed.key(), file.fingerprint());
            let result = app.service.add_annex(visit.context().with_key(key), id, file).await;
            if settle(result, &mut typed)?.is_some() {
                return Ok(see(&format!("{}?done=annex-added#content", page_of(id, &owner))));
            }
        }
    }
    for problem in &mut typed.problems {
        "file".clone_into(&mut problem.field);
    }
    let Below { frame, back, heading, .. } = below(&app, &mut visit, id, "添加附件").await?;
    let form = annex_form(id, &app.service.file_limits(), &frame.once).cancel(back);
    let mut page = FormPage::new(frame, form, &typed);
    page.lead = heading;
    Ok(page.answer())
}

async fn content(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Answer {
    Ok(download(app.service.open_document_file(&visit.ctx, id, file).await?))
}

async fn find(app: &App, visit: &Visit, id: Uuid, file: Uuid) -> Result<FileView> {
    let found = app.service.document_files(&visit.ctx, id).await?.into_iter().find(|f| f.id == file);
    found.ok_or_else(|| Error::NotFound("没有找到这份文件，请从公文页面重新打开".into()))
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
    items.extend(Item::day("公开日期", s.published_on));
    items.extend(Item::day("撤下日期", s.withdrawn_on));
    items.extend(s.erased_on.map(|on| {
        let why = s.erased_because.clone().unwrap_or_default();
        Item::new("删除内容", format!("{}，理由：{why}", day(on)))
    }));
    items.push(Item::new("校验值（SHA-256）", &s.digest));
    items
}

/// The forms of what may be done: make public or take down, and erase.
fn forms(id: Uuid, file: &FileView, document_public: bool, once: &str) -> [Option<Form>; 3] {
    let s = &file.standing;
    let action = at(id, &format!("files/{}", file.id));
    let act = |how: &str, form: Form| form.hide("version", file.version).hide("once", once).hide("how", how);
    if s.erased_on.is_some() {
        return [None, None, None];
    }
    let publish =
        (document_public && !s.is_public()).then(|| act("publish", Form::post(&action, "公开", Vec::new())));
    let down = s.is_public().then(|| {
        let mut form = Form::post(&action, "撤下", vec![Field::area("reason", "撤下的理由", 2)]);
        form.class = "secondary";
        act("withdraw", form)
    });
    let erase = (!s.is_public()).then(|| {
        let mut form = Form::post(&action, "删除内容", vec![Field::area("reason", "删除的理由", 2)]);
        form.grave = true;
        form.confirm = "确定删除这份文件的内容吗？删除后不能恢复。".into();
        act("erase", form)
    });
    [publish, down, erase]
}

async fn one(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    show(&app, &mut visit, (id, file), &Typed::default(), &done).await
}

async fn show(app: &App, visit: &mut Visit, (id, file): (Uuid, Uuid), typed: &Typed, done: &str) -> Answer {
    let view = find(app, visit, id, file).await?;
    let Below { frame, owner, .. } = below(app, visit, id, &view.name).await?;
    let frame = frame.told(done);
    let mut all = [None, None, None];
    if visit.ctx.actor.may(Permission::EditRegisters) {
        all = forms(id, &view, owner.public, &frame.once);
    }
    let how = typed.get("how");
    let filled = |form: Option<Form>, own: &str| form.map(|f| if how == own { f.filled(typed) } else { f });
    let [publish, down, erase] = all;
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let gone = view.standing.erased_on.is_some();
    Ok(page(
        status,
        &FilePage {
            frame,
            badge: state(&view.standing),
            problems: Problems { all: typed.problems.clone() },
            items: items(&view),
            content: if gone { String::new() } else { at(id, &format!("files/{file}/content")) },
            noted: false,
            redact: String::new(),
            give: "向社会公开",
            release: publish,
            take_back: filled(down, "withdraw"),
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
    let body = find(&app, &visit, id, file).await?.standing.role == FileRole::Body;
    let (event, field, done) = match typed.get("how") {
        "publish" => (FileEvent::Published, "", "annex-published"),
        "withdraw" => (
            FileEvent::Withdrawn { reason: typed.text("reason", "撤下的理由") },
            "reason",
            if body { "body-withdrawn" } else { "annex-withdrawn" },
        ),
        "erase" => {
            (FileEvent::Erased { reason: typed.text("reason", "删除的理由") }, "reason", "file-erased")
        }
        _ => return Err(Error::Invalid("没有这种办理方式，请从文件页面重新选择".into()).into()),
    };
    if typed.problems.is_empty() {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.change_document_file(ctx, (id, file), typed.version(), event).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done={done}", at(id, &format!("files/{file}")))));
        }
        for problem in &mut typed.problems {
            field.clone_into(&mut problem.field);
        }
    }
    show(&app, &mut visit, (id, file), &typed, "").await
}

/// Something the check found.
#[derive(Debug)]
pub struct FindingLine {
    pub(super) what: String,
    pub(super) place: String,
    pub(super) text: String,
    pub(super) hint: String,
    /// None once a person answers for it, and for who only reads.
    pub(super) form: Option<Form>,
    pub(super) settled: bool,
}

/// What the check before publication found.
#[derive(Debug, Template)]
#[template(path = "desk/check.html")]
pub struct CheckPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) open: usize,
    pub(super) findings: Vec<FindingLine>,
    /// What does not agree between the text and the registration; it stops nothing.
    pub(super) mismatches: Vec<String>,
    /// Whether it is a draft, of which nothing is settled yet.
    pub(super) draft: bool,
    pub(super) back: String,
}

fn finding(f: Finding, n: usize, form: Option<Form>, typed: &Typed) -> FindingLine {
    let form = form.filter(|_| !f.settled).map(|mut form| {
        let name = format!("reason-{n}");
        form.fields = vec![Field::text(&name, "可以公开的理由").hint(if f.hint.is_empty() {
            "例如：属于本机关的办公电话"
        } else {
            "例如：引用的文件原文如此"
        })];
        let form = form.hide("finding", &f.key).hide("n", n);
        if typed.get("n") == n.to_string() { form.filled(typed) } else { form }
    });
    FindingLine { place: f.shown_place(), what: f.what, text: f.text, hint: f.hint, form, settled: f.settled }
}

async fn ask_check(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    show_check(&app, &mut visit, id, &Typed::default(), &done).await
}

async fn show_check(app: &App, visit: &mut Visit, id: Uuid, typed: &Typed, done: &str) -> Answer {
    let found = app.service.check_document(&visit.ctx, id).await?;
    let Below { frame, back, owner, .. } = below(app, visit, id, "公开前检查").await?;
    // Of a draft nothing is settled: it may still change.
    let draft = owner.draft.is_some();
    let mut version = None;
    if !draft && visit.ctx.actor.may(Permission::EditRegisters) {
        version = Some(app.service.document_view(&visit.ctx, id).await?.version);
    }
    let form = || {
        let form = Form::post(at(id, "check"), "可以公开", Vec::new());
        version.map(|version| form.hide("version", version).hide("once", &frame.once))
    };
    let open = found.iter().filter(|f| !f.settled).count();
    let findings = found.into_iter().zip(1..).map(|(f, n)| finding(f, n, form(), typed)).collect();
    let mismatches = app.service.document_mismatches(&visit.ctx, id).await?;
    let mismatches = mismatches.iter().map(ToString::to_string).collect();
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let problems = Problems { all: typed.problems.clone() };
    let frame = frame.told(done);
    Ok(page(status, &CheckPage { frame, problems, open, findings, mismatches, draft, back }))
}

async fn answer_check(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let name = format!("reason-{}", typed.get("n"));
    let reason = typed.text(&name, "可以公开的理由");
    if typed.problems.is_empty() {
        let ctx = visit.context().with_key(typed.key());
        let (version, key) = (typed.version(), typed.get("finding").to_owned());
        let result = app.service.settle_finding(ctx, id, version, (&key, &reason)).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=saved", at(id, "check"))));
        }
        for problem in &mut typed.problems {
            problem.field.clone_from(&name);
        }
    }
    show_check(&app, &mut visit, id, &typed, "").await
}

/// What the samples of a document's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let line = |state: Badge, content: &str| FileLine {
        name: "样例附件.pdf".into(),
        role: FileRole::Annex.label(),
        about: format!("{}，1.2MB，样例经办人于2020年3月8日 09:30添加", Media::Pdf.label()),
        state,
        page: "/desk/documents/1/files/2".into(),
        content: content.into(),
    };
    let part = ContentPart {
        files: vec![line(Badge::new("尚未公开", "yellow"), "/x"), line(Badge::new("内容已删除", "grey"), "")],
        write: Some(Link::new("/desk/documents/1/body", "编写正文")),
        check: "/desk/documents/1/check".into(),
        text: text_html("各单位：\n<b>正文</b>"),
        unfolded: false,
        draft: "/desk/document-drafts/1".into(),
        form: Some(annex_form(Uuid::nil(), &Limits::default(), "")),
    };
    Section::of("content", "正文和附件", &part).unwrap_or_default()
}

#[cfg(test)]
impl CheckPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let found = |settled| Finding {
            key: "k".into(),
            what: "手机号码".into(),
            place: "正文第3段".into(),
            file: String::new(),
            text: "<b>".into(),
            hint: "建议改为“部署”".into(),
            settled,
        };
        let form = || Some(Form::post("/x", "可以公开", Vec::new()));
        let page = |findings: Vec<FindingLine>, problems: &Problems, draft| CheckPage {
            frame: frame.clone(),
            problems: problems.clone(),
            open: findings.iter().filter(|f| !f.settled).count(),
            findings,
            mismatches: if draft { Vec::new() } else { vec!["标题：样例<b>".into()] },
            draft,
            back: "/desk/documents/1".into(),
        };
        let typed = Typed::default();
        let two = vec![finding(found(false), 1, form(), &typed), finding(found(true), 2, form(), &typed)];
        let of_draft = vec![finding(found(false), 1, None, &typed)];
        let none = Problems::default();
        vec![page(two, problems, false), page(Vec::new(), &none, false), page(of_draft, &none, true)]
    }
}
