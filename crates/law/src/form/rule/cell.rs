//! Cells taken one by one: form version, whole numbers, blanks, units of money.

use super::super::check::{Input, Severity};
use super::super::published::Written;
use super::super::{Cell, Measure, diagnosis};
use super::Found;
use crate::docket::unit::Level;
use crate::{Amount, form::Form};

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

/// F-BLANK: one remark a table; a table that mixes blank cells and zeros is a warning.
pub(super) fn blanks(input: &Input<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    for (prefix, name) in [("proactive.", "表二"), ("requests.", "表三"), ("disputes.", "表四")] {
        let cells: Vec<Cell> = input.form.cells().into_iter().filter(|c| c.id.starts_with(prefix)).collect();
        let blank: Vec<String> = cells
            .iter()
            .filter(|c| input.figures.0.get(&c.id) == Some(&None))
            .map(|c| c.id.clone())
            .collect();
        if blank.is_empty() {
            continue;
        }
        let zeros = cells.iter().filter(|c| input.figures.get(&c.id) == Some(Amount::ZERO)).count();
        let n = blank.len();
        let (message, severity) = if zeros > 0 {
            (
                format!("{name}有{n}个单元格空白、{zeros}个单元格填写0，没有数据的应当统一填写0"),
                Some(Severity::Warning),
            )
        } else {
            (format!("{name}有{n}个单元格空白，没有数据的应当填写0"), None)
        };
        found.push(Found { severity, ..Found::fail(blank, message) });
    }
    found
}

/// F-UNIT: a county that reports a hundred million yuan of charges in whole 万元 has probably written yuan.
pub(super) fn charge_unit(input: &Input<'_>) -> Vec<Found> {
    const CELL: &str = "proactive.charges.amount";
    let small = input.unit.is_some_and(|(level, _)| matches!(level, Level::County | Level::Township));
    match input.figures.get(CELL).and_then(Amount::as_whole) {
        Some(n) if small && n >= 10_000 => vec![Found::review(
            vec![CELL.into()],
            format!("{}为{n}万元，请核对是否误以元为单位填写", input.form.name_of(CELL)),
        )],
        _ => vec![],
    }
}
