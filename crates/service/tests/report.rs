//! Situations of the annual report: from draft to correction, on both engines.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{cell, codes, figure, government, made, officer, on, own, request, value, verifies};
use law::decision::Decision;
use law::docket::report::{Part, Scope, Stage};
use law::docket::request::{RequestEvent, ServiceMethod};
use law::form::check::Finding;
use place::{day, now, on_both, operator, units};
use service::report::{ReportAction, ReportAsk, ReportView};
use service::{Actor, Change, Error, Location, Result, Role, Service};
use uuid::Uuid;

const NEW: &str = "requests.new_requests.total";

/// The people a report passes.
struct Desk {
    officer: Actor,
    reviewer: Actor,
    head: Actor,
}

fn desk(unit: Uuid) -> Desk {
    Desk {
        officer: officer(unit, &[Role::Officer]),
        reviewer: officer(unit, &[Role::Reviewer]),
        head: officer(unit, &[Role::Head]),
    }
}

fn text(part: Part, text: &str) -> ReportAction {
    ReportAction::EditText { part, text: text.into() }
}

fn review() -> ReportAction {
    ReportAction::Review { note: "同意报批".into() }
}

fn approve() -> ReportAction {
    ReportAction::Approve { note: "同意".into() }
}

fn correct() -> ReportAction {
    ReportAction::Correct { reason: "登记有误，重新统计".into() }
}

async fn act(service: &Service, date: &str, who: &Actor, id: Uuid, action: ReportAction) -> Result<u32> {
    let version = view(service, id).await.version;
    service.act_on_report(on(date, who), id, version, action).await
}

async fn view(service: &Service, id: Uuid) -> ReportView {
    service.report_view(&on("2022-06-01", &Actor::Operator), id).await.unwrap()
}

/// Reviewed and approved on a day.
async fn approved(service: &Service, date: &str, desk: &Desk, id: Uuid) {
    act(service, date, &desk.reviewer, id, review()).await.unwrap();
    act(service, date, &desk.head, id, approve()).await.unwrap();
}

/// The unit's own report of a year, published on a day.
async fn published(service: &Service, unit: Uuid, year: i16, date: &str) -> Uuid {
    let desk = desk(unit);
    let id = service.draft_report(on(date, &desk.officer), unit, year, Scope::Own).await.unwrap();
    approved(service, date, &desk, id).await;
    act(service, date, &desk.head, id, ReportAction::Publish).await.unwrap();
    id
}

async fn receive(service: &Service, unit: Uuid, date: &str) -> Uuid {
    service.receive_request(operator(now()), request(unit, date)).await.unwrap().id
}

async fn answer(service: &Service, id: Uuid, date: &str) {
    let decided = RequestEvent::Decided {
        decision: Decision::Granted,
        number: "样公开1号".into(),
        reasons: String::new(),
    };
    let served = RequestEvent::Served { method: ServiceMethod::Direct, evidence: String::new() };
    for (version, event) in [(2, decided), (3, served)] {
        service.change_request(operator(now()), id, version, Change::event(day(date), event)).await.unwrap();
    }
}

async fn a_report_is_drafted_once(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let clerk = officer(above, &[Role::Officer]);
    let draft = |unit, year, scope| service.draft_report(on("2021-01-11", &clerk), unit, year, scope);
    let id = draft(office, 2020, Scope::Own).await.unwrap();
    assert_eq!(codes(draft(office, 2020, Scope::Own).await), ["already-drafted"]);
    for (unit, year, scope) in
        [(office, 2019, Scope::Own), (above, 2020, Scope::Own), (above, 2020, Scope::Government)]
    {
        assert_ne!(draft(unit, year, scope).await.unwrap(), id);
    }
    assert_eq!(codes(draft(office, 2007, Scope::Own).await), ["no-form"]);
    let seen = view(&service, id).await;
    assert_eq!((seen.deadline.on, seen.standing.stage), (day("2021-01-31"), Stage::Draft));
    assert!(seen.built.notice.is_some_and(|n| n.contains("草稿")));
    verifies(&service).await;
}

