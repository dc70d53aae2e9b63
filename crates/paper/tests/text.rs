//! HTML, Markdown and CSV.

#![allow(clippy::unwrap_used, missing_docs, reason = "a test fails where it stands")]

mod sample;
#[expect(dead_code, reason = "shared with the other tests, which use other programs")]
mod tool;

use law::form::{FILES, Form};
use scraper::{ElementRef, Html, Selector};
use tool::solid;

fn select<'a>(page: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    page.select(&Selector::parse(selector).unwrap()).collect()
}

fn content(element: &ElementRef<'_>) -> String {
    element.text().collect()
}

#[test]
fn golden_prints() {
    insta::assert_snapshot!("html_2021", paper::html_fragment(&sample::ordinary().report()));
    insta::assert_snapshot!("html_2019", paper::html_fragment(&sample::old_form().report()));
    insta::assert_snapshot!("markdown_2021", paper::markdown(&sample::zero().report()));
    insta::assert_snapshot!("markdown_2019", paper::markdown(&sample::old_form().report()));
    insta::assert_snapshot!("csv_2021", String::from_utf8(paper::csv(&sample::ordinary().report())).unwrap());
    insta::assert_snapshot!("csv_2019", String::from_utf8(paper::csv(&sample::old_form().report())).unwrap());
}

#[test]
fn every_cell_stands_in_html_once_and_in_order() {
    for sample in sample::all() {
        let page = Html::parse_fragment(&paper::html_fragment(&sample.report()));
        let cells = sample.form().cells();
        let found = select(&page, "td[data-cell]");
        let ids: Vec<_> = found.iter().map(|e| e.attr("data-cell").unwrap()).collect();
        assert_eq!(ids, cells.iter().map(|c| c.id.as_str()).collect::<Vec<_>>(), "{}", sample.name);
        for (element, cell) in found.iter().zip(&cells) {
            let printed = content(element);
            let figure = printed.strip_suffix('元').unwrap_or(&printed);
            assert_eq!(figure, sample.figures.get(&cell.id).map(|v| v.to_string()).unwrap_or_default());
        }
        assert_eq!(select(&page, "table").len(), 3);
        assert_eq!(select(&page, "table > caption").len(), 3);
        assert!(select(&page, "th").iter().all(|th| th.attr("scope").is_some()));
        assert_eq!(select(&page, "h2").len(), 6);
    }
}

/// The rows and columns that headings and cells cover are exactly the grid of the form.
#[test]
fn html_spans_cover_the_grid() {
    for sample in [sample::ordinary(), sample::old_form()] {
        let page = Html::parse_fragment(&paper::html_fragment(&sample.report()));
        for (table, form) in select(&page, "table").iter().zip(sample.form().tables()) {
            let cells = table.select(&Selector::parse("th, td").unwrap()).collect::<Vec<_>>();
            let span = |e: &ElementRef<'_>, name| e.attr(name).map_or(1, |n| n.parse::<usize>().unwrap());
            let area: usize = cells.iter().map(|e| span(e, "rowspan") * span(e, "colspan")).sum();
            assert_eq!(area, form.columns * form.rows.len(), "{}", form.id);
            let head = table.select(&Selector::parse("thead tr").unwrap()).count();
            assert_eq!(head, form.header_rows);
        }
    }
}

#[test]
fn figures_link_to_their_records_where_asked() {
    let sample = sample::ordinary();
    let report = paper::Report { links: Some("/desk/report/2024/cell/"), ..sample.report() };
    let page = Html::parse_fragment(&paper::html_fragment(&report));
    let cell = select(&page, "td[data-cell='requests.granted.total'] > a");
    assert_eq!(cell[0].attr("href"), Some("/desk/report/2024/cell/requests.granted.total"));
    let fact = select(&page, "a > data[data-ref='hotline.received']");
    assert_eq!((content(&fact[0]).as_str(), fact[0].attr("value")), ("2629", Some("2629")));
    assert_eq!(select(&page, "a").len(), sample.form().cells().len() + 3);

    let public = Html::parse_fragment(&paper::html_fragment(&sample.report()));
    assert!(select(&public, "a").is_empty());
    assert_eq!(select(&public, "p > data").len(), 3);
}

#[test]
fn the_page_needs_no_other_file() {
    let page = paper::html_page(&sample::ordinary().report());
    let parsed = Html::parse_document(&page);
    assert_eq!(select(&parsed, "html[lang='zh-CN'] > body > main > article.report").len(), 1);
    assert_eq!(content(&select(&parsed, "title")[0]), sample::ordinary().title);
    assert!(select(&parsed, "script, link, img, [src], [style]").is_empty());
    for rule in ["size: A4", "counter(page)", "table-header-group", "37mm 26mm 35mm 28mm"] {
        assert!(page.contains(rule), "{rule}");
    }
    assert!(!page.contains("url("));
}

