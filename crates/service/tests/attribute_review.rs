//! 公文公开属性动态调整, on both engines: what is owed when, and what a review does.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, made, officer, on, request, verifies};
use law::docket::document::{Called, Category, DisclosureAttribute, DocumentEvent, Trigger};
use place::{day, now, on_both, operator, units};
use service::document::{AtAddress, AttributeReviewYear};
use service::transfer::ExportFormat;
use service::{Change, Error, Location, Result, Role, Service};
use uuid::Uuid;

on_both! { a_year_lists_what_is_owed_and_what_was_done what_happened_is_owed_before_its_period
what_becomes_proactive_is_published_the_ordinary_way requests_for_the_same_are_told only_who_may_reviews }

async fn closed(service: &Service, unit: Uuid, title: &str, on: &str) -> Uuid {
    let mut event = made(unit, title);
    if let DocumentEvent::Made { attribute, reason, category, .. } = &mut event {
        (*attribute, *reason) = (DisclosureAttribute::Withheld, Some("条例第十六条第一款".into()));
        *category = Category::Normative;
    }
    service.make_document(operator(now()), day(on), event).await.unwrap()
}

async fn record(service: &Service, id: Uuid, on: &str, event: DocumentEvent) -> Result<u32> {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(on), event)).await
}

fn reviewed(attribute: DisclosureAttribute) -> DocumentEvent {
    let reason = "复审，条例第十六条第一款".into();
    DocumentEvent::AttributeReviewed { attribute, reason, approved_by: "样本负责人".into() }
}

async fn year(service: &Service, year: i16) -> AttributeReviewYear {
    service.attribute_review_year(&operator(now()), None, year, 12).await.unwrap()
}

fn owed(found: &AttributeReviewYear) -> Vec<(String, String, Trigger)> {
    found.owed.iter().map(|d| (d.row.title.clone(), d.due.to_string(), d.trigger)).collect()
}

async fn a_year_lists_what_is_owed_and_what_was_done(service: Service, _: Location) {
    let office = units(&service).await.1;
    // Today is 1 March 2021.
    let old = closed(&service, office, "甲制度", "2019-12-31").await;
    closed(&service, office, "乙制度", "2020-12-31").await;
    closed(&service, office, "丙制度", "2021-01-01").await;
    service.make_document(operator(now()), day("2020-01-02"), made(office, "丁办法")).await.unwrap();
    let period = |title: &str, on: &str| (title.to_owned(), on.to_owned(), Trigger::Period);
    assert_eq!(
        owed(&year(&service, 2021).await),
        [period("甲制度", "2020-12-31"), period("乙制度", "2021-12-31")],
        "overdue from last year, and on the last day of this"
    );
    assert_eq!(owed(&year(&service, 2022).await), [period("丙制度", "2022-01-01")]);
    let count = async |months| service.attribute_reviews_owed(&operator(now()), months).await.unwrap();
    assert_eq!((count(12).await, count(3).await), (1, 3), "what is due within a month");
    assert_eq!((count(2).await, count(24).await), (3, 0));
    record(&service, old, "2021-02-01", reviewed(DisclosureAttribute::Withheld)).await.unwrap();
    let found = year(&service, 2021).await;
    assert_eq!(owed(&found), [period("乙制度", "2021-12-31")]);
    assert_eq!(found.done.iter().map(|d| (d.row.id, d.review.label())).collect::<Vec<_>>(), [(old, "维持")]);
    assert!(year(&service, 2020).await.done.is_empty());
    let file = service
        .export_attribute_reviews(&operator(now()), None, (2021, 12), ExportFormat::Csv)
        .await
        .unwrap();
    let text = String::from_utf8(file).unwrap();
    assert!(text.contains("甲制度") && text.contains("维持") && text.contains("样本负责人"), "{text}");
    assert!(text.contains("乙制度") && text.contains("待复审"), "{text}");
    verifies(&service).await;
}

