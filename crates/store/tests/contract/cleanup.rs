//! Clean-ups.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;

on_both! { cleanup cleanups }

fn row(n: u128, unit: u128, opened_on: &str, closed_on: Option<&str>) -> CleanupRow {
    CleanupRow {
        id: id(n),
        unit: id(unit),
        title: format!("第{n}次清理"),
        kind: "periodic".to_owned(),
        below: true,
        up_to: date("2020-12-31"),
        deadline: date("2021-08-31"),
        opened_on: date(opened_on),
        closed_on: closed_on.map(date),
        total: 3,
        concluded: 1,
        version: 2,
    }
}

async fn cleanup(store: Store, _at: Location) {
    let later = CleanupRow {
        concluded: 3,
        closed_on: Some(date("2021-09-01")),
        version: 5,
        ..row(10, 2, "2021-01-01", None)
    };
    write!(store, tx => {
        ground(tx).await?;
        tx.put_cleanup(REGION, &row(10, 2, "2021-01-01", None)).await?;
        tx.put_cleanup(OTHER, &row(10, 2, "2020-01-01", None)).await?;
        tx.put_cleanup(REGION, &row(11, 2, "2021-01-01", None)).await?;
        tx.remove_cleanup(REGION, id(11)).await
    })
    .unwrap();
    let put = later.clone();
    write!(store, tx => tx.put_cleanup(REGION, &put).await).unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.cleanup(REGION, id(10)).await, &later);
    assert_eq!(tx.cleanup(REGION, id(11)).await.unwrap(), None);
    assert_eq!(tx.cleanup(OTHER, id(10)).await.unwrap().unwrap().version, 2);
    let orphan = write!(store, tx => tx.put_cleanup(REGION, &row(12, 99, "2021-01-01", None)).await);
    assert!(matches!(orphan, Err(Error::Database(_))), "a clean-up of no unit: {orphan:?}");
}

async fn cleanups(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_cleanup(REGION, &row(10, 2, "2020-01-01", Some("2020-09-01"))).await?;
        tx.put_cleanup(REGION, &row(11, 3, "2021-01-01", None)).await?;
        tx.put_cleanup(REGION, &row(12, 2, "2021-01-01", Some("2021-09-01"))).await?;
        tx.put_cleanup(OTHER, &row(13, 2, "2021-01-01", None)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = CleanupFilter::default;
    for (filter, expected) in [
        (f(), vec![12, 11, 10]),
        (CleanupFilter { closed: true, ..f() }, vec![12, 10]),
        (CleanupFilter { open: true, ..f() }, vec![11]),
    ] {
        let found = tx.cleanups(REGION, &filter, None, 10).await.unwrap();
        assert_eq!(numbers(&found, |c| c.id), expected, "{filter:?}");
    }
    let first = tx.cleanups(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.cleanups(REGION, &f(), Some(first[1].paging_key()), 10).await.unwrap();
    assert_eq!(numbers(&rest, |c| c.id), [10]);
    assert!(tx.cleanups(Region(9), &f(), None, 10).await.unwrap().is_empty());
}
