//! The number of a document (发文字号), GB/T 9704-2012 §7.2.5: 机关代字, year in full in 六角括号, serial without 第 and
//! without leading zeros, 号: `高政公开〔2026〕12号`.

use crate::reason::Refusal;
use serde::{Deserialize, Serialize};
use std::fmt;

const STANDARD: &str = "GB/T 9704-2012第7.2.5条";

/// More characters than any code of an authority has; what is longer is a sentence in the wrong field.
const LONGEST_CODE: usize = 30;

/// A number in its three parts. Prints as it stands on the document.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct DocumentNumber {
    /// 机关代字, for example `高政公开` or `高政公开复`.
    pub code: String,
    /// Year, four digits.
    pub year: i16,
    /// 序号, from 1 within code and year.
    pub serial: u32,
}

impl DocumentNumber {
    /// Reads a number as it stands on a document; blanks around it do not count.
    ///
    /// # Errors
    /// Everything that is wrong with it at once, each a sentence that says how to write it.
    pub fn parse(text: &str) -> Result<DocumentNumber, Vec<Refusal>> {
        let text = text.trim();
        let mut wrong = Vec::new();
        let mut say = |code: &str, sentence: &str| {
            wrong.push(Refusal::new(code, format!("文号“{}”{sentence}", short(text)), STANDARD));
        };
        let opening = text.find(OPENING);
        let closing = text.find(CLOSING);
        let (Some(open), Some(close)) = (opening, closing) else {
            say("number-form", "应当由机关代字、年份和序号组成，请写成“代字〔年份〕序号号”的形式");
            return Err(wrong);
        };
        if close < open {
            say("number-form", "的括号前后颠倒，请写成“代字〔年份〕序号号”的形式");
            return Err(wrong);
        }
        if !(text[open..].starts_with('〔') && text[close..].starts_with('〕')) {
            say("number-brackets", "的年份应当用六角括号“〔〕”括入");
        }
        let inside = |at: usize| text[at..].chars().next().map_or(at, |c| at + c.len_utf8());
        let (code, year, rest) = (&text[..open], &text[inside(open)..close], &text[inside(close)..]);
        if code.is_empty() || code.chars().count() > LONGEST_CODE || !code.chars().all(may_be_in_code) {
            say("number-code", "的机关代字应当是简短的汉字，不含空格、数字和标点");
        }
        let full = year.len() == 4 && digits(year) && !year.starts_with('0');
        if !full {
            say("number-year", "的年份应当写全四位阿拉伯数字");
        }
        let serial = serial(rest, &mut say);
        match (wrong.is_empty(), year.parse(), serial) {
            (true, Ok(year), Some(serial)) => Ok(DocumentNumber { code: code.to_owned(), year, serial }),
            _ => Err(wrong),
        }
    }
}

impl DocumentNumber {
    /// The first number in a sentence, written in full: the one of 《……》（高政发〔2021〕3号）.
    pub fn first_in(text: &str) -> Option<DocumentNumber> {
        text.match_indices('〔').find_map(|(at, _)| {
            let code = text[..at].rsplit(|c| !may_be_in_code(c)).next()?;
            let end = at + text[at..].find('号')? + '号'.len_utf8();
            DocumentNumber::parse(&text[at - code.len()..end]).ok()
        })
    }
}

impl fmt::Display for DocumentNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}〔{:04}〕{}号", self.code, self.year, self.serial)
    }
}

/// The brackets people type for the year; only the first pair is right.
const OPENING: [char; 7] = ['〔', '[', '［', '(', '（', '【', '「'];
const CLOSING: [char; 7] = ['〕', ']', '］', ')', '）', '】', '」'];

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn may_be_in_code(c: char) -> bool {
    c.is_alphabetic() && !c.is_ascii()
}

