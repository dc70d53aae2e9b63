//! 报送: a unit files its report with the body that adds it up, which returns it line by line or accepts it.
//!
//! What a unit files is its report as it was approved or published, or one that was read from the paper it published.

use super::setup::{answers_for, setup};
use super::sum::{self, rows};
use super::{ReportAsk, Reports, build, snapshot};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, History, Place, Register, Work, docket, recorded};
use crate::unit::{Tree, id_of};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::report::{Part, Snapshot, Stage as ReportStage, Standing as ReportStanding};
use law::docket::report_filing::{Deadlines, FilingEvent, Line, Reported, Source, Standing};
use law::docket::unit::{Level, UnitKind};
use law::form::Form;
use law::form::check::{self, Finding, Severity};
use law::form::narrative::Paragraph;
use law::form::part::Scope;
use law::{Due, Refusal};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{Region, ReportFilingRow, Tx, UnitRow};
use uuid::Uuid;

/// The register of filed reports.
#[derive(Debug, Clone, Copy)]
pub struct ReportFilings;

impl Register for ReportFilings {
    const KIND: &'static str = "report-filing";
    const NAME: &'static str = "年度报告报送";
    type Event = FilingEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<FilingEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &FilingEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &FilingEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_report_filing(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_report_filing(region, id).await })
    }
}

/// The derived row of a filing.
pub(crate) fn row(place: Place, s: &Standing) -> ReportFilingRow {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    ReportFilingRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        into_unit: id_of(&Some(s.into.clone())).unwrap_or_default(),
        year: s.year,
        scope: s.scope.key().to_owned(),
        stage: s.stage.key().to_owned(),
        form: s.last().map(|r| r.report.form.clone()),
        first_filed_on: s.first_filed_on(),
        filed_on: s.last().map(|r| r.on),
        rounds: count(s.rounds.len()),
        marks: count(s.marks.len()),
        version: i64::from(place.version),
    }
}

/// A report to be filed, and what the unit says with it.
#[derive(Debug, Clone, Default)]
pub struct NewFiling {
    /// Whose.
    pub unit: Uuid,
    /// Report year.
    pub year: i16,
    /// Entries of the docket of the filing as they were seen; 0 if there is none.
    pub seen: u32,
    /// Why a line that was returned stays as it is, by [`Line::key`].
    pub answers: BTreeMap<String, String>,
    /// Why a report that was accepted comes again.
    pub reason: Option<String>,
}

/// A report that was read from a file.
#[derive(Debug, Clone)]
pub struct ReadReport {
    /// The report.
    pub report: Reported,
    /// Name of the file.
    pub name: String,
    /// Kind of file, for example `pdf`.
    pub kind: String,
    /// SHA-256 of its content, in hexadecimal digits.
    pub digest: String,
}

impl ReadReport {
    /// A report that was read from a file with this content.
    pub fn new(report: Reported, name: impl Into<String>, kind: &str, content: &[u8]) -> ReadReport {
        let digest = crate::account::hex(&Sha256::digest(content));
        ReadReport { report, name: name.into(), kind: kind.into(), digest }
    }
}

/// What can be done to a filing.
#[derive(Debug, Clone)]
pub enum FilingAction {
    /// 标注问题
    Mark {
        /// Which lines.
        lines: Vec<Line>,
        /// What is wrong with them.
        reason: String,
    },
    /// 取消标注
    Unmark {
        /// Which line.
        line: Line,
    },
    /// 退回
    Return {
        /// What else is to be said.
        note: String,
    },
    /// 接收
    Accept {
        /// Opinion.
        note: String,
    },
    /// 撤回 by the unit
    Withdraw {
        /// Why.
        reason: String,
    },
}

/// The report of a unit and year between the unit and the body that adds it up.
#[derive(Debug, Clone)]
pub struct FilingView {
    /// Whose report.
    pub unit: UnitRow,
    /// Report year.
    pub year: i16,
    /// The body that adds it up; none for a unit that nobody adds up.
    pub into: Option<UnitRow>,
    /// The last day to file.
    pub due: Due,
    /// What was filed; none before.
    pub filed: Option<Filed>,
    /// Whether the actor acts for the body that adds it up.
    pub receives: bool,
    /// Whether the actor acts for the unit.
    pub files: bool,
}

/// A filing on the desk.
#[derive(Debug, Clone)]
pub struct Filed {
    /// Docket id.
    pub id: Uuid,
    /// Number of entries.
    pub version: u32,
    /// Where it stands.
    pub standing: Standing,
    /// Its entries.
    pub history: Vec<History<FilingEvent>>,
    /// What the checks find in the report that was filed last.
    pub findings: Vec<Finding>,
}

