//! The desk: pages of officers. Registers share one set of pages, [`register`]; each has one file that says what its
//! columns, steps and forms are.

pub mod account;
pub mod archive;
pub mod attribute_review;
pub mod board;
pub mod case_paper;
pub mod catalogue;
pub mod catalogue_import;
pub mod cell;
pub mod channel;
pub mod classes;
pub mod cleanup;
pub mod collection;
pub mod consultation;
pub mod content;
pub mod coverage;
pub mod delivery;
pub mod dispute;
pub mod docket;
pub mod document;
pub mod document_batch;
pub mod document_draft;
pub mod event_words;
pub mod figure;
pub mod file;
pub mod filing;
pub mod handover;
pub mod inbox;
pub mod inspection;
pub mod inspection_list;
mod inspection_paper;
pub mod interpretation;
pub mod journal;
pub mod ledger;
pub mod letter;
pub mod letter_setup;
pub mod notice;
pub mod opinion;
pub mod proactive;
pub mod publication;
pub mod record_correction;
pub mod redact;
pub mod register;
pub mod report;
pub mod report_act;
pub mod report_filing;
pub mod report_list;
pub mod request;
pub mod request_draft;
pub mod request_form;
pub mod request_read;
pub mod rule;
pub mod rules;
#[cfg(test)]
mod samples;
pub mod schedule;
pub mod sign_in;
pub mod submission;
pub mod text;
pub mod transfer;
pub mod unit;
pub mod validity;
pub mod words;

use super::form::{Choice, Typed};
use super::frame::see;
use super::words::encoded;
use crate::error::PageError;
use crate::{App, Visit};
use axum::Router;
use axum::extract::{FromRequestParts, OriginalUri};
use axum::http::Method;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::civil::Date;
use law::calendar::Calendar;
use service::account::Colleague;
use service::row::{ChannelRow, UnitRow};
use service::unit::Tree;
use service::{Actor, Error, Permission, Result};
use uuid::Uuid;

/// The routes of the desk.
pub fn routes() -> Router<App> {
    sign_in::routes()
        .merge(board::routes())
        .merge(register::routes::<service::unit::Units>())
        .merge(register::routes::<service::document::Documents>())
        .merge(register::routes::<service::document::DocumentDrafts>())
        .merge(register::routes::<service::catalogue::CatalogueEntries>())
        .merge(register::routes::<service::consultation::Consultations>())
        .merge(register::routes::<service::request::Requests>())
        .merge(register::routes::<service::dispute::Disputes>())
        .merge(register::routes::<service::record_correction::RecordCorrections>())
        .merge(register::routes::<service::figure::YearFigures>())
        .merge(register::routes::<service::channel::Channels>())
        .merge(channel::routes())
        .merge(delivery::routes())
        .merge(record_correction::routes())
        .merge(request::routes())
        .merge(handover::routes())
        .merge(archive::routes())
        .merge(ledger::routes())
        .merge(letter::routes())
        .merge(case_paper::routes())
        .merge(redact::routes())
        .merge(letter_setup::routes())
        .merge(words::routes())
        .merge(file::routes())
        .merge(content::routes())
        .merge(opinion::routes())
        .merge(interpretation::routes())
        .merge(document_batch::routes())
        .merge(validity::routes())
        .merge(schedule::routes())
        .merge(catalogue::routes())
        .merge(catalogue_import::routes())
        .merge(coverage::routes())
        .merge(attribute_review::routes())
        .merge(cleanup::routes())
        .merge(filing::routes())
        .merge(publication::routes())
        .merge(transfer::routes())
        .merge(report_list::routes())
        .merge(collection::routes())
        .merge(report_filing::routes())
        .merge(report::routes())
        .merge(inspection_list::routes())
        .merge(inspection::routes())
        .merge(rules::routes())
        .merge(rule::routes())
        .merge(text::routes())
        .merge(cell::routes())
        .merge(account::routes())
        .merge(journal::routes())
        .merge(notice::routes())
        .merge(inbox::routes())
}

/// A visit by somebody who is signed in; others are sent to sign in and come back.
#[derive(Debug)]
pub struct Officer(pub Visit);

impl FromRequestParts<App> for Officer {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> std::result::Result<Self, Response> {
        let visit = <Visit as FromRequestParts<App>>::from_request_parts(parts, app)
            .await
            .map_err(IntoResponse::into_response)?;
        if visit.signed_in() {
            let mut visit = visit;
            if parts.method == Method::GET {
                // The page is worth more than the number: without it the page has none.
                visit.unread = app.service.unread_notices(&visit.ctx).await.unwrap_or_default();
            }
            return Ok(Officer(visit));
        }
        if parts.method == Method::GET {
            let wanted = parts
                .extensions
                .get::<OriginalUri>()
                .map_or_else(|| parts.uri.to_string(), |uri| uri.0.to_string());
            return Err(see(&format!("/desk/sign-in?to={}", encoded(&wanted))));
        }
        Err(PageError(Error::SignIn).into_response())
    }
}

/// What forms and pages of a register need to know besides its dockets.
#[derive(Debug, Clone)]
pub struct World<'a> {
    /// All units of the region.
    pub tree: Tree,
    /// Who asks.
    pub actor: &'a Actor,
    /// Today in Asia/Shanghai.
    pub today: Date,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Working days before the reply is due by which a handling unit has to be ready; 0 for no such limit.
    pub handling_days: u32,
    /// Days within which a normative document is reported after its publication.
    pub filing_days: u32,
    /// The officers of the region; read only for the pages that name them.
    pub people: Vec<Colleague>,
    /// The channels of the region; read with the officers.
    pub channels: Vec<ChannelRow>,
}

