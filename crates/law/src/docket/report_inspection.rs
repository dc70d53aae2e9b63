//! The docket of an inspection (核查) of a report that somebody published: read from a file, its findings settled one by one
//! by a person, and, if it is of a unit of this region, kept as what that unit reported for a past year.
//!
//! The file lies beside the docket; what was read of it is held here as it was read then. A verdict on a finding belongs to
//! the finding's key, so that it outlives another run of the checks. A run says which settings of the checks it was made with
//! (`form::settings`), where a place has made some.

use super::report_filing::{Reported, Source};
use super::{Recorded, in_force};
use crate::Refusal;
use crate::form::Form;
use crate::form::check::{Finding, Severity};
use crate::form::part::Scope;
use crate::wording::day;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The least number of characters of a reason.
const REASON: usize = 5;

/// What a person says of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Judgement {
    /// 属实
    Confirmed,
    /// 已说明: it is so, and may stand
    Explained,
    /// 误报: the check is wrong
    Mistaken,
}

impl Judgement {
    /// All of them.
    pub const ALL: [Judgement; 3] = [Judgement::Confirmed, Judgement::Explained, Judgement::Mistaken];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Judgement::Confirmed => "confirmed",
            Judgement::Explained => "explained",
            Judgement::Mistaken => "mistaken",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Judgement::Confirmed => "属实",
            Judgement::Explained => "已说明，可以保留",
            Judgement::Mistaken => "误报",
        }
    }

    /// The judgement with this key or label.
    pub fn parse(text: &str) -> Option<Judgement> {
        Self::ALL.into_iter().find(|j| j.key() == text || j.label() == text)
    }
}

/// A finding that was settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// What was said.
    pub judgement: Judgement,
    /// Why; may be empty for one that is confirmed.
    pub note: String,
    /// Day.
    pub on: Date,
}

/// Whose past report it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Belongs {
    /// The unit.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// Its own report, or that of the government it is.
    pub scope: Scope,
}

/// The settings of the checks that a place has made, as they were used for a run of the checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RulesUsed {
    /// The unit whose settings they are.
    pub unit: String,
    /// Its name then.
    pub name: String,
    /// Their version.
    pub version: u32,
    /// Day they were made.
    pub on: Date,
}

impl RulesUsed {
    /// `某市人民政府的核查规则设置（第3版，2026年11月27日）`
    pub fn label(&self) -> String {
        format!("{}的核查规则设置（第{}版，{}）", self.name, self.version, day(self.on))
    }
}

/// What can happen to an inspection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum InspectionEvent {
    /// 读取
    Read {
        /// Where it comes from.
        source: Source,
        /// What was read.
        report: Box<Reported>,
        /// The year it reports on, if it says so.
        year: Option<i16>,
        /// Tables and rows that were not read, one sentence each.
        refused: Vec<String>,
        /// What the checks found.
        findings: Vec<Finding>,
        /// The unit that inspects: its settings of the checks are used. None for the region.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        by: Option<String>,
        /// The settings used; none for those of the law.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rules: Option<RulesUsed>,
    },
    /// 重新核查, after the checks, their settings or the report of the year before have changed
    Checked {
        /// What the checks found.
        findings: Vec<Finding>,
        /// The settings used; none for those of the law.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rules: Option<RulesUsed>,
    },
    /// 处理 of a finding
    FindingSettled {
        /// Its key.
        finding: String,
        /// What is said of it.
        judgement: Judgement,
        /// Why.
        note: String,
    },
    /// 撤回处理
    FindingReopened {
        /// Its key.
        finding: String,
    },
    /// 归入 the past reports of a unit
    Assigned(Belongs),
    /// 取消归入
    Released {
        /// Why.
        reason: String,
    },
    /// 作废: a wrong file
    Discarded {
        /// Why.
        reason: String,
    },
}

/// Where an inspection stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Where the report comes from.
    pub source: Source,
    /// What was read.
    pub report: Reported,
    /// The year it reports on.
    pub year: Option<i16>,
    /// What was not read.
    pub refused: Vec<String>,
    /// What the checks found last.
    pub findings: Vec<Finding>,
    /// The unit that inspects; none for the region.
    pub by: Option<String>,
    /// The settings of the checks they were made with; none for those of the law.
    pub rules: Option<RulesUsed>,
    /// Findings that were settled, by key; also those that later runs did not find any more.
    pub settled: BTreeMap<String, Settled>,
    /// Whose past report it is.
    pub belongs: Option<Belongs>,
    /// Why it counts no more.
    pub discarded: Option<String>,
    /// Day it was read.
    pub read_on: Date,
    /// Date of the last event.
    pub changed_on: Date,
}

