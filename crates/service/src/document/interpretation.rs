//! 政策解读: what interprets which document, linked both ways, and what is still to be interpreted.
//!
//! An interpretation is a docket of the register of documents, with its text, attachments, check and publication. Its
//! link is told on both pages while both are public.

use super::class::{FORM, INTERPRETATION_PLAN, INTERPRETS, SCHEDULED};
use super::{Documents, PublicItem, is_public, item};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Register, Work, recorded};
use crate::unit::Tree;
use jiff::civil::Date;
use law::Due;
use law::calendar::Calendar;
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent, Standing};
use law::docket::interpretation::{Form, Timing, due};
use std::collections::{BTreeMap, BTreeSet};
use store::{DocumentRow, Region, Tx};
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
    pub row: DocumentRow,
    /// The day it was first disclosed.
    pub published_on: Date,
    /// The first day on which an interpretation of it was disclosed that is public.
    pub interpreted_on: Option<Date>,
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
        self.duties.iter().filter(|d| d.interpreted_on.is_some()).count()
    }

    /// Documents that are not.
    pub fn open(&self) -> usize {
        self.duties.len() - self.done()
    }
}

fn ids(documents: &[String]) -> Result<Vec<Uuid>> {
    let id = |text: &String| {
        let sentence = format!("没有找到公文“{text}”，请从公文页面复制网址");
        Uuid::parse_str(text).map_err(|_| Error::refused("document-unknown", sentence, ""))
    };
    documents.iter().map(id).collect()
}

