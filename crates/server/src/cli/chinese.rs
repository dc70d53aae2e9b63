//! The command line speaks Chinese: its help, and one clear sentence for every way of getting an argument wrong.

use clap::builder::{Arg, Command, StyledStr};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{ArgAction, Error};

/// Puts the words of the framework into Chinese, in this command and all below it.
pub fn speak(command: Command) -> Command {
    named(command, "")
}

fn named(mut command: Command, above: &str) -> Command {
    let name = if above.is_empty() {
        command.get_name().to_owned()
    } else {
        format!("{above} {}", command.get_name())
    };
    command = command
        .disable_help_flag(true)
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .arg_required_else_help(false)
        .subcommand_help_heading("命令")
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "参数" } else { "选项" };
            let arg = arg.help_heading(heading);
            let takes_values = arg.get_action().takes_values();
            if takes_values { arg.hide_default_value(true).hide_possible_values(true) } else { arg }
        })
        .arg(
            Arg::new("help")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help("显示说明")
                .help_heading("选项"),
        )
        .help_template("{about}\n\n用法：{usage}\n\n{all-args}");
    if above.is_empty() {
        command = command.arg(
            Arg::new("version")
                .short('V')
                .long("version")
                .action(ArgAction::Version)
                .help("显示版本")
                .help_heading("选项"),
        );
    }
    let usage = usage(&name, &command);
    command = command.override_usage(usage);
    let below: Vec<String> = command.get_subcommands().map(|c| c.get_name().to_owned()).collect();
    below.into_iter().fold(command, |command, sub| command.mut_subcommand(sub, |c| named(c, &name)))
}

/// `gongkai report cell [选项] --unit <机关> --year <年度> <单元格>`
fn usage(name: &str, command: &Command) -> StyledStr {
    let mut text = name.to_owned();
    if command.has_subcommands() && !command.is_args_conflicts_with_subcommands_set() {
        text.push_str(" <命令>");
        return text.into();
    }
    text.push_str(" [选项]");
    for arg in command.get_arguments().filter(|a| a.is_required_set() && !a.is_positional()) {
        text.push_str(&format!(" --{}{}", arg.get_long().unwrap_or_default(), value(arg)));
    }
    text.extend(command.get_positionals().map(value));
    for sub in command.get_subcommands() {
        let values: String = sub.get_positionals().map(value).collect();
        text.push_str(&format!("\n　　　{name} {}{values}", sub.get_name()));
    }
    text.into()
}

/// ` <年度>`
fn value(arg: &Arg) -> String {
    let more = if arg.get_num_args().is_some_and(|n| n.max_values() > 1) { "…" } else { "" };
    arg.get_value_names().unwrap_or_default().iter().map(|name| format!(" <{name}>{more}")).collect()
}

/// One Chinese sentence that says what is wrong with the arguments and what to do.
pub fn sentence(error: &Error) -> String {
    let get = |kind| error.get(kind).map(text).unwrap_or_default();
    let arg = get(ContextKind::InvalidArg);
    let value = get(ContextKind::InvalidValue);
    let hint = "运行时加上 --help 可以查看说明";
    match error.kind() {
        ErrorKind::ValueValidation => match std::error::Error::source(error) {
            Some(why) => format!("{arg} 的值无法使用：{why}"),
            None => format!("{arg} 的值“{value}”无法使用，{hint}"),
        },
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} 后面需要填写内容，{hint}"),
        ErrorKind::InvalidValue => {
            let valid = get(ContextKind::ValidValue);
            format!("{arg} 不能是“{value}”，可以填写：{valid}")
        }
        ErrorKind::UnknownArgument => {
            let suggested = get(ContextKind::SuggestedArg);
            if suggested.is_empty() {
                format!("不认识参数 {arg}，请检查拼写，{hint}")
            } else {
                format!("不认识参数 {arg}，是不是 {suggested}？{hint}")
            }
        }
        ErrorKind::InvalidSubcommand => {
            let (name, suggested) =
                (get(ContextKind::InvalidSubcommand), get(ContextKind::SuggestedSubcommand));
            if suggested.is_empty() {
                format!("没有命令“{name}”，{hint}")
            } else {
                format!("没有命令“{name}”，是不是“{suggested}”？{hint}")
            }
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必填的参数：{arg}，{hint}"),
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let valid = get(ContextKind::ValidSubcommand);
            if valid.is_empty() {
                format!("请写明要执行的命令，{hint}")
            } else {
                format!("请写明要执行的命令，可以是：{valid}")
            }
        }
        ErrorKind::ArgumentConflict => {
            let other = get(ContextKind::PriorArg);
            if other == arg || other.is_empty() {
                format!("参数 {arg} 只能写一次")
            } else {
                format!("参数 {arg} 和 {other} 只能选用一个")
            }
        }
        ErrorKind::NoEquals | ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} 后面的内容个数不对，{hint}")
        }
        ErrorKind::TooManyValues => format!("{arg} 后面多出了“{value}”，{hint}"),
        ErrorKind::InvalidUtf8 => "参数中有无法识别的字符，请使用 UTF-8 编码".to_owned(),
        _ => format!("命令行参数无法使用，{hint}"),
    }
}

fn text(value: &ContextValue) -> String {
    match value {
        ContextValue::String(s) => s.clone(),
        ContextValue::Strings(all) => all.join("、"),
        other => other.to_string(),
    }
}
