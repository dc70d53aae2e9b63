use super::super::count::{Ledger, words};
use super::*;
use crate::applicant::ApplicantClass;
use crate::docket::dispute::Block;
use proptest::prelude::*;

fn figures(form: &Form, cells: &[(&str, i64)]) -> Figures {
    let mut figures = form.count(&Ledger::default(), form.from_year);
    for (cell, n) in cells {
        form.cell(cell).unwrap();
        figures.set(*cell, *n);
    }
    figures
}

/// Ids of the findings, with cells of one word for short.
fn ids(found: &[Finding]) -> Vec<&str> {
    found.iter().map(|f| f.id.as_str()).collect()
}

fn errors(found: &[Finding]) -> Vec<&Finding> {
    found.iter().filter(|f| f.severity == Severity::Error).collect()
}

fn has(input: &Input<'_>, id: &str) -> Vec<Finding> {
    run(input).into_iter().filter(|f| f.id == id).collect()
}

fn f19() -> &'static Form {
    Form::by_id("2019").unwrap()
}

fn f21() -> &'static Form {
    Form::by_id("2021").unwrap()
}

#[test]
fn a_finding_is_told_by_its_rule_cells_and_words_but_not_by_figures() {
    let finding = |cells: &[&str], quote: Option<&str>, message: &str| Finding {
        id: "N-NEW".into(),
        severity: Severity::Error,
        verdict: Verdict::Fail,
        cells: cells.iter().map(|c| (*c).to_owned()).collect(),
        message: message.into(),
        citation: String::new(),
        quote: quote.map(str::to_owned),
        place: None,
        suggestion: None,
    };
    let cell = ["requests.new_requests.total"];
    assert_eq!(finding(&cell, None, "甲为3").key(), finding(&cell, None, "甲为14").key());
    let said = |quote| finding(&cell, Some(quote), "").key();
    assert_eq!(said("全年收到申请 9 件。"), said("全年收到申请１2件。"));
    assert_ne!(said("全年收到申请9件。"), said("网上收到申请9件。"));
    assert_ne!(finding(&[], None, "缺少第五部分").key(), finding(&[], None, "缺少第六部分").key());
    assert!(finding(&[], None, "缺少第五部分").key().starts_with("N-NEW:"));
}

