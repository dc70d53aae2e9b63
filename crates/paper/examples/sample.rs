//! Writes every sample in every format into a folder, for a look at the paper: `cargo run -p paper --example sample -- FOLDER`.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be written should stop the run")]

#[path = "../tests/sample/mod.rs"]
#[expect(dead_code, reason = "shared with the tests, which use more of it")]
mod sample;

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "samples".into()));
    std::fs::create_dir_all(&folder).unwrap();
    let fonts = paper::Fonts::system(std::env::args().nth(2).as_deref().map(std::path::Path::new));
    for missing in fonts.missing() {
        println!("{}: {}", missing.look, missing.package);
    }
    for sample in sample::all() {
        let report = sample.report();
        let write = |ending: &str, bytes: &[u8]| {
            std::fs::write(folder.join(format!("{}.{ending}", sample.name)), bytes).unwrap();
        };
        write("html", paper::html_page(&report).as_bytes());
        write("md", paper::markdown(&report).as_bytes());
        write("csv", &paper::csv(&report));
        write("docx", &paper::docx(&report).unwrap());
        write("xlsx", &paper::xlsx(&report).unwrap());
        match paper::pdf(&report, &fonts) {
            Ok(pdf) => write("pdf", &pdf),
            Err(e) => println!("{}: {e}", sample.name),
        }
    }
}
