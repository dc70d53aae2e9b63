//! Situations of the register of reconsideration and litigation cases, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, entries, every_cell_opens, own, request, value, verifies};
use law::docket::dispute::{Block, DisputeEvent, Outcome, Stage};
use place::{day, now, on_both, operator, units};
use service::row::DisputeFilter;
use service::{Change, Error, Location, Page, Result, Service};
use uuid::Uuid;

fn filed(unit: Uuid, block: Block, request: Option<Uuid>) -> DisputeEvent {
    DisputeEvent::Filed {
        unit: unit.to_string(),
        block,
        request: request.map(|r| r.to_string()),
        number: "样复〔2020〕1号".into(),
        body: "样本市人民政府".into(),
    }
}

fn decided(outcome: Outcome) -> DisputeEvent {
    DisputeEvent::Decided { outcome, number: "样复决〔2020〕1号".into() }
}

async fn file(service: &Service, date: &str, event: DisputeEvent) -> Uuid {
    service.file_dispute(operator(now()), day(date), event).await.unwrap()
}

async fn change(service: &Service, id: Uuid, change: Change<DisputeEvent>) -> Result<u32> {
    let version = service.dispute_view(&operator(now()), id).await.unwrap().version;
    service.change_dispute(operator(now()), id, version, change).await
}

async fn happens(service: &Service, id: Uuid, date: &str, event: DisputeEvent) {
    change(service, id, Change::event(day(date), event)).await.unwrap();
}

/// The row of table four of a block: upheld, corrected, other, pending, total.
async fn table(service: &Service, unit: Uuid, year: i16, block: Block) -> Vec<String> {
    let mut row = Vec::new();
    for column in ["upheld", "corrected", "other", "pending", "total"] {
        row.push(value(service, &own(unit, year), &format!("disputes.{}.{column}", block.key())).await);
    }
    row
}

async fn a_case_goes_from_filing_to_its_column(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let about = service.receive_request(operator(now()), request(office, "2020-03-02")).await.unwrap().id;
    let block = Block::Reconsideration;
    let id = file(&service, "2020-11-02", filed(office, block, Some(about))).await;
    assert_eq!(table(&service, office, 2020, block).await, ["0", "0", "0", "1", "1"]);
    let outcome = change(&service, id, Change::event(day("2020-11-05"), DisputeEvent::AnswerServed)).await;
    assert_eq!(codes(outcome), ["not-accepted"]);
    happens(&service, id, "2020-11-06", DisputeEvent::Accepted).await;
    happens(&service, id, "2020-11-16", DisputeEvent::AnswerServed).await;
    happens(&service, id, "2021-01-11", decided(Outcome::FoundUnlawful)).await;
    // Pending at the end of the old year, its result in the new one.
    assert_eq!(table(&service, office, 2020, block).await, ["0", "0", "0", "1", "1"]);
    assert_eq!(table(&service, office, 2021, block).await, ["0", "1", "0", "0", "1"]);
    let seen = service.dispute_view(&operator(now()), id).await.unwrap();
    assert_eq!(seen.standing.unwrap().stage, Stage::Closed);
    let again = Change::event(day("2021-01-12"), decided(Outcome::ClaimDismissed));
    assert_eq!(codes(change(&service, id, again).await), ["closed"]);
    let of_request = DisputeFilter { request: Some(about), ..DisputeFilter::default() };
    let rows = service.disputes(&operator(now()), of_request, Page::first(10)).await.unwrap();
    assert_eq!((rows.len(), rows[0].outcome_group.as_deref()), (1, Some("corrected")));
    for year in [2020, 2021] {
        every_cell_opens(&service, &own(office, year)).await;
    }
    verifies(&service).await;
}

async fn a_withdrawn_case_is_another_result(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let block = Block::DirectSuit;
    let id = file(&service, "2020-05-06", filed(office, block, None)).await;
    happens(&service, id, "2020-06-01", DisputeEvent::Withdrawn).await;
    assert_eq!(table(&service, office, 2020, block).await, ["0", "0", "1", "0", "1"]);
    assert_eq!(table(&service, office, 2020, Block::Reconsideration).await, ["0", "0", "0", "0", "0"]);
}

