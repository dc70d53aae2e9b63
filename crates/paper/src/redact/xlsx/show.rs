//! How a number looks in its cell, for the formats that people use.

/// The shortest decimal that is this number, without an exponent.
pub(super) fn plain_number(n: f64) -> String {
    format!("{n}")
}

/// Built-in formats (ECMA-376, 18.8.30) that show dates or times.
pub(super) fn is_builtin_date(id: u32) -> bool {
    matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58)
}

/// The codes of built-in formats of numbers.
pub(super) fn builtin(id: u32) -> &'static str {
    match id {
        1 => "0",
        2 => "0.00",
        3 => "#,##0",
        4 => "#,##0.00",
        9 => "0%",
        10 => "0.00%",
        49 => "@",
        _ => "",
    }
}

/// Whether a format of its own shows a date or time: it counts days, months, years, hours outside of its words.
pub(super) fn is_date(code: &str) -> bool {
    let mut bare = String::new();
    let mut quote = None;
    for c in code.chars() {
        match (quote, c) {
            (None, '"') => quote = Some('"'),
            (None, '[') => quote = Some(']'),
            (Some(q), c) if q == c => quote = None,
            (None, c) => bare.push(c.to_ascii_lowercase()),
            _ => {}
        }
    }
    bare.contains(['y', 'd', 'h'])
        || (bare.contains('m') && !bare.contains(['0', '#']))
        || bare.contains("ss")
}

/// The format as it may be written again: made of places for digits only. Words in a format could be anything.
pub(super) fn harmless(code: &str) -> &str {
    let plain = code.chars().all(|c| matches!(c, '0' | '#' | ',' | '.' | '%' | '?' | '@' | '-' | ' '));
    if plain && code.len() < 32 { code } else { "" }
}

/// A number in a [`harmless`] format.
pub(super) fn shown(n: f64, code: &str) -> String {
    let percent = code.contains('%');
    let n = if percent { n * 100.0 } else { n };
    let places = code
        .split_once('.')
        .map(|(_, after)| after.chars().take_while(|c| matches!(c, '0' | '#' | '?')).count());
    let text = match (code.contains(['0', '#']), places) {
        (true, places) => format!("{n:.*}", places.unwrap_or(0)),
        (false, _) => plain_number(n),
    };
    let grouped = if code.contains(',') { grouped(&text) } else { text };
    if percent { grouped + "%" } else { grouped }
}

fn grouped(text: &str) -> String {
    let (sign, rest) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, fraction) =
        rest.split_once('.').map_or((rest, None), |(whole, fraction)| (whole, Some(fraction)));
    let mut out = String::from(sign);
    for (n, c) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            out.push(',');
        }
        out.push(c);
    }
    if let Some(fraction) = fraction {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// A day and time counted from the end of 1899 (or from 1904), as text. Days before March 1900 are one too high in the
/// first count, as they are in every office program.
pub(super) fn date(days: f64, from_1904: bool, chinese: bool) -> Option<String> {
    if !(0.0..2_958_466.0).contains(&days) {
        return None;
    }
    let whole = days.floor();
    let (base, count) = if from_1904 {
        (jiff::civil::date(1904, 1, 1), whole)
    } else {
        (jiff::civil::date(1899, 12, if whole < 60.0 { 31 } else { 30 }), whole)
    };
    let day = base.checked_add(jiff::Span::new().try_days(count as i64).ok()?).ok()?;
    let seconds = ((days - whole) * 86_400.0).round() as i64;
    let time = format!("{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
    let date = if chinese {
        format!("{}年{}月{}日", day.year(), day.month(), day.day())
    } else {
        format!("{:04}-{:02}-{:02}", day.year(), day.month(), day.day())
    };
    Some(match (whole == 0.0, seconds == 0) {
        (true, _) => time,
        (false, true) => date,
        (false, false) => format!("{date} {time}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_look_as_in_the_cell() {
        assert_eq!(shown(0.125, "0.0%"), "12.5%");
        assert_eq!(shown(-1_234_567.891, "#,##0.00"), "-1,234,567.89");
        assert_eq!(shown(13_800_001_234.0, ""), "13800001234");
        assert_eq!(shown(1e20, ""), "100000000000000000000");
    }

    #[test]
    fn days_are_dates() {
        assert_eq!(date(45_351.0, false, false).as_deref(), Some("2024-02-29"));
        assert_eq!(date(45_351.5, false, true).as_deref(), Some("2024年2月29日 12:00:00"));
        assert_eq!(date(1.0, false, false).as_deref(), Some("1900-01-01"));
        assert_eq!(date(0.25, false, false).as_deref(), Some("06:00:00"));
        assert_eq!(date(-1.0, false, false), None);
        assert!(is_date("yyyy\"年\"m\"月\"") && is_date("mm-dd") && is_date("[h]:mm:ss"));
        assert!(!is_date("0.00\"yd\"") && !is_date("#,##0"));
    }
}
