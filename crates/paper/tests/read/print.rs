//! A report written in every layout that is met (CHECKS §2).

use crate::made::{Cell, Hand, tables, words};
use law::form::{Figures, Form};

/// A table as a layout writes it.
type Table = Vec<Vec<Cell>>;

/// One cell a line.
fn lines(table: &Table, between: &str) -> String {
    table.iter().flatten().map(|c| format!("{}\n{between}", c.text)).collect()
}

/// Pipe rows; `behind` is added to each.
fn pipes(table: &Table, behind: &str) -> String {
    let row = |row: &Vec<Cell>| {
        let cells: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
        format!("| {} |{behind}\n", cells.join(" | "))
    };
    table.iter().map(row).collect()
}

/// Pipe tables of three rows with invented headings.
fn pieces(table: &Table) -> String {
    let mut out = String::new();
    for rows in table.chunks(3) {
        let wide = rows.iter().map(Vec::len).max().unwrap_or(0);
        let heads: Vec<String> = (1..=wide).map(|n| format!("数据{n}")).collect();
        out.push_str(&format!("\n| {} |\n|{}\n", heads.join(" | "), "---|".repeat(wide)));
        out.push_str(&pipes(&rows.to_vec(), ""));
    }
    out
}

fn tabs(table: &Table) -> String {
    let row = |row: &Vec<Cell>| {
        let cells: Vec<&str> = row.iter().map(|c| c.text.as_str()).collect();
        format!("{}\n", cells.join("\t"))
    };
    table.iter().map(row).collect()
}

/// Labels in lines of at most eight characters, figures of a row in one line, page marks between.
fn wrapped(table: &Table) -> String {
    let mut out = String::new();
    for (n, row) in table.iter().enumerate() {
        for cell in row.iter().filter(|c| !c.figure) {
            let chars: Vec<char> = cell.text.chars().collect();
            for part in chars.chunks(8) {
                out.extend(part);
                out.push('\n');
            }
        }
        let figures: Vec<&str> = row.iter().filter(|c| c.figure).map(|c| c.text.as_str()).collect();
        out.push_str(&format!("{}\n", figures.join("  ")));
        if n % 9 == 8 {
            out.push_str(&format!("— {} —\n", n / 9 + 1));
        }
    }
    out
}

/// Repeated lines removed, as crawlers do.
fn deduplicated(table: &Table) -> String {
    let mut seen: Vec<&str> = Vec::new();
    for cell in table.iter().flatten() {
        if !seen.contains(&cell.text.as_str()) {
            seen.push(&cell.text);
        }
    }
    seen.join("\n") + "\n"
}

/// All labels, then all figures.
fn apart(table: &Table) -> String {
    let of = |figure: bool| -> String {
        let cells = table.iter().flatten().filter(|c| c.figure == figure);
        cells.map(|c| format!("{}\n", c.text)).collect()
    };
    of(false) + &of(true)
}

/// Markup: how a cell is written.
fn html(table: &Table, cell: impl Fn(&Cell) -> String) -> String {
    let row = |row: &Vec<Cell>| format!("<tr>{}</tr>\n", row.iter().map(&cell).collect::<String>());
    format!("<table>{}</table>\n", table.iter().map(row).collect::<String>())
}

fn span(c: &Cell) -> String {
    format!("<td rowspan=\"{}\" colspan=\"{}\">{}</td>", c.rows, c.columns, c.text)
}

/// As Word pastes it: figures cut into runs, blanks as entities.
fn pasted(c: &Cell) -> String {
    let runs: String =
        c.text.chars().map(|c| format!("<span lang=EN-US><font face=\"仿宋\">{c}</font></span>")).collect();
    let runs = if runs.is_empty() { "<o:p>&nbsp;</o:p>".to_owned() } else { runs };
    format!(
        "<td rowspan={} colspan={} style='border:none'><p class=MsoNormal align=center>{runs}</p></td>",
        c.rows, c.columns
    )
}