async fn everybody_does_the_own_part(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let Desk { officer, reviewer, head } = desk(office);
    let id = service.draft_report(on("2021-01-11", &officer), office, 2020, Scope::Own).await.unwrap();
    let may_not = async |who: &Actor, action: ReportAction| {
        let said = format!("{action:?}");
        let e = act(&service, "2021-01-12", who, id, action).await.unwrap_err();
        assert!(matches!(e, Error::NotAllowed(_)), "{said}: {e:?}");
    };
    let written = || text(Part::Problems, "样本正文");
    let waive =
        || ReportAction::Waive { finding: "X-CARRY".into(), reason: "统计口径已经说明".into() };
    for action in [review(), approve(), waive(), ReportAction::Publish, correct()] {
        may_not(&officer, action).await;
    }
    for action in [written(), approve(), waive(), ReportAction::Publish, correct()] {
        may_not(&reviewer, action).await;
    }
    may_not(&head, written()).await;
    for role in [Role::Supervisor, Role::Auditor, Role::Administrator] {
        for action in [written(), review(), approve(), ReportAction::Publish] {
            may_not(&cases::officer(office, &[role]), action).await;
        }
    }
    // In this order and in no other.
    let refused =
        async |who: &Actor, action: ReportAction| codes(act(&service, "2021-01-12", who, id, action).await);
    assert_eq!(refused(&head, ReportAction::Publish).await, ["not-approved"]);
    assert_eq!(refused(&head, approve()).await, ["not-reviewed"]);
    assert_eq!(refused(&head, correct()).await, ["not-published", "not-approved"]);
    act(&service, "2021-01-12", &reviewer, id, review()).await.unwrap();
    assert_eq!(refused(&reviewer, review()).await, ["not-a-draft"]);
    // Sent back, and written again: both mean another review.
    act(&service, "2021-01-12", &reviewer, id, ReportAction::Return { note: "请补充数据".into() })
        .await
        .unwrap();
    act(&service, "2021-01-13", &reviewer, id, review()).await.unwrap();
    act(&service, "2021-01-13", &head, id, approve()).await.unwrap();
    act(&service, "2021-01-14", &officer, id, written()).await.unwrap();
    assert_eq!(view(&service, id).await.standing.stage, Stage::Draft);
    let publish = act(&service, "2021-01-14", &head, id, ReportAction::Publish).await;
    assert_eq!(codes(publish), ["not-approved"]);
    let stale = service.act_on_report(on("2021-01-14", &reviewer), id, 1, review()).await;
    assert!(matches!(stale, Err(Error::Conflict(_))), "{stale:?}");
    assert!(service.published_report(office, 2020, Scope::Own).await.is_err(), "nothing is public");
}

async fn a_year_is_reported_when_it_is_over(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let desk = desk(office);
    let id = service.draft_report(on("2020-12-30", &desk.officer), office, 2020, Scope::Own).await.unwrap();
    approved(&service, "2020-12-30", &desk, id).await;
    let early = act(&service, "2020-12-31", &desk.head, id, ReportAction::Publish).await;
    assert_eq!(codes(early), ["year-not-over"]);
    act(&service, "2021-01-01", &desk.head, id, ReportAction::Publish).await.unwrap();
}

/// What no reason explains away stops every way to the public.
async fn a_wrong_report_is_published_by_no_action(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let desk = desk(office);
    let id = service.draft_report(on("2021-01-11", &desk.officer), office, 2020, Scope::Own).await.unwrap();
    let unknown = text(Part::Problems, "热线受理{{hotline.nothing}}件");
    assert_eq!(codes(act(&service, "2021-01-11", &desk.officer, id, unknown).await), ["reference"]);
    // Known, but nobody has entered it.
    let missing = text(Part::Problems, "热线受理{{hotline.received}}件");
    act(&service, "2021-01-11", &desk.officer, id, missing).await.unwrap();
    let findings = view(&service, id).await.built;
    let blocking: Vec<&Finding> = findings.blocking().collect();
    assert_eq!(blocking.iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["F-REF"]);
    approved(&service, "2021-01-12", &desk, id).await;
    let publish = || act(&service, "2021-01-12", &desk.head, id, ReportAction::Publish);
    assert_eq!(codes(publish().await), ["finding"]);
    let waive = ReportAction::Waive { finding: blocking[0].key(), reason: "数据以后补充".into() };
    assert_eq!(codes(act(&service, "2021-01-12", &desk.head, id, waive).await), ["not-waivable"]);
    assert!(service.published_report(office, 2020, Scope::Own).await.is_err(), "nothing is public");
    // Entered, it is right, and the text says the figure.
    let entered = figure(office, "hotline.received", "2629", "条");
    let hotline = service.enter_figure(operator(now()), day("2021-01-08"), entered).await.unwrap();
    publish().await.unwrap();
    // A correction goes through the same checks.
    let void = Change::void(1, day("2021-01-08"), "重复填报");
    service.change_figure(operator(now()), hotline, 1, void).await.unwrap();
    let back = ReportAction::Return { note: "数据有误".into() };
    act(&service, "2021-02-01", &desk.reviewer, id, back).await.unwrap();
    approved(&service, "2021-02-01", &desk, id).await;
    assert_eq!(codes(act(&service, "2021-02-01", &desk.head, id, correct()).await), ["finding"]);
    let public = service.published_report(office, 2020, Scope::Own).await.unwrap();
    assert_eq!(public.versions.len(), 1);
}

