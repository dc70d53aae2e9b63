//! How documents are classified.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;
use uuid::Uuid;

on_both! { classes classes_by_document documents_of_classes documents_by_id documents_with_ids classes_of_keys classes_published_in classes_up_to classes_between newest_of_classes tally_totals }

fn class(document: u128, unit: u128, (kind, key): (&str, &str), published_on: Option<&str>) -> ClassRow {
    ClassRow {
        document: id(document),
        kind: kind.to_owned(),
        key: key.to_owned(),
        unit: id(unit),
        published_on: published_on.map(date),
    }
}

const NOTICE: (&str, &str) = ("genre", "notice");
const BUDGET: (&str, &str) = ("column", "a20-07");

/// Four documents of two units: three public, the last of them of another genre; one not public.
async fn shelf(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        for (n, unit, disclosed_on) in [
            (10, 2, Some("2020-02-01")),
            (11, 2, Some("2020-03-01")),
            (12, 3, Some("2020-03-01")),
            (13, 2, None),
        ] {
            let row = DocumentRow { disclosed_on: disclosed_on.map(date), ..document(n, unit, "2020-01-01") };
            tx.put_document(REGION, &row).await?;
            let genre = if n == 12 { ("genre", "reply") } else { NOTICE };
            let classes = [class(n, unit, BUDGET, disclosed_on), class(n, unit, genre, disclosed_on)];
            tx.put_classes(REGION, id(n), &classes).await?;
        }
        tx.put_document(OTHER, &document(10, 2, "2020-01-01")).await?;
        tx.put_classes(OTHER, id(10), &[class(10, 2, ("column", "guide"), None)]).await
    })
    .unwrap();
}

