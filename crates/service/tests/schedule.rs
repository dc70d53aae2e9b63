//! 定时公开, on both engines: what waits is seen by nobody, becomes public once, and not at all when it may not.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, made, verifies};
use jiff::civil::{DateTime, datetime};
use law::docket::document::{DisclosureAttribute, DocumentEvent};
use law::docket::interpretation::Form;
use place::{day, now, on_both, operator, seed, units};
use service::account::NewAccount;
use service::document::{AtAddress, PublicAsk, ScheduleRound};
use service::notice::NoticeText;
use service::{Actor, Change, Context, Error, Location, Result, Role, Service};
use uuid::Uuid;

on_both! { it_becomes_public_at_its_minute_under_the_name_of_who_set_it
the_term_is_the_last_day_and_the_check_comes_first what_may_not_be_public_any_more_is_missed_and_told
it_is_published_when_the_process_is_up_again_and_once a_document_and_what_interprets_it_wait_together
it_is_set_anew_and_called_off only_who_may_sets_it what_was_voided_is_not_published_again }

/// The store with a folder for files.
fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

async fn clerk(service: &Service, login: &str, unit: Uuid, role: Role) -> Actor {
    let new = NewAccount {
        login: login.into(),
        name: login.into(),
        unit: Some(unit),
        roles: vec![role],
        password: "Sample-password-1".into(),
    };
    let account = service.create_account(operator(now()), new).await.unwrap();
    Actor::Officer { account, name: login.into(), unit: Some(unit), roles: vec![role] }
}

/// A request at an instant, written in Shanghai time of 2021.
fn at(actor: &Actor, month_day_time: &str) -> Context {
    let instant = format!("2021-{month_day_time}:00+08:00").parse().unwrap();
    Context::new(instant, actor.clone(), seed())
}

fn minute(month: i8, day: i8, hour: i8) -> DateTime {
    datetime(2021, month, day, hour, 30, 0, 0)
}

async fn document(service: &Service, unit: Uuid, title: &str) -> Uuid {
    service.make_document(operator(now()), day("2021-03-01"), made(unit, title)).await.unwrap()
}

async fn version(service: &Service, id: Uuid) -> u32 {
    service.document_view(&operator(now()), id).await.unwrap().version
}

async fn set(service: &Service, by: &Actor, id: Uuid, minute: DateTime) -> Result<u32> {
    let ctx = at(by, "03-01T10:00");
    service.schedule_publication(ctx, (id, version(service, id).await), minute, Vec::new()).await
}

async fn round(service: &Service, month_day_time: &str) -> (usize, usize) {
    let ScheduleRound { published, missed } =
        service.publish_scheduled(&at(&Actor::Operator, month_day_time)).await.unwrap();
    (published, missed)
}

async fn is_public(service: &Service, id: Uuid) -> bool {
    matches!(service.public_document(id).await, Ok(AtAddress::Public(_)))
}

async fn listed(service: &Service) -> Vec<String> {
    let all = service.public_documents(&PublicAsk::default(), None).await.unwrap();
    all.into_iter().map(|d| d.title).collect()
}

async fn record(service: &Service, id: Uuid, event: DocumentEvent) -> Result<u32> {
    let change = Change::event(day("2021-03-01"), event);
    service.change_document(operator(now()), id, version(service, id).await, change).await
}

