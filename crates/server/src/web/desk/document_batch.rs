//! 历史公文批量导入 at the desk: a list and a ZIP archive of its files, looked at before anything is taken.
//!
//! A request looks at or takes as many rows as it has time for; the page then goes on from where it is, by a button, or by
//! itself where there is script. What is uploaded is held, sealed, between these requests. Nothing needs to be remembered of
//! how far it is: a row that was taken is known when it comes again.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Frame, Link, ok, page};
use super::super::words::{attachment, day};
use super::board::Count;
use super::document::categories;
use super::register::{Desk, ListRow};
use super::{Officer, World, or_none, settle};
use crate::intake::{Paced, received_large};
use crate::{App, UPLOAD_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use jiff::SignedDuration;
use law::docket::document::Category;
use service::document::{Documents, MOST_WAITING, WaitingImport};
use service::transfer::batch::{
    Archive, Batch, Folder, NoFiles, RowOutcome, RowState, ToTake, batch_template,
};
use service::{Context, Error, Permission, Result, Service};
use std::io::Cursor;
use std::sync::Arc;

/// Address of the page.
pub(super) const HOME: &str = "/desk/documents/batch";
/// Address of what waits.
pub(super) const WAITING: &str = "/desk/documents/batch/waiting";
const TEMPLATE: &str = "/desk/documents/batch/template.xlsx";
/// Rows of a list that the desk takes; more go by the command line.
const MOST_ROWS: usize = 2_000;
/// How long one request works on rows; the server gives up on a request after a minute.
const TURN: SignedDuration = SignedDuration::from_secs(10);
/// Rows shown at once.
const MOST_SHOWN: usize = 200;

/// The page, the list of what waits, and the workbook to be filled in.
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(ask).post(work).layer(DefaultBodyLimit::max(UPLOAD_LIMIT)))
        .route(TEMPLATE, get(template))
        .route(WAITING, get(waiting_list))
}

/// A row as it is shown.
#[derive(Debug, Clone)]
pub struct RowLine {
    n: usize,
    title: String,
    number: String,
    badge: (&'static str, &'static str),
    /// The document it became; empty if it is none yet.
    href: String,
    /// Column and sentence.
    notes: Vec<(String, String)>,
}

/// How far a list is.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// Whether rows are taken, not only looked at.
    taking: bool,
    /// Rows worked on so far.
    done: usize,
    rows: usize,
    /// How many rows came to each [`RowState`], in its order.
    counts: [usize; 5],
    /// Rows of this turn about which something is to be said.
    lines: Vec<RowLine>,
    /// Rows of this turn that are not shown.
    more: usize,
}

impl Progress {
    fn is_over(&self) -> bool {
        self.done >= self.rows
    }

    fn of(&self, state: RowState) -> usize {
        RowState::ALL.iter().zip(self.counts).find(|(s, _)| **s == state).map_or(0, |(_, n)| n)
    }

    /// Whether everything was taken or may be.
    fn is_well(&self) -> bool {
        self.is_over() && self.of(RowState::Bad) == 0
    }

    fn has_waiting(&self) -> bool {
        self.of(RowState::Waiting) > 0
    }

    fn sentence(&self) -> String {
        let parts: Vec<String> = RowState::ALL
            .iter()
            .zip(self.counts)
            .filter(|(_, n)| *n > 0)
            .map(|(state, n)| format!("{}{n}行", state.label()))
            .collect();
        let what = match (self.taking, self.is_over()) {
            (false, true) => "试导入完成，没有保存任何内容。",
            (false, false) => "试导入进行中，没有保存任何内容。",
            (true, true) => "导入完成。",
            (true, false) => "正在导入，已经导入的行都已保存。",
        };
        let worked = if self.taking { "处理" } else { "检查" };
        format!("{what}共{}行，已经{worked}{}行：{}。", self.rows, self.done, parts.join("；"))
    }
}

