//! DOCX and XLSX: what LibreOffice and calamine read in them.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

mod sample;
#[expect(dead_code, reason = "shared with the other tests, which use other programs")]
mod tool;

use calamine::{Data, Range, Reader, Xlsx};
use sample::Sample;
use std::io::Cursor;
use tool::solid;

/// One start of LibreOffice for all samples: it takes seconds.
#[test]
fn libreoffice_shows_every_label_and_figure() {
    let folder = tempfile::tempdir().unwrap();
    let samples =
        [sample::ordinary(), sample::old_form(), sample::large(), sample::zero(), sample::hostile()];
    let mut files = Vec::new();
    for sample in &samples {
        for (ending, bytes) in [
            ("docx", paper::docx(&sample.report()).unwrap()),
            ("xlsx", paper::xlsx(&sample.report()).unwrap()),
        ] {
            // The ending is part of the name, because both become a PDF file.
            let file = folder.path().join(format!("{}-{ending}.{ending}", sample.name));
            std::fs::write(&file, bytes).unwrap();
            files.push(file);
        }
    }
    let printed = tool::office(folder.path(), &files);
    for (i, file) in printed.iter().enumerate() {
        let sample = &samples[i / 2];
        let pages = tool::pages(file);
        let text = solid(&pages.concat());
        for part in sample.labels_and_figures() {
            assert!(text.contains(&solid(&part)), "{}: {part}", file.display());
        }
        for heading in &sample.form().sections {
            assert!(text.contains(heading.as_str()), "{}: {heading}", file.display());
        }
        for (n, page) in pages.iter().enumerate() {
            assert!(solid(page).contains(&format!("—{}—", n + 1)), "{}: page {}", file.display(), n + 1);
        }
        let is_word = i % 2 == 0;
        if is_word && sample.name != "hostile" {
            // Table three stays on one page.
            let page =
                pages.iter().map(|p| solid(p)).find(|p| p.contains("一、本年新收政府信息公开申请数量"));
            assert!(page.unwrap().contains("四、结转下年度继续办理"), "{}", file.display());
        }
        if sample.name == "hostile" {
            for hostile in sample::HOSTILE {
                let shown = solid(&sample::shown(hostile)).replace('\u{200f}', "");
                assert!(text.contains(&shown), "{}: {shown}", file.display());
            }
            assert_eq!(text.matches('长').count(), 10_000, "{}", file.display());
        }
    }
}

fn workbook(sample: &Sample) -> Xlsx<Cursor<Vec<u8>>> {
    Xlsx::new(Cursor::new(paper::xlsx(&sample.report()).unwrap())).unwrap()
}

fn numbers(range: &Range<Data>) -> Vec<f64> {
    range.rows().flatten().filter_map(|c| if let Data::Float(n) = c { Some(*n) } else { None }).collect()
}

const TABLES: [&str; 3] = ["表二 主动公开", "表三 依申请公开", "表四 复议诉讼"];

#[test]
fn a_workbook_read_back_has_the_figures_of_the_report() {
    for sample in sample::all() {
        let mut book = workbook(&sample);
        assert_eq!(book.sheet_names(), ["正文", TABLES[0], TABLES[1], TABLES[2], "数据"]);
        // The sheets of the tables, in the order of the form.
        let read: Vec<f64> = TABLES.iter().flat_map(|t| numbers(&book.worksheet_range(t).unwrap())).collect();
        let cells = sample.form().cells();
        let filed: Vec<f64> =
            cells.iter().filter_map(|c| sample.figures.get(&c.id)).map(|v| v.to_f64()).collect();
        assert_eq!(read, filed, "{}", sample.name);
        // The list.
        let data = book.worksheet_range("数据").unwrap();
        for (cell, row) in cells.iter().zip(data.rows().skip(1)) {
            assert_eq!(row[0], Data::String(cell.id.clone()));
            let value = sample.figures.get(&cell.id).map_or(Data::Empty, |v| Data::Float(v.to_f64()));
            assert_eq!(row[4], value, "{} {}", sample.name, cell.id);
            assert_eq!(row[5], Data::String(cell.measure.label().into()));
        }
        assert_eq!(data.height(), cells.len() + 1);
    }
}