/// The scope a unit files with: a body that adds up others files the sum.
pub(super) fn scope_of_unit(tree: &Tree, unit: Uuid, year: i16) -> Scope {
    if tree.members(unit, year).is_empty() { Scope::Own } else { Scope::Government }
}

fn texts<'a>(parts: impl Iterator<Item = (&'a Part, &'a Vec<Paragraph>)>) -> BTreeMap<Part, String> {
    let text = |all: &Vec<Paragraph>| all.iter().map(Paragraph::text).collect::<Vec<_>>().join("\n");
    parts.map(|(part, all)| (*part, text(all))).filter(|(_, text)| !text.is_empty()).collect()
}

impl Fileable for Snapshot {
    fn reported(&self) -> Reported {
        Reported {
            form: self.form.clone(),
            organization: self.organization.clone(),
            title: self.title.clone(),
            figures: self.figures.clone(),
            texts: texts(self.parts.iter()),
        }
    }
}

/// What of a report is filed.
trait Fileable {
    fn reported(&self) -> Reported;
}

impl Fileable for build::BuiltReport {
    fn reported(&self) -> Reported {
        Reported {
            form: self.form.id.clone(),
            organization: self.organization.clone(),
            title: self.title.clone(),
            figures: self.figures.clone(),
            texts: texts(self.texts.iter()),
        }
    }
}

impl Work<'_> {
    /// The report of the unit as it may be filed: published, or approved.
    async fn own_report(&mut self, unit: Uuid, year: i16, scope: Scope) -> Result<(Reported, Source)> {
        let none = || {
            Error::refused(
                "not-approved",
                format!("{year}年度报告经批准以后才能报送，请先起草、审核、批准"),
                "条例第四十九条",
            )
        };
        let report = self.tx.report_of(self.region, unit, year, scope.key()).await?.ok_or_else(none)?;
        let history = docket::<Reports>(self.tx, self.region, report.id).await?;
        let standing = ReportStanding::of(&recorded(&history)).ok_or_else(none)?;
        let source = |as_of: &str, published_on| Source::System {
            report: report.id.to_string(),
            as_of: as_of.to_owned(),
            published_on,
        };
        match (standing.stage, standing.published()) {
            (ReportStage::Published | ReportStage::Corrected, Some(p)) => {
                Ok((p.snapshot.reported(), source(&p.snapshot.as_of, Some(p.on))))
            }
            (ReportStage::Approved, _) => {
                let ask = ReportAsk { unit, year, scope, as_of: None };
                let (at, calendar) = (self.ctx.at, self.calendar.clone());
                let built = build::build(self.tx, self.region, &calendar, at, &ask).await?;
                let stops: Vec<Refusal> = built
                    .blocking()
                    .map(|f| Refusal::new("finding", format!("{}：{}", f.id, f.message), f.citation.clone()))
                    .collect();
                if !stops.is_empty() {
                    return Err(Error::Refused(stops));
                }
                Ok((built.reported(), source(&built.as_of, None)))
            }
            _ => Err(none()),
        }
    }

    /// Adds a filing to the docket of the unit and year, which it begins where there is none.
    async fn file(&mut self, new: NewFiling, scope: Scope, report: Reported, source: Source) -> Result<Uuid> {
        let tree = Tree::read(self.tx, self.region).await?;
        let into = tree.get(new.unit)?.consolidates_into.map(|u| u.to_string()).unwrap_or_default();
        let event = FilingEvent::Filed {
            unit: new.unit.to_string(),
            into,
            year: new.year,
            scope,
            report: Box::new(report),
            source,
            answers: new.answers.into_iter().filter(|(_, said)| !said.trim().is_empty()).collect(),
            reason: new.reason.filter(|r| !r.trim().is_empty()),
        };
        self.add_to_filing(new.unit, new.year, new.seen, event).await
    }

    async fn add_to_filing(&mut self, unit: Uuid, year: i16, seen: u32, event: FilingEvent) -> Result<Uuid> {
        let on = self.ctx.today();
        match self.tx.report_filing_of(self.region, unit, year).await? {
            Some(row) => {
                self.change::<ReportFilings>(row.id, seen, Change::event(on, event)).await?;
                Ok(row.id)
            }
            None if seen > 0 => Err(Error::NotFound("没有找到这份报送的报告，请刷新页面".into())),
            None => {
                let id = self.ctx.new_id();
                self.begin::<ReportFilings>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            }
        }
    }

    /// Refuses unless the actor acts for the body that adds the unit's report up.
    async fn must_receive(&mut self, into: Uuid) -> Result<()> {
        if answers_for(self.tx, self.region, &self.ctx.actor, into).await? {
            return Ok(());
        }
        Err(not_the_receiver())
    }
}

