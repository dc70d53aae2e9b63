//! The calendar behind the day due: every day of the term with what it counts for and why, as months to look at and as
//! a list to read.

use super::super::super::words::{day, weekday};
use jiff::civil::Date;
use law::clock::{CountedDay, DayKind};

/// A square of a month; `number` 0 is none.
#[derive(Debug, Clone, Default)]
pub struct Square {
    pub(super) number: i8,
    pub(super) kind: &'static str,
    pub(super) mark: String,
}

/// A month of the term.
#[derive(Debug, Clone)]
pub struct Month {
    pub(super) name: String,
    pub(super) weeks: Vec<Vec<Square>>,
}

/// A line of the list.
#[derive(Debug, Clone)]
pub struct Line {
    pub(super) on: String,
    pub(super) weekday: &'static str,
    pub(super) kind: String,
    pub(super) key: &'static str,
    pub(super) nth: String,
}

/// The calendar of a term.
#[derive(Debug, Clone)]
pub struct Days {
    pub(super) months: Vec<Month>,
    pub(super) lines: Vec<Line>,
    pub(super) legend: Vec<(&'static str, &'static str)>,
}

fn mark(day: &CountedDay) -> String {
    match day.kind {
        DayKind::Begins => "起".into(),
        DayKind::Holiday => "休".into(),
        DayKind::Paused => "停".into(),
        DayKind::Weekend => String::new(),
        DayKind::Counted | DayKind::MadeUp => day.nth.map_or_else(String::new, |n| n.to_string()),
    }
}

fn month(first: Date, days: &[CountedDay]) -> Month {
    let blank = || Square { kind: "none", ..Square::default() };
    let mut squares: Vec<Square> = (0..first.weekday().to_monday_zero_offset()).map(|_| blank()).collect();
    for number in 1..=first.days_in_month() {
        let found = days.iter().find(|d| d.on.day() == number && d.on.first_of_month() == first);
        squares.push(match found {
            Some(d) => Square { number, kind: d.kind.key(), mark: mark(d) },
            None => Square { number, kind: "outside", mark: String::new() },
        });
    }
    while !squares.len().is_multiple_of(7) {
        squares.push(blank());
    }
    let weeks = squares.chunks(7).map(<[Square]>::to_vec).collect();
    Month { name: format!("{}年{}月", first.year(), first.month()), weeks }
}

fn line(d: &CountedDay) -> Line {
    let name = if d.holiday.is_empty() { String::new() } else { format!("（{}）", d.holiday) };
    let provisional = if d.provisional { "（暂定）" } else { "" };
    Line {
        on: day(d.on),
        weekday: weekday(d.on),
        kind: format!("{}{name}{provisional}", d.kind.label()),
        key: d.kind.key(),
        nth: d.nth.map_or_else(|| "不计算".into(), |n| format!("第{n}个工作日")),
    }
}

impl Days {
    /// The calendar of these days; `None` where there are none.
    pub fn of(days: &[CountedDay]) -> Option<Days> {
        let mut firsts: Vec<Date> = days.iter().map(|d| d.on.first_of_month()).collect();
        firsts.dedup();
        let used = |kind: &DayKind| days.iter().any(|d| d.kind == *kind);
        (!days.is_empty()).then(|| Days {
            months: firsts.into_iter().map(|first| month(first, days)).collect(),
            lines: days.iter().map(line).collect(),
            legend: DayKind::ALL.into_iter().filter(used).map(|k| (k.key(), k.label())).collect(),
        })
    }
}

#[cfg(test)]
pub(super) fn sample() -> Option<Days> {
    let input = law::clock::Input::received(jiff::civil::date(2024, 2, 5));
    let calendar = law::calendar::Calendar::builtin();
    Days::of(&law::clock::counted_days(&input, calendar, jiff::civil::date(2024, 2, 5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_in_the_months_and_in_the_list() {
        let days = sample().unwrap();
        assert_eq!(
            days.months.iter().map(|m| m.name.as_str()).collect::<Vec<_>>(),
            ["2024年2月", "2024年3月"]
        );
        let squares = days.months.iter().flat_map(|m| m.weeks.iter().flatten());
        let inside = squares.filter(|s| s.number > 0 && s.kind != "outside").count();
        assert_eq!((inside, days.lines.len()), (33, 33));
        assert!(days.months.iter().flat_map(|m| &m.weeks).all(|w| w.len() == 7));
        let last = days.lines.last().unwrap();
        assert_eq!((last.on.as_str(), last.nth.as_str()), ("2024年3月8日", "第20个工作日"));
        assert!(days.lines.iter().any(|l| l.kind == "放假（春节）" && l.nth == "不计算"));
        assert!(Days::of(&[]).is_none());
    }
}
