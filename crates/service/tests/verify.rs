//! Verification, backup and restore, opening and the doctor.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use law::applicant::ApplicantClass;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::request::RequestEvent;
use law::receipt::Channel;
use place::{day, now, on_both, operator, seed, units};
use service::account::NewAccount;
use service::request::NewRequest;
use service::upkeep::KeySource;
use service::vault::Person;
use service::{Change, Error, Location, Region, Role, Service};
use std::path::Path;
use store::Store;
use uuid::Uuid;

/// A store with requests, a document and an account; the requests.
async fn fill(service: &Service, requests: usize) -> Vec<Uuid> {
    let (_, office) = units(service).await;
    let mut ids = Vec::new();
    for n in 0..requests {
        let new = NewRequest {
            arrived_on: day("2020-03-02"),
            channel: Channel::Counter,
            addressee: office,
            counted_by: office,
            class: ApplicantClass::NaturalPerson,
            subject: format!("样本申请{n:04}"),
            person: Some(Person { name: "样本甲".into(), ..Person::default() }),
            wanted: Default::default(),
            confirmed_on: None,
        };
        ids.push(service.receive_request(operator(now()), new).await.unwrap().id);
    }
    // A docket that goes through the whole journal.
    let assigned = RequestEvent::Assigned { unit: office.to_string(), until: None };
    let change = Change::event(day("2020-03-03"), assigned);
    service.change_request(operator(now()), ids[0], 2, change).await.unwrap();
    let made = DocumentEvent::Made {
        counted_by: office.to_string(),
        maker: office.to_string(),
        category: Category::Official,
        title: "样本公文".into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let id = service.make_document(operator(now()), day("2020-01-02"), made).await.unwrap();
    // Voided again: no row, no tally, but the journal keeps it.
    let void = Change::void(1, day("2020-01-03"), "重复登记");
    service.change_document(operator(now()), id, 1, void).await.unwrap();
    let account = NewAccount {
        login: "sample".into(),
        name: "样本员".into(),
        unit: Some(office),
        roles: vec![Role::Officer],
        password: "Sample-2021-pass-1".into(),
    };
    account_created(service, account).await;
    ids
}

async fn account_created(service: &Service, account: NewAccount) {
    let login = account.login.clone();
    let e = service
        .create_account(operator(now()), NewAccount { password: login.clone(), ..account.clone() })
        .await;
    assert!(matches!(e, Err(Error::Refused(_))));
    let password = "Entirely-2021-other".to_owned();
    service.create_account(operator(now()), NewAccount { password, ..account }).await.unwrap();
}

async fn problems(service: &Service) -> Vec<String> {
    service.verify(&operator(now()), |_, _| {}).await.unwrap().problems
}

async fn what_the_verbs_wrote_verifies(service: Service, _: Location) {
    fill(&service, 20).await;
    let mut heard = Vec::new();
    let verified = service.verify(&operator(now()), |done, all| heard.push((done, all))).await.unwrap();
    assert_eq!(verified.problems, Vec::<String>::new());
    // Two units, twenty requests, a document and an account; a request has two entries, one of them three. The
    // calendar is adopted by an entry that is no docket.
    assert_eq!(verified.dockets, 24);
    assert_eq!(verified.entries, 2 + 2 + 41 + 2 + 1);
    assert_eq!((heard.first(), heard.last()), (Some(&(0, 48)), Some(&(48, 48))));
}

/// A change behind the back of the service.
macro_rules! behind {
    ($at:expr, $tx:ident => $body:expr) => {{
        let store = Store::open(&$at).await.unwrap();
        let done = store
            .write(move |$tx: &mut store::Tx| {
                Box::pin(async move { $body }) as store::BoxFuture<'_, Result<_, store::Error>>
            })
            .await
            .unwrap();
        store.close().await;
        done
    }};
}

async fn a_changed_row_is_named_with_its_columns(service: Service, at: Location) {
    let ids = fill(&service, 3).await;
    let (region, id) = (service.region(), ids[1]);
    behind!(at, tx => {
        let mut row = tx.request(region, id).await?.unwrap();
        row.due_on = Some(day("2030-01-01"));
        row.stage = "served".into();
        tx.put_request(region, &row).await
    });
    let found = problems(&service).await;
    assert_eq!(found.len(), 1, "{found:?}");
    for part in [&id.to_string(), "申请登记簿", "due_on", "2030-01-01", "stage"] {
        assert!(found[0].contains(part), "{part} in {found:?}");
    }
    assert!(!found[0].contains("arrived_on"), "{found:?}");
}

async fn a_missing_row_and_one_too_many_are_named(service: Service, at: Location) {
    let ids = fill(&service, 3).await;
    let (region, gone, extra) = (service.region(), ids[0], Uuid::from_u128(77));
    behind!(at, tx => {
        let mut row = tx.request(region, gone).await?.unwrap();
        tx.remove_request(region, gone).await?;
        row.id = extra;
        row.number = Some("假".into());
        tx.put_request(region, &row).await
    });
    let found = problems(&service).await;
    // The clocks of the one that is gone stand alone.
    assert_eq!(found.len(), 3, "{found:?}");
    assert!(found[2].contains("期限登记中有 1 行"), "{found:?}");
    assert!(found[0].contains("缺少") && found[0].contains(&gone.to_string()), "{found:?}");
    assert!(found[1].contains("没有对应的日志") && found[1].contains(&extra.to_string()), "{found:?}");
}

async fn a_row_behind_its_docket_is_named(service: Service, at: Location) {
    let ids = fill(&service, 3).await;
    let (region, id) = (service.region(), ids[0]);
    behind!(at, tx => {
        let mut row = tx.request(region, id).await?.unwrap();
        row.version -= 1;
        tx.put_request(region, &row).await
    });
    let found = problems(&service).await;
    assert!(found.iter().any(|f| f.contains(&id.to_string())), "{found:?}");
}

async fn a_changed_tally_is_named(service: Service, at: Location) {
    fill(&service, 3).await;
    let region = service.region();
    let office = service.find_unit("sample-office").await.unwrap().id;
    behind!(at, tx => {
        tx.add_tally(region, office, 2020, "request.received.natural_person", 1_000_000).await?;
        tx.add_tally(region, office, 2019, "request.received.natural_person", 0).await
    });
    let found = problems(&service).await;
    assert_eq!(found.len(), 1, "a tally of nothing is none: {found:?}");
    assert!(found[0].contains("登记为4，按日志应为3") && found[0].contains("2020年"), "{found:?}");
}

async fn a_changed_account_is_named(service: Service, at: Location) {
    fill(&service, 1).await;
    let region = service.region();
    behind!(at, tx => {
        let mut row = tx.account_by_login(region, "sample").await?.unwrap();
        row.roles = r#"["administrator"]"#.into();
        tx.put_account(region, &row).await
    });
    let found = problems(&service).await;
    assert!(found.len() == 1 && found[0].contains("roles"), "{found:?}");
}

async fn who_may_not_ask_is_not_told(service: Service, _: Location) {
    let of = |role| {
        let actor =
            service::Actor::Officer { account: Uuid::nil(), name: "x".into(), unit: None, roles: vec![role] };
        service::Context::new(now(), actor, seed())
    };
    for (role, may) in
        [(Role::Officer, false), (Role::Head, false), (Role::Auditor, true), (Role::Administrator, true)]
    {
        assert_eq!(service.verify(&of(role), |_, _| {}).await.is_ok(), may, "{role:?}");
    }
    assert!(service.journal(&of(Role::Administrator), 0, 1).await.is_err());
}

on_both! {
    what_the_verbs_wrote_verifies
    a_changed_row_is_named_with_its_columns
    a_missing_row_and_one_too_many_are_named
    a_row_behind_its_docket_is_named
    a_changed_tally_is_named
    a_changed_account_is_named
    who_may_not_ask_is_not_told
}

/// Replaces text of the same length everywhere in the database file of a backup.
fn forge(folder: &Path, from: &str, to: &str) {
    assert_eq!(from.len(), to.len());
    let file = folder.join("gongkai.db");
    let mut bytes = std::fs::read(&file).unwrap();
    let places: Vec<usize> = bytes
        .windows(from.len())
        .enumerate()
        .filter(|(_, w)| *w == from.as_bytes())
        .map(|(n, _)| n)
        .collect();
    assert!(!places.is_empty(), "{from} is not in the file");
    for place in places {
        bytes[place..place + to.len()].copy_from_slice(to.as_bytes());
    }
    std::fs::write(&file, bytes).unwrap();
}

async fn made(at: &Location, requests: usize) -> Vec<Uuid> {
    let service = Service::init(at, Region(140_581), "样本市", seed(), now()).await.unwrap();
    let ids = fill(&service, requests).await;
    service.close().await;
    ids
}

#[tokio::test]
async fn a_changed_entry_is_named_by_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().join("home"));
    made(&at, 30).await;
    // A backup is one file, without a write-ahead log beside it.
    let copy = folder.path().join("copy");
    let service = Service::open(&at).await.unwrap();
    service.backup_with_key(&operator(now()), &copy).await.unwrap();
    service.close().await;
    // In the journal and in the row alike: only the hash knows.
    forge(&copy, "样本申请0007", "别的申请0007");
    let service = Service::open(&Location::Folder(copy)).await.unwrap();
    let found = problems(&service).await;
    assert_eq!(found.len(), 1, "{found:?}");
    // After the region, its calendar, two units and seven requests of two entries each.
    assert!(found[0].starts_with("第 19 条日志的内容与校验值不符"), "{found:?}");
    service.close().await;
}

