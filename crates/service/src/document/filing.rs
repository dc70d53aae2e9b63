//! 备案: which published rules and normative documents of a year were reported, in time or late, and which are owed.

use super::class::{FILED, TO_FILE};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::Result;
use jiff::civil::Date;
use law::Due;
use law::docket::document::{Category, filing_due};
use std::collections::BTreeMap;
use store::DocumentRow;
use uuid::Uuid;

/// Duties of a year that are listed; no unit publishes as many.
const MOST: i64 = 5_000;

/// A published document that is to be reported.
#[derive(Debug, Clone)]
pub struct FilingDuty {
    /// The document.
    pub row: DocumentRow,
    /// The day it was first published.
    pub published_on: Date,
    /// The day it was reported.
    pub filed_on: Option<Date>,
    /// The last day in time.
    pub due: Option<Due>,
}

impl FilingDuty {
    /// Whether it was reported after its last day.
    pub fn late(&self) -> bool {
        self.due.as_ref().zip(self.filed_on).is_some_and(|(due, on)| on > due.on)
    }

    /// Whether it is not reported and its last day is over.
    pub fn overdue(&self, today: Date) -> bool {
        self.filed_on.is_none() && self.due.as_ref().is_some_and(|due| due.on < today)
    }
}

impl Service {
    /// The public rules and normative documents first published in a year, within the actor's reach, the latest first, each
    /// with its report. Normative documents are reported within `days`.
    pub async fn filing_year(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
        year: i16,
        days: u32,
    ) -> Result<Vec<FilingDuty>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let to_file = tx.classes_published_in(self.region, TO_FILE, units.as_deref(), year, MOST).await?;
        let filed = tx.classes_published_in(self.region, FILED, units.as_deref(), year, MOST).await?;
        let filed: BTreeMap<Uuid, Date> =
            filed.into_iter().filter_map(|c| Some((c.document, c.key.parse().ok()?))).collect();
        let ids: Vec<Uuid> = to_file.iter().map(|c| c.document).collect();
        let rows = tx.documents_with_ids(self.region, &ids).await?;
        let mut rows: BTreeMap<Uuid, DocumentRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let duty = |c: store::ClassRow| {
            let (row, published_on) = (rows.remove(&c.document)?, c.published_on?);
            let due = filing_due(Category::parse(&c.key)?, published_on, days, &self.calendar);
            Some(FilingDuty { row, published_on, filed_on: filed.get(&c.document).copied(), due })
        };
        Ok(to_file.into_iter().filter_map(duty).collect())
    }

    /// How many of the documents published this year and the last wait to be reported.
    pub async fn filings_owed(&self, ctx: &Context, days: u32) -> Result<usize> {
        let mut owed = 0;
        for year in [ctx.today().year() - 1, ctx.today().year()] {
            let found = self.filing_year(ctx, None, year, days).await?;
            owed += found.iter().filter(|d| d.filed_on.is_none()).count();
        }
        Ok(owed)
    }
}
