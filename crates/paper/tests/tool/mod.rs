//! The programs the tests look at the paper with.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// Runs a program to its end.
pub fn run(program: &str, args: &[&str]) -> Output {
    Command::new(program).args(args).output().unwrap_or_else(|e| {
        panic!("{program} is not here ({e}): run `cargo xtask test`, which says what to install")
    })
}

/// The same, and it must succeed; its output as text.
pub fn text(program: &str, args: &[&str]) -> String {
    let output = run(program, args);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {args:?}: {error}");
    // pdfinfo prints titles of the structure tree undecoded, as UTF-16.
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// The text of a PDF file, page by page, in the order in which it is drawn.
pub fn pages(pdf: &Path) -> Vec<String> {
    let text = text("pdftotext", &["-raw", pdf.to_str().unwrap(), "-"]);
    text.split('\u{c}').map(str::to_owned).filter(|p| !p.is_empty()).collect()
}

/// Converts files to PDF with LibreOffice, with a profile of its own; the PDF files in the order given.
pub fn office(folder: &Path, files: &[PathBuf]) -> Vec<PathBuf> {
    let profile = format!("-env:UserInstallation=file://{}", folder.join("profile").display());
    let out = folder.join("pdf");
    let mut args = vec![&*profile, "--headless", "--convert-to", "pdf", "--outdir", out.to_str().unwrap()];
    args.extend(files.iter().map(|f| f.to_str().unwrap()));
    text("soffice", &args);
    files.iter().map(|f| out.join(f.with_extension("pdf").file_name().unwrap())).collect()
}

/// Without blanks and line ends: labels wrap in narrow columns.
pub fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// The first of `parts` that is not found after the one before it.
pub fn missing_in_order(text: &str, parts: &[String]) -> Option<String> {
    let mut rest = text;
    for part in parts {
        match rest.find(&solid(part)) {
            Some(at) => rest = &rest[at + solid(part).len()..],
            None => return Some(part.clone()),
        }
    }
    None
}
