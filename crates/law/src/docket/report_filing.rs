//! The docket of a report filed (报送) with the body that consolidates it (条例第四十九条; DOMAIN §1.6): one per unit and
//! year.
//!
//! It is not the docket of the report itself: a unit may write its report here, or only have it read in from the paper it
//! published, and what the receiving body says about it is not part of the unit's own way of making it.
//!
//! A filing holds figures and text as they were filed. Whoever receives it marks single lines (a cell, a row, a part of the
//! text) with a reason and returns it, or accepts it when no line is marked. A returned filing comes again; every line that
//! was returned has been changed by then or is answered, and only what changed has to be looked at again. A unit that has
//! to correct what was accepted files again and says why; until that is accepted the sum is open. Nothing is overwritten:
//! every round stays.

mod deadline;
mod line;

pub use deadline::{Deadlines, Limit};
pub use line::Line;

use super::{Recorded, in_force};
use crate::Refusal;
use crate::form::check::{self, Input, rule};
use crate::form::part::{Part, Scope};
use crate::form::{Figures, Form};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The least number of characters of a reason.
const REASON: usize = 5;

/// A report as it was filed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reported {
    /// Form version.
    pub form: String,
    /// Name of the unit as the report has it.
    pub organization: String,
    /// Title.
    pub title: String,
    /// Its figures; a cell that was blank in a paper is `None`, one that could not be read is missing.
    pub figures: Figures,
    /// Its text, part by part.
    pub texts: BTreeMap<Part, String>,
}

/// Where a report that is filed comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "kebab-case")]
pub enum Source {
    /// The report of this system, as it was approved or published.
    System {
        /// Docket id of the report.
        report: String,
        /// The instant as of which the registers were counted.
        as_of: String,
        /// Day it was published, if it was.
        published_on: Option<Date>,
    },
    /// Read from the paper that the unit published.
    File {
        /// Name of the file.
        name: String,
        /// Kind of file, for example `pdf`.
        kind: String,
        /// SHA-256 of its content.
        digest: String,
    },
}

/// What can happen to a filing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FilingEvent {
    /// 报送, for the first time or again
    Filed {
        /// The unit whose report it is.
        unit: String,
        /// The body that adds it up.
        into: String,
        /// Report year.
        year: i16,
        /// The unit's own report, or that of the government it is.
        scope: Scope,
        /// The report.
        report: Box<Reported>,
        /// Where it comes from.
        source: Source,
        /// What the unit says to lines that were returned and that it did not change, by [`Line::key`].
        #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
        answers: BTreeMap<String, String>,
        /// Why a report that was accepted comes again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// 标注问题 of a line; the filing is not returned by it yet
    LineMarked {
        /// Which line.
        line: Line,
        /// What is wrong with it.
        reason: String,
    },
    /// 取消标注
    MarkRemoved {
        /// Which line.
        line: Line,
    },
    /// 退回, with the lines that are marked
    Returned {
        /// What else is to be said.
        note: String,
    },
    /// 接收
    Accepted {
        /// Opinion.
        note: String,
    },
    /// 撤回 by the unit
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// 不汇总: the government's report goes without this unit's
    Excused {
        /// The unit.
        unit: String,
        /// The body that would have added it up.
        into: String,
        /// Report year.
        year: i16,
        /// Why.
        reason: String,
    },
}

/// 报送情况
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// 待审核
    Filed,
    /// 已退回
    Returned,
    /// 已接收
    Accepted,
    /// 已撤回
    Withdrawn,
    /// 不汇总
    Excused,
}

impl Stage {
    /// All of them.
    pub const ALL: [Stage; 5] =
        [Stage::Filed, Stage::Returned, Stage::Accepted, Stage::Withdrawn, Stage::Excused];

    /// Stored key.
    pub fn key(self) -> &'static str {
        match self {
            Stage::Filed => "filed",
            Stage::Returned => "returned",
            Stage::Accepted => "accepted",
            Stage::Withdrawn => "withdrawn",
            Stage::Excused => "excused",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            Stage::Filed => "待审核",
            Stage::Returned => "已退回",
            Stage::Accepted => "已接收",
            Stage::Withdrawn => "已撤回",
            Stage::Excused => "不汇总",
        }
    }

    /// The stage with this key or label.
    pub fn parse(text: &str) -> Option<Stage> {
        Self::ALL.into_iter().find(|s| s.key() == text || s.label() == text)
    }
}

