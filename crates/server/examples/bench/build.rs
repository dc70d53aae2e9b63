//! The cold release build, in a target folder of its own.

use crate::Outcome;
use crate::process::{children_computed, run};
use crate::table::Table;
use std::path::Path;
use std::process::Command;

/// The most a cold build may take.
const MINUTES: f64 = 12.0;
/// Crates named.
const SLOWEST: usize = 5;

pub fn measure(table: &mut Table, folder: &Path) -> Outcome {
    let own = tempfile::tempdir_in(folder)?;
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR")).args([
        "build",
        "--release",
        "--timings",
        "--package",
        "server",
    ]);
    build.args(["--bin", "gongkai"]).env("CARGO_TARGET_DIR", own.path()).env("CARGO_INCREMENTAL", "0");
    let before = children_computed()?;
    let ran = run(&mut build)?;
    let computed = children_computed()? - before;
    let minutes = ran.seconds / 60.0;
    let cores = std::thread::available_parallelism().map_or(1, usize::from) as f64;
    let timings = std::fs::read_to_string(own.path().join("cargo-timings/cargo-timing.html"))?;
    table.aimed(
        "cold release build",
        "12 minutes on two cores",
        format!(
            "{minutes:.1} minutes, {computed:.0} s of computing ({:.1} minutes on {cores} idle cores)",
            computed / cores / 60.0
        ),
        minutes < MINUTES,
        format!(
            "`cargo build --release` into an empty folder, sources fetched; slowest: {}",
            slowest(&timings)?.join(", ")
        ),
    );
    Ok(())
}

/// The crates that took longest, from the page that `--timings` writes: its units are one JSON array.
fn slowest(page: &str) -> Outcome<Vec<String>> {
    let from = page.split_once("UNIT_DATA = ").ok_or("the page of timings has no units")?.1;
    let units: Vec<serde_json::Value> =
        serde_json::Deserializer::from_str(from).into_iter().next().ok_or("no units")??;
    let mut took: Vec<(f64, String)> = units
        .iter()
        .filter_map(|unit| {
            let target = unit["target"].as_str().unwrap_or_default();
            let name = format!("{}{target}", unit["name"].as_str()?);
            Some((unit["duration"].as_f64()?, name))
        })
        .collect();
    took.sort_by(|a, b| b.0.total_cmp(&a.0));
    Ok(took.into_iter().take(SLOWEST).map(|(seconds, name)| format!("{name} {seconds:.0} s")).collect())
}
