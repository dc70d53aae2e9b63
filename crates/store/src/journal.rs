//! The journal: what happened, in order, append only; each entry carries the hash of the one before.

use crate::row::{Cell, Value, date, digest, instant, row, uuid, values};
use crate::select::Select;
use crate::{Error, Region, Result, Tx};
use jiff::{Timestamp, civil::Date};
use serde::{Serialize, Serializer};
use sm3::{Digest, Sm3};
use sqlx::{ColumnIndex, Decode, Row, Type};
use std::fmt;
use uuid::Uuid;

/// What is handed to [`Tx::append`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewEntry {
    /// When it was entered; kept to the microsecond.
    pub recorded_at: Timestamp,
    /// The legal date of the fact.
    pub effective_on: Date,
    /// Who entered it.
    pub actor: String,
    /// What kind of subject the docket is about.
    pub subject_kind: String,
    /// The subject of the docket.
    pub subject: Uuid,
    /// The place in the docket, from 1.
    pub ordinal: u32,
    /// The event, as JSON; opaque here.
    pub event: String,
}

/// An entry of the journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Whose journal.
    pub region: Region,
    /// The place in the journal of the region, from 1, without gaps.
    pub seq: i64,
    /// When it was entered.
    pub recorded_at: Timestamp,
    /// The legal date of the fact.
    pub effective_on: Date,
    /// Who entered it.
    pub actor: String,
    /// What kind of subject the docket is about.
    pub subject_kind: String,
    /// The subject of the docket.
    pub subject: Uuid,
    /// The place in the docket, from 1.
    pub ordinal: u32,
    /// The event, as JSON.
    pub event: String,
    /// The hash of the entry before; zeros before the first.
    #[serde(serialize_with = "hex")]
    pub prev: [u8; 32],
    /// [`hash`] of this entry.
    #[serde(serialize_with = "hex")]
    pub hash: [u8; 32],
}

fn hex<S: Serializer>(bytes: &[u8; 32], to: S) -> std::result::Result<S::Ok, S::Error> {
    to.collect_str(&bytes.iter().map(|b| format!("{b:02x}")).collect::<String>())
}

/// SM3 (GB/T 32905) over a canonical encoding of every field and `prev`: a tag, then each field as its length in
/// bytes (eight bytes, big end first) and its bytes. Numbers are eight bytes big end first, the instant is
/// microseconds since 1970, the date is ISO 8601 text, the id is its sixteen bytes. `entry.hash` is not read.
pub fn hash(entry: &Entry) -> [u8; 32] {
    let mut bytes = Vec::with_capacity(256 + entry.event.len());
    let mut field = |content: &[u8]| {
        bytes.extend_from_slice(&(content.len() as u64).to_be_bytes());
        bytes.extend_from_slice(content);
    };
    field(b"gongkai/journal/1");
    field(&entry.region.0.to_be_bytes());
    field(&entry.seq.to_be_bytes());
    field(&entry.recorded_at.as_microsecond().to_be_bytes());
    field(&iso(entry.effective_on));
    field(entry.actor.as_bytes());
    field(entry.subject_kind.as_bytes());
    field(entry.subject.as_bytes());
    field(&u64::from(entry.ordinal).to_be_bytes());
    field(entry.event.as_bytes());
    field(&entry.prev);
    Sm3::digest(&bytes).into()
}

/// `2020-01-31`, without the general formatter: this runs once per entry of `verify`.
fn iso(date: Date) -> [u8; 10] {
    let digit = |n: i16| b'0' + (n % 10).unsigned_abs() as u8;
    let (y, m, d) = (date.year(), i16::from(date.month()), i16::from(date.day()));
    [
        digit(y / 1000),
        digit(y / 100),
        digit(y / 10),
        digit(y),
        b'-',
        digit(m / 10),
        digit(m),
        b'-',
        digit(d / 10),
        digit(d),
    ]
}

