//! 复议诉讼

use super::super::form::{Choice, Field, Typed};
use super::super::frame::{Badge, Link};
use super::super::words::{day, day_or_dash};
use super::register::{Desk, Item, ListRow, Listing, Said, next_key, page_of};
use super::{World, or_none, years};
use jiff::civil::Date;
use law::docket::dispute::{Block, Column, DisputeEvent, Outcome, Outcomes, Stage, Standing};
use service::dispute::Disputes;
use service::request::Requests;
use service::row::DisputeFilter;
use service::{Change, Context, Permission, Result, Service, View};
use uuid::Uuid;

fn blocks() -> Vec<Choice> {
    Block::ALL.map(|b| Choice::new(b.key(), b.label())).into()
}

fn outcomes(block: Option<Block>) -> Vec<Choice> {
    let fits = |o: &Outcome| block.is_none_or(|b| Outcomes::builtin().occurs(*o, b));
    Outcome::ALL.into_iter().filter(fits).map(|o| Choice::new(o.key(), o.label())).collect()
}

impl Desk for Disputes {
    const PATH: &'static str = "disputes";
    const TITLE: &'static str = "复议诉讼";
    const ITEM: &'static str = "复议诉讼案件";
    const BEGIN: &'static str = "登记案件";
    const FIRST: &'static str = "filed";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        vec![
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("block", "类别", or_none("全部类别", blocks()))
                .optional()
                .value(query.get("block")),
            Field::select("year", "审结年度", or_none("全部年度", years(world.today)))
                .optional()
                .value(query.get("year")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = DisputeFilter {
            units: world.wanted(query),
            block: query.some("block"),
            decided_in: query.get("year").parse().ok(),
            request: query.id("request"),
            ..DisputeFilter::default()
        };
        let found = service.disputes(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|d| (d.filed_on, d.id)));
        let rows = found
            .into_iter()
            .map(|d| ListRow {
                href: Disputes::at(d.id),
                cells: vec![
                    if d.number.is_empty() { "（未编案号）".into() } else { d.number },
                    Block::parse(&d.block).map_or(d.block, |b| b.label().into()),
                    d.body,
                    world.short(d.unit),
                    day(d.filed_on),
                    day_or_dash(d.decided_on),
                ],
                badge: match d.outcome.as_deref().and_then(Outcome::parse) {
                    Some(o) => Badge::new(o.label(), "grey"),
                    None => Badge::new("尚未审结", "blue"),
                },
            })
            .collect();
        let columns =
            vec!["案号", "类别", "复议机关或者法院", "机关", "申请（起诉）日期", "审结日期", "结果"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        if s.number.is_empty() { format!("{}案件", s.block.label()) } else { s.number.clone() }
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        let tone = if s.stage == Stage::Closed { "grey" } else { "blue" };
        Badge::new(s.stage.label(), tone)
    }

    fn open(s: &Standing) -> bool {
        s.closed_on.is_none()
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let mut items = vec![
            Item::new("类别", s.block.label()),
            Item::new("案号", &s.number),
            Item::new("复议机关或者法院", &s.body),
            Item::new("被申请人或者被告", world.name(&s.unit)),
            Item::new("申请（起诉）日期", day(s.filed_on)),
        ];
        items.extend(Item::day("受理日期", s.accepted_on));
        items.extend(Item::day("答复（答辩）日期", s.answered_on));
        items.extend(Item::day("审结日期", s.closed_on));
        items.extend(s.outcome.map(|o| Item::new("结果", o.label())));
        items.extend(s.decision_number.as_ref().map(|n| Item::new("裁判文书文号", n)));
        items
    }

    fn links(id: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let Some(request) = s.request.as_ref().and_then(|r| Uuid::parse_str(r).ok()) else {
            return Vec::new();
        };
        let at = Requests::at(request);
        let mut links = vec![Link::new(at.clone(), "所涉及的申请")];
        let corrected = s.outcome.is_some_and(|o| Outcomes::builtin().column(o) == Column::Corrected);
        if corrected && world.actor.may(Permission::EditRegisters) {
            links.push(Link::new(format!("{at}/record/reopened?dispute={id}"), "重新处理这件申请"));
        }
        links
    }

