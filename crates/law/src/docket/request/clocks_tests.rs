//! Several clocks on one case.

use super::*;
use crate::applicant::ApplicantClass;
use crate::docket::Recorded;
use crate::docket::request::{Opinion, RequestEvent as E};
use crate::fee::Basis;
use crate::receipt::Channel;
use jiff::civil::date;

/// A request of 5 February 2024 with what followed.
fn standing(channel: Channel, events: Vec<(Date, E)>) -> Standing {
    let arrived = E::Arrived {
        channel,
        addressee: "office".into(),
        counted_by: "office".into(),
        class: ApplicantClass::NaturalPerson,
        subject: "样本".into(),
        applicant: None,
        wanted: Default::default(),
    };
    let all = std::iter::once((date(2024, 2, 5), arrived)).chain(events);
    let docket: Vec<_> = (1..).zip(all).map(|(n, (on, e))| Recorded::new(n, on, e)).collect();
    Standing::of(&docket).unwrap()
}

fn ends(s: &Standing, as_of: Date, internal: u32) -> Vec<(ClockKind, Date, ByWhom)> {
    s.clocks(Calendar::builtin(), as_of, internal).into_iter().map(|c| (c.kind, c.due.on, c.by)).collect()
}

#[test]
fn a_request_by_the_internet_is_confirmed_on_its_day() {
    let s = standing(Channel::Internet, vec![]);
    let day = date(2024, 2, 5);
    assert_eq!(ends(&s, day, 5), [(ClockKind::Confirmation, day, ByWhom::Agency)]);
    let s = standing(Channel::Internet, vec![(day, E::Confirmed { evidence: String::new() })]);
    assert!(ends(&s, day, 0).iter().all(|c| c.0 != ClockKind::Confirmation));
}

#[test]
fn the_notice_of_correction_is_a_chance_that_ends_and_presses_nobody() {
    let s = standing(Channel::Counter, vec![]);
    let expected = [
        (ClockKind::CorrectionNotice, date(2024, 2, 20), ByWhom::Agency),
        (ClockKind::Reply, date(2024, 3, 8), ByWhom::Agency),
    ];
    assert_eq!(ends(&s, date(2024, 2, 20), 0), expected);
    assert_eq!(ends(&s, date(2024, 2, 21), 0), expected[1..]);
    let clocks = s.clocks(Calendar::builtin(), date(2024, 2, 19), 0);
    assert_eq!(nearest(&clocks).unwrap().kind, ClockKind::Reply);
}

#[test]
fn while_others_are_consulted_their_clock_runs_and_the_reply_stands_still() {
    let sent =
        E::ConsultationSent { consultation: 1, whom: Consulted::ThirdParty, party: "样本公司".into() };
    let delivered = E::ConsultationDelivered { consultation: 1 };
    let events = vec![(date(2024, 2, 21), sent), (date(2024, 2, 22), delivered)];
    let s = standing(Channel::Counter, events.clone());
    let clocks = s.clocks(Calendar::builtin(), date(2024, 3, 6), 0);
    let due = clock::third_party_due(date(2024, 2, 22), Calendar::builtin()).unwrap().on;
    let next = nearest(&clocks).unwrap();
    assert_eq!(
        (next.kind, next.number, next.due.on, next.by),
        (ClockKind::Opinion, 1, due, ByWhom::Consulted)
    );
    let reply = clocks.iter().find(|c| c.kind == ClockKind::Reply).unwrap();
    assert_eq!((reply.paused, reply.due.on), (true, date(2024, 3, 22)));

    let closed = E::ConsultationClosed { consultation: 1, opinion: Opinion::Consents };
    let s = standing(Channel::Counter, [events, vec![(date(2024, 3, 6), closed)]].concat());
    let clocks = s.clocks(Calendar::builtin(), date(2024, 3, 7), 0);
    assert_eq!(clocks.len(), 1);
    assert_eq!((clocks[0].paused, clocks[0].due.on), (false, date(2024, 3, 22)));
}

#[test]
fn an_agency_that_has_no_term_leaves_nothing_that_presses() {
    let sent =
        E::ConsultationSent { consultation: 1, whom: Consulted::OtherAgency, party: "样本局".into() };
    let delivered = E::ConsultationDelivered { consultation: 1 };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 21), sent), (date(2024, 2, 22), delivered)]);
    assert_eq!(nearest(&s.clocks(Calendar::builtin(), date(2024, 2, 26), 0)), None);
}