/// A place where the chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// An entry is missing, or one is too many: this number was expected.
    Gap {
        /// Number expected.
        expected: i64,
        /// Number found.
        found: i64,
    },
    /// The entry does not name the hash of the one before.
    Link {
        /// Its number.
        seq: i64,
    },
    /// The entry is not what was hashed when it was appended.
    Content {
        /// Its number.
        seq: i64,
    },
    /// The region's head is not the last entry.
    Head {
        /// The number the head names.
        seq: i64,
    },
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Break::Gap { expected, found } => {
                write!(f, "日志序号不连续：应为第 {expected} 条，实为第 {found} 条")
            }
            Break::Link { seq } => write!(f, "第 {seq} 条日志与前一条的摘要不衔接"),
            Break::Content { seq } => write!(f, "第 {seq} 条日志的内容与登记时的摘要不符"),
            Break::Head { seq } => write!(f, "日志末条（第 {seq} 条）与登记的末条摘要不符"),
        }
    }
}

/// The end of a chain: what the next entry has to follow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Number of the last entry, 0 before the first.
    pub seq: i64,
    /// Its hash, zeros before the first.
    pub hash: [u8; 32],
}

impl Link {
    /// Before the first entry.
    pub const START: Link = Link { seq: 0, hash: [0; 32] };

    /// Checks that `entries` follow this one without gap, each naming the one before and each unchanged; the end of
    /// the chain after them. To read in parallel, start a second reader at `Link { seq, hash }` of the entry before
    /// its part.
    ///
    /// # Errors
    /// The first place where the chain does not hold.
    pub fn follow(self, entries: &[Entry]) -> std::result::Result<Link, Break> {
        let mut at = self;
        for entry in entries {
            let seq = entry.seq;
            if seq != at.seq + 1 {
                return Err(Break::Gap { expected: at.seq + 1, found: seq });
            }
            if entry.prev != at.hash {
                return Err(Break::Link { seq });
            }
            if hash(entry) != entry.hash {
                return Err(Break::Content { seq });
            }
            at = Link { seq, hash: entry.hash };
        }
        Ok(at)
    }

    /// Checks that the region's head is this end of the chain.
    ///
    /// # Errors
    /// [`Break::Head`] if entries were cut off at the end, or the head was changed.
    pub fn is_head_of(self, region: &RegionRow) -> std::result::Result<(), Break> {
        if (self.seq, self.hash) == (region.seq, region.head) {
            Ok(())
        } else {
            Err(Break::Head { seq: region.seq })
        }
    }
}

row! {
    /// A region whose journal is kept here.
    RegionRow {
        /// Its division code.
        region: Region,
        /// Its name.
        name: String,
        /// Number of its last entry; 0 if there is none.
        seq: i64,
        /// Hash of its last entry; zeros if there is none.
        head: [u8; 32],
    }
}

/// The end of a region's chain, as cached in a transaction that holds the lock on the region's row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Head {
    seq: i64,
    hash: [u8; 32],
    /// Not yet written to the region's row.
    dirty: bool,
}

row! {
    /// What the lock on the region's row gives.
    LastRow {
        /// The number for the next entry.
        seq: i64,
        /// The hash it follows.
        head: [u8; 32],
    }
}

const SELECT: &str = "select seq, recorded_at, effective_on, actor, subject_kind, subject, ordinal, event, prev, hash \
                      from journal where region = $1";

row! {
    /// A docket by its kind and subject.
    Subject {
        /// What kind of subject.
        kind: String,
        /// The subject.
        id: Uuid,
    }
}

impl Tx {
    /// Begins the journal of a region.
    ///
    /// # Errors
    /// [`Error::Conflict`] if it is there.
    pub async fn add_region(&mut self, region: Region, name: &str) -> Result<()> {
        let sql = "insert into region (region, name, seq, head) values ($1, $2, $3, $4)";
        self.run(sql, values![region, name.to_owned(), 0i64, [0u8; 32]]).await?;
        Ok(())
    }

    /// Every region kept here, by code.
    pub async fn regions(&mut self) -> Result<Vec<RegionRow>> {
        self.flush_heads().await?;
        self.rows("select region, name, seq, head from region order by region", vec![]).await
    }

