//! Disclosure requests (政府信息公开申请): received, registered, decided, served.

mod archive;
mod asked;
mod chain;
mod handover;
mod helping;
mod house;
mod ledger;
mod part;
mod same;

pub use archive::{ArchiveAsk, BEGINNING as ARCHIVE_BEGINNING, KeptFile, Place as ArchivePlace, Schedule};
pub use asked::AskedByOthers;
pub(crate) use asked::AskedIndex;
pub(crate) use handover::row as handed_in;
pub use handover::{HandOver, TICKET_KNOWN, TicketTaken};
pub use house::{late, offered, reviews};
pub use ledger::{COLUMNS as LEDGER_COLUMNS, LedgerLine};
pub use same::OfSame;

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, Work, decode, docket, recorded};
use crate::unit::{id_of, named_unit};
use crate::upkeep::calendar::InForce;
use crate::vault::Person;
use crate::{Page, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::applicant::ApplicantClass;
use law::calendar::Calendar;
use law::docket::request::{ClockKind, RequestEvent, Standing, Wanted, nearest};
use law::docket::{Recorded, Tally};
use law::receipt::Channel;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use store::{ApplicantRow, ClockRow, NewEntry, PersonalRow, Region, RequestFilter, RequestRow, Tx};
use uuid::Uuid;

/// The register of requests.
#[derive(Debug, Clone, Copy)]
pub struct Requests;

impl Register for Requests {
    const KIND: &'static str = "request";
    const NAME: &'static str = "申请";
    type Event = RequestEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<RequestEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &RequestEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &RequestEvent, on: Date, calendar: &Calendar) -> Vec<Refusal> {
        standing.may(event, on, calendar)
    }

    fn goes_with_the_beginning(event: &RequestEvent) -> bool {
        matches!(event, RequestEvent::Registered { .. } | RequestEvent::HandedIn(_))
    }

    fn restricted_to(standing: &Standing) -> &[String] {
        &standing.restricted_to
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.counted_by).ok()
    }

    fn helpers(standing: &Standing) -> Vec<Uuid> {
        helping::units(standing)
    }

    fn tallies(standing: &Standing) -> Vec<Tally> {
        standing.tallies()
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        c: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move {
            let helpers = helping::units(s);
            // A docket that begins has none; most are never worked on by another unit.
            if place.version > 1 || !helpers.is_empty() {
                tx.put_helpers(place.region, place.id, &helpers).await?;
            }
            let ticket = handover::row(place, s);
            if place.version > 1 || ticket.is_some() {
                tx.put_ticket(place.region, place.id, ticket).await?;
            }
            match clock_row(place, s, c) {
                Some(clocks) => {
                    tx.put_request(place.region, &row(place, s, c)).await?;
                    tx.put_clocks(place.region, &[clocks]).await
                }
                // Closed as it comes in, like most of what is imported: nothing was kept before.
                None if tx.request(place.region, place.id).await?.is_none() => {
                    tx.put_request(place.region, &row(place, s, c)).await
                }
                None => {
                    let judge = judge(tx, place, c).await?;
                    tx.put_request(place.region, &row(place, s, judge.as_deref().unwrap_or(c))).await?;
                    tx.remove_clocks(place.region, place.id).await
                }
            }
        })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none_or(|b| b.counted_by != after.counted_by) {
                named_unit(tx, place.region, &after.counted_by, "统计该申请的机关").await?;
            }
            if before.is_none_or(|b| b.addressee != after.addressee) {
                named_unit(tx, place.region, &after.addressee, "申请的受理机关").await?;
            }
            if let Some((_, ticket)) = &after.handed_in {
                handover::must_be_free(tx, place, ticket).await?;
            }
            let Some(before) = before else { return Ok(()) };
            // A number belongs to its addressee, is given once, and is never typed: so there is no gap and no repeat.
            if before.number.is_some() && before.addressee != after.addressee {
                let text = "申请已经编号，受理机关登记有误的，请作废本登记后按正确的受理机关重新登记";
                return Err(Error::refused("numbered", text, "条例第四十五条"));
            }
            if before.number.is_some() && before.number != after.number {
                return Err(Error::refused("numbered", "申请编号一经给出不能更改或者作废", "条例第四十五条"));
            }
            // Personal data belongs to the request it was sealed for.
            if after.applicant.is_some() && after.applicant != before.applicant {
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
        Box::pin(async move {
            tx.remove_clocks(region, id).await?;
            tx.put_helpers(region, id, &[]).await?;
            tx.put_ticket(region, id, None).await?;
            tx.remove_request(region, id).await
        })
    }
}

/// What a list says of a docket that is restricted to named accounts.
const RESTRICTED: &str = "（限定知悉范围）";

