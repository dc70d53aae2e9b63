//! What interprets a document, linked both ways, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, establish, made, officer, own, value, verifies};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::interpretation::{Form, Plan, Timing};
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, PublicDocument};
use service::{Change, Error, Location, Result, Role, Service};
use uuid::Uuid;

on_both! { links_lead_both_ways_while_both_are_public a_picture_has_words_beside_it
only_documents_are_interpreted a_year_says_what_is_owed_and_what_came_late interpretations_count_among_no_documents
who_may_not_see_a_document_does_not_interpret_it what_explains_only_what_was_taken_down_goes_with_it
what_stays_has_a_reason a_public_interpretation_is_not_led_to_what_is_not_public }

fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

async fn record(service: &Service, id: Uuid, on: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(on), event)).await
}

async fn disclose(service: &Service, id: Uuid, on: &str) -> Result<u32> {
    record(service, id, on, DocumentEvent::Disclosed { url: None }).await
}

async fn withdraw(service: &Service, id: Uuid) {
    let event =
        DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    record(service, id, "2021-03-01", event).await.unwrap();
}

fn plan(timing: Timing) -> DocumentEvent {
    let plan = Plan {
        outline: "背景、依据和主要内容".into(),
        forms: [Form::Text].into(),
        channels: "本机关网站".into(),
        timing,
    };
    DocumentEvent::InterpretationPlanned { plan }
}

/// A public document.
async fn document(service: &Service, unit: Uuid, title: &str, on: &str) -> Uuid {
    let id = service.make_document(operator(now()), day("2020-01-02"), made(unit, title)).await.unwrap();
    disclose(service, id, on).await.unwrap();
    id
}

async fn interpret(service: &Service, of: Uuid, title: &str, form: Form) -> Uuid {
    let said = (title.to_owned(), form);
    service.interpret_document(operator(now()), of, day("2020-01-03"), said).await.unwrap()
}

async fn shown(service: &Service, id: Uuid) -> PublicDocument {
    match service.public_document(id).await.unwrap() {
        AtAddress::Public(document) => *document,
        AtAddress::Withdrawn { .. } => panic!("taken down"),
    }
}

/// Titles of what interprets it, and of what it explains.
async fn links(service: &Service, id: Uuid) -> (Vec<String>, Vec<String>) {
    let shown = shown(service, id).await;
    let to_it = shown.interpretations.into_iter().map(|(item, _)| item.title).collect();
    (to_it, shown.interprets.into_iter().map(|item| item.title).collect())
}

async fn links_lead_both_ways_while_both_are_public(service: Service, _: Location) {
    let office = units(&service).await.1;
    let (one, two) = (
        document(&service, office, "甲办法", "2020-02-03").await,
        document(&service, office, "乙办法", "2020-02-03").await,
    );
    let text = interpret(&service, one, "《甲办法》解读", Form::Text).await;
    assert_eq!(links(&service, one).await, (vec![], vec![]), "nothing that is not public is told");
    let (to_it, _) = service.interpretation_links(&operator(now()), one).await.unwrap();
    assert_eq!(to_it.iter().map(|l| (l.row.id, l.public)).collect::<Vec<_>>(), [(text, false)]);
    disclose(&service, text, "2020-02-03").await.unwrap();
    assert_eq!(links(&service, one).await, (vec!["《甲办法》解读".into()], vec![]));
    assert_eq!(links(&service, text).await, (vec![], vec!["甲办法".into()]));
    let documents = vec![one.to_string(), two.to_string().to_uppercase()];
    let both = DocumentEvent::Interprets { documents, form: Form::Text };
    record(&service, text, "2020-02-04", both).await.unwrap();
    assert_eq!(links(&service, two).await.0, ["《甲办法》解读"]);
    withdraw(&service, one).await;
    assert_eq!(links(&service, text).await.1, ["乙办法"], "what was taken down is not linked");
    withdraw(&service, text).await;
    assert_eq!(links(&service, two).await.0, Vec::<String>::new());
    // A voided link is gone from both sides.
    let (to_it, _) = service.interpretation_links(&operator(now()), two).await.unwrap();
    assert_eq!(to_it.len(), 1);
    for entry in [4, 2] {
        let version = service.document_view(&operator(now()), text).await.unwrap().version;
        let void = Change::void(entry, day("2021-03-01"), "录入有误");
        let outcome = service.change_document(operator(now()), text, version, void).await;
        if entry == 2 {
            assert_eq!(codes(outcome), ["document-missing"], "it was published with this link");
        } else {
            outcome.unwrap();
        }
    }
    let (to_it, _) = service.interpretation_links(&operator(now()), two).await.unwrap();
    assert!(to_it.is_empty());
    verifies(&service).await;
}

