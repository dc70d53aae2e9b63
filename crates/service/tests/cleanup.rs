//! 规范性文件清理, on both engines: what is listed, who concludes, and what closing does to the documents.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, establish, made, officer, own, value, verifies};
use law::docket::cleanup::{Conclusion, Kind};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent, Validity};
use place::{day, now, on_both, operator, units};
use service::cleanup::NewCleanup;
use service::document::{AtAddress, PublicAsk, PublicDocument};
use service::transfer::ExportFormat;
use service::{Change, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! { closing_does_to_the_documents_what_was_concluded what_is_listed_was_in_force_on_the_day
each_unit_concludes_on_its_own what_ended_meanwhile_is_concluded_so nothing_is_public_before_it_is_closed
what_is_not_listed_is_no_basis what_is_over_is_not_called_valid }

async fn record(service: &Service, id: Uuid, on: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(on), event)).await
}

async fn normative(service: &Service, unit: Uuid, title: &str, on: &str) -> Uuid {
    let mut event = made(unit, title);
    if let DocumentEvent::Made { category, .. } = &mut event {
        *category = Category::Normative;
    }
    let id = service.make_document(operator(now()), day(on), event).await.unwrap();
    record(service, id, on, DocumentEvent::Disclosed { url: None }).await.unwrap();
    id
}

fn new(unit: Uuid, below: bool) -> NewCleanup {
    NewCleanup {
        unit,
        title: "2021年样本清理".into(),
        kind: Kind::Periodic,
        basis: "样政办发〔2021〕2号".into(),
        below,
        up_to: day("2020-12-31"),
        deadline: day("2021-02-28"),
    }
}

async fn open(service: &Service, unit: Uuid, below: bool) -> Uuid {
    service.open_cleanup(operator(now()), day("2021-02-01"), new(unit, below)).await.unwrap()
}

async fn conclude(service: &Service, id: Uuid, document: Uuid, conclusion: Conclusion) -> Result<()> {
    let said = (conclusion, "样本理由".to_owned());
    service.conclude_cleanup(operator(now()), id, day("2021-02-10"), vec![document], said).await
}

async fn close(service: &Service, id: Uuid) -> Result<()> {
    let version = service.cleanup_view(&operator(now()), id).await.unwrap().version;
    let by = "样政发〔2021〕9号".to_owned();
    service.close_cleanup(operator(now()), (id, version), day("2021-02-20"), by).await
}

async fn shown(service: &Service, id: Uuid) -> Box<PublicDocument> {
    match service.public_document(id).await.unwrap() {
        AtAddress::Public(document) => document,
        other @ AtAddress::Withdrawn { .. } => panic!("{other:?}"),
    }
}

async fn closing_does_to_the_documents_what_was_concluded(service: Service, _: Location) {
    let office = units(&service).await.1;
    let mut documents = Vec::new();
    for (title, conclusion) in [
        ("甲办法", Conclusion::Kept),
        ("乙办法", Conclusion::Amend),
        ("丙办法", Conclusion::Interpret),
        ("丁办法", Conclusion::Repeal),
        ("戊办法", Conclusion::Lapse),
    ] {
        documents.push((normative(&service, office, title, "2020-01-02").await, conclusion));
    }
    let id = open(&service, office, false).await;
    assert_eq!(service.cleanup_conclusions_owed(&operator(now())).await.unwrap(), 5);
    assert_eq!(codes(close(&service, id).await), ["conclusions-missing"]);
    for (document, conclusion) in &documents {
        conclude(&service, id, *document, *conclusion).await.unwrap();
    }
    assert_eq!(service.cleanup_conclusions_owed(&operator(now())).await.unwrap(), 0);
    let validities = async || {
        let mut all = Vec::new();
        for (document, _) in &documents {
            all.push(shown(&service, *document).await.item.validity(day("2021-03-01")).unwrap());
        }
        all
    };
    assert_eq!(validities().await, [Validity::InForce; 5], "nothing is done in silence before");
    close(&service, id).await.unwrap();
    let kept = Validity::InForce;
    assert_eq!(validities().await, [kept, kept, kept, Validity::Repealed, Validity::Lapsed]);
    let repealed = shown(&service, documents[3].0).await;
    assert_eq!(repealed.changes.len(), 1);
    assert_eq!(
        (repealed.changes[0].0.by.as_str(), repealed.changes[0].0.on),
        ("样政发〔2021〕9号", day("2021-02-20"))
    );
    let lists = service.public_cleanup(id).await.unwrap().lists;
    assert_eq!(lists.iter().map(|c| (c.document, c.conclusion)).collect::<Vec<_>>(), documents);
    let file = service.public_cleanup_file(id, ExportFormat::Csv).await.unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains("丁办法") && text.contains("废止"), "{text}");
    let repealed = "proactive.normative_documents.repealed";
    assert_eq!(value(&service, &own(office, 2021), repealed).await, "1", "as any other repeal");
    let refused = close(&service, id).await;
    assert!(codes(refused).contains(&"closed".to_owned()));
    let again = DocumentEvent::CleanedUp {
        cleanup: id.to_string(),
        by: "样本".into(),
        conclusion: Conclusion::Repeal,
    };
    let alone = record(&service, documents[0].0, "2021-03-01", again).await;
    assert!(matches!(alone, Err(Error::Invalid(_))), "only with the closing: {alone:?}");
    verifies(&service).await;
}

