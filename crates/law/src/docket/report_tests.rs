use super::*;
use crate::form::count::Ledger;

fn snapshot() -> Snapshot {
    let form = Form::for_year(2020).unwrap();
    let mut ledger = Ledger::default();
    ledger.add(2020, "request.received.natural_person", Amount::whole(2).micros());
    ledger.add(2020, "request.result.granted.natural_person", Amount::whole(2).micros());
    Snapshot {
        form: "2019".into(),
        calendar: "2020".into(),
        as_of: "2021-01-20T08:00:00Z".into(),
        organization: "示例县人民政府办公室".into(),
        title: "示例县人民政府办公室2020年政府信息公开工作年度报告".into(),
        figures: form.count(&ledger, 2020),
        facts: BTreeMap::new(),
        parts: BTreeMap::from([(Part::Overview, narrative::render("概况", |_| None).unwrap())]),
        findings: vec![],
        waivers: vec![],
        signed_on: date(2021, 1, 20),
        consolidation: None,
    }
}

fn drafted() -> ReportEvent {
    ReportEvent::Drafted { unit: "office".into(), year: 2020, scope: Scope::Own }
}

fn day(n: i8) -> Date {
    date(2021, 1, n)
}

fn docket(events: Vec<ReportEvent>) -> Standing {
    let events = std::iter::once(drafted()).chain(events).zip(1..);
    let entries: Vec<_> = events.map(|(e, n)| Recorded::new(n, day(n as i8), e)).collect();
    Standing::of(&entries).unwrap()
}

fn codes(no: &[Refusal]) -> Vec<&str> {
    no.iter().map(|r| r.code.as_str()).collect()
}

fn note() -> String {
    "同意".into()
}

fn edited(text: &str) -> ReportEvent {
    ReportEvent::TextEdited { part: Part::Overview, text: text.into() }
}

fn published() -> ReportEvent {
    ReportEvent::Published { snapshot: Box::new(snapshot()) }
}

fn approved() -> Vec<ReportEvent> {
    vec![edited("概况"), ReportEvent::Reviewed { note: note() }, ReportEvent::Approved { note: note() }]
}

fn carry() -> Finding {
    Finding {
        id: "X-CARRY".into(),
        severity: check::Severity::Error,
        verdict: Verdict::Fail,
        cells: vec!["requests.carried_over_in.total".into()],
        message: "上年结转为0，上一年报告为1".into(),
        citation: "表三".into(),
        quote: None,
        place: None,
        suggestion: None,
    }
}

#[test]
fn a_report_is_drafted_reviewed_approved_and_published() {
    let mut events = Vec::new();
    for (event, stage) in [
        (edited("收到申请{{requests.received}}件"), Stage::Draft),
        (ReportEvent::Reviewed { note: note() }, Stage::Reviewed),
        (ReportEvent::Approved { note: note() }, Stage::Approved),
        (published(), Stage::Published),
    ] {
        assert_eq!(docket(events.clone()).may(&event, day(20)), [], "{stage:?}");
        events.push(event);
        assert_eq!(docket(events.clone()).stage, stage);
    }
    let s = docket(events);
    assert_eq!(s.published().unwrap().snapshot, snapshot());
    assert_eq!(codes(&s.may(&published(), day(21))), ["already-published", "not-approved"]);
}

#[test]
fn editing_after_review_returns_the_report_to_draft_and_says_so() {
    let mut events = approved();
    events.push(edited("概况二"));
    let s = docket(events);
    assert_eq!(s.stage, Stage::Draft);
    assert_eq!(s.back_in_draft.as_deref(), Some("2021-01-05修改了“总体情况”，需要重新审核、批准"));
    assert_eq!(codes(&s.may(&published(), day(20))), ["not-approved"]);
    assert_eq!(codes(&s.may(&ReportEvent::Approved { note: note() }, day(20))), ["not-reviewed"]);
    assert_eq!(
        codes(&s.may(&ReportEvent::Returned { note: String::new() }, day(1))),
        ["date-order", "a-draft", "note-missing"]
    );
}

