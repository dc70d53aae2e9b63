//! The invariants of the house (ARCHITECTURE.md): what each crate may know, read from manifests and sources.
//!
//! Every check is a function that returns what it found wrong, run on this workspace and, in `planted`, on a
//! violation: a check that cannot fail is no check.
#![expect(clippy::unwrap_used, reason = "a test")]
#![allow(missing_docs, reason = "the names of the tests say what they hold")]

#[path = "house/source.rs"]
mod source;

use source::{Source, files, mentions, names_crate, production};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The crates from left to right, and what each may import. Everything else would point right.
const MAY_IMPORT: [(&str, &[&str]); 6] = [
    ("law", &[]),
    ("paper", &["law"]),
    ("store", &[]),
    ("search", &[]),
    ("service", &["law", "paper", "store", "search"]),
    ("server", &["law", "paper", "service"]),
];

/// Outside libraries that one crate alone may depend on, and why.
const ONLY_IN: [(&str, &str, &str); 11] = [
    ("sqlx", "store", "every SQL statement is written in store"),
    ("axum", "server", "only server knows HTTP"),
    ("axum-extra", "server", "only server knows HTTP"),
    ("tower", "server", "only server knows HTTP"),
    ("tower-http", "server", "only server knows HTTP"),
    ("hyper", "server", "only server knows HTTP"),
    ("http", "server", "only server knows HTTP"),
    ("utoipa", "server", "only server knows HTTP"),
    ("askama", "server", "pages are made in server"),
    ("clap", "server", "the command line is a door"),
    ("getrandom", "server", "randomness is read at the door and passed down"),
];

/// Ambient clocks and sources of chance that the lint must forbid.
const AMBIENT: [&str; 5] = [
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "jiff::Timestamp::now",
    "jiff::ZonedDateTime::now",
    "uuid::Uuid::now_v7",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().to_path_buf()
}

