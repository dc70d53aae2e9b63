//! 保管期限: how long the file of a finished request is kept, when that period ends, and when the file goes to the state
//! archive.
//!
//! The periods are those of the rules on what offices archive (机关文件材料归档范围和文书档案保管期限规定, 国家档案局令第8号);
//! which one a file gets is the office's own schedule. They run from the year after the one in which the matter was
//! finished, so they end with a year. The age of transfer is a term of the law ([`crate::term`]).

use crate::docket::unit::Level;
use crate::term::{self, Length, TermError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The rule that names the periods.
pub const CITATION: &str = "国家档案局令第8号";

/// How long a file is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Retention {
    /// 永久
    #[serde(rename = "permanent")]
    Permanent,
    /// 30年
    #[serde(rename = "30-years")]
    Years30,
    /// 10年
    #[serde(rename = "10-years")]
    Years10,
}

impl Retention {
    /// All periods, the longest first.
    pub const ALL: [Retention; 3] = [Retention::Permanent, Retention::Years30, Retention::Years10];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Retention::Permanent => "permanent",
            Retention::Years30 => "30-years",
            Retention::Years10 => "10-years",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Retention::Permanent => "永久",
            Retention::Years30 => "30年",
            Retention::Years10 => "10年",
        }
    }

    /// The period with this key or label.
    pub fn parse(text: &str) -> Option<Retention> {
        Self::ALL.into_iter().find(|r| r.key() == text || r.label() == text)
    }

    /// Its years; none if it has no end.
    pub fn years(self) -> Option<i16> {
        match self {
            Retention::Permanent => None,
            Retention::Years30 => Some(30),
            Retention::Years10 => Some(10),
        }
    }

    /// The year at whose end the period of a file ends that was finished in `year`.
    pub fn ends_in(self, year: i16) -> Option<i16> {
        self.years().map(|n| year.saturating_add(n))
    }

    /// Whether it lasts longer than another.
    pub fn is_longer_than(self, other: Retention) -> bool {
        match (self.years(), other.years()) {
            (_, None) => false,
            (None, Some(_)) => true,
            (Some(own), Some(other)) => own > other,
        }
    }

    /// Whether the file is kept long enough to go to the state archive: longer than the years after which it goes.
    pub fn outlasts(self, years: i16) -> bool {
        self.years().is_none_or(|n| n > years)
    }
}

/// The years after which a file of an agency of this level goes to the state archive, by the rule of a day.
///
/// # Errors
/// No text of the rule was in force on the day.
pub fn transfer_years(level: Level, on: Date) -> Result<i16, TermError> {
    let key = match level {
        Level::Province | Level::City => "archive-transfer-city",
        Level::County | Level::Township => "archive-transfer-county",
    };
    match term::on(key, on)?.length {
        Length::Years(n) => Ok(i16::try_from(n).unwrap_or(i16::MAX)),
        _ => Err(TermError::Unknown(key.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn keys_are_what_is_stored() {
        for retention in Retention::ALL {
            assert_eq!(Retention::parse(retention.key()), Some(retention));
            assert_eq!(Retention::parse(retention.label()), Some(retention));
            assert_eq!(serde_json::to_value(retention).unwrap(), retention.key());
        }
    }

    #[test]
    fn longer_is_longer_and_nothing_is_longer_than_for_ever() {
        let [permanent, thirty, ten] = Retention::ALL;
        assert!(
            permanent.is_longer_than(thirty) && thirty.is_longer_than(ten) && permanent.is_longer_than(ten)
        );
        for retention in Retention::ALL {
            assert!(!retention.is_longer_than(retention) && !retention.is_longer_than(permanent));
        }
        assert!(!ten.is_longer_than(thirty));
    }

    #[test]
    fn a_period_ends_with_a_year() {
        assert_eq!(Retention::Years10.ends_in(2024), Some(2034));
        assert_eq!(Retention::Years30.ends_in(2024), Some(2054));
        assert_eq!(Retention::Permanent.ends_in(2024), None);
    }

    #[test]
    fn a_county_hands_over_after_ten_years_and_a_city_after_twenty() {
        let on = date(2024, 3, 1);
        assert_eq!(transfer_years(Level::County, on), Ok(10));
        assert_eq!(transfer_years(Level::Township, on), Ok(10));
        assert_eq!(transfer_years(Level::City, on), Ok(20));
        assert_eq!(transfer_years(Level::Province, on), Ok(20));
        assert!(transfer_years(Level::County, date(2024, 2, 29)).is_err(), "the regulation is of 2024-03-01");
        assert!(!Retention::Years10.outlasts(10) && Retention::Years30.outlasts(20));
        assert!(Retention::Permanent.outlasts(20));
    }
}
