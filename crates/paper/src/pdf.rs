//! PDF: the archive copy, set with typst from `templates/report.typ`.
//!
//! How a PDF is made, and what it guarantees, is the business of [`crate::typeset`].

use crate::error::PaperError;
use crate::fonts::Fonts;
use crate::grid::{Content, Grid, Spot, grids};
use crate::measure::{measures, signature};
use crate::report::{Paragraph, Report};
use crate::typeset::{page, printable, typeset};
use serde_json::{Value, json};

const TEMPLATE: &str = include_str!("../templates/report.typ");

/// The report as a PDF file.
///
/// Every page carries its number (`— 1 —`), every page of a table its headings. A character that no installed font
/// has is printed as 〓, because PDF/A admits no character without a shape.
///
/// # Errors
/// [`PaperError::NoFonts`] without a Chinese font; [`PaperError::Pdf`] if the typesetter refuses.
pub fn pdf(report: &Report<'_>, fonts: &Fonts) -> Result<Vec<u8>, PaperError> {
    let faces = fonts.faces()?;
    let known = |text: &str| printable(text, fonts.store().book());
    let data = json!({
        "title": known(report.title),
        "title_lines": report.title_lines().into_iter().map(known).collect::<Vec<_>>(),
        "author": known(report.organization),
        "date": document_date(report),
        "fonts": faces,
        "page": page(),
        "notice": report.notice.map(known),
        "introduction": paragraphs(report.introduction, &known),
        "parts": parts(report, &known),
        "signature": lines(report, &known),
    });
    typeset(TEMPLATE, &data, fonts)
}

/// The day of the document: the day of signing, before that the last day of the report year, so that the same report
/// is always the same file.
fn document_date(report: &Report<'_>) -> Value {
    match report.signed_on {
        Some(d) => json!([d.year(), d.month(), d.day()]),
        None => json!([report.year, 12, 31]),
    }
}

fn paragraphs(paragraphs: &[Paragraph], known: &impl Fn(&str) -> String) -> Value {
    paragraphs.iter().map(|p| json!({ "heading": p.heading, "text": known(&p.text()) })).collect()
}

fn parts(report: &Report<'_>, known: &impl Fn(&str) -> String) -> Value {
    let tables = grids(report.form);
    let headings = report.form.sections.iter().zip(report.parts).enumerate();
    headings
        .map(|(i, (heading, text))| {
            let table = tables.iter().find(|t| t.section == i + 1);
            json!({
                "heading": known(heading),
                "table": table.map(|t| table_data(report, t, known)),
                "text": paragraphs(text, known),
            })
        })
        .collect()
}

fn table_data(report: &Report<'_>, grid: &Grid, known: &impl Fn(&str) -> String) -> Value {
    let m = measures(report, grid);
    let cell = |spot: &Spot| {
        let (kind, text) = match &spot.content {
            Content::Column(text) => ("column", text.clone()),
            Content::Block(text) => ("block", text.clone()),
            Content::Row(text) => ("row", text.clone()),
            Content::Figure { cell, measure, label } => ("figure", report.printed(cell, *measure, label)),
        };
        json!({
            "x": spot.column, "y": spot.row, "rows": spot.rows, "columns": spot.columns,
            "kind": kind, "text": known(&text),
        })
    };
    json!({
        "summary": known(&report.caption(grid.section)),
        "columns": m.columns, "size": m.size, "figure": m.figure, "row": m.row, "pad": m.pad,
        "header_rows": grid.header_rows,
        "rows": grid.rows.iter().map(|r| r.iter().map(cell).collect::<Vec<_>>()).collect::<Vec<_>>(),
    })
}

fn lines(report: &Report<'_>, known: &impl Fn(&str) -> String) -> Value {
    let (name, date) = (known(report.signed_by), report.date());
    let (name_indent, date_indent) = signature(&name, &date);
    [(name, name_indent), (date, date_indent)]
        .into_iter()
        .filter(|(text, _)| !text.is_empty())
        .map(|(text, indent)| json!({ "text": text, "indent": indent }))
        .collect()
}
