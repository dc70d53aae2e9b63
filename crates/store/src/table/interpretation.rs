//! What interprets which document, and which documents are to be interpreted.

use crate::row::{Value, row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// An interpretation of a document.
    InterpretationRow {
        /// The interpretation.
        interpretation: Uuid,
        /// A document it explains.
        document: Uuid,
        /// Its form, for example `picture`.
        form: String,
    }
}

row! {
    /// A public document that is to be interpreted.
    InterpretationDutyRow {
        /// The document.
        id: Uuid,
        /// Its title.
        title: String,
        /// Its number.
        number: Option<String>,
        /// The unit that counts it.
        unit: Uuid,
        /// The day it was first disclosed.
        disclosed_on: Date,
        /// `same-day` or `within-term`.
        timing: String,
        /// The first day on which an interpretation of it was disclosed that is public.
        interpreted_on: Option<Date>,
    }
}

const SELECT: &str = "select interpretation, document, form from interpretation where region = $1";

const DUTIES: &str = "select document.id, document.title, document.number, document.unit, document.disclosed_on, timing, \
                      (select min(x.disclosed_on) from interpretation i \
                      join document x on x.region = i.region and x.id = i.interpretation \
                      where i.region = document.region and i.document = document.id and x.attribute = 'proactive' \
                      and x.disclosed_on is not null and x.withdrawn_on is null) as interpreted_on \
                      from document join interpretation_plan on interpretation_plan.region = document.region \
                      and interpretation_plan.document = document.id and document.attribute = 'proactive' \
                      and document.disclosed_on is not null and document.withdrawn_on is null \
                      where document.region = $1";

impl Tx {
    /// Writes what an interpretation explains, in place of what it explained before.
    pub async fn put_interpretation(
        &mut self,
        region: Region,
        interpretation: Uuid,
        documents: &[Uuid],
        form: &str,
    ) -> Result<()> {
        let sql = "delete from interpretation where region = $1 and interpretation = $2";
        self.run(sql, values![region, interpretation]).await?;
        for document in documents {
            let row = InterpretationRow { interpretation, document: *document, form: form.to_owned() };
            let sql = "insert into interpretation (region, interpretation, document, form) values ($1, $2, $3, $4) \
                       on conflict (region, interpretation, document) do nothing";
            self.run(sql, row.values(region)).await?;
        }
        Ok(())
    }

    /// Writes how soon a document is to be interpreted; none if no interpretation is planned.
    pub async fn put_interpretation_plan(
        &mut self,
        region: Region,
        document: Uuid,
        timing: Option<&str>,
    ) -> Result<()> {
        let Some(timing) = timing else {
            let sql = "delete from interpretation_plan where region = $1 and document = $2";
            self.run(sql, values![region, document]).await?;
            return Ok(());
        };
        let values: Vec<Value> = values![region, document, timing.to_owned()];
        let sql = "insert into interpretation_plan (region, document, timing) values ($1, $2, $3) \
                   on conflict (region, document) do update set timing = excluded.timing";
        self.run(sql, values).await?;
        Ok(())
    }

    /// What interprets a document, public or not.
    pub async fn interpretations_of(
        &mut self,
        region: Region,
        document: Uuid,
    ) -> Result<Vec<InterpretationRow>> {
        let select = Select::new(SELECT, region).and("document = {}", document);
        select.then("order by interpretation").all(self).await
    }

    /// What an interpretation explains, public or not.
    pub async fn interpreted_by(
        &mut self,
        region: Region,
        interpretation: Uuid,
    ) -> Result<Vec<InterpretationRow>> {
        let select = Select::new(SELECT, region).and("interpretation = {}", interpretation);
        select.then("order by document").all(self).await
    }

    /// The public documents first disclosed in a year that are to be interpreted, the latest disclosed first.
    pub async fn interpretation_duties(
        &mut self,
        region: Region,
        units: Option<&[Uuid]>,
        year: i16,
        limit: i64,
    ) -> Result<Vec<InterpretationDutyRow>> {
        let select = Select::new(DUTIES, region).within("unit", units).in_year("disclosed_on", Some(year));
        select.then("order by disclosed_on desc, id desc").limit(limit).all(self).await
    }
}
