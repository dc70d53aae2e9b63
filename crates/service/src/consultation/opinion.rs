//! Opinions: given by anybody without an account, or recorded by an officer; answered in groups.
//!
//! Words, name and contact are sealed beside the docket and never public; what an officer opens is journaled. A form sent
//! twice with the same mark gives one opinion.

use super::{Consultations, no_such_consultation};
use crate::asking::code;
use crate::context::{Context, Permission};
use crate::document::is_public;
use crate::error::{Error, Result};
use crate::inbox::plain;
use crate::register::{Change, Place, Register, Work, docket, recorded};
use crate::unit::id_of;
use crate::vault::{Person, masked};
use crate::{Actor, Service};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::consultation::{Answer, ConsultationEvent, Standing as Consultation};
use law::docket::opinion::{OpinionChannel, OpinionEvent, OpinionState, Standing};
use law::docket::{Recorded, Tally};
use serde::{Deserialize, Serialize};
use store::{OpinionRow, PersonalRow, Region, Tx};
use uuid::Uuid;

/// Characters of an opinion.
pub const LONGEST_OPINION: usize = 5_000;
/// Characters of a name and of a contact.
const LINE: usize = 100;
/// Opinions that are answered in one step.
const AT_ONCE: usize = 500;

/// The register of opinions.
#[derive(Debug, Clone, Copy)]
pub struct Opinions;

impl Register for Opinions {
    const KIND: &'static str = "opinion";
    const NAME: &'static str = "意见";
    type Event = OpinionEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<OpinionEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &OpinionEvent, _: Date) -> Vec<Refusal> {
        Standing::may_begin(event)
    }

    fn may(standing: &Standing, event: &OpinionEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
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
        Box::pin(async move { tx.put_opinion(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_opinion(region, id).await })
    }
}

/// The derived row of an opinion.
pub(crate) fn row(place: Place, s: &Standing) -> OpinionRow {
    OpinionRow {
        id: place.id,
        unit: id_of(&Some(s.unit.clone())).unwrap_or_default(),
        consultation: id_of(&Some(s.consultation.clone())).unwrap_or_default(),
        channel: s.channel.key().to_owned(),
        state: s.state().key().to_owned(),
        answer: s.answer,
        content: id_of(&Some(s.content.clone())).unwrap_or_default(),
        received_on: s.received_on,
        version: i64::from(place.version),
    }
}

/// What an opinion says, and who gave it; as it is sealed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Said {
    /// 意见内容
    pub text: String,
    /// 姓名或者名称; may be empty.
    pub name: String,
    /// 联系方式; may be empty.
    pub contact: String,
}

impl Said {
    /// Without what a reader would not see, and within its limits.
    ///
    /// # Errors
    /// Everything that is missing or too long, each with the field it belongs to.
    fn taken(&self) -> Result<Said> {
        let line = |text: &str| plain(text).replace(['\n', '\t'], " ").trim().to_owned();
        let said = Said {
            text: plain(&self.text).trim().to_owned(),
            name: line(&self.name),
            contact: line(&self.contact),
        };
        let mut no = Vec::new();
        if said.text.is_empty() {
            no.push(Refusal::new(&code("text"), "请填写意见", ""));
        }
        if said.text.chars().count() > LONGEST_OPINION {
            let text = format!("意见过长，请控制在{LONGEST_OPINION}字以内；更长的材料可以通过其他途径提交");
            no.push(Refusal::new(&code("text"), text, ""));
        }
        for (name, label, value) in
            [("name", "姓名或者名称", &said.name), ("contact", "联系方式", &said.contact)]
        {
            if value.chars().count() > LINE {
                let text = format!("{label}过长，请控制在{LINE}字以内");
                no.push(Refusal::new(&code(name), text, ""));
            }
        }
        if no.is_empty() { Ok(said) } else { Err(Error::Refused(no)) }
    }
}

/// What an officer says to opinions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A new answer.
    New(Answer),
    /// The answer with this number.
    Same(u32),
    /// They do not count, and why.
    SetAside(String),
}

/// An opinion in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpinionLine {
    /// Its id.
    pub id: Uuid,
    /// How it came.
    pub channel: OpinionChannel,
    /// The day it was given.
    pub received_on: Date,
    /// Where it stands.
    pub state: OpinionState,
    /// The answer it got.
    pub answer: Option<u32>,
    /// What it says, with name and contact masked; none for who may not see personal data.
    pub said: Option<Said>,
}

/// An opinion with who gave it.
#[derive(Debug, Clone)]
pub struct OpinionView {
    /// Its id.
    pub id: Uuid,
    /// Where it stands.
    pub standing: Standing,
    /// When it was entered.
    pub at: Timestamp,
    /// What it says and who gave it.
    pub said: Said,
}

fn no_such_opinion() -> Error {
    Error::NotFound("没有找到这条意见，请从意见列表重新打开".into())
}

