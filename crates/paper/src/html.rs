//! HTML: the report as an article of the portal or the desk, and as a page of its own.

use crate::grid::{Content, Grid, Spot, grids};
use crate::measure::measures;
use crate::report::{Paragraph, Report};
use crate::text::{clean, html};
use std::fmt::Write;

/// Paper and screen of [`html_page`].
const PAGE_STYLE: &str = include_str!("../templates/page.css");

/// The style sheet of `<article class="report">`, for pages that show an [`html_fragment`]: every selector begins with
/// `.report`, besides `.visually-hidden`.
pub const ARTICLE_STYLE: &str = include_str!("../templates/report.css");

/// The report as `<article class="report">` for a page of the portal or the desk.
///
/// Title `h1`, parts `h2`, sub-headings `h3`; tables with caption, scopes and the merged headings of the form. A
/// value cell is `<td data-cell="requests.granted.total">`, a figure of the text
/// `<data value="2629" data-ref="hotline.received">`; both are links if [`Report::links`] says so. All text is
/// escaped. Captions carry the class `visually-hidden`, and the look of all is
/// [`ARTICLE_STYLE`].
pub fn html_fragment(report: &Report<'_>) -> String {
    let mut out = String::with_capacity(64 * 1024);
    put(
        &mut out,
        format_args!(
            "<article class=\"report\" lang=\"zh-CN\" data-form=\"{}\" data-year=\"{}\">\n",
            html(&report.form.id),
            report.year
        ),
    );
    if let Some(notice) = report.notice {
        put(&mut out, format_args!("<p class=\"report-notice\" role=\"note\">{}</p>\n", html(notice)));
    }
    put(&mut out, format_args!("<h1>{}</h1>\n", title(report)));
    paragraphs(&mut out, report, report.introduction);
    let tables = grids(report.form);
    for (i, (heading, text)) in report.form.sections.iter().zip(report.parts).enumerate() {
        put(&mut out, format_args!("<section>\n<h2>{}</h2>\n", html(heading)));
        for grid in tables.iter().filter(|t| t.section == i + 1) {
            table(&mut out, report, grid);
        }
        paragraphs(&mut out, report, text);
        out.push_str("</section>\n");
    }
    out.push_str("<footer class=\"report-signature\">\n");
    put(&mut out, format_args!("<p>{}</p>\n", html(report.signed_by)));
    if let Some(date) = report.signed_on {
        put(&mut out, format_args!("<p><time datetime=\"{date}\">{}</time></p>\n", report.date()));
    }
    out.push_str("</footer>\n</article>\n");
    out
}

/// The report as a complete document that needs no other file, with a print style: A4, the type area of
/// GB/T 9704-2012, page numbers, table heads repeated on every page.
pub fn html_page(report: &Report<'_>) -> String {
    format!(
        "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"author\" content=\"{author}\">\n<title>{title}</title>\n<style>\n{PAGE_STYLE}\n{ARTICLE_STYLE}</style>\n</head>\n\
         <body>\n<main>\n{article}</main>\n</body>\n</html>\n",
        author = html(report.organization),
        title = html(report.title),
        article = html_fragment(report),
    )
}

/// The title, which breaks after the name of the authority if it must.
fn title(report: &Report<'_>) -> String {
    let lines = report.title_lines();
    match lines.as_slice() {
        [one] => html(one),
        lines => lines.iter().map(|l| format!("<span class=\"report-line\">{}</span>", html(l))).collect(),
    }
}

pub(crate) fn put(out: &mut String, args: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(args);
}

fn paragraphs(out: &mut String, report: &Report<'_>, paragraphs: &[Paragraph]) {
    for paragraph in paragraphs {
        let tag = if paragraph.heading { "h3" } else { "p" };
        put(out, format_args!("<{tag}>"));
        for run in &paragraph.runs {
            let text = html(&run.text);
            match &run.reference {
                None => out.push_str(&text),
                Some(name) => {
                    let data = format!("<data value=\"{text}\" data-ref=\"{}\">{text}</data>", html(name));
                    out.push_str(&linked(report, name, &data));
                }
            }
        }
        put(out, format_args!("</{tag}>\n"));
    }
}

