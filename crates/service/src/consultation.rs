//! 草案公开征求意见: a draft is put to the public, opinions are taken, answered in groups, and the outcome is told.
//!
//! The text of the draft is a document of the category 草案征求意见: it is written, checked, published, found, fed and taken
//! down as documents are, and a consultation is public exactly while that document is ([`crate::document::is_public`]).
//! Opening a consultation publishes its draft in the same transaction. It closes by itself with its last day.
//!
//! | matter | module |
//! |---|---|
//! | how opinions come in, are read and answered | `opinion` |
//! | what everybody reads | `public` |

mod opinion;
mod public;

pub(crate) use opinion::row as opinion_row;
pub use opinion::{LONGEST_OPINION, OpinionLine, OpinionView, Opinions, Reply, Said};
pub(crate) use public::public_before;
pub use public::{AtConsultation, ConsultationItem, PAGE as PUBLIC_PAGE, Phase, PublicConsultation};

use crate::context::{Context, Permission};
use crate::document::{Documents, line_findings};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, Work};
use crate::unit::{id_of, named_unit};
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::ToSpan;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::consultation::{
    Answer, ConsultationEvent, Outcome, Stage, Standing, Subject, Terms, ToldAnswer,
};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use law::docket::opinion::OpinionState;
use law::docket::{Recorded, Tally};
use std::collections::BTreeMap;
use store::{ConsultationFilter, ConsultationRow, DocumentRow, Region, Tx};
use uuid::Uuid;

/// The register of consultations.
#[derive(Debug, Clone, Copy)]
pub struct Consultations;

impl Register for Consultations {
    const KIND: &'static str = "consultation";
    const NAME: &'static str = "征集";
    type Event = ConsultationEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<ConsultationEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &ConsultationEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &ConsultationEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.counted_by).ok()
    }

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_consultation(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none() {
                named_unit(tx, place.region, &after.counted_by, "统计单位").await?;
                named_unit(tx, place.region, &after.maker, "征集机关").await?;
            }
            if after.result.is_some() && before.is_none_or(|b| b.result != after.result) {
                must_be_document(tx, place.region, id_of(&after.result)).await?;
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_consultation(region, id).await })
    }
}

/// The derived row of a consultation.
pub(crate) fn row(place: Place, s: &Standing) -> ConsultationRow {
    ConsultationRow {
        id: place.id,
        unit: id_of(&Some(s.counted_by.clone())).unwrap_or_default(),
        subject: s.subject.key().to_owned(),
        title: s.title.clone(),
        document: id_of(&Some(s.document.clone())).unwrap_or_default(),
        begun_on: s.begun_on,
        opened_on: s.opened_on,
        until_on: s.terms.until,
        told_on: s.outcome.as_ref().map(|(on, _)| *on),
        result: id_of(&s.result),
        abandoned: s.abandoned,
        version: i64::from(place.version),
    }
}

/// Where the consultation of a row stands on a day.
pub fn stage(row: &ConsultationRow, today: Date) -> Stage {
    Stage::on(today, row.opened_on, row.until_on, row.told_on, row.abandoned)
}

/// The document that came of a consultation must be one.
async fn must_be_document(tx: &mut Tx, region: Region, id: Option<Uuid>) -> Result<()> {
    let row = match id {
        Some(id) => tx.document(region, id).await?,
        None => None,
    };
    let is_document = |row: &DocumentRow| Category::parse(&row.category).is_some_and(Category::is_document);
    match row.filter(is_document) {
        Some(_) => Ok(()),
        None => {
            let text = "没有找到正式文件，请从公文页面复制网址；解读材料和其他信息不是正式文件";
            Err(Error::refused("document-unknown", text, ""))
        }
    }
}

/// A consultation to be begun.
#[derive(Debug, Clone)]
pub struct NewConsultation {
    /// Unit whose figures count it.
    pub counted_by: String,
    /// Unit in whose name it asks.
    pub maker: String,
    /// What it is about.
    pub subject: Subject,
    /// 标题
    pub title: String,
    /// How and until when.
    pub terms: Terms,
}

/// Refuses lines that everybody will read while something in them looks like personal data and nobody answers for it.
fn must_be_clean(lines: &[(&str, &str)], cleared: &str, today: Date) -> Result<()> {
    if !cleared.trim().is_empty() {
        return Ok(());
    }
    let mut no = Vec::new();
    for (place, text) in lines {
        for found in line_findings(text, today) {
            let text = format!(
                "{place}中有{}“{}”，请删去；经核对可以公开的，请写明可以公开的理由",
                found.what.label(),
                found.text
            );
            no.push(Refusal::new("check-open", text, "条例第十五条"));
        }
    }
    if no.is_empty() { Ok(()) } else { Err(Error::Refused(no)) }
}

