//! How long a letter takes to print: `cargo run --release -p paper --example letter_rate`.

#![expect(clippy::unwrap_used, reason = "a letter that cannot be printed should stop the run")]
#![expect(clippy::disallowed_methods, reason = "a stopwatch reads the clock")]

#[path = "../tests/sample/letter.rs"]
mod sample;

use law::letter::Letter;
use std::time::Instant;

fn main() {
    let start = Instant::now();
    let fonts = paper::Fonts::system(None);
    paper::letter_pdf(&sample::sample(Letter::Receipt), &fonts).unwrap();
    println!("the first, with the fonts: {} ms", start.elapsed().as_millis());
    for letter in [sample::draft(), sample::long()] {
        let start = Instant::now();
        let pdf = paper::letter_pdf(&letter, &fonts).unwrap();
        println!("{}: {} ms, {} bytes", letter.text.title, start.elapsed().as_millis(), pdf.len());
    }
    let mut times: Vec<u128> = Letter::all()
        .map(|letter| {
            let start = Instant::now();
            let made = sample::sample(letter);
            paper::letter_pdf(&made, &fonts).unwrap();
            start.elapsed().as_millis()
        })
        .collect();
    times.sort_unstable();
    println!(
        "each of {}: median {} ms, longest {} ms",
        times.len(),
        times[times.len() / 2],
        times[times.len() - 1]
    );
    let start = Instant::now();
    paper::letter_docx(&sample::long()).unwrap();
    println!("the longest as DOCX: {} ms", start.elapsed().as_millis());
}
