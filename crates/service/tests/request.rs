//! Situations of the register of requests, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, entries, every_cell_opens, officer, own, request, value, verifies};
use law::applicant::ApplicantClass;
use law::decision::Decision;
use law::docket::request::{RequestEvent, ServiceMethod, Stage};
use law::receipt::Channel;
use place::{day, now, on_both, operator, units};
use service::request::{NewRequest, Received};
use service::row::{RequestFilter, RequestRow};
use service::upkeep::KeySource;
use service::vault::Person;
use service::{Change, Error, Location, Page, Result, Role, Service};
use std::collections::BTreeMap;
use std::path::Path;
use store::Store;
use uuid::Uuid;

const NEW: &str = "requests.new_requests.natural_person";
const OUT: &str = "requests.carried_over_out.total";

async fn receive(service: &Service, new: NewRequest) -> Received {
    service.receive_request(operator(now()), new).await.unwrap()
}

async fn change(service: &Service, id: Uuid, change: Change<RequestEvent>) -> Result<u32> {
    let version = service.request_view(&operator(now()), id).await.unwrap().version;
    service.change_request(operator(now()), id, version, change).await
}

async fn happens(service: &Service, id: Uuid, date: &str, event: RequestEvent) {
    change(service, id, Change::event(day(date), event)).await.unwrap();
}

async fn row(service: &Service, id: Uuid) -> RequestRow {
    let all = service.requests(&operator(now()), RequestFilter::default(), Page::first(1000)).await.unwrap();
    all.into_iter().find(|r| r.id == id).unwrap()
}

fn by_web(unit: Uuid, date: &str) -> NewRequest {
    NewRequest { channel: Channel::Internet, ..request(unit, date) }
}

fn granted() -> RequestEvent {
    RequestEvent::Decided {
        decision: Decision::Granted,
        number: "样公开〔2021〕1号".into(),
        reasons: String::new(),
    }
}

fn person(name: &str) -> Person {
    Person {
        name: name.into(),
        phone: "13900000000".into(),
        address: "样本路一号".into(),
        ..Person::default()
    }
}

async fn a_request_is_numbered_when_it_is_received_in_law(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let counter = receive(&service, request(office, "2020-12-30")).await;
    assert_eq!(counter.number.as_deref(), Some("2020-00001"));
    // By the web it has only arrived: no number, no clock, no figure.
    let web = receive(&service, by_web(office, "2020-12-31")).await;
    assert_eq!((web.number, web.version), (None, 1));
    let waiting = row(&service, web.id).await;
    assert_eq!((waiting.received_on, waiting.due_on, waiting.stage.as_str()), (None, None, "submitted"));
    assert_eq!(value(&service, &own(office, 2020), NEW).await, "1");
    let decided = Change::event(day("2021-01-04"), granted());
    assert_eq!(codes(change(&service, web.id, decided).await), ["not-received"]);
    // Both sides confirm in the next year: the number and the figure are of that year.
    happens(&service, web.id, "2021-01-04", RequestEvent::Confirmed { evidence: String::new() }).await;
    let received = row(&service, web.id).await;
    assert_eq!(received.number.as_deref(), Some("2021-00001"));
    assert_eq!((received.arrived_on, received.received_on), (day("2020-12-31"), Some(day("2021-01-04"))));
    assert_eq!(value(&service, &own(office, 2020), NEW).await, "1");
    assert_eq!(value(&service, &own(office, 2021), NEW).await, "1");
    let at_once = NewRequest { confirmed_on: Some(day("2021-01-05")), ..by_web(office, "2021-01-05") };
    assert_eq!(receive(&service, at_once).await.number.as_deref(), Some("2021-00002"));
    let needless = NewRequest { confirmed_on: Some(day("2021-01-05")), ..request(office, "2021-01-05") };
    let outcome = service.receive_request(operator(now()), needless).await;
    assert_eq!(codes(outcome), ["confirmation-not-needed"]);
    assert_eq!(receive(&service, request(office, "2021-01-06")).await.number.as_deref(), Some("2021-00003"));
    verifies(&service).await;
}

