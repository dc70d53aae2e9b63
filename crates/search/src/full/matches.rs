//! Where a word stands: for one segment of the index every document that contains it, exactly.
//!
//! Segments never change, so what was found once is kept until its segment is gone or memory is short.

use super::schema::Fields;
use super::text::BREAK;
use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tantivy::index::SegmentId;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::schema::{Field, IndexRecordOption, Term};
use tantivy::{DocId, DocSet, InvertedIndexReader, SegmentReader, TERMINATED, TantivyError};

/// Bits of a flag: how often it stands in the text, up to this.
pub(crate) const TIMES: u8 = 15;
/// It stands in the title.
pub(crate) const IN_TITLE: u8 = 16;
/// It stands in the document number or the index number.
pub(crate) const IN_HEAD: u8 = 32;
/// It is the document number.
pub(crate) const IS_NUMBER: u8 = 64;

/// Documents of a segment that several threads share the work of.
const PIECE: u32 = 1 << 15;

/// What is looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Sought {
    /// A text in its common form, anywhere.
    Text(String),
    /// Syllables in a row, in titles.
    Syllables(Vec<String>),
    /// First letters in a row, in titles.
    Initials(String),
    /// A document number.
    Number(String),
}

/// The documents found, each with its flag, which is never 0.
#[derive(Debug)]
pub(crate) enum Found {
    /// Few: documents in order and their flags.
    Few(Vec<DocId>, Vec<u8>),
    /// Many: the flag of every document, 0 where nothing was found; and how many were.
    Many(Vec<u8>, usize),
}

impl Found {
    fn new(hits: Vec<(DocId, u8)>, documents: DocId) -> Found {
        if hits.len() * 5 < documents as usize {
            let (docs, flags) = hits.into_iter().unzip();
            return Found::Few(docs, flags);
        }
        let (mut all, count) = (vec![0; documents as usize], hits.len());
        for (doc, flag) in hits {
            all[doc as usize] = flag;
        }
        Found::Many(all, count)
    }

    pub(crate) fn len(&self) -> usize {
        match self {
            Found::Few(docs, _) => docs.len(),
            Found::Many(_, count) => *count,
        }
    }

    fn bytes(&self) -> usize {
        match self {
            Found::Few(docs, _) => docs.len() * 5 + 200,
            Found::Many(all, _) => all.len() + 200,
        }
    }
}

/// What was found, kept for the next time.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    inner: Mutex<Shelf>,
}

#[derive(Debug, Default)]
struct Shelf {
    found: HashMap<(SegmentId, Sought), (Arc<Found>, u64)>,
    bytes: usize,
    clock: u64,
}

/// Memory that what is kept may take.
const KEPT_BYTES: usize = 64 << 20;

/// How much is looked for again in new segments before readers see them.
const LAST: usize = 16;

impl Kept {
    fn get(&self, key: &(SegmentId, Sought)) -> Option<Arc<Found>> {
        let mut shelf = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.clock += 1;
        let clock = shelf.clock;
        let (found, used) = shelf.found.get_mut(key)?;
        *used = clock;
        Some(Arc::clone(found))
    }

    fn put(&self, key: (SegmentId, Sought), found: Arc<Found>) {
        let mut shelf = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.clock += 1;
        let clock = shelf.clock;
        shelf.bytes += found.bytes();
        if let Some((old, _)) = shelf.found.insert(key, (found, clock)) {
            shelf.bytes -= old.bytes();
        }
        if shelf.bytes > KEPT_BYTES {
            let mut ages: Vec<u64> = shelf.found.values().map(|(_, used)| *used).collect();
            ages.sort_unstable();
            let middle = ages[ages.len() / 2];
            shelf.keep(|_, used| used > middle);
        }
    }

    /// Forgets what was found in segments that are gone.
    pub(crate) fn only(&self, segments: &[SegmentReader]) {
        let mut shelf = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        shelf.keep(|id, _| segments.iter().any(|s| s.segment_id() == id));
    }