async fn a_correction_moves_the_case_to_its_year_block_and_unit(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let id = file(&service, "2020-05-06", filed(office, Block::DirectSuit, None)).await;
    happens(&service, id, "2020-12-31", decided(Outcome::ClaimDismissed)).await;
    assert_eq!(table(&service, office, 2020, Block::DirectSuit).await, ["1", "0", "0", "0", "1"]);
    let later = Change::replace(2, day("2021-01-04"), decided(Outcome::ClaimDismissed), "送达日期有误");
    change(&service, id, later).await.unwrap();
    assert_eq!(table(&service, office, 2020, Block::DirectSuit).await, ["0", "0", "0", "1", "1"]);
    assert_eq!(table(&service, office, 2021, Block::DirectSuit).await, ["1", "0", "0", "0", "1"]);
    let block = Block::SuitAfterReconsideration;
    let other = Change::replace(1, day("2020-05-06"), filed(office, block, None), "案件类型有误");
    change(&service, id, other).await.unwrap();
    assert_eq!(table(&service, office, 2021, Block::DirectSuit).await, ["0", "0", "0", "0", "0"]);
    assert_eq!(table(&service, office, 2021, block).await, ["1", "0", "0", "0", "1"]);
    let moved = Change::replace(1, day("2020-05-06"), filed(above, block, None), "被告有误");
    change(&service, id, moved).await.unwrap();
    assert_eq!(table(&service, office, 2021, block).await, ["0", "0", "0", "0", "0"]);
    assert_eq!(table(&service, above, 2021, block).await, ["1", "0", "0", "0", "1"]);
    change(&service, id, Change::void(1, day("2020-05-06"), "重复登记")).await.unwrap_err();
    change(&service, id, Change::void(2, day("2021-01-04"), "尚未审结")).await.unwrap();
    change(&service, id, Change::void(1, day("2020-05-06"), "重复登记")).await.unwrap();
    assert_eq!(table(&service, above, 2021, block).await, ["0", "0", "0", "0", "0"]);
    let rows = service.disputes(&operator(now()), DisputeFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(rows, vec![]);
    verifies(&service).await;
}

async fn what_cannot_be_is_refused_and_leaves_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = file(&service, "2020-05-06", filed(office, Block::Reconsideration, None)).await;
    let before = entries(&service).await;
    let nobody = Uuid::from_u128(7);
    let unknown_request = filed(office, Block::Reconsideration, Some(nobody));
    let unknown_unit = filed(nobody, Block::Reconsideration, None);
    let mut no_request = unknown_request.clone();
    if let DisputeEvent::Filed { request, .. } = &mut no_request {
        *request = Some("2020-00001".into());
    }
    let mut no_unit = unknown_unit.clone();
    if let DisputeEvent::Filed { unit, .. } = &mut no_unit {
        *unit = "市政府办".into();
    }
    for wrong in [unknown_request, unknown_unit, no_request, no_unit] {
        let e = service.file_dispute(operator(now()), day("2020-05-06"), wrong.clone()).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_) | Error::Invalid(_)), "{e:?}");
        let e =
            change(&service, id, Change::replace(1, day("2020-05-06"), wrong, "登记有误")).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_) | Error::Invalid(_)), "{e:?}");
    }
    let suit = Change::event(day("2020-06-01"), decided(Outcome::SuitRejected));
    assert_eq!(codes(change(&service, id, suit).await), ["outcome-elsewhere"]);
    let early = Change::event(day("2020-05-05"), DisputeEvent::Accepted);
    assert_eq!(codes(change(&service, id, early).await), ["date-order"]);
    let tomorrow =
        service.file_dispute(operator(now()), day("2021-03-02"), filed(office, Block::DirectSuit, None));
    assert_eq!(codes(tomorrow.await), ["future-date"]);
    let stale = Change::event(day("2020-05-07"), DisputeEvent::Accepted);
    let e = service.change_dispute(operator(now()), id, 2, stale).await.unwrap_err();
    assert!(matches!(e, Error::Conflict(_)), "{e:?}");
    assert_eq!(entries(&service).await, before, "nothing was written");
    // A correction that leaves a later step impossible.
    happens(&service, id, "2020-05-07", DisputeEvent::Accepted).await;
    happens(&service, id, "2020-05-18", DisputeEvent::AnswerServed).await;
    let void = Change::void(2, day("2020-05-07"), "没有受理");
    assert_eq!(codes(change(&service, id, void).await), ["not-accepted"]);
}

on_both! {
    a_case_goes_from_filing_to_its_column
    a_withdrawn_case_is_another_result
    a_correction_moves_the_case_to_its_year_block_and_unit
    what_cannot_be_is_refused_and_leaves_nothing
}