/// How a round ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// Day.
    pub on: Date,
    /// What was said.
    pub note: String,
    /// The lines it was returned with; none if it was accepted or withdrawn.
    pub lines: BTreeMap<Line, String>,
    /// What became of it.
    pub stage: Stage,
}

/// One filing of the unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Round {
    /// Day it came.
    pub on: Date,
    /// The report.
    pub report: Reported,
    /// Where it comes from.
    pub source: Source,
    /// Answers to lines that were returned and not changed.
    pub answers: BTreeMap<String, String>,
    /// Why it came again after it was accepted.
    pub reason: Option<String>,
    /// How it ended; none while it is open.
    pub verdict: Option<Verdict>,
}

/// Where a filing stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The unit.
    pub unit: String,
    /// The body that adds it up.
    pub into: String,
    /// Report year.
    pub year: i16,
    /// Whose report.
    pub scope: Scope,
    /// Where it stands.
    pub stage: Stage,
    /// Every filing of the unit, oldest first.
    pub rounds: Vec<Round>,
    /// Lines that are marked now, with what is wrong.
    pub marks: BTreeMap<Line, String>,
    /// Why the sum goes without it, if it does.
    pub excuse: Option<String>,
    /// Date of the last event.
    pub changed_on: Date,
}

impl Standing {
    /// Folds a docket in the order it was entered; `None` if nothing in it is in force.
    pub fn of(docket: &[Recorded<FilingEvent>]) -> Option<Standing> {
        let events = in_force(docket);
        let first = events.first()?;
        let (unit, into, year, scope) = match first.event {
            FilingEvent::Filed { unit, into, year, scope, .. } => (unit, into, *year, *scope),
            FilingEvent::Excused { unit, into, year, .. } => (unit, into, *year, Scope::Own),
            _ => return None,
        };
        let mut s = Standing {
            unit: unit.clone(),
            into: into.clone(),
            year,
            scope,
            stage: Stage::Withdrawn,
            rounds: Vec::new(),
            marks: BTreeMap::new(),
            excuse: None,
            changed_on: first.on,
        };
        for e in &events {
            s.apply(e.event, e.on);
        }
        Some(s)
    }

    fn apply(&mut self, event: &FilingEvent, on: Date) {
        self.changed_on = self.changed_on.max(on);
        match event {
            FilingEvent::Filed { into, scope, report, source, answers, reason, .. } => {
                self.into.clone_from(into);
                self.scope = *scope;
                self.stage = Stage::Filed;
                self.marks.clear();
                self.excuse = None;
                self.rounds.push(Round {
                    on,
                    report: report.as_ref().clone(),
                    source: source.clone(),
                    answers: answers.clone(),
                    reason: reason.clone(),
                    verdict: None,
                });
            }
            FilingEvent::LineMarked { line, reason } => {
                // What was accepted is looked at again.
                if self.stage == Stage::Accepted {
                    self.stage = Stage::Filed;
                    if let Some(round) = self.rounds.last_mut() {
                        round.verdict = None;
                    }
                }
                self.marks.insert(line.clone(), reason.clone());
            }
            FilingEvent::MarkRemoved { line } => {
                self.marks.remove(line);
            }
            FilingEvent::Returned { note } => {
                let lines = std::mem::take(&mut self.marks);
                self.end(Stage::Returned, on, note, lines);
            }
            FilingEvent::Accepted { note } => self.end(Stage::Accepted, on, note, BTreeMap::new()),
            FilingEvent::Withdrawn { reason } => {
                self.marks.clear();
                self.excuse = None;
                self.end(Stage::Withdrawn, on, reason, BTreeMap::new());
            }
            FilingEvent::Excused { into, reason, .. } => {
                self.into.clone_from(into);
                self.stage = Stage::Excused;
                self.excuse = Some(reason.clone());
            }
        }
    }

