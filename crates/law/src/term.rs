//! Statutory terms (期限): each a value with its unit, the dates it applied, its article and one plain sentence.
//!
//! The data is `data/terms.toml`. A date outside every range of a term is an error, never a guess: the rule of the
//! Regulation of 2007 is not applied to a request of today, nor the other way round.

use crate::wording::{TomlDate, day, toml_date};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

const TEXT: &str = include_str!("../data/terms.toml");

/// How long a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case", tag = "unit", content = "n")]
pub enum Length {
    /// 工作日; the first day is not counted.
    WorkingDays(u32),
    /// 日, calendar days; the first day is not counted.
    CalendarDays(u32),
    /// 月
    Months(u32),
    /// 年
    Years(u32),
    /// 小时
    Hours(u32),
    /// Through this day of every year.
    Through {
        /// 1 to 12.
        month: i8,
        /// 1 to 31.
        day: i8,
    },
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Length::WorkingDays(n) => write!(f, "{n}个工作日"),
            Length::CalendarDays(n) => write!(f, "{n}日"),
            Length::Months(n) => write!(f, "{n}个月"),
            Length::Years(n) => write!(f, "{n}年"),
            Length::Hours(n) => write!(f, "{n}小时"),
            Length::Through { month, day } => write!(f, "{month}月{day}日"),
        }
    }
}

/// The value of a term over a range of dates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// First day of the range.
    pub from: Date,
    /// Last day of the range; open if `None`.
    pub last: Option<Date>,
    /// How long the term is.
    pub length: Length,
    /// Article or notice.
    pub citation: String,
}

impl Value {
    /// The number of working days, if the unit is working days.
    pub fn working_days(&self) -> Option<u32> {
        match self.length {
            Length::WorkingDays(n) => Some(n),
            _ => None,
        }
    }

    fn covers(&self, date: Date) -> bool {
        date >= self.from && self.last.is_none_or(|last| date <= last)
    }
}

/// A statutory term with every value it has had.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Term {
    /// Stable kebab-case key, for example `reply`.
    pub key: String,
    /// Short code, for example `REQ-20`; terms of one matter share it.
    pub code: String,
    /// The fact from which the term runs, in Chinese.
    pub starts: String,
    /// The rule in one plain Chinese sentence.
    pub means: String,
    /// The values in the order of their ranges, which do not overlap.
    pub values: Vec<Value>,
}

impl Term {
    /// The value that applies to a fact of this date.
    ///
    /// # Errors
    /// No range covers the date.
    pub fn on(&self, date: Date) -> Result<&Value, TermError> {
        self.values
            .iter()
            .find(|v| v.covers(date))
            .ok_or_else(|| TermError::NotInForce { means: self.means.clone(), on: date })
    }
}

/// Why a term cannot be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermError {
    /// There is no term with this key.
    Unknown(String),
    /// No text of the rule was in force on the date.
    NotInForce {
        /// The rule.
        means: String,
        /// The date asked for.
        on: Date,
    },
}

impl fmt::Display for TermError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TermError::Unknown(key) => write!(f, "没有名为“{key}”的期限规定"),
            TermError::NotInForce { means, on } => {
                write!(f, "{}没有适用的期限规定（{means}），请核对日期", day(*on))
            }
        }
    }
}

impl std::error::Error for TermError {}

/// All terms, in the order of the file.
pub fn all() -> &'static [Term] {
    static ALL: LazyLock<Vec<Term>> = LazyLock::new(|| {
        // A test reads the embedded file, so this cannot fail in a program that was tested.
        parse(TEXT).expect("the embedded terms are well formed")
    });
    &ALL
}

/// The term with this key.
pub fn get(key: &str) -> Option<&'static Term> {
    all().iter().find(|t| t.key == key)
}

/// The value of the term with this key for a fact of this date.
///
/// # Errors
/// No such term, or none of its texts was in force.
pub fn on(key: &str, date: Date) -> Result<&'static Value, TermError> {
    get(key).ok_or_else(|| TermError::Unknown(key.to_owned()))?.on(date)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    term: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    key: String,
    code: String,
    starts: String,
    means: String,
    values: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    #[serde(deserialize_with = "toml_date")]
    from: Date,
    last: Option<TomlDate>,
    n: Option<u32>,
    on: Option<String>,
    unit: String,
    cite: String,
}