/// The content as a link to the records behind a cell or fact, if the report has links.
fn linked(report: &Report<'_>, name: &str, content: &str) -> String {
    match report.links {
        None => content.to_owned(),
        Some(prefix) => {
            format!("<a href=\"{}{}\">{content}</a>", html(prefix), html(name))
        }
    }
}

/// A table with its merged headings.
fn table(out: &mut String, report: &Report<'_>, grid: &Grid) {
    let caption = html(&report.caption(grid.section));
    // Figures of many digits are set smaller, so that the table fits the paper.
    let dense = if measures(report, grid).figure < 9.0 { " report-dense" } else { "" };
    put(
        out,
        format_args!(
            "<div class=\"report-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"{caption}\">\n\
             <table class=\"report-table report-{}{dense}\">\n\
             <caption class=\"visually-hidden\">{caption}</caption>\n",
            grid.id
        ),
    );
    put(out, format_args!("<colgroup>{}</colgroup>\n", columns(grid)));
    rows(out, grid, |out, spot| cell(out, report, spot));
    out.push_str("</table>\n</div>\n");
}

/// The columns, labels from the outermost on, then figures.
fn columns(grid: &Grid) -> String {
    let labels = grid.rows.iter().flatten().filter(|s| matches!(s.content, Content::Row(_)));
    let labels = labels.map(|s| s.column + s.columns).max().unwrap_or(0);
    let label = |x| match labels - x {
        1 => "<col class=\"report-inner\">",
        2 => "<col class=\"report-middle\">",
        _ => "<col class=\"report-outer\">",
    };
    let figures = format!("<col class=\"report-figure\" span=\"{}\">", grid.columns - labels);
    (0..labels).map(label).chain([figures.as_str()]).collect()
}

/// The rows with `thead` and one `tbody` for every block of rows; `cell` writes one cell.
pub(crate) fn rows(out: &mut String, grid: &Grid, mut cell: impl FnMut(&mut String, &Spot)) {
    let mut open = None;
    for (y, row) in grid.rows.iter().enumerate() {
        let block = matches!(row.first(), Some(Spot { content: Content::Block(_), .. }));
        let wanted = if y < grid.header_rows { "thead" } else { "tbody" };
        if open != Some(wanted) || block {
            if let Some(tag) = open {
                put(out, format_args!("</{tag}>\n"));
            }
            put(out, format_args!("<{wanted}>\n"));
            open = Some(wanted);
        }
        out.push_str("<tr>");
        for spot in row {
            cell(out, spot);
        }
        out.push_str("</tr>\n");
    }
    if let Some(tag) = open {
        put(out, format_args!("</{tag}>\n"));
    }
}

/// `rowspan` and `colspan` where a spot covers more than one place.
pub(crate) fn spans(spot: &Spot) -> String {
    let mut out = String::new();
    if spot.rows > 1 {
        put(&mut out, format_args!(" rowspan=\"{}\"", spot.rows));
    }
    if spot.columns > 1 {
        put(&mut out, format_args!(" colspan=\"{}\"", spot.columns));
    }
    out
}

fn cell(out: &mut String, report: &Report<'_>, spot: &Spot) {
    let spans = spans(spot);
    match &spot.content {
        Content::Column(text) => {
            let scope = if spot.columns > 1 { "colgroup" } else { "col" };
            put(out, format_args!("<th scope=\"{scope}\"{spans}>{}</th>", html(text)));
        }
        Content::Block(text) => put(out, format_args!("<th scope=\"rowgroup\"{spans}>{}</th>", html(text))),
        Content::Row(text) => {
            let scope = if spot.rows > 1 { "rowgroup" } else { "row" };
            let innermost = spot.rows == 1 && spot.column > 0;
            let class = if innermost { " class=\"report-label\"" } else { "" };
            put(out, format_args!("<th scope=\"{scope}\"{class}{spans}>{}</th>", html(text)));
        }
        Content::Figure { cell, measure, label } => {
            let printed = clean(&report.printed(cell, *measure, label));
            let content =
                if printed.is_empty() { String::new() } else { linked(report, cell, &html(&printed)) };
            put(out, format_args!("<td data-cell=\"{}\"{spans}>{content}</td>", html(cell)));
        }
    }
}
