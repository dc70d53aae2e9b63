//! Every test: Rust on both engines, the examples in the documentation, the browser on both engines.

use crate::browser;
use crate::postgres::Postgres;
use crate::python;
use crate::shell::{Result, Stream, cargo, colours, in_ci, root, run_and_keep, step, succeeds};
use crate::tools;

/// `[--rust | --browser] [-- FILTER...]`. A filter is for the Rust tests, with `--browser` for files of `e2e/`.
pub fn run(arguments: &[String]) -> Result {
    let wanted = Wanted::parse(arguments)?;
    step("what the tests need from Debian", || tools::install(&[]))?;
    let oracle = step("Python packages", python::programs)?.join("python");
    let postgres = step("PostgreSQL", Postgres::start)?;
    let mut ran = Vec::new();
    if wanted.rust {
        let nextest = succeeds(cargo().args(["nextest", "--version"]));
        ran.push(step("Rust tests", || {
            let mut command = cargo();
            // Everything is run even when something fails, so that one run tells everything.
            if nextest {
                command.args(["nextest", "run", "--workspace", "--no-fail-fast", "--color", colours()]);
            } else {
                command.args(["test", "--workspace", "--no-fail-fast", "--color", colours()]);
                command.args(["--lib", "--bins", "--tests", "--examples"]);
            }
            command.env("TEST_POSTGRES_URL", postgres.url()).env("GONGKAI_ORACLE_PYTHON", &oracle);
            set_shared(&mut command)?;
            if !nextest && !wanted.filter.is_empty() {
                command.arg("--");
            }
            let stream = if nextest { Stream::Error } else { Stream::Output };
            let (lines, outcome) = run_and_keep(command.args(&wanted.filter), stream, is_summary)?;
            Ok(Ran { title: "Rust".to_owned(), lines, outcome })
        })?);
        if wanted.filter.is_empty() {
            ran.push(step("examples in the documentation", || {
                // The same packages as above: another choice would build them again with other features.
                let mut command = cargo();
                command.args(["test", "--doc", "--workspace", "--no-fail-fast", "--color", colours()]);
                let (lines, outcome) = run_and_keep(&mut command, Stream::Output, is_summary)?;
                Ok(Ran { title: "documentation".to_owned(), lines, outcome })
            })?);
        } else {
            eprintln!("\nThe filter is for Rust tests: examples in the documentation are left out.");
        }
    }
    if wanted.browser {
        ran.extend(browser::run(&postgres, wanted.filter.first().map(String::as_str))?);
    }
    drop(postgres);
    summary(&ran)
}

use browser::Ran;

struct Wanted {
    rust: bool,
    browser: bool,
    filter: Vec<String>,
}

impl Wanted {
    fn parse(arguments: &[String]) -> Result<Wanted> {
        let (own, filter) = match arguments.iter().position(|word| word == "--") {
            Some(at) => (&arguments[..at], arguments[at + 1..].to_vec()),
            None => (arguments, Vec::new()),
        };
        let (rust, browser) = match own {
            // A filter picks Rust tests by name; the journeys in a browser have other names.
            [] => (true, filter.is_empty()),
            [only] if only == "--rust" => (true, false),
            [only] if only == "--browser" => (false, true),
            [unknown, ..] => return Err(format!("`{unknown}` is not understood; a filter comes after `--`")),
        };
        Ok(Wanted { rust, browser, filter })
    }
}

/// Published reports lie beside the repository, not in it. Tests that read them find the folder in this variable.
fn set_shared(command: &mut std::process::Command) -> Result {
    match root().parent().map(|parent| parent.join("shared")) {
        Some(shared) if shared.is_dir() => {
            command.env("GONGKAI_SHARED", shared);
            Ok(())
        }
        _ if in_ci() => {
            Err("the folder ../shared with the published reports is missing, and CI leaves nothing out"
                .into())
        }
        _ => {
            eprintln!("There is no ../shared: tests that read published reports will fail and say so.");
            Ok(())
        }
    }
}

