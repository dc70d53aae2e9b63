//! A register: dockets of one kind, folded by `law`, kept by `store`.
//!
//! Every change of every register goes through [`Work::begin`] and [`Work::change`]: refuse with all reasons, append
//! to the journal, fold again, write the derived row and the difference of the tallies — in one transaction.
//!
//! To add a register: its docket in `law`, its table in `store`, one file beside this one that implements
//! [`Register`], and one arm in [`crate::verify`].

use crate::Service;
use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::vault::Vault;
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::calendar::Calendar;
use law::docket::{Recorded, Tally};
use law::{Due, Refusal};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use store::{Entry, NewEntry, Region, Tx};
use uuid::Uuid;

/// Dockets of one kind.
pub trait Register: Send + Sync + 'static {
    /// Kind of subject in the journal.
    const KIND: &'static str;
    /// Chinese name of one docket, for sentences.
    const NAME: &'static str;
    /// What can happen.
    type Event: Serialize + DeserializeOwned + Clone + PartialEq + Send + Sync + 'static;
    /// The folded docket.
    type Standing: Send + Sync;

    /// Folds a docket; `None` if nothing in it is in force.
    fn fold(docket: &[Recorded<Self::Event>]) -> Option<Self::Standing>;
    /// Why this event may not begin a docket.
    fn may_begin(event: &Self::Event, on: Date) -> Vec<Refusal>;
    /// Why this event may not follow.
    fn may(standing: &Self::Standing, event: &Self::Event, on: Date, calendar: &Calendar) -> Vec<Refusal>;
    /// True for what the system records along with the beginning; voided is the beginning, and this goes with it.
    fn goes_with_the_beginning(_: &Self::Event) -> bool {
        false
    }
    /// The accounts a docket is restricted to; none where whoever reaches its unit may see it.
    fn restricted_to(_: &Self::Standing) -> &[String] {
        &[]
    }
    /// The units that may look at a docket because they work on it, though it is out of their reach.
    fn helpers(_: &Self::Standing) -> Vec<Uuid> {
        Vec::new()
    }
    /// The unit whose figures the docket counts in; none where it counts nowhere.
    fn unit(_: &Self::Standing) -> Option<Uuid> {
        None
    }
    /// The date by which something must be done, where a clock runs that the docket alone gives.
    fn due(_: &Self::Standing, _: &Calendar) -> Option<Due> {
        None
    }
    /// The flows it contributes.
    fn tallies(_: &Self::Standing) -> Vec<Tally> {
        Vec::new()
    }
    /// Writes the derived row.
    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        standing: &'a Self::Standing,
        calendar: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>>;
    /// Refuses a docket that cannot stand beside the others: what it names must exist, what must be unique must be
    /// free. `before` is how it stood last. By default there is nothing to refuse.
    fn beside<'a>(
        _: &'a mut Tx,
        _: Place,
        _before: Option<&'a Self::Standing>,
        _after: &'a Self::Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { Ok(()) })
    }
    /// Takes the derived row away when nothing of the docket is in force any more.
    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>>;
}

/// Where a derived row belongs.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Region.
    pub region: Region,
    /// Docket id.
    pub id: Uuid,
    /// Number of entries in the docket.
    pub version: u32,
    /// Civil date of the last entry's recording: an open pause counts up to here.
    pub as_of: Date,
}

/// What the journal stores as the event of a docket: versioned, with its correction mark.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope<E> {
    v: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    corrects: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    event: Option<E>,
}

/// Version of the envelope and the events in it written by this build.
const EVENT_VERSION: u32 = 1;

/// A change to be recorded: an event, or a correction of an earlier entry.
#[derive(Debug, Clone)]
pub struct Change<E> {
    /// Legal date of the fact.
    pub on: Date,
    /// Ordinal of the entry it corrects.
    pub corrects: Option<u32>,
    /// What happened; `None` voids the entry it corrects.
    pub event: Option<E>,
    /// Why it is corrected.
    pub reason: Option<String>,
}

impl<E> Change<E> {
    /// An ordinary event.
    pub fn event(on: Date, event: E) -> Self {
        Change { on, corrects: None, event: Some(event), reason: None }
    }

