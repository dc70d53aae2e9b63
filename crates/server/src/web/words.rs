//! Dates, instants and names as pages print them.

use jiff::Timestamp;
use jiff::civil::{Date, Weekday};

/// `2020年3月8日`
pub fn day(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

/// `2020年3月8日`, or a dash for a day that is not known.
pub fn day_or_dash(on: Option<Date>) -> String {
    on.map_or_else(|| "—".to_owned(), day)
}

/// `2020年3月8日 09:30` in Asia/Shanghai.
pub fn moment(at: Timestamp) -> String {
    let local = service::zone().to_datetime(at);
    format!("{} {:02}:{:02}", day(local.date()), local.hour(), local.minute())
}

/// `2020-03-08 09:30` in Asia/Shanghai, as the page label `PubDate` wants it (国办发〔2017〕47号).
pub fn label_moment(at: Timestamp) -> String {
    let local = service::zone().to_datetime(at);
    format!("{} {:02}:{:02}", local.date(), local.hour(), local.minute())
}

/// `星期日`
pub fn weekday(on: Date) -> &'static str {
    match on.weekday() {
        Weekday::Monday => "星期一",
        Weekday::Tuesday => "星期二",
        Weekday::Wednesday => "星期三",
        Weekday::Thursday => "星期四",
        Weekday::Friday => "星期五",
        Weekday::Saturday => "星期六",
        Weekday::Sunday => "星期日",
    }
}

/// The name of a journal actor without the account id that follows it.
pub fn person(actor: &str) -> &str {
    service::context::person_name(actor)
}

/// Percent-encodes a path segment or a query value (RFC 3986 unreserved characters stay).
pub fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// A `Content-Disposition` that saves under a Chinese name (RFC 6266); `plain` is what old programs show.
pub fn attachment(name: &str, plain: &str) -> String {
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_and_instants_are_chinese_and_local() {
        assert_eq!(day(date(2020, 3, 8)), "2020年3月8日");
        assert_eq!(day_or_dash(None), "—");
        let at: Timestamp = "2020-12-31T16:05:00Z".parse().unwrap();
        assert_eq!(moment(at), "2021年1月1日 00:05");
        assert_eq!(label_moment(at), "2021-01-01 00:05");
        assert_eq!(weekday(date(2020, 3, 8)), "星期日");
    }

    #[test]
    fn an_actor_is_shown_without_the_account_id() {
        assert_eq!(person("样例经办人（0190-…）"), "样例经办人");
        assert_eq!(person("系统操作员"), "系统操作员");
    }

    #[test]
    fn file_names_survive_in_headers() {
        let text = attachment("年报 1.pdf", "report.pdf");
        assert_eq!(text, "attachment; filename=\"report.pdf\"; filename*=UTF-8''%E5%B9%B4%E6%8A%A5%201.pdf");
    }
}