async fn what_happened_is_owed_before_its_period(service: Service, _: Location) {
    let office = units(&service).await.1;
    let secret = closed(&service, office, "甲制度", "2021-01-04").await;
    let ended = closed(&service, office, "乙制度", "2021-01-04").await;
    assert_eq!(owed(&year(&service, 2021).await), []);
    let by = day("2021-03-01");
    let called = Called { trigger: Trigger::SecrecyOver, by, note: "样本解密通知".into() };
    record(&service, secret, "2021-02-01", DocumentEvent::ReviewCalled(called)).await.unwrap();
    let over = DocumentEvent::Repealed { by: "样本决定".into() };
    record(&service, ended, "2021-02-02", over).await.unwrap();
    let found = owed(&year(&service, 2021).await);
    let of: Vec<_> = found.iter().map(|(t, on, why)| (t.as_str(), on.as_str(), *why)).collect();
    assert_eq!(
        of,
        [("乙制度", "2021-02-02", Trigger::Superseded), ("甲制度", "2021-03-01", Trigger::SecrecyOver)]
    );
    assert_eq!(service.attribute_reviews_owed(&operator(now()), 12).await.unwrap(), 2);
    record(&service, secret, "2021-02-20", reviewed(DisclosureAttribute::OnRequest)).await.unwrap();
    record(&service, ended, "2021-02-20", reviewed(DisclosureAttribute::Withheld)).await.unwrap();
    let found = year(&service, 2021).await;
    assert_eq!(owed(&found), []);
    let done: Vec<_> = found.done.iter().map(|d| (d.review.trigger, d.review.label())).collect();
    assert!(done.contains(&(Trigger::SecrecyOver, "转为依申请公开")), "{done:?}");
    assert!(done.contains(&(Trigger::Superseded, "维持")), "{done:?}");
    verifies(&service).await;
}

async fn what_becomes_proactive_is_published_the_ordinary_way(service: Service, _: Location) {
    let office = units(&service).await.1;
    let id = closed(&service, office, "甲制度", "2020-01-02").await;
    record(&service, id, "2021-02-01", reviewed(DisclosureAttribute::Proactive)).await.unwrap();
    let view = service.document_view(&operator(now()), id).await.unwrap();
    // The Spring Festival of 2021 is from 11 to 17 February; 7 and 20 February are worked.
    assert_eq!(view.due.unwrap().on, day("2021-03-04"));
    assert!(service.public_document(id).await.is_err(), "a review publishes nothing");
    record(&service, id, "2021-03-01", DocumentEvent::Disclosed { url: None }).await.unwrap();
    assert!(matches!(service.public_document(id).await.unwrap(), AtAddress::Public(_)));
    assert_eq!(
        codes(record(&service, id, "2021-03-01", reviewed(DisclosureAttribute::Withheld)).await),
        ["already-proactive", "less-public"],
        "taking down is another act"
    );
    verifies(&service).await;
}

async fn requests_for_the_same_are_told(service: Service, _: Location) {
    let office = units(&service).await.1;
    closed(&service, office, "关于印发《样本市城区供水价格调整方案》的通知", "2020-01-02").await;
    closed(&service, office, "样本值班制度", "2020-01-02").await;
    for _ in 0..2 {
        let mut new = request(office, "2021-02-01");
        new.subject = "样本市城区供水价格调整方案".into();
        service.receive_request(operator(now()), new).await.unwrap();
    }
    let found = year(&service, 2021).await;
    let asked: Vec<_> = found.owed.iter().map(|d| d.asked).collect();
    let about: Vec<_> = found.owed.iter().filter(|d| d.asked == 2).map(|d| d.row.title.as_str()).collect();
    assert_eq!(about, ["关于印发《样本市城区供水价格调整方案》的通知"], "{asked:?}");
    assert_eq!(asked.iter().sum::<usize>(), 2);
}

async fn only_who_may_reviews(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let id = closed(&service, office, "甲制度", "2020-01-02").await;
    let event = Change::event(day("2021-02-01"), reviewed(DisclosureAttribute::Proactive));
    let reader = officer(office, &[Role::Supervisor]);
    let refused = service.change_document(by(&reader), id, 1, event.clone()).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    let own = officer(office, &[Role::Officer]);
    service.change_document(on("2021-02-02", &own), id, 1, event).await.unwrap();
    let mine = closed(&service, office, "乙制度", "2020-01-02").await;
    let other = closed(&service, government, "丙制度", "2020-01-02").await;
    let listed = async |actor| -> Vec<Uuid> {
        let found = service.attribute_review_year(&by(actor), None, 2021, 12).await.unwrap();
        found.owed.into_iter().map(|d| d.row.id).collect()
    };
    assert_eq!(listed(&own).await, [mine], "nothing of an agency above");
    assert_eq!(listed(&officer(None, &[Role::Supervisor])).await.len(), [mine, other].len());
    assert_eq!(service.attribute_reviews_owed(&by(&own), 12).await.unwrap(), 1);
}
