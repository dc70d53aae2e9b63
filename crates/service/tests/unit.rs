//! Situations of the register of units, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{
    accepted, by, cell, codes, department, entries, establish, government, made, officer, on, own, value,
    verifies,
};
use law::docket::report::Scope;
use law::docket::unit::{Level, UnitEvent, UnitKind};
use place::{day, now, on_both, operator, units};
use service::report::ReportAsk;
use service::unit::NewUnit;
use service::{Change, Error, Location, Role, Service};
use uuid::Uuid;

const MADE_2019: &str = "proactive.normative_documents.made";

fn moved(parent: Option<Uuid>, into: Option<Uuid>) -> UnitEvent {
    UnitEvent::Moved { parent: parent.map(|u| u.to_string()), consolidates_into: into.map(|u| u.to_string()) }
}

fn closed(successor: Option<Uuid>) -> UnitEvent {
    UnitEvent::Closed { successor: successor.map(|u| u.to_string()) }
}

async fn change(service: &Service, unit: Uuid, change: Change<UnitEvent>) -> Result<u32, Error> {
    let version = service.unit_view(&operator(now()), unit).await.unwrap().version;
    service.change_unit(operator(now()), unit, version, change).await
}

async fn happens(service: &Service, unit: Uuid, date: &str, event: UnitEvent) {
    change(service, unit, Change::event(day(date), event)).await.unwrap();
}

/// As many documents of these days.
async fn documents(service: &Service, unit: Uuid, days: &[&str]) {
    for (n, date) in days.iter().enumerate() {
        let event = made(unit, &format!("样本文件{n}"));
        service.make_document(operator(now()), day(date), event).await.unwrap();
    }
}

async fn a_unit_is_found_by_its_id_code_and_names(service: Service, _: Location) {
    let (government, office) = units(&service).await;
    for text in [&office.to_string(), "sample-office", "样本市人民政府办公室", "市政府办", " 市政府办 "]
    {
        assert_eq!(service.find_unit(text).await.unwrap().id, office, "{text}");
    }
    let e = service.find_unit("没有这个机关").await.unwrap_err();
    assert!(matches!(&e, Error::NotFound(said) if said.contains("没有这个机关")), "{e:?}");
    let all = service.units().await.unwrap();
    assert_eq!(all.iter().find(|u| u.id == office).unwrap().parent, Some(government));
}

async fn a_code_belongs_to_one_unit_however_it_is_entered(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let again = department("sample-office", Some(above));
    let outcome = service.establish_unit(operator(now()), day("2010-01-01"), again).await;
    assert_eq!(codes(outcome), ["code-taken"]);
    let health = establish(&service, "health", Some(above)).await;
    let taken = UnitEvent::Established {
        code: "sample-office".into(),
        name: "样本市卫生健康局".into(),
        short_name: "卫健局".into(),
        kind: UnitKind::Department,
        level: Level::County,
        parent: Some(above.to_string()),
        consolidates_into: Some(above.to_string()),
    };
    let wrong = Change::replace(1, day("2010-01-01"), taken, "代码有误");
    assert_eq!(codes(change(&service, health, wrong).await), ["code-taken"]);
    assert_eq!(service.find_unit("sample-office").await.unwrap().id, office);
}

async fn a_unit_hangs_below_one_that_is_there(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let nobody = Uuid::from_u128(7);
    let unit = department("health", Some(nobody));
    let e = service.establish_unit(operator(now()), day("2010-01-01"), unit).await.unwrap_err();
    assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    let before = entries(&service).await;
    for event in [moved(Some(nobody), None), moved(Some(above), Some(nobody)), closed(Some(nobody))] {
        let e = change(&service, office, Change::event(day("2020-01-01"), event)).await.unwrap_err();
        assert!(matches!(e, Error::NotFound(_)), "{e:?}");
    }
    let text = UnitEvent::Closed { successor: Some("市政府".into()) };
    assert!(change(&service, office, Change::event(day("2020-01-01"), text)).await.is_err());
    assert_eq!(entries(&service).await, before, "nothing was written");
    let mut wrong = department("Health Bureau", Some(above));
    wrong.name = String::new();
    let outcome = service.establish_unit(operator(now()), day("2010-01-01"), wrong).await;
    assert_eq!(codes(outcome), ["name-missing", "code-malformed"]);
}

