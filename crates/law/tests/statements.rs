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
    "以来",
    "至",
    "-",
    "12月",
    "由",
    "增至",
    "共计",
    "涉及",
    "公民",
    "企业",
    "中",
    "除",
    "外",
    "街道",
    "撤销",
    "的",
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
    fn no_characters_make_the_reader_stumble(text in "[件0-9一二三十百万（）()，。；、%年月日申请收到其中占由增至的共.,\\-— ]{0,60}") {
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

/// Files with tables of their own.
const BY_PLACE: &[&str] = &["statements_places", "statements_offices", "statements_levels"];

#[test]
fn sentences_of_other_places_get_their_verdict() {
    for name in BY_PLACE {
        let said = read(name);
        let (wrong, alarms, n) = wrong(&said.table, &said);
        assert!(n > 100, "{name}: {n} sentences");
        assert!(alarms.is_empty(), "{name}: true sentences called wrong:\n{}", alarms.join("\n"));
        assert!(wrong.is_empty(), "{name}: {} of {n}:\n{}", wrong.len(), wrong.join("\n"));
    }
}

/// Sentences with places for figures.
const TEMPLATES: &[&str] = &[
    "全年收到政府信息公开申请{new}件，上年结转{in}件，办结{done}件，结转下年度{out}件。",
    "我局共受理政府信息公开申请{both}件（含上年结转{in}件），答复{done}件（另有{out}件顺延至下年度）。",
    "本年新收政府信息公开申请{new}件，其中自然人{natural}件，法人或其他组织{organizations}件。",
    "政府信息公开申请办理结果：予以公开{g0}件，部分公开{g1}件，不予公开{g2}件，无法提供{g3}件，不予处理{g4}件，其他处理{g5}件。",
    "政府信息公开申请中，{g0}件予以公开、{g1}件部分公开，不予公开的有{g2}件。",
    "予以公开及部分公开{g01}件，无法提供{g3}件，均为答复的政府信息公开申请。",
    "政府信息公开行政复议{review}件，其中结果维持{r0}件，结果纠正{r1}件，其他结果{r2}件，尚未审结{r3}件；政府信息公开行政诉讼{suits}件。",
    "政府信息公开行政诉讼中，未经复议直接起诉{direct}件，复议后起诉{later}件。",
    "制发行政规范性文件{issued}件，废止{repealed}件，现行有效{in_force}件。",
    "因政府信息公开被复议的案件共计{review}件，因政府信息公开被诉讼的案件共计{suits}件。",
    "政府信息公开行政诉讼{suits}件（未经复议直接起诉{direct}件、复议后起诉{later}件）；政府信息公开行政复议{review}件。",
    "在答复的{done}件政府信息公开申请中，予以公开{g0}件；部分公开{g1}件；不予公开{g2}件。",
    "本机关收到政府信息公开申请{new}件，上年结转{in}件，年内答复{done}件，其余{out}件结转下年度继续办理。",
    "本机关新制定行政规范性文件{issued}件；废止{repealed}件；目前现行有效{in_force}件。",
];

/// A number in Chinese characters.
fn chinese(n: i64) -> String {
    const DIGITS: [&str; 10] = ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let (mut out, mut gap) = (String::new(), false);
    for (unit, name) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        let digit = usize::try_from(n / unit % 10).unwrap();
        if digit == 0 {
            gap |= !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out += "零";
        }
        out += DIGITS[digit];
        out += name;
    }
    if out.is_empty() { DIGITS[0].into() } else { out }
}

