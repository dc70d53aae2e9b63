//! 机关名录

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::words::{day, day_or_dash};
use super::register::{Desk, Item, ListRow, Listing, Said};
use super::{World, or_none};
use jiff::civil::Date;
use law::docket::unit::{Level, Profile, Standing, UnitEvent, UnitKind};
use service::unit::{NewUnit, Units};
use service::{Change, Context, Error, Permission, Result, Service, View};
use uuid::Uuid;

fn kinds() -> Vec<Choice> {
    UnitKind::ALL.map(|k| Choice::new(k.key(), k.label())).into()
}

fn levels() -> Vec<Choice> {
    Level::ALL.map(|l| Choice::new(l.key(), l.label())).into()
}

fn relations(parent: Option<&str>, into: Option<&str>, world: &World<'_>) -> Vec<Field> {
    vec![
        Field::select("parent", "上级机关", or_none("无", world.units())).optional().value_if(parent),
        Field::select("consolidates_into", "汇总到", or_none("不汇总", world.units()))
            .hint("本级政府的年度报告汇总这个机关的数据；垂直管理部门一般不汇总到地方")
            .optional()
            .value_if(into),
    ]
}

/// What the public and the letters need to know (条例第十二条).
fn profile_fields(now: &Profile) -> Vec<Field> {
    let hint = |key: &str| match key {
        "working_body" => "例如 县政府办公室政务公开科",
        "hours" => "例如 周一至周五 8:30—12:00，14:30—18:00（节假日除外）",
        "letter_code" => "只写代字，例如 某公复；文号按“代字〔年份〕序号”自动给出",
        "reconsideration_authority" => {
            "对县级部门的决定不服，向本级人民政府申请行政复议（行政复议法第二十四条）"
        }
        "payment" => "写入收费通知书，例如 缴款码、缴款银行和地点",
        "opinion_days" => {
            "向非共同制作的其他机关征求意见时使用。法律没有规定这一期限，由本机关自行确定；不填按10个工作日"
        }
        "payee" => "收入全额上缴国库，填写国库或者财政专户的户名；写入收费通知书和缴款单，没有的不填",
        "asking_hint" => "向本机关申请时显示在申请表上，例如 请写明项目名称和所在乡镇，便于查找",
        "asking_details" => {
            "向本机关申请时可以选填的项，只描述所需的信息，用顿号分开，例如 项目名称、许可证号、办理年份"
        }
        _ => "",
    };
    now.fields()
        .into_iter()
        .map(|(key, label, value)| Field::text(key, label).hint(hint(key)).value(value).optional())
        .collect()
}

fn names(name: Option<&str>, short: Option<&str>) -> Vec<Field> {
    vec![
        Field::text("name", "全称").hint("与印章一致").value_if(name),
        Field::text("short_name", "简称").value_if(short),
    ]
}

impl Desk for Units {
    const PATH: &'static str = "units";
    const TITLE: &'static str = "机关名录";
    const ITEM: &'static str = "机关";
    const BEGIN: &'static str = "新增机关";
    const FIRST: &'static str = "established";
    const EDIT: Permission = Permission::ManageUnits;

    fn filter(query: &Typed, _: &World<'_>) -> Vec<Field> {
        vec![
            Field::text("q", "名称或者代码").optional().value(query.get("q")),
            Field::select("kind", "类型", or_none("全部类型", kinds())).optional().value(query.get("kind")),
        ]
    }

    async fn list(_: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        ctx.actor.must(Permission::ReadRegisters)?;
        let (q, kind) = (query.get("q"), query.get("kind"));
        let rows = world
            .tree
            .0
            .iter()
            .filter(|u| q.is_empty() || u.name.contains(q) || u.short_name.contains(q) || u.code.contains(q))
            .filter(|u| kind.is_empty() || u.kind == kind)
            .map(|u| ListRow {
                href: Units::at(u.id),
                cells: vec![
                    u.name.clone(),
                    u.code.clone(),
                    UnitKind::parse(&u.kind).map_or(u.kind.clone(), |k| k.label().into()),
                    Level::parse(&u.level).map_or(u.level.clone(), |l| l.label().into()),
                    u.parent.map_or_else(|| "—".to_owned(), |p| world.short(p)),
                ],
                badge: match u.valid_to {
                    Some(end) if end < world.today => Badge::new(format!("{}撤销", day(end)), "grey"),
                    _ => Badge::new("现有", "green"),
                },
            })
            .collect();
        Ok(Listing {
            columns: vec!["名称", "代码", "类型", "层级", "上级机关", "状态"], rows, next: None
        })
    }

