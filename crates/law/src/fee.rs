//! The processing fee (信息处理费): article 42 and 政府信息公开信息处理费管理办法 (国办函〔2020〕109号).
//!
//! An agency takes either basis for a request, never both. Both are marginal (超额累进): each tier prices the items that
//! lie in it. A schedule is a file `data/fees/FROM.toml`; a later one is a new file and one line here.

use crate::wording::{day, toml_date};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::sync::LazyLock;

const FILES: [(&str, &str); 1] = [("2021-01-01", include_str!("../data/fees/2021-01-01.toml"))];

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// 按件计收: requests of the same applicant in one calendar month.
    PerRequest,
    /// 按量计收: pages of one request; a page is one side of at most A4.
    PerPage,
}

impl Basis {
    /// Both, in the order of the measure.
    pub const ALL: [Basis; 2] = [Basis::PerRequest, Basis::PerPage];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Basis::PerRequest => "per-request",
            Basis::PerPage => "per-page",
        }
    }

    /// The word of the command line.
    pub fn word(self) -> &'static str {
        match self {
            Basis::PerRequest => "requests",
            Basis::PerPage => "pages",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Basis::PerRequest => "按件计收",
            Basis::PerPage => "按量计收",
        }
    }

    /// The unit counted: 件 or 页.
    pub fn unit(self) -> &'static str {
        match self {
            Basis::PerRequest => "件",
            Basis::PerPage => "页",
        }
    }

    /// The basis with this key, word of the command line, or label.
    pub fn parse(text: &str) -> Option<Basis> {
        Self::ALL.into_iter().find(|b| [b.key(), b.word(), b.label()].contains(&text))
    }
}

/// Why there is no fee to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FeeError {
    /// No schedule was in force on the date.
    NotInForce(Date),
}

impl fmt::Display for FeeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FeeError::NotInForce(on) => {
                write!(f, "{}没有施行中的信息处理费标准，不得收取信息处理费", day(*on))
            }
        }
    }
}

impl std::error::Error for FeeError {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Schedule {
    #[serde(deserialize_with = "toml_date")]
    from: Date,
    #[serde(rename = "notice")]
    _notice: String,
    requests: Tariff,
    pages: Tariff,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tariff {
    cite: String,
    tiers: Vec<Tier>,
    then: Option<Then>,
}

/// Items over `over` (and up to the next tier) cost `yuan` each.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Tier {
    over: u64,
    yuan: u64,
}

/// After the last tier: every so many items the price rises by so much.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
struct Then {
    every: u64,
    more: u64,
}

impl Tariff {
    fn total(&self, count: u64) -> u64 {
        let mut yuan = 0;
        for (at, tier) in self.tiers.iter().enumerate() {
            let end = self.tiers.get(at + 1).map_or(u64::MAX, |next| next.over);
            let items = count.min(end).saturating_sub(tier.over);
            yuan += items * tier.yuan;
            if let (None, Some(then)) = (self.tiers.get(at + 1), self.then) {
                // The rise is paid 0 times for the first `every` items, once for the next, and so on.
                let (steps, rest) = (items / then.every, items % then.every);
                let rises = then.every.saturating_mul(steps * steps.saturating_sub(1) / 2) + rest * steps;
                yuan = yuan.saturating_add(then.more.saturating_mul(rises));
            }
        }
        yuan
    }
}

fn schedules() -> &'static [Schedule] {
    static ALL: LazyLock<Vec<Schedule>> = LazyLock::new(|| {
        let read = FILES.iter().map(|(_, text)| toml::from_str(text));
        // A test reads the embedded files, so this cannot fail in a program that was tested.
        read.collect::<Result<_, _>>().expect("the embedded fee schedules are well formed")
    });
    &ALL
}

fn tariff(basis: Basis, on: Date) -> Result<&'static Tariff, FeeError> {
    let schedule = schedules().iter().rev().find(|s| s.from <= on).ok_or(FeeError::NotInForce(on))?;
    Ok(match basis {
        Basis::PerRequest => &schedule.requests,
        Basis::PerPage => &schedule.pages,
    })
}

