//! Files of dockets.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;
use uuid::Uuid;

on_both! { put_file file files_of files_by_id kept_files remove_file }

async fn three(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_file(REGION, &sample::file(11, 1)).await?;
        tx.put_file(REGION, &sample::file(13, 1)).await?;
        tx.put_file(REGION, &sample::file(12, 2)).await?;
        tx.put_file(OTHER, &sample::file(14, 1)).await
    })
    .unwrap();
}

async fn put_file(store: Store, _at: Location) {
    three(&store).await;
    let changed = FileRow {
        stored: None,
        name: None,
        released_until: Some(date("2020-04-01")),
        erased_on: Some(date("2020-03-09")),
        published_on: Some(date("2020-03-08")),
        withdrawn_on: Some(date("2020-03-09")),
        version: 3,
        ..sample::file(11, 1)
    };
    let row = changed.clone();
    write!(store, tx => tx.put_file(REGION, &row).await).unwrap();
    same(store.read().await.unwrap().file(REGION, id(11)).await, &changed);
}

async fn file(store: Store, _at: Location) {
    three(&store).await;
    let mut tx = store.read().await.unwrap();
    same(tx.file(REGION, id(12)).await, &sample::file(12, 2));
    assert_eq!(tx.file(OTHER, id(12)).await.unwrap(), None);
}

async fn files_of(store: Store, _at: Location) {
    three(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(numbers(&tx.files_of(REGION, id(1)).await.unwrap(), |f| f.id), [11, 13]);
    assert_eq!(numbers(&tx.files_of(OTHER, id(1)).await.unwrap(), |f| f.id), [14]);
    assert!(tx.files_of(REGION, id(9)).await.unwrap().is_empty());
}

async fn files_by_id(store: Store, _at: Location) {
    three(&store).await;
    let mut tx = store.read().await.unwrap();
    let first = tx.files_by_id(REGION, Uuid::nil(), 2).await.unwrap();
    assert_eq!(numbers(&first, |f| f.id), [11, 12]);
    let rest = tx.files_by_id(REGION, id(12), 2).await.unwrap();
    assert_eq!(numbers(&rest, |f| f.id), [13]);
}

async fn kept_files(store: Store, _at: Location) {
    assert_eq!(store.read().await.unwrap().kept_files(REGION).await.unwrap(), (0, 0));
    three(&store).await;
    let erased = FileRow { stored: None, ..sample::file(13, 1) };
    write!(store, tx => tx.put_file(REGION, &erased).await).unwrap();
    assert_eq!(store.read().await.unwrap().kept_files(REGION).await.unwrap(), (2, 2000));
}

async fn remove_file(store: Store, _at: Location) {
    three(&store).await;
    write!(store, tx => tx.remove_file(REGION, id(11)).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(numbers(&tx.files_by_id(REGION, Uuid::nil(), 9).await.unwrap(), |f| f.id), [12, 13]);
    assert!(tx.file(OTHER, id(14)).await.unwrap().is_some());
}
