//! `report build` and `report cell`: the annual report from the registers, and the records behind a cell. `report
//! consolidate` adds up what a government accepted; `report file` files what another system wrote. `report check` stands in a
//! file of its own.

use super::place::Place;
use super::{
    Ended, Failure, Format, Hands, Outcome, parse, print, print_json, print_line, stdout_is_terminal,
    write_file,
};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use law::docket::report::{Part, Scope};
use law::docket::report_filing::{Line, Reported};
use law::form::Figures;
use law::form::check::{Finding, Severity};
use paper::Fonts;
use service::CellRecords;
use service::Service;
use service::report::{BuiltReport, NewFiling, ReadReport, ReportAsk};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

#[derive(Subcommand)]
pub enum Report {
    #[command(about = "由登记簿生成年度报告")]
    Build(Build),
    #[command(about = "列出年度报告一个单元格背后的记录")]
    Cell(Cell),
    #[command(about = "核查已经公布的年度报告，不论由什么系统编制")]
    Check(super::check::Check),
    #[command(about = "汇总本级政府自身和已接收的各机关报告，并列出汇总范围")]
    Consolidate(Consolidate),
    #[command(about = "读入机关的年度报告，向汇总机关报送")]
    File(File),
}

impl Report {
    pub async fn run(self, hands: &Hands) -> Ended {
        match self {
            Report::Build(c) => c.run(hands).await,
            Report::Cell(c) => c.run(hands).await,
            Report::Check(c) => c.run(hands).await,
            Report::Consolidate(c) => c.run(hands).await,
            Report::File(c) => c.run(hands).await,
        }
    }
}

/// Which report.
#[derive(Args)]
struct Which {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "机关", help = "机关的名称、简称、代码或者编号")]
    unit: String,
    #[arg(long, value_name = "年度", value_parser = parse::year, help = "报告年度，例如 2020")]
    year: i16,
    #[arg(
        long,
        value_name = "范围",
        value_parser = scope,
        default_value = "own",
        help = "own（本机关的报告，默认）或者 government（本级政府的报告）"
    )]
    scope: Scope,
    #[arg(
        long,
        value_name = "时刻",
        value_parser = parse::instant,
        help = "只计入此时刻以前登记的事项，例如 2021-01-31T18:00:00+08:00"
    )]
    as_of: Option<Timestamp>,
}

fn scope(text: &str) -> Result<Scope, String> {
    Scope::parse(text)
        .ok_or_else(|| format!("“{text}”不是报告范围，请填写 own（本机关）或者 government（本级政府）"))
}

impl Which {
    async fn ask(&self, hands: &Hands) -> Result<(Service, ReportAsk), Failure> {
        let service = self.place.open(hands).await?;
        let unit = service.find_unit(&self.unit).await?.id;
        Ok((service, ReportAsk { unit, year: self.year, scope: self.scope, as_of: self.as_of }))
    }
}

#[derive(Args)]
pub struct Build {
    #[command(flatten)]
    which: Which,
    #[arg(
        long,
        value_name = "格式",
        value_parser = format,
        help = "json、html、md、docx、xlsx、pdf 或者 csv；默认按输出文件的扩展名，没有输出文件时为 json"
    )]
    format: Option<paper::Format>,
    #[arg(short, long, value_name = "文件", help = "输出文件，默认写到标准输出")]
    output: Option<PathBuf>,
}

fn format(text: &str) -> Result<paper::Format, String> {
    paper::Format::parse(text)
        .ok_or_else(|| format!("“{text}”不是报告格式，请填写 json、html、md、docx、xlsx、pdf 或者 csv"))
}

/// Formats that are not text.
fn is_binary(format: paper::Format) -> bool {
    matches!(format, paper::Format::Docx | paper::Format::Xlsx | paper::Format::Pdf)
}

/// The report of a body that adds up those of others.
#[derive(Args)]
pub struct Consolidate {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "机关", help = "汇总机关的名称、简称、代码或者编号")]
    unit: String,
    #[arg(long, value_name = "年度", value_parser = parse::year, help = "报告年度，例如 2020")]
    year: i16,
    #[arg(
        long,
        value_name = "时刻",
        value_parser = parse::instant,
        help = "只计入此时刻以前登记、接收的事项，例如 2021-01-31T18:00:00+08:00"
    )]
    as_of: Option<Timestamp>,
    #[arg(
        long,
        value_name = "格式",
        value_parser = format,
        help = "json、html、md、docx、xlsx、pdf 或者 csv；默认按输出文件的扩展名，没有输出文件时为 json"
    )]
    format: Option<paper::Format>,
    #[arg(short, long, value_name = "文件", help = "输出文件，默认写到标准输出")]
    output: Option<PathBuf>,
}

