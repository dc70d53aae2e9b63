//! 意见征集: a draft is put to the public, and what came of it is told.

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::portal::consultation::address;
use super::super::words::day;
use super::board::Count;
use super::document::makers;
use super::register::{Desk, Item, ListRow, Listing, Said, Section, next_key, page_of};
use super::{World, content, opinion, or_none};
use askama::Template;
use jiff::civil::Date;
use law::docket::consultation::{
    Adoption, Answer, ConsultationEvent as E, Outcome, Stage, Standing, Subject, Terms,
};
use service::consultation::{Consultations, NewConsultation, Phase, stage};
use service::document::Documents;
use service::row::ConsultationFilter;
use service::{Change, Context, Error, Permission, Result, Service, View};
use uuid::Uuid;

pub(super) fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Prepared => "blue",
        Stage::Open => "green",
        Stage::Closed => "yellow",
        Stage::Answered | Stage::Abandoned => "grey",
    }
}

pub(super) fn adoption_tone(adoption: Adoption) -> &'static str {
    match adoption {
        Adoption::Adopted => "green",
        Adoption::Partly => "blue",
        Adoption::Declined => "grey",
    }
}

pub(super) fn adoptions() -> Vec<Choice> {
    Adoption::ALL.map(|a| Choice::new(a.key(), a.label())).into()
}

/// What the register finds at a stage today.
fn at_stage(stage: Stage, today: Date) -> ConsultationFilter {
    match stage {
        Stage::Prepared => ConsultationFilter { prepared: true, ..Default::default() },
        Stage::Open => Phase::Open.filter(today),
        Stage::Closed => Phase::Closed.filter(today),
        Stage::Answered => Phase::Answered.filter(today),
        Stage::Abandoned => ConsultationFilter { abandoned: true, ..Default::default() },
    }
}

impl Desk for Consultations {
    const PATH: &'static str = "consultations";
    const TITLE: &'static str = "意见征集";
    const ITEM: &'static str = "征集";
    const BEGIN: &'static str = "发起征集";
    const FIRST: &'static str = "begun";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        let stages = Stage::ALL.map(|s| Choice::new(s.key(), s.label())).into();
        vec![
            Field::text("q", "标题").optional().value(query.get("q")),
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("stage", "阶段", or_none("全部阶段", stages)).optional().value(query.get("stage")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let chosen = Stage::parse(query.get("stage"));
        let mut filter = chosen.map(|s| at_stage(s, world.today)).unwrap_or_default();
        if query.get("owed") == "yes" {
            filter.ended_before = Some(service.outcome_owed_before(world.today));
        }
        filter.units = world.wanted(query);
        filter.text = query.some("q");
        let found = service.consultations(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|c| (c.begun_on, c.id)));
        let rows = found
            .into_iter()
            .map(|c| {
                let stage = stage(&c, world.today);
                let opened = c.opened_on.map_or_else(|| "—".into(), day);
                let subject = Subject::parse(&c.subject).map_or(c.subject, |s| s.label().into());
                ListRow {
                    href: Consultations::at(c.id),
                    cells: vec![c.title, subject, world.short(c.unit), opened, day(c.until_on)],
                    badge: Badge::new(stage.label(), tone(stage)),
                }
            })
            .collect();
        let columns = vec!["标题", "事项", "机关", "发布日期", "截止日期", "阶段"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        s.title.clone()
    }

    // Where it stands depends on the day, which only the facts know; the badge says what does not.
    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        let stage = s.stage(Date::MIN);
        match stage {
            Stage::Open => Badge::new("已发布", tone(stage)),
            _ => Badge::new(stage.label(), tone(stage)),
        }
    }

    fn open(s: &Standing) -> bool {
        s.outcome.is_none() && !s.abandoned
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let t = &s.terms;
        let mut items = vec![
            Item::new("阶段", s.stage(world.today).label()),
            Item::new("事项", s.subject.label()),
            Item::new("征集机关", world.name(&s.maker)),
            Item::new("统计单位", world.name(&s.counted_by)),
            Item::new("登记日期", day(s.begun_on)),
        ];
        items.extend(Item::day("发布日期", s.opened_on));
        items.extend(term_items(t));
        items.extend(s.extensions.iter().map(|(on, why)| Item::new("延长", format!("{}，{why}", day(*on)))));
        if let Some((on, outcome)) = &s.outcome {
            items.push(Item::new("公布采纳情况", day(*on)));
            items.push(Item::new("意见数量", counts(outcome)));
        }
        items
    }

