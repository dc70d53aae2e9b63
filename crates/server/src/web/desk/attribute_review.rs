//! 公文公开属性动态调整 at the desk: what of a year is owed and done, the table of it, and the form of a review.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::{day, encoded};
use super::board::Count;
use super::docket::left;
use super::register::{Desk, ListRow, Said};
use super::transfer::{table_file, table_format};
use super::{Officer, World, or_none, years};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use jiff::civil::Date;
use law::docket::document::{Called, DisclosureAttribute, DocumentEvent, Standing, Trigger};
use service::document::{AttributeReviewDone, AttributeReviewDuty, AttributeReviewYear, Documents};
use service::{Context, Permission, Result};

/// Address of the list.
pub(super) const HOME: &str = "/desk/attribute-reviews";
/// Name of the table.
const TABLE: &str = "公文公开属性动态调整情况表";

/// `/desk/attribute-reviews` and its table as a file
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(list)).route("/desk/attribute-reviews/{format}", get(file))
}

/// The step of a review with nothing wrong in its content.
pub(super) fn kept(s: &Standing) -> DocumentEvent {
    let (reason, approved_by) = ("第一条".to_owned(), "—".to_owned());
    DocumentEvent::AttributeReviewed { attribute: s.attribute, reason, approved_by }
}

/// The step that asks for one.
pub(super) fn called(today: Date) -> DocumentEvent {
    DocumentEvent::ReviewCalled(Called { trigger: Trigger::Suggested, by: today, note: "—".into() })
}

pub(super) fn say_called(said: Said, called: &Called) -> Said {
    said.item("缘由", called.trigger.label()).item("复审期限", day(called.by)).item("情况", &called.note)
}

/// What a review may come to: as it is, or more public.
fn outcomes(s: Option<&Standing>) -> Vec<Choice> {
    let now = s.map_or(DisclosureAttribute::Withheld, |s| s.attribute);
    let mut more: Vec<_> = DisclosureAttribute::ALL.into_iter().filter(|a| *a <= now).collect();
    more.reverse();
    let label = |a: DisclosureAttribute| {
        if a == now { format!("维持“{}”", a.label()) } else { format!("转为{}", a.label()) }
    };
    more.into_iter().map(|a| Choice::new(a.key(), label(a))).collect()
}

pub(super) fn fields(
    key: &str,
    standing: Option<&Standing>,
    event: Option<&DocumentEvent>,
) -> Option<Vec<Field>> {
    Some(match key {
        "review-called" => {
            let own = match event {
                Some(DocumentEvent::ReviewCalled(called)) => Some(called.clone()),
                _ => standing.and_then(|s| s.called.clone()),
            };
            let triggers = Trigger::RECORDED.map(|t| Choice::new(t.key(), t.label())).into();
            vec![
                Field::radio("trigger", "缘由", triggers).value_if(own.as_ref().map(|c| c.trigger.key())),
                Field::date("by", "复审期限")
                    .hint("最迟在这一天复审")
                    .value_if(own.as_ref().map(|c| c.by.to_string())),
                Field::area("note", "情况", 2)
                    .hint("例如：解密通知的文号、申请的编号、裁判文书的案号")
                    .value_if(own.map(|c| c.note)),
            ]
        }
        "attribute-reviewed" => {
            // A correction offers everything: what it was at that place is not known here.
            let (now, why, by) = match event {
                Some(DocumentEvent::AttributeReviewed { attribute, reason, approved_by }) => {
                    (Some(attribute.key()), Some(reason.as_str()), Some(approved_by.as_str()))
                }
                _ => (None, None, None),
            };
            let standing = standing.filter(|_| event.is_none());
            vec![
                Field::radio("attribute", "复审结论", outcomes(standing))
                    .hint("转为主动公开的，自复审之日起20个工作日内经公开前检查后公开")
                    .value_if(now),
                Field::area("reason", "理由和依据条款", 2)
                    .hint("不主动公开的必须写明条款，例如：属于内部事务信息，条例第十六条第一款")
                    .value_if(why),
                Field::text("approved_by", "批准人").value_if(by),
            ]
        }
        _ => return None,
    })
}

pub(super) fn read(key: &str, typed: &mut Typed) -> Option<DocumentEvent> {
    Some(match key {
        "review-called" => {
            let trigger = typed.read("trigger", "缘由", Trigger::parse);
            let by = typed.date("by", "复审期限");
            let note = typed.get("note").to_owned();
            DocumentEvent::ReviewCalled(Called { trigger: trigger?, by, note })
        }
        "attribute-reviewed" => DocumentEvent::AttributeReviewed {
            attribute: typed.read("attribute", "复审结论", DisclosureAttribute::parse)?,
            reason: typed.get("reason").to_owned(),
            approved_by: typed.get("approved_by").to_owned(),
        },
        _ => return None,
    })
}

/// The reviews of a year.
#[derive(Debug, Template)]
#[template(path = "desk/attribute_reviews.html")]
pub struct AttributeReviewsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) sums: Vec<(&'static str, String)>,
    pub(super) year: i16,
    pub(super) months: u32,
    pub(super) owed: Vec<ListRow>,
    pub(super) done: Vec<ListRow>,
    pub(super) cut: bool,
    pub(super) exports: Vec<Link>,
}

