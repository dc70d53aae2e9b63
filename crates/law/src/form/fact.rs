//! Named figures for the text of a report, and the keys under which figures are entered.
//!
//! `data/facts.toml` lists both. A [`FigureKey`] is what an officer may enter when no register of this system counts it;
//! a [`Fact`] is what the text may quote as `{{hotline.received}}`. A fact has one [`Formula`] over tallies, other facts
//! and cells, so every quoted figure opens the records behind it ([`sources`]).
//!
//! To add a figure or a fact: one entry in that file.

use super::count::{Ledger, Source};
use super::narrative::Reference;
use super::{Figures, Form};
use crate::Amount;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

/// Printed in place of a fact that has no data, so that a draft shows where data is missing.
pub const NO_DATA: &str = "（暂无数据：";

/// A figure that may be entered.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FigureKey {
    /// Key; its tally is `figure.KEY`.
    pub key: String,
    /// Chinese name.
    pub label: String,
    /// Unit in which it is kept.
    pub measure: String,
    /// True if a decrease may be entered as a negative figure.
    #[serde(default)]
    pub signed: bool,
    /// Form versions with a cell that counts it; empty if only the text uses it.
    pub forms: Vec<String>,
}

impl FigureKey {
    /// True for sums of money, which may have decimals.
    pub fn is_money(&self) -> bool {
        matches!(self.measure.as_str(), "元" | "万元")
    }

    /// The tally its entries count in.
    pub fn tally(&self) -> String {
        format!("figure.{}", self.key)
    }
}

/// How a fact is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Formula<'a> {
    /// Tallies of the year.
    Flow(&'a [String]),
    /// Tallies of all years up to the end of the year.
    Stock(&'a [String]),
    /// Facts and cells; a leading `-` subtracts.
    Sum(&'a [String]),
    /// A fact divided by the working days of the year.
    PerWorkingDay(&'a str),
    /// The working days of the year.
    WorkingDays,
}

/// A figure the text may quote.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Name in the text.
    pub id: String,
    /// Chinese name.
    pub label: String,
    /// Unit.
    pub measure: String,
    /// Register that keeps the records behind it.
    pub register: String,
    #[serde(default)]
    flow: Vec<String>,
    #[serde(default)]
    stock: Vec<String>,
    #[serde(default)]
    sum: Vec<String>,
    per_working_day: Option<String>,
    #[serde(default)]
    working_days: bool,
    /// Decimals of a quotient.
    #[serde(default)]
    pub decimals: u32,
}

impl Fact {
    /// Its formula; `None` if the entry has none or several, which [`Registry::parse`] refuses.
    pub fn formula(&self) -> Option<Formula<'_>> {
        let mut found = Vec::new();
        if !self.flow.is_empty() {
            found.push(Formula::Flow(&self.flow));
        }
        if !self.stock.is_empty() {
            found.push(Formula::Stock(&self.stock));
        }
        if !self.sum.is_empty() {
            found.push(Formula::Sum(&self.sum));
        }
        if let Some(of) = &self.per_working_day {
            found.push(Formula::PerWorkingDay(of));
        }
        if self.working_days {
            found.push(Formula::WorkingDays);
        }
        if found.len() == 1 { found.pop() } else { None }
    }
}

/// All figure keys and facts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Registry {
    /// What may be entered.
    #[serde(rename = "figure")]
    pub figures: Vec<FigureKey>,
    /// What the text may quote.
    #[serde(rename = "fact")]
    pub facts: Vec<Fact>,
}

/// The file of figures and facts cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegistryError(pub String);

impl fmt::Display for RegistryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "指标文件无法使用：{}", self.0)
    }
}

impl std::error::Error for RegistryError {}

static BUILTIN: LazyLock<Registry> =
    LazyLock::new(|| match Registry::parse(include_str!("../../data/facts.toml")) {
        Ok(registry) => registry,
        // The tests parse the embedded file, so this cannot be reached in a build that passed them.
        Err(e) => unreachable!("facts.toml: {e}"),
    });