/// Balanced figures of two years, counted from random dockets.
fn two_years() -> impl Strategy<Value = (Figures, Figures)> {
    let request = (0..6usize, 0..21usize, 2019..=2021i16, 0..=2i16);
    let dispute = (0..3usize, 0..3usize, 2019..=2021i16, 0..=2i16);
    let tables = (prop::collection::vec(request, 1..60), prop::collection::vec(dispute, 1..20));
    (tables, prop::collection::vec(0..500i64, 4)).prop_map(|((requests, disputes), entered)| {
        let mut ledger = Ledger::default();
        let mut one = |year: i16, key: String, n: i64| ledger.add(year, &key, Amount::whole(n).micros());
        let rows: Vec<&str> = f21().result_rows().map(|r| r.id.as_str()).collect();
        for (class, row, year, years) in requests {
            let class = ApplicantClass::ALL[class].key();
            one(year, format!("request.received.{class}"), 1);
            one(year, format!("request.open.{class}"), 1);
            one(year + years, format!("request.open.{class}"), -1);
            one(year + years, format!("request.result.{}.{class}", rows[row]), 1);
        }
        for (block, column, year, years) in disputes {
            let block = Block::ALL[block].key();
            one(year, format!("dispute.{block}.open"), 1);
            one(year + years, format!("dispute.{block}.open"), -1);
            one(year + years, format!("dispute.{block}.{}", ["upheld", "corrected", "other"][column]), 1);
        }
        for (row, n) in ["licensing", "penalties", "compulsory_measures", "charges"].iter().zip(entered) {
            let column = if *row == "charges" { "amount" } else { "decisions" };
            one(2020, format!("figure.proactive.{row}.{column}"), n);
            one(2021, format!("figure.proactive.{row}.{column}"), n + 1);
            one(2020, "document.normative.made".into(), n);
            one(2020, "document.normative.public".into(), n);
            one(2020, "document.normative.in_force".into(), n);
        }
        (f19().count(&ledger, 2020), f21().count(&ledger, 2021))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    /// Figures counted from dockets never have an error; one more in any cell always does.
    #[test]
    fn one_wrong_cell_is_always_caught((y2020, y2021) in two_years()) {
        for (form, year, right) in [(f19(), 2020, &y2020), (f21(), 2021, &y2021)] {
            let mut input = Input::new(form, year, right);
            if year == 2021 {
                input.previous = Some(Previous::new(f19(), 2020, &y2020));
            }
            input.recount = Some(right);
            prop_assert!(errors(&run(&input)).is_empty(), "{:?}", errors(&run(&input)));
            for cell in form.cells() {
                let mut wrong = right.clone();
                wrong.set(cell.id.clone(), right.value(&cell.id) + Amount::whole(1));
                let changed = Input { figures: &wrong, ..input };
                let found = run(&changed);
                let at_cell = |f: &&Finding| f.blocks() && f.cells.contains(&cell.id);
                prop_assert!(found.iter().any(|f| at_cell(&f)), "{} {}", form.id, cell.id);
                let alone = Input { recount: None, previous: None, ..changed };
                let caught = run(&alone).iter().any(|f| at_cell(&f));
                prop_assert!(caught || cell.id.starts_with("proactive."), "{} {} alone", form.id, cell.id);
            }
        }
    }
}

#[test]
fn the_published_report_of_2020_has_no_error() {
    let y = figures(
        f19(),
        &[
            ("proactive.normative_documents.made", 8),
            ("proactive.normative_documents.disclosed", 7),
            ("proactive.normative_documents.total_disclosed", 18),
            ("proactive.procurement.items", 5),
            ("proactive.procurement.amount", 390_785),
            ("requests.new_requests.legal_service_org", 2),
            ("requests.new_requests.total", 2),
            ("requests.refused_administrative_inquiry.legal_service_org", 1),
            ("requests.refused_administrative_inquiry.total", 1),
            ("requests.unavailable_still_unclear.legal_service_org", 1),
            ("requests.unavailable_still_unclear.total", 1),
            ("requests.results_total.legal_service_org", 2),
            ("requests.results_total.total", 2),
        ],
    );
    let input = Input {
        unit: Some((Level::County, UnitKind::Office)),
        recount: Some(&y),
        ..Input::new(f19(), 2020, &y)
    };
    assert_eq!(run(&input), []);
}

/// Only the totals of this report are known: what is missing is not assessable, nothing is an error.
#[test]
fn the_published_totals_of_2025_have_no_error() {
    let mut y = Figures::default();
    let mut set = |prefix: &str, values: &[(&str, i64)]| {
        for (cell, n) in values {
            y.set(format!("{prefix}.{cell}"), *n);
        }
    };
    for (row, [issued, repealed, in_force]) in
        [("rules", [3, 5, 74]), ("normative_documents", [564, 984, 4185])]
    {
        set(
            &format!("proactive.{row}"),
            &[("issued", issued), ("repealed", repealed), ("in_force", in_force)],
        );
    }
    set("proactive", &[("licensing.decisions", 11_398_889), ("penalties.decisions", 6_937_489)]);
    set("proactive", &[("compulsory_measures.decisions", 166_105), ("charges.amount", 316_441)]);
    set("requests", &[("new_requests.total", 14_069), ("carried_over_in.total", 560)]);
    set("requests", &[("results_total.total", 13_810), ("carried_over_out.total", 819)]);
    for (block, values) in [
        ("reconsideration", [376, 97, 196, 121, 790]),
        ("direct_suit", [16, 1, 12, 27, 56]),
        ("suit_after_reconsideration", [74, 1, 30, 51, 156]),
    ] {
        let columns = ["upheld", "corrected", "other", "pending", "total"];
        let pairs: Vec<(&str, i64)> = columns.into_iter().zip(values).collect();
        set(&format!("disputes.{block}"), &pairs);
    }
    let found =
        run(&Input { unit: Some((Level::City, UnitKind::Government)), ..Input::new(f21(), 2025, &y) });
    assert_eq!(errors(&found), Vec::<&Finding>::new());
    assert!(found.iter().all(|f| f.verdict == Verdict::NotAssessable), "{found:?}");
    assert_eq!(ids(&found), ["T3-B", "T3-V", "T3-H"]);
    assert_eq!(found[0].cells.len(), 6, "the total column of T3-B is known and holds");
}

#[test]
fn a_wrong_sum_is_said_in_one_sentence_with_both_values() {
    let mut y =
        figures(f21(), &[("requests.new_requests.natural_person", 5), ("requests.new_requests.total", 5)]);
    let found = run(&Input::new(f21(), 2022, &y));
    let messages: Vec<&str> = errors(&found).iter().map(|f| f.message.as_str()).collect();
    // One cause: five requests came and went nowhere, in one column and the total.
    assert_eq!(
        messages,
        ["表三“自然人”一列，本年新收与上年结转之和为5，办理结果总计与结转下年度之和为0，二者应当相等；\
             可能的原因：表三“一、本年新收政府信息公开申请数量”一行的数据有误，“自然人”应为0（现为5）、“总计”应为0（现为5）；\
             或者表三“四、结转下年度继续办理”一行的数据漏填，“自然人”应为5（现为0）、“总计”应为5（现为0），\
             请对照原始数据核对"]
    );
    assert_eq!(errors(&found)[0].key().split(':').next(), Some("T3-B"));
    assert_eq!(
        errors(&found)[0].cells,
        [
            "new_requests.natural_person",
            "new_requests.total",
            "carried_over_out.natural_person",
            "carried_over_out.total"
        ]
        .map(|c| format!("requests.{c}"))
    );
    y.set("disputes.direct_suit.pending", 2);
    let t4 = has(&Input::new(f21(), 2022, &y), "T4-S");
    assert_eq!(
        t4[0].message,
        "表四“未经复议直接起诉”的“总计”为0，结果维持、结果纠正、其他结果与尚未审结之和为2，二者应当相等；\
         可能的原因：表四“未经复议直接起诉”的“总计”为0，应为2（漏填）；或者表四“未经复议直接起诉”的“尚未审结”为2，应为0（多2），请对照原始数据核对"
    );
    let json = serde_json::to_value(&t4[0]).unwrap();
    assert_eq!((json["severity"].as_str(), json["verdict"].as_str()), (Some("error"), Some("fail")));
    assert!(json.get("quote").is_none() && json["cells"].is_array());
}

#[test]
fn blank_computes_as_zero_but_nothing_at_all_is_not_assessed() {
    let mut y = figures(f21(), &[]);
    for cell in f21().cells().iter().filter(|c| c.id.starts_with("requests.")) {
        y.0.insert(cell.id.clone(), None);
    }
    let silent = run(&Input::new(f21(), 2022, &y));
    assert!(silent.iter().all(|f| !f.blocks()), "{silent:?}");
    let not: Vec<&str> =
        silent.iter().filter(|f| f.verdict == Verdict::NotAssessable).map(|f| f.id.as_str()).collect();
    assert_eq!(not, ["T3-B", "T3-V", "T3-H"]);
    assert_eq!(
        silent.iter().find(|f| f.id == "T3-H").unwrap().message,
        "总计等于各类申请人之和有25处因相关数据空缺，无法核对"
    );

    // Only the totals are filled: the rows cannot be added, the columns can.
    y.set("requests.new_requests.total", 3);
    y.set("requests.results_total.total", 3);
    let found = run(&Input::new(f21(), 2022, &y));
    assert_eq!(errors(&found).iter().map(|f| f.id.as_str()).collect::<Vec<_>>(), ["T3-V"]);
    y.set("requests.granted.total", 3);
    assert!(errors(&run(&Input::new(f21(), 2022, &y))).is_empty());
    // A part without its total is not assessable either; a part against a total of zero is wrong.
    y.set("requests.declined_repeat_request.natural_person", 1);
    assert!(has(&Input::new(f21(), 2022, &y), "T3-H").iter().all(|f| !f.blocks()));
    y.set("requests.declined_repeat_request.total", 0);
    let found = run(&Input::new(f21(), 2022, &y));
    assert!(errors(&found).iter().any(|f| f.cells[0] == "requests.declined_repeat_request.natural_person"));
}

#[test]
fn carry_over_is_compared_column_by_column() {
    let then = figures(
        f19(),
        &[("requests.carried_over_out.natural_person", 2), ("requests.carried_over_out.total", 2)],
    );
    let carried = |person: i64, firm: i64| {
        let now = figures(
            f21(),
            &[
                ("requests.carried_over_in.natural_person", person),
                ("requests.carried_over_in.commercial_enterprise", firm),
                ("requests.carried_over_in.total", person + firm),
            ],
        );
        let input =
            Input { previous: Some(Previous::new(f19(), 2020, &then)), ..Input::new(f21(), 2021, &now) };
        let found = has(&input, "X-CARRY");
        found
            .iter()
            .map(|f| (f.severity, f.cells[0].rsplit('.').next().unwrap().to_owned()))
            .collect::<Vec<_>>()
    };
    assert_eq!(carried(2, 0), []);
    let at = |severity, column: &str| (severity, column.to_owned());
    assert_eq!(carried(3, 0), [at(Severity::Error, "natural_person"), at(Severity::Error, "total")]);
    assert_eq!(
        carried(1, 1),
        [at(Severity::Warning, "natural_person"), at(Severity::Warning, "commercial_enterprise")]
    );
}

/// One case a linear rule: figures of this year and last year that make it fail, and a change that makes it silent.
#[test]
fn every_linear_warning_fails_and_is_silent() {
    type Cells = &'static [(&'static str, i64)];
    type Case = (&'static str, i16, Cells, Cells, (&'static str, i64));
    let cases: &[Case] = &[
        (
            "T2-19a",
            2020,
            &[
                ("proactive.rules.disclosed", 2),
                ("proactive.rules.made", 1),
                ("proactive.rules.total_disclosed", 5),
            ],
            &[],
            ("proactive.rules.made", 2),
        ),
        ("T2-19a", 2020, &[("proactive.rules.made", 3)], &[], ("proactive.rules.total_disclosed", 3)),
        (
            "T2-19c",
            2020,
            &[("proactive.licensing.items_last_year", 3), ("proactive.licensing.change", -4)],
            &[],
            ("proactive.licensing.change", -3),
        ),
        (
            "X-PROJ",
            2020,
            &[("proactive.charges.items_last_year", 9)],
            &[("proactive.charges.items_last_year", 7), ("proactive.charges.change", 1)],
            ("proactive.charges.items_last_year", 8),
        ),
        (
            "T2-21a",
            2022,
            &[("proactive.rules.issued", 4), ("proactive.rules.in_force", 3)],
            &[],
            ("proactive.rules.in_force", 4),
        ),
        (
            "T2-21a",
            2022,
            &[
                ("proactive.rules.issued", 4),
                ("proactive.rules.in_force", 3),
                ("proactive.rules.repealed", 1),
            ],
            &[],
            ("proactive.rules.in_force", 4),
        ),
        (
            "T2-21b",
            2022,
            &[("proactive.rules.repealed", 9), ("proactive.rules.issued", 1)],
            &[("proactive.rules.in_force", 7)],
            ("proactive.rules.repealed", 8),
        ),
        (
            "X-VALID",
            2022,
            &[("proactive.rules.in_force", 9), ("proactive.rules.issued", 1)],
            &[("proactive.rules.in_force", 7)],
            ("proactive.rules.in_force", 8),
        ),
        ("T3-Z", 2022, &[("requests.granted.total", 1)], &[], ("requests.granted.total", 0)),
        (
            "T3-Z",
            2022,
            &[("requests.new_requests.total", 2), ("requests.carried_over_out.total", 1)],
            &[],
            ("requests.carried_over_out.total", 2),
        ),
        (
            "T3-OUT",
            2022,
            &[("requests.new_requests.total", 7), ("requests.carried_over_out.total", 2)],
            &[],
            ("requests.new_requests.total", 8),
        ),
        (
            "T3-OUT",
            2022,
            &[
                ("requests.new_requests.total", 1),
                ("requests.carried_over_in.total", 9),
                ("requests.carried_over_out.total", 2),
            ],
            &[],
            ("requests.new_requests.total", 2),
        ),
        (
            "T3-O",
            2022,
            &[("requests.other_other.total", 3), ("requests.results_total.total", 10)],
            &[],
            ("requests.other_other.total", 2),
        ),
        (
            "T3-O",
            2020,
            &[("requests.other_disposal.total", 3), ("requests.results_total.total", 10)],
            &[],
            ("requests.results_total.total", 11),
        ),
        (
            "T4-R",
            2022,
            &[("disputes.suit_after_reconsideration.total", 3), ("disputes.reconsideration.upheld", 1)],
            &[("disputes.reconsideration.other", 1)],
            ("disputes.suit_after_reconsideration.total", 2),
        ),
        (
            "T4-P",
            2022,
            &[("disputes.direct_suit.total", 1)],
            &[("disputes.direct_suit.pending", 2)],
            ("disputes.direct_suit.total", 2),
        ),
        (
            "X-T4",
            2022,
            &[("disputes.direct_suit.total", 1)],
            &[("disputes.direct_suit.pending", 2)],
            ("disputes.reconsideration.total", 1),
        ),
        ("T4-ZERO", 2022, &[("disputes.direct_suit.total", 1)], &[], ("requests.new_requests.total", 1)),
    ];
    for (id, year, now, then, (cell, n)) in cases {
        let (form, last) = (Form::for_year(*year).unwrap(), Form::for_year(year - 1).unwrap());
        let (mut now, then) = (figures(form, now), figures(last, then));
        let previous = Some(Previous::new(last, year - 1, &then));
        // By itself: in a whole report a remark goes with the wrong figure it comes from.
        let alone = |figures: &Figures| {
            let mut found = Vec::new();
            let input = Input { previous, ..Input::new(form, *year, figures) };
            form.checks.iter().filter(|r| r.id == *id).for_each(|r| r.run(&input, &mut found));
            found
        };
        let found = alone(&now);
        assert_eq!(found.len(), 1, "{id} {found:?}");
        assert!(!found[0].cells.is_empty() && found[0].message.contains(char::is_numeric), "{id}");
        now.set(*cell, *n);
        assert_eq!(alone(&now), [], "{id}");
    }
}

