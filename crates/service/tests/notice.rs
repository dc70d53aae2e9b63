//! Reminders, jobs and letters: each once, to whom they concern.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use jiff::Timestamp;
use law::applicant::ApplicantClass;
use law::docket::request::RequestEvent as E;
use law::receipt::Channel;
use place::{day, on_both, operator, seed, units};
use service::account::NewAccount;
use service::job::Job;
use service::mail::Delivery;
use service::notice::NoticeText;
use service::request::NewRequest;
use service::{Actor, Change, Context, Error, Location, Role, Service};
use uuid::Uuid;

fn then(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The morning of a day of March 2024.
fn morning(of: &str) -> Timestamp {
    then(&format!("2024-03-{of}T00:00:00Z"))
}

async fn received(service: &Service, unit: Uuid, channel: Channel, on: &str) -> Uuid {
    let new = NewRequest {
        arrived_on: day(on),
        channel,
        addressee: unit,
        counted_by: unit,
        class: ApplicantClass::NaturalPerson,
        subject: "样本".into(),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    };
    service.receive_request(operator(morning("01")), new).await.unwrap().id
}

async fn officer(service: &Service, login: &str, unit: Option<Uuid>, role: Role) -> Actor {
    let new = NewAccount {
        login: login.into(),
        name: "样本员".into(),
        unit,
        roles: vec![role],
        password: "Entirely-2024-other".into(),
    };
    let account = service.create_account(operator(morning("01")), new).await.unwrap();
    Actor::Officer { account, name: "样本员".into(), unit, roles: vec![role] }
}

async fn told(service: &Service, actor: &Actor, at: Timestamp) -> Vec<String> {
    let ctx = Context::new(at, actor.clone(), seed());
    let all = service.notices(&ctx, None, 100).await.unwrap();
    all.iter().rev().map(|n| n.text.sentence()).collect()
}

/// Due on Friday, 8 March 2024: told on the fifth, third and first working day before, on the day and after it.
async fn a_clock_is_told_of_at_each_threshold_once(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let id = received(&service, office, Channel::Counter, "2024-02-05").await;
    let clerk = officer(&service, "clerk", Some(office), Role::Officer).await;
    let head = officer(&service, "head", Some(office), Role::Head).await;
    let other = officer(&service, "elsewhere", Some(government), Role::Officer).await;
    let mut new = Vec::new();
    for of in ["01", "04", "05", "06", "07", "08", "09", "11"] {
        let first = service.remind(operator(morning(of))).await.unwrap();
        assert_eq!(service.remind(operator(morning(of))).await.unwrap(), 0, "twice on the {of}th is once");
        new.push(first);
    }
    // Five left on the first, then four; three; two; one; the day itself; over, for the clerk and the head, once.
    assert_eq!(new, [1, 0, 1, 0, 1, 1, 2, 0]);
    let sentences = told(&service, &clerk, morning("11")).await;
    let has = |n: usize, part: &str| assert!(sentences[n].contains(part), "{part} in {sentences:?}");
    has(0, "申请2024-00001的“答复申请人”还剩5个工作日，2024年3月8日到期");
    has(1, "还剩3个工作日");
    has(2, "还剩1个工作日");
    has(3, "今天到期");
    has(4, "期限2024年3月8日已过");
    assert_eq!(told(&service, &head, morning("11")).await, sentences[4..]);
    assert!(told(&service, &other, morning("11")).await.is_empty());

    // An extension: the new date is told of anew.
    let version = service.request_view(&operator(morning("11")), id).await.unwrap().version;
    let extended = E::Extended { days: 5, approved_by: "样本负责人".into(), reason: "样本".into() };
    let change = Change::event(day("2024-03-07"), extended);
    service.change_request(operator(morning("11")), id, version, change).await.unwrap();
    service.remind(operator(morning("11"))).await.unwrap();
    assert!(told(&service, &clerk, morning("11")).await[5].contains("还剩4个工作日，2024年3月15日到期"));
}

async fn a_day_without_the_job_is_made_up_for(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    received(&service, office, Channel::Internet, "2024-02-29").await;
    let clerk = officer(&service, "clerk", Some(office), Role::Officer).await;
    service.remind(operator(morning("04"))).await.unwrap();
    let sentences = told(&service, &clerk, morning("04")).await;
    assert_eq!(sentences, ["一件待确认的申请的“双方确认”期限2024年2月29日已过，请立即办理"]);
}

async fn what_is_read_is_read_for_the_unit(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    received(&service, office, Channel::Counter, "2024-02-05").await;
    let clerk = officer(&service, "clerk", Some(office), Role::Officer).await;
    let colleague = officer(&service, "colleague", Some(office), Role::Officer).await;
    let stranger = officer(&service, "stranger", Some(office), Role::Auditor).await;
    service.remind(operator(morning("01"))).await.unwrap();
    let as_ = |actor: &Actor| Context::new(morning("01"), actor.clone(), seed());
    let id = service.notices(&as_(&clerk), None, 10).await.unwrap()[0].id;
    assert_eq!(service.unread_notices(&as_(&colleague)).await.unwrap(), 1);
    assert_eq!(service.read_notices(as_(&stranger), vec![id]).await.unwrap(), 0, "not the stranger's");
    assert_eq!(service.read_notices(as_(&clerk), vec![id, Uuid::from_u128(1)]).await.unwrap(), 1);
    assert_eq!(service.unread_notices(&as_(&colleague)).await.unwrap(), 0);
    assert!(!service.notices(&as_(&colleague), None, 10).await.unwrap()[0].unread);
    let nobody = Context::new(morning("01"), Actor::Anonymous, seed());
    assert!(matches!(service.notices(&nobody, None, 10).await, Err(Error::SignIn)));
    assert_eq!(service.unread_notices(&nobody).await.unwrap(), 0);
}

async fn a_job_is_taken_by_one_and_again_after_its_lease(service: Service, _: Location) {
    let at = |text: &str| operator(then(text));
    let mut first = Vec::new();
    while let Some(taken) = service.take_job(&at("2024-03-07T23:00:00Z")).await.unwrap() {
        first.push(taken);
    }
    let kinds: Vec<Job> = first.iter().map(|t| t.job).collect();
    assert_eq!(kinds, Job::ALL);
    assert!(service.take_job(&at("2024-03-07T23:09:59Z")).await.unwrap().is_none());
    // The first process is gone; another takes what it held, and the first comes too late.
    let again = service.take_job(&at("2024-03-07T23:10:00Z")).await.unwrap().unwrap();
    assert_eq!(again.job, Job::Remind);
    assert!(!service.end_job(&at("2024-03-07T23:10:01Z"), first[0], None).await.unwrap());
    assert!(service.end_job(&at("2024-03-07T23:10:02Z"), again, None).await.unwrap());
    let due = |jobs: Vec<store::JobRow>, job: Job| {
        jobs.into_iter().find(|j| j.kind == job.key()).map(|j| (j.due_at, j.failed)).unwrap()
    };
    let jobs = service.jobs(&at("2024-03-07T23:11:00Z")).await.unwrap();
    assert_eq!(due(jobs, Job::Remind), (then("2024-03-08T23:00:00Z"), None), "the next morning");
    // What failed is tried again soon, with its reason kept.
    let tidy = first.iter().find(|t| t.job == Job::Tidy).unwrap();
    service.end_job(&at("2024-03-07T23:05:00Z"), *tidy, Some("磁盘已满".into())).await.unwrap();
    let jobs = service.jobs(&at("2024-03-07T23:11:00Z")).await.unwrap();
    assert_eq!(due(jobs, Job::Tidy), (then("2024-03-07T23:10:00Z"), Some("磁盘已满".into())));
}

async fn letters_go_to_whom_they_concern_and_hold_nothing_personal(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, Channel::Counter, "2024-02-05").await;
    officer(&service, "clerk", Some(office), Role::Officer).await;
    officer(&service, "unreached", Some(office), Role::Officer).await;
    officer(&service, "admin", None, Role::Administrator).await;
    for (login, address) in [("clerk", "clerk@example.invalid"), ("admin", "admin@example.invalid")] {
        service.set_contact(operator(morning("01")), login, address).await.unwrap();
    }
    let refused =
        service.set_contact(operator(morning("01")), "clerk", "clerk@example.invalid\r\nBcc: x@y.cn").await;
    assert!(matches!(refused, Err(Error::Refused(_))));
    let desk = "https://gk.example.invalid";
    assert_eq!(service.write_letters(operator(morning("01")), desk).await.unwrap(), 0, "nothing to tell yet");
    service.remind(operator(morning("01"))).await.unwrap();
    assert_eq!(service.write_letters(operator(morning("01")), desk).await.unwrap(), 1);
    assert_eq!(service.write_letters(operator(morning("01")), desk).await.unwrap(), 0, "once a day");

    let letters = service.take_letters(&operator(morning("01"))).await.unwrap();
    assert_eq!(letters.len(), 1);
    let letter = &letters[0];
    assert_eq!(
        (letter.address.as_str(), letter.subject.as_str()),
        ("clerk@example.invalid", "政府信息公开工作提醒（1件）")
    );
    for part in
        ["1. 申请2024-00001的“答复申请人”还剩5个工作日", &format!("{desk}/desk/requests/{id}"), "1条未读"]
    {
        assert!(letter.body.contains(part), "{part} in {}", letter.body);
    }
    assert!(!letter.body.contains("样本") && !letter.body.contains('{'), "{}", letter.body);
    assert!(service.take_letters(&operator(morning("01"))).await.unwrap().is_empty(), "taken is taken");

    // The server asks for patience: tried again a minute later. Then it refuses for good: somebody must look at it.
    let soon = operator(then("2024-03-01T00:01:00Z"));
    service.settle_letter(&soon, letter, Delivery::Later("451 稍后".into())).await.unwrap();
    let again = service.take_letters(&soon).await.unwrap();
    assert_eq!(again.len(), 1);
    service.settle_letter(&soon, &again[0], Delivery::Never("550 no such user".into())).await.unwrap();
    assert!(service.take_letters(&operator(morning("02"))).await.unwrap().is_empty());
    let admin = Actor::Officer {
        account: Uuid::from_u128(9),
        name: "样本员".into(),
        unit: None,
        roles: vec![Role::Administrator],
    };
    let sentences = told(&service, &admin, morning("02")).await;
    assert_eq!(sentences, ["账号“clerk”的提醒邮件不能送达，请核对邮箱地址（550 no such user）"]);
}

