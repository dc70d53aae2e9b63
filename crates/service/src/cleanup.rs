//! 规范性文件清理: a clean-up lists what is in force, each unit says what becomes of its documents, and with the closing
//! that is done to the documents in the same transaction and published as 立改废释清单.
//!
//! Nothing of a clean-up is public before it is closed, and of a closed one only the documents that are public themselves.

mod public;

pub use public::{CleanupMark, PublicCleanup, PublicConclusion, RESULT_COLUMNS};

use crate::context::{Context, Permission};
use crate::document::{Documents, line_findings};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, docket, recorded};
use crate::unit::{Tree, id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::cleanup::{CleanupEvent, Conclusion, Kind, Listed, Standing};
use law::docket::document::{Category, DocumentEvent};
use std::collections::{BTreeMap, BTreeSet};
use store::{CleanupFilter, CleanupRow, DocumentFilter, DocumentRow, Region, Tx};
use uuid::Uuid;

/// Documents of one clean-up: one transaction closes them all.
const MOST: i64 = 2_000;

/// The register of clean-ups.
#[derive(Debug, Clone, Copy)]
pub struct Cleanups;

impl Register for Cleanups {
    const KIND: &'static str = "cleanup";
    const NAME: &'static str = "清理工作";
    type Event = CleanupEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<CleanupEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &CleanupEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &CleanupEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.unit).ok()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_cleanup(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none_or(|b| b.unit != after.unit) {
                named_unit(tx, place.region, &after.unit, "组织清理的机关").await?;
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_cleanup(region, id).await })
    }
}

/// The derived row.
pub(crate) fn row(place: Place, s: &Standing) -> CleanupRow {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    CleanupRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        title: s.title.clone(),
        kind: s.kind.key().to_owned(),
        below: s.below,
        up_to: s.up_to,
        deadline: s.deadline,
        opened_on: s.opened_on,
        closed_on: s.closed.as_ref().map(|(on, _)| *on),
        total: count(s.items.len()),
        concluded: count(s.items.iter().filter(|i| i.conclusion.is_some()).count()),
        version: i64::from(place.version),
    }
}

/// A clean-up to be begun.
#[derive(Debug, Clone)]
pub struct NewCleanup {
    /// The unit that organises it.
    pub unit: Uuid,
    /// 名称
    pub title: String,
    /// 专项清理 or 定期清理
    pub kind: Kind,
    /// 依据
    pub basis: String,
    /// Whether documents of the units below are looked at too.
    pub below: bool,
    /// Documents made up to this day.
    pub up_to: Date,
    /// The last day for conclusions.
    pub deadline: Date,
}

/// A clean-up as an officer sees it.
#[derive(Debug, Clone)]
pub struct CleanupView {
    /// Number of entries of the docket.
    pub version: u32,
    /// Where it stands; only with the documents of units within reach.
    pub standing: Standing,
    /// Whether it is the actor's to close.
    pub own: bool,
}

/// The units of which documents are looked at.
fn scope(tree: &Tree, unit: Uuid, below: bool) -> Vec<Uuid> {
    if !below {
        return vec![unit];
    }
    tree.0.iter().map(|u| u.id).filter(|id| tree.within(*id, unit)).collect()
}

async fn in_scope(tx: &mut Tx, region: Region, new: &NewCleanup) -> Result<Vec<Listed>> {
    let tree = Tree::read(tx, region).await?;
    let filter = DocumentFilter {
        units: Some(scope(&tree, new.unit, new.below)),
        category: Some(Category::Normative.key().to_owned()),
        in_force_on: Some(new.up_to),
        ..DocumentFilter::default()
    };
    let mut rows = tx.documents(region, &filter, None, MOST + 1).await?;
    if rows.len() as i64 > MOST {
        let text = format!("范围内的文件超过{MOST}件，请分机关开展清理");
        return Err(Error::refused("too-many", text, ""));
    }
    // In force that day, and not ended since.
    rows.retain(|row| row.made_on <= new.up_to && row.ended_on.is_none());
    rows.reverse();
    let listed = |row: DocumentRow| Listed {
        document: row.id.to_string(),
        unit: row.unit.to_string(),
        title: row.title,
        number: row.number,
        made_on: row.made_on,
    };
    Ok(rows.into_iter().map(listed).collect())
}

/// Everybody will read it.
fn must_hold_no_personal_data(said: &[(&str, &str)], today: Date) -> Result<()> {
    for (what, text) in said {
        if let Some(found) = line_findings(text, today).first() {
            let text = format!("{what}中有疑似{}，公布前请删去", found.what.label());
            return Err(Error::refused("personal-data", text, "条例第十五条"));
        }
    }
    Ok(())
}

