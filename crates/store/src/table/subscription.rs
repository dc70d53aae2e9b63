//! Subscriptions to searches, and who follows them: address and search sealed by the caller, taken away when it ends.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A subscription.
    SubscriptionRow {
        /// Its id.
        id: Uuid,
        /// `asked`, `confirmed` or `ended`.
        state: String,
        /// When it was asked for.
        asked_on: Date,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// Who follows a search.
    FollowerRow {
        /// The subscription.
        subscription: Uuid,
        /// Keyed digest of the address.
        digest: String,
        /// The nonce.
        nonce: Vec<u8>,
        /// Address and search, encrypted by the caller.
        sealed: Vec<u8>,
        /// When it was last asked for.
        made_at: Timestamp,
        /// Letters that asked to confirm it.
        asked: i64,
        /// Whether it was confirmed.
        confirmed: bool,
        /// The last entry of the journal that was looked at.
        seq: i64,
        /// The one before what the last letter tells of.
        told_from: i64,
        /// The day of the last letter, until it is known how that went.
        told_on: Option<Date>,
        /// Letters in a row that came back.
        failures: i64,
    }
}

const SELECT: &str = "select id, state, asked_on, version from subscription where region = $1";
const FOLLOWER: &str = "select subscription, digest, nonce, sealed, made_at, asked, confirmed, seq, told_from, told_on, \
                        failures from follower where region = $1";

impl Tx {
    /// Writes a subscription, new or changed.
    pub async fn put_subscription(&mut self, region: Region, row: &SubscriptionRow) -> Result<()> {
        let sql = "insert into subscription (region, id, state, asked_on, version) values ($1, $2, $3, $4, $5) \
                   on conflict (region, id) do update set state = excluded.state, asked_on = excluded.asked_on, \
                   version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The subscription with this id.
    pub async fn subscription(&mut self, region: Region, id: Uuid) -> Result<Option<SubscriptionRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Subscriptions, by id: the next `limit` after this one (nil before the first).
    pub async fn subscriptions_by_id(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<SubscriptionRow>> {
        Select::new(SELECT, region).and("id > {}", after).then("order by id").limit(limit).all(self).await
    }

    /// Takes a subscription's row away.
    pub async fn remove_subscription(&mut self, region: Region, id: Uuid) -> Result<()> {
        let sql = "delete from subscription where region = $1 and id = $2";
        self.run(sql, values![region, id]).await?;
        Ok(())
    }

    /// Notes who follows a search.
    pub async fn add_follower(&mut self, region: Region, row: &FollowerRow) -> Result<()> {
        let sql = "insert into follower (region, subscription, digest, nonce, sealed, made_at, asked, confirmed, seq, \
                   told_from, told_on, failures) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// Who follows by this subscription.
    pub async fn follower(&mut self, region: Region, subscription: Uuid) -> Result<Option<FollowerRow>> {
        Select::new(FOLLOWER, region).and("subscription = {}", subscription).one(self).await
    }

    /// Everybody who follows, by subscription: the next `limit` after this one (nil before the first).
    pub async fn followers(&mut self, region: Region, after: Uuid, limit: i64) -> Result<Vec<FollowerRow>> {
        let select = Select::new(FOLLOWER, region).and("subscription > {}", after);
        select.then("order by subscription").limit(limit).all(self).await
    }

    /// What one address follows, by subscription.
    pub async fn followed_by(&mut self, region: Region, digest: &str) -> Result<Vec<FollowerRow>> {
        let select = Select::new(FOLLOWER, region).and("digest = {}", digest.to_owned());
        select.then("order by subscription").all(self).await
    }

    /// Notes how it stands with a follower; who it is and what is followed stay as they are.
    pub async fn change_follower(&mut self, region: Region, row: &FollowerRow) -> Result<()> {
        let sql = "update follower set made_at = $3, asked = $4, confirmed = $5, seq = $6, told_from = $7, \
                   told_on = $8, failures = $9 where region = $1 and subscription = $2";
        let FollowerRow {
            subscription, made_at, asked, confirmed, seq, told_from, told_on, failures, ..
        } = row;
        let values = values![
            region,
            *subscription,
            *made_at,
            *asked,
            *confirmed,
            *seq,
            *told_from,
            *told_on,
            *failures
        ];
        self.run(sql, values).await?;
        Ok(())
    }

    /// Forgets who followed.
    pub async fn remove_follower(&mut self, region: Region, subscription: Uuid) -> Result<bool> {
        let sql = "delete from follower where region = $1 and subscription = $2";
        Ok(self.run(sql, values![region, subscription]).await? > 0)
    }

    /// Those who asked before an instant and never confirmed, at most `limit`.
    pub async fn unconfirmed_followers(
        &mut self,
        region: Region,
        made_before: Timestamp,
        limit: i64,
    ) -> Result<Vec<FollowerRow>> {
        let select =
            Select::new(FOLLOWER, region).only("confirmed = 0", true).and("made_at < {}", made_before);
        select.then("order by subscription").limit(limit).all(self).await
    }
}
