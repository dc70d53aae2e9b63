use super::super::{Category, DocumentEvent};
use super::*;
use crate::docket::Recorded;
use jiff::civil::date;

fn made(category: Category, attribute: DisclosureAttribute) -> (Date, DocumentEvent) {
    let made = DocumentEvent::Made {
        counted_by: "office".into(),
        maker: "office".into(),
        category,
        title: "示例县值班制度".into(),
        number: None,
        index_number: None,
        attribute,
        reason: Some("属于内部事务信息，条例第十六条第一款".into()),
    };
    (date(2020, 3, 31), made)
}

fn reviewed(to: DisclosureAttribute) -> DocumentEvent {
    DocumentEvent::AttributeReviewed {
        attribute: to,
        reason: "仍属内部事务信息，条例第十六条第一款".into(),
        approved_by: "样例负责人".into(),
    }
}

fn called(trigger: Trigger, by: Date) -> DocumentEvent {
    DocumentEvent::ReviewCalled(Called { trigger, by, note: "解密通知".into() })
}

fn docket(events: Vec<(Date, DocumentEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn a_review_is_due_a_period_after_the_attribute_or_the_last_review() {
    let first = made(Category::Official, DisclosureAttribute::Withheld);
    let s = docket(vec![first.clone()]);
    assert_eq!(s.review_due(12), Some((date(2021, 3, 31), Trigger::Period)));
    assert_eq!(s.review_due(11), Some((date(2021, 2, 28), Trigger::Period)), "a month without a 31st");
    let kept = docket(vec![first.clone(), (date(2021, 2, 1), reviewed(DisclosureAttribute::Withheld))]);
    assert_eq!(kept.review_due(12), Some((date(2022, 2, 1), Trigger::Period)));
    assert_eq!(kept.attribute_since, date(2020, 3, 31), "what was kept is as old as it was");
    assert_eq!(kept.reviews.iter().map(Review::label).collect::<Vec<_>>(), ["维持"]);
    let opened = docket(vec![first, (date(2021, 2, 1), reviewed(DisclosureAttribute::OnRequest))]);
    assert_eq!(opened.attribute, DisclosureAttribute::OnRequest);
    assert_eq!(opened.review_due(12), Some((date(2022, 2, 1), Trigger::Period)), "it is not public yet");
    let open = docket(vec![made(Category::Official, DisclosureAttribute::Proactive)]);
    assert_eq!(open.review_due(12), None);
}

#[test]
fn what_becomes_proactive_is_to_be_published_from_that_day() {
    let first = made(Category::Official, DisclosureAttribute::OnRequest);
    let s = docket(vec![first, (date(2021, 2, 1), reviewed(DisclosureAttribute::Proactive))]);
    assert_eq!((s.publish_due_from(), s.review_due(12)), (Some(date(2021, 2, 1)), None));
    assert!(!s.everybody_reads(), "nothing is public before it is published");
    assert_eq!(s.reviews[0].label(), "转为主动公开");
    assert_eq!(
        codes(&s.may(&reviewed(DisclosureAttribute::Proactive), date(2021, 2, 2))),
        ["already-proactive"]
    );
}

#[test]
fn what_happened_brings_a_review_forward_and_is_done_with_it() {
    let first = made(Category::Normative, DisclosureAttribute::OnRequest);
    let call = (date(2020, 5, 1), called(Trigger::SecrecyOver, date(2020, 6, 30)));
    let s = docket(vec![first.clone(), call.clone()]);
    assert_eq!(s.review_due(12), Some((date(2020, 6, 30), Trigger::SecrecyOver)));
    let later = docket(vec![first.clone(), (date(2020, 5, 1), called(Trigger::Suggested, date(2022, 1, 1)))]);
    assert_eq!(later.review_due(12), Some((date(2021, 3, 31), Trigger::Period)), "the period is over before");
    let done =
        docket(vec![first.clone(), call, (date(2020, 6, 1), reviewed(DisclosureAttribute::OnRequest))]);
    assert_eq!(done.review_due(12), Some((date(2021, 6, 1), Trigger::Period)));
    assert_eq!(done.reviews[0].trigger, Trigger::SecrecyOver);
    let over = (date(2020, 7, 1), DocumentEvent::Repealed { by: "示政发〔2020〕9号".into() });
    let ended = docket(vec![first.clone(), over.clone()]);
    assert_eq!(ended.review_due(12), Some((date(2020, 7, 1), Trigger::Superseded)));
    let seen = docket(vec![first, over, (date(2020, 7, 1), reviewed(DisclosureAttribute::OnRequest))]);
    assert_eq!(seen.review_due(12), Some((date(2021, 7, 1), Trigger::Period)));
}

#[test]
fn a_review_goes_in_one_direction_with_reason_article_and_approval() {
    let s = docket(vec![made(Category::Official, DisclosureAttribute::OnRequest)]);
    for (on, expected) in [
        (date(2020, 3, 30), vec!["before-making", "date-order"]),
        (date(2020, 3, 31), vec![]),
        (date(2020, 4, 1), vec![]),
    ] {
        assert_eq!(codes(&s.may(&reviewed(DisclosureAttribute::Proactive), on)), expected, "{on}");
    }
    let day = date(2021, 1, 1);
    assert_eq!(codes(&s.may(&reviewed(DisclosureAttribute::Withheld), day)), ["less-public"]);
    let said = |attribute, reason: &str, by: &str| DocumentEvent::AttributeReviewed {
        attribute,
        reason: reason.into(),
        approved_by: by.into(),
    };
    let keep = DisclosureAttribute::OnRequest;
    assert_eq!(codes(&s.may(&said(keep, "仍不宜公开", "甲"), day)), ["article-missing"]);
    assert_eq!(codes(&s.may(&said(keep, "", ""), day)), ["article-missing", "approval-missing"]);
    assert_eq!(codes(&s.may(&said(DisclosureAttribute::Proactive, " ", "甲"), day)), ["reason-missing"]);
    assert!(s.may(&said(DisclosureAttribute::Proactive, "情况已经变化", "甲"), day).is_empty());
    assert_eq!(codes(&s.may(&called(Trigger::Period, day), day)), ["trigger-reckoned"]);
    assert_eq!(codes(&s.may(&called(Trigger::Dispute, date(2020, 12, 31)), day)), ["date-order"]);
    assert!(s.may(&called(Trigger::Dispute, day), day).is_empty(), "due on the same day");
}

#[test]
fn keys_and_labels_name_the_same_trigger() {
    for t in Trigger::RECORDED {
        assert_eq!((Trigger::parse(t.key()), Trigger::parse(t.label())), (Some(t), Some(t)));
    }
    assert_eq!(Trigger::parse(Trigger::Period.key()), None);
}
