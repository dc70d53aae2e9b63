//! The board: the clock that ends first on top, counts of everything, whose requests, and page by page.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod place;

use jiff::Timestamp;
use law::applicant::ApplicantClass;
use law::docket::request::{ClockKind, Consulted, RequestEvent as E};
use law::docket::unit::{Level, UnitKind};
use law::receipt::Channel;
use place::{day, on_both, operator, seed, units};
use service::account::NewAccount;
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
    for scope in [BoardScope::Handled, BoardScope::Own, BoardScope::Reach] {
        assert_eq!(lines(&service, &ctx, of(scope)).await, [at_bureau], "{scope:?}");
    }
    assert_eq!(lines(&service, &ctx, of(BoardScope::Mine)).await, [] as [Uuid; 0], "nobody was named");
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

async fn account(service: &Service, login: &str, unit: Uuid, role: Role) -> Uuid {
    let new = NewAccount {
        login: login.into(),
        name: format!("样本{login}"),
        unit: Some(unit),
        roles: vec![role],
        password: "correct horse battery".into(),
    };
    service.create_account(operator(friday()), new).await.unwrap()
}

async fn a_named_officer_has_a_list_and_is_told(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    let bureau = bureau(&service, government).await;
    let wang = account(&service, "wang", office, Role::Officer).await;
    account(&service, "li", bureau, Role::Officer).await;
    account(&service, "zhao", office, Role::Supervisor).await;
    let late = received(&service, office, Channel::Counter, "2024-02-04").await;
    let soon = received(&service, office, Channel::Counter, "2024-02-05").await;
    let other = received(&service, office, Channel::Counter, "2024-02-26").await;
    let name = async |id: Uuid, login: Option<&str>| {
        let version = service.request_view(&operator(friday()), id).await.unwrap().version;
        let event = E::OfficerNamed { account: login.map(str::to_owned) };
        service.change_request(operator(friday()), id, version, Change::event(day("2024-03-08"), event)).await
    };
    let refused = |outcome: service::Result<u32>| match outcome {
        Err(Error::Refused(all)) => all.into_iter().map(|r| r.code).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(refused(name(late, Some("nobody")).await), ["no-such-account"]);
    assert_eq!(refused(name(late, Some("li")).await), ["officer-elsewhere"], "handed on first");
    assert_eq!(refused(name(late, Some("zhao")).await), ["officer-cannot"], "reads only");
    name(late, Some("wang")).await.unwrap();
    name(soon, Some("wang")).await.unwrap();

    let wangs = Actor::Officer {
        account: wang,
        name: "样本wang".into(),
        unit: Some(office),
        roles: vec![Role::Officer],
    };
    let ctx = Context::new(friday(), wangs, seed());
    let mine = BoardFilter { scope: BoardScope::Mine, ..BoardFilter::default() };
    let board = service.board(&ctx, mine, Page::first(10)).await.unwrap();
    assert_eq!(board.lines.iter().map(|l| l.request.id).collect::<Vec<_>>(), [late, soon]);
    assert_eq!(board.counts, [1, 1, 0, 0], "of the own requests");
    let told: Vec<_> = service.notices(&ctx, None, 10).await.unwrap();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|n| n.text.sentence().contains("指定由您承办")), "{told:?}");
    let mut of: Vec<_> = told.iter().filter_map(|n| n.request).collect();
    of.sort();
    let mut both = [late, soon];
    both.sort();
    assert_eq!(of, both);

    // What everybody has in hand, for whoever looks after them; and what one has.
    let head = by(Some(office), Role::Head);
    let workload = service.workload(&head).await.unwrap();
    let rows: Vec<_> = workload.iter().map(|w| (w.name.as_deref(), w.open, w.late, w.soon)).collect();
    assert_eq!(rows, [(Some("样本wang"), 2, 1, 1), (None, 1, 0, 0)]);
    let of_wang = BoardFilter { officer: Some(wang), ..BoardFilter::default() };
    assert_eq!(lines(&service, &head, of_wang).await, [late, soon]);
    let elsewhere = by(Some(bureau), Role::Officer);
    assert_eq!(lines(&service, &elsewhere, of_wang).await, [] as [Uuid; 0], "a name opens nothing");
    assert!(service.workload(&elsewhere).await.unwrap().is_empty());

    // Handed on to another unit it is nobody's there, until that unit names somebody.
    happened(&service, soon, "2024-03-08", E::Assigned { unit: bureau.to_string(), until: None }).await;
    assert_eq!(lines(&service, &ctx, mine).await, [late]);
    name(soon, Some("li")).await.unwrap();
    name(late, None).await.unwrap();
    assert_eq!(refused(name(other, None).await), ["account-missing"]);
    assert_eq!(lines(&service, &ctx, mine).await, [] as [Uuid; 0]);
    let (ledger, _) = service.ledger(&operator(friday()), Default::default(), Page::first(10)).await.unwrap();
    let handlers: Vec<&str> = ledger.iter().map(|l| l.cells[14].as_str()).collect();
    assert_eq!(handlers, ["", "样本市样本局/样本li", ""]);
    let verified = service.verify(&operator(friday()), |_, _| {}).await.unwrap();
    assert!(verified.problems.is_empty(), "{:?}", verified.problems);
}

on_both! {
    what_ends_first_is_on_top_and_everything_is_counted
    mine_the_units_and_all_below
    a_named_officer_has_a_list_and_is_told
}
