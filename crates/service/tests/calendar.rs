//! A calendar comes into force while requests are open: what moves is recorded and told, what is over stays.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use jiff::Timestamp;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::request::{ClockKind, Consulted, RequestEvent as E, ServiceMethod};
use law::receipt::Channel;
use place::{day, on_both, operator, units};
use service::request::NewRequest;
use service::{Change, Error, Location, Service};
use store::Store;
use uuid::Uuid;

/// The rest days of a year as a notice would say them, for the tests.
fn notice(year: i16, total: u32, off: &[(&str, &str)], work: &[&str]) -> String {
    let off: Vec<String> = off
        .iter()
        .map(|(first, last)| format!("  {{ name = \"样本\", first = {first}, last = {last} }},"))
        .collect();
    format!(
        "year = {year}\nworking_days = {total}\n[[notice]]\nnumber = \"样本发电〔{year}〕1号\"\ntitle = \"样本通知\"\n\
         [days]\noff = [\n{}\n]\nwork = [{}]\n",
        off.join("\n"),
        work.join(", ")
    )
}

/// New Year's rest of 2027, from Friday to Sunday, and a week of February.
fn year_2027() -> String {
    notice(2027, 255, &[("2027-01-01", "2027-01-03"), ("2027-02-08", "2027-02-12")], &[])
}

