use super::*;
use jiff::civil::date;

fn listed(id: &str) -> Listed {
    Listed {
        document: id.into(),
        unit: "office".into(),
        title: format!("{id}办法"),
        number: None,
        made_on: date(2018, 3, 1),
    }
}

fn opened(documents: &[&str]) -> CleanupEvent {
    CleanupEvent::Opened {
        unit: "office".into(),
        title: "2021年行政规范性文件清理".into(),
        kind: Kind::Periodic,
        basis: "示政办发〔2021〕2号".into(),
        below: false,
        up_to: date(2021, 6, 30),
        deadline: date(2021, 8, 31),
        documents: documents.iter().map(|id| listed(id)).collect(),
    }
}

fn concluded(id: &str, conclusion: Conclusion) -> CleanupEvent {
    CleanupEvent::Concluded { document: id.into(), conclusion, reason: "仍需执行".into() }
}

fn closed() -> CleanupEvent {
    CleanupEvent::Closed { by: "示政发〔2021〕9号".into() }
}

fn docket(events: Vec<(Date, CleanupEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn it_begins_with_documents_a_basis_and_days_in_order() {
    // Through 30 June, conclusions by 31 August.
    for (on, expected) in [
        (date(2021, 6, 29), vec!["scope-in-future"]),
        (date(2021, 6, 30), vec![]),
        (date(2021, 8, 31), vec![]),
        (date(2021, 9, 1), vec!["deadline-passed"]),
    ] {
        assert_eq!(codes(&Standing::may_begin(&opened(&["甲"]), on)), expected, "{on}");
    }
    assert_eq!(codes(&Standing::may_begin(&opened(&[]), date(2021, 7, 1))), ["nothing-listed"]);
    assert_eq!(codes(&Standing::may_begin(&closed(), date(2021, 7, 1))), ["not-opened"]);
}

#[test]
fn every_document_has_a_conclusion_before_the_result_is_published() {
    let first = (date(2021, 7, 1), opened(&["甲", "乙"]));
    let s = docket(vec![first.clone()]);
    let no = s.may(&closed(), date(2021, 8, 1));
    assert_eq!(codes(&no), ["conclusions-missing"]);
    assert!(no[0].text.contains("2件") && no[0].text.contains("《甲办法》"), "{}", no[0].text);
    assert_eq!(codes(&s.may(&concluded("丙", Conclusion::Kept), date(2021, 8, 1))), ["not-listed"]);
    assert_eq!(codes(&s.may(&concluded("甲", Conclusion::Kept), date(2021, 6, 30))), ["before-opening"]);
    let all = vec![
        first,
        (date(2021, 8, 1), concluded("甲", Conclusion::Kept)),
        (date(2021, 8, 2), concluded("乙", Conclusion::Kept)),
        (date(2021, 8, 3), concluded("乙", Conclusion::Repeal)),
    ];
    let s = docket(all.clone());
    assert_eq!(s.items[1].conclusion.as_ref().map(|(c, ..)| *c), Some(Conclusion::Repeal), "the last one");
    assert_eq!(codes(&s.may(&concluded("乙", Conclusion::Repeal), date(2021, 8, 4))), ["unchanged"]);
    for (on, expected) in
        [(date(2021, 8, 2), vec!["date-order"]), (date(2021, 8, 3), vec![]), (date(2021, 9, 1), vec![])]
    {
        assert_eq!(codes(&s.may(&closed(), on)), expected, "{on}");
    }
    let blank = CleanupEvent::Closed { by: " ".into() };
    assert_eq!(codes(&s.may(&blank, date(2021, 9, 1))), ["by-missing"]);
    let over = docket([all, vec![(date(2021, 9, 1), closed())]].concat());
    assert_eq!(over.closed, Some((date(2021, 9, 1), "示政发〔2021〕9号".into())));
    assert_eq!(codes(&over.may(&concluded("甲", Conclusion::Lapse), date(2021, 9, 2))), ["closed"]);
}

#[test]
fn keys_and_labels_name_the_same_thing() {
    for c in Conclusion::ALL {
        assert_eq!((Conclusion::parse(c.key()), Conclusion::parse(c.label())), (Some(c), Some(c)));
    }
    for k in Kind::ALL {
        assert_eq!((Kind::parse(k.key()), Kind::parse(k.label())), (Some(k), Some(k)));
    }
}
