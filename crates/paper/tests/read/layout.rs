//! The same report in every layout that is met (CHECKS §2). Whatever the layout, no cell is read wrongly; where the layout
//! keeps what is needed, every cell is read.

use crate::made::{Dice, Hand, figures};
use crate::print::file;
use law::Amount;
use law::form::published::{TableState, subtotal};
use law::form::{Figures, Form};
use paper::read::read;

/// What a layout keeps.
#[derive(Clone, Copy, PartialEq)]
enum Keeps {
    /// Everything.
    All,
    /// Everything but blank cells.
    Figures,
    /// Too little to be read in full.
    Some,
}

const LAYOUTS: [(&str, Keeps); 20] = [
    ("marked down", Keeps::All),
    ("lines", Keeps::Figures),
    ("spaced lines", Keeps::Figures),
    ("indented lines", Keeps::Figures),
    ("cell bar", Keeps::Figures),
    ("turned", Keeps::Some),
    ("pipes", Keeps::All),
    ("pipes with more behind", Keeps::All),
    ("pieces", Keeps::All),
    ("tabs", Keeps::Figures),
    ("wrapped", Keeps::Figures),
    ("deduplicated", Keeps::Some),
    ("apart", Keeps::Some),
    ("page", Keeps::All),
    ("pasted", Keeps::All),
    ("filled", Keeps::All),
    ("frame", Keeps::All),
    ("unclosed", Keeps::All),
    ("script", Keeps::All),
    ("gbk", Keeps::All),
];

/// Reads a file and says how many cells were read; a cell that is not what was written fails.
fn count(form: &Form, figures: &Figures, hand: Hand, bytes: &[u8], what: &str) -> usize {
    let Ok(reading) = read(bytes) else { return 0 };
    assert_eq!(reading.form.id, form.id, "{what}");
    let mut read = 0;
    for cell in form.cells() {
        let written: Option<Amount> = hand.read(figures.value(&cell.id));
        if let Some(value) = reading.printed.0.get(&cell.id) {
            assert_eq!(*value, written, "{what}: {}\n{:?}", cell.id, reading.refused);
            read += 1;
        }
    }
    for cell in reading.printed.0.keys() {
        assert!(form.cell(cell).is_ok(), "{what}: {cell} is not printed");
    }
    let absent = reading.published.tables.values().any(|t| *t == TableState::Absent);
    if read < form.cells().len() {
        assert!(absent || !reading.refused.is_empty(), "{what}: what is not read is refused with a reason");
    }
    read
}

/// What was not read, and why.
fn refusals(bytes: &[u8]) -> String {
    match read(bytes) {
        Ok(reading) => reading.refused.iter().map(|r| format!("{}\n", r.reason)).collect(),
        Err(e) => e.to_string(),
    }
}

#[test]
fn every_layout_is_read_as_it_was_written() {
    for form in Form::all() {
        for (layout, keeps) in LAYOUTS {
            for hand in Hand::ALL {
                for seed in 0..2 {
                    let figures = figures(form, seed * 31 + 7, seed % 2 == 1);
                    let what = format!("{} {layout} {} {seed}", form.id, hand.write(Amount::ZERO));
                    let bytes = file(form, &figures, hand, layout);
                    let read = count(form, &figures, hand, &bytes, &what);
                    let blanks = matches!(hand, Hand::Blank);
                    if keeps == Keeps::All || keeps == Keeps::Figures && !blanks {
                        assert_eq!(read, form.cells().len(), "{what}: {}", refusals(&bytes));
                    }
                }
            }
        }
    }
}

/// What a cut takes away is missing; what stands before it is right.
#[test]
fn a_file_that_is_cut_is_never_read_wrongly() {
    let mut dice = Dice::new(5);
    for form in Form::all() {
        let figures = figures(form, 11, false);
        for (layout, _) in LAYOUTS {
            let bytes = file(form, &figures, Hand::Plain, layout);
            for _ in 0..6 {
                let at = dice.roll(bytes.len() as u64) as usize;
                let what = format!("{} {layout} cut at {at} of {}", form.id, bytes.len());
                count(form, &figures, Hand::Plain, &bytes[..at], &what);
            }
        }
    }
}

/// Lines that were lost: no figure moves to another row unseen.
#[test]
fn lines_that_are_lost_move_no_figure() {
    let mut dice = Dice::new(9);
    for form in Form::all() {
        for layout in ["lines", "wrapped", "pipes", "pieces"] {
            for seed in 0..30 {
                let figures = figures(form, seed, seed % 2 == 0);
                let text = String::from_utf8(file(form, &figures, Hand::Plain, layout)).unwrap();
                let lost = dice.roll(3) + 1;
                let mut lines: Vec<&str> = text.lines().collect();
                for _ in 0..lost {
                    let at = dice.roll(lines.len() as u64) as usize;
                    lines.remove(at);
                }
                let what = format!("{} {layout} {seed} without {lost} lines", form.id);
                count(form, &figures, Hand::Plain, lines.join("\n").as_bytes(), &what);
            }
        }
    }
}

/// A row with the sum of a group is no row of the form; its sum is checked (T3-G).
#[test]
fn the_printed_sum_of_a_group_is_kept_beside_the_form() {
    let form = Form::by_id("2021").unwrap();
    let figures = figures(form, 3, false);
    let text = String::from_utf8(file(form, &figures, Hand::Plain, "pipes")).unwrap();
    let first = text.lines().find(|l| l.contains("属于国家秘密")).unwrap();
    let labels = first.split('|').count() - 2 - 7;
    let sums: Vec<Amount> = form
        .requests
        .columns
        .iter()
        .map(|column| {
            let rows = form.result_rows().filter(|r| r.id.starts_with("refused_"));
            rows.map(|r| figures.value(&format!("requests.{}.{}", r.id, column.id))).sum()
        })
        .collect();
    let with = |sums: &[Amount]| {
        let cells = std::iter::repeat_n("（三）不予公开小计".to_owned(), labels)
            .chain(sums.iter().map(ToString::to_string));
        let row = format!("| {} |", cells.collect::<Vec<_>>().join(" | "));
        text.replace(first, &format!("{row}\n{first}"))
    };
    let read = |text: &str| read(text.as_bytes()).unwrap();
    let right = read(&with(&sums));
    assert_eq!((right.refused.len(), right.printed.0.len()), (0, form.cells().len()));
    for (column, sum) in form.requests.columns.iter().zip(&sums) {
        assert_eq!(right.figures.0[&subtotal("refused", &column.id)], Some(*sum));
    }
    let blank = format!("| {} |", vec!["（三）不予公开"; labels].join(" | ") + &" | ".repeat(7));
    let heading = read(&text.replace(first, &format!("{blank}\n{first}")));
    assert_eq!(heading.figures.0.keys().filter(|c| c.contains("subtotal")).count(), 0, "a heading is no sum");
}
