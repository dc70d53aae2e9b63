//! Accounts: `user add`, `password`, `roles`, `list`, `disable`, `enable`. Passwords never are arguments: others on the
//! machine can read those.

use super::place::Place;
use super::{Ended, Failure, Format, Hands, Outcome, print_json, print_line};
use clap::{Args, Subcommand};
use serde_json::json;
use service::Role;
use service::account::{NewAccount, roles_of};
use std::io::{self, BufRead, IsTerminal, Write};
use std::process::{Command, Stdio};

#[derive(Subcommand)]
pub enum User {
    #[command(about = "建立账号；密码从标准输入读取或者提示输入")]
    Add(Add),
    #[command(about = "重设密码；密码从标准输入读取或者提示输入")]
    Password(One),
    #[command(about = "调整角色")]
    Roles(Roles),
    #[command(about = "列出账号")]
    List(List),
    #[command(about = "停用账号")]
    Disable(One),
    #[command(about = "启用账号")]
    Enable(One),
}

impl User {
    pub async fn run(self, hands: &Hands) -> Ended {
        match self {
            User::Add(c) => c.run(hands).await,
            User::Password(c) => {
                let service = c.place.open(hands).await?;
                let password = ask_password()?;
                service.set_password(hands.context(), &c.login, &password).await?;
                eprintln!("账号 {} 的密码已经重设", c.login);
                Ok(Outcome::Done)
            }
            User::Roles(c) => {
                let service = c.one.place.open(hands).await?;
                service.set_roles(hands.context(), &c.one.login, c.roles).await?;
                eprintln!("账号 {} 的角色已经调整", c.one.login);
                Ok(Outcome::Done)
            }
            User::List(c) => c.run(hands).await,
            User::Disable(c) => c.set_disabled(hands, true).await,
            User::Enable(c) => c.set_disabled(hands, false).await,
        }
    }
}

/// The keys and names of all roles, for help and errors.
const ROLES: &str = "administrator（系统管理员）、officer（信息公开工作人员）、reviewer（审核人员）、head（单位负责人）、\
                     supervisor（督查人员）、auditor（审计人员）";

fn role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("没有角色“{text}”，可以填写：{ROLES}"))
}

#[derive(Args)]
pub struct One {
    #[command(flatten)]
    place: Place,
    #[arg(value_name = "登录名", help = "登录名")]
    login: String,
}

impl One {
    async fn set_disabled(self, hands: &Hands, disabled: bool) -> Ended {
        let service = self.place.open(hands).await?;
        service.set_disabled(hands.context(), &self.login, disabled).await?;
        eprintln!("账号 {} 已经{}", self.login, if disabled { "停用" } else { "启用" });
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct Roles {
    #[command(flatten)]
    one: One,
    #[arg(value_name = "角色", value_parser = role, required = true, help = ROLES)]
    roles: Vec<Role>,
}

#[derive(Args)]
pub struct Add {
    #[command(flatten)]
    one: One,
    #[arg(long, value_name = "姓名", help = "使用人姓名")]
    name: String,
    #[arg(long, value_name = "机关", help = "所属机关的名称、简称或者代码；不写则面向全地区")]
    unit: Option<String>,
    #[arg(long, value_name = "角色", value_parser = role, required = true, value_delimiter = ',', help = ROLES)]
    role: Vec<Role>,
}

impl Add {
    async fn run(self, hands: &Hands) -> Ended {
        let service = self.one.place.open(hands).await?;
        let unit = match &self.unit {
            Some(text) => Some(service.find_unit(text).await?.id),
            None => None,
        };
        let new = NewAccount {
            login: self.one.login.clone(),
            name: self.name,
            unit,
            roles: self.role,
            password: ask_password()?,
        };
        service.create_account(hands.context(), new).await?;
        eprintln!("账号 {} 已经建立", self.one.login);
        Ok(Outcome::Done)
    }
}

#[derive(Args)]
pub struct List {
    #[command(flatten)]
    place: Place,
    #[arg(long, value_name = "格式", default_value = "text", help = "输出格式：text 或者 json")]
    format: Format,
}

impl List {
    async fn run(self, hands: &Hands) -> Ended {
        let service = self.place.open(hands).await?;
        let mut listed = Vec::new();
        for row in service.accounts(&hands.context()).await? {
            let roles = roles_of(&row)?;
            match self.format {
                Format::Json => listed.push(json!({
                    "login": row.login, "name": row.name, "unit": row.unit, "disabled": row.disabled,
                    "roles": roles.iter().map(|r| r.key()).collect::<Vec<_>>(),
                })),
                Format::Text => {
                    let roles: Vec<&str> = roles.iter().map(|r| r.label()).collect();
                    let state = if row.disabled { "  已停用" } else { "" };
                    print_line(format!("{}  {}  {}{state}", row.login, row.name, roles.join("、")))?;
                }
            }
        }
        if self.format == Format::Json {
            print_json(&listed)?;
        }
        Ok(Outcome::Done)
    }
}

/// Asked twice without echo on a terminal; otherwise the first line of standard input.
fn ask_password() -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return read_line();
    }
    let _quiet = Quiet::begin();
    let first = prompt("请输入密码：")?;
    if first != prompt("请再输入一次：")? {
        return Err("两次输入的密码不一致，请重新运行命令".into());
    }
    Ok(first)
}

fn prompt(words: &str) -> Result<String, Failure> {
    eprint!("{words}");
    // The prompt is a courtesy; reading goes on without it.
    let _ = io::stderr().flush();
    let line = read_line();
    eprintln!();
    line
}

fn read_line() -> Result<String, Failure> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    let text = line.trim_end_matches(['\r', '\n']);
    match read {
        Ok(_) if !text.is_empty() => Ok(text.to_owned()),
        Ok(_) => Err("没有读到密码，请从标准输入给出一行密码，或者在终端上运行后按提示输入".into()),
        Err(_) => Err("密码无法读取，请使用 UTF-8 编码".into()),
    }
}

/// The terminal without echo, until it is dropped. `stty` is everywhere where there is a terminal.
struct Quiet;

impl Quiet {
    fn begin() -> Self {
        stty("-echo");
        Quiet
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        stty("echo");
    }
}

fn stty(word: &str) {
    // Without stty the password is seen while it is typed, which is no reason to stop.
    let _ = Command::new("stty").arg(word).stdin(Stdio::inherit()).stderr(Stdio::null()).status();
}