#[test]
fn a_difference_explained_in_the_text_is_for_review() {
    let (now, then) = (
        figures(f21(), &[("proactive.rules.in_force", 5)]),
        figures(f21(), &[("proactive.rules.in_force", 7)]),
    );
    let mut texts = BTreeMap::from([(Part::Overview, "全年无变化".to_owned())]);
    let verdict = |texts: &BTreeMap<Part, String>| {
        let previous = Some(Previous::new(f21(), 2021, &then));
        has(&Input { previous, texts: Some(texts), ..Input::new(f21(), 2022, &now) }, "X-VALID")[0].verdict
    };
    assert_eq!(verdict(&texts), Verdict::Fail);
    texts.insert(Part::Problems, "开展规范性文件清理".into());
    assert_eq!(verdict(&texts), Verdict::Review);
}

#[test]
fn last_years_cells_that_its_form_lacks_are_not_asked_for() {
    let (then, now) = (figures(f19(), &[]), figures(f21(), &[("proactive.rules.in_force", 5)]));
    let input = Input { previous: Some(Previous::new(f19(), 2020, &then)), ..Input::new(f21(), 2021, &now) };
    assert_eq!(has(&input, "X-VALID"), []);
    assert_eq!(has(&Input::new(f21(), 2021, &now), "X-CARRY"), []);
}

