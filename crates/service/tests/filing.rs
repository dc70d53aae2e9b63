//! 备案, on both engines: what of a year is owed, was reported in time or late.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, made, officer, verifies};
use law::docket::document::{Category, DocumentEvent, Filed};
use place::{day, now, on_both, operator, units};
use service::{Change, Error, Location, Result, Role, Service};
use uuid::Uuid;

on_both! { a_year_says_what_was_reported_in_time_late_and_not_at_all only_what_is_public_is_owed }

async fn record(service: &Service, id: Uuid, on: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(on), event)).await
}

async fn document(service: &Service, unit: Uuid, title: &str, of: Category, published: &str) -> Uuid {
    let mut event = made(unit, title);
    if let DocumentEvent::Made { category, .. } = &mut event {
        *category = of;
    }
    let id = service.make_document(operator(now()), day("2020-01-02"), event).await.unwrap();
    record(service, id, published, DocumentEvent::Disclosed { url: None }).await.unwrap();
    id
}

fn filed() -> DocumentEvent {
    DocumentEvent::Filed(Filed {
        with: "样本市人民政府".into(), number: Some("样备〔2021〕1号".into())
    })
}

async fn a_year_says_what_was_reported_in_time_late_and_not_at_all(service: Service, _: Location) {
    let office = units(&service).await.1;
    let normative = Category::Normative;
    // Published on Monday 4 January 2021: in time until Tuesday 19 January.
    for (title, on) in [("前一日", "2021-01-18"), ("当日", "2021-01-19"), ("后一日", "2021-01-20")] {
        let id = document(&service, office, title, normative, "2021-01-04").await;
        record(&service, id, on, filed()).await.unwrap();
    }
    document(&service, office, "未报", normative, "2021-01-05").await;
    document(&service, office, "规章", Category::Rule, "2021-02-26").await;
    document(&service, office, "通知", Category::Official, "2021-01-05").await;
    document(&service, office, "上年", normative, "2020-12-31").await;
    let found = service.filing_year(&operator(now()), None, 2021, 15).await.unwrap();
    let of = |title: &str| found.iter().find(|d| d.row.title == title).unwrap();
    assert_eq!(found.len(), 5, "neither other documents nor other years");
    assert_eq!(["前一日", "当日", "后一日"].map(|t| of(t).late()), [false, false, true]);
    assert_eq!(of("当日").due.as_ref().map(|d| d.on), Some(day("2021-01-19")));
    let overdue = |title: &str, on| of(title).overdue(day(on));
    assert_eq!(of("未报").due.as_ref().map(|d| d.on), Some(day("2021-01-20")));
    assert_eq!((overdue("未报", "2021-01-20"), overdue("未报", "2021-01-21")), (false, true));
    assert_eq!(of("规章").due.as_ref().map(|d| d.on), Some(day("2021-03-29")), "28 March is a Sunday");
    let longer = service.filing_year(&operator(now()), None, 2021, 30).await.unwrap();
    assert!(!longer.iter().any(|d| d.late()), "where local rules allow 30 days");
    assert_eq!(service.filings_owed(&operator(now()), 15).await.unwrap(), 3, "of this year and the last");
    verifies(&service).await;
}

async fn only_what_is_public_is_owed(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let id = document(&service, office, "甲办法", Category::Normative, "2021-01-04").await;
    let owed = async || service.filings_owed(&operator(now()), 15).await.unwrap();
    assert_eq!(owed().await, 1);
    let down = DocumentEvent::Withdrawn { reason: "核实".into(), told: String::new(), kept: String::new() };
    record(&service, id, "2021-01-05", down).await.unwrap();
    assert_eq!(owed().await, 0);
    record(&service, id, "2021-01-06", DocumentEvent::Disclosed { url: None }).await.unwrap();
    assert_eq!(owed().await, 1);
    let reader = officer(office, &[Role::Supervisor]);
    let refused =
        service.change_document(by(&reader), id, 4, Change::event(day("2021-02-01"), filed())).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    record(&service, id, "2021-02-01", filed()).await.unwrap();
    assert_eq!(codes(record(&service, id, "2021-02-02", filed()).await), ["already-filed"]);
    let void = Change::void(5, day("2021-02-02"), "录入有误");
    service.change_document(operator(now()), id, 5, void).await.unwrap();
    assert_eq!(owed().await, 1, "owed again");
    document(&service, government, "乙办法", Category::Normative, "2021-01-04").await;
    let own = officer(office, &[Role::Officer]);
    assert_eq!(service.filings_owed(&by(&own), 15).await.unwrap(), 1, "nothing of an agency above");
    verifies(&service).await;
}
