//! The form of a request: one applicant, one or several things wanted, each of an agency or of several at once. The buttons
//! inside (one more, leave out, look, save) send the form and show it again.

use super::super::super::Answer;
use super::super::super::desk::request::person;
use super::super::super::desk::request_form::wanted_fields;
use super::super::super::desk::request_read::read_wanted;
use super::super::super::form::{Choice, Field, Form, Group, Problem, Problems, Typed};
use super::super::super::found::Found;
use super::super::super::frame::{Frame, page};

use super::{admitted, detail, draft, frame, look, once, receipt, settle, status, unkept};
use crate::intake::{sent, size};
use crate::{App, PageError, Visit};
use askama::Template;
use axum::extract::{Query, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use law::applicant::ApplicantClass;
use law::docket::file::FileRole;
use law::docket::request::Wanted;
use law::docket::unit::MOST_DETAILS;
use service::asking::{AGAIN_CODE, Asking, Matter, ORGANISATION_PAPERS, PERSON_PAPERS, Second, field_of};
use service::file::{HeldFile, Limits, Upload, kind};
use service::{Error, Result};

/// The form of a request.
#[derive(Debug, Template)]
#[template(path = "portal/ask_form.html")]
pub struct FormPage {
    pub(in super::super::super) frame: Frame,
    pub(in super::super::super) problems: Problems,
    pub(in super::super::super) form: Form,
    draft: String,
}

/// One row: what is wanted of whom, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) addressee: String,
    /// Other agencies asked the same.
    also: Vec<String>,
    subject: String,
    /// The agency whose details the form showed.
    pub(super) shown: String,
    /// What was filled in as details of that agency.
    pub(super) details: Vec<String>,
    /// The labels it stood under.
    labels: Vec<String>,
}

/// Boxes of one row that are read: more than any list of agencies offers.
const MOST_ALSO: usize = 500;

/// The rows that were sent, at least one and at most `most`.
pub(super) fn rows(typed: &Typed, most: usize) -> Vec<Row> {
    let sent = typed.get("matters").parse().unwrap_or(1).clamp(1, most);
    let get = |name: &str, n| typed.get(&field_of(name, n)).to_owned();
    let also = |n| typed.all(&field_of("also", n)).into_iter().take(MOST_ALSO).collect();
    let each = |name: &str, n| (1..=MOST_DETAILS).map(|d| get(&format!("{name}{d}"), n)).collect();
    let row = |n| Row {
        addressee: get("addressee", n),
        also: also(n),
        subject: get("subject", n),
        shown: get("shown", n),
        details: each("detail", n),
        labels: each("label", n),
    };
    (1..=sent).map(row).collect()
}

/// What was sent, with other rows and without the button.
fn with_rows(typed: &Typed, rows: &[Row]) -> Typed {
    let of_row = |name: &str| {
        let base = name.split_once('-').map_or(name, |(base, _)| base);
        matches!(base, "addressee" | "also" | "subject" | "shown" | "matters" | "button")
            || base.starts_with("detail")
            || base.starts_with("label")
    };
    let mut pairs: Vec<(String, String)> =
        typed.pairs().iter().filter(|(name, _)| !of_row(name)).cloned().collect();
    for (n, row) in (1..).zip(rows) {
        pairs.push((field_of("addressee", n), row.addressee.clone()));
        pairs.extend(row.also.iter().map(|unit| (field_of("also", n), unit.clone())));
        pairs.push((field_of("subject", n), row.subject.clone()));
        pairs.push((field_of("shown", n), row.shown.clone()));
        pairs.extend((1..).zip(&row.details).map(|(d, text)| (detail::name_of(d, n), text.clone())));
    }
    pairs.push(("matters".into(), rows.len().to_string()));
    Typed::new(pairs)
}

/// What a button inside the form does to the rows; the name of the field where the page begins then. `None` where the
/// button is another one.
fn press(button: &str, rows: &mut Vec<Row>, most: usize) -> Option<String> {
    let last = rows.last().cloned().unwrap_or_default();
    match button {
        "more" if rows.len() < most => {
            rows.push(Row { addressee: last.addressee, ..Row::default() });
            Some(field_of("subject", rows.len()))
        }
        "more" => Some(field_of("subject", rows.len())),
        _ => {
            let n: usize = button.strip_prefix("drop-")?.parse().ok()?;
            if rows.len() > 1 && (1..=rows.len()).contains(&n) {
                rows.remove(n - 1);
            }
            Some(field_of("subject", n.clamp(1, rows.len())))
        }
    }
}

