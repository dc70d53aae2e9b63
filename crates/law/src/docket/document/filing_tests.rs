use super::super::{DisclosureAttribute, DocumentEvent};
use super::*;
use crate::docket::Recorded;
use jiff::civil::date;

fn made(category: Category) -> (Date, DocumentEvent) {
    let made = DocumentEvent::Made {
        counted_by: "office".into(),
        maker: "office".into(),
        category,
        title: "示例县管理办法".into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    (date(2021, 3, 1), made)
}

fn filed(with: &str) -> DocumentEvent {
    DocumentEvent::Filed(Filed { with: with.into(), number: Some("示备〔2021〕3号".into()) })
}

fn docket(events: Vec<(Date, DocumentEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn a_report_is_due_some_days_after_publication() {
    let calendar = Calendar::builtin();
    let disclosed = DocumentEvent::Disclosed { url: None };
    let s = docket(vec![made(Category::Normative), (date(2021, 3, 5), disclosed.clone())]);
    let due = |s: &Standing, days| s.filing_due(days, calendar).map(|d| d.on);
    assert_eq!(
        due(&s, 16),
        Some(date(2021, 3, 22)),
        "the day itself is not counted, and 21 March is a Sunday"
    );
    assert_eq!(due(&s, 17), Some(date(2021, 3, 22)));
    assert_eq!(due(&s, 18), Some(date(2021, 3, 23)));
    let why = s.filing_due(15, calendar).unwrap();
    assert_eq!(why.on, date(2021, 3, 22), "20 March is a Saturday");
    assert!(why.because.iter().any(|step| step.text.contains("15日")), "{:?}", why.because);
    let rule = docket(vec![made(Category::Rule), (date(2021, 3, 5), disclosed.clone())]);
    assert_eq!(
        due(&rule, 15),
        Some(date(2021, 4, 6)),
        "30 days whatever is set here; 3 to 5 April are a holiday"
    );
    assert_eq!(due(&docket(vec![made(Category::Normative)]), 15), None, "not published");
    let official = docket(vec![made(Category::Official), (date(2021, 3, 5), disclosed)]);
    assert_eq!(due(&official, 15), None);
}

#[test]
fn a_report_is_made_once_and_not_before_publication() {
    let calendar = Calendar::builtin();
    let disclosed = (date(2021, 3, 5), DocumentEvent::Disclosed { url: None });
    let waiting = docket(vec![made(Category::Normative)]);
    assert_eq!(codes(&waiting.may(&filed("示例市人民政府"), date(2021, 3, 5))), ["not-published"]);
    let s = docket(vec![made(Category::Normative), disclosed.clone()]);
    for (on, expected) in
        [(date(2021, 3, 4), vec!["date-order"]), (date(2021, 3, 5), vec![]), (date(2021, 3, 6), vec![])]
    {
        assert_eq!(codes(&s.may(&filed("示例市人民政府"), on)), expected, "{on}");
    }
    assert_eq!(codes(&s.may(&filed(" "), date(2021, 3, 6))), ["with-missing"]);
    let done =
        docket(vec![made(Category::Normative), disclosed, (date(2021, 3, 8), filed("示例市人民政府"))]);
    assert_eq!(done.filed.as_ref().map(|(on, _)| *on), Some(date(2021, 3, 8)));
    assert_eq!(codes(&done.may(&filed("示例市人民政府"), date(2021, 3, 9))), ["already-filed"]);
    assert!(done.filing_due(15, calendar).is_some(), "how late it was can still be said");
    let official = docket(vec![made(Category::Official)]);
    assert_eq!(
        codes(&official.may(&filed("示例市人民政府"), date(2021, 3, 9))),
        ["no-force", "not-published"]
    );
}
