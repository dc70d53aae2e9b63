//! The docket of an annual report (条例第四十九条、第五十条): drafted, reviewed, approved, published, corrected.
//!
//! Figures are never typed here; they are counted from the registers. The docket holds the text, the recorded decisions
//! and, for every publication, a [`Snapshot`] of everything that was served, so that it can be shown again to the digit.
//!
//! A report goes draft → reviewed → approved → published. Editing the text returns it to draft. A correction after
//! publication goes through the same doors; the earlier version stays. No report is published with a finding that blocks
//! ([`Finding::blocks`]) unless the finding is waived by a recorded decision with a reason, and findings of rules that are
//! not waivable (sums, the unit's own registers) are never passed over: such a report is wrong, not explained.

use super::{Recorded, in_force};
use crate::form::check::{self, Finding, Input, Verdict};
use crate::form::consolidation::Consolidation;
use crate::form::{Figures, Form, fact, narrative};
use crate::{Amount, Due, Refusal, Step};
use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use crate::form::part::{Part, Scope};

/// The least number of characters of a reason.
const REASON: usize = 5;

/// Everything a publication showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// Form version.
    pub form: String,
    /// Calendar version.
    pub calendar: String,
    /// The instant as of which the registers were counted.
    pub as_of: String,
    /// Name of the authority.
    pub organization: String,
    /// Title.
    pub title: String,
    /// Every cell.
    pub figures: Figures,
    /// Every fact.
    pub facts: BTreeMap<String, Amount>,
    /// The text as printed.
    pub parts: BTreeMap<Part, Vec<narrative::Paragraph>>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// The waivers in force.
    pub waivers: Vec<Waiver>,
    /// The date under the text.
    pub signed_on: Date,
    /// Of a government's report: what it adds up, unit by unit, zeros left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub consolidation: Option<Consolidation>,
}

/// A recorded decision that a finding does not stand in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiver {
    /// [`Finding::key`]: rule id and cells.
    pub finding: String,
    /// Why.
    pub reason: String,
    /// Since when.
    pub on: Date,
}

/// What can happen to a report. The date of the fact is the entry's `effective_on`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum ReportEvent {
    /// 起草
    Drafted {
        /// Unit whose report it is.
        unit: String,
        /// Report year.
        year: i16,
        /// The unit's own, or the government's.
        scope: Scope,
    },
    /// 编辑正文: replaces the text of a part. Returns the report to draft.
    TextEdited {
        /// Which part.
        part: Part,
        /// The new text, with live references.
        text: String,
    },
    /// 审核通过
    Reviewed {
        /// Opinion.
        note: String,
    },
    /// 退回修改; after publication, opens a correction.
    Returned {
        /// What must be changed.
        note: String,
    },
    /// 批准 by the head of the unit or the leader in charge.
    Approved {
        /// Opinion.
        note: String,
    },
    /// 对检查发现作出说明
    FindingWaived {
        /// [`Finding::key`].
        finding: String,
        /// Why it does not stand in the way.
        reason: String,
    },
    /// 撤回说明
    WaiverWithdrawn {
        /// [`Finding::key`].
        finding: String,
    },
    /// 公开
    Published {
        /// What was published.
        snapshot: Box<Snapshot>,
    },
    /// 更正后重新公开
    Corrected {
        /// What is published now.
        snapshot: Box<Snapshot>,
        /// What was wrong, printed as the correction note.
        reason: String,
    },
}

/// 办理阶段
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 起草中
    Draft,
    /// 已审核
    Reviewed,
    /// 已批准
    Approved,
    /// 已公开
    Published,
    /// 已更正
    Corrected,
}

impl Stage {
    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Draft => "draft",
            Stage::Reviewed => "reviewed",
            Stage::Approved => "approved",
            Stage::Published => "published",
            Stage::Corrected => "corrected",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Draft => "起草中",
            Stage::Reviewed => "已审核",
            Stage::Approved => "已批准",
            Stage::Published => "已公开",
            Stage::Corrected => "已更正",
        }
    }
}

/// One publication; later ones are corrections.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Publication {
    /// Day it was published.
    pub on: Date,
    /// What was published.
    pub snapshot: Snapshot,
    /// The correction note; none for the first publication.
    pub reason: Option<String>,
}

/// Where a report stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// Unit whose report it is.
    pub unit: String,
    /// Report year.
    pub year: i16,
    /// The unit's own, or the government's.
    pub scope: Scope,
    /// Stage of the working copy.
    pub stage: Stage,
    /// Why it is back in draft, if it is: shown to the drafter.
    pub back_in_draft: Option<String>,
    /// The text, part by part.
    pub texts: BTreeMap<Part, String>,
    /// Waivers in force, by finding key.
    pub waivers: BTreeMap<String, Waiver>,
    /// Publications, oldest first; the last one is what the public sees.
    pub publications: Vec<Publication>,
    /// Date of the last event.
    pub changed_on: Date,
}

