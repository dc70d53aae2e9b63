//! "Is it already there?" (条例 art. 36 no. 1): published items like what an applicant writes, ranked, and whether that
//! helped.
//!
//! The index is a read model in memory that follows the journal, so a keystroke costs no scan of a table. Whether an item is public is decided again when it is shown, from
//! its row, by the one predicate [`is_public`].

use crate::context::{Context, Permission};
use crate::document::is_public;
use crate::error::{Error, Result};
use crate::follow::{Since, since};
use crate::report::{scope_of, snapshot};
use crate::unit::Tree;
use crate::{Actor, Service};
use jiff::civil::Date;
use law::docket::report::Scope;
use search::Similar;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::sync::Arc;
use store::{DocumentFilter, Region, ReportFilter, SuggestionRow, Tx};
use tokio::sync::Mutex;
use uuid::Uuid;

/// Items shown at most.
pub const MOST_SUGGESTED: usize = 5;
/// Rows read at a time.
const PAGE: i64 = 5_000;

/// The index, shared by all clones of a service.
#[derive(Debug, Clone, Default)]
pub(crate) struct SuggestionIndex(Arc<Mutex<Kept>>);

#[derive(Debug, Default)]
struct Kept {
    titles: Similar,
    /// The last entry of the journal that was read; `None` before the first.
    seq: Option<i64>,
}

/// A published item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Its id.
    pub id: Uuid,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// Who published it.
    pub unit: String,
    /// Day of publication.
    pub on: Date,
    /// Where it can be read.
    pub place: Place,
}

/// Where a published item can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// On the page of the document.
    Document,
    /// An annual report on this site.
    Report {
        /// Code of the unit.
        unit: String,
        /// Report year.
        year: i16,
        /// 本机关 or 本级政府.
        scope: Scope,
    },
}

impl Place {
    /// The path of its page on the site; `id` is that of the item.
    pub fn path(&self, id: Uuid) -> String {
        match self {
            Place::Document => format!("/documents/{id}"),
            Place::Report { unit, year, scope: Scope::Own } => format!("/reports/{unit}/{year}"),
            Place::Report { unit, year, scope: Scope::Government } => {
                format!("/reports/{unit}/{year}/government")
            }
        }
    }
}

/// What is counted about suggestions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// Items were shown, once a form.
    Shown,
    /// One of them was opened.
    Opened,
    /// The request was submitted all the same, once a request.
    Asked,
    /// A request was submitted, and nothing had been suggested.
    AskedUnsuggested,
}

impl Noted {
    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Noted::Shown => "shown",
            Noted::Opened => "opened",
            Noted::Asked => "asked",
            Noted::AskedUnsuggested => "asked-unsuggested",
        }
    }
}

impl Kept {
    /// Brings the index up to the journal.
    async fn follow(&mut self, tx: &mut Tx, region: Region) -> Result<()> {
        let (now, changed) = since(tx, region, self.seq).await?;
        match changed {
            Since::Everything => self.build(tx, region).await?,
            Since::These(subjects) => self.catch_up(tx, region, subjects).await?,
        }
        self.seq = Some(now);
        Ok(())
    }

    async fn build(&mut self, tx: &mut Tx, region: Region) -> Result<()> {
        self.titles = Similar::default();
        let filter = DocumentFilter { public: true, ..DocumentFilter::default() };
        let mut after = None;
        loop {
            let rows = tx.documents(region, &filter, after, PAGE).await?;
            for row in rows.iter().filter(|r| is_public(r)) {
                self.titles.put(row.id.as_u128(), &row.title);
            }
            let Some(last) = rows.last().filter(|_| rows.len() as i64 == PAGE) else { break };
            after = Some(last.paging_key());
        }
        self.reports(tx, region).await
    }

    async fn reports(&mut self, tx: &mut Tx, region: Region) -> Result<()> {
        let filter = ReportFilter { published: true, ..ReportFilter::default() };
        for row in tx.reports(region, &filter, None, PAGE).await? {
            if let Some(snapshot) = snapshot(&row)? {
                self.titles.put(row.id.as_u128(), &snapshot.title);
            }
        }
        Ok(())
    }

