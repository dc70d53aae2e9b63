//! The annual report of a unit: built from the registers, written, reviewed, approved, published, corrected.

mod build;
mod collection;
mod filing;
mod find;
mod open_data;
mod setup;
pub(crate) mod sum;
mod text;

pub use build::{BuiltReport, ReportAsk};
pub(crate) use build::{past_or_published, tree};
pub use collection::{Collection, CollectionLine, ReportDuties, SameText, UnitState};
pub(crate) use filing::row as filing_row;
pub use filing::{Filed, FilingAction, FilingView, NewFiling, ReadReport, ReportFilings};
pub(crate) use find::PublishedIndex;
pub use open_data::OpenReport;
pub use setup::ReportSetup;

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, History, Place, Register, Work, docket, recorded};
use crate::unit::{Tree, id_of};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::report::{Part, Publication, ReportEvent, Scope, Snapshot, Stage, Standing, deadline};
use law::docket::unit::UnitKind;
use law::form::Form;
use law::form::check::Finding;
use law::{Due, Refusal};
use store::{Region, ReportFilter, ReportRow, Tx, UnitRow};
use uuid::Uuid;

/// The register of annual reports.
#[derive(Debug, Clone, Copy)]
pub struct Reports;

impl Register for Reports {
    const KIND: &'static str = "report";
    const NAME: &'static str = "年度报告";
    type Event = ReportEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<ReportEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &ReportEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &ReportEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_report(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_report(region, id).await })
    }
}

/// The derived row of a report.
pub(crate) fn row(place: Place, s: &Standing) -> ReportRow {
    let published = s.published();
    ReportRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        year: s.year,
        scope: s.scope.key().to_owned(),
        stage: s.stage.key().to_owned(),
        form: published.map_or_else(
            || Form::for_year(s.year).map(|f| f.id.clone()).unwrap_or_default(),
            |p| p.snapshot.form.clone(),
        ),
        published_on: s.publications.first().map(|p| p.on),
        version: i64::from(place.version),
        snapshot: published.and_then(|p| serde_json::to_string(&p.snapshot).ok()),
    }
}

/// What can be done to a report.
#[derive(Debug, Clone)]
pub enum ReportAction {
    /// Replace the text of a part.
    EditText {
        /// Which part.
        part: Part,
        /// The text, with live references.
        text: String,
    },
    /// 审核通过
    Review {
        /// Opinion.
        note: String,
    },
    /// 退回修改
    Return {
        /// What has to be changed.
        note: String,
    },
    /// 批准
    Approve {
        /// Opinion.
        note: String,
    },
    /// 对核查意见作出说明
    Waive {
        /// Key of the finding.
        finding: String,
        /// Why it may stand.
        reason: String,
    },
    /// 撤回说明
    WithdrawWaiver {
        /// Key of the finding.
        finding: String,
    },
    /// 公布
    Publish,
    /// 更正后重新公布
    Correct {
        /// Why.
        reason: String,
    },
}

impl ReportAction {
    fn permission(&self) -> Permission {
        match self {
            ReportAction::EditText { .. } => Permission::EditReport,
            ReportAction::Review { .. } | ReportAction::Return { .. } => Permission::ReviewReport,
            ReportAction::Approve { .. }
            | ReportAction::Waive { .. }
            | ReportAction::WithdrawWaiver { .. } => Permission::ApproveReport,
            ReportAction::Publish | ReportAction::Correct { .. } => Permission::PublishReport,
        }
    }
}

/// A report on the desk.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// Docket id.
    pub id: Uuid,
    /// Number of entries.
    pub version: u32,
    /// Whose report.
    pub unit: UnitRow,
    /// Where it stands.
    pub standing: Standing,
    /// Its entries.
    pub history: Vec<History<ReportEvent>>,
    /// The last day of 条例 art. 49.
    pub deadline: Due,
    /// The report as the registers and the text give it now.
    pub built: BuiltReport,
    /// Where the registers have changed since the version that is public: what a correction would change.
    pub outdated: Vec<Finding>,
}

/// A published report in the list of the portal.
#[derive(Debug, Clone)]
pub struct PublishedItem {
    /// Whose report.
    pub unit: UnitRow,
    /// Report year.
    pub year: i16,
    /// 本机关 or 本级政府.
    pub scope: Scope,
    /// Title.
    pub title: String,
    /// Day of publication.
    pub published_on: Date,
    /// Day of the last correction.
    pub corrected_on: Option<Date>,
}

/// A published report with all its versions, the newest first.
#[derive(Debug, Clone)]
pub struct PublishedReport {
    /// Whose report.
    pub unit: UnitRow,
    /// Report year.
    pub year: i16,
    /// 本机关 or 本级政府.
    pub scope: Scope,
    /// The versions that were public.
    pub versions: Vec<Publication>,
}

