//! 报告汇总设置: who collects the reports for a government, and by when they are filed.
//!
//! A government's reports are collected by its main department for disclosure (主管部门, 条例第三条), which is its office as
//! a rule and sits below it in the tree. Named here, it acts for the government in this and nothing else.

use crate::context::{Context, Permission};
use crate::error::{Error, Result};
use crate::unit::Tree;
use crate::versioned::newest;
use crate::{Actor, Service};
use law::docket::report_filing::Deadlines;
use serde::{Deserialize, Serialize};
use store::{Region, Tx};
use uuid::Uuid;

/// How a government collects the reports it adds up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReportSetup {
    /// 主管部门: the unit whose officers act for the government here.
    pub department: Option<Uuid>,
    /// 内部期限
    pub deadlines: Deadlines,
}

fn name(unit: Uuid) -> String {
    format!("report-setup.{unit}")
}

/// The setup of a government, and its version; that of the law where none was made.
pub(crate) async fn setup(tx: &mut Tx, region: Region, unit: Uuid) -> Result<(u32, ReportSetup)> {
    match newest(tx, region, &name(unit)).await? {
        Some((version, kept)) => {
            let read = serde_json::from_str(&kept.source);
            Ok((version, read.map_err(|e| Error::Internal(e.to_string()))?))
        }
        None => Ok((0, ReportSetup::default())),
    }
}

/// Whether the actor acts for this body where reports are collected: it is within reach, or the actor's unit is its main
/// department.
pub(crate) async fn answers_for(tx: &mut Tx, region: Region, actor: &Actor, unit: Uuid) -> Result<bool> {
    let reach = Tree::read(tx, region).await?.reach(actor);
    if reach.is_none_or(|units| units.contains(&unit)) {
        return Ok(true);
    }
    Ok(setup(tx, region, unit).await?.1.department == actor.unit())
}

/// The bodies above the actor's unit for which it collects reports.
pub(crate) async fn collected_by(tx: &mut Tx, region: Region, actor: &Actor) -> Result<Vec<Uuid>> {
    let Some(own) = actor.unit() else { return Ok(Vec::new()) };
    let tree = Tree::read(tx, region).await?;
    let mut found = Vec::new();
    for above in tree.0.iter().map(|u| u.id).filter(|id| *id != own && tree.within(own, *id)) {
        if setup(tx, region, above).await?.1.department == Some(own) {
            found.push(above);
        }
    }
    Ok(found)
}

impl Service {
    /// How a government collects the reports it adds up, and the version of that; everybody of the region may know.
    pub async fn report_setup(&self, ctx: &Context, unit: Uuid) -> Result<(u32, ReportSetup)> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let mut tx = self.look().await?;
        setup(&mut tx, self.region, unit).await
    }

    /// Sets it. `seen` is the version that was looked at.
    ///
    /// # Errors
    /// A day later than the law's.
    pub async fn save_report_setup(
        &self,
        ctx: Context,
        unit: Uuid,
        seen: u32,
        new: ReportSetup,
    ) -> Result<u32> {
        ctx.actor.must(Permission::ManageUnits)?;
        let no = new.deadlines.refusals();
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        self.verb(ctx, "save-report-setup", move |mut work| {
            Box::pin(async move {
                work.must_reach(unit).await?;
                let tree = Tree::read(work.tx, work.region).await?;
                if let Some(department) = new.department
                    && !tree.within(department, unit)
                {
                    let text = "主管部门应当是该机关的下级机关，请重新选择";
                    return Err(Error::refused("not-below", text, "条例第三条"));
                }
                if setup(work.tx, work.region, unit).await?.0 != seen {
                    let text = "报告汇总设置刚刚被其他人修改，您的修改没有保存；请刷新页面后再修改";
                    return Err(Error::Conflict(text.into()));
                }
                let source = serde_json::to_string(&new).map_err(|e| Error::Internal(e.to_string()))?;
                let version = work.keep_version(&name(unit), source).await?;
                let noted = serde_json::json!({
                    "type": "report-setup-saved", "unit": unit, "version": version,
                    "department": new.department, "deadlines": new.deadlines,
                });
                work.note_access(noted).await?;
                Ok(version)
            })
        })
        .await
    }
}
