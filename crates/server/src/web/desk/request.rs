//! 依申请公开

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{day, day_or_dash};
use super::docket::{ClockLine, Running, left};
use super::event_words::{CONSULTED, METHODS, OPINIONS, label};
use super::register::{Desk, Item, ListRow, Listing, Said, Section, next_key, page_of};
use super::request_draft::step_of;
use super::{Officer, World, or_none, request_form, request_read, years};
use super::{case_paper, file, handover, letter, proactive, submission};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::request::{Clock, ClockKind, Draft, Move, Proposal, RequestEvent, Stage, Standing};
use law::receipt::Channel;
use law::retention::Retention;
use service::request::{NewRequest, Requests, TICKET_KNOWN, late, offered};
use service::row::RequestFilter;
use service::vault::Person;
use service::{Change, Context, Error, Permission, Result, Service, View};
use uuid::Uuid;

/// The page of the applicant, beside those every register has.
pub fn routes() -> Router<App> {
    Router::new().route("/desk/requests/{id}/applicant", get(applicant))
}

fn stages() -> Vec<Choice> {
    Stage::ALL.map(|s| Choice::new(s.key(), s.label())).into()
}

fn classes() -> Vec<Choice> {
    ApplicantClass::ALL.map(|c| Choice::new(c.key(), c.label())).into()
}

impl Desk for Requests {
    const PATH: &'static str = "requests";
    const TITLE: &'static str = "依申请公开";
    const ITEM: &'static str = "申请";
    const BEGIN: &'static str = "登记申请";
    const FIRST: &'static str = "arrived";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        vec![
            Field::text("q", "编号或者内容").optional().value(query.get("q")),
            Field::select("unit", "统计单位", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("stage", "办理阶段", or_none("全部阶段", stages()))
                .optional()
                .value(query.get("stage")),
            Field::select("class", "申请人类别", or_none("全部类别", classes()))
                .optional()
                .value(query.get("class")),
            Field::select("year", "收到年度", or_none("全部年度", years(world.today)))
                .optional()
                .value(query.get("year")),
            Field::checks("open", "范围", vec![Choice::new("yes", "只看未办结")])
                .optional()
                .value(query.get("open")),
            Field::checks("helps", "承办", vec![Choice::new("yes", "只看本单位承办、协办的")])
                .optional()
                .value(query.get("helps")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = RequestFilter {
            units: world.wanted(query),
            helper: world.actor.unit().filter(|_| query.get("helps") == "yes"),
            class: query.some("class"),
            stage: query.some("stage"),
            received_in: query.get("year").parse().ok(),
            open: query.get("open") == "yes",
            text: query.some("q"),
            ..RequestFilter::default()
        };
        let found = service.requests(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|r| (r.arrived_on, r.id)));
        let rows = found
            .into_iter()
            .map(|r| {
                let stage = Stage::ALL.into_iter().find(|s| s.key() == r.stage);
                let label = stage.map_or(r.stage, |s| s.label().to_owned());
                ListRow {
                    href: Requests::at(r.id),
                    badge: match r.due_on.filter(|_| r.finished_on.is_none()) {
                        Some(_) if stage.is_some_and(Stage::is_paused) => {
                            Badge::new(format!("{label}，暂停计算"), "paused")
                        }
                        Some(due) => {
                            Badge { text: format!("{label}，{}", left(due, world).text), ..left(due, world) }
                        }
                        None => Badge::new(label, "grey"),
                    },
                    cells: vec![
                        r.number.unwrap_or_else(|| "（待确认）".into()),
                        r.subject,
                        ApplicantClass::parse(&r.class).map_or(r.class, |c| c.label().into()),
                        world.short(r.addressee),
                        day_or_dash(r.received_on),
                        day_or_dash(r.due_on.filter(|_| r.finished_on.is_none())),
                    ],
                }
            })
            .collect();
        let columns = vec!["编号", "申请内容", "申请人类别", "受理机关", "收到日期", "答复期限", "办理阶段"];
        Ok(Listing { columns, rows, next })
    }

