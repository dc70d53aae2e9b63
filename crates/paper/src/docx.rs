//! DOCX: the official document, laid out after GB/T 9704-2012 and editable in Word, WPS and LibreOffice.
//!
//! Styles, settings and page are those of every document (`crate::word`); this module writes the body. What docx-rs cannot express
//! (repeated header rows, the names of tables, title and language of the document) is added to the parts it built.

use crate::error::PaperError;
use crate::grid::{Content, Grid, Spot, grids};
use crate::measure::{AREA, Measures, PAD, measures, signature};
use crate::report::{Paragraph as Text, Report};
use crate::text::{clean, html};
use crate::word::{build, official, pack, page_number, size, styled, thin_borders, twips, width};
use docx_rs::{
    AlignmentType, BreakType, Docx, HeightRule, LineSpacing, LineSpacingType, Paragraph, Run, Table,
    TableAlignmentType, TableCell, TableCellMargins, TableLayoutType, TableRow, VAlignType, VMergeType,
    WidthType, XMLDocx,
};

/// The report as a Word document without macros, fields other than the page number, or anything to be fetched.
///
/// A4 with the margins, type sizes and lines of GB/T 9704-2012; typefaces are named (小标宋, 仿宋, 黑体, 楷体) and
/// not embedded, so that a reader without them substitutes its own. The same report is always the same file.
///
/// # Errors
/// [`PaperError::Docx`] if the file cannot be put together.
pub fn docx(report: &Report<'_>) -> Result<Vec<u8>, PaperError> {
    pack(parts(report)?)
}

/// The files of the package.
fn parts(report: &Report<'_>) -> Result<XMLDocx, PaperError> {
    let mut doc = official(Docx::new())
        .footer(page_number(AlignmentType::Right))
        .even_footer(page_number(AlignmentType::Left));
    if let Some(notice) = report.notice {
        doc = doc.add_paragraph(styled("Notice", notice));
    }
    doc = doc.add_paragraph(title(report));
    doc = text(doc, report.introduction, false);
    let tables = grids(report.form);
    for (i, (heading, paragraphs)) in report.form.sections.iter().zip(report.parts).enumerate() {
        let part = styled("Heading1", heading);
        let tabled = tables.iter().any(|t| t.section == i + 1);
        let gap = LineSpacing::new().after(size(4.0)).line(560).line_rule(LineSpacingType::Exact);
        doc = doc.add_paragraph(if tabled { part.line_spacing(gap) } else { part });
        for grid in tables.iter().filter(|t| t.section == i + 1) {
            doc = doc.add_table(table(report, grid));
            // Word needs a paragraph between a table and what follows; a short one keeps the distance small.
            let gap = LineSpacing::new().line(twips(12.0)).line_rule(LineSpacingType::Exact);
            doc = doc.add_paragraph(Paragraph::new().line_spacing(gap));
        }
        // The signature never stands alone on a page.
        doc = text(doc, paragraphs, i + 1 == report.parts.len());
    }
    let date = report.date();
    let (name_indent, date_indent) = signature(report.signed_by, &date);
    let sign = |text: &str, ems: f64| {
        styled("Signature", text).indent(None, None, Some(twips(ems * 16.0)), None).keep_next(text != date)
    };
    doc = doc.add_paragraph(styled("Signature", "").keep_next(true));
    doc = doc.add_paragraph(styled("Signature", "").keep_next(true));
    doc = doc.add_paragraph(sign(report.signed_by, name_indent));
    if !date.is_empty() {
        doc = doc.add_paragraph(sign(&date, date_indent));
    }

    let mut parts = build(doc, report.title, report.organization, report.signed_on);
    let body = String::from_utf8(parts.document).map_err(|e| PaperError::Docx(e.to_string()))?;
    parts.document = finish(&body, report, &tables).into_bytes();
    Ok(parts)
}

fn title(report: &Report<'_>) -> Paragraph {
    let mut run = Run::new();
    for (i, line) in report.title_lines().into_iter().enumerate() {
        if i > 0 {
            run = run.add_break(BreakType::TextWrapping);
        }
        run = run.add_text(clean(line));
    }
    Paragraph::new().style("Title").add_run(run)
}

/// Adds paragraphs; with `keep`, the last one stays on the page of what follows.
fn text(mut doc: Docx, paragraphs: &[Text], keep: bool) -> Docx {
    for (i, paragraph) in paragraphs.iter().enumerate() {
        let style = if paragraph.heading { "Heading2" } else { "Normal" };
        let last = i + 1 == paragraphs.len();
        let paragraph = styled(style, &paragraph.text());
        doc = doc.add_paragraph(if keep && last { paragraph.keep_next(true) } else { paragraph });
    }
    doc
}

