//! Writes every letter from its sample in every format into a folder, for a look at the paper:
//! `cargo run -p paper --example letter -- FOLDER`.

#![expect(clippy::unwrap_used, reason = "a sample that cannot be written should stop the run")]

#[path = "../tests/sample/letter.rs"]
mod sample;
#[path = "../tests/sample/sheet.rs"]
mod sheet;

use law::letter::Letter;
use paper::letter::OfficialLetter;

fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).unwrap_or_else(|| "letters".into()));
    std::fs::create_dir_all(&folder).unwrap();
    let fonts = paper::Fonts::system(None);
    let write = |name: &str, letter: &OfficialLetter| {
        let put = |ending: &str, bytes: &[u8]| {
            std::fs::write(folder.join(format!("{name}.{ending}")), bytes).unwrap();
        };
        put("txt", letter.printed().as_bytes());
        put(
            "html",
            format!(
                "<!DOCTYPE html><meta charset=utf-8><style>{}</style>{}",
                paper::letter::LETTER_STYLE,
                paper::letter_html(letter)
            )
            .as_bytes(),
        );
        put("docx", &paper::letter_docx(letter).unwrap());
        put("pdf", &paper::letter_pdf(letter, &fonts).unwrap());
    };
    for letter in Letter::all() {
        write(letter.key(), &sample::sample(letter));
    }
    write("long", &sample::long());
    write("draft", &sample::draft());
    let put = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    for (name, form) in sheet::sheets() {
        put(&format!("{name}.pdf"), &paper::sheet::sheet_pdf(&form, &fonts).unwrap());
        put(&format!("{name}.docx"), &paper::sheet::sheet_docx(&form).unwrap());
    }
    put("envelope.pdf", &paper::envelope::envelope_pdf(&sheet::envelope(), &fonts).unwrap());
    put("envelope.docx", &paper::envelope::envelope_docx(&sheet::envelope()).unwrap());
}