impl Consolidate {
    /// The government's report as `report build` makes it, and what it adds up.
    async fn run(self, hands: &Hands) -> Ended {
        let Consolidate { place, unit, year, as_of, format, output } = self;
        let which = Which { place, unit, year, scope: Scope::Government, as_of };
        let (service, ask) = which.ask(hands).await?;
        let built = service.build_report(&hands.context(), &ask).await?;
        if let Some(sum) = &built.consolidation {
            eprintln!("应当汇总{}个机关的报告，已接收{}个", sum.owed(), sum.members.len());
            for missing in &sum.missing {
                eprintln!("  未计入 {}：{}", missing.name, missing.reason.as_deref().unwrap_or("没有接收"));
            }
        }
        Build { which, format, output }.run(hands).await
    }
}

/// Reports that were read from the JSON of `report build`.
#[derive(Args)]
pub struct File {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "机关", help = "报送机关的名称、简称、代码或者编号；不写则按文件中的 unit")]
    unit: Option<String>,
    #[arg(long, value_name = "理由", help = "接收以后重新报送的理由，或者退回的各处没有修改的理由")]
    reason: Option<String>,
    #[arg(
        value_name = "文件",
        required = true,
        help = "已经公布的报告（网页、PDF、DOCX、文本），或者 report build --format json 生成的文件"
    )]
    files: Vec<PathBuf>,
}

/// What is read of a file; everything else in it is for others.
#[derive(serde::Deserialize)]
struct Written {
    form: String,
    year: i16,
    #[serde(default)]
    unit: Option<WrittenUnit>,
    cells: Figures,
    #[serde(default)]
    texts: BTreeMap<Part, String>,
    /// Kind of the file, if it is no JSON.
    #[serde(skip)]
    kind: Option<paper::read::Kind>,
}

#[derive(serde::Deserialize)]
struct WrittenUnit {
    name: String,
}

/// A report that was published, whatever made it. One of which a row was not read is not filed: nobody could vouch for it.
fn published(bytes: &[u8]) -> Result<Written, String> {
    let reading = paper::read::read(bytes).map_err(|e| e.to_string())?;
    if let Some(refused) = reading.refused.first() {
        let n = reading.refused.len();
        return Err(format!("有{n}处数据没有读出（{}），请改用可以完整读取的文件", refused.reason));
    }
    Ok(Written {
        form: reading.form.id.clone(),
        year: reading.year.ok_or("报告没有写明年度，请补充标题后再报送")?,
        unit: reading.published.organization.clone().map(|name| WrittenUnit { name }),
        cells: reading.figures.clone(),
        texts: reading.published.texts(),
        kind: Some(reading.kind),
    })
}

impl File {
    async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        for file in &self.files {
            self.take(&service, hands, file).await?;
        }
        Ok(Outcome::Done)
    }

    async fn take(&self, service: &Service, hands: &Hands, file: &Path) -> Result<(), Failure> {
        let shown = file.display();
        let bytes = std::fs::read(file).map_err(|e| Failure(format!("{shown} 无法读取：{e}")))?;
        let written = match bytes.first() {
            Some(b'{') => serde_json::from_slice(&bytes).map_err(|e| {
                Failure(format!("{shown} 不是年度报告的 JSON，请用 report build --format json 生成：{e}"))
            })?,
            _ => published(&bytes).map_err(|sentence| Failure(format!("{shown}：{sentence}")))?,
        };
        let named = self.unit.clone().or(written.unit.map(|u| u.name));
        let named = named.ok_or_else(|| Failure(format!("{shown} 没有写明机关，请用 --unit 写明")))?;
        let unit = service.find_unit(&named).await?;
        let kind = written.kind.map_or("json", paper::read::Kind::key);
        let ctx = hands.context();
        let filed = service.filing_view(&ctx, unit.id, written.year).await?.filed;
        let returned = filed.as_ref().map(|f| f.standing.to_settle()).unwrap_or_default();
        let answer = |line: &Line| Some((line.key(), self.reason.clone()?));
        let report = Reported {
            form: written.form,
            organization: unit.name.clone(),
            title: format!("{}{}年政府信息公开工作年度报告", unit.name, written.year),
            figures: written.cells,
            texts: written.texts,
        };
        let name = file.file_name().unwrap_or(file.as_os_str()).to_string_lossy();
        let read = ReadReport::new(report, name, kind, &bytes);
        let new = NewFiling {
            unit: unit.id,
            year: written.year,
            seen: filed.map_or(0, |f| f.version),
            answers: returned.keys().filter_map(answer).collect(),
            reason: self.reason.clone(),
        };
        service.file_read_report(ctx, new, read).await?;
        eprintln!("已经报送{}{}年度报告", unit.short_name, written.year);
        Ok(())
    }
}

