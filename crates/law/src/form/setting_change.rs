//! One change of the settings of the checks that a place keeps: a rule set or restored, a local row added or removed, or
//! all of them replaced.
//!
//! A place keeps only what can be followed, what is not the same everywhere, and what names the document behind it.
//! [`Settings::changed`] gives the settings after a change and says in sentences what it changed.

use super::check::{Rule, rule};
use super::published::TableName;
use super::settings::{ExtraRow, Override, Settings, parameter};
use crate::{Amount, Refusal};
use serde::{Deserialize, Serialize};

/// Characters of the name of a document, and of the label of a row, at most.
const LONGEST: usize = 200;
/// Local rows at most.
const MOST_ROWS: usize = 100;

/// A change of the settings that a place keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum SettingChange {
    /// What is changed of a rule.
    Set {
        /// The rule.
        rule: String,
        /// Everything that is changed of it.
        to: Override,
    },
    /// The rule is as the law and the form say.
    Restore {
        /// The rule.
        rule: String,
    },
    /// A row of the local form.
    AddRow(ExtraRow),
    /// A row that the local form has no more.
    RemoveRow {
        /// The table.
        table: TableName,
        /// Its label.
        label: String,
    },
    /// All of the settings, for example out of a file.
    Replace(Settings),
}

impl Settings {
    /// These settings after a change, and what it changes, one Chinese sentence each.
    ///
    /// # Errors
    /// Every reason why a place may not keep them so; also if nothing is changed.
    pub fn changed(&self, change: &SettingChange) -> Result<(Settings, Vec<String>), Vec<Refusal>> {
        let mut after = self.clone();
        match change {
            SettingChange::Set { rule: id, to } => {
                let to = to.told(id);
                if to.changes_nothing() {
                    after.rules.remove(id);
                } else {
                    after.rules.insert(id.clone(), to);
                }
                // Also one that has no effect is refused where nothing may be set.
                let fixed: Vec<Refusal> = rule(id).and_then(fixed).into_iter().collect();
                if !fixed.is_empty() {
                    return Err(fixed);
                }
            }
            SettingChange::Restore { rule: id } => {
                after.rules.remove(id);
            }
            SettingChange::AddRow(row) => after.extra_rows.push(row.clone()),
            SettingChange::RemoveRow { table, label } => after.extra_rows.retain(|r| !r.is(*table, label)),
            SettingChange::Replace(all) => after = all.clone(),
        }
        let no = after.refusals();
        if !no.is_empty() {
            return Err(no);
        }
        match after.difference(self) {
            none if none.is_empty() => {
                let text = "没有改变任何设置，请修改后再保存";
                Err(vec![Refusal::new("nothing-changed", text, "")])
            }
            said => Ok((after, said)),
        }
    }

    /// Why a place may not keep these settings; empty if it may.
    fn refusals(&self) -> Vec<Refusal> {
        let mut no: Vec<Refusal> = self.rules.keys().filter_map(|id| rule(id).and_then(fixed)).collect();
        let mut open = self.clone();
        open.rules.retain(|id, _| rule(id).is_none_or(|r| r.waivable));
        no.extend(open.problems().into_iter().map(|text| Refusal::new("rule-setting", text, "")));
        for (id, change) in &open.rules {
            let Some(known) = rule(id) else { continue };
            if change.told(id).changes_nothing() {
                let text = format!("规则{id}（{}）的设置与法定的相同，请删除该项设置", known.title);
                no.push(Refusal::new("nothing-changed", text, ""));
            }
            let what = format!("调整规则{id}（{}）", known.title);
            no.extend(without_basis(&what, change.basis.as_deref()));
        }
        for (n, row) in self.extra_rows.iter().enumerate() {
            let what = format!("{}增加的行“{}”", row.table.label(), row.label);
            no.extend(without_basis(&what, row.basis.as_deref()));
            if row.label.chars().count() > LONGEST {
                let text = format!("{}增加的行的标题过长，应当不超过{LONGEST}个字", row.table.label());
                no.push(Refusal::new("too-long", text, ""));
            }
            if self.extra_rows[..n].iter().any(|r| r.is(row.table, &row.label)) {
                no.push(Refusal::new("row-twice", format!("{what}已经有了，不需要再增加"), ""));
            }
        }
        if self.extra_rows.len() > MOST_ROWS {
            let text = format!("增加的行应当不超过{MOST_ROWS}行");
            no.push(Refusal::new("too-many", text, ""));
        }
        no
    }

