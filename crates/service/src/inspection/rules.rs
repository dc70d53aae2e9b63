//! 核查规则设置: what a unit changes of the checks of published reports, in versions. The units below it use them unless
//! they have their own; where nobody has any, the rules are those of the law.
//!
//! They are used for inspections only. What a unit publishes or files itself is checked by the rules of the law, where a
//! finding stands only by a recorded decision on it: no setting is a second way past.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::register::Work;
use crate::unit::{Tree, id_of};
use crate::versioned::{Kept, in_line, newest, of_version};
use crate::{Region, Service};
use law::Date;
use law::docket::report_inspection::RulesUsed;
use law::form::check::Settings;
use law::form::setting_change::SettingChange;
use law::form::settings::STATUTORY;
use serde::{Deserialize, Serialize};
use store::Tx;
use uuid::Uuid;

/// Bytes of a file of settings at most.
pub const LARGEST_RULES: usize = 256 << 10;
/// Versions told at most, the newest first.
const TOLD: u32 = 50;

/// A version as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Version {
    /// None where the unit has given its own up.
    settings: Option<Settings>,
    /// What it changed, one sentence each.
    said: Vec<String>,
}

impl Version {
    fn read(kept: &Kept) -> Result<Version> {
        serde_json::from_str(&kept.source).map_err(|e| Error::Internal(e.to_string()))
    }
}

/// A version of a unit's settings, as its history tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesVersion {
    /// Its number.
    pub version: u32,
    /// Day it was made.
    pub on: Date,
    /// By whom.
    pub by: String,
    /// What it changed, one Chinese sentence each.
    pub said: Vec<String>,
}

/// The settings of the checks at a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RulesView {
    /// The version of its own settings; 0 if it never made any.
    pub version: u32,
    /// Whether it has its own.
    pub own: bool,
    /// What holds here.
    pub settings: Settings,
    /// The unit whose settings they are; none where nobody has made any.
    pub whose: Option<Uuid>,
    /// The settings as an inspection names them; none where they change nothing.
    pub used: Option<RulesUsed>,
    /// Its own versions, the newest first.
    pub history: Vec<RulesVersion>,
}

/// Settings that hold at a unit.
pub(super) struct InForce {
    pub(super) settings: Settings,
    pub(super) used: Option<RulesUsed>,
    whose: Option<Uuid>,
}

fn name(unit: Uuid) -> String {
    format!("check-rules.{unit}")
}

/// What holds at a unit; for the whole region, what holds at the unit at the top of it.
pub(super) async fn in_force(tx: &mut Tx, region: Region, unit: Option<Uuid>) -> Result<InForce> {
    let tree = Tree::read(tx, region).await?;
    // A unit whose registration was voided since is as none.
    let unit = unit.filter(|unit| tree.get(*unit).is_ok());
    if let Some(unit) = unit.or_else(|| top(&tree)) {
        for (id, version, kept) in in_line(tx, region, unit, name).await? {
            if let Some(settings) = Version::read(&kept)?.settings {
                let unit = tree.get(id)?;
                let used = RulesUsed { unit: id.to_string(), name: unit.name.clone(), version, on: kept.on };
                let used = (!settings.is_statutory()).then_some(used);
                return Ok(InForce { settings, used, whose: Some(id) });
            }
        }
    }
    Ok(InForce { settings: STATUTORY.clone(), used: None, whose: None })
}

/// The settings an inspection says it was made with.
pub(super) async fn as_used(tx: &mut Tx, region: Region, used: Option<&RulesUsed>) -> Result<Settings> {
    let Some(used) = used else { return Ok(STATUTORY.clone()) };
    let missing = || Error::Internal(format!("settings of checks are missing: {used:?}"));
    let unit = id_of(&Some(used.unit.clone())).ok_or_else(missing)?;
    let kept = of_version(tx, region, &name(unit), used.version).await?.ok_or_else(missing)?;
    Version::read(&kept)?.settings.ok_or_else(missing)
}

/// The unit at the top of the region.
fn top(tree: &Tree) -> Option<Uuid> {
    tree.0.iter().find(|u| u.parent.is_none() && u.valid_to.is_none()).map(|u| u.id)
}

