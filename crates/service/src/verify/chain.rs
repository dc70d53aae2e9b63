//! The chain of the journal: read in order, each entry hashed and compared with the one before.

use super::fold::{Part, Problem, Sums};
use crate::context::zone;
use crate::error::{Error, Result};
use store::{Break, Entry, Link, Region, Store};
use tokio::sync::mpsc;

/// Entries read at a time: enough that neither side waits, little enough to hold several pages.
const PAGE: i64 = 4096;

/// A part of the journal to be read.
pub(super) struct Reading {
    pub(super) store: Store,
    pub(super) region: Region,
    /// First number.
    pub(super) from: i64,
    /// Last number.
    pub(super) to: i64,
    /// The end of the chain before it.
    pub(super) start: Link,
    /// What the entries are sorted into; none if only the chain is of interest.
    pub(super) parts: Vec<Box<dyn Part>>,
    /// Where the number of entries done is told.
    pub(super) said: mpsc::UnboundedSender<u64>,
}

/// A part of the journal that was read.
pub(super) struct Range {
    pub(super) end: Link,
    pub(super) parts: Vec<Box<dyn Part>>,
    pub(super) sums: Sums,
    pub(super) problems: Vec<Problem>,
}

/// Reads a part of the journal: the next page is fetched while the last one is worked on.
pub(super) async fn read_range(reading: Reading) -> Result<Range> {
    let Reading { store, region, mut from, to, start, parts, said } = reading;
    let range = Range { end: start, parts, sums: Sums::default(), problems: Vec::new() };
    let mut tx = store.read().await?;
    let lost = |e: tokio::task::JoinError| Error::Internal(e.to_string());
    let mut working = tokio::task::spawn_blocking(move || range);
    while from <= to {
        let last = to.min(from + PAGE - 1);
        let page = tx.entries_range(region, from, last).await?;
        let mut range = working.await.map_err(lost)?;
        // Nobody may be listening; the work goes on.
        let _ = said.send(u64::try_from(page.len()).unwrap_or_default());
        working = tokio::task::spawn_blocking(move || {
            range.take(&page);
            range
        });
        from = last + 1;
    }
    working.await.map_err(lost)
}

impl Range {
    fn take(&mut self, page: &[Entry]) {
        self.end = follow(self.end, page, &mut self.problems);
        if self.parts.is_empty() {
            return;
        }
        for entry in page {
            match self.parts.iter_mut().find(|p| p.kind() == entry.subject_kind) {
                Some(part) => part.take(entry, &mut self.sums),
                None if entry.subject_kind == crate::upkeep::ACCESS => {}
                None => self.problems.push(Problem::Said(format!(
                    "第 {} 条日志属于未知的登记簿“{}”，请升级程序后再校验",
                    entry.seq, entry.subject_kind
                ))),
            }
        }
    }
}

/// Follows the chain over a page and goes on behind every place where it does not hold.
fn follow(mut at: Link, page: &[Entry], problems: &mut Vec<Problem>) -> Link {
    let mut rest = page;
    loop {
        let broken = match at.follow(rest) {
            Ok(end) => return end,
            Err(broken) => broken,
        };
        let (Break::Gap { found: seq, .. }
        | Break::Link { seq }
        | Break::Content { seq }
        | Break::Head { seq }) = broken;
        let Some(place) = rest.iter().position(|e| e.seq == seq) else { return at };
        let entry = &rest[place];
        problems.push(Problem::Said(sentence(&broken, entry)));
        if matches!(broken, Break::Content { .. }) {
            at = Link { seq, hash: entry.hash };
            rest = &rest[place + 1..];
        } else {
            // Its own content is still to be checked.
            at = Link { seq: seq - 1, hash: entry.prev };
            rest = &rest[place..];
        }
    }
}

fn sentence(broken: &Break, entry: &Entry) -> String {
    let about = || {
        let at = entry.recorded_at.to_zoned_datetime(zone()).strftime("%Y-%m-%d %H:%M:%S");
        format!("{}于{at}登记，案卷 {}", entry.actor, entry.subject)
    };
    match broken {
        Break::Gap { expected, found } if found > expected => {
            format!("第 {expected} 条至第 {} 条日志缺失，请对照备份查明", found - 1)
        }
        Break::Link { seq } => format!("第 {seq} 条日志与前一条不衔接：{}", about()),
        Break::Content { seq } => format!("第 {seq} 条日志的内容与校验值不符：{}", about()),
        other => other.to_string(),
    }
}

/// Checks the chains of every region of a store; how many entries, and what does not hold.
pub(crate) async fn check_chain(store: &Store) -> Result<(u64, Vec<String>)> {
    let (mut entries, mut said) = (0, Vec::new());
    let heads = store.read().await?.regions().await?;
    for head in heads {
        let (to_nobody, _) = mpsc::unbounded_channel();
        let reading = Reading {
            store: store.clone(),
            region: head.region,
            from: 1,
            to: head.seq,
            start: Link::START,
            parts: Vec::new(),
            said: to_nobody,
        };
        let range = read_range(reading).await?;
        said.extend(range.problems.into_iter().map(|p| p.to_string()));
        if let Err(broken) = range.end.is_head_of(&head) {
            said.push(broken.to_string());
        }
        entries += u64::try_from(head.seq).unwrap_or_default();
    }
    Ok((entries, said))
}

/// A quick look: the number of the last entry of a region, and what is wrong with it.
pub(crate) async fn chain_ends_at_head(store: &Store, region: Region) -> Result<(i64, Option<String>)> {
    let mut tx = store.read().await?;
    let head = tx.regions().await?.into_iter().find(|r| r.region == region);
    let head = head.ok_or_else(|| Error::Internal(format!("region {region} is gone")))?;
    let last = tx.entries(region, head.seq - 1, 2).await?;
    let mut problems = Vec::new();
    let start = last.first().map_or(Link::START, |e| Link { seq: e.seq - 1, hash: e.prev });
    let end = follow(start, &last, &mut problems);
    let problem = problems.first().map(ToString::to_string);
    Ok((head.seq, problem.or_else(|| end.is_head_of(&head).err().map(|b| b.to_string()))))
}