/// The derived row of a request.
pub(crate) fn row(place: Place, s: &Standing, calendar: &Calendar) -> RequestRow {
    let due = s.due(calendar, place.as_of);
    RequestRow {
        id: place.id,
        unit: id_of(&Some(s.counted_by.clone())).unwrap_or_default(),
        addressee: id_of(&Some(s.addressee.clone())).unwrap_or_default(),
        number: s.number.clone(),
        class: s.class.key().to_owned(),
        channel: s.channel.key().to_owned(),
        // A list is read by more people than a restricted docket.
        subject: if s.restricted_to.is_empty() { s.subject.clone() } else { RESTRICTED.to_owned() },
        stage: s.stage.key().to_owned(),
        arrived_on: s.arrived_on,
        received_on: s.received_on,
        due_on: due.as_ref().map(|d| d.on),
        due_provisional: due.is_some_and(|d| d.provisional),
        decision: s.decision.map(|d| d.key().to_owned()),
        row: s.row.map(str::to_owned),
        decided_on: s.decided_on,
        served_on: s.served_on,
        finished_on: s.finished_on,
        personal: id_of(&s.applicant),
        version: i64::from(place.version),
    }
}

/// A clock as its row keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct KeptClock {
    /// Which.
    pub(crate) kind: ClockKind,
    /// Which of several of its kind.
    pub(crate) number: u32,
    /// Its end.
    pub(crate) on: Date,
    /// Whether a notice may still move it.
    pub(crate) provisional: bool,
    /// Whether it stands still.
    pub(crate) paused: bool,
}

impl KeptClock {
    /// A reply clock that runs.
    pub(crate) fn reply(on: Date, provisional: bool) -> KeptClock {
        KeptClock { kind: ClockKind::Reply, number: 0, on, provisional, paused: false }
    }
}

/// The derived clocks of a request; none once it is over.
pub(crate) fn clock_row(place: Place, s: &Standing, calendar: &Calendar) -> Option<ClockRow> {
    if s.is_over() {
        return None;
    }
    // The limit of the house for the handling unit is a setting: it is not derived from the journal.
    let clocks = s.clocks(calendar, place.as_of, 0);
    let next = nearest(&clocks);
    let kept: Vec<KeptClock> = clocks
        .iter()
        .map(|c| KeptClock {
            kind: c.kind,
            number: c.number,
            on: c.due.on,
            provisional: c.due.provisional,
            paused: c.paused,
        })
        .collect();
    Some(ClockRow {
        request: place.id,
        unit: id_of(&Some(s.counted_by.clone())).unwrap_or_default(),
        handler: id_of(&s.handler),
        officer: id_of(&s.officer),
        clock: next.map(|c| c.kind.key().to_owned()),
        due_on: next.map(|c| c.due.on),
        provisional: next.is_some_and(|c| c.due.provisional),
        clocks: serde_json::to_string(&kept).unwrap_or_default(),
    })
}

/// The clocks that a row keeps.
pub(crate) fn kept_clocks(row: &ClockRow) -> Vec<KeptClock> {
    serde_json::from_str(&row.clocks).unwrap_or_default()
}

/// The place of the entry with which a docket that is over came to be so, for good: the one whose calendar judges it.
pub(crate) fn closing(docket: &[Recorded<RequestEvent>]) -> Option<usize> {
    let over = |n: usize| Standing::of(&docket[..n]).is_some_and(|s| s.is_over());
    (1..=docket.len()).rev().take_while(|n| over(*n)).last().map(|n| n - 1)
}

/// The calendar that judges a docket which was over before and is changed once more; none if it was not.
pub(crate) async fn judge(tx: &mut Tx, place: Place, now: &Calendar) -> store::Result<Option<Arc<Calendar>>> {
    let (region, id) = (place.region, place.id);
    if tx.clocks(region, id).await?.is_some() {
        return Ok(None);
    }
    let now = Arc::new(now.clone());
    // What cannot be read here cannot be folded either: the change fails there, with a sentence.
    let Ok(history) = decode::<RequestEvent>(&tx.docket(region, id).await?) else { return Ok(None) };
    Ok(InForce::new(now.clone()).judge(tx, region, &now, &history).await.ok())
}

/// A request as it arrives.
#[derive(Debug, Clone)]
pub struct NewRequest {
    /// Day of arrival; for registered mail the day the agency signed.
    pub arrived_on: Date,
    /// How it came.
    pub channel: Channel,
    /// The agency it is addressed to.
    pub addressee: Uuid,
    /// The unit whose report counts it.
    pub counted_by: Uuid,
    /// Column of table three.
    pub class: ApplicantClass,
    /// What is asked for, without personal data.
    pub subject: String,
    /// The applicant.
    pub person: Option<Person>,
    /// How the information is wanted.
    pub wanted: Wanted,
    /// Day both sides confirmed, for the channels that need it (条例 art. 31).
    pub confirmed_on: Option<Date>,
}

