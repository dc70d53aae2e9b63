//! Measurements: the release build and `crates/server/examples/bench.rs`.

use crate::shell::{Result, Stream, cargo, command, read, root, run_and_keep, step, write};
use std::fs;

/// `[--write] [-- ARGUMENT...]`; the arguments go to the measuring program.
pub fn run(arguments: &[String]) -> Result {
    let (own, passed) = match arguments.iter().position(|word| word == "--") {
        Some(at) => (&arguments[..at], &arguments[at + 1..]),
        None => (arguments, &[][..]),
    };
    if let Some(unknown) = own.iter().find(|word| *word != "--write") {
        return Err(format!(
            "`{unknown}` is not understood; arguments of the measuring program come after `--`"
        ));
    }
    let example = ["--release", "--package", "server", "--example", "bench"];
    step("release build", || crate::shell::run(cargo().arg("build").args(example)))?;
    let (figures, outcome) = step("measuring", || {
        run_and_keep(
            cargo().arg("run").arg("--quiet").args(example).arg("--").args(passed),
            Stream::Output,
            |_| true,
        )
    })?;
    outcome?;
    if own.is_empty() {
        return Ok(());
    }
    let path = root().join("docs/BENCHMARKS.md");
    let kept = fs::read_to_string(&path).unwrap_or_default();
    write(&path, &page(&machine()?, &figures, &kept))?;
    eprintln!("written: docs/BENCHMARKS.md");
    Ok(())
}

/// What the figures were measured on, one fact a line.
fn machine() -> Result<Vec<String>> {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model =
        cpu.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": ")).map(|(_, name)| name);
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    Ok(vec![
        format!("processor: {}, {cores} cores", model.unwrap_or("unknown")),
        format!("compiler: {}", read(command("rustc").arg("--version"))?.trim()),
        format!("commit: {}", read(command("git").args(["log", "-1", "--format=%h of %cs"]))?.trim()),
    ])
}

/// A line of a table of figures, and what it measures.
fn measured(line: &str) -> Option<&str> {
    let what = line.strip_prefix("| ")?.split(" | ").next()?;
    (what != "what").then_some(what)
}

/// What an earlier run measured and this one did not, each under the facts of its own run.
fn earlier(page: &str, now: &[String]) -> String {
    let mut kept = String::new();
    for part in page.split("\n## ") {
        let facts: Vec<&str> = part.lines().filter(|line| line.starts_with("- ")).collect();
        let lines: Vec<&str> = part
            .lines()
            .filter(|line| measured(line).is_some_and(|what| !now.iter().any(|n| measured(n) == Some(what))))
            .collect();
        if lines.is_empty() {
            continue;
        }
        kept.push_str("\n## Measured before\n\n");
        for line in facts {
            kept.push_str(&format!("{line}\n"));
        }
        kept.push_str("\n| what | target | measured | | how |\n|---|---|---|---|---|\n");
        for line in lines {
            kept.push_str(&format!("{line}\n"));
        }
    }
    kept
}

/// The page: this run first, and below it what only earlier runs measured (`--only`).
fn page(machine: &[String], figures: &[String], before: &str) -> String {
    let mut page = String::from(
        "# Benchmarks\n\nWritten by `cargo xtask bench --write`; do not edit. Nothing here is a timed test: figures are \
         compared by people.\n\n",
    );
    for fact in machine {
        page.push_str(&format!("- {fact}\n"));
    }
    page.push('\n');
    for line in figures {
        page.push_str(line);
        page.push('\n');
    }
    page + &earlier(before, figures)
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_holds_the_machine_and_every_figure() {
        let page =
            page(&["compiler: rustc 1".to_owned()], &["| appends | 9 |".to_owned(), String::new()], "");
        assert!(page.starts_with("# Benchmarks\n"));
        assert!(page.contains("\n- compiler: rustc 1\n\n| appends | 9 |\n"));
    }

    #[test]
    fn what_this_run_did_not_measure_stays_with_the_facts_of_its_run() {
        let line = |what: &str, n: u32| format!("| {what} | – | {n} | | how |");
        let first = page(&["commit: a".to_owned()], &[line("appends", 1), line("dates", 2)], "");
        let second = page(&["commit: b".to_owned()], &[line("appends", 3)], &first);
        let (now, before) = second.split_once("\n## Measured before\n").expect("an earlier run");
        assert!(now.contains("commit: b") && now.contains(&line("appends", 3)) && !now.contains("dates"));
        assert!(
            before.contains("commit: a") && before.contains(&line("dates", 2)) && !before.contains("appends")
        );
        let third = page(&["commit: c".to_owned()], &[line("lists", 4)], &second);
        assert_eq!(third.matches("## Measured before").count(), 2);
        let all = page(
            &["commit: d".to_owned()],
            &[line("appends", 5), line("dates", 6), line("lists", 7)],
            &third,
        );
        assert!(!all.contains("Measured before"));
    }
}