fn owed(d: AttributeReviewDuty, world: &World<'_>) -> ListRow {
    let trigger = match d.asked {
        0 => d.trigger.label().to_owned(),
        n => format!("{}；另有相近的公开申请{n}件", d.trigger.label()),
    };
    ListRow {
        href: format!("{}/record/attribute-reviewed", Documents::at(d.row.id)),
        badge: left(d.due, world),
        cells: vec![
            d.row.title,
            world.short(d.row.unit),
            d.attribute.label().into(),
            d.reason,
            trigger,
            day(d.due),
        ],
    }
}

fn done(d: AttributeReviewDone, world: &World<'_>) -> ListRow {
    let tone = if d.review.to == d.review.from { "grey" } else { "green" };
    ListRow {
        href: Documents::at(d.row.id),
        badge: Badge::new(d.review.label(), tone),
        cells: vec![
            d.row.title,
            world.short(d.row.unit),
            d.review.from.label().into(),
            d.review.reason,
            d.review.approved_by,
            day(d.review.on),
        ],
    }
}

/// The figures of a year, one beside the other.
fn sums(found: &AttributeReviewYear) -> Vec<(&'static str, String)> {
    let to =
        |wanted| found.done.iter().filter(|d| d.review.to != d.review.from && d.review.to == wanted).count();
    let kept = found.done.iter().filter(|d| d.review.to == d.review.from).count();
    vec![
        ("待复审", format!("{}件", found.owed.len())),
        ("已复审", format!("{}件", found.done.len())),
        ("维持", format!("{kept}件")),
        ("转为主动公开", format!("{}件", to(DisclosureAttribute::Proactive))),
        ("转为依申请公开", format!("{}件", to(DisclosureAttribute::OnRequest))),
    ]
}

fn year_of(query: &Typed, world: &World<'_>) -> i16 {
    query.get("year").parse().unwrap_or(world.today.year())
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "公开属性复审", &Documents::home());
    let world = World::read(&app, &visit).await?;
    let (year, months) = (year_of(&query, &world), app.settings.review_months());
    let found = app.service.attribute_review_year(&visit.ctx, world.wanted(&query), year, months).await?;
    let filter = vec![
        Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
            .optional()
            .value(query.get("unit")),
        Field::select("year", "年度", years(world.today)).value(year.to_string()),
    ];
    let kept = format!("year={year}&unit={}", encoded(query.get("unit")));
    Ok(ok(&AttributeReviewsPage {
        frame,
        filter: Form::get(HOME, "筛选", filter),
        sums: sums(&found),
        year,
        months,
        cut: found.cut,
        owed: found.owed.into_iter().map(|d| owed(d, &world)).collect(),
        done: found.done.into_iter().map(|d| done(d, &world)).collect(),
        exports: vec![
            Link::new(format!("{HOME}/xlsx?{kept}"), format!("{TABLE}（Excel）")),
            Link::new(format!("{HOME}/csv?{kept}"), format!("{TABLE}（CSV）")),
        ],
    }))
}

async fn file(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(format): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let wanted = table_format(&format)?;
    let world = World::read(&app, &visit).await?;
    let (year, months) = (year_of(&query, &world), app.settings.review_months());
    let units = world.wanted(&query);
    let bytes = app.service.export_attribute_reviews(&visit.ctx, units, (year, months), wanted).await?;
    let name = format!("{}{year}年{TABLE}.{}", app.service.region_name(), wanted.key());
    Ok(table_file(wanted, &name, &format!("attribute-reviews.{}", wanted.key()), bytes))
}

/// The reviews that are overdue or due within a month, for who edits.
pub(super) async fn waiting(app: &App, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = app.service.attribute_reviews_owed(ctx, app.settings.review_months()).await?;
    let n = i64::try_from(n).unwrap_or(i64::MAX);
    Ok((n > 0).then(|| Count::new("公开属性待复审", n, "yellow", HOME)))
}

#[cfg(test)]
impl AttributeReviewsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let row = |cells: [&str; 6], badge| ListRow {
            href: "/desk/documents/1".into(),
            cells: cells.map(String::from).into(),
            badge,
        };
        let reason = "属于内部事务信息，条例第十六条第一款";
        let owed = row(
            ["样例值班制度", "样例办", "不予公开", reason, "定期审查", "2020年3月1日"],
            Badge::new("今天到期", "yellow"),
        );
        let done = row(
            ["样例通报", "样例办", "依申请公开", "情况已经变化", "样例负责人", "2020年2月1日"],
            Badge::new("转为主动公开", "green"),
        );
        let page = |owed: Vec<ListRow>, done: Vec<ListRow>, cut| AttributeReviewsPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "筛选", vec![Field::text("unit", "机关").optional()]),
            sums: sums(&AttributeReviewYear::default()),
            year: 2020,
            months: 12,
            owed,
            done,
            cut,
            exports: vec![Link::new(format!("{HOME}/xlsx"), "Excel")],
        };
        vec![page(vec![owed], vec![done], true), page(Vec::new(), Vec::new(), false)]
    }
}
