use super::super::check::{Finding, Input, Previous, RULES, run};
use super::super::count::Ledger;
use super::super::published::{Published, RowLabel, TableState};
use super::super::{Figures, Form};
use super::*;
use jiff::civil::date;

fn f21() -> &'static Form {
    Form::by_id("2021").unwrap()
}

fn figures(cells: &[(&str, i64)]) -> Figures {
    let mut figures = f21().count(&Ledger::default(), 2022);
    for (cell, n) in cells {
        f21().cell(cell).unwrap();
        figures.set(*cell, *n);
    }
    figures
}

fn has(input: &Input<'_>, id: &str) -> Vec<Finding> {
    run(input).into_iter().filter(|f| f.id == id).collect()
}

fn settings(text: &str) -> Settings {
    Settings::parse(text).unwrap_or_else(|e| panic!("{e:?}"))
}

#[test]
fn every_parameter_is_of_a_rule_and_within_its_bounds() {
    for p in PARAMETERS.iter() {
        assert!(rule(&p.rule).is_some_and(|r| r.waivable && r.parameters.contains(p)), "{}", p.rule);
        assert!((p.least..=p.most).contains(&p.value) && !p.label.is_empty(), "{} {}", p.rule, p.name);
        assert_eq!(STATUTORY.parameter(&p.rule, &p.name), p.value);
    }
    assert_eq!(STATUTORY.parameter("T3-OUT", "nothing"), 0);
    assert_eq!(STATUTORY.parameter("X-SIM", "percent") as f64, super::super::rule::ALIKE * 100.0);
}

#[test]
fn the_registry_says_years_tolerance_and_numbers() {
    let of = |id: &str| rule(id).unwrap();
    assert_eq!(of("T2-19a").years, (2019, Some(2020)));
    assert_eq!(of("X-VALID").years, (2021, None));
    assert_eq!(of("T3-SHIFT").years, (2019, None));
    assert!(RULES.iter().all(|r| r.years.0 >= 2019 && r.years.0 < 2100));
    assert!(of("X-VALID").tolerant && !of("F-SEC").tolerant);
    assert_eq!(of("T3-OUT").parameters.len(), 1);
}

#[test]
fn a_rule_is_switched_off() {
    let (then, now) = (figures(&[]), figures(&[("proactive.rules.in_force", 5)]));
    let off = settings("[rules.X-VALID]\noff = true\n[rules.F-BLANK]\noff = true");
    let mut blank = now.clone();
    blank.0.insert("proactive.rules.issued".into(), None);
    let input =
        Input { previous: Some(Previous::new(f21(), 2021, &then)), ..Input::new(f21(), 2022, &blank) };
    assert_eq!((has(&input, "X-VALID").len(), has(&input, "F-BLANK").len()), (1, 1));
    let input = Input { settings: &off, ..input };
    assert_eq!((has(&input, "X-VALID"), has(&input, "F-BLANK")), (vec![], vec![]));
}

#[test]
fn severity_tolerance_and_source_are_changed() {
    let (then, now) =
        (figures(&[("proactive.rules.in_force", 7)]), figures(&[("proactive.rules.in_force", 5)]));
    let input = Input { previous: Some(Previous::new(f21(), 2021, &then)), ..Input::new(f21(), 2022, &now) };
    let text =
        |rest: &str| settings(&format!("[rules.X-VALID]\nbasis = \"某市政务公开〔2023〕1号\"\n{rest}"));
    let graver = text("severity = \"error\"");
    let found = has(&Input { settings: &graver, ..input }, "X-VALID");
    assert_eq!(found[0].severity, Severity::Error);
    assert!(found[0].citation.ends_with("；某市政务公开〔2023〕1号"));
    for (tolerance, n) in [("1", 1), ("2", 0), ("2.5", 0)] {
        let near = text(&format!("tolerance = \"{tolerance}\""));
        assert_eq!(has(&Input { settings: &near, ..input }, "X-VALID").len(), n, "{tolerance}");
    }
    // A milder finding of a rule becomes no graver.
    let info = settings("[rules.F-TITLE]\nseverity = \"error\"");
    assert_eq!(info.severity("F-TITLE", Severity::Info), Severity::Info);
    assert_eq!(info.severity("F-TITLE", Severity::Warning), Severity::Error);
    let milder = settings("[rules.F-SEC]\nseverity = \"warning\"");
    assert_eq!(milder.severity("F-SEC", Severity::Error), Severity::Warning);
    assert_eq!(milder.severity("F-SEC", Severity::Info), Severity::Info);
}

