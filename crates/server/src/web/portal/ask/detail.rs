//! What an agency says of asking it, and the details it offers to fill in (条例第二十九条第二款第二项: 便于行政机关查询的
//! 其他特征性描述). What is filled in becomes part of what is wanted, so nothing else of the house knows of it.

use super::super::super::Answer;
use super::super::super::form::{Field, Group, Typed};
use super::super::super::frame::ok;
use super::form::Row;
use super::unkept;
use crate::{App, Visit};
use axum::extract::{Query, State};
use law::docket::unit::Profile;
use service::Result;
use service::asking::field_of;
use uuid::Uuid;

/// Name of a detail of the `n`th row, both counted from 1.
pub(super) fn name_of(detail: usize, n: usize) -> String {
    field_of(&format!("detail{detail}"), n)
}

/// Name under which its label comes back.
pub(super) fn label_of(detail: usize, n: usize) -> String {
    field_of(&format!("label{detail}"), n)
}

/// The part of the form that belongs to the agency of the `n`th row, with what is filled in; empty where the agency has
/// said nothing.
fn part(n: usize, unit: &str, profile: &Profile, filled: &[String]) -> Group {
    let field = |(at, label): (usize, &str)| {
        let value = filled.get(at).cloned().unwrap_or_default();
        Field::text(&name_of(at + 1, n), label).optional().value(value)
    };
    let fields: Vec<Field> = profile.details().into_iter().enumerate().map(field).collect();
    let shown = (field_of("shown", n), unit.to_owned());
    let any = !fields.is_empty();
    // Each goes back with its label: the agency may ask other things by then.
    let labels = (1..).zip(profile.details()).map(|(d, label)| (label_of(d, n), label.to_owned()));
    let hints = [profile.asking_hint.as_str(), if any { "知道下列内容的，填写后便于查找：" } else { "" }];
    Group {
        id: format!("group-{}", field_of("addressee", n)),
        hints: hints.into_iter().filter(|h| !h.is_empty()).map(String::from).collect(),
        fields,
        hidden: if any { std::iter::once(shown).chain(labels).collect() } else { Vec::new() },
    }
}

async fn profile(app: &App, unit: &str) -> Result<Profile> {
    match Uuid::parse_str(unit) {
        Ok(id) => app.service.unit_profile(id).await,
        Err(_) => Ok(Profile::default()),
    }
}

/// The parts of all rows.
pub(super) async fn of_rows(app: &App, rows: &[Row]) -> Result<Vec<Group>> {
    let mut all = Vec::new();
    for (n, row) in (1..).zip(rows) {
        let profile = profile(app, &row.addressee).await?;
        all.push(part(n, &row.addressee, &profile, &row.details));
    }
    Ok(all)
}

/// Puts what was filled in for an agency into what is wanted: of every row, or only where another agency was chosen
/// since, whose form asks other things. Whether anything was put in.
pub(super) fn settle(rows: &mut [Row], every: bool) -> bool {
    let mut changed = false;
    for row in rows.iter_mut().filter(|r| every || r.shown != r.addressee) {
        if row.details.iter().any(|d| !d.trim().is_empty()) {
            row.settle();
            changed = true;
        }
    }
    changed
}

/// `/ask/detail?unit=ID&row=N`: the part alone, for the script of the form.
pub(super) async fn detail(
    State(app): State<App>,
    _: Visit,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let asked = Typed::new(query);
    let n = asked.get("row").parse().unwrap_or(1);
    let unit = asked.get("unit");
    Ok(unkept(ok(&part(n, unit, &profile(&app, unit).await?, &[]))))
}

#[cfg(test)]
pub(super) fn none(n: usize) -> Group {
    part(n, "", &Profile::default(), &[])
}

#[cfg(test)]
pub(super) fn sample() -> Vec<Group> {
    let profile = Profile {
        asking_hint: "请写明<项目名称>".into(),
        asking_details: "项目名称、年份".into(),
        ..Profile::default()
    };
    vec![part(1, "u", &profile, &["样例项目".into()])]
}
