//! 意见 on a draft at the desk: what came, recording what came otherwise, and answering in groups.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::words::{day, moment};
use super::consultation::{adoption_tone, answer, answer_fields};
use super::register::{Desk, FormPage, Item, Section};
use super::{Officer, World, settle};
use crate::error::PageError;
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use law::docket::consultation::{Answer as Told, ConsultationEvent, Standing};
use law::docket::opinion::{OpinionChannel, OpinionState};
use service::consultation::{Consultations, LONGEST_OPINION, OpinionLine as Found, Reply, Said};
use service::{Change, Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// Opinions on a page.
const ROWS: i64 = 50;

/// The routes of opinions.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/consultations/{id}/opinions", get(list).post(act))
        .route("/desk/consultations/{id}/opinions/new", get(ask).post(record))
        .route("/desk/consultations/{id}/opinions/{opinion}", get(one))
        .route("/desk/consultations/{id}/answers/{number}", get(ask_answer).post(write_answer))
}

fn at(consultation: Uuid, rest: &str) -> String {
    format!("{}/{rest}", Consultations::at(consultation))
}

/// An answer as the office reads it.
#[derive(Debug, Clone)]
pub struct AnswerLine {
    number: u32,
    summary: String,
    adoption: Badge,
    reason: String,
    /// Where it is written anew; empty for who may not.
    edit: String,
}

fn answer_lines(id: Uuid, s: &Standing, may_edit: bool) -> Vec<AnswerLine> {
    let line = |(number, a): (&u32, &Told)| AnswerLine {
        number: *number,
        summary: a.summary.clone(),
        adoption: Badge::new(a.adoption.label(), adoption_tone(a.adoption)),
        reason: a.reason.clone(),
        edit: if may_edit { at(id, &format!("answers/{number}")) } else { String::new() },
    };
    s.answers.iter().map(line).collect()
}

/// The section of a consultation's page.
#[derive(Debug, Template)]
#[template(path = "desk/consultation.html")]
pub struct OpinionsPart {
    counts: Vec<(&'static str, i64)>,
    list: String,
    /// Where one is recorded; empty for who may not.
    record: String,
    answers: Vec<AnswerLine>,
}

/// What came, and what was answered.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    s: &Standing,
    world: &World<'_>,
) -> Result<Section> {
    let counts = service.opinion_counts(ctx, id).await?;
    let may_edit = world.actor.may(Permission::EditRegisters);
    let part = OpinionsPart {
        counts: OpinionState::ALL.map(OpinionState::label).into_iter().zip(counts).collect(),
        list: at(id, "opinions"),
        record: if may_edit { at(id, "opinions/new") } else { String::new() },
        answers: answer_lines(id, s, may_edit),
    };
    Section::of("opinions", "意见", &part)
}

/// An opinion in the list.
#[derive(Debug, Clone)]
pub struct OpinionLine {
    id: String,
    href: String,
    /// What it says; empty for who may not see it.
    text: String,
    /// How and when it came, and from whom, masked.
    about: String,
    /// The answer it got; empty if none.
    answered: String,
    checked: bool,
}

