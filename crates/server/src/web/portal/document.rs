//! 政策文件: the public documents, each under an address that stays; feeds of what is new.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::words::{day, encoded, label_moment, moment};
use super::catalogue::entry_address;
use super::consultation;
use super::feed::{Entry, Feed};
use super::normative::cleanup_address;
use super::unit::{address as unit_address, column_address};
use crate::error::PageError;
use crate::intake::{download, size};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use jiff::civil::Date;
use law::classification;
use law::docket::document::{Category, Validity};
use law::docket::file::Media;
use paper::letter::text_html;
use service::asking::Place;
use service::cleanup::CleanupMark;
use service::document::{Annex, AtAddress, AtFile, PUBLIC_PAGE, PublicAsk, PublicDocument, PublicItem};
use uuid::Uuid;

/// Name of the column.
pub const COLUMN: &str = "政策文件";
/// Name of the column of what explains them.
const EXPLAINED: &str = "政策解读";
const ABOUT: &str = "依法主动公开的规章、行政规范性文件和其他公文";

/// `/documents`, its feeds, and `/documents/{id}`
pub fn routes() -> Router<App> {
    Router::new()
        .route("/documents", get(list))
        .route("/documents/feed.atom", get(atom))
        .route("/documents/feed.json", get(json))
        .route("/documents/{id}", get(one))
        .route("/documents/{id}/files/{file}", get(annex))
}

/// The address of a document.
pub fn address(id: Uuid) -> String {
    Place::Document.path(id)
}

/// A document in a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The document.
    pub link: Link,
    /// 发文字号; may be empty.
    pub number: String,
    /// 索引号; may be empty.
    pub index_number: String,
    /// 发布机构
    pub publisher: String,
    /// 发布日期
    pub published: String,
    /// 有效性, where it has force of its own.
    pub validity: Option<Badge>,
}

/// A document as a row of a list, as it is today.
pub fn row(item: &PublicItem, today: Date) -> Row {
    Row {
        link: Link::new(address(item.id), &item.title),
        number: item.number.clone().unwrap_or_default(),
        index_number: item.index_number.clone().unwrap_or_default(),
        publisher: item.publisher.clone(),
        published: day(item.published_on),
        validity: item.validity(today).map(badge),
    }
}

/// A validity as it is shown.
pub fn badge(validity: Validity) -> Badge {
    let tone = match validity {
        Validity::InForce => "green",
        Validity::Amended => "blue",
        Validity::Lapsed | Validity::Repealed | Validity::Expired => "grey",
    };
    Badge::new(validity.label(), tone)
}

/// The list of public documents.
#[derive(Debug, Template)]
#[template(path = "portal/documents.html")]
pub struct DocumentsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) filtered: bool,
    pub(super) documents: Vec<Row>,
    pub(super) later: bool,
    pub(super) first: String,
    pub(super) next: String,
    pub(super) feeds: Vec<Link>,
}

/// What is asked for, and the query that asks for it again.
fn ask_of(query: &Typed, today: Date) -> (PublicAsk, String) {
    let in_force = query.get("force") == "yes";
    let ask = PublicAsk {
        unit: query.some("unit"),
        category: Category::parse(query.get("category")),
        year: query.get("year").parse().ok(),
        in_force_on: in_force.then_some(today),
        text: query.some("q"),
        subject: query.some("subject"),
        genre: query.some("genre"),
    };
    let kept =
        ["q", "unit", "category", "subject", "genre", "year", "force"].map(|name| (name, query.get(name)));
    let kept: Vec<String> = kept
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encoded(value)))
        .collect();
    (ask, kept.join("&"))
}

