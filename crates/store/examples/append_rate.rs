//! How many durable appends a second, with 64 writers of one entry a job; and how many entries a second are read and
//! hashed again. `cargo run --release -p store --example append_rate [ENTRIES] [FOLDER]`
#![expect(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use jiff::{Timestamp, civil::Date};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use store::{BoxFuture, Error, Link, Location, NewEntry, Region, Result, Store, Tx};
use uuid::Uuid;

const REGION: Region = Region(140_581);
const WRITERS: u128 = 64;
const PAGE: i64 = 4096;

fn entry(subject: u128, ordinal: u32) -> NewEntry {
    NewEntry {
        recorded_at: Timestamp::UNIX_EPOCH,
        effective_on: Date::constant(2020, 1, 1),
        actor: "01902f6e-5a00-7abc-8def-0123456789ab".to_owned(),
        subject_kind: "request".to_owned(),
        subject: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + subject),
        ordinal,
        event: r#"{"v":1,"type":"arrived","channel":"counter","class":"natural_person","subject":"某地块征收补偿方案"}"#
            .to_owned(),
    }
}

async fn append(store: &Store, entries: Vec<NewEntry>) -> Result<()> {
    store
        .write(move |tx: &mut Tx| {
            let job: BoxFuture<'_, Result<()>> = Box::pin(async move {
                for entry in entries {
                    tx.append(REGION, entry).await?;
                }
                Ok(())
            });
            job
        })
        .await
}

async fn follow(store: Store, from: Link, to: i64) -> Result<Link> {
    let mut tx = store.read().await?;
    let mut at = from;
    while at.seq < to {
        let entries = tx.entries_range(REGION, at.seq + 1, (at.seq + PAGE).min(to)).await?;
        at = at.follow(&entries).map_err(|broken| Error::Corrupt(broken.to_string()))?;
    }
    Ok(at)
}

#[tokio::main]
async fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let total: i64 = arguments.next().map_or(Ok(200_000), |n| n.parse())?;
    let temporary = tempfile::tempdir()?;
    let folder = arguments.next().map_or(temporary.path().join("data"), PathBuf::from);
    let at = Location::Folder(folder);
    let store = Store::create(&at).await?;
    store
        .write(|tx: &mut Tx| -> BoxFuture<'_, Result<()>> { Box::pin(tx.add_region(REGION, "示例市")) })
        .await?;

    let started = Instant::now();
    let given = Arc::new(AtomicU32::new(0));
    let each: u32 = 20_000;
    let writers = (0..WRITERS).map(|writer| {
        let (store, given) = (store.clone(), Arc::clone(&given));
        tokio::spawn(async move {
            let mut ordinal = 0;
            while given.fetch_add(1, Ordering::Relaxed) < each {
                ordinal += 1;
                append(&store, vec![entry(writer, ordinal)]).await?;
            }
            Ok::<(), Error>(())
        })
    });
    for writer in futures_util::future::join_all(writers).await {
        writer??;
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{:.0} durable appends/s with {WRITERS} writers ({each} in {seconds:.2} s)",
        f64::from(each) / seconds
    );

    let started = Instant::now();
    let mut subject = WRITERS;
    let mut left = total - i64::from(each);
    while left > 0 {
        let batch: Vec<NewEntry> = (0..left.min(1000))
            .map(|_| {
                subject += 1;
                entry(subject, 1)
            })
            .collect();
        left -= batch.len() as i64;
        append(&store, batch).await?;
    }
    println!("filled up to {total} entries in {:.2} s", started.elapsed().as_secs_f64());

    let started = Instant::now();
    let reopened = Store::open(&at).await?;
    reopened.read().await?.regions().await?;
    println!("opened and answered in {:.1} ms", started.elapsed().as_secs_f64() * 1000.0);
    reopened.close().await;

    for round in ["cold", "warm"] {
        let started = Instant::now();
        follow(store.clone(), Link::START, total).await?;
        let rate = total as f64 / started.elapsed().as_secs_f64();
        println!("{rate:.0} entries/s read and hashed by one reader ({round})");
    }
    let middle = store.read().await?.entries_range(REGION, total / 2, total / 2).await?;
    let middle = middle.first().map(|e| Link { seq: e.seq, hash: e.hash }).ok_or("no middle")?;
    let started = Instant::now();
    let first = tokio::spawn(follow(store.clone(), Link::START, middle.seq));
    let second = tokio::spawn(follow(store.clone(), middle, total));
    let (first, second) = (first.await??, second.await??);
    let rate = total as f64 / started.elapsed().as_secs_f64();
    println!("{rate:.0} entries/s read and hashed by two readers");
    assert_eq!(first, middle, "the halves meet");
    let head = store.read().await?.regions().await?;
    println!("head is right: {}", head.first().is_some_and(|region| second.is_head_of(region).is_ok()));
    store.close().await;
    Ok(())
}
