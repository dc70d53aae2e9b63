//! Every slip on every cell of published and of made-up tables.

use super::super::check::{Finding, Input, Previous, run};
use super::super::published::{Published, Written};
use super::super::{Figures, Form};
use super::reports::{BLOCKS, COLUMNS, EDGES, RESULTS, Report, empty, published, reports};
use super::*;

/// The cells of a table by rows and columns.
fn table(form: &Form, name: &str) -> Vec<Vec<String>> {
    if name == "requests" {
        let rows = form.requests.rows.iter();
        return rows.map(|r| COLUMNS.iter().map(|c| format!("requests.{}.{c}", r.id)).collect()).collect();
    }
    BLOCKS.iter().map(|b| RESULTS.iter().map(|c| format!("disputes.{b}.{c}")).collect()).collect()
}

/// Sums that fail, added here in the plainest way.
fn failing_sums(report: &Report, figures: &Figures) -> usize {
    let at = |row: &str, column: &str| figures.value(&format!("requests.{row}.{column}"));
    let mut failing = 0;
    for column in COLUMNS {
        let done: Amount = report.form.result_rows().map(|r| at(&r.id, column)).sum();
        let [new, before, total, open] = EDGES.map(|row| at(row, column));
        failing += usize::from(done != total) + usize::from(new + before != total + open);
    }
    for row in &report.form.requests.rows {
        let sum: Amount = COLUMNS[..6].iter().map(|c| at(&row.id, c)).sum();
        failing += usize::from(sum != at(&row.id, "total"));
    }
    for block in BLOCKS {
        let at = |column: &str| figures.value(&format!("disputes.{block}.{column}"));
        let sum: Amount = RESULTS[..4].iter().map(|c| at(c)).sum();
        failing += usize::from(sum != at("total"));
    }
    failing
}

fn errors(form: &Form, figures: &Figures) -> Vec<Finding> {
    let found = run(&Input::new(form, form.from_year, figures));
    found.into_iter().filter(Finding::blocks).collect()
}

/// What was counted of one kind of damage.
#[derive(Debug, Default, PartialEq, Eq)]
struct Tally {
    /// Damaged reports of which a sum fails, or a figure is none.
    damaged: usize,
    /// Damaged reports in which every sum holds.
    silent: usize,
    /// Found at all.
    found: usize,
    /// Exactly one error.
    one: usize,
    /// The first error names every damaged cell, or any of them where many are.
    named: usize,
    /// One cause is told for certain, and what to write is told.
    certain: usize,
    /// What is told for certain is what stood there.
    right: usize,
}

/// True if what a finding tells to write is what stood there before the damage.
fn is_right(report: &Report, f: &Finding) -> bool {
    let right = |c: &String| {
        let told = format!("{}改为{}", report.form.name_of(c), report.figures.value(c));
        f.suggestion.as_deref().is_some_and(|s| s.contains(&told))
    };
    f.cells.iter().take(8).all(right)
}

/// Damages every report in every way a kind of damage can, and counts.
fn tally(damage: impl Fn(&Report) -> Vec<(Vec<String>, Figures)>) -> Tally {
    let mut t = Tally::default();
    for report in reports() {
        for (cells, wrong) in damage(&report) {
            if wrong == report.figures {
                continue;
            }
            let found = errors(report.form, &wrong);
            if failing_sums(&report, &wrong) == 0 && found.is_empty() {
                t.silent += 1;
                continue;
            }
            t.damaged += 1;
            t.found += usize::from(!found.is_empty());
            t.one += usize::from(found.len() == 1);
            let named = |f: &Finding| {
                let hit = cells.iter().filter(|c| f.cells.contains(c)).count();
                if cells.len() <= 2 { hit == cells.len() } else { hit > 0 }
            };
            let named = found.first().is_some_and(named);
            t.named += usize::from(named);
            if named && found[0].suggestion.is_some() {
                t.certain += 1;
                t.right += usize::from(is_right(&report, &found[0]));
            }
        }
    }
    assert_eq!(t.found, t.damaged, "every damage the sums show is found");
    assert_eq!(t.named, t.damaged, "the first error names it");
    assert_eq!(t.right, t.certain, "what is told for certain is what stood there");
    t
}

/// The damages that no sum shows, that the sums show, those told in one error, and those told for certain.
fn counts(t: &Tally) -> [usize; 4] {
    [t.silent, t.damaged, t.one, t.certain]
}

