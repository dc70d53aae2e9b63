//! 档案保管期限: the files whose period ends, those that go to the state archive, those without a period.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Frame, Link, ok};
use super::super::words::{day_or_dash, encoded};
use super::register::Desk;
use super::transfer::{table_file, table_format};
use super::{Officer, World, or_none};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use jiff::civil::Date;
use law::docket::unit::Level;
use law::retention::{CITATION, Retention, transfer_years};
use service::request::{ARCHIVE_BEGINNING, ArchiveAsk, ArchivePlace, KeptFile, Requests, Schedule};

/// The routes of the schedules.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/requests/archive", get(list))
        .route("/desk/requests/archive/{format}", get(file))
}

const COLUMNS: [&str; 7] = ["归档号", "申请编号", "申请内容", "受理机关", "办结日期", "保管期限", "期限届满"];

/// A schedule of a year.
#[derive(Debug, Template)]
#[template(path = "desk/archive.html")]
pub struct ArchivePage {
    pub(super) frame: Frame,
    pub(super) about: String,
    pub(super) filter: Form,
    pub(super) columns: &'static [&'static str],
    pub(super) rows: Vec<(String, Vec<String>)>,
    pub(super) next: String,
    pub(super) exports: Vec<Link>,
}

/// What is asked for: by default the files whose period ended with the last year.
fn ask_of(query: &Typed, world: &World<'_>) -> ArchiveAsk {
    let schedule = Schedule::parse(query.get("schedule")).unwrap_or(Schedule::Ending);
    let year = query.get("year").parse().ok().filter(|y| (1949..=2200).contains(y));
    let year = year.unwrap_or_else(|| world.today.year() - i16::from(schedule == Schedule::Ending));
    ArchiveAsk { schedule, year, units: world.wanted(query) }
}

/// What a reader must know of a list.
fn about(schedule: Schedule, today: Date) -> String {
    let years = |level| transfer_years(level, today).unwrap_or_default();
    match schedule {
        Schedule::Ending => format!(
            "保管期限自办结的次年起计算，到所选年度年底届满（{CITATION}）。期限届满的档案应当先鉴定，系统不会自动销毁。"
        ),
        Schedule::HandingOver => format!(
            "到所选年度，自办结之年起县级机关满{}年、设区的市级以上机关满{}年（档案法实施条例第二十条），且保管期限更长的档案。是否接收以国家档案馆的收集范围为准。",
            years(Level::County),
            years(Level::City)
        ),
        Schedule::Unset => {
            "所选年度办结、归档时没有登记保管期限的申请。请更正归档的记录，补上保管期限。".into()
        }
    }
}

/// `1_2020-01-31_ID`
fn place_of(text: &str) -> ArchivePlace {
    let read = || {
        let (part, rest) = text.split_once('_')?;
        let (on, id) = rest.split_once('_')?;
        Some(ArchivePlace { part: part.parse().ok()?, after: Some((on.parse().ok()?, id.parse().ok()?)) })
    };
    read().unwrap_or(ARCHIVE_BEGINNING)
}

fn place_words(place: ArchivePlace) -> String {
    place.after.map(|(on, id)| format!("{}_{on}_{id}", place.part)).unwrap_or_default()
}

fn cells(f: KeptFile, world: &World<'_>) -> (String, Vec<String>) {
    let ends = match (f.retention, f.kept_through) {
        (Some(Retention::Permanent), _) => "长期保存".to_owned(),
        (_, Some(year)) => format!("{year}年底"),
        (_, None) => "—".to_owned(),
    };
    let cells = vec![
        f.file_number,
        f.row.number.unwrap_or_default(),
        f.row.subject,
        world.short(f.row.addressee),
        day_or_dash(f.row.finished_on),
        f.retention.map_or("未登记", Retention::label).to_owned(),
        ends,
    ];
    (Requests::at(f.row.id), cells)
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "档案保管期限", &Requests::home());
    let world = World::read(&app, &visit).await?;
    let ask = ask_of(&query, &world);
    let from = place_of(query.get("after"));
    let (files, next) = app.service.archive_schedule(&visit.ctx, &ask, from).await?;
    let home = format!("{}/archive", Requests::home());
    let kept =
        format!("schedule={}&year={}&unit={}", ask.schedule.key(), ask.year, encoded(query.get("unit")));
    let schedules = Schedule::ALL.map(|s| Choice::new(s.key(), s.label())).into();
    let fields = vec![
        Field::select("schedule", "清单", schedules).value(ask.schedule.key()),
        Field::number("year", "年度").value(ask.year.to_string()),
        Field::select("unit", "统计单位", or_none("全部", world.every_unit()))
            .optional()
            .value(query.get("unit")),
    ];
    Ok(ok(&ArchivePage {
        frame,
        about: about(ask.schedule, world.today),
        filter: Form::get(&home, "筛选", fields),
        columns: &COLUMNS,
        rows: files.into_iter().map(|f| cells(f, &world)).collect(),
        next: next.map(|p| format!("{home}?{kept}&after={}", place_words(p))).unwrap_or_default(),
        exports: vec![
            Link::new(format!("{home}/xlsx?{kept}"), "Excel表格"),
            Link::new(format!("{home}/json?{kept}"), "JSON数据"),
        ],
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
    let ask = ask_of(&query, &world);
    let bytes = app.service.export_archive_schedule(&visit.ctx, &ask, wanted).await?;
    let name = format!("{}年{}.{}", ask.year, ask.schedule.label(), wanted.key());
    Ok(table_file(wanted, &name, &format!("archive.{}", wanted.key()), bytes))
}

#[cfg(test)]
impl ArchivePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |rows: Vec<(String, Vec<String>)>, next: &str| ArchivePage {
            frame: frame.clone(),
            about: about(Schedule::Ending, law::date(2024, 3, 1)),
            filter: Form::get("/desk/requests/archive", "筛选", vec![Field::number("year", "年度")]),
            columns: &COLUMNS,
            rows,
            next: next.into(),
            exports: vec![Link::new("/desk/requests/archive/xlsx", "Excel表格")],
        };
        let cells = COLUMNS.iter().map(|c| format!("样例{c}")).collect();
        vec![
            page(vec![("/desk/requests/1".into(), cells)], "/desk/requests/archive?after=x"),
            page(vec![], ""),
            page(vec![], "/desk/requests/archive?after=x"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_address_says_of_a_page_is_read_back() {
        let id = uuid::Uuid::from_u128(7);
        let place = ArchivePlace { part: 1, after: Some((law::date(2020, 1, 31), id)) };
        assert_eq!(place_of(&place_words(place)), place);
        assert_eq!(place_of("x"), ARCHIVE_BEGINNING);
    }
}
