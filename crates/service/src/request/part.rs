//! 一事一申请: a paper with several matters becomes several requests; the same request registered twice becomes one.

use super::{NewRequest, Requests};
use crate::error::{Error, Result};
use crate::register::{Change, Work, recorded};
use crate::unit::id_of;
use jiff::civil::Date;
use law::docket::request::{Link, Relation, RequestEvent, Standing};
use uuid::Uuid;

impl Work<'_> {
    /// Splits a request: `subject` stays, each of `others` goes on in a docket of its own that arrived, was confirmed
    /// and was corrected when the first was, so that its clock is the same. Returns the version.
    pub(super) async fn split(
        &mut self,
        id: Uuid,
        version: u32,
        on: Date,
        (subject, others): (String, Vec<String>),
    ) -> Result<u32> {
        let standing = self.standing_of(id).await?;
        let mut into = Vec::with_capacity(others.len());
        for other in others.iter().filter(|o| !o.trim().is_empty()) {
            into.push(self.part(id, &standing, other, on).await?.to_string());
        }
        let split = RequestEvent::Split { subject, into };
        self.change::<Requests>(id, version, Change::event(on, split)).await
    }

    /// Merges a request into another of the same agency: it is finished as 其他处理, and the other says so. Returns the
    /// version.
    pub(super) async fn merge(&mut self, id: Uuid, version: u32, on: Date, into: &str) -> Result<u32> {
        let one = self.standing_of(id).await?;
        let into = self.named_request(&one, into).await?;
        self.must_reach_docket::<Requests>(into).await?;
        let other = self.standing_of(into).await?;
        let open = other.withdrawn_on.is_none() && other.merged.is_none() && id != into;
        if !open || one.addressee != other.addressee {
            let text = "只能并入同一受理机关另一件未撤回、未并出的申请，请核对编号";
            return Err(Error::refused("merge-elsewhere", text, "条例第四十五条"));
        }
        self.link(into, id, Relation::MergedFrom, on).await?;
        let merged = RequestEvent::Merged { into: into.to_string() };
        self.change::<Requests>(id, version, Change::event(on, merged)).await
    }

    /// The request that an officer names: by its number with the same agency, or by its id.
    pub(super) async fn named_request(&mut self, one: &Standing, text: &str) -> Result<Uuid> {
        let text = text.trim();
        let addressee = id_of(&Some(one.addressee.clone())).unwrap_or_default();
        let found = match Uuid::parse_str(text) {
            Ok(id) => self.tx.request(self.region, id).await?,
            Err(_) => self.tx.request_by_number(self.region, addressee, text).await?,
        };
        found.map(|r| r.id).ok_or_else(|| {
            Error::refused("no-such-request", format!("没有找到编号为“{text}”的申请，请核对编号"), "")
        })
    }

    async fn standing_of(&mut self, id: Uuid) -> Result<Standing> {
        let docket = recorded(&self.docket::<Requests>(id).await?);
        Standing::of(&docket).ok_or_else(|| Error::NotFound("这份申请的登记已经作废".into()))
    }

    /// Records in `id` that `other` is related to it.
    async fn link(&mut self, id: Uuid, other: Uuid, relation: Relation, on: Date) -> Result<u32> {
        let version = u32::try_from(self.docket::<Requests>(id).await?.len()).unwrap_or(u32::MAX);
        let link = Link { request: other.to_string(), relation, note: String::new() };
        self.change::<Requests>(id, version, Change::event(on, RequestEvent::Linked(link))).await
    }

    /// One matter of a request as a docket of its own.
    async fn part(&mut self, of: Uuid, whole: &Standing, subject: &str, on: Date) -> Result<Uuid> {
        let id = self.ctx.new_id();
        let unit = |text: &str| id_of(&Some(text.to_owned())).unwrap_or_default();
        let person = match id_of(&whole.applicant) {
            Some(record) => self.tx.personal(self.region, record).await?.filter(|p| p.erased_at.is_none()),
            None => None,
        };
        let person = person.map(|p| self.vault.open(p.id, &p.nonce, &p.sealed)).transpose()?;
        let new = NewRequest {
            arrived_on: whole.arrived_on,
            channel: whole.channel,
            addressee: unit(&whole.addressee),
            counted_by: unit(&whole.counted_by),
            class: whole.class,
            subject: subject.to_owned(),
            person,
            wanted: whole.wanted.clone(),
            confirmed_on: whole.confirmed_on,
        };
        let mut version = self.receive(id, new).await?.version;
        if let Some(c) = &whole.correction {
            let noticed = RequestEvent::CorrectionNoticed { items: c.items.clone(), reply_by: c.reply_by };
            version = self.change::<Requests>(id, version, Change::event(c.noticed_on, noticed)).await?;
            if let Some(on) = c.received_on {
                let received = Change::event(on, RequestEvent::CorrectionReceived);
                self.change::<Requests>(id, version, received).await?;
            }
        }
        self.link(id, of, Relation::SplitFrom, on).await?;
        Ok(id)
    }
}
