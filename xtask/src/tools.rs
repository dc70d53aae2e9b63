//! What the tests need from Debian, by package name.

use crate::postgres;
use crate::shell::{self, Result, command, run, succeeds, which};
use std::path::Path;

struct Need {
    /// What the tests use it for.
    what: &'static str,
    packages: &'static [&'static str],
    present: fn() -> bool,
}

const NEEDS: &[Need] = &[
    Need {
        what: "PostgreSQL, the second engine",
        packages: &["postgresql"],
        present: || postgres::binaries().is_some(),
    },
    Need {
        what: "Chromium, for the browser tests",
        packages: &["chromium-headless-shell"],
        present: || chromium().is_some(),
    },
    Need {
        what: "LibreOffice Writer, to open DOCX and show it as pages",
        packages: &["libreoffice-writer-nogui"],
        present: || libreoffice_has("libswlo.so"),
    },
    Need {
        what: "LibreOffice Calc, to open XLSX and show it as pages",
        packages: &["libreoffice-calc-nogui"],
        present: || libreoffice_has("libsclo.so"),
    },
    Need {
        what: "poppler, to read PDF text and pages",
        packages: &["poppler-utils"],
        present: || which("pdftotext").is_some() && which("pdftoppm").is_some(),
    },
    Need { what: "qpdf, to check PDF files", packages: &["qpdf"], present: || which("qpdf").is_some() },
    Need {
        what: "Noto CJK fonts, regular and bold",
        packages: &["fonts-noto-cjk"],
        present: || {
            ["NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc", "NotoSansCJK-Regular.ttc"]
                .iter()
                .all(|file| Path::new("/usr/share/fonts/opentype/noto").join(file).is_file())
        },
    },
    Need {
        what: "Python with venv, for the calendar oracle and the spell checker",
        packages: &["python3", "python3-venv"],
        present: || succeeds(command("python3").args(["-c", "import ensurepip, venv"])),
    },
    Need {
        what: "Node.js, to drive the browser",
        packages: &["nodejs"],
        present: || which("node").is_some() || which("nodejs").is_some(),
    },
    Need {
        what: "npm, to install playwright-core and axe-core",
        packages: &["npm"],
        present: || which("npm").is_some(),
    },
    Need { what: "git, to list tracked files", packages: &["git"], present: || which("git").is_some() },
];

/// The browser, if there is one: the one that has no window starts in a third of the time.
pub fn chromium() -> Option<std::path::PathBuf> {
    which("chromium-headless-shell").or_else(|| which("chromium"))
}

fn libreoffice_has(library: &str) -> bool {
    which("soffice").is_some() && Path::new("/usr/lib/libreoffice/program").join(library).is_file()
}

fn missing() -> Vec<&'static Need> {
    NEEDS.iter().filter(|need| !(need.present)()).collect()
}

/// Installs what is missing of the packages named (all that are needed when none is), as root; otherwise fails with
/// the one command to run.
pub fn install(only: &[&str]) -> Result {
    let wanted = |need: &&Need| only.is_empty() || need.packages.iter().any(|package| only.contains(package));
    let needs: Vec<&Need> = missing().into_iter().filter(wanted).collect();
    if needs.is_empty() {
        return Ok(());
    }
    for need in &needs {
        eprintln!("missing: {}", need.what);
    }
    let packages: Vec<&str> = needs.iter().flat_map(|need| need.packages).copied().collect();
    let install = format!("apt-get install -y --no-install-recommends {}", packages.join(" "));
    if which("apt-get").is_none() {
        return Err(format!(
            "this machine has no apt-get; install what Debian calls: {}",
            packages.join(" ")
        ));
    }
    if shell::uid()? != 0 {
        return Err(format!(
            "run this once, then try again:\n\n    sudo sh -c 'apt-get update && {install}'\n"
        ));
    }
    run(command("apt-get").arg("update"))?;
    run(command("apt-get")
        .env("DEBIAN_FRONTEND", "noninteractive")
        .args(["install", "-y", "--no-install-recommends"])
        .args(&packages))?;
    match missing().iter().find(|need| wanted(need)) {
        None => Ok(()),
        Some(need) => Err(format!("apt-get succeeded, but this is still missing: {}", need.what)),
    }
}

#[cfg(test)]
mod tests {
    use super::NEEDS;

    #[test]
    fn every_need_names_its_packages_as_debian_does() {
        for need in NEEDS {
            assert!(!need.packages.is_empty(), "{}", need.what);
            for package in need.packages {
                let valid = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "+-.".contains(c);
                assert!(package.len() > 1 && package.chars().all(valid), "{package}");
            }
        }
    }
}
