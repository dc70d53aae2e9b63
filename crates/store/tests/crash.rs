//! Killed a hundred times under load: every entry that was acknowledged is there, and the chain holds.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test that fails should say where")]

use jiff::{Timestamp, civil::Date};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use store::{BoxFuture, Entry, Error, Link, Location, NewEntry, Region, Store, Tx};
use uuid::Uuid;

const REGION: Region = Region(140_581);
/// The folder and the round, handed to the child.
const FOLDER: &str = "GONGKAI_HAMMER_FOLDER";
const ROUND: &str = "GONGKAI_HAMMER_ROUND";
const KILLS: u128 = 100;

fn entry(round: u128, task: u128, ordinal: u32) -> NewEntry {
    NewEntry {
        recorded_at: Timestamp::UNIX_EPOCH,
        effective_on: Date::constant(2020, 1, 1),
        actor: "hammer".to_owned(),
        subject_kind: "request".to_owned(),
        subject: Uuid::from_u128(round << 32 | task),
        ordinal,
        event: r#"{"type":"arrived"}"#.to_owned(),
    }
}

async fn append(store: &Store, new: NewEntry) -> Result<Entry, Error> {
    store
        .write(move |tx: &mut Tx| {
            let job: BoxFuture<'_, Result<Entry, Error>> = Box::pin(async move {
                // Some jobs fail after they have written: nothing of them may come back either.
                let entry = tx.append(REGION, new).await?;
                if entry.seq % 7 == 3 && entry.ordinal % 2 == 0 { Err(Error::Busy) } else { Ok(entry) }
            });
            job
        })
        .await
}

/// The child: 32 tasks append for ever, and each acknowledged entry is printed.
#[test]
#[ignore = "started and killed by `acknowledged_entries_survive_kills`"]
fn hammer() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let round: u128 = std::env::var(ROUND).unwrap().parse().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&Location::Folder(PathBuf::from(folder))).await.unwrap();
        let tasks = (0..32u128).map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut ordinal = 1;
                loop {
                    if let Ok(entry) = append(&store, entry(round, task, ordinal)).await {
                        let hash: String = entry.hash.iter().map(|b| format!("{b:02x}")).collect();
                        // One write per line: what is printed was acknowledged.
                        let line = format!("ack {} {hash}\n", entry.seq);
                        std::io::stdout().lock().write_all(line.as_bytes()).unwrap();
                        ordinal += 1;
                    } else {
                        ordinal += 1;
                    }
                }
            })
        });
        futures_util::future::join_all(tasks).await;
    });
}

/// Kills the child however the test ends.
struct Victim(Child);
impl Drop for Victim {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a child, kills it after a while, and gives what it acknowledged.
fn round(folder: &Path, round: u128) -> Vec<(i64, String)> {
    let mut child = Victim(
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hammer", "--ignored", "--nocapture"])
            .env(FOLDER, folder)
            .env(ROUND, round.to_string())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    let mut lines = BufReader::new(child.0.stdout.take().unwrap());
    let mut acknowledged = Vec::new();
    let mut read = |acknowledged: &mut Vec<(i64, String)>| {
        let mut line = String::new();
        let more = lines.read_line(&mut line).unwrap() > 0;
        // The last line may have been cut by the kill.
        if let (Some(rest), true) = (line.strip_prefix("ack "), line.ends_with('\n')) {
            let (seq, hash) = rest.trim_end().split_once(' ').unwrap();
            acknowledged.push((seq.parse().unwrap(), hash.to_owned()));
        }
        more
    };
    // Killed while it works, not while it starts.
    while acknowledged.is_empty() && read(&mut acknowledged) {}
    let random = RandomState::new().build_hasher().finish();
    std::thread::sleep(Duration::from_micros(random % 100_000));
    child.0.kill().unwrap();
    while read(&mut acknowledged) {}
    child.0.wait().unwrap();
    acknowledged
}

#[test]
fn acknowledged_entries_survive_kills() {
    let folder = tempfile::tempdir().unwrap();
    let at = Location::Folder(folder.path().to_owned());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::create(&at).await.unwrap();
        store
            .write(|tx: &mut Tx| {
                let job: BoxFuture<'_, Result<(), Error>> = Box::pin(tx.add_region(REGION, "示例市"));
                job
            })
            .await
            .unwrap();
        store.close().await;
    });
    let mut end = Link::START;
    let mut all = 0;
    for number in 1..=KILLS {
        let acknowledged = round(folder.path(), number);
        assert!(!acknowledged.is_empty(), "round {number}: the child acknowledged nothing");
        all += acknowledged.len();
        runtime.block_on(async {
            let store = Store::open(&at).await.unwrap();
            let mut tx = store.read().await.unwrap();
            let entries = tx.entries_range(REGION, end.seq + 1, i64::MAX).await.unwrap();
            let first = end.seq + 1;
            end = end.follow(&entries).unwrap_or_else(|broken| panic!("round {number}: {broken}"));
            assert_eq!(end.is_head_of(&tx.regions().await.unwrap()[0]), Ok(()), "round {number}");
            for (seq, hash) in acknowledged {
                let found = usize::try_from(seq - first).ok().and_then(|at| entries.get(at));
                let found = found.map(|e| e.hash.iter().map(|b| format!("{b:02x}")).collect::<String>());
                assert_eq!(found, Some(hash), "round {number}: acknowledged entry {seq}");
            }
            drop(tx);
            store.close().await;
        });
    }
    assert!(all > 1000, "only {all} entries were acknowledged: that is no load");
}
