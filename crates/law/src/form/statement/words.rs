//! Dates that do not exist, doubled and lost characters, words written wrong.

use super::line::Line;
use super::number::starts_with;
use super::{Out, Sink};
use crate::word_list::{ListKind, Word, WordList};
use jiff::civil::Date;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Doubled words that no right sentence has. 政府政府 is none: 市政府政府信息公开指南.
const DOUBLED: &[&str] =
    &["的的", "进行进行", "按照按照", "根据根据", "以及以及", "情况情况", "我局我局", "通过通过", "开展开展"];
/// Right words in which 的的 stands.
const TWICE: &[&str] = &["目的的", "的的确确", "标的的", "众矢之的的"];
/// Signs that cannot follow each other.
const SIGNS: &[&str] =
    &["，，", "。。", "、、", "；；", "，。", "。，", "、，", "，、", "；。", "。；", "：：", "、。"];
/// Words with a character lost or changed, and what they should be.
const LOST: &[(&str, &str)] = &[
    ("行政止公开", "行政法规禁止公开"),
    ("信息公申请", "信息公开申请"),
    ("政府信公开", "政府信息公开"),
    ("政府息公开", "政府信息公开"),
    ("信息公开申清", "信息公开申请"),
    ("依申公开", "依申请公开"),
    ("依申请公幵", "依申请公开"),
    ("行政复义", "行政复议"),
    ("行政诉颂", "行政诉讼"),
    ("规范性文牛", "规范性文件"),
    ("勾嵇关系", "勾稽关系"),
];

/// What is looked for at a character, and what to say of it.
enum Slip {
    /// A doubled word or sign.
    Doubled(&'static str),
    /// A word with a character lost.
    Lost(&'static str, &'static str),
    /// A word of the built-in list.
    Listed(&'static Word),
}

/// Slips by their first character, each with all its characters.
type Slips = BTreeMap<char, Vec<(Vec<char>, Slip)>>;

static SLIPS: LazyLock<Slips> = LazyLock::new(|| {
    let mut found = Slips::new();
    let mut add = |text: &str, slip: Slip| {
        let chars: Vec<char> = text.chars().collect();
        if let Some(first) = chars.first() {
            found.entry(*first).or_default().push((chars, slip));
        }
    };
    DOUBLED.iter().chain(SIGNS).for_each(|w| add(w, Slip::Doubled(w)));
    LOST.iter().for_each(|(wrong, right)| add(wrong, Slip::Lost(wrong, right)));
    let listed = WordList::built_in().words.iter().filter(|w| w.kind == ListKind::Typo);
    listed.for_each(|w| add(&w.wrong, Slip::Listed(w)));
    found
});

/// Looks through a sentence.
pub(super) fn run(line: &Line<'_>, range: std::ops::Range<usize>, out: &mut Sink<'_, '_>) {
    let chars = &line.chars;
    dates(&chars[range.clone()], out);
    for i in range {
        for (wrong, slip) in SLIPS.get(&chars[i]).into_iter().flatten() {
            if !chars[i..].starts_with(wrong) {
                continue;
            }
            match slip {
                Slip::Doubled("的的") if TWICE.iter().any(|right| right_here(chars, i, right, "的的")) => {
                }
                Slip::Doubled(word) => out.add(Out::fail("N-TYPO", format!("“{word}”重复或者多余"))),
                Slip::Lost(wrong, right) => out.add(misspelt(wrong, right)),
                Slip::Listed(word) if !excepted(chars, i, word) => {
                    out.add(misspelt(&word.wrong, &word.right))
                }
                Slip::Listed(_) => {}
            }
        }
    }
}

fn misspelt(wrong: &str, right: &str) -> Out {
    Out {
        suggestion: Some(right.to_owned()), ..Out::fail("N-TYPO", format!("“{wrong}”应为“{right}”"))
    }
}

/// True if a right word stands here in which the wrong one is by chance.
fn excepted(chars: &[char], at: usize, word: &Word) -> bool {
    word.except.iter().any(|right| right_here(chars, at, right, &word.wrong))
}

/// True if the right word stands where it has the wrong one at this place.
fn right_here(chars: &[char], at: usize, right: &str, wrong: &str) -> bool {
    let before = right.find(wrong).map_or(0, |b| right[..b].chars().count());
    at.checked_sub(before).is_some_and(|from| starts_with(chars, from, right))
}

/// Years of three or five digits, a thirteenth month, a thirty-second day.
fn dates(chars: &[char], out: &mut Sink<'_, '_>) {
    let (mut year, mut month, mut i) = (None::<i16>, None::<i8>, 0);
    while i < chars.len() {
        if !chars[i].is_ascii_digit() {
            i += 1;
            continue;
        }
        let from = i;
        while chars.get(i).is_some_and(char::is_ascii_digit) {
            i += 1;
        }
        let text: String = chars[from..i].iter().collect();
        let joined = from > 0
            && (matches!(chars[from - 1], '.' | ',' | '〔') || chars[from - 1].is_ascii_alphabetic());
        let value: i64 = text.parse().unwrap_or(i64::MAX);
        match chars.get(i) {
            Some('年') if !joined => {
                // 建党100年, 3000年文明 are spans, 1840年 is history.
                let wrong = match text.len() {
                    3 => (201..=209).contains(&value),
                    4 => (2101..=2999).contains(&value),
                    5.. => text.starts_with("20") || text.starts_with("19"),
                    _ => false,
                };
                if wrong {
                    out.add(Out::fail("N-DATE", format!("“{text}年”不是有效的年份")));
                }
                (year, month) = (i16::try_from(value).ok().filter(|_| !wrong && text.len() == 4), None);
            }
            Some('月') if !joined => {
                month = i8::try_from(value).ok().filter(|m| (1..=12).contains(m));
                // 36月龄 is an age.
                let dated =
                    from > 0 && chars[from - 1] == '年' || chars.get(i + 1).is_some_and(char::is_ascii_digit);
                if month.is_none() && dated {
                    out.add(Out::fail("N-DATE", format!("“{text}月”不是有效的月份")));
                }
            }
            Some('日') if month.is_some() && from > 0 && chars[from - 1] == '月' => {
                let (m, d) = (month.unwrap_or(1), i8::try_from(value).unwrap_or(0));
                // Without a year the twenty-ninth of February may be right.
                if Date::new(year.unwrap_or(2020), m, d).is_err() {
                    out.add(Out::fail("N-DATE", format!("“{m}月{text}日”不是有效的日期")));
                }
            }
            _ => {}
        }
    }
}
