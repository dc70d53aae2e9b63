//! The checks of an annual report: findings that name cells, both values and where the rule comes from.
//!
//! Most rules are linear and are data of the form version ([`super::relation`]); the few that are not stand in
//! [`super::rule`]. [`run`] evaluates all of them on whatever is known of a report, in the order of [`RULES`]; a rule
//! whose input is not given is silent. Failing sums are then replaced by their causes where these can be told
//! (`diagnosis`). The ids are those printed in findings and named by waivers.
//!
//! To add a linear rule: one `[[check]]` in the form file. Any other: one entry in [`super::rule::SPECIALS`]. The
//! rules on what the text says in figures read it once and stand in [`super::statement`].

use super::consolidation::Consolidation;
use super::diagnosis;
use super::part::{Part, Scope};
use super::published::{Place, Published};
use super::rule::SPECIALS;
use super::rule::similarity::masked;
pub use super::settings::Settings;
use super::settings::{PARAMETERS, Parameter, STATUTORY};
use super::statement;
use super::{Amount, Figures, Form};
use crate::docket::unit::{Level, UnitKind};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Blocks publication.
    Error,
    /// Needs an explanation.
    Warning,
    /// Worth knowing.
    Info,
}

impl Severity {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Severity::Error => "错误",
            Severity::Warning => "预警",
            Severity::Info => "提示",
        }
    }
}

/// What a finding says about the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It cannot be true under any accepted reading.
    #[default]
    Fail,
    /// It is true under one accepted reading, or its scope is unclear.
    Review,
    /// Data is missing.
    NotAssessable,
}

impl Verdict {
    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Verdict::Fail => "不符",
            Verdict::Review => "待核",
            Verdict::NotAssessable => "无法核对",
        }
    }
}

/// Characters of a sentence that tell a finding about it from others.
const KEY_WORDS: usize = 60;

/// What a rule found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// Rule id, for example `T3-B`.
    pub id: String,
    /// How grave.
    pub severity: Severity,
    /// What it means.
    #[serde(default)]
    pub verdict: Verdict,
    /// Cells concerned, the first one leading.
    pub cells: Vec<String>,
    /// One Chinese sentence with both values.
    pub message: String,
    /// Where the rule comes from.
    #[serde(default)]
    pub citation: String,
    /// The words of the report it is about, if it is about text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quote: Option<String>,
    /// Where these words stand in a report that was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<Place>,
    /// What to write instead, if there is a best answer: a wording, or a figure that satisfies every equation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<String>,
}

impl Finding {
    /// The name that a waiver or a settlement uses: rule id, cells, and the words it is about. The same finding has the
    /// same key tomorrow, whatever its figures; another sentence, even about the same cell, has another.
    pub fn key(&self) -> String {
        let cells = self.cells.join("+");
        let words = match &self.quote {
            Some(quote) => quote.as_str(),
            None if self.cells.is_empty() => &self.message,
            None => return format!("{}:{cells}", self.id),
        };
        let words: String = masked(words, &[]).chars().take(KEY_WORDS).collect();
        format!("{}:{cells}“{words}”", self.id)
    }

    /// True if it blocks publication unless waived: an error that fails.
    pub fn blocks(&self) -> bool {
        self.severity == Severity::Error && self.verdict == Verdict::Fail
    }
}

/// A rule as lists and documents show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rule {
    /// Rule id.
    pub id: String,
    /// Version, from 1.
    pub version: u32,
    /// Form versions it applies to.
    pub forms: Vec<String>,
    /// Gravest severity it can have.
    pub severity: Severity,
    /// Title.
    pub title: String,
    /// Where it comes from.
    pub citation: String,
    /// False if no recorded reason opens the way to publication.
    pub waivable: bool,
    /// First report year, and last one if a later form has no such rule.
    pub years: (i16, Option<i16>),
    /// True if a tolerance may be set: it compares sums.
    pub tolerant: bool,
    /// Numbers that may be set.
    pub parameters: Vec<Parameter>,
}

