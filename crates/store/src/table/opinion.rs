//! Opinions on drafts, without their words.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// An opinion.
    OpinionRow {
        /// Its id.
        id: Uuid,
        /// The unit of the consultation.
        unit: Uuid,
        /// The consultation.
        consultation: Uuid,
        /// How it came; opaque here.
        channel: String,
        /// Where it stands; opaque here.
        state: String,
        /// Number of the answer it got.
        answer: Option<u32>,
        /// Record of what it says and who gave it.
        content: Uuid,
        /// The day it was given.
        received_on: Date,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// How many opinions of a consultation stand alike.
    OpinionCount {
        /// Where they stand.
        state: String,
        /// The answer they got.
        answer: Option<u32>,
        /// How many.
        n: i64,
    }
}

const SELECT: &str = "select id, unit, consultation, channel, state, answer, content, received_on, version \
                      from opinion where region = $1";
const COUNTS: &str = "select state, answer, count(*) as n from opinion where region = $1";

impl Tx {
    /// Writes an opinion, new or changed.
    pub async fn put_opinion(&mut self, region: Region, opinion: &OpinionRow) -> Result<()> {
        let sql = "insert into opinion (region, id, unit, consultation, channel, state, answer, content, received_on, \
                   version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (region, id) do update set unit = excluded.unit, \
                   consultation = excluded.consultation, channel = excluded.channel, state = excluded.state, \
                   answer = excluded.answer, content = excluded.content, received_on = excluded.received_on, \
                   version = excluded.version";
        self.run(sql, opinion.values(region)).await?;
        Ok(())
    }

    /// The opinion with this id.
    pub async fn opinion(&mut self, region: Region, id: Uuid) -> Result<Option<OpinionRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Opinions of a consultation, in this state or in any, in the order they came, at most `limit`, after this one.
    pub async fn opinions(
        &mut self,
        region: Region,
        (consultation, state): (Uuid, Option<&str>),
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<OpinionRow>> {
        let select = Select::new(SELECT, region)
            .and("consultation = {}", consultation)
            .maybe("state = {}", state.map(str::to_owned))
            .maybe("id > {}", after);
        select.then("order by id").limit(limit).all(self).await
    }

    /// How many opinions of a consultation stand how.
    pub async fn opinion_counts(&mut self, region: Region, consultation: Uuid) -> Result<Vec<OpinionCount>> {
        let select = Select::new(COUNTS, region).and("consultation = {}", consultation);
        select.then("group by state, answer order by state, answer").all(self).await
    }

    /// Opinions of any consultation in the order of their ids, at most `limit`, after this one (nil before the first).
    pub async fn opinions_by_id(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<OpinionRow>> {
        Select::new(SELECT, region).and("id > {}", after).then("order by id").limit(limit).all(self).await
    }
}
