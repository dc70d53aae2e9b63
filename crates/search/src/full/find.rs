//! From words to an answer: which documents, in which order, how many of each facet.

use super::columns::{Columns, values};
use super::document::Facet;
use super::matches::{Found, IN_HEAD, IN_TITLE, IS_NUMBER, Sought, TIMES, shared};
use super::query::{Order, Query};
use super::schema::day;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED, TantivyError, Term};

/// Documents that one thread evaluates in one go.
const PIECE: u32 = 1 << 15;

/// One thing that is looked for and the other ways to say it.
#[derive(Debug, Clone)]
pub(crate) struct Group {
    /// As the answer names it.
    pub(crate) shown: String,
    /// What is looked for, and how much each counts.
    pub(crate) choices: Vec<(Sought, f32)>,
    /// Nothing is found without it, whatever else is.
    pub(crate) required: bool,
}

/// A group with what was found for it.
pub(crate) struct Ready {
    choices: Vec<Choice>,
    required: bool,
    weight: f32,
}

struct Choice {
    found: Vec<Arc<Found>>,
    length: f32,
    worth: f32,
}

impl Ready {
    /// `found` has a row for each choice, in it a place for each segment.
    pub(crate) fn new(group: &Group, found: Vec<Vec<Arc<Found>>>, documents: u64) -> Ready {
        let mut weight = 0_f32;
        let choices = group.choices.iter().zip(found).map(|((sought, factor), found)| {
            let with = found.iter().map(|f| f.len()).sum::<usize>() as f32;
            let rarity = (1.0 + (documents as f32 - with).max(0.0) / (with + 0.5)).ln() + 0.05;
            if with > 0.0 {
                weight = weight.max(rarity);
            }
            let length = match sought {
                Sought::Text(text) | Sought::Initials(text) | Sought::Number(text) => text.chars().count(),
                Sought::Syllables(syllables) => syllables.len(),
            };
            Choice { found, length: length as f32, worth: factor * rarity }
        });
        Ready { choices: choices.collect(), required: group.required, weight }
    }

    /// Documents found for it, each choice counted.
    pub(crate) fn len(&self) -> usize {
        self.choices.iter().flat_map(|c| &c.found).map(|f| f.len()).sum()
    }

    /// How much it tells about a document that it is found there.
    pub(crate) fn weight(&self) -> f32 {
        self.weight
    }
}

/// What a document must have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Need {
    /// Every group.
    All,
    /// Groups of at least this weight together.
    Weight(f32),
}

/// What was found.
#[derive(Default)]
pub(crate) struct Outcome {
    /// Documents with the words, whatever the filters say.
    pub(crate) matched: usize,
    /// Those that pass the filters too.
    pub(crate) total: usize,
    /// The greatest weight of groups that a document has.
    pub(crate) best: f32,
    /// The hits asked for: score, number of the segment, document.
    pub(crate) hits: Vec<(f32, usize, DocId)>,
    pub(crate) facets: Vec<(Facet, Vec<(String, usize)>)>,
}

/// In force, the two keys of the order, then whatever comes first in the index.
type Key = (bool, u32, u32, Reverse<(usize, DocId)>);

struct Part {
    matched: usize,
    total: usize,
    best: f32,
    top: BinaryHeap<Reverse<(Key, u32)>>,
    counts: [Vec<u32>; Facet::ALL.len()],
}

/// The documents of an index that is looked at.
pub(crate) struct Documents<'a> {
    pub(crate) segments: &'a [SegmentReader],
    pub(crate) columns: &'a [Arc<Columns>],
    /// Characters of a text on average.
    pub(crate) average: f32,
    pub(crate) threads: usize,
    /// Those that may be found, in each segment in their order; all if nothing is said.
    pub(crate) among: Option<Vec<Vec<DocId>>>,
}

