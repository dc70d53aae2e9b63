//! Yearly figures that no register here holds: entered with source, amount, unit and evidence.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View};
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::figure::{FigureEvent, Standing};
use law::docket::{Recorded, Tally};
use law::form::fact::Registry;
use store::{FigureFilter, FigureRow, Region, Tx};
use uuid::Uuid;

/// The register of yearly figures.
#[derive(Debug, Clone, Copy)]
pub struct YearFigures;

impl Register for YearFigures {
    const KIND: &'static str = "figure";
    const NAME: &'static str = "年度数据";
    type Event = FigureEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<FigureEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &FigureEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &FigureEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
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
        Box::pin(async move { tx.put_figure(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        _: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let unit = named_unit(tx, place.region, &after.unit, "数据所属的机关").await?;
            let filter = FigureFilter {
                units: Some(vec![unit]),
                year: Some(after.year),
                key: Some(after.key.clone()),
                standing: true,
            };
            let there = tx.figures(place.region, &filter, None, 2).await?;
            // Were one entered twice already, either may still be corrected in its place.
            if !there.is_empty() && there.iter().all(|f| f.id != place.id) {
                let label =
                    Registry::builtin().figure(&after.key).map_or(after.key.as_str(), |f| f.label.as_str());
                return Err(Error::refused(
                    "already-entered",
                    format!("该机关{}年的“{label}”已经填报，如需修改请更正原填报事项", after.year),
                    "",
                ));
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_figure(region, id).await })
    }
}

/// The derived row of a figure.
pub(crate) fn row(place: Place, s: &Standing) -> FigureRow {
    FigureRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        year: s.year,
        key: s.key.clone(),
        amount_micros: s.amount.micros(),
        measure: s.measure.clone(),
        source: s.source.clone(),
        evidence: s.evidence.clone().unwrap_or_default(),
        voided: false,
        version: i64::from(place.version),
    }
}

impl Service {
    /// Enters a figure; `on` is the date of the evidence.
    pub async fn enter_figure(&self, ctx: Context, on: Date, event: FigureEvent) -> Result<Uuid> {
        self.begin_docket::<YearFigures>(ctx, "enter-figure", (on, event)).await
    }

    /// Corrects or voids a figure.
    pub async fn change_figure(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<FigureEvent>,
    ) -> Result<u32> {
        self.change_docket::<YearFigures>(ctx, "change-figure", (id, version), change).await
    }

    /// Figures the actor may see, newest first.
    pub async fn figures(
        &self,
        ctx: &Context,
        mut filter: FigureFilter,
        page: Page<i16>,
    ) -> Result<Vec<FigureRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.figures(self.region, &filter, page.after, page.limit).await?)
    }

    /// A figure with its history.
    pub async fn figure_view(&self, ctx: &Context, id: Uuid) -> Result<View<YearFigures>> {
        self.view_docket::<YearFigures>(ctx, id).await
    }
}
