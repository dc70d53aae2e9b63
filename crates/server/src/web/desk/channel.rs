//! 发布渠道: the register of channels, the secret of one that is pushed to, and packages for editors.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{attachment, day};
use super::register::{Desk, FormPage, Item, ListRow, Listing, Said, Section};
use super::{Officer, World, delivery, or_none, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::{get, post};
use jiff::civil::Date;
use law::classification;
use law::docket::channel::{ChannelEvent, ChannelKind, MOST_EXPORTED, Standing, Terms};
use law::docket::document::Category;
use service::channel::{Channels, Selection};
use service::{Change, Context, Permission, Result, Service, View};
use uuid::Uuid;

/// Items that are offered one by one.
const OFFERED: usize = 20;

/// What differs from the pages every register has.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/channels/{id}/key", post(key))
        .route("/desk/channels/{id}/export", get(ask_export).post(export))
}

/// The channels a document can be recorded as published on: those that are open, and the one chosen already.
pub(super) fn choices(world: &World<'_>, chosen: Option<&str>) -> Vec<Choice> {
    let all = world.channels.iter();
    let open = all.filter(|c| c.closed_on.is_none() || chosen == Some(c.id.to_string().as_str()));
    or_none("请选择渠道", open.map(|c| Choice::new(c.id.to_string(), &c.name)).collect())
}

fn kinds() -> Vec<Choice> {
    let about = |kind| match kind {
        ChannelKind::Push => "公开后由本系统签名推送到渠道的地址",
        ChannelKind::Feed => "渠道自行读取公开的订阅源",
        ChannelKind::Export => "编辑人员下载导出包，在公众号等账号上发布",
    };
    ChannelKind::ALL.map(|k| Choice::new(k.key(), format!("{}：{}", k.label(), about(k)))).into()
}

fn state(closed_on: Option<Date>, kind: &str, keyed: bool) -> Badge {
    match (closed_on, keyed || kind != ChannelKind::Push.key()) {
        (Some(_), _) => Badge::new("已停用", "grey"),
        (None, false) => Badge::new("待生成密钥", "yellow"),
        (None, true) => Badge::new("使用中", "green"),
    }
}

fn scope(whole_region: bool) -> &'static str {
    if whole_region { "本地区全部机关" } else { "所属机关和下级机关" }
}

