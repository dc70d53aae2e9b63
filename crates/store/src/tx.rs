//! A transaction: the one receiver of every statement, the same on both engines.

use crate::journal::Head;
use crate::row::{Record, Value, postgres_arguments, sqlite_arguments};
use crate::{Error, Result};
use sqlx::pool::PoolConnection;
use sqlx::{Postgres, SqlSafeStr, Sqlite, SqliteConnection, Transaction};
use std::collections::BTreeMap;

/// A transaction. Obtained from [`crate::Store::read`] (a read-only snapshot) or inside [`crate::Store::write`].
/// Dropping it rolls back.
///
/// Every method states the region. After a method has failed, a writing job has to end with that error: PostgreSQL
/// refuses further statements until its savepoint is rolled back.
#[derive(Debug)]
pub struct Tx {
    inner: Inner,
    /// Heads of the chains appended to in this transaction; the region's row lock is held while one is here.
    pub(crate) heads: BTreeMap<i64, Head>,
}

#[derive(Debug)]
enum Inner {
    Sqlite(Transaction<'static, Sqlite>),
    SqliteWriting(Writing),
    Postgres(Transaction<'static, Postgres>),
}

/// SQLite's writing connection, in a transaction begun by hand. SQLite ends a transaction by itself when the disk is
/// full or fails; sqlx's own count of open transactions would then be wrong for ever. A connection that is dropped
/// before it was committed or rolled back is closed, and the pool opens a fresh one.
#[derive(Debug)]
struct Writing {
    connection: Option<PoolConnection<Sqlite>>,
}

impl Writing {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_deref_mut().ok_or(Error::Database(sqlx::Error::WorkerCrashed))
    }

    /// Ends the transaction; after an error the connection is closed, which rolls back.
    async fn end(mut self, how: &'static str) -> Result<()> {
        sqlx::raw_sql(how).execute(self.connection()?).await?;
        self.connection = None;
        Ok(())
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
    }
}

/// Parameters a statement may have: SQLite takes 32,766 and PostgreSQL 65,535. Fewer, so that one statement does not hold
/// the writer long.
const MOST_VALUES: usize = 4096;

/// One body, compiled once per engine: `c` is the connection, `arguments` makes its parameters.
macro_rules! on {
    ($tx:expr, $c:ident, $arguments:ident => $body:expr) => {
        match &mut $tx.inner {
            Inner::Sqlite(t) => {
                let ($c, $arguments) = (&mut **t, sqlite_arguments);
                $body
            }
            Inner::SqliteWriting(w) => {
                let ($c, $arguments) = (w.connection()?, sqlite_arguments);
                $body
            }
            Inner::Postgres(t) => {
                let ($c, $arguments) = (&mut **t, postgres_arguments);
                $body
            }
        }
    };
}

impl Tx {
    pub(crate) fn sqlite(t: Transaction<'static, Sqlite>) -> Tx {
        Tx { inner: Inner::Sqlite(t), heads: BTreeMap::new() }
    }

    /// Begins a writing transaction. SQLite takes its one write lock at once, so that a transaction that has begun
    /// cannot fail later because somebody else wrote.
    pub(crate) async fn sqlite_writing(connection: PoolConnection<Sqlite>) -> Result<Tx> {
        let mut writing = Writing { connection: Some(connection) };
        sqlx::raw_sql("begin immediate").execute(writing.connection()?).await?;
        Ok(Tx { inner: Inner::SqliteWriting(writing), heads: BTreeMap::new() })
    }

    pub(crate) fn postgres(t: Transaction<'static, Postgres>) -> Tx {
        Tx { inner: Inner::Postgres(t), heads: BTreeMap::new() }
    }

    /// Runs a statement; how many rows it changed.
    pub(crate) async fn run(&mut self, sql: impl SqlSafeStr, values: Vec<Value>) -> Result<u64> {
        Ok(on!(self, c, arguments => {
            sqlx::query_with(sql, arguments(values)?).execute(c).await?.rows_affected()
        }))
    }

    /// Runs an insert of one row for many rows, in as few statements as the engines take: `sql` is that of one row,
    /// with one bracket of values. How many were written.
    pub(crate) async fn run_many(&mut self, sql: &'static str, rows: Vec<Vec<Value>>) -> Result<u64> {
        let Some(width) = rows.first().map(|r| r.len().max(1)) else { return Ok(0) };
        let Some((head, rest)) = sql.split_once("values (") else { return Ok(0) };
        // SQLite looks a numbered parameter up in a list of all of them, both when it reads the statement and when it
        // binds: thousands of them take the square of that. Without numbers there is no list.
        let numbered = matches!(self.inner, Inner::Postgres(_));
        let parameter = |n: usize| if numbered { format!("${n}") } else { "?".to_owned() };
        let mut written = 0;
        let tail = rest.split_once(')').map_or("", |(_, tail)| tail);
        let mut rows = rows.into_iter().peekable();
        while rows.peek().is_some() {
            let values: Vec<Value> = rows.by_ref().take(MOST_VALUES / width).flatten().collect();
            let tuple = |n: usize| {
                let values: Vec<String> = (1..=width).map(|p| parameter(n * width + p)).collect();
                format!("({})", values.join(", "))
            };
            let tuples: Vec<String> = (0..values.len() / width).map(tuple).collect();
            let sql = format!("{head}values {}{tail}", tuples.join(", "));
            written += self.run(sqlx::AssertSqlSafe(sql), values).await?;
        }
        Ok(written)
    }

    /// The rows of a query.
    pub(crate) async fn rows<R: Record>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Vec<R>> {
        Ok(on!(self, c, arguments => sqlx::query_as_with(sql, arguments(values)?).fetch_all(c).await?))
    }

    /// The row of a query, if there is one.
    pub(crate) async fn row<R: Record>(
        &mut self,
        sql: impl SqlSafeStr,
        values: Vec<Value>,
    ) -> Result<Option<R>> {
        Ok(on!(self, c, arguments => sqlx::query_as_with(sql, arguments(values)?).fetch_optional(c).await?))
    }

    /// A statement without parameters that is not kept prepared (savepoints, migrations).
    pub(crate) async fn plain(&mut self, sql: impl SqlSafeStr) -> Result<()> {
        on!(self, c, _arguments => { sqlx::raw_sql(sql).execute(c).await?; });
        Ok(())
    }

    /// Writes what is cached, then commits.
    pub(crate) async fn commit(mut self) -> Result<()> {
        self.flush_heads().await?;
        match self.inner {
            Inner::Sqlite(t) => t.commit().await.map_err(Error::from),
            Inner::SqliteWriting(w) => w.end("commit").await,
            Inner::Postgres(t) => t.commit().await.map_err(Error::from),
        }
    }

    /// Gives up; the connection goes back to the pool clean.
    pub(crate) async fn rollback(self) -> Result<()> {
        match self.inner {
            Inner::Sqlite(t) => t.rollback().await.map_err(Error::from),
            Inner::SqliteWriting(w) => w.end("rollback").await,
            Inner::Postgres(t) => t.rollback().await.map_err(Error::from),
        }
    }
}