fn table(report: &Report<'_>, grid: &Grid) -> Table {
    let m = measures(report, grid);
    let last = grid.rows.len().saturating_sub(1);
    // The label that covers a place from above, with its columns: continued cells of a vertical merge.
    let mut above: Vec<Option<(usize, usize)>> = vec![None; grid.columns];
    let mut rows = Vec::with_capacity(grid.rows.len());
    for (y, spots) in grid.rows.iter().enumerate() {
        let mut cells = Vec::new();
        let mut spots = spots.iter().peekable();
        let mut x = 0;
        while x < grid.columns {
            match spots.peek() {
                Some(spot) if spot.column == x => {
                    cells.push(cell(report, spot, &m, y != last));
                    if spot.rows > 1 {
                        above[x] = Some((y + spot.rows, spot.columns));
                    }
                    x += spot.columns;
                    spots.next();
                }
                _ => match above[x] {
                    Some((end, columns)) if y < end => {
                        cells.push(continued(x, columns, &m, y != last));
                        x += columns;
                    }
                    _ => x += 1,
                },
            }
        }
        let row =
            TableRow::new(cells).row_height((m.row * 20.0).round() as f32).height_rule(HeightRule::AtLeast);
        rows.push(row.cant_split());
    }
    let pad = width(PAD);
    Table::new(rows)
        .set_grid(m.columns.iter().map(|w| width(*w)).collect())
        .width(width(AREA.0), WidthType::Dxa)
        .layout(TableLayoutType::Fixed)
        .align(TableAlignmentType::Center)
        .margins(TableCellMargins::new().margin(20, pad, 20, pad))
        .set_borders(thin_borders())
}

fn cell(report: &Report<'_>, spot: &Spot, m: &Measures, keep: bool) -> TableCell {
    let (text, points) = match &spot.content {
        Content::Column(text) | Content::Block(text) | Content::Row(text) => (text.clone(), m.size),
        Content::Figure { cell, measure, label } => (report.printed(cell, *measure, label), m.figure),
    };
    let innermost = matches!(spot.content, Content::Row(_)) && spot.rows == 1 && spot.column > 0;
    let side = if innermost { AlignmentType::Left } else { AlignmentType::Center };
    // Word counts half points; rounding down keeps figures inside their column.
    let half_points = (points * 2.0).floor() as usize;
    let paragraph = Paragraph::new()
        .style("Cell")
        .align(side)
        .line_spacing(LineSpacing::new().line(twips(m.size * 4.0 / 3.0)).line_rule(LineSpacingType::Exact))
        .keep_next(keep)
        .add_run(Run::new().size(half_points).add_text(clean(&text)));
    let cell = framed(spot.column, spot.columns, m).add_paragraph(paragraph);
    if spot.rows > 1 { cell.vertical_merge(VMergeType::Restart) } else { cell }
}

fn continued(column: usize, columns: usize, m: &Measures, keep: bool) -> TableCell {
    framed(column, columns, m)
        .vertical_merge(VMergeType::Continue)
        .add_paragraph(Paragraph::new().style("Cell").keep_next(keep))
}

fn framed(column: usize, columns: usize, m: &Measures) -> TableCell {
    let wide: f64 = m.columns.iter().skip(column).take(columns).sum();
    let cell = TableCell::new().width(width(wide), WidthType::Dxa).vertical_align(VAlignType::Center);
    if columns > 1 { cell.grid_span(columns) } else { cell }
}