proptest! {
    #[test]
    fn true_sentences_are_never_called_wrong_and_wrong_figures_are_found(
        rows in prop::collection::vec(prop::collection::vec(0..40i64, 6), 7),
        disputes in prop::collection::vec(prop::collection::vec(0..9i64, 4), 3),
        documents in prop::collection::vec(0..60i64, 3),
        template in 0..TEMPLATES.len(),
        notation in 0..3,
        (slip, by) in (0..8usize, 1000..5000i64),
    ) {
        // Results and what is left over decide what came in.
        let groups = ["granted", "granted_in_part", "refused_internal_affairs", "unavailable_not_held",
            "declined_repeat_request", "other_other"];
        let mut cells: BTreeMap<String, Vec<i64>> = BTreeMap::new();
        let sums: Vec<i64> = (0..6).map(|c| rows.iter().map(|r| r[c]).sum()).collect();
        let carried: Vec<i64> = sums.iter().map(|s| s / 9).collect();
        let new: Vec<i64> = sums.iter().zip(&carried).map(|(s, c)| s - c).collect();
        for (name, row) in groups.iter().zip(&rows) {
            cells.insert(format!("requests.{name}"), row.clone());
        }
        cells.insert("requests.carried_over_out".into(), rows[6].clone());
        cells.insert("requests.carried_over_in".into(), carried.clone());
        cells.insert("requests.new_requests".into(), new.clone());
        for (block, values) in ["reconsideration", "direct_suit", "suit_after_reconsideration"].iter().zip(&disputes) {
            cells.insert(format!("disputes.{block}"), values.clone());
        }
        cells.insert("proactive.normative_documents".into(), documents.clone());
        let sum = |v: &[i64]| v.iter().sum::<i64>();
        let done: i64 = rows[..6].iter().map(|r| sum(r)).sum();
        let mut said = vec![
            ("{new}", sum(&new)), ("{in}", sum(&carried)), ("{both}", sum(&new) + sum(&carried)), ("{done}", done),
            ("{out}", sum(&rows[6])), ("{natural}", new[0]), ("{organizations}", sum(&new[1..])),
            ("{g01}", sum(&rows[0]) + sum(&rows[1])), ("{review}", sum(&disputes[0])),
            ("{suits}", sum(&disputes[1]) + sum(&disputes[2])), ("{direct}", sum(&disputes[1])),
            ("{later}", sum(&disputes[2])), ("{issued}", documents[0]), ("{repealed}", documents[1]),
            ("{in_force}", documents[2]),
        ];
        let g = ["{g0}", "{g1}", "{g2}", "{g3}", "{g4}", "{g5}"];
        said.extend(g.iter().zip(&rows).map(|(name, row)| (*name, sum(row))));
        let r = ["{r0}", "{r1}", "{r2}", "{r3}"];
        said.extend(r.iter().zip(&disputes[0]).map(|(name, n)| (*name, *n)));
        said.retain(|(name, _)| TEMPLATES[template].contains(name));
        let write = |n: i64| match notation {
            0 => n.to_string(),
            1 if n < 10_000 => chinese(n),
            _ => n.to_string().chars().map(|c| format!("{c} ")).collect::<String>(),
        };
        let render = |said: &[(&str, i64)]| {
            said.iter().fold(TEMPLATES[template].to_owned(), |text, (name, n)| text.replace(name, &write(*n)))
        };
        let table = Table {
            name: String::new(),
            form: "2021".into(),
            year: 2024,
            scope: Scope::Own,
            organization: "示例市商务局".into(),
            cells,
            before: None,
            unread: false,
        };
        let text = render(&said);
        let (found, messages) = finds(&table, &text);
        prop_assert!(found.is_empty(), "{text}: {found} {messages:?}");
        let slip = slip % said.len();
        said[slip].1 += by;
        let text = render(&said);
        let (found, messages) = finds(&table, &text);
        prop_assert!(found.contains("fail"), "{text}: {found} {messages:?}");
    }
}

#[test]
fn every_rule_on_the_text_is_registered_for_both_forms() {
    let wanted = "N-NEW N-RECV N-IN N-OUT N-DONE N-GROUP N-APPL N-CHAN N-REV N-LIT N-OUTCOME N-DOC N-FEE N-PARTS N-SUB \
                  N-PCT N-YOY N-AVG N-NONE N-CONTRA N-SCOPE N-CAT N-DATE N-TYPO";
    for id in wanted.split_whitespace() {
        let rule = law::form::check::rule(id).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(rule.forms, ["2019", "2021"], "{id}");
    }
    // Each is found in some sentence above, so none is there for show.
    let said = [read("statements"), read("statements_more"), read("statements_held_back")];
    let all: Vec<&str> =
        said.iter().flat_map(|s| s.said.values().flatten()).map(|(w, _)| w.as_str()).collect();
    for id in wanted.split_whitespace() {
        assert!(all.iter().any(|w| w.contains(id)), "{id}");
    }
}
