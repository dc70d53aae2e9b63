//! Accounts, sign-in and sessions, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use jiff::{SignedDuration, Timestamp};
use place::{now, on_both, operator, seed};
use service::account::{FAILURES, IDLE, LOCKED, LONGEST, NewAccount};
use service::{Actor, Context, Error, Location, Role, Service};

const PASSWORD: &str = "Sample-2021-pass";

fn nobody(at: Timestamp) -> Context {
    Context::new(at, Actor::Anonymous, seed())
}

async fn add(service: &Service, login: &str, roles: &[Role]) {
    let new = NewAccount {
        login: login.into(),
        name: "样本甲".into(),
        unit: None,
        roles: roles.to_vec(),
        password: PASSWORD.into(),
    };
    service.create_account(operator(now()), new).await.unwrap();
}

async fn refused(service: &Service, at: Timestamp, login: &str, password: &str) -> String {
    match service.sign_in(nobody(at), login, password).await {
        Ok(_) => panic!("{login} was let in"),
        Err(e) => e.to_string(),
    }
}

fn codes(e: &Error) -> Vec<&str> {
    match e {
        Error::Refused(all) => all.iter().map(|r| r.code.as_str()).collect(),
        other => panic!("not a refusal: {other:?}"),
    }
}

async fn an_account_signs_in_and_out(service: Service, _: Location) {
    add(&service, "zhang.san", &[Role::Officer, Role::Officer]).await;
    let signed = service.sign_in(nobody(now()), " Zhang.San ", PASSWORD).await.unwrap();
    assert_eq!(signed.token.len(), 64);
    let Actor::Officer { name, roles, .. } = &signed.actor else { panic!("{:?}", signed.actor) };
    assert_eq!((name.as_str(), roles.as_slice()), ("样本甲", &[Role::Officer][..]));
    assert_eq!(service.session(now(), &signed.token).await.unwrap(), Some(signed.actor.clone()));
    assert_eq!(service.session(now(), &signed.token[1..]).await.unwrap(), None);
    service.sign_out(&signed.token).await.unwrap();
    service.sign_out(&signed.token).await.unwrap();
    assert_eq!(service.session(now(), &signed.token).await.unwrap(), None);
}

async fn every_reason_against_a_new_account_is_said_at_once(service: Service, _: Location) {
    let new = |login: &str, password: &str, roles: &[Role]| NewAccount {
        login: login.into(),
        name: " ".into(),
        unit: None,
        roles: roles.to_vec(),
        password: password.into(),
    };
    let e = service.create_account(operator(now()), new("张三", "short", &[])).await.unwrap_err();
    assert_eq!(codes(&e), ["login-malformed", "name-missing", "roles-missing", "password-weak"]);
    let both = [Role::Administrator, Role::Auditor];
    let e = service.create_account(operator(now()), new("root", "Root-password-1", &both)).await.unwrap_err();
    assert_eq!(codes(&e), ["name-missing", "roles-joined", "password-login"]);
    add(&service, "li.si", &[Role::Head]).await;
    let again = NewAccount { name: "样本乙".into(), ..new("LI.SI", PASSWORD, &[Role::Head]) };
    let e = service.create_account(operator(now()), again).await.unwrap_err();
    assert_eq!(codes(&e), ["login-taken"]);
    assert_eq!(service.accounts(&operator(now())).await.unwrap().len(), 1);
    assert!(matches!(service.accounts(&nobody(now())).await, Err(Error::SignIn)));
}

async fn five_failures_lock_for_a_quarter_of_an_hour(service: Service, _: Location) {
    add(&service, "wang.wu", &[Role::Officer]).await;
    let at = |s: i64| now() + SignedDuration::from_secs(s);
    let wrong = refused(&service, at(0), "wang.wu", "Wrong-password-1").await;
    for i in 1..FAILURES - 1 {
        assert_eq!(refused(&service, at(i), "wang.wu", "Wrong-password-1").await, wrong);
    }
    // A success in time starts the count again.
    service.sign_in(nobody(at(4)), "wang.wu", PASSWORD).await.unwrap();
    for i in 0..FAILURES {
        refused(&service, at(10 + i), "wang.wu", "Wrong-password-1").await;
    }
    let locked_at = at(10 + FAILURES - 1);
    // Locked, unknown and wrong are one sentence.
    assert_eq!(refused(&service, locked_at, "wang.wu", PASSWORD).await, wrong);
    assert_eq!(refused(&service, locked_at, "nobody.here", PASSWORD).await, wrong);
    let last = locked_at + LOCKED - SignedDuration::from_secs(1);
    assert_eq!(refused(&service, last, "wang.wu", PASSWORD).await, wrong);
    service.sign_in(nobody(locked_at + LOCKED), "wang.wu", PASSWORD).await.unwrap();

    let auditor = Actor::Officer {
        account: uuid::Uuid::nil(),
        name: "审".into(),
        unit: None,
        roles: vec![Role::Auditor],
    };
    let lines = service.journal(&Context::new(now(), auditor, seed()), 0, 100).await.unwrap();
    let events: Vec<&str> = lines.iter().map(|l| l.event.as_str()).collect();
    assert_eq!(events, ["initialized", "adopted", "created", "locked"]);
    let ctx = operator(now());
    assert!(service.verify(&ctx, |_, _| {}).await.unwrap().problems.is_empty());
}