/// The made-up state of an address: published, or what is said since it was taken down.
async fn said(service: &Service, id: Uuid) -> Option<String> {
    match service.public_document(id).await.unwrap() {
        AtAddress::Public(_) => None,
        AtAddress::Withdrawn { told, .. } => Some(told),
    }
}

async fn what_explains_only_what_was_taken_down_goes_with_it(service: Service, _: Location) {
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let two = document(&service, office, "乙办法", "2020-02-03").await;
    let (alone, both) = (
        interpret(&service, one, "甲解读", Form::Text).await,
        interpret(&service, one, "甲乙解读", Form::Text).await,
    );
    let hidden = interpret(&service, one, "未公开的解读", Form::Text).await;
    let documents = vec![one.to_string(), two.to_string()];
    record(&service, both, "2020-02-03", DocumentEvent::Interprets { documents, form: Form::Text })
        .await
        .unwrap();
    for id in [alone, both] {
        disclose(&service, id, "2020-02-04").await.unwrap();
    }
    let along = service.taken_down_with(&operator(now()), one).await.unwrap();
    assert_eq!(along.iter().map(|row| row.id).collect::<Vec<_>>(), [alone]);
    let entries = cases::entries(&service).await;
    withdraw(&service, one).await;
    assert_eq!(cases::entries(&service).await - entries, 2, "both, in one change");
    assert_eq!(said(&service, alone).await.as_deref(), Some("被解读的文件已经撤下"));
    assert_eq!(said(&service, both).await, None, "it still explains what is public");
    let untouched = service.document_view(&operator(now()), hidden).await.unwrap().standing.unwrap();
    assert_eq!((untouched.public, untouched.withdrawn_on), (false, None));
    withdraw(&service, two).await;
    assert!(said(&service, both).await.is_some(), "now nothing is left");
    // A publication that is voided takes along what explains it as well.
    let three = document(&service, office, "丙办法", "2020-02-03").await;
    let of_three = interpret(&service, three, "丙解读", Form::Text).await;
    disclose(&service, of_three, "2020-02-03").await.unwrap();
    let void = Change::void(2, day("2020-02-03"), "录入有误");
    let version = service.document_view(&operator(now()), three).await.unwrap().version;
    service.change_document(operator(now()), three, version, void).await.unwrap();
    assert!(said(&service, of_three).await.is_some());
    verifies(&service).await;
}

