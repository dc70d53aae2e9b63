//! Where the data are: `--data DIR`, or `--database URL`, or what the environment says.

use super::{Failure, Hands, parse};
use clap::Args;
use service::upkeep::KeySource;
use service::{Location, Region, Service};
use std::path::PathBuf;

/// The two ways to name the data.
#[derive(Args)]
pub struct Place {
    #[arg(long, value_name = "目录", conflicts_with = "database", help = "数据目录")]
    data: Option<PathBuf>,
    #[arg(
        long,
        value_name = "网址",
        help = "PostgreSQL 数据库地址，代替 --data；密钥由环境变量 GONGKAI_KEY 给出"
    )]
    database: Option<String>,
    #[arg(
        long,
        value_name = "区划代码",
        value_parser = parse::region,
        help = "行政区划代码，例如 140581；库中只有一个地区时可以不写"
    )]
    pub region: Option<Region>,
}

impl Place {
    /// The place named by the arguments, else by the environment; `None` if by neither.
    pub fn named(&self, hands: &Hands) -> Option<Location> {
        let set = &hands.settings;
        match (&self.data, &self.database) {
            (Some(folder), _) => Some(Location::Folder(folder.clone())),
            (None, Some(url)) => Some(Location::Postgres(url.clone())),
            (None, None) => match (&set.data, &set.database) {
                (Some(folder), _) => Some(Location::Folder(folder.clone())),
                (None, Some(url)) => Some(Location::Postgres(url.clone())),
                (None, None) => None,
            },
        }
    }

    /// The place; a sentence if none is named.
    pub fn location(&self, hands: &Hands) -> Result<Location, Failure> {
        self.named(hands).ok_or_else(|| {
            Failure::from("请用 --data 指定数据目录，或者用 --database 指定 PostgreSQL 数据库地址")
        })
    }

    /// Opens what is there.
    pub async fn open(&self, hands: &Hands) -> Result<Service, Failure> {
        open(&self.location(hands)?, hands, self.region).await
    }
}

/// Opens a place. Another program or file may have brought another calendar: dates follow it before anybody reads them.
pub async fn open(at: &Location, hands: &Hands, region: Option<Region>) -> Result<Service, Failure> {
    let service = Service::open_with(at, &key_source(hands, at), region).await?;
    let done = service.follow_calendar(hands.context()).await?;
    if done.moved > 0 {
        eprintln!("工作日历已经更新，{}件未办结申请的期限已经重新计算并记入日志", done.moved);
    }
    Ok(service)
}

/// The key in the data folder; without one, the key given by the environment.
pub fn key_source(hands: &Hands, at: &Location) -> KeySource {
    match (at, hands.settings.key) {
        (Location::Folder(folder), _) if folder.join("key").is_file() => KeySource::Folder,
        (_, Some(key)) => KeySource::Given(key),
        (_, None) => KeySource::Folder,
    }
}

/// How people read a place; a database address holds a password and is not repeated.
pub fn shown(at: &Location) -> String {
    match at {
        Location::Folder(folder) => folder.display().to_string(),
        Location::Postgres(_) => "PostgreSQL 数据库".to_owned(),
    }
}
