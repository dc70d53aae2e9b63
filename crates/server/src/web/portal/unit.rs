//! 政府信息公开平台: the agencies, all alike, each with its five parts (国办公开办函〔2019〕61号), and its columns with their
//! feeds. A column without content is not shown; a part without content says where to go.

use super::super::Answer;
use super::super::frame::{Frame, Link, ok};
use super::super::words::day;
use super::ask::contact::Contact;
use super::document::{Row, place_of, row};
use super::feed::{Entry, Feed};
use super::home::{ReportRow, row as report_row};
use crate::App;
use crate::error::PageError;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::get;
use law::classification::{Column, Part};
use law::docket::unit::UnitKind;
use service::document::{PUBLIC_PAGE, PublicItem};
use service::platform::{ColumnPage as Found, OpenColumn};

/// Name of the platform, and of every agency's part of it.
pub const TITLE: &str = "政府信息公开";
const PARTS: &str = "政府信息公开指南、政府信息公开制度、法定主动公开内容、政府信息公开年报和依申请公开";

/// `/units`, `/units/{code}`, and its columns with their feeds
pub fn routes() -> Router<App> {
    Router::new()
        .route("/units", get(list))
        .route("/units/{code}", get(one))
        .route("/units/{code}/columns/{key}", get(column))
        .route("/units/{code}/columns/{key}/feed.atom", get(atom))
        .route("/units/{code}/columns/{key}/feed.json", get(json))
}

/// The address of an agency's part.
pub fn address(code: &str) -> String {
    format!("/units/{code}")
}

/// The address of a column.
pub fn column_address(code: &str, key: &str) -> String {
    format!("/units/{code}/columns/{key}")
}

/// Agencies of one kind.
#[derive(Debug, Clone, Default)]
pub struct Group {
    key: &'static str,
    label: &'static str,
    units: Vec<Link>,
}

/// The agencies.
#[derive(Debug, Template)]
#[template(path = "portal/units.html")]
pub struct UnitsPage {
    frame: Frame,
    groups: Vec<Group>,
}

async fn list(State(app): State<App>) -> Answer {
    let units = app.service.platform_units(super::today(&app)).await?;
    let groups = UnitKind::ALL.into_iter().map(|kind| Group {
        key: kind.key(),
        label: kind.label(),
        units: units
            .iter()
            .filter(|u| u.kind == kind.key())
            .map(|u| Link::new(address(&u.code), &u.name))
            .collect(),
    });
    let frame = Frame::portal(&app, TITLE)
        .column(
            TITLE,
            "信息公开目录",
            &format!("各机关的{PARTS}"),
            "政府信息公开,指南,制度,法定主动公开内容,年报,依申请公开",
        )
        .step("/", "首页");
    Ok(ok(&UnitsPage { frame, groups: groups.filter(|g| !g.units.is_empty()).collect() }))
}

/// A column that is not empty.
#[derive(Debug, Clone, Default)]
pub struct ColumnLine {
    link: Link,
    text: String,
    cite: String,
    count: i64,
}

/// An agency's part of the platform.
#[derive(Debug, Template)]
#[template(path = "portal/unit.html")]
pub struct UnitPage {
    frame: Frame,
    name: String,
    /// Where its documents are searched.
    code: String,
    /// When it was closed; empty while it exists.
    closed: String,
    successor: Option<Link>,
    /// 政府信息公开指南, and the day of its last update.
    guide: Option<(Link, String)>,
    rules: Vec<Row>,
    /// The column with all of them, where there are more.
    all_rules: Option<Link>,
    columns: Vec<ColumnLine>,
    reports: Vec<ReportRow>,
    /// Whether it has put drafts to the public.
    consults: bool,
    /// Whether others report to it.
    government: bool,
    contact: Option<Contact>,
}

fn column_line(code: &str, open: OpenColumn) -> ColumnLine {
    let OpenColumn { column, count } = open;
    ColumnLine {
        link: Link::new(column_address(code, &column.key), &column.label),
        text: column.text.clone(),
        cite: column.cite.clone(),
        count,
    }
}

async fn one(State(app): State<App>, Path(code): Path<String>) -> Answer {
    let p = app.service.platform(&code).await?;
    let title = format!("{}{TITLE}", p.unit.name);
    let frame = Frame::portal(&app, &title)
        .column(TITLE, "信息公开目录", &format!("{}的{PARTS}", p.unit.name), TITLE)
        .step("/", "首页")
        .step("/units", TITLE);
    let asked = (None, Some(p.unit.code.as_str()));
    let consults = !app.service.public_consultations(super::today(&app), asked, None).await?.is_empty();
    let (rules, all) = p.rules;
    let more = all > i64::try_from(rules.len()).unwrap_or(i64::MAX);
    Ok(ok(&UnitPage {
        frame,
        closed: p.unit.valid_to.filter(|end| *end < super::today(&app)).map(day).unwrap_or_default(),
        successor: p.successor.map(|u| Link::new(address(&u.code), u.name)),
        guide: p.guide.map(|(item, updated)| (row(&item, super::today(&app)).link, day(updated))),
        rules: rules.iter().map(|item| row(item, super::today(&app))).collect(),
        all_rules: more.then(|| Link::new(column_address(&p.unit.code, "rules"), format!("查看全部{all}件"))),
        columns: p.columns.into_iter().map(|open| column_line(&p.unit.code, open)).collect(),
        reports: p.reports.iter().map(report_row).collect(),
        consults,
        government: p.unit.kind == UnitKind::Government.key(),
        contact: Contact::of(&p.profile, None),
        name: p.unit.name,
        code: p.unit.code,
    }))
}

