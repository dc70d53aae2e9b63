//! The skeleton of a report that was read: its six parts, its three tables and their rows.

use super::super::Form;
use super::super::check::{Input, Severity, Verdict};
use super::super::count::words;
use super::super::part::Part;
use super::super::published::{
    GROUPS, Heading, Passage, Place, Published, RowLabel, TableName, TableState, subtotal,
};
use super::Found;
use super::plain::{bare, numeral, ordinal, says_its_year};
use std::collections::BTreeMap;

/// Other wordings of the headings of the six parts that reports ordinarily use, without punctuation.
const HEADINGS: [&[&str]; 6] = [
    &["总体情况概述", "基本情况", "概述", "总体概况"],
    &[
        "主动公开政府信息",
        "行政机关主动公开政府信息情况",
        "行政机关主动公开政府信息",
        "主动公开情况",
        "主动公开信息情况",
    ],
    &[
        "行政机关收到和处理政府信息公开申请情况",
        "收到和处理政府信息公开申请",
        "政府信息公开申请情况",
        "收到和处理政府信息公开情况",
    ],
    &[
        "政府信息公开行政复议和行政诉讼情况",
        "政府信息公开行政复议行政诉讼",
        "行政机关政府信息公开行政复议行政诉讼情况",
        "行政复议行政诉讼情况",
    ],
    &[
        "存在问题及改进情况",
        "存在的问题及改进情况",
        "存在的主要问题及整改措施",
        "存在的主要问题及改进措施",
        "存在问题及改进措施",
        "存在的问题及改进措施",
        "政府信息公开工作存在的主要问题及改进情况",
        "存在的主要问题和改进情况",
    ],
    &["其他需要报告事项", "需要报告的其他事项", "其他需要报告的情况", "其他事项"],
];

fn parts(published: &Published) -> Vec<(usize, &Heading)> {
    published.headings.iter().filter_map(|h| Some((h.section.filter(|n| (1..=6).contains(n))?, h))).collect()
}

fn at(place: Place, quote: &str, found: Found) -> Found {
    Found { place: Some(place), quote: Some(quote.trim().to_owned()), ..found }
}

fn as_severity(severity: Severity, found: Found) -> Found {
    Found { severity: Some(severity), ..found }
}

/// F-SEC: six parts, each once, in order, with their ordinals and words.
pub(super) fn sections(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let headings = parts(published);
    let mut found = Vec::new();
    let (mut missing, mut unnamed) = (Vec::new(), Vec::new());
    for (at, name) in input.form.sections.iter().enumerate() {
        let section = at + 1;
        if headings.iter().any(|(n, _)| *n == section) {
            continue;
        }
        let there = match TableName::ALL.into_iter().find(|t| self::section(*t) == section) {
            Some(t) => matches!(published.tables.get(&t), Some(TableState::Read | TableState::Refused(_))),
            None => {
                published.passages.iter().any(|p| p.part.section() == Some(section))
                    || told(published, section)
            }
        };
        if there { unnamed.push(name.as_str()) } else { missing.push(name.as_str()) }
    }
    if !missing.is_empty() {
        let message = format!("报告缺少{}，六个部分应当齐全", quoted(&missing));
        found.push(if ends_early(published) {
            Found::review(vec![], format!("{message}；文件可能不完整，请核对"))
        } else {
            Found::fail(vec![], message)
        });
    }
    if !unnamed.is_empty() {
        let message = format!("{}没有标题，应当按照格式写明标题", quoted(&unnamed));
        found.push(as_severity(Severity::Warning, Found::fail(vec![], message)));
    }
    found.extend(order(&headings));
    found.extend(wording(input, &headings));
    found
}

/// True if nothing is there from part four on: rather a file that was cut off than a report without three parts.
fn ends_early(published: &Published) -> bool {
    let later = |section: Option<usize>| section.is_some_and(|n| n > 3);
    !published.headings.iter().any(|h| later(h.section))
        && !published.passages.iter().any(|p| later(p.part.section()))
        && !matches!(
            published.tables.get(&TableName::Disputes),
            Some(TableState::Read | TableState::Refused(_))
        )
}

