//! 全文检索: documents and reports by words, narrowed by links, a page at a time. Every choice is part of the address, so an
//! answer can be kept, sent to others, and followed as a feed.

use super::super::Answer;
use super::super::form::{Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, page};
use super::super::words::{day, encoded};
use super::document::{badge, with_query};
use super::feed::{Entry, Feed};
use super::subscription;
use crate::error::{PageError, TOO_MANY, status};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use jiff::civil::Date;
use service::search::{Ask, Facet, Found, FoundBy, Item, LONGEST_QUERY, MOST_PAGES, Order, PAGE, Segment};

const TITLE: &str = "全文检索";
/// The facets that are shown: name in the address, and label.
const FACETS: [(Facet, &str, &str); 7] = [
    (Facet::Unit, "unit", "发布机构"),
    (Facet::Column, "column", "栏目"),
    (Facet::Year, "year", "发布年度"),
    (Facet::Subject, "subject", "主题分类"),
    (Facet::Field, "field", "标准目录领域"),
    (Facet::Genre, "genre", "体裁"),
    (Facet::Validity, "validity", "有效性"),
];
/// Values of a facet that are shown at once; the others are folded away.
const VALUES: usize = 8;
/// Characters of a filter; no value has as many.
const LONGEST_FILTER: usize = 60;

/// `/search` and its feeds
pub fn routes() -> Router<App> {
    Router::new()
        .route("/search", get(show))
        .route("/search/feed.atom", get(atom))
        .route("/search/feed.json", get(json))
}

/// The box in which words are typed.
pub fn search_box() -> Form {
    let field = Field::text("q", "检索政府信息").hint("标题、正文中的词语，或者发文字号").optional();
    Form { class: "search", ..Form::get("/search", "检索", vec![field]) }
}

/// The box on the page itself, which says what else can be typed.
fn own_box(typed: &str) -> Form {
    let hint = "词语或者发文字号；加引号按原文检索，前加减号排除，例如：低保 “申请条件” -\u{2060}废止";
    let mut form = search_box();
    form.fields = form.fields.into_iter().map(|field| field.hint(hint).value(typed)).collect();
    form
}

/// An item found.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    href: String,
    title: Vec<Segment>,
    snippet: Vec<Segment>,
    number: String,
    publisher: String,
    published: String,
    validity: Option<Badge>,
}

impl Hit {
    fn of(item: Item, today: Date) -> Hit {
        Hit {
            href: item.place.path(item.id),
            title: item.title,
            snippet: item.snippet,
            number: item.number.unwrap_or_default(),
            publisher: item.publisher,
            published: day(item.published_on),
            validity: item.force.map(|force| badge(force.on(today))),
        }
    }
}

/// What an answer can be narrowed by.
#[derive(Debug, Clone, Default)]
pub struct Group {
    name: &'static str,
    label: &'static str,
    values: Vec<(Link, usize)>,
    more: Vec<(Link, usize)>,
}

/// A condition, and the address without it.
#[derive(Debug, Clone, Default)]
pub struct Condition {
    label: &'static str,
    value: String,
    without: String,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "portal/search.html")]
pub struct SearchPage {
    frame: Frame,
    form: Form,
    /// What could not be taken as it was typed, and how it was found.
    notes: Vec<String>,
    /// Why nothing can be searched now; empty if it can.
    failed: String,
    words: String,
    total: usize,
    suggestion: Option<Link>,
    conditions: Vec<Condition>,
    clear: String,
    orders: Vec<Link>,
    groups: Vec<Group>,
    dates: Form,
    hits: Vec<Hit>,
    number: usize,
    pages: Vec<Link>,
    first: String,
    feeds: Vec<Link>,
    /// Where it is followed by e-mail; empty where no letters are sent.
    subscribe: String,
}

impl SearchPage {
    /// Whether there is more than can be turned to.
    fn too_many(&self) -> bool {
        self.total > PAGE * MOST_PAGES
    }

    fn most(&self) -> usize {
        PAGE * MOST_PAGES
    }
}

