//! 公文公开属性动态调整: what of a year is to be reviewed, what was, and the table of it.
//!
//! A review is due when its period is over, when somebody recorded a reason, when the document ended, or when several
//! requests ask for nearly the same information (条例第四十四条). The last is found among the requests and stands nowhere
//! in the docket, so it brings nothing forward on its own: the list says so, and whoever reads it decides.

use super::Documents;
use super::class::{REVIEW_CALLED, REVIEW_FROM, REVIEWED};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Register, decode, recorded};
use crate::transfer::{ExportFormat, write_table};
use crate::unit::Tree;
use jiff::ToSpan;
use jiff::civil::Date;
use law::docket::document::{DisclosureAttribute, Review, Standing, Trigger};
use std::collections::{BTreeMap, BTreeSet};
use store::{ClassRow, DocumentRow, Tx};
use uuid::Uuid;

/// Documents that are listed.
const MOST: i64 = 2_000;
/// Documents that are looked for among the requests, those due first.
const MOST_ASKED: usize = 300;
/// Requests that are several.
const SEVERAL: usize = 2;

/// The columns of the table.
pub const REVIEW_COLUMNS: [&str; 13] = [
    "序号",
    "标题",
    "发文字号",
    "制作机关",
    "成文日期",
    "原公开属性",
    "复审缘由",
    "复审期限",
    "相近申请（件）",
    "复审日期",
    "复审结论",
    "理由和依据",
    "批准人",
];

/// A document whose attribute is to be reviewed.
#[derive(Debug, Clone)]
pub struct AttributeReviewDuty {
    /// The document.
    pub row: DocumentRow,
    /// What it is now.
    pub attribute: DisclosureAttribute,
    /// Why.
    pub reason: String,
    /// From when the period runs: what was asked before was known then.
    pub since: Date,
    /// Why it is reviewed.
    pub trigger: Trigger,
    /// The last day in time.
    pub due: Date,
    /// Requests for nearly the same information since the last review; 0 where they are not several.
    pub asked: usize,
}

/// A review of a year.
#[derive(Debug, Clone)]
pub struct AttributeReviewDone {
    /// The document.
    pub row: DocumentRow,
    /// What it came to.
    pub review: Review,
}

/// The reviews of a year.
#[derive(Debug, Clone, Default)]
pub struct AttributeReviewYear {
    /// What is still to be reviewed, the earliest due first.
    pub owed: Vec<AttributeReviewDuty>,
    /// What was, in the order of days.
    pub done: Vec<AttributeReviewDone>,
    /// Whether there are more documents than are listed.
    pub cut: bool,
}

/// The words of a title that name what it is about.
fn core(title: &str) -> &str {
    let inner = title.find('《').map(|at| &title[at + '《'.len_utf8()..]);
    inner.and_then(|rest| rest.rfind('》').map(|end| &rest[..end])).unwrap_or(title)
}

/// The keys of periods that are over by a day; a few days more, because months differ: each is looked at again.
fn begun_by(day: Date, period: u32) -> Option<String> {
    let from = day.checked_sub(i64::from(period).months()).ok()?;
    Some(from.checked_add(3.days()).ok()?.to_string())
}

