//! Official documents (公文): made, disclosed, in force, amended, repealed, lapsed.

use crate::{Page, Service};
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, docket, recorded};
use crate::unit::{Tree, id_of};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::document::{DocumentEvent, Standing, Validity};
use law::docket::{Recorded, Tally};
use law::{Due, Refusal, Step};
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

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(tx: &'a mut Tx, place: Place, s: &'a Standing, _: &'a Calendar) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_document(place.region, &row(place, s)).await })
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
        disclosed_on: s.disclosed_on,
        in_force_on: s.in_force_on,
        ended_on: s.ended_on,
        ending: match s.validity {
            Some(Validity::Repealed) => Some("repealed".to_owned()),
            Some(Validity::Lapsed) => Some("lapsed".to_owned()),
            _ => None,
        },
        amended_on: s.amended_on,
        withdrawn_on: s.withdrawn_on,
        url: s.url.clone(),
        version: i64::from(place.version),
    }
}

/// When a document must be public: 20 working days from its making or change (条例 art. 26).
fn publication_due(standing: &Standing, calendar: &Calendar) -> Option<Due> {
    let from = standing.publish_due_from()?;
    let term = law::term::on("publication", from).ok()?;
    let days = term.working_days()?;
    let (on, provisional) = calendar.add(from, days).ok()?;
    Some(Due {
        on,
        provisional,
        because: vec![
            Step::new(format!("公文形成或者变更之日为{from}"), "条例第二十六条"),
            Step::new(format!("自次日起算{}个工作日内公开", days), term.citation.clone()),
        ],
    })
}

impl Service {
    /// Registers a document; `event` is the making.
    pub async fn make_document(&self, mut ctx: Context, on: Date, event: DocumentEvent) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        self.verb(ctx, "make-document", move |mut work| {
            Box::pin(async move {
                if let DocumentEvent::Made { counted_by, maker, number, .. } = &event {
                    let unit = id_of(&Some(counted_by.clone()))
                        .ok_or_else(|| Error::Invalid("请选择登记公文的机关".into()))?;
                    work.must_reach(unit).await?;
                    let made_by = id_of(&Some(maker.clone()))
                        .ok_or_else(|| Error::Invalid("请选择制作公文的机关".into()))?;
                    Tree::read(work.tx, work.region).await?.get(made_by)?;
                    if let Some(number) = number
                        && work.tx.document_by_number(work.region, number).await?.is_some()
                    {
                        return Err(Error::refused(
                            "number-taken",
                            format!("发文字号“{number}”已经登记过，请核对发文字号"),
                            "",
                        ));
                    }
                }
                work.begin::<Documents>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Records what happened to a document, or a correction.
    pub async fn change_document(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DocumentEvent>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.verb(ctx, "change-document", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Documents>(id).await?;
                work.change::<Documents>(id, version, change).await
            })
        })
        .await
    }

    /// Documents the actor may see, newest first.
    pub async fn documents(&self, ctx: &Context, mut filter: DocumentFilter, page: Page) -> Result<Vec<DocumentRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.documents(self.region, &filter, page.after, page.limit).await?)
    }

    /// A document with its history and the day it must be public.
    pub async fn document_view(&self, ctx: &Context, id: Uuid) -> Result<View<Documents>> {
        let mut tx = self.look().await?;
        let history = docket::<Documents>(&mut tx, self.region, id).await?;
        let standing = Standing::of(&recorded(&history));
        self.must_see(&mut tx, ctx, standing.as_ref().and_then(Documents::unit)).await?;
        Ok(View {
            id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            due: standing.as_ref().and_then(|s| publication_due(s, &self.calendar)),
            standing,
            history,
        })
    }
}
