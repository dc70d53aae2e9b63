//! What may be done with a report now, and doing it.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Frame, Link, see};
use super::docket::conflict;
use super::report::{Which, render};
use super::{Officer, settle};
use crate::App;
use axum::extract::{Form as Posted, State};
use law::docket::report::Stage;
use service::report::{ReportAction, ReportView};
use service::{Actor, Error, Permission};

/// The forms this officer may use at this stage. The service decides; this only leaves out what it would refuse.
pub fn offered(
    actor: &Actor,
    view: Option<&ReportView>,
    at: &str,
    once: &str,
    typed: &Typed,
) -> Vec<(&'static str, Form)> {
    let act = |what: &str, button: &str, fields: Vec<Field>, version: u32| {
        let form = Form::post(format!("{at}/act"), button, fields)
            .hide("do", what)
            .hide("version", version)
            .hide("once", once);
        if typed.get("do") == what { form.filled(typed) } else { form }
    };
    let Some(view) = view else {
        let draft = act("draft", "起草年度报告", Vec::new(), 0);
        return if actor.may(Permission::EditReport) { vec![("起草", draft)] } else { Vec::new() };
    };
    let version = view.version;
    let stage = view.standing.stage;
    let before = !view.standing.publications.is_empty();
    let mut all = Vec::new();
    if actor.may(Permission::ReviewReport) && stage == Stage::Draft {
        let note = Field::area("review_note", "审核意见", 2).optional();
        all.push(("审核", act("review", "审核通过", vec![note], version)));
    }
    if actor.may(Permission::ApproveReport) && stage == Stage::Reviewed {
        let note = Field::area("approve_note", "批准意见", 2).optional();
        all.push(("批准", act("approve", "批准", vec![note], version)));
    }
    if actor.may(Permission::PublishReport) && stage == Stage::Approved && !before {
        let mut form = act("publish", "公布", Vec::new(), version);
        form.confirm = "公布后公众即可查阅。确定公布吗？".into();
        all.push(("公布", form));
    }
    if actor.may(Permission::PublishReport) && stage == Stage::Approved && before {
        let reason = Field::area("correct_reason", "更正说明", 2).hint("写明更正的内容和原因，印在报告上");
        let mut form = act("correct", "更正后重新公布", vec![reason], version);
        form.confirm = "原版本保留并标明已更正。确定重新公布吗？".into();
        all.push(("更正后重新公布", form));
    }
    if actor.may(Permission::ReviewReport) && stage != Stage::Draft {
        let note = Field::area("return_note", "需要修改的内容", 2);
        let (heading, button) = if before {
            ("启动更正", "退回起草，准备更正")
        } else {
            ("退回修改", "退回修改")
        };
        let mut form = act("return", button, vec![note], version);
        form.class = "secondary";
        all.push((heading, form));
    }
    all
}

/// What the report waits for, for those who may do nothing now.
pub fn waiting(stage: Option<Stage>) -> &'static str {
    match stage {
        None => "年度报告尚未起草，由本机关信息公开工作人员起草。下面是按登记簿统计的当前数据。",
        Some(Stage::Draft) => "报告正在起草，正文写好后由审核人员审核。",
        Some(Stage::Reviewed) => "报告已经审核，等待单位负责人批准。",
        Some(Stage::Approved) => "报告已经批准，等待单位负责人公布。",
        Some(Stage::Published | Stage::Corrected) => {
            "报告已经公布。登记簿的更正不会改变已公布的版本；需要更正的，由审核人员启动更正。"
        }
    }
}

fn action(typed: &mut Typed) -> Option<ReportAction> {
    let note = |typed: &Typed, name: &str| typed.get(name).to_owned();
    let finding = note(typed, "finding");
    Some(match typed.get("do") {
        "review" => ReportAction::Review { note: note(typed, "review_note") },
        "return" => ReportAction::Return { note: note(typed, "return_note") },
        "approve" => ReportAction::Approve { note: note(typed, "approve_note") },
        "publish" => ReportAction::Publish,
        "correct" => ReportAction::Correct { reason: note(typed, "correct_reason") },
        "waive" => {
            let field = typed.get("reason-field").to_owned();
            ReportAction::Waive { finding, reason: note(typed, &field) }
        }
        "withdraw" => ReportAction::WithdrawWaiver { finding },
        _ => return None,
    })
}

/// Does it.
pub async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    which: Which,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let at = which.at();
    let ctx = visit.context().with_key(typed.key());
    if typed.get("do") == "draft" {
        let ask = &which.ask;
        let begun = app.service.draft_report(ctx, ask.unit, ask.year, ask.scope).await;
        return match settle(begun, &mut typed)? {
            Some(_) => Ok(see(&format!("{at}?done=drafted"))),
            None => render(&app, Officer(visit), &which, &typed, "").await,
        };
    }
    let unknown = || Error::Invalid("没有这项操作，请从报告页面重新选择".into());
    let wanted = action(&mut typed).ok_or_else(unknown)?;
    let id = which
        .docket(&app, &visit.ctx)
        .await?
        .ok_or_else(|| Error::NotFound("年度报告尚未起草，请先起草".into()))?;
    let done = match &wanted {
        ReportAction::Review { .. } => "reviewed",
        ReportAction::Return { .. } => "returned",
        ReportAction::Approve { .. } => "approved",
        ReportAction::Publish | ReportAction::Correct { .. } => "published",
        ReportAction::Waive { .. } => "waived",
        ReportAction::WithdrawWaiver { .. } => "withdrawn",
        ReportAction::EditText { .. } => "saved",
    };
    let result = app.service.act_on_report(ctx, id, typed.version(), wanted).await;
    if let Err(Error::Conflict(sentence)) = result {
        let frame = Frame::desk(&app, &mut visit, "内容已有变化", "/desk/reports");
        return Ok(conflict(frame, sentence, &Form::default(), Link::new(at, "查看最新内容")));
    }
    match settle(result, &mut typed)? {
        Some(_) => Ok(see(&format!("{at}?done={done}"))),
        None => render(&app, Officer(visit), &which, &typed, "").await,
    }
}
