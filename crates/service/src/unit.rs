//! Units (机关): a tree with validity dates and successors, and what follows for reach and for reports.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::ledger::Later;
use crate::register::{Change, Place, Register, View, Work, docket, recorded};
use crate::{Actor, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::unit::{Level, Profile, Standing, UnitEvent, UnitKind};
use std::collections::{HashMap, HashSet};
use store::{Region, Tx, UnitFilter, UnitRow};
use uuid::Uuid;

/// The register of units.
#[derive(Debug, Clone, Copy)]
pub struct Units;

impl Register for Units {
    const KIND: &'static str = "unit";
    const NAME: &'static str = "机关信息";
    type Event = UnitEvent;
    type Standing = Standing;

    fn fold(docket: &[Recorded<UnitEvent>]) -> Option<Standing> {
        Standing::of(docket)
    }

    fn may_begin(event: &UnitEvent, on: Date) -> Vec<Refusal> {
        Standing::may_begin(event, on)
    }

    fn may(standing: &Standing, event: &UnitEvent, on: Date, _: &Calendar) -> Vec<Refusal> {
        standing.may(event, on)
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Standing,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_unit(place.region, &row(place, s)).await })
    }

    fn beside<'a>(
        tx: &'a mut Tx,
        place: Place,
        _: Option<&'a Standing>,
        after: &'a Standing,
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let mut tree = Tree::read(tx, place.region).await?;
            tree.0.retain(|u| u.id != place.id);
            if tree.0.iter().any(|u| u.code == after.code) {
                return Err(Error::refused(
                    "code-taken",
                    format!("代码“{}”已被其他机关使用，请另取一个", after.code),
                    "",
                ));
            }
            tree.0.push(row(place, after));
            for named in [&after.parent, &after.consolidates_into, &after.successor].into_iter().flatten() {
                let other = tree.find_id(named)?;
                if tree.within(other, place.id) {
                    return Err(circle());
                }
            }
            let links: [fn(&UnitRow) -> Option<Uuid>; 2] = [|u| u.consolidates_into, |u| u.successor];
            if links.into_iter().any(|next| tree.returns(place.id, next)) {
                return Err(circle());
            }
            Ok(())
        })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.remove_unit(region, id).await })
    }
}

/// The derived row of a unit.
pub(crate) fn row(place: Place, s: &Standing) -> UnitRow {
    UnitRow {
        id: place.id,
        code: s.code.clone(),
        name: s.name.clone(),
        short_name: s.short_name.clone(),
        kind: s.kind.key().to_owned(),
        level: s.level.key().to_owned(),
        parent: id_of(&s.parent),
        consolidates_into: id_of(&s.consolidates_into),
        valid_from: s.valid_from,
        valid_to: s.valid_to,
        successor: id_of(&s.successor),
        version: i64::from(place.version),
    }
}

/// The id in a docket's text, if it is one.
pub(crate) fn id_of(text: &Option<String>) -> Option<Uuid> {
    text.as_deref().and_then(|t| Uuid::parse_str(t).ok())
}

/// The unit that a docket names; `what` says which, where none is named.
pub(crate) async fn named_unit(tx: &mut Tx, region: Region, text: &str, what: &str) -> Result<Uuid> {
    let id = Uuid::parse_str(text).map_err(|_| Error::Invalid(format!("请选择{what}")))?;
    match tx.unit(region, id).await? {
        Some(_) => Ok(id),
        None => Err(Error::NotFound(no_unit(text))),
    }
}

fn circle() -> Error {
    Error::refused("circle", "上级机关、汇总机关或者承接机关不能是本机关或者其下级机关，请重新选择", "")
}

/// A unit to be established.
#[derive(Debug, Clone)]
pub struct NewUnit {
    /// Short stable word, used in addresses, for example `gp-office`.
    pub code: String,
    /// Full name.
    pub name: String,
    /// Short name.
    pub short_name: String,
    /// 人民政府, 政府办公厅（室）, 政府部门, 乡镇（街道）, 其他.
    pub kind: UnitKind,
    /// Level.
    pub level: Level,
    /// The unit it belongs to.
    pub parent: Option<Uuid>,
    /// The unit into whose government report its figures go.
    pub consolidates_into: Option<Uuid>,
}

