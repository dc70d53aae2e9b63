//! Official documents (公文): made, disclosed, in force, amended, repealed, lapsed.

mod check;
mod class;
mod consistency;
mod content;
mod draft;
mod filing;
mod imported;
mod interpretation;
mod public;
mod publication;
mod review;
mod schedule;
mod validity;

pub use check::Finding;
pub(crate) use check::{Eye, found_before, line_findings};
pub(crate) use class::{
    CLEANED, COLUMN, ENTRY, GENRE, PUBLISHED_BEFORE, SUBJECT_CLASS, VALID_UNTIL, rows as class_rows,
};
pub use content::{Annex, AtFile, LONGEST_BODY};
pub(crate) use content::{Annexed, is_shown};
pub use draft::{ContentOwner, DocumentDrafts};
pub(crate) use draft::{must_have_owner, row as draft_row};
pub use filing::FilingDuty;
pub(crate) use imported::as_begun;
pub use imported::{MOST_WAITING, WaitingImport};
pub use interpretation::{InterpretationDuty, InterpretationYear, Linked};
pub(crate) use interpretation::{neighbours, non_text};
pub use public::force;
pub use public::{AtAddress, PAGE as PUBLIC_PAGE, PublicAsk, PublicDocument, PublicItem};
pub(crate) use public::{everything_public, item};
pub use publication::{PublicationDuty, TRANSFER_COLUMNS};
pub use review::{AttributeReviewDone, AttributeReviewDuty, AttributeReviewYear, REVIEW_COLUMNS};
pub use schedule::{ScheduleRound, ScheduledDocument};
pub use validity::Ending;

use crate::catalogue::must_be_entries;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View};
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::document::{DisclosureAttribute, DocumentEvent, Standing, Validity};
use law::docket::{Recorded, Tally};
use law::{Due, Refusal};
use store::{DocumentFilter, DocumentRow, Region, Tx};
use uuid::Uuid;

/// The register of official documents.
#[derive(Debug, Clone, Copy)]
pub struct Documents;

impl Register for Documents {
    const KIND: &'static str = "document";
    const NAME: &'static str = "公文记录";
    type Event = DocumentEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<DocumentEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &DocumentEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &DocumentEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.counted_by).ok()
    }

    fn due(standing: &Standing, calendar: &Calendar) -> Option<Due> {
        law::clock::term_due("publication", standing.publish_due_from()?, calendar).ok()
    }

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move {
            let row = row(place, s);
            tx.put_document(place.region, &row).await?;
            tx.put_classes(place.region, place.id, &class::rows(&row, s)).await
        })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none_or(|b| b.counted_by != after.counted_by) {
                named_unit(tx, place.region, &after.counted_by, "登记公文的机关").await?;
            }
            if before.is_none_or(|b| b.maker != after.maker) {
                named_unit(tx, place.region, &after.maker, "制作公文的机关").await?;
            }
            if before.is_none_or(|b| b.interprets != after.interprets) {
                interpretation::must_name_documents(tx, place.region, after).await?;
            }
            if before
                .is_none_or(|b| b.classification != after.classification || b.counted_by != after.counted_by)
                && let Some(id) = id_of(&Some(after.counted_by.clone()))
                && let Some(unit) = tx.unit(place.region, id).await?
            {
                class::must_fit(&after.classification, &unit)?;
            }
            if before.is_none_or(|b| b.entries != after.entries) {
                must_be_entries(tx, place.region, &after.entries).await?;
            }
            if before.is_none_or(|b| b.relays != after.relays)
                && let Some(last) = after.relays.last()
            {
                let channel = match id_of(&Some(last.channel.clone())) {
                    Some(id) => tx.channel(place.region, id).await?,
                    None => None,
                };
                if channel.is_none() {
                    let text = "没有找到这个发布渠道，请从列表中选择";
                    return Err(Error::refused("channel-unknown", text, ""));
                }
            }
            // Voided and entered again, its number may have been given to another one meanwhile.
            if let Some(number) = &after.number
                && let Some(other) = tx.document_by_number(place.region, number).await?
                && other.id != place.id
            {
                return Err(Error::refused(
                    "number-taken",
                    format!("发文字号“{number}”已经登记过，请核对发文字号"),
                    "",
                ));
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_document(region, id).await })
    }
}

