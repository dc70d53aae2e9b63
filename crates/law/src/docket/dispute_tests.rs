use super::*;
use jiff::civil::date;

fn filed(block: Block) -> DisputeEvent {
    DisputeEvent::Filed {
        unit: "office".into(),
        block,
        request: None,
        number: "示政复〔2020〕3号".into(),
        body: "示例县人民政府".into(),
    }
}

fn docket(events: Vec<(Date, DisputeEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn tally(s: &Standing) -> Vec<String> {
    s.tallies().into_iter().map(|t| format!("{} {} {:+}", t.year, t.key, t.n / 1_000_000)).collect()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

fn decided(outcome: Outcome) -> DisputeEvent {
    DisputeEvent::Decided { outcome, number: "示政复决〔2021〕1号".into() }
}

#[test]
fn a_case_filed_in_december_is_pending_and_its_result_counts_next_year() {
    let s = docket(vec![
        (date(2020, 12, 15), filed(Block::Reconsideration)),
        (date(2020, 12, 20), DisputeEvent::Accepted),
        (date(2020, 12, 28), DisputeEvent::AnswerServed),
        (date(2021, 2, 1), decided(Outcome::FoundUnlawful)),
    ]);
    assert_eq!(s.stage, Stage::Closed);
    assert_eq!(
        tally(&s),
        [
            "2020 dispute.reconsideration.open +1",
            "2021 dispute.reconsideration.open -1",
            "2021 dispute.reconsideration.corrected +1"
        ]
    );
    assert_eq!(codes(&s.may(&DisputeEvent::Withdrawn, date(2020, 12, 1))), ["closed", "date-order"]);
}

#[test]
fn a_withdrawn_suit_is_another_result() {
    let s = docket(vec![
        (date(2022, 3, 1), filed(Block::SuitAfterReconsideration)),
        (date(2022, 4, 1), DisputeEvent::Withdrawn),
    ]);
    assert_eq!(tally(&s)[2], "2022 dispute.suit_after_reconsideration.other +1");
}

#[test]
fn the_answer_is_due_from_receipt_of_the_copy() {
    let mut events = vec![(date(2022, 3, 1), filed(Block::Reconsideration))];
    assert_eq!(docket(events.clone()).answer_due_from(), None);
    events.push((date(2022, 3, 4), DisputeEvent::Accepted));
    let s = docket(events.clone());
    assert_eq!(s.answer_due_from(), Some(date(2022, 3, 4)));
    assert_eq!(codes(&s.may(&DisputeEvent::AnswerServed, date(2022, 3, 3))), ["date-order"]);
    assert_eq!(codes(&s.may(&DisputeEvent::Accepted, date(2022, 3, 5))), ["already-accepted"]);
    assert!(s.may(&DisputeEvent::AnswerServed, date(2022, 3, 4)).is_empty());
    events.push((date(2022, 3, 10), DisputeEvent::AnswerServed));
    assert_eq!(docket(events).answer_due_from(), None);
}

#[test]
fn a_court_does_not_reject_a_reconsideration_application() {
    let s = docket(vec![(date(2022, 3, 1), filed(Block::DirectSuit))]);
    assert_eq!(
        codes(&s.may(&decided(Outcome::ApplicationRejected), date(2022, 6, 1))),
        ["outcome-elsewhere"]
    );
    assert!(s.may(&decided(Outcome::SuitRejected), date(2022, 6, 1)).is_empty());
    assert_eq!(codes(&s.may(&DisputeEvent::AnswerServed, date(2022, 6, 1))), ["not-accepted"]);
    let DisputeEvent::Filed { block, .. } = filed(Block::DirectSuit) else { unreachable!() };
    let nobody = DisputeEvent::Filed {
        unit: String::new(),
        block,
        request: None,
        number: String::new(),
        body: String::new(),
    };
    assert_eq!(codes(&Standing::may_begin(&nobody, date(2022, 1, 1))), ["unit-missing", "body-missing"]);
    assert_eq!(codes(&Standing::may_begin(&DisputeEvent::Accepted, date(2022, 1, 1))), ["not-filed"]);
}

#[test]
fn every_outcome_has_a_line_with_its_label() {
    for outcome in Outcome::ALL {
        let rule = Outcomes::builtin().rule(outcome).unwrap();
        assert_eq!(rule.label, outcome.label());
        assert!(!rule.cite.is_empty() && !rule.forums.is_empty());
        assert_eq!(serde_json::to_value(outcome).unwrap(), outcome.key());
        assert_eq!(Outcome::parse(outcome.label()), Some(outcome));
    }
    let twice = format!("{0}\n{0}", include_str!("../../data/outcomes.toml"));
    assert!(Outcomes::parse(&twice).unwrap_err().to_string().contains("有2行"));
    assert!(Outcomes::parse("outcome = []").unwrap_err().to_string().contains("有0行"));
}

#[test]
fn blocks_are_those_of_the_form() {
    let form = crate::form::Form::for_year(2021).unwrap();
    let ids: Vec<&str> = form.disputes.iter().map(|b| b.id.as_str()).collect();
    assert_eq!(ids, Block::ALL.map(Block::key));
    for (def, block) in form.disputes.iter().zip(Block::ALL) {
        assert_eq!(def.label.last().unwrap(), block.label());
        assert_eq!(serde_json::to_value(block).unwrap(), block.key());
        assert_eq!(Block::parse(block.label()), Some(block));
    }
}

#[test]
fn another_mapping_counts_otherwise() {
    let text =
        include_str!("../../data/outcomes.toml").replacen("column = \"upheld\"", "column = \"other\"", 1);
    let s = docket(vec![
        (date(2022, 3, 1), filed(Block::Reconsideration)),
        (date(2022, 4, 1), decided(Outcome::Upheld)),
    ]);
    let keys: Vec<_> = s.tallies_by(&Outcomes::parse(&text).unwrap()).into_iter().map(|t| t.key).collect();
    assert_eq!(keys[2], "dispute.reconsideration.other");
    assert_eq!(s.tallies()[2].key, "dispute.reconsideration.upheld");
}
