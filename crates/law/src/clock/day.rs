//! Every day of a running term, with what it counts for and why: the calendar behind a due date.

use super::{Input, due, span_of};
use crate::calendar::Calendar;
use jiff::civil::Date;

/// What a day is in a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DayKind {
    /// 起算日: the day of receipt, correction or payment; not counted itself.
    Begins,
    /// 工作日, counted.
    Counted,
    /// 调休上班: a weekend day that is worked, counted.
    MadeUp,
    /// 不计算: a working day of a consultation (art. 33).
    Paused,
    /// 放假
    Holiday,
    /// 周末
    Weekend,
}

impl DayKind {
    /// All kinds, in the order of a legend.
    pub const ALL: [DayKind; 6] = [
        DayKind::Begins,
        DayKind::Counted,
        DayKind::MadeUp,
        DayKind::Paused,
        DayKind::Holiday,
        DayKind::Weekend,
    ];

    /// Stable word.
    pub fn key(self) -> &'static str {
        match self {
            DayKind::Begins => "begins",
            DayKind::Counted => "counted",
            DayKind::MadeUp => "made-up",
            DayKind::Paused => "paused",
            DayKind::Holiday => "holiday",
            DayKind::Weekend => "weekend",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            DayKind::Begins => "起算日，不计算",
            DayKind::Counted => "工作日",
            DayKind::MadeUp => "调休上班",
            DayKind::Paused => "征求意见，不计算",
            DayKind::Holiday => "放假",
            DayKind::Weekend => "周末休息",
        }
    }
}

/// A day of a term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedDay {
    /// The day.
    pub on: Date,
    /// What it is.
    pub kind: DayKind,
    /// Which working day of the term it is; none where it is not counted.
    pub nth: Option<u32>,
    /// Name of the holiday; empty otherwise.
    pub holiday: String,
    /// Whether the notice of its year is still to come.
    pub provisional: bool,
}

/// A term longer than this is not written out day by day.
const MOST: usize = 800;

/// Every day from the one the term runs from through the day [`due`] gives, which is the last one.
///
/// Empty where the day was set by a deferral or an order instead of counted, and where [`due`] refuses. A consultation
/// still open is counted through `as_of`.
pub fn counted_days(input: &Input, calendar: &Calendar, as_of: Date) -> Vec<CountedDay> {
    if input.deferred_until.is_some() || input.reopened_until.is_some() {
        return Vec::new();
    }
    let Ok(due) = due(input, calendar, as_of) else { return Vec::new() };
    let start = input.start(Date::MAX);
    let pauses: Vec<(Date, Date)> =
        input.consultations.iter().filter_map(|p| span_of(p, start, as_of)).collect();
    let mut days = vec![CountedDay {
        on: start,
        kind: DayKind::Begins,
        nth: None,
        holiday: String::new(),
        provisional: false,
    }];
    let (mut on, mut nth) = (start, 0);
    while on < due.on && days.len() < MOST {
        let before = on;
        let Ok(next) = on.tomorrow() else { break };
        on = next;
        let Ok((works, provisional)) = calendar.count(before, on) else { break };
        let paused = pauses.iter().any(|(from, to)| *from < on && on <= *to);
        let rest = calendar.skipped(before, on).first().map(|r| r.name.clone());
        let kind = match (works > 0, paused) {
            (true, true) => DayKind::Paused,
            (true, false) if calendar.made_up(before, on).is_empty() => DayKind::Counted,
            (true, false) => DayKind::MadeUp,
            (false, _) if rest.is_some() => DayKind::Holiday,
            (false, _) => DayKind::Weekend,
        };
        let counts = matches!(kind, DayKind::Counted | DayKind::MadeUp);
        nth += u32::from(counts);
        let holiday = rest.filter(|_| kind == DayKind::Holiday).unwrap_or_default();
        days.push(CountedDay { on, kind, nth: counts.then_some(nth), holiday, provisional });
    }
    days
}

#[cfg(test)]
mod tests {
    use super::super::{Extension, Pause};
    use super::*;
    use jiff::civil::date;

    fn kinds(days: &[CountedDay], kind: DayKind) -> Vec<Date> {
        days.iter().filter(|d| d.kind == kind).map(|d| d.on).collect()
    }

    #[test]
    fn the_last_day_is_the_day_due_and_the_twentieth() {
        let calendar = Calendar::builtin();
        let input = Input::received(date(2024, 2, 5));
        let days = counted_days(&input, calendar, date(2024, 2, 5));
        let last = days.last().unwrap();
        assert_eq!((last.on, last.nth), (date(2024, 3, 8), Some(20)));
        assert_eq!(days[0].kind, DayKind::Begins);
        // The spring festival: 10 to 17 February off, the Sundays 4 and 18 worked; the 4th lies before the receipt.
        assert_eq!(kinds(&days, DayKind::MadeUp), [date(2024, 2, 18)]);
        assert_eq!(kinds(&days, DayKind::Holiday).len(), 8);
        assert!(days.iter().filter(|d| d.kind == DayKind::Holiday).all(|d| d.holiday == "春节"));
        assert_eq!(days.len(), 33, "no day is left out");
    }

    #[test]
    fn days_of_a_consultation_are_marked_and_not_counted() {
        let calendar = Calendar::builtin();
        let pause = Pause { from: date(2024, 2, 21), to: Some(date(2024, 3, 6)) };
        let input = Input { consultations: vec![pause, pause], ..Input::received(date(2024, 2, 5)) };
        let days = counted_days(&input, calendar, date(2024, 3, 22));
        let last = days.last().unwrap();
        assert_eq!((last.on, last.nth), (date(2024, 3, 22), Some(20)), "the vector of DOMAIN 2.6");
        let paused = kinds(&days, DayKind::Paused);
        assert_eq!((paused.len(), paused[0], paused[9]), (10, date(2024, 2, 22), date(2024, 3, 6)));
    }

    #[test]
    fn every_history_ends_where_the_clock_says() {
        let calendar = Calendar::builtin();
        for n in 0..200i32 {
            let received = date(2023, 12, 1).checked_add(jiff::Span::new().days(n)).unwrap();
            let later = |d: i32| received.checked_add(jiff::Span::new().days(d)).unwrap();
            let input = Input {
                corrected: (n % 3 == 0).then(|| later(7)),
                paid: (n % 5 == 0).then(|| later(11)),
                consultations: (0..n % 4)
                    .map(|k| Pause { from: later(5 * k), to: (k != 2).then(|| later(5 * k + 9)) })
                    .collect(),
                extension: (n % 2 == 0).then_some(Extension { days: 13, told_on: None }),
                ..Input::received(received)
            };
            let as_of = later(30);
            let due = due(&input, calendar, as_of).unwrap();
            let days = counted_days(&input, calendar, as_of);
            let last = days.last().unwrap();
            let counted = 20 + if n % 2 == 0 { 13 } else { 0 };
            assert_eq!((last.on, last.nth), (due.on, Some(counted)), "{input:?}");
        }
    }

    #[test]
    fn a_day_set_by_an_order_is_not_counted_out() {
        let input = Input { deferred_until: Some(date(2024, 5, 6)), ..Input::received(date(2024, 2, 5)) };
        assert!(counted_days(&input, Calendar::builtin(), date(2024, 2, 5)).is_empty());
    }
}
