//! Reports damaged on purpose, read from files and checked: what arithmetic shows is found, once, with its cause; what is whole
//! gives no error.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

#[path = "../../paper/tests/read/made.rs"]
#[allow(dead_code, reason = "shared with the tests of the reader")]
mod made;
#[path = "../../paper/tests/read/print.rs"]
#[allow(dead_code, reason = "shared with the tests of the reader")]
mod print;

use law::Amount;
use law::form::check::{Finding, Severity};
use law::form::{Figures, Form};
use made::{Hand, figures};
use service::inspection::Inspection;
use std::collections::BTreeMap;

/// What stands in single cells instead of their figures.
type Damage = BTreeMap<String, String>;

fn inspected(form: &Form, figures: &Figures, damage: &Damage, layout: &str) -> Inspection {
    let write =
        |cell: &str| damage.get(cell).cloned().unwrap_or_else(|| Hand::Plain.write(figures.value(cell)));
    let bytes = print::written(form, &write, layout);
    let reading = paper::read::read(&bytes).unwrap_or_else(|e| panic!("{layout}: {e}"));
    Inspection::of(reading, None)
}

fn errors(inspection: &Inspection) -> Vec<&Finding> {
    inspection.findings.iter().filter(|f| f.severity == Severity::Error).collect()
}

/// Cells that stand in an equation.
fn proved(form: &Form) -> Vec<String> {
    form.cells().into_iter().map(|c| c.id).filter(|c| !c.starts_with("proactive.")).collect()
}

const LAYOUTS: [&str; 3] = ["page", "pipes", "lines"];

/// Damages every cell, or every seventh where the layout is not the first, and looks at what is found.
fn every_cell(damage: impl Fn(Amount) -> Option<String>, what: &str, look: impl Fn(&Inspection, &str, &str)) {
    let mut count = 0;
    for form in Form::all() {
        let figures = figures(form, 21, false);
        for (n, layout) in LAYOUTS.iter().enumerate() {
            for (m, cell) in proved(form).into_iter().enumerate() {
                if n > 0 && m % 7 != n {
                    continue;
                }
                let Some(text) = damage(figures.value(&cell)) else { continue };
                let damage = Damage::from([(cell.clone(), text)]);
                let inspection = inspected(form, &figures, &damage, layout);
                look(&inspection, &cell, &format!("{what} {} {layout} {cell}", form.id));
                count += 1;
            }
        }
    }
    assert!(count > 100, "{what}: {count}");
}

/// One error, which names the cell.
fn one_error(inspection: &Inspection, cell: &str, what: &str) {
    let errors = errors(inspection);
    assert_eq!(errors.len(), 1, "{what}: {errors:#?}");
    assert!(errors[0].cells.iter().any(|c| c == cell), "{what}: {errors:#?}");
    assert!(inspection.at(errors[0]).is_some(), "{what}: no place");
}

#[test]
fn whole_reports_have_no_error() {
    for form in Form::all() {
        for layout in LAYOUTS {
            for seed in 0..8 {
                let figures = figures(form, seed, seed % 2 == 0);
                let inspection = inspected(form, &figures, &Damage::new(), layout);
                assert!(
                    errors(&inspection).is_empty(),
                    "{} {layout} {seed}: {:#?}",
                    form.id,
                    errors(&inspection)
                );
                assert!(inspection.reading.refused.is_empty());
            }
        }
    }
}

#[test]
fn one_more_in_a_cell_is_found_there() {
    let more = |value: Amount| Some((value + Amount::whole(1)).to_string());
    every_cell(more, "+1", one_error);
}

#[test]
fn a_cell_left_out_is_found_there() {
    every_cell(
        |value| (!value.is_zero()).then(String::new),
        "blank",
        |inspection, cell, what| {
            // In a file without blank cells the row has too few figures and is not read.
            if inspection.reading.refused.is_empty() {
                one_error(inspection, cell, what);
            } else {
                assert!(!inspection.reading.figures.0.contains_key(cell), "{what}");
            }
        },
    );
}

#[test]
fn words_in_a_cell_are_no_figure() {
    every_cell(
        |_| Some("若干".into()),
        "text",
        |inspection, cell, what| {
            assert!(!inspection.reading.figures.0.contains_key(cell), "{what}");
            if inspection.reading.refused.is_empty() {
                one_error(inspection, cell, what);
            }
        },
    );
}

#[test]
fn less_than_nothing_is_found_there() {
    every_cell(|value| (!value.is_zero()).then(|| format!("-{value}")), "negative", one_error);
}

#[test]
fn figures_that_changed_places_are_found() {
    for form in Form::all() {
        let figures = figures(form, 33, false);
        let columns: Vec<&str> = form.requests.columns.iter().map(|c| c.id.as_str()).collect();
        let mut count = 0;
        for row in &form.requests.rows {
            for pair in columns.windows(2) {
                let [left, right] = [pair[0], pair[1]].map(|c| format!("requests.{}.{c}", row.id));
                let (a, b) = (figures.value(&left), figures.value(&right));
                if a == b {
                    continue;
                }
                let damage = Damage::from([(left.clone(), b.to_string()), (right.clone(), a.to_string())]);
                let inspection = inspected(form, &figures, &damage, "page");
                let errors = errors(&inspection);
                let what = format!("{} {left}", form.id);
                assert!(!errors.is_empty(), "{what}");
                let named = |cell: &String| errors[0].cells.contains(cell);
                assert!(named(&left) && named(&right), "{what}: {errors:#?}");
                count += 1;
            }
        }
        assert!(count > 60, "{count}");
    }
}

#[test]
fn figures_one_row_too_low_are_one_shift() {
    for form in Form::all() {
        let figures = figures(form, 5, false);
        let rows: Vec<&str> = form.requests.rows.iter().map(|r| r.id.as_str()).collect();
        let mut told = 0;
        for from in 0..rows.len() - 4 {
            let mut damage = Damage::new();
            for (n, row) in rows.iter().enumerate().skip(from) {
                for column in &form.requests.columns {
                    let text = match n.checked_sub(1).filter(|above| *above >= from) {
                        Some(above) => {
                            figures.value(&format!("requests.{}.{}", rows[above], column.id)).to_string()
                        }
                        None => "0".into(),
                    };
                    damage.insert(format!("requests.{row}.{}", column.id), text);
                }
            }
            let inspection = inspected(form, &figures, &damage, "page");
            let errors = errors(&inspection);
            assert!(!errors.is_empty(), "{} from {}", form.id, rows[from]);
            told += usize::from(errors.iter().any(|e| e.id == "T3-SHIFT"));
        }
        assert!(
            told * 2 > rows.len() - 4,
            "{}: a shift is called one in {told} of {}",
            form.id,
            rows.len() - 4
        );
    }
}
