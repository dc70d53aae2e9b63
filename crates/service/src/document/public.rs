//! Documents as the public reads them: listed by the day of publication, each under an address that stays.
//!
//! Whether a document is public is decided by one predicate, [`is_public`], from its row, every time it is shown. A
//! document that was taken down keeps its address and says when and why; nothing else of it is shown.

use super::interpretation::public_links;
use super::{Annex, Documents, class, is_public};
use crate::Service;
use crate::catalogue;
use crate::context::civil_date;
use crate::error::{Error, Result};
use crate::register::{Register, docket, recorded};
use crate::unit::Tree;
use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::document::{
    Category, DisclosureAttribute, DocumentEvent, Force, ForceChange, Standing, Validity,
};
use law::docket::interpretation::Form;
use law::number::DocumentNumber;
use store::{CatalogueEntryRow, DocumentFilter, DocumentRow, UnitFilter};
use uuid::Uuid;

/// Documents on a page of the list.
pub const PAGE: i64 = 20;

/// Which public documents.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PublicAsk {
    /// Only published by the unit with this code.
    pub unit: Option<String>,
    /// Only of this category.
    pub category: Option<Category>,
    /// Only published last in this year.
    pub year: Option<i16>,
    /// Only in force on this day.
    pub in_force_on: Option<Date>,
    /// Only with this text in the title or the number.
    pub text: Option<String>,
    /// Only of this subject, or of this class of subjects (主题分类): its key.
    pub subject: Option<String>,
    /// Only of this genre (体裁): its key.
    pub genre: Option<String>,
}

/// A public document in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicItem {
    /// Its id, also its address.
    pub id: Uuid,
    /// 标题
    pub title: String,
    /// 发文字号
    pub number: Option<String>,
    /// 索引号
    pub index_number: Option<String>,
    /// 发布机构
    pub publisher: String,
    /// Its code.
    pub unit: String,
    /// 发布日期
    pub published_on: Date,
    /// What its validity is reckoned from; none for documents without force of their own.
    pub force: Option<Force>,
}

impl PublicItem {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.published_on, self.id)
    }

    /// 有效性 on this day; none for documents without force of their own.
    pub fn validity(&self, day: Date) -> Option<Validity> {
        self.force.map(|force| force.on(day))
    }
}

/// A public document.
#[derive(Debug, Clone, PartialEq)]
pub struct PublicDocument {
    /// As in a list.
    pub item: PublicItem,
    /// Where it stands.
    pub standing: Standing,
    /// Name of the agency that made it.
    pub maker: String,
    /// When it was published last, if that was recorded on the day itself.
    pub published_at: Option<Timestamp>,
    /// 正文; none if it is not kept here.
    pub body: Option<String>,
    /// 版本: the days on which its texts became public, in order; what is read is the last of them.
    pub texts: Vec<Date>,
    /// 附件
    pub annexes: Vec<Annex>,
    /// What changed its force, in the order of days, with the page of the document that did if that is public too.
    pub changes: Vec<(ForceChange, Option<Uuid>)>,
    /// What interprets it, the first published first.
    pub interpretations: Vec<(PublicItem, Form)>,
    /// Of an interpretation: the documents it explains.
    pub interprets: Vec<PublicItem>,
    /// The published entries of standard catalogues it stands under.
    pub entries: Vec<CatalogueEntryRow>,
    /// The consultations it came of, as id and title.
    pub consultations: Vec<(Uuid, String)>,
    /// The consultation whose draft it is.
    pub consultation: Option<Uuid>,
}

/// What stands at the address of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum AtAddress {
    /// The document.
    Public(Box<PublicDocument>),
    /// It was public once.
    Withdrawn {
        /// Since when it is not.
        on: Date,
        /// What the office says of it to everybody; may be empty.
        told: String,
    },
}

impl Service {
    /// Public documents, the latest published first, at most [`PAGE`], after the [`PublicItem::paging_key`] of the last one
    /// seen. For everybody.
    pub async fn public_documents(
        &self,
        ask: &PublicAsk,
        after: Option<(Date, Uuid)>,
    ) -> Result<Vec<PublicItem>> {
        let mut tx = self.look().await?;
        let tree = Tree::read(&mut tx, self.region).await?;
        let units = match &ask.unit {
            Some(code) => Some(vec![tree.find(code)?.id]),
            None => None,
        };
        let filter = DocumentFilter {
            units,
            category: ask.category.map(|c| c.key().to_owned()),
            disclosed_in: ask.year,
            in_force_on: ask.in_force_on,
            valid_on: ask.in_force_on,
            has_force: ask.in_force_on.is_some(),
            text: ask.text.clone(),
            // A draft that is put to the public is no document yet: it has a list of its own.
            without_drafts: ask.category.is_none(),
            ..everything_public()
        };
        let rows = match class::asked(ask).split_first() {
            Some(classes) => tx.documents_of_classes(self.region, classes, &filter, after, PAGE).await?,
            None => tx.documents_by_publication(self.region, &filter, after, PAGE).await?,
        };
        rows.iter().filter(|row| is_public(row)).map(|row| item(row, &tree)).collect()
    }

