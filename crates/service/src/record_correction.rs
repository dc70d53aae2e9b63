//! Requests to correct a record about oneself (更正, 条例第四十一条): a register of its own. Table three counts none of
//! them, and the article sets no term.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View};
use crate::unit::{id_of, named_unit};
use crate::vault::Person;
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::applicant::ApplicantClass;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::record_correction::{RecordCorrectionEvent, Standing};
use law::receipt::Channel;
use store::{RecordCorrectionFilter, RecordCorrectionRow, Region, Tx};
use uuid::Uuid;

/// The register.
#[derive(Debug, Clone, Copy)]
pub struct RecordCorrections;

impl Register for RecordCorrections {
    const KIND: &'static str = "record-correction";
    const NAME: &'static str = "更正申请";
    type Event = RecordCorrectionEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<RecordCorrectionEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &RecordCorrectionEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &RecordCorrectionEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.unit).ok()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_record_correction(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none_or(|b| b.unit != after.unit) {
                named_unit(tx, place.region, &after.unit, "提供该政府信息的机关").await?;
            }
            // Personal data belongs to the docket it was sealed for.
            if before.is_some_and(|b| after.applicant.is_some() && after.applicant != b.applicant) {
                return Err(Error::refused(
                    "applicant-of-another",
                    "更正登记时不能换用其他申请的申请人信息",
                    "",
                ));
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_record_correction(region, id).await })
    }
}

/// The derived row.
pub(crate) fn row(place: Place, s: &Standing) -> RecordCorrectionRow {
    RecordCorrectionRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        channel: s.channel.key().to_owned(),
        record: s.record.clone(),
        stage: s.stage.key().to_owned(),
        received_on: s.received_on,
        decided_on: s.decided.as_ref().map(|d| d.on),
        outcome: s.decided.as_ref().map(|d| d.outcome.key().to_owned()),
        told_on: s.told.map(|(on, _)| on),
        personal: id_of(&s.applicant),
        version: i64::from(place.version),
    }
}

/// A request to correct a record as it comes in.
#[derive(Debug, Clone)]
pub struct NewRecordCorrection {
    /// Day it was received.
    pub received_on: Date,
    /// The agency that provided the record.
    pub unit: Uuid,
    /// How it came.
    pub channel: Channel,
    /// Whether a person asks, or an organisation.
    pub class: ApplicantClass,
    /// The applicant.
    pub person: Option<Person>,
    /// The record, without personal data.
    pub record: String,
    /// What is inaccurate, and how it should read, without personal data.
    pub wrong: String,
    /// What proves it.
    pub evidence: String,
}

impl Service {
    /// Registers a request to correct a record; the applicant is sealed.
    pub async fn receive_record_correction(
        &self,
        mut ctx: Context,
        new: NewRecordCorrection,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        self.verb(ctx, "receive-record-correction", move |mut work| {
            Box::pin(async move {
                let applicant = match &new.person {
                    Some(person) => Some(work.seal_person(RecordCorrections::KIND, id, person).await?),
                    None => None,
                };
                let received = RecordCorrectionEvent::Received {
                    unit: new.unit.to_string(),
                    channel: new.channel,
                    class: new.class,
                    applicant: applicant.map(|a| a.to_string()),
                    record: new.record,
                    wrong: new.wrong,
                    evidence: new.evidence,
                };
                work.begin::<RecordCorrections>(id, vec![Change::event(new.received_on, received)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Records what happened, or a correction of an entry.
    pub async fn change_record_correction(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<RecordCorrectionEvent>,
    ) -> Result<u32> {
        if let Some(RecordCorrectionEvent::Written(_)) = change.event {
            // The text is sealed along with the entry: see `write_record_correction_letter`.
            return Err(Error::refused("letter-by-system", "文书由系统定稿，请从文书页面办理", ""));
        }
        self.change_docket::<RecordCorrections>(ctx, "change-record-correction", (id, version), change).await
    }

    /// Those the actor may see, newest first.
    pub async fn record_corrections(
        &self,
        ctx: &Context,
        mut filter: RecordCorrectionFilter,
        page: Page,
    ) -> Result<Vec<RecordCorrectionRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.record_corrections(self.region, &filter, page.after, page.limit).await?)
    }

    /// One of them with its history.
    pub async fn record_correction_view(&self, ctx: &Context, id: Uuid) -> Result<View<RecordCorrections>> {
        self.view_docket::<RecordCorrections>(ctx, id).await
    }

    /// Who asks for the correction. Every view is journaled.
    pub async fn record_correction_applicant(&self, mut ctx: Context, id: Uuid) -> Result<Person> {
        ctx.actor.must(Permission::ReadPersonal)?;
        // The answer of a keyed verb is kept; this one must not be.
        ctx.key = None;
        self.verb(ctx, "view-record-correction-applicant", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<RecordCorrections>(id).await?;
                let row = work.tx.record_correction(work.region, id).await?;
                let personal = row.and_then(|r| r.personal);
                let person = work.sealed_person(id, personal).await?;
                let seen = serde_json::json!({ "type": "applicant-viewed", "record_correction": id });
                work.note_access(seen).await?;
                Ok(person)
            })
        })
        .await
    }
}
