//! The task runner of Gongkai: `cargo xtask TASK`. `cargo xtask help` lists the tasks.
//!
//! It has no dependencies, so that it compiles in seconds on a fresh machine. Everything a task needs is installed
//! by package name from Debian's packages, PyPI or the npm registry, and everything it starts listens on loopback
//! and is stopped again, whatever happens.
//!
//! To add a task: one module with a `run(&[String]) -> Result`, and one line in [`TASKS`].

mod bench;
mod browser;
mod check;
mod demo;
mod guard;
mod node;
mod postgres;
mod python;
mod screenshots;
mod shell;
mod test;
mod tools;

use shell::Result;

struct Task {
    name: &'static str,
    usage: &'static str,
    says: &'static str,
    run: fn(&[String]) -> Result,
}

const TASKS: &[Task] = &[
    Task {
        name: "test",
        usage: "test [--rust | --browser] [-- FILTER...]",
        says: "install what the tests need, run all of them on SQLite and PostgreSQL, stop what was started",
        run: test::run,
    },
    Task {
        name: "check",
        usage: "check [PART...]",
        says: "format, clippy, docs, dependencies, licences, spelling, tracked files, links",
        run: check::run_parts,
    },
    Task {
        name: "bench",
        usage: "bench [--write] [-- ARGUMENT...]",
        says: "build for release and measure; --write puts the figures into docs/BENCHMARKS.md",
        run: bench::run,
    },
    Task {
        name: "screenshots",
        usage: "screenshots DIR [URL...]",
        says: "pictures of pages for reviewers (1280 and 390 pixels, 200 % text, paper); without URL, of the demo",
        run: screenshots::run,
    },
    Task { name: "help", usage: "help", says: "this list", run: help },
];

fn help(_: &[String]) -> Result {
    for task in TASKS {
        println!("cargo xtask {:<42} {}", task.usage, task.says);
    }
    Ok(())
}

fn main() -> std::process::ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (name, rest) = match arguments.split_first() {
        None => ("help", &[][..]),
        Some((name, _)) if name == "-h" || name == "--help" => ("help", &[][..]),
        Some((name, rest)) => (name.as_str(), rest),
    };
    let outcome = match TASKS.iter().find(|task| task.name == name) {
        Some(task) => (task.run)(rest),
        None => Err(format!("there is no task `{name}`; `cargo xtask help` lists them")),
    };
    match outcome {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask {name}: {message}");
            std::process::ExitCode::FAILURE
        }
    }
}
