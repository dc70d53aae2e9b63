//! 导入标准目录: the workbook a catalogue is published as, tried before it is taken.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Frame, page, see};
use super::catalogue::{field_label, fields, tiers};
use super::register::Desk;
use super::transfer::received;
use super::{Officer, World, or_none, settle};
use crate::{App, IMPORT_LIMIT, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Multipart, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::catalogue::{self, Tier};
use service::Permission;
use service::catalogue::{CatalogueEntries, Imported, ToImport};
use service::transfer::BadRow;

/// Address of the page.
pub(super) const HOME: &str = "/desk/catalogue-entries/import";
/// Bad rows, and entries the file does not name, shown at most.
const MOST: usize = 300;

/// `/desk/catalogue-entries/import`
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(ask).post(import).layer(DefaultBodyLimit::max(IMPORT_LIMIT)))
}

/// The page, before and after.
#[derive(Debug, Template)]
#[template(path = "desk/catalogue_import.html")]
pub struct CatalogueImportPage {
    frame: Frame,
    problems: Problems,
    form: Form,
    outcome: String,
    bad: Vec<BadRow>,
    /// Field and title of what the file does not name.
    left: Vec<(String, String)>,
    more: usize,
}

fn import_page(
    frame: Frame,
    form: Form,
    typed: &Typed,
    outcome: Option<(&Imported, bool)>,
) -> CatalogueImportPage {
    let (mut bad, mut left, mut said) = (Vec::new(), Vec::new(), String::new());
    if let Some((o, dry)) = outcome {
        bad.clone_from(&o.bad);
        left = o.left.iter().map(|(field, title)| (field_label(field), title.clone())).collect();
        said = if o.bad.is_empty() {
            let what =
                format!("共{}项：新编入{}项，修订{}项，没有变化{}项。", o.rows, o.new, o.changed, o.same);
            if dry { format!("{what}这是试导入，没有保存任何内容。") } else { what }
        } else {
            format!("共{}项，有{}处问题，没有导入任何内容，请修改文件后重新导入。", o.rows, o.bad.len())
        };
    }
    let more = bad.len().saturating_sub(MOST) + left.len().saturating_sub(MOST);
    bad.truncate(MOST);
    left.truncate(MOST);
    CatalogueImportPage {
        frame,
        problems: Problems { all: typed.problems.clone() },
        form,
        outcome: said,
        bad,
        left,
        more,
    }
}

async fn show(app: &App, mut visit: Visit, typed: &Typed, outcome: Option<(&Imported, bool)>) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let frame = Frame::desk(app, &mut visit, "导入标准目录", &CatalogueEntries::home());
    let world = World::read(app, &visit).await?;
    let modes = vec![Choice::new("try", "试导入：只检查，不保存"), Choice::new("all", "全部正确才导入")];
    let all = vec![
        Field::file("file", "文件", ".xlsx")
            .hint("目录的Excel工作簿，列名与公布的标准目录一致；可以一个领域一个工作表"),
        Field::date("on", "编入日期").value(world.today.to_string()),
        Field::select("kept_by", "编制机关", world.own_units()).value_if(world.home()),
        Field::select("field", "领域", or_none("按工作表名称识别", fields())).optional(),
        Field::checks("tiers", "公开层级", tiers()).hint("文件中没有“公开层级”列的，在这里选择").optional(),
        Field::radio("mode", "方式", modes).value("try"),
    ];
    let mut form = Form::post(HOME, "上传", all).hide("once", &frame.once).cancel(CatalogueEntries::home());
    form.file = true;
    let form = form.filled(typed);
    let wrong = !typed.problems.is_empty() || outcome.is_some_and(|(o, dry)| !dry && !o.bad.is_empty());
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, &import_page(frame, form, typed, outcome)))
}

async fn ask(State(app): State<App>, Officer(visit): Officer) -> Answer {
    show(&app, visit, &Typed::default(), None).await
}

async fn import(State(app): State<App>, Officer(mut visit): Officer, upload: Multipart) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let (_, bytes, mut typed) = received(upload).await?;
    if bytes.is_empty() {
        typed.wrong("file", "请选择要导入的文件");
    }
    let on = typed.date("on", "编入日期");
    let kept_by = typed.id("kept_by");
    if kept_by.is_none() {
        typed.wrong("kept_by", "请选择编制机关");
    }
    let dry = typed.get("mode") != "all";
    let (Some(kept_by), true) = (kept_by, typed.problems.is_empty()) else {
        return show(&app, visit, &typed, None).await;
    };
    let to = ToImport {
        on,
        kept_by,
        field: catalogue::field(typed.get("field")),
        tiers: typed.all("tiers").iter().filter_map(|t| Tier::parse(t)).collect(),
        dry,
    };
    let ctx = visit.context().with_key(typed.key());
    let result = app.service.import_catalogue(ctx, bytes, to).await;
    let Some(outcome) = settle(result, &mut typed)? else {
        return show(&app, visit, &typed, None).await;
    };
    if !dry && outcome.bad.is_empty() && outcome.left.is_empty() {
        return Ok(see(&format!("{}?done=imported", CatalogueEntries::home())));
    }
    show(&app, visit, &typed, Some((&outcome, dry))).await
}

#[cfg(test)]
impl CatalogueImportPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let form = || Form::post(HOME, "上传", vec![Field::file("file", "文件", ".xlsx")]);
        let bad = BadRow { row: 4, column: "社会救助".into(), reason: "请填写公开时限".into() };
        let left = vec![("social-assistance".to_owned(), "临时救助".to_owned())];
        let page = |outcome: Option<(&Imported, bool)>| {
            import_page(frame.clone(), form(), &Typed::default(), outcome)
        };
        vec![
            page(None),
            page(Some((&Imported { rows: 2, bad: vec![bad], ..Imported::default() }, false))),
            page(Some((&Imported { rows: 2, new: 1, same: 1, left, ..Imported::default() }, true))),
        ]
    }
}
