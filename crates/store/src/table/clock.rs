//! The clocks of requests that are not over, and the dates that a new calendar moved.

use crate::row::{row, values};
use crate::select::{Counted, Select};
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// The clocks of a request.
    ClockRow {
        /// The request.
        request: Uuid,
        /// The unit whose report counts it.
        unit: Uuid,
        /// The unit that handles it.
        handler: Option<Uuid>,
        /// The officer who handles it, if one is named.
        officer: Option<Uuid>,
        /// The clock to be looked after next; none where nothing runs that presses.
        clock: Option<String>,
        /// Its end.
        due_on: Option<Date>,
        /// Whether a notice may still move it.
        provisional: bool,
        /// Every clock, as JSON; opaque here.
        clocks: String,
    }
}

row! {
    /// A date that a new calendar moved.
    ClockMoveRow {
        /// The request.
        request: Uuid,
        /// Number of the entry that says so.
        seq: i64,
        /// Its place in that entry.
        place: i64,
        /// Which clock.
        clock: String,
        /// Which of several of its kind.
        number: u32,
        /// The date before.
        from_on: Date,
        /// Whether it was provisional.
        from_provisional: bool,
        /// The date from then on.
        to_on: Date,
        /// Whether it is provisional.
        to_provisional: bool,
        /// The calendar that moved it.
        calendar: Uuid,
        /// When that was recorded.
        recorded_at: Timestamp,
    }
}

row! {
    /// What an officer has in hand.
    WorkloadRow {
        /// The officer; none for the requests without one.
        officer: Option<Uuid>,
        /// Open requests.
        open: i64,
        /// Of these, those whose next clock is over.
        late: i64,
        /// Of these, those whose next clock ends soon.
        soon: i64,
    }
}

impl ClockRow {
    /// The key to go on after in the list by date.
    pub fn paging_key(&self) -> (Date, Uuid) {
        (self.due_on.unwrap_or(LAST), self.request)
    }
}

/// The last of days: where a clock without a date is sorted.
const LAST: Date = Date::constant(9999, 12, 31);

/// Which clocks.
#[derive(Clone, Debug, Default)]
pub struct ClockFilter {
    /// Only of requests counted by these units; `None` for every unit.
    pub units: Option<Vec<Uuid>>,
    /// Only of requests that this unit handles or helps with.
    pub helper: Option<Uuid>,
    /// Only of requests that this unit counts or handles.
    pub works: Option<Uuid>,
    /// Only of requests that this officer handles.
    pub officer: Option<Uuid>,
    /// Only where this clock is the next.
    pub clock: Option<String>,
    /// Only those that end on this day or later.
    pub from: Option<Date>,
    /// Only those that end on this day or earlier.
    pub until: Option<Date>,
}

const SELECT: &str =
    "select request, unit, handler, officer, clock, due_on, provisional, clocks from clock where region = $1";
const COUNT: &str = "select count(*) as n from clock where region = $1";
const WORKLOAD: &str = "select officer, count(*) as open, count(case when due_on < $2 then 1 end) as late, \
                        count(case when due_on >= $2 and due_on <= $3 then 1 end) as soon \
                        from clock where region = $1";
const WITH_REQUEST: &str = "select count(*) as n from clock join request on request.region = clock.region \
                            and request.id = clock.request where clock.region = $1";
const MOVES: &str = "select request, seq, place, clock, number, from_on, from_provisional, to_on, to_provisional, \
                     calendar, recorded_at from clock_move where region = $1";

fn filtered(select: Select, filter: &ClockFilter) -> Select {
    select
        .within("unit", filter.units.as_deref())
        .maybe("request in (select request from helper where region = $1 and unit = {})", filter.helper)
        .maybe("(unit = {} or handler = {})", filter.works)
        .maybe("officer = {}", filter.officer)
        .maybe("clock = {}", filter.clock.clone())
        .maybe("coalesce(due_on, '9999-12-31') >= {}", filter.from)
        .maybe("coalesce(due_on, '9999-12-31') <= {}", filter.until)
}

impl Tx {
    /// Writes the clocks of requests, new or changed; each request once.
    pub async fn put_clocks(&mut self, region: Region, clocks: &[ClockRow]) -> Result<()> {
        let sql = "insert into clock (region, request, unit, handler, officer, clock, due_on, provisional, clocks) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   on conflict (region, request) do update set unit = excluded.unit, handler = excluded.handler, \
                   officer = excluded.officer, clock = excluded.clock, due_on = excluded.due_on, provisional = excluded.provisional, \
                   clocks = excluded.clocks";
        self.run_many(sql, clocks.iter().map(|c| c.values(region)).collect()).await?;
        Ok(())
    }