/// The opinions of a consultation.
#[derive(Debug, Template)]
#[template(path = "desk/opinions.html")]
pub struct OpinionsPage {
    pub(super) frame: Frame,
    pub(super) lead: String,
    pub(super) problems: Problems,
    pub(super) parts: Vec<Link>,
    pub(super) lines: Vec<OpinionLine>,
    pub(super) next: String,
    /// Whether words are shown, which is written down.
    pub(super) noted: bool,
    /// Where the answers go; empty for who may not answer.
    pub(super) action: String,
    pub(super) hidden: Vec<(&'static str, String)>,
    pub(super) new: Vec<Field>,
    pub(super) same: Option<Field>,
    pub(super) aside: Field,
}

fn line(id: Uuid, o: Found, chosen: &[String]) -> OpinionLine {
    let mut about = vec![format!("{}提出", day(o.received_on)), o.channel.label().to_owned()];
    let text = match o.said {
        Some(said) => {
            about.extend([said.name, said.contact].into_iter().filter(|t| !t.is_empty()));
            said.text
        }
        None => String::new(),
    };
    OpinionLine {
        checked: chosen.contains(&o.id.to_string()),
        id: o.id.to_string(),
        href: at(id, &format!("opinions/{}", o.id)),
        text,
        about: about.join("，"),
        answered: match (o.state, o.answer) {
            (OpinionState::Answered, Some(number)) => format!("归入第{number}条答复"),
            _ => String::new(),
        },
    }
}

/// The frame of a page below a consultation, and where that stands.
async fn below(app: &App, visit: &mut Visit, id: Uuid, title: &str) -> Result<(Frame, u32, Standing)> {
    let view = app.service.consultation_view(&visit.ctx, id).await?;
    let gone = || Error::NotFound("这次征集的登记已经作废".into());
    let standing = view.standing.ok_or_else(gone)?;
    let frame = Frame::desk(app, visit, title, &Consultations::home());
    Ok((frame.step(Consultations::at(id), &standing.title), view.version, standing))
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    show(&app, &mut visit, id, &Typed::new(query), &Typed::default()).await
}

/// `query` says which opinions, `typed` what was typed to answer them.
async fn show(app: &App, visit: &mut Visit, id: Uuid, query: &Typed, typed: &Typed) -> Answer {
    let state = OpinionState::parse(query.get("state")).unwrap_or(OpinionState::Waiting);
    let after = Uuid::parse_str(query.get("after")).ok();
    let (frame, version, standing) = below(app, visit, id, "意见").await?;
    let frame = frame.told(query.get("done"));
    let counts = app.service.opinion_counts(&visit.ctx, id).await?;
    let found = app.service.opinions(visit.context(), id, Some(state), (after, ROWS)).await?;
    let address = |s: OpinionState| format!("{}?state={}", at(id, "opinions"), s.key());
    let part = |(s, n): (OpinionState, i64)| Link {
        here: s == state,
        ..Link::new(address(s), format!("{}（{n}）", s.label()))
    };
    let full = i64::try_from(found.len()).is_ok_and(|n| n >= ROWS);
    let next = found.last().filter(|_| full).map(|o| format!("{}&after={}", address(state), o.id));
    let noted = found.iter().any(|o| o.said.is_some());
    let chosen = typed.all("opinion");
    let may = visit.ctx.actor.may(Permission::EditRegisters) && !found.is_empty();
    let parts = OpinionState::ALL.into_iter().zip(counts).map(part).collect();
    let answers = standing.answers.iter().map(|(n, a)| {
        Choice::new(n.to_string(), format!("第{n}条（{}）：{}", a.adoption.label(), shortened(&a.summary)))
    });
    let answers: Vec<Choice> = std::iter::once(Choice::new("", "请选择")).chain(answers).collect();
    let same = (answers.len() > 1).then(|| Field::select("same", "已有的答复", answers).optional());
    let filled = |field: Field| {
        let mut form = Form::post("", "", vec![field]).filled(typed);
        form.fields.pop().unwrap_or_default()
    };
    let status = if typed.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page_of = OpinionsPage {
        lead: standing.title.clone(),
        problems: Problems { all: typed.problems.clone() },
        parts,
        lines: found.into_iter().map(|o| line(id, o, &chosen)).collect(),
        next: next.unwrap_or_default(),
        noted,
        action: if may { at(id, "opinions") } else { String::new() },
        hidden: vec![
            ("version", version.to_string()),
            ("once", frame.once.clone()),
            ("state", state.key().to_owned()),
            ("after", after.map(|a| a.to_string()).unwrap_or_default()),
        ],
        // Only one of the three ways is filled in.
        new: optional_answer().into_iter().map(filled).collect(),
        same: same.map(filled),
        aside: filled(aside_field()),
        frame,
    };
    Ok(page(status, &page_of))
}

/// The controls of an answer beside other ways.
fn optional_answer() -> Vec<Field> {
    let [summary, adoption, reason] = answer_fields(None);
    let only = "归并答复的必填";
    vec![summary.note(only), adoption.note(only), reason]
}

fn aside_field() -> Field {
    Field::text("aside", "不计入的理由").hint("例如：同一人重复提交，与征集事项无关").note("不计入的必填")
}

fn shortened(text: &str) -> String {
    let short: String = text.chars().take(30).collect();
    if short.len() < text.len() { format!("{short}……") } else { short }
}

async fn act(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let mut typed = Typed::new(pairs);
    let reply = match typed.get("button") {
        "new" => answer(&mut typed).map(Reply::New),
        "same" => typed.read("same", "已有的答复", |v| v.parse().ok()).map(Reply::Same),
        "aside" => Some(Reply::SetAside(typed.get("aside").to_owned())),
        _ => return Err(Error::Invalid("没有这种办理方式，请从意见列表重新选择".into()).into()),
    };
    let opinions: Vec<Uuid> = typed.all("opinion").iter().filter_map(|o| Uuid::parse_str(o).ok()).collect();
    if let (Some(reply), true) = (reply, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(format!("{}-{id}", typed.key()));
        let result = app.service.answer_opinions(ctx, id, typed.version(), (opinions, reply)).await;
        // What was typed stays, to be compared.
        let result = match result {
            Err(Error::Conflict(text)) => Err(Error::Invalid(text)),
            other => other,
        };
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?state={}&done=recorded", at(id, "opinions"), typed.get("state"))));
        }
    }
    let query =
        Typed::new(["state", "after"].map(|name| (name.to_owned(), typed.get(name).to_owned())).into());
    show(&app, &mut visit, id, &query, &typed).await
}

