//! `demo` and `serve`: the sample county, and serving.

use super::place::{Place, key_source, open, shown};
use super::{Ended, Failure, Format, Hands, Outcome, print_json, print_line};
use crate::demo::{self, SampleAccount};
use crate::inbox::Maildir;
use crate::mailer::Mailer;
use crate::{App, jobs, serve};
use clap::Args;
use serde_json::json;
use service::{Location, Region, Service, StoreError};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use tokio::net::TcpListener;

/// Where pages are served if nothing else is said: this machine only.
const LISTEN: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
/// Folder of the sample if none is named.
const FOLDER: &str = "gongkai-demo";
/// Year of the sample report.
const YEAR: i16 = 2020;

#[derive(Args)]
pub struct Demo {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "地址", value_parser = address, help = "监听的地址和端口，默认 127.0.0.1:8080，被占用时换下一个")]
    listen: Option<SocketAddr>,
    #[arg(long, help = "只建立示例数据，不提供服务")]
    no_serve: bool,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "地址", value_parser = address, help = "监听的地址和端口，默认 127.0.0.1:8080")]
    listen: Option<SocketAddr>,
}

fn address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| format!("“{text}”不是地址和端口，请按 127.0.0.1:8080 的格式填写"))
}

impl Serve {
    pub async fn run(self, hands: Hands) -> Ended {
        let place = self.place.location(&hands)?;
        let service = hands.settings.equip(self.place.open(&hands).await?, &place);
        let at = self.listen.or(hands.settings.listen).unwrap_or(LISTEN);
        let listener = serve::listen(at, false).await?;
        let url = url(&hands, &listener)?;
        print_line(format!("{} 已经开始服务：{url}/ ，按 Ctrl-C 停止", service.region_name()))?;
        serve_until_told(hands, service, listener).await
    }
}

impl Demo {
    pub async fn run(self, hands: Hands) -> Ended {
        let at = self.place.named(&hands).unwrap_or_else(|| Location::Folder(PathBuf::from(FOLDER)));
        // First the port: a county filled for nothing would be told its passwords in vain.
        let listener = match self.no_serve {
            true => None,
            false => {
                let named = self.listen.or(hands.settings.listen);
                Some(serve::listen(named.unwrap_or(LISTEN), named.is_none()).await?)
            }
        };
        let (service, made) = open_or_fill(&at, &hands, self.place.region).await?;
        let service = hands.settings.equip(service, &at);
        let office = service.find_unit(demo::OFFICE).await.ok();
        let base = listener.as_ref().map(|l| url(&hands, l)).transpose()?;
        let told = Told {
            place: shown(&at),
            base,
            report: office.map(|o| format!("/reports/{}/{YEAR}", o.code)),
            accounts: made.as_deref(),
            at: &at,
        };
        match self.format {
            Format::Json => print_json(&told.json())?,
            Format::Text => print_line(told.text())?,
        }
        match listener {
            Some(listener) => serve_until_told(hands, service, listener).await,
            None => {
                service.close().await;
                Ok(Outcome::Done)
            }
        }
    }
}

/// What `demo` prints.
struct Told<'a> {
    place: String,
    base: Option<String>,
    report: Option<String>,
    accounts: Option<&'a [SampleAccount]>,
    at: &'a Location,
}

impl Told<'_> {
    fn json(&self) -> serde_json::Value {
        let accounts = self.accounts.unwrap_or_default().iter();
        let accounts: Vec<_> = accounts
            .map(|a| json!({ "login": a.login, "password": a.password, "purpose": a.purpose }))
            .collect();
        json!({
            "place": self.place, "created": self.accounts.is_some(), "address": self.base,
            "report": self.report, "sign_in": "/desk/sign-in", "accounts": accounts,
        })
    }

    fn text(&self) -> String {
        let mut text = match self.accounts {
            Some(_) => format!("示例县已经建好：{}", self.place),
            None => format!("打开已有的数据：{}", self.place),
        };
        if let Some(base) = &self.base {
            text.push_str(&format!("\n首页　　　　{base}/"));
            if let Some(report) = &self.report {
                text.push_str(&format!("\n{YEAR}年度报告　{base}{report}"));
            }
            text.push_str(&format!("\n工作人员登录　{base}/desk/sign-in"));
        } else if let (Some(_), Location::Folder(folder)) = (&self.report, self.at) {
            let (folder, office) = (folder.display(), demo::OFFICE);
            text.push_str(&format!(
                "\n查看{YEAR}年度报告：gongkai report build --data {folder} --unit {office} --year {YEAR} -o 报告.html"
            ));
        }
        match self.accounts {
            Some(accounts) => {
                text.push_str("\n示例账号（密码只在这里显示一次）：");
                for a in accounts {
                    text.push_str(&format!("\n  {}　{}　{}", a.login, a.password, a.purpose));
                }
            }
            None => text.push_str("\n示例账号的密码在建立时显示过；忘记的可以用 gongkai user password 重设"),
        }
        if self.base.is_some() {
            text.push_str("\n按 Ctrl-C 停止");
        }
        text
    }
}

