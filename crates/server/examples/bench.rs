//! The benchmark: speed and size of what people wait for, each figure beside its target, printed as Markdown.
//!
//! `cargo xtask bench [--write] [-- OPTION...]`, or `cargo run --release --package server --example bench -- OPTION...`:
//!
//! - `--dockets N`: dockets in the large store, a million if left out (the small one has a hundredth of it);
//! - `--date DATE`: the day printed, today if left out;
//! - `--only WORD`: only the measurements whose name contains the word, repeatable (dates, appends, report, verify,
//!   serve, lists, letter, submit, desk, recompute, search, public, inspection);
//! - `--cold-build`: also builds everything once more from nothing, which takes minutes.
//!
//! The stores are made through the service and kept in `target/bench`, so only the first run takes minutes. Appends on
//! PostgreSQL are measured if `TEST_POSTGRES_URL` names a database. Nothing here is a timed test: the verdict is printed,
//! people compare.

#[path = "bench/append.rs"]
mod append;
#[path = "bench/build.rs"]
mod build;
#[path = "bench/county.rs"]
mod county;
#[path = "bench/date.rs"]
mod date;
#[path = "bench/full_text.rs"]
mod full_text;
#[path = "bench/inspection.rs"]
mod inspection;
#[path = "bench/letter.rs"]
mod letter;
#[path = "bench/load.rs"]
mod load;
#[path = "bench/process.rs"]
mod process;
#[path = "bench/public.rs"]
mod public;
#[path = "bench/report.rs"]
mod report;
#[path = "bench/request.rs"]
mod request;
#[path = "bench/serve.rs"]
mod serve;
#[path = "bench/table.rs"]
mod table;

use county::County;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::time::Instant;
use table::Table;

/// What went wrong ends the run: a figure that was not measured is not printed.
type Outcome<T = ()> = Result<T, Box<dyn Error>>;

/// The clock of every measurement.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
fn clock() -> Instant {
    Instant::now()
}

/// What was asked for on the command line.
struct Asked {
    dockets: u32,
    date: String,
    only: Vec<String>,
    cold_build: bool,
}

impl Asked {
    fn read(mut words: impl Iterator<Item = String>) -> Outcome<Asked> {
        let today = service::civil_date(server::Clock::system().now()).to_string();
        let mut asked = Asked { dockets: 1_000_000, date: today, only: Vec::new(), cold_build: false };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| format!("{word} needs a value"));
            match word.as_str() {
                "--dockets" => asked.dockets = value()?.parse()?,
                "--date" => asked.date = value()?,
                "--only" => asked.only.push(value()?),
                "--cold-build" => asked.cold_build = true,
                _ => return Err(format!("{word} is no option of the benchmark").into()),
            }
        }
        Ok(asked)
    }

    fn wants(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|word| name.contains(word.as_str()))
    }
}

/// The program that is measured: built now, so that it is that of these sources, and found beside this example. The
/// example is named too: what only tests and examples need changes the features of shared dependencies, and without it
/// most of them would be built a second time.
fn program() -> Outcome<PathBuf> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut build = std::process::Command::new(cargo);
    build.current_dir(env!("CARGO_MANIFEST_DIR")).args([
        "build",
        "--release",
        "--quiet",
        "--package",
        "server",
    ]);
    if !build.args(["--bin", "gongkai", "--example", "bench"]).status()?.success() {
        return Err("the program does not build".into());
    }
    let program = target()?.join("release/gongkai");
    if program.is_file() { Ok(program) } else { Err(format!("{} is not there", program.display()).into()) }
}

/// The target folder: this program is `release/examples/bench` in it.
fn target() -> Outcome<PathBuf> {
    let own = std::env::current_exe()?;
    Ok(own.ancestors().nth(3).map(Path::to_path_buf).ok_or("this program is in no target folder")?)
}

#[tokio::main]
async fn main() -> Outcome {
    if cfg!(debug_assertions) {
        return Err("run it with --release: a debug build measures nothing".into());
    }
    let asked = Asked::read(std::env::args().skip(1))?;
    let large_rows = ["report", "verify", "serve", "lists"].iter().any(|name| asked.wants(name));
    let program = if large_rows || ["desk", "public", "inspection"].iter().any(|name| asked.wants(name)) {
        Some(program()?)
    } else {
        None
    };
    let folder = target()?.join("bench");
    std::fs::create_dir_all(&folder)?;
    let load = std::fs::read_to_string("/proc/loadavg")?;
    let mut table = Table::default();

    if asked.wants("dates") {
        date::measure(&mut table);
    }
    if asked.wants("letter") {
        letter::measure(&mut table)?;
    }
    if let Some(program) = program.as_ref().filter(|_| asked.wants("inspection")) {
        inspection::measure(&mut table, program, &folder)?;
    }
    if asked.wants("search") {
        full_text::measure(&mut table, &folder)?;
    }
    if asked.wants("appends") {
        append::measure(&mut table, &folder).await?;
    }
    if asked.wants("submit") {
        load::submit(&mut table, &folder).await?;
    }
    if asked.wants("recompute") {
        load::recompute(&mut table, &folder).await?;
    }
    if let Some(program) = program.as_ref().filter(|_| asked.wants("public")) {
        public::measure(&mut table, program, &folder)?;
    }
    if let Some(program) = program.as_ref().filter(|_| asked.wants("desk")) {
        let half = County::open_or_make(&folder, asked.dockets / 2, &mut table).await?;
        load::desk(&mut table, program, &half).await?;
    }
    let (mut small, mut large) = (None, None);
    if large_rows {
        small = Some(County::open_or_make(&folder, asked.dockets / 100, &mut table).await?);
        large = Some(County::open_or_make(&folder, asked.dockets, &mut table).await?);
    }
    if let (Some(small), Some(large), Some(program)) = (&small, &large, &program) {
        if asked.wants("report") {
            report::measure(&mut table, program, small, large)?;
        }
        if asked.wants("serve") {
            serve::measure(&mut table, program, large)?;
        }
        if asked.wants("lists") {
            report::lists(&mut table, program, large).await?;
        }
        if asked.wants("verify") {
            report::verify(&mut table, program, large)?;
        }
    }
    if asked.cold_build {
        build::measure(&mut table, &folder)?;
    }

    println!("- measured on: {}", asked.date);
    println!("- load of the machine at the start (1, 5, 15 minutes): {}", first_three(&load));
    println!();
    print!("{table}");
    Ok(())
}

fn first_three(load: &str) -> String {
    load.split(' ').take(3).collect::<Vec<_>>().join(", ")
}
