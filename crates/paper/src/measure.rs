//! The measures of GB/T 9704-2012, and how wide the columns of a table become on its paper. All in points.

use crate::grid::{Content, Grid};
use crate::report::Report;
use crate::text::ems;

/// Points of a millimetre.
pub(crate) const MM: f64 = 72.0 / 25.4;
/// A4 (§5.1).
pub(crate) const PAPER: (f64, f64) = (210.0 * MM, 297.0 * MM);
/// 天头, the margin at the top (§5.2.1).
pub(crate) const TOP: f64 = 37.0 * MM;
/// 订口, the margin at the left (§5.2.1).
pub(crate) const LEFT: f64 = 28.0 * MM;
/// 版心, the type area (§5.2.1).
pub(crate) const AREA: (f64, f64) = (156.0 * MM, 225.0 * MM);
/// The page number stands this far below the type area (§7.5).
pub(crate) const NUMBER: f64 = 7.0 * MM;
/// Blank on either side of a table cell's text.
pub(crate) const PAD: f64 = 2.0;

/// 六号.
const SMALL: f64 = 7.5;

/// The columns of a table and the sizes of its type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Measures {
    /// Widths; they add up to the type area.
    pub columns: Vec<f64>,
    /// Type size of headings and labels.
    pub size: f64,
    /// Type size of figures: that of the labels, smaller where the figures would not fit otherwise.
    pub figure: f64,
    /// Least height of a row.
    pub row: f64,
    /// Blank above and below the text of a cell.
    pub pad: f64,
}

/// The measures of a table with the figures of this report.
///
/// Label columns are narrow, with vertical room for their text; columns of figures are as wide as their longest
/// figure needs, so that no figure is ever broken or cut.
pub(crate) fn measures(report: &Report<'_>, grid: &Grid) -> Measures {
    let mut size = if grid.id == "proactive" { 10.5 } else { 9.0 };
    let (mut row, mut pad) = if grid.id == "proactive" { (25.0, 6.0) } else { (18.5, 3.0) };
    let mut widest = vec![0.0_f64; grid.columns];
    for spot in grid.rows.iter().flatten() {
        if let Content::Figure { cell, measure, label } = &spot.content {
            let need = ems(&report.printed(cell, *measure, label)) / spot.columns as f64;
            for width in widest.iter_mut().skip(spot.column).take(spot.columns) {
                *width = width.max(need);
            }
        }
    }
    // Where large figures would leave the labels too little room for one page, the type is smaller.
    let wide: f64 = widest.iter().map(|em| em * size + 2.0 * PAD + 1.0).sum();
    if grid.id == "requests" && wide > AREA.0 * 0.6 {
        (size, row, pad) = (SMALL, 17.0, 2.5);
    }
    let (mut least, first) = match grid.id {
        "proactive" => (vec![AREA.0 / grid.columns as f64; grid.columns], 1),
        // Two characters a line for the outer labels; the innermost takes what the figures leave.
        "requests" => (labels(size, grid), label_columns(grid)),
        _ => (vec![2.0 * size + 2.0 * PAD; grid.columns], 0),
    };
    for (least, em) in least.iter_mut().zip(&widest).skip(first) {
        *least = least.max(em * size + 2.0 * PAD + 1.0);
    }
    fit(&mut least, grid);
    let figure = least
        .iter()
        .zip(&widest)
        .skip(first)
        .filter(|(_, em)| **em > 0.0)
        .map(|(width, em)| (width - 2.0 * PAD - 1.0) / em)
        .fold(size, f64::min);
    Measures { columns: least, size, figure, row, pad }
}

fn label_columns(grid: &Grid) -> usize {
    grid.rows.first().and_then(|r| r.first()).map_or(0, |note| note.columns)
}

fn labels(size: f64, grid: &Grid) -> Vec<f64> {
    let labels = label_columns(grid);
    (0..grid.columns)
        .map(|x| match x {
            x if x + 1 < labels => (2.0 + 0.4 * x as f64) * size + 2.0 * PAD + 1.0,
            x if x < labels => 7.0 * size + 2.0 * PAD,
            _ => 3.0 * size + 2.0 * PAD + 1.0,
        })
        .collect()
}

/// Makes the widths add up to the type area: what is left goes to the innermost label of table three, or evenly to
/// all columns; if the figures need too much, their columns shrink alike.
fn fit(widths: &mut [f64], grid: &Grid) {
    let sum: f64 = widths.iter().sum();
    let labels = if grid.id == "requests" { label_columns(grid) } else { 0 };
    let rest = AREA.0 - sum;
    if rest >= 0.0 && labels > 0 {
        // A quarter of the rest keeps the figures from crowding.
        let figures = (widths.len() - labels) as f64;
        for (x, width) in widths.iter_mut().enumerate() {
            if x >= labels {
                *width += rest * 0.25 / figures;
            } else if x + 1 == labels {
                *width += rest * 0.75;
            }
        }
    } else if rest >= 0.0 {
        let share = rest / widths.len() as f64;
        widths.iter_mut().for_each(|w| *w += share);
    } else {
        let fixed: f64 = widths.iter().take(labels).sum();
        let scale = (AREA.0 - fixed) / (sum - fixed);
        widths.iter_mut().skip(labels).for_each(|w| *w *= scale);
    }
}

/// How far the signing authority and the date stand from the right edge, in ems: the date four characters from it,
/// the name centred above the date (§7.3.5.1). A name too long for that ends at the edge.
pub(crate) fn signature(name: &str, date: &str) -> (f64, f64) {
    const DATE: f64 = 4.0;
    if date.is_empty() {
        return (2.0, DATE);
    }
    ((DATE + (ems(date) - ems(name)) / 2.0).max(0.0), DATE)
}