/// Where documents with these ids stand in each segment.
pub(crate) fn located(
    segments: &[SegmentReader],
    field: Field,
    ids: &[String],
) -> Result<Vec<Vec<DocId>>, TantivyError> {
    let mut all = Vec::new();
    for segment in segments {
        let index = segment.inverted_index(field)?;
        let mut docs = Vec::new();
        for id in ids {
            let term = Term::from_field_text(field, id);
            let Some(mut postings) = index.read_postings(&term, IndexRecordOption::Basic)? else { continue };
            while postings.doc() != TERMINATED {
                docs.push(postings.doc());
                postings.advance();
            }
        }
        docs.sort_unstable();
        docs.dedup();
        all.push(docs);
    }
    Ok(all)
}

impl Documents<'_> {
    /// Evaluates groups over all documents.
    pub(crate) fn evaluate(
        &self,
        groups: &[Ready],
        unwanted: &[Vec<Arc<Found>>],
        query: &Query,
        need: Need,
    ) -> Outcome {
        let norms: Vec<f32> = (0..=255)
            .map(|id| {
                1.2 * (0.25 + 0.75 * FieldNormReader::id_to_fieldnorm(id) as f32 / self.average.max(1.0))
            })
            .collect();
        let mut pieces = Vec::new();
        for (s, segment) in self.segments.iter().enumerate() {
            let count = segment.max_doc();
            let parts = count / PIECE + 1;
            let step = count / parts + 1;
            pieces.extend((0..parts).map(|p| (s, p * step, (p * step + step).min(count))));
        }
        let candidates: usize = (0..self.segments.len()).map(|s| self.candidates(groups, s, need)).sum();
        let threads = if candidates < PIECE as usize { 1 } else { self.threads };
        let filters: Vec<_> =
            (0..self.segments.len()).map(|s| Filter::new(query, &self.columns[s])).collect();
        let parts = shared(pieces.len(), threads, |n| {
            let (s, from, to) = pieces[n];
            let part = Evaluation {
                segment: s,
                alive: &self.segments[s],
                columns: &self.columns[s],
                among: self.among.as_ref().map(|all| all[s].as_slice()),
                filter: &filters[s],
                query,
                need,
                norms: &norms,
            };
            part.run(groups, unwanted, from, to)
        });
        self.gather(parts, pieces.iter().map(|p| p.0), query)
    }

    /// Documents that have to be looked at in a segment.
    fn candidates(&self, groups: &[Ready], segment: usize, need: Need) -> usize {
        let counts = groups.iter().map(|g| g.choices.iter().map(|c| c.found[segment].len()).sum::<usize>());
        let count = if need == Need::All { counts.min() } else { Some(counts.sum()) };
        count.unwrap_or(self.segments[segment].max_doc() as usize)
    }

    fn gather(&self, parts: Vec<Part>, segments: impl Iterator<Item = usize>, query: &Query) -> Outcome {
        let mut outcome = Outcome::default();
        let mut counts: [BTreeMap<&str, usize>; Facet::ALL.len()] = Default::default();
        let mut top = Vec::new();
        for (part, s) in parts.into_iter().zip(segments) {
            outcome.matched += part.matched;
            outcome.total += part.total;
            outcome.best = outcome.best.max(part.best);
            top.extend(part.top.into_iter().map(|Reverse(hit)| hit));
            for facet in Facet::ALL {
                let names = &self.columns[s].names[facet as usize];
                let numbered = names.iter().zip(part.counts[facet as usize].iter().skip(1));
                for (name, count) in numbered.filter(|(_, count)| **count > 0) {
                    for value in values(name) {
                        *counts[facet as usize].entry(value).or_default() += *count as usize;
                    }
                }
            }
        }
        top.sort_unstable_by(|a, b| b.cmp(a));
        let page = top.into_iter().skip(query.offset).take(query.limit.min(super::query::MOST_HITS));
        outcome.hits = page.map(|((.., Reverse((s, doc))), score)| (f32::from_bits(score), s, doc)).collect();
        for facet in Facet::ALL {
            let values = std::mem::take(&mut counts[facet as usize]);
            let mut values: Vec<(String, usize)> =
                values.into_iter().map(|(v, n)| (v.to_owned(), n)).collect();
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            outcome.facets.push((facet, values));
        }
        outcome
    }
}

