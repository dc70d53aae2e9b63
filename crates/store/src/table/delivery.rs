//! Deliveries: what is to be told to a channel, was told, or could not be told.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A delivery of one document to one channel.
    DeliveryRow {
        /// Its id.
        id: Uuid,
        /// The channel.
        channel: Uuid,
        /// The document.
        document: Uuid,
        /// The unit of the channel.
        unit: Uuid,
        /// What was told; opaque here, empty before anything was.
        what: String,
        /// `waiting`, `delivered`, `failed`, `resent` or `exported`.
        state: String,
        /// The last entry of the journal it is about.
        seq: i64,
        /// Digest of what was told.
        digest: Option<String>,
        /// When it was made.
        made_at: Timestamp,
        /// When it is tried next.
        due_at: Timestamp,
        /// How often it was tried.
        tries: i64,
        /// When it was settled.
        settled_at: Option<Timestamp>,
        /// Why it last failed, if it did.
        failed: Option<String>,
    }
}

/// Which deliveries.
#[derive(Clone, Debug, Default)]
pub struct DeliveryFilter {
    /// To channels of these units; `None` for all.
    pub units: Option<Vec<Uuid>>,
    /// Only to this channel.
    pub channel: Option<Uuid>,
    /// Only of this document.
    pub document: Option<Uuid>,
    /// In these states; `None` for all.
    pub states: Option<Vec<String>>,
    /// Only those that were tried.
    pub tried: bool,
}

/// How a try went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliverySettled {
    /// What was told.
    pub what: String,
    /// The state from now on.
    pub state: String,
    /// Digest of what was told.
    pub digest: Option<String>,
    /// When.
    pub at: Timestamp,
    /// Why it failed, if it did.
    pub failed: Option<String>,
}

const SELECT: &str = "select id, channel, document, unit, what, state, seq, digest, made_at, due_at, tries, settled_at, \
                      failed from delivery where region = $1";
const COUNT: &str = "select count(*) as n from delivery where region = $1";

impl DeliveryFilter {
    fn of(&self, base: &'static str, region: Region) -> Select {
        Select::new(base, region)
            .within("unit", self.units.as_deref())
            .maybe("channel = {}", self.channel)
            .maybe("document = {}", self.document)
            .within("state", self.states.as_deref())
            .only("tries > 0", self.tried)
    }
}

impl Tx {
    /// Writes new deliveries.
    pub async fn add_deliveries(&mut self, region: Region, rows: &[DeliveryRow]) -> Result<u64> {
        let sql = "insert into delivery (region, id, channel, document, unit, what, state, seq, digest, made_at, due_at, \
                   tries, settled_at, failed) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        self.run_many(sql, rows.iter().map(|d| d.values(region)).collect()).await
    }

    /// The delivery with this id.
    pub async fn delivery(&mut self, region: Region, id: Uuid) -> Result<Option<DeliveryRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Deliveries, the latest first, at most `limit`, older than `before`.
    pub async fn deliveries(
        &mut self,
        region: Region,
        filter: &DeliveryFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>> {
        let select = filter.of(SELECT, region).maybe("id < {}", before);
        select.then("order by id desc").limit(limit).all(self).await
    }

    /// How many deliveries.
    pub async fn count_deliveries(&mut self, region: Region, filter: &DeliveryFilter) -> Result<i64> {
        filter.of(COUNT, region).count(self).await
    }

    /// Deliveries that wait and are due, the longest waiting first.
    pub async fn deliveries_due(
        &mut self,
        region: Region,
        now: Timestamp,
        limit: i64,
    ) -> Result<Vec<DeliveryRow>> {
        let select = Select::new(SELECT, region).only("state = 'waiting'", true).and("due_at <= {}", now);
        select.then("order by due_at, id").limit(limit).all(self).await
    }

    /// Something more happened to the document while a delivery waits: it is about that too, and is due by `by` at the latest.
    /// `false` if none waits.
    pub async fn renew_delivery(
        &mut self,
        region: Region,
        (channel, document): (Uuid, Uuid),
        seq: i64,
        by: Timestamp,
    ) -> Result<bool> {
        // What was tried for what happened before says nothing of this; one try is kept, because the receiver may have heard it.
        let sql = "update delivery set seq = $4, tries = case when tries > 1 then 1 else tries end, \
                   due_at = case when due_at > $5 then $5 else due_at end \
                   where region = $1 and channel = $2 and document = $3 \
                   and state = 'waiting'";
        Ok(self.run(sql, values![region, channel, document, seq, by]).await? > 0)
    }

    /// Takes a delivery to try it: it is not due again before `next`. `false` if somebody else took it since it was read.
    pub async fn try_delivery(&mut self, region: Region, row: &DeliveryRow, next: Timestamp) -> Result<bool> {
        let sql = "update delivery set tries = tries + 1, due_at = $5 where region = $1 and id = $2 and tries = $3 \
                   and due_at = $4 and state = 'waiting'";
        Ok(self.run(sql, values![region, row.id, row.tries, row.due_at, next]).await? > 0)
    }

    /// Notes how a try went. If it was renewed after `seq`, it waits and is due at once instead, and the answer is `false`.
    pub async fn settle_delivery(
        &mut self,
        region: Region,
        (id, seq): (Uuid, i64),
        settled: &DeliverySettled,
    ) -> Result<bool> {
        let DeliverySettled { what, state, digest, at, failed } = settled.clone();
        let done = "update delivery set what = $4, state = $5, digest = $6, settled_at = $7, failed = $8 \
                    where region = $1 and id = $2 and seq = $3";
        if self.run(done, values![region, id, seq, what, state, digest, at, failed]).await? > 0 {
            return Ok(true);
        }
        let again = "update delivery set due_at = $3 where region = $1 and id = $2 and state = 'waiting'";
        self.run(again, values![region, id, at]).await?;
        Ok(false)
    }

    /// Takes a delivery away that has nothing to tell, unless it was renewed after `seq`.
    pub async fn remove_delivery(&mut self, region: Region, (id, seq): (Uuid, i64)) -> Result<bool> {
        let sql = "delete from delivery where region = $1 and id = $2 and seq = $3";
        Ok(self.run(sql, values![region, id, seq]).await? > 0)
    }
}
