//! Notices, jobs and mail.

use crate::place::{on_both, write};
use crate::sample::*;
use store::*;
use uuid::Uuid;

on_both! { notices read_notices moved_by jobs a_job_is_taken_once mail mail_is_taken_once contacts }

fn notice(n: u128, unit: Option<u128>, role: &str) -> NoticeRow {
    NoticeRow {
        id: id(n),
        key: format!("key-{n}"),
        unit: unit.map(id),
        role: Some(role.to_owned()),
        account: None,
        request: Some(id(70)),
        kind: "due".to_owned(),
        body: "{}".to_owned(),
        made_at: at(n as i64),
        read_at: None,
        read_by: None,
    }
}

/// Notices of two units, of the region, and of an account.
async fn told(store: &Store) {
    let new = write!(store, tx => {
        let own = NoticeRow { role: None, account: Some(id(50)), ..notice(5, None, "") };
        tx.add_notices(REGION, &[]).await?;
        tx.add_notices(OTHER, &[notice(9, Some(2), "officer")]).await?;
        tx.add_notices(REGION, &[notice(1, Some(2), "officer"), notice(2, Some(3), "officer"), notice(3, None, "officer"), notice(4, Some(2), "head"), own]).await
    });
    assert_eq!(new.unwrap(), 5);
}

async fn notices(store: Store, _at: Location) {
    told(&store).await;
    let again = NoticeRow {
        id: id(77),
        body: "other".to_owned(),
        key: "key-1".to_owned(),
        ..notice(1, Some(2), "officer")
    };
    assert_eq!(write!(store, tx => tx.add_notices(REGION, &[again]).await).unwrap(), 0, "each once");
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.notice(REGION, id(1)).await.unwrap(), Some(notice(1, Some(2), "officer")));
    let f = || NoticeFilter { roles: vec!["officer".to_owned()], ..NoticeFilter::default() };
    for (filter, expected) in [
        (f(), vec![3, 2, 1]),
        (NoticeFilter { unit: Some(id(2)), ..f() }, vec![3, 1]),
        (NoticeFilter { account: Some(id(50)), unit: Some(id(2)), ..f() }, vec![5, 3, 1]),
        (NoticeFilter { roles: vec![], account: Some(id(50)), ..f() }, vec![5]),
        (NoticeFilter { roles: vec!["officer".to_owned(), "head".to_owned()], ..f() }, vec![4, 3, 2, 1]),
        (NoticeFilter::default(), vec![]),
    ] {
        let found = tx.notices(REGION, &filter, None, 100).await.unwrap();
        assert_eq!(numbers(&found, |n| n.id), expected, "{filter:?}");
        assert_eq!(tx.count_notices(REGION, &filter).await.unwrap(), expected.len() as i64, "{filter:?}");
    }
    let mine = NoticeFilter { account: Some(id(50)), ..f() };
    let first = tx.notices(REGION, &mine, None, 2).await.unwrap();
    let rest = tx.notices(REGION, &mine, Some(first[1].paging_key()), 100).await.unwrap();
    assert_eq!((numbers(&first, |n| n.id), numbers(&rest, |n| n.id)), (vec![5, 3], vec![2, 1]));
}

async fn read_notices(store: Store, _at: Location) {
    told(&store).await;
    let read = write!(store, tx => {
        let first = tx.read_notices(REGION, &[id(1), id(3), id(9)], at(100), id(50)).await?;
        let again = tx.read_notices(REGION, &[id(1), id(2)], at(200), id(51)).await?;
        Ok((first, again))
    });
    assert_eq!(read.unwrap(), (2, 1));
    let mut tx = store.read().await.unwrap();
    let one = tx.notice(REGION, id(1)).await.unwrap().unwrap();
    assert_eq!((one.read_at, one.read_by), (Some(at(100)), Some(id(50))));
    let unread = NoticeFilter { roles: vec!["officer".to_owned()], unread: true, ..NoticeFilter::default() };
    assert_eq!(tx.count_notices(REGION, &unread).await.unwrap(), 0);
    assert_eq!(tx.count_notices(OTHER, &unread).await.unwrap(), 1);
    drop(tx);
    // What nobody has read stays.
    let gone = write!(store, tx => tx.purge_notices(REGION, at(5)).await).unwrap();
    assert_eq!(gone, 3);
    let mut tx = store.read().await.unwrap();
    assert!(tx.notice(REGION, id(4)).await.unwrap().is_some());
    assert!(tx.notice(REGION, id(1)).await.unwrap().is_none());
}

