//! Standard catalogues as everybody reads them: the fields, the entries of a field, and what is published under an entry.

use super::{CatalogueEntries, is_published, item_of, sheet};
use crate::Service;
use crate::document::{ENTRY, PublicItem, everything_public, is_public, item};
use crate::error::{Error, Result};
use crate::register::Register;
use crate::unit::Tree;
use jiff::civil::Date;
use law::catalogue::{self, Field, Item, Tier};
use law::docket::catalogue::Stage;
use std::collections::HashMap;
use store::{CatalogueEntryFilter, CatalogueEntryRow, Class};
use uuid::Uuid;

/// Documents on a page of an entry.
const PAGE: i64 = 20;

/// A field with something published, in the list of fields.
#[derive(Debug, Clone)]
pub struct FieldLine {
    /// The field.
    pub field: &'static Field,
    /// What this place calls it.
    pub name: String,
    /// Published entries of each tier, in the order of [`Tier::ALL`].
    pub tiers: [usize; 3],
    /// The day of the last change.
    pub updated_on: Date,
}

/// A published entry.
#[derive(Debug, Clone)]
pub struct PublicEntry {
    /// Its id.
    pub id: Uuid,
    /// 序号
    pub position: u32,
    /// What it says.
    pub item: Item,
    /// How many documents are public under it.
    pub published: i64,
}

/// The catalogue of a field.
#[derive(Debug, Clone)]
pub struct CatalogueOf {
    /// The field.
    pub field: &'static Field,
    /// What this place calls it.
    pub name: String,
    /// Its entries, by 序号.
    pub entries: Vec<PublicEntry>,
    /// Whether any entry of the field, also of another level, is of the villages.
    pub village: bool,
    /// The day of the last change.
    pub updated_on: Date,
}

/// What is published under an entry.
#[derive(Debug, Clone)]
pub struct CataloguePage {
    /// The entry.
    pub entry: PublicEntry,
    /// Its field.
    pub field: &'static Field,
    /// What this place calls the field.
    pub name: String,
    /// The documents, the latest published first.
    pub documents: Vec<PublicItem>,
}

/// The entry, if everybody may read it.
pub(super) fn readable(row: CatalogueEntryRow) -> Result<Option<(CatalogueEntryRow, Item)>> {
    if !is_published(&row) {
        return Ok(None);
    }
    let item = item_of(&row)?;
    Ok(Some((row, item)))
}

/// The local name of a field: that of the first entry that has one.
fn name_of<'a>(field: &Field, mut items: impl Iterator<Item = &'a Item>) -> String {
    let local = items.find(|i| !i.field_name.is_empty());
    local.map_or_else(|| field.label.clone(), |i| i.field_name.clone())
}

fn nothing() -> Error {
    Error::NotFound("没有找到这个领域的标准目录，请从目录列表中查找".into())
}

