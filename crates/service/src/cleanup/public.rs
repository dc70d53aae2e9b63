//! What everybody reads of clean-ups: the lists of a closed one, and what the last one said of a document.

use super::{Cleanups, gone, scope};
use crate::Service;
use crate::document::{CLEANED, PublicItem, is_public};
use crate::error::{Error, Result};
use crate::register::{Register, docket, recorded};
use crate::transfer::{ExportFormat, write_table};
use crate::unit::Tree;
use jiff::civil::Date;
use law::docket::cleanup::Conclusion;
use law::docket::document::Category;
use std::collections::BTreeSet;
use store::{CleanupFilter, CleanupRow, Tx};
use uuid::Uuid;

/// Closed clean-ups that are listed.
const MOST: i64 = 200;

/// The columns of a published list.
pub const RESULT_COLUMNS: [&str; 6] = ["序号", "标题", "发文字号", "制定机关", "成文日期", "清理结论"];

/// A document of a published list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicConclusion {
    /// Its page.
    pub document: Uuid,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// The agency that counts it.
    pub unit: String,
    /// 成文日期
    pub made_on: Date,
    /// What became of it.
    pub conclusion: Conclusion,
}

/// A closed clean-up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicCleanup {
    /// Its address.
    pub id: Uuid,
    /// 名称
    pub title: String,
    /// The agency that organised it.
    pub unit: String,
    /// 依据
    pub basis: String,
    /// Documents made up to this day.
    pub up_to: Date,
    /// When the result was published.
    pub closed_on: Date,
    /// The document that published it.
    pub by: String,
    /// The public documents, in the order of conclusions and of the list.
    pub lists: Vec<PublicConclusion>,
}

/// What the last clean-up said of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CleanupMark {
    /// The clean-up.
    pub cleanup: Uuid,
    /// Its name.
    pub title: String,
    /// When its result was published.
    pub on: Date,
    /// Whether the document stands in its list; one that does not is no basis for administration.
    pub listed: bool,
}

/// The last clean-up that looked at documents of a unit that were in force since a day: one that came into force later was
/// in no list, and is not to be called missing.
fn covering<'a>(closed: &'a [CleanupRow], tree: &Tree, unit: Uuid, since: Date) -> Option<&'a CleanupRow> {
    let looks = |c: &&CleanupRow| since <= c.up_to && scope(tree, c.unit, c.below).contains(&unit);
    closed.iter().filter(looks).max_by_key(|c| (c.closed_on, c.id))
}

impl Service {
    async fn closed_cleanups(&self, tx: &mut Tx) -> Result<Vec<CleanupRow>> {
        let filter = CleanupFilter { closed: true, ..CleanupFilter::default() };
        Ok(tx.cleanups(self.region, &filter, None, MOST).await?)
    }

    /// Closed clean-ups: id, name, agency and day, the latest begun first. For everybody.
    pub async fn public_cleanups(&self) -> Result<Vec<(Uuid, String, String, Date)>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let mut all = Vec::new();
        for row in self.closed_cleanups(&mut tx).await? {
            let Some(on) = row.closed_on else { continue };
            all.push((row.id, row.title, tree.get(row.unit)?.name.clone(), on));
        }
        Ok(all)
    }

    /// The lists of a closed clean-up. For everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] while it is not closed, in the same words as for what does not exist.
    pub async fn public_cleanup(&self, id: Uuid) -> Result<PublicCleanup> {
        let mut tx = self.look().await?;
        let Some(row) = tx.cleanup(self.region, id).await? else { return Err(gone()) };
        let history = docket::<Cleanups>(&mut tx, self.region, id).await?;
        let standing = Cleanups::fold(&recorded(&history)).ok_or_else(gone)?;
        let Some((closed_on, by)) = standing.closed else { return Err(gone()) };
        let tree = Tree::read(&mut tx, self.region).await?;
        let ids: Vec<Uuid> =
            standing.items.iter().filter_map(|i| Uuid::parse_str(&i.listed.document).ok()).collect();
        // As they are now: what was taken down since, or corrected, is not told as it was.
        let rows = tx.documents_with_ids(self.region, &ids).await?;
        let mut lists = Vec::new();
        for conclusion in Conclusion::ALL {
            for item in &standing.items {
                let row = rows.iter().find(|r| r.id.to_string() == item.listed.document);
                let (Some(row), Some((said, ..))) = (row.filter(|r| is_public(r)), &item.conclusion) else {
                    continue;
                };
                if *said == conclusion {
                    lists.push(PublicConclusion {
                        document: row.id,
                        title: row.title.clone(),
                        number: row.number.clone(),
                        unit: tree.get(row.unit)?.name.clone(),
                        made_on: row.made_on,
                        conclusion,
                    });
                }
            }
        }
        Ok(PublicCleanup {
            id,
            title: standing.title,
            unit: tree.get(row.unit)?.name.clone(),
            basis: standing.basis,
            up_to: standing.up_to,
            closed_on,
            by,
            lists,
        })
    }

    /// The published lists as a file. For everybody.
    pub async fn public_cleanup_file(&self, id: Uuid, format: ExportFormat) -> Result<Vec<u8>> {
        let found = self.public_cleanup(id).await?;
        let line = |(n, c): (usize, PublicConclusion)| {
            vec![
                n.to_string(),
                c.title,
                c.number.unwrap_or_default(),
                c.unit,
                c.made_on.to_string(),
                c.conclusion.label().to_owned(),
            ]
        };
        let table: Vec<Vec<String>> = (1..).zip(found.lists).map(line).collect();
        let written =
            tokio::task::spawn_blocking(move || write_table("立改废释清单", &RESULT_COLUMNS, &table, format));
        written.await.map_err(|e| Error::Internal(e.to_string()))?
    }

    /// What the last clean-up that looked at each of these documents said of it, in their order; none where no clean-up
    /// did. For everybody.
    pub async fn cleanup_marks(&self, items: &[PublicItem]) -> Result<Vec<Option<CleanupMark>>> {
        let mut tx = self.look().await?;
        let closed = self.closed_cleanups(&mut tx).await?;
        if closed.is_empty() {
            return Ok(vec![None; items.len()]);
        }
        let tree = Tree::read(&mut tx, self.region).await?;
        let ids: Vec<Uuid> = items.iter().map(|i| i.id).collect();
        let cleaned: BTreeSet<(Uuid, String)> = tx
            .classes(self.region, &ids)
            .await?
            .into_iter()
            .filter(|c| c.kind == CLEANED)
            .map(|c| (c.document, c.key))
            .collect();
        let rows = tx.documents_with_ids(self.region, &ids).await?;
        let mark = |item: &PublicItem| {
            let row = rows.iter().find(|r| r.id == item.id)?;
            // What has ended says so itself.
            if row.category != Category::Normative.key() || row.ended_on.is_some() {
                return None;
            }
            let c =
                covering(&closed, &tree, row.unit, row.in_force_on.unwrap_or(row.made_on).max(row.made_on))?;
            let listed = cleaned.contains(&(row.id, c.id.to_string()));
            Some(CleanupMark { cleanup: c.id, title: c.title.clone(), on: c.closed_on?, listed })
        };
        Ok(items.iter().map(mark).collect())
    }
}
