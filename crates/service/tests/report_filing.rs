//! Situations of the collection of reports: filed, returned line by line, accepted, added up, published.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, cell, codes, entries, establish, government, made, officer, on, request, value, verifies};
use law::Amount;
use law::docket::report::{Part, Scope};
use law::docket::report_filing::{Deadlines, Limit, Line, Reported, Settled, Stage};
use law::form::{Figures, Form};
use place::{day, now, on_both, operator, units};
use service::report::{
    BuiltReport, Filed, FilingAction, NewFiling, ReadReport, ReportAction, ReportDuties, ReportSetup,
    UnitState,
};
use service::{Actor, Change, Error, Location, Role, Service};
use std::collections::BTreeMap;
use uuid::Uuid;

const NEW: &str = "requests.new_requests.natural_person";
const MADE: &str = "proactive.normative_documents.made";

fn new(unit: Uuid) -> NewFiling {
    NewFiling { unit, year: 2020, ..NewFiling::default() }
}

fn accept() -> FilingAction {
    FilingAction::Accept { note: String::new() }
}

fn returned() -> FilingAction {
    FilingAction::Return { note: "请核实后重新报送".into() }
}

fn mark(line: Line, reason: &str) -> FilingAction {
    FilingAction::Mark { lines: vec![line], reason: reason.into() }
}

async fn view(service: &Service, unit: Uuid) -> Filed {
    service.filing_view(&operator(now()), unit, 2020).await.unwrap().filed.unwrap()
}

/// The department collects for the government.
async fn collects(service: &Service, government: Uuid, department: Uuid) {
    let setup = ReportSetup { department: Some(department), deadlines: Deadlines::default() };
    service.save_report_setup(operator(now()), government, 0, setup).await.unwrap();
}

/// A document of 2020.
async fn document(service: &Service, unit: Uuid, title: &str) {
    service.make_document(operator(now()), day("2020-05-06"), made(unit, title)).await.unwrap();
}

/// A report read from a file, with so many requests of natural persons that are all open.
fn read(organization: &str, n: i64, text: &str) -> ReadReport {
    let mut figures = Figures::default();
    for cell in Form::for_year(2020).unwrap().cells() {
        figures.set(cell.id, 0);
    }
    for row in ["new_requests", "carried_over_out"] {
        figures.set(format!("requests.{row}.natural_person"), n);
        figures.set(format!("requests.{row}.total"), n);
    }
    ReadReport {
        report: Reported {
            form: "2019".into(),
            organization: organization.into(),
            title: format!("{organization}2020年政府信息公开工作年度报告"),
            figures,
            texts: BTreeMap::from([
                (Part::Overview, text.to_owned()),
                (Part::Problems, text.to_owned()),
                (Part::OtherMatters, "无".to_owned()),
            ]),
        },
        name: "年报.json".into(),
        kind: "json".into(),
        digest: "ab".repeat(32),
    }
}