fn text(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn manifest(name: &str) -> toml::Table {
    text(&format!("crates/{name}/Cargo.toml")).parse().unwrap()
}

fn code_of(name: &str) -> Vec<(PathBuf, Source)> {
    let found = production(&root().join("crates").join(name).join("src"));
    assert!(!found.is_empty(), "{name} has sources");
    found
}

/// The names in one section of a manifest, those for some systems only included.
fn dependencies(manifest: &toml::Table, section: &str) -> BTreeSet<String> {
    let targets = manifest.get("target").and_then(|targets| targets.as_table());
    let tables = targets.into_iter().flat_map(toml::Table::values).filter_map(|target| target.as_table());
    tables
        .chain([manifest])
        .filter_map(|table| table.get(section)?.as_table())
        .flat_map(|names| names.keys().cloned())
        .collect()
}

fn imports_that_point_right(name: &str, manifest: &toml::Table) -> Vec<String> {
    let position = |wanted: &str| MAY_IMPORT.iter().position(|(name, _)| *name == wanted);
    let Some(own) = position(name) else { return vec![format!("{name} is not in the picture")] };
    let mut found = Vec::new();
    for section in ["dependencies", "build-dependencies"] {
        for other in dependencies(manifest, section).iter().filter(|other| position(other).is_some()) {
            if !MAY_IMPORT[own].1.contains(&other.as_str()) {
                found.push(format!("{name} imports {other}"));
            }
        }
    }
    // Tests may reach further, but never to the right.
    for other in dependencies(manifest, "dev-dependencies") {
        if position(&other).is_some_and(|other| other >= own) {
            found.push(format!("the tests of {name} import {other}"));
        }
    }
    found
}

fn libraries_out_of_place(name: &str, manifest: &toml::Table) -> Vec<String> {
    let used = dependencies(manifest, "dependencies");
    let rule = ONLY_IN.iter().filter(|(library, home, _)| used.contains(*library) && *home != name);
    rule.map(|(library, _, why)| format!("{name} depends on {library}: {why}")).collect()
}

fn law_dependencies_other_than(manifest: &toml::Table, allowed: [&str; 3]) -> Vec<String> {
    let allowed: BTreeSet<String> = allowed.into_iter().map(str::to_owned).collect();
    let mut found = dependencies(manifest, "dependencies");
    found.extend(dependencies(manifest, "build-dependencies"));
    found.symmetric_difference(&allowed).cloned().collect()
}

fn mentioned(name: &str, code: &str, paths: &[&str]) -> Vec<String> {
    paths.iter().filter(|path| mentions(code, path)).map(|path| format!("{name} mentions {path}")).collect()
}

/// String literals that are SQL statements.
fn statements(name: &str, literals: &[String]) -> Vec<String> {
    const BEGINNINGS: [&str; 6] =
        ["select ", "insert into ", "delete from ", "create table ", "drop table ", "with "];
    let is_sql = |literal: &&String| {
        let literal = literal.trim_start().to_lowercase();
        let update = literal.starts_with("update ") && literal.contains(" set ");
        let with = literal.starts_with("with ") && !literal.contains(" as (");
        update || (!with && BEGINNINGS.iter().any(|beginning| literal.starts_with(beginning)))
    };
    literals.iter().filter(is_sql).map(|literal| format!("{name} holds SQL: {literal}")).collect()
}

fn clocks_not_forbidden(clippy: &toml::Table) -> Vec<String> {
    let listed: BTreeSet<&str> = clippy
        .get("disallowed-methods")
        .and_then(|list| list.as_array())
        .into_iter()
        .flatten()
        // Each with its reason, so that the lint explains itself.
        .filter(|entry| entry.get("reason").and_then(|reason| reason.as_str()).is_some_and(|r| !r.is_empty()))
        .filter_map(|entry| entry.get("path")?.as_str())
        .collect();
    AMBIENT.iter().filter(|path| !listed.contains(**path)).map(|path| (*path).to_owned()).collect()
}

/// What a source names: files by `include_str!` and `include_bytes!`, templates by the `path` of their struct.
fn named_files(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for call in ["include_str!(", "include_bytes!(", "path = "] {
        for (at, _) in text.match_indices(call) {
            let rest = text[at + call.len()..].trim_start();
            if let Some((name, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"')) {
                found.insert(name.to_owned());
            }
        }
    }
    // Inside a template: the page it extends, the parts it includes and imports.
    for tag in ["extends", "include", "import"] {
        for (at, _) in text.match_indices(tag) {
            let before = text[..at].trim_end_matches([' ', '-', '~', '+']);
            let rest = text[at + tag.len()..].trim_start();
            if before.ends_with("{%")
                && let Some((name, _)) = rest.strip_prefix('"').and_then(|rest| rest.split_once('"'))
            {
                found.insert(name.to_owned());
            }
        }
    }
    found
}

/// Files of a crate that are data, templates or texts, and that nothing names.
fn forgotten_files(folder: &Path) -> Vec<String> {
    let mut named = BTreeSet::new();
    let mut data = BTreeSet::new();
    for part in ["src", "data", "migrations", "templates", "static", "assets"] {
        for path in files(&folder.join(part)) {
            let is_rust = path.extension().is_some_and(|extension| extension == "rs");
            let is_template = path.extension().is_some_and(|extension| extension == "html");
            if (is_rust || is_template)
                && let Ok(text) = fs::read_to_string(&path)
            {
                for name in named_files(&text) {
                    for from in [path.parent().unwrap(), &folder.join("templates")] {
                        named.extend(from.join(&name).canonicalize());
                    }
                }
            }
            if !is_rust {
                data.insert(path.canonicalize().unwrap());
            }
        }
    }
    let base = folder.canonicalize().unwrap();
    data.difference(&named).map(|path| path.strip_prefix(&base).unwrap().display().to_string()).collect()
}

fn headings(page: &str) -> usize {
    let mut fenced = false;
    page.lines()
        .filter(|line| {
            fenced ^= line.starts_with("```");
            !fenced && line.starts_with('#')
        })
        .count()
}

/// The commands of the program that a page shows in fenced blocks.
fn commands(page: &str) -> BTreeSet<String> {
    let mut fenced = false;
    let mut found = BTreeSet::new();
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
        } else if fenced {
            for call in ["cargo run --release -- ", "gongkai "] {
                if let Some(name) = line.trim_start_matches("$ ").strip_prefix(call) {
                    found.insert(name.split(' ').next().unwrap().to_owned());
                }
            }
        }
    }
    found
}

/// The tests that ARCHITECTURE.md names as `path::function`.
fn tests_named(page: &str) -> Vec<(String, String)> {
    let spans = page.split('`').skip(1).step_by(2);
    let named = spans.filter_map(|span| span.split_once(".rs::").filter(|(path, _)| path.contains('/')));
    named.map(|(path, function)| (format!("{path}.rs"), function.to_owned())).collect()
}

