//! The pages every register has. What differs is in [`Desk`]; the list and the form of a new docket are here, the
//! docket with its steps and corrections in [`docket`].

use super::super::form::{Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::{Answer, words};
use super::docket::{ClockLine, Running};
use super::{Officer, World, docket, settle};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use service::transfer::Kind;
use service::{Change, Context, Page, Permission, Register, Result, Service, View};
use std::fmt::Debug;
use std::future::Future;
use uuid::Uuid;

/// Rows of a list.
pub const ROWS: i64 = 50;

/// A label and what stands beside it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// Label.
    pub label: String,
    /// Value.
    pub value: String,
    /// Where the value leads; empty if nowhere.
    pub href: String,
}

impl Item {
    /// An item.
    pub fn new(label: &str, value: impl Into<String>) -> Self {
        Item { label: label.into(), value: value.into(), href: String::new() }
    }

    /// A date, if it is known.
    pub fn day(label: &str, on: Option<Date>) -> Option<Self> {
        on.map(|on| Item::new(label, words::day(on)))
    }

    /// With a link.
    pub fn link(mut self, href: impl Into<String>) -> Self {
        self.href = href.into();
        self
    }
}

/// What an event says, in Chinese.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// Name of the event.
    pub label: String,
    /// Its content.
    pub items: Vec<Item>,
}

impl Said {
    /// An event without content.
    pub fn plain(label: &str) -> Self {
        Said { label: label.into(), items: Vec::new() }
    }

    /// With one more item, unless it is empty.
    pub fn item(mut self, label: &str, value: impl Into<String>) -> Self {
        let value = value.into();
        if !value.is_empty() {
            self.items.push(Item::new(label, value));
        }
        self
    }
}

/// A row of a list: the first cell links to the docket.
#[derive(Debug, Clone, Default)]
pub struct ListRow {
    /// Docket.
    pub href: String,
    /// Cells.
    pub cells: Vec<String>,
    /// State, in the last column.
    pub badge: Badge,
}

/// A page of a list.
#[derive(Debug, Clone, Default)]
pub struct Listing {
    /// Headings; the last one is that of the badge.
    pub columns: Vec<&'static str>,
    /// Rows.
    pub rows: Vec<ListRow>,
    /// Key of the last row, if more may follow.
    pub next: Option<String>,
}

/// A section of a docket's page that only some registers have.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// Id of its heading, one word.
    pub id: &'static str,
    /// Heading.
    pub heading: &'static str,
    /// What stands below, as a template has printed it.
    pub body: String,
}

impl Section {
    /// A section; its body is printed now.
    pub fn of(id: &'static str, heading: &'static str, body: &impl Template) -> Result<Section> {
        let body = body.render().map_err(|e| service::Error::Internal(e.to_string()))?;
        Ok(Section { id, heading, body })
    }
}

/// A register on the desk.
pub trait Desk: Register<Standing: Clone + Debug + Sync> {
    /// Last word of its address.
    const PATH: &'static str;
    /// Name of the register.
    const TITLE: &'static str;
    /// Name of one docket.
    const ITEM: &'static str;
    /// Text of the button that begins a docket.
    const BEGIN: &'static str;
    /// Key of the event that begins a docket.
    const FIRST: &'static str;
    /// Permission to write.
    const EDIT: Permission;

