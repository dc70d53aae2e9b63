//! What a place changes of the checks: a rule off, graver or milder, a tolerance, other numbers, rows of its own.
//!
//! The default changes nothing and is what the law and the forms say. A setting is data (for example a TOML file of a
//! city); [`Settings::problems`] says what is wrong with it before it is used. A rule no reason opens the way past (the
//! printed sums, the form of the year) is the same everywhere: settings for it are refused, and not followed if they are
//! given all the same. The numbers that may be set stand in `data/rule_parameters.toml`.

use super::Amount;
use super::check::{Severity, rule};
use super::published::TableName;
use super::rule::{bare, ordinal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// A number of a rule that may be set.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// The rule.
    pub rule: String,
    /// Name within the rule.
    pub name: String,
    /// Chinese name with unit.
    pub label: String,
    /// Default.
    pub value: i64,
    /// Least value.
    pub least: i64,
    /// Greatest value.
    pub most: i64,
    /// True for a day of the year, written as month and day in one number; 0 is none.
    #[serde(default)]
    pub day: bool,
}

impl Parameter {
    /// A value as people read it: `25`, `1月28日`, `未规定`.
    pub fn print(&self, value: i64) -> String {
        match value {
            0 if self.day => "未规定".to_owned(),
            _ if self.day => format!("{}月{}日", value / 100, value % 100),
            _ => value.to_string(),
        }
    }

    /// The value that people mean: what [`Parameter::print`] gives, a plain number, `1-28`.
    pub fn parse(&self, text: &str) -> Option<i64> {
        let text = text.trim();
        if !self.day {
            return text.parse().ok();
        }
        if text == "未规定" {
            return Some(0);
        }
        let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|n| !n.is_empty());
        let first: i64 = numbers.next()?.parse().ok()?;
        match (numbers.next(), numbers.next()) {
            (None, _) => Some(first),
            (Some(day), None) => {
                let day: i64 = day.parse().ok().filter(|d| (1..=31).contains(d))?;
                (1..=12).contains(&first).then_some(first * 100 + day)
            }
            (Some(_), Some(_)) => None,
        }
    }

    /// The bounds as a sentence says them: `应当在1至100之间`.
    pub fn bounds(&self) -> String {
        match self.least {
            0 if self.day => format!("不得晚于{}", self.print(self.most)),
            _ => format!("应当在{}至{}之间", self.print(self.least), self.print(self.most)),
        }
    }

    /// True for a value within the bounds; of days, one that there is.
    fn allows(&self, value: i64) -> bool {
        (self.least..=self.most).contains(&value) && (!self.day || is_day(value))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Parameters {
    parameter: Vec<Parameter>,
}

/// Every number that may be set.
pub static PARAMETERS: LazyLock<Vec<Parameter>> =
    LazyLock::new(|| match toml::from_str::<Parameters>(include_str!("../../data/rule_parameters.toml")) {
        Ok(all) => all.parameter,
        // The tests parse the embedded file, so this cannot be reached in a build that passed them.
        Err(e) => unreachable!("rule_parameters.toml: {e}"),
    });

/// The number of a rule with this name.
pub fn parameter(rule: &str, name: &str) -> Option<&'static Parameter> {
    PARAMETERS.iter().find(|p| p.rule == rule && p.name == name)
}

/// What is changed of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Override {
    /// True if the rule is not asked.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub off: bool,
    /// How grave its gravest findings are; milder ones become no graver.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<Severity>,
    /// A linear rule holds if its sums differ by no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tolerance: Option<Amount>,
    /// The local document behind it; findings cite it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
    /// Other numbers, by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, i64>,
}

/// A row that a local form has beyond the national one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExtraRow {
    /// The table.
    pub table: TableName,
    /// Its label; ordinals, blanks and punctuation do not count.
    pub label: String,
    /// The local document that asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

impl ExtraRow {
    /// True for the same row of the same table, however its label is written.
    pub fn is(&self, table: TableName, label: &str) -> bool {
        let words = |text: &str| bare(&ordinal(text).1);
        self.table == table && words(&self.label) == words(label)
    }
}

/// What a place changes of the checks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Changed rules by id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub rules: BTreeMap<String, Override>,
    /// Rows of the local form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra_rows: Vec<ExtraRow>,
}

/// Nothing is changed.
pub static STATUTORY: Settings = Settings { rules: BTreeMap::new(), extra_rows: Vec::new() };