async fn moved_by(store: Store, _at: Location) {
    write!(store, tx => {
        tx.add_region(REGION, "示例").await?;
        for n in [2, 3] {
            let row = unit(n, &format!("u{n}"));
            tx.put_unit(REGION, &UnitRow { parent: None, consolidates_into: None, ..row }).await?;
        }
        let mut moves = Vec::new();
        for (n, of, places) in [(10, 2, 2), (11, 2, 1), (12, 3, 1)] {
            tx.put_request(REGION, &request(n, of, "2021-01-01")).await?;
            for place in 0..places {
                moves.push(ClockMoveRow {
                    request: id(n),
                    seq: n as i64,
                    place,
                    clock: "reply".to_owned(),
                    number: 0,
                    from_on: date("2021-01-10"),
                    from_provisional: true,
                    to_on: date("2021-01-11"),
                    to_provisional: false,
                    calendar: id(900),
                    recorded_at: at(1),
                });
            }
        }
        tx.put_clock_moves(REGION, &moves).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let mut moved = tx.moved_by(REGION, id(900)).await.unwrap();
    moved.sort();
    assert_eq!(moved, [(id(2), 2), (id(3), 1)]);
    assert!(tx.moved_by(REGION, id(901)).await.unwrap().is_empty());
}

async fn jobs(store: Store, _at: Location) {
    write!(store, tx => {
        tx.add_job(REGION, "mail", at(10)).await?;
        tx.add_job(REGION, "mail", at(99)).await?;
        tx.add_job(REGION, "daily", at(20)).await?;
        tx.hasten_job(REGION, "daily", at(15)).await?;
        tx.hasten_job(REGION, "daily", at(30)).await
    })
    .unwrap();
    let jobs = store.read().await.unwrap().jobs(REGION).await.unwrap();
    let due: Vec<_> = jobs.iter().map(|j| (j.kind.as_str(), j.due_at, j.fence)).collect();
    assert_eq!(due, [("daily", at(15), 0), ("mail", at(10), 0)]);
    assert!(store.read().await.unwrap().jobs(OTHER).await.unwrap().is_empty());
}

async fn a_job_is_taken_once(store: Store, _at: Location) {
    let take = async |now: i64| {
        write!(store, tx => tx.take_job(REGION, "mail", at(now), at(now + 60)).await).unwrap()
    };
    write!(store, tx => tx.add_job(REGION, "mail", at(10)).await).unwrap();
    assert_eq!(take(9).await, None, "not due");
    assert_eq!(take(10).await, Some(1));
    assert_eq!(take(11).await, None, "taken");
    // Whoever took it is gone, or slow: after the lease somebody else takes it.
    assert_eq!(take(70).await, Some(2));
    let late = write!(store, tx => tx.end_job(REGION, "mail", 1, (at(71), at(100)), None).await).unwrap();
    assert!(!late, "the first comes too late");
    let ended =
        write!(store, tx => tx.end_job(REGION, "mail", 2, (at(72), at(100)), Some("why")).await).unwrap();
    assert!(ended);
    let job = store.read().await.unwrap().jobs(REGION).await.unwrap().remove(0);
    assert_eq!((job.due_at, job.leased_until, job.ran_at), (at(100), None, Some(at(72))));
    assert_eq!(job.failed.as_deref(), Some("why"));
    assert_eq!(take(99).await, None);
    assert_eq!(take(100).await, Some(3));
}

fn letter(n: u128, due: i64) -> MailRow {
    MailRow {
        id: id(n),
        key: format!("letter-{n}"),
        account: id(50),
        address: "a@example.invalid".to_owned(),
        subject: "样本".to_owned(),
        body: "样本正文".to_owned(),
        state: "waiting".to_owned(),
        made_at: at(0),
        due_at: at(due),
        tries: 0,
        failed: None,
    }
}

async fn mail(store: Store, _at: Location) {
    let new = write!(store, tx => {
        let again = MailRow { id: id(9), ..letter(1, 5) };
        tx.add_mail(REGION, &[letter(1, 5), letter(2, 3), letter(3, 50), again]).await
    });
    assert_eq!(new.unwrap(), 3, "each once");
    let due = store.read().await.unwrap().mail_due(REGION, at(10), 100).await.unwrap();
    assert_eq!(numbers(&due, |m| m.id), [2, 1]);
    write!(store, tx => {
        tx.settle_mail(REGION, id(2), "sent", None).await?;
        tx.settle_mail(REGION, id(1), "failed", Some("550 no such user")).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert!(tx.mail_due(REGION, at(10), 100).await.unwrap().is_empty());
    let failed = tx.mail(REGION, id(1)).await.unwrap().unwrap();
    assert_eq!((failed.state.as_str(), failed.failed.as_deref()), ("failed", Some("550 no such user")));
    drop(tx);
    assert_eq!(write!(store, tx => tx.purge_mail(REGION, at(1)).await).unwrap(), 2, "what waits stays");
}

async fn mail_is_taken_once(store: Store, _at: Location) {
    write!(store, tx => tx.add_mail(REGION, &[letter(1, 5)]).await).unwrap();
    let read = store.read().await.unwrap().mail_due(REGION, at(10), 1).await.unwrap().remove(0);
    let (one, other) = (read.clone(), read);
    assert!(write!(store, tx => tx.try_mail(REGION, &one, at(100)).await).unwrap());
    assert!(
        !write!(store, tx => tx.try_mail(REGION, &other, at(100)).await).unwrap(),
        "somebody else took it"
    );
    let mut tx = store.read().await.unwrap();
    assert!(tx.mail_due(REGION, at(99), 1).await.unwrap().is_empty());
    assert_eq!(tx.mail_due(REGION, at(100), 1).await.unwrap()[0].tries, 1);
}

async fn contacts(store: Store, _at: Location) {
    write!(store, tx => {
        let account = AccountRow {
            id: id(50),
            login: "sample".to_owned(),
            name: "样本员".to_owned(),
            unit: None,
            roles: "[]".to_owned(),
            disabled: false,
            version: 1,
        };
        tx.put_account(REGION, &account).await?;
        tx.put_account(REGION, &AccountRow { id: id(51), login: "other".to_owned(), ..account }).await?;
        tx.put_contact(REGION, id(50), Some("old@example.invalid")).await?;
        tx.put_contact(REGION, id(50), Some("new@example.invalid")).await?;
        tx.put_contact(REGION, id(51), Some("x@example.invalid")).await?;
        tx.put_contact(REGION, id(51), None).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let found: Vec<(Uuid, String)> =
        tx.contacts(REGION).await.unwrap().into_iter().map(|c| (c.account, c.email)).collect();
    assert_eq!(found, [(id(50), "new@example.invalid".to_owned())]);
    assert!(tx.contacts(OTHER).await.unwrap().is_empty());
}
