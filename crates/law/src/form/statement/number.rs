//! Numbers as texts write them: `3119`, `1,250`, `0.4万`, `三十四`, `两`, `二〇二四`; with unit and vagueness.

use crate::Amount;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// 件, 宗, 起, 份, 例
    Case,
    /// 条, 个, 次, 项, 篇, 期 …: cases only where the words say so
    Loose,
    /// 元
    Yuan,
    /// %
    Percent,
    /// 年
    Year,
    /// 月
    Month,
    /// 日, 号 of a date
    Day,
    /// A number without a unit
    Bare,
    /// 人次, 个工作日, 小时, 个百分点 …: never a number of cases
    Other,
}

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    /// Its value.
    pub(super) value: Amount,
    /// Decimals as printed.
    pub(super) decimals: u32,
    /// What is counted.
    pub(super) unit: Unit,
    /// The unit itself: first and last character (exclusive).
    pub(super) of: (usize, usize),
    /// 约, 近, 余, 以上 …: never compared exactly.
    pub(super) vague: bool,
    /// First character of its digits.
    pub(super) from: usize,
    /// The character after its digits.
    pub(super) digits_to: usize,
    /// The character after its unit.
    pub(super) to: usize,
}

/// Units, the longer ones first.
const UNITS: &[(&str, Unit)] = &[
    ("个工作日", Unit::Other),
    ("个百分点", Unit::Other),
    ("个自然日", Unit::Other),
    ("个小时", Unit::Other),
    ("个月", Unit::Other),
    ("人次", Unit::Other),
    ("人次数", Unit::Other),
    ("百分点", Unit::Other),
    ("小时", Unit::Other),
    ("工作日", Unit::Other),
    ("件次", Unit::Case),
    ("件", Unit::Case),
    ("宗", Unit::Case),
    ("起", Unit::Case),
    ("例", Unit::Case),
    ("份", Unit::Case),
    ("条", Unit::Loose),
    ("个", Unit::Loose),
    ("次", Unit::Loose),
    ("项", Unit::Loose),
    ("篇", Unit::Loose),
    ("期", Unit::Loose),
    ("部", Unit::Loose),
    ("封", Unit::Loose),
    ("场", Unit::Loose),
    ("类", Unit::Other),
    ("元", Unit::Yuan),
    ("%", Unit::Percent),
    ("年", Unit::Year),
    ("月", Unit::Month),
    ("日", Unit::Day),
    ("号", Unit::Other),
    ("天", Unit::Other),
    ("人", Unit::Other),
    ("名", Unit::Other),
    ("家", Unit::Other),
    ("户", Unit::Other),
    ("页", Unit::Other),
    ("字", Unit::Other),
    ("卷", Unit::Other),
    ("倍", Unit::Other),
    ("分", Unit::Other),
    ("级", Unit::Other),
    ("位", Unit::Other),
    ("处", Unit::Other),
    ("批", Unit::Other),
    ("室", Unit::Other),
    ("楼", Unit::Other),
    ("届", Unit::Other),
    ("大", Unit::Other),
];

const VAGUE_BEFORE: &[&str] =
    &["约", "近", "超", "逾", "超过", "不到", "不足", "至少", "接近", "多达", "不少于", "不低于", "突破"];
const VAGUE_AFTER: &[&str] = &["余", "多", "以上", "左右", "上下", "以内", "以下", "之多"];

/// The number that begins at `i`, if one does.
pub(super) fn number(chars: &[char], i: usize) -> Option<Number> {
    let first = *chars.get(i)?;
    let (value, decimals, digits_to, chinese) = if first.is_ascii_digit() {
        let (value, decimals, to) = arabic(chars, i)?;
        (value, decimals, to, false)
    } else {
        let (value, to) = chinese(chars, i)?;
        (value, 0, to, true)
    };
    let mut to = digits_to;
    let mut vague = VAGUE_BEFORE.iter().any(|w| ends_with(chars, i, w));
    if matches!(chars.get(to), Some('余' | '多' | '几')) {
        vague = true;
        to += 1;
        // 3万余件: the multiplier stands before 余; 3余万件 does not exist.
    }
    let (unit, of) = match UNITS.iter().find(|(u, _)| starts_with(chars, to, u)) {
        Some((u, unit)) => {
            let from = to;
            to += u.chars().count();
            (*unit, (from, to))
        }
        None => (Unit::Bare, (to, to)),
    };
    if chinese && !countable(chars, i, to, unit) {
        return None;
    }
    // 第30件 is one of them.
    vague |= i.checked_sub(1).and_then(|b| chars.get(b)) == Some(&'第');
    vague |= VAGUE_AFTER.iter().any(|w| starts_with(chars, to, w));
    // 3至5件, 3-5件: neither end is the figure.
    let joined = |c: Option<&char>| matches!(c, Some('至' | '-' | '或'));
    let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
    vague |= joined(chars.get(digits_to)) && digit(chars.get(digits_to + 1));
    vague |= i >= 2 && joined(chars.get(i - 1)) && digit(chars.get(i - 2));
    Some(Number { value, decimals, unit, of, vague, from: i, digits_to, to })
}

/// A Chinese numeral is a number of cases only with a unit, and not in 第一件, 每一件, 一件事, 一次性.
fn countable(chars: &[char], from: usize, to: usize, unit: Unit) -> bool {
    let before = from.checked_sub(1).and_then(|i| chars.get(i));
    // 两三件: the second digit alone is no number either.
    let ordinal =
        before.is_some_and(|c| "第每逐同该此某任这那〇零一二两三四五六七八九十百千万亿".contains(*c));
    let phrase = matches!(chars.get(to), Some('事' | '性' | '龙' | '律' | '办'));
    matches!(unit, Unit::Case | Unit::Loose | Unit::Yuan) && !ordinal && !phrase
}

