//! What stands on every page and is no text of the report: numbers of pages, running heads.

use std::collections::BTreeMap;

/// The number of a page mark that cannot be anything else: `- 4 -`, `— 4 —`, `第4页 共6页`, `4/6`.
pub(super) fn mark(text: &str) -> Option<u32> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).map(half).collect();
    let dash = |c: char| matches!(c, '-' | '—' | '–' | '―' | '─' | '−' | '－' | '·' | '•' | '~' | '～');
    let inner = text.trim_matches(dash);
    if inner.len() < text.len() && text.starts_with(dash) && text.ends_with(dash) {
        return number(inner);
    }
    if let Some(rest) = text.strip_prefix('第')
        && let Some((now, all)) = rest.split_once('页')
    {
        let all = all.trim_start_matches([',', '，', '/', '、', '(', '（']);
        let all = all.trim_end_matches([')', '）']);
        let counted = all.is_empty()
            || all.strip_prefix('共').and_then(|a| a.strip_suffix('页')).and_then(number).is_some();
        return if counted { number(now) } else { None };
    }
    let (now, all) = text.split_once('/')?;
    let (now, all) = (number(now)?, number(all)?);
    (0 < now && now <= all).then_some(now)
}

/// A bare number.
pub(super) fn number(text: &str) -> Option<u32> {
    let text = text.trim();
    let digits = !text.is_empty() && text.len() <= 3 && text.bytes().all(|b| b.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}

fn half(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '／' => '/',
        c => c,
    }
}

/// A number found where pages have their mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Counted {
    /// The page it stands on, from 0.
    pub(super) page: usize,
    /// The number that stands there.
    pub(super) number: u32,
}

/// How far the numbers that pages bear are ahead of their place in the file, if at least two pages agree.
pub(super) fn offset(counted: &[Counted]) -> Option<i64> {
    let mut pages: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for mark in counted {
        pages.entry(mark.ahead()).or_default().push(mark.page);
    }
    let (offset, pages) = pages
        .into_iter()
        .map(|(offset, mut pages)| {
            pages.dedup();
            (offset, pages.len())
        })
        .max_by_key(|(_, pages)| *pages)?;
    (pages > 1).then_some(offset)
}

impl Counted {
    pub(super) fn ahead(&self) -> i64 {
        i64::from(self.number) - self.page as i64
    }
}

/// A line at the edge of a page, as it is compared with those of other pages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Edge {
    /// Its words without blanks; a number counts pages.
    words: String,
    /// How far from its edge of the page, in steps of 4 points.
    place: i64,
}

impl Edge {
    /// None for a line of figures alone, which may be anything.
    pub(super) fn new(text: &str, from_edge: f64) -> Option<Edge> {
        let words = text.chars().filter(|c| !c.is_whitespace());
        let words: String = words.map(|c| if c.is_ascii_digit() { '#' } else { c }).collect();
        let place = (from_edge / 4.0).round() as i64;
        words.contains(|c: char| c != '#').then_some(Edge { words, place })
    }
}

/// How many of so many pages must bear the same line at their edge for a running head.
pub(super) fn enough(pages: usize) -> usize {
    if pages <= 3 { 2 } else { pages.div_ceil(2).min(3) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_marks_are_told_from_figures() {
        for text in [
            "- 4 -",
            "—4—",
            "— 4 —",
            "－４－",
            "第4页",
            "第 4 页 共 6 页",
            "第4页，共6页",
            "第4页/共6页",
            "4/6",
            "·4·",
        ] {
            assert_eq!(mark(text), Some(4), "{text}");
        }
        for text in
            ["4", "-4", "4-", "第四条", "第4页共六条", "6/4", "2024/12", "-", "--", "4、", "12345/99999"]
        {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn pages_count_on_by_one() {
        let at = |page, number| Counted { page, number };
        assert_eq!(offset(&[at(0, 1), at(1, 2), at(2, 3), at(2, 9)]), Some(1));
        assert_eq!(offset(&[at(1, 1), at(2, 2)]), Some(0));
        assert_eq!(offset(&[at(0, 1)]), None);
        assert_eq!(offset(&[at(3, 1), at(3, 1)]), None);
    }

    #[test]
    fn running_heads_are_the_same_but_for_the_number() {
        assert_eq!(Edge::new("年度报告 第 3 页", 40.0), Edge::new("年度报告 第 4 页", 41.0));
        assert_ne!(Edge::new("年度报告", 40.0), Edge::new("年度报告", 60.0));
        assert_eq!(Edge::new("17", 40.0), None);
    }
}
