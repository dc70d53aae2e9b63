//! Each rule where it fails and where it is silent.

use super::super::check::{Finding, Input, Library, Previous, Severity, Verdict, run};
use super::super::count::Ledger;
use super::super::part::{Part, Scope};
use super::super::{Figures, Form};
use crate::Amount;
use crate::docket::unit::{Level, UnitKind};
use std::collections::BTreeMap;

fn f19() -> &'static Form {
    Form::by_id("2019").unwrap()
}

fn f21() -> &'static Form {
    Form::by_id("2021").unwrap()
}

fn figures(form: &Form, cells: &[(&str, &str)]) -> Figures {
    let mut figures = form.count(&Ledger::default(), form.from_year);
    for (cell, n) in cells {
        form.cell(cell).unwrap();
        figures.set(*cell, n.parse::<Amount>().unwrap());
    }
    figures
}

fn input(figures: &Figures) -> Input<'_> {
    Input::new(f21(), 2022, figures)
}

fn has(input: &Input<'_>, id: &str) -> Vec<Finding> {
    run(input).into_iter().filter(|f| f.id == id).collect()
}

fn texts(parts: &[(Part, &str)]) -> BTreeMap<Part, String> {
    parts.iter().map(|(p, t)| (*p, (*t).to_owned())).collect()
}

fn facts(values: &[(&str, i64)]) -> BTreeMap<String, Amount> {
    values.iter().map(|(id, n)| ((*id).to_owned(), Amount::whole(*n))).collect()
}

#[test]
fn f_ver() {
    let y = figures(f19(), &[]);
    let found = has(&Input::new(f19(), 2021, &y), "F-VER");
    assert_eq!(
        found[0].message,
        "2021年度报告使用了国办公开办函〔2019〕60号所定格式，应当使用国办公开办函〔2021〕30号所定格式"
    );
    assert_eq!(has(&Input::new(f19(), 2020, &y), "F-VER"), []);
}

#[test]
fn f_cell_and_t2_int() {
    let y = figures(
        f21(),
        &[
            ("requests.granted.total", "-1"),
            ("disputes.direct_suit.total", "0.5"),
            ("proactive.licensing.decisions", "1.5"),
            ("proactive.charges.amount", "-2.25"),
        ],
    );
    let cells = |id: &str| has(&input(&y), id).into_iter().flat_map(|f| f.cells).collect::<Vec<_>>();
    assert_eq!(cells("F-CELL"), ["requests.granted.total", "disputes.direct_suit.total"]);
    assert_eq!(cells("T2-INT"), ["proactive.licensing.decisions", "proactive.charges.amount"]);
    let fine = figures(f21(), &[("proactive.charges.amount", "2.25")]);
    assert!(has(&input(&fine), "T2-INT").is_empty() && has(&input(&fine), "F-CELL").is_empty());
    let less = figures(f19(), &[("proactive.licensing.change", "-3")]);
    assert_eq!(has(&Input::new(f19(), 2020, &less), "T2-INT"), []);
}

#[test]
fn f_blank() {
    let mut y = figures(f21(), &[]);
    assert_eq!(has(&input(&y), "F-BLANK"), []);
    y.0.insert("proactive.rules.issued".into(), None);
    for cell in f21().cells().iter().filter(|c| c.id.starts_with("disputes.")) {
        y.0.insert(cell.id.clone(), None);
    }
    let found = has(&input(&y), "F-BLANK");
    assert_eq!(found.iter().map(|f| f.severity).collect::<Vec<_>>(), [Severity::Warning, Severity::Info]);
    assert_eq!(found[0].cells, ["proactive.rules.issued"]);
    assert_eq!(found[1].message, "表四有15个单元格空白，没有数据的应当填写0");
}

#[test]
fn f_unit() {
    let y = figures(f21(), &[("proactive.charges.amount", "390785")]);
    let of = |level| has(&Input { unit: Some((level, UnitKind::Department)), ..input(&y) }, "F-UNIT");
    assert_eq!(of(Level::County)[0].verdict, Verdict::Review);
    assert_eq!(of(Level::City), []);
    assert_eq!(has(&input(&y), "F-UNIT"), []);
}

