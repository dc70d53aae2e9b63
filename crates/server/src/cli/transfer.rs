//! `import` and `export`: registers from and to tables.

use super::batch::{self, Asked};
use super::place::Place;
use super::{Ended, Failure, Hands, Outcome, print, print_line, read_file, stdout_is_terminal, write_file};
use clap::Args;
use law::docket::document::Category;
use service::transfer::{ExportFormat, ImportMode, Kind};
use std::path::PathBuf;

/// For help and errors.
const KIND_HELP: &str = "units（机关名录）、documents（公文登记簿）、requests（申请登记台账）、disputes（复议诉讼登记簿）、\
                         figures（年度数据登记簿）";

fn kind(text: &str) -> Result<Kind, String> {
    Kind::parse(text).ok_or_else(|| format!("没有登记簿“{text}”，可以填写：{KIND_HELP}"))
}

#[derive(Args)]
pub struct Import {
    #[command(flatten)]
    place: Place,
    #[arg(value_name = "登记簿", value_parser = kind, help = KIND_HELP)]
    kind: Kind,
    #[arg(value_name = "文件", help = "csv 或者 xlsx 文件")]
    file: PathBuf,
    #[arg(long, conflicts_with = "take_good", help = "只检查，不导入")]
    dry_run: bool,
    #[arg(long, help = "有错误的行不导入，其余的行导入；不加时有一行错误就全部不导入")]
    take_good: bool,
    #[arg(
        long,
        value_name = "目录",
        help = "历史公文批量导入（只用于 documents）：列表中“正文文件名”“附件文件名”所在的目录，或者 zip 文件；中断后重新运行，会从中断处继续"
    )]
    files: Option<PathBuf>,
    #[arg(
        long,
        value_name = "机关",
        requires = "files",
        help = "批量导入时，没有填写统计单位的公文由哪个机关统计；不写时由制作机关统计"
    )]
    unit: Option<String>,
    #[arg(long, value_name = "类别", requires = "files", value_parser = batch::category, help = "批量导入时，没有填写公文类别的公文属于哪个类别")]
    category: Option<Category>,
}

impl Import {
    pub async fn run(self, hands: &Hands) -> Ended {
        if let Some(files) = &self.files {
            if self.kind != Kind::Documents {
                return Err(
                    "--files 只用于导入公文，请写成 gongkai import documents 列表 --files 目录".into()
                );
            }
            let at = self.place.location(hands)?;
            let service = hands.settings.equip(self.place.open(hands).await?, &at);
            let asked = Asked {
                list: &self.file,
                files,
                unit: self.unit.as_deref(),
                category: self.category,
                dry_run: self.dry_run,
                take_good: self.take_good,
            };
            let ended = batch::run(&service, hands, asked).await;
            service.close().await;
            return ended;
        }
        let bytes = read_file(&self.file)?;
        let service = self.place.open(hands).await?;
        let name = self.file.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let mode = match (self.dry_run, self.take_good) {
            (true, _) => ImportMode::DryRun,
            (_, true) => ImportMode::TakeGood,
            _ => ImportMode::AllOrNothing,
        };
        let outcome = service.import(hands.context(), self.kind, &bytes, &name, mode).await?;
        for bad in &outcome.bad {
            print_line(format!("第{}行 {}：{}", bad.row, bad.column, bad.reason))?;
        }
        let (rows, taken, bad) = (outcome.rows, outcome.taken, outcome.bad.len());
        if self.dry_run {
            print_line(format!("检查完成：共{rows}行，发现{bad}处错误，没有导入"))?;
        } else {
            print_line(format!("共{rows}行，导入{taken}行，发现{bad}处错误"))?;
        }
        service.close().await;
        if bad == 0 {
            return Ok(Outcome::Done);
        }
        if mode == ImportMode::AllOrNothing {
            return Err(Failure::from(
                "表格中有错误，没有导入任何一行，请按提示修改后重新导入，或者加 --take-good 只导入正确的行",
            ));
        }
        Ok(Outcome::Found)
    }
}

#[derive(Args)]
pub struct Export {
    #[command(flatten)]
    place: Place,
    #[arg(value_name = "登记簿", value_parser = kind, help = KIND_HELP)]
    kind: Kind,
    #[arg(long, value_name = "格式", value_parser = format, help = "csv、xlsx 或者 json")]
    format: ExportFormat,
    #[arg(short, long, value_name = "文件", help = "输出文件，默认写到标准输出")]
    output: Option<PathBuf>,
}

fn format(text: &str) -> Result<ExportFormat, String> {
    ExportFormat::parse(text).ok_or_else(|| format!("“{text}”不是导出格式，请填写 csv、xlsx 或者 json"))
}

impl Export {
    pub async fn run(self, hands: &Hands) -> Ended {
        if self.format == ExportFormat::Xlsx && self.output.is_none() && stdout_is_terminal() {
            return Err("xlsx 文件不能显示在终端上，请用 -o 写明输出文件，例如 -o 导出.xlsx".into());
        }
        let service = self.place.open(hands).await?;
        let bytes = service.export(&hands.context(), self.kind, self.format).await?;
        match &self.output {
            Some(file) => {
                write_file(file, &bytes)?;
                eprintln!("已经写入 {}", file.display());
            }
            None => print(&bytes)?,
        }
        service.close().await;
        Ok(Outcome::Done)
    }
}
