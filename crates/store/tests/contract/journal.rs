//! The journal and what stands beside it.

use crate::place::{on_both, write};
use crate::sample::*;
use crate::tamper::{Behind, COLUMNS};
use store::*;

on_both! { add_region regions append docket dockets entries entries_range entries_by_docket subjects_after chain
every_bit_is_sealed }

async fn add_region(store: Store, _at: Location) {
    write!(store, tx => tx.add_region(REGION, "示例市").await).unwrap();
    let again = write!(store, tx => tx.add_region(REGION, "别的名").await);
    assert!(matches!(again, Err(Error::Conflict { constraint }) if constraint == "region_pkey"));
    let regions = store.read().await.unwrap().regions().await.unwrap();
    assert_eq!(regions, [RegionRow { region: REGION, name: "示例市".to_owned(), seq: 0, head: [0; 32] }]);
}

async fn regions(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    // Also within the transaction that appends, whose heads are not yet written.
    let (last, seen) = write!(store, tx => {
        tx.append(OTHER, entry(1, 1)).await?;
        let last = tx.append(OTHER, entry(1, 2)).await?;
        Ok((last, tx.regions().await?))
    })
    .unwrap();
    let found = store.read().await.unwrap().regions().await.unwrap();
    assert_eq!(found, seen);
    let short: Vec<_> = found.iter().map(|r| (r.region, r.seq, r.head)).collect();
    assert_eq!(short, [(REGION, 0, [0; 32]), (OTHER, 2, last.hash)]);
}

async fn append(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let first = write!(store, tx => tx.append(REGION, entry(7, 1)).await).unwrap();
    assert_eq!((first.region, first.seq, first.prev), (REGION, 1, [0; 32]));
    assert_eq!(first.recorded_at.as_nanosecond(), 1_600_000_000_123_456_000, "kept to the microsecond");
    let second = write!(store, tx => tx.append(REGION, entry(7, 2)).await).unwrap();
    assert_eq!((second.seq, second.prev), (2, first.hash));
    assert_eq!(hash(&second), second.hash);
    let other = write!(store, tx => tx.append(OTHER, entry(7, 1)).await).unwrap();
    assert_eq!((other.seq, other.prev), (1, [0; 32]), "each region has its own chain");

    let clash = write!(store, tx => tx.append(REGION, entry(7, 2)).await);
    assert!(
        matches!(clash, Err(Error::Conflict { constraint }) if constraint == "journal_region_subject_ordinal_key")
    );
    let third = write!(store, tx => tx.append(REGION, entry(7, 3)).await).unwrap();
    assert_eq!((third.seq, third.prev), (3, second.hash), "a refused entry takes no number");
    let unknown = write!(store, tx => tx.append(Region(1), entry(1, 1)).await);
    assert!(matches!(unknown, Err(Error::Database(_))));
}

/// Two dockets whose entries alternate.
async fn two_dockets(store: &Store) -> Vec<Entry> {
    write!(store, tx => {
        ground(tx).await?;
        let mut all = Vec::new();
        for ordinal in 1..=3 {
            for subject in [5, 4] {
                all.push(tx.append(REGION, entry(subject, ordinal)).await?);
            }
        }
        tx.append(OTHER, entry(4, 1)).await?;
        Ok(all)
    })
    .unwrap()
}

async fn docket(store: Store, _at: Location) {
    let all = two_dockets(&store).await;
    let mut tx = store.read().await.unwrap();
    let expected: Vec<_> = all.iter().filter(|e| e.subject == id(4)).cloned().collect();
    assert_eq!(tx.docket(REGION, id(4)).await.unwrap(), expected);
    assert_eq!(tx.docket(REGION, id(9)).await.unwrap(), []);
}

async fn dockets(store: Store, _at: Location) {
    let mut all = two_dockets(&store).await;
    all.sort_by_key(|e| (e.subject, e.ordinal));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.dockets(REGION, &[id(5), id(4), id(9)]).await.unwrap(), all);
    assert_eq!(tx.dockets(REGION, &[id(4)]).await.unwrap(), all[..3]);
    assert_eq!(tx.dockets(REGION, &[]).await.unwrap(), []);
}

async fn entries(store: Store, _at: Location) {
    let all = two_dockets(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.entries(REGION, 0, 4).await.unwrap(), all[..4]);
    assert_eq!(tx.entries(REGION, 4, 100).await.unwrap(), all[4..]);
    assert_eq!(tx.entries(REGION, 6, 100).await.unwrap(), []);
    assert_eq!(tx.entries(REGION, 0, -1).await.unwrap(), [], "no limit is never meant");
}

async fn entries_range(store: Store, _at: Location) {
    let all = two_dockets(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.entries_range(REGION, 2, 5).await.unwrap(), all[1..5]);
    assert_eq!(tx.entries_range(REGION, 7, 9).await.unwrap(), []);
}