#[test]
fn f_empty() {
    let y = figures(f21(), &[]);
    let long = "政务公开工作取得新的进展，全年公开信息数量稳步增长，群众满意度提高";
    let full = texts(&[(Part::Overview, long), (Part::Problems, long), (Part::OtherMatters, "无")]);
    let none = facts(&[("fee.collected", 0)]);
    assert_eq!(has(&Input { texts: Some(&full), facts: Some(&none), ..input(&y) }, "F-EMPTY"), []);
    let some = facts(&[("fee.collected", 400)]);
    let found = has(&Input { texts: Some(&full), facts: Some(&some), ..input(&y) }, "F-EMPTY");
    assert_eq!(found[0].message, "“其他需要报告的事项”没有报告收取信息处理费400元的情况");
    let empty = texts(&[(Part::Problems, "无")]);
    let found = has(&Input { texts: Some(&empty), ..input(&y) }, "F-EMPTY");
    assert_eq!(found.len(), 3);
    assert_eq!(has(&input(&y), "F-EMPTY"), []);
}

#[test]
fn f_ref() {
    let y = figures(f21(), &[]);
    let known = facts(&[("hotline.received", 2629)]);
    let of = |text: &str| {
        has(
            &Input { texts: Some(&texts(&[(Part::Overview, text)])), facts: Some(&known), ..input(&y) },
            "F-REF",
        )
    };
    assert_eq!(of("受理{{hotline.received}}条，新收{{requests.new_requests.total}}件"), []);
    let found = of("办结{{hotline.closed}}条，{{no.such}}");
    assert_eq!(found.len(), 2);
    assert!(found.iter().all(Finding::blocks));
    assert_eq!(found[1].message, "“总体情况”引用了“12345热线办结数量”，2022年没有这项数据");
    assert_eq!(found[1].quote.as_deref(), Some("{{hotline.closed}}"));
    let found = of("办结（暂无数据：12345热线办结数量）条");
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].message, "“总体情况”引用了“12345热线办结数量”，2022年没有这项数据");
}

#[test]
fn f_template() {
    let y = figures(f21(), &[]);
    let of = |text: &str| {
        has(&Input { texts: Some(&texts(&[(Part::Problems, text)])), ..input(&y) }, "F-TEMPLATE")
    };
    assert_eq!(of("已经写好。"), []);
    assert_eq!(of("（请填写本年度存在的主要问题。）").len(), 1);
}

#[test]
fn t2_19b() {
    let filled = [
        ("proactive.licensing.items_last_year", "120"),
        ("proactive.licensing.change", "-20"),
        ("proactive.licensing.decisions", "100"),
        ("proactive.penalties.items_last_year", "30"),
        ("proactive.penalties.change", "5"),
    ];
    let mut y = figures(f19(), &filled);
    assert_eq!(has(&Input::new(f19(), 2020, &y), "T2-19b"), []);
    y.set("proactive.penalties.decisions", 35);
    let found = has(&Input::new(f19(), 2020, &y), "T2-19b");
    assert_eq!((found[0].verdict, found[0].cells.len()), (Verdict::Review, 2));
    assert!(found[0].message.contains("“行政许可”100=120+(-20)"), "{}", found[0].message);
    assert_eq!(has(&Input::new(f19(), 2020, &figures(f19(), &[])), "T2-19b"), []);
}

#[test]
fn t2_reg() {
    let y = figures(f21(), &[("proactive.rules.in_force", "3")]);
    let of = |level, kind| has(&Input { unit: Some((level, kind)), ..input(&y) }, "T2-REG").len();
    assert_eq!(of(Level::County, UnitKind::Government), 1);
    assert_eq!(of(Level::City, UnitKind::Department), 1);
    assert_eq!(of(Level::City, UnitKind::Government), 0);
    assert_eq!(has(&input(&y), "T2-REG"), []);
}

