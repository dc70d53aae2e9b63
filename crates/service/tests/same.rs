//! Requests of one applicant: known by the number of the paper, counted by month for the fee, compared by their words; and
//! the register of all of them with identities masked.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, officer, request, verifies};
use law::docket::request::RequestEvent;
use law::fee::Basis;
use place::{day, now, on_both, operator, units};
use service::request::{LEDGER_COLUMNS, NewRequest};
use service::row::RequestFilter;
use service::transfer::ExportFormat;
use service::vault::Person;
use service::{Change, Error, Location, Page, Role, Service};
use std::collections::BTreeMap;
use uuid::Uuid;

on_both! {
    requests_of_one_applicant_are_found_by_the_number_of_the_paper
    the_fee_by_request_counts_the_month
    the_ledger_has_its_fields_and_masks_who_asked
}

fn of(unit: Uuid, on: &str, name: &str, number: &str, subject: &str) -> NewRequest {
    let person = Person {
        name: name.into(),
        id_kind: "其他证件".into(),
        id_number: number.into(),
        phone: "000-00001234".into(),
        ..Person::default()
    };
    NewRequest { person: Some(person), subject: subject.into(), ..request(unit, on) }
}

async fn receive(service: &Service, new: NewRequest) -> Uuid {
    service.receive_request(operator(now()), new).await.unwrap().id
}

async fn requests_of_one_applicant_are_found_by_the_number_of_the_paper(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let first =
        receive(&service, of(office, "2021-01-04", "样本甲", "样本 0001", "城区供水管网改造的批复")).await;
    // Typed otherwise, under another name: the number says who it is.
    let again =
        receive(&service, of(office, "2021-02-01", "样本甲甲", "样本-0001", "城区供水管网改造项目的批复"))
            .await;
    let other = receive(&service, of(office, "2021-02-02", "样本甲", "样本0001", "财政预算的公开情况")).await;
    receive(&service, of(office, "2021-02-03", "样本甲", "样本0002", "城区供水管网改造的批复")).await;
    let found = service.of_same_applicant(&by(&clerk), first).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|o| (o.row.id, o.alike)).collect();
    assert_eq!(found, [(other, false), (again, true)]);
    let reviewer = officer(office, &[Role::LegalReviewer]);
    let refused = service.of_same_applicant(&by(&reviewer), first).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    // Without a number nobody is taken for anybody.
    let nameless = receive(&service, request(office, "2021-02-04")).await;
    assert!(service.of_same_applicant(&by(&clerk), nameless).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn the_fee_by_request_counts_the_month(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    // One in January, one with another agency: neither counts in February.
    receive(&service, of(office, "2021-01-29", "样本甲", "样本0001", "样本")).await;
    receive(&service, of(government, "2021-02-01", "样本甲", "样本0001", "样本")).await;
    let mut counted = BTreeMap::new();
    for n in 1..=11 {
        let id = receive(&service, of(office, "2021-02-01", "样本甲", "样本0001", &format!("样本{n}"))).await;
        counted.insert(id, None);
    }
    for (id, nth) in &mut counted {
        *nth = service.nth_request_of_month(&by(&clerk), *id).await.unwrap();
    }
    let in_order: Vec<_> = counted.values().flatten().copied().collect();
    assert_eq!(in_order, (1..=11).collect::<Vec<_>>(), "those of one day in the order of their numbers");
    let last = *counted.keys().last().unwrap();
    let notice = |count, yuan| RequestEvent::FeeNoticed { basis: Basis::PerRequest, count, yuan };
    let record = |event| {
        let service = service.clone();
        let ctx = by(&clerk);
        async move {
            let version = service.request_view(&ctx, last).await.unwrap().version;
            service.change_request(ctx, last, version, Change::event(day("2021-02-02"), event)).await
        }
    };
    assert_eq!(codes(record(notice(31, 200)).await), ["fee-count"]);
    record(notice(11, 100)).await.unwrap();
    verifies(&service).await;
}

async fn the_ledger_has_its_fields_and_masks_who_asked(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    receive(&service, of(office, "2021-01-04", "样本甲", "样本0001", "城区供水管网改造的批复")).await;
    let (lines, next) = service.ledger(&by(&clerk), RequestFilter::default(), Page::first(50)).await.unwrap();
    assert_eq!((lines.len(), next), (1, None));
    let field = |name: &str| {
        let at = LEDGER_COLUMNS.iter().position(|c| *c == name).unwrap();
        lines[0].cells[at].clone()
    };
    assert_eq!(lines[0].cells.len(), LEDGER_COLUMNS.len());
    assert_eq!([field("申请编号"), field("收到日期")], ["2021-00001", "2021-01-04"]);
    assert_eq!([field("申请人姓名/名称"), field("证件类型/号码")], ["样**", "其他证件/样***01"]);
    let file = |actor: &service::Actor, personal| {
        let (service, ctx) = (service.clone(), by(actor));
        async move {
            let file = service.export_ledger(&ctx, RequestFilter::default(), ExportFormat::Json, personal);
            file.await.map(|bytes| String::from_utf8(bytes).unwrap())
        }
    };
    let plain = file(&clerk, false).await.unwrap();
    let rows: Vec<serde_json::Map<String, serde_json::Value>> = serde_json::from_str(&plain).unwrap();
    let mut names: Vec<&str> = rows[0].keys().map(String::as_str).collect();
    let mut columns = LEDGER_COLUMNS.to_vec();
    names.sort_unstable();
    columns.sort_unstable();
    assert_eq!(names, columns);
    assert!(!plain.contains("样本甲") && !plain.contains("样本0001") && !plain.contains("00001234"));
    let whole = file(&clerk, true).await.unwrap();
    assert!(whole.contains("样本甲") && whole.contains("样本0001"));
    let supervisor = officer(None, &[Role::Supervisor]);
    assert!(matches!(file(&supervisor, true).await, Err(Error::NotAllowed(_))));
    assert!(!file(&supervisor, false).await.unwrap().contains("样本甲"));
}
