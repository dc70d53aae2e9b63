//! 意见征集: the drafts that are put to the public, the form for an opinion, and what became of the opinions. Nobody needs an
//! account, and every page works without script. Opinions themselves are never shown.

use super::super::Answer;
use super::super::desk::consultation::counts;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::words::day;
use super::ask::{admitted, once, settle, status, unkept};
use super::document::{AnnexLine, address as document_address, annex_line, place_of, with_query};
use super::feed::{Entry, Feed};
use super::unit::address as unit_address;
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::routing::{get, post};
use jiff::civil::Date;
use law::docket::consultation::{Adoption, Stage, Terms};
use paper::letter::text_html;
use service::consultation::{
    AtConsultation, ConsultationItem, LONGEST_OPINION, PUBLIC_PAGE, Phase, PublicConsultation, Said,
};
use service::{Error, Result};
use uuid::Uuid;

/// Name of the column.
pub const COLUMN: &str = "意见征集";
/// What kind of column it is, in the words of the page labels (国办发〔2017〕47号).
const KIND: &str = "征集调查";
const ABOUT: &str = "公开征求社会各界意见的草案，以及意见采纳情况";
const HOME: &str = "/consultations";

/// `/consultations`, its feeds, `/consultations/{id}` and what is sent there
pub fn routes() -> Router<App> {
    Router::new()
        .route(HOME, get(list))
        .route("/consultations/feed.atom", get(atom))
        .route("/consultations/feed.json", get(json))
        .route("/consultations/{id}", get(one))
        .route("/consultations/{id}/opinion", post(give))
        .route("/consultations/{id}/received", get(received))
}

/// The address of a consultation.
pub fn address(id: Uuid) -> String {
    format!("{HOME}/{id}")
}

/// A consultation in a list.
#[derive(Debug, Clone, Default)]
pub struct Row {
    /// The consultation.
    pub link: Link,
    /// 征集机关
    pub unit: String,
    /// From which day to which.
    pub days: String,
    /// Where it stands.
    pub state: Badge,
}

fn badge(stage: Stage) -> Badge {
    Badge::new(
        stage.label(),
        match stage {
            Stage::Open => "green",
            Stage::Answered => "blue",
            _ => "grey",
        },
    )
}

/// A consultation as a row of a list.
pub fn row(item: &ConsultationItem) -> Row {
    Row {
        link: Link::new(address(item.id), &item.title),
        unit: item.unit.clone(),
        days: format!("{}至{}", day(item.opened_on), day(item.until)),
        state: badge(item.stage),
    }
}

/// The list.
#[derive(Debug, Template)]
#[template(path = "portal/consultations.html")]
pub struct ConsultationsPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) filtered: bool,
    pub(super) consultations: Vec<Row>,
    pub(super) later: bool,
    pub(super) first: String,
    pub(super) next: String,
    pub(super) feeds: Vec<Link>,
}

/// What is asked for, and the query that asks for it again.
fn ask_of(query: &Typed) -> (Option<Phase>, Option<String>, String) {
    let (phase, unit) = (Phase::parse(query.get("phase")), query.some("unit"));
    let kept = [
        phase.map(|p| format!("phase={}", p.stage().key())),
        unit.as_ref().map(|u| format!("unit={}", super::super::words::encoded(u))),
    ];
    (phase, unit, kept.into_iter().flatten().collect::<Vec<_>>().join("&"))
}

async fn list(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let query = Typed::new(query);
    let (phase, unit, kept) = ask_of(&query);
    let after = place_of(query.get("after"));
    let today = super::today(&app);
    let found = app.service.public_consultations(today, (phase, unit.as_deref()), after).await?;
    let (units, _) = app.service.public_choices().await?;
    let or_none =
        |none: &str, all: Vec<Choice>| std::iter::once(Choice::new("", none)).chain(all).collect::<Vec<_>>();
    let phases = Phase::ALL.map(|p| Choice::new(p.stage().key(), p.stage().label())).into();
    let units = units.into_iter().map(|(code, name)| Choice::new(code, name)).collect();
    let fields = vec![
        Field::select("phase", "阶段", or_none("全部", phases)).optional().value(query.get("phase")),
        Field::select("unit", "征集机关", or_none("全部机关", units)).optional().value(query.get("unit")),
    ];
    let full = i64::try_from(found.len()).is_ok_and(|n| n == PUBLIC_PAGE);
    let next = found.last().filter(|_| full).map(ConsultationItem::paging_key);
    let next = next.map(|(on, id)| {
        let at = format!("after={on}_{id}");
        with_query(HOME, &if kept.is_empty() { at } else { format!("{kept}&{at}") })
    });
    Ok(ok(&ConsultationsPage {
        frame: Frame::portal(&app, COLUMN)
            .column(COLUMN, KIND, ABOUT, "意见征集,征求意见,草案,采纳情况")
            .step("/", "首页"),
        filter: Form::get(HOME, "查找", fields),
        filtered: !kept.is_empty(),
        consultations: found.iter().map(row).collect(),
        later: after.is_some(),
        first: with_query(HOME, &kept),
        next: next.unwrap_or_default(),
        feeds: vec![
            Link::new(with_query("/consultations/feed.atom", &kept), "Atom订阅"),
            Link::new(with_query("/consultations/feed.json", &kept), "JSON订阅"),
        ],
    }))
}

