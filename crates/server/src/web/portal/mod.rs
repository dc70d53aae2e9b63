//! The portal: pages for everybody, without sign-in.

pub mod ask;
pub mod calendar;
pub mod home;
pub mod report;

use crate::App;
use axum::Router;

/// The routes of the portal.
pub fn routes() -> Router<App> {
    home::routes().merge(ask::routes()).merge(report::routes()).merge(calendar::routes())
}