    fn links(id: Uuid, s: &Standing, _: &World<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        if s.opened_on.is_some() {
            links.push(Link::new(address(id), "公开页面"));
        }
        if let Ok(document) = Uuid::parse_str(&s.document) {
            links.push(Link::new(Documents::at(document), "征求意见稿（公开和撤下的记录）"));
        }
        links.extend(
            s.result
                .as_deref()
                .and_then(|d| Uuid::parse_str(d).ok())
                .map(|d| Link::new(Documents::at(d), "正式文件")),
        );
        links
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        let resulted = ("resulted", "关联正式文件");
        match s.stage(world.today) {
            Stage::Prepared => {
                vec![("opened", "发布"), ("changed", "修改征集事项"), ("abandoned", "终止")]
            }
            Stage::Open => vec![("extended", "延长"), resulted],
            Stage::Closed => vec![("outcome-told", "公布采纳情况"), resulted],
            Stage::Answered => vec![("outcome-told", "重新公布采纳情况"), resulted],
            Stage::Abandoned => Vec::new(),
        }
    }

    fn may_correct(_: &Standing, _: &World<'_>) -> bool {
        false
    }

    async fn sections(service: &Service, ctx: &Context, id: Uuid, world: &World<'_>) -> Result<Vec<Section>> {
        let Some(s) = service.consultation_view(ctx, id).await?.standing else { return Ok(Vec::new()) };
        let mut sections = Vec::new();
        if s.opened_on.is_some() {
            sections.push(opinion::section(service, ctx, id, &s, world).await?);
        }
        if let Ok(document) = Uuid::parse_str(&s.document) {
            let draft = content::section(service, ctx, document, world).await?;
            sections.push(Section { heading: "征求意见稿", ..draft });
        }
        Ok(sections)
    }

    fn name(event: &E) -> (&'static str, &'static str) {
        match event {
            E::Begun { .. } => ("begun", "发起征集"),
            E::Changed { .. } => ("changed", "修改征集事项"),
            E::Opened { .. } => ("opened", "发布"),
            E::Extended { .. } => ("extended", "延长"),
            E::Answered { .. } => ("answered", "答复意见"),
            E::OutcomeTold { .. } => ("outcome-told", "公布采纳情况"),
            E::Resulted { .. } => ("resulted", "关联正式文件"),
            E::Abandoned { .. } => ("abandoned", "终止"),
        }
    }