async fn a_new_calendar_is_told_to_each_unit_once(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(&service, "clerk", Some(office), Role::Officer).await;
    for on in ["2024-02-05", "2024-02-06"] {
        received(&service, office, Channel::Counter, on).await;
    }
    let text = include_str!("../../law/data/calendar/2024.toml");
    let special = text.replacen("working_days = 251", "working_days = 250", 1).replacen(
        "\n]\nwork",
        "\n  { name = \"样本\", first = 2024-12-30, last = 2024-12-30 },\n  ]\nwork",
        1,
    );
    // A day of rest that no clock reaches moves nothing.
    let special = special.replace("  ]\nwork", "]\nwork");
    service.install_calendar(operator(morning("01")), &special).await.unwrap();
    assert_eq!(service.follow_calendar(operator(morning("01"))).await.unwrap().moved, 0);
    assert!(told(&service, &clerk, morning("01")).await.is_empty());
    let march = special.replacen("working_days = 250", "working_days = 249", 1).replacen(
        "{ name = \"清明节\"",
        "{ name = \"样本\", first = 2024-03-04, last = 2024-03-04 },\n  { name = \"清明节\"",
        1,
    );
    service.install_calendar(operator(morning("01")), &march).await.unwrap();
    assert_eq!(service.follow_calendar(operator(morning("01"))).await.unwrap().moved, 2);
    let ctx = Context::new(morning("01"), clerk, seed());
    let all = service.notices(&ctx, None, 10).await.unwrap();
    assert_eq!(all.len(), 1);
    assert!(matches!(&all[0].text, NoticeText::Moved { requests: 2, .. }), "{all:?}");
}