/// One changed cell after the other.
fn each_cell(tables: &[&str], change: impl Fn(Amount) -> Option<Option<Amount>>) -> Tally {
    tally(|report| {
        let mut all = Vec::new();
        for cell in tables.iter().flat_map(|t| table(report.form, t).concat()) {
            if let Some(value) = change(report.figures.value(&cell)) {
                let mut wrong = report.figures.clone();
                wrong.0.insert(cell.clone(), value);
                all.push((vec![cell], wrong));
            }
        }
        all
    })
}

/// Values put in other cells.
fn moved(figures: &Figures, pairs: impl IntoIterator<Item = (String, Option<String>)>) -> Figures {
    let mut wrong = figures.clone();
    for (to, from) in pairs {
        let value = from.map_or(Amount::ZERO, |from| figures.value(&from));
        wrong.set(to, value);
    }
    wrong
}

fn swapped(figures: &Figures, a: &[String], b: &[String]) -> Figures {
    let there = a.iter().zip(b).map(|(a, b)| (a.clone(), Some(b.clone())));
    let back = a.iter().zip(b).map(|(a, b)| (b.clone(), Some(a.clone())));
    moved(figures, there.chain(back).collect::<Vec<_>>())
}

#[test]
fn an_undamaged_report_has_no_error() {
    for report in reports() {
        assert_eq!(errors(report.form, &report.figures), []);
        assert_eq!(failing_sums(&report, &report.figures), 0);
    }
}

#[test]
fn one_more() {
    let one = |n: Amount| Some(Some(n + Amount::whole(1)));
    assert_eq!(counts(&each_cell(&["requests"], one)), [0, 1358, 1358, 1358]);
    // A block of table four has one sum: five cells may be wrong, and all are told.
    assert_eq!(counts(&each_cell(&["disputes"], one)), [0, 120, 120, 0]);
}

#[test]
fn left_blank() {
    let t = each_cell(&["requests", "disputes"], |n| (!n.is_zero()).then_some(None));
    assert_eq!(counts(&t), [0, 566, 566, 566]);
}

#[test]
fn negative() {
    let t = each_cell(&["requests", "disputes"], |n| (!n.is_zero()).then_some(Some(-n)));
    assert_eq!(counts(&t), [0, 566, 566, 566]);
}

#[test]
fn neighbours_swapped() {
    // The four results of a block have one sum: swapped among each other nothing shows.
    for (name, across, expected) in [
        ("requests", true, [0, 503, 503, 461]),
        ("requests", false, [0, 601, 601, 513]),
        ("disputes", true, [52, 19, 19, 0]),
        ("disputes", false, [0, 60, 60, 51]),
    ] {
        {
            let t = tally(|report| {
                let grid = table(report.form, name);
                let mut all = Vec::new();
                for r in 0..grid.len() {
                    for c in 0..grid[r].len() {
                        let other =
                            if across { grid[r].get(c + 1) } else { grid.get(r + 1).map(|row| &row[c]) };
                        if let Some(b) = other {
                            let (a, b) = ([grid[r][c].clone()], [b.clone()]);
                            all.push((vec![a[0].clone(), b[0].clone()], swapped(&report.figures, &a, &b)));
                        }
                    }
                }
                all
            });
            assert_eq!(counts(&t), expected, "{name} {across}");
        }
    }
}

#[test]
fn rows_and_columns_swapped() {
    // Two rows of results have the same sums in either order, and so have the new requests and those carried over.
    let t = tally(|report| {
        let grid = table(report.form, "requests");
        grid.windows(2).map(|w| (w.concat(), swapped(&report.figures, &w[0], &w[1]))).collect()
    });
    assert_eq!(counts(&t), [134, 23, 23, 20]);
    // Two columns of applicants have the same sums in either order; a column and the total have not.
    let t = tally(|report| {
        let grid = table(report.form, "requests");
        let column = |c: usize| -> Vec<String> { grid.iter().map(|row| row[c].clone()).collect() };
        (0..6).map(|c| (vec![], swapped(&report.figures, &column(c), &column(c + 1)))).collect()
    });
    assert_eq!(counts(&t), [33, 8, 8, 0]);
}

#[test]
fn rows_shifted() {
    // Where the shift begins is open, as rows of results may stand in any order; where it ends is not.
    for (down, expected) in [(true, [0, 186, 186, 41]), (false, [0, 186, 185, 1])] {
        let t = tally(|report| {
            let grid = table(report.form, "requests");
            let last = grid.len() - 1;
            let of = |from: usize| {
                let row = |r: usize| {
                    let source = match (down, r) {
                        (true, r) if r == from => None,
                        (true, r) => Some(r - 1),
                        (false, r) if r == last => None,
                        (false, r) => Some(r + 1),
                    };
                    let cells = grid[r].iter().enumerate();
                    cells.map(move |(c, to)| (to.clone(), source.map(|s| (s, c)))).collect::<Vec<_>>()
                };
                let pairs =
                    (from..=last).flat_map(row).map(|(to, s)| (to, s.map(|(r, c)| grid[r][c].clone())));
                (grid[from..].concat(), moved(&report.figures, pairs.collect::<Vec<_>>()))
            };
            (0..last).map(of).collect()
        });
        assert_eq!(counts(&t), expected, "{down}");
    }
}

