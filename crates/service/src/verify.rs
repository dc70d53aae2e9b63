//! Verification: the chain is computed again, every docket is folded again, and every derived row and tally is compared
//! with what comes out; and the content of every file is opened and compared with its digest.
//!
//! Two readers go through the two halves of the journal at the same time; each page is hashed, decoded once and sorted
//! into its docket on another thread. A docket is folded and forgotten as soon as its last entry was seen (the derived
//! row says which one that is), so memory holds the dockets under way, not the journal.
//!
//! To add a register: its `derived::Derived` and its line in `derived::parts`.

mod chain;
mod clock;
mod derived;
mod document;
mod fold;

pub(crate) use chain::{chain_ends_at_head, check_chain};

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::upkeep::calendar::Calendars;
use chain::{Reading, read_range};
use derived::{describe, parts, scan_all};
use fold::Problem;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Link, Region, Tx};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Problems named at most; their number is said in full.
const NAMED: usize = 200;

/// What a verification found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// Entries checked.
    pub entries: u64,
    /// Dockets folded.
    pub dockets: u64,
    /// What does not hold, one Chinese sentence each; empty if everything does.
    pub problems: Vec<String>,
}

impl Service {
    /// Recomputes the chain, folds every docket and compares every derived row and tally, as of one instant, while
    /// others go on working. `progress` hears entries done and entries in all.
    ///
    /// # Errors
    /// If the actor may not ask or the store cannot be read. What is wrong in the data is not an error but a finding.
    pub async fn verify(&self, ctx: &Context, mut progress: impl FnMut(u64, u64) + Send) -> Result<Verified> {
        if !ctx.actor.may(Permission::ReadJournal) {
            ctx.actor.must(Permission::Upkeep)?;
        }
        let region = self.region;
        let mut tx = self.look().await?;
        let head = tx.regions().await?.into_iter().find(|r| r.region == region);
        let head = head.ok_or_else(|| Error::Internal(format!("region {region} is gone")))?;
        let rows = scan_all(&mut tx, region).await?;
        let kept = clock::Kept::scan(&mut tx, region).await?;
        let calendars = Arc::new(Calendars::read(&mut tx, region, &self.in_force, &self.calendar).await?);
        let mut problems: Vec<Problem> = Vec::new();
        if !tx.entries(region, head.seq, 1).await?.is_empty() {
            problems.push(Problem::Said(format!("第 {} 条之后还有没有登记的日志，请查明来源", head.seq)));
        }

        // Entries up to the head never change, so the second reader may have a later snapshot.
        let (total, middle) = (head.seq, head.seq / 2);
        let second_start = link_at(&mut tx, region, middle).await?;
        let (said, mut heard) = mpsc::unbounded_channel();
        let reading = |from, to, start| Reading {
            store: self.store.clone(),
            region,
            from,
            to,
            start,
            parts: parts(&rows, &calendars).into_iter().chain(kept.parts()).collect(),
            said: said.clone(),
        };
        let first = tokio::spawn(read_range(reading(1, middle, Link::START)));
        let second = tokio::spawn(read_range(reading(middle + 1, total, second_start)));
        drop(said);
        let whole = u64::try_from(total).unwrap_or_default();
        let mut done = 0;
        progress(0, whole);
        while let Some(n) = heard.recv().await {
            done += n;
            progress(done, whole);
        }
        let lost = |e: tokio::task::JoinError| Error::Internal(e.to_string());
        let (first, second) = (first.await.map_err(lost)??, second.await.map_err(lost)??);

        let mut sums = first.sums;
        problems.extend(first.problems);
        problems.extend(second.problems);
        sums.absorb(second.sums);
        for (mut later, earlier) in second.parts.into_iter().zip(first.parts) {
            later.follow(earlier.into_any(), &mut sums);
            later.finish(&mut sums);
        }
        if let Err(broken) = second.end.is_head_of(&head) {
            problems.push(Problem::Said(format!("{broken}，末尾的日志可能被删除，请对照备份查明")));
        }
        let mut problems = problems.into_iter().chain(sums.take_problems()).collect::<Vec<_>>();
        problems.extend(rows.unseen().into_iter().chain(kept.unseen()).map(Problem::Said));
        problems.extend(compare_tallies(&mut tx, region, sums.take_tallies()).await?);
        problems.extend(crate::subscription::check(&mut tx, region).await?.into_iter().map(Problem::Said));
        problems.extend(self.check_files(&mut tx).await?.into_iter().map(Problem::Said));
        let (entries, dockets) = (done, sums.dockets);
        Ok(Verified { entries, dockets, problems: sentences(&mut tx, region, problems).await? })
    }
}

/// The end of the chain at an entry; where it is missing, the first reader says so.
async fn link_at(tx: &mut Tx, region: Region, seq: i64) -> Result<Link> {
    if seq == 0 {
        return Ok(Link::START);
    }
    let found = tx.entries_range(region, seq, seq + 1).await?;
    Ok(match found.as_slice() {
        [at, ..] if at.seq == seq => Link { seq, hash: at.hash },
        [next, ..] => Link { seq, hash: next.prev },
        [] => Link { seq, hash: [0; 32] },
    })
}

type Tallies = BTreeMap<(Uuid, i16, String), i64>;

async fn compare_tallies(tx: &mut Tx, region: Region, mut counted: Tallies) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    let mut wrong = |unit: Uuid, year: i16, key: &str, kept: i64, counted: i64| {
        let whole = |n: i64| law::Amount::from_micros(n).to_string();
        problems.push(Problem::Said(format!(
            "机关 {unit} {year}年的统计数“{key}”登记为{}，按日志应为{}",
            whole(kept),
            whole(counted)
        )));
    };
    for (unit, year, key, n) in tx.all_tallies(region).await? {
        let expected = counted.remove(&(unit, year, key.clone())).unwrap_or_default();
        if expected != n {
            wrong(unit, year, &key, n, expected);
        }
    }
    for ((unit, year, key), n) in counted {
        if n != 0 {
            wrong(unit, year, &key, 0, n);
        }
    }
    Ok(problems)
}

async fn sentences(tx: &mut Tx, region: Region, problems: Vec<Problem>) -> Result<Vec<String>> {
    let more = problems.len().saturating_sub(NAMED);
    let mut said = Vec::with_capacity(problems.len().min(NAMED + 1));
    for problem in problems.into_iter().take(NAMED) {
        said.push(match problem {
            Problem::Said(sentence) => sentence,
            Problem::Row { kind, id, expected } => describe(tx, region, kind, id, &expected).await?,
        });
    }
    if more > 0 {
        said.push(format!("另有 {more} 处不符，未逐一列出"));
    }
    Ok(said)
}