/// Marks the header rows of every table as repeated on each page and names the tables for screen readers.
///
/// The body holds no nested tables, and text in it is escaped, so the tags found are those of our tables, in order.
fn finish(body: &str, report: &Report<'_>, grids: &[Grid]) -> String {
    let mut out = String::with_capacity(body.len() + 1024);
    let mut tables = body.split("<w:tbl>");
    out.push_str(tables.next().unwrap_or_default());
    for (table, grid) in tables.zip(grids) {
        let name = html(&report.caption(grid.section));
        let table = table.replacen("</w:tblPr>", &format!("<w:tblCaption w:val=\"{name}\"/></w:tblPr>"), 1);
        out.push_str("<w:tbl>");
        out.push_str(&table.replacen("</w:trPr>", "<w:tblHeader/></w:trPr>", grid.header_rows));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn document(sample: &sample::Sample) -> String {
        String::from_utf8(parts(&sample.report()).unwrap().document).unwrap()
    }

    fn tables(document: &str) -> Vec<&str> {
        document.split("<w:tbl>").skip(1).map(|t| t.split("</w:tbl>").next().unwrap()).collect()
    }

    /// The header of table three as the notice prints it: the note over three rows and columns, 申请人情况 over seven
    /// columns, 自然人 and 总计 over two rows, 法人或其他组织 over five columns.
    #[test]
    fn headers_are_merged_and_repeated_on_every_page() {
        let document = document(&sample::ordinary());
        let tables = tables(&document);
        assert_eq!(tables.len(), 3);
        let rows: Vec<&str> = tables[1].split("<w:tr>").skip(1).collect();
        let spans = |row: &str| -> Vec<(String, bool, bool)> {
            let cells = row.split("<w:tc>").skip(1);
            cells
                .map(|c| {
                    let span = c.split("<w:gridSpan w:val=\"").nth(1).map(|s| s.split('"').next().unwrap());
                    (
                        span.unwrap_or("1").to_owned(),
                        c.contains("<w:vMerge w:val=\"restart\""),
                        c.contains("<w:vMerge w:val=\"continue\""),
                    )
                })
                .collect()
        };
        let cell = |span: &str, starts, goes_on| (span.to_owned(), starts, goes_on);
        assert_eq!(spans(rows[0]), [cell("3", true, false), cell("7", false, false)]);
        assert_eq!(
            spans(rows[1]),
            [cell("3", false, true), cell("1", true, false), cell("5", false, false), cell("1", true, false)]
        );
        assert_eq!(spans(rows[2])[0], cell("3", false, true));
        assert_eq!(spans(rows[2])[1], cell("1", false, true));
        assert_eq!(spans(rows[2]).len(), 8);
        for (y, row) in rows.iter().enumerate() {
            assert_eq!(row.contains("<w:tblHeader/>"), y < 3, "row {y}");
            let columns: usize = spans(row).iter().map(|s| s.0.parse::<usize>().unwrap()).sum();
            assert_eq!(columns, 10, "row {y}");
        }
        assert_eq!(tables[0].matches("<w:tblHeader/>").count(), 0);
        assert_eq!(tables[2].matches("<w:tblHeader/>").count(), 3);
    }

    #[test]
    fn the_page_is_that_of_the_standard() {
        let document = document(&sample::ordinary());
        assert!(document.contains("<w:pgSz w:w=\"11906\" w:h=\"16838\""), "A4");
        // 37 mm, 26 mm, 35 mm and 28 mm: 156 mm by 225 mm are left.
        for margin in ["w:top=\"2098\"", "w:right=\"1474\"", "w:bottom=\"1984\"", "w:left=\"1587\""] {
            assert!(document.contains(margin), "{margin}");
        }
        assert!(document.contains("w:type=\"even\""), "even pages have their number at the left");
    }

    #[test]
    fn columns_fill_the_type_area_and_figures_fit() {
        for sample in sample::all() {
            let report = sample.report();
            for grid in grids(report.form) {
                let m = measures(&report, &grid);
                let sum: f64 = m.columns.iter().sum();
                assert!((sum - AREA.0).abs() < 0.01, "{} {} {sum}", sample.name, grid.id);
                for spot in grid.rows.iter().flatten() {
                    if let Content::Figure { cell, measure, label } = &spot.content {
                        let printed = report.printed(cell, *measure, label);
                        let wide: f64 = m.columns[spot.column..spot.column + spot.columns].iter().sum();
                        let needs = crate::text::ems(&printed) * m.figure + 2.0 * PAD;
                        assert!(needs <= wide + 0.01, "{} {cell}: {printed} in {wide}", sample.name);
                    }
                }
            }
        }
    }

    #[test]
    fn properties_name_title_author_and_language() {
        let parts = parts(&sample::hostile().report()).unwrap();
        let core = String::from_utf8(parts.doc_props.core).unwrap();
        assert!(
            core.contains("<dc:title>=HYPERLINK(&quot;x&quot;) &lt;示例&gt; #title ]]&gt;</dc:title>"),
            "{core}"
        );
        assert!(core.contains("<dc:language>zh-CN</dc:language>"));
        assert!(
            core.contains(
                "<dcterms:created xsi:type=\"dcterms:W3CDTF\">2025-01-21T00:00:00Z</dcterms:created>"
            )
        );
    }
}