/// The closing lines of nextest and of cargo test.
fn is_summary(line: &str) -> bool {
    let line = line.trim_start();
    (line.starts_with("Summary [") && line.contains("run:")) || line.starts_with("test result:")
}

/// How many passed and failed, by the closing lines of nextest, cargo test or node.
fn count(lines: &[String]) -> (u64, u64) {
    let mut total = (0, 0);
    for line in lines {
        let words: Vec<&str> = line.split([' ', ',', ';']).filter(|word| !word.is_empty()).collect();
        for pair in words.windows(2) {
            match (pair[0].parse::<u64>(), pair[1], pair[0], pair[1].parse::<u64>()) {
                (Ok(n), "passed", ..) => total.0 += n,
                (Ok(n), "failed" | "timed", ..) => total.1 += n,
                (_, _, "pass", Ok(n)) => total.0 += n,
                (_, _, "fail" | "cancelled", Ok(n)) => total.1 += n,
                _ => {}
            }
        }
    }
    total
}

/// Repeats every runner's own closing lines, then the sum; fails when anything failed or nothing ran.
fn summary(ran: &[Ran]) -> Result {
    println!("\n== summary");
    let mut total = (0, 0);
    let mut failures = Vec::new();
    for Ran { title, lines, outcome } in ran {
        for line in lines {
            println!("{title}: {line}");
        }
        let (passed, failed) = count(lines);
        total = (total.0 + passed, total.1 + failed);
        if let Err(error) = outcome {
            failures.push(format!("{title}: {error}"));
        } else if lines.is_empty() {
            failures.push(format!("{title}: the runner printed no summary"));
        }
    }
    println!("total: {} passed, {} failed", total.0, total.1);
    if total == (0, 0) {
        failures.push("no test was run".to_owned());
    }
    if failures.is_empty() { Ok(()) } else { Err(failures.join("\n")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(words: &[&str]) -> Vec<String> {
        words.iter().map(|word| (*word).to_owned()).collect()
    }

    fn ran(line: &str, outcome: Result) -> Ran {
        Ran { title: "Rust".to_owned(), lines: words(&[line]), outcome }
    }

    #[test]
    fn every_runners_closing_lines_are_counted() {
        let nextest = "Summary [   1.2s] 12 tests run: 10 passed (1 slow), 1 failed, 1 timed out, 3 skipped";
        assert!(is_summary(nextest));
        assert_eq!(count(&words(&[nextest])), (10, 2));
        let cargo = "test result: FAILED. 5 passed; 2 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.1s";
        assert!(is_summary(cargo));
        assert_eq!(count(&words(&[cargo, cargo])), (10, 4));
        assert_eq!(count(&words(&["# tests 6", "# pass 4", "# fail 1", "# cancelled 1"])), (4, 2));
    }

    #[test]
    fn a_failure_a_missing_summary_and_an_empty_run_all_fail() {
        assert!(summary(&[ran("3 tests run: 3 passed", Ok(()))]).is_ok());
        assert!(summary(&[ran("3 tests run: 2 passed, 1 failed", Err("failed".into()))]).is_err());
        assert!(summary(&[ran("0 tests run: 0 passed", Ok(()))]).is_err());
        assert!(summary(&[]).is_err());
        let silent = Ran { title: "Rust".to_owned(), lines: Vec::new(), outcome: Ok(()) };
        assert!(summary(&[ran("1 passed", Ok(())), silent]).is_err());
    }

    #[test]
    fn arguments_choose_what_runs() {
        let all = Wanted::parse(&[]).unwrap();
        assert!(all.rust && all.browser && all.filter.is_empty());
        let filtered = Wanted::parse(&words(&["--", "clock"])).unwrap();
        assert!(filtered.rust && !filtered.browser && filtered.filter == ["clock"]);
        let browser = Wanted::parse(&words(&["--browser", "--", "smoke"])).unwrap();
        assert!(!browser.rust && browser.browser && browser.filter == ["smoke"]);
        assert!(Wanted::parse(&words(&["clock"])).is_err());
    }
}