impl Build {
    fn format(&self) -> Result<paper::Format, Failure> {
        match (self.format, &self.output) {
            (Some(format), _) => Ok(format),
            (None, None) => Ok(paper::Format::Json),
            (None, Some(file)) => {
                let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default().to_lowercase();
                paper::Format::parse(&ending).ok_or_else(|| {
                    Failure(format!("看不出 {} 是什么格式，请用 --format 写明", file.display()))
                })
            }
        }
    }

    async fn run(self, hands: &Hands) -> Ended {
        let format = self.format()?;
        if is_binary(format) && self.output.is_none() && stdout_is_terminal() {
            let ending = format.extension();
            return Err(format!(
                "{ending} 文件不能显示在终端上，请用 -o 写明输出文件，例如 -o 报告.{ending}"
            )
            .into());
        }
        let (service, ask) = self.which.ask(hands).await?;
        let built = service.build_report(&hands.context(), &ask).await?;
        let fonts = Fonts::system(hands.settings.fonts.as_deref());
        let bytes = Service::render(&built, format, &fonts, None)?;
        match &self.output {
            Some(file) => {
                write_file(file, &bytes)?;
                eprintln!("已经写入 {}", file.display());
            }
            None => {
                print(&bytes)?;
                if format == paper::Format::Json && !bytes.ends_with(b"\n") {
                    print(b"\n")?;
                }
            }
        }
        tell_findings(&built);
        Ok(Outcome::Done)
    }
}

/// What the checks found, in short, on standard error.
fn tell_findings(built: &BuiltReport) {
    let graver: Vec<&Finding> = built.findings.iter().filter(|f| f.severity != Severity::Info).collect();
    if graver.is_empty() {
        return;
    }
    eprintln!("核查发现{}项：", graver.len());
    for f in graver {
        let word = if f.severity == Severity::Error { "错误" } else { "提示" };
        let cite = if f.citation.is_empty() { String::new() } else { format!("（{}）", f.citation) };
        eprintln!("  {word} {} {}{cite}", f.id, f.message);
    }
}

#[derive(Args)]
pub struct Cell {
    #[command(flatten)]
    which: Which,
    #[arg(value_name = "单元格", help = "单元格或者正文指标的编号，例如 requests.new_requests.total")]
    cell: String,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

impl Cell {
    async fn run(self, hands: &Hands) -> Ended {
        let (service, ask) = self.which.ask(hands).await?;
        let found = service.report_cell(&hands.context(), &ask, &self.cell).await?;
        match self.format {
            Format::Json => print_json(&found)?,
            Format::Text => print_line(listed(&found))?,
        }
        Ok(Outcome::Done)
    }
}

/// The value on the first line, then what it adds up where that is not nothing, then the records.
fn listed(found: &CellRecords) -> String {
    let mut text = format!("{}（{}）：{}", found.name, found.id, found.value);
    for part in found.parts.iter().filter(|p| !p.value.is_zero()) {
        text.push_str(&format!("\n  其中 {}（{}）：{}", part.name, part.id, part.value));
    }
    for r in &found.records {
        let number = r.number.as_deref().unwrap_or("无编号");
        text.push_str(&format!("\n  {}  {number}  {}  计{}  {}", r.on, r.title, r.contributes, r.id));
    }
    if found.truncated {
        text.push_str(&format!("\n  记录较多，只列出前{}条", found.records.len()));
    }
    text
}
