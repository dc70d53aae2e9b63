use super::*;
use crate::letter::Letter;
use jiff::civil::date;

fn received() -> RecordCorrectionEvent {
    RecordCorrectionEvent::Received {
        unit: "office".into(),
        channel: Channel::Counter,
        class: ApplicantClass::NaturalPerson,
        applicant: None,
        record: "某登记表".into(),
        wrong: "年份应为2019年".into(),
        evidence: "原始档案复印件".into(),
    }
}

fn decided(outcome: Outcome, agency: &str, reason: &str) -> RecordCorrectionEvent {
    let (agency, facts, reason) = (agency.into(), "经核对原始档案".into(), reason.into());
    RecordCorrectionEvent::Decided { outcome, agency, facts, reason }
}

fn told() -> RecordCorrectionEvent {
    RecordCorrectionEvent::Told { method: ServiceMethod::Post, evidence: String::new() }
}

fn written(number: &str) -> RecordCorrectionEvent {
    RecordCorrectionEvent::Written(Written {
        letter: Letter::RecordCorrection,
        n: None,
        number: number.into(),
        record: "r".into(),
        digest: "d".into(),
        template: 0,
    })
}

/// The standing after these events, each allowed on its day of March 2024.
fn stand(events: &[(i8, RecordCorrectionEvent)]) -> Standing {
    let mut docket: Vec<Recorded<RecordCorrectionEvent>> = Vec::new();
    for (n, (on, event)) in (1..).zip(events) {
        let on = date(2024, 3, *on);
        let refusals = match Standing::of(&docket) {
            Some(s) => s.may(event, on),
            None => Standing::may_begin(event),
        };
        assert!(refusals.is_empty(), "{event:?}: {refusals:?}");
        docket.push(Recorded::new(n, on, event.clone()));
    }
    Standing::of(&docket).unwrap()
}

fn codes(refusals: Vec<Refusal>) -> Vec<String> {
    refusals.into_iter().map(|r| r.code).collect()
}

#[test]
fn keys_are_what_is_stored() {
    for outcome in Outcome::ALL {
        assert_eq!(Outcome::parse(outcome.key()), Some(outcome));
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.key());
        let event = decided(outcome, "", "");
        assert_eq!(serde_json::to_value(&event).unwrap()["type"], event.name().0);
    }
    for stage in Stage::ALL {
        assert_eq!(Stage::parse(stage.key()), Some(stage));
    }
}

#[test]
fn a_record_is_corrected_and_the_applicant_told() {
    let s = stand(&[
        (1, received()),
        (8, decided(Outcome::Corrected, "", "")),
        (8, written("某公更〔2024〕1号")),
        (11, told()),
    ]);
    assert_eq!((s.stage, s.told.map(|t| t.0)), (Stage::Told, Some(date(2024, 3, 11))));
    assert_eq!(codes(s.may(&told(), date(2024, 3, 12))), ["closed"]);
    assert_eq!(codes(s.may(&received(), date(2024, 3, 10))), ["closed", "date-order", "already-received"]);
}

#[test]
fn who_asks_says_what_is_wrong_and_proves_it() {
    let RecordCorrectionEvent::Received { unit, channel, class, .. } = received() else {
        panic!("a receipt")
    };
    let nothing = || String::new();
    let event = RecordCorrectionEvent::Received {
        unit,
        channel,
        class,
        applicant: None,
        record: nothing(),
        wrong: nothing(),
        evidence: nothing(),
    };
    assert_eq!(codes(Standing::may_begin(&event)), ["record-missing", "wrong-missing", "evidence-missing"]);
    assert_eq!(codes(Standing::may_begin(&told())), ["not-received"]);
}

#[test]
fn an_outcome_names_what_it_needs() {
    let s = stand(&[(4, received())]);
    let on = date(2024, 3, 5);
    for (event, expected) in [
        (decided(Outcome::Corrected, "", ""), vec![]),
        (decided(Outcome::Corrected, "某局", ""), vec!["agency-too-many"]),
        (decided(Outcome::NotCorrected, "", ""), vec!["reason-missing"]),
        (decided(Outcome::NotCorrected, "", "记录与档案一致"), vec![]),
        (decided(Outcome::Transferred, "", ""), vec!["agency-missing"]),
        (decided(Outcome::Redirected, "某局", ""), vec![]),
        (told(), vec!["not-decided"]),
        (written("1"), vec!["not-decided"]),
        (RecordCorrectionEvent::Withdrawn, vec![]),
    ] {
        assert_eq!(codes(s.may(&event, on)), expected, "{event:?}");
    }
    assert_eq!(codes(s.may(&RecordCorrectionEvent::Withdrawn, date(2024, 3, 1))), ["date-order"]);
}

#[test]
fn what_is_decided_is_decided_once_and_not_withdrawn() {
    let s = stand(&[(1, received()), (4, decided(Outcome::Transferred, "某局", ""))]);
    let on = date(2024, 3, 5);
    assert_eq!(s.stage, Stage::Decided);
    assert_eq!(codes(s.may(&decided(Outcome::Corrected, "", ""), on)), ["already-decided"]);
    assert_eq!(codes(s.may(&RecordCorrectionEvent::Withdrawn, on)), ["already-decided"]);
    assert_eq!(codes(s.may(&written(" "), on)), ["number-missing"]);
    let withdrawn = stand(&[(1, received()), (4, RecordCorrectionEvent::Withdrawn)]);
    assert_eq!(codes(withdrawn.may(&decided(Outcome::Corrected, "", ""), on)), ["closed"]);
    assert!(Outcome::Transferred.sentence("某局").contains("已经转送某局"));
}
