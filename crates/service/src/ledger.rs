//! The tallies of the units of a report: kept as they change, or as they stood at an earlier instant.

use crate::error::Result;
use crate::register::{Register, decode, recorded};
use crate::unit::Tree;
use crate::{dispute::Disputes, document::Documents, figure::YearFigures, request::Requests};
use jiff::Timestamp;
use law::docket::report::Scope;
use law::form::count::Ledger;
use store::{Entry, Region, Tx};
use uuid::Uuid;

/// The units a report adds up: an office's own report and the government's are different reports (条例 art. 49).
pub(crate) fn units_of(tree: &Tree, unit: Uuid, year: i16, scope: Scope) -> Vec<Uuid> {
    match scope {
        Scope::Own => tree.with_predecessors(unit, year),
        Scope::Government => tree.consolidated(unit, year),
    }
}

/// The ledger of these units: of everything recorded, or of what was recorded by `as_of`.
///
/// The kept tallies cost the same however many dockets there are. For an earlier instant, only the dockets with later
/// entries are folded again and the difference is taken off.
pub(crate) async fn ledger(
    tx: &mut Tx,
    region: Region,
    units: &[Uuid],
    through: i16,
    as_of: Option<Timestamp>,
) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    for (_, year, key, n) in tx.tallies(region, units, through).await? {
        ledger.add(year, &key, n);
    }
    if let Some(at) = as_of {
        for changed in tx.subjects_after(region, at).await? {
            let undo = match changed.kind.as_str() {
                Requests::KIND => difference::<Requests>,
                Documents::KIND => difference::<Documents>,
                Disputes::KIND => difference::<Disputes>,
                YearFigures::KIND => difference::<YearFigures>,
                _ => continue,
            };
            let entries = tx.docket(region, changed.id).await?;
            undo(&entries, at, units, &mut ledger)?;
        }
    }
    Ok(ledger)
}

/// Takes off what a docket contributes now and adds what it contributed at `at`.
fn difference<R: Register>(entries: &[Entry], at: Timestamp, units: &[Uuid], ledger: &mut Ledger) -> Result<()> {
    let now = recorded(&decode::<R::Event>(entries)?);
    let known = entries.iter().take_while(|e| e.recorded_at <= at).count();
    for (docket, sign) in [(&now[..], -1), (&now[..known], 1)] {
        let Some(standing) = R::fold(docket) else { continue };
        if R::unit(&standing).is_some_and(|u| units.contains(&u)) {
            for tally in R::tallies(&standing) {
                ledger.add(tally.year, &tally.key, sign * tally.n);
            }
        }
    }
    Ok(())
}