    /// Writes the clocks of requests, new or differing from what is kept in dates alone; each request once. The indexes
    /// that hold no date are left as they are.
    pub async fn put_clock_dates(&mut self, region: Region, clocks: &[ClockRow]) -> Result<()> {
        let sql = "insert into clock (region, request, unit, handler, officer, clock, due_on, provisional, clocks) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                   on conflict (region, request) do update set due_on = excluded.due_on, \
                   provisional = excluded.provisional, clocks = excluded.clocks";
        self.run_many(sql, clocks.iter().map(|c| c.values(region)).collect()).await?;
        Ok(())
    }

    /// Takes the clocks of a request away, if there are any: it is over.
    pub async fn remove_clocks(&mut self, region: Region, request: Uuid) -> Result<()> {
        self.run("delete from clock where region = $1 and request = $2", values![region, request]).await?;
        Ok(())
    }

    /// The clocks of a request.
    pub async fn clocks(&mut self, region: Region, request: Uuid) -> Result<Option<ClockRow>> {
        Select::new(SELECT, region).and("request = {}", request).one(self).await
    }

    /// The clocks of every request that is not over, by request: the next `limit` after `after` (nil before the first).
    pub async fn clocks_by_request(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<ClockRow>> {
        let select = Select::new(SELECT, region).and("request > {}", after);
        select.then("order by request").limit(limit).all(self).await
    }

    /// What ends first, at most `limit`, after the [`ClockRow::paging_key`] of the last one seen.
    pub async fn clocks_due(
        &mut self,
        region: Region,
        filter: &ClockFilter,
        after: Option<(Date, Uuid)>,
        limit: i64,
    ) -> Result<Vec<ClockRow>> {
        let mut select = filtered(Select::new(SELECT, region), filter);
        if let Some((due_on, request)) = after {
            select = select.after("coalesce(due_on, '9999-12-31'), request", ">", due_on, request);
        }
        select.then("order by coalesce(due_on, '9999-12-31'), request").limit(limit).all(self).await
    }

    /// How many.
    pub async fn count_clocks(&mut self, region: Region, filter: &ClockFilter) -> Result<i64> {
        filtered(Select::new(COUNT, region), filter).count(self).await
    }

    /// How many open requests each officer handles, and how many of those end before `today` and from then through
    /// `soon`; of the requests that pass the filter. `None` stands for those without a named officer.
    pub async fn workload(
        &mut self,
        region: Region,
        filter: &ClockFilter,
        (today, soon): (Date, Date),
    ) -> Result<Vec<WorkloadRow>> {
        let select = Select::changing(WORKLOAD, region, values![today, soon]);
        filtered(select, filter).then("group by officer order by open desc, officer").all(self).await
    }

    /// How many of them belong to a request that there is.
    pub async fn count_clocks_of_requests(&mut self, region: Region) -> Result<i64> {
        let counted: Option<Counted> = self.row(WITH_REQUEST, values![region]).await?;
        Ok(counted.map_or(0, |c| c.n))
    }

    /// Writes dates that were moved.
    pub async fn put_clock_moves(&mut self, region: Region, moves: &[ClockMoveRow]) -> Result<()> {
        let sql = "insert into clock_move (region, request, seq, place, clock, number, from_on, from_provisional, \
                   to_on, to_provisional, calendar, recorded_at) \
                   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        self.run_many(sql, moves.iter().map(|m| m.values(region)).collect()).await?;
        Ok(())
    }

    /// The dates of a request that were moved, in the order of recording.
    pub async fn clock_moves(&mut self, region: Region, request: Uuid) -> Result<Vec<ClockMoveRow>> {
        Select::new(MOVES, region).and("request = {}", request).then("order by seq, place").all(self).await
    }

    /// Every date that was moved, by request and entry: the next `limit` after this request (nil before the first),
    /// together with all others of the last request in them.
    pub async fn all_clock_moves(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<ClockMoveRow>> {
        let select = Select::new(MOVES, region).and("request > {}", after);
        let mut moves: Vec<ClockMoveRow> =
            select.then("order by request, seq, place").limit(limit).all(self).await?;
        if let Some(last) = moves.last().map(|m| m.request)
            && i64::try_from(moves.len()).is_ok_and(|n| n == limit)
        {
            moves.retain(|m| m.request != last);
            moves.extend(self.clock_moves(region, last).await?);
        }
        Ok(moves)
    }
}
