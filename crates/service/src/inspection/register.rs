//! The register of inspections: a report comes in as a file, is read and checked, each finding is settled by a person, and
//! the report becomes what a unit reported for a past year.
//!
//! What was read is in the journal; the file lies beside it and is read again whenever the report is looked at, so that a
//! better reader or a new check tells at once what it sees. What people settled stays settled.

use super::{Before, Inspection, Row, rules, workbook};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::{Opened, beside};
use crate::register::{Change, History, Place, Register, Work, docket, recorded};
use crate::report::{ReportAsk, past_or_published};
use crate::unit::{Tree, id_of};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::file::{FileRole, Media};
use law::docket::report_filing::{Reported, Source};
use law::docket::report_inspection::{Belongs, InspectionEvent, Judgement, RulesUsed, Standing};
use law::form::Form;
use law::form::check::Severity;
use law::form::part::Scope;
use paper::read::{Document, Kind, MAX_BYTES};
use store::{Blobs, Region, ReportInspectionFilter, ReportInspectionRow, Tx, UnitRow};
use uuid::Uuid;

/// Inspections on a page of the list.
const PAGE: i64 = 100;
/// Inspections in a workbook at most.
const MOST: i64 = 2_000;

/// The register.
#[derive(Debug, Clone, Copy)]
pub struct Inspections;

impl Register for Inspections {
    const KIND: &'static str = "report-inspection";
    const NAME: &'static str = "年度报告核查";
    type Event = InspectionEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<InspectionEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &InspectionEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &InspectionEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_report_inspection(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_report_inspection(region, id).await })
    }
}

/// The derived row of an inspection.
pub(crate) fn row(place: Place, s: &Standing) -> ReportInspectionRow {
    let number = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let (errors, errors_open) = s.count(Severity::Error);
    let (warnings, warnings_open) = s.count(Severity::Warning);
    let (remarks, _) = s.count(Severity::Info);
    let (name, kind, digest) = match &s.source {
        Source::File { name, kind, digest } => (name.clone(), kind.clone(), digest.clone()),
        Source::System { report, .. } => (report.clone(), String::new(), String::new()),
    };
    let most = |n: usize| number(n.min(9_999));
    ReportInspectionRow {
        id: place.id,
        name,
        kind,
        digest,
        organization: s.report.organization.clone(),
        year: s.year,
        form: s.report.form.clone(),
        unit: s.belongs.as_ref().and_then(|b| id_of(&Some(b.unit.clone()))),
        unit_year: s.belongs.as_ref().map(|b| b.year),
        scope: s.belongs.as_ref().map(|b| b.scope.key().to_owned()),
        errors: number(errors),
        errors_open: number(errors_open),
        warnings: number(warnings),
        warnings_open: number(warnings_open),
        remarks: number(remarks),
        unread: number(s.refused.len()),
        read_on: s.read_on,
        discarded: i64::from(s.discarded.is_some()),
        // What is open first, errors before warnings; then what was found.
        weight: (most(errors_open) * 10_000 + most(warnings_open)) * 10_000 + most(errors),
        version: i64::from(place.version),
    }
}

/// What can be done to an inspection.
#[derive(Debug, Clone)]
pub enum InspectionAction {
    /// 处理 of a finding
    Settle {
        /// Its key.
        finding: String,
        /// What is said of it.
        judgement: Judgement,
        /// Why.
        note: String,
    },
    /// 撤回处理
    Reopen {
        /// Key of the finding.
        finding: String,
    },
    /// 归入 the past reports of a unit
    Assign {
        /// The unit.
        unit: Uuid,
        /// Report year.
        year: i16,
        /// Its own report, or that of the government it is.
        scope: Scope,
    },
    /// 取消归入
    Release {
        /// Why.
        reason: String,
    },
    /// 作废
    Discard {
        /// Why.
        reason: String,
    },
    /// 重新核查
    Recheck,
}

