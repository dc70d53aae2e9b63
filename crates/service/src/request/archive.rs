//! The files of finished requests by their schedule (保管期限): whose period ends with a year, which go to the state
//! archive in a year, and which were archived without a period.
//!
//! A schedule reads the requests finished in the years it looks back to, so it needs no table of its own. Nothing is
//! destroyed by it: an ended period is a reason to appraise a file (鉴定). What was appraised as to be destroyed, another
//! person destroys; the docket stays, and so does every figure it counts in.

use super::Requests;
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::file::Files;
use crate::reach::is_among;
use crate::register::{Change, Register, Work, decode, recorded};
use crate::transfer::{ExportFormat, write_table};
use crate::unit::Tree;
use law::Date;
use law::docket::file::FileEvent;
use law::docket::request::{Stage, Standing};
use law::docket::unit::Level;
use law::retention::{Retention, transfer_years};
use std::collections::HashMap;
use store::{Entry, RequestFilter, RequestRow, Tx};
use uuid::Uuid;

/// Dockets read at a time.
const PAGE: i64 = 500;
/// Files shown on a page.
const SHOWN: usize = 50;
/// Dockets read for a page at most; the next page goes on from there.
const MOST_READ: usize = 2_000;

/// Which files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schedule {
    /// 期满: the period ends with the year.
    Ending,
    /// 移交: old enough in the year to go to the state archive, and kept longer than until then.
    HandingOver,
    /// 未定: finished in the year and archived without a period.
    Unset,
}

impl Schedule {
    /// All schedules.
    pub const ALL: [Schedule; 3] = [Schedule::Ending, Schedule::HandingOver, Schedule::Unset];

    /// Key in addresses.
    pub fn key(self) -> &'static str {
        match self {
            Schedule::Ending => "ending",
            Schedule::HandingOver => "handing-over",
            Schedule::Unset => "unset",
        }
    }

    /// Chinese label.
    pub fn label(self) -> &'static str {
        match self {
            Schedule::Ending => "保管期限届满，待鉴定",
            Schedule::HandingOver => "满移交年限，待移交国家档案馆",
            Schedule::Unset => "归档时没有登记保管期限",
        }
    }

    /// The schedule with this key.
    pub fn parse(key: &str) -> Option<Schedule> {
        Self::ALL.into_iter().find(|s| s.key() == key)
    }

    /// How many years before the year asked for the requests were finished.
    fn years_back(self, today: Date) -> Result<Vec<i16>> {
        let mut back: Vec<i16> = match self {
            Schedule::Ending => Retention::ALL.into_iter().filter_map(Retention::years).collect(),
            Schedule::HandingOver => Level::ALL
                .into_iter()
                .map(|level| transfer_years(level, today))
                .collect::<std::result::Result<_, _>>()
                .map_err(|e| Error::Invalid(e.to_string()))?,
            Schedule::Unset => vec![0],
        };
        back.sort_unstable();
        back.dedup();
        Ok(back)
    }

    /// Whether a file finished so many years before belongs to the schedule of its agency.
    fn takes(self, back: i16, retention: Option<Retention>, level: Level, today: Date) -> bool {
        match self {
            Schedule::Ending => retention.and_then(Retention::years) == Some(back),
            Schedule::HandingOver => {
                transfer_years(level, today) == Ok(back) && retention.is_some_and(|r| r.outlasts(back))
            }
            Schedule::Unset => retention.is_none(),
        }
    }
}

/// Where a page goes on: in which of the years looked back to, and after which request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// Of the years looked back to, which, from 0.
    pub part: usize,
    /// Key of the last request read.
    pub after: Option<(Date, Uuid)>,
}

/// The start of a schedule.
pub const BEGINNING: Place = Place { part: 0, after: None };

/// An archived file.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptFile {
    /// The request.
    pub row: RequestRow,
    /// 归档号
    pub file_number: String,
    /// Day it was archived.
    pub archived_on: Option<Date>,
    /// 保管期限
    pub retention: Option<Retention>,
    /// The year at whose end it ends; none for ever.
    pub kept_through: Option<i16>,
}

/// Headings of the file of a schedule.
const COLUMNS: [&str; 8] =
    ["归档号", "申请编号", "申请内容", "受理机关", "办结日期", "归档日期", "保管期限", "期限届满年度"];

/// What a schedule is asked for.
#[derive(Debug, Clone)]
pub struct ArchiveAsk {
    /// Which files.
    pub schedule: Schedule,
    /// In which year.
    pub year: i16,
    /// Only counted by these units; none for all within reach.
    pub units: Option<Vec<Uuid>>,
}

impl Work<'_> {
    /// Erases what is sealed beside a docket: the applicant and everything written by or to them, the letters, the files
    /// with their names. Whose it was is forgotten too, so the query code opens nothing any more. The contents that no row
    /// names from then on, for [`Service::drop_contents`].
    pub(super) async fn erase_file(&mut self, id: Uuid) -> Result<Vec<String>> {
        let (at, today) = (self.ctx.at, self.ctx.today());
        let mut sealed = self.tx.personal_of(self.region, id).await?;
        let mut contents = Vec::new();
        for file in self.tx.files_of(self.region, id).await? {
            sealed.extend(self.tx.personal_of(self.region, file.id).await?);
            if let Some(stored) = file.stored {
                contents.push(stored);
                let version = u32::try_from(file.version).unwrap_or_default();
                let erased =
                    FileEvent::Erased { reason: "档案保管期限届满，鉴定后销毁".to_owned() };
                self.change::<Files>(file.id, version, Change::event(today, erased)).await?;
            }
        }
        for record in sealed {
            self.tx.erase_personal(self.region, record.id, at).await?;
        }
        self.tx.erase_submissions(self.region, id, at).await?;
        self.tx.forget_applicant(self.region, id).await?;
        Ok(contents)
    }
}