impl Standing {
    /// Folds a docket in the order it was entered; `None` if nothing in it is in force.
    pub fn of(docket: &[Recorded<InspectionEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let first = events.first()?;
        let InspectionEvent::Read { source, report, year, refused, findings, by, rules } = first.event else {
            return None;
        };
        let mut s = Standing {
            source: source.clone(),
            report: report.as_ref().clone(),
            year: *year,
            refused: refused.clone(),
            findings: findings.clone(),
            by: by.clone(),
            rules: rules.clone(),
            settled: BTreeMap::new(),
            belongs: None,
            discarded: None,
            read_on: first.on,
            changed_on: first.on,
        };
        for e in events.iter().skip(1) {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &InspectionEvent, on: Date) {
        self.changed_on = self.changed_on.max(on);
        match event {
            InspectionEvent::Read { .. } => {}
            InspectionEvent::Checked { findings, rules } => {
                self.findings.clone_from(findings);
                self.rules.clone_from(rules);
            }
            InspectionEvent::FindingSettled { finding, judgement, note } => {
                let settled = Settled { judgement: *judgement, note: note.clone(), on };
                self.settled.insert(finding.clone(), settled);
            }
            InspectionEvent::FindingReopened { finding } => {
                self.settled.remove(finding);
            }
            InspectionEvent::Assigned(belongs) => self.belongs = Some(belongs.clone()),
            InspectionEvent::Released { .. } => self.belongs = None,
            InspectionEvent::Discarded { reason } => {
                self.belongs = None;
                self.discarded = Some(reason.clone());
            }
        }
    }

    /// How many findings of a severity there are, and how many of them nobody has settled.
    pub fn count(&self, severity: Severity) -> (usize, usize) {
        let all: Vec<&Finding> = self.findings.iter().filter(|f| f.severity == severity).collect();
        let open = all.iter().filter(|f| !self.settled.contains_key(&f.key())).count();
        (all.len(), open)
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &InspectionEvent) -> Vec<Refusal> {
        match event {
            InspectionEvent::Read { source: Source::File { .. }, .. } => Vec::new(),
            InspectionEvent::Read { .. } => {
                vec![Refusal::new("not-a-file", "本系统编制的报告不需要读取，请在年度报告中核查", "")]
            }
            _ => vec![Refusal::new("not-read", "这份报告还没有读取，请先上传报告文件", "")],
        }
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &InspectionEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.changed_on {
            let text = format!("日期{on}早于上一环节的日期{}，请核对日期", self.changed_on);
            no.push(Refusal::new("date-order", text, ""));
        }
        if self.discarded.is_some() {
            no.push(Refusal::new("discarded", "这份报告已经作废，需要核查的，请重新上传", ""));
            return no;
        }
        let known = |finding: &String| self.findings.iter().any(|f| f.key() == *finding);
        let reasoned = |reason: &str, what: &str| {
            (reason.trim().chars().count() < REASON).then(|| {
                let text = format!("{what}应当说明理由，不少于{REASON}个字");
                Refusal::new("reason-missing", text, "")
            })
        };
        match event {
            InspectionEvent::Read { .. } => {
                no.push(Refusal::new("already-read", "这份报告已经读取，更换文件的，请重新上传", ""));
            }
            InspectionEvent::Checked { .. } => {}
            InspectionEvent::FindingSettled { finding, judgement, note } => {
                if !known(finding) {
                    no.push(Refusal::new("no-such-finding", "没有这一项核查意见，请刷新页面后再处理", ""));
                }
                if *judgement != Judgement::Confirmed {
                    no.extend(reasoned(note, judgement.label()));
                }
            }
            InspectionEvent::FindingReopened { finding } => {
                if !self.settled.contains_key(finding) {
                    no.push(Refusal::new("not-settled", "这一项核查意见还没有处理，请刷新页面后再看", ""));
                }
            }
            InspectionEvent::Assigned(belongs) => no.extend(self.may_belong(belongs, on)),
            InspectionEvent::Released { reason } => {
                if self.belongs.is_none() {
                    no.push(Refusal::new("not-assigned", "这份报告没有归入任何机关的历年报告", ""));
                }
                no.extend(reasoned(reason, "取消归入"));
            }
            InspectionEvent::Discarded { reason } => no.extend(reasoned(reason, "作废")),
        }
        no
    }

    fn may_belong(&self, belongs: &Belongs, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if self.belongs.is_some() {
            let text = "这份报告已经归入机关的历年报告，需要改动的，请先取消归入";
            no.push(Refusal::new("already-assigned", text, ""));
        }
        let first = Form::all().first().map_or(on.year(), |form| form.from_year);
        if belongs.year < first || belongs.year >= on.year() {
            let text = format!("报告年度应当为{first}年至{}年", on.year() - 1);
            no.push(Refusal::new("year", text, "条例第四十九条"));
        } else if let Some(year) = self.year.filter(|y| *y != belongs.year) {
            let text = format!("这份报告是{year}年度的，不能归入{}年度", belongs.year);
            no.push(Refusal::new("another-year", text, ""));
        }
        if self.report.figures.0.is_empty() {
            let text = "这份报告没有读出任何数据，不能作为历年报告，请换用可以读取的文件";
            no.push(Refusal::new("no-figures", text, ""));
        }
        no
    }
}

#[cfg(test)]
#[path = "report_inspection_tests.rs"]
mod tests;