/// The years of forms.
fn years(forms: &[String]) -> (i16, Option<i16>) {
    let forms: Vec<&Form> = forms.iter().filter_map(|id| Form::by_id(id)).collect();
    let first = forms.iter().map(|f| f.from_year).min().unwrap_or(i16::MAX);
    let open = forms.iter().any(|f| f.through_year.is_none());
    (first, if open { None } else { forms.iter().filter_map(|f| f.through_year).max() })
}

/// Every rule, in the order in which findings are listed.
pub static RULES: LazyLock<Vec<Rule>> = LazyLock::new(|| {
    let mut rules: Vec<Rule> = Vec::new();
    for form in Form::all() {
        for r in &form.checks {
            match rules.iter_mut().find(|known| known.id == r.id) {
                Some(known) => {
                    known.severity = known.severity.min(r.severity);
                    known.waivable &= r.waivable;
                    if !known.forms.contains(&form.id) {
                        known.forms.push(form.id.clone());
                    }
                }
                None => rules.push(Rule {
                    id: r.id.clone(),
                    version: r.version,
                    forms: vec![form.id.clone()],
                    severity: r.severity,
                    title: r.title.clone(),
                    citation: r.cite.clone(),
                    waivable: r.waivable,
                    years: (i16::MAX, None),
                    tolerant: r.is_tolerant(),
                    parameters: vec![],
                }),
            }
        }
    }
    rules.push(diagnosis::rule());
    for s in SPECIALS {
        rules.push(Rule {
            id: s.id.into(),
            version: s.version,
            forms: s.forms.iter().map(|f| (*f).to_owned()).collect(),
            severity: s.severity,
            title: s.title.into(),
            citation: s.citation.into(),
            waivable: s.waivable,
            years: (i16::MAX, None),
            tolerant: false,
            parameters: vec![],
        });
    }
    for s in statement::RULES {
        rules.push(Rule {
            id: s.id.into(),
            version: 1,
            forms: Form::all().iter().map(|f| f.id.clone()).collect(),
            severity: s.severity,
            title: s.title.into(),
            citation: s.citation.into(),
            waivable: true,
            years: (i16::MAX, None),
            tolerant: false,
            parameters: vec![],
        });
    }
    for rule in &mut rules {
        rule.years = years(&rule.forms);
        rule.parameters = PARAMETERS.iter().filter(|p| p.rule == rule.id).cloned().collect();
    }
    rules
});

/// The rule with this id.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().find(|r| r.id == id)
}

/// Last year's report.
#[derive(Debug, Clone, Copy)]
pub struct Previous<'a> {
    /// Its form.
    pub form: &'a Form,
    /// Its year.
    pub year: i16,
    /// Its figures.
    pub figures: &'a Figures,
    /// Whose it is.
    pub organization: Option<&'a str>,
    /// Its scope.
    pub scope: Option<Scope>,
    /// Its text.
    pub texts: Option<&'a BTreeMap<Part, String>>,
}

impl<'a> Previous<'a> {
    /// Figures of a year, nothing else known.
    pub fn new(form: &'a Form, year: i16, figures: &'a Figures) -> Self {
        Previous { form, year, figures, organization: None, scope: None, texts: None }
    }
}

/// The library of documents at the end of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Library {
    /// 规章 in force.
    pub rules: Amount,
    /// 行政规范性文件 in force.
    pub normative_documents: Amount,
}

