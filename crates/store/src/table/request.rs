//! Disclosure requests: where each stands.

use crate::row::{row, values};
use crate::select::{Select, day};
use crate::{Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A request.
    RequestRow {
        /// Its id.
        id: Uuid,
        /// The unit whose report counts it.
        unit: Uuid,
        /// The unit it is addressed to, whose numbers it carries.
        addressee: Uuid,
        /// Its number, once registered; unique per addressee.
        number: Option<String>,
        /// Class of the applicant, a column of table three.
        class: String,
        /// How it came.
        channel: String,
        /// What is asked for, without personal data.
        subject: String,
        /// Where it stands.
        stage: String,
        /// The day it arrived.
        arrived_on: Date,
        /// The day it counts as received.
        received_on: Option<Date>,
        /// The last day to answer, as far as it is known.
        due_on: Option<Date>,
        /// Whether that day rests on a calendar not yet announced.
        due_provisional: bool,
        /// The decision.
        decision: Option<String>,
        /// The row of table three that counts it.
        row: Option<String>,
        /// The day of the decision.
        decided_on: Option<Date>,
        /// The day it was served.
        served_on: Option<Date>,
        /// The day it was finished.
        finished_on: Option<Date>,
        /// Its personal data.
        personal: Option<Uuid>,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

row! {
    /// Which version of a request there is.
    RequestVersion {
        /// The request.
        id: Uuid,
        /// Ordinal of the last entry of its docket.
        version: i64,
    }
}

impl RequestRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.arrived_on, self.id)
    }
}

/// Which requests.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// Only counted by these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only those that this unit handles or helps with.
    pub helper: Option<Uuid>,
    /// Only of applicants of this class.
    pub class: Option<String>,
    /// Only of this row of table three.
    pub row: Option<String>,
    /// Only at this stage.
    pub stage: Option<String>,
    /// Only received in this year.
    pub received_in: Option<i16>,
    /// Only finished in this year.
    pub finished_in: Option<i16>,
    /// Only open at the end of this year: received by 31 December and not finished by then.
    pub open_at_end_of: Option<i16>,
    /// Only not finished.
    pub open: bool,
    /// Only with this text in the subject or the number.
    pub text: Option<String>,
}

const SELECT: &str = "select id, unit, addressee, number, class, channel, subject, stage, arrived_on, received_on, \
                      due_on, due_provisional, decision, row, decided_on, served_on, finished_on, personal, version \
                      from request where region = $1";
const VERSION: &str = "select id, version from request where region = $1";
const COUNT: &str = "select count(*) as n from request where region = $1";

/// The expression that the index on the day of finishing is made of.
const FINISHED: &str = "coalesce(finished_on, '9999-12-31')";

fn filtered(base: &'static str, region: Region, filter: &RequestFilter) -> Select {
    let year_end = filter.open_at_end_of.map(|year| day(year, 12, 31));
    Select::new(base, region)
        .within("unit", filter.units.as_deref())
        .maybe("id in (select request from helper where region = $1 and unit = {})", filter.helper)
        .maybe("class = {}", filter.class.clone())
        .maybe("row = {}", filter.row.clone())
        .maybe("stage = {}", filter.stage.clone())
        .in_year("received_on", filter.received_in)
        .in_year(FINISHED, filter.finished_in)
        // `coalesce` also keeps the planner from the index on `received_on`, which nearly every row would pass.
        .maybe("coalesce(received_on, '9999-12-31') <= {}", year_end)
        .maybe("coalesce(finished_on, '9999-12-31') > {}", year_end)
        .only("finished_on is null", filter.open)
        .containing(&["subject", "number"], filter.text.as_deref())
}