    fn filler(frame: &Frame) -> Option<(&'static str, Form)> {
        Some(handover::filler(frame))
    }

    fn more_views() -> Vec<Link> {
        vec![
            Link::new("/desk/requests/ledger", "登记台账"),
            Link::new("/desk/requests/archive", "档案保管期限"),
        ]
    }

    fn heading(s: &Standing) -> String {
        match &s.number {
            Some(number) => format!("申请 {number}"),
            None => "申请（待确认）".to_owned(),
        }
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        let tone = if Self::open(s) { "blue" } else { "grey" };
        Badge::new(s.stage.label(), tone)
    }

    fn open(s: &Standing) -> bool {
        let (_, decided, served) = s.current_round();
        s.merged.is_none()
            && s.withdrawn_on.is_none()
            && served.is_none()
            && (decided.is_none() || s.finished_on.is_none())
    }

    fn running(s: &Standing) -> Running {
        match Self::open(s) {
            true if s.is_paused() => Running::Paused,
            true => Running::Runs,
            false => Running::Over,
        }
    }

    fn clocks(s: &Standing, world: &World<'_>) -> Vec<ClockLine> {
        let all = s.clocks(world.calendar, world.today, world.handling_days);
        // The reply is explained at length beside them, unless it stands still for another.
        all.into_iter().filter(|c| c.kind != ClockKind::Reply).map(|c| clock_line(c, s, world)).collect()
    }

    async fn told(service: &Service, ctx: &Context, id: Uuid) -> Result<Vec<String>> {
        let moves = service.clock_moves(ctx, id).await?;
        Ok(moves.iter().map(|m| format!("{}：{}", day(service::civil_date(m.at)), m.sentence())).collect())
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let mut items = vec![
            Item::new("申请内容", &s.subject),
            Item::new("申请人类别", s.class.label()),
            Item::new("收件渠道", s.channel.label()),
            Item::new("受理机关", world.name(&s.addressee)),
            Item::new("统计单位", world.name(&s.counted_by)),
            Item::new("到达日期", day(s.arrived_on)),
            Item::new("收到申请之日", s.received_on.map_or_else(|| "尚未确认".into(), day)),
        ];
        items.extend(s.handler.as_ref().map(|h| Item::new("承办单位", world.name(h))));
        items.extend(s.officer.as_ref().map(|o| Item::new("承办人", world.person(o))));
        items.extend(Item::day("内部办理期限", s.handler_until));
        for a in &s.assistance {
            let state = a
                .answered_on
                .map_or_else(|| format!("应当于{}前反馈", day(a.until)), |on| format!("{}反馈", day(on)));
            items.push(Item::new("协办", format!("{}：{state}", world.name(&a.unit))));
        }
        for link in &s.links {
            let href = Requests::home() + "/" + &link.request;
            items.push(Item::new("关联申请", link.relation.label()).link(href));
        }
        if let Some((into, on)) = &s.merged {
            let href = Requests::home() + "/" + into;
            items.push(Item::new("并案", format!("{}并入", day(*on))).link(href));
        }
        if !s.restricted_to.is_empty() {
            items.push(Item::new("知悉范围", format!("限定{}个账号", s.restricted_to.len())));
        }
        items.extend(s.proposal.as_ref().map(|p| Item::new("拟办意见", proposal_words(p))));
        items.extend(s.correction.as_ref().map(|c| {
            let answer = c.received_on.map_or_else(
                || format!("申请人应当于{}前补正", day(c.reply_by)),
                |on| format!("{}收到补正", day(on)),
            );
            Item::new("补正", format!("{}告知，{answer}", day(c.noticed_on)))
        }));
        items.extend(s.reasons.as_ref().map(|r| {
            let answer = match (r.received_on, r.judged_on.zip(r.outcome)) {
                (_, Some((on, outcome))) => format!("{}审查，{}", day(on), outcome.label()),
                (Some(on), None) => format!("{}收到，等待审查", day(on)),
                (None, None) => format!("申请人应当于{}前说明", day(r.reply_by)),
            };
            Item::new("说明理由", format!("{}告知，{answer}", day(r.asked_on)))
        }));
        items.extend(Item::day("延迟答复至", s.deferred_until));
        for c in &s.consultations {
            let state = match (c.opinion, c.closed_on) {
                (Some(o), Some(on)) => format!("{}{}", day(on), label(&OPINIONS, &o)),
                _ => "尚未结束".to_owned(),
            };
            items.push(Item::new("征求意见", format!("{}：{}发出，{state}", c.party, day(c.sent_on))));
        }
        items.extend(s.extension.as_ref().map(|e| Item::new("延长答复期限", format!("{}个工作日", e.days))));
        items.extend(s.fee.as_ref().map(|f| {
            let paid = f.paid_on.map_or_else(|| "尚未缴费".into(), |on| format!("{}缴费", day(on)));
            Item::new("信息处理费", format!("{}元，{paid}", f.yuan))
        }));
        items.extend(s.decision.map(|d| Item::new("决定", d.label())));
        items.extend(s.decision_number.as_ref().filter(|n| !n.is_empty()).map(|n| Item::new("文号", n)));
        items.extend(Item::day("决定日期", s.decided_on));
        items.extend(Item::day("送达日期", s.served_on));
        items.extend(s.file_number.as_ref().map(|n| Item::new("归档号", n)));
        items.extend(s.retention.filter(|_| s.archived_on.is_some()).map(|r| {
            let until = s.kept_through().map_or_else(String::new, |year| format!("，至{year}年底届满"));
            Item::new("保管期限", format!("{}{until}", r.label()))
        }));
        items
    }

