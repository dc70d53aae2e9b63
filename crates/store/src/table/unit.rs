//! Units: governments, departments, townships and offices that act and are counted.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A unit.
    UnitRow {
        /// Its id.
        id: Uuid,
        /// A short stable word, unique in the region, for example `gp-office`.
        code: String,
        /// Its full name.
        name: String,
        /// Its short name.
        short_name: String,
        /// `government`, `department`, `township`, `office` or `other`.
        kind: String,
        /// `province`, `city`, `county` or `township`.
        level: String,
        /// The unit it belongs to.
        parent: Option<Uuid>,
        /// The unit whose consolidated report includes it.
        consolidates_into: Option<Uuid>,
        /// Its first day.
        valid_from: Date,
        /// Its last day.
        valid_to: Option<Date>,
        /// The unit that carries on its work.
        successor: Option<Uuid>,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

/// Which units.
#[derive(Clone, Debug, Default)]
pub struct UnitFilter {
    /// Only these kinds of unit.
    pub kind: Option<String>,
    /// Only at this level.
    pub level: Option<String>,
    /// Only directly under this unit.
    pub parent: Option<Uuid>,
    /// Only those whose figures this unit consolidates.
    pub consolidates_into: Option<Uuid>,
    /// Only those that exist on this day.
    pub valid_on: Option<Date>,
    /// Only those of which a document is disclosed and not taken down.
    pub publishing: bool,
}

const SELECT: &str = "select id, code, name, short_name, kind, level, parent, consolidates_into, valid_from, \
                      valid_to, successor, version from unit where region = $1";

/// One look into an index for each unit, however many documents it has.
const PUBLISHING: &str = "exists (select 1 from document where document.region = $1 and document.unit = unit.id \
                          and document.disclosed_on is not null and document.withdrawn_on is null)";

impl Tx {
    /// Writes a unit, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if another unit has its code.
    pub async fn put_unit(&mut self, region: Region, unit: &UnitRow) -> Result<()> {
        let sql = "insert into unit (region, id, code, name, short_name, kind, level, parent, consolidates_into, \
                   valid_from, valid_to, successor, version) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) \
                   on conflict (region, id) do update set code = excluded.code, name = excluded.name, \
                   short_name = excluded.short_name, kind = excluded.kind, level = excluded.level, \
                   parent = excluded.parent, consolidates_into = excluded.consolidates_into, \
                   valid_from = excluded.valid_from, valid_to = excluded.valid_to, \
                   successor = excluded.successor, version = excluded.version";
        self.run(sql, unit.values(region)).await?;
        Ok(())
    }

    /// The unit with this id.
    pub async fn unit(&mut self, region: Region, id: Uuid) -> Result<Option<UnitRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The unit with this code.
    pub async fn unit_by_code(&mut self, region: Region, code: &str) -> Result<Option<UnitRow>> {
        Select::new(SELECT, region).and("code = {}", code.to_owned()).one(self).await
    }

    /// The unit with exactly this name; if several had it in turn, the latest.
    pub async fn unit_by_name(&mut self, region: Region, name: &str) -> Result<Option<UnitRow>> {
        let select = Select::new(SELECT, region).and("name = {}", name.to_owned());
        select.then("order by valid_from desc, id desc").limit(1).one(self).await
    }

    /// Units, by code.
    pub async fn units(&mut self, region: Region, filter: &UnitFilter) -> Result<Vec<UnitRow>> {
        let select = Select::new(SELECT, region)
            .maybe("kind = {}", filter.kind.clone())
            .maybe("level = {}", filter.level.clone())
            .maybe("parent = {}", filter.parent)
            .maybe("consolidates_into = {}", filter.consolidates_into)
            .maybe("valid_from <= {} and coalesce(valid_to, '9999-12-31') >= {}", filter.valid_on)
            .only(PUBLISHING, filter.publishing);
        select.then("order by code").all(self).await
    }
}