/// One opinion with who gave it.
#[derive(Debug, Template)]
#[template(path = "desk/opinion.html")]
pub struct OpinionPage {
    pub(super) frame: Frame,
    pub(super) badge: Badge,
    pub(super) items: Vec<Item>,
    pub(super) text: String,
}

async fn one(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, opinion)): Path<(Uuid, Uuid)>,
) -> Answer {
    let (frame, _, _) = below(&app, &mut visit, id, "意见内容").await?;
    let view = app.service.open_opinion(visit.context(), id, opinion).await?;
    let s = &view.standing;
    let state = s.state();
    let or_none = |text: &str| if text.is_empty() { "未填写".to_owned() } else { text.to_owned() };
    let mut items = vec![
        Item::new("提出日期", day(s.received_on)),
        Item::new("途径", s.channel.label()),
        Item::new("姓名或者名称", or_none(&view.said.name)),
        Item::new("联系方式", or_none(&view.said.contact)),
        Item::new("登记时间", moment(view.at)),
    ];
    items.extend(s.answer.map(|n| Item::new("答复", format!("第{n}条"))));
    items.extend(s.set_aside.as_ref().map(|why| Item::new("不计入的理由", why)));
    let tone = match state {
        OpinionState::Waiting => "yellow",
        OpinionState::Answered => "green",
        OpinionState::SetAside => "grey",
    };
    let frame = frame.step(at(id, "opinions"), "意见");
    Ok(ok(&OpinionPage { frame, badge: Badge::new(state.label(), tone), items, text: view.said.text }))
}

async fn ask(State(app): State<App>, Officer(visit): Officer, Path(id): Path<Uuid>) -> Answer {
    show_record(&app, visit, id, &Typed::default()).await
}

async fn show_record(app: &App, mut visit: Visit, id: Uuid, typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let today = visit.today();
    let (frame, _, standing) = below(app, &mut visit, id, "登记意见").await?;
    let channels = OpinionChannel::RECORDED.map(|c| Choice::new(c.key(), c.label())).into();
    let fields = vec![
        Field::date("on", "提出日期")
            .hint("信函以寄出的邮戳日为准；截止日期以后提出的不登记")
            .value(today.min(standing.terms.until).to_string()),
        Field::radio("channel", "途径", channels),
        Field::area("text", "意见", 8).hint(format!("不超过{LONGEST_OPINION}字")),
        Field::text("name", "姓名或者名称").hint("加密保存，不公开").optional(),
        Field::text("contact", "联系方式").optional(),
    ];
    let form = Form::post(at(id, "opinions/new"), "登记", fields)
        .hide("once", &frame.once)
        .cancel(Consultations::at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = standing.title;
    Ok(page.answer())
}

async fn record(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let on = typed.date("on", "提出日期");
    let channel = typed.read("channel", "途径", OpinionChannel::parse);
    let channel = channel.filter(|c| OpinionChannel::RECORDED.contains(c));
    let text = |name: &str| typed.get(name).to_owned();
    let said = Said { text: text("text"), name: text("name"), contact: text("contact") };
    if let (Some(channel), true) = (channel, typed.problems.is_empty()) {
        let ctx = visit.context().with_key(format!("{}-{id}", typed.key()));
        let result = app.service.record_opinion(ctx, id, (on, channel), &said).await;
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=recorded", Consultations::at(id))));
        }
        for problem in &mut typed.problems {
            if let Some(field) = problem.code.strip_prefix("asking-") {
                problem.field = field.to_owned();
            }
        }
    }
    show_record(&app, visit, id, &typed).await
}

