//! The command line (a contract, DESIGN §5; scripts rely on it).
//!
//! Results go to standard output, everything else to standard error. Exit status: 0 done, 1 a check found errors,
//! 2 the input or the arguments could not be used, with one Chinese sentence that says what to do.
//!
//! To add a command: one variant of `Command`, one arm of `run`, one file here, one test in `tests/cli.rs`.

mod batch;
mod check;
mod chinese;
mod demo;
mod maintain;
mod parse;
pub use parse::pause;
mod place;
mod report;
mod rules;
mod transfer;
mod user;

use crate::{Clock, Settings};
use clap::error::ErrorKind;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use serde::Serialize;
use service::StoreError;
use std::fmt;
use std::future::Future;
use std::io::{self, IsTerminal, Write};
use std::panic::{self, AssertUnwindSafe};
use std::path::Path;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "gongkai", version, about = "公开：政府信息公开工作系统")]
struct Line {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    #[command(about = "建立示例县的数据并提供服务，用于试用")]
    Demo(demo::Demo),
    #[command(about = "建立新的数据目录或者数据库")]
    Init(maintain::Init),
    #[command(about = "提供网页和接口服务")]
    Serve(demo::Serve),
    #[command(about = "政府信息公开工作年度报告")]
    #[command(subcommand)]
    Report(report::Report),
    #[command(about = "工作日：全年天数、若干个工作日之后的日期，安装新的工作日历")]
    Calendar(rules::Calendar),
    #[command(about = "计算申请的答复期限并说明理由")]
    Clock(rules::Clock),
    #[command(about = "计算信息处理费，单位是元")]
    Fee(rules::Fee),
    #[command(about = "从表格导入登记簿")]
    Import(transfer::Import),
    #[command(about = "导出登记簿")]
    Export(transfer::Export),
    #[command(about = "校验日志和全部数据")]
    Verify(maintain::Verify),
    #[command(about = "备份")]
    Backup(maintain::Backup),
    #[command(about = "从备份恢复")]
    Restore(maintain::Restore),
    #[command(about = "清理没有登记的材料文件")]
    Tidy(maintain::Tidy),
    #[command(about = "检查运行条件")]
    Doctor(maintain::Doctor),
    #[command(about = "账号")]
    #[command(subcommand)]
    User(user::User),
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

/// How a command ended, if not in an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    /// Status 0.
    Done,
    /// Status 1: a check found errors.
    Found,
}

/// Why a command could not be carried out: status 2 and one sentence.
#[derive(Debug)]
struct Failure(String);

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<String> for Failure {
    fn from(sentence: String) -> Self {
        Failure(sentence)
    }
}

impl From<&str> for Failure {
    fn from(sentence: &str) -> Self {
        Failure(sentence.to_owned())
    }
}

/// The sentence says what to do; what only helps to find a defect goes to the log.
impl From<service::Error> for Failure {
    fn from(error: service::Error) -> Self {
        if let service::Error::Internal(_) | service::Error::Store(StoreError::Database(_)) = &error {
            tracing::error!(?error, "a verb failed");
        }
        Failure(error.to_string())
    }
}

type Ended = Result<Outcome, Failure>;

/// What every command has in its hands.
struct Hands {
    clock: Clock,
    settings: Settings,
}

impl Hands {
    /// A context of the operator at the machine.
    fn context(&self) -> service::Context {
        service::Context::new(self.clock.now(), service::Actor::Operator, self.clock.seed())
    }

    fn today(&self) -> jiff::civil::Date {
        service::civil_date(self.clock.now())
    }
}

/// The program: reads arguments and environment, runs one command, and says how it ended.
pub fn main() -> ExitCode {
    let line = chinese::speak(Line::command()).try_get_matches().and_then(|m| Line::from_arg_matches(&m));
    let line = match line {
        Ok(line) => line,
        Err(e) if matches!(e.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) => {
            return match print(e.to_string().as_bytes()) {
                Ok(()) => ExitCode::SUCCESS,
                Err(failure) => fail(&failure),
            };
        }
        Err(e) => return fail(&Failure(chinese::sentence(&e))),
    };
    let settings = match Settings::from_env() {
        Ok(settings) => settings,
        Err(sentence) => return fail(&Failure(sentence)),
    };
    let serving = matches!(line.command, Command::Serve(_) | Command::Demo(_));
    begin_log(&settings, serving);
    // A defect is for the log, on one line; people get a sentence, never a trace.
    panic::set_hook(Box::new(|defect| tracing::error!(%defect, "a defect of the program")));
    let hands = Hands { clock: Clock::system(), settings };
    match panic::catch_unwind(AssertUnwindSafe(|| run(line.command, hands))) {
        Ok(Ok(Outcome::Done)) => ExitCode::SUCCESS,
        Ok(Ok(Outcome::Found)) => ExitCode::from(1),
        Ok(Err(failure)) => fail(&failure),
        Err(_) => fail(&Failure::from("程序内部出错，本次操作没有完成，请把运行日志交给系统管理员处理")),
    }
}

