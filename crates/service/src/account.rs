//! Accounts: who may sign in, with which roles, and for how long.
//!
//! An account is a docket like any other: created, given roles, disabled, enabled, locked. Its password never enters the
//! journal; the hash is kept in the table of secrets, the token of a session only as its SM3 hash.

pub mod password;
mod sign_in;

pub use sign_in::{FAILURES, IDLE, LOCKED, LONGEST, SignedIn};

use crate::Service;
use crate::context::{Actor, Context, Permission, Role};
use crate::error::{Error, Result};
use crate::register::{Change, Place, Register, Work};
use futures_util::future::BoxFuture;
use jiff::Timestamp;
use jiff::civil::Date;
use law::Refusal;
use law::calendar::Calendar;
use law::docket::{Recorded, in_force};
use serde::{Deserialize, Serialize};
use store::{AccountRow, Region, SecretRow, Tx};
use uuid::Uuid;

/// What can happen to an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum AccountEvent {
    /// 建立
    Created {
        /// Login name; never changes.
        login: String,
        /// Name of the person.
        name: String,
        /// The unit the person works for; none for the whole region.
        unit: Option<Uuid>,
        /// Roles.
        roles: Vec<Role>,
    },
    /// 调整角色
    RolesSet {
        /// The roles from now on.
        roles: Vec<Role>,
    },
    /// 重设密码: that it happened, nothing of the password.
    PasswordSet,
    /// 停用
    Disabled,
    /// 启用
    Enabled,
    /// 锁定 after failed sign-ins.
    Locked {
        /// Until when.
        until: Timestamp,
    },
}

/// Where an account stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Login name.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// The unit the person works for.
    pub unit: Option<Uuid>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Whether it may not be used.
    pub disabled: bool,
}

/// The register of accounts.
#[derive(Debug, Clone, Copy)]
pub struct Accounts;

impl Register for Accounts {
    const KIND: &'static str = "account";
    const NAME: &'static str = "账号";
    type Event = AccountEvent;
    type Standing = Account;

    fn fold(docket: &[Recorded<AccountEvent>]) -> Option<Account> {
        let events = in_force(docket);
        let (first, rest) = events.split_first()?;
        let AccountEvent::Created { login, name, unit, roles } = first.event else { return None };
        let mut account = Account {
            login: login.clone(),
            name: name.clone(),
            unit: *unit,
            roles: sorted(roles),
            disabled: false,
        };
        for happened in rest {
            match happened.event {
                AccountEvent::RolesSet { roles } => account.roles = sorted(roles),
                AccountEvent::Disabled => account.disabled = true,
                AccountEvent::Enabled => account.disabled = false,
                AccountEvent::Created { .. } | AccountEvent::PasswordSet | AccountEvent::Locked { .. } => {}
            }
        }
        Some(account)
    }

    fn may_begin(event: &AccountEvent, _: Date) -> Vec<Refusal> {
        let AccountEvent::Created { login, name, roles, .. } = event else {
            return vec![Refusal::new("not-created", "账号尚未建立，请先建立账号", "")];
        };
        let mut no = Vec::new();
        let fits =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | '@');
        if !(2..=64).contains(&login.len()) || !login.chars().all(fits) {
            no.push(Refusal::new(
                "login-malformed",
                "登录名由2至64位小写字母、数字和 . - _ @ 组成，请重新填写",
                "",
            ));
        }
        if name.trim().is_empty() {
            no.push(Refusal::new("name-missing", "请填写使用人姓名", ""));
        }
        refuse_roles(roles, &mut no);
        no
    }

    fn may(standing: &Account, event: &AccountEvent, _: Date, _: &Calendar) -> Vec<Refusal> {
        let mut no = Vec::new();
        match event {
            AccountEvent::Created { .. } => no.push(Refusal::new("already-created", "账号已经建立", "")),
            AccountEvent::RolesSet { roles } => refuse_roles(roles, &mut no),
            AccountEvent::Disabled if standing.disabled => {
                no.push(Refusal::new("already-disabled", "账号已经停用", ""));
            }
            AccountEvent::Enabled if !standing.disabled => {
                no.push(Refusal::new("not-disabled", "账号没有停用，不需要启用", ""));
            }
            _ => {}
        }
        no
    }

    fn put<'a>(
        tx: &'a mut Tx,
        place: Place,
        s: &'a Account,
        _: &'a Calendar,
    ) -> BoxFuture<'a, store::Result<()>> {
        Box::pin(async move { tx.put_account(place.region, &row(place, s)).await })
    }

    fn remove<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, store::Result<()>> {
        // No verb voids the creation of an account, so there is no row to take away.
        let _ = (tx, region, id);
        Box::pin(async { Ok(()) })
    }
}