/// An inspection on the desk.
#[derive(Debug, Clone)]
pub struct InspectionView {
    /// Docket id.
    pub id: Uuid,
    /// Number of entries.
    pub version: u32,
    /// Where it stands.
    pub standing: Standing,
    /// Its entries.
    pub history: Vec<History<InspectionEvent>>,
    /// Whose past report it is.
    pub unit: Option<UnitRow>,
    /// The file as lines and tables.
    pub document: Document,
    /// The report as it is read and checked now, by the settings of the last run.
    pub inspection: Inspection,
    /// Whether the checks find something else now than when they last ran.
    pub outdated: bool,
    /// Whether the next run would be made with other settings of the checks than the last one.
    pub rules_changed: bool,
    /// The settings it would be made with; none for the rules of the law.
    pub rules_now: Option<RulesUsed>,
    /// Name and year of the report it is compared with.
    pub compared: Option<String>,
}

impl Service {
    /// Reads a published report from a file and checks it. The same file is not taken twice: the inspection of it that is
    /// there is given instead.
    ///
    /// # Errors
    /// [`Error::Invalid`] with the sentence why it cannot be read.
    pub async fn inspect_report(&self, mut ctx: Context, name: &str, content: Vec<u8>) -> Result<Uuid> {
        ctx.actor.must(Permission::ReviewReport)?;
        if content.len() > MAX_BYTES {
            return Err(Error::Invalid(paper::read::Unreadable::TooLarge.to_string()));
        }
        let digest = Blobs::address_of(&content);
        let known = self.look().await?.report_inspection_with(self.region, &digest).await?;
        if let Some(known) = known {
            return Ok(known.id);
        }
        let read = beside(move || (paper::read::read(&content), content)).await?;
        let (reading, content) = (read.0.map_err(|e| Error::Invalid(e.to_string()))?, read.1);
        let media = match reading.kind {
            Kind::Pdf => Media::Pdf,
            Kind::Docx => Media::Docx,
            Kind::Html => Media::Page,
            Kind::Text => Media::Text,
        };
        let kept = self.keep_judged(&mut ctx, FileRole::AnnualReport, (name, media), content).await?;
        let name: String = name.chars().take(300).collect();
        let id = ctx.new_id();
        self.verb(ctx, "inspect-report", move |mut work| {
            Box::pin(async move {
                // Somebody may have brought the same file meanwhile.
                if let Some(known) = work.tx.report_inspection_with(work.region, &digest).await? {
                    return Ok(known.id);
                }
                let previous = before_named(work.tx, work.region, &reading).await?;
                let kind = media.key().to_owned();
                let by = work.ctx.actor.unit();
                let now = rules::in_force(work.tx, work.region, by).await?;
                let inspection = Inspection::by(reading, previous.as_ref(), &now.settings);
                let event = InspectionEvent::Read {
                    source: Source::File { name, kind, digest },
                    report: Box::new(reported(&inspection)),
                    year: inspection.reading.year,
                    refused: inspection.refusals(),
                    findings: inspection.findings,
                    by: by.map(|unit| unit.to_string()),
                    rules: now.used,
                };
                let on = work.ctx.today();
                work.begin::<Inspections>(id, vec![Change::event(on, event)]).await?;
                work.add_file_to((Inspections::KIND, id), kept).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Inspections, the gravest first, a page of them after the key of the last one seen; whether there are more.
    pub async fn inspections(
        &self,
        ctx: &Context,
        filter: &ReportInspectionFilter,
        after: Option<(i64, Uuid)>,
    ) -> Result<(Vec<ReportInspectionRow>, bool)> {
        ctx.actor.must(Permission::ReviewReport)?;
        let mut rows = self.look().await?.report_inspections(self.region, filter, after, PAGE + 1).await?;
        let more = rows.len() > PAGE as usize;
        rows.truncate(PAGE as usize);
        Ok((rows, more))
    }

    /// The findings of all inspections that fit, as a workbook.
    pub async fn inspection_workbook(
        &self,
        ctx: &Context,
        filter: &ReportInspectionFilter,
    ) -> Result<Vec<u8>> {
        ctx.actor.must(Permission::ReviewReport)?;
        let mut tx = self.look().await?;
        let mut rows = Vec::new();
        for found in tx.report_inspections(self.region, filter, None, MOST).await? {
            let history = docket::<Inspections>(&mut tx, self.region, found.id).await?;
            let Some(standing) = Standing::of(&recorded(&history)) else { continue };
            rows.push(Row::kept(&found, &standing));
        }
        drop(tx);
        workbook(&rows)
    }

    /// An inspection with its report, read and checked anew.
    pub async fn inspection(&self, ctx: &Context, id: Uuid) -> Result<InspectionView> {
        ctx.actor.must(Permission::ReviewReport)?;
        let opened = self.inspected_file(id).await?;
        let mut tx = self.look().await?;
        let history = docket::<Inspections>(&mut tx, self.region, id).await?;
        let standing = Standing::of(&recorded(&history)).ok_or_else(no_such)?;
        let unit = match standing.belongs.as_ref().and_then(|b| id_of(&Some(b.unit.clone()))) {
            Some(unit) => Some(Tree::read(&mut tx, self.region).await?.get(unit)?.clone()),
            None => None,
        };
        let content = opened.content;
        let read = beside(move || {
            let document = paper::read::document(&content);
            paper::read::read(&content).and_then(|reading| Ok((document?, reading)))
        });
        let (document, reading) = read.await?.map_err(|e| Error::Invalid(e.to_string()))?;
        let previous = before_of(&mut tx, self.region, &standing, &reading).await?;
        let compared = previous
            .as_ref()
            .map(|p| format!("{}{}年度报告", p.organization.as_deref().unwrap_or_default(), p.year));
        let settings = rules::as_used(&mut tx, self.region, standing.rules.as_ref()).await?;
        let now = rules::in_force(&mut tx, self.region, id_of(&standing.by)).await?;
        let mut inspection = Inspection::by(reading, previous.as_ref(), &settings);
        inspection.rules = standing.rules.as_ref().map(RulesUsed::label);
        let keys = |all: &[law::form::check::Finding]| {
            let mut keys: Vec<String> = all.iter().map(law::form::check::Finding::key).collect();
            keys.sort();
            keys
        };
        Ok(InspectionView {
            id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            outdated: keys(&inspection.findings) != keys(&standing.findings),
            rules_changed: rules::differ(standing.rules.as_ref(), now.used.as_ref()),
            rules_now: now.used,
            standing,
            history,
            unit,
            document,
            inspection,
            compared,
        })
    }

    /// The file of an inspection, as it came.
    pub async fn inspection_file(&self, ctx: &Context, id: Uuid) -> Result<Opened> {
        ctx.actor.must(Permission::ReviewReport)?;
        self.inspected_file(id).await
    }

    async fn inspected_file(&self, id: Uuid) -> Result<Opened> {
        let mut tx = self.look().await?;
        let file = tx.files_of(self.region, id).await?.into_iter().next().ok_or_else(no_such)?;
        drop(tx);
        self.opened_of(id, file.id).await
    }

    /// Does one thing to an inspection that is at `version`.
    pub async fn act_on_inspection(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        action: InspectionAction,
    ) -> Result<u32> {
        ctx.actor.must(Permission::ReviewReport)?;
        let content = match action {
            InspectionAction::Recheck => Some(self.inspected_file(id).await?.content),
            _ => None,
        };
        let reading = match content {
            Some(content) => {
                let read = beside(move || paper::read::read(&content)).await?;
                Some(read.map_err(|e| Error::Invalid(e.to_string()))?)
            }
            None => None,
        };
        self.verb(ctx, "act-on-inspection", move |mut work| {
            Box::pin(async move {
                let event = work.inspection_event(id, action, reading).await?;
                let on = work.ctx.today();
                work.change::<Inspections>(id, version, Change::event(on, event)).await
            })
        })
        .await
    }
}

impl Work<'_> {
    async fn inspection_event(
        &mut self,
        id: Uuid,
        action: InspectionAction,
        reading: Option<paper::read::Reading>,
    ) -> Result<InspectionEvent> {
        Ok(match action {
            InspectionAction::Settle { finding, judgement, note } => {
                InspectionEvent::FindingSettled { finding, judgement, note: note.trim().to_owned() }
            }
            InspectionAction::Reopen { finding } => InspectionEvent::FindingReopened { finding },
            InspectionAction::Assign { unit, year, scope } => {
                self.must_reach(unit).await?;
                self.must_be_free(unit, year, scope).await?;
                InspectionEvent::Assigned(Belongs { unit: unit.to_string(), year, scope })
            }
            InspectionAction::Release { reason } => InspectionEvent::Released { reason },
            InspectionAction::Discard { reason } => InspectionEvent::Discarded { reason },
            InspectionAction::Recheck => {
                let history = docket::<Inspections>(self.tx, self.region, id).await?;
                let standing = Standing::of(&recorded(&history)).ok_or_else(no_such)?;
                let reading = reading.ok_or_else(no_such)?;
                let previous = before_of(self.tx, self.region, &standing, &reading).await?;
                let now = rules::in_force(self.tx, self.region, id_of(&standing.by)).await?;
                let inspection = Inspection::by(reading, previous.as_ref(), &now.settings);
                InspectionEvent::Checked { findings: inspection.findings, rules: now.used }
            }
        })
    }

    /// One past report per unit, year and scope, and none where this system has published one.
    async fn must_be_free(&mut self, unit: Uuid, year: i16, scope: Scope) -> Result<()> {
        if self.tx.past_report(self.region, unit, year, scope.key()).await?.is_some() {
            let text = format!("该机关{year}年度已经有归入的报告，需要更换的，请先取消原来的归入");
            return Err(Error::refused("already-assigned", text, ""));
        }
        let own = self.tx.report_of(self.region, unit, year, scope.key()).await?;
        if own.is_some_and(|r| r.snapshot.is_some()) {
            let text = format!("该机关{year}年度报告由本系统编制并公布，不需要归入");
            return Err(Error::refused("published-here", text, ""));
        }
        Ok(())
    }
}

fn no_such() -> Error {
    Error::NotFound("没有这份核查的报告，请从核查列表进入".into())
}

/// What is kept of a report that was read.
fn reported(inspection: &Inspection) -> Reported {
    let reading = &inspection.reading;
    Reported {
        form: reading.form.id.clone(),
        organization: reading.published.organization.clone().unwrap_or_default(),
        title: reading.published.title.as_ref().map(|(t, _)| t.clone()).unwrap_or_default(),
        figures: reading.figures.clone(),
        texts: reading.published.texts(),
    }
}

/// What was reported for the year before: of the unit it belongs to, else of the authority it names.
async fn before_of(
    tx: &mut Tx,
    region: Region,
    standing: &Standing,
    reading: &paper::read::Reading,
) -> Result<Option<Before>> {
    if let Some(belongs) = &standing.belongs
        && let Some(unit) = id_of(&Some(belongs.unit.clone()))
    {
        let year = belongs.year - 1;
        let ask = ReportAsk { unit, year, scope: belongs.scope, as_of: None };
        let known = past_or_published(tx, region, &ask).await?;
        return Ok(known.and_then(|report| before(report, year)));
    }
    before_named(tx, region, reading).await
}

/// What the authority of this name reported for the year before, as far as it was read here.
async fn before_named(tx: &mut Tx, region: Region, reading: &paper::read::Reading) -> Result<Option<Before>> {
    let (Some(name), Some(year)) = (&reading.published.organization, reading.year) else { return Ok(None) };
    let filter = ReportInspectionFilter {
        organization: Some(name.clone()),
        year: Some(year - 1),
        ..ReportInspectionFilter::default()
    };
    let Some(found) = tx.report_inspections(region, &filter, None, 1).await?.into_iter().next() else {
        return Ok(None);
    };
    let history = docket::<Inspections>(tx, region, found.id).await?;
    Ok(Standing::of(&recorded(&history)).and_then(|s| before(s.report, year - 1)))
}

fn before(report: Reported, year: i16) -> Option<Before> {
    Some(Before {
        form: Form::by_id(&report.form)?,
        year,
        organization: Some(report.organization).filter(|name| !name.is_empty()),
        figures: report.figures,
        texts: report.texts,
    })
}

/// The past report of a unit that was read from a file, as recorded at the instant asked for.
pub(crate) async fn past(tx: &mut Tx, region: Region, ask: &ReportAsk) -> Result<Option<Reported>> {
    let found = tx.past_report(region, ask.unit, ask.year, ask.scope.key()).await?;
    let Some(found) = found else { return Ok(None) };
    let mut history = docket::<Inspections>(tx, region, found.id).await?;
    if let Some(at) = ask.as_of {
        history.retain(|h| h.at <= at);
    }
    let standing = Standing::of(&recorded(&history)).filter(|s| s.belongs.is_some());
    Ok(standing.map(|s| s.report))
}
