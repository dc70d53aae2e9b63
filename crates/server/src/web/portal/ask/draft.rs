//! Save and return (暂存): the form is kept under a code, which is shown once.

use super::super::super::Answer;
use super::super::super::form::{Field, Form, Problems, Typed};
use super::super::super::frame::{Frame, page};
use super::super::super::words::day;
use super::{admitted, form, frame, settle, status, unkept};
use crate::{App, Visit};
use askama::Template;
use axum::extract::{Form as Posted, State};

/// The code of a form that was saved.
#[derive(Debug, Template)]
#[template(path = "portal/ask_saved.html")]
pub struct SavedPage {
    pub(in super::super::super) frame: Frame,
    code: String,
    until: String,
    go_on: Form,
}

/// Asks for the code of a draft.
#[derive(Debug, Template)]
#[template(path = "portal/ask_draft.html")]
pub struct DraftPage {
    pub(in super::super::super) frame: Frame,
    problems: Problems,
    form: Form,
}

/// What belongs to the moment, not to the form.
const PASSING: [&str; 4] = ["button", "once", "draft", "held"];

/// Saves what was typed, complete or not.
pub(super) async fn save(app: &App, mut visit: Visit, mut typed: Typed) -> Answer {
    let kept: Vec<(String, String)> = typed
        .pairs()
        .iter()
        .filter(|(n, v)| !PASSING.contains(&n.as_str()) && !v.is_empty())
        .cloned()
        .collect();
    let code = typed.some("draft");
    let result = match admitted(app, &visit) {
        Ok(()) => app.service.save_draft(visit.context(), code.as_deref(), kept).await,
        Err(error) => Err(error),
    };
    let Some(saved) = settle(result, &mut typed)? else {
        return Ok(form::form_page(app, &mut visit, &typed, ("", Vec::new())).await?);
    };
    let go_on = Form { class: "secondary", ..Form::post("/ask/draft", "现在继续填写", Vec::new()) };
    let page_of = SavedPage {
        frame: frame(app, "申请已经暂存"),
        go_on: go_on.hide("code", &saved.code),
        code: saved.code,
        until: day(saved.until),
    };
    Ok(unkept(page(status(&typed), &page_of)))
}

fn code_form(typed: &Typed) -> Form {
    let code = Field::text("code", "暂存码").hint("暂存申请时给出的16位字母和数字");
    Form::post("/ask/draft", "继续填写", vec![code]).cancel("/ask").filled(typed)
}

fn draft_page(frame: Frame, typed: &Typed) -> DraftPage {
    DraftPage { frame, problems: Problems { all: typed.problems.clone() }, form: code_form(typed) }
}

/// `/ask/draft`
pub(super) async fn ask(State(app): State<App>) -> Answer {
    let typed = Typed::default();
    Ok(unkept(page(status(&typed), &draft_page(frame(&app, "继续填写"), &typed))))
}

/// Shows the form again as it was saved.
pub(super) async fn resume(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let result = match admitted(&app, &visit) {
        Ok(()) => app.service.draft(&visit.context(), typed.get("code")).await,
        Err(error) => Err(error),
    };
    let Some(draft) = settle(result, &mut typed)? else {
        return Ok(unkept(page(status(&typed), &draft_page(frame(&app, "继续填写"), &typed))));
    };
    let mut fields = draft.fields;
    fields.push(("draft".into(), draft.code));
    Ok(form::form_page(&app, &mut visit, &Typed::new(fields), ("", Vec::new())).await?)
}

#[cfg(test)]
impl SavedPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        vec![SavedPage {
            frame: frame.clone(),
            code: "ABCD-EFGH-JKMN-PQRS".into(),
            until: "2024年3月5日".into(),
            go_on: Form::post("/ask/draft", "现在继续填写", Vec::new()),
        }]
    }
}

#[cfg(test)]
impl DraftPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let mut wrong = Typed::new(vec![("code".into(), "<b>".into())]);
        wrong.wrong("", "没有找到暂存的申请");
        vec![draft_page(frame.clone(), &Typed::default()), draft_page(frame.clone(), &wrong)]
    }
}
