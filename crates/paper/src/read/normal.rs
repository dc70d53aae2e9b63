//! How labels and headings are compared: what a reader takes for the same words is the same string here.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// Words of converted mirrors, after their characters were simplified: converters change words as well.
const CONVERTED: [(&str, &str); 4] = [("资讯", "信息"), ("档案", "文件"), ("网路", "网络"), ("其它", "其他")];

/// Traditional characters of labels, headings and titles, each before its simplified one.
const TRADITIONAL: &str = "\
    總总體体況况開开動动資资訊讯報报題题問问進进處处決决數数製制發发廢废現现規规範范檔档許许罰罚強强\
    徵征購购業业費费額额單单萬万結结轉转續续辦办無无與与據据產产觸触關关係系會会務务構构組组織织機机\
    當当屬属於于國国違违執执過过詢询獲获認认確确給给復复複复駁驳維维糾纠審审訴诉訟讼議议級级區区縣县\
    鄉乡鎮镇廳厅書书門门時时間间個个項项類类東东護护權权傳传舉举請请適适裡里內内對对繼继設设備备員员\
    學学條条則则應应該该將将樣样術术計计論论從从來来檢检罷罢經经濟济衛卫環环監监網网絡络電电話话號号\
    頁页遲迟補补圖图錄录質质達达選选釋释標标準准還还難难際际錢钱雙双聯联臺台灣湾廣广龍龙陽阳陰阴嶺岭\
    島岛師师導导農农礦矿財财稅税證证劃划創创獎奖營营養养龐庞實实寫写見见觀观視视記记訂订讓让識识";

/// The words without blanks, marks and differences of form: full width, traditional characters, kinds of brackets and
/// quotation marks do not count. Digits, letters, Chinese characters and brackets stay.
pub(super) fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let text: String = text.nfkc().collect();
    let text = without_readings(&text);
    for c in text.chars() {
        match c {
            c if c.is_whitespace() || c.is_control() || is_invisible(c) => {}
            '、' | '，' | ',' | '。' | '.' | '．' | '：' | ':' | '；' | ';' | '·' | '•' | '|' | '_' =>
                {}
            '“' | '”' | '"' | '\'' | '‘' | '’' | '「' | '」' | '《' | '》' | '*' | '#' => {}
            '〔' | '【' | '[' | '{' => out.push('('),
            '〕' | '】' | ']' | '}' => out.push(')'),
            c => out.push(simplified(c).to_ascii_lowercase()),
        }
    }
    for (from, to) in CONVERTED {
        if out.contains(from) {
            out = out.replace(from, to);
        }
    }
    out
}

