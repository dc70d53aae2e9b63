//! HTML: the letter as an article of the desk, for the preview and for reading.

use super::pdf::{DRAFT_MARK, DRAFT_NOTE};
use super::{Block, Level, OfficialLetter, heading};
use crate::html::put;
use crate::text::html;

/// The style sheet of `<article class="letter">`: every selector begins with `.letter`.
pub const LETTER_STYLE: &str = include_str!("../../templates/letter.css");

/// The letter as `<article class="letter">`, all text escaped: title `h1`, levels 一、 and （一） as `h2` and `h3`, quoted
/// words as `blockquote`, tables with column headings. Its look is [`LETTER_STYLE`].
pub fn letter_html(letter: &OfficialLetter) -> String {
    let text = &letter.text;
    let mut out = String::from("<article class=\"letter\" lang=\"zh-CN\">\n");
    if letter.draft {
        put(
            &mut out,
            format_args!("<p class=\"letter-draft\" role=\"note\">{DRAFT_MARK}　{DRAFT_NOTE}</p>\n"),
        );
    }
    line(&mut out, "letter-mark", &letter.issuer);
    if let Some(number) = &letter.number {
        line(&mut out, "letter-number", number);
    }
    put(&mut out, format_args!("<h1>{}</h1>\n", html(&text.title)));
    if let Some(name) = &text.addressee {
        line(&mut out, "letter-addressee", &format!("{name}："));
    }
    let mut first_seen = false;
    for item in &text.body {
        block(&mut out, item, &mut first_seen);
    }
    attachments(&mut out, letter);
    out.push_str("<footer>\n<div class=\"letter-signature\">\n");
    if letter.draft {
        line(&mut out, "letter-seal", "〔印章〕");
    }
    put(&mut out, format_args!("<p>{}</p>\n", html(&letter.signed_by)));
    if let Some(date) = letter.made_on {
        put(&mut out, format_args!("<p><time datetime=\"{date}\">{}</time></p>\n", letter.date()));
    }
    out.push_str("</div>\n");
    for note in &text.notes {
        put(&mut out, format_args!("<p>（{}）</p>\n", html(note)));
    }
    for copies in &text.copies {
        line(&mut out, "letter-copies", &format!("抄送：{copies}"));
    }
    out.push_str("</footer>\n</article>\n");
    out
}

/// The text of a document (正文) as HTML, all of it escaped: a paragraph for each line, levels 一、 and （一） that stand alone
/// as `h2` and `h3`, lines with tabs or bars as tables; whom it addresses, who signs and the date stand as on paper. Nothing
/// else is markup.
pub fn text_html(text: &str) -> String {
    let (mut out, mut first_seen) = (String::new(), false);
    let blocks = super::plain_blocks(text);
    let signed = super::signature(&blocks);
    for (n, item) in blocks.iter().enumerate() {
        match item {
            Block::Text { text, level: Level::Plain } if n == 0 && text.ends_with('：') => {
                line(&mut out, "addressee", text);
            }
            Block::Text { text, .. } if n >= signed => line(&mut out, "signed", text),
            _ => block(&mut out, item, &mut first_seen),
        }
    }
    out
}

fn line(out: &mut String, class: &str, text: &str) {
    put(out, format_args!("<p class=\"{class}\">{}</p>\n", html(text)));
}

fn block(out: &mut String, block: &Block, first_seen: &mut bool) {
    match block {
        Block::Quote(text) => put(out, format_args!("<blockquote><p>{}</p></blockquote>\n", html(text))),
        Block::Text { level: level @ (Level::First | Level::Second), text } if heading(text).1.is_empty() => {
            let tag = if *level == Level::Second && *first_seen { "h3" } else { "h2" };
            *first_seen |= *level == Level::First;
            put(out, format_args!("<{tag}>{}</{tag}>\n", html(text)));
        }
        Block::Text { text, .. } => put(out, format_args!("<p>{}</p>\n", html(text))),
        Block::Table(rows) => {
            out.push_str("<div class=\"letter-scroll\" tabindex=\"0\">\n<table>\n");
            for (y, row) in rows.iter().enumerate() {
                let (start, cell) = match y {
                    0 => ("<thead><tr>", "th scope=\"col\""),
                    1 => ("<tbody>\n<tr>", "td"),
                    _ => ("<tr>", "td"),
                };
                out.push_str(start);
                let tag = &cell[..2];
                for text in row {
                    put(out, format_args!("<{cell}>{}</{tag}>", html(text)));
                }
                out.push_str(if y == 0 { "</tr></thead>\n" } else { "</tr>\n" });
            }
            out.push_str(if rows.len() > 1 { "</tbody>\n</table>\n</div>\n" } else { "</table>\n</div>\n" });
        }
    }
}

fn attachments(out: &mut String, letter: &OfficialLetter) {
    let lines = letter.attachment_lines();
    if lines.is_empty() {
        return;
    }
    out.push_str("<ul class=\"letter-attachments\">\n");
    for (i, name) in lines.iter().enumerate() {
        let before = if i == 0 { "附件：" } else { "" };
        put(out, format_args!("<li>{before}{}</li>\n", html(name)));
    }
    out.push_str("</ul>\n");
}
