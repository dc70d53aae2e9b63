//! 公文

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::portal::document::{address, badge as validity_badge};
use super::super::words::{day, day_or_dash};
use super::docket::ClockLine;
use super::document_draft::{plan, plan_fields, say_plan};
use super::register::{Desk, Item, ListRow, Listing, Said, Section, next_key, page_of};
use super::{
    World, attribute_review, catalogue, channel, classes, cleanup, consultation, content, delivery,
    document_batch, filing, interpretation, or_none, publication, schedule, validity, years,
};
use jiff::civil::Date;
use law::docket::document::{
    Category, DisclosureAttribute, DocumentEvent, Interprets, Standing, TripleUnification,
};
use law::docket::interpretation::{Form as InterpretationForm, Plan, Timing};
use service::document::{Documents, force};
use service::row::DocumentFilter;
use service::{Change, Context, Permission, Result, Service, View};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What is said of words that stand on the public page.
const SHOWN: &str = "在公开页面上向社会显示，例如：高政发〔2021〕3号";

pub(super) fn categories() -> Vec<Choice> {
    Category::ENTERED.map(|c| Choice::new(c.key(), c.label())).into()
}

fn every_category() -> Vec<Choice> {
    Category::ALL.map(|c| Choice::new(c.key(), c.label())).into()
}

pub(super) fn attributes() -> Vec<Choice> {
    DisclosureAttribute::ALL.map(|a| Choice::new(a.key(), a.label())).into()
}

pub(super) fn reason(value: Option<&str>) -> Field {
    Field::area("reason", "理由和依据条款", 2)
        .hint("公开属性不是“主动公开”的必须填写，例如：属于内部事务信息，条例第十六条第一款")
        .optional()
        .value_if(value)
}

/// Who counts a document, and who makes it.
pub(super) fn makers(world: &World<'_>) -> [Field; 2] {
    [
        Field::select("counted_by", "统计单位", world.own_units())
            .hint("年度报告由哪个机关统计这件公文")
            .value_if(world.home()),
        Field::select("maker", "制作机关", or_none("与统计单位相同", world.units()))
            .hint("代本级政府制作的，选择本级政府")
            .optional(),
    ]
}

impl Desk for Documents {
    const PATH: &'static str = "documents";
    const TITLE: &'static str = "公文";
    const ITEM: &'static str = "公文";
    const BEGIN: &'static str = "登记公文";
    const FIRST: &'static str = "made";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        vec![
            Field::text("q", "标题或者发文字号").optional().value(query.get("q")),
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("category", "类别", or_none("全部类别", every_category()))
                .optional()
                .value(query.get("category")),
            Field::select("attribute", "公开属性", or_none("全部属性", attributes()))
                .optional()
                .value(query.get("attribute")),
            Field::select("year", "成文年度", or_none("全部年度", years(world.today)))
                .optional()
                .value(query.get("year")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = DocumentFilter {
            units: world.wanted(query),
            category: query.some("category"),
            attribute: query.some("attribute"),
            text: query.some("q"),
            made_in: query.get("year").parse().ok(),
            ..DocumentFilter::default()
        };
        let found = service.documents(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|d| (d.made_on, d.id)));
        let rows = found
            .into_iter()
            .map(|d| ListRow {
                href: Documents::at(d.id),
                badge: force(&d)
                    .map_or_else(|| Badge::new("—", "none"), |force| validity_badge(force.on(world.today))),
                cells: vec![
                    d.title,
                    d.number.unwrap_or_else(|| "—".into()),
                    Category::parse(&d.category).map_or(d.category, |c| c.label().into()),
                    DisclosureAttribute::parse(&d.attribute).map_or(d.attribute, |a| a.label().into()),
                    day(d.made_on),
                    day_or_dash(d.disclosed_on),
                ],
            })
            .collect();
        let columns = vec!["标题", "发文字号", "类别", "公开属性", "成文日期", "公开日期", "有效性"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        s.title.clone()
    }

    fn badge(s: &Standing, world: &World<'_>) -> Badge {
        match s.force() {
            Some(force) => validity_badge(force.on(world.today)),
            None => Badge::new(s.attribute.label(), "blue"),
        }
    }

