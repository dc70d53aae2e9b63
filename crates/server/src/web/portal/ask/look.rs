//! "Is it already there?": published items like what is written in a field of the form, as a list under the field. With
//! script it follows the typing (`/ask/look`), without script a button of the form shows it.

use super::super::super::Answer;
use super::super::super::form::Typed;
use super::super::super::found::{Found, FoundItem};
use super::super::super::frame::{ok, see};
use super::super::super::words::day;
use super::form::Row;
use super::unkept;
use crate::{App, Visit};
use axum::extract::{Form as Posted, Path, Query, State};
use service::Result;
use service::asking::{Noted, Suggestion, field_of};
use uuid::Uuid;

/// Fewer characters say nothing yet.
const LEAST: usize = 4;

/// The address where an item opens.
fn target(item: &Suggestion) -> String {
    item.place.path(item.id)
}

fn item(suggestion: &Suggestion, unit: Option<Uuid>) -> FoundItem {
    let asked = unit.map_or_else(String::new, |u| format!("?unit={u}"));
    let about = [
        suggestion.number.clone().unwrap_or_default(),
        suggestion.unit.clone(),
        format!("{}公开", day(suggestion.on)),
    ];
    FoundItem {
        href: format!("/ask/open/{}{asked}", suggestion.id),
        title: suggestion.title.clone(),
        about: about.into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("　"),
    }
}

async fn found(app: &App, said: &str, unit: Option<Uuid>) -> Result<Vec<FoundItem>> {
    if said.trim().chars().count() < LEAST {
        return Ok(Vec::new());
    }
    let all = app.service.suggest(said).await?;
    Ok(all.iter().map(|s| item(s, unit)).collect())
}

/// What the rows of a form find; counted once a form.
pub(super) async fn of_rows(app: &App, visit: &mut Visit, rows: &[Row], seen: bool) -> Result<Vec<Found>> {
    let mut all = Vec::new();
    let mut counted = seen;
    for (n, row) in (1..).zip(rows) {
        let allowed = app.look_throttle.admit(visit.peer, visit.ctx.at);
        let items = if allowed { found(app, row.subject(), row.unit()).await? } else { Vec::new() };
        if !items.is_empty() && !counted {
            app.service.note_suggestion(visit.context(), row.unit(), Noted::Shown).await?;
            counted = true;
        }
        let none = if !allowed {
            "查找过于频繁，请稍后再试。"
        } else if row.subject().trim().chars().count() < LEAST {
            "请先填写所需信息的内容描述。"
        } else {
            "没有找到内容相近的公开信息，可以继续填写。"
        };
        all.push(Found { of: field_of("subject", n), items, none });
    }
    Ok(all)
}

/// What one field finds while it is filled in: the list alone.
pub(super) async fn look(
    State(app): State<App>,
    mut visit: Visit,
    Posted(pairs): Posted<Vec<(String, String)>>,
) -> Answer {
    let typed = Typed::new(pairs);
    let unit = typed.id("addressee");
    let allowed = app.look_throttle.admit(visit.peer, visit.ctx.at);
    let items = if allowed { found(&app, typed.get("subject"), unit).await? } else { Vec::new() };
    if !items.is_empty() && typed.get("seen").is_empty() {
        app.service.note_suggestion(visit.context(), unit, Noted::Shown).await?;
    }
    Ok(unkept(ok(&Found { of: "subject".into(), items, none: "" })))
}

/// Opens a published item, and counts that it was opened.
pub(super) async fn open(
    State(app): State<App>,
    mut visit: Visit,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let item = app.service.published_item(id).await?;
    if app.look_throttle.admit(visit.peer, visit.ctx.at) {
        let unit = Typed::new(query).id("unit");
        app.service.note_suggestion(visit.context(), unit, Noted::Opened).await?;
    }
    Ok(see(&target(&item)))
}

#[cfg(test)]
pub(super) fn sample() -> Vec<Found> {
    let item = |href: &str| FoundItem {
        href: href.into(),
        title: "关于样例项目的批复".into(),
        about: "样例发〔2020〕1号　样例市教育局　2020年3月8日公开".into(),
    };
    vec![Found { of: "subject".into(), items: vec![item("/ask/open/1"), item("")], none: "" }]
}