    fn end(&mut self, stage: Stage, on: Date, note: &str, lines: BTreeMap<Line, String>) {
        self.stage = stage;
        if let Some(round) = self.rounds.last_mut().filter(|r| r.verdict.is_none()) {
            round.verdict = Some(Verdict { on, note: note.to_owned(), lines, stage });
        }
    }

    /// The report that was filed last.
    pub fn last(&self) -> Option<&Round> {
        self.rounds.last()
    }

    /// The report that is in the sum.
    pub fn accepted(&self) -> Option<&Round> {
        self.rounds.last().filter(|_| self.stage == Stage::Accepted)
    }

    /// The first day the unit filed.
    pub fn first_filed_on(&self) -> Option<Date> {
        self.rounds.first().map(|r| r.on)
    }

    /// The round before the last that somebody looked at: what the last one is compared with.
    pub fn looked_at(&self) -> Option<&Round> {
        let (_, before) = self.rounds.split_last()?;
        before.iter().rev().find(|r| {
            r.verdict.as_ref().is_some_and(|v| matches!(v.stage, Stage::Returned | Stage::Accepted))
        })
    }

    /// The cells that are not what they were when somebody looked last, with what they were; empty in the first round.
    pub fn changed_cells(&self) -> BTreeMap<String, Option<crate::Amount>> {
        let (Some(now), Some(before)) = (self.last(), self.looked_at()) else { return BTreeMap::new() };
        let (now, before) = (&now.report.figures.0, &before.report.figures.0);
        let all = now.keys().chain(before.keys());
        all.filter(|c| now.get(*c) != before.get(*c))
            .map(|c| (c.clone(), before.get(c).copied().flatten()))
            .collect()
    }

    /// The parts of the text that are not what they were when somebody looked last.
    pub fn changed_parts(&self) -> Vec<Part> {
        let (Some(now), Some(before)) = (self.last(), self.looked_at()) else { return Vec::new() };
        let of = |round: &Round, part: &Part| round.report.texts.get(part).cloned().unwrap_or_default();
        Part::ALL.into_iter().filter(|p| of(now, p) != of(before, p)).collect()
    }

    /// The lines that were returned last time, each with its reason and what the unit did about it.
    pub fn returned_lines(&self) -> Vec<(Line, String, Settled)> {
        let Some((now, before)) = self.rounds.last().zip(self.looked_at()) else { return Vec::new() };
        let lines = before.verdict.iter().flat_map(|v| &v.lines);
        let settled = |line: &Line| match now.answers.get(&line.key()) {
            _ if line.changed(&before.report, &now.report) => Settled::Changed,
            Some(answer) => Settled::Answered(answer.clone()),
            None => Settled::Open,
        };
        lines.map(|(line, reason)| (line.clone(), reason.clone(), settled(line))).collect()
    }

    /// The lines that wait for the unit: those it was returned with.
    pub fn to_settle(&self) -> BTreeMap<Line, String> {
        let returned = self.rounds.last().filter(|_| self.stage == Stage::Returned);
        returned.and_then(|r| r.verdict.as_ref()).map(|v| v.lines.clone()).unwrap_or_default()
    }

    /// Why a docket may not begin with this event; empty if it may.
    pub fn may_begin(event: &FilingEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        match event {
            FilingEvent::Filed { unit, into, year, report, source, .. } => {
                no.extend(parties(unit, into));
                no.extend(filed(*year, report, source, on));
            }
            FilingEvent::Excused { unit, into, year, reason } => {
                no.extend(parties(unit, into));
                no.extend(year_over(*year, on));
                no.extend(reasoned(reason, "不汇总"));
            }
            _ => no.push(Refusal::new("not-filed", "该单位还没有报送年度报告", "")),
        }
        no
    }