fn not_the_receiver() -> Error {
    Error::NotAllowed("报送的报告由汇总机关或者其政府信息公开工作主管部门审核，您的账号不能办理".into())
}

fn unknown() -> Error {
    Error::NotFound("没有找到这份报送的报告，请从报送情况列表进入".into())
}

impl Service {
    /// Files the report of a unit as it stands approved or published, for the first time or again.
    ///
    /// # Errors
    /// The report is not approved, does not add up, or leaves a returned line unchanged and unanswered.
    pub async fn file_report(&self, ctx: Context, new: NewFiling) -> Result<Uuid> {
        ctx.actor.must(Permission::EditReport)?;
        self.verb(ctx, "file-report", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                let scope = scope_of_unit(&tree, new.unit, new.year);
                match scope {
                    Scope::Own => work.must_reach(new.unit).await?,
                    Scope::Government => work.must_receive(new.unit).await?,
                }
                let (report, source) = work.own_report(new.unit, new.year, scope).await?;
                work.file(new, scope, report, source).await
            })
        })
        .await
    }

    /// Files a report that was read from a file: by the unit itself, or by the body that adds it up.
    pub async fn file_read_report(&self, ctx: Context, new: NewFiling, read: ReadReport) -> Result<Uuid> {
        ctx.actor.must(Permission::EditReport)?;
        self.verb(ctx, "file-read-report", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                if work.must_reach(new.unit).await.is_err() {
                    let into = tree.get(new.unit)?.consolidates_into;
                    work.must_receive(into.ok_or_else(not_the_receiver)?).await?;
                }
                let scope = scope_of_unit(&tree, new.unit, new.year);
                let source = Source::File { name: read.name, kind: read.kind, digest: read.digest };
                work.file(new, scope, read.report, source).await
            })
        })
        .await
    }

    /// Does one thing to a filing that is at `version`.
    pub async fn act_on_filing(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        action: FilingAction,
    ) -> Result<u32> {
        let withdraws = matches!(action, FilingAction::Withdraw { .. });
        ctx.actor.must(if withdraws { Permission::EditReport } else { Permission::ReviewReport })?;
        self.verb(ctx, "act-on-filing", move |mut work| {
            Box::pin(async move {
                let row = work.tx.report_filing(work.region, id).await?.ok_or_else(unknown)?;
                if withdraws {
                    work.must_reach(row.unit).await?;
                } else {
                    work.must_receive(row.into_unit).await?;
                }
                let on = work.ctx.today();
                let events = match action {
                    FilingAction::Mark { lines, .. } if lines.is_empty() => {
                        let text = "请选择有问题的单元格、行或者部分";
                        return Err(Error::refused("no-line", text, ""));
                    }
                    FilingAction::Mark { lines, reason } => lines
                        .into_iter()
                        .map(|line| FilingEvent::LineMarked { line, reason: reason.clone() })
                        .collect(),
                    FilingAction::Unmark { line } => vec![FilingEvent::MarkRemoved { line }],
                    FilingAction::Return { note } => vec![FilingEvent::Returned { note }],
                    FilingAction::Accept { note } => vec![FilingEvent::Accepted { note }],
                    FilingAction::Withdraw { reason } => vec![FilingEvent::Withdrawn { reason }],
                };
                let mut version = version;
                for event in events {
                    version = work.change::<ReportFilings>(id, version, Change::event(on, event)).await?;
                }
                Ok(version)
            })
        })
        .await
    }

    /// Accepts filings in which the checks find nothing, all or none; how many. Each comes with the version that was seen.
    pub async fn accept_filings(&self, ctx: Context, filings: Vec<(Uuid, u32)>) -> Result<usize> {
        ctx.actor.must(Permission::ReviewReport)?;
        if filings.is_empty() {
            return Err(Error::refused("nothing-chosen", "请选择要接收的报告", ""));
        }
        self.verb(ctx, "accept-filings", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                let on = work.ctx.today();
                for (id, version) in &filings {
                    let row = work.tx.report_filing(work.region, *id).await?.ok_or_else(unknown)?;
                    work.must_receive(row.into_unit).await?;
                    let history = docket::<ReportFilings>(work.tx, work.region, *id).await?;
                    let standing = Standing::of(&recorded(&history)).ok_or_else(unknown)?;
                    let unit = tree.get(row.unit)?;
                    let found = findings(work.tx, work.region, unit, &standing).await?;
                    if let Some(first) = found.iter().find(|f| f.severity != Severity::Info) {
                        let text = format!(
                            "{}的报告有核查意见（{}），请打开逐项核对后接收或者退回",
                            unit.short_name, first.message
                        );
                        return Err(Error::refused("findings", text, ""));
                    }
                    let event = FilingEvent::Accepted { note: String::new() };
                    work.change::<ReportFilings>(*id, *version, Change::event(on, event)).await?;
                }
                Ok(filings.len())
            })
        })
        .await
    }

    /// Records why the government's report of a year goes without a unit's.
    pub async fn excuse_unit(
        &self,
        ctx: Context,
        unit: Uuid,
        year: i16,
        seen: u32,
        reason: String,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::ApproveReport)?;
        self.verb(ctx, "excuse-unit", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                let into = tree.get(unit)?.consolidates_into.ok_or_else(not_the_receiver)?;
                work.must_receive(into).await?;
                let event =
                    FilingEvent::Excused { unit: unit.to_string(), into: into.to_string(), year, reason };
                work.add_to_filing(unit, year, seen, event).await
            })
        })
        .await
    }

    /// The filing of a unit and year, as the unit or the body that adds it up sees it.
    pub async fn filing_view(&self, ctx: &Context, unit: Uuid, year: i16) -> Result<FilingView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let row = tx.report_filing_of(self.region, unit, year).await?;
        let into = row.as_ref().map(|r| r.into_unit).or(tree.get(unit)?.consolidates_into);
        let (mut receives, mut deadlines) = (false, Deadlines::default());
        if let Some(into) = into {
            receives = answers_for(&mut tx, self.region, &ctx.actor, into).await?;
            deadlines = setup(&mut tx, self.region, into).await?.1.deadlines;
        }
        let seen = self.must_see(&mut tx, ctx, unit).await;
        let files = seen.is_ok();
        if !receives {
            seen?;
        }
        let unit = tree.get(unit)?.clone();
        let filed = match row {
            Some(row) => {
                let history = docket::<ReportFilings>(&mut tx, self.region, row.id).await?;
                let standing = Standing::of(&recorded(&history)).ok_or_else(unknown)?;
                Some(Filed {
                    id: row.id,
                    version: u32::try_from(history.len()).unwrap_or(u32::MAX),
                    findings: findings(&mut tx, self.region, &unit, &standing).await?,
                    standing,
                    history,
                })
            }
            None => None,
        };
        let kind = UnitKind::parse(&unit.kind).unwrap_or(UnitKind::Other);
        Ok(FilingView {
            year,
            into: into.map(|id| tree.get(id).cloned()).transpose()?,
            due: deadlines.filing(kind, year),
            filed,
            receives,
            files,
            unit,
        })
    }
}

