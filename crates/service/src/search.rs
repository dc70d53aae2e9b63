//! Full-text search of everybody over all that is public: documents and annual reports.
//!
//! - `entry`: what is indexed of an item, and what is shown of it. Whether it is public is decided again from its row
//!   each time it is shown.
//! - `follow`: the index follows the journal; every question brings it up to the last entry first.
//! - `place`: where the index lies, and up to which entry of the journal it was written.
//!
//! The index is a read model on disk that can be thrown away at any time. Whoever asks first opens it, so a command that
//! never asks never opens it; one process at a time may.

mod entry;
mod follow;
mod place;

pub use ::search::{Facet, FoundBy, LONGEST_QUERY, Order, Segment};
pub use entry::{COLUMNS, Item};
pub(crate) use entry::{id_of, item_now};

use crate::Service;
use crate::error::{Error, Result};
use crate::unit::Tree;
use ::search::{Answer, FullText, FullTextError, Query};
use jiff::civil::Date;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Items on a page.
pub const PAGE: usize = 20;
/// Pages that can be turned to.
pub const MOST_PAGES: usize = 50;
/// How long a question waits for an index that is being built or has much to catch up with.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often, and after how long, a question that must be answered from the whole journal is put again.
const TRIES: u32 = 10;
const AGAIN: Duration = Duration::from_millis(100);

/// What is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ask {
    /// As typed: words, “短语”, -不要的词.
    pub text: String,
    /// Values of facets: the code of a unit, the name of a column, a year in digits, a validity.
    pub filters: Vec<(Facet, String)>,
    /// Published on this day or later.
    pub since: Option<Date>,
    /// Published on this day or before.
    pub until: Option<Date>,
    /// The order.
    pub order: Order,
    /// The page, from 1 to [`MOST_PAGES`].
    pub page: usize,
}

/// A value of a facet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value {
    /// What [`Ask::filters`] takes.
    pub key: String,
    /// As people read it.
    pub label: String,
    /// How many items have it.
    pub count: usize,
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// How many there are.
    pub total: usize,
    /// The page that was asked for.
    pub items: Vec<Item>,
    /// What an answer can be narrowed by, and how many items each value would give, most frequent first.
    pub facets: Vec<(Facet, Vec<Value>)>,
    /// The filters of the question as people read them.
    pub chosen: Vec<(Facet, Value)>,
    /// Whether it was found by the words as typed.
    pub found_by: FoundBy,
    /// Words that stand nowhere; only with [`FoundBy::Fewer`].
    pub left_out: Vec<String>,
    /// Another question that finds something, or more.
    pub suggestion: Option<String>,
    /// The end of the question was not read.
    pub cut: bool,
}

/// The index, shared by all clones of a service.
#[derive(Clone, Default)]
pub(crate) struct SearchIndex(Arc<Shared>);

#[derive(Default)]
struct Shared {
    folder: Option<PathBuf>,
    /// Held by whoever brings the index up to the journal.
    following: Arc<Mutex<Position>>,
    /// What is asked, as of a commit; none until it is whole.
    ready: RwLock<Option<Arc<FullText>>>,
}

/// How far the journal was read.
#[derive(Debug, Default)]
struct Position {
    /// The last entry that was read; `None` before the first.
    seen: Option<i64>,
    /// The last entry that the mark on disk names.
    marked: i64,
    /// The day whose validity it tells; `None` before anything was looked at in this process.
    day: Option<Date>,
    /// The right to use the folder.
    lock: Option<std::fs::File>,
}

impl Shared {
    fn ready(&self) -> Option<Arc<FullText>> {
        self.ready.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn make_ready(&self, index: Option<Arc<FullText>>) {
        *self.ready.write().unwrap_or_else(PoisonError::into_inner) = index;
    }
}

impl Service {
    /// With a folder for the full-text index; a data folder has its own already. The index of each region lies apart, and
    /// one process at a time can use it.
    #[must_use]
    pub fn with_search(mut self, folder: impl Into<PathBuf>) -> Self {
        let folder = Some(folder.into().join(self.region.to_string()));
        self.searched = SearchIndex(Arc::new(Shared { folder, ..Shared::default() }));
        self
    }

    /// Searches all that is public, as of the last entry of the journal and of this day: a period of validity ends without
    /// an entry. For everybody.
    ///
    /// # Errors
    /// [`Error::Refused`] with one refusal whose code begins with `search-`, if there is no index that can be asked now.
    pub async fn search_public(&self, ask: &Ask, today: Date) -> Result<Found> {
        let tree = Tree::read(&mut self.look().await?, self.region).await?;
        let (query, chosen) = query(ask, &tree);
        let (mut answer, fresh) = self.answer(&query, today).await?;
        if !fresh {
            // What was taken down a moment ago may stand in it.
            answer.hits.iter_mut().for_each(|hit| hit.snippet.clear());
        }
        self.judged(answer, &tree, chosen).await
    }

