//! Requests and disputes.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;
use uuid::Uuid;

on_both! { request request_by_number requests requests_by_id requests_due count_requests dispute disputes count_disputes record_correction record_corrections ticket }

async fn request(store: Store, _at: Location) {
    let row = RequestRow {
        addressee: id(2),
        due_on: Some(date("2020-02-03")),
        due_provisional: true,
        decision: Some("granted".to_owned()),
        row: Some("granted".to_owned()),
        decided_on: Some(date("2020-02-01")),
        served_on: Some(date("2020-02-02")),
        finished_on: Some(date("2020-02-02")),
        personal: Some(id(77)),
        version: 12,
        ..sample::request(10, 3, "2020-01-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_request(REGION, &RequestRow { number: None, received_on: None, ..sample::request(10, 2, "2020-01-01") }).await?;
        tx.put_request(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.request(REGION, id(10)).await, &row);
    assert_eq!(tx.request(OTHER, id(10)).await.unwrap(), None);
}

async fn request_by_number(store: Store, _at: Location) {
    desk(&store).await;
    let clash = write!(store, tx => {
        tx.put_request(REGION, &RequestRow { number: Some("2020-10".to_owned()), ..sample::request(20, 2, "2020-01-01") }).await
    });
    assert!(
        matches!(clash, Err(Error::Conflict { constraint }) if constraint == "request_region_addressee_number_key")
    );
    write!(store, tx => {
        // Without a number, and another addressee's same number: no clash.
        tx.put_request(REGION, &RequestRow { number: None, ..sample::request(20, 2, "2020-01-01") }).await?;
        tx.put_request(REGION, &RequestRow { number: None, ..sample::request(21, 2, "2020-01-01") }).await?;
        tx.put_request(REGION, &RequestRow { number: Some("2020-10".to_owned()), ..sample::request(22, 3, "2020-01-01") }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.request_by_number(REGION, id(2), "2020-10").await.unwrap().unwrap();
    assert_eq!(found.id, id(10));
    assert_eq!(tx.request_by_number(REGION, id(3), "2020-11").await.unwrap(), None);
}

/// The walk gives what the single look gives, page by page, whatever is absent.
async fn requests_by_id(store: Store, _at: Location) {
    desk(&store).await;
    write!(store, tx => {
        let odd = RequestRow { subject: "7 关于“12 3”的；\n空格 ".to_owned(), number: Some(String::new()), ..sample::request(16, 2, "2021-01-03") };
        tx.put_request(REGION, &odd).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let (mut after, mut seen) = (Uuid::nil(), Vec::new());
    loop {
        let page = tx.requests_by_id(REGION, after, 2).await.unwrap();
        let Some(last) = page.last() else { break };
        after = last.id;
        for row in page {
            same(tx.request(REGION, row.id).await, &row);
            seen.push(row.id);
        }
    }
    assert_eq!(seen, [10, 11, 12, 13, 14, 16].map(id));
}

/// Requests around the turn of 2020.
async fn desk(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::request;
        let finished = |row: RequestRow, day: &str| RequestRow { finished_on: Some(date(day)), stage: "finished".to_owned(), row: Some("granted".to_owned()), ..row };
        for row in [
            finished(base(10, 2, "2020-01-01"), "2020-12-31"),
            finished(base(11, 2, "2020-12-31"), "2021-01-01"),
            RequestRow { due_on: Some(date("2021-01-20")), ..base(12, 3, "2020-12-31") },
            RequestRow { due_on: Some(date("2021-01-10")), class: "media".to_owned(), ..base(13, 2, "2021-01-01") },
            RequestRow { received_on: None, stage: "arrived".to_owned(), ..base(14, 3, "2021-01-02") },
        ] {
            tx.put_request(REGION, &row).await?;
        }
        tx.put_request(OTHER, &base(15, 2, "2020-06-01")).await
    })
    .unwrap();
}

async fn requests(store: Store, _at: Location) {
    desk(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = RequestFilter::default;
    for (filter, expected) in [
        (f(), vec![14, 13, 12, 11, 10]),
        (RequestFilter { units: Some(vec![id(3)]), ..f() }, vec![14, 12]),
        (RequestFilter { units: Some(vec![id(3), id(2)]), received_in: Some(2020), ..f() }, vec![12, 11, 10]),
        (RequestFilter { units: Some(vec![]), ..f() }, vec![]),
        (RequestFilter { class: Some("media".to_owned()), ..f() }, vec![13]),
        (RequestFilter { row: Some("granted".to_owned()), finished_in: Some(2020), ..f() }, vec![10]),
        (RequestFilter { finished_in: Some(2021), ..f() }, vec![11]),
        (RequestFilter { received_in: Some(2021), ..f() }, vec![13]),
        (RequestFilter { open_at_end_of: Some(2020), ..f() }, vec![12, 11]),
        (RequestFilter { open_at_end_of: Some(2021), ..f() }, vec![13, 12]),
        (RequestFilter { open_at_end_of: Some(2019), ..f() }, vec![]),
        (RequestFilter { stage: Some("arrived".to_owned()), ..f() }, vec![14]),
        (RequestFilter { open: true, ..f() }, vec![14, 13, 12]),
        (RequestFilter { text: Some("第13号".to_owned()), ..f() }, vec![13]),
        (RequestFilter { text: Some("2020-1".to_owned()), units: Some(vec![id(3)]), ..f() }, vec![14, 12]),
    ] {
        let found = tx.requests(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |r| r.id), expected, "{filter:?}");
        assert_eq!(tx.count_requests(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let first = tx.requests(REGION, &f(), None, 3).await.unwrap();
    let rest = tx.requests(REGION, &f(), Some(first[2].paging_key()), 100).await.unwrap();
    assert_eq!((numbers(&first, |r| r.id), numbers(&rest, |r| r.id)), (vec![14, 13, 12], vec![11, 10]));
}

async fn requests_due(store: Store, _at: Location) {
    desk(&store).await;
    let mut tx = store.read().await.unwrap();
    let all = RequestFilter::default();
    let due = tx.requests_due(REGION, &all, None, None, 100).await.unwrap();
    assert_eq!(numbers(&due, |r| r.id), [13, 12]);
    let due = tx.requests_due(REGION, &all, Some(date("2021-01-19")), None, 100).await.unwrap();
    assert_eq!(numbers(&due, |r| r.id), [13]);
    let next = tx.requests_due(REGION, &all, None, Some((date("2021-01-10"), id(13))), 100).await.unwrap();
    assert_eq!(numbers(&next, |r| r.id), [12]);
    let mine = RequestFilter { units: Some(vec![id(3)]), ..Default::default() };
    let due = tx.requests_due(REGION, &mine, None, None, 100).await.unwrap();
    assert_eq!(numbers(&due, |r| r.id), [12]);
}

async fn count_requests(store: Store, _at: Location) {
    desk(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_requests(REGION, &RequestFilter::default()).await.unwrap(), 5);
    assert_eq!(tx.count_requests(OTHER, &RequestFilter::default()).await.unwrap(), 1);
}

async fn dispute(store: Store, _at: Location) {
    let row = DisputeRow {
        request: Some(id(10)),
        decided_on: Some(date("2020-06-01")),
        outcome: Some("upheld".to_owned()),
        outcome_group: Some("upheld".to_owned()),
        version: 3,
        ..sample::dispute(20, 3, "2020-03-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_dispute(REGION, &sample::dispute(20, 2, "2020-02-01")).await?;
        tx.put_dispute(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.dispute(REGION, id(20)).await, &row);
    assert_eq!(tx.dispute(OTHER, id(20)).await.unwrap(), None);
}

/// Disputes around the turn of 2020.
async fn court(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::dispute;
        let decided = |row: DisputeRow, day: &str, group: &str| DisputeRow { decided_on: Some(date(day)), outcome_group: Some(group.to_owned()), ..row };
        for row in [
            decided(base(20, 2, "2020-05-01"), "2020-12-31", "upheld"),
            decided(DisputeRow { block: "direct_suit".to_owned(), ..base(21, 2, "2020-12-31") }, "2021-01-01", "corrected"),
            DisputeRow { request: Some(id(10)), ..base(22, 3, "2021-01-01") },
        ] {
            tx.put_dispute(REGION, &row).await?;
        }
        tx.put_dispute(OTHER, &base(23, 2, "2020-05-01")).await
    })
    .unwrap();
}

async fn disputes(store: Store, _at: Location) {
    court(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = DisputeFilter::default;
    for (filter, expected) in [
        (f(), vec![22, 21, 20]),
        (DisputeFilter { units: Some(vec![id(2)]), ..f() }, vec![21, 20]),
        (DisputeFilter { units: Some(vec![]), ..f() }, vec![]),
        (DisputeFilter { block: Some("direct_suit".to_owned()), ..f() }, vec![21]),
        (DisputeFilter { outcome_group: Some("upheld".to_owned()), ..f() }, vec![20]),
        (DisputeFilter { request: Some(id(10)), ..f() }, vec![22]),
        (DisputeFilter { decided_in: Some(2020), ..f() }, vec![20]),
        (DisputeFilter { open_at_end_of: Some(2020), ..f() }, vec![21]),
        (DisputeFilter { open_at_end_of: Some(2021), ..f() }, vec![22]),
    ] {
        let found = tx.disputes(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
        assert_eq!(tx.count_disputes(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let first = tx.disputes(REGION, &f(), None, 1).await.unwrap();
    let rest = tx.disputes(REGION, &f(), Some(first[0].paging_key()), 1).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![22], vec![21]));
}

async fn count_disputes(store: Store, _at: Location) {
    court(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_disputes(REGION, &DisputeFilter::default()).await.unwrap(), 3);
    assert_eq!(tx.count_disputes(OTHER, &DisputeFilter::default()).await.unwrap(), 1);
}

async fn record_correction(store: Store, _at: Location) {
    let row = RecordCorrectionRow {
        stage: "told".to_owned(),
        decided_on: Some(date("2020-06-01")),
        outcome: Some("corrected".to_owned()),
        told_on: Some(date("2020-06-02")),
        personal: Some(id(30)),
        version: 3,
        ..sample::record_correction(20, 3, "2020-03-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_record_correction(REGION, &sample::record_correction(20, 2, "2020-02-01")).await?;
        tx.put_record_correction(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.record_correction(REGION, id(20)).await, &row);
    assert_eq!(tx.record_correction(OTHER, id(20)).await.unwrap(), None);
}

async fn record_corrections(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::record_correction;
        for row in [
            base(20, 2, "2020-12-31"),
            RecordCorrectionRow { stage: "told".to_owned(), ..base(21, 2, "2021-01-01") },
            base(22, 3, "2021-01-02"),
        ] {
            tx.put_record_correction(REGION, &row).await?;
        }
        tx.put_record_correction(OTHER, &base(23, 2, "2020-05-01")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = RecordCorrectionFilter::default;
    for (filter, expected) in [
        (f(), vec![22, 21, 20]),
        (RecordCorrectionFilter { units: Some(vec![id(2)]), ..f() }, vec![21, 20]),
        (RecordCorrectionFilter { units: Some(vec![]), ..f() }, vec![]),
        (RecordCorrectionFilter { stage: Some("told".to_owned()), ..f() }, vec![21]),
        (RecordCorrectionFilter { received_in: Some(2020), ..f() }, vec![20]),
        (RecordCorrectionFilter { text: Some("登记表22".to_owned()), ..f() }, vec![22]),
    ] {
        let found = tx.record_corrections(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
    }
    let first = tx.record_corrections(REGION, &f(), None, 1).await.unwrap();
    let rest = tx.record_corrections(REGION, &f(), Some(first[0].paging_key()), 1).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![22], vec![21]));
}

async fn ticket(store: Store, _at: Location) {
    let row = |number: &str, request| TicketRow {
        system: "hotline".to_owned(),
        number: number.to_owned(),
        request: id(request),
    };
    let (first, second) = (row("7", 10), row("8", 11));
    write!(store, tx => {
        tx.put_ticket(REGION, id(10), Some(row("6", 10))).await?;
        tx.put_ticket(REGION, id(10), Some(row("7", 10))).await?;
        tx.put_ticket(REGION, id(11), Some(row("8", 11))).await?;
        tx.put_ticket(REGION, id(12), Some(row("9", 12))).await?;
        tx.put_ticket(REGION, id(12), None).await?;
        tx.put_ticket(OTHER, id(10), Some(row("9", 10))).await
    })
    .unwrap();
    let taken = write!(store, tx => tx.put_ticket(REGION, id(12), Some(row("7", 12))).await);
    assert!(matches!(taken, Err(Error::Conflict { .. })), "{taken:?}");
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.ticket(REGION, "hotline", "7").await.unwrap(), Some(first.clone()));
    assert_eq!(tx.ticket(REGION, "hotline", "6").await.unwrap(), None);
    assert_eq!(tx.ticket(REGION, "mailbox", "7").await.unwrap(), None);
    assert_eq!(tx.ticket(REGION, "hotline", "9").await.unwrap(), None);
    assert_eq!(tx.ticket_of(REGION, id(10)).await.unwrap(), Some(first.clone()));
    assert_eq!(tx.ticket_of(REGION, id(12)).await.unwrap(), None);
    assert_eq!(tx.tickets_by_request(REGION, Uuid::nil(), 9).await.unwrap(), [first, second.clone()]);
    assert_eq!(tx.tickets_by_request(REGION, id(10), 9).await.unwrap(), [second]);
}