fn matter_fields(units: &[Choice], details: Vec<Group>, most: usize, mut found: Vec<Found>) -> Vec<Field> {
    let count = details.len();
    let mut all = Vec::new();
    for (n, own) in (1..).zip(details) {
        let label = |text: &str| if count == 1 { text.to_owned() } else { format!("第{n}项：{text}") };
        if count > 1 {
            all.push(Field::part(&format!("第{n}项")));
        }
        let unit = Field::select(&field_of("addressee", n), &label("受理机关"), units.to_vec());
        let what = Field::area(&field_of("subject", n), &label("所需信息的内容描述"), 5);
        let unit = Field { leads: true, ..unit };
        all.push(if n == 1 { unit.hint("制作或者保存该信息的机关") } else { unit });
        let others = units.iter().filter(|u| !u.key.is_empty()).cloned().collect();
        let also = Field::folded(&field_of("also", n), &label("一并向其他机关提出"), others);
        let about = format!(
            "同一项内容可以同时向几个机关提出，每个机关单独办理、单独答复，各有一个查询码；一次最多提交{most}份"
        );
        all.push(also.hint(about));
        let what = if n == 1 {
            what.hint("写明信息的名称、文号或者便于查询的其他特征；请不要写身份证号码等个人信息")
        } else {
            what
        };
        all.push(Field { looked: true, ..what });
        all.push(Field::group(own));
        let of = field_of("subject", n);
        let seen = found.iter().position(|f| f.of == of).map(|at| found.swap_remove(at));
        all.push(Field::found(seen.unwrap_or(Found { of, ..Found::default() })));
        if count > 1 {
            all.push(Field::buttons(vec![Choice::new(format!("drop-{n}"), format!("删去第{n}项"))]));
        }
    }
    let mut buttons = vec![Choice::new("look", "查一查是否已经公开")];
    // With script the part follows the choice.
    buttons.push(Choice::new("unit", "显示所选机关的填写提示"));
    if count < most {
        buttons.push(Choice::new("more", "再加一项内容"));
    }
    all.push(Field::buttons(buttons));
    all
}

fn person_fields() -> Vec<Field> {
    let classes = ApplicantClass::ALL.map(|c| Choice::new(c.key(), c.label()));
    let offer = |papers: &mut dyn Iterator<Item = &&'static str>| {
        std::iter::once(Choice::new("", "请选择")).chain(papers.map(|p| Choice::new(*p, *p))).collect()
    };
    let papers = offer(&mut PERSON_PAPERS.iter().chain(&ORGANISATION_PAPERS[..1]));
    let agent_papers = offer(&mut PERSON_PAPERS.iter());
    let seconds = Second::ALL.map(|s| Choice::new(s.key(), s.label()));
    let auto = |field: Field, what| Field { autocomplete: what, ..field };
    vec![
        Field::heading("申请人"),
        Field::radio("class", "申请人类别", classes.into()).value(ApplicantClass::NaturalPerson.key()),
        auto(Field::text("name", "姓名或者名称"), "name").hint("个人填写姓名，单位填写全称"),
        Field::select("id_kind", "证件名称", papers)
            .hint("公民填写身份证件，法人和其他组织填写统一社会信用代码"),
        Field::text("id_number", "证件号码").hint("受理机关联系确认时可以请您出示证件"),
        Field::text("contact", "联系人").note("单位必填"),
        Field::heading("联系方式"),
        auto(Field::text("phone", "联系电话"), "tel")
            .note("三项至少填一项")
            .hint("联系电话、电子邮箱、联系地址至少填写一项，受理机关用来与您确认申请"),
        auto(Field::text("email", "电子邮箱"), "email").note("三项至少填一项"),
        auto(Field::text("address", "联系地址"), "street-address").note("三项至少填一项；选择邮寄的必填"),
        auto(Field::text("postcode", "邮政编码"), "postal-code").optional(),
        Field::text("fax", "传真").note("选择传真的必填"),
        Field::heading("委托代理人"),
        Field::text("agent_name", "代理人姓名")
            .note("本人申请的不填")
            .hint("委托他人办理的填写，并请向受理机关提交授权委托书"),
        Field::select("agent_id_kind", "代理人证件名称", agent_papers).note("有代理人的必填"),
        Field::text("agent_id_number", "代理人证件号码").note("有代理人的必填"),
        Field::text("agent_phone", "代理人联系电话").note("有代理人的必填"),
        Field::heading("查询验证"),
        Field::radio("second", "查询进度时，除查询码外还需要填写", seconds.into())
            .hint("防止他人看到您的申请；填写的是申请人的证件号码和联系电话")
            .value(Second::IdNumber.key()),
    ]
}

