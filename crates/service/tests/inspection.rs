//! Published reports are read, checked, settled, and become what a unit reported for a past year.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, officer, verifies};
use law::docket::report_inspection::Judgement;
use law::form::check::Severity;
use law::form::part::Scope;
use place::{day, now, on_both, operator, units};
use service::inspection::InspectionAction;
use service::report::ReportAsk;
use service::row::ReportInspectionFilter;
use service::{Context, Error, Location, Role, Service};
use uuid::Uuid;

on_both! {
    a_report_is_read_settled_and_stays_settled
    what_cannot_be_read_is_refused_and_kept_nowhere
    a_read_report_is_the_past_of_its_unit
    whoever_may_not_review_sees_nothing
}

fn reviewing(unit: Uuid) -> Context {
    by(&officer(unit, &[Role::Reviewer]))
}

/// PostgreSQL keeps no files of its own.
fn equipped(service: Service, at: &Location) -> (Service, tempfile::TempDir) {
    let own = tempfile::tempdir().unwrap();
    match at {
        Location::Folder(_) => (service, own),
        Location::Postgres(_) => (service.with_files(own.path()), own),
    }
}

/// A page of a report of the 2019 form; `out` requests are carried over to the next year.
fn page(organization: &str, year: i16, out: i64) -> Vec<u8> {
    let form = law::form::Form::for_year(year).unwrap();
    let mut figures = law::form::Figures::default();
    for cell in form.cells() {
        figures.set(cell.id, 0);
    }
    for column in ["natural_person", "total"] {
        figures.set(format!("requests.new_requests.{column}"), 5 + out);
        figures.set(format!("requests.granted.{column}"), 5);
        figures.set(format!("requests.results_total.{column}"), 5);
        figures.set(format!("requests.carried_over_out.{column}"), out);
    }
    let text = |t: &str| {
        vec![law::form::narrative::Paragraph {
            heading: false,
            runs: vec![law::form::narrative::Run { text: t.into(), reference: None }],
        }]
    };
    let overview = text("一年来认真做好政府信息公开各项工作，公开渠道畅通，答复及时。");
    let problems = text("存在的主要问题是公开不够及时，下一步按月检查，逐项改进落实。");
    let none = text("没有其他需要报告的事项。");
    let title = format!("{organization}{year}年政府信息公开工作年度报告");
    let report = paper::Report {
        organization,
        year,
        title: &title,
        form,
        figures: &figures,
        introduction: &[],
        parts: [&overview, &[], &[], &[], &problems, &none],
        signed_by: organization,
        signed_on: Some(day("2020-01-20")),
        notice: None,
        links: None,
    };
    paper::html_page(&report).into_bytes()
}

/// A page in which one figure is one too many.
fn wrong_page(organization: &str, year: i16) -> Vec<u8> {
    let page = String::from_utf8(page(organization, year, 2)).unwrap();
    let row = page.find("(一)予以公开").or_else(|| page.find("予以公开")).unwrap();
    let at = row + page[row..].find(">5<").unwrap() + 1;
    format!("{}6{}", &page[..at], &page[at + 1..]).into_bytes()
}

async fn a_report_is_read_settled_and_stays_settled(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (_, office) = units(service).await;
    let ctx = || reviewing(office);
    let id = service.inspect_report(ctx(), "报告.html", wrong_page("某县某局", 2019)).await.unwrap();
    let again = service.inspect_report(ctx(), "另名.html", wrong_page("某县某局", 2019)).await.unwrap();
    assert_eq!(id, again, "the same file is one inspection");
    let view = service.inspection(&ctx(), id).await.unwrap();
    assert_eq!(view.standing.report.organization, "某县某局");
    assert_eq!(view.inspection.reading.year, Some(2019));
    let errors: Vec<_> = view.inspection.findings.iter().filter(|f| f.severity == Severity::Error).collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert!(errors[0].cells.contains(&"requests.granted.natural_person".to_owned()), "{errors:#?}");
    let key = errors[0].key();
    let settle = InspectionAction::Settle {
        finding: key.clone(),
        judgement: Judgement::Confirmed,
        note: String::new(),
    };
    let version = service.act_on_inspection(ctx(), id, view.version, settle).await.unwrap();
    let version = service.act_on_inspection(ctx(), id, version, InspectionAction::Recheck).await.unwrap();
    let view = service.inspection(&ctx(), id).await.unwrap();
    assert_eq!(view.version, version);
    assert!(view.standing.settled.contains_key(&key));
    assert!(!view.outdated);
    let (rows, more) = service.inspections(&ctx(), &ReportInspectionFilter::default(), None).await.unwrap();
    assert!(!more);
    assert_eq!((rows[0].errors, rows[0].errors_open), (1, 0));
    let file = service.inspection_file(&ctx(), id).await.unwrap();
    assert_eq!(file.content, wrong_page("某县某局", 2019));
    verifies(service).await;
}