/// True if a short line (`（一）主要问题`) opens what belongs to a part whose heading is not there, or a line says it.
fn told(published: &Published, section: usize) -> bool {
    const SHORT: usize = 20;
    let words: &[&str] = match section {
        1 => &["总体情况", "工作情况"],
        5 => &["存在问题", "存在的问题", "主要问题", "不足", "改进情况", "改进措施", "整改措施"],
        6 => &["信息处理费", "其他需要报告", "其他事项"],
        _ => return false,
    };
    // What stands between table four and the next heading, and speaks of problems and what is done about them.
    let both = |text: &str| {
        let any = |words: [&str; 4]| words.iter().any(|w| text.contains(w));
        any(["问题", "不足", "短板", "差距"]) && any(["措施", "改进", "整改", "下一步"])
    };
    let after = |p: &&Passage| matches!(p.part, Part::Disputes | Part::OtherMatters);
    if section == 5 && published.passages.iter().filter(after).any(|p| both(&p.text)) {
        return true;
    }
    let lines = published.passages.iter().filter(|p| p.part != Part::Introduction).map(|p| &p.text);
    let own = published.headings.iter().filter(|h| h.section.is_none()).map(|h| &h.text);
    lines.chain(own).any(|text| {
        let short = text.chars().count() <= SHORT || section == 6;
        short && words.iter().any(|w| text.contains(w))
    })
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|n| format!("“{n}”")).collect::<Vec<_>>().join("、")
}

fn order(headings: &[(usize, &Heading)]) -> Option<Found> {
    let mut by_place = headings.to_vec();
    by_place.sort_by_key(|(_, h)| h.place);
    let (_, h) = by_place.windows(2).find(|w| w[1].0 < w[0].0).map(|w| w[1])?;
    let message = format!("“{}”的位置与格式不一致，六个部分应当按照一至六的顺序排列", h.text.trim());
    Some(at(h.place, &h.text, as_severity(Severity::Warning, Found::fail(vec![], message))))
}

fn wording(input: &Input<'_>, headings: &[(usize, &Heading)]) -> Vec<Found> {
    let mut found = Vec::new();
    // Two numbering systems are one finding of F-DUPNUM, not six of this rule.
    let twice = repeated_ordinal(input).is_some();
    for (section, h) in headings {
        let right = &input.form.sections[section - 1];
        let (number, words) = ordinal(&h.text);
        if !twice && number.as_deref().is_some_and(|n| numeral(*section).is_none_or(|c| n != c.to_string())) {
            let message = format!("标题“{}”的序号与格式不一致，应当为“{right}”", h.text.trim());
            found.push(Found {
                suggestion: Some(right.clone()),
                ..at(h.place, &h.text, as_severity(Severity::Warning, Found::fail(vec![], message)))
            });
            continue;
        }
        let words = bare(&words);
        if words == bare(&ordinal(right).1) {
            continue;
        }
        let usual = HEADINGS[section - 1].iter().any(|v| *v == words);
        let message = format!("标题“{}”与格式规定的“{right}”表述不同", h.text.trim());
        let severity = if usual { Severity::Info } else { Severity::Warning };
        found.push(Found {
            suggestion: Some(right.clone()),
            ..at(h.place, &h.text, as_severity(severity, Found::fail(vec![], message)))
        });
    }
    found
}

/// The first heading whose Chinese ordinal stands before another heading already.
fn repeated_ordinal<'a>(input: &Input<'a>) -> Option<(&'a Heading, &'a Heading)> {
    let mut seen: BTreeMap<String, &Heading> = BTreeMap::new();
    for h in &input.published?.headings {
        let text = h.text.trim();
        // `（一）` and `1.` number what stands below a part.
        let (Some(n), false) = (ordinal(text).0, text.starts_with(['（', '('])) else { continue };
        if n.chars().all(|c| c.is_ascii_digit()) {
            continue;
        }
        match seen.get(&n) {
            Some(first) => return Some((first, h)),
            None => {
                seen.insert(n, h);
            }
        }
    }
    None
}

/// F-DUPNUM: one numbering of the parts, no heading twice.
pub(super) fn numbering(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    if let Some((first, second)) = repeated_ordinal(input) {
        let message = format!(
            "标题“{}”与“{}”序号重复，报告有两套编号，六个部分应当统一按照一至六编号",
            first.text.trim(),
            second.text.trim()
        );
        return vec![at(second.place, &second.text, Found::fail(vec![], message))];
    }
    let mut seen = BTreeMap::new();
    for (section, h) in parts(published) {
        if seen.insert(section, h).is_some() {
            let message = format!("标题“{}”重复出现", h.text.trim());
            return vec![at(h.place, &h.text, Found::fail(vec![], message))];
        }
    }
    vec![]
}

