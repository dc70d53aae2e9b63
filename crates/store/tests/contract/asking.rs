//! What applicants leave: drafts, submissions, counters of suggestions.

use crate::place::{on_both, write};
use crate::sample::*;
use jiff::civil::date;
use store::*;

on_both! { draft purge_drafts submissions suggestions }

fn sample_draft(digest: &str, until: i64) -> DraftRow {
    DraftRow {
        digest: digest.to_owned(),
        nonce: vec![1; 12],
        sealed: vec![0, 255, 7],
        saved_at: at(0),
        expires_at: at(until),
    }
}

async fn draft(store: Store, _at: Location) {
    let changed = DraftRow { sealed: vec![9; 40], saved_at: at(5), ..sample_draft("a1", 100) };
    let put = changed.clone();
    write!(store, tx => {
        tx.put_draft(REGION, &sample_draft("a1", 50)).await?;
        tx.put_draft(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.draft(REGION, "a1").await.unwrap(), Some(changed));
    assert_eq!(tx.draft(OTHER, "a1").await.unwrap(), None);
    drop(tx);
    assert!(!write!(store, tx => tx.delete_draft(OTHER, "a1").await).unwrap());
    assert!(write!(store, tx => tx.delete_draft(REGION, "a1").await).unwrap());
    assert!(!write!(store, tx => tx.delete_draft(REGION, "a1").await).unwrap());
}

async fn purge_drafts(store: Store, _at: Location) {
    write!(store, tx => {
        tx.put_draft(REGION, &sample_draft("a1", 9)).await?;
        tx.put_draft(REGION, &sample_draft("a2", 10)).await?;
        tx.put_draft(REGION, &sample_draft("a3", 11)).await?;
        tx.put_draft(OTHER, &sample_draft("a1", 9)).await
    })
    .unwrap();
    assert_eq!(write!(store, tx => tx.purge_drafts(REGION, at(10)).await).unwrap(), 2);
    let mut tx = store.read().await.unwrap();
    assert!(tx.draft(REGION, "a3").await.unwrap().is_some());
    assert!(tx.draft(OTHER, "a1").await.unwrap().is_some());
}

async fn submissions(store: Store, _at: Location) {
    let row = |n: u128, request: u128| SubmissionRow {
        id: id(n),
        request: id(request),
        kind: "correction".to_owned(),
        recorded_at: at(1),
        nonce: vec![1; 12],
        sealed: vec![3; 20],
        erased_at: None,
    };
    write!(store, tx => {
        for (n, request) in [(1, 7), (2, 8), (3, 7)] {
            tx.add_submission(REGION, &row(n, request)).await?;
        }
        Ok(())
    })
    .unwrap();
    let of = |request| {
        let store = store.clone();
        async move { store.read().await.unwrap().submissions_of(REGION, id(request)).await.unwrap() }
    };
    assert_eq!(of(7).await, [row(1, 7), row(3, 7)]);
    assert_eq!(write!(store, tx => tx.erase_submissions(REGION, id(7), at(9)).await).unwrap(), 2);
    assert_eq!(write!(store, tx => tx.erase_submissions(REGION, id(7), at(9)).await).unwrap(), 0);
    let gone = SubmissionRow { nonce: vec![], sealed: vec![], erased_at: Some(at(9)), ..row(1, 7) };
    assert_eq!(of(7).await[0], gone);
    assert_eq!(of(8).await, [row(2, 8)], "another request keeps its own");
}

async fn suggestions(store: Store, _at: Location) {
    let (first, second) = (date(2024, 2, 5), date(2024, 2, 6));
    write!(store, tx => {
        tx.count_suggestion(REGION, id(1), first, "shown").await?;
        tx.count_suggestion(REGION, id(1), first, "shown").await?;
        tx.count_suggestion(REGION, id(2), first, "opened").await?;
        tx.count_suggestion(REGION, id(1), second, "shown").await?;
        tx.count_suggestion(OTHER, id(1), first, "shown").await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let row =
        |unit, counted_on, kind: &str, n| SuggestionRow { unit: id(unit), counted_on, kind: kind.into(), n };
    let all = tx.suggestions(REGION, None, first..=first).await.unwrap();
    assert_eq!(all, [row(1, first, "shown", 2), row(2, first, "opened", 1)]);
    let one = tx.suggestions(REGION, Some(&[id(1)]), first..=second).await.unwrap();
    assert_eq!(one, [row(1, first, "shown", 2), row(1, second, "shown", 1)]);
}