/// An address with a query, if there is one.
pub(super) fn with_query(path: &str, query: &str) -> String {
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

/// `2020-12-31_ID`
pub(super) fn place_of(text: &str) -> Option<(Date, Uuid)> {
    let (on, id) = text.split_once('_')?;
    Some((on.parse().ok()?, id.parse().ok()?))
}

/// A word is looked for in every title: nobody does that without end.
fn admit(app: &App, visit: &Visit, ask: &PublicAsk) -> Result<(), PageError> {
    if ask.text.is_none() || app.look_throttle.admit(visit.peer, visit.ctx.at) {
        return Ok(());
    }
    Err(PageError(service::Error::refused("too-often", "查找过于频繁，请稍后再试", "")))
}

async fn list(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let (ask, kept) = ask_of(&query, super::today(&app));
    admit(&app, &visit, &ask)?;
    let after = place_of(query.get("after"));
    let found = app.service.public_documents(&ask, after).await?;
    let (units, days) = app.service.public_choices().await?;
    let choices = |none: &str, all: Vec<Choice>| {
        let mut with_none = vec![Choice::new("", none)];
        with_none.extend(all);
        with_none
    };
    let units = units.into_iter().map(|(code, name)| Choice::new(code, name)).collect();
    let years = days.map_or_else(Vec::new, |(first, last)| (first.year()..=last.year()).rev().collect());
    let years = years.into_iter().map(|y: i16| Choice::new(y.to_string(), format!("{y}年"))).collect();
    let subjects = classification::subject_classes().iter().map(|c| Choice::new(&c.key, &c.label)).collect();
    let genres = classification::genres().iter().map(|g| Choice::new(&g.key, &g.label)).collect();
    let categories = Category::ALL.map(|c| Choice::new(c.key(), c.label())).into();
    let fields = vec![
        Field::text("q", "标题或者发文字号").optional().value(query.get("q")),
        Field::select("unit", "发布机构", choices("全部机构", units)).optional().value(query.get("unit")),
        Field::select("category", "类别", choices("全部类别", categories))
            .optional()
            .value(query.get("category")),
        Field::select("subject", "主题分类", choices("全部主题", subjects))
            .optional()
            .value(query.get("subject")),
        Field::select("genre", "体裁", choices("全部体裁", genres)).optional().value(query.get("genre")),
        Field::select("year", "发布年度", choices("全部年度", years)).optional().value(query.get("year")),
        Field::select("force", "有效性", choices("全部", vec![Choice::new("yes", "只看现行有效")]))
            .optional()
            .value(query.get("force")),
    ];
    let full = i64::try_from(found.len()).is_ok_and(|n| n == PUBLIC_PAGE);
    let next = found.last().filter(|_| full).map(PublicItem::paging_key);
    let next = next.map(|(on, id)| {
        let at = format!("after={on}_{id}");
        with_query("/documents", &if kept.is_empty() { at } else { format!("{kept}&{at}") })
    });
    Ok(ok(&DocumentsPage {
        frame: Frame::portal(&app, COLUMN)
            .column(COLUMN, COLUMN, ABOUT, "政策文件,规章,行政规范性文件,公文")
            .step("/", "首页"),
        filter: Form::get("/documents", "查找", fields),
        filtered: !kept.is_empty(),
        documents: found.iter().map(|item| row(item, super::today(&app))).collect(),
        later: after.is_some(),
        first: with_query("/documents", &kept),
        next: next.unwrap_or_default(),
        feeds: vec![
            Link::new(with_query("/documents/feed.atom", &kept), "Atom订阅"),
            Link::new(with_query("/documents/feed.json", &kept), "JSON订阅"),
        ],
    }))
}

/// What a reader of a document must know of its force.
#[derive(Debug, Clone, Default)]
pub struct Change {
    /// `2023年6月1日废止`
    pub what: String,
    /// The document or reason, as recorded.
    pub by: String,
    /// Its page; empty if it has none here.
    pub href: String,
}

/// A public document.
#[derive(Debug, Template)]
#[template(path = "portal/document.html")]
pub struct DocumentPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) validity: Option<Badge>,
    pub(super) over: bool,
    /// The last day of its validity, if that is over and nothing else was recorded; empty otherwise.
    pub(super) expired: String,
    /// The clean-up in whose list it does not stand; empty if there is none.
    pub(super) unlisted: String,
    pub(super) changes: Vec<Change>,
    pub(super) facts: Vec<Fact>,
    /// The columns of the platform it stands in.
    pub(super) columns: Vec<Link>,
    /// The entries of standard catalogues it stands under.
    pub(super) entries: Vec<Link>,
    /// 正文 as HTML; empty if it is not kept here.
    pub(super) text: String,
    pub(super) annexes: Vec<AnnexLine>,
    /// What interprets it, each with its form.
    pub(super) interpretations: Vec<(Link, &'static str, String)>,
    /// Of an interpretation: the documents it explains.
    pub(super) interprets: Vec<Link>,
    /// Whether it is an interpretation of documents none of which is public any more.
    pub(super) unexplained: bool,
    /// The consultations it came of.
    pub(super) consultations: Vec<Link>,
    /// Whether pictures are shown above the text, which tells the same in words.
    pub(super) pictured: bool,
    pub(super) elsewhere: String,
    pub(super) publisher: String,
}

/// A line of the metadata.
#[derive(Debug, Clone)]
pub struct Fact {
    label: &'static str,
    value: String,
    /// Where the value leads; empty if nowhere.
    href: String,
    /// Whether it needs the whole width.
    wide: bool,
}