async fn entries_by_docket(store: Store, _at: Location) {
    let mut all = two_dockets(&store).await;
    all.sort_by_key(|e| (e.subject, e.ordinal));
    let mut tx = store.read().await.unwrap();
    let first = tx.entries_by_docket(REGION, None, 4).await.unwrap();
    assert_eq!(first, all[..4]);
    let after = Some((first[3].subject, first[3].ordinal));
    assert_eq!(tx.entries_by_docket(REGION, after, 4).await.unwrap(), all[4..]);
}

async fn subjects_after(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for (subject, ordinal, second) in [(1, 1, 0), (2, 1, 1), (3, 1, 2), (2, 2, 3)] {
            tx.append(REGION, NewEntry { recorded_at: at(second), ..entry(subject, ordinal) }).await?;
        }
        tx.append(OTHER, NewEntry { recorded_at: at(9), ..entry(9, 1) }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.subjects_after(REGION, at(1)).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|s| (s.kind, s.id)).collect();
    assert_eq!(found, [("request".to_owned(), id(2)), ("request".to_owned(), id(3))]);
    assert!(tx.subjects_after(REGION, at(3)).await.unwrap().is_empty());
}

async fn chain(store: Store, _at: Location) {
    let all = two_dockets(&store).await;
    let end = Link::START.follow(&all).unwrap();
    let region = store.read().await.unwrap().regions().await.unwrap().remove(0);
    assert_eq!(end.is_head_of(&region), Ok(()));
    // Two readers, each with its part.
    let middle = Link::START.follow(&all[..3]).unwrap();
    assert_eq!(middle.follow(&all[3..]), Ok(end));
    // What can happen to a chain as a whole.
    let last = all.len() - 1;
    assert_eq!(Link::START.follow(&all[..last]).unwrap().is_head_of(&region), Err(Break::Head { seq: 6 }));
    assert_eq!(Link::START.follow(&all[1..]), Err(Break::Gap { expected: 1, found: 2 }));
    let cut: Vec<_> = [&all[..2], &all[3..]].concat();
    assert_eq!(Link::START.follow(&cut), Err(Break::Gap { expected: 3, found: 4 }));
    let mut moved = all.clone();
    moved.swap(1, 2);
    (moved[1].seq, moved[2].seq) = (2, 3);
    assert_eq!(Link::START.follow(&moved), Err(Break::Link { seq: 2 }));
    // Somebody rewrites an entry and its hash, but not what follows.
    let mut rewritten = all.clone();
    rewritten[2].event = "{}".to_owned();
    rewritten[2].hash = hash(&rewritten[2]);
    assert_eq!(Link::START.follow(&rewritten), Err(Break::Link { seq: 4 }));
}

/// Whether the chain of the region still holds, as `verify` would see it.
async fn holds(store: &Store) -> bool {
    let mut tx = store.read().await.unwrap();
    let Ok(regions) = tx.regions().await else { return false };
    let Some(region) = regions.iter().find(|r| r.region == REGION) else { return false };
    // Page by page and in one piece: the quick reading must not let through what the plain one finds.
    let read = [tx.entries(REGION, 0, 100).await, tx.entries_range(REGION, 1, 100).await];
    let [plain, quick] = read.map(|entries| match entries {
        Ok(entries) => Link::START.follow(&entries).is_ok_and(|end| end.is_head_of(region).is_ok()),
        Err(error) => {
            assert!(matches!(error, Error::Corrupt(_)), "{error:?}");
            false
        }
    });
    assert_eq!(plain, quick, "both readings say the same");
    plain
}

/// One flipped bit, in any column of a stored entry, is found.
async fn every_bit_is_sealed(store: Store, at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for subject in 1..=3 {
            tx.append(REGION, NewEntry { event: r#"{"a":1}"#.to_owned(), ..entry(subject, 1) }).await?;
        }
        Ok(())
    })
    .unwrap();
    assert!(holds(&store).await);
    let mut behind = Behind::at_entry(&at).await;
    let mut tried = 0;
    for column in COLUMNS {
        let original = behind.get(&column).await;
        for bit in 0..original.len() * 8 {
            let mut changed = original.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            // What the database itself refuses to hold (PostgreSQL: text that is not UTF-8) cannot be stored.
            if behind.set(&column, &changed).await {
                tried += 1;
                assert!(!holds(&store).await, "bit {bit} of {} can be flipped unnoticed", column.name);
                assert!(behind.set(&column, &original).await);
            }
        }
    }
    assert!(tried > 1000, "only {tried} bits were tried");
    assert!(holds(&store).await, "every bit was put back");
    if store.engine() == Engine::Sqlite {
        behind.run("update journal set event = cast(event as blob) where ordinal = 1").await;
        assert!(!holds(&store).await, "the same bytes as another type can be stored unnoticed");
    }
}