impl Work<'_> {
    async fn standing_of_consultation(&mut self, id: Uuid) -> Result<Consultation> {
        let history = self.docket::<Consultations>(id).await?;
        Consultation::of(&recorded(&history)).ok_or_else(no_such_consultation)
    }

    /// Takes an opinion that is given on this day.
    async fn take_opinion(
        &mut self,
        (id, consultation): (Uuid, Uuid),
        (on, channel): (Date, OpinionChannel),
        said: &Said,
    ) -> Result<()> {
        let standing = self.standing_of_consultation(consultation).await?;
        let no = standing.refuses_opinion(on);
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        let content = self.ctx.new_id();
        let mut nonce = [0; 12];
        nonce.copy_from_slice(&self.ctx.entropy.bytes()[..12]);
        let sealed = PersonalRow {
            id: content,
            subject_kind: Opinions::KIND.to_owned(),
            subject: id,
            nonce: nonce.to_vec(),
            sealed: self.vault.seal_value(content.as_bytes(), nonce, said)?,
            erased_at: None,
        };
        self.tx.put_personal(self.region, &sealed).await?;
        let received = OpinionEvent::Received {
            unit: standing.counted_by,
            consultation: consultation.to_string(),
            channel,
            content: content.to_string(),
        };
        self.begin::<Opinions>(id, vec![Change::event(on, received)]).await?;
        Ok(())
    }

    async fn opinion_said(&mut self, content: Uuid) -> Result<Option<Said>> {
        let sealed = self.tx.personal(self.region, content).await?.filter(|s| s.erased_at.is_none());
        let open = |s: PersonalRow| self.vault.open_value(content.as_bytes(), &s.nonce, &s.sealed);
        sealed.map(open).transpose()
    }

    async fn reply(
        &mut self,
        consultation: Uuid,
        version: u32,
        opinions: Vec<Uuid>,
        reply: Reply,
    ) -> Result<()> {
        let today = self.ctx.today();
        let standing = self.standing_of_consultation(consultation).await?;
        let event = match reply {
            Reply::New(answer) => {
                let number = standing.answers.keys().next_back().copied().unwrap_or(0) + 1;
                let event = ConsultationEvent::Answered { number, answer };
                self.change::<Consultations>(consultation, version, Change::event(today, event)).await?;
                OpinionEvent::Answered { answer: number }
            }
            Reply::Same(answer) if standing.answers.contains_key(&answer) => {
                OpinionEvent::Answered { answer }
            }
            Reply::Same(_) => return Err(Error::refused("no-such-answer", "请选择已有的答复", "")),
            Reply::SetAside(reason) => OpinionEvent::SetAside { reason },
        };
        for id in opinions {
            let row = self.tx.opinion(self.region, id).await?;
            let row = row.filter(|o| o.consultation == consultation).ok_or_else(no_such_opinion)?;
            let version = u32::try_from(row.version).unwrap_or(u32::MAX);
            self.change::<Opinions>(id, version, Change::event(today, event.clone())).await?;
        }
        Ok(())
    }
}

