//! Channels and deliveries.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;

on_both! { channels secrets deliveries a_delivery_is_taken_once what_happens_meanwhile_is_told_again }

fn channel(n: u128, unit: u128) -> ChannelRow {
    ChannelRow {
        id: id(n),
        unit: id(unit),
        kind: "push".to_owned(),
        name: format!("渠道{n}"),
        address: "https://media.example.gov.cn/in".to_owned(),
        whole_region: false,
        categories: "rule normative".to_owned(),
        columns: String::new(),
        opened_on: date("2024-03-01"),
        closed_on: None,
        mark: None,
        version: 1,
    }
}

async fn channels(store: Store, _at: Location) {
    let changed = ChannelRow {
        unit: id(3),
        kind: "export".to_owned(),
        name: "另一个".to_owned(),
        address: String::new(),
        whole_region: true,
        categories: String::new(),
        columns: "guide".to_owned(),
        opened_on: date("2024-03-02"),
        closed_on: Some(date("2024-04-01")),
        mark: Some("0a1b2c3d".to_owned()),
        version: 4,
        ..channel(20, 2)
    };
    let put = changed.clone();
    write!(store, tx => {
        ground(tx).await?;
        for row in [channel(20, 2), put, channel(21, 2), channel(22, 2)] {
            tx.put_channel(REGION, &row).await?;
        }
        tx.put_channel(OTHER, &channel(20, 2)).await?;
        tx.remove_channel(REGION, id(22)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.channel(REGION, id(20)).await, &changed);
    assert_eq!(tx.channel(REGION, id(22)).await.unwrap(), None);
    let all = tx.channels(REGION, None).await.unwrap();
    assert_eq!(numbers(&all, |c| c.id), [20, 21]);
    assert_eq!(numbers(&tx.channels(REGION, Some(&[id(2)])).await.unwrap(), |c| c.id), [21]);
    assert_eq!(tx.channels(REGION, Some(&[])).await.unwrap(), []);
    assert_eq!(numbers(&tx.channels(OTHER, None).await.unwrap(), |c| c.id), [20]);
}

async fn secrets(store: Store, _at: Location) {
    let secret = |n: u8| ChannelSecretRow { channel: id(20), nonce: vec![n; 12], sealed: vec![n; 40] };
    write!(store, tx => {
        ground(tx).await?;
        tx.put_channel_secret(REGION, &secret(1)).await?;
        tx.put_channel_secret(REGION, &secret(2)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.channel_secret(REGION, id(20)).await.unwrap(), Some(secret(2)));
    assert_eq!(tx.channel_secret(REGION, id(21)).await.unwrap(), None);
    assert_eq!(tx.channel_secret(OTHER, id(20)).await.unwrap(), None);
}

fn delivery(n: u128, (channel, document, unit): (u128, u128, u128)) -> DeliveryRow {
    DeliveryRow {
        id: id(n),
        channel: id(channel),
        document: id(document),
        unit: id(unit),
        what: String::new(),
        state: "waiting".to_owned(),
        seq: 5,
        digest: None,
        made_at: at(0),
        due_at: at(n as i64),
        tries: 0,
        settled_at: None,
        failed: None,
    }
}

async fn deliveries(store: Store, _at: Location) {
    let done = DeliveryRow {
        what: "published".to_owned(),
        state: "delivered".to_owned(),
        digest: Some("ab".to_owned()),
        tries: 2,
        settled_at: Some(at(9)),
        failed: Some("一次".to_owned()),
        ..delivery(30, (20, 10, 2))
    };
    let put = done.clone();
    let new = write!(store, tx => {
        ground(tx).await?;
        tx.add_deliveries(OTHER, &[delivery(30, (20, 10, 2))]).await?;
        tx.add_deliveries(REGION, &[put, delivery(31, (20, 11, 3)), delivery(32, (21, 10, 2)), delivery(33, (20, 10, 2))]).await
    });
    assert_eq!(new.unwrap(), 4);
    let mut tx = store.read().await.unwrap();
    same(tx.delivery(REGION, id(30)).await, &done);
    assert_eq!(tx.delivery(REGION, id(99)).await.unwrap(), None);
    let f = DeliveryFilter::default;
    for (filter, expected) in [
        (f(), vec![33, 32, 31, 30]),
        (DeliveryFilter { units: Some(vec![id(3)]), ..f() }, vec![31]),
        (DeliveryFilter { units: Some(vec![]), ..f() }, vec![]),
        (DeliveryFilter { channel: Some(id(20)), document: Some(id(10)), ..f() }, vec![33, 30]),
        (DeliveryFilter { states: Some(vec!["delivered".to_owned(), "failed".to_owned()]), ..f() }, vec![30]),
        (DeliveryFilter { tried: true, ..f() }, vec![30]),
    ] {
        let found = tx.deliveries(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |d| d.id), expected, "{filter:?}");
        assert_eq!(tx.count_deliveries(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let page = tx.deliveries(REGION, &f(), Some(id(32)), 1).await.unwrap();
    assert_eq!(numbers(&page, |d| d.id), [31]);
    let due = tx.deliveries_due(REGION, at(32), 100).await.unwrap();
    assert_eq!(numbers(&due, |d| d.id), [31, 32], "those that wait, the longest waiting first");
    assert_eq!(numbers(&tx.deliveries_due(REGION, at(32), 1).await.unwrap(), |d| d.id), [31]);
}

async fn a_delivery_is_taken_once(store: Store, _at: Location) {
    let row = delivery(30, (20, 10, 2));
    let taken = write!(store, tx => {
        ground(tx).await?;
        tx.add_deliveries(REGION, std::slice::from_ref(&row)).await?;
        let first = tx.try_delivery(REGION, &row, at(100)).await?;
        Ok((first, tx.try_delivery(REGION, &row, at(100)).await?))
    });
    assert_eq!(taken.unwrap(), (true, false));
    let mut tx = store.read().await.unwrap();
    let now = tx.delivery(REGION, id(30)).await.unwrap().unwrap();
    assert_eq!((now.tries, now.due_at), (1, at(100)));
}

async fn what_happens_meanwhile_is_told_again(store: Store, _at: Location) {
    let settled = |state: &str| DeliverySettled {
        what: "published".to_owned(),
        state: state.to_owned(),
        digest: Some("ab".to_owned()),
        at: at(50),
        failed: Some("样例".to_owned()),
    };
    let (sent, gone) = (settled("delivered"), settled("failed"));
    let outcome = write!(store, tx => {
        ground(tx).await?;
        let all = [delivery(30, (20, 10, 2)), delivery(31, (20, 11, 2)), delivery(32, (20, 12, 2))];
        tx.add_deliveries(REGION, &all).await?;
        // Renewed while it was on its way, it stays.
        let renewed = tx.renew_delivery(REGION, (id(20), id(10)), 7, at(60)).await?;
        let late = tx.settle_delivery(REGION, (id(30), 5), &sent).await?;
        let removed = tx.remove_delivery(REGION, (id(30), 5)).await?;
        let in_time = tx.settle_delivery(REGION, (id(31), 5), &gone).await?;
        let over = tx.renew_delivery(REGION, (id(20), id(11)), 8, at(60)).await?;
        Ok([renewed, late, removed, in_time, over, tx.remove_delivery(REGION, (id(32), 5)).await?])
    });
    assert_eq!(outcome.unwrap(), [true, false, false, true, false, true]);
    let mut tx = store.read().await.unwrap();
    let waits = DeliveryRow { seq: 7, due_at: at(50), ..delivery(30, (20, 10, 2)) };
    same(tx.delivery(REGION, id(30)).await, &waits);
    let failed = tx.delivery(REGION, id(31)).await.unwrap().unwrap();
    assert_eq!((failed.state.as_str(), failed.settled_at, failed.seq), ("failed", Some(at(50)), 5));
    assert_eq!((failed.what.as_str(), failed.digest.as_deref()), ("published", Some("ab")));
    assert_eq!(failed.failed.as_deref(), Some("样例"));
    assert_eq!(tx.delivery(REGION, id(32)).await.unwrap(), None);
}
