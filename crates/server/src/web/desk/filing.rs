//! 备案 at the desk: the form, and what of a year's documents was reported.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Badge, Frame, ok};
use super::super::words::day;
use super::board::Count;
use super::docket::{ClockLine, left};
use super::register::{Desk, ListRow, Said};
use super::{Officer, World, or_none, years};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::document::{DocumentEvent, Filed, Standing};
use service::document::{Documents, FilingDuty};
use service::{Context, Permission, Result};

/// Address of the list.
pub(super) const HOME: &str = "/desk/filings";

/// `/desk/filings`
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(year))
}

/// The step with nothing wrong in its content.
pub(super) fn some() -> DocumentEvent {
    DocumentEvent::Filed(Filed { with: "—".into(), number: None })
}

pub(super) fn say(said: Said, filed: &Filed) -> Said {
    said.item("备案机关", &filed.with).item("备案号", filed.number.clone().unwrap_or_default())
}

pub(super) fn fields(event: Option<&DocumentEvent>) -> Vec<Field> {
    let own = match event {
        Some(DocumentEvent::Filed(filed)) => Some(filed),
        _ => None,
    };
    vec![
        Field::text("with", "备案机关").hint("例如：晋城市人民政府").value_if(own.map(|f| f.with.as_str())),
        Field::text("number", "备案号")
            .hint("没有备案号的，填写报送备案报告的文号")
            .optional()
            .value_if(own.and_then(|f| f.number.as_deref())),
    ]
}

pub(super) fn read(typed: &Typed) -> DocumentEvent {
    DocumentEvent::Filed(Filed { with: typed.get("with").to_owned(), number: typed.some("number") })
}

/// The clock of the report, while it is owed.
pub(super) fn clock(s: &Standing, world: &World<'_>) -> Option<ClockLine> {
    if s.filed.is_some() || !s.public {
        return None;
    }
    let due = s.filing_due(world.filing_days, world.calendar)?;
    let (on, left) = (day(due.on), left(due.on, world));
    Some(ClockLine { what: "报送备案".into(), by: "制定机关", on, left, steps: due.because })
}

/// What was said of its report.
pub(super) fn said(s: &Standing) -> Option<String> {
    let (on, filed) = s.filed.as_ref()?;
    let number = filed.number.as_ref().map(|n| format!("，{n}")).unwrap_or_default();
    Some(format!("{}向{}报送备案{number}", day(*on), filed.with))
}

/// The reports of a year's documents.
#[derive(Debug, Template)]
#[template(path = "desk/filings.html")]
pub struct FilingsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) sums: Vec<(&'static str, String)>,
    pub(super) year: i16,
    pub(super) days: u32,
    pub(super) rows: Vec<ListRow>,
}

fn row(d: FilingDuty, world: &World<'_>) -> ListRow {
    let badge = match (d.filed_on, &d.due) {
        (Some(_), _) if d.late() => Badge::new("已备案（超期）", "yellow"),
        (Some(_), _) => Badge::new("已备案", "green"),
        (None, Some(due)) => left(due.on, world),
        (None, None) => Badge::new("待备案", "yellow"),
    };
    let or_dash = |on: Option<jiff::civil::Date>| on.map_or_else(|| "—".to_owned(), day);
    ListRow {
        href: Documents::at(d.row.id),
        badge,
        cells: vec![
            d.row.title,
            d.row.number.unwrap_or_else(|| "—".into()),
            world.short(d.row.unit),
            day(d.published_on),
            or_dash(d.due.map(|due| due.on)),
            or_dash(d.filed_on),
        ],
    }
}

/// The figures of a year, one beside the other.
fn sums(found: &[FilingDuty], world: &World<'_>) -> Vec<(&'static str, String)> {
    let count =
        |wanted: &dyn Fn(&FilingDuty) -> bool| format!("{}件", found.iter().filter(|d| wanted(d)).count());
    vec![
        ("应当备案", count(&|_| true)),
        ("按期备案", count(&|d| d.filed_on.is_some() && !d.late())),
        ("超期备案", count(&|d| d.late())),
        ("待备案", count(&|d| d.filed_on.is_none())),
        ("其中已逾期", count(&|d| d.overdue(world.today))),
    ]
}

async fn year(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "备案", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let year = query.get("year").parse().unwrap_or(world.today.year());
    let days = world.filing_days;
    let found = app.service.filing_year(&visit.ctx, world.wanted(&query), year, days).await?;
    let filter = vec![
        Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
            .optional()
            .value(query.get("unit")),
        Field::select("year", "公布年度", years(world.today)).value(year.to_string()),
    ];
    Ok(ok(&FilingsPage {
        frame,
        filter: Form::get(HOME, "筛选", filter),
        sums: sums(&found, &world),
        year,
        days,
        rows: found.into_iter().map(|d| row(d, &world)).collect(),
    }))
}

/// The documents that wait to be reported, for who edits.
pub(super) async fn waiting(app: &App, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = app.service.filings_owed(ctx, app.settings.filing_days()).await?;
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("文件待备案", n, "yellow", HOME)))
}

#[cfg(test)]
impl FilingsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |badge| ListRow {
            href: "/desk/documents/1".into(),
            cells: ["样例办法", "样政发〔2020〕1号", "样例办", "2020年3月1日", "2020年3月16日", "—"]
                .map(String::from)
                .into(),
            badge,
        };
        let page = |rows: Vec<ListRow>| FilingsPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "筛选", vec![Field::text("unit", "机关").optional()]),
            sums: vec![("应当备案", format!("{}件", rows.len())), ("待备案", "1件".into())],
            year: 2020,
            days: 15,
            rows,
        };
        vec![
            page(vec![row(Badge::new("已备案（超期）", "yellow")), row(Badge::new("今天到期", "yellow"))]),
            page(vec![]),
        ]
    }
}
