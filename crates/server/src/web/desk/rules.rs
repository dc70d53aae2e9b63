//! 核查规则 of a unit: every rule of the checks with what is changed of it here, rows of the local form, and the settings as
//! a file. A single rule is set in `rule.rs`.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, page, see};
use super::super::words::{attachment, day, person};
use super::docket::conflict;
use super::register::Desk;
use super::report::severity;
use super::transfer::received;
use super::{Officer, World, settle};
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Form as Posted, Multipart, Path, Query, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::{get, post};
use law::form::check::{RULES, Rule, Settings};
use law::form::published::TableName;
use law::form::setting_change::SettingChange;
use law::form::settings::ExtraRow;
use service::inspection::{LARGEST_RULES, RulesView};
use service::unit::Units;
use service::{Error, Permission};
use uuid::Uuid;

/// Bytes around a file in what a form sends.
const AROUND: usize = 16 << 10;
/// Name of the page.
pub(super) const NAME: &str = "核查规则";

/// The rules of a unit, and the settings as a file.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/units/{id}/rules", get(list).post(act))
        .route("/desk/units/{id}/rules.toml", get(file))
        .route(
            "/desk/units/{id}/rules/file",
            post(upload).layer(DefaultBodyLimit::max(LARGEST_RULES + AROUND)),
        )
}

/// The page of the rules of a unit.
pub(super) fn at(unit: Uuid) -> String {
    format!("/desk/units/{unit}/rules")
}

/// A rule in the list.
#[derive(Debug, Clone, Default)]
pub struct RuleLine {
    pub(super) href: String,
    pub(super) id: String,
    pub(super) title: String,
    pub(super) citation: String,
    pub(super) scope: String,
    pub(super) severity: Badge,
    pub(super) state: Option<Badge>,
    /// What is changed of it, one phrase each.
    pub(super) said: Vec<String>,
    /// Whose setting that is.
    pub(super) whose: String,
}

/// Rules about one thing.
#[derive(Debug, Clone)]
pub struct RuleGroup {
    pub(super) anchor: &'static str,
    pub(super) heading: &'static str,
    pub(super) lines: Vec<RuleLine>,
}

/// A row of the local form.
#[derive(Debug, Clone)]
pub struct RowLine {
    pub(super) table: &'static str,
    pub(super) label: String,
    pub(super) basis: String,
    pub(super) remove: Option<Form>,
}

/// A version of the settings.
#[derive(Debug, Clone, Default)]
pub struct VersionLine {
    pub(super) version: u32,
    pub(super) on: String,
    pub(super) who: String,
    pub(super) said: Vec<String>,
}

/// 核查规则
#[derive(Debug, Template)]
#[template(path = "desk/rules.html")]
pub struct RulesPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) about: String,
    pub(super) above: Option<Link>,
    pub(super) filter: Form,
    pub(super) groups: Vec<RuleGroup>,
    pub(super) rows: Vec<RowLine>,
    pub(super) add_row: Option<Form>,
    pub(super) download: String,
    pub(super) upload: Option<Form>,
    pub(super) give_up: Option<Form>,
    pub(super) history: Vec<VersionLine>,
}

/// Groups of rules by the first word of their ids: word, anchor, heading.
const GROUPS: [(&str, &str, &str); 8] = [
    ("F", "form", "格式和内容"),
    ("T2", "table-two", "表二：主动公开政府信息情况"),
    ("T3", "table-three", "表三：收到和处理政府信息公开申请情况"),
    ("T4", "table-four", "表四：行政复议、行政诉讼情况"),
    ("N", "narrative", "正文与表格"),
    ("X", "years", "与上一年度对照"),
    ("H", "sum", "汇总"),
    ("S", "register", "与台账对照"),
];

/// The group of a rule: the first word of its id.
fn group(id: &str) -> &str {
    id.split('-').next().unwrap_or_default()
}

/// `2019年、2021年格式，2019年度起`
pub(super) fn scope(rule: &Rule) -> String {
    let forms: Vec<String> = rule.forms.iter().map(|f| format!("{f}年")).collect();
    let years = match rule.years {
        (first, Some(last)) if first == last => format!("{first}年度"),
        (first, Some(last)) => format!("{first}—{last}年度"),
        (first, None) => format!("{first}年度起"),
    };
    format!("{}格式，{years}", forms.join("、"))
}