impl Line {
    fn length(&self) -> Result<Length, String> {
        let n = || self.n.ok_or_else(|| format!("{}: n is missing", self.cite));
        Ok(match self.unit.as_str() {
            "working-day" => Length::WorkingDays(n()?),
            "calendar-day" => Length::CalendarDays(n()?),
            "month" => Length::Months(n()?),
            "year" => Length::Years(n()?),
            "hour" => Length::Hours(n()?),
            "date" => {
                let (month, day) = self
                    .on
                    .as_deref()
                    .and_then(|on| on.split_once('-'))
                    .and_then(|(m, d)| Some((m.parse().ok()?, d.parse().ok()?)))
                    .ok_or_else(|| format!("{}: on = \"MM-DD\" is missing", self.cite))?;
                Length::Through { month, day }
            }
            other => return Err(format!("{}: unknown unit {other}", self.cite)),
        })
    }
}

fn parse(text: &str) -> Result<Vec<Term>, String> {
    let file: File = toml::from_str(text).map_err(|e| e.to_string())?;
    let value = |line: Line| {
        let length = line.length()?;
        Ok(Value { from: line.from, last: line.last.map(|d| d.0), length, citation: line.cite })
    };
    file.term
        .into_iter()
        .map(|e| {
            let values = e.values.into_iter().map(value).collect::<Result<_, String>>()?;
            Ok(Term { key: e.key, code: e.code, starts: e.starts, means: e.means, values })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_term_is_cited_and_its_ranges_are_in_order_and_do_not_overlap() {
        let terms = parse(TEXT).unwrap();
        let mut keys: Vec<_> = terms.iter().map(|t| &t.key).collect();
        keys.sort();
        keys.dedup();
        assert_eq!(keys.len(), terms.len(), "a key is used twice");
        for term in &terms {
            assert!(
                !term.values.is_empty() && !term.means.is_empty() && !term.starts.is_empty(),
                "{}",
                term.key
            );
            assert!(!term.means.ends_with('。'), "{}", term.key);
            for value in &term.values {
                assert!(!value.citation.is_empty(), "{}", term.key);
                assert!(value.last.is_none_or(|last| last >= value.from), "{}", term.key);
                if let Length::Through { month, day } = value.length {
                    assert!(Date::new(2023, month, day).is_ok(), "{}", term.key);
                }
            }
            for pair in term.values.windows(2) {
                assert!(pair[0].last.is_some_and(|last| last < pair[1].from), "{}", term.key);
            }
        }
    }

    #[test]
    fn the_reply_term_changed_with_the_regulation_of_2019() {
        let days = |y, m, d| on("reply", date(y, m, d)).map(|v| v.working_days());
        assert_eq!(days(2008, 5, 1), Ok(Some(15)));
        assert_eq!(days(2019, 5, 14), Ok(Some(15)));
        assert_eq!(days(2019, 5, 15), Ok(Some(20)));
        assert!(matches!(days(2008, 4, 30), Err(TermError::NotInForce { .. })));
        assert_eq!(on("extension", date(2019, 5, 14)).unwrap().length, Length::WorkingDays(15));
        assert_eq!(on("extension", date(2019, 5, 15)).unwrap().length, Length::WorkingDays(20));
        assert!(on("correction-notice", date(2019, 5, 14)).is_err());
        assert_eq!(on("correction-notice", date(2019, 5, 15)).unwrap().length, Length::WorkingDays(7));
    }

    #[test]
    fn other_terms_on_the_day_before_and_the_day_of_their_change() {
        assert!(on("fee-payment", date(2020, 12, 31)).is_err());
        assert_eq!(on("fee-payment", date(2021, 1, 1)).unwrap().length, Length::WorkingDays(20));
        let answer = |y, m, d| on("reconsideration-answer", date(y, m, d)).unwrap().length;
        assert_eq!(answer(2023, 12, 31), Length::CalendarDays(10));
        assert_eq!(answer(2024, 1, 1), Length::WorkingDays(10));
        assert_eq!(on("suit-direct", date(2015, 4, 30)).unwrap().length, Length::Months(3));
        assert_eq!(on("suit-direct", date(2015, 5, 1)).unwrap().length, Length::Months(6));
        let report = |y, m, d| on("annual-report-department", date(y, m, d)).unwrap().length;
        assert_eq!(report(2019, 5, 14), Length::Through { month: 3, day: 31 });
        assert_eq!(report(2019, 5, 15), Length::Through { month: 1, day: 31 });
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        assert_eq!(on("nothing", date(2020, 1, 1)), Err(TermError::Unknown("nothing".to_owned())));
    }
}
