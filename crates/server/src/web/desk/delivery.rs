//! 推送记录: what was told to which channel and how that went; where a document went.

use super::super::Answer;
use super::super::form::{Choice, Field, Form, Typed};
use super::super::frame::{Badge, Frame, Link, ok, see};
use super::super::words::{day, moment};
use super::board::Count;
use super::register::{Desk, ROWS, Section};
use super::{Officer, World, or_none, settle};
use crate::App;
use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::routing::{get, post};
use service::channel::{DeliveryState, Sent, What, Whereabout};
use service::document::Documents;
use service::{Context, Permission, Result, Service};
use uuid::Uuid;

/// Address of the list.
pub(super) const HOME: &str = "/desk/deliveries";

/// `/desk/deliveries`
pub fn routes() -> Router<App> {
    Router::new().route(HOME, get(list)).route("/desk/deliveries/{id}/resend", post(resend))
}

fn badge(state: DeliveryState) -> Badge {
    let tone = match state {
        DeliveryState::Waiting => "yellow",
        DeliveryState::Delivered | DeliveryState::Exported => "green",
        DeliveryState::Failed => "red",
        DeliveryState::Resent => "grey",
    };
    Badge::new(state.label(), tone)
}

/// A delivery in the list.
#[derive(Debug, Clone)]
pub struct DeliveryLine {
    pub(super) document: Link,
    pub(super) channel: String,
    pub(super) what: &'static str,
    pub(super) at: String,
    pub(super) badge: Badge,
    /// Why it failed, and how often it was tried; may be empty.
    pub(super) why: String,
    /// Where it is sent again; empty if it cannot be.
    pub(super) resend: String,
}

/// The list of deliveries.
#[derive(Debug, Template)]
#[template(path = "desk/deliveries.html")]
pub struct DeliveriesPage {
    pub(super) frame: Frame,
    pub(super) filter: Form,
    pub(super) filtered: bool,
    pub(super) lines: Vec<DeliveryLine>,
    pub(super) next: String,
}

fn line(sent: Sent, may: bool) -> DeliveryLine {
    let row = sent.row;
    let state = DeliveryState::parse(&row.state).unwrap_or(DeliveryState::Waiting);
    let why = match (state, row.failed) {
        (DeliveryState::Waiting | DeliveryState::Failed | DeliveryState::Resent, Some(why)) => {
            format!("{why}（已经尝试{}次）", row.tries)
        }
        _ => String::new(),
    };
    DeliveryLine {
        document: Link::new(Documents::at(row.document), sent.title),
        channel: sent.channel,
        what: What::label(&row.what),
        at: moment(row.settled_at.unwrap_or(row.made_at)),
        badge: badge(state),
        why,
        resend: if may && state == DeliveryState::Failed {
            format!("{HOME}/{}/resend", row.id)
        } else {
            String::new()
        },
    }
}

async fn list(
    State(app): State<App>,
    Officer(mut visit): Officer,
    Query(query): Query<Vec<(String, String)>>,
) -> Answer {
    let query = Typed::new(query);
    let frame = Frame::desk(&app, &mut visit, "推送记录", &Documents::home()).told(query.get("done"));
    let world = World::read(&app, &visit).await?.with_people(&app, &visit).await?;
    let state = DeliveryState::parse(query.get("state"));
    let (channel, before) = (query.id("channel"), query.id("after"));
    let found = app.service.deliveries(&visit.ctx, (state, channel), before, ROWS).await?;
    let full = i64::try_from(found.len()).is_ok_and(|n| n == ROWS);
    let kept: String = [("state", query.get("state")), ("channel", query.get("channel"))]
        .into_iter()
        .filter(|(name, _)| if *name == "state" { state.is_some() } else { channel.is_some() })
        .map(|(name, value)| format!("{name}={value}&"))
        .collect();
    let next = found.last().filter(|_| full).map(|s| format!("{HOME}?{kept}after={}", s.row.id));
    let states = DeliveryState::ALL.map(|s| Choice::new(s.key(), s.label())).into();
    let channels = world.channels.iter().map(|c| Choice::new(c.id.to_string(), &c.name)).collect();
    let filter = vec![
        Field::select("state", "结果", or_none("全部结果", states)).optional().value(query.get("state")),
        Field::select("channel", "渠道", or_none("全部渠道", channels))
            .optional()
            .value(query.get("channel")),
    ];
    let may = world.actor.may(Permission::EditRegisters);
    Ok(ok(&DeliveriesPage {
        frame,
        filter: Form::get(HOME, "筛选", filter),
        filtered: !kept.is_empty(),
        lines: found.into_iter().map(|sent| line(sent, may)).collect(),
        next: next.unwrap_or_default(),
    }))
}