    fn open(s: &Standing) -> bool {
        s.publish_due_from().is_some()
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let text = |t: &Option<String>| t.clone().unwrap_or_else(|| "—".into());
        let mut items = vec![
            Item::new("类别", s.category.label()),
            Item::new("发文字号", text(&s.number)),
            Item::new("索引号", text(&s.index_number)),
            Item::new("制作机关", world.name(&s.maker)),
            Item::new("统计单位", world.name(&s.counted_by)),
            Item::new("成文日期", day(s.made_on)),
            Item::new("公开属性", s.attribute.label()),
        ];
        items.extend(s.reason.as_ref().map(|r| Item::new("公开属性的理由", r)));
        items.extend(s.reviews.last().map(|r| Item::new("上次复审", format!("{}{}", day(r.on), r.label()))));
        items.push(Item::new("公开日期", day_or_dash(s.published_on())));
        items.extend(Item::day("首次公开日期", s.first_published_on()));
        items.extend(schedule::items(s));
        items.extend(s.url.as_ref().map(|u| {
            let web = u.starts_with("https://") || u.starts_with("http://");
            Item::new("公开网址", u).link(if web { u.as_str() } else { "" })
        }));
        if s.category == Category::Normative {
            let said =
                s.unified.as_ref().map(|(on, u)| format!("{}，{}于{}登记", u.registered_no, u.by, day(*on)));
            items.push(Item::new("三统一", said.unwrap_or_else(|| "尚未登记".into())));
        }
        items.extend(filing::said(s).map(|text| Item::new("备案", text)));
        items.extend(Item::day("撤下日期", s.withdrawn_on));
        items.extend(Item::day("施行日期", s.in_force_on));
        items.extend(Item::day("有效期至", s.valid_until));
        items.extend(Item::day("修改日期", s.amended_on));
        items.extend(Item::day("废止或者失效日期", s.ended_on));
        items.extend(s.force().map(|f| Item::new("有效性", f.on(world.today).label())));
        items.extend(classes::items(&s.classification));
        items
    }

    fn clocks(s: &Standing, world: &World<'_>) -> Vec<ClockLine> {
        filing::clock(s, world).into_iter().collect()
    }

    fn links(id: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let public = s.public.then(|| Link::new(address(id), "公开页面"));
        public.into_iter().chain(schedule::link(id, s, world)).collect()
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        // What `law` would say to the step with nothing wrong in its content.
        let some = || "—".to_owned();
        let changed = DisclosureAttribute::ALL.into_iter().find(|a| *a != s.attribute);
        let interprets = s.category == Category::Interpretation;
        let trials = [
            interprets.then(|| DocumentEvent::Interprets {
                documents: vec![some()],
                form: InterpretationForm::Text,
            }),
            Some(DocumentEvent::Disclosed { url: None }),
            Some(classes::other_than(&s.classification)),
            changed.map(|attribute| DocumentEvent::AttributeChanged { attribute, reason: some() }),
            Some(DocumentEvent::Unified(TripleUnification { registered_no: some(), by: some() })),
            Some(filing::some()),
            Some(attribute_review::kept(s)),
            Some(attribute_review::called(world.today)),
            Some(DocumentEvent::InterpretationPlanned { plan: blank_plan() }).filter(|_| !interprets),
            Some(DocumentEvent::InForce),
            Some(DocumentEvent::ValidUntil { until: Date::MAX }),
            Some(DocumentEvent::Amended { by: some() }),
            Some(DocumentEvent::Repealed { by: some() }),
            Some(DocumentEvent::Lapsed { reason: some() }),
            Some(DocumentEvent::Relayed { channel: some(), url: "https://—".into() })
                .filter(|_| !world.channels.is_empty()),
            Some(DocumentEvent::Withdrawn { reason: some(), told: String::new(), kept: String::new() }),
        ];
        trials
            .into_iter()
            .flatten()
            .filter(|e| s.may(e, world.today).is_empty())
            .map(|e| Documents::name(&e))
            .collect()
    }

