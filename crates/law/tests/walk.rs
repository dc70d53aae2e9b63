//! Random lives of a request: whatever the rules let through, the figures stay sound.
#![allow(clippy::unwrap_used, missing_docs)]

use jiff::ToSpan;
use law::applicant::ApplicantClass;
use law::calendar::Calendar;
use law::decision::Decision;
use law::docket::Recorded;
use law::docket::request::{
    Consulted, Draft, Opinion, ProactiveOutcome, ReasonsOutcome, RequestEvent, ServiceMethod, Standing,
    SuggestedBy, Ticket, TicketSystem,
};
use law::fee::Basis;
use law::receipt::Channel;
use law::retention::Retention;
use law::review::Step;
use law::{Amount, Date, date};
use proptest::prelude::*;

fn arrival(channel: Channel) -> RequestEvent {
    RequestEvent::Arrived {
        channel,
        addressee: "office".to_owned(),
        counted_by: "office".to_owned(),
        class: ApplicantClass::OtherOrg,
        subject: "某文件".to_owned(),
        applicant: None,
        wanted: Default::default(),
    }
}

fn event(choice: usize, on: Date) -> RequestEvent {
    let later = on.checked_add(12.days()).unwrap();
    let text = || "某".to_owned();
    let numbered = |decision| RequestEvent::Decided { decision, number: text(), reasons: text() };
    match choice {
        0 => RequestEvent::Confirmed { evidence: text() },
        1 => RequestEvent::Registered { number: text() },
        2 => RequestEvent::CorrectionNoticed { items: vec![text()], reply_by: later },
        3 => RequestEvent::CorrectionReceived,
        4 => RequestEvent::ReasonsAsked { reply_by: later },
        // None: judged in a step of its own; the others are entries from before there was one.
        5 => RequestEvent::ReasonsReceived {
            reasonable: [None, Some(true), Some(false)][usize::try_from(on.day() % 3).unwrap()],
        },
        6 => RequestEvent::Deferred { until: later, reason: text() },
        7 => RequestEvent::Assigned { unit: text(), until: None },
        8 => RequestEvent::Searched { note: text() },
        9 => RequestEvent::ConsultationSent { consultation: 1, whom: Consulted::ThirdParty, party: text() },
        10 => RequestEvent::ConsultationSent { consultation: 2, whom: Consulted::OtherAgency, party: text() },
        11 => RequestEvent::ConsultationDelivered { consultation: 1 },
        12 => RequestEvent::ConsultationClosed { consultation: 1, opinion: Opinion::Silent },
        13 => RequestEvent::ConsultationClosed { consultation: 2, opinion: Opinion::Objects },
        14 => RequestEvent::Extended { days: 20, approved_by: text(), reason: text() },
        15 => RequestEvent::FeeNoticed { basis: Basis::PerPage, count: 31, yuan: 10 },
        16 => RequestEvent::FeePaid,
        17 => RequestEvent::Served { method: ServiceMethod::Post, evidence: text() },
        18 => RequestEvent::Withdrawn,
        19 => RequestEvent::Archived { file_number: text(), retention: Some(Retention::Years10) },
        20 => RequestEvent::Reopened { dispute: text(), until: later },
        21 => RequestEvent::SuggestedProactive {
            by: SuggestedBy::ALL[usize::from(on.day() % 2 == 0)],
            note: text(),
        },
        22 => RequestEvent::ExtensionConsented { days: 20, reason: text() },
        23 => drafted(Decision::ALL[usize::try_from(on.day()).unwrap() % Decision::ALL.len()]),
        24 => RequestEvent::Reviewed { step: Step::Secrecy, passed: on.day() % 3 > 0, opinion: text() },
        25 | 26 => RequestEvent::Reviewed { step: Step::Signing, passed: true, opinion: String::new() },
        27 => RequestEvent::Merged { into: text() },
        28 => RequestEvent::Split { subject: text(), into: vec![text()] },
        29 => RequestEvent::Assisted { unit: text(), until: later, matter: text() },
        30 => RequestEvent::AssistanceAnswered { unit: text(), note: text() },
        31 => RequestEvent::ProactiveReviewed {
            outcome: ProactiveOutcome::Published,
            document: Some(text()),
            reason: String::new(),
        },
        32 => RequestEvent::ProactiveReviewed {
            outcome: ProactiveOutcome::Unsuitable,
            document: None,
            reason: text(),
        },
        33 => RequestEvent::ReasonsJudged {
            outcome: ReasonsOutcome::Deferred,
            until: Some(later),
            opinion: text(),
        },
        34 => RequestEvent::ReasonsJudged {
            outcome: ReasonsOutcome::Unreasonable,
            until: None,
            opinion: text(),
        },
        35 => RequestEvent::HandedIn(ticket()),
        36 => RequestEvent::HandedOut(ticket()),
        37 => RequestEvent::Appraised { keep: None, opinion: text() },
        38 => RequestEvent::Destroyed { supervisor: text(), list: text() },
        39 => RequestEvent::Noted { text: text(), watchers: vec![text()] },
        other => numbered(Decision::ALL[other % Decision::ALL.len()]),
    }
}

