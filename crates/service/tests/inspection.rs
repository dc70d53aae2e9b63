//! Published reports are read, checked, settled, and become what a unit reported for a past year.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

mod cases;
mod place;

use cases::{by, codes, entries, officer, verifies};
use law::docket::report_inspection::Judgement;
use law::form::check::{Finding, Severity};
use law::form::part::Scope;
use law::form::published::TableName;
use law::form::setting_change::SettingChange;
use law::form::settings::{ExtraRow, Override, Settings};
use place::{day, now, on_both, operator, units};
use service::inspection::{InspectionAction, InspectionView, opinion};
use service::report::ReportAsk;
use service::row::ReportInspectionFilter;
use service::{Context, Error, Location, Role, Service};
use uuid::Uuid;

on_both! {
    a_report_is_read_settled_and_stays_settled
    what_cannot_be_read_is_refused_and_kept_nowhere
    a_read_report_is_the_past_of_its_unit
    whoever_may_not_review_sees_nothing
    a_units_rules_hold_from_the_next_run_on
    the_nearest_unit_above_sets_the_rules
    rules_are_kept_only_with_a_document_and_by_whoever_may
    rules_go_out_and_in_as_a_file
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

fn setting(unit: Uuid) -> Context {
    by(&officer(unit, &[Role::Administrator]))
}

const NOTICE: &str = "样本市政务公开办〔2020〕1号";

/// Reports of offices are to be published by 28 January, as a local document asks.
fn earlier() -> SettingChange {
    let parameters = [("own".to_owned(), 128)].into();
    let to = Override { parameters, basis: Some(NOTICE.into()), ..Override::default() };
    SettingChange::Set { rule: "F-DEADLINE".into(), to }
}

/// A rule that is not asked.
fn off(rule: &str) -> SettingChange {
    let to = Override { off: true, basis: Some(NOTICE.into()), ..Override::default() };
    SettingChange::Set { rule: rule.into(), to }
}

/// A report published two days after a local deadline and in time by the law.
fn late_page(organization: &str) -> Vec<u8> {
    let page = String::from_utf8(wrong_page(organization, 2019)).unwrap();
    page.replacen("<body>", "<body><p>发布时间：2020-01-30</p>", 1).into_bytes()
}

fn late(view: &InspectionView) -> Option<&Finding> {
    view.inspection.findings.iter().find(|f| f.id == "F-DEADLINE")
}

/// The words of the letter to the authority.
fn letter(view: &InspectionView) -> String {
    let bytes = opinion(&view.inspection, "样本市人民政府办公室", day("2021-03-01")).unwrap();
    let document = paper::read::document(&bytes).unwrap();
    document
        .blocks
        .iter()
        .map(|b| if let paper::read::Block::Line(l) = b { l.text.as_str() } else { "" })
        .collect()
}

async fn a_units_rules_hold_from_the_next_run_on(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (_, office) = units(service).await;
    let ctx = || reviewing(office);
    let id = service.inspect_report(ctx(), "报告.html", late_page("某县某局")).await.unwrap();
    let before = service.inspection(&ctx(), id).await.unwrap();
    assert_eq!((late(&before), before.rules_changed, &before.standing.rules), (None, false, &None));
    assert!(!letter(&before).contains("核查规则设置"));
    let key = before.inspection.findings.iter().find(|f| f.blocks()).unwrap().key();
    let settle = InspectionAction::Settle {
        finding: key.clone(),
        judgement: Judgement::Confirmed,
        note: String::new(),
    };
    let version = service.act_on_inspection(ctx(), id, 1, settle).await.unwrap();

    assert_eq!(service.change_check_rules(setting(office), office, 0, earlier()).await.unwrap(), 1);
    // What was inspected stays as it was told until it is inspected again.
    let told = service.inspection(&ctx(), id).await.unwrap();
    assert_eq!((late(&told), told.outdated, told.rules_changed), (None, false, true));
    assert_eq!(told.rules_now.as_ref().map(|r| r.version), Some(1));
    service.act_on_inspection(ctx(), id, version, InspectionAction::Recheck).await.unwrap();
    let after = service.inspection(&ctx(), id).await.unwrap();
    let finding = late(&after).expect("published after the local deadline");
    assert!(finding.message.contains("2020年1月28日"), "{}", finding.message);
    assert!(finding.citation.ends_with(NOTICE), "{}", finding.citation);
    assert!(after.standing.settled.contains_key(&key), "what was settled stays settled");
    assert_eq!((after.outdated, after.rules_changed), (false, false));
    let used = "样本市人民政府办公室的核查规则设置（第1版，2021年3月1日）";
    assert_eq!(after.inspection.rules.as_deref(), Some(used));
    assert!(letter(&after).contains(&format!("按照{used}，对某县某局2019年")), "{}", letter(&after));

    let restore = SettingChange::Restore { rule: "F-DEADLINE".into() };
    assert_eq!(service.change_check_rules(setting(office), office, 1, restore).await.unwrap(), 2);
    // The settings an inspection was made with are kept for ever.
    let kept = service.inspection(&ctx(), id).await.unwrap();
    assert!(late(&kept).is_some() && kept.rules_changed && kept.rules_now.is_none());
    let view = service.check_rules(&ctx(), office).await.unwrap();
    assert!(view.own && view.settings.is_statutory());
    let said: Vec<_> = view.history.iter().map(|v| (v.version, v.said.len())).collect();
    assert_eq!(said, [(2, 1), (1, 1)]);
    assert!(view.history[1].said[0].contains(NOTICE) && view.history[1].by.starts_with("样本员"));
    verifies(service).await;
}

async fn the_nearest_unit_above_sets_the_rules(service: Service, at: Location) {
    let (service, _own) = equipped(service, &at);
    let service = &service;
    let (government, office) = units(service).await;
    let view = async |unit| service.check_rules(&reviewing(office), unit).await.unwrap();
    assert_eq!((view(office).await.whose, view(office).await.version), (None, 0));
    service.change_check_rules(setting(government), government, 0, earlier()).await.unwrap();
    let below = view(office).await;
    assert_eq!((below.whose, below.own, below.version), (Some(government), false, 0));
    let id = service.inspect_report(reviewing(office), "a.html", late_page("某县某局")).await.unwrap();
    let seen = service.inspection(&reviewing(government), id).await.unwrap();
    assert!(late(&seen).is_some() && !seen.rules_changed);
    // Who inspects for the whole region does so by the rules of the unit at the top.
    let region = by(&officer(None, &[Role::Reviewer]));
    assert_eq!(service.inspecting_unit(&region).await.unwrap(), Some(government));
    let other = service.inspect_report(region.clone(), "b.html", late_page("某县另一局")).await.unwrap();
    assert!(late(&service.inspection(&region, other).await.unwrap()).is_some());

    // The first change of its own begins with what held until then.
    service.change_check_rules(setting(office), office, 0, off("X-SIM")).await.unwrap();
    let own = view(office).await;
    assert!(own.own && own.settings.rules.len() == 2);
    assert_eq!(view(government).await.settings.rules.len(), 1);
    assert_eq!(service.give_up_check_rules(setting(office), office, 1).await.unwrap(), 2);
    let again = view(office).await;
    assert_eq!((again.whose, again.version, again.history.len()), (Some(government), 2, 2));
    let no = service.give_up_check_rules(setting(office), office, 2).await;
    assert_eq!(codes(no), ["no-own-rules"]);
    assert!(late(&service.inspection(&reviewing(office), id).await.unwrap()).is_some());
    verifies(service).await;
}

async fn rules_are_kept_only_with_a_document_and_by_whoever_may(service: Service, _: Location) {
    let service = &service;
    let (government, office) = units(service).await;
    let change =
        async |ctx: Context, unit, seen, change| service.change_check_rules(ctx, unit, seen, change).await;
    let denied = |r: service::Result<u32>| assert!(matches!(r, Err(Error::NotAllowed(_))), "{r:?}");
    for role in Role::ALL.into_iter().filter(|r| *r != Role::Administrator) {
        denied(change(by(&officer(office, &[role])), office, 0, earlier()).await);
        denied(service.give_up_check_rules(by(&officer(office, &[role])), office, 0).await);
    }
    denied(change(setting(office), government, 0, earlier()).await);
    let written = entries(service).await;
    assert_eq!(codes(change(setting(office), office, 0, off("T3-H")).await), ["same-everywhere"]);
    let bare = Override { off: true, ..Override::default() };
    let bare = SettingChange::Set { rule: "X-SIM".into(), to: bare };
    assert_eq!(codes(change(setting(office), office, 0, bare).await), ["basis-missing"]);
    let later = Override {
        parameters: [("own".to_owned(), 215)].into(),
        basis: Some(NOTICE.into()),
        ..Override::default()
    };
    let later = SettingChange::Set { rule: "F-DEADLINE".into(), to: later };
    assert_eq!(codes(change(setting(office), office, 0, later).await), ["rule-setting"]);
    assert_eq!(entries(service).await, written);

    let admin = officer(office, &[Role::Administrator]);
    let key = |key: &str| by(&admin).with_key(key);
    assert_eq!(change(key("one"), office, 0, earlier()).await.unwrap(), 1);
    assert_eq!(change(key("one"), office, 0, earlier()).await.unwrap(), 1, "asked again, done once");
    assert_eq!(entries(service).await, written + 1);
    let slow = change(key("two"), office, 0, off("X-SIM")).await;
    assert!(matches!(slow, Err(Error::Conflict(_))), "{slow:?}");
}

async fn rules_go_out_and_in_as_a_file(service: Service, _: Location) {
    let service = &service;
    let (government, office) = units(service).await;
    service.change_check_rules(setting(government), government, 0, earlier()).await.unwrap();
    let row =
        ExtraRow { table: TableName::Proactive, label: "规划计划".into(), basis: Some(NOTICE.into()) };
    service.change_check_rules(setting(government), government, 1, SettingChange::AddRow(row)).await.unwrap();
    let out = service.check_rules(&reviewing(office), government).await.unwrap().settings;
    let put = async |seen, text: &str| {
        service.upload_check_rules(setting(office), office, seen, text.as_bytes().to_vec()).await
    };
    assert_eq!(codes(put(0, &out.to_toml()).await), ["nothing-changed"]);
    assert_eq!(
        put(0, &format!("\u{feff}{}[rules.X-SIM]\noff = true\nbasis = \"甲\"\n", out.to_toml()))
            .await
            .unwrap(),
        1
    );
    let held = service.check_rules(&reviewing(office), office).await.unwrap().settings;
    assert_eq!(Settings::parse(&held.to_toml()).unwrap(), held);
    assert_eq!((held.rules.len(), held.extra_rows.len()), (2, 1));
    let wrong = "[rules.T3-H]\noff = true\n[rules.X-SIM]\noff = true\n[rules.T9-X]\noff = true\n";
    let mut said = codes(put(1, wrong).await);
    said.sort();
    assert_eq!(said, ["basis-missing", "rule-setting", "same-everywhere"], "everything at once");
    for broken in ["不是设置", "[rules.X-SIM]\nstrength = 3"] {
        assert!(matches!(put(1, broken).await, Err(Error::Invalid(_))));
    }
    let large = vec![b'#'; service::inspection::LARGEST_RULES + 1];
    let large = service.upload_check_rules(setting(office), office, 1, large).await;
    assert!(matches!(large, Err(Error::Invalid(_))));
    let latin = service.upload_check_rules(setting(office), office, 1, vec![0xff, 0xfe]).await;
    assert!(matches!(latin, Err(Error::Invalid(_))));
}