/// Filters in the numbers of one segment.
struct Filter {
    facets: Vec<(usize, Vec<u32>)>,
    since: u32,
    until: u32,
}

impl Filter {
    fn new(query: &Query, columns: &Columns) -> Filter {
        let mut facets: Vec<(usize, Vec<u32>)> = Vec::new();
        for (facet, name) in &query.filters {
            let at = facets.iter().position(|(f, _)| *f == *facet as usize).unwrap_or_else(|| {
                facets.push((*facet as usize, Vec::new()));
                facets.len() - 1
            });
            facets[at].1.extend(columns.numbers(*facet, name));
        }
        let number = |date| u32::try_from(day(date)).unwrap_or(0);
        let until = if query.until.is_some() { number(query.until) } else { u32::MAX };
        Filter { facets, since: number(query.since), until }
    }

    /// How many filters of facets a document fails, and the last of them.
    fn failed(&self, values: &[u32; Facet::ALL.len()]) -> (usize, usize) {
        let mut failed = (0, 0);
        for (facet, allowed) in &self.facets {
            if !allowed.contains(&values[*facet]) {
                failed = (failed.0 + 1, *facet);
            }
        }
        failed
    }
}

/// The flags of documents, asked for in their order.
enum Cursor<'a> {
    Few(&'a [DocId], &'a [u8]),
    Many(&'a [u8]),
}

impl<'a> Cursor<'a> {
    fn new(found: &'a Found, from: DocId, to: DocId) -> Cursor<'a> {
        match found {
            Found::Few(docs, flags) => {
                let (start, end) = (docs.partition_point(|d| *d < from), docs.partition_point(|d| *d < to));
                Cursor::Few(&docs[start..end], &flags[start..end])
            }
            Found::Many(flags, _) => Cursor::Many(flags),
        }
    }

    fn flag(&mut self, doc: DocId) -> u8 {
        match self {
            Cursor::Many(flags) => flags[doc as usize],
            Cursor::Few(docs, flags) => {
                let mut skip = docs.iter().take(8).take_while(|d| **d < doc).count();
                if skip == 8 {
                    skip = docs.partition_point(|d| *d < doc);
                }
                (*docs, *flags) = (&docs[skip..], &flags[skip..]);
                if docs.first() == Some(&doc) { flags[0] } else { 0 }
            }
        }
    }
}

struct Evaluation<'a> {
    segment: usize,
    alive: &'a SegmentReader,
    columns: &'a Columns,
    among: Option<&'a [DocId]>,
    filter: &'a Filter,
    query: &'a Query,
    need: Need,
    norms: &'a [f32],
}

