//! F-LABEL: the labels of rows as printed against those of the form.

use super::super::Form;
use super::super::check::Input;
use super::super::published::{RowLabel, TableName};
use super::Found;
use super::plain::{bare, ordinal};
use std::collections::BTreeSet;

/// Other wordings in ordinary use, without ordinals and punctuation: what stands for which row.
const USUAL: &[(&str, &[&str])] = &[
    ("normative_documents", &["规范性文件", "行政规范性文件", "規範性檔案", "規范性文件"]),
    ("licensing", &["行政许可", "行政許可"]),
    ("carried_over_out", &["结转下年度办理", "结转下年度继续办理", "结转下一年度继续办理"]),
    ("carried_over_in", &["上年结转政府信息公开申请数量", "上年度结转政府信息公开申请数量"]),
    ("new_requests", &["本年新收政府信息公开申请数量", "本年度新收政府信息公开申请数量"]),
    ("results_total", &["总计", "合计"]),
    ("other_disposal", &["其他处理", "其他"]),
];

/// Rows whose printed label is neither the form's nor one in ordinary use; each wording once.
pub(super) fn labels(input: &Input<'_>) -> Vec<Found> {
    let Some(published) = input.published else { return vec![] };
    let mut told = BTreeSet::new();
    let mut found = Vec::new();
    for label in &published.labels {
        let Some(row) = &label.row else { continue };
        let Some(right) = of_form(input.form, label.table, row) else { continue };
        // Rows that were told apart by their figures have no label, or stand beside that of another row; that is no typo.
        if bare(&label.text).is_empty() || is_another_row(input.form, label) {
            continue;
        }
        if is_usual(row, &label.text, &right) || !told.insert((row.clone(), label.text.clone())) {
            continue;
        }
        found.push(differing(label, &right));
    }
    found
}

/// True for the words of another row of the same table.
fn is_another_row(form: &Form, label: &RowLabel) -> bool {
    let printed = bare(&ordinal(&label.text).1);
    let mut rows = form.requests.rows.iter().map(|r| &r.id).filter(|_| label.table == TableName::Requests);
    rows.any(|row| {
        let right = of_form(form, label.table, row).unwrap_or_default();
        Some(row) != label.row.as_ref() && right.last().is_some_and(|l| bare(&ordinal(l).1) == printed)
    })
}

fn differing(label: &RowLabel, right: &[String]) -> Found {
    let last = right.last().cloned().unwrap_or_default();
    let message = format!("{}的行标题“{}”与格式规定的“{last}”不一致", label.table.label(), label.text.trim());
    Found {
        quote: Some(label.text.trim().to_owned()),
        place: Some(label.place),
        suggestion: Some(last),
        ..Found::fail(vec![], message)
    }
}

/// The labels of a row from the left.
fn of_form(form: &Form, table: TableName, row: &str) -> Option<Vec<String>> {
    match table {
        TableName::Proactive => {
            let rows = form.proactive.iter().flat_map(|b| &b.rows);
            rows.into_iter().find(|r| r.id == row).map(|r| vec![r.label.clone()])
        }
        TableName::Requests => form.requests.rows.iter().find(|r| r.id == row).map(|r| r.label.clone()),
        TableName::Disputes => None,
    }
}

/// True for the words of the form, with the labels to their left or not, for a shortened label, for one with an
/// explanation behind it, and for what is in ordinary use.
fn is_usual(row: &str, printed: &str, right: &[String]) -> bool {
    let printed = bare(&ordinal(printed).1);
    let last = right.last().map(|l| bare(&ordinal(l).1)).unwrap_or_default();
    let usual = USUAL.iter().filter(|(of, _)| *of == row).flat_map(|(_, words)| *words);
    let shortened = printed.chars().count() >= 2 && last.contains(&printed);
    shortened || printed.contains(&last) || usual.into_iter().any(|w| printed.contains(&bare(w)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_wordings_pass_and_typos_do_not() {
        let form = Form::by_id("2021").unwrap();
        let usual =
            |table, row: &str, printed: &str| is_usual(row, printed, &of_form(form, table, row).unwrap());
        for (row, printed) in [
            ("granted", "(一)予以公开"),
            ("granted", "三、本年度办理结果（一）予以公开"),
            ("granted_in_part", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）"),
            ("granted_in_part", "(二)部分公开"),
            ("refused_prohibited_by_law", "2．其他法律行政法规禁止公开"),
            ("refused_security_stability", "3. 危及\"三安全一稳定\""),
            ("other_correction_lapsed", "1、逾期不补正"),
            ("other_correction_lapsed", "1.申请人无正当理由逾期不补正，行政机关不再处理其政府信息公开申请"),
            ("results_total", "（七）合计"),
            ("carried_over_out", "四、结转下年度办理"),
        ] {
            assert!(usual(TableName::Requests, row, printed), "{row} {printed}");
        }
        assert!(usual(TableName::Proactive, "normative_documents", "规范性文件"));
        for (row, printed) in [
            ("refused_prohibited_by_law", "2.其他法律行政止公开"),
            ("granted", "(一)不予公布"),
            ("granted", "1"),
        ] {
            assert!(!usual(TableName::Requests, row, printed), "{row} {printed}");
        }
    }
}
