//! 政策解读: what interprets which document, linked both ways, and what is still to be interpreted.
//!
//! An interpretation is a docket of the register of documents, with its text, attachments, check and publication. Its
//! link is told on both pages while both are public.

use super::{Documents, PublicItem, is_public, item};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Work};
use crate::unit::{Tree, id_of};
use jiff::civil::Date;
use law::Due;
use law::calendar::Calendar;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent, Standing};
use law::docket::interpretation::{Form, Timing, due};
use std::collections::BTreeSet;
use store::{DocumentRow, InterpretationDutyRow, InterpretationRow, Region, Tx};
use uuid::Uuid;

/// Duties of a year that are listed; no unit publishes as many.
const MOST: i64 = 5_000;

/// An interpretation, or what one explains, for the office.
#[derive(Debug, Clone)]
pub struct Linked {
    /// The docket.
    pub row: DocumentRow,
    /// 解读形式
    pub form: Form,
    /// Whether everybody may read it.
    pub public: bool,
}

/// A public document that is to be interpreted.
#[derive(Debug, Clone)]
pub struct InterpretationDuty {
    /// The document.
    pub row: InterpretationDutyRow,
    /// The last day in time.
    pub due: Option<Due>,
    /// Working days from its publication to the first interpretation; negative if that came first.
    pub delay: Option<i32>,
}

/// What a year's documents came to.
#[derive(Debug, Clone, Default)]
pub struct InterpretationYear {
    /// Documents first disclosed in the year that are to be interpreted.
    pub duties: Vec<InterpretationDuty>,
    /// Working days to the interpretation, the middle one.
    pub median_delay: Option<i32>,
}

impl InterpretationYear {
    /// Documents that are interpreted.
    pub fn done(&self) -> usize {
        self.duties.iter().filter(|d| d.row.interpreted_on.is_some()).count()
    }

    /// Documents that are not.
    pub fn open(&self) -> usize {
        self.duties.len() - self.done()
    }
}

fn ids(documents: &[String]) -> Result<Vec<Uuid>> {
    let id = |text: &String| {
        let unknown = || Error::NotFound(format!("没有找到公文“{text}”，请从公文页面复制网址"));
        Uuid::parse_str(text).map_err(|_| unknown())
    };
    documents.iter().map(id).collect()
}

