//! 依申请公开: how to ask, as a list and as a flow chart, and what is no disclosure request.

use super::super::super::Answer;
use super::super::super::frame::{Frame, ok};
use super::flow::Flow;
use super::{COLUMN, frame};
use crate::error::TOO_MANY;
use crate::print::{Paper, saved};
use crate::{App, Visit};
use askama::Template;
use axum::extract::{Path, State};
use jiff::civil::Date;
use law::pathway::{self, Outcome};
use paper::sheet::RegistrationForm;
use service::Error;
use service::letter::Printed;

/// A step of the procedure.
#[derive(Debug, Clone)]
pub struct Stride {
    name: &'static str,
    text: String,
    cite: String,
}

/// How to ask.
#[derive(Debug, Template)]
#[template(path = "portal/ask.html")]
pub struct GuidePage {
    pub(in super::super::super) frame: Frame,
    pub(in super::super::super) strides: Vec<Stride>,
    flow: Flow,
    neighbours: Vec<&'static Outcome>,
}

/// A statutory term in words; empty where none was in force.
pub(super) fn term(key: &str, today: Date) -> String {
    let days = law::term::on(key, today).ok().and_then(|v| v.working_days());
    days.map_or_else(String::new, |n| format!("{n}个工作日"))
}

/// The procedure with the terms in force today.
fn strides(today: Date) -> Vec<Stride> {
    let stride = |name, text: String, cite: &str| Stride { name, text, cite: cite.to_owned() };
    vec![
        stride(
            "提交申请",
            "填写姓名或者名称、身份证明、联系方式，所需信息的名称、文号或者便于查询的其他特征，以及获取方式。不需要说明用途。".into(),
            "条例第二十七条、第二十九条",
        ),
        stride(
            "双方确认",
            "网上提交的申请，以双方确认之日为收到申请之日，答复期限从次日起计算。受理机关将与您联系确认。".into(),
            "条例第三十一条第三项",
        ),
        stride(
            "补正（申请内容不明确时）",
            format!(
                "受理机关自收到申请之日起{}内一次性告知补正事项和合理的补正期限；答复期限自收到补正的申请之日起计算。没有正当理由逾期不补正的，视为放弃申请。",
                term("correction-notice", today)
            ),
            "条例第三十条",
        ),
        stride(
            "答复",
            format!(
                "能够当场答复的当场答复；不能当场答复的，自收到申请之日起{}内答复。需要延长的，经政府信息公开工作机构负责人同意并告知您，最长延长{}。征求第三方和其他机关意见所需时间不计算在内。",
                term("reply", today),
                term("extension", today)
            ),
            "条例第三十三条",
        ),
        stride(
            "对答复不服或者逾期未答复",
            "可以向上一级行政机关或者政府信息公开工作主管部门投诉、举报，也可以依法申请行政复议或者提起行政诉讼；行政机关不予公开的，应当先申请行政复议，对复议决定不服的再提起诉讼。作出答复的，具体途径和期限以答复书载明的为准。".into(),
            "条例第五十一条，行政复议法第二十三条",
        ),
    ]
}

fn neighbours() -> Vec<&'static Outcome> {
    pathway::outcomes().iter().filter(|o| !o.request).collect()
}

/// `/ask`
pub(super) async fn guide(State(app): State<App>, visit: Visit) -> Answer {
    let frame = frame(&app, COLUMN).column(
        COLUMN,
        "政府信息公开",
        "依照《中华人民共和国政府信息公开条例》申请获取政府信息，查询办理进度",
        "依申请公开,政府信息公开申请,进度查询",
    );
    let today = visit.today();
    let (strides, flow) = (strides(today), Flow::of(today));
    Ok(ok(&GuidePage { frame, strides, flow, neighbours: neighbours() }))
}

/// `/ask/form/pdf` and `/ask/form/docx`: the empty form, for those who ask by hand.
pub(super) async fn blank(State(app): State<App>, visit: Visit, Path(format): Path<String>) -> Answer {
    // Setting a page costs more than showing one.
    if !app.look_throttle.admit(visit.peer, visit.ctx.at) {
        return Err(Error::refused(TOO_MANY, "操作过于频繁，请一分钟后再试", "").into());
    }
    let sheet = RegistrationForm::to_fill_in(&frame(&app, COLUMN).site, visit.today());
    let paper = Paper::Other(Printed::Sheet(sheet));
    Ok(saved(&app, paper, "政府信息公开申请表", "request-form", &format).await?)
}

#[cfg(test)]
impl GuidePage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let stride =
            |cite: &str| Stride { name: "答复", text: "20个工作日内答复".into(), cite: cite.into() };
        vec![GuidePage {
            frame: frame.clone(),
            strides: vec![stride("条例第三十三条"), stride("")],
            flow: Flow::of(jiff::civil::date(2024, 2, 5)),
            neighbours: neighbours(),
        }]
    }
}
