//! Drafts of documents: from the first line to the signature, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, establish, made, officer, verifies};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::document_draft::{DocumentDraftEvent as E, Part, Proposed, Stage};
use law::docket::file::{FileEvent, FileRole};
use law::docket::interpretation::{Form, Plan, Timing};
use law::review::Step;
use place::{day, now, on_both, operator, units};
use service::row::{DocumentDraftFilter, DocumentFilter};
use service::{Actor, Change, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! { a_draft_becomes_a_document_when_it_is_signed who_has_no_role_neither_reviews_nor_signs
what_changes_after_a_review_is_reviewed_again a_number_that_is_taken_leaves_the_draft_unsigned
nothing_of_a_draft_is_public_or_in_another_units_sight what_is_given_up_is_not_changed }

const TODAY: &str = "2021-03-01";

fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

/// The people of an office.
struct Office {
    unit: Uuid,
    drafter: Actor,
    secrecy: Actor,
    legal: Actor,
    unit_head: Actor,
    head: Actor,
}

fn office(unit: Uuid) -> Office {
    let person = |role| officer(unit, &[role]);
    Office {
        unit,
        drafter: person(Role::Officer),
        secrecy: person(Role::SecrecyReviewer),
        legal: person(Role::LegalReviewer),
        unit_head: person(Role::UnitHead),
        head: person(Role::Head),
    }
}

fn plan() -> Plan {
    Plan {
        outline: "背景、依据和主要内容".into(),
        forms: [Form::Picture].into(),
        channels: "本机关网站".into(),
        timing: Timing::SameDay,
    }
}

fn proposed(title: &str) -> Proposed {
    Proposed {
        category: Category::Normative,
        title: title.into(),
        attribute: DisclosureAttribute::Proactive,
        reason: String::new(),
        plan: Some(plan()),
    }
}

/// A draft with its text; its id and that of its document.
async fn drafted(service: &Service, of: &Office, title: &str) -> (Uuid, Uuid) {
    let unit = of.unit.to_string();
    let ctx = by(&of.drafter);
    let id =
        service.draft_document(ctx, day("2021-02-20"), (unit.clone(), unit), proposed(title)).await.unwrap();
    let view = service.document_draft_view(&by(&of.drafter), id).await.unwrap();
    let document = Uuid::parse_str(&view.standing.unwrap().document).unwrap();
    write(service, of, document, "一、总体要求").await;
    (id, document)
}

async fn write(service: &Service, of: &Office, document: Uuid, text: &str) {
    let over = service.document_body(&by(&of.drafter), document).await.unwrap().map(|(id, _)| id);
    service.write_body(by(&of.drafter), document, over, text).await.unwrap();
}

async fn record(service: &Service, actor: &Actor, id: Uuid, event: E) -> Result<u32> {
    let version = service.document_draft_view(&operator(now()), id).await.unwrap().version;
    service.change_document_draft(by(actor), id, version, Change::event(day(TODAY), event)).await
}

fn reviewed(step: Step, passed: bool) -> E {
    E::Reviewed { step, passed, opinion: if passed { "" } else { "请修改" }.into() }
}

fn signed(number: &str) -> E {
    E::Signed { number: Some(number.into()), index_number: None }
}

async fn review(service: &Service, of: &Office, id: Uuid) {
    for (actor, step) in
        [(&of.secrecy, Step::Secrecy), (&of.legal, Step::Legality), (&of.unit_head, Step::WorkingBody)]
    {
        record(service, actor, id, reviewed(step, true)).await.unwrap();
    }
}

async fn stage(service: &Service, id: Uuid) -> Stage {
    service.document_draft_view(&operator(now()), id).await.unwrap().standing.unwrap().stage
}

async fn documents(service: &Service) -> usize {
    let all = service.documents(&operator(now()), DocumentFilter::default(), Page::first(100)).await;
    all.unwrap().len()
}

async fn a_draft_becomes_a_document_when_it_is_signed(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let (id, document) = drafted(&service, &of, "样本办法").await;
    let mut annex = service.upload(FileRole::Annex, "任务分解表.csv");
    annex.push("序号,任务\n1,计划\n".as_bytes());
    service.add_annex(by(&of.drafter), document, annex).await.unwrap();
    review(&service, &of, id).await;
    assert_eq!((stage(&service, id).await, documents(&service).await), (Stage::Ready, 0));
    assert!(service.draft_of(&by(&of.drafter), document).await.is_err(), "there is no document yet");
    record(&service, &of.head, id, signed("样政发〔2021〕1号")).await.unwrap();

    let view = service.document_view(&by(&of.drafter), document).await.unwrap();
    let s = view.standing.unwrap();
    assert_eq!((s.title.as_str(), s.number.as_deref()), ("样本办法", Some("样政发〔2021〕1号")));
    assert_eq!(s.plan, Some(plan()), "the plan goes with it");
    assert_eq!((s.made_on, s.attribute, s.public), (day(TODAY), DisclosureAttribute::Proactive, false));
    assert_eq!(service.document_body(&by(&of.drafter), document).await.unwrap().unwrap().1, "一、总体要求");
    assert_eq!(service.document_files(&by(&of.drafter), document).await.unwrap().len(), 2);
    assert_eq!(service.draft_of(&by(&of.drafter), document).await.unwrap(), Some(id));
    assert_eq!(stage(&service, id).await, Stage::Signed);
    // What was signed is published as it was signed.
    let over = service.document_body(&by(&of.drafter), document).await.unwrap().map(|(id, _)| id);
    assert_eq!(codes(service.write_body(by(&of.drafter), document, over, "改").await), ["signed"]);
    let mut late = service.upload(FileRole::Annex, "补充.csv");
    late.push(b"1,2\n");
    assert_eq!(codes(service.add_annex(by(&of.drafter), document, late).await), ["signed"]);
    assert!(!service.content_owner(&by(&of.drafter), document).await.unwrap().open);
    // From here it goes on as any document, and the draft stays what it was.
    let event = DocumentEvent::Disclosed { url: None };
    service
        .change_document(by(&of.drafter), document, view.version, Change::event(day(TODAY), event))
        .await
        .unwrap();
    assert!(service.public_document(document).await.is_ok());
    write(&service, &of, document, "一、总体要求（更正）").await;
    assert_eq!(stage(&service, id).await, Stage::Signed);
    assert_eq!(codes(record(&service, &of.head, id, signed("样政发〔2021〕2号")).await), ["draft-over"]);
    verifies(&service).await;
}

async fn who_has_no_role_neither_reviews_nor_signs(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let (id, _) = drafted(&service, &of, "样本办法").await;
    let refused = |outcome: Result<u32>| matches!(outcome, Err(Error::NotAllowed(_)));
    for (actor, step) in [
        (&of.drafter, Step::Secrecy),
        (&of.drafter, Step::Legality),
        (&of.drafter, Step::WorkingBody),
        (&of.legal, Step::Secrecy),
        (&of.secrecy, Step::Legality),
        (&of.secrecy, Step::WorkingBody),
    ] {
        assert!(refused(record(&service, actor, id, reviewed(step, true)).await), "{step:?}");
    }
    review(&service, &of, id).await;
    for actor in [&of.drafter, &of.secrecy, &of.unit_head] {
        assert!(refused(record(&service, actor, id, signed("样政发〔2021〕1号")).await));
    }
    let changed = E::Redrafted { proposed: proposed("样本规定") };
    assert!(refused(record(&service, &of.secrecy, id, changed).await), "who reviews does not write");
    assert_eq!(stage(&service, id).await, Stage::Ready);
}

async fn what_changes_after_a_review_is_reviewed_again(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let (id, document) = drafted(&service, &of, "样本办法").await;
    let signing = async || codes(record(&service, &of.head, id, signed("样政发〔2021〕1号")).await).len();
    review(&service, &of, id).await;
    write(&service, &of, document, "二、主要任务").await;
    assert_eq!(signing().await, 3, "the text is another");
    review(&service, &of, id).await;
    let version = service.document_draft_view(&operator(now()), id).await.unwrap().version;
    let annex = async || {
        let mut annex = service.upload(FileRole::Annex, "表.csv");
        annex.push(b"1,2\n");
        service.add_annex(by(&of.drafter), document, annex).await.unwrap()
    };
    let annex = annex().await;
    assert_eq!(signing().await, 3, "there is an attachment more");
    review(&service, &of, id).await;
    let erased = FileEvent::Erased { reason: "不再附".into() };
    service.change_document_file(by(&of.drafter), (document, annex), 1, erased).await.unwrap();
    assert_eq!(signing().await, 3, "the attachment is gone");
    // A reviewer who still sees what stood there before is told.
    let late = Change::event(day(TODAY), reviewed(Step::Secrecy, true));
    let late = service.change_document_draft(by(&of.secrecy), id, version, late).await;
    assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    record(&service, &of.secrecy, id, reviewed(Step::Secrecy, false)).await.unwrap();
    assert_eq!(stage(&service, id).await, Stage::Returned);
    record(&service, &of.drafter, id, E::Redrafted { proposed: proposed("样本规定") }).await.unwrap();
    assert_eq!(stage(&service, id).await, Stage::Open);
    let forged = E::Changed { part: Part::Annex };
    assert!(matches!(record(&service, &of.drafter, id, forged).await, Err(Error::Invalid(_))));
    let version = service.document_draft_view(&operator(now()), id).await.unwrap().version;
    let void = Change::void(2, day(TODAY), "录入有误");
    let void = service.change_document_draft(by(&of.drafter), id, version, void).await;
    assert!(matches!(void, Err(Error::Invalid(_))), "{void:?}");
    verifies(&service).await;
}

async fn a_number_that_is_taken_leaves_the_draft_unsigned(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let mut other = made(of.unit, "另一办法");
    if let DocumentEvent::Made { number, .. } = &mut other {
        *number = Some("样政发〔2021〕1号".into());
    }
    service.make_document(operator(now()), day("2021-02-01"), other).await.unwrap();
    let (id, document) = drafted(&service, &of, "样本办法").await;
    review(&service, &of, id).await;
    assert_eq!(codes(record(&service, &of.head, id, signed("样政发〔2021〕1号")).await), ["number-taken"]);
    assert_eq!((stage(&service, id).await, documents(&service).await), (Stage::Ready, 1));
    record(&service, &of.head, id, signed("样政发〔2021〕2号")).await.unwrap();
    assert!(service.document_view(&operator(now()), document).await.is_ok());
}

async fn nothing_of_a_draft_is_public_or_in_another_units_sight(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let (id, document) = drafted(&service, &of, "样本办法").await;
    let body = service.document_body(&by(&of.drafter), document).await.unwrap().unwrap().0;
    for gone in
        [service.public_document(document).await.err(), service.public_file(document, body).await.err()]
    {
        assert!(matches!(gone, Some(Error::NotFound(_))), "{gone:?}");
    }
    let publish =
        service.change_document_file(by(&of.drafter), (document, body), 1, FileEvent::Published).await;
    assert!(matches!(publish, Err(Error::NotFound(_) | Error::Refused(_))), "{publish:?}");
    let elsewhere =
        officer(establish(&service, "other", None).await, &[Role::Officer, Role::SecrecyReviewer]);
    let away = by(&elsewhere);
    let refused = |error: Option<Error>| matches!(error, Some(Error::NotAllowed(_)));
    assert!(refused(service.document_draft_view(&away, id).await.err()));
    assert!(refused(service.document_body(&away, document).await.err()));
    assert!(refused(service.open_document_file(&away, document, body).await.err()));
    assert!(refused(service.check_document(&away, document).await.err()));
    assert!(refused(service.write_body(away.clone(), document, Some(body), "改").await.err()));
    assert!(refused(record(&service, &elsewhere, id, reviewed(Step::Secrecy, true)).await.err()));
    let found = service.document_drafts(&away, DocumentDraftFilter::default(), Page::first(10)).await;
    assert!(found.unwrap().is_empty());
}

async fn what_is_given_up_is_not_changed(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let of = office(units(&service).await.1);
    let (id, document) = drafted(&service, &of, "样本办法").await;
    record(&service, &of.drafter, id, E::Abandoned { reason: "不再制发".into() }).await.unwrap();
    let over = service.document_body(&by(&of.drafter), document).await.unwrap().map(|(id, _)| id);
    assert_eq!(codes(service.write_body(by(&of.drafter), document, over, "改").await), ["draft-over"]);
    let kept = service.document_body(&by(&of.drafter), document).await.unwrap().unwrap();
    assert_eq!(kept.1, "一、总体要求", "nothing half done");
    assert!(!service.content_owner(&by(&of.drafter), document).await.unwrap().open);
    let erased = FileEvent::Erased { reason: "不再需要".into() };
    service.change_document_file(by(&of.drafter), (document, over.unwrap()), 1, erased).await.unwrap();
    assert!(service.document_body(&by(&of.drafter), document).await.unwrap().is_none(), "it can be erased");
    verifies(&service).await;
}
