//! What somebody with the database in hand can do behind the store's back.

use crate::sample::id;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, Row, SqliteConnection};
use store::Location;

/// A column of the journal.
pub struct Column {
    pub name: &'static str,
    kind: Kind,
}

#[derive(Clone, Copy)]
enum Kind {
    Int,
    Text,
    Blob,
}

const fn column(name: &'static str, kind: Kind) -> Column {
    Column { name, kind }
}

/// Every column of the journal.
pub const COLUMNS: [Column; 11] = [
    column("region", Kind::Int),
    column("seq", Kind::Int),
    column("recorded_at", Kind::Int),
    column("effective_on", Kind::Text),
    column("actor", Kind::Text),
    column("subject_kind", Kind::Text),
    column("subject", Kind::Text),
    column("ordinal", Kind::Int),
    column("event", Kind::Text),
    column("prev", Kind::Blob),
    column("hash", Kind::Blob),
];

/// A connection of one's own, without the store's rules.
pub struct Behind {
    connection: Connected,
    /// Of the entry about subject 2, once it was read.
    prev: Vec<u8>,
    hash: Vec<u8>,
}

enum Connected {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

impl Behind {
    pub async fn open(at: &Location) -> Behind {
        let connection = match at {
            Location::Folder(folder) => {
                let options =
                    SqliteConnectOptions::new().filename(folder.join("gongkai.db")).foreign_keys(false);
                Connected::Sqlite(options.connect().await.unwrap())
            }
            Location::Postgres(url) => Connected::Postgres(PgConnection::connect(url).await.unwrap()),
        };
        Behind { connection, prev: vec![], hash: vec![] }
    }

    pub async fn run(&mut self, sql: &'static str) {
        match &mut self.connection {
            Connected::Sqlite(c) => drop(sqlx::raw_sql(sql).execute(c).await.unwrap()),
            Connected::Postgres(c) => drop(sqlx::raw_sql(sql).execute(c).await.unwrap()),
        }
    }

    /// The bytes of a column of the entry about subject 2.
    pub async fn get(&mut self, column: &Column) -> Vec<u8> {
        let sql = format!("select {} from journal where subject = $1 and ordinal = 1", column.name);
        let subject = id(2).to_string();
        match &mut self.connection {
            Connected::Sqlite(c) => {
                let row = sqlx::query(AssertSqlSafe(sql)).bind(subject).fetch_one(c).await.unwrap();
                match column.kind {
                    Kind::Int => row.get::<i64, _>(0).to_be_bytes().to_vec(),
                    Kind::Text => row.get::<String, _>(0).into_bytes(),
                    Kind::Blob => row.get(0),
                }
            }
            Connected::Postgres(c) => {
                let row = sqlx::query(AssertSqlSafe(sql)).bind(subject).fetch_one(c).await.unwrap();
                match column.kind {
                    Kind::Int => row.get::<i64, _>(0).to_be_bytes().to_vec(),
                    Kind::Text => row.get::<String, _>(0).into_bytes(),
                    Kind::Blob => row.get(0),
                }
            }
        }
    }

    /// The connection, with the entry about subject 2 remembered.
    pub async fn at_entry(at: &Location) -> Behind {
        let mut behind = Behind::open(at).await;
        behind.prev = behind.get(&column("prev", Kind::Blob)).await;
        behind.hash = behind.get(&column("hash", Kind::Blob)).await;
        behind
    }

    /// Puts bytes into a column of that entry; `false` if the database refuses them.
    pub async fn set(&mut self, column: &Column, bytes: &[u8]) -> bool {
        // The entry is found by a value that is not being changed.
        let name = column.name;
        let (key, mark) = if name == "hash" { ("prev", &self.prev) } else { ("hash", &self.hash) };
        let sql = |value: &str| format!("update journal set {name} = {value} where {key} = $2");
        let int = || i64::from_be_bytes(bytes.try_into().unwrap());
        match &mut self.connection {
            Connected::Sqlite(c) => {
                let text = AssertSqlSafe(sql(if matches!(column.kind, Kind::Text) {
                    "cast($1 as text)"
                } else {
                    "$1"
                }));
                let query = sqlx::query(text);
                let query = match column.kind {
                    Kind::Int => query.bind(int()),
                    Kind::Text | Kind::Blob => query.bind(bytes),
                };
                query.bind(mark.as_slice()).execute(c).await.is_ok_and(|done| done.rows_affected() == 1)
            }
            Connected::Postgres(c) => {
                let query = sqlx::query(AssertSqlSafe(sql("$1")));
                let query = match column.kind {
                    Kind::Int => query.bind(int()),
                    Kind::Text => match std::str::from_utf8(bytes) {
                        Ok(text) => query.bind(text),
                        Err(_) => return false,
                    },
                    Kind::Blob => query.bind(bytes),
                };
                query.bind(mark.as_slice()).execute(c).await.is_ok_and(|done| done.rows_affected() == 1)
            }
        }
    }
}