impl Tx {
    /// Writes a request, new or changed.
    ///
    /// # Errors
    /// [`crate::Error::Conflict`] if the addressee gave its number to another one.
    pub async fn put_request(&mut self, region: Region, request: &RequestRow) -> Result<()> {
        let sql = "insert into request (region, id, unit, addressee, number, class, channel, subject, stage, \
                   arrived_on, received_on, due_on, due_provisional, decision, row, decided_on, served_on, \
                   finished_on, personal, version) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, \
                   $14, $15, $16, $17, $18, $19, $20) \
                   on conflict (region, id) do update set unit = excluded.unit, addressee = excluded.addressee, \
                   number = excluded.number, class = excluded.class, channel = excluded.channel, \
                   subject = excluded.subject, stage = excluded.stage, arrived_on = excluded.arrived_on, \
                   received_on = excluded.received_on, due_on = excluded.due_on, \
                   due_provisional = excluded.due_provisional, decision = excluded.decision, row = excluded.row, \
                   decided_on = excluded.decided_on, served_on = excluded.served_on, \
                   finished_on = excluded.finished_on, personal = excluded.personal, version = excluded.version";
        self.run(sql, request.values(region)).await?;
        Ok(())
    }

    /// The request with this id.
    pub async fn request(&mut self, region: Region, id: Uuid) -> Result<Option<RequestRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// The requests with these ids, by id.
    pub async fn requests_with_ids(&mut self, region: Region, ids: &[Uuid]) -> Result<Vec<RequestRow>> {
        Select::new(SELECT, region).within("id", Some(ids)).then("order by id").all(self).await
    }

    /// The version of the requests with these ids.
    pub async fn request_versions(&mut self, region: Region, ids: &[Uuid]) -> Result<Vec<RequestVersion>> {
        Select::new(VERSION, region).within("id", Some(ids)).all(self).await
    }

    /// Writes the last day to answer of these requests, which have it in common; how many there are.
    pub async fn put_due(
        &mut self,
        region: Region,
        ids: &[Uuid],
        due_on: Option<Date>,
        provisional: bool,
    ) -> Result<u64> {
        let base = "update request set due_on = $2, due_provisional = $3 where region = $1";
        let select = Select::changing(base, region, values![due_on, provisional]);
        select.within("id", Some(ids)).run(self).await
    }

    /// The request to which the addressee gave this number.
    pub async fn request_by_number(
        &mut self,
        region: Region,
        addressee: Uuid,
        number: &str,
    ) -> Result<Option<RequestRow>> {
        let select = Select::new(SELECT, region).and("addressee = {}", addressee);
        select.and("number = {}", number.to_owned()).one(self).await
    }

    /// Requests, the latest arrived first, at most `limit`, after the [`RequestRow::paging_key`] of the last one seen.
    pub async fn requests(
        &mut self,
        region: Region,
        filter: &RequestFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<RequestRow>> {
        let mut select = filtered(SELECT, region, filter);
        if let Some((arrived_on, id)) = after {
            select = select.after("arrived_on, id", "<", arrived_on, id);
        }
        select.then("order by arrived_on desc, id desc").limit(limit).all(self).await
    }

    /// Every request, by id: the next `limit` after `after` (nil before the first). A walk over all of them needs no
    /// more memory than a page.
    pub async fn requests_by_id(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<RequestRow>> {
        if let Some(rows) = self.packed_requests(region, after, limit).await? {
            return Ok(rows);
        }
        Select::new(SELECT, region).and("id > {}", after).then("order by id").limit(limit).all(self).await
    }

    /// Requests that are not finished and have a last day, the earliest first, at most `limit`; `until` leaves out
    /// those due later. `after` is the last day and id of the last one seen.
    pub async fn requests_due(
        &mut self,
        region: Region,
        filter: &RequestFilter,
        until: Option<Date>,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<RequestRow>> {
        let mut select = filtered(SELECT, region, filter)
            .only("finished_on is null and due_on is not null", true)
            .maybe("due_on <= {}", until);
        if let Some((due_on, id)) = after {
            select = select.after("due_on, id", ">", due_on, id);
        }
        select.then("order by due_on, id").limit(limit).all(self).await
    }

    /// How many requests.
    pub async fn count_requests(&mut self, region: Region, filter: &RequestFilter) -> Result<i64> {
        filtered(COUNT, region, filter).count(self).await
    }
}