/// What the address asks as far as it can be used, and a sentence on each thing that cannot.
pub(super) fn asked(query: &Typed) -> (Ask, Vec<String>) {
    let mut notes = Vec::new();
    let typed = query.get("q");
    let text: String = typed.chars().take(LONGEST_QUERY).collect();
    if text.len() < typed.len() {
        notes.push(format!("检索词超过{LONGEST_QUERY}个字，只按前{LONGEST_QUERY}个字检索。"));
    }
    let filters = FACETS.iter().filter_map(|(facet, name, _)| {
        let value: String = query.some(name)?.chars().take(LONGEST_FILTER).collect();
        Some((*facet, value))
    });
    let filters = filters.collect();
    let mut date = |name, label| {
        let text = query.some(name)?;
        let date: Option<Date> = text.parse().ok();
        if date.is_none() {
            notes.push(format!("没有采用{label}，请按 2020-03-08 的格式填写。"));
        }
        date
    };
    let (mut since, mut until) = (date("since", "起始日期"), date("until", "截止日期"));
    if since.zip(until).is_some_and(|(since, until)| since > until) {
        notes.push("没有采用日期范围，起始日期不能晚于截止日期。".into());
        (since, until) = (None, None);
    }
    // Where no word is looked for, none fits better than another.
    let newest = query.get("order") == "newest" || text.is_empty();
    let order = if newest { Order::Newest } else { Order::Relevance };
    let page = query.get("page").parse().unwrap_or(1).clamp(1, MOST_PAGES);
    (Ask { text, filters, since, until, order, page }, notes)
}

/// The query that asks the same again, without the page.
fn kept(ask: &Ask) -> Vec<(&'static str, String)> {
    let mut all = vec![("q", ask.text.clone())];
    for (facet, value) in &ask.filters {
        all.extend(FACETS.iter().filter(|(f, _, _)| f == facet).map(|(_, name, _)| (*name, value.clone())));
    }
    all.extend(ask.since.map(|on| ("since", on.to_string())));
    all.extend(ask.until.map(|on| ("until", on.to_string())));
    if ask.order == Order::Newest && !ask.text.is_empty() {
        all.push(("order", "newest".to_owned()));
    }
    all.retain(|(_, value)| !value.is_empty());
    all
}

