//! The derived rows: what each register's table holds, as a version and a digest per row.

use super::fold::{Dockets, Part};
use crate::account::Accounts;
use crate::catalogue::CatalogueEntries;
use crate::channel::Channels;
use crate::cleanup::Cleanups;
use crate::consultation::{Consultations, Opinions};
use crate::dispute::Disputes;
use crate::document::{DocumentDrafts, Documents};
use crate::error::Result;
use crate::figure::YearFigures;
use crate::file::Files;
use crate::inbox::Messages;
use crate::record_correction::RecordCorrections;
use crate::register::{Place, Register};
use crate::report::{ReportFilings, Reports};
use crate::request::{Requests, handed_in};
use crate::subscription::Subscriptions;
use crate::unit::Units;
use crate::upkeep::calendar::Calendars;
use futures_util::future::BoxFuture;
use law::calendar::Calendar;
use law::docket::Recorded;
use law::docket::request::{RequestEvent, Standing};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use store::{
    AccountRow, CatalogueEntryRow, ChannelRow, CleanupFilter, CleanupRow, ClockRow, ConsultationFilter,
    ConsultationRow, DisputeFilter, DisputeRow, DocumentDraftFilter, DocumentDraftRow, FigureFilter,
    FigureRow, FileRow, HelperRow, MessageFilter, MessageRow, OpinionRow, RecordCorrectionFilter,
    RecordCorrectionRow, Region, ReportFilingFilter, ReportFilingRow, ReportFilter, ReportRow, RequestRow,
    SubscriptionRow, TicketRow, Tx, UnitFilter, UnitRow,
};
use uuid::Uuid;

/// Rows read at a time.
pub(super) const PAGE: i64 = 4096;

/// A register with its table.
pub(super) trait Derived: Register {
    /// A row of the table.
    type Row: Serialize + Hash + Send;
    /// Chinese name of the table.
    const TABLE: &'static str;
    /// The row that a docket gives.
    fn row(place: Place, standing: &Self::Standing, calendar: &Calendar) -> Self::Row;
    /// The calendar that a docket is judged by.
    fn judge<'a>(_: &[Recorded<Self::Event>], _seqs: &[i64], calendars: &'a Calendars) -> &'a Calendar {
        calendars.now()
    }
    /// Id and version of a row.
    fn mark(row: &Self::Row) -> (Uuid, i64);
    /// Every row of the table.
    fn scan<'a>(
        tx: &'a mut Tx,
        region: Region,
        each: &'a mut (dyn FnMut(Self::Row) + Send),
    ) -> BoxFuture<'a, Result<()>>;
    /// One row.
    fn one<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, Result<Option<Self::Row>>>;
}

/// What is kept of a row while the journal is read.
pub(super) type RowDigest = u64;

/// Makes the digests of rows. Its key is new for every verification, so nobody can prepare a row that only looks like
/// another one; nothing made with it leaves the verification.
#[derive(Clone, Default)]
pub(super) struct Digester(RandomState);

impl Digester {
    /// The digest of a row, with every column in it.
    pub(super) fn digest(&self, row: &impl Hash) -> RowDigest {
        self.0.hash_one(row)
    }
}

struct Mark {
    version: u32,
    digest: RowDigest,
    seen: AtomicBool,
}

/// The rows of one table.
#[derive(Default)]
pub(super) struct Marks {
    rows: HashMap<Uuid, Mark>,
    digester: Digester,
}

impl Marks {
    /// The version of a row.
    pub(super) fn version(&self, id: Uuid) -> Option<u32> {
        self.rows.get(&id).map(|m| m.version)
    }

    /// The digest of a row, as those kept were made.
    pub(super) fn digest(&self, row: &impl Hash) -> RowDigest {
        self.digester.digest(row)
    }

    /// The digest of a row, which is thereby accounted for.
    pub(super) fn see(&self, id: Uuid) -> Option<RowDigest> {
        let mark = self.rows.get(&id)?;
        mark.seen.store(true, Ordering::Relaxed);
        Some(mark.digest)
    }

    async fn scan<R: Derived>(tx: &mut Tx, region: Region) -> Result<Arc<Marks>> {
        let Marks { mut rows, digester } = Marks::default();
        let mut add = |row: R::Row| {
            let (id, version) = R::mark(&row);
            let version = u32::try_from(version).unwrap_or_default();
            rows.insert(id, Mark { version, digest: digester.digest(&row), seen: AtomicBool::new(false) });
        };
        R::scan(tx, region, &mut add).await?;
        Ok(Arc::new(Marks { rows, digester }))
    }
}

