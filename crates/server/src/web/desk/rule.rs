//! One rule of the checks: what the law and the form say of it, and what is changed of it at a unit.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, page, see};
use super::register::Desk;
use super::rules::{NAME, at, basis_field, changed_meanwhile, may_set, scope, state, whose};
use super::{Officer, World, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::Amount;
use law::form::check::{self, Rule, Severity};
use law::form::setting_change::SettingChange;
use law::form::settings::{Override, Parameter};
use service::inspection::RulesView;
use service::unit::Units;
use service::{Error, Permission};
use uuid::Uuid;

/// The page of a rule, and what is set there.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/units/{id}/rules/{rule}", get(open).post(save))
}

/// A rule as it is set.
#[derive(Debug, Template)]
#[template(path = "desk/rule.html")]
pub struct RulePage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) state: Option<Badge>,
    pub(super) facts: Vec<(&'static str, String)>,
    /// Why nothing can be set here; empty if something can.
    pub(super) closed: &'static str,
    pub(super) form: Option<Form>,
    pub(super) restore: Option<Form>,
}

fn found(id: &str) -> Result<&'static Rule, Error> {
    check::rule(id).ok_or_else(|| Error::NotFound(format!("没有编号为“{id}”的规则，请从核查规则中选择")))
}

/// Name of the field of a number.
fn name(p: &Parameter) -> String {
    format!("number-{}", p.name)
}

fn facts(rule: &Rule, view: &RulesView, whose: String) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("规则编号", rule.id.clone()),
        ("依据", rule.citation.clone()),
        ("适用", scope(rule)),
        ("法定级别", rule.severity.label().to_owned()),
    ];
    if let Some(change) = view.settings.rules.get(&rule.id) {
        all.push(("现在的设置", change.said(&rule.id).join("；")));
        all.push(("谁的设置", whose));
    }
    all
}

fn fields(rule: &Rule, now: &Override) -> Vec<Field> {
    let asked = vec![Choice::new("yes", "核查"), Choice::new("no", "不核查")];
    let own = Choice::new("", format!("按法定级别（{}）", rule.severity.label()));
    let mut severities = vec![own];
    severities
        .extend(SEVERITIES.iter().filter(|s| **s != rule.severity).map(|s| Choice::new(key(*s), s.label())));
    let mut fields = vec![
        Field::radio("asked", "是否核查", asked).value(if now.off { "no" } else { "yes" }),
        Field::select("severity", "级别", severities)
            .hint("这条规则最严重的问题按什么级别处理；本来较轻的问题不会加重")
            .optional()
            .value(now.severity.map_or("", key)),
    ];
    if rule.tolerant {
        let hint = "比较的数相差不超过容差的，不列为问题；不填为0";
        fields.push(
            Field::text("tolerance", "容差")
                .hint(hint)
                .optional()
                .value_if(now.tolerance.map(|t| t.to_string())),
        );
    }
    for p in &rule.parameters {
        let value = now.parameters.get(&p.name).copied().unwrap_or(p.value);
        let by_law = match p.value {
            0 if p.day => "国家没有规定，本地有规定的按本地规定填写".to_owned(),
            _ => format!("法定为{}", p.print(p.value)),
        };
        let hint = format!("{by_law}；{}", p.bounds());
        fields.push(Field::text(&name(p), &p.label).hint(hint).value(p.print(value)));
    }
    fields.push(basis_field().value_if(now.basis.clone()));
    fields
}

const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Info];

fn key(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
    }
}

/// What was typed, with everything that cannot be understood noted.
fn read(rule: &Rule, typed: &mut Typed) -> Override {
    let mut to = Override {
        off: typed.get("asked") == "no",
        severity: SEVERITIES.into_iter().find(|s| key(*s) == typed.get("severity")),
        ..Override::default()
    };
    if !typed.get("tolerance").is_empty() {
        to.tolerance = typed.number::<Amount>("tolerance", "容差");
    }
    for p in &rule.parameters {
        match p.parse(typed.get(&name(p))) {
            Some(value) => {
                to.parameters.insert(p.name.clone(), value);
            }
            None if p.day => typed.wrong(&name(p), format!("{}应当填写日期，例如1月28日", p.label)),
            None => typed.wrong(&name(p), format!("{}应当填写整数", p.label)),
        }
    }
    to.basis = Some(typed.text("basis", "依据文件"));
    to
}