pub(super) fn query_of(ask: &Ask) -> String {
    let pairs = kept(ask).into_iter().map(|(name, value)| format!("{name}={}", encoded(&value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// A question in words, for those who follow it.
pub(super) fn described(ask: &Ask, unit: impl Fn(&str) -> String) -> String {
    let words = (!ask.text.is_empty()).then(|| ask.text.clone());
    let filters = ask.filters.iter().filter_map(|(facet, value)| {
        let (_, _, label) = FACETS.iter().find(|(f, _, _)| f == facet)?;
        let value = if *facet == Facet::Unit { unit(value) } else { said(*facet, value) };
        Some(format!("{label}：{value}"))
    });
    let days = [("起始日期", ask.since), ("截止日期", ask.until)];
    let days = days.into_iter().filter_map(|(label, on)| Some(format!("{label}：{}", day(on?))));
    let all: Vec<String> = words.into_iter().chain(filters).chain(days).collect();
    if all.is_empty() { "全部公开信息".to_owned() } else { all.join("，") }
}

/// The address of another question.
fn other(ask: &Ask, change: impl FnOnce(&mut Ask)) -> String {
    let mut ask = ask.clone();
    change(&mut ask);
    with_query("/search", &query_of(&ask))
}

fn without(ask: &Ask, facet: Facet) -> String {
    other(ask, |a| a.filters.retain(|(f, _)| *f != facet))
}

/// The other conditions, sent along with a form that asks for what is named.
fn hide(mut form: Form, ask: &Ask, own: &[&str]) -> Form {
    for (name, value) in kept(ask).into_iter().filter(|(name, _)| !own.contains(name)) {
        form = form.hide(name, value);
    }
    form
}

/// Nobody looks for words without end.
fn admit(app: &App, visit: &Visit, ask: &Ask) -> Result<(), PageError> {
    if ask.text.is_empty() || app.look_throttle.admit(visit.peer, visit.ctx.at) {
        return Ok(());
    }
    Err(PageError(service::Error::refused(TOO_MANY, "检索过于频繁，请稍后再试", "")))
}

async fn show(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let (ask, notes) = asked(&Typed::new(query));
    admit(&app, &visit, &ask)?;
    let (status, found, failed) = match app.service.search_public(&ask, super::today(&app)).await {
        Ok(found) => (StatusCode::OK, found, String::new()),
        Err(error @ service::Error::Refused(_)) => (status(&error), Found::default(), error.to_string()),
        Err(error) => return Err(error.into()),
    };
    let frame = Frame::portal(&app, TITLE).step("/", "首页");
    let offered = subscription::site(&app).is_some();
    let subscribe = if offered { with_query("/search/subscribe", &query_of(&ask)) } else { String::new() };
    let shown = search_page(frame, &ask, notes, found, super::today(&app));
    Ok(page(status, &SearchPage { failed, subscribe, ..shown }))
}

fn search_page(frame: Frame, ask: &Ask, mut notes: Vec<String>, found: Found, today: Date) -> SearchPage {
    if found.total > 0 {
        notes.extend(found.found_by.sentence().map(str::to_owned));
        if !found.left_out.is_empty() {
            notes.push(format!("公开的信息中没有“{}”。", found.left_out.join("”“")));
        }
    }
    if found.cut && notes.is_empty() {
        notes.push("检索词过多，只按前面的部分检索。".into());
    }
    let date_field = |name, label, on: Option<Date>| {
        Field::date(name, label).optional().value_if(on.map(|d| d.to_string()))
    };
    let dates = vec![date_field("since", "起始日期", ask.since), date_field("until", "截止日期", ask.until)];
    let query = query_of(ask);
    SearchPage {
        frame,
        form: hide(own_box(&ask.text), ask, &["q"]),
        notes,
        failed: String::new(),
        words: ask.text.clone(),
        total: found.total,
        suggestion: found.suggestion.as_ref().map(|s| Link::new(other(ask, |a| a.text.clone_from(s)), s)),
        conditions: conditions(ask, &found),
        clear: other(ask, |a| *a = Ask { text: a.text.clone(), order: a.order, ..Ask::default() }),
        orders: orders(ask),
        groups: groups(ask, &found),
        dates: hide(Form::get("/search", "按日期检索", dates), ask, &["since", "until"]),
        number: ask.page,
        pages: pages(ask, found.total),
        first: with_query("/search", &query),
        hits: found.items.into_iter().map(|item| Hit::of(item, today)).collect(),
        feeds: ["atom", "json"]
            .map(|kind| {
                let name = if kind == "atom" { "Atom订阅" } else { "JSON订阅" };
                Link::new(with_query(&format!("/search/feed.{kind}"), &query), name)
            })
            .into(),
        subscribe: String::new(),
    }
}

fn conditions(ask: &Ask, found: &Found) -> Vec<Condition> {
    let mut all = Vec::new();
    for (facet, _, label) in FACETS {
        let Some((_, typed)) = ask.filters.iter().find(|(f, _)| *f == facet) else { continue };
        let chosen = found.chosen.iter().find(|(f, _)| *f == facet).map(|(_, v)| v.label.as_str());
        let value = said(facet, chosen.unwrap_or(typed));
        all.push(Condition { label, value, without: without(ask, facet) });
    }
    let days = [
        (ask.since, "起始日期", other(ask, |a| a.since = None)),
        (ask.until, "截止日期", other(ask, |a| a.until = None)),
    ];
    for (on, label, without) in days {
        all.extend(on.map(|on| Condition { label, value: day(on), without }));
    }
    all
}

/// A value of a facet as people read it.
fn said(facet: Facet, value: &str) -> String {
    if facet == Facet::Year { format!("{value}年") } else { value.to_owned() }
}

fn orders(ask: &Ask) -> Vec<Link> {
    let order =
        |order, text| Link { here: ask.order == order, ..Link::new(other(ask, |a| a.order = order), text) };
    match ask.text.is_empty() {
        true => Vec::new(),
        false => vec![order(Order::Relevance, "相关度"), order(Order::Newest, "最新发布")],
    }
}

/// What narrows the answer, or shows another part of it; what would change nothing is left out.
fn groups(ask: &Ask, found: &Found) -> Vec<Group> {
    let mut all = Vec::new();
    for (facet, name, label) in FACETS {
        let chosen = ask.filters.iter().find(|(f, _)| *f == facet).map(|(_, value)| value.as_str());
        let Some((_, values)) = found.facets.iter().find(|(f, _)| *f == facet) else { continue };
        let all_the_same = values.len() == 1 && values[0].count == found.total;
        if values.is_empty() || all_the_same {
            continue;
        }
        let mut values = values.clone();
        if facet == Facet::Year {
            values.sort_by(|a, b| b.key.cmp(&a.key));
        }
        let links = values.into_iter().map(|v| {
            let href = other(ask, |a| {
                a.filters.retain(|(f, _)| *f != facet);
                a.filters.push((facet, v.key.clone()));
            });
            (Link { href, text: said(facet, &v.label), here: chosen == Some(v.key.as_str()) }, v.count)
        });
        let mut values: Vec<_> = links.collect();
        let more = values.split_off(values.len().min(VALUES));
        all.push(Group { name, label, values, more });
    }
    all
}

/// The pages around this one, with the first and the last; what is left out leads nowhere. None if there is only one.
fn pages(ask: &Ask, total: usize) -> Vec<Link> {
    let last = total.div_ceil(PAGE).min(MOST_PAGES);
    if last < 2 {
        return Vec::new();
    }
    let near = ask.page.saturating_sub(2)..=ask.page + 2;
    let shown = (1..=last).filter(|n| *n == 1 || *n == last || near.contains(n));
    let query = query_of(ask);
    let link = |n: usize| {
        let query = match (n, query.is_empty()) {
            (1, _) => query.clone(),
            (_, true) => format!("page={n}"),
            (_, false) => format!("{query}&page={n}"),
        };
        Link { here: n == ask.page, ..Link::new(with_query("/search", &query), n.to_string()) }
    };
    let mut all: Vec<Link> = Vec::new();
    let mut before = 0;
    for n in shown {
        if n > before + 1 {
            all.push(Link::new("", "…"));
        }
        all.push(link(n));
        before = n;
    }
    all
}

async fn feed(app: &App, visit: &Visit, query: Vec<(String, String)>, own: &str) -> Result<Feed, PageError> {
    let (ask, _) = asked(&Typed::new(query));
    admit(app, visit, &ask)?;
    let kept = query_of(&ask);
    let newest = Ask { order: Order::Newest, page: 1, ..ask.clone() };
    let found = app.service.search_public(&newest, super::today(app)).await?;
    // Who follows a search wants what was asked for, and nothing where there is none.
    let wanted = found.found_by == FoundBy::AsTyped;
    let entries = found.items.into_iter().filter(|_| wanted).map(|item| {
        let title: String = item.title.iter().map(|(text, _)| text.as_str()).collect();
        Entry::new(item.id, &title, item.place.path(item.id), &item.publisher, item.published_on)
    });
    let site = app.settings.site.name(app.service.region_name());
    let title = if ask.text.is_empty() { site } else { format!("{site}：{}", ask.text) };
    Ok(Feed::new(app, title, &with_query("/search", &kept), &with_query(own, &kept), entries.collect()))
}

async fn atom(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, &visit, query, "/search/feed.atom").await?.atom())
}

async fn json(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, &visit, query, "/search/feed.json").await?.json())
}