/// What stands beside a rule that is not as the law says, or is the same everywhere.
pub(super) fn state(rule: &Rule, settings: &Settings) -> Option<Badge> {
    match settings.rules.get(&rule.id) {
        _ if !rule.waivable => Some(Badge::new("全国统一，不得调整", "grey")),
        Some(change) if change.off => Some(Badge::new("已停用", "yellow")),
        Some(_) => Some(Badge::new("已调整", "blue")),
        None => None,
    }
}

/// Whose settings hold at a unit: `本机关`, the name of the unit above.
pub(super) fn whose(view: &RulesView, world: &World<'_>) -> String {
    match view.whose {
        Some(_) if view.own => "本机关".to_owned(),
        Some(unit) => world.name(&unit.to_string()),
        None => String::new(),
    }
}

fn is_shown(show: &str, rule: &Rule, settings: &Settings) -> bool {
    match show {
        "changed" => settings.rules.contains_key(&rule.id),
        "open" => rule.waivable,
        "fixed" => !rule.waivable,
        _ => true,
    }
}

fn groups(unit: Uuid, view: &RulesView, whose: &str, show: &str) -> Vec<RuleGroup> {
    let line = |rule: &Rule| {
        let change = view.settings.rules.get(&rule.id);
        RuleLine {
            href: format!("{}/{}", at(unit), rule.id),
            id: rule.id.clone(),
            title: rule.title.clone(),
            citation: rule.citation.clone(),
            scope: scope(rule),
            severity: severity(rule.severity),
            state: state(rule, &view.settings),
            said: change.map(|c| c.said(&rule.id)).unwrap_or_default(),
            whose: change.map(|_| whose.to_owned()).unwrap_or_default(),
        }
    };
    let of = |word: &str| -> Vec<RuleLine> {
        let of = RULES.iter().filter(|r| group(&r.id) == word);
        of.filter(|r| is_shown(show, r, &view.settings)).map(line).collect()
    };
    GROUPS
        .into_iter()
        .map(|(word, anchor, heading)| RuleGroup { anchor, heading, lines: of(word) })
        .filter(|g| !g.lines.is_empty())
        .collect()
}

fn about(view: &RulesView, world: &World<'_>) -> String {
    let saved = view.history.first();
    match (&view.used, view.whose) {
        (_, Some(_)) if view.own => {
            let none = if view.settings.is_statutory() { "，全部按法定规则" } else { "" };
            let saved = saved.map(|v| format!("，{}于{}保存", person(&v.by), day(v.on)));
            format!("本机关自己的设置（第{}版）{none}{}。", view.version, saved.unwrap_or_default())
        }
        (Some(used), _) => format!(
            "沿用{}。本机关保存第一项修改后，以这些设置为基础使用自己的设置，不再随上级机关变化。",
            used.label()
        ),
        (None, Some(_)) => {
            format!("沿用{}的设置，全部按法定规则。", whose(view, world))
        }
        (None, None) => "没有本地设置，全部按法定规则核查。".to_owned(),
    }
}

/// Sends one thing about the settings that were looked at.
fn send(unit: Uuid, what: &str, button: &str, fields: Vec<Field>, view: &RulesView, once: &str) -> Form {
    Form::post(at(unit), button, fields).hide("do", what).hide("version", view.version).hide("once", once)
}

fn tables() -> Vec<Choice> {
    TableName::ALL.map(|t| Choice::new(t.key(), t.label())).into()
}

fn row_fields() -> Vec<Field> {
    vec![
        Field::select("table", "所在的表", tables()),
        Field::text("label", "行标题").hint("与本地格式一致；序号、空格和标点不影响核对"),
        basis_field(),
    ]
}

/// The document that a change is founded on.
pub(super) fn basis_field() -> Field {
    Field::text("basis", "依据文件")
        .hint("文件名称和文号，例如 某市政务公开工作领导小组办公室〔2023〕1号通知")
}

fn rows(unit: Uuid, view: &RulesView, once: &str, may: bool) -> Vec<RowLine> {
    let remove = |row: &ExtraRow| {
        let mut form = send(unit, "remove-row", "删除", Vec::new(), view, once)
            .hide("table", row.table.key())
            .hide("label", &row.label);
        form.class = "secondary";
        form
    };
    let line = |row: &ExtraRow| RowLine {
        table: row.table.label(),
        label: row.label.clone(),
        basis: row.basis.clone().unwrap_or_default(),
        remove: may.then(|| remove(row)),
    };
    view.settings.extra_rows.iter().map(line).collect()
}

