//! 账号, for administrators.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::register::{FormPage, Item};
use super::{Officer, World, or_none, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use service::account::{NewAccount, roles_of};
use service::row::AccountRow;
use service::{Error, Permission, Role};

/// `/desk/accounts`
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/accounts", get(list))
        .route("/desk/accounts/new", get(new).post(create))
        .route("/desk/accounts/{login}", get(show).post(change))
}

/// An account in the list.
#[derive(Debug, Clone, Default)]
pub struct AccountLine {
    /// The account.
    pub link: Link,
    /// Name of the person.
    pub name: String,
    /// Unit.
    pub unit: String,
    /// Roles.
    pub roles: String,
    /// Where the person is reached by mail; empty for nowhere.
    pub email: String,
    /// Whether it may be used.
    pub state: Badge,
}

/// All accounts.
#[derive(Debug, Template)]
#[template(path = "desk/accounts.html")]
pub struct AccountsPage {
    pub(super) frame: Frame,
    pub(super) lines: Vec<AccountLine>,
}

/// One account.
#[derive(Debug, Template)]
#[template(path = "desk/account.html")]
pub struct AccountPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) items: Vec<Item>,
    pub(super) forms: Vec<(&'static str, Form)>,
}

fn roles() -> Vec<Choice> {
    Role::ALL.map(|r| Choice::new(r.key(), r.label())).into()
}

fn labels(row: &AccountRow) -> String {
    roles_of(row).map(|all| all.iter().map(|r| r.label()).collect::<Vec<_>>().join("、")).unwrap_or_default()
}

fn state(row: &AccountRow) -> Badge {
    if row.disabled { Badge::new("已停用", "grey") } else { Badge::new("可用", "green") }
}

fn unit(row: &AccountRow, world: &World<'_>) -> String {
    row.unit.map_or_else(|| "全部机关".to_owned(), |u| world.short(u))
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let rows = app.service.accounts(&visit.ctx).await?;
    let frame = Frame::desk(&app, &mut visit, "账号", "/desk/accounts").told(Typed::new(query).get("done"));
    let world = World::read(&app, &visit).await?;
    let mut contacts = app.service.contacts(&visit.ctx).await?;
    let lines = rows
        .iter()
        .map(|r| AccountLine {
            link: Link::new(format!("/desk/accounts/{}", r.login), &r.login),
            name: r.name.clone(),
            unit: unit(r, &world),
            roles: labels(r),
            email: contacts.remove(&r.id).unwrap_or_default(),
            state: state(r),
        })
        .collect();
    Ok(ok(&AccountsPage { frame, lines }))
}

async fn new_page(app: &App, visit: &mut Visit, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::ManageAccounts)?;
    let frame = Frame::desk(app, visit, "新建账号", "/desk/accounts");
    let world = World::read(app, visit).await?;
    let fields = vec![
        Field::text("login", "登录名").hint("2至64位小写字母、数字和 . - _ @；不能再改"),
        Field::text("name", "使用人姓名"),
        Field::select("unit", "所属机关", or_none("全部机关", world.units()))
            .hint("只能查看和办理所属机关及其下级机关的事项")
            .optional(),
        Field::checks("roles", "角色", roles()).hint("系统管理员不能兼任审计人员"),
        Field::password("password", "初始密码", "new-password"),
    ];
    let form = Form::post("/desk/accounts/new", "新建账号", fields)
        .hide("once", &frame.once)
        .cancel("/desk/accounts");
    Ok(FormPage::new(frame, form, typed).answer())
}

async fn new(State(app): State<App>, Officer(mut visit): Officer) -> Answer {
    new_page(&app, &mut visit, &Typed::default()).await
}

fn chosen(typed: &Typed) -> Vec<Role> {
    typed.all("roles").iter().filter_map(|r| Role::parse(r)).collect()
}

async fn create(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let new = NewAccount {
        login: typed.get("login").to_owned(),
        name: typed.get("name").to_owned(),
        unit: typed.id("unit"),
        roles: chosen(&typed),
        password: typed.raw("password").to_owned(),
    };
    match settle(app.service.create_account(ctx, new).await, &mut typed)? {
        Some(_) => Ok(see("/desk/accounts?done=created")),
        None => new_page(&app, &mut visit, &typed).await,
    }
}

async fn account_page(app: &App, visit: &mut Visit, login: &str, typed: &Typed, done: &str) -> Answer {
    let rows = app.service.accounts(&visit.ctx).await?;
    let row = rows
        .iter()
        .find(|r| r.login == login)
        .ok_or_else(|| Error::NotFound(format!("没有登录名为“{login}”的账号，请核对登录名")))?;
    let frame = Frame::desk(app, visit, &format!("账号：{login}"), "/desk/accounts").told(done);
    let world = World::read(app, visit).await?;
    let at = format!("/desk/accounts/{login}");
    let held = roles_of(row)?.iter().map(|r| r.key().to_owned()).collect();
    let checks = Field { values: held, ..Field::checks("roles", "角色", roles()) };
    let act = |what: &str, button: &str, fields| {
        let form = Form::post(&at, button, fields).hide("do", what).hide("once", &frame.once);
        if typed.get("do") == what { form.filled(typed) } else { form }
    };
    let reached = app.service.contacts(&visit.ctx).await?.remove(&row.id).unwrap_or_default();
    let email =
        Field::text("email", "电子邮箱").hint("每天的期限提醒发到这里；不填的只在系统内提醒").optional();
    let mut forms = vec![
        ("接收提醒", act("contact", "保存邮箱", vec![email.value(&reached)])),
        ("调整角色", act("roles", "保存角色", vec![checks])),
        (
            "重设密码",
            act("password", "重设密码", vec![Field::password("password", "新密码", "new-password")]),
        ),
    ];
    if row.disabled {
        forms.push(("启用", act("enable", "启用账号", Vec::new())));
    } else {
        let mut form = act("disable", "停用账号", Vec::new());
        form.grave = true;
        form.confirm = "停用后立即退出登录。确定停用吗？".into();
        forms.push(("停用", form));
    }
    let items = vec![
        Item::new("使用人", &row.name),
        Item::new("所属机关", unit(row, &world)),
        Item::new("角色", labels(row)),
        Item::new("电子邮箱", if reached.is_empty() { "没有填写" } else { &reached }),
        Item::new("状态", state(row).text),
    ];
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(status, &AccountPage { frame, problems: Problems { all: typed.problems.clone() }, items, forms }))
}

async fn show(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(login): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let done = Typed::new(query).get("done").to_owned();
    account_page(&app, &mut visit, &login, &Typed::default(), &done).await
}

async fn change(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(login): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let service = &app.service;
    let result = match typed.get("do") {
        "contact" => service.set_contact(ctx, &login, typed.get("email")).await,
        "roles" => service.set_roles(ctx, &login, chosen(&typed)).await,
        "password" => service.set_password(ctx, &login, typed.raw("password")).await,
        "disable" => service.set_disabled(ctx, &login, true).await,
        "enable" => service.set_disabled(ctx, &login, false).await,
        _ => Err(Error::Invalid("没有这项操作，请从账号页面重新选择".into())),
    };
    match settle(result, &mut typed)? {
        Some(()) => Ok(see(&format!("/desk/accounts/{login}?done=saved"))),
        None => account_page(&app, &mut visit, &login, &typed, "").await,
    }
}