async fn a_circle_is_refused_on_every_way_into_it(service: Service, _: Location) {
    let (above, _) = units(&service).await;
    let one = establish(&service, "one", Some(above)).await;
    let two = establish(&service, "two", Some(one)).await;
    let on = |event| Change::event(day("2020-01-01"), event);
    // By moving below itself, below what is below it, or by adding itself up there.
    for event in [moved(Some(one), Some(above)), moved(Some(two), Some(above)), moved(Some(above), Some(two))]
    {
        assert_eq!(codes(change(&service, one, on(event)).await), ["circle"]);
    }
    // By a successor below it.
    assert_eq!(codes(change(&service, one, on(closed(Some(two)))).await), ["circle"]);
    // By correcting the establishment.
    let established = UnitEvent::Established {
        code: "one".into(),
        name: "样本市一局".into(),
        short_name: "一局".into(),
        kind: UnitKind::Department,
        level: Level::County,
        parent: Some(two.to_string()),
        consolidates_into: None,
    };
    let wrong = Change::replace(1, day("2010-01-01"), established, "上级有误");
    assert_eq!(codes(change(&service, one, wrong).await), ["circle"]);
    // By voiding the move that made room for another.
    happens(&service, two, "2020-02-01", moved(Some(above), Some(above))).await;
    happens(&service, one, "2020-03-01", moved(Some(two), Some(above))).await;
    assert_eq!(
        codes(change(&service, two, Change::void(2, day("2020-02-01"), "登记有误")).await),
        ["circle"]
    );
    // Two that add each other up, though neither belongs to the other.
    let (left, right) = (establish(&service, "left", None).await, establish(&service, "right", None).await);
    happens(&service, left, "2020-04-01", moved(None, Some(right))).await;
    assert_eq!(codes(change(&service, right, on(moved(None, Some(left)))).await), ["circle"]);
    verifies(&service).await;
}

async fn what_is_closed_changes_no_more(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let health = establish(&service, "health", Some(above)).await;
    happens(&service, health, "2020-07-01", closed(Some(office))).await;
    let row = service.find_unit("health").await.unwrap();
    assert_eq!((row.valid_to, row.successor), (Some(day("2020-07-01")), Some(office)));
    let renamed = UnitEvent::Renamed { name: "样本市卫健局".into(), short_name: "卫健局".into() };
    let later = Change::event(day("2020-08-01"), renamed.clone());
    assert_eq!(codes(change(&service, health, later).await), ["closed"]);
    let tomorrow = Change::event(day("2021-03-02"), renamed);
    assert_eq!(codes(change(&service, office, tomorrow).await), ["future-date"]);
    // Closed by mistake: the entry is voided, with a reason.
    assert_eq!(
        codes(change(&service, health, Change::void(2, day("2020-07-01"), " ")).await),
        ["reason-missing"]
    );
    change(&service, health, Change::void(2, day("2020-07-01"), "没有撤销")).await.unwrap();
    assert_eq!(service.find_unit("health").await.unwrap().valid_to, None);
    verifies(&service).await;
}