/// What of an outcome everybody will read.
fn told_lines(outcome: &Outcome) -> Vec<(&'static str, &str)> {
    let mut lines = vec![("总体说明", outcome.said.as_str())];
    for told in &outcome.answers {
        lines.extend([("意见摘要", told.answer.summary.as_str()), ("理由", &told.answer.reason)]);
    }
    lines
}

/// The answers, each with how many opinions it answers; those that answer none are left out.
fn counted(answers: &BTreeMap<u32, Answer>, counts: &BTreeMap<u32, u32>) -> Vec<ToldAnswer> {
    let told = |(number, answer): (&u32, &Answer)| {
        let opinions = counts.get(number).copied().filter(|n| *n > 0)?;
        Some(ToldAnswer { answer: answer.clone(), opinions })
    };
    answers.iter().filter_map(told).collect()
}

impl Work<'_> {
    /// Refuses to publish the draft of a consultation otherwise than by opening that.
    pub(crate) async fn must_not_wait_for_its_consultation(&mut self, document: Uuid) -> Result<()> {
        match self.tx.consultation_of(self.region, document).await? {
            Some(c) if c.opened_on.is_none() => {
                let text = "征求意见稿随征集一并发布，请在“意见征集”中发布";
                Err(Error::refused("opens-with-consultation", text, ""))
            }
            _ => Ok(()),
        }
    }

    /// How many opinions got which answer; refused while any waits.
    async fn answered(&mut self, id: Uuid) -> Result<BTreeMap<u32, u32>> {
        let mut counts = BTreeMap::new();
        for count in self.tx.opinion_counts(self.region, id).await? {
            let n = u32::try_from(count.n).unwrap_or(u32::MAX);
            match (OpinionState::parse(&count.state), count.answer) {
                (Some(OpinionState::Waiting), _) => {
                    let text = format!("还有{n}条意见没有处理，请全部归并答复或者登记为不计入，再公布");
                    return Err(Error::refused("opinions-waiting", text, ""));
                }
                (Some(OpinionState::Answered), Some(answer)) => {
                    counts.insert(answer, n);
                }
                _ => {}
            }
        }
        Ok(counts)
    }

    /// Completes an outcome that is about to be told by what was answered.
    async fn complete(&mut self, id: Uuid, event: &mut ConsultationEvent) -> Result<()> {
        let ConsultationEvent::OutcomeTold { outcome, cleared } = event else { return Ok(()) };
        let standing = Standing::of(&crate::register::recorded(&self.docket::<Consultations>(id).await?));
        let standing = standing.ok_or_else(no_such_consultation)?;
        outcome.answers = counted(&standing.answers, &self.answered(id).await?);
        must_be_clean(&told_lines(outcome), cleared, self.ctx.today())
    }

    async fn open_draft(&mut self, document: Uuid, looked_at: &[Uuid]) -> Result<()> {
        let today = self.ctx.today();
        let version = u32::try_from(self.docket::<Documents>(document).await?.len()).unwrap_or(u32::MAX);
        let disclosed = Change::event(today, DocumentEvent::Disclosed { url: None });
        self.change::<Documents>(document, version, disclosed).await?;
        self.publish_files(document, looked_at).await
    }
}

fn no_such_consultation() -> Error {
    Error::NotFound("没有找到这次征集，请从征集列表中查找".into())
}