/// What the checks find in the report that was filed last: by itself, against last year's, and against what the unit
/// published.
pub(super) async fn findings(
    tx: &mut Tx,
    region: Region,
    unit: &UnitRow,
    filing: &Standing,
) -> Result<Vec<Finding>> {
    let Some(round) = filing.last() else { return Ok(Vec::new()) };
    let Some(form) = Form::by_id(&round.report.form) else { return Ok(Vec::new()) };
    let scope = filing.scope;
    let earlier = rows(tx, region, &[unit.id], filing.year - 1).await?;
    let before = sum::standings(tx, region, &earlier, None).await?.remove(&unit.id);
    let before = before.and_then(|s| s.accepted().map(|r| r.report.clone()));
    let mut published = Vec::new();
    for year in [filing.year - 1, filing.year] {
        let row = tx.report_of(region, unit.id, year, scope.key()).await?;
        published.push(row.as_ref().map(snapshot).transpose()?.flatten());
    }
    let other = published.pop().flatten();
    let before = before.or_else(|| published.pop().flatten().map(|s| s.reported()));
    let report = &round.report;
    let mut input = check::Input::new(form, filing.year, &report.figures);
    input.organization = Some(&report.organization);
    input.scope = Some(scope);
    input.unit = Level::parse(&unit.level).zip(UnitKind::parse(&unit.kind));
    input.texts = Some(&report.texts);
    input.other_filing = other.as_ref().map(|s| &s.figures);
    if let Some(last) = &before
        && let Some(form) = Form::by_id(&last.form)
    {
        let mut compared = check::Previous::new(form, filing.year - 1, &last.figures);
        compared.texts = Some(&last.texts);
        compared.organization = Some(&last.organization);
        compared.scope = Some(scope);
        input.previous = Some(compared);
    }
    Ok(check::run(&input))
}
