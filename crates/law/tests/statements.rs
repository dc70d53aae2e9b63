//! Sentences of annual reports, true and false, against tables: what the N rules find, and what they leave alone.

#![allow(clippy::unwrap_used, missing_docs)]

use law::Amount;
use law::form::check::{Input, Previous, Verdict, run};
use law::form::part::{Part, Scope};
use law::form::published::{Passage, Published};
use law::form::{Figures, Form};
use proptest::prelude::*;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    name: String,
    form: String,
    year: i16,
    scope: Scope,
    organization: String,
    #[serde(default)]
    cells: BTreeMap<String, Vec<i64>>,
    before: Option<BTreeMap<String, Vec<i64>>>,
    /// True if no cell of the tables could be read.
    #[serde(default)]
    unread: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    #[serde(default)]
    table: Vec<Table>,
    said: BTreeMap<String, Vec<(String, String)>>,
}

/// The figures of a table: what is given, zeros elsewhere, totals added up.
fn figures(form: &Form, given: &BTreeMap<String, Vec<i64>>) -> Figures {
    let mut figures = Figures::default();
    for cell in form.cells() {
        figures.set(cell.id, 0);
    }
    let add = |figures: &mut Figures, cell: String, n: i64| {
        form.cell(&cell).unwrap();
        let sum = figures.value(&cell) + Amount::whole(n);
        figures.set(cell, sum);
    };
    for (row, values) in given {
        let (table, id) = row.split_once('.').unwrap();
        let columns: Vec<String> = match table {
            "requests" => form.requests.columns.iter().map(|c| c.id.clone()).collect(),
            "disputes" => form.disputes[0].columns.iter().map(|c| c.id.clone()).collect(),
            _ => {
                let block = form.proactive.iter().find(|b| b.rows.iter().any(|r| r.id == id)).unwrap();
                block.columns.iter().map(|c| c.id.clone()).collect()
            }
        };
        for (column, n) in columns.iter().zip(values) {
            add(&mut figures, format!("{table}.{id}.{column}"), *n);
            if table != "proactive" {
                add(&mut figures, format!("{table}.{id}.total"), *n);
            }
            if table == "requests" && form.result_rows().any(|r| r.id == id) {
                add(&mut figures, format!("requests.results_total.{column}"), *n);
                add(&mut figures, "requests.results_total.total".into(), *n);
            }
        }
    }
    figures
}

/// What the N rules find in a sentence: `N-RECV fail, N-OUT review`.
fn finds(table: &Table, sentence: &str) -> (String, Vec<String>) {
    let form = Form::by_id(&table.form).unwrap();
    let now = if table.unread { Figures::default() } else { figures(form, &table.cells) };
    let before = table.before.as_ref().map(|cells| figures(form, cells));
    let texts = BTreeMap::from([(Part::Overview, sentence.to_owned())]);
    let input = Input {
        organization: Some(&table.organization),
        scope: Some(table.scope),
        texts: Some(&texts),
        previous: before.as_ref().map(|f| Previous::new(form, table.year - 1, f)),
        ..Input::new(form, table.year, &now)
    };
    let found = run(&input).into_iter().filter(|f| f.id.starts_with("N-"));
    let mut ids = Vec::new();
    let mut messages = Vec::new();
    for f in found {
        let verdict = match f.verdict {
            Verdict::Fail => "fail",
            Verdict::Review => "review",
            Verdict::NotAssessable => "not-assessable",
        };
        assert!(f.quote.as_ref().is_some_and(|q| sentence.contains(q.as_str())), "{sentence}: {:?}", f.quote);
        assert!(!f.message.is_empty() && !f.citation.is_empty());
        ids.push(format!("{} {verdict}", f.id));
        messages.push(format!(
            "{} {}",
            f.message,
            f.suggestion.map(|s| format!("→ {s}")).unwrap_or_default()
        ));
    }
    ids.sort();
    ids.dedup();
    (ids.join(", "), messages)
}

/// Runs all sentences of a file against the tables; the wrong verdicts, and how many sentences there are.
fn wrong(tables: &[Table], said: &Said) -> (Vec<String>, Vec<String>, usize) {
    let (mut wrong, mut alarms, mut n) = (Vec::new(), Vec::new(), 0);
    for (name, sentences) in &said.said {
        let table = tables.iter().find(|t| t.name == *name).unwrap();
        for (wanted, sentence) in sentences {
            n += 1;
            let (found, messages) = finds(table, sentence);
            if found != *wanted {
                let told = format!("{name}: {sentence}\n    wanted “{wanted}”, found “{found}” {messages:?}");
                if wanted.is_empty() && found.contains("fail") {
                    alarms.push(told.clone());
                }
                wrong.push(told);
            }
        }
    }
    (wrong, alarms, n)
}

