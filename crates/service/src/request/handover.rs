//! 工单交接: a request registered out of a ticket of 12345 or another system outside, once however often the ticket comes;
//! and what such a system needs to know of a request.

use super::{NewRequest, Received, Requests};
use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::reach::Sight;
use crate::register::{Change, Place, docket, recorded};
use crate::unit::id_of;
use crate::vault::Person;
use jiff::civil::Date;
use law::decision::Decision;
use law::docket::request::{RequestEvent, Standing, Ticket};
use serde::{Deserialize, Serialize};
use store::{TicketRow, Tx};
use uuid::Uuid;

/// The answer to a ticket that came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketTaken {
    /// The request that came out of it.
    pub received: Received,
    /// Where it came before: one sentence that names the request.
    pub before: Option<String>,
}

/// What a system outside needs to know of a request that came out of one of its tickets, or whose matter goes on there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandOver {
    /// Docket id.
    pub id: Uuid,
    /// The ticket it came out of, and the day.
    pub handed_in: Option<(Date, Ticket)>,
    /// The tickets its matter goes on in, each with its day.
    pub handed_out: Vec<(Date, Ticket)>,
    /// Number of the request.
    pub number: Option<String>,
    /// Name of the agency it is addressed to.
    pub agency: String,
    /// Column of table three.
    pub class: String,
    /// What is asked for.
    pub subject: String,
    /// Where it stands, in Chinese.
    pub stage: String,
    /// Day of arrival.
    pub arrived_on: Date,
    /// 收到申请之日
    pub received_on: Option<Date>,
    /// The last day to answer.
    pub due_on: Option<Date>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// 文号
    pub decision_number: String,
    /// Date of the decision.
    pub decided_on: Option<Date>,
    /// Where the applicant was told to turn, as the proposal that was signed says it.
    pub told: String,
    /// Day of service.
    pub served_on: Option<Date>,
    /// The applicant; none for those who may not see personal data.
    pub person: Option<Person>,
}

/// The derived row of the ticket a request came out of.
pub(crate) fn row(place: Place, s: &Standing) -> Option<TicketRow> {
    let (_, ticket) = s.handed_in.as_ref()?;
    Some(TicketRow {
        system: ticket.system.key().to_owned(),
        number: ticket.number.trim().to_owned(),
        request: place.id,
    })
}

/// The request that came out of a ticket before, if one did.
async fn known(tx: &mut Tx, region: store::Region, ticket: &Ticket) -> Result<Option<Uuid>> {
    let row = tx.ticket(region, ticket.system.key(), ticket.number.trim()).await?;
    Ok(row.map(|row| row.request))
}

/// Names the request that came out of a ticket.
async fn sentence(tx: &mut Tx, region: store::Region, ticket: &Ticket, request: Uuid) -> Result<String> {
    let row = tx.request(region, request).await?;
    let number = row.as_ref().and_then(|r| r.number.clone());
    let agency = match &row {
        Some(row) => tx.unit(region, row.addressee).await?.map(|u| u.name).unwrap_or_default(),
        None => String::new(),
    };
    let number = number.unwrap_or_else(|| "（待双方确认后编号）".to_owned());
    Ok(format!("{}已经由{agency}登记为申请{number}，请在该申请中办理，不重复登记", ticket.words()))
}

/// Refuses a ticket that another request came out of.
pub(super) async fn must_be_free(tx: &mut Tx, place: Place, ticket: &Ticket) -> Result<()> {
    match known(tx, place.region, ticket).await? {
        // By whom is told by whoever looks it up with the right to see it.
        Some(request) if request != place.id => Err(Error::refused(TICKET_KNOWN, elsewhere(ticket), "")),
        _ => Ok(()),
    }
}

/// What is said to those who may not see the request.
fn elsewhere(ticket: &Ticket) -> String {
    format!("{}已经登记为申请，不重复登记；需要了解办理情况的，请联系转送工单的单位", ticket.words())
}

/// Code of the refusal of a ticket that came before, to somebody who may not see the request.
const TICKET_ELSEWHERE: &str = "ticket-elsewhere";

/// Code of the refusal of a ticket that another request came out of.
pub const TICKET_KNOWN: &str = "ticket-known";

