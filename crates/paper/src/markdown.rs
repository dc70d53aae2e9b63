//! Markdown: plain text with the tables of the form.
//!
//! The tables are HTML inside the Markdown. Merged headings and labels cannot be written in a pipe table, and a
//! flattened one would neither look like the statutory form nor carry its labels exactly; CommonMark passes an HTML
//! block through, and GitHub, GitLab, Gitea, VS Code, Typora, Obsidian and static-site generators show it as a table.
//! Such a block ends at the first blank line, so there is none inside, and nothing in it is read as Markdown.

use crate::grid::{Content, Spot, grids};
use crate::html::{rows, spans};
use crate::report::{Paragraph, Report};
use crate::text::{clean, html};

/// The report as CommonMark with HTML tables. User text is escaped so that it stays text.
pub fn markdown(report: &Report<'_>) -> String {
    let mut out = String::with_capacity(32 * 1024);
    if let Some(notice) = report.notice {
        block(&mut out, &format!("> {}", inline(notice)));
    }
    block(&mut out, &format!("# {}", inline(report.title)));
    paragraphs(&mut out, report.introduction);
    let tables = grids(report.form);
    for (i, (heading, text)) in report.form.sections.iter().zip(report.parts).enumerate() {
        block(&mut out, &format!("## {}", inline(heading)));
        for grid in tables.iter().filter(|t| t.section == i + 1) {
            out.push_str("<table>\n");
            rows(&mut out, grid, |out, spot| cell(out, report, spot));
            out.push_str("</table>\n\n");
        }
        paragraphs(&mut out, text);
    }
    block(&mut out, &inline(report.signed_by));
    if report.signed_on.is_some() {
        block(&mut out, &report.date());
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn block(out: &mut String, text: &str) {
    if !text.is_empty() {
        out.push_str(text);
        out.push_str("\n\n");
    }
}

fn paragraphs(out: &mut String, paragraphs: &[Paragraph]) {
    for paragraph in paragraphs {
        let text = inline(&paragraph.text());
        block(out, &if paragraph.heading { format!("### {text}") } else { text });
    }
}

fn cell(out: &mut String, report: &Report<'_>, spot: &Spot) {
    let spans = spans(spot);
    let (tag, text) = match &spot.content {
        Content::Column(text) | Content::Block(text) | Content::Row(text) => ("th", html(text)),
        Content::Figure { cell, measure, label } => ("td", html(&report.printed(cell, *measure, label))),
    };
    out.push_str(&format!("<{tag}{spans}>{text}</{tag}>"));
}

/// Text that stays text: what Markdown, its common extensions (tables, formulas, `{{…}}` of site generators) or HTML
/// would read is escaped; so is a beginning that would make a list, heading or rule of the line.
fn inline(text: &str) -> String {
    let text = clean(text);
    let text = text.trim();
    let mut out = String::with_capacity(text.len() + 16);
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    for (i, c) in text.char_indices() {
        // As entities, so that a viewer which takes Markdown for HTML is not misled either.
        if let Some(entity) = [('<', "&lt;"), ('>', "&gt;"), ('&', "&amp;")].into_iter().find(|e| e.0 == c) {
            out.push_str(entity.1);
            continue;
        }
        let special = matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '~' | '$' | '|' | '{' | '}' | '^');
        let starts_block = i == 0 && matches!(c, '#' | '+' | '-' | '=' | ':' | '%');
        // "1. " and "1) " begin a list.
        let numbers = digits > 0
            && i == digits
            && matches!(c, '.' | ')')
            && text[i + 1..].chars().next().is_none_or(|c| c == ' ');
        if special || starts_block || numbers {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn text_stays_text() {
        assert_eq!(inline("# 一"), "\\# 一");
        assert_eq!(inline("1. 一"), "1\\. 一");
        assert_eq!(inline("1.加强领导"), "1.加强领导");
        assert_eq!(inline("增长10.3%"), "增长10.3%");
        assert_eq!(inline("2) x"), "2\\) x");
        assert_eq!(inline("---"), "\\---");
        assert_eq!(inline("<b>{{x}}</b> *a*"), "&lt;b&gt;\\{\\{x\\}\\}&lt;/b&gt; \\*a\\*");
        assert_eq!(inline("    四个空格"), "四个空格");
    }
}
