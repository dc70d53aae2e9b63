//! Every SQL statement of Gongkai, once, for SQLite and PostgreSQL.
//!
//! - [`Store`] opens ([`Location`]), reads ([`Store::read`]) and writes ([`Store::write`]: one verb, one transaction,
//!   durable when it answers; waiting verbs share a commit).
//! - [`Tx`] is the receiver of every statement. The same SQL text runs on both engines: lower case, `$1` parameters,
//!   only BIGINT, TEXT and BLOB columns, dates and ids as text in one spelling, instants as microseconds.
//! - [`journal`] is the one truth: append only, a dense number and an SM3 chain per region.
//! - [`Blobs`] keeps the sealed contents of files outside the database, written before the row that names them.
//! - [`table`] are the registers derived from it, in the transaction that appends.
//!
//! Every table is led by [`Region`], in every key, index and statement (`tests/schema.rs` parses them for it), so that
//! the database can be sharded by region without a change of the code. The crate knows no rules and no HTTP, and it
//! reads no clock.
//!
//! To add a table: a statement in a new file under `migrations/` and its line in `migrate::MIGRATIONS`; one file under
//! `src/table/` with its row struct and its functions; one body for each function in `tests/contract.rs`.

mod blob;
mod error;
pub mod journal;
pub mod migrate;
mod packed;
mod row;
mod select;
mod store;
pub mod table;
mod tx;
mod writer;

pub use blob::{Blob, Blobs};
pub use error::{Error, Result};
pub use futures_util::future::BoxFuture;
pub use journal::{Break, Entry, Link, NewEntry, RegionRow, Subject, hash};
pub use store::{Engine, Location, Store};
pub use table::*;
pub use tx::Tx;

use serde::{Deserialize, Serialize};

/// A region: its division code (行政区划代码), for example 140581. Never changed; leads every key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Region(pub i64);

impl std::fmt::Display for Region {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}