#[test]
fn what_the_applicant_must_do_is_the_applicants_clock() {
    let asked = E::CorrectionNoticed { items: vec!["文号".into()], reply_by: date(2024, 2, 28) };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 19), asked)]);
    let day = date(2024, 2, 20);
    assert_eq!(ends(&s, day, 5), [(ClockKind::Correction, date(2024, 2, 28), ByWhom::Applicant)]);
    let fee = E::FeeNoticed { basis: Basis::PerRequest, count: 11, yuan: 100 };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 19), fee)]);
    assert_eq!(ends(&s, day, 5), [(ClockKind::FeePayment, date(2024, 3, 18), ByWhom::Applicant)]);
    let reasons = E::ReasonsAsked { reply_by: date(2024, 2, 27) };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 19), reasons)]);
    assert_eq!(ends(&s, day, 5)[0], (ClockKind::Reasons, date(2024, 2, 27), ByWhom::Applicant));
}

#[test]
fn the_handling_unit_has_to_be_ready_earlier_than_the_reply_is_due() {
    let assigned = E::Assigned { unit: "bureau".into(), until: None };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 18), assigned)]);
    let day = date(2024, 2, 26);
    let handling = (ClockKind::Handling, date(2024, 3, 1), ByWhom::Handler);
    assert_eq!(ends(&s, day, 5), [handling, (ClockKind::Reply, date(2024, 3, 8), ByWhom::Agency)]);
    assert_eq!(ends(&s, day, 0).len(), 1);
    let own = E::Assigned { unit: "office".into(), until: None };
    let s = standing(Channel::Counter, vec![(date(2024, 2, 18), own)]);
    assert_eq!(ends(&s, day, 5).len(), 1, "the agency itself has the reply only");
}

#[test]
fn a_round_that_is_over_has_no_clocks() {
    let s = standing(Channel::Counter, vec![(date(2024, 2, 18), E::Withdrawn)]);
    assert!(s.is_over() && ends(&s, date(2024, 2, 18), 5).is_empty());
}

#[test]
fn a_moved_clock_says_from_when_to_when_and_why() {
    let moved = |from, from_provisional, to, to_provisional| Moved {
        clock: ClockKind::Reply,
        from,
        from_provisional,
        to,
        to_provisional,
    };
    let (a, b) = (date(2024, 3, 8), date(2024, 3, 11));
    let notice = ["国办发明电〔2023〕7号".to_owned()];
    assert_eq!(
        moved(a, true, b, false).sentence(&notice),
        "“答复申请人”的期限由2024年3月8日改为2024年3月11日，因为节假日安排已经公布或者调整（国办发明电〔2023〕7号）"
    );
    assert!(moved(a, true, a, false).sentence(&notice).contains("由暂定改为确定"));
    assert!(moved(a, false, a, true).sentence(&[]).contains("改为暂定，因为工作日历已经更新"));
    assert!(moved(b, false, a, true).sentence(&[]).contains("（暂定）"));
}

#[test]
fn keys_are_the_serialised_names() {
    for kind in ClockKind::ALL {
        assert_eq!(serde_json::to_value(kind).unwrap(), kind.key());
        assert_eq!(ClockKind::parse(kind.key()), Some(kind));
    }
}

/// The last day belongs to the applicant; the sentence names it, instead of telling who handles a lapse to handle a lapse.
#[test]
fn a_lapse_is_drafted_from_the_day_after_the_last() {
    let (told, last) = (date(2024, 2, 6), date(2024, 2, 20));
    let s = standing(
        Channel::Counter,
        vec![(told, E::CorrectionNoticed { items: vec!["请写明年度".into()], reply_by: last })],
    );
    let calendar = Calendar::builtin();
    let refused = |on: Date| {
        let mut all = s.allowed(on, calendar);
        all.retain(|m| *m == crate::docket::request::Move::Drafted);
        let draft = crate::docket::request::Draft {
            decision: crate::decision::Decision::OtherCorrectionLapsed,
            facts: String::new(),
            basis: vec!["条例第三十条".into()],
            reasons: String::new(),
            disclosed: vec![],
            withheld: vec![],
            provided: String::new(),
            attachments: vec![],
        };
        let said = s.may(&E::Drafted { draft, chain: vec![] }, on, calendar);
        let text = said.into_iter().find(|r| r.code == "clock-stopped").map(|r| r.text);
        (all.is_empty(), text)
    };
    let (hidden, text) = refused(last);
    assert!(hidden);
    assert_eq!(
        text.as_deref(),
        Some("申请人补正或者缴费的期限到2024年2月20日（含当日）为止，届满仍未办理的，从次日起才能按逾期拟办")
    );
    assert_eq!(refused(date(2024, 2, 21)), (false, None));
}