#[test]
fn columns_shifted() {
    for (whole, right, expected) in [
        (true, true, [0, 8, 8, 6]),
        (true, false, [0, 8, 8, 0]),
        (false, true, [0, 325, 325, 325]),
        (false, false, [0, 325, 325, 325]),
    ] {
        {
            let t = tally(|report| {
                let grid = table(report.form, "requests");
                let shift = |rows: &[Vec<String>]| {
                    let pair = |row: &Vec<String>, c: usize| {
                        let source = if right { c.checked_sub(1) } else { Some(c + 1) };
                        (row[c].clone(), source.and_then(|s| row.get(s).cloned()))
                    };
                    let pairs = rows.iter().flat_map(|row| (0..7).map(|c| pair(row, c)).collect::<Vec<_>>());
                    (rows.concat(), moved(&report.figures, pairs.collect::<Vec<_>>()))
                };
                if whole {
                    vec![shift(&grid)]
                } else {
                    let runs = (0..grid.len()).flat_map(|a| [1, 4].map(|n| (a, (a + n).min(grid.len()))));
                    runs.map(|(a, b)| shift(&grid[a..b])).collect()
                }
            });
            assert_eq!(counts(&t), expected, "{whole} {right}");
        }
    }
}

#[test]
fn rows_and_columns_missing() {
    let t = tally(|report| {
        let grid = table(report.form, "requests");
        let gone = |row: &Vec<String>| {
            (row.clone(), moved(&report.figures, row.iter().map(|c| (c.clone(), None)).collect::<Vec<_>>()))
        };
        grid.iter().map(gone).collect()
    });
    assert_eq!(counts(&t), [0, 147, 147, 24]);
    let t = tally(|report| {
        let grid = table(report.form, "requests");
        let column = |c: usize| -> Vec<String> { grid.iter().map(|row| row[c].clone()).collect() };
        let gone = |row: Vec<String>| {
            let wrong = moved(&report.figures, row.iter().map(|c| (c.clone(), None)).collect::<Vec<_>>());
            (row, wrong)
        };
        (0..7).map(|c| gone(column(c))).collect()
    });
    assert_eq!(counts(&t), [0, 44, 44, 27]);
}

/// The new requests and those carried over have one sum; last year's report tells them apart.
#[test]
fn the_carry_over_finds_what_one_year_cannot() {
    let report = &published()[3];
    let carried = report.figures.0.iter().filter(|(cell, _)| cell.contains("carried_over_in"));
    let last = Figures(carried.map(|(cell, n)| (cell.replace("_in.", "_out."), *n)).collect());
    let grid = table(report.form, "requests");
    let wrong = swapped(&report.figures, &grid[0], &grid[1]);
    assert_eq!(errors(report.form, &wrong), []);
    let previous = Some(Previous::new(report.form, 2024, &last));
    let found: Vec<Finding> = run(&Input { previous, ..Input::new(report.form, 2025, &wrong) })
        .into_iter()
        .filter(Finding::blocks)
        .collect();
    assert_eq!(found.len(), 1);
    assert!(found[0].message.starts_with(
        "表三“一、本年新收政府信息公开申请数量”与“二、上年结转政府信息公开申请数量”两行的数据互换了位置，改正后"
    ));
    assert_eq!(found[0].id, "X-CARRY", "only the carry-over shows it");
    assert_eq!(
        run(&Input { previous, ..Input::new(report.form, 2025, &report.figures) })
            .iter()
            .filter(|f| f.blocks())
            .count(),
        0
    );
}