/// Pages through a list whose rows give the key to go on after.
macro_rules! pages {
    ($tx:ident, $region:ident, $each:ident, $list:ident, $filter:expr) => {
        Box::pin(async move {
            let mut after = None;
            loop {
                let page = $tx.$list($region, &$filter, after, PAGE).await?;
                after = page.last().map(|row| row.paging_key());
                let more = page.len() == PAGE as usize;
                page.into_iter().for_each(&mut *$each);
                if !more {
                    return Ok(());
                }
            }
        })
    };
}

macro_rules! derived {
    ($register:ty, $row:ty, $table:literal, $one:ident, $derive:expr, |$tx:ident, $region:ident, $each:ident| $scan:expr) => {
        impl Derived for $register {
            type Row = $row;
            const TABLE: &'static str = $table;
            fn row(place: Place, standing: &Self::Standing, calendar: &Calendar) -> $row {
                let derive: fn(Place, &Self::Standing, &Calendar) -> $row = $derive;
                derive(place, standing, calendar)
            }
            fn mark(row: &$row) -> (Uuid, i64) {
                (row.id, row.version)
            }
            fn scan<'a>(
                $tx: &'a mut Tx,
                $region: Region,
                $each: &'a mut (dyn FnMut($row) + Send),
            ) -> BoxFuture<'a, Result<()>> {
                $scan
            }
            fn one<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, Result<Option<$row>>> {
                Box::pin(async move { Ok(tx.$one(region, id).await?) })
            }
        }
    };
}

derived!(Units, UnitRow, "机关名录", unit, |p, s, _| crate::unit::row(p, s), |tx, region, each| {
    Box::pin(async move {
        tx.units(region, &UnitFilter::default()).await?.into_iter().for_each(each);
        Ok(())
    })
});
derived!(
    Accounts,
    AccountRow,
    "账号登记簿",
    account,
    |p, s, _| crate::account::row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            tx.accounts(region).await?.into_iter().for_each(each);
            Ok(())
        })
    }
);
/// What is kept of a request: its row, who else works on it, the ticket it came out of, and its clocks until it is over.
#[derive(Serialize, Hash)]
pub(super) struct RequestKept {
    #[serde(flatten)]
    request: RequestRow,
    clocks: Option<ClockRow>,
    helpers: Vec<Uuid>,
    ticket: Option<TicketRow>,
}

impl Derived for Requests {
    type Row = RequestKept;
    const TABLE: &'static str = "申请登记簿";

    fn row(place: Place, standing: &Standing, calendar: &Calendar) -> RequestKept {
        let request = crate::request::row(place, standing, calendar);
        let clocks = crate::request::clock_row(place, standing, calendar);
        RequestKept {
            request,
            clocks,
            helpers: Requests::helpers(standing),
            ticket: handed_in(place, standing),
        }
    }

    fn judge<'a>(docket: &[Recorded<RequestEvent>], seqs: &[i64], calendars: &'a Calendars) -> &'a Calendar {
        if !calendars.differ() {
            return calendars.now();
        }
        let closed = crate::request::closing(docket).and_then(|n| seqs.get(n));
        closed.map_or(calendars.now(), |seq| calendars.at(*seq))
    }

    fn mark(row: &RequestKept) -> (Uuid, i64) {
        (row.request.id, row.request.version)
    }

    fn scan<'a>(
        tx: &'a mut Tx,
        region: Region,
        each: &'a mut (dyn FnMut(RequestKept) + Send),
    ) -> BoxFuture<'a, Result<()>> {
        Box::pin(async move {
            let (mut clocks, mut helpers) = (Clocks::default(), Helpers::default());
            let mut tickets = Tickets::default();
            let mut after = Uuid::nil();
            loop {
                let page = tx.requests_by_id(region, after, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.id;
                for request in page {
                    let clocks = clocks.of(tx, region, request.id).await?;
                    let helpers = helpers.of(tx, region, request.id).await?;
                    let ticket = tickets.of(tx, region, request.id).await?;
                    each(RequestKept { request, clocks, helpers, ticket });
                }
            }
        })
    }

    fn one<'a>(tx: &'a mut Tx, region: Region, id: Uuid) -> BoxFuture<'a, Result<Option<RequestKept>>> {
        Box::pin(async move {
            let clocks = tx.clocks(region, id).await?;
            let helpers = tx.helpers(region, id).await?.into_iter().map(|h| h.unit).collect();
            let ticket = tx.ticket_of(region, id).await?;
            Ok(tx.request(region, id).await?.map(|request| RequestKept { request, clocks, helpers, ticket }))
        })
    }
}

/// The rows of clocks beside those of requests: both are in the order of ids.
#[derive(Default)]
struct Clocks {
    page: VecDeque<ClockRow>,
    after: Uuid,
    done: bool,
}