impl Service {
    /// What of a year is to be reviewed and what was, within the actor's reach; a period is `period` months. What is
    /// overdue from earlier years is owed this year.
    pub async fn attribute_review_year(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
        year: i16,
        period: u32,
    ) -> Result<AttributeReviewYear> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let (Ok(first), Ok(last)) = (Date::new(year, 1, 1), Date::new(year, 12, 31)) else {
            return Err(Error::Invalid("请填写四位数的年度".into()));
        };
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let units = units.as_deref();
        let from = begun_by(last, period).unwrap_or_default();
        let span = (first.to_string(), last.to_string());
        let begun = tx.classes_up_to(self.region, REVIEW_FROM, units, &from, MOST).await?;
        let called = tx.classes_up_to(self.region, REVIEW_CALLED, units, &span.1, MOST).await?;
        let reviewed = tx.classes_between(self.region, REVIEWED, units, (&span.0, &span.1), MOST).await?;
        let cut = [&begun, &called, &reviewed].iter().any(|all| all.len() as i64 == MOST);
        let ids: BTreeSet<Uuid> = begun.iter().chain(&called).chain(&reviewed).map(|c| c.document).collect();
        let earlier = year == ctx.today().year();
        let mut found = AttributeReviewYear { cut, ..AttributeReviewYear::default() };
        for (row, s) in self.standings(&mut tx, ids).await? {
            if let Some(((due, trigger), since)) = s.review_due(period).zip(s.review_from())
                && due <= last
                && (due >= first || earlier)
            {
                found.owed.push(AttributeReviewDuty {
                    row: row.clone(),
                    attribute: s.attribute,
                    reason: s.reason.clone().unwrap_or_default(),
                    since,
                    trigger,
                    due,
                    asked: 0,
                });
            }
            let of_year = s.reviews.into_iter().filter(|r| r.on.year() == year);
            found.done.extend(of_year.map(|review| AttributeReviewDone { row: row.clone(), review }));
        }
        found.owed.sort_by_key(|d| (d.due, d.row.id));
        found.done.sort_by_key(|d| (d.review.on, d.row.id));
        for duty in found.owed.iter_mut().take(MOST_ASKED) {
            let agencies = [Some(duty.row.unit), Uuid::parse_str(&duty.row.maker).ok()];
            let about = (core(&duty.row.title), duty.row.number.as_deref());
            let days = self.asked_about(&mut tx, about, &agencies).await?;
            let asked = days.into_iter().filter(|on| *on >= duty.since).count();
            if asked >= SEVERAL {
                duty.asked = asked;
            }
        }
        Ok(found)
    }

    async fn standings(&self, tx: &mut Tx, ids: BTreeSet<Uuid>) -> Result<Vec<(DocumentRow, Standing)>> {
        let ids: Vec<Uuid> = ids.into_iter().collect();
        let rows = tx.documents_with_ids(self.region, &ids).await?;
        let mut rows: BTreeMap<Uuid, DocumentRow> = rows.into_iter().map(|row| (row.id, row)).collect();
        let entries = tx.dockets(self.region, &ids).await?;
        let mut all = Vec::new();
        for docket in entries.chunk_by(|a, b| a.subject == b.subject) {
            let Some(row) = docket.first().and_then(|e| rows.remove(&e.subject)) else { continue };
            all.extend(Documents::fold(&recorded(&decode(docket)?)).map(|s| (row, s)));
        }
        Ok(all)
    }

    /// How many reviews are overdue or due within a month, within reach.
    pub async fn attribute_reviews_owed(&self, ctx: &Context, period: u32) -> Result<usize> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let soon = ctx.today().saturating_add(1.months());
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let units = units.as_deref();
        let from = begun_by(soon, period).unwrap_or_default();
        let begun = tx.classes_up_to(self.region, REVIEW_FROM, units, &from, MOST).await?;
        let called = tx.classes_up_to(self.region, REVIEW_CALLED, units, &soon.to_string(), MOST).await?;
        let over = |c: &&ClassRow| {
            let from: Option<Date> = c.key.parse().ok();
            from.and_then(|on| on.checked_add(i64::from(period).months()).ok()).is_some_and(|due| due <= soon)
        };
        let owed: BTreeSet<Uuid> = begun.iter().filter(over).chain(&called).map(|c| c.document).collect();
        Ok(owed.len())
    }

    /// 公文公开属性动态调整情况表 of a year: what was reviewed, then what is owed. That it was taken is journaled.
    pub async fn export_attribute_reviews(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
        (year, period): (i16, u32),
        format: ExportFormat,
    ) -> Result<Vec<u8>> {
        let found = self.attribute_review_year(ctx, units, year, period).await?;
        let tree = Tree::read(&mut self.look().await?, self.region).await?;
        let table = table(&found, &tree);
        let count = table.len();
        let written = tokio::task::spawn_blocking(move || {
            write_table("动态调整情况表", &REVIEW_COLUMNS, &table, format)
        });
        let file = written.await.map_err(|e| Error::Internal(e.to_string()))??;
        let event = serde_json::json!({
            "type": "exported", "register": "attribute-reviews", "format": format.key(), "rows": count,
            "personal": false,
        });
        self.note_export(ctx, "export-attribute-reviews", event).await?;
        Ok(file)
    }
}

fn table(found: &AttributeReviewYear, tree: &Tree) -> Vec<Vec<String>> {
    let head = |row: &DocumentRow| {
        let maker = Uuid::parse_str(&row.maker).ok().and_then(|id| tree.get(id).ok());
        vec![
            row.title.clone(),
            row.number.clone().unwrap_or_default(),
            maker.map(|u| u.name.clone()).unwrap_or_default(),
            row.made_on.to_string(),
        ]
    };
    let done = found.done.iter().map(|d| {
        let r = &d.review;
        let mut cells = head(&d.row);
        cells.extend([
            r.from.label().to_owned(),
            r.trigger.label().to_owned(),
            String::new(),
            String::new(),
            r.on.to_string(),
            r.label().to_owned(),
            r.reason.clone(),
            r.approved_by.clone(),
        ]);
        cells
    });
    let owed = found.owed.iter().map(|d| {
        let mut cells = head(&d.row);
        let asked = if d.asked > 0 { d.asked.to_string() } else { String::new() };
        cells.extend([
            d.attribute.label().to_owned(),
            d.trigger.label().to_owned(),
            d.due.to_string(),
            asked,
            String::new(),
            "待复审".to_owned(),
            String::new(),
            String::new(),
        ]);
        cells
    });
    let numbered = |(n, mut cells): (usize, Vec<String>)| {
        cells.insert(0, n.to_string());
        cells
    };
    (1..).zip(done.chain(owed)).map(numbered).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_about_what_stands_in_its_book_marks() {
        assert_eq!(core("关于印发《样例〈试行〉办法》的通知"), "样例〈试行〉办法");
        assert_eq!(core("值班制度"), "值班制度");
        assert_eq!(core("》《"), "》《");
    }
}
