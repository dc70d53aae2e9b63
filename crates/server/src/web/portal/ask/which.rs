//! Is it a disclosure request, and of which agency? A few questions, each a page that works without script
//! (`/ask/which`), and the finder of the agency (`/ask/units`).

use super::super::super::Answer;
use super::super::super::form::{Choice, Field, Form, Typed};
use super::super::super::frame::{Frame, Link, ok};
use super::super::super::words::encoded;
use super::frame;
use crate::{App, Visit};
use askama::Template;
use axum::extract::{Query, State};
use law::pathway::{self, Next, Outcome, Way};

/// The questions so far, and the next one or the end.
#[derive(Debug, Template)]
#[template(path = "portal/ask_which.html")]
pub struct WhichPage {
    pub(in super::super::super) frame: Frame,
    /// Question, answer, and where to answer it otherwise.
    answered: Vec<(String, String, String)>,
    form: Option<Form>,
    outcome: Option<&'static Outcome>,
}

/// The address of a question: with the answers before it.
fn address(given: &[(String, String)]) -> String {
    let pairs: Vec<String> = given.iter().map(|(q, a)| format!("{q}={}", encoded(a))).collect();
    if pairs.is_empty() { "/ask/which".into() } else { format!("/ask/which?{}", pairs.join("&")) }
}

fn which_page(frame: Frame, way: &Way, tried: bool) -> WhichPage {
    let given: Vec<(String, String)> =
        way.answered.iter().map(|(q, a)| (q.key.clone(), a.key.clone())).collect();
    let answered = way
        .answered
        .iter()
        .enumerate()
        .map(|(n, (q, a))| (q.text.clone(), a.text.clone(), address(&given[..n])))
        .collect();
    let (form, outcome) = match way.next {
        Next::End(outcome) => (None, Some(outcome)),
        Next::Ask(question) => {
            let choices = question.answers.iter().map(|a| Choice::new(&a.key, &a.text)).collect();
            let mut field = Field::radio(&question.key, &question.text, choices);
            if tried {
                "请选择最接近的一项".clone_into(&mut field.wrong);
            }
            let mut form = Form::get("/ask/which", "下一步", vec![field]).hide("n", given.len());
            form.class = "which";
            for (name, value) in &given {
                form = form.hide(name, value);
            }
            (Some(form), None)
        }
    };
    WhichPage { frame, answered, form, outcome }
}

/// `/ask/which`
pub(super) async fn which(State(app): State<App>, Query(query): Query<Vec<(String, String)>>) -> Answer {
    let typed = Typed::new(query);
    let way = pathway::follow(|question| Some(typed.get(question)).filter(|v| !v.is_empty()));
    // The button was pressed without a new answer.
    let answers = typed.pairs().iter().filter(|(name, _)| name != "n").count();
    let tried = typed.get("n").parse().is_ok_and(|before: usize| answers <= before);
    let frame = frame(&app, "我的事项怎么办");
    Ok(ok(&which_page(frame, &way, tried)))
}

/// The agencies that can be asked.
#[derive(Debug, Template)]
#[template(path = "portal/ask_units.html")]
pub struct UnitsPage {
    pub(in super::super::super) frame: Frame,
    search: Form,
    said: String,
    units: Vec<Link>,
}

/// `/ask/units`
pub(super) async fn units(
    State(app): State<App>,
    visit: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let typed = Typed::new(query);
    let said: String = typed.get("q").chars().take(50).collect();
    let found = app.service.find_askable_units(visit.today(), &said).await?;
    let units =
        found.iter().map(|u| Link::new(format!("/ask/new?unit={}", encoded(&u.code)), &u.name)).collect();
    Ok(ok(&UnitsPage { frame: frame(&app, "查找受理机关"), search: search(&said), said, units }))
}

fn search(said: &str) -> Form {
    let field = Field::text("q", "机关名称或者所办的事")
        .hint("例如：教育局，或者：入学、宅基地、供水")
        .optional()
        .value(said);
    let mut form = Form::get("/ask/units", "查找", vec![field]);
    form.class = "search";
    form.live = "units";
    form
}

#[cfg(test)]
impl WhichPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |answers: &[(&str, &str)], tried| {
            let find = |q: &str| answers.iter().find(|(k, _)| *k == q).map(|(_, a)| *a);
            which_page(frame.clone(), &pathway::follow(find), tried)
        };
        vec![
            page(&[], true),
            page(&[("want", "information")], false),
            page(&[("want", "information"), ("about", "agency")], false),
            page(&[("want", "complaint")], false),
        ]
    }
}

#[cfg(test)]
impl UnitsPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let page = |said: &str, units| UnitsPage {
            frame: frame.clone(),
            search: search(said),
            said: said.into(),
            units,
        };
        vec![page("", vec![Link::new("/ask/new?unit=a", "样例市教育局")]), page("没有", Vec::new())]
    }
}