/// The answer to a registration.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Docket id.
    pub id: Uuid,
    /// Number, given as soon as the request is received in law.
    pub number: Option<String>,
    /// Version of the docket.
    pub version: u32,
}

impl Work<'_> {
    /// Registers one request.
    pub(crate) async fn receive(&mut self, id: Uuid, new: NewRequest) -> Result<Received> {
        self.receive_with(id, new, None).await
    }

    /// Registers one request that came out of a ticket, if it did.
    async fn receive_with(
        &mut self,
        id: Uuid,
        new: NewRequest,
        ticket: Option<Change<RequestEvent>>,
    ) -> Result<Received> {
        let applicant = match &new.person {
            Some(person) => Some(self.seal(id, person).await?),
            None => None,
        };
        let arrived = RequestEvent::Arrived {
            channel: new.channel,
            addressee: new.addressee.to_string(),
            counted_by: new.counted_by.to_string(),
            class: new.class,
            subject: new.subject,
            applicant: applicant.map(|a| a.to_string()),
            wanted: new.wanted,
        };
        let beginning = std::iter::once(Change::event(new.arrived_on, arrived)).chain(ticket).collect();
        let mut version = self.begin::<Requests>(id, beginning).await?;
        if let Some(on) = new.confirmed_on {
            version = self
                .change::<Requests>(
                    id,
                    version,
                    Change::event(on, RequestEvent::Confirmed { evidence: String::new() }),
                )
                .await?;
        }
        let (number, version) = self.register_if_received(id, version).await?;
        Ok(Received { id, number, version })
    }

    /// Gives the number as soon as the request is received in law: per addressee and year, without gap or repeat.
    pub(crate) async fn register_if_received(
        &mut self,
        id: Uuid,
        version: u32,
    ) -> Result<(Option<String>, u32)> {
        let history = self.docket::<Requests>(id).await?;
        let Some(standing) = Standing::of(&recorded(&history)) else { return Ok((None, version)) };
        let (Some(on), None) = (standing.received_on, &standing.number) else {
            return Ok((standing.number, version));
        };
        let addressee = id_of(&Some(standing.addressee.clone())).unwrap_or_default();
        let number = self.next_request_number(addressee, on).await?;
        let event = RequestEvent::Registered { number: number.clone() };
        let version = self.change::<Requests>(id, version, Change::event(on, event)).await?;
        Ok((Some(number), version))
    }

    /// The next number of an agency for a request received on a day.
    pub(crate) async fn next_request_number(&mut self, addressee: Uuid, on: Date) -> Result<String> {
        let n = self.tx.next_number(self.region, addressee, on.year(), "request").await?;
        Ok(format!("{}-{n:05}", on.year()))
    }

    pub(crate) async fn seal(&mut self, subject: Uuid, person: &Person) -> Result<Uuid> {
        let id = self.seal_person(Requests::KIND, subject, person).await?;
        if let Some(digest) = self.vault.applicant_digest(person) {
            self.tx.put_applicant(self.region, &ApplicantRow { request: subject, digest }).await?;
        }
        Ok(id)
    }

    /// Seals the person of a docket of this kind.
    pub(crate) async fn seal_person(&mut self, kind: &str, subject: Uuid, person: &Person) -> Result<Uuid> {
        let id = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let sealed = self.vault.seal(id, nonce, person)?;
        let row = PersonalRow {
            id,
            subject_kind: kind.to_owned(),
            subject,
            nonce: nonce.to_vec(),
            sealed,
            erased_at: None,
        };
        self.tx.put_personal(self.region, &row).await?;
        Ok(id)
    }

    /// The person that was sealed for a docket.
    pub(crate) async fn sealed_person(&mut self, subject: Uuid, personal: Option<Uuid>) -> Result<Person> {
        let none = || Error::NotFound("这份申请没有登记申请人信息".into());
        let personal = personal.ok_or_else(none)?;
        let sealed = self.tx.personal(self.region, personal).await?;
        let sealed = sealed.filter(|s| s.subject == subject).ok_or_else(none)?;
        if sealed.erased_at.is_some() {
            return Err(Error::NotFound("申请人信息已依法删除".into()));
        }
        self.vault.open(personal, &sealed.nonce, &sealed.sealed)
    }
}

