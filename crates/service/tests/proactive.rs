//! Article 44: what several applicants ask for is found, suggestions are reviewed, and what was published is named.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, made, officer, request, verifies};
use law::docket::document::DocumentEvent;
use law::docket::request::{ProactiveOutcome, RequestEvent, SuggestedBy};
use place::{day, now, on_both, operator, units};
use service::request::{LEDGER_COLUMNS, NewRequest};
use service::row::RequestFilter;
use service::vault::Person;
use service::{Change, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! {
    what_several_applicants_ask_for_is_found
    a_suggestion_is_reviewed_and_names_what_was_published
    an_entry_from_before_suggestions_had_a_source_still_verifies
}

fn of(unit: Uuid, on: &str, number: &str, subject: &str) -> NewRequest {
    let person = Person { name: "样本".into(), id_number: number.into(), ..Person::default() };
    NewRequest { person: Some(person), subject: subject.into(), ..request(unit, on) }
}

async fn receive(service: &Service, new: NewRequest) -> Uuid {
    service.receive_request(operator(now()), new).await.unwrap().id
}

async fn record(service: &Service, id: Uuid, on: &str, event: RequestEvent) -> Result<u32> {
    let version = service.request_view(&operator(now()), id).await?.version;
    service.change_request(operator(now()), id, version, Change::event(day(on), event)).await
}

fn suggested(by: SuggestedBy) -> RequestEvent {
    RequestEvent::SuggestedProactive { by, note: "样本".into() }
}

fn published(document: impl ToString) -> RequestEvent {
    let document = Some(document.to_string());
    RequestEvent::ProactiveReviewed { outcome: ProactiveOutcome::Published, document, reason: String::new() }
}

async fn what_several_applicants_ask_for_is_found(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let first = receive(&service, of(office, "2021-01-04", "样本0001", "城区供水管网改造的批复")).await;
    let alone = service.asked_by_others(&by(&clerk), first).await.unwrap();
    assert!(alone.rows.is_empty() && !alone.are_several());

    // The same applicant again: asked twice, but by one.
    let again = receive(&service, of(office, "2021-01-11", "样本0001", "城区供水管网改造项目的批复")).await;
    let found = service.asked_by_others(&by(&clerk), first).await.unwrap();
    assert_eq!(found.rows.iter().map(|r| r.id).collect::<Vec<_>>(), [again]);
    assert!(!found.are_several());

    let other = receive(&service, of(office, "2021-02-01", "样本0002", "城区供水管网改造的批复")).await;
    let nameless =
        NewRequest { subject: "城区供水管网改造的批复".into(), ..request(office, "2021-02-02") };
    let nameless = receive(&service, nameless).await;
    // Of something else, and with another agency.
    receive(&service, of(office, "2021-02-03", "样本0003", "幼儿园招生计划")).await;
    receive(&service, of(government, "2021-02-03", "样本0003", "城区供水管网改造的批复")).await;
    let found = service.asked_by_others(&by(&clerk), first).await.unwrap();
    assert_eq!(found.rows.iter().map(|r| r.id).collect::<Vec<_>>(), [nameless, other, again]);
    assert_eq!(found.applicants, 3);

    // What goes on in another docket is compared no more.
    let merged = RequestEvent::Merged { into: other.to_string() };
    record(&service, nameless, "2021-02-04", merged).await.unwrap();
    let found = service.asked_by_others(&by(&clerk), first).await.unwrap();
    assert_eq!(found.rows.iter().map(|r| r.id).collect::<Vec<_>>(), [other, again]);
    let nothing = service.asked_by_others(&by(&clerk), nameless).await.unwrap();
    assert!(nothing.rows.is_empty());

    let elsewhere = officer(cases::establish(&service, "sample", Some(government)).await, &[Role::Officer]);
    let refused = service.asked_by_others(&by(&elsewhere), first).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    verifies(&service).await;
}

async fn a_suggestion_is_reviewed_and_names_what_was_published(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = receive(&service, request(office, "2021-01-04")).await;
    assert_eq!(codes(record(&service, id, "2021-01-05", published("x")).await), ["no-such-document"]);
    record(&service, id, "2021-01-05", suggested(SuggestedBy::Applicant)).await.unwrap();
    record(&service, id, "2021-01-06", suggested(SuggestedBy::Agency)).await.unwrap();
    let twice = record(&service, id, "2021-01-06", suggested(SuggestedBy::Applicant)).await;
    assert_eq!(codes(twice), ["already-suggested"]);

    let DocumentEvent::Made { counted_by, maker, category, title, attribute, reason, .. } =
        made(office, "样本供水管网改造方案")
    else {
        panic!("a making")
    };
    let (number, index_number) = (Some("样政发〔2021〕3号".to_owned()), Some("样本-2021-3".to_owned()));
    let event =
        DocumentEvent::Made { counted_by, maker, category, title, number, index_number, attribute, reason };
    let document = service.make_document(operator(now()), day("2021-02-01"), event).await.unwrap();
    let early = record(&service, id, "2021-02-08", published("样政发〔2021〕3号")).await;
    assert_eq!(codes(early), ["document-not-public"]);
    let disclosed = Change::event(day("2021-02-08"), DocumentEvent::Disclosed { url: None });
    service.change_document(operator(now()), document, 1, disclosed).await.unwrap();
    let early = record(&service, id, "2021-02-05", published("样政发〔2021〕3号")).await;
    assert_eq!(codes(early), ["dates-out-of-order"]);
    // By its index number: not every document has a number.
    record(&service, id, "2021-02-08", published(" 样本-2021-3 ")).await.unwrap();

    let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
    let review = standing.proactive.review.clone().unwrap();
    assert_eq!(review.document, Some(document.to_string()));
    assert_eq!(standing.proactive.pending().count(), 0);
    let (lines, _) =
        service.ledger(&operator(now()), RequestFilter::default(), Page::first(5)).await.unwrap();
    let at = LEDGER_COLUMNS.iter().position(|c| *c == "是否转主动公开").unwrap();
    assert_eq!(
        lines[0].cells[at],
        "申请人建议主动公开2021-01-05；本机关拟转主动公开2021-01-06；2021-02-08已主动公开"
    );
    verifies(&service).await;
}

async fn an_entry_from_before_suggestions_had_a_source_still_verifies(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = receive(&service, request(office, "2021-01-04")).await;
    // What earlier versions wrote, to the letter; `law` proves that it is written the same way again.
    let old: RequestEvent = serde_json::from_str(r#"{"type":"suggested-proactive"}"#).unwrap();
    record(&service, id, "2021-01-05", old).await.unwrap();
    let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
    assert_eq!(standing.proactive.suggestions[0].by, SuggestedBy::Agency);
    let reviewed = RequestEvent::ProactiveReviewed {
        outcome: ProactiveOutcome::Unsuitable,
        document: None,
        reason: "样本".into(),
    };
    record(&service, id, "2021-01-06", reviewed).await.unwrap();
    verifies(&service).await;
}
