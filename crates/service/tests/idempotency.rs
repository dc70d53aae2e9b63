//! Asking again does nothing twice: idempotency keys, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, department, entries, establish, figure, made, officer, request, verifies};
use law::docket::document::DocumentEvent;
use law::docket::report::{Part, Scope};
use place::{day, now, on_both, operator, units};
use service::report::ReportAction;
use service::row::DocumentFilter;
use service::upkeep::KeySource;
use service::{Change, Error, Location, Page, Role, Service};
use std::collections::BTreeSet;

async fn opened(service: &Service, at: &Location) -> Service {
    let key = match at {
        Location::Folder(_) => KeySource::Folder,
        Location::Postgres(_) => KeySource::Given([7; 16]),
    };
    Service::open_with(at, &key, Some(service.region())).await.unwrap()
}

async fn the_same_key_does_the_thing_once_and_answers_the_same(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let key = |key: &str| operator(now()).with_key(key);
    let first = service.receive_request(key("r"), request(office, "2021-01-04")).await.unwrap();
    let document =
        service.make_document(key("d"), day("2021-01-04"), made(office, "样本办法")).await.unwrap();
    let entered = figure(office, "hotline.received", "5", "条");
    let number = service.enter_figure(key("f"), day("2021-01-04"), entered.clone()).await.unwrap();
    let unit =
        service.establish_unit(key("u"), day("2010-01-01"), department("new", Some(above))).await.unwrap();
    let report = service.draft_report(key("p"), office, 2020, Scope::Own).await.unwrap();
    let disclosed = || Change::event(day("2021-01-05"), DocumentEvent::Disclosed { url: None });
    let version = service.change_document(key("c"), document, 1, disclosed()).await.unwrap();
    let text = || ReportAction::EditText { part: Part::Problems, text: "样本正文".into() };
    let edited = service.act_on_report(key("e"), report, 1, text()).await.unwrap();
    let before = entries(&service).await;
    for _ in 0..3 {
        let again = service.receive_request(key("r"), request(office, "2021-01-04")).await.unwrap();
        assert_eq!(again, first, "with the same number");
        let again =
            service.make_document(key("d"), day("2021-01-04"), made(office, "样本办法")).await.unwrap();
        assert_eq!(again, document);
        let again = service.enter_figure(key("f"), day("2021-01-04"), entered.clone()).await.unwrap();
        assert_eq!(again, number);
        let new = department("new", Some(above));
        assert_eq!(service.establish_unit(key("u"), day("2010-01-01"), new).await.unwrap(), unit);
        assert_eq!(service.draft_report(key("p"), office, 2020, Scope::Own).await.unwrap(), report);
        assert_eq!(service.change_document(key("c"), document, 1, disclosed()).await.unwrap(), version);
        assert_eq!(service.act_on_report(key("e"), report, 1, text()).await.unwrap(), edited);
    }
    assert_eq!(entries(&service).await, before, "nothing was written again");
    // Without a key it is another one.
    let other = service.receive_request(operator(now()), request(office, "2021-01-04")).await.unwrap();
    assert_ne!(other.number, first.number);
    verifies(&service).await;
}

async fn the_same_key_at_the_same_time_does_the_thing_once(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let mut all = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let (desk, ctx) = (service.clone(), by(&clerk).with_key("once"));
        all.spawn(async move { desk.receive_request(ctx, request(office, "2021-01-04")).await.unwrap() });
    }
    let mut answers = BTreeSet::new();
    while let Some(answer) = all.join_next().await {
        let answer = answer.unwrap();
        answers.insert((answer.id, answer.number, answer.version));
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    let next = service.receive_request(operator(now()), request(office, "2021-01-04")).await.unwrap();
    assert_eq!(next.number.as_deref(), Some("2021-00002"));
    verifies(&service).await;
}