async fn what_is_listed_was_in_force_on_the_day(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let last = normative(&service, office, "甲办法", "2020-12-31").await;
    normative(&service, office, "乙办法", "2021-01-01").await;
    let above = normative(&service, government, "丙办法", "2020-12-30").await;
    let ended = normative(&service, office, "丁办法", "2020-01-02").await;
    record(&service, ended, "2021-01-05", DocumentEvent::Repealed { by: "样本".into() }).await.unwrap();
    let mut official = made(office, "戊通知");
    if let DocumentEvent::Made { category, .. } = &mut official {
        *category = Category::Official;
    }
    service.make_document(operator(now()), day("2020-01-02"), official).await.unwrap();
    let listed = async |id| -> Vec<String> {
        let s = service.cleanup_view(&operator(now()), id).await.unwrap().standing;
        s.items.into_iter().map(|i| i.listed.document).collect()
    };
    let own = open(&service, office, false).await;
    assert_eq!(listed(own).await, [last.to_string()], "made on the last day, in force, of the own unit");
    let all = open(&service, government, true).await;
    assert_eq!(listed(all).await, [above.to_string(), last.to_string()], "in the order of making");
    let empty = NewCleanup { up_to: day("2019-12-31"), ..new(office, false) };
    let refused = service.open_cleanup(operator(now()), day("2021-02-01"), empty).await;
    assert_eq!(codes(refused), ["nothing-listed"]);
    let personal = NewCleanup { title: "联系13800138000清理".into(), ..new(office, false) };
    let refused = service.open_cleanup(operator(now()), day("2021-02-01"), personal).await;
    assert_eq!(codes(refused), ["personal-data"]);
    verifies(&service).await;
}

async fn each_unit_concludes_on_its_own(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let below = establish(&service, "below", Some(government)).await;
    let mine = normative(&service, office, "甲办法", "2020-01-02").await;
    let theirs = normative(&service, below, "乙办法", "2020-01-02").await;
    let id = open(&service, government, true).await;
    let actor = officer(below, &[Role::Officer]);
    let view = service.cleanup_view(&by(&actor), id).await.unwrap();
    assert_eq!(view.standing.items.iter().map(|i| i.listed.title.as_str()).collect::<Vec<_>>(), ["乙办法"]);
    assert!(!view.own);
    assert_eq!(service.cleanup_conclusions_owed(&by(&actor)).await.unwrap(), 1);
    assert_eq!(service.cleanups(&by(&actor), Page::first(10)).await.unwrap().len(), 1);
    let said = || (Conclusion::Repeal, "样本理由".to_owned());
    let on = day("2021-02-10");
    let other = service.conclude_cleanup(by(&actor), id, on, vec![theirs, mine], said()).await;
    assert!(matches!(other, Err(Error::NotAllowed(_))), "{other:?}");
    assert_eq!(service.cleanup_conclusions_owed(&by(&actor)).await.unwrap(), 1, "all of them or none");
    service.conclude_cleanup(by(&actor), id, on, vec![theirs], said()).await.unwrap();
    let reader = officer(below, &[Role::Supervisor]);
    let refused = service.conclude_cleanup(by(&reader), id, on, vec![theirs], said()).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let closing = service.close_cleanup(by(&actor), (id, 2), on, "样政发〔2021〕9号".into()).await;
    assert!(matches!(closing, Err(Error::NotAllowed(_))), "{closing:?}");
    let stranger = officer(establish(&service, "other", Some(government)).await, &[Role::Officer]);
    assert!(matches!(service.cleanup_view(&by(&stranger), id).await, Err(Error::NotFound(_))));
    conclude(&service, id, mine, Conclusion::Kept).await.unwrap();
    close(&service, id).await.unwrap();
    assert!(shown(&service, theirs).await.standing.ended_on.is_some());
    verifies(&service).await;
}