    async fn sections(service: &Service, ctx: &Context, id: Uuid, world: &World<'_>) -> Result<Vec<Section>> {
        let mut sections = vec![content::section(service, ctx, id, world).await?];
        let owner = service.content_owner(ctx, id).await?;
        if let Some(consultation) = owner.consultation {
            sections.push(consultation::draft_section(service, ctx, consultation, world).await?);
        } else if let Some(standing) = service.document_view(ctx, id).await?.standing {
            sections.push(interpretation::section(service, ctx, id, &standing, world).await?);
            sections.push(catalogue::section(service, id, &standing.entries, world).await?);
        }
        sections.extend(delivery::section(service, ctx, id).await?);
        Ok(sections)
    }

    fn name(event: &DocumentEvent) -> (&'static str, &'static str) {
        match event {
            DocumentEvent::Made { .. } => ("made", "成文"),
            DocumentEvent::AttributeChanged { .. } => ("attribute-changed", "公开属性动态调整"),
            DocumentEvent::ReviewCalled(_) => ("review-called", "提请复审公开属性"),
            DocumentEvent::AttributeReviewed { .. } => ("attribute-reviewed", "复审公开属性"),
            DocumentEvent::Disclosed { .. } => ("disclosed", "公开"),
            DocumentEvent::Scheduled { .. } => ("scheduled", "定时公开"),
            DocumentEvent::ScheduleCancelled { .. } => ("schedule-cancelled", "撤销定时公开"),
            DocumentEvent::ScheduleMissed { .. } => ("schedule-missed", "到时没有公开"),
            DocumentEvent::InForce => ("in-force", "施行"),
            DocumentEvent::ValidUntil { .. } => ("valid-until", "有效期"),
            DocumentEvent::Amended { .. } => ("amended", "修改"),
            DocumentEvent::Repealed { .. } => ("repealed", "废止"),
            DocumentEvent::Lapsed { .. } => ("lapsed", "失效"),
            DocumentEvent::Withdrawn { .. } => ("withdrawn", "撤下"),
            DocumentEvent::Settled { .. } => ("settled", "公开前检查的处理"),
            DocumentEvent::CleanedUp { .. } => ("cleaned-up", "清理结论"),
            DocumentEvent::Unified(_) => ("unified", "统一登记、编号、印发"),
            DocumentEvent::Filed(_) => ("filed", "报送备案"),
            DocumentEvent::InterpretationPlanned { .. } => ("interpretation-planned", "解读方案"),
            DocumentEvent::Interprets { .. } => ("interprets", "关联被解读的文件"),
            DocumentEvent::Imported(_) => ("imported", "批量导入"),
            DocumentEvent::Relayed { .. } => ("relayed", "在其他渠道发布"),
            DocumentEvent::Classified(_) => ("classified", "分类"),
            DocumentEvent::Catalogued { .. } => ("catalogued", "列入标准目录事项"),
        }
    }