    /// What a question finds, exactly as it was typed, among items that `among` names as the index does: how many, and the newest
    /// of them, at most `most`. They still have to be judged when they are shown.
    ///
    /// # Errors
    /// [`Error::Refused`] if there is no index that can be asked now, or it is behind: what is not found would be missed for ever.
    pub(crate) async fn found_among(
        &self,
        ask: &Ask,
        among: &BTreeSet<String>,
        today: Date,
        most: usize,
    ) -> Result<(usize, Vec<String>)> {
        let tree = Tree::read(&mut self.look().await?, self.region).await?;
        let ask = Ask { order: Order::Newest, page: 1, ..ask.clone() };
        let among = Some(among.iter().cloned().collect());
        let query = Query { among, limit: most, ..query(&ask, &tree).0 };
        let mut tries = 1;
        let answer = loop {
            let (answer, fresh) = self.answer(&query, today).await?;
            match tries {
                _ if fresh => break answer,
                TRIES => return Err(building()),
                // Somebody else's question makes the index follow just now.
                _ => tokio::time::sleep(AGAIN).await,
            }
            tries += 1;
        };
        if answer.found_by != FoundBy::AsTyped {
            return Ok((0, Vec::new()));
        }
        Ok((answer.total, answer.hits.into_iter().map(|hit| hit.id).collect()))
    }

    /// Asks the index, and whether it is fresh; one that turns out to be damaged is built anew and asked again.
    async fn answer(&self, query: &Query, today: Date) -> Result<(Answer, bool)> {
        for last in [false, true] {
            let (index, fresh) = self.up_to_date(today).await?;
            let (asked, query) = (Arc::clone(&index), query.clone());
            let answer = tokio::task::spawn_blocking(move || asked.find(&query)).await;
            match answer.map_err(|e| Error::Internal(e.to_string()))? {
                Ok(answer) => return Ok((answer, fresh)),
                Err(FullTextError::Rebuild(why)) if !last => {
                    tracing::warn!(why, "the full-text index is damaged and is built anew");
                    drop(index);
                    self.throw_away().await?;
                }
                Err(error) => return Err(unavailable(&error)),
            }
        }
        Err(building())
    }

    /// The hits that are public, each judged from its row.
    async fn judged(&self, answer: Answer, tree: &Tree, chosen: Vec<(Facet, Value)>) -> Result<Found> {
        let mut tx = self.look().await?;
        let (mut items, mut gone) = (Vec::new(), 0);
        for hit in answer.hits {
            match entry::shown(&mut tx, self.region, tree, hit).await? {
                Some(item) => items.push(item),
                None => gone += 1,
            }
        }
        let facets = answer.facets.into_iter().map(|(facet, values)| {
            let values = values.into_iter().filter_map(|(key, count)| value(facet, key, count, tree));
            (facet, values.collect())
        });
        Ok(Found {
            total: answer.total - gone,
            items,
            facets: facets.collect(),
            chosen,
            found_by: answer.found_by,
            left_out: answer.left_out,
            suggestion: answer.suggestion,
            cut: answer.cut,
        })
    }
}

/// The question as the index understands it, and its filters as people read them.
fn query(ask: &Ask, tree: &Tree) -> (Query, Vec<(Facet, Value)>) {
    let (mut filters, mut chosen) = (Vec::new(), Vec::new());
    for (facet, key) in &ask.filters {
        let unit = if *facet == Facet::Unit { tree.find(key).ok() } else { None };
        // A unit that is not there has published nothing.
        filters.push((*facet, unit.map_or_else(|| key.clone(), |u| u.id.to_string())));
        let label = unit.map_or_else(|| key.clone(), |u| u.name.clone());
        chosen.push((*facet, Value { key: key.clone(), label, count: 0 }));
    }
    let query = Query {
        text: ask.text.clone(),
        filters,
        since: ask.since,
        until: ask.until,
        order: ask.order,
        in_force_first: ask.order == Order::Relevance,
        offset: (ask.page.clamp(1, MOST_PAGES) - 1) * PAGE,
        limit: PAGE,
        exact: false,
        among: None,
    };
    (query, chosen)
}

/// A value of a facet as people read it; units are indexed by id, so that another name needs no other index.
fn value(facet: Facet, key: String, count: usize, tree: &Tree) -> Option<Value> {
    if facet != Facet::Unit {
        return Some(Value { label: key.clone(), key, count });
    }
    let unit = tree.get(Uuid::parse_str(&key).ok()?).ok()?;
    Some(Value { key: unit.code.clone(), label: unit.name.clone(), count })
}

fn building() -> Error {
    Error::refused("search-building", "全文索引正在建立，请过几分钟再试", "")
}

/// What searchers are told; what went wrong is for the log.
fn unavailable(error: &FullTextError) -> Error {
    tracing::error!(%error, "the full-text index cannot be used");
    Error::refused("search-unavailable", "全文检索暂时不能使用，请稍后再试", "")
}
