//! Counting: from tallies to the figures of a form.

use super::{Amount, Figures, Form, FormError, fact};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::LazyLock;

/// One thing a cell is made of: the register and event behind the figure.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Source {
    /// Tally key.
    pub key: String,
    /// True if it counts negatively.
    pub negative: bool,
    /// `None` for the flow of the report year; `Some(n)` for the stock at the end of report year + n.
    pub through: Option<i16>,
}

/// How a cell gets its figure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Parts {
    /// The sum of other cells.
    Sum(Vec<String>),
    /// Counted from tallies.
    Tallies(Vec<Source>),
}

/// The tallies of one or more units, by key and year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ledger(HashMap<String, BTreeMap<i16, i64>>);

impl Ledger {
    /// Adds `n` millionths of `key` in `year`.
    pub fn add(&mut self, year: i16, key: &str, n: i64) {
        if !self.0.contains_key(key) {
            self.0.insert(key.to_owned(), BTreeMap::new());
        }
        if let Some(years) = self.0.get_mut(key) {
            *years.entry(year).or_default() += n;
        }
    }

    /// The flow of one year.
    pub fn flow(&self, key: &str, year: i16) -> Amount {
        Amount::from_micros(self.0.get(key).and_then(|y| y.get(&year)).copied().unwrap_or_default())
    }

    /// Everything up to the end of a year.
    pub fn stock(&self, key: &str, through: i16) -> Amount {
        Amount::from_micros(self.0.get(key).map_or(0, |y| y.range(..=through).map(|(_, n)| n).sum()))
    }

    /// True if there is data: registers kept here always have it, an entered figure only if somebody entered it. A zero
    /// that was entered is not the same as nothing entered.
    pub fn has(&self, key: &str, year: i16) -> bool {
        match key.strip_prefix("figure.") {
            Some(figure) => !self.flow(&format!("entered.{figure}"), year).is_zero(),
            None => true,
        }
    }

    fn of(&self, source: &Source, year: i16) -> Amount {
        let n = match source.through {
            None => self.flow(&source.key, year),
            Some(offset) => self.stock(&source.key, year + offset),
        };
        if source.negative { -n } else { n }
    }
}

/// The keys of which a form or a fact wants the stock, all years together; of every other key a report wants the flow of
/// its year and of the year before.
pub fn stock_keys() -> &'static BTreeSet<String> {
    static KEYS: LazyLock<BTreeSet<String>> = LazyLock::new(|| {
        let parts = Form::all().iter().flat_map(|form| form.part_list().values());
        let counted = parts.flat_map(|parts| match parts {
            Parts::Sum(_) => &[],
            Parts::Tallies(sources) => sources.as_slice(),
        });
        let cells = counted.filter(|source| source.through.is_some()).map(|source| source.key.clone());
        let facts = fact::Registry::builtin().facts.iter().filter_map(|f| f.formula());
        let quoted = facts.flat_map(|formula| match formula {
            fact::Formula::Stock(keys) => keys.to_vec(),
            _ => Vec::new(),
        });
        cells.chain(quoted).collect()
    });
    &KEYS
}

/// The three words of a cell id.
pub fn words(cell: &str) -> Option<[&str; 3]> {
    let mut it = cell.split('.');
    match (it.next(), it.next(), it.next(), it.next()) {
        (Some(a), Some(b), Some(c), None) => Some([a, b, c]),
        _ => None,
    }
}

/// True if the cell fits a pattern in which `*` stands for any word.
pub fn fits(pattern: &str, cell: &str) -> bool {
    match (words(pattern), words(cell)) {
        (Some(p), Some(c)) => p.iter().zip(c).all(|(p, c)| *p == "*" || *p == c),
        _ => false,
    }
}

/// Replaces `{row}`, `{block}` and `{column}` by the words of the cell.
pub(super) fn fill(template: &str, cell: &str) -> String {
    match words(cell) {
        Some([_, row, column]) => {
            template.replace("{row}", row).replace("{block}", row).replace("{column}", column)
        }
        None => template.to_owned(),
    }
}

impl Form {
    /// How a cell gets its figure; `None` for a cell this form does not have.
    pub fn parts(&self, cell: &str) -> Option<&Parts> {
        self.part_list().get(cell)
    }

