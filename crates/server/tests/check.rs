//! `report check` (DESIGN §5) with the built program: what it prints for scripts and for people, and how it ends.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test may fail")]

mod support;

#[path = "../../paper/tests/read/made.rs"]
#[allow(dead_code, reason = "shared with the tests of the reader")]
mod made;
#[path = "../../paper/tests/read/print.rs"]
#[allow(dead_code, reason = "shared with the tests of the reader")]
mod print;

use law::form::Form;
use made::{Hand, figures};
use serde_json::Value;
use std::path::Path;
use support::run;

/// A report of the form, with one more than it should have in a cell.
fn report(form: &Form, layout: &str, wrong: Option<&str>) -> Vec<u8> {
    let figures = figures(form, 4, false);
    let write = |cell: &str| {
        let one = law::Amount::whole(i64::from(wrong == Some(cell)));
        Hand::Plain.write(figures.value(cell) + one)
    };
    print::written(form, &write, layout)
}

const WRONG: &str = "requests.granted.natural_person";

struct Reports {
    folder: tempfile::TempDir,
}

impl Reports {
    fn new() -> Reports {
        let reports = Reports { folder: tempfile::tempdir().unwrap() };
        let form = Form::by_id("2021").unwrap();
        reports.put("good.html", &report(form, "page", None));
        reports.put("below/bad.md", &report(form, "marked down", Some(WRONG)));
        reports.put("note.html", "<p>关于召开会议的通知</p><p>请按时参加</p>".as_bytes());
        reports.put("picture.png", b"\x89PNG");
        reports
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(Path::new(&path).parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }
}

#[test]
fn one_report_is_told_as_the_contract_says() {
    let reports = Reports::new();
    let good = run(&["report", "check", &reports.path("good.html"), "--format", "json"]);
    assert_eq!(good.status, Some(0), "{good:?}");
    let told: Value = serde_json::from_str(&good.out).unwrap();
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    let told = &told[0];
    assert_eq!((told["form"].as_str(), told["year"].as_i64()), (Some("2021"), Some(2022)));
    assert_eq!(told["organization"], "某县某局");
    assert_eq!(told["refused"], serde_json::json!([]));
    let cells = told["cells"].as_object().unwrap();
    assert_eq!(cells.len(), Form::by_id("2021").unwrap().cells().len());
    let cell = &cells[WRONG];
    assert!(cell["value"].is_i64() && cell["blank"] == false && cell["at"]["row"].is_i64(), "{cell}");

    let bad = run(&["report", "check", &reports.path("below/bad.md"), "--format", "json"]);
    assert_eq!(bad.status, Some(1), "{bad:?}");
    let told: Value = serde_json::from_str(&bad.out).unwrap();
    let findings = told[0]["findings"].as_array().unwrap();
    let errors: Vec<&Value> = findings.iter().filter(|f| f["severity"] == "error").collect();
    assert_eq!(errors.len(), 1, "{errors:?}");
    assert_eq!((errors[0]["verdict"].as_str(), errors[0]["cells"][0].as_str()), (Some("fail"), Some(WRONG)));
    assert!(errors[0]["message"].as_str().unwrap().contains("多1"), "{errors:?}");
    let text = run(&["report", "check", &reports.path("below/bad.md")]);
    assert!(text.out.contains("错误1项") && text.out.contains("建议："), "{text:?}");
}

#[test]
fn what_cannot_be_used_is_said_in_a_sentence() {
    let reports = Reports::new();
    for (args, word) in [
        (vec![reports.path("note.html")], "没有政府信息公开工作年度报告"),
        (vec![reports.path("picture.png")], "不是网页"),
        (vec![reports.path("nothing.html")], "没有找到文件"),
        (vec![], "没有写明要核查的报告"),
        (vec!["http://127.0.0.1:1/report.html".to_owned()], "不能连接"),
        (vec![reports.path("good.html"), "--format".into(), "docx".into()], "--signed-by"),
    ] {
        let args: Vec<&str> =
            ["report", "check"].into_iter().chain(args.iter().map(String::as_str)).collect();
        let ended = run(&args);
        assert_eq!(ended.status, Some(2), "{args:?}: {ended:?}");
        assert!(ended.err.contains(word) && !ended.err.contains("panicked"), "{args:?}: {ended:?}");
    }
    let json = run(&["report", "check", &reports.path("note.html"), "--format", "json"]);
    let told: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!((json.status, told[0]["error"]["code"].as_str()), (Some(2), Some("no-report")));
}

#[test]
fn a_folder_is_told_the_gravest_first() {
    let reports = Reports::new();
    let all = run(&["report", "check", reports.folder.path().to_str().unwrap()]);
    assert_eq!(all.status, Some(1), "{all:?}");
    let bad = all.out.find("bad.md").unwrap();
    assert!(bad < all.out.find("good.html").unwrap(), "{}", all.out);
    assert!(all.out.contains("共核查2份报告，其中1份有错误"), "{}", all.out);
    assert!(all.err.contains("note.html"), "what was not read is named: {}", all.err);
    let list = reports.path("list.txt");
    std::fs::write(
        &list,
        format!("# 清单\n{}\n{}\n", reports.path("good.html"), reports.path("below/bad.md")),
    )
    .unwrap();
    let table = reports.path("all.xlsx");
    let written = run(&["report", "check", "--list", &list, "-o", &table]);
    assert_eq!(written.status, Some(1), "{written:?}");
    let mut book: calamine::Xlsx<_> = calamine::open_workbook(&table).unwrap();
    let sheet = calamine::Reader::worksheet_range(&mut book, "报告").unwrap();
    assert_eq!(sheet.rows().count(), 3);
    assert!(sheet.rows().nth(1).unwrap()[0].to_string().ends_with("bad.md"), "the gravest first");
    let letter = reports.path("letter.docx");
    let bad = reports.path("below/bad.md");
    let written = run(&["report", "check", &bad, "--signed-by", "某市人民政府办公室", "-o", &letter]);
    assert_eq!(written.status, Some(1), "{written:?}");
    assert!(std::fs::read(&letter).unwrap().starts_with(b"PK"));
}

#[test]
fn a_place_may_set_its_own_rules_and_last_year_counts() {
    let reports = Reports::new();
    let form = Form::by_id("2021").unwrap();
    let figures = figures(form, 9, false);
    let write = |cell: &str| Hand::Plain.write(figures.value(cell));
    let last = String::from_utf8(print::written(form, &write, "page")).unwrap().replace("2022", "2021");
    reports.put("last.html", last.as_bytes());
    let good = reports.path("good.html");
    let with_last =
        run(&["report", "check", &good, "--previous", &reports.path("last.html"), "--format", "json"]);
    let told: Value = serde_json::from_str(&with_last.out).unwrap();
    let carry = |told: &Value| told[0]["findings"].as_array().unwrap().iter().any(|f| f["id"] == "X-CARRY");
    assert!(carry(&told) && with_last.status == Some(1), "{:?}", told[0]["findings"]);
    let rules = reports.path("rules.toml");
    std::fs::write(&rules, "[rules.F-SEC]\noff = true\n").unwrap();
    assert_eq!(run(&["report", "check", &good, "--rules", &rules]).status, Some(0));
    std::fs::write(&rules, "[rules.T3-B]\noff = true\n").unwrap();
    let refused = run(&["report", "check", &good, "--rules", &rules]);
    assert!(refused.status == Some(2) && refused.err.contains("T3-B"), "{refused:?}");
}
