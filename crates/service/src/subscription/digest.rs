//! The letter of the day to a reader: what became public since the last one, fits the search, and still is public when the
//! letter leaves.
//!
//! A letter that waits holds ids, and is filled in when it is taken for sending: what was taken down meanwhile is not in it. How
//! the last letter went is looked at before the next one is written: while it waits nothing is written, and what one that failed
//! would have told is told by the next.

use super::{FollowerRow, PAGE, end, letter, letters_of};
use crate::Service;
use crate::context::{Context, Permission};
use crate::document::PUBLISHED_BEFORE;
use crate::error::{Error, Result};
use crate::inbox::{CAME_BACK, Reply};
use crate::register::decode_one;
use crate::search::{Ask, id_of, item_now};
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::document::DocumentEvent;
use law::docket::report::ReportEvent;
use law::docket::subscription::EndedBy;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use store::Entry;
use uuid::Uuid;

/// Items in a letter; what is more is on the page.
const MOST_LINES: usize = 30;
/// Letters in a row that came back, after which nobody is written to any more.
const MOST_FAILURES: i64 = 3;
/// Text of a letter; `{count}`, `{search}`, `{lines}`, `{page}`, `{link}` are put in.
const DIGEST: &str = include_str!("../../data/mail/subscription_digest.txt");

/// What a letter tells of, until it is taken for sending.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Told {
    site: String,
    query: String,
    said: String,
    /// How many items there are.
    total: usize,
    /// The newest of them, as the index names them.
    items: Vec<String>,
}

/// What became public after an entry of the journal, as the index names it, and the last entry that was read.
struct News {
    head: i64,
    items: BTreeSet<String>,
}

/// The key of the letter of a day.
fn key(id: Uuid, on: Date) -> String {
    format!("{}digest/{on}", letters_of(id))
}

/// Whether an entry makes something public that was not; a correction of one that did makes nothing new.
fn publishes(entry: &Entry) -> Result<bool> {
    Ok(match entry.subject_kind.as_str() {
        "document" => {
            let recorded = decode_one::<DocumentEvent>(entry)?;
            recorded.corrects.is_none() && matches!(recorded.event, Some(DocumentEvent::Disclosed { .. }))
        }
        "report" => {
            let recorded = decode_one::<ReportEvent>(entry)?;
            recorded.corrects.is_none() && matches!(recorded.event, Some(ReportEvent::Published { .. }))
        }
        _ => false,
    })
}

impl Service {
    /// Writes the letters of the day: to everybody who confirmed and was not written to today, if something that fits the search
    /// became public since the last letter. `read` reads a search as an address holds it, `site` is the address of the site, and
    /// `ctx` makes a context for each. How many could not be written; they are written when this is called again.
    pub async fn write_digests(
        &self,
        ctx: impl Fn() -> Context,
        read: impl Fn(&str) -> Ask,
        site: &str,
    ) -> Result<usize> {
        ctx().actor.must(Permission::Upkeep)?;
        let (mut failed, mut after) = (0, Uuid::nil());
        // Most followers were looked after at the same moment the day before.
        let mut news: HashMap<i64, Arc<News>> = HashMap::new();
        loop {
            let page = self.look().await?.followers(self.region, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(failed) };
            after = last.subscription;
            for row in page.into_iter().filter(|row| row.confirmed) {
                let id = row.subscription;
                match self.write_digest(ctx(), row, &read, site, &mut news).await {
                    Ok(()) => {}
                    // An index that cannot be asked by one can be asked by none.
                    Err(Error::Refused(all)) if all.iter().any(|r| r.code.starts_with("search-")) => {
                        return Err(Error::Refused(all));
                    }
                    Err(error) => {
                        tracing::warn!(%id, %error, "the letter of a subscription cannot be written");
                        failed += 1;
                    }
                }
            }
        }
    }

