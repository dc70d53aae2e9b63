//! What stands in a cell: a figure, nothing, or characters that are no figure. Blank stays blank; nothing is rounded.

use super::normal::is_invisible;
use law::Amount;
use law::form::Measure;
use unicode_normalization::UnicodeNormalization;

/// The content of a cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// Nothing, or a sign that stands for it (`/`, `-`, `—`, 无).
    Blank,
    /// A figure, with what stands beside it (a unit, a note).
    Figure(Amount, Option<String>),
    /// Digits with blanks between them: one figure that was torn, or two. Only the equations can tell.
    Torn(Amount),
    /// Something else.
    Unreadable,
}

impl Value {
    /// The figure, zero for a blank; none for what is not certain.
    pub(super) fn amount(&self) -> Option<Amount> {
        match self {
            Value::Blank => Some(Amount::ZERO),
            Value::Figure(amount, _) => Some(*amount),
            Value::Torn(_) | Value::Unreadable => None,
        }
    }

    pub(super) fn is_blank(&self) -> bool {
        *self == Value::Blank
    }

    /// Whether it can stand in a column of figures.
    pub(super) fn is_figure_like(&self) -> bool {
        !matches!(self, Value::Unreadable)
    }
}

/// Reads a cell that is written in `measure`. Sums of money in the other unit are brought to it, which is noted.
pub(super) fn value(text: &str, measure: Measure) -> Value {
    let folded: String = text.nfkc().map(|c| if is_invisible(c) { ' ' } else { c }).collect();
    let folded = folded.trim();
    if folded.is_empty() || is_dash(folded) || folded == "无" {
        return Value::Blank;
    }
    let (body, note) = without_note(folded);
    let Some(read) = Read::of(body) else { return Value::Unreadable };
    let (amount, noted) = match (read.unit, measure) {
        ("", _) => (read.amount, None),
        ("元", Measure::TenThousandYuan) => match exactly_divided(read.amount) {
            Some(amount) => (amount, Some("元")),
            None => return Value::Unreadable,
        },
        ("万元", Measure::Yuan) => {
            (Amount::from_micros(read.amount.micros().saturating_mul(10_000)), Some("万元"))
        }
        ("元" | "万元", Measure::Piece | Measure::Item) => return Value::Unreadable,
        (unit, _) => (read.amount, Some(unit)),
    };
    if read.torn {
        return Value::Torn(amount);
    }
    let note = match (noted, note) {
        (None, note) => note,
        (Some(unit), None) => Some(unit.to_owned()),
        (Some(unit), Some(note)) => Some(format!("{unit}{note}")),
    };
    Value::Figure(amount, note)
}

/// Reads a cell of which nothing is known but that a figure may stand in it: any unit will do.
pub(super) fn any(text: &str) -> Value {
    value(text, Measure::Yuan)
}

/// Signs that stand for nothing, alone or repeated.
fn is_dash(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || matches!(c, '/' | '\\' | '-' | '—' | '–' | '―' | '─' | '－' | '−' | '_' | '|' | '\u{2011}')
    })
}

/// A note in brackets behind the figure, as in `22(其中修订16件)`.
fn without_note(text: &str) -> (&str, Option<String>) {
    let Some(open) = text.find('(') else { return (text, None) };
    if open == 0 || !text.ends_with(')') {
        return (text, None);
    }
    (text[..open].trim_end(), Some(text[open..].to_owned()))
}

fn exactly_divided(amount: Amount) -> Option<Amount> {
    (amount.micros() % 10_000 == 0).then(|| Amount::from_micros(amount.micros() / 10_000))
}

/// A number as it is written.
struct Read<'a> {
    amount: Amount,
    torn: bool,
    unit: &'a str,
}

/// Units behind a figure, the longer first.
const UNITS: [&str; 13] =
    ["万元", "元", "件次", "批次", "人次", "件", "项", "条", "个", "份", "宗", "批", "次"];