/// Fifty at once through two processes, for two agencies: no number is missing, none is given twice.
async fn numbers_have_no_gap_and_no_repeat(service: Service, at: Location) {
    let (above, office) = units(&service).await;
    let key = match &at {
        Location::Folder(_) => KeySource::Folder,
        Location::Postgres(_) => KeySource::Given([7; 16]),
    };
    let other = Service::open_with(&at, &key, Some(service.region())).await.unwrap();
    let mut all = tokio::task::JoinSet::new();
    for n in 0..50 {
        let desk = if n % 2 == 0 { service.clone() } else { other.clone() };
        let addressee = if n % 5 == 0 { above } else { office };
        all.spawn(async move {
            let new = NewRequest { addressee, ..request(office, "2021-01-04") };
            // "Busy" means: nothing was written, ask again.
            for _ in 0..20 {
                match desk.receive_request(operator(now()), new.clone()).await {
                    Ok(received) => return (addressee, received.number.unwrap()),
                    Err(Error::Store(service::StoreError::Busy) | Error::Conflict(_)) => {}
                    Err(e) => panic!("{e:?}"),
                }
            }
            panic!("busy for ever");
        });
    }
    let mut numbers: BTreeMap<Uuid, Vec<String>> = BTreeMap::new();
    while let Some(done) = all.join_next().await {
        let (addressee, number) = done.unwrap();
        numbers.entry(addressee).or_default().push(number);
    }
    for (addressee, count) in [(above, 10), (office, 40)] {
        let given = numbers.get_mut(&addressee).unwrap();
        given.sort();
        let wanted: Vec<String> = (1..=count).map(|n| format!("2021-{n:05}")).collect();
        assert_eq!(*given, wanted);
    }
    other.close().await;
    verifies(&service).await;
}

/// A number typed by hand would stand in the way of the one given later; a changed one would leave a gap.
async fn a_number_is_never_typed_changed_or_taken_back(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let web = receive(&service, by_web(office, "2021-01-04")).await;
    let typed = RequestEvent::Registered { number: "2021-00001".into() };
    assert_eq!(
        codes(change(&service, web.id, Change::event(day("2021-01-04"), typed.clone())).await),
        ["number-given"]
    );
    let first = receive(&service, request(office, "2021-01-04")).await;
    assert_eq!(first.number.as_deref(), Some("2021-00001"));
    let other = RequestEvent::Registered { number: "2021-00009".into() };
    let day4 = day("2021-01-04");
    assert_eq!(
        codes(change(&service, first.id, Change::replace(2, day4, other, "编号有误")).await),
        ["numbered"]
    );
    assert_eq!(codes(change(&service, first.id, Change::void(2, day4, "编号有误")).await), ["numbered"]);
    let arrived = |addressee: Uuid, applicant: Option<Uuid>| RequestEvent::Arrived {
        channel: Channel::Counter,
        addressee: addressee.to_string(),
        counted_by: office.to_string(),
        class: ApplicantClass::NaturalPerson,
        subject: "样本申请".into(),
        applicant: applicant.map(|a| a.to_string()),
        wanted: Default::default(),
    };
    let elsewhere = Change::replace(1, day4, arrived(above, None), "受理机关有误");
    assert_eq!(codes(change(&service, first.id, elsewhere).await), ["numbered"]);
    // Nor may a correction borrow the applicant of another request.
    let known =
        receive(&service, NewRequest { person: Some(person("样本甲")), ..request(office, "2021-01-04") })
            .await;
    let applicant = row(&service, known.id).await.personal;
    let borrowed = Change::replace(1, day4, arrived(office, applicant), "申请人有误");
    assert_eq!(codes(change(&service, first.id, borrowed).await), ["applicant-of-another"]);
    assert_eq!(receive(&service, request(office, "2021-01-05")).await.number.as_deref(), Some("2021-00003"));
    happens(&service, web.id, "2021-01-06", RequestEvent::Confirmed { evidence: String::new() }).await;
    assert_eq!(row(&service, web.id).await.number.as_deref(), Some("2021-00004"));
    // Voided and entered again, it keeps its number.
    change(&service, first.id, Change::void(1, day4, "登记有误")).await.unwrap();
    happens(&service, first.id, "2021-01-04", arrived(office, None)).await;
    assert_eq!(row(&service, first.id).await.number.as_deref(), Some("2021-00001"));
    verifies(&service).await;
}

