//! Drafts of documents.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;

on_both! { document_draft document_draft_of document_drafts }

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
