//! Cells by heading: what a row says, with the heading named where it says something wrong.

use crate::error::Error;
use jiff::ToSpan;
use jiff::civil::{Date, date};
use std::collections::BTreeMap;

/// A column of a register's table.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// Heading, written and read.
    pub(super) name: &'static str,
    /// Other headings that are read.
    pub(super) also: &'static [&'static str],
    /// Whether an import needs it.
    pub(super) must: bool,
}

/// A column that an import needs.
pub(super) const fn must(name: &'static str) -> Column {
    Column { name, also: &[], must: true }
}

/// A column that may be missing.
pub(super) const fn may(name: &'static str) -> Column {
    Column { name, also: &[], must: false }
}

impl Column {
    /// Other headings for the same.
    pub(super) const fn or(self, also: &'static [&'static str]) -> Column {
        Column { also, ..self }
    }
}

/// What is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bad {
    pub(super) column: String,
    pub(super) reason: String,
}

impl Bad {
    pub(super) fn new(column: &str, reason: impl Into<String>) -> Bad {
        Bad { column: column.to_owned(), reason: reason.into() }
    }
}

/// Where each known heading is in the file.
///
/// # Errors
/// [`Error::Invalid`] that names every unknown, repeated and missing heading.
pub(super) fn arrange(
    headings: &[String],
    columns: &[Column],
    what: &str,
) -> Result<Vec<Option<usize>>, Error> {
    let is = |c: &Column, h: &str| c.name == h || c.also.contains(&h);
    let unknown: Vec<&str> = headings
        .iter()
        .map(String::as_str)
        .filter(|h| !columns.iter().any(|c| is(c, h)))
        .map(|h| if h.is_empty() { "（空白）" } else { h })
        .collect();
    if !unknown.is_empty() {
        return Err(Error::Invalid(format!(
            "{what}中没有“{}”列，请删除或者改为规定的列名：{}",
            unknown.join("”“"),
            columns.iter().map(|c| c.name).collect::<Vec<_>>().join("、")
        )));
    }
    let places = |c: &Column| -> Vec<usize> {
        let found = headings.iter().enumerate().filter(|(_, h)| is(c, h));
        found.map(|(n, _)| n).collect()
    };
    if let Some(twice) = columns.iter().find(|c| places(c).len() > 1) {
        return Err(Error::Invalid(format!("表头中“{}”列出现了不止一次，请只保留一列", twice.name)));
    }
    let missing: Vec<&str> =
        columns.iter().filter(|c| c.must && places(c).is_empty()).map(|c| c.name).collect();
    if !missing.is_empty() {
        return Err(Error::Invalid(format!("表头缺少“{}”列，请补上后再导入", missing.join("”“"))));
    }
    Ok(columns.iter().map(|c| places(c).first().copied()).collect())
}

/// The cells of a row by heading.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Cells(BTreeMap<&'static str, String>);

impl Cells {
    /// The cells of a row that was read.
    pub(super) fn of(columns: &[Column], places: &[Option<usize>], row: &[String]) -> Cells {
        let cell =
            |place: &Option<usize>| place.and_then(|n| row.get(n)).map(|c| c.trim()).unwrap_or_default();
        Cells(columns.iter().zip(places).map(|(c, place)| (c.name, cell(place).to_owned())).collect())
    }

