//! Fills an index, asks it, and gives the figures.

use super::corpus::{Chance, EVERYWHERE, LENGTH, Language};
use search::{FullText, Query, Synonyms};
use std::fmt;
use std::path::Path;
use std::time::{Duration, Instant};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

/// How the index was filled.
pub struct Built {
    pub documents: usize,
    pub took: Duration,
    pub text: u64,
    pub size: search::Size,
    pub publish: Duration,
}

impl Built {
    pub fn per_second(&self) -> f64 {
        self.documents as f64 / self.took.as_secs_f64()
    }

    pub fn ratio(&self) -> f64 {
        self.size.index as f64 / self.text as f64
    }
}

impl fmt::Display for Built {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mb = |bytes: u64| bytes / 1_000_000;
        write!(
            f,
            "{} documents of {LENGTH} characters in {:.1} s, {:.0}/s; {} MB of text, index {} MB = {:.3}, stored texts {} MB; \
             one more document put and seen in {:.0} ms",
            self.documents,
            self.took.as_secs_f64(),
            self.per_second(),
            mb(self.text),
            mb(self.size.index),
            self.ratio(),
            mb(self.size.texts),
            self.publish.as_secs_f64() * 1e3,
        )
    }
}

/// How long queries of one kind took.
pub struct Asked {
    pub kind: &'static str,
    /// Whether each had been asked before.
    pub again: bool,
    pub times: Vec<Duration>,
    pub found: usize,
}

impl Asked {
    /// The time within which this part of the queries was answered, in milliseconds.
    pub fn within(&self, part: f64) -> f64 {
        let at = (self.times.len() as f64 * part).ceil() as usize;
        self.times[at.clamp(1, self.times.len()) - 1].as_secs_f64() * 1e3
    }
}

impl fmt::Display for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (median, most, worst) = (self.within(0.5), self.within(0.99), self.within(1.0));
        let (kind, count, found) = (self.kind, self.times.len(), self.found);
        let first = if self.again { "asked again" } else { "asked first" };
        write!(
            f,
            "{kind}, {first}: median {median:.1} ms, p99 {most:.1} ms, worst {worst:.1} ms of {count} queries; {found} found on average"
        )
    }
}

/// Fills the folder, unless it holds the index already, and asks.
pub fn measure(folder: &Path, documents: usize, only: &str) -> Outcome<(Option<Built>, Vec<Asked>)> {
    let language = Language::new();
    let mut index = FullText::open(folder, Synonyms::default())?;
    let mut built = None;
    if index.len() < documents {
        (built, index) = fill(folder, &language, documents)?;
    }
    // The dictionary of words is read once in the life of a process.
    index.find(&Query { text: "先读词典怎么办".into(), ..Query::default() })?;
    let mut chance = Chance::new(7);
    let mut asked = Vec::new();
    for (kind, texts) in kinds(&language, &mut chance).into_iter().filter(|(kind, _)| kind.contains(only)) {
        asked.push(ask(&index, kind, &texts, false)?);
        asked.push(ask(&index, kind, &texts, true)?);
    }
    Ok((built, asked))
}

fn fill(folder: &Path, language: &Language, documents: usize) -> Outcome<(Option<Built>, FullText)> {
    let index = FullText::renew(folder, Synonyms::default())?;
    // Documents are made before the clock runs, a batch at a time.
    let (mut took, mut text) = (Duration::ZERO, 0);
    for from in (0..documents).step_by(20_000) {
        let batch: Vec<_> = (from..documents.min(from + 20_000)).map(|n| language.document(n)).collect();
        text += batch.iter().map(|d| (d.body.len() + d.title.len()) as u64).sum::<u64>();
        let start = clock();
        let (one, other) = batch.split_at(batch.len() / 2);
        let put = |part: &[search::Document]| part.iter().try_for_each(|d| index.put(d));
        std::thread::scope(|scope| {
            let beside = scope.spawn(|| put(other));
            put(one)?;
            beside.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })?;
        took += start.elapsed();
    }
    let start = clock();
    index.commit()?;
    let index = index.settle()?;
    took += start.elapsed();
    let start = clock();
    index.put(&language.document(documents / 2))?;
    index.commit()?;
    let publish = start.elapsed();
    Ok((Some(Built { documents, took, text, size: index.size()?, publish }), index))
}

/// Queries of each kind.
fn kinds(language: &Language, chance: &mut Chance) -> Vec<(&'static str, Vec<String>)> {
    let e = |chance: &mut Chance| EVERYWHERE[chance.below(EVERYWHERE.len())];
    let w = |chance: &mut Chance| language.word(chance).to_owned();
    let phrases = [
        "政府信息",
        "信息公开",
        "政府信息公开",
        "公开工作",
        "政府信息公开工作",
        "人民政府",
        "政府通知",
        "信息工作",
    ];
    let rare = |chance: &mut Chance| language.words[300 + chance.below(20_000)].clone();
    vec![
        ("words as frequent as in texts", (0..1000).map(|_| w(chance)).collect()),
        ("words in every document", (0..100).map(|_| e(chance).to_owned()).collect()),
        ("two words in every document", (0..200).map(|_| format!("{} {}", e(chance), e(chance))).collect()),
        (
            "phrases in every document",
            (0..200).map(|n| format!("“{}”", phrases[n % phrases.len()])).collect(),
        ),
        (
            "phrases of two frequent words",
            (0..400).map(|_| format!("“{}{}”", e(chance), w(chance))).collect(),
        ),
        (
            "phrases of words in every document, anyhow joined",
            (0..300).map(|_| format!("“{}{}{}”", e(chance), e(chance), e(chance))).collect(),
        ),
        ("three words", (0..500).map(|_| format!("{} {} {}", w(chance), e(chance), rare(chance))).collect()),
        ("single characters", (0..200).map(|_| w(chance).chars().take(1).collect()).collect()),
        (
            "document numbers",
            (0..200).map(|n| format!("示政发{} {}", 2004 + n % 20, 1 + chance.below(9_000))).collect(),
        ),
    ]
}

/// Asks each once; with `warm` after it was asked before, else after everything was forgotten.
fn ask(index: &FullText, kind: &'static str, texts: &[String], warm: bool) -> Outcome<Asked> {
    let (mut times, mut found) = (Vec::new(), 0);
    for text in texts {
        let query = Query { text: text.clone(), ..Query::default() };
        if warm {
            index.find(&query)?;
        } else {
            index.forget();
        }
        let start = clock();
        let answer = index.find(&query)?;
        times.push(start.elapsed());
        found += answer.total;
    }
    times.sort_unstable();
    Ok(Asked { kind, again: warm, found: found / texts.len().max(1), times })
}
