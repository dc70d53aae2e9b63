//! Full-text search over all that is public, on both engines: fresh after every change, whole after every accident.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{codes, made, morning, officer, on};
use law::docket::document::{DisclosureAttribute, DocumentEvent, Validity};
use law::docket::file::{FileEvent, FileRole};
use law::docket::report::{Part, Scope};
use law::docket::unit::UnitEvent;
use place::{day, now, on_both, on_sqlite, operator, units};
use search::{Document, FullText};
use service::asking::Place;
use service::document::PublicAsk;
use service::report::ReportAction;
use service::search::{Ask, Facet, Found, FoundBy, MOST_PAGES, Order, PAGE, Segment};
use service::{Change, Location, Role, Service, civil_date};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use uuid::Uuid;

on_both! { found_as_soon_as_it_is_published what_stands_in_texts_and_attachments_is_found only_what_is_public_is_found narrowed_by_facets what_has_ended_comes_last
what_expires_needs_no_entry_to_be_found_so a_restart_learns_what_expired_meanwhile
a_report_is_found_by_its_text another_name_of_a_unit pages_end other_words_are_tried without_a_folder
many_at_once one_process_at_a_time a_restart_catches_up without_a_mark_it_is_built_anew damaged_it_is_built_anew
another_journal_is_read_anew what_went_wrong_before_a_mark_is_read_again }

/// A service with an index in a folder of its own, as a process that starts has it.
fn started(service: &Service, folder: &TempDir) -> Service {
    service.clone().with_search(folder.path().join("index"))
}

fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Where the index of the region lies.
fn index_of(service: &Service, folder: &TempDir) -> PathBuf {
    folder.path().join("index").join(service.region().to_string())
}

async fn disclosed_on(service: &Service, unit: Uuid, title: &str, date: &str) -> Uuid {
    let id = service.make_document(operator(now()), day("2019-01-01"), made(unit, title)).await.unwrap();
    happens(service, id, date, DocumentEvent::Disclosed { url: None }).await;
    id
}

async fn disclosed(service: &Service, unit: Uuid, title: &str) -> Uuid {
    disclosed_on(service, unit, title, "2021-02-02").await
}

async fn happens(service: &Service, id: Uuid, date: &str, event: DocumentEvent) {
    let version = service.document_view(&operator(now()), id).await.unwrap().version;
    service.change_document(operator(now()), id, version, Change::event(day(date), event)).await.unwrap();
}

async fn withdrawn(service: &Service, id: Uuid) {
    let event =
        DocumentEvent::Withdrawn { reason: "样本理由".into(), told: String::new(), kept: String::new() };
    happens(service, id, "2021-02-03", event).await;
}

fn words(text: &str) -> Ask {
    Ask { text: text.into(), ..Ask::default() }
}

async fn find(service: &Service, text: &str) -> Found {
    service.search_public(&words(text), civil_date(now())).await.unwrap()
}

async fn ids(service: &Service, text: &str) -> Vec<Uuid> {
    find(service, text).await.items.into_iter().map(|i| i.id).collect()
}

fn counts(found: &Found, facet: Facet) -> Vec<(&str, usize)> {
    let values = &found.facets.iter().find(|(f, _)| *f == facet).unwrap().1;
    values.iter().map(|v| (v.label.as_str(), v.count)).collect()
}

fn marked(segments: &[Segment]) -> Vec<&str> {
    segments.iter().filter(|(_, hit)| *hit).map(|(text, _)| text.as_str()).collect()
}

async fn found_as_soon_as_it_is_published(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    assert_eq!(find(&service, "供水管网").await.total, 0);
    let water = disclosed(&service, office, "样本市城区供水管网改造办法").await;
    let found = find(&service, "供水管网").await;
    assert_eq!(found.total, 1);
    let item = &found.items[0];
    assert_eq!((item.id, item.publisher.as_str()), (water, "样本市人民政府办公室"));
    assert_eq!((marked(&item.title), item.published_on), (vec!["供水管网"], day("2021-02-02")));
    assert_eq!(ids(&service, "").await, [water], "no words find everything");
    withdrawn(&service, water).await;
    assert_eq!(find(&service, "供水管网").await.total, 0);
}

