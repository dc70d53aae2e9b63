//! What a template leaves behind in a report that was read: instructions, empty places, years written twice.

use super::super::check::Input;
use super::Found;
use super::plain::squeezed;

/// Instructions of the form that nobody took out. Each is short: a sentence that only contains the words is none.
const INSTRUCTIONS: [&str; 4] = ["文字描述", "该部分以表格形式", "此部分以表格形式", "本部分以表格形式"];
/// An instruction has at most this many characters.
const SHORT: usize = 30;

/// What is counted, before which a number must stand.
const MEASURES: [char; 7] = ['条', '件', '次', '篇', '期', '场', '项'];
/// Words after which a blank and a measure are an empty place.
const BEFORE: [&str; 16] = [
    "信息", "申请", "文件", "公开", "发布", "解读", "回应", "办理", "答复", "复议", "诉讼", "建议", "提案",
    "共", "收到", "受理",
];

/// What of a paragraph was left by a template.
pub(super) fn left_behind(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let mut found = Vec::new();
    let title = published.title.iter().map(|(text, place)| (text.as_str(), *place));
    let passages = published.passages.iter().map(|p| (p.text.as_str(), p.place));
    for (text, place) in title.chain(passages) {
        let at = |quote: String, message: String| Found {
            place: Some(place),
            quote: Some(quote),
            ..Found::fail(vec![], message)
        };
        let words = squeezed(text);
        if words.chars().count() <= SHORT
            && let Some(left) = INSTRUCTIONS.iter().find(|w| words.contains(*w))
        {
            found.push(at(text.trim().to_owned(), format!("格式中的填写说明“{left}…”没有删除")));
        }
        if let Some(place_holder) = placeholder(&words) {
            let message = format!("“{place_holder}”处没有填写，请补充完整");
            found.push(at(place_holder, message));
        }
        if let Some(year) = long_year(&words) {
            let message = format!("年份“{year}年”有误");
            found.push(at(format!("{year}年"), message));
        }
        if let Some(empty) = empty_number(text) {
            let message = format!("“{empty}”缺少数字，请补充完整");
            found.push(at(empty, message));
        }
    }
    found
}

/// `XX年`, `××件`, `____`: a place to fill in. Names may be masked with the same signs, so a measure must follow.
fn placeholder(words: &str) -> Option<String> {
    if words.contains("____") || words.contains("＿＿") {
        return Some("____".into());
    }
    let signs = |c: char| matches!(c, 'X' | 'x' | '×' | '*' | 'Ｘ' | '○' | '□');
    let chars: Vec<char> = words.chars().collect();
    let mut at = 0;
    while at < chars.len() {
        let run = chars[at..].iter().take_while(|c| signs(**c)).count();
        let next = chars.get(at + run);
        let before = at.checked_sub(1).and_then(|b| chars.get(b));
        let latin = |c: Option<&char>| c.is_some_and(char::is_ascii_alphanumeric);
        let counted =
            next.is_some_and(|c| MEASURES.contains(c) || matches!(c, '年' | '月' | '日' | '个' | '元'));
        if run >= 2 && counted && !latin(before) {
            return Some(chars[at..=at + run].iter().collect());
        }
        at += run.max(1);
    }
    None
}

/// `202020年`: digits of a year written twice.
fn long_year(words: &str) -> Option<&str> {
    for (at, _) in words.match_indices('年') {
        let digits = words[..at].bytes().rev().take_while(u8::is_ascii_digit).count();
        let number = &words[at - digits..at];
        if digits >= 5 && number.starts_with("20") {
            return Some(number);
        }
    }
    None
}

/// `公开信息  条，`: a measure after a blank, with nothing counted.
fn empty_number(text: &str) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    for (at, c) in chars.iter().enumerate() {
        let end = chars.get(at + 1).is_none_or(|c| "，。；、,;（(".contains(*c));
        if !MEASURES.contains(c) || !end {
            continue;
        }
        let blanks = chars[..at].iter().rev().take_while(|c| c.is_whitespace()).count();
        let before: String = chars[..at - blanks].iter().collect();
        if blanks > 0 && BEFORE.iter().any(|w| before.ends_with(w)) {
            let start = before.chars().count().saturating_sub(6);
            return Some(chars[start..=at].iter().collect::<String>().trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_to_fill_in_are_told_from_words() {
        assert_eq!(placeholder("2024年共办理XX件"), Some("XX件".into()));
        assert_eq!(placeholder("截至XXXX年"), Some("XXXX年".into()));
        assert_eq!(placeholder("××市人民政府、XXL件、*号"), None);
        assert_eq!(long_year("202020年"), Some("202020"));
        assert_eq!(long_year("2020年、电话0356年"), None);
        assert_eq!(empty_number("全年公开信息  条，答复3件"), Some("全年公开信息  条".into()));
        for fine in ["公开信息 29 条，", "修改 第三 条，", "发布 一批文件", "共 12 件。"]
        {
            assert_eq!(empty_number(fine), None, "{fine}");
        }
    }
}