/// The words of a cause: both values, the kind of slip, the sums, and what to write.
#[test]
fn a_cause_is_told_with_both_values() {
    let report = &published()[2];
    let said = |cell: &str, n: i64| {
        let mut wrong = report.figures.clone();
        wrong.set(cell, n);
        let mut found = errors(report.form, &wrong);
        assert_eq!(found.len(), 1, "{found:?}");
        found.remove(0)
    };
    let f = said("requests.granted.natural_person", 1828);
    assert_eq!(
        (f.id.as_str(), f.cells.as_slice()),
        ("T3-V", &["requests.granted.natural_person".to_owned()][..])
    );
    assert_eq!(
        f.message,
        "表三“(一)予以公开”的“自然人”为1828，应为1288（数字颠倒），改正后下列勾稽关系成立：\
         “自然人”一列办理结果总计等于各项办理结果之和（现为2932与3472）；\
         “(一)予以公开”一行总计等于各类申请人之和（现为1362与1902）"
    );
    assert_eq!(f.suggestion.as_deref(), Some("表三“(一)予以公开”的“自然人”改为1288"));
    for (n, slip) in
        [(0, "漏填"), (128, "少一位"), (12_288, "多一位"), (1289, "多1"), (1200, "少88"), (-1288, "误加负号")]
    {
        let f = said("requests.granted.natural_person", n);
        assert!(f.message.contains(&format!("为{n}，应为1288（{slip}）")), "{}", f.message);
        assert_eq!(f.id, if n < 0 { "F-CELL" } else { "T3-V" });
    }
    let f = said("disputes.direct_suit.pending", 3);
    assert_eq!(f.suggestion, None);
    for told in ["“总计”为26，应为28", "“结果维持”为13，应为11", "“尚未审结”为3，应为1"]
    {
        assert!(f.message.contains(told), "{}", f.message);
    }
}

/// What only follows from a wrong figure is not told besides.
#[test]
fn consequences_go_with_their_cause() {
    let report = &published()[3];
    let of = |figures: &Figures| run(&Input::new(report.form, 2025, figures));
    assert_eq!(of(&report.figures), []);
    let grid = table(report.form, "requests");
    let (total, open) = (&grid[grid.len() - 2], &grid[grid.len() - 1]);
    let found = of(&swapped(&report.figures, total, open));
    assert_eq!(found.len(), 1, "many are not carried over: {found:?}");
    let mut wrong = report.figures.clone();
    wrong.0.insert("requests.results_total.total".into(), None);
    let ids: Vec<String> = of(&wrong).into_iter().map(|f| f.id).collect();
    assert_eq!(ids, ["T3-B", "T3-H", "F-BLANK"], "the second because half of the sum is blank");
    // What is true of the right figures too is told.
    wrong.set("requests.results_total.total", 13_811);
    wrong.set("requests.other_other.natural_person", 9_941);
    wrong.set("requests.granted.natural_person", 5_345 - 9_000);
    assert!(of(&wrong).len() > 1);
}

/// Independent causes are told one by one.
#[test]
fn several_causes_are_several_findings() {
    let report = &published()[3];
    let mut wrong = report.figures.clone();
    for (cell, n) in [
        ("requests.granted.natural_person", 5354),
        ("requests.unavailable_not_held.legal_service_org", 8),
        ("requests.results_total.other_org", 92),
        ("disputes.direct_suit.pending", 72),
    ] {
        wrong.set(cell, n);
    }
    let found = errors(report.form, &wrong);
    let mut cells: Vec<&str> = found.iter().map(|f| f.cells[0].as_str()).collect();
    cells.sort_unstable();
    assert_eq!(found.len(), 4, "{found:?}");
    assert_eq!(
        cells[1..],
        [
            "requests.granted.natural_person",
            "requests.results_total.other_org",
            "requests.unavailable_not_held.legal_service_org"
        ]
    );
    assert!(cells[0].starts_with("disputes.direct_suit."));
    assert_eq!(found.iter().filter(|f| f.suggestion.is_some()).count(), 3);

    // With the same difference twice, the two rows and columns may go together either way; the third is certain.
    wrong.set("requests.unavailable_not_held.legal_service_org", 98);
    let found = errors(report.form, &wrong);
    assert_eq!(found.len(), 3, "{found:?}");
    let certain: Vec<&Finding> = found.iter().filter(|f| f.suggestion.is_some()).collect();
    assert_eq!(certain.len(), 1);
    assert_eq!(certain[0].cells, ["requests.results_total.other_org"]);

    // Two cells in one column and two rows: only together do the sums hold again.
    let mut wrong = report.figures.clone();
    wrong.set("requests.granted.natural_person", 5300);
    wrong.set("requests.granted_in_part.natural_person", 2100);
    let found = errors(report.form, &wrong);
    let told: Vec<(&str, Option<&str>)> =
        found.iter().map(|f| (f.cells[0].as_str(), f.suggestion.as_deref())).collect();
    assert_eq!(
        told,
        [
            ("requests.granted.natural_person", Some("表三“(一)予以公开”的“自然人”改为5345")),
            (
                "requests.granted_in_part.natural_person",
                Some("表三“(二)部分公开(区分处理的,只计这一情形,不计其他情形)”的“自然人”改为2120")
            )
        ]
    );
}