/// The page, before and after.
#[derive(Debug, Template)]
#[template(path = "desk/document_batch.html")]
pub struct BatchPage {
    frame: Frame,
    problems: Problems,
    form: Option<Form>,
    template: &'static str,
    waiting: &'static str,
    progress: Option<Progress>,
    /// What goes along with the buttons.
    hidden: Vec<(&'static str, String)>,
    sentence: String,
    most: usize,
}

fn badge(state: RowState) -> (&'static str, &'static str) {
    let tone = match state {
        RowState::Published => "green",
        RowState::Waiting => "yellow",
        RowState::Taken => "blue",
        RowState::Known => "grey",
        RowState::Bad => "red",
    };
    (state.label(), tone)
}

fn line(row: RowOutcome) -> RowLine {
    let column = |column: String| if column.is_empty() { "整行".to_owned() } else { column };
    RowLine {
        n: row.row,
        title: row.title,
        number: row.number,
        badge: badge(row.state),
        href: row.document.map(Documents::at).unwrap_or_default(),
        notes: row.notes.into_iter().map(|n| (column(n.column), n.text)).collect(),
    }
}

fn first_page(frame: Frame, form: Form, problems: Problems) -> BatchPage {
    BatchPage {
        frame,
        problems,
        form: Some(form),
        template: TEMPLATE,
        waiting: WAITING,
        progress: None,
        hidden: Vec::new(),
        sentence: String::new(),
        most: MOST_ROWS,
    }
}

fn fields(world: &World<'_>) -> Vec<Field> {
    let of_list = |mut choices: Vec<Choice>| {
        choices.insert(0, Choice::new("", "按列表中的“公文类别”列"));
        choices
    };
    vec![
        Field::file("list", "公文列表", ".xlsx,.csv,.tsv,.txt").hint(format!(
            "Excel工作簿，或者UTF-8、UTF-16、GB18030编码的CSV、TSV文件，每件公文一行，不超过{MOST_ROWS}行"
        )),
        Field::file("files", "文件压缩包", ".zip")
            .hint("列表中“正文文件名”“附件文件名”写明的文件，压缩为ZIP；连同列表不超过100MB")
            .optional(),
        Field::select("unit", "统计单位", or_none("与制作机关相同", world.own_units()))
            .hint("列表中没有填写统计单位的公文，年度报告由哪个机关统计")
            .optional()
            .value_if(world.home()),
        Field::select("category", "公文类别", of_list(categories())).optional(),
    ]
}

async fn show_first(app: &App, mut visit: Visit, typed: &Typed) -> Answer {
    let frame = Frame::desk(app, &mut visit, "历史公文批量导入", &Documents::home());
    let world = World::read(app, &visit).await?;
    let mut form = Form::post(HOME, "试导入", fields(&world)).cancel(Documents::home());
    form.file = true;
    let form = form.filled(typed);
    let wrong = !typed.problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, &first_page(frame, form, Problems { all: typed.problems.clone() })))
}

async fn ask(State(app): State<App>, Officer(visit): Officer) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    show_first(&app, visit, &Typed::default()).await
}

async fn template(Officer(visit): Officer) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let headers = [
        (
            header::CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (header::CONTENT_DISPOSITION, attachment("历史公文列表.xlsx", "documents.xlsx")),
    ];
    Ok((headers, batch_template()?).into_response())
}

/// The mark that what an officer uploaded is held under: nobody else's form opens it.
fn mark(visit: &Visit) -> String {
    format!("batch/{}", visit.ctx.actor.journal_name())
}

/// What was uploaded before, or now.
struct Held {
    name: String,
    list: Vec<u8>,
    files: Option<Vec<u8>>,
    /// The notes under which both are held.
    tokens: (String, String),
}