    /// What was looked for last of what is found in many documents, up to [`LAST`].
    pub(crate) fn last(&self) -> Vec<Sought> {
        let shelf = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let many = shelf.found.iter().filter(|(_, (found, _))| found.len() > PIECE as usize / 2);
        let mut many: Vec<(u64, &Sought)> = many.map(|((_, sought), (_, used))| (*used, sought)).collect();
        many.sort_unstable_by_key(|(used, _)| std::cmp::Reverse(*used));
        let mut seen = HashSet::new();
        many.into_iter().map(|(_, s)| s).filter(|s| seen.insert(*s)).take(LAST).cloned().collect()
    }

    /// Forgets everything.
    pub(crate) fn clear(&self) {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner).keep(|_, _| false);
    }
}

impl Shelf {
    fn keep(&mut self, keep: impl Fn(SegmentId, u64) -> bool) {
        self.found.retain(|(id, _), (_, used)| keep(*id, *used));
        self.bytes = self.found.values().map(|(found, _)| found.bytes()).sum();
    }
}

/// For each thing sought, what is found in each segment.
pub(crate) fn find_all(
    sought: &[Sought],
    segments: &[SegmentReader],
    fields: &Fields,
    kept: &Kept,
    threads: usize,
) -> Result<Vec<Vec<Arc<Found>>>, TantivyError> {
    let mut all: Vec<Vec<Option<Arc<Found>>>> = Vec::new();
    let mut pieces = Vec::new();
    for (n, what) in sought.iter().enumerate() {
        let mut row = Vec::new();
        for (s, segment) in segments.iter().enumerate() {
            let key = (segment.segment_id(), what.clone());
            let found = kept.get(&key);
            if found.is_none() {
                let plan = Plan::new(what, segment, fields)?;
                let parts = (plan.cost() / (PIECE / 4) + 1).min(u32::try_from(threads).unwrap_or(1) * 2);
                let step = segment.max_doc() / parts + 1;
                let plan = Arc::new(plan);
                for part in 0..parts {
                    pieces.push((n, s, Arc::clone(&plan), part * step, (part * step).saturating_add(step)));
                }
            }
            row.push(found);
        }
        all.push(row);
    }
    let costs = pieces.iter().map(|(.., plan, from, to)| plan.cost().min(to - from));
    let cost = costs.fold(0, u32::saturating_add);
    let done = shared(pieces.len(), if cost < PIECE / 8 { 1 } else { threads }, |n| {
        let (.., plan, from, to) = &pieces[n];
        plan.run(*from, *to)
    });
    let mut hits: HashMap<(usize, usize), Vec<(DocId, u8)>> = HashMap::new();
    for ((n, s, ..), part) in pieces.iter().zip(done) {
        hits.entry((*n, *s)).or_default().extend(part?);
    }
    let mut rows = Vec::new();
    for (n, row) in all.into_iter().enumerate() {
        let mut full = Vec::new();
        for (s, found) in row.into_iter().enumerate() {
            full.push(found.unwrap_or_else(|| {
                let hits = hits.remove(&(n, s)).unwrap_or_default();
                let found = Arc::new(Found::new(hits, segments[s].max_doc()));
                kept.put((segments[s].segment_id(), sought[n].clone()), Arc::clone(&found));
                found
            }));
        }
        rows.push(full);
    }
    Ok(rows)
}

/// Does `count` pieces of work on up to `threads` threads; the results are in the order of the pieces.
pub(crate) fn shared<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let threads = threads.min(count);
    if threads < 2 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let run = || {
        let mut done = Vec::new();
        loop {
            let n = next.fetch_add(1, Ordering::Relaxed);
            if n >= count {
                return done;
            }
            done.push((n, work(n)));
        }
    };
    let mut done = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(run)).collect();
        let mut done = run();
        for other in others {
            done.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(n, _)| *n);
    done.into_iter().map(|(_, result)| result).collect()
}