impl Service {
    /// Begins the report of a unit for a year: one per unit, year and scope.
    pub async fn draft_report(&self, mut ctx: Context, unit: Uuid, year: i16, scope: Scope) -> Result<Uuid> {
        ctx.actor.must(Permission::EditReport)?;
        let id = ctx.new_id();
        self.verb(ctx, "draft-report", move |mut work| {
            Box::pin(async move {
                work.must_make(unit, scope).await?;
                let row = Tree::read(work.tx, work.region).await?.get(unit)?.clone();
                if let (Some(end), Some(_)) = (row.valid_to, row.successor)
                    && end.year() <= year
                {
                    let text = format!(
                        "{}已于{end}撤销，{year}年度的数据由承接机关一并报告，请起草承接机关的报告",
                        row.name
                    );
                    return Err(Error::refused("closed", text, "国办公开办函〔2019〕14号"));
                }
                let governs =
                    [UnitKind::Government.key(), UnitKind::Township.key()].contains(&row.kind.as_str());
                if scope == Scope::Government && !governs {
                    let text = format!("{}不是一级人民政府，本级政府的报告请以人民政府的名义起草", row.name);
                    return Err(Error::refused("not-a-government", text, "条例第四十九条"));
                }
                if work.tx.report_of(work.region, unit, year, scope.key()).await?.is_some() {
                    return Err(Error::refused(
                        "already-drafted",
                        format!("{year}年度报告已经起草，请在原报告上修改"),
                        "",
                    ));
                }
                let on = work.ctx.today();
                let event = ReportEvent::Drafted { unit: unit.to_string(), year, scope };
                work.begin::<Reports>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Does one thing to a report that is at `version`. Publishing builds the report in the same transaction and
    /// freezes form version, figures, text and calendar; a finding that blocks and is not waived refuses it.
    pub async fn act_on_report(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        action: ReportAction,
    ) -> Result<u32> {
        ctx.actor.must(action.permission())?;
        self.verb(ctx, "act-on-report", move |mut work| {
            Box::pin(async move {
                let history = docket::<Reports>(work.tx, work.region, id).await?;
                let standing = Standing::of(&recorded(&history)).ok_or_else(|| not_found(""))?;
                let unit = id_of(&Some(standing.unit.clone())).ok_or_else(|| not_found(""))?;
                work.must_make(unit, standing.scope).await?;
                let on = work.ctx.today();
                let event = match action {
                    ReportAction::EditText { part, text } => ReportEvent::TextEdited { part, text },
                    ReportAction::Review { note } => ReportEvent::Reviewed { note },
                    ReportAction::Return { note } => ReportEvent::Returned { note },
                    ReportAction::Approve { note } => ReportEvent::Approved { note },
                    ReportAction::Waive { finding, reason } => ReportEvent::FindingWaived { finding, reason },
                    ReportAction::WithdrawWaiver { finding } => ReportEvent::WaiverWithdrawn { finding },
                    ReportAction::Publish | ReportAction::Correct { .. } => {
                        let ask = ReportAsk { unit, year: standing.year, scope: standing.scope, as_of: None };
                        let (at, calendar) = (work.ctx.at, work.calendar.clone());
                        let built = build::build(work.tx, work.region, &calendar, at, &ask).await?;
                        let snapshot = Box::new(built.snapshot(&calendar, on));
                        match action {
                            ReportAction::Correct { reason } => ReportEvent::Corrected { snapshot, reason },
                            _ => ReportEvent::Published { snapshot },
                        }
                    }
                };
                work.change::<Reports>(id, version, Change::event(on, event)).await
            })
        })
        .await
    }

    /// Refuses unless the actor may see this report.
    pub(crate) async fn must_see_report(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        unit: Uuid,
        scope: Scope,
    ) -> Result<()> {
        ctx.actor.must(Permission::ReadRegisters)?;
        if scope == Scope::Government && setup::answers_for(tx, self.region, &ctx.actor, unit).await? {
            return Ok(());
        }
        self.must_see(tx, ctx, unit).await
    }

    /// Builds the report of a unit from the registers, drafted or not.
    pub async fn build_report(&self, ctx: &Context, ask: &ReportAsk) -> Result<BuiltReport> {
        let mut tx = self.look().await?;
        self.must_see_report(&mut tx, ctx, ask.unit, ask.scope).await?;
        build::build(&mut tx, self.region, &self.calendar, ctx.at, ask).await
    }

    /// Reports the actor may see, the latest year first.
    pub async fn reports(&self, ctx: &Context, mut filter: ReportFilter) -> Result<Vec<ReportRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let wanted = filter.units.clone();
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        let mut found = tx.reports(self.region, &filter, None, 1000).await?;
        // Of a government for which the actor's unit collects reports, its report as well.
        let reached = filter.units.clone().unwrap_or_default();
        if ctx.actor.unit().is_some() && filter.scope.as_deref() != Some(Scope::Own.key()) {
            let mut more = setup::collected_by(&mut tx, self.region, &ctx.actor).await?;
            more.retain(|u| !reached.contains(u) && wanted.as_ref().is_none_or(|w| w.contains(u)));
            filter.units = Some(more);
            filter.scope = Some(Scope::Government.key().to_owned());
            found.extend(tx.reports(self.region, &filter, None, 1000).await?);
        }
        Ok(found)
    }

    /// A report on the desk.
    pub async fn report_view(&self, ctx: &Context, id: Uuid) -> Result<ReportView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Reports>(&mut tx, self.region, id).await?;
        let standing = Standing::of(&recorded(&history)).ok_or_else(|| not_found(""))?;
        let unit = id_of(&Some(standing.unit.clone())).ok_or_else(|| not_found(""))?;
        self.must_see_report(&mut tx, ctx, unit, standing.scope).await?;
        let ask = ReportAsk { unit, year: standing.year, scope: standing.scope, as_of: None };
        let built = build::build(&mut tx, self.region, &self.calendar, ctx.at, &ask).await?;
        let row = tx.unit(self.region, unit).await?.ok_or_else(|| not_found(""))?;
        Ok(ReportView {
            id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            unit: row,
            deadline: deadline(standing.scope, standing.year),
            outdated: standing.published().map(|p| built.changed_since(&p.snapshot)).unwrap_or_default(),
            standing,
            history,
            built,
        })
    }

    /// The published reports, for everybody: the latest year first; with words, those that contain all of them, the
    /// best fit first.
    pub async fn published_reports(
        &self,
        unit: Option<Uuid>,
        year: Option<i16>,
        words: Option<&str>,
    ) -> Result<Vec<PublishedItem>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let filter =
            ReportFilter { units: unit.map(|u| vec![u]), year, published: true, ..ReportFilter::default() };
        let rows = tx.reports(self.region, &filter, None, 1000).await?;
        let mut items = Vec::new();
        for report in &rows {
            let (Some(snapshot), Some(published_on)) = (snapshot(report)?, report.published_on) else {
                continue;
            };
            let corrected = report.stage == Stage::Corrected.key() || snapshot.signed_on > published_on;
            items.push((
                report.id,
                PublishedItem {
                    unit: tree.get(report.unit)?.clone(),
                    year: report.year,
                    scope: scope_of(&report.scope)?,
                    title: snapshot.title,
                    published_on,
                    corrected_on: corrected.then_some(snapshot.signed_on),
                },
            ));
        }
        let Some(words) = words.filter(|w| !w.trim().is_empty()) else {
            return Ok(items.into_iter().map(|(_, item)| item).collect());
        };
        let found = self.published.find(&rows, words)?;
        Ok(found
            .into_iter()
            .filter_map(|id| items.iter().find(|(i, _)| *i == id).map(|(_, item)| item.clone()))
            .collect())
    }

    /// A published report with all its versions, for everybody.
    pub async fn published_report(&self, unit: Uuid, year: i16, scope: Scope) -> Result<PublishedReport> {
        let mut tx = self.look().await?;
        let row = tx.unit(self.region, unit).await?;
        let report = tx.report_of(self.region, unit, year, scope.key()).await?;
        let (Some(row), Some(report)) = (row, report) else { return Err(not_found(&format!("{year}年"))) };
        let history = docket::<Reports>(&mut tx, self.region, report.id).await?;
        let mut versions = Standing::of(&recorded(&history)).map(|s| s.publications).unwrap_or_default();
        versions.reverse();
        if versions.is_empty() {
            return Err(not_found(&format!("{year}年")));
        }
        Ok(PublishedReport { unit: row, year, scope, versions })
    }

    /// The report as bytes in one of the formats. `links` is the prefix under which a cell's records are found.
    pub fn render(
        report: &BuiltReport,
        format: paper::Format,
        fonts: &paper::Fonts,
        links: Option<&str>,
    ) -> Result<Vec<u8>> {
        report.render(format, fonts, links)
    }
}

impl Work<'_> {
    /// Refuses unless the actor may work on this report: a government's is also made by its main department.
    async fn must_make(&mut self, unit: Uuid, scope: Scope) -> Result<()> {
        if scope == Scope::Government
            && setup::answers_for(self.tx, self.region, &self.ctx.actor, unit).await?
        {
            return Ok(());
        }
        self.must_reach(unit).await
    }
}

/// The published version a row holds.
pub(crate) fn snapshot(report: &ReportRow) -> Result<Option<Snapshot>> {
    let read = |text: &String| serde_json::from_str(text).map_err(|e| Error::Internal(e.to_string()));
    report.snapshot.as_ref().map(read).transpose()
}

/// The scope stored in a row.
pub(crate) fn scope_of(key: &str) -> Result<Scope> {
    Scope::parse(key).ok_or_else(|| Error::Internal(format!("scope {key}")))
}

fn not_found(which: &str) -> Error {
    Error::NotFound(format!("没有找到{which}已公布的年度报告，请核对机关和年度"))
}

/// The instant as the report names it.
pub(crate) fn instant_text(at: Timestamp) -> String {
    at.to_string()
}