async fn what_stays_has_a_reason(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let text = interpret(&service, one, "甲解读", Form::Text).await;
    disclose(&service, text, "2020-02-03").await.unwrap();
    // One of another unit: the officer can neither take it down nor forget it.
    let foreign = match made(government, "专家解读甲办法") {
        DocumentEvent::Made { counted_by, maker, title, number, index_number, attribute, reason, .. } => {
            let category = Category::Interpretation;
            DocumentEvent::Made {
                counted_by,
                maker,
                category,
                title,
                number,
                index_number,
                attribute,
                reason,
            }
        }
        other => other,
    };
    let foreign = service.make_document(operator(now()), day("2020-02-03"), foreign).await.unwrap();
    let documents = vec![one.to_string()];
    let link = DocumentEvent::Interprets { documents, form: Form::Expert };
    record(&service, foreign, "2020-02-03", link).await.unwrap();
    disclose(&service, foreign, "2020-02-03").await.unwrap();
    let clerk = officer(office, &[Role::Officer]);
    let down = |kept: &str| {
        let kept = kept.to_owned();
        Change::event(
            day("2021-03-01"),
            DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept },
        )
    };
    let version = service.document_view(&operator(now()), one).await.unwrap().version;
    let outcome = service.change_document(by(&clerk), one, version, down(" ")).await;
    assert_eq!(codes(outcome), ["interpretation-of-others"]);
    assert_eq!((said(&service, one).await, said(&service, text).await), (None, None), "nothing is half done");
    let kept = down("政策仍在执行，文件更正后重新公开");
    service.change_document(by(&clerk), one, version, kept).await.unwrap();
    assert!(said(&service, one).await.is_some());
    assert_eq!((said(&service, text).await, said(&service, foreign).await), (None, None));
    assert_eq!(links(&service, text).await.1, Vec::<String>::new(), "what was taken down is not linked");
    verifies(&service).await;
}

async fn a_public_interpretation_is_not_led_to_what_is_not_public(service: Service, _: Location) {
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let closed =
        service.make_document(operator(now()), day("2020-01-02"), made(office, "乙办法")).await.unwrap();
    let text = interpret(&service, one, "甲解读", Form::Text).await;
    disclose(&service, text, "2020-02-03").await.unwrap();
    let to = |id: Uuid| DocumentEvent::Interprets { documents: vec![id.to_string()], form: Form::Text };
    assert_eq!(codes(record(&service, text, "2020-02-04", to(closed)).await), ["document-not-public"]);
    assert_eq!(links(&service, text).await.1, ["甲办法"]);
}

async fn a_picture_has_words_beside_it(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let picture = interpret(&service, one, "一图读懂甲办法", Form::Picture).await;
    assert_eq!(codes(disclose(&service, picture, "2020-02-03").await), ["alternative-missing"]);
    service.write_body(operator(now()), picture, None, "图中说明了申请条件。").await.unwrap();
    disclose(&service, picture, "2020-02-03").await.unwrap();
    assert_eq!(links(&service, one).await.0, ["一图读懂甲办法"]);
}

async fn only_documents_are_interpreted(service: Service, _: Location) {
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let text = interpret(&service, one, "《甲办法》解读", Form::Text).await;
    let again = service
        .interpret_document(operator(now()), text, day("2020-02-03"), ("解读".into(), Form::Text))
        .await;
    assert_eq!(codes(again), ["interprets-interpretation"]);
    for unknown in ["x".to_owned(), Uuid::nil().to_string()] {
        let event = DocumentEvent::Interprets { documents: vec![unknown], form: Form::Text };
        assert_eq!(codes(record(&service, text, "2020-02-03", event).await), ["document-unknown"]);
    }
    let blank =
        service.interpret_document(operator(now()), one, day("2020-02-03"), (" ".into(), Form::Text)).await;
    assert_eq!(codes(blank), ["title-missing"]);
}

