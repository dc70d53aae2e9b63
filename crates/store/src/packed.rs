//! Many rows in one: the driver's cost is per row and per column, not per byte, and `verify` reads every entry and every
//! request there is.
//!
//! A statement joins the columns of each row, texts with their length in front, and the rows of a page. What comes back
//! is taken only if it is, to the byte, what this program writes; otherwise the page is read again row by row, and that
//! reading says what is wrong. So nothing passes here that would not pass there.

use crate::journal::Entry;
use crate::row::{Cell, date, digest, instant, row, uuid, values};
use crate::table::RequestRow;
use crate::{Error, Region, Result, Tx};
use jiff::civil::Date;
use uuid::Uuid;

row! {
    /// A page of the journal: each field holds the entries one behind the other, in the same order.
    Entries {
        /// Everything but the hashes.
        texts: Option<String>,
        /// The hashes of the entries before.
        prevs: Option<Vec<u8>>,
        /// The hashes.
        hashes: Option<Vec<u8>>,
        /// 1 if every text is stored as text: SQLite would also join a blob of the same bytes.
        plain: Option<i64>,
    }
}

const ENTRIES: &str = "select string_agg(concat(seq, ' ', recorded_at, ' ', ordinal, ' ', effective_on, subject, \
                       octet_length(actor), ' ', actor, octet_length(subject_kind), ' ', subject_kind, \
                       octet_length(event), ' ', event), '') as texts, \
                       string_agg(prev, '') as prevs, string_agg(hash, '') as hashes, \
                       min(cast(case when cast(effective_on as text) = effective_on \
                       and cast(subject as text) = subject and cast(actor as text) = actor \
                       and cast(subject_kind as text) = subject_kind and cast(event as text) = event \
                       then 1 else 0 end as bigint)) as plain \
                       from journal where region = $1 and seq >= $2 and seq <= $3";

row! {
    /// A page of another table.
    Rows {
        /// The rows one behind the other.
        texts: Option<String>,
        /// 1 if every text is stored as text.
        plain: Option<i64>,
    }
}

const REQUESTS: &str = "select string_agg(concat(id, unit, addressee, arrived_on, due_provisional, ' ', version, ' ', \
                        coalesce(octet_length(number), -1), ' ', number, octet_length(class), ' ', class, \
                        octet_length(channel), ' ', channel, octet_length(subject), ' ', subject, \
                        octet_length(stage), ' ', stage, coalesce(octet_length(received_on), -1), ' ', received_on, \
                        coalesce(octet_length(due_on), -1), ' ', due_on, \
                        coalesce(octet_length(decision), -1), ' ', decision, coalesce(octet_length(row), -1), ' ', row, \
                        coalesce(octet_length(decided_on), -1), ' ', decided_on, \
                        coalesce(octet_length(served_on), -1), ' ', served_on, \
                        coalesce(octet_length(finished_on), -1), ' ', finished_on, \
                        coalesce(octet_length(personal), -1), ' ', personal), '') as texts, \
                        min(cast(case when cast(id as text) = id and cast(unit as text) = unit \
                        and cast(addressee as text) = addressee and cast(arrived_on as text) = arrived_on \
                        and cast(class as text) = class and cast(channel as text) = channel \
                        and cast(subject as text) = subject and cast(stage as text) = stage \
                        and coalesce(cast(number as text), '') = coalesce(number, '') \
                        and coalesce(cast(received_on as text), '') = coalesce(received_on, '') \
                        and coalesce(cast(due_on as text), '') = coalesce(due_on, '') \
                        and coalesce(cast(decision as text), '') = coalesce(decision, '') \
                        and coalesce(cast(row as text), '') = coalesce(row, '') \
                        and coalesce(cast(decided_on as text), '') = coalesce(decided_on, '') \
                        and coalesce(cast(served_on as text), '') = coalesce(served_on, '') \
                        and coalesce(cast(finished_on as text), '') = coalesce(finished_on, '') \
                        and coalesce(cast(personal as text), '') = coalesce(personal, '') \
                        then 1 else 0 end as bigint)) as plain \
                        from (select * from request where region = $1 and id > $2 order by id limit $3) page";

impl Tx {
    /// The entries numbered `from..=to`, in order; `None` if anything in them is not as this program writes it.
    pub(crate) async fn packed_entries(
        &mut self,
        region: Region,
        from: i64,
        to: i64,
    ) -> Result<Option<Vec<Entry>>> {
        let page = readable(self.row::<Entries>(ENTRIES, values![region, from, to]).await)?;
        Ok(page.and_then(|page| entries(region, page)))
    }

