//! What every page has around its own content: titles, page labels, navigation, who is signed in.

use super::asset::Assets;
use super::look::{self, Look};
use crate::site::Mark;
use crate::{App, Visit};
use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use service::{Actor, Permission};

/// A link.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Link {
    /// Where it leads.
    pub href: String,
    /// What it says.
    pub text: String,
    /// Whether it leads to the page that is shown.
    pub here: bool,
}

impl Link {
    /// A link.
    pub fn new(href: impl Into<String>, text: impl Into<String>) -> Self {
        Link { href: href.into(), text: text.into(), here: false }
    }
}

/// A word with a colour; the word alone says everything.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Badge {
    /// The word.
    pub text: String,
    /// `red`, `yellow`, `green`, `blue` or `grey`.
    pub tone: &'static str,
}

impl Badge {
    /// A badge.
    pub fn new(text: impl Into<String>, tone: &'static str) -> Self {
        Badge { text: text.into(), tone }
    }
}

/// The frame of a page.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Title of the page.
    pub title: String,
    /// Name of the site.
    pub site: String,
    /// Name of the region.
    pub region: String,
    /// Page labels (网页标签, 国办发〔2017〕47号): never with empty content.
    pub labels: Vec<(&'static str, String)>,
    /// Addresses of the style sheet, the script and the mark.
    pub assets: Assets,
    /// Navigation.
    pub nav: Vec<Link>,
    /// Way from the home page to this one.
    pub trail: Vec<Link>,
    /// Name of the officer; empty for the public.
    pub officer: String,
    /// Roles of the officer.
    pub roles: String,
    /// Notices of the officer that nobody has read, as they are shown beside the link; empty for none.
    pub unread: String,
    /// A sentence about what was just done.
    pub done: String,
    /// Ids and keys must not be guessed from earlier pages: fresh for every form.
    pub once: String,
    /// Labels of the foot.
    pub marks: Vec<Mark>,
    /// How the page is shown.
    pub look: Look,
}

impl Frame {
    /// The frame of a page of the portal.
    pub fn portal(app: &App, title: &str) -> Self {
        let frame = look::frame(title);
        let region = app.service.region_name().to_owned();
        Frame { nav: portal_nav(title, &frame.look), region, ..frame }
    }

    /// The frame of a page that does not know more than its title.
    pub fn bare(title: &str) -> Self {
        let mut frame = look::frame(title);
        // What went wrong reads the same at every address, so that nothing is told by the difference.
        frame.look.here.clear();
        Frame { nav: portal_nav("", &frame.look), ..frame }
    }

    /// The frame of a page of the desk. `here` is the address of its entry in the navigation.
    pub fn desk(app: &App, visit: &mut Visit, title: &str, here: &str) -> Self {
        let region = app.service.region_name().to_owned();
        let actor = visit.ctx.actor.clone();
        let once = visit.context().entropy.bytes().iter().take(8).map(|b| format!("{b:02x}")).collect();
        let (officer, roles) = match &actor {
            Actor::Officer { name, roles, .. } => {
                (name.clone(), roles.iter().map(|r| r.label()).collect::<Vec<_>>().join("、"))
            }
            _ => (String::new(), String::new()),
        };
        let mut nav = if officer.is_empty() { Vec::new() } else { desk_nav(&actor, app.service.has_inbox()) };
        for link in &mut nav {
            link.here = link.href == here;
        }
        let trail = match nav.iter().find(|l| l.here && l.href != "/desk") {
            Some(link) if link.text != title => {
                vec![Link::new("/desk", "工作台"), Link::new(&link.href, &link.text)]
            }
            _ => Vec::new(),
        };
        Frame {
            title: title.into(),
            site: format!("{region}政府信息公开工作台"),
            region,
            assets: Assets::of(&app.settings.site),
            nav,
            trail,
            officer,
            roles,
            unread: match visit.unread {
                0 => String::new(),
                n @ 1..=99 => n.to_string(),
                _ => "99+".to_owned(),
            },
            once,
            ..Frame::default()
        }
    }

    /// With the labels of a column page.
    pub fn column(mut self, name: &str, kind: &str, about: &str, keywords: &str) -> Self {
        self.labels.extend([
            ("ColumnName", name.to_owned()),
            ("ColumnType", kind.to_owned()),
            ("ColumnDescription", about.to_owned()),
            ("ColumnKeywords", keywords.to_owned()),
        ]);
        self
    }

    /// With one more label, unless it is empty.
    pub fn label(mut self, name: &'static str, content: impl Into<String>) -> Self {
        let content = content.into();
        if !content.is_empty() {
            self.labels.push((name, content));
        }
        self
    }

