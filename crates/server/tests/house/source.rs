//! Reading Rust source well enough to say what it mentions: comments and literals apart, test code left out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A file's text taken apart.
pub struct Source {
    /// The code with comments and the content of literals replaced by blanks; lines stay where they are.
    pub code: String,
    /// The content of every string literal, as written.
    pub literals: Vec<String>,
}

impl Source {
    /// Takes a text apart. Raw strings, nested comments and lifetimes are understood.
    pub fn read(text: &str) -> Source {
        let chars: Vec<char> = text.chars().collect();
        let mut source = Source { code: String::with_capacity(text.len()), literals: Vec::new() };
        let mut at = 0;
        while at < chars.len() {
            let rest = &chars[at..];
            let end = if rest.starts_with(&['/', '/']) {
                source.blank(rest, rest.iter().position(|c| *c == '\n').unwrap_or(rest.len()))
            } else if rest.starts_with(&['/', '*']) {
                source.blank(rest, block_comment(rest))
            } else if let Some(hashes) = raw_string(rest, at.checked_sub(1).map(|before| chars[before])) {
                source.literal(rest, 2 + hashes, closing(rest, 2 + hashes, hashes), 1 + hashes)
            } else if rest[0] == '"' {
                source.literal(rest, 1, string(rest), 1)
            } else if let Some(length) = character(rest) {
                source.blank(rest, length)
            } else {
                source.code.push(rest[0]);
                1
            };
            at += end;
        }
        source
    }

    fn blank(&mut self, rest: &[char], length: usize) -> usize {
        self.code.extend(rest[..length].iter().map(|c| if *c == '\n' { '\n' } else { ' ' }));
        length
    }

    fn literal(&mut self, rest: &[char], start: usize, length: usize, tail: usize) -> usize {
        let end = length.saturating_sub(tail).max(start);
        self.literals.push(rest[start.min(length)..end.min(length)].iter().collect());
        self.code.push('"');
        self.blank(&rest[1..], length.saturating_sub(2));
        self.code.push('"');
        length
    }
}

fn block_comment(rest: &[char]) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < rest.len() {
        if rest[at..].starts_with(&['/', '*']) {
            depth += 1;
            at += 2;
        } else if rest[at..].starts_with(&['*', '/']) {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += 1;
        }
    }
    rest.len()
}

/// The number of `#` of a raw string that begins here.
fn raw_string(rest: &[char], before: Option<char>) -> Option<usize> {
    // The `r` at the end of a word begins nothing; that of `br` does.
    let word_goes_on = before.is_some_and(|c| (c.is_alphanumeric() || c == '_') && c != 'b');
    if rest[0] != 'r' || word_goes_on {
        return None;
    }
    let hashes = rest[1..].iter().take_while(|c| **c == '#').count();
    (rest.get(1 + hashes) == Some(&'"')).then_some(hashes)
}

fn closing(rest: &[char], start: usize, hashes: usize) -> usize {
    (start..rest.len())
        .find(|at| {
            rest[*at] == '"' && rest[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes
        })
        .map_or(rest.len(), |at| at + 1 + hashes)
}

fn string(rest: &[char]) -> usize {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    rest.len()
}

/// The length of a character literal that begins here; a lifetime is none.
fn character(rest: &[char]) -> Option<usize> {
    if rest[0] != '\'' {
        return None;
    }
    match rest.get(1..3)? {
        ['\\', _] => rest.iter().skip(3).position(|c| *c == '\'').map(|at| at + 4),
        [_, '\''] => Some(3),
        _ => None,
    }
}

/// Code without the items that are built for tests only. Expects what [`Source::read`] makes.
pub fn without_tests(code: &str) -> String {
    let mut rest = code;
    let mut kept = String::with_capacity(code.len());
    while let Some(at) = rest.find("#[cfg(test)]") {
        kept.push_str(&rest[..at]);
        let item = &rest[at..];
        let body = item.find(['{', ';']).unwrap_or(item.len());
        let mut depth = 0;
        let end = item[body..].char_indices().find_map(|(offset, c)| {
            match c {
                '{' => depth += 1,
                '}' => depth -= 1,
                _ => {}
            }
            (depth == 0 && matches!(c, '}' | ';')).then_some(body + offset + 1)
        });
        rest = &item[end.unwrap_or(item.len())..];
    }
    kept + rest
}

/// Whether code names a path such as `std::fs`, in full or through an import with braces.
pub fn mentions(code: &str, path: &str) -> bool {
    let part_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let named = code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        !before.is_some_and(part_of_word) && !after.is_some_and(part_of_word)
    });
    let below = format!("{path}::");
    named || imports(code).iter().any(|import| import == path || import.starts_with(&below))
}

