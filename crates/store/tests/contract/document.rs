//! What belongs to documents beside their own rows: drafts, what interprets them, until when they are valid.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;
use uuid::Uuid;

on_both! { document_draft document_draft_of document_drafts interpretations interpretation_duties validity_ending }

async fn document_draft(store: Store, _at: Location) {
    let row = DocumentDraftRow {
        category: "normative".to_owned(),
        attribute: "on-request".to_owned(),
        stage: "signed".to_owned(),
        version: 5,
        ..sample::document_draft(20, 3, "2020-03-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_document_draft(REGION, &sample::document_draft(20, 2, "2020-02-01")).await?;
        tx.put_document_draft(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.document_draft(REGION, id(20)).await, &row);
    assert_eq!(tx.document_draft(OTHER, id(20)).await.unwrap(), None);
}

async fn document_draft_of(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_document_draft(REGION, &sample::document_draft(20, 2, "2020-02-01")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.document_draft_of(REGION, id(120)).await.unwrap().map(|d| d.id), Some(id(20)));
    assert_eq!(tx.document_draft_of(REGION, id(20)).await.unwrap(), None);
    assert_eq!(tx.document_draft_of(OTHER, id(120)).await.unwrap(), None);
    drop(tx);
    let again = DocumentDraftRow { document: id(120), ..sample::document_draft(21, 2, "2020-02-01") };
    let twice = write!(store, tx => tx.put_document_draft(REGION, &again).await);
    assert!(twice.is_err(), "two drafts of one document");
}

async fn document_drafts(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::document_draft;
        for row in [
            base(20, 2, "2020-12-31"),
            DocumentDraftRow { stage: "signed".to_owned(), ..base(21, 2, "2021-01-01") },
            base(22, 3, "2021-01-02"),
        ] {
            tx.put_document_draft(REGION, &row).await?;
        }
        tx.put_document_draft(OTHER, &base(23, 2, "2020-05-01")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = DocumentDraftFilter::default;
    for (filter, expected) in [
        (f(), vec![22, 21, 20]),
        (DocumentDraftFilter { units: Some(vec![id(2)]), ..f() }, vec![21, 20]),
        (DocumentDraftFilter { units: Some(vec![]), ..f() }, vec![]),
        (DocumentDraftFilter { stage: Some("signed".to_owned()), ..f() }, vec![21]),
        (DocumentDraftFilter { text: Some("通知22".to_owned()), ..f() }, vec![22]),
        (DocumentDraftFilter { text: Some("%".to_owned()), ..f() }, vec![]),
    ] {
        let found = tx.document_drafts(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
        let n = tx.count_document_drafts(REGION, &filter).await.unwrap();
        assert_eq!(n, expected.len() as i64, "{filter:?}");
    }
    let first = tx.document_drafts(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.document_drafts(REGION, &f(), Some(first[1].paging_key()), 2).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![22, 21], vec![20]));
}

async fn interpretations(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_interpretation(REGION, id(30), &[id(10), id(11), id(10)], "text").await?;
        tx.put_interpretation(REGION, id(31), &[id(10)], "picture").await?;
        tx.put_interpretation(OTHER, id(32), &[id(10)], "picture").await?;
        // Named anew, what was named before is gone.
        tx.put_interpretation(REGION, id(30), &[id(11), id(12)], "video").await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let row = |interpretation: u128, document: u128, form: &str| InterpretationRow {
        interpretation: id(interpretation),
        document: id(document),
        form: form.to_owned(),
    };
    assert_eq!(tx.interpretations_of(REGION, id(10)).await.unwrap(), [row(31, 10, "picture")]);
    assert_eq!(
        tx.interpreted_by(REGION, id(30)).await.unwrap(),
        [row(30, 11, "video"), row(30, 12, "video")]
    );
    assert_eq!(tx.interpreted_by(OTHER, id(30)).await.unwrap(), []);
    drop(tx);
    write!(store, tx => tx.remove_document(REGION, id(30)).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.interpretations_of(REGION, id(11)).await.unwrap(), []);
}

fn disclosed(n: u128, unit: u128, on: &str) -> DocumentRow {
    DocumentRow { disclosed_on: Some(date(on)), ..document(n, unit, "2020-01-01") }
}

fn explains(n: u128, on: &str) -> DocumentRow {
    DocumentRow { category: "interpretation".to_owned(), ..disclosed(n, 2, on) }
}

async fn interpretation_duties(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for region in [REGION, OTHER] {
            tx.put_document(region, &disclosed(10, 2, "2020-12-31")).await?;
            tx.put_document(region, &disclosed(11, 3, "2020-03-01")).await?;
            tx.put_document(region, &disclosed(12, 2, "2021-01-01")).await?;
            tx.put_document(region, &DocumentRow { withdrawn_on: Some(date("2020-04-01")), ..disclosed(13, 2, "2020-03-01") }).await?;
            tx.put_document(region, &document(14, 2, "2020-01-01")).await?;
            tx.put_document(region, &disclosed(15, 2, "2020-05-01")).await?;
        }
        for n in [10, 11, 12, 13, 14] {
            tx.put_interpretation_plan(REGION, id(n), Some("within-term")).await?;
        }
        tx.put_interpretation_plan(REGION, id(11), Some("same-day")).await?;
        tx.put_document(REGION, &explains(20, "2021-01-08")).await?;
        tx.put_document(REGION, &explains(21, "2021-01-05")).await?;
        tx.put_document(REGION, &DocumentRow { withdrawn_on: Some(date("2021-02-01")), ..explains(22, "2020-12-31") }).await?;
        tx.put_document(REGION, &DocumentRow { disclosed_on: None, ..explains(23, "2020-12-31") }).await?;
        for n in [20, 21, 22, 23] {
            tx.put_interpretation(REGION, id(n), &[id(10)], "text").await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let duties = tx.interpretation_duties(REGION, None, 2020, 10).await.unwrap();
    let short: Vec<_> = duties.iter().map(|d| (d.id, d.timing.as_str(), d.interpreted_on)).collect();
    let expected: [(Uuid, &str, _); 2] =
        [(id(10), "within-term", Some(date("2021-01-05"))), (id(11), "same-day", None)];
    assert_eq!(short, expected, "only what is public counts, on both sides");
    let of = tx.interpretation_duties(REGION, Some(&[id(3)]), 2020, 10).await.unwrap();
    assert_eq!(numbers(&of, |d| d.id), vec![11]);
    assert_eq!(tx.interpretation_duties(REGION, Some(&[]), 2020, 10).await.unwrap(), []);
    assert_eq!(numbers(&tx.interpretation_duties(REGION, None, 2020, 1).await.unwrap(), |d| d.id), vec![10]);
    assert_eq!(numbers(&tx.interpretation_duties(REGION, None, 2021, 10).await.unwrap(), |d| d.id), vec![12]);
    assert_eq!(tx.interpretation_duties(OTHER, None, 2020, 10).await.unwrap(), []);
    drop(tx);
    write!(store, tx => tx.put_interpretation_plan(REGION, id(11), None).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(numbers(&tx.interpretation_duties(REGION, None, 2020, 10).await.unwrap(), |d| d.id), vec![10]);
}

async fn validity_ending(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for region in [REGION, OTHER] {
            for (n, unit) in [(10, 2), (11, 3), (12, 2)] {
                tx.put_document(region, &document(n, unit, "2020-01-01")).await?;
            }
            tx.put_document(region, &DocumentRow { ended_on: Some(date("2022-01-01")), ..document(13, 2, "2020-01-01") }).await?;
        }
        for (n, until) in [(10, "2025-01-02"), (11, "2025-01-01"), (12, "2025-01-03"), (13, "2025-01-01")] {
            tx.put_validity_period(REGION, id(n), Some(date(until))).await?;
        }
        tx.put_validity_period(REGION, id(12), Some(date("2030-01-01"))).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let by = |on: &str| date(on);
    let found = tx.validity_ending(REGION, None, by("2025-01-02"), 10).await.unwrap();
    assert_eq!(numbers(&found, |d| d.id), vec![11, 10], "what has ended is left out");
    assert_eq!(found[0].until, date("2025-01-01"));
    let rest = tx.validity_ending(REGION, Some(&[id(2)]), by("2030-01-01"), 10).await.unwrap();
    assert_eq!(numbers(&rest, |d| d.id), vec![10, 12], "put off, it ends later");
    assert_eq!(tx.validity_ending(REGION, None, by("2024-12-31"), 10).await.unwrap(), []);
    assert_eq!(
        numbers(&tx.validity_ending(REGION, None, by("2030-01-01"), 1).await.unwrap(), |d| d.id),
        vec![11]
    );
    assert_eq!(tx.validity_ending(OTHER, None, by("2030-01-01"), 10).await.unwrap(), []);
    drop(tx);
    write!(store, tx => tx.put_validity_period(REGION, id(11), None).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(
        numbers(&tx.validity_ending(REGION, None, by("2025-01-02"), 10).await.unwrap(), |d| d.id),
        vec![10]
    );
}