async fn what_stands_in_texts_and_attachments_is_found(service: Service, at: Location) {
    let (folder, files, (_, office)) = (folder(), folder(), units(&service).await);
    let service = match at {
        Location::Folder(_) => service,
        Location::Postgres(_) => service.with_files(files.path()),
    };
    let service = started(&service, &folder);
    let id =
        service.make_document(operator(now()), day("2021-02-01"), made(office, "样本办法")).await.unwrap();
    service.write_body(operator(now()), id, None, "农村饮水安全的补助标准").await.unwrap();
    let mut upload = service.upload(FileRole::Annex, "任务分解表.csv");
    upload.push("任务\n修缮文化礼堂\n".as_bytes());
    let annex = service.add_annex(operator(now()), id, upload).await.unwrap();
    assert_eq!(find(&service, "饮水安全").await.total, 0, "before it is public");
    happens(&service, id, "2021-02-02", DocumentEvent::Disclosed { url: None }).await;
    let found = find(&service, "饮水安全").await;
    assert_eq!((found.total, marked(&found.items[0].snippet)), (1, vec!["饮水安全"]));
    for words in ["文化礼堂", "任务分解表"] {
        assert_eq!(ids(&service, words).await, [id], "{words}");
    }
    // Another text waits, and is found once it is public; the attachment is taken down.
    let over = service.document_body(&operator(now()), id).await.unwrap().map(|(id, _)| id);
    let text = service.write_body(operator(now()), id, over, "农村道路养护的补助标准").await.unwrap();
    assert_eq!((find(&service, "道路养护").await.total, find(&service, "饮水安全").await.total), (0, 1));
    let down = FileEvent::Withdrawn { reason: "有误".into() };
    for (file, event) in [(text, FileEvent::Published), (annex, down)] {
        let files = service.document_files(&operator(now()), id).await.unwrap();
        let version = files.iter().find(|f| f.id == file).unwrap().version;
        service.change_document_file(operator(now()), (id, file), version, event).await.unwrap();
    }
    assert_eq!((find(&service, "道路养护").await.total, find(&service, "饮水安全").await.total), (1, 0));
    assert_eq!(find(&service, "文化礼堂").await.total, 0);
    // A service that starts with no index reads the same.
    let again = tempfile::tempdir().unwrap();
    assert_eq!(ids(&started(&service, &again), "道路养护").await, [id]);
}

async fn only_what_is_public_is_found(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let title = "样本市老旧小区改造实施方案";
    service.make_document(operator(now()), day("2021-02-01"), made(office, title)).await.unwrap();
    for attribute in [DisclosureAttribute::OnRequest, DisclosureAttribute::Withheld] {
        let mut event = made(office, title);
        let DocumentEvent::Made { attribute: a, reason, .. } = &mut event else { panic!() };
        (*a, *reason) = (attribute, Some("条例第十六条".into()));
        service.make_document(operator(now()), day("2021-02-01"), event).await.unwrap();
    }
    let found = find(&service, "老旧小区").await;
    assert_eq!((found.total, found.items.len()), (0, 0));
    assert!(found.facets.iter().all(|(_, values)| values.is_empty()), "nothing is counted either");
    let open = disclosed(&service, office, title).await;
    assert_eq!(ids(&service, "老旧小区").await, [open]);
    assert_eq!(ids(&service, &"样".repeat(100_000)).await, [] as [Uuid; 0]);
}