    fn say(event: &DocumentEvent, world: &World<'_>) -> Said {
        let said = Said::plain(Documents::name(event).1);
        match event {
            DocumentEvent::Made {
                title,
                number,
                category,
                attribute,
                maker,
                counted_by,
                reason,
                index_number,
            } => said
                .item("标题", title)
                .item("发文字号", number.clone().unwrap_or_default())
                .item("索引号", index_number.clone().unwrap_or_default())
                .item("类别", category.label())
                .item("公开属性", attribute.label())
                .item("理由", reason.clone().unwrap_or_default())
                .item("制作机关", world.name(maker))
                .item("统计单位", world.name(counted_by)),
            DocumentEvent::AttributeChanged { attribute, reason } => {
                said.item("公开属性", attribute.label()).item("理由", reason)
            }
            DocumentEvent::Unified(u) => {
                said.item("统一登记号", &u.registered_no).item("登记、编号、印发机构", &u.by)
            }
            DocumentEvent::Filed(filed) => filing::say(said, filed),
            DocumentEvent::ReviewCalled(called) => attribute_review::say_called(said, called),
            DocumentEvent::AttributeReviewed { attribute, reason, approved_by } => said
                .item("复审后的公开属性", attribute.label())
                .item("理由和依据", reason)
                .item("批准人", approved_by),
            DocumentEvent::Disclosed { url } => said.item("网址", url.clone().unwrap_or_default()),
            DocumentEvent::Scheduled { at } => said.item("公开时间", schedule::minute(*at)),
            DocumentEvent::ScheduleCancelled { reason } | DocumentEvent::ScheduleMissed { why: reason } => {
                said.item("原因", reason)
            }
            DocumentEvent::InForce => said,
            DocumentEvent::ValidUntil { until } => said.item("有效期至", day(*until)),
            DocumentEvent::Amended { by } => said.item("修改依据的文件", by),
            DocumentEvent::Repealed { by } => said.item("宣布废止的文件", by),
            DocumentEvent::Withdrawn { reason, told, kept } => {
                said.item("原因", reason).item("对外说明", told).item("保留解读材料的理由", kept)
            }
            DocumentEvent::Lapsed { reason } => said.item("原因", reason),
            DocumentEvent::CleanedUp { by, conclusion, .. } => {
                said.item("结论", conclusion.label()).item("公布清理结果的文件", by)
            }
            DocumentEvent::InterpretationPlanned { plan } => say_plan(said, plan),
            DocumentEvent::Interprets { documents, form } => {
                said.item("解读形式", form.label()).item("关联的文件", format!("{}件", documents.len()))
            }
            DocumentEvent::Settled { what, place, reason, .. } => {
                said.item("位置", place).item("内容", what).item("可以公开的理由", reason)
            }
            DocumentEvent::Catalogued { entries } => said.item("事项", format!("{}项", entries.len())),
            DocumentEvent::Imported(from) => said
                .item("列表", format!("{}第{}行", from.list, from.row))
                .item("列表中的发布日期", from.published_on.map(day).unwrap_or_default())
                .item("列表中的网址", from.url.clone().unwrap_or_default()),
            DocumentEvent::Relayed { channel, url } => {
                said.item("渠道", world.channel(channel)).item("链接", url)
            }
            DocumentEvent::Classified(now) => Said { items: classes::items(now), ..said },
        }
    }

