//! 公文拟稿: the attribute proposed with the draft, the reviews, the signature.

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::words::day;
use super::board::Count;
use super::document::{attributes, categories, makers, reason};
use super::register::{Desk, Item, ListRow, Listing, Said, Section, next_key, page_of};
use super::{World, content, or_none};
use jiff::civil::Date;
use law::docket::document::{Category, DisclosureAttribute};
use law::docket::document_draft::{DocumentDraftEvent as E, Proposed, Stage, Standing};
use law::docket::interpretation::{Form, Plan, Timing};
use law::review::Step;
use service::document::{DocumentDrafts, Documents};
use service::row::DocumentDraftFilter;
use service::{Change, Context, Error, Permission, Result, Service, View};
use uuid::Uuid;

fn tone(stage: Stage) -> &'static str {
    match stage {
        Stage::Open => "blue",
        Stage::Returned => "red",
        Stage::Ready => "yellow",
        Stage::Signed => "green",
        Stage::Abandoned => "grey",
    }
}

/// The step of review behind the key of a form.
fn step_of(key: &str) -> Option<Step> {
    Step::parse(key).filter(|s| matches!(s, Step::Secrecy | Step::Legality | Step::WorkingBody))
}

fn conclusions() -> Vec<Choice> {
    vec![Choice::new("passed", "审核通过"), Choice::new("returned", "退回修改")]
}

