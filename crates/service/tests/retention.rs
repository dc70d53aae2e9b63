//! The schedule of retention: whose period ends, what goes to the state archive, what was archived without a period.
#![allow(clippy::unwrap_used, missing_docs)]

mod cases;
mod place;

use cases::{by, codes, officer, on, request, request_of, verifies};
use law::decision::Decision;
use law::docket::file::FileRole;
use law::docket::request::{RequestEvent, ServiceMethod};
use law::retention::Retention;
use place::{day, now, on_both, operator, units};
use service::request::{ARCHIVE_BEGINNING, ArchiveAsk, LEDGER_COLUMNS, Schedule};
use service::row::RequestFilter;
use service::transfer::ExportFormat;
use service::{Actor, Change, Error, Location, Page, Result, Role, Service};
use uuid::Uuid;

on_both! {
    the_schedules_of_a_year
    whoever_archives_says_how_long
    what_is_destroyed_leaves_its_figures
}

async fn record(service: &Service, id: Uuid, day_of: &str, event: RequestEvent) -> Result<u32> {
    let version = service.request_view(&operator(now()), id).await?.version;
    service.change_request(operator(now()), id, version, Change::event(day(day_of), event)).await
}

/// A request that was answered in the first days of 2021.
async fn answered(service: &Service, office: Uuid) -> Uuid {
    let id = service.receive_request(operator(now()), request(office, "2021-01-04")).await.unwrap().id;
    let (number, reasons) = ("样复〔2021〕1号".to_owned(), String::new());
    let decided = RequestEvent::Decided { decision: Decision::Granted, number, reasons };
    record(service, id, "2021-01-05", decided).await.unwrap();
    let served = RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() };
    record(service, id, "2021-01-05", served).await.unwrap();
    id
}

async fn archived(service: &Service, office: Uuid, retention: Option<Retention>) -> Uuid {
    let id = answered(service, office).await;
    let event = RequestEvent::Archived { file_number: "样档1".into(), retention };
    record(service, id, "2021-02-01", event).await.unwrap();
    id
}

async fn schedule(service: &Service, actor: &Actor, schedule: Schedule, year: i16) -> Vec<Uuid> {
    let ask = ArchiveAsk { schedule, year, units: None };
    // The rule on the age of transfer is of 2024.
    let ctx = on("2031-01-06", actor);
    let (files, next) = service.archive_schedule(&ctx, &ask, ARCHIVE_BEGINNING).await.unwrap();
    assert_eq!(next, None);
    let mut ids: Vec<Uuid> = files.into_iter().map(|f| f.row.id).collect();
    ids.sort();
    ids
}

async fn the_schedules_of_a_year(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let ten = archived(&service, office, Some(Retention::Years10)).await;
    let thirty = archived(&service, office, Some(Retention::Years30)).await;
    let ever = archived(&service, office, Some(Retention::Permanent)).await;
    let unset = archived(&service, office, None).await;
    answered(&service, office).await;
    let mut both = vec![thirty, ever];
    both.sort();
    for (which, year, expected) in [
        (Schedule::Ending, 2031, vec![ten]),
        (Schedule::Ending, 2030, vec![]),
        (Schedule::Ending, 2051, vec![thirty]),
        (Schedule::HandingOver, 2031, both),
        (Schedule::HandingOver, 2041, vec![]),
        (Schedule::Unset, 2021, vec![unset]),
        (Schedule::Unset, 2022, vec![]),
    ] {
        assert_eq!(schedule(&service, &clerk, which, year).await, expected, "{which:?} {year}");
    }
    // Another unit has another list.
    let elsewhere = officer(cases::establish(&service, "sample", Some(government)).await, &[Role::Officer]);
    assert!(schedule(&service, &elsewhere, Schedule::Ending, 2031).await.is_empty());

    let ask = ArchiveAsk { schedule: Schedule::Ending, year: 2031, units: None };
    let before = cases::entries(&service).await;
    let file = service.export_archive_schedule(&by(&clerk), &ask, ExportFormat::Json).await.unwrap();
    let rows: Vec<serde_json::Value> = serde_json::from_slice(&file).unwrap();
    assert_eq!((rows.len(), rows[0]["保管期限"].as_str()), (1, Some("10年")));
    assert_eq!(rows[0]["期限届满年度"].as_str(), Some("2031"));
    assert_eq!(cases::entries(&service).await, before + 1, "what leaves is written down");

    // The period is corrected like any entry, and the list follows.
    let version = service.request_view(&operator(now()), ten).await.unwrap().version;
    let right =
        RequestEvent::Archived { file_number: "样档1".into(), retention: Some(Retention::Permanent) };
    let change = Change::replace(version, day("2021-02-01"), right, "样本");
    service.change_request(operator(now()), ten, version, change).await.unwrap();
    assert!(schedule(&service, &clerk, Schedule::Ending, 2031).await.is_empty());
    verifies(&service).await;
}