async fn a_report_is_returned_line_by_line_and_comes_again(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    collects(&service, above, office).await;
    let health = establish(&service, "health", Some(above)).await;
    let clerk = officer(health, &[Role::Officer]);
    let main = officer(office, &[Role::Reviewer]);
    service.receive_request(operator(now()), request(health, "2020-12-30")).await.unwrap();
    assert_eq!(codes(service.file_report(by(&clerk), new(health)).await), ["not-approved"]);
    let id = cases::filed(&service, health, 2020).await;
    assert_eq!(view(&service, health).await.standing.stage, Stage::Filed);

    let act = async |version, action| service.act_on_filing(by(&main), id, version, action).await;
    assert_eq!(codes(act(1, returned()).await), ["no-line"]);
    act(1, mark(Line::Cell(NEW.into()), "与申请台账不一致")).await.unwrap();
    let rows = vec![Line::Row("requests.granted".into()), Line::Part(Part::Problems)];
    act(2, FilingAction::Mark { lines: rows, reason: "没有按要求填写".into() }).await.unwrap();
    assert_eq!(codes(act(4, accept()).await), ["line-open"]);
    act(4, FilingAction::Unmark { line: Line::Row("requests.granted".into()) }).await.unwrap();
    act(5, returned()).await.unwrap();
    let duties = async |actor: &Actor| service.report_duties(&by(actor)).await;
    // The year of the duties is the last one, seen from the instant of the tests.
    let expected = ReportDuties { year: 2020, returned: 1, ..ReportDuties::default() };
    assert_eq!(service.report_duties(&by(&clerk)).await.unwrap(), expected);
    assert_eq!(duties(&main).await.unwrap().to_review, 0);

    // Nothing was changed, so it does not come again without a word.
    let again = NewFiling { seen: 6, ..new(health) };
    assert_eq!(codes(service.file_report(by(&clerk), again.clone()).await), ["line-unanswered"]);
    service.receive_request(operator(now()), request(health, "2020-12-31")).await.unwrap();
    let answers = BTreeMap::from([("part:problems".to_owned(), "本年没有其他问题".to_owned())]);
    service.file_report(by(&clerk), NewFiling { answers, ..again }).await.unwrap();
    let seen = view(&service, health).await;
    assert_eq!(seen.standing.changed_cells().get(NEW), Some(&Some(Amount::whole(1))));
    let settled: Vec<Settled> = seen.standing.returned_lines().into_iter().map(|(_, _, s)| s).collect();
    assert_eq!(settled, [Settled::Changed, Settled::Answered("本年没有其他问题".into())]);
    assert_eq!(duties(&main).await.unwrap().to_review, 1);
    act(7, accept()).await.unwrap();
    assert_eq!(value(&service, &government(above, 2020), NEW).await, "2");

    // What the unit counts later is not in the sum until it files again and that is accepted.
    service.receive_request(operator(now()), request(health, "2020-12-29")).await.unwrap();
    assert_eq!(value(&service, &government(above, 2020), NEW).await, "2");
    let later = NewFiling { seen: 8, reason: Some("漏登一件申请".into()), ..new(health) };
    service.file_report(by(&clerk), later).await.unwrap();
    assert_eq!(value(&service, &government(above, 2020), NEW).await, "0");
    service.act_on_filing(by(&main), id, 9, accept()).await.unwrap();
    assert_eq!(value(&service, &government(above, 2020), NEW).await, "3");
    assert_eq!(view(&service, health).await.standing.rounds.len(), 3);
    verifies(&service).await;
}

async fn the_government_publishes_the_sum_and_says_who_is_missing(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    collects(&service, above, office).await;
    let (health, school) =
        (establish(&service, "health", Some(above)).await, establish(&service, "school", Some(above)).await);
    for (unit, title) in [(above, "样本办法"), (office, "样本通知"), (health, "样本规定")] {
        document(&service, unit, title).await;
    }
    cases::accepted(&service, office, 2020).await;
    cases::accepted(&service, health, 2020).await;
    let ask = government(above, 2020);
    let behind = cell(&service, &ask, MADE).await;
    assert_eq!(behind.records.len(), 1, "the government's own");
    assert_eq!(behind.units.iter().map(|u| u.value.to_string()).collect::<Vec<_>>(), ["1", "1"]);
    cases::every_cell_opens(&service, &ask).await;

    // The office makes the government's report: it is its main department, and of others nobody may.
    let desk = [Role::Officer, Role::Reviewer, Role::Head].map(|r| officer(office, &[r]));
    let stranger = officer(health, &[Role::Officer]);
    let draft = |who: &Actor| service.draft_report(on("2021-03-01", who), above, 2020, Scope::Government);
    assert!(matches!(draft(&stranger).await, Err(Error::NotAllowed(_))));
    let id = draft(&desk[0]).await.unwrap();
    let act = async |version, who: &Actor, action| {
        service.act_on_report(on("2021-03-01", who), id, version, action).await
    };
    act(1, &desk[1], ReportAction::Review { note: "同意报批".into() }).await.unwrap();
    act(2, &desk[2], ReportAction::Approve { note: "同意".into() }).await.unwrap();
    let refused = act(3, &desk[2], ReportAction::Publish).await.unwrap_err().to_string();
    assert!(refused.contains("H-COVER") && refused.contains("已接收2个；"), "{refused}");
    let excuse = |reason: &str| service.excuse_unit(by(&desk[2]), school, 2020, 0, reason.into());
    assert_eq!(codes(excuse("无").await), ["reason-missing"]);
    excuse("机构改革中撤销，没有报送").await.unwrap();
    act(3, &desk[2], ReportAction::Publish).await.unwrap();
    let public = service.published_report(above, 2020, Scope::Government).await.unwrap();
    let snapshot = &public.versions[0].snapshot;
    assert_eq!(snapshot.figures.value(MADE), Amount::whole(3));
    let sum = snapshot.consolidation.as_ref().unwrap();
    assert_eq!((sum.members.len(), sum.missing[0].reason.as_deref()), (2, Some("机构改革中撤销，没有报送")));
    assert_eq!(sum.figures(Form::for_year(2020).unwrap(), 2020), snapshot.figures);

    let shown = BuiltReport::from_snapshot(&public.unit, 2020, Scope::Government, snapshot).unwrap();
    let notice = shown.notice.as_deref().unwrap_or_default();
    assert!(notice.contains("不包括") && notice.contains("机构改革中撤销，没有报送"), "{notice}");
    assert_eq!(shown.consolidation, None, "what each unit gave is not public by this");

    // A unit that was not waited for files after all: the published report is told to differ from the sum.
    let read = read("样本市教育局", 4, "本年没有问题");
    service.file_read_report(by(&desk[0]), NewFiling { seen: 1, ..new(school) }, read).await.unwrap();
    let filing = view(&service, school).await;
    service.act_on_filing(by(&desk[1]), filing.id, filing.version, accept()).await.unwrap();
    let seen = service.report_view(&by(&desk[0]), id).await.unwrap();
    assert!(seen.outdated.iter().any(|f| f.cells == [NEW]), "{:?}", seen.outdated);
    verifies(&service).await;
}