    fn more_views() -> Vec<Link> {
        vec![
            Link::new("/desk/interpretations", "政策解读"),
            Link::new(publication::HOME, "待公开"),
            Link::new(schedule::HOME, "定时公开"),
            Link::new(validity::HOME, "有效期"),
            Link::new(attribute_review::HOME, "公开属性复审"),
            Link::new(cleanup::HOME, "规范性文件清理"),
            Link::new(filing::HOME, "备案"),
            Link::new(delivery::HOME, "推送记录"),
            Link::new(document_batch::HOME, "批量导入"),
        ]
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "interpretation-planned" => "确定日期",
            "interprets" => "关联日期",
            "valid-until" => "确定日期",
            "made" => "成文日期",
            "disclosed" => "公开日期",
            "in-force" => "施行日期",
            "amended" => "修改日期",
            "repealed" => "废止日期",
            "lapsed" => "失效日期",
            "withdrawn" => "撤下日期",
            "settled" => "处理日期",
            "cleaned-up" => "公布日期",
            "filed" => "报送日期",
            "unified" => "印发日期",
            "classified" => "分类日期",
            "catalogued" => "列入日期",
            "review-called" => "提请日期",
            "attribute-reviewed" => "复审日期",
            "relayed" => "发布日期",
            "scheduled" => "安排日期",
            "schedule-cancelled" => "撤销日期",
            "schedule-missed" => "应当公开的日期",
            _ => "调整日期",
        }
    }

    fn usual_day(key: &str, s: &Standing, world: &World<'_>) -> Date {
        // What was public before it was imported keeps that day.
        s.waits_since().filter(|_| key == "disclosed").unwrap_or(world.today)
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&DocumentEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        use DocumentEvent as E;
        Some(match (key, event) {
            ("classified", event) => classes::fields(standing, event, world),
            ("made", event) => made(event, world),
            ("attribute-changed", event) => {
                let (now, why) = match event {
                    Some(E::AttributeChanged { attribute, reason }) => {
                        (Some(attribute.key()), Some(reason.as_str()))
                    }
                    _ => (None, None),
                };
                vec![
                    Field::radio("attribute", "调整为", attributes()).value_if(now),
                    Field::area("reason", "理由和依据条款", 2).value_if(why),
                ]
            }
            ("unified", event) => {
                let own = match event {
                    Some(DocumentEvent::Unified(unified)) => Some(unified),
                    _ => None,
                };
                vec![
                    Field::text("registered-no", "统一登记号")
                        .hint("制定机关的办公机构统一编制的号，例如：高规〔2021〕3号")
                        .value_if(own.map(|u| u.registered_no.as_str())),
                    Field::text("by", "登记、编号、印发机构")
                        .hint("例如：高平市人民政府办公室")
                        .value_if(own.map(|u| u.by.as_str())),
                ]
            }
            ("filed", event) => filing::fields(event),
            ("review-called" | "attribute-reviewed", event) => {
                return attribute_review::fields(key, standing, event);
            }
            ("disclosed", event) => {
                let at = match event {
                    Some(E::Disclosed { url }) => url.as_deref(),
                    _ => None,
                };
                vec![
                    Field::text("url", "公开网址")
                        .hint("在其他网站公开的，填写以 https:// 开头的网址；正文和附件随公文一并公开")
                        .optional()
                        .value_if(at),
                ]
            }
            ("interpretation-planned", event) => {
                let own = match event {
                    Some(E::InterpretationPlanned { plan }) => Some(plan),
                    _ => standing.and_then(|s| s.plan.as_ref()),
                };
                plan_fields(own)
            }
            ("interprets", event) => {
                let own = match event {
                    Some(E::Interprets { documents, form }) => {
                        Some(Interprets { documents: documents.clone(), form: *form })
                    }
                    _ => standing.and_then(|s| s.interprets.clone()),
                };
                let lines = own.as_ref().map(|i| i.documents.join("\n"));
                vec![
                    Field::area("documents", "被解读的文件", 3)
                        .hint("每行一件，从文件的页面复制网址；删去的不再关联")
                        .value_if(lines),
                    Field::radio("form", "解读形式", interpretation::forms())
                        .value_if(own.map(|i| i.form.key())),
                ]
            }
            ("valid-until", event) => {
                let until = match event {
                    Some(E::ValidUntil { until }) => Some(*until),
                    _ => standing.and_then(|s| s.valid_until),
                };
                vec![
                    Field::date("until", "有效期至")
                        .hint("有效的最后一日；延长有效期的，填写延长后的最后一日")
                        .value_if(until.map(|d| d.to_string())),
                ]
            }
            ("relayed", event) => {
                let (to, url) = match event {
                    Some(E::Relayed { channel, url }) => (Some(channel.as_str()), Some(url.as_str())),
                    _ => (None, None),
                };
                vec![
                    Field::select("channel", "发布渠道", channel::choices(world, to)).value_if(to),
                    Field::text("url", "链接").hint("在该渠道发布后的网址，以 https:// 开头").value_if(url),
                ]
            }
            ("in-force", _) => Vec::new(),
            ("amended", event) => {
                let by = match event {
                    Some(E::Amended { by }) => Some(by.as_str()),
                    _ => None,
                };
                vec![Field::text("by", "修改依据的文件").hint(SHOWN).value_if(by)]
            }
            ("repealed", event) => {
                let by = match event {
                    Some(E::Repealed { by }) => Some(by.as_str()),
                    _ => None,
                };
                vec![Field::text("by", "宣布废止的文件").hint(SHOWN).value_if(by)]
            }
            ("lapsed", event) => {
                let why = match event {
                    Some(E::Lapsed { reason }) => Some(reason.as_str()),
                    _ => None,
                };
                vec![Field::area("reason", "原因", 2).hint(SHOWN).value_if(why)]
            }
            ("withdrawn", event) => {
                let [why, told, kept] = match event {
                    Some(E::Withdrawn { reason, told, kept }) => [Some(reason), Some(told), Some(kept)],
                    _ => [None; 3],
                };
                let own = standing.is_none_or(|s| s.category != Category::Interpretation);
                let kept = Field::area("kept", "保留解读材料的理由", 2)
                    .hint("只解读本文件的解读材料随本文件一并撤下；确需保留公开的，写明理由")
                    .optional()
                    .value_if(kept);
                let mut fields = vec![
                    Field::area("reason", "原因", 2).hint("只供内部查看").value_if(why),
                    Field::area("told", "对外说明", 2)
                        .hint("原网址向社会显示，不写个人信息和内部情况；不填的，只显示撤下日期")
                        .optional()
                        .value_if(told),
                ];
                fields.extend(own.then_some(kept));
                fields
            }
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&DocumentEvent>, typed: &mut Typed) -> Option<DocumentEvent> {
        use DocumentEvent as E;
        Some(match key {
            "made" => {
                let category = typed.read("category", "类别", Category::parse);
                let attribute = typed.read("attribute", "公开属性", DisclosureAttribute::parse);
                let counted_by = typed.get("counted_by").to_owned();
                E::Made {
                    maker: typed.some("maker").unwrap_or_else(|| counted_by.clone()),
                    counted_by,
                    category: category?,
                    title: typed.get("title").to_owned(),
                    number: typed.some("number"),
                    index_number: typed.some("index_number"),
                    attribute: attribute?,
                    reason: typed.some("reason"),
                }
            }
            "attribute-changed" => E::AttributeChanged {
                attribute: typed.read("attribute", "公开属性", DisclosureAttribute::parse)?,
                reason: typed.get("reason").to_owned(),
            },
            "unified" => E::Unified(TripleUnification {
                registered_no: typed.text("registered-no", "统一登记号"),
                by: typed.text("by", "登记、编号、印发机构"),
            }),
            "filed" => filing::read(typed),
            "review-called" | "attribute-reviewed" => return attribute_review::read(key, typed),
            "disclosed" => E::Disclosed { url: typed.some("url") },
            "interpretation-planned" => {
                let plan = plan(typed).unwrap_or_else(blank_plan);
                E::InterpretationPlanned { plan }
            }
            "interprets" => E::Interprets {
                // The last part of an address is the id.
                documents: typed
                    .get("documents")
                    .split_whitespace()
                    .filter_map(|a| a.split(['?', '#']).next())
                    .filter_map(|a| a.trim_end_matches('/').rsplit('/').next())
                    .map(str::to_owned)
                    .collect(),
                form: typed.read("form", "解读形式", InterpretationForm::parse)?,
            },
            "valid-until" => E::ValidUntil { until: typed.date("until", "有效期至") },
            "classified" => classes::read(typed),
            "relayed" => {
                E::Relayed { channel: typed.get("channel").to_owned(), url: typed.get("url").to_owned() }
            }
            "in-force" => E::InForce,
            "amended" => E::Amended { by: typed.get("by").to_owned() },
            "repealed" => E::Repealed { by: typed.get("by").to_owned() },
            "lapsed" => E::Lapsed { reason: typed.get("reason").to_owned() },
            "withdrawn" => E::Withdrawn {
                reason: typed.get("reason").to_owned(),
                told: typed.get("told").to_owned(),
                kept: typed.get("kept").to_owned(),
            },
            _ => return None,
        })
    }

    async fn begin(
        service: &Service,
        ctx: Context,
        on: Date,
        event: DocumentEvent,
        _: &Typed,
    ) -> Result<Uuid> {
        service.make_document(ctx, on, event).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DocumentEvent>,
    ) -> Result<u32> {
        service.change_document(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Documents>> {
        service.document_view(ctx, id).await
    }
}

/// A plan of which nothing is said yet.
fn blank_plan() -> Plan {
    Plan { outline: String::new(), forms: BTreeSet::new(), channels: String::new(), timing: Timing::SameDay }
}

fn made(event: Option<&DocumentEvent>, world: &World<'_>) -> Vec<Field> {
    let [counted_by, maker] = makers(world);
    let mut fields = vec![
        Field::text("title", "标题"),
        Field::text("number", "发文字号").hint("例如：高政办发〔2020〕12号；没有的不填").optional(),
        Field::text("index_number", "索引号").hint("编定后不再改变").optional(),
        Field::radio("category", "类别", categories()),
        counted_by,
        maker,
        Field::radio("attribute", "公开属性", attributes()),
        reason(None),
    ];
    if let Some(DocumentEvent::Made {
        counted_by,
        maker,
        category,
        title,
        number,
        index_number,
        attribute,
        reason,
    }) = event
    {
        let values = [
            title.clone(),
            number.clone().unwrap_or_default(),
            index_number.clone().unwrap_or_default(),
            category.key().to_owned(),
            counted_by.clone(),
            maker.clone(),
            attribute.key().to_owned(),
            reason.clone().unwrap_or_default(),
        ];
        for (field, value) in fields.iter_mut().zip(values) {
            field.values = vec![value];
        }
    }
    fields
}