async fn a_year_says_what_is_owed_and_what_came_late(service: Service, _: Location) {
    let office = units(&service).await.1;
    // 1 to 8 October 2020 are holidays; 10 October is a make-up workday.
    let plain = document(&service, office, "甲办法", "2020-09-29").await;
    let owed = document(&service, office, "乙办法", "2020-09-30").await;
    document(&service, office, "丙办法", "2020-09-30").await;
    let next = document(&service, office, "丁办法", "2021-01-04").await;
    for (id, timing) in [(plain, Timing::WithinTerm), (owed, Timing::SameDay), (next, Timing::SameDay)] {
        record(&service, id, "2021-02-01", plan(timing)).await.unwrap();
    }
    let text = interpret(&service, plain, "《甲办法》解读", Form::Text).await;
    disclose(&service, text, "2020-10-10").await.unwrap();
    let ctx = operator(now());
    let year = service.interpretation_year(&ctx, None, 2020).await.unwrap();
    assert_eq!((year.duties.len(), year.done(), year.open(), year.median_delay), (2, 1, 1, Some(3)));
    let by_title = |title: &str| year.duties.iter().find(|d| d.row.title == title).unwrap();
    let done = by_title("甲办法");
    assert_eq!(done.due.as_ref().unwrap().on, day("2020-10-10"), "on the last day");
    assert_eq!(by_title("乙办法").due.as_ref().unwrap().on, day("2020-09-30"));
    assert_eq!(service.interpretations_owed(&ctx).await.unwrap(), 2);
    withdraw(&service, text).await;
    assert_eq!(
        service.interpretation_year(&ctx, None, 2020).await.unwrap().open(),
        2,
        "taken down, it is owed again"
    );
    withdraw(&service, owed).await;
    assert_eq!(service.interpretation_year(&ctx, None, 2020).await.unwrap().duties.len(), 1);
}

async fn interpretations_count_among_no_documents(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    for form in [Form::Text, Form::Picture, Form::Video] {
        let id = interpret(&service, one, "《甲办法》解读", form).await;
        service.write_body(operator(now()), id, None, "说明。").await.unwrap();
        disclose(&service, id, "2020-02-03").await.unwrap();
    }
    let ask = own(office, 2020);
    for (fact, expected) in [
        ("documents.disclosed", "1"),
        ("documents.disclosed_own", "1"),
        ("documents.made", "1"),
        ("interpretations.published", "3"),
        ("interpretations.non_text", "2"),
    ] {
        assert_eq!(value(&service, &ask, fact).await, expected, "{fact}");
    }
}

async fn who_may_not_see_a_document_does_not_interpret_it(service: Service, _: Location) {
    let office = units(&service).await.1;
    let one = document(&service, office, "甲办法", "2020-02-03").await;
    let said = || ("《甲办法》解读".to_owned(), Form::Text);
    let elsewhere = officer(establish(&service, "other", None).await, &[Role::Officer]);
    let reader = officer(office, &[Role::Reviewer]);
    for actor in [&elsewhere, &reader] {
        let outcome = service.interpret_document(by(actor), one, day("2020-02-03"), said()).await;
        assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    }
    assert!(service.interpretation_links(&by(&elsewhere), one).await.is_err());
    let theirs = service.interpretation_year(&by(&elsewhere), None, 2020).await.unwrap();
    assert!(theirs.duties.is_empty());
    let closed =
        service.make_document(operator(now()), day("2020-01-02"), made(office, "内部办法")).await.unwrap();
    let hidden = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Withheld,
        reason: "条例第十六条".into(),
    };
    record(&service, closed, "2020-02-03", hidden).await.unwrap();
    let text = interpret(&service, closed, "《内部办法》解读", Form::Text).await;
    let alone = disclose(&service, text, "2020-02-03").await;
    assert_eq!(codes(alone), ["document-not-public"], "nothing is explained before it can be read");
    let both = vec![closed.to_string(), one.to_string()];
    let event = DocumentEvent::Interprets { documents: both, form: Form::Text };
    record(&service, text, "2020-02-03", event).await.unwrap();
    disclose(&service, text, "2020-02-03").await.unwrap();
    assert_eq!(links(&service, text).await.1, ["甲办法"], "its page does not tell the other title");
    // Who may not work on a document does not name it.
    let other = elsewhere.unit().unwrap();
    let theirs = document(&service, other, "他办法", "2020-02-03").await;
    let own = service
        .interpret_document(by(&elsewhere), theirs, day("2020-02-03"), ("《他办法》解读".into(), Form::Text))
        .await
        .unwrap();
    let named = DocumentEvent::Interprets { documents: vec![one.to_string()], form: Form::Text };
    let named = Change::event(day("2020-02-03"), named);
    let outcome = service.change_document(by(&elsewhere), own, 2, named).await;
    assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
}
