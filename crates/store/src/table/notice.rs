//! Notices: what officers are told inside the desk.

use crate::row::{row, values};
use crate::select::Select;
use crate::{Region, Result, Tx};
use jiff::Timestamp;
use uuid::Uuid;

row! {
    /// A notice.
    NoticeRow {
        /// Its id.
        id: Uuid,
        /// What makes it the only one of its kind.
        key: String,
        /// Whose unit; `None` for the whole region.
        unit: Option<Uuid>,
        /// Whose role; `None` if it is for one account.
        role: Option<String>,
        /// The one it is for; `None` if it is for a role.
        account: Option<Uuid>,
        /// The request it is about.
        request: Option<Uuid>,
        /// What it is about; opaque here.
        kind: String,
        /// What it says, as JSON; opaque here.
        body: String,
        /// When it was made.
        made_at: Timestamp,
        /// When it was read.
        read_at: Option<Timestamp>,
        /// By whom.
        read_by: Option<Uuid>,
    }
}

impl NoticeRow {
    /// The key to go on after.
    pub fn paging_key(&self) -> (Timestamp, Uuid) {
        (self.made_at, self.id)
    }
}

/// Whose notices.
#[derive(Clone, Debug, Default)]
pub struct NoticeFilter {
    /// Of this account.
    pub account: Option<Uuid>,
    /// And of those who hold these roles.
    pub roles: Vec<String>,
    /// In this unit, and those for the whole region; `None` for every unit.
    pub unit: Option<Uuid>,
    /// Only those nobody has read.
    pub unread: bool,
}

const SELECT: &str = "select id, key, unit, role, account, request, kind, body, made_at, read_at, read_by \
                      from notice where region = $1";
const COUNT: &str = "select count(*) as n from notice where region = $1";

impl NoticeFilter {
    /// Those for the roles.
    fn by_role(&self, base: &'static str, region: Region) -> Select {
        Select::new(base, region)
            .within("role", Some(&self.roles))
            .maybe("(unit is null or unit = {})", self.unit)
            .only("read_at is null", self.unread)
    }

    /// Those for the account itself.
    fn by_account(&self, base: &'static str, region: Region, account: Uuid) -> Select {
        Select::new(base, region).and("account = {}", account).only("read_at is null", self.unread)
    }
}

impl Tx {
    /// Writes notices; one whose key is there already stays as it is. How many were new.
    pub async fn add_notices(&mut self, region: Region, notices: &[NoticeRow]) -> Result<u64> {
        let sql = "insert into notice (region, id, key, unit, role, account, request, kind, body, made_at, read_at, \
                   read_by) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                   on conflict (region, key) do nothing";
        self.run_many(sql, notices.iter().map(|n| n.values(region)).collect()).await
    }

    /// Notices, the newest first, at most `limit`, after the [`NoticeRow::paging_key`] of the last one seen.
    pub async fn notices(
        &mut self,
        region: Region,
        filter: &NoticeFilter,
        after: Option<(Timestamp, Uuid)>,
        limit: i64,
    ) -> Result<Vec<NoticeRow>> {
        let page = |mut select: Select| {
            if let Some((made_at, id)) = after {
                select = select.after("made_at, id", "<", made_at, id);
            }
            select.then("order by made_at desc, id desc").limit(limit)
        };
        // Two look-ups, each by an index of its own.
        let mut rows: Vec<NoticeRow> = page(filter.by_role(SELECT, region)).all(self).await?;
        if let Some(account) = filter.account {
            rows.extend(page(filter.by_account(SELECT, region, account)).all::<NoticeRow>(self).await?);
            rows.sort_by_key(|n| std::cmp::Reverse(n.paging_key()));
            rows.truncate(usize::try_from(limit).unwrap_or_default());
        }
        Ok(rows)
    }

    /// How many.
    pub async fn count_notices(&mut self, region: Region, filter: &NoticeFilter) -> Result<i64> {
        let mut n = filter.by_role(COUNT, region).count(self).await?;
        if let Some(account) = filter.account {
            n += filter.by_account(COUNT, region, account).count(self).await?;
        }
        Ok(n)
    }

    /// The notice with this id.
    pub async fn notice(&mut self, region: Region, id: Uuid) -> Result<Option<NoticeRow>> {
        Select::new(SELECT, region).and("id = {}", id).one(self).await
    }

    /// Notes that notices were read; those read before stay as they are. How many were not.
    pub async fn read_notices(
        &mut self,
        region: Region,
        ids: &[Uuid],
        at: Timestamp,
        by: Uuid,
    ) -> Result<u64> {
        let base = "update notice set read_at = $2, read_by = $3 where region = $1";
        let select = Select::changing(base, region, values![at, by]).only("read_at is null", true);
        select.within("id", Some(ids)).run(self).await
    }

    /// Takes away what was read and made before an instant; how many.
    pub async fn purge_notices(&mut self, region: Region, made_before: Timestamp) -> Result<u64> {
        let sql = "delete from notice where region = $1 and made_at < $2 and read_at is not null";
        self.run(sql, values![region, made_before]).await
    }

    /// How many requests of each unit a calendar moved a date of.
    pub async fn moved_by(&mut self, region: Region, calendar: Uuid) -> Result<Vec<(Uuid, i64)>> {
        let sql = "select request.unit as unit, count(distinct clock_move.request) as n from clock_move \
                   join request on request.region = clock_move.region and request.id = clock_move.request \
                   where clock_move.region = $1 and clock_move.calendar = $2 group by request.unit";
        let rows: Vec<UnitCount> = self.rows(sql, values![region, calendar]).await?;
        Ok(rows.into_iter().map(|r| (r.unit, r.n)).collect())
    }
}

row! {
    /// How many of a unit.
    UnitCount {
        /// The unit.
        unit: Uuid,
        /// How many.
        n: i64,
    }
}