/// How one thing is found in one segment: runs of terms in fields, and the flag of each.
struct Plan {
    runs: Vec<(Run, u8)>,
}

impl Plan {
    fn new(sought: &Sought, segment: &SegmentReader, fields: &Fields) -> Result<Plan, TantivyError> {
        let mut runs = Vec::new();
        let overlap = !matches!(sought, Sought::Syllables(_));
        let mut add = |field: Field, terms: &[String], flag: u8| -> Result<(), TantivyError> {
            if let Some(run) = Run::new(segment, field, terms, overlap)? {
                runs.push((run, flag));
            }
            Ok(())
        };
        match sought {
            Sought::Text(text) => {
                let terms = grams(text);
                add(fields.title, &terms, IN_TITLE)?;
                add(fields.head, &terms, IN_HEAD)?;
                let single = text.chars().nth(1).is_none();
                add(if single { fields.body_single } else { fields.body }, &terms, 0)?;
            }
            Sought::Syllables(syllables) => add(fields.syllables, syllables, IN_TITLE)?,
            Sought::Initials(letters) => add(fields.initials, &grams(letters), IN_TITLE)?,
            Sought::Number(key) => add(fields.number, std::slice::from_ref(key), IS_NUMBER)?,
        }
        Ok(Plan { runs })
    }

    /// Postings that are read, about.
    fn cost(&self) -> u32 {
        self.runs.iter().map(|(run, _)| run.cost()).fold(0, u32::saturating_add)
    }

    /// The documents from `from` to before `to`.
    fn run(&self, from: DocId, to: DocId) -> Result<Vec<(DocId, u8)>, TantivyError> {
        let mut found: Vec<(DocId, u8)> = Vec::new();
        for (run, flag) in self.runs.iter().rev() {
            let mut more = Vec::new();
            run.each(from, to, |doc, times| {
                more.push((doc, if *flag == 0 { times.min(u32::from(TIMES)) as u8 } else { *flag }));
            })?;
            found = if found.is_empty() { more } else { united(&found, &more) };
        }
        Ok(found)
    }
}

fn united(a: &[(DocId, u8)], b: &[(DocId, u8)]) -> Vec<(DocId, u8)> {
    let (mut a, mut b) = (a.iter().copied().peekable(), b.iter().copied().peekable());
    let mut both = Vec::new();
    loop {
        match (a.peek(), b.peek()) {
            (Some((x, f)), Some((y, g))) if x == y => {
                both.push((*x, f | g));
                a.next();
                b.next();
            }
            (Some((x, _)), Some((y, _))) if x > y => both.extend(b.next()),
            (Some(_), _) => both.extend(a.next()),
            (None, _) => {
                both.extend(b);
                return both;
            }
        }
    }
}

/// The terms of a text: itself if it is one character, else its pairs.
fn grams(text: &str) -> Vec<String> {
    let chars: Vec<char> = text.chars().collect();
    if chars.len() < 2 {
        return chars.iter().filter(|c| **c != BREAK).map(char::to_string).collect();
    }
    chars.windows(2).map(|pair| pair.iter().collect()).collect()
}

/// Terms that must stand in a row.
struct Run {
    index: Arc<InvertedIndexReader>,
    /// Term, its distance from the start, how many documents have it; the rarest first.
    terms: Vec<(Term, u32, u32)>,
}

impl Run {
    /// `None` if a term is nowhere in the segment. Of terms that overlap only as many are read as cover the text.
    fn new(
        segment: &SegmentReader,
        field: Field,
        words: &[String],
        overlap: bool,
    ) -> Result<Option<Run>, TantivyError> {
        let index = segment.inverted_index(field)?;
        let mut terms = Vec::new();
        for (at, word) in words.iter().enumerate() {
            let term = Term::from_field_text(field, word);
            let Some(info) = index.get_term_info(&term)? else { return Ok(None) };
            terms.push((term, u32::try_from(at).unwrap_or(u32::MAX), info.doc_freq));
        }
        if terms.is_empty() {
            return Ok(None);
        }
        if overlap {
            terms = covering(terms);
        }
        terms.sort_by_key(|(.., documents)| *documents);
        Ok(Some(Run { index, terms }))
    }