/// An answer as everybody reads it.
#[derive(Debug, Clone)]
pub struct ToldLine {
    summary: String,
    adoption: Badge,
    opinions: u32,
    reason: String,
}

/// What became of the opinions.
#[derive(Debug, Clone)]
pub struct ToldOutcome {
    on: String,
    said: String,
    counts: String,
    answers: Vec<ToldLine>,
}

/// A public consultation.
#[derive(Debug, Template)]
#[template(path = "portal/consultation.html")]
pub struct ConsultationPage {
    pub(super) frame: Frame,
    pub(super) title: String,
    pub(super) state: Badge,
    /// In whose name it asks, if that is another one.
    pub(super) maker: String,
    pub(super) unit: Link,
    /// Label and value of the rest of the facts.
    pub(super) facts: Vec<(&'static str, String)>,
    /// What is said of its length, one sentence each.
    pub(super) notes: Vec<String>,
    pub(super) outcome: Option<ToldOutcome>,
    /// The document that came of it.
    pub(super) result: Option<Link>,
    pub(super) background: Vec<String>,
    pub(super) text: String,
    pub(super) annexes: Vec<AnnexLine>,
    /// Ways to give an opinion, while it is open.
    pub(super) ways: Vec<(&'static str, String)>,
    pub(super) problems: Problems,
    /// The form, while it is open and taken by this way.
    pub(super) form: Option<Form>,
    pub(super) open: bool,
    /// Said instead of the form when it is over.
    pub(super) over: String,
}

fn left(until: Date, today: Date) -> String {
    match (until - today).get_days() {
        0 => "今天24时截止".into(),
        n => format!("还有{n}天"),
    }
}

fn ways(t: &Terms) -> Vec<(&'static str, String)> {
    let all = [("电子邮箱", &t.email), ("通信地址", &t.address), ("联系电话", &t.phone)];
    all.into_iter().filter(|(_, v)| !v.is_empty()).map(|(label, v)| (label, v.clone())).collect()
}

fn told(c: &PublicConsultation) -> Option<ToldOutcome> {
    let (on, outcome) = c.standing.outcome.as_ref()?;
    let line = |a: &law::docket::consultation::ToldAnswer| ToldLine {
        summary: a.answer.summary.clone(),
        adoption: Badge::new(
            a.answer.adoption.label(),
            match a.answer.adoption {
                Adoption::Adopted => "green",
                Adoption::Partly => "blue",
                Adoption::Declined => "grey",
            },
        ),
        opinions: a.opinions,
        reason: a.answer.reason.clone(),
    };
    Some(ToldOutcome {
        on: day(*on),
        said: outcome.said.clone(),
        counts: counts(outcome),
        answers: outcome.answers.iter().map(line).collect(),
    })
}

fn opinion_form(id: Uuid, token: String, typed: &Typed) -> Form {
    let auto = |field: Field, what| Field { autocomplete: what, ..field };
    let fields = vec![
        Field::area("text", "意见", 8)
            .hint(format!("不超过{LONGEST_OPINION}字。意见原文不公开；请不要写身份证号码等个人信息")),
        auto(Field::text("name", "姓名或者名称"), "name").optional(),
        auto(Field::text("contact", "联系方式"), "tel")
            .hint("需要进一步了解情况时联系您；姓名和联系方式加密保存，不公开")
            .optional(),
    ];
    Form::post(format!("{}/opinion", address(id)), "提交意见", fields).hide("once", token).filled(typed)
}

/// The page of a consultation with what was typed; `token` marks this very form.
fn consultation_page(app: &App, c: PublicConsultation, typed: &Typed, token: String) -> ConsultationPage {
    let (s, today) = (&c.standing, super::today(app));
    let open = c.item.stage == Stage::Open;
    let at = address(c.item.id);
    let frame = Frame::portal(app, &s.title)
        .column(COLUMN, KIND, ABOUT, "意见征集,征求意见")
        .label("ArticleTitle", &s.title)
        .label("PubDate", c.item.opened_on.to_string())
        .label("ContentSource", &c.item.unit)
        .label("Url", app.settings.public_url.as_ref().map(|u| format!("{u}{at}")).unwrap_or_default())
        .step("/", "首页")
        .step(HOME, COLUMN);
    let until = if open {
        format!("{}（{}）", day(c.item.until), left(c.item.until, today))
    } else {
        day(c.item.until)
    };
    let facts = vec![
        ("征集事项", s.subject.label().to_owned()),
        ("开始日期", day(c.item.opened_on)),
        ("截止日期", until),
    ];
    let mut notes = Vec::new();
    if !s.terms.shortened.is_empty() {
        notes.push(format!("关于征集期限的说明：{}", s.terms.shortened));
    }
    notes.extend(s.extensions.iter().map(|(on, why)| format!("{}延长征集期限：{why}", day(*on))));
    let over = match c.item.stage {
        Stage::Open => String::new(),
        Stage::Answered => format!("征集已于{}结束，意见采纳情况见上文。", day(c.item.until)),
        _ => format!("征集已于{}结束，不再接收意见。意见采纳情况公布后在本页显示。", day(c.item.until)),
    };
    ConsultationPage {
        title: s.title.clone(),
        state: badge(c.item.stage),
        maker: if c.maker == c.item.unit { String::new() } else { c.maker.clone() },
        unit: Link::new(unit_address(&c.item.code), &c.item.unit),
        facts,
        notes,
        outcome: told(&c),
        result: c.result.as_ref().map(|r| Link::new(document_address(r.id), &r.title)),
        background: s
            .terms
            .background
            .lines()
            .map(str::trim)
            .filter(|l| !l.is_empty())
            .map(str::to_owned)
            .collect(),
        text: c.body.as_deref().map(text_html).unwrap_or_default(),
        annexes: c.annexes.iter().map(|a| annex_line(c.document, a)).collect(),
        ways: if open { ways(&s.terms) } else { Vec::new() },
        problems: Problems { all: typed.problems.clone() },
        form: (open && s.terms.online).then(|| opinion_form(c.item.id, token, typed)),
        open,
        over,
        frame,
    }
}

fn parsed(id: &str) -> std::result::Result<Uuid, PageError> {
    let nothing = || PageError(Error::NotFound("没有找到这次征集，请从征集列表中查找".into()));
    id.parse().map_err(|_| nothing())
}

/// The page with what was typed. What carries a mark of this very form is kept in no cache.
async fn show(app: &App, visit: &mut Visit, id: Uuid, typed: &Typed) -> Answer {
    match app.service.public_consultation(super::today(app), id).await? {
        AtConsultation::Withdrawn { document } => Ok(see(&document_address(document))),
        AtConsultation::Public(c) => {
            let sent = typed.get("once");
            let token = if sent.is_empty() { once(visit) } else { sent.to_owned() };
            let shown = consultation_page(app, *c, typed, token);
            let carries = shown.form.is_some();
            let answer = page(status(typed), &shown);
            Ok(if carries { unkept(answer) } else { answer })
        }
    }
}

async fn one(State(app): State<App>, mut visit: Visit, Path(id): Path<String>) -> Answer {
    show(&app, &mut visit, parsed(&id)?, &Typed::default()).await
}

async fn give(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<String>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let id = parsed(&id)?;
    let mut typed = Typed::new(pairs);
    let text = |name: &str| typed.get(name).to_owned();
    let said = Said { text: text("text"), name: text("name"), contact: text("contact") };
    let result: Result<Uuid> = match admitted(&app, &visit) {
        Ok(()) => {
            let key = format!("{}-{id}", typed.key());
            app.service.give_opinion(visit.context().with_key(key), id, &said).await
        }
        Err(error) => Err(error),
    };
    // What is not there is not there for a form either.
    if let Err(error @ Error::NotFound(_)) = result {
        return Err(error.into());
    }
    if settle(result, &mut typed)?.is_some() {
        return Ok(see(&format!("{}/received", address(id))));
    }
    show(&app, &mut visit, id, &typed).await
}

/// Says that an opinion has arrived.
#[derive(Debug, Template)]
#[template(path = "portal/consultation_received.html")]
pub struct ReceivedPage {
    pub(super) frame: Frame,
    pub(super) consultation: Link,
    pub(super) until: String,
}

async fn received(State(app): State<App>, Path(id): Path<String>) -> Answer {
    let id = parsed(&id)?;
    match app.service.public_consultation(super::today(&app), id).await? {
        AtConsultation::Withdrawn { document } => Ok(see(&document_address(document))),
        AtConsultation::Public(c) => {
            let frame = Frame::portal(&app, "意见已经收到").step("/", "首页").step(HOME, COLUMN);
            let frame = frame.step(address(id), &c.item.title);
            let consultation = Link::new(address(id), c.item.title);
            Ok(ok(&ReceivedPage { frame, consultation, until: day(c.item.until) }))
        }
    }
}

async fn feed(app: &App, query: Vec<(String, String)>, own: &str) -> std::result::Result<Feed, PageError> {
    let (phase, unit, kept) = ask_of(&Typed::new(query));
    let ask = (phase, unit.as_deref());
    let found = app.service.public_consultations(super::today(app), ask, None).await?;
    let entry = |c: &ConsultationItem| Entry::new(c.id, &c.title, address(c.id), &c.unit, c.opened_on);
    let title = format!("{}{COLUMN}", app.service.region_name());
    Ok(Feed::new(app, title, HOME, &with_query(own, &kept), found.iter().map(entry).collect()))
}

async fn atom(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, query, "/consultations/feed.atom").await?.atom())
}