    /// Reads again what was recorded since.
    async fn catch_up(
        &mut self,
        tx: &mut Tx,
        region: Region,
        subjects: BTreeSet<(String, Uuid)>,
    ) -> Result<()> {
        let reports = subjects.iter().any(|(kind, _)| kind == "report");
        for (_, id) in subjects.into_iter().filter(|(kind, _)| kind == "document") {
            match tx.document(region, id).await?.filter(is_public) {
                Some(row) => self.titles.put(id.as_u128(), &row.title),
                None => self.titles.remove(id.as_u128()),
            }
        }
        if reports { self.reports(tx, region).await } else { Ok(()) }
    }
}

/// The item with this id, if it is public.
async fn item(tx: &mut Tx, region: Region, tree: &Tree, id: Uuid) -> Result<Option<Suggestion>> {
    if let Some(row) = tx.document(region, id).await? {
        let Some(on) = row.disclosed_on.filter(|_| is_public(&row)) else { return Ok(None) };
        let maker = Uuid::parse_str(&row.maker).ok().and_then(|id| tree.get(id).ok());
        return Ok(Some(Suggestion {
            id,
            unit: maker.map(|u| u.name.clone()).unwrap_or_default(),
            title: row.title,
            number: row.number,
            on,
            place: Place::Document,
        }));
    }
    let Some(row) = tx.report(region, id).await? else { return Ok(None) };
    let (Some(snapshot), Some(on)) = (snapshot(&row)?, row.published_on) else { return Ok(None) };
    let unit = tree.get(row.unit)?;
    let place = Place::Report { unit: unit.code.clone(), year: row.year, scope: scope_of(&row.scope)? };
    let unit = unit.name.clone();
    Ok(Some(Suggestion { id, title: snapshot.title, number: None, unit, on, place }))
}

impl Service {
    /// Published items like what somebody writes, the most alike first; at most [`MOST_SUGGESTED`].
    pub async fn suggest(&self, said: &str) -> Result<Vec<Suggestion>> {
        let mut tx = self.look().await?;
        let near = {
            let mut kept = self.suggested.0.lock().await;
            kept.follow(&mut tx, self.region).await?;
            kept.titles.find(said, MOST_SUGGESTED)
        };
        if near.is_empty() {
            return Ok(Vec::new());
        }
        let tree = Tree::read(&mut tx, self.region).await?;
        let mut found = Vec::new();
        for n in near {
            found.extend(item(&mut tx, self.region, &tree, Uuid::from_u128(n.id)).await?);
        }
        Ok(found)
    }

    /// The published item with this id.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is none, or it is public no more.
    pub async fn published_item(&self, id: Uuid) -> Result<Suggestion> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let found = item(&mut tx, self.region, &tree, id).await?;
        found.ok_or_else(|| Error::NotFound("没有找到这份公开的信息，可能已经撤下".into()))
    }

    /// Counts what became of suggestions: by day and unit asked, without personal data. `unit` is none where no agency
    /// was chosen yet, or an unknown one.
    pub async fn note_suggestion(&self, mut ctx: Context, unit: Option<Uuid>, noted: Noted) -> Result<()> {
        ctx.actor = Actor::Anonymous;
        ctx.key = None;
        let today = ctx.today();
        self.verb(ctx, "note-suggestion", move |work| {
            Box::pin(async move {
                let known = match unit {
                    Some(unit) => work.tx.unit(work.region, unit).await?.map(|u| u.id),
                    None => None,
                };
                let unit = known.unwrap_or_default();
                Ok(work.tx.count_suggestion(work.region, unit, today, noted.key()).await?)
            })
        })
        .await
    }

    /// The counters of suggestions of some days, of the units within reach.
    ///
    /// # Errors
    /// The actor may not read the registers.
    pub async fn suggestion_counts(
        &self,
        ctx: &Context,
        days: RangeInclusive<Date>,
    ) -> Result<Vec<SuggestionRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        Ok(tx.suggestions(self.region, units.as_deref(), days).await?)
    }
}
