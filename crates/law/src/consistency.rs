//! 要素核对: whether a document says of itself what its registration says of it: number, year, title, date, maker.
//!
//! The layout is that of GB/T 9704-2012: the number above the title (§7.2.5, §7.3.1), the maker and the date below the text
//! (§7.3.5). Nothing here is a rule of the law: what does not agree is told, and a person decides which of the two is right.

use crate::number::DocumentNumber;
use jiff::civil::Date;
use std::fmt;

/// Lines in which the head of a document is looked for: marks, number, addressee and title.
const HEAD: usize = 40;
/// Lines in which its end is looked for: attachments of a table or two, the maker, the date, the note, the 版记.
const END: usize = 60;
/// Lines above the date in which makers sign; joint documents have several.
const SIGNED: usize = 6;
/// Characters a line with a maker may have.
const LONGEST_MAKER: usize = 40;

/// What a registration says of a document.
#[derive(Debug, Clone, Default)]
pub struct Registered<'a> {
    /// 标题
    pub title: &'a str,
    /// 发文字号
    pub number: Option<&'a str>,
    /// 成文日期
    pub made_on: Date,
    /// Names of the maker, long and short.
    pub makers: Vec<&'a str>,
}

/// Something that does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The label of what was registered: 发文字号, 标题, 成文日期, 制作机关.
    pub of: &'static str,
    /// Where the document says otherwise: 正文第3行; empty if it is about the registration alone.
    pub place: String,
    /// One sentence.
    pub text: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}：{}", self.of, self.text)?;
        if self.place.is_empty() { Ok(()) } else { write!(f, "（{}）", self.place) }
    }
}

/// A line that says something, with its number from 1.
type Line<'a> = (usize, &'a str);

/// Everything that does not agree, in the order of the document; `body` is its text, if it can be read.
pub fn mismatches(of: &Registered<'_>, body: Option<&str>) -> Vec<Mismatch> {
    let mut all = Vec::new();
    let mut say = |of: &'static str, at: Option<usize>, text: String| {
        let place = at.map(|n| format!("正文第{n}行")).unwrap_or_default();
        all.push(Mismatch { of, place, text });
    };
    let number = of.number.map(DocumentNumber::parse);
    match &number {
        Some(Err(wrong)) => wrong.iter().for_each(|w| say("发文字号", None, w.text.clone())),
        Some(Ok(number)) if number.year != of.made_on.year() => {
            let text = format!("{number}的年份与成文日期{}不一致，请核对", shown(of.made_on));
            say("发文字号", None, text);
        }
        _ => {}
    }
    let lines: Vec<Line<'_>> = body
        .into_iter()
        .flat_map(str::lines)
        .map(str::trim)
        .enumerate()
        .map(|(n, line)| (n + 1, line))
        .filter(|(_, line)| !line.is_empty())
        .collect();
    if lines.is_empty() {
        return all;
    }
    let head = &lines[..lines.len().min(HEAD)];
    look_at_number(of, head, &mut say);
    if !squeezed(head).contains(&tight(of.title)) {
        say("标题", None, "正文开头没有找到这个标题，请核对文件与标题".into());
    }
    look_at_end(of, &lines, &mut say);
    all
}