#[tokio::test]
async fn a_backup_restores_and_verifies() {
    let folder = tempfile::tempdir().unwrap();
    let (home, to) = (folder.path().join("home"), folder.path().join("copy"));
    let at = Location::Folder(home.clone());
    made(&at, 5).await;
    std::fs::write(home.join("files").join("abc"), "附件").unwrap();
    let service = Service::open(&at).await.unwrap();
    assert!(service.backup(&operator(now()), &home.join("inside")).await.is_err());
    let backup = service.backup(&operator(now()), &to).await.unwrap();
    assert_eq!((backup.files, backup.with_key), (1, false));
    assert!(backup.said.contains("不含密钥") && !to.join("key").exists());
    let again = service.backup(&operator(now()), &to).await.unwrap_err();
    assert!(again.to_string().contains("空目录"), "{again}");
    let whole = folder.path().join("whole");
    assert!(service.backup_with_key(&operator(now()), &whole).await.unwrap().with_key);
    assert!(problems(&service).await.is_empty());
    service.close().await;

    let restored = Location::Folder(folder.path().join("restored"));
    let done = Service::restore(&to, &restored).await.unwrap();
    assert!(!done.with_key && done.said.contains("密钥"), "{done:?}");
    assert_eq!(std::fs::read_to_string(folder.path().join("restored/files/abc")).unwrap(), "附件");
    // Without its key it does not open; with it, it does.
    assert!(matches!(Service::open(&restored).await, Err(Error::Invalid(_))));
    std::fs::copy(home.join("key"), folder.path().join("restored/key")).unwrap();
    let service = Service::open(&restored).await.unwrap();
    assert!(problems(&service).await.is_empty());
    assert_eq!(service.region_name(), "样本市");
    service.close().await;

    let refused = Service::restore(&to, &restored).await.unwrap_err();
    assert!(refused.to_string().contains("空目录"), "{refused}");
    let nothing =
        Service::restore(folder.path(), &Location::Folder(folder.path().join("x"))).await.unwrap_err();
    assert!(nothing.to_string().contains("不是备份"), "{nothing}");

    // A backup that was changed is not restored, and leaves nothing behind.
    forge(&whole, "样本申请0003", "别的申请0003");
    let third = folder.path().join("third");
    let refused = Service::restore(&whole, &Location::Folder(third.clone())).await.unwrap_err();
    assert!(refused.to_string().contains("第 11 条日志"), "{refused}");
    assert_eq!(std::fs::read_dir(&third).unwrap().count(), 0);
}