impl Evaluation<'_> {
    fn run(&self, groups: &[Ready], unwanted: &[Vec<Arc<Found>>], from: DocId, to: DocId) -> Part {
        let mut cursors: Vec<Vec<(Cursor<'_>, &Choice)>> = groups
            .iter()
            .map(|g| g.choices.iter().map(|c| (Cursor::new(&c.found[self.segment], from, to), c)).collect())
            .collect();
        let mut without: Vec<Cursor<'_>> =
            unwanted.iter().map(|found| Cursor::new(&found[self.segment], from, to)).collect();
        let mut part = Part {
            matched: 0,
            total: 0,
            best: 0.0,
            top: BinaryHeap::new(),
            counts: Facet::ALL.map(|f| vec![0; self.columns.names[f as usize].len() + 1]),
        };
        match self.candidates(groups, from, to) {
            Some(docs) => {
                docs.into_iter().for_each(|d| self.one(d, groups, &mut cursors, &mut without, &mut part))
            }
            None => (from..to).for_each(|d| self.one(d, groups, &mut cursors, &mut without, &mut part)),
        }
        part
    }

    /// The documents worth looking at, unless there are so many that all are.
    fn candidates(&self, groups: &[Ready], from: DocId, to: DocId) -> Option<Vec<DocId>> {
        if let Some(among) = self.among {
            let (first, last) = (among.partition_point(|d| *d < from), among.partition_point(|d| *d < to));
            return Some(among[first..last].to_vec());
        }
        let few = |group: &Ready| -> Option<Vec<DocId>> {
            let mut docs = Vec::new();
            for choice in &group.choices {
                let Found::Few(list, _) = &*choice.found[self.segment] else { return None };
                docs.extend(list[list.partition_point(|d| *d < from)..].iter().take_while(|d| **d < to));
            }
            if group.choices.len() > 1 {
                docs.sort_unstable();
                docs.dedup();
            }
            Some(docs)
        };
        if self.need == Need::All {
            return groups.iter().filter_map(few).min_by_key(Vec::len);
        }
        let mut all: Vec<DocId> = groups.iter().map(few).collect::<Option<Vec<_>>>()?.concat();
        all.sort_unstable();
        all.dedup();
        Some(all)
    }

    fn one(
        &self,
        doc: DocId,
        groups: &[Ready],
        cursors: &mut [Vec<(Cursor<'_>, &Choice)>],
        without: &mut [Cursor<'_>],
        part: &mut Part,
    ) {
        let (mut score, mut weight) = (0.0, 0.0);
        for (group, choices) in groups.iter().zip(cursors) {
            let mut best = 0_f32;
            for (cursor, choice) in choices {
                let flag = cursor.flag(doc);
                if flag != 0 {
                    best = best.max(choice.worth * self.fit(doc, flag, choice.length));
                }
            }
            if best > 0.0 {
                score += best;
                weight += group.weight;
            } else if self.need == Need::All || group.required {
                return;
            }
        }
        if without.iter_mut().any(|w| w.flag(doc) != 0) || self.alive.is_deleted(doc) {
            return;
        }
        if let Need::Weight(least) = self.need {
            part.best = part.best.max(weight);
            if weight < least || weight == 0.0 {
                return;
            }
            score *= weight;
        }
        part.matched += 1;
        let published = self.columns.published_on[doc as usize];
        if published < self.filter.since || published > self.filter.until {
            return;
        }
        let values = &self.columns.facets[doc as usize];
        match self.filter.failed(values) {
            (0, _) => {
                for (counts, value) in part.counts.iter_mut().zip(values) {
                    counts[*value as usize] += 1;
                }
            }
            // What the reader would find on choosing another value of this facet.
            (1, facet) => return part.counts[facet][values[facet] as usize] += 1,
            _ => return,
        }
        part.total += 1;
        let first = self.query.in_force_first && self.columns.in_force[doc as usize];
        let score = score.to_bits();
        let (a, b) = match self.query.order {
            Order::Relevance => (score, published),
            Order::Newest => (published, score),
            Order::LastMade => (self.columns.made_on[doc as usize], score),
            Order::Oldest => (if published == 0 { 0 } else { u32::MAX - published }, score),
        };
        let hit = Reverse(((first, a, b, Reverse((self.segment, doc))), score));
        let room = self.query.offset.saturating_add(self.query.limit.min(super::query::MOST_HITS));
        if part.top.len() < room {
            part.top.push(hit);
        } else if part.top.peek().is_some_and(|last| hit < *last) {
            part.top.pop();
            part.top.push(hit);
        }
    }

    /// How well a word fits a document: often in a short text, above all in the title, most as its number.
    fn fit(&self, doc: DocId, flag: u8, length: f32) -> f32 {
        let times = f32::from(flag & TIMES);
        let mut fit = times * 2.2 / (times + self.norms[self.columns.text_length[doc as usize] as usize]);
        if flag & IN_TITLE != 0 {
            // The title counts its pairs and its characters.
            let title = FieldNormReader::id_to_fieldnorm(self.columns.title_length[doc as usize]);
            fit += 2.5 + 3.0 * (2.0 * length / (title as f32 + 1.0)).min(1.0);
        }
        if flag & IN_HEAD != 0 {
            fit += 4.0;
        }
        if flag & IS_NUMBER != 0 {
            fit += 50.0;
        }
        fit
    }
}