impl Fact {
    fn new(label: &'static str, value: impl Into<String>) -> Fact {
        Fact { label, value: value.into(), href: String::new(), wide: false }
    }

    fn wide(self) -> Fact {
        Fact { wide: true, ..self }
    }
}

/// An attachment to be downloaded.
#[derive(Debug, Clone)]
pub struct AnnexLine {
    pub(super) href: String,
    pub(super) name: String,
    pub(super) about: String,
    /// Whether it can be shown in the page.
    picture: bool,
}

/// An attachment under its own address. Whether it may be read is asked each time; no cache keeps what may be taken down.
async fn annex(State(app): State<App>, Path((id, file)): Path<(String, String)>) -> Answer {
    let ids = (id.parse::<Uuid>(), file.parse::<Uuid>());
    let (Ok(id), Ok(file)) = ids else {
        let text = "没有找到这份附件，请从公开信息的页面重新打开";
        return Err(PageError(service::Error::NotFound(text.into())));
    };
    match app.service.public_file(id, file).await? {
        AtFile::Public(opened) => Ok(download(opened)),
        AtFile::Withdrawn { on } => Ok(gone(&app, on, String::new())),
    }
}

fn gone(app: &App, on: Date, told: String) -> Response {
    let frame = Frame::portal(app, "信息已经撤下").step("/", "首页").step("/documents", COLUMN);
    page(StatusCode::GONE, &WithdrawnPage { frame, on: day(on), told })
}

async fn one(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let nothing = || service::Error::NotFound("没有找到这份公开信息，请从目录中查找".into());
    let id: Uuid = id.parse().map_err(|_| PageError(nothing()))?;
    match app.service.public_document(id).await? {
        // The draft of a consultation is read where opinions on it are given.
        AtAddress::Public(d) if d.consultation.is_some() => {
            Ok(see(&consultation::address(d.consultation.unwrap_or_default())))
        }
        AtAddress::Public(document) => {
            let mark = app.service.cleanup_marks(std::slice::from_ref(&document.item)).await?;
            Ok(ok(&document_page(&app, *document, mark.into_iter().flatten().next())))
        }
        AtAddress::Withdrawn { on, told } => Ok(gone(&app, on, told)),
    }
}

pub(super) fn annex_line(document: Uuid, annex: &Annex) -> AnnexLine {
    AnnexLine {
        href: format!("{}/files/{}", address(document), annex.id),
        name: annex.name.clone(),
        about: format!("{}，{}", annex.media.label(), size(annex.size)),
        picture: matches!(annex.media, Media::Png | Media::Jpeg),
    }
}

/// Whether a browser may safely be sent to this address.
fn is_web(url: &str) -> bool {
    let plain = url.chars().all(|c| !c.is_control() && !c.is_whitespace() && c.is_ascii());
    plain && (url.starts_with("https://") || url.starts_with("http://"))
}

/// The metadata, in the order in which the documents of the State Council show theirs.
fn facts(d: &PublicDocument, today: Date) -> Vec<Fact> {
    let (s, c) = (&d.standing, &d.standing.classification);
    let mut all = Vec::new();
    all.extend(s.index_number.as_ref().map(|n| Fact::new("索引号", n)));
    all.extend(c.subject().map(|subject| Fact::new("主题分类", subject.label())));
    all.push(Fact::new("发文机关", &d.maker));
    all.push(Fact::new("成文日期", day(s.made_on)));
    all.push(Fact::new("标题", &s.title).wide());
    all.extend(s.number.as_ref().map(|n| Fact::new("发文字号", n)));
    all.extend(s.unified.as_ref().map(|(_, u)| Fact::new("统一登记号", &u.registered_no)));
    all.push(Fact::new("发布日期", d.published_at.map_or_else(|| day(d.item.published_on), moment)));
    all.extend(s.first_published_on().map(|on| Fact::new("首次发布日期", day(on))));
    if let [_, .., last] = d.texts.as_slice() {
        all.push(Fact::new("正文版本", format!("第{}版，{}更正", d.texts.len(), day(*last))));
    }
    if s.category.has_force() {
        all.extend(s.force().map(|force| Fact::new("有效性", force.on(today).label())));
        let stated = s.stated_in_force_on();
        all.push(Fact::new("施行日期", stated.map_or_else(|| "以文件正文为准".into(), day)));
        all.extend(s.valid_until.map(|on| Fact::new("有效期至", day(on))));
    }
    all.push(Fact { href: unit_address(&d.item.unit), ..Fact::new("发布机构", &d.item.publisher) });
    all.push(Fact::new("类别", s.category.label()));
    all.extend(s.interprets.as_ref().map(|i| Fact::new("解读形式", i.form.label())));
    all.extend(c.genre().map(|g| Fact::new("体裁", &g.label)));
    let more = [
        ("服务对象", c.audience.clone()),
        ("关键词", c.keywords.join("、")),
        ("内容概述", c.description.clone()),
    ];
    all.extend(more.into_iter().filter(|(_, text)| !text.is_empty()).map(|(label, text)| {
        let fact = Fact::new(label, text);
        if label == "内容概述" { fact.wide() } else { fact }
    }));
    all
}

