//! 工单交接: requests that come out of tickets of 12345, and matters that go on there.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::*;
use law::decision::Decision;
use law::docket::request::{RequestEvent, ServiceMethod, Ticket, TicketSystem};
use law::receipt::Channel;
use place::{day, now, on_both, operator, units};
use service::request::{NewRequest, TICKET_KNOWN};
use service::{Change, Error, Location, Role, Service};
use uuid::Uuid;

on_both! {
    a_ticket_becomes_one_request
    two_senders_at_once_register_one
    a_number_typed_wrongly_is_free_again
    what_is_no_request_goes_on_elsewhere_and_counts_once
    the_file_names_the_applicant_only_to_those_who_may_see
}

fn ticket(number: &str) -> Ticket {
    Ticket { system: TicketSystem::Hotline, number: number.into(), note: "来源渠道：电话".into() }
}

fn passed_on(unit: Uuid, on: &str) -> NewRequest {
    NewRequest { channel: Channel::Transfer, ..request_of(unit, on, "样本甲") }
}

async fn a_ticket_becomes_one_request(service: Service, _at: Location) {
    let (_, office) = units(&service).await;
    let made =
        service.receive_ticket(operator(now()), passed_on(office, "2021-02-22"), ticket(" 2021022200017 "));
    let made = made.await.unwrap();
    assert_eq!((made.received.number.as_deref(), made.before), (Some("2021-00001"), None));
    let s = service.request_view(&operator(now()), made.received.id).await.unwrap().standing.unwrap();
    assert_eq!(s.received_on, Some(day("2021-02-22")), "the day its papers were signed for");
    assert_eq!(s.handed_in, Some((day("2021-02-22"), ticket("2021022200017"))));

    let entries_before = entries(&service).await;
    let again = passed_on(office, "2021-02-23");
    let again = service.receive_ticket(operator(now()), again, ticket("2021022200017")).await.unwrap();
    assert_eq!(again.received, made.received);
    let said = again.before.unwrap();
    assert_eq!(
        said,
        "12345政务服务便民热线工单2021022200017已经由样本市人民政府办公室登记为申请2021-00001，请在该申请中办理，不重复登记"
    );
    assert_eq!(entries(&service).await, entries_before, "nothing was registered");

    // The same number of another system is another ticket; the same ticket is refused on another request too.
    let mailbox = Ticket { system: TicketSystem::Mailbox, ..ticket("2021022200017") };
    let other =
        service.receive_ticket(operator(now()), passed_on(office, "2021-02-23"), mailbox).await.unwrap();
    assert!(other.before.is_none());
    let third = service.receive_request(operator(now()), passed_on(office, "2021-02-24")).await.unwrap();
    let later = Change::event(day("2021-02-24"), RequestEvent::HandedIn(ticket("2021022200017 ")));
    let refused = service.change_request(operator(now()), third.id, third.version, later).await;
    assert_eq!(codes(refused), [TICKET_KNOWN]);

    // Every reason at once is the law's: a number that is none, and who may not register.
    let new = || passed_on(office, "2021-02-24");
    assert_eq!(codes(service.receive_ticket(operator(now()), new(), ticket(" ")).await), ["ticket-missing"]);
    let odd = service.receive_ticket(operator(now()), new(), ticket("7\u{0}")).await;
    assert_eq!(codes(odd), ["ticket-unreadable"]);
    let reader = by(&officer(office, &[Role::Supervisor]));
    let refused = service.receive_ticket(reader, new(), ticket("8")).await;
    assert!(matches!(refused, Err(Error::NotAllowed(_))), "{refused:?}");
    verifies(&service).await;
}

async fn two_senders_at_once_register_one(service: Service, at: Location) {
    let (_, office) = units(&service).await;
    // Another process on the same database, where there can be one.
    let other = match &at {
        Location::Postgres(_) => {
            let key = service::upkeep::KeySource::Given([7; 16]);
            let opened = Service::open_with(&at, &key, Some(service.region()));
            opened.await.unwrap()
        }
        Location::Folder(_) => service.clone(),
    };
    let send = |to: Service| async move {
        to.receive_ticket(operator(now()), passed_on(office, "2021-02-22"), ticket("17")).await.unwrap()
    };
    let (a, b, c, d) =
        tokio::join!(send(service.clone()), send(other.clone()), send(service.clone()), send(other.clone()));
    let all = [a, b, c, d];
    assert_eq!(all.iter().filter(|t| t.before.is_none()).count(), 1, "{all:?}");
    assert!(all.iter().all(|t| t.received.id == all[0].received.id), "{all:?}");
    assert!(all.iter().filter_map(|t| t.before.as_ref()).all(|s| s.contains("2021-00001")), "{all:?}");
    verifies(&service).await;
    if matches!(at, Location::Postgres(_)) {
        other.close().await;
    }
}