impl Service {
    /// Registers the request that a ticket of a system outside is (国办函〔2025〕66号), on the day its papers were signed for.
    /// The same ticket again, also from two senders at once, registers nothing and names the request that is there.
    pub async fn receive_ticket(
        &self,
        mut ctx: Context,
        new: NewRequest,
        mut ticket: Ticket,
    ) -> Result<TicketTaken> {
        ctx.actor.must(Permission::EditRegisters)?;
        ticket.number = ticket.number.trim().to_owned();
        let id = ctx.new_id();
        let taking = |ctx: Context, new: NewRequest, ticket: Ticket| {
            self.verb(ctx, "receive-ticket", move |mut work| {
                Box::pin(async move {
                    work.must_reach(new.counted_by).await?;
                    if ticket.refusals().is_empty()
                        && let Some(request) = known(work.tx, work.region, &ticket).await?
                    {
                        if !matches!(work.sight_of::<Requests>(request).await, Ok(Sight::Whole)) {
                            return Err(Error::refused(TICKET_ELSEWHERE, elsewhere(&ticket), ""));
                        }
                        let row = work.tx.request(work.region, request).await?;
                        let version =
                            row.as_ref().map_or(0, |r| u32::try_from(r.version).unwrap_or(u32::MAX));
                        let number = row.and_then(|r| r.number);
                        let before = sentence(work.tx, work.region, &ticket, request).await?;
                        let received = Received { id: request, number, version };
                        return Ok(TicketTaken { received, before: Some(before) });
                    }
                    let handed_in = Change::event(new.arrived_on, RequestEvent::HandedIn(ticket));
                    let received = work.receive_with(id, new, Some(handed_in)).await?;
                    Ok(TicketTaken { received, before: None })
                })
            })
        };
        match taking(ctx.clone(), new.clone(), ticket.clone()).await {
            // Another process was quicker between the look and the entry: now it is there to be named.
            Err(Error::Refused(all)) if all.iter().any(|r| r.code == TICKET_KNOWN) => {
                taking(ctx, new, ticket).await
            }
            answer => answer,
        }
    }

    /// What a system outside needs to know of a request. With the applicant for those who may see personal data; then the
    /// view is journaled.
    ///
    /// # Errors
    /// [`Error::NotFound`] where no ticket is behind the request and no decision leads elsewhere.
    pub async fn hand_over(&self, mut ctx: Context, request: Uuid) -> Result<HandOver> {
        ctx.actor.must(Permission::ReadRegisters)?;
        // The answer of a keyed verb is kept; this one must not be.
        ctx.key = None;
        self.verb(ctx, "hand-over", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Requests>(request).await?;
                let history = docket::<Requests>(work.tx, work.region, request).await?;
                let gone = || Error::NotFound("这份申请的登记已经作废".into());
                let s = Standing::of(&recorded(&history)).ok_or_else(gone)?;
                if !s.goes_over() {
                    let text = "这份申请不是由工单转来的，也没有作出可以转其他渠道办理的决定，没有转办文件";
                    return Err(Error::NotFound(text.into()));
                }
                let mut person = None;
                if s.applicant.is_some() && work.ctx.actor.may(Permission::ReadPersonal) {
                    person = match work.sealed_person(request, id_of(&s.applicant)).await {
                        // Erased lawfully: the rest is still to be told.
                        Err(Error::NotFound(_)) => None,
                        opened => Some(opened?),
                    };
                    let seen = serde_json::json!({ "type": "hand-over-viewed", "request": request });
                    work.note_access(seen).await?;
                }
                let row = work.tx.request(work.region, request).await?;
                let agency = id_of(&Some(s.addressee.clone())).unwrap_or_default();
                let (decision, decided_on, served_on) = s.current_round();
                let number = s.reopenings.last().map_or(&s.decision_number, |r| &r.number);
                Ok(HandOver {
                    id: request,
                    agency: work.tx.unit(work.region, agency).await?.map(|u| u.name).unwrap_or_default(),
                    class: s.class.key().to_owned(),
                    stage: s.stage.label().to_owned(),
                    arrived_on: s.arrived_on,
                    received_on: s.received_on,
                    due_on: row.and_then(|r| r.due_on),
                    decision,
                    decision_number: number.clone().unwrap_or_default(),
                    decided_on,
                    told: decision
                        .and(s.proposal.as_ref())
                        .map(|p| p.draft.provided.clone())
                        .unwrap_or_default(),
                    served_on,
                    person,
                    handed_in: s.handed_in,
                    handed_out: s.handed_out,
                    number: s.number,
                    subject: s.subject,
                })
            })
        })
        .await
    }
}