/// All units of a region, for questions about the tree.
#[derive(Debug, Clone)]
pub struct Tree(pub Vec<UnitRow>);

impl Tree {
    /// Reads the tree.
    pub(crate) async fn read(tx: &mut Tx, region: Region) -> Result<Tree> {
        Ok(Tree(tx.units(region, &UnitFilter::default()).await?))
    }

    /// The unit with this id.
    pub fn get(&self, id: Uuid) -> Result<&UnitRow> {
        self.0.iter().find(|u| u.id == id).ok_or_else(|| Error::NotFound(no_unit(&id.to_string())))
    }

    /// The unit with this id, code, name or short name.
    pub fn find(&self, text: &str) -> Result<&UnitRow> {
        let text = text.trim();
        let id = Uuid::parse_str(text).ok();
        let is = |u: &&UnitRow| Some(u.id) == id || u.code == text || u.name == text;
        self.0
            .iter()
            .find(is)
            .or_else(|| {
                let mut short = self.0.iter().filter(|u| u.short_name == text);
                short.next().filter(|_| short.next().is_none())
            })
            .ok_or_else(|| Error::NotFound(no_unit(text)))
    }

    /// True if another unit names this one.
    fn names(&self, id: Uuid) -> bool {
        self.0.iter().any(|u| u.id != id && [u.parent, u.consolidates_into, u.successor].contains(&Some(id)))
    }

    /// True if `unit` is `above` or lies below it.
    pub fn within(&self, unit: Uuid, above: Uuid) -> bool {
        let mut at = Some(unit);
        for _ in 0..=self.0.len() {
            match at {
                Some(id) if id == above => return true,
                Some(id) => at = self.0.iter().find(|u| u.id == id).and_then(|u| u.parent),
                None => return false,
            }
        }
        false
    }

    /// The unit that a docket's text names.
    fn find_id(&self, text: &str) -> Result<Uuid> {
        let id = Uuid::parse_str(text).map_err(|_| Error::NotFound(no_unit(text)))?;
        self.get(id).map(|u| u.id)
    }

    /// True if following `next` from a unit leads back to it.
    fn returns(&self, from: Uuid, next: impl Fn(&UnitRow) -> Option<Uuid>) -> bool {
        let step = |id: Uuid| self.0.iter().find(|u| u.id == id).and_then(&next);
        let mut at = step(from);
        for _ in 0..self.0.len() {
            match at {
                Some(id) if id == from => return true,
                Some(id) => at = step(id),
                None => return false,
            }
        }
        false
    }

    /// `from` and all units that are reached by going from a unit to those whose `into` names it.
    fn gather(&self, from: Uuid, into: impl Fn(&UnitRow) -> [Option<Uuid>; 2]) -> Vec<Uuid> {
        let mut below: HashMap<Uuid, Vec<Uuid>> = HashMap::new();
        for u in &self.0 {
            for above in into(u).into_iter().flatten() {
                below.entry(above).or_default().push(u.id);
            }
        }
        let mut all = vec![from];
        let mut seen = HashSet::from([from]);
        let mut next = 0;
        while let Some(at) = all.get(next) {
            next += 1;
            let found = below.remove(at).unwrap_or_default();
            all.extend(found.into_iter().filter(|u| seen.insert(*u)));
        }
        all
    }

    /// The units an actor may see and work on: the own unit, those below it, and the closed ones whose functions they
    /// took over, so that nothing those left open is lost (国办公开办函〔2019〕14号). `None` means all.
    pub fn reach(&self, actor: &Actor) -> Option<Vec<Uuid>> {
        let own = actor.unit()?;
        Some(self.gather(own, |u| [u.parent, u.successor.filter(|_| u.valid_to.is_some())]))
    }

