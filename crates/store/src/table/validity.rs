//! Until when documents are valid.

use crate::row::{Value, row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A document whose validity ends on a day.
    ValidityRow {
        /// The document.
        id: Uuid,
        /// Its title.
        title: String,
        /// Its number.
        number: Option<String>,
        /// The unit that counts it.
        unit: Uuid,
        /// The last day on which it is valid.
        until: Date,
    }
}

const ENDING: &str = "select document.id, document.title, document.number, document.unit, until \
                      from document join validity_period on validity_period.region = document.region \
                      and validity_period.document = document.id and document.ended_on is null \
                      where document.region = $1";

impl Tx {
    /// Writes the last day on which a document is valid; none if it has no such day.
    pub async fn put_validity_period(
        &mut self,
        region: Region,
        document: Uuid,
        until: Option<Date>,
    ) -> Result<()> {
        let Some(until) = until else {
            let sql = "delete from validity_period where region = $1 and document = $2";
            self.run(sql, values![region, document]).await?;
            return Ok(());
        };
        let values: Vec<Value> = values![region, document, until];
        let sql = "insert into validity_period (region, document, until) values ($1, $2, $3) \
                   on conflict (region, document) do update set until = excluded.until";
        self.run(sql, values).await?;
        Ok(())
    }

    /// Documents that have not ended and are valid at most until this day, the earliest first.
    pub async fn validity_ending(
        &mut self,
        region: Region,
        units: Option<&[Uuid]>,
        by: Date,
        limit: i64,
    ) -> Result<Vec<ValidityRow>> {
        let select = Select::new(ENDING, region).within("unit", units).and("until <= {}", by);
        select.then("order by until, document.id").limit(limit).all(self).await
    }
}