#[test]
fn t2_lib() {
    let y = figures(f21(), &[("proactive.normative_documents.in_force", "18")]);
    let of = |n| {
        let library = Some(Library { rules: Amount::ZERO, normative_documents: Amount::whole(n) });
        has(&Input { library, ..input(&y) }, "T2-LIB")
    };
    assert_eq!(of(18), []);
    assert_eq!(
        of(17)[0].message,
        "表二“行政规范性文件”的“现行有效件数”为18，文件库年末现行有效17件，二者应当一致"
    );
}

#[test]
fn t2_scale() {
    let then = figures(f21(), &[("proactive.charges.amount", "40")]);
    let of = |amount| {
        let now = figures(f21(), &[("proactive.charges.amount", amount)]);
        has(&Input { previous: Some(Previous::new(f21(), 2021, &then)), ..input(&now) }, "T2-SCALE").len()
    };
    assert_eq!((of("400"), of("400.01"), of("3.9"), of("0")), (0, 1, 0, 0));
    let zero = figures(f21(), &[("proactive.charges.amount", "5000")]);
    let old = figures(f19(), &[("proactive.licensing.decisions", "1")]);
    let bridge = has(&Input { previous: Some(Previous::new(f19(), 2020, &old)), ..input(&zero) }, "T2-SCALE");
    assert_eq!(bridge, [], "the old form has no such cell");
}

#[test]
fn t3_p3() {
    let y = figures(f21(), &[("requests.declined_excessive_requests.total", "4")]);
    let of = |text: &str| {
        has(&Input { texts: Some(&texts(&[(Part::Overview, text)])), ..input(&y) }, "T3-P3").len()
    };
    assert_eq!((of("依法办理申请"), of("依法要求申请人说明理由")), (1, 0));
    assert_eq!(has(&input(&y), "T3-P3"), []);
}

#[test]
fn x_bridge() {
    let then = figures(f19(), &[("proactive.normative_documents.total_disclosed", "300")]);
    let of = |in_force| {
        let now = figures(
            f21(),
            &[
                ("proactive.normative_documents.in_force", in_force),
                ("proactive.normative_documents.issued", "10"),
                ("proactive.normative_documents.repealed", "4"),
            ],
        );
        let previous = Some(Previous::new(f19(), 2020, &then));
        has(&Input { previous, ..Input::new(f21(), 2021, &now) }, "X-BRIDGE")
    };
    assert_eq!(of("156"), []);
    assert!(of("155")[0].message.contains("年初现行有效149件，上一年报告对外公开总数量为300件"));
}

#[test]
fn x_vol() {
    let then =
        figures(f21(), &[("requests.new_requests.total", "4"), ("proactive.penalties.decisions", "60")]);
    let now = figures(f21(), &[("requests.new_requests.total", "41")]);
    let base = Input { previous: Some(Previous::new(f21(), 2021, &then)), ..input(&now) };
    let found = has(&base, "X-VOL");
    assert_eq!(
        found.iter().map(|f| f.cells[0].as_str()).collect::<Vec<_>>(),
        ["proactive.penalties.decisions", "requests.new_requests.total"]
    );
    let said = texts(&[(Part::Overview, "申请数量同比增长较多")]);
    assert_eq!(has(&Input { texts: Some(&said), ..base }, "X-VOL"), []);
    let near =
        figures(f21(), &[("requests.new_requests.total", "40"), ("proactive.penalties.decisions", "1")]);
    assert_eq!(has(&Input { figures: &near, ..base }, "X-VOL"), []);
}