impl Registry {
    /// The registry of this build.
    pub fn builtin() -> &'static Registry {
        &BUILTIN
    }

    /// Reads a registry: names are unique, every fact has one formula over facts above it or cells of a known form.
    pub fn parse(text: &str) -> Result<Registry, RegistryError> {
        let registry: Registry = toml::from_str(text).map_err(|e| RegistryError(e.to_string()))?;
        let mut seen = std::collections::BTreeSet::new();
        for key in &registry.figures {
            if !seen.insert(key.key.as_str()) {
                return Err(RegistryError(format!("指标{}重复", key.key)));
            }
        }
        for (at, fact) in registry.facts.iter().enumerate() {
            let above = &registry.facts[..at];
            if above.iter().any(|f| f.id == fact.id) {
                return Err(RegistryError(format!("指标{}重复", fact.id)));
            }
            let parts: Vec<&str> = match fact.formula() {
                None => return Err(RegistryError(format!("指标{}应当有且只有一个算式", fact.id))),
                Some(Formula::Sum(parts)) => parts.iter().map(|p| p.trim_start_matches('-')).collect(),
                Some(Formula::PerWorkingDay(of)) => vec![of],
                Some(_) => vec![],
            };
            for part in parts {
                let known =
                    above.iter().any(|f| f.id == part) || Form::all().iter().any(|f| f.cell(part).is_ok());
                if !known {
                    return Err(RegistryError(format!("指标{}引用的{part}不存在", fact.id)));
                }
            }
        }
        Ok(registry)
    }

    /// The figure with this key.
    pub fn figure(&self, key: &str) -> Option<&FigureKey> {
        self.figures.iter().find(|f| f.key == key)
    }

    /// The fact with this id.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.facts.iter().find(|f| f.id == id)
    }
}

/// All facts of a report year that have data.
///
/// `figures` are those of `form` for the same year. `working_days` is the number of working days of the year, `None`
/// while its calendar is not published; facts that need it are then absent.
pub fn facts(
    ledger: &Ledger,
    form: &Form,
    figures: &Figures,
    year: i16,
    working_days: Option<u32>,
) -> BTreeMap<String, Amount> {
    let mut known: BTreeMap<String, Amount> = BTreeMap::new();
    for fact in &Registry::builtin().facts {
        let value = match fact.formula() {
            Some(Formula::Flow(keys)) => keys
                .iter()
                .any(|k| ledger.has(k, year))
                .then(|| keys.iter().map(|k| ledger.flow(k, year)).sum::<Amount>()),
            // Nothing on hand is a statement that holds without an entry in the year.
            Some(Formula::Stock(keys)) => Some(keys.iter().map(|k| ledger.stock(k, year)).sum()),
            Some(Formula::Sum(parts)) => parts
                .iter()
                .map(|part| {
                    let name = part.trim_start_matches('-');
                    let value = known.get(name).copied().or_else(|| figures.get(name));
                    value.map(|v| if part.starts_with('-') { -v } else { v })
                })
                .sum::<Option<Amount>>(),
            Some(Formula::PerWorkingDay(of)) => known
                .get(of)
                .zip(working_days)
                .and_then(|(v, days)| v.divided_by(i64::from(days), fact.decimals)),
            Some(Formula::WorkingDays) => working_days.map(|d| Amount::whole(i64::from(d))),
            None => None,
        };
        if let Some(value) = value {
            known.insert(fact.id.clone(), value);
        }
    }
    // A form without the cell has no such fact, whatever the figures hold.
    known.retain(|id, _| exists(form, id));
    known
}

fn exists(form: &Form, id: &str) -> bool {
    let registry = Registry::builtin();
    match registry.fact(id).and_then(Fact::formula) {
        Some(Formula::Sum(parts)) => parts.iter().all(|part| {
            let name = part.trim_start_matches('-');
            exists(form, name) || form.cell(name).is_ok()
        }),
        Some(Formula::PerWorkingDay(of)) => exists(form, of),
        Some(Formula::Flow(_) | Formula::Stock(_) | Formula::WorkingDays) => true,
        None => false,
    }
}

/// True if the text of a report on this form may quote the name: a fact or a cell of the form.
pub fn known(form: &Form, name: &str) -> bool {
    exists(form, name) || form.cell(name).is_ok()
}