impl Service {
    /// Begins a clean-up of the normative documents that are in force.
    pub async fn open_cleanup(&self, mut ctx: Context, on: Date, new: NewCleanup) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        must_hold_no_personal_data(&[("名称", &new.title), ("依据", &new.basis)], ctx.today())?;
        let id = ctx.new_id();
        self.verb(ctx, "open-cleanup", move |mut work| {
            Box::pin(async move {
                work.must_reach(new.unit).await?;
                let documents = in_scope(work.tx, work.region, &new).await?;
                let opened = CleanupEvent::Opened {
                    unit: new.unit.to_string(),
                    title: new.title,
                    kind: new.kind,
                    basis: new.basis,
                    below: new.below,
                    up_to: new.up_to,
                    deadline: new.deadline,
                    documents,
                };
                work.begin::<Cleanups>(id, vec![Change::event(on, opened)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Says what becomes of documents of a clean-up: all of them or none. Each unit says it of its own.
    ///
    /// # Errors
    /// The refusals of the docket; the documents must be of units within reach.
    pub async fn conclude_cleanup(
        &self,
        ctx: Context,
        id: Uuid,
        on: Date,
        documents: Vec<Uuid>,
        (conclusion, reason): (Conclusion, String),
    ) -> Result<()> {
        ctx.actor.must(Permission::EditRegisters)?;
        if documents.is_empty() {
            return Err(Error::refused("nothing-chosen", "请选择文件", ""));
        }
        self.verb(ctx, "conclude-cleanup", move |mut work| {
            Box::pin(async move {
                let history = work.docket::<Cleanups>(id).await?;
                let mut version = u32::try_from(history.len()).unwrap_or(u32::MAX);
                let standing = Cleanups::fold(&recorded(&history)).ok_or_else(gone)?;
                let units: BTreeMap<&str, &str> = standing
                    .items
                    .iter()
                    .map(|i| (i.listed.document.as_str(), i.listed.unit.as_str()))
                    .collect();
                for document in documents.into_iter().collect::<BTreeSet<_>>() {
                    let document = document.to_string();
                    if let Some(unit) = units.get(document.as_str()).and_then(|u| Uuid::parse_str(u).ok()) {
                        work.must_reach(unit).await?;
                    }
                    let event = CleanupEvent::Concluded { document, conclusion, reason: reason.clone() };
                    version = work.change::<Cleanups>(id, version, Change::event(on, event)).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Publishes the result: what was concluded is recorded on every document in the same transaction, with the document
    /// that publishes it as the cause.
    ///
    /// # Errors
    /// The refusals of the docket and of the documents; one that has ended meanwhile must be concluded so.
    pub async fn close_cleanup(
        &self,
        ctx: Context,
        (id, version): (Uuid, u32),
        on: Date,
        by: String,
    ) -> Result<()> {
        ctx.actor.must(Permission::EditRegisters)?;
        must_hold_no_personal_data(&[("公布清理结果的文件", &by)], ctx.today())?;
        self.verb(ctx, "close-cleanup", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Cleanups>(id).await?;
                let event = CleanupEvent::Closed { by: by.clone() };
                work.change::<Cleanups>(id, version, Change::event(on, event)).await?;
                let history = work.docket::<Cleanups>(id).await?;
                let standing = Cleanups::fold(&recorded(&history)).ok_or_else(gone)?;
                for item in &standing.items {
                    let (Ok(document), Some((conclusion, ..))) =
                        (Uuid::parse_str(&item.listed.document), &item.conclusion)
                    else {
                        continue;
                    };
                    let Some(row) = work.tx.document(work.region, document).await? else { continue };
                    if row.ended_on.is_some() {
                        if conclusion.ends() {
                            continue;
                        }
                        let text =
                            format!("《{}》在清理期间已经废止或者失效，请改正清理结论后再公布", row.title);
                        return Err(Error::refused("ended-meanwhile", text, ""));
                    }
                    // The list must not call valid what every page calls over.
                    if let Some(until) = row.valid_until.filter(|until| *until < on && !conclusion.ends()) {
                        let text = format!(
                            "《{}》的有效期至{until}，已经届满：请先登记延长后的有效期，或者将清理结论改为失效",
                            row.title
                        );
                        return Err(Error::refused("expired", text, ""));
                    }
                    let said = DocumentEvent::CleanedUp {
                        cleanup: id.to_string(),
                        by: by.clone(),
                        conclusion: *conclusion,
                    };
                    let version = u32::try_from(row.version).unwrap_or_default();
                    work.change::<Documents>(document, version, Change::event(on, said)).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// Clean-ups, the latest begun first: those of units within reach, and those that look at documents of such units.
    pub async fn cleanups(&self, ctx: &Context, page: Page) -> Result<Vec<CleanupRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let rows = tx.cleanups(self.region, &CleanupFilter::default(), page.after, page.limit).await?;
        let Some(reach) = self.within_reach(&mut tx, ctx, None).await? else { return Ok(rows) };
        let tree = Tree::read(&mut tx, self.region).await?;
        let concerns =
            |row: &CleanupRow| scope(&tree, row.unit, row.below).iter().any(|unit| reach.contains(unit));
        Ok(rows.into_iter().filter(concerns).collect())
    }

    /// A clean-up with the documents of units within reach.
    pub async fn cleanup_view(&self, ctx: &Context, id: Uuid) -> Result<CleanupView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Cleanups>(&mut tx, self.region, id).await?;
        let mut standing = Cleanups::fold(&recorded(&history)).ok_or_else(gone)?;
        let version = u32::try_from(history.len()).unwrap_or(u32::MAX);
        let Some(reach) = self.within_reach(&mut tx, ctx, None).await? else {
            return Ok(CleanupView { version, standing, own: true });
        };
        let mine = |unit: &str| Uuid::parse_str(unit).is_ok_and(|unit| reach.contains(&unit));
        let own = mine(&standing.unit);
        standing.items.retain(|i| mine(&i.listed.unit));
        if !own && standing.items.is_empty() {
            return Err(gone());
        }
        Ok(CleanupView { version, standing, own })
    }

    /// Documents within reach that wait for their conclusion.
    pub async fn cleanup_conclusions_owed(&self, ctx: &Context) -> Result<usize> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let open = CleanupFilter { open: true, ..CleanupFilter::default() };
        let rows = self.look().await?.cleanups(self.region, &open, None, MOST).await?;
        let mut owed = 0;
        for row in rows {
            match self.cleanup_view(ctx, row.id).await {
                Ok(view) => owed += view.standing.open().count(),
                Err(Error::NotFound(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(owed)
    }
}

fn gone() -> Error {
    Error::NotFound("没有找到这项清理工作，请从清理列表重新打开".into())
}
