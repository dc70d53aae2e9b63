//! Who sees and does what: units, roles, nobody signed in. On both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, department, entries, establish, figure, government, made, officer, own, request, verifies};
use law::applicant::ApplicantClass;
use law::docket::dispute::{Block, DisputeEvent};
use law::docket::document::DocumentEvent;
use law::docket::report::{Part, Scope};
use law::docket::request::RequestEvent;
use law::docket::unit::UnitEvent;
use law::receipt::Channel;
use place::{day, now, on_both, operator, units};
use service::report::ReportAction;
use service::request::NewRequest;
use service::row::{DisputeFilter, DocumentFilter, FigureFilter, ReportFilter, RequestFilter};
use service::vault::Person;
use service::{Actor, Change, Location, Page, Result, Role, Service};
use uuid::Uuid;

/// One docket of every register, all of one unit.
struct Dockets {
    document: Uuid,
    request: Uuid,
    dispute: Uuid,
    figure: Uuid,
    report: Uuid,
}

fn filed(unit: Uuid) -> DisputeEvent {
    DisputeEvent::Filed {
        unit: unit.to_string(),
        block: Block::Reconsideration,
        request: None,
        number: "样复〔2020〕1号".into(),
        body: "样本市人民政府".into(),
    }
}

fn arrived(unit: Uuid) -> RequestEvent {
    RequestEvent::Arrived {
        channel: Channel::Counter,
        addressee: unit.to_string(),
        counted_by: unit.to_string(),
        class: ApplicantClass::NaturalPerson,
        subject: "样本申请".into(),
        applicant: None,
        wanted: Default::default(),
    }
}

async fn fill(service: &Service, unit: Uuid) -> Dockets {
    let ctx = || operator(now());
    let person = Some(Person { name: "样本甲".into(), ..Person::default() });
    let new = NewRequest { person, ..request(unit, "2020-03-02") };
    Dockets {
        document: service.make_document(ctx(), day("2020-03-02"), made(unit, "样本办法")).await.unwrap(),
        request: service.receive_request(ctx(), new).await.unwrap().id,
        dispute: service.file_dispute(ctx(), day("2020-03-02"), filed(unit)).await.unwrap(),
        figure: service
            .enter_figure(ctx(), day("2020-12-31"), figure(unit, "hotline.received", "5", "条"))
            .await
            .unwrap(),
        report: service.draft_report(ctx(), unit, 2020, Scope::Own).await.unwrap(),
    }
}

/// Every outcome of a verb in one word.
fn word<T>(outcome: Result<T>) -> &'static str {
    match outcome {
        Ok(_) => "ok",
        Err(e) => e.code(),
    }
}

/// Every verb that looks at something of one unit, with its outcome.
async fn looks(
    service: &Service,
    actor: &Actor,
    unit: Uuid,
    of: &Dockets,
) -> Vec<(&'static str, &'static str)> {
    let ctx = || by(actor);
    vec![
        ("document", word(service.document_view(&ctx(), of.document).await)),
        ("request", word(service.request_view(&ctx(), of.request).await)),
        ("dispute", word(service.dispute_view(&ctx(), of.dispute).await)),
        ("figure", word(service.figure_view(&ctx(), of.figure).await)),
        ("report", word(service.report_view(&ctx(), of.report).await)),
        ("build", word(service.build_report(&ctx(), &own(unit, 2020)).await)),
        ("cell", word(service.report_cell(&ctx(), &own(unit, 2020), "requests.new_requests.total").await)),
        ("fact", word(service.report_cell(&ctx(), &own(unit, 2020), "hotline.received").await)),
    ]
}

