//! 年度数据

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::words::day;
use super::register::{Desk, Item, ListRow, Listing, Said, next_key, page_of};
use super::{World, or_none, years};
use jiff::civil::Date;
use law::Amount;
use law::docket::figure::{FigureEvent, Standing};
use law::form::fact::{FigureKey, Registry};
use service::figure::YearFigures;
use service::row::FigureFilter;
use service::{Change, Context, Permission, Result, Service, View};
use uuid::Uuid;

fn label(key: &str) -> String {
    Registry::builtin().figure(key).map_or_else(|| key.to_owned(), |f| f.label.clone())
}

/// Which form asks for the figure, so that nobody enters what no report prints.
fn used(figure: &FigureKey) -> String {
    match figure.forms.as_slice() {
        [] => "正文引用".to_owned(),
        [only] if only == "2019" => "表二，2019、2020年度".to_owned(),
        [only] if only == "2021" => "表二，2021年度起".to_owned(),
        _ => "表二".to_owned(),
    }
}

fn keys() -> Vec<Choice> {
    let choice = |f: &FigureKey| Choice::new(&f.key, format!("{}（{}，{}）", f.label, f.measure, used(f)));
    Registry::builtin().figures.iter().map(choice).collect()
}

impl Desk for YearFigures {
    const PATH: &'static str = "figures";
    const TITLE: &'static str = "年度数据";
    const ITEM: &'static str = "年度数据";
    const BEGIN: &'static str = "填报数据";
    const FIRST: &'static str = "entered";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        vec![
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("year", "统计年度", or_none("全部年度", years(world.today)))
                .optional()
                .value(query.get("year")),
            Field::select("key", "指标", or_none("全部指标", keys())).optional().value(query.get("key")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = FigureFilter {
            units: world.wanted(query),
            year: query.get("year").parse().ok(),
            key: query.some("key"),
            standing: false,
        };
        let found = service.figures(ctx, filter, page_of::<i16>(query)).await?;
        let next = next_key(found.len(), found.last().map(|f| (f.year, f.id)));
        let rows = found
            .into_iter()
            .map(|f| ListRow {
                href: YearFigures::at(f.id),
                cells: vec![
                    label(&f.key),
                    format!("{}年", f.year),
                    format!("{}{}", Amount::from_micros(f.amount_micros), f.measure),
                    world.short(f.unit),
                    f.source,
                ],
                badge: if f.voided { Badge::new("已作废", "grey") } else { Badge::new("有效", "green") },
            })
            .collect();
        Ok(Listing {
            columns: vec!["指标", "统计年度", "数值", "机关", "数据来源", "状态"], rows, next
        })
    }

    fn heading(s: &Standing) -> String {
        format!("{}年{}", s.year, label(&s.key))
    }

    fn badge(_: &Standing, _: &World<'_>) -> Badge {
        Badge::new("有效", "green")
    }

    fn open(_: &Standing) -> bool {
        false
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        vec![
            Item::new("数值", format!("{}{}", s.amount, s.measure)),
            Item::new("统计年度", format!("{}年", s.year)),
            Item::new("填报机关", world.name(&s.unit)),
            Item::new("数据来源", &s.source),
            Item::new("证明材料", s.evidence.clone().unwrap_or_else(|| "—".into())),
            Item::new("材料日期", day(s.entered_on)),
        ]
    }

    fn links(_: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let unit = Uuid::parse_str(&s.unit).ok().and_then(|u| world.unit(u));
        unit.map(|u| Link::new(format!("/desk/reports/{}/{}", u.code, s.year), format!("{}年度报告", s.year)))
            .into_iter()
            .collect()
    }

    fn steps(_: &Standing, _: &World<'_>) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }

    fn name(_: &FigureEvent) -> (&'static str, &'static str) {
        ("entered", "填报")
    }

    fn say(event: &FigureEvent, world: &World<'_>) -> Said {
        let FigureEvent::Entered { unit, year, key, amount, measure, source, evidence } = event;
        Said::plain("填报")
            .item("指标", label(key))
            .item("统计年度", format!("{year}年"))
            .item("数值", format!("{amount}{measure}"))
            .item("填报机关", world.name(unit))
            .item("数据来源", source)
            .item("证明材料", evidence.clone().unwrap_or_default())
    }

    fn date_label(_: &str) -> &'static str {
        "证明材料的日期"
    }

    fn fields(
        key: &str,
        _: Option<&Standing>,
        event: Option<&FigureEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        if key != "entered" {
            return None;
        }
        let measures = ["件", "项", "元", "万元", "条", "篇", "场", "次", "期", "个", "人次", "人"];
        let mut fields = vec![
            Field::select("unit", "填报机关", world.own_units()).value_if(world.home()),
            Field::select("year", "统计年度", years(world.today)).value((world.today.year() - 1).to_string()),
            Field::select("key", "指标", or_none("请选择指标", keys())),
            Field::text("amount", "数值").hint("减少的用负数；金额最多保留到分"),
            Field::select("measure", "计量单位", measures.map(|m| Choice::new(m, m)).into())
                .hint("应当与指标括号内的单位一致；元和万元可以换算"),
            Field::text("source", "数据来源").hint("提供数据的部门或者系统"),
            Field::text("evidence", "证明材料").hint("报表、函件或者截图的名称和编号").optional(),
        ];
        if let Some(FigureEvent::Entered { unit, year, key, amount, measure, source, evidence }) = event {
            let values = [
                unit.clone(),
                year.to_string(),
                key.clone(),
                amount.to_string(),
                measure.clone(),
                source.clone(),
                evidence.clone().unwrap_or_default(),
            ];
            for (field, value) in fields.iter_mut().zip(values) {
                field.values = vec![value];
            }
        }
        Some(fields)
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(_: &str, _: Option<&FigureEvent>, typed: &mut Typed) -> Option<FigureEvent> {
        let year = typed.number("year", "统计年度");
        let amount = typed.read("amount", "数值", |t| t.parse::<Amount>().ok());
        let key = typed.read("key", "指标", |t| Some(t.to_owned()).filter(|t| !t.is_empty()));
        Some(FigureEvent::Entered {
            unit: typed.get("unit").to_owned(),
            year: year?,
            key: key?,
            amount: amount?,
            measure: typed.get("measure").to_owned(),
            source: typed.get("source").to_owned(),
            evidence: typed.some("evidence"),
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: FigureEvent, _: &Typed) -> Result<Uuid> {
        service.enter_figure(ctx, on, event).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<FigureEvent>,
    ) -> Result<u32> {
        service.change_figure(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<YearFigures>> {
        service.figure_view(ctx, id).await
    }
}