    fn heading(s: &Standing) -> String {
        s.name.clone()
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        match s.valid_to {
            Some(end) => Badge::new(format!("{}撤销", day(end)), "grey"),
            None => Badge::new("现有", "green"),
        }
    }

    fn open(_: &Standing) -> bool {
        false
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let name = |id: &Option<String>| id.as_ref().map_or_else(|| "—".to_owned(), |id| world.name(id));
        let mut items = vec![
            Item::new("全称", &s.name),
            Item::new("简称", &s.short_name),
            Item::new("代码", &s.code),
            Item::new("类型", s.kind.label()),
            Item::new("层级", s.level.label()),
            Item::new("上级机关", name(&s.parent)),
            Item::new("汇总到", name(&s.consolidates_into)),
            Item::new("设立日期", day(s.valid_from)),
            Item::new("撤销日期", day_or_dash(s.valid_to)),
            Item::new("承接机关", name(&s.successor)),
        ];
        let profile = s.profile.clone().unwrap_or_default();
        let said = profile.fields().into_iter().filter(|(_, _, value)| !value.is_empty());
        items.extend(said.map(|(_, label, value)| Item::new(label, value)));
        items
    }

    fn links(id: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let year = world.today.year() - 1;
        if !world.reaches(id) {
            return Vec::new();
        }
        let mut links =
            vec![Link::new(format!("/desk/reports/{}/{year}", s.code), format!("{year}年度报告"))];
        if world.actor.may(Permission::WriteLetters) {
            links.push(Link::new(format!("{}/letters", Units::at(id)), "文书模板"));
            links.push(Link::new(format!("{}/chain", Units::at(id)), "审批链"));
            links.push(Link::new(super::words::at(id), "公开前检查的词表"));
        }
        if world.actor.may(Permission::SetRules) {
            links.push(Link::new(super::rules::at(id), super::rules::NAME));
        }
        links
    }

    fn steps(s: &Standing, _: &World<'_>) -> Vec<(&'static str, &'static str)> {
        if s.valid_to.is_some() {
            return Vec::new();
        }
        vec![
            ("described", "更新联系方式和文书信息"),
            ("renamed", "更名"),
            ("moved", "变更隶属或者汇总关系"),
            ("closed", "撤销"),
        ]
    }

    fn permission(_: &Standing, key: &str) -> Permission {
        if key == "described" { Permission::WriteLetters } else { Self::EDIT }
    }

    fn name(event: &UnitEvent) -> (&'static str, &'static str) {
        match event {
            UnitEvent::Established { .. } => ("established", "设立"),
            UnitEvent::Renamed { .. } => ("renamed", "更名"),
            UnitEvent::Moved { .. } => ("moved", "变更隶属或者汇总关系"),
            UnitEvent::Described { .. } => ("described", "更新联系方式和文书信息"),
            UnitEvent::Closed { .. } => ("closed", "撤销"),
        }
    }