#[test]
fn hostile_text_is_text_in_html() {
    let sample = sample::hostile();
    let report = paper::Report { links: Some("/x?\"><script>"), ..sample.report() };
    for fragment in [paper::html_fragment(&sample.report()), paper::html_fragment(&report)] {
        let page = Html::parse_fragment(&fragment);
        assert!(select(&page, "script, b, i, [onclick]").is_empty());
        assert_eq!(select(&page, "article").len(), 1);
        let texts: Vec<String> = select(&page, "p, h3").iter().map(content).collect();
        for hostile in sample::HOSTILE {
            let text = sample::shown(hostile);
            assert!(texts.contains(&text), "{text}");
        }
        assert!(texts.contains(&"长".repeat(10_000)));
        assert!(!fragment.chars().any(|c| c.is_control() && c != '\n'));
    }
}

#[test]
fn markdown_has_every_label_and_figure_in_order() {
    for sample in sample::all() {
        let text = paper::markdown(&sample.report());
        let page = Html::parse_fragment(&text);
        let tables: String = select(&page, "table").iter().map(content).collect();
        assert_eq!(
            tool::missing_in_order(&solid(&tables), &sample.labels_and_figures()),
            None,
            "{}",
            sample.name
        );
        // An HTML block ends at a blank line.
        for table in text.split("<table>").skip(1) {
            assert!(!table.split("</table>").next().unwrap().contains("\n\n"));
        }
    }
}

#[test]
fn hostile_text_is_text_in_markdown() {
    let text = paper::markdown(&sample::hostile().report());
    assert_eq!(text.matches("<table>").count(), 3);
    for line in text.lines().filter(|l| !l.starts_with(['<', '>']) && !l.is_empty()) {
        assert!(!line.contains('<'), "{line}");
        let bytes = line.as_bytes();
        for (i, b) in bytes.iter().enumerate() {
            if b"`*_[]{}$|".contains(b) {
                assert_eq!(bytes.get(i.wrapping_sub(1)), Some(&b'\\'), "{line}");
            }
        }
    }
    assert!(!text.contains("{{"));
    assert!(!text.contains("<script"));
}

#[test]
fn csv_is_read_back_cell_by_cell() {
    for sample in sample::all() {
        let bytes = paper::csv(&sample.report());
        assert_eq!(&bytes[..3], b"\xef\xbb\xbf");
        let mut reader = csv::Reader::from_reader(&bytes[3..]);
        assert_eq!(reader.headers().unwrap(), vec!["单元格", "表", "行", "列", "数值", "单位"]);
        let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
        let cells = sample.form().cells();
        assert_eq!(rows.len(), cells.len());
        for (row, cell) in rows.iter().zip(&cells) {
            assert_eq!(&row[0], cell.id);
            assert_eq!(row[4], sample.figures.get(&cell.id).map(|v| v.to_string()).unwrap_or_default());
            assert_eq!(&row[5], cell.measure.label());
        }
    }
}

/// A form file is data that an office may add: its labels are no more trusted than other text.
#[test]
fn labels_of_a_form_cannot_be_formulas_or_markup() {
    let text = FILES.iter().find(|f| f.0 == "2021.toml").unwrap().1;
    let text = text.replace("本年制发件数", "=1+1").replace("行政许可", "<b>\\\",\\n@x");
    let form = Form::parse(&text).unwrap();
    let sample = sample::ordinary();
    let report = paper::Report { form: &form, ..sample.report() };

    let csv = String::from_utf8(paper::csv(&report)).unwrap();
    assert!(csv.contains(",'=1+1,"), "{csv}");
    assert!(csv.contains("\"第二十条第(五)项 / <b>\"\", @x\""), "{csv}");
    let page = Html::parse_fragment(&paper::html_fragment(&report));
    assert!(select(&page, "b").is_empty());
    assert!(select(&page, "th").iter().any(|th| content(th) == "<b>\", @x"));
    let bytes = paper::xlsx(&report).unwrap();
    let mut book: calamine::Xlsx<_> = calamine::Reader::new(std::io::Cursor::new(bytes)).unwrap();
    let formulas = calamine::Reader::worksheet_formula(&mut book, "表二 主动公开").unwrap();
    assert_eq!(formulas.used_cells().count(), 0);
}
