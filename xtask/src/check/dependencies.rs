//! Dependencies that nothing uses, and packages that are built in more than one version.

use super::{list, verdict};
use crate::shell::{Result, cargo, read, root, text};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A package that is built for this machine, for the program or its tests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Package {
    pub name: String,
    pub version: String,
    pub licence: String,
}

/// Every package of the tree, the workspace's own included.
pub fn packages() -> Result<BTreeSet<Package>> {
    let tree = read(
        cargo()
            .args(["tree", "--locked", "--workspace", "--edges", "normal,build,dev"])
            .args(["--prefix", "none", "--format", "{p}|{l}"]),
    )?;
    tree.lines().filter(|line| !line.is_empty()).map(package).collect()
}

fn package(line: &str) -> Result<Package> {
    let odd = || format!("cargo tree said {line:?}");
    let (package, licence) = line.split_once('|').ok_or_else(odd)?;
    let mut words = package.split(' ');
    let name = words.next().ok_or_else(odd)?.to_owned();
    let version = words.next().and_then(|version| version.strip_prefix('v')).ok_or_else(odd)?.to_owned();
    // A package that was printed before is marked at the end of the line.
    let licence = licence.trim_end_matches("(*)").trim().to_owned();
    Ok(Package { name, version, licence })
}

pub fn check() -> Result {
    let mut found = duplicates(&packages()?, &list::read("allowed-duplicates.txt")?);
    let workspace = Manifest::parse(&text(&root().join("Cargo.toml"))?)?;
    let mut inherited = BTreeSet::new();
    for folder in members()? {
        let manifest = Manifest::parse(&text(&folder.join("Cargo.toml"))?)?;
        let name = folder.strip_prefix(root()).unwrap_or(&folder).display().to_string();
        let code = |folders: &[&str]| -> Result<String> {
            folders
                .iter()
                .map(|part| rust(&folder.join(part)))
                .collect::<Result<Vec<_>>>()
                .map(|all| all.join("\n"))
        };
        let program = code(&["src", "build.rs"])?;
        let tests = code(&["src", "tests", "examples", "benches"])?;
        for (section, dependency) in &manifest.dependencies {
            inherited.insert(dependency.clone());
            let used = uses(if section == "dev-dependencies" { &tests } else { &program }, dependency);
            if !used {
                found.push(format!("{name}: [{section}] {dependency} is not used"));
            }
        }
    }
    let reasons = text(&root().join("docs/DESIGN.md"))?;
    for (_, dependency) in &workspace.dependencies {
        let own = root().join("crates").join(dependency).is_dir();
        if !own && !reasons.contains(&format!("\n| `{dependency}` | ")) {
            found.push(format!("docs/DESIGN.md does not say what {dependency} is for"));
        }
        if !inherited.contains(dependency) {
            found.push(format!("Cargo.toml: [workspace.dependencies] {dependency} is used by no crate"));
        }
    }
    verdict(found)
}

/// Packages in several versions that the list does not allow, and entries of the list that are no longer needed.
fn duplicates(packages: &BTreeSet<Package>, allowed: &BTreeMap<String, String>) -> Vec<String> {
    let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for package in packages {
        versions.entry(&package.name).or_default().insert(&package.version);
    }
    versions.retain(|_, versions| versions.len() > 1);
    let mut found = Vec::new();
    for (name, versions) in &versions {
        if !allowed.contains_key(*name) {
            let versions: Vec<&str> = versions.iter().copied().collect();
            found.push(format!("{name} is built in several versions: {}", versions.join(", ")));
        }
    }
    for stale in allowed.keys().filter(|name| !versions.contains_key(name.as_str())) {
        found.push(format!("allowed-duplicates.txt: {stale} is built in one version only"));
    }
    found
}

fn members() -> Result<Vec<PathBuf>> {
    let folder = root().join("crates");
    let entries =
        fs::read_dir(&folder).map_err(|error| format!("cannot read {}: {error}", folder.display()))?;
    let mut members: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.join("Cargo.toml").is_file())
        .collect();
    members.push(root().join("xtask"));
    members.sort();
    Ok(members)
}

/// The text of a Rust file with the files it takes in from elsewhere by `#[path]`, or of all Rust files below a
/// folder; empty when there is none.
fn rust(path: &Path) -> Result<String> {
    if path.is_file() {
        let mut all = text(path)?;
        for elsewhere in elsewhere(&all) {
            all.push_str(&text(&path.with_file_name(elsewhere))?);
        }
        return Ok(all);
    }
    let mut all = String::new();
    for entry in fs::read_dir(path).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() || path.extension().is_some_and(|extension| extension == "rs") {
            all.push_str(&rust(&path)?);
            all.push('\n');
        }
    }
    Ok(all)
}