fn document_page(app: &App, mut d: PublicDocument, mark: Option<CleanupMark>) -> DocumentPage {
    let s = &d.standing;
    let published = d.published_at.map_or_else(|| d.item.published_on.to_string(), label_moment);
    let at = address(d.item.id);
    let interpretation = s.category == Category::Interpretation;
    let frame = Frame::portal(app, &s.title);
    let frame = match s.category {
        Category::Interpretation => {
            frame.column(EXPLAINED, EXPLAINED, "对政策文件的解读", "政策解读,图解,问答")
        }
        Category::Information => {
            frame.column("政府信息公开", "信息公开目录", "依法主动公开的政府信息", "政府信息公开")
        }
        _ => frame.column(COLUMN, COLUMN, ABOUT, "政策文件,规章,行政规范性文件,公文"),
    };
    let frame = frame
        .label("ArticleTitle", &s.title)
        .label("PubDate", published)
        .label("ContentSource", &d.item.publisher)
        .label("Keywords", s.classification.keywords.join(","))
        .label("Description", &s.classification.description)
        .label("Url", app.settings.public_url.as_ref().map(|u| format!("{u}{at}")).unwrap_or_default())
        .step("/", "首页")
        .step("/documents", COLUMN);
    let changes = std::mem::take(&mut d.changes).into_iter().map(|(change, page)| Change {
        what: format!("{}{}", day(change.on), change.validity.label()),
        by: change.by,
        href: page.map(address).unwrap_or_default(),
    });
    // The day is over before anybody has recorded what became of the document.
    let validity = d.item.validity(super::today(app));
    let expired = s.valid_until.filter(|_| validity == Some(Validity::Expired));
    let columns = s.classification.columns();
    let columns = columns.map(|c| Link::new(column_address(&d.item.unit, &c.key), &c.label)).collect();
    let mut facts = facts(&d, super::today(app));
    let unlisted = mark.as_ref().filter(|m| !m.listed);
    let unlisted = unlisted.map(|m| format!("{}公布的“{}”", day(m.on), m.title)).unwrap_or_default();
    facts.extend(mark.filter(|m| m.listed).map(|m| Fact {
        href: cleanup_address(m.cleanup),
        ..Fact::new("清理情况", format!("列入“{}”清单", m.title))
    }));
    let s = d.standing;
    DocumentPage {
        frame,
        title: s.title,
        validity: validity.map(badge),
        over: s.ended_on.is_some(),
        expired: expired.map(day).unwrap_or_default(),
        unlisted,
        changes: changes.collect(),
        facts,
        columns,
        entries: d.entries.iter().map(|e| Link::new(entry_address(&e.field, e.id), &e.title)).collect(),
        text: d.body.as_deref().map(text_html).unwrap_or_default(),
        annexes: d.annexes.iter().map(|a| annex_line(d.item.id, a)).collect(),
        interpretations: d
            .interpretations
            .iter()
            .map(|(i, form)| (Link::new(address(i.id), &i.title), form.label(), day(i.published_on)))
            .collect(),
        unexplained: interpretation && d.interprets.is_empty(),
        interprets: d.interprets.iter().map(|i| Link::new(address(i.id), &i.title)).collect(),
        consultations: d
            .consultations
            .iter()
            .map(|(id, title)| Link::new(consultation::address(*id), title))
            .collect(),
        pictured: interpretation && d.body.is_some(),
        elsewhere: s.url.filter(|url| is_web(url)).unwrap_or_default(),
        publisher: d.item.publisher,
    }
}

/// The address of a document that was taken down: when, what the office says of it, and nothing else.
#[derive(Debug, Template)]
#[template(path = "portal/withdrawn.html")]
pub struct WithdrawnPage {
    pub(super) frame: Frame,
    pub(super) on: String,
    pub(super) told: String,
}

