//! Requests of the same applicant: which there are, which number in the month a request has (国办函〔2020〕109号第四条), and
//! which ask for nearly the same (条例第三十六条第六项).

use super::Requests;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Work, docket};
use crate::{Region, Service};
use law::Date;
use store::{RequestRow, Tx};
use uuid::Uuid;

/// Requests of one applicant that are looked at: more is a matter of article 35, and known as such.
const MOST: i64 = 1_000;
/// From this likeness of the words on, two requests are shown as asking for nearly the same.
pub(super) const ALIKE: f32 = 0.6;

/// Another request of the same applicant.
#[derive(Debug, Clone, PartialEq)]
pub struct OfSame {
    /// It.
    pub row: RequestRow,
    /// Whether it asks for nearly the same.
    pub alike: bool,
}

/// The requests of an applicant, the latest registered first.
async fn of(tx: &mut Tx, region: Region, digest: &str) -> Result<Vec<RequestRow>> {
    let ids: Vec<Uuid> =
        tx.requests_of_applicant(region, digest, MOST).await?.into_iter().map(|a| a.request).collect();
    Ok(tx.requests_with_ids(region, &ids).await?)
}

fn same_month(a: Date, b: Date) -> bool {
    (a.year(), a.month()) == (b.year(), b.month())
}

impl Work<'_> {
    /// The requests of an applicant.
    pub(crate) async fn requests_of(&mut self, digest: &str) -> Result<Vec<RequestRow>> {
        of(self.tx, self.region, digest).await
    }

    /// Which request of its applicant in the month of its receipt this is, counted from 1; none where the applicant has
    /// stated no number.
    pub(super) async fn nth_of_month(&mut self, request: Uuid) -> Result<Option<u32>> {
        nth_of_month(self.tx, self.region, request).await
    }
}

async fn nth_of_month(tx: &mut Tx, region: Region, request: Uuid) -> Result<Option<u32>> {
    let Some(applicant) = tx.applicant(region, request).await? else { return Ok(None) };
    let Some(this) = tx.request(region, request).await? else { return Ok(None) };
    let Some(received) = this.received_on else { return Ok(None) };
    let rows = of(tx, region, &applicant.digest).await?;
    // The order in which they were received; of one day, in which they were registered.
    let before = rows.iter().filter(|r| {
        let on = r.received_on.filter(|on| same_month(*on, received));
        on.is_some_and(|on| (on, r.id) <= (received, this.id)) && r.addressee == this.addressee
    });
    Ok(u32::try_from(before.count()).ok().filter(|n| *n > 0))
}

impl Service {
    /// The other requests of the applicant with the same agencies the officer may see, the latest first. That they are of
    /// one person is personal data: it needs the permission.
    pub async fn of_same_applicant(&self, ctx: &Context, request: Uuid) -> Result<Vec<OfSame>> {
        ctx.actor.must(Permission::ReadPersonal)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.must_see_docket::<Requests>(&mut tx, ctx, &history).await?;
        let Some(applicant) = tx.applicant(self.region, request).await? else { return Ok(Vec::new()) };
        let none = || Error::NotFound("没有找到这份申请，请核对编号".into());
        let this = tx.request(self.region, request).await?.ok_or_else(none)?;
        let reach = self.within_reach(&mut tx, ctx, None).await?;
        let mut others = of(&mut tx, self.region, &applicant.digest).await?;
        others.retain(|r| r.id != request && reach.as_ref().is_none_or(|units| units.contains(&r.unit)));
        others.sort_by_key(|r| std::cmp::Reverse((r.arrived_on, r.id)));
        let alike = |r: &RequestRow| search::likeness(&r.subject, &this.subject) >= ALIKE;
        Ok(others.into_iter().map(|row| OfSame { alike: alike(&row), row }).collect())
    }

    /// Which request of its applicant in the month of its receipt this is, for the fee by request; none where that cannot
    /// be known.
    pub async fn nth_request_of_month(&self, ctx: &Context, request: Uuid) -> Result<Option<u32>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, request).await?;
        self.must_see_docket::<Requests>(&mut tx, ctx, &history).await?;
        nth_of_month(&mut tx, self.region, request).await
    }
}