async fn narrowed_by_facets(service: Service, _: Location) {
    let (folder, (government, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let first = disclosed_on(&service, office, "样本补助办法", "2020-05-01").await;
    let second = disclosed_on(&service, government, "样本招生办法", "2021-02-02").await;
    let found = find(&service, "样本").await;
    assert_eq!(counts(&found, Facet::Column), [("政策文件", 2)]);
    let units: Vec<_> = counts(&found, Facet::Unit).into_iter().map(|(name, _)| name).collect();
    assert!(units.contains(&"样本市人民政府") && units.contains(&"样本市人民政府办公室"), "{units:?}");
    let narrowed = |facet, key: &str| Ask { filters: vec![(facet, key.into())], ..words("样本") };
    for (facet, key, label, id) in
        [(Facet::Unit, "sample-office", "样本市人民政府办公室", first), (Facet::Year, "2021", "2021", second)]
    {
        let found = service.search_public(&narrowed(facet, key), civil_date(now())).await.unwrap();
        assert_eq!(found.items.iter().map(|i| i.id).collect::<Vec<_>>(), [id]);
        assert_eq!((found.chosen[0].0, found.chosen[0].1.label.as_str()), (facet, label));
        assert_eq!(counts(&found, facet).len(), 2, "what another choice would give is counted");
    }
    for nobody in ["nobody", "", "\u{0}"] {
        let found = service.search_public(&narrowed(Facet::Unit, nobody), civil_date(now())).await.unwrap();
        assert_eq!(found.total, 0);
    }
    let since = Ask { since: Some(day("2021-01-01")), ..words("样本") };
    assert_eq!(service.search_public(&since, civil_date(now())).await.unwrap().total, 1);
}

async fn what_has_ended_comes_last(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let old = disclosed_on(&service, office, "样本办法", "2019-02-02").await;
    let new = disclosed_on(&service, office, "样本补助和奖励办法（试行）", "2021-01-02").await;
    assert_eq!(ids(&service, "样本 办法").await, [old, new], "the shorter title fits better");
    happens(&service, old, "2021-02-01", DocumentEvent::Repealed { by: "样本决定".into() }).await;
    assert_eq!(ids(&service, "样本 办法").await, [new, old]);
    let newest = Ask { order: Order::Newest, ..words("样本 办法") };
    let found = service.search_public(&newest, civil_date(now())).await.unwrap();
    assert_eq!(found.items.iter().map(|i| i.id).collect::<Vec<_>>(), [new, old]);
    assert_eq!(counts(&found, Facet::Validity).iter().map(|(_, n)| n).sum::<usize>(), 2);
}

async fn what_expires_needs_no_entry_to_be_found_so(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let searching = started(&service, &folder);
    let id = disclosed(&service, office, "样本补助办法").await;
    let other = disclosed(&service, office, "样本奖励办法").await;
    happens(&service, id, "2021-02-02", DocumentEvent::ValidUntil { until: day("2021-02-28") }).await;
    let expired = |on: &'static str, service: Service| async move {
        let ask = Ask { filters: vec![(Facet::Validity, "有效期已届满".into())], ..words("样本") };
        let found = service.search_public(&ask, day(on)).await.unwrap();
        let known = found.items.iter().map(|i| i.id).collect::<Vec<_>>();
        let every = service.search_public(&words("样本"), day(on)).await.unwrap();
        assert_eq!(counts(&every, Facet::Validity).iter().map(|(_, n)| n).sum::<usize>(), 2);
        known
    };
    assert_eq!(expired("2021-02-27", searching.clone()).await, [] as [Uuid; 0]);
    assert_eq!(expired("2021-02-28", searching.clone()).await, [] as [Uuid; 0], "valid on its last day");
    assert_eq!(expired("2021-03-01", searching.clone()).await, [id], "though nothing was entered");
    assert_eq!(expired("2021-02-28", searching.clone()).await, [id], "a clock put back changes nothing");
    let again = service.clone().with_search(folder.path().join("another"));
    assert_eq!(expired("2021-03-01", again).await, [id], "an index built after its last day");
    // The list of the portal says the same, and asks the same.
    let ask = |on: &str| PublicAsk { in_force_on: Some(day(on)), ..PublicAsk::default() };
    for (on, expected) in
        [("2021-02-28", BTreeSet::from([id, other])), ("2021-03-01", BTreeSet::from([other]))]
    {
        let found = service.public_documents(&ask(on), None).await.unwrap();
        assert_eq!(found.into_iter().map(|i| i.id).collect::<BTreeSet<_>>(), expected, "{on}");
    }
    let all = service.public_documents(&PublicAsk::default(), None).await.unwrap();
    let item = all.iter().find(|i| i.id == id).unwrap();
    assert_eq!(item.validity(day("2021-03-01")), Some(Validity::Expired));
    assert_eq!(item.validity(day("2021-02-28")), Some(Validity::InForce));
    cases::verifies(&service).await;
}

async fn a_restart_learns_what_expired_meanwhile(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let id = disclosed(&service, office, "样本补助办法").await;
    happens(&service, id, "2021-02-02", DocumentEvent::ValidUntil { until: day("2021-02-28") }).await;
    let ask = Ask { filters: vec![(Facet::Validity, "有效期已届满".into())], ..words("样本") };
    let before = started(&service, &folder);
    assert_eq!(before.search_public(&ask, day("2021-02-28")).await.unwrap().total, 0);
    drop(before);
    let after = started(&service, &folder);
    assert_eq!(after.search_public(&ask, day("2021-03-01")).await.unwrap().total, 1);
}

async fn a_report_is_found_by_its_text(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let date = "2021-01-20";
    let by = |role| on(date, &officer(office, &[role]));
    let id = service.draft_report(by(Role::Officer), office, 2020, Scope::Own).await.unwrap();
    let said = ReportAction::EditText { part: Part::Problems, text: "样本渠道还不够畅通。".into() };
    let note = || "同意".to_owned();
    let steps = [
        (Role::Officer, said),
        (Role::Reviewer, ReportAction::Review { note: note() }),
        (Role::Head, ReportAction::Approve { note: note() }),
        (Role::Head, ReportAction::Publish),
    ];
    for (role, action) in steps {
        assert_eq!(
            find(&service, "“渠道还不够畅通”").await.total,
            0,
            "before it is published it is nobody's"
        );
        let version = service.report_view(&operator(morning(date)), id).await.unwrap().version;
        service.act_on_report(by(role), id, version, action).await.unwrap();
    }
    let found = find(&service, "“渠道还不够畅通”").await;
    assert_eq!((found.total, found.items[0].id), (1, id));
    assert_eq!(marked(&found.items[0].snippet), ["渠道还不够畅通"]);
    assert_eq!(counts(&found, Facet::Column), [("政府信息公开年报", 1)]);
    let place = Place::Report { unit: "sample-office".into(), year: 2020, scope: Scope::Own };
    assert_eq!(found.items[0].place, place);
}

async fn another_name_of_a_unit(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    disclosed(&service, office, "样本办法").await;
    assert_eq!(find(&service, "样本").await.items[0].publisher, "样本市人民政府办公室");
    let renamed =
        UnitEvent::Renamed { name: "样本市政务服务局".into(), short_name: "政务局".into() };
    service.change_unit(operator(now()), office, 1, Change::event(day("2021-02-20"), renamed)).await.unwrap();
    let found = find(&service, "样本").await;
    assert_eq!(found.items[0].publisher, "样本市政务服务局");
    assert_eq!(counts(&found, Facet::Unit), [("样本市政务服务局", 1)]);
}

async fn pages_end(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    for n in 0..=PAGE {
        disclosed(&service, office, &format!("样本{n}办法")).await;
    }
    let page = |page| {
        let service = service.clone();
        async move { service.search_public(&Ask { page, ..words("样本") }, civil_date(now())).await.unwrap() }
    };
    assert_eq!((page(0).await.items.len(), page(1).await.items.len()), (PAGE, PAGE));
    assert_eq!((page(2).await.items.len(), page(2).await.total), (1, PAGE + 1));
    assert_eq!(page(usize::MAX).await.items.len(), 0);
    assert_eq!(page(usize::MAX).await, page(MOST_PAGES).await, "there is an end");
}

async fn other_words_are_tried(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let aid = disclosed(&service, office, "样本市最低生活保障办法").await;
    assert_eq!(ids(&service, "低保").await, [aid]);
    assert_eq!(ids(&service, "zdshbz").await, [aid]);
    let split = find(&service, "最低生活补助保障").await;
    assert!(split.found_by != FoundBy::AsTyped && split.found_by.sentence().is_some(), "{split:?}");
    assert!(find(&service, &"保".repeat(300)).await.cut);
}

async fn without_a_folder(service: Service, at: Location) {
    if matches!(at, Location::Postgres(_)) {
        assert_eq!(
            codes(service.search_public(&words("样本"), civil_date(now())).await),
            ["search-no-folder"]
        );
    } else {
        assert_eq!(
            service.search_public(&words("样本"), civil_date(now())).await.unwrap().total,
            0,
            "a data folder has its own"
        );
    }
}

async fn many_at_once(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let service = started(&service, &folder);
    let asking: Vec<_> = (0..64)
        .map(|_| {
            let service = service.clone();
            tokio::spawn(async move {
                service.search_public(&words("样本"), civil_date(now())).await.unwrap().total
            })
        })
        .collect();
    for n in 0..8 {
        disclosed(&service, office, &format!("样本{n}办法")).await;
    }
    for asked in asking {
        assert!(asked.await.unwrap() <= 8);
    }
    assert_eq!(find(&service, "样本").await.total, 8);
    // Who goes away while it is built leaves nothing half done.
    let other = tempfile::tempdir().unwrap();
    let service = started(&service, &other);
    let ask = words("样本");
    let gone = tokio::time::timeout(
        std::time::Duration::from_millis(1),
        service.search_public(&ask, civil_date(now())),
    )
    .await;
    assert!(gone.is_err() || gone.unwrap().unwrap().total == 8);
    assert_eq!(find(&service, "样本").await.total, 8);
}

async fn one_process_at_a_time(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let id = disclosed(&service, office, "样本办法").await;
    let (first, second) = (started(&service, &folder), started(&service, &folder));
    assert_eq!(ids(&first, "样本").await, [id]);
    assert_eq!(codes(second.search_public(&words("样本"), civil_date(now())).await), ["search-unavailable"]);
    assert_eq!(ids(&first, "样本").await, [id], "nothing was taken from it");
    drop(first);
    assert_eq!(ids(&second, "样本").await, [id]);
}

/// Puts into an index that no process uses what only building anew takes out again.
fn plant(index: &Path) -> Uuid {
    let ghost = Uuid::from_u128(7);
    let full = FullText::open(&index.join("full"), Default::default()).unwrap();
    let document =
        Document {
            id: format!("document:{ghost}"), title: "样本鬼影办法".into(), ..Document::default()
        };
    full.put(&document.with(Facet::Column, "鬼影")).unwrap();
    full.commit().unwrap();
    ghost
}

fn is_haunted(found: &Found) -> bool {
    assert!(
        found.items.iter().all(|i| i.id != Uuid::from_u128(7)),
        "it is not public, whatever the index says"
    );
    counts(found, Facet::Column).contains(&("鬼影", 1))
}

async fn a_restart_catches_up(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let index = index_of(&service, &folder);
    let old = disclosed(&service, office, "样本甲办法").await;
    assert_eq!(ids(&started(&service, &folder), "样本").await, [old]);
    plant(&index);
    // What happens while nobody serves.
    let new = disclosed(&service, office, "样本乙办法").await;
    withdrawn(&service, old).await;
    let again = started(&service, &folder);
    let found = find(&again, "样本").await;
    assert_eq!((found.items.len(), found.items[0].id, found.total), (1, new, 1));
    assert!(is_haunted(&found), "it was not built anew");
}

async fn without_a_mark_it_is_built_anew(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let index = index_of(&service, &folder);
    let id = disclosed(&service, office, "样本办法").await;
    assert_eq!(ids(&started(&service, &folder), "样本").await, [id]);
    let good = fs::read_to_string(index.join("SEQ")).unwrap();
    let shape_of_another_version = format!("0 {}", good.split_once(' ').unwrap().1);
    for mark in ["", "what", "1 2 3", &shape_of_another_version, &good[..good.len() - 9]] {
        plant(&index);
        fs::write(index.join("SEQ"), mark).unwrap();
        let found = find(&started(&service, &folder), "样本").await;
        assert!(found.total == 1 && !is_haunted(&found), "{mark:?}: {found:?}");
    }
    fs::remove_file(index.join("SEQ")).unwrap();
    assert_eq!(ids(&started(&service, &folder), "样本").await, [id]);
    assert_eq!(fs::read_to_string(index.join("SEQ")).unwrap(), good);
}

async fn damaged_it_is_built_anew(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let index = index_of(&service, &folder);
    let id = disclosed(&service, office, "样本办法").await;
    assert_eq!(ids(&started(&service, &folder), "样本").await, [id]);
    let files = || {
        let all = fs::read_dir(index.join("full")).unwrap().map(|f| f.unwrap().path());
        all.filter(|f| fs::metadata(f).unwrap().len() > 0).collect::<Vec<_>>()
    };
    let n = files().len();
    assert!(n > 5, "{:?}", files());
    for which in 0..n {
        for harm in [
            |_: Vec<u8>| Vec::new(),
            |b: Vec<u8>| b[..b.len() / 2].to_vec(),
            |b: Vec<u8>| b.iter().map(|x| !x).collect(),
        ] {
            let Some(file) = files().into_iter().nth(which) else { continue };
            fs::write(&file, harm(fs::read(&file).unwrap())).unwrap();
            assert_eq!(ids(&started(&service, &folder), "样本").await, [id], "{}", file.display());
        }
    }
}

async fn another_journal_is_read_anew(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let index = index_of(&service, &folder);
    let id = disclosed(&service, office, "样本办法").await;
    assert_eq!(ids(&started(&service, &folder), "样本").await, [id]);
    let good = fs::read_to_string(index.join("SEQ")).unwrap();
    let words: Vec<&str> = good.split_whitespace().collect();
    let [shape, region, seq, hash] = words[..] else { panic!("{good}") };
    let other = "ab".repeat(32);
    for mark in [
        format!("{shape} {region} {seq} {other}"),
        format!("{shape} {region} 1000000 {hash}"),
        format!("{shape} 110000 {seq} {hash}"),
        format!("{shape} {region} -5 {hash}"),
    ] {
        plant(&index);
        fs::write(index.join("SEQ"), &mark).unwrap();
        let found = find(&started(&service, &folder), "样本").await;
        assert!(found.total == 1 && !is_haunted(&found), "{mark}");
    }
}

async fn what_went_wrong_before_a_mark_is_read_again(service: Service, _: Location) {
    let (folder, (_, office)) = (folder(), units(&service).await);
    let index = index_of(&service, &folder);
    let old = disclosed(&service, office, "样本甲办法").await;
    assert_eq!(ids(&started(&service, &folder), "样本").await, [old]);
    let before = fs::read_to_string(index.join("SEQ")).unwrap();
    let new = disclosed(&service, office, "样本乙办法").await;
    assert_eq!(find(&started(&service, &folder), "样本").await.total, 2);
    // As if the process had died between the two.
    fs::write(index.join("SEQ"), before).unwrap();
    let found = find(&started(&service, &folder), "样本").await;
    assert_eq!((found.total, counts(&found, Facet::Column)), (2, vec![("政策文件", 2)]));
    assert!(found.items.iter().any(|i| i.id == new));
}

#[tokio::test]
async fn an_index_that_is_ahead_of_a_restored_backup_is_built_anew() {
    on_sqlite(|service, at| async move {
        let (folder, (_, office)) = (folder(), units(&service).await);
        let kept = disclosed(&service, office, "样本甲办法").await;
        let backup = folder.path().join("backup");
        service.backup_with_key(&operator(now()), &backup).await.unwrap();
        disclosed(&service, office, "样本乙办法").await;
        assert_eq!(find(&service, "样本").await.total, 2);
        assert!(!backup.join("index").exists(), "an index is no part of a backup");

        let Location::Folder(from) = at else { panic!() };
        let to = folder.path().join("restored");
        Service::restore(&backup, &Location::Folder(to.clone())).await.unwrap();
        let (old, new) = (from.join("index/140581"), to.join("index/140581"));
        fs::create_dir_all(new.join("full")).unwrap();
        for name in ["", "full"] {
            for file in fs::read_dir(old.join(name)).unwrap().map(|f| f.unwrap()) {
                if file.file_type().unwrap().is_file() {
                    fs::copy(file.path(), new.join(name).join(file.file_name())).unwrap();
                }
            }
        }
        let restored = Service::open(&Location::Folder(to)).await.unwrap();
        // It has grown again, past the entry that the index knew.
        let other = disclosed(&restored, office, "样本丙办法").await;
        let found = BTreeSet::from_iter(ids(&restored, "样本").await);
        assert_eq!(found, BTreeSet::from([kept, other]));
        restored.close().await;
    })
    .await;
}
