use super::super::{DisclosureAttribute, DocumentEvent};
use super::*;
use crate::docket::Recorded;
use jiff::civil::{date, datetime};

fn made(category: Category, attribute: DisclosureAttribute) -> (Date, DocumentEvent) {
    let made = DocumentEvent::Made {
        counted_by: "office".into(),
        maker: "office".into(),
        category,
        title: "示例县样例办法".into(),
        number: None,
        index_number: None,
        attribute,
        reason: Some("属于内部事务信息，条例第十六条第一款".into()),
    };
    (date(2020, 3, 31), made)
}

fn proactive() -> (Date, DocumentEvent) {
    made(Category::Normative, DisclosureAttribute::Proactive)
}

fn at(month: i8, day: i8) -> DateTime {
    datetime(2020, month, day, 9, 0, 0, 0)
}

fn scheduled(month: i8, day: i8) -> DocumentEvent {
    DocumentEvent::Scheduled { at: at(month, day) }
}

fn disclosed() -> DocumentEvent {
    DocumentEvent::Disclosed { url: None }
}

fn docket(events: Vec<(Date, DocumentEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn the_last_day_of_the_term_is_the_last_that_can_be_set() {
    let calendar = Calendar::builtin();
    let s = docket(vec![proactive()]);
    let today = date(2020, 4, 1);
    // 4 to 6 April 2020 are holidays; 26 April is a make-up workday.
    assert_eq!(s.schedule_due(today, calendar).map(|d| d.on), Some(date(2020, 4, 28)));
    let late = |at, on| s.schedule_too_late(at, on, calendar).map(|no| no.code);
    assert_eq!(late(at(4, 27), today), None);
    assert_eq!(late(datetime(2020, 4, 28, 23, 59, 0, 0), today), None, "the last minute of the last day");
    assert_eq!(late(datetime(2020, 4, 29, 0, 0, 0, 0), today).as_deref(), Some("after-term"));
    assert_eq!(late(at(4, 28), date(2020, 4, 28)), None, "on the last day itself");
    assert_eq!(
        late(at(4, 29), date(2020, 4, 29)).as_deref(),
        Some("term-over"),
        "what is late waits no more"
    );
}

#[test]
fn what_became_proactive_later_has_its_term_from_then() {
    let calendar = Calendar::builtin();
    let opened = DocumentEvent::AttributeReviewed {
        attribute: DisclosureAttribute::Proactive,
        reason: "已经解密".into(),
        approved_by: "样例负责人".into(),
    };
    let held = made(Category::Normative, DisclosureAttribute::Withheld);
    let s = docket(vec![held, (date(2020, 12, 30), opened)]);
    let last = s.schedule_due(date(2020, 12, 31), calendar).map(|d| d.on);
    assert_eq!(last, Some(date(2021, 1, 28)), "over the new year");
}

#[test]
fn what_was_public_before_has_as_many_days_from_the_setting() {
    let calendar = Calendar::builtin();
    let down = DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    let s = docket(vec![proactive(), (date(2020, 4, 1), disclosed()), (date(2020, 6, 1), down)]);
    // 25 to 27 June 2020 are holidays; 28 June is a make-up workday.
    assert_eq!(s.schedule_due(date(2020, 6, 2), calendar).map(|d| d.on), Some(date(2020, 7, 1)));
    assert!(s.may(&scheduled(6, 3), date(2020, 6, 2)).is_empty());
}

#[test]
fn it_is_set_only_for_what_may_be_public() {
    let today = date(2020, 4, 1);
    let s = docket(vec![proactive()]);
    assert!(s.may(&scheduled(4, 1), today).is_empty(), "later the same day");
    assert_eq!(codes(&s.may(&scheduled(3, 31), today)), ["schedule-past"]);
    let second = DocumentEvent::Scheduled { at: datetime(2020, 4, 2, 9, 0, 1, 0) };
    assert_eq!(codes(&s.may(&second, today)), ["schedule-minute"]);
    for attribute in [DisclosureAttribute::OnRequest, DisclosureAttribute::Withheld] {
        let closed = docket(vec![made(Category::Normative, attribute)]);
        assert_eq!(codes(&closed.may(&scheduled(4, 2), today)), ["not-proactive"]);
    }
    let public = docket(vec![proactive(), (today, disclosed())]);
    assert_eq!(codes(&public.may(&scheduled(4, 2), today)), ["already-public"]);
    let alone = docket(vec![made(Category::Interpretation, DisclosureAttribute::Proactive)]);
    assert_eq!(codes(&alone.may(&scheduled(4, 2), today)), ["document-missing"]);
    let draft = docket(vec![made(Category::Consultation, DisclosureAttribute::Proactive)]);
    assert_eq!(codes(&draft.may(&scheduled(4, 2), today)), ["opens-with-consultation"]);
}

#[test]
fn it_is_set_anew_called_off_missed_or_done() {
    let today = date(2020, 4, 1);
    let cancelled = || DocumentEvent::ScheduleCancelled { reason: String::new() };
    let missed = || DocumentEvent::ScheduleMissed { why: "公开前检查有没有处理的内容".into() };
    let alone = docket(vec![proactive()]);
    assert_eq!(codes(&alone.may(&cancelled(), today)), ["not-scheduled"]);
    let set = vec![proactive(), (today, scheduled(4, 2))];
    let s = docket(set.clone());
    assert_eq!(
        (s.scheduled, s.public, s.disclosed_on),
        (Some(at(4, 2)), false, None),
        "nothing is public yet"
    );
    assert_eq!(s.publish_due_from(), Some(date(2020, 3, 31)), "its clock runs on");
    assert_eq!(codes(&s.may(&scheduled(4, 2), today)), ["unchanged"]);
    assert!(s.may(&scheduled(4, 3), today).is_empty());
    assert_eq!(codes(&s.may(&missed(), today)), ["not-scheduled"], "its day has not come");
    let then = |event, on| docket([set.clone(), vec![(on, event)]].concat());
    assert_eq!(then(scheduled(4, 3), today).scheduled, Some(at(4, 3)), "the later one holds");
    assert_eq!(then(cancelled(), today).scheduled, None);
    // The process was down over the day that was set.
    let public = then(disclosed(), date(2020, 4, 7));
    assert_eq!((public.scheduled, public.disclosed_on), (None, Some(date(2020, 4, 7))), "the real day");
    let over = then(missed(), date(2020, 4, 2));
    assert_eq!((over.scheduled, over.public), (None, false));
    assert_eq!(over.missed.as_ref().map(|(on, _)| *on), Some(date(2020, 4, 2)));
    assert!(over.may(&cancelled(), date(2020, 4, 2)).is_empty(), "it can be settled otherwise");
    assert!(over.may(&scheduled(4, 3), date(2020, 4, 2)).is_empty());
    assert!(over.may(&disclosed(), date(2020, 4, 2)).is_empty());
}

#[test]
fn a_publication_entered_for_an_earlier_day_leaves_nothing_to_wait_for() {
    let s = docket(vec![proactive(), (date(2020, 4, 2), scheduled(4, 3)), (date(2020, 4, 1), disclosed())]);
    assert_eq!((s.public, s.scheduled), (true, None));
}

#[test]
fn it_counts_nowhere() {
    let set = docket(vec![proactive(), (date(2020, 4, 1), scheduled(4, 2))]);
    assert_eq!(set.tallies(), docket(vec![proactive()]).tallies());
}
