//! What a verb answered, by idempotency key.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;

row! {
    /// An answer given before.
    CommandRow {
        /// The answer, as JSON.
        result: String,
    }
}

const SELECT: &str = "select result from command where region = $1";

impl Tx {
    /// What was answered to this key, as JSON, if it was asked before.
    pub async fn command(&mut self, region: Region, key: &str) -> Result<Option<String>> {
        let found: Option<CommandRow> =
            Select::new(SELECT, region).and("key = {}", key.to_owned()).one(self).await?;
        Ok(found.map(|c| c.result))
    }

    /// Keeps what is answered to this key, in the transaction of the verb.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if the key was answered in the meantime: roll back and give that answer.
    pub async fn put_command(
        &mut self,
        region: Region,
        key: &str,
        recorded_at: Timestamp,
        result: &str,
    ) -> Result<()> {
        let sql = "insert into command (region, key, recorded_at, result) values ($1, $2, $3, $4)";
        self.run(sql, values![region, key.to_owned(), recorded_at, result.to_owned()]).await?;
        Ok(())
    }
}