    fn say(event: &E, world: &World<'_>) -> Said {
        const CLEARED: &str = "可以公开的理由";
        let mut said = Said::plain(Consultations::name(event).1);
        match event {
            E::Begun { counted_by, maker, document: _, subject, title, terms } => {
                said = said
                    .item("标题", title)
                    .item("事项", subject.label())
                    .item("征集机关", world.name(maker))
                    .item("统计单位", world.name(counted_by));
                said.items.extend(term_items(terms));
                said
            }
            E::Changed { terms } => {
                said.items.extend(term_items(terms));
                said
            }
            E::Opened { cleared } => said.item(CLEARED, cleared),
            E::Extended { until, reason, cleared } => {
                said.item("延长至", day(*until)).item("原因", reason).item(CLEARED, cleared)
            }
            E::Answered { number, answer } => said
                .item("答复", format!("第{number}条"))
                .item("意见摘要", &answer.summary)
                .item("采纳情况", answer.adoption.label())
                .item("理由", &answer.reason),
            E::OutcomeTold { outcome, cleared } => {
                said.item("总体说明", &outcome.said).item("意见数量", counts(outcome)).item(CLEARED, cleared)
            }
            E::Resulted { .. } => said,
            E::Abandoned { reason } => said.item("原因", reason),
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "begun" => "登记日期",
            "opened" => "发布日期",
            "changed" => "修改日期",
            "extended" => "延长日期",
            "outcome-told" => "公布日期",
            "resulted" => "关联日期",
            _ => "终止日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        _: Option<&E>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        Some(match key {
            "begun" => {
                let subjects = Subject::ALL.map(|s| Choice::new(s.key(), s.label())).into();
                let [counted_by, maker] = makers(world);
                let counted_by =
                    Field { hint: "意见征集由哪个机关统计和办理".into(), ..counted_by };
                let maker = Field {
                    label: "征集机关".into(),
                    hint: "以本级政府名义征求意见的，选择本级政府".into(),
                    ..maker
                };
                let mut fields = vec![
                    Field::text("title", "标题").hint("例如：《高平市样例办法（征求意见稿）》公开征求意见"),
                    Field::radio("subject", "事项", subjects)
                        .hint("重大行政决策和规章草案的征求意见期限一般不少于30日"),
                    counted_by,
                    maker,
                ];
                fields.extend(term_fields(None));
                fields
            }
            "changed" => term_fields(standing.map(|s| &s.terms)),
            "opened" => vec![cleared()],
            "extended" => vec![
                Field::date("until", "延长至").hint("接收意见的最后一日"),
                Field::area("reason", "延长的原因", 2).hint("向社会公布"),
                cleared(),
            ],
            "outcome-told" => {
                let told = standing.and_then(|s| s.outcome.as_ref());
                vec![
                    Field::area("said", "总体说明", 4)
                        .hint("收到、采纳、部分采纳和未采纳的数量以及每条答复，由系统附在说明之后一并公布")
                        .value_if(told.map(|(_, o)| o.said.as_str())),
                    cleared(),
                ]
            }
            "resulted" => vec![
                Field::text("document", "正式文件")
                    .hint("从文件的页面复制网址；两者都公开以后，页面相互链接"),
            ],
            "abandoned" => vec![Field::area("reason", "原因", 2)],
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&E>, t: &mut Typed) -> Option<E> {
        let cleared = t.get("cleared").to_owned();
        Some(match key {
            "begun" => {
                let subject = t.read("subject", "事项", Subject::parse);
                let terms = terms(t);
                let counted_by = t.get("counted_by").to_owned();
                E::Begun {
                    maker: t.some("maker").unwrap_or_else(|| counted_by.clone()),
                    counted_by,
                    document: String::new(),
                    subject: subject?,
                    title: t.get("title").to_owned(),
                    terms,
                }
            }
            "changed" => E::Changed { terms: terms(t) },
            "opened" => E::Opened { cleared },
            "extended" => E::Extended {
                until: t.date("until", "延长后的截止日期"),
                reason: t.get("reason").to_owned(),
                cleared,
            },
            "outcome-told" => {
                let outcome = Outcome { said: t.get("said").to_owned(), answers: Vec::new() };
                E::OutcomeTold { outcome, cleared }
            }
            "resulted" => {
                // The last part of an address is the id.
                let address = t.get("document").split(['?', '#']).next().unwrap_or_default();
                let document = address.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
                E::Resulted { document: document.to_owned() }
            }
            "abandoned" => E::Abandoned { reason: t.get("reason").to_owned() },
            _ => return None,
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: E, _: &Typed) -> Result<Uuid> {
        let E::Begun { counted_by, maker, subject, title, terms, .. } = event else {
            return Err(Error::Invalid("请从发起征集开始".into()));
        };
        service
            .begin_consultation(ctx, on, NewConsultation { counted_by, maker, subject, title, terms })
            .await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<E>,
    ) -> Result<u32> {
        service.change_consultation(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Consultations>> {
        service.consultation_view(ctx, id).await
    }
}

fn cleared() -> Field {
    Field::text("cleared", "可以公开的理由")
        .hint("系统提示有个人信息、经核对可以公开的，写明理由，例如：属于办公电话")
        .optional()
}

/// `收到意见6条，采纳3条，部分采纳2条，未采纳1条`
pub fn counts(outcome: &Outcome) -> String {
    let each = Adoption::ALL.map(|a| format!("{}{}条", a.label(), outcome.count(a)));
    format!("收到意见{}条，{}", outcome.received(), each.join("，"))
}

fn term_items(t: &Terms) -> Vec<Item> {
    let mut items = vec![Item::new("起草说明", &t.background), Item::new("截止日期", day(t.until))];
    let mut more = |label: &str, value: &str| {
        if !value.is_empty() {
            items.push(Item::new(label, value));
        }
    };
    more("缩短期限的理由", &t.shortened);
    more("网上提交", if t.online { "接收" } else { "不接收" });
    more("电子邮箱", &t.email);
    more("通信地址", &t.address);
    more("联系电话", &t.phone);
    items
}

fn term_fields(now: Option<&Terms>) -> Vec<Field> {
    let text = |value: fn(&Terms) -> &String| now.map(|t| value(t).as_str()).filter(|v| !v.is_empty());
    let mut online = Field::checks("online", "网上提交", vec![Choice::new("yes", "在公开页面上接收意见")]);
    if now.is_none_or(|t| t.online) {
        online.values = vec!["yes".into()];
    }
    vec![
        Field::area("background", "起草说明", 5)
            .hint("背景和目的、依据、主要内容和希望听取意见的问题；草案的正文和附件在登记以后编写")
            .value_if(text(|t| &t.background)),
        Field::date("until", "截止日期")
            .hint("接收意见的最后一日，当日24时自动结束")
            .value_if(now.map(|t| t.until.to_string())),
        Field::area("shortened", "缩短期限的理由", 2)
            .hint("期限短于规定的必须填写，向社会公布")
            .optional()
            .value_if(text(|t| &t.shortened)),
        Field::heading("提出意见的途径"),
        online.optional(),
        Field::text("email", "电子邮箱").optional().value_if(text(|t| &t.email)),
        Field::text("address", "通信地址").optional().value_if(text(|t| &t.address)),
        Field::text("phone", "联系电话").optional().value_if(text(|t| &t.phone)),
    ]
}

fn terms(t: &mut Typed) -> Terms {
    let text = |name: &str| t.get(name).to_owned();
    let (background, shortened) = (text("background"), text("shortened"));
    let (email, address, phone) = (text("email"), text("address"), text("phone"));
    let online = t.get("online") == "yes";
    Terms { background, until: t.date("until", "截止日期"), shortened, online, email, address, phone }
}

/// The controls of an answer.
pub(super) fn answer_fields(now: Option<&Answer>) -> [Field; 3] {
    [
        Field::area("summary", "意见摘要", 2)
            .hint("用本机关的语言概括，不写提出人的信息；意见原文不公开")
            .value_if(now.map(|a| a.summary.as_str())),
        Field::radio("adoption", "采纳情况", adoptions()).value_if(now.map(|a| a.adoption.key())),
        Field::area("reason", "理由", 2)
            .note("部分采纳、未采纳的必填")
            .value_if(now.map(|a| a.reason.as_str())),
    ]
}

/// The answer that was typed.
pub(super) fn answer(t: &mut Typed) -> Option<Answer> {
    let adoption = t.read("adoption", "采纳情况", Adoption::parse)?;
    Some(Answer { summary: t.get("summary").to_owned(), adoption, reason: t.get("reason").to_owned() })
}

/// Consultations whose outcome has not been told, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Vec<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(Vec::new());
    }
    let (ended, owed) = service.consultations_untold(ctx).await?;
    let home = Consultations::home();
    let counts = [
        Count::new("征集结果逾期未反馈", owed, "red", format!("{home}?stage=closed&owed=yes")),
        Count::new("征集结果待反馈", ended - owed, "yellow", format!("{home}?stage=closed")),
    ];
    Ok(counts.into_iter().filter(|c| c.n > 0).collect())
}

/// The section of the page of a document that is the draft of a consultation.
#[derive(Debug, Template)]
#[template(path = "desk/consultation_draft.html")]
pub struct DraftPart {
    link: Link,
    state: Badge,
}

/// Leads from the draft to its consultation.
pub(super) async fn draft_section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    world: &World<'_>,
) -> Result<Section> {
    let view = service.consultation_view(ctx, id).await?;
    let stage = view.standing.as_ref().map_or(Stage::Abandoned, |s| s.stage(world.today));
    let title = view.standing.map_or_else(|| "征集（已作废）".to_owned(), |s| s.title);
    let state = Badge::new(stage.label(), tone(stage));
    let part = DraftPart { link: Link::new(Consultations::at(id), title), state };
    Section::of("consultation", "意见征集", &part)
}

#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let link = Link::new("/desk/consultations/1", "样例办法（征求意见稿）");
    let part = DraftPart { link, state: Badge::new("正在征集", "green") };
    Section::of("consultation", "意见征集", &part).unwrap_or_default()
}