impl Work<'_> {
    /// Records what happened to a request with all that follows from it; the new version, and the contents of files that
    /// no row names any more.
    async fn record(
        &mut self,
        id: Uuid,
        version: u32,
        mut change: Change<RequestEvent>,
    ) -> Result<(u32, Vec<String>)> {
        match (change.corrects, change.event) {
            // On the way in, `into` says what else is asked for; the docket names the new dockets.
            (None, Some(RequestEvent::Split { subject, into })) => {
                return Ok((self.split(id, version, change.on, (subject, into)).await?, Vec::new()));
            }
            (None, Some(RequestEvent::Merged { into })) => {
                return Ok((self.merge(id, version, change.on, &into).await?, Vec::new()));
            }
            (corrects, event) => (change.corrects, change.event) = (corrects, event),
        }
        let finished = self.letter_to_finish(&change);
        let named = house::officer_in(&change);
        let destroyed = matches!(change.event, Some(RequestEvent::Destroyed { .. }));
        let version = self.change::<Requests>(id, version, change).await?;
        if let Some(officer) = named {
            self.tell_officer(id, version, officer).await?;
        }
        if destroyed {
            return Ok((version, self.erase_file(id).await?));
        }
        if let Some(letter) = finished {
            return Ok((self.finish_letter(id, version, letter).await?, Vec::new()));
        }
        Ok((self.register_if_received(id, version).await?.1, Vec::new()))
    }
}

impl Service {
    /// Registers a request.
    pub async fn receive_request(&self, mut ctx: Context, new: NewRequest) -> Result<Received> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        self.verb(ctx, "receive-request", move |mut work| {
            Box::pin(async move { work.receive(id, new).await })
        })
        .await
    }

    /// Records what happened to a request, or a correction. A request that thereby is received gets its number.
    pub async fn change_request(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<RequestEvent>,
    ) -> Result<u32> {
        house::must_be_allowed(&ctx.actor, change.event.as_ref())?;
        let done = self.verb(ctx, "change-request", move |mut work| {
            Box::pin(async move {
                helping::may_record(work.sight_of::<Requests>(id).await?, &change)?;
                let change = work.by_the_house(id, change).await?;
                let (now, unnamed) = work.record(id, version, change).await?;
                work.tell_watchers(id, version).await?;
                Ok((now, unnamed))
            })
        });
        let (version, unnamed) = done.await?;
        self.drop_contents(&unnamed).await;
        Ok(version)
    }

    /// Requests the actor may see, newest first.
    pub async fn requests(
        &self,
        ctx: &Context,
        mut filter: RequestFilter,
        page: Page,
    ) -> Result<Vec<RequestRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        match filter.helper {
            // What a unit works on lies with other units.
            Some(helper) => self.must_see(&mut tx, ctx, helper).await?,
            None => filter.units = self.within_reach(&mut tx, ctx, filter.units).await?,
        }
        Ok(tx.requests(self.region, &filter, page.after, page.limit).await?)
    }

    /// Open requests the actor may see, the first due first.
    pub async fn requests_due(
        &self,
        ctx: &Context,
        mut filter: RequestFilter,
        until: Option<Date>,
        page: Page,
    ) -> Result<Vec<RequestRow>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        filter.units = self.within_reach(&mut tx, ctx, filter.units).await?;
        Ok(tx.requests_due(self.region, &filter, until, page.after, page.limit).await?)
    }

    /// A request with its history and its clock as of today.
    pub async fn request_view(&self, ctx: &Context, id: Uuid) -> Result<View<Requests>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Requests>(&mut tx, self.region, id).await?;
        let sight = self.sight::<Requests>(&mut tx, ctx, &history).await?;
        let standing = Standing::of(&recorded(&history));
        let judge = self.in_force.judge(&mut tx, self.region, &self.calendar, &history).await?;
        let view = View {
            id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            due: standing.as_ref().and_then(|s| s.due(&judge, ctx.today())),
            standing,
            history,
        };
        Ok(helping::shown(sight, view))
    }

    /// The applicant of a request. Every view is journaled.
    pub async fn applicant(&self, mut ctx: Context, request: Uuid) -> Result<Person> {
        ctx.actor.must(Permission::ReadPersonal)?;
        // The answer of a keyed verb is kept; this one must not be.
        ctx.key = None;
        let access = ctx.new_id();
        self.verb(ctx, "view-applicant", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                let row = work.tx.request(work.region, request).await?;
                let person = work.sealed_person(request, row.and_then(|r| r.personal)).await?;
                let event = serde_json::json!({ "v": 1, "event": { "type": "applicant-viewed", "request": request } });
                work.tx
                    .append(
                        work.region,
                        NewEntry {
                            recorded_at: work.ctx.at,
                            effective_on: work.ctx.today(),
                            actor: work.ctx.actor.journal_name(),
                            subject_kind: "access".into(),
                            subject: access,
                            ordinal: 1,
                            event: event.to_string(),
                        },
                    )
                    .await?;
                Ok(person)
            })
        })
        .await
    }
}