/// What a channel takes, in words.
fn taken(terms: &Terms) -> [(&'static str, String); 3] {
    let all = |some: Vec<String>| if some.is_empty() { "全部".to_owned() } else { some.join("、") };
    let categories = terms.categories.iter().map(|c| c.label().to_owned()).collect();
    let columns = terms.columns.iter().filter_map(|key| classification::column(key));
    [
        ("发布范围", scope(terms.whole_region).to_owned()),
        ("信息类别", all(categories)),
        ("公开栏目", all(columns.map(|c| c.label.clone()).collect())),
    ]
}

fn term_fields(terms: Option<&Terms>) -> Vec<Field> {
    let none = Terms::default();
    let terms = terms.unwrap_or(&none);
    let categories = Category::ALL.map(|c| Choice::new(c.key(), c.label())).into();
    let columns = classification::columns().iter().map(|c| Choice::new(&c.key, &c.label)).collect();
    vec![
        Field::text("name", "渠道名称").hint("例如：样例县融媒体中心客户端").value(&terms.name),
        Field::text("address", "地址")
            .hint("签名推送的，填写接收推送的网址，以 https:// 开头；其他方式的，可以填写账号主页")
            .optional()
            .value(&terms.address),
        Field::radio(
            "scope",
            "发布范围",
            vec![Choice::new("own", scope(false)), Choice::new("region", scope(true))],
        )
        .value(if terms.whole_region { "region" } else { "own" }),
        Field {
            values: terms.categories.iter().map(|c| c.key().to_owned()).collect(),
            ..Field::checks("categories", "信息类别", categories).hint("都不选的，各类信息都发布").optional()
        },
        Field {
            values: terms.columns.iter().cloned().collect(),
            ..Field::folded("columns", "公开栏目", columns).hint("都不选的，不按栏目区分")
        },
    ]
}

fn read_terms(typed: &mut Typed) -> Terms {
    Terms {
        name: typed.text("name", "渠道名称"),
        address: typed.get("address").to_owned(),
        whole_region: typed.get("scope") == "region",
        categories: typed.all("categories").iter().filter_map(|c| Category::parse(c)).collect(),
        columns: typed.all("columns").into_iter().filter(|c| !c.is_empty()).collect(),
    }
}

impl Desk for Channels {
    const PATH: &'static str = "channels";
    const TITLE: &'static str = "发布渠道";
    const ITEM: &'static str = "发布渠道";
    const BEGIN: &'static str = "登记渠道";
    const FIRST: &'static str = "opened";
    const EDIT: Permission = Permission::ManageChannels;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        vec![
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let found = service.own_channels(ctx, world.wanted(query)).await?;
        let rows = found.into_iter().map(|c| ListRow {
            href: Channels::at(c.id),
            badge: state(c.closed_on, &c.kind, c.mark.is_some()),
            cells: vec![
                c.name,
                ChannelKind::parse(&c.kind).map_or(c.kind, |k| k.label().to_owned()),
                world.short(c.unit),
                day(c.opened_on),
            ],
        });
        let columns = vec!["渠道名称", "发布方式", "机关", "启用日期", "状态"];
        Ok(Listing { columns, rows: rows.collect(), next: None })
    }

    fn heading(s: &Standing) -> String {
        s.terms.name.clone()
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        state(s.closed_on, s.kind.key(), s.mark.is_some())
    }

    fn open(_: &Standing) -> bool {
        false
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let mut items =
            vec![Item::new("发布方式", s.kind.label()), Item::new("所属机关", world.name(&s.unit))];
        if !s.terms.address.is_empty() {
            items.push(Item::new("地址", &s.terms.address));
        }
        items.extend(taken(&s.terms).map(|(label, value)| Item::new(label, value)));
        items.push(Item::new("启用日期", day(s.opened_on)));
        items.extend(Item::day("停用日期", s.closed_on));
        items
    }

    fn links(id: Uuid, s: &Standing, _: &World<'_>) -> Vec<Link> {
        match s.kind {
            ChannelKind::Push | ChannelKind::Export => {
                vec![Link::new(format!("{}?channel={id}", delivery::HOME), "推送和导出记录")]
            }
            ChannelKind::Feed => Vec::new(),
        }
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        let other = Terms {
            name: format!("{}·", s.terms.name.chars().take(9).collect::<String>()),
            ..s.terms.clone()
        };
        let trials = [
            ChannelEvent::Changed { terms: other },
            ChannelEvent::Closed { reason: "—".into() },
            ChannelEvent::Reopened,
        ];
        let may = trials.iter().filter(|e| s.may(e, world.today).is_empty());
        may.map(Channels::name).collect()
    }

    async fn sections(service: &Service, ctx: &Context, id: Uuid, world: &World<'_>) -> Result<Vec<Section>> {
        let view = service.channel_view(ctx, id).await?;
        let Some(s) = view.standing else { return Ok(Vec::new()) };
        let part = part(id, view.version, &s, world);
        Ok(vec![Section::of("use", s.kind.label(), &part)?])
    }

    fn name(event: &ChannelEvent) -> (&'static str, &'static str) {
        match event {
            ChannelEvent::Opened { .. } => ("opened", "启用"),
            ChannelEvent::Changed { .. } => ("changed", "变更"),
            ChannelEvent::Keyed { .. } => ("keyed", "更换密钥"),
            ChannelEvent::Exported { .. } => ("exported", "导出"),
            ChannelEvent::Closed { .. } => ("closed", "停用"),
            ChannelEvent::Reopened => ("reopened", "恢复"),
        }
    }

    fn say(event: &ChannelEvent, world: &World<'_>) -> Said {
        let said = Said::plain(Channels::name(event).1);
        let say_terms = |said: Said, terms: &Terms| {
            let said = said.item("渠道名称", &terms.name).item("地址", &terms.address);
            taken(terms).into_iter().fold(said, |said, (label, value)| said.item(label, value))
        };
        match event {
            ChannelEvent::Opened { unit, kind, terms } => {
                say_terms(said.item("发布方式", kind.label()).item("所属机关", world.name(unit)), terms)
            }
            ChannelEvent::Changed { terms } => say_terms(said, terms),
            ChannelEvent::Keyed { mark } => said.item("密钥标记", mark),
            ChannelEvent::Exported { documents } => said.item("信息", format!("{}条", documents.len())),
            ChannelEvent::Closed { reason } => said.item("原因", reason),
            ChannelEvent::Reopened => said,
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "opened" => "启用日期",
            "closed" => "停用日期",
            "reopened" => "恢复日期",
            "exported" => "导出日期",
            _ => "变更日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&ChannelEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        Some(match (key, event) {
            ("opened", event) => {
                let (unit, kind, terms) = match event {
                    Some(ChannelEvent::Opened { unit, kind, terms }) => {
                        (Some(unit.clone()), Some(kind.key()), Some(terms))
                    }
                    _ => (world.home(), None, None),
                };
                let mut fields = vec![
                    Field::select("unit", "所属机关", world.own_units()).value_if(unit),
                    Field::radio("kind", "发布方式", kinds()).value_if(kind),
                ];
                fields.extend(term_fields(terms));
                fields
            }
            ("changed", Some(ChannelEvent::Changed { terms })) => term_fields(Some(terms)),
            ("changed", _) => term_fields(standing.map(|s| &s.terms)),
            ("closed", event) => {
                let why = match event {
                    Some(ChannelEvent::Closed { reason }) => Some(reason.as_str()),
                    _ => None,
                };
                vec![Field::area("reason", "原因", 2).value_if(why)]
            }
            ("reopened", _) => Vec::new(),
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&ChannelEvent>, typed: &mut Typed) -> Option<ChannelEvent> {
        Some(match key {
            "opened" => {
                let kind = typed.read("kind", "发布方式", ChannelKind::parse);
                let (unit, terms) = (typed.get("unit").to_owned(), read_terms(typed));
                ChannelEvent::Opened { unit, kind: kind?, terms }
            }
            "changed" => ChannelEvent::Changed { terms: read_terms(typed) },
            "closed" => ChannelEvent::Closed { reason: typed.get("reason").to_owned() },
            "reopened" => ChannelEvent::Reopened,
            _ => return None,
        })
    }

    async fn begin(
        service: &Service,
        ctx: Context,
        on: Date,
        event: ChannelEvent,
        _: &Typed,
    ) -> Result<Uuid> {
        service.open_channel(ctx, on, event).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<ChannelEvent>,
    ) -> Result<u32> {
        service.change_channel(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Channels>> {
        service.channel_view(ctx, id).await
    }
}

/// How a channel is used.
#[derive(Debug, Template)]
#[template(path = "desk/channel.html")]
pub struct ChannelPart {
    pub(super) said: Vec<String>,
    pub(super) links: Vec<Link>,
    pub(super) form: Option<Form>,
}

fn part(id: Uuid, version: u32, s: &Standing, world: &World<'_>) -> ChannelPart {
    let open = s.closed_on.is_none();
    match s.kind {
        ChannelKind::Push => {
            let said = match &s.mark {
                Some(mark) => {
                    format!("推送用密钥签名，密钥标记为 {mark}。接收方可以核对密钥的SHA-256摘要的前8位。")
                }
                None => "还没有密钥，暂不推送。生成密钥后，新公开的信息推送到上面的地址。".to_owned(),
            };
            let may = open && world.actor.may(Permission::ManageChannels);
            ChannelPart {
                said: vec![said],
                links: Vec::new(),
                form: may.then(|| key_form(id, version, s.mark.is_some())),
            }
        }
        ChannelKind::Feed => ChannelPart {
            said: vec!["渠道自行读取公开的订阅源，本系统不推送、不记录。订阅源的地址：".into()],
            links: vec![
                Link::new("/documents/feed.atom", "政策文件（Atom）"),
                Link::new("/documents/feed.json", "政策文件（JSON）"),
            ],
            form: None,
        },
        ChannelKind::Export => ChannelPart {
            said: vec![
                "导出包有标题、正文、附件和原文链接，供编辑人员在账号上发布；发布后在公文页面登记链接。"
                    .into(),
            ],
            links: if open && world.actor.may(Permission::EditRegisters) {
                vec![Link::new(format!("{}/export", Channels::at(id)), "导出信息")]
            } else {
                Vec::new()
            },
            form: None,
        },
    }
}

fn key_form(id: Uuid, version: u32, replaces: bool) -> Form {
    let button = if replaces { "更换密钥" } else { "生成密钥" };
    let mut form =
        Form::post(format!("{}/key", Channels::at(id)), button, Vec::new()).hide("version", version);
    form.grave = replaces;
    if replaces {
        form.confirm = "更换后原密钥立即失效，接收方需要改用新密钥。确定更换吗？".into();
    }
    form
}

/// The page that shows a secret, once.
#[derive(Debug, Template)]
#[template(path = "desk/secret.html")]
pub struct SecretPage {
    pub(super) frame: Frame,
    pub(super) secret: String,
    pub(super) back: Link,
}

async fn key(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let typed = Typed::new(pairs);
    let secret = app.service.key_channel(visit.context(), id, typed.version()).await?;
    let view = app.service.channel_view(&visit.ctx, id).await?;
    let name = view.standing.map_or_else(|| Channels::ITEM.to_owned(), |s| s.terms.name);
    let frame = Frame::desk(&app, &mut visit, "推送密钥", &Channels::home()).step(Channels::at(id), &name);
    Ok(ok(&SecretPage { frame, secret, back: Link::new(Channels::at(id), "返回渠道页面") }))
}

async fn ask_export(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show_export(&app, visit, id, &Typed::default()).await
}

async fn show_export(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    let offered = app.service.exportable(&visit.ctx, id, OFFERED).await?;
    let view = app.service.channel_view(&visit.ctx, id).await?;
    let name = view.standing.map_or_else(|| Channels::ITEM.to_owned(), |s| s.terms.name);
    let frame = Frame::desk(app, &mut visit, "导出信息", &Channels::home()).step(Channels::at(id), &name);
    let choice = |i: &service::document::PublicItem| {
        Choice::new(i.id.to_string(), format!("{}（{}）", i.title, day(i.published_on)))
    };
    let mut fields =
        vec![Field::date("since", "起始日期").optional(), Field::date("until", "截止日期").optional()];
    if !offered.is_empty() {
        let label = "最近公开的信息";
        fields.insert(
            0,
            Field::checks("documents", label, offered.iter().map(choice).collect())
                .hint("选择了信息的，只导出选择的信息；都不选的，按公开日期导出")
                .optional(),
        );
    }
    let form =
        Form::post(format!("{}/export", Channels::at(id)), "下载导出包", fields).cancel(Channels::at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead =
        format!("导出“{name}”发布的信息，一次最多{MOST_EXPORTED}条。导出记入渠道的办理记录和公文的去向。");
    Ok(page.answer())
}

async fn export(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let chosen: Vec<Uuid> = typed.all("documents").iter().filter_map(|id| id.parse().ok()).collect();
    let selection = if chosen.is_empty() {
        let (since, until) = (typed.date_if("since", "起始日期"), typed.date_if("until", "截止日期"));
        match (since, until) {
            (None, None) if typed.problems.is_empty() => {
                typed.wrong("since", "请选择信息，或者填写起始日期、截止日期");
                None
            }
            (since, until) => Some(Selection::Days(since.unwrap_or(Date::MIN), until.unwrap_or(Date::MAX))),
        }
    } else {
        Some(Selection::These(chosen))
    };
    if let (Some(selection), true) = (selection, typed.problems.is_empty()) {
        let base = app.settings.public_url.clone().unwrap_or_default();
        let result = app.service.export_items(visit.context(), id, &selection, &base).await;
        if let Some(package) = settle(result, &mut typed)? {
            let name = attachment(&format!("公开信息导出{}.zip", visit.today()), "export.zip");
            let headers = [
                (header::CONTENT_TYPE, "application/zip".to_owned()),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, "private, no-store".to_owned()),
            ];
            return Ok((headers, package).into_response());
        }
    }
    show_export(&app, visit, id, &typed).await
}

#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let part = ChannelPart {
        said: vec!["推送用密钥签名，密钥标记为 0a1b2c3d。".into()],
        links: vec![Link::new("/desk/channels/1/export", "导出信息")],
        form: Some(key_form(Uuid::nil(), 2, true)),
    };
    Section::of("use", "签名推送", &part).unwrap_or_default()
}

#[cfg(test)]
impl SecretPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        vec![SecretPage {
            frame: frame.clone(),
            secret: "0123456789abcdef".repeat(4),
            back: Link::new("/desk/channels/1", "返回渠道页面"),
        }]
    }
}