/// The text without readings in Latin letters that some mirrors put behind characters: 規(guī)章.
fn without_readings(text: &str) -> Cow<'_, str> {
    let reading = |inside: &str| {
        (1..=7).contains(&inside.chars().count())
            && inside.chars().all(|c| c.is_alphabetic() && c < '\u{250}')
    };
    let begins = |at: usize| text[at + 1..].split_once(')').is_some_and(|(inside, _)| reading(inside));
    if !text.match_indices('(').any(|(at, _)| begins(at)) {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(at) = rest.find('(') {
        out.push_str(&rest[..at]);
        match rest[at + 1..].split_once(')') {
            Some((inside, after)) if reading(inside) => rest = after,
            _ => {
                out.push('(');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// Characters that take no room.
pub(super) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// The simplified form of a traditional character of the form.
fn simplified(c: char) -> char {
    if c < '\u{4e00}' {
        return c;
    }
    let mut pairs = TRADITIONAL.chars();
    while let (Some(from), Some(to)) = (pairs.next(), pairs.next()) {
        if from == c {
            return to;
        }
    }
    c
}

/// The ordinal a heading or label begins with (`一、`, `(三)`, `2.`, `（６）`), as its number and the level it belongs to,
/// and the rest. The text is [`folded`], so that the marks after it are gone.
pub(super) fn ordinal(folded: &str) -> (Option<Ordinal>, &str) {
    let (bracketed, inner) = match folded.strip_prefix('(') {
        Some(rest) => match rest.split_once(')') {
            Some((inside, after)) => match number(inside) {
                Some((n, "")) => return (Some(Ordinal { n, level: Level::Bracketed }), after),
                _ => return (None, folded),
            },
            None => (true, rest),
        },
        None => (false, folded),
    };
    match number(inner) {
        Some((n, rest)) if !bracketed && !rest.is_empty() => {
            let arabic = inner.starts_with(|c: char| c.is_ascii_digit());
            let level = if arabic { Level::Arabic } else { Level::Chinese };
            (Some(Ordinal { n, level }), rest.strip_prefix(')').unwrap_or(rest))
        }
        _ => (None, folded),
    }
}

/// An ordinal of a heading or label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ordinal {
    pub(super) n: u32,
    pub(super) level: Level,
}

impl Ordinal {
    /// The characters of a label with this ordinal before it, as they are [`folded`].
    pub(super) fn before(self, label: &[char]) -> Vec<char> {
        const DIGITS: [char; 10] = ['〇', '一', '二', '三', '四', '五', '六', '七', '八', '九'];
        let digit = DIGITS.get(self.n as usize).copied().unwrap_or('十');
        let mut all: Vec<char> = match self.level {
            Level::Chinese => vec![digit],
            Level::Bracketed => vec!['(', digit, ')'],
            Level::Arabic => self.n.to_string().chars().collect(),
        };
        all.extend(label);
        all
    }
}

/// How an ordinal is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Level {
    /// 一
    Chinese,
    /// (一)
    Bracketed,
    /// 1
    Arabic,
}

/// A number below 100 at the beginning, and what follows.
fn number(text: &str) -> Option<(u32, &str)> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 {
        let n = if digits <= 2 { text[..digits].parse().ok()? } else { return None };
        return Some((n, &text[digits..]));
    }
    const UNITS: &str = "一二三四五六七八九";
    let unit = |c: char| UNITS.chars().position(|u| u == c).map(|n| n as u32 + 1);
    let mut chars = text.char_indices().peekable();
    let mut n = 0;
    let (_, first) = chars.next()?;
    match unit(first) {
        Some(one) => n += one,
        None if first == '十' => n = 10,
        None => return None,
    }
    let mut end = first.len_utf8();
    if let Some((at, second)) = chars.peek().copied() {
        if second == '十' && first != '十' {
            n *= 10;
            end = at + second.len_utf8();
            chars.next();
            if let Some((at, third)) = chars.peek().copied()
                && let Some(one) = unit(third)
            {
                n += one;
                end = at + third.len_utf8();
            }
        } else if first == '十'
            && let Some(one) = unit(second)
        {
            n += one;
            end = at + second.len_utf8();
        }
    }
    Some((n, &text[end..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_are_the_same_string() {
        for (a, b) in [
            (
                "（本列数据的勾稽关系为：第一项加第二项之和，等于第三项加第四项之和）",
                "(本列数据的勾稽关系为:第一项加第二项之和,等于第三项加第四项之和)",
            ),
            ("３．危及“三安全一稳定”", "3.危及\"三安全一稳定\""),
            ("  行政\u{a0}许可\u{200b}", "行政许可"),
            ("規範性檔案", "规范性文件"),
            ("五、屬於三類內部事務資訊", "五属於三类内部事务信息"),
            ("行政規(guī)范性文件", "行政规范性文件"),
            ("第二十条第〔一〕项", "第二十条第（一）项"),
        ] {
            assert_eq!(folded(a), folded(b), "{a}");
        }
    }

    #[test]
    fn ordinals_are_told_from_words() {
        let at = |text: &str| {
            let text = folded(text);
            let (ordinal, rest) = ordinal(&text);
            (ordinal.map(|o| (o.n, o.level)), rest.to_owned())
        };
        assert_eq!(at("一、总体情况"), (Some((1, Level::Chinese)), "总体情况".into()));
        assert_eq!(at("（七）总计"), (Some((7, Level::Bracketed)), "总计".into()));
        assert_eq!(at("８．属于行政查询事项"), (Some((8, Level::Arabic)), "属于行政查询事项".into()));
        assert_eq!(at("1）其他"), (Some((1, Level::Arabic)), "其他".into()));
        assert_eq!(at("十二、某事"), (Some((12, Level::Chinese)), "某事".into()));
        assert_eq!(at("二十三、某事"), (Some((23, Level::Chinese)), "某事".into()));
        assert_eq!(at("总计"), (None, "总计".into()));
        assert_eq!(at("2020年"), (None, "2020年".into()));
        assert_eq!(at("12"), (None, "12".into()), "a figure alone is no ordinal");
    }
}
