//! 信息更正 (条例第四十一条): who asks that a record about them be corrected, what was decided, and the letter.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problem, Problems, Typed};
use super::super::frame::{Badge, Frame, Link, ok, page, see};
use super::super::words::{day, day_or_dash};
use super::event_words::{METHODS, choices, key, label, value};
use super::letter::LetterPage;
use super::register::{Desk, Item, ListRow, Listing, Said, next_key, page_of};
use super::request::{applicant_page, class_choices, person, person_fields};
use super::{Officer, World, or_none, settle, years};
use crate::print::{Paper, saved};
use crate::{App, Visit};
use axum::Router;
use axum::extract::{Form as Posted, Path, Query, State};
use axum::http::StatusCode;
use axum::routing::get;
use jiff::civil::Date;
use law::applicant::ApplicantClass;
use law::docket::record_correction::{Outcome, RecordCorrectionEvent as E, Stage, Standing};
use law::letter::Letter;
use law::receipt::Channel;
use service::record_correction::{NewRecordCorrection, RecordCorrections};
use service::row::RecordCorrectionFilter;
use service::vault::Person;
use service::{Change, Context, Error, Permission, Result, Service, View};
use uuid::Uuid;

/// The pages beside those every register has.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/corrections/{id}/applicant", get(applicant))
        .route("/desk/corrections/{id}/letter", get(preview).post(finish))
        .route("/desk/corrections/{id}/letter/{format}", get(file))
}

fn outcomes() -> Vec<Choice> {
    Outcome::ALL.map(|o| Choice::new(o.key(), o.label())).into()
}

/// The channels; the article asks for no confirmation.
fn channels() -> Vec<Choice> {
    Channel::ALL.map(|c| Choice::new(c.key(), c.label())).into()
}

fn tone(stage: Stage) -> &'static str {
    if stage.is_over() { "grey" } else { "blue" }
}

impl Desk for RecordCorrections {
    const PATH: &'static str = "corrections";
    const TITLE: &'static str = "信息更正";
    const ITEM: &'static str = "更正申请";
    const BEGIN: &'static str = "登记更正申请";
    const FIRST: &'static str = "received";
    const EDIT: Permission = Permission::EditRegisters;

    fn filter(query: &Typed, world: &World<'_>) -> Vec<Field> {
        let stages = Stage::ALL.map(|s| Choice::new(s.key(), s.label())).into();
        vec![
            Field::text("q", "要求更正的信息").optional().value(query.get("q")),
            Field::select("unit", "机关", or_none("全部机关", world.every_unit()))
                .optional()
                .value(query.get("unit")),
            Field::select("stage", "办理阶段", or_none("全部阶段", stages))
                .optional()
                .value(query.get("stage")),
            Field::select("year", "收到年度", or_none("全部年度", years(world.today)))
                .optional()
                .value(query.get("year")),
        ]
    }

    async fn list(service: &Service, ctx: &Context, query: &Typed, world: &World<'_>) -> Result<Listing> {
        let filter = RecordCorrectionFilter {
            units: world.wanted(query),
            stage: query.some("stage"),
            received_in: query.get("year").parse().ok(),
            text: query.some("q"),
        };
        let found = service.record_corrections(ctx, filter, page_of(query)).await?;
        let next = next_key(found.len(), found.last().map(|r| (r.received_on, r.id)));
        let rows = found
            .into_iter()
            .map(|r| ListRow {
                href: RecordCorrections::at(r.id),
                cells: vec![
                    r.record,
                    Channel::parse(&r.channel).map_or(r.channel, |c| c.label().into()),
                    world.short(r.unit),
                    day(r.received_on),
                    r.outcome.as_deref().and_then(Outcome::parse).map_or("", Outcome::label).to_owned(),
                    day_or_dash(r.told_on),
                ],
                badge: match Stage::parse(&r.stage) {
                    Some(stage) => Badge::new(stage.label(), tone(stage)),
                    None => Badge::new(r.stage, "grey"),
                },
            })
            .collect();
        let columns =
            vec!["要求更正的信息", "收到方式", "机关", "收到日期", "处理结果", "告知日期", "办理阶段"];
        Ok(Listing { columns, rows, next })
    }

