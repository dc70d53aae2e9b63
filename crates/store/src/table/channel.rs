//! Channels: where published items go besides the portal.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A channel.
    ChannelRow {
        /// Its id.
        id: Uuid,
        /// Whose it is.
        unit: Uuid,
        /// `push`, `feed` or `export`.
        kind: String,
        /// Its name.
        name: String,
        /// Where items are sent, or where it can be seen; may be empty.
        address: String,
        /// Whether it takes items of every unit, not only of its own and those below.
        whole_region: bool,
        /// The categories it takes, with blanks between; empty for all.
        categories: String,
        /// The columns it takes, with blanks between; empty for all.
        columns: String,
        /// Since when it takes items.
        opened_on: Date,
        /// Since when it is closed.
        closed_on: Option<Date>,
        /// The first digits of the digest of its secret.
        mark: Option<String>,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// The secret of a channel.
    ChannelSecretRow {
        /// Whose.
        channel: Uuid,
        /// The nonce.
        nonce: Vec<u8>,
        /// The secret, encrypted by the caller.
        sealed: Vec<u8>,
    }
}

const SELECT: &str = "select id, unit, kind, name, address, whole_region, categories, columns, opened_on, closed_on, \
                      mark, version from channel where region = $1";
const SECRET: &str = "select channel, nonce, sealed from channel_secret where region = $1";

impl Tx {
    /// Writes a channel, new or changed.
    pub async fn put_channel(&mut self, region: Region, row: &ChannelRow) -> Result<()> {
        let sql = "insert into channel (region, id, unit, kind, name, address, whole_region, categories, columns, opened_on, \
                   closed_on, mark, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                   on conflict (region, id) do update set unit = excluded.unit, kind = excluded.kind, \
                   name = excluded.name, address = excluded.address, whole_region = excluded.whole_region, categories = excluded.categories, \
                   columns = excluded.columns, opened_on = excluded.opened_on, closed_on = excluded.closed_on, \
                   mark = excluded.mark, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The channel with this id.
    pub async fn channel(&mut self, region: Region, id: Uuid) -> Result<Option<ChannelRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The channels of these units, the oldest first; `None` for every unit. A region has few.
    pub async fn channels(&mut self, region: Region, units: Option<&[Uuid]>) -> Result<Vec<ChannelRow>> {
        Select::new(SELECT, region).within("unit", units).then("order by id").all(self).await
    }

    /// Takes a channel's row away.
    pub async fn remove_channel(&mut self, region: Region, id: Uuid) -> Result<()> {
        let sql = "delete from channel where region = $1 and id = $2";
        self.run(sql, values![region, id]).await?;
        Ok(())
    }

    /// Writes the secret of a channel in the place of the one before.
    pub async fn put_channel_secret(&mut self, region: Region, row: &ChannelSecretRow) -> Result<()> {
        let sql = "insert into channel_secret (region, channel, nonce, sealed) values ($1, $2, $3, $4) \
                   on conflict (region, channel) do update set nonce = excluded.nonce, sealed = excluded.sealed";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The secret of a channel.
    pub async fn channel_secret(
        &mut self,
        region: Region,
        channel: Uuid,
    ) -> Result<Option<ChannelSecretRow>> {
        Select::new(SECRET, region).and("channel = {}", channel).one(self).await
    }
}
