//! 标准目录 at the desk: the register of entries, publishing a field, a document's entries.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, see};
use super::super::portal::catalogue::entry_address;
use super::register::{Desk, FormPage, Item, ListRow, Listing, Said, Section, next_key, page_of};
use super::{Officer, World, or_none, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::routing::get;
use jiff::civil::Date;
use law::catalogue::{self, Item as Words, LONGEST_TEXT, LONGEST_WORD, MOST_OF_DOCUMENT, Tier, channels};
use law::docket::catalogue::{CatalogueEvent as E, Stage, Standing};
use law::docket::document::DocumentEvent;
use law::docket::unit::Level;
use service::catalogue::{CatalogueEntries, item_of};
use service::document::Documents;
use service::row::{CatalogueEntryFilter, CatalogueEntryRow};
use service::{Change, Context, Permission, Result, Service, View};
use uuid::Uuid;

/// Publishing a field, and choosing the entries of a document.
pub fn routes() -> Router<App> {
    Router::new()
        .route(PUBLISH, get(ask_publish).post(publish))
        .route("/desk/documents/{id}/catalogue", get(choose).post(chosen))
}

const PUBLISH: &str = "/desk/catalogue-entries/publish";
/// What agencies of the county level answer for an entry.
const UNITS: &str = "units";

pub(super) fn fields() -> Vec<Choice> {
    catalogue::fields().iter().map(|f| Choice::new(&f.key, &f.label)).collect()
}

pub(super) fn tiers() -> Vec<Choice> {
    Tier::ALL.map(|t| Choice::new(t.key(), t.label())).into()
}

/// The name of a field.
pub(super) fn field_label(key: &str) -> String {
    catalogue::field(key).map_or_else(|| key.to_owned(), |f| f.label.clone())
}

fn stage_badge(stage: Option<Stage>) -> Badge {
    match stage {
        Some(Stage::Published) => Badge::new(Stage::Published.label(), "green"),
        Some(Stage::Withdrawn) => Badge::new(Stage::Withdrawn.label(), "grey"),
        _ => Badge::new(Stage::Entered.label(), "yellow"),
    }
}

fn tier_words(item: &Words) -> String {
    item.tiers.iter().map(|t| t.label()).collect::<Vec<_>>().join("、")
}

/// What an entry says, with the labels of its columns.
fn words(item: &Words, world: &World<'_>) -> Vec<Item> {
    let units: Vec<String> = item.units.iter().map(|id| world.name(id)).collect();
    let audience = [item.everybody.then_some("全社会"), Some(item.group.as_str()).filter(|g| !g.is_empty())];
    let way = [item.proactive.then_some("主动"), item.on_request.then_some("依申请")];
    let list = |all: [Option<&str>; 2]| all.into_iter().flatten().collect::<Vec<_>>().join("、");
    let said = [
        ("本地领域名称", item.field_name.clone()),
        ("一级事项", item.first.clone()),
        ("二级事项", item.second.clone()),
        ("公开内容(要素)", item.content.clone()),
        ("公开依据", item.basis.clone()),
        ("公开时限", item.limit.clone()),
        ("公开主体", item.body.clone()),
        ("县级责任机关", units.join("、")),
        ("公开渠道和载体", item.channels.join("、")),
        ("公开对象", list(audience)),
        ("公开方式", list(way)),
        ("公开层级", tier_words(item)),
    ];
    let said = said.into_iter().filter(|(_, text)| !text.is_empty());
    said.map(|(label, text)| Item::new(label, text)).collect()
}

/// The field that is looked at: the one asked for, or the first.
fn wanted(query: &Typed) -> &str {
    let asked = query.get("field");
    let first = catalogue::fields().first().map_or("", |f| f.key.as_str());
    if catalogue::fields().iter().any(|f| f.key == asked) { asked } else { first }
}

fn row(e: CatalogueEntryRow, world: &World<'_>) -> Result<ListRow> {
    let item = item_of(&e)?;
    Ok(ListRow {
        href: CatalogueEntries::at(e.id),
        cells: vec![
            e.title,
            e.position.to_string(),
            item.limit.clone(),
            item.body.clone(),
            tier_words(&item),
            world.short(e.unit),
        ],
        badge: stage_badge(Stage::parse(&e.stage)),
    })
}

impl Desk for CatalogueEntries {
    const PATH: &'static str = "catalogue-entries";
    const TITLE: &'static str = "标准目录";
    const ITEM: &'static str = "公开事项";
    const BEGIN: &'static str = "编入公开事项";
    const FIRST: &'static str = "entered";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        let stages = Stage::ALL.map(|s| Choice::new(s.key(), s.label())).into();
        vec![
            Field::select("field", "领域", fields()).value(wanted(query)),
            Field::text("q", "事项名称").optional().value(query.get("q")),
            Field::select("unit", "编制机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("stage", "状态", or_none("全部状态", stages)).optional().value(query.get("stage")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = CatalogueEntryFilter {
            units: world.wanted(query),
            stage: query.some("stage"),
            text: query.some("q"),
        };
        let found = service.catalogue_entries(ctx, wanted(query), filter, page_of::<u32>(query)).await?;
        let next = next_key(found.len(), found.last().map(|e| (e.position, e.id)));
        let rows = found.into_iter().map(|e| row(e, world)).collect::<Result<_>>()?;
        let columns = vec!["事项", "序号", "公开时限", "公开主体", "公开层级", "编制机关", "状态"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        s.item.title()
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        stage_badge(Some(s.stage))
    }

    fn open(_: &Standing) -> bool {
        false
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let mut items = vec![
            Item::new("领域", field_label(&s.field)),
            Item::new("序号", s.position.to_string()),
            Item::new("编制机关", world.name(&s.kept_by)),
        ];
        items.extend(Item::day("公布日期", s.published_on));
        items.extend(words(&s.item, world));
        items
    }

    fn links(id: Uuid, s: &Standing, _: &World<'_>) -> Vec<Link> {
        let public = s.stage == Stage::Published;
        public.then(|| Link::new(entry_address(&s.field, id), "公开页面")).into_iter().collect()
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        let limit = if s.item.limit == "—" { "及时公开" } else { "—" };
        let other = Words { limit: limit.into(), ..s.item.clone() };
        let trials = [
            E::Published,
            E::Changed { position: s.position, item: Box::new(other) },
            E::Withdrawn { reason: "—".into() },
        ];
        let may = |e: &E| s.may(e, world.today).is_empty();
        trials.iter().filter(|e| may(e)).map(CatalogueEntries::name).collect()
    }

    fn name(event: &E) -> (&'static str, &'static str) {
        match event {
            E::Entered { .. } => ("entered", "编入"),
            E::Changed { .. } => ("changed", "修订"),
            E::Published => ("published", "公布"),
            E::Withdrawn { .. } => ("withdrawn", "撤销"),
        }
    }

    fn say(event: &E, world: &World<'_>) -> Said {
        let said = Said::plain(CatalogueEntries::name(event).1);
        match event {
            E::Entered { kept_by, field, position, item } => {
                let said = said
                    .item("领域", field_label(field))
                    .item("序号", position.to_string())
                    .item("编制机关", world.name(kept_by));
                Said { items: said.items.into_iter().chain(words(item, world)).collect(), ..said }
            }
            E::Changed { position, item } => {
                let said = said.item("序号", position.to_string());
                Said { items: said.items.into_iter().chain(words(item, world)).collect(), ..said }
            }
            E::Published => said,
            E::Withdrawn { reason } => said.item("原因", reason),
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "published" => "公布日期",
            "withdrawn" => "撤销日期",
            "changed" => "修订日期",
            _ => "编入日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&E>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        let (position, now) = match event {
            Some(E::Entered { position, item, .. } | E::Changed { position, item }) => {
                (Some(*position), Some(item.as_ref()))
            }
            _ => (standing.map(|s| s.position), standing.map(|s| &s.item)),
        };
        match key {
            "entered" => {
                let (of, keeper) = match event {
                    Some(E::Entered { field, kept_by, .. }) => (Some(field.clone()), Some(kept_by.clone())),
                    _ => (None, world.home()),
                };
                let mut all = vec![
                    Field::select("kept_by", "编制机关", world.own_units())
                        .hint("对这一领域的目录负责的机关")
                        .value_if(keeper),
                    Field::select("field", "领域", or_none("请选择领域", fields())).value_if(of),
                ];
                all.extend(item_fields(position, now, world));
                Some(all)
            }
            "changed" => Some(item_fields(position, now, world)),
            "published" => Some(Vec::new()),
            "withdrawn" => {
                let why = match event {
                    Some(E::Withdrawn { reason }) => Some(reason.as_str()),
                    _ => None,
                };
                Some(vec![Field::area("reason", "原因", 2).value_if(why)])
            }
            _ => None,
        }
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn more_views() -> Vec<Link> {
        vec![
            Link::new(super::coverage::HOME, "覆盖情况"),
            Link::new(super::catalogue_import::HOME, "导入目录"),
            Link::new(PUBLISH, "公布目录"),
        ]
    }

    fn read(key: &str, _: Option<&E>, typed: &mut Typed) -> Option<E> {
        Some(match key {
            "entered" => E::Entered {
                kept_by: typed.get("kept_by").to_owned(),
                field: typed.read("field", "领域", |t| catalogue::field(t).map(|f| f.key.clone()))?,
                position: typed.number("position", "序号")?,
                item: Box::new(item(typed)),
            },
            "changed" => {
                E::Changed { position: typed.number("position", "序号")?, item: Box::new(item(typed)) }
            }
            "published" => E::Published,
            "withdrawn" => E::Withdrawn { reason: typed.get("reason").to_owned() },
            _ => return None,
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: E, _: &Typed) -> Result<Uuid> {
        service.enter_catalogue_entry(ctx, on, event).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<E>,
    ) -> Result<u32> {
        service.change_catalogue_entry(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<CatalogueEntries>> {
        service.catalogue_entry_view(ctx, id).await
    }
}

/// The controls for what an entry says, with what it says now.
fn item_fields(position: Option<u32>, now: Option<&Words>, world: &World<'_>) -> Vec<Field> {
    let now = now.cloned().unwrap_or_default();
    let mut boxes: Vec<Choice> = channels().iter().map(|c| Choice::new(c, c)).collect();
    let others: Vec<&String> = now.channels.iter().filter(|c| !channels().contains(c)).collect();
    boxes.retain(|c| !c.key.is_empty());
    // Townships answer for what is of their level without being named.
    let county = |id: &str| {
        let unit = Uuid::parse_str(id).ok().and_then(|id| world.unit(id));
        unit.is_none_or(|u| u.level != Level::Township.key())
    };
    let units = world.units().into_iter().filter(|c| county(&c.key)).collect();
    let audience = vec![Choice::new("everybody", "全社会")];
    let ways = vec![Choice::new("proactive", "主动"), Choice::new("on-request", "依申请")];
    let chosen = |all: &[(bool, &str)]| -> Vec<String> {
        all.iter().filter(|(is, _)| *is).map(|(_, key)| (*key).to_owned()).collect()
    };
    let word = format!("最多{LONGEST_WORD}个字");
    let text = format!("每行一项，最多{LONGEST_TEXT}个字");
    vec![
        Field::number("position", "序号")
            .hint("在本领域目录中的顺序")
            .value_if(position.map(|n| n.to_string())),
        Field::text("first", "一级事项").value(&now.first),
        Field::text("second", "二级事项").optional().value(&now.second),
        Field::area("content", "公开内容(要素)", 5).hint(&text).value(&now.content),
        Field::area("basis", "公开依据", 4)
            .hint("每行一部，写明【法律】、【行政法规】或者【部门规章及规范性文件】")
            .value(&now.basis),
        Field::text("limit", "公开时限")
            .hint("例如：自信息形成或者变更之日起20个工作日内予以公开；每年更新的写明“每年”")
            .value(&now.limit),
        Field::text("body", "公开主体").hint(&word).value(&now.body),
        Field {
            values: now.units.clone(),
            ..Field::folded(UNITS, "县级责任机关", units)
                .hint("公开主体对应的机关，据此检查是否公开；乡级事项由各乡镇（街道）负责，不需要选择")
        },
        Field {
            values: now.channels.clone(),
            ..Field::checks("channels", "公开渠道和载体", boxes).optional()
        },
        Field::text("other_channels", "其他渠道和载体")
            .hint("用顿号分开")
            .optional()
            .value(others.iter().map(|c| c.as_str()).collect::<Vec<_>>().join("、")),
        Field {
            values: chosen(&[(now.everybody, "everybody")]),
            ..Field::checks("audience", "公开对象", audience).optional()
        },
        Field::text("group", "特定群体").hint("例如：申请人；没有的不填").optional().value(&now.group),
        Field {
            values: chosen(&[(now.proactive, "proactive"), (now.on_request, "on-request")]),
            ..Field::checks("ways", "公开方式", ways)
        },
        Field {
            values: now.tiers.iter().map(|t| t.key().to_owned()).collect(),
            ..Field::checks("tiers", "公开层级", tiers())
        },
        Field::text("field_name", "本地领域名称")
            .hint("本地对领域另有称谓的填写，例如：医疗卫生称“卫生健康”")
            .optional()
            .value(&now.field_name),
    ]
}

/// What was typed. What is missing is said by the law.
fn item(typed: &Typed) -> Words {
    let has = |name: &str, key: &str| typed.all(name).iter().any(|v| v == key);
    let text = |name: &str| typed.get(name).replace("\r\n", "\n");
    let mut ways: Vec<String> = typed.all("channels").into_iter().filter(|c| !c.is_empty()).collect();
    let others = typed.get("other_channels").split(['、', '；', ';', '\n']).map(str::trim);
    ways.extend(others.filter(|c| !c.is_empty()).map(str::to_owned));
    Words {
        field_name: typed.get("field_name").to_owned(),
        first: typed.get("first").to_owned(),
        second: typed.get("second").to_owned(),
        content: text("content"),
        basis: text("basis"),
        limit: typed.get("limit").to_owned(),
        body: typed.get("body").to_owned(),
        units: typed.all(UNITS).into_iter().filter(|u| !u.is_empty()).collect(),
        channels: ways,
        everybody: has("audience", "everybody"),
        group: typed.get("group").to_owned(),
        proactive: has("ways", "proactive"),
        on_request: has("ways", "on-request"),
        tiers: typed.all("tiers").iter().filter_map(|t| Tier::parse(t)).collect(),
    }
}

async fn ask_publish(
    State(app): State<App>,
    Officer(visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    publish_page(&app, visit, &Typed::new(query))
}

fn publish_page(app: &App, mut visit: Visit, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let frame = Frame::desk(app, &mut visit, "公布目录", &CatalogueEntries::home());
    let asked = typed.get("field").to_owned();
    let all = vec![
        Field::date("on", "公布日期").value(visit.today().to_string()),
        Field::select("field", "领域", or_none("请选择领域", fields())).value(asked),
    ];
    let form = Form::post(PUBLISH, "公布", all).hide("once", &frame.once).cancel(CatalogueEntries::home());
    let mut page = FormPage::new(frame, form, typed);
    page.lead = "本领域中未公布的事项一并公布，立即向社会显示；已经公布的事项修订后随即显示新的内容。".into();
    Ok(page.answer())
}

async fn publish(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let on = typed.date("on", "公布日期");
    let field = typed.read("field", "领域", |t| catalogue::field(t).map(|f| f.key.clone()));
    if let (Some(field), true) = (field, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.publish_catalogue(ctx, &field, on).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?field={field}&done=saved", CatalogueEntries::home())));
        }
    }
    publish_page(&app, visit, &typed)
}

/// The entries a document is published under, on its page.
#[derive(Debug, Template)]
#[template(path = "desk/document_entries.html")]
pub struct EntriesPart {
    entries: Vec<Link>,
    choose: String,
}

/// The section of a document's page.
pub(super) async fn section(
    service: &Service,
    id: Uuid,
    entries: &[String],
    world: &World<'_>,
) -> Result<Section> {
    let rows = service.entries_named(entries).await?;
    let link = |e: &CatalogueEntryRow| {
        Link::new(entry_address(&e.field, e.id), format!("{}：{}", field_label(&e.field), e.title))
    };
    let choose = format!("{}/catalogue", Documents::at(id));
    let may = world.actor.may(Permission::EditRegisters);
    let part = EntriesPart {
        entries: rows.iter().map(link).collect(),
        choose: if may { choose } else { String::new() },
    };
    Section::of("entries", "标准目录事项", &part)
}

async fn choose(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    choose_page(&app, visit, id, &Typed::new(query)).await
}

/// The form with the entries of one field; those of other fields that are chosen already go along.
async fn choose_page(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let view = app.service.document_view(&visit.ctx, id).await?;
    let (title, now) =
        view.standing.map_or_else(|| ("公文（已作废）".to_owned(), Vec::new()), |s| (s.title, s.entries));
    let frame = Frame::desk(app, &mut visit, "列入标准目录事项", &Documents::home());
    let frame = frame.step(Documents::at(id), &title);
    let all = app.service.published_entries().await?;
    let of_now = app.service.entries_named(&now).await?;
    let first = of_now.first().or_else(|| all.first()).map(|e| e.field.clone()).unwrap_or_default();
    // After a refusal what was chosen is in the form again, not what is recorded.
    let sent = typed.all("chosen");
    let now = if sent.is_empty() { of_now.iter().map(|e| e.id.to_string()).collect() } else { sent };
    let asked = typed.get("field");
    let field = if catalogue::field(asked).is_some() { asked.to_owned() } else { first };
    let here: Vec<&CatalogueEntryRow> = all.iter().filter(|e| e.field == field).collect();
    let choices = here.iter().map(|e| Choice::new(e.id.to_string(), &e.title)).collect();
    let is_here = |entry: &String| here.iter().any(|e| e.id.to_string() == *entry);
    let values = now.iter().filter(|e| is_here(e)).cloned().collect();
    let at = format!("{}/catalogue", Documents::at(id));
    let boxes = Field {
        values,
        ..Field::checks("entries", "公开事项", choices)
            .hint(format!("公开后列在这些事项之下，各领域合计最多{MOST_OF_DOCUMENT}项"))
            .optional()
    };
    let mut form = Form::post(&at, "保存", vec![boxes])
        .hide("once", &frame.once)
        .hide("version", view.version)
        .hide("field", &field)
        .cancel(Documents::at(id));
    for other in now.iter().filter(|e| !is_here(e)) {
        form = form.hide("others", other);
    }
    let with: std::collections::BTreeSet<&str> = all.iter().map(|e| e.field.as_str()).collect();
    let of_fields = fields().into_iter().filter(|c| with.contains(c.key.as_str())).collect();
    let filler = Form::get(&at, "显示", vec![Field::select("field", "领域", of_fields).value(field)]);
    // The address names a field only: with it the form would be filled anew, and everything chosen be gone.
    let mut said = Typed::default();
    said.problems.clone_from(&typed.problems);
    let mut page = FormPage::new(frame, form, &said).filled_by(Some(("选择领域", filler)));
    page.lead = "公文公开后，读者可以在标准目录的事项之下找到。".into();
    if all.is_empty() {
        page.lead = "还没有公布标准目录，请先在“标准目录”中导入并公布。".into();
        page.other = None;
    }
    Ok(page.answer())
}

async fn chosen(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let version = typed.get("version").parse().unwrap_or_default();
    let mut entries = typed.all("others");
    entries.extend(typed.all("entries"));
    entries.retain(|e| !e.is_empty());
    let ctx = visit.context().with_key(typed.key());
    let kept = entries.iter().map(|e| ("chosen".to_owned(), e.clone()));
    let again = kept.chain([("field".to_owned(), typed.get("field").to_owned())]).collect();
    let change = Change::event(visit.today(), DocumentEvent::Catalogued { entries });
    let result = app.service.change_document(ctx, id, version, change).await;
    if settle(result, &mut typed)?.is_some() {
        return Ok(see(&format!("{}?done=recorded#entries", Documents::at(id))));
    }
    let mut again = Typed::new(again);
    again.problems = typed.problems;
    choose_page(&app, visit, id, &again).await
}

#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let part = EntriesPart {
        entries: vec![Link::new("/catalogues/budgets/1", "财政预决算：政府预算")],
        choose: "/desk/documents/1/catalogue".into(),
    };
    Section::of("entries", "标准目录事项", &part).unwrap_or_default()
}