/// The serial between the bracket and 号; what is wrong is said.
fn serial(rest: &str, say: &mut impl FnMut(&str, &str)) -> Option<u32> {
    let number = match rest.strip_suffix('号') {
        Some(number) => number,
        None => {
            say("number-end", "应当以“号”字结尾");
            rest
        }
    };
    let number = match number.strip_prefix('第') {
        Some(number) => {
            say("number-ordinal", "的序号前不加“第”字");
            number
        }
        None => number,
    };
    if !digits(number) {
        say("number-serial", "的序号应当是阿拉伯数字");
        return None;
    }
    if number.starts_with('0') {
        say("number-zeros", "的序号不编虚位，前面不加0");
    }
    let parsed = number.parse().ok();
    if parsed.is_none() {
        say("number-serial", "的序号过大，请核对");
    }
    parsed.filter(|n| *n > 0)
}

/// The text as far as a sentence can quote it.
fn short(text: &str) -> String {
    const SHOWN: usize = 40;
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}……", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_found_in_a_sentence() {
        let found = |text| DocumentNumber::first_in(text).map(|n| n.to_string());
        let number = Some("高政发〔2021〕3号".to_owned());
        assert_eq!(found("高政发〔2021〕3号"), number);
        assert_eq!(found("《关于废止部分文件的决定》（高政发〔2021〕3号）第二条"), number);
        assert_eq!(found("见〔附件〕，高政发〔2021〕3号"), number);
        assert_eq!(found("市政府常务会议决定"), None);
        assert_eq!(found("〔2021"), None);
        assert_eq!(found("高政发〔2021〕号外"), None);
    }

    fn codes(text: &str) -> Vec<String> {
        DocumentNumber::parse(text).unwrap_err().into_iter().map(|r| r.code).collect()
    }

    #[test]
    fn a_number_is_read_and_printed_as_it_stands() {
        for text in ["高政办发〔2020〕12号", "某政公开复〔2026〕1号", "国办公开办函〔2016〕235号"]
        {
            let number = DocumentNumber::parse(&format!(" {text} ")).unwrap();
            assert_eq!(number.to_string(), text);
        }
        let number = DocumentNumber::parse("某政公开〔2026〕12号").unwrap();
        assert_eq!((number.code.as_str(), number.year, number.serial), ("某政公开", 2026, 12));
    }

    #[test]
    fn every_common_mistake_has_its_sentence() {
        assert_eq!(codes("某政公开[2026]12号"), ["number-brackets"]);
        assert_eq!(codes("某政公开（2026）12号"), ["number-brackets"]);
        assert_eq!(codes("某政公开〔26〕12号"), ["number-year"]);
        assert_eq!(codes("某政公开〔2026〕012号"), ["number-zeros"]);
        assert_eq!(codes("某政公开〔2026〕0号"), ["number-zeros"]);
        assert_eq!(codes("某政公开〔2026〕第12号"), ["number-ordinal"]);
        assert_eq!(codes("某政公开〔2026〕12"), ["number-end"]);
        assert_eq!(codes("某政公开〔2026〕十二号"), ["number-serial"]);
        assert_eq!(codes("〔2026〕12号"), ["number-code"]);
        assert_eq!(codes("某政 公开〔2026〕12号"), ["number-code"]);
        for text in ["", "12号", "某政公开2026年12号", "〕2026〔12号", "〔"] {
            assert_eq!(codes(text), ["number-form"], "{text}");
        }
    }

    #[test]
    fn all_mistakes_are_said_at_once() {
        assert_eq!(
            codes("[26]第01"),
            ["number-brackets", "number-code", "number-year", "number-end", "number-ordinal", "number-zeros"]
        );
    }

    #[test]
    fn a_hostile_number_is_refused_and_not_repeated_at_length() {
        let long = "甲".repeat(100_000);
        for text in [format!("{long}〔2026〕1号"), format!("甲〔2026〕{}号", "9".repeat(100_000))] {
            let refusals = DocumentNumber::parse(&text).unwrap_err();
            assert!(refusals.iter().all(|r| r.text.chars().count() < 120), "{refusals:?}");
        }
    }
}