    /// Why this event may not happen on this day; empty if it may.
    pub fn may(&self, event: &FilingEvent, on: Date) -> Vec<Refusal> {
        let mut no = Vec::new();
        if on < self.changed_on {
            let text = format!("日期{on}早于上一环节的日期{}，请核对日期", self.changed_on);
            no.push(Refusal::new("date-order", text, ""));
        }
        match event {
            FilingEvent::Filed { unit, into, year, report, source, answers, reason, .. } => {
                no.extend(parties(unit, into));
                if *unit != self.unit || *year != self.year {
                    no.push(Refusal::new("another-report", "这不是同一单位、同一年度的报告", ""));
                }
                if self.stage == Stage::Filed {
                    let text = "报告已经报送，正在等待审核；需要修改的，请先撤回";
                    no.push(Refusal::new("already-filed", text, ""));
                }
                if self.stage == Stage::Accepted {
                    no.extend(reasoned(reason.as_deref().unwrap_or_default(), "接收以后重新报送"));
                }
                no.extend(filed(*year, report, source, on));
                no.extend(self.unsettled(report, answers));
            }
            FilingEvent::LineMarked { line, reason } => {
                if !matches!(self.stage, Stage::Filed | Stage::Accepted) {
                    no.push(self.wrong_stage("只有待审核或者已接收的报告可以标注问题"));
                }
                no.extend(reasoned(reason, "标注问题"));
                let form = self.last().and_then(|r| Form::by_id(&r.report.form));
                if !form.is_some_and(|f| line.is_in(f)) {
                    no.push(Refusal::new("line-unknown", "报告中没有这一行或者这个单元格", ""));
                }
            }
            FilingEvent::MarkRemoved { line } => {
                if !self.marks.contains_key(line) {
                    no.push(Refusal::new("not-marked", "这一处没有标注问题", ""));
                }
            }
            FilingEvent::Returned { .. } => {
                if self.stage != Stage::Filed {
                    no.push(self.wrong_stage("只有待审核的报告可以退回"));
                }
                if self.marks.is_empty() {
                    let text = "退回的报告至少要标注一处问题，并写明理由";
                    no.push(Refusal::new("no-line", text, ""));
                }
            }
            FilingEvent::Accepted { .. } => self.may_accept(&mut no),
            FilingEvent::Withdrawn { reason } => {
                if !matches!(self.stage, Stage::Filed | Stage::Excused) {
                    no.push(self.wrong_stage("只有待审核的报告可以撤回"));
                }
                no.extend(reasoned(reason, "撤回"));
            }
            FilingEvent::Excused { unit, into, year, reason } => {
                no.extend(parties(unit, into));
                if *unit != self.unit || *year != self.year {
                    no.push(Refusal::new("another-report", "这不是同一单位、同一年度的报告", ""));
                }
                if !matches!(self.stage, Stage::Returned | Stage::Withdrawn) {
                    no.push(self.wrong_stage("只有没有报送、已退回或者已撤回的报告可以登记为不汇总"));
                }
                no.extend(reasoned(reason, "不汇总"));
            }
        }
        no
    }

    /// Lines that were returned, are as they were and are not answered.
    fn unsettled(&self, report: &Reported, answers: &BTreeMap<String, String>) -> Vec<Refusal> {
        let Some(before) = self.rounds.last() else { return vec![] };
        let form = Form::by_id(&report.form);
        let open = |line: &Line| {
            let said = answers.get(&line.key()).is_some_and(|a| a.trim().chars().count() >= REASON);
            !said && !line.changed(&before.report, report)
        };
        let name = |line: &Line| form.map_or_else(|| line.key(), |f| line.name(f));
        let left: Vec<String> = self.to_settle().keys().filter(|l| open(l)).map(name).collect();
        if left.is_empty() {
            return vec![];
        }
        let text =
            format!("退回的{}没有修改，请修改，或者说明不修改的理由（不少于{REASON}个字）", left.join("、"));
        vec![Refusal::new("line-unanswered", text, "")]
    }

    fn may_accept(&self, no: &mut Vec<Refusal>) {
        if self.stage != Stage::Filed {
            no.push(self.wrong_stage("只有待审核的报告可以接收"));
        }
        if !self.marks.is_empty() {
            let text = format!("还有{}处标注的问题，请退回，或者取消标注后再接收", self.marks.len());
            no.push(Refusal::new("line-open", text, ""));
        }
        if let Some(round) = self.last() {
            no.extend(round.report.does_not_hold(self.year));
            no.extend(round.report.incomplete());
        }
    }