/// What is known of a report. Only form, year and figures are needed; what is not given is not checked.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// Form version.
    pub form: &'a Form,
    /// Report year.
    pub year: i16,
    /// The figures as reported.
    pub figures: &'a Figures,
    /// Whose report it is.
    pub organization: Option<&'a str>,
    /// Its scope.
    pub scope: Option<Scope>,
    /// Last year's report.
    pub previous: Option<Previous<'a>>,
    /// The figures counted again from the unit's own registers.
    pub recount: Option<&'a Figures>,
    /// The figures of another filing of the same report.
    pub other_filing: Option<&'a Figures>,
    /// Level and kind of the unit.
    pub unit: Option<(Level, UnitKind)>,
    /// The library of documents.
    pub library: Option<Library>,
    /// Facts of the year.
    pub facts: Option<&'a BTreeMap<String, Amount>>,
    /// The text, with or without live references.
    pub texts: Option<&'a BTreeMap<Part, String>>,
    /// The report as it was read from a file, if it was.
    pub published: Option<&'a Published>,
    /// What the place changes of the rules.
    pub settings: &'a Settings,
    /// The reports that a government's report adds up.
    pub consolidation: Option<&'a Consolidation>,
}

impl<'a> Input<'a> {
    /// Figures of a year, nothing else known.
    pub fn new(form: &'a Form, year: i16, figures: &'a Figures) -> Self {
        Input {
            form,
            year,
            figures,
            organization: None,
            scope: None,
            previous: None,
            recount: None,
            other_filing: None,
            unit: None,
            library: None,
            facts: None,
            texts: None,
            published: None,
            settings: &STATUTORY,
            consolidation: None,
        }
    }

    /// True if the text is known and contains the word.
    pub(super) fn says(&self, word: &str) -> bool {
        self.texts.is_some_and(|texts| texts.values().any(|t| t.contains(word)))
    }
}

/// Runs every rule of the report's form. The order is that of [`RULES`], within a rule that of the printed form.
pub fn run(input: &Input<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    for relation in input.form.checks.iter().filter(|r| input.settings.asks(&r.id)) {
        relation.run(input, &mut found);
    }
    let form = input.form.id.as_str();
    for special in SPECIALS.iter().filter(|s| s.forms.contains(&form) && input.settings.asks(s.id)) {
        for f in (special.check)(input) {
            found.push(Finding {
                id: special.id.into(),
                severity: input.settings.severity(special.id, f.severity.unwrap_or(special.severity)),
                verdict: f.verdict,
                cells: f.cells,
                message: f.message,
                citation: input.settings.citation(special.id, special.citation),
                quote: f.quote,
                place: f.place,
                suggestion: f.suggestion,
            });
        }
    }
    for (id, f) in statement::run(input).into_iter().filter(|(id, _)| input.settings.asks(id)) {
        let Some(rule) = rule(id) else { continue };
        found.push(Finding {
            id: id.into(),
            severity: input.settings.severity(id, f.severity.unwrap_or(rule.severity)),
            verdict: f.verdict,
            cells: f.cells,
            message: f.message,
            citation: input.settings.citation(id, &rule.citation),
            quote: f.quote,
            place: f.place,
            suggestion: f.suggestion,
        });
    }
    if totals_left_out(input) {
        found.retain(|f| !(f.id == "T3-V" && f.cells.iter().any(|c| c == "requests.results_total.total")));
    }
    // What one accepted reading makes true, or what cannot be compared, is no error.
    for finding in found.iter_mut().filter(|f| f.verdict != Verdict::Fail) {
        finding.severity = finding.severity.max(Severity::Warning);
    }
    diagnosis::explain(input, &mut found);
    let place = |id: &str| RULES.iter().position(|r| r.id == id);
    found.sort_by_key(|f| place(&f.id));
    found
}

/// True if several results have figures and none of them a total: then the column of totals was not filled in, and its sum
/// proves nothing. One total that is blank is a slip.
fn totals_left_out(input: &Input<'_>) -> bool {
    let mut rows = 0;
    for row in input.form.result_rows() {
        let of = |column: &str| input.figures.get(&format!("requests.{}.{column}", row.id));
        if of("total").is_some() {
            return false;
        }
        let columns = input.form.requests.columns.iter();
        rows += usize::from(columns.into_iter().any(|c| of(&c.id).is_some_and(|v| !v.is_zero())));
    }
    rows > 1
}

#[cfg(test)]
#[path = "check_tests.rs"]
mod tests;