fn then(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An instant of 21 December 2026: the notice for 2027 is not out.
fn december() -> Timestamp {
    then("2026-12-21T01:00:00Z")
}

async fn received(service: &Service, office: Uuid, on: &str) -> Uuid {
    let new = NewRequest {
        arrived_on: day(on),
        channel: Channel::Counter,
        addressee: office,
        counted_by: office,
        class: ApplicantClass::NaturalPerson,
        subject: "样本".into(),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    };
    service.receive_request(operator(december()), new).await.unwrap().id
}

async fn happened(service: &Service, id: Uuid, on: &str, event: E) {
    let ctx = operator(december());
    let version = service.request_view(&ctx, id).await.unwrap().version;
    service.change_request(ctx, id, version, Change::event(day(on), event)).await.unwrap();
}

async fn answered(service: &Service, id: Uuid, on: &str) {
    let decision = law::decision::Decision::Granted;
    happened(service, id, on, E::Decided { decision, number: "样公复1号".into(), reasons: String::new() })
        .await;
    happened(service, id, on, E::Served { method: ServiceMethod::Direct, evidence: String::new() }).await;
}

/// The last day to answer of the row and of the view, which agree, and whether it is provisional.
async fn due(service: &Service, id: Uuid) -> (Date, bool) {
    let service = service.clone();
    let ctx = operator(december());
    let view = service.request_view(&ctx, id).await.unwrap().due.unwrap();
    let rows = service.requests(&ctx, Default::default(), service::Page::first(100)).await.unwrap();
    let row = rows.into_iter().find(|r| r.id == id).unwrap();
    assert_eq!((row.due_on, row.due_provisional), (Some(view.on), view.provisional));
    (view.on, view.provisional)
}

async fn sentences(service: &Service, id: Uuid) -> Vec<String> {
    let moves = service.clone().clock_moves(&operator(december()), id).await.unwrap();
    moves.iter().map(|m| m.sentence()).collect()
}

async fn verified(service: &Service) {
    let found = service.clone().verify(&operator(december()), |_, _| {}).await.unwrap();
    assert_eq!(found.problems, Vec::<String>::new());
}

async fn install(service: &Service, text: &str) -> service::upkeep::Recalculated {
    service.install_calendar(operator(december()), text).await.unwrap();
    service.follow_calendar(operator(december())).await.unwrap()
}

async fn the_notice_of_the_next_year_makes_a_provisional_date_certain(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    // Twenty days from Monday to Friday, as long as nobody knows better.
    assert_eq!(due(&service, id).await, (day("2027-01-11"), true));
    let done = install(&service, &year_2027()).await;
    assert_eq!((done.seen, done.moved), (1, 1));
    assert_eq!(due(&service, id).await, (day("2027-01-12"), false));
    assert_eq!(
        sentences(&service, id).await,
        [
            "“答复申请人”的期限由2027年1月11日改为2027年1月12日，因为节假日安排已经公布或者调整（样本发电〔2027〕1号）"
        ]
    );
    verified(&service).await;
}

async fn a_date_that_stays_is_told_only_if_it_became_certain(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    // The days before New Year may still be moved, those before them not.
    let (settled, open) =
        (received(&service, office, "2026-11-02").await, received(&service, office, "2026-12-02").await);
    assert_eq!(due(&service, open).await, (day("2026-12-30"), true));
    let done = install(&service, &year_2027()).await;
    assert_eq!((done.seen, done.moved), (2, 1));
    assert!(sentences(&service, settled).await.is_empty());
    assert!(sentences(&service, open).await[0].contains("期限2026年12月30日由暂定改为确定"));
    verified(&service).await;
}

/// The days of 2026 as they are, with a special notice.
fn special(total: u32, of: &str, instead: &str) -> String {
    let text = include_str!("../../law/data/calendar/2026.toml");
    let notice = "[[notice]]\nnumber = \"样本发电〔2026〕9号\"\ntitle = \"样本特别通知\"\n\n[days]";
    assert!(text.contains(of), "{text}");
    text.replace("working_days = 248", &format!("working_days = {total}"))
        .replace("[days]", notice)
        .replace(of, instead)
}

async fn a_special_notice_moves_the_dates_of_the_year_that_runs(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-11-30").await;
    assert_eq!(due(&service, id).await.0, day("2026-12-28"));
    // One more day of rest, as in 2020.
    let rest = "\n  { name = \"样本\", first = 2026-12-15, last = 2026-12-15 },\n]\nwork";
    install(&service, &special(247, "\n]\nwork", rest)).await;
    assert_eq!(due(&service, id).await.0, day("2026-12-29"));
    assert!(sentences(&service, id).await[0].contains("（样本发电〔2026〕9号）"));

    // A Saturday is worked instead: the date moves earlier than it first was.
    install(&service, &special(249, "2026-10-10]", "2026-10-10, 2026-12-12]")).await;
    assert_eq!(due(&service, id).await.0, day("2026-12-25"));
    let told = sentences(&service, id).await;
    assert!(told.len() == 2 && told[1].contains("由2026年12月29日改为2026年12月25日"), "{told:?}");
    verified(&service).await;
}

async fn other_clocks_move_too_and_each_is_told(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    let sent =
        E::ConsultationSent { consultation: 1, whom: Consulted::ThirdParty, party: "样本公司".into() };
    happened(&service, id, "2026-12-15", sent).await;
    happened(&service, id, "2026-12-16", E::ConsultationDelivered { consultation: 1 }).await;
    install(&service, &year_2027()).await;
    let moves = service.clock_moves(&operator(december()), id).await.unwrap();
    let of = |kind| moves.iter().find(|m| m.moved.clock == kind).map(|m| (m.moved.from, m.moved.to));
    assert_eq!(of(ClockKind::Opinion), Some((day("2027-01-06"), day("2027-01-07"))));
    assert!(of(ClockKind::Reply).is_some());
    verified(&service).await;
}

async fn what_is_over_keeps_the_date_it_was_judged_by(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    answered(&service, id, "2026-12-18").await;
    let judged = due(&service, id).await;
    let done = install(&service, &year_2027()).await;
    assert_eq!((done.seen, done.moved), (0, 0));
    assert_eq!(due(&service, id).await, judged);
    assert!(sentences(&service, id).await.is_empty());
    verified(&service).await;
    // What is recorded later does not judge it anew.
    happened(&service, id, "2026-12-21", E::Archived { file_number: "样档1".into(), retention: None }).await;
    assert_eq!(due(&service, id).await, judged);
    verified(&service).await;
    // One that is closed from now on is judged by the new calendar.
    let next = received(&service, office, "2026-12-14").await;
    answered(&service, next, "2026-12-18").await;
    assert_eq!(due(&service, next).await, (day("2027-01-12"), false));
    verified(&service).await;
}

async fn doing_it_again_moves_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    install(&service, &year_2027()).await;
    let entries = service.verify(&operator(december()), |_, _| {}).await.unwrap().entries;
    let again = install(&service, &year_2027()).await;
    assert_eq!((again.seen, again.moved), (0, 0));
    let other = service.follow_calendar(operator(december())).await.unwrap();
    assert_eq!(other, again);
    assert_eq!(service.verify(&operator(december()), |_, _| {}).await.unwrap().entries, entries);
    assert_eq!(sentences(&service, id).await.len(), 1);
}

/// Stopped after one page of two: what is left is found and done by the next start, and what was done is not done again.
async fn a_walk_that_was_stopped_goes_on(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let (one, two) =
        (received(&service, office, "2026-12-14").await, received(&service, office, "2026-12-15").await);
    let before = (due(&service, two).await, service.calendar().version().to_owned());
    let region = service.region();
    let store = Store::open(&at).await.unwrap();
    let clocks = store.read().await.unwrap().clocks(region, two).await.unwrap().unwrap();
    install(&service, &year_2027()).await;
    // As the second page would have been found.
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                tx.put_due(region, &[two], Some(before.0.0), before.0.1).await?;
                tx.put_clocks(region, &[clocks]).await?;
                let old = serde_json::Value::from(before.1).to_string();
                tx.put_setting(region, "clock.calendar.2", &old).await
            }) as store::BoxFuture<'_, store::Result<()>>
        })
        .await
        .unwrap();
    store.close().await;
    let done = service.follow_calendar(operator(december())).await.unwrap();
    assert_eq!((done.seen, done.moved), (2, 1));
    assert_eq!((sentences(&service, one).await.len(), sentences(&service, two).await.len()), (1, 2));
    verified(&service).await;
}

