use super::*;
use crate::form::Figures;
use crate::form::check::Verdict;

fn on(day: &str) -> Date {
    day.parse().unwrap()
}

fn finding(id: &str, severity: Severity) -> Finding {
    Finding {
        id: id.into(),
        severity,
        verdict: Verdict::Fail,
        cells: vec!["requests.granted.total".into()],
        message: "两数不等".into(),
        citation: String::new(),
        quote: None,
        place: None,
        suggestion: None,
    }
}

fn read(year: Option<i16>, figures: Figures) -> InspectionEvent {
    InspectionEvent::Read {
        source: Source::File { name: "报告.html".into(), kind: "html".into(), digest: "a".repeat(64) },
        report: Box::new(Reported {
            form: "2021".into(),
            organization: "某县某局".into(),
            title: "某县某局2023年政府信息公开工作年度报告".into(),
            figures,
            texts: BTreeMap::new(),
        }),
        year,
        refused: vec![],
        findings: vec![finding("T3-H", Severity::Error), finding("F-BLANK", Severity::Info)],
        by: None,
        rules: None,
    }
}

fn some() -> Figures {
    let mut figures = Figures::default();
    figures.set("requests.granted.total", crate::Amount::whole(3));
    figures
}

fn docket(events: &[(&str, InspectionEvent)]) -> Standing {
    let recorded: Vec<Recorded<InspectionEvent>> = events
        .iter()
        .enumerate()
        .map(|(n, (day, event))| Recorded::new(n as u32 + 1, on(day), event.clone()))
        .collect();
    Standing::of(&recorded).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

fn settle(judgement: Judgement, note: &str) -> InspectionEvent {
    InspectionEvent::FindingSettled {
        finding: "T3-H:requests.granted.total".into(),
        judgement,
        note: note.into(),
    }
}

fn checked(rules: Option<RulesUsed>) -> InspectionEvent {
    InspectionEvent::Checked { findings: vec![finding("T3-H", Severity::Error)], rules }
}

fn belongs(year: i16) -> InspectionEvent {
    InspectionEvent::Assigned(Belongs { unit: "u".into(), year, scope: Scope::Own })
}

#[test]
fn a_verdict_outlives_another_run_of_the_checks() {
    let s = docket(&[
        ("2024-03-01", read(Some(2023), some())),
        ("2024-03-02", settle(Judgement::Explained, "原报告另有说明")),
        ("2024-03-05", checked(None)),
    ]);
    assert_eq!(s.count(Severity::Error), (1, 0));
    assert_eq!(s.count(Severity::Info), (0, 0));
    assert_eq!(s.settled["T3-H:requests.granted.total"].judgement, Judgement::Explained);
    let reopen = InspectionEvent::FindingReopened { finding: "T3-H:requests.granted.total".into() };
    assert!(s.may(&reopen, on("2024-03-05")).is_empty());
    assert_eq!(codes(&s.may(&reopen, on("2024-03-04"))), ["date-order"]);
}

#[test]
fn a_run_says_which_settings_it_was_made_with() {
    let rules =
        RulesUsed { unit: "u".into(), name: "某市人民政府".into(), version: 3, on: on("2024-03-04") };
    assert_eq!(rules.label(), "某市人民政府的核查规则设置（第3版，2024年3月4日）");
    let s = docket(&[("2024-03-01", read(Some(2023), some())), ("2024-03-05", checked(Some(rules.clone())))]);
    assert_eq!(s.rules, Some(rules));
    // A docket of before there were settings is read as one made by the law's.
    let old = serde_json::to_string(&checked(None)).unwrap();
    assert!(!old.contains("rules"), "{old}");
    assert_eq!(serde_json::from_str::<InspectionEvent>(&old).unwrap(), checked(None));
}

#[test]
fn whoever_lets_a_finding_stand_says_why() {
    let s = docket(&[("2024-03-01", read(Some(2023), some()))]);
    let day = on("2024-03-01");
    assert!(s.may(&settle(Judgement::Confirmed, ""), day).is_empty());
    assert_eq!(codes(&s.may(&settle(Judgement::Explained, "可以"), day)), ["reason-missing"]);
    assert_eq!(codes(&s.may(&settle(Judgement::Mistaken, ""), day)), ["reason-missing"]);
    let unknown = InspectionEvent::FindingSettled {
        finding: "T4-S".into(),
        judgement: Judgement::Confirmed,
        note: String::new(),
    };
    assert_eq!(codes(&s.may(&unknown, day)), ["no-such-finding"]);
}

#[test]
fn it_becomes_the_past_of_a_unit_only_for_its_own_year() {
    let s = docket(&[("2024-03-01", read(Some(2023), some()))]);
    assert!(s.may(&belongs(2023), on("2024-03-01")).is_empty());
    assert_eq!(codes(&s.may(&belongs(2022), on("2024-03-01"))), ["another-year"]);
    let unsaid = docket(&[("2024-03-01", read(None, some()))]);
    for (year, expected) in [(2018, vec!["year"]), (2019, vec![]), (2023, vec![]), (2024, vec!["year"])] {
        assert_eq!(codes(&unsaid.may(&belongs(year), on("2024-03-01"))), expected, "{year}");
    }
    let empty = docket(&[("2024-03-01", read(Some(2023), Figures::default()))]);
    assert_eq!(codes(&empty.may(&belongs(2023), on("2024-03-01"))), ["no-figures"]);
    let assigned = docket(&[("2024-03-01", read(Some(2023), some())), ("2024-03-01", belongs(2023))]);
    assert_eq!(codes(&assigned.may(&belongs(2023), on("2024-03-01"))), ["already-assigned"]);
    let release = InspectionEvent::Released { reason: "归错了机关名称".into() };
    assert!(assigned.may(&release, on("2024-03-01")).is_empty());
    assert_eq!(codes(&s.may(&release, on("2024-03-01"))), ["not-assigned"]);
}

#[test]
fn what_was_discarded_stays_so() {
    let discard = InspectionEvent::Discarded { reason: "上传了另一个机关的文件".into() };
    let s = docket(&[
        ("2024-03-01", read(Some(2023), some())),
        ("2024-03-01", belongs(2023)),
        ("2024-03-02", discard.clone()),
    ]);
    assert!(s.belongs.is_none() && s.discarded.is_some());
    assert_eq!(codes(&s.may(&settle(Judgement::Confirmed, ""), on("2024-03-02"))), ["discarded"]);
    assert_eq!(codes(&Standing::may_begin(&discard)), ["not-read"]);
}