/// The year before was published with one request carried over, which turned out to be none.
async fn a_reason_opens_the_way_only_where_it_may(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let open = receive(&service, office, "2020-12-30").await;
    published(&service, office, 2020, "2021-01-20").await;
    let void = Change::void(1, day("2020-12-30"), "重复登记");
    service.change_request(operator(now()), open, 2, void).await.unwrap();
    let desk = desk(office);
    let id = service.draft_report(on("2022-01-10", &desk.officer), office, 2021, Scope::Own).await.unwrap();
    approved(&service, "2022-01-10", &desk, id).await;
    // Compared with what was published, not with what the registers say now of last year.
    let seen = view(&service, id).await.built;
    let blocking: Vec<String> = seen.blocking().map(|f| f.key()).collect();
    assert!(!blocking.is_empty() && blocking.iter().all(|k| k.starts_with("X-CARRY:")), "{blocking:?}");
    assert!(seen.blocking().any(|f| f.message.contains("为0") && f.message.contains("为1")), "both values");
    let refused = codes(act(&service, "2022-01-11", &desk.head, id, ReportAction::Publish).await);
    assert!(refused.iter().all(|c| c == "finding"), "{refused:?}");
    for finding in &blocking {
        let waive = |reason: &str| ReportAction::Waive { finding: finding.clone(), reason: reason.into() };
        assert_eq!(codes(act(&service, "2022-01-11", &desk.head, id, waive("无")).await), ["reason-missing"]);
        let why = "上年报告误计一件重复登记的申请，已另行更正";
        act(&service, "2022-01-11", &desk.head, id, waive(why)).await.unwrap();
    }
    // Withdrawn, the way is closed again.
    let withdraw = || ReportAction::WithdrawWaiver { finding: blocking[0].clone() };
    act(&service, "2022-01-12", &desk.head, id, withdraw()).await.unwrap();
    assert_eq!(codes(act(&service, "2022-01-12", &desk.head, id, withdraw()).await), ["not-waived"]);
    assert_eq!(codes(act(&service, "2022-01-12", &desk.head, id, ReportAction::Publish).await), ["finding"]);
    let again =
        ReportAction::Waive { finding: blocking[0].clone(), reason: "上年报告另行更正".into() };
    act(&service, "2022-01-13", &desk.head, id, again).await.unwrap();
    act(&service, "2022-01-13", &desk.head, id, ReportAction::Publish).await.unwrap();
    let public = service.published_report(office, 2021, Scope::Own).await.unwrap();
    assert_eq!(public.versions[0].snapshot.waivers.len(), blocking.len(), "the reasons are kept with it");
    verifies(&service).await;
}

