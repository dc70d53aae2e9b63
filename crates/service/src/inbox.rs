//! The inbox (收件箱): electronic mail as a way to the office, and what becomes of each message.
//!
//! A letter about a request carries a reply address that only the holder of the key can make (`address`). Mail to it lands
//! on that request as a file, and its officers are told. Everything else is a task: an officer registers it as a request,
//! files it on one, or says why nothing has to be done. A message never changes a request by itself.
//!
//! Programs write mail too. What they write is kept and never answered, so that two of them cannot write to each other for
//! ever; one sender makes a limited number of tasks a day; an acknowledgement goes out once a day to one address.
//!
//! | matter | module |
//! |---|---|
//! | reply addresses | `address` |
//! | what a message says, read within limits | `read` |
//! | how a message comes in | `take` |
//! | what an officer does with it | `handle` |
//! | letters to people outside, and those that come back | `reply` |

mod address;
mod handle;
mod read;
mod reply;
mod take;

pub use address::Inbox;
pub use handle::{InboxLine, MessageFile, MessageView};
pub(crate) use read::plain;
pub(crate) use reply::{CAME_BACK, Reply};
pub use take::{Incoming, MESSAGE_LIMIT, TASKS_A_DAY, Taken};

use crate::error::Result;
use crate::register::{Place, Register, docket};
use crate::request::Requests;
use crate::unit::{id_of, named_unit};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::message::{MessageEvent, Standing};
use law::docket::{Recorded, Tally};
use serde::{Deserialize, Serialize};
use store::{MessageRow, Region, Tx};
use uuid::Uuid;

/// The register of messages.
#[derive(Debug, Clone, Copy)]
pub struct Messages;

impl Register for Messages {
    const KIND: &'static str = "message";
    const NAME: &'static str = "来信";
    type Event = MessageEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<MessageEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &MessageEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &MessageEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn unit(standing: &Standing) -> Option<Uuid> {
        Uuid::parse_str(&standing.unit).ok()
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
        Box::pin(async move { tx.put_message(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        before: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            if before.is_none() {
                named_unit(tx, place.region, &after.unit, "收件箱所属的机关").await?;
            }
            let before = before.and_then(|b| b.request.as_ref());
            if let Some(request) = after.request.as_ref().filter(|r| before != Some(r)) {
                let request = id_of(&Some(request.clone())).unwrap_or_default();
                docket::<Requests>(tx, place.region, request).await?;
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_message(region, id).await })
    }
}

/// The derived row of a message.
pub(crate) fn row(place: Place, s: &Standing) -> MessageRow {
    MessageRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        kind: s.kind.key().to_owned(),
        state: s.state.key().to_owned(),
        stray: s.stray.map(|s| s.key().to_owned()),
        request: id_of(&s.request),
        digest: s.digest.clone(),
        content: id_of(&s.content),
        arrived_on: s.arrived_on,
        version: i64::from(place.version),
    }
}

/// What a message says, as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// Address of the sender, as the message states it; empty if it states none.
    pub from: String,
    /// Name of the sender.
    pub name: String,
    /// Subject.
    pub subject: String,
    /// When it was sent, as the message states it.
    pub sent_at: Option<Timestamp>,
    /// Its name among messages, if it is one that an answer may repeat.
    pub message_id: Option<String>,
    /// Text.
    pub text: String,
    /// Whether there is more than is shown.
    pub cut: bool,
    /// What was attached and did not come in: name, and why.
    pub refused: Vec<(String, String)>,
}

impl Said {
    /// The address for those who see a list: its first character and its domain.
    pub fn masked(&self) -> String {
        match self.from.split_once('@') {
            Some((name, host)) => format!("{}***@{host}", name.chars().take(1).collect::<String>()),
            None => String::new(),
        }
    }
}