async fn whoever_archives_says_how_long(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let id = answered(&service, office).await;
    let version = service.request_view(&by(&clerk), id).await.unwrap().version;
    let archive = |retention| {
        let event = RequestEvent::Archived { file_number: "样档1".into(), retention };
        service.change_request(by(&clerk), id, version, Change::event(day("2021-02-01"), event))
    };
    assert_eq!(codes(archive(None).await), ["retention-missing"]);
    archive(Some(Retention::Years10)).await.unwrap();
    let standing = service.request_view(&by(&clerk), id).await.unwrap().standing.unwrap();
    assert_eq!(standing.kept_through(), Some(2031));
    let (lines, _) = service.ledger(&by(&clerk), RequestFilter::default(), Page::first(5)).await.unwrap();
    let at = LEDGER_COLUMNS.iter().position(|c| *c == "保管期限").unwrap();
    assert_eq!(lines[0].cells[at], "10年");
    verifies(&service).await;
}

/// How many files lie in a folder and below.
fn contents(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|e| if e.path().is_dir() { contents(&e.path()) } else { 1 }).sum()
}

async fn what_is_destroyed_leaves_its_figures(service: Service, at: Location) {
    let own = tempfile::tempdir().unwrap();
    let (service, kept) = match at {
        Location::Folder(folder) => (service, folder.join("files")),
        Location::Postgres(_) => (service.with_files(own.path()), own.path().to_owned()),
    };
    let (_, office) = units(&service).await;
    let new = service.receive_request(operator(now()), request_of(office, "2021-01-04", "样本甲")).await;
    let id = new.unwrap().id;
    let mut upload = service.upload(FileRole::Attachment, "样本.txt");
    upload.push("样本材料".as_bytes());
    let file = service.add_file(operator(now()), id, upload).await.unwrap();
    let (number, reasons) = ("样复〔2021〕1号".to_owned(), String::new());
    record(
        &service,
        id,
        "2021-01-05",
        RequestEvent::Decided { decision: Decision::Granted, number, reasons },
    )
    .await
    .unwrap();
    let served = RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() };
    record(&service, id, "2021-01-05", served).await.unwrap();
    let retention = Some(Retention::Years10);
    let archive = RequestEvent::Archived { file_number: "样档1".into(), retention };
    record(&service, id, "2021-02-01", archive).await.unwrap();
    let count = "requests.granted.total";
    let before = cases::value(&service, &cases::own(office, 2021), count).await;

    let clerk = officer(office, &[Role::Officer]);
    let head = officer(office, &[Role::Officer, Role::Head]);
    let change = |actor: &Actor, date: &'static str, event: RequestEvent| {
        let (service, actor) = (service.clone(), actor.clone());
        async move {
            let version = service.request_view(&on(date, &actor), id).await.unwrap().version;
            service.change_request(on(date, &actor), id, version, Change::event(day(date), event)).await
        }
    };
    let appraise = || RequestEvent::Appraised { keep: None, opinion: "样本意见".into() };
    let destroy = || RequestEvent::Destroyed { supervisor: "样本乙".into(), list: "样清1".into() };
    assert_eq!(codes(change(&clerk, "2031-12-31", appraise()).await), ["period-runs"]);
    change(&head, "2032-01-05", appraise()).await.unwrap();
    assert!(matches!(change(&clerk, "2032-01-06", destroy()).await, Err(Error::NotAllowed(_))));
    assert_eq!(codes(change(&head, "2032-01-06", destroy()).await), ["own-appraisal"]);
    let person = service.applicant(on("2032-01-06", &clerk), id).await;
    assert_eq!(person.unwrap().name, "样本甲", "nothing is gone before it is destroyed");
    let other = officer(office, &[Role::Head]);
    assert_eq!(contents(&kept), 1);
    change(&other, "2032-01-06", destroy()).await.unwrap();
    assert_eq!(contents(&kept), 0, "it is off the disk at once");

    let after = on("2032-01-07", &clerk);
    assert!(service.applicant(after.clone(), id).await.is_err());
    let files = service.files(&after, id).await.unwrap();
    assert_eq!((files.len(), files[0].name.as_str()), (1, "申请附件.txt"), "its name is gone");
    assert!(service.open_file(after.clone(), id, file).await.is_err());
    assert_eq!(cases::value(&service, &cases::own(office, 2021), count).await, before);
    assert!(schedule(&service, &clerk, Schedule::Ending, 2031).await.is_empty());
    let mut late = service.upload(FileRole::Attachment, "样本.txt");
    late.push("样本材料".as_bytes());
    assert_eq!(codes(service.add_file(after.clone(), id, late).await), ["destroyed"]);
    // What was destroyed cannot be taken back, nor can anything be recorded.
    let version = service.request_view(&after, id).await.unwrap().version;
    let void = Change::void(version, day("2032-01-07"), "样本");
    assert_eq!(codes(service.change_request(after, id, version, void).await), ["destroyed"]);
    assert_eq!(codes(change(&clerk, "2032-01-07", appraise()).await), ["destroyed"]);
    verifies(&service).await;
}