    /// The next `limit` requests after `after` (nil before the first), by id; `None` if anything in them is not as this
    /// program writes it.
    pub(crate) async fn packed_requests(
        &mut self,
        region: Region,
        after: Uuid,
        limit: i64,
    ) -> Result<Option<Vec<RequestRow>>> {
        let page = readable(self.row::<Rows>(REQUESTS, values![region, after, limit]).await)?;
        Ok(page.and_then(requests))
    }
}

/// Text that is no UTF-8 is not what this program writes.
fn readable<T>(page: Result<Option<T>>) -> Result<Option<T>> {
    match page {
        Err(Error::Corrupt(_)) => Ok(None),
        page => page,
    }
}

fn entries(region: Region, page: Entries) -> Option<Vec<Entry>> {
    let Entries { texts: Some(texts), prevs: Some(prevs), hashes: Some(hashes), plain: Some(1) } = page
    else {
        return None;
    };
    let (mut prevs, mut hashes) = (prevs.chunks(32), hashes.chunks(32));
    let (mut rest, mut entries) = (Rest(&texts), Vec::with_capacity(prevs.len()));
    while !rest.0.is_empty() {
        entries.push(Entry {
            region,
            seq: rest.number()?,
            recorded_at: instant(rest.number()?).ok()?,
            ordinal: u32::load(rest.number()?).ok()?,
            effective_on: date(rest.bytes(10)?).ok()?,
            subject: uuid(rest.bytes(36)?).ok()?,
            actor: rest.text()?.to_owned(),
            subject_kind: rest.text()?.to_owned(),
            event: rest.text()?.to_owned(),
            prev: digest(prevs.next()?).ok()?,
            hash: digest(hashes.next()?).ok()?,
        });
    }
    // Neither engine promises an order here; both give that of the key.
    let in_order = entries.is_sorted_by(|a, b| a.seq < b.seq);
    (in_order && prevs.next().is_none() && hashes.next().is_none()).then_some(entries)
}

fn requests(page: Rows) -> Option<Vec<RequestRow>> {
    let Rows { texts, plain } = page;
    let Some(texts) = texts else { return Some(Vec::new()) };
    let (mut rest, mut rows) = (Rest(&texts), Vec::new());
    while !rest.0.is_empty() {
        rows.push(RequestRow {
            id: uuid(rest.bytes(36)?).ok()?,
            unit: uuid(rest.bytes(36)?).ok()?,
            addressee: uuid(rest.bytes(36)?).ok()?,
            arrived_on: date(rest.bytes(10)?).ok()?,
            due_provisional: bool::load(rest.number()?).ok()?,
            version: rest.number()?,
            number: rest.maybe()?.map(str::to_owned),
            class: rest.text()?.to_owned(),
            channel: rest.text()?.to_owned(),
            subject: rest.text()?.to_owned(),
            stage: rest.text()?.to_owned(),
            received_on: rest.maybe_date()?,
            due_on: rest.maybe_date()?,
            decision: rest.maybe()?.map(str::to_owned),
            row: rest.maybe()?.map(str::to_owned),
            decided_on: rest.maybe_date()?,
            served_on: rest.maybe_date()?,
            finished_on: rest.maybe_date()?,
            personal: rest.maybe()?.map(uuid).transpose().ok()?,
        });
    }
    (plain == Some(1) && rows.is_sorted_by(|a, b| a.id < b.id)).then_some(rows)
}

/// What is left of a page.
struct Rest<'a>(&'a str);

impl<'a> Rest<'a> {
    /// The next so many bytes.
    fn bytes(&mut self, length: usize) -> Option<&'a str> {
        let (text, behind) = self.0.split_at_checked(length)?;
        self.0 = behind;
        Some(text)
    }

    /// A number, closed by a blank.
    fn number(&mut self) -> Option<i64> {
        let blank = self.0.bytes().position(|b| b == b' ')?;
        let number = self.bytes(blank)?.parse().ok();
        self.bytes(1)?;
        number
    }

    /// A text behind its length.
    fn text(&mut self) -> Option<&'a str> {
        self.maybe()?
    }

    /// A text behind its length; none where the length is -1.
    fn maybe(&mut self) -> Option<Option<&'a str>> {
        match self.number()? {
            -1 => Some(None),
            length => Some(Some(self.bytes(length.try_into().ok()?)?)),
        }
    }

    fn maybe_date(&mut self) -> Option<Option<Date>> {
        self.maybe()?.map(date).transpose().ok()
    }
}
