//! Everything about the tree that is not a test: format, lints, docs, dependencies, spelling, files, links.
//!
//! Known vulnerabilities (RustSec) are not looked up: their database is not in a package registry, and CI reaches
//! nothing else. docs/DESIGN.md says what to run where there is a network.

mod dependencies;
mod files;
mod licences;
mod list;
mod markdown;

use crate::shell::{Result, cargo, colours, command, root, run, step};
use crate::{python, tools};

type Part = (&'static str, fn() -> Result);

const PARTS: &[Part] = &[
    ("format", || run(cargo().args(["fmt", "--all", "--check"]))),
    ("files", files::check),
    ("markdown", markdown::check),
    ("dependencies", dependencies::check),
    ("licences", licences::check),
    ("spelling", spelling),
    ("scripts", scripts),
    ("clippy", || {
        run(cargo()
            .args(["clippy", "--workspace", "--all-targets", "--color", colours()])
            .args(["--", "-D", "warnings"]))
    }),
    ("docs", || {
        run(cargo()
            .args(["doc", "--workspace", "--no-deps", "--color", colours()])
            .env("RUSTDOCFLAGS", "-D warnings"))
    }),
];

/// `[PART...]`; every part when none is named. All parts run, then the failures are listed.
pub fn run_parts(names: &[String]) -> Result {
    let known: Vec<&str> = PARTS.iter().map(|(name, _)| *name).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("there is no part `{unknown}`; the parts are: {}", known.join(", ")));
    }
    let mut failures = Vec::new();
    let wanted =
        PARTS.iter().filter(|(name, _)| names.is_empty() || names.iter().any(|wanted| wanted == name));
    for (name, part) in wanted {
        if let Err(error) = step(name, part) {
            eprintln!("{error}");
            failures.push(format!("{name}: {error}"));
        }
    }
    if failures.is_empty() {
        println!("\ncheck: every part is clean");
        Ok(())
    } else {
        Err(format!("\n{}", failures.join("\n")))
    }
}

fn spelling() -> Result {
    tools::install(&["python3-venv"])?;
    let programs = python::programs()?;
    run(command(programs.join("typos")).arg("--config").arg(root().join("_typos.toml")).arg("."))
}

/// A script that cannot be read does nothing, and pages that work without script do not show it.
fn scripts() -> Result {
    tools::install(&["nodejs"])?;
    let is_script = |path: &String| [".js", ".mjs"].iter().any(|end| path.ends_with(end));
    for path in files::tracked()?.iter().filter(|path| is_script(path)) {
        run(command("node").arg("--check").arg(root().join(path)))?;
    }
    Ok(())
}

/// Joins what a part found into its error; nothing found is success.
fn verdict(found: Vec<String>) -> Result {
    if found.is_empty() { Ok(()) } else { Err(format!("{} found\n  {}", found.len(), found.join("\n  "))) }
}
