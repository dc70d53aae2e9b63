//! Commands for whoever looks after the system: `init`, `verify`, `backup`, `restore`, `tidy`, `doctor`.

use super::place::{Place, key_source, shown};
use super::{Ended, Format, Hands, Outcome, print_json, print_line};
use crate::config;
use clap::Args;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use paper::Fonts;
use serde_json::json;
use service::{Location, Service};
use std::io::IsTerminal;
use std::path::PathBuf;

#[derive(Args)]
pub struct Init {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "名称", help = "地区名称，例如 高平市")]
    name: String,
}

impl Init {
    pub async fn run(self, hands: &Hands) -> Ended {
        let at = self.place.location(hands)?;
        let region = self.place.region.ok_or("请用 --region 写明行政区划代码，例如 --region 140581")?;
        let (seed, now) = (hands.clock.seed(), hands.clock.now());
        let service = Service::init_with(&at, &key_source(hands, &at), region, &self.name, seed, now).await?;
        eprintln!("已经为{}（{region}）建立数据：{}", service.region_name(), shown(&at));
        if matches!(at, Location::Folder(_)) && hands.settings.key.is_none() {
            eprintln!("目录中的 key 文件是申请人信息的密钥，请另行妥善保管一份，丢失后无法找回");
        }
        eprintln!("下一步：用 gongkai user add 建立第一个系统管理员账号");
        service.close().await;
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Verify {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

impl Verify {
    pub async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        let bar = progress("校验日志");
        let verified = service
            .verify(&hands.context(), |done, all| {
                bar.set_length(all);
                bar.set_position(done);
            })
            .await?;
        bar.finish_and_clear();
        match self.format {
            Format::Json => print_json(&json!({
                "entries": verified.entries, "dockets": verified.dockets, "problems": verified.problems,
            }))?,
            Format::Text => {
                for problem in &verified.problems {
                    print_line(problem)?;
                }
                let (entries, dockets, wrong) = (verified.entries, verified.dockets, verified.problems.len());
                if wrong == 0 {
                    print_line(format!("校验完成：{entries}条日志、{dockets}份案卷，没有发现问题"))?;
                } else {
                    print_line(format!(
                        "校验完成：{entries}条日志、{dockets}份案卷，发现{wrong}个问题，请停止使用并从备份恢复"
                    ))?;
                }
            }
        }
        Ok(if verified.problems.is_empty() { Outcome::Done } else { Outcome::Found })
    }
}

/// A progress bar on a terminal; nothing elsewhere.
fn progress(what: &'static str) -> ProgressBar {
    let target = if std::io::stderr().is_terminal() {
        ProgressDrawTarget::stderr()
    } else {
        ProgressDrawTarget::hidden()
    };
    let style = ProgressStyle::with_template("{msg} {bar:40} {pos}/{len}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(None, target).with_style(style).with_message(what)
}

#[derive(Args)]
pub struct Backup {
    #[command(flatten)]
    place: Place,
    #[arg(long, help = "连同密钥一起备份；这样的备份应当像密钥一样保管")]
    with_key: bool,
    #[arg(value_name = "备份目录", help = "新目录，备份写在其中")]
    to: PathBuf,
}

impl Backup {
    pub async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        let ctx = hands.context();
        let made = if self.with_key {
            service.backup_with_key(&ctx, &self.to).await?
        } else {
            service.backup(&ctx, &self.to).await?
        };
        service.close().await;
        print_line(made.said)?;
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Restore {
    #[command(flatten)]
    place: Place,
    #[arg(value_name = "备份目录", help = "gongkai backup 写成的目录")]
    from: PathBuf,
}

impl Restore {
    pub async fn run(self, hands: &Hands) -> Ended {
        let restored = Service::restore(&self.from, &self.place.location(hands)?).await?;
        print_line(restored.said)?;
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Tidy {
    #[command(flatten)]
    place: Place,
}

impl Tidy {
    pub async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        let tidied = service.tidy_files(hands.context()).await?;
        service.close().await;
        print_line(match tidied.files {
            0 => "没有需要清理的文件".to_owned(),
            n => format!("已清理{n}个没有登记的文件，共{}字节", tidied.bytes),
        })?;
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Doctor {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

impl Doctor {
    pub async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        let fonts = Fonts::system(hands.settings.fonts.as_deref());
        let all = service.doctor(&hands.context(), &fonts).await?;
        let settings: Vec<(&str, &str, String)> = config::all()
            .map(|s| {
                let value = match std::env::var(s.env) {
                    Ok(v) if !v.trim().is_empty() && s.secret => "已设置（不显示）".to_owned(),
                    Ok(v) if !v.trim().is_empty() => v,
                    _ => format!("未设置，默认：{}", s.default),
                };
                (s.env, s.about, value)
            })
            .collect();
        match self.format {
            Format::Json => {
                let checkups: Vec<_> =
                    all.iter().map(|c| json!({ "name": c.name, "ok": c.ok, "advice": c.advice })).collect();
                let settings: Vec<_> = settings
                    .iter()
                    .map(|(env, about, value)| json!({ "env": env, "about": about, "value": value }))
                    .collect();
                print_json(&json!({ "checkups": checkups, "settings": settings }))?;
            }
            Format::Text => {
                for c in &all {
                    print_line(format!("{} {}：{}", if c.ok { "正常" } else { "注意" }, c.name, c.advice))?;
                }
                print_line("设置（环境变量）")?;
                for (env, about, value) in settings {
                    print_line(format!("  {env}  {about}\n      {value}"))?;
                }
            }
        }
        Ok(if all.iter().all(|c| c.ok) { Outcome::Done } else { Outcome::Found })
    }
}