/// Every verb that changes something of one unit, or would move something there, with its outcome.
async fn changes(
    service: &Service,
    actor: &Actor,
    unit: Uuid,
    of: &Dockets,
) -> Vec<(&'static str, &'static str)> {
    let ctx = || by(actor);
    let on = day("2020-03-03");
    let disclosed = Change::event(on, DocumentEvent::Disclosed { url: None });
    let assigned = Change::event(on, RequestEvent::Assigned { unit: unit.to_string(), until: None });
    let accepted = Change::event(on, DisputeEvent::Accepted);
    let six = Change::replace(1, on, figure(unit, "hotline.received", "6", "条"), "数据有误");
    let text = ReportAction::EditText { part: Part::Problems, text: "样本正文".into() };
    vec![
        ("make", word(service.make_document(ctx(), on, made(unit, "样本通知")).await)),
        ("receive", word(service.receive_request(ctx(), request(unit, "2020-03-02")).await)),
        ("file", word(service.file_dispute(ctx(), on, filed(unit)).await)),
        ("enter", word(service.enter_figure(ctx(), on, figure(unit, "hotline.closed", "5", "条")).await)),
        ("draft", word(service.draft_report(ctx(), unit, 2019, Scope::Own).await)),
        ("document", word(service.change_document(ctx(), of.document, 1, disclosed).await)),
        ("request", word(service.change_request(ctx(), of.request, 2, assigned).await)),
        ("dispute", word(service.change_dispute(ctx(), of.dispute, 1, accepted).await)),
        ("figure", word(service.change_figure(ctx(), of.figure, 1, six).await)),
        ("report", word(service.act_on_report(ctx(), of.report, 1, text).await)),
        ("applicant", word(service.applicant(ctx(), of.request).await)),
    ]
}

fn all(outcomes: &[(&'static str, &'static str)], wanted: &str) {
    for (verb, outcome) in outcomes {
        assert_eq!(*outcome, wanted, "{verb}");
    }
}

/// How many rows the actor finds in the lists of all registers.
async fn listed(service: &Service, actor: &Actor, units: Option<Vec<Uuid>>) -> Result<Vec<usize>> {
    let ctx = by(actor);
    let page = Page::first(100);
    let documents = DocumentFilter { units: units.clone(), ..DocumentFilter::default() };
    let requests = RequestFilter { units: units.clone(), ..RequestFilter::default() };
    let disputes = DisputeFilter { units: units.clone(), ..DisputeFilter::default() };
    let figures = FigureFilter { units: units.clone(), ..FigureFilter::default() };
    let reports = ReportFilter { units, ..ReportFilter::default() };
    Ok(vec![
        service.documents(&ctx, documents, page).await?.len(),
        service.requests(&ctx, requests.clone(), page).await?.len(),
        service.requests_due(&ctx, requests, None, page).await?.len(),
        service.disputes(&ctx, disputes, page).await?.len(),
        service.figures(&ctx, figures, Page::first(100)).await?.len(),
        service.reports(&ctx, reports).await?.len(),
    ])
}

async fn an_officer_sees_and_changes_nothing_of_another_unit(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let health = establish(&service, "health", Some(above)).await;
    let clinic = establish(&service, "clinic", Some(health)).await;
    let (theirs, below) = (fill(&service, office).await, fill(&service, clinic).await);
    let clerk = officer(health, &[Role::Officer, Role::Reviewer, Role::Head]);
    let before = entries(&service).await;
    all(&looks(&service, &clerk, office, &theirs).await, "not-allowed");
    all(&changes(&service, &clerk, office, &theirs).await, "not-allowed");
    // Nor of the government above, though it belongs to it.
    for ask in [own(above, 2020), government(above, 2020)] {
        assert_eq!(word(service.build_report(&by(&clerk), &ask).await), "not-allowed");
    }
    assert_eq!(entries(&service).await, before, "nothing was written");
    assert_eq!(listed(&service, &clerk, None).await.unwrap(), [1; 6], "only what is below it");
    assert_eq!(
        listed(&service, &clerk, Some(vec![office])).await.unwrap(),
        [0; 6],
        "asking for it gives nothing"
    );
    assert_eq!(listed(&service, &clerk, Some(vec![office, clinic])).await.unwrap(), [1; 6]);
    // Its own and what is below it, it sees and works on.
    all(&looks(&service, &clerk, clinic, &below).await, "ok");
    all(&changes(&service, &clerk, clinic, &below).await, "ok");
    verifies(&service).await;
}

