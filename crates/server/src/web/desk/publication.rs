//! 待公开 at the desk: what is to be published and by when, and the list with which it is handed over.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{day, encoded};
use super::board::Count;
use super::docket::left;
use super::register::{Desk, ListRow};
use super::transfer::{table_file, table_format};
use super::{Officer, World, or_none};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use service::document::{Documents, PublicationDuty};
use service::{Context, Permission, Result, Service};

/// Address of the list.
pub(super) const HOME: &str = "/desk/publications";
/// Name of the list on paper.
const TABLE: &str = "主动公开政府信息移送明细表";

/// `/desk/publications` and its list as a file
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(list)).route("/desk/publications/{format}", get(file))
}

/// What is to be published.
#[derive(Debug, Template)]
#[template(path = "desk/publications.html")]
pub struct PublicationsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) sums: Vec<(&'static str, String)>,
    pub(super) rows: Vec<ListRow>,
    pub(super) exports: Vec<Link>,
}

fn row(d: PublicationDuty, world: &World<'_>) -> ListRow {
    let badge = d.due.as_ref().map_or_else(|| Badge::new("待公开", "yellow"), |due| left(due.on, world));
    ListRow {
        href: Documents::at(d.row.id),
        badge,
        cells: vec![
            d.row.title,
            d.row.number.unwrap_or_else(|| "—".into()),
            world.short(d.row.unit),
            day(d.row.made_on),
            day(d.since),
            d.due.map_or_else(|| "—".to_owned(), |due| day(due.on)),
        ],
    }
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "待公开", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let found = app.service.publications_owed(&visit.ctx, world.wanted(&query)).await?;
    let overdue = found.iter().filter(|d| d.overdue(world.today)).count();
    let unit = Field::select("unit", "机关", or_none("全部机关", world.every_unit()));
    let kept = format!("unit={}", encoded(query.get("unit")));
    Ok(ok(&PublicationsPage {
        frame,
        filter: Form::get(HOME, "筛选", vec![unit.optional().value(query.get("unit"))]),
        sums: vec![("待公开", format!("{}件", found.len())), ("其中已逾期", format!("{overdue}件"))],
        rows: found.into_iter().map(|d| row(d, &world)).collect(),
        exports: vec![
            Link::new(format!("{HOME}/xlsx?{kept}"), format!("{TABLE}（Excel）")),
            Link::new(format!("{HOME}/csv?{kept}"), format!("{TABLE}（CSV）")),
        ],
    }))
}

async fn file(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(format): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let wanted = table_format(&format)?;
    let world = World::read(&app, &visit).await?;
    let units = world.wanted(&Typed::new(query));
    let bytes = app.service.export_publications(&visit.ctx, units, wanted).await?;
    let name = format!("{}{TABLE}.{}", app.service.region_name(), wanted.key());
    Ok(table_file(wanted, &name, &format!("publications.{}", wanted.key()), bytes))
}

/// What is to be published, for who edits; red once something is late.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let (n, late) = service.publications_waiting(ctx).await?;
    let (n, tone) = (i64::try_from(n).unwrap_or(i64::MAX), if late { "red" } else { "yellow" });
    Ok((n > 0).then(|| Count::new("主动公开的待公开", n, tone, HOME)))
}

#[cfg(test)]
impl PublicationsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |badge| ListRow {
            href: "/desk/documents/1".into(),
            cells: [
                "样例办法",
                "样政发〔2020〕1号",
                "样例办",
                "2020年3月1日",
                "2020年3月1日",
                "2020年3月27日",
            ]
            .map(String::from)
            .into(),
            badge,
        };
        let page = |rows: Vec<ListRow>| PublicationsPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "筛选", vec![Field::text("unit", "机关").optional()]),
            sums: vec![("待公开", format!("{}件", rows.len())), ("其中已逾期", "0件".into())],
            rows,
            exports: vec![Link::new(format!("{HOME}/xlsx"), "Excel")],
        };
        vec![page(vec![row(Badge::new("今天到期", "yellow"))]), page(vec![])]
    }
}