impl Clocks {
    async fn of(&mut self, tx: &mut Tx, region: Region, request: Uuid) -> Result<Option<ClockRow>> {
        loop {
            match self.page.front() {
                // Clocks without a request are found by their number.
                Some(first) if first.request < request => self.page.pop_front(),
                Some(first) if first.request == request => return Ok(self.page.pop_front()),
                Some(_) => return Ok(None),
                None if self.done => return Ok(None),
                None => {
                    self.page = tx.clocks_by_request(region, self.after, PAGE).await?.into();
                    self.after = self.page.back().map_or(self.after, |c| c.request);
                    self.done = self.page.is_empty();
                    None
                }
            };
        }
    }
}

/// The rows of helping units, in the same order.
#[derive(Default)]
struct Helpers {
    page: VecDeque<HelperRow>,
    after: Uuid,
    done: bool,
}

impl Helpers {
    async fn of(&mut self, tx: &mut Tx, region: Region, request: Uuid) -> Result<Vec<Uuid>> {
        let mut units = Vec::new();
        loop {
            match self.page.front() {
                Some(first) if first.request <= request => {
                    let here = first.request == request;
                    units.extend(self.page.pop_front().filter(|_| here).map(|h| h.unit));
                }
                Some(_) => return Ok(units),
                None if self.done => return Ok(units),
                None => {
                    self.page = tx.helpers_by_request(region, self.after, PAGE).await?.into();
                    self.after = self.page.back().map_or(self.after, |h| h.request);
                    self.done = self.page.is_empty();
                }
            }
        }
    }
}

/// The rows of tickets, in the same order.
#[derive(Default)]
struct Tickets {
    page: VecDeque<TicketRow>,
    after: Uuid,
    done: bool,
}

impl Tickets {
    async fn of(&mut self, tx: &mut Tx, region: Region, request: Uuid) -> Result<Option<TicketRow>> {
        loop {
            match self.page.front() {
                Some(first) if first.request < request => {
                    self.page.pop_front();
                }
                Some(first) if first.request == request => return Ok(self.page.pop_front()),
                Some(_) => return Ok(None),
                None if self.done => return Ok(None),
                None => {
                    self.page = tx.tickets_by_request(region, self.after, PAGE).await?.into();
                    self.after = self.page.back().map_or(self.after, |t| t.request);
                    self.done = self.page.is_empty();
                }
            }
        }
    }
}

derived!(
    DocumentDrafts,
    DocumentDraftRow,
    "公文拟稿登记簿",
    document_draft,
    |p, s, _| crate::document::draft_row(p, s),
    |tx, region, each| pages!(tx, region, each, document_drafts, DocumentDraftFilter::default())
);
derived!(
    CatalogueEntries,
    CatalogueEntryRow,
    "标准目录登记簿",
    catalogue_entry,
    |p, s, _| crate::catalogue::row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            let mut after = Uuid::nil();
            loop {
                let page = tx.catalogue_entries_by_id(region, after, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.id;
                page.into_iter().for_each(&mut *each);
            }
        })
    }
);
derived!(
    Cleanups,
    CleanupRow,
    "清理登记簿",
    cleanup,
    |p, s, _| crate::cleanup::row(p, s),
    |tx, region, each| pages!(tx, region, each, cleanups, CleanupFilter::default())
);
derived!(
    Consultations,
    ConsultationRow,
    "意见征集登记簿",
    consultation,
    |p, s, _| crate::consultation::row(p, s),
    |tx, region, each| pages!(tx, region, each, consultations, ConsultationFilter::default())
);
derived!(
    Opinions,
    OpinionRow,
    "意见登记簿",
    opinion,
    |p, s, _| crate::consultation::opinion_row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            let mut after = Uuid::nil();
            loop {
                let page = tx.opinions_by_id(region, after, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.id;
                page.into_iter().for_each(&mut *each);
            }
        })
    }
);
derived!(
    Channels,
    ChannelRow,
    "发布渠道登记簿",
    channel,
    |p, s, _| crate::channel::row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            tx.channels(region, None).await?.into_iter().for_each(each);
            Ok(())
        })
    }
);
derived!(
    Disputes,
    DisputeRow,
    "复议诉讼登记簿",
    dispute,
    |p, s, _| crate::dispute::row(p, s),
    |tx, region, each| pages!(tx, region, each, disputes, DisputeFilter::default())
);
derived!(
    RecordCorrections,
    RecordCorrectionRow,
    "信息更正登记簿",
    record_correction,
    |p, s, _| crate::record_correction::row(p, s),
    |tx, region, each| pages!(tx, region, each, record_corrections, RecordCorrectionFilter::default())
);
derived!(
    YearFigures,
    FigureRow,
    "年度数据登记簿",
    figure,
    |p, s, _| crate::figure::row(p, s),
    |tx, region, each| pages!(tx, region, each, figures, FigureFilter::default())
);
derived!(Files, FileRow, "材料登记簿", file, |p, s, _| crate::file::row(p, s), |tx, region, each| {
    Box::pin(async move {
        let mut after = Uuid::nil();
        loop {
            let page = tx.files_by_id(region, after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(()) };
            after = last.id;
            page.into_iter().for_each(&mut *each);
        }
    })
});
derived!(
    Subscriptions,
    SubscriptionRow,
    "检索订阅登记簿",
    subscription,
    |p, s, _| crate::subscription::row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            let mut after = Uuid::nil();
            loop {
                let page = tx.subscriptions_by_id(region, after, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                after = last.id;
                page.into_iter().for_each(&mut *each);
            }
        })
    }
);
derived!(
    Messages,
    MessageRow,
    "来信登记簿",
    message,
    |p, s, _| crate::inbox::row(p, s),
    |tx, region, each| {
        Box::pin(async move {
            let mut before = None;
            loop {
                let page = tx.messages(region, &MessageFilter::default(), before, PAGE).await?;
                let Some(last) = page.last() else { return Ok(()) };
                before = Some(last.id);
                page.into_iter().for_each(&mut *each);
            }
        })
    }
);
derived!(
    Reports,
    ReportRow,
    "年度报告登记簿",
    report,
    |p, s, _| crate::report::row(p, s),
    |tx, region, each| pages!(tx, region, each, reports, ReportFilter::default())
);
derived!(
    ReportFilings,
    ReportFilingRow,
    "年度报告报送登记簿",
    report_filing,
    |p, s, _| crate::report::filing_row(p, s),
    |tx, region, each| pages!(tx, region, each, report_filings, ReportFilingFilter::default())
);