/// The number in a line of its own above the title, whatever brackets were typed.
fn look_at_number(
    of: &Registered<'_>,
    head: &[Line<'_>],
    say: &mut impl FnMut(&'static str, Option<usize>, String),
) {
    let Some(registered) = of.number else { return };
    let wanted = plain_brackets(registered);
    if plain_brackets(&squeezed(head)).contains(&wanted) {
        return;
    }
    let other = head.iter().find_map(|(n, line)| {
        let line = tight(line);
        let number = DocumentNumber::first_in(&plain_brackets(&line))?;
        // In a sentence it is the number of another document.
        (plain_brackets(&line) == number.to_string()).then_some((*n, number))
    });
    match other {
        Some((at, number)) => {
            say("发文字号", Some(at), format!("正文的发文字号是{number}，与登记的“{registered}”不一致"));
        }
        None => say("发文字号", None, "正文开头没有找到这个发文字号，请核对".into()),
    }
}

/// The last line that is a date and nothing else, and the makers above it.
fn look_at_end(
    of: &Registered<'_>,
    lines: &[Line<'_>],
    say: &mut impl FnMut(&'static str, Option<usize>, String),
) {
    let from = lines.len().saturating_sub(END);
    let dated =
        lines.iter().enumerate().skip(from).rev().find_map(|(at, (n, line))| Some((at, *n, date_in(line)?)));
    let Some((at, n, (before, on))) = dated else {
        say("成文日期", None, "正文末尾没有找到成文日期，请核对".into());
        return;
    };
    if on != of.made_on {
        let text = format!("正文落款的日期是{}，与登记的{}不一致", shown(on), shown(of.made_on));
        say("成文日期", Some(n), text);
    }
    let signed: Vec<Line<'_>> = lines[at.saturating_sub(SIGNED)..at].to_vec();
    let names = || of.makers.iter().map(|name| tight(name)).filter(|name| !name.is_empty());
    let all = squeezed(&signed) + &before;
    if names().any(|name| all.contains(&name)) {
        return;
    }
    // A document with a seal alone has no maker in its text; a sentence is none.
    let is_maker = |line: &str| {
        line.chars().count() <= LONGEST_MAKER
            && ["政府", "办公室", "局", "委员会", "委", "厅", "院", "中心", "办事处", "会", "部"]
                .iter()
                .any(|end| line.ends_with(end))
    };
    let maker = if is_maker(&before) { Some((n, before)) } else { None };
    let above = signed.last().map(|(n, line)| (*n, tight(line))).filter(|(_, line)| is_maker(line));
    if let Some((n, name)) = maker.or(above) {
        say("制作机关", Some(n), format!("正文落款是“{name}”，与登记的制作机关不一致"));
    }
}

/// Without what only spaces letters.
fn tight(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn squeezed(lines: &[Line<'_>]) -> String {
    lines.iter().map(|(_, line)| tight(line)).collect()
}

fn plain_brackets(text: &str) -> String {
    let one = |c| match c {
        '[' | '［' | '(' | '（' | '【' | '「' => '〔',
        ']' | '］' | ')' | '）' | '】' | '」' => '〕',
        c => c,
    };
    tight(text).chars().map(one).collect()
}

/// A date at the end of a line, with what stands before it; `None` if something follows it, as 印发 does.
fn date_in(line: &str) -> Option<(String, Date)> {
    let line = tight(line);
    let rest = line.strip_suffix('日')?;
    let (rest, day) = number_at_end(rest);
    let rest = rest.strip_suffix('月')?;
    let (rest, month) = number_at_end(rest);
    let rest = rest.strip_suffix('年')?;
    let (before, year) = number_at_end(rest);
    let year = digits(&year)?;
    let date = Date::new(
        i16::try_from(year).ok().filter(|y| *y >= 1949)?,
        i8::try_from(count(&month)?).ok()?,
        i8::try_from(count(&day)?).ok()?,
    );
    let before = before.to_owned();
    // 自2020年3月1日 in a sentence that wraps is no date of the document.
    let free = before.chars().count() <= LONGEST_MAKER
        && !before.ends_with(['自', '至', '于', '从', '，', '、', '—', '-'])
        && !before.contains(['，', '。', '；']);
    date.ok().filter(|_| free).map(|on| (before, on))
}

/// The digits at the end of a text, Arabic or Chinese.
fn number_at_end(text: &str) -> (&str, String) {
    let is = |c: char| c.is_ascii_digit() || value(c).is_some() || c == '十';
    let rest = text.trim_end_matches(is);
    (rest, text[rest.len()..].to_owned())
}

fn value(c: char) -> Option<u32> {
    c.to_digit(10).or_else(|| {
        let n = match c {
            '〇' | '○' | '零' | 'О' | 'O' => 0,
            '一' => 1,
            '二' => 2,
            '三' => 3,
            '四' => 4,
            '五' => 5,
            '六' => 6,
            '七' => 7,
            '八' => 8,
            '九' => 9,
            _ => return None,
        };
        Some(n)
    })
}

/// 2020 or 二〇二〇.
fn digits(text: &str) -> Option<u32> {
    (text.chars().count() == 4).then_some(())?;
    text.chars().try_fold(0, |sum, c| Some(sum * 10 + value(c)?))
}

/// 12 or 十二; up to 99.
fn count(text: &str) -> Option<u32> {
    if let Some((tens, ones)) = text.split_once('十') {
        let part = |text: &str, empty| match text.chars().count() {
            0 => Some(empty),
            1 => value(text.chars().next()?),
            _ => None,
        };
        return Some(part(tens, 1)? * 10 + part(ones, 0)?);
    }
    (1..=2).contains(&text.chars().count()).then_some(())?;
    text.chars().try_fold(0, |sum, c| Some(sum * 10 + value(c)?))
}

fn shown(on: Date) -> String {
    format!("{}年{}月{}日", on.year(), on.month(), on.day())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    const BODY: &str = "样本市人民政府文件\n\n样政发〔2019〕12号\n\n样本市人民政府\n关于做好某项工作的通知\n\n各县（市、区）人民政府：\n\
        \u{3000}\u{3000}根据样政办发〔2018〕3号文件，自2019年4月1日\n起施行。\n\n样本市人民政府\n2019年3月20日\n（此件公开发布）\n\n\
        样本市人民政府办公室　　　2019年3月21日印发\n";

    fn registered() -> Registered<'static> {
        Registered {
            title: "样本市人民政府关于做好某项工作的通知",
            number: Some("样政发〔2019〕12号"),
            made_on: date(2019, 3, 20),
            makers: vec!["样本市人民政府", "市政府"],
        }
    }

    fn said(of: &Registered<'_>, body: &str) -> Vec<String> {
        mismatches(of, Some(body)).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_agrees_is_not_told() {
        assert_eq!(said(&registered(), BODY), [""; 0]);
        let square = BODY.replace('〔', "[").replace('〕', "]");
        assert_eq!(said(&registered(), &square), [""; 0]);
        let old = BODY.replace("2019年3月20日", "二〇一九年三月二十日");
        assert_eq!(said(&registered(), &old), [""; 0]);
        assert_eq!(mismatches(&registered(), None), []);
    }

    #[test]
    fn every_part_that_differs_is_told_with_its_place() {
        let other = Registered { number: Some("样政发〔2019〕21号"), ..registered() };
        assert_eq!(
            said(&other, BODY),
            ["发文字号：正文的发文字号是样政发〔2019〕12号，与登记的“样政发〔2019〕21号”不一致（正文第3行）"]
        );
        let other = Registered { made_on: date(2019, 3, 2), ..registered() };
        assert_eq!(
            said(&other, BODY),
            ["成文日期：正文落款的日期是2019年3月20日，与登记的2019年3月2日不一致（正文第13行）"]
        );
        let other = Registered { title: "关于做好另一项工作的通知", ..registered() };
        assert_eq!(said(&other, BODY), ["标题：正文开头没有找到这个标题，请核对文件与标题"]);
        let other = Registered { makers: vec!["样本市财政局"], ..registered() };
        assert_eq!(
            said(&other, BODY),
            ["制作机关：正文落款是“样本市人民政府”，与登记的制作机关不一致（正文第12行）"]
        );
    }

    #[test]
    fn the_number_alone_is_looked_at_without_a_text() {
        let of = Registered { number: Some("样政发[2018]12号"), ..registered() };
        let alone: Vec<&str> = mismatches(&of, None).iter().map(|m| m.of).collect();
        assert_eq!(alone, ["发文字号"]);
        let of = Registered { made_on: date(2020, 1, 2), ..registered() };
        assert!(mismatches(&of, None)[0].text.contains("年份与成文日期2020年1月2日不一致"));
    }

    #[test]
    fn dates_at_the_end_of_a_line() {
        let on = |text| date_in(text).map(|(_, on)| on);
        assert_eq!(on("2020年3月1日"), Some(date(2020, 3, 1)));
        assert_eq!(on("二○二○年十月三十一日"), Some(date(2020, 10, 31)));
        assert_eq!(on("样本局　2020 年 3 月 1 日"), Some(date(2020, 3, 1)));
        for none in [
            "2020年2月30日",
            "2020年3月1日印发",
            "自2020年3月1日",
            "20年3月1日",
            "三月一日",
            "日",
            "十年十月十日",
        ] {
            assert_eq!(on(none), None, "{none}");
        }
    }

    #[test]
    fn a_text_without_head_and_end_says_so_and_a_hostile_one_ends() {
        assert_eq!(said(&registered(), "第一条　总则").len(), 3);
        assert_eq!(said(&registered(), &"年月日".repeat(200_000)).len(), 3);
    }
}