async fn what_was_read_from_a_file_is_accepted_only_if_it_adds_up(service: Service, _: Location) {
    let (above, _) = units(&service).await;
    let (health, school) =
        (establish(&service, "health", Some(above)).await, establish(&service, "school", Some(above)).await);
    let clerk = officer(health, &[Role::Officer, Role::Reviewer]);
    let stranger = officer(school, &[Role::Officer, Role::Reviewer]);
    let mut wrong = read("样本市卫生局", 3, "正文");
    wrong.report.figures.set("requests.new_requests.total", 7);
    let filed = |who: &Actor, read: ReadReport| service.file_read_report(by(who), new(health), read);
    assert!(matches!(filed(&stranger, wrong.clone()).await, Err(Error::NotAllowed(_))));
    let before = entries(&service).await;
    let id = filed(&clerk, wrong).await.unwrap();
    assert_eq!(entries(&service).await, before + 1);
    assert!(!view(&service, health).await.findings.is_empty());
    // Who files does not accept.
    let own = service.act_on_filing(by(&clerk), id, 1, accept()).await;
    assert!(matches!(own, Err(Error::NotAllowed(_))), "{own:?}");
    assert!(codes(service.act_on_filing(operator(now()), id, 1, accept()).await).contains(&"finding".into()));
    let refused = service.accept_filings(operator(now()), vec![(id, 1)]).await;
    assert_eq!(codes(refused), ["findings"]);
    let withdraw = FilingAction::Withdraw { reason: "数据需要核对".into() };
    service.act_on_filing(by(&clerk), id, 1, withdraw).await.unwrap();
    let again = NewFiling { seen: 2, ..new(health) };
    service.file_read_report(by(&clerk), again, read("样本市卫生局", 3, "正文")).await.unwrap();
    service.act_on_filing(operator(now()), id, 3, accept()).await.unwrap();
    assert_eq!(value(&service, &government(above, 2020), NEW).await, "3");
    for who in [&clerk, &stranger] {
        let seen = service.filing_view(&by(who), school, 2020).await;
        assert_eq!(seen.is_ok(), std::ptr::eq(who, &stranger), "a unit sees its own filing");
        assert!(matches!(service.report_collection(&by(who), above, 2020).await, Err(Error::NotAllowed(_))));
    }
    verifies(&service).await;
}

