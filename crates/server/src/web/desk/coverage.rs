//! 标准目录的覆盖情况: what the catalogues owe, field by field and agency by agency, and what of it is absent, stale or late.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok};
use super::super::words::day;
use super::register::Desk;
use super::{Officer, World, or_none};
use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use service::catalogue::CatalogueEntries;
use service::catalogue::coverage::{Cover, FieldCover, Line, Owed, counts};
use service::document::Documents;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Address of the page.
pub(super) const HOME: &str = "/desk/catalogue-coverage";
const TITLE: &str = "标准目录覆盖情况";

/// `/desk/catalogue-coverage` and its fields
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(all)).route("/desk/catalogue-coverage/{field}", get(field))
}

fn badge(cover: Cover) -> Badge {
    let tone = match cover {
        Cover::Absent => "red",
        Cover::Stale | Cover::Late => "yellow",
        Cover::Present => "green",
    };
    Badge::new(cover.label(), tone)
}

/// A field or an agency with how much it owes and how much of that stands how.
#[derive(Debug, Clone)]
pub struct Sum {
    name: Link,
    owed: usize,
    /// In the order of [`Cover::ALL`].
    of: [usize; 4],
    /// Entries of the county level nobody answers for; none is said of an agency.
    unassigned: usize,
    rate: String,
}

fn sum(name: Link, (owed, of): (usize, [usize; 4]), unassigned: usize) -> Sum {
    let there = of[3];
    // Rounded down: a hundred is said when nothing is missing.
    let rate = (there * 100).checked_div(owed).map_or_else(|| "—".to_owned(), |n| format!("{n}%"));
    Sum { name, owed, of, unassigned, rate }
}

/// What all catalogues owe.
#[derive(Debug, Template)]
#[template(path = "desk/coverage.html")]
pub struct CoveragePage {
    frame: Frame,
    filter: Form,
    labels: [&'static str; 4],
    total: Sum,
    fields: Vec<Sum>,
    units: Vec<Sum>,
    /// Whether anything was published that could be owed.
    published: bool,
}

fn kept(all: &[FieldCover], unit: Option<Uuid>) -> impl Iterator<Item = (&Line, &Owed)> {
    let of = move |o: &Owed| unit.is_none_or(|u| o.unit == u);
    all.iter()
        .flat_map(|f| &f.lines)
        .flat_map(move |l| l.owed.iter().map(move |o| (l, o)))
        .filter(move |(_, o)| of(o))
}

fn coverage_page(
    frame: Frame,
    filter: Form,
    found: &[FieldCover],
    unit: Option<Uuid>,
    name: impl Fn(Uuid) -> String,
) -> CoveragePage {
    let of_unit = |o: &&Owed| unit.is_none_or(|u| o.unit == u);
    let query = unit.map_or_else(String::new, |u| format!("?unit={u}"));
    let fields: Vec<Sum> = found
        .iter()
        .map(|f| {
            let owed = counts(f.lines.iter().flat_map(|l| &l.owed).filter(of_unit));
            let link = Link::new(format!("{HOME}/{}{query}", f.field.key), &f.field.label);
            sum(link, owed, if unit.is_none() { f.unassigned() } else { 0 })
        })
        .filter(|s| s.owed > 0 || s.unassigned > 0)
        .collect();
    let mut by_unit: BTreeMap<Uuid, Vec<&Owed>> = BTreeMap::new();
    for (_, owed) in kept(found, unit) {
        by_unit.entry(owed.unit).or_default().push(owed);
    }
    let mut units: Vec<Sum> = by_unit
        .into_iter()
        .map(|(id, owed)| sum(Link::new(format!("{HOME}?unit={id}"), name(id)), counts(owed.into_iter()), 0))
        .collect();
    // Who owes most stands first.
    units.sort_by_key(|s| (std::cmp::Reverse(s.owed - s.of[3]), s.name.text.clone()));
    CoveragePage {
        frame,
        filter,
        labels: Cover::ALL.map(Cover::label),
        total: sum(
            Link::new("", "合计"),
            counts(kept(found, unit).map(|(_, owed)| owed)),
            fields.iter().map(|s| s.unassigned).sum(),
        ),
        fields,
        units,
        published: !found.is_empty(),
    }
}

fn filter(at: &str, world: &World<'_>, query: &Typed, more: Vec<Field>) -> Form {
    let mut fields = vec![
        Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
            .optional()
            .value(query.get("unit")),
    ];
    fields.extend(more);
    Form::get(at, "筛选", fields)
}

async fn all(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, TITLE, &CatalogueEntries::home());
    let world = World::read(&app, &visit).await?;
    let found = app.service.catalogue_coverage(&visit.ctx, None).await?;
    let filter = filter(HOME, &world, &query, Vec::new());
    Ok(ok(&coverage_page(frame, filter, &found, query.id("unit"), |id| world.short(id))))
}

/// What one agency owes under one entry.
#[derive(Debug, Clone)]
pub struct OwedCell {
    unit: String,
    state: Badge,
    /// The document published last; none where nothing is.
    newest: Option<Link>,
    about: String,
}

