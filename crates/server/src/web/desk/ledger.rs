//! 申请登记台账: the register of requests as a page, and as a file.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Frame, Link, ok};
use super::super::words::encoded;
use super::register::{Desk, page_of};
use super::transfer::{table_file, table_format};
use super::{Officer, World, or_none, years};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use service::Permission;
use service::request::{LEDGER_COLUMNS, LedgerLine, Requests};
use service::row::RequestFilter;

/// The routes of the ledger.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/requests/ledger", get(list)).route("/desk/requests/ledger/{format}", get(file))
}

/// The ledger of a year.
#[derive(Debug, Template)]
#[template(path = "desk/ledger.html")]
pub struct LedgerPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) columns: &'static [&'static str],
    pub(super) lines: Vec<(String, Vec<String>)>,
    pub(super) next: String,
    pub(super) exports: Vec<Link>,
}

fn filter_of(query: &Typed, world: &World<'_>) -> RequestFilter {
    let year = match query.get("year") {
        "" => Some(world.today.year()),
        "all" => None,
        text => text.parse().ok(),
    };
    RequestFilter { units: world.wanted(query), received_in: year, ..RequestFilter::default() }
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "申请登记台账", &Requests::home());
    let world = World::read(&app, &visit).await?;
    let page = page_of(&query);
    let (lines, next) = app.service.ledger(&visit.ctx, filter_of(&query, &world), page).await?;
    let year = match query.get("year") {
        "" => world.today.year().to_string(),
        text => text.to_owned(),
    };
    let kept = format!("year={}&unit={}", encoded(&year), encoded(query.get("unit")));
    let mut choices = years(world.today);
    choices.push(super::super::form::Choice::new("all", "全部年度"));
    let fields = vec![
        Field::select("year", "收到年度", choices).value(&year),
        Field::select("unit", "统计单位", or_none("全部", world.every_unit())).value(query.get("unit")),
    ];
    let home = format!("{}/ledger", Requests::home());
    let personal = visit.ctx.actor.may(Permission::ReadPersonal);
    let mut exports = vec![
        Link::new(format!("{home}/xlsx?{kept}"), "Excel表格"),
        Link::new(format!("{home}/json?{kept}"), "JSON数据"),
    ];
    if personal {
        exports.push(Link::new(
            format!("{home}/xlsx?{kept}&personal=yes"),
            "Excel表格（含申请人信息，记入日志）",
        ));
    }
    let line = |l: LedgerLine| (Requests::at(l.id), l.cells);
    Ok(ok(&LedgerPage {
        frame,
        filter: Form::get(&home, "筛选", fields),
        columns: &LEDGER_COLUMNS,
        lines: lines.into_iter().map(line).collect(),
        next: next.map(|(on, id)| format!("{home}?{kept}&after={on}_{id}")).unwrap_or_default(),
        exports,
    }))
}

async fn file(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(format): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let wanted = table_format(&format)?;
    let world = World::read(&app, &visit).await?;
    let personal = query.get("personal") == "yes";
    let filter = filter_of(&query, &world);
    let bytes = app.service.export_ledger(&visit.ctx, filter, wanted, personal).await?;
    let name = format!("{}申请登记台账.{}", app.service.region_name(), wanted.key());
    Ok(table_file(wanted, &name, &format!("ledger.{}", wanted.key()), bytes))
}

#[cfg(test)]
impl LedgerPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |lines: Vec<(String, Vec<String>)>, next: &str| LedgerPage {
            frame: frame.clone(),
            filter: Form::get("/desk/requests/ledger", "筛选", vec![Field::text("year", "收到年度")]),
            columns: &LEDGER_COLUMNS,
            lines,
            next: next.into(),
            exports: vec![Link::new("/desk/requests/ledger/xlsx", "Excel表格")],
        };
        let cells = LEDGER_COLUMNS.iter().map(|c| format!("样例{c}")).collect();
        vec![
            page(vec![("/desk/requests/1".into(), cells)], "/desk/requests/ledger?after=x"),
            page(vec![], ""),
        ]
    }
}
