//! 有效期: which normative documents end soon, and which are over without anybody having said so.

use super::class::VALID_UNTIL;
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::Result;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::document::REVIEW_MONTHS;
use std::collections::BTreeMap;
use store::{ClassRow, DocumentRow};
use uuid::Uuid;

/// Documents that are listed; no region has as many that end within half a year.
const MOST: i64 = 2_000;

/// A document whose validity ends.
#[derive(Debug, Clone)]
pub struct Ending {
    /// The document.
    pub row: DocumentRow,
    /// The last day on which it is valid.
    pub until: Date,
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
    pub async fn validity_ending(&self, ctx: &Context, units: Option<Vec<Uuid>>) -> Result<Vec<Ending>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let last = horizon(ctx.today()).to_string();
        let found = tx.classes_up_to(self.region, VALID_UNTIL, units.as_deref(), &last, MOST).await?;
        let ids: Vec<Uuid> = found.iter().map(|c| c.document).collect();
        let mut rows: BTreeMap<Uuid, DocumentRow> =
            tx.documents_with_ids(self.region, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let ending =
            |c: &ClassRow| Some(Ending { row: rows.remove(&c.document)?, until: c.key.parse().ok()? });
        Ok(found.iter().filter_map(ending).collect())
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