impl Service {
    /// The unit whose settings are used where this actor inspects: its own; for the whole region the unit at the top. None
    /// in a region without units.
    pub async fn inspecting_unit(&self, ctx: &Context) -> Result<Option<Uuid>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        if let Some(own) = ctx.actor.unit() {
            return Ok(Some(own));
        }
        Ok(top(&Tree::read(&mut self.look().await?, self.region).await?))
    }

    /// The settings of the checks at a unit; everybody of the region may know by what is inspected.
    pub async fn check_rules(&self, ctx: &Context, unit: Uuid) -> Result<RulesView> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        Tree::read(&mut tx, self.region).await?.get(unit)?;
        let version = newest(&mut tx, self.region, &name(unit)).await?.map_or(0, |(version, _)| version);
        let mut history = Vec::new();
        for version in (version.saturating_sub(TOLD) + 1..=version).rev() {
            let Some(kept) = of_version(&mut tx, self.region, &name(unit), version).await? else { continue };
            let said = Version::read(&kept)?.said;
            history.push(RulesVersion { version, on: kept.on, by: kept.by, said });
        }
        let now = in_force(&mut tx, self.region, Some(unit)).await?;
        Ok(RulesView {
            version,
            own: now.whose == Some(unit),
            settings: now.settings,
            whose: now.whose,
            used: now.used,
            history,
        })
    }

    /// Changes the settings of a unit; the first change begins with those of the unit above. `seen` is the version that was
    /// looked at. Inspections follow from their next run on.
    ///
    /// # Errors
    /// Every reason why they may not be kept so; a conflict if `seen` is not the version that holds.
    pub async fn change_check_rules(
        &self,
        ctx: Context,
        unit: Uuid,
        seen: u32,
        change: SettingChange,
    ) -> Result<u32> {
        ctx.actor.must(Permission::SetRules)?;
        self.verb(ctx, "change-check-rules", move |mut work| {
            Box::pin(async move {
                work.may_change_rules(unit, seen).await?;
                let now = in_force(work.tx, work.region, Some(unit)).await?;
                let (settings, said) = now.settings.changed(&change).map_err(Error::Refused)?;
                work.keep_rules(unit, Version { settings: Some(settings), said }).await
            })
        })
        .await
    }

    /// Replaces the settings of a unit by those of a file, as `report check --rules` reads it.
    ///
    /// # Errors
    /// As [`Service::change_check_rules`], and if the file is not of settings.
    pub async fn upload_check_rules(
        &self,
        ctx: Context,
        unit: Uuid,
        seen: u32,
        content: Vec<u8>,
    ) -> Result<u32> {
        ctx.actor.must(Permission::SetRules)?;
        if content.len() > LARGEST_RULES {
            let text = format!("规则设置文件不能超过{}KB，请核对文件", LARGEST_RULES >> 10);
            return Err(Error::Invalid(text));
        }
        let text = String::from_utf8(content)
            .map_err(|_| Error::Invalid("规则设置文件应当是UTF-8编码的文本，请另存后再上传".into()))?;
        let all = Settings::read(&text).map_err(Error::Invalid)?;
        self.change_check_rules(ctx, unit, seen, SettingChange::Replace(all)).await
    }

    /// Gives up the settings of a unit: those of the unit above hold again, or those of the law.
    ///
    /// # Errors
    /// If it has none of its own; a conflict as in [`Service::change_check_rules`].
    pub async fn give_up_check_rules(&self, ctx: Context, unit: Uuid, seen: u32) -> Result<u32> {
        ctx.actor.must(Permission::SetRules)?;
        self.verb(ctx, "give-up-check-rules", move |mut work| {
            Box::pin(async move {
                work.may_change_rules(unit, seen).await?;
                if in_force(work.tx, work.region, Some(unit)).await?.whose != Some(unit) {
                    let text = "本机关没有自己的核查规则设置，请刷新页面后再看";
                    return Err(Error::refused("no-own-rules", text, ""));
                }
                let said = vec!["不再使用本机关自己的设置".to_owned()];
                work.keep_rules(unit, Version { settings: None, said }).await
            })
        })
        .await
    }
}

impl Work<'_> {
    async fn may_change_rules(&mut self, unit: Uuid, seen: u32) -> Result<()> {
        self.must_reach(unit).await?;
        let now = newest(self.tx, self.region, &name(unit)).await?.map_or(0, |(version, _)| version);
        if now != seen {
            let text = "核查规则设置刚刚被其他人修改，您的修改没有保存；请刷新页面，核对最新内容后再修改";
            return Err(Error::Conflict(text.into()));
        }
        Ok(())
    }

    /// Keeps a version and writes into the journal what it is and what it changed.
    async fn keep_rules(&mut self, unit: Uuid, new: Version) -> Result<u32> {
        let source = serde_json::to_string(&new).map_err(|e| Error::Internal(e.to_string()))?;
        let version = self.keep_version(&name(unit), source).await?;
        let noted = serde_json::json!({
            "type": "check-rules-saved", "unit": unit, "version": version,
            "said": new.said, "settings": new.settings,
        });
        self.note_access(noted).await?;
        Ok(version)
    }
}

/// Whether an inspection that was made with these settings would be made with others now.
pub(super) fn differ(then: Option<&RulesUsed>, now: Option<&RulesUsed>) -> bool {
    let which = |used: &RulesUsed| (used.unit.clone(), used.version);
    then.map(which) != now.map(which)
}