fn run(command: Command, hands: Hands) -> Ended {
    match command {
        Command::Calendar(c) => wait(c.run(&hands)),
        Command::Clock(c) => c.run(&hands),
        Command::Fee(c) => c.run(&hands),
        Command::Demo(c) => wait(c.run(hands)),
        Command::Serve(c) => wait(c.run(hands)),
        Command::Init(c) => wait(c.run(&hands)),
        Command::Report(c) => wait(c.run(&hands)),
        Command::Import(c) => wait(c.run(&hands)),
        Command::Export(c) => wait(c.run(&hands)),
        Command::Verify(c) => wait(c.run(&hands)),
        Command::Backup(c) => wait(c.run(&hands)),
        Command::Restore(c) => wait(c.run(&hands)),
        Command::Tidy(c) => wait(c.run(&hands)),
        Command::Doctor(c) => wait(c.run(&hands)),
        Command::User(c) => wait(c.run(&hands)),
    }
}

fn wait(command: impl Future<Output = Ended>) -> Ended {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.map_err(|e| Failure(format!("无法启动运行环境，请检查系统资源限制：{e}")))?.block_on(command)
}

fn fail(failure: &Failure) -> ExitCode {
    // Nothing is left to do if standard error is closed.
    let _ = writeln!(io::stderr(), "{failure}");
    ExitCode::from(2)
}

/// The log goes to standard error; commands that do not serve only log what went wrong.
fn begin_log(settings: &Settings, serving: bool) {
    let filter = settings.log.clone().unwrap_or_else(|| (if serving { "info" } else { "error" }).to_owned());
    let filter = tracing_subscriber::EnvFilter::try_new(filter).unwrap_or_default();
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).with_ansi(false);
    // A second subscriber in one process is refused; the first goes on.
    let _ = log.try_init();
}

/// Writes to standard output. A reader that has gone away is no error worth telling.
fn print(bytes: &[u8]) -> Result<(), Failure> {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(e) if e.kind() != io::ErrorKind::BrokenPipe => Err(wrote("标准输出", &e)),
        _ => Ok(()),
    }
}

fn print_line(line: impl fmt::Display) -> Result<(), Failure> {
    print(format!("{line}\n").as_bytes())
}

fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    let text = serde_json::to_string(value).map_err(|e| Failure(format!("结果无法写成 JSON：{e}")))?;
    print_line(text)
}

/// Writes a file whole or not at all: beside its place, then renamed. A device or a pipe is written to as it is.
fn write_file(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    if std::fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir()) {
        return std::fs::write(path, bytes).map_err(|e| wrote(&path.display().to_string(), &e));
    }
    let name = path
        .file_name()
        .ok_or_else(|| Failure(format!("{} 不是文件名，请写明要写入的文件", path.display())))?;
    let mut beside = name.to_owned();
    beside.push(format!(".{}.part", std::process::id()));
    let beside = path.with_file_name(beside);
    let written = std::fs::File::create(&beside)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| std::fs::rename(&beside, path));
    written.map_err(|e| {
        // What was begun is taken away; if even that fails, the first error is the one to tell.
        let _ = std::fs::remove_file(&beside);
        wrote(&path.display().to_string(), &e)
    })
}

/// The sentence for a write that failed.
fn wrote(what: &str, e: &io::Error) -> Failure {
    Failure(match e.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
            format!("磁盘空间不足，{what} 没有写入，请清理磁盘后重试")
        }
        io::ErrorKind::PermissionDenied => format!("没有权限写入 {what}，请换一个位置或者调整权限"),
        io::ErrorKind::NotFound => format!("{what} 所在的目录不存在，请先建立目录"),
        _ => format!("无法写入 {what}，请检查路径和磁盘：{e}"),
    })
}

/// A file, or the sentence that says why it cannot be read.
fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|e| {
        let name = path.display();
        Failure(match e.kind() {
            io::ErrorKind::NotFound => format!("没有找到文件 {name}，请核对路径"),
            io::ErrorKind::PermissionDenied => format!("没有权限读取文件 {name}，请调整权限"),
            _ => format!("无法读取文件 {name}，请核对路径：{e}"),
        })
    })
}

fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed_and_its_help_is_chinese() {
        let mut command = chinese::speak(Line::command());
        command.build();
        fn look(command: &mut clap::Command) {
            let help = command.render_long_help().to_string();
            for english in ["Usage", "Options", "Commands", "Arguments", "Print", "default", "possible"] {
                assert!(!help.contains(english), "{}: {help}", command.get_name());
            }
            assert!(help.contains("用法"), "{help}");
            assert!(command.get_about().is_some(), "{}", command.get_name());
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{}: {}", command.get_name(), arg.get_id());
            }
            for sub in command.get_subcommands_mut() {
                look(sub);
            }
        }
        look(&mut command);
    }
}
