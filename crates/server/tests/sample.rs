//! The sample county on both engines: the built report is the published one, cell by cell, and every cell opens its
//! records. The truth stands in `../shared`, beside the work tree; a run without it fails and says so.

#![allow(clippy::unwrap_used, missing_docs)]

use jiff::Timestamp;
use law::docket::report::Scope;
use serde_json::Value;
use server::demo;
use service::report::{ReportAction, ReportAsk};
use service::{Actor, Context, Location, Service};
use std::path::PathBuf;

#[path = "../../service/tests/place/mod.rs"]
mod place;

fn at_noon(day: &str) -> Timestamp {
    format!("{day}T04:00:00Z").parse().unwrap()
}

fn operator(day: &str) -> Context {
    Context::new(at_noon(day), Actor::Operator, [5; 32])
}

async fn ask(service: &Service, year: i16) -> ReportAsk {
    let unit = service.find_unit(demo::OFFICE).await.unwrap().id;
    ReportAsk { unit, year, scope: Scope::Own, as_of: None }
}

fn truth() -> Value {
    let path = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reports"))
        .join("gaoping-office-2020.truth.json");
    let text = std::fs::read_to_string(&path)
        .expect("../shared with the published report must stand beside the work tree");
    serde_json::from_str(&text).unwrap()
}

place::on_both! {
    the_report_of_2020_is_the_published_one
    every_cell_is_the_sum_of_its_records
    an_earlier_instant_gives_the_report_as_it_was
    a_correction_keeps_both_versions_and_nothing_wrong_is_published
}