async fn feed(app: &App, visit: &Visit, query: Vec<(String, String)>, own: &str) -> Result<Feed, PageError> {
    let (ask, kept) = ask_of(&Typed::new(query), super::today(app));
    admit(app, visit, &ask)?;
    let found = app.service.public_documents(&ask, None).await?;
    let entries = found.iter().map(Entry::of);
    let title = format!("{}{COLUMN}", app.service.region_name());
    Ok(Feed::new(app, title, "/documents", &with_query(own, &kept), entries.collect()))
}

async fn atom(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, &visit, query, "/documents/feed.atom").await?.atom())
}

async fn json(State(app): State<App>, visit: Visit, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, &visit, query, "/documents/feed.json").await?.json())
}

#[cfg(test)]
pub(crate) mod samples {
    use super::*;

    pub(crate) fn rows() -> Vec<Row> {
        let row = |validity| Row {
            link: Link::new("/documents/1", "样例市人民政府办公室关于印发《样例办法》的通知"),
            number: "样政办发〔2020〕1号".into(),
            index_number: "000014349/2020-00001".into(),
            publisher: "样例市人民政府办公室".into(),
            published: "2020年3月1日".into(),
            validity,
        };
        vec![row(Some(badge(Validity::Repealed))), row(None)]
    }

    pub(crate) fn annex() -> AnnexLine {
        AnnexLine {
            href: "/documents/1/files/2".into(),
            name: "样例附件<1>.png".into(),
            about: "PNG图片，1.2MB".into(),
            picture: true,
        }
    }

    impl DocumentsPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |documents: Vec<Row>, filtered: bool, next: &str| DocumentsPage {
                frame: frame.clone(),
                filter: Form::get("/documents", "查找", vec![Field::text("q", "标题").optional()]),
                filtered,
                later: !next.is_empty(),
                first: "/documents".into(),
                documents,
                next: next.into(),
                feeds: vec![Link::new("/documents/feed.atom", "Atom订阅")],
            };
            vec![page(rows(), true, "/documents?after=x"), page(vec![], true, ""), page(vec![], false, "")]
        }
    }

    impl DocumentPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |changes: Vec<Change>, elsewhere: &str| DocumentPage {
                frame: frame.clone(),
                title: "样例市人民政府关于样例的决定".into(),
                validity: (!changes.is_empty()).then(|| badge(Validity::Repealed)),
                over: !changes.is_empty(),
                unlisted: if elsewhere.is_empty() {
                    "2021年9月10日公布的“样例清理”".into()
                } else {
                    String::new()
                },
                expired: if elsewhere.is_empty() { "2023年5月31日".into() } else { String::new() },
                changes,
                facts: vec![
                    Fact {
                        href: "/units/a".into(), ..Fact::new("发布机构", "样例市人民政府办公室")
                    },
                    Fact::new("标题", "样例市人民政府关于样例的决定").wide(),
                ],
                columns: vec![Link::new("/units/a/columns/a20-01", "履职依据")],
                entries: vec![Link::new("/catalogues/budgets/1", "政府预算")],
                text: if elsewhere.is_empty() {
                    text_html("各单位：\n一、总体要求\n<b>正文</b>")
                } else {
                    String::new()
                },
                annexes: vec![annex()],
                interpretations: vec![(
                    Link::new("/documents/3", "《样例办法》解读"),
                    "图解",
                    "2020年3月1日".into(),
                )],
                consultations: vec![Link::new("/consultations/1", "样例办法（征求意见稿）")],
                unexplained: elsewhere.is_empty(),
                interprets: vec![Link::new("/documents/4", "样例市人民政府关于样例的决定")],
                pictured: elsewhere.is_empty(),
                elsewhere: elsewhere.into(),
                publisher: "样例市人民政府办公室".into(),
            };
            let change = |href: &str| Change {
                what: "2023年6月1日废止".into(),
                by: "样政发〔2023〕4号".into(),
                href: href.into(),
            };
            vec![page(vec![change("/documents/2"), change("")], "https://example.org/a"), page(vec![], "")]
        }
    }

    impl WithdrawnPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            vec![WithdrawnPage {
                frame: frame.clone(),
                on: "2021年3月2日".into(),
                told: "内容有误，正在核实".into(),
            }]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_sent_only_to_the_web() {
        assert!(is_web("https://www.example.gov.cn/a?b=1"));
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "//example.com", "https://a\r\nset-cookie: b", ""]
        {
            assert!(!is_web(bad), "{bad}");
        }
    }
}