async fn a_reply_is_due_twenty_working_days_after_receipt(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = receive(&service, request(office, "2021-02-01")).await.id;
    assert_eq!(row(&service, id).await.due_on, Some(day("2021-03-04")));
    let due = service.request_view(&operator(now()), id).await.unwrap().due.unwrap();
    assert_eq!(due.on, day("2021-03-04"));
    assert!(due.because.iter().any(|s| s.citation.contains("第三十三条")), "{:?}", due.because);
    let told =
        RequestEvent::Extended {
            days: 20, approved_by: "样本负责人".into(), reason: "需要检索".into()
        };
    happens(&service, id, "2021-02-26", told).await;
    assert_eq!(row(&service, id).await.due_on, Some(day("2021-04-01")));
    for (until, due) in [("2021-03-31", 0), ("2021-04-01", 1)] {
        let (ctx, filter) = (operator(now()), RequestFilter::default());
        let listed = service.requests_due(&ctx, filter, Some(day(until)), Page::first(10)).await.unwrap();
        assert_eq!(listed.len(), due, "until {until}");
    }
    // While the applicant is asked to correct, nothing is due.
    let unclear = receive(&service, request(office, "2021-02-22")).await.id;
    let notice = RequestEvent::CorrectionNoticed {
        items: vec!["所需信息的名称".into()],
        reply_by: day("2021-03-15"),
    };
    happens(&service, unclear, "2021-02-24", notice).await;
    assert_eq!(row(&service, unclear).await.due_on, None);
    happens(&service, unclear, "2021-03-01", RequestEvent::CorrectionReceived).await;
    assert_eq!(row(&service, unclear).await.due_on, Some(day("2021-03-29")));
}

async fn what_is_decided_counts_when_it_is_served(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = receive(&service, request(office, "2020-12-28")).await.id;
    happens(&service, id, "2020-12-31", granted()).await;
    assert_eq!(row(&service, id).await.stage, Stage::Issued.key());
    assert_eq!(value(&service, &own(office, 2020), OUT).await, "1");
    let early = Change::event(
        day("2020-12-30"),
        RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() },
    );
    assert_eq!(codes(change(&service, id, early).await), ["dates-out-of-order"]);
    happens(
        &service,
        id,
        "2021-01-04",
        RequestEvent::Served { method: ServiceMethod::Post, evidence: String::new() },
    )
    .await;
    let served = row(&service, id).await;
    assert_eq!((served.row.as_deref(), served.finished_on), (Some("granted"), Some(day("2021-01-04"))));
    let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
    assert_eq!(standing.in_time(service.calendar()), Some(true));
    assert_eq!(value(&service, &own(office, 2020), OUT).await, "1");
    assert_eq!(value(&service, &own(office, 2021), "requests.carried_over_in.total").await, "1");
    assert_eq!(value(&service, &own(office, 2021), "requests.granted.total").await, "1");
    assert_eq!(value(&service, &own(office, 2021), OUT).await, "0");
    // The day of service was wrong: it was served in the old year, and the figures go there.
    let right = RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() };
    change(&service, id, Change::replace(4, day("2020-12-31"), right, "送达日期有误")).await.unwrap();
    assert_eq!(value(&service, &own(office, 2020), "requests.granted.total").await, "1");
    assert_eq!(value(&service, &own(office, 2021), "requests.granted.total").await, "0");
    for year in [2020, 2021] {
        every_cell_opens(&service, &own(office, year)).await;
    }
    // A named figure that subtracts opens its records as well.
    let company = NewRequest { class: ApplicantClass::CommercialEnterprise, ..request(office, "2020-12-30") };
    receive(&service, company).await;
    assert_eq!(value(&service, &own(office, 2020), "requests.from_organizations").await, "1");
    assert_eq!(value(&service, &own(office, 2020), "requests.to_handle").await, "2");
    verifies(&service).await;
}

