//! What a government's report adds up: its own registers and the reports it accepted.

use super::ReportAsk;
use crate::error::Result;
use crate::ledger::{Later, ledger};
use crate::register::{decode, recorded};
use crate::unit::Tree;
use jiff::Timestamp;
use law::docket::report_filing::{FilingEvent, Round, Stage, Standing};
use law::form::Form;
use law::form::consolidation::{Consolidation, Member, Missing};
use std::collections::HashMap;
use store::{Region, ReportFilingFilter, ReportFilingRow, Tx};
use uuid::Uuid;

/// Filings of one year to one body at most.
pub(super) const MOST: i64 = 10_000;

/// Filings of these units for a year as they stood at an instant, by unit.
pub(super) async fn standings(
    tx: &mut Tx,
    region: Region,
    rows: &[ReportFilingRow],
    as_of: Option<Timestamp>,
) -> Result<HashMap<Uuid, Standing>> {
    let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
    let entries = tx.dockets(region, &ids).await?;
    let mut found = HashMap::new();
    for docket in entries.chunk_by(|a, b| a.subject == b.subject) {
        let mut history = decode::<FilingEvent>(docket)?;
        history.retain(|h| as_of.is_none_or(|at| h.at <= at));
        if let (Some(standing), Some(first)) = (Standing::of(&recorded(&history)), docket.first()) {
            found.insert(first.subject, standing);
        }
    }
    Ok(rows.iter().filter_map(|r| Some((r.unit, found.remove(&r.id)?))).collect())
}

/// The rows of the filings of these units for a year.
pub(super) async fn rows(
    tx: &mut Tx,
    region: Region,
    units: &[Uuid],
    year: i16,
) -> Result<Vec<ReportFilingRow>> {
    let filter =
        ReportFilingFilter { units: Some(units.to_vec()), year: Some(year), ..ReportFilingFilter::default() };
    Ok(tx.report_filings(region, &filter, None, MOST).await?)
}

/// What the report of a government adds up.
pub(crate) async fn of(
    tx: &mut Tx,
    region: Region,
    tree: &Tree,
    ask: &ReportAsk,
    later: Option<&Later>,
) -> Result<Consolidation> {
    let form = Form::for_year(ask.year)?;
    let own = tree.with_predecessors(ask.unit, ask.year);
    let own = form.count(&ledger(tx, region, &own, ask.year, later).await?, ask.year);
    let units = tree.members(ask.unit, ask.year);
    let rows = rows(tx, region, &units, ask.year).await?;
    let mut filings = standings(tx, region, &rows, ask.as_of).await?;
    let mut sum = Consolidation { own, ..Consolidation::default() };
    for unit in units {
        let name = tree.get(unit)?.short_name.clone();
        let filed = filings.remove(&unit).filter(|f| f.into == ask.unit.to_string());
        let id = rows.iter().find(|r| r.unit == unit).map(|r| r.id.to_string()).unwrap_or_default();
        match filed.as_ref().and_then(|f| Some((f, f.accepted()?))) {
            Some((filing, round)) => sum.members.push(member(unit, name, id, filing, round)),
            None => sum.missing.push(Missing {
                unit: unit.to_string(),
                name,
                reason: filed.filter(|f| f.stage == Stage::Excused).and_then(|f| f.excuse),
            }),
        }
    }
    Ok(sum)
}

fn member(unit: Uuid, name: String, filing: String, standing: &Standing, round: &Round) -> Member {
    Member {
        unit: unit.to_string(),
        name,
        filing,
        round: u32::try_from(standing.rounds.len()).unwrap_or(u32::MAX),
        form: round.report.form.clone(),
        year: standing.year,
        figures: round.report.figures.clone(),
    }
}
