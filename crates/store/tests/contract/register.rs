//! The registers, apart from requests and disputes.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;
use uuid::Uuid;

on_both! { document_by_number document_by_index_number unit unit_by_code unit_by_name units put_unit document documents documents_by_publication publication_days count_documents document_text figure figures report report_of reports add_tally tallies next_number removals other_region }

async fn put_unit(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let clash = write!(store, tx => tx.put_unit(REGION, &sample::unit(9, "a")).await);
    assert!(matches!(clash, Err(Error::Conflict { constraint }) if constraint == "unit_region_code_key"));
    write!(store, tx => tx.put_unit(OTHER, &sample::unit(9, "c")).await).unwrap();
}

async fn unit_row(store: &Store) -> UnitRow {
    let full = UnitRow {
        valid_to: Some(date("2024-03-31")),
        successor: Some(id(3)),
        name: "示例市旧名局".to_owned(),
        version: 9,
        ..sample::unit(2, "a")
    };
    let row = full.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_unit(REGION, &row).await
    })
    .unwrap();
    full
}

async fn unit(store: Store, _at: Location) {
    let row = unit_row(&store).await;
    let mut tx = store.read().await.unwrap();
    same(tx.unit(REGION, id(2)).await, &row);
    same(tx.unit(OTHER, id(2)).await, &sample::unit(2, "a"));
    assert_eq!(tx.unit(REGION, id(99)).await.unwrap(), None);
}

async fn unit_by_code(store: Store, _at: Location) {
    let row = unit_row(&store).await;
    let mut tx = store.read().await.unwrap();
    same(tx.unit_by_code(REGION, "a").await, &row);
    assert_eq!(tx.unit_by_code(REGION, "A").await.unwrap(), None);
}

async fn unit_by_name(store: Store, _at: Location) {
    let row = unit_row(&store).await;
    let later = UnitRow { valid_from: date("2024-04-01"), ..sample::unit(8, "a2") };
    let later = UnitRow { name: row.name.clone(), ..later };
    let put = later.clone();
    write!(store, tx => tx.put_unit(REGION, &put).await).unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.unit_by_name(REGION, "示例市旧名局").await, &later);
    assert_eq!(tx.unit_by_name(REGION, "旧名局").await.unwrap(), None);
}

