//! 基层政务公开标准目录: the fields, the entries of a field with the columns catalogues have, and what is published under an
//! entry.

use super::super::Answer;
use super::super::form::Typed;
use super::super::frame::{Frame, Link, ok};
use super::super::words::{attachment, day, encoded};
use super::document::{Row, place_of, row};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use jiff::civil::Date;
use law::catalogue::{Item, Tier, cite};
use service::catalogue::{CatalogueOf, CataloguePage as Found, FieldLine, PublicEntry};
use service::document::{PUBLIC_PAGE, PublicItem};
use service::transfer::ExportFormat;
use uuid::Uuid;

/// Name of the column.
pub const TITLE: &str = "基层政务公开标准目录";
const HOME: &str = "/catalogues";

/// `/catalogues`, `/catalogues/{field}` and its workbook, `/catalogues/{field}/{entry}`
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(list))
        .route("/catalogues/{field}", get(one))
        .route("/catalogues/{field}/catalogue.xlsx", get(sheet))
        .route("/catalogues/{field}/{entry}", get(entry))
}

/// The address of a field.
pub fn address(field: &str) -> String {
    format!("{HOME}/{field}")
}

/// The address of an entry.
pub fn entry_address(field: &str, entry: Uuid) -> String {
    format!("{HOME}/{field}/{entry}")
}

fn frame(app: &App, title: &str) -> Frame {
    let about = "县、乡两级各领域公开什么、由谁公开、何时公开";
    Frame::portal(app, title)
        .column(TITLE, "信息公开目录", about, "政务公开,标准目录,试点领域")
        .step("/", "首页")
        .step("/units", super::unit::TITLE)
}

/// A field in the list.
#[derive(Debug, Clone)]
pub struct Line {
    link: Link,
    /// How many entries of each tier, with its part of the catalogue; none where there are none.
    tiers: Vec<Option<Link>>,
    updated: String,
}

fn of_tier(field: &str, tier: Tier) -> String {
    format!("{}?level={}", address(field), tier.key())
}

fn line(of: &FieldLine, shown: &[Tier]) -> Line {
    let count = |tier: &Tier| {
        let n = Tier::ALL.iter().zip(of.tiers).find(|(t, _)| *t == tier).map_or(0, |(_, n)| n);
        (n > 0).then(|| Link::new(of_tier(&of.field.key, *tier), format!("{n}项")))
    };
    Line {
        link: Link::new(address(&of.field.key), &of.name),
        tiers: shown.iter().map(count).collect(),
        updated: day(of.updated_on),
    }
}

/// The tiers there is something of: 村级 only where a catalogue has it.
fn shown(village: bool) -> &'static [Tier] {
    if village { &Tier::ALL } else { &Tier::ALL[..2] }
}

/// The fields.
#[derive(Debug, Template)]
#[template(path = "portal/catalogues.html")]
pub struct CataloguesPage {
    frame: Frame,
    region: String,
    cite: &'static str,
    tiers: Vec<&'static str>,
    lines: Vec<Line>,
}

async fn list(State(app): State<App>) -> Answer {
    let found = app.service.public_catalogues().await?;
    let tiers = shown(found.iter().any(|f| f.tiers[2] > 0));
    Ok(ok(&CataloguesPage {
        frame: frame(&app, TITLE),
        region: app.service.region_name().to_owned(),
        cite: cite(),
        tiers: tiers.iter().map(|t| t.label()).collect(),
        lines: found.iter().map(|f| line(f, tiers)).collect(),
    }))
}

/// An entry as a row: its cells as catalogues have them.
#[derive(Debug, Clone)]
pub struct EntryRow {
    position: u32,
    first: String,
    second: String,
    /// Where what is published under it is listed.
    href: String,
    published: i64,
    content: Vec<String>,
    basis: Vec<String>,
    limit: String,
    body: String,
    channels: Vec<String>,
    everybody: bool,
    group: String,
    proactive: bool,
    on_request: bool,
    tiers: Vec<bool>,
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::to_owned).collect()
}