async fn the_list_says_how_far_each_unit_is_and_who_is_late(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    let units: Vec<Uuid> = {
        let mut all = Vec::new();
        for code in ["a", "b", "c", "d"] {
            all.push(establish(&service, code, Some(above)).await);
        }
        all
    };
    // Led from above: nobody's.
    let tax = cases::department("tax", Some(above));
    let tax = service::unit::NewUnit { consolidates_into: None, ..tax };
    service.establish_unit(operator(now()), day("2010-01-01"), tax).await.unwrap();
    service.draft_report(operator(now()), units[0], 2020, Scope::Own).await.unwrap();
    for (unit, date) in [(units[1], "2021-01-26"), (units[2], "2021-01-27")] {
        let text = "本机关全年共办理政府信息公开申请若干件，均在法定期限内答复。".repeat(6);
        let read = read("样本局", 0, &text);
        service.file_read_report(on(date, &Actor::Operator), new(unit), read).await.unwrap();
    }
    let limit = |month, day| Limit::new(month, day).unwrap();
    let deadlines = Deadlines { departments_file: limit(1, 26), ..Deadlines::default() };
    let late = Deadlines { departments_file: limit(2, 26), ..Deadlines::default() };
    let save = |seen, deadlines| {
        let setup = ReportSetup { department: Some(office), deadlines };
        service.save_report_setup(operator(now()), above, seen, setup)
    };
    assert_eq!(codes(save(0, late).await), ["too-late"]);
    save(0, deadlines).await.unwrap();
    assert!(matches!(save(0, deadlines).await, Err(Error::Conflict(_))));
    let main = officer(office, &[Role::Reviewer]);
    let seen = service.report_collection(&on("2021-01-28", &main), above, 2020).await.unwrap();
    let told: Vec<(&str, UnitState, bool)> =
        seen.lines.iter().map(|l| (l.unit.code.as_str(), l.state, l.late)).collect();
    assert_eq!(
        told,
        [
            ("sample-office", UnitState::NotBegun, true),
            ("a", UnitState::Drafting, true),
            ("b", UnitState::Filed, false),
            ("c", UnitState::Filed, true),
            ("d", UnitState::NotBegun, true),
        ]
    );
    assert_eq!(seen.lines[2].due.on, day("2021-01-26"));
    assert_eq!(seen.department.map(|d| d.id), Some(office));
    // The two have the same text.
    let same = service.same_reports(&by(&main), above, 2020).await.unwrap();
    assert_eq!(same.len(), 1);
    let found = &same[0];
    assert_eq!((found.one.0.code.as_str(), found.other.0.code.as_str()), ("b", "c"));
    assert!((found.masked - 1.0).abs() < 1e-9);
    let waiting: Vec<(Uuid, u32)> = seen.lines.iter().filter_map(|l| l.filing).collect();
    assert_eq!(waiting.len(), 2);
    assert_eq!(seen.lines.iter().map(|l| l.findings).collect::<Vec<_>>()[2..4], [Some(0), Some(0)]);
    assert_eq!(service.accept_filings(by(&main), waiting).await.unwrap(), 2);
    verifies(&service).await;
}

async fn a_report_as_of_an_instant_adds_up_what_was_accepted_by_then(service: Service, _: Location) {
    let (above, office) = units(&service).await;
    document(&service, office, "样本通知").await;
    cases::filed(&service, office, 2020).await;
    let id = view(&service, office).await.id;
    service.act_on_filing(on("2021-03-02", &Actor::Operator), id, 1, accept()).await.unwrap();
    let ask = government(above, 2020);
    let then = service::report::ReportAsk { as_of: Some(cases::morning("2021-03-01")), ..ask.clone() };
    assert_eq!(
        (value(&service, &ask, MADE).await, value(&service, &then, MADE).await),
        ("1".into(), "0".into())
    );
    // Of a unit that consolidates elsewhere by now, nothing.
    let moved =
        law::docket::unit::UnitEvent::Moved { parent: Some(above.to_string()), consolidates_into: None };
    service.change_unit(operator(now()), office, 1, Change::event(day("2021-03-01"), moved)).await.unwrap();
    assert_eq!(value(&service, &ask, MADE).await, "0");
}

on_both! {
    a_report_is_returned_line_by_line_and_comes_again
    the_government_publishes_the_sum_and_says_who_is_missing
    what_was_read_from_a_file_is_accepted_only_if_it_adds_up
    the_list_says_how_far_each_unit_is_and_who_is_late
    a_report_as_of_an_instant_adds_up_what_was_accepted_by_then
}
