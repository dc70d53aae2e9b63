//! Prints how many due dates a second one core computes: `cargo run --release --example due_dates [COUNT]`.

use jiff::ToSpan;
use jiff::civil::{Date, date};
use law::calendar::Calendar;
use law::clock::{self, Input};
use std::time::Instant;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn rate(name: &str, count: usize, mut work: impl FnMut(usize) -> i64) {
    let start = Instant::now();
    let sum: i64 = (0..count).map(&mut work).sum();
    let seconds = start.elapsed().as_secs_f64();
    println!("{name}: {count} in {seconds:.3} s, {:.0} a second (check {sum})", count as f64 / seconds);
}

fn main() {
    let count = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(10_000_000);
    let calendar = Calendar::builtin();
    let starts: Vec<Date> = date(2019, 5, 15).series(1.day()).take(2650).collect();
    rate("due dates", count, |i| {
        let n = [7, 15, 20, 40][i % 4];
        calendar.add(starts[i % starts.len()], n).map_or(0, |(due, _)| i64::from(due.day()))
    });
    rate("due dates with their explanation", count / 50, |i| {
        let received = starts[i % starts.len()];
        clock::due(&Input::received(received), calendar, received).map_or(0, |due| due.because.len() as i64)
    });
}
