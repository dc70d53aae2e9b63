//! Transactions: what shares a commit, what is rolled back, what a place refuses.

use crate::place::{on_both, write};
use crate::sample::*;
use crate::tamper::Behind;
use store::*;

on_both! { failing_jobs_leave_nothing panic_goes_to_its_caller one_of_two_writers_conflicts swallowed_errors
snapshot readers_cannot_write places close_finishes_what_waits group_commit_under_load }

async fn failing_jobs_leave_nothing(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let jobs = (0..40u128).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            write!(store, tx => {
                let entry = tx.append(REGION, entry(100 + n, 1)).await?;
                tx.put_document(REGION, &document(100 + n, 2, "2020-01-01")).await?;
                tx.add_tally(REGION, id(2), 2020, "k", 1).await?;
                if n % 3 == 0 { Err(Error::Busy) } else { Ok(entry.seq) }
            })
        })
    });
    let mut numbers = Vec::new();
    for (n, outcome) in futures_util::future::join_all(jobs).await.into_iter().enumerate() {
        match outcome.unwrap() {
            Ok(seq) => numbers.push(seq),
            Err(error) => assert!(n % 3 == 0 && matches!(error, Error::Busy), "{n}: {error:?}"),
        }
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=26).collect::<Vec<i64>>(), "dense: what failed took no number");
    let mut tx = store.read().await.unwrap();
    let entries = tx.entries(REGION, 0, 100).await.unwrap();
    let end = Link::START.follow(&entries).unwrap();
    assert_eq!(end.is_head_of(&tx.regions().await.unwrap()[0]), Ok(()));
    assert_eq!(tx.count_documents(REGION, &DocumentFilter::default()).await.unwrap(), 26);
    assert_eq!(tx.all_tallies(REGION).await.unwrap(), [(id(2), 2020, "k".to_owned(), 26)]);
}

