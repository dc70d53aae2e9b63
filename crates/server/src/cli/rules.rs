//! Commands that ask the law: `calendar`, `clock`, `fee`. Only `calendar install` touches data.

use super::place::Place;
use super::{Ended, Format, Hands, Outcome, parse, print_json, print_line, read_file};
use clap::{Args, Subcommand};
use jiff::civil::Date;
use law::clock::{Extension, Input, Pause};
use law::fee::Basis;
use law::{Due, Refusal};
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub struct Calendar {
    #[arg(value_name = "年度", value_parser = parse::year, required = true, help = "年度，例如 2020")]
    year: Option<i16>,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
    #[command(subcommand)]
    job: Option<CalendarJob>,
}

#[derive(Subcommand)]
enum CalendarJob {
    #[command(about = "若干个工作日之后的日期，起始日不计算在内")]
    Add {
        #[arg(value_name = "日期", value_parser = parse::date, help = "起始日期，例如 2020-01-15")]
        from: Date,
        #[arg(value_name = "天数", value_parser = parse::count, help = "工作日数")]
        days: u32,
        #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
        format: Format,
    },
    #[command(
        about = "安装一个年度的工作日历文件，未办结申请的期限随之重新计算；运行中的服务一分钟内自行采用"
    )]
    Install {
        #[arg(value_name = "文件", help = "工作日历文件，例如 2027.toml")]
        file: PathBuf,
        #[command(flatten)]
        place: Place,
    },
}

/// Installs a file and recalculates at once.
async fn install(hands: &Hands, file: &Path, place: Place) -> Ended {
    let text = String::from_utf8(read_file(file)?)
        .map_err(|_| format!("{} 不是文本文件，请核对是否选错文件", file.display()))?;
    let service = place.open(hands).await?;
    let changed = service.install_calendar(hands.context(), &text).await?;
    let done = service.follow_calendar(hands.context()).await?;
    service.close().await;
    let years: Vec<String> = changed.iter().map(|c| format!("{}年", c.year)).collect();
    print_line(match years.as_slice() {
        [] => "工作日历与现行的一致，期限没有变化".to_owned(),
        all => format!(
            "{}的工作日历已经启用；核对未办结申请{}件，期限变更{}件，已经记入日志",
            all.join("、"),
            done.seen,
            done.moved
        ),
    })?;
    Ok(Outcome::Done)
}

impl Calendar {
    pub async fn run(self, hands: &Hands) -> Ended {
        let calendar = law::calendar::Calendar::builtin();
        if let Some(CalendarJob::Install { file, place }) = self.job {
            return install(hands, &file, place).await;
        }
        if let Some(CalendarJob::Add { from, days, format }) = self.job {
            let (on, provisional) = calendar.add(from, days).map_err(|e| e.to_string())?;
            match format {
                Format::Json => print_json(&json!({ "on": on, "provisional": provisional }))?,
                Format::Text => {
                    print_line(on)?;
                    if provisional {
                        eprintln!("这一日期是暂定的：涉及的年度尚无放假通知，请在通知公布后重新计算");
                    }
                }
            }
            return Ok(Outcome::Done);
        }
        let year = self.year.ok_or("请填写年度，例如 gongkai calendar 2020")?;
        let Some(days) = calendar.working_days_in(year) else {
            let years: Vec<i16> = calendar.years().collect();
            let known = match (years.first(), years.last()) {
                (Some(first), Some(last)) => format!("请填写{first}年至{last}年，或者升级程序"),
                _ => "请升级程序".to_owned(),
            };
            return Err(format!("没有{year}年的放假通知，无法确定工作日数，{known}").into());
        };
        match self.format {
            Format::Text => print_line(days)?,
            Format::Json => {
                let notices: Vec<_> = calendar
                    .notices(year)
                    .iter()
                    .map(|n| json!({ "number": n.number_verified.then_some(&n.number), "title": n.title }))
                    .collect();
                print_json(&json!({ "year": year, "working_days": days, "notices": notices }))?;
            }
        }
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Clock {
    #[arg(long, value_name = "日期", value_parser = parse::date, help = "收到申请之日")]
    received: Date,
    #[arg(long, value_name = "日期", value_parser = parse::date, help = "收到补正后的申请之日")]
    corrected: Option<Date>,
    #[arg(
        long,
        value_name = "起..止",
        value_parser = parse::pause,
        help = "征求意见：发出之日..收到意见之日，可以写多次；尚未结束的不写止"
    )]
    consult: Vec<Pause>,
    #[arg(long, value_name = "天数", value_parser = parse::count, help = "延长的工作日数，不超过20")]
    extend: Option<u32>,
    #[arg(long, value_name = "日期", value_parser = parse::date, help = "缴纳信息处理费之日")]
    paid: Option<Date>,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

impl Clock {
    pub fn run(self, hands: &Hands) -> Ended {
        let input = Input {
            corrected: self.corrected,
            paid: self.paid,
            consultations: self.consult,
            extension: self.extend.map(|days| Extension { days, told_on: None }),
            ..Input::received(self.received)
        };
        let due = law::clock::due(&input, law::calendar::Calendar::builtin(), hands.today())
            .map_err(|refusals| sentence(&refusals))?;
        match self.format {
            Format::Json => print_json(&due)?,
            Format::Text => print_line(explained(&due))?,
        }
        Ok(Outcome::Done)
    }
}

/// The refusals of a rule as one sentence.
fn sentence(refusals: &[Refusal]) -> String {
    let all: Vec<String> = refusals
        .iter()
        .map(|r| if r.citation.is_empty() { r.text.clone() } else { format!("{}（{}）", r.text, r.citation) })
        .collect();
    all.join("；")
}

/// The date on the first line, its reasons below.
fn explained(due: &Due) -> String {
    let mut text = due.on.to_string();
    if due.provisional {
        text.push_str("（暂定，待放假通知公布后重新计算）");
    }
    for step in &due.because {
        text.push_str("\n  ");
        text.push_str(&step.text);
        if !step.citation.is_empty() {
            text.push_str(&format!("（{}）", step.citation));
        }
    }
    text
}

#[derive(Args)]
pub struct Fee {
    #[arg(long, value_name = "方式", value_parser = basis, help = "requests（按件）或者 pages（按量）")]
    basis: Basis,
    #[arg(long, value_name = "数量", value_parser = parse::count, help = "当月累计件数，或者一件申请的页数")]
    count: u32,
    #[arg(long, value_name = "日期", value_parser = parse::date, help = "适用哪一天施行的标准，默认今天")]
    on: Option<Date>,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

fn basis(text: &str) -> Result<Basis, String> {
    Basis::parse(text)
        .ok_or_else(|| format!("“{text}”不是计收方式，请填写 requests（按件）或者 pages（按量）"))
}

impl Fee {
    pub fn run(self, hands: &Hands) -> Ended {
        let on = self.on.unwrap_or_else(|| hands.today());
        let yuan = law::fee::total(self.basis, self.count, on).map_err(|e| e.to_string())?;
        match self.format {
            Format::Text => print_line(yuan)?,
            Format::Json => {
                let citation = law::fee::citation(self.basis, on).map_err(|e| e.to_string())?;
                print_json(&json!({
                    "basis": self.basis.word(), "count": self.count, "on": on, "yuan": yuan, "citation": citation,
                }))?;
            }
        }
        Ok(Outcome::Done)
    }
}