/// 三员分立 (GB/T 22239-2019): who administers the system does not audit it.
fn refuse_roles(roles: &[Role], no: &mut Vec<Refusal>) {
    if roles.is_empty() {
        no.push(Refusal::new("roles-missing", "请至少选择一个角色", ""));
    }
    if roles.contains(&Role::Administrator) && roles.contains(&Role::Auditor) {
        no.push(Refusal::new("roles-joined", "系统管理员不能兼任审计人员，请分设账号", "GB/T 22239-2019"));
    }
}

fn sorted(roles: &[Role]) -> Vec<Role> {
    let mut roles = roles.to_vec();
    roles.sort();
    roles.dedup();
    roles
}

/// The derived row of an account.
pub(crate) fn row(place: Place, s: &Account) -> AccountRow {
    let roles: Vec<&str> = s.roles.iter().map(|r| r.key()).collect();
    AccountRow {
        id: place.id,
        login: s.login.clone(),
        name: s.name.clone(),
        unit: s.unit,
        roles: serde_json::Value::from(roles).to_string(),
        disabled: s.disabled,
        version: i64::from(place.version),
    }
}

/// The roles of a row.
pub fn roles_of(row: &AccountRow) -> Result<Vec<Role>> {
    serde_json::from_str(&row.roles).map_err(|e| Error::Internal(format!("roles of account {}: {e}", row.id)))
}

/// Who acts under an account.
pub(crate) fn actor_of(row: &AccountRow) -> Result<Actor> {
    Ok(Actor::Officer { account: row.id, name: row.name.clone(), unit: row.unit, roles: roles_of(row)? })
}

/// An officer as other officers know one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// Account id.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Own unit; none means the whole region.
    pub unit: Option<Uuid>,
    /// Whether a request can be handled under this account.
    pub handles: bool,
    /// Whether a request can be looked at under it.
    pub reads: bool,
}

/// An account to be created.
#[derive(Clone)]
pub struct NewAccount {
    /// Login name.
    pub login: String,
    /// Name of the person.
    pub name: String,
    /// The unit the person works for; none for the whole region.
    pub unit: Option<Uuid>,
    /// Roles.
    pub roles: Vec<Role>,
    /// First password.
    pub password: String,
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn salt(ctx: &mut Context) -> [u8; 16] {
    let mut salt = [0; 16];
    salt.copy_from_slice(&ctx.entropy.bytes()[..16]);
    salt
}

fn no_account(login: &str) -> Error {
    Error::NotFound(format!("没有登录名为“{login}”的账号，请核对登录名"))
}

impl Work<'_> {
    /// Adds an event to the docket of an account, at whatever version it is: these events do not depend on what
    /// anybody saw before.
    async fn account_event(&mut self, account: Uuid, event: AccountEvent) -> Result<()> {
        let version = u32::try_from(self.docket::<Accounts>(account).await?.len()).unwrap_or(u32::MAX);
        let on = self.ctx.today();
        self.change::<Accounts>(account, version, Change::event(on, event)).await?;
        Ok(())
    }

    async fn account_named(&mut self, login: &str) -> Result<AccountRow> {
        self.tx.account_by_login(self.region, login).await?.ok_or_else(|| no_account(login))
    }
}

