//! How Chinese sounds: syllables and initials of titles, and keys under which words of similar sound meet.

use pinyin::{ToPinyin, ToPinyinMulti};
use std::collections::HashSet;
use std::fmt::Write;
use std::sync::OnceLock;

/// Letters of a query that are read as pinyin; nobody types more without a blank.
const LONGEST: usize = 48;
/// Ways of reading a row of letters that are tried.
const READINGS: usize = 12;

/// The syllables of a text, a line for each character, all readings of it in the line.
pub(crate) fn syllable_lines(text: &str) -> String {
    let mut lines = String::new();
    for c in text.chars() {
        if let Some(readings) = c.to_pinyin_multi() {
            let mut seen: Vec<&str> = Vec::new();
            for reading in readings.into_iter().map(|r| r.plain()) {
                if !seen.contains(&reading) {
                    let _ = write!(lines, "{} ", spelt(reading));
                    seen.push(reading);
                }
            }
        }
        lines.push('\n');
    }
    lines
}

/// The first letters of a text's characters, a letter for each.
pub(crate) fn initials(text: &str) -> String {
    text.chars().map(|c| c.to_pinyin().and_then(|p| p.plain().chars().next()).unwrap_or(c)).collect()
}

/// A text in pinyin, as it is typed.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| c.to_pinyin().map_or_else(|| c.to_string(), |p| spelt(p.plain()))).collect()
}

/// As it is typed: `lü` is `lv`.
fn spelt(syllable: &str) -> String {
    syllable.replace('ü', "v")
}

fn syllables() -> &'static HashSet<String> {
    static ALL: OnceLock<HashSet<String>> = OnceLock::new();
    ALL.get_or_init(|| {
        let han = ('\u{4e00}'..='\u{9fa5}').filter_map(|c| c.to_pinyin_multi());
        han.flat_map(|readings| readings.into_iter().map(|r| spelt(r.plain())).collect::<Vec<_>>()).collect()
    })
}

/// The ways to read a row of small letters as syllables; empty if it is no pinyin.
pub(crate) fn readings(letters: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    if letters.len() <= LONGEST && letters.bytes().all(|b| b.is_ascii_lowercase()) {
        let mut budget = 2_000;
        read_on(letters, &mut Vec::new(), &mut found, &mut budget);
    }
    found
}

fn read_on<'a>(rest: &'a str, before: &mut Vec<&'a str>, found: &mut Vec<Vec<String>>, budget: &mut usize) {
    if rest.is_empty() {
        found.push(before.iter().map(|s| (*s).to_owned()).collect());
        return;
    }
    for length in (1..=6.min(rest.len())).rev() {
        *budget = budget.saturating_sub(1);
        if *budget == 0 || found.len() >= READINGS {
            return;
        }
        if syllables().contains(&rest[..length]) {
            before.push(&rest[..length]);
            read_on(&rest[length..], before, found, budget);
            before.pop();
        }
    }
}

/// A key under which words meet that sound alike, also in the accents that do not tell zh from z, or n from ng. `None`
/// if a character has no reading.
pub(crate) fn key(word: &str) -> Option<String> {
    let mut key = String::new();
    for c in word.chars() {
        let syllable = c.to_pinyin()?.plain();
        let start = match syllable.as_bytes() {
            [a @ (b'z' | b'c' | b's'), b'h', ..] => {
                key.push(char::from(*a));
                &syllable[2..]
            }
            [b'n', ..] => {
                key.push('l');
                &syllable[1..]
            }
            _ => syllable,
        };
        let end = ["ang", "eng", "ing"].iter().any(|e| start.ends_with(e));
        key.push_str(if end { &start[..start.len() - 1] } else { start });
        key.push('\'');
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pinyin_is_read() {
        assert!(readings("gaoping").contains(&vec!["gao".to_owned(), "ping".to_owned()]));
        assert!(readings("xian").contains(&vec!["xi".to_owned(), "an".to_owned()]), "西安, not only 县");
        assert!(readings("zfxxgk").is_empty() && readings("Gao").is_empty());
        assert!(readings(&"a".repeat(48)).len() <= READINGS);
        assert_eq!(initials("政府信息公开2020年"), "zfxxgk2020n");
        assert!(syllable_lines("银行").contains("hang"));
        assert_eq!(key("低保"), key("低宝"));
        assert_eq!(key("职称"), key("资称"));
        assert_eq!(key("a保"), None);
    }
}