impl Service {
    /// Takes an opinion of anybody on a draft that is open today. The same key takes it once.
    ///
    /// # Errors
    /// [`Error::NotFound`] for what is not public; the refusals of what is missing, each with its field; `not-open` before the
    /// first and after the last day; `not-online` where the office takes no opinions by this form.
    pub async fn give_opinion(&self, mut ctx: Context, consultation: Uuid, said: &Said) -> Result<Uuid> {
        // The visitor speaks, whoever is signed in at the same browser.
        ctx.actor = Actor::Anonymous;
        let id = ctx.new_id();
        let taken = said.taken();
        self.verb(ctx, "give-opinion", move |mut work| {
            Box::pin(async move {
                let row = work.tx.consultation(work.region, consultation).await?;
                let row = row.filter(|c| c.opened_on.is_some()).ok_or_else(no_such_consultation)?;
                let document = work.tx.document(work.region, row.document).await?;
                if !document.is_some_and(|d| is_public(&d)) {
                    return Err(no_such_consultation());
                }
                let standing = work.standing_of_consultation(consultation).await?;
                let today = work.ctx.today();
                let no = standing.refuses_opinion(today);
                if !no.is_empty() {
                    return Err(Error::Refused(no));
                }
                if !standing.terms.online {
                    let text = "这次征集不在网上接收意见，请通过公告写明的其他途径提出";
                    return Err(Error::refused("not-online", text, ""));
                }
                let by = (today, OpinionChannel::Online);
                work.take_opinion((id, consultation), by, &taken?).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Records an opinion that came otherwise; `on` is the day it was given, of a letter that of its postmark.
    ///
    /// # Errors
    /// As [`Service::give_opinion`]; the consultation must be within the actor's reach.
    pub async fn record_opinion(
        &self,
        mut ctx: Context,
        consultation: Uuid,
        (on, channel): (Date, OpinionChannel),
        said: &Said,
    ) -> Result<Uuid> {
        ctx.actor.must(Permission::EditRegisters)?;
        let id = ctx.new_id();
        let said = said.taken()?;
        self.verb(ctx, "record-opinion", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Consultations>(consultation).await?;
                work.take_opinion((id, consultation), (on, channel), &said).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Answers opinions of one consultation in one step, or says that they do not count.
    ///
    /// # Errors
    /// `opinions-missing` and `opinions-many`; [`Error::Conflict`] if somebody else wrote an answer meanwhile; the refusals of
    /// the dockets.
    pub async fn answer_opinions(
        &self,
        ctx: Context,
        consultation: Uuid,
        version: u32,
        (opinions, reply): (Vec<Uuid>, Reply),
    ) -> Result<()> {
        ctx.actor.must(Permission::EditRegisters)?;
        if opinions.is_empty() {
            return Err(Error::refused("opinions-missing", "请选择要处理的意见", ""));
        }
        if opinions.len() > AT_ONCE {
            let text = format!("一次最多处理{AT_ONCE}条意见，请分次处理");
            return Err(Error::refused("opinions-many", text, ""));
        }
        self.verb(ctx, "answer-opinions", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Consultations>(consultation).await?;
                work.reply(consultation, version, opinions, reply).await
            })
        })
        .await
    }

    /// How many opinions of a consultation stand in each state, in the order of [`OpinionState::ALL`].
    pub async fn opinion_counts(&self, ctx: &Context, consultation: Uuid) -> Result<[i64; 3]> {
        self.consultation_view(ctx, consultation).await?;
        let counts = self.look().await?.opinion_counts(self.region, consultation).await?;
        let of = |state: OpinionState| counts.iter().filter(|c| c.state == state.key()).map(|c| c.n).sum();
        Ok(OpinionState::ALL.map(of))
    }

    /// Opinions of a consultation, in this state or in any, in the order they came, after this one. With their words for who
    /// may see personal data, with names masked; then the view is journaled.
    pub async fn opinions(
        &self,
        mut ctx: Context,
        consultation: Uuid,
        state: Option<OpinionState>,
        (after, limit): (Option<Uuid>, i64),
    ) -> Result<Vec<OpinionLine>> {
        ctx.key = None;
        self.consultation_view(&ctx, consultation).await?;
        let mut tx = self.look().await?;
        let of = (consultation, state.map(OpinionState::key));
        let rows = tx.opinions(self.region, of, after, limit).await?;
        drop(tx);
        let mut said: Vec<Option<Said>> = vec![None; rows.len()];
        if ctx.actor.may(Permission::ReadPersonal) && !rows.is_empty() {
            let contents: Vec<Uuid> = rows.iter().map(|r| r.content).collect();
            let listing = self.verb(ctx, "list-opinions", move |mut work| {
                Box::pin(async move {
                    let mut all = Vec::with_capacity(contents.len());
                    for content in contents {
                        all.push(work.opinion_said(content).await?);
                    }
                    let n = all.iter().flatten().count();
                    let event = serde_json::json!({ "type": "opinions-viewed", "n": n, "of": consultation });
                    work.note_access(event).await?;
                    Ok(all)
                })
            });
            said = listing.await?;
        }
        let hidden = |s: Said| {
            let name = Person { name: s.name, ..Person::default() }.masked_name();
            Said { name, contact: masked(&s.contact), text: s.text }
        };
        let line = |(row, said): (OpinionRow, Option<Said>)| {
            Some(OpinionLine {
                id: row.id,
                channel: OpinionChannel::parse(&row.channel)?,
                received_on: row.received_on,
                state: OpinionState::parse(&row.state)?,
                answer: row.answer,
                said: said.map(hidden),
            })
        };
        Ok(rows.into_iter().zip(said).filter_map(line).collect())
    }

    /// An opinion with who gave it. Every view is journaled.
    ///
    /// # Errors
    /// The actor may not read personal data, or the consultation is out of reach.
    pub async fn open_opinion(&self, mut ctx: Context, consultation: Uuid, id: Uuid) -> Result<OpinionView> {
        ctx.actor.must(Permission::ReadPersonal)?;
        ctx.key = None;
        let said = self.verb(ctx, "open-opinion", move |mut work| {
            Box::pin(async move {
                work.must_reach_docket::<Consultations>(consultation).await?;
                let row = work.tx.opinion(work.region, id).await?;
                let row = row.filter(|o| o.consultation == consultation).ok_or_else(no_such_opinion)?;
                let said = work.opinion_said(row.content).await?.ok_or_else(no_such_opinion)?;
                work.note_access(serde_json::json!({ "type": "opinion-opened", "opinion": id })).await?;
                Ok(said)
            })
        });
        let said = said.await?;
        let mut tx = self.look().await?;
        let history = docket::<Opinions>(&mut tx, self.region, id).await?;
        let at = history.first().map(|h| h.at).unwrap_or_default();
        let standing = Standing::of(&recorded(&history)).ok_or_else(no_such_opinion)?;
        Ok(OpinionView { id, standing, at, said })
    }
}