#[test]
fn an_error_blocks_publication_until_it_is_waived_with_a_reason() {
    let mut blocked = snapshot();
    blocked.findings.push(carry());
    let publish = ReportEvent::Published { snapshot: Box::new(blocked) };
    let mut events = approved();
    assert_eq!(codes(&docket(events.clone()).may(&publish, day(20))), ["finding"]);

    let waive = |reason: &str| ReportEvent::FindingWaived { finding: carry().key(), reason: reason.into() };
    assert_eq!(codes(&docket(events.clone()).may(&waive("无误"), day(20))), ["reason-missing"]);
    let waived = waive("上一年报告笔误，已发更正公告");
    assert!(docket(events.clone()).may(&waived, day(20)).is_empty());
    events.push(waived);
    assert!(docket(events.clone()).may(&publish, day(20)).is_empty());
    events.push(ReportEvent::WaiverWithdrawn { finding: carry().key() });
    let s = docket(events);
    assert_eq!(codes(&s.may(&publish, day(20))), ["finding"]);
    assert_eq!(
        codes(&s.may(&ReportEvent::WaiverWithdrawn { finding: carry().key() }, day(20))),
        ["not-waived"]
    );
}

#[test]
fn sums_cannot_be_waived_and_are_checked_at_the_door() {
    let mut wrong = snapshot();
    wrong.figures.set("requests.granted.natural_person", 3);
    let publish = ReportEvent::Published { snapshot: Box::new(wrong.clone()) };
    let s = docket(approved());
    assert_eq!(
        codes(&s.may(&publish, day(20))),
        ["finding"],
        "the sum of its column and the sum of its row fail: one wrong cell"
    );

    let waive = ReportEvent::FindingWaived {
        finding: "T3-V:requests.results_total.total".into(),
        reason: "数据没有问题".into(),
    };
    assert_eq!(codes(&s.may(&waive, day(20))), ["not-waivable"]);
    let unknown = ReportEvent::FindingWaived { finding: "T9-X".into(), reason: "数据没有问题".into() };
    assert_eq!(codes(&s.may(&unknown, day(20))), ["rule-unknown"]);

    let mut events = approved();
    events.push(waive);
    let smuggled = docket(events);
    let form = Form::for_year(2020).unwrap();
    let found = check::run(&Input::new(form, 2020, &wrong.figures));
    assert!(found.iter().filter(|f| f.blocks()).all(|f| smuggled.stands_in_the_way(f)));
}

#[test]
fn a_report_with_gaps_or_of_another_form_or_too_early_is_not_published() {
    let mut gap = snapshot();
    gap.figures.0.insert("requests.granted.total".into(), None);
    gap.form = "2021".into();
    let s = docket(approved());
    let publish = ReportEvent::Published { snapshot: Box::new(gap) };
    assert_eq!(codes(&s.may(&publish, day(20))), ["wrong-form", "finding", "figures-missing"]);
    assert_eq!(codes(&s.may(&published(), date(2020, 12, 31))), ["date-order", "year-not-over"]);
}

#[test]
fn a_correction_goes_through_the_same_doors_and_keeps_the_earlier_version() {
    let corrected =
        |reason: &str| ReportEvent::Corrected { snapshot: Box::new(snapshot()), reason: reason.into() };
    let mut events = approved();
    assert_eq!(
        codes(&docket(events.clone()).may(&corrected("数"), day(20))),
        ["not-published", "reason-missing"]
    );
    events.push(published());
    assert_eq!(codes(&docket(events.clone()).may(&corrected("培训次数有误"), day(20))), ["not-approved"]);
    events.push(ReportEvent::Returned { note: "核对培训次数".into() });
    events.push(ReportEvent::Reviewed { note: note() });
    events.push(ReportEvent::Approved { note: note() });
    assert!(docket(events.clone()).may(&corrected("培训次数有误"), day(20)).is_empty());
    events.push(corrected("培训次数有误"));
    let s = docket(events);
    assert_eq!((s.stage, s.publications.len()), (Stage::Corrected, 2));
    assert_eq!(s.published().unwrap().reason.as_deref(), Some("培训次数有误"));
}