async fn panic_goes_to_its_caller(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let spawn = |n: u128| {
        let store = store.clone();
        tokio::spawn(async move {
            write!(store, tx => {
                tx.append(REGION, entry(n, 1)).await?;
                assert_ne!(n, 2, "as planned");
                Ok(())
            })
        })
    };
    let (one, two, three) = (spawn(1), spawn(2), spawn(3));
    assert!(one.await.unwrap().is_ok());
    assert!(two.await.unwrap_err().is_panic());
    assert!(three.await.unwrap().is_ok());
    // And a panic before the first await.
    let store_too = store.clone();
    let at_once = tokio::spawn(async move {
        store_too.write(|_tx: &mut Tx| -> BoxFuture<'_, Result<()>> { panic!("as planned") }).await
    });
    assert!(at_once.await.unwrap_err().is_panic());
    let entries = store.read().await.unwrap().entries(REGION, 0, 9).await.unwrap();
    let subjects: Vec<_> = entries.iter().map(|e| e.subject).collect();
    assert_eq!(subjects, [id(1), id(3)]);
    assert!(Link::START.follow(&entries).is_ok());
}

async fn one_of_two_writers_conflicts(store: Store, at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    // Two processes: each has its own connection and its own idea of the docket.
    let second = Store::open(&at).await.unwrap();
    for round in 1..=10 {
        let write = |store: &Store| {
            let store = store.clone();
            tokio::spawn(async move { write!(store, tx => tx.append(REGION, entry(1, round)).await) })
        };
        let (one, other) = (write(&store), write(&second));
        let outcomes = [one.await.unwrap(), other.await.unwrap()];
        let done = outcomes.iter().filter(|o| o.is_ok()).count();
        let conflicts = outcomes.iter().filter(|o| matches!(o, Err(Error::Conflict { .. }))).count();
        assert_eq!((done, conflicts), (1, 1), "{outcomes:?}");
    }
    second.close().await;
    let entries = store.read().await.unwrap().entries(REGION, 0, 99).await.unwrap();
    assert_eq!(entries.len(), 10);
    assert!(Link::START.follow(&entries).is_ok());
}

/// A job that swallows an error either did what it says or is told that it failed; nothing of it is half done.
async fn swallowed_errors(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let outcome = write!(store, tx => {
        tx.append(REGION, entry(1, 1)).await?;
        let clash = tx.add_region(REGION, "again").await;
        assert!(clash.is_err());
        Ok(())
    });
    let written = store.read().await.unwrap().entries(REGION, 0, 9).await.unwrap().len();
    assert_eq!(written == 1, outcome.is_ok(), "{outcome:?}");
    write!(store, tx => tx.append(REGION, entry(2, 1)).await).unwrap();
}

async fn snapshot(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let mut before = store.read().await.unwrap();
    assert_eq!(before.entries(REGION, 0, 9).await.unwrap().len(), 0);
    write!(store, tx => tx.append(REGION, entry(1, 1)).await).unwrap();
    assert_eq!(before.entries(REGION, 0, 9).await.unwrap().len(), 0, "as of its first statement");
    let mut after = store.read().await.unwrap();
    assert_eq!(after.entries(REGION, 0, 9).await.unwrap().len(), 1, "what was answered can be read");
}

async fn readers_cannot_write(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert!(tx.put_setting(REGION, "k", "1").await.is_err());
    drop(tx);
    assert_eq!(store.read().await.unwrap().setting(REGION, "k").await.unwrap(), None);
}

async fn places(store: Store, at: Location) {
    let again = Store::create(&at).await;
    assert!(matches!(again, Err(Error::AlreadyExists(_))), "{again:?}");
    let engine = if matches!(at, Location::Folder(_)) { Engine::Sqlite } else { Engine::Postgres };
    assert_eq!(store.engine(), engine);
    write!(store, tx => ground(tx).await).unwrap();
    let reopened = Store::open(&at).await.unwrap();
    assert_eq!(reopened.read().await.unwrap().regions().await.unwrap().len(), 2);
    reopened.close().await;

    Behind::open(&at).await.run("insert into schema_version (version, name) values (999, 'later')").await;
    let newer = Store::open(&at).await;
    assert!(matches!(newer, Err(Error::NewerVersion { found: 999, known }) if known < 999), "{newer:?}");
    Behind::open(&at).await.run("drop table schema_version").await;
    let none = Store::open(&at).await;
    assert!(matches!(none, Err(Error::NotAStore(_))), "{none:?}");
}

async fn close_finishes_what_waits(store: Store, at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let closing = Store::open(&at).await.unwrap();
    let jobs: Vec<_> = (0..20u128)
        .map(|n| {
            let store = closing.clone();
            tokio::spawn(async move { write!(store, tx => tx.append(REGION, entry(n, 1)).await) })
        })
        .collect();
    tokio::task::yield_now().await;
    let clone = closing.clone();
    closing.close().await;
    let mut done = 0;
    for job in jobs {
        match job.await.unwrap() {
            Ok(_) => done += 1,
            Err(error) => assert!(matches!(error, Error::Unreachable(_)), "{error:?}"),
        }
    }
    assert!(done > 0);
    assert_eq!(store.read().await.unwrap().entries(REGION, 0, 99).await.unwrap().len(), done);
    let late = write!(clone, tx => tx.append(REGION, entry(99, 1)).await);
    assert!(matches!(late, Err(Error::Unreachable(_))), "{late:?}");
}

async fn group_commit_under_load(store: Store, _at: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let writers = (0..32u128).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            for ordinal in 1..=5 {
                let region = if n % 2 == 0 { REGION } else { OTHER };
                write!(store, tx => tx.append(region, entry(n, ordinal)).await).unwrap();
            }
        })
    });
    for writer in futures_util::future::join_all(writers).await {
        writer.unwrap();
    }
    let mut tx = store.read().await.unwrap();
    for region in tx.regions().await.unwrap() {
        let entries = tx.entries(region.region, 0, 1000).await.unwrap();
        assert_eq!(entries.len(), 80);
        assert_eq!(Link::START.follow(&entries).unwrap().is_head_of(&region), Ok(()));
    }
}