async fn what_ended_meanwhile_is_concluded_so(service: Service, _: Location) {
    let office = units(&service).await.1;
    let document = normative(&service, office, "甲办法", "2020-01-02").await;
    let id = open(&service, office, false).await;
    conclude(&service, id, document, Conclusion::Kept).await.unwrap();
    record(&service, document, "2021-02-15", DocumentEvent::Repealed { by: "样本".into() }).await.unwrap();
    assert_eq!(codes(close(&service, id).await), ["ended-meanwhile"]);
    assert!(
        matches!(service.public_cleanup(id).await, Err(Error::NotFound(_))),
        "nothing was done by halves"
    );
    conclude(&service, id, document, Conclusion::Repeal).await.unwrap();
    close(&service, id).await.unwrap();
    assert_eq!(shown(&service, document).await.changes.len(), 1, "it ends once");
    verifies(&service).await;
}

async fn what_is_over_is_not_called_valid(service: Service, _: Location) {
    let office = units(&service).await.1;
    let document = normative(&service, office, "甲办法", "2020-01-02").await;
    let until = |until: &str| DocumentEvent::ValidUntil { until: day(until) };
    record(&service, document, "2020-01-02", until("2021-02-19")).await.unwrap();
    let id = open(&service, office, false).await;
    conclude(&service, id, document, Conclusion::Kept).await.unwrap();
    assert_eq!(codes(close(&service, id).await), ["expired"], "its last day is the day before the closing");
    record(&service, document, "2020-01-02", until("2021-02-20")).await.unwrap();
    close(&service, id).await.unwrap();
}

async fn nothing_is_public_before_it_is_closed(service: Service, _: Location) {
    let office = units(&service).await.1;
    let open_document = normative(&service, office, "甲办法", "2020-01-02").await;
    let mut closed = made(office, "乙办法");
    if let DocumentEvent::Made { category, attribute, reason, .. } = &mut closed {
        (*category, *attribute) = (Category::Normative, DisclosureAttribute::OnRequest);
        *reason = Some("条例第十六条".into());
    }
    let secret = service.make_document(operator(now()), day("2020-01-02"), closed).await.unwrap();
    let id = open(&service, office, false).await;
    let nothing = async || {
        let one = service.public_cleanup(id).await;
        matches!(one, Err(Error::NotFound(_))) && service.public_cleanups().await.unwrap().is_empty()
    };
    assert!(nothing().await);
    for document in [open_document, secret] {
        conclude(&service, id, document, Conclusion::Kept).await.unwrap();
    }
    assert!(nothing().await, "not before the result is published");
    close(&service, id).await.unwrap();
    let lists = service.public_cleanup(id).await.unwrap().lists;
    assert_eq!(
        lists.iter().map(|c| c.document).collect::<Vec<_>>(),
        [open_document],
        "what is not public is not told"
    );
    let down = DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    record(&service, open_document, "2021-03-01", down).await.unwrap();
    assert!(service.public_cleanup(id).await.unwrap().lists.is_empty(), "nor what was taken down");
}

async fn what_is_not_listed_is_no_basis(service: Service, _: Location) {
    let office = units(&service).await.1;
    let listed = normative(&service, office, "甲办法", "2020-01-02").await;
    let id = open(&service, office, false).await;
    // Registered late, though it was made before the day.
    let late = normative(&service, office, "乙办法", "2020-12-31").await;
    let newer = normative(&service, office, "丙办法", "2021-01-01").await;
    // Made before the day and in force after it: it was in no list that could name it.
    let later = normative(&service, office, "丁办法", "2020-12-20").await;
    record(&service, later, "2021-01-01", DocumentEvent::InForce).await.unwrap();
    let marks = async || -> Vec<(Uuid, Option<bool>)> {
        let items = service.public_documents(&PublicAsk::default(), None).await.unwrap();
        let marks = service.cleanup_marks(&items).await.unwrap();
        let mut all: Vec<_> =
            items.iter().map(|i| i.id).zip(marks.into_iter().map(|m| m.map(|m| m.listed))).collect();
        all.sort();
        all
    };
    let mut expected = vec![(listed, None), (late, None), (newer, None), (later, None)];
    expected.sort();
    assert_eq!(marks().await, expected, "an open clean-up says nothing");
    conclude(&service, id, listed, Conclusion::Kept).await.unwrap();
    close(&service, id).await.unwrap();
    let mut expected = vec![(listed, Some(true)), (late, Some(false)), (newer, None), (later, None)];
    expected.sort();
    assert_eq!(marks().await, expected);
}