    fn heading(s: &Standing) -> String {
        format!("更正申请：{}", s.record)
    }

    fn badge(s: &Standing, _: &World<'_>) -> Badge {
        Badge::new(s.stage.label(), tone(s.stage))
    }

    fn open(s: &Standing) -> bool {
        !s.stage.is_over()
    }

    fn items(s: &Standing, world: &World<'_>) -> Vec<Item> {
        let mut items = vec![
            Item::new("要求更正的信息", &s.record),
            Item::new("更正要求", &s.wrong),
            Item::new("证据", &s.evidence),
            Item::new("提供该信息的机关", world.name(&s.unit)),
            Item::new("收到方式", s.channel.label()),
            Item::new("收到日期", day(s.received_on)),
        ];
        if let Some(d) = &s.decided {
            items.push(Item::new("处理结果", format!("{}{}", day(d.on), d.outcome.label())));
            let more = [("有权更正的机关", &d.agency), ("审核查明的情况", &d.facts), ("理由", &d.reason)];
            items.extend(more.into_iter().filter(|(_, t)| !t.is_empty()).map(|(l, t)| Item::new(l, t)));
        }
        items.extend(s.letter.as_ref().map(|(_, w)| Item::new("告知书文号", &w.number)));
        items.extend(
            s.told
                .map(|(on, how)| Item::new("告知申请人", format!("{}，{}", day(on), label(&METHODS, &how)))),
        );
        items
    }

    fn links(id: Uuid, s: &Standing, world: &World<'_>) -> Vec<Link> {
        let mut links = Vec::new();
        if world.actor.may(Permission::ReadPersonal) {
            let at = RecordCorrections::at(id);
            if s.applicant.is_some() {
                links.push(Link::new(format!("{at}/applicant"), "查看申请人信息（记入日志）"));
            }
            if s.decided.is_some() {
                links.push(Link::new(format!("{at}/letter"), Letter::RecordCorrection.title()));
            }
        }
        links
    }

    fn steps(s: &Standing, _: &World<'_>) -> Vec<(&'static str, &'static str)> {
        match s.stage {
            Stage::Received => vec![("decided", "审核处理"), ("withdrawn", "申请人撤回")],
            Stage::Decided => vec![("told", "告知申请人")],
            Stage::Told | Stage::Withdrawn => Vec::new(),
        }
    }

    fn name(event: &E) -> (&'static str, &'static str) {
        event.name()
    }

    fn say(event: &E, world: &World<'_>) -> Said {
        let said = Said::plain(event.name().1);
        match event {
            E::Received { unit, channel, class, record, wrong, evidence, applicant: _ } => said
                .item("要求更正的信息", record)
                .item("不准确的内容和更正要求", wrong)
                .item("证据", evidence)
                .item("申请人类别", class.label())
                .item("收到方式", channel.label())
                .item("提供该信息的机关", world.name(unit)),
            E::Decided { outcome, agency, facts, reason } => said
                .item("处理结果", outcome.label())
                .item("有权更正的机关", agency)
                .item("审核查明的情况", facts)
                .item("理由", reason),
            E::Written(w) => said.item("文书", w.letter.title()).item("文号", &w.number),
            E::Told { method, evidence } => {
                said.item("告知方式", label(&METHODS, method)).item("送达凭证", evidence)
            }
            E::Withdrawn => said,
        }
    }

