//! Printed words made comparable: width, blanks, punctuation, ordinals; dates in running text.

use super::super::check::Input;
use super::super::published::Passage;

/// A digit or letter in half width; punctuation stays as it is printed.
fn half(c: char) -> char {
    match c {
        '０'..='９' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '　' | '\u{a0}' => ' ',
        _ => c,
    }
}

/// Digits and letters in half width, without blanks.
pub(super) fn squeezed(text: &str) -> String {
    text.chars().map(half).filter(|c| !c.is_whitespace()).collect()
}

/// Only letters, digits and characters of words.
pub(in crate::form) fn bare(text: &str) -> String {
    squeezed(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

const NUMERALS: &str = "一二三四五六七八九十";

/// The ordinal a heading or label begins with (`三、`, `（二）`, `1.`), as printed without blanks, and the rest.
pub(in crate::form) fn ordinal(text: &str) -> (Option<String>, String) {
    let text = squeezed(text);
    let inner = text.strip_prefix(['(', '（']).unwrap_or(&text);
    let digits: String = inner.chars().take_while(|c| NUMERALS.contains(*c) || c.is_ascii_digit()).collect();
    let rest = &inner[digits.len()..];
    let mark = rest.chars().next();
    let closed = matches!(mark, Some('、' | '.' | ')' | '）' | '．' | ',' | '，'));
    match mark {
        Some(mark) if !digits.is_empty() && closed => {
            (Some(digits), rest[mark.len_utf8()..].trim_start_matches(['、', '.', '．']).to_owned())
        }
        _ => (None, text),
    }
}

/// The n-th ordinal of Chinese headings, from 1.
pub(super) fn numeral(n: usize) -> Option<char> {
    NUMERALS.chars().nth(n.checked_sub(1)?)
}

/// A date as written, which may not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) year: Option<i16>,
    pub(super) month: u32,
    pub(super) day: u32,
}

/// The dates with month and day in a text (blanks do not count), with the byte offsets of their beginning and end.
pub(super) fn dates(text: &str) -> Vec<(usize, usize, Written)> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(sign) = text[at..].find('月').map(|n| n + at) {
        let (start, month) = number_before(text, sign);
        let after = sign + '月'.len_utf8();
        let (end, day) = number_after(text, after);
        at = after;
        let (Some(month), Some(day)) = (month, day) else { continue };
        if !text[end..].starts_with('日') {
            continue;
        }
        let (start, year) = match text[..start].strip_suffix('年') {
            Some(before) => match number_before(text, before.len()) {
                (start, Some(year)) => (start, i16::try_from(year).ok()),
                _ => (start, None),
            },
            None => (start, None),
        };
        found.push((start, end + '日'.len_utf8(), Written { year, month, day }));
    }
    found
}

fn number_before(text: &str, end: usize) -> (usize, Option<u32>) {
    let digits = text[..end].bytes().rev().take_while(u8::is_ascii_digit).count();
    (end - digits, text[end - digits..end].parse().ok())
}

fn number_after(text: &str, start: usize) -> (usize, Option<u32>) {
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    (start + digits, text[start..start + digits].parse().ok())
}

/// True if the report says its year itself: in the title, or anywhere in its text. Who checks a report that does not has
/// assumed a year, and nothing follows from that.
pub(super) fn says_its_year(input: &Input<'_>) -> bool {
    let year = format!("{}年", input.year);
    input.published.is_some_and(|p| {
        p.title_year.is_some() || p.passages.iter().any(|passage| squeezed(&passage.text).contains(&year))
    })
}

/// The sentences of the report as it was read, with the paragraph of each; blanks are left out.
pub(super) fn sentences<'a>(input: &Input<'a>) -> impl Iterator<Item = (&'a Passage, String)> {
    let passages = input.published.map_or(&[][..], |p| p.passages.as_slice()).iter();
    passages.flat_map(|p| {
        let text = squeezed(&p.text);
        let parts: Vec<String> =
            text.split(['。', ';', '；']).filter(|s| !s.is_empty()).map(str::to_owned).collect();
        parts.into_iter().map(move |s| (p, s))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinals_are_told_from_words() {
        for (text, ordinal_of, rest) in [
            ("三、本年度办理结果", Some("三"), "本年度办理结果"),
            ("（二）部分公开", Some("二"), "部分公开"),
            ("１．逾期不补正", Some("1"), "逾期不补正"),
            ("1、重复申请", Some("1"), "重复申请"),
            ("三类内部事务", None, "三类内部事务"),
            ("总计", None, "总计"),
        ] {
            assert_eq!(ordinal(text), (ordinal_of.map(str::to_owned), rest.to_owned()), "{text}");
        }
        assert_eq!((numeral(1), numeral(6), numeral(0)), (Some('一'), Some('六'), None));
    }

    #[test]
    fn dates_are_read_with_and_without_a_year() {
        let text = squeezed("统计期限为 2024 年 1 月 1 日至12月31日，共3月");
        let found: Vec<Written> = dates(&text).into_iter().map(|d| d.2).collect();
        assert_eq!(
            found,
            [Written { year: Some(2024), month: 1, day: 1 }, Written { year: None, month: 12, day: 31 }]
        );
        assert_eq!(&text[dates(&text)[0].0..dates(&text)[0].1], "2024年1月1日");
    }
}
