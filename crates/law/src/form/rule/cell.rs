//! Cells taken one by one: form version, whole numbers, blanks, units of money.

use super::super::check::{Input, Severity};
use super::super::published::{TableName, Written};
use super::super::{Cell, Measure, diagnosis};
use super::Found;
use crate::docket::unit::Level;
use crate::{Amount, form::Form};
use std::collections::BTreeMap;

/// F-VER: the report year decides the form.
pub(super) fn version(input: &Input<'_>) -> Vec<Found> {
    let (form, year) = (input.form, input.year);
    if form.from_year <= year && form.through_year.is_none_or(|last| year <= last) {
        return vec![];
    }
    let right =
        Form::for_year(year).map_or_else(|e| e.to_string(), |f| format!("应当使用{}所定格式", f.instrument));
    vec![Found::fail(vec![], format!("{year}年度报告使用了{}所定格式，{right}", form.instrument))]
}

/// F-CELL: tables three and four.
pub(super) fn count_cells(input: &Input<'_>) -> Vec<Found> {
    wrong_numbers(input, |c| !c.id.starts_with("proactive."))
}

/// T2-INT: table two.
pub(super) fn proactive_cells(input: &Input<'_>) -> Vec<Found> {
    wrong_numbers(input, |c| c.id.starts_with("proactive."))
}

fn wrong_numbers(input: &Input<'_>, wanted: impl Fn(&Cell) -> bool) -> Vec<Found> {
    let mut found = unreadable(input, &wanted);
    found.extend(notes(input, &wanted));
    for cell in input.form.cells().into_iter().filter(wanted) {
        let Some(value) = input.figures.get(&cell.id) else { continue };
        let name = input.form.name_of(&cell.id);
        if value < Amount::ZERO && !cell.signed {
            found.push(Found::fail(vec![cell.id.clone()], format!("{name}为{value}，不能小于0")));
        }
        let money = matches!(cell.measure, Measure::Yuan | Measure::TenThousandYuan);
        if !money && value.as_whole().is_none() {
            let what = cell.measure.label();
            found.push(Found::fail(vec![cell.id], format!("{name}为{value}，应当是整{what}数，不能有小数")));
        }
    }
    found
}

/// Cells in which something stands that is no figure. What the equations ask for is proposed, never filled in.
fn unreadable(input: &Input<'_>, wanted: &impl Fn(&Cell) -> bool) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let cells = input.form.cell_list().iter().filter(|c| wanted(c));
    let cells: Vec<(&str, &Written)> = cells
        .filter_map(|c| Some((c.id.as_str(), published.cells.get(&c.id).filter(|w| !w.readable)?)))
        .collect();
    if cells.is_empty() {
        return vec![];
    }
    let ids: Vec<&str> = cells.iter().map(|(id, _)| *id).collect();
    let proposals = diagnosis::proposals(input, &ids);
    let one = |((id, written), proposal): ((&str, &Written), Option<(Amount, usize)>)| {
        let name = input.form.name_of(id);
        let raw = written.raw.trim();
        let (told, suggestion) = match proposal {
            Some((n, equations)) => {
                (format!("，按{equations}项勾稽关系应为{n}"), Some(format!("{name}改为{n}")))
            }
            None => (String::new(), None),
        };
        let message = format!("{name}写为“{raw}”，不是数字{told}，请对照原始数据改正");
        Found {
            quote: Some(raw.to_owned()).filter(|r| !r.is_empty()),
            place: Some(written.place),
            suggestion,
            ..Found::fail(vec![id.to_owned()], message)
        }
    };
    cells.into_iter().zip(proposals).map(one).collect()
}