async fn show(app: &App, mut visit: Visit, id: Uuid, rule: &Rule, typed: &Typed) -> Answer {
    let view = app.service.check_rules(&visit.ctx, id).await?;
    let frame = Frame::desk(app, &mut visit, &rule.title, &Units::home());
    let world = World::read(app, &visit).await?;
    let frame = frame.step(Units::at(id), world.name(&id.to_string())).step(at(id), NAME);
    let may = may_set(&world, id) && rule.waivable;
    let here = format!("{}/{}", at(id), rule.id);
    let send = |what: &str, button: &str, fields| {
        Form::post(&here, button, fields)
            .hide("do", what)
            .hide("version", view.version)
            .hide("once", &frame.once)
    };
    let change = view.settings.rules.get(&rule.id);
    let form = send("set", "保存", fields(rule, change.unwrap_or(&Override::default()))).cancel(at(id));
    let mut restore = send("restore", "恢复法定设置", Vec::new());
    restore.class = "secondary";
    let whose = whose(&view, &world);
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(page(
        status,
        &RulePage {
            problems: Problems { all: typed.problems.clone() },
            state: state(rule, &view.settings),
            facts: facts(rule, &view, whose),
            closed: match (rule.waivable, may) {
                (false, _) => "这条规则全国统一，不得调整。",
                (true, false) => "核查规则由本机关的系统管理员设置。",
                (true, true) => "",
            },
            form: may.then(|| if typed.get("do") == "set" { form.filled(typed) } else { form }),
            restore: (may && change.is_some()).then_some(restore),
            frame,
        },
    ))
}

async fn open(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, rule)): Path<(Uuid, String)>,
) -> Answer {
    show(&app, visit, id, found(&rule)?, &Typed::default()).await
}

/// Sets the rule, or restores what the law says.
async fn save(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, rule)): Path<(Uuid, String)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::SetRules)?;
    let rule = found(&rule)?;
    let mut typed = Typed::new(pairs);
    let change = match typed.get("do") {
        "restore" => SettingChange::Restore { rule: rule.id.clone() },
        // Nothing that could be typed makes a difference here.
        _ if !rule.waivable => SettingChange::Set { rule: rule.id.clone(), to: Override::default() },
        _ => SettingChange::Set { rule: rule.id.clone(), to: read(rule, &mut typed) },
    };
    if typed.problems.is_empty() {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.change_check_rules(ctx, id, typed.version(), change).await;
        if let Err(Error::Conflict(sentence)) = result {
            return Ok(changed_meanwhile(&app, &mut visit, id, sentence));
        }
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=saved", at(id))));
        }
    }
    show(&app, visit, id, rule, &typed).await
}

#[cfg(test)]
impl RulePage {
    pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
        let rule = found("F-DEADLINE").unwrap();
        let now = Override { severity: Some(Severity::Warning), ..Override::default() };
        let facts = vec![("规则编号", "F-DEADLINE".to_owned()), ("现在的设置", "级别改为预警".to_owned())];
        let mut restore = Form::post("/x", "恢复法定设置", vec![]);
        restore.class = "secondary";
        let full = RulePage {
            frame: frame.clone(),
            problems: problems.clone(),
            state: Some(Badge::new("已调整", "blue")),
            facts: facts.clone(),
            closed: "",
            form: Some(Form::post("/x", "保存", fields(rule, &now))),
            restore: Some(restore),
        };
        let bare = RulePage {
            frame: frame.clone(),
            problems: Problems::default(),
            state: Some(Badge::new("全国统一，不得调整", "grey")),
            facts,
            closed: "这条规则全国统一，不得调整。",
            form: None,
            restore: None,
        };
        vec![full, bare]
    }
}