    /// The controls of the filter.
    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field>;
    /// The rows that fit the filter.
    fn list(
        service: &Service,
        ctx: &Context,
        query: &Typed,
        world: &World<'_>,
    ) -> impl Future<Output = Result<Listing>> + Send;
    /// Title of a docket.
    fn heading(standing: &Self::Standing) -> String;
    /// Where it stands.
    fn badge(standing: &Self::Standing, world: &World<'_>) -> Badge;
    /// Whether a clock runs.
    fn open(standing: &Self::Standing) -> bool;
    /// Whether it runs, stands still, or is over.
    fn running(standing: &Self::Standing) -> Running {
        if Self::open(standing) { Running::Runs } else { Running::Over }
    }
    /// The clocks that run beside the one whose date is explained at length, where the register has several.
    fn clocks(_: &Self::Standing, _: &World<'_>) -> Vec<ClockLine> {
        Vec::new()
    }
    /// What a reader must be told about the dates: moves by a new calendar, one sentence each.
    fn told(_: &Service, _: &Context, _: Uuid) -> impl Future<Output = Result<Vec<String>>> + Send {
        std::future::ready(Ok(Vec::new()))
    }
    /// The facts.
    fn items(standing: &Self::Standing, world: &World<'_>) -> Vec<Item>;
    /// Links beside the facts.
    fn links(id: Uuid, standing: &Self::Standing, world: &World<'_>) -> Vec<Link>;
    /// What an officer needs for a step.
    fn permission(_: &Self::Standing, _key: &str) -> Permission {
        Self::EDIT
    }
    /// The steps that may be taken today: key and label.
    fn steps(standing: &Self::Standing, world: &World<'_>) -> Vec<(&'static str, &'static str)>;

    /// The steps whose time is over and that are still recorded if they were taken in time, as [`Desk::steps`].
    fn late(_standing: &Self::Standing, _world: &World<'_>) -> Vec<(&'static str, &'static str)> {
        Vec::new()
    }
    /// Whether the actor may correct entries of this docket, apart from the permission.
    fn may_correct(_standing: &Self::Standing, _world: &World<'_>) -> bool {
        true
    }
    /// Key and Chinese name of an event.
    fn name(event: &Self::Event) -> (&'static str, &'static str);
    /// What an event says.
    fn say(event: &Self::Event, world: &World<'_>) -> Said;
    /// Label of the legal date of an event.
    fn date_label(key: &str) -> &'static str;
    /// The legal date that an event mostly has: today.
    fn usual_day(_: &str, _: &Self::Standing, world: &World<'_>) -> Date {
        world.today
    }
    /// The controls for the content of an event, filled with `event`. `None` for an unknown key.
    fn fields(
        key: &str,
        standing: Option<&Self::Standing>,
        event: Option<&Self::Event>,
        world: &World<'_>,
    ) -> Option<Vec<Field>>;
    /// More controls of a new docket.
    fn more_fields(world: &World<'_>) -> Vec<Field>;
    /// The event that was typed; problems are noted in `typed`.
    fn read(key: &str, before: Option<&Self::Event>, typed: &mut Typed) -> Option<Self::Event>;
    /// Begins a docket.
    fn begin(
        service: &Service,
        ctx: Context,
        on: Date,
        event: Self::Event,
        typed: &Typed,
    ) -> impl Future<Output = Result<Uuid>> + Send;
    /// Records a change.
    fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<Self::Event>,
    ) -> impl Future<Output = Result<u32>> + Send;
    /// Reads a docket.
    fn view(service: &Service, ctx: &Context, id: Uuid) -> impl Future<Output = Result<View<Self>>> + Send
    where
        Self: Sized;

    /// Further sections of a docket's page, below the facts. By default there are none.
    fn sections(
        _service: &Service,
        _ctx: &Context,
        _id: Uuid,
        _world: &World<'_>,
    ) -> impl Future<Output = Result<Vec<Section>>> + Send {
        async { Ok(Vec::new()) }
    }

    /// A form above that of a new docket, with its heading: one that fills it in.
    fn filler(_: &Frame) -> Option<(&'static str, Form)> {
        None
    }

    /// Other views of the register.
    fn more_views() -> Vec<Link> {
        Vec::new()
    }

    /// Address of the register.
    fn home() -> String {
        format!("/desk/{}", Self::PATH)
    }

    /// Address of a docket.
    fn at(id: Uuid) -> String {
        format!("/desk/{}/{id}", Self::PATH)
    }
}

/// The routes of a register.
pub fn routes<R: Desk>() -> Router<App> {
    let home = R::home();
    Router::new()
        .route(&home, get(list::<R>))
        .route(&format!("{home}/new"), get(new::<R>).post(create::<R>))
        .route(&format!("{home}/{{id}}"), get(docket::docket::<R>))
        .route(&format!("{home}/{{id}}/record/{{step}}"), get(docket::step::<R>).post(docket::record::<R>))
        .route(
            &format!("{home}/{{id}}/correct/{{ordinal}}"),
            get(docket::correction::<R>).post(docket::correct::<R>),
        )
}

/// The list of a register.
#[derive(Debug, Template)]
#[template(path = "desk/list.html")]
pub struct ListPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) listing: Listing,
    pub(super) item: &'static str,
    pub(super) filtered: bool,
    pub(super) begin: Option<Link>,
    pub(super) import: Option<Link>,
    pub(super) more: Vec<Link>,
    pub(super) exports: Vec<Link>,
    pub(super) next: String,
}

async fn list<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, R::TITLE, &R::home()).told(query.get("done"));
    let world = World::read(&app, &visit).await?;
    let listing = R::list(&app.service, &visit.ctx, &query, &world).await?;
    let home = R::home();
    let mut kept: Vec<String> = query
        .pairs()
        .iter()
        .filter(|(n, v)| !matches!(n.as_str(), "after" | "done") && !v.is_empty())
        .map(|(n, v)| format!("{}={}", words::encoded(n), words::encoded(v)))
        .collect();
    let filtered = !kept.is_empty();
    let next = match &listing.next {
        Some(after) => {
            kept.push(format!("after={after}"));
            format!("{home}?{}", kept.join("&"))
        }
        None => String::new(),
    };
    let may = visit.ctx.actor.may(R::EDIT);
    let as_a_sheet = Kind::parse(R::PATH).is_some();
    Ok(ok(&ListPage {
        frame,
        filter: Form::get(&home, "筛选", R::filter(&query, &world)),
        filtered,
        item: R::ITEM,
        begin: may.then(|| Link::new(format!("{home}/new"), R::BEGIN)),
        import: (may && as_a_sheet).then(|| Link::new(format!("{home}/import"), "导入")),
        more: R::more_views(),
        exports: [("xlsx", "Excel表格"), ("csv", "CSV数据"), ("json", "JSON数据")]
            .into_iter()
            .filter(|_| as_a_sheet)
            .map(|(format, text)| Link::new(format!("{home}/export/{format}"), text))
            .collect(),
        listing,
        next,
    }))
}

/// A page with one form.
#[derive(Debug, Template)]
#[template(path = "desk/form.html")]
pub struct FormPage {
    pub(super) frame: Frame,
    pub(super) lead: String,
    pub(super) problems: Problems,
    pub(super) form: Form,
    pub(super) other: Option<Form>,
    pub(super) other_heading: &'static str,
    /// Whether the other form stands above.
    pub(super) other_first: bool,
}

impl FormPage {
    /// A page with one form.
    pub fn new(frame: Frame, form: Form, typed: &Typed) -> Self {
        FormPage {
            frame,
            lead: String::new(),
            problems: Problems { all: typed.problems.clone() },
            form: form.filled(typed),
            other: None,
            other_heading: "",
            other_first: false,
        }
    }