async fn json(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    Ok(feed(&app, query, "/consultations/feed.json").await?.json())
}

#[cfg(test)]
pub(crate) mod samples {
    use super::super::document::samples::annex;
    use super::*;

    pub(crate) fn rows() -> Vec<Row> {
        vec![Row {
            link: Link::new("/consultations/1", "《样例市样例办法（征求意见稿）》公开征求意见"),
            unit: "样例市人民政府办公室".into(),
            days: "2021年3月1日至2021年3月31日".into(),
            state: badge(Stage::Open),
        }]
    }

    impl ConsultationsPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let page = |consultations: Vec<Row>, filtered: bool, next: &str| ConsultationsPage {
                frame: frame.clone(),
                filter: Form::get(HOME, "查找", vec![Field::text("unit", "机关").optional()]),
                filtered,
                consultations,
                later: !next.is_empty(),
                first: HOME.into(),
                next: next.into(),
                feeds: vec![Link::new("/consultations/feed.atom", "Atom订阅")],
            };
            vec![
                page(rows(), true, "/consultations?after=x"),
                page(vec![], true, ""),
                page(vec![], false, ""),
            ]
        }
    }

    impl ConsultationPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let line = |reason: &str| ToldLine {
                summary: "建议明确<标准>".into(),
                adoption: Badge::new("部分采纳", "blue"),
                opinions: 3,
                reason: reason.into(),
            };
            let mut typed = Typed::new(vec![("text".into(), "<b>".into())]);
            typed.wrong("text", "意见过长");
            let page = |stage: Stage, typed: &Typed| ConsultationPage {
                frame: frame.clone(),
                title: "样例办法（征求意见稿）".into(),
                state: badge(stage),
                maker: if stage == Stage::Open { "样例市人民政府".into() } else { String::new() },
                unit: Link::new("/units/a", "样例市人民政府办公室"),
                facts: vec![("截止日期", "2021年3月31日".into())],
                notes: vec!["关于征集期限的说明：防汛需要".into()],
                outcome: (stage == Stage::Answered).then(|| ToldOutcome {
                    on: "2021年4月9日".into(),
                    said: "感谢参与\n<b>支持</b>".into(),
                    counts: "收到3条".into(),
                    answers: vec![line(""), line("收费有法定依据")],
                }),
                result: (stage == Stage::Answered).then(|| Link::new("/documents/1", "样例办法")),
                background: vec!["为规范<样例>事项".into()],
                text: text_html("第一条　样例。"),
                annexes: vec![annex()],
                ways: vec![("电子邮箱", "sample@example.invalid".into())],
                problems: Problems { all: typed.problems.clone() },
                form: (stage == Stage::Open).then(|| opinion_form(Uuid::nil(), "1".into(), typed)),
                open: stage == Stage::Open,
                over: if stage == Stage::Open { String::new() } else { "征集已经结束。".into() },
            };
            vec![
                page(Stage::Open, &Typed::default()),
                page(Stage::Open, &typed),
                page(Stage::Closed, &Typed::default()),
                page(Stage::Answered, &Typed::default()),
            ]
        }
    }

    impl ReceivedPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            let consultation = Link::new("/consultations/1", "样例办法（征求意见稿）");
            vec![ReceivedPage { frame: frame.clone(), consultation, until: "2021年3月31日".into() }]
        }
    }

    #[test]
    fn the_last_day_is_said_as_such() {
        let day = |n| jiff::civil::date(2021, 3, n);
        assert_eq!(left(day(31), day(31)), "今天24时截止");
        assert_eq!(left(day(31), day(30)), "还有1天");
        assert_eq!(left(day(31), day(1)), "还有30天");
    }
}