#[test]
fn a_governments_report_is_published_only_as_the_sum_of_what_it_adds_up() {
    use crate::form::consolidation::{Member, Missing};
    let government = ReportEvent::Drafted { unit: "gov".into(), year: 2020, scope: Scope::Government };
    let events = std::iter::once(government).chain(approved()).zip(1..);
    let entries: Vec<_> = events.map(|(e, n)| Recorded::new(n, day(n as i8), e)).collect();
    let s = Standing::of(&entries).unwrap();
    let said = |snapshot: Snapshot| {
        let no = s.may(&ReportEvent::Published { snapshot: Box::new(snapshot) }, day(20));
        no.into_iter().map(|r| r.code).collect::<Vec<_>>()
    };
    assert_eq!(said(snapshot()), ["not-the-sum"]);
    let form = Form::for_year(2020).unwrap();
    let member = Member {
        unit: "edu".into(),
        name: "教育局".into(),
        filing: "f".into(),
        round: 1,
        form: "2019".into(),
        year: 2020,
        figures: snapshot().figures,
    };
    let mut sum = Consolidation { own: snapshot().figures, members: vec![member], missing: vec![] };
    let of = |sum: &Consolidation| Snapshot {
        figures: sum.figures(form, 2020),
        consolidation: Some(sum.without_zeros()),
        ..snapshot()
    };
    assert_eq!(said(of(&sum)), Vec::<String>::new());
    // One figure of one unit changed behind the table.
    let mut behind = of(&sum);
    behind.consolidation.as_mut().unwrap().members[0].figures.set("requests.granted.natural_person", 1);
    assert!(said(behind).contains(&"not-the-sum".to_owned()));
    sum.missing.push(Missing { unit: "w".into(), name: "水利局".into(), reason: None });
    assert_eq!(said(of(&sum)), ["finding"]);
    sum.missing[0].reason = Some("机构改革中撤销".into());
    assert_eq!(said(of(&sum)), Vec::<String>::new());
}

#[test]
fn the_deadline_depends_on_whose_report_it_is() {
    assert_eq!(deadline(Scope::Own, 2020).on, date(2021, 1, 31));
    assert_eq!(deadline(Scope::Government, 2020).on, date(2021, 3, 31));
    let due = docket(vec![]).deadline();
    assert!(!due.provisional);
    assert_eq!(due.because[0].citation, "条例第四十九条");
    assert!(due.because[0].text.contains("2021年1月31日前"));
}

#[test]
fn a_text_that_quotes_an_unknown_figure_is_refused() {
    let s = docket(vec![]);
    assert_eq!(codes(&s.may(&edited("{{no.such}}与{{open"), day(20))), ["reference", "reference"]);
    assert!(s.may(&edited("{{hotline.received}}，{{requests.granted.total}}"), day(20)).is_empty());
    assert_eq!(codes(&s.may(&drafted(), day(20))), ["already-drafted"]);
    let early = ReportEvent::Drafted { unit: " ".into(), year: 2018, scope: Scope::Own };
    assert_eq!(codes(&Standing::may_begin(&early, day(1))), ["unit-missing", "no-form"]);
}

#[test]
fn a_snapshot_survives_storage() {
    let event = ReportEvent::Corrected { snapshot: Box::new(snapshot()), reason: "笔误".into() };
    let json = serde_json::to_string(&event).unwrap();
    assert!(json.starts_with(r#"{"type":"corrected","snapshot":{"form":"2019""#), "{json}");
    assert_eq!(serde_json::from_str::<ReportEvent>(&json).unwrap(), event);
}