/// The day before, the day, and the day after the last day.
async fn service_after_the_last_day_is_late(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    for (served_on, in_time) in [("2020-12-28", true), ("2020-12-29", true), ("2020-12-30", false)] {
        let id = receive(&service, request(office, "2020-12-01")).await.id;
        assert_eq!(row(&service, id).await.due_on, Some(day("2020-12-29")));
        happens(&service, id, "2020-12-28", granted()).await;
        happens(
            &service,
            id,
            served_on,
            RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() },
        )
        .await;
        let standing = service.request_view(&operator(now()), id).await.unwrap().standing.unwrap();
        assert_eq!(standing.in_time(service.calendar()), Some(in_time), "served on {served_on}");
    }
}

async fn the_applicant_is_nowhere_in_plain_text(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let name = "欧阳样本某某";
    let new = NewRequest { person: Some(person(name)), ..request(office, "2021-01-04") };
    let id = receive(&service, new).await.id;
    let seen = service.applicant(operator(now()), id).await.unwrap();
    assert_eq!((seen.name.as_str(), seen.masked_name().as_str()), (name, "欧***"));
    let journal = format!("{:?}", journal(&service, &at).await);
    assert!(journal.contains("样本申请") && !journal.contains("样本某某"), "{journal}");
    let view = format!("{:?}", service.request_view(&operator(now()), id).await.unwrap());
    assert!(!view.contains("样本某某"), "{view}");
    let store = Store::open(&at).await.unwrap();
    let sealed = store.read().await.unwrap().personal_of(service.region(), id).await.unwrap();
    store.close().await;
    assert_eq!(sealed.len(), 1);
    assert!(!contains(&sealed[0].sealed, "样本"), "sealed");
    if let Location::Folder(folder) = &at {
        // The subject is there, so the name would be found.
        assert!(found_in(folder, "样本申请"));
        for plain in [name, "样本某某", "13900000000", "样本路一号"] {
            assert!(!found_in(folder, plain), "{plain} is in a file");
        }
    }
}

/// The journal as it is stored.
async fn journal(service: &Service, at: &Location) -> Vec<store::Entry> {
    let store = Store::open(at).await.unwrap();
    let entries = store.read().await.unwrap().entries(service.region(), 0, 1000).await.unwrap();
    store.close().await;
    entries
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|w| w == text.as_bytes())
}

fn found_in(folder: &Path, text: &str) -> bool {
    std::fs::read_dir(folder).unwrap().any(|entry| {
        let path = entry.unwrap().path();
        if path.is_dir() { found_in(&path, text) } else { contains(&std::fs::read(&path).unwrap(), text) }
    })
}

async fn every_look_at_an_applicant_is_in_the_journal(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    let new = NewRequest { person: Some(person("样本甲")), ..request(office, "2021-01-04") };
    let id = receive(&service, new).await.id;
    let clerk = officer(office, &[Role::Officer]);
    let before = entries(&service).await;
    // The same key does not hide the second look.
    for _ in 0..2 {
        assert_eq!(service.applicant(by(&clerk).with_key("look"), id).await.unwrap().name, "样本甲");
    }
    let kept = journal(&service, &at).await;
    assert_eq!(kept.len(), before + 2);
    for entry in &kept[before..] {
        assert!(
            entry.event.contains("applicant-viewed") && entry.event.contains(&id.to_string()),
            "{entry:?}"
        );
        assert!(entry.actor.contains("样本员"), "{entry:?}");
    }
    for role in [Role::Administrator, Role::Reviewer, Role::Supervisor, Role::Auditor] {
        let e = service.applicant(by(&officer(office, &[role])), id).await.unwrap_err();
        assert!(matches!(e, Error::NotAllowed(_)), "{role:?}: {e:?}");
    }
    // Erased lawfully: the docket stays, the person is gone, and the answer says so.
    let personal = row(&service, id).await.personal.unwrap();
    let (region, store) = (service.region(), Store::open(&at).await.unwrap());
    let erased = store
        .write(move |tx: &mut store::Tx| {
            Box::pin(async move { tx.erase_personal(region, personal, now()).await })
                as store::BoxFuture<'_, std::result::Result<bool, store::Error>>
        })
        .await
        .unwrap();
    store.close().await;
    assert!(erased);
    let e = service.applicant(by(&clerk), id).await.unwrap_err();
    assert!(matches!(&e, Error::NotFound(said) if said.contains("已依法删除")), "{e:?}");
    assert_eq!(entries(&service).await, before + 2, "what was not seen is not recorded");
    verifies(&service).await;
}

