//! Units (机关): a tree with validity dates and successors, and what follows for reach and for reports.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, View, docket, recorded};
use crate::{Actor, Service};
use futures_util::future::BoxFuture;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::unit::{Level, Standing, UnitEvent, UnitKind};
use law::docket::{Recorded, Tally};
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

    fn unit(_: &Standing) -> Option<Uuid> {
        None
    }

    fn tallies(_: &Standing) -> Vec<Tally> {
        Vec::new()
    }

    fn put<'a>(tx: &'a mut Tx, place: Place, s: &'a Standing, _: &'a Calendar) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_unit(place.region, &row(place, s)).await })
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

    /// The units an actor may see and work on; `None` means all.
    pub fn reach(&self, actor: &Actor) -> Option<Vec<Uuid>> {
        let own = actor.unit()?;
        Some(self.0.iter().map(|u| u.id).filter(|id| self.within(*id, own)).collect())
    }

    /// The unit and the units closed by the end of `year` whose functions it took over (国办公开办函〔2019〕14号).
    pub fn with_predecessors(&self, unit: Uuid, year: i16) -> Vec<Uuid> {
        let end = Date::constant(year, 12, 31);
        let mut all = vec![unit];
        let mut next = 0;
        while next < all.len() {
            let successor = all[next];
            next += 1;
            for u in &self.0 {
                let closed = u.valid_to.is_some_and(|d| d <= end);
                if closed && u.successor == Some(successor) && !all.contains(&u.id) {
                    all.push(u.id);
                }
            }
        }
        all
    }

    /// The units whose figures the report of `government` adds up: itself and all that consolidate into it.
    pub fn consolidated(&self, government: Uuid, year: i16) -> Vec<Uuid> {
        let mut all = vec![government];
        let mut next = 0;
        while next < all.len() {
            let into = all[next];
            next += 1;
            for u in &self.0 {
                if u.consolidates_into == Some(into) && !all.contains(&u.id) {
                    all.push(u.id);
                }
            }
        }
        let mut with: Vec<Uuid> = all.iter().flat_map(|u| self.with_predecessors(*u, year)).collect();
        with.sort();
        with.dedup();
        with
    }
}

fn no_unit(text: &str) -> String {
    format!("没有找到名为“{text}”的机关，请填写机关的全称、代码或者编号")
}

impl Service {
    /// Establishes a unit.
    pub async fn establish_unit(&self, mut ctx: Context, on: Date, unit: NewUnit) -> Result<Uuid> {
        ctx.actor.must(Permission::ManageUnits)?;
        let id = ctx.new_id();
        self.verb(ctx, "establish-unit", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                for above in [unit.parent, unit.consolidates_into].into_iter().flatten() {
                    tree.get(above)?;
                }
                if tree.0.iter().any(|u| u.code == unit.code) {
                    return Err(Error::refused(
                        "code-taken",
                        format!("代码“{}”已被其他机关使用，请另取一个", unit.code),
                        "",
                    ));
                }
                let event = UnitEvent::Established {
                    code: unit.code,
                    name: unit.name,
                    short_name: unit.short_name,
                    kind: unit.kind,
                    level: unit.level,
                    parent: unit.parent.map(|u| u.to_string()),
                    consolidates_into: unit.consolidates_into.map(|u| u.to_string()),
                };
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
        ctx.actor.must(Permission::ManageUnits)?;
        self.verb(ctx, "change-unit", move |mut work| {
            Box::pin(async move {
                let tree = Tree::read(work.tx, work.region).await?;
                tree.get(id)?;
                let above: Vec<Option<Uuid>> = match &change.event {
                    Some(UnitEvent::Moved { parent, consolidates_into }) => {
                        vec![id_of(parent), id_of(consolidates_into)]
                    }
                    Some(UnitEvent::Closed { successor }) => vec![id_of(successor)],
                    _ => vec![],
                };
                for other in above.into_iter().flatten() {
                    tree.get(other)?;
                    if tree.within(other, id) {
                        return Err(Error::refused(
                            "circle",
                            "上级机关、汇总机关或者承接机关不能是本机关或者其下级机关，请重新选择",
                            "",
                        ));
                    }
                }
                work.change::<Units>(id, version, change).await
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

    /// A unit with its history.
    pub async fn unit_view(&self, ctx: &Context, id: Uuid) -> Result<View<Units>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        let history = docket::<Units>(&mut tx, self.region, id).await?;
        Ok(View {
            id,
            version: u32::try_from(history.len()).unwrap_or(u32::MAX),
            standing: Standing::of(&recorded(&history)),
            history,
            due: None,
        })
    }
}