async fn what_is_published_stays_as_it_was(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let first = receive(&service, office, "2020-03-02").await;
    answer(&service, first, "2020-03-10").await;
    let entered = figure(office, "hotline.received", "2629", "条");
    let hotline = service.enter_figure(operator(now()), day("2021-01-08"), entered).await.unwrap();
    let desk = desk(office);
    let id = service.draft_report(on("2021-01-11", &desk.officer), office, 2020, Scope::Own).await.unwrap();
    let said = text(Part::Problems, "热线受理{{hotline.received}}件，新收申请{{requests.received}}件。");
    act(&service, "2021-01-11", &desk.officer, id, said).await.unwrap();
    approved(&service, "2021-01-12", &desk, id).await;
    act(&service, "2021-01-20", &desk.head, id, ReportAction::Publish).await.unwrap();
    let before = service.published_report(office, 2020, Scope::Own).await.unwrap().versions;
    let snapshot = &before[0].snapshot;
    assert_eq!((snapshot.form.as_str(), snapshot.figures.value(NEW).to_string()), ("2019", "1".into()));
    assert_eq!(snapshot.calendar, service.calendar().version());
    assert_eq!(snapshot.parts[&Part::Problems][0].text(), "热线受理2629件，新收申请1件。");
    let seen = view(&service, id).await;
    assert_eq!(
        (seen.outdated, seen.built.notice, seen.built.signed_on),
        (vec![], None, Some(day("2021-01-20")))
    );

    // The registers go on: a request of the old year turns up, and the hotline corrects its number.
    receive(&service, office, "2020-12-30").await;
    let right =
        Change::replace(1, day("2021-01-25"), figure(office, "hotline.received", "2630", "条"), "数据有误");
    service.change_figure(operator(now()), hotline, 1, right).await.unwrap();
    assert_eq!(service.published_report(office, 2020, Scope::Own).await.unwrap().versions, before);
    let seen = view(&service, id).await;
    assert_eq!(seen.built.figures.value(NEW).to_string(), "2");
    let outdated = |c: &str| seen.outdated.iter().find(|f| f.cells.iter().any(|cell| cell == c));
    let found = outdated(NEW).unwrap();
    assert_eq!(found.id, "S-LEDGER");
    assert!(found.message.contains("填报为1") && found.message.contains("为2"), "{found:?}");
    let quoted = outdated("hotline.received").unwrap();
    assert!(quoted.message.contains("2629") && quoted.message.contains("2630"), "{quoted:?}");
    assert!(outdated("proactive.procurement.items").is_none());
    // What was built anew does not pass for what was published.
    assert!(seen.built.notice.unwrap().contains("不一致"));
    verifies(&service).await;
}

async fn a_correction_shows_both_versions(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let desk = desk(office);
    let id = published(&service, office, 2020, "2021-01-20").await;
    receive(&service, office, "2020-12-30").await;
    let again = act(&service, "2021-02-01", &desk.head, id, ReportAction::Publish).await;
    assert!(codes(again).contains(&"already-published".to_owned()));
    assert_eq!(codes(act(&service, "2021-02-01", &desk.head, id, correct()).await), ["not-approved"]);
    let back = ReportAction::Return { note: "漏登一件申请".into() };
    act(&service, "2021-02-01", &desk.head, id, back).await.unwrap();
    let public = service.published_reports(Some(office), Some(2020), None).await.unwrap();
    assert_eq!((public.len(), public[0].corrected_on), (1, None), "it stays public while it is corrected");
    approved(&service, "2021-02-02", &desk, id).await;
    let short = ReportAction::Correct { reason: "有误".into() };
    assert_eq!(codes(act(&service, "2021-02-02", &desk.head, id, short).await), ["reason-missing"]);
    act(&service, "2021-02-03", &desk.head, id, correct()).await.unwrap();
    let versions = service.published_report(office, 2020, Scope::Own).await.unwrap().versions;
    let said: Vec<_> = versions
        .iter()
        .map(|v| (v.on, v.snapshot.figures.value(NEW).to_string(), v.reason.as_deref()))
        .collect();
    let newest = (day("2021-02-03"), "1".to_owned(), Some("登记有误，重新统计"));
    assert_eq!(said, [newest, (day("2021-01-20"), "0".to_owned(), None)]);
    let public = service.published_reports(None, None, None).await.unwrap();
    assert_eq!(public.len(), 1);
    let dates = (public[0].published_on, public[0].corrected_on);
    assert_eq!(dates, (day("2021-01-20"), Some(day("2021-02-03"))));
    assert_eq!(view(&service, id).await.outdated, vec![]);
    verifies(&service).await;
}

