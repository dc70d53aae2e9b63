//! Subscriptions and their followers.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;
use uuid::Uuid;

on_both! { subscriptions followers letters_are_taken_away }

async fn subscriptions(store: Store, _at: Location) {
    let row = |n: u128, state: &str, version| SubscriptionRow {
        id: id(n),
        state: state.to_owned(),
        asked_on: date("2024-03-01"),
        version,
    };
    let changed = SubscriptionRow { asked_on: date("2024-03-02"), ..row(20, "confirmed", 2) };
    let put = changed.clone();
    write!(store, tx => {
        ground(tx).await?;
        for row in [row(20, "asked", 1), put, row(21, "asked", 1), row(22, "asked", 1)] {
            tx.put_subscription(REGION, &row).await?;
        }
        tx.remove_subscription(REGION, id(22)).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.subscription(REGION, id(20)).await, &changed);
    assert_eq!(tx.subscription(OTHER, id(20)).await.unwrap(), None);
    let all = tx.subscriptions_by_id(REGION, Uuid::nil(), 10).await.unwrap();
    assert_eq!(numbers(&all, |s| s.id), [20, 21]);
    assert_eq!(numbers(&tx.subscriptions_by_id(REGION, id(20), 1).await.unwrap(), |s| s.id), [21]);
    assert_eq!(tx.subscriptions_by_id(OTHER, Uuid::nil(), 10).await.unwrap(), []);
}

async fn followers(store: Store, _at: Location) {
    let row = |n: u128| FollowerRow {
        subscription: id(n),
        digest: if n == 23 { "b".to_owned() } else { "a".to_owned() },
        nonce: vec![n as u8; 12],
        sealed: vec![n as u8; 40],
        made_at: at(n as i64),
        asked: 1,
        confirmed: false,
        seq: 5,
        told_from: 4,
        told_on: None,
        failures: 0,
    };
    let rows = [row(20), row(21), row(22), row(23), row(24)];
    let changed = FollowerRow {
        made_at: at(50),
        asked: 2,
        confirmed: true,
        seq: 9,
        told_from: 7,
        told_on: Some(date("2024-03-02")),
        failures: 1,
        ..row(20)
    };
    // Who it is and what is followed stay as they are.
    let change = FollowerRow { digest: "c".into(), nonce: vec![0], sealed: vec![0], ..changed.clone() };
    let gone = write!(store, tx => {
        ground(tx).await?;
        tx.add_follower(OTHER, &rows[0]).await?;
        for row in &rows {
            tx.add_follower(REGION, row).await?;
        }
        tx.change_follower(REGION, &change).await?;
        let first = tx.remove_follower(REGION, id(24)).await?;
        let again = tx.remove_follower(REGION, id(24)).await?;
        Ok((first, again))
    });
    assert_eq!(gone.unwrap(), (true, false));
    let mut tx = store.read().await.unwrap();
    same(tx.follower(REGION, id(20)).await, &changed);
    same(tx.follower(OTHER, id(20)).await, &row(20));
    assert_eq!(tx.follower(REGION, id(24)).await.unwrap(), None);
    let waiting = tx.unconfirmed_followers(REGION, at(30), 10).await.unwrap();
    assert_eq!(numbers(&waiting, |f| f.subscription), [21, 22, 23]);
    let early = tx.unconfirmed_followers(REGION, at(22), 10).await.unwrap();
    assert_eq!(numbers(&early, |f| f.subscription), [21]);
    assert_eq!(tx.unconfirmed_followers(REGION, at(30), 1).await.unwrap().len(), 1);
    let all = tx.followers(REGION, Uuid::nil(), 10).await.unwrap();
    assert_eq!(numbers(&all, |f| f.subscription), [20, 21, 22, 23]);
    assert_eq!(numbers(&tx.followers(REGION, id(20), 2).await.unwrap(), |f| f.subscription), [21, 22]);
    assert_eq!(numbers(&tx.followed_by(REGION, "a").await.unwrap(), |f| f.subscription), [20, 21, 22]);
    assert_eq!(numbers(&tx.followed_by(OTHER, "a").await.unwrap(), |f| f.subscription), [20]);
    assert_eq!(tx.followed_by(OTHER, "b").await.unwrap(), []);
}

async fn letters_are_taken_away(store: Store, _at: Location) {
    let letter = |n: u128, key: &str, state: &str| ReplyRow {
        id: id(n),
        key: key.to_owned(),
        unit: Uuid::nil(),
        request: None,
        nonce: vec![1; 12],
        sealed: vec![1; 40],
        state: state.to_owned(),
        made_at: at(0),
        due_at: at(0),
        tries: 0,
        failed: None,
    };
    let gone = write!(store, tx => {
        ground(tx).await?;
        for (n, key, state) in [(30, "subscription/a/1", "sent"), (31, "subscription/a/2", "waiting"), (32, "subscription/b/1", "sent")] {
            tx.add_reply(REGION, &letter(n, key, state)).await?;
            tx.add_reply(OTHER, &letter(n, key, state)).await?;
        }
        tx.remove_replies(REGION, "subscription/a/").await
    });
    assert_eq!(gone.unwrap(), 2);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.reply(REGION, id(31)).await.unwrap(), None);
    assert_eq!(tx.reply_with_key(REGION, "subscription/a/2").await.unwrap(), None);
    same(tx.reply_with_key(REGION, "subscription/b/1").await, &letter(32, "subscription/b/1", "sent"));
    assert!(tx.reply(REGION, id(32)).await.unwrap().is_some());
    assert!(tx.reply(OTHER, id(30)).await.unwrap().is_some());
}
