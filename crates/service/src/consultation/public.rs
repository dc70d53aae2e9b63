//! Consultations as everybody reads them. A consultation is public exactly while its draft is.

use super::{Consultations, no_such_consultation, stage};
use crate::Service;
use crate::document::{Annex, PublicItem, is_public, item};
use crate::error::Result;
use crate::register::{docket, recorded};
use crate::unit::{Tree, id_of};
use jiff::civil::Date;
use law::docket::consultation::{Stage, Standing};
use std::collections::BTreeSet;
use store::{ConsultationFilter, ConsultationRow, Region, Tx};
use uuid::Uuid;

/// Consultations on a page of the list.
pub const PAGE: i64 = 20;

/// Which public consultations, by where they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// 正在征集
    Open,
    /// 已结束
    Closed,
    /// 已反馈
    Answered,
}

impl Phase {
    /// All of them.
    pub const ALL: [Phase; 3] = [Phase::Open, Phase::Closed, Phase::Answered];

    /// The stage of these.
    pub fn stage(self) -> Stage {
        match self {
            Phase::Open => Stage::Open,
            Phase::Closed => Stage::Closed,
            Phase::Answered => Stage::Answered,
        }
    }

    /// The phase with this key.
    pub fn parse(key: &str) -> Option<Phase> {
        Self::ALL.into_iter().find(|p| p.stage().key() == key)
    }

    /// The filter of the register that finds these on a day.
    pub fn filter(self, today: Date) -> ConsultationFilter {
        let all = ConsultationFilter { opened: true, ..ConsultationFilter::default() };
        match self {
            Phase::Open => ConsultationFilter { running_on: Some(today), ..all },
            Phase::Closed => ConsultationFilter { ended_before: Some(today), ..all },
            Phase::Answered => ConsultationFilter { told: true, ..all },
        }
    }
}

/// A public consultation in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsultationItem {
    /// Its id, also its address.
    pub id: Uuid,
    /// 标题
    pub title: String,
    /// 征集机关
    pub unit: String,
    /// Code of that unit.
    pub code: String,
    /// The first day.
    pub opened_on: Date,
    /// The last day.
    pub until: Date,
    /// Where it stands today.
    pub stage: Stage,
}

impl ConsultationItem {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.opened_on, self.id)
    }
}

/// A public consultation.
#[derive(Debug, Clone)]
pub struct PublicConsultation {
    /// As in a list.
    pub item: ConsultationItem,
    /// Where it stands.
    pub standing: Standing,
    /// In whose name it asks.
    pub maker: String,
    /// The document that holds the draft.
    pub document: Uuid,
    /// 征求意见稿; none if it is not kept here.
    pub body: Option<String>,
    /// 附件
    pub annexes: Vec<Annex>,
    /// The document that came of it, if that is public.
    pub result: Option<PublicItem>,
}

/// What stands at the address of a consultation.
#[derive(Debug, Clone)]
pub enum AtConsultation {
    /// The consultation.
    Public(Box<PublicConsultation>),
    /// Its draft was public once; what is left is said at the address of that document.
    Withdrawn {
        /// The document.
        document: Uuid,
    },
}

fn item_of(row: &ConsultationRow, tree: &Tree, today: Date) -> Result<ConsultationItem> {
    let unit = tree.get(row.unit)?;
    Ok(ConsultationItem {
        id: row.id,
        title: row.title.clone(),
        unit: unit.name.clone(),
        code: unit.code.clone(),
        opened_on: row.opened_on.unwrap_or(row.begun_on),
        until: row.until_on,
        stage: stage(row, today),
    })
}

/// Those of these consultations that everybody may read.
async fn only_public(
    tx: &mut Tx,
    region: Region,
    rows: Vec<ConsultationRow>,
) -> Result<Vec<ConsultationRow>> {
    let drafts: Vec<Uuid> = rows.iter().map(|c| c.document).collect();
    let drafts = tx.documents_with_ids(region, &drafts).await?;
    let open: BTreeSet<Uuid> = drafts.iter().filter(|d| is_public(d)).map(|d| d.id).collect();
    Ok(rows.into_iter().filter(|c| c.opened_on.is_some() && open.contains(&c.document)).collect())
}

/// The public consultations of which a document came, as id and title.
pub(crate) async fn public_before(
    tx: &mut Tx,
    region: Region,
    document: Uuid,
) -> Result<Vec<(Uuid, String)>> {
    let rows = tx.consultations_before(region, document).await?;
    let rows = only_public(tx, region, rows).await?;
    Ok(rows.into_iter().map(|c| (c.id, c.title)).collect())
}

impl Service {
    /// Public consultations, the latest opened first, at most [`PAGE`], after the [`ConsultationItem::paging_key`] of the last
    /// one seen; of one unit by its code, or of all. For everybody.
    pub async fn public_consultations(
        &self,
        today: Date,
        (phase, unit): (Option<Phase>, Option<&str>),
        mut after: Option<(Date, Uuid)>,
    ) -> Result<Vec<ConsultationItem>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let mut filter = phase.map(|p| p.filter(today)).unwrap_or_default();
        if let Some(code) = unit {
            filter.units = Some(vec![tree.find(code)?.id]);
        }
        let wanted = usize::try_from(PAGE).unwrap_or(usize::MAX);
        let mut found = Vec::new();
        // What was taken down leaves no gap in a page.
        while found.len() < wanted {
            let rows = tx.consultations_by_opening(self.region, &filter, after, PAGE).await?;
            let more = rows.len() == wanted;
            after = rows.last().and_then(|c| Some((c.opened_on?, c.id)));
            for row in only_public(&mut tx, self.region, rows).await? {
                found.push(item_of(&row, &tree, today)?);
            }
            if !more {
                break;
            }
        }
        found.truncate(wanted);
        Ok(found)
    }

    /// What stands at the address of a consultation. For everybody.
    ///
    /// # Errors
    /// [`crate::Error::NotFound`] for what is not public and never was, in the same words as for what does not exist.
    pub async fn public_consultation(&self, today: Date, id: Uuid) -> Result<AtConsultation> {
        let mut tx = self.look().await?;
        let row = tx.consultation(self.region, id).await?.ok_or_else(no_such_consultation)?;
        let draft = tx.document(self.region, row.document).await?.ok_or_else(no_such_consultation)?;
        if row.opened_on.is_none() || draft.disclosed_on.is_none() {
            return Err(no_such_consultation());
        }
        if !is_public(&draft) {
            return Ok(AtConsultation::Withdrawn { document: row.document });
        }
        let history = docket::<Consultations>(&mut tx, self.region, id).await?;
        let standing = Standing::of(&recorded(&history)).ok_or_else(no_such_consultation)?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let result = match id_of(&standing.result) {
            Some(result) => tx.document(self.region, result).await?.filter(is_public),
            None => None,
        };
        let result = result.map(|row| item(&row, &tree)).transpose()?;
        let item = item_of(&row, &tree, today)?;
        let maker = Uuid::parse_str(&standing.maker).ok().and_then(|id| tree.get(id).ok());
        let maker = maker.map_or_else(String::new, |unit| unit.name.clone());
        drop(tx);
        let (body, annexes) = self.public_content(row.document).await?;
        let found =
            PublicConsultation { item, standing, maker, document: row.document, body, annexes, result };
        Ok(AtConsultation::Public(Box::new(found)))
    }
}