#[cfg(test)]
mod samples {
    use super::*;
    use law::docket::document::{Force, Validity};
    use law::docket::report::Scope;
    use service::asking::Place;
    use service::search::Value;
    use uuid::Uuid;

    fn item(place: Place, validity: Option<Validity>) -> Item {
        Item {
            id: Uuid::from_u128(1),
            place,
            title: vec![("关于印发《".into(), false), ("样例<".into(), true), ("办法》的通知".into(), false)],
            snippet: vec![("第一条 为了规范".into(), false), ("样例".into(), true)],
            number: validity.map(|_| "样政办发〔2020〕1号".into()),
            publisher: "样例市人民政府办公室".into(),
            published_on: jiff::civil::date(2020, 3, 1),
            force: validity.map(|recorded| Force { recorded, until: None }),
        }
    }

    fn found() -> Found {
        let value = |n: usize| Value { key: n.to_string(), label: format!("样例{n}"), count: n };
        let report = Place::Report { unit: "sample".into(), year: 2020, scope: Scope::Own };
        Found {
            total: 5_000,
            items: vec![item(Place::Document, Some(Validity::Repealed)), item(report, None)],
            facets: vec![
                (Facet::Unit, (1..20).map(value).collect()),
                (Facet::Year, vec![value(2020)]),
                (Facet::Field, vec![value(3), value(2)]),
            ],
            chosen: vec![(Facet::Unit, value(3))],
            found_by: FoundBy::Fewer,
            left_out: vec!["甲".into()],
            suggestion: Some("样例".into()),
            cut: true,
        }
    }