    fn date_label(key: &str) -> &'static str {
        match key {
            "received" => "收到日期",
            "decided" => "处理日期",
            "told" => "告知日期",
            "withdrawn" => "撤回日期",
            _ => "日期",
        }
    }

    fn fields(step: &str, _: Option<&Standing>, event: Option<&E>, world: &World<'_>) -> Option<Vec<Field>> {
        Some(match (step, event) {
            ("received", event) => received(event, world),
            ("decided", event) => decided(event),
            ("told", event) => {
                let now = if let Some(E::Told { method, evidence }) = event {
                    Some((key(&METHODS, method), evidence.clone()))
                } else {
                    None
                };
                let (method, evidence) = now.unzip();
                vec![
                    Field::radio("method", "告知方式", choices(&METHODS)).value_if(method),
                    Field::text("evidence", "送达凭证")
                        .hint("邮件号码、送达回证或者电子送达记录")
                        .optional()
                        .value_if(evidence),
                ]
            }
            ("withdrawn", _) => Vec::new(),
            _ => return None,
        })
    }

    fn more_fields(_: &World<'_>) -> Vec<Field> {
        person_fields().into()
    }

    fn read(step: &str, before: Option<&E>, t: &mut Typed) -> Option<E> {
        Some(match step {
            "received" => {
                let channel = t.read("channel", "收到方式", Channel::parse);
                let class = t.read("class", "申请人类别", ApplicantClass::parse);
                let applicant = match before {
                    Some(E::Received { applicant, .. }) => applicant.clone(),
                    _ => None,
                };
                E::Received {
                    unit: t.get("unit").to_owned(),
                    channel: channel?,
                    class: class?,
                    applicant,
                    record: t.get("record").to_owned(),
                    wrong: t.get("wrong").to_owned(),
                    evidence: t.get("evidence").to_owned(),
                }
            }
            "decided" => E::Decided {
                outcome: t.read("outcome", "处理结果", Outcome::parse)?,
                agency: t.get("agency").to_owned(),
                facts: t.get("facts").to_owned(),
                reason: t.get("reason").to_owned(),
            },
            "told" => E::Told {
                method: t.read("method", "告知方式", |v| value(&METHODS, v))?,
                evidence: t.get("evidence").to_owned(),
            },
            "withdrawn" => E::Withdrawn,
            _ => return None,
        })
    }

    async fn begin(service: &Service, ctx: Context, on: Date, event: E, typed: &Typed) -> Result<Uuid> {
        let E::Received { unit, channel, class, record, wrong, evidence, .. } = event else {
            return Err(Error::Invalid("请从收到更正申请开始登记".into()));
        };
        let no_unit = |_| Error::Invalid("请选择提供该政府信息的机关".into());
        let new = NewRecordCorrection {
            received_on: on,
            unit: Uuid::parse_str(&unit).map_err(no_unit)?,
            channel,
            class,
            person: Some(person(typed, "person_")).filter(|p| *p != Person::default()),
            record,
            wrong,
            evidence,
        };
        service.receive_record_correction(ctx, new).await
    }

    async fn change(
        service: &Service,
        ctx: Context,
        id: Uuid,
        version: u32,
        change: Change<E>,
    ) -> Result<u32> {
        service.change_record_correction(ctx, id, version, change).await
    }

    async fn view(service: &Service, ctx: &Context, id: Uuid) -> Result<View<RecordCorrections>> {
        service.record_correction_view(ctx, id).await
    }
}

fn received(event: Option<&E>, world: &World<'_>) -> Vec<Field> {
    let mut fields = vec![
        Field::radio("channel", "收到方式", channels()),
        Field::select("unit", "提供该政府信息的机关", world.own_units()).value_if(world.home()),
        Field::radio("class", "申请人类别", class_choices()).hint("不计入年度报告，只用于文书的称谓"),
        Field::area("record", "要求更正的政府信息", 2).hint("名称、文号或者其他特征，不写个人信息"),
        Field::area("wrong", "不准确的内容和更正要求", 3).hint("不写个人信息"),
        Field::area("evidence", "申请人提供的证据", 2).hint("证据的名称和份数，不写个人信息"),
    ];
    if let Some(E::Received { unit, channel, class, record, wrong, evidence, .. }) = event {
        let values = [channel.key(), unit, class.key(), record, wrong, evidence];
        for (field, value) in fields.iter_mut().zip(values) {
            field.values = vec![value.to_owned()];
        }
    }
    fields
}