fn read(name: &str) -> Said {
    let path = format!("{}/tests/data/{name}.toml", env!("CARGO_MANIFEST_DIR"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
fn every_sentence_gets_its_verdict() {
    let said = read("statements");
    let (wrong, alarms, n) = wrong(&said.table, &said);
    assert!(n >= 200, "{n} sentences");
    assert!(alarms.is_empty(), "true sentences called wrong:\n{}", alarms.join("\n"));
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

/// The published reports beside the work tree, with the truth that people wrote down.
fn sample(name: &str) -> (serde_json::Value, String) {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");
    let folder = std::env::var("GONGKAI_SHARED").unwrap_or_else(|_| beside.to_owned());
    let read = |file: String| {
        std::fs::read_to_string(format!("{folder}/data/reports/{file}")).unwrap_or_else(|e| {
            panic!("../shared with the published reports must stand beside the work tree: {e}")
        })
    };
    let truth: serde_json::Value = serde_json::from_str(&read(format!("{name}.truth.json"))).unwrap();
    let text = if name.starts_with("huaian") {
        // Its text is inside a PDF; the sentences a person judged stand in the truth.
        let quotes = truth["narrative"].as_array().unwrap().iter();
        quotes.map(|q| format!("{}。", q["quote"].as_str().unwrap())).collect::<Vec<_>>().join("")
    } else {
        read(format!("{name}.txt"))
    };
    (truth, text)
}

/// What is found in a sample: paragraphs are made of the lines between empty ones, tables left out.
fn sample_finds(name: &str) -> Vec<law::form::check::Finding> {
    let (truth, text) = sample(name);
    let form = Form::by_id(truth["form"].as_str().unwrap()).unwrap();
    let mut now = Figures::default();
    for (cell, value) in truth["cells"].as_object().unwrap() {
        if let Some(n) = value.as_f64() {
            now.set(cell.clone(), n.to_string().parse::<Amount>().unwrap());
        }
    }
    let blocks = text.split("\n\n").map(|b| b.lines().map(str::trim).collect::<Vec<_>>().join("\n"));
    let passages = blocks
        .map(|b| if name.starts_with("shanghai") { b.replace('\n', "") } else { b })
        .filter(|b| b.chars().count() > 15 && !b.contains('|'))
        .enumerate()
        .map(|(place, text)| Passage { part: Part::Overview, text, place })
        .collect();
    let published = Published { passages, ..Published::default() };
    let year = i16::try_from(truth["year"].as_i64().unwrap()).unwrap();
    let input = Input {
        organization: truth["organization"].as_str(),
        published: Some(&published),
        ..Input::new(form, year, &now)
    };
    run(&input).into_iter().filter(|f| f.id.starts_with("N-")).collect()
}

#[test]
fn what_people_found_in_published_reports_is_found() {
    let told = |name: &str| -> Vec<(String, Verdict, String)> {
        sample_finds(name).into_iter().map(|f| (f.id, f.verdict, f.quote.unwrap_or_default())).collect()
    };
    assert_eq!(told("huaian-2024"), []);
    // 截止目前 is the one word written wrong there; every figure is right.
    let gaoping = told("gaoping-office-2020");
    assert!(
        matches!(&gaoping[..], [(id, _, quote)] if id == "N-TYPO" && quote.contains("截止目前")),
        "{gaoping:?}"
    );
    let shanghai = told("shanghai-stcsm-2024");
    let ids: Vec<_> = shanghai.iter().map(|(id, verdict, _)| (id.as_str(), *verdict)).collect();
    assert_eq!(ids, [("N-PARTS", Verdict::Review), ("N-CONTRA", Verdict::Fail)], "{shanghai:?}");
    assert!(shanghai[1].2.contains("所有申请均已按要求办理完成"), "{shanghai:?}");
}

#[test]
fn longer_texts_get_their_verdict() {
    let (tables, said) = (read("statements").table, read("statements_more"));
    let (wrong, alarms, n) = wrong(&tables, &said);
    assert!(alarms.is_empty(), "true sentences called wrong:\n{}", alarms.join("\n"));
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}

/// Pieces that texts are made of, in any order: nothing may panic, whatever stands together.
const PIECES: &[&str] = &[
    "收到",
    "受理",
    "政府信息公开申请",
    "申请",
    "34件",
    "三十四件",
    "2件",
    "，",
    "、",
    "；",
    "。",
    "（",
    "）",
    "：",
    "其中",
    "含",
    "上年结转",
    "结转下年度",
    "答复",
    "均",
    "全部",
    "办结",
    "予以公开",
    "部分公开",
    "不予公开",
    "占25.7%",
    "同比",
    "增长",
    "15%",
    "行政复议",
    "行政诉讼",
    "维持",
    "未被纠错",
    "未收到",
    "无",
    "全市",
    "我局",
    "市公安局",
    "2023年",
    "2024年",
    "信息处理费",
    "400元",
    "规章",
    "行政规范性文件",
    "制发",
    "12345热线",
    "日均",
    "分别",
    "为",
    "0",
    "自然人",
    "网络",
    "其他",
    "- 2 -",
    " ",
    "20244年13月32日",
    "约",
    "余",
    "\n",
    "𠀀",
    "的的",
    "{{",
    "1,250",
    ".",
    "万",
];

proptest! {
    #[test]
    fn no_text_makes_the_reader_stumble(picks in prop::collection::vec(0..PIECES.len(), 0..40)) {
        let text: String = picks.iter().map(|i| PIECES[*i]).collect();
        for table in &read("statements").table {
            finds(table, &text);
        }
    }

    #[test]
    fn no_characters_make_the_reader_stumble(text in "[件0-9一二三十百万（）()，。；、%年月日申请收到其中占.,\\-— ]{0,60}") {
        finds(&read("statements").table[0], &text);
    }
}

#[test]
fn sentences_held_back_get_their_verdict() {
    let (tables, said) = (read("statements").table, read("statements_held_back"));
    let (wrong, alarms, n) = wrong(&tables, &said);
    assert!(alarms.is_empty(), "true sentences called wrong:\n{}", alarms.join("\n"));
    assert!(wrong.is_empty(), "{} of {n}:\n{}", wrong.len(), wrong.join("\n"));
}
