//! Every due date from the day the Regulation of 2019 came into force to August 2026, compared with an independent
//! table of the notices: the PyPI package chinesecalendar.
#![allow(clippy::unwrap_used, missing_docs)]

use law::calendar::Calendar;
use law::{Date, date};
use std::process::Command;

const FIRST: Date = date(2019, 5, 15);
const LAST: Date = date(2026, 8, 15);
const LENGTHS: [&str; 4] = ["7", "15", "20", "40"];

#[test]
fn due_dates_are_those_of_an_independent_table() {
    let Some(python) = std::env::var_os("GONGKAI_ORACLE_PYTHON") else {
        panic!(
            "GONGKAI_ORACLE_PYTHON is not set: it names a Python interpreter that has the package chinesecalendar; \
             run `cargo xtask test`, which sets it up"
        );
    };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/oracle.py");
    let output = Command::new(&python)
        .arg(script)
        .args([FIRST.to_string(), LAST.to_string()])
        .args(LENGTHS)
        .output()
        .unwrap_or_else(|e| panic!("{} does not start: {e}", python.to_string_lossy()));
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the oracle failed; run `cargo xtask test`, which sets it up:\n{complaint}"
    );

    let calendar = Calendar::builtin();
    let (mut compared, mut beyond, mut wrong) = (0, 0, Vec::new());
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let [first, n, due, known] = line.split(' ').collect::<Vec<_>>().try_into().unwrap();
        let (start, due): (Date, Date) = (first.parse().unwrap(), due.parse().unwrap());
        let (ours, provisional) = calendar.add(start, n.parse().unwrap()).unwrap();
        compared += 1;
        beyond += u32::from(known == "0");
        if ours != due || (provisional && known == "1") {
            wrong.push(format!("{first} + {n}: {ours}, the oracle says {due}"));
        }
    }
    println!("{compared} compared, {} wrong", wrong.len());
    println!("{beyond} of them beyond the oracle's table, counted as Monday to Friday");
    assert!(wrong.is_empty(), "{wrong:#?}");
    let days = 2650;
    assert_eq!(compared, days * LENGTHS.len(), "the oracle left some out");
}
