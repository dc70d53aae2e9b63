//! What no tracked file may hold: the path of somebody's machine, the host of a package registry, too many bytes.

use super::verdict;
use crate::shell::{Result, command, read, root};
use std::fs;

/// Bytes. A larger file belongs into a package, a release or a script that makes it.
const LARGEST: u64 = 200_000;

/// Folders that exist on one machine only. Written in two parts, as this file is looked at too.
const MACHINE_PATHS: &[(&str, &str)] =
    &[("/wo", "rk/"), ("/ro", "ot/"), ("/ho", "me/"), ("/tm", "p/"), ("/Use", "rs/")];

/// Where packages are downloaded from is the business of each machine's own settings.
const REGISTRY_HOSTS: &[(&str, &str)] = &[
    ("npm", "js.org"),
    ("npm", "mirror.com"),
    ("yarn", "pkg.com"),
    ("py", "pi.org"),
    ("python", "hosted.org"),
    ("static.crates", ".io"),
    ("index.crates", ".io"),
    ("deb.", "debian.org"),
    ("security.", "debian.org"),
];

/// What Cargo writes as the origin of every package, whatever the machine's settings.
const ORIGIN: &str = concat!("registry+https://github.com/rust-lang/crates", ".io-index");

/// The tracked files, as paths from the workspace's folder.
pub fn tracked() -> Result<Vec<String>> {
    let list = read(command("git").args(["ls-files", "-z"]))?;
    // A file that was removed but not yet committed as such is no longer there to be looked at.
    Ok(list
        .split('\0')
        .filter(|path| !path.is_empty() && root().join(path).is_file())
        .map(str::to_owned)
        .collect())
}

pub fn check() -> Result {
    let mut found = Vec::new();
    for path in tracked()? {
        let bytes = fs::read(root().join(&path)).map_err(|error| format!("cannot read {path}: {error}"))?;
        found.extend(complaints(&path, &bytes));
    }
    verdict(found)
}

fn complaints(path: &str, bytes: &[u8]) -> Vec<String> {
    let mut found = Vec::new();
    if bytes.len() as u64 > LARGEST && path != "Cargo.lock" {
        found.push(format!("{path}: {} bytes, more than {LARGEST}", bytes.len()));
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return found;
    };
    for (number, line) in text.lines().enumerate() {
        let at = number + 1;
        for (start, end) in MACHINE_PATHS {
            if begins_path(line, &format!("{start}{end}")) {
                found.push(format!("{path}:{at}: names a folder of one machine"));
            }
        }
        for (start, end) in REGISTRY_HOSTS {
            if line.contains(&format!("{start}{end}")) {
                found.push(format!("{path}:{at}: names a package registry's host"));
            }
        }
        let foreign_source = line.starts_with("source = \"") && !line.contains(ORIGIN);
        if path == "Cargo.lock" && foreign_source {
            found.push(format!("{path}:{at}: a package that is not from the registry"));
        }
        if path.ends_with("package-lock.json") && line.contains("\"resolved\"") {
            found.push(format!("{path}:{at}: says where a package was downloaded from"));
        }
    }
    found
}

/// Whether an absolute path begins with `folder`: `target` + the folder's name inside a longer path does not count.
fn begins_path(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let before = line[..at].chars().next_back();
        !before.is_some_and(|c| c.is_alphanumeric() || "._-/~})>]*".contains(c))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join((start, end): (&str, &str)) -> String {
        format!("{start}{end}")
    }

    #[test]
    fn every_forbidden_folder_and_host_is_found() {
        for folder in MACHINE_PATHS.iter().copied().map(join) {
            for line in [format!("{folder}x"), format!("see \"{folder}x\""), format!("(`{folder}`)")] {
                assert_eq!(complaints("a.md", line.as_bytes()).len(), 1, "{line}");
            }
            for line in
                [format!("target{folder}x"), format!("https://host.invalid{folder}"), format!("..{folder}x")]
            {
                assert_eq!(complaints("a.md", line.as_bytes()), Vec::<String>::new(), "{line}");
            }
        }
        for host in REGISTRY_HOSTS.iter().copied().map(join) {
            assert!(!complaints("a.md", format!("https://{host}/x").as_bytes()).is_empty(), "{host}");
        }
    }

    #[test]
    fn size_and_lock_files_are_looked_at() {
        let large = vec![b'x'; LARGEST as usize + 1];
        assert_eq!(complaints("picture.png", &large).len(), 1);
        assert!(complaints("Cargo.lock", &large).is_empty());
        assert!(complaints("Cargo.lock", format!("source = \"{ORIGIN}\"").as_bytes()).is_empty());
        assert_eq!(complaints("Cargo.lock", b"source = \"git+https://host.invalid/x\"").len(), 1);
        assert_eq!(complaints("e2e/package-lock.json", b"  \"resolved\": \"https://host.invalid\"").len(), 1);
    }
}
