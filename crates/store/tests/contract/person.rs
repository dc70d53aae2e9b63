//! Personal data, accounts, idempotency, settings.

use crate::place::{on_both, write};
use crate::sample::{self, *};
use store::*;

on_both! { command personal personal_of erase_personal account accounts secret session delete_sessions_of
purge_sessions query_code applicant setting backup }

async fn command(store: Store, _at: Location) {
    let put = |result: &'static str| {
        let store = store.clone();
        async move { write!(store, tx => tx.put_command(REGION, "key-1", at(0), result).await) }
    };
    assert_eq!(store.read().await.unwrap().command(REGION, "key-1").await.unwrap(), None);
    put(r#"{"seq":1}"#).await.unwrap();
    let again = put(r#"{"seq":2}"#).await;
    assert!(matches!(again, Err(Error::Conflict { constraint }) if constraint == "command_pkey"));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.command(REGION, "key-1").await.unwrap().as_deref(), Some(r#"{"seq":1}"#));
    assert_eq!(tx.command(OTHER, "key-1").await.unwrap(), None);
}

fn sealed(n: u128, subject: u128) -> PersonalRow {
    PersonalRow {
        id: id(n),
        subject_kind: "request".to_owned(),
        subject: id(subject),
        nonce: vec![1; 12],
        sealed: vec![0, 255, 7],
        erased_at: None,
    }
}

async fn personal(store: Store, _at: Location) {
    let row = PersonalRow { sealed: vec![9; 40], ..sealed(1, 2) };
    let put = row.clone();
    write!(store, tx => {
        tx.put_personal(REGION, &sealed(1, 2)).await?;
        tx.put_personal(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.personal(REGION, id(1)).await.unwrap(), Some(row));
    assert_eq!(tx.personal(OTHER, id(1)).await.unwrap(), None);
}

async fn personal_of(store: Store, _at: Location) {
    write!(store, tx => {
        for (n, subject) in [(1, 7), (2, 8), (3, 7)] {
            tx.put_personal(REGION, &sealed(n, subject)).await?;
        }
        Ok(())
    })
    .unwrap();
    let found = store.read().await.unwrap().personal_of(REGION, id(7)).await.unwrap();
    assert_eq!(found, [sealed(1, 7), sealed(3, 7)]);
}

async fn applicant(store: Store, _at: Location) {
    let (one, other) = (id(1), id(2));
    write!(store, tx => {
        for (request, digest) in [(one, "a"), (other, "b"), (other, "a")] {
            let row = ApplicantRow { request, digest: digest.into() };
            tx.put_applicant(REGION, &row).await?;
        }
        tx.put_applicant(OTHER, &ApplicantRow { request: one, digest: "a".into() }).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    let rows = tx.requests_of_applicant(REGION, "a", 10).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.request).collect::<Vec<_>>(), [other, one], "the latest first");
    assert_eq!(tx.requests_of_applicant(REGION, "a", 1).await.unwrap().len(), 1);
    assert_eq!(tx.applicant(REGION, one).await.unwrap().unwrap().digest, "a");
    let known = tx.applicants_of(REGION, &[one, id(9)]).await.unwrap();
    assert_eq!(known.iter().map(|r| r.request).collect::<Vec<_>>(), [one]);
    assert_eq!(tx.applicants_of(REGION, &[]).await.unwrap(), []);
    drop(tx);
    write!(store, tx => {
        assert!(tx.forget_applicant(REGION, one).await?);
        assert!(!tx.forget_applicant(REGION, one).await?);
        Ok(())
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.applicant(REGION, one).await.unwrap(), None);
    assert_eq!(tx.applicant(OTHER, one).await.unwrap().unwrap().digest, "a");
}

async fn query_code(store: Store, _at: Location) {
    let row = QueryCodeRow {
        digest: "a1".to_owned(),
        request: id(7),
        second: "phone".to_owned(),
        failed: 0,
        locked_until: None,
    };
    let failed = QueryCodeRow { failed: 10, locked_until: Some(at(3600)), ..row.clone() };
    let put = failed.clone();
    write!(store, tx => {
        tx.put_query_code(REGION, &row).await?;
        tx.put_query_code(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.query_code(REGION, "a1").await.unwrap(), Some(failed));
    assert_eq!(tx.query_code(REGION, "a2").await.unwrap(), None);
    assert_eq!(tx.query_code(OTHER, "a1").await.unwrap(), None);
}

async fn erase_personal(store: Store, place: Location) {
    let secret = b"an address that must not survive".to_vec();
    let row = PersonalRow { sealed: secret.clone(), ..sealed(1, 2) };
    write!(store, tx => tx.put_personal(REGION, &row).await).unwrap();
    assert!(write!(store, tx => tx.erase_personal(REGION, id(1), at(5)).await).unwrap());
    assert!(!write!(store, tx => tx.erase_personal(REGION, id(1), at(6)).await).unwrap(), "only once");
    let found = store.read().await.unwrap().personal(REGION, id(1)).await.unwrap().unwrap();
    assert_eq!(found, PersonalRow { nonce: vec![], sealed: vec![], erased_at: Some(at(5)), ..sealed(1, 2) });
    if let Location::Folder(folder) = place {
        // Closing writes the log back; then the bytes are nowhere in the file.
        store.close().await;
        let file = std::fs::read(folder.join("gongkai.db")).unwrap();
        assert!(!file.windows(secret.len()).any(|w| w == secret), "erased bytes are still in the file");
    }
}

async fn account(store: Store, _at: Location) {
    let row = AccountRow { unit: None, disabled: true, version: 4, ..sample::account(1, "zhang") };
    let put = row.clone();
    write!(store, tx => {
        tx.put_account(REGION, &sample::account(1, "li")).await?;
        tx.put_account(REGION, &put).await?;
        tx.put_account(OTHER, &sample::account(2, "zhang")).await
    })
    .unwrap();
    let clash = write!(store, tx => tx.put_account(REGION, &sample::account(3, "zhang")).await);
    assert!(matches!(clash, Err(Error::Conflict { constraint }) if constraint == "account_region_login_key"));
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.account(REGION, id(1)).await.unwrap(), Some(row.clone()));
    assert_eq!(tx.account_by_login(REGION, "zhang").await.unwrap(), Some(row));
    assert_eq!(tx.account_by_login(REGION, "li").await.unwrap(), None);
    assert_eq!(tx.account_by_login(OTHER, "zhang").await.unwrap().unwrap().id, id(2));
}

async fn accounts(store: Store, _at: Location) {
    write!(store, tx => {
        for (n, login) in [(1, "wang"), (2, "li")] {
            tx.put_account(REGION, &sample::account(n, login)).await?;
        }
        tx.put_account(OTHER, &sample::account(3, "zhang")).await
    })
    .unwrap();
    let found = store.read().await.unwrap().accounts(REGION).await.unwrap();
    assert_eq!(found, [sample::account(2, "li"), sample::account(1, "wang")]);
}

async fn secret(store: Store, _at: Location) {
    let row = SecretRow {
        account: id(1),
        password_hash: "$argon2id$x".to_owned(),
        failed: 3,
        locked_until: Some(at(60)),
    };
    let put = row.clone();
    write!(store, tx => {
        tx.put_account(REGION, &sample::account(1, "li")).await?;
        tx.put_secret(REGION, &SecretRow { failed: 0, locked_until: None, ..put.clone() }).await?;
        tx.put_secret(REGION, &put).await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.secret(REGION, id(1)).await.unwrap(), Some(row));
    assert_eq!(tx.secret(OTHER, id(1)).await.unwrap(), None);
    assert!(write!(store, tx => tx.delete_secret(REGION, id(1)).await).unwrap());
    assert!(!write!(store, tx => tx.delete_secret(REGION, id(1)).await).unwrap());
}

fn visit(token: &str, account: u128, expires: i64) -> SessionRow {
    SessionRow {
        token_hash: token.to_owned(),
        account: id(account),
        created_at: at(0),
        expires_at: at(expires),
        seen_at: at(0),
    }
}

async fn visits(store: &Store) {
    write!(store, tx => {
        for region in [REGION, OTHER] {
            for n in [1, 2] {
                tx.put_account(region, &sample::account(n, &format!("login{n}"))).await?;
            }
            for (token, account, expires) in [("aa", 1, 10), ("bb", 1, 20), ("cc", 2, 30)] {
                tx.put_session(region, &visit(token, account, expires)).await?;
            }
        }
        Ok(())
    })
    .unwrap();
}

async fn session(store: Store, _at: Location) {
    visits(&store).await;
    let seen = SessionRow { seen_at: at(5), ..visit("aa", 1, 40) };
    let put = seen.clone();
    write!(store, tx => tx.put_session(REGION, &put).await).unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session(REGION, "aa").await.unwrap(), Some(seen));
    assert_eq!(tx.session(OTHER, "aa").await.unwrap(), Some(visit("aa", 1, 10)));
    assert_eq!(tx.session(REGION, "zz").await.unwrap(), None);
    drop(tx);
    assert!(write!(store, tx => tx.delete_session(REGION, "aa").await).unwrap());
    assert!(!write!(store, tx => tx.delete_session(REGION, "aa").await).unwrap());
    assert!(store.read().await.unwrap().session(OTHER, "aa").await.unwrap().is_some());
}

async fn delete_sessions_of(store: Store, _at: Location) {
    visits(&store).await;
    assert_eq!(write!(store, tx => tx.delete_sessions_of(REGION, id(1)).await).unwrap(), 2);
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.session(REGION, "bb").await.unwrap(), None);
    assert!(tx.session(REGION, "cc").await.unwrap().is_some());
    assert!(tx.session(OTHER, "bb").await.unwrap().is_some());
}

async fn purge_sessions(store: Store, _at: Location) {
    visits(&store).await;
    assert_eq!(write!(store, tx => tx.purge_sessions(REGION, at(20)).await).unwrap(), 2);
    assert_eq!(write!(store, tx => tx.purge_sessions(REGION, at(29)).await).unwrap(), 0);
    let mut tx = store.read().await.unwrap();
    assert!(tx.session(REGION, "cc").await.unwrap().is_some());
    assert!(tx.session(OTHER, "aa").await.unwrap().is_some());
}

async fn setting(store: Store, _at: Location) {
    write!(store, tx => {
        tx.put_setting(REGION, "b", "1").await?;
        tx.put_setting(REGION, "a", "[]").await?;
        tx.put_setting(REGION, "b", "2").await?;
        tx.put_setting(OTHER, "c", "3").await
    })
    .unwrap();
    let mut tx = store.read().await.unwrap();
    assert_eq!(tx.setting(REGION, "b").await.unwrap().as_deref(), Some("2"));
    assert_eq!(tx.setting(REGION, "c").await.unwrap(), None);
    let all: Vec<_> = tx.settings(REGION).await.unwrap().into_iter().map(|s| (s.key, s.value)).collect();
    assert_eq!(all, [("a".to_owned(), "[]".to_owned()), ("b".to_owned(), "2".to_owned())]);
}

async fn backup(store: Store, place: Location) {
    write!(store, tx => ground(tx).await).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("gongkai.db");
    let outcome = store.backup(&copy).await;
    if let Location::Postgres(_) = place {
        assert!(matches!(outcome, Err(Error::Unsupported(sentence)) if sentence.contains("pg_dump")));
        assert!(!copy.exists());
        return;
    }
    outcome.unwrap();
    let again = store.backup(&copy).await;
    assert!(matches!(again, Err(Error::AlreadyExists(_))), "{again:?}");
    let restored = Store::open(&Location::Folder(folder.path().to_owned())).await.unwrap();
    let expected = store.read().await.unwrap().regions().await.unwrap();
    assert_eq!(restored.read().await.unwrap().regions().await.unwrap(), expected);
    write!(restored, tx => tx.append(REGION, entry(1, 1)).await).unwrap();
    restored.close().await;
}