    fn links(id: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        if world.only_helps(&s.counted_by) {
            return links;
        }
        if s.applicant.is_some() && world.actor.may(Permission::ReadPersonal) {
            links.push(Link::new(format!("{}/applicant", Requests::at(id)), "查看申请人信息（记入日志）"));
        }
        links.push(Link::new(format!("/desk/disputes?request={id}"), "相关复议诉讼"));
        if world.actor.may(Permission::EditRegisters) {
            links.push(Link::new(
                format!("/desk/disputes/new?request={id}&unit={}", s.counted_by),
                "登记复议或者诉讼",
            ));
        }
        links
    }

    fn permission(s: &Standing, key: &str) -> Permission {
        match key {
            "reviewed" => step_of(Some(s), None).map_or(Self::EDIT, service::request::reviews),
            "extension-consented" => Permission::ConsentExtension,
            "restricted" => Permission::RestrictDocket,
            _ => Self::EDIT,
        }
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        let mut offered = offered(s, world.actor, world.today, world.calendar);
        if world.only_helps(&s.counted_by) {
            let asked = s.assistance.iter().any(|a| a.answered_on.is_none());
            offered.retain(|m| *m == Move::Searched || asked && *m == Move::AssistanceAnswered);
        }
        offered.into_iter().map(|m| (m.key(), m.label())).collect()
    }

    fn late(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        if world.only_helps(&s.counted_by) {
            return Vec::new();
        }
        let late = late(s, world.actor, world.today, world.calendar);
        late.into_iter().map(|m| (m.key(), m.label())).collect()
    }

    fn name(event: &RequestEvent) -> (&'static str, &'static str) {
        (event.kind().key(), event.kind().label())
    }

