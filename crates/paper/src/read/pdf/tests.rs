//! Real files: a published report, our own print, and files that mean harm.

use super::*;
use crate::fonts::Fonts;
use crate::read::block::Block;
use crate::sample::{self, Sample};
use law::form::Form;
use std::sync::LazyLock;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| Fonts::system(None));

fn shared(name: &str) -> Vec<u8> {
    let folder = std::env::var("GONGKAI_SHARED")
        .expect("GONGKAI_SHARED names the folder with published reports; `cargo xtask test` sets it");
    let file = std::path::Path::new(&folder).join("data/reports").join(name);
    std::fs::read(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

fn solid(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.nfkc().filter(|c| !c.is_whitespace() && !matches!(c, '.' | '、' | ',')).collect()
}

fn grids(document: &Document) -> impl Iterator<Item = &Grid> {
    document.blocks.iter().filter_map(|b| if let Block::Grid(grid) = b { Some(grid) } else { None })
}

fn words(document: &Document) -> Vec<&str> {
    let lines =
        document.blocks.iter().filter_map(|b| if let Block::Line(line) = b { Some(line) } else { None });
    lines.map(|line| line.text.as_str()).collect()
}

/// Every row of the form with its last label and, in order, its values, which nothing else stands between.
fn assert_figures(document: &Document, form: &Form, figure: impl Fn(&str) -> String) {
    for row in form.tables().iter().flat_map(|table| &table.rows).filter(|row| !row.values.is_empty()) {
        let values: Vec<String> = row.values.iter().map(|value| figure(&value.cell)).collect();
        let label = row.heads.last().map(|head| solid(&head.text));
        let found = grids(document).any(|grid| {
            (0..grid.rows).any(|n| {
                let cells: Vec<&Cell> = grid.cells.iter().filter(|cell| cell.row == n).collect();
                let from = match &label {
                    Some(label) => cells.iter().position(|c| solid(&c.text) == *label).map(|n| n + 1),
                    None => Some(0),
                };
                from.is_some_and(|from| {
                    // Money of the form of 2019 is printed with its unit.
                    let written = cells[from..].iter().map(|cell| cell.text.trim_end_matches('元'));
                    written.eq(values.iter().map(String::as_str))
                })
            })
        });
        assert!(found, "{label:?}: {values:?} not found in {:#?}", grids(document).collect::<Vec<_>>());
    }
}

fn assert_sample(document: &Document, sample: &Sample) {
    let figure = |cell: &str| sample.figures.get(cell).map(|amount| amount.to_string()).unwrap_or_default();
    assert_figures(document, sample.form(), figure);
}

/// Cells lie in their grid, do not overlap, and every block has a place on a page.
fn assert_sound(document: &Document) {
    for grid in grids(document) {
        let mut taken = vec![false; grid.rows * grid.columns];
        for cell in &grid.cells {
            assert!(cell.rows > 0 && cell.columns > 0 && cell.row + cell.rows <= grid.rows);
            assert!(cell.column + cell.columns <= grid.columns);
            for row in cell.row..cell.row + cell.rows {
                for column in cell.column..cell.column + cell.columns {
                    assert!(!std::mem::replace(&mut taken[row * grid.columns + column], true), "{grid:?}");
                }
            }
        }
    }
    for at in &document.places {
        let [left, top, right, bottom] = at.frame.unwrap();
        assert!(left <= right && top <= bottom && bottom <= 1.0 && right <= 1.0, "{at:?}");
        assert!(at.page.unwrap() > 0 && at.line.unwrap() > 0);
    }
}

#[test]
fn every_figure_of_a_published_report_stands_beside_its_label() {
    let document = blocks(&shared("huaian-2024.pdf")).unwrap();
    assert_sound(&document);
    let truth: serde_json::Value = serde_json::from_slice(&shared("huaian-2024.truth.json")).unwrap();
    let figure = |cell: &str| truth["cells"][cell].to_string();
    assert_figures(&document, Form::for_year(2024).unwrap(), figure);
    // Two pages cut tables.
    assert_eq!(
        grids(&document).map(|g| (g.rows, g.columns)).collect::<Vec<_>>(),
        [(8, 4), (6, 2), (16, 10), (12, 10), (4, 15)]
    );
    // A label that the end of the page cuts is in two parts.
    let texts: Vec<&str> = grids(&document).flat_map(|g| &g.cells).map(|c| c.text.as_str()).collect();
    assert!(texts.contains(&"（四）无") && texts.contains(&"法提供"), "{texts:?}");
    assert!(texts.contains(&"三、\n本\n年\n度\n办\n理\n结\n果"), "{texts:?}");
}

#[test]
fn paragraphs_of_a_published_report_are_whole_and_without_page_marks() {
    let document = blocks(&shared("huaian-2024.pdf")).unwrap();
    let words = words(&document);
    assert_eq!(words[0], "淮安市人民政府");
    assert_eq!(words[1], "2024年政府信息公开工作年度报告");
    assert!(words[2].starts_with("本报告由") && words[2].ends_with("hazwgkc@163.com）。"), "{}", words[2]);
    for heading in ["一、总体情况", "二、主动公开政府信息情况", "六、其他需要报告的事项"]
    {
        assert!(words.contains(&heading), "{heading}");
    }
    // Over the end of a page, and of the whole report in this order.
    assert!(words.iter().any(|w| w.contains("“建设‘四最’一流营商环境高质量推进")), "{words:?}");
    assert!(words.iter().all(|w| !w.contains("-1-") && !w.contains("- 1 -")), "{words:?}");
    assert_eq!(words.len(), 18, "{words:#?}");
    let sum = "2024年，全市共受理政府信息公开申请3119件，答复3050件";
    let line = document.blocks.iter().find_map(|b| match b {
        Block::Line(line) if line.text.contains(sum) => Some(line.place),
        _ => None,
    });
    assert_eq!(document.at(line.unwrap()).page, Some(2));
}

#[test]
fn our_own_print_is_read_back() {
    for sample in [sample::ordinary(), sample::old_form(), sample::large(), sample::zero(), sample::blank()] {
        let document = blocks(&crate::pdf(&sample.report(), &FONTS).unwrap()).unwrap();
        assert_sound(&document);
        assert_sample(&document, &sample);
        let words = words(&document);
        for heading in &sample.form().sections {
            assert!(
                words.iter().any(|w| solid(w) == solid(heading)),
                "{}: {heading} {words:#?}",
                sample.name
            );
        }
        // Every paragraph is one line.
        for paragraph in sample.parts.iter().flatten().chain(&sample.introduction) {
            let text: String = paragraph.runs.iter().map(|run| run.text.as_str()).collect();
            assert!(words.iter().any(|w| solid(w) == solid(&text)), "{}: {text} {words:#?}", sample.name);
        }
        assert!(!words.iter().any(|w| marks::mark(w).is_some()), "{}: {words:#?}", sample.name);
    }
}

mod made;

use made::{FULL_PAGE, Made, PORTRAIT};

/// A grid as rows of texts, left out where a cell from above reaches in.
fn rows(grid: &Grid) -> Vec<Vec<&str>> {
    (0..grid.rows)
        .map(|row| grid.cells.iter().filter(|c| c.row == row).map(|c| c.text.as_str()).collect())
        .collect()
}

const TABLE: [&[&str]; 3] =
    [&["申请人情况", "自然人", "总计"], &["本年新收", "3001", "3119"], &["结转", "0", "34"]];

#[test]
fn a_turned_page_is_read_as_the_upright_one() {
    let upright = Made::new().page(PORTRAIT, 0, |page| page.table(100.0, 600.0, &TABLE)).finish();
    let upright = blocks(&upright).unwrap();
    let expected: Vec<Vec<&str>> = TABLE.iter().map(|row| row.to_vec()).collect();
    assert_eq!(rows(grids(&upright).next().unwrap()), expected);
    let frame =
        |document: &Document| document.at(grids(document).next().unwrap().cells[0].place).frame.unwrap();
    assert!((frame(&upright)[0] - 100.0 / 595.0).abs() < 0.01, "{:?}", frame(&upright));
    for turn in [90, 180, 270] {
        // Turned by the viewer, so that it is read upright.
        let bytes =
            Made::new().page(PORTRAIT, turn, |page| page.turned(turn).table(100.0, 600.0, &TABLE)).finish();
        let document = blocks(&bytes).unwrap();
        assert_eq!(rows(grids(&document).next().unwrap()), expected, "{turn}");
        // Lying on its side on the paper: the table is the same, its box is where it is seen.
        let bytes =
            Made::new().page(PORTRAIT, 0, |page| page.turned(turn).table(100.0, 600.0, &TABLE)).finish();
        let document = blocks(&bytes).unwrap();
        assert_sound(&document);
        assert_eq!(rows(grids(&document).next().unwrap()), expected, "{turn}");
        assert_ne!(frame(&document), frame(&upright));
    }
}

#[test]
fn page_marks_and_running_heads_are_left_out_even_within_a_table() {
    let mut made = Made::new();
    for number in 1..=4 {
        made = made.page(PORTRAIT, 0, |page| {
            page.text(200.0, 800.0, 9.0, "示例县政府信息公开工作年度报告");
            page.table(100.0, 120.0, &TABLE);
            page.text(290.0, 60.0, 9.0, &format!("- {number} -"));
        });
    }
    let document = blocks(&made.finish()).unwrap();
    assert_eq!(words(&document), Vec::<&str>::new());
    assert_eq!(grids(&document).count(), 4);
    for grid in grids(&document) {
        assert_eq!(rows(grid)[2], ["结转", "0", "34"]);
    }
}

#[test]
fn a_bare_number_counts_as_page_mark_only_if_it_counts_pages() {
    let pages = |numbers: [&str; 3]| {
        let mut made = Made::new();
        for number in numbers {
            made = made.page(PORTRAIT, 0, |page| {
                page.text(100.0, 400.0, 12.0, "本年没有收到申请。");
                page.text(295.0, 60.0, 9.0, number);
            });
        }
        let document = blocks(&made.finish()).unwrap();
        words(&document).iter().filter(|w| w.parse::<u32>().is_ok()).count()
    };
    assert_eq!(pages(["1", "2", "3"]), 0);
    assert_eq!(pages(["5", "6", "7"]), 0);
    assert_eq!(pages(["17", "3", "9"]), 3);
}

#[test]
fn what_is_no_text_is_refused_with_its_reason() {
    let refusal = |made: Made| blocks(&made.finish()).unwrap_err();
    assert_eq!(refusal(Made::new().page(PORTRAIT, 0, |_| ())), Unreadable::Scanned);
    assert_eq!(refusal(Made::new().page(PORTRAIT, 0, |page| page.picture(FULL_PAGE))), Unreadable::Scanned);
    // A number added to the scan, and words that a program guessed under it.
    let scan = |page: &mut made::Drawing| {
        page.picture(FULL_PAGE);
        page.text(290.0, 60.0, 9.0, "- 1 -");
        page.invisible(100.0, 500.0, 12.0, &"政府信息公开".repeat(20));
    };
    assert_eq!(refusal(Made::new().page(PORTRAIT, 0, scan)), Unreadable::Scanned);
    let nameless = |page: &mut made::Drawing| {
        page.text(100.0, 500.0, 12.0, "2024");
        page.nameless(100.0, 400.0, 12.0, 4);
    };
    assert_eq!(refusal(Made::new().page(PORTRAIT, 0, nameless)), Unreadable::NoCharacters);

    assert_eq!(blocks(b"").unwrap_err(), Unreadable::Broken);
    assert_eq!(blocks(b"%PDF-1.7 and nothing else").unwrap_err(), Unreadable::Broken);
    let mut sealed = Made::new().page(PORTRAIT, 0, |page| page.table(100.0, 600.0, &TABLE)).finish();
    sealed
        .extend_from_slice(b"\n9 0 obj\n<</Filter/Standard>>\nendobj\ntrailer\n<</Encrypt 9 0 R>>\n%%EOF\n");
    assert_eq!(blocks(&sealed).unwrap_err(), Unreadable::Encrypted);
    let mut long = Made::new();
    for _ in 0..301 {
        long = long.page(PORTRAIT, 0, |page| page.text(100.0, 400.0, 12.0, "页"));
    }
    assert_eq!(refusal(long), Unreadable::TooManyPages);
}

#[test]
fn white_letters_on_white_paper_are_not_read_and_on_a_colour_they_are() {
    let bytes = Made::new()
        .page(PORTRAIT, 0, |page| {
            page.text(100.0, 500.0, 12.0, "政府信息公开");
            page.raw("1 g");
            page.text(100.0, 450.0, 12.0, "0");
            page.raw("0.2 g 90 390 300 30 re f 1 g");
            page.text(100.0, 400.0, 12.0, "申请人情况");
        })
        .finish();
    assert_eq!(words(&blocks(&bytes).unwrap()), ["政府信息公开", "申请人情况"]);
}

#[test]
fn a_single_unknown_glyph_is_kept_in_its_place() {
    let bytes = Made::new()
        .page(PORTRAIT, 0, |page| {
            page.text(100.0, 500.0, 12.0, &"政府信息公开".repeat(6));
            page.text(100.0, 400.0, 12.0, "3");
            page.nameless(106.7, 400.0, 12.0, 1);
            page.text(118.0, 400.0, 12.0, "1");
        })
        .finish();
    let document = blocks(&bytes).unwrap();
    assert!(words(&document)[1].contains('\u{fffd}'), "{:?}", words(&document));
}

#[test]
fn traps_are_refused_or_read_and_end_soon() {
    let steps = Made::new().page(PORTRAIT, 0, |page| page.raw(&"0 0 m ".repeat(4_500_000))).finish();
    assert_eq!(blocks(&steps).unwrap_err(), Unreadable::Bomb);
    let glyphs = Made::new().page(PORTRAIT, 0, |page| {
        page.raw(&format!("BT /L 6 Tf 0.001 0 0 0.001 100 100 Tm ({}) Tj ET ", "1".repeat(260_000)));
        page.text(100.0, 100.0, 12.0, &"1".repeat(1_000));
    });
    assert_eq!(blocks(&glyphs.finish()).unwrap_err(), Unreadable::Bomb);
    // A page black with lines gives its words all the same.
    let lines = Made::new().page(PORTRAIT, 0, |page| {
        for n in 0..20_000 {
            let at = f64::from(n % 5000) / 9.0;
            page.raw(&format!("{at:.2} {:.2} 0.1 300 re f 10 {at:.2} 500 0.1 re f ", f64::from(n % 37)));
        }
        page.text(100.0, 500.0, 12.0, "政府信息公开");
    });
    assert_eq!(words(&blocks(&lines.finish()).unwrap()), ["政府信息公开"]);
}

#[test]
fn a_damaged_file_is_read_or_refused_and_never_panics() {
    let whole = shared("huaian-2024.pdf");
    for part in 1..12 {
        let _ = blocks(&whole[..whole.len() * part / 12]);
    }
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        (seed % below as u64) as usize
    };
    for _ in 0..24 {
        let mut bytes = whole.clone();
        for _ in 0..200 {
            let at = next(bytes.len());
            bytes[at] = next(256) as u8;
        }
        if let Ok(document) = blocks(&bytes) {
            assert_sound(&document);
        }
    }
}