/// The controls of files and what comes in each.
const UPLOADS: [(&str, FileRole); 3] = [
    ("identity_file", FileRole::IdentityProof),
    ("power_file", FileRole::PowerOfAttorney),
    ("other_file", FileRole::Attachment),
];

/// The controls of files; what a form holds already is said at each, with a button that leaves it out.
fn file_fields(held: &[HeldFile], most: &Limits) -> Vec<Field> {
    let mut all = vec![Field::heading("附件")];
    let taken = format!(
        "手机拍的照片也可以。可以上传{}，每个不超过{}MB，可以选择多个",
        kind::TAKEN,
        most.megabytes()
    );
    let power = "委托代理人办理的请上传；暂时没有的可以以后提交，受理机关没有收到授权委托书的，会告知您补正";
    let abouts = [
        ("身份证明", taken.as_str()),
        ("授权委托书", power),
        ("其他附件", "便于查询所需信息的材料；暂存申请时不保存附件"),
    ];
    for ((name, role), (label, about)) in UPLOADS.into_iter().zip(abouts) {
        let of_role = || held.iter().enumerate().filter(move |(_, f)| f.role == role);
        let names: Vec<String> = of_role().map(|(_, f)| format!("{}（{}）", f.name, size(f.size))).collect();
        let kept = if names.is_empty() {
            String::new()
        } else {
            format!("。已经上传：{}，不需要再选", names.join("、"))
        };
        all.push(Field::files(name, label, kind::ENDINGS).optional().hint(format!("{about}{kept}")));
        let drop = |(n, f): (usize, &HeldFile)| Choice::new(format!("unhold-{n}"), format!("移除{}", f.name));
        let buttons: Vec<Choice> = of_role().map(drop).collect();
        if !buttons.is_empty() {
            all.push(Field::buttons(buttons));
        }
    }
    all
}

/// The files the form holds: those it says it holds, with those that just came in.
async fn hold(
    app: &App,
    visit: &mut Visit,
    typed: &mut Typed,
    files: Vec<(String, Upload)>,
) -> std::result::Result<(), PageError> {
    if typed.get("once").is_empty() {
        let token = once(visit);
        typed.push("once", token);
    }
    let tokens = typed.all("held");
    let mut held = held(app, visit, typed);
    if held.len() < tokens.len() {
        typed.wrong("other_file", "之前上传的文件已经过期，请重新选择");
    }
    for token in tokens.iter().filter(|t| held.iter().all(|f| f.token != **t)) {
        typed.forget("held", token);
    }
    if let Some(n) = typed.get("button").strip_prefix("unhold-").and_then(|n| n.parse::<usize>().ok())
        && n < held.len()
    {
        typed.forget("held", &held.remove(n).token);
    }
    let mut ctx = visit.context();
    for (control, mut file) in files {
        let Some((name, role)) = UPLOADS.into_iter().find(|(name, _)| *name == control) else { continue };
        file.role = role;
        let form = typed.get("once").to_owned();
        let before = typed.problems.len();
        if let Some(file) = settle(app.service.hold_file(&mut ctx, &form, &held, file).await, typed)? {
            typed.push("held", &file.token);
            held.push(file);
        }
        for problem in typed.problems.iter_mut().skip(before) {
            name.clone_into(&mut problem.field);
        }
    }
    Ok(())
}

fn held(app: &App, visit: &Visit, typed: &Typed) -> Vec<HeldFile> {
    app.service.held_files(visit.ctx.at, typed.get("once"), &typed.all("held"))
}

fn fields(
    units: &[Choice],
    details: Vec<Group>,
    most: usize,
    found: Vec<Found>,
    files: Vec<Field>,
    again: bool,
) -> Vec<Field> {
    let mut all = vec![Field::heading("所需信息")];
    all.extend(matter_fields(units, details, most, found));
    all.push(Field::heading("形式要求"));
    let wanted = wanted_fields(&Wanted::default());
    all.extend(wanted.map(|f| if f.name == "other_way" { f.optional() } else { f }));
    all.extend(person_fields());
    all.extend(files);
    if again {
        let sure = vec![Choice::new("yes", "仍要提交")];
        all.push(Field::checks("again", "已有内容相近的申请正在办理", sure).optional());
    }
    all
}

