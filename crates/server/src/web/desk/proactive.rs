//! The section 转主动公开 of a request's page (条例第四十四条): what was suggested and came of it, who else asks for the
//! same, and the prompt to publish it for everybody.

use super::super::words::day;
use super::World;
use super::register::{Desk, Item, Section};
use super::request::SameLine;
use askama::Template;
use law::docket::request::{Stage, Standing};
use service::document::Documents;
use service::request::{AskedByOthers, Requests};
use service::{Context, Error, Permission, Result, Service};
use uuid::Uuid;

/// Other requests named at most.
const MOST: usize = 10;

/// What the section shows.
#[derive(Debug, Template)]
#[template(path = "desk/proactive.html")]
pub struct ProactivePart {
    prompt: String,
    /// Where the suggestion is recorded; empty for who may not.
    record: String,
    facts: Vec<Item>,
    rows: Vec<SameLine>,
    more: usize,
}

/// The section; none where nobody suggested anything and nobody else asks.
pub(super) async fn section(
    service: &Service,
    ctx: &Context,
    id: Uuid,
    standing: &Standing,
    world: &World<'_>,
) -> Result<Option<Section>> {
    let asked = service.asked_by_others(ctx, id).await?;
    let facts = facts(service, ctx, standing).await?;
    if asked.rows.is_empty() && facts.is_empty() {
        return Ok(None);
    }
    let open = standing.proactive.suggestions.is_empty() && standing.merged.is_none();
    // What was refused is no information that may be published.
    let refused = standing.row.is_some_and(|row| row.starts_with("refused"));
    let prompts = open && !refused && standing.received_on.is_some() && asked.are_several();
    let prompt = if prompts { prompt(&asked) } else { String::new() };
    let record = if prompts && world.actor.may(Permission::EditRegisters) {
        format!("{}/record/suggested-proactive", Requests::at(id))
    } else {
        String::new()
    };
    let more = asked.rows.len().saturating_sub(MOST);
    let rows = asked.rows.into_iter().take(MOST).map(|row| SameLine {
        href: Requests::at(row.id),
        number: row.number.unwrap_or_else(|| "（待确认）".into()),
        about: format!("{}到达，{}", day(row.arrived_on), Stage::parse(&row.stage).map_or("", Stage::label)),
        subject: row.subject,
        alike: true,
    });
    let part = ProactivePart { prompt, record, facts, rows: rows.collect(), more };
    Section::of("proactive", "转主动公开", &part).map(Some)
}

fn prompt(asked: &AskedByOthers) -> String {
    format!(
        "连同本件，共有{}个申请人提出{}件内容相同或者相近的申请。该政府信息属于可以公开的，可以纳入主动公开的范围（条例第四十四条）。",
        asked.applicants,
        asked.rows.len() + 1
    )
}

/// What was suggested, and what the review came to.
async fn facts(service: &Service, ctx: &Context, standing: &Standing) -> Result<Vec<Item>> {
    let proactive = &standing.proactive;
    let mut facts: Vec<Item> = proactive
        .suggestions
        .iter()
        .map(|s| {
            let waits = if s.reviewed { "" } else { "，等待审查" };
            let note = if s.note.is_empty() { String::new() } else { format!("：{}", s.note) };
            Item::new(s.by.label(), format!("{}{waits}{note}", day(s.on)))
        })
        .collect();
    let Some(review) = &proactive.review else { return Ok(facts) };
    let why = if review.reason.is_empty() { String::new() } else { format!("：{}", review.reason) };
    facts.push(Item::new("审查结果", format!("{}，{}{why}", day(review.on), review.outcome.label())));
    let document = review.document.as_deref().and_then(|id| Uuid::parse_str(id).ok());
    if let Some(id) = document {
        let title = match service.document_view(ctx, id).await {
            Ok(view) => view.standing.map(|s| s.title),
            // Of another unit, or not in this store: the fact that it was published stands all the same.
            Err(Error::NotAllowed(_) | Error::NotFound(_)) => None,
            Err(other) => return Err(other),
        };
        facts.extend(title.map(|t| Item::new("公开的公文", t).link(Documents::at(id))));
    }
    Ok(facts)
}

/// What the samples of a docket's page show as a section.
#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let row = SameLine {
        href: "/desk/requests/1".into(),
        number: "2020-00002".into(),
        subject: "样例<b>".into(),
        about: "2020年3月8日到达，承办中".into(),
        alike: true,
    };
    let part = ProactivePart {
        prompt: prompt(&AskedByOthers { rows: Vec::new(), applicants: 2 }),
        record: "/desk/requests/1/record/suggested-proactive".into(),
        facts: vec![
            Item::new("申请人建议主动公开", "2020年3月9日"),
            Item::new("公开的公文", "样例").link("/desk/documents/1"),
        ],
        rows: vec![row],
        more: 1,
    };
    Section::of("proactive", "转主动公开", &part).unwrap_or_default()
}