    impl SearchPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let typed = |pairs: &[(&str, &str)]| {
                asked(&Typed::new(pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect()))
            };
            let make = |pairs: &[(&str, &str)], found| {
                let (ask, notes) = typed(pairs);
                search_page(frame.clone(), &ask, notes, found, jiff::civil::date(2020, 3, 1))
            };
            let full =
                [("q", "样<例"), ("unit", "3"), ("since", "2020-01-01"), ("until", "x"), ("page", "7")];
            let failed = SearchPage {
                failed: "全文索引正在建立".into(),
                ..make(&[("q", "样例")], Found::default())
            };
            let followed =
                SearchPage { subscribe: "/search/subscribe?q=x".into(), ..make(&[("q", "样例")], found()) };
            vec![
                followed,
                make(&full, found()),
                make(&[("q", "样例"), ("page", "50")], Found { items: Vec::new(), ..found() }),
                make(&[("q", "样例"), ("validity", "有效")], Found::default()),
                make(&[], Found::default()),
                failed,
            ]
        }
    }

    #[test]
    fn what_cannot_be_used_is_said_and_left_out() {
        let read = |pairs: &[(&str, &str)]| {
            asked(&Typed::new(pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect()))
        };
        let long = "样".repeat(1_000);
        let (ask, notes) = read(&[
            ("q", &long),
            ("page", "99999999999999999999"),
            ("order", "x"),
            ("since", "昨天"),
            ("until", "2020-02-30"),
            ("unit", &long),
            ("force", "x"),
        ]);
        assert_eq!((ask.text.chars().count(), ask.page, ask.order), (LONGEST_QUERY, 1, Order::Relevance));
        assert_eq!((ask.since, ask.until, notes.len()), (None, None, 3));
        assert_eq!(ask.filters[0].1.chars().count(), LONGEST_FILTER);
        let (ask, notes) = read(&[("since", "2021-01-01"), ("until", "2020-01-01"), ("page", "51")]);
        assert_eq!((ask.since, notes.len(), ask.page, ask.order), (None, 1, MOST_PAGES, Order::Newest));
    }

    #[test]
    fn an_address_asks_the_same_again() {
        let pairs =
            [("q", "甲&乙=%"), ("unit", "a"), ("year", "2020"), ("since", "2020-01-01"), ("order", "newest")];
        let (ask, _) = asked(&Typed::new(pairs.iter().map(|(n, v)| ((*n).into(), (*v).into())).collect()));
        assert_eq!(
            query_of(&ask),
            "q=%E7%94%B2%26%E4%B9%99%3D%25&unit=a&year=2020&since=2020-01-01&order=newest"
        );
        assert_eq!(without(&ask, Facet::Unit).matches("unit=").count(), 0);
        let numbers = |page, total| {
            let all = pages(&Ask { page, ..ask.clone() }, total);
            all.into_iter().map(|l| if l.here { format!("[{}]", l.text) } else { l.text }).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1, 20), [""; 0]);
        assert_eq!(numbers(1, 21), ["[1]", "2"]);
        assert_eq!(numbers(10, 1_000_000), ["1", "…", "8", "9", "[10]", "11", "12", "…", "50"]);
    }
}
