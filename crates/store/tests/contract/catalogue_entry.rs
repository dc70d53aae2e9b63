//! Entries of the standard catalogues.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;

on_both! { catalogue_entry catalogue_entries catalogue_entries_at }

async fn catalogue_entry(store: Store, _at: Location) {
    let row = CatalogueEntryRow {
        item: r#"{"first":"二"}"#.to_owned(),
        stage: "published".to_owned(),
        version: 2,
        ..sample::catalogue_entry(20, 3, 7)
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_catalogue_entry(REGION, &sample::catalogue_entry(20, 2, 1)).await?;
        tx.put_catalogue_entry(REGION, &put).await?;
        tx.put_catalogue_entry(OTHER, &sample::catalogue_entry(21, 2, 1)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.catalogue_entry(REGION, id(20)).await, &row);
    assert_eq!(tx.catalogue_entry(OTHER, id(20)).await.unwrap(), None);
    let found = tx.catalogue_entries_with_ids(REGION, &[id(20), id(21)]).await.unwrap();
    assert_eq!(found, [row]);
    assert_eq!(tx.catalogue_entries_with_ids(REGION, &[]).await.unwrap(), []);
}

/// Three of one field, one of them published, and one of another.
async fn shelf(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::catalogue_entry;
        for row in [
            base(20, 2, 2),
            CatalogueEntryRow { stage: "published".to_owned(), ..base(21, 2, 1) },
            CatalogueEntryRow { field: "budgets".to_owned(), stage: "published".to_owned(), ..base(22, 3, 9) },
            base(23, 3, 2),
        ] {
            tx.put_catalogue_entry(REGION, &row).await?;
        }
        tx.put_catalogue_entry(OTHER, &base(24, 2, 1)).await
    })
    .unwrap();
}

async fn catalogue_entries(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = CatalogueEntryFilter::default;
    for (filter, expected) in [
        (f(), vec![21, 20, 23]),
        (CatalogueEntryFilter { units: Some(vec![id(3)]), ..f() }, vec![23]),
        (CatalogueEntryFilter { units: Some(vec![]), ..f() }, vec![]),
        (CatalogueEntryFilter { stage: Some("published".to_owned()), ..f() }, vec![21]),
        (CatalogueEntryFilter { text: Some("事项23".to_owned()), ..f() }, vec![23]),
    ] {
        let found = tx.catalogue_entries(REGION, "culture", &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |e| e.id), expected, "{filter:?}");
    }
    let first = tx.catalogue_entries(REGION, "culture", &f(), None, 2).await.unwrap();
    let after = Some(first[1].paging_key());
    let rest = tx.catalogue_entries(REGION, "culture", &f(), after, 2).await.unwrap();
    assert_eq!((numbers(&first, |e| e.id), numbers(&rest, |e| e.id)), (vec![21, 20], vec![23]));
}

async fn catalogue_entries_at(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let published = tx.catalogue_entries_at(REGION, "published").await.unwrap();
    assert_eq!(numbers(&published, |e| e.id), vec![22, 21], "by field");
    assert_eq!(tx.catalogue_entries_at(OTHER, "published").await.unwrap(), []);
    let pages = [
        tx.catalogue_entries_by_id(REGION, uuid::Uuid::nil(), 3).await.unwrap(),
        tx.catalogue_entries_by_id(REGION, id(22), 3).await.unwrap(),
    ];
    assert_eq!(pages.map(|page| numbers(&page, |e| e.id)), [vec![20, 21, 22], vec![23]]);
}
