//! Figures that a unit enters because no register yields them, with their source.

use crate::row::row;
use crate::select::Select;
use crate::{Region, Result, Tx};
use uuid::Uuid;

row! {
    /// A figure.
    FigureRow {
        /// Its id.
        id: Uuid,
        /// The unit whose report counts it.
        unit: Uuid,
        /// The year it counts for.
        year: i16,
        /// What it is, for example a cell of a form.
        key: String,
        /// The amount, in millionths of the measure.
        amount_micros: i64,
        /// The measure it is in.
        measure: String,
        /// Who says so.
        source: String,
        /// Where that can be looked up.
        evidence: String,
        /// Whether it no longer counts.
        voided: bool,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl FigureRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (i16, Uuid) {
        (self.year, self.id)
    }
}

/// Which figures.
#[derive(Clone, Debug, Default)]
pub struct FigureFilter {
    /// Only of these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only of this year.
    pub year: Option<i16>,
    /// Only this key.
    pub key: Option<String>,
    /// Only those that count.
    pub standing: bool,
}

const SELECT: &str = "select id, unit, year, key, amount_micros, measure, source, evidence, voided, version \
                      from figure where region = $1";

impl Tx {
    /// Writes a figure, new or changed.
    pub async fn put_figure(&mut self, region: Region, figure: &FigureRow) -> Result<()> {
        let sql = "insert into figure (region, id, unit, year, key, amount_micros, measure, source, evidence, \
                   voided, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) \
                   on conflict (region, id) do update set unit = excluded.unit, year = excluded.year, \
                   key = excluded.key, amount_micros = excluded.amount_micros, measure = excluded.measure, \
                   source = excluded.source, evidence = excluded.evidence, voided = excluded.voided, \
                   version = excluded.version";
        self.run(sql, figure.values(region)).await?;
        Ok(())
    }

    /// The figure with this id.
    pub async fn figure(&mut self, region: Region, id: Uuid) -> Result<Option<FigureRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Figures, the latest year and the latest entered first, at most `limit`, after the [`FigureRow::paging_key`] of the
    /// last one seen.
    pub async fn figures(
        &mut self,
        region: Region,
        filter: &FigureFilter,
        after: Option<(i16, Uuid)>,
        limit: i64,
    ) -> Result<Vec<FigureRow>> {
        let mut select = Select::new(SELECT, region)
            .within("unit", filter.units.as_deref())
            .maybe("year = {}", filter.year)
            .maybe("key = {}", filter.key.clone())
            .only("voided = 0", filter.standing);
        if let Some((year, id)) = after {
            select = select.after("year, id", "<", year, id);
        }
        select.then("order by year desc, id desc").limit(limit).all(self).await
    }
}