fn ticket() -> Ticket {
    Ticket { system: TicketSystem::Hotline, number: "某".to_owned(), note: String::new() }
}

fn drafted(decision: Decision) -> RequestEvent {
    let text = || "依据第三十六条".to_owned();
    let draft = Draft {
        decision,
        facts: text(),
        basis: vec![text()],
        reasons: text(),
        disclosed: Vec::new(),
        withheld: Vec::new(),
        provided: text(),
        attachments: Vec::new(),
    };
    RequestEvent::Drafted { draft, chain: vec![Step::Secrecy, Step::Signing] }
}

fn check(standing: &Standing, calendar: &Calendar, on: Date) {
    let sum = |prefix: &str| -> i64 {
        let flows = standing.tallies().into_iter().filter(|t| t.key.starts_with(prefix));
        Amount::from_micros(flows.map(|t| t.n).sum()).as_whole().unwrap()
    };
    let (received, open, result) = (sum("request.received."), sum("request.open."), sum("request.result."));
    assert_eq!(received, i64::from(standing.received_on.is_some()));
    // What came in is open or has exactly one result.
    assert_eq!(received, open + result);
    assert!(open >= 0 && result >= 0);
    assert_eq!(standing.finished_on.is_some(), standing.row.is_some());
    if standing.finished_on.is_none() && !standing.correction_pending() && !standing.fee_pending() {
        let due = standing.due(calendar, on);
        assert_eq!(
            due.is_some(),
            standing.received_on.is_some(),
            "a running request has a date: {standing:#?}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]
    #[test]
    fn what_the_rules_let_through_adds_up(
        channel in 0usize..Channel::ALL.len(),
        steps in prop::collection::vec((0usize..63, 0i64..12), 1..80),
    ) {
        let calendar = Calendar::builtin();
        let mut on = date(2023, 11, 20);
        let mut docket = vec![Recorded::new(1, on, arrival(Channel::ALL[channel]))];
        for (choice, days) in steps {
            on = on.checked_add(days.days()).unwrap();
            let standing = Standing::of(&docket).unwrap();
            let event = event(choice, on);
            if standing.may(&event, on, calendar).is_empty() {
                prop_assert!(standing.allowed(on, calendar).contains(&event.kind()));
                let before = standing.tallies();
                let reopening = matches!(event, RequestEvent::Reopened { .. });
                docket.push(Recorded::new(docket.len() as u32 + 1, on, event));
                let after = Standing::of(&docket).unwrap();
                check(&after, calendar, on);
                if reopening {
                    prop_assert_eq!(before, after.tallies());
                }
            }
        }
    }
}