/// What was known at an instant: figures, records, text, and the records of every kind that changed later.
async fn a_report_as_of_an_instant_is_built_as_it_was(service: Service, _: Location) {
    let (_, office) = units(&service).await;
    let clerk = officer(office, &[Role::Officer]);
    let early = || on("2021-01-10", &clerk);
    let asked = service.receive_request(early(), request(office, "2020-03-02")).await.unwrap();
    let document = service.make_document(early(), day("2020-05-06"), made(office, "样本办法")).await.unwrap();
    let items = figure(office, "proactive.procurement.items", "5", "项");
    let number = service.enter_figure(early(), day("2021-01-08"), items).await.unwrap();
    let id = service.draft_report(early(), office, 2020, Scope::Own).await.unwrap();
    service.act_on_report(early(), id, 1, text(Part::Problems, "当时的正文")).await.unwrap();

    let late = || on("2021-02-10", &clerk);
    let late_document = Change::replace(1, day("2019-12-30"), made(office, "样本办法"), "成文日期有误");
    service.change_document(late(), document, 1, late_document).await.unwrap();
    let void = Change::void(1, day("2020-03-02"), "重复登记");
    service.change_request(late(), asked.id, 2, void).await.unwrap();
    let six = figure(office, "proactive.procurement.items", "6", "项");
    service
        .change_figure(late(), number, 1, Change::replace(1, day("2021-02-01"), six, "数据有误"))
        .await
        .unwrap();
    service.receive_request(late(), request(office, "2020-06-01")).await.unwrap();
    service.receive_request(late(), request(office, "2020-06-02")).await.unwrap();
    service.act_on_report(late(), id, 2, text(Part::Problems, "后来的正文")).await.unwrap();

    let made_cell = "proactive.normative_documents.made";
    let items_cell = "proactive.procurement.items";
    let then = ReportAsk { as_of: Some(cases::morning("2021-01-31")), ..own(office, 2020) };
    let now_ask = own(office, 2020);
    for (ask, requests, documents, items, written) in
        [(&then, "1", "1", "5", "当时的正文"), (&now_ask, "2", "0", "6", "后来的正文")]
    {
        assert_eq!(value(&service, ask, NEW).await, requests);
        assert_eq!(value(&service, ask, made_cell).await, documents);
        assert_eq!(value(&service, ask, items_cell).await, items);
        let built = service.build_report(&operator(now()), ask).await.unwrap();
        assert_eq!(built.texts[&Part::Problems][0].text(), written);
    }
    let records: Vec<Uuid> = cell(&service, &then, NEW).await.records.iter().map(|r| r.id).collect();
    assert_eq!(records, [asked.id], "the record that has been voided since");
    cases::every_cell_opens(&service, &then).await;
    cases::every_cell_opens(&service, &ReportAsk { as_of: Some(now()), ..now_ask }).await;
    let nothing = ReportAsk { as_of: Some(cases::morning("2021-01-01")), ..own(office, 2020) };
    assert_eq!(value(&service, &nothing, NEW).await, "0", "before anything was entered");
}

/// The own report and the government's go their own ways.
async fn the_two_reports_of_a_government_are_two(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    receive(&service, office, "2020-12-30").await;
    cases::accepted(&service, office, 2020).await;
    published(&service, above, 2020, "2021-01-20").await;
    let desk = desk(above);
    let id =
        service.draft_report(on("2021-03-01", &desk.officer), above, 2020, Scope::Government).await.unwrap();
    approved(&service, "2021-03-01", &desk, id).await;
    act(&service, "2021-03-02", &desk.head, id, ReportAction::Publish).await.unwrap();
    let figures = async |scope| {
        let public = service.published_report(above, 2020, scope).await.unwrap();
        public.versions[0].snapshot.figures.value(NEW).to_string()
    };
    assert_eq!((figures(Scope::Own).await, figures(Scope::Government).await), ("0".into(), "1".into()));
    assert_eq!(view(&service, id).await.deadline.on, day("2021-03-31"));
    // Last year's report of the same scope is compared with: nothing is carried over wrongly.
    for ask in [own(above, 2021), government(above, 2021)] {
        let built = service.build_report(&operator(now()), &ask).await.unwrap();
        assert!(built.findings.iter().all(|f| f.id != "X-CARRY" && f.id != "X-ID"), "{:?}", built.findings);
    }
}

on_both! {
    a_report_is_drafted_once
    everybody_does_the_own_part
    a_year_is_reported_when_it_is_over
    a_wrong_report_is_published_by_no_action
    a_reason_opens_the_way_only_where_it_may
    what_is_published_stays_as_it_was
    a_correction_shows_both_versions
    a_report_as_of_an_instant_is_built_as_it_was
    the_two_reports_of_a_government_are_two
}