fn entry_row(field: &str, e: &PublicEntry, tiers: &[Tier]) -> EntryRow {
    let i: &Item = &e.item;
    EntryRow {
        position: e.position,
        first: i.first.clone(),
        second: i.second.clone(),
        href: entry_address(field, e.id),
        published: e.published,
        content: lines(&i.content),
        basis: lines(&i.basis),
        limit: i.limit.clone(),
        body: i.body.clone(),
        channels: i.channels.clone(),
        everybody: i.everybody,
        group: i.group.clone(),
        proactive: i.proactive,
        on_request: i.on_request,
        tiers: tiers.iter().map(|t| i.tiers.contains(t)).collect(),
    }
}

/// The catalogue of a field.
#[derive(Debug, Template)]
#[template(path = "portal/catalogue.html")]
pub struct CataloguePage {
    frame: Frame,
    name: String,
    updated: String,
    /// All levels, and each.
    levels: Vec<Link>,
    tiers: Vec<&'static str>,
    rows: Vec<EntryRow>,
    sheet: String,
}

fn catalogue_page(frame: Frame, of: &CatalogueOf, wanted: Option<Tier>) -> CataloguePage {
    let field = &of.field.key;
    let tiers = shown(of.village);
    let all = Link { here: wanted.is_none(), ..Link::new(address(field), "全部层级") };
    let each = |t: &Tier| Link { here: wanted == Some(*t), ..Link::new(of_tier(field, *t), t.label()) };
    let query = wanted.map_or_else(String::new, |t| format!("?level={}", t.key()));
    CataloguePage {
        frame,
        name: of.name.clone(),
        updated: day(of.updated_on),
        levels: std::iter::once(all).chain(tiers.iter().map(each)).collect(),
        tiers: tiers.iter().map(|t| t.label()).collect(),
        rows: of.entries.iter().map(|e| entry_row(field, e, tiers)).collect(),
        sheet: format!("{}/catalogue.xlsx{query}", address(field)),
    }
}

fn wanted(query: Vec<(String, String)>) -> Option<Tier> {
    let level = Typed::new(query).get("level").to_owned();
    Tier::ALL.into_iter().find(|t| t.key() == level)
}

async fn one(
    State(app): State<App>,
    Path(field): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let tier = wanted(query);
    let found = app.service.public_catalogue(&field, tier).await?;
    let frame = frame(&app, &format!("{}领域标准目录", found.name)).step(HOME, TITLE);
    Ok(ok(&catalogue_page(frame, &found, tier)))
}

async fn sheet(
    State(app): State<App>,
    Path(field): Path<String>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let (name, bytes) = app.service.public_catalogue_sheet(&field, wanted(query)).await?;
    let headers = [
        (header::CONTENT_TYPE, ExportFormat::Xlsx.media_type().to_owned()),
        (header::CONTENT_DISPOSITION, attachment(&format!("{name}.xlsx"), "catalogue.xlsx")),
    ];
    Ok((headers, bytes).into_response())
}

/// An entry, and what is published under it.
#[derive(Debug, Template)]
#[template(path = "portal/catalogue_entry.html")]
pub struct EntryPage {
    frame: Frame,
    title: String,
    row: EntryRow,
    tiers: String,
    documents: Vec<Row>,
    later: bool,
    first: String,
    next: String,
    ask: String,
}

fn entry_page(frame: Frame, of: Found, later: bool, today: Date) -> EntryPage {
    let home = entry_address(&of.field.key, of.entry.id);
    let full = i64::try_from(of.documents.len()).is_ok_and(|n| n == PUBLIC_PAGE);
    let next = of.documents.last().filter(|_| full).map(PublicItem::paging_key);
    let tiers: Vec<&str> = of.entry.item.tiers.iter().map(|t| t.label()).collect();
    EntryPage {
        frame,
        title: of.entry.item.title(),
        row: entry_row(&of.field.key, &of.entry, &[]),
        tiers: tiers.join("、"),
        documents: of.documents.iter().map(|item| row(item, today)).collect(),
        later,
        next: next.map(|(on, id)| format!("{home}?after={on}_{id}")).unwrap_or_default(),
        first: home,
        ask: format!("/search?q={}", encoded(&of.entry.item.first)),
    }
}