    fn steps(s: &Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        let outcome = Outcome::ALL.into_iter().find(|o| Outcomes::builtin().occurs(*o, s.block));
        let trials = [
            Some(DisputeEvent::Accepted),
            Some(DisputeEvent::AnswerServed),
            outcome.map(|outcome| DisputeEvent::Decided { outcome, number: String::new() }),
            Some(DisputeEvent::Withdrawn),
        ];
        trials
            .into_iter()
            .flatten()
            .filter(|e| s.may(e, world.today).is_empty())
            .map(|e| Disputes::name(&e))
            .collect()
    }

    fn name(event: &DisputeEvent) -> (&'static str, &'static str) {
        match event {
            DisputeEvent::Filed { .. } => ("filed", "申请或者起诉"),
            DisputeEvent::Accepted => ("accepted", "受理"),
            DisputeEvent::AnswerServed => ("answer-served", "答复（答辩）"),
            DisputeEvent::Decided { .. } => ("decided", "审结"),
            DisputeEvent::Withdrawn => ("withdrawn", "撤回"),
        }
    }

    fn say(event: &DisputeEvent, world: &World<'_>) -> Said {
        let said = Said::plain(Disputes::name(event).1);
        match event {
            DisputeEvent::Filed { unit, block, number, body, .. } => said
                .item("类别", block.label())
                .item("案号", number)
                .item("复议机关或者法院", body)
                .item("被申请人或者被告", world.name(unit)),
            DisputeEvent::Decided { outcome, number } => {
                said.item("结果", outcome.label()).item("裁判文书文号", number)
            }
            DisputeEvent::Accepted | DisputeEvent::AnswerServed | DisputeEvent::Withdrawn => said,
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "filed" => "申请（起诉）日期",
            "accepted" => "收到副本的日期",
            "answer-served" => "答复（答辩）日期",
            "decided" => "审结日期",
            _ => "撤回日期",
        }
    }

    fn fields(
        key: &str,
        standing: Option<&Standing>,
        event: Option<&DisputeEvent>,
        world: &World<'_>,
    ) -> Option<Vec<Field>> {
        Some(match (key, event) {
            ("filed", event) => {
                let mut fields = vec![
                    Field::radio("block", "类别", blocks()),
                    Field::text("number", "案号").optional(),
                    Field::text("body", "复议机关或者法院"),
                    Field::select("unit", "被申请人或者被告", world.own_units()).value_if(world.home()),
                    Field::text("request", "所涉及申请的卷宗编号")
                        .hint("从申请页面进入时自动填写；没有关联申请的不填")
                        .optional(),
                ];
                if let Some(DisputeEvent::Filed { unit, block, request, number, body }) = event {
                    let values = [
                        block.key().to_owned(),
                        number.clone(),
                        body.clone(),
                        unit.clone(),
                        request.clone().unwrap_or_default(),
                    ];
                    for (field, value) in fields.iter_mut().zip(values) {
                        field.values = vec![value];
                    }
                }
                fields
            }
            ("accepted" | "answer-served" | "withdrawn", _) => Vec::new(),
            ("decided", event) => {
                let (outcome, number) = match event {
                    Some(DisputeEvent::Decided { outcome, number }) => {
                        (Some(outcome.key()), Some(number.as_str()))
                    }
                    _ => (None, None),
                };
                vec![
                    Field::radio("outcome", "结果", outcomes(standing.map(|s| s.block))).value_if(outcome),
                    Field::text("number", "裁判文书文号").optional().value_if(number),
                ]
            }
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        Vec::new()
    }

    fn read(key: &str, _: Option<&DisputeEvent>, typed: &mut Typed) -> Option<DisputeEvent> {
        Some(match key {
            "filed" => DisputeEvent::Filed {
                unit: typed.get("unit").to_owned(),
                block: typed.read("block", "类别", Block::parse)?,
                request: typed.some("request"),
                number: typed.get("number").to_owned(),
                body: typed.get("body").to_owned(),
            },
            "accepted" => DisputeEvent::Accepted,
            "answer-served" => DisputeEvent::AnswerServed,
            "decided" => DisputeEvent::Decided {
                outcome: typed.read("outcome", "结果", Outcome::parse)?,
                number: typed.get("number").to_owned(),
            },
            "withdrawn" => DisputeEvent::Withdrawn,
            _ => return None,
        })
    }

    async fn begin(
        service: &Service,
        ctx: Context,
        on: Date,
        event: DisputeEvent,
        _: &Typed,
    ) -> Result<Uuid> {
        service.file_dispute(ctx, on, event).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<DisputeEvent>,
    ) -> Result<u32> {
        service.change_dispute(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<Disputes>> {
        service.dispute_view(ctx, id).await
    }
}