/// Refuses what names no document: a page that leads nowhere is no link.
pub(super) async fn must_name_documents(tx: &mut Tx, region: Region, s: &Standing) -> Result<()> {
    let Some(interprets) = &s.interprets else { return Ok(()) };
    for id in ids(&interprets.documents)? {
        match tx.document(region, id).await? {
            None => return Err(Error::NotFound("没有找到被解读的公文，请从公文页面重新登记解读材料".into())),
            Some(row) if row.category == Category::Interpretation.key() => {
                let text = format!("《{}》本身是解读材料，请选择被解读的公文", row.title);
                return Err(Error::refused("interprets-interpretation", text, ""));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Writes the rows of what a document interprets and of how soon it is to be interpreted.
pub(super) async fn put(tx: &mut Tx, region: Region, id: Uuid, s: &Standing) -> store::Result<()> {
    if let Some(interprets) = &s.interprets {
        let documents: Vec<Uuid> =
            interprets.documents.iter().filter_map(|d| id_of(&Some(d.clone()))).collect();
        tx.put_interpretation(region, id, &documents, interprets.form.key()).await?;
    }
    if let Some(plan) = &s.plan {
        tx.put_interpretation_plan(region, id, Some(plan.timing.key())).await?;
    }
    Ok(())
}

/// Takes away what a correction has voided.
pub(super) async fn forget(
    tx: &mut Tx,
    region: Region,
    id: Uuid,
    (before, after): (&Standing, &Standing),
) -> store::Result<()> {
    if before.interprets.is_some() && after.interprets.is_none() {
        tx.put_interpretation(region, id, &[], "").await?;
    }
    if before.plan.is_some() && after.plan.is_none() {
        tx.put_interpretation_plan(region, id, None).await?;
    }
    Ok(())
}

fn form_of(row: &InterpretationRow) -> Result<Form> {
    Form::parse(&row.form).ok_or_else(|| Error::Internal(format!("{} is no form", row.form)))
}

/// The public items on the other side of the links of a document: what interprets it, and what it explains.
pub(super) async fn public_links(
    tx: &mut Tx,
    region: Region,
    id: Uuid,
    tree: &Tree,
) -> Result<(Vec<(PublicItem, Form)>, Vec<PublicItem>)> {
    let mut interpretations = Vec::new();
    for link in tx.interpretations_of(region, id).await? {
        if let Some(row) = tx.document(region, link.interpretation).await?.filter(is_public) {
            interpretations.push((item(&row, tree)?, form_of(&link)?));
        }
    }
    interpretations.sort_by_key(|(item, _)| item.paging_key());
    let mut interprets = Vec::new();
    for link in tx.interpreted_by(region, id).await? {
        if let Some(row) = tx.document(region, link.document).await?.filter(is_public) {
            interprets.push(item(&row, tree)?);
        }
    }
    interprets.sort_by_key(PublicItem::paging_key);
    Ok((interpretations, interprets))
}

/// Working days from one day to another; negative backwards.
fn working_days(from: Date, to: Date, calendar: &Calendar) -> Option<i32> {
    let count = |a, b| calendar.count(a, b).ok().and_then(|(n, _)| i32::try_from(n).ok());
    if to < from { count(to, from).map(|n| -n) } else { count(from, to) }
}

fn median(mut all: Vec<i32>) -> Option<i32> {
    all.sort_unstable();
    all.get(all.len() / 2).copied()
}

impl Work<'_> {
    async fn interpret(&mut self, id: Uuid, on: Date, of: &DocumentRow, said: (String, Form)) -> Result<()> {
        let (title, form) = said;
        let made = DocumentEvent::Made {
            counted_by: of.unit.to_string(),
            maker: of.maker.clone(),
            category: Category::Interpretation,
            title,
            number: None,
            index_number: None,
            attribute: DisclosureAttribute::Proactive,
            reason: None,
        };
        let interprets = DocumentEvent::Interprets { documents: vec![of.id.to_string()], form };
        self.begin::<Documents>(id, vec![Change::event(on, made), Change::event(on, interprets)]).await?;
        Ok(())
    }
}

impl Service {
    /// Registers an interpretation of a document; its text is written and published as that of a document.
    ///
    /// # Errors
    /// The refusals of the docket; the document must be within the actor's reach.
    pub async fn interpret_document(
        &self,
        mut ctx: Context,
        document: Uuid,
        on: Date,
        said: (String, Form),
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        self.verb(ctx, "interpret-document", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Documents>(document).await?;
                let of = work.tx.document(work.region, document).await?;
                let of = of.ok_or_else(|| Error::NotFound("这件公文的登记已经作废".into()))?;
                work.interpret(id, on, &of, said).await?;
                Ok(id)
            })
        })
        .await
    }

    /// What interprets a document and what it explains itself, public or not, for the office.
    pub async fn interpretation_links(
        &self,
        ctx: &Context,
        document: Uuid,
    ) -> Result<(Vec<Linked>, Vec<Linked>)> {
        self.view_docket::<Documents>(ctx, document).await?;
        let mut tx = self.look().await?;
        let (mut to_it, mut from_it) = (Vec::new(), Vec::new());
        for link in tx.interpretations_of(self.region, document).await? {
            if let Some(row) = tx.document(self.region, link.interpretation).await? {
                to_it.push(Linked { public: is_public(&row), form: form_of(&link)?, row });
            }
        }
        for link in tx.interpreted_by(self.region, document).await? {
            if let Some(row) = tx.document(self.region, link.document).await? {
                from_it.push(Linked { public: is_public(&row), form: form_of(&link)?, row });
            }
        }
        Ok((to_it, from_it))
    }

    /// The last day on which the interpretation of a document is in time, where one is planned and it is public.
    pub fn interpretation_due(&self, standing: &Standing) -> Option<Due> {
        let (on, timing) = standing.interpretation_due_from()?;
        due(timing, on, &self.calendar)
    }

    /// The public documents first disclosed in a year that are to be interpreted, within the actor's reach: a document
    /// with a plan is to be interpreted.
    pub async fn interpretation_year(
        &self,
        ctx: &Context,
        units: Option<Vec<Uuid>>,
        year: i16,
    ) -> Result<InterpretationYear> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, units).await?;
        let rows = tx.interpretation_duties(self.region, units.as_deref(), year, MOST).await?;
        let mut duties = Vec::new();
        for row in rows {
            let timing = Timing::parse(&row.timing).unwrap_or(Timing::SameDay);
            let delay = row.interpreted_on.and_then(|on| working_days(row.disclosed_on, on, &self.calendar));
            duties.push(InterpretationDuty {
                due: due(timing, row.disclosed_on, &self.calendar),
                delay,
                row,
            });
        }
        let median_delay = median(duties.iter().filter_map(|d| d.delay).collect());
        Ok(InterpretationYear { duties, median_delay })
    }

    /// How many documents of this year and the last wait for their interpretation.
    pub async fn interpretations_owed(&self, ctx: &Context) -> Result<usize> {
        let mut open = BTreeSet::new();
        for year in [ctx.today().year() - 1, ctx.today().year()] {
            let found = self.interpretation_year(ctx, None, year).await?;
            let waiting = found.duties.into_iter().filter(|d| d.row.interpreted_on.is_none());
            open.extend(waiting.map(|d| d.row.id));
        }
        Ok(open.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn a_delay_counts_working_days_both_ways() {
        let calendar = Calendar::builtin();
        // 1 to 8 October 2020 are holidays.
        assert_eq!(working_days(date(2020, 9, 30), date(2020, 10, 9), calendar), Some(1));
        assert_eq!(working_days(date(2020, 9, 30), date(2020, 9, 30), calendar), Some(0));
        assert_eq!(working_days(date(2020, 10, 9), date(2020, 9, 30), calendar), Some(-1));
        assert_eq!((median(vec![3, 0, 1]), median(vec![])), (Some(1), None));
    }
}
