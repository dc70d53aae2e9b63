//! 有效期: which normative documents end soon, and which are over without anybody having said so.

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::document::{REVIEW_MONTHS, Standing};
use store::{Region, Tx, ValidityRow};
use uuid::Uuid;

/// Documents that are listed; no region has as many that end within half a year.
const MOST: i64 = 2_000;

/// Writes until when a document is valid.
pub(super) async fn put(tx: &mut Tx, region: Region, id: Uuid, s: &Standing) -> store::Result<()> {
    if s.valid_until.is_some() {
        tx.put_validity_period(region, id, s.valid_until).await?;
    }
    Ok(())
}

/// Takes away what a correction has voided.
pub(super) async fn forget(
    tx: &mut Tx,
    region: Region,
    id: Uuid,
    (before, after): (&Standing, &Standing),
) -> store::Result<()> {
    if before.valid_until.is_some() && after.valid_until.is_none() {
        tx.put_validity_period(region, id, None).await?;
    }
    Ok(())
}

/// The last day of what is to be evaluated by now: its validity ends within [`REVIEW_MONTHS`].
fn horizon(today: Date) -> Date {
    // The day six months before the end is reckoned from the end: a month's last days fall together.
    (0..4)
        .filter_map(|more| today.checked_add(REVIEW_MONTHS.months().days(more)).ok())
        .filter(|until| until.checked_sub(REVIEW_MONTHS.months()).is_ok_and(|from| from <= today))
        .max()
        .unwrap_or(today)
}

impl Service {
    /// Documents within reach that have not ended and whose validity ends within [`REVIEW_MONTHS`] or is over, the earliest
    /// first.
    pub async fn validity_ending(&self, ctx: &Context, units: Option<Vec<Uuid>>) -> Result<Vec<ValidityRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        Ok(tx.validity_ending(self.region, units.as_deref(), horizon(ctx.today()), MOST).await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_horizon_is_half_a_year_reckoned_from_the_end() {
        for (today, last) in [
            (date(2025, 2, 27), date(2025, 8, 27)),
            (date(2025, 2, 28), date(2025, 8, 31)),
            (date(2024, 2, 29), date(2024, 8, 31)),
            (date(2025, 6, 30), date(2025, 12, 31)),
            (date(2025, 8, 31), date(2026, 2, 28)),
        ] {
            assert_eq!(horizon(today), last, "{today}");
        }
    }
}