fn decided(event: Option<&E>) -> Vec<Field> {
    let (outcome, agency, facts, reason) = match event {
        Some(E::Decided { outcome, agency, facts, reason }) => {
            (Some(outcome.key()), agency.as_str(), facts.as_str(), reason.as_str())
        }
        _ => (None, "", "", ""),
    };
    vec![
        Field::radio("outcome", "处理结果", outcomes()).value_if(outcome),
        Field::text("agency", "有权更正的行政机关")
            .hint("不属于本机关职能范围，转送或者告知向其提出的填写")
            .optional()
            .value(agency),
        Field::area("facts", "审核查明的情况", 4).hint("写入告知书").value(facts),
        Field::area("reason", "理由", 3).hint("不予更正的应当说明理由；写入告知书").optional().value(reason),
    ]
}

async fn applicant(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    let p = app.service.record_correction_applicant(visit.context(), id).await?;
    let frame = Frame::desk(&app, &mut visit, "申请人信息", &RecordCorrections::home());
    let back = Link::new(RecordCorrections::at(id), "返回更正申请");
    Ok(ok(&applicant_page(frame, p, back)))
}

fn letter_at(id: Uuid) -> String {
    format!("{}/letter", RecordCorrections::at(id))
}

async fn preview(
    State(app): State<App>,
    Officer(visit): Officer,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    show(&app, visit, id, Typed::new(query).get("done"), &Typed::default()).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, done: &str, typed: &Typed) -> Answer {
    let view = app.service.record_correction_letter(visit.context(), id).await?;
    let docket = app.service.record_correction_view(&visit.ctx, id).await?;
    let heading = docket.standing.as_ref().map_or_else(|| "更正申请".to_owned(), RecordCorrections::heading);
    let title = Letter::RecordCorrection.title();
    let frame = Frame::desk(app, &mut visit, title, &RecordCorrections::home());
    let frame = frame.step(RecordCorrections::at(id), heading).told(done);
    let files = [("pdf", "下载PDF"), ("docx", "下载Word文档")]
        .map(|(format, text)| Link::new(format!("{}/{format}", letter_at(id)), text));
    let told = docket.standing.as_ref().is_some_and(|s| s.told.is_some());
    let open = view.written.is_none() && view.missing.is_empty() && !told;
    let form = (open && visit.ctx.actor.may(Permission::EditRegisters)).then(|| {
        let mut form = Form::post(letter_at(id), "定稿并编号", Vec::new());
        form.confirm = "定稿后文书内容不再改变，确定定稿吗？".into();
        let back = RecordCorrections::at(id);
        form.hide("version", docket.version).hide("once", &frame.once).cancel(back)
    });
    let wrong = !typed.problems.is_empty();
    Ok(page(
        if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK },
        &LetterPage {
            problems: Problems { all: typed.problems.clone() },
            missing: view.missing.iter().map(Problem::from).collect(),
            finished: view.written.is_some(),
            files: files.into(),
            papers: Vec::new(),
            article: paper::letter_html(&view.paper),
            form,
            release: None,
            frame,
        },
    ))
}

async fn finish(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path(id): Path<Uuid>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let ctx = visit.context().with_key(typed.key());
    let result = app.service.write_record_correction_letter(ctx, id, typed.version()).await;
    if settle(result, &mut typed)?.is_some() {
        return Ok(see(&format!("{}?done=written", RecordCorrections::at(id))));
    }
    show(&app, visit, id, "", &typed).await
}

async fn file(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, format)): Path<(Uuid, String)>,
) -> Answer {
    let view = app.service.record_correction_letter(visit.context(), id).await?;
    let draft = if view.written.is_some() { "" } else { "（审签稿）" };
    let letter = Letter::RecordCorrection;
    let name = format!("{}{draft}", letter.title());
    Ok(saved(&app, Paper::Letter(view.paper), &name, letter.key(), &format).await?)
}
