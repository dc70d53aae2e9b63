//! 工作日历: the working days of a year as the notices set them, and the day N working days after a day, step by step.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Frame, page};
use super::super::words::{day, weekday};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use law::Step;
use law::calendar::Calendar;

/// `/calendar`
pub fn routes() -> Router<App> {
    Router::new().route("/calendar", get(show))
}

/// A day of the calendar.
#[derive(Debug, Clone, Default)]
pub struct Day {
    /// Day of the month; 0 for an empty place.
    pub number: i8,
    /// `work`, `rest`, `off` (by notice) or `made-up`.
    pub kind: &'static str,
    /// `休`, `班` or nothing.
    pub mark: &'static str,
    /// Whether it is today.
    pub today: bool,
}

/// A month as weeks from Monday to Sunday.
#[derive(Debug, Clone, Default)]
pub struct Month {
    /// `1月`
    pub name: String,
    /// Working days.
    pub working: usize,
    /// Weeks.
    pub weeks: Vec<Vec<Day>>,
}

/// A date with the steps that made it.
#[derive(Debug, Clone, Default)]
pub struct Reckoned {
    /// The date.
    pub on: String,
    /// In one sentence.
    pub sentence: String,
    /// Whether a notice may still move it.
    pub provisional: bool,
    /// The steps.
    pub steps: Vec<Step>,
}

/// 工作日历
#[derive(Debug, Template)]
#[template(path = "portal/calendar.html")]
pub struct CalendarPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) pick: Form,
    pub(super) ask: Form,
    pub(super) reckoned: Option<Reckoned>,
    pub(super) year: i16,
    pub(super) working: Option<u32>,
    pub(super) notices: Vec<String>,
    pub(super) rests: Vec<String>,
    pub(super) made_up: Vec<String>,
    pub(super) months: Vec<Month>,
}

fn span(first: Date, last: Date) -> String {
    if first == last { day(first) } else { format!("{}至{}", day(first), day(last)) }
}

/// The day `n` working days after a day, with what was skipped on the way.
fn reckon(calendar: &Calendar, from: Date, n: u32) -> Result<Reckoned, String> {
    let (on, provisional) = calendar.add(from, n).map_err(|e| e.to_string())?;
    let mut steps = vec![Step::new(format!("{}当日不计算在内，自次日起算", day(from)), "")];
    for rest in calendar.skipped(from, on) {
        let text = format!("{}放假，{}不计算在内", rest.name, span(rest.first, rest.last));
        steps.push(Step::new(text, &rest.notice));
    }
    for made in calendar.made_up(from, on) {
        let text = format!("{}（{}）调休上班，计算在内", day(made.on), weekday(made.on));
        steps.push(Step::new(text, &made.notice));
    }
    steps.push(Step::new(format!("满{n}个工作日为{}（{}）", day(on), weekday(on)), ""));
    let sentence = format!("{}之后第{n}个工作日是{}（{}）", day(from), day(on), weekday(on));
    Ok(Reckoned { on: day(on), sentence, provisional, steps })
}

fn months(calendar: &Calendar, year: i16, today: Date) -> Vec<Month> {
    (1..=12).map(|m| month(calendar, date(year, m, 1), today)).collect()
}

fn month(calendar: &Calendar, first: Date, today: Date) -> Month {
    let mut days: Vec<Day> = (0..first.weekday().to_monday_zero_offset())
        .map(|_| Day { kind: "none", ..Day::default() })
        .collect();
    let mut working = 0;
    for n in 1..=first.days_in_month() {
        let on = date(first.year(), first.month(), n);
        let works = calendar.is_working_day(on).unwrap_or(false);
        let weekend = on.weekday().to_monday_zero_offset() >= 5;
        let (kind, mark) = match (works, weekend) {
            (true, false) => ("work", ""),
            (true, true) => ("made-up", "班"),
            (false, true) if named_rest(calendar, on) => ("off", "休"),
            (false, true) => ("rest", ""),
            (false, false) => ("off", "休"),
        };
        working += usize::from(works);
        days.push(Day { number: n, kind, mark, today: on == today });
    }
    while !days.len().is_multiple_of(7) {
        days.push(Day { kind: "none", ..Day::default() });
    }
    let weeks = days.chunks(7).map(<[Day]>::to_vec).collect();
    Month { name: format!("{}月", first.month()), working, weeks }
}

fn named_rest(calendar: &Calendar, on: Date) -> bool {
    let before = on.checked_sub(1.day()).unwrap_or(on);
    !calendar.skipped(before, on).is_empty()
}

