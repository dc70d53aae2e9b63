use super::*;
use crate::Refusal;
use jiff::civil::date;

fn made(category: Category, attribute: DisclosureAttribute) -> DocumentEvent {
    DocumentEvent::Made {
        counted_by: "office".into(),
        maker: "office".into(),
        category,
        title: "示例县公文管理办法".into(),
        number: Some("示政办发〔2020〕1号".into()),
        index_number: None,
        attribute,
        reason: (attribute != DisclosureAttribute::Proactive).then(|| "条例第十六条".into()),
    }
}

fn docket(events: Vec<(Date, DocumentEvent)>) -> Standing {
    let entries: Vec<_> = events.into_iter().zip(1..).map(|((on, e), n)| Recorded::new(n, on, e)).collect();
    Standing::of(&entries).unwrap()
}

fn tally(s: &Standing) -> Vec<String> {
    s.tallies().into_iter().map(|t| format!("{} {} {:+}", t.year, t.key, t.n / 1_000_000)).collect()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

#[test]
fn a_normative_document_is_made_disclosed_and_repealed() {
    let s = docket(vec![
        (date(2020, 12, 20), made(Category::Normative, DisclosureAttribute::Proactive)),
        (date(2021, 1, 5), DocumentEvent::Disclosed { url: None }),
        (date(2021, 1, 1), DocumentEvent::InForce),
        (date(2023, 6, 1), DocumentEvent::Repealed { by: "示政发〔2023〕4号".into() }),
    ]);
    assert_eq!(
        tally(&s),
        [
            "2020 document.normative.made +1",
            "2021 document.normative.disclosed +1",
            "2021 document.disclosed.own +1",
            "2021 document.normative.public +1",
            "2021 document.normative.in_force +1",
            "2023 document.normative.in_force -1",
            "2023 document.normative.repealed +1",
        ]
    );
    assert_eq!(s.validity, Some(Validity::Repealed));
    let again = DocumentEvent::Repealed { by: String::new() };
    assert_eq!(
        codes(&s.may(&again, date(2020, 1, 1))),
        ["before-making", "ended", "not-yet-in-force", "by-missing"]
    );
}

#[test]
fn without_an_effective_date_a_rule_is_in_force_from_the_day_it_was_made() {
    let s = docket(vec![
        (date(2020, 3, 1), made(Category::Rule, DisclosureAttribute::Proactive)),
        (date(2022, 3, 1), DocumentEvent::Lapsed { reason: "有效期届满".into() }),
    ]);
    assert_eq!(
        tally(&s),
        [
            "2020 document.rule.made +1",
            "2020 document.rule.in_force +1",
            "2022 document.rule.in_force -1",
            "2022 document.rule.lapsed +1"
        ]
    );
}

#[test]
fn withdrawal_reduces_what_is_public_but_not_what_was_disclosed() {
    let s = docket(vec![
        (date(2020, 3, 1), made(Category::Official, DisclosureAttribute::Proactive)),
        (date(2020, 3, 2), DocumentEvent::Disclosed { url: Some("/a".into()) }),
        (
            date(2021, 3, 2),
            DocumentEvent::Withdrawn {
                reason: "涉及个人隐私".into(),
                told: String::new(),
                kept: String::new(),
            },
        ),
        (date(2022, 3, 2), DocumentEvent::Disclosed { url: Some("/b".into()) }),
    ]);
    assert_eq!(
        tally(&s)[1..],
        [
            "2020 document.official.disclosed +1",
            "2020 document.disclosed.own +1",
            "2020 document.official.public +1",
            "2021 document.official.public -1",
            "2022 document.official.public +1"
        ]
    );
    assert!(s.public);
    assert_eq!(s.publish_due_from(), None);
    assert_eq!(codes(&s.may(&DocumentEvent::InForce, date(2022, 4, 1))), ["no-force"]);
}

#[test]
fn a_document_is_disclosed_only_after_its_attribute_is_proactive() {
    let mut events = vec![(date(2020, 3, 1), made(Category::Official, DisclosureAttribute::OnRequest))];
    let s = docket(events.clone());
    let disclosed = DocumentEvent::Disclosed { url: None };
    assert_eq!(codes(&s.may(&disclosed, date(2020, 3, 5))), ["not-proactive"]);
    assert_eq!(s.publish_due_from(), None);

    let changed = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Proactive,
        reason: "多人申请".into(),
    };
    assert!(s.may(&changed, date(2020, 5, 6)).is_empty());
    events.push((date(2020, 5, 6), changed.clone()));
    let s = docket(events);
    assert_eq!(s.publish_due_from(), Some(date(2020, 5, 6)));
    assert_eq!(codes(&s.may(&changed, date(2020, 5, 7))), ["unchanged"]);
    assert_eq!(codes(&s.may(&disclosed, date(2020, 5, 5))), ["before-attribute"]);
    assert!(s.may(&disclosed, date(2020, 5, 6)).is_empty());
}