    /// Appends an entry: the next number of the region, the hash of the one before, its own hash.
    ///
    /// # Errors
    /// [`Error::Conflict`] if the docket has this ordinal already: somebody else wrote to it since it was read.
    pub async fn append(&mut self, region: Region, new: NewEntry) -> Result<Entry> {
        let head = match self.heads.get(&region.0) {
            Some(head) => Head { seq: head.seq + 1, ..*head },
            None => {
                // Takes the lock on the region's row: numbers are given in the order of commits, without gaps.
                let sql = "update region set seq = seq + 1 where region = $1 returning seq, head";
                let last: Option<LastRow> = self.row(sql, values![region]).await?;
                let LastRow { seq, head } = last.ok_or(Error::Database(sqlx::Error::RowNotFound))?;
                Head { seq, hash: head, dirty: true }
            }
        };
        let mut entry = Entry {
            region,
            seq: head.seq,
            // The database keeps microseconds; the hash has to be that of what is kept.
            recorded_at: instant(new.recorded_at.as_microsecond()).map_err(Error::Corrupt)?,
            effective_on: new.effective_on,
            actor: new.actor,
            subject_kind: new.subject_kind,
            subject: new.subject,
            ordinal: new.ordinal,
            event: new.event,
            prev: head.hash,
            hash: [0; 32],
        };
        entry.hash = hash(&entry);
        let sql = "insert into journal (region, seq, recorded_at, effective_on, actor, subject_kind, subject, \
                   ordinal, event, prev, hash) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        self.run(sql, entry.values()).await?;
        self.heads.insert(region.0, Head { seq: entry.seq, hash: entry.hash, dirty: true });
        Ok(entry)
    }

    /// The entries of one docket, by ordinal; empty if there is none.
    pub async fn docket(&mut self, region: Region, subject: Uuid) -> Result<Vec<Entry>> {
        let select = Select::new(SELECT, region).and("subject = {}", subject).then("order by ordinal");
        self.journal(region, select).await
    }

    /// The entries of several dockets, by subject and ordinal.
    pub async fn dockets(&mut self, region: Region, subjects: &[Uuid]) -> Result<Vec<Entry>> {
        let select =
            Select::new(SELECT, region).within("subject", Some(subjects)).then("order by subject, ordinal");
        self.journal(region, select).await
    }

    /// The next `limit` entries in the order of dockets: by subject, then ordinal, after the one named. A walk over
    /// every docket needs no more memory than a page.
    pub async fn entries_by_docket(
        &mut self,
        region: Region,
        after: Option<(Uuid, u32)>,
        limit: i64,
    ) -> Result<Vec<Entry>> {
        let mut select = Select::new(SELECT, region);
        if let Some((subject, ordinal)) = after {
            select = select.after("subject, ordinal", ">", subject, ordinal);
        }
        self.journal(region, select.then("order by subject, ordinal").limit(limit)).await
    }

    /// The dockets with an entry recorded after an instant: what a report `--as-of` that instant has to
    /// undo.
    pub async fn subjects_after(&mut self, region: Region, at: Timestamp) -> Result<Vec<Subject>> {
        let sql = "select distinct subject_kind as kind, subject as id from journal \
                   where region = $1 and recorded_at > $2 order by subject_kind, subject";
        self.rows(sql, values![region, at]).await
    }

    /// The next `limit` entries after `after_seq`, in order.
    pub async fn entries(&mut self, region: Region, after_seq: i64, limit: i64) -> Result<Vec<Entry>> {
        let select = Select::new(SELECT, region).and("seq > {}", after_seq).then("order by seq").limit(limit);
        self.journal(region, select).await
    }

    /// The entries numbered `from..=to`, in order. Ask for some thousands at a time.
    pub async fn entries_range(&mut self, region: Region, from: i64, to: i64) -> Result<Vec<Entry>> {
        if let Some(entries) = self.packed_entries(region, from, to).await? {
            return Ok(entries);
        }
        let select =
            Select::new(SELECT, region).and("seq >= {}", from).and("seq <= {}", to).then("order by seq");
        self.journal(region, select).await
    }

