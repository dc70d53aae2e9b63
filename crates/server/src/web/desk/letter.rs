//! Letters of a request: the section on its page, the preview with what is still missing, PDF and DOCX, finishing.

use super::super::Answer;
use super::super::form::{Field, Form, Problem, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{attachment, day};
use super::register::{Desk, Section};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::request::Standing;
use law::letter::Letter;
use service::letter::{LetterView, Wanted};
use service::request::Requests;
use service::{Error, Permission, Result, Service};
use uuid::Uuid;

/// The routes of the letters of a request.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/requests/{id}/letters/{letter}", get(preview).post(finish))
        .route("/desk/requests/{id}/letters/{letter}/release", post(release))
        .route("/desk/requests/{id}/letters/{letter}/{format}", get(file))
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct LetterLine {
    pub(super) title: String,
    pub(super) page: String,
    pub(super) state: Badge,
}

/// The section of a request's page.
#[derive(Debug, Template)]
#[template(path = "desk/letters.html")]
pub struct LettersPart {
    pub(super) letters: Vec<LetterLine>,
}

fn at(request: Uuid, wanted: Wanted) -> String {
    let base = format!("{}/letters/{}", Requests::at(request), wanted.letter.key());
    wanted.n.map_or(base.clone(), |n| format!("{base}?n={n}"))
}

/// The section 文书.
pub(super) fn section(id: Uuid, s: &Standing, world: &World<'_>) -> Result<Option<Section>> {
    if !world.actor.may(Permission::ReadPersonal) {
        return Ok(None);
    }
    let line = |wanted: Wanted| {
        let state = match Service::finished_letter(s, wanted) {
            Some((on, w)) if w.number.is_empty() => Badge::new(format!("{}制作", day(*on)), "green"),
            Some((_, w)) => Badge::new(w.number.clone(), "green"),
            None => Badge::new("未制作", "grey"),
        };
        let party = match (wanted.letter, wanted.n) {
            (Letter::Decision(_), Some(_)) => "（重新处理以前）".to_owned(),
            (Letter::Assistance, _) | (_, None) => String::new(),
            (_, Some(n)) => {
                let party = s.consultations.iter().find(|c| c.number == n);
                party.map(|c| format!("（{}）", c.party)).unwrap_or_default()
            }
        };
        LetterLine { title: format!("{}{party}", wanted.letter.title()), page: at(id, wanted), state }
    };
    let letters: Vec<LetterLine> = Service::letters_of(s).into_iter().map(line).collect();
    Section::of("letters", "文书", &LettersPart { letters }).map(Some)
}

/// The preview of a letter.
#[derive(Debug, Template)]
#[template(path = "desk/letter.html")]
pub struct LetterPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) missing: Vec<Problem>,
    pub(super) finished: bool,
    pub(super) files: Vec<Link>,
    pub(super) article: String,
    pub(super) form: Option<Form>,
    /// Gives it to the applicant.
    pub(super) release: Option<Form>,
}

/// The form that gives a finished letter to its applicant, for thirty days unless said otherwise.
fn release_form(id: Uuid, w: Wanted, once: &str, today: Date) -> Form {
    let until = today.checked_add(30.days()).ok().map(|d| d.to_string());
    let field =
        Field::date("until", "提供至").hint("申请人在这一天之前（含当天）凭查询码可以下载").value_if(until);
    let action = format!("{}/letters/{}/release", Requests::at(id), w.letter.key());
    Form::post(action, "提供给申请人下载", vec![field]).hide("once", once)
}

fn wanted(key: &str, query: &Typed) -> Result<Wanted> {
    let letter =
        Letter::parse(key).ok_or_else(|| Error::NotFound("没有这种文书，请从申请页面重新选择".into()))?;
    Ok(Wanted { letter, n: query.get("n").parse().ok() })
}

async fn preview(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    show(&app, visit, id, wanted(&key, &query)?, &query, &Typed::default()).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, w: Wanted, query: &Typed, typed: &Typed) -> Answer {
    let view = app.service.letter(visit.context(), id, w).await?;
    let docket = app.service.request_view(&visit.ctx, id).await?;
    let heading = docket.standing.as_ref().map_or_else(|| "申请".to_owned(), Requests::heading);
    let frame = Frame::desk(app, &mut visit, w.letter.title(), &Requests::home());
    let frame = frame.step(Requests::at(id), heading).told(query.get("done"));
    let base = format!("{}/letters/{}", Requests::at(id), w.letter.key());
    let which = w.n.map(|n| format!("?n={n}")).unwrap_or_default();
    let files = [("pdf", "下载PDF"), ("docx", "下载Word文档")]
        .map(|(format, text)| Link::new(format!("{base}/{format}{which}"), text));
    // The notice of a decision is finished along with the decision.
    let by_hand = !matches!(w.letter, Letter::Decision(_));
    let open = view.written.is_none() && by_hand && view.missing.is_empty();
    let may = open && visit.ctx.actor.may(Permission::EditRegisters);
    let form = may.then(|| {
        let mut form = Form::post(at(id, w), "定稿并编号", Vec::new());
        form.confirm = "定稿后文书内容不再改变，确定定稿吗？".into();
        form.hide("version", docket.version).hide("once", &frame.once).cancel(Requests::at(id))
    });
    let may_release =
        visit.ctx.actor.may(Permission::EditRegisters) && w.letter.is_to_applicant() && w.n.is_none();
    let release = (may_release && view.written.is_some() && app.service.takes_files())
        .then(|| release_form(id, w, &frame.once, visit.today()).filled(typed));
    let wrong = !typed.problems.is_empty();
    Ok(page(
        if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK },
        &LetterPage {
            problems: Problems { all: typed.problems.clone() },
            missing: view.missing.iter().map(Problem::from).collect(),
            finished: view.written.is_some(),
            files: files.into(),
            article: paper::letter_html(&view.paper),
            form,
            release,
            frame,
        },
    ))
}

