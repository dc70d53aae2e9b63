//! Tables two and three against the unit, its library, last year and the text.

use super::super::check::Input;
use super::super::count::words;
use super::Found;
use crate::Amount;
use crate::docket::unit::{Level, UnitKind};

/// T2-19b: the column asks for decisions; where every filled row equals items of last year plus change, items were filled
/// in. Coincidence is possible, so it is for review.
pub(super) fn items_for_decisions(input: &Input<'_>) -> Vec<Found> {
    let mut cells = Vec::new();
    let mut told = Vec::new();
    for id in input.form.cells().into_iter().map(|c| c.id) {
        let Some(["proactive", row, "decisions"]) = words(&id) else { continue };
        let of = |column: &str| input.figures.value(&format!("proactive.{row}.{column}"));
        let (items, change, decisions) = (of("items_last_year"), of("change"), of("decisions"));
        if items.is_zero() && change.is_zero() && decisions.is_zero() {
            continue;
        }
        if decisions != items + change || items.is_zero() || change.is_zero() {
            return vec![];
        }
        told.push(format!("“{}”{decisions}={items}+({change})", input.form.labels_of(&id)[0]));
        cells.push(id);
    }
    if cells.is_empty() {
        return vec![];
    }
    let message = format!(
        "表二处理决定数量都等于上一年项目数量与本年增/减之和（{}），该列应当填写作出处理决定的件数，请核对",
        told.join("，")
    );
    vec![Found::review(cells, message)]
}

/// T2-REG: 规章 are made by provinces and 设区的市 (自治州), not below and not by departments.
pub(super) fn rules_without_power(input: &Input<'_>) -> Vec<Found> {
    let Some((level, kind)) = input.unit else { return vec![] };
    let below = matches!(level, Level::County | Level::Township);
    if !below && !matches!(kind, UnitKind::Department | UnitKind::Township | UnitKind::Other) {
        return vec![];
    }
    let who = if below { level.label() } else { kind.label() };
    let cells = input.form.cells().into_iter().map(|c| c.id).filter(|id| id.starts_with("proactive.rules."));
    cells
        .filter(|id| !input.figures.value(id).is_zero())
        .map(|id| {
            let message = format!(
                "{}为{}，{who}机关没有规章制定权，应当为0",
                input.form.name_of(&id),
                input.figures.value(&id)
            );
            Found::fail(vec![id], message)
        })
        .collect()
}

/// T2-LIB: what is in force equals the library on 31 December.
pub(super) fn library(input: &Input<'_>) -> Vec<Found> {
    let Some(library) = input.library else { return vec![] };
    [
        ("proactive.rules.in_force", library.rules),
        ("proactive.normative_documents.in_force", library.normative_documents),
    ]
    .into_iter()
    .filter_map(|(cell, held)| {
        let reported = input.figures.get(cell)?;
        (reported != held).then(|| {
            let message =
                format!("{}为{reported}，文件库年末现行有效{held}件，二者应当一致", input.form.name_of(cell));
            Found::fail(vec![cell.into()], message)
        })
    })
    .collect()
}

/// T2-SCALE: ten times last year, or a tenth of it, where one of the figures exceeds 50.
pub(super) fn scale(input: &Input<'_>) -> Vec<Found> {
    let Some(previous) = &input.previous else { return vec![] };
    let times = input.settings.parameter("T2-SCALE", "times");
    let much = Amount::whole(input.settings.parameter("T2-SCALE", "count"));
    let mut found = Vec::new();
    for cell in input.form.cells().into_iter().filter(|c| c.id.starts_with("proactive.") && !c.signed) {
        // The same id with another unit is another figure.
        if previous.form.cell(&cell.id).map(|c| c.measure) != Ok(cell.measure) {
            continue;
        }
        let (now, then) = (input.figures.value(&cell.id), previous.figures.value(&cell.id));
        if now.is_zero() || then.is_zero() || now.max(then) <= much {
            continue;
        }
        if exceeds(now, then, times) || exceeds(then, now, times) {
            let message = format!(
                "{}为{now}，上一年为{then}，相差{times}倍以上，请核对数据和单位",
                input.form.name_of(&cell.id)
            );
            found.push(Found::review(vec![cell.id], message));
        }
    }
    found
}

/// True if the first is more than so many times the second.
pub(super) fn exceeds(large: Amount, small: Amount, times: i64) -> bool {
    large.micros() > small.micros().saturating_mul(times)
}

/// T3-P3: publications, excessive or repeated confirmation declined, and not a word about guidance in the text.
pub(super) fn declined_without_a_word(input: &Input<'_>) -> Vec<Found> {
    if input.texts.is_none() || ["补正", "说明理由", "公开出版物"].iter().any(|w| input.says(w)) {
        return vec![];
    }
    let rows = ["declined_public_publication", "declined_excessive_requests", "declined_confirm_or_reissue"];
    let cells: Vec<String> = rows
        .iter()
        .map(|r| format!("requests.{r}.total"))
        .filter(|c| input.figures.value(c) > Amount::ZERO)
        .collect();
    if cells.is_empty() {
        return vec![];
    }
    let n: Amount = cells.iter().map(|c| input.figures.value(c)).sum();
    let message =
        format!("表三不予处理第3至5项共{n}件，正文没有说明告知、补正或者说明理由的情况，请核对归类");
    vec![Found::review(cells, message)]
}
