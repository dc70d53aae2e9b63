//! Opening, making, reading, writing and backing up a store.

use crate::writer::{Answer, Message, Typed, work};
use crate::{Error, Result, Tx, migrate};
use futures_util::future::BoxFuture;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, PgConnection};
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;

/// Where a store is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder that holds `gongkai.db` (SQLite), `files/` and the key of the personal data.
    Folder(PathBuf),
    /// A PostgreSQL URL.
    Postgres(String),
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, in the program.
    Sqlite,
    /// PostgreSQL 15 or newer.
    Postgres,
}

/// An open store. Cloning is cheap; all clones share the same connections and the same writer.
#[derive(Clone, Debug)]
pub struct Store {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    read: Readable,
    jobs: mpsc::Sender<Message>,
    written: AtomicU64,
    writer: Mutex<Option<JoinHandle<()>>>,
}

/// Counts a write when it is dropped.
struct Counted<'a>(&'a AtomicU64);

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Release);
    }
}

/// Connections that read.
#[derive(Clone, Debug)]
enum Readable {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// The connection that writes.
#[derive(Clone, Debug)]
pub(crate) enum Writable {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

impl Writable {
    /// Begins a writing transaction.
    pub(crate) async fn begin(&self) -> Result<Tx> {
        match self {
            Writable::Sqlite(pool) => Tx::sqlite_writing(pool.acquire().await?).await,
            Writable::Postgres(pool) => {
                Ok(Tx::postgres(pool.begin().await.map_err(|error| refused(pool, error))?))
            }
        }
    }

    async fn close(&self) {
        match self {
            Writable::Sqlite(pool) => pool.close().await,
            Writable::Postgres(pool) => pool.close().await,
        }
    }
}

/// Name of the database file in the folder.
const DATABASE: &str = "gongkai.db";
/// Jobs that may wait; whoever comes later waits to hand one in.
const QUEUE: usize = 1024;
/// Connections that read; each holds at most its cache of two megabytes.
const READERS: u32 = 4;
/// How long a statement waits for another process's lock, and a reader for a free connection.
const PATIENCE: Duration = Duration::from_secs(10);
/// Rows that may be on their way from SQLite's thread: enough that neither side waits for the other on long reads.
const ROWS_ON_THE_WAY: usize = 1024;

impl Store {
    /// Makes a new store and opens it.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if there is one at that place already.
    pub async fn create(at: &Location) -> Result<Store> {
        match at {
            Location::Folder(folder) => {
                let database = folder.join(DATABASE);
                let exists = |path: &Path| path.try_exists().map_err(|e| Error::from(sqlx::Error::Io(e)));
                if exists(&database)? {
                    return Err(Error::AlreadyExists(folder.display().to_string()));
                }
                create_folder(&folder.join("files"))?;
                // Made under another name and renamed when complete: a power cut leaves a store or none.
                let unfinished = folder.join("gongkai.db.new");
                if exists(&unfinished)? {
                    std::fs::remove_file(&unfinished).map_err(sqlx::Error::Io)?;
                }
                let pool = sqlite_writer(&unfinished, true).await?;
                let made = migrate::create(&Writable::Sqlite(pool.clone())).await;
                pool.close().await;
                made?;
                std::fs::rename(&unfinished, &database).map_err(sqlx::Error::Io)?;
                sync_folder(folder)?;
            }
            Location::Postgres(url) => {
                let pool = postgres_pool(url, 1).await?;
                let to = Writable::Postgres(pool);
                let made = match migrate::version(&to).await {
                    Ok(None) => migrate::create(&to).await,
                    Ok(Some(_)) => Err(Error::AlreadyExists("该数据库".to_owned())),
                    Err(error) => Err(error),
                };
                to.close().await;
                made?;
            }
        }
        Store::open(at).await
    }

    /// Opens a store and brings its schema up to date.
    ///
    /// # Errors
    /// [`Error::NotAStore`], [`Error::NewerVersion`], [`Error::Busy`] while somebody else migrates,
    /// [`Error::Unreachable`].
    pub async fn open(at: &Location) -> Result<Store> {
        let (read, write) = connect(at).await?;
        if let Err(error) = migrate::update(&write).await {
            write.close().await;
            return Err(named(error, at));
        }
        Ok(Store::over(read, write))
    }

    /// A store over these connections, with its writer at work.
    fn over(read: Readable, write: Writable) -> Store {
        let (jobs, queue) = mpsc::channel(QUEUE);
        let writer = tokio::spawn(async move {
            work(write.clone(), queue).await;
            write.close().await;
        });
        Store {
            inner: Arc::new(Inner {
                read,
                jobs,
                written: AtomicU64::new(0),
                writer: Mutex::new(Some(writer)),
            }),
        }
    }