impl Desk for DocumentDrafts {
    const PATH: &'static str = "document-drafts";
    const TITLE: &'static str = "公文拟稿";
    const ITEM: &'static str = "拟稿";
    const BEGIN: &'static str = "登记拟稿";
    const FIRST: &'static str = "drafted";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        let stages = Stage::ALL.map(|s| Choice::new(s.key(), s.label())).into();
        vec![
            Field::text("q", "标题").optional().value(query.get("q")),
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("stage", "办理阶段", or_none("全部阶段", stages))
                .optional()
                .value(query.get("stage")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = DocumentDraftFilter {
            units: world.wanted(query),
            stage: query.some("stage"),
            text: query.some("q"),
        };
        let found = service.document_drafts(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|d| (d.drafted_on, d.id)));
        let rows = found
            .into_iter()
            .map(|d| ListRow {
                href: DocumentDrafts::at(d.id),
                cells: vec![
                    d.title,
                    Category::parse(&d.category).map_or(d.category, |c| c.label().into()),
                    DisclosureAttribute::parse(&d.attribute).map_or(d.attribute, |a| a.label().into()),
                    world.short(d.unit),
                    day(d.drafted_on),
                ],
                badge: match Stage::parse(&d.stage) {
                    Some(stage) => Badge::new(stage.label(), tone(stage)),
                    None => Badge::new(d.stage, "grey"),
                },
            })
            .collect();
        let columns = vec!["标题", "类别", "拟定公开属性", "机关", "拟稿日期", "办理阶段"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        s.proposed.title.clone()
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        Badge::new(s.stage.label(), tone(s.stage))
    }

    fn open(s: &Standing) -> bool {
        !s.stage.is_over()
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let p = &s.proposed;
        let mut items = vec![
            Item::new("类别", p.category.label()),
            Item::new("制作机关", world.name(&s.maker)),
            Item::new("统计单位", world.name(&s.counted_by)),
            Item::new("拟稿日期", day(s.drafted_on)),
            Item::new("拟定公开属性", p.attribute.label()),
        ];
        if !p.reason.is_empty() {
            items.push(Item::new("公开属性的理由", &p.reason));
        }
        match &p.plan {
            Some(plan) => items.extend(plan_items(plan)),
            None if p.needs_plan() => items.push(Item::new("解读方案", "尚未填写，审核前应当填写")),
            None => {}
        }
        items.extend(s.required().into_iter().map(|step| Item::new(step.label(), conclusion(s, step))));
        items.extend(Item::day("签发日期", s.signed_on));
        items
    }

    fn links(_: Uuid, s: &Standing, _: &World<'_>) -> Vec<Link> {
        match Uuid::parse_str(&s.document) {
            Ok(document) if s.stage == Stage::Signed => {
                vec![Link::new(Documents::at(document), "签发的公文")]
            }
            _ => Vec::new(),
        }
    }

    fn permission(_: &Standing, key: &str) -> Permission {
        match (key, step_of(key)) {
            (_, Some(step)) => service::request::reviews(step),
            ("signed", _) => Permission::SignDecision,
            _ => Self::EDIT,
        }
    }

    fn steps(s: &Standing, _: &World<'_>) -> Vec<(&'static str, &'static str)> {
        if s.stage.is_over() {
            return Vec::new();
        }
        let mut steps = Vec::new();
        if s.incomplete().is_empty() {
            steps.extend(s.missing().into_iter().map(|step| (step.key(), step.label())));
        }
        if s.stage == Stage::Ready {
            steps.push(("signed", "签发"));
        }
        steps.extend([("redrafted", "修改拟稿事项"), ("abandoned", "终止")]);
        steps
    }

    fn may_correct(_: &Standing, _: &World<'_>) -> bool {
        false
    }

    async fn sections(service: &Service, ctx: &Context, id: Uuid, world: &World<'_>) -> Result<Vec<Section>> {
        // Once it is signed, its text is the document's.
        let standing = service.document_draft_view(ctx, id).await?.standing;
        let unsigned = standing.filter(|s| s.stage != Stage::Signed);
        match unsigned.map(|s| Uuid::parse_str(&s.document)) {
            Some(Ok(document)) => Ok(vec![content::section(service, ctx, document, world).await?]),
            _ => Ok(Vec::new()),
        }
    }

    fn name(event: &E) -> (&'static str, &'static str) {
        match event {
            E::Drafted { .. } => ("drafted", "拟稿"),
            E::Redrafted { .. } => ("redrafted", "修改拟稿事项"),
            E::Changed { .. } => ("changed", "修改稿件"),
            E::Reviewed { step, .. } => (step.key(), step.label()),
            E::Signed { .. } => ("signed", "签发"),
            E::Abandoned { .. } => ("abandoned", "终止"),
        }
    }

    fn say(event: &E, world: &World<'_>) -> Said {
        let said = Said::plain(DocumentDrafts::name(event).1);
        match event {
            E::Drafted { counted_by, maker, document: _, proposed } => say_proposed(said, proposed)
                .item("制作机关", world.name(maker))
                .item("统计单位", world.name(counted_by)),
            E::Redrafted { proposed } => say_proposed(said, proposed),
            E::Changed { part } => said.item("改动", part.label()),
            E::Reviewed { passed, opinion, .. } => {
                said.item("结论", if *passed { "审核通过" } else { "退回修改" }).item("审核意见", opinion)
            }
            E::Signed { number, index_number } => said
                .item("发文字号", number.clone().unwrap_or_default())
                .item("索引号", index_number.clone().unwrap_or_default()),
            E::Abandoned { reason } => said.item("原因", reason),
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "drafted" => "拟稿日期",
            "redrafted" => "修改日期",
            "signed" => "签发日期（成文日期）",
            "abandoned" => "终止日期",
            _ => "审核日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&E>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        if step_of(key).is_some() {
            let mut fields = vec![
                Field::radio("conclusion", "审核结论", conclusions()),
                Field::area("opinion", "审核意见", 3).hint("退回修改的必须填写").optional(),
            ];
            if let Some(E::Reviewed { passed, opinion, .. }) = event {
                fields[0].values = vec![if *passed { "passed" } else { "returned" }.into()];
                fields[1].values = vec![opinion.clone()];
            }
            return Some(fields);
        }
        Some(match (key, event) {
            ("drafted", _) => {
                let mut fields = proposed_fields(None);
                fields.splice(2..2, makers(world));
                fields
            }
            ("redrafted", Some(E::Redrafted { proposed })) => proposed_fields(Some(proposed)),
            ("redrafted", _) => proposed_fields(standing.map(|s| &s.proposed)),
            ("signed", event) => {
                let (number, index) = match event {
                    Some(E::Signed { number, index_number }) => (number.as_deref(), index_number.as_deref()),
                    _ => (None, None),
                };
                vec![
                    Field::text("number", "发文字号")
                        .hint("例如：高政办发〔2020〕12号；没有的不填")
                        .optional()
                        .value_if(number),
                    Field::text("index_number", "索引号").hint("编定后不再改变").optional().value_if(index),
                ]
            }
            ("abandoned", event) => {
                let why = match event {
                    Some(E::Abandoned { reason }) => Some(reason.as_str()),
                    _ => None,
                };
                vec![Field::area("reason", "原因", 2).value_if(why)]
            }
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&E>, t: &mut Typed) -> Option<E> {
        if let Some(step) = step_of(key) {
            let passed = t.read("conclusion", "审核结论", |v| match v {
                "passed" => Some(true),
                "returned" => Some(false),
                _ => None,
            });
            return Some(E::Reviewed { step, passed: passed?, opinion: t.get("opinion").to_owned() });
        }
        Some(match key {
            "drafted" => {
                let counted_by = t.get("counted_by").to_owned();
                E::Drafted {
                    maker: t.some("maker").unwrap_or_else(|| counted_by.clone()),
                    counted_by,
                    document: String::new(),
                    proposed: proposed(t)?,
                }
            }
            "redrafted" => E::Redrafted { proposed: proposed(t)? },
            "signed" => E::Signed { number: t.some("number"), index_number: t.some("index_number") },
            "abandoned" => E::Abandoned { reason: t.get("reason").to_owned() },
            _ => return None,
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: E, _: &Typed) -> Result<Uuid> {
        let E::Drafted { counted_by, maker, proposed, .. } = event else {
            return Err(Error::Invalid("请从登记拟稿开始".into()));
        };
        service.draft_document(ctx, on, (counted_by, maker), proposed).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<E>,
    ) -> Result<u32> {
        service.change_document_draft(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<DocumentDrafts>> {
        service.document_draft_view(ctx, id).await
    }
}

/// The drafts at the stages in which the actor has a part: for a reviewer all under review, also those this reviewer has
/// passed, for the drafter those sent back, for who signs those that can be signed.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Vec<Count>> {
    let reviews = [Permission::ReviewSecrecy, Permission::ReviewLegality, Permission::ReviewProposal];
    let all = [
        (Stage::Open, "拟稿审核中", "blue", reviews.iter().any(|p| ctx.actor.may(*p))),
        (Stage::Returned, "拟稿退回修改", "yellow", ctx.actor.may(Permission::EditRegisters)),
        (Stage::Ready, "拟稿待签发", "blue", ctx.actor.may(Permission::SignDecision)),
    ];
    let mut counts = Vec::new();
    for (stage, label, tone, mine) in all {
        let n = if mine { service.waiting_drafts(ctx, stage).await? } else { 0 };
        if n > 0 {
            let href = format!("{}?stage={}", DocumentDrafts::home(), stage.key());
            counts.push(Count::new(label, n, tone, href));
        }
    }
    Ok(counts)
}

/// What a step has come to.
fn conclusion(s: &Standing, step: Step) -> String {
    let Some(r) = s.reviews.get(&step) else { return "尚未审核".into() };
    let opinion = if r.opinion.is_empty() { String::new() } else { format!("：{}", r.opinion) };
    let said = format!("{}{}{opinion}", day(r.on), if r.passed { "通过" } else { "退回修改" });
    if r.holds { said } else { format!("{said}。此后稿件有改动，需要重新审核") }
}

fn forms_of(plan: &Plan) -> String {
    plan.forms.iter().map(|f| f.label()).collect::<Vec<_>>().join("、")
}

/// A plan for the interpretation, beside what a draft or a document says.
pub(super) fn plan_items(plan: &Plan) -> Vec<Item> {
    vec![
        Item::new("解读提纲", &plan.outline),
        Item::new("解读形式", forms_of(plan)),
        Item::new("解读途径", &plan.channels),
        Item::new("解读时间", plan.timing.label()),
    ]
}

pub(super) fn say_plan(said: Said, plan: &Plan) -> Said {
    said.item("解读提纲", &plan.outline)
        .item("解读形式", forms_of(plan))
        .item("解读途径", &plan.channels)
        .item("解读时间", plan.timing.label())
}

fn say_proposed(said: Said, p: &Proposed) -> Said {
    let said = said
        .item("标题", &p.title)
        .item("类别", p.category.label())
        .item("拟定公开属性", p.attribute.label())
        .item("理由", &p.reason);
    match &p.plan {
        Some(plan) => say_plan(said, plan),
        None => said,
    }
}

/// The controls of a plan; optional, because not every document has one.
pub(super) fn plan_fields(plan: Option<&Plan>) -> Vec<Field> {
    let forms = Form::ALL.map(|f| Choice::new(f.key(), f.label())).into();
    let times = Timing::ALL.map(|t| Choice::new(t.key(), t.label())).into();
    let mut forms = Field::checks("plan_forms", "解读形式", forms).optional();
    forms.values = plan.map(|p| p.forms.iter().map(|f| f.key().to_owned()).collect()).unwrap_or_default();
    vec![
        Field::area("plan_outline", "解读提纲", 3)
            .hint("主动公开的规章和行政规范性文件必须填写解读方案（国办发〔2016〕19号），其他公文可以不填。提纲写明背景和目的、依据、主要内容、适用对象、执行标准、新旧差异")
            .optional()
            .value_if(plan.map(|p| p.outline.as_str())),
        forms,
        Field::text("plan_channels", "解读途径")
            .hint("例如：本机关网站、政务新媒体")
            .optional()
            .value_if(plan.map(|p| p.channels.as_str())),
        Field::radio("plan_timing", "解读时间", times)
            .value(plan.map_or(Timing::SameDay, |p| p.timing).key()),
    ]
}

/// The plan that was typed; none if nothing of it was.
pub(super) fn plan(t: &mut Typed) -> Option<Plan> {
    let plan = Plan {
        outline: t.get("plan_outline").to_owned(),
        forms: t.all("plan_forms").iter().filter_map(|f| Form::parse(f)).collect(),
        channels: t.get("plan_channels").to_owned(),
        timing: Timing::parse(t.get("plan_timing")).unwrap_or(Timing::SameDay),
    };
    let typed = !plan.outline.is_empty() || !plan.forms.is_empty() || !plan.channels.is_empty();
    typed.then_some(plan)
}

fn proposed_fields(now: Option<&Proposed>) -> Vec<Field> {
    let mut fields = vec![
        Field::text("title", "标题").value_if(now.map(|p| p.title.as_str())),
        Field::radio("category", "类别", categories()).value_if(now.map(|p| p.category.key())),
        Field::radio("attribute", "拟定公开属性", attributes()).value_if(now.map(|p| p.attribute.key())),
        reason(now.map(|p| p.reason.as_str())),
        Field::part("解读方案"),
    ];
    fields.extend(plan_fields(now.and_then(|p| p.plan.as_ref())));
    fields
}

fn proposed(t: &mut Typed) -> Option<Proposed> {
    let category = t.read("category", "类别", Category::parse);
    let attribute = t.read("attribute", "拟定公开属性", DisclosureAttribute::parse);
    let plan = plan(t);
    Some(Proposed {
        category: category?,
        title: t.get("title").to_owned(),
        attribute: attribute?,
        reason: t.get("reason").to_owned(),
        plan,
    })
}