async fn what_cannot_be_is_refused_and_leaves_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let id = receive(&service, request(office, "2021-01-04")).await.id;
    let before = entries(&service).await;
    let tomorrow = service.receive_request(operator(now()), request(office, "2021-03-02")).await;
    assert_eq!(codes(tomorrow), ["future-date"]);
    let late = Change::event(day("2021-03-02"), granted());
    assert_eq!(codes(change(&service, id, late).await), ["future-date"]);
    let empty = NewRequest { subject: " ".into(), ..request(office, "2021-01-04") };
    assert_eq!(codes(service.receive_request(operator(now()), empty).await), ["subject-missing"]);
    let nobody = Uuid::from_u128(7);
    for new in [
        NewRequest { addressee: nobody, ..request(office, "2021-01-04") },
        NewRequest { counted_by: nobody, ..request(office, "2021-01-04") },
    ] {
        let new = NewRequest { person: Some(person("样本甲")), ..new };
        let e = service.receive_request(operator(now()), new).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    }
    for wrong in [0, 1, 3, u32::MAX] {
        let e = service
            .change_request(operator(now()), id, wrong, Change::event(day("2021-01-05"), granted()))
            .await;
        assert!(matches!(e, Err(Error::Conflict(_))), "version {wrong}: {e:?}");
    }
    let unknown =
        service.change_request(operator(now()), nobody, 1, Change::event(day("2021-01-05"), granted()));
    assert!(matches!(unknown.await, Err(Error::NotFound(_))));
    // A docket of another register is not one of this.
    let e = service.document_view(&operator(now()), id).await.unwrap_err();
    assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    assert_eq!(entries(&service).await, before, "nothing was written");
    // What was refused took no number.
    assert_eq!(receive(&service, request(office, "2021-01-05")).await.number.as_deref(), Some("2021-00002"));
}

/// Two officers decide at the same time: one of them is told to look again.
async fn of_two_changes_to_one_version_one_stands(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let Received { id, version, .. } = receive(&service, request(office, "2021-01-04")).await;
    let decide = |decision| {
        let event =
            RequestEvent::Decided {
                decision, number: "样公开〔2021〕1号".into(), reasons: "理由".into()
            };
        service.change_request(operator(now()), id, version, Change::event(day("2021-01-05"), event))
    };
    let (one, other) = tokio::join!(decide(Decision::Granted), decide(Decision::RefusedInternalAffairs));
    let stood = [one.is_ok(), other.is_ok()];
    assert_eq!(stood.iter().filter(|s| **s).count(), 1, "{one:?} {other:?}");
    assert!([one, other].into_iter().any(|o| matches!(o, Err(Error::Conflict(_)))));
    assert_eq!(service.request_view(&operator(now()), id).await.unwrap().history.len(), 3);
}

on_both! {
    a_request_is_numbered_when_it_is_received_in_law
    numbers_have_no_gap_and_no_repeat
    a_number_is_never_typed_changed_or_taken_back
    a_reply_is_due_twenty_working_days_after_receipt
    what_is_decided_counts_when_it_is_served
    service_after_the_last_day_is_late
    the_applicant_is_nowhere_in_plain_text
    every_look_at_an_applicant_is_in_the_journal
    what_cannot_be_is_refused_and_leaves_nothing
    of_two_changes_to_one_version_one_stands
}
