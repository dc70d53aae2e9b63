//! What the situations of the registers have in common: people, instants, and the commonest things that happen.
#![allow(dead_code, reason = "each test program uses what it needs")]

use crate::place::{day, now, operator, seed};
use jiff::Timestamp;
use law::Amount;
use law::applicant::ApplicantClass;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::figure::FigureEvent;
use law::docket::report::Scope;
use law::docket::unit::{Level, Profile, UnitEvent, UnitKind};
use law::receipt::Channel;
use service::report::ReportAsk;
use service::request::NewRequest;
use service::unit::NewUnit;
use service::vault::Person;
use service::{Actor, CellRecords, Change, Context, Error, Result, Role, Service};
use uuid::Uuid;

/// Nine in the morning of a day, in Shanghai.
pub fn morning(date: &str) -> Timestamp {
    format!("{date}T01:00:00Z").parse().expect("an instant")
}

/// An officer of a unit; each call another account.
pub fn officer(unit: impl Into<Option<Uuid>>, roles: &[Role]) -> Actor {
    let mut random = [0; 16];
    random.copy_from_slice(&seed()[..16]);
    let account = Uuid::from_bytes(random);
    Actor::Officer { account, name: "样本员".into(), unit: unit.into(), roles: roles.to_vec() }
}

/// A request of this actor, now.
pub fn by(actor: &Actor) -> Context {
    Context::new(now(), actor.clone(), seed())
}

/// A request of this actor in the morning of a day.
pub fn on(date: &str, actor: &Actor) -> Context {
    Context::new(morning(date), actor.clone(), seed())
}