/// Whether the officer may change the settings of this unit.
pub(super) fn may_set(world: &World<'_>, unit: Uuid) -> bool {
    world.actor.may(Permission::SetRules) && world.reaches(unit)
}

async fn show(app: &App, mut visit: Visit, id: Uuid, query: &Typed, typed: &Typed) -> Answer {
    let view = app.service.check_rules(&visit.ctx, id).await?;
    let frame = Frame::desk(app, &mut visit, NAME, &Units::home());
    let world = World::read(app, &visit).await?;
    let frame = frame.step(Units::at(id), world.name(&id.to_string())).told(query.get("done"));
    let once = frame.once.clone();
    let may = may_set(&world, id);
    let filled = |what: &str, form: Form| if typed.get("do") == what { form.filled(typed) } else { form };
    let shows = vec![
        Choice::new("", "全部规则"),
        Choice::new("changed", "本地已经调整的"),
        Choice::new("open", "可以调整的"),
        Choice::new("fixed", "全国统一的"),
    ];
    let choice = Field::select("show", "显示", shows).optional().value(query.get("show"));
    let mut upload = Form::post(
        format!("{}/file", at(id)),
        "上传并替换",
        vec![
            Field::file("file", "设置文件", ".toml")
                .hint("上传后替换本机关现在的全部设置；命令行 gongkai report check --rules 使用同样的文件"),
        ],
    )
    .hide("version", view.version)
    .hide("once", &once);
    upload.file = true;
    let mut give_up = send(id, "give-up", "不再使用本机关的设置", Vec::new(), &view, &once);
    give_up.class = "secondary";
    give_up.confirm = "放弃后，沿用上级机关的设置；上级机关没有设置的，按法定规则核查。确定放弃吗？".into();
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let history = view.history.iter().map(|v| VersionLine {
        version: v.version,
        on: day(v.on),
        who: person(&v.by).to_owned(),
        said: v.said.clone(),
    });
    Ok(page(
        status,
        &RulesPage {
            problems: Problems { all: typed.problems.clone() },
            about: about(&view, &world),
            above: view.whose.filter(|_| !view.own).map(|u| Link::new(at(u), "查看上级机关的设置")),
            filter: Form::get(at(id), "查看", vec![choice]),
            groups: groups(id, &view, &whose(&view, &world), query.get("show")),
            rows: rows(id, &view, &once, may),
            add_row: may.then(|| filled("add-row", send(id, "add-row", "增加", row_fields(), &view, &once))),
            download: format!("{}.toml", at(id)),
            upload: may.then_some(upload),
            give_up: (may && view.own).then_some(give_up),
            history: history.collect(),
            frame,
        },
    ))
}

async fn list(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    show(&app, visit, id, &Typed::new(query), &Typed::default()).await
}

/// What became of a change: the list again, what is wrong beside what was typed, or that somebody else was faster.
async fn answer(
    app: &App,
    mut visit: Visit,
    id: Uuid,
    mut typed: Typed,
    result: service::Result<u32>,
) -> Answer {
    if let Err(Error::Conflict(sentence)) = result {
        return Ok(changed_meanwhile(app, &mut visit, id, sentence));
    }
    match settle(result, &mut typed)? {
        Some(_) => Ok(see(&format!("{}?done=saved", at(id)))),
        None => show(app, visit, id, &Typed::default(), &typed).await,
    }
}

/// The page for who looked at settings that somebody else has changed since.
pub(super) fn changed_meanwhile(
    app: &App,
    visit: &mut Visit,
    id: Uuid,
    sentence: String,
) -> axum::response::Response {
    let frame = Frame::desk(app, visit, "内容已有变化", &Units::home());
    conflict(frame, sentence, &Form::default(), Link::new(at(id), "查看最新内容"))
}

/// A row is added or removed, or the unit gives its settings up.
async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::SetRules)?;
    let mut typed = Typed::new(pairs);
    let (seen, ctx) = (typed.version(), visit.context().with_key(typed.key()));
    let table = TableName::ALL.into_iter().find(|t| t.key() == typed.get("table"));
    let change = match (typed.get("do"), table) {
        ("give-up", _) => {
            let result = app.service.give_up_check_rules(ctx, id, seen).await;
            return answer(&app, visit, id, typed, result).await;
        }
        ("remove-row", Some(table)) => {
            SettingChange::RemoveRow { table, label: typed.get("label").to_owned() }
        }
        ("add-row", Some(table)) => {
            let label = typed.text("label", "行标题");
            let basis = Some(typed.text("basis", "依据文件"));
            SettingChange::AddRow(ExtraRow { table, label, basis })
        }
        ("add-row", None) => {
            typed.wrong("table", "请选择所在的表");
            return show(&app, visit, id, &Typed::default(), &typed).await;
        }
        _ => {
            typed.wrong("do", "没有这项操作，请从页面重新选择");
            return show(&app, visit, id, &Typed::default(), &typed).await;
        }
    };
    if !typed.problems.is_empty() {
        return show(&app, visit, id, &Typed::default(), &typed).await;
    }
    let result = app.service.change_check_rules(ctx, id, seen, change).await;
    answer(&app, visit, id, typed, result).await
}

