//! Published reports with the truth a person wrote beside them, in the folder of the variable `GONGKAI_SHARED`
//! (`cargo xtask test` sets it).

use law::Amount;
use paper::read::{Reading, read};
use serde_json::Value;
use std::path::PathBuf;

fn shared(name: &str) -> PathBuf {
    let folder = std::env::var("GONGKAI_SHARED")
        .expect("GONGKAI_SHARED names the folder with the published reports; run `cargo xtask test`");
    PathBuf::from(folder).join("data/reports").join(name)
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(shared(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn truth(name: &str) -> Value {
    serde_json::from_slice(&bytes(&format!("{name}.truth.json"))).unwrap()
}

/// Every cell of the truth is read as it is, and no other cell is read.
fn compare(reading: &Reading, truth: &Value) {
    assert_eq!(reading.form.id, truth["form"].as_str().unwrap());
    assert_eq!(reading.year, truth["year"].as_i64().map(|y| y as i16));
    let cells = truth["cells"].as_object().unwrap();
    let mut wrong = Vec::new();
    for (cell, value) in cells {
        let expected: Option<Amount> = (!value.is_null()).then(|| value.to_string().parse().unwrap());
        if reading.printed.0.get(cell) != Some(&expected) {
            wrong.push(format!("{cell}: {:?}, should be {expected:?}", reading.printed.0.get(cell)));
        }
    }
    for cell in reading.printed.0.keys().filter(|c| !cells.contains_key(*c)) {
        wrong.push(format!("{cell} is not in the report"));
    }
    assert!(wrong.is_empty(), "{} wrong\n{}\n{:?}", wrong.len(), wrong.join("\n"), reading.refused);
    assert!(reading.refused.is_empty(), "{:?}", reading.refused);
}

#[test]
fn samples_are_read_without_a_wrong_cell() {
    for (file, name) in [
        ("gaoping-office-2020.txt", "gaoping-office-2020"),
        ("hangzhou-2025-masked.html", "hangzhou-2025-masked"),
        ("huaian-2024.docx", "huaian-2024"),
        ("huaian-2024.pdf", "huaian-2024"),
        ("shanghai-stcsm-2024.txt", "shanghai-stcsm-2024"),
    ] {
        let reading = read(&bytes(file)).unwrap_or_else(|e| panic!("{file}: {e}"));
        println!("{file}: {:?} {:?}", reading.published.title, reading.published.organization);
        compare(&reading, &truth(name));
    }
}

#[test]
fn a_blank_form_is_read_as_blank() {
    let reading = read(&bytes("blank-template-2021.docx")).unwrap();
    assert_eq!(reading.form.id, "2021");
    assert_eq!(reading.year, None);
    assert!(reading.refused.is_empty(), "{:?}", reading.refused);
    let cells: Vec<String> = reading.form.cells().into_iter().map(|c| c.id).collect();
    assert!(cells.iter().all(|c| reading.figures.0.get(c) == Some(&None)), "{:?}", reading.figures);
    assert_eq!(reading.figures.0.len(), cells.len());
}