fn choices(units: &[service::row::UnitRow]) -> Vec<Choice> {
    let all = units.iter().map(|u| Choice::new(u.id.to_string(), &u.name));
    std::iter::once(Choice::new("", "请选择")).chain(all).collect()
}

/// The form as it was typed; `begin` is the field where the page begins, `found` what was looked up.
pub(super) async fn form_page(
    app: &App,
    visit: &mut Visit,
    typed: &Typed,
    (begin, found): (&str, Vec<Found>),
) -> Result<Response> {
    let units = app.service.askable_units(visit.today()).await?;
    let most = app.service.limits().matters;
    let sent = typed.get("once");
    let token = if sent.is_empty() { once(visit) } else { sent.to_owned() };
    let details = detail::of_rows(app, &rows(typed, most)).await?;
    let count = details.len();
    let again = typed.problems.iter().any(|p| format!("asking-{}", p.field) == AGAIN_CODE)
        || typed.get("again") == "yes";
    let any_found = found.iter().any(|f| !f.items.is_empty());
    let (held, mut files) = (held(app, visit, typed), Vec::new());
    if app.offers_files() {
        files = file_fields(&held, &app.service.file_limits());
    }
    let fields = fields(&choices(&units), details, most, found, files, again);
    let mut form =
        Form::post("/ask/new", "提交申请", fields).hide("once", token).hide("matters", count).cancel("/ask");
    let (seen, draft) = (typed.get("seen"), typed.get("draft"));
    // Once shown, it was shown: the lists on the page say so themselves.
    if !seen.is_empty() && !any_found {
        form = form.hide("seen", "yes");
    }
    if !draft.is_empty() {
        form = form.hide("draft", draft);
    }
    form.file = app.offers_files();
    for file in &held {
        form = form.hide("held", &file.token);
    }
    form.second = Some(("保存，以后再填".into(), "save".into()));
    let mut form = if typed.pairs().iter().any(|(n, _)| n != "addressee") {
        form.filled(typed)
    } else {
        for field in form.fields.iter_mut().filter(|f| f.name == "addressee") {
            field.values = typed.all("addressee");
        }
        form
    };
    for field in form.fields.iter_mut().filter(|f| !f.name.is_empty() && f.name == begin) {
        field.autofocus = true;
    }
    let problems = Problems { all: typed.problems.clone() };
    let frame = frame(app, "填写申请");
    let page_of = FormPage { frame, problems, form, draft: draft.to_owned() };
    Ok(unkept(page(status(typed), &page_of)))
}

/// `/ask/new`, with `?unit=CODE` for the agency that was found.
pub(super) async fn new(
    State(app): State<App>,
    mut visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let asked = Typed::new(query);
    let units = app.service.askable_units(visit.today()).await?;
    let unit = units.iter().find(|u| !asked.get("unit").is_empty() && u.code == asked.get("unit"));
    let pairs = unit.map(|u| vec![("addressee".to_owned(), u.id.to_string())]);
    Ok(form_page(&app, &mut visit, &Typed::new(pairs.unwrap_or_default()), ("", Vec::new())).await?)
}

/// What was typed, as the service takes it. An unknown word in a choice is a missing one.
fn asking(typed: &Typed, rows: Vec<Row>, files: Vec<HeldFile>) -> Asking {
    let id = |text: &str| uuid::Uuid::parse_str(text).unwrap_or_default();
    let matter = |row: Row| Matter {
        addressee: id(&row.addressee),
        also: row.also.iter().map(|unit| id(unit)).collect(),
        subject: row.subject,
    };
    Asking {
        matters: rows.into_iter().map(matter).collect(),
        class: ApplicantClass::parse(typed.get("class")).unwrap_or(ApplicantClass::NaturalPerson),
        person: person(typed, ""),
        wanted: read_wanted(typed),
        second: Second::parse(typed.get("second")).unwrap_or(Second::IdNumber),
        again: typed.get("again") == "yes",
        suggested: !typed.get("seen").is_empty(),
        draft: typed.some("draft"),
        files,
    }
}

