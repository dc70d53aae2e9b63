//! One query from the line typed to the answer: as typed first, then by other words.

use super::answer::{Answer, FoundBy, Hit};
use super::find::{Documents, Group, Need, Outcome, Ready, located};
use super::matches::{Found, Sought, find_all};
use super::number::Number;
use super::query::{self, Parsed, Piece, Query};
use super::spell::Speller;
use super::{FullText, Result, View, snippet, sound, words};
use std::collections::HashSet;
use std::sync::Arc;
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument, TantivyError};

/// As few hits are little, and another spelling is looked for.
const LITTLE: usize = 3;
/// Of the weight of words that the best document has, what others need when not all words are found together.
const ENOUGH: f32 = 0.6;

/// One query on its way to its answer.
pub(super) struct Search<'a> {
    pub(super) index: &'a FullText,
    pub(super) view: &'a View,
    pub(super) query: &'a Query,
    pub(super) parsed: Parsed,
}

impl Search<'_> {
    pub(super) fn answer(&self) -> Result<Answer> {
        let parsed = &self.parsed;
        if parsed.wanted.is_empty() {
            // Nothing typed finds everything; only unwanted words everything else; only punctuation nothing.
            if parsed.asked && parsed.unwanted.is_empty() {
                return Ok(Answer { cut: parsed.cut, ..Answer::default() });
            }
            let outcome = self.evaluate(&[], Need::All)?;
            return self.give(outcome, &[], FoundBy::AsTyped, None);
        }
        if let Some(number) = Number::read(&self.query.text).filter(|_| !self.query.exact) {
            let groups = [self.number_group(&number)];
            let outcome = self.evaluate(&groups, Need::All)?;
            if outcome.matched > 0 {
                return self.give(outcome, &groups, FoundBy::AsTyped, None);
            }
        }
        let typed = self.groups(&parsed.wanted);
        let outcome = self.evaluate(&typed, Need::All)?;
        if self.query.exact || outcome.matched >= LITTLE {
            return self.give(outcome, &typed, FoundBy::AsTyped, None);
        }
        let corrected = self.corrected()?;
        let better = match &corrected {
            Some(pieces) => self.better(pieces, outcome.matched)?,
            None => None,
        };
        let suggestion = corrected.as_ref().filter(|_| better.is_some()).map(|pieces| self.written(pieces));
        if outcome.matched > 0 {
            return self.give(outcome, &typed, FoundBy::AsTyped, suggestion);
        }
        if let Some((groups, outcome)) = better {
            return self.give(outcome, &groups, FoundBy::Corrected, suggestion);
        }
        let suggestion = corrected.as_ref().map(|pieces| self.written(pieces));
        let words = self.groups(&self.finer(split(corrected.as_ref().unwrap_or(&parsed.wanted)))?);
        let outcome = self.evaluate(&words, Need::All)?;
        if outcome.matched > 0 {
            return self.give(outcome, &words, FoundBy::Split, suggestion);
        }
        Ok(Answer { suggestion, ..self.fewer(words)? })
    }

    /// Words that stand nowhere cut into shorter ones.
    fn finer(&self, pieces: Vec<Piece>) -> Result<Vec<Piece>> {
        let mut finer: Vec<Piece> = Vec::new();
        for piece in pieces {
            let parts = if piece.quoted { Vec::new() } else { words::parts(&piece.text) };
            let known = parts.is_empty() || self.ready(&[self.group(&piece)])?.iter().any(|r| r.len() > 0);
            let words = if known { vec![piece] } else { parts.into_iter().map(Piece::word).collect() };
            finer.extend(words);
        }
        finer.truncate(query::MOST_WORDS);
        Ok(finer)
    }

    /// Documents with most of the words.
    fn fewer(&self, words: Vec<Group>) -> Result<Answer> {
        let ready = self.ready(&words)?;
        let best = self
            .documents()?
            .evaluate(&ready, &self.unwanted()?, &Query { limit: 0, ..self.query.clone() }, Need::Weight(0.0))
            .best;
        let outcome = self.evaluate(&words, Need::Weight(best * ENOUGH))?;
        let missing = words.iter().zip(&ready).filter(|(_, r)| r.weight() == 0.0 || r.len() == 0);
        let left_out = missing.map(|(g, _)| g.shown.clone()).collect();
        let answer = self.give(outcome, &words, FoundBy::Fewer, None)?;
        Ok(Answer { left_out, ..answer })
    }

    /// What may have been meant, if there are words for it.
    fn corrected(&self) -> Result<Option<Vec<Piece>>> {
        let (searcher, fields) = (&self.view.searcher, &self.index.fields);
        let speller = Speller { searcher, fields, synonyms: &self.index.synonyms };
        let stands = |text: &str| self.stands(text);
        let (mut pieces, mut changed) = (Vec::new(), false);
        for piece in &self.parsed.wanted {
            let corrected = if piece.quoted { None } else { speller.correct(&piece.text, &stands)? };
            changed |= corrected.is_some();
            pieces.push(corrected.map_or_else(|| piece.clone(), Piece::word));
        }
        Ok(changed.then_some(pieces))
    }

    /// What is found for other pieces, if it is more than was found.
    fn better(&self, pieces: &[Piece], found: usize) -> Result<Option<(Vec<Group>, Outcome)>> {
        for pieces in [pieces.to_vec(), split(pieces)] {
            let groups = self.groups(&pieces);
            let outcome = self.evaluate(&groups, Need::All)?;
            if outcome.matched > found {
                return Ok(Some((groups, outcome)));
            }
        }
        Ok(None)
    }

    /// The query with other pieces, as one would type it.
    fn written(&self, pieces: &[Piece]) -> String {
        let wanted = pieces.iter().map(|p| if p.quoted { format!("“{}”", p.text) } else { p.text.clone() });
        let unwanted = self.parsed.unwanted.iter().map(|u| format!("-“{u}”"));
        wanted.chain(unwanted).collect::<Vec<_>>().join(" ")
    }

    fn stands(&self, text: &str) -> Result<bool, TantivyError> {
        let found = self.find_all(&[Sought::Text(text.to_owned())])?;
        Ok(found.iter().flatten().any(|f| f.len() > 0))
    }

    fn number_group(&self, number: &Number) -> Group {
        let cited = number.cited();
        Group {
            shown: cited.clone(),
            choices: vec![(Sought::Number(number.key()), 1.0), (Sought::Text(cited), 1.0)],
            required: true,
        }
    }

    fn groups(&self, pieces: &[Piece]) -> Vec<Group> {
        pieces.iter().map(|piece| self.group(piece)).collect()
    }

    fn group(&self, piece: &Piece) -> Group {
        let text = &piece.text;
        let mut choices = vec![(Sought::Text(text.clone()), 1.0)];
        if !piece.quoted && !self.query.exact {
            choices.extend(self.index.synonyms.of(text).into_iter().map(|other| (Sought::Text(other), 0.8)));
            if text.len() > 1 && text.bytes().all(|b| b.is_ascii_lowercase()) {
                let words =
                    self.index.synonyms.sounding(text).map(|word| (Sought::Text(word.to_owned()), 0.8));
                choices.extend(words);
                choices.extend(sound::readings(text).into_iter().map(|row| (Sought::Syllables(row), 0.9)));
                choices.push((Sought::Initials(text.clone()), 0.7));
            }
        }
        Group { shown: text.clone(), choices, required: piece.quoted }
    }

    fn documents(&self) -> Result<Documents<'_>> {
        let segments = self.view.searcher.segment_readers();
        let among = self.query.among.as_ref();
        Ok(Documents {
            segments,
            among: among.map(|ids| located(segments, self.index.fields.id, ids)).transpose()?,
            columns: &self.view.columns,
            average: self.view.average,
            threads: self.index.threads,
        })
    }

    fn find_all(&self, sought: &[Sought]) -> Result<Vec<Vec<Arc<Found>>>, TantivyError> {
        let (index, segments) = (self.index, self.view.searcher.segment_readers());
        find_all(sought, segments, &index.fields, &index.kept, index.threads)
    }

    fn unwanted(&self) -> Result<Vec<Vec<Arc<Found>>>> {
        let sought: Vec<Sought> = self.parsed.unwanted.iter().cloned().map(Sought::Text).collect();
        Ok(self.find_all(&sought)?)
    }

    fn ready(&self, groups: &[Group]) -> Result<Vec<Ready>> {
        let sought: Vec<Sought> = groups.iter().flat_map(|g| &g.choices).map(|(s, _)| s.clone()).collect();
        let mut found = self.find_all(&sought)?.into_iter();
        let documents = self.view.searcher.num_docs();
        let ready =
            groups.iter().map(|g| Ready::new(g, found.by_ref().take(g.choices.len()).collect(), documents));
        Ok(ready.collect())
    }

    fn evaluate(&self, groups: &[Group], need: Need) -> Result<Outcome> {
        Ok(self.documents()?.evaluate(&self.ready(groups)?, &self.unwanted()?, self.query, need))
    }

    fn give(
        &self,
        outcome: Outcome,
        groups: &[Group],
        found_by: FoundBy,
        suggestion: Option<String>,
    ) -> Result<Answer> {
        let texts = groups.iter().flat_map(|g| &g.choices);
        let marked: Vec<String> = texts
            .filter_map(|(sought, _)| match sought {
                Sought::Text(text) => Some(text.clone()),
                _ => None,
            })
            .collect();
        let mut hits = Vec::new();
        for (score, segment, doc) in outcome.hits {
            let address = DocAddress::new(u32::try_from(segment).unwrap_or(u32::MAX), doc);
            let stored: TantivyDocument = self.view.searcher.doc(address)?;
            let field = |field| stored.get_first(field).and_then(|v| v.as_str()).unwrap_or("");
            let texts = stored.get_all(self.index.fields.stored_text).filter_map(|v| v.as_str());
            hits.push(Hit {
                id: field(self.index.fields.id).to_owned(),
                score,
                title: snippet::whole(field(self.index.fields.stored_title), &marked),
                snippet: snippet::part(texts, &marked),
            });
        }
        Ok(Answer {
            total: outcome.total,
            hits,
            facets: outcome.facets,
            words: groups.iter().map(|g| g.shown.clone()).collect(),
            found_by,
            left_out: Vec::new(),
            suggestion,
            cut: self.parsed.cut,
        })
    }
}

/// Longer pieces cut into words, without function words; phrases stay as they are.
fn split(pieces: &[Piece]) -> Vec<Piece> {
    let mut words: Vec<Piece> = Vec::new();
    for piece in pieces {
        if piece.quoted {
            words.push(piece.clone());
        } else {
            words.extend(words::telling(&piece.text).into_iter().map(Piece::word));
        }
    }
    let long = |p: &Piece| p.quoted || p.text.chars().nth(1).is_some();
    if words.iter().any(long) {
        words.retain(long);
    }
    let mut seen = HashSet::new();
    words.retain(|word| seen.insert(word.clone()));
    words.truncate(query::MOST_WORDS);
    if words.is_empty() { pieces.to_vec() } else { words }
}