    pub(super) fn work_out_parts(&self, cell: &str) -> Option<Parts> {
        if let Some(total) = self.totals.iter().find(|t| fits(&t.cell, cell)) {
            return Some(Parts::Sum(total.sum.iter().map(|p| fill(p, cell)).collect()));
        }
        let count = self.counts.iter().find(|c| fits(&c.cell, cell))?;
        let source = |key: &String, through| {
            let key = fill(key, cell);
            match key.strip_prefix('-') {
                Some(rest) => Source { key: rest.to_owned(), negative: true, through },
                None => Source { key, negative: false, through },
            }
        };
        let flows = count.flow.iter().map(|k| source(k, None));
        let stocks = count.stock.iter().map(|k| source(k, Some(count.through)));
        Some(Parts::Tallies(flows.chain(stocks).collect()))
    }

    /// Everything behind a cell, totals resolved: for the drill-down to the records.
    pub fn sources(&self, cell: &str) -> Result<Vec<Source>, FormError> {
        self.cell(cell)?;
        let mut found = Vec::new();
        self.collect_sources(cell, &mut found);
        found.sort();
        found.dedup();
        Ok(found)
    }

    fn collect_sources(&self, cell: &str, found: &mut Vec<Source>) {
        match self.parts(cell) {
            Some(Parts::Sum(parts)) => parts.iter().for_each(|p| self.collect_sources(p, found)),
            Some(Parts::Tallies(sources)) => found.extend(sources.iter().cloned()),
            None => {}
        }
    }

    /// The figures of a report year from the tallies of its units. Every cell has a value.
    pub fn count(&self, ledger: &Ledger, year: i16) -> Figures {
        let mut figures = Figures::default();
        for cell in self.cell_list() {
            figures.set(cell.id.as_str(), self.count_cell(&cell.id, ledger, year));
        }
        figures
    }

    fn count_cell(&self, cell: &str, ledger: &Ledger, year: i16) -> Amount {
        match self.parts(cell) {
            Some(Parts::Sum(parts)) => parts.iter().map(|p| self.count_cell(p, ledger, year)).sum(),
            Some(Parts::Tallies(sources)) => sources.iter().map(|s| ledger.of(s, year)).sum(),
            None => Amount::ZERO,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(ledger: &mut Ledger, year: i16, key: &str, n: i64) {
        ledger.add(year, key, Amount::whole(n).micros());
    }

    #[test]
    fn an_open_request_is_carried_over_and_the_result_counts_in_its_year() {
        let mut ledger = Ledger::default();
        one(&mut ledger, 2020, "request.received.natural_person", 1);
        one(&mut ledger, 2020, "request.open.natural_person", 1);
        one(&mut ledger, 2022, "request.open.natural_person", -1);
        one(&mut ledger, 2022, "request.result.granted.natural_person", 1);
        let at = |year: i16, cell: &str| {
            Form::for_year(year).unwrap().count(&ledger, year).value(cell).to_string()
        };
        assert_eq!(at(2020, "requests.new_requests.total"), "1");
        assert_eq!(at(2020, "requests.carried_over_out.total"), "1");
        assert_eq!(at(2021, "requests.carried_over_in.natural_person"), "1");
        assert_eq!(at(2021, "requests.carried_over_out.natural_person"), "1");
        assert_eq!(at(2021, "requests.new_requests.total"), "0");
        assert_eq!(at(2022, "requests.carried_over_in.total"), "1");
        assert_eq!(at(2022, "requests.granted.total"), "1");
        assert_eq!(at(2022, "requests.results_total.total"), "1");
        assert_eq!(at(2022, "requests.carried_over_out.total"), "0");
    }

    #[test]
    fn three_rows_of_2021_are_one_row_of_2019() {
        let form = Form::for_year(2020).unwrap();
        let keys: Vec<String> =
            form.sources("requests.other_disposal.other_org").unwrap().into_iter().map(|s| s.key).collect();
        assert_eq!(
            keys,
            [
                "request.result.other_correction_lapsed.other_org",
                "request.result.other_fee_unpaid.other_org",
                "request.result.other_other.other_org"
            ]
        );
    }

    #[test]
    fn stocks_are_what_is_open_or_in_force() {
        let keys = stock_keys();
        assert!(keys.contains("request.open.natural_person") && keys.contains("document.rule.in_force"));
        assert!(
            keys.iter().all(|k| k.contains(".open") || k.ends_with(".in_force") || k.ends_with(".public")),
            "{keys:?}"
        );
    }

    #[test]
    fn an_unknown_cell_is_an_error() {
        let form = Form::for_year(2021).unwrap();
        assert!(form.sources("requests.other_disposal.total").is_err());
        assert!(form.sources("nonsense").is_err());
    }
}