/// What kind of column a page is, in the words of the page labels (国办发〔2017〕47号).
fn kind(column: &Column) -> &'static str {
    match (column.part, column.key.as_str()) {
        (Part::Guide, _) => "信息公开指南",
        (Part::Rules, _) | (Part::Statutory, "a20-01") => "政策文件",
        (Part::Statutory, "a20-02") => "机构职能",
        (Part::Statutory, "a20-04") => "数据发布",
        (Part::Statutory, _) => "信息公开目录",
    }
}

/// A column of an agency.
#[derive(Debug, Template)]
#[template(path = "portal/column.html")]
pub struct ColumnPage {
    frame: Frame,
    unit: String,
    label: String,
    text: String,
    cite: String,
    documents: Vec<Row>,
    later: bool,
    first: String,
    next: String,
    feeds: Vec<Link>,
}

async fn column(
    State(app): State<App>,
    Path((code, key)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let typed = super::super::form::Typed::new(query);
    let after = place_of(typed.get("after"));
    let found = app.service.platform_column(&code, &key, after).await?;
    let Found { unit, column, items } = found;
    let home = column_address(&unit.code, &column.key);
    let full = i64::try_from(items.len()).is_ok_and(|n| n == PUBLIC_PAGE);
    let next = items.last().filter(|_| full).map(PublicItem::paging_key);
    let about = format!("{}依照{}公开的{}", unit.name, column.cite, column.text);
    let frame = Frame::portal(&app, &column.label)
        .column(&column.label, kind(column), &about, &column.label)
        .step("/", "首页")
        .step("/units", TITLE)
        .step(address(&unit.code), &unit.name);
    Ok(ok(&ColumnPage {
        frame,
        unit: unit.name,
        label: column.label.clone(),
        text: column.text.clone(),
        cite: column.cite.clone(),
        documents: items.iter().map(|item| row(item, super::today(&app))).collect(),
        later: after.is_some(),
        next: next.map(|(on, id)| format!("{home}?after={on}_{id}")).unwrap_or_default(),
        feeds: vec![
            Link::new(format!("{home}/feed.atom"), "Atom订阅"),
            Link::new(format!("{home}/feed.json"), "JSON订阅"),
        ],
        first: home,
    }))
}

async fn feed(app: &App, (code, key): (String, String), kind: &str) -> Result<Feed, PageError> {
    let Found { unit, column, items } = app.service.platform_column(&code, &key, None).await?;
    let home = column_address(&unit.code, &column.key);
    let entries = items.iter().map(Entry::of).collect();
    let title = format!("{}{}", unit.name, column.label);
    Ok(Feed::new(app, title, &home, &format!("{home}/feed.{kind}"), entries))
}

async fn atom(State(app): State<App>, Path(place): Path<(String, String)>) -> Answer {
    Ok(feed(&app, place, "atom").await?.atom())
}

async fn json(State(app): State<App>, Path(place): Path<(String, String)>) -> Answer {
    Ok(feed(&app, place, "json").await?.json())
}

#[cfg(test)]
mod samples {
    use super::super::document::samples::rows;
    use super::super::home::sample_years;
    use super::*;

    impl UnitsPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let group = Group {
                key: "department",
                label: "政府部门",
                units: vec![Link::new("/units/a", "样例市教育局")],
            };
            vec![UnitsPage { frame: frame.clone(), groups: vec![group] }]
        }
    }

    impl UnitPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |full: bool| UnitPage {
                frame: frame.clone(),
                name: "样例市教育局".into(),
                code: "a".into(),
                closed: if full { String::new() } else { "2024年3月31日".into() },
                successor: (!full).then(|| Link::new("/units/b", "样例市教育体育局")),
                guide: full.then(|| (Link::new("/documents/1", "样例指南"), "2021年3月1日".into())),
                consults: full,
                rules: if full { rows() } else { Vec::new() },
                all_rules: full.then(|| Link::new("/units/a/columns/rules", "查看全部6件")),
                columns: vec![
                    ColumnLine {
                        link: Link::new("/units/a/columns/a20-07", "财政预决算"),
                        text: "财政预算、决算信息".into(),
                        cite: "条例第二十条第七项".into(),
                        count: 3,
                    };
                    usize::from(full)
                ],
                reports: if full { sample_years().remove(0).rows } else { Vec::new() },
                government: full,
                contact: full.then(|| Contact { phone: "0000-0000000".into(), ..Contact::default() }),
            };
            vec![page(true), page(false)]
        }
    }

    impl ColumnPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |documents: Vec<Row>, next: &str| ColumnPage {
                frame: frame.clone(),
                unit: "样例市财政局".into(),
                label: "财政预决算".into(),
                text: "财政预算、决算信息".into(),
                cite: "条例第二十条第七项".into(),
                later: documents.is_empty(),
                documents,
                first: "/units/a/columns/a20-07".into(),
                next: next.into(),
                feeds: vec![Link::new("/units/a/columns/a20-07/feed.atom", "Atom订阅")],
            };
            vec![page(rows(), "/units/a/columns/a20-07?after=x"), page(Vec::new(), "")]
        }
    }
}
