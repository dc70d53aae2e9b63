//! Entries of the standard catalogues.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// An entry of a standard catalogue.
    CatalogueEntryRow {
        /// Its id.
        id: Uuid,
        /// The unit that keeps the catalogue of the field.
        unit: Uuid,
        /// Key of the field.
        field: String,
        /// 序号 in the field.
        position: u32,
        /// 一级事项 and 二级事项 in one line.
        title: String,
        /// What it says, as JSON.
        item: String,
        /// `entered`, `published` or `withdrawn`.
        stage: String,
        /// The day of its publication, or of the last change of its words since.
        changed_on: Date,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

/// Which of them.
#[derive(Clone, Debug, Default)]
pub struct CatalogueEntryFilter {
    /// Only kept by these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only at this stage.
    pub stage: Option<String>,
    /// Only with this text in the title.
    pub text: Option<String>,
}

impl CatalogueEntryRow {
    /// The key to go on after, within a field.
    pub fn paging_key(&self) -> (u32, Uuid) {
        (self.position, self.id)
    }
}

const SELECT: &str = "select id, unit, field, position, title, item, stage, changed_on, version \
                      from catalogue_entry where region = $1";

impl Tx {
    /// Writes one, new or changed.
    pub async fn put_catalogue_entry(&mut self, region: Region, row: &CatalogueEntryRow) -> Result<()> {
        let sql = "insert into catalogue_entry (region, id, unit, field, position, title, item, stage, changed_on, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                   on conflict (region, id) do update set unit = excluded.unit, field = excluded.field, \
                   position = excluded.position, title = excluded.title, item = excluded.item, stage = excluded.stage, \
                   changed_on = excluded.changed_on, version = excluded.version";
        self.run(sql, row.values(region)).await?;
        Ok(())
    }

    /// The one with this id.
    pub async fn catalogue_entry(&mut self, region: Region, id: Uuid) -> Result<Option<CatalogueEntryRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Those with these ids, in no order.
    pub async fn catalogue_entries_with_ids(
        &mut self,
        region: Region,
        ids: &[Uuid],
    ) -> Result<Vec<CatalogueEntryRow>> {
        Select::new(SELECT, region).within("id", Some(ids)).all(self).await
    }

    /// Those of a field that fit, by 序号, at most `limit`, after the [`CatalogueEntryRow::paging_key`] of the last one seen.
    pub async fn catalogue_entries(
        &mut self,
        region: Region,
        field: &str,
        filter: &CatalogueEntryFilter,
        after: Option<(u32, Uuid)>,
        limit: i64,
    ) -> Result<Vec<CatalogueEntryRow>> {
        let mut select = Select::new(SELECT, region)
            .and("field = {}", field.to_owned())
            .within("unit", filter.units.as_deref())
            .maybe("stage = {}", filter.stage.clone())
            .containing(&["title"], filter.text.as_deref());
        if let Some((position, id)) = after {
            select = select.after("position, id", ">", position, id);
        }
        select.then("order by position, id").limit(limit).all(self).await
    }

    /// Every one at a stage, by field and 序号.
    pub async fn catalogue_entries_at(
        &mut self,
        region: Region,
        stage: &str,
    ) -> Result<Vec<CatalogueEntryRow>> {
        let select = Select::new(SELECT, region).and("stage = {}", stage.to_owned());
        select.then("order by field, position, id").all(self).await
    }

    /// Any of them, by id: the next `limit` after this one (nil before the first).
    pub async fn catalogue_entries_by_id(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<CatalogueEntryRow>> {
        let select = Select::new(SELECT, region).and("id > {}", after);
        select.then("order by id").limit(limit).all(self).await
    }
}