    fn wrong_stage(&self, text: &str) -> Refusal {
        Refusal::new("wrong-stage", format!("{text}，本报告目前为“{}”", self.stage.label()), "")
    }
}

/// What the unit did about a line that was returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// 已修改
    Changed,
    /// Said why it stays as it is.
    Answered(String),
    /// Neither; not in a filing of this system.
    Open,
}

impl Reported {
    /// Sums that do not hold: no recorded reason makes such figures addable.
    pub fn does_not_hold(&self, year: i16) -> Vec<Refusal> {
        let Some(form) = Form::by_id(&self.form) else { return vec![] };
        let found = check::run(&Input::new(form, year, &self.figures));
        let stops = |f: &&check::Finding| f.blocks() && rule(&f.id).is_some_and(|r| !r.waivable);
        let said = |f: &check::Finding| {
            Refusal::new("finding", format!("{}：{}", f.id, f.message), f.citation.clone())
        };
        found.iter().filter(stops).map(said).collect()
    }

    /// Cells that were not read.
    fn incomplete(&self) -> Vec<Refusal> {
        let Some(form) = Form::by_id(&self.form) else { return vec![] };
        let missing: Vec<String> = form
            .cells()
            .into_iter()
            .filter(|c| !self.figures.0.contains_key(&c.id))
            .map(|c| form.name_of(&c.id))
            .collect();
        let Some(first) = missing.first() else { return vec![] };
        let text = format!("报告有{}个单元格没有数据，例如{first}，补齐以后才能接收", missing.len());
        vec![Refusal::new("figures-missing", text, "条例第五十条")]
    }
}

fn parties(unit: &str, into: &str) -> Vec<Refusal> {
    let mut no = Vec::new();
    if unit.trim().is_empty() {
        no.push(Refusal::new("unit-missing", "请选择报送单位", ""));
    }
    if into.trim().is_empty() || into == unit {
        no.push(Refusal::new(
            "no-recipient",
            "该单位没有登记汇总机关，不需要报送；需要汇总的，请先在机关名录中登记",
            "条例第四十九条",
        ));
    }
    no
}

fn filed(year: i16, report: &Reported, source: &Source, on: Date) -> Vec<Refusal> {
    let mut no = year_over(year, on);
    match (Form::by_id(&report.form), Form::for_year(year)) {
        (None, _) => no.push(Refusal::new("no-form", "报告使用的格式不在系统之内，请核对报告", "")),
        (_, Err(e)) => no.push(Refusal::new("no-form", e.to_string(), "条例第五十条")),
        _ => {}
    }
    if report.figures.0.is_empty() {
        no.push(Refusal::new("no-figures", "报告没有数据，不能报送", "条例第五十条"));
    }
    match source {
        // What this system counted adds up; what somebody published may not, and is then returned.
        Source::System { .. } => {
            no.extend(report.does_not_hold(year));
            no.extend(report.incomplete());
        }
        Source::File { name, digest, .. } => {
            let hex = digest.len() == 64 && digest.bytes().all(|b| b.is_ascii_hexdigit());
            if name.trim().is_empty() || !hex {
                no.push(Refusal::new("file-unnamed", "读入的报告没有文件名称或者校验值，请重新选择文件", ""));
            }
        }
    }
    no
}

fn year_over(year: i16, on: Date) -> Vec<Refusal> {
    if on.year() > year {
        return vec![];
    }
    let text = format!("{year}年度尚未结束，年度报告应当统计至12月31日");
    vec![Refusal::new("year-not-over", text, "条例第四十九条")]
}

fn reasoned(reason: &str, what: &str) -> Vec<Refusal> {
    if reason.trim().chars().count() >= REASON {
        return vec![];
    }
    vec![Refusal::new("reason-missing", format!("{what}应当写明理由，不少于{REASON}个字"), "")]
}

#[cfg(test)]
#[path = "report_filing_tests.rs"]
mod tests;
