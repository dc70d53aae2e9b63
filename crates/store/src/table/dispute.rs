//! Disputes: reconsiderations and suits over disclosure.

use crate::row::row;
use crate::select::{Select, day};
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A dispute.
    DisputeRow {
        /// Its id.
        id: Uuid,
        /// The unit whose report counts it.
        unit: Uuid,
        /// The request it is about.
        request: Option<Uuid>,
        /// `reconsideration`, `direct_suit` or `suit_after_reconsideration`: a block of table four.
        block: String,
        /// Its number.
        number: String,
        /// The day it was filed.
        filed_on: Date,
        /// The day it was decided.
        decided_on: Option<Date>,
        /// The outcome.
        outcome: Option<String>,
        /// `upheld`, `corrected` or `other`: a column of table four.
        outcome_group: Option<String>,
        /// The authority or court.
        body: String,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl DisputeRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.filed_on, self.id)
    }
}

/// Which disputes.
#[derive(Clone, Debug, Default)]
pub struct DisputeFilter {
    /// Only counted by these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only of this block of table four.
    pub block: Option<String>,
    /// Only with an outcome of this group.
    pub outcome_group: Option<String>,
    /// Only about this request.
    pub request: Option<Uuid>,
    /// Only decided in this year.
    pub decided_in: Option<i16>,
    /// Only open at the end of this year: filed by 31 December and not decided by then.
    pub open_at_end_of: Option<i16>,
}

const SELECT: &str = "select id, unit, request, block, number, filed_on, decided_on, outcome, outcome_group, body, \
                      version from dispute where region = $1";
const COUNT: &str = "select count(*) as n from dispute where region = $1";

fn filtered(base: &'static str, region: Region, filter: &DisputeFilter) -> Select {
    let year_end = filter.open_at_end_of.map(|year| day(year, 12, 31));
    Select::new(base, region)
        .within("unit", filter.units.as_deref())
        .maybe("block = {}", filter.block.clone())
        .maybe("outcome_group = {}", filter.outcome_group.clone())
        .maybe("request = {}", filter.request)
        .in_year("decided_on", filter.decided_in)
        .maybe("filed_on <= {} and (decided_on is null or decided_on > {})", year_end)
}

impl Tx {
    /// Writes a dispute, new or changed.
    pub async fn put_dispute(&mut self, region: Region, dispute: &DisputeRow) -> Result<()> {
        let sql = "insert into dispute (region, id, unit, request, block, number, filed_on, decided_on, outcome, \
                   outcome_group, body, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   on conflict (region, id) do update set unit = excluded.unit, request = excluded.request, \
                   block = excluded.block, number = excluded.number, filed_on = excluded.filed_on, \
                   decided_on = excluded.decided_on, outcome = excluded.outcome, \
                   outcome_group = excluded.outcome_group, body = excluded.body, version = excluded.version";
        self.run(sql, dispute.values(region)).await?;
        Ok(())
    }

    /// The dispute with this id.
    pub async fn dispute(&mut self, region: Region, id: Uuid) -> Result<Option<DisputeRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Disputes, the latest filed first, at most `limit`, after the [`DisputeRow::paging_key`] of the last one seen.
    pub async fn disputes(
        &mut self,
        region: Region,
        filter: &DisputeFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<DisputeRow>> {
        let mut select = filtered(SELECT, region, filter);
        if let Some((filed_on, id)) = after {
            select = select.after("filed_on, id", "<", filed_on, id);
        }
        select.then("order by filed_on desc, id desc").limit(limit).all(self).await
    }

    /// How many disputes.
    pub async fn count_disputes(&mut self, region: Region, filter: &DisputeFilter) -> Result<i64> {
        filtered(COUNT, region, filter).count(self).await
    }
}
