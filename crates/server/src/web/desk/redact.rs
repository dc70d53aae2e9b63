//! 区分处理: marking what must not be disclosed in a file, and making its clean copy.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Problems, Typed};
use super::super::frame::{Frame, page, see};
use super::file::heading_of;
use super::register::Desk;
use super::request_draft::lines;
use super::{Officer, settle};
use crate::{App, Visit};
use askama::Template;
use axum::Router;
use axum::extract::{Form as Posted, Path, State};
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use axum::routing::get;
use paper::redact::{Area, Mark};
use service::file::{Looked, Marking};
use service::request::Requests;
use uuid::Uuid;

/// The routes of redaction.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/desk/requests/{id}/files/{file}/redact", get(ask).post(make))
        .route("/desk/requests/{id}/files/{file}/redact/{page}", get(picture))
}

/// A page of the file.
#[derive(Debug, Clone)]
pub struct PageView {
    pub(super) number: usize,
    pub(super) picture: String,
}

/// The page on which a file is marked.
#[derive(Debug, Template)]
#[template(path = "desk/redact.html")]
pub struct RedactPage {
    pub(super) frame: Frame,
    pub(super) problems: Problems,
    pub(super) form: Form,
    pub(super) pages: Vec<PageView>,
}

/// The grounds of articles 14 to 16, as they are cited.
const GROUNDS: [(&str, &str); 6] = [
    ("条例第十四条", "国家秘密或者法律、行政法规禁止公开（条例第十四条）"),
    ("条例第十五条", "商业秘密、个人隐私等第三方合法权益（条例第十五条）"),
    ("条例第十六条第一款", "内部事务信息（条例第十六条第一款）"),
    ("条例第十六条第二款", "过程性信息、行政执法案卷信息（条例第十六条第二款）"),
    ("条例第三十二条", "第三方不同意公开且有合理理由（条例第三十二条）"),
    ("条例第三十六条第七项", "依照有关法律、行政法规办理（条例第三十六条第七项）"),
];

fn at(id: Uuid, file: Uuid) -> String {
    format!("{}/files/{file}", Requests::at(id))
}

fn form(id: Uuid, file: Uuid, marking: &Marking, once: &str) -> Form {
    let found = marking.suspects.iter().map(|s| Choice::new(&s.text, format!("{}：{}", s.what, s.text)));
    let found: Vec<Choice> = found.collect();
    let mut fields = Vec::new();
    if !found.is_empty() {
        fields.push(
            Field::checks("found", "系统发现的疑似个人信息", found).hint("勾选需要遮盖的；没有勾选的不遮盖"),
        );
    }
    fields.push(
        Field::area("terms", "需要遮盖的其他词语", 4).hint("每行一个，文件中出现的每一处都会遮盖").optional(),
    );
    if marking.pages > 0 {
        fields.push(
            Field::area("regions", "需要遮盖的区域", 4)
                .hint("在页面图上按住拖动可以自动填入；也可以手工填写，每行一处：页码 左 上 右 下，后四项是占页面宽度、高度的百分比，例如 1 10 20 60 25")
                .optional(),
        );
    }
    let grounds = GROUNDS.iter().map(|(key, label)| Choice::new(*key, *label)).collect();
    fields.push(Field::radio("ground", "不予公开的依据", grounds).hint("依据不同的内容，分几次生成"));
    fields.push(Field::checks(
        "looked",
        "查看确认",
        vec![Choice::new("yes", "已经逐页查看，图片中没有需要遮盖而没有遮盖的内容")],
    ));
    Form::post(format!("{}/redact", at(id, file)), "生成遮盖后的副本", fields)
        .hide("once", once)
        .cancel(at(id, file))
}