    /// The text of a cell, empty if there is none.
    pub(super) fn text(&self, name: &'static str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// The text of a cell, if there is any.
    pub(super) fn some(&self, name: &'static str) -> Option<String> {
        Some(self.text(name)).filter(|t| !t.is_empty()).map(str::to_owned)
    }

    /// The text of a cell that must not be empty.
    pub(super) fn must(&self, name: &'static str) -> Result<String, Bad> {
        self.some(name).ok_or_else(|| Bad::new(name, format!("请填写{name}")))
    }

    /// The date in a cell, if there is one.
    pub(super) fn date(&self, name: &'static str) -> Result<Option<Date>, Bad> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let wrong = || Bad::new(name, format!("“{text}”不是日期，请写成 2020-01-31"));
        parse_date(text).map(Some).ok_or_else(wrong)
    }

    /// The date in a cell that must have one.
    pub(super) fn must_date(&self, name: &'static str) -> Result<Date, Bad> {
        self.date(name)?.ok_or_else(|| Bad::new(name, format!("请填写{name}")))
    }

    /// A number.
    pub(super) fn number<T: std::str::FromStr>(&self, name: &'static str) -> Result<T, Bad> {
        let text = self.must(name)?;
        text.replace(',', "").parse().map_err(|_| Bad::new(name, format!("“{text}”不是数字，请核对")))
    }

    /// One word of a list.
    pub(super) fn word<T>(&self, name: &'static str, words: &[(T, &str)]) -> Result<T, Bad>
    where
        T: Copy,
    {
        let text = self.must(name)?;
        words.iter().find(|(_, w)| *w == text).map(|(value, _)| *value).ok_or_else(|| {
            let all: Vec<&str> = words.iter().map(|(_, w)| *w).collect();
            Bad::new(name, format!("“{text}”不在可选范围内，应为：{}", all.join("、")))
        })
    }

    /// Fills a cell.
    pub(super) fn put(&mut self, name: &'static str, text: impl Into<String>) {
        self.0.insert(name, text.into());
    }

    /// Whether a cell is empty.
    pub(super) fn is_free(&self, name: &'static str) -> bool {
        self.text(name).is_empty()
    }

    /// Refuses text in `others` while `name` is empty: it would be lost.
    pub(super) fn alone(&self, name: &'static str, others: &[&'static str]) -> Result<(), Bad> {
        match others.iter().find(|o| !self.is_free(o)) {
            Some(other) if self.is_free(name) => {
                Err(Bad::new(name, format!("填写了{other}，请同时填写{name}")))
            }
            _ => Ok(()),
        }
    }
}

/// `2020-01-31`, `2020/1/31`, `2020.1.31`, `2020年1月31日`, `20200131`, with midnight behind or not; or the day number of
/// a spreadsheet (43861), which a cell shows when its date format was lost.
fn parse_date(text: &str) -> Option<Date> {
    let day = text.split([' ', 'T']).next().unwrap_or(text);
    if text.len() > day.len() && text[day.len() + 1..].chars().any(|c| !matches!(c, '0' | ':' | '.' | 'Z')) {
        return None;
    }
    let number = |t: &str| t.parse::<i16>().ok();
    if day.chars().all(|c| c.is_ascii_digit()) {
        return match day.len() {
            8 => Date::new(number(&day[..4])?, day[4..6].parse().ok()?, day[6..].parse().ok()?).ok(),
            5 => date(1899, 12, 30).checked_add(day.parse::<i32>().ok()?.days()).ok(),
            _ => None,
        };
    }
    let day = day.strip_suffix('日').unwrap_or(day);
    let parts: Vec<&str> = day.split(['-', '/', '.', '年', '月']).collect();
    let [year, month, day] = parts[..] else { return None };
    (year.len() == 4).then_some(())?;
    Date::new(number(year)?, month.parse().ok()?, day.parse().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_and_spreadsheets_write_them() {
        for text in [
            "2020-01-31",
            "2020/1/31",
            "2020.1.31",
            "2020年1月31日",
            "20200131",
            "2020-01-31 00:00:00",
            "2020-01-31T00:00:00Z",
            "43861",
        ] {
            assert_eq!(parse_date(text), Some(date(2020, 1, 31)), "{text}");
        }
        for text in
            ["2020-02-30", "31/1/2020", "20-1-31", "2020-01", "2020-01-31 08:00", "昨天", "1", "2020-01-31-1"]
        {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn headings_are_known_once_and_complete() {
        const COLUMNS: &[Column] = &[must("标题").or(&["名称"]), may("文号")];
        let table = |headings: &[&str]| -> Vec<String> { headings.iter().map(|h| (*h).to_owned()).collect() };
        assert_eq!(arrange(&table(&["文号", "名称"]), COLUMNS, "表").unwrap(), [Some(1), Some(0)]);
        assert_eq!(arrange(&table(&["标题"]), COLUMNS, "表").unwrap(), [Some(0), None]);
        let sentence = |headings: &[&str]| arrange(&table(headings), COLUMNS, "表").unwrap_err().to_string();
        assert!(sentence(&["标题", "颜色", "大小"]).contains("“颜色”“大小”"));
        assert!(sentence(&["标题", "名称"]).contains("不止一次"));
        assert!(sentence(&["文号"]).contains("缺少“标题”"));
    }
}