    /// A read-only snapshot: everything read in it is as of its first statement.
    ///
    /// # Errors
    /// [`Error::Busy`] if no connection becomes free in ten seconds; [`Error::Unreachable`].
    pub async fn read(&self) -> Result<Tx> {
        match &self.inner.read {
            Readable::Sqlite(pool) => Ok(Tx::sqlite(pool.begin().await?)),
            Readable::Postgres(pool) => {
                Ok(Tx::postgres(pool.begin_with("begin isolation level repeatable read, read only").await?))
            }
        }
    }

    /// One verb = one job = one transaction. Waiting jobs share a commit; `Ok` is returned
    /// only after the commit is durable. An `Err` or a panic of the job rolls back that job alone; the panic goes on
    /// in the caller.
    ///
    /// A caller that is dropped while waiting does not undo the job. A job must not call `write` itself.
    ///
    /// # Errors
    /// What the job returns, or the store's own error turned into `E`: after [`Error::Unreachable`] it is not known
    /// whether the job was committed, after every other error it was not.
    pub async fn write<T, E, F>(&self, job: F) -> std::result::Result<T, E>
    where
        T: Send + 'static,
        E: From<Error> + Send + 'static,
        F: for<'a> FnOnce(&'a mut Tx) -> BoxFuture<'a, std::result::Result<T, E>> + Send + 'static,
    {
        let gone = || E::from(Error::Unreachable("数据库已经关闭".to_owned()));
        let (to, answer) = oneshot::channel();
        let job = Typed { job: Some(job), answer: None, to };
        self.inner.jobs.send(Message::Job(Box::new(job))).await.map_err(|_| gone())?;
        // Also after a failure, and when the caller goes away: the job may be committed all the same.
        let _counted = Counted(&self.inner.written);
        match answer.await {
            Ok(Answer::Done(result)) => result,
            Ok(Answer::Panicked(panic)) => std::panic::resume_unwind(panic),
            Err(_) => Err(gone()),
        }
    }

    /// How many times something may have been written by this process. Equal numbers mean that nothing was: what was read at
    /// the first is what would be read at the second, unless another process wrote.
    pub fn written(&self) -> u64 {
        self.inner.written.load(Ordering::Acquire)
    }

    /// As if something had been written: another process was seen to have done so.
    pub fn was_written_elsewhere(&self) {
        self.inner.written.fetch_add(1, Ordering::Release);
    }

    /// Which database this is.
    pub fn engine(&self) -> Engine {
        match &self.inner.read {
            Readable::Sqlite(_) => Engine::Sqlite,
            Readable::Postgres(_) => Engine::Postgres,
        }
    }

    /// Writes a complete copy of the database, as of one instant, into the new file `to`, while others go on
    /// writing; the copy is on the disk when this returns. `files/` and the key are the caller's to copy.
    ///
    /// # Errors
    /// [`Error::AlreadyExists`] if the file is there; [`Error::Unsupported`] on PostgreSQL.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        let Readable::Sqlite(pool) = &self.inner.read else {
            return Err(Error::Unsupported(
                "PostgreSQL 数据库请用 pg_dump 或者 pgBackRest 备份，并另行复制文件目录和密钥",
            ));
        };
        if to.try_exists().map_err(sqlx::Error::Io)? {
            return Err(Error::AlreadyExists(to.display().to_string()));
        }
        let Some(name) = to.to_str() else {
            return Err(Error::NotAStore(to.display().to_string()));
        };
        // VACUUM INTO reads one snapshot; the paged backup API starts again whenever another connection writes.
        sqlx::query("vacuum into $1").bind(name).execute(pool).await?;
        std::fs::File::open(to).and_then(|file| file.sync_all()).map_err(sqlx::Error::Io)?;
        sync_folder(to.parent().unwrap_or(Path::new(".")))
    }

    /// Finishes the jobs that are waiting, then closes every connection. Other clones get
    /// [`Error::Unreachable`] from then on.
    pub async fn close(self) {
        // The channel is closed if somebody was quicker; then only the waiting remains.
        let _ = self.inner.jobs.send(Message::Close).await;
        let writer = self.inner.writer.lock().map(|mut w| w.take()).unwrap_or_default();
        if let Some(writer) = writer
            && let Err(error) = writer.await
        {
            tracing::error!(%error, "the writer did not end well");
        }
        match &self.inner.read {
            Readable::Sqlite(pool) => pool.close().await,
            Readable::Postgres(pool) => pool.close().await,
        }
    }
}

/// The connections of a store. The readers connect when they are first needed.
async fn connect(at: &Location) -> Result<(Readable, Writable)> {
    match at {
        Location::Folder(folder) => {
            let database = folder.join(DATABASE);
            if !database.is_file() {
                return Err(Error::NotAStore(folder.display().to_string()));
            }
            let write = sqlite_writer(&database, false).await.map_err(|error| named(error, at))?;
            let read = SqlitePoolOptions::new()
                .max_connections(READERS)
                .acquire_timeout(PATIENCE)
                .max_lifetime(None)
                .test_before_acquire(false)
                .connect_lazy_with(sqlite_options(&database).read_only(true));
            Ok((Readable::Sqlite(read), Writable::Sqlite(write)))
        }
        Location::Postgres(url) => {
            let write = postgres_pool(url, 1).await?;
            let read = postgres_pool(url, READERS).await?;
            Ok((Readable::Postgres(read), Writable::Postgres(write)))
        }
    }
}