async fn it_becomes_public_at_its_minute_under_the_name_of_who_set_it(service: Service, at_: Location) {
    let (service, _own) = equipped(service, &at_);
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let id = document(&service, office, "甲办法").await;
    service.write_body(at(&by, "03-01T10:00"), id, None, "正文内容").await.unwrap();
    set(&service, &by, id, minute(3, 3, 9)).await.unwrap();
    let waiting = service.scheduled_documents(&operator(now())).await.unwrap();
    assert_eq!(waiting.iter().map(|w| (w.row.id, w.at)).collect::<Vec<_>>(), [(id, Some(minute(3, 3, 9)))]);
    for time in ["03-01T10:01", "03-03T09:29"] {
        assert_eq!(round(&service, time).await, (0, 0));
        assert!(!is_public(&service, id).await && listed(&service).await.is_empty(), "{time}");
    }
    assert_eq!(round(&service, "03-03T09:30").await, (1, 0));
    assert_eq!(listed(&service).await, ["甲办法"]);
    let Ok(AtAddress::Public(shown)) = service.public_document(id).await else { panic!("not public") };
    assert_eq!(shown.item.published_on, day("2021-03-03"));
    assert_eq!(shown.body.as_deref(), Some("正文内容"), "with its text");
    let view = service.document_view(&operator(now()), id).await.unwrap();
    assert_eq!(view.standing.unwrap().scheduled, None);
    let last = view.history.last().unwrap();
    assert!(matches!(last.recorded.event, Some(DocumentEvent::Disclosed { .. })));
    assert_eq!(last.actor, by.journal_name());
    assert_eq!(round(&service, "03-03T09:31").await, (0, 0), "once");
    assert!(service.scheduled_documents(&operator(now())).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn what_was_voided_is_not_published_again(service: Service, _: Location) {
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let id = document(&service, office, "甲办法").await;
    set(&service, &by, id, minute(3, 3, 9)).await.unwrap();
    // Dated before it was set, a calling off would change nothing.
    let off = Change::event(day("2021-03-01"), DocumentEvent::ScheduleCancelled { reason: "样例".into() });
    let early = Change { on: day("2021-02-28"), ..off };
    let early = service.change_document(operator(now()), id, version(&service, id).await, early).await;
    assert!(codes(early).contains(&"date-order".to_owned()));
    assert_eq!(round(&service, "03-03T09:30").await, (1, 0));
    // The officer sees that it should not have been.
    let entry = version(&service, id).await;
    let void = Change::void(entry, day("2021-03-03"), "不应公开");
    service.change_document(at(&by, "03-03T10:00"), id, entry, void).await.unwrap();
    assert!(!is_public(&service, id).await);
    assert_eq!(round(&service, "03-03T10:01").await, (0, 0));
    assert!(!is_public(&service, id).await, "nobody set this minute");
    assert!(service.scheduled_documents(&operator(now())).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn the_term_is_the_last_day_and_the_check_comes_first(service: Service, at_: Location) {
    let (service, _own) = equipped(service, &at_);
    let office = units(&service).await.1;
    let id = document(&service, office, "甲办法").await;
    let operator_ = Actor::Operator;
    // Twenty working days after 1 March 2021.
    let due = service.schedule_due(&operator(now()), id).await.unwrap().unwrap();
    assert_eq!(due.on, day("2021-03-29"));
    assert_eq!(codes(set(&service, &operator_, id, minute(3, 30, 9)).await), ["after-term"]);
    assert_eq!(codes(set(&service, &operator_, id, minute(3, 1, 9)).await), ["schedule-past"]);
    assert_eq!(codes(set(&service, &operator_, id, minute(2, 28, 9)).await), ["schedule-past"]);
    service.write_body(operator(now()), id, None, "联系人电话13800138000").await.unwrap();
    assert_eq!(codes(set(&service, &operator_, id, minute(3, 29, 9)).await), ["check-open"]);
    let found = service.check_document(&operator(now()), id).await.unwrap();
    let settled = (found[0].key.as_str(), "属于办公电话");
    service.settle_finding(operator(now()), id, version(&service, id).await, settled).await.unwrap();
    set(&service, &operator_, id, minute(3, 29, 9)).await.unwrap();
    assert!(!is_public(&service, id).await, "nothing is public by being scheduled");
    // Through the general door too.
    let sooner = DocumentEvent::Scheduled { at: minute(3, 8, 9) };
    record(&service, id, sooner.clone()).await.unwrap();
    let correction = Change::replace(4, day("2021-03-01"), sooner, "时间有误");
    let outcome = service.change_document(operator(now()), id, version(&service, id).await, correction).await;
    assert!(matches!(outcome, Err(Error::Invalid(_))), "{outcome:?}");
    let missed = DocumentEvent::ScheduleMissed { why: "样本".into() };
    assert!(matches!(record(&service, id, missed).await, Err(Error::Invalid(_))));
    assert_eq!(round(&service, "03-08T09:30").await, (1, 0));
    // What is late already is published at once.
    let old =
        service.make_document(operator(now()), day("2020-01-02"), made(office, "乙办法")).await.unwrap();
    assert_eq!(codes(set(&service, &operator_, old, minute(3, 2, 9)).await), ["term-over"]);
    verifies(&service).await;
}

async fn what_may_not_be_public_any_more_is_missed_and_told(service: Service, at_: Location) {
    let (service, _own) = equipped(service, &at_);
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let other = clerk(&service, "other", office, Role::Officer).await;
    let found = document(&service, office, "甲办法").await;
    let closed = document(&service, office, "乙办法").await;
    let orphan = document(&service, office, "丙办法").await;
    for id in [found, closed] {
        set(&service, &by, id, minute(3, 3, 9)).await.unwrap();
    }
    set(&service, &other, orphan, minute(3, 3, 9)).await.unwrap();
    // After it was set: a text with a telephone number, another attribute, and an account that is blocked.
    service.write_body(operator(now()), found, None, "联系人电话13800138000").await.unwrap();
    let held = DocumentEvent::AttributeChanged {
        attribute: DisclosureAttribute::Withheld,
        reason: "条例第十六条第一款".into(),
    };
    record(&service, closed, held).await.unwrap();
    service.set_disabled(operator(now()), "other", true).await.unwrap();
    assert_eq!(round(&service, "03-03T09:30").await, (0, 3));
    assert!(listed(&service).await.is_empty());
    let mut files = service.document_files(&operator(now()), found).await.unwrap();
    assert!(files.pop().unwrap().standing.published_on.is_none(), "nothing is half done");
    assert_eq!(round(&service, "03-03T09:31").await, (0, 0), "said once");
    let told = service.notices(&at(&by, "03-03T10:00"), None, 10).await.unwrap();
    let mut said: Vec<(Uuid, String)> = told
        .into_iter()
        .map(|t| match t.text {
            NoticeText::NotPublished { document, why } => (document, why),
            other => panic!("{other:?}"),
        })
        .collect();
    said.sort_by_key(|(id, _)| [found, closed, orphan].iter().position(|d| d == id));
    assert_eq!(said.iter().map(|(id, _)| *id).collect::<Vec<_>>(), [found, closed, orphan]);
    assert_eq!(said[0].1, "公开前检查有没有处理的内容", "what was found is not repeated");
    assert!(said[1].1.contains("不予公开"), "{said:?}");
    assert!(said[2].1.contains("已经停用"), "whoever is left in the unit learns it: {said:?}");
    let missed = service.scheduled_documents(&operator(now())).await.unwrap();
    assert_eq!((missed.len(), missed.iter().all(|w| w.at.is_none())), (3, true));
    // What was found is settled, and it is published by hand.
    service.write_body(operator(now()), found, None, "").await.unwrap_err();
    let over = service.document_body(&operator(now()), found).await.unwrap().map(|(id, _)| id);
    service.write_body(operator(now()), found, over, "没有电话").await.unwrap();
    let ctx = at(&by, "03-04T09:00");
    let disclosed = Change::event(day("2021-03-04"), DocumentEvent::Disclosed { url: None });
    service.change_document(ctx, found, version(&service, found).await, disclosed).await.unwrap();
    // The others are settled otherwise.
    for id in [closed, orphan] {
        let ctx = at(&by, "03-04T09:00");
        let off = DocumentEvent::ScheduleCancelled { reason: "另行处理".into() };
        let change = Change::event(day("2021-03-04"), off);
        service.change_document(ctx, id, version(&service, id).await, change).await.unwrap();
    }
    assert!(service.scheduled_documents(&operator(now())).await.unwrap().is_empty());
    verifies(&service).await;
}

async fn it_is_published_when_the_process_is_up_again_and_once(service: Service, _: Location) {
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let id = document(&service, office, "甲办法").await;
    set(&service, &by, id, minute(3, 3, 23)).await.unwrap();
    // Down over midnight; then two processes look at the same time.
    let (one, two) = tokio::join!(round(&service, "03-04T08:00"), round(&service, "03-04T08:00"));
    assert_eq!(one.0 + two.0, 1);
    assert_eq!(one.1 + two.1, 0);
    let Ok(AtAddress::Public(shown)) = service.public_document(id).await else { panic!("not public") };
    assert_eq!(shown.item.published_on, day("2021-03-04"), "the day on which it became public");
    let history = service.document_view(&operator(now()), id).await.unwrap().history;
    let disclosed =
        history.iter().filter(|h| matches!(h.recorded.event, Some(DocumentEvent::Disclosed { .. })));
    assert_eq!(disclosed.count(), 1);
    verifies(&service).await;
}

async fn a_document_and_what_interprets_it_wait_together(service: Service, _: Location) {
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let id = document(&service, office, "甲办法").await;
    let interpret = async |title: &str| {
        let said = (title.to_owned(), Form::Text);
        service.interpret_document(operator(now()), id, day("2021-03-01"), said).await.unwrap()
    };
    let (with_it, before, after) =
        (interpret("解读一").await, interpret("解读二").await, interpret("解读三").await);
    assert_eq!(codes(set(&service, &by, with_it, minute(3, 3, 9)).await), ["document-not-public"]);
    let known = service.interpretations_to_publish(&operator(now()), id).await.unwrap();
    assert_eq!(known.len(), 3);
    let all = |with: Vec<Uuid>| {
        let (service, by) = (&service, &by);
        async move {
            let to = (id, version(service, id).await);
            service.schedule_publication(at(by, "03-01T10:00"), to, minute(3, 3, 9), with).await
        }
    };
    let stranger = document(&service, office, "乙办法").await;
    assert_eq!(codes(all(vec![stranger]).await), ["not-its-interpretation"]);
    all(vec![with_it]).await.unwrap();
    assert_eq!(codes(set(&service, &by, before, minute(3, 3, 8)).await), ["document-not-public"]);
    set(&service, &by, after, minute(3, 3, 10)).await.unwrap();
    assert_eq!(round(&service, "03-03T09:29").await, (0, 0));
    assert_eq!(round(&service, "03-03T09:30").await, (2, 0), "the document first, then what interprets it");
    assert!(is_public(&service, id).await && is_public(&service, with_it).await);
    assert_eq!(round(&service, "03-03T10:30").await, (1, 0));
    assert!(!is_public(&service, before).await && is_public(&service, after).await);
    // A document that did not become public takes nothing along.
    let alone = document(&service, office, "丙办法").await;
    let said = ("解读四".to_owned(), Form::Text);
    let four = service.interpret_document(operator(now()), alone, day("2021-03-01"), said).await.unwrap();
    let to = (alone, version(&service, alone).await);
    service.schedule_publication(at(&by, "03-01T10:00"), to, minute(3, 5, 9), vec![four]).await.unwrap();
    let off = DocumentEvent::ScheduleCancelled { reason: String::new() };
    record(&service, alone, off).await.unwrap();
    assert_eq!(round(&service, "03-05T09:30").await, (0, 1));
    assert!(!is_public(&service, four).await);
    verifies(&service).await;
}

async fn it_is_set_anew_and_called_off(service: Service, _: Location) {
    let office = units(&service).await.1;
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    let id = document(&service, office, "甲办法").await;
    set(&service, &by, id, minute(3, 3, 9)).await.unwrap();
    assert_eq!(codes(set(&service, &by, id, minute(3, 3, 9)).await), ["unchanged"]);
    set(&service, &by, id, minute(3, 4, 9)).await.unwrap();
    assert_eq!(round(&service, "03-03T09:30").await, (0, 0), "the later one holds");
    let off = DocumentEvent::ScheduleCancelled { reason: "会议改期".into() };
    record(&service, id, off.clone()).await.unwrap();
    assert_eq!(codes(record(&service, id, off).await), ["not-scheduled"]);
    assert_eq!(round(&service, "03-04T09:30").await, (0, 0));
    assert!(!is_public(&service, id).await);
    // Published by hand before its minute, it is not published again.
    set(&service, &by, id, minute(3, 4, 9)).await.unwrap();
    record(&service, id, DocumentEvent::Disclosed { url: None }).await.unwrap();
    assert_eq!(round(&service, "03-04T09:30").await, (0, 0));
    // Voided, it waits for nothing; and then the document too.
    let gone = document(&service, office, "乙办法").await;
    set(&service, &by, gone, minute(3, 3, 9)).await.unwrap();
    for entry in [2, 1] {
        let void = Change::void(entry, day("2021-03-01"), "重复登记");
        service.change_document(operator(now()), gone, version(&service, gone).await, void).await.unwrap();
        assert!(service.scheduled_documents(&operator(now())).await.unwrap().is_empty());
        assert_eq!(round(&service, "03-03T09:30").await, (0, 0));
    }
    verifies(&service).await;
}

async fn only_who_may_sets_it(service: Service, _: Location) {
    let office = units(&service).await.1;
    let elsewhere = cases::establish(&service, "elsewhere", None).await;
    let id = document(&service, office, "甲办法").await;
    let reviewer = clerk(&service, "reviewer", office, Role::Reviewer).await;
    let stranger = clerk(&service, "stranger", elsewhere, Role::Officer).await;
    for actor in [&reviewer, &stranger] {
        let outcome = set(&service, actor, id, minute(3, 3, 9)).await;
        assert!(matches!(outcome, Err(Error::NotAllowed(_))), "{outcome:?}");
    }
    let ctx = at(&stranger, "03-01T10:00");
    assert!(service.scheduled_documents(&ctx).await.unwrap().is_empty());
    assert!(matches!(service.publish_scheduled(&ctx).await, Err(Error::NotAllowed(_))));
    // Whoever lost the right meanwhile publishes nothing.
    let by = clerk(&service, "clerk", office, Role::Officer).await;
    set(&service, &by, id, minute(3, 3, 9)).await.unwrap();
    service.set_roles(operator(now()), "clerk", vec![Role::Reviewer]).await.unwrap();
    assert_eq!(round(&service, "03-03T09:30").await, (0, 1));
    assert!(!is_public(&service, id).await);
}
