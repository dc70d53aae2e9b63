//! This year's report against last year's, and against another filing of the same report.

use super::super::check::Input;
use super::super::part::Part;
use super::super::published::authority_key;
use super::Found;
use super::similarity::{dice, masked};
use super::table::exceeds;
use crate::Amount;
use std::collections::BTreeMap;

/// X-BRIDGE: documents public at the end of 2020 against those in force at the beginning of 2021. The definitions differ,
/// so only a large gap is worth a remark.
pub(super) fn bridge(input: &Input<'_>) -> Vec<Found> {
    let Some(previous) = &input.previous else { return vec![] };
    let mut found = Vec::new();
    for row in ["rules", "normative_documents"] {
        let before = format!("proactive.{row}.total_disclosed");
        if previous.form.cell(&before).is_err() {
            continue;
        }
        let of = |column: &str| input.figures.value(&format!("proactive.{row}.{column}"));
        let (then, now) = (previous.figures.value(&before), of("in_force") - of("issued") + of("repealed"));
        let gap = if then > now { then - now } else { now - then };
        let twofold = |a: Amount, b: Amount| a > b + b;
        if gap > Amount::whole(20) && (twofold(then, now) || twofold(now, then)) {
            let message = format!(
                "按本年数据推算，“{}”年初现行有效{now}件，上一年报告对外公开总数量为{then}件，差距较大，请核对统计口径",
                input.form.labels_of(&format!("proactive.{row}.in_force"))[0]
            );
            found.push(Found::review(vec![format!("proactive.{row}.in_force")], message));
        }
    }
    found
}

/// X-VOL: a tenfold change, or from nothing to much, without a word about it.
pub(super) fn volume(input: &Input<'_>) -> Vec<Found> {
    const WORDS: [&str; 9] =
        ["同比", "增长", "增加", "上升", "减少", "下降", "较上年", "比上年", "与上年相比"];
    let Some(previous) = &input.previous else { return vec![] };
    let times = input.settings.parameter("X-VOL", "times");
    if WORDS.iter().any(|w| input.says(w)) {
        return vec![];
    }
    let mut found = Vec::new();
    for cell in input.form.cells().into_iter().filter(|c| !c.signed) {
        if previous.form.cell(&cell.id).map(|c| c.measure) != Ok(cell.measure) {
            continue;
        }
        let table_two = cell.id.starts_with("proactive.");
        let watched = ["requests.new_requests.total", "requests.results_total.total"];
        let total = cell.id.starts_with("disputes.") && cell.id.ends_with(".total");
        if !table_two && !total && !watched.contains(&cell.id.as_str()) {
            continue;
        }
        let (now, then) = (input.figures.value(&cell.id), previous.figures.value(&cell.id));
        let much = Amount::whole(if table_two { 50 } else { 20 });
        if now.max(then) < much {
            continue;
        }
        let from_nothing = now.is_zero() || then.is_zero();
        // A tenfold change of table two is T2-SCALE.
        let tenfold = !table_two && (exceeds(now, then, times) || exceeds(then, now, times));
        if from_nothing || tenfold {
            let message =
                format!("{}为{now}，上一年为{then}，正文没有说明变动原因", input.form.name_of(&cell.id));
            found.push(Found::review(vec![cell.id], message));
        }
    }
    found
}

/// Similarity above this share is reported (a local quality rule, DOMAIN AR-09) where nothing else is set.
pub const ALIKE: f64 = 0.5;
/// Texts shorter than this have too little to compare.
pub const ENOUGH: usize = 100;

/// X-SIM: parts one, five and six against last year's, figures and names masked. The share above which it is reported is
/// a local quality rule (DOMAIN AR-09).
pub(super) fn similar_text(input: &Input<'_>) -> Vec<Found> {
    let Some((texts, previous)) = input.texts.zip(input.previous.as_ref()) else { return vec![] };
    let Some(before) = previous.texts else { return vec![] };
    let join = |texts: &BTreeMap<Part, String>| -> String {
        [Part::Overview, Part::Problems, Part::OtherMatters]
            .iter()
            .filter_map(|p| texts.get(p).map(String::as_str))
            .collect()
    };
    let (now, then) = (join(texts), join(before));
    let names: Vec<&str> = input.organization.into_iter().chain(previous.organization).collect();
    let (now_masked, then_masked) = (masked(&now, &names), masked(&then, &names));
    if now_masked.chars().count() < ENOUGH || then_masked.chars().count() < ENOUGH {
        return vec![];
    }
    let alike = dice(&now_masked, &then_masked);
    let percent = input.settings.parameter("X-SIM", "percent");
    if alike * 100.0 <= percent as f64 {
        return vec![];
    }
    let message = format!(
        "正文与上一年报告的相似度为{:.0}%（不计数字和机关名称，计入时为{:.0}%），超过{percent}%，请避免内容雷同",
        alike * 100.0,
        dice(&now, &then) * 100.0
    );
    vec![Found::fail(vec![], message)]
}

/// X-ID: the report compared with is of the same authority and scope and of the year before; a report filed twice has one
/// set of figures.
pub(super) fn identity(input: &Input<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    if let Some(previous) = &input.previous {
        if previous.year + 1 != input.year {
            let message =
                format!("本报告为{}年，用于比对的上一年报告为{}年，不是连续年度", input.year, previous.year);
            found.push(Found::fail(vec![], message));
        }
        if let (Some(now), Some(then)) = (input.organization, previous.organization)
            && authority_key(now) != authority_key(then)
        {
            // A unit may have been renamed or have taken over another's functions.
            let message =
                format!("本报告机关为“{now}”，用于比对的上一年报告机关为“{then}”，请核对是否同一机关");
            found.push(Found::review(vec![], message));
        }
        if let (Some(now), Some(then)) = (input.scope, previous.scope)
            && now != then
        {
            let message =
                format!("本报告口径为{}，用于比对的上一年报告口径为{}，不能比对", now.label(), then.label());
            found.push(Found::fail(vec![], message));
        }
    }
    if let Some(other) = input.other_filing {
        let differing: Vec<String> = input
            .form
            .cells()
            .into_iter()
            .map(|c| c.id)
            .filter(|id| other.0.contains_key(id) && input.figures.value(id) != other.value(id))
            .collect();
        if let Some(first) = differing.first() {
            let message = format!(
                "同一年度报告两次报送的数据有{}处不同，例如{}分别为{}和{}",
                differing.len(),
                input.form.name_of(first),
                input.figures.value(first),
                other.value(first)
            );
            found.push(Found::fail(differing, message));
        }
    }
    found
}