/// What is printed for a reference: the figure, [`NO_DATA`] where it is absent, `None` if the name is unknown.
///
/// Meant for [`super::narrative::render`]; [`super::check`] reports absent figures as errors.
pub fn print(
    form: &Form,
    reference: &Reference<'_>,
    facts: &BTreeMap<String, Amount>,
    figures: &Figures,
) -> Option<String> {
    if !known(form, reference.name) {
        return None;
    }
    let value = facts.get(reference.name).copied().or_else(|| figures.get(reference.name));
    let rounded = match (value, reference.decimals) {
        (Some(v), Some(places)) => v.divided_by(1, places),
        (v, _) => v,
    };
    Some(rounded.map_or_else(|| format!("{NO_DATA}{}）", label(form, reference.name)), |v| v.to_string()))
}

/// The Chinese name of a fact or cell.
pub fn label(form: &Form, name: &str) -> String {
    Registry::builtin().fact(name).map_or_else(|| form.name_of(name), |f| f.label.clone())
}

/// Everything behind a fact or cell, for the drill-down to the records; empty for an unknown name and for the calendar.
pub fn sources(form: &Form, name: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(form, name, false, &mut found);
    found.sort();
    found.dedup();
    found
}

fn collect(form: &Form, name: &str, negative: bool, found: &mut Vec<Source>) {
    let tally = |key: &String, through| Source { key: key.clone(), negative, through };
    match Registry::builtin().fact(name).and_then(Fact::formula) {
        Some(Formula::Flow(keys)) => found.extend(keys.iter().map(|k| tally(k, None))),
        Some(Formula::Stock(keys)) => found.extend(keys.iter().map(|k| tally(k, Some(0)))),
        Some(Formula::Sum(parts)) => {
            for part in parts {
                let minus = part.starts_with('-');
                collect(form, part.trim_start_matches('-'), negative != minus, found);
            }
        }
        Some(Formula::PerWorkingDay(of)) => collect(form, of, negative, found),
        Some(Formula::WorkingDays) => {}
        None => {
            let cell = form.sources(name).unwrap_or_default();
            found.extend(cell.into_iter().map(|s| Source { negative: s.negative != negative, ..s }));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::count::Parts;

    fn ledger() -> Ledger {
        let mut ledger = Ledger::default();
        let mut enter = |key: &str, n: i64| {
            ledger.add(2020, key, Amount::whole(n).micros());
            if let Some(figure) = key.strip_prefix("figure.") {
                ledger.add(2020, &format!("entered.{figure}"), Amount::whole(1).micros());
            }
        };
        enter("figure.hotline.received", 2629);
        enter("figure.hotline.closed", 2556);
        enter("figure.mailbox.received", 478);
        enter("figure.mailbox.answered", 347);
        enter("figure.proactive.procurement.items", 5);
        enter("figure.proactive.procurement.amount", 390_785);
        enter("document.disclosed.own", 56);
        enter("document.disclosed.for_others", 29);
        enter("document.normative.in_force", 18);
        enter("request.received.legal_service_org", 2);
        enter("figure.fee.collected", 0);
        ledger
    }

    #[test]
    fn facts_of_the_year_are_computed_from_tallies_cells_and_the_calendar() {
        let (form, ledger) = (Form::for_year(2020).unwrap(), ledger());
        let figures = form.count(&ledger, 2020);
        let facts = facts(&ledger, form, &figures, 2020, Some(249));
        let at = |id: &str| facts.get(id).map(Amount::to_string);
        for (id, value) in [
            ("hotline.open", "73"),
            ("hotline.closed_per_working_day", "10.3"),
            ("mailbox.open", "131"),
            ("documents.disclosed_own", "56"),
            ("documents.disclosed_for_government", "29"),
            ("documents.disclosed", "85"),
            ("documents.normative_in_force", "18"),
            ("requests.received", "2"),
            ("requests.from_organizations", "2"),
            ("requests.finished", "0"),
            ("procurement.amount", "390785"),
            ("year.working_days", "249"),
            ("fee.collected", "0"),
        ] {
            assert_eq!(at(id).as_deref(), Some(value), "{id}");
        }
        assert_eq!(at("press_conferences.held"), None, "nothing entered is not zero");
        assert_eq!(at("interpretations.published").as_deref(), Some("0"), "their register is kept here");
        assert_eq!(at("fee.requests").as_deref(), Some("0"), "the register of requests is kept here");
    }

    #[test]
    fn the_next_form_has_no_procurement_and_an_unpublished_year_no_average() {
        let (form, ledger) = (Form::for_year(2021).unwrap(), ledger());
        let facts = facts(&ledger, form, &form.count(&ledger, 2021), 2021, None);
        assert!(!facts.contains_key("procurement.amount") && !known(form, "procurement.amount"));
        assert!(!facts.contains_key("hotline.closed_per_working_day"));
        assert!(!facts.contains_key("hotline.received"), "2020 was entered, 2021 was not");
        assert_eq!(facts["documents.normative_in_force"], Amount::whole(18));
    }

    #[test]
    fn a_fact_opens_the_tallies_behind_it() {
        let form = Form::for_year(2020).unwrap();
        let keys = |name: &str| -> Vec<(String, bool)> {
            sources(form, name).into_iter().map(|s| (s.key, s.negative)).collect()
        };
        assert_eq!(
            keys("hotline.open"),
            [("figure.hotline.closed".to_owned(), true), ("figure.hotline.received".to_owned(), false)]
        );
        assert_eq!(keys("requests.received").len(), 6);
        assert_eq!(
            keys("requests.from_natural_persons"),
            [("request.received.natural_person".to_owned(), false)]
        );
        assert_eq!(sources(form, "documents.normative_in_force")[0].through, Some(0));
        assert!(keys("year.working_days").is_empty() && keys("nobody.knows").is_empty());
    }

    #[test]
    fn a_reference_prints_its_figure_or_says_that_there_is_none() {
        let form = Form::for_year(2020).unwrap();
        let figures = form.count(&ledger(), 2020);
        let facts = facts(&ledger(), form, &figures, 2020, Some(249));
        let say = |name: &str, decimals| print(form, &Reference { name, decimals }, &facts, &figures);
        assert_eq!(say("hotline.closed_per_working_day", Some(0)).as_deref(), Some("10"));
        assert_eq!(say("requests.new_requests.total", None).as_deref(), Some("2"));
        assert_eq!(say("gazette.issues", None).as_deref(), Some("（暂无数据：政府公报期数）"));
        assert_eq!(say("nobody.knows", None), None);
    }

    #[test]
    fn every_figure_the_forms_count_can_be_entered_with_the_measure_of_its_cell() {
        let registry = Registry::builtin();
        let mut counted: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for form in Form::all() {
            for cell in form.cells() {
                let Some(Parts::Tallies(sources)) = form.parts(&cell.id) else { continue };
                for key in sources.iter().filter_map(|s| s.key.strip_prefix("figure.")) {
                    let figure = registry.figure(key).unwrap_or_else(|| panic!("{key}"));
                    assert_eq!(
                        (figure.measure.as_str(), figure.signed),
                        (cell.measure.label(), cell.signed),
                        "{key}"
                    );
                    counted.entry(key.to_owned()).or_default().push(form.id.clone());
                }
            }
        }
        for figure in &registry.figures {
            let forms = counted.get(&figure.key).cloned().unwrap_or_default();
            assert_eq!(figure.forms, forms, "{}", figure.key);
        }
    }

    #[test]
    fn every_entered_figure_of_the_text_is_a_fact() {
        let registry = Registry::builtin();
        for figure in registry.figures.iter().filter(|f| f.forms.is_empty()) {
            let fact = registry.fact(&figure.key).unwrap_or_else(|| panic!("{}", figure.key));
            assert_eq!((&fact.measure, &fact.label), (&figure.measure, &figure.label));
        }
        for fact in &registry.facts {
            for key in sources(Form::for_year(2020).unwrap(), &fact.id) {
                if let Some(figure) = key.key.strip_prefix("figure.") {
                    assert!(registry.figure(figure).is_some(), "{} of {}", key.key, fact.id);
                }
            }
        }
    }

    #[test]
    fn a_registry_with_a_gap_is_refused() {
        let entry = "figure = []\n[[fact]]\nid = \"a.b\"\nlabel = \"\"\nmeasure = \"\"\nregister = \"\"\n";
        let with =
            |rest: &str| Registry::parse(&format!("{entry}{rest}")).map(|_| ()).unwrap_err().to_string();
        assert!(with("").contains("有且只有一个算式"));
        assert!(with("flow = [\"x\"]\nstock = [\"x\"]").contains("有且只有一个算式"));
        assert!(with("sum = [\"c.d\"]").contains("c.d不存在"));
        assert!(with("per_working_day = \"a.b\"").contains("a.b不存在"));
    }
}