/// F-BLANK: one remark a table; a table that writes nothing in several ways is a warning.
pub(super) fn blanks(input: &Input<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for table in TableName::ALL {
        let cells = input.form.cell_list().iter().filter(|c| TableName::of(&c.id) == Some(table));
        let mut zeros = 0;
        let mut blank: Vec<String> = Vec::new();
        let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
        // A cell that is not printed (a form with one row （六） for three) is not left blank by anybody.
        let printed = |id: &str| input.published.is_none_or(|p| p.cells.contains_key(id));
        for cell in cells.filter(|c| printed(&c.id)) {
            match input.figures.0.get(&cell.id) {
                Some(None) => {
                    let raw = input.published.and_then(|p| p.cells.get(&cell.id)).map(|w| w.raw.as_str());
                    *ways.entry(way(raw.unwrap_or_default())).or_default() += 1;
                    blank.push(cell.id.clone());
                }
                Some(Some(n)) if n.is_zero() => zeros += 1,
                _ => {}
            }
        }
        if blank.is_empty() {
            continue;
        }
        let name = table.label();
        let told: Vec<String> = ways
            .iter()
            .map(|(way, n)| {
                if way.is_empty() {
                    format!("{n}个单元格空白")
                } else {
                    format!("{n}个单元格填写“{way}”")
                }
            })
            .collect();
        let told = told.join("、");
        let (message, severity) = if zeros > 0 || ways.len() > 1 {
            let zeros = if zeros > 0 { format!("、{zeros}个单元格填写0") } else { String::new() };
            (format!("{name}有{told}{zeros}，没有数据的应当统一填写0"), Some(Severity::Warning))
        } else {
            (format!("{name}有{told}，没有数据的应当填写0"), None)
        };
        found.push(Found { severity, ..Found::fail(blank, message) });
    }
    found
}

/// How a cell without a figure is written.
fn way(raw: &str) -> &str {
    match raw.trim() {
        "/" | "／" => "/",
        "-" | "－" | "—" | "——" | "–" | "―" | "--" => "—",
        other => other,
    }
}

/// F-CELL: what stands beside a figure (`22（其中修订16件）`) is kept and told once a table; a unit alone is no note.
fn notes(input: &Input<'_>, wanted: &impl Fn(&Cell) -> bool) -> Option<Found> {
    const UNITS: [&str; 8] = ["件", "项", "元", "万元", "条", "次", "个", "宗"];
    let published = input.published?;
    let noted: Vec<(&str, &str)> = input
        .form
        .cell_list()
        .iter()
        .filter(|c| wanted(c))
        .filter_map(|c| {
            let written = published.cells.get(&c.id).filter(|w| w.readable)?;
            let note = written.note.as_deref()?.trim();
            (!note.is_empty() && !UNITS.contains(&note)).then_some((c.id.as_str(), note))
        })
        .collect();
    let (first, note) = noted.first()?;
    let many = if noted.len() > 1 { format!("等{}处", noted.len()) } else { String::new() };
    let name = input.form.name_of(first);
    let message = format!("{name}{many}在数字以外写有说明“{note}”，按数字核对，说明可以移到正文");
    let cells = noted.iter().map(|(id, _)| (*id).to_owned()).collect();
    Some(Found { severity: Some(Severity::Info), ..Found::review(cells, message) })
}

/// F-UNIT: charges are in 万元, so a county that reports a hundred million yuan in whole 万元 has probably written yuan,
/// and so has who writes 元 into the cell; the sum of procurement has no unit in the form and needs one.
pub(super) fn money_unit(input: &Input<'_>) -> Vec<Found> {
    const CHARGES: &str = "proactive.charges.amount";
    const PROCUREMENT: &str = "proactive.procurement.amount";
    let written = |cell: &str| input.published.and_then(|p| p.cells.get(cell));
    let mut found = Vec::new();
    let amount = input.figures.get(CHARGES).filter(|n| !n.is_zero());
    if let Some(n) = amount.filter(|_| input.form.cell(CHARGES).is_ok()) {
        let name = input.form.name_of(CHARGES);
        let small = input.unit.is_some_and(|(level, _)| matches!(level, Level::County | Level::Township));
        let yuan = written(CHARGES).filter(|w| w.raw.contains('元') && !w.raw.contains("万元"));
        if let Some(w) = yuan {
            let message = format!("{name}写为“{}”，该列以万元为单位，请换算后填写", w.raw.trim());
            found.push(Found { place: Some(w.place), ..Found::review(vec![CHARGES.into()], message) });
        } else if small && n.as_whole().is_some_and(|n| n >= input.settings.parameter("F-UNIT", "amount")) {
            let message = format!("{name}为{n}万元，请核对是否误以元为单位填写");
            found.push(Found::review(vec![CHARGES.into()], message));
        }
    }
    if let Some(w) = written(PROCUREMENT)
        && input.figures.get(PROCUREMENT).is_some_and(|n| !n.is_zero())
        && !w.raw.contains('元')
        && !w.note.as_deref().is_some_and(|n| n.contains('元'))
    {
        let name = input.form.name_of(PROCUREMENT);
        let message = format!("{name}写为“{}”，没有写明单位，请注明元或者万元", w.raw.trim());
        found.push(Found { place: Some(w.place), ..Found::review(vec![PROCUREMENT.into()], message) });
    }
    found
}
