//! How documents are classified.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;
use uuid::Uuid;

on_both! { classes classes_by_document documents_of_classes documents_by_id tally_totals }

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
