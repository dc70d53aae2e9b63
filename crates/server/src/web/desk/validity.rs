//! 有效期: the normative documents whose validity ends within half a year or is over.

use super::super::Answer;
use super::super::frame::{Badge, Frame, ok};
use super::super::words::day;
use super::board::Count;
use super::register::{Desk, ListRow};
use super::{Officer, World};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use jiff::civil::Date;
use service::document::{Documents, Ending};
use service::{Context, Permission, Result, Service};

/// Address of the page.
pub(super) const HOME: &str = "/desk/validity";

/// `/desk/validity`
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(list))
}

/// Documents that end soon.
#[derive(Debug, Template)]
#[template(path = "desk/validity.html")]
pub struct ValidityPage {
    pub(super) frame: Frame,
    pub(super) rows: Vec<ListRow>,
}

fn badge(until: Date, today: Date) -> Badge {
    if until < today { Badge::new("有效期已经届满", "red") } else { Badge::new("请评估", "yellow") }
}

fn row(d: Ending, world: &World<'_>) -> ListRow {
    ListRow {
        href: Documents::at(d.row.id),
        badge: badge(d.until, world.today),
        cells: vec![
            d.row.title,
            d.row.number.unwrap_or_else(|| "—".into()),
            world.short(d.row.unit),
            day(d.until),
        ],
    }
}

async fn list(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    let frame = Frame::desk(&app, &mut visit, "有效期", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let found = app.service.validity_ending(&visit.ctx, None).await?;
    Ok(ok(&ValidityPage { frame, rows: found.into_iter().map(|d| row(d, &world)).collect() }))
}

/// How many end within half a year or are over, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = i64::try_from(service.validity_ending(ctx, None).await?.len()).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("有效期将满", n, "yellow", HOME)))
}

#[cfg(test)]
impl ValidityPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = ListRow {
            href: "/desk/documents/1".into(),
            cells: ["样例办法", "—", "样例办", "2020年3月1日"].map(String::from).into(),
            badge: badge(Date::MIN, Date::MAX),
        };
        let page = |rows| ValidityPage { frame: frame.clone(), rows };
        vec![page(vec![row]), page(Vec::new())]
    }
}