    /// What stands at the address of a document. For everybody.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not public and never was, in the same words as for what does not exist.
    pub async fn public_document(&self, id: Uuid) -> Result<AtAddress> {
        let nothing = || Error::NotFound("没有找到这份公开信息，请从目录中查找".into());
        let mut tx = self.look().await?;
        let row = tx.document(self.region, id).await?.ok_or_else(nothing)?;
        let history = docket::<Documents>(&mut tx, self.region, id).await?;
        let mut standing = Documents::fold(&recorded(&history)).ok_or_else(nothing)?;
        if !is_public(&row) {
            let on = row.withdrawn_on.ok_or_else(nothing)?;
            return Ok(AtAddress::Withdrawn { on, told: standing.withdrawal_told });
        }
        let tree = Tree::read(&mut tx, self.region).await?;
        let mut changes = Vec::new();
        for change in std::mem::take(&mut standing.changes) {
            let cause = match DocumentNumber::first_in(&change.by) {
                Some(number) => tx.document_by_number(self.region, &number.to_string()).await?,
                None => None,
            };
            changes.push((change, cause.filter(is_public).map(|row| row.id)));
        }
        let published_at = history
            .iter()
            .rfind(|h| matches!(h.recorded.event, Some(DocumentEvent::Disclosed { .. })))
            // A correction was recorded at another moment than the publication.
            .filter(|h| h.recorded.corrects.is_none())
            .map(|h| h.at)
            .filter(|at| Some(civil_date(*at)) == row.disclosed_on);
        let (interpretations, interprets) = public_links(&mut tx, self.region, id, &tree).await?;
        let mut entries = catalogue::named(&mut tx, self.region, &standing.entries).await?;
        entries.retain(catalogue::is_published);
        let consultations = crate::consultation::public_before(&mut tx, self.region, id).await?;
        let consultation = tx.consultation_of(self.region, id).await?.map(|c| c.id);
        drop(tx);
        let texts = self.text_days(id).await?;
        let (body, annexes) = self.public_content(id).await?;
        let maker = Uuid::parse_str(&standing.maker).ok().and_then(|id| tree.get(id).ok());
        Ok(AtAddress::Public(Box::new(PublicDocument {
            item: item(&row, &tree)?,
            published_at,
            maker: maker.map_or_else(String::new, |unit| unit.name.clone()),
            body,
            texts,
            annexes,
            changes,
            interpretations,
            interprets,
            entries,
            consultations,
            consultation,
            standing,
        })))
    }

    /// Every document published in a month that is public, with the day, the latest first; at most 50,000, as many as
    /// a list of addresses may hold (sitemaps.org). For everybody.
    pub async fn public_addresses(&self, month: Date) -> Result<Vec<(Uuid, Date)>> {
        const MOST: i64 = 50_000;
        let (first, last) = (month.first_of_month(), month.last_of_month());
        let mut tx = self.look().await?;
        let rows = tx
            .documents_by_publication(self.region, &everything_public(), Some((last, Uuid::max())), MOST)
            .await?;
        let here = rows.iter().filter(|row| is_public(row)).filter_map(|r| Some((r.id, r.disclosed_on?)));
        Ok(here.take_while(|(_, on)| *on >= first).collect())
    }

    /// What the public can choose from: the units of which documents are public, as code and name, and the first and last
    /// day of publication. For everybody.
    pub async fn public_choices(&self) -> Result<(Vec<(String, String)>, Option<(Date, Date)>)> {
        let mut tx = self.look().await?;
        let filter = UnitFilter { publishing: true, ..UnitFilter::default() };
        let units = tx.units(self.region, &filter).await?;
        let days = tx.publication_days(self.region).await?;
        Ok((units.into_iter().map(|u| (u.code, u.name)).collect(), days))
    }
}

/// The statement's side of [`is_public`]: it finds no less, and each row is judged again.
pub(crate) fn everything_public() -> DocumentFilter {
    let attribute = Some(DisclosureAttribute::Proactive.key().to_owned());
    DocumentFilter { attribute, public: true, ..DocumentFilter::default() }
}

pub(crate) fn item(row: &DocumentRow, tree: &Tree) -> Result<PublicItem> {
    let unit = tree.get(row.unit)?;
    Ok(PublicItem {
        id: row.id,
        title: row.title.clone(),
        number: row.number.clone(),
        index_number: row.index_number.clone(),
        publisher: unit.name.clone(),
        unit: unit.code.clone(),
        published_on: row.disclosed_on.unwrap_or(row.made_on),
        force: force(row),
    })
}

/// What the validity of a document is reckoned from, from its row; none for documents without force of their own.
pub fn force(row: &DocumentRow) -> Option<Force> {
    let recorded = match row.ending.as_deref() {
        Some("repealed") => Some(Validity::Repealed),
        Some(_) => Some(Validity::Lapsed),
        None if row.amended_on.is_some() => Some(Validity::Amended),
        None => row.in_force_on.map(|_| Validity::InForce),
    };
    Some(Force { recorded: recorded?, until: row.valid_until })
}
