//! 历史公文: what was imported with its day of publication and is not public here yet, because something has to be settled
//! first.

use super::Documents;
use super::class::IMPORT_WAITING;
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::Result;
use crate::register::Register;
use jiff::civil::Date;
use law::docket::Recorded;
use law::docket::document::{DocumentEvent, Standing};
use std::collections::BTreeMap;
use store::{ClassRow, DocumentRow};
use uuid::Uuid;

/// Documents that are listed at once; the others follow when these are settled.
pub const MOST_WAITING: usize = 500;

/// A document that waits.
#[derive(Debug, Clone)]
pub struct WaitingImport {
    /// The document.
    pub row: DocumentRow,
    /// The day on which it was published, as its list says.
    pub published_on: Date,
}

/// Where a document stands that begins with these events.
pub(crate) fn as_begun(events: &[(Date, DocumentEvent)]) -> Option<Standing> {
    let docket: Vec<Recorded<DocumentEvent>> =
        (1..).zip(events).map(|(n, (on, event))| Recorded::new(n, *on, event.clone())).collect();
    Documents::fold(&docket)
}

impl Service {
    /// Imported documents within reach that were published elsewhere and are not public here, the longest published first; at
    /// most [`MOST_WAITING`] and one more.
    pub async fn waiting_imports(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
    ) -> Result<Vec<WaitingImport>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let (last, most) = (Date::MAX.to_string(), i64::try_from(MOST_WAITING + 1).unwrap_or(i64::MAX));
        let found = tx.classes_up_to(self.region, IMPORT_WAITING, units.as_deref(), &last, most).await?;
        let ids: Vec<Uuid> = found.iter().map(|c| c.document).collect();
        let mut rows: BTreeMap<Uuid, DocumentRow> =
            tx.documents_with_ids(self.region, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let waiting = |c: &ClassRow| {
            Some(WaitingImport { row: rows.remove(&c.document)?, published_on: c.key.parse().ok()? })
        };
        Ok(found.iter().filter_map(waiting).collect())
    }
}