    fn say(event: &RequestEvent, world: &World<'_>) -> Said {
        use RequestEvent as E;
        let said = Said::plain(event.kind().label());
        match event {
            E::Arrived { channel, addressee, counted_by, class, subject, wanted, applicant: _ } => said
                .item("申请内容", subject)
                .item("收件渠道", channel.label())
                .item("申请人类别", class.label())
                .item("受理机关", world.name(addressee))
                .item("统计单位", world.name(counted_by))
                .item("形式要求", wanted.words()),
            E::Registered { number } => said.item("编号", number),
            E::CorrectionNoticed { items, reply_by } => {
                said.item("补正事项", items.join("；")).item("补正期限", day(*reply_by))
            }
            E::ReasonsAsked { reply_by } => said.item("说明期限", day(*reply_by)),
            E::ReasonsReceived { reasonable } => {
                said.item("审查结论", reasonable.map_or("", |r| if r { "理由合理" } else { "理由不合理" }))
            }
            E::ReasonsJudged { outcome, until, opinion } => said
                .item("审查结论", outcome.label())
                .item("延迟至", until.map(day).unwrap_or_default())
                .item("审查意见", opinion),
            E::Deferred { until, reason } => said.item("延迟至", day(*until)).item("理由", reason),
            E::HandedIn(t) | E::HandedOut(t) => {
                said.item("系统", t.system.label()).item("工单编号", &t.number).item("说明", &t.note)
            }
            E::Triaged { note } => said.item("审查意见", note),
            E::Assigned { unit, until } => said
                .item("承办单位", world.name(unit))
                .item("内部办理期限", until.map(day).unwrap_or_default()),
            E::OfficerNamed { account } => {
                said.item("承办人", account.as_ref().map_or_else(|| "取消指定".into(), |a| world.person(a)))
            }
            E::Assisted { unit, until, matter } => {
                said.item("协办单位", world.name(unit)).item("反馈期限", day(*until)).item("协办事项", matter)
            }
            E::AssistanceAnswered { unit, note } => {
                said.item("协办单位", world.name(unit)).item("反馈内容", note)
            }
            E::Chased { unit, note } => said.item("催办对象", world.name(unit)).item("催办内容", note),
            E::ExtensionConsented { days, reason } => {
                said.item("延长", format!("{days}个工作日")).item("理由", reason)
            }
            E::Drafted { draft, chain } => say_draft(said, draft)
                .item("审批链", chain.iter().map(|s| s.label()).collect::<Vec<_>>().join("→")),
            E::Reviewed { step, passed, opinion } => said
                .item("环节", step.label())
                .item("结论", if *passed { "通过" } else { "退回重新拟办" })
                .item("意见", opinion),
            E::Written(w) => said.item("文书", w.letter.title()).item("文号", &w.number),
            E::Linked(link) => said
                .item("关系", link.relation.label())
                .item("另一件申请", &link.request)
                .item("比对情况", &link.note),
            E::Split { subject, into } => {
                said.item("本件保留", subject).item("分出", format!("{}件", into.len()))
            }
            E::Merged { into } => said.item("并入的卷宗", into),
            E::Noted { text, watchers } => {
                let names: Vec<String> = watchers.iter().map(|a| world.person(a)).collect();
                said.item("批注", text).item("关注人", names.join("、"))
            }
            E::Restricted { accounts, reason } => said
                .item(
                    "范围",
                    if accounts.is_empty() {
                        "取消限定".into()
                    } else {
                        format!("{}个账号", accounts.len())
                    },
                )
                .item("理由", reason),
            E::Searched { note } => said.item("检索记录", note),
            E::ConsultationSent { consultation, whom, party } => said
                .item("征求意见编号", consultation.to_string())
                .item("征求对象", label(&CONSULTED, whom))
                .item("名称", party),
            E::ConsultationDelivered { consultation } => said.item("征求意见编号", consultation.to_string()),
            E::ConsultationClosed { consultation, opinion } => {
                said.item("征求意见编号", consultation.to_string()).item("意见", label(&OPINIONS, opinion))
            }
            E::Extended { days, approved_by, reason } => said
                .item("延长", format!("{days}个工作日"))
                .item("同意的负责人", approved_by)
                .item("理由", reason),
            E::FeeNoticed { basis, count, yuan } => said
                .item("计收方式", format!("{}，{count}{}", basis.label(), basis.unit()))
                .item("金额", format!("{yuan}元")),
            E::Decided { decision, number, reasons } => {
                said.item("决定", decision.label()).item("文号", number).item("理由", reasons)
            }
            E::Served { method, evidence } => {
                said.item("送达方式", label(&METHODS, method)).item("送达凭证", evidence)
            }
            E::Confirmed { evidence } => said.item("确认情况", evidence),
            E::Archived { file_number, retention } => {
                said.item("归档号", file_number).item("保管期限", retention.map_or("", Retention::label))
            }
            E::Appraised { keep, opinion } => said
                .item("鉴定结果", keep.map_or("可以销毁", |_| "继续保存"))
                .item("续存期限", keep.map_or("", Retention::label))
                .item("鉴定意见", opinion),
            E::Destroyed { supervisor, list } => said.item("监销人", supervisor).item("销毁清册", list),
            E::Reopened { until, .. } => said.item("重新处理的期限", day(*until)),
            E::SuggestedProactive { by, note } => said.item("由谁提出", by.label()).item("情况说明", note),
            E::ProactiveReviewed { outcome, document, reason } => said
                .item("审查结果", outcome.label())
                .item("公文的卷宗", document.clone().unwrap_or_default())
                .item("理由", reason),
            E::CorrectionReceived | E::FeePaid | E::Withdrawn => said,
        }
    }

