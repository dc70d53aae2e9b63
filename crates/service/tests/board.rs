//! The board: the clock that ends first on top, counts of everything, whose requests, and page by page.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use jiff::Timestamp;
use law::applicant::ApplicantClass;
use law::docket::request::{ClockKind, Consulted, RequestEvent as E};
use law::docket::unit::{Level, UnitKind};
use law::receipt::Channel;
use place::{day, on_both, operator, seed, units};
use service::board::{BoardFilter, BoardScope, Urgency};
use service::request::NewRequest;
use service::unit::NewUnit;
use service::{Actor, Change, Context, Error, Location, Page, Role, Service};
use uuid::Uuid;

/// Friday, 8 March 2024.
fn friday() -> Timestamp {
    "2024-03-08T01:00:00Z".parse().unwrap()
}

fn by(unit: Option<Uuid>, role: Role) -> Context {
    let actor =
        Actor::Officer { account: Uuid::from_u128(5), name: "样本员".into(), unit, roles: vec![role] };
    Context::new(friday(), actor, seed())
}

async fn received(service: &Service, unit: Uuid, channel: Channel, on: &str) -> Uuid {
    let new = NewRequest {
        arrived_on: day(on),
        channel,
        addressee: unit,
        counted_by: unit,
        class: ApplicantClass::NaturalPerson,
        subject: format!("样本{on}"),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    };
    service.receive_request(operator(friday()), new).await.unwrap().id
}

async fn happened(service: &Service, id: Uuid, on: &str, event: E) {
    let version = service.request_view(&operator(friday()), id).await.unwrap().version;
    service.change_request(operator(friday()), id, version, Change::event(day(on), event)).await.unwrap();
}

async fn bureau(service: &Service, government: Uuid) -> Uuid {
    let unit = NewUnit {
        code: "sample-bureau".into(),
        name: "样本市样本局".into(),
        short_name: "样本局".into(),
        kind: UnitKind::Department,
        level: Level::County,
        parent: Some(government),
        consolidates_into: Some(government),
    };
    service.establish_unit(operator(friday()), day("2010-01-01"), unit).await.unwrap()
}

async fn lines(service: &Service, ctx: &Context, filter: BoardFilter) -> Vec<Uuid> {
    let board = service.board(ctx, filter, Page::first(100)).await.unwrap();
    board.lines.iter().map(|l| l.request.id).collect()
}

async fn what_ends_first_is_on_top_and_everything_is_counted(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    // Due on the day before, on the day, in five working days, in six.
    let late = received(&service, office, Channel::Counter, "2024-02-04").await;
    let today = received(&service, office, Channel::Counter, "2024-02-05").await;
    let soon = received(&service, office, Channel::Counter, "2024-02-20").await;
    let later = received(&service, office, Channel::Counter, "2024-02-21").await;
    let unconfirmed = received(&service, office, Channel::Internet, "2024-03-08").await;
    // Nobody has a term: another agency is asked.
    let resting = received(&service, office, Channel::Counter, "2024-02-26").await;
    let sent =
        E::ConsultationSent { consultation: 1, whom: Consulted::OtherAgency, party: "样本局".into() };
    happened(&service, resting, "2024-02-27", sent).await;
    // Over: it is on no list.
    let gone = received(&service, office, Channel::Counter, "2024-02-05").await;
    happened(&service, gone, "2024-02-06", E::Withdrawn).await;

    let ctx = by(Some(office), Role::Officer);
    let board = service.board(&ctx, BoardFilter::default(), Page::first(100)).await.unwrap();
    let found: Vec<_> = board.lines.iter().map(|l| (l.request.id, l.urgency)).collect();
    let (mut same_day, rest) = (found[1..3].to_vec(), &found[3..]);
    assert_eq!(found[0], (late, Urgency::Late));
    same_day.sort();
    let mut expected = vec![(today, Urgency::Soon), (unconfirmed, Urgency::Soon)];
    expected.sort();
    assert_eq!(same_day, expected);
    assert_eq!(rest, [(soon, Urgency::InTime), (later, Urgency::InTime), (resting, Urgency::Resting)]);
    assert_eq!((board.counts, board.unconfirmed), ([1, 2, 2, 1], 1));
    for (urgency, n) in Urgency::ALL.into_iter().zip(board.counts) {
        let filter = BoardFilter { urgency: Some(urgency), ..BoardFilter::default() };
        assert_eq!(lines(&service, &ctx, filter).await.len() as i64, n, "{urgency:?}");
    }
    let filter = BoardFilter { clock: Some(ClockKind::Confirmation), ..BoardFilter::default() };
    assert_eq!(lines(&service, &ctx, filter).await, [unconfirmed]);

    // Page by page the same.
    let (mut after, mut paged) = (None, Vec::new());
    loop {
        let board = service.board(&ctx, BoardFilter::default(), Page { after, limit: 2 }).await.unwrap();
        if board.lines.is_empty() {
            break;
        }
        assert_eq!(board.counts, [1, 2, 2, 1], "the counts are of all, on every page");
        after = board.last;
        paged.extend(board.lines.iter().map(|l| (l.request.id, l.urgency)));
    }
    assert_eq!(paged, found);
}

async fn mine_the_units_and_all_below(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let bureau = bureau(&service, government).await;
    let at_office = received(&service, office, Channel::Counter, "2024-02-26").await;
    let at_bureau = received(&service, bureau, Channel::Counter, "2024-02-27").await;
    happened(&service, at_bureau, "2024-02-28", E::Assigned { unit: bureau.to_string(), until: None }).await;
    let of = |scope| BoardFilter { scope, ..BoardFilter::default() };

    let ctx = by(Some(bureau), Role::Officer);
    for scope in BoardScope::ALL {
        assert_eq!(lines(&service, &ctx, of(scope)).await, [at_bureau], "{scope:?}");
    }
    let ctx = by(Some(government), Role::Supervisor);
    assert_eq!(lines(&service, &ctx, of(BoardScope::Own)).await, [] as [Uuid; 0]);
    assert_eq!(lines(&service, &ctx, of(BoardScope::Handled)).await, [] as [Uuid; 0]);
    assert_eq!(lines(&service, &ctx, of(BoardScope::Reach)).await, [at_office, at_bureau]);
    // Another unit's requests are not seen, whatever is asked for.
    let ctx = by(Some(office), Role::Officer);
    for scope in BoardScope::ALL {
        assert!(!lines(&service, &ctx, of(scope)).await.contains(&at_bureau), "{scope:?}");
    }
    let refused = service.board(&by(None, Role::Administrator), of(BoardScope::Reach), Page::first(1)).await;
    assert!(refused.is_ok(), "{refused:?}");
    let nobody = Context::new(friday(), Actor::Anonymous, seed());
    let refused = service.board(&nobody, of(BoardScope::Reach), Page::first(1)).await;
    assert!(matches!(refused, Err(Error::SignIn)), "{refused:?}");
}

on_both! { what_ends_first_is_on_top_and_everything_is_counted mine_the_units_and_all_below }