#[test]
fn a_public_document_is_withdrawn_before_it_is_restricted() {
    let s = docket(vec![
        (date(2020, 3, 1), made(Category::Normative, DisclosureAttribute::Proactive)),
        (date(2020, 3, 2), DocumentEvent::Disclosed { url: None }),
    ]);
    let restrict =
        DocumentEvent::AttributeChanged { attribute: DisclosureAttribute::Withheld, reason: " ".into() };
    assert_eq!(codes(&s.may(&restrict, date(2020, 4, 1))), ["reason-missing", "still-public"]);
    let early =
        DocumentEvent::Withdrawn { reason: "有误".into(), told: String::new(), kept: String::new() };
    assert_eq!(codes(&s.may(&early, date(2020, 3, 1))), ["before-publication"]);
    assert!(s.may(&DocumentEvent::Amended { by: "示政发〔2021〕2号".into() }, date(2021, 1, 1)).is_empty());
}

#[test]
fn restricting_from_the_start_needs_a_reason() {
    let no = DocumentEvent::Made {
        counted_by: "office".into(),
        maker: " ".into(),
        category: Category::Official,
        title: String::new(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Withheld,
        reason: Some(" ".into()),
    };
    assert_eq!(
        codes(&Standing::may_begin(&no, date(2020, 1, 1))),
        ["title-missing", "unit-missing", "reason-missing"]
    );
    assert_eq!(codes(&Standing::may_begin(&DocumentEvent::InForce, date(2020, 1, 1))), ["not-made"]);
    let yes = made(Category::Official, DisclosureAttribute::Withheld);
    assert!(Standing::may_begin(&yes, date(2020, 1, 1)).is_empty());
}

#[test]
fn published_again_it_bears_the_new_day_and_counts_in_the_year_of_the_first() {
    let disclosed = || DocumentEvent::Disclosed { url: None };
    let down =
        || DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    let first = (date(2020, 12, 1), made(Category::Official, DisclosureAttribute::Proactive));
    let once = vec![first, (date(2020, 12, 31), disclosed())];
    let s = docket(once.clone());
    assert_eq!((s.published_on(), s.first_published_on()), (Some(date(2020, 12, 31)), None));
    let gone = docket([once.clone(), vec![(date(2021, 1, 4), down())]].concat());
    assert_eq!(gone.published_on(), Some(date(2020, 12, 31)), "what was taken down has had its day");
    let again = vec![(date(2021, 1, 4), down()), (date(2021, 1, 5), disclosed())];
    let s = docket([once.clone(), again.clone()].concat());
    assert_eq!(s.published_on(), Some(date(2021, 1, 5)));
    assert_eq!(
        (s.disclosed_on, s.first_published_on()),
        (Some(date(2020, 12, 31)), Some(date(2020, 12, 31)))
    );
    assert_eq!(s.made_on, date(2020, 12, 1), "成文日期 stays");
    let counted = tally(&s);
    let of = |what: &str| counted.iter().filter(|t| t.contains(what)).cloned().collect::<Vec<_>>();
    assert_eq!(of(".official.disclosed"), ["2020 document.official.disclosed +1"], "once, in its first year");
    assert_eq!(
        of(".public"),
        [
            "2020 document.official.public +1",
            "2021 document.official.public -1",
            "2021 document.official.public +1",
        ]
    );
    // A second time, and on the day on which it was taken down.
    let third = vec![(date(2021, 6, 1), down()), (date(2021, 6, 1), disclosed())];
    let s = docket([once, again, third].concat());
    assert_eq!((s.published_on(), s.disclosed_on), (Some(date(2021, 6, 1)), Some(date(2020, 12, 31))));
    assert_eq!(tally(&s).iter().filter(|t| t.contains(".official.disclosed")).count(), 1);
}

#[test]
fn the_office_discloses_for_the_government_it_serves() {
    let mut event = made(Category::Official, DisclosureAttribute::Proactive);
    if let DocumentEvent::Made { maker, .. } = &mut event {
        *maker = "government".into();
    }
    let s =
        docket(vec![(date(2020, 1, 1), event), (date(2020, 1, 2), DocumentEvent::Disclosed { url: None })]);
    assert!(tally(&s).contains(&"2020 document.disclosed.for_others +1".to_owned()));
    assert!(!tally(&s).iter().any(|t| t.contains(".own")));
}

#[test]
fn words_and_labels_name_the_same_thing() {
    for a in DisclosureAttribute::ALL {
        assert_eq!(serde_json::to_value(a).unwrap(), a.key());
        assert_eq!(DisclosureAttribute::parse(a.label()), Some(a));
    }
    for c in Category::ALL {
        assert_eq!(serde_json::to_value(c).unwrap(), c.key());
        assert_eq!(Category::parse(c.label()), Some(c));
    }
}

fn plan(timing: Timing) -> Plan {
    Plan {
        outline: "背景和主要内容".into(),
        forms: [Form::Picture].into(),
        channels: "本机关网站".into(),
        timing,
    }
}

fn interprets(documents: &[&str], form: Form) -> DocumentEvent {
    DocumentEvent::Interprets { documents: documents.iter().map(|d| (*d).into()).collect(), form }
}

#[test]
fn an_interpretation_is_linked_before_it_is_public_and_counts_among_no_documents() {
    let first = (date(2020, 7, 1), made(Category::Interpretation, DisclosureAttribute::Proactive));
    let alone = docket(vec![first.clone()]);
    let disclosed = DocumentEvent::Disclosed { url: None };
    assert_eq!(codes(&alone.may(&disclosed, date(2020, 7, 1))), ["document-missing"]);
    assert_eq!(codes(&alone.may(&interprets(&[], Form::Text), date(2020, 7, 1))), ["document-missing"]);
    let planned = DocumentEvent::InterpretationPlanned { plan: plan(Timing::SameDay) };
    assert_eq!(codes(&alone.may(&planned, date(2020, 7, 1))), ["plan-elsewhere"]);
    for (form, more) in
        [(Form::Text, None), (Form::Picture, Some("2020 document.interpretation.non_text +1"))]
    {
        let linked = (date(2020, 7, 1), interprets(&["文"], form));
        let s = docket(vec![first.clone(), linked, (date(2020, 7, 2), disclosed.clone())]);
        let mut expected = vec![
            "2020 document.interpretation.made +1",
            "2020 document.interpretation.disclosed +1",
            "2020 document.interpretation.public +1",
        ];
        if let Some(more) = more {
            expected.insert(2, more);
        }
        assert_eq!(tally(&s), expected);
        assert_eq!(codes(&s.may(&interprets(&["文"], form), date(2020, 7, 2))), ["unchanged"]);
        assert!(s.may(&interprets(&["文", "另一件"], form), date(2020, 7, 2)).is_empty());
    }
    let document =
        docket(vec![(date(2020, 7, 1), made(Category::Normative, DisclosureAttribute::Proactive))]);
    assert_eq!(
        codes(&document.may(&interprets(&["文"], Form::Text), date(2020, 7, 1))),
        ["no-interpretation"]
    );
}

#[test]
fn other_information_counts_among_no_documents() {
    let s = docket(vec![
        (date(2020, 7, 1), made(Category::Information, DisclosureAttribute::Proactive)),
        (date(2020, 7, 2), DocumentEvent::Disclosed { url: None }),
    ]);
    assert_eq!(
        tally(&s),
        [
            "2020 document.information.made +1",
            "2020 document.information.disclosed +1",
            "2020 document.information.public +1"
        ]
    );
    assert_eq!(Category::ALL.iter().filter(|c| c.is_document()).count(), 3);
    let elsewhere = [Category::Interpretation, Category::Consultation];
    assert!(Category::ENTERED.iter().all(|c| !elsewhere.contains(c)));
}

#[test]
fn a_draft_put_to_the_public_is_not_formed_yet() {
    let on = date(2020, 7, 1);
    let draft = docket(vec![(on, made(Category::Consultation, DisclosureAttribute::Proactive))]);
    assert_eq!(draft.publish_due_from(), None);
    assert!(draft.may(&DocumentEvent::Disclosed { url: None }, on).is_empty());
    let official = docket(vec![(on, made(Category::Official, DisclosureAttribute::Proactive))]);
    assert_eq!(official.publish_due_from(), Some(on));
}

#[test]
fn an_interpretation_is_due_from_the_first_publication() {
    let first = (date(2020, 7, 1), made(Category::Normative, DisclosureAttribute::Proactive));
    let planned = DocumentEvent::InterpretationPlanned { plan: plan(Timing::WithinTerm) };
    let s = docket(vec![first.clone(), (date(2020, 7, 1), planned.clone())]);
    assert_eq!(s.interpretation_due_from(), None, "not public yet");
    assert_eq!(codes(&s.may(&planned, date(2020, 7, 1))), ["unchanged"]);
    let disclosed = (date(2020, 7, 2), DocumentEvent::Disclosed { url: None });
    let s = docket(vec![first.clone(), (date(2020, 7, 1), planned), disclosed.clone()]);
    assert_eq!(s.interpretation_due_from(), Some((date(2020, 7, 2), Timing::WithinTerm)));
    assert_eq!(docket(vec![first, disclosed]).interpretation_due_from(), None, "none is planned");
}

#[test]
fn a_normative_document_is_valid_until_a_day_that_can_be_put_off() {
    let until = |y, m, d| DocumentEvent::ValidUntil { until: date(y, m, d) };
    let first = (date(2020, 3, 1), made(Category::Normative, DisclosureAttribute::Proactive));
    let s = docket(vec![first.clone(), (date(2020, 3, 1), until(2025, 8, 31))]);
    assert_eq!(s.valid_until, Some(date(2025, 8, 31)));
    assert_eq!(s.validity, Some(Validity::InForce), "its end is recorded by a person");
    assert_eq!(codes(&s.may(&until(2025, 8, 31), date(2020, 4, 1))), ["unchanged"]);
    assert_eq!(codes(&s.may(&until(2020, 2, 29), date(2020, 4, 1))), ["ends-before-it-begins"]);
    assert!(s.may(&until(2020, 3, 1), date(2020, 4, 1)).is_empty(), "on the first day");
    let again = docket(vec![first.clone(), (date(2020, 4, 1), until(2025, 8, 31))]);
    assert_eq!(
        codes(&again.may(&until(2030, 8, 31), date(2020, 3, 31))),
        ["date-order"],
        "it would change nothing"
    );
    assert!(again.may(&until(2030, 8, 31), date(2020, 4, 1)).is_empty());
    let lapsed = (date(2025, 9, 1), DocumentEvent::Lapsed { reason: "有效期届满".into() });
    let over = docket(vec![first, (date(2020, 3, 1), until(2025, 8, 31)), lapsed]);
    assert_eq!(codes(&over.may(&until(2030, 8, 31), date(2025, 9, 2))), ["ended"]);
    let official = docket(vec![(date(2020, 3, 1), made(Category::Official, DisclosureAttribute::Proactive))]);
    assert_eq!(codes(&official.may(&until(2025, 1, 1), date(2020, 3, 1))), ["no-force"]);
}

#[test]
fn a_clean_up_ends_what_it_repeals_and_keeps_the_rest() {
    use crate::docket::cleanup::Conclusion;
    let said = |conclusion| DocumentEvent::CleanedUp {
        cleanup: "cleanup".into(),
        by: "示政发〔2021〕9号".into(),
        conclusion,
    };
    let first = (date(2020, 3, 1), made(Category::Normative, DisclosureAttribute::Proactive));
    for (conclusion, validity, ended) in [
        (Conclusion::Kept, Validity::InForce, false),
        (Conclusion::Amend, Validity::InForce, false),
        (Conclusion::Interpret, Validity::InForce, false),
        (Conclusion::Repeal, Validity::Repealed, true),
        (Conclusion::Lapse, Validity::Lapsed, true),
    ] {
        let s = docket(vec![first.clone(), (date(2021, 9, 1), said(conclusion))]);
        assert_eq!((s.validity, s.ended_on.is_some()), (Some(validity), ended), "{conclusion:?}");
        assert_eq!(
            s.changes.iter().map(|c| c.by.as_str()).collect::<Vec<_>>(),
            vec!["示政发〔2021〕9号"; usize::from(ended)]
        );
        assert_eq!(s.cleanups[0].conclusion, conclusion);
    }
    let repealed = docket(vec![first, (date(2021, 9, 1), said(Conclusion::Repeal))]);
    assert!(
        tally(&repealed).contains(&"2021 document.normative.repealed +1".to_owned()),
        "counted as any repeal"
    );
    assert_eq!(codes(&repealed.may(&said(Conclusion::Kept), date(2021, 9, 2))), ["ended"]);
}

#[test]
fn what_is_valid_until_a_day_is_expired_on_the_next_and_counted_as_before() {
    let last = date(2025, 8, 31);
    let first = (date(2020, 3, 1), made(Category::Normative, DisclosureAttribute::Proactive));
    let valid = (date(2020, 3, 1), DocumentEvent::ValidUntil { until: last });
    let amended = (date(2021, 3, 1), DocumentEvent::Amended { by: "示政发〔2021〕1号".into() });
    let s = docket(vec![first.clone(), valid.clone()]);
    let changed = docket(vec![first.clone(), valid.clone(), amended]);
    for (on, plain, of_changed) in [
        (date(2025, 8, 30), Validity::InForce, Validity::Amended),
        (last, Validity::InForce, Validity::Amended),
        (date(2025, 9, 1), Validity::Expired, Validity::Expired),
    ] {
        let validity = |s: &Standing| s.force().unwrap().on(on);
        assert_eq!((validity(&s), validity(&changed)), (plain, of_changed), "{on}");
    }
    assert!(tally(&s).iter().all(|t| !t.contains("-1")), "only a person ends it: {:?}", tally(&s));
    let lapsed = (date(2025, 9, 5), DocumentEvent::Lapsed { reason: "有效期届满".into() });
    let over = docket(vec![first, valid, lapsed]);
    assert_eq!(over.force().unwrap().on(date(2025, 9, 6)), Validity::Lapsed, "what was recorded stands");
    let official = docket(vec![(date(2020, 3, 1), made(Category::Official, DisclosureAttribute::Proactive))]);
    assert_eq!(official.force(), None);
}

fn classified(column: &str, subject: &str) -> DocumentEvent {
    DocumentEvent::Classified(Box::new(Classification {
        subject: Some(subject.into()),
        columns: vec![column.into()],
        ..Classification::default()
    }))
}

#[test]
fn a_classification_replaces_the_former_one_whole() {
    let made_on = date(2020, 3, 1);
    let s = docket(vec![(made_on, made(Category::Official, DisclosureAttribute::Proactive))]);
    assert_eq!(codes(&s.may(&classified("a20-07", "02-01"), date(2020, 2, 1))), ["before-making"]);
    assert_eq!(codes(&s.may(&classified("新闻", "02"), made_on)), ["unknown-subject", "unknown-column"]);
    let nothing = DocumentEvent::Classified(Box::default());
    assert_eq!(codes(&s.may(&nothing, made_on)), ["unchanged"], "it is not classified anyway");
    let s = docket(vec![
        (made_on, made(Category::Official, DisclosureAttribute::Proactive)),
        (date(2020, 3, 2), classified("a20-07", "02-01")),
        (date(2020, 3, 4), classified("a20-11", "04-01")),
    ]);
    assert_eq!(s.classification.columns, ["a20-11"]);
    assert_eq!(s.classification.subject().unwrap().label(), "财政、金融、审计\\财政");
    assert_eq!(codes(&s.may(&classified("a20-11", "04-01"), date(2020, 3, 5))), ["unchanged"]);
    assert!(s.may(&nothing, date(2020, 3, 5)).is_empty(), "it can be taken back");
    assert_eq!(s.publish_due_from(), Some(made_on), "to classify is not to publish");
}

#[test]
fn a_column_counts_a_document_while_everybody_reads_it() {
    let column =
        |s: &Standing| -> Vec<String> { tally(s).into_iter().filter(|t| t.contains(".column.")).collect() };
    let mut events = vec![
        (date(2020, 3, 1), made(Category::Official, DisclosureAttribute::Proactive)),
        (date(2020, 3, 2), classified("a20-07", "04-01")),
    ];
    assert!(column(&docket(events.clone())).is_empty(), "nobody reads it yet");
    events.push((date(2021, 1, 4), DocumentEvent::Disclosed { url: None }));
    assert_eq!(column(&docket(events.clone())), ["2021 document.column.a20-07 +1"]);
    events.push((
        date(2021, 2, 4),
        DocumentEvent::Withdrawn { reason: "有误".into(), told: String::new(), kept: String::new() },
    ));
    assert!(column(&docket(events.clone())).is_empty());
    events.push((date(2022, 2, 4), DocumentEvent::Disclosed { url: None }));
    assert_eq!(column(&docket(events)), ["2021 document.column.a20-07 +1"]);
}

#[test]
fn a_classification_is_stored_flat() {
    let json = serde_json::to_value(classified("a20-07", "04-01")).unwrap();
    assert_eq!((json["type"].as_str(), json["subject"].as_str()), (Some("classified"), Some("04-01")));
    let read: DocumentEvent = serde_json::from_value(serde_json::json!({ "type": "classified" })).unwrap();
    assert_eq!(read, DocumentEvent::Classified(Box::default()));
}

#[test]
fn what_a_person_published_elsewhere_was_public_here_first() {
    let relayed = |url: &str| DocumentEvent::Relayed { channel: "media".into(), url: url.into() };
    let link = "https://media.example.gov.cn/1";
    let mut events = vec![(date(2021, 1, 4), made(Category::Official, DisclosureAttribute::Proactive))];
    let hidden = docket(events.clone());
    assert_eq!(codes(&hidden.may(&relayed(link), date(2021, 1, 5))), ["not-public"]);
    events.push((date(2021, 1, 5), DocumentEvent::Disclosed { url: None }));
    let public = docket(events.clone());
    assert_eq!(codes(&public.may(&relayed(link), date(2021, 1, 4))), ["before-publication"]);
    assert!(public.may(&relayed(link), date(2021, 1, 5)).is_empty());
    for bad in ["", "media.example.gov.cn", "https://", "javascript:alert(1)", "https://a b", "https://a\">"]
    {
        assert_eq!(codes(&public.may(&relayed(bad), date(2021, 1, 5))), ["link-missing"], "{bad}");
    }
    let nowhere = DocumentEvent::Relayed { channel: String::new(), url: link.into() };
    assert_eq!(codes(&public.may(&nowhere, date(2021, 1, 5))), ["channel-missing"]);
    events.push((date(2021, 1, 6), relayed(link)));
    events.push((
        date(2021, 2, 1),
        DocumentEvent::Withdrawn { reason: "样例".into(), told: String::new(), kept: String::new() },
    ));
    let s = docket(events);
    assert_eq!(s.relays, [Relay { on: date(2021, 1, 6), channel: "media".into(), url: link.into() }]);
    assert_eq!(codes(&s.may(&relayed(link), date(2021, 2, 2))), ["unchanged"]);
    // It may still stand there, and that has to be known.
    assert!(s.may(&relayed("https://media.example.gov.cn/2"), date(2021, 2, 2)).is_empty());
    assert_eq!(tally(&s).len(), tally(&public).len() + 1, "only the withdrawal counts");
}

#[test]
fn what_was_published_before_it_was_imported_waits_until_it_is_public_here() {
    let imported = |on: Option<Date>| {
        let url = Some("https://www.example.gov.cn/1".into());
        DocumentEvent::Imported(Imported { list: "历史公文.xlsx".into(), row: 2, published_on: on, url })
    };
    let (made_on, today) = (date(2009, 3, 2), date(2021, 3, 1));
    let first = (made_on, made(Category::Normative, DisclosureAttribute::Proactive));
    let s = docket(vec![first.clone()]);
    assert_eq!(codes(&s.may(&imported(Some(date(2009, 3, 1))), today)), ["before-making"]);
    assert!(s.may(&imported(None), today).is_empty());
    let published = date(2009, 3, 10);
    let mut events = vec![first, (today, imported(Some(published)))];
    let waits = docket(events.clone());
    assert_eq!(waits.waits_since(), Some(published));
    assert_eq!(codes(&waits.may(&imported(None), today)), ["already-imported"]);
    assert_eq!(tally(&waits), tally(&s), "where it came from counts nowhere");
    events.push((published, DocumentEvent::Disclosed { url: None }));
    let public = docket(events.clone());
    assert_eq!(public.waits_since(), None);
    assert!(tally(&public).contains(&"2009 document.normative.disclosed +1".to_owned()));
    events.push((
        today,
        DocumentEvent::Withdrawn { reason: "样例".into(), told: String::new(), kept: String::new() },
    ));
    assert_eq!(docket(events).waits_since(), None, "taken down, it waits for nothing");
    let withheld = vec![
        (made_on, made(Category::Official, DisclosureAttribute::Withheld)),
        (today, imported(Some(published))),
    ];
    assert_eq!(docket(withheld).waits_since(), None);
    let json = serde_json::to_value(imported(None)).unwrap();
    assert_eq!((json["type"].as_str(), json["row"].as_i64()), (Some("imported"), Some(2)));
}