/// The names of code and of tables that a glossary's last two columns give.
fn glossary(page: &str) -> (BTreeSet<String>, BTreeSet<String>) {
    let mut names = [BTreeSet::new(), BTreeSet::new()];
    for line in page.lines().filter(|line| line.starts_with('|')) {
        let columns: Vec<&str> = line.trim_matches('|').split('|').collect();
        if let [.., code, tables] = &columns[..] {
            for (column, names) in [code, tables].into_iter().zip(&mut names) {
                names.extend(column.split('`').skip(1).step_by(2).map(str::to_owned));
            }
        }
    }
    let [code, tables] = names;
    (code, tables)
}

fn nothing(found: Vec<String>) {
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_workspace_is_the_six_crates() {
    let folders: BTreeSet<String> = fs::read_dir(root().join("crates"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(folders, MAY_IMPORT.iter().map(|(name, _)| (*name).to_owned()).collect());
}

#[test]
fn law_does_no_io() {
    nothing(law_dependencies_other_than(&manifest("law"), ["jiff", "serde", "toml"]));
    for (path, source) in code_of("law") {
        let outside =
            ["std::fs", "std::net", "std::env", "std::process", "std::io", "std::thread", "std::os"];
        nothing(mentioned(&path.display().to_string(), &source.code, &outside));
    }
}

#[test]
fn imports_point_left() {
    for (name, _) in MAY_IMPORT {
        nothing(imports_that_point_right(name, &manifest(name)));
    }
}

#[test]
fn one_crate_knows_sql_and_one_knows_http() {
    for (name, _) in MAY_IMPORT {
        nothing(libraries_out_of_place(name, &manifest(name)));
        for (path, source) in code_of(name) {
            let path = path.display().to_string();
            if name != "store" {
                nothing(mentioned(&path, &source.code, &["sqlx"]));
                nothing(statements(&path, &source.literals));
            }
            if name != "server" {
                nothing(mentioned(
                    &path,
                    &source.code,
                    &["axum", "hyper", "tower", "StatusCode", "HeaderMap"],
                ));
            }
        }
    }
}

#[test]
fn only_service_begins_a_transaction() {
    // Reading is a transaction too: a door asks service, which gives it values and never a transaction.
    for name in ["law", "paper", "search", "server"] {
        for (path, source) in code_of(name) {
            let path = path.display().to_string();
            assert!(!names_crate(&source.code, "store"), "{path} reaches past service");
            nothing(mentioned(&path, &source.code, &["Tx"]));
        }
    }
}

#[test]
fn every_crate_has_the_one_lint_table() {
    let mut manifests: Vec<toml::Table> = MAY_IMPORT.iter().map(|(name, _)| manifest(name)).collect();
    manifests.push(text("xtask/Cargo.toml").parse().unwrap());
    for manifest in manifests {
        let inherited = manifest.get("lints").and_then(|lints| lints.get("workspace")?.as_bool());
        assert_eq!(inherited, Some(true), "{:?}", manifest["package"]["name"]);
    }
    let workspace: toml::Table = text("Cargo.toml").parse().unwrap();
    assert_eq!(workspace["workspace"]["lints"]["rust"]["unsafe_code"].as_str(), Some("forbid"));
}

#[test]
fn the_clock_is_read_in_one_place() {
    nothing(clocks_not_forbidden(&text("clippy.toml").parse().unwrap()));
    let mut excused = BTreeMap::new();
    for (name, _) in MAY_IMPORT {
        for (path, source) in code_of(name) {
            let count = source.code.matches("disallowed_methods").count();
            if count > 0 {
                excused.insert(path.strip_prefix(root()).unwrap().display().to_string(), count);
            }
        }
    }
    assert_eq!(excused.into_keys().collect::<Vec<_>>(), ["crates/server/src/clock.rs"]);
}

#[test]
fn every_data_file_is_named_by_its_crate() {
    for (name, _) in MAY_IMPORT {
        let found = forgotten_files(&root().join("crates").join(name));
        nothing(found.into_iter().map(|file| format!("crates/{name}/{file} is named nowhere")).collect());
    }
}

#[test]
fn both_readmes_say_the_same_and_their_commands_exist() {
    let (english, chinese) = (text("README.md"), text("README.zh-CN.md"));
    assert_eq!(headings(&english), headings(&chinese), "the two READMEs have different headings");
    assert_eq!(commands(&english), commands(&chinese), "the two READMEs show different commands");
    for readme in [&english, &chinese] {
        assert!(readme.contains("cargo run --release -- demo") && readme.contains("cargo xtask test"));
    }
    for name in commands(&english) {
        let help = Command::new(env!("CARGO_BIN_EXE_gongkai")).args([&name, "--help"]).output().unwrap();
        assert!(help.status.success(), "`gongkai {name}` does not exist");
    }
}

#[test]
fn architecture_names_tests_that_exist() {
    let named = tests_named(&text("ARCHITECTURE.md"));
    assert!(named.len() >= 8, "every invariant names its test");
    for (path, function) in named {
        assert!(text(&path).contains(&format!("fn {function}(")), "{path} has no test {function}");
    }
}

#[test]
fn the_glossary_names_what_exists() {
    let (code, tables) = glossary(&text("docs/GLOSSARY.md"));
    assert!(code.len() > 20 && tables.len() > 8, "the glossary is read");
    let sources: Vec<String> =
        MAY_IMPORT.iter().flat_map(|(name, _)| code_of(name)).map(|(_, source)| source.code).collect();
    for name in code {
        assert!(sources.iter().any(|code| mentions(code, &name)), "nothing is named {name}");
    }
    let migrations: String = files(&root().join("crates/store/migrations"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    for table in tables {
        assert!(
            migrations.contains(&format!("create table if not exists {table} (")),
            "there is no table {table}"
        );
    }
}

mod planted {
    use super::*;

    fn table(text: &str) -> toml::Table {
        text.parse().unwrap()
    }

    #[test]
    fn wrong_dependencies_are_found() {
        let store_in_law = table("[dependencies]\njiff = \"1\"\nserde = \"1\"\nstore = \"1\"\n");
        assert_eq!(imports_that_point_right("law", &store_in_law), ["law imports store"]);
        assert_eq!(law_dependencies_other_than(&store_in_law, ["jiff", "serde", "toml"]), ["store", "toml"]);
        let hidden = table("[target.'cfg(unix)'.dependencies]\nsqlx = \"1\"\nserver = \"1\"\n");
        assert_eq!(libraries_out_of_place("service", &hidden).len(), 1);
        assert_eq!(imports_that_point_right("service", &hidden), ["service imports server"]);
        let tests = table("[dev-dependencies]\nservice = \"1\"\nlaw = \"1\"\n");
        assert_eq!(imports_that_point_right("store", &tests), ["the tests of store import service"]);
        assert!(imports_that_point_right("server", &tests).is_empty());
        assert_eq!(imports_that_point_right("seventh", &tests).len(), 1);
    }

    #[test]
    fn sql_outside_store_is_found() {
        let literals = [
            "select id from unit",
            " UPDATE unit set name = $1",
            "with x as (select 1)",
            "update 失败",
            "完成",
        ];
        let found = statements("x", &literals.map(str::to_owned));
        assert_eq!(found.len(), 3, "{found:?}");
    }

    #[test]
    fn a_clock_that_is_not_forbidden_is_found() {
        let all = AMBIENT.map(|path| format!("{{ path = \"{path}\", reason = \"why\" }}"));
        let list = |entries: &[String]| table(&format!("disallowed-methods = [{}]", entries.join(", ")));
        assert!(clocks_not_forbidden(&list(&all)).is_empty());
        assert_eq!(clocks_not_forbidden(&list(&all[1..])), [AMBIENT[0]]);
        let mute = all.map(|entry| entry.replace("why", ""));
        assert_eq!(clocks_not_forbidden(&list(&mute)).len(), AMBIENT.len());
    }

    #[test]
    fn a_forgotten_file_is_found() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "src/list.rs",
            "const A: &str = include_str!(\"../data/2020.toml\"); #[template(path = \"page.html\")]",
        );
        write("data/2020.toml", "");
        write("data/2021.toml", "");
        write("templates/page.html", "{% extends \"base.html\" %}{%- include \"part/row.html\" -%}");
        write("templates/base.html", "");
        write("templates/part/row.html", "");
        write("templates/part/old.html", "");
        assert_eq!(forgotten_files(folder.path()), ["data/2021.toml", "templates/part/old.html"]);
    }

    #[test]
    fn pages_are_read() {
        let page = "# T\n```sh\n# no heading\ncargo run --release -- demo\n$ gongkai serve --data x\n```\n## U `a/b.rs::c`\n";
        assert_eq!(headings(page), 2);
        assert_eq!(commands(page), BTreeSet::from(["demo".to_owned(), "serve".to_owned()]));
        assert_eq!(tests_named(page), [("a/b.rs".to_owned(), "c".to_owned())]);
        let (code, tables) =
            glossary("| 申请 | a `word` | `Request` | `request` |\n| x | y | `A`, `B` | – |\n");
        assert_eq!(code, BTreeSet::from(["A", "B", "Request"].map(str::to_owned)));
        assert_eq!(tables, BTreeSet::from(["request".to_owned()]));
    }
}