async fn a_closed_unit_counts_in_its_successors_report_of_that_year(service: Service, _: Location) {
    let (above, _) = units(&service).await;
    let (old, new) =
        (establish(&service, "old", Some(above)).await, establish(&service, "new", Some(above)).await);
    documents(&service, old, &["2019-05-01", "2020-02-01", "2020-03-01"]).await;
    documents(&service, new, &["2020-09-01"]).await;
    happens(&service, old, "2020-07-01", closed(Some(new))).await;
    // The year before it reports itself; the year it was closed in is its successor's, whole.
    assert_eq!(value(&service, &own(old, 2019), MADE_2019).await, "1");
    assert_eq!(value(&service, &own(new, 2019), MADE_2019).await, "0");
    assert_eq!(value(&service, &own(new, 2020), MADE_2019).await, "3");
    // The government counts every document once, before and after.
    accepted(&service, old, 2019).await;
    accepted(&service, new, 2020).await;
    assert_eq!(value(&service, &government(above, 2019), MADE_2019).await, "1");
    assert_eq!(value(&service, &government(above, 2020), MADE_2019).await, "3");
    let draft = |unit, year| service.draft_report(operator(now()), unit, year, Scope::Own);
    assert_eq!(codes(draft(old, 2020).await), ["closed"]);
}

/// AR-12: the office's own report and the government's are different reports.
async fn the_office_and_the_government_report_different_figures(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let town =
        NewUnit { kind: UnitKind::Township, level: Level::Township, ..department("town", Some(above)) };
    let town = service.establish_unit(operator(now()), day("2010-01-01"), town).await.unwrap();
    // Led from above: it belongs to the government's territory but reports to its own system.
    let tax = NewUnit { consolidates_into: None, ..department("tax", Some(above)) };
    let tax = service.establish_unit(operator(now()), day("2010-01-01"), tax).await.unwrap();
    documents(&service, above, &["2020-01-05"]).await;
    documents(&service, office, &["2020-02-01", "2020-02-02"]).await;
    documents(&service, town, &["2020-03-01", "2020-03-02", "2020-03-03"]).await;
    documents(&service, tax, &["2020-04-01"]).await;
    assert_eq!(value(&service, &own(office, 2020), MADE_2019).await, "2");
    assert_eq!(value(&service, &own(above, 2020), MADE_2019).await, "1");
    // Its own, until reports are accepted.
    assert_eq!(value(&service, &government(above, 2020), MADE_2019).await, "1");
    for unit in [office, town] {
        accepted(&service, unit, 2020).await;
    }
    assert_eq!(value(&service, &government(above, 2020), MADE_2019).await, "6");
    assert_eq!(value(&service, &own(tax, 2020), MADE_2019).await, "1");
    let outcome = service.draft_report(operator(now()), office, 2020, Scope::Government).await;
    assert_eq!(codes(outcome), ["not-a-government"]);
    let both = [Scope::Own, Scope::Government].map(|s| service.draft_report(operator(now()), above, 2020, s));
    for drafted in both {
        drafted.await.unwrap();
    }
}

