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
    write(&path, &page(&machine()?, &figures))?;
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

fn page(machine: &[String], figures: &[String]) -> String {
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
    page
}

#[cfg(test)]
mod tests {
    use super::page;

    #[test]
    fn the_page_holds_the_machine_and_every_figure() {
        let page = page(&["compiler: rustc 1".to_owned()], &["| appends | 9 |".to_owned(), String::new()]);
        assert!(page.starts_with("# Benchmarks\n"));
        assert!(page.contains("\n- compiler: rustc 1\n\n| appends | 9 |\n"));
    }
}