/// Refuses what names no document: a page that leads nowhere is no link.
pub(super) async fn must_name_documents(tx: &mut Tx, region: Region, s: &Standing) -> Result<()> {
    let Some(interprets) = &s.interprets else { return Ok(()) };
    for id in ids(&interprets.documents)? {
        match tx.document(region, id).await? {
            None => {
                let text = "没有找到被解读的公文，请从公文页面复制网址";
                return Err(Error::refused("document-unknown", text, ""));
            }
            Some(row) if row.category == Category::Interpretation.key() => {
                let text = format!("《{}》本身是解读材料，请选择被解读的公文", row.title);
                return Err(Error::refused("interprets-interpretation", text, ""));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// Refuses an interpretation that would be public before anything it explains is.
pub(super) async fn must_explain_something_public(tx: &mut Tx, region: Region, s: &Standing) -> Result<()> {
    let Some(interprets) = &s.interprets else { return Ok(()) };
    let named = tx.documents_with_ids(region, &ids(&interprets.documents)?).await?;
    if named.iter().any(is_public) {
        return Ok(());
    }
    let text = "被解读的文件还没有公开，解读材料与文件同日公开或者在其后公开";
    Err(Error::refused("document-not-public", text, "国办发〔2016〕19号"))
}

/// Refuses to schedule an interpretation for a minute before which nothing it explains is public or scheduled.
pub(super) async fn must_explain_something_by(
    tx: &mut Tx,
    region: Region,
    s: &Standing,
    minute: &str,
) -> Result<()> {
    let Some(interprets) = &s.interprets else { return Ok(()) };
    let named = ids(&interprets.documents)?;
    let scheduled = tx.classes(region, &named).await?;
    let in_time = scheduled.iter().any(|c| c.kind == SCHEDULED && c.key.as_str() <= minute);
    if in_time || tx.documents_with_ids(region, &named).await?.iter().any(is_public) {
        return Ok(());
    }
    let text = "到这个时间被解读的文件还没有公开，解读材料应当与文件同时公开或者在其后公开，请重新选择时间";
    Err(Error::refused("document-not-public", text, "国办发〔2016〕19号"))
}

/// The form by which each of these interpretations is known.
async fn forms(tx: &mut Tx, region: Region, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Form>> {
    let classes = tx.classes(region, ids).await?;
    let forms = classes.iter().filter(|c| c.kind == FORM);
    Ok(forms.filter_map(|c| Some((c.document, Form::parse(&c.key)?))).collect())
}

/// Which of these are interpretations that are not words alone.
pub(crate) async fn non_text(tx: &mut Tx, region: Region, ids: &[Uuid]) -> Result<BTreeSet<Uuid>> {
    let forms = forms(tx, region, ids).await?;
    Ok(forms.into_iter().filter(|(_, form)| !form.is_text()).map(|(id, _)| id).collect())
}

/// The documents whose public page names this one: what it explains, and what explains it.
pub(crate) async fn neighbours(tx: &mut Tx, region: Region, id: Uuid) -> Result<Vec<Uuid>> {
    let (to_it, from_it) = links(tx, region, id).await?;
    Ok(to_it.into_iter().chain(from_it).map(|(row, _)| row.id).collect())
}

/// What interprets a document and what it explains itself, public or not: each with the form of the interpretation.
async fn links(tx: &mut Tx, region: Region, id: Uuid) -> Result<(WithForm, WithForm)> {
    let to_it = tx.classes_of_keys(region, INTERPRETS, &[id.to_string()]).await?;
    let to_it: Vec<Uuid> = to_it.iter().map(|c| c.document).collect();
    let forms_of = forms(tx, region, &[to_it.as_slice(), &[id]].concat()).await?;
    let own = tx.classes(region, &[id]).await?;
    let from_it: Vec<Uuid> =
        own.iter().filter(|c| c.kind == INTERPRETS).filter_map(|c| Uuid::parse_str(&c.key).ok()).collect();
    let with_form = |rows: Vec<DocumentRow>, form: &dyn Fn(Uuid) -> Option<Form>| -> WithForm {
        rows.into_iter().filter_map(|row| Some((form(row.id)?, row))).map(|(f, row)| (row, f)).collect()
    };
    let to_rows = tx.documents_with_ids(region, &to_it).await?;
    let from_rows = tx.documents_with_ids(region, &from_it).await?;
    let own_form = forms_of.get(&id).copied();
    Ok((with_form(to_rows, &|id| forms_of.get(&id).copied()), with_form(from_rows, &|_| own_form)))
}

/// The public interpretations of a document that explain nothing else that is public.
async fn only_explaining(tx: &mut Tx, region: Region, id: Uuid) -> Result<Vec<DocumentRow>> {
    let (to_it, _) = links(tx, region, id).await?;
    let mut alone = Vec::new();
    for (row, _) in to_it.into_iter().filter(|(row, _)| is_public(row)) {
        let (_, explained) = links(tx, region, row.id).await?;
        if !explained.iter().any(|(of, _)| of.id != id && is_public(of)) {
            alone.push(row);
        }
    }
    Ok(alone)
}

/// Documents with the form of the interpretation that links them.
type WithForm = Vec<(DocumentRow, Form)>;

/// The public items on the other side of the links of a document: what interprets it, and what it explains.
pub(super) async fn public_links(
    tx: &mut Tx,
    region: Region,
    id: Uuid,
    tree: &Tree,
) -> Result<(Vec<(PublicItem, Form)>, Vec<PublicItem>)> {
    let (to_it, from_it) = links(tx, region, id).await?;
    let mut interpretations = Vec::new();
    for (row, form) in to_it.iter().filter(|(row, _)| is_public(row)) {
        interpretations.push((item(row, tree)?, *form));
    }
    interpretations.sort_by_key(|(item, _)| item.paging_key());
    let mut interprets = Vec::new();
    for (row, _) in from_it.iter().filter(|(row, _)| is_public(row)) {
        interprets.push(item(row, tree)?);
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
    /// Refuses to name documents of others: their pages and their figures would show it.
    pub(super) async fn must_reach_the_named(
        &mut self,
        id: Uuid,
        event: Option<&DocumentEvent>,
    ) -> Result<()> {
        let Some(DocumentEvent::Interprets { documents, .. }) = event else { return Ok(()) };
        let own = self.tx.classes(self.region, &[id]).await?;
        let known: BTreeSet<String> =
            own.into_iter().filter(|c| c.kind == INTERPRETS).map(|c| c.key).collect();
        for document in ids(documents)? {
            let there = self.tx.document(self.region, document).await?.is_some();
            if there && !known.contains(&document.to_string()) {
                self.must_reach_docket::<Documents>(document).await?;
            }
        }
        Ok(())
    }

    /// After a change of a public document: an interpretation does not stay where nothing it explains is public. What explains
    /// only a document that was taken down is taken down with it, unless the officer says why it stays; a link of an
    /// interpretation leads to something public.
    pub(super) async fn keep_interpretations_explained(
        &mut self,
        id: Uuid,
        on: Date,
        event: Option<&DocumentEvent>,
    ) -> Result<()> {
        let now = self.tx.document(self.region, id).await?;
        if now.as_ref().is_some_and(is_public) {
            // A correction may bring earlier links back.
            if matches!(event, Some(DocumentEvent::Interprets { .. }) | None) {
                self.must_explain_something_still(id).await?;
            }
            return Ok(());
        }
        if matches!(event, Some(DocumentEvent::Withdrawn { kept, .. }) if !kept.trim().is_empty()) {
            return Ok(());
        }
        for row in only_explaining(self.tx, self.region, id).await? {
            if let Err(Error::NotAllowed(_)) = self.must_reach_docket::<Documents>(row.id).await {
                let text = format!(
                    "解读材料《{}》属于其他单位，不能一并撤下，请联系该单位先行撤下，或者写明保留解读材料的理由",
                    row.title
                );
                return Err(Error::refused("interpretation-of-others", text, ""));
            }
            let gone = "被解读的文件已经撤下".to_owned();
            let event = DocumentEvent::Withdrawn { reason: gone.clone(), told: gone, kept: String::new() };
            // Entered later for an earlier day, the document was taken down before this was public.
            let on = row.disclosed_on.map_or(on, |published| published.max(on));
            let version = u32::try_from(row.version).unwrap_or(u32::MAX);
            self.change::<Documents>(row.id, version, Change::event(on, event)).await?;
        }
        Ok(())
    }

    /// Refuses an interpretation that is public now and explains nothing public; judged within the transaction, because the
    /// document may have been taken down since it was looked at.
    pub(super) async fn must_explain_something_still(&mut self, id: Uuid) -> Result<()> {
        match Documents::fold(&recorded(&self.docket::<Documents>(id).await?)) {
            Some(standing) => must_explain_something_public(self.tx, self.region, &standing).await,
            None => Ok(()),
        }
    }

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
        let (to_it, from_it) = links(&mut tx, self.region, document).await?;
        let mut sides = Vec::new();
        for side in [to_it, from_it] {
            let mut seen = Vec::new();
            for (row, form) in side {
                let public = is_public(&row);
                // What others have not published is theirs to show.
                if public || self.must_see(&mut tx, ctx, row.unit).await.is_ok() {
                    seen.push(Linked { public, form, row });
                }
            }
            seen.sort_by_key(|l| (l.row.made_on, l.row.id));
            sides.push(seen);
        }
        let from_it = sides.pop().unwrap_or_default();
        Ok((sides.pop().unwrap_or_default(), from_it))
    }

    /// The public interpretations that would be taken down with a document: they explain nothing else that is public.
    pub async fn taken_down_with(&self, ctx: &Context, document: Uuid) -> Result<Vec<DocumentRow>> {
        self.view_docket::<Documents>(ctx, document).await?;
        only_explaining(&mut self.look().await?, self.region, document).await
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
        let plans =
            tx.classes_published_in(self.region, INTERPRETATION_PLAN, units.as_deref(), year, MOST).await?;
        let ids: Vec<Uuid> = plans.iter().map(|p| p.document).collect();
        let mut rows: BTreeMap<Uuid, DocumentRow> =
            tx.documents_with_ids(self.region, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
        let keys: Vec<String> = ids.iter().map(Uuid::to_string).collect();
        let mut first: BTreeMap<String, Date> = BTreeMap::new();
        for link in tx.classes_of_keys(self.region, INTERPRETS, &keys).await? {
            // Only what everybody may read has a day here.
            let Some(on) = link.published_on else { continue };
            first.entry(link.key).and_modify(|known| *known = on.min(*known)).or_insert(on);
        }
        let mut duties = Vec::new();
        for plan in plans {
            let (Some(row), Some(published_on)) = (rows.remove(&plan.document), plan.published_on) else {
                continue;
            };
            let timing = Timing::parse(&plan.key).unwrap_or(Timing::SameDay);
            let interpreted_on = first.get(&plan.document.to_string()).copied();
            let delay = interpreted_on.and_then(|on| working_days(published_on, on, &self.calendar));
            let due = due(timing, published_on, &self.calendar);
            duties.push(InterpretationDuty { row, published_on, interpreted_on, due, delay });
        }
        let median_delay = median(duties.iter().filter_map(|d| d.delay).collect());
        Ok(InterpretationYear { duties, median_delay })
    }

    /// How many documents of this year and the last wait for their interpretation.
    pub async fn interpretations_owed(&self, ctx: &Context) -> Result<usize> {
        let mut open = BTreeSet::new();
        for year in [ctx.today().year() - 1, ctx.today().year()] {
            let found = self.interpretation_year(ctx, None, year).await?;
            let waiting = found.duties.into_iter().filter(|d| d.interpreted_on.is_none());
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
