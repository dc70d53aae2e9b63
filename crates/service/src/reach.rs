//! What an officer may see and work on: the own unit, those below it, and closed ones they succeed. One predicate for
//! pages, API and exports. A unit that handles a request of another or helps with it sees that request, and no more of it
//! than it needs (see `request::helping`).

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{History, Register, Work, last_standing, recorded};
use crate::unit::Tree;
use crate::{Actor, Service};
use store::{Region, Tx};
use uuid::Uuid;

impl Work<'_> {
    /// Refuses unless the actor may work on this unit's records.
    pub(crate) async fn must_reach(&mut self, unit: Uuid) -> Result<()> {
        reach(self.tx, self.region, &self.ctx.actor, unit).await
    }

    /// Refuses unless the actor may work on this docket.
    pub(crate) async fn must_reach_docket<R: Register>(&mut self, id: Uuid) -> Result<()> {
        let history = self.docket::<R>(id).await?;
        reach_docket::<R>(self.tx, self.region, &self.ctx.actor, &history).await?.must_be_whole()
    }

    /// How the actor sees this docket; refuses whoever does not.
    pub(crate) async fn sight_of<R: Register>(&mut self, id: Uuid) -> Result<Sight> {
        let history = self.docket::<R>(id).await?;
        reach_docket::<R>(self.tx, self.region, &self.ctx.actor, &history).await
    }
}

/// How an actor sees a docket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sight {
    /// It is within reach.
    Whole,
    /// This unit works on it for another, and sees what that needs.
    Helping(Uuid),
}

impl Sight {
    /// Refuses who only helps.
    pub(crate) fn must_be_whole(self) -> Result<()> {
        match self {
            Sight::Whole => Ok(()),
            Sight::Helping(_) => Err(Error::NotAllowed(
                "您单位承办或者协办这件申请，可以查看办理要求、反馈意见；其他事项由受理机关办理".into(),
            )),
        }
    }
}

impl Service {
    /// Confines the units of a filter to those the actor may see.
    pub(crate) async fn within_reach(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        wanted: Option<Vec<Uuid>>,
    ) -> Result<Option<Vec<Uuid>>> {
        if ctx.actor.unit().is_none() {
            return Ok(wanted);
        }
        let reach = Tree::read(tx, self.region).await?.reach(&ctx.actor);
        Ok(match (wanted, reach) {
            (Some(wanted), Some(reach)) => Some(wanted.into_iter().filter(|u| reach.contains(u)).collect()),
            (None, reach) => reach,
            (wanted, None) => wanted,
        })
    }

    /// Refuses unless the actor may see records of this unit.
    pub(crate) async fn must_see(&self, tx: &mut Tx, ctx: &Context, unit: Uuid) -> Result<()> {
        ctx.actor.must(Permission::ReadRegisters)?;
        reach(tx, self.region, &ctx.actor, unit).await
    }

    /// Refuses unless this docket is within the actor's reach.
    pub(crate) async fn must_see_docket<R: Register>(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        history: &[History<R::Event>],
    ) -> Result<()> {
        self.sight::<R>(tx, ctx, history).await?.must_be_whole()
    }

    /// How the actor sees this docket; refuses whoever does not.
    pub(crate) async fn sight<R: Register>(
        &self,
        tx: &mut Tx,
        ctx: &Context,
        history: &[History<R::Event>],
    ) -> Result<Sight> {
        ctx.actor.must(Permission::ReadRegisters)?;
        reach_docket::<R>(tx, self.region, &ctx.actor, history).await
    }
}

/// A voided docket is still the unit's to which it belonged last.
pub(crate) async fn reach_docket<R: Register>(
    tx: &mut Tx,
    region: Region,
    actor: &Actor,
    history: &[History<R::Event>],
) -> Result<Sight> {
    let last = last_standing::<R>(&recorded(history));
    if last.as_ref().is_some_and(|s| !is_among(actor, R::restricted_to(s))) {
        return Err(Error::NotAllowed(
            "这份卷宗限定了知悉范围，您的账号不在范围内；如工作需要，请联系本单位负责人".into(),
        ));
    }
    let within = match last.as_ref().and_then(R::unit) {
        Some(unit) => reach(tx, region, actor, unit).await,
        None if actor.unit().is_none() => Ok(()),
        None => Err(elsewhere()),
    };
    let helps = |own: &Uuid| last.as_ref().is_some_and(|s| R::helpers(s).contains(own));
    match (within, actor.unit().filter(helps)) {
        (Err(Error::NotAllowed(_)), Some(own)) => Ok(Sight::Helping(own)),
        (within, _) => within.map(|()| Sight::Whole),
    }
}

/// Whether a docket restricted to these accounts may be seen by the actor. None named means no restriction.
pub(crate) fn is_among(actor: &Actor, accounts: &[String]) -> bool {
    match actor {
        _ if accounts.is_empty() => true,
        Actor::Officer { account, .. } => accounts.contains(&account.to_string()),
        Actor::Operator => true,
        Actor::Anonymous => false,
    }
}

fn elsewhere() -> Error {
    Error::NotAllowed("这份记录属于其他单位，您的账号只能查看和办理本单位及下级单位的事项".into())
}

async fn reach(tx: &mut Tx, region: Region, actor: &Actor, unit: Uuid) -> Result<()> {
    let tree = Tree::read(tx, region).await?;
    tree.get(unit)?;
    match tree.reach(actor) {
        Some(reach) if !reach.contains(&unit) => Err(elsewhere()),
        _ => Ok(()),
    }
}