/// Takes the uploads of a first request, or opens those of one before.
async fn held(app: &App, visit: &mut Visit, upload: Paced) -> Result<(Typed, Option<Held>)> {
    let got = received_large(&app.service, upload).await;
    let mut typed = Typed::new(got.pairs);
    if let Some(refusal) = got.refused {
        typed.wrong("list", refusal.text);
        return Ok((typed, None));
    }
    let (mark, at) = (mark(visit), visit.ctx.at);
    let token = typed.get("list-token").to_owned();
    if !token.is_empty() {
        let gone = || Error::Invalid("上传的列表已经过期，请重新选择文件".into());
        let (name, list) = app.service.held_content(at, &mark, &token).await?.ok_or_else(gone)?;
        let of_files = typed.get("files-token").to_owned();
        let files = match of_files.as_str() {
            "" => None,
            token => Some(app.service.held_content(at, &mark, token).await?.ok_or_else(gone)?.1),
        };
        return Ok((typed, Some(Held { name, list, files, tokens: (token, of_files) })));
    }
    let (mut list, mut files) = (None, None);
    for (control, upload) in got.files {
        match control.as_str() {
            "list" => list = Some(upload),
            _ => files = Some(upload),
        }
    }
    let Some(list) = list else {
        typed.wrong("list", "请选择公文列表");
        return Ok((typed, None));
    };
    let mut ctx = visit.context();
    let (name, list, list_token) = app.service.hold_content(&mut ctx, &mark, list).await?;
    let (files, files_token) = match files {
        Some(files) => {
            let (_, content, token) = app.service.hold_content(&mut ctx, &mark, files).await?;
            (Some(content), token)
        }
        None => (None, String::new()),
    };
    Ok((typed, Some(Held { name, list, files, tokens: (list_token, files_token) })))
}

async fn open(app: &App, visit: &Visit, typed: &Typed, held: Held) -> Result<(Batch, (String, String))> {
    let files: Arc<dyn Folder> = match held.files {
        Some(zip) => {
            let opened = tokio::task::spawn_blocking(move || Archive::open(zip));
            Arc::new(opened.await.map_err(|e| Error::Internal(e.to_string()))??)
        }
        None => Arc::new(NoFiles),
    };
    let to = ToTake {
        name: held.name,
        list: Box::new(Cursor::new(held.list)),
        files,
        unit: typed.id("unit"),
        category: Category::parse(typed.get("category")),
        most_rows: Some(MOST_ROWS),
    };
    let batch = app.service.open_batch(&visit.ctx, to).await?;
    Ok((batch, held.tokens))
}

async fn turn(app: &App, visit: &Visit, typed: &Typed, batch: &mut Batch) -> Result<Progress> {
    let number = |name: &str| typed.get(name).parse::<usize>().unwrap_or_default();
    // Looking on goes on; taking begins at the beginning.
    let begins = typed.get("button") == "take";
    let mut progress = Progress {
        taking: begins || typed.get("taking") == "yes",
        rows: batch.rows(),
        ..Progress::default()
    };
    if !begins {
        progress.done = number("done").min(progress.rows);
        for (count, text) in progress.counts.iter_mut().zip(typed.get("counts").split(' ')) {
            *count = text.parse().unwrap_or_default();
        }
    }
    batch.skip(progress.done)?;
    let context = || Context::new(app.clock.now(), visit.ctx.actor.clone(), app.clock.seed());
    let until = app.clock.now().checked_add(TURN).unwrap_or(visit.ctx.at);
    loop {
        let rows = batch.next(context, progress.taking).await?;
        if rows.is_empty() {
            progress.done = progress.rows;
            break;
        }
        for row in rows {
            progress.done += 1;
            let place = RowState::ALL.iter().position(|s| *s == row.state).unwrap_or_default();
            progress.counts[place] += 1;
            let quiet = row.notes.is_empty() && matches!(row.state, RowState::Known);
            if quiet || progress.lines.len() >= MOST_SHOWN {
                progress.more += 1;
            } else {
                progress.lines.push(line(row));
            }
        }
        if app.clock.now() >= until {
            break;
        }
    }
    Ok(progress)
}

fn result_page(frame: Frame, typed: &Typed, tokens: (String, String), progress: Progress) -> BatchPage {
    let counts = progress.counts.map(|n| n.to_string()).join(" ");
    let mut hidden = vec![
        ("list-token", tokens.0),
        ("files-token", tokens.1),
        ("unit", typed.get("unit").to_owned()),
        ("category", typed.get("category").to_owned()),
        ("done", progress.done.to_string()),
        ("counts", counts),
    ];
    if progress.taking {
        hidden.push(("taking", "yes".into()));
    }
    BatchPage {
        frame,
        problems: Problems::default(),
        form: None,
        template: TEMPLATE,
        waiting: WAITING,
        sentence: progress.sentence(),
        progress: Some(progress),
        hidden,
        most: MOST_ROWS,
    }
}

