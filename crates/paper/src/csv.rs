//! CSV: one line per cell, for programs and for a quick look in a spreadsheet.

use crate::grid::names;
use crate::report::Report;
use crate::text::spreadsheet;

/// The cells of a report: UTF-8 with a byte order mark (Excel on Chinese systems reads GBK without it), columns
/// 单元格, 表, 行, 列, 数值, 单位, one line per cell in the order of the printed form.
///
/// 行 gives the merged labels from the outermost on, joined by ` / `. 数值 is a plain decimal, empty where the cell
/// was left blank. Labels that begin like a formula get an apostrophe.
pub fn csv(report: &Report<'_>) -> Vec<u8> {
    let mut out = String::from("\u{feff}");
    line(&mut out, &["单元格", "表", "行", "列", "数值", "单位"].map(str::to_owned));
    for name in names(report.form) {
        let value = report.figures.get(&name.cell).map(|v| v.to_string()).unwrap_or_default();
        line(
            &mut out,
            &[
                spreadsheet(&name.cell),
                spreadsheet(&name.table),
                spreadsheet(&name.row.join(" / ")),
                spreadsheet(&name.column),
                value,
                name.measure.label().to_owned(),
            ],
        );
    }
    out.into_bytes()
}

/// One record after RFC 4180.
fn line(out: &mut String, fields: &[String]) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        if field.contains([',', '"', '\n', '\r']) {
            out.push('"');
            out.push_str(&field.replace('"', "\"\""));
            out.push('"');
        } else {
            out.push_str(field);
        }
    }
    out.push_str("\r\n");
}