async fn guesses_at_the_same_time_all_count(service: Service, _: Location) {
    add(&service, "zhao.liu", &[Role::Officer]).await;
    let guess = |n: usize| {
        let service = service.clone();
        async move { service.sign_in(nobody(now()), "zhao.liu", &format!("Wrong-password-{n}")).await.is_err() }
    };
    let all = futures_util::future::join_all((0..8).map(guess)).await;
    assert!(all.into_iter().all(|refused| refused));
    refused(&service, now(), "zhao.liu", PASSWORD).await;
}

async fn a_session_ends_idle_and_ends_at_last(service: Service, _: Location) {
    add(&service, "sun.qi", &[Role::Officer]).await;
    let second = SignedDuration::from_secs(1);
    let signed = service.sign_in(nobody(now()), "sun.qi", PASSWORD).await.unwrap();
    let mut at = now();
    for _ in 0..3 {
        at += IDLE - second;
        assert!(service.session(at, &signed.token).await.unwrap().is_some());
    }
    assert!(service.session(at + IDLE, &signed.token).await.unwrap().is_none());
    assert!(service.session(at, &signed.token).await.unwrap().is_none(), "an ended session stays ended");

    let signed = service.sign_in(nobody(now()), "sun.qi", PASSWORD).await.unwrap();
    let mut at = now();
    while at + IDLE - second < now() + LONGEST {
        at += IDLE - second;
        assert!(service.session(at, &signed.token).await.unwrap().is_some(), "{at}");
    }
    assert!(service.session(now() + LONGEST - second, &signed.token).await.unwrap().is_some());
    assert!(service.session(now() + LONGEST, &signed.token).await.unwrap().is_none());
}

async fn changes_of_an_account_act_at_once(service: Service, _: Location) {
    add(&service, "admin", &[Role::Administrator]).await;
    add(&service, "zhou.ba", &[Role::Officer]).await;
    let admin = service.sign_in(nobody(now()), "admin", PASSWORD).await.unwrap().actor;
    let by_admin = || Context::new(now(), admin.clone(), seed());
    let signed = service.sign_in(nobody(now()), "zhou.ba", PASSWORD).await.unwrap();

    service.set_roles(by_admin(), "zhou.ba", vec![Role::Reviewer]).await.unwrap();
    service.set_roles(by_admin(), "zhou.ba", vec![Role::Reviewer]).await.unwrap();
    let Some(Actor::Officer { roles, .. }) = service.session(now(), &signed.token).await.unwrap() else {
        panic!()
    };
    assert_eq!(roles, [Role::Reviewer]);
    let e = service.set_roles(by_admin(), "admin", vec![Role::Head]).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");
    let e = service.set_disabled(by_admin(), "admin", true).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");

    // An officer changes the own password only with the old one, and nobody else's.
    let own = || Context::new(now(), signed.actor.clone(), seed());
    assert!(service.set_password(own(), "admin", "Other-Password-9").await.is_err());
    assert!(service.change_own_password(own(), "Wrong-password-1", "Other-Password-9").await.is_err());
    service.change_own_password(own(), PASSWORD, "Other-Password-9").await.unwrap();
    assert_eq!(service.session(now(), &signed.token).await.unwrap(), None);
    refused(&service, now(), "zhou.ba", PASSWORD).await;
    let signed = service.sign_in(nobody(now()), "zhou.ba", "Other-Password-9").await.unwrap();

    service.set_disabled(by_admin(), "zhou.ba", true).await.unwrap();
    assert_eq!(service.session(now(), &signed.token).await.unwrap(), None);
    refused(&service, now(), "zhou.ba", "Other-Password-9").await;
    service.set_disabled(by_admin(), "zhou.ba", false).await.unwrap();
    service.set_password(by_admin(), "zhou.ba", PASSWORD).await.unwrap();
    service.sign_in(nobody(now()), "zhou.ba", PASSWORD).await.unwrap();

    let e = service.set_password(by_admin(), "no.one", "Other-Password-9").await.unwrap_err();
    assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    assert!(service.verify(&operator(now()), |_, _| {}).await.unwrap().problems.is_empty());
}

async fn no_password_is_in_the_journal(service: Service, _: Location) {
    add(&service, "wu.jiu", &[Role::Officer]).await;
    service.set_password(operator(now()), "wu.jiu", "Other-Password-9").await.unwrap();
    let lines = service.journal(&operator(now()), 0, 100).await.unwrap();
    let events: Vec<&str> = lines.iter().map(|l| l.event.as_str()).collect();
    assert_eq!(events, ["initialized", "adopted", "created", "password-set"]);
    let key = "k-1".to_owned();
    let again = |key: &str| operator(now()).with_key(key);
    service.set_roles(again(&key), "wu.jiu", vec![Role::Head]).await.unwrap();
    service.set_roles(operator(now()), "wu.jiu", vec![Role::Officer]).await.unwrap();
    // The same key again does nothing.
    service.set_roles(again(&key), "wu.jiu", vec![Role::Head]).await.unwrap();
    let row = service.accounts(&operator(now())).await.unwrap().remove(0);
    assert_eq!(row.roles, r#"["officer"]"#);
}

on_both! {
    an_account_signs_in_and_out
    every_reason_against_a_new_account_is_said_at_once
    five_failures_lock_for_a_quarter_of_an_hour
    guesses_at_the_same_time_all_count
    a_session_ends_idle_and_ends_at_last
    changes_of_an_account_act_at_once
    no_password_is_in_the_journal
}