impl Service {
    /// Begins a consultation; its draft is a document that is written and published with it.
    ///
    /// # Errors
    /// The refusals of the docket; the unit must be within the actor's reach.
    pub async fn begin_consultation(&self, mut ctx: Context, on: Date, new: NewConsultation) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let (id, document) = (ctx.new_id(), ctx.new_id());
        self.verb(ctx, "begin-consultation", move |mut work| {
            Box::pin(async move {
                let NewConsultation { counted_by, maker, subject, title, terms } = new;
                let begun = ConsultationEvent::Begun {
                    counted_by: counted_by.clone(),
                    maker: maker.clone(),
                    document: document.to_string(),
                    subject,
                    title: title.clone(),
                    terms,
                };
                // First, because what is missing is said of the consultation.
                work.begin::<Consultations>(id, vec![Change::event(on, begun)]).await?;
                let made = DocumentEvent::Made {
                    counted_by,
                    maker,
                    category: Category::Consultation,
                    title,
                    number: None,
                    index_number: None,
                    attribute: DisclosureAttribute::Proactive,
                    reason: None,
                };
                work.begin::<Documents>(document, vec![Change::event(on, made)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Records what happened to a consultation. Opening it publishes its draft; an outcome is completed by what was
    /// answered.
    ///
    /// # Errors
    /// Corrections are refused: terms are changed, answers written anew, an outcome told again. The refusals of the docket;
    /// what the check before publication finds; a title, words or reason everybody would read that look like personal data.
    /// Extensions and outcomes are dated today.
    pub async fn change_consultation(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<ConsultationEvent>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        let (Some(mut event), None) = (change.event, change.corrects) else {
            let text = "征集的记录不更正：征集事项、答复和采纳情况可以重新登记";
            return Err(Error::Invalid(text.into()));
        };
        let on = change.on;
        let today = ctx.today();
        // What everybody reads as the day it was published is that day (伪造发稿日期 is a veto of inspections of sites).
        let published =
            matches!(event, ConsultationEvent::Extended { .. } | ConsultationEvent::OutcomeTold { .. });
        if published && on != today {
            return Err(Error::refused("not-today", "延长和公布自登记之日起向社会显示，日期应当是今天", ""));
        }
        if let ConsultationEvent::Extended { reason, cleared, .. } = &event {
            must_be_clean(&[("延长的原因", reason)], cleared, today)?;
        }
        let opening = match &event {
            ConsultationEvent::Opened { cleared } => Some(self.may_open(&ctx, id, on, cleared).await?),
            _ => None,
        };
        self.verb(ctx, "change-consultation", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Consultations>(id).await?;
                if let ConsultationEvent::Resulted { document } = &event {
                    let document = id_of(&Some(document.clone()));
                    must_be_document(work.tx, work.region, document).await?;
                    // Its page will show the consultation.
                    work.must_reach_docket::<Documents>(document.unwrap_or_default()).await?;
                }
                work.complete(id, &mut event).await?;
                let version = work.change::<Consultations>(id, version, Change::event(on, event)).await?;
                if let Some((document, looked_at)) = opening {
                    work.open_draft(document, &looked_at).await?;
                }
                Ok(version)
            })
        })
        .await
    }

    /// Refuses to open what is not complete or has not passed the check; the document and the files that were looked at.
    async fn may_open(&self, ctx: &Context, id: Uuid, on: Date, cleared: &str) -> Result<(Uuid, Vec<Uuid>)> {
        let view = self.consultation_view(ctx, id).await?;
        let s = view.standing.ok_or_else(no_such_consultation)?;
        let mut no = s.may(&ConsultationEvent::Opened { cleared: cleared.to_owned() }, on);
        if on != ctx.today() {
            no.push(Refusal::new("not-today", "征集自发布之日起接收意见，发布日期应当是今天", ""));
        }
        if no.is_empty() {
            no = s.too_short(on, self.limits.consultation_days);
        }
        let document = id_of(&Some(s.document.clone())).unwrap_or_default();
        if self.takes_files() && !self.has_body(document).await? {
            let text = "还没有征求意见稿，请先编写正文；较长的草案可以作为附件，正文写明征求意见的事项";
            no.push(Refusal::new("body-missing", text, ""));
        }
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        let lines = [
            ("标题", s.title.as_str()),
            ("起草说明", &s.terms.background),
            ("缩短期限的理由", &s.terms.shortened),
        ];
        must_be_clean(&lines, cleared, ctx.today())?;
        let disclosed = Change::event(on, DocumentEvent::Disclosed { url: None });
        let looked_at = self.change_must_pass_the_check(ctx, document, &disclosed).await?;
        Ok((document, looked_at.unwrap_or_default()))
    }

    /// Consultations the actor may see, the latest begun first.
    pub async fn consultations(
        &self,
        ctx: &Context,
        mut filter: ConsultationFilter,
        page: Page,
    ) -> Result<Vec<ConsultationRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.consultations(self.region, &filter, page.after, page.limit).await?)
    }

    /// The last day of the consultations whose outcome is owed today: they ended before it, some time ago.
    pub fn outcome_owed_before(&self, today: Date) -> Date {
        today.checked_sub(i64::from(self.limits.outcome_days).days()).unwrap_or(Date::MIN)
    }

    /// How many consultations within reach have ended without outcome, and of how many that is owed.
    pub async fn consultations_untold(&self, ctx: &Context) -> Result<(i64, i64)> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let units = self.within_reach(&mut tx, ctx, None).await?;
        let mut counts = [0, 0];
        for (n, before) in counts.iter_mut().zip([ctx.today(), self.outcome_owed_before(ctx.today())]) {
            let filter =
                ConsultationFilter { units: units.clone(), ended_before: Some(before), ..Default::default() };
            *n = tx.count_consultations(self.region, &filter).await?;
        }
        Ok(counts.into())
    }

    /// A consultation with its history.
    pub async fn consultation_view(&self, ctx: &Context, id: Uuid) -> Result<View<Consultations>> {
        self.view_docket::<Consultations>(ctx, id).await
    }
}
