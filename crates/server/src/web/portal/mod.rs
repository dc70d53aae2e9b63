//! The portal: pages for everybody, without sign-in.

pub mod ask;
pub mod calendar;
pub mod catalogue;
pub mod consultation;
pub mod document;
pub mod feed;
pub mod home;
pub mod map;
pub mod normative;
pub mod report;
pub mod report_data;
pub mod search;
pub mod subscription;
pub mod terminal;
pub mod unit;

use crate::App;
use axum::Router;
use jiff::civil::Date;

/// The routes of the portal.
pub fn routes() -> Router<App> {
    home::routes()
        .merge(ask::routes())
        .merge(document::routes())
        .merge(consultation::routes())
        .merge(search::routes())
        .merge(subscription::routes())
        .merge(report::routes())
        .merge(report_data::routes())
        .merge(calendar::routes())
        .merge(map::routes())
        .merge(normative::routes())
        .merge(unit::routes())
        .merge(catalogue::routes())
        .merge(terminal::routes())
}

/// Today in Asia/Shanghai.
fn today(app: &App) -> Date {
    service::civil_date(app.clock.now())
}