/// Opens what is there, or makes and fills a new one.
async fn open_or_fill(
    at: &Location,
    hands: &Hands,
    region: Option<Region>,
) -> Result<(Service, Option<Vec<SampleAccount>>), Failure> {
    let key = key_source(hands, at);
    let nothing_there = match at {
        Location::Folder(folder) => is_free(folder),
        Location::Postgres(_) => match Service::open_with(at, &key, region).await {
            Ok(service) => {
                if service.published_reports(None, None, None).await?.is_empty() {
                    return Err("该数据库中没有完整的示例数据，请换一个空的数据库".into());
                }
                service.follow_calendar(hands.context()).await?;
                return Ok((service, None));
            }
            Err(service::Error::Store(StoreError::NotAStore(_))) => true,
            Err(e) => return Err(e.into()),
        },
    };
    if !nothing_there {
        return Ok((open(at, hands, region).await?, None));
    }
    eprintln!("正在建立示例数据，请稍候……");
    let region = region.unwrap_or(Region(demo::REGION));
    let (seed, now) = (hands.clock.seed(), hands.clock.now());
    match at {
        Location::Postgres(_) => {
            let service = Service::init_with(at, &key, region, demo::REGION_NAME, seed, now).await?;
            let accounts = demo::fill(&service, hands.clock.seed(), hands.clock.now()).await?;
            Ok((service, Some(accounts)))
        }
        Location::Folder(folder) => {
            // Filled beside its place and renamed when complete: an interrupted demo leaves nothing half made.
            let beside = beside(folder);
            if beside.exists() {
                std::fs::remove_dir_all(&beside)
                    .map_err(|e| super::wrote(&beside.display().to_string(), &e))?;
            }
            let there = Location::Folder(beside.clone());
            let filled = fill_at(&there, hands, region, seed, now).await;
            let accounts = match filled {
                Ok(accounts) => accounts,
                Err(failure) => {
                    // The first failure is the one to tell.
                    let _ = std::fs::remove_dir_all(&beside);
                    return Err(failure);
                }
            };
            std::fs::rename(&beside, folder).map_err(|e| super::wrote(&folder.display().to_string(), &e))?;
            Ok((open(at, hands, Some(region)).await?, Some(accounts)))
        }
    }
}

async fn fill_at(
    at: &Location,
    hands: &Hands,
    region: Region,
    seed: [u8; 32],
    now: jiff::Timestamp,
) -> Result<Vec<SampleAccount>, Failure> {
    let service =
        Service::init_with(at, &key_source(hands, at), region, demo::REGION_NAME, seed, now).await?;
    let filled = demo::fill(&service, hands.clock.seed(), hands.clock.now()).await;
    service.close().await;
    Ok(filled?)
}

/// Whether a folder can be made here: nothing is there, or an empty folder.
fn is_free(folder: &Path) -> bool {
    match std::fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(e) => e.kind() == std::io::ErrorKind::NotFound,
    }
}

/// A name beside the folder, on the same disk.
fn beside(folder: &Path) -> PathBuf {
    let mut name = folder.file_name().unwrap_or_default().to_owned();
    name.push(".unfinished");
    folder.with_file_name(name)
}

/// The address as a browser wants it.
fn url(hands: &Hands, listener: &TcpListener) -> Result<String, Failure> {
    if let Some(public) = &hands.settings.public_url {
        return Ok(public.clone());
    }
    let at = listener.local_addr().map_err(|e| format!("无法得知监听的地址：{e}"))?;
    Ok(format!("http://{at}"))
}

async fn serve_until_told(hands: Hands, service: Service, listener: TcpListener) -> Ended {
    let mailer = Mailer::of(&hands.settings)?;
    let inbox = Maildir::of(&hands.settings)?;
    let app = App::new(service.clone(), hands.clock, hands.settings);
    let jobs = tokio::spawn(jobs::run(app.clone(), mailer, inbox));
    let served = serve::run(app, listener, serve::order_to_stop()).await;
    // What a job had begun to write is finished by the writer; what it held is taken again after its lease.
    jobs.abort();
    service.close().await;
    served.map_err(|e| format!("服务中断：{e}，请查看运行日志后重新启动"))?;
    Ok(Outcome::Done)
}