    /// The unit and the units closed by the end of `year` whose functions it took over (国办公开办函〔2019〕14号).
    pub fn with_predecessors(&self, unit: Uuid, year: i16) -> Vec<Uuid> {
        self.gather(unit, |u| [taken_over_by(u, year), None])
    }

    /// The units whose figures the report of `government` for `year` adds up: itself, all that consolidate into it, and
    /// those they took over. A unit that was taken over counts where its successor counts.
    pub fn consolidated(&self, government: Uuid, year: i16) -> Vec<Uuid> {
        let mut all = self.gather(government, |u| match taken_over_by(u, year) {
            Some(successor) => [Some(successor), None],
            None => [u.consolidates_into, None],
        });
        all.sort();
        all
    }

    /// The units whose reports the report of `into` for `year` adds up, in the order of lists: those that consolidate into
    /// it and existed in that year. One that was taken over by the end of the year is reported for by its successor; what
    /// consolidates into no body (党委机构, 公共企事业单位, 垂直管理部门) is nobody's.
    pub fn members(&self, into: Uuid, year: i16) -> Vec<Uuid> {
        let existed = |u: &&UnitRow| {
            u.valid_from.year() <= year
                && u.valid_to.is_none_or(|end| end.year() >= year)
                && taken_over_by(u, year).is_none()
        };
        let mut all: Vec<&UnitRow> = self
            .0
            .iter()
            .filter(|u| u.consolidates_into == Some(into) && u.id != into)
            .filter(existed)
            .collect();
        all.sort_by_key(|u| (UnitKind::ALL.iter().position(|k| k.key() == u.kind), u.code.clone()));
        all.into_iter().map(|u| u.id).collect()
    }

    /// The tree as it was recorded at an earlier instant. A unit entered later stays as it is: nothing was recorded of
    /// it then.
    pub(crate) async fn at(mut self, tx: &mut Tx, region: Region, later: &Later) -> Result<Tree> {
        for id in later.of(Units::KIND) {
            let known = later.known::<Units>(tx, region, id).await?;
            let Some(standing) = Standing::of(&known) else { continue };
            let version = u32::try_from(known.len()).unwrap_or(u32::MAX);
            self.0.retain(|u| u.id != id);
            self.0.push(row(Place { region, id, version, as_of: standing.changed_on }, &standing));
        }
        Ok(self)
    }
}

/// The successor of a unit that was closed by the end of `year`.
fn taken_over_by(u: &UnitRow, year: i16) -> Option<Uuid> {
    u.successor.filter(|_| u.valid_to.is_some_and(|d| d <= Date::constant(year, 12, 31)))
}

fn no_unit(text: &str) -> String {
    format!("没有找到名为“{text}”的机关，请填写机关的全称、代码或者编号")
}

fn in_use() -> Error {
    let text = "该机关名下还有登记事项或者其他机关，不能作废设立登记；机关不再存在的，请登记撤销";
    Error::refused("in-use", text, "")
}

impl Work<'_> {
    /// Contact and words of letters of a unit; empty where it has said nothing.
    pub(crate) async fn profile_of(&mut self, unit: Uuid) -> Result<Profile> {
        let docket = recorded(&self.docket::<Units>(unit).await?);
        Ok(Standing::of(&docket).and_then(|s| s.profile).unwrap_or_default())
    }

    /// Refuses unless the actor may arrange this unit and those the event ties it to. Who is confined to a unit
    /// arranges what is below it, and ties nothing to units elsewhere.
    async fn must_arrange(&mut self, id: Option<Uuid>, event: Option<&UnitEvent>) -> Result<()> {
        if let Some(id) = id {
            self.must_reach(id).await?;
        }
        let Some(own) = self.ctx.actor.unit() else { return Ok(()) };
        let named = match event {
            Some(
                UnitEvent::Established { parent, consolidates_into, .. }
                | UnitEvent::Moved { parent, consolidates_into },
            ) => {
                let parent = id_of(parent);
                if parent.is_none() && id != Some(own) {
                    return Err(Error::NotAllowed("您的账号只能管理本单位及下级单位，请选择上级机关".into()));
                }
                [parent, id_of(consolidates_into)]
            }
            Some(UnitEvent::Closed { successor }) => [id_of(successor), None],
            Some(UnitEvent::Renamed { .. } | UnitEvent::Described { .. }) | None => [None, None],
        };
        for other in named.into_iter().flatten() {
            self.must_reach(other).await?;
        }
        Ok(())
    }
}

