//! Messages, their senders, and letters to people outside.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;

on_both! { messages a_message_changes senders replies a_reply_is_taken_once }

fn message(n: u128, unit: u128, state: &str) -> MessageRow {
    MessageRow {
        id: id(n),
        unit: id(unit),
        kind: "letter".to_owned(),
        state: state.to_owned(),
        stray: Some("unaddressed".to_owned()),
        request: None,
        digest: format!("{n:064x}"),
        content: Some(id(90)),
        arrived_on: date("2020-03-08"),
        version: 1,
    }
}

async fn put(store: &Store) {
    write!(store, tx => {
        for (n, unit, state) in [(1, 2, "waiting"), (2, 3, "waiting"), (3, 2, "kept"), (4, 2, "waiting")] {
            tx.put_message(REGION, &message(n, unit, state)).await?;
        }
        tx.put_message(OTHER, &message(5, 2, "waiting")).await
    })
    .unwrap();
}

async fn messages(store: Store, _at: Location) {
    put(&store).await;
    let mut tx = store.read().await.unwrap();
    same(tx.message(REGION, id(1)).await, &message(1, 2, "waiting"));
    same(tx.message_by_digest(REGION, &format!("{:064x}", 3)).await, &message(3, 2, "kept"));
    assert_eq!(tx.message_by_digest(OTHER, &format!("{:064x}", 3)).await.unwrap(), None);
    let waiting = Some(vec!["waiting".to_owned()]);
    for (units, states, expected) in [
        (None, None, vec![4, 3, 2, 1]),
        (Some(vec![id(2)]), None, vec![4, 3, 1]),
        (Some(vec![id(2)]), waiting.clone(), vec![4, 1]),
        (None, waiting, vec![4, 2, 1]),
        (Some(vec![]), None, vec![]),
    ] {
        let filter = MessageFilter { units, states };
        let found = tx.messages(REGION, &filter, None, 9).await.unwrap();
        assert_eq!(numbers(&found, |m| m.id), expected, "{filter:?}");
        assert_eq!(tx.count_messages(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let page = tx.messages(REGION, &MessageFilter::default(), Some(id(4)), 2).await.unwrap();
    assert_eq!(numbers(&page, |m| m.id), [3, 2]);
}

async fn a_message_changes(store: Store, _at: Location) {
    put(&store).await;
    let filed = MessageRow {
        state: "filed".to_owned(),
        request: Some(id(7)),
        version: 2,
        ..message(1, 2, "waiting")
    };
    let row = filed.clone();
    write!(store, tx => tx.put_message(REGION, &row).await).unwrap();
    same(store.read().await.unwrap().message(REGION, id(1)).await, &filed);
    let twice = MessageRow { digest: format!("{:064x}", 1), ..message(8, 2, "waiting") };
    assert!(write!(store, tx => tx.put_message(REGION, &twice).await).is_err(), "the same comes in once");
    write!(store, tx => tx.remove_message(REGION, id(1)).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.message(REGION, id(1)).await.unwrap(), None);
    assert!(tx.message(OTHER, id(5)).await.unwrap().is_some());
}

async fn senders(store: Store, _at: Location) {
    write!(store, tx => {
        for (n, digest, second) in [(1, "a", 10), (2, "a", 20), (3, "b", 20), (2, "a", 99)] {
            tx.add_sender(REGION, &SenderRow { message: id(n), digest: digest.to_owned(), came_at: at(second) }).await?;
        }
        tx.add_sender(OTHER, &SenderRow { message: id(1), digest: "a".to_owned(), came_at: at(20) }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    for (since, n) in [(10, 2), (11, 1), (20, 1), (21, 0)] {
        assert_eq!(tx.count_sent(REGION, "a", at(since)).await.unwrap(), n, "since {since}");
    }
    drop(tx);
    assert_eq!(write!(store, tx => tx.purge_senders(REGION, at(20)).await).unwrap(), 1);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.count_sent(REGION, "a", at(0)).await.unwrap(), 1);
    assert_eq!(tx.count_sent(OTHER, "a", at(0)).await.unwrap(), 1);
}

fn reply(n: u128, due: i64) -> ReplyRow {
    ReplyRow {
        id: id(n),
        key: format!("key-{n}"),
        unit: id(2),
        request: Some(id(7)),
        nonce: vec![1; 12],
        sealed: vec![0, 255, 7],
        state: "waiting".to_owned(),
        made_at: at(n as i64),
        due_at: at(due),
        tries: 0,
        failed: None,
    }
}

async fn replies(store: Store, _at: Location) {
    write!(store, tx => {
        assert!(tx.add_reply(REGION, &reply(1, 20)).await?);
        assert!(tx.add_reply(REGION, &reply(2, 10)).await?);
        assert!(tx.add_reply(REGION, &reply(3, 30)).await?);
        assert!(!tx.add_reply(REGION, &ReplyRow { key: "key-1".to_owned(), ..reply(4, 1) }).await?, "each once");
        tx.add_reply(OTHER, &reply(1, 10)).await.map(|_| ())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    same(tx.reply(REGION, id(1)).await, &reply(1, 20));
    assert_eq!(numbers(&tx.replies_due(REGION, at(20), 9).await.unwrap(), |r| r.id), [2, 1]);
    assert_eq!(numbers(&tx.replies_due(REGION, at(9), 9).await.unwrap(), |r| r.id), [0_u128; 0]);
    drop(tx);
    write!(store, tx => tx.settle_reply(REGION, id(2), "failed", Some("550 no such user")).await).unwrap();
    let mut tx = store.read().await.unwrap();
    let settled = tx.reply(REGION, id(2)).await.unwrap().unwrap();
    assert_eq!((settled.state.as_str(), settled.failed.as_deref()), ("failed", Some("550 no such user")));
    assert_eq!(numbers(&tx.replies_due(REGION, at(99), 9).await.unwrap(), |r| r.id), [1, 3]);
    drop(tx);
    assert_eq!(write!(store, tx => tx.purge_replies(REGION, at(2)).await).unwrap(), 0, "what waits stays");
    assert_eq!(write!(store, tx => tx.purge_replies(REGION, at(3)).await).unwrap(), 1);
    assert!(store.read().await.unwrap().reply(OTHER, id(1)).await.unwrap().is_some());
}

async fn a_reply_is_taken_once(store: Store, _at: Location) {
    write!(store, tx => tx.add_reply(REGION, &reply(1, 10)).await).unwrap();
    assert!(write!(store, tx => tx.try_reply(REGION, &reply(1, 10), at(100)).await).unwrap());
    assert!(!write!(store, tx => tx.try_reply(REGION, &reply(1, 10), at(100)).await).unwrap());
    let mut tx = store.read().await.unwrap();
    assert!(tx.replies_due(REGION, at(99), 1).await.unwrap().is_empty());
    assert_eq!(tx.replies_due(REGION, at(100), 1).await.unwrap()[0].tries, 1);
}