    /// A correction that replaces the entry `ordinal`.
    pub fn replace(ordinal: u32, on: Date, event: E, reason: impl Into<String>) -> Self {
        Change { on, corrects: Some(ordinal), event: Some(event), reason: Some(reason.into()) }
    }

    /// A correction that voids the entry `ordinal`.
    pub fn void(ordinal: u32, on: Date, reason: impl Into<String>) -> Self {
        Change { on, corrects: Some(ordinal), event: None, reason: Some(reason.into()) }
    }
}

/// An entry of a docket as people read it.
#[derive(Debug, Clone)]
pub struct History<E> {
    /// The entry.
    pub recorded: Recorded<E>,
    /// Why it corrects.
    pub reason: Option<String>,
    /// When it was entered.
    pub at: jiff::Timestamp,
    /// By whom.
    pub actor: String,
    /// Its number in the journal.
    pub seq: i64,
}

/// Decodes the entries of a docket.
pub fn decode<E: DeserializeOwned>(entries: &[Entry]) -> Result<Vec<History<E>>> {
    entries
        .iter()
        .map(|entry| {
            let envelope: Envelope<E> = serde_json::from_str(&entry.event)
                .map_err(|e| Error::Internal(format!("entry {} cannot be read: {e}", entry.seq)))?;
            if envelope.v > EVENT_VERSION {
                return Err(Error::Invalid(format!(
                    "第{}条日志由更新版本的程序写入，请升级程序后再打开",
                    entry.seq
                )));
            }
            Ok(History {
                recorded: Recorded {
                    ordinal: entry.ordinal,
                    effective_on: entry.effective_on,
                    corrects: envelope.corrects,
                    event: envelope.event,
                },
                reason: envelope.reason,
                at: entry.recorded_at,
                actor: entry.actor.clone(),
                seq: entry.seq,
            })
        })
        .collect()
}

/// Decodes one entry, without the circumstances of its recording: what `verify` does with every entry there is.
pub(crate) fn decode_one<E: DeserializeOwned>(entry: &Entry) -> Result<Recorded<E>> {
    let envelope: Envelope<E> = serde_json::from_str(&entry.event)
        .map_err(|e| Error::Internal(format!("entry {} cannot be read: {e}", entry.seq)))?;
    Ok(Recorded {
        ordinal: entry.ordinal,
        effective_on: entry.effective_on,
        corrects: envelope.corrects,
        event: envelope.event,
    })
}

/// The docket without the circumstances of its recording.
pub fn recorded<E: Clone>(history: &[History<E>]) -> Vec<Recorded<E>> {
    history.iter().map(|h| h.recorded.clone()).collect()
}

/// One transaction of one verb.
pub struct Work<'a> {
    /// The transaction.
    pub tx: &'a mut Tx,
    /// The region.
    pub region: Region,
    /// Who, when, randomness.
    pub ctx: Context,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Personal data.
    pub vault: Vault,
}

