//! Drafts put to the public, and opinions on them.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;

on_both! { consultation consultation_of consultations_before consultations consultations_by_opening opinion opinions
opinion_counts removed documents_without_drafts }

async fn consultation(store: Store, _at: Location) {
    let row = ConsultationRow {
        subject: "rule".to_owned(),
        opened_on: Some(date("2020-03-02")),
        until_on: date("2020-04-02"),
        told_on: Some(date("2020-04-20")),
        result: Some(id(300)),
        abandoned: true,
        version: 5,
        ..sample::consultation(20, 3, "2020-03-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_consultation(REGION, &sample::consultation(20, 2, "2020-02-01")).await?;
        tx.put_consultation(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.consultation(REGION, id(20)).await, &row);
    assert_eq!(tx.consultation(OTHER, id(20)).await.unwrap(), None);
}

async fn consultation_of(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_consultation(REGION, &sample::consultation(20, 2, "2020-02-01")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.consultation_of(REGION, id(120)).await.unwrap().map(|c| c.id), Some(id(20)));
    assert_eq!(tx.consultation_of(REGION, id(20)).await.unwrap(), None);
    assert_eq!(tx.consultation_of(OTHER, id(120)).await.unwrap(), None);
    drop(tx);
    let again = ConsultationRow { document: id(120), ..sample::consultation(21, 2, "2020-02-01") };
    let twice = write!(store, tx => tx.put_consultation(REGION, &again).await);
    assert!(twice.is_err(), "two consultations on one draft");
}

async fn documents_without_drafts(store: Store, _at: Location) {
    let draft = DocumentRow { category: "consultation".to_owned(), ..document(30, 2, "2020-02-01") };
    write!(store, tx => {
        ground(tx).await?;
        tx.put_document(REGION, &draft).await?;
        tx.put_document(REGION, &document(31, 2, "2020-01-01")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = DocumentFilter::default;
    for (filter, expected) in [
        (f(), vec![30, 31]),
        (DocumentFilter { without_drafts: true, ..f() }, vec![31]),
        (DocumentFilter { only_documents: true, ..f() }, vec![31]),
        (DocumentFilter { category: Some("consultation".to_owned()), ..f() }, vec![30]),
    ] {
        let found = tx.documents(REGION, &filter, None, 9).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
    }
}

async fn consultations_before(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for (n, on, result) in [(20, "2020-02-02", 300), (21, "2020-02-01", 300), (22, "2020-02-01", 301)] {
            let row = ConsultationRow { result: Some(id(result)), ..sample::consultation(n, 2, on) };
            tx.put_consultation(REGION, &row).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.consultations_before(REGION, id(300)).await.unwrap();
    assert_eq!(numbers(&found, |c| c.id), [21, 20]);
    assert!(tx.consultations_before(OTHER, id(300)).await.unwrap().is_empty());
}

/// Prepared, open, over, told, given up; and one of another region.
async fn five(store: &Store) {
    let opened = |n, unit, on: &str| ConsultationRow {
        opened_on: Some(date(on)),
        ..sample::consultation(n, unit, "2020-03-01")
    };
    let rows = [
        sample::consultation(20, 2, "2020-03-01"),
        ConsultationRow { until_on: date("2020-05-01"), ..opened(21, 2, "2020-03-03") },
        ConsultationRow { until_on: date("2020-04-30"), ..opened(22, 3, "2020-03-02") },
        ConsultationRow { told_on: Some(date("2020-05-09")), ..opened(23, 2, "2020-03-02") },
        ConsultationRow { abandoned: true, ..sample::consultation(24, 2, "2020-03-02") },
    ];
    write!(store, tx => {
        ground(tx).await?;
        for row in rows {
            tx.put_consultation(REGION, &row).await?;
        }
        tx.put_consultation(OTHER, &sample::consultation(25, 2, "2020-05-01")).await
    })
    .unwrap();
}

async fn consultations(store: Store, _at: Location) {
    five(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = ConsultationFilter::default;
    let day = Some(date("2020-05-01"));
    for (filter, expected) in [
        (f(), vec![24, 23, 22, 21, 20]),
        (ConsultationFilter { units: Some(vec![id(3)]), ..f() }, vec![22]),
        (ConsultationFilter { units: Some(vec![]), ..f() }, vec![]),
        (ConsultationFilter { text: Some("办法22".to_owned()), ..f() }, vec![22]),
        (ConsultationFilter { prepared: true, ..f() }, vec![20]),
        (ConsultationFilter { opened: true, ..f() }, vec![23, 22, 21]),
        (ConsultationFilter { running_on: day, ..f() }, vec![21]),
        (ConsultationFilter { ended_before: day, ..f() }, vec![22]),
        (ConsultationFilter { told: true, ..f() }, vec![23]),
        (ConsultationFilter { abandoned: true, ..f() }, vec![24]),
    ] {
        let found = tx.consultations(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |c| c.id), expected, "{filter:?}");
        let n = tx.count_consultations(REGION, &filter).await.unwrap();
        assert_eq!(n, expected.len() as i64, "{filter:?}");
    }
    let first = tx.consultations(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.consultations(REGION, &f(), Some(first[1].paging_key()), 2).await.unwrap();
    assert_eq!((numbers(&first, |c| c.id), numbers(&rest, |c| c.id)), (vec![24, 23], vec![22, 21]));
}

async fn consultations_by_opening(store: Store, _at: Location) {
    five(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = ConsultationFilter::default();
    let found = tx.consultations_by_opening(REGION, &f, None, 2).await.unwrap();
    assert_eq!(numbers(&found, |c| c.id), [21, 23]);
    let after = found.last().and_then(|c| Some((c.opened_on?, c.id)));
    let rest = tx.consultations_by_opening(REGION, &f, after, 2).await.unwrap();
    assert_eq!(numbers(&rest, |c| c.id), [22]);
}

async fn opinion(store: Store, _at: Location) {
    let row =
        OpinionRow { state: "answered".to_owned(), answer: Some(7), version: 3, ..sample::opinion(40, 20) };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_opinion(REGION, &sample::opinion(40, 20)).await?;
        tx.put_opinion(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.opinion(REGION, id(40)).await, &row);
    assert_eq!(tx.opinion(OTHER, id(40)).await.unwrap(), None);
}

/// Three of one consultation, one of another.
async fn four(store: &Store) {
    let answered = |n| OpinionRow { state: "answered".to_owned(), answer: Some(1), ..sample::opinion(n, 20) };
    let rows = [sample::opinion(40, 20), answered(41), answered(42), sample::opinion(43, 21)];
    write!(store, tx => {
        ground(tx).await?;
        for row in rows {
            tx.put_opinion(REGION, &row).await?;
        }
        tx.put_opinion(OTHER, &sample::opinion(44, 20)).await
    })
    .unwrap();
}

async fn opinions(store: Store, _at: Location) {
    four(&store).await;
    let mut tx = store.read().await.unwrap();
    for (state, after, expected) in [
        (None, None, vec![40, 41, 42]),
        (Some("answered"), None, vec![41, 42]),
        (Some("waiting"), None, vec![40]),
        (None, Some(id(40)), vec![41, 42]),
    ] {
        let found = tx.opinions(REGION, (id(20), state), after, 100).await.unwrap();
        assert_eq!(numbers(&found, |o| o.id), expected, "{state:?} {after:?}");
    }
    assert_eq!(tx.opinions(REGION, (id(20), None), None, 2).await.unwrap().len(), 2);
    let all = tx.opinions_by_id(REGION, uuid::Uuid::nil(), 3).await.unwrap();
    let rest = tx.opinions_by_id(REGION, all[2].id, 3).await.unwrap();
    assert_eq!((numbers(&all, |o| o.id), numbers(&rest, |o| o.id)), (vec![40, 41, 42], vec![43]));
}

async fn opinion_counts(store: Store, _at: Location) {
    four(&store).await;
    let mut tx = store.read().await.unwrap();
    let counts = tx.opinion_counts(REGION, id(20)).await.unwrap();
    let counts: Vec<_> = counts.iter().map(|c| (c.state.as_str(), c.answer, c.n)).collect();
    assert_eq!(counts, [("answered", Some(1), 2), ("waiting", None, 1)]);
    assert!(tx.opinion_counts(REGION, id(99)).await.unwrap().is_empty());
}

async fn removed(store: Store, _at: Location) {
    four(&store).await;
    write!(store, tx => {
        tx.put_consultation(REGION, &sample::consultation(20, 2, "2020-02-01")).await?;
        tx.remove_consultation(REGION, id(20)).await?;
        tx.remove_opinion(REGION, id(40)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.consultation(REGION, id(20)).await.unwrap(), None);
    assert_eq!(tx.opinion(REGION, id(40)).await.unwrap(), None);
    assert!(tx.opinion(OTHER, id(44)).await.unwrap().is_some(), "another region keeps its own");
}