fn arabic(chars: &[char], i: usize) -> Option<(Amount, u32, usize)> {
    let (mut micros, mut decimals, mut to) = (0_i64, 0, i);
    while let Some(c) = chars.get(to) {
        match c.to_digit(10) {
            Some(d) => micros = micros.checked_mul(10)?.checked_add(i64::from(d) * 1_000_000)?,
            None if *c == ',' => {}
            None => break,
        }
        to += 1;
    }
    if chars.get(to) == Some(&'.') && chars.get(to + 1).is_some_and(char::is_ascii_digit) {
        let mut step = 100_000;
        to += 1;
        while let Some(d) = chars.get(to).and_then(|c| c.to_digit(10)) {
            micros = micros.checked_add(i64::from(d) * step)?;
            step /= 10;
            decimals += 1;
            to += 1;
        }
    }
    while let Some(factor) = chars.get(to).and_then(|c| match c {
        '千' => Some(1_000),
        '万' => Some(10_000),
        '亿' => Some(100_000_000),
        _ => None,
    }) {
        micros = micros.checked_mul(factor)?;
        to += 1;
    }
    Some((Amount::from_micros(micros), decimals, to))
}

fn chinese(chars: &[char], i: usize) -> Option<(Amount, usize)> {
    let digit = |c: char| match c {
        '〇' | '零' => Some(0_i64),
        '一' => Some(1),
        '二' | '两' => Some(2),
        '三' => Some(3),
        '四' => Some(4),
        '五' => Some(5),
        '六' => Some(6),
        '七' => Some(7),
        '八' => Some(8),
        '九' => Some(9),
        _ => None,
    };
    let (mut total, mut section, mut last, mut to) = (0_i64, 0_i64, None::<i64>, i);
    let (mut smallest, mut run) = (i64::MAX, 0);
    while let Some(c) = chars.get(to).copied() {
        if let Some(d) = digit(c) {
            match last {
                // 二〇二四: digits one after the other; 两三 is not a number.
                Some(before) if smallest == i64::MAX => {
                    last = Some(before.checked_mul(10)?.checked_add(d)?);
                    run += 1;
                }
                Some(0) | None => last = Some(d),
                Some(_) => return None,
            }
        } else {
            let factor = match c {
                '十' => 10,
                '百' => 100,
                '千' => 1_000,
                '万' => 10_000,
                '亿' => 100_000_000,
                _ => break,
            };
            if run > 0 {
                return None;
            }
            if factor >= 10_000 {
                total = (total + section + last.take().unwrap_or(0)).checked_mul(factor)?;
                section = 0;
                smallest = i64::MAX - 1;
            } else {
                if factor >= smallest && smallest < 10_000 {
                    return None;
                }
                section += last.take().unwrap_or(i64::from(factor == 10)) * factor;
                smallest = factor;
            }
        }
        to += 1;
    }
    // A run of two digits (两三件, 一二件) is a rough number; a year or a number of four digits is one.
    if to == i || (run > 0 && run < 3) {
        return None;
    }
    Some((Amount::whole(total + section + last.unwrap_or(0)), to))
}

/// True if the text from `i` on begins with the word.
pub(super) fn starts_with(chars: &[char], i: usize, word: &str) -> bool {
    let text = chars.get(i..).unwrap_or_default();
    word.chars().zip(text).all(|(w, c)| w == *c) && text.len() >= word.chars().count()
}

/// True if the text before `i` ends with the word.
pub(super) fn ends_with(chars: &[char], i: usize, word: &str) -> bool {
    i.checked_sub(word.chars().count()).is_some_and(|from| starts_with(chars, from, word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<(String, Unit, bool)> {
        let chars: Vec<char> = text.chars().collect();
        let found = (0..chars.len()).find_map(|i| number(&chars, i))?;
        Some((found.value.to_string(), found.unit, found.vague))
    }

    #[test]
    fn numbers_are_read_in_every_notation() {
        for (text, value, unit, vague) in [
            ("3119件", "3119", Unit::Case, false),
            ("1,250件", "1250", Unit::Case, false),
            ("0.125万件", "1250", Unit::Case, false),
            ("0.4万元", "4000", Unit::Yuan, false),
            ("3.5亿元", "350000000", Unit::Yuan, false),
            ("十二件", "12", Unit::Case, false),
            ("两件", "2", Unit::Case, false),
            ("〇件", "0", Unit::Case, false),
            ("三十四件", "34", Unit::Case, false),
            ("一百零五件", "105", Unit::Case, false),
            ("一千二百五十件", "1250", Unit::Case, false),
            ("二万三千件", "23000", Unit::Case, false),
            ("共30余件", "30", Unit::Case, true),
            ("约30件", "30", Unit::Case, true),
            ("30件以上", "30", Unit::Case, true),
            ("3至5件", "3", Unit::Bare, true),
            ("占34.3%", "34.3", Unit::Percent, false),
            ("2024年", "2024", Unit::Year, false),
            ("20个工作日", "20", Unit::Other, false),
            ("85.6万件", "856000", Unit::Case, false),
        ] {
            assert_eq!(read(text), Some((value.into(), unit, vague)), "{text}");
        }
        for text in [
            "一件事一次办",
            "每一件申请",
            "第一件",
            "两三件",
            "一图读懂",
            "十分重视",
            "一次性告知",
            "三安全一稳定",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