impl Service {
    /// The fields with published entries, in the order of the notice. For everybody.
    pub async fn public_catalogues(&self) -> Result<Vec<FieldLine>> {
        let mut by_field: HashMap<String, Vec<(CatalogueEntryRow, Item)>> = HashMap::new();
        for row in self.published_entries().await? {
            if let Some((row, item)) = readable(row)? {
                by_field.entry(row.field.clone()).or_default().push((row, item));
            }
        }
        let line = |field: &'static Field| {
            let entries = by_field.get(&field.key)?;
            let count = |tier: Tier| entries.iter().filter(|(_, item)| item.tiers.contains(&tier)).count();
            Some(FieldLine {
                field,
                name: name_of(field, entries.iter().map(|(_, item)| item)),
                tiers: Tier::ALL.map(count),
                updated_on: entries.iter().map(|(row, _)| row.changed_on).max()?,
            })
        };
        Ok(catalogue::fields().iter().filter_map(line).collect())
    }

    /// The catalogue of a field, of one tier or of all. For everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] if nothing of it is published.
    pub async fn public_catalogue(&self, key: &str, tier: Option<Tier>) -> Result<CatalogueOf> {
        let field = catalogue::fields().iter().find(|f| f.key == key).ok_or_else(nothing)?;
        let filter = CatalogueEntryFilter {
            stage: Some(Stage::Published.key().to_owned()),
            ..CatalogueEntryFilter::default()
        };
        let mut tx = self.look().await?;
        let rows = tx.catalogue_entries(self.region, key, &filter, None, i64::MAX).await?;
        let mut all = Vec::new();
        for row in rows {
            all.extend(readable(row)?);
        }
        let updated_on = all.iter().map(|(row, _)| row.changed_on).max().ok_or_else(nothing)?;
        let name = name_of(field, all.iter().map(|(_, item)| item));
        let village = all.iter().any(|(_, item)| item.tiers.contains(&Tier::Village));
        all.retain(|(_, item)| tier.is_none_or(|t| item.tiers.contains(&t)));
        let keys: Vec<String> = all.iter().map(|(row, _)| row.id.to_string()).collect();
        let counts = tx.count_of_classes(self.region, ENTRY, &keys).await?;
        let count = |id: Uuid| {
            let key = id.to_string();
            counts.iter().find(|c| c.key == key).map_or(0, |c| c.n)
        };
        let entries = all.into_iter().map(|(row, item)| PublicEntry {
            id: row.id,
            position: row.position,
            published: count(row.id),
            item,
        });
        Ok(CatalogueOf { field, name, entries: entries.collect(), village, updated_on })
    }

    /// The catalogue of a field as a workbook with the columns it is published with. For everybody.
    ///
    /// # Errors
    /// As [`Service::public_catalogue`].
    pub async fn public_catalogue_sheet(&self, key: &str, tier: Option<Tier>) -> Result<(String, Vec<u8>)> {
        let catalogue = self.public_catalogue(key, tier).await?;
        let whose = tier.map_or_else(String::new, |t| format!("（{}）", t.label()));
        let title = format!("{}{}领域基层政务公开标准目录{whose}", self.region_name(), catalogue.name);
        let name = title.clone();
        let lines: Vec<(u32, Item)> = catalogue.entries.into_iter().map(|e| (e.position, e.item)).collect();
        let written = tokio::task::spawn_blocking(move || sheet::write(&title, &lines));
        Ok((name, written.await.map_err(|e| Error::Internal(e.to_string()))??))
    }

    /// An entry and what is published under it, after the [`PublicItem::paging_key`] of the last document seen. For
    /// everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] if the entry is not published.
    pub async fn public_catalogue_entry(
        &self,
        id: Uuid,
        after: Option<(Date, Uuid)>,
    ) -> Result<CataloguePage> {
        let no = || Error::NotFound(format!("没有找到这个{}，请从目录列表中查找", CatalogueEntries::NAME));
        let mut tx = self.look().await?;
        let row = tx.catalogue_entry(self.region, id).await?.ok_or_else(no)?;
        let (row, said) = readable(row)?.ok_or_else(no)?;
        let field = catalogue::fields().iter().find(|f| f.key == row.field).ok_or_else(nothing)?;
        let lead = Class { kind: ENTRY, key: id.to_string() };
        let rows =
            tx.documents_of_classes(self.region, (&lead, &[]), &everything_public(), after, PAGE).await?;
        let count = tx.count_of_classes(self.region, ENTRY, &[lead.key]).await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let documents = rows
            .iter()
            .filter(|row| is_public(row))
            .map(|row| item(row, &tree))
            .collect::<Result<Vec<_>>>()?;
        Ok(CataloguePage {
            name: name_of(field, std::iter::once(&said)),
            entry: PublicEntry {
                id,
                position: row.position,
                item: said,
                published: count.first().map_or(0, |c| c.n),
            },
            field,
            documents,
        })
    }
}
