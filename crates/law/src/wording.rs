//! Dates in official Chinese, for steps and refusals; and dates as TOML writes them.

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Deserializer};

/// `2024年2月5日`
pub(crate) fn day(date: Date) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// The date in `2024年2月5日`, blanks apart; nothing else is a date of a document.
pub(crate) fn parse_day(text: &str) -> Option<Date> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (year, rest) = text.split_once('年')?;
    let (month, day_of) = rest.strip_suffix('日')?.split_once('月')?;
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day_of.parse().ok()?).ok()?;
    // No leading zeros, no signs: it must print as it was read.
    (day(date) == text).then_some(date)
}

/// `2月10日至17日`, `1月28日至2月4日`, `6月10日`; the year is added where it differs from `year`.
pub(crate) fn span(first: Date, last: Date, year: i16) -> String {
    let short = |d: Date| format!("{}月{}日", d.month(), d.day());
    if first.year() != year || last.year() != year {
        return if first == last { day(first) } else { format!("{}至{}", day(first), day(last)) };
    }
    if first == last {
        short(first)
    } else if first.month() == last.month() {
        format!("{}至{}日", short(first), last.day())
    } else {
        format!("{}至{}", short(first), short(last))
    }
}

/// `星期日`
pub(crate) fn weekday(date: Date) -> &'static str {
    match date.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

/// Reads an unquoted TOML date as a civil date.
pub(crate) fn toml_date<'de, D: Deserializer<'de>>(d: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(d)?;
    written.to_string().parse().map_err(serde::de::Error::custom)
}

/// A TOML date inside a list or an option.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub(crate) struct TomlDate(#[serde(deserialize_with = "toml_date")] pub(crate) Date);

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_date_is_read_as_it_is_printed() {
        assert_eq!(parse_day(" 2024年2月5日 "), Some(date(2024, 2, 5)));
        for wrong in
            ["2024年02月5日", "2024年2月30日", "2024-02-05", "二〇二四年二月五日", "2024年2月5日前", "年月日"]
        {
            assert_eq!(parse_day(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn spans_name_the_year_only_where_it_differs() {
        assert_eq!(span(date(2024, 2, 10), date(2024, 2, 17), 2024), "2月10日至17日");
        assert_eq!(span(date(2025, 1, 28), date(2025, 2, 4), 2025), "1月28日至2月4日");
        assert_eq!(span(date(2024, 6, 10), date(2024, 6, 10), 2024), "6月10日");
        assert_eq!(span(date(2018, 12, 30), date(2019, 1, 1), 2019), "2018年12月30日至2019年1月1日");
    }
}