#[tokio::test]
async fn the_key_belongs_to_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().join("a"));
    made(&at, 1).await;
    let twice = Service::init(&at, Region(140_581), "样本市", seed(), now()).await;
    assert!(matches!(twice, Err(Error::Store(store::Error::AlreadyExists(_)))), "{:?}", twice.err());
    let wrong = Service::open_with(&at, &KeySource::Given([1; 16]), None).await.err().unwrap();
    assert!(wrong.to_string().contains("密钥与数据不符"), "{wrong}");
    let text = std::fs::read_to_string(folder.path().join("a/key")).unwrap();
    let service =
        Service::open_with(&at, &KeySource::from_hex(&text).unwrap(), Some(Region(140_581))).await.unwrap();
    service.close().await;
    assert!(Service::open_with(&at, &KeySource::Folder, Some(Region(1))).await.is_err());
    std::fs::write(folder.path().join("a/key"), "not a key").unwrap();
    assert!(Service::open(&at).await.err().unwrap().to_string().contains("已损坏"));
    let nothing = Location::Folder(folder.path().join("b"));
    assert!(matches!(Service::open(&nothing).await, Err(Error::Store(store::Error::NotAStore(_)))));
    let postgres = Location::Postgres("postgres://nobody@127.0.0.1:1/none".into());
    let said = Service::init(&postgres, Region(140_581), "样本市", seed(), now()).await.err().unwrap();
    assert!(said.to_string().contains("GONGKAI_KEY"), "{said}");
    let unnamed = Service::init(&nothing, Region(140_581), " ", seed(), now()).await.err().unwrap();
    assert!(matches!(unnamed, Error::Invalid(_)) && !folder.path().join("b").exists());
}

