//! The file of an inspection as it was read: its lines and tables, with what a finding is about marked. Nothing of its markup
//! is kept, so nothing of it can run.

use super::report::mark_of;
use law::form::check::Severity;
use law::form::published::Place;
use paper::read::{Block, Document, Grid};
use service::inspection::Inspection;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What is marked at a place: the class, and the number of the finding.
type Marks = BTreeMap<Place, (&'static str, usize)>;

/// The gravest finding at each place.
fn marks(inspection: &Inspection) -> Marks {
    let mut marks = Marks::new();
    let cells = &inspection.reading.published.cells;
    for (n, finding) in inspection.findings.iter().enumerate() {
        let Some(class) = mark_of(finding.severity) else { continue };
        let of_cells = finding.cells.iter().filter_map(|c| cells.get(c)).map(|w| w.place);
        // A finding on many cells is about a table, not about each of them.
        let of_cells = of_cells.take(if finding.severity == Severity::Error { usize::MAX } else { 4 });
        for place in of_cells.chain(finding.place) {
            marks.entry(place).or_insert((class, n + 1));
        }
    }
    marks
}

/// The document as a fragment of a page.
pub(super) fn original(document: &Document, inspection: &Inspection) -> String {
    let marks = marks(inspection);
    let mut html = String::new();
    let mut page = None;
    for block in &document.blocks {
        let place = match block {
            Block::Line(line) => Some(line.place),
            Block::Grid(grid) => grid.cells.first().map(|c| c.place),
        };
        let now = place.and_then(|p| document.at(p).page);
        if now != page {
            page = now;
            if let Some(page) = page {
                let _ = write!(html, "<p class=\"page-mark\">第{page}页</p>");
            }
        }
        match block {
            Block::Line(line) => {
                let _ = write!(html, "<p{}>{}</p>", mark(&marks, line.place), escaped(&line.text));
            }
            Block::Grid(grid) => table(&mut html, grid, &marks),
        }
    }
    html
}

fn mark(marks: &Marks, place: Place) -> String {
    match marks.get(&place) {
        Some((class, n)) => format!(" class=\"{class}\" aria-describedby=\"finding-{n}\""),
        None => String::new(),
    }
}

fn table(html: &mut String, grid: &Grid, marks: &Marks) {
    html.push_str("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"原文表格\"><table>");
    for row in grid.cells.chunk_by(|a, b| a.row == b.row) {
        html.push_str("<tr>");
        for cell in row {
            let span = |name: &str, n: usize| if n > 1 { format!(" {name}=\"{n}\"") } else { String::new() };
            let _ = write!(
                html,
                "<td{}{}{}>{}</td>",
                span("rowspan", cell.rows),
                span("colspan", cell.columns),
                mark(marks, cell.place),
                escaped(&cell.text).replace('\n', "<br>")
            );
        }
        html.push_str("</tr>");
    }
    html.push_str("</table></div>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_file_are_never_markup() {
        let text = "某县某局2023年政府信息公开工作年度报告\n一、总体情况\n<script>alert(1)</script>\n二、主动公开政府信息情况\n三、收到和处理政府信息公开申请情况";
        let document = paper::read::document(text.as_bytes()).unwrap();
        let reading = paper::read::read(text.as_bytes()).unwrap();
        let html = original(&document, &Inspection::of(reading, None));
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}
