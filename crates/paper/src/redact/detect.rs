//! What in a text may be personal data: a proposal for marks, never a decision.
//!
//! Numbers are proved where they can be (check digits of identity numbers and credit codes, the Luhn digit of bank
//! cards), so that document numbers, dates and amounts are left alone. Full-width digits and single blanks, hyphens or
//! line ends between digits are seen.

use crate::plain::{Plain, Term, merged};
use jiff::civil::Date;
use law::identity::{is_credit_code, is_resident_number};
use regex::Regex;
use std::ops::Range;
use std::sync::LazyLock;

/// What was detected, in the order in which a longer reading wins over a shorter one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum What {
    /// 公民身份号码, with the right check digit, or the old one of fifteen places.
    ResidentNumber,
    /// 统一社会信用代码, with the right check character.
    CreditCode,
    /// 银行卡号, with the right check digit.
    BankCard,
    /// 手机号码.
    Mobile,
    /// 固定电话号码 with its area code.
    Telephone,
    /// 电子邮箱.
    Email,
    /// 机动车号牌.
    Plate,
    /// 住址: down to a number, a group or a room, or named as an address.
    Address,
    /// A name of the list.
    Name,
}

impl What {
    /// The Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            What::ResidentNumber => "公民身份号码",
            What::CreditCode => "统一社会信用代码",
            What::BankCard => "银行卡号",
            What::Mobile => "手机号码",
            What::Telephone => "固定电话号码",
            What::Email => "电子邮箱",
            What::Plate => "机动车号牌",
            What::Address => "住址",
            What::Name => "姓名",
        }
    }
}

/// A place in a text that may have to be withheld.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What it looks like.
    pub what: What,
    /// Where, in bytes of the text that was given.
    pub range: Range<usize>,
    /// The words as they stand there.
    pub text: String,
}

/// Everything in `text` that looks like personal data or is a name of `names`, in the order of the text and without
/// overlaps. `today` is the day after which nobody was born.
pub fn detect(text: &str, names: &[&str], today: Date) -> Vec<Found> {
    let half = Half::new(text);
    let mut found: Vec<(What, Range<usize>)> = Vec::new();
    for (what, pattern, holds) in PATTERNS.iter() {
        for hit in pattern.captures_iter(&half.text).filter_map(|c| c.name("it")) {
            let bare: String = hit.as_str().chars().filter(char::is_ascii_alphanumeric).collect();
            if holds(&bare, hit.as_str(), today) && half.stands_alone(&hit.range(), *what) {
                found.push((*what, half.source(&hit.range())));
            }
        }
    }
    found.extend(named(text, names).map(|range| (What::Name, range)));
    found.sort_by_key(|(what, range)| (*what, range.start));
    let mut kept: Vec<(What, Range<usize>)> = Vec::new();
    for (what, range) in found {
        if kept.iter().all(|(_, k)| k.end <= range.start || range.end <= k.start) {
            kept.push((what, range));
        }
    }
    kept.sort_by_key(|(_, range)| range.start);
    kept.into_iter()
        .map(|(what, range)| Found { what, text: text[range.clone()].to_owned(), range })
        .collect()
}

fn named(text: &str, names: &[&str]) -> impl Iterator<Item = Range<usize>> {
    let plain = Plain::new(text);
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let terms = names.iter().map(|name| Term::new(name)).filter(|term| term.len() > 1);
    let ranges = merged(terms.flat_map(|term| plain.find(&term)).collect());
    ranges.into_iter().map(move |range| starts[range.start]..starts[range.end])
}

/// The text with full-width letters and digits as ordinary ones, and the way back.
struct Half {
    text: String,
    /// For each byte of `text` the byte of the source where its character begins.
    from: Vec<usize>,
}

impl Half {
    fn new(source: &str) -> Half {
        let (mut text, mut from) = (String::new(), Vec::new());
        for (at, c) in source.char_indices() {
            text.push(match c {
                '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
                '\u{3000}' | '\u{a0}' | '\t' => ' ',
                '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
                c => c,
            });
            from.resize(text.len(), at);
        }
        from.push(source.len());
        Half { text, from }
    }

    fn source(&self, range: &Range<usize>) -> Range<usize> {
        self.from[range.start]..self.from[range.end]
    }

    /// A number is no part of a longer number or word; blanks between digits were already taken into account.
    fn stands_alone(&self, range: &Range<usize>, what: What) -> bool {
        if matches!(what, What::Address) {
            return true;
        }
        let before = self.text[..range.start].chars().next_back();
        let mut after = self.text[range.end..].chars();
        let next = after.next();
        let decimal = next == Some('.') && after.next().is_some_and(|c| c.is_ascii_digit());
        let word = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
        !word(before) && !word(next) && (!decimal || what == What::Email)
    }
}

/// Whether a hit is what it looks like: its letters and digits alone, its text, and today.
type Proof = fn(&str, &str, Date) -> bool;

type Pattern = (What, Regex, Proof);