    /// With a form above that fills this one in.
    pub fn filled_by(mut self, filler: Option<(&'static str, Form)>) -> Self {
        if let Some((heading, form)) = filler {
            (self.other, self.other_heading, self.other_first) = (Some(form), heading, true);
        }
        self
    }

    /// As an answer: 422 if something is wrong.
    pub fn answer(&self) -> Response {
        let wrong = !self.problems.all.is_empty();
        page(if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK }, self)
    }
}

pub(super) fn begin_form<R: Desk>(frame: &Frame, world: &World<'_>) -> Form {
    let mut fields = vec![Field::date("on", R::date_label(R::FIRST)).value(world.today.to_string())];
    fields.extend(R::fields(R::FIRST, None, None, world).unwrap_or_default());
    fields.extend(R::more_fields(world));
    Form::post(format!("{}/new", R::home()), R::BEGIN, fields).hide("once", &frame.once).cancel(R::home())
}

/// An empty form; the query may fill in single values, for example the request a case is about.
async fn new<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(R::EDIT)?;
    let frame = Frame::desk(&app, &mut visit, R::BEGIN, &R::home());
    let world = World::read(&app, &visit).await?;
    let mut form = begin_form::<R>(&frame, &world);
    for (name, value) in query {
        if let Some(field) = form.fields.iter_mut().find(|f| f.name == name) {
            field.values = vec![value];
        }
    }
    let filler = R::filler(&frame);
    Ok(FormPage::new(frame, form, &Typed::default()).filled_by(filler).answer())
}

async fn create<R: Desk>(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let on = typed.date("on", R::date_label(R::FIRST));
    let event = R::read(R::FIRST, None, &mut typed);
    if let (Some(event), true) = (event, typed.problems.is_empty())
        && let Some(id) = settle(R::begin(&app.service, ctx, on, event, &typed).await, &mut typed)?
    {
        return Ok(see(&format!("{}?done=created", R::at(id))));
    }
    let frame = Frame::desk(&app, &mut visit, R::BEGIN, &R::home());
    let world = World::read(&app, &visit).await?;
    let form = begin_form::<R>(&frame, &world);
    let filler = R::filler(&frame);
    Ok(FormPage::new(frame, form, &typed).filled_by(filler).answer())
}

/// The key of the next page as an address carries it.
pub fn next_key<K: std::fmt::Display>(rows: usize, last: Option<(K, Uuid)>) -> Option<String> {
    let full = i64::try_from(rows).is_ok_and(|n| n >= ROWS);
    last.filter(|_| full).map(|(key, id)| format!("{key}_{id}"))
}

/// The page an address asks for.
pub fn page_of<K: std::str::FromStr>(query: &Typed) -> Page<K> {
    let after = query
        .get("after")
        .split_once('_')
        .and_then(|(key, id)| Some((key.parse().ok()?, Uuid::parse_str(id).ok()?)));
    Page { after, limit: ROWS }
}
