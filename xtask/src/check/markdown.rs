//! Markdown: links between files resolve, and the files and tasks it names exist.

use super::{files::tracked, verdict};
use crate::TASKS;
use crate::shell::{Result, root, text};
use std::path::{Component, Path, PathBuf};

pub fn check() -> Result {
    let files = tracked()?;
    let mut found = Vec::new();
    for path in files.iter().filter(|path| path.ends_with(".md")) {
        let page = text(&root().join(path))?;
        for link in links(&page) {
            if let Some(problem) = broken(path, &link)? {
                found.push(format!("{path}: {problem}"));
            }
        }
        for named in paths(&page) {
            if !root().join(named).exists() {
                found.push(format!("{path}: `{named}` does not exist"));
            }
        }
        for task in tasks(&page) {
            if !TASKS.iter().any(|known| known.name == task) {
                found.push(format!("{path}: `cargo xtask {task}` does not exist"));
            }
        }
    }
    verdict(found)
}

/// The lines outside fenced blocks.
fn prose(page: &str) -> impl Iterator<Item = &str> {
    let mut fenced = false;
    page.lines().filter(move |line| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        !fenced && !fence
    })
}

/// The targets of inline links and pictures, and of reference definitions.
fn links(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for line in prose(page) {
        // Code spans show Markdown without being it.
        let shown: String = line.split('`').step_by(2).collect::<Vec<_>>().join("`");
        for (at, _) in shown.match_indices("](") {
            if let Some((target, _)) = shown[at + 2..].split_once(')') {
                found.push(target.split(' ').next().unwrap_or_default().to_owned());
            }
        }
        if let Some((label, target)) = shown.split_once("]: ")
            && label.starts_with('[')
        {
            found.push(target.trim().to_owned());
        }
    }
    found
}

/// Says what is wrong with a link, if anything is. Addresses of the web are left alone.
fn broken(from: &str, link: &str) -> Result<Option<String>> {
    if link.contains("://") || link.starts_with("mailto:") {
        return Ok(None);
    }
    let (file, fragment) =
        link.split_once('#').map_or((link, None), |(file, fragment)| (file, Some(fragment)));
    let folder = Path::new(from).parent().unwrap_or(Path::new(""));
    let target = if file.is_empty() { PathBuf::from(from) } else { folder.join(file) };
    let mut inside: Vec<Component<'_>> = Vec::new();
    for part in target.components() {
        match part {
            Component::ParentDir if inside.pop().is_none() => {
                return Ok(Some(format!("{link} leaves the repository")));
            }
            Component::ParentDir | Component::CurDir => {}
            other => inside.push(other),
        }
    }
    let path = root().join(inside.iter().collect::<PathBuf>());
    if !path.exists() {
        return Ok(Some(format!("{link} does not exist")));
    }
    match fragment {
        Some(fragment) if file.is_empty() || file.ends_with(".md") => {
            let known = prose(&text(&path)?)
                .filter(|line| line.starts_with('#'))
                .any(|line| anchor(line) == fragment);
            Ok((!known).then(|| format!("{link}: no such heading")))
        }
        _ => Ok(None),
    }
}

/// The fragment that a heading can be reached by, as code hosts make it.
fn anchor(heading: &str) -> String {
    let title = heading.trim_start_matches('#').trim().to_lowercase();
    title
        .chars()
        .filter_map(|c| match c {
            ' ' => Some('-'),
            '-' | '_' => Some(c),
            c if c.is_alphanumeric() => Some(c),
            _ => None,
        })
        .collect()
}

/// The files and folders of the workspace that a page names as code. `YEAR.toml` and the like stand for any.
fn paths(page: &str) -> Vec<&str> {
    let spans = prose(page).flat_map(|line| line.split('`').skip(1).step_by(2));
    spans
        .map(|span| span.split("::").next().unwrap_or(span))
        .filter(|span| {
            ["crates/", "docs/", "e2e/", "xtask/", ".ci/"].iter().any(|start| span.starts_with(start))
        })
        .filter(|span| !span.split('/').any(|part| part.split('.').next().is_some_and(is_placeholder)))
        .collect()
}

fn is_placeholder(word: &str) -> bool {
    word.len() > 1
        && word.chars().all(|c| c.is_ascii_uppercase())
        && !["README", "DESIGN", "GLOSSARY"].contains(&word)
}

/// The tasks that a page tells its reader to run.
fn tasks(page: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, call) in page.match_indices("cargo xtask ") {
        let rest = &page[at + call.len()..];
        let end = rest.find(|c: char| !c.is_ascii_lowercase() && c != '-').unwrap_or(rest.len());
        // `cargo xtask TASK` stands for any.
        if end > 0 {
            found.push(&rest[..end]);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_prose_only() {
        let page = "# T\n[a](b.md) ![p](c.png \"title\")\n`[x](y)`\n```\n[n](no.md)\n```\n[r]: d.md\n";
        assert_eq!(links(page), ["b.md", "c.png", "d.md"]);
    }

    #[test]
    fn a_broken_link_is_said() {
        assert_eq!(broken("docs/x.md", "../Cargo.toml").unwrap(), None);
        assert_eq!(broken("x.md", "https://host.invalid/").unwrap(), None);
        assert!(broken("x.md", "absent.md").unwrap().unwrap().contains("does not exist"));
        assert!(broken("x.md", "../elsewhere.md").unwrap().unwrap().contains("leaves"));
        assert_eq!(broken("x.md", "README.md#gongkai-公开").unwrap(), None);
        assert!(broken("x.md", "README.md#absent").unwrap().unwrap().contains("no such heading"));
    }

    #[test]
    fn paths_in_code_are_found_and_placeholders_are_not() {
        let page =
            "see `crates/law/src/term.rs::covers` and `crates/law/data/calendar/YEAR.toml`, `e2e/`, `a/b`";
        assert_eq!(paths(page), ["crates/law/src/term.rs", "e2e/"]);
    }

    #[test]
    fn headings_become_anchors() {
        assert_eq!(anchor("## 2. The house"), "2-the-house");
        assert_eq!(anchor("# Gongkai 公开"), "gongkai-公开");
        assert_eq!(anchor("### Why `typst`?"), "why-typst");
    }

    #[test]
    fn tasks_are_named() {
        assert_eq!(
            tasks("run `cargo xtask test` and `cargo xtask check files`, or `cargo xtask TASK`"),
            ["test", "check"]
        );
    }
}