/// A correction could hand a docket to another unit, or take one from there.
async fn no_correction_moves_a_docket_out_of_or_into_reach(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let health = establish(&service, "health", Some(above)).await;
    let (ours, theirs) = (fill(&service, health).await, fill(&service, office).await);
    let clerk = officer(health, &[Role::Officer]);
    let before = entries(&service).await;
    let on = day("2020-03-02");
    for (dockets, to) in [(&ours, office), (&theirs, health)] {
        let ctx = || by(&clerk);
        let why = "统计单位有误";
        let document = Change::replace(1, on, made(to, "样本办法"), why);
        let request = Change::replace(1, on, arrived(to), why);
        let dispute = Change::replace(1, on, filed(to), why);
        let number = Change::replace(1, on, figure(to, "hotline.closed", "5", "条"), why);
        all(
            &[
                ("document", word(service.change_document(ctx(), dockets.document, 1, document).await)),
                ("request", word(service.change_request(ctx(), dockets.request, 2, request).await)),
                ("dispute", word(service.change_dispute(ctx(), dockets.dispute, 1, dispute).await)),
                ("figure", word(service.change_figure(ctx(), dockets.figure, 1, number).await)),
            ],
            "not-allowed",
        );
    }
    assert_eq!(entries(&service).await, before, "nothing was written");
}

/// A docket whose first entry was voided has no standing, but it is still somebody's.
async fn a_voided_docket_stays_within_its_unit(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let health = establish(&service, "health", Some(above)).await;
    let theirs = fill(&service, office).await;
    let on = day("2020-03-02");
    let ctx = || operator(now());
    service.change_document(ctx(), theirs.document, 1, Change::void(1, on, "重复登记")).await.unwrap();
    service.change_request(ctx(), theirs.request, 2, Change::void(1, on, "重复登记")).await.unwrap();
    service.change_dispute(ctx(), theirs.dispute, 1, Change::void(1, on, "重复登记")).await.unwrap();
    service.change_figure(ctx(), theirs.figure, 1, Change::void(1, on, "重复登记")).await.unwrap();
    let clerk = officer(health, &[Role::Officer]);
    let before = entries(&service).await;
    let why = "恢复";
    let seen = [
        ("document", word(service.document_view(&by(&clerk), theirs.document).await)),
        ("request", word(service.request_view(&by(&clerk), theirs.request).await)),
        ("dispute", word(service.dispute_view(&by(&clerk), theirs.dispute).await)),
        ("figure", word(service.figure_view(&by(&clerk), theirs.figure).await)),
    ];
    all(&seen, "not-allowed");
    // Neither brought back as one's own, nor begun anew, nor voided once more.
    for change in [
        Change::replace(1, on, made(health, "样本办法"), why),
        Change::event(on, made(health, "样本办法")),
        Change::void(1, on, why),
    ] {
        let outcome = service.change_document(by(&clerk), theirs.document, 2, change).await;
        assert_eq!(word(outcome), "not-allowed");
    }
    let back = Change::replace(1, on, arrived(health), why);
    assert_eq!(word(service.change_request(by(&clerk), theirs.request, 3, back).await), "not-allowed");
    let back = Change::replace(1, on, filed(health), why);
    assert_eq!(word(service.change_dispute(by(&clerk), theirs.dispute, 2, back).await), "not-allowed");
    let back = Change::replace(1, on, figure(health, "hotline.received", "1", "条"), why);
    assert_eq!(word(service.change_figure(by(&clerk), theirs.figure, 2, back).await), "not-allowed");
    assert_eq!(word(service.applicant(by(&clerk), theirs.request).await), "not-allowed");
    assert_eq!(entries(&service).await, before, "nothing was written");
    // Whose it is may bring it back.
    let own_clerk = officer(office, &[Role::Officer]);
    assert!(service.document_view(&by(&own_clerk), theirs.document).await.is_ok());
    let back = Change::replace(1, on, made(office, "样本办法"), why);
    service.change_document(by(&own_clerk), theirs.document, 2, back).await.unwrap();
    verifies(&service).await;
}