/// A cell in which words stand is one error; the value its sums ask for is proposed and nothing is filled in.
#[test]
fn words_in_a_cell() {
    for report in reports() {
        for name in ["requests", "disputes"] {
            for cell in table(report.form, name).concat() {
                let mut figures = report.figures.clone();
                let was = figures.0.remove(&cell).flatten().unwrap();
                let mut published = Published::default();
                let written = Written { raw: "见附件".into(), note: None, readable: false, place: 3 };
                published.cells.insert(cell.clone(), written);
                let form = report.form;
                let input =
                    Input { published: Some(&published), ..Input::new(form, form.from_year, &figures) };
                let found: Vec<Finding> =
                    run(&input).into_iter().filter(Finding::blocks).filter(|f| !f.cells.is_empty()).collect();
                assert_eq!(found.len(), 1, "{cell} {found:?}");
                assert_eq!((found[0].id.as_str(), found[0].cells[0].as_str()), ("F-CELL", cell.as_str()));
                assert_eq!(found[0].place, Some(3));
                let proposed = format!("{}改为{was}", form.name_of(&cell));
                assert_eq!(found[0].suggestion.as_deref(), Some(proposed.as_str()));
            }
        }
    }
}

/// Figures nobody can make sense of end the search; the failing sums are then listed as they are.
#[test]
fn hostile_figures_end_the_search() {
    for form in Form::all() {
        let mut figures = empty(form);
        for (at, cell) in form.cells().into_iter().enumerate() {
            let n = i64::try_from(at * at * 7919 % 1009).unwrap();
            figures.set(cell.id, n + 1);
        }
        let input = Input::new(form, form.from_year, &figures);
        let mut model = Model::new(&input);
        assert!(model.failing.count_ones() > 30);
        let budget = model.budget;
        let [(_, three), _] = grids(&input, &model);
        causes(&mut model, &three, !0, false);
        assert!(model.budget < budget);
        assert!(!errors(form, &figures).is_empty());
        for cell in form.cells() {
            figures.0.insert(cell.id, Some(Amount::from_micros(i64::MAX)));
        }
        assert!(!errors(form, &figures).is_empty());
    }
}

/// Several cells at random: what is told for certain is right, and hardly ever is a cell not named.
#[test]
fn several_cells_at_random() {
    let mut seed = 11u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(seed >> 33).unwrap() % below
    };
    // Damaged cells, of 160 reports each: one finding a cell, every cell named; and causes told for certain.
    for (many, expected) in [(2, [153, 160, 312]), (3, [149, 160, 464])] {
        let (mut apart, mut named, mut certain) = (0, 0, 0);
        for report in reports() {
            let cells = table(report.form, "requests").concat();
            for _ in 0..20 {
                let mut wrong = report.figures.clone();
                let mut damaged: Vec<&String> = Vec::new();
                for _ in 0..many {
                    let cell = &cells[next(cells.len())];
                    let more = Amount::whole(1 + i64::try_from(next(9)).unwrap());
                    wrong.set(cell.clone(), report.figures.value(cell) + more);
                    damaged.push(cell);
                }
                let found = errors(report.form, &wrong);
                assert!(!found.is_empty());
                apart += usize::from(found.len() == many);
                named += usize::from(damaged.iter().all(|c| found.iter().any(|f| f.cells.contains(c))));
                for f in found.iter().filter(|f| f.suggestion.is_some()) {
                    certain += 1;
                    assert!(is_right(&report, f), "{damaged:?} {}", f.message);
                }
            }
        }
        assert_eq!([apart, named, certain], expected, "{many}");
    }
}

/// In a report that leaves its zeros blank, a blank is no sign of a slip.
#[test]
fn zeros_left_blank() {
    for report in published() {
        let mut base = report.figures.clone();
        for value in base.0.values_mut() {
            *value = value.filter(|n| !n.is_zero());
        }
        assert_eq!(errors(report.form, &base), []);
        for cell in ["requests", "disputes"].iter().flat_map(|t| table(report.form, t).concat()) {
            let was = base.value(&cell);
            let lost = (!was.is_zero()).then_some(None);
            for value in [Some(Some(was + Amount::whole(1))), lost].into_iter().flatten() {
                let mut wrong = base.clone();
                wrong.0.insert(cell.clone(), value);
                let found = errors(report.form, &wrong);
                assert!(found.len() == 1 && found[0].cells.contains(&cell), "{cell} {found:?}");
                assert!(found[0].suggestion.is_none() || is_right(&report, &found[0]), "{cell} {found:?}");
            }
        }
    }
}