/// Rows some local forms add; they are no mistake.
const LOCAL_ROWS: [&str; 8] =
    ["其他主动公开文件", "小计", "合计", "总计", "其他文件", "其他规范性文件", "市级", "本级"];

/// F-TAB: tables two, three and four are there and complete.
pub(super) fn tables(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let mut found = Vec::new();
    for table in TableName::ALL {
        let name = table.label();
        match published.tables.get(&table) {
            None => {}
            // Without its heading it is a missing part (F-SEC).
            Some(TableState::Absent) if !parts(published).iter().any(|(n, _)| *n == section(table)) => {}
            Some(TableState::Absent) => {
                let message = format!("报告没有{name}，第二、三、四部分应当按照格式填报表格");
                found.push(if ends_early(published) {
                    Found::review(vec![], format!("{message}；文件可能不完整，请核对"))
                } else {
                    Found::fail(vec![], message)
                });
            }
            Some(TableState::Refused(why)) => {
                let message = format!("{name}无法可靠读取（{why}），有关数据没有核对");
                found.push(not_assessable(vec![], message));
            }
            Some(TableState::Read) => found.extend(rows(input, published, table)),
        }
    }
    found
}

/// The part a table stands in.
fn section(table: TableName) -> usize {
    match table {
        TableName::Proactive => 2,
        TableName::Requests => 3,
        TableName::Disputes => 4,
    }
}

/// The rows of a table with their cells; table four has one row a block.
fn rows_of(form: &Form, table: TableName) -> Vec<(String, Vec<String>)> {
    let mut rows: Vec<(String, Vec<String>)> = Vec::new();
    for cell in form.cells().into_iter().map(|c| c.id) {
        let Some([_, row, _]) = words(&cell).filter(|[first, _, _]| *first == table.key()) else { continue };
        match rows.last_mut().filter(|(last, _)| last == row) {
            Some((_, cells)) => cells.push(cell),
            None => rows.push((row.to_owned(), vec![cell])),
        }
    }
    rows
}

fn not_assessable(cells: Vec<String>, message: String) -> Found {
    Found { severity: Some(Severity::Info), verdict: Verdict::NotAssessable, ..Found::fail(cells, message) }
}

fn rows(input: &Input<'_>, published: &Published, table: TableName) -> Vec<Found> {
    let (mut found, mut missing, mut unread, mut cells) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let other = single_other_row(input, published).is_some();
    for (row, of_row) in rows_of(input.form, table) {
        let known = |c: &&String| input.figures.0.contains_key(*c) || published.cells.contains_key(*c);
        let here = of_row.iter().filter(known).count();
        let label = input.form.labels_of(&of_row[0])[0].clone();
        if here == of_row.len() || (other && row.starts_with("other_")) {
            continue;
        }
        let labelled =
            published.labels.iter().any(|l| l.table == table && l.row.as_deref() == Some(row.as_str()));
        // Table four has one row of values and no labels at its side.
        if here > 0 || labelled || table == TableName::Disputes {
            unread.push(label);
            cells.extend(of_row.into_iter().filter(|c| !input.figures.0.contains_key(c)));
        } else {
            missing.push(label);
        }
    }
    let name = table.label();
    let list = |labels: &[String]| quoted(&labels.iter().map(String::as_str).collect::<Vec<_>>());
    if !missing.is_empty() {
        // Neither label nor figures were found; whether the row is not printed or could not be found is for the eye.
        let message = format!(
            "{name}没有{}（{}行），格式规定有这些项目，请核对报告是否漏列",
            list(&missing),
            missing.len()
        );
        found.push(Found::review(vec![], message));
    }
    if !unread.is_empty() {
        let message = format!("{name}{}的数据没有读全，有关数据没有核对", list(&unread));
        found.push(not_assessable(cells, message));
    }
    for label in published.labels.iter().filter(|l| l.table == table && l.row.is_none()) {
        let words = bare(&ordinal(&label.text).1);
        let of_place = input.settings.extra_rows.iter().filter(|r| r.table == table);
        if of_place.into_iter().any(|r| bare(&ordinal(&r.label).1) == words) {
            continue;
        }
        if words.is_empty() || (other && words.starts_with("其他处理")) || is_group(input, &words) {
            continue;
        }
        let local = LOCAL_ROWS.iter().any(|w| words.ends_with(w));
        let message = format!("{name}有格式以外的一行“{}”", label.text.trim());
        let severity = if local { Severity::Info } else { Severity::Warning };
        found.push(at(label.place, &label.text, as_severity(severity, Found::fail(vec![], message))));
    }
    found
}

