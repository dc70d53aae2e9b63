//! Published reports that were read from files and checked.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;

on_both! { report_inspection report_inspections }

fn row(n: u128, unit: Option<u128>, year: i16, weight: i64) -> ReportInspectionRow {
    ReportInspectionRow {
        id: id(n),
        name: format!("报告{n}.html"),
        kind: "html".to_owned(),
        digest: format!("{n:064}"),
        organization: "某县某局".to_owned(),
        year: Some(year),
        form: "2021".to_owned(),
        unit: unit.map(id),
        unit_year: unit.map(|_| year),
        scope: unit.map(|_| "own".to_owned()),
        errors: 2,
        errors_open: i64::from(weight > 5),
        warnings: 3,
        warnings_open: i64::from(weight > 2),
        remarks: 1,
        unread: 0,
        read_on: date("2024-03-01"),
        discarded: 0,
        weight,
        version: 1,
    }
}

async fn report_inspection(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report_inspection(REGION, &row(10, Some(2), 2023, 9)).await?;
        tx.put_report_inspection(OTHER, &row(10, None, 2020, 9)).await?;
        tx.put_report_inspection(REGION, &row(11, None, 2023, 1)).await?;
        tx.remove_report_inspection(REGION, id(11)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let begun = row(10, Some(2), 2023, 9);
    same(tx.report_inspection(REGION, id(10)).await, &begun);
    same(tx.report_inspection_with(REGION, &begun.digest).await, &begun);
    same(tx.past_report(REGION, id(2), 2023, "own").await, &begun);
    assert_eq!(tx.report_inspection(REGION, id(11)).await.unwrap(), None);
    assert_eq!(tx.past_report(REGION, id(2), 2022, "own").await.unwrap(), None);
    assert_eq!(tx.past_report(REGION, id(2), 2023, "government").await.unwrap(), None);
    drop(tx);
    let twice = write!(store, tx => tx.put_report_inspection(REGION, &row(12, Some(2), 2023, 3)).await);
    assert!(matches!(twice, Err(Error::Conflict { .. })), "two of one unit and year: {twice:?}");
    let gone = ReportInspectionRow { discarded: 1, unit: None, unit_year: None, scope: None, ..begun.clone() };
    let put = gone.clone();
    write!(store, tx => tx.put_report_inspection(REGION, &put).await).unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.report_inspection(REGION, id(10)).await, &gone);
    assert_eq!(tx.report_inspection_with(REGION, &begun.digest).await.unwrap(), None);
}

async fn report_inspections(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report_inspection(REGION, &row(10, None, 2022, 9)).await?;
        tx.put_report_inspection(REGION, &row(11, Some(2), 2023, 4)).await?;
        tx.put_report_inspection(REGION, &ReportInspectionRow { discarded: 1, ..row(12, None, 2023, 7) }).await?;
        tx.put_report_inspection(REGION, &row(13, None, 2023, 0)).await?;
        tx.put_report_inspection(OTHER, &row(14, None, 2023, 9)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = ReportInspectionFilter::default;
    for (filter, expected) in [
        (f(), vec![10, 11, 13]),
        (ReportInspectionFilter { discarded: true, ..f() }, vec![10, 12, 11, 13]),
        (ReportInspectionFilter { year: Some(2023), ..f() }, vec![11, 13]),
        (ReportInspectionFilter { open: true, ..f() }, vec![10, 11]),
        (ReportInspectionFilter { units: Some(vec![id(2)]), ..f() }, vec![11]),
        (ReportInspectionFilter { organization: Some("另一局".to_owned()), ..f() }, vec![]),
    ] {
        let found = tx.report_inspections(REGION, &filter, None, 10).await.unwrap();
        assert_eq!(numbers(&found, |c| c.id), expected, "{filter:?}");
    }
    let first = tx.report_inspections(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.report_inspections(REGION, &f(), Some(first[1].paging_key()), 10).await.unwrap();
    assert_eq!(numbers(&rest, |c| c.id), [13]);
}