/// The clocks of an earlier program are gone with its table, and it knew nothing of helping units: both come from the
/// journal, of what is over too.
async fn the_rows_of_an_earlier_program_are_made_anew(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let (open, over) =
        (received(&service, office, "2026-12-14").await, received(&service, office, "2026-12-15").await);
    for id in [open, over] {
        let unit = office.to_string();
        happened(&service, id, "2026-12-16", E::Assigned { unit, until: None }).await;
    }
    happened(&service, over, "2026-12-17", E::Withdrawn).await;
    let region = service.region();
    let store = Store::open(&at).await.unwrap();
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                tx.remove_clocks(region, open).await?;
                for id in [open, over] {
                    tx.put_helpers(region, id, &[]).await?;
                }
                // No mark of its make.
                tx.put_setting(region, "clock.calendar.2", "").await
            }) as store::BoxFuture<'_, store::Result<()>>
        })
        .await
        .unwrap();
    store.close().await;
    let done = service.follow_calendar(operator(december())).await.unwrap();
    assert_eq!((done.seen, done.moved), (2, 0), "nothing moved, so nobody is told");
    verified(&service).await;
    assert!(sentences(&service, open).await.is_empty());
}

async fn a_running_server_takes_up_what_another_process_installed(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    let key = match &at {
        Location::Folder(_) => service::upkeep::KeySource::Folder,
        Location::Postgres(_) => service::upkeep::KeySource::Given([7; 16]),
    };
    let other = Service::open_with(&at, &key, Some(service.region())).await.unwrap();
    install(&other, &year_2027()).await;
    // Not yet heard of it: what is written meanwhile counts by the old days.
    let late = received(&service, office, "2026-12-15").await;
    assert_eq!(service.clone().calendar().working_days_in(2027), None);
    let done = service.keep_up_with_calendar(operator(december())).await.unwrap();
    assert_eq!((done.seen, done.moved), (2, 1), "only what was written meanwhile is put right");
    assert_eq!(service.clone().calendar().working_days_in(2027), Some(255));
    assert_eq!(
        (due(&service, id).await.0, due(&service, late).await.0),
        (day("2027-01-12"), day("2027-01-13"))
    );
    assert_eq!(service.keep_up_with_calendar(operator(december())).await.unwrap().seen, 0);
    verified(&service).await;
    other.close().await;
}

async fn what_is_no_calendar_is_refused(service: Service, _: Location) {
    for (text, said) in [
        ("year = 2027".to_owned(), "格式"),
        (year_2027().replace("255", "254"), "载明工作日254天"),
        (" ".repeat(70_000), "千字节"),
    ] {
        let error = service.install_calendar(operator(december()), &text).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid(_)) && error.to_string().contains(said), "{error}");
    }
    verified(&service).await;
}

/// The rows of moves, of calendars and of clocks are compared with the journal.
async fn changed_rows_of_clocks_are_named(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let id = received(&service, office, "2026-12-14").await;
    install(&service, &year_2027()).await;
    let region = service.region();
    let store = Store::open(&at).await.unwrap();
    store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move {
                let clocks = tx.clocks(region, id).await?.unwrap();
                let stray = store::ClockRow { request: Uuid::from_u128(1), ..clocks.clone() };
                let wrong = store::ClockRow { due_on: Some(day("2030-01-01")), ..clocks };
                tx.put_clocks(region, &[wrong, stray]).await?;
                let moved = tx.clock_moves(region, id).await?.remove(0);
                tx.put_clock_moves(region, &[store::ClockMoveRow { place: 7, ..moved }]).await?;
                let newest = tx.newest_calendar(region).await?.unwrap();
                tx.put_calendar(region, &store::CalendarRow { changed: "[]".into(), ..newest }).await
            }) as store::BoxFuture<'_, store::Result<()>>
        })
        .await
        .unwrap();
    store.close().await;
    let problems = service.verify(&operator(december()), |_, _| {}).await.unwrap().problems.join("\n");
    for part in ["clocks", "2030-01-01", "期限登记中有 1 行", "期限变更登记与第", "日历登记与第"]
    {
        assert!(problems.contains(part), "{part} in {problems}");
    }
}

on_both! {
    the_notice_of_the_next_year_makes_a_provisional_date_certain
    a_date_that_stays_is_told_only_if_it_became_certain
    a_special_notice_moves_the_dates_of_the_year_that_runs
    other_clocks_move_too_and_each_is_told
    what_is_over_keeps_the_date_it_was_judged_by
    doing_it_again_moves_nothing
    a_walk_that_was_stopped_goes_on
    the_rows_of_an_earlier_program_are_made_anew
    a_running_server_takes_up_what_another_process_installed
    what_is_no_calendar_is_refused
    changed_rows_of_clocks_are_named
}