/// The settings that hold at the unit, as a file.
async fn file(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
) -> Result<axum::response::Response, PageError> {
    let view = app.service.check_rules(&visit.ctx, id).await?;
    let name = World::read(&app, &visit).await?.name(&id.to_string());
    let text =
        format!("# 核查规则设置，也可以用于 gongkai report check --rules\n{}", view.settings.to_toml());
    let headers = [
        (header::CONTENT_TYPE, "application/toml".to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}核查规则设置.toml"), "rules.toml")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
    ];
    Ok((headers, text).into_response())
}

/// Replaces the settings by those of a file.
async fn upload(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    upload: Multipart,
) -> Answer {
    visit.ctx.actor.must(Permission::SetRules)?;
    let (_, bytes, mut typed) = received(upload).await?;
    if bytes.is_empty() {
        typed.wrong("file", "请选择设置文件");
        return show(&app, visit, id, &Typed::default(), &typed).await;
    }
    // The same page may send another file: what is in it is part of what takes effect once.
    typed.push("content", String::from_utf8_lossy(&bytes));
    let (seen, ctx) = (typed.version(), visit.context().with_key(typed.key()));
    let result = app.service.upload_check_rules(ctx, id, seen, bytes).await;
    answer(&app, visit, id, typed, result).await
}

#[cfg(test)]
impl RulesPage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let line = RuleLine {
            href: "/x".into(),
            id: "F-DEADLINE".into(),
            title: "公布期限".into(),
            citation: "条例第四十九条".into(),
            scope: "2019年、2021年格式，2019年度起".into(),
            severity: severity(law::form::check::Severity::Error),
            state: Some(Badge::new("已调整", "blue")),
            said: vec!["本机关报告的公布期限：1月28日".into(), "依据：某市通知".into()],
            whose: "本机关".into(),
        };
        let fixed = RuleLine {
            id: "T3-B".into(),
            state: Some(Badge::new("全国统一，不得调整", "grey")),
            said: vec![],
            whose: String::new(),
            ..line.clone()
        };
        let group = |anchor, lines| RuleGroup { anchor, heading: "格式和内容", lines };
        let form = |class: &'static str, fields| Form { class, ..Form::post("/x", "保存", fields) };
        let row =
            |remove| RowLine {
                table: "表二", label: "规划计划".into(), basis: "某市通知".into(), remove
            };
        let page = |groups, rows, may: bool| RulesPage {
            frame: frame.clone(),
            problems: if may { problems.clone() } else { Problems::default() },
            about: "本机关自己的设置（第2版），样例管理员于2024年3月1日保存。".into(),
            above: (!may).then(|| Link::new("/x", "查看上级机关的设置")),
            filter: Form::get(
                "/x",
                "查看",
                vec![Field::select("show", "显示", vec![Choice::new("", "全部规则")])],
            ),
            groups,
            rows,
            add_row: may.then(|| form("", row_fields())),
            download: "/x/rules.toml".into(),
            upload: may.then(|| form("", vec![Field::file("file", "设置文件", ".toml")])),
            give_up: may.then(|| form("secondary", vec![])),
            history: vec![
                VersionLine {
                    version: 1,
                    on: "2024年3月1日".into(),
                    who: "样例管理员".into(),
                    said: vec!["规则F-DEADLINE（公布期限）：恢复法定设置".into()],
                };
                usize::from(may)
            ],
        };
        vec![
            page(
                vec![group("form", vec![line]), group("table-three", vec![fixed])],
                vec![row(Some(form("secondary", vec![]))), row(None)],
                true,
            ),
            page(vec![], vec![], false),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_in_a_group() {
        for rule in RULES.iter() {
            assert!(GROUPS.iter().any(|(word, ..)| *word == group(&rule.id)), "{}", rule.id);
        }
    }
}