/// The error with the name of the folder, which the database does not know.
fn named(error: Error, at: &Location) -> Error {
    match (error, at) {
        (Error::NotAStore(_), Location::Folder(folder)) => Error::NotAStore(folder.display().to_string()),
        (error, _) => error,
    }
}

/// A pool that times out although it could have opened another connection has no server to open it to.
fn refused(pool: &PgPool, error: sqlx::Error) -> Error {
    match error {
        sqlx::Error::PoolTimedOut if pool.size() < pool.options().get_max_connections() => {
            Error::Unreachable("等待数据库连接超时".to_owned())
        }
        error => error.into(),
    }
}

fn create_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|e| Error::from(sqlx::Error::Io(e)))
}

/// A new name in a folder is durable only after the folder itself is flushed.
fn sync_folder(folder: &Path) -> Result<()> {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    std::fs::File::open(folder).and_then(|f| f.sync_all()).map_err(|e| Error::from(sqlx::Error::Io(e)))
}

fn sqlite_options(database: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(database)
        .foreign_keys(true)
        .busy_timeout(PATIENCE)
        .row_buffer_size(ROWS_ON_THE_WAY)
        .disable_statement_logging()
}

async fn sqlite_writer(database: &Path, create: bool) -> Result<SqlitePool> {
    let options = sqlite_options(database)
        .create_if_missing(create)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // What is erased is overwritten, not only unlinked: personal data must not survive in free pages.
        .pragma("secure_delete", "on")
        // A page that many commits change, as those of indexes are, is copied from the log into the file once for every
        // 32 megabytes of log instead of once for every four.
        .pragma("wal_autocheckpoint", "8000")
        // After a long read the log may have grown; it is cut back to 64 megabytes.
        .pragma("journal_size_limit", "67108864")
        // At most 64 megabytes, taken only by a large transaction: what does not fit is written to the log twice.
        .pragma("cache_size", "-64000");
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false);
    Ok(pool.connect_with(options).await?)
}

async fn postgres_pool(url: &str, connections: u32) -> Result<PgPool> {
    // The message must not repeat the URL: it holds the password.
    let options = PgConnectOptions::from_str(url)
        .map_err(|_| {
            Error::Unreachable("数据库地址写法不对，应为 postgres://用户:密码@主机:端口/库名".to_owned())
        })?
        .options([
            ("statement_timeout", "60s"),
            ("lock_timeout", "10s"),
            ("idle_in_transaction_session_timeout", "120s"),
        ])
        .disable_statement_logging();
    // A maximum life lets connections move to the new primary after a failover.
    let pool = PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .max_lifetime(Duration::from_secs(30 * 60));
    // Tried once here: a pool would go on trying until its patience ends.
    PgConnection::connect_with(&options).await?.close().await?;
    Ok(pool.connect_lazy_with(options))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Location, Region};

    async fn put(store: &Store, key: &'static str, size: usize) -> Result<()> {
        store
            .write(move |tx: &mut Tx| {
                let job: BoxFuture<'_, Result<()>> =
                    Box::pin(async move { tx.put_setting(Region(1), key, &"x".repeat(size)).await });
                job
            })
            .await
    }

    /// A full disk refuses what does not fit, leaves nothing of it, and does not end the store.
    #[tokio::test]
    async fn a_full_disk_is_said_and_survived() {
        let folder = tempfile::tempdir().expect("a folder");
        let at = Location::Folder(folder.path().to_owned());
        Store::create(&at).await.expect("a store").close().await;
        let (read, write) = connect(&at).await.expect("connections");
        let Writable::Sqlite(pool) = &write else { unreachable!("a folder is SQLite") };
        // The same result code as a full disk (SQLITE_FULL), without needing one.
        sqlx::raw_sql("pragma max_page_count = 100").execute(pool).await.expect("the limit");
        let store = Store::over(read, write);
        let (small, large, other) =
            tokio::join!(put(&store, "small", 10), put(&store, "large", 1_000_000), put(&store, "other", 10));
        assert!(matches!(large, Err(Error::DiskFull)), "{large:?}");
        put(&store, "later", 10).await.expect("there is room for small things");
        let mut tx = store.read().await.expect("a snapshot");
        for (key, outcome) in [("small", small), ("large", large), ("other", other)] {
            let there = tx.setting(Region(1), key).await.expect("a look").is_some();
            assert_eq!(there, outcome.is_ok(), "{key}: what was answered is what is there: {outcome:?}");
        }
        assert!(tx.setting(Region(1), "later").await.expect("a look").is_some());
    }
}