/// Contact of a unit's working body and the words of its letters; empty where it has said nothing.
pub(crate) async fn profile_of(tx: &mut Tx, region: Region, unit: Uuid) -> Result<Profile> {
    let docket = recorded(&docket::<Units>(tx, region, unit).await?);
    Ok(Standing::of(&docket).and_then(|s| s.profile).unwrap_or_default())
}

impl Service {
    /// Establishes a unit.
    pub async fn establish_unit(&self, mut ctx: Context, on: Date, unit: NewUnit) -> Result<Uuid> {
        ctx.actor.must(Permission::ManageUnits)?;
        let id = ctx.new_id();
        self.verb(ctx, "establish-unit", move |mut work| {
            Box::pin(async move {
                let event = UnitEvent::Established {
                    code: unit.code,
                    name: unit.name,
                    short_name: unit.short_name,
                    kind: unit.kind,
                    level: unit.level,
                    parent: unit.parent.map(|u| u.to_string()),
                    consolidates_into: unit.consolidates_into.map(|u| u.to_string()),
                };
                work.must_arrange(None, Some(&event)).await?;
                work.begin::<Units>(id, vec![Change::event(on, event)]).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Renames, moves, closes or corrects a unit.
    pub async fn change_unit(
        &self,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<UnitEvent>,
    ) -> Result<u32> {
        // Its contact and the words of its letters are the office's own business.
        let described = matches!(change.event, Some(UnitEvent::Described { .. }));
        ctx.actor.must(if described { Permission::WriteLetters } else { Permission::ManageUnits })?;
        self.verb(ctx, "change-unit", move |mut work| {
            Box::pin(async move {
                work.must_arrange(Some(id), change.event.as_ref()).await?;
                let mut docket = recorded(&work.docket::<Units>(id).await?);
                docket.push(Recorded {
                    ordinal: u32::MAX,
                    effective_on: change.on,
                    corrects: change.corrects,
                    event: change.event.clone(),
                });
                let voids = Standing::of(&docket).is_none();
                if voids && Tree::read(work.tx, work.region).await?.names(id) {
                    return Err(in_use());
                }
                match work.change::<Units>(id, version, change).await {
                    // A foreign key: some register still holds records of this unit.
                    Err(Error::Store(store::Error::Database(_))) if voids => Err(in_use()),
                    outcome => outcome,
                }
            })
        })
        .await
    }

    /// All units.
    pub async fn units(&self) -> Result<Vec<UnitRow>> {
        let mut tx = self.look().await?;
        Ok(tx.units(self.region, &UnitFilter::default()).await?)
    }

    /// The unit with this id, code, name or short name.
    pub async fn find_unit(&self, text: &str) -> Result<UnitRow> {
        let mut tx = self.look().await?;
        Tree::read(&mut tx, self.region).await?.find(text).cloned()
    }

    /// Contact of a unit's working body and the words of its letters, for everybody; empty where it has said nothing.
    pub async fn unit_profile(&self, id: Uuid) -> Result<Profile> {
        profile_of(&mut self.look().await?, self.region, id).await
    }

    /// A unit with its history.
    pub async fn unit_view(&self, ctx: &Context, id: Uuid) -> Result<View<Units>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Units>(&mut tx, self.region, id).await?;
        Ok(View::of(id, history, &self.calendar))
    }
}
