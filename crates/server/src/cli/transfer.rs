//! `import` and `export`: registers from and to tables.

use super::place::Place;
use super::{Ended, Failure, Hands, Outcome, print, print_line, read_file, stdout_is_terminal, write_file};
use clap::Args;
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
}

impl Import {
    pub async fn run(self, hands: &Hands) -> Ended {
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