impl Work<'_> {
    /// Begins a docket with one or more events and returns its id and version.
    pub async fn begin<R: Register>(&mut self, id: Uuid, changes: Vec<Change<R::Event>>) -> Result<u32> {
        self.apply::<R>(id, Vec::new(), changes).await
    }

    /// Adds one change to a docket that is at `version`; returns the new version.
    pub async fn change<R: Register>(
        &mut self,
        id: Uuid,
        version: u32,
        change: Change<R::Event>,
    ) -> Result<u32> {
        let history = self.docket::<R>(id).await?;
        if history.len() != version as usize {
            return Err(Error::Conflict(format!(
                "这份{}刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再操作",
                R::NAME
            )));
        }
        self.apply::<R>(id, recorded(&history), vec![change]).await
    }

    /// The docket; an error if there is none of this kind with this id.
    pub async fn docket<R: Register>(&mut self, id: Uuid) -> Result<Vec<History<R::Event>>> {
        docket::<R>(self.tx, self.region, id).await
    }

    async fn apply<R: Register>(
        &mut self,
        id: Uuid,
        mut docket: Vec<Recorded<R::Event>>,
        changes: Vec<Change<R::Event>>,
    ) -> Result<u32> {
        let before = R::fold(&docket);
        let unit_before = before.as_ref().and_then(R::unit);
        let mut tallies: BTreeMap<(Uuid, Tally2), i64> = BTreeMap::new();
        add_tallies::<R>(&mut tallies, before.as_ref(), -1);
        let before = before.or_else(|| last_standing::<R>(&docket));
        for change in changes {
            self.refuse_unlawful::<R>(&docket, &change)?;
            let ordinal = u32::try_from(docket.len()).unwrap_or(u32::MAX).saturating_add(1);
            let envelope = Envelope {
                v: EVENT_VERSION,
                corrects: change.corrects,
                reason: change.reason,
                event: change.event,
            };
            let event = serde_json::to_string(&envelope).map_err(|e| Error::Internal(e.to_string()))?;
            self.tx
                .append(
                    self.region,
                    NewEntry {
                        recorded_at: self.ctx.at,
                        effective_on: change.on,
                        actor: self.ctx.actor.journal_name(),
                        subject_kind: R::KIND.to_owned(),
                        subject: id,
                        ordinal,
                        event,
                    },
                )
                .await?;
            docket.push(Recorded {
                ordinal,
                effective_on: change.on,
                corrects: envelope.corrects,
                event: envelope.event,
            });
        }
        let version = u32::try_from(docket.len()).unwrap_or(u32::MAX);
        let after = R::fold(&docket);
        // A new docket, or one that a correction moves to another unit, must be within reach there too.
        let unit = after.as_ref().and_then(R::unit);
        if let Some(unit) = unit
            && unit_before != Some(unit)
        {
            self.must_reach(unit).await?;
        }
        let place = Place { region: self.region, id, version, as_of: self.ctx.today() };
        if let Some(after) = &after {
            R::beside(self.tx, place, before.as_ref(), after).await?;
        }
        add_tallies::<R>(&mut tallies, after.as_ref(), 1);
        for ((unit, (year, key)), n) in tallies {
            if n != 0 {
                self.tx.add_tally(self.region, unit, year, &key, n).await?;
            }
        }
        match &after {
            Some(standing) => R::put(self.tx, place, standing, &self.calendar).await?,
            None => R::remove(self.tx, self.region, id).await?,
        }
        Ok(version)
    }

    /// A correction is judged like an ordinary event, at its place: by what stood before the entry it corrects; and
    /// what stands after it must still be possible.
    fn refuse_unlawful<R: Register>(
        &self,
        docket: &[Recorded<R::Event>],
        change: &Change<R::Event>,
    ) -> Result<()> {
        if change.on > self.ctx.today() {
            return Err(Error::refused(
                "future-date",
                format!("日期{}晚于今天，请填写已经发生的日期", change.on),
                "",
            ));
        }
        let refusals = match change.corrects {
            None => match (&change.event, R::fold(docket)) {
                (None, _) => return Err(Error::Invalid("更正必须指明被更正的是第几条记录".into())),
                (Some(event), None) => R::may_begin(event, change.on),
                (Some(event), Some(standing)) => R::may(&standing, event, change.on, &self.calendar),
            },
            Some(target) => {
                if !docket.iter().any(|e| e.ordinal == target) {
                    return Err(Error::Invalid(format!("没有第{target}条记录，请核对要更正的记录")));
                }
                if change.reason.as_deref().is_none_or(|r| r.trim().is_empty()) {
                    return Err(Error::refused("reason-missing", "更正记录必须写明理由", ""));
                }
                let mut corrected = docket.to_vec();
                corrected.push(Recorded {
                    ordinal: u32::MAX,
                    effective_on: change.on,
                    corrects: Some(target),
                    event: change.event.clone(),
                });
                replay::<R>(&corrected, &self.calendar)
            }
        };
        if refusals.is_empty() { Ok(()) } else { Err(Error::Refused(refusals)) }
    }
}