async fn the_report_of_2020_is_the_published_one(service: Service, _: Location) {
    demo::fill(&service, [9; 32], at_noon("2022-03-01")).await.unwrap();
    let report = service.build_report(&operator("2022-03-01"), &ask(&service, 2020).await).await.unwrap();
    let json = report.json();
    let truth = truth();
    let cells = truth["cells"].as_object().unwrap();
    let wrong: Vec<_> = cells.iter().filter(|(id, value)| json["cells"][id.as_str()] != **value).collect();
    assert_eq!(cells.len(), 198);
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(json["cells"].as_object().unwrap().len(), 198);
    let errors: Vec<_> = report.findings.iter().filter(|f| f.blocks()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let facts = [
        ("documents.disclosed_for_government", "29"),
        ("documents.disclosed_own", "56"),
        ("interpretations.published", "69"),
        ("hotline.received", "2629"),
        ("hotline.closed", "2556"),
        ("hotline.open", "73"),
        ("hotline.closed_per_working_day", "10.3"),
        ("year.working_days", "249"),
        ("mailbox.received", "478"),
        ("mailbox.answered", "347"),
        ("accounts.kept", "34"),
        ("systems.compiled", "15"),
    ];
    for (fact, value) in facts {
        assert_eq!(report.facts.get(fact).map(ToString::to_string).as_deref(), Some(value), "{fact}");
    }
}

async fn every_cell_is_the_sum_of_its_records(service: Service, _: Location) {
    demo::fill(&service, [9; 32], at_noon("2022-03-01")).await.unwrap();
    for year in [2020, 2021] {
        let ask = ask(&service, year).await;
        let ctx = operator("2022-03-01");
        let report = service.build_report(&ctx, &ask).await.unwrap();
        for cell in report.form.cells() {
            let behind = service.report_cell(&ctx, &ask, &cell.id).await.unwrap();
            let sum: law::Amount = behind.records.iter().map(|r| r.contributes).sum();
            assert_eq!(behind.value, report.figures.value(&cell.id), "{}", cell.id);
            assert_eq!(sum, behind.value, "{year} {}", cell.id);
        }
    }
    let ask = ask(&service, 2020).await;
    let inquiry = "requests.refused_administrative_inquiry.total";
    let behind = service.report_cell(&operator("2022-03-01"), &ask, inquiry).await.unwrap();
    assert_eq!(behind.records.len(), 1);
    assert_eq!(behind.records[0].kind, "request");
    assert!(service.report_cell(&operator("2022-03-01"), &ask, "requests.none.total").await.is_err());
}

async fn an_earlier_instant_gives_the_report_as_it_was(service: Service, _: Location) {
    demo::fill(&service, [9; 32], at_noon("2022-03-01")).await.unwrap();
    let mut ask = ask(&service, 2020).await;
    let at =
        |cell: &'static str, report: &service::report::BuiltReport| report.figures.value(cell).to_string();
    ask.as_of = Some(at_noon("2020-07-01"));
    let then = service.build_report(&operator("2022-03-01"), &ask).await.unwrap();
    assert_eq!(at("requests.new_requests.total", &then), "1");
    assert_eq!(at("requests.refused_administrative_inquiry.total", &then), "1");
    assert_eq!(at("proactive.procurement.items", &then), "0");
    ask.as_of = Some(at_noon("2020-08-26"));
    let then = service.build_report(&operator("2022-03-01"), &ask).await.unwrap();
    assert_eq!(at("requests.new_requests.total", &then), "2");
    assert_eq!(at("requests.carried_over_out.total", &then), "1");
    ask.as_of = Some(at_noon("2021-01-30"));
    let filed = service.build_report(&operator("2022-03-01"), &ask).await.unwrap();
    ask.as_of = None;
    let now = service.build_report(&operator("2022-03-01"), &ask).await.unwrap();
    assert_eq!(filed.figures, now.figures);
    assert_eq!(filed.facts, now.facts);
}

async fn a_correction_keeps_both_versions_and_nothing_wrong_is_published(service: Service, _: Location) {
    demo::fill(&service, [9; 32], at_noon("2022-03-01")).await.unwrap();
    let ask = ask(&service, 2021).await;
    let unit = ask.unit;
    let rows = service.reports(&operator("2022-03-01"), Default::default()).await.unwrap();
    let row = rows.iter().find(|r| r.year == 2021).unwrap();
    let mut version = u32::try_from(row.version).unwrap();
    let mut act = |action: ReportAction| {
        let service = service.clone();
        let from = version;
        version += 1;
        async move { service.act_on_report(operator("2022-03-01"), row.id, from, action).await }
    };
    let part = law::docket::report::Part::Overview;
    // A figure nobody entered must not get onto paper.
    let text = "举办新闻发布会{{press_conferences.held}}场。".to_owned();
    act(ReportAction::EditText { part, text }).await.unwrap();
    act(ReportAction::Review { note: "同意".into() }).await.unwrap();
    act(ReportAction::Approve { note: "同意".into() }).await.unwrap();
    let refused = act(ReportAction::Correct { reason: "补充总体情况的内容".into() }).await.unwrap_err();
    assert!(refused.to_string().contains("没有这项数据"), "{refused}");
    version -= 1;
    let mut act = |action: ReportAction| {
        let service = service.clone();
        let from = version;
        version += 1;
        async move { service.act_on_report(operator("2022-03-01"), row.id, from, action).await }
    };
    let text = "全年新收申请{{requests.new_requests.total}}件。".to_owned();
    act(ReportAction::EditText { part, text }).await.unwrap();
    act(ReportAction::Review { note: "同意".into() }).await.unwrap();
    act(ReportAction::Approve { note: "同意".into() }).await.unwrap();
    act(ReportAction::Correct { reason: "补充总体情况的内容".into() }).await.unwrap();
    let published = service.published_report(unit, 2021, Scope::Own).await.unwrap();
    assert_eq!(published.versions.len(), 2);
    assert_eq!(published.versions[0].reason.as_deref(), Some("补充总体情况的内容"));
    assert_eq!(published.versions[0].snapshot.parts[&part][0].text(), "全年新收申请7件。");
    // Two officers: the second one, who saw the old version, is told.
    let action = ReportAction::EditText { part, text: "另一个版本".into() };
    let late = service.act_on_report(operator("2022-03-01"), row.id, 3, action).await.unwrap_err();
    assert_eq!(late.code(), "conflict");
}