async fn finish(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Query(query): Query<Vec<(String, String)>>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let (query, mut typed) = (Typed::new(query), Typed::new(pairs));
    let w = wanted(&key, &query)?;
    let ctx = visit.context().with_key(typed.key());
    let result = app.service.write_letter(ctx, id, typed.version(), w).await;
    if settle(result, &mut typed)?.is_some() {
        return Ok(see(&format!("{}?done=written", Requests::at(id))));
    }
    show(&app, visit, id, w, &query, &typed).await
}

/// Gives a finished letter to its applicant.
async fn release(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key)): Path<(Uuid, String)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let (query, mut typed) = (Typed::default(), Typed::new(pairs));
    let w = wanted(&key, &query)?;
    let until = typed.date("until", "提供的截止日期");
    if typed.problems.is_empty() {
        // The same button of another request or letter is another.
        let ctx = visit.context().with_key(format!("{}-{id}-{key}", typed.key()));
        let result = app.service.release_letter(ctx, id, w, until, app.fonts.clone()).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=file-released#files", Requests::at(id))));
        }
        for problem in typed.problems.iter_mut().filter(|p| p.code == "until-before") {
            "until".clone_into(&mut problem.field);
        }
    }
    show(&app, visit, id, w, &query, &typed).await
}

async fn file(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, key, format)): Path<(Uuid, String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let w = wanted(&key, &Typed::new(query))?;
    let view = app.service.letter(visit.context(), id, w).await?;
    let draft = if view.written.is_some() { "" } else { "（审签稿）" };
    let name = format!("{}{draft}.{format}", w.letter.title());
    let plain = format!("{}.{format}", w.letter.key());
    let (media, bytes) = printed(&app, view, &format).await?;
    let headers = [
        (header::CONTENT_TYPE, media.to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&name, &plain)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, bytes).into_response())
}

/// The letter in a format. Setting a PDF takes a while, so it is done beside the other visits.
pub(super) async fn printed(app: &App, view: LetterView, format: &str) -> Result<(&'static str, Vec<u8>)> {
    let fonts = app.fonts.clone();
    let word = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    let print: Box<dyn FnOnce() -> std::result::Result<Vec<u8>, paper::PaperError> + Send> = match format {
        "pdf" => Box::new(move || paper::letter_pdf(&view.paper, &fonts)),
        "docx" => Box::new(move || paper::letter_docx(&view.paper)),
        _ => return Err(Error::NotFound(format!("没有“{format}”这种格式，请选择PDF或者Word文档"))),
    };
    let done = tokio::task::spawn_blocking(print).await.map_err(|e| Error::Internal(e.to_string()))?;
    let bytes = done.map_err(|e| match e {
        paper::PaperError::NoFonts => Error::Invalid(e.to_string()),
        other => Error::Internal(other.to_string()),
    })?;
    Ok((if format == "pdf" { "application/pdf" } else { word }, bytes))
}

#[cfg(test)]
impl LetterPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        use law::letter::Value;
        let letter = Letter::Correction;
        let template = paper::template::Template::parse(letter, paper::template::default_template(letter));
        let text = template.unwrap().render(&letter.sample()).unwrap();
        let issuer = match letter.sample().get("机关名称") {
            Some(Value::Text(name)) => name.clone(),
            _ => String::new(),
        };
        let paper = paper::letter::OfficialLetter {
            signed_by: issuer.clone(),
            issuer,
            number: None,
            text,
            made_on: None,
            printed_on: law::date(2026, 1, 5),
            draft: true,
        };
        let page = |missing: Vec<Problem>, finished, form| LetterPage {
            frame: frame.clone(),
            problems: Problems::default(),
            missing,
            finished,
            files: vec![Link::new("/x/pdf", "下载PDF")],
            article: paper::letter_html(&paper),
            form,
            release: None,
        };
        let gap = Problem { text: "文书缺少联系方式".into(), ..Problem::default() };
        vec![
            page(vec![gap], false, None),
            page(vec![], false, Some(Form::post("/x", "定稿并编号", vec![]))),
            LetterPage {
                release: Some(Form::post("/x", "提供给申请人", vec![])),
                ..page(vec![], true, None)
            },
        ]
    }
}