on_both! {
    a_clock_is_told_of_at_each_threshold_once
    a_day_without_the_job_is_made_up_for
    what_is_read_is_read_for_the_unit
    a_job_is_taken_by_one_and_again_after_its_lease
    letters_go_to_whom_they_concern_and_hold_nothing_personal
    a_new_calendar_is_told_to_each_unit_once
    who_watches_a_request_is_told_of_what_others_record
}

async fn who_watches_a_request_is_told_of_what_others_record(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let id = received(&service, office, Channel::Counter, "2024-02-05").await;
    let clerk = officer(&service, "clerk", Some(office), Role::Officer).await;
    let head = officer(&service, "head", Some(office), Role::Head).await;
    let third = officer(&service, "third", Some(office), Role::Officer).await;
    let school = cases::establish(&service, "school", Some(government)).await;
    officer(&service, "elsewhere", Some(school), Role::Officer).await;
    let record = |actor: &Actor, of: &'static str, event: E| {
        let (service, actor) = (service.clone(), actor.clone());
        async move {
            let ctx = || Context::new(morning(of), actor.clone(), seed());
            let version = service.request_view(&ctx(), id).await.unwrap().version;
            let on = day(&format!("2024-03-{of}"));
            service.change_request(ctx(), id, version, Change::event(on, event)).await
        }
    };
    let note = |watchers: &[&str]| E::Noted {
        text: "请核对".into(),
        watchers: watchers.iter().map(|&w| w.to_owned()).collect(),
    };
    let refused = cases::codes(record(&clerk, "01", note(&["elsewhere"])).await);
    assert_eq!(refused, ["watcher-cannot-see"]);
    record(&clerk, "01", note(&["head", "clerk", "third", "head"])).await.unwrap();
    record(&clerk, "04", E::Searched { note: "样本".into() }).await.unwrap();
    let sentences = told(&service, &head, morning("05")).await;
    assert_eq!(
        sentences,
        ["您关注的申请2024-00001有新的办理记录：内部批注", "您关注的申请2024-00001有新的办理记录：检索"]
    );
    assert_eq!(told(&service, &third, morning("05")).await, sentences, "each of them, once");
    assert!(told(&service, &clerk, morning("05")).await.is_empty(), "nobody is told of what they record");
    // Whoever may see it no more is told no more.
    let accounts = vec!["clerk".to_owned(), "head".to_owned()];
    let restricted = E::Restricted { accounts, reason: "样本".into() };
    record(&head, "04", restricted).await.unwrap();
    record(&clerk, "05", E::Searched { note: "样本".into() }).await.unwrap();
    assert_eq!(told(&service, &third, morning("05")).await.len(), 2);
    record(&head, "05", E::Restricted { accounts: Vec::new(), reason: "样本".into() }).await.unwrap();
    let before = told(&service, &head, morning("05")).await.len();
    // Whoever is left out is told no more.
    record(&clerk, "05", note(&[])).await.unwrap();
    record(&clerk, "06", E::Searched { note: "样本".into() }).await.unwrap();
    assert_eq!(told(&service, &head, morning("07")).await.len(), before);
    cases::verifies(&service).await;
}