    async fn journal(&mut self, region: Region, select: Select) -> Result<Vec<Entry>> {
        let mut entries: Vec<Entry> = select.all(self).await?;
        for entry in &mut entries {
            entry.region = region;
        }
        Ok(entries)
    }

    /// Writes the heads that are cached to their regions' rows.
    pub(crate) async fn flush_heads(&mut self) -> Result<()> {
        let dirty: Vec<(i64, Head)> =
            self.heads.iter().filter(|(_, h)| h.dirty).map(|(r, h)| (*r, *h)).collect();
        for (region, head) in dirty {
            let sql = "update region set seq = $2, head = $3 where region = $1";
            self.run(sql, values![Region(region), head.seq, head.hash]).await?;
            self.heads.insert(region, Head { dirty: false, ..head });
        }
        Ok(())
    }
}

impl Entry {
    fn values(&self) -> Vec<Value> {
        values![
            self.region,
            self.seq,
            self.recorded_at,
            self.effective_on,
            self.actor,
            self.subject_kind,
            self.subject,
            self.ordinal,
            self.event,
            self.prev,
            self.hash,
        ]
    }
}

/// By position and without copies where possible: `verify` reads every entry there is.
impl<'r, R> sqlx::FromRow<'r, R> for Entry
where
    R: Row,
    usize: ColumnIndex<R>,
    i64: Decode<'r, R::Database> + Type<R::Database>,
    &'r str: Decode<'r, R::Database> + Type<R::Database>,
    String: Decode<'r, R::Database> + Type<R::Database>,
    &'r [u8]: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> std::result::Result<Self, sqlx::Error> {
        fn cell<T>(
            column: usize,
            loaded: std::result::Result<T, String>,
        ) -> std::result::Result<T, sqlx::Error> {
            loaded.map_err(|why| sqlx::Error::ColumnDecode { index: column.to_string(), source: why.into() })
        }
        Ok(Entry {
            region: Region(0),
            seq: row.try_get(0)?,
            recorded_at: cell(1, instant(row.try_get(1)?))?,
            effective_on: cell(2, date(row.try_get(2)?))?,
            actor: row.try_get(3)?,
            subject_kind: row.try_get(4)?,
            subject: cell(5, uuid(row.try_get(5)?))?,
            ordinal: cell(6, u32::load(row.try_get(6)?))?,
            event: row.try_get(7)?,
            prev: cell(8, digest(row.try_get(8)?))?,
            hash: cell(9, digest(row.try_get(9)?))?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry {
            region: Region(140_581),
            seq: 1,
            recorded_at: Timestamp::UNIX_EPOCH,
            effective_on: Date::constant(2020, 1, 31),
            actor: "ab".to_owned(),
            subject_kind: "c".to_owned(),
            subject: Uuid::from_u128(7),
            ordinal: 1,
            event: "{}".to_owned(),
            prev: [0; 32],
            hash: [0; 32],
        }
    }

    #[test]
    fn fields_cannot_run_into_each_other() {
        let one = entry();
        let other = Entry { actor: "a".to_owned(), subject_kind: "bc".to_owned(), ..entry() };
        assert_ne!(hash(&one), hash(&other));
    }

    #[test]
    fn a_date_is_hashed_as_it_is_stored() {
        for date in [Date::constant(2020, 1, 31), Date::constant(999, 12, 1), Date::constant(9999, 12, 31)] {
            assert_eq!(iso(date), date.to_string().as_bytes());
        }
    }

    #[test]
    fn the_encoding_does_not_change() {
        // A chain written by an earlier version has to verify for ever. The digest was computed independently
        // (`openssl dgst -sm3`) from the encoding that the documentation of `hash` describes.
        let hex: String = hash(&entry()).iter().map(|b| format!("{b:02x}")).collect();
        assert_eq!(hex, "c7beabe0dd1328f5922877d755fb91140a6eda5b40c4001c6a46cb0231704ffc");
    }
}
