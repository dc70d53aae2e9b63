//! Words of Chinese text. What is found never depends on them: they split long queries and feed the spelling list.

use super::sound;
use super::text::{BETWEEN, BREAK};
use jieba_rs::Jieba;
use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;
use std::sync::OnceLock;

const FUNCTION_WORDS: &str = include_str!("../../data/function-words.txt");

/// The segmenter with the words of the synonyms in it, which must not be cut.
pub(crate) fn segmenter() -> &'static Jieba {
    static SEGMENTER: OnceLock<Jieba> = OnceLock::new();
    SEGMENTER.get_or_init(|| {
        let mut segmenter = Jieba::new();
        for word in
            super::synonym::STANDARD.lines().filter(|l| !l.starts_with('#')).flat_map(|l| l.split('='))
        {
            segmenter.add_word(word.trim(), Some(20_000), None);
        }
        for word in FUNCTION_WORDS.split_whitespace().filter(|w| w.chars().count() > 1) {
            segmenter.add_word(word, None, None);
        }
        segmenter
    })
}

/// Words that say nothing about what is looked for: 怎么, 请问, 的.
pub(crate) fn is_function_word(word: &str) -> bool {
    static WORDS: OnceLock<HashSet<&str>> = OnceLock::new();
    WORDS.get_or_init(|| FUNCTION_WORDS.split_whitespace().collect()).contains(word)
}

/// The words of a text in its common form, in their order.
pub(crate) fn cut(text: &str) -> Vec<&str> {
    let pieces = text.split([BREAK, BETWEEN]).filter(|piece| !piece.is_empty());
    pieces.flat_map(|piece| segmenter().cut(piece, false).into_iter().map(|t| t.word)).collect()
}

/// The words of a text that tell what is looked for. Characters that make no word stay together: 煤改电.
pub(crate) fn telling(text: &str) -> Vec<String> {
    let (mut words, mut run): (Vec<String>, String) = (Vec::new(), String::new());
    for word in cut(text) {
        let function = is_function_word(word);
        if !function && word.chars().nth(1).is_none() {
            run.push_str(word);
            continue;
        }
        words.extend(Some(std::mem::take(&mut run)).filter(|run| !run.is_empty()));
        if !function {
            words.push(word.to_owned());
        }
    }
    words.extend(Some(run).filter(|run| !run.is_empty()));
    words
}

/// The shorter words that a word is made of; the characters if it is no word of the dictionary.
pub(crate) fn parts(word: &str) -> Vec<String> {
    let parts = segmenter().cut_all(word).into_iter().map(|t| t.word);
    let mut parts: Vec<String> =
        parts.filter(|p| *p != word && p.chars().nth(1).is_some()).map(str::to_owned).collect();
    parts.dedup();
    if parts.is_empty() && !word.is_ascii() && !segmenter().has_word(word) {
        parts = word.chars().map(String::from).collect();
    }
    parts
}

/// The terms of the spelling list for the words of a title, a line each: the word itself, the word under its sound, the
/// word under itself with any one character missing.
pub(crate) fn spelling_lines(title: &str) -> String {
    let mut lines = String::new();
    let pieces = title.split([BREAK, BETWEEN]).filter(|piece| !piece.is_empty());
    let words = pieces.flat_map(|piece| segmenter().cut_for_search(piece, false).into_iter().map(|t| t.word));
    let words: BTreeSet<&str> =
        words.filter(|w| !w.is_ascii() && (2..=8).contains(&w.chars().count())).collect();
    for word in words {
        let _ = writeln!(lines, "w{word}");
        if let Some(key) = sound::key(word) {
            let _ = writeln!(lines, "s{key}\t{word}");
        }
        for less in one_less(word) {
            let _ = writeln!(lines, "d{less}\t{word}");
        }
    }
    lines
}

/// A word of three characters or more with each one missing in turn, the missing place marked.
pub(crate) fn one_less(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    if chars.len() < 3 {
        return Vec::new();
    }
    (0..chars.len())
        .map(|gone| chars.iter().enumerate().filter(|(at, _)| *at != gone).map(|(_, c)| c).collect())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_cut_and_function_words_known() {
        assert_eq!(cut("怎么申请低保 补助"), ["怎么", "申请", "低保", "补助"]);
        assert!(is_function_word("怎么") && !is_function_word("低保"));
        assert!(spelling_lines("公积金管理办法").contains("w公积金\n"));
        assert!(one_less("公积金").contains(&"公金".to_owned()));
    }
}
