//! The doctor: is everything there that the coming year needs?

use crate::Service;
use crate::account::roles_of;
use crate::context::{Context, Permission, Role};
use crate::error::Result;
use crate::verify::chain_ends_at_head;
use serde::Serialize;
use store::Engine;

/// Free space below which the doctor warns: a busy county writes less in a year.
const SPARE: u64 = 2 * 1024 * 1024 * 1024;

/// One thing looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Checkup {
    /// What was looked at.
    pub name: String,
    /// Whether it is well.
    pub ok: bool,
    /// What was found, and if it is not well, what to do.
    pub advice: String,
}

fn found(name: &str, advice: impl Into<String>) -> Checkup {
    Checkup { name: name.into(), ok: true, advice: advice.into() }
}

fn wanting(name: &str, advice: impl Into<String>) -> Checkup {
    Checkup { name: name.into(), ok: false, advice: advice.into() }
}

impl Service {
    /// Looks at the store, the calendar, the fonts, the disk and the accounts. Nothing that is wrong stops it: every
    /// finding is in the list.
    ///
    /// # Errors
    /// Only if the actor may not ask.
    pub async fn doctor(&self, ctx: &Context, fonts: &paper::Fonts) -> Result<Vec<Checkup>> {
        ctx.actor.must(Permission::Upkeep)?;
        let mut all = vec![self.examine_store().await, self.examine_chain().await];
        let year = ctx.today().year();
        all.push(self.examine_year(year, "今年"));
        // The State Council's notice for a year comes in October or November of the year before.
        if ctx.today().month() >= 11 {
            all.push(self.examine_year(year + 1, "明年"));
        }
        all.extend(examine_fonts(fonts));
        all.push(self.examine_files().await);
        all.push(self.examine_disk());
        all.extend(self.examine_accounts().await);
        Ok(all)
    }

    async fn examine_store(&self) -> Checkup {
        let name = "数据库";
        let engine = match self.store.engine() {
            Engine::Sqlite => "SQLite",
            Engine::Postgres => "PostgreSQL",
        };
        let known = store::migrate::MIGRATIONS.iter().map(|m| m.0).max().unwrap_or_default();
        let look = async { Ok::<_, crate::Error>(self.look().await?.regions().await?.len()) };
        match look.await {
            Ok(n) => found(name, format!("{engine} 可以访问，数据版本 {known}，地区 {n} 个")),
            Err(e) => wanting(name, e.to_string()),
        }
    }

    async fn examine_chain(&self) -> Checkup {
        let name = "日志末条";
        match chain_ends_at_head(&self.store, self.region).await {
            Ok((seq, None)) => {
                found(name, format!("共 {seq} 条日志，末条与登记相符；逐条校验请运行 gongkai verify"))
            }
            Ok((_, Some(problem))) => wanting(name, format!("{problem}；请停止使用，运行 gongkai verify")),
            Err(e) => wanting(name, e.to_string()),
        }
    }

    fn examine_year(&self, year: i16, which: &str) -> Checkup {
        let name = format!("{which}工作日历");
        match self.calendar.working_days_in(year) {
            Some(days) => {
                let notice = self.calendar.notices(year).first().map_or("", |n| n.citation());
                found(&name, format!("{year}年工作日{days}天（{notice}）"))
            }
            None => wanting(
                &name,
                format!(
                    "没有{year}年的放假通知，跨年的答复期限只能暂定，请升级程序，或者用 gongkai calendar install 安装日历文件"
                ),
            ),
        }
    }

    async fn examine_files(&self) -> Checkup {
        let name = "材料文件";
        let blobs = match self.depot.blobs() {
            Ok(blobs) => blobs,
            Err(_) => {
                return wanting(name, "没有设置存放文件的目录，不能上传材料，请设置环境变量 GONGKAI_FILES");
            }
        };
        let look = async { Ok::<_, crate::Error>((self.kept_files().await?, blobs.list().await?)) };
        match look.await {
            Ok(((files, bytes), there)) => {
                let bytes = u64::try_from(bytes).unwrap_or_default();
                let extra = there.len().saturating_sub(usize::try_from(files).unwrap_or_default());
                let mut said = format!("登记材料 {files} 份，共 {}", size(bytes));
                if extra > 0 {
                    said.push_str(&format!("；另有 {extra} 个文件没有登记，可以用 gongkai tidy 清理"));
                }
                found(name, said)
            }
            Err(e) => wanting(name, e.to_string()),
        }
    }

    fn examine_disk(&self) -> Checkup {
        let name = "磁盘空间";
        let Some(folder) = &self.home.folder else {
            return found(name, "数据在数据库服务器上，请在该服务器上查看");
        };
        match free_space(folder) {
            Some(free) if free >= SPARE => found(name, format!("剩余 {}", size(free))),
            Some(free) => {
                wanting(name, format!("只剩 {}，请清理磁盘或者扩容，磁盘写满后不能登记", size(free)))
            }
            None => found(name, "本系统上无法读取剩余空间，请自行查看"),
        }
    }

    async fn examine_accounts(&self) -> Vec<Checkup> {
        let name = "账号";
        let accounts = async { Ok::<_, crate::Error>(self.look().await?.accounts(self.region).await?) };
        let accounts = match accounts.await {
            Ok(accounts) => accounts,
            Err(e) => return vec![wanting(name, e.to_string())],
        };
        let holds = |role: Role| {
            accounts.iter().any(|a| !a.disabled && roles_of(a).is_ok_and(|roles| roles.contains(&role)))
        };
        let mut all = Vec::new();
        for role in [Role::Administrator, Role::Officer, Role::Head] {
            if !holds(role) {
                let advice = format!("没有可用的{}账号，请用 gongkai user add 建立", role.label());
                all.push(wanting(name, advice));
            }
        }
        if all.is_empty() {
            let usable = accounts.iter().filter(|a| !a.disabled).count();
            all.push(found(name, format!("可用账号 {usable} 个，主要角色齐备")));
        }
        all
    }
}

fn examine_fonts(fonts: &paper::Fonts) -> Vec<Checkup> {
    let missing = fonts.missing();
    if missing.is_empty() {
        return vec![found("字体", "公文所需字体齐备")];
    }
    let advise = |m: paper::MissingFont| {
        let advice = format!("缺少{}，PDF 中以其他字体代替，请安装软件包 {}", m.look, m.package);
        wanting("字体", advice)
    };
    missing.into_iter().map(advise).collect()
}

#[cfg(unix)]
fn free_space(folder: &std::path::Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

#[cfg(not(unix))]
fn free_space(_: &std::path::Path) -> Option<u64> {
    None
}

fn size(bytes: u64) -> String {
    let mib = bytes / (1024 * 1024);
    if mib >= 10 * 1024 { format!("{} GB", mib / 1024) } else { format!("{mib} MB") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_whole_numbers() {
        assert_eq!(size(0), "0 MB");
        assert_eq!(size(SPARE), "2048 MB");
        assert_eq!(size(500 * 1024 * 1024 * 1024), "500 GB");
    }

    #[cfg(unix)]
    #[test]
    fn the_disk_of_a_folder_can_be_read() {
        assert!(free_space(std::path::Path::new("/")).is_some());
        assert!(free_space(std::path::Path::new("/no/such/folder")).is_none());
    }
}
