//! Due dates on one core: the bare date, and the date with every step that explains it.

use crate::clock;
use crate::table::{Table, grouped, least, median};
use jiff::ToSpan;
use jiff::civil::{Date, date};
use law::calendar::Calendar;
use law::clock::{Extension, Input, Pause, due};
use std::hint::black_box;

const BARE: usize = 5_000_000;
const EXPLAINED: usize = 100_000;
const ROUNDS: usize = 5;

pub fn measure(table: &mut Table) {
    let calendar = Calendar::builtin();
    let starts: Vec<Date> = date(2019, 5, 15).series(1.day()).take(2650).collect();
    let bare = rates(BARE, |n| {
        let length = [7, 15, 20, 40][n % 4];
        black_box(calendar.add(starts[n % starts.len()], length).is_ok())
    });
    let rate = 1.0 / median(&bare);
    table.aimed(
        "due dates",
        "1,000,000/s on one core",
        format!("{}/s (best {}/s)", grouped(rate), grouped(1.0 / least(&bare))),
        rate >= 1e6,
        format!(
            "`Calendar::add`: each of 2,650 start days with 7, 15, 20 and 40 working days; {} of them, one thread, median \
             of {ROUNDS}",
            grouped(BARE as f64)
        ),
    );
    let inputs: Vec<Input> = starts
        .iter()
        .enumerate()
        .map(|(n, received)| {
            let mut input = Input::received(*received);
            let later = |days: i64| received.saturating_add(days.days());
            if n % 3 == 1 {
                input.consultations.push(Pause { from: later(2), to: Some(later(9)) });
            }
            if n % 3 == 2 {
                input.extension = Some(Extension { days: 20, told_on: Some(later(10)) });
            }
            input
        })
        .collect();
    let explained = rates(EXPLAINED, |n| {
        let input = &inputs[n % inputs.len()];
        black_box(due(input, calendar, input.received).is_ok())
    });
    table.told(
        "due dates with their explanation",
        format!("{}/s", grouped(1.0 / median(&explained))),
        "`clock::due` with every step and citation as text; a third each plain, with a consultation, with an extension",
    );
}

/// Seconds a piece, round by round; a piece that fails ends the program, for it would be measured too fast.
fn rates(count: usize, work: impl Fn(usize) -> bool) -> Vec<f64> {
    let round = || {
        let began = clock();
        let done = (0..count).filter(|n| work(*n)).count();
        assert_eq!(done, count, "every date is computed");
        began.elapsed().as_secs_f64() / count as f64
    };
    (0..ROUNDS).map(|_| round()).collect()
}
