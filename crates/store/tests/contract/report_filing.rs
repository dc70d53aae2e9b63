//! Reports filed with the body that adds them up.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;

on_both! { report_filing report_filings }

fn row(n: u128, unit: u128, year: i16, stage: &str) -> ReportFilingRow {
    ReportFilingRow {
        id: id(n),
        unit: id(unit),
        into_unit: id(1),
        year,
        scope: "own".to_owned(),
        stage: stage.to_owned(),
        form: Some("2021".to_owned()),
        first_filed_on: Some(date("2022-01-20")),
        filed_on: Some(date("2022-01-24")),
        rounds: 2,
        marks: 0,
        version: 4,
    }
}

async fn report_filing(store: Store, _at: Location) {
    let excused =
        ReportFilingRow { form: None, first_filed_on: None, filed_on: None, ..row(10, 2, 2021, "excused") };
    let begun = excused.clone();
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report_filing(REGION, &begun).await?;
        tx.put_report_filing(OTHER, &row(10, 2, 2021, "accepted")).await?;
        tx.put_report_filing(REGION, &row(11, 3, 2021, "filed")).await?;
        tx.remove_report_filing(REGION, id(11)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.report_filing(REGION, id(10)).await, &excused);
    assert_eq!(tx.report_filing(REGION, id(11)).await.unwrap(), None);
    assert_eq!(tx.report_filing_of(REGION, id(2), 2020).await.unwrap(), None);
    drop(tx);
    let later = row(10, 2, 2021, "filed");
    let put = later.clone();
    write!(store, tx => tx.put_report_filing(REGION, &put).await).unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.report_filing_of(REGION, id(2), 2021).await, &later);
    assert_eq!(tx.report_filing(OTHER, id(10)).await.unwrap().unwrap().stage, "accepted");
    drop(tx);
    let twice = write!(store, tx => tx.put_report_filing(REGION, &row(12, 2, 2021, "filed")).await);
    assert!(matches!(twice, Err(Error::Conflict { .. })), "two of one unit and year: {twice:?}");
}

async fn report_filings(store: Store, _at: Location) {
    write!(store, tx => {
        ground(tx).await?;
        tx.put_report_filing(REGION, &row(10, 2, 2020, "accepted")).await?;
        tx.put_report_filing(REGION, &row(11, 2, 2021, "filed")).await?;
        let elsewhere = ReportFilingRow { into_unit: id(2), ..row(12, 3, 2021, "filed") };
        tx.put_report_filing(REGION, &elsewhere).await?;
        tx.put_report_filing(OTHER, &row(13, 2, 2021, "filed")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let f = ReportFilingFilter::default;
    for (filter, expected) in [
        (f(), vec![12, 11, 10]),
        (ReportFilingFilter { year: Some(2021), ..f() }, vec![12, 11]),
        (ReportFilingFilter { into_unit: Some(id(1)), ..f() }, vec![11, 10]),
        (ReportFilingFilter { units: Some(vec![id(3)]), ..f() }, vec![12]),
        (ReportFilingFilter { units: Some(vec![]), ..f() }, vec![]),
        (ReportFilingFilter { stage: Some("accepted".to_owned()), ..f() }, vec![10]),
    ] {
        let found = tx.report_filings(REGION, &filter, None, 10).await.unwrap();
        assert_eq!(numbers(&found, |c| c.id), expected, "{filter:?}");
    }
    let first = tx.report_filings(REGION, &f(), None, 2).await.unwrap();
    let rest = tx.report_filings(REGION, &f(), Some(first[1].paging_key()), 10).await.unwrap();
    assert_eq!(numbers(&rest, |c| c.id), [10]);
}