impl<'a> World<'a> {
    /// Reads it.
    pub async fn read(app: &'a App, visit: &'a Visit) -> Result<World<'a>> {
        Ok(World {
            tree: Tree(app.service.units().await?),
            actor: &visit.ctx.actor,
            today: visit.today(),
            calendar: app.service.calendar(),
            handling_days: app.settings.handling_days(),
            filing_days: app.settings.filing_days(),
            people: Vec::new(),
            channels: Vec::new(),
        })
    }

    /// With the officers and the channels of the region, if this one reads registers.
    pub async fn with_people(mut self, app: &App, visit: &Visit) -> Result<World<'a>> {
        if self.actor.may(Permission::ReadRegisters) {
            self.people = app.service.colleagues(&visit.ctx).await?;
            self.channels = app.service.channels(&visit.ctx).await?;
        }
        Ok(self)
    }

    /// The name of a channel.
    pub fn channel(&self, id: &str) -> String {
        let known = self.channels.iter().find(|c| c.id.to_string() == id);
        known.map_or_else(|| "（登记已经作废）".to_owned(), |c| c.name.clone())
    }

    /// The name of an officer.
    pub fn person(&self, account: &str) -> String {
        let known = self.people.iter().find(|p| p.id.to_string() == account);
        known.map_or_else(|| "（账号不存在）".to_owned(), |p| p.name.clone())
    }

    /// The officers of a unit under whose accounts a request can be handled, as choices.
    pub fn handlers(&self, unit: &str) -> Vec<Choice> {
        let of = |p: &&Colleague| p.handles && p.unit.is_none_or(|own| own.to_string() == unit);
        self.people.iter().filter(of).map(|p| Choice::new(p.id.to_string(), &p.name)).collect()
    }

    /// The officers of these units and of the whole region under whose accounts a request can be looked at, and those who
    /// are chosen already, as choices.
    pub fn readers(&self, units: &[&str], chosen: &[String]) -> Vec<Choice> {
        let near = |p: &Colleague| p.unit.is_none_or(|own| units.contains(&own.to_string().as_str()));
        let of = |p: &&Colleague| (p.reads && near(p)) || chosen.contains(&p.id.to_string());
        self.people.iter().filter(of).map(|p| Choice::new(p.id.to_string(), &p.name)).collect()
    }

    /// Whether the unit is out of the actor's reach, so that a docket of it is seen only by helping with it.
    pub fn only_helps(&self, counted_by: &str) -> bool {
        Uuid::parse_str(counted_by).is_ok_and(|unit| !self.reaches(unit))
    }

    /// The unit with this id.
    pub fn unit(&self, id: Uuid) -> Option<&UnitRow> {
        self.tree.0.iter().find(|u| u.id == id)
    }

    /// The name of the unit with this id; the text itself if it is no unit.
    pub fn name(&self, id: &str) -> String {
        Uuid::parse_str(id)
            .ok()
            .and_then(|id| self.unit(id))
            .map_or_else(|| id.to_owned(), |u| u.name.clone())
    }

    /// The short name of a unit.
    pub fn short(&self, id: Uuid) -> String {
        self.unit(id).map_or_else(|| "—".to_owned(), |u| u.short_name.clone())
    }

    /// Whether the officer may see the records of this unit.
    pub fn reaches(&self, unit: Uuid) -> bool {
        self.tree.reach(self.actor).is_none_or(|reach| reach.contains(&unit))
    }

    /// Whether the unit exists today.
    fn exists(&self, unit: &UnitRow) -> bool {
        unit.valid_to.is_none_or(|end| end >= self.today)
    }

    /// Units the officer may work for, as choices.
    pub fn own_units(&self) -> Vec<Choice> {
        let reach = self.tree.reach(self.actor);
        let mine = |u: &&UnitRow| reach.as_ref().is_none_or(|r| r.contains(&u.id));
        self.tree.0.iter().filter(mine).filter(|u| self.exists(u)).map(choice).collect()
    }

    /// All units that exist, as choices.
    pub fn units(&self) -> Vec<Choice> {
        self.tree.0.iter().filter(|u| self.exists(u)).map(choice).collect()
    }

    /// All units, those that were closed too, as choices of a filter.
    pub fn every_unit(&self) -> Vec<Choice> {
        let reach = self.tree.reach(self.actor);
        let mine = |u: &&UnitRow| reach.as_ref().is_none_or(|r| r.contains(&u.id));
        self.tree.0.iter().filter(mine).map(choice).collect()
    }

    /// The unit an officer works for, as the value of a form.
    pub fn home(&self) -> Option<String> {
        self.actor.unit().map(|u| u.to_string())
    }

    /// The units of a filter: the one chosen, or none for all.
    pub fn wanted(&self, query: &Typed) -> Option<Vec<Uuid>> {
        query.id("unit").map(|u| vec![u])
    }
}

fn choice(unit: &UnitRow) -> Choice {
    Choice::new(unit.id.to_string(), &unit.name)
}

/// Choices with an empty one in front.
pub fn or_none(none: &str, mut choices: Vec<Choice>) -> Vec<Choice> {
    choices.insert(0, Choice::new("", none));
    choices
}

/// The years a filter offers: from next year's report back to the first form.
pub fn years(today: Date) -> Vec<Choice> {
    (2017..=today.year()).rev().map(|y| Choice::new(y.to_string(), format!("{y}年"))).collect()
}

/// Puts what a person can mend beside the form, and hands on everything else.
pub fn settle<T>(result: Result<T>, typed: &mut Typed) -> std::result::Result<Option<T>, PageError> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::Refused(all)) => {
            typed.refuse(&all);
            Ok(None)
        }
        Err(Error::Invalid(text)) => {
            typed.wrong("", text);
            Ok(None)
        }
        Err(other) => Err(other.into()),
    }
}