async fn what_cannot_be_read_is_refused_and_kept_nowhere(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (_, office) = units(service).await;
    let ctx = || reviewing(office);
    for (content, word) in [
        (b"".to_vec(), "空"),
        ("关于召开会议的通知".as_bytes().to_vec(), "没有政府信息公开工作年度报告"),
        (page("某县某局", 2019, 0)[..4000].to_vec(), "没有下载完整"),
    ] {
        let error = service.inspect_report(ctx(), "文件", content).await.unwrap_err();
        assert!(matches!(&error, Error::Invalid(text) if text.contains(word)), "{error}");
    }
    let (rows, _) = service.inspections(&ctx(), &ReportInspectionFilter::default(), None).await.unwrap();
    assert!(rows.is_empty());
}

async fn a_read_report_is_the_past_of_its_unit(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (_, office) = units(service).await;
    let ctx = || reviewing(office);
    let id = service.inspect_report(ctx(), "2019.html", page("样本市人民政府办公室", 2019, 2)).await.unwrap();
    let ask = ReportAsk { unit: office, year: 2020, scope: Scope::Own, as_of: None };
    let carried = |built: &service::report::BuiltReport| {
        built.findings.iter().any(|f| f.id == "X-CARRY" && f.severity == Severity::Error)
    };
    let before = service.build_report(&operator(now()), &ask).await.unwrap();
    assert!(!carried(&before), "{:#?}", before.findings);
    let assign = |year| InspectionAction::Assign { unit: office, year, scope: Scope::Own };
    let error = service.act_on_inspection(ctx(), id, 1, assign(2018)).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "{error}");
    service.act_on_inspection(ctx(), id, 1, assign(2019)).await.unwrap();
    let after = service.build_report(&operator(now()), &ask).await.unwrap();
    assert!(carried(&after), "two were carried over and none came: {:#?}", after.findings);
    let other = service.inspect_report(ctx(), "b.html", page("样本市人民政府办公室", 2019, 1)).await.unwrap();
    let error = service.act_on_inspection(ctx(), other, 1, assign(2019)).await.unwrap_err();
    assert!(matches!(error, Error::Refused(_)), "one past report a year: {error}");
    let release = InspectionAction::Release { reason: "归错了机关名称".into() };
    service.act_on_inspection(ctx(), id, 2, release).await.unwrap();
    let released = service.build_report(&operator(now()), &ask).await.unwrap();
    assert!(!carried(&released));
    service.act_on_inspection(ctx(), other, 1, assign(2019)).await.unwrap();
    verifies(service).await;
}

async fn whoever_may_not_review_sees_nothing(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (_, office) = units(service).await;
    let reviewer = reviewing(office);
    let id = service.inspect_report(reviewer, "报告.html", page("某县某局", 2019, 0)).await.unwrap();
    let ctx = || by(&officer(office, &[Role::Officer]));
    let denied = |e: Error| assert!(matches!(e, Error::NotAllowed(_)), "{e}");
    denied(service.inspect_report(ctx(), "报告.html", page("某县某局", 2019, 0)).await.unwrap_err());
    denied(service.inspection(&ctx(), id).await.unwrap_err());
    denied(service.inspection_file(&ctx(), id).await.unwrap_err());
    denied(service.inspections(&ctx(), &ReportInspectionFilter::default(), None).await.unwrap_err());
    denied(service.act_on_inspection(ctx(), id, 1, InspectionAction::Recheck).await.unwrap_err());
}
