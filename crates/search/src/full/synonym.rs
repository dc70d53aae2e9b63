//! Words that mean the same.

/// The list that comes with the program: a line a group, words joined by `=`, lines from `#` are remarks.
pub(crate) const STANDARD: &str = include_str!("../../data/synonyms.txt");

/// Other ways to say a word that are tried.
const MOST: usize = 6;

use super::sound;
use super::text::fold;
use std::collections::HashMap;

/// Groups of words that mean the same.
#[derive(Debug, Clone)]
pub struct Synonyms {
    groups: Vec<Vec<String>>,
    by_word: HashMap<String, Vec<usize>>,
    /// Groups by the pinyin of their words and by the first letters of it.
    by_sound: HashMap<String, Vec<usize>>,
    longest: usize,
}

impl Default for Synonyms {
    /// The list that comes with the program.
    fn default() -> Synonyms {
        let none =
            Synonyms { groups: Vec::new(), by_word: HashMap::new(), by_sound: HashMap::new(), longest: 0 };
        none.with(STANDARD)
    }
}

impl Synonyms {
    /// The same list and more: a line a group, words joined by `=`, lines from `#` are remarks; what is no group is
    /// passed over.
    #[must_use]
    pub fn with(mut self, lines: &str) -> Synonyms {
        for line in lines.lines().filter(|line| !line.starts_with('#')) {
            let words: Vec<String> = line.split('=').map(fold).filter(|w| !w.is_empty()).collect();
            if words.len() > 1 {
                for word in &words {
                    self.longest = self.longest.max(word.chars().count());
                    self.by_word.entry(word.clone()).or_default().push(self.groups.len());
                    for sound in [sound::plain(word), sound::initials(word)] {
                        self.by_sound.entry(sound).or_default().push(self.groups.len());
                    }
                }
                self.groups.push(words);
            }
        }
        self
    }

    /// True for a word of a group.
    pub(crate) fn know(&self, word: &str) -> bool {
        self.by_word.contains_key(word)
    }

    /// Words of the groups in which one is written with these letters in pinyin, whole or the first ones.
    pub(crate) fn sounding(&self, letters: &str) -> impl Iterator<Item = &str> {
        let groups = self.by_sound.get(letters).into_iter().flatten();
        groups.flat_map(|g| &self.groups[*g]).map(String::as_str).take(MOST)
    }

    /// Other ways to write a text in its common form: the longest word with synonyms in it exchanged.
    pub(crate) fn of(&self, text: &str) -> Vec<String> {
        let at: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        for length in (1..at.len().min(self.longest + 1)).rev() {
            for from in 0..at.len() - length {
                let (from, to) = (at[from], at[from + length]);
                if let Some(groups) = self.by_word.get(&text[from..to]) {
                    let words =
                        groups.iter().flat_map(|g| &self.groups[*g]).filter(|w| **w != text[from..to]);
                    let others = words.map(|w| format!("{}{w}{}", &text[..from], &text[to..]));
                    return others.take(MOST).collect();
                }
            }
        }
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_word_is_exchanged_and_the_caller_may_add() {
        let synonyms = Synonyms::default().with("# 本地\n泫氏=高平\n不成组\n");
        assert!(synonyms.of("低保标准").contains(&"最低生活保障标准".to_owned()));
        assert_eq!(synonyms.of("泫氏"), ["高平"]);
        assert!(synonyms.of("不成组").is_empty() && synonyms.of("").is_empty());
    }
}