    /// What is different from the settings before, one Chinese sentence each.
    fn difference(&self, before: &Settings) -> Vec<String> {
        let mut said = Vec::new();
        for (id, change) in self.rules.iter().filter(|(id, change)| before.rules.get(*id) != Some(change)) {
            said.push(format!("{}：{}", named(id), change.said(id).join("；")));
        }
        for id in before.rules.keys().filter(|id| !self.rules.contains_key(*id)) {
            said.push(format!("{}：恢复法定设置", named(id)));
        }
        let row = |row: &ExtraRow| format!("{}的行“{}”", row.table.label(), row.label.trim());
        for new in self.extra_rows.iter().filter(|r| !before.extra_rows.contains(r)) {
            let basis = new.basis.as_deref().unwrap_or_default().trim();
            said.push(format!("增加{}；依据：{basis}", row(new)));
        }
        for old in before.extra_rows.iter().filter(|r| !self.extra_rows.contains(r)) {
            said.push(format!("删除{}", row(old)));
        }
        said
    }
}

impl Override {
    /// Without what is as the rule has it anyway.
    fn told(&self, id: &str) -> Override {
        let mut told = self.clone();
        told.basis = told.basis.map(|b| b.trim().to_owned()).filter(|b| !b.is_empty());
        told.severity = told.severity.filter(|s| rule(id).is_none_or(|r| *s != r.severity));
        told.tolerance = told.tolerance.filter(|t| *t != Amount::ZERO);
        told.parameters.retain(|name, value| parameter(id, name).is_none_or(|p| p.value != *value));
        told
    }

    fn changes_nothing(&self) -> bool {
        Override { basis: None, ..self.clone() } == Override::default()
    }

    /// What is changed of the rule, and by which document, one Chinese phrase each.
    pub fn said(&self, id: &str) -> Vec<String> {
        let mut said = Vec::new();
        if self.off {
            said.push("不核查".to_owned());
        }
        if let Some(severity) = self.severity {
            said.push(format!("级别改为{}", severity.label()));
        }
        if let Some(tolerance) = self.tolerance {
            said.push(format!("容差{tolerance}"));
        }
        for (name, value) in &self.parameters {
            match parameter(id, name) {
                Some(p) => said.push(format!("{}：{}", p.label, p.print(*value))),
                None => said.push(format!("{name}：{value}")),
            }
        }
        if let Some(basis) = self.basis.as_deref().map(str::trim).filter(|b| !b.is_empty()) {
            said.push(format!("依据：{basis}"));
        }
        said
    }
}

/// Why nothing may be set for this rule, if it is the same everywhere.
fn fixed(rule: &Rule) -> Option<Refusal> {
    let text = format!("规则{}（{}）全国统一，不得调整", rule.id, rule.title);
    (!rule.waivable).then(|| Refusal::new("same-everywhere", text, rule.citation.clone()))
}

fn without_basis(what: &str, basis: Option<&str>) -> Option<Refusal> {
    match basis.map(str::trim).filter(|b| !b.is_empty()) {
        None => {
            let text = format!("{what}应当写明依据文件的名称和文号");
            Some(Refusal::new("basis-missing", text, ""))
        }
        Some(b) if b.chars().count() > LONGEST => {
            let text = format!("{what}的依据文件过长，应当不超过{LONGEST}个字");
            Some(Refusal::new("too-long", text, ""))
        }
        Some(_) => None,
    }
}

/// `规则X-SIM（与上一年度正文雷同）`
fn named(id: &str) -> String {
    match rule(id) {
        Some(rule) => format!("规则{id}（{}）", rule.title),
        None => format!("规则{id}"),
    }
}

#[cfg(test)]
#[path = "setting_change_tests.rs"]
mod tests;