/// True for the label of a group of rows (`（三）不予公开`), which has no values of its own.
fn is_group(input: &Input<'_>, words: &str) -> bool {
    let levels = input.form.requests.rows.iter().flat_map(|r| &r.label);
    levels.chain(input.form.proactive.iter().map(|b| &b.item)).any(|l| bare(&ordinal(l).1) == words)
}

/// The row （六）其他处理 of the form with one, and those of the form with three.
const OTHER: &str = "other_disposal";
const OTHERS: [&str; 3] = ["other_correction_lapsed", "other_fee_unpaid", "other_other"];

/// The label of a single row （六）其他处理 in a form that has three.
fn single_other_row<'a>(input: &Input<'_>, published: &'a Published) -> Option<&'a RowLabel> {
    let rows = || published.labels.iter().filter(|l| l.table == TableName::Requests);
    let three = rows().any(|l| l.row.as_deref().is_some_and(|r| OTHERS.contains(&r)));
    let single = |l: &&RowLabel| match l.row.as_deref() {
        Some(row) => row == OTHER,
        None => bare(&ordinal(&l.text).1).starts_with("其他处理"),
    };
    rows().find(single).filter(|_| input.form.id == "2021" && !three)
}

/// F-O3: the group （六）其他处理 has three rows since 2021 and one before.
pub(super) fn other_rows(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    if let Some(l) = single_other_row(input, published) {
        let message = "表三“(六)其他处理”只有一行，2021年起的格式分为“1.申请人无正当理由逾期不补正”\
                       “2.申请人逾期未按收费通知要求缴纳费用”“3.其他”三行";
        return vec![at(l.place, &l.text, Found::fail(vec![], message.to_owned()))];
    }
    let split = published
        .labels
        .iter()
        .find(|l| l.table == TableName::Requests && l.row.as_deref().is_some_and(|r| OTHERS.contains(&r)));
    match split {
        Some(l) if input.form.id == "2019" => {
            let message = "表三“(六)其他处理”分为三行，2019年、2020年度报告的格式只有一行";
            vec![at(l.place, &l.text, Found::fail(vec![], message.to_owned()))]
        }
        _ => vec![],
    }
}

/// T3-G: where a local form prints the sum of a group, it is the sum of its rows.
pub(super) fn group_sums(input: &Input<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (group, name) in GROUPS {
        for column in &input.form.requests.columns {
            let cell = subtotal(group, &column.id);
            let Some(told) = input.figures.get(&cell) else { continue };
            let rows = input.form.result_rows().filter(|r| r.id.starts_with(&format!("{group}_")));
            let values = rows.map(|r| input.figures.0.get(&format!("requests.{}.{}", r.id, column.id)));
            let Some(values) = values.collect::<Option<Vec<_>>>() else { continue };
            let sum = values.into_iter().copied().map(Option::unwrap_or_default).sum();
            if told != sum {
                let label = column.label.last().map_or("", String::as_str);
                let message =
                    format!("表三“{name}”小计的“{label}”为{told}，所属各行之和为{sum}，二者应当相等");
                let sum = Found::fail(vec![cell], message);
                let printed = input.published.and_then(|p| {
                    p.labels.iter().find(|l| l.row.is_none() && l.text.contains(name)).map(|l| l.place)
                });
                found.push(Found { place: printed, ..sum });
            }
        }
    }
    found
}

/// F-BASIS: the notice cited is the one of the form.
pub(super) fn basis(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published.filter(|_| says_its_year(input)) else { return vec![] };
    let Ok(right) = Form::for_year(input.year) else { return vec![] };
    let number = |instrument: &str| -> String { bare(instrument) };
    let cited = |p: &str, instrument: &str| bare(p).contains(&number(instrument));
    let passages = &published.passages;
    if passages.iter().any(|p| cited(&p.text, &right.instrument)) {
        return vec![];
    }
    let wrong = Form::all().iter().filter(|f| f.id != right.id);
    let first =
        wrong.flat_map(|f| passages.iter().filter(|p| cited(&p.text, &f.instrument)).map(move |p| (f, p)));
    first
        .take(1)
        .map(|(form, p)| {
            let message = format!(
                "报告引用了{}，{}年度报告的格式由{}规定",
                form.instrument, input.year, right.instrument
            );
            Found {
                suggestion: Some(right.instrument.clone()),
                ..at(p.place, &form.instrument, Found::fail(vec![], message))
            }
        })
        .collect()
}