async fn a_supervisor_reads_everything_and_changes_nothing(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let theirs = fill(&service, office).await;
    let before = entries(&service).await;
    for role in [Role::Supervisor, Role::Auditor, Role::Reviewer, Role::Administrator] {
        let reader = officer(None, &[role]);
        all(&looks(&service, &reader, office, &theirs).await, "ok");
        assert_eq!(listed(&service, &reader, None).await.unwrap(), [1; 6], "{role:?}");
        all(&changes(&service, &reader, office, &theirs).await, "not-allowed");
    }
    assert_eq!(entries(&service).await, before, "nothing was written");
}

async fn the_journal_is_for_auditors(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    fill(&service, office).await;
    assert!(!service.journal(&by(&officer(None, &[Role::Auditor])), 0, 10).await.unwrap().is_empty());
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Auditor) {
        let outcome = service.journal(&by(&officer(None, &[role])), 0, 10).await;
        assert_eq!(word(outcome), "not-allowed", "{role:?}");
    }
    assert_eq!(word(service.journal(&by(&Actor::Anonymous), 0, 10).await), "sign-in");
}

/// Nobody signed in learns not even whether there is such a docket.
async fn who_is_not_signed_in_is_asked_to(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let theirs = fill(&service, office).await;
    let nobody = Actor::Anonymous;
    all(&looks(&service, &nobody, office, &theirs).await, "sign-in");
    all(&changes(&service, &nobody, office, &theirs).await, "sign-in");
    let none = Uuid::from_u128(7);
    let nowhere = Dockets { document: none, request: none, dispute: none, figure: none, report: none };
    all(&looks(&service, &nobody, none, &nowhere).await, "sign-in");
    all(&changes(&service, &nobody, none, &nowhere).await, "sign-in");
    assert_eq!(word(listed(&service, &nobody, None).await), "sign-in");
    assert_eq!(word(service.unit_view(&by(&nobody), office).await), "sign-in");
    let unit = department("health", Some(office));
    assert_eq!(word(service.establish_unit(by(&nobody), day("2020-01-01"), unit).await), "sign-in");
    let renamed = Change::event(day("2020-01-01"), UnitEvent::Closed { successor: None });
    assert_eq!(word(service.change_unit(by(&nobody), office, 1, renamed).await), "sign-in");
}

/// An administrator of a unit arranges what is below it, and adds nothing to the figures of others.
async fn an_administrator_arranges_only_the_own_branch(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let health = establish(&service, "health", Some(above)).await;
    let clinic = establish(&service, "clinic", Some(health)).await;
    let admin = officer(health, &[Role::Administrator]);
    let on = day("2020-01-02");
    let closed = |successor: Option<Uuid>| {
        Change::event(on, UnitEvent::Closed { successor: successor.map(|u| u.to_string()) })
    };
    let moved = |parent: Option<Uuid>, into: Option<Uuid>| {
        let event = UnitEvent::Moved {
            parent: parent.map(|u| u.to_string()),
            consolidates_into: into.map(|u| u.to_string()),
        };
        Change::event(on, event)
    };
    for (unit, change) in [
        (office, closed(None)),
        (above, closed(None)),
        (clinic, closed(Some(office))),
        (clinic, moved(Some(above), Some(health))),
        (clinic, moved(Some(health), Some(above))),
        (clinic, moved(None, None)),
    ] {
        assert_eq!(word(service.change_unit(by(&admin), unit, 1, change).await), "not-allowed");
    }
    for above in [Some(above), None] {
        let new = department("new", above);
        assert_eq!(word(service.establish_unit(by(&admin), on, new).await), "not-allowed");
    }
    service.establish_unit(by(&admin), on, department("new", Some(health))).await.unwrap();
    service.change_unit(by(&admin), clinic, 1, closed(Some(health))).await.unwrap();
}

on_both! {
    an_officer_sees_and_changes_nothing_of_another_unit
    no_correction_moves_a_docket_out_of_or_into_reach
    a_voided_docket_stays_within_its_unit
    a_supervisor_reads_everything_and_changes_nothing
    the_journal_is_for_auditors
    who_is_not_signed_in_is_asked_to
    an_administrator_arranges_only_the_own_branch
}