impl Service {
    /// Creates an account.
    ///
    /// # Errors
    /// [`Error::Refused`] with every reason: malformed or taken login, missing name or roles, weak password.
    pub async fn create_account(&self, mut ctx: Context, new: NewAccount) -> Result<Uuid> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let login = new.login.trim().to_lowercase();
        let name = new.name.trim().to_owned();
        let event =
            AccountEvent::Created { login: login.clone(), name, unit: new.unit, roles: sorted(&new.roles) };
        let mut no = Accounts::may_begin(&event, ctx.today());
        no.extend(password::refuse(&login, &new.password));
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        let id = ctx.new_id();
        let password_hash = password::hash(new.password, salt(&mut ctx)).await?;
        self.verb(ctx, "create-account", move |mut work| {
            Box::pin(async move {
                if work.tx.account_by_login(work.region, &login).await?.is_some() {
                    let text = format!("登录名“{login}”已被使用，请另取一个");
                    return Err(Error::refused("login-taken", text, ""));
                }
                if let Some(unit) = new.unit
                    && work.tx.unit(work.region, unit).await?.is_none()
                {
                    return Err(Error::NotFound("没有找到账号所属的机关，请重新选择".into()));
                }
                let on = work.ctx.today();
                work.begin::<Accounts>(id, vec![Change::event(on, event)]).await?;
                let secret = SecretRow { account: id, password_hash, failed: 0, locked_until: None };
                work.tx.put_secret(work.region, &secret).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Sets the password of any account and ends its sessions and its lock.
    pub async fn set_password(&self, ctx: Context, login: &str, password: &str) -> Result<()> {
        ctx.actor.must(Permission::ManageAccounts)?;
        self.put_password(ctx, login.trim().to_lowercase(), password.to_owned()).await
    }

    /// Changes one's own password; the old one is asked for. Ends every session of the account.
    pub async fn change_own_password(&self, ctx: Context, current: &str, password: &str) -> Result<()> {
        let Actor::Officer { account, .. } = &ctx.actor else { return Err(Error::SignIn) };
        let mut tx = self.look().await?;
        let row = tx.account(self.region, *account).await?.ok_or(Error::SignIn)?;
        drop(tx);
        // Guessing here counts like guessing at the door.
        let (admitted, _) = self.attempt(ctx.clone(), &row.login, current).await?;
        if admitted.is_none() {
            return Err(Error::Invalid("原密码不正确，请重新输入".into()));
        }
        self.put_password(ctx, row.login, password.to_owned()).await
    }

    async fn put_password(&self, mut ctx: Context, login: String, password: String) -> Result<()> {
        let no = password::refuse(&login, &password);
        if !no.is_empty() {
            return Err(Error::Refused(no));
        }
        let password_hash = password::hash(password, salt(&mut ctx)).await?;
        self.verb(ctx, "set-password", move |mut work| {
            Box::pin(async move {
                let account = work.account_named(&login).await?.id;
                work.account_event(account, AccountEvent::PasswordSet).await?;
                let secret = SecretRow { account, password_hash, failed: 0, locked_until: None };
                work.tx.put_secret(work.region, &secret).await?;
                work.tx.delete_sessions_of(work.region, account).await?;
                Ok(())
            })
        })
        .await
    }

    /// Sets the roles of an account; nobody sets their own. Asking for what is so already changes nothing.
    pub async fn set_roles(&self, ctx: Context, login: &str, roles: Vec<Role>) -> Result<()> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let (login, roles) = (login.trim().to_lowercase(), sorted(&roles));
        self.verb(ctx, "set-roles", move |mut work| {
            Box::pin(async move {
                let row = work.account_named(&login).await?;
                refuse_self(&work.ctx, row.id, "不能调整自己的角色，请由其他系统管理员办理")?;
                if roles_of(&row)? == roles {
                    return Ok(());
                }
                work.account_event(row.id, AccountEvent::RolesSet { roles }).await
            })
        })
        .await
    }

    /// Disables or enables an account; nobody disables their own. Disabling ends its sessions.
    pub async fn set_disabled(&self, ctx: Context, login: &str, disabled: bool) -> Result<()> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let login = login.trim().to_lowercase();
        self.verb(ctx, "set-disabled", move |mut work| {
            Box::pin(async move {
                let row = work.account_named(&login).await?;
                refuse_self(&work.ctx, row.id, "不能停用自己的账号，请由其他系统管理员办理")?;
                if row.disabled == disabled {
                    return Ok(());
                }
                let event = if disabled { AccountEvent::Disabled } else { AccountEvent::Enabled };
                work.account_event(row.id, event).await?;
                if disabled {
                    work.tx.delete_sessions_of(work.region, row.id).await?;
                }
                Ok(())
            })
        })
        .await
    }

    /// The officers of the region by name, for those who read registers: who can be named on a request, and who was.
    /// Neither logins nor roles are told.
    pub async fn colleagues(&self, ctx: &Context) -> Result<Vec<Colleague>> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let rows = self.look().await?.accounts(self.region).await?;
        let mut all = Vec::with_capacity(rows.len());
        for row in rows {
            let officer = actor_of(&row)?;
            let may = |what| !row.disabled && officer.may(what);
            let (handles, reads) = (may(Permission::EditRegisters), may(Permission::ReadRegisters));
            all.push(Colleague { id: row.id, name: row.name, unit: row.unit, handles, reads });
        }
        Ok(all)
    }

    /// Every account, by login.
    pub async fn accounts(&self, ctx: &Context) -> Result<Vec<AccountRow>> {
        ctx.actor.must(Permission::ManageAccounts)?;
        let mut tx = self.look().await?;
        Ok(tx.accounts(self.region).await?)
    }
}

fn refuse_self(ctx: &Context, account: Uuid, sentence: &str) -> Result<()> {
    match &ctx.actor {
        Actor::Officer { account: own, .. } if *own == account => Err(Error::NotAllowed(sentence.into())),
        _ => Ok(()),
    }
}