async fn ask(
    State(app): State<App>,
    Officer(visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
) -> Answer {
    show(&app, visit, id, file, &Typed::default()).await
}

async fn show(app: &App, mut visit: Visit, id: Uuid, file: Uuid, typed: &Typed) -> Answer {
    let marking = app.service.marking(visit.context(), id, file).await?;
    let frame = Frame::desk(app, &mut visit, "区分处理", &Requests::home());
    let heading = heading_of(app, &visit, id).await?;
    let frame = frame.step(Requests::at(id), heading).step(at(id, file), "材料");
    let pages = (1..=marking.pages)
        .map(|number| PageView { number, picture: format!("{}/redact/{number}", at(id, file)) })
        .collect();
    let form = form(id, file, &marking, &frame.once).filled(typed);
    let problems = Problems { all: typed.problems.clone() };
    let wrong = !problems.all.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(page(status, &RedactPage { frame, problems, form, pages }))
}

/// A region as it is typed: page, left, top, right, bottom, the last four in per cent of the page.
fn region(line: &str, ground: &str) -> Option<Mark> {
    let words = line.split(|c: char| c.is_whitespace() || ",，、".contains(c)).filter(|w| !w.is_empty());
    let numbers: Vec<f64> = words.map(|w| w.trim_end_matches('%').parse().ok()).collect::<Option<_>>()?;
    let [page, left, top, right, bottom] = numbers[..] else { return None };
    let whole = page >= 1.0 && page.fract() == 0.0 && page < 10_000.0;
    let part = |v: f64| v / 100.0;
    let area = Area { left: part(left), top: part(top), right: part(right), bottom: part(bottom) };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number below 10000")]
    whole.then(|| Mark::region(page as usize - 1, area, ground))
}

fn marks(typed: &mut Typed) -> Vec<Mark> {
    let ground = typed.get("ground").to_owned();
    if !GROUNDS.iter().any(|(key, _)| *key == ground) {
        typed.wrong("ground", "请选择不予公开的依据");
    }
    let mut marks: Vec<Mark> = typed.all("found").iter().map(|t| Mark::term(t, &ground)).collect();
    marks.extend(lines(typed.get("terms")).iter().map(|t| Mark::term(t, &ground)));
    for (n, line) in lines(typed.get("regions")).iter().enumerate() {
        match region(line, &ground) {
            Some(mark) => marks.push(mark),
            None => {
                let text = format!("第{}处区域应当填写五个数字：页码 左 上 右 下", n + 1);
                typed.wrong("regions", text);
            }
        }
    }
    marks
}

async fn make(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file)): Path<(Uuid, Uuid)>,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let mut typed = Typed::new(pairs);
    let marks = marks(&mut typed);
    if typed.problems.is_empty() {
        let looked = Looked { confirmed: typed.get("looked") == "yes" };
        let ctx = visit.context().with_key(typed.key());
        let result = app.service.redact_file(ctx, id, file, marks, looked).await;
        if let Some(copy) = settle(result, &mut typed)? {
            return Ok(see(&format!("{}?done=redacted", at(id, copy))));
        }
    }
    show(&app, visit, id, file, &typed).await
}

async fn picture(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Path((id, file, number)): Path<(Uuid, Uuid, usize)>,
) -> Answer {
    let page = number.saturating_sub(1);
    let png = app.service.marking_page(visit.context(), id, file, page).await?;
    let headers = [(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, png).into_response())
}

#[cfg(test)]
impl RedactPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let suspect = service::file::Suspect { what: "手机号码".into(), text: "00000000000".into() };
        let page = |marking: Marking| RedactPage {
            frame: frame.clone(),
            problems: Problems::default(),
            form: form(Uuid::nil(), Uuid::nil(), &marking, ""),
            pages: (1..=marking.pages).map(|number| PageView { number, picture: "/x/1".into() }).collect(),
        };
        vec![
            page(Marking { pages: 2, suspects: vec![suspect] }),
            page(Marking { pages: 0, suspects: vec![] }),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_five_numbers() {
        let area = |line| region(line, "条例第十五条").map(|m| m.target);
        assert!(area("1 10 20 60 25").is_some());
        assert_eq!(area("1，10%，20%，60%，25%"), area("1 10 20 60 25"));
        for wrong in ["", "1 10 20 60", "0 10 20 60 25", "1.5 10 20 60 25", "1 a 20 60 25", "-1 1 2 3 4"] {
            assert_eq!(area(wrong), None, "{wrong}");
        }
    }
}