    /// With one more step of the way.
    pub fn step(mut self, href: impl Into<String>, text: impl Into<String>) -> Self {
        self.trail.push(Link::new(href, text));
        self
    }

    /// With the sentence that belongs to `?done=…`.
    pub fn told(mut self, done: &str) -> Self {
        self.done = match done {
            "recorded" => "已经登记",
            "corrected" => "已经更正，原记录保留在办理记录中",
            "created" => "已经登记，卷宗已建立",
            "saved" => "已经保存",
            "written" => "文书已经定稿",
            "redacted" => "已经生成遮盖后的副本，并通过核对",
            "resent" => "已经放回推送队列，稍后推送",
            "read" => "已经标为已读",
            "reviewed" => "已经审核通过",
            "returned" => "已经退回修改",
            "approved" => "已经批准",
            "published" => "已经公布，公众现在可以查阅",
            "accepted" => "已经接收，计入汇总表",
            "filed" => "已经报送",
            "marked" => "已经标注，退回时一并告知",
            "unmarked" => "已经取消标注",
            "filing-withdrawn" => "已经撤回",
            "waived" => "已经记录说明",
            "withdrawn" => "已经撤回说明",
            "drafted" => "已经起草，可以开始编写正文",
            "imported" => "已经导入",
            "file-added" => "材料已经添加",
            "scheduled" => "已经安排定时公开",
            "unscheduled" => "已经撤销定时公开",
            "annex-added" => "附件已经添加",
            "annex-published" => "已经公开",
            "body-withdrawn" => "正文已经撤下，公开页面不再显示正文",
            "annex-withdrawn" => "已经撤下，原网址显示撤下日期",
            "file-released" => "已经提供给申请人，申请人凭查询码可以下载",
            "file-unreleased" => "已经停止提供",
            "message-filed" => "来信已经归入申请",
            "message-dismissed" => "来信已经登记为无需处理",
            "file-erased" => "材料的内容已经删除，登记和日志保留",
            _ => "",
        }
        .to_owned();
        self
    }
}

fn portal_nav(title: &str, look: &Look) -> Vec<Link> {
    let mut nav = vec![
        Link::new(if look.terminal() { look::START } else { "/" }, "首页"),
        Link::new("/search", "全文检索"),
        Link::new("/units", "政府信息公开"),
        Link::new("/documents", "政策文件"),
        Link::new("/consultations", "意见征集"),
        Link::new("/ask", "依申请公开"),
        Link::new("/reports", "政府信息公开年报"),
        Link::new("/calendar", "工作日历"),
    ];
    for link in &mut nav {
        link.here = link.text == title || (look.terminal() && link.href == look.here);
    }
    nav
}

fn desk_nav(actor: &Actor, inbox: bool) -> Vec<Link> {
    let all = [
        ("/desk", "工作台", Permission::ReadRegisters),
        ("/desk/requests", "依申请公开", Permission::ReadRegisters),
        ("/desk/inbox", "收件箱", Permission::ReadRegisters),
        ("/desk/document-drafts", "公文拟稿", Permission::ReadRegisters),
        ("/desk/documents", "公文", Permission::ReadRegisters),
        ("/desk/consultations", "意见征集", Permission::ReadRegisters),
        ("/desk/catalogue-entries", "标准目录", Permission::ReadRegisters),
        ("/desk/channels", "发布渠道", Permission::ReadRegisters),
        ("/desk/disputes", "复议诉讼", Permission::ReadRegisters),
        ("/desk/corrections", "信息更正", Permission::ReadRegisters),
        ("/desk/figures", "年度数据", Permission::ReadRegisters),
        ("/desk/reports", "年度报告", Permission::ReadRegisters),
        ("/desk/units", "机关名录", Permission::ReadRegisters),
        ("/desk/accounts", "账号", Permission::ManageAccounts),
        ("/desk/journal", "日志", Permission::ReadJournal),
    ];
    let all = all.into_iter().filter(|(href, _, _)| inbox || *href != "/desk/inbox");
    all.filter(|(_, _, p)| actor.may(*p)).map(|(href, text, _)| Link::new(href, text)).collect()
}

/// A page as an answer. A page that cannot be printed is a defect: it is logged, and the visitor gets the bare status,
/// which the outer layers put into good form.
pub fn page(status: StatusCode, template: &impl Template) -> Response {
    match template.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(error) => {
            tracing::error!(%error, "a page cannot be printed");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

/// A page as the answer of a visit that went well.
pub fn ok(template: &impl Template) -> Response {
    page(StatusCode::OK, template)
}

/// Sends the browser to another page after a post (303), so that going back and reloading does nothing twice.
pub fn see(to: &str) -> Response {
    (StatusCode::SEE_OTHER, [(header::LOCATION, to.to_owned())]).into_response()
}
