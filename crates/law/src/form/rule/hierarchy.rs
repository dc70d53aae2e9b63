//! The government's report against the reports it adds up (CHECKS §1.6).

use super::super::check::{Input, Severity, Verdict};
use super::super::consolidation::Missing;
use super::Found;
use crate::Amount;

/// So many units are named in one sentence.
const NAMED: usize = 10;

fn names<'a>(units: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<&str> = units.collect();
    let shown = all.iter().take(NAMED).copied().collect::<Vec<_>>().join("、");
    if all.len() > NAMED { format!("{shown}等{}个机关", all.len()) } else { shown }
}

/// H-COVER: every unit's report is accepted, or a recorded decision says why the sum goes without it.
pub(super) fn coverage(input: &Input<'_>) -> Vec<Found> {
    let Some(sum) = input.consolidation else { return vec![] };
    let open: Vec<&Missing> = sum.unexplained().collect();
    if open.is_empty() {
        return vec![];
    }
    let message = format!(
        "应当汇总{}个机关的报告，已接收{}个；{}的报告还没有接收，请接收，或者登记不汇总的理由",
        sum.owed(),
        sum.members.len(),
        names(open.iter().map(|m| m.name.as_str()))
    );
    vec![Found::fail(vec![], message)]
}

/// H-SUM: every cell is the government's own figure and those of all units. Without all of them it cannot be told.
pub(super) fn sums(input: &Input<'_>) -> Vec<Found> {
    let Some(sum) = input.consolidation else { return vec![] };
    if !sum.missing.is_empty() {
        let said = |m: &Missing| match &m.reason {
            Some(reason) => format!("{}（{reason}）", m.name),
            None => m.name.clone(),
        };
        let all: Vec<String> = sum.missing.iter().map(said).collect();
        let message = format!(
            "应当汇总{}个机关的报告，汇总表为本级政府自身和已接收的{}个机关之和，不含{}",
            sum.owed(),
            sum.members.len(),
            names(all.iter().map(String::as_str))
        );
        return vec![Found {
            verdict: Verdict::NotAssessable,
            severity: Some(Severity::Info),
            ..Found::fail(vec![], message)
        }];
    }
    let expected = sum.figures(input.form, input.year);
    let differs = |cell: &&super::super::Cell| input.figures.value(&cell.id) != expected.value(&cell.id);
    let wrong = input.form.cell_list().iter().filter(differs);
    wrong
        .map(|cell| {
            let (said, right) = (input.figures.value(&cell.id), expected.value(&cell.id));
            let message = format!(
                "{}为{said}，本级政府自身和{}个机关之和为{right}，相差{}",
                input.form.name_of(&cell.id),
                sum.members.len(),
                said - right
            );
            Found { suggestion: Some(right.to_string()), ..Found::fail(vec![cell.id.clone()], message) }
        })
        .collect()
}

/// H-MAX: no unit has more than the government that adds it up.
pub(super) fn largest(input: &Input<'_>) -> Vec<Found> {
    let Some(sum) = input.consolidation else { return vec![] };
    let mut found = Vec::new();
    for cell in input.form.cell_list().iter().filter(|c| !c.signed) {
        let whole = input.figures.value(&cell.id);
        for share in sum.behind(input.form, input.year, &cell.id) {
            if share.value > whole && share.value > Amount::ZERO {
                let name = input.form.name_of(&cell.id);
                let message = format!("{name}为{whole}，小于{}的{}", share.name, share.value);
                found.push(Found::fail(vec![cell.id.clone()], message));
            }
        }
    }
    found
}

/// H-MIX: reports in another form or of another year.
pub(super) fn mixture(input: &Input<'_>) -> Vec<Found> {
    let Some(sum) = input.consolidation else { return vec![] };
    let mixed = sum.mixed(input.form, input.year);
    if mixed.is_empty() {
        return vec![];
    }
    let message = format!(
        "{}的报告与汇总表的年度或者格式不同，年度不同或者不能换算的没有计入，可以换算的按{}年格式换算，表二口径不同的项目没有计入",
        names(mixed.iter().map(|m| m.name.as_str())),
        input.form.id
    );
    vec![Found::fail(vec![], message)]
}

#[cfg(test)]
mod tests {
    use super::super::super::check::{Finding, Severity, Verdict, run};
    use super::super::super::consolidation::{Consolidation, Member, Missing};
    use super::super::super::{Figures, Form};
    use super::*;

    const NEW: &str = "requests.new_requests.natural_person";
    const OPEN: &str = "requests.carried_over_out.natural_person";

    fn found(sum: &Consolidation, figures: &Figures, id: &str) -> Vec<Finding> {
        let mut input = Input::new(Form::for_year(2022).unwrap(), 2022, figures);
        input.consolidation = Some(sum);
        run(&input).into_iter().filter(|f| f.id == id).collect()
    }

    fn of_two(form: &str) -> Consolidation {
        let mut figures = Figures::default();
        figures.set(NEW, 3);
        figures.set(OPEN, 3);
        let member = Member {
            unit: "1".into(),
            name: "县教育局".into(),
            filing: "2".into(),
            round: 1,
            form: form.into(),
            year: 2022,
            figures: figures.clone(),
        };
        Consolidation { own: figures, members: vec![member], missing: vec![] }
    }

    #[test]
    fn a_sum_that_ties_out_finds_nothing_and_a_planted_error_is_found() {
        let sum = of_two("2021");
        let mut figures = sum.figures(Form::for_year(2022).unwrap(), 2022);
        for id in ["H-SUM", "H-MAX", "H-MIX", "H-COVER"] {
            assert_eq!(found(&sum, &figures, id), [], "{id}");
        }
        figures.set(NEW, 7);
        let wrong = found(&sum, &figures, "H-SUM");
        assert_eq!(wrong.len(), 1);
        assert!(wrong[0].blocks() && wrong[0].suggestion.as_deref() == Some("6"), "{wrong:?}");
        assert!(wrong[0].message.contains("相差1"), "{}", wrong[0].message);
        figures.set(NEW, 2);
        let less = found(&sum, &figures, "H-MAX");
        assert!(less.iter().any(|f| f.message.ends_with("为2，小于县教育局的3")), "{less:?}");
    }

    #[test]
    fn who_is_missing_is_named_until_somebody_decides() {
        let mut sum = of_two("2021");
        let figures = sum.figures(Form::for_year(2022).unwrap(), 2022);
        sum.missing.push(Missing { unit: "3".into(), name: "县水利局".into(), reason: None });
        let open = found(&sum, &figures, "H-COVER");
        assert!(open[0].blocks() && open[0].message.contains("应当汇总2个机关的报告，已接收1个；县水利局的"));
        let unknown = found(&sum, &figures, "H-SUM");
        assert_eq!((unknown[0].verdict, unknown[0].severity), (Verdict::NotAssessable, Severity::Info));
        sum.missing[0].reason = Some("机构改革中撤销".into());
        assert_eq!(found(&sum, &figures, "H-COVER"), []);
        assert!(found(&sum, &figures, "H-SUM")[0].message.contains("县水利局（机构改革中撤销）"));
    }

    #[test]
    fn other_forms_are_told() {
        let sum = of_two("2019");
        let figures = sum.figures(Form::for_year(2022).unwrap(), 2022);
        let mixed = found(&sum, &figures, "H-MIX");
        assert_eq!(mixed[0].severity, Severity::Warning);
        assert!(mixed[0].message.starts_with("县教育局"), "{mixed:?}");
    }
}