#[test]
fn x_sim() {
    let y = figures(f21(), &[]);
    let copied = "示例县认真贯彻条例要求，全年主动公开信息1200条，受理申请12件，全部按期答复。".repeat(4);
    let again = "样板县认真贯彻条例要求，全年主动公开信息3400条，受理申请56件，全部按期答复。".repeat(4);
    let fresh = "围绕群众关切，重点推进义务教育划片、供暖收费、村级财务三类事项公开，开设专栏并逐月更新。\
                 窗口增设自助查询终端，乡镇便民服务中心同步提供代查服务，老年人可以由工作人员陪同办理。"
        .repeat(2);
    let of = |now: &str| {
        let (now, then) = (texts(&[(Part::Overview, now)]), texts(&[(Part::Overview, &copied)]));
        let mut previous = Previous::new(f21(), 2021, &y);
        (previous.texts, previous.organization) = (Some(&then), Some("示例县"));
        has(
            &Input {
                previous: Some(previous), texts: Some(&now), organization: Some("样板县"), ..input(&y)
            },
            "X-SIM",
        )
    };
    assert!(
        of(&again)[0].message.starts_with("正文与上一年报告的相似度为100%（不计数字和机关名称，计入时为")
    );
    assert_eq!(of(&fresh), []);
    assert_eq!(of("认真贯彻条例要求"), [], "too short to compare");
}

#[test]
fn x_id() {
    let y = figures(f21(), &[("requests.granted.total", "1")]);
    let mut previous = Previous::new(f21(), 2021, &y);
    (previous.organization, previous.scope) = (Some("示例县人民政府办公室"), Some(Scope::Own));
    let same = Input {
        previous: Some(previous),
        organization: Some("示例县人民政府办公室 "),
        scope: Some(Scope::Own),
        other_filing: Some(&y),
        ..input(&y)
    };
    assert_eq!(has(&same, "X-ID"), []);
    let other = figures(f21(), &[("requests.granted.total", "2")]);
    let wrong = Input {
        year: 2023,
        organization: Some("示例县人民政府"),
        scope: Some(Scope::Government),
        other_filing: Some(&other),
        ..same
    };
    let found = has(&wrong, "X-ID");
    assert_eq!(
        found.iter().map(|f| f.verdict).collect::<Vec<_>>(),
        [Verdict::Fail, Verdict::Review, Verdict::Fail, Verdict::Fail]
    );
    assert_eq!(found[3].cells, ["requests.granted.total"]);
}

#[test]
fn s_ledger_and_s_rev() {
    let y = figures(f21(), &[("proactive.licensing.decisions", "3"), ("disputes.direct_suit.pending", "1")]);
    let counted = figures(f21(), &[("proactive.licensing.decisions", "2")]);
    let of = |recount| run(&Input { recount: Some(recount), ..input(&y) });
    let ids: Vec<String> = of(&counted).into_iter().map(|f| f.id).filter(|id| id.starts_with("S-")).collect();
    assert_eq!(ids, ["S-LEDGER", "S-REV"]);
    assert_eq!(of(&y).iter().filter(|f| f.id.starts_with("S-")).count(), 0);
    let found = has(&Input { recount: Some(&counted), ..input(&y) }, "S-LEDGER");
    assert_eq!(found[0].message, "表二“行政许可”的“本年处理决定数量”填报为3，按台账重新统计为2");
}

#[test]
fn s_fee() {
    let y = figures(f21(), &[]);
    let of = |text: &str, yuan: i64| {
        let (texts, facts) = (texts(&[(Part::OtherMatters, text)]), facts(&[("fee.collected", yuan)]));
        has(&Input { texts: Some(&texts), facts: Some(&facts), ..input(&y) }, "S-FEE")
    };
    assert_eq!(of("本年度收取信息处理费400元。", 400), []);
    assert_eq!(of("本年度收取信息处理费{{fee.collected}}元。", 400), []);
    assert_eq!(of("本年度未收取信息处理费。", 0), []);
    assert_eq!(of("无", 0), []);
    let found = of("一切正常。本年度未收取信息处理费。", 400);
    assert_eq!(found[0].quote.as_deref(), Some("本年度未收取信息处理费"));
    assert!(of("无", 400)[0].message.contains("正文没有报告"));
    assert!(
        has(&Input { texts: Some(&texts(&[(Part::OtherMatters, "信息处理费9元")])), ..input(&y) }, "S-FEE")
            .is_empty()
    );
}
