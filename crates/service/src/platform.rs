//! The disclosure platform (政府信息公开平台, 国办公开办函〔2019〕61号) as everybody reads it: the agencies, all alike, and of
//! each its five parts. A column without public documents is not there.

use crate::Service;
use crate::document::{COLUMN, PUBLIC_PAGE, PublicItem, everything_public, is_public, is_shown, item};
use crate::error::{Error, Result};
use crate::report::PublishedItem;
use crate::unit::{Tree, profile_of};
use jiff::civil::Date;
use law::classification::{self, Column, Part};
use law::docket::document::column_tally;
use law::docket::unit::Profile;
use store::{Class, DocumentFilter, Region, Tx, UnitFilter, UnitRow};
use uuid::Uuid;

/// Documents of 政府信息公开制度 that are named on the agency's page; the others follow in the column.
const RULES: usize = 5;

/// A column with public documents.
#[derive(Debug, Clone)]
pub struct OpenColumn {
    /// The column.
    pub column: &'static Column,
    /// How many public documents stand in it.
    pub count: i64,
}

/// An agency's part of the platform.
#[derive(Debug, Clone)]
pub struct Platform {
    /// The agency.
    pub unit: UnitRow,
    /// What took its place, if it was closed.
    pub successor: Option<UnitRow>,
    /// How to reach it; empty where it has said nothing.
    pub profile: Profile,
    /// 政府信息公开指南: the last published one, and the day it was last updated.
    pub guide: Option<(PublicItem, Date)>,
    /// 政府信息公开制度: the first documents, the latest published first, and how many there are.
    pub rules: (Vec<PublicItem>, i64),
    /// 法定主动公开内容: the columns that are not empty, in the order of the law.
    pub columns: Vec<OpenColumn>,
    /// 政府信息公开年报: its own and those of the government it reports for, the latest first.
    pub reports: Vec<PublishedItem>,
}

/// A column of an agency.
#[derive(Debug, Clone)]
pub struct ColumnPage {
    /// The agency.
    pub unit: UnitRow,
    /// The column.
    pub column: &'static Column,
    /// Its documents, the latest published first.
    pub items: Vec<PublicItem>,
}

/// The columns of an agency that are not empty.
async fn open_columns(tx: &mut Tx, region: Region, unit: Uuid) -> Result<Vec<OpenColumn>> {
    let keys: Vec<String> = classification::columns().iter().map(|c| column_tally(&c.key)).collect();
    let totals = tx.tally_totals(region, unit, &keys).await?;
    let one = law::Amount::whole(1).micros();
    let count = |column: &Column| {
        let key = column_tally(&column.key);
        totals.iter().find(|t| t.key == key).map_or(0, |t| t.n / one)
    };
    let all = classification::columns().iter().map(|column| OpenColumn { column, count: count(column) });
    Ok(all.filter(|c| c.count > 0).collect())
}

impl Service {
    /// The agencies of the platform that exist on this day, by code. For everybody.
    pub async fn platform_units(&self, today: Date) -> Result<Vec<UnitRow>> {
        let filter = UnitFilter { valid_on: Some(today), ..UnitFilter::default() };
        Ok(self.look().await?.units(self.region, &filter).await?)
    }

    /// An agency's part of the platform. For everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] if no agency has this code.
    pub async fn platform(&self, code: &str) -> Result<Platform> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let unit = agency(&tree, code)?.clone();
        let successor = unit.successor.and_then(|id| tree.get(id).ok()).cloned();
        let profile = profile_of(&mut tx, self.region, unit.id).await?;
        let mut columns = open_columns(&mut tx, self.region, unit.id).await?;
        let count = |part: Part| columns.iter().filter(|c| c.column.part == part).map(|c| c.count).sum();
        let (guides, all_rules): (i64, i64) = (count(Part::Guide), count(Part::Rules));
        columns.retain(|c| c.column.part == Part::Statutory);
        let mut guide = None;
        if guides > 0 {
            let last = self.items(&mut tx, &tree, (unit.id, Part::Guide), 1).await?.into_iter().next();
            if let Some(item) = last {
                let files = tx.files_of(self.region, item.id).await?;
                let shown = files.iter().filter(|f| is_shown(f)).filter_map(|f| f.published_on);
                let updated = shown.chain([item.published_on]).max().unwrap_or(item.published_on);
                guide = Some((item, updated));
            }
        }
        let mut rules = Vec::new();
        if all_rules > 0 {
            rules = self.items(&mut tx, &tree, (unit.id, Part::Rules), RULES as i64).await?;
        }
        drop(tx);
        let reports = self.published_reports(Some(unit.id), None, None).await?;
        Ok(Platform { unit, successor, profile, guide, rules: (rules, all_rules), columns, reports })
    }

    async fn items(
        &self,
        tx: &mut Tx,
        tree: &Tree,
        (unit, part): (Uuid, Part),
        limit: i64,
    ) -> Result<Vec<PublicItem>> {
        let Some(column) = classification::columns().iter().find(|c| c.part == part) else {
            return Ok(Vec::new());
        };
        self.items_of_column(tx, tree, (unit, column), None, limit).await
    }

    async fn items_of_column(
        &self,
        tx: &mut Tx,
        tree: &Tree,
        (unit, column): (Uuid, &Column),
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<PublicItem>> {
        let filter = DocumentFilter { units: Some(vec![unit]), ..everything_public() };
        let lead = Class { kind: COLUMN, key: column.key.clone() };
        let rows = tx.documents_of_classes(self.region, (&lead, &[]), &filter, after, limit).await?;
        rows.iter().filter(|row| is_public(row)).map(|row| item(row, tree)).collect()
    }

    /// A column of an agency, at most [`PUBLIC_PAGE`] documents after the [`PublicItem::paging_key`] of the last one seen. For
    /// everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] if there is no such agency or column, or nothing public in it.
    pub async fn platform_column(
        &self,
        code: &str,
        key: &str,
        after: Option<(Date, Uuid)>,
    ) -> Result<ColumnPage> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let unit = agency(&tree, code)?.clone();
        let nothing = || {
            let text = format!("{}没有公开这个栏目的信息，请从该机关的政府信息公开页面查找", unit.name);
            Error::NotFound(text)
        };
        let column = classification::column(key).ok_or_else(nothing)?;
        let items = self.items_of_column(&mut tx, &tree, (unit.id, column), after, PUBLIC_PAGE).await?;
        if items.is_empty() && after.is_none() {
            return Err(nothing());
        }
        Ok(ColumnPage { unit, column, items })
    }

    /// The agencies that exist on this day or have published something, each with the keys of its columns that are not
    /// empty: the pages of the platform. For everybody.
    pub async fn platform_pages(&self, today: Date) -> Result<Vec<(String, Vec<&'static str>)>> {
        let mut tx = self.look().await?;
        let mut pages = Vec::new();
        let exists = |u: &UnitRow| u.valid_from <= today && u.valid_to.is_none_or(|end| end >= today);
        for unit in tx.units(self.region, &UnitFilter::default()).await? {
            let open = open_columns(&mut tx, self.region, unit.id).await?;
            if exists(&unit) || !open.is_empty() {
                pages.push((unit.code, open.into_iter().map(|c| c.column.key.as_str()).collect()));
            }
        }
        Ok(pages)
    }
}

/// The agency with this code: an address has one spelling.
fn agency<'a>(tree: &'a Tree, code: &str) -> Result<&'a UnitRow> {
    let found = tree.0.iter().find(|u| u.code == code);
    found.ok_or_else(|| Error::NotFound("没有找到这个机关，请从机关列表中查找".into()))
}