async fn a_unit_taken_over_counts_once_and_where_its_successor_counts(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let other = NewUnit { kind: UnitKind::Government, ..department("other-gov", None) };
    let other = service.establish_unit(operator(now()), day("2010-01-01"), other).await.unwrap();
    let (old, sub) = (establish(&service, "old", Some(above)).await, establish(&service, "sub", None).await);
    happens(&service, sub, "2011-01-01", moved(None, Some(old))).await;
    let new = establish(&service, "new", Some(other)).await;
    documents(&service, old, &["2020-02-01"]).await;
    documents(&service, sub, &["2020-02-02"]).await;
    let owed = async |body: Uuid| {
        let built = service.build_report(&operator(now()), &government(body, 2020)).await.unwrap();
        built.consolidation.unwrap().missing.into_iter().map(|m| m.name).collect::<Vec<_>>()
    };
    let names = async |units: &[Uuid]| {
        let all = service.units().await.unwrap();
        let name = |id: &Uuid| all.iter().find(|u| u.id == *id).unwrap().short_name.clone();
        units.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(owed(above).await, names(&[office, old]).await);
    assert_eq!(owed(other).await, names(&[new]).await);
    happens(&service, old, "2020-07-01", closed(Some(new))).await;
    assert_eq!(owed(above).await, names(&[office]).await);
    accepted(&service, new, 2020).await;
    assert_eq!(value(&service, &government(above, 2020), MADE_2019).await, "0");
    assert_eq!(value(&service, &government(other, 2020), MADE_2019).await, "1");
}

async fn who_succeeds_a_unit_works_on_what_it_left_open(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let (old, new) =
        (establish(&service, "old", Some(above)).await, establish(&service, "new", Some(above)).await);
    let open = service.receive_request(operator(now()), cases::request(old, "2020-06-01")).await.unwrap();
    let successor = officer(new, &[Role::Officer]);
    let e = service.request_view(&by(&successor), open.id).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");
    happens(&service, old, "2020-07-01", closed(Some(new))).await;
    let seen = service.request_view(&by(&successor), open.id).await.unwrap();
    let assigned = law::docket::request::RequestEvent::Assigned { unit: new.to_string(), until: None };
    let change = Change::event(day("2020-07-02"), assigned);
    service.change_request(by(&successor), open.id, seen.version, change).await.unwrap();
    // Nobody else does.
    let stranger = officer(office, &[Role::Officer]);
    let e = service.request_view(&by(&stranger), open.id).await.unwrap_err();
    assert!(matches!(e, Error::NotAllowed(_)), "{e:?}");
}

async fn a_unit_that_is_needed_cannot_be_voided(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let void = || Change::void(1, day("2010-01-01"), "重复登记");
    assert_eq!(codes(change(&service, above, void()).await), ["in-use"]);
    documents(&service, office, &["2020-02-01"]).await;
    assert_eq!(codes(change(&service, office, void()).await), ["in-use"]);
    let twice = establish(&service, "twice", Some(above)).await;
    change(&service, twice, void()).await.unwrap();
    assert!(service.find_unit("twice").await.is_err());
    establish(&service, "twice", Some(above)).await;
    verifies(&service).await;
}

async fn a_report_keeps_the_name_of_its_year(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let renamed =
        UnitEvent::Renamed { name: "样本市政务公开中心".into(), short_name: "公开中心".into() };
    happens(&service, office, "2020-06-01", renamed).await;
    let name =
        async |year| service.build_report(&operator(now()), &own(office, year)).await.unwrap().organization;
    assert_eq!(name(2019).await, "样本市人民政府办公室");
    assert_eq!(name(2020).await, "样本市政务公开中心");
}

async fn a_report_as_of_an_instant_knows_the_units_of_that_instant(service: Service, _: Location) {
    let (above, _) = units(&service).await;
    let (old, new) =
        (establish(&service, "old", Some(above)).await, establish(&service, "new", Some(above)).await);
    documents(&service, old, &["2020-02-01"]).await;
    // Entered late: it was closed in the report year, but in January nobody had said so.
    let late = service.unit_view(&operator(now()), old).await.unwrap().version;
    let nobody = officer(None, &[Role::Administrator]);
    let closes = Change::event(day("2020-07-01"), closed(Some(new)));
    service.change_unit(on("2021-03-02", &nobody), old, late, closes).await.unwrap();
    let then = ReportAsk { as_of: Some(now()), ..own(new, 2020) };
    assert_eq!(value(&service, &then, MADE_2019).await, "0");
    assert_eq!(value(&service, &own(new, 2020), MADE_2019).await, "1");
    assert_eq!(cell(&service, &own(new, 2020), MADE_2019).await.records.len(), 1);
}

on_both! {
    a_unit_is_found_by_its_id_code_and_names
    a_code_belongs_to_one_unit_however_it_is_entered
    a_unit_hangs_below_one_that_is_there
    a_circle_is_refused_on_every_way_into_it
    what_is_closed_changes_no_more
    a_closed_unit_counts_in_its_successors_report_of_that_year
    the_office_and_the_government_report_different_figures
    a_unit_taken_over_counts_once_and_where_its_successor_counts
    who_succeeds_a_unit_works_on_what_it_left_open
    a_unit_that_is_needed_cannot_be_voided
    a_report_keeps_the_name_of_its_year
    a_report_as_of_an_instant_knows_the_units_of_that_instant
}
