//! Where a test keeps its store: a temporary folder, or a PostgreSQL schema of its own that is dropped afterwards.

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use std::future::Future;
use store::{Location, Store};

#[allow(dead_code, reason = "each test program uses what it needs")]
/// Runs the body on a new SQLite store.
pub async fn on_sqlite<F, B>(body: F)
where
    F: FnOnce(Store, Location) -> B,
    B: Future<Output = ()> + Send + 'static,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = Location::Folder(folder.path().join("data"));
    let store = Store::create(&at).await.expect("a new store");
    body(store.clone(), at).await;
    store.close().await;
}

/// Runs the body on a new PostgreSQL schema.
///
/// # Panics
/// If no server is named: half a contract is not to pass silently.
pub async fn on_postgres<F, B>(name: &str, body: F)
where
    F: FnOnce(Store, Location) -> B,
    B: Future<Output = ()> + Send + 'static,
{
    let url =
        std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run `cargo xtask test`");
    let schema = format!("t{}_{name}", std::process::id());
    let mut server = PgConnection::connect(&url).await.expect("the test server");
    server.execute(AssertSqlSafe(format!("create schema {schema}"))).await.expect("a schema");
    let separator = if url.contains('?') { '&' } else { '?' };
    let at = Location::Postgres(format!("{url}{separator}options[search_path]={schema}"));
    let store = Store::create(&at).await.expect("a new store");
    // In a task, so that the schema is dropped also when the body panics.
    let outcome = tokio::spawn(body(store.clone(), at)).await;
    store.close().await;
    server.execute(AssertSqlSafe(format!("drop schema {schema} cascade"))).await.expect("the schema dropped");
    if let Err(failure) = outcome {
        std::panic::resume_unwind(failure.into_panic());
    }
}

/// Every body once per engine.
#[allow(unused_macros, reason = "each test program uses what it needs")]
macro_rules! on_both {
    ($($name:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $name() {
                crate::place::on_sqlite(super::$name).await;
            })*
        }
        mod postgres {
            $(#[tokio::test]
            async fn $name() {
                crate::place::on_postgres(concat!(stringify!($name)), super::$name).await;
            })*
        }
    };
}

/// A transaction that writes, as `store.write` takes it.
#[allow(unused_macros, reason = "each test program uses what it needs")]
macro_rules! write {
    ($store:expr, $tx:ident => $body:expr) => {
        $store
            .write(move |$tx: &mut store::Tx| {
                let future: store::BoxFuture<'_, store::Result<_>> = Box::pin(async move { $body });
                future
            })
            .await
    };
}

#[allow(unused_imports, reason = "each test program uses what it needs")]
pub(crate) use {on_both, write};
