//! Requests to correct a record about oneself (条例第四十一条).

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A request to correct a record.
    RecordCorrectionRow {
        /// Its id.
        id: Uuid,
        /// The agency that provided the record.
        unit: Uuid,
        /// How it came.
        channel: String,
        /// The record, without personal data.
        record: String,
        /// Where it stands.
        stage: String,
        /// The day it was received.
        received_on: Date,
        /// The day it was decided.
        decided_on: Option<Date>,
        /// `corrected`, `not-corrected`, `transferred` or `redirected`.
        outcome: Option<String>,
        /// The day the applicant was told.
        told_on: Option<Date>,
        /// Its personal data.
        personal: Option<Uuid>,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl RecordCorrectionRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.received_on, self.id)
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct RecordCorrectionFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only at this stage.
    pub stage: Option<String>,
    /// Only received in this year.
    pub received_in: Option<i16>,
    /// Only with this text in the record.
    pub text: Option<String>,
}

const SELECT: &str = "select id, unit, channel, record, stage, received_on, decided_on, outcome, told_on, personal, \
                      version from record_correction where region = $1";

impl Tx {
    /// Writes one, new or changed.
    pub async fn put_record_correction(&mut self, region: Region, row: &RecordCorrectionRow) -> Result<()> {
        let sql = "insert into record_correction (region, id, unit, channel, record, stage, received_on, decided_on, \
                   outcome, told_on, personal, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   on conflict (region, id) do update set unit = excluded.unit, channel = excluded.channel, \
                   record = excluded.record, stage = excluded.stage, received_on = excluded.received_on, \
                   decided_on = excluded.decided_on, outcome = excluded.outcome, told_on = excluded.told_on, \
                   personal = excluded.personal, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The one with this id.
    pub async fn record_correction(
        &mut self,
        region: Region,
        id: Uuid,
    ) -> Result<Option<RecordCorrectionRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Those that fit, the latest received first, at most `limit`, after the [`RecordCorrectionRow::paging_key`] of the
    /// last one seen.
    pub async fn record_corrections(
        &mut self,
        region: Region,
        filter: &RecordCorrectionFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<RecordCorrectionRow>> {
        let mut select = Select::new(SELECT, region)
            .within("unit", filter.units.as_deref())
            .maybe("stage = {}", filter.stage.clone())
            .in_year("received_on", filter.received_in)
            .containing(&["record"], filter.text.as_deref());
        if let Some((received_on, id)) = after {
            select = select.after("received_on, id", "<", received_on, id);
        }
        select.then("order by received_on desc, id desc").limit(limit).all(self).await
    }
}