/// Two processes asked with one key: the thing is done once, and asking again gives its answer.
async fn two_processes_asked_with_one_key_do_the_thing_once(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let other = opened(&service, &at).await;
    let mut all = tokio::task::JoinSet::new();
    for n in 0..16 {
        let desk = if n % 2 == 0 { service.clone() } else { other.clone() };
        let ctx = by(&clerk).with_key("once");
        all.spawn(async move {
            for _ in 0..20 {
                match desk.receive_request(ctx.clone(), request(office, "2021-01-04")).await {
                    Ok(answer) => return answer,
                    // Nothing was written: ask again.
                    Err(Error::Conflict(_) | Error::Store(service::StoreError::Busy)) => {}
                    Err(e) => panic!("{e:?}"),
                }
            }
            panic!("busy for ever");
        });
    }
    let mut answers = BTreeSet::new();
    while let Some(answer) = all.join_next().await {
        answers.insert(answer.unwrap().id);
    }
    assert_eq!(answers.len(), 1, "{answers:?}");
    other.close().await;
    verifies(&service).await;
}

async fn the_answer_is_kept_over_a_restart(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let key = || operator(now()).with_key("before the restart");
    let first = service.receive_request(key(), request(office, "2021-01-04")).await.unwrap();
    // The process ends before anybody was told; the next one is asked again.
    service.clone().close().await;
    assert!(service.receive_request(key(), request(office, "2021-01-04")).await.is_err(), "it has ended");
    let next = opened(&service, &at).await;
    assert_eq!(next.receive_request(key(), request(office, "2021-01-04")).await.unwrap(), first);
    let other = next.receive_request(operator(now()), request(office, "2021-01-04")).await.unwrap();
    assert_eq!(other.number.as_deref(), Some("2021-00002"));
    verifies(&next).await;
    next.close().await;
}

async fn another_actor_or_verb_has_keys_of_its_own(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let (one, other) = (officer(office, &[Role::Officer]), officer(office, &[Role::Officer]));
    let receive = async |actor| {
        let ctx = by(actor).with_key("k");
        service.receive_request(ctx, request(office, "2021-01-04")).await.unwrap()
    };
    let (first, second) = (receive(&one).await, receive(&other).await);
    assert_ne!(first.id, second.id);
    assert_eq!(receive(&one).await, first);
    // The same key for another verb is no answer to it.
    let ctx = by(&one).with_key("k");
    let document = service.make_document(ctx, day("2021-01-04"), made(office, "样本办法")).await.unwrap();
    assert_ne!(document, first.id);
    // A key gives nobody what is not theirs.
    let health = establish(&service, "health", Some(above)).await;
    let stranger = by(&officer(health, &[Role::Officer])).with_key("k");
    let e = service.receive_request(stranger, request(office, "2021-01-04")).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");
    let supervisor = by(&officer(None, &[Role::Supervisor])).with_key("k");
    let e = service.receive_request(supervisor, request(office, "2021-01-04")).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");
}

/// What was refused was not done: the key is still free for the corrected request.
async fn a_refusal_does_not_use_up_the_key(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let key = || operator(now()).with_key("k");
    let outcome = service.make_document(key(), day("2021-03-02"), made(office, "样本办法")).await;
    assert_eq!(codes(outcome), ["future-date"]);
    let made_now = service.make_document(key(), day("2021-03-01"), made(office, "样本办法")).await.unwrap();
    let rows = service.documents(&operator(now()), DocumentFilter::default(), Page::first(10)).await.unwrap();
    assert_eq!(rows.iter().map(|r| r.id).collect::<Vec<_>>(), [made_now]);
}

on_both! {
    the_same_key_does_the_thing_once_and_answers_the_same
    the_same_key_at_the_same_time_does_the_thing_once
    two_processes_asked_with_one_key_do_the_thing_once
    the_answer_is_kept_over_a_restart
    another_actor_or_verb_has_keys_of_its_own
    a_refusal_does_not_use_up_the_key
}
