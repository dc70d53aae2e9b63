//! What is printed: a Markdown table with a line per measurement, and the medians in it.

use std::fmt;

/// The lines of the table.
#[derive(Default)]
pub struct Table(Vec<[String; 5]>);

impl Table {
    /// A measurement with a target that it meets or misses.
    pub fn aimed(
        &mut self,
        what: &str,
        target: &str,
        measured: impl Into<String>,
        met: bool,
        how: impl Into<String>,
    ) {
        let verdict = if met { "met" } else { "**missed**" };
        self.line(what, target, measured.into(), verdict, how.into());
    }

    /// A measurement without a target.
    pub fn told(&mut self, what: &str, measured: impl Into<String>, how: impl Into<String>) {
        self.line(what, "–", measured.into(), "", how.into());
    }

    fn line(&mut self, what: &str, target: &str, measured: String, verdict: &str, how: String) {
        eprintln!("{what}: {measured} {verdict}");
        self.0.push([what.to_owned(), target.to_owned(), measured, verdict.to_owned(), how]);
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "| what | target | measured | | how |")?;
        writeln!(f, "|---|---|---|---|---|")?;
        for line in &self.0 {
            writeln!(f, "| {} |", line.join(" | "))?;
        }
        Ok(())
    }
}

/// The middle of several measurements of the same thing; 0 of none.
pub fn median(measured: &[f64]) -> f64 {
    let mut sorted = measured.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or_default()
}

/// The least of several measurements: the one that others disturbed least.
pub fn least(measured: &[f64]) -> f64 {
    measured.iter().copied().min_by(f64::total_cmp).unwrap_or_default()
}

/// `1234567` as `1,234,567`.
pub fn grouped(number: f64) -> String {
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n) % 3 == 0 {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