/// The fee in yuan for `count` requests of one applicant in one month, or for `count` pages of one request, by the
/// schedule in force `on` the day of receipt. A sum too large for the type is its largest value.
///
/// # Errors
/// No schedule was in force (before 2021-01-01).
pub fn total(basis: Basis, count: u32, on: Date) -> Result<u64, FeeError> {
    Ok(tariff(basis, on)?.total(u64::from(count)))
}

/// The price in yuan of the `nth` item alone: what the nth request of a month costs, whatever came before it was
/// charged. 0 for `nth` 0.
///
/// # Errors
/// No schedule was in force (before 2021-01-01).
pub fn marginal(basis: Basis, nth: u32, on: Date) -> Result<u64, FeeError> {
    let tariff = tariff(basis, on)?;
    let nth = u64::from(nth);
    Ok(tariff.total(nth) - tariff.total(nth.saturating_sub(1)))
}

/// The article that sets the tariff.
///
/// # Errors
/// No schedule was in force (before 2021-01-01).
pub fn citation(basis: Basis, on: Date) -> Result<&'static str, FeeError> {
    tariff(basis, on).map(|t| t.cite.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    const DAY: Date = date(2021, 1, 1);

    #[test]
    fn totals_by_request() {
        let vectors = [
            (0, 0),
            (10, 0),
            (11, 100),
            (30, 2000),
            (31, 2200),
            (40, 4000),
            (41, 4300),
            (50, 7000),
            (51, 7400),
        ];
        for (count, yuan) in vectors.into_iter().chain([(61, 11500), (u32::MAX, u64::MAX)]) {
            assert_eq!(total(Basis::PerRequest, count, DAY), Ok(yuan), "{count}");
        }
    }

    #[test]
    fn totals_by_page() {
        for (count, yuan) in
            [(30, 0), (31, 10), (100, 700), (101, 720), (200, 2700), (201, 2740), (250, 4700)]
        {
            assert_eq!(total(Basis::PerPage, count, DAY), Ok(yuan), "{count}");
        }
    }

    #[test]
    fn the_price_of_one_more() {
        let nth = |n| marginal(Basis::PerRequest, n, DAY).unwrap();
        assert_eq!([0, 1, 10, 11, 30, 31, 40, 41, 51].map(nth), [0, 0, 0, 100, 100, 200, 200, 300, 400]);
        let page = |n| marginal(Basis::PerPage, n, DAY).unwrap();
        assert_eq!([30, 31, 100, 101, 200, 201].map(page), [0, 10, 10, 20, 20, 40]);
    }

    #[test]
    fn no_fee_before_the_measure() {
        let day_before = date(2020, 12, 31);
        assert_eq!(total(Basis::PerRequest, 11, day_before), Err(FeeError::NotInForce(day_before)));
        assert_eq!(marginal(Basis::PerPage, 31, day_before), Err(FeeError::NotInForce(day_before)));
        assert_eq!(total(Basis::PerRequest, 11, DAY), Ok(100));
        assert_eq!(citation(Basis::PerPage, DAY), Ok("国办函〔2020〕109号第五条"));
    }

    #[test]
    fn the_list_of_files_is_the_folder_and_a_file_is_named_by_its_first_day() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("data/fees");
        let mut found: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        found.sort();
        let listed: Vec<String> = FILES.iter().map(|(from, _)| format!("{from}.toml")).collect();
        assert_eq!(found, listed);
        for ((from, _), schedule) in FILES.iter().zip(schedules()) {
            assert_eq!(schedule.from.to_string(), *from);
        }
    }

    #[test]
    fn words_lead_back_to_the_basis() {
        for basis in Basis::ALL {
            for text in [basis.key(), basis.word(), basis.label()] {
                assert_eq!(Basis::parse(text), Some(basis));
            }
            assert_eq!(serde_json::to_value(basis).unwrap(), basis.key());
        }
    }

    proptest! {
        #[test]
        fn a_total_is_the_sum_of_its_prices(count in 0u32..400, pages: bool) {
            let basis = if pages { Basis::PerPage } else { Basis::PerRequest };
            let sum: u64 = (1..=count).map(|n| marginal(basis, n, DAY).unwrap()).sum();
            prop_assert_eq!(total(basis, count, DAY), Ok(sum));
        }
    }
}
