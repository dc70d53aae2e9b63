//! 日志, for auditors: every entry, who and when, with the hash that chains it.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Frame, ok};
use super::super::words::{day, moment, person};
use super::Officer;
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::routing::get;
use law::docket::request::Move;

/// `/desk/journal`
pub fn routes() -> Router<App> {
    Router::new().route("/desk/journal", get(show))
}

/// Entries on a page.
const LINES: i64 = 100;

/// A line.
#[derive(Debug, Clone, Default)]
pub struct JournalRow {
    /// Number.
    pub seq: i64,
    /// When it was entered.
    pub at: String,
    /// By whom.
    pub who: String,
    /// Kind of subject.
    pub kind: &'static str,
    /// Where the subject is; empty if it has no page.
    pub href: String,
    /// What happened.
    pub event: String,
    /// Legal date.
    pub on: String,
    /// First characters of its hash.
    pub hash: String,
}

/// The journal.
#[derive(Debug, Template)]
#[template(path = "desk/journal.html")]
pub struct JournalPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) rows: Vec<JournalRow>,
    pub(super) next: String,
    pub(super) before: String,
}

/// Chinese name of a kind of subject and the address of its pages.
fn kind(key: &str) -> (&'static str, &'static str) {
    match key {
        "unit" => ("机关", "units"),
        "document" => ("公文", "documents"),
        "document-draft" => ("公文拟稿", "document-drafts"),
        "catalogue-entry" => ("标准目录事项", "catalogue-entries"),
        "consultation" => ("意见征集", "consultations"),
        "opinion" => ("意见", ""),
        "request" => ("申请", "requests"),
        "dispute" => ("复议诉讼", "disputes"),
        "record-correction" => ("信息更正", "corrections"),
        "figure" => ("年度数据", "figures"),
        "report" => ("年度报告", ""),
        "report-filing" => ("年度报告报送", ""),
        "cleanup" => ("规范性文件清理", "cleanups"),
        "account" => ("账号", ""),
        "file" => ("材料", ""),
        "access" => ("查阅", ""),
        "calendar" => ("工作日历", ""),
        "clock" => ("期限", ""),
        "message" => super::inbox::IN_JOURNAL,
        "subscription" => ("检索订阅", ""),
        _ => ("其他", ""),
    }
}

