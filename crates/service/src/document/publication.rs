//! 待公开: what is 主动公开 and not public yet, each with the last of its 20 working days (条例第二十六条), and the list with
//! which it is handed to who publishes it (主动公开政府信息移送明细表).

use super::class::{IMPORT_WAITING, TO_PUBLISH};
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::transfer::{ExportFormat, write_table};
use crate::unit::Tree;
use crate::{Region, Service};
use jiff::civil::Date;
use law::docket::document::{Category, DisclosureAttribute};
use law::{Due, clock};
use std::collections::{BTreeMap, BTreeSet};
use store::{ClassRow, DocumentRow, Tx};
use uuid::Uuid;

/// Documents that are listed: those that have waited longest.
const MOST: i64 = 2_000;

/// The columns of the list; who hands over and who receives sign on paper.
pub const TRANSFER_COLUMNS: [&str; 12] = [
    "序号",
    "标题",
    "发文字号",
    "制作机关",
    "类别",
    "成文日期",
    "公开属性",
    "确定公开属性日期",
    "公开期限",
    "移送日期",
    "移送人",
    "接收人",
];

/// A document that is to be published.
#[derive(Debug, Clone)]
pub struct PublicationDuty {
    /// The document.
    pub row: DocumentRow,
    /// The day from which its term runs.
    pub since: Date,
    /// The last day in time; none where the term did not exist yet.
    pub due: Option<Due>,
}

impl PublicationDuty {
    /// Whether its last day is over.
    pub fn overdue(&self, today: Date) -> bool {
        self.due.as_ref().is_some_and(|due| due.on < today)
    }
}

impl Service {
    /// What is to be published within the actor's reach, what has waited longest first; at most 2,000. Imported documents that
    /// wait for a person are in [`Service::waiting_imports`].
    pub async fn publications_owed(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
    ) -> Result<Vec<PublicationDuty>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let owed = owed(&mut tx, self.region, units.as_deref()).await?;
        let ids: Vec<Uuid> = owed.iter().map(|c| c.document).collect();
        let rows = tx.documents_with_ids(self.region, &ids).await?;
        let mut rows: BTreeMap<Uuid, DocumentRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let duty = |c: ClassRow| {
            let (row, since) = (rows.remove(&c.document)?, c.key.parse().ok()?);
            Some(PublicationDuty {
                row,
                since,
                due: clock::term_due("publication", since, &self.calendar).ok(),
            })
        };
        Ok(owed.into_iter().filter_map(duty).collect())
    }

    /// How many are to be published within reach, as far as they are listed, and whether one of them is late.
    pub async fn publications_waiting(&self, ctx: &Context) -> Result<(usize, bool)> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let owed = owed(&mut tx, self.region, units.as_deref()).await?;
        // The longest waiting comes first.
        let first = owed.first().and_then(|c| c.key.parse().ok());
        let due = first.and_then(|since| clock::term_due("publication", since, &self.calendar).ok());
        Ok((owed.len(), due.is_some_and(|due| due.on < ctx.today())))
    }

    /// 主动公开政府信息移送明细表 of what is to be published. That it was taken is journaled.
    pub async fn export_publications(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
        format: ExportFormat,
    ) -> Result<Vec<u8>> {
        let found = self.publications_owed(ctx, units).await?;
        let tree = Tree::read(&mut self.look().await?, self.region).await?;
        let table = table(&found, &tree, ctx.today());
        let count = table.len();
        let written =
            tokio::task::spawn_blocking(move || write_table("移送明细表", &TRANSFER_COLUMNS, &table, format));
        let file = written.await.map_err(|e| Error::Internal(e.to_string()))??;
        let event = serde_json::json!({
            "type": "exported", "register": "publications", "format": format.key(), "rows": count, "personal": false,
        });
        self.note_export(ctx, "export-publications", event).await?;
        Ok(file)
    }
}

/// What is owed, the longest waiting first, without imported documents that wait for a person.
async fn owed(tx: &mut Tx, region: Region, units: Option<&[Uuid]>) -> Result<Vec<ClassRow>> {
    let last = Date::MAX.to_string();
    let mut owed = tx.classes_up_to(region, TO_PUBLISH, units, &last, MOST).await?;
    let imported = tx.classes_up_to(region, IMPORT_WAITING, units, &last, MOST).await?;
    let imported: BTreeSet<Uuid> = imported.into_iter().map(|c| c.document).collect();
    owed.retain(|c| !imported.contains(&c.document));
    Ok(owed)
}

fn table(found: &[PublicationDuty], tree: &Tree, today: Date) -> Vec<Vec<String>> {
    let line = |(n, d): (usize, &PublicationDuty)| {
        let maker = Uuid::parse_str(&d.row.maker).ok().and_then(|id| tree.get(id).ok());
        vec![
            n.to_string(),
            d.row.title.clone(),
            d.row.number.clone().unwrap_or_default(),
            maker.map(|u| u.name.clone()).unwrap_or_default(),
            Category::parse(&d.row.category).map_or("", Category::label).to_owned(),
            d.row.made_on.to_string(),
            DisclosureAttribute::Proactive.label().to_owned(),
            d.since.to_string(),
            d.due.as_ref().map_or_else(String::new, |due| due.on.to_string()),
            today.to_string(),
            String::new(),
            String::new(),
        ]
    };
    (1..).zip(found).map(line).collect()
}
