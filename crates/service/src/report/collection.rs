//! 报送情况: which units have filed, what became of it, what is missing; and whose reports have the same text.

use super::filing::findings;
use super::setup::{answers_for, setup};
use super::sum::{MOST, rows, standings};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::unit::Tree;
use jiff::civil::Date;
use law::Due;
use law::docket::report_filing::{Deadlines, Stage};
use law::docket::unit::UnitKind;
use law::form::alike::{Prose, alike};
use law::form::check::Severity;
use std::collections::{BTreeMap, BTreeSet};
use store::{ReportFilingFilter, ReportFilter, ReportRow, Tx, UnitRow};
use uuid::Uuid;

/// How far a unit is with its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitState {
    /// 未起草
    NotBegun,
    /// 编制中
    Drafting,
    /// 待审核
    Filed,
    /// 已退回
    Returned,
    /// 已接收
    Accepted,
    /// 不汇总
    Excused,
}

impl UnitState {
    /// All of them, in the order in which a report passes them.
    pub const ALL: [UnitState; 6] = [
        UnitState::NotBegun,
        UnitState::Drafting,
        UnitState::Filed,
        UnitState::Returned,
        UnitState::Accepted,
        UnitState::Excused,
    ];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            UnitState::NotBegun => "not-begun",
            UnitState::Drafting => "drafting",
            UnitState::Filed => "filed",
            UnitState::Returned => "returned",
            UnitState::Accepted => "accepted",
            UnitState::Excused => "excused",
        }
    }

    /// Chinese name.
    pub fn label(self) -> &'static str {
        match self {
            UnitState::NotBegun => "未起草",
            UnitState::Drafting => "编制中",
            UnitState::Filed => "待审核",
            UnitState::Returned => "已退回",
            UnitState::Accepted => "已接收",
            UnitState::Excused => "不汇总",
        }
    }

    /// The state with this key.
    pub fn parse(key: &str) -> Option<UnitState> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// Whether the unit still has to do something.
    pub fn waits_for_unit(self) -> bool {
        matches!(self, UnitState::NotBegun | UnitState::Drafting | UnitState::Returned)
    }
}

/// A unit in the list of a collection.
#[derive(Debug, Clone)]
pub struct CollectionLine {
    /// The unit.
    pub unit: UnitRow,
    /// How far it is.
    pub state: UnitState,
    /// The last day to file.
    pub due: Due,
    /// True if it filed after that day, or has not filed though it is over.
    pub late: bool,
    /// The day it filed first.
    pub filed_on: Option<Date>,
    /// Docket of the filing and its version, if there is one.
    pub filing: Option<(Uuid, u32)>,
    /// Errors and warnings of a filing that waits; none where nothing waits.
    pub findings: Option<usize>,
    /// The day it published its report.
    pub published_on: Option<Date>,
}

/// The reports of a year that a body adds up.
#[derive(Debug, Clone)]
pub struct Collection {
    /// The body.
    pub into: UnitRow,
    /// Report year.
    pub year: i16,
    /// The days set.
    pub deadlines: Deadlines,
    /// Its main department.
    pub department: Option<UnitRow>,
    /// The units, in the order of lists.
    pub lines: Vec<CollectionLine>,
}

impl Collection {
    /// How many units are in this state.
    pub fn count(&self, state: UnitState) -> usize {
        self.lines.iter().filter(|l| l.state == state).count()
    }

    /// How many are late.
    pub fn late(&self) -> usize {
        self.lines.iter().filter(|l| l.late).count()
    }
}

/// Two reports with the same text.
#[derive(Debug, Clone)]
pub struct SameText {
    /// Unit and year of the one.
    pub one: (UnitRow, i16),
    /// Unit and year of the other.
    pub other: (UnitRow, i16),
    /// How alike, figures and names masked: 0 to 1.
    pub masked: f64,
    /// How alike as written.
    pub raw: f64,
}

/// What the collection of reports asks of an officer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReportDuties {
    /// The year it is about.
    pub year: i16,
    /// Reports of the own unit to be filed.
    pub to_file: i64,
    /// Reports of the own unit that were returned.
    pub returned: i64,
    /// Filings that wait for review.
    pub to_review: i64,
}