#[test]
fn totals_are_formulas_that_give_the_figure() {
    let sample = sample::large();
    let mut book = workbook(&sample);
    let mut found = 0;
    for table in TABLES {
        let values = book.worksheet_range(table).unwrap();
        let formulas = book.worksheet_formula(table).unwrap();
        for (row, column, formula) in formulas.used_cells() {
            // Positions are relative to the first used cell of a range.
            let start = formulas.start().unwrap();
            let at = (start.0 + row as u32, start.1 + column as u32);
            let inner = formula.strip_prefix("SUM(").and_then(|f| f.strip_suffix(')')).unwrap();
            let sum: f64 = inner.split(',').flat_map(area).map(|p| number(&values, p)).sum();
            assert_eq!(sum, number(&values, at), "{table} {at:?} {formula}");
            found += 1;
        }
    }
    assert_eq!(found, sample.form().cells().iter().filter(|c| c.computed).count());
}

fn number(values: &Range<Data>, at: (u32, u32)) -> f64 {
    match values.get_value(at) {
        Some(Data::Float(n)) => *n,
        other => panic!("{at:?} is {other:?}"),
    }
}

/// The cells of `B3:D3`.
fn area(range: &str) -> Vec<(u32, u32)> {
    let place = |name: &str| {
        let letters = name.chars().take_while(char::is_ascii_alphabetic).count();
        let column = name[..letters].bytes().fold(0, |n, b| n * 26 + u32::from(b - b'A') + 1) - 1;
        (name[letters..].parse::<u32>().unwrap() - 1, column)
    };
    let (first, last) = range.split_once(':').unwrap();
    let ((top, left), (bottom, right)) = (place(first), place(last));
    (top..=bottom).flat_map(|y| (left..=right).map(move |x| (y, x))).collect()
}

#[test]
fn a_published_total_that_is_wrong_stays_as_it_was_published() {
    let mut sample = sample::ordinary();
    sample.figures.set("requests.granted.total", 9_999);
    let mut book = workbook(&sample);
    let formulas = book.worksheet_formula("表三 依申请公开").unwrap();
    let computed =
        sample.form().cells().iter().filter(|c| c.computed && c.id.starts_with("requests.")).count();
    let left = formulas.used_cells().count();
    assert_eq!(computed - left, 1);
    assert!(numbers(&book.worksheet_range("表三 依申请公开").unwrap()).contains(&9_999.0));
}

#[test]
fn headings_are_merged_as_on_the_form() {
    let sample = sample::old_form();
    let mut book = workbook(&sample);
    let merges = book.merge_cells_by_sheet_name("表三 依申请公开").unwrap();
    let has = |a: (u32, u32), b: (u32, u32)| merges.iter().any(|m| (m.start, m.end) == (a, b));
    // One row for the heading of the part, then the table.
    assert!(has((1, 0), (3, 2)), "the note");
    assert!(has((1, 3), (1, 9)), "申请人情况");
    assert!(has((2, 4), (2, 8)), "法人或其他组织");
    assert!(has((6, 0), (25, 0)), "三、本年度办理结果 over its 20 rows");
}

#[test]
fn text_is_never_a_formula() {
    let sample = sample::hostile();
    let mut book = workbook(&sample);
    assert_eq!(book.worksheet_formula("正文").unwrap().used_cells().count(), 0);
    let texts: Vec<String> =
        book.worksheet_range("正文").unwrap().rows().flatten().map(ToString::to_string).collect();
    for hostile in sample::HOSTILE {
        let text = sample::shown(hostile);
        assert!(texts.iter().any(|t| t.trim_start_matches('　') == text), "{text}");
    }
}

#[test]
fn word_reads_the_paragraphs_back() {
    let sample = sample::hostile();
    let document = docx_rs::read_docx(&paper::docx(&sample.report()).unwrap()).unwrap();
    let mut texts = Vec::new();
    let mut tables = 0;
    for child in &document.document.children {
        match child {
            docx_rs::DocumentChild::Paragraph(p) => texts.push(p.raw_text()),
            docx_rs::DocumentChild::Table(_) => tables += 1,
            _ => {}
        }
    }
    assert_eq!(tables, 3);
    for hostile in sample::HOSTILE {
        let text = sample::shown(hostile);
        // The reader of docx-rs decodes entities twice.
        let twice = text.replace("&lt;", "<").replace("&gt;", ">");
        // In the introduction, in six parts and once as a sub-heading.
        assert_eq!(texts.iter().filter(|t| [&text, &twice].contains(t)).count(), 8, "{text}: {texts:?}");
    }
    assert!(texts.contains(&"长".repeat(10_000)));
}

#[test]
fn the_same_report_is_the_same_file() {
    let sample = sample::zero();
    assert_eq!(paper::docx(&sample.report()).unwrap(), paper::docx(&sample.report()).unwrap());
    assert_eq!(paper::xlsx(&sample.report()).unwrap(), paper::xlsx(&sample.report()).unwrap());
}