/// One line per register: what is read of its table, how its dockets are folded, how a row that differs is described.
macro_rules! registers {
    ($($field:ident: $register:ty,)*) => {
        /// The rows of every table.
        pub(super) struct Rows {
            region: Region,
            $($field: Arc<Marks>,)*
        }

        /// Reads every table.
        pub(super) async fn scan_all(tx: &mut Tx, region: Region) -> Result<Rows> {
            Ok(Rows { region, $($field: Marks::scan::<$register>(tx, region).await?,)* })
        }

        /// What the entries are sorted into.
        pub(super) fn parts(rows: &Rows, calendars: &Arc<Calendars>) -> Vec<Box<dyn Part>> {
            vec![$(Box::new(Dockets::<$register>::new(rows.region, calendars.clone(), rows.$field.clone())),)*]
        }

        impl Rows {
            /// Rows without a docket, in the order of ids.
            pub(super) fn unseen(&self) -> Vec<String> {
                let mut said = Vec::new();
                $(said.extend(unseen(&self.$field, <$register as Derived>::TABLE));)*
                said
            }
        }

        /// Says which columns of a row are not what its docket gives.
        pub(super) async fn describe(
            tx: &mut Tx,
            region: Region,
            kind: &str,
            id: Uuid,
            expected: &serde_json::Value,
        ) -> Result<String> {
            let (table, kept) = match kind {
                $(<$register as Register>::KIND => {
                    let row = <$register as Derived>::one(tx, region, id).await?;
                    (<$register as Derived>::TABLE, row.and_then(|r| serde_json::to_value(r).ok()))
                })*
                _ => ("登记簿", None),
            };
            Ok(differences(table, id, &kept.unwrap_or_default(), expected))
        }
    };
}

registers! {
    units: Units,
    accounts: Accounts,
    documents: Documents,
    document_drafts: DocumentDrafts,
    catalogue_entries: CatalogueEntries,
    requests: Requests,
    channels: Channels,
    cleanups: Cleanups,
    consultations: Consultations,
    opinions: Opinions,
    disputes: Disputes,
    record_corrections: RecordCorrections,
    figures: YearFigures,
    files: Files,
    messages: Messages,
    subscriptions: Subscriptions,
    reports: Reports,
    report_filings: ReportFilings,
}

fn unseen(marks: &Marks, table: &str) -> Vec<String> {
    let mut ids: Vec<&Uuid> =
        marks.rows.iter().filter(|(_, m)| !m.seen.load(Ordering::Relaxed)).map(|(id, _)| id).collect();
    ids.sort();
    ids.into_iter().map(|id| format!("{table}中的 {id} 没有对应的日志")).collect()
}

fn differences(table: &str, id: Uuid, kept: &serde_json::Value, expected: &serde_json::Value) -> String {
    let columns: Vec<String> = expected
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(column, value)| kept.get(column) != Some(value))
        .map(|(column, value)| {
            let kept = kept.get(column).unwrap_or(&serde_json::Value::Null);
            format!("{column} 登记为 {kept}，按日志应为 {value}")
        })
        .collect();
    format!("{table}中的 {id} 与日志不符：{}", columns.join("；"))
}