async fn entry(
    State(app): State<App>,
    Path((field, id)): Path<(String, String)>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let nothing = || service::Error::NotFound("没有找到这个标准目录事项，请从目录列表中查找".into());
    let id: Uuid = id.parse().map_err(|_| crate::error::PageError(nothing()))?;
    let after = place_of(Typed::new(query).get("after"));
    let found = app.service.public_catalogue_entry(id, after).await?;
    // An address has one spelling.
    if found.field.key != field {
        return Err(nothing().into());
    }
    let frame = frame(&app, &found.entry.item.title())
        .step(HOME, TITLE)
        .step(address(&field), format!("{}领域", found.name));
    Ok(ok(&entry_page(frame, found, after.is_some(), super::today(&app))))
}

#[cfg(test)]
mod samples {
    use super::super::document::samples::rows;
    use super::*;
    use std::collections::BTreeSet;

    fn item() -> Item {
        Item {
            first: "综合业务".into(),
            second: "政策法规文件".into(),
            content: "●样例办法\n●样例细则".into(),
            basis: "【行政法规】样例条例\n【部门规章及规范性文件】样例办法".into(),
            limit: "自信息形成或者变更之日起20个工作日内予以公开".into(),
            body: "样例市民政局、乡镇人民政府".into(),
            channels: vec!["政府网站".into(), "公开查阅点".into()],
            everybody: true,
            group: "申请人".into(),
            proactive: true,
            on_request: true,
            tiers: BTreeSet::from(Tier::ALL),
            ..Item::default()
        }
    }

    fn found(n: u8) -> PublicEntry {
        let other = Item { group: String::new(), on_request: false, second: String::new(), ..item() };
        PublicEntry {
            id: Uuid::from_bytes([n; 16]),
            position: u32::from(n),
            item: if n == 1 { item() } else { other },
            published: i64::from(n == 1),
        }
    }

    fn field() -> &'static law::catalogue::Field {
        &law::catalogue::fields()[4]
    }

    impl CataloguesPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let of = FieldLine {
                field: field(),
                name: "社会救助".into(),
                tiers: [3, 0, 1],
                updated_on: jiff::civil::date(2020, 10, 15),
            };
            let page = |lines: Vec<Line>| CataloguesPage {
                frame: frame.clone(),
                region: "样例市".into(),
                cite: cite(),
                tiers: vec!["县级", "乡级", "村级"],
                lines,
            };
            vec![page(vec![line(&of, &Tier::ALL)]), page(Vec::new())]
        }
    }

    impl CataloguePage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let of = |entries: Vec<PublicEntry>| CatalogueOf {
                field: field(),
                name: "社会救助".into(),
                village: entries.iter().any(|e| e.item.tiers.contains(&Tier::Village)),
                entries,
                updated_on: jiff::civil::date(2020, 10, 15),
            };
            vec![
                catalogue_page(frame.clone(), &of(vec![found(1), found(2)]), None),
                catalogue_page(frame.clone(), &of(Vec::new()), Some(Tier::Township)),
            ]
        }
    }

    impl EntryPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |n: u8, later: bool| {
                let of =
                    Found {
                        entry: found(n), field: field(), name: "社会救助".into(), documents: Vec::new()
                    };
                entry_page(frame.clone(), of, later, jiff::civil::date(2021, 1, 4))
            };
            let full =
                EntryPage { documents: rows(), next: "/catalogues/a/b?after=x".into(), ..page(1, false) };
            vec![full, page(2, false), page(2, true)]
        }
    }
}
