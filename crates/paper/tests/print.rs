//! PDF: what the programs of others read in it.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

mod sample;
#[expect(dead_code, reason = "shared with the other tests, which use other programs")]
mod tool;

use paper::{Fonts, PaperError, Paragraph, Run};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use tool::solid;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::system(None));

fn print(folder: &Path, sample: &sample::Sample) -> PathBuf {
    let file = folder.join(format!("{}.pdf", sample.name));
    std::fs::write(&file, paper::pdf(&sample.report(), &FONTS).unwrap()).unwrap();
    file
}

#[test]
fn readers_find_a_sound_tagged_archive_file() {
    let folder = tempfile::tempdir().unwrap();
    for sample in sample::all() {
        let file = print(folder.path(), &sample);
        let path = file.to_str().unwrap();
        tool::text("qpdf", &["--check", path]);
        let info = tool::text("pdfinfo", &[path]);
        let field =
            |name: &str| info.lines().find_map(|l| l.strip_prefix(name)).map(str::trim).unwrap_or_default();
        assert_eq!(field("Tagged:"), "yes", "{}", sample.name);
        assert_eq!(field("Title:"), sample.title, "{}", sample.name);
        assert!(field("Page size:").contains("A4"), "{info}");
        let raw = std::fs::read(&file).unwrap();
        let has = |text: &str| raw.windows(text.len()).any(|w| w == text.as_bytes());
        assert!(has("<pdfaid:part>2</pdfaid:part>"), "PDF/A part 2");
        assert!(has("<pdfaid:conformance>A</pdfaid:conformance>"), "PDF/A level A");
        assert!(has("<pdfuaid:part>1</pdfuaid:part>"), "PDF/UA-1");
        assert!(has("/Lang"), "language");
    }
}

#[test]
fn every_label_and_figure_is_read_in_the_order_of_the_form() {
    let folder = tempfile::tempdir().unwrap();
    for sample in [sample::ordinary(), sample::old_form(), sample::large(), sample::zero(), sample::blank()] {
        let file = print(folder.path(), &sample);
        // The structure tree is what a screen reader reads.
        let read = solid(&tool::text("pdfinfo", &["-struct-text", file.to_str().unwrap()]));
        let read = read.replace("(block)", "").replace("(inline)", "");
        let text: String = read.split('"').skip(1).step_by(2).collect();
        let missing = tool::missing_in_order(&text, &sample.labels_and_figures());
        assert_eq!(missing, None, "{}", sample.name);

        let drawn = solid(&tool::pages(&file).concat());
        for label in sample.labels_and_figures() {
            assert!(drawn.contains(&solid(&label)), "{}: {label}", sample.name);
        }
        for heading in &sample.form().sections {
            assert!(drawn.contains(heading.as_str()), "{}: {heading}", sample.name);
        }
    }
}

#[test]
fn every_page_carries_its_number() {
    let folder = tempfile::tempdir().unwrap();
    let file = print(folder.path(), &sample::large());
    let pages = tool::pages(&file);
    assert!(pages.len() > 5);
    for (i, page) in pages.iter().enumerate() {
        assert!(solid(page).contains(&format!("—{}—", i + 1)), "page {}: {page}", i + 1);
    }
}

#[test]
fn table_three_stands_on_one_page() {
    let folder = tempfile::tempdir().unwrap();
    for sample in [sample::ordinary(), sample::old_form(), sample::large()] {
        let pages: Vec<String> =
            tool::pages(&print(folder.path(), &sample)).iter().map(|p| solid(p)).collect();
        let first = pages.iter().position(|p| p.contains("一、本年新收政府信息公开申请数量")).unwrap();
        assert!(pages[first].contains("四、结转下年度继续办理"), "{}", sample.name);
        assert!(pages[first].contains("三、收到和处理政府信息公开申请情况"), "{}", sample.name);
    }
}

#[test]
fn the_signature_shares_its_page_with_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = sample::ordinary();
    // Push the end over a page break, line by line.
    for _ in 0..24 {
        sample.parts[5].insert(0, sample.parts[5].last().unwrap().clone());
        let pages = tool::pages(&print(folder.path(), &sample));
        let last = solid(pages.last().unwrap());
        assert!(last.contains("2025年1月21日"), "{last}");
        assert!(last.contains("没有其他需要报告的事项。"), "{last}");
    }
}

#[test]
fn hostile_text_is_printed_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let file = print(folder.path(), &sample::hostile());
    let drawn = solid(&tool::pages(&file).concat());
    for text in sample::HOSTILE {
        // Marks of direction have no shape on paper.
        let text = sample::shown(text).replace('\u{200f}', "");
        assert!(drawn.contains(&solid(&text)), "{text}");
    }
    assert_eq!(drawn.matches('长').count(), 10_000);
}

#[test]
fn a_character_no_font_has_becomes_a_mark() {
    let folder = tempfile::tempdir().unwrap();
    let mut sample = sample::zero();
    let run = Run { text: "姓名用字\u{e000}、\u{10ffff}和昇堃垚喆镕".into(), reference: None };
    sample.introduction = vec![Paragraph { heading: false, runs: vec![run] }];
    let drawn = solid(&tool::pages(&print(folder.path(), &sample)).concat());
    assert!(drawn.contains("姓名用字〓、"), "{drawn}");
    assert!(drawn.contains("昇堃垚喆镕"), "{drawn}");
}

#[test]
fn the_same_report_is_the_same_file() {
    let sample = sample::zero();
    let print = || paper::pdf(&sample.report(), &FONTS).unwrap();
    assert_eq!(print(), print());
}

#[test]
fn without_fonts_the_answer_names_the_package() {
    let empty = tempfile::tempdir().unwrap();
    let fonts = Fonts::folder(empty.path());
    let error = paper::pdf(&sample::zero().report(), &fonts).unwrap_err();
    assert!(matches!(error, PaperError::NoFonts));
    assert!(error.to_string().contains("fonts-noto-cjk"), "{error}");
    let missing: Vec<_> = fonts.missing().into_iter().map(|m| m.look).collect();
    assert_eq!(missing, ["仿宋", "楷体", "黑体", "宋体"]);
}
