//! 汇总: the report of a government is its own figures and those of the reports it accepted, cell by cell (DOMAIN §1.6).
//!
//! Every cell of the form adds up between units: flows of the year, and stocks, which are those of 31 December of each
//! unit. What does not add up are the totals a report prints itself; they are computed again from the sums, so that a
//! total that was wrong in one unit is not carried on. [`Consolidation::behind`] opens a cell: which unit gave how much.
//!
//! A report in another form is converted where the law allows it ([`convert`]): rows that a later form tells apart are
//! one row of the earlier form; the other way round nobody knows how to divide them, and the report is not added.

use super::count::{Parts, Source};
use super::{Amount, Figures, Form};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// A report that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Docket id of the unit.
    pub unit: String,
    /// Its short name.
    pub name: String,
    /// Docket id of the filing.
    pub filing: String,
    /// Which filing of the unit it is, counted from 1.
    pub round: u32,
    /// Form version it was made with.
    pub form: String,
    /// Report year.
    pub year: i16,
    /// Its figures.
    pub figures: Figures,
}

/// A unit whose report is not in the sum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Missing {
    /// Docket id of the unit.
    pub unit: String,
    /// Its short name.
    pub name: String,
    /// The recorded decision why the government's report goes without it; none where nobody decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a government's report adds up.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Consolidation {
    /// Its own figures, counted from its own registers.
    pub own: Figures,
    /// The accepted reports, in the order of lists.
    pub members: Vec<Member>,
    /// The units without one.
    pub missing: Vec<Missing>,
}

/// What one unit gave to a cell.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Share {
    /// Docket id of the unit; none for the government's own registers.
    pub unit: Option<String>,
    /// Its short name.
    pub name: String,
    /// How much.
    pub value: Amount,
    /// True if the cell is blank in its report, and so adds nothing.
    pub blank: bool,
}

/// What the government itself is called among those behind a cell.
pub const OWN: &str = "本级政府自身";

/// The figures of a report in another form, as far as they can be told.
///
/// A cell with the same id and unit is taken over; a cell of table three that counts what several cells of the other form
/// count apart is their sum. `None` if a cell of tables three or four has no counterpart: the sums of the report would no
/// longer hold. Cells of table two that were redefined are missing from the figures.
pub fn convert(figures: &Figures, from: &Form, to: &Form) -> Option<Figures> {
    if from.id == to.id {
        return Some(figures.clone());
    }
    let mut out = Figures::default();
    for cell in to.cell_list().iter().filter(|c| !c.computed) {
        if from.cell(&cell.id).is_ok_and(|c| c.measure == cell.measure) {
            if let Some(value) = figures.0.get(&cell.id) {
                out.0.insert(cell.id.clone(), *value);
            }
        } else if let Some(parts) = counted_apart(&cell.id, from, to) {
            out.set(cell.id.as_str(), parts.iter().map(|p| figures.value(p)).sum::<Amount>());
        } else if !cell.id.starts_with("proactive.") {
            return None;
        }
    }
    Some(out)
}

/// The cells of `from` that count apart what this cell of `to` counts together.
fn counted_apart(cell: &str, from: &Form, to: &Form) -> Option<Vec<String>> {
    let tallies = |form: &Form, cell: &str| match form.parts(cell) {
        Some(Parts::Tallies(sources)) => sources.iter().cloned().collect::<BTreeSet<Source>>(),
        _ => BTreeSet::new(),
    };
    let wanted = tallies(to, cell);
    if wanted.is_empty() || wanted.iter().any(|s| !s.key.starts_with("request.result.")) {
        return None;
    }
    let mut covered = BTreeSet::new();
    let mut cells = Vec::new();
    for part in from.cell_list().iter().filter(|c| !c.computed) {
        let sources = tallies(from, &part.id);
        if !sources.is_empty() && sources.is_subset(&wanted) {
            covered.extend(sources);
            cells.push(part.id.clone());
        }
    }
    (covered == wanted).then_some(cells)
}

impl Member {
    /// Its figures in the form of the sum; `None` if they cannot be added.
    fn figures_in(&self, form: &Form, year: i16) -> Option<Figures> {
        if self.year != year {
            return None;
        }
        convert(&self.figures, Form::by_id(&self.form)?, form)
    }
}

impl Consolidation {
    /// The figures of the government's report: every cell has a value.
    pub fn figures(&self, form: &Form, year: i16) -> Figures {
        let members: Vec<Figures> = self.members.iter().filter_map(|m| m.figures_in(form, year)).collect();
        let mut sums = Figures::default();
        for cell in form.cell_list().iter().filter(|c| !c.computed) {
            let value = self.own.value(&cell.id) + members.iter().map(|m| m.value(&cell.id)).sum();
            sums.set(cell.id.as_str(), value);
        }
        for cell in form.cell_list().iter().filter(|c| c.computed) {
            sums.set(cell.id.as_str(), total(form, &sums, &cell.id));
        }
        sums
    }

    /// Who gave how much to a cell: the government itself, then the units in the order of lists. Their sum is the cell.
    pub fn behind(&self, form: &Form, year: i16, cell: &str) -> Vec<Share> {
        let own =
            Share { unit: None, name: OWN.to_owned(), value: total(form, &self.own, cell), blank: false };
        let of_member = |m: &Member| {
            let figures = m.figures_in(form, year)?;
            Some(Share {
                unit: Some(m.unit.clone()),
                name: m.name.clone(),
                value: total(form, &figures, cell),
                blank: figures.0.get(cell).is_some_and(Option::is_none),
            })
        };
        std::iter::once(own).chain(self.members.iter().filter_map(of_member)).collect()
    }

