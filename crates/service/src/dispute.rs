//! Reconsideration and litigation cases (行政复议、行政诉讼) about disclosure.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View};
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::dispute::{DisputeEvent, Outcomes, Standing};
use law::docket::{Recorded, Tally};
use store::{DisputeFilter, DisputeRow, Region, Tx};
use uuid::Uuid;

/// The register of disputes.
#[derive(Debug, Clone, Copy)]
pub struct Disputes;

impl Register for Disputes {
    const KIND: &'static str = "dispute";
    const NAME: &'static str = "复议诉讼案件";
    type Event = DisputeEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<DisputeEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &DisputeEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &DisputeEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.unit).ok()
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
        Box::pin(async move { tx.put_dispute(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none_or(|b| b.unit != after.unit) {
                named_unit(tx, place.region, &after.unit, "被申请人或者被告机关").await?;
            }
            if let Some(request) =
                after.request.as_ref().filter(|_| before.is_none_or(|b| b.request != after.request))
            {
                let found = match Uuid::parse_str(request) {
                    Ok(id) => tx.request(place.region, id).await?,
                    Err(_) => None,
                };
                if found.is_none() {
                    return Err(Error::NotFound("没有找到所关联的申请，请核对申请编号".into()));
                }
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_dispute(region, id).await })
    }
}

/// The derived row of a dispute.
pub(crate) fn row(place: Place, s: &Standing) -> DisputeRow {
    DisputeRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        request: id_of(&s.request),
        block: s.block.key().to_owned(),
        number: s.number.clone(),
        filed_on: s.filed_on,
        decided_on: s.closed_on,
        outcome: s.outcome.map(|o| o.key().to_owned()),
        outcome_group: s.outcome.map(|o| Outcomes::builtin().column(o).key().to_owned()),
        body: s.body.clone(),
        version: i64::from(place.version),
    }
}

impl Service {
    /// Registers a case; `event` is the filing.
    pub async fn file_dispute(&self, ctx: Context, on: Date, event: DisputeEvent) -> Result<Uuid> {
        self.begin_docket::<Disputes>(ctx, "file-dispute", (on, event)).await
    }

    /// Records what happened to a case, or a correction.
    pub async fn change_dispute(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DisputeEvent>,
    ) -> Result<u32> {
        self.change_docket::<Disputes>(ctx, "change-dispute", (id, version), change).await
    }

    /// Cases the actor may see, newest first.
    pub async fn disputes(
        &self,
        ctx: &Context,
        mut filter: DisputeFilter,
        page: Page,
    ) -> Result<Vec<DisputeRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.disputes(self.region, &filter, page.after, page.limit).await?)
    }

    /// A case with its history.
    pub async fn dispute_view(&self, ctx: &Context, id: Uuid) -> Result<View<Disputes>> {
        self.view_docket::<Disputes>(ctx, id).await
    }
}
