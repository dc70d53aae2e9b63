//! What can go wrong, named for what a person can do next.

use sqlx::sqlite::SqliteError;
use std::fmt;

/// The result of everything in this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// An error of the store. `Display` is one Chinese sentence that says what to do; details that only an administrator
/// can use are in `source`.
#[derive(Debug)]
pub enum Error {
    /// There is no store at the place named (a folder without database, a database without our tables).
    NotAStore(String),
    /// A new store was to be made where one is already.
    AlreadyExists(String),
    /// The data were written by a newer program.
    NewerVersion {
        /// Schema version found.
        found: i64,
        /// Newest schema version this program knows.
        known: i64,
    },
    /// Somebody else holds the lock, or the server gave up waiting. Nothing was written; try again.
    Busy,
    /// The disk of the database is full. Nothing was written.
    DiskFull,
    /// A unique constraint: somebody else was first. The name is `table_pkey` or `table_column_…_key` on both engines.
    Conflict {
        /// Name of the constraint.
        constraint: String,
    },
    /// The database cannot be reached, or was lost. Whether a running write took place is not known: ask again with
    /// the same idempotency key.
    Unreachable(String),
    /// The folder of the files cannot be read or written. Nothing was registered.
    Files(String),
    /// This engine does not do that; the text says what does.
    Unsupported(&'static str),
    /// What is stored cannot be what this program wrote.
    Corrupt(String),
    /// Anything else the database says.
    Database(sqlx::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::NotAStore(place) => {
                write!(f, "{place} 不是公开系统的数据，请核对路径，或者先用 gongkai init 建立")
            }
            Error::AlreadyExists(place) => write!(f, "{place} 已经存在，请另选位置，不要覆盖原有数据"),
            Error::NewerVersion { found, known } => {
                write!(f, "数据版本为 {found}，本程序只识别到 {known}，请改用写入该数据的新版程序")
            }
            Error::Busy => write!(f, "数据库正忙，本次操作没有写入，请稍后重试"),
            Error::DiskFull => write!(f, "数据库所在磁盘已满，本次操作没有写入，请清理或者扩容后重试"),
            Error::Conflict { .. } => write!(f, "记录已被他人先行登记或者修改，请刷新后重新办理"),
            Error::Unreachable(why) => {
                write!(f, "数据库连接不上（{why}），请检查数据库服务后重试，同一操作重试不会重复登记")
            }
            Error::Files(why) => {
                write!(f, "文件目录不能读写（{why}），请检查磁盘和目录权限后重试")
            }
            Error::Unsupported(instead) => write!(f, "{instead}"),
            Error::Corrupt(what) => {
                write!(f, "存储的数据已损坏（{what}），请停止使用，运行 gongkai verify 并从备份恢复")
            }
            Error::Database(_) => write!(f, "数据库操作失败，请把运行日志交给系统管理员处理"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Database(cause) => Some(cause),
            _ => None,
        }
    }
}

impl Error {
    /// The same error once more: a commit that fails is told to every job that was in it.
    pub(crate) fn again(&self) -> Error {
        match self {
            Error::NotAStore(s) => Error::NotAStore(s.clone()),
            Error::AlreadyExists(s) => Error::AlreadyExists(s.clone()),
            Error::NewerVersion { found, known } => Error::NewerVersion { found: *found, known: *known },
            Error::Busy => Error::Busy,
            Error::DiskFull => Error::DiskFull,
            Error::Conflict { constraint } => Error::Conflict { constraint: constraint.clone() },
            Error::Unreachable(s) => Error::Unreachable(s.clone()),
            Error::Files(s) => Error::Files(s.clone()),
            Error::Unsupported(s) => Error::Unsupported(s),
            Error::Corrupt(s) => Error::Corrupt(s.clone()),
            Error::Database(cause) => Error::Database(sqlx::Error::Protocol(cause.to_string())),
        }
    }
}

impl From<sqlx::Error> for Error {
    fn from(cause: sqlx::Error) -> Error {
        match &cause {
            sqlx::Error::Database(db) => match db.try_downcast_ref::<SqliteError>() {
                Some(sqlite) => from_sqlite(sqlite),
                None => {
                    from_postgres(db.code().as_deref().unwrap_or_default(), db.constraint(), db.message())
                }
            }
            .unwrap_or(Error::Database(cause)),
            sqlx::Error::Io(why) if why.kind() == std::io::ErrorKind::StorageFull => Error::DiskFull,
            sqlx::Error::Io(why) => Error::Unreachable(why.to_string()),
            sqlx::Error::Tls(why) => Error::Unreachable(why.to_string()),
            sqlx::Error::PoolTimedOut => Error::Busy,
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => {
                Error::Unreachable("连接已经关闭".to_owned())
            }
            sqlx::Error::ColumnDecode { index, source } => Error::Corrupt(format!("{index}: {source}")),
            sqlx::Error::Decode(source) => Error::Corrupt(source.to_string()),
            _ => Error::Database(cause),
        }
    }
}

/// Result codes of SQLite (<https://www.sqlite.org/rescode.html>); the low byte is the primary code.
fn from_sqlite(error: &SqliteError) -> Option<Error> {
    use sqlx::error::DatabaseError;
    let code: i64 = error.code()?.parse().ok()?;
    match (code, code & 0xff) {
        (1555 | 2067, _) => {
            Some(Error::Conflict { constraint: constraint_name(error.message(), code == 1555) })
        }
        (_, 5 | 6) => Some(Error::Busy),
        (_, 11) => Some(Error::Corrupt(error.message().to_owned())),
        // 4874: SQLITE_IOERR_SHMSIZE, the index of the write-ahead log could not grow.
        (4874, _) | (_, 13) => Some(Error::DiskFull),
        (_, 14) => Some(Error::Unreachable(error.message().to_owned())),
        (_, 26) => Some(Error::NotAStore("gongkai.db".to_owned())),
        _ => None,
    }
}

/// "UNIQUE constraint failed: unit.region, unit.code" → `unit_region_code_key`, the name PostgreSQL gives it.
fn constraint_name(message: &str, primary: bool) -> String {
    let list = message.rsplit(": ").next().unwrap_or_default();
    let table = list.split('.').next().unwrap_or_default();
    if primary {
        return format!("{table}_pkey");
    }
    let columns: Vec<&str> = list.split(", ").filter_map(|c| c.split_once('.')).map(|(_, c)| c).collect();
    format!("{table}_{}_key", columns.join("_"))
}

/// SQLSTATE codes (PostgreSQL manual, appendix A).
fn from_postgres(code: &str, constraint: Option<&str>, message: &str) -> Option<Error> {
    match code {
        "23505" => Some(Error::Conflict { constraint: constraint.unwrap_or_default().to_owned() }),
        "40001" | "40P01" | "55P03" | "57014" => Some(Error::Busy),
        "53100" => Some(Error::DiskFull),
        "53300" => Some(Error::Busy),
        "57P01" | "57P02" | "57P03" | "3D000" | "25006" => Some(Error::Unreachable(message.to_owned())),
        "XX001" | "XX002" => Some(Error::Corrupt(message.to_owned())),
        _ if code.starts_with("08") || code.starts_with("28") => Some(Error::Unreachable(message.to_owned())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_constraint_is_called_the_same_on_both_engines() {
        let message = "UNIQUE constraint failed: journal.region, journal.subject, journal.ordinal";
        assert_eq!(constraint_name(message, false), "journal_region_subject_ordinal_key");
        assert_eq!(constraint_name("UNIQUE constraint failed: unit.region, unit.id", true), "unit_pkey");
    }

    #[test]
    fn postgresql_codes_say_what_a_person_can_do() {
        assert!(matches!(from_postgres("53100", None, ""), Some(Error::DiskFull)));
        assert!(matches!(from_postgres("40P01", None, ""), Some(Error::Busy)));
        assert!(matches!(from_postgres("08006", None, ""), Some(Error::Unreachable(_))));
        assert!(matches!(from_postgres("57P01", None, ""), Some(Error::Unreachable(_))));
        assert!(from_postgres("42601", None, "").is_none());
    }
}
