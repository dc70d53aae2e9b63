//! The tallies of the units of a report: kept as they change, or as they stood at an earlier instant.

use crate::error::Result;
use crate::register::{Register, decode, recorded};
use crate::unit::Tree;
use crate::{dispute::Disputes, document::Documents, figure::YearFigures, request::Requests};
use jiff::Timestamp;
use law::docket::Recorded;
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

/// The dockets with entries recorded after an instant, for a report as of that instant.
pub(crate) struct Later {
    at: Timestamp,
    dockets: Vec<(String, Uuid)>,
}

impl Later {
    /// Those recorded after `as_of`, if an instant is named.
    pub(crate) async fn read(tx: &mut Tx, region: Region, as_of: Option<Timestamp>) -> Result<Option<Later>> {
        let Some(at) = as_of else { return Ok(None) };
        let dockets = tx.subjects_after(region, at).await?.into_iter().map(|s| (s.kind, s.id)).collect();
        Ok(Some(Later { at, dockets }))
    }

    /// Those of one kind.
    pub(crate) fn of<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = Uuid> + 'a {
        self.dockets.iter().filter(move |(k, _)| k == kind).map(|(_, id)| *id)
    }

    /// What was known of a docket at the instant.
    pub(crate) async fn known<R: Register>(
        &self,
        tx: &mut Tx,
        region: Region,
        id: Uuid,
    ) -> Result<Vec<Recorded<R::Event>>> {
        Ok(recorded(&decode::<R::Event>(self.until(&tx.docket(region, id).await?))?))
    }

    fn until<'a>(&self, entries: &'a [Entry]) -> &'a [Entry] {
        &entries[..entries.iter().take_while(|e| e.recorded_at <= self.at).count()]
    }
}

/// The ledger of these units up to the end of a year: of everything recorded, or of what was recorded by `as_of`. Of
/// earlier years than the last but one it holds the stocks.
///
/// The kept tallies cost the same however many dockets there are. For an earlier instant, only the dockets with later
/// entries are folded again and the difference is taken off.
pub(crate) async fn ledger(
    tx: &mut Tx,
    region: Region,
    units: &[Uuid],
    through: i16,
    later: Option<&Later>,
) -> Result<Ledger> {
    let mut ledger = Ledger::default();
    let stocks: Vec<String> = law::form::count::stock_keys().iter().cloned().collect();
    // The year before is compared with.
    for tally in tx.tallies(region, units, through - 1..=through, &stocks).await? {
        ledger.add(tally.year, &tally.key, tally.n);
    }
    if let Some(later) = later {
        for (kind, id) in &later.dockets {
            let undo = match kind.as_str() {
                Requests::KIND => difference::<Requests>,
                Documents::KIND => difference::<Documents>,
                Disputes::KIND => difference::<Disputes>,
                YearFigures::KIND => difference::<YearFigures>,
                _ => continue,
            };
            let entries = tx.docket(region, *id).await?;
            undo(&entries, later, units, &mut ledger)?;
        }
    }
    Ok(ledger)
}

/// Takes off what a docket contributes now and adds what it contributed then.
fn difference<R: Register>(
    entries: &[Entry],
    later: &Later,
    units: &[Uuid],
    ledger: &mut Ledger,
) -> Result<()> {
    let now = recorded(&decode::<R::Event>(entries)?);
    let known = later.until(entries).len();
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