/// Chinese name of an event.
fn event(kind: &str, key: &str) -> String {
    if key == "void" {
        return "作废".to_owned();
    }
    if kind == "request"
        && let Some(step) = Move::parse(key)
    {
        return step.label().to_owned();
    }
    if kind == "record-correction" {
        let said = match key {
            "received" => "收到更正申请",
            "decided" => "审核处理",
            "written" => "制作文书",
            "told" => "告知申请人",
            "withdrawn" => "申请人撤回",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "document-draft" {
        let said = match key {
            "drafted" => "拟稿",
            "redrafted" => "修改拟稿事项",
            "changed" => "修改稿件",
            "reviewed" => "审核",
            "signed" => "签发",
            "abandoned" => "终止",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "catalogue-entry" {
        let said = match key {
            "entered" => "编入",
            "changed" => "修订",
            "published" => "公布",
            "withdrawn" => "撤销",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "subscription" {
        let said = match key {
            "asked" => "申请订阅",
            "confirmed" => "确认订阅",
            "ended" => "订阅结束",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "report-filing" {
        let said = match key {
            "filed" => "报送",
            "line-marked" => "标注问题",
            "mark-removed" => "取消标注",
            "returned" => "退回",
            "accepted" => "接收",
            "withdrawn" => "撤回",
            "excused" => "登记为不汇总",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "cleanup" {
        let said = match key {
            "opened" => "开展清理",
            "concluded" => "提出清理结论",
            "closed" => "公布清理结果",
            other => other,
        };
        return said.to_owned();
    }
    if kind == "consultation" || kind == "opinion" {
        let said = match key {
            "begun" => "发起征集",
            "changed" => "修改征集事项",
            "opened" => "发布",
            "extended" => "延长",
            "answered" if kind == "opinion" => "归并答复",
            "answered" => "答复意见",
            "outcome-told" => "公布采纳情况",
            "resulted" => "关联正式文件",
            "abandoned" => "终止",
            "received" => "收到意见",
            "set-aside" => "不计入",
            other => other,
        };
        return said.to_owned();
    }
    match key {
        "catalogued" => "列入标准目录事项",
        "arrived" if kind == "message" => "收到来信",
        "filed" if kind == "message" => "归入申请",
        "established" => "设立",
        "renamed" => "更名",
        "adopted" => "启用工作日历",
        "moved" if kind == "clock" => "期限随工作日历变更",
        "moved" => "变更隶属或者汇总关系",
        "closed" => "撤销",
        "made" => "成文",
        "attribute-changed" => "公开属性动态调整",
        "review-called" => "提请复审公开属性",
        "attribute-reviewed" => "复审公开属性",
        "cleaned-up" => "清理结论",
        "unified" => "统一登记、编号、印发",
        "filed" if kind == "document" => "报送备案",
        "disclosed" => "公开",
        "in-force" => "施行",
        "amended" => "修改",
        "repealed" => "废止",
        "lapsed" => "失效",
        "withdrawn" if kind == "dispute" => "撤回",
        "withdrawn" => "撤下",
        "filed" => "申请或者起诉",
        "accepted" => "受理",
        "answer-served" => "答复（答辩）",
        "decided" => "审结",
        "entered" => "填报",
        "drafted" => "起草",
        "text-edited" => "编辑正文",
        "reviewed" => "审核通过",
        "returned" => "退回修改",
        "approved" => "批准",
        "finding-waived" => "对核查意见作出说明",
        "waiver-withdrawn" => "撤回说明",
        "published" => "公布",
        "corrected" => "更正后重新公布",
        "created" => "建立账号",
        "roles-set" => "调整角色",
        "password-set" => "重设密码",
        "disabled" => "停用",
        "enabled" => "启用",
        "locked" => "登录失败次数过多，锁定",
        "applicant-viewed" => "查看申请人信息",
        "hand-over-viewed" => "打开转办文件",
        "check-rules-saved" => "设置核查规则",
        "added" => "添加",
        "released" => "提供给申请人",
        "unreleased" => "停止提供",
        "erased" => "删除内容",
        "registered" => "登记为申请",
        "dismissed" => "登记为无需处理",
        "message-opened" => "查看来信",
        "opinions-viewed" => "查看意见",
        "opinion-opened" => "查看意见和提出人",
        "message-file-opened" => "打开来信的附件",
        "messages-listed" => "查看收件箱",
        "submissions-viewed" => "查看申请人提交的内容",
        "file-opened" => "打开材料",
        "own-file-opened" => "申请人打开材料",
        "files-tidied" => "清理没有登记的文件",
        "exported" => "导出登记簿",
        "imported" => "导入登记簿",
        "backed-up" => "备份",
        "initialized" => "建立数据目录",
        _ => "其他操作",
    }
    .to_owned()
}

async fn show(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let after: i64 = query.get("after").parse().unwrap_or(0);
    let lines = app.service.journal(&visit.ctx, after, LINES).await?;
    let full = i64::try_from(lines.len()).is_ok_and(|n| n == LINES);
    let next = lines.last().filter(|_| full).map(|l| format!("/desk/journal?after={}", l.seq));
    let before = match after {
        0 => String::new(),
        n => format!("/desk/journal?after={}", (n - LINES).max(0)),
    };
    let rows = lines
        .iter()
        .map(|l| {
            let (name, path) = kind(&l.kind);
            let said = event(&l.kind, &l.event);
            JournalRow {
                seq: l.seq,
                at: moment(l.at),
                who: person(&l.actor).to_owned(),
                kind: name,
                href: if path.is_empty() { String::new() } else { format!("/desk/{path}/{}", l.subject) },
                event: l.corrects.map_or(said.clone(), |n| format!("更正第{n}条记录：{said}")),
                on: day(l.on),
                hash: l.hash.chars().take(16).collect(),
            }
        })
        .collect();
    let frame = Frame::desk(&app, &mut visit, "日志", "/desk/journal");
    let field = Field::number("after", "从第几条之后开始").optional().value(after.to_string());
    let filter = Form::get("/desk/journal", "查看", vec![field]);
    Ok(ok(&JournalPage { frame, filter, rows, next: next.unwrap_or_default(), before }))
}