/// The files outside its own folder that a Rust file takes in as modules.
fn elsewhere(code: &str) -> Vec<String> {
    code.lines()
        .filter_map(|line| line.trim_start().strip_prefix("#[path = \"")?.strip_suffix("\"]"))
        .filter(|path| path.starts_with("../"))
        .map(str::to_owned)
        .collect()
}

/// Whether a dependency is named as a whole word outside line comments. A derive or attribute macro is named by its
/// path or imported, so this sees it too.
fn uses(code: &str, dependency: &str) -> bool {
    let name = dependency.replace('-', "_");
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    code.lines().map(str::trim_start).filter(|line| !line.starts_with("//")).any(|line| {
        line.match_indices(&name).any(|(at, _)| {
            let before = line[..at].chars().next_back();
            let after = line[at + name.len()..].chars().next();
            !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
        })
    })
}

/// The dependencies a manifest declares, with the section each stands in.
struct Manifest {
    dependencies: Vec<(String, String)>,
}

impl Manifest {
    /// Reads manifests written as this workspace writes them, one dependency a line; anything else is an error, so
    /// that nothing is passed over.
    fn parse(manifest: &str) -> Result<Manifest> {
        let mut section = String::new();
        let mut dependencies = Vec::new();
        for line in manifest.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            if let Some(header) = line.strip_prefix('[') {
                let header = header.trim_end_matches(']');
                // What is for some systems only is used by code for those systems.
                section = header.rsplit('.').next().unwrap_or(header).to_owned();
                if header.contains("dependencies.") {
                    return Err(format!("`{line}`: write dependencies one a line in [dependencies]"));
                }
            } else if section.ends_with("dependencies") {
                let (key, _) = line.split_once('=').ok_or(format!("`{line}` is not understood"))?;
                let name = key.trim().split('.').next().unwrap_or_default();
                let valid = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
                if name.is_empty() || !name.chars().all(valid) {
                    return Err(format!("`{line}` is not understood"));
                }
                dependencies.push((section.clone(), name.to_owned()));
            }
        }
        Ok(Manifest { dependencies })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_cargo_tree_is_read() {
        let own = package("law v0.1.0 (/somewhere/crates/law)|Apache-2.0").unwrap();
        assert_eq!(
            (own.name.as_str(), own.version.as_str(), own.licence.as_str()),
            ("law", "0.1.0", "Apache-2.0")
        );
        assert_eq!(package("syn v3.0.10|MIT OR Apache-2.0 (*)").unwrap().licence, "MIT OR Apache-2.0");
        assert!(package("nonsense").is_err());
    }

    #[test]
    fn duplicates_and_stale_exceptions_are_found() {
        let package = |name: &str, version: &str| Package {
            name: name.to_owned(),
            version: version.to_owned(),
            licence: "MIT".to_owned(),
        };
        let tree = BTreeSet::from([package("syn", "2"), package("syn", "3"), package("log", "1")]);
        let allow = |name: &str| BTreeMap::from([(name.to_owned(), "reason".to_owned())]);
        assert_eq!(duplicates(&tree, &allow("syn")), Vec::<String>::new());
        assert_eq!(duplicates(&tree, &BTreeMap::new()), ["syn is built in several versions: 2, 3"]);
        assert_eq!(duplicates(&tree, &allow("log")).len(), 2);
    }

    #[test]
    fn a_module_of_another_crate_is_looked_into() {
        let code = "mod own;\n#[path = \"beside.rs\"]\nmod beside;\n#[path = \"../../paper/tests/read/print.rs\"]\nmod print;";
        assert_eq!(elsewhere(code), ["../../paper/tests/read/print.rs"]);
    }

    #[test]
    fn a_use_is_a_whole_word_outside_comments() {
        assert!(uses("use serde_json::Value;", "serde-json"));
        assert!(uses("#[derive(askama::Template)]", "askama"));
        assert!(!uses("// use serde_json::Value;", "serde-json"));
        assert!(!uses("use serde_json_lenient::Value;", "serde-json"));
        assert!(!uses("let tomls = 1;", "toml"));
    }

    #[test]
    fn a_manifest_is_read_line_by_line() {
        let manifest = Manifest::parse(
            "[package]\nname = \"x\"\n[dependencies]\nserde.workspace = true\njiff = { version = \"1\" }\n\
             # a comment\n[target.'cfg(unix)'.dependencies]\nlibc = \"0.2\"\n[dev-dependencies]\ninsta.workspace = true\n[lints]\nworkspace = true\n",
        )
        .unwrap();
        let pair = |section: &str, name: &str| (section.to_owned(), name.to_owned());
        assert_eq!(
            manifest.dependencies,
            [
                pair("dependencies", "serde"),
                pair("dependencies", "jiff"),
                pair("dependencies", "libc"),
                pair("dev-dependencies", "insta")
            ]
        );
        assert!(Manifest::parse("[dependencies.serde]\nversion = \"1\"").is_err());
        assert!(Manifest::parse("[dependencies]\n  \"std\",\n]").is_err());
    }
}