impl Service {
    /// The reports of a year that a body adds up: who has filed, who is late.
    ///
    /// # Errors
    /// The actor does not act for that body.
    pub async fn report_collection(&self, ctx: &Context, into: Uuid, year: i16) -> Result<Collection> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        self.must_collect(&mut tx, ctx, into).await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let units = tree.members(into, year);
        let rows = rows(&mut tx, self.region, &units, year).await?;
        let waiting: Vec<_> = rows.iter().filter(|r| r.stage == Stage::Filed.key()).cloned().collect();
        let waiting = standings(&mut tx, self.region, &waiting, None).await?;
        let filter = ReportFilter { units: Some(units.clone()), year: Some(year), ..ReportFilter::default() };
        let reports = tx.reports(self.region, &filter, None, 2 * MOST).await?;
        let (_, set) = setup(&mut tx, self.region, into).await?;
        let today = ctx.today();
        let mut lines = Vec::new();
        for id in units {
            let unit = tree.get(id)?.clone();
            let kind = UnitKind::parse(&unit.kind).unwrap_or(UnitKind::Other);
            let row = rows.iter().find(|r| r.unit == id && r.into_unit == into);
            let report = reports.iter().find(|r| r.unit == id && row.is_none_or(|f| f.scope == r.scope));
            let state = state(row.map(|r| r.stage.as_str()), report);
            let due = set.deadlines.filing(kind, year);
            let filed_on = row.and_then(|r| r.first_filed_on);
            let findings = match waiting.get(&id) {
                Some(standing) => {
                    let all = findings(&mut tx, self.region, &unit, standing).await?;
                    Some(all.iter().filter(|f| f.severity != Severity::Info).count())
                }
                None => None,
            };
            lines.push(CollectionLine {
                late: match filed_on {
                    Some(on) => on > due.on,
                    None => state.waits_for_unit() && today > due.on,
                },
                state,
                due,
                filed_on,
                filing: row.map(|r| (r.id, u32::try_from(r.version).unwrap_or_default())),
                findings,
                published_on: report.and_then(|r| r.published_on),
                unit,
            });
        }
        let department = set.department.map(|id| tree.get(id).cloned()).transpose()?;
        Ok(Collection { into: tree.get(into)?.clone(), year, deadlines: set.deadlines, department, lines })
    }

    /// The bodies whose reports the actor collects: those that add up reports of that year.
    pub async fn collecting(&self, ctx: &Context, year: i16) -> Result<Vec<UnitRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let bodies: BTreeSet<Uuid> = tree.0.iter().filter_map(|u| u.consolidates_into).collect();
        let mut found = Vec::new();
        for id in bodies {
            let collects = answers_for(&mut tx, self.region, &ctx.actor, id).await?;
            if collects && !tree.members(id, year).is_empty() {
                found.push(tree.get(id)?.clone());
            }
        }
        found.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(found)
    }

    /// Reports of a year with the same text as another one of that year or of the year before, the most alike first.
    pub async fn same_reports(&self, ctx: &Context, into: Uuid, year: i16) -> Result<Vec<SameText>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        self.must_collect(&mut tx, ctx, into).await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let body = tree.get(into)?.clone();
        let mut whose = Vec::new();
        for of in [year, year - 1] {
            let units = tree.members(into, of);
            let rows = rows(&mut tx, self.region, &units, of).await?;
            let mut filed = standings(&mut tx, self.region, &rows, None).await?;
            for unit in units {
                if let Some(round) = filed.remove(&unit).as_mut().and_then(|s| s.rounds.pop()) {
                    whose.push((tree.get(unit)?.clone(), of, round.report));
                }
            }
        }
        let found = crate::file::beside(move || {
            let prose = |(unit, _, report): &(UnitRow, i16, law::docket::report_filing::Reported)| {
                let names =
                    [&report.organization, &unit.name, &unit.short_name, &body.name, &body.short_name];
                Prose::new(&report.texts, &names.map(String::as_str))
            };
            let texts: Vec<Prose> = whose.iter().map(prose).collect();
            let pairs = alike(&texts);
            let named = |n: usize| (whose[n].0.clone(), whose[n].1);
            pairs
                .into_iter()
                .filter(|p| whose[p.a].1 == year || whose[p.b].1 == year)
                .map(|p| SameText { one: named(p.a), other: named(p.b), masked: p.masked, raw: p.raw })
                .collect()
        });
        found.await
    }

    /// What the collection of last year's reports asks of the actor.
    pub async fn report_duties(&self, ctx: &Context) -> Result<ReportDuties> {
        let year = ctx.today().year() - 1;
        let mut duties = ReportDuties { year, ..ReportDuties::default() };
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        if ctx.actor.may(Permission::EditReport)
            && let Some(own) = ctx.actor.unit()
            && let Some(into) = tree.get(own)?.consolidates_into
            && tree.members(into, year).contains(&own)
        {
            let row = tx.report_filing_of(self.region, own, year).await?;
            match row.as_ref().and_then(|r| Stage::parse(&r.stage)) {
                Some(Stage::Returned) => duties.returned = 1,
                Some(Stage::Filed | Stage::Accepted | Stage::Excused) => {}
                // Nobody is reminded for ever of a collection that never took place.
                None | Some(Stage::Withdrawn) => {
                    let filter = ReportFilingFilter {
                        into_unit: Some(into),
                        year: Some(year),
                        ..ReportFilingFilter::default()
                    };
                    let begun = !tx.report_filings(self.region, &filter, None, 1).await?.is_empty();
                    let (_, set) = setup(&mut tx, self.region, into).await?;
                    if begun || ctx.today() <= set.deadlines.publish.of(year) {
                        duties.to_file = 1;
                    }
                }
            }
        }
        if ctx.actor.may(Permission::ReviewReport) {
            let filter = ReportFilingFilter {
                stage: Some(Stage::Filed.key().to_owned()),
                ..ReportFilingFilter::default()
            };
            let mut waiting: BTreeMap<Uuid, i64> = BTreeMap::new();
            for row in tx.report_filings(self.region, &filter, None, MOST).await? {
                *waiting.entry(row.into_unit).or_default() += 1;
            }
            for (into, n) in waiting {
                if answers_for(&mut tx, self.region, &ctx.actor, into).await? {
                    duties.to_review += n;
                }
            }
        }
        Ok(duties)
    }

    async fn must_collect(&self, tx: &mut Tx, ctx: &Context, into: Uuid) -> Result<()> {
        if answers_for(tx, self.region, &ctx.actor, into).await? {
            return Ok(());
        }
        Err(Error::NotAllowed(
            "报送情况由汇总机关或者其政府信息公开工作主管部门查看，本单位的报告请从年度报告列表打开".into(),
        ))
    }
}

fn state(filing: Option<&str>, report: Option<&ReportRow>) -> UnitState {
    match filing.and_then(Stage::parse) {
        Some(Stage::Filed) => UnitState::Filed,
        Some(Stage::Returned) => UnitState::Returned,
        Some(Stage::Accepted) => UnitState::Accepted,
        Some(Stage::Excused) => UnitState::Excused,
        Some(Stage::Withdrawn) => UnitState::Drafting,
        None if report.is_some() => UnitState::Drafting,
        None => UnitState::NotBegun,
    }
}