    fn may_correct(s: &Standing, world: &World<'_>) -> bool {
        !world.only_helps(&s.counted_by)
    }

    fn date_label(key: &str) -> &'static str {
        request_form::date_label(key)
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&RequestEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        request_form::fields(key, standing, event, world)
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        vec![
            Field::date("confirmed_on", "双方确认之日")
                .hint("平邮、互联网、传真、电子邮件和其他机构转来的申请填写；尚未确认的不填，确认后再登记")
                .optional(),
        ]
        .into_iter()
        .chain(person_fields())
        .chain(handover::fields())
        .collect()
    }

    fn read(key: &str, before: Option<&RequestEvent>, typed: &mut Typed) -> Option<RequestEvent> {
        request_read::read(key, before, typed)
    }

    async fn begin(
        service: &Service,
        ctx: Context,
        on: Date,
        event: RequestEvent,
        typed: &Typed,
    ) -> Result<Uuid> {
        let new = new_request(on, event, typed)?;
        match handover::ticket(typed)? {
            None => Ok(service.receive_request(ctx, new).await?.id),
            Some(ticket) => {
                let taken = service.receive_ticket(ctx, new, ticket).await?;
                match taken.before {
                    None => Ok(taken.received.id),
                    Some(before) => Err(Error::refused(TICKET_KNOWN, before, "")),
                }
            }
        }
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<RequestEvent>,
    ) -> Result<u32> {
        service.change_request(ctx, id, version, change).await
    }

    async fn sections(service: &Service, ctx: &Context, id: Uuid, world: &World<'_>) -> Result<Vec<Section>> {
        let view = service.request_view(ctx, id).await?;
        if view.standing.as_ref().is_some_and(|s| world.only_helps(&s.counted_by)) {
            return Ok(vec![file::section(service, ctx, id, world, true).await?]);
        }
        let letters = view.standing.as_ref().map(|s| letter::section(id, s, world)).transpose()?;
        let sent = match &view.standing {
            Some(s) => submission::section(service, ctx, id, s, world).await?,
            None => None,
        };
        let papers = view.standing.as_ref().map(|s| case_paper::section(id, s, world)).transpose()?;
        let files = file::section(service, ctx, id, world, false).await?;
        let same = same_section(service, ctx, id).await?;
        let proactive = match &view.standing {
            Some(s) => proactive::section(service, ctx, id, s, world).await?,
            None => None,
        };
        let printed = letters.flatten().into_iter().chain(papers.flatten());
        let tickets = view.standing.as_ref().map(|s| handover::section(id, s, world)).transpose()?;
        let all = tickets.flatten().into_iter().chain(sent).chain(printed).chain([files]);
        Ok(all.chain(proactive).chain(same).collect())
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Requests>> {
        service.request_view(ctx, id).await
    }
}