/// Whether code names something of a crate, or imports the crate itself; a variable of that name is nothing.
pub fn names_crate(code: &str, name: &str) -> bool {
    let start = format!("{name}::");
    let inside = code.match_indices(&start).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || c == '_' || c == ':')
    });
    inside || imports(code).iter().any(|import| import == name || import.starts_with(&start))
}

/// Every path that `use` declarations bring in, braces written out.
fn imports(code: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for declaration in code.split("use ").skip(1) {
        let tree: String = declaration.split(';').next().unwrap_or_default().split_whitespace().collect();
        expand("", &tree, &mut found);
    }
    found
}

fn expand(before: &str, tree: &str, found: &mut BTreeSet<String>) {
    match tree.split_once('{') {
        Some((start, rest)) if !start.contains(',') => {
            let inside = rest.strip_suffix('}').unwrap_or(rest);
            let (mut depth, mut from) = (0, 0);
            for (at, c) in inside.char_indices().chain([(inside.len(), ',')]) {
                match c {
                    '{' => depth += 1,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        expand(&format!("{before}{start}"), &inside[from..at], found);
                        from = at + 1;
                    }
                    _ => {}
                }
            }
        }
        _ if tree.is_empty() => {}
        _ => {
            found.insert(format!("{before}{tree}").trim_end_matches("::self").to_owned());
        }
    }
}

/// The files below a folder, sorted; nothing when there is no such folder.
pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

/// The code below a folder that goes into the program, with the file it stands in. Modules named `tests` or `…_tests`
/// are built for tests only, as everywhere in this workspace.
pub fn production(folder: &Path) -> Vec<(PathBuf, Source)> {
    let is_program = |path: &PathBuf| {
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let in_tests = path.components().any(|part| part.as_os_str() == "tests");
        path.extension().is_some_and(|extension| extension == "rs")
            && !in_tests
            && stem != "tests"
            && !stem.ends_with("_tests")
    };
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let mut source = Source::read(&text);
        source.code = without_tests(&source.code);
        (path, source)
    };
    // Relative to the folder: the workspace itself may lie in a folder named `tests`.
    let below = |path: &PathBuf| is_program(&path.strip_prefix(folder).unwrap().to_path_buf());
    files(folder).into_iter().filter(below).map(read).collect()
}

mod planted {
    //! Each reader above is shown what it must find and what it must not.
    use super::*;

    #[test]
    fn comments_and_literals_are_no_code() {
        let text = "let a = \"std::fs\"; // std::net\n/* std::env /* x */ */ let b = r#\"std::\"process\"#; let c = '\"';";
        let source = Source::read(text);
        for path in ["std::fs", "std::net", "std::env", "std::process"] {
            assert!(!mentions(&source.code, path), "{path} in {:?}", source.code);
        }
        assert_eq!(source.literals, ["std::fs", "std::\"process"]);
        assert!(source.code.contains("let c ="), "{:?}", source.code);
        assert_eq!(source.code.lines().count(), 2);
    }

    #[test]
    fn lifetimes_and_escapes_do_not_hide_code() {
        let source =
            Source::read("fn f<'a>(x: &'a str) { g('\\'', \"\\\"\", '\\u{3000}'); std::fs::read(x) }");
        assert!(mentions(&source.code, "std::fs"), "{:?}", source.code);
        assert!(mentions(&Source::read("let bar = 1; let r = std::fs::x;").code, "std::fs"));
    }

    #[test]
    fn paths_are_found_whole_and_through_braces() {
        assert!(mentions("std::fs::read(x)", "std::fs"));
        assert!(mentions("use std::{collections::{BTreeMap, BTreeSet}, fs::{self, File}};", "std::fs"));
        assert!(mentions("use std::{env, fmt};", "std::env"));
        assert!(!mentions("use std::{environment, fmt};", "std::env"));
        assert!(!mentions("my_std::fs_like", "std::fs"));
        assert!(
            names_crate("let a: store::Tx = b;", "store")
                && names_crate("use {law, store::{Tx, on}};", "store")
        );
        assert!(!names_crate("let store = fonts::store::Store::new(); store.read()", "store"));
    }

    #[test]
    fn test_code_is_left_out_and_nothing_else() {
        let code = "fn a() {}\n#[cfg(test)]\nmod tests { fn b() { {} } }\n#[cfg(test)]\nmod more;\nfn c() {}";
        let kept = without_tests(code);
        assert!(kept.contains("fn a") && kept.contains("fn c"));
        assert!(!kept.contains("fn b") && !kept.contains("mod more"));
    }
}
