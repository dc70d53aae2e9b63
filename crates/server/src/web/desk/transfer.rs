//! Registers in and out as files.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Frame, Link, page, see};
use super::super::words::attachment;
use super::{Officer, settle};
use crate::error::PageError;
use crate::{App, IMPORT_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use service::transfer::{BadRow, ExportFormat, ImportMode, ImportOutcome, Kind};
use service::{Error, Permission};

/// Import and export of every register.
pub fn routes() -> Router<App> {
    Kind::ALL.into_iter().fold(Router::new(), |router, kind| {
        let import = get(move |app: State<App>, officer: Officer| ask(app, officer, kind))
            .post(move |app: State<App>, officer: Officer, file: Multipart| import(app, officer, kind, file))
            .layer(DefaultBodyLimit::max(IMPORT_LIMIT));
        router.route(&format!("/desk/{}/import", kind.key()), import).route(
            &format!("/desk/{}/export/{{format}}", kind.key()),
            get(move |app: State<App>, officer: Officer, format: Path<String>| {
                export(app, officer, kind, format)
            }),
        )
    })
}

/// The import page, before and after.
#[derive(Debug, Template)]
#[template(path = "desk/import.html")]
pub struct ImportPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) form: Form,
    pub(super) outcome: String,
    pub(super) bad: Vec<BadRow>,
    pub(super) more: usize,
    pub(super) example: Link,
}

/// Bad rows shown at most.
const MOST_BAD: usize = 500;

fn permission(kind: Kind) -> Permission {
    if kind == Kind::Units { Permission::ManageUnits } else { Permission::EditRegisters }
}

fn import_page(
    app: &App,
    visit: &mut Visit,
    kind: Kind,
    typed: &Typed,
    outcome: Option<(&ImportOutcome, ImportMode)>,
) -> Response {
    let home = format!("/desk/{}", kind.key());
    let frame = Frame::desk(app, visit, &format!("导入{}", kind.label()), &home);
    let modes = vec![
        Choice::new("try", "试导入：只检查，不保存"),
        Choice::new("all", "全部正确才导入"),
        Choice::new("good", "只导入正确的行"),
    ];
    let fields = vec![
        Field::file("file", "文件", ".csv,.xlsx")
            .hint("CSV或者Excel文件，不超过32MB；第一行是列名，与导出的文件一致"),
        Field::radio("mode", "方式", modes).value("try"),
    ];
    let mut form = Form::post(format!("{home}/import"), "上传", fields).cancel(&home);
    form.file = true;
    let form = form.filled(typed);
    let said = match outcome {
        None => String::new(),
        Some((o, mode)) => {
            let (rows, taken, bad) = (o.rows, o.taken, o.bad.len());
            let known =
                if o.known > 0 { format!("，{}行以前已经导入", o.known) } else { String::new() };
            match mode {
                ImportMode::DryRun => {
                    format!("共{rows}行，可以导入{taken}行{known}，有问题{bad}行。没有保存任何内容。")
                }
                _ => format!("共{rows}行，已经导入{taken}行{known}，有问题{bad}行。"),
            }
        }
    };
    let bad = outcome.map(|(o, _)| o.bad.clone()).unwrap_or_default();
    let more = bad.len().saturating_sub(MOST_BAD);
    let wrong = !typed.problems.is_empty()
        || (!bad.is_empty() && outcome.is_some_and(|(_, m)| m != ImportMode::DryRun));
    page(
        if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK },
        &ImportPage {
            frame,
            problems: Problems { all: typed.problems.clone() },
            form,
            outcome: said,
            bad: bad.into_iter().take(MOST_BAD).collect(),
            more,
            example: Link::new(format!("{home}/export/xlsx"), "导出现有登记簿作为样式"),
        },
    )
}

async fn ask(State(app): State<App>, Officer(mut visit): Officer, kind: Kind) -> Answer {
    visit.ctx.actor.must(permission(kind))?;
    Ok(import_page(&app, &mut visit, kind, &Typed::default(), None))
}

/// What was uploaded: name, bytes, and the other fields.
pub(super) async fn received(mut upload: Multipart) -> Result<(String, Vec<u8>, Typed), PageError> {
    let broken = |_| Error::Invalid("上传的内容不完整或者过大，请重新选择文件".into());
    let (mut name, mut bytes, mut pairs) = (String::new(), Vec::new(), Vec::new());
    while let Some(field) = upload.next_field().await.map_err(broken)? {
        let key = field.name().unwrap_or_default().to_owned();
        if key == "file" {
            name = field.file_name().unwrap_or_default().to_owned();
            bytes = field.bytes().await.map_err(broken)?.to_vec();
        } else {
            pairs.push((key, field.text().await.map_err(broken)?));
        }
    }
    Ok((name, bytes, Typed::new(pairs)))
}

async fn import(
    State(app): State<App>,
    Officer(mut visit): Officer,
    kind: Kind,
    upload: Multipart,
) -> Answer {
    visit.ctx.actor.must(permission(kind))?;
    let (name, bytes, mut typed) = received(upload).await?;
    let mode = match typed.get("mode") {
        "all" => ImportMode::AllOrNothing,
        "good" => ImportMode::TakeGood,
        _ => ImportMode::DryRun,
    };
    if bytes.is_empty() {
        typed.wrong("file", "请选择要导入的文件");
        return Ok(import_page(&app, &mut visit, kind, &typed, None));
    }
    let ctx = visit.context();
    let result = app.service.import(ctx, kind, &bytes, &name, mode).await;
    let Some(outcome) = settle(result, &mut typed)? else {
        return Ok(import_page(&app, &mut visit, kind, &typed, None));
    };
    if mode != ImportMode::DryRun && outcome.bad.is_empty() {
        return Ok(see(&format!("/desk/{}?done=imported", kind.key())));
    }
    Ok(import_page(&app, &mut visit, kind, &typed, Some((&outcome, mode))))
}

async fn export(
    State(app): State<App>,
    Officer(mut visit): Officer,
    kind: Kind,
    Path(format): Path<String>,
) -> Answer {
    let wanted = table_format(&format)?;
    let ctx = visit.context();
    let bytes = app.service.export(&ctx, kind, wanted).await?;
    let name = format!("{}{}.{}", app.service.region_name(), kind.label(), wanted.key());
    Ok(table_file(wanted, &name, &format!("{}.{}", kind.key(), wanted.key()), bytes))
}

/// The format a link names.
pub(super) fn table_format(format: &str) -> Result<ExportFormat, Error> {
    ExportFormat::parse(format)
        .ok_or_else(|| Error::NotFound(format!("没有“{format}”这种格式，请从页面上的导出链接选择")))
}

/// A table as a download under its name, `plain` for old programs; it is kept by no cache.
pub(super) fn table_file(format: ExportFormat, name: &str, plain: &str, bytes: Vec<u8>) -> Response {
    let headers = [
        (header::CONTENT_TYPE, format.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, attachment(name, plain)),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}