/// Patterns are constants of this file; a test compiles every one.
static PATTERNS: LazyLock<Vec<Pattern>> = LazyLock::new(|| {
    let always = |_: &str, _: &str, _: Date| true;
    let sources: [(What, &str, Proof); 10] = [
        (What::ResidentNumber, r"(?<it>[0-9](?:[ \n-]?[0-9]){16}[ \n-]?[0-9Xx])", |bare, _, today| {
            is_resident_number(bare, today)
        }),
        (What::ResidentNumber, r"(?<it>[0-9](?:[ \n-]?[0-9]){14})", |bare, _, today| {
            is_old_number(bare, today)
        }),
        (What::CreditCode, r"(?<it>[0-9A-Za-z](?:[ \n-]?[0-9A-Za-z]){17})", |bare, _, _| {
            bare.bytes().filter(u8::is_ascii_digit).count() >= 8 && is_credit_code(bare)
        }),
        (What::BankCard, r"(?<it>[0-9](?:[ \n-]?[0-9]){12,18})", |bare, _, _| is_bank_card(bare)),
        (What::Mobile, r"(?<it>(?:\+?86[ -]?)?1[3-9][0-9](?:[ \n-]?[0-9]){8})", always),
        (What::Telephone, r"(?<it>\(0[0-9]{2,3}\)[ -]?[2-9][0-9]{6,7}(?:-[0-9]{1,5})?)", always),
        (
            What::Telephone,
            r"(?<it>0(?:10|2[0-9]|[3-9][0-9]{2})[ -]?[2-9][0-9]{6,7}(?:-[0-9]{1,5})?)",
            |bare, _, _| bare.len() >= 11,
        ),
        (
            What::Email,
            r"(?<it>[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,10})",
            always,
        ),
        (
            What::Plate,
            r"(?<it>[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳])",
            |bare, _, _| bare.bytes().filter(u8::is_ascii_digit).count() >= 2,
        ),
        (What::Address, ADDRESS, |_, text, _| !text.contains('第') && !text.contains('令')),
    ];
    let named = (What::Address, NAMED_ADDRESS, always as Proof);
    sources
        .into_iter()
        .chain([named])
        .filter_map(|(what, source, holds)| Some((what, Regex::new(source).ok()?, holds)))
        .collect()
});

/// A road, village or estate with a number behind it, and the places before it.
const ADDRESS: &str = concat!(
    r"(?<it>(?:\p{Han}{2,8}?(?:省|自治区|自治州|市|州|盟|地区))?",
    r"(?:\p{Han}{1,8}?(?:市|县|区|旗))?(?:\p{Han}{1,8}?(?:镇|乡|街道))?",
    r"\p{Han}{1,10}?(?:路|街|大道|巷|弄|胡同|里|村|庄|社区|小区|花园|苑|家园|公寓|宿舍)",
    r"(?:东段|西段|南段|北段|中段|\p{Han}{1,6}(?:小区|花园|苑|家园|公寓))?",
    r"[0-9一二三四五六七八九十]{1,5}(?:号院|号楼|号|栋|幢|单元|组|弄|室)",
    r"(?:[ -]?[0-9一二三四五六七八九十甲乙丙丁东西南北]{1,5}(?:号楼|号|栋|幢|座|单元|层|楼|室|户))*)"
);

/// What is called an address, down to a village, a road or a community.
const NAMED_ADDRESS: &str = concat!(
    r"(?:住址|住所地?|家庭地址|户籍(?:所在地|地址)?|现住|家住|通信地址|通讯地址|联系地址|住)[:： ]{0,2}(?:在|于|为)?",
    r"(?<it>\p{Han}{2,8}(?:省|自治区|市|县|区|镇|乡)[\p{Han}0-9-]{0,30}?(?:村|庄|社区|小区|路|街|巷|号|室|组|户))"
);

/// GB 11643-1989: fifteen places without check digit. The province must exist and the day of birth too.
fn is_old_number(bare: &str, today: Date) -> bool {
    let number = |range: Range<usize>| bare.get(range).and_then(|n| n.parse::<i8>().ok()).unwrap_or_default();
    let province =
        matches!(number(0..2), 11..=15 | 21..=23 | 31..=37 | 41..=46 | 50..=54 | 61..=65 | 71 | 81 | 82);
    let year = 1900 + i16::from(number(6..8));
    bare.len() == 15
        && province
        && bare.as_bytes()[2..6] != *b"0000"
        && Date::new(year, number(8..10), number(10..12)).is_ok_and(|born| born <= today)
}

/// The Luhn digit of ISO/IEC 7812-1, and a beginning that issuers of cards have. A number that begins with a year
/// (20…) is none.
fn is_bank_card(bare: &str) -> bool {
    let issued = match bare.as_bytes() {
        [b'3'..=b'6' | b'9', ..] => true,
        [b'2', b'2'..=b'7', ..] => bare.len() == 16,
        _ => false,
    };
    let sum: u32 = bare
        .bytes()
        .rev()
        .map(|b| u32::from(b - b'0'))
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => digit,
            (_, twice) => twice / 10 + twice % 10,
        })
        .sum();
    issued && sum.is_multiple_of(10) && bare.bytes().any(|b| b != bare.as_bytes()[0])
}

#[cfg(test)]
#[path = "detect/tests.rs"]
mod tests;