async fn ask_answer(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, number)): Path<(Uuid, u32)>,
) -> Answer {
    show_answer(&app, visit, (id, number), &Typed::default()).await
}

async fn show_answer(app: &App, mut visit: Visit, (id, number): (Uuid, u32), typed: &Typed) -> Answer {
    visit.ctx.actor.must(Permission::EditRegisters)?;
    let title = format!("修改第{number}条答复");
    let (frame, version, standing) = below(app, &mut visit, id, &title).await?;
    let now = standing
        .answers
        .get(&number)
        .ok_or_else(|| PageError(Error::NotFound("没有这条答复，请从征集页面重新选择".into())))?;
    let form = Form::post(at(id, &format!("answers/{number}")), "保存", answer_fields(Some(now)).into())
        .hide("version", version)
        .hide("once", &frame.once)
        .cancel(Consultations::at(id));
    let mut page = FormPage::new(frame, form, typed);
    page.lead = if standing.outcome.is_some() {
        "采纳情况已经公布：修改后需要重新公布，公开页面才会变化。".into()
    } else {
        standing.title
    };
    Ok(page.answer())
}

async fn write_answer(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, number)): Path<(Uuid, u32)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    if let Some(answer) = answer(&mut typed) {
        let ctx = visit.context().with_key(typed.key());
        let change = Change::event(visit.today(), ConsultationEvent::Answered { number, answer });
        let result = app.service.change_consultation(ctx, id, typed.version(), change).await;
        let result = match result {
            Err(Error::Conflict(text)) => Err(Error::Invalid(text)),
            other => other,
        };
        if settle(result, &mut typed)?.is_some() {
            return Ok(see(&format!("{}?done=saved#opinions", Consultations::at(id))));
        }
    }
    show_answer(&app, visit, (id, number), &typed).await
}

#[cfg(test)]
pub(super) use samples::section as sample_section;

#[cfg(test)]
mod samples {
    use super::*;

    fn answers() -> Vec<AnswerLine> {
        let line = |number, reason: &str, edit: &str| AnswerLine {
            number,
            summary: "建议明确<标准>".into(),
            adoption: Badge::new("部分采纳", "blue"),
            reason: reason.into(),
            edit: edit.into(),
        };
        vec![line(1, "", "/desk/consultations/1/answers/1"), line(2, "收费有法定依据", "")]
    }

    pub(in super::super) fn section() -> Section {
        let part = OpinionsPart {
            counts: vec![("待处理", 1), ("已归并答复", 2), ("不计入", 0)],
            list: "/desk/consultations/1/opinions".into(),
            record: "/desk/consultations/1/opinions/new".into(),
            answers: answers(),
        };
        Section::of("opinions", "意见", &part).unwrap_or_default()
    }

    impl OpinionsPage {
        pub(crate) fn samples(frame: &Frame, problems: &Problems) -> Vec<Self> {
            let line = |id: &str, text: &str, answered: &str| OpinionLine {
                id: id.into(),
                href: format!("/desk/consultations/1/opinions/{id}"),
                text: text.into(),
                about: "2021年3月1日提出，网上，样**".into(),
                answered: answered.into(),
                checked: answered.is_empty(),
            };
            let page = |lines: Vec<OpinionLine>, may: bool| OpinionsPage {
                frame: frame.clone(),
                lead: "样例办法（征求意见稿）".into(),
                problems: if may { problems.clone() } else { Problems::default() },
                parts: vec![Link::new("/desk/consultations/1/opinions?state=waiting", "待处理（2）")],
                noted: may,
                next: if may { "/desk/consultations/1/opinions?after=1".into() } else { String::new() },
                lines,
                action: if may { "/desk/consultations/1/opinions".into() } else { String::new() },
                hidden: vec![("version", "3".into())],
                new: optional_answer(),
                same: may.then(|| Field::select("same", "已有的答复", vec![Choice::new("1", "第1条")])),
                aside: aside_field(),
            };
            let two = vec![line("2", "建议\n<b>明确</b>标准", ""), line("3", "", "归入第1条答复")];
            vec![page(two.clone(), true), page(two, false), page(Vec::new(), false)]
        }
    }

    impl OpinionPage {
        pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
            vec![OpinionPage {
                frame: frame.clone(),
                badge: Badge::new("待处理", "yellow"),
                items: vec![Item::new("姓名或者名称", "样例")],
                text: "建议\n<b>明确</b>标准".into(),
            }]
        }
    }
}