    /// The members whose figures cannot be added, or not all of them.
    pub fn mixed(&self, form: &Form, year: i16) -> Vec<&Member> {
        self.members.iter().filter(|m| m.form != form.id || m.year != year).collect()
    }

    /// How many units ought to be in the sum.
    pub fn owed(&self) -> usize {
        self.members.len() + self.missing.len()
    }

    /// The units that are not in the sum though nobody decided so.
    pub fn unexplained(&self) -> impl Iterator<Item = &Missing> {
        self.missing.iter().filter(|m| m.reason.is_none())
    }

    /// The same with the zeros of the units left out: what is frozen with a publication.
    pub fn without_zeros(&self) -> Consolidation {
        let mut frozen = self.clone();
        for figures in frozen.members.iter_mut().map(|m| &mut m.figures).chain([&mut frozen.own]) {
            figures.0.retain(|_, value| value.is_none_or(|v| !v.is_zero()));
        }
        frozen
    }
}

/// The value of a cell; of a total, what its parts add up to.
fn total(form: &Form, figures: &Figures, cell: &str) -> Amount {
    match form.parts(cell) {
        Some(Parts::Sum(parts)) => parts.iter().map(|p| total(form, figures, p)).sum(),
        _ => figures.value(cell),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(year: i16) -> &'static Form {
        Form::for_year(year).unwrap()
    }

    fn member(name: &str, form: &str, year: i16, cells: &[(&str, i64)]) -> Member {
        let mut figures = Figures::default();
        for cell in Form::by_id(form).unwrap().cell_list() {
            figures.set(cell.id.as_str(), 0);
        }
        for (cell, n) in cells {
            figures.set(*cell, *n);
        }
        let (unit, filing) = (format!("unit-{name}"), format!("filing-{name}"));
        Member { unit, name: name.into(), filing, round: 1, form: form.into(), year, figures }
    }

    #[test]
    fn every_cell_is_the_sum_of_those_behind_it_and_totals_are_computed_again() {
        let year = 2022;
        let mut own = Figures::default();
        own.set("requests.new_requests.natural_person", 2);
        own.set("proactive.charges.amount", Amount::from_micros(1_500_000));
        let cells = [
            ("requests.new_requests.natural_person", 3),
            // A total that is wrong in the unit's own report.
            ("requests.new_requests.total", 99),
            ("proactive.charges.amount", 4),
            ("disputes.reconsideration.pending", 1),
        ];
        let sum = Consolidation { own, members: vec![member("甲", "2021", year, &cells)], missing: vec![] };
        let figures = sum.figures(form(year), year);
        let value = |cell: &str| figures.value(cell).to_string();
        assert_eq!(value("requests.new_requests.natural_person"), "5");
        assert_eq!(value("requests.new_requests.total"), "5");
        assert_eq!(value("proactive.charges.amount"), "5.5");
        assert_eq!(value("disputes.reconsideration.total"), "1");
        for cell in form(year).cells() {
            let behind: Amount = sum.behind(form(year), year, &cell.id).iter().map(|s| s.value).sum();
            assert_eq!(behind, figures.value(&cell.id), "{}", cell.id);
        }
        assert_eq!(figures.0.len(), form(year).cells().len());
        assert_eq!(sum.without_zeros().figures(form(year), year), figures);
        assert!(sum.without_zeros().members[0].figures.0.len() < 6);
    }

    #[test]
    fn three_rows_of_the_later_form_are_one_of_the_earlier_and_not_back() {
        let later = member(
            "乙",
            "2021",
            2020,
            &[
                ("requests.other_correction_lapsed.natural_person", 1),
                ("requests.other_fee_unpaid.natural_person", 2),
                ("requests.other_other.natural_person", 4),
                ("proactive.penalties.decisions", 8),
                ("proactive.normative_documents.issued", 16),
            ],
        );
        let sum = Consolidation { members: vec![later], ..Consolidation::default() };
        let figures = sum.figures(form(2020), 2020);
        assert_eq!(figures.value("requests.other_disposal.natural_person"), Amount::whole(7));
        assert_eq!(figures.value("requests.results_total.total"), Amount::whole(7));
        assert_eq!(figures.value("proactive.penalties.decisions"), Amount::whole(8));
        assert_eq!(figures.value("proactive.normative_documents.made"), Amount::ZERO, "redefined");
        assert_eq!(sum.mixed(form(2020), 2020).len(), 1);

        let earlier = member("丙", "2019", 2021, &[("requests.new_requests.natural_person", 5)]);
        assert_eq!(convert(&earlier.figures, form(2020), form(2021)), None);
        let sum = Consolidation { members: vec![earlier], ..Consolidation::default() };
        assert_eq!(sum.figures(form(2021), 2021).value("requests.new_requests.total"), Amount::ZERO);
        assert_eq!(sum.behind(form(2021), 2021, "requests.new_requests.total").len(), 1, "not added");
    }

    #[test]
    fn a_report_of_another_year_is_not_added_and_a_blank_adds_nothing() {
        let new = ("requests.new_requests.natural_person", 5);
        let mut blank = member("丁", "2021", 2022, &[]);
        blank.figures.0.insert(new.0.into(), None);
        let members = vec![member("甲", "2021", 2021, &[new]), blank];
        let sum = Consolidation { members, ..Consolidation::default() };
        assert_eq!(sum.figures(form(2022), 2022).value(new.0), Amount::ZERO);
        let behind = sum.behind(form(2022), 2022, new.0);
        assert_eq!(
            behind.iter().map(|s| (s.name.as_str(), s.blank)).collect::<Vec<_>>(),
            [(OWN, false), ("丁", true)]
        );
        assert_eq!(sum.mixed(form(2022), 2022).iter().map(|m| m.name.as_str()).collect::<Vec<_>>(), ["甲"]);
    }
}