impl Service {
    /// A page of a schedule, the latest to arrive first, and where the next page goes on.
    pub async fn archive_schedule(
        &self,
        ctx: &Context,
        ask: &ArchiveAsk,
        from: Place,
    ) -> Result<(Vec<KeptFile>, Option<Place>)> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let reach = self.within_reach(&mut tx, ctx, ask.units.clone()).await?;
        self.scheduled(&mut tx, ctx, ask, reach, (from, SHOWN)).await
    }

    /// A whole schedule as a file, for the list of appraisal (鉴定) or of transfer (移交). Every export is journaled.
    pub async fn export_archive_schedule(
        &self,
        ctx: &Context,
        ask: &ArchiveAsk,
        format: ExportFormat,
    ) -> Result<Vec<u8>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let reach = self.within_reach(&mut tx, ctx, ask.units.clone()).await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let (mut table, mut at) = (Vec::new(), Some(BEGINNING));
        while let Some(from) = at {
            let (files, next) = self.scheduled(&mut tx, ctx, ask, reach.clone(), (from, usize::MAX)).await?;
            table.extend(files.iter().map(|f| line(f, &tree)));
            at = next;
        }
        drop(tx);
        let (count, schedule) = (table.len(), ask.schedule);
        let written = tokio::task::spawn_blocking(move || write_table("档案清单", &COLUMNS, &table, format));
        let file = written.await.map_err(|e| Error::Internal(e.to_string()))??;
        let event = serde_json::json!({
            "type": "exported", "register": "archive-schedule", "schedule": schedule.key(), "year": ask.year,
            "format": format.key(), "rows": count,
        });
        self.note_export(ctx, "export-archive-schedule", event).await?;
        Ok(file)
    }

    async fn scheduled(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        ask: &ArchiveAsk,
        reach: Option<Vec<Uuid>>,
        (from, most): (Place, usize),
    ) -> Result<(Vec<KeptFile>, Option<Place>)> {
        let today = ctx.today();
        let tree = Tree::read(tx, self.region).await?;
        let back = ask.schedule.years_back(today)?;
        let (mut found, mut read, mut after) = (Vec::new(), 0, from.after);
        for (part, years) in back.iter().enumerate().skip(from.part) {
            let filter = RequestFilter {
                units: reach.clone(),
                stage: Some(Stage::Closed.key().to_owned()),
                finished_in: Some(ask.year.saturating_sub(*years)),
                ..RequestFilter::default()
            };
            loop {
                let rows = tx.requests(self.region, &filter, after, PAGE).await?;
                let more = i64::try_from(rows.len()).is_ok_and(|n| n == PAGE);
                read += rows.len();
                let last = rows.last().map(RequestRow::paging_key);
                for file in self.files_of(tx, ctx, rows).await? {
                    after = Some(file.row.paging_key());
                    let level = tree.get(file.row.addressee).ok().and_then(|u| Level::parse(&u.level));
                    let level = level.unwrap_or(Level::County);
                    if file.archived_on.is_some() && ask.schedule.takes(*years, file.retention, level, today)
                    {
                        found.push(file);
                    }
                    if found.len() == most {
                        return Ok((found, Some(Place { part, after })));
                    }
                }
                if !more {
                    break;
                }
                after = last;
                if read >= MOST_READ {
                    return Ok((found, Some(Place { part, after })));
                }
            }
            after = None;
        }
        Ok((found, None))
    }

    /// What the dockets of these requests say of their files, in their order.
    async fn files_of(&self, tx: &mut Tx, ctx: &Context, rows: Vec<RequestRow>) -> Result<Vec<KeptFile>> {
        let ids: Vec<Uuid> = rows.iter().map(|r| r.id).collect();
        let mut dockets: HashMap<Uuid, Vec<Entry>> = HashMap::new();
        for entry in tx.dockets(self.region, &ids).await? {
            dockets.entry(entry.subject).or_default().push(entry);
        }
        let mut files = Vec::with_capacity(rows.len());
        for row in rows {
            let entries = dockets.remove(&row.id).unwrap_or_default();
            let Some(s) = Standing::of(&recorded(&decode(&entries)?)) else { continue };
            let seen = is_among(&ctx.actor, Requests::restricted_to(&s));
            files.push(KeptFile {
                file_number: s.file_number.clone().unwrap_or_default(),
                // A docket of restricted sight is counted in no list of others.
                archived_on: s.archived_on.filter(|_| seen && s.destroyed_on.is_none()),
                retention: s.retention,
                kept_through: s.kept_through(),
                row,
            });
        }
        Ok(files)
    }
}

fn line(f: &KeptFile, tree: &Tree) -> Vec<String> {
    let on = |date: Option<Date>| date.map(|d| d.to_string()).unwrap_or_default();
    vec![
        f.file_number.clone(),
        f.row.number.clone().unwrap_or_default(),
        f.row.subject.clone(),
        tree.get(f.row.addressee).map(|u| u.name.clone()).unwrap_or_default(),
        on(f.row.finished_on),
        on(f.archived_on),
        f.retention.map_or("", Retention::label).to_owned(),
        f.kept_through.map(|y| y.to_string()).unwrap_or_default(),
    ]
}
