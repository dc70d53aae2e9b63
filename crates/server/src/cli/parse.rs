//! Values on the command line, each with the sentence that says how to write it.

use jiff::Timestamp;
use jiff::civil::Date;
use law::clock::Pause;
use service::{Region, zone};

/// A date in its one spelling, `2020-01-31`.
pub fn date(text: &str) -> Result<Date, String> {
    let shape = text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(i, b)| if i == 4 || i == 7 { b == b'-' } else { b.is_ascii_digit() });
    let parsed = shape.then(|| text.parse::<Date>().ok()).flatten();
    parsed.ok_or_else(|| format!("“{text}”不是日期，请按 2020-01-31 的格式填写"))
}

/// A consultation, `2024-02-21..2024-03-06`; without the second date it is still open.
pub fn pause(text: &str) -> Result<Pause, String> {
    let wrong = || {
        format!("“{text}”不是起止日期，请按 2024-02-21..2024-03-06 的格式填写，尚未结束的写作 2024-02-21..")
    };
    let (from, to) = text.split_once("..").ok_or_else(wrong)?;
    let from = date(from)?;
    let to = if to.is_empty() { None } else { Some(date(to)?) };
    if to.is_some_and(|to| to < from) {
        return Err(format!("“{text}”的结束日期早于开始日期，请核对"));
    }
    Ok(Pause { from, to })
}

/// An instant with its offset, or a date, which means the end of that day in Asia/Shanghai.
pub fn instant(text: &str) -> Result<Timestamp, String> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Ok(at);
    }
    let wrong = || {
        format!("“{text}”不是时刻，请按 2021-01-31T18:00:00+08:00 的格式填写，或者只填日期，表示该日结束时")
    };
    let day = date(text).map_err(|_| wrong())?;
    let next = day.tomorrow().map_err(|_| wrong())?;
    let end = next.to_zoned_datetime(zone()).map_err(|_| wrong())?.timestamp();
    Ok(end - jiff::SignedDuration::from_micros(1))
}

/// A report year.
pub fn year(text: &str) -> Result<i16, String> {
    match text.parse() {
        Ok(year @ 1949..=2099) => Ok(year),
        _ => Err(format!("“{text}”不是年度，请填写四位数字，例如 2020")),
    }
}

/// A whole number above zero.
pub fn count(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err(format!("“{text}”不是数量，请填写大于零的整数")),
    }
}

/// A division code of six to twelve digits (GB/T 2260).
pub fn region(text: &str) -> Result<Region, String> {
    match text.parse() {
        Ok(code @ 100_000..=999_999_999_999) => Ok(Region(code)),
        _ => Err(format!("“{text}”不是行政区划代码，请填写6至12位数字，例如 140581")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_one_spelling() {
        assert_eq!(date("2024-02-29").unwrap(), jiff::civil::date(2024, 2, 29));
        for wrong in ["2023-02-29", "20240229", "2024-2-29", "2024/02/29", "今天", "２０２４-02-29", ""]
        {
            assert!(date(wrong).unwrap_err().contains("2020-01-31"), "{wrong}");
        }
    }

    #[test]
    fn a_date_as_an_instant_is_the_end_of_the_day_in_shanghai() {
        assert_eq!(instant("2021-01-31").unwrap().to_string(), "2021-01-31T15:59:59.999999Z");
        assert_eq!(instant("2021-01-31T18:00:00+08:00").unwrap().to_string(), "2021-01-31T10:00:00Z");
        assert!(instant("2021-01-31 18:00").is_err());
    }

    #[test]
    fn a_consultation_may_be_open_but_does_not_end_before_it_begins() {
        assert_eq!(pause("2024-02-21..").unwrap().to, None);
        assert!(pause("2024-02-21..2024-03-06").unwrap().to.is_some());
        assert!(pause("2024-03-06..2024-02-21").unwrap_err().contains("早于"));
        assert!(pause("2024-03-06").is_err());
    }

    #[test]
    fn numbers_say_what_they_want() {
        assert!(year("20").is_err() && year("2020").is_ok());
        assert!(count("0").is_err() && count("3").is_ok());
        assert!(region("14058").is_err() && region("140581").is_ok());
    }
}
