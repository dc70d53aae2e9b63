//! Reading a legal basis: which articles it names, of which instrument, and whether it goes down to the item.

/// An article as a text names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Article {
    /// Its number.
    pub number: u32,
    /// Whether it is one of the Regulation. An instrument holds until the next is named; without any it is the Regulation.
    pub of_regulation: bool,
    /// 第…款 follows.
    pub paragraph: bool,
    /// 第…项 follows, directly or after the paragraph.
    pub item: bool,
}

/// The articles named in a text without blanks, full-width digits and brackets already made half-width.
pub(super) fn articles(text: &str) -> Vec<Article> {
    let mut found = Vec::new();
    let mut of_regulation = true;
    let mut rest = text;
    while let Some((before, part, after)) = next_part(rest) {
        of_regulation = instrument(before).unwrap_or(of_regulation);
        rest = after;
        match part {
            (number, '条') => {
                found.push(Article { number, of_regulation, paragraph: false, item: false });
            }
            (_, unit) => {
                // 第二款第一项 belongs to the article before it as long as nothing but its own parts stands between.
                if let Some(article) = found.last_mut() {
                    article.paragraph |= unit == '款';
                    article.item |= unit == '项';
                }
            }
        }
    }
    found
}

/// Text before the next `第N条`, `第N款` or `第N项`, that part, text after it.
fn next_part(text: &str) -> Option<(&str, (u32, char), &str)> {
    for (at, _) in text.match_indices('第') {
        let rest = &text[at + '第'.len_utf8()..];
        let numeral = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百()".contains(c);
        let end = rest.find(|c| !numeral(c)).unwrap_or(rest.len());
        let unit = rest[end..].chars().next().filter(|c| ['条', '款', '项'].contains(c));
        if let (Some(number), Some(unit)) = (number(rest[..end].trim_matches(['(', ')'])), unit) {
            return Some((&text[..at], (number, unit), &rest[end + unit.len_utf8()..]));
        }
    }
    None
}

/// Whether the words before an article name the Regulation; `None` if they name no instrument.
fn instrument(before: &str) -> Option<bool> {
    const OTHERS: [&str; 7] = ["法", "办法", "规定", "细则", "规则", "》", "号"];
    let regulation = before.rfind("政府信息公开条例").map(|at| at + "政府信息公开条例".len());
    // A bare 条例 is the Regulation, unless the name of another one stands before it.
    let bare = before.ends_with("条例").then_some(before.len());
    let ours = regulation.max(bare.filter(|_| !before.ends_with("实施条例")));
    let other = before.ends_with("实施条例").then_some(before.len());
    let other = OTHERS.iter().filter_map(|o| before.rfind(o).map(|at| at + o.len())).max().max(other);
    match (ours, other) {
        // The closing mark of the Regulation's own title does not name another instrument.
        (Some(ours), Some(other)) => Some(other <= ours + '》'.len_utf8()),
        (Some(_), None) => Some(true),
        (None, Some(_)) => Some(false),
        (None, None) => None,
    }
}

/// A number below a thousand in Chinese or Arabic numerals.
fn number(text: &str) -> Option<u32> {
    if text.is_empty() || text.chars().count() > 7 {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return text.parse().ok().filter(|n| *n < 1000);
    }
    let (mut total, mut digit) = (0, 0);
    for c in text.chars() {
        match c {
            '零' | '〇' => {}
            '十' => {
                total += if digit == 0 { 10 } else { digit * 10 };
                digit = 0;
            }
            '百' => {
                total += digit * 100;
                digit = 0;
            }
            c => digit = "一二三四五六七八九".chars().position(|d| d == c)? as u32 + 1,
        }
    }
    Some(total + digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(u32, bool, bool, bool)> {
        articles(text).into_iter().map(|a| (a.number, a.of_regulation, a.paragraph, a.item)).collect()
    }

    #[test]
    fn articles_are_read_with_paragraph_item_and_instrument() {
        assert_eq!(read("《中华人民共和国政府信息公开条例》第三十六条第二项"), [(36, true, false, true)]);
        assert_eq!(read("条例第三十六条第(二)项"), [(36, true, false, true)]);
        assert_eq!(read("第36条第2项"), [(36, true, false, true)]);
        assert_eq!(read("条例第十六条第二款"), [(16, true, true, false)]);
        assert_eq!(
            read("《中华人民共和国政府信息公开条例》第十五条、第三十二条"),
            [(15, true, false, false), (32, true, false, false)]
        );
        assert_eq!(
            read("条例第十四条和《中华人民共和国保守国家秘密法》第十六条"),
            [(14, true, false, false), (16, false, false, false)]
        );
        assert_eq!(read("《中华人民共和国档案法实施条例》第二十条"), [(20, false, false, false)]);
        assert_eq!(read("《行政复议法》第二十三条第一款第四项"), [(23, false, true, true)]);
        assert_eq!(read("国办函〔2020〕109号第六条"), [(6, false, false, false)]);
        assert_eq!(read("有关规定"), []);
        assert_eq!(read("第一次告知，第二款项"), []);
    }

    #[test]
    fn numerals_are_read_in_both_scripts() {
        for (text, n) in [("十", 10), ("十四", 14), ("三十六", 36), ("一百零二", 102), ("九", 9), ("41", 41)]
        {
            assert_eq!(number(text), Some(n), "{text}");
        }
        assert_eq!(number(""), None);
        assert_eq!(number("9999999999"), None);
    }
}
