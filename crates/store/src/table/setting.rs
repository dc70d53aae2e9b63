//! Settings of a region.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};

row! {
    /// A setting.
    SettingRow {
        /// Its name.
        key: String,
        /// Its value, as JSON.
        value: String,
    }
}

const SELECT: &str = "select key, value from setting where region = $1";

impl Tx {
    /// Writes a setting.
    pub async fn put_setting(&mut self, region: Region, key: &str, value: &str) -> Result<()> {
        let sql = "insert into setting (region, key, value) values ($1, $2, $3) \
                   on conflict (region, key) do update set value = excluded.value";
        self.run(sql, values![region, key.to_owned(), value.to_owned()]).await?;
        Ok(())
    }

    /// The value of a setting, as JSON.
    pub async fn setting(&mut self, region: Region, key: &str) -> Result<Option<String>> {
        let found: Option<SettingRow> =
            Select::new(SELECT, region).and("key = {}", key.to_owned()).one(self).await?;
        Ok(found.map(|s| s.value))
    }

    /// Every setting, by name.
    pub async fn settings(&mut self, region: Region) -> Result<Vec<SettingRow>> {
        Select::new(SELECT, region).then("order by key").all(self).await
    }
}