/// An entry of a field, with what is owed under it.
#[derive(Debug, Clone)]
pub struct FieldLine {
    entry: Link,
    limit: String,
    owed: Vec<OwedCell>,
    unassigned: bool,
}

/// What the catalogue of a field owes.
#[derive(Debug, Template)]
#[template(path = "desk/coverage_field.html")]
pub struct FieldPage {
    frame: Frame,
    filter: Form,
    name: String,
    lines: Vec<FieldLine>,
}

fn cell(owed: &Owed, limit: law::catalogue::Limit, name: &impl Fn(Uuid) -> String) -> OwedCell {
    let newest = owed.newest.map(|(id, on)| Link::new(Documents::at(id), format!("{}公开", day(on))));
    let anew = matches!(limit, law::catalogue::Limit::Every(_));
    let about = match (owed.cover, owed.until) {
        (Cover::Stale, Some(until)) => format!("应当在{}以前更新", day(until)),
        (Cover::Late, Some(until)) => format!("应当在{}以前公开", day(until)),
        (Cover::Present, Some(until)) if anew => format!("下次更新不晚于{}", day(until)),
        _ => String::new(),
    };
    let about = if owed.count > 1 {
        format!("共{}件{}{about}", owed.count, if about.is_empty() { "" } else { "，" })
    } else {
        about
    };
    OwedCell { unit: name(owed.unit), state: badge(owed.cover), newest, about }
}

/// The lines with something that fits.
fn field_lines(
    of: &FieldCover,
    unit: Option<Uuid>,
    state: Option<Cover>,
    name: impl Fn(Uuid) -> String,
) -> Vec<FieldLine> {
    let line = |l: &Line| {
        let fits = |o: &&Owed| unit.is_none_or(|u| o.unit == u) && state.is_none_or(|s| o.cover == s);
        let label = l.limit.label();
        FieldLine {
            entry: Link::new(CatalogueEntries::at(l.entry), format!("{}. {}", l.position, l.item.title())),
            limit: if label.is_empty() { l.item.limit.clone() } else { label },
            owed: l.owed.iter().filter(fits).map(|o| cell(o, l.limit, &name)).collect(),
            unassigned: l.unassigned && unit.is_none() && state.is_none(),
        }
    };
    of.lines.iter().map(line).filter(|l| !l.owed.is_empty() || l.unassigned).collect()
}

async fn field(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(key): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let found = app.service.catalogue_coverage(&visit.ctx, Some(&key)).await?;
    let Some(of) = found.first() else {
        let text = "这个领域还没有公布主动公开的事项，请从覆盖情况中选择领域";
        return Err(PageError(service::Error::NotFound(text.into())));
    };
    let title = format!("{}领域覆盖情况", of.field.label);
    let frame = Frame::desk(&app, &mut visit, &title, &CatalogueEntries::home());
    let frame = frame.step(HOME, TITLE);
    let world = World::read(&app, &visit).await?;
    let states = Cover::ALL.map(|c| Choice::new(c.key(), c.label())).into();
    let more = vec![
        Field::select("state", "状态", or_none("全部状态", states)).optional().value(query.get("state")),
    ];
    let filter = filter(&format!("{HOME}/{key}"), &world, &query, more);
    let state = Cover::ALL.into_iter().find(|c| c.key() == query.get("state"));
    Ok(ok(&FieldPage {
        frame,
        filter,
        name: of.field.label.clone(),
        lines: field_lines(of, query.id("unit"), state, |id| world.short(id)),
    }))
}

#[cfg(test)]
mod samples {
    use super::*;
    use jiff::civil::date;
    use law::catalogue::{Item, Limit};

    fn found() -> FieldCover {
        let unit = |n: u8| Uuid::from_bytes([n; 16]);
        let owed = |n: u8, cover: Cover| Owed {
            unit: unit(n),
            cover,
            count: i64::from(n),
            newest: (cover != Cover::Absent).then(|| (unit(9), date(2020, 10, 15))),
            until: Some(date(2020, 11, 15)),
        };
        let line = |owed: Vec<Owed>, limit: Limit| Line {
            entry: unit(8),
            position: 1,
            item: Item { first: "综合业务".into(), limit: "及时公开".into(), ..Item::default() },
            limit,
            unassigned: owed.is_empty(),
            owed,
        };
        let all = (1..).zip(Cover::ALL).map(|(n, cover)| owed(n, cover)).collect();
        let lines = vec![line(all, Limit::Every(1)), line(Vec::new(), Limit::Promptly)];
        FieldCover { field: &law::catalogue::fields()[4], lines }
    }

    fn form() -> Form {
        Form::get(HOME, "筛选", vec![Field::text("unit", "机关").optional()])
    }

    impl CoveragePage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page =
                |found: &[FieldCover]| coverage_page(frame.clone(), form(), found, None, |_| "样例办".into());
            vec![page(&[found()]), page(&[])]
        }
    }

    impl FieldPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |lines: Vec<FieldLine>| FieldPage {
                frame: frame.clone(),
                filter: form(),
                name: "社会救助".into(),
                lines,
            };
            vec![page(field_lines(&found(), None, None, |_| "样例办".into())), page(Vec::new())]
        }
    }
}
