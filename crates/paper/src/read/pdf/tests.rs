//! Real files: a published report, our own print, and files that mean harm.

use super::*;
use crate::fonts::Fonts;
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