/// Spans without regard to them, and blank cells where others reach down.
fn filled(table: &Table) -> String {
    let mut covered: Vec<usize> = Vec::new();
    let mut out = String::from("<table>");
    for row in table {
        out.push_str("<tr>");
        let mut at = 0;
        let mut cells = row.iter();
        let mut next = cells.next();
        while next.is_some() || covered.get(at).is_some_and(|c| *c > 0) {
            if covered.get(at).is_some_and(|c| *c > 0) {
                out.push_str("<td></td>");
                covered[at] -= 1;
                at += 1;
                continue;
            }
            let Some(cell) = next else { break };
            covered.resize(covered.len().max(at + cell.columns), 0);
            covered[at..at + cell.columns].fill(cell.rows - 1);
            out.push_str(&format!("<td>{}</td>{}", cell.text, "<td></td>".repeat(cell.columns - 1)));
            at += cell.columns;
            next = cells.next();
        }
        out.push_str("</tr>\n");
    }
    out + "</table>\n"
}

/// A file in one layout.
pub fn file(form: &Form, figures: &Figures, hand: Hand, layout: &str) -> Vec<u8> {
    written(form, &|cell| hand.write(figures.value(cell)), layout)
}

/// A file in one layout; `write` says what stands in a cell.
pub fn written(form: &Form, write: &dyn Fn(&str) -> String, layout: &str) -> Vec<u8> {
    let [two, three, four] = tables(form, write);
    let year = form.from_year + 1;
    let texts = words(form, year);
    let join = |write: &dyn Fn(&Table) -> String, paragraph: &dyn Fn(&str) -> String| {
        let text = |n: usize| texts[n].iter().map(|t| paragraph(t)).collect::<String>();
        format!(
            "{}{}{}{}{}{}{}",
            text(0),
            write(&two),
            text(1),
            write(&three),
            text(2),
            write(&four),
            text(3)
        )
    };
    let line = |t: &str| format!("{t}\n");
    let p = |t: &str| format!("<p>{t}</p>\n");
    let page = |body: String| {
        format!("<!DOCTYPE html><html><head><meta charset=utf-8></head><body>{body}</body></html>")
    };
    let text = match layout {
        "lines" => join(&|t| lines(t, ""), &line),
        "spaced lines" => join(&|t| lines(t, "\n"), &line),
        "indented lines" => {
            let all = join(&|t| lines(t, ""), &line);
            all.lines().map(|l| format!("  {l} \u{3000}\n")).collect()
        }
        "cell bar" => {
            let all = join(&|t| lines(t, ""), &line);
            all.lines().map(|l| format!("{l} |\n|\n")).collect()
        }
        // As programs take text out of a page that go down its columns.
        "turned" => {
            let turned = |t: &Table| {
                let all = lines(t, "");
                let fifteen = t.last().is_some_and(|row| row.len() == 15);
                if fifteen { all.lines().rev().map(|l| format!("{l}\n")).collect() } else { all }
            };
            join(&turned, &line)
        }
        "pipes" => join(&|t| pipes(t, ""), &line),
        "pipes with more behind" => join(&|t| pipes(t, "  |  |"), &line),
        "pieces" => join(&|t| pieces(t), &line),
        "tabs" => join(&|t| tabs(t), &line),
        "wrapped" => join(&|t| wrapped(t), &line),
        "deduplicated" => join(&|t| deduplicated(t), &line),
        "apart" => join(&|t| apart(t), &line),
        "page" => page(join(&|t| html(t, span), &p)),
        "marked down" => join(&|t| html(t, span), &|t| {
            let heading = t.chars().count() < 40 && !t.ends_with('。');
            if heading { format!("\n## {t}\n\n") } else { format!("\n{t}\n\n") }
        }),
        "pasted" => page(join(&|t| html(t, pasted), &p)),
        "filled" => page(join(&|t| filled(t), &p)),
        "frame" => page(format!("<table><tr><td>{}</td></tr></table>", join(&|t| html(t, span), &p))),
        "unclosed" => {
            let all = page(join(&|t| html(t, span), &p));
            all.replace("</td>", "").replace("</tr>", "").replace("</p>", "")
        }
        "script" => {
            let all =
                join(&|t| html(t, span), &p).replace('"', "\\\"").replace('/', "\\/").replace('\n', "\\n");
            page(format!(
                "<div id=c></div><script>document.getElementById('c').innerHTML = \"{all}\";</script>"
            ))
        }
        "gbk" => {
            let all = page(join(&|t| html(t, span), &p)).replace("utf-8", "gb2312");
            return encoding_rs::GB18030.encode(&all).0.into_owned();
        }
        other => panic!("{other}"),
    };
    text.into_bytes()
}