async fn work(State(app): State<App>, Officer(mut visit): Officer, upload: Paced) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let (mut typed, held) = match held(&app, &mut visit, upload).await {
        Ok(found) => found,
        Err(error) => {
            let mut typed = Typed::default();
            settle::<()>(Err(error), &mut typed)?;
            return show_first(&app, visit, &typed).await;
        }
    };
    let Some(held) = held else { return show_first(&app, visit, &typed).await };
    let opened = open(&app, &visit, &typed, held).await;
    let Some((mut batch, tokens)) = settle(opened, &mut typed)? else {
        return show_first(&app, visit, &typed).await;
    };
    let done = turn(&app, &visit, &typed, &mut batch).await;
    let Some(progress) = settle(done, &mut typed)? else { return show_first(&app, visit, &typed).await };
    let frame = Frame::desk(&app, &mut visit, "历史公文批量导入", &Documents::home());
    Ok(ok(&result_page(frame, &typed, tokens, progress)))
}

/// What was imported and waits.
#[derive(Debug, Template)]
#[template(path = "desk/document_waiting.html")]
pub struct WaitingPage {
    frame: Frame,
    rows: Vec<ListRow>,
    more: bool,
    import: Option<Link>,
}

fn waiting_row(w: WaitingImport, world: &World<'_>) -> ListRow {
    ListRow {
        href: format!("{}/check", Documents::at(w.row.id)),
        badge: super::super::frame::Badge::new("待处理", "yellow"),
        cells: vec![
            w.row.title,
            w.row.number.unwrap_or_else(|| "—".into()),
            world.short(w.row.unit),
            day(w.row.made_on),
            day(w.published_on),
        ],
    }
}

async fn waiting_list(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let frame = Frame::desk(&app, &mut visit, "导入待处理", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let mut found = app.service.waiting_imports(&visit.ctx, None).await?;
    let more = found.len() > MOST_WAITING;
    found.truncate(MOST_WAITING);
    let may = visit.ctx.actor.may(Permission::EditRegisters);
    Ok(ok(&WaitingPage {
        rows: found.into_iter().map(|w| waiting_row(w, &world)).collect(),
        frame,
        more,
        import: may.then(|| Link::new(HOME, "历史公文批量导入")),
    }))
}

/// How many imported documents wait, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = i64::try_from(service.waiting_imports(ctx, None).await?.len()).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("导入待处理", n, "yellow", WAITING)))
}

#[cfg(test)]
impl BatchPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let form = || Form::post(HOME, "试导入", vec![Field::file("list", "公文列表", ".xlsx")]);
        let row = |state, note: Option<&str>| {
            let notes = note.map(|text| ("正文文件名".to_owned(), text.to_owned())).into_iter().collect();
            let (title, number) = ("样例<b>通知".to_owned(), "样政发〔2019〕1号".to_owned());
            RowLine { n: 2, title, number, badge: badge(state), href: String::new(), notes }
        };
        let lines: Vec<RowLine> = RowState::ALL.map(|s| row(s, Some("没有找到文件<b>"))).into();
        let mut taken = row(RowState::Published, None);
        taken.href = "/desk/documents/1".into();
        let page = |taking, done, lines: Vec<RowLine>| {
            let progress = Progress { taking, done, rows: 9, counts: [1, 1, 1, 1, 1], lines, more: 2 };
            result_page(frame.clone(), &Typed::default(), ("a".into(), "b".into()), progress)
        };
        vec![
            first_page(frame.clone(), form(), Problems::default()),
            first_page(frame.clone(), form(), problems.clone()),
            page(false, 9, lines.clone()),
            page(false, 5, lines),
            page(true, 5, vec![taken.clone()]),
            page(true, 9, vec![taken]),
        ]
    }
}

#[cfg(test)]
impl WaitingPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = ListRow {
            href: "/desk/documents/1/check".into(),
            cells: ["样例办法", "—", "样例办", "2010年3月1日", "2010年3月5日"].map(String::from).into(),
            badge: super::super::frame::Badge::new("待处理", "yellow"),
        };
        let import = || Some(Link::new(HOME, "历史公文批量导入"));
        let page = |rows, more, import| WaitingPage { frame: frame.clone(), rows, more, import };
        vec![page(vec![row], true, import()), page(Vec::new(), false, None)]
    }
}