/// The derived row of a document.
pub(crate) fn row(place: Place, s: &Standing) -> DocumentRow {
    DocumentRow {
        id: place.id,
        unit: id_of(&Some(s.counted_by.clone())).unwrap_or_default(),
        maker: s.maker.clone(),
        category: s.category.key().to_owned(),
        title: s.title.clone(),
        number: s.number.clone(),
        index_number: s.index_number.clone(),
        attribute: s.attribute.key().to_owned(),
        made_on: s.made_on,
        disclosed_on: s.published_on(),
        in_force_on: s.in_force_on,
        ended_on: s.ended_on,
        ending: match s.validity {
            Some(Validity::Repealed) => Some("repealed".to_owned()),
            Some(Validity::Lapsed) => Some("lapsed".to_owned()),
            _ => None,
        },
        amended_on: s.amended_on,
        // Taken down and published again, it is public.
        withdrawn_on: s.withdrawn_on.filter(|_| !s.public),
        url: s.url.clone(),
        version: i64::from(place.version),
        valid_until: s.valid_until.filter(|_| s.ended_on.is_none()),
        first_disclosed_on: s.first_published_on(),
    }
}

/// Whether everybody may read a document: its attribute is 主动公开, it was disclosed, and it was not taken down. The one
/// predicate of public visibility.
pub fn is_public(row: &DocumentRow) -> bool {
    row.attribute == DisclosureAttribute::Proactive.key()
        && row.disclosed_on.is_some()
        && row.withdrawn_on.is_none()
}

impl Service {
    /// Registers a document; `event` is the making.
    pub async fn make_document(&self, ctx: Context, on: Date, event: DocumentEvent) -> Result<Uuid> {
        self.begin_docket::<Documents>(ctx, "make-document", (on, event)).await
    }

    /// Records what happened to a document, or a correction. What makes it public makes its text and attachments public too.
    ///
    /// # Errors
    /// Also what the check before publication finds in what everybody would read.
    pub async fn change_document(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DocumentEvent>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        if matches!(change.event, Some(DocumentEvent::Settled { .. })) {
            return Err(Error::Invalid("请在“公开前检查”中说明可以公开的理由".into()));
        }
        if matches!(change.event, Some(DocumentEvent::CleanedUp { .. })) {
            return Err(Error::Invalid("清理结论随清理结果的公布登记，请到“规范性文件清理”办理".into()));
        }
        if matches!(change.event, Some(DocumentEvent::Imported(_))) {
            return Err(Error::Invalid("导入来源在批量导入时登记，不能另行填写".into()));
        }
        if let (Some(DocumentEvent::Scheduled { at }), None) = (&change.event, change.corrects) {
            let at = *at;
            return self.schedule_publication(ctx, (id, version), at, Vec::new()).await;
        }
        Self::must_not_touch_the_schedule(&change)?;
        let publishes = self.change_must_pass_the_check(&ctx, id, &change).await?;
        self.verb(ctx, "change-document", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Documents>(id).await?;
                work.must_reach_the_named(id, change.event.as_ref()).await?;
                if matches!(change.event, Some(DocumentEvent::Disclosed { .. })) {
                    work.must_not_wait_for_its_consultation(id).await?;
                }
                let (event, corrects) = (change.event.clone(), change.corrects.is_some());
                // What a correction takes down was public until today, whatever the day of the entry it replaces.
                let on = if corrects { work.ctx.today() } else { change.on };
                let was_public = work.tx.document(work.region, id).await?.is_some_and(|row| is_public(&row));
                let mut version = work.change::<Documents>(id, version, change).await?;
                if corrects {
                    version = work.call_off_what_is_past(id, version).await?;
                }
                if was_public {
                    work.keep_interpretations_explained(id, on, event.as_ref()).await?;
                }
                if let Some(looked_at) = publishes {
                    work.must_explain_something_still(id).await?;
                    work.publish_files(id, &looked_at).await?;
                }
                Ok(version)
            })
        })
        .await
    }

    /// Documents the actor may see, newest first.
    pub async fn documents(
        &self,
        ctx: &Context,
        mut filter: DocumentFilter,
        page: Page,
    ) -> Result<Vec<DocumentRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.documents(self.region, &filter, page.after, page.limit).await?)
    }

    /// A document with its history and the day it must be public.
    pub async fn document_view(&self, ctx: &Context, id: Uuid) -> Result<View<Documents>> {
        self.view_docket::<Documents>(ctx, id).await
    }
}