/// The codes of all reasons of a refusal.
///
/// # Panics
/// If it was not refused by a rule.
pub fn codes<T: std::fmt::Debug>(outcome: Result<T>) -> Vec<String> {
    match outcome {
        Err(Error::Refused(all)) => all.into_iter().map(|r| r.code).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

/// A department under `above`, consolidating into it.
pub fn department(code: &str, above: Option<Uuid>) -> NewUnit {
    NewUnit {
        code: code.into(),
        name: format!("样本市{code}局"),
        short_name: format!("{code}局"),
        kind: UnitKind::Department,
        level: Level::County,
        parent: above,
        consolidates_into: above,
    }
}

/// Establishes a department.
pub async fn establish(service: &Service, code: &str, above: Option<Uuid>) -> Uuid {
    let unit = department(code, above);
    service.establish_unit(operator(now()), day("2010-01-01"), unit).await.expect("a department")
}

/// The making of a normative document by the unit that counts it.
pub fn made(unit: Uuid, title: &str) -> DocumentEvent {
    DocumentEvent::Made {
        counted_by: unit.to_string(),
        maker: unit.to_string(),
        category: Category::Normative,
        title: title.into(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    }
}

/// A request across the counter.
pub fn request(unit: Uuid, arrived_on: &str) -> NewRequest {
    NewRequest {
        arrived_on: day(arrived_on),
        channel: Channel::Counter,
        addressee: unit,
        counted_by: unit,
        class: ApplicantClass::NaturalPerson,
        subject: "样本申请".into(),
        person: None,
        wanted: Default::default(),
        confirmed_on: None,
    }
}

/// What a unit has to say of itself before its letters are complete.
pub fn profile(letter_code: &str) -> Profile {
    Profile {
        working_body: "样本科".into(),
        address: "样本路一号".into(),
        phone: "0000-0000000".into(),
        letter_code: letter_code.into(),
        reconsideration_authority: "样本市人民政府".into(),
        court: "样本市人民法院".into(),
        payment: "到样本窗口缴纳".into(),
        ..Profile::default()
    }
}

/// The unit says it.
pub async fn described(service: &Service, unit: Uuid, letter_code: &str) {
    let event = UnitEvent::Described { profile: Box::new(profile(letter_code)) };
    let version = service.unit_view(&operator(now()), unit).await.expect("a unit").version;
    let change = Change::event(day("2020-01-02"), event);
    service.change_unit(operator(now()), unit, version, change).await.expect("a profile");
}

/// A request with an applicant, across the counter.
pub fn request_of(unit: Uuid, arrived_on: &str, name: &str) -> NewRequest {
    let person = Person { name: name.into(), phone: "000".into(), ..Person::default() };
    NewRequest { person: Some(person), ..request(unit, arrived_on) }
}

/// A figure of 2020.
pub fn figure(unit: Uuid, key: &str, amount: &str, measure: &str) -> FigureEvent {
    FigureEvent::Entered {
        unit: unit.to_string(),
        year: 2020,
        key: key.into(),
        amount: amount.parse().expect("an amount"),
        measure: measure.into(),
        source: "样本台账".into(),
        evidence: None,
    }
}

/// The unit's own report of a year.
pub fn own(unit: Uuid, year: i16) -> ReportAsk {
    ReportAsk { unit, year, scope: Scope::Own, as_of: None }
}

/// The government's report of a year.
pub fn government(unit: Uuid, year: i16) -> ReportAsk {
    ReportAsk { unit, year, scope: Scope::Government, as_of: None }
}

/// The unit's own report of a year goes its way and is filed; the docket of the filing.
pub async fn filed(service: &Service, unit: Uuid, year: i16) -> Uuid {
    use service::report::{NewFiling, ReportAction};
    let drafted = service.draft_report(operator(now()), unit, year, Scope::Own).await;
    let id = drafted.expect("a draft");
    let steps =
        [ReportAction::Review { note: "同意报批".into() }, ReportAction::Approve { note: "同意".into() }];
    for (version, step) in (1..).zip(steps) {
        service.act_on_report(operator(now()), id, version, step).await.expect("a step");
    }
    let new = NewFiling { unit, year, ..NewFiling::default() };
    service.file_report(operator(now()), new).await.expect("a filing")
}

/// The unit's own report of a year, filed and accepted.
pub async fn accepted(service: &Service, unit: Uuid, year: i16) -> Uuid {
    use service::report::FilingAction;
    let id = filed(service, unit, year).await;
    let accept = FilingAction::Accept { note: String::new() };
    service.act_on_filing(operator(now()), id, 1, accept).await.expect("accepted");
    id
}

/// A cell or fact with its records.
pub async fn cell(service: &Service, ask: &ReportAsk, name: &str) -> CellRecords {
    let found = service.report_cell(&operator(now()), ask, name).await;
    found.unwrap_or_else(|e| panic!("{name}: {e}"))
}

/// The value of a cell or fact, proved by its records.
pub async fn value(service: &Service, ask: &ReportAsk, name: &str) -> String {
    let cell = cell(service, ask, name).await;
    let records: Amount = cell.records.iter().map(|r| r.contributes).sum();
    let units: Amount = cell.units.iter().map(|u| u.value).sum();
    assert_eq!(records + units, cell.value, "{name} of {}: what is behind it", ask.year);
    cell.value.to_string()
}

/// Every cell of the form is the sum of what the records behind it contribute.
pub async fn every_cell_opens(service: &Service, ask: &ReportAsk) {
    let form = law::form::Form::for_year(ask.year).expect("a form");
    let built = service.build_report(&operator(now()), ask).await.expect("a report");
    for c in form.cells() {
        let text = value(service, ask, &c.id).await;
        assert_eq!(text, built.figures.value(&c.id).to_string(), "{} of {}", c.id, ask.year);
    }
}

/// Nothing in the store contradicts its journal.
pub async fn verifies(service: &Service) {
    let found = service.verify(&operator(now()), |_, _| {}).await.expect("a verification");
    assert_eq!(found.problems, Vec::<String>::new());
}

/// How many entries the journal has.
pub async fn entries(service: &Service) -> usize {
    service.journal(&operator(now()), 0, 10_000).await.expect("the journal").len()
}