async fn resend(State(app): State<App>, Officer(mut visit): Officer, Path(id): Path<Uuid>) -> Answer {
    // Whoever is late finds it sent again already, and that is what was wanted.
    settle(app.service.resend_delivery(visit.context(), id).await, &mut Typed::default())?;
    Ok(see(&format!("{HOME}?done=resent")))
}

/// How many were given up, for who edits.
pub(super) async fn waiting(service: &Service, ctx: &Context) -> Result<Option<Count>> {
    if !ctx.actor.may(Permission::EditRegisters) {
        return Ok(None);
    }
    let n = service.failed_deliveries(ctx).await?;
    Ok((n > 0).then(|| Count::new("推送失败", n, "red", format!("{HOME}?state=failed"))))
}

/// A place a document went to.
#[derive(Debug, Clone)]
pub struct WentLine {
    pub(super) channel: String,
    pub(super) what: &'static str,
    pub(super) on: String,
    pub(super) badge: Badge,
    pub(super) why: String,
    pub(super) url: String,
}

/// 去向
#[derive(Debug, Template)]
#[template(path = "desk/whereabouts.html")]
pub struct WhereaboutsPart {
    pub(super) lines: Vec<WentLine>,
}

fn went(w: Whereabout) -> WentLine {
    WentLine {
        channel: w.channel,
        what: if w.state.is_some() { w.what } else { "人工发布" },
        on: day(w.on),
        badge: w.state.map_or_else(|| Badge::new("已经发布", "green"), badge),
        why: w.failed.unwrap_or_default(),
        url: w.url.unwrap_or_default(),
    }
}

/// Where a document went; no section while it went nowhere.
pub(super) async fn section(service: &Service, ctx: &Context, id: Uuid) -> Result<Option<Section>> {
    let lines: Vec<WentLine> = service.whereabouts(ctx, id).await?.into_iter().map(went).collect();
    if lines.is_empty() {
        return Ok(None);
    }
    Section::of("whereabouts", "去向", &WhereaboutsPart { lines }).map(Some)
}

#[cfg(test)]
pub(super) fn sample_section() -> Section {
    let of = |state, url: Option<&str>| {
        went(Whereabout {
            channel: "样例渠道".into(),
            what: "发布",
            on: jiff::civil::date(2024, 3, 4),
            state,
            failed: (state == Some(DeliveryState::Failed)).then(|| "对方返回状态码500".into()),
            url: url.map(str::to_owned),
        })
    };
    let lines = vec![of(Some(DeliveryState::Failed), None), of(None, Some("https://media.example.gov.cn/1"))];
    Section::of("whereabouts", "去向", &WhereaboutsPart { lines }).unwrap_or_default()
}

#[cfg(test)]
impl DeliveriesPage {
    pub(crate) fn samples(frame: &Frame) -> Vec<Self> {
        let of = |state: DeliveryState| DeliveryLine {
            document: Link::new("/desk/documents/1", "样例办法"),
            channel: "样例渠道".into(),
            what: "发布",
            at: "2024年3月4日 09:30".into(),
            badge: badge(state),
            why: "对方返回状态码500（已经尝试8次）".into(),
            resend: if state == DeliveryState::Failed { format!("{HOME}/1/resend") } else { String::new() },
        };
        let page = |lines, next: &str| DeliveriesPage {
            frame: frame.clone(),
            filter: Form::get(HOME, "筛选", vec![Field::text("state", "结果").optional()]),
            filtered: false,
            lines,
            next: next.into(),
        };
        vec![page(DeliveryState::ALL.map(of).into(), "/desk/deliveries?after=1"), page(Vec::new(), "")]
    }
}