/// The last day to publish (条例第四十九条): 31 January for an authority's own report, 31 March for the government's, of
/// the year after the report year.
pub fn deadline(scope: Scope, year: i16) -> Due {
    let (on, text) = match scope {
        Scope::Own => (
            date(year + 1, 1, 31),
            format!("{year}年度报告，行政机关应当在{}年1月31日前向本级主管部门提交并向社会公布", year + 1),
        ),
        Scope::Government => (
            date(year + 1, 3, 31),
            format!("{year}年度报告，主管部门应当在{}年3月31日前向社会公布本级政府的报告", year + 1),
        ),
    };
    Due { on, provisional: false, because: vec![Step::new(text, "条例第四十九条")] }
}

impl Standing {
    /// Folds a docket in the order it was entered; `None` if it is empty or its draft was voided.
    pub fn of(docket: &[Recorded<ReportEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let ReportEvent::Drafted { unit, year, scope } = first.event else { return None };
        let mut s = Standing {
            unit: unit.clone(),
            year: *year,
            scope: *scope,
            stage: Stage::Draft,
            back_in_draft: None,
            texts: BTreeMap::new(),
            waivers: BTreeMap::new(),
            publications: Vec::new(),
            changed_on: first.on,
        };
        for e in rest {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &ReportEvent, on: Date) {
        self.changed_on = self.changed_on.max(on);
        match event {
            ReportEvent::Drafted { .. } => {}
            ReportEvent::TextEdited { part, text } => {
                if self.stage != Stage::Draft {
                    self.back_in_draft = Some(format!("{on}修改了“{}”，需要重新审核、批准", part.label()));
                }
                self.stage = Stage::Draft;
                self.texts.insert(*part, text.clone());
            }
            ReportEvent::Reviewed { .. } => {
                self.stage = Stage::Reviewed;
                self.back_in_draft = None;
            }
            ReportEvent::Returned { note } => {
                self.stage = Stage::Draft;
                self.back_in_draft = Some(format!("{on}退回修改：{note}"));
            }
            ReportEvent::Approved { .. } => self.stage = Stage::Approved,
            ReportEvent::FindingWaived { finding, reason } => {
                let waiver = Waiver { finding: finding.clone(), reason: reason.clone(), on };
                self.waivers.insert(finding.clone(), waiver);
            }
            ReportEvent::WaiverWithdrawn { finding } => {
                self.waivers.remove(finding);
            }
            ReportEvent::Published { snapshot } => {
                self.stage = Stage::Published;
                self.publish(snapshot, None, on);
            }
            ReportEvent::Corrected { snapshot, reason } => {
                self.stage = Stage::Corrected;
                self.publish(snapshot, Some(reason.clone()), on);
            }
        }
    }

    fn publish(&mut self, snapshot: &Snapshot, reason: Option<String>, on: Date) {
        self.back_in_draft = None;
        self.publications.push(Publication { on, snapshot: snapshot.clone(), reason });
    }

    /// The last day to publish it.
    pub fn deadline(&self) -> Due {
        deadline(self.scope, self.year)
    }

    /// What the public sees.
    pub fn published(&self) -> Option<&Publication> {
        self.publications.last()
    }

    /// True if this finding stands in the way of publication.
    pub fn stands_in_the_way(&self, finding: &Finding) -> bool {
        let waivable = check::rule(&finding.id).is_none_or(|r| r.waivable);
        finding.blocks() && !(waivable && self.waivers.contains_key(&finding.key()))
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &ReportEvent, _on: Date) -> Vec<Refusal> {
        let ReportEvent::Drafted { unit, year, .. } = event else {
            return vec![Refusal::new("not-drafted", "年度报告尚未起草，请先起草", "")];
        };
        let mut no = Vec::new();
        if unit.trim().is_empty() {
            no.push(Refusal::new("unit-missing", "请选择填报单位", ""));
        }
        if let Err(e) = Form::for_year(*year) {
            no.push(Refusal::new("no-form", e.to_string(), "条例第五十条"));
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &ReportEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.changed_on {
            no.push(Refusal::new(
                "date-order",
                format!("日期{on}早于本报告上一环节的日期{}，请核对日期", self.changed_on),
                "",
            ));
        }
        match event {
            ReportEvent::Drafted { .. } => no.push(Refusal::new("already-drafted", "本年度报告已经起草", "")),
            ReportEvent::TextEdited { text, .. } => no.extend(self.text_refusals(text)),
            ReportEvent::Reviewed { .. } => {
                if self.stage != Stage::Draft {
                    no.push(self.wrong_stage("not-a-draft", "只有起草中的报告可以审核"));
                }
            }
            ReportEvent::Returned { note } => {
                if self.stage == Stage::Draft {
                    no.push(self.wrong_stage("a-draft", "起草中的报告不需要退回"));
                }
                if note.trim().is_empty() {
                    no.push(Refusal::new("note-missing", "退回修改应当写明需要修改的内容", ""));
                }
            }
            ReportEvent::Approved { .. } => {
                if self.stage != Stage::Reviewed {
                    no.push(self.wrong_stage("not-reviewed", "审核通过的报告才能批准"));
                }
            }
            ReportEvent::FindingWaived { finding, reason } => self.may_waive(finding, reason, &mut no),
            ReportEvent::WaiverWithdrawn { finding } => {
                if !self.waivers.contains_key(finding) {
                    no.push(Refusal::new("not-waived", format!("检查发现“{finding}”没有说明可以撤回"), ""));
                }
            }
            ReportEvent::Published { snapshot } => {
                if !self.publications.is_empty() {
                    no.push(Refusal::new(
                        "already-published",
                        "本报告已经公开，修改后应当以更正方式重新公开",
                        "",
                    ));
                }
                self.may_publish(snapshot, on, &mut no);
            }
            ReportEvent::Corrected { snapshot, reason } => {
                if self.publications.is_empty() {
                    no.push(Refusal::new("not-published", "本报告尚未公开，不需要更正", ""));
                }
                if reason.trim().chars().count() < REASON {
                    no.push(Refusal::new("reason-missing", "更正应当写明原因，并在报告上注明", "条例第六条"));
                }
                self.may_publish(snapshot, on, &mut no);
            }
        }
        no
    }

    fn wrong_stage(&self, code: &str, text: &str) -> Refusal {
        Refusal::new(code, format!("{text}，本报告目前为“{}”", self.stage.label()), "")
    }

    fn text_refusals(&self, text: &str) -> Vec<Refusal> {
        let Ok(form) = Form::for_year(self.year) else { return vec![] };
        let known = |r: &narrative::Reference<'_>| fact::known(form, r.name).then(String::new);
        let errors = narrative::render(text, known).err().unwrap_or_default();
        errors.into_iter().map(|e| Refusal::new("reference", e.to_string(), "")).collect()
    }

    fn may_waive(&self, finding: &str, reason: &str, no: &mut Vec<Refusal>) {
        let id = finding.split(':').next().unwrap_or_default();
        match check::rule(id) {
            None => no.push(Refusal::new("rule-unknown", format!("没有编号为“{id}”的检查规则"), "")),
            Some(rule) if !rule.waivable => no.push(Refusal::new(
                "not-waivable",
                format!("“{}”不符的，应当更正数据或者正文，不能以说明代替", rule.title),
                rule.citation.clone(),
            )),
            Some(_) => {}
        }
        if reason.trim().chars().count() < REASON {
            no.push(Refusal::new("reason-missing", format!("说明的理由不能少于{REASON}个字"), ""));
        }
    }

    fn may_publish(&self, snapshot: &Snapshot, on: Date, no: &mut Vec<Refusal>) {
        if self.stage != Stage::Approved {
            no.push(self.wrong_stage("not-approved", "经批准的报告才能公开"));
        }
        if on.year() <= self.year {
            no.push(Refusal::new(
                "year-not-over",
                format!("{}年度尚未结束，年度报告应当统计至12月31日", self.year),
                "条例第四十九条",
            ));
        }
        let form = Form::for_year(self.year).ok();
        if let Some(right) = form
            && right.id != snapshot.form
        {
            no.push(Refusal::new(
                "wrong-form",
                format!("{}年度报告应当使用{}所定格式", self.year, right.instrument),
                "条例第五十条",
            ));
        }
        // The figures are checked again here, whatever findings came with them: no door leads round the sums.
        let sum = snapshot.consolidation.as_ref();
        let run =
            |f| check::run(&Input { consolidation: sum, ..Input::new(f, self.year, &snapshot.figures) });
        let own = form.map(run).unwrap_or_default();
        let mut seen = Vec::new();
        for finding in snapshot.findings.iter().chain(&own) {
            let key = finding.key();
            if self.stands_in_the_way(finding) && !seen.contains(&key) {
                no.push(Refusal::new(
                    "finding",
                    format!("{}：{}", finding.id, finding.message),
                    finding.citation.clone(),
                ));
                seen.push(key);
            }
        }
        let empty = form.is_some_and(|f| f.cells().iter().any(|c| snapshot.figures.get(&c.id).is_none()));
        // A sum without some units is named as such, and only with a recorded reason ([`Consolidation::missing`]).
        let unknown = |f: &Finding| f.verdict == Verdict::NotAssessable && f.id != "H-SUM";
        if empty || own.iter().any(unknown) {
            no.push(Refusal::new(
                "figures-missing",
                "报告有单元格没有数据，应当先统计全部数据再公开",
                "条例第五十条",
            ));
        }
        if self.scope == Scope::Government {
            let ties_out =
                form.zip(sum).is_some_and(|(f, sum)| sum.figures(f, self.year) == snapshot.figures);
            if !ties_out {
                no.push(Refusal::new(
                    "not-the-sum",
                    "本级政府的报告与本级政府自身和各机关之和不一致，应当由汇总生成后再公开",
                    "条例第四十九条",
                ));
            }
        }
    }
}

#[cfg(test)]
#[path = "report_tests.rs"]
mod tests;