async fn units(store: Store, _at: Location) {
    unit_row(&store).await;
    write!(store, tx => {
        let government = UnitRow { kind: "government".to_owned(), parent: None, consolidates_into: None, ..sample::unit(1, "gov") };
        tx.put_unit(REGION, &government).await?;
        tx.put_unit(REGION, &UnitRow { level: "township".to_owned(), parent: Some(id(2)), ..sample::unit(3, "b") }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    for (filter, expected) in [
        (UnitFilter::default(), vec![2, 3, 1]),
        (UnitFilter { kind: Some("government".to_owned()), ..Default::default() }, vec![1]),
        (UnitFilter { level: Some("township".to_owned()), ..Default::default() }, vec![3]),
        (UnitFilter { parent: Some(id(2)), ..Default::default() }, vec![3]),
        (UnitFilter { consolidates_into: Some(id(1)), ..Default::default() }, vec![2, 3]),
        (UnitFilter { valid_on: Some(date("2024-03-31")), ..Default::default() }, vec![2, 3, 1]),
        (UnitFilter { valid_on: Some(date("2024-04-01")), ..Default::default() }, vec![3, 1]),
        (UnitFilter { valid_on: Some(date("2018-12-31")), ..Default::default() }, vec![]),
    ] {
        let found = tx.units(REGION, &filter).await.unwrap();
        assert_eq!(numbers(&found, |u| u.id), expected, "{filter:?}");
    }
}

async fn document(store: Store, _at: Location) {
    let row = DocumentRow {
        disclosed_on: Some(date("2020-01-02")),
        in_force_on: Some(date("2020-02-01")),
        ended_on: Some(date("2023-12-31")),
        ending: Some("repealed".to_owned()),
        amended_on: Some(date("2021-05-06")),
        withdrawn_on: Some(date("2024-01-01")),
        url: Some("https://www.example.gov.cn/1.html".to_owned()),
        number: None,
        index_number: None,
        version: 7,
        ..sample::document(10, 3, "2020-01-01")
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_document(REGION, &sample::document(10, 2, "2019-01-01")).await?;
        tx.put_document(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.document(REGION, id(10)).await, &row);
    assert_eq!(tx.document(OTHER, id(10)).await.unwrap(), None);
    let orphan = write!(store, tx => tx.put_document(REGION, &sample::document(11, 99, "2019-01-01")).await);
    assert!(matches!(orphan, Err(Error::Database(_))), "a document of no unit: {orphan:?}");
}

async fn document_by_number(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let found = tx.document_by_number(REGION, "示政发〔2020〕11号").await.unwrap().unwrap();
    assert_eq!(found.id, id(11));
    assert_eq!(tx.document_by_number(OTHER, "示政发〔2020〕11号").await.unwrap(), None);
    assert_eq!(tx.document_by_number(REGION, "示政发〔2020〕1号").await.unwrap(), None);
}

async fn document_by_index_number(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let found = tx.document_by_index_number(REGION, "A11").await.unwrap().unwrap();
    assert_eq!(found.id, id(11));
    assert_eq!(tx.document_by_index_number(OTHER, "A11").await.unwrap(), None);
    assert_eq!(tx.document_by_index_number(REGION, "A").await.unwrap(), None);
}

/// Five documents over three years and two units.
async fn shelf(store: &Store) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::document;
        tx.put_document(REGION, &DocumentRow { category: "rule".to_owned(), ..base(10, 2, "2019-12-31") }).await?;
        tx.put_document(REGION, &DocumentRow {
            disclosed_on: Some(date("2020-12-31")), ended_on: Some(date("2021-01-01")), ..base(11, 2, "2020-01-01") }).await?;
        tx.put_document(REGION, &DocumentRow {
            disclosed_on: Some(date("2021-01-01")), in_force_on: Some(date("2021-02-01")), ..base(12, 3, "2020-12-31") }).await?;
        tx.put_document(REGION, &DocumentRow { attribute: "withheld".to_owned(), ..base(13, 3, "2020-12-31") }).await?;
        tx.put_document(REGION, &DocumentRow {
            disclosed_on: Some(date("2021-03-01")), withdrawn_on: Some(date("2021-04-01")), ..base(14, 2, "2021-01-01") }).await?;
        tx.put_document(OTHER, &base(15, 2, "2020-06-01")).await
    })
    .unwrap();
}

async fn documents(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = DocumentFilter::default;
    for (filter, expected) in [
        (f(), vec![14, 13, 12, 11, 10]),
        (DocumentFilter { units: Some(vec![id(2)]), ..f() }, vec![14, 11, 10]),
        (DocumentFilter { units: Some(vec![id(2), id(3)]), ..f() }, vec![14, 13, 12, 11, 10]),
        (DocumentFilter { units: Some(vec![]), ..f() }, vec![]),
        (DocumentFilter { category: Some("rule".to_owned()), ..f() }, vec![10]),
        (DocumentFilter { without_interpretations: true, ..f() }, vec![14, 13, 12, 11, 10]),
        (DocumentFilter { only_documents: true, ..f() }, vec![14, 13, 12, 11, 10]),
        (DocumentFilter { attribute: Some("withheld".to_owned()), ..f() }, vec![13]),
        (DocumentFilter { made_in: Some(2020), ..f() }, vec![13, 12, 11]),
        (DocumentFilter { disclosed_in: Some(2021), ..f() }, vec![14, 12]),
        (DocumentFilter { ended_in: Some(2021), ..f() }, vec![11]),
        (DocumentFilter { ended_in: Some(2020), ..f() }, vec![]),
        (DocumentFilter { in_force_on: Some(date("2020-12-31")), ..f() }, vec![13, 11, 10]),
        (DocumentFilter { in_force_on: Some(date("2021-01-01")), ..f() }, vec![14, 13, 10]),
        (DocumentFilter { in_force_on: Some(date("2021-02-01")), ..f() }, vec![14, 13, 12, 10]),
        (DocumentFilter { public: true, ..f() }, vec![12, 11]),
        (DocumentFilter { text: Some("第12号".to_owned()), made_in: Some(2020), ..f() }, vec![12]),
    ] {
        let found = tx.documents(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
        assert_eq!(tx.count_documents(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    drop(tx);
    document_valid_until(&store).await;
    let mut tx = store.read().await.unwrap();
    for (on, expected) in [
        ("2021-06-29", vec![14, 13, 12, 11, 10]),
        ("2021-06-30", vec![14, 13, 12, 11, 10]),
        ("2021-07-01", vec![14, 13, 12, 11]),
    ] {
        let filter = DocumentFilter { valid_on: Some(date(on)), ..f() };
        assert_eq!(
            numbers(&tx.documents(REGION, &filter, None, 100).await.unwrap(), |d| d.id),
            expected,
            "{on}"
        );
        assert_eq!(tx.count_documents(REGION, &filter).await.unwrap(), expected.len() as i64, "{on}");
    }
    let until = async |tx: &mut Tx, n| tx.document(REGION, id(n)).await.unwrap().unwrap().valid_until;
    assert_eq!((until(&mut tx, 10).await, until(&mut tx, 11).await), (Some(date("2021-06-30")), None));
    let first = tx.documents(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.documents(REGION, &f(), Some(first[1].paging_key()), 100).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![14, 13], vec![12, 11, 10]));
    drop(tx);
    disclosed_again(store).await;
}

/// Number 12 was first disclosed in the year before.
async fn disclosed_again(store: Store) {
    let f = DocumentFilter::default;
    let first = ClassRow {
        document: id(12),
        kind: "first-disclosed".to_owned(),
        key: "2020-12-31".to_owned(),
        unit: id(3),
        published_on: None,
    };
    write!(store, tx => tx.put_classes(REGION, id(12), &[first]).await).unwrap();
    let mut tx = store.read().await.unwrap();
    for (filter, expected) in [
        (DocumentFilter { disclosed_in: Some(2021), ..f() }, vec![14, 12]),
        (DocumentFilter { first_disclosed_in: Some(2021), ..f() }, vec![14]),
        (DocumentFilter { first_disclosed_in: Some(2020), ..f() }, vec![12, 11]),
        (DocumentFilter { public_at_end_of: Some(2020), ..f() }, vec![12, 11]),
        (DocumentFilter { public_at_end_of: Some(2021), ..f() }, vec![12, 11]),
    ] {
        let found = tx.documents(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
        assert_eq!(tx.count_documents(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let found = tx.document(REGION, id(12)).await.unwrap().unwrap();
    assert_eq!(
        (found.disclosed_on, found.first_disclosed()),
        (Some(date("2021-01-01")), Some(date("2020-12-31")))
    );
    let once = tx.document(REGION, id(11)).await.unwrap().unwrap();
    assert_eq!((once.first_disclosed_on, once.first_disclosed()), (None, once.disclosed_on));
}

async fn document_valid_until(store: &Store) {
    let until = |document: u128, key: &str| ClassRow {
        document: id(document),
        kind: "valid-until".to_owned(),
        key: key.to_owned(),
        unit: id(2),
        published_on: None,
    };
    write!(store, tx => {
        tx.put_classes(REGION, id(10), &[until(10, "2021-06-30")]).await?;
        tx.put_classes(OTHER, id(11), &[until(11, "2000-01-01")]).await
    })
    .unwrap();
}

async fn documents_by_publication(store: Store, _at: Location) {
    assert_eq!(store.read().await.unwrap().publication_days(REGION).await.unwrap(), None);
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let public = DocumentFilter { public: true, ..Default::default() };
    let found = tx.documents_by_publication(REGION, &public, None, 100).await.unwrap();
    assert_eq!(numbers(&found, |d| d.id), [12, 11], "what was taken down is not public");
    let every = tx.documents_by_publication(REGION, &DocumentFilter::default(), None, 100).await.unwrap();
    assert_eq!(numbers(&every, |d| d.id), [14, 12, 11]);
    let place = (found[0].disclosed_on.unwrap(), found[0].id);
    let rest = tx.documents_by_publication(REGION, &public, Some(place), 100).await.unwrap();
    assert_eq!(numbers(&rest, |d| d.id), [11]);
    // A unit is named as long as one document of it is public.
    let publishing = UnitFilter { publishing: true, ..Default::default() };
    assert_eq!(numbers(&tx.units(REGION, &publishing).await.unwrap(), |u| u.id), [2, 3]);
    assert!(tx.units(OTHER, &publishing).await.unwrap().is_empty());
}

async fn publication_days(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    let days = tx.publication_days(REGION).await.unwrap();
    assert_eq!(days, Some((date("2020-12-31"), date("2021-01-01"))));
    assert_eq!(tx.publication_days(OTHER).await.unwrap(), None);
}

async fn count_documents(store: Store, _at: Location) {
    shelf(&store).await;
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_documents(REGION, &DocumentFilter::default()).await.unwrap(), 5);
    assert_eq!(tx.count_documents(OTHER, &DocumentFilter::default()).await.unwrap(), 1);
}

async fn document_text(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for (n, title, number) in [(10, "完成100%的通知", None), (11, "完成1000的通知", None), (12, "Wi-Fi_覆盖", Some("A\\B'1")), (13, "ＡＢＣ", None)] {
            let row = DocumentRow { title: title.to_owned(), number: number.map(str::to_owned), ..sample::document(n, 2, "2020-01-01") };
            tx.put_document(REGION, &row).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    for (text, expected) in [
        ("100%", vec![10]),
        ("wi-fi_", vec![12]),
        ("i_F", vec![]),
        ("\\B'", vec![12]),
        ("ＡＢ", vec![13]),
        ("' or '1'='1", vec![]),
    ] {
        let filter = DocumentFilter { text: Some(text.to_owned()), ..Default::default() };
        let found = tx.documents(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{text}");
    }
}

async fn figure(store: Store, _at: Location) {
    let row = FigureRow { voided: true, version: 2, ..sample::figure(30, 3, 2020, "fees") };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_figure(REGION, &sample::figure(30, 2, 2019, "fees")).await?;
        tx.put_figure(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.figure(REGION, id(30)).await, &row);
    assert_eq!(tx.figure(OTHER, id(30)).await.unwrap(), None);
}

async fn figures(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::figure;
        for row in [base(30, 2, 2019, "fees"), base(31, 3, 2020, "fees"), FigureRow { voided: true, ..base(32, 2, 2020, "hotline") }] {
            tx.put_figure(REGION, &row).await?;
        }
        tx.put_figure(OTHER, &base(33, 2, 2020, "fees")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = FigureFilter::default;
    for (filter, expected) in [
        (f(), vec![32, 31, 30]),
        (FigureFilter { units: Some(vec![id(2)]), ..f() }, vec![32, 30]),
        (FigureFilter { year: Some(2020), ..f() }, vec![32, 31]),
        (FigureFilter { key: Some("fees".to_owned()), ..f() }, vec![31, 30]),
        (FigureFilter { standing: true, ..f() }, vec![31, 30]),
    ] {
        let found = tx.figures(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
    }
    let first = tx.figures(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.figures(REGION, &f(), Some(first[1].paging_key()), 2).await.unwrap();
    assert_eq!((numbers(&first, |d| d.id), numbers(&rest, |d| d.id)), (vec![32, 31], vec![30]));
}

async fn report(store: Store, _at: Location) {
    let row = ReportRow {
        stage: "published".to_owned(),
        published_on: Some(date("2021-01-20")),
        snapshot: Some(r#"{"cells":{}}"#.to_owned()),
        version: 5,
        ..sample::report(40, 2, 2020)
    };
    let put = row.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report(REGION, &sample::report(40, 2, 2020)).await?;
        tx.put_report(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.report(REGION, id(40)).await, &row);
    assert_eq!(tx.report(OTHER, id(40)).await.unwrap(), None);
}

async fn report_of(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report(REGION, &sample::report(40, 2, 2020)).await?;
        tx.put_report(REGION, &ReportRow { scope: "government".to_owned(), ..sample::report(41, 2, 2020) }).await
    })
    .unwrap();
    let clash = write!(store, tx => tx.put_report(REGION, &sample::report(42, 2, 2020)).await);
    assert!(
        matches!(clash, Err(Error::Conflict { constraint }) if constraint == "report_region_unit_year_scope_key")
    );
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.report_of(REGION, id(2), 2020, "government").await.unwrap().unwrap().id, id(41));
    assert_eq!(tx.report_of(REGION, id(2), 2021, "own").await.unwrap(), None);
}

async fn reports(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        let base = sample::report;
        for row in [base(40, 2, 2019), ReportRow { published_on: Some(date("2021-01-20")), ..base(41, 3, 2020) }, ReportRow { scope: "government".to_owned(), ..base(42, 3, 2020) }] {
            tx.put_report(REGION, &row).await?;
        }
        tx.put_report(OTHER, &base(43, 2, 2020)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = ReportFilter::default;
    for (filter, expected) in [
        (f(), vec![42, 41, 40]),
        (ReportFilter { units: Some(vec![id(3)]), ..f() }, vec![42, 41]),
        (ReportFilter { year: Some(2019), ..f() }, vec![40]),
        (ReportFilter { scope: Some("own".to_owned()), ..f() }, vec![41, 40]),
        (ReportFilter { published: true, ..f() }, vec![41]),
    ] {
        let found = tx.reports(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |r| r.id), expected, "{filter:?}");
    }
    let first = tx.reports(REGION, &f(), None, 1).await.unwrap();
    let rest = tx.reports(REGION, &f(), Some(first[0].paging_key()), 9).await.unwrap();
    assert_eq!((numbers(&first, |r| r.id), numbers(&rest, |r| r.id)), (vec![42], vec![41, 40]));
}

async fn add_tally(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for delta in [3, -1, 0] {
            tx.add_tally(REGION, id(2), 2020, "k", delta).await?;
        }
        tx.add_tally(OTHER, id(2), 2020, "k", 9).await
    })
    .unwrap();
    assert_eq!(
        store.read().await.unwrap().all_tallies(REGION).await.unwrap(),
        [(id(2), 2020, "k".to_owned(), 2)]
    );
}

async fn tallies(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for (unit, year, n) in [(3, 2020, 1), (2, 2021, 2), (2, 2020, 3), (2, 2019, 4), (1, 2020, 5)] {
            tx.add_tally(REGION, id(unit), year, "k", n).await?;
        }
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let sums = |found: Vec<TallySum>| found.into_iter().map(|t| (t.year, t.key, t.n)).collect::<Vec<_>>();
    let k = || "k".to_owned();
    let (two, before) = ([id(2), id(3)], [k()]);
    let mut of = async |units: &[Uuid], years, before: &[String]| {
        sums(tx.tallies(REGION, units, years, before).await.unwrap())
    };
    assert_eq!(of(&two, 2020..=2020, &before).await, [(2019, k(), 4), (2020, k(), 4)]);
    assert_eq!(of(&two, 2019..=2020, &[]).await, [(2019, k(), 4), (2020, k(), 4)]);
    assert_eq!(of(&two, 2020..=2021, &["other".to_owned()]).await, [(2020, k(), 4), (2021, k(), 2)]);
    assert_eq!(of(&[], 2020..=2020, &before).await, []);
    let all: Vec<i64> = tx.all_tallies(REGION).await.unwrap().into_iter().map(|t| t.3).collect();
    assert_eq!(all, [5, 4, 3, 2, 1]);
}

async fn next_number(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let next = async |fail: bool| {
        write!(store, tx => {
            let n = tx.next_number(REGION, id(2), 2020, "request").await?;
            if fail { Err(Error::Busy) } else { Ok(n) }
        })
    };
    assert_eq!(next(false).await.unwrap(), 1);
    assert!(next(true).await.is_err());
    assert_eq!(next(false).await.unwrap(), 2, "the number of the failed job was given back");
    let others = write!(store, tx => Ok([
        tx.next_number(REGION, id(2), 2021, "request").await?,
        tx.next_number(REGION, id(2), 2020, "reply").await?,
        tx.next_number(REGION, id(3), 2020, "request").await?,
        tx.next_number(OTHER, id(2), 2020, "request").await?,
    ]));
    assert_eq!(others.unwrap(), [1, 1, 1, 1]);
}

async fn removals(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        for region in [REGION, OTHER] {
            tx.put_unit(region, &sample::unit(9, "spare")).await?;
            tx.put_document(region, &sample::document(10, 2, "2020-01-01")).await?;
            tx.put_request(region, &request(11, 2, "2020-01-01")).await?;
            tx.put_dispute(region, &dispute(12, 2, "2020-01-01")).await?;
            tx.put_record_correction(region, &record_correction(15, 2, "2020-01-01")).await?;
            tx.put_document_draft(region, &document_draft(16, 2, "2020-01-01")).await?;
            tx.put_catalogue_entry(region, &catalogue_entry(17, 2, 1)).await?;
            tx.put_figure(region, &sample::figure(13, 2, 2020, "k")).await?;
            tx.put_report(region, &sample::report(14, 2, 2020)).await?;
        }
        tx.remove_unit(REGION, id(9)).await?;
        tx.remove_document(REGION, id(10)).await?;
        tx.remove_request(REGION, id(11)).await?;
        tx.remove_dispute(REGION, id(12)).await?;
        tx.remove_record_correction(REGION, id(15)).await?;
        tx.remove_document_draft(REGION, id(16)).await?;
        tx.remove_catalogue_entry(REGION, id(17)).await?;
        tx.remove_figure(REGION, id(13)).await?;
        tx.remove_report(REGION, id(14)).await?;
        // What is not there is not missed.
        tx.remove_report(REGION, id(14)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    for (region, there) in [(REGION, false), (OTHER, true)] {
        assert_eq!(tx.unit(region, id(9)).await.unwrap().is_some(), there);
        assert_eq!(tx.document(region, id(10)).await.unwrap().is_some(), there);
        assert_eq!(tx.request(region, id(11)).await.unwrap().is_some(), there);
        assert_eq!(tx.dispute(region, id(12)).await.unwrap().is_some(), there);
        assert_eq!(tx.record_correction(region, id(15)).await.unwrap().is_some(), there);
        assert_eq!(tx.document_draft(region, id(16)).await.unwrap().is_some(), there);
        assert_eq!(tx.catalogue_entry(region, id(17)).await.unwrap().is_some(), there);
        assert_eq!(tx.figure(region, id(13)).await.unwrap().is_some(), there);
        assert_eq!(tx.report(region, id(14)).await.unwrap().is_some(), there);
    }
    let used = write!(store, tx => tx.remove_unit(OTHER, id(2)).await);
    assert!(used.is_err(), "a unit that rows belong to cannot be taken away");
}

/// The same ids in two regions are two things.
async fn other_region(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_document(REGION, &sample::document(10, 2, "2020-01-01")).await?;
        tx.put_document(OTHER, &DocumentRow { title: "另一件".to_owned(), ..sample::document(10, 3, "2021-01-01") }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.document(REGION, id(10)).await.unwrap().unwrap().unit, id(2));
    assert_eq!(tx.document(OTHER, id(10)).await.unwrap().unwrap().unit, id(3));
}
