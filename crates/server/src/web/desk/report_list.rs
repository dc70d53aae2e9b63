//! 年度报告: all units of a year with stage and deadline.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{day, day_or_dash};
use super::docket::left;
use super::{Officer, World};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::report::{Scope, Stage, deadline};
use law::docket::unit::UnitKind;
use service::row::{ReportFilter, UnitRow};
use service::{Context, Result};

/// `/desk/reports`
pub fn routes() -> Router<App> {
    Router::new().route("/desk/reports", get(list))
}

/// One report in the list, drafted or not.
#[derive(Debug, Clone, Default)]
pub struct ReportLine {
    /// Where it is.
    pub href: String,
    /// Whose.
    pub unit: String,
    /// 本机关 or 本级政府.
    pub scope: &'static str,
    /// Stage.
    pub stage: Badge,
    /// Last day.
    pub deadline: String,
    /// How long it still is.
    pub left: Badge,
    /// Day of publication.
    pub published: String,
}

/// The address of a report on the desk.
pub fn address(code: &str, year: i16, scope: Scope) -> String {
    match scope {
        Scope::Own => format!("/desk/reports/{code}/{year}"),
        Scope::Government => format!("/desk/reports/{code}/{year}/government"),
    }
}

/// The colour of a stage.
pub fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Draft => "yellow",
        Stage::Reviewed | Stage::Approved => "blue",
        Stage::Published | Stage::Corrected => "green",
    }
}

/// The reports of a year that the officer may see, those not begun too: an agency makes its own, a government that of
/// the government (条例 art. 49); any other that was begun is listed as well.
pub async fn lines(
    app: &App,
    ctx: &Context,
    world: &World<'_>,
    year: Option<i16>,
) -> Result<Vec<ReportLine>> {
    let year = year.unwrap_or(world.today.year() - 1);
    let filter = ReportFilter { year: Some(year), ..ReportFilter::default() };
    let drafted = app.service.reports(ctx, filter).await?;
    let reach = world.tree.reach(&ctx.actor);
    let existed =
        |u: &&UnitRow| u.valid_from.year() <= year && u.valid_to.is_none_or(|end| end.year() > year);
    // A government's report is also made by its main department, which does not see its registers.
    let collects: Vec<_> = app.service.collecting(ctx, year).await?.into_iter().map(|u| u.id).collect();
    let within = |id| reach.as_ref().is_none_or(|r| r.contains(id));
    let mut lines = Vec::new();
    for unit in world.tree.0.iter().filter(|u| within(&u.id) || collects.contains(&u.id)).filter(existed) {
        let government = UnitKind::parse(&unit.kind) == Some(UnitKind::Government);
        let usual = if government || !within(&unit.id) { Scope::Government } else { Scope::Own };
        let more = drafted.iter().any(|r| r.unit == unit.id && r.scope != usual.key());
        let other = if government { Scope::Own } else { Scope::Government };
        for scope in [Some(usual), Some(other).filter(|_| more)].into_iter().flatten() {
            let row = drafted.iter().find(|r| r.unit == unit.id && r.scope == scope.key());
            let stage = row.and_then(|r| {
                [Stage::Draft, Stage::Reviewed, Stage::Approved, Stage::Published, Stage::Corrected]
                    .into_iter()
                    .find(|s| s.key() == r.stage)
            });
            let due = deadline(scope, year);
            let published_on = row.and_then(|r| r.published_on);
            lines.push(ReportLine {
                href: address(&unit.code, year, scope),
                unit: unit.name.clone(),
                scope: scope.label(),
                stage: stage.map_or_else(|| Badge::new("未起草", "grey"), |s| Badge::new(s.label(), tone(s))),
                deadline: day(due.on),
                left: match published_on {
                    Some(on) if on > due.on => Badge::new("逾期公布", "red"),
                    Some(_) => Badge::new("按期公布", "green"),
                    None => left(due.on, world),
                },
                published: day_or_dash(published_on),
            });
        }
    }
    Ok(lines)
}

/// 年度报告
#[derive(Debug, Template)]
#[template(path = "desk/reports.html")]
pub struct ReportsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) year: i16,
    pub(super) collections: Option<Link>,
    pub(super) inspections: Option<Link>,
    pub(super) lines: Vec<ReportLine>,
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "年度报告", "/desk/reports");
    let world = World::read(&app, &visit).await?;
    let year = query.get("year").parse().unwrap_or(world.today.year() - 1);
    let lines = lines(&app, &visit.ctx, &world, Some(year)).await?;
    let field = Field::select("year", "报告年度", super::years(world.today)).value(year.to_string());
    let collects = !app.service.collecting(&visit.ctx, year).await?.is_empty();
    let collections = collects.then(|| Link::new(super::collection::HOME, "报告汇总"));
    let filter = Form::get("/desk/reports", "查看", vec![field]);
    let inspections = super::inspection_list::link(&visit.ctx.actor);
    Ok(ok(&ReportsPage { frame, filter, year, collections, inspections, lines }))
}
