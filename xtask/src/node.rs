//! Node.js and the packages of `e2e/`.

use crate::shell::{Result, command, read, root, run, scratch, text, write};
use std::fs;

/// The oldest Node.js that runs the browser tests: Debian 12 has 18.
const OLDEST: (u32, u32) = (18, 17);

/// Installs the packages pinned in `e2e/package-lock.json`, unless they are there already.
pub fn install() -> Result {
    let said = read(command("node").arg("--version"))?;
    match version(&said) {
        Some(found) if found >= OLDEST => {}
        _ => {
            return Err(format!(
                "Node.js {}.{} or newer is needed; this is {}",
                OLDEST.0,
                OLDEST.1,
                said.trim()
            ));
        }
    }
    let folder = root().join("e2e");
    let wanted = text(&folder.join("package-lock.json"))?;
    let stamp = scratch()?.join("package-lock.json");
    let there =
        folder.join("node_modules/playwright-core").is_dir() && folder.join("node_modules/axe-core").is_dir();
    if there && fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    // The browser is Debian's: nothing but the packages themselves is fetched.
    run(command("npm").current_dir(&folder).env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1").args([
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
    ]))?;
    write(&stamp, &wanted)
}

fn version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.trim().strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("v20.20.2\n"), Some((20, 20)));
        assert!(version("v18.9.1") < Some(OLDEST));
        assert_eq!(version("20"), None);
    }
}