async fn a_number_typed_wrongly_is_free_again(service: Service, _at: Location) {
    let (_, office) = units(&service).await;
    let take = |number: &'static str| {
        service.receive_ticket(operator(now()), passed_on(office, "2021-02-22"), ticket(number))
    };
    let first = take("17").await.unwrap().received;
    let right = Change::replace(2, day("2021-02-22"), RequestEvent::HandedIn(ticket("18")), "编号有误");
    let version = service.change_request(operator(now()), first.id, first.version, right).await.unwrap();
    let second = take("17").await.unwrap();
    assert!(second.before.is_none());
    assert_eq!(take("18").await.unwrap().received.id, first.id);
    verifies(&service).await;

    // A copy of the register takes it along.
    let (kind, format) = (service::transfer::Kind::Requests, service::transfer::ExportFormat::Csv);
    let file = service.export(&operator(now()), kind, format).await.unwrap();
    assert!(String::from_utf8(file).unwrap().contains("handed-in"));

    // Voided with its registration, it may come again.
    let void = Change::void(1, day("2021-02-22"), "重复登记");
    service.change_request(operator(now()), first.id, version, void).await.unwrap();
    assert!(take("18").await.unwrap().before.is_none());
    verifies(&service).await;
}

/// Proposed, reviewed and decided by the operator, on one day.
async fn decided(service: &Service, id: Uuid, version: u32, decision: Decision, on: &str) -> u32 {
    let event =
        RequestEvent::Decided {
            decision, number: "样公开〔2021〕1号".into(), reasons: "见告知书".into()
        };
    service.change_request(operator(now()), id, version, Change::event(day(on), event)).await.unwrap()
}

async fn what_is_no_request_goes_on_elsewhere_and_counts_once(service: Service, _at: Location) {
    let (_, office) = units(&service).await;
    let made =
        service.receive_ticket(operator(now()), passed_on(office, "2021-01-04"), ticket("17")).await.unwrap();
    let id = made.received.id;
    let out = |on: &str| Change::event(day(on), RequestEvent::HandedOut(ticket("17")));
    let early = service.change_request(operator(now()), id, made.received.version, out("2021-01-05")).await;
    assert_eq!(codes(early), ["not-decided"]);
    let petition = Decision::DeclinedPetitionOrComplaint;
    let version = decided(&service, id, made.received.version, petition, "2021-01-11").await;
    let served = RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() };
    let served = Change::event(day("2021-01-12"), served);
    let version = service.change_request(operator(now()), id, version, served).await.unwrap();
    let figure = || async {
        let ask = own(office, 2021);
        [
            value(&service, &ask, "requests.new_requests.natural_person").await,
            value(&service, &ask, "requests.declined_petition_or_complaint.natural_person").await,
        ]
    };
    assert_eq!(figure().await, ["1", "1"]);
    // Back to the ticket it came out of.
    let version = service.change_request(operator(now()), id, version, out("2021-01-13")).await.unwrap();
    assert_eq!(figure().await, ["1", "1"]);
    let twice = service.change_request(operator(now()), id, version, out("2021-01-14")).await;
    assert_eq!(codes(twice), ["already-handed-out"]);
    verifies(&service).await;
}

async fn the_file_names_the_applicant_only_to_those_who_may_see(service: Service, _at: Location) {
    let (_, office) = units(&service).await;
    let plain =
        service.receive_request(operator(now()), request_of(office, "2021-01-04", "样本乙")).await.unwrap();
    let none = service.hand_over(by(&officer(office, &[Role::Officer])), plain.id).await;
    assert!(matches!(none, Err(Error::NotFound(_))), "{none:?}");

    let made =
        service.receive_ticket(operator(now()), passed_on(office, "2021-01-04"), ticket("17")).await.unwrap();
    let id = made.received.id;
    let before = entries(&service).await;
    let given = service.hand_over(by(&officer(office, &[Role::Supervisor])), id).await.unwrap();
    assert_eq!((given.person, entries(&service).await), (None, before));
    let given = service.hand_over(by(&officer(office, &[Role::Officer])), id).await.unwrap();
    assert_eq!(given.person.unwrap().name, "样本甲");
    assert_eq!(given.handed_in.unwrap().1.number, "17");
    let journal = service.journal(&operator(now()), 0, 10_000).await.unwrap();
    assert_eq!(journal.len(), before + 1);
    assert_eq!(journal.last().unwrap().event, "hand-over-viewed");

    let elsewhere = establish(&service, "other", None).await;
    let strange = service.hand_over(by(&officer(elsewhere, &[Role::Officer])), id).await;
    assert!(matches!(strange, Err(Error::NotAllowed(_))), "{strange:?}");
}