/// The request that was typed.
pub(super) fn new_request(on: Date, event: RequestEvent, typed: &Typed) -> Result<NewRequest> {
    let RequestEvent::Arrived { channel, addressee, counted_by, class, subject, wanted, .. } = event else {
        return Err(Error::Invalid("请从申请到达开始登记".into()));
    };
    let unit =
        |text: &str| Uuid::parse_str(text).map_err(|_| Error::Invalid("请选择受理机关和统计单位".into()));
    let confirmed_on = match typed.get("confirmed_on") {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::Invalid("请核对双方确认之日".into()))?),
    };
    Ok(NewRequest {
        arrived_on: on,
        channel,
        addressee: unit(&addressee)?,
        counted_by: unit(&counted_by)?,
        class,
        subject,
        person: Some(person(typed, "person_")).filter(|p| *p != Person::default()),
        wanted,
        confirmed_on,
    })
}

/// Other requests of the same applicant.
#[derive(Debug, Template)]
#[template(path = "desk/same.html")]
pub struct SamePart {
    pub(super) nth: Option<u32>,
    pub(super) rows: Vec<SameLine>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct SameLine {
    pub(super) href: String,
    pub(super) number: String,
    pub(super) subject: String,
    pub(super) about: String,
    pub(super) alike: bool,
}

/// The section 同一申请人的其他申请; none where there are no others, or for those who may not know.
async fn same_section(service: &Service, ctx: &Context, id: Uuid) -> Result<Option<Section>> {
    if !ctx.actor.may(Permission::ReadPersonal) {
        return Ok(None);
    }
    let others = service.of_same_applicant(ctx, id).await?;
    if others.is_empty() {
        return Ok(None);
    }
    let line = |o: service::request::OfSame| SameLine {
        href: Requests::at(o.row.id),
        number: o.row.number.unwrap_or_else(|| "（待确认）".into()),
        about: format!(
            "{}到达，{}",
            day(o.row.arrived_on),
            Stage::parse(&o.row.stage).map_or("", Stage::label)
        ),
        subject: o.row.subject,
        alike: o.alike,
    };
    let nth = service.nth_request_of_month(ctx, id).await?;
    let part = SamePart { nth, rows: others.into_iter().take(20).map(line).collect() };
    Section::of("same", "同一申请人的其他申请", &part).map(Some)
}

/// How far a proposal has come.
fn proposal_words(p: &Proposal) -> String {
    let what = p.draft.decision.label();
    match (&p.returned, p.next()) {
        (Some((step, on, why)), _) => format!("{what}：{}由{}退回，{why}", day(*on), step.label()),
        (None, Some(next)) => format!("{what}：待{}", next.label()),
        (None, None) => format!("{what}：已签发"),
    }
}

fn say_draft(said: Said, draft: &Draft) -> Said {
    let mut said = said
        .item("拟作出的决定", draft.decision.label())
        .item("查明的事实", &draft.facts)
        .item("依据", draft.basis.join("；"))
        .item("理由", &draft.reasons)
        .item("提供方式或者获取途径", &draft.provided)
        .item("予以公开的部分", draft.disclosed.join("；"))
        .item("附件", draft.attachments.join("；"));
    for (n, part) in draft.withheld.iter().enumerate() {
        let text = format!("{}（{}）：{}", part.what, part.basis, part.reason);
        said = said.item(&format!("不予公开的第{}部分", n + 1), text);
    }
    said
}

/// A clock as a line; the consulted party is named.
fn clock_line(c: Clock, s: &Standing, world: &World<'_>) -> ClockLine {
    let party = s.consultations.iter().find(|o| c.kind == ClockKind::Opinion && o.number == c.number);
    let what = match party {
        Some(party) => format!("{}：{}", c.kind.label(), party.party),
        None => c.kind.label().to_owned(),
    };
    let provisional = if c.due.provisional { "（暂定）" } else { "" };
    ClockLine {
        what,
        by: c.by.label(),
        on: format!("{}{provisional}", day(c.due.on)),
        left: if c.paused { Badge::new("暂停计算", "paused") } else { left(c.due.on, world) },
        steps: c.due.because,
    }
}

/// The channels, with those that need confirmation marked (条例 art. 31).
pub(super) fn channels() -> Vec<Choice> {
    let text = |c: Channel| {
        if c.needs_confirmation() {
            format!("{}（需双方确认）", c.label())
        } else {
            c.label().to_owned()
        }
    };
    Channel::ALL.map(|c| Choice::new(c.key(), text(c))).into()
}

/// The classes of applicants.
pub(super) fn class_choices() -> Vec<Choice> {
    classes()
}

/// The controls for an applicant, whose values [`person`] reads with the prefix `person_`.
pub(super) fn person_fields() -> [Field; 9] {
    [
        Field::text("person_name", "申请人姓名或者名称").hint("以下个人信息加密保存"),
        Field::text("person_id_kind", "证件名称"),
        Field::text("person_id_number", "证件号码"),
        Field::text("person_contact", "联系人"),
        Field::text("person_phone", "联系电话"),
        Field::text("person_address", "联系地址"),
        Field::text("person_postcode", "邮政编码"),
        Field::text("person_email", "电子邮箱"),
        Field::text("person_fax", "传真"),
    ]
    .map(Field::optional)
}

/// The applicant that was typed into the fields whose names begin with `prefix`.
pub(in crate::web) fn person(typed: &Typed, prefix: &str) -> Person {
    let get = |name: &str| typed.get(&format!("{prefix}{name}")).to_owned();
    Person {
        name: get("name"),
        id_kind: get("id_kind"),
        id_number: get("id_number"),
        contact: get("contact"),
        phone: get("phone"),
        address: get("address"),
        postcode: get("postcode"),
        email: get("email"),
        fax: get("fax"),
        agent_name: get("agent_name"),
        agent_id_kind: get("agent_id_kind"),
        agent_id_number: get("agent_id_number"),
        agent_phone: get("agent_phone"),
    }
}

/// The applicant of a request. The view is in the journal before the page is shown.
#[derive(Debug, Template)]
#[template(path = "desk/applicant.html")]
pub struct ApplicantPage {
    pub(super) frame: Frame,
    pub(super) items: Vec<Item>,
    pub(super) back: Link,
}

async fn applicant(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let ctx = visit.context();
    let p = app.service.applicant(ctx, id).await?;
    let frame = Frame::desk(&app, &mut visit, "申请人信息", &Requests::home());
    Ok(ok(&applicant_page(frame, p, Link::new(Requests::at(id), "返回申请"))))
}

/// The page of a person.
pub(super) fn applicant_page(frame: Frame, p: Person, back: Link) -> ApplicantPage {
    let all = [
        ("姓名或者名称", p.name),
        ("证件名称", p.id_kind),
        ("证件号码", p.id_number),
        ("联系人", p.contact),
        ("联系电话", p.phone),
        ("联系地址", p.address),
        ("邮政编码", p.postcode),
        ("电子邮箱", p.email),
        ("传真", p.fax),
        ("代理人姓名", p.agent_name),
        ("代理人证件名称", p.agent_id_kind),
        ("代理人证件号码", p.agent_id_number),
        ("代理人联系电话", p.agent_phone),
    ];
    let items = all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(l, v)| Item::new(l, v)).collect();
    ApplicantPage { frame, items, back }
}