    async fn write_digest(
        &self,
        ctx: Context,
        row: FollowerRow,
        read: impl Fn(&str) -> Ask,
        site: &str,
        known: &mut HashMap<i64, Arc<News>>,
    ) -> Result<()> {
        let (id, today) = (row.subscription, ctx.today());
        // A clock that was put back writes no second letter either.
        if row.told_on.is_some_and(|on| on >= today) {
            return Ok(());
        }
        let last = match row.told_on {
            Some(on) => self.look().await?.reply_with_key(self.region, &key(id, on)).await?,
            None => None,
        };
        let (from, failures) = match last {
            Some(letter) if letter.state == "waiting" => return Ok(()),
            Some(letter) if letter.state == "failed" => {
                // That our own mail server took nothing says nothing about the reader.
                let back = letter.failed.as_deref() == Some(CAME_BACK);
                (row.told_from, row.failures + i64::from(back))
            }
            Some(_) => (row.seq, 0),
            None => (row.seq, row.failures),
        };
        let news = match known.get(&from) {
            Some(news) => Arc::clone(news),
            None => {
                let news = Arc::new(self.news(from).await?);
                known.insert(from, Arc::clone(&news));
                news
            }
        };
        let saved = self.saved(&row)?;
        let (total, items) = match news.items.is_empty() {
            true => (0, Vec::new()),
            false => self.found_among(&read(&saved.query), &news.items, today, MOST_LINES).await?,
        };
        let told = !items.is_empty();
        let next = FollowerRow {
            seq: news.head,
            told_from: from,
            told_on: told.then_some(today),
            failures,
            ..row.clone()
        };
        if next == row {
            return Ok(());
        }
        let reply = Reply {
            unsubscribe: Some(self.subscription_link(site, id)),
            told: Some(Told {
                site: site.to_owned(),
                query: saved.query.clone(),
                said: saved.said.clone(),
                total,
                items,
            }),
            ..letter(&saved)
        };
        self.verb(ctx, "write-digest", move |mut work| {
            Box::pin(async move {
                // Ended or written to meanwhile by another process.
                if work.tx.follower(work.region, id).await? != Some(row) {
                    return Ok(());
                }
                if failures >= MOST_FAILURES {
                    return end(&mut work, id, EndedBy::Undeliverable).await;
                }
                if told {
                    work.write_reply(key(id, today), (Uuid::nil(), None), &reply).await?;
                }
                Ok(work.tx.change_follower(work.region, &next).await?)
            })
        })
        .await
    }

    /// What became public after an entry of the journal.
    async fn news(&self, seen: i64) -> Result<News> {
        let mut tx = self.look().await?;
        let mut news = News { head: seen, items: BTreeSet::new() };
        loop {
            let entries = tx.entries(self.region, news.head, PAGE).await?;
            let Some(last) = entries.last() else { return Ok(news) };
            news.head = last.seq;
            let mut new = Vec::new();
            for entry in &entries {
                if publishes(entry)? {
                    new.push(entry);
                }
            }
            // What was published long before it came here is not news to anybody.
            let ids: Vec<Uuid> = new.iter().map(|entry| entry.subject).collect();
            let classes = tx.classes(self.region, &ids).await?;
            let old = classes.into_iter().filter(|c| c.kind == PUBLISHED_BEFORE).map(|c| c.document);
            let old: BTreeSet<Uuid> = old.collect();
            let new = new.into_iter().filter(|entry| !old.contains(&entry.subject));
            news.items.extend(new.map(|entry| id_of(&entry.subject_kind, entry.subject)));
        }
    }

    /// A letter as it is sent now; nothing if all it tells of was taken down since it was written.
    pub(crate) async fn as_of_now(&self, mut reply: Reply) -> Result<Option<Reply>> {
        let Some(told) = reply.told.take() else { return Ok(Some(reply)) };
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let mut lines = Vec::new();
        for id in &told.items {
            let Some(item) = item_now(&mut tx, self.region, &tree, id).await? else { continue };
            let title: String = item.title.iter().map(|(text, _)| text.as_str()).collect();
            let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
            let (n, from, on) = (lines.len() + 1, &item.publisher, item.published_on);
            lines.push(format!(
                "{n}. {title}\n   {from}，{on}\n   {}{}",
                told.site,
                item.place.path(item.id)
            ));
        }
        if lines.is_empty() {
            return Ok(None);
        }
        let count = told.total.saturating_sub(told.items.len() - lines.len());
        if count > lines.len() {
            lines.push(format!("以上是其中最新的{}条，全部信息请查看检索结果。", lines.len()));
        }
        reply.subject = format!("新公开的政府信息（{count}条）");
        let query = Some(told.query).filter(|q| !q.is_empty()).map_or_else(String::new, |q| format!("?{q}"));
        // What others wrote goes in last, so that nothing in it is taken for a place to fill.
        reply.body = DIGEST
            .replace("{count}", &count.to_string())
            .replace("{page}", &format!("{}/search{query}", told.site))
            .replace("{link}", reply.unsubscribe.as_deref().unwrap_or_default())
            .replace("{search}", &told.said)
            .replace("{lines}", &lines.join("\n"));
        Ok(Some(reply))
    }
}
