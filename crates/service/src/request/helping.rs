//! Units that work on a request of another (承办、协办): which they are, what they see of it, and what they may record.
//!
//! They see what is asked for, what they are asked to do and by when: not who asks, whom else the agency consults, or what
//! it means to decide (个人信息保护法第六条: no more than the purpose needs).

use super::Requests;
use crate::error::Result;
use crate::reach::Sight;
use crate::register::{Change, View};
use crate::unit::id_of;
use law::docket::request::{Consulted, RequestEvent, Standing};
use uuid::Uuid;

/// The units that work on it and have an account of their own here.
pub(super) fn units(standing: &Standing) -> Vec<Uuid> {
    let mut units: Vec<Uuid> =
        standing.helpers().into_iter().filter_map(|unit| id_of(&Some(unit.to_owned()))).collect();
    units.sort_unstable();
    units.dedup();
    units
}

/// Refuses what a unit that only helps may not record: it answers for itself, and whoever handles records its search.
pub(super) fn may_record(sight: Sight, change: &Change<RequestEvent>) -> Result<()> {
    let Sight::Helping(own) = sight else { return Ok(()) };
    match &change.event {
        Some(RequestEvent::AssistanceAnswered { unit, .. })
            if change.corrects.is_none() && names(unit, own) =>
        {
            Ok(())
        }
        Some(RequestEvent::Searched { .. }) if change.corrects.is_none() => Ok(()),
        _ => sight.must_be_whole(),
    }
}

fn names(text: &str, unit: Uuid) -> bool {
    id_of(&Some(text.to_owned())) == Some(unit)
}

/// The request as it is seen: whole, or what its helper needs. Version and due date are those of the whole docket.
pub(super) fn shown(sight: Sight, mut view: View<Requests>) -> View<Requests> {
    let Sight::Helping(own) = sight else { return view };
    if let Some(s) = &mut view.standing {
        s.applicant = None;
        s.proposal = None;
        s.links.clear();
        s.letters.clear();
        // A ticket's number leads to whoever called.
        s.handed_in = None;
        s.handed_out.clear();
        s.assistance.retain(|a| names(&a.unit, own));
        for c in &mut s.consultations {
            c.party = match c.whom {
                Consulted::ThirdParty => "第三方",
                Consulted::JointAgency => "共同制作机关",
                Consulted::OtherAgency => "其他机关",
            }
            .to_owned();
        }
    }
    let concerns = |event: &RequestEvent| match event {
        RequestEvent::Arrived { .. } | RequestEvent::Registered { .. } | RequestEvent::Searched { .. } => {
            true
        }
        RequestEvent::Assigned { unit, .. }
        | RequestEvent::Assisted { unit, .. }
        | RequestEvent::AssistanceAnswered { unit, .. }
        | RequestEvent::Chased { unit, .. } => names(unit, own),
        _ => false,
    };
    let kept: Vec<u32> = view
        .history
        .iter()
        .filter(|h| h.recorded.event.as_ref().is_some_and(concerns))
        .map(|h| h.recorded.ordinal)
        .collect();
    view.history.retain(|h| {
        // What corrects or voids an entry goes with it.
        kept.contains(&h.recorded.corrects.unwrap_or(h.recorded.ordinal))
            && h.recorded.event.as_ref().is_none_or(concerns)
    });
    for h in &mut view.history {
        if let Some(RequestEvent::Arrived { applicant, .. }) = &mut h.recorded.event {
            *applicant = None;
        }
    }
    view
}
