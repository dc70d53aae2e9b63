//! Where a test keeps its store: a temporary folder, or a region of its own in the PostgreSQL test database.
#![allow(dead_code, reason = "each test program uses what it needs")]

use jiff::Timestamp;
use jiff::civil::Date;
use law::docket::unit::{Level, UnitKind};
use service::unit::NewUnit;
use service::upkeep::KeySource;
use service::{Actor, Context, Location, Region, Service};
use std::future::Future;
use std::sync::atomic::{AtomicI64, Ordering};
use uuid::Uuid;

/// The instant of every test, unless it says otherwise: 1 March 2021 in the morning.
pub fn now() -> Timestamp {
    "2021-03-01T01:00:00Z".parse().expect("an instant")
}

/// A request of the operator; each with randomness of its own.
pub fn operator(at: Timestamp) -> Context {
    Context::new(at, Actor::Operator, seed())
}

/// Another seed at every call.
pub fn seed() -> [u8; 32] {
    static NEXT: AtomicI64 = AtomicI64::new(1);
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&NEXT.fetch_add(1, Ordering::Relaxed).to_be_bytes());
    seed[8..12].copy_from_slice(&std::process::id().to_be_bytes());
    seed
}

/// A day.
pub fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Runs the body on a new store in a folder.
pub async fn on_sqlite<F, B>(body: F)
where
    F: FnOnce(Service, Location) -> B,
    B: Future<Output = ()>,
{
    let folder = tempfile::tempdir().expect("a temporary folder");
    let at = Location::Folder(folder.path().join("data"));
    let service = Service::init(&at, Region(140_581), "样本市", seed(), now()).await.expect("a new store");
    body(service.clone(), at).await;
    service.close().await;
}

/// Runs the body on a new region of the PostgreSQL test database.
///
/// # Panics
/// If no server is named: half a test is not to pass silently.
pub async fn on_postgres<F, B>(body: F)
where
    F: FnOnce(Service, Location) -> B,
    B: Future<Output = ()>,
{
    let (service, at) = postgres_region().await;
    body(service.clone(), at).await;
    service.close().await;
}

/// Another empty store of the same engine, and where it is. A folder is left to the caller.
pub async fn another(like: &Location, folder: &std::path::Path) -> (Service, Location) {
    match like {
        Location::Postgres(_) => postgres_region().await,
        Location::Folder(_) => {
            let at = Location::Folder(folder.join("other"));
            let service =
                Service::init(&at, Region(140_581), "样本市", seed(), now()).await.expect("a new store");
            (service, at)
        }
    }
}

/// A region that no other test has.
async fn postgres_region() -> (Service, Location) {
    static NEXT: AtomicI64 = AtomicI64::new(0);
    let url =
        std::env::var("TEST_POSTGRES_URL").expect("TEST_POSTGRES_URL is not set: run `cargo xtask test`");
    let own = i64::from(std::process::id() % 100_000) * 1000 + NEXT.fetch_add(1, Ordering::Relaxed);
    let (at, region) = (Location::Postgres(url), Region(500_000_000_000 + own));
    let key = KeySource::Given([7; 16]);
    let mut last = None;
    for _ in 0..20 {
        // Tests that start at the same time make the schema at the same time; one of them is first.
        match Service::init_with(&at, &key, region, "样本市", seed(), now()).await {
            Ok(service) => return (service, at),
            Err(e) => last = Some(e),
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("no region in the test database: {last:?}");
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
                crate::place::on_postgres(super::$name).await;
            })*
        }
    };
}

#[allow(unused_imports, reason = "each test program uses what it needs")]
pub(crate) use on_both;

/// A government and an office of it; their ids.
pub async fn units(service: &Service) -> (Uuid, Uuid) {
    let government = NewUnit {
        code: "sample-gov".into(),
        name: "样本市人民政府".into(),
        short_name: "市政府".into(),
        kind: UnitKind::Government,
        level: Level::County,
        parent: None,
        consolidates_into: None,
    };
    let on = day("2010-01-01");
    let government = service.establish_unit(operator(now()), on, government).await.expect("a government");
    let office = NewUnit {
        code: "sample-office".into(),
        name: "样本市人民政府办公室".into(),
        short_name: "市政府办".into(),
        kind: UnitKind::Office,
        level: Level::County,
        parent: Some(government),
        consolidates_into: Some(government),
    };
    let office = service.establish_unit(operator(now()), on, office).await.expect("an office");
    (government, office)
}