/// Submits, or does what another button of the form says.
pub(super) async fn act(
    State(app): State<App>,
    mut visit: Visit,
    headers: HeaderMap,
    request: Request,
) -> Answer {
    let mut got = sent(&app, &visit, request).await?;
    let (files, cut) = (got.fingerprint(), got.refused.take());
    let mut typed = Typed::new(got.pairs);
    // Of what was sent: what the form holds from now on has another note each time.
    let key = typed.key() + &files;
    let most = app.service.limits().matters;
    let broken = cut.is_some();
    if let Some(refusal) = cut {
        typed.problems.push(Problem { field: "other_file".into(), ..Problem::from(&refusal) });
    }
    hold(&app, &mut visit, &mut typed, got.files).await?;
    let button = typed.get("button").to_owned();
    let mut rows_now = rows(&typed, most);
    // Before rows move, each with what was filled in for its own agency.
    if detail::settle(&mut rows_now, false) {
        let problems = std::mem::take(&mut typed.problems);
        typed = with_rows(&typed, &rows_now);
        typed.problems = problems;
    }
    if let Some(begin) = press(&button, &mut rows_now, most) {
        let problems = std::mem::take(&mut typed.problems);
        let mut typed = with_rows(&typed, &rows_now);
        typed.problems = problems;
        return Ok(form_page(&app, &mut visit, &typed, (&begin, Vec::new())).await?);
    }
    match button.as_str() {
        "unit" => return Ok(form_page(&app, &mut visit, &typed, ("subject", Vec::new())).await?),
        "look" => {
            let found = look::of_rows(&app, &mut visit, &rows_now, !typed.get("seen").is_empty()).await?;
            let begin = if found.iter().any(|f| !f.items.is_empty()) { "" } else { "subject" };
            return Ok(form_page(&app, &mut visit, &typed, (begin, found)).await?);
        }
        "save" => return draft::save(&app, visit, typed).await,
        other if other.starts_with("unhold-") => {
            return Ok(form_page(&app, &mut visit, &typed, ("other_file", Vec::new())).await?);
        }
        _ => {}
    }
    if broken {
        // What else is missing may have been on its way.
        return Ok(form_page(&app, &mut visit, &typed, ("", Vec::new())).await?);
    }
    detail::settle(&mut rows_now, true);
    let asking = asking(&typed, rows_now, held(&app, &visit, &typed));
    if !typed.problems.is_empty() {
        // A file cannot come in: said together with all that is missing.
        let missing = asking.missing(visit.today(), most);
        settle::<()>(if missing.is_empty() { Ok(()) } else { Err(Error::Refused(missing)) }, &mut typed)?;
        return Ok(form_page(&app, &mut visit, &typed, ("", Vec::new())).await?);
    }
    let (second, wanted) = (asking.second, asking.wanted.words());
    let handed_in: Vec<String> =
        asking.files.iter().map(|f| format!("{}：{}（{}）", f.role.label(), f.name, size(f.size))).collect();
    let result = match admitted(&app, &visit) {
        Ok(()) => app.service.ask(visit.context().with_key(key), asking).await,
        Err(error) => Err(error),
    };
    match settle(result, &mut typed)? {
        Some(asked) => Ok(receipt::receipt(&app, &headers, asked, (&wanted, handed_in), second)),
        None => {
            for problem in typed.problems.iter_mut().filter(|p| p.code.starts_with("file-")) {
                "other_file".clone_into(&mut problem.field);
            }
            Ok(form_page(&app, &mut visit, &typed, ("", Vec::new())).await?)
        }
    }
}

impl Row {
    /// The agency, if one was chosen.
    pub(super) fn unit(&self) -> Option<uuid::Uuid> {
        uuid::Uuid::parse_str(&self.addressee).ok()
    }

    /// What was filled in goes into what is wanted, a line each with its label.
    pub(super) fn settle(&mut self) {
        let (filled, labels) = (std::mem::take(&mut self.details), std::mem::take(&mut self.labels));
        for (n, text) in filled.iter().map(|t| t.trim()).enumerate().filter(|(_, t)| !t.is_empty()) {
            let line = match labels.get(n) {
                Some(label) if !label.is_empty() => format!("{label}：{text}"),
                _ => text.to_owned(),
            };
            let break_ = if self.subject.trim().is_empty() { "" } else { "\n" };
            self.subject = format!("{}{break_}{line}", self.subject.trim_end());
        }
        self.shown = String::new();
    }