/// How a docket stood last, also if everything in it has been voided since.
pub(crate) fn last_standing<R: Register>(docket: &[Recorded<R::Event>]) -> Option<R::Standing> {
    (1..=docket.len()).rev().find_map(|n| R::fold(&docket[..n]))
}

type Tally2 = (i16, String);

fn add_tallies<R: Register>(
    sums: &mut BTreeMap<(Uuid, Tally2), i64>,
    standing: Option<&R::Standing>,
    sign: i64,
) {
    let Some(standing) = standing else { return };
    let Some(unit) = R::unit(standing) else { return };
    for tally in R::tallies(standing) {
        *sums.entry((unit, (tally.year, tally.key.into_owned()))).or_default() += sign * tally.n;
    }
}

/// Judges every event in force again, in order: the refusals of the first that is not possible any more.
fn replay<R: Register>(docket: &[Recorded<R::Event>], calendar: &Calendar) -> Vec<Refusal> {
    let mut so_far: Vec<Recorded<R::Event>> = Vec::new();
    for event in law::docket::in_force(docket) {
        let refusals = match R::fold(&so_far) {
            None if R::goes_with_the_beginning(event.event) => Vec::new(),
            None => R::may_begin(event.event, event.on),
            Some(standing) => R::may(&standing, event.event, event.on, calendar),
        };
        if !refusals.is_empty() {
            return refusals;
        }
        so_far.push(Recorded::new(event.ordinal, event.on, event.event.clone()));
    }
    Vec::new()
}

/// The docket of one kind with this id.
pub async fn docket<R: Register>(tx: &mut Tx, region: Region, id: Uuid) -> Result<Vec<History<R::Event>>> {
    let entries = tx.docket(region, id).await?;
    if entries.is_empty() || entries.iter().any(|e| e.subject_kind != R::KIND) {
        return Err(Error::NotFound(format!("没有找到这份{}，请核对编号", R::NAME)));
    }
    decode(&entries)
}

/// A docket with its standing and its history, for a page or the API.
#[derive(Debug, Clone)]
pub struct View<R: Register>
where
    R::Standing: Clone + std::fmt::Debug,
{
    /// Docket id.
    pub id: Uuid,
    /// Number of entries.
    pub version: u32,
    /// The folded docket; `None` if everything was voided.
    pub standing: Option<R::Standing>,
    /// Its entries.
    pub history: Vec<History<R::Event>>,
    /// The date it is due, where a clock runs.
    pub due: Option<Due>,
}

impl<R: Register> View<R>
where
    R::Standing: Clone + std::fmt::Debug,
{
    /// The view of a docket whose entries are these.
    pub(crate) fn of(id: Uuid, history: Vec<History<R::Event>>, calendar: &Calendar) -> View<R> {
        let standing = R::fold(&recorded(&history));
        let due = standing.as_ref().and_then(|s| R::due(s, calendar));
        View { id, version: u32::try_from(history.len()).unwrap_or(u32::MAX), standing, history, due }
    }
}

/// What every register does alike. Its own file gives these their names and says what is special.
impl Service {
    /// Begins a docket with one entry; its id.
    pub(crate) async fn begin_docket<R: Register>(
        &self,
        mut ctx: Context,
        verb: &'static str,
        (on, event): (Date, R::Event),
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        self.verb(ctx, verb, move |mut work| {
            Box::pin(async move {
                work.begin::<R>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Adds an entry to a docket within the actor's reach; its new version.
    pub(crate) async fn change_docket<R: Register>(
        &self,
        ctx: Context,
        verb: &'static str,
        (id, version): (Uuid, u32),
        change: Change<R::Event>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::EditRegisters)?;
        self.verb(ctx, verb, move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<R>(id).await?;
                work.change::<R>(id, version, change).await
            })
        })
        .await
    }

    /// A docket that the actor may see, with its history.
    pub(crate) async fn view_docket<R: Register>(&self, ctx: &Context, id: Uuid) -> Result<View<R>>
    where
        R::Standing: Clone + std::fmt::Debug,
    {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<R>(&mut tx, self.region, id).await?;
        self.must_see_docket::<R>(&mut tx, ctx, &history).await?;
        Ok(View::of(id, history, &self.calendar))
    }
}
