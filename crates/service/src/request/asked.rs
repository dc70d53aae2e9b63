//! What several applicants ask for (条例第四十四条): other requests with the same agency for nearly the same information,
//! found by their words.
//!
//! The words are kept in an index in memory that follows the journal, as for published items; what is found is read
//! again from its row, so nobody sees more than the list of requests shows.

use super::same::ALIKE;
use super::{RESTRICTED, Requests};
use crate::context::{Context, Permission};
use crate::error::Result;
use crate::follow::{Since, since};
use crate::register::docket;
use crate::{Region, Service};
use jiff::civil::Date;
use law::docket::request::Stage;
use search::Similar;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use store::{RequestFilter, RequestRow, Tx};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Requests whose words are kept, the latest to arrive: what was asked long ago says little about what is wanted now, and
/// memory has an end.
const MOST_KEPT: usize = 50_000;
/// Rows read at a time.
const PAGE: i64 = 5_000;
/// Requests compared at most.
const MOST_COMPARED: usize = 64;

/// The index, shared by all clones of a service.
#[derive(Debug, Clone, Default)]
pub(crate) struct AskedIndex(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    subjects: Similar,
    /// The last entry of the journal that was read; `None` before the first.
    seq: Option<i64>,
}

/// What others ask that is nearly the same.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedByOthers {
    /// The other requests within reach, the latest to arrive first.
    pub rows: Vec<RequestRow>,
    /// How many applicants they and the request itself have. Who has stated no number is taken for one of their own.
    pub applicants: usize,
}

impl AskedByOthers {
    /// Whether several applicants ask for it, which the article starts from.
    pub fn are_several(&self) -> bool {
        self.applicants > 1
    }
}

/// Whether the words of a request are compared: not where they are hidden, nor where it went on in another docket.
fn is_compared(row: &RequestRow) -> bool {
    row.subject != RESTRICTED && row.stage != Stage::Merged.key()
}

impl Kept {
    async fn follow(&mut self, tx: &mut Tx, region: Region) -> Result<()> {
        let (now, changed) = since(tx, region, self.seq).await?;
        match changed {
            // What came in since has pushed the oldest out.
            Since::These(_) if self.subjects.len() >= 2 * MOST_KEPT => self.build(tx, region).await?,
            Since::Everything => self.build(tx, region).await?,
            Since::These(subjects) => {
                for (_, id) in subjects.into_iter().filter(|(kind, _)| kind == "request") {
                    match tx.request(region, id).await?.filter(is_compared) {
                        Some(row) => self.subjects.put(id.as_u128(), &row.subject),
                        None => self.subjects.remove(id.as_u128()),
                    }
                }
            }
        }
        self.seq = Some(now);
        Ok(())
    }

    async fn build(&mut self, tx: &mut Tx, region: Region) -> Result<()> {
        self.subjects = Similar::default();
        let (filter, mut after) = (RequestFilter::default(), None);
        while self.subjects.len() < MOST_KEPT {
            let rows = tx.requests(region, &filter, after, PAGE).await?;
            for row in rows.iter().filter(|r| is_compared(r)) {
                self.subjects.put(row.id.as_u128(), &row.subject);
            }
            let Some(last) = rows.last().filter(|_| rows.len() as i64 == PAGE) else { break };
            after = Some(last.paging_key());
        }
        Ok(())
    }
}

impl Service {
    /// The days on which requests with these agencies for nearly the same information arrived, in order.
    pub(crate) async fn asked_about(
        &self,
        tx: &mut Tx,
        (title, number): (&str, Option<&str>),
        agencies: &[Option<Uuid>],
    ) -> Result<Vec<Date>> {
        let near = {
            let mut kept = self.asked.0.lock().await;
            kept.follow(tx, self.region).await?;
            kept.subjects.find(title, MOST_COMPARED)
        };
        let ids: Vec<Uuid> = near.iter().map(|n| Uuid::from_u128(n.id)).collect();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut rows = tx.requests_with_ids(self.region, &ids).await?;
        let numbered = |subject: &str| number.is_some_and(|n| subject.contains(n));
        rows.retain(|r| {
            agencies.contains(&Some(r.addressee))
                && is_compared(r)
                && (search::likeness(&r.subject, title) >= ALIKE || numbered(&r.subject))
        });
        let mut days: Vec<Date> = rows.into_iter().map(|r| r.arrived_on).collect();
        days.sort_unstable();
        Ok(days)
    }

    /// Requests of whomever with the same agency that ask for nearly the same, as far as the officer may see them.
    ///
    /// # Errors
    /// The actor may not see the request.
    pub async fn asked_by_others(&self, ctx: &Context, request: Uuid) -> Result<AskedByOthers> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.must_see_docket::<Requests>(&mut tx, ctx, &history).await?;
        let nobody = AskedByOthers { rows: Vec::new(), applicants: 1 };
        let Some(this) = tx.request(self.region, request).await?.filter(is_compared) else {
            return Ok(nobody);
        };
        let near = {
            let mut kept = self.asked.0.lock().await;
            kept.follow(&mut tx, self.region).await?;
            kept.subjects.find(&this.subject, MOST_COMPARED)
        };
        let ids: Vec<Uuid> = near.iter().map(|n| Uuid::from_u128(n.id)).filter(|id| *id != request).collect();
        if ids.is_empty() {
            return Ok(nobody);
        }
        let reach = self.within_reach(&mut tx, ctx, None).await?;
        let mut rows = tx.requests_with_ids(self.region, &ids).await?;
        rows.retain(|r| {
            r.addressee == this.addressee
                && is_compared(r)
                && reach.as_ref().is_none_or(|units| units.contains(&r.unit))
                && search::likeness(&r.subject, &this.subject) >= ALIKE
        });
        rows.sort_by_key(|r| std::cmp::Reverse(r.paging_key()));
        let all: Vec<Uuid> = rows.iter().map(|r| r.id).chain([request]).collect();
        let known = tx.applicants_of(self.region, &all).await?;
        let digest_of: HashMap<Uuid, String> = known.into_iter().map(|a| (a.request, a.digest)).collect();
        let named: HashSet<&String> = digest_of.values().collect();
        let nameless: BTreeSet<Uuid> = all.into_iter().filter(|id| !digest_of.contains_key(id)).collect();
        Ok(AskedByOthers { applicants: named.len() + nameless.len(), rows })
    }
}