    fn cost(&self) -> u32 {
        let rarest = self.terms.first().map_or(0, |t| t.2);
        rarest.saturating_mul(u32::try_from(self.terms.len() * 2 - 1).unwrap_or(1))
    }

    fn each(&self, from: DocId, to: DocId, mut put: impl FnMut(DocId, u32)) -> Result<(), TantivyError> {
        let phrase = self.terms.len() > 1;
        let option =
            if phrase { IndexRecordOption::WithFreqsAndPositions } else { IndexRecordOption::WithFreqs };
        let mut postings: Vec<(SegmentPostings, u32)> = Vec::new();
        for (term, at, _) in &self.terms {
            let Some(mut list) = self.index.read_postings(term, option)? else { return Ok(()) };
            if list.doc() < from {
                list.seek(from);
            }
            postings.push((list, *at));
        }
        let Some(((first, first_at), others)) = postings.split_first_mut() else { return Ok(()) };
        let last = self.terms.iter().map(|t| t.1).max().unwrap_or(0);
        let (mut places, mut others_places) = (Vec::new(), Vec::new());
        let mut doc = first.doc();
        'docs: while doc < to && doc != TERMINATED {
            if others.is_empty() {
                put(doc, first.term_freq());
                doc = first.advance();
                continue;
            }
            for (other, _) in others.iter_mut() {
                let at = if other.doc() < doc { other.seek(doc) } else { other.doc() };
                if at > doc {
                    doc = first.seek(at);
                    continue 'docs;
                }
            }
            // Distances are turned round, so that the same number means the same start of the phrase.
            first.positions_with_offset(last - *first_at, &mut places);
            for (other, at) in others.iter_mut() {
                other.positions_with_offset(last - *at, &mut others_places);
                intersect(&mut places, &others_places);
                if places.is_empty() {
                    break;
                }
            }
            if !places.is_empty() {
                put(doc, u32::try_from(places.len()).unwrap_or(u32::MAX));
            }
            doc = first.advance();
        }
        Ok(())
    }
}

/// Keeps of `a` what is in `b` too; both are in order. Which list goes on cannot be foretold, so nothing branches on it.
fn intersect(a: &mut Vec<u32>, b: &[u32]) {
    let (mut kept, mut i, mut j) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        let (x, y) = (a[i], b[j]);
        a[kept] = x;
        kept += usize::from(x == y);
        i += usize::from(x <= y);
        j += usize::from(y <= x);
    }
    a.truncate(kept);
}

/// Of the pairs of a text those that cover every character at least cost, and the rarest if it rules out much.
fn covering(terms: Vec<(Term, u32, u32)>) -> Vec<(Term, u32, u32)> {
    let mut best: Vec<(u64, usize)> = Vec::with_capacity(terms.len());
    for (n, (.., documents)) in terms.iter().enumerate() {
        let (before, from) = match n {
            0 => (0, usize::MAX),
            1 => (best[0].0, 0),
            _ if best[n - 2].0 <= best[n - 1].0 => (best[n - 2].0, n - 2),
            _ => (best[n - 1].0, n - 1),
        };
        best.push((before + u64::from(*documents), from));
    }
    let mut keep = vec![false; terms.len()];
    let mut at = terms.len() - 1;
    while at != usize::MAX {
        keep[at] = true;
        at = best[at].1;
    }
    let least = terms.iter().zip(&keep).filter(|(_, keep)| **keep).map(|(term, _)| term.2).min().unwrap_or(0);
    let rarest = (0..terms.len()).min_by_key(|n| terms[*n].2);
    if let Some(rarest) = rarest.filter(|n| terms[*n].2 < least / 2) {
        keep[rarest] = true;
    }
    terms.into_iter().zip(keep).filter(|(_, keep)| *keep).map(|(term, _)| term).collect()
}
