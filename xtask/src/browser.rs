//! The browser tests of `e2e/`: the harness once, then every journey on each engine. Pages are looked at (accessibility,
//! width, pictures) on SQLite.

use crate::demo::{Data, Demo, program};
use crate::node;
use crate::postgres::Postgres;
use crate::shell::{Result, Stream, command, in_ci, root, run_and_keep_marked, step, target};
use crate::tools;
use std::fs;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::thread;

/// One run of node's test runner.
pub struct Ran {
    /// What was run, for the summary.
    pub title: String,
    /// The closing lines of the runner.
    pub lines: Vec<String>,
    /// Whether everything passed.
    pub outcome: Result,
}

/// The tests whose file name contains `filter`, or all; on SQLite and, beside it, on PostgreSQL.
pub fn run(postgres: &Postgres, filter: Option<&str>) -> Result<Vec<Ran>> {
    step("browser packages", node::install)?;
    let mut files = test_files()?;
    if let Some(filter) = filter {
        files.retain(|file| file.contains(filter));
        if files.is_empty() {
            return Err(format!("no file of e2e/ that ends in .test.mjs has `{filter}` in its name"));
        }
    }
    let (harness, journeys): (Vec<_>, Vec<_>) =
        files.into_iter().partition(|file| file.starts_with("harness."));
    let mut ran = Vec::new();
    if !harness.is_empty() {
        ran.push(step("browser tests: the harness", || node_tests("harness", &harness, None))?);
    }
    if !journeys.is_empty() {
        // This file does nothing but look; node counts a file without tests as one that passed.
        let used: Vec<String> =
            journeys.iter().filter(|file| !file.starts_with("access.")).cloned().collect();
        // Each engine has a county and a browser of its own; alone, either would leave half of two cores idle.
        let (sqlite, postgres) = thread::scope(|scope| {
            let postgres = (!used.is_empty()).then(|| {
                scope.spawn(|| {
                    step("browser tests on PostgreSQL (journeys; pages are looked at on SQLite)", || {
                        let url = postgres.create_database("browser_tests")?;
                        let demo = Demo::start("postgres", Data::Database(&url))?;
                        node_tests("postgres", &used, Some(&demo))
                    })
                })
            });
            let sqlite = step("browser tests on SQLite", || {
                let demo = Demo::start("sqlite", Data::Folder)?;
                node_tests("sqlite", &journeys, Some(&demo))
            });
            (sqlite, postgres.map(thread::ScopedJoinHandle::join))
        });
        ran.push(sqlite?);
        if let Some(postgres) = postgres {
            ran.push(postgres.map_err(|_| "the browser tests on PostgreSQL were not run to their end")??);
        }
    }
    Ok(ran)
}

fn test_files() -> Result<Vec<String>> {
    let folder = root().join("e2e");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut files: Vec<String> = entries
        .flatten()
        .filter_map(|entry| entry.file_name().into_string().ok())
        .filter(|name| name.ends_with(".test.mjs"))
        .collect();
    files.sort();
    Ok(files)
}

fn node_tests(engine: &str, files: &[String], demo: Option<&Demo>) -> Result<Ran> {
    let browser =
        tools::chromium().ok_or("Chromium is not installed (Debian package chromium-headless-shell)")?;
    let mut node = command("node");
    // One file at a time: the journeys of an engine share its county.
    node.current_dir(root().join("e2e"))
        .env("ENGINE", engine)
        .env("CHROMIUM", browser)
        // Pictures are for people: in CI nobody sees them.
        .env("GONGKAI_SCREENSHOTS", if in_ci() { PathBuf::new() } else { target().join("screenshots") })
        // How a page looks does not depend on the engine, and looking takes longer than using.
        .env("LOOKS", if engine == "postgres" { "0" } else { "1" })
        // Said here, because node runs as many files at once as a larger machine has cores.
        .args(["--test", "--test-concurrency=1"]);
    node.arg(if std::io::stdout().is_terminal() { "--test-reporter=spec" } else { "--test-reporter=tap" });
    if let Some(demo) = demo {
        node.env("BASE_URL", &demo.url)
            .env("DEMO_LOG", &demo.log)
            .env("DEMO_INBOX", &demo.inbox)
            .env("DEMO_POST", demo.post.to_string())
            // A journey that needs a county of its own makes one with the program.
            .env("GONGKAI_PROGRAM", program()?)
            .env("DEMO_DATABASE", demo.database.as_deref().unwrap_or_default());
    }
    let counts = |line: &str| {
        let line = line.trim_start_matches(['#', 'ℹ', ' ']);
        ["tests ", "pass ", "fail ", "cancelled ", "skipped "].iter().any(|word| line.starts_with(word))
    };
    let mark = format!("[{engine}] ");
    let (lines, outcome) = run_and_keep_marked(node.args(files), Stream::Output, &mark, counts)?;
    Ok(Ran { title: format!("browser ({engine})"), lines, outcome })
}
