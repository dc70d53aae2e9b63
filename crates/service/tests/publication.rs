//! 待公开, on both engines: what is owed, by when, and the list with which it is handed over.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, made, officer, verifies};
use law::docket::document::{DisclosureAttribute, DocumentEvent};
use place::{day, now, on_both, operator, units};
use service::transfer::ExportFormat;
use service::{Change, Location, Role, Service};
use uuid::Uuid;

on_both! { what_is_proactive_is_owed_until_it_was_public_once the_list_is_taken_along_and_journaled
an_agency_sees_its_own }

async fn document(service: &Service, unit: Uuid, title: &str, on: &str) -> Uuid {
    service.make_document(operator(now()), day(on), made(unit, title)).await.unwrap()
}

async fn record(service: &Service, id: Uuid, on: &str, event: DocumentEvent) {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(on), event)).await.unwrap();
}

async fn owed(service: &Service) -> Vec<(String, String)> {
    let all = service.publications_owed(&operator(now()), None).await.unwrap();
    all.into_iter().map(|d| (d.row.title, d.due.map_or_else(String::new, |due| due.on.to_string()))).collect()
}

fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
    all.iter().map(|(title, due)| ((*title).to_owned(), (*due).to_owned())).collect()
}

async fn what_is_proactive_is_owed_until_it_was_public_once(service: Service, _: Location) {
    let office = units(&service).await.1;
    let late = document(&service, office, "甲通知", "2020-03-02").await;
    let withheld = document(&service, office, "乙通知", "2020-02-03").await;
    let not = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Withheld,
        reason: "条例第十六条".into(),
    };
    record(&service, withheld, "2020-02-04", not).await;
    assert_eq!(
        owed(&service).await,
        pairs(&[("甲通知", "2020-03-30")]),
        "20 working days, no holiday within"
    );
    let found = service.publications_owed(&operator(now()), None).await.unwrap();
    let overdue = |on: &str| found[0].overdue(day(on));
    assert_eq!(
        (overdue("2020-03-29"), overdue("2020-03-30"), overdue("2020-03-31")),
        (false, false, true),
        "the day before, the day, the day after"
    );
    assert_eq!(service.publications_waiting(&operator(now())).await.unwrap(), (1, true));
    // What becomes 主动公开 later is owed from then on.
    let again = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Proactive,
        reason: "可以公开".into(),
    };
    record(&service, withheld, "2021-02-26", again).await;
    assert_eq!(owed(&service).await, pairs(&[("甲通知", "2020-03-30"), ("乙通知", "2021-03-26")]));
    record(&service, late, "2021-03-01", DocumentEvent::Disclosed { url: None }).await;
    assert_eq!(owed(&service).await, pairs(&[("乙通知", "2021-03-26")]));
    assert_eq!(service.publications_waiting(&operator(now())).await.unwrap(), (1, false));
    // Taken down it has met its term.
    let down = DocumentEvent::Withdrawn { reason: "核对".into(), told: String::new(), kept: String::new() };
    record(&service, late, "2021-03-01", down).await;
    assert_eq!(owed(&service).await, pairs(&[("乙通知", "2021-03-26")]));
    verifies(&service).await;
}

async fn the_list_is_taken_along_and_journaled(service: Service, _: Location) {
    let office = units(&service).await.1;
    document(&service, office, "甲通知", "2021-02-22").await;
    let file = service.export_publications(&operator(now()), None, ExportFormat::Csv).await.unwrap();
    let text = String::from_utf8(file).unwrap();
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].starts_with("序号,标题,发文字号,制作机关"));
    assert!(
        lines[1].starts_with("1,甲通知,")
            && lines[1].contains(",主动公开,2021-02-22,2021-03-22,2021-03-01,,")
    );
}

async fn an_agency_sees_its_own(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    document(&service, government, "政府通知", "2021-02-22").await;
    document(&service, office, "办公室通知", "2021-02-22").await;
    let own = by(&officer(office, &[Role::Officer]));
    let found = service.publications_owed(&own, None).await.unwrap();
    assert_eq!(found.into_iter().map(|d| d.row.title).collect::<Vec<_>>(), ["办公室通知"]);
}
