//! Exact decimal figures.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// An exact decimal with six places, for counts and for sums of money in yuan or ten thousand yuan (万元).
///
/// Six places hold one fen (分) expressed in 万元 without loss. Addition and subtraction saturate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Amount(i64);

const SCALE: i64 = 1_000_000;

impl Amount {
    /// Nothing.
    pub const ZERO: Amount = Amount(0);

    /// A whole number.
    pub const fn whole(n: i64) -> Self {
        Amount(n.saturating_mul(SCALE))
    }

    /// From millionths, the unit in which tallies are stored.
    pub const fn from_micros(n: i64) -> Self {
        Amount(n)
    }

    /// In millionths.
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The whole number, if there is no fraction.
    pub fn as_whole(self) -> Option<i64> {
        (self.0 % SCALE == 0).then_some(self.0 / SCALE)
    }

    /// Nearest floating-point number, for ratios only.
    pub fn to_f64(self) -> f64 {
        self.0 as f64 / SCALE as f64
    }

    /// True for zero.
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Divides by a whole number and rounds half away from zero to `places` decimals (0 to 6).
    ///
    /// Returns `None` for division by zero.
    pub fn divided_by(self, divisor: i64, places: u32) -> Option<Amount> {
        if divisor == 0 {
            return None;
        }
        let step = 10_i128.pow(6 - places.min(6));
        let (n, d) = (i128::from(self.0), i128::from(divisor) * step);
        let half = d.abs() / 2;
        let sign = if (n < 0) != (d < 0) { -1 } else { 1 };
        let q = (n.abs() + half) / d.abs() * sign;
        i64::try_from(q * step).ok().map(Amount)
    }
}

impl std::ops::Add for Amount {
    type Output = Amount;
    fn add(self, o: Amount) -> Amount {
        Amount(self.0.saturating_add(o.0))
    }
}

impl std::ops::Sub for Amount {
    type Output = Amount;
    fn sub(self, o: Amount) -> Amount {
        Amount(self.0.saturating_sub(o.0))
    }
}

impl std::ops::Neg for Amount {
    type Output = Amount;
    fn neg(self) -> Amount {
        Amount(self.0.saturating_neg())
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Amount>>(iter: I) -> Amount {
        iter.fold(Amount::ZERO, |a, b| a + b)
    }
}

impl From<i64> for Amount {
    fn from(n: i64) -> Self {
        Amount::whole(n)
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let abs = self.0.unsigned_abs();
        let (whole, frac) = (abs / SCALE as u64, abs % SCALE as u64);
        if frac == 0 {
            write!(f, "{sign}{whole}")
        } else {
            write!(f, "{sign}{whole}.{}", format!("{frac:06}").trim_end_matches('0'))
        }
    }
}

/// The text is not a decimal number with at most six places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotAnAmount;

impl fmt::Display for NotAnAmount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("不是有效的数字，请填写整数或者最多六位小数的数")
    }
}

impl std::error::Error for NotAnAmount {}

impl FromStr for Amount {
    type Err = NotAnAmount;
    fn from_str(s: &str) -> Result<Self, NotAnAmount> {
        let s = s.trim();
        let (neg, digits) = match s.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, s.strip_prefix('+').unwrap_or(s)),
        };
        let (whole, frac) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |t: &str| t.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || frac.len() > 6
            || !all_digits(whole)
            || !all_digits(frac)
            || digits.ends_with('.')
        {
            return Err(NotAnAmount);
        }
        let w: i64 = whole.parse().map_err(|_| NotAnAmount)?;
        let fr: i64 = format!("{frac:0<6}").parse().map_err(|_| NotAnAmount)?;
        let v = w.checked_mul(SCALE).and_then(|v| v.checked_add(fr)).ok_or(NotAnAmount)?;
        Ok(Amount(if neg { -v } else { v }))
    }
}

/// Serialised as a JSON number: whole numbers without a fraction.
impl Serialize for Amount {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        match self.as_whole() {
            Some(n) => s.serialize_i64(n),
            None => s.serialize_f64(self.to_f64()),
        }
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl serde::de::Visitor<'_> for V {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number with at most six decimals")
            }
            fn visit_i64<E: serde::de::Error>(self, v: i64) -> Result<Amount, E> {
                v.checked_mul(SCALE).map(Amount).ok_or_else(|| E::custom("number out of range"))
            }
            fn visit_u64<E: serde::de::Error>(self, v: u64) -> Result<Amount, E> {
                i64::try_from(v).map_err(E::custom).and_then(|v| self.visit_i64(v))
            }
            fn visit_f64<E: serde::de::Error>(self, v: f64) -> Result<Amount, E> {
                format!("{v:.6}").parse().map_err(E::custom)
            }
            fn visit_str<E: serde::de::Error>(self, v: &str) -> Result<Amount, E> {
                v.parse().map_err(E::custom)
            }
        }
        d.deserialize_any(V)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prints_and_parses_the_same_decimal() {
        for s in ["0", "-3", "390785", "0.000001", "316441.25", "-0.5"] {
            assert_eq!(s.parse::<Amount>().unwrap().to_string(), s);
        }
        for s in ["", "-", "1.", ".5", "1e3", "1.2345678", "１", "9223372036854775807"] {
            assert!(s.parse::<Amount>().is_err(), "{s}");
        }
    }

    #[test]
    fn divides_and_rounds_half_away_from_zero() {
        let closed = Amount::whole(2556);
        assert_eq!(closed.divided_by(249, 1).unwrap().to_string(), "10.3");
        assert_eq!(closed.divided_by(249, 0).unwrap().to_string(), "10");
        assert_eq!(Amount::whole(5).divided_by(2, 0).unwrap().to_string(), "3");
        assert_eq!(Amount::whole(-5).divided_by(2, 0).unwrap().to_string(), "-3");
        assert_eq!(closed.divided_by(0, 1), None);
    }
}