async fn show(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let mut typed = Typed::new(query);
    let calendar = app.service.calendar();
    let today = visit.today();
    let known: Vec<i16> = calendar.years().collect();
    let latest = known.last().copied().unwrap_or(today.year());
    let year =
        typed.get("year").parse().ok().filter(|y| known.contains(y)).unwrap_or(today.year().min(latest));
    let mut reckoned = None;
    if !typed.get("from").is_empty() || !typed.get("n").is_empty() {
        let from = typed.date("from", "起算日期");
        let n: Option<u32> = typed.number("n", "工作日数");
        if let (Some(n), true) = (n, typed.problems.is_empty()) {
            match reckon(calendar, from, n) {
                Ok(done) => reckoned = Some(done),
                Err(text) => typed.wrong("from", text),
            }
        }
    }
    let years = known.iter().rev().map(|y| Choice::new(y.to_string(), format!("{y}年"))).collect();
    let pick =
        Form::get("/calendar", "查看", vec![Field::select("year", "年度", years).value(year.to_string())]);
    let or = |name: &str, otherwise: String| typed.some(name).unwrap_or(otherwise);
    let fields = vec![
        Field::date("from", "起算日期").hint("例如收到申请之日").value(or("from", today.to_string())),
        Field::number("n", "工作日数").hint("例如20").value(or("n", "20".into())),
    ];
    let mut ask = Form::get("/calendar", "计算", fields).hide("year", year);
    for field in &mut ask.fields {
        if let Some(p) = typed.problems.iter().find(|p| p.field == field.name) {
            field.wrong.clone_from(&p.text);
        }
    }
    let (first, last) = (date(year, 1, 1), date(year, 12, 31));
    let eve = date(year - 1, 12, 31);
    let frame = Frame::portal(&app, "工作日历").column(
        "工作日历",
        "数据发布",
        "依据国务院办公厅节假日安排通知编制的工作日历，用于计算政府信息公开的法定期限",
        "工作日,节假日,调休,期限计算",
    );
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let of_year = |d: Date| d >= first && d <= last;
    Ok(page(
        status,
        &CalendarPage {
            frame,
            problems: Problems { all: typed.problems.clone() },
            pick,
            ask,
            reckoned,
            year,
            working: calendar.working_days_in(year),
            notices: calendar
                .notices(year)
                .iter()
                .map(|n| {
                    format!(
                        "《{}》{}",
                        n.title,
                        if n.number_verified { format!("（{}）", n.number) } else { String::new() }
                    )
                })
                .collect(),
            rests: calendar
                .skipped(eve, last)
                .into_iter()
                .filter(|r| of_year(r.first) || of_year(r.last))
                .map(|r| format!("{}：{}", r.name, span(r.first, r.last)))
                .collect(),
            made_up: calendar
                .made_up(eve, last)
                .into_iter()
                .map(|m| format!("{}（{}）", day(m.on), weekday(m.on)))
                .collect(),
            months: months(calendar, year, today),
        },
    ))
}

#[cfg(test)]
impl CalendarPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let calendar = Calendar::builtin();
        let page = |reckoned| CalendarPage {
            frame: frame.clone(),
            problems: Problems::default(),
            pick: Form::get(
                "/calendar",
                "查看",
                vec![Field::select("year", "年度", vec![Choice::new("2024", "2024年")])],
            ),
            ask: Form::get(
                "/calendar",
                "计算",
                vec![Field::date("from", "起算日期"), Field::number("n", "工作日数")],
            ),
            reckoned,
            year: 2024,
            working: calendar.working_days_in(2024),
            notices: vec!["《通知》".into()],
            rests: vec!["春节：2024年2月10日至2024年2月17日".into()],
            made_up: vec!["2024年2月4日（星期日）".into()],
            months: months(calendar, 2024, date(2024, 2, 5)),
        };
        vec![page(None), page(reckon(calendar, date(2024, 2, 5), 20).ok())]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_steps_name_what_was_skipped_and_what_was_made_up() {
        let r = reckon(Calendar::builtin(), date(2024, 2, 5), 20).unwrap();
        let text: Vec<&str> = r.steps.iter().map(|s| s.text.as_str()).collect();
        assert!(text.iter().any(|t| t.starts_with("春节放假")), "{text:?}");
        assert!(text.iter().any(|t| t.contains("调休上班")), "{text:?}");
        let expected = Calendar::builtin().add(date(2024, 2, 5), 20).unwrap().0;
        assert!(r.sentence.contains(&day(expected)), "{}", r.sentence);
    }

    #[test]
    fn a_year_has_its_working_days_in_its_months() {
        let calendar = Calendar::builtin();
        let sum: usize = months(calendar, 2020, date(2020, 1, 1)).iter().map(|m| m.working).sum();
        assert_eq!(Some(sum), calendar.working_days_in(2020).map(|n| n as usize));
    }
}
