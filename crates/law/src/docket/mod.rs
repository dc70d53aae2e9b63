//! Dockets (卷宗): the sequence of events of one subject, folded into its standing.
//!
//! A docket is a list of [`Recorded`] events in the order they were entered. [`in_force`] applies corrections: a
//! correcting entry names the ordinal of the entry it corrects and either replaces or voids it; the replacement
//! stands at the place of what it corrects. Each register's module folds the events in force into its standing and
//! says which [`Tally`] flows the docket contributes to the annual report. Nothing else decides these.
//!
//! To add a register's docket: one file here with its event enum, its fold and its `tallies`, and one line below.

pub mod catalogue;
pub mod channel;
pub mod cleanup;
pub mod consultation;
pub mod dispute;
pub mod document;
pub mod document_draft;
pub mod figure;
pub mod file;
pub mod interpretation;
pub mod message;
pub mod opinion;
pub mod record_correction;
pub mod report;
pub mod report_filing;
pub mod report_inspection;
pub mod request;
pub mod subscription;
pub mod unit;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One event of a docket as the journal holds it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded<E> {
    /// Position in the docket, from 1.
    pub ordinal: u32,
    /// The legal date of the fact.
    pub effective_on: Date,
    /// The ordinal this entry corrects, if it is a correction.
    pub corrects: Option<u32>,
    /// What happened; `None` only in a correction that voids.
    pub event: Option<E>,
}

impl<E> Recorded<E> {
    /// An ordinary event.
    pub fn new(ordinal: u32, effective_on: Date, event: E) -> Self {
        Recorded { ordinal, effective_on, corrects: None, event: Some(event) }
    }
}

/// An event in force, after corrections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InForce<'a, E> {
    /// Ordinal of the place it stands at.
    pub ordinal: u32,
    /// The legal date of the fact.
    pub on: Date,
    /// What happened.
    pub event: &'a E,
}

/// The events in force: corrections applied, voided ones left out, in the order of their places.
///
/// A correction of a correction corrects the same place. A correction that names a later or unknown ordinal is
/// ignored here; services refuse it before it is recorded.
pub fn in_force<E>(docket: &[Recorded<E>]) -> Vec<InForce<'_, E>> {
    let mut places: Vec<(u32, Option<(Date, &E)>)> = Vec::with_capacity(docket.len());
    let mut place_of: Vec<(u32, usize)> = Vec::new();
    for entry in docket {
        let content = entry.event.as_ref().map(|e| (entry.effective_on, e));
        match entry.corrects {
            None => {
                place_of.push((entry.ordinal, places.len()));
                places.push((entry.ordinal, content));
            }
            Some(target) => {
                if let Some(&(_, at)) = place_of.iter().find(|(o, _)| *o == target) {
                    places[at].1 = content;
                    place_of.push((entry.ordinal, at));
                }
            }
        }
    }
    places
        .into_iter()
        .filter_map(|(ordinal, c)| c.map(|(on, event)| InForce { ordinal, on, event }))
        .collect()
}

/// A flow that a docket contributes to one unit's figures of one year, in millionths ([`crate::Amount::micros`]).
///
/// Forms and facts are linear over tallies: a cell is either the flow of its year or a stock, the sum of flows up to
/// the end of a year. Counting a docket again after a change is a difference of two lists of tallies, so a report
/// costs the same after ten million events as after ten.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Tally {
    /// The year of the legal date.
    pub year: i16,
    /// Key, for example `request.received.natural_person`.
    pub key: Cow<'static, str>,
    /// How much, in millionths.
    pub n: i64,
}

impl Tally {
    /// One of `key` in `year`.
    pub fn one(year: i16, key: impl Into<Cow<'static, str>>) -> Self {
        Tally { year, key: key.into(), n: crate::Amount::whole(1).micros() }
    }

    /// One less of `key` in `year`.
    pub fn minus_one(year: i16, key: impl Into<Cow<'static, str>>) -> Self {
        Tally { year, key: key.into(), n: -crate::Amount::whole(1).micros() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn entry(ordinal: u32, corrects: Option<u32>, event: Option<&'static str>) -> Recorded<&'static str> {
        Recorded { ordinal, effective_on: date(2020, 1, ordinal as i8), corrects, event }
    }

    #[test]
    fn a_correction_takes_the_place_of_what_it_corrects() {
        let docket = [
            entry(1, None, Some("a")),
            entry(2, None, Some("b")),
            entry(3, Some(1), Some("A")),
            entry(4, Some(2), None),
            entry(5, Some(3), Some("AA")),
            entry(6, Some(9), Some("nobody")),
        ];
        let now = in_force(&docket);
        assert_eq!(now.iter().map(|e| (e.ordinal, *e.event)).collect::<Vec<_>>(), [(1, "AA")]);
        assert_eq!(now[0].on, date(2020, 1, 5));
    }
}
