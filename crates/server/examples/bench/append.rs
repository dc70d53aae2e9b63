//! Journal appends, one entry a transaction, 64 senders, each waiting until its own is on the disk.

use crate::county::{operator, unit};
use crate::table::{Table, grouped, median};
use crate::{Outcome, clock};
use jiff::Timestamp;
use jiff::civil::{Date, date};
use law::docket::document::{Category, DisclosureAttribute, DocumentEvent};
use service::upkeep::KeySource;
use service::{Location, Region, Service};
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use store::{BoxFuture, NewEntry, Store, Tx};
use tokio::task::JoinSet;
use uuid::Uuid;

/// Who sends at the same time.
const SENDERS: u64 = 64;
/// Appends a round.
const EACH: u64 = 10_000;
const ROUNDS: u64 = 3;
const ON: Date = date(2020, 12, 31);

pub async fn measure(table: &mut Table, folder: &Path) -> Outcome {
    let temporary = tempfile::tempdir_in(folder)?;
    let sqlite = Location::Folder(temporary.path().join("data"));
    engine(table, "SQLite", &sqlite, &KeySource::Folder, Region(990_101)).await?;
    if let Ok(url) = std::env::var("TEST_POSTGRES_URL") {
        // A region of its own: the database may be used by others, and by an earlier run.
        let own = i64::from(std::process::id()) * 1000 % 100_000_000 + 600_000_000_000;
        engine(table, "PostgreSQL", &Location::Postgres(url), &KeySource::Given([7; 16]), Region(own))
            .await?;
    }
    Ok(())
}

async fn engine(table: &mut Table, name: &str, at: &Location, key: &KeySource, region: Region) -> Outcome {
    let now: Timestamp = "2021-01-05T01:00:00Z".parse()?;
    let service = Service::init_with(at, key, region, "样本市", [1; 32], now).await?;
    let government = unit("gov", "样本市人民政府", None);
    let id = service.establish_unit(operator(now, 0), date(2010, 1, 1), government).await?;
    let event = DocumentEvent::Made {
        counted_by: id.to_string(),
        maker: id.to_string(),
        category: Category::Normative,
        title: "关于样本地块征收补偿的通知".to_owned(),
        number: None,
        index_number: None,
        attribute: DisclosureAttribute::Proactive,
        reason: None,
    };
    let (sent, made) = (service.clone(), event.clone());
    let verbs = rounds(move |n| {
        let (service, event) = (sent.clone(), made.clone());
        async move {
            service.make_document(operator(now, n), ON, event).await?;
            Ok(())
        }
    })
    .await?;
    let entries = service.verify(&operator(now, 0), |_, _| {}).await?;
    if !entries.problems.is_empty() || entries.entries != ROUNDS * EACH + 3 {
        return Err(format!("after the appends verify says {entries:?}").into());
    }
    service.close().await;

    let store = Store::open(at).await?;
    let event = serde_json::json!({ "v": 1, "event": event }).to_string();
    let sent = store.clone();
    let bare = rounds(move |n| {
        let (store, event) = (sent.clone(), event.clone());
        async move { append(&store, region, now, n, event).await }
    })
    .await?;
    store.close().await;

    let how = format!(
        "{SENDERS} senders, {EACH} a round, median of {ROUNDS}; each waits for its own commit{}",
        if name == "PostgreSQL" {
            "; the server of `cargo xtask test` runs without fsync"
        } else {
            ", `synchronous=full`"
        }
    );
    let rate = 1.0 / median(&bare);
    let measured = format!("{}/s", grouped(rate));
    let what = format!("journal appends, {name}");
    let how_appends = format!("`Tx::append`, one transaction each; {how}");
    match name {
        "SQLite" => table.aimed(&what, "2,000/s, each on disk", measured, rate >= 2000.0, how_appends),
        _ => table.told(&what, measured, how_appends),
    }
    let measured = format!("{}/s", grouped(1.0 / median(&verbs)));
    let how_verb = format!("`make_document`: one entry, one row, its tallies in one transaction; {how}");
    table.told(&format!("documents registered, {name}"), measured, how_verb);
    Ok(())
}

async fn append(store: &Store, region: Region, now: Timestamp, n: u64, event: String) -> Outcome {
    let entry = NewEntry {
        recorded_at: now,
        effective_on: ON,
        actor: "样本".to_owned(),
        subject_kind: "document".to_owned(),
        subject: Uuid::from_u128(u128::from(n)),
        ordinal: 1,
        event,
    };
    store
        .write(move |tx: &mut Tx| -> BoxFuture<'_, store::Result<()>> {
            Box::pin(async move { tx.append(region, entry).await.map(|_| ()) })
        })
        .await?;
    Ok(())
}

/// Seconds an append, round by round. `work` is given a number that no other append has.
async fn rounds<W, F>(work: W) -> Outcome<Vec<f64>>
where
    W: Fn(u64) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Outcome> + Send,
{
    let mut seconds = Vec::new();
    for round in 0..ROUNDS {
        let given = Arc::new(AtomicU64::new(0));
        let began = clock();
        let mut senders = JoinSet::new();
        for _ in 0..SENDERS {
            let (given, work) = (given.clone(), work.clone());
            senders.spawn(async move {
                loop {
                    let n = given.fetch_add(1, Ordering::Relaxed);
                    if n >= EACH {
                        return Ok::<(), String>(());
                    }
                    work(1 + round * EACH + n).await.map_err(|e| e.to_string())?;
                }
            });
        }
        while let Some(done) = senders.join_next().await {
            done??;
        }
        seconds.push(began.elapsed().as_secs_f64() / EACH as f64);
    }
    Ok(seconds)
}
