//! What somebody may have meant: words of titles that sound alike or differ in one character.

use super::schema::Fields;
use super::sound;
use super::synonym::Synonyms;
use super::words::{self, one_less};
use std::collections::BTreeMap;
use tantivy::schema::Term;
use tantivy::{Searcher, TantivyError};

/// Characters of a text that are corrected; nobody has typed more in one go wrongly.
const LONGEST: usize = 30;
/// Words under one key that are looked at.
const MOST: usize = 40;

/// The costs of reading a text as words; the reading with the least is taken.
const KNOWN: f32 = 0.1;
const ELSEWHERE: f32 = 0.6;
const SOUNDS_LIKE: f32 = 1.0;
const ONE_OFF: f32 = 1.3;
const ALONE: f32 = 1.2;

/// The words that titles are made of.
pub(crate) struct Speller<'a> {
    pub(crate) searcher: &'a Searcher,
    pub(crate) fields: &'a Fields,
    pub(crate) synonyms: &'a Synonyms,
}

impl Speller<'_> {
    /// The text with wrong words exchanged; `None` if there is nothing to exchange. `stands` says whether a text stands
    /// in any document.
    pub(crate) fn correct(
        &self,
        text: &str,
        stands: &dyn Fn(&str) -> Result<bool, TantivyError>,
    ) -> Result<Option<String>, TantivyError> {
        let chars: Vec<char> = text.chars().collect();
        if chars.len() > LONGEST || chars.len() < 2 || text.is_ascii() {
            return Ok(None);
        }
        // From the end: the cost of the rest, the length of its first word, and what it becomes.
        let mut best: Vec<(f32, usize, Option<String>)> = vec![(0.0, 0, None); chars.len() + 1];
        for from in (0..chars.len()).rev() {
            best[from] = (best[from + 1].0 + ALONE, 1, None);
            for length in 2..=6.min(chars.len() - from) {
                let word: String = chars[from..from + length].iter().collect();
                let rest = best[from + length].0;
                let (cost, becomes) = self.reading(&word, stands)?;
                if rest + cost < best[from].0 {
                    best[from] = (rest + cost, length, becomes);
                }
            }
        }
        let (mut at, mut corrected, mut changed) = (0, String::new(), false);
        while at < chars.len() {
            let (_, length, becomes) = &best[at];
            changed |= becomes.is_some();
            match becomes {
                Some(word) => corrected.push_str(word),
                None => corrected.extend(&chars[at..at + length]),
            }
            at += length;
        }
        Ok((changed && corrected != text).then_some(corrected))
    }

    fn reading(
        &self,
        word: &str,
        stands: &dyn Fn(&str) -> Result<bool, TantivyError>,
    ) -> Result<(f32, Option<String>), TantivyError> {
        if words::is_function_word(word) || self.synonyms.know(word) || self.frequency(word)? > 0 {
            return Ok((KNOWN, None));
        }
        if words::segmenter().has_word(word) && stands(word)? {
            return Ok((ELSEWHERE, None));
        }
        let mut found: BTreeMap<String, f32> = BTreeMap::new();
        if let Some(key) = sound::key(word) {
            self.under(&format!("s{key}\t"), SOUNDS_LIKE, &mut found)?;
        }
        if word.chars().count() > 2 {
            self.under(&format!("d{word}\t"), ONE_OFF, &mut found)?;
            for less in one_less(word) {
                self.under(&format!("d{less}\t"), ONE_OFF, &mut found)?;
                if less.chars().count() > 2 && self.frequency(&less)? > 0 {
                    found.entry(less).or_insert(ONE_OFF);
                }
            }
        }
        let mut best: Option<(f32, u32, String)> = None;
        for (other, cost) in found {
            let times = self.frequency(&other)?;
            if best.as_ref().is_none_or(|(c, t, _)| cost < *c || cost == *c && times > *t) {
                best = Some((cost, times, other));
            }
        }
        Ok(best.map_or((f32::INFINITY, None), |(cost, _, other)| (cost, Some(other))))
    }

    /// Titles with the word.
    fn frequency(&self, word: &str) -> Result<u32, TantivyError> {
        let term = Term::from_field_text(self.fields.spelling, &format!("w{word}"));
        Ok(u32::try_from(self.searcher.doc_freq(&term)?).unwrap_or(u32::MAX))
    }

    fn under(&self, key: &str, cost: f32, found: &mut BTreeMap<String, f32>) -> Result<(), TantivyError> {
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(self.fields.spelling)?;
            let mut terms = index.terms().range().ge(key).into_stream()?;
            for _ in 0..MOST {
                if !terms.advance() {
                    break;
                }
                let word = terms.key().strip_prefix(key.as_bytes()).map(std::str::from_utf8);
                let Some(Ok(word)) = word else { break };
                found.entry(word.to_owned()).and_modify(|c| *c = c.min(cost)).or_insert(cost);
            }
        }
        Ok(())
    }
}