    /// What is wanted.
    pub(super) fn subject(&self) -> &str {
        &self.subject
    }
}

#[cfg(test)]
impl FormPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let units = [Choice::new("u", "样例市教育局")];
        let details = |count| match count {
            1 => detail::sample(),
            _ => (1..=count).map(detail::none).collect(),
        };
        let page = |typed: &Typed, count: usize, found: Vec<Found>, draft: &str| FormPage {
            frame: frame.clone(),
            problems: Problems { all: typed.problems.clone() },
            form: Form::post(
                "/ask/new",
                "提交申请",
                fields(&units, details(count), 10, found, file_fields(&[], &Limits::default()), count > 1),
            )
            .filled(typed),
            draft: draft.into(),
        };
        let mut refused = Typed::new(vec![("subject".into(), "<b>".into())]);
        refused.wrong("name", "请填写姓名");
        let found = look::sample();
        vec![page(&Typed::default(), 1, found, ""), page(&refused, 2, Vec::new(), "ABCD")]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(addressee: &str, subject: &str) -> Row {
        Row { addressee: addressee.into(), subject: subject.into(), ..Row::default() }
    }

    #[test]
    fn rows_are_added_and_left_out_within_the_limit() {
        let mut all = vec![Row { also: vec!["丙".into()], ..row("甲", "一") }];
        assert_eq!(press("more", &mut all, 3).as_deref(), Some("subject-2"));
        assert_eq!(all[1], row("甲", ""), "of the same agency, and of no other that was not chosen");
        all[1] = row("甲", "二");
        assert_eq!(press("more", &mut all, 3).as_deref(), Some("subject-3"));
        all[2] = row("", "二");
        press("more", &mut all, 3);
        assert_eq!(all.len(), 3, "no more than the limit");
        press("drop-1", &mut all, 3);
        assert_eq!(all, [row("甲", "二"), row("", "二")]);
        for nonsense in ["drop-0", "drop-9", "drop-"] {
            press(nonsense, &mut all, 3);
        }
        assert_eq!(all.len(), 2);
        press("drop-2", &mut all, 3);
        press("drop-1", &mut all, 3);
        assert_eq!(all.len(), 1, "one row stays");
        assert_eq!(press("", &mut all, 3), None);
    }

    #[test]
    fn what_is_filled_in_for_an_agency_becomes_part_of_what_is_wanted() {
        let mut row = Row { shown: "甲".into(), ..row("乙", "一份批复\n") };
        row.details = vec![" 样例项目 ".into(), String::new(), "丢了名的".into()];
        row.labels = vec!["项目名称".into(), "年份".into()];
        row.settle();
        assert_eq!(row.subject, "一份批复\n项目名称：样例项目\n丢了名的", "nothing that was typed is lost");
        assert!(row.details.is_empty() && row.shown.is_empty());
        row.settle();
        assert_eq!(row.subject.lines().count(), 3, "put in once");
    }

    #[test]
    fn rows_are_read_as_many_as_were_sent_and_no_more_than_the_limit() {
        let pairs = |n: &str| {
            let all =
                [("addressee", "甲"), ("subject", "一"), ("subject-2", "二"), ("matters", n), ("name", "样")];
            Typed::new(all.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect())
        };
        let sent = |addressee: &str, subject: &str| Row {
            details: vec![String::new(); MOST_DETAILS],
            labels: vec![String::new(); MOST_DETAILS],
            ..row(addressee, subject)
        };
        assert_eq!(rows(&pairs("2"), 10), [sent("甲", "一"), sent("", "二")]);
        assert_eq!(rows(&pairs("x"), 10).len(), 1, "no number");
        assert_eq!(rows(&pairs("999999999999"), 10).len(), 10);
        assert_eq!(rows(&pairs("99"), 3).len(), 3);
        assert_eq!(rows(&pairs("0"), 3).len(), 1);
        let other = Row { also: vec!["丙".into(), "丁".into()], ..sent("乙", "二") };
        let fewer = with_rows(&pairs("2"), std::slice::from_ref(&other));
        assert_eq!(rows(&fewer, 10), [other]);
        assert_eq!((fewer.get("addressee"), fewer.get("subject-2"), fewer.get("name")), ("乙", "", "样"));
    }
}