    fn say(event: &UnitEvent, world: &World<'_>) -> Said {
        let said = Said::plain(Units::name(event).1);
        let unit = |id: &Option<String>| id.as_ref().map_or_else(|| "无".to_owned(), |id| world.name(id));
        match event {
            UnitEvent::Established { code, name, kind, level, parent, .. } => said
                .item("全称", name)
                .item("代码", code)
                .item("类型", kind.label())
                .item("层级", level.label())
                .item("上级机关", unit(parent)),
            UnitEvent::Renamed { name, short_name } => said.item("全称", name).item("简称", short_name),
            UnitEvent::Moved { parent, consolidates_into } => {
                said.item("上级机关", unit(parent)).item("汇总到", unit(consolidates_into))
            }
            UnitEvent::Described { profile } => {
                profile.fields().into_iter().fold(said, |said, (_, label, value)| said.item(label, value))
            }
            UnitEvent::Closed { successor } => said.item("承接机关", unit(successor)),
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "established" => "设立日期",
            "closed" => "撤销日期",
            _ => "变更日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&UnitEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        Some(match (key, event) {
            ("established", None) => {
                let mut fields = names(None, None);
                fields.insert(
                    0,
                    Field::text("code", "代码")
                        .hint("小写字母、数字和连字符，例如 gp-office；设立后不再改变"),
                );
                fields.push(Field::select("kind", "类型", kinds()).value(UnitKind::Department.key()));
                fields.push(Field::select("level", "层级", levels()).value(Level::County.key()));
                fields.extend(relations(None, None, world));
                fields
            }
            (
                "established",
                Some(UnitEvent::Established {
                    code,
                    name,
                    short_name,
                    kind,
                    level,
                    parent,
                    consolidates_into,
                }),
            ) => {
                let mut fields = names(Some(name), Some(short_name));
                fields.insert(0, Field::text("code", "代码").value(code));
                fields.push(Field::select("kind", "类型", kinds()).value(kind.key()));
                fields.push(Field::select("level", "层级", levels()).value(level.key()));
                fields.extend(relations(parent.as_deref(), consolidates_into.as_deref(), world));
                fields
            }
            ("renamed", Some(UnitEvent::Renamed { name, short_name })) => names(Some(name), Some(short_name)),
            ("renamed", _) => {
                names(standing.map(|s| s.name.as_str()), standing.map(|s| s.short_name.as_str()))
            }
            ("moved", Some(UnitEvent::Moved { parent, consolidates_into })) => {
                relations(parent.as_deref(), consolidates_into.as_deref(), world)
            }
            ("moved", _) => relations(
                standing.and_then(|s| s.parent.as_deref()),
                standing.and_then(|s| s.consolidates_into.as_deref()),
                world,
            ),
            ("described", Some(UnitEvent::Described { profile })) => profile_fields(profile),
            ("described", _) => profile_fields(&standing.and_then(|s| s.profile.clone()).unwrap_or_default()),
            ("closed", event) => {
                let successor = match event {
                    Some(UnitEvent::Closed { successor }) => successor.as_deref(),
                    _ => None,
                };
                vec![
                    Field::select("successor", "承接职能的机关", or_none("无", world.units()))
                        .hint("机构改革后，政府信息公开的职责由承接职能的机关履行")
                        .optional()
                        .value_if(successor),
                ]
            }
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&UnitEvent>, typed: &mut Typed) -> Option<UnitEvent> {
        Some(match key {
            "established" => UnitEvent::Established {
                code: typed.get("code").to_owned(),
                name: typed.get("name").to_owned(),
                short_name: typed.get("short_name").to_owned(),
                kind: typed.read("kind", "类型", UnitKind::parse)?,
                level: typed.read("level", "层级", Level::parse)?,
                parent: typed.some("parent"),
                consolidates_into: typed.some("consolidates_into"),
            },
            "renamed" => UnitEvent::Renamed {
                name: typed.get("name").to_owned(),
                short_name: typed.get("short_name").to_owned(),
            },
            "moved" => UnitEvent::Moved {
                parent: typed.some("parent"),
                consolidates_into: typed.some("consolidates_into"),
            },
            "described" => {
                let profile = Profile::from_fields(|key| typed.get(key).to_owned());
                UnitEvent::Described { profile: Box::new(profile) }
            }
            "closed" => UnitEvent::Closed { successor: typed.some("successor") },
            _ => return None,
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: UnitEvent, _: &Typed) -> Result<Uuid> {
        let UnitEvent::Established { code, name, short_name, kind, level, parent, consolidates_into } = event
        else {
            return Err(Error::Invalid("请从设立开始登记".into()));
        };
        let id = |text: Option<String>| text.and_then(|t| Uuid::parse_str(&t).ok());
        let unit = NewUnit {
            code,
            name,
            short_name,
            kind,
            level,
            parent: id(parent),
            consolidates_into: id(consolidates_into),
        };
        service.establish_unit(ctx, on, unit).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<UnitEvent>,
    ) -> Result<u32> {
        service.change_unit(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Units>> {
        service.unit_view(ctx, id).await
    }
}