#[tokio::test]
async fn the_doctor_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().join("a"));
    made(&at, 1).await;
    let service = Service::open(&at).await.unwrap();
    // A folder without fonts.
    let fonts = paper::Fonts::folder(folder.path());
    let found = service.doctor(&operator(now()), &fonts).await.unwrap();
    let of = |name: &str| found.iter().filter(|c| c.name == name).collect::<Vec<_>>();
    assert!(of("数据库")[0].ok && of("日志末条")[0].ok && of("今年工作日历")[0].ok, "{found:?}");
    assert!(of("明年工作日历").is_empty(), "in March next year's notice is not yet due: {found:?}");
    assert!(of("字体").iter().any(|c| !c.ok && c.advice.contains("fonts-")), "{found:?}");
    let roles: Vec<_> = of("账号").iter().map(|c| (c.ok, c.advice.clone())).collect();
    assert_eq!(roles.len(), 2, "no administrator and no head: {roles:?}");
    assert_eq!(of("磁盘空间").len(), 1);

    // Far in the future nobody knows the calendar.
    let december = operator("2090-12-01T00:00:00Z".parse().unwrap());
    let found = service.doctor(&december, &fonts).await.unwrap();
    let unknown: Vec<_> = found.iter().filter(|c| c.name.contains("工作日历")).map(|c| c.ok).collect();
    assert_eq!(unknown, [false, false]);
    service.close().await;
}

#[tokio::test]
async fn a_new_notice_moves_the_due_dates() {
    let folder = tempfile::tempdir().unwrap();
    let home = folder.path().join("a");
    let at = Location::Folder(home.clone());
    let ids = made(&at, 1).await;
    let service = Service::open(&at).await.unwrap();
    let due = service.request_view(&operator(now()), ids[0]).await.unwrap().due.unwrap().on;
    assert_eq!(due, day("2020-03-30"));
    service.close().await;

    // A special notice makes one working day of March a day of rest.
    let notice = include_str!("../../law/data/calendar/2020.toml");
    let (before, count) = notice.split_once("working_days = ").unwrap();
    let (count, after) = count.split_once('\n').unwrap();
    let fewer = count.trim().parse::<u32>().unwrap() - 1;
    let next = "  { name = \"清明节\"";
    let rest = format!("  {{ name = \"样本\", first = 2020-03-16, last = 2020-03-16 }},\n{next}");
    let special = format!("{before}working_days = {fewer}\n{after}").replacen(next, &rest, 1);
    std::fs::create_dir(home.join("calendar")).unwrap();
    std::fs::write(home.join("calendar/2020.toml"), special).unwrap();
    let service = Service::open(&at).await.unwrap();
    let done = service.follow_calendar(operator(now())).await.unwrap();
    assert_eq!((done.seen, done.moved), (1, 1));
    let filter = service::row::RequestFilter::default();
    let row = service.requests(&operator(now()), filter, service::Page::first(1)).await.unwrap().remove(0);
    assert_eq!(row.due_on, Some(day("2020-03-31")));
    assert!(problems(&service).await.is_empty());
    service.close().await;

    std::fs::write(home.join("calendar/2020.toml"), "year = 2020").unwrap();
    let said = Service::open(&at).await.err().unwrap().to_string();
    assert!(said.contains("2020.toml"), "{said}");
}