impl Settings {
    /// Reads settings from TOML, whether they can be followed or not.
    ///
    /// # Errors
    /// One Chinese sentence where it is not TOML, or not of settings.
    pub fn read(text: &str) -> Result<Settings, String> {
        let text = text.trim_start_matches('\u{feff}');
        toml::from_str(text).map_err(|e| format!("规则设置无法读取：{}", e.message()))
    }

    /// Reads settings from TOML.
    ///
    /// # Errors
    /// One Chinese sentence each for all that is wrong.
    pub fn parse(text: &str) -> Result<Settings, Vec<String>> {
        let settings = Settings::read(text).map_err(|e| vec![e])?;
        match settings.problems() {
            none if none.is_empty() => Ok(settings),
            problems => Err(problems),
        }
    }

    /// The settings as the TOML that [`Settings::parse`] reads.
    pub fn to_toml(&self) -> String {
        // Strings, numbers and tables only: every value has a form in TOML, which the tests try.
        toml::to_string(self).unwrap_or_default()
    }

    /// True if nothing is changed.
    pub fn is_statutory(&self) -> bool {
        *self == STATUTORY
    }

    /// Everything that cannot be followed, one Chinese sentence each.
    pub fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        for (id, change) in &self.rules {
            let Some(known) = rule(id) else {
                problems.push(format!("没有编号为{id}的规则，请核对编号"));
                continue;
            };
            let milder = change.severity.is_some_and(|s| s > known.severity);
            let loosened = change.off || milder || change.tolerance.is_some();
            if !known.waivable && loosened {
                problems.push(format!(
                    "规则{id}（{}）不得停用、降低等级或者设置容差，请删除该项设置",
                    known.title
                ));
            }
            if change.tolerance.is_some_and(|t| t < Amount::ZERO) {
                problems.push(format!("规则{id}的容差不能小于0"));
            }
            if change.tolerance.is_some() && !known.tolerant {
                problems.push(format!("规则{id}不是数值比较，不能设置容差"));
            }
            for (name, value) in &change.parameters {
                match parameter(id, name) {
                    None => problems.push(format!("规则{id}没有名为{name}的参数")),
                    Some(p) if !(p.least..=p.most).contains(value) => {
                        problems.push(format!("规则{id}的“{}”为{}，{}", p.label, p.print(*value), p.bounds()))
                    }
                    Some(p) if !p.allows(*value) => {
                        problems.push(format!("规则{id}的“{}”为{}，没有这一天", p.label, p.print(*value)));
                    }
                    Some(_) => {}
                }
            }
        }
        for row in self.extra_rows.iter().filter(|r| r.label.trim().is_empty()) {
            problems.push(format!("{}增加的行没有写明标题", row.table.label()));
        }
        problems
    }

    /// What is changed of a rule. A rule that holds everywhere is not changed.
    fn of(&self, id: &str) -> Option<&Override> {
        let change = self.rules.get(id)?;
        rule(id).is_some_and(|r| r.waivable).then_some(change)
    }

    /// True if the rule is asked.
    pub fn asks(&self, id: &str) -> bool {
        self.of(id).is_none_or(|o| !o.off)
    }

    /// How grave a finding is that by itself is `own`.
    pub fn severity(&self, id: &str, own: Severity) -> Severity {
        let changed = self.of(id).and_then(|o| o.severity).zip(rule(id));
        match changed {
            Some((severity, r)) if own == r.severity => severity,
            Some((severity, _)) => own.max(severity),
            None => own,
        }
    }

    /// By how much the sums of a rule may differ.
    pub fn tolerance(&self, id: &str) -> Amount {
        self.of(id).and_then(|o| o.tolerance).unwrap_or_default().max(Amount::ZERO)
    }

    /// A number of a rule; 0 if the rule has no number of this name. Values out of bounds are not followed.
    pub fn parameter(&self, id: &str, name: &str) -> i64 {
        let Some(p) = parameter(id, name) else { return 0 };
        let set = self.of(id).and_then(|o| o.parameters.get(name)).copied();
        set.filter(|n| (p.least..=p.most).contains(n)).unwrap_or(p.value)
    }

    /// The source of a rule with the local document behind its change.
    pub fn citation(&self, id: &str, own: &str) -> String {
        match self.of(id).and_then(|o| o.basis.as_deref()).map(str::trim).filter(|b| !b.is_empty()) {
            Some(basis) => format!("{own}；{basis}"),
            None => own.to_owned(),
        }
    }
}

/// True for month and day as one number, or 0 for none.
fn is_day(value: i64) -> bool {
    let (Ok(month), Ok(day)) = (i8::try_from(value / 100), i8::try_from(value % 100)) else { return false };
    value == 0 || jiff::civil::Date::new(2023, month, day).is_ok()
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