#[test]
fn numbers_are_changed() {
    let mut y = figures(&[]);
    let rows = [("new_requests", 100), ("granted", 60), ("other_other", 20), ("results_total", 80)];
    for (row, n) in rows.into_iter().chain([("carried_over_out", 20)]) {
        y.set(format!("requests.{row}.natural_person"), n);
        y.set(format!("requests.{row}.total"), n);
    }
    let input = Input::new(f21(), 2022, &y);
    assert_eq!((has(&input, "T3-OUT"), has(&input, "T3-O")), (vec![], vec![]));
    let strict = settings("[rules.T3-OUT.parameters]\npercent = 19\n[rules.T3-O.parameters]\npercent = 25");
    let input = Input { settings: &strict, ..input };
    assert_eq!(
        has(&input, "T3-OUT")[0].message,
        "表三结转下年度20件，超过本年新收100件与上年结转0件之和的19%，结转的应当是年末最后四十个工作日内收到或者依法中止计算期限的申请"
    );
    assert!(has(&input, "T3-O")[0].message.contains("的25%以上"));

    let then = figures(&[("proactive.licensing.decisions", 20)]);
    let y = figures(&[("proactive.licensing.decisions", 80)]);
    let input = Input { previous: Some(Previous::new(f21(), 2021, &then)), ..Input::new(f21(), 2022, &y) };
    assert_eq!(has(&input, "T2-SCALE"), []);
    let strict = settings("[rules.T2-SCALE.parameters]\ntimes = 3");
    assert!(has(&Input { settings: &strict, ..input }, "T2-SCALE")[0].message.contains("相差3倍以上"));
}

#[test]
fn a_city_has_its_own_deadline_and_its_own_rows() {
    let y = figures(&[]);
    let mut published = Published {
        organization: Some("测试县教育局".into()),
        title_year: Some(2022),
        published_on: Some(date(2023, 1, 29)),
        ..Published::default()
    };
    published.tables.insert(TableName::Proactive, TableState::Read);
    published.labels.push(RowLabel {
        table: TableName::Proactive,
        row: None,
        text: "（三）规划计划".into(),
        place: 4,
    });
    let local = settings(
        "[rules.F-DEADLINE]\nbasis = \"某市通知\"\nparameters = { own = 128, township = 120 }\n\
         [[extra_rows]]\ntable = \"proactive\"\nlabel = \"规划计划\"",
    );
    let found = |published: &Published, settings: &Settings, id: &str| {
        let input = Input { published: Some(published), settings, ..Input::new(f21(), 2022, &y) };
        has(&input, id)
    };
    let extra = |s: &Settings| {
        found(&published, s, "F-TAB").iter().filter(|f| f.message.contains("规划计划")).count()
    };
    assert_eq!((extra(&STATUTORY), extra(&local)), (1, 0));
    assert_eq!(found(&published, &STATUTORY, "F-DEADLINE"), []);
    let late = found(&published, &local, "F-DEADLINE");
    assert!(late[0].blocks() && late[0].message.contains("2023年1月28日"));
    assert_eq!(late[0].citation, "条例第四十九条；某市通知");
    published.organization = Some("测试镇人民政府".into());
    assert!(found(&published, &local, "F-DEADLINE")[0].message.contains("2023年1月20日"));
}

#[test]
fn what_cannot_be_followed_is_said_and_not_followed() {
    let problems = |text: &str| Settings::parse(text).unwrap_err();
    for (text, word) in [
        ("[rules.T9-X]\noff = true", "没有编号为T9-X的规则"),
        ("[rules.T3-H]\noff = true", "不得停用"),
        ("[rules.T3-V]\ntolerance = \"1\"", "不得停用"),
        ("[rules.F-VER]\nseverity = \"info\"", "不得停用"),
        ("[rules.X-VALID]\ntolerance = \"-1\"", "不能小于0"),
        ("[rules.F-SEC]\ntolerance = \"1\"", "不能设置容差"),
        ("[rules.X-SIM.parameters]\nshare = 3", "没有名为share的参数"),
        ("[rules.X-SIM.parameters]\npercent = 0", "应当在1至100之间"),
        ("[rules.F-DEADLINE.parameters]\nown = 215", "为2月15日，应当在1月1日至1月31日之间"),
        ("[rules.F-DEADLINE.parameters]\ngovernment = 231", "为2月31日，没有这一天"),
        ("[[extra_rows]]\ntable = \"requests\"\nlabel = \" \"", "没有写明标题"),
        ("[rules.X-SIM]\nstrength = 3", "无法读取"),
    ] {
        let told = problems(text);
        assert!(told.len() == 1 && told[0].contains(word), "{text} {told:?}");
    }
    let mut forced = Settings::default();
    forced
        .rules
        .insert("T3-H".into(), Override { off: true, tolerance: Some(9.into()), ..Override::default() });
    let wrong = figures(&[("requests.granted.natural_person", 1)]);
    let input = Input { settings: &forced, ..Input::new(f21(), 2022, &wrong) };
    assert_eq!(run(&input), run(&Input::new(f21(), 2022, &wrong)));
    assert!(run(&input).iter().any(Finding::blocks));
}
