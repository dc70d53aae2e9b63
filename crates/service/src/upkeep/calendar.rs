//! The working-day calendar of a store, and what follows when a new notice changes it.
//!
//! Rows hold the due date of each request as the calendar gave it. When the program or the data folder brings another
//! calendar, the rows are derived again from their dockets before anybody reads them: a clock must not be wrong by a
//! day because the notice for the next year came after the request.

use crate::context::civil_date;
use crate::error::{Error, Result};
use crate::register::{Place, Register, decode, recorded};
use crate::request::{Requests, row};
use crate::{Region, Service};
use law::calendar::Calendar;
use std::collections::HashMap;
use std::path::Path;
use store::{Entry, RequestFilter, RequestRow, Tx};
use uuid::Uuid;

/// Folder of further calendar files beside the database, for a machine without a network: next year's notice, or a
/// special one, without a new program.
pub(super) const FOLDER: &str = "calendar";

/// Setting that holds the version of the calendar the rows were derived with.
const DERIVED_WITH: &str = "calendar.version";

/// Requests derived again in one transaction.
const PAGE: i64 = 500;

/// The calendar compiled in, with the files of the data folder, in the order of their names.
pub(super) fn calendar(folder: Option<&Path>) -> Result<Calendar> {
    let mut calendar = Calendar::builtin().clone();
    let Some(listed) = folder.and_then(|f| std::fs::read_dir(f.join(FOLDER)).ok()) else {
        return Ok(calendar);
    };
    let mut files: Vec<_> = listed.flatten().map(|f| f.path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
    files.sort();
    for file in files {
        let unusable = |why: String| Error::Invalid(format!("日历文件 {} 不能使用：{why}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|e| unusable(e.to_string()))?;
        calendar = calendar.with_year(&text).map_err(|e| unusable(e.to_string()))?;
    }
    Ok(calendar)
}

impl Service {
    /// Derives the rows of requests again if they were derived with another calendar; how many changed. Being stopped
    /// half-way does no harm: the next start goes through them again.
    pub(super) async fn follow_calendar(&self) -> Result<u64> {
        let region = self.region;
        let version = serde_json::Value::from(self.calendar.version()).to_string();
        if self.look().await?.setting(region, DERIVED_WITH).await?.as_ref() == Some(&version) {
            return Ok(0);
        }
        let (mut changed, mut after) = (0, None);
        loop {
            let mut tx = self.look().await?;
            let page = tx.requests(region, &RequestFilter::default(), after, PAGE).await?;
            let Some(last) = page.last() else { break };
            after = Some(last.paging_key());
            let ids: Vec<Uuid> = page.iter().map(|r| r.id).collect();
            let dockets = tx.dockets(region, &ids).await?;
            drop(tx);
            let moved = derived_again(region, page, dockets, &self.calendar)?;
            changed += moved.len() as u64;
            if !moved.is_empty() {
                self.put_requests(moved).await?;
            }
        }
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(
                    async move { tx.put_setting(region, DERIVED_WITH, &version).await.map_err(Error::from) },
                )
            })
            .await?;
        if changed > 0 {
            tracing::info!(changed, calendar = self.calendar.version(), "due dates follow the new calendar");
        }
        Ok(changed)
    }

    async fn put_requests(&self, rows: Vec<RequestRow>) -> Result<()> {
        let region = self.region;
        self.store
            .write(move |tx: &mut Tx| {
                Box::pin(async move {
                    for row in rows {
                        // What somebody changed meanwhile was derived with that writer's calendar.
                        let now = tx.request(region, row.id).await?;
                        if now.is_some_and(|now| now.version == row.version) {
                            tx.put_request(region, &row).await?;
                        }
                    }
                    Ok::<(), Error>(())
                })
            })
            .await
    }
}

/// The rows that come out otherwise.
fn derived_again(
    region: Region,
    rows: Vec<RequestRow>,
    entries: Vec<Entry>,
    calendar: &Calendar,
) -> Result<Vec<RequestRow>> {
    let mut dockets: HashMap<Uuid, Vec<Entry>> = HashMap::new();
    for entry in entries {
        dockets.entry(entry.subject).or_default().push(entry);
    }
    let mut moved = Vec::new();
    for kept in rows {
        let Some(docket) = dockets.remove(&kept.id) else { continue };
        let (Some(last), Ok(version)) = (docket.last(), u32::try_from(kept.version)) else { continue };
        let place = Place { region, id: kept.id, version, as_of: civil_date(last.recorded_at) };
        let Some(standing) = Requests::fold(&recorded(&decode(&docket)?)) else { continue };
        let derived = row(place, &standing, calendar);
        // Only the due date follows the calendar. Any other difference is not put right silently: verify names it.
        let dated =
            RequestRow { due_on: derived.due_on, due_provisional: derived.due_provisional, ..kept.clone() };
        if dated != kept {
            moved.push(dated);
        }
    }
    Ok(moved)
}