#[test]
fn the_registry_lists_every_rule_once() {
    let mut seen: Vec<&str> = RULES.iter().map(|r| r.id.as_str()).collect();
    let n = seen.len();
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(seen.len(), n);
    for rule in RULES.iter() {
        assert!(
            rule.version >= 1
                && !rule.title.is_empty()
                && !rule.citation.is_empty()
                && !rule.forms.is_empty()
        );
        assert!(rule.forms.iter().all(|f| Form::by_id(f).is_some()), "{}", rule.id);
    }
    let wanted = "T2-INT T2-21a T2-21b T2-19a T2-19b T2-19c T2-REG T2-LIB T2-SCALE T3-B T3-V T3-H T3-Z T3-OUT T3-O T3-P3 \
                  T4-S T4-R T4-P T4-ZERO X-CARRY X-VALID X-BRIDGE X-PROJ X-T4 X-VOL X-SIM X-ID S-LEDGER S-REV S-FEE \
                  F-CELL F-BLANK F-EMPTY F-VER F-BASIS F-SEC F-TAB F-O3 F-LABEL F-UNIT F-TITLE F-YEAR F-PERIOD F-DEADLINE \
                  F-TEMPLATE F-DUPNUM T3-G T3-SHIFT";
    for id in wanted.split_whitespace() {
        assert!(rule(id).is_some(), "{id}");
    }
    assert!(!rule("T3-B").unwrap().waivable && rule("X-CARRY").unwrap().waivable);
    assert_eq!(rule("X-CARRY").unwrap().severity, Severity::Error);
    assert_eq!(rule("T2-19c").unwrap().forms, ["2019"]);
    assert!(words("a.b.c").is_some());
}

