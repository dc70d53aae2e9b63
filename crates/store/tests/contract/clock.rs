//! Calendars, clocks and moved dates.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;
use uuid::Uuid;

on_both! { calendars clocks clocks_by_request clocks_due clock_moves put_due helpers }

fn calendar(seq: i64, name: &str) -> CalendarRow {
    CalendarRow {
        seq,
        id: id(900 + seq as u128),
        name: name.to_owned(),
        adopted_at: at(seq),
        files: r#"{"2020":"year = 2020"}"#.to_owned(),
        installed: "[]".to_owned(),
        changed: "[]".to_owned(),
    }
}

async fn calendars(store: Store, _at: Location) {
    assert_eq!(store.read().await.unwrap().calendar_in_force(REGION).await.unwrap(), None);
    write!(store, tx => {
        tx.put_calendar(REGION, &calendar(9, "second")).await?;
        tx.put_calendar(REGION, &calendar(2, "typed wrongly")).await?;
        tx.put_calendar(REGION, &calendar(2, "first")).await?;
        tx.put_calendar(OTHER, &calendar(20, "of another region")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.calendars(REGION).await.unwrap(), [calendar(2, "first"), calendar(9, "second")]);
    let marks: Vec<_> =
        tx.calendar_marks(REGION).await.unwrap().into_iter().map(|m| (m.seq, m.name)).collect();
    assert_eq!(marks, [(2, "first".to_owned()), (9, "second".to_owned())]);
    assert_eq!(tx.calendar(REGION, 2).await.unwrap(), Some(calendar(2, "first")));
    assert_eq!(tx.calendar(REGION, 20).await.unwrap(), None);
    assert_eq!(tx.newest_calendar(REGION).await.unwrap(), Some(calendar(9, "second")));
    assert_eq!(tx.calendar_in_force(REGION).await.unwrap().as_deref(), Some("second"));
}

fn clock(request: u128, unit: u128, due: Option<&str>) -> ClockRow {
    ClockRow {
        request: id(request),
        unit: id(unit),
        handler: None,
        officer: None,
        clock: due.map(|_| "reply".to_owned()),
        due_on: due.map(date),
        provisional: false,
        clocks: "[]".to_owned(),
    }
}

/// Clocks of two units; one of a request that waits without a date.
async fn desk(store: &Store) {
    write!(store, tx => {
        let confirm = ClockRow { clock: Some("confirmation".to_owned()), ..clock(13, 3, Some("2021-01-02")) };
        let handled = ClockRow {
            handler: Some(id(3)),
            officer: Some(id(7)),
            provisional: true,
            ..clock(12, 2, Some("2021-01-20"))
        };
        tx.put_clocks(REGION, &[]).await?;
        tx.put_clocks(REGION, &[clock(10, 2, None), clock(11, 2, Some("2021-01-10")), handled, confirm]).await?;
        tx.put_helpers(REGION, id(12), &[id(3)]).await?;
        tx.put_clocks(OTHER, &[clock(14, 2, Some("2021-01-01"))]).await
    })
    .unwrap();
}

async fn helpers(store: Store, _at: Location) {
    write!(store, tx => {
        tx.put_helpers(REGION, id(10), &[id(4), id(3)]).await?;
        tx.put_helpers(REGION, id(11), &[id(3)]).await?;
        tx.put_helpers(REGION, id(12), &[id(3), id(4)]).await?;
        tx.put_helpers(REGION, id(12), &[]).await?;
        tx.put_helpers(OTHER, id(10), &[id(5)]).await
    })
    .unwrap();
    let row = |unit, request| HelperRow { unit: id(unit), request: id(request) };
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.helpers(REGION, id(10)).await.unwrap(), [row(3, 10), row(4, 10)]);
    assert_eq!(tx.helpers(REGION, id(12)).await.unwrap(), []);
    assert_eq!(tx.helpers(OTHER, id(10)).await.unwrap(), [row(5, 10)]);
    let all = [row(3, 10), row(4, 10), row(3, 11)];
    assert_eq!(tx.helpers_by_request(REGION, Uuid::nil(), 9).await.unwrap(), all);
    // Never a part of a request's helpers.
    assert_eq!(tx.helpers_by_request(REGION, Uuid::nil(), 1).await.unwrap(), all[..2]);
    assert_eq!(tx.helpers_by_request(REGION, id(10), 9).await.unwrap(), all[2..]);
}

async fn clocks(store: Store, _at: Location) {
    desk(&store).await;
    let changed =
        ClockRow { clocks: "[1]".to_owned(), provisional: true, ..clock(11, 3, Some("2021-01-11")) };
    let put = changed.clone();
    write!(store, tx => {
        tx.put_clocks(REGION, &[put]).await?;
        // Only the dates of those that are there.
        let dates = ClockRow { unit: id(4), clock: None, ..clock(10, 3, Some("2021-01-12")) };
        tx.put_clock_dates(REGION, &[dates, clock(15, 3, Some("2021-01-13"))]).await?;
        tx.remove_clocks(REGION, id(12)).await?;
        tx.remove_clocks(REGION, id(99)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.clocks(REGION, id(11)).await, &changed);
    assert_eq!(
        tx.clocks(REGION, id(10)).await.unwrap(),
        Some(ClockRow { due_on: Some(date("2021-01-12")), ..clock(10, 2, None) })
    );
    same(tx.clocks(REGION, id(15)).await, &clock(15, 3, Some("2021-01-13")));
    assert_eq!(tx.clocks(REGION, id(12)).await.unwrap(), None);
    assert_eq!(tx.clocks(OTHER, id(11)).await.unwrap(), None);
    assert!(tx.clocks(OTHER, id(14)).await.unwrap().is_some());
}

async fn clocks_by_request(store: Store, _at: Location) {
    write!(store, tx => {
        // More than one statement takes.
        let many: Vec<ClockRow> = (0..1500).map(|n| clock(1000 + n, 2, Some("2021-01-10"))).collect();
        tx.put_clocks(REGION, &many).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let (mut after, mut seen) = (Uuid::nil(), 0);
    loop {
        let page = tx.clocks_by_request(REGION, after, 700).await.unwrap();
        let Some(last) = page.last() else { break };
        assert!(page.is_sorted_by(|a, b| a.request < b.request) && page[0].request > after);
        after = last.request;
        seen += page.len();
    }
    assert_eq!(seen, 1500);
}

async fn clocks_due(store: Store, _at: Location) {
    desk(&store).await;
    let mut tx = store.read().await.unwrap();
    let f = ClockFilter::default;
    for (filter, expected) in [
        (f(), vec![13, 11, 12, 10]),
        (ClockFilter { units: Some(vec![id(2)]), ..f() }, vec![11, 12, 10]),
        (ClockFilter { units: Some(vec![]), ..f() }, vec![]),
        (ClockFilter { helper: Some(id(3)), ..f() }, vec![12]),
        (ClockFilter { works: Some(id(3)), ..f() }, vec![13, 12]),
        (ClockFilter { officer: Some(id(7)), ..f() }, vec![12]),
        (ClockFilter { officer: Some(id(3)), ..f() }, vec![]),
        (ClockFilter { clock: Some("confirmation".to_owned()), ..f() }, vec![13]),
        (ClockFilter { until: Some(date("2021-01-09")), ..f() }, vec![13]),
        (
            ClockFilter { from: Some(date("2021-01-10")), until: Some(date("2021-01-20")), ..f() },
            vec![11, 12],
        ),
        (ClockFilter { from: Some(date("2021-01-21")), ..f() }, vec![10]),
    ] {
        let found = tx.clocks_due(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |c| c.request), expected, "{filter:?}");
        assert_eq!(tx.count_clocks(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    // The one due on the first day is late, the one on the last is soon, and nobody is named for three of them.
    let workload = tx.workload(REGION, &f(), (date("2021-01-10"), date("2021-01-20"))).await.unwrap();
    let rows: Vec<_> = workload.iter().map(|w| (w.officer, w.open, w.late, w.soon)).collect();
    assert_eq!(rows, [(None, 3, 1, 1), (Some(id(7)), 1, 0, 1)]);
    let own = ClockFilter { units: Some(vec![id(3)]), ..f() };
    let workload = tx.workload(REGION, &own, (date("2021-01-10"), date("2021-01-20"))).await.unwrap();
    assert_eq!(workload.len(), 1);
    let first = tx.clocks_due(REGION, &f(), None, 3).await.unwrap();
    let rest = tx.clocks_due(REGION, &f(), Some(first[2].paging_key()), 100).await.unwrap();
    assert_eq!((numbers(&first, |c| c.request), numbers(&rest, |c| c.request)), (vec![13, 11, 12], vec![10]));
    assert!(tx.clocks_due(REGION, &f(), Some(rest[0].paging_key()), 100).await.unwrap().is_empty());
}

fn moved(request: u128, seq: i64, place: i64) -> ClockMoveRow {
    ClockMoveRow {
        request: id(request),
        seq,
        place,
        clock: "reply".to_owned(),
        number: 0,
        from_on: date("2021-01-10"),
        from_provisional: true,
        to_on: date("2021-01-11"),
        to_provisional: false,
        calendar: id(900),
        recorded_at: at(seq),
    }
}

async fn clock_moves(store: Store, _at: Location) {
    write!(store, tx => {
        let all = [moved(11, 8, 0), moved(10, 9, 1), moved(10, 8, 2), moved(10, 8, 1), moved(12, 9, 0)];
        tx.put_clock_moves(REGION, &all).await?;
        tx.put_clock_moves(OTHER, &[moved(10, 1, 0)]).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let of = tx.clock_moves(REGION, id(10)).await.unwrap();
    assert_eq!(of, [moved(10, 8, 1), moved(10, 8, 2), moved(10, 9, 1)]);
    // A page is cut between requests, never within one.
    let page = tx.all_clock_moves(REGION, Uuid::nil(), 2).await.unwrap();
    assert_eq!(page, of);
    let rest = tx.all_clock_moves(REGION, id(10), 100).await.unwrap();
    assert_eq!(rest, [moved(11, 8, 0), moved(12, 9, 0)]);
    assert!(tx.all_clock_moves(REGION, id(12), 2).await.unwrap().is_empty());
    drop(tx);
    let again = write!(store, tx => tx.put_clock_moves(REGION, &[moved(11, 8, 0)]).await);
    assert!(matches!(again, Err(Error::Conflict { .. })), "{again:?}");
}

async fn put_due(store: Store, _at: Location) {
    let changed = write!(store, tx => {
        for region in [REGION, OTHER] {
            tx.add_region(region, "示例").await?;
            tx.put_unit(region, &UnitRow { parent: None, consolidates_into: None, ..unit(2, "gov") }).await?;
        }
        for n in 10..13 {
            tx.put_request(REGION, &request(n, 2, "2021-01-01")).await?;
        }
        tx.put_request(OTHER, &request(11, 2, "2021-01-01")).await?;
        tx.put_due(REGION, &[id(10), id(11), id(99)], Some(date("2021-02-01")), true).await
    })
    .unwrap();
    assert_eq!(changed, 2);
    let mut tx = store.read().await.unwrap();
    let rows = tx.requests_with_ids(REGION, &[id(12), id(11), id(10)]).await.unwrap();
    let due: Vec<_> = rows.iter().map(|r| (r.due_on, r.due_provisional)).collect();
    let moved = (Some(date("2021-02-01")), true);
    assert_eq!(due, [moved, moved, (None, false)]);
    assert_eq!(tx.request(OTHER, id(11)).await.unwrap().unwrap().due_on, None);
    assert!(tx.requests_with_ids(REGION, &[]).await.unwrap().is_empty());
    let versions = tx.request_versions(REGION, &[id(11), id(99)]).await.unwrap();
    assert_eq!(versions.iter().map(|v| (v.id, v.version)).collect::<Vec<_>>(), [(id(11), rows[1].version)]);
    drop(tx);
    desk(&store).await;
    // The clocks of 13 have no request here.
    assert_eq!(store.read().await.unwrap().count_clocks_of_requests(REGION).await.unwrap(), 3);
}
