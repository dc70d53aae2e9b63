//! The part of a text that shows why it was found.

use super::text::walk;

/// A piece of text, and whether it is what was looked for.
pub type Segment = (String, bool);

/// Characters of a snippet.
const LENGTH: usize = 110;
/// Characters before the first match.
const BEFORE: usize = 16;
/// Bytes of texts that are looked through for a match.
const LOOKED_THROUGH: usize = 2 << 20;

/// The whole text with its matches; line ends become blanks.
pub(crate) fn whole(text: &str, words: &[String]) -> Vec<Segment> {
    segments(text, 0, text.len(), &places(text, words))
}

/// The part of the first text with a match in which most words stand together, or the beginning of the first text.
pub(crate) fn part<'a>(texts: impl Iterator<Item = &'a str>, words: &[String]) -> Vec<Segment> {
    let mut first = None;
    let mut left = LOOKED_THROUGH;
    for text in texts {
        first = first.or(Some(text));
        if text.len() > left {
            break;
        }
        left -= text.len();
        let found = places(text, words);
        if !found.is_empty() {
            return around(text, &found);
        }
    }
    first.map_or_else(Vec::new, |text| around(text, &[]))
}

/// A match: from which byte to which, and the number of the word.
type Place = (usize, usize, usize);

fn places(text: &str, words: &[String]) -> Vec<Place> {
    let (mut folded, mut at) = (String::with_capacity(text.len()), Vec::with_capacity(text.len()));
    walk(text, |c, from| {
        folded.push(c);
        at.resize(folded.len(), from);
    });
    let mut found = Vec::new();
    for (n, word) in words.iter().enumerate().filter(|(_, w)| !w.is_empty()) {
        for (from, _) in folded.match_indices(word.as_str()) {
            let last = at[from + word.len() - 1];
            let end = last + text[last..].chars().next().map_or(0, char::len_utf8);
            found.push((at[from], end, n));
        }
    }
    found.sort_unstable();
    found
}

fn around(text: &str, found: &[Place]) -> Vec<Segment> {
    // The window that holds most different words, the first such.
    let reach = LENGTH * 3;
    let mut best = (0, 0);
    for (n, (from, ..)) in found.iter().enumerate() {
        let mut seen = 0_u64;
        for (_, to, word) in &found[n..] {
            if *to > from + reach {
                break;
            }
            seen |= 1 << (word % 64);
        }
        if seen.count_ones() > best.0 {
            best = (seen.count_ones(), *from);
        }
    }
    let start = text[..best.1].char_indices().rev().take(BEFORE).last().map_or(best.1, |(at, _)| at);
    // Not from the middle of a sentence if one begins here.
    let start = text[start..best.1]
        .rfind(['。', '\n', '；'])
        .map_or(start, |at| start + at + text[start + at..].chars().next().map_or(0, char::len_utf8));
    let end = text[start..].char_indices().nth(LENGTH).map_or(text.len(), |(at, _)| start + at);
    let mut shown = segments(text, start, end, found);
    if !text[..start].trim().is_empty() {
        shown.insert(0, ("…".to_owned(), false));
    }
    if !text[end..].trim().is_empty() {
        shown.push(("…".to_owned(), false));
    }
    shown
}

fn segments(text: &str, start: usize, end: usize, found: &[Place]) -> Vec<Segment> {
    let mut shown: Vec<Segment> = Vec::new();
    let mut add = |piece: &str, matched: bool| {
        let words: Vec<&str> = piece.split(|c: char| c.is_whitespace() || c.is_control()).collect();
        let mut plain = words.iter().filter(|w| !w.is_empty()).copied().collect::<Vec<_>>().join(" ");
        if words.first().is_some_and(|w| w.is_empty())
            && words.len() > 1
            && !shown.is_empty()
            && !plain.is_empty()
        {
            plain.insert(0, ' ');
        }
        if words.last().is_some_and(|w| w.is_empty()) && words.len() > 1 && !plain.is_empty() {
            plain.push(' ');
        }
        if plain.is_empty() {
            return;
        }
        match shown.last_mut() {
            Some((last, same)) if *same == matched => last.push_str(&plain),
            _ => shown.push((plain, matched)),
        }
    };
    let mut at = start;
    for (from, to, _) in found {
        let (from, to) = ((*from).max(at), (*to).min(end));
        if from < to {
            add(&text[at..from], false);
            add(&text[from..to], true);
            at = to;
        }
    }
    add(&text[at.min(end)..end], false);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(segments: &[Segment]) -> String {
        segments.iter().map(|(t, m)| if *m { format!("[{t}]") } else { t.clone() }).collect()
    }

    #[test]
    fn matches_are_marked_in_the_text_as_it_stands() {
        let words = ["12号".to_owned(), "低保".to_owned()];
        assert_eq!(show(&whole("（１２ 号）低\n保标准", &words)), "（[１２ 号]）[低 保]标准");
        assert_eq!(show(&whole("低保低保", &words)), "[低保低保]");
        assert_eq!(show(&whole("", &words)), "");
    }

    #[test]
    fn the_snippet_is_where_the_words_stand_together() {
        let text = format!(
            "低保。{}第三条 低保对象按12号文件执行。{}",
            "无关的话。".repeat(60),
            "别的。".repeat(90)
        );
        let shown = show(&part(std::iter::once(text.as_str()), &["12号".to_owned(), "低保".to_owned()]));
        assert!(shown.starts_with("…第三条 [低保]对象按[12号]文件"), "{shown}");
        assert!(shown.ends_with('…') && shown.chars().count() < 130);
        assert_eq!(show(&part(["甲乙", "低保"].into_iter(), &["低保".to_owned()])), "[低保]");
        assert_eq!(show(&part(["甲乙", "丙"].into_iter(), &["低保".to_owned()])), "甲乙");
        assert_eq!(show(&part(std::iter::empty(), &[])), "");
    }
}