impl<'a> Read<'a> {
    fn of(text: &'a str) -> Option<Read<'a>> {
        let (negative, rest) = sign(text);
        let (digits, unit) = match UNITS.iter().find(|u| rest.ends_with(*u)) {
            Some(unit) => (rest[..rest.len() - unit.len()].trim_end(), *unit),
            None => (rest, ""),
        };
        if digits == "〇" || digits == "零" {
            return Some(Read { amount: Amount::ZERO, torn: false, unit });
        }
        let mut plain = String::with_capacity(digits.len());
        let mut torn = false;
        let mut blank = false;
        let (whole, fraction) = match digits.split_once('.') {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (digits, None),
        };
        let groups: Vec<&str> = whole.split([',', '，', '\'']).collect();
        for (n, group) in groups.iter().enumerate() {
            let count = group.chars().filter(char::is_ascii_digit).count();
            // Separators stand between groups of three; anything else is two numbers.
            if groups.len() > 1 && (if n == 0 { !(1..=3).contains(&count) } else { count != 3 }) {
                return None;
            }
        }
        for c in whole.chars() {
            match c {
                '0'..='9' => {
                    torn |= blank && plain.ends_with(|c: char| c.is_ascii_digit());
                    blank = false;
                    plain.push(c);
                }
                ',' | '，' | '\'' => blank = false,
                c if c.is_whitespace() => blank = true,
                _ => return None,
            }
        }
        if plain.is_empty() || plain.len() > 12 {
            return None;
        }
        if let Some(fraction) = fraction {
            if fraction.is_empty() || fraction.len() > 6 || !fraction.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            plain.push('.');
            plain.push_str(fraction);
        }
        let amount: Amount = plain.parse().ok()?;
        Some(Read { amount: if negative { -amount } else { amount }, torn, unit })
    }
}

/// A sign before the figure: `+43`, `-1942`, `减4`, `增3`.
fn sign(text: &str) -> (bool, &str) {
    let rest = |n: &str| text.strip_prefix(n).map(str::trim_start);
    for minus in ["-", "−", "–", "—", "减少", "减"] {
        if let Some(rest) = rest(minus) {
            return (true, rest);
        }
    }
    for plus in ["+", "增加", "增"] {
        if let Some(rest) = rest(plus) {
            return (false, rest);
        }
    }
    (false, text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(text: &str) -> Value {
        Value::Figure(text.parse().unwrap(), None)
    }

    #[test]
    fn figures_as_they_are_written() {
        for (text, same) in [
            ("0", "0"),
            (" 12 ", "12"),
            ("１２", "12"),
            ("1,234", "1234"),
            ("12，345，678", "12345678"),
            ("+43", "43"),
            ("-1942", "-1942"),
            ("－3", "-3"),
            ("减4", "-4"),
            ("增 3", "3"),
            ("\u{a0}7\u{200b}", "7"),
            ("007", "7"),
            ("0.00", "0"),
            ("〇", "0"),
            ("96171.6", "96171.6"),
        ] {
            assert_eq!(value(text, Measure::Piece), figure(same), "{text}");
        }
    }

    #[test]
    fn blank_stays_blank() {
        for text in
            ["", " ", "\u{3000}", "\u{a0}", "/", "／", "-", "—", "——", "－", "\\", "无", "\u{200b}", "\n"]
        {
            assert_eq!(value(text, Measure::Piece), Value::Blank, "{text:?}");
        }
    }

    #[test]
    fn units_and_notes_stay_beside_the_figure() {
        let noted = |amount: &str, note: &str| Value::Figure(amount.parse().unwrap(), Some(note.into()));
        assert_eq!(value("390785元", Measure::Yuan), noted("390785", "元"));
        assert_eq!(value("39.0785 万元", Measure::Yuan), noted("390785", "万元"));
        assert_eq!(value("390785元", Measure::TenThousandYuan), noted("39.0785", "元"));
        assert_eq!(value("22（其中修订16件）", Measure::Piece), noted("22", "(其中修订16件)"));
        assert_eq!(value("22件（其中修订16件）", Measure::Piece), noted("22", "件(其中修订16件)"));
        assert_eq!(value("3件", Measure::Piece), noted("3", "件"));
    }

    #[test]
    fn what_is_no_figure_is_not_made_one() {
        for text in [
            "若干",
            "约10",
            "10余",
            "1O",
            "1.2.3",
            "1,23",
            "1234,567",
            "12-3",
            "3%",
            "一",
            "12元",
            "1/2",
            "2020年",
            "9999999999999",
            "（3）",
            "1.2345678",
            "=1+1",
            "1e5",
            "0x1",
            "١",
        ] {
            assert_eq!(value(text, Measure::Piece), Value::Unreadable, "{text}");
        }
        assert_eq!(value("1 2", Measure::Piece), Value::Torn(Amount::whole(12)));
        assert_eq!(value("1\n2", Measure::Piece), Value::Torn(Amount::whole(12)));
    }
}
