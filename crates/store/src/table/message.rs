//! Messages that came by electronic mail, and who sent them as keyed digests.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A message.
    MessageRow {
        /// Its id.
        id: Uuid,
        /// The unit whose inbox it came into.
        unit: Uuid,
        /// What it is; opaque here.
        kind: String,
        /// Where it stands; opaque here.
        state: String,
        /// Why it came to no request; opaque here.
        stray: Option<String>,
        /// The request it is on.
        request: Option<Uuid>,
        /// SHA-256 of the message as its sender wrote it, in hexadecimal.
        digest: String,
        /// Record of what it says.
        content: Option<Uuid>,
        /// The day it came.
        arrived_on: Date,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// Who sent a message.
    SenderRow {
        /// The message.
        message: Uuid,
        /// Keyed digest of the address.
        digest: String,
        /// When it came.
        came_at: Timestamp,
    }
}

/// Which messages.
#[derive(Clone, Debug, Default)]
pub struct MessageFilter {
    /// Of these units; `None` for all.
    pub units: Option<Vec<Uuid>>,
    /// In these states; `None` for all.
    pub states: Option<Vec<String>>,
}

const SELECT: &str = "select id, unit, kind, state, stray, request, digest, content, arrived_on, version \
                      from message where region = $1";
const COUNT: &str = "select count(*) as n from message where region = $1";
const SENDERS: &str = "select count(*) as n from sender where region = $1";

impl MessageFilter {
    fn of(&self, base: &'static str, region: Region) -> Select {
        Select::new(base, region)
            .within("unit", self.units.as_deref())
            .within("state", self.states.as_deref())
    }
}

impl Tx {
    /// Writes a message, new or changed.
    pub async fn put_message(&mut self, region: Region, message: &MessageRow) -> Result<()> {
        let sql = "insert into message (region, id, unit, kind, state, stray, request, digest, content, arrived_on, \
                   version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                   on conflict (region, id) do update set unit = excluded.unit, kind = excluded.kind, \
                   state = excluded.state, stray = excluded.stray, request = excluded.request, \
                   digest = excluded.digest, content = excluded.content, arrived_on = excluded.arrived_on, \
                   version = excluded.version";
        self.run(sql, message.values(region)).await?;
        Ok(())
    }

    /// The message with this id.
    pub async fn message(&mut self, region: Region, id: Uuid) -> Result<Option<MessageRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The message with this digest.
    pub async fn message_by_digest(&mut self, region: Region, digest: &str) -> Result<Option<MessageRow>> {
        Select::new(SELECT, region).and("digest = {}", digest.to_owned()).one(self).await
    }

    /// Messages, the latest first, at most `limit`, older than `before`.
    pub async fn messages(
        &mut self,
        region: Region,
        filter: &MessageFilter,
        before: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<MessageRow>> {
        let select = filter.of(SELECT, region).maybe("id < {}", before);
        select.then("order by id desc").limit(limit).all(self).await
    }

    /// How many messages.
    pub async fn count_messages(&mut self, region: Region, filter: &MessageFilter) -> Result<i64> {
        filter.of(COUNT, region).count(self).await
    }

    /// Takes a message's row away.
    pub async fn remove_message(&mut self, region: Region, id: Uuid) -> Result<()> {
        let sql = "delete from message where region = $1 and id = $2";
        self.run(sql, values![region, id]).await?;
        Ok(())
    }

    /// Notes who sent a message.
    pub async fn add_sender(&mut self, region: Region, sender: &SenderRow) -> Result<()> {
        let sql = "insert into sender (region, message, digest, came_at) values ($1, $2, $3, $4) \
                   on conflict (region, message) do nothing";
        self.run(sql, sender.values(region)).await?;
        Ok(())
    }

    /// How many messages a sender has sent since an instant.
    pub async fn count_sent(&mut self, region: Region, digest: &str, since: Timestamp) -> Result<i64> {
        let select = Select::new(SENDERS, region).and("digest = {}", digest.to_owned());
        select.and("came_at >= {}", since).count(self).await
    }

    /// Forgets who sent the messages that came before an instant; how many.
    pub async fn purge_senders(&mut self, region: Region, came_before: Timestamp) -> Result<u64> {
        let sql = "delete from sender where region = $1 and came_at < $2";
        self.run(sql, values![region, came_before]).await
    }
}