async fn classes(store: Store, _at: Location) {
    shelf(&store).await;
    write!(store, tx => {
        tx.put_classes(REGION, id(11), &[class(11, 2, NOTICE, None)]).await?;
        tx.put_classes(REGION, id(12), &[]).await?;
        tx.remove_document(REGION, id(13)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let of = [id(10), id(11), id(12), id(13), id(99)];
    let day = Some("2020-02-01");
    let expected = [class(10, 2, BUDGET, day), class(10, 2, NOTICE, day), class(11, 2, NOTICE, None)];
    assert_eq!(tx.classes(REGION, &of).await.unwrap(), expected);
    assert_eq!(tx.classes(REGION, &[]).await.unwrap(), []);
    assert_eq!(tx.classes(OTHER, &of).await.unwrap(), [class(10, 2, ("column", "guide"), None)]);
}

async fn classes_by_document(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let all = tx.classes_by_document(REGION, Uuid::nil(), 100).await.unwrap();
    assert_eq!(all.len(), 8);
    // Never a part of a document's classes.
    assert_eq!(tx.classes_by_document(REGION, Uuid::nil(), 1).await.unwrap(), all[..2]);
    assert_eq!(tx.classes_by_document(REGION, id(10), 3).await.unwrap(), all[2..6]);
    assert_eq!(tx.classes_by_document(REGION, id(13), 3).await.unwrap(), []);
}

async fn documents_of_classes(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let of = |(kind, key): (&'static str, &str)| Class { kind, key: key.to_owned() };
    let f = DocumentFilter::default;
    let both: &[Class] = &[of(NOTICE)];
    for (lead, others, filter, expected) in [
        (BUDGET, &[][..], f(), vec![12, 11, 10]),
        (NOTICE, &[], f(), vec![11, 10]),
        (BUDGET, both, f(), vec![11, 10]),
        (BUDGET, &[], DocumentFilter { units: Some(vec![id(2)]), public: true, ..f() }, vec![11, 10]),
        (BUDGET, &[], DocumentFilter { units: Some(vec![]), ..f() }, vec![]),
        (BUDGET, both, DocumentFilter { text: Some("第10号".to_owned()), ..f() }, vec![10]),
        (BUDGET, &[], DocumentFilter { category: Some("rule".to_owned()), ..f() }, vec![]),
        (("genre", "none"), &[], f(), vec![]),
    ] {
        let found = tx.documents_of_classes(REGION, (&of(lead), others), &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{lead:?} {filter:?}");
    }
    let lead = of(BUDGET);
    let mut page = async |after| {
        let found = tx.documents_of_classes(REGION, (&lead, &[]), &f(), after, 1).await.unwrap();
        found.first().map(|d| (d.disclosed_on.unwrap(), d.id))
    };
    let (first, second, third) = (
        page(None).await,
        page(Some((date("2020-03-01"), id(12)))).await,
        page(Some((date("2020-03-01"), id(11)))).await,
    );
    assert_eq!([first, second, third].map(|p| p.unwrap().1), [id(12), id(11), id(10)]);
    assert_eq!(page(Some((date("2020-02-01"), id(10)))).await, None);
}

async fn documents_by_id(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let first = tx.documents_by_id(REGION, Uuid::nil(), 3).await.unwrap();
    let rest = tx.documents_by_id(REGION, id(12), 3).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![10, 11, 12], vec![13]));
    assert_eq!(numbers(&tx.documents_by_id(OTHER, Uuid::nil(), 3).await.unwrap(), |d| d.id), [10]);
}

async fn tally_totals(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for (unit, year, key, n) in [(2, 2020, "a", 1), (2, 2021, "a", 2), (2, 2021, "b", 4), (2, 2021, "c", 8), (3, 2021, "a", 16)] {
            tx.add_tally(REGION, id(unit), year, key, n).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let keys = ["a", "b", "d"].map(str::to_owned);
    let found = tx.tally_totals(REGION, id(2), &keys).await.unwrap();
    let found: Vec<_> = found.into_iter().map(|t| (t.key, t.n)).collect();
    assert_eq!(found, [("a".to_owned(), 3), ("b".to_owned(), 4)]);
    assert!(tx.tally_totals(OTHER, id(2), &keys).await.unwrap().is_empty());
}

async fn documents_with_ids(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let mut found = tx.documents_with_ids(REGION, &[id(13), id(10), id(99)]).await.unwrap();
    found.sort_by_key(|d| d.id);
    assert_eq!(numbers(&found, |d| d.id), vec![10, 13]);
    assert_eq!(tx.documents_with_ids(REGION, &[]).await.unwrap(), []);
    assert_eq!(tx.documents_with_ids(OTHER, &[id(13)]).await.unwrap(), []);
}

async fn classes_of_keys(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let keys = |keys: &[&str]| keys.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    let found = tx.classes_of_keys(REGION, "genre", &keys(&["reply", "notice", "none"])).await.unwrap();
    assert_eq!(numbers(&found, |c| c.document), vec![10, 11, 13, 12], "public or not, by key and document");
    assert_eq!(found[0].published_on, Some(date("2020-02-01")));
    assert_eq!(tx.classes_of_keys(REGION, "genre", &[]).await.unwrap(), []);
    assert_eq!(tx.classes_of_keys(REGION, "column", &keys(&["notice"])).await.unwrap(), []);
    assert_eq!(tx.classes_of_keys(OTHER, "genre", &keys(&["notice"])).await.unwrap(), []);
}

async fn classes_published_in(store: Store, _at: Location) {
    shelf(&store).await;
    write!(store, tx => tx.put_classes(REGION, id(10), &[class(10, 2, NOTICE, Some("2021-01-01"))]).await)
        .unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.classes_published_in(REGION, "genre", None, 2020, 10).await.unwrap();
    assert_eq!(numbers(&found, |c| c.document), vec![12, 11], "only what everybody may read has a day");
    let of = tx.classes_published_in(REGION, "genre", Some(&[id(2)]), 2020, 10).await.unwrap();
    assert_eq!(numbers(&of, |c| c.document), vec![11]);
    assert_eq!(
        numbers(&tx.classes_published_in(REGION, "genre", None, 2020, 1).await.unwrap(), |c| c.document),
        vec![12]
    );
    assert_eq!(tx.classes_published_in(REGION, "genre", Some(&[]), 2020, 10).await.unwrap(), []);
    assert_eq!(tx.classes_published_in(OTHER, "genre", None, 2020, 10).await.unwrap(), []);
}

async fn classes_up_to(store: Store, _at: Location) {
    shelf(&store).await;
    let until = |n, unit, on: &str| class(n, unit, ("valid-until", on), None);
    write!(store, tx => {
        for (n, unit, on) in [(10, 2, "2025-01-02"), (11, 2, "2025-01-01"), (12, 3, "2025-01-01"), (13, 2, "2025-01-03")] {
            tx.put_classes(REGION, id(n), &[class(n, unit, ("valid-until", on), None)]).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.classes_up_to(REGION, "valid-until", None, "2025-01-02", 10).await.unwrap();
    assert_eq!(found, [until(11, 2, "2025-01-01"), until(12, 3, "2025-01-01"), until(10, 2, "2025-01-02")]);
    let of = tx.classes_up_to(REGION, "valid-until", Some(&[id(2)]), "2025-01-03", 2).await.unwrap();
    assert_eq!(numbers(&of, |c| c.document), vec![11, 10]);
    assert_eq!(tx.classes_up_to(REGION, "valid-until", None, "2024-12-31", 10).await.unwrap(), []);
    assert_eq!(tx.classes_up_to(OTHER, "valid-until", None, "2026-01-01", 10).await.unwrap(), []);
}

async fn newest_of_classes(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let found = tx.newest_of_classes(REGION, "column").await.unwrap();
    let row = |unit, n, document| NewestRow {
        key: BUDGET.1.to_owned(),
        unit: id(unit),
        n,
        document: id(document),
        published_on: date("2020-03-01"),
        made_on: date("2020-01-01"),
        first_on: None,
    };
    assert_eq!(found, [row(2, 2, 11), row(3, 1, 12)], "what is not public does not count");
    assert_eq!(tx.newest_of_classes(REGION, "entry").await.unwrap(), []);
    assert_eq!(tx.newest_of_classes(OTHER, "column").await.unwrap(), []);

    let count = |key: &str, n| ClassCount { key: key.to_owned(), n };
    let of = |list: &[&str]| list.iter().map(|k| (*k).to_owned()).collect::<Vec<_>>();
    let found = tx.count_of_classes(REGION, "genre", &of(&["notice", "reply", "none"])).await.unwrap();
    assert_eq!(found, [count("notice", 2), count("reply", 1)]);
    assert_eq!(tx.count_of_classes(REGION, "genre", &[]).await.unwrap(), []);
    assert_eq!(tx.count_of_classes(OTHER, "genre", &of(&["notice"])).await.unwrap(), []);

    let again =
        [class(12, 3, BUDGET, Some("2020-03-01")), class(12, 3, ("first-disclosed", "2020-02-01"), None)];
    drop(tx);
    write!(store, tx => tx.put_classes(REGION, id(12), &again).await).unwrap();
    let mut tx = store.read().await.unwrap();
    let found = tx.newest_of_classes(REGION, "column").await.unwrap();
    assert_eq!(found[1], NewestRow { first_on: Some(date("2020-02-01")), ..row(3, 1, 12) });
}

async fn classes_between(store: Store, _at: Location) {
    shelf(&store).await;
    write!(store, tx => {
        for (n, unit, on) in [(10, 2, "2024-12-31"), (11, 2, "2025-12-31"), (12, 3, "2025-01-01"), (13, 2, "2026-01-01")] {
            tx.put_classes(REGION, id(n), &[class(n, unit, ("reviewed", on), None)]).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let year = ("2025-01-01", "2025-12-31");
    let found = tx.classes_between(REGION, "reviewed", None, year, 10).await.unwrap();
    assert_eq!(numbers(&found, |c| c.document), vec![12, 11]);
    let of = tx.classes_between(REGION, "reviewed", Some(&[id(2)]), year, 10).await.unwrap();
    assert_eq!(numbers(&of, |c| c.document), vec![11]);
    assert_eq!(
        numbers(&tx.classes_between(REGION, "reviewed", None, year, 1).await.unwrap(), |c| c.document),
        vec![12]
    );
    assert_eq!(tx.classes_between(REGION, "valid-until", None, year, 10).await.unwrap(), []);
    assert_eq!(tx.classes_between(OTHER, "reviewed", None, year, 10).await.unwrap(), []);
}