#[test]
fn a_check_on_a_cell_the_form_lacks_is_refused_when_the_form_is_read() {
    let text = crate::form::FILES[1].1;
    let broken = text.replace("left = [\"requests.{row}.total\"]", "left = [\"requests.{row}.sum\"]");
    assert_ne!(text, broken);
    assert!(Form::parse(&broken).unwrap_err().to_string().contains("T3-H"));
    let nowhere = text.replace("over = \"requests.*.total\"", "over = \"requests.*.sum\"");
    assert!(Form::parse(&nowhere).unwrap_err().to_string().contains("requests.*.sum"));
}

#[test]
fn a_column_of_totals_that_was_not_filled_in_proves_nothing() {
    let form = Form::for_year(2021).unwrap();
    let mut figures = Figures::default();
    for cell in form.cells() {
        figures.set(cell.id, 0);
    }
    for (row, n) in [("granted", 3), ("other_other", 2), ("results_total", 5), ("new_requests", 5)] {
        figures.set(format!("requests.{row}.natural_person"), n);
        figures.set(format!("requests.{row}.total"), n);
    }
    let errors = |figures: &Figures| {
        let found = run(&Input::new(form, 2021, figures));
        found.into_iter().filter(|f| f.severity == Severity::Error).map(|f| f.id).collect::<Vec<_>>()
    };
    assert!(errors(&figures).is_empty());
    let mut one = figures.clone();
    one.0.insert("requests.granted.total".into(), None);
    assert_eq!(errors(&one), ["T3-V"], "one that is left out is a slip");
    for row in form.result_rows() {
        figures.0.insert(format!("requests.{}.total", row.id), None);
    }
    assert!(errors(&figures).is_empty(), "{:?}", errors(&figures));
}
